/* The summary on the terminal, for somebody who has been at it all day: what failed first, what it all means last. */
#include <string.h>

#include "core/text.h"
#include "report/console_exchange.h"
#include "report/place.h"
#include "report/render.h"
#include "report/report.h"
#include "report/shortage.h"
#include "report/wrap.h"

struct console {
	struct wrap w;
	struct arena *a;
	const struct results *r;
	bool color;
};

enum color { PLAIN, RED, YELLOW, GREEN, BOLD };

static const char *paint(const struct console *c, enum color color)
{
	static const char *const codes[] = {"\x1b[0m", "\x1b[1;31m", "\x1b[33m", "\x1b[32m", "\x1b[1m"};

	return c->color ? codes[color] : "";
}

static const char *plural(struct arena *a, size_t n, const char *one, const char *many)
{
	return arena_printf(a, "%zu %s", n, n == 1 ? one : many);
}

/* One text of a result, short enough to be read. */
static char *shown(struct console *c, const char *text)
{
	enum { READABLE = 600 };

	return text_excerpt(c->a, sv_of(text), READABLE);
}

static void header(struct console *c)
{
	const struct results *r = c->r;

	wrap_line(&c->w, "",
	          arena_printf(c->a, "%s%s%s: target %s, %s profile", paint(c, BOLD), shown(c, r->tool),
	                       paint(c, PLAIN), r->target ? shown(c, r->target) : "?",
	                       r->profile ? shown(c, r->profile) : "?"));
	if (r->token_endpoint)
		wrap_line(&c->w, "", shown(c, r->token_endpoint));
}

/* --- findings ------------------------------------------------------------------------------------------------ */

/* One finding to the reader. A failure that is accepted and one that is not are two. */
static bool same_finding(const struct result *x, const struct result *y)
{
	return x->verdict == y->verdict && !x->accepted == !y->accepted && render_same(x->requirement, y->requirement);
}

static bool first_of_requirement(const struct results *r, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (same_finding(&r->v[i], &r->v[at]))
			return false;
	return true;
}

/* "valid-code, missing-sub": the scenarios in which a requirement ended so. */
static char *scenarios_of(struct console *c, size_t at, size_t *n)
{
	const struct results *r = c->r;
	char *list = arena_text(c->a, "");
	const struct result *last = NULL;

	*n = 0;
	for (size_t i = at; i < r->n; i++) {
		const struct result *x = &r->v[i];
		if (!same_finding(x, &r->v[at]) || (last && render_same_scenario(x, last)))
			continue;
		list = arena_printf(c->a, "%s%s%s", list, *n ? ", " : "", shown(c, x->scenario));
		last = x;
		++*n;
	}
	return list;
}

/* What was observed, once for each different thing: scenarios may have met different ones. */
static void observed(struct console *c, size_t at)
{
	enum { DIFFERENT_MAX = 3 };
	const struct results *r = c->r;
	size_t different = 0;

	for (size_t i = at; i < r->n; i++) {
		const struct result *x = &r->v[i];
		bool again = !same_finding(x, &r->v[at]);
		for (size_t k = at; k < i && !again; k++)
			again = same_finding(&r->v[k], x) && render_same(r->v[k].observed, x->observed) &&
			        render_same(r->v[k].step, x->step);
		if (again || ++different > DIFFERENT_MAX)
			continue;
		wrap_item(&c->w, "Observed",
		          different == 1 ? shown(c, render_observed(c->a, x))
		                         : arena_printf(c->a, "%s (in %s)", shown(c, render_observed(c->a, x)),
		                                        shown(c, x->scenario)));
	}
	if (different > DIFFERENT_MAX)
		wrap_item(&c->w, "", arena_printf(c->a, "and %zu more", different - DIFFERENT_MAX));
}

/* The line of the exchange that is meant, with a caret under the place. */
static bool place(struct console *c, const struct result *x)
{
	struct marked p;

	if (!place_find(c->a, c->r, x, c->w.width - WRAP_ITEM, &p))
		return false;
	char *caret = arena_alloc(c->a, p.columns + 1);
	memset(caret, '~', p.columns);
	caret[0] = '^';
	wrap_verbatim(&c->w, arena_printf(c->a, "     %-*s%s", WRAP_ITEM - 5,
	                                  arena_printf(c->a, "In %s", shown(c, x->exchange)), p.line));
	wrap_verbatim(&c->w, arena_printf(c->a, "%*s%s%s%s", WRAP_ITEM + (int)p.column, "", paint(c, RED), caret,
	                                  paint(c, PLAIN)));
	return true;
}

/* The first address on a line of its own: terminals make a link of that. */
static void sources(struct console *c, const struct result *x)
{
	size_t i = 0;

	wrap_item(&c->w, "Source", shown(c, render_source(c->a, x)));
	while (x->links && x->source && x->source[i] && x->links[i] && !*x->links[i])
		i++;
	if (x->links && x->source && x->source[i] && x->links[i])
		wrap_verbatim(&c->w, arena_printf(c->a, "%*s%s", WRAP_ITEM, "", shown(c, x->links[i])));
}

static void finding(struct console *c, size_t at, const char *word, enum color color)
{
	const struct result *x = &c->r->v[at];
	bool whole = x->verdict == VERDICT_FAIL;
	size_t n;

	wrap_blank(&c->w);
	wrap_line(&c->w, "     ",
	          arena_printf(c->a, "%s%s%s %s  %s", paint(c, color), word, paint(c, PLAIN), shown(c, x->requirement),
	                       shown(c, x->title)));
	if (whole) {
		sources(c, x);
		wrap_item(&c->w, "Required",
		          arena_printf(c->a, "%s in the %s profile", level_text(x->level), shown(c, c->r->profile)));
	}
	wrap_item(&c->w, "Expected", shown(c, x->expected));
	observed(c, at);
	bool seen = place(c, x);
	wrap_item(&c->w, "Fix", shown(c, x->fix));
	const char *scenarios = scenarios_of(c, at, &n);
	wrap_item(&c->w, n == 1 ? "Scenario" : "Scenarios", scenarios);
	if (whole) {
		if (!seen)
			wrap_item(&c->w, "Exchange", render_exchange(c->a, x));
		wrap_item(&c->w, "Again", render_again(c->a, x));
	}
}

static void findings(struct console *c, enum verdict verdict, const char *word, enum color color)
{
	for (size_t i = 0; i < c->r->n; i++)
		if (c->r->v[i].verdict == verdict && !c->r->v[i].accepted && first_of_requirement(c->r, i))
			finding(c, i, word, color);
}

/* Failures that the user's file accepts, one after the other: each with its reason, which is what matters of them. */
static void accepted(struct console *c)
{
	const struct results *r = c->r;
	bool introduced = false;
	size_t n;

	for (size_t i = 0; i < r->n; i++) {
		if (!render_accepted(c->a, &r->v[i]) || !first_of_requirement(r, i))
			continue;
		if (!introduced) {
			wrap_blank(&c->w);
			wrap_line(&c->w, "", "Expected failures (they do not fail the run):");
		}
		introduced = true;
		wrap_line(&c->w, "     ",
		          arena_printf(c->a, "  %s in %s", shown(c, r->v[i].requirement), scenarios_of(c, i, &n)));
		wrap_item(&c->w, "Reason", shown(c, r->v[i].accepted));
		observed(c, i);
	}
}

/* Entries of that file that are true no more. */
static void stale(struct console *c)
{
	if (!c->r->nstale)
		return;
	wrap_blank(&c->w);
	wrap_line(&c->w, "",
	          arena_printf(c->a, "%sOut of date in the file of expected failures (this fails the run):%s",
	                       paint(c, RED), paint(c, PLAIN)));
	for (size_t i = 0; i < c->r->nstale; i++)
		wrap_line(&c->w, "     ", arena_printf(c->a, "  %s", shown(c, render_stale(c->a, &c->r->stale[i]))));
}

/* "  12  why (valid-code, missing-sub)" for the results that share the reason of the one at `at`. */
static void reason(struct console *c, size_t at)
{
	enum { NAMED_MAX = 5 };
	const struct results *r = c->r;
	const struct result *last = NULL;
	size_t n = 0, scenarios = 0;
	char *list = arena_text(c->a, "");

	for (size_t i = at; i < r->n; i++) {
		const struct result *x = &r->v[i];
		if (x->verdict != r->v[at].verdict || !render_same(x->reason, r->v[at].reason))
			continue;
		n++;
		if (last && render_same_scenario(x, last))
			continue;
		if (scenarios++ < NAMED_MAX)
			list = arena_printf(c->a, "%s%s%s", list, last ? ", " : "", shown(c, x->scenario));
		last = x;
	}
	if (scenarios > NAMED_MAX)
		list = arena_printf(c->a, "%s and %zu more", list, scenarios - NAMED_MAX);
	wrap_line(&c->w, "        ", arena_printf(c->a, "  %4zu  %s (%s)", n, shown(c, r->v[at].reason), list));
}

/* Errors and skips by their reason: a dead endpoint has as many of them as there are requirements. */
static void by_reason(struct console *c, enum verdict verdict, const char *intro)
{
	const struct results *r = c->r;
	bool introduced = false;

	for (size_t i = 0; i < r->n; i++) {
		size_t k = 0;
		if (r->v[i].verdict != verdict)
			continue;
		while (k < i && !(r->v[k].verdict == verdict && render_same(r->v[k].reason, r->v[i].reason)))
			k++;
		if (k < i)
			continue;
		if (!introduced) {
			wrap_blank(&c->w);
			wrap_line(&c->w, "", intro);
		}
		introduced = true;
		reason(c, i);
	}
}

static void shortage(struct console *c)
{
	const char *text = render_shortage(c->a, c->r);

	if (!text)
		return;
	wrap_blank(&c->w);
	wrap_line(&c->w, "     ", text);
}

/* --- totals -------------------------------------------------------------------------------------------------- */

static void table_row(struct console *c, const char *name, struct tally t)
{
	static const char indent[] = "                                     ";

	wrap_line(&c->w, indent,
	          arena_printf(c->a, "%6zu%7zu%7zu%7zu%7zu   %s", t.n[VERDICT_PASS] + t.n[VERDICT_INFO],
	                       t.n[VERDICT_WARN], t.n[VERDICT_FAIL], t.n[VERDICT_SKIP], t.n[VERDICT_ERROR], name));
}

static void table(struct console *c)
{
	const char *suite;
	size_t suites = 0;

	wrap_blank(&c->w);
	if (!c->r->n)
		return;
	wrap_line(&c->w, "", "passed   warn   fail   skip  error   suite");
	for (size_t i = 0; (suite = render_suite(c->r, &i)); suites++)
		table_row(c, shown(c, suite), tally_of(c->r, suite));
	if (suites > 1)
		table_row(c, "all", tally_of(c->r, NULL));
}

/* An accepted failure is better than an error, which nobody has accepted. */
static int weight(const struct result *r)
{
	static const int weights[VERDICT_COUNT] = {[VERDICT_SKIP] = 0, [VERDICT_PASS] = 1,  [VERDICT_INFO] = 2,
	                                           [VERDICT_WARN] = 3, [VERDICT_ERROR] = 5, [VERDICT_FAIL] = 6};

	return r->verdict == VERDICT_FAIL && r->accepted ? 4 : weights[r->verdict];
}

/* Every requirement once, by the worst that became of it in any scenario. */
static struct tally requirements(const struct results *r)
{
	struct tally t = {0};

	for (size_t i = 0; i < r->n; i++) {
		bool worst = true;
		for (size_t k = 0; k < r->n && worst; k++) {
			int than = weight(&r->v[k]) - weight(&r->v[i]);
			worst = !(render_same(r->v[k].requirement, r->v[i].requirement) &&
			          (than > 0 || (than == 0 && k < i)));
		}
		if (worst)
			tally_add(&t, &r->v[i]);
	}
	return t;
}

static void exchanges(struct console *c)
{
	wrap_blank(&c->w);
	wrap_line(&c->w, "", "Exchanges (> sent, < received; secrets are masked):");
	for (size_t i = 0; i < c->r->nexchanges; i++)
		console_exchange(&c->w, c->a, &c->r->exchanges[i]);
}

static const char *codes(struct console *c)
{
	const struct results *r = c->r;
	const char *spent = plural(c->a, r->codes > 0 ? (size_t)r->codes : 0, "code", "codes");

	return r->codes_planned > 0 ? arena_printf(c->a, "%s spent of %d planned.", spent, r->codes_planned)
	                            : arena_printf(c->a, "%s spent.", spent);
}

static void last_line(struct console *c)
{
	struct tally t = requirements(c->r);
	size_t hold = t.n[VERDICT_PASS] + t.n[VERDICT_INFO], warnings = t.n[VERDICT_WARN], errors = t.n[VERDICT_ERROR];
	const char *profile = c->r->profile ? shown(c, c->r->profile) : "?";
	const char *bail_out = render_bail_out(c->a, c->r), *text;
	enum color color = RED;
	size_t failed = t.n[VERDICT_FAIL] - t.accepted;

	const char *held = plural(c->a, hold, "requirement holds", "requirements hold");
	const char *warned = warnings ? arena_printf(c->a, ", %s", plural(c->a, warnings, "warning", "warnings")) : "";
	const char *but = t.accepted ? arena_printf(c->a, ", %zu failed as expected", t.accepted) : "";
	if (failed) {
		const char *also = errors ? arena_printf(c->a, ", %zu could not be judged", errors) : "";
		text = arena_printf(c->a, "NOT conformant (%s profile): %s%s, %zu %s%s%s.", profile,
		                    plural(c->a, failed, "requirement failed", "requirements failed"), but, hold,
		                    hold == 1 ? "holds" : "hold", warned, also);
	} else if (c->r->nstale) {
		text = arena_printf(c->a, "FAILED (%s profile): %s out of date; %s%s%s.", profile,
		                    plural(c->a, c->r->nstale, "expected failure is", "expected failures are"), held,
		                    but, warned);
	} else if (errors && !bail_out) {
		text = arena_printf(c->a, "No verdict (%s profile): %s could not be judged; %s%s.", profile,
		                    plural(c->a, errors, "requirement", "requirements"), held, warned);
	} else if (bail_out || hold + warnings + t.accepted == 0) {
		const char *why = bail_out ? shown(c, bail_out) : "everything was skipped";
		text = arena_printf(c->a, "No verdict (%s profile): %s.", profile, why);
	} else if (t.accepted) {
		text = arena_printf(c->a, "Conformant but for %s (%s profile): %s%s.",
		                    plural(c->a, t.accepted, "expected failure", "expected failures"), profile, held,
		                    warned);
		color = YELLOW;
	} else {
		text = arena_printf(c->a, "Conformant (%s profile): %s%s.", profile, held, warned);
		color = GREEN;
	}
	wrap_blank(&c->w);
	/* not wrapped, so that it is the last line for programs, too */
	wrap_verbatim(&c->w, arena_printf(c->a, "%s%s%s", paint(c, color), text, paint(c, PLAIN)));
}

int report_console(const struct results *r, const struct report_options *o, struct buf *out, struct err *e)
{
	enum { WIDTH = 80, NARROWEST = 60 };
	arena_auto *a = arena_new();
	unsigned width = o->width == 0 ? WIDTH : o->width < NARROWEST ? NARROWEST : o->width;
	struct console c = {.w = {.out = out, .width = width}, .a = a, .r = r, .color = o->color};

	header(&c);
	table(&c);
	findings(&c, VERDICT_FAIL, "FAIL", RED);
	findings(&c, VERDICT_WARN, "WARN", YELLOW);
	if (o->verbose)
		findings(&c, VERDICT_INFO, "INFO", BOLD);
	stale(&c);
	accepted(&c);
	by_reason(&c, VERDICT_ERROR, "Could not be judged (ERROR):");
	shortage(&c);
	by_reason(&c, VERDICT_SKIP, "Skipped (SKIP):");
	if (o->verbose)
		exchanges(&c);
	wrap_blank(&c.w);
	const char *more = r->count[VERDICT_INFO] == 0 || o->verbose
	                           ? ""
	                           : arena_printf(a, " Worth knowing: %s, see --verbose.",
	                                          plural(a, r->count[VERDICT_INFO], "info", "infos"));
	wrap_line(&c.w, "", arena_printf(a, "%s%s", codes(&c), more));
	last_line(&c);
	return out->full ? err_trouble(e, "the summary is larger than %zu bytes", out->cap) : 0;
}
