/* The proof as a page for people: GitHub-flavoured Markdown. */
#include <stdlib.h>
#include <string.h>

#include "commands/markdown.h"
#include "commands/proof.h"

#define FAULT_SHOWN 160 /* bytes of a control's faults in its row */
#define OBSERVED_SHOWN 600

static void head(const struct proof *p, const struct proof_totals *t, struct buf *out)
{
	buf_addf(out, "# Proof of the suite\n\n**%s** %s\n\n", t->proven_all ? "Proven." : "Not proven.",
	         p->selected ? "Some scenarios only were selected: what the others prove is not shown as proven here."
	                     : "Every scenario was run against the healthy reference brand, and once for each of its "
	                       "controls.");
	buf_addf(out,
	         "| | as named | in all |\n|---|--:|--:|\n"
	         "| healthy reference brand, by profile: nothing fails or warns | %zu | %zu |\n"
	         "| faults: exactly what the control names fails or warns | %zu | %zu |\n"
	         "| permitted variations: nothing fails | %zu | %zu |\n"
	         "| requirements that some fault makes fail or warn | %zu | %zu |\n",
	         t->healthy_good, t->healthy, t->breaks_good, t->breaks, t->permits_good, t->permits, t->proven,
	         t->proven + t->unproven + (p->selected || p->foreign ? 0 : t->not_judged));
}

static void surprises(const struct proof *p, struct arena *a, struct buf *out)
{
	bool any = false;

	for (size_t i = 0; i < p->n; i++) {
		const struct proof_row *row = &p->v[i];
		for (size_t k = 0; k < row->nsurprises; k++) {
			const struct surprise *s = &row->surprises[k];
			if (!any)
				buf_add_text(out, "\n## Not as named\n\n| trial | requirement | what happened "
				                  "|\n|---|---|---|\n");
			any = true;
			buf_addf(out, "| %s | %s | %s |\n", markdown_text(a, row->trial.name),
			         s->requirement ? markdown_code(a, s->requirement, OBSERVED_SHOWN) : "",
			         markdown_text(a, s->text));
		}
	}
}

/* "expired-code: status-200, status-302" for the rows that prove requirement i, a line for each scenario. */
static void provers(const struct proof *p, size_t i, struct buf *out)
{
	const struct scenario *last = NULL;

	for (size_t k = 0; k < p->n; k++) {
		const struct proof_row *row = &p->v[k];
		if (!proof_proves(p, row, i))
			continue;
		if (row->scenario != last)
			buf_addf(out, "%s%s: %s", last ? "<br>" : "", row->scenario->id, row->control->name);
		else
			buf_addf(out, ", %s", row->control->name);
		last = row->scenario;
	}
	if (!last)
		buf_add_text(out, "**nothing**");
}

/* "valid-code: 58": the variations under which it was judged and nothing was wrong. */
static void variations(const struct proof *p, size_t i, struct buf *out)
{
	const char *before = "";

	for (size_t s = 0; s < p->suite->n; s++) {
		const struct scenario *of = &p->suite->scenarios[s];
		size_t n = 0;
		for (size_t k = 0; k < p->n; k++)
			n += p->v[k].scenario && p->v[k].scenario == of && proof_permits(&p->v[k], i);
		if (n == 0)
			continue;
		buf_addf(out, "%s%s: %zu", before, of->id, n);
		before = "<br>";
	}
}

static void requirements(const struct proof *p, struct arena *a, struct buf *out)
{
	const struct catalogue *c = &p->suite->catalogue;
	bool left = false;

	buf_add_text(out, "\n## Requirements\n\nLevels: liveperson / strict / google, once where they are the same.\n"
	                  "Permitted variations are counted by scenario; `proof.json` names them.\n\n"
	                  "| requirement | levels | proven by | permitted variations |\n|---|---|---|---|\n");
	for (size_t i = 0; i < c->n; i++) {
		if (proof_state(p, i) == PROOF_NOT_JUDGED) {
			left = true;
			continue;
		}
		buf_addf(out, "| `%s` | %s | ", c->v[i].id, markdown_levels(a, c->v[i].level));
		provers(p, i, out);
		buf_add_text(out, " | ");
		variations(p, i, out);
		buf_add_text(out, " |\n");
	}
	if (!left || p->selected || p->foreign)
		return;
	buf_add_text(out, "\n### Not judged by any scenario\n\n");
	for (size_t i = 0; i < c->n; i++)
		if (proof_state(p, i) == PROOF_NOT_JUDGED)
			buf_addf(out, "- `%s` %s\n", c->v[i].id, markdown_text(a, c->v[i].title));
}

static void ids_with(const struct proof *p, const struct proof_row *row, enum verdict v, struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < p->suite->catalogue.n; i++) {
		if (row->verdicts[i] != (signed char)v)
			continue;
		buf_addf(out, "%s`%s`", before, p->suite->catalogue.v[i].id);
		before = ", ";
	}
}

static void control(const struct proof *p, struct arena *a, const struct proof_row *row, struct buf *out)
{
	char *faults = json_dumps(row->control->faults, JSON_COMPACT | JSON_ENCODE_ANY);

	if (!faults)
		mem_exhausted();
	buf_addf(out, "| %s%s | %s | %s | %s | ", row->nsurprises ? "**not as named** " : "", row->control->name,
	         row->control->permit ? "permit" : "break", profile_text(row->trial.profile),
	         markdown_code(a, faults, FAULT_SHOWN));
	free(faults);
	ids_with(p, row, VERDICT_FAIL, out);
	buf_add_text(out, " | ");
	ids_with(p, row, VERDICT_WARN, out);
	buf_add_text(out, " |\n");
}

static void controls(const struct proof *p, struct arena *a, struct buf *out)
{
	buf_add_text(out, "\n## Controls\n");
	for (size_t i = 0; i < p->n; i++) {
		const struct proof_row *row = &p->v[i];
		if (!row->scenario)
			continue;
		if (row[-1].scenario != row->scenario)
			buf_addf(out,
			         "\n### %s\n\n%s.\n\n| control | kind | profile | faults | fails | warns |\n"
			         "|---|---|---|---|---|---|\n",
			         row->scenario->id, markdown_text(a, row->scenario->title));
		control(p, a, row, out);
	}
}

void proof_markdown(const struct proof *p, struct buf *out)
{
	struct proof_totals t = proof_totals(p);
	arena_auto *a = arena_new();

	head(p, &t, out);
	surprises(p, a, out);
	requirements(p, a, out);
	controls(p, a, out);
}
