#include "evidence/mask.h"

#include <string.h>

#include "core/form.h"
#include "evidence/claims.h"
#include "evidence/mask_inside.h"
#include "evidence/places.h"
#include "evidence/spans.h"
#include "evidence/views.h"

static void add_name(struct mask *m, const char *name)
{
	for (size_t i = 0; i < m->nnames; i++)
		if (!strcmp(m->names[i], name))
			return;
	/* one more than there are, for the NULL */
	const char **names = arena_array(m->a, m->nnames + 2, sizeof *names);
	for (size_t i = 0; i < m->nnames; i++)
		names[i] = m->names[i];
	names[m->nnames++] = arena_text(m->a, name);
	m->names = names;
}

struct mask *mask_new(struct arena *a)
{
	struct mask *m = arena_alloc(a, sizeof *m);

	m->a = a;
	m->secrets = secrets_new(a);
	for (size_t i = 0; places_names[i]; i++)
		add_name(m, places_names[i]);
	return m;
}

void mask_add(struct mask *m, const char *name, struct sv secret)
{
	if (secret.n < 4)
		return;
	/* what a client always has is looked for in pieces, too; what comes and goes with each exchange is not */
	enum secret_reach reach = !strcmp(name, "client_secret") ? SECRET_PIECES : SECRET_WHOLE;
	name = arena_text(m->a, name);
	add_name(m, name);
	secrets_add(m->secrets, name, secret, reach);
	/* Plain encodings of it are undone before we search (views.h), but base64 of them is not. */
	const char *const encoded[] = {form_encoded(m->a, secret), url_encoded(m->a, secret)};
	for (size_t i = 0; i < sizeof encoded / sizeof *encoded; i++)
		if (!sv_eq(secret, sv_of(encoded[i])))
			secrets_add(m->secrets, name, sv_of(encoded[i]), reach);
}

/* --- masking ------------------------------------------------------------------------------------------------- */

struct masking {
	const struct mask *mask;
	const struct view *view;
	struct spans spans;
	bool cut;
};

static void known_value(size_t from, size_t to, const char *name, void *context)
{
	struct masking *m = context;

	spans_add(&m->spans, (struct span){view_origin(m->view, from), view_origin(m->view, to), name});
}

static void known_place(const struct place_found *found, void *context)
{
	struct masking *m = context;
	size_t from = (size_t)(found->bytes.p - m->view->text.p);

	known_value(from, from + found->bytes.n, found->name, m);
}

static void mask_view(const struct view *v, void *context)
{
	struct masking *m = context;

	m->view = v;
	secrets_find(m->mask->secrets, v->text, m->cut, known_value, m);
	places_find(v->text, m->mask->claims, known_place, m);
}

static struct sv masked(const struct mask *m, struct arena *a, struct sv s, bool cut)
{
	if (!s.p)
		return SV_NONE;
	arena_auto *scratch = arena_new();
	struct masking masking = {.mask = m, .spans = {.a = scratch}, .cut = cut};

	views_visit(scratch, s, mask_view, &masking);
	return spans_render(&masking.spans, a, s, m->names);
}

struct sv mask_sv(const struct mask *m, struct arena *a, struct sv s)
{
	return masked(m, a, s, false);
}

char *mask_text(const struct mask *m, struct arena *a, struct sv s)
{
	struct sv copy = masked(m, a, s, false);

	return arena_sv(a, copy);
}

/* A head line that goes on with the one before it, which is secret. Made one of its own for the time of masking. */
static struct sv masked_continuation(struct arena *a, struct sv line)
{
	struct sv content = sv_trim(line);

	if (!content.n)
		return arena_svdup(a, line);
	return sv_of(arena_printf(a, "%.*s[credentials]", (int)(content.p - line.p), line.p));
}

void mask_message(const struct mask *m, struct arena *a, const struct message *in, struct message *ret)
{
	struct sv *lines = arena_array(a, in->nlines, sizeof *lines);
	bool secret = false;

	for (size_t i = 0; i < in->nlines; i++) {
		struct sv line = in->lines[i];
		if (secret && line.n && (line.p[0] == ' ' || line.p[0] == '\t')) {
			lines[i] = masked_continuation(a, line);
		} else {
			secret = places_secret_header(line);
			lines[i] = mask_sv(m, a, line);
		}
	}
	*ret = (struct message){.lines = lines, .nlines = in->nlines, .body = masked(m, a, in->body, true)};
}

/* --- claims ------------------------------------------------------------------------------------------------- */

void mask_hide_claims(struct mask *m)
{
	m->claims = true;
}

bool mask_hides_claims(const struct mask *m)
{
	return m->claims;
}

struct sv mask_claims(const struct mask *m, struct arena *a, struct sv json)
{
	if (!m->claims || !json.p)
		return mask_sv(m, a, json);
	return mask_sv(m, a, claims_masked(a, json));
}
