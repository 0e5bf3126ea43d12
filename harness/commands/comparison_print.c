#include "commands/comparison_print.h"

#include <string.h>

#include "core/clock.h"
#include "core/text.h"
#include "report/render.h"
#include "report/wrap.h"

#define NAMED_MAX 4
/* Groups of good news that are listed; the rest is counted. */
#define LISTED_MAX 20

/* --- what all forms say ---------------------------------------------------------------------------------------------- */

static bool same_group(const struct change *x, const struct change *y)
{
	return x->kind == y->kind && render_same(change_result(x)->requirement, change_result(y)->requirement) &&
	       !x->was == !y->was && !x->is == !y->is && (!x->was || x->was->verdict == y->was->verdict) &&
	       (!x->is || x->is->verdict == y->is->verdict);
}

bool compared_group(const struct compared *d, size_t *at, size_t *from)
{
	const struct comparison *c = d->c;

	*from = *at;
	if (*at == c->n || c->v[*at].kind == CHANGE_SAME)
		return false;
	while (*at < c->n && same_group(&c->v[*from], &c->v[*at]))
		++*at;
	return true;
}

const char *compared_scenarios(const struct compared *d, size_t from, size_t to)
{
	const char *names[NAMED_MAX + 1];
	size_t n = 0;

	for (size_t i = from; i < to && n < NAMED_MAX; i++)
		names[n++] = render_headline(d->a, change_result(&d->c->v[i])->scenario);
	if (to - from == NAMED_MAX + 1)
		names[n++] = render_headline(d->a, change_result(&d->c->v[to - 1])->scenario);
	else if (to - from > NAMED_MAX)
		names[n++] = arena_printf(d->a, "%zu more", to - from - NAMED_MAX);
	return text_list(d->a, names, n, "and");
}

const char *compared_verdicts(const struct compared *d, const struct change *c)
{
	if (!c->was)
		return arena_printf(d->a, "new: %s", verdict_text(c->is->verdict));
	if (!c->is)
		return arena_printf(d->a, "was %s", verdict_text(c->was->verdict));
	return arena_printf(d->a, "%s → %s", verdict_text(c->was->verdict), verdict_text(c->is->verdict));
}

const char *compared_heading(enum change_kind kind)
{
	static const char *const headings[CHANGE_COUNT] = {
	        [CHANGE_BROKE] = "Broke",
	        [CHANGE_WORSE] = "Got worse",
	        [CHANGE_UNJUDGED] = "Could no longer be judged",
	        [CHANGE_EXPECTED] = "Fails now, as expected",
	        [CHANGE_MENDED] = "Mended",
	        [CHANGE_BETTER] = "Got better",
	        [CHANGE_JUDGED] = "Judged now",
	        [CHANGE_NEW] = "New",
	        [CHANGE_GONE] = "Gone",
	        [CHANGE_SAME] = "The same",
	};

	return headings[kind];
}

/* Requirements among the changes of one kind: of several scenarios each counts once. */
static size_t requirements(const struct comparison *c, enum change_kind kind)
{
	const char *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		const char *id = change_result(&c->v[i])->requirement;
		if (c->v[i].kind != kind)
			continue;
		n += !n || !render_same(id, last);
		last = id;
	}
	return n;
}

const char *compared_sentence(const struct compared *d)
{
	static const char *const verbs[CHANGE_COUNT][2] = {
	        [CHANGE_BROKE] = {"broke", "broke"},
	        [CHANGE_WORSE] = {"got worse", "got worse"},
	        [CHANGE_UNJUDGED] = {"could no longer be judged", "could no longer be judged"},
	        [CHANGE_EXPECTED] = {"fails now as expected", "fail now as expected"},
	        [CHANGE_MENDED] = {"was mended", "were mended"},
	        [CHANGE_BETTER] = {"got better", "got better"},
	        [CHANGE_JUDGED] = {"is judged now", "are judged now"},
	        [CHANGE_NEW] = {"is new", "are new"},
	        [CHANGE_GONE] = {"is gone", "are gone"},
	};
	const struct comparison *c = d->c;
	char *text = arena_text(d->a, "");
	bool any = false;

	for (enum change_kind k = 0; k < CHANGE_SAME; k++) {
		size_t n = requirements(c, k);
		if (!n)
			continue;
		text = arena_printf(d->a, "%s%s%zu %s%s", text, any ? ", " : "", n,
		                    any      ? ""
		                    : n == 1 ? "requirement "
		                             : "requirements ",
		                    verbs[k][n > 1]);
		any = true;
	}
	size_t same = c->count[CHANGE_SAME];
	text = arena_printf(d->a, "%s%s%zu %s the same", text, any ? "; " : "", same,
	                    same == 1 ? "result is" : "results are");
	if (c->failing)
		text = arena_printf(d->a, "%s, %zu of them %s", text, c->failing,
		                    c->failing == 1 ? "a failure" : "failures");
	return arena_printf(d->a, "%s.", text);
}

static void note(const struct compared *d, const char **notes, size_t *n, const char *what, const char *was,
                 const char *now)
{
	if (render_same(was, now))
		return;
	notes[(*n)++] = arena_printf(d->a, "%s: '%s' and '%s'", what, was ? render_headline(d->a, was) : "not known",
	                             now ? render_headline(d->a, now) : "not known");
}

const char **compared_notes(const struct compared *d)
{
	const struct results *was = d->c->was, *is = d->c->is;
	const char **notes = arena_array(d->a, 5, sizeof *notes);
	size_t n = 0;

	note(d, notes, &n, "These are runs against different targets", was->target, is->target);
	note(d, notes, &n, "These runs were judged in different profiles, which weigh requirements differently",
	     was->profile, is->profile);
	if (!render_same(was->suite_digest, is->suite_digest))
		notes[n++] = "The suites differ: what is new, gone or judged otherwise may come from there";
	if (was->started_ms > is->started_ms)
		notes[n++] = "The first file is of the later run: the older one is named first";
	return notes;
}

const char *compared_run(const struct compared *d, const struct results *r)
{
	char started[32];

	clock_iso(r->started_ms, started);
	return arena_printf(d->a, "%s, %s profile, %s", r->target ? render_headline(d->a, r->target) : "?",
	                    r->profile ? render_headline(d->a, r->profile) : "?", started);
}

/* --- text ------------------------------------------------------------------------------------------------------------ */

static bool is_bad_news(enum change_kind kind)
{
	return kind <= CHANGE_UNJUDGED;
}

/* With `whole`, all that a developer needs to mend it. */
static void text_group(const struct compared *d, struct wrap *w, size_t from, size_t to)
{
	const struct change *c = &d->c->v[from];
	const struct result *r = change_result(c);
	const char *scenarios = compared_scenarios(d, from, to), *verdicts = compared_verdicts(d, c);

	if (!is_bad_news(c->kind)) {
		wrap_line(w, "     ",
		          arena_printf(d->a, "  %s  %s in %s", render_headline(d->a, r->requirement), verdicts,
		                       scenarios));
		return;
	}
	wrap_line(
	        w, "     ",
	        arena_printf(d->a, "  %s  %s", render_headline(d->a, r->requirement), render_headline(d->a, r->title)));
	wrap_item(w, "Verdict", arena_printf(d->a, "%s in %s", verdicts, scenarios));
	wrap_item(w, "Expected", render_line(d->a, r->expected));
	wrap_item(w, "Observed", render_observed(d->a, r));
	wrap_item(w, "Reason", render_line(d->a, r->reason));
	wrap_item(w, "Fix", render_line(d->a, r->fix));
	wrap_item(w, "Exchange", render_exchange(d->a, r));
}

void comparison_text(const struct compared *d, struct buf *out)
{
	struct wrap w = {.out = out, .width = d->width};
	enum change_kind kind = CHANGE_SAME;
	size_t from, shown = 0, more = 0;

	wrap_line(&w, "     ", arena_printf(d->a, "Old  %s: %s", d->was_name, compared_run(d, d->c->was)));
	wrap_line(&w, "     ", arena_printf(d->a, "New  %s: %s", d->is_name, compared_run(d, d->c->is)));
	for (const char **notes = compared_notes(d); *notes; notes++)
		wrap_line(&w, "      ", arena_printf(d->a, "Note: %s.", *notes));
	for (size_t at = 0; compared_group(d, &at, &from);) {
		bool bad = is_bad_news(d->c->v[from].kind);
		if (d->c->v[from].kind != kind) {
			if (more)
				wrap_line(&w, "", arena_printf(d->a, "  and %zu more", more));
			kind = d->c->v[from].kind;
			shown = more = 0;
			wrap_blank(&w);
			wrap_line(&w, "", arena_printf(d->a, "%s:", compared_heading(kind)));
		} else if (bad) {
			wrap_blank(&w);
		}
		if (bad || shown++ < LISTED_MAX)
			text_group(d, &w, from, at);
		else
			more++;
	}
	if (more)
		wrap_line(&w, "", arena_printf(d->a, "  and %zu more", more));
	wrap_blank(&w);
	wrap_line(&w, "",
	          arena_printf(d->a, "%s: %s",
	                       d->c->count[CHANGE_BROKE] ? "REGRESSED"
	                       : d->c->lost              ? "No verdict"
	                                                 : "No regression",
	                       compared_sentence(d)));
}
