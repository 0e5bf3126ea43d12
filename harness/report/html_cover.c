/* The head of the page: the verdict, what it is about, and how each area of requirements came out. Printed as page one. */
#include "report/html_write.h"
#include "report/render.h"

/* What a requirement's standing is called at the head of a column; an expected failure only where there is one. */
static const struct {
	enum standing standing;
	const char *head;
} columns[] = {
        {STANDING_FAIL, "Fail"}, {STANDING_ERROR, "Error"}, {STANDING_EXPECTED, "Known"},
        {STANDING_WARN, "Warn"}, {STANDING_HOLDS, "Pass"},  {STANDING_SKIP, "Skip"},
};
#define COLUMNS (sizeof columns / sizeof *columns)

static bool wanted(const struct html *h, enum standing s)
{
	return s != STANDING_EXPECTED || h->outcome.total.n[s];
}

static void count(struct html *h, enum standing s, size_t n)
{
	static const char *const classes[STANDING_COUNT] = {
	        [STANDING_FAIL] = "n fail", [STANDING_ERROR] = "n error", [STANDING_EXPECTED] = "n expected",
	        [STANDING_WARN] = "n warn", [STANDING_HOLDS] = "n pass",  [STANDING_SKIP] = "n skip",
	};

	html_element(h, "td", n ? classes[s] : "n none", arena_printf(h->a, "%zu", n));
}

static void row(struct html *h, const struct area *area)
{
	html_open(h, "tr", NULL);
	html_open(h, "th", NULL);
	html_attribute(h, "scope", "row");
	if (*area->about) {
		html_text(h, area->about);
		html_text(h, " ");
		html_element(h, "code", NULL, area->name);
	} else {
		html_text(h, area->name);
	}
	html_close(h);
	for (size_t i = 0; i < COLUMNS; i++)
		if (wanted(h, columns[i].standing))
			count(h, columns[i].standing, area->n[columns[i].standing]);
	html_close(h);
	html_text(h, "\n");
}

static void head_cell(struct html *h, const char *text, const char *class)
{
	html_open(h, "th", class);
	html_attribute(h, "scope", "col");
	html_text(h, text);
	html_close(h);
}

static void matrix(struct html *h)
{
	html_open(h, "table", "matrix");
	html_element(h, "caption", NULL, "Requirements by area, each counted once by the worst that became of it");
	html_open(h, "thead", NULL);
	html_open(h, "tr", NULL);
	head_cell(h, "Area", NULL);
	for (size_t i = 0; i < COLUMNS; i++)
		if (wanted(h, columns[i].standing))
			head_cell(h, columns[i].head, "n");
	html_close(h);
	html_close(h);
	html_text(h, "\n");
	html_open(h, "tbody", NULL);
	html_text(h, "\n");
	for (size_t i = 0; i < h->outcome.nareas; i++)
		row(h, &h->outcome.areas[i]);
	html_close(h);
	html_open(h, "tfoot", NULL);
	const struct area all = {.name = "All requirements",
	                         .about = "",
	                         .n = {h->outcome.total.n[0], h->outcome.total.n[1], h->outcome.total.n[2],
	                               h->outcome.total.n[3], h->outcome.total.n[4], h->outcome.total.n[5]}};
	row(h, &all);
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

static char *codes(struct html *h)
{
	const struct results *r = h->r;
	char *spent = outcome_plural(h->a, r->codes > 0 ? (size_t)r->codes : 0, "code", "codes");

	return r->codes_planned > r->codes ? arena_printf(h->a, "%s spent of %d planned", spent, r->codes_planned)
	                                   : arena_printf(h->a, "%s spent", spent);
}

static void fact(struct html *h, const char *label, const char *text)
{
	html_item(h, label, render_headline(h->a, text));
}

static void facts(struct html *h)
{
	const struct results *r = h->r;

	html_open(h, "dl", "facts");
	html_text(h, "\n");
	fact(h, "Target", r->target);
	fact(h, "Token endpoint", r->token_endpoint);
	fact(h, "Issuer", r->issuer);
	fact(h, "Profile", r->profile);
	if (r->started_ms)
		html_item(h, "Time",
		          r->ended_ms > r->started_ms
		                  ? arena_printf(h->a, "%s, for %s", outcome_time(h->a, r->started_ms),
		                                 html_duration(h, (r->ended_ms - r->started_ms) * 1000))
		                  : outcome_time(h->a, r->started_ms));
	html_item(h, "Sent",
	          arena_printf(h->a, "%s, %s", outcome_plural(h->a, r->nexchanges, "exchange", "exchanges"), codes(h)));
	fact(h, "Tool", r->tool);
	fact(h, "Suite digest", r->suite_digest);
	if (r->evidence_sha256)
		fact(h, "Evidence (SHA-256)", r->evidence_sha256);
	html_close(h);
	html_text(h, "\n");
}

static void navigation(struct html *h)
{
	const size_t *n = h->outcome.total.n;
	const struct {
		bool there;
		const char *id, *text;
	} links[] = {
	        {h->r->nstale, "stale", "Stale expectations"},
	        {n[STANDING_FAIL], "failures", arena_printf(h->a, "Failures (%zu)", n[STANDING_FAIL])},
	        {h->r->count[VERDICT_ERROR], "errors", "Not judged"},
	        {h->r->count[VERDICT_WARN], "warnings", "Warnings"},
	        {h->r->accepted, "expected", "Expected failures"},
	        {h->r->count[VERDICT_INFO], "infos", "Worth knowing"},
	        {h->r->count[VERDICT_SKIP], "skips", "Skipped"},
	        {h->r->n, "scenarios", "All results"},
	        {h->r->nexchanges, "exchanges", "Exchanges"},
	};

	html_open(h, "nav", NULL);
	html_attribute(h, "aria-label", "Sections");
	html_open(h, "ul", NULL);
	html_text(h, "\n");
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		if (!links[i].there)
			continue;
		html_open(h, "li", NULL);
		html_jump(h, links[i].id, links[i].text);
		html_close(h);
		html_text(h, "\n");
	}
	html_close(h);
	html_close(h);
	html_text(h, "\n");
}

/* What a reader who holds this page in the hand may conclude. */
static const char *conclusion(const struct html *h)
{
	const char *target = h->r->target ? render_headline(h->a, h->r->target) : "the target";
	const char *profile = h->r->profile ? render_headline(h->a, h->r->profile) : "?";

	switch (h->outcome.kind) {
	case OUTCOME_CONFORMANT:
		return arena_printf(h->a, "The endpoints of %s met every must of the %s profile that was judged%s.",
		                    target, profile,
		                    h->outcome.total.n[STANDING_EXPECTED]
		                            ? ", apart from failures that were expected and are listed"
		                            : "");
	case OUTCOME_FAILED:
		return arena_printf(h->a, "The endpoints of %s are not certified for the %s profile.", target, profile);
	default:
		return arena_printf(h->a,
		                    "This run says nothing final about %s: neither that its endpoints "
		                    "conform to the %s profile nor that they do not.",
		                    target, profile);
	}
}

void html_cover(struct html *h)
{
	static const char *const classes[] = {"cover pass", "cover fail", "cover error"};

	html_open(h, "header", classes[h->outcome.kind]);
	html_text(h, "\n");
	html_element(h, "p", "kind", "brandcert: report on a brand's OAuth endpoints");
	html_heading(h, 1, NULL, h->outcome.words);
	html_element(h, "p", "sentence", h->outcome.sentence);
	html_element(h, "p", NULL, conclusion(h));
	html_text(h, "\n");
	facts(h);
	if (h->r->n)
		matrix(h);
	if (h->r->n || h->r->nstale || h->r->nexchanges)
		navigation(h);
	html_close(h);
	html_text(h, "\n");
}
