#include <stdio.h>
#include <string.h>

#include "checks/check.h"
#include "commands/commands.h"
#include "commands/load.h"
#include "core/text.h"
#include "endpoint/faults.h"

static void list_scenarios(const struct suite *s)
{
	for (size_t i = 0; i < s->n; i++)
		printf("%-28s %s\n", s->scenarios[i].id, s->scenarios[i].title);
}

static void list_requirements(const struct suite *s)
{
	printf("%-32s %-10s %-6s %-6s %s\n", "requirement", "liveperson", "strict", "google", "what it demands");
	for (size_t i = 0; i < s->catalogue.n; i++) {
		const struct requirement *r = &s->catalogue.v[i];
		printf("%-32s %-10s %-6s %-6s %s\n", r->id, level_text(r->level[PROFILE_LIVEPERSON]),
		       level_text(r->level[PROFILE_STRICT]), level_text(r->level[PROFILE_GOOGLE]), r->title);
	}
}

static void list_controls(const struct suite *s)
{
	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < s->scenarios[i].ncontrols; k++) {
			const struct control *c = &s->scenarios[i].controls[k];
			printf("%s/%s:%s", s->scenarios[i].id, c->name, c->permit ? " nothing may fail" : "");
			for (const char **id = c->catches; id && *id; id++)
				printf(" %s fails", *id);
			for (const char **id = c->warns; id && *id; id++)
				printf(" %s warns", *id);
			printf("\n");
		}
	}
}

static void list_faults(void)
{
	for (const struct fault_doc *d = fault_docs; d->name; d++)
		printf("%-28s %s\n", d->name, d->text);
}

static void list_checks(void)
{
	for (size_t i = 0; i < checks_count; i++)
		printf("%s\n", checks[i].id);
}

int command_list(const struct options *o)
{
	static const char *const kinds[] = {"scenarios", "requirements", "controls", "checks", "faults"};
	enum { KINDS = sizeof kinds / sizeof *kinds };
	const char *kind = o->nrest ? o->rest[0] : kinds[0];
	struct loaded_suite suite;
	struct err e = {0};
	size_t k = 0;

	while (k < KINDS && strcmp(kinds[k], kind) != 0)
		k++;
	if (k == KINDS || o->nrest > 1) {
		err_input(&e, "'brandcert list' takes one of %s, not '%s'", text_list(o->a, kinds, KINDS, "and"),
		          o->rest[o->nrest - 1]);
		return command_error(&e);
	}
	if (k >= 3) {
		k == 3 ? list_checks() : list_faults();
		return 0;
	}
	if (load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	if (k == 0)
		list_scenarios(&suite.suite);
	else if (k == 1)
		list_requirements(&suite.suite);
	else
		list_controls(&suite.suite);
	suite_release(&suite.suite);
	return 0;
}
