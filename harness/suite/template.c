#include "suite/template.h"

#include <ctype.h>
#include <string.h>

#include "core/text.h"

/* What run_value() of checks/check.h knows. */
static const char *const run_names[] = {"client_id",      "client_secret", "issuer",
                                        "token_endpoint", "redirect_uri",  "code"};
#define RUN_NAMES (sizeof run_names / sizeof *run_names)

static bool is_name(struct sv text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!isalnum((unsigned char)text.p[i]) && text.p[i] != '_')
			return false;
	return text.n && isalpha((unsigned char)text.p[0]);
}

static bool is_run_name(struct sv name)
{
	for (size_t i = 0; i < RUN_NAMES; i++)
		if (sv_eq(name, sv_of(run_names[i])))
			return true;
	return false;
}

bool template_can_be_saved(struct sv name)
{
	return is_name(name) && !is_run_name(name);
}

static void check_name(struct source *s, size_t at, struct sv name, const struct names *names)
{
	const struct saved_name *saved = NULL;

	if (names->no_code && sv_eq(name, SV("code"))) {
		source_error(s, at, "'{code}' is the code that is chosen here: it cannot stand for itself");
		return;
	}
	for (size_t i = 0; i < names->n && !saved; i++)
		if (sv_eq(names->v[i].name, name))
			saved = &names->v[i];
	if (is_run_name(name) || (saved && saved->step < names->step && !names->judging))
		return;
	if (saved && names->judging) {
		source_error(s, at, "'{%.*s}' is a saved name: only what a later step sends can use it", SV_ARG(name));
		return;
	}
	if (saved) {
		source_error(s, at, "'{%.*s}' is not known here yet: it is saved in line %u, after this is sent",
		             SV_ARG(name), source_place(s, saved->at).line);
		return;
	}
	const char **known = arena_array(s->a, RUN_NAMES + names->n, sizeof *known);
	size_t n = 0;
	for (size_t i = 0; i < RUN_NAMES; i++)
		known[n++] = run_names[i];
	for (size_t i = 0; i < names->n; i++)
		if (names->v[i].step < names->step && !names->judging)
			known[n++] = arena_sv(s->a, names->v[i].name);
	const char *near = text_nearest(name, known, n);
	if (near)
		source_error(s, at, "nothing is called '{%.*s}' here, did you mean '{%s}'?", SV_ARG(name), near);
	else
		source_error(s, at, "nothing is called '{%.*s}' here: known are %s", SV_ARG(name),
		             text_list(s->a, known, n, "and"));
}

static void check_string(struct source *s, const struct node *n, const struct names *names)
{
	size_t braces = 0;

	for (struct sv rest = n->text; rest.n; rest.p++, rest.n--) {
		if (rest.p[0] != '{')
			continue;
		size_t at = node_find(s, n, '{', braces++);
		if (sv_starts(rest, SV("{{"))) {
			rest.p++, rest.n--, braces++;
			continue;
		}
		long end = sv_find_char(rest, '}');
		struct sv name = {rest.p + 1, end > 0 ? (size_t)end - 1 : 0};
		if (is_name(name))
			check_name(s, at, name, names);
		else
			source_error(s, at, "'{' begins no template: write '{name}', or '{{' for a brace");
	}
}

void template_check(struct source *s, const struct node *n, const struct names *names)
{
	if (n->kind == NODE_SCALAR && node_is_string(n))
		check_string(s, n, names);
	for (size_t i = 0; (n->kind == NODE_LIST || n->kind == NODE_MAPPING) && i < n->n; i++)
		template_check(s, &n->v[i], names);
}
