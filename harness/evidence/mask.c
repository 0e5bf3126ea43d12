#include "evidence/mask.h"

#include <string.h>

#include "core/base64.h"
#include "core/form.h"
#include "core/limits.h"
#include "evidence/places.h"
#include "evidence/secrets.h"
#include "evidence/spans.h"
#include "evidence/views.h"

struct mask {
	struct arena *a;
	struct secrets *secrets;
	const char **names; /* of all placeholders, NULL-terminated */
	size_t nnames;
};

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
	name = arena_text(m->a, name);
	add_name(m, name);
	secrets_add(m->secrets, name, secret);
	/* Plain encodings of it are undone before we search (views.h), but base64 of them is not. */
	secrets_add(m->secrets, name, sv_of(form_encoded(m->a, secret)));
	secrets_add(m->secrets, name, sv_of(url_encoded(m->a, secret)));
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
	places_find(v->text, known_place, m);
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

/* --- learning ------------------------------------------------------------------------------------------------ */

struct learning {
	struct mask *mask;
	struct arena *scratch;
	struct sv client_secret;
	struct sv learned[LIMIT_LEARNED]; /* from this exchange */
	size_t n;
};

/* What lazy and broken brands put where a token belongs. Masked everywhere, these would tear up every text. */
static bool is_common_word(struct sv s)
{
	static const char *const words[] = {"undefined",       "access_token", "refresh_token", "accessToken",
	                                    "[object Object]", "placeholder",  "not-used",      "not_used",
	                                    "token_type",      "unsupported"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (sv_eq(s, sv_of(words[i])))
			return true;
	return false;
}

/* Long, or sharing at least half of itself with the true secret, which a scenario may have changed a little. */
static bool is_near(struct sv s, struct sv secret)
{
	size_t same = 0;

	while (same < s.n && same < secret.n && s.p[same] == secret.p[same])
		same++;
	return s.n >= 16 || (s.n >= 4 && same >= s.n / 2);
}

static void learn(struct learning *l, const char *name, struct sv value)
{
	bool from_target = !strcmp(name, "access_token") || !strcmp(name, "refresh_token") ||
	                   !strcmp(name, "signature") || !strcmp(name, "encrypted");

	if (from_target ? value.n < 8 || is_common_word(value) : !is_near(value, l->client_secret))
		return;
	for (size_t i = 0; i < l->n; i++)
		if (sv_eq(l->learned[i], value))
			return;
	if (l->n == LIMIT_LEARNED)
		return;
	l->learned[l->n++] = value;
	mask_add(l->mask, name, value);
}

/* "id:secret" behind base64: the secret is form-encoded in it, or should be (RFC 6749 §2.3.1). */
static void learn_credentials(struct learning *l, struct sv value)
{
	struct sv text, decoded;

	learn(l, "credentials", value);
	if (base64_decode_loosely(l->scratch, value, &text) < 0)
		return;
	long colon = sv_find_char(text, ':');
	if (colon < 0)
		return;
	struct sv secret = {text.p + colon + 1, text.n - (size_t)colon - 1};
	learn(l, "client_secret", secret);
	if (form_decode(l->scratch, secret, &decoded))
		learn(l, "client_secret", decoded);
}

static struct sv decoded_value(struct arena *a, const struct place_found *found)
{
	struct view original = {found->bytes, NULL}, decoded;
	struct sv text;

	if (found->encoding == PLACE_JSON && view_decode(a, &original, VIEW_JSON, &decoded))
		return decoded.text;
	if (found->encoding == PLACE_FORM && form_decode(a, found->bytes, &text))
		return text;
	return found->bytes;
}

static struct sv without_blanks(struct arena *a, struct sv s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\r' && s.p[i] != '\n')
			out[n++] = s.p[i];
	return (struct sv){out, n};
}

static void learn_place(const struct place_found *found, void *context)
{
	struct learning *l = context;

	if (!strcmp(found->name, "cookie"))
		return;
	struct sv value = decoded_value(l->scratch, found);
	if (!strcmp(found->name, "credentials")) {
		learn_credentials(l, value);
		return;
	}
	learn(l, found->name, value);
	/* A token that is broken into lines is shown and compared in one piece, too. */
	struct sv whole = without_blanks(l->scratch, value);
	if (whole.n != value.n)
		learn(l, found->name, whole);
}

static void learn_view(const struct view *v, void *context)
{
	places_find(v->text, learn_place, context);
}

static void learn_message(struct learning *l, const struct message *m)
{
	for (size_t i = 0; i < m->nlines; i++)
		views_visit(l->scratch, m->lines[i], learn_view, l);
	if (m->body.p)
		views_visit(l->scratch, m->body, learn_view, l);
}

/* The whole of the Basic credentials, so that the placeholder stands for all of it. */
static void add_pair(struct mask *m, struct sv id, struct sv secret)
{
	if (secret.n < 4)
		return;
	const char *raw = arena_printf(m->a, "%.*s:%.*s", SV_ARG(id), SV_ARG(secret));
	const char *encoded = arena_printf(m->a, "%s:%s", form_encoded(m->a, id), form_encoded(m->a, secret));
	secrets_add_bytes(m->secrets, "credentials", sv_of(base64_encode(m->a, BASE64_STANDARD, sv_of(raw))));
	secrets_add_bytes(m->secrets, "credentials", sv_of(base64_encode(m->a, BASE64_STANDARD, sv_of(encoded))));
}

void mask_add_evidence(struct mask *m, const struct evidence *ev)
{
	struct sv secret = sv_of(ev->run.client_secret);

	mask_add(m, "client_secret", secret);
	add_pair(m, sv_of(ev->run.client_id), secret);
	for (size_t i = 0; i < ev->n; i++) {
		const struct exchange *x = &ev->exchanges[i];
		arena_auto *scratch = arena_new();
		struct learning l = {.mask = m, .scratch = scratch, .client_secret = secret};
		mask_add(m, "code", sv_of(x->code.code));
		mask_add(m, "code_verifier", sv_of(x->code.code_verifier));
		learn_message(&l, &x->request);
		learn_message(&l, &x->response);
	}
}
