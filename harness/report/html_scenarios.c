/* What was not judged, by its reason; and every result, scenario by scenario. */
#include "report/html_write.h"
#include "report/render.h"

static void one_reason(struct html *h, const struct finding *f)
{
	const struct result *last = NULL;

	html_open(h, "details", NULL);
	html_open(h, "summary", NULL);
	html_element(h, "span", "count", arena_printf(h->a, "%zu", f->n));
	html_text(h, " ");
	html_text(h, *render_line(h->a, f->v[0]->reason) ? render_line(h->a, f->v[0]->reason) : "no reason is known");
	html_close(h);
	html_open(h, "ul", NULL);
	html_text(h, "\n");
	for (size_t i = 0; i < f->n; i++) {
		const struct result *x = f->v[i];
		if (last && render_same_scenario(x, last) && render_same(x->requirement, last->requirement))
			continue;
		html_open(h, "li", NULL);
		html_element(h, "code", NULL, render_headline(h->a, x->requirement));
		html_text(h, arena_printf(h->a, " in %s", render_headline(h->a, x->scenario)));
		html_close(h);
		html_text(h, "\n");
		last = x;
	}
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

void html_reasons(struct html *h, enum standing s)
{
	struct findings f = findings_by_reason(h->a, h->r, s);
	size_t results = 0;

	if (!f.n)
		return;
	for (size_t i = 0; i < f.n; i++)
		results += f.v[i].n;
	html_open(h, "section", NULL);
	if (s == STANDING_ERROR) {
		html_heading(h, 2, "errors", "Could not be judged");
		html_element(h, "p", NULL,
		             "These say nothing about the endpoint: neither that it conforms nor that it does not.");
	} else {
		html_heading(h, 2, "skips", "Skipped");
		html_element(h, "p", NULL,
		             arena_printf(h->a, "%s, with what kept them from being judged.",
		                          outcome_plural(h->a, results, "result", "results")));
	}
	html_text(h, "\n");
	for (size_t i = 0; i < f.n; i++)
		one_reason(h, &f.v[i]);
	html_close(h);
	html_text(h, "\n");
}

/* --- all results --------------------------------------------------------------------------------------------- */

static void result(struct html *h, const struct result *x)
{
	const char *text = x->verdict == VERDICT_SKIP || x->verdict == VERDICT_ERROR ? render_headline(h->a, x->reason)
	                   : x->verdict == VERDICT_PASS                              ? ""
	                                                : render_headline(h->a, render_observed(h->a, x));

	html_open(h, "li", NULL);
	html_badge(h, standing_of(x));
	html_element(h, "code", NULL, render_headline(h->a, x->requirement));
	html_text(h, " ");
	html_text(h, render_headline(h->a, x->title));
	if (*text) {
		html_text(h, " ");
		html_element(h, "span", "note", text);
	}
	html_close(h);
	html_text(h, "\n");
}

/* "2 fail, 1 warn, 12 pass": what the worst is can be read without opening it. */
static char *counts(struct html *h, const struct result *first)
{
	size_t n[STANDING_COUNT] = {0};
	char *text = arena_text(h->a, "");

	for (size_t i = (size_t)(first - h->r->v); i < h->r->n; i++)
		if (render_same_scenario(&h->r->v[i], first))
			n[standing_of(&h->r->v[i])]++;
	for (int s = 0; s < STANDING_COUNT; s++)
		if (n[s])
			text = arena_printf(h->a, "%s%s%zu %s", text, *text ? ", " : "", n[s],
			                    standing_text((enum standing)s));
	return text;
}

static void scenario(struct html *h, const struct result *first)
{
	html_open(h, "details", NULL);
	html_open(h, "summary", NULL);
	html_element(h, "code", NULL, render_headline(h->a, first->scenario));
	html_text(h, " ");
	html_text(h, render_headline(h->a, first->scenario_title));
	html_text(h, " ");
	html_element(h, "span", "note", arena_printf(h->a, "(%s)", counts(h, first)));
	html_close(h);
	html_open(h, "ul", "results");
	html_text(h, "\n");
	for (size_t i = (size_t)(first - h->r->v); i < h->r->n; i++)
		if (render_same_scenario(&h->r->v[i], first))
			result(h, &h->r->v[i]);
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

void html_scenarios(struct html *h)
{
	const struct result *first;
	const char *suite;

	if (!h->r->n)
		return;
	html_open(h, "section", NULL);
	html_heading(h, 2, "scenarios", "All results by scenario");
	for (size_t i = 0; (suite = render_suite(h->r, &i));) {
		html_heading(h, 3, NULL, *suite ? render_headline(h->a, suite) : "other");
		for (size_t k = 0; (first = render_scenario(h->r, suite, &k));)
			scenario(h, first);
	}
	html_close(h);
	html_text(h, "\n");
}
