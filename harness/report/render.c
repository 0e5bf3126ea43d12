#include "report/render.h"

#include <string.h>

#include "core/buf.h"
#include "core/text.h"

void tally_add(struct tally *t, const struct result *r)
{
	t->n[r->verdict]++;
	t->accepted += r->verdict == VERDICT_FAIL && r->accepted;
	t->all++;
	if (r->time_ms > 0)
		t->time_ms += r->time_ms;
}

bool render_same(const char *x, const char *y)
{
	return !strcmp(x ? x : "", y ? y : "");
}

bool render_same_scenario(const struct result *x, const struct result *y)
{
	return render_same(x->scenario, y->scenario) && render_same(x->suite, y->suite);
}

struct tally tally_of(const struct results *r, const char *suite)
{
	struct tally t = {0};

	for (size_t i = 0; i < r->n; i++)
		if (!suite || render_same(r->v[i].suite, suite))
			tally_add(&t, &r->v[i]);
	return t;
}

const char *render_suite(const struct results *r, size_t *at)
{
	while (*at < r->n) {
		size_t i = (*at)++, k = 0;
		while (k < i && !render_same(r->v[k].suite, r->v[i].suite))
			k++;
		if (k == i)
			return r->v[i].suite ? r->v[i].suite : "";
	}
	return NULL;
}

const struct result *render_scenario(const struct results *r, const char *suite, size_t *at)
{
	while (*at < r->n) {
		size_t i = (*at)++, k = i;
		if (!render_same(r->v[i].suite, suite))
			continue;
		/* backwards: those of one scenario stand together */
		while (k > 0 && !render_same_scenario(&r->v[k - 1], &r->v[i]))
			k--;
		if (k == 0)
			return &r->v[i];
	}
	return NULL;
}

char *render_line(struct arena *a, const char *text)
{
	return text_excerpt(a, sv_of(text), RENDER_TEXT);
}

char *render_headline(struct arena *a, const char *text)
{
	return text_excerpt(a, sv_of(text), RENDER_HEADLINE);
}

char *render_block(struct arena *a, const char *text)
{
	struct sv s = sv_of(text);
	size_t all = s.n;

	if (s.n > RENDER_TEXT)
		s.n = RENDER_TEXT;
	while (s.n < all && s.n && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	char *block = text_block(a, s);
	return s.n < all ? arena_printf(a, "%s … (%zu bytes in all)", block, all) : block;
}

static char *without_stop(char *text)
{
	size_t n = strlen(text);

	if (n && text[n - 1] == '.')
		text[n - 1] = '\0';
	return text;
}

char *render_title(struct arena *a, const struct result *r)
{
	char *title = without_stop(render_headline(a, r->title));

	return arena_printf(a, "%s%s%s", render_headline(a, r->requirement), *title ? " " : "", title);
}

char *render_observed(struct arena *a, const struct result *r)
{
	char *text = render_line(a, r->observed);

	return r->step && *text ? arena_printf(a, "%s: %s", render_headline(a, r->step), text) : text;
}

char *render_verdict(struct arena *a, const struct result *r)
{
	char *id = render_headline(a, r->requirement);

	if (r->verdict == VERDICT_SKIP || r->verdict == VERDICT_ERROR)
		return arena_printf(a, "%s: %s", id, r->reason ? render_headline(a, r->reason) : "no reason is known");
	if (!r->expected && !r->observed)
		return arena_printf(a, "%s: %s", id, verdict_text(r->verdict));
	return arena_printf(a, "%s: expected %s, observed %s", id, render_headline(a, r->expected),
	                    r->observed ? render_headline(a, render_observed(a, r)) : "nothing");
}

char *render_accepted(struct arena *a, const struct result *r)
{
	if (r->verdict != VERDICT_FAIL || !r->accepted)
		return NULL;
	return arena_printf(a, "expected failure: %s", render_headline(a, r->accepted));
}

char *render_stale(struct arena *a, const struct stale *s)
{
	return arena_printf(a, "%s%s%s: %s", render_headline(a, s->requirement), s->scenario ? " in " : "",
	                    render_headline(a, s->scenario), render_headline(a, s->problem));
}

char *render_source(struct arena *a, const struct result *r)
{
	char *text = arena_text(a, "");

	for (size_t i = 0; r->source && r->source[i]; i++)
		text = arena_printf(a, "%s%s%s", text, i ? "; " : "", render_headline(a, r->source[i]));
	return text;
}

char *render_exchange(struct arena *a, const struct result *r)
{
	if (!r->exchange)
		return arena_text(a, "");
	return arena_printf(a, "%s%s%s", render_headline(a, r->exchange), r->where ? ", " : "",
	                    render_headline(a, r->where));
}

char *render_again(struct arena *a, const struct result *r)
{
	return arena_printf(a, "brandcert run --target FILE --only %s", render_headline(a, r->scenario));
}

static void detail(struct buf *out, const char *label, const char *text)
{
	enum { COLUMN = 12 };

	if (!text || !*text)
		return;
	buf_addf(out, "\n%-*s", COLUMN, label);
	for (; *text; text++) {
		buf_add_char(out, *text);
		if (*text == '\n')
			buf_addf(out, "%*s", COLUMN, "");
	}
}

char *render_details(struct arena *a, const struct result *r)
{
	struct buf out = {.cap = BUF_OWN};

	buf_add_text(&out, render_verdict(a, r));
	if (r->title)
		detail(&out, "Required:", arena_printf(a, "%s (%s)", render_line(a, r->title), level_text(r->level)));
	detail(&out, "Source:", render_source(a, r));
	detail(&out, "Expected:", render_block(a, r->expected));
	detail(&out, "Observed:", render_block(a, r->observed));
	detail(&out, "Step:", render_headline(a, r->step));
	detail(&out, "Reason:", render_block(a, r->reason));
	detail(&out, "Accepted:", render_accepted(a, r));
	detail(&out, "Fix:", render_block(a, r->fix));
	detail(&out, "Exchange:", render_exchange(a, r));
	detail(&out, "Scenario:",
	       r->file ? arena_printf(a, "%s:%u", render_headline(a, r->file), r->line) : arena_text(a, ""));
	detail(&out, "Reproduce:", render_again(a, r));
	char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

char *render_bail_out(struct arena *a, const struct results *r)
{
	struct tally t = tally_of(r, NULL);

	if (t.n[VERDICT_PASS] + t.n[VERDICT_INFO] + t.n[VERDICT_WARN] + t.n[VERDICT_FAIL])
		return NULL;
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].verdict == VERDICT_ERROR)
			return render_headline(a, r->v[i].reason ? r->v[i].reason : "nothing could be judged");
	return r->n ? NULL : arena_text(a, "nothing was judged");
}
