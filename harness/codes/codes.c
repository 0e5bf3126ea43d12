#include "codes/codes.h"

#include <stdarg.h>

#include "codes/sources.h"

int codes_open(const struct target *t, struct code_source *ret, struct err *e)
{
	switch (t->codes.from) {
	case CODES_FROM_REFERENCE:
		return reference_open(t, ret, e);
	case CODES_FROM_LIST:
		return list_open(t, ret, e);
	case CODES_FROM_COMMAND:
		return command_open(t, ret, e);
	}
	return err_input(e, "the target does not say where codes come from");
}

void codes_close(struct code_source *c)
{
	if (c->ops && c->ops->release)
		c->ops->release(c->self);
	*c = (struct code_source){0};
}

void fetch_fail(struct fetch *f, const char *format, ...)
{
	arena_auto *a = arena_new();
	va_list args;

	va_start(args, format);
	err_trouble(&f->e, "%s", arena_vprintf(a, format, args));
	va_end(args);
	f->state = FETCH_FAILED;
}
