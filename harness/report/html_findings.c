/* What was found, worst first: each failure with all that is needed to mend it, then warnings, and so on down to skips. */
#include <string.h>

#include "report/html_write.h"
#include "report/render.h"
#include "report/shortage.h"

enum { OBSERVED_MAX = 5, EXCHANGES_MAX = 3, SCENARIOS_MAX = 8 };

static void sources(struct html *h, const struct result *x)
{
	if (!x->source || !x->source[0])
		return;
	html_element(h, "dt", NULL, "Source");
	html_open(h, "dd", NULL);
	for (size_t i = 0; x->source[i]; i++) {
		const char *link = outcome_link(x, i), *text = render_headline(h->a, x->source[i]);
		html_text(h, i ? "; " : "");
		if (!link) {
			html_text(h, text);
			continue;
		}
		html_open(h, "a", NULL);
		html_attribute(h, "href", link);
		html_attribute(h, "rel", "noopener noreferrer");
		html_text(h, text);
		html_close(h);
	}
	html_close(h);
	html_text(h, "\n");
}

static void observed(struct html *h, const struct finding *f)
{
	const struct result *different[OBSERVED_MAX];
	size_t n = finding_observed(f, different, OBSERVED_MAX);

	html_open(h, "div", "box got");
	html_element(h, "h4", NULL, "Observed");
	for (size_t i = 0; i < n; i++) {
		html_open(h, "p", NULL);
		html_text(h, *render_observed(h->a, different[i]) ? render_observed(h->a, different[i]) : "nothing");
		if (n > 1)
			html_element(h, "span", "note",
			             arena_printf(h->a, " (in %s)", render_headline(h->a, different[i]->scenario)));
		html_close(h);
	}
	html_close(h);
	html_text(h, "\n");
}

static void expected_and_observed(struct html *h, const struct finding *f)
{
	html_open(h, "div", "pair");
	html_text(h, "\n");
	html_open(h, "div", "box want");
	html_element(h, "h4", NULL, "Expected");
	html_element(h, "p", NULL, render_line(h->a, f->v[0]->expected));
	html_close(h);
	html_text(h, "\n");
	observed(h, f);
	html_close(h);
	html_text(h, "\n");
}

static void particulars(struct html *h, const struct finding *f)
{
	const struct result *x = f->v[0];

	html_open(h, "dl", "facts");
	html_text(h, "\n");
	html_item(h, "Required",
	          arena_printf(h->a, "%s in the %s profile", level_text(x->level),
	                       h->r->profile ? render_headline(h->a, h->r->profile) : "?"));
	sources(h, x);
	html_item(h, "Scenarios", finding_scenarios(h->a, f, SCENARIOS_MAX));
	html_item(h, "Place", render_exchange(h->a, x));
	html_element(h, "dt", NULL, "Try again");
	html_open(h, "dd", NULL);
	html_element(h, "code", NULL, render_again(h->a, x));
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

/* --- the exchanges of a failure ------------------------------------------------------------------------------ */

static size_t length(const char *text)
{
	return text ? strlen(text) : 0;
}

static size_t size_of(const struct shown_exchange *x)
{
	size_t n = 500 + length(x->request_body) + length(x->response_body) + length(x->jose_header) +
	           length(x->claims) + length(x->asked);

	for (size_t i = 0; x->request && x->request[i]; i++)
		n += length(x->request[i]);
	for (size_t i = 0; x->response && x->response[i]; i++)
		n += length(x->response[i]);
	for (size_t i = 0; x->way && x->way[i]; i++)
		n += length(x->way[i]);
	return n;
}

static void exchange_of(struct html *h, const struct result *x, const struct shown_exchange *shown)
{
	size_t size = size_of(shown);

	if (size > h->room) {
		html_open(h, "p", NULL);
		html_jump(h, arena_printf(h->a, "exchange-%zu", (size_t)(shown - h->r->exchanges) + 1),
		          html_exchange_title(h, shown));
		html_text(h, " (heads only: this page would become too large)");
		html_close(h);
		return;
	}
	h->room -= size;
	html_decoded(h, shown, x);
	html_details(h, html_exchange_title(h, shown));
	html_exchange(h, shown, true);
	html_close(h);
	html_text(h, "\n");
}

static void exchanges_of(struct html *h, const struct finding *f)
{
	const struct shown_exchange *done[EXCHANGES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < f->n && n < EXCHANGES_MAX; i++) {
		const struct shown_exchange *x = html_exchange_of(h, f->v[i]->exchange);
		bool again = !x;
		for (size_t k = 0; k < n && !again; k++)
			again = done[k] == x;
		if (again)
			continue;
		done[n++] = x;
		exchange_of(h, f->v[i], x);
	}
}

/* --- findings ------------------------------------------------------------------------------------------------ */

static void finding(struct html *h, const struct finding *f, enum standing s)
{
	static const char *const classes[STANDING_COUNT] = {
	        [STANDING_FAIL] = "finding fail",
	        [STANDING_EXPECTED] = "finding expected",
	        [STANDING_WARN] = "finding warn",
	        [STANDING_HOLDS] = "finding pass",
	};
	const struct result *x = f->v[0];

	html_open(h, "article", classes[s]);
	html_text(h, "\n");
	html_open(h, "h3", NULL);
	html_badge(h, s);
	html_element(h, "code", NULL, render_headline(h->a, x->requirement));
	html_text(h, " ");
	html_text(h, render_headline(h->a, x->title));
	html_close(h);
	html_text(h, "\n");
	if (x->why)
		html_element(h, "p", "why", render_line(h->a, x->why));
	if (x->accepted)
		html_element(h, "p", NULL, arena_printf(h->a, "Expected: %s", render_line(h->a, x->accepted)));
	expected_and_observed(h, f);
	if (x->fix && *x->fix) {
		html_open(h, "p", "fix");
		html_element(h, "strong", NULL, "What to change:");
		html_text(h, " ");
		html_text(h, render_line(h->a, x->fix));
		html_close(h);
		html_text(h, "\n");
	}
	particulars(h, f);
	if (s == STANDING_FAIL || s == STANDING_EXPECTED)
		exchanges_of(h, f);
	html_close(h);
	html_text(h, "\n");
}

static void section(struct html *h, const char *id, const char *title, const struct findings *f, enum standing s)
{
	if (!f->n)
		return;
	html_open(h, "section", NULL);
	html_heading(h, 2, id, title);
	for (size_t i = 0; i < f->n; i++)
		finding(h, &f->v[i], s);
	html_close(h);
	html_text(h, "\n");
}

static void stale(struct html *h)
{
	if (!h->r->nstale)
		return;
	html_open(h, "section", NULL);
	html_heading(h, 2, "stale", "Expected failures that are true no more");
	html_open(h, "ul", NULL);
	html_text(h, "\n");
	for (size_t i = 0; i < h->r->nstale; i++) {
		const struct stale *x = &h->r->stale[i];
		html_open(h, "li", NULL);
		html_element(h, "code", NULL, render_headline(h->a, x->requirement));
		if (x->scenario)
			html_text(h, arena_printf(h->a, " in %s", render_headline(h->a, x->scenario)));
		html_text(h, arena_printf(h->a, ": %s", render_line(h->a, x->problem)));
		html_close(h);
		html_text(h, "\n");
	}
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

void html_findings(struct html *h)
{
	struct findings fails = findings_of(h->a, h->r, STANDING_FAIL);
	struct findings expected = findings_of(h->a, h->r, STANDING_EXPECTED);
	struct findings warnings = findings_of(h->a, h->r, STANDING_WARN);
	struct findings infos = findings_infos(h->a, h->r);
	const char *shortage = render_shortage(h->a, h->r);

	section(h, "failures", "Failures", &fails, STANDING_FAIL);
	stale(h);
	html_reasons(h, STANDING_ERROR);
	if (shortage)
		html_element(h, "p", NULL, shortage);
	section(h, "warnings", "Warnings", &warnings, STANDING_WARN);
	section(h, "expected", "Expected failures", &expected, STANDING_EXPECTED);
	section(h, "infos", "Worth knowing", &infos, STANDING_HOLDS);
	html_reasons(h, STANDING_SKIP);
}
