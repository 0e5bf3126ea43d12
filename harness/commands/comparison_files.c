/* A comparison as JSON and as Markdown. */
#include <jansson.h>
#include <stdlib.h>

#include "commands/comparison_print.h"
#include "commands/markdown.h"
#include "core/clock.h"
#include "report/json_make.h"
#include "report/render.h"

#define COMPARISON_VERSION 1
/* Rows of one table, so that a comment stays below what GitHub takes. */
#define ROWS_MAX 40
#define CELL_MAX 300

/* --- JSON ------------------------------------------------------------------------------------------------------------ */

static json_t *run_json(const char *name, const struct results *r)
{
	char started[32];

	clock_iso(r->started_ms, started);
	return json_owned(json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s}", "file", name, "target", r->target, "profile",
	                            r->profile, "tool", r->tool, "suite_digest", r->suite_digest, "started", started));
}

static json_t *change_json(const struct change *c)
{
	const struct result *r = change_result(c);

	return json_owned(json_pack("{s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?, s:s?}", "change",
	                            change_text(c->kind), "suite", r->suite, "scenario", r->scenario, "requirement",
	                            r->requirement, "title", r->title, "was",
	                            c->was ? verdict_text(c->was->verdict) : NULL, "is",
	                            c->is ? verdict_text(c->is->verdict) : NULL, "expected", r->expected, "observed",
	                            r->observed, "fix", r->fix, "reason", r->reason, "accepted", r->accepted));
}

void comparison_json(const struct compared *d, struct buf *out)
{
	const struct comparison *c = d->c;
	json_t *totals = json_owned(json_object()), *changes = json_owned(json_array()),
	       *notes = json_owned(json_array());

	for (enum change_kind k = 0; k < CHANGE_COUNT; k++)
		json_object_set_new(totals, change_text(k), json_integer((json_int_t)c->count[k]));
	for (size_t i = 0; i < c->n && c->v[i].kind != CHANGE_SAME; i++)
		json_array_append_new(changes, change_json(&c->v[i]));
	for (const char **note = compared_notes(d); *note; note++)
		json_array_append_new(notes, json_owned(json_string(*note)));
	json_auto_t *root = json_owned(json_pack("{s:i, s:b, s:o, s:o, s:o, s:o, s:o}", "version", COMPARISON_VERSION,
	                                         "regressed", c->count[CHANGE_BROKE] > 0, "old",
	                                         run_json(d->was_name, c->was), "new", run_json(d->is_name, c->is),
	                                         "notes", notes, "totals", totals, "changes", changes));
	char *text = json_dumps(root, JSON_INDENT(2));
	if (!text)
		mem_exhausted();
	buf_add_text(out, text);
	buf_add_char(out, '\n');
	free(text);
}

/* --- Markdown -------------------------------------------------------------------------------------------------------- */

static void markdown_row(const struct compared *d, size_t from, size_t to, struct buf *out)
{
	const struct change *c = &d->c->v[from];
	const struct result *r = change_result(c);
	const char *said = c->is && *render_observed(d->a, c->is) ? render_observed(d->a, c->is) : r->reason;

	buf_addf(out, "| %s %s | %s | %s | %s |\n", markdown_code(d->a, r->requirement ? r->requirement : "", CELL_MAX),
	         markdown_text(d->a, render_headline(d->a, r->title)),
	         markdown_text(d->a, compared_scenarios(d, from, to)), compared_verdicts(d, c),
	         c->kind != CHANGE_GONE && said ? markdown_code(d->a, said, CELL_MAX) : "");
}

void comparison_markdown(const struct compared *d, struct buf *out)
{
	enum change_kind kind = CHANGE_SAME;
	size_t from, rows = 0, more = 0;

	buf_addf(out, "## %s\n\n",
	         d->c->count[CHANGE_BROKE] ? "Regressed"
	         : d->c->lost              ? "No verdict"
	                                   : "No regression");
	buf_addf(out, "%s\n\n", compared_sentence(d));
	buf_addf(out, "- Old: %s\n- New: %s\n", markdown_text(d->a, compared_run(d, d->c->was)),
	         markdown_text(d->a, compared_run(d, d->c->is)));
	for (const char **notes = compared_notes(d); *notes; notes++)
		buf_addf(out, "- **%s**\n", markdown_text(d->a, *notes));
	for (size_t at = 0; compared_group(d, &at, &from);) {
		if (d->c->v[from].kind != kind) {
			if (more)
				buf_addf(out, "\nand %zu more\n", more);
			kind = d->c->v[from].kind;
			rows = more = 0;
			buf_addf(out,
			         "\n### %s\n\n| requirement | scenarios | verdict | observed |\n|---|---|---|---|\n",
			         compared_heading(kind));
		}
		if (rows++ < ROWS_MAX)
			markdown_row(d, from, at, out);
		else
			more++;
	}
	if (more)
		buf_addf(out, "\nand %zu more\n", more);
}
