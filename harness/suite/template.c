#include "suite/template.h"

#include <ctype.h>
#include <string.h>

#include "core/text.h"
#include "suite/filters.h"

/* The values of a run. */
static const struct run_name {
	const char *name;
	const char *need; /* what the scenario has to need for it to have a value */
	bool judged;      /* run_value() of checks/check.h knows it: operands can use it */
	bool of_code;     /* it comes with the code */
	bool of_challenge;
	bool of_request; /* of the authorization request that it stands in */
	bool secret;
} run_names[] = {
        {.name = "client_id", .judged = true},
        {.name = "client_secret", .judged = true, .secret = true},
        {.name = "issuer", .judged = true},
        {.name = "token_endpoint", .judged = true},
        {.name = "authorization_endpoint", .need = "authorization", .judged = true},
        {.name = "redirect_uri", .judged = true},
        {.name = "window_uri", .judged = true},
        {.name = "code", .judged = true, .of_code = true},
        {.name = "second_client_id", .need = "second_client"},
        {.name = "second_client_secret", .need = "second_client", .secret = true},
        {.name = "code_verifier", .need = "pkce", .of_code = true, .of_challenge = true},
        {.name = "code_challenge", .need = "pkce", .of_code = true, .of_challenge = true},
        {.name = "state", .of_request = true},
        {.name = "nonce", .of_request = true},
};
#define RUN_NAMES (sizeof run_names / sizeof *run_names)

static bool is_name(struct sv text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!isalnum((unsigned char)text.p[i]) && text.p[i] != '_')
			return false;
	return text.n && isalpha((unsigned char)text.p[0]);
}

static const struct run_name *run_name(struct sv name)
{
	for (size_t i = 0; i < RUN_NAMES; i++)
		if (sv_eq(name, sv_of(run_names[i].name)))
			return &run_names[i];
	return NULL;
}

bool template_can_be_saved(struct sv name)
{
	return is_name(name) && !run_name(name);
}

bool needs_entry(struct source *s, size_t at, const char *what, const struct names *names, const char *need)
{
	for (const char **have = names->needs; have && *have; have++)
		if (!strcmp(*have, need))
			return true;
	if (!names->needs_unknown)
		source_error(s, at, "%s needs the target's '%s': add it to the scenario's 'needs'", what, need);
	return false;
}

/* Why this name has no value in this step, or NULL. */
static const char *without_value(const struct run_name *run, const struct names *names)
{
	if (names->judging)
		return NULL;
	if (run->of_request && !names->authorizing)
		return "only an authorization request has one, in the 'set' and 'add' of 'authorize'";
	if (run->secret && names->clear_text)
		return "'scheme: http' sends in clear text";
	if (!run->of_code)
		return NULL;
	if (names->codeless)
		return names->codeless;
	if (names->choosing)
		return run->of_challenge ? "it belongs to the code that is chosen here"
		                         : "it is the code that is chosen here";
	return run->of_challenge && !names->challenging ? "'pkce' is 'none'" : NULL;
}

static void check_run_name(struct source *s, size_t at, const struct run_name *run, const struct names *names)
{
	const char *why = without_value(run, names);

	if (why)
		source_error(s, at, "'{%s}' has no value here: %s", run->name, why);
	else if (run->need)
		needs_entry(s, at, arena_printf(s->a, "'{%s}'", run->name), names, run->need);
}

/* A name that is saved by a step before this one: the steps from there to here have to be done one after the other. */
static void use_saved(struct source *s, size_t at, const struct saved_name *saved, struct names *names)
{
	names->used = true;
	if (names->clear_text) {
		source_error(s, at,
		             "'{%.*s}' has no value here: 'scheme: http' sends in clear text, and a saved value may be "
		             "a secret",
		             SV_ARG(saved->name));
		return;
	}
	if (saved->step < names->chain)
		source_error(s, at,
		             "'{%.*s}' is saved in line %u, but a step between there and here begins by itself: steps "
		             "that wait or use saved names follow one another",
		             SV_ARG(saved->name), source_place(s, saved->at).line);
}

static void check_name(struct source *s, size_t at, struct sv name, struct names *names)
{
	const struct run_name *run = run_name(name);
	const struct saved_name *saved = NULL;

	if (run && (run->judged || !names->judging)) {
		check_run_name(s, at, run, names);
		return;
	}
	for (size_t i = 0; i < names->n && !saved; i++)
		if (sv_eq(names->v[i].name, name))
			saved = &names->v[i];
	if (saved && names->judging) {
		source_error(s, at, "'{%.*s}' is a saved name: only what a later step sends can use it", SV_ARG(name));
		return;
	}
	if (saved && saved->step < names->step) {
		use_saved(s, at, saved, names);
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
		if ((run_names[i].judged || !names->judging) && !without_value(&run_names[i], names))
			known[n++] = run_names[i].name;
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

/* A generator whose argument was forgotten. */
static bool is_generator(struct sv word, const struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (sv_eq(names->v[i].name, word))
			return false;
	for (const struct template_word *w = template_generators; w->word; w++)
		if (sv_eq(word, sv_of(w->word)))
			return true;
	return false;
}

/* What stands between the braces; the first of them is at `at`. */
static void check_piece(struct source *s, size_t at, struct sv piece, struct names *names)
{
	struct sv rest = piece, head, word;
	const char *problem = NULL;
	struct template_call unused;

	(void)sv_cut(&rest, '|', &head);
	bool generates = template_generates(piece) || is_generator(head, names);
	if (!generates && !is_name(head)) {
		source_error(s, at, "'{' begins no template: write '{name}', or '{{' for a brace");
		return;
	}
	if (names->judging && (generates || rest.p)) {
		source_error(s, at, "filters and generators are for what is sent: here only '{name}' can be used");
		return;
	}
	if (generates)
		problem = template_call(s->a, template_generators, head, &unused);
	else
		check_name(s, at, head, names);
	/* Each word has a place of its own, unless the string is written with escapes. */
	size_t verbatim = 0;
	while (verbatim < piece.n && at + 1 + verbatim < s->text.n && s->text.p[at + 1 + verbatim] == piece.p[verbatim])
		verbatim++;
	if (problem)
		source_error(s, at, "%s", problem);
	while (sv_cut(&rest, '|', &word)) {
		size_t offset = (size_t)(word.p - piece.p);
		problem = template_call(s->a, template_filters, word, &unused);
		if (problem)
			source_error(s, offset <= verbatim ? at + 1 + offset : at, "%s", problem);
	}
}

static void check_string(struct source *s, const struct node *n, struct names *names)
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
		struct sv piece = {rest.p + 1, end > 0 ? (size_t)end - 1 : 0};
		if (sv_find_char(piece, '{') >= 0)
			piece.n = 0;
		check_piece(s, at, piece, names);
	}
}

void template_check(struct source *s, const struct node *n, struct names *names)
{
	if (n->kind == NODE_SCALAR && node_is_string(n))
		check_string(s, n, names);
	for (size_t i = 0; (n->kind == NODE_LIST || n->kind == NODE_MAPPING) && i < n->n; i++)
		template_check(s, &n->v[i], names);
}
