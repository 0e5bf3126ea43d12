#include "suite/step.h"

#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "suite/authorize.h"
#include "suite/redeem.h"
#include "suite/save.h"
#include "suite/tables.h"
#include "suite/words.h"

/* A step being read. */
struct reading {
	struct step step;
	struct scenario_reading *r;
	bool times;               /* written, right or wrong */
	const struct node *sends; /* what it sends: the value of its kind's key; the first in the table's order */
};

static key_reader read_name, read_kind, read_save, read_expects;

const struct key step_keys[] = {
        KEY("name", read_name, offsetof(struct reading, step.name)),
        KEY("redeem", read_kind, 0),
        KEY("userinfo", read_kind, 0),
        KEY("authorize", read_kind, 0),
        KEY("token", read_kind, 0),
        KEY("fetch", read_kind, 0),
        KEY("handshake", read_kind, 0),
        KEY("logout", read_kind, 0),
        KEY("wait", read_seconds, offsetof(struct reading, step.wait_ms), .min = 0, .max = LIMIT_CODE_LIFETIME_S),
        KEY("save", read_save, 0),
        KEY("error", read_errors, offsetof(struct reading, step.errors)),
        KEY("expect", read_expects, 0),
        {0},
};

static bool read_name(struct source *s, const struct key *k, const struct node *value, void *into)
{
	const char *name;

	if (!read_slug(s, k, value, &name))
		return false;
	if (!name[strspn(name, "0123456789")]) {
		source_error(s, value->at, "'%s' is a number, which is what steps without a name are called", name);
		return false;
	}
	*(const char **)into = name;
	return true;
}

static bool redeem_step_read(struct source *s, const struct node *n, struct names *names, struct step *ret)
{
	return redeem_read(s, n, names, &ret->redeem, &ret->spec);
}

/* In the order of enum step_kind. */
static step_reader *const kind_readers[] = {redeem_step_read, userinfo_read,  authorize_read, token_read,
                                            fetch_read,       handshake_read, logout_read};
_Static_assert(sizeof kind_readers / sizeof *kind_readers == STEP_KIND_COUNT, "a reader for each kind of step");

static bool read_kind(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *sr = into;
	enum step_kind kind = STEP_REDEEM;

	while (strcmp(step_kind_words[kind], k->name) != 0)
		kind++;
	if (sr->sends) {
		source_error(s, value->at, "a step does one thing, and '%s' is here already",
		             step_kind_words[sr->step.kind]);
		return false;
	}
	sr->sends = value;
	sr->step.kind = kind;
	sr->times = kind == STEP_REDEEM && node_get(value, "times");
	return kind_readers[kind](s, value, &sr->r->names, &sr->step);
}

static bool read_save(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *sr = into;

	return saves_read(s, k, value,
	                  &(struct saving){
	                          .step = &sr->step,
	                          .names = &sr->r->names,
	                          .sends = sr->sends,
	                          .times = sr->times,
	                  });
}

static bool read_error(struct source *s, const struct key *k, const struct node *value, const char **ret)
{
	const char *text = string_of(s, k, value, false);

	if (!text)
		return false;
	if (text[strspn(text, "abcdefghijklmnopqrstuvwxyz_")]) {
		source_error(s, value->at,
		             "'%s' cannot be an error code: those are lower-case letters and '_', like 'invalid_grant'",
		             text);
		return false;
	}
	*ret = text;
	return true;
}

bool read_errors(struct source *s, const struct key *k, const struct node *value, void *into)
{
	size_t before = s->mistakes, n = value->kind == NODE_LIST ? value->n : 1;
	const char **errors = arena_array(s->a, n + 1, sizeof *errors);
	struct key each = *k;

	if (value->kind != NODE_LIST && value->kind != NODE_SCALAR)
		return wrong_type(s, k, value, "a string or a list of strings");
	if (!n)
		return wrong_type(s, k, value, "an error code or a list of them");
	each.item = value->kind == NODE_LIST;
	for (size_t i = 0; i < n; i++) {
		const struct node *one = value->kind == NODE_LIST ? &value->v[i] : value;
		if (!read_error(s, &each, one, &errors[i]))
			continue;
		for (size_t j = 0; j < i; j++)
			if (errors[j] && !strcmp(errors[j], errors[i]))
				source_error(s, one->at, "'%s' is in this list twice", errors[i]);
	}
	*(const char ***)into = errors;
	return s->mistakes == before;
}

/* --- expect ------------------------------------------------------------------------------------------------ */

/* Refuses a check that judges the same reply twice: it would only say the same again. */
static void refuse_again(struct source *s, const struct node *check, const struct expect *others, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (others[i].check && others[i].requirement && sv_eq(check->text, sv_of(others[i].requirement->id)))
			source_error(s, check->at, "the check '%s' judges this reply already, in line %u",
			             check->text.p, others[i].at.line);
}

static void note_judged(struct source *s, struct scenario_reading *r, const char *id)
{
	if (!id) {
		r->judged_known = false;
		return;
	}
	r->judged = arena_grow(s->a, r->judged, r->njudged, sizeof *r->judged);
	r->judged[r->njudged++] = id;
}

/* Reads the entries of one `expect`. */
static bool read_entries(struct source *s, const struct key *k, const struct node *value, struct scenario_reading *r,
                         struct expect **ret, size_t *n)
{
	struct names names = r->names;
	size_t before = s->mistakes;

	if (!is_kind(s, k, value, NODE_LIST)) {
		r->judged_known = false;
		return false;
	}
	names.judging = true;
	*ret = arena_array(s->a, value->n, sizeof **ret);
	for (size_t i = 0; i < value->n; i++) {
		const char *id;
		expect_read(s, &value->v[i], r->judging, &names, &(*ret)[i], &id);
		if ((*ret)[i].check && id) {
			refuse_again(s, node_get(&value->v[i], "check"), *ret, i);
			refuse_again(s, node_get(&value->v[i], "check"), r->expects, r->nexpects);
		}
		note_judged(s, r, id);
		(*n)++;
	}
	return s->mistakes == before;
}

/* Where a list of judgements counts successes, or NULL. */
static const struct node *counts_successes(const struct node *expects)
{
	for (size_t i = 0; expects && expects->kind == NODE_LIST && i < expects->n; i++)
		if (node_get(&expects->v[i], "successes"))
			return node_get(&expects->v[i], "successes");
	return NULL;
}

static bool read_expects(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *sr = into;
	const struct node *successes = counts_successes(value);

	if (successes && !sr->times)
		source_error(s, successes->at,
		             "'successes' counts the replies of several requests: this step has no 'times'");
	return read_entries(s, k, value, sr->r, &sr->step.expects, &sr->step.nexpects);
}

bool scenario_expects_read(struct source *s, const struct key *k, const struct node *value, struct scenario_reading *r)
{
	struct expect *expects = NULL;
	size_t n = 0;
	bool good = read_entries(s, k, value, r, &expects, &n);

	r->successes = counts_successes(value);
	r->expects = expects;
	r->nexpects = n;
	return good;
}

/* Every step is judged by the scenario's own `expect`, too. */
static void append_common(struct source *s, const struct scenario_reading *r, struct step *step)
{
	struct expect *all = arena_array(s->a, step->nexpects + r->nexpects, sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < step->nexpects; i++)
		all[n++] = step->expects[i];
	for (size_t i = 0; i < r->nexpects; i++) {
		for (size_t j = 0; j < r->expects[i].ntests; j++)
			json_incref(r->expects[i].tests[j].operand);
		all[n++] = r->expects[i];
	}
	step->expects = all;
	step->nexpects = n;
	if (!step->errors)
		step->errors = r->errors;
}

/* --- steps ------------------------------------------------------------------------------------------------- */

/* `session: kept` lives on the cookies of an `authorize` step before it, with which it has to be joined. */
static void check_kept(struct source *s, const struct node *n, const struct scenario *sc)
{
	size_t i = sc->nsteps;

	while (i && sc->steps[i - 1].kind != STEP_AUTHORIZE && sc->steps[i - 1].follows)
		i--;
	if (!i || sc->steps[i - 1].kind != STEP_AUTHORIZE)
		source_error(
		        s, n->at,
		        "'session: kept' needs an 'authorize' step before it, whose cookies it goes on with: directly, "
		        "or with steps between that follow one another");
}

static void check_step(struct source *s, const struct node *n, const struct scenario_reading *r,
                       const struct reading *sr)
{
	const struct node *wait = node_get(n, "wait"), *name = node_get(n, "name");
	const struct scenario *sc = &r->scenario;

	if (wait && !r->names.step)
		source_error(s, wait->at, "'wait' in the first step: there is no step before it to wait after");
	else if (wait && sr->step.kind == STEP_FETCH)
		source_error(s, wait->at, "'wait' has no effect: what 'fetch' gets is shared by all scenarios");
	if (sr->step.kind == STEP_AUTHORIZE && sr->step.authorize.session == SESSION_KEPT)
		check_kept(s, node_get(sr->sends, "session"), sc);
	for (size_t i = 0; sr->step.name && i < sc->nsteps; i++)
		if (sc->steps[i].name && !strcmp(sc->steps[i].name, sr->step.name))
			source_error(s, name->at, "a step is called '%s' already, in line %u", sr->step.name,
			             sc->steps[i].at.line);
}

/* It comes after the step before it. */
static bool follows(const struct node *n, const struct scenario_reading *r, const struct step *step)
{
	const struct scenario *sc = &r->scenario;

	if (step->kind == STEP_FETCH || !sc->nsteps)
		return false;
	return node_get(n, "wait") || r->names.used || step->kind == STEP_LOGOUT ||
	       sc->steps[sc->nsteps - 1].kind == STEP_LOGOUT ||
	       (step->kind == STEP_AUTHORIZE && step->authorize.session == SESSION_KEPT);
}

static const char *kinds(struct source *s)
{
	const char *quoted[STEP_KIND_COUNT];

	for (int i = 0; i < STEP_KIND_COUNT; i++)
		quoted[i] = arena_printf(s->a, "'%s'", step_kind_words[i]);
	return text_list(s->a, quoted, STEP_KIND_COUNT, "or");
}

static void read_step(struct source *s, const struct node *n, struct scenario_reading *r)
{
	struct scenario *sc = &r->scenario;
	struct reading sr = {.r = r, .step.at = source_place(s, n->at)};

	r->names.step = sc->nsteps;
	r->names.used = false;
	bool sound = read_mapping(s, n, step_keys, &sr, "a step");
	if (!sound && !node_get(n, "expect"))
		r->judged_known = false;
	if (sound && !sr.sends)
		source_error(s, n->at, "a step needs %s", kinds(s));
	check_step(s, n, r, &sr);
	if (r->successes && !sr.times) {
		source_error(s, r->successes->at,
		             "'successes' counts the replies of several requests: the step in line %u has no 'times'",
		             sr.step.at.line);
		r->successes = NULL;
	}
	sr.step.follows = follows(n, r, &sr.step);
	if (!sr.step.follows)
		r->names.chain = r->names.step;
	append_common(s, r, &sr.step);
	sc->steps[sc->nsteps++] = sr.step;
}

bool steps_read(struct source *s, const struct key *k, const struct node *value, struct scenario_reading *r)
{
	struct scenario *sc = &r->scenario;
	size_t before = s->mistakes, judgements = 0;

	if (!is_kind(s, k, value, NODE_LIST)) {
		r->judged_known = false;
		return false;
	}
	if (!value->n || value->n > LIMIT_STEPS) {
		source_error(s, value->at, "'%s' must be 1 to %d steps, not %zu", k->name, LIMIT_STEPS, value->n);
		r->judged_known = false;
		return false;
	}
	sc->steps = arena_array(s->a, value->n, sizeof *sc->steps);
	for (size_t i = 0; i < value->n; i++) {
		read_step(s, &value->v[i], r);
		judgements += sc->steps[i].nexpects;
	}
	if (!judgements && s->mistakes == before)
		source_error(s, value->at, "no step has an 'expect': this scenario judges nothing");
	return s->mistakes == before;
}
