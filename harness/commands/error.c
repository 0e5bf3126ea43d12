#include <stdio.h>

#include "commands/commands.h"
#include "core/text.h"

volatile sig_atomic_t interrupted;

int command_error(const struct err *e)
{
	arena_auto *a = arena_new();

	fprintf(stderr, "brandcert: %s\n", text_visible(a, sv_of(e->text)));
	return e->kind == ERR_INPUT ? EXIT_INPUT : EXIT_NO_VERDICT;
}
