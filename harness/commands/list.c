/* What the suite holds, for people to find their way in it and for programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/check.h"
#include "commands/commands.h"
#include "commands/load.h"
#include "commands/proof.h"
#include "commands/requirements_page.h"
#include "commands/suite_json.h"
#include "core/text.h"
#include "endpoint/faults.h"

/* One listing: rows are printed, or gathered for JSON. */
struct listing {
	const struct options *o;
	const struct suite *suite; /* selected; NULL where none is needed */
	enum profile profile;
	json_t *array; /* NULL: for people */
	size_t n;
};

static bool begins(const char *id, const char *prefix)
{
	return !prefix || strncmp(id, prefix, strlen(prefix)) == 0;
}

/* --- scenarios and controls ---------------------------------------------------------------------------------- */

static bool judges_area(const struct suite *suite, const struct scenario *s, const char *area)
{
	for (size_t i = 0; area && i < suite->catalogue.n; i++)
		if (begins(suite->catalogue.v[i].id, area) && scenario_judges(s, &suite->catalogue.v[i]))
			return true;
	return !area;
}

static void list_scenarios(struct listing *l)
{
	const char *suite = NULL;

	for (size_t i = 0; i < l->suite->n; i++) {
		const struct scenario *s = &l->suite->scenarios[i];
		if (!judges_area(l->suite, s, l->o->area))
			continue;
		l->n++;
		if (l->array) {
			json_array_append_new(l->array, scenario_json(s));
			continue;
		}
		if (!suite || strcmp(suite, s->suite) != 0)
			printf("%s%s:\n", suite ? "\n" : "", s->suite);
		suite = s->suite;
		printf("  %-32s %s\n", s->id, s->title);
	}
}

static bool any_begins(const char **ids, const char *area)
{
	for (; ids && *ids; ids++)
		if (begins(*ids, area))
			return true;
	return false;
}

static void print_control(const struct scenario *s, const struct control *c)
{
	printf("%s/%s:%s", s->id, c->name, c->permit ? " nothing may fail" : "");
	for (const char **id = c->catches; id && *id; id++)
		printf(" %s fails", *id);
	for (const char **id = c->warns; id && *id; id++)
		printf(" %s warns", *id);
	printf("\n");
}

static void list_controls(struct listing *l)
{
	const char *area = l->o->area;

	for (size_t i = 0; i < l->suite->n; i++) {
		const struct scenario *s = &l->suite->scenarios[i];
		for (size_t k = 0; k < s->ncontrols; k++) {
			const struct control *c = &s->controls[k];
			if (area && !any_begins(c->catches, area) && !any_begins(c->warns, area))
				continue;
			l->n++;
			if (l->array)
				json_array_append_new(l->array, control_json(s, c));
			else
				print_control(s, c);
		}
	}
}

/* What a target file may set that scenarios depend on, with the scenarios. */
static void list_needs(struct listing *l)
{
	for (const char *const *need = target_needs; *need; need++, l->n++) {
		json_t *scenarios = json_array();
		for (size_t i = 0; i < l->suite->n; i++) {
			const char **n = l->suite->scenarios[i].needs;
			while (n && *n && strcmp(*n, *need) != 0)
				n++;
			if (n && *n)
				json_array_append_new(scenarios, json_string(l->suite->scenarios[i].id));
		}
		if (l->array) {
			json_array_append_new(l->array, json_pack("{s:s, s:o}", "need", *need, "scenarios", scenarios));
			continue;
		}
		printf("%s", *need);
		for (size_t i = 0; i < json_array_size(scenarios); i++)
			printf("%s %s", i ? "," : ":", json_string_value(json_array_get(scenarios, i)));
		printf("\n");
		json_decref(scenarios);
	}
}

/* --- requirements -------------------------------------------------------------------------------------------- */

static bool is_wanted(const struct listing *l, const struct requirement *r)
{
	if (!begins(r->id, l->o->area) || (l->o->level && strcmp(level_text(r->level[l->profile]), l->o->level) != 0))
		return false;
	/* of a selection of scenarios, what they judge */
	if (!l->o->only && !l->o->tags)
		return true;
	for (size_t i = 0; i < l->suite->n; i++)
		if (scenario_judges(&l->suite->scenarios[i], r))
			return true;
	return false;
}

static int by_id(const void *x, const void *y)
{
	return strcmp((*(const struct requirement *const *)x)->id, (*(const struct requirement *const *)y)->id);
}

static void list_requirements(struct listing *l)
{
	const struct catalogue *c = &l->suite->catalogue;
	const struct requirement **v = arena_array(l->o->a, c->n, sizeof *v);

	for (size_t i = 0; i < c->n; i++)
		if (is_wanted(l, &c->v[i]))
			v[l->n++] = &c->v[i];
	qsort(v, l->n, sizeof *v, by_id);
	if (!l->array && l->n)
		printf("%-32s %-10s %-6s %-6s %s\n", "requirement", "liveperson", "strict", "google",
		       "what it demands");
	for (size_t i = 0; i < l->n; i++) {
		if (l->array)
			json_array_append_new(l->array, requirement_json(l->o->a, l->suite, v[i]));
		else
			printf("%-32s %-10s %-6s %-6s %s\n", v[i]->id, level_text(v[i]->level[PROFILE_LIVEPERSON]),
			       level_text(v[i]->level[PROFILE_STRICT]), level_text(v[i]->level[PROFILE_GOOGLE]),
			       v[i]->title);
	}
}

/* --- what is no part of the suite ---------------------------------------------------------------------------- */

static void list_faults(struct listing *l)
{
	for (const struct fault_doc *d = fault_docs; d->name; d++, l->n++) {
		if (l->array)
			json_array_append_new(l->array, json_pack("{s:s, s:s}", "name", d->name, "does", d->text));
		else
			printf("%-28s %s\n", d->name, d->text);
	}
}

static void list_checks(struct listing *l)
{
	for (size_t i = 0; i < checks_count; i++) {
		if (!begins(checks[i].id, l->o->area))
			continue;
		l->n++;
		if (l->array)
			json_array_append_new(l->array, json_pack("{s:s}", "id", checks[i].id));
		else
			printf("%s\n", checks[i].id);
	}
}

/* --- the command --------------------------------------------------------------------------------------------- */

enum { FILTER_SUITE = 1, FILTER_AREA = 2, FILTER_LEVEL = 4 };
static const struct kind {
	const char *name;
	void (*list)(struct listing *l);
	bool of_suite;
	unsigned filters;
} kinds[] = {
        {"scenarios", list_scenarios, true, FILTER_SUITE | FILTER_AREA},
        {"requirements", list_requirements, true, FILTER_SUITE | FILTER_AREA | FILTER_LEVEL},
        {"controls", list_controls, true, FILTER_SUITE | FILTER_AREA},
        {"needs", list_needs, true, FILTER_SUITE},
        {"checks", list_checks, false, FILTER_AREA},
        {"faults", list_faults, false, 0},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct kind *find_kind(const struct options *o, struct err *e)
{
	const char *name = o->nrest ? o->rest[0] : kinds[0].name, *names[KINDS];

	for (size_t k = 0; k < KINDS; k++) {
		names[k] = kinds[k].name;
		if (strcmp(name, names[k]) == 0 && o->nrest <= 1)
			return &kinds[k];
	}
	err_input(e, "'brandcert list' takes one of %s, not '%s'", text_list(o->a, names, KINDS, "and"),
	          o->rest[o->nrest - 1]);
	return NULL;
}

static bool is_level(const char *text)
{
	for (enum level l = 0; l < LEVEL_COUNT; l++)
		if (strcmp(level_text(l), text) == 0)
			return true;
	return false;
}

/* A filter that cannot apply is a mistake: left out in silence, it would seem to have found everything. */
static int refuse(const struct options *o, const struct kind *k, struct err *e)
{
	const struct {
		const char *name;
		bool given;
		unsigned filter;
	} filters[] = {
	        {"only", o->only != NULL, FILTER_SUITE},       {"tag", o->tags != NULL, FILTER_SUITE},
	        {"area", o->area != NULL, FILTER_AREA},        {"level", o->level != NULL, FILTER_LEVEL},
	        {"profile", o->profile != NULL, FILTER_LEVEL},
	};

	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
		if (filters[i].given && !(k->filters & filters[i].filter))
			return err_input(e, "--%s does not go with 'brandcert list %s'", filters[i].name, k->name);
	if (o->level && !is_level(o->level))
		return err_input(e, "there is no level '%s': it is one of must, should, may and off", o->level);
	if (o->profile && !o->level)
		return err_input(e, "--profile says in which profile --level is meant: use both");
	if (o->format && strcmp(o->format, "text") != 0 && strcmp(o->format, "json") != 0)
		return err_input(e, "there is no format '%s' of a list: it is text or json", o->format);
	if (o->markdown &&
	    (strcmp(k->name, "requirements") != 0 || o->format || o->only || o->tags || o->area || o->level))
		return err_input(e, "--markdown goes with 'brandcert list requirements' alone, without other options");
	return 0;
}

static int print_requirements_page(const struct options *o, const struct suite *s, struct err *e)
{
	struct buf out = {.cap = BUF_OWN};

	requirements_page(o->a, s, find_suites(o->a), &out);
	int status = fwrite(out.p, 1, out.n, stdout) == out.n ? 0 : err_trouble(e, "cannot write to standard output");
	buf_release(&out);
	return status;
}

static int list(const struct options *o, const struct kind *k, const struct suite *s, struct err *e)
{
	struct listing l = {.o = o, .suite = s};

	if (o->markdown)
		return print_requirements_page(o, s, e);
	if (o->profile)
		(void)profile_of(sv_of(o->profile), &l.profile);
	if (o->format && strcmp(o->format, "json") == 0)
		l.array = json_array();
	k->list(&l);
	if (l.n == 0) {
		json_decref(l.array);
		return err_input(e, "there are no such %s: 'brandcert list %s' shows all", k->name, k->name);
	}
	return l.array ? suite_json_print(l.array, e) : 0;
}

int command_list(const struct options *o)
{
	struct loaded_suite suite = {0};
	struct err e = {0};
	const struct kind *k = find_kind(o, &e);

	if (!k || refuse(o, k, &e) < 0)
		return command_error(&e);
	if (k->of_suite && load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	int status = list(o, k, &suite.suite, &e);
	if (k->of_suite)
		suite_release(&suite.suite);
	return status < 0 ? command_error(&e) : EXIT_CONFORMANT;
}
