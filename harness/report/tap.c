/*
 * TAP: version 13, because Debian's prove fails a file that says 14; all that is written is good in both. With 14 asked for,
 * one subtest a scenario. YAML blocks hold nothing but double-quoted scalars on one line, which every reader takes.
 */
#include <string.h>

#include "report/render.h"
#include "report/report.h"

struct tap {
	struct buf *out;
	struct arena *a;
	const struct results *r;
	const char *indent;
};

/* \ and # of a line that was rendered visibly. */
static void add_escaped(struct tap *t, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '#')
			buf_add_char(t->out, '\\');
		buf_add_char(t->out, *text);
	}
}

static void add_scalar(struct tap *t, const char *indent, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	buf_addf(t->out, "%s%s%s: \"", t->indent, indent, key);
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			buf_add_char(t->out, '\\');
		buf_add_char(t->out, *text);
	}
	buf_add_text(t->out, "\"\n");
}

static void diagnostics(struct tap *t, const struct result *r)
{
	buf_addf(t->out, "%s  ---\n", t->indent);
	add_scalar(t, "  ", "message", render_verdict(t->a, r));
	add_scalar(t, "  ", "severity", verdict_text(r->verdict));
	add_scalar(t, "  ", "level", level_text(r->level));
	add_scalar(t, "  ", "requirement", render_title(t->a, r));
	add_scalar(t, "  ", "source", render_source(t->a, r));
	add_scalar(t, "  ", "expected", render_line(t->a, r->expected));
	add_scalar(t, "  ", "actual", render_observed(t->a, r));
	add_scalar(t, "  ", "reason", render_line(t->a, r->reason));
	add_scalar(t, "  ", "fix", render_line(t->a, r->fix));
	add_scalar(t, "  ", "exchange", render_exchange(t->a, r));
	add_scalar(t, "  ", "reproduce", render_again(t->a, r));
	if (r->file) {
		buf_addf(t->out, "%s  at:\n", t->indent);
		add_scalar(t, "    ", "file", render_headline(t->a, r->file));
		add_scalar(t, "    ", "line", arena_printf(t->a, "%u", r->line));
	}
	buf_addf(t->out, "%s  ...\n", t->indent);
}

static bool is_ok(enum verdict v)
{
	return v != VERDICT_FAIL && v != VERDICT_ERROR;
}

/* Entries of the user's file of expected failures that are true no more. They fail the run. */
static void stale_points(struct tap *t, size_t number)
{
	for (size_t i = 0; i < t->r->nstale; i++) {
		buf_addf(t->out, "not ok %zu - expected failures: ", number + i);
		add_escaped(t, render_stale(t->a, &t->r->stale[i]));
		buf_add_char(t->out, '\n');
	}
}

static void point(struct tap *t, size_t number, const struct result *r, bool with_scenario)
{
	const char *note = r->verdict == VERDICT_WARN || r->verdict == VERDICT_INFO ? verdict_text(r->verdict) : NULL;

	buf_addf(t->out, "%s%s %zu - ", t->indent, is_ok(r->verdict) ? "ok" : "not ok", number);
	if (with_scenario) {
		add_escaped(t, render_headline(t->a, r->scenario));
		buf_add_char(t->out, ' ');
	}
	add_escaped(t, render_title(t->a, r));
	if (r->verdict == VERDICT_SKIP) {
		buf_add_text(t->out, " # SKIP ");
		add_escaped(t, render_headline(t->a, r->reason));
	} else if (render_accepted(t->a, r)) {
		buf_add_text(t->out, " # TODO ");
		add_escaped(t, render_headline(t->a, r->accepted));
	}
	buf_add_char(t->out, '\n');
	if (!is_ok(r->verdict))
		diagnostics(t, r);
	if (note) {
		buf_addf(t->out, "%s# %s: ", t->indent, note);
		add_escaped(t, render_verdict(t->a, r));
		buf_add_char(t->out, '\n');
	}
}

static void plain(struct tap *t)
{
	buf_addf(t->out, "1..%zu\n", t->r->n + t->r->nstale);
	for (size_t i = 0; i < t->r->n; i++)
		point(t, i + 1, &t->r->v[i], true);
	stale_points(t, t->r->n + 1);
}

/* Gives whether all points of the scenario are ok. */
static bool subtest(struct tap *t, const struct result *first)
{
	struct tally tally = {0};
	size_t number = 0;

	for (size_t i = 0; i < t->r->n; i++)
		if (render_same_scenario(&t->r->v[i], first))
			tally_add(&tally, &t->r->v[i]);
	t->indent = "    ";
	buf_addf(t->out, "%s1..%zu\n", t->indent, tally.all);
	for (size_t i = 0; i < t->r->n; i++)
		if (render_same_scenario(&t->r->v[i], first))
			point(t, ++number, &t->r->v[i], false);
	t->indent = "";
	return tally.n[VERDICT_FAIL] - tally.accepted + tally.n[VERDICT_ERROR] == 0;
}

static size_t scenarios(const struct results *r)
{
	const char *suite;
	size_t n = 0;

	for (size_t i = 0; (suite = render_suite(r, &i));)
		for (size_t k = 0; render_scenario(r, suite, &k);)
			n++;
	return n;
}

static void with_subtests(struct tap *t)
{
	const struct result *first;
	const char *suite;
	size_t number = 0;

	buf_addf(t->out, "1..%zu\n", scenarios(t->r) + t->r->nstale);
	for (size_t i = 0; (suite = render_suite(t->r, &i));) {
		for (size_t k = 0; (first = render_scenario(t->r, suite, &k));) {
			const char *name = render_headline(t->a, first->scenario);
			const char *title = render_headline(t->a, first->scenario_title);
			const char *line = arena_printf(t->a, "%s%s%s", name, *title ? " " : "", title);
			buf_add_text(t->out, "# Subtest: ");
			add_escaped(t, line);
			buf_add_char(t->out, '\n');
			bool ok = subtest(t, first);
			buf_addf(t->out, "%s %zu - ", ok ? "ok" : "not ok", ++number);
			add_escaped(t, line);
			buf_add_char(t->out, '\n');
		}
	}
	stale_points(t, number + 1);
}

int report_tap(const struct results *r, const struct report_options *o, struct buf *out, struct err *e)
{
	arena_auto *a = arena_new();
	struct tap t = {.out = out, .a = a, .r = r, .indent = ""};
	const char *reason = render_bail_out(a, r);

	buf_addf(out, "TAP version %d\n", o->tap_version == 14 ? 14 : 13);
	/* a plan of none is a success to most readers, and no plan is a broken file */
	if (r->n == 0)
		buf_add_text(out, "1..1\nnot ok 1 - nothing was judged\n");
	else if (o->tap_version == 14)
		with_subtests(&t);
	else
		plain(&t);
	/* behind the points, so that readers which go on see them, too */
	if (reason) {
		buf_add_text(out, "Bail out! ");
		add_escaped(&t, reason);
		buf_add_char(out, '\n');
	}
	return out->full ? err_trouble(e, "cannot write TAP: it is larger than %zu bytes", out->cap) : 0;
}
