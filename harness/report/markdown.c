/*
 * A summary in Markdown, for a pull request's comment or a job's summary page. A target's words must do nothing there: no
 * link, image, mention, reference to an issue, row of a table. Backslashes do not stop all of those (GitHub links @names
 * and #numbers in finished text), code spans do: a text with anything that could mean something goes into one.
 */
#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "report/outcome.h"
#include "report/render.h"
#include "report/report.h"
#include "report/shortage.h"

struct markdown {
	struct arena *a;
	const struct results *r;
	struct outcome outcome;
	struct buf *out;
};

/* What one part may grow the summary to, so that the parts behind it have room, too. Each row of a part is added whole or not. */
enum {
	ROOM_TABLE = LIMIT_MARKDOWN / 4,
	ROOM_FAILURES = LIMIT_MARKDOWN * 3 / 4,
	ROOM_WARNINGS = LIMIT_MARKDOWN * 7 / 8,
	ROOM_ALL = LIMIT_MARKDOWN - 1024,
	TEXT = 400, /* shown of one text */
	NAME = 100, /* and of an id or a name */
	OBSERVED_MAX = 3,
	SCENARIOS_MAX = 5,
};

/* --- escaping ------------------------------------------------------------------------------------------------ */

/* "`text`", with as many backticks as it takes. In a table a pipe ends the cell even within code. */
static char *code(struct arena *a, const char *text, bool in_table)
{
	size_t n = strlen(text), longest = 0, run = 0;
	bool padded = n && (strchr("` ", text[0]) || strchr("` ", text[n - 1]));
	struct buf out = {.cap = BUF_OWN};

	for (const char *p = text; *p; p++) {
		run = *p == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	for (size_t i = 0; i <= longest; i++)
		buf_add_char(&out, '`');
	/* a blank at both ends is taken off again by the reader */
	if (padded)
		buf_add_char(&out, ' ');
	for (const char *p = text; *p; p++) {
		if (*p == '|' && in_table)
			buf_add_text(&out, "¦");
		else
			buf_add_char(&out, *p);
	}
	if (padded)
		buf_add_char(&out, ' ');
	for (size_t i = 0; i <= longest; i++)
		buf_add_char(&out, '`');
	char *span = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return span;
}

static bool alone(const char *text)
{
	for (const char *p = text; *p; p++)
		if (*p != ' ')
			return false;
	return true;
}

/* One line of a target's, as it is. */
static char *quoted(struct markdown *m, const char *text, size_t most)
{
	char *shown = text_excerpt(m->a, sv_of(text), most);

	return alone(shown) ? arena_text(m->a, "*nothing*") : code(m->a, shown, false);
}

/* Whether a sentence might be more than words to some Markdown reader. Underscores and stars are escaped instead. */
static bool means_something(const char *text)
{
	size_t hex = 0;

	if (strpbrk(text, "@#!~%&$^[]<>`\\|{}=+") || strstr(text, "://") || strcasestr(text, "www.") ||
	    strcasestr(text, "GH-"))
		return true;
	/* what could be the name of a commit */
	for (const char *p = text; *p; p++) {
		hex = strchr("0123456789abcdefABCDEF", *p) ? hex + 1 : 0;
		if (hex >= 7)
			return true;
	}
	return false;
}

/* A sentence of the suite's, which may quote the target. */
static char *prose(struct markdown *m, const char *text)
{
	char *shown = text_excerpt(m->a, sv_of(text), TEXT);
	struct buf out = {.cap = BUF_OWN};

	if (alone(shown))
		return arena_text(m->a, "");
	if (means_something(shown))
		return code(m->a, shown, false);
	buf_add_text(&out, "");
	for (const char *p = shown; *p; p++) {
		if (*p == '*' || *p == '_')
			buf_add_char(&out, '\\');
		buf_add_char(&out, *p);
	}
	char *escaped = arena_sv(m->a, buf_sv(&out));
	buf_release(&out);
	return escaped;
}

/* --- parts --------------------------------------------------------------------------------------------------- */

/* Adds text when it leaves the summary below `most` bytes. */
static bool add(struct markdown *m, const char *text, size_t most)
{
	return m->out->n + strlen(text) <= most && buf_add_text(m->out, text);
}

static char *sources(struct markdown *m, const struct result *x)
{
	enum { SOURCES_MAX = 4 };
	char *text = arena_text(m->a, "");

	for (size_t i = 0; x->source && x->source[i] && i < SOURCES_MAX; i++) {
		const char *link = outcome_link(x, i), *name = text_excerpt(m->a, sv_of(x->source[i]), NAME);
		const char *shown = means_something(name) ? code(m->a, name, false) : prose(m, name);
		text = arena_printf(m->a, "%s%s", text, i ? "; " : "");
		text = link ? arena_printf(m->a, "%s[%s](<%s>)", text, shown, link)
		            : arena_printf(m->a, "%s%s", text, shown);
	}
	return text;
}

static char *observed(struct markdown *m, const struct finding *f)
{
	const struct result *different[OBSERVED_MAX];
	size_t n = finding_observed(f, different, OBSERVED_MAX);
	char *text = arena_text(m->a, "");

	for (size_t i = 0; i < n; i++)
		text = arena_printf(m->a, "%s  - Observed%s%s: %s\n", text, n > 1 ? " in " : "",
		                    n > 1 ? quoted(m, different[i]->scenario, NAME) : "",
		                    quoted(m, render_observed(m->a, different[i]), TEXT));
	return text;
}

static char *row(struct markdown *m, const char *label, const char *text)
{
	return *text ? arena_printf(m->a, "  - %s: %s\n", label, text) : arena_text(m->a, "");
}

static char *finding(struct markdown *m, const struct finding *f, bool whole)
{
	const struct result *x = f->v[0];
	char *scenarios = finding_scenarios(m->a, f, SCENARIOS_MAX);

	return arena_printf(m->a, "- **%s** %s\n%s%s%s%s%s", quoted(m, x->requirement, NAME), prose(m, x->title),
	                    whole ? row(m, "Expected", prose(m, x->expected)) : "", observed(m, f),
	                    row(m, "Fix", prose(m, x->fix)), row(m, "Source", sources(m, x)),
	                    whole ? row(m, "Scenarios", quoted(m, scenarios, TEXT)) : "");
}

static void findings(struct markdown *m, const struct findings *f, bool whole, size_t most)
{
	for (size_t i = 0; i < f->n; i++) {
		if (add(m, finding(m, &f->v[i], whole), most))
			continue;
		buf_addf(m->out, "- … and %zu more: see report.html or results.json\n", f->n - i);
		return;
	}
}

static void folded(struct markdown *m, const char *title, const struct findings *f, size_t most)
{
	if (!f->n)
		return;
	buf_addf(m->out, "\n<details><summary>%s</summary>\n\n", title);
	findings(m, f, false, most);
	buf_add_text(m->out, "\n</details>\n");
}

static size_t accepted_in(const struct results *r, const char *suite)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += standing_of(&r->v[i]) == STANDING_EXPECTED && (!suite || render_same(r->v[i].suite, suite));
	return n;
}

/* suite NULL: all of them. Expected failures have a column only when there are some. */
static void table_row(struct markdown *m, const char *name, const char *suite)
{
	struct tally t = tally_of(m->r, suite);
	size_t accepted = accepted_in(m->r, suite);
	const char *expected = m->r->accepted ? arena_printf(m->a, " %zu |", accepted) : "";

	add(m,
	    arena_printf(m->a, "| %s | %zu |%s %zu | %zu | %zu | %zu |\n", name, t.n[VERDICT_FAIL] - accepted, expected,
	                 t.n[VERDICT_ERROR], t.n[VERDICT_WARN], t.n[VERDICT_PASS] + t.n[VERDICT_INFO],
	                 t.n[VERDICT_SKIP]),
	    ROOM_TABLE);
}

static void table(struct markdown *m)
{
	bool accepted = m->r->accepted;
	const char *suite;

	if (!m->r->n)
		return;
	buf_addf(m->out, "\n| Suite | Fail |%s Error | Warn | Pass | Skip |\n| :-- | --: |%s --: | --: | --: | --: |\n",
	         accepted ? " Expected fail |" : "", accepted ? " --: |" : "");
	for (size_t i = 0; (suite = render_suite(m->r, &i));) {
		char *name = text_excerpt(m->a, sv_of(suite), NAME);
		table_row(m, alone(name) ? "*other*" : code(m->a, name, true), suite);
	}
	table_row(m, "**all**", NULL);
}

static void reasons(struct markdown *m, enum standing s, const char *title, size_t most)
{
	struct findings f = findings_by_reason(m->a, m->r, s);

	if (!f.n)
		return;
	buf_addf(m->out, "\n<details><summary>%s</summary>\n\n", title);
	for (size_t i = 0; i < f.n; i++) {
		const char *line =
		        arena_printf(m->a, "- %zu × %s (%s)\n", f.v[i].n, quoted(m, f.v[i].v[0]->reason, TEXT),
		                     quoted(m, finding_scenarios(m->a, &f.v[i], SCENARIOS_MAX), TEXT));
		if (add(m, line, most))
			continue;
		buf_addf(m->out, "- … and %zu more\n", f.n - i);
		break;
	}
	buf_add_text(m->out, "\n</details>\n");
}

static void stale(struct markdown *m)
{
	if (!m->r->nstale)
		return;
	buf_add_text(m->out, "\n### Expected failures that are true no more\n\n");
	for (size_t i = 0; i < m->r->nstale; i++) {
		const struct stale *x = &m->r->stale[i];
		const char *line = arena_printf(
		        m->a, "- **%s**%s%s: %s\n", quoted(m, x->requirement, NAME), x->scenario ? " in " : "",
		        x->scenario ? quoted(m, x->scenario, NAME) : "", quoted(m, x->problem, TEXT));
		if (add(m, line, ROOM_FAILURES))
			continue;
		buf_addf(m->out, "- … and %zu more\n", m->r->nstale - i);
		return;
	}
}

static void verdict(struct markdown *m)
{
	static const char *const signs[] = {"✅", "❌", "⚠️"};
	const struct results *r = m->r;
	char *spent = outcome_plural(m->a, r->codes > 0 ? (size_t)r->codes : 0, "code", "codes");

	buf_addf(m->out, "## %s brandcert: %s\n\n", signs[m->outcome.kind], m->outcome.words);
	buf_addf(m->out, "**%s**\n\n", prose(m, m->outcome.sentence));
	buf_addf(m->out, "Target %s, profile %s, %s spent", quoted(m, r->target, NAME), quoted(m, r->profile, NAME),
	         spent);
	if (r->started_ms)
		buf_addf(m->out, ", %s", outcome_time(m->a, r->started_ms));
	buf_add_text(m->out, "\n");
}

int report_markdown(const struct results *r, const struct report_options *o, struct buf *out, struct err *e)
{
	arena_auto *a = arena_new();
	struct markdown m = {.a = a, .r = r, .outcome = outcome_of(a, r), .out = out};
	struct findings fails = findings_of(a, r, STANDING_FAIL), warnings = findings_of(a, r, STANDING_WARN);
	struct findings expected = findings_of(a, r, STANDING_EXPECTED);

	(void)o;
	verdict(&m);
	table(&m);
	if (fails.n) {
		buf_add_text(out, "\n### Failures\n\n");
		findings(&m, &fails, true, ROOM_FAILURES);
	}
	stale(&m);
	reasons(&m, STANDING_ERROR,
	        arena_printf(a, "%s could not be judged",
	                     outcome_plural(a, r->count[VERDICT_ERROR], "result", "results")),
	        ROOM_WARNINGS);
	const char *shortage = render_shortage(a, r);
	if (shortage)
		buf_addf(out, "\n%s\n", quoted(&m, shortage, TEXT * 10));
	folded(&m, "Warnings", &warnings, ROOM_WARNINGS);
	folded(&m, "Expected failures", &expected, ROOM_ALL);
	reasons(&m, STANDING_SKIP, outcome_plural(a, r->count[VERDICT_SKIP], "result skipped", "results skipped"),
	        ROOM_ALL);
	return out->full ? err_trouble(e, "cannot write Markdown: it is larger than %zu bytes", out->cap) : 0;
}
