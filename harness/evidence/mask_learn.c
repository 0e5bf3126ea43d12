#include <string.h>

#include "core/base64.h"
#include "core/form.h"
#include "core/limits.h"
#include "evidence/claims.h"
#include "evidence/mask_inside.h"
#include "evidence/places.h"
#include "evidence/shapes.h"
#include "evidence/views.h"

#define LISTED_MIN 8 /* bytes of a part of a listed secret that is looked for by itself */

/* --- learning ------------------------------------------------------------------------------------------------ */

struct learning {
	struct mask *mask;
	struct arena *scratch;
	const struct run_facts *run;
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

/* Like a session's id, and not like what else stands in cookies: de-DE, dark, an address. */
static bool is_random(struct sv s)
{
	bool digit = false;

	for (size_t i = 0; i < s.n; i++) {
		if (!shape_character(s.p[i]) && s.p[i] != '.' && s.p[i] != '%')
			return false;
		digit |= s.p[i] >= '0' && s.p[i] <= '9';
	}
	return digit;
}

/* Shares at least half of itself with a true secret, which a scenario may have changed a little. */
static bool is_near(struct sv s, const char *text)
{
	struct sv secret = sv_of(text);
	size_t same = 0;

	while (same < s.n && same < secret.n && s.p[same] == secret.p[same])
		same++;
	return s.n >= 4 && same >= s.n / 2;
}

static bool is_telling(const struct learning *l, struct sv s)
{
	return s.n >= 16 || is_near(s, l->run->client_secret) || is_near(s, l->run->second_client_secret) ||
	       is_near(s, l->run->encoded_client_secret);
}

/* Of a JWT the part that is secret: what stands before it begins like every other token of the brand. */
static struct sv secret_part(struct sv value)
{
	struct shape_secret part = shape_secret(value);
	size_t end, next;

	if (!part.name || !shape_is_token(value, &end, &next) || end != value.n)
		return value;
	return (struct sv){value.p + part.at, value.n - part.at};
}

static void learn(struct learning *l, const char *name, struct sv value)
{
	value = secret_part(value);
	bool from_target = !strcmp(name, "access_token") || !strcmp(name, "refresh_token") ||
	                   !strcmp(name, "signature") || !strcmp(name, "encrypted");

	if (from_target ? value.n < 8 || is_common_word(value) : !is_telling(l, value))
		return;
	for (size_t i = 0; i < l->n; i++)
		if (sv_eq(l->learned[i], value))
			return;
	if (l->n == LIMIT_LEARNED)
		return;
	l->learned[l->n++] = value;
	mask_add(l->mask, name, value);
	/* its bytes, however they are written */
	struct sv bytes;
	if (!strcmp(name, "signature") && base64_decode_loosely(l->scratch, value, &bytes) == 0)
		secrets_add(l->mask->secrets, "signature", bytes, SECRET_WHOLE);
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

	struct sv value = decoded_value(l->scratch, found);
	if (!strcmp(found->name, "cookie") && !is_random(value))
		return;
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
	const struct learning *l = context;

	places_find(v->text, l->mask->claims, learn_place, context);
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

static void add_client(struct mask *m, const char *id, const char *secret)
{
	mask_add(m, "client_secret", sv_of(secret));
	add_pair(m, sv_of(id), sv_of(secret));
}

/* PEM: the whole, its base64 in one piece, and each line of it. Its first and last line are no secret. */
static void add_pem(struct mask *m, const char *name, struct sv pem)
{
	char *joined = arena_alloc(m->a, pem.n + 1);
	size_t n = 0;

	mask_add(m, name, pem);
	for (struct sv rest = pem, line; sv_cut(&rest, '\n', &line);) {
		line = sv_trim(line);
		if (line.n == 0 || line.p[0] == '-')
			continue;
		if (line.n >= 16)
			mask_add(m, name, line);
		memcpy(joined + n, line.p, line.n);
		n += line.n;
	}
	mask_add(m, name, (struct sv){joined, n});
}

/*
 * Passwords, cookies and headers of the target file. Of "name=value; name=value" and "Bearer value" the values, too: they
 * come by themselves.
 */
static void add_listed(struct mask *m, const char *const *secrets)
{
	struct sv pair, word;

	for (; secrets && *secrets; secrets++) {
		mask_add(m, "secret", sv_of(*secrets));
		for (struct sv rest = sv_of(*secrets); sv_cut(&rest, ';', &pair);) {
			long equals = sv_find_char(pair, '=');
			struct sv value = {pair.p + equals + 1, pair.n - (size_t)(equals + 1)};
			if (equals >= 0 && value.n >= LISTED_MIN)
				mask_add(m, "secret", value);
		}
		for (struct sv rest = sv_of(*secrets); sv_cut(&rest, ' ', &word);)
			if (word.n >= LISTED_MIN && word.n < strlen(*secrets))
				mask_add(m, "secret", word);
	}
}

static void learn_text(struct learning *l, const char *text)
{
	if (text)
		views_visit(l->scratch, sv_of(text), learn_view, l);
}

static void learn_way(struct learning *l, const struct exchange *x)
{
	learn_text(l, x->authorize_url);
	for (size_t i = 0; i < x->nhops; i++) {
		learn_text(l, x->hops[i].url);
		learn_message(l, &x->hops[i].request);
		learn_message(l, &x->hops[i].response);
	}
}

/* A token that was handed over is the whole body; of one with dots its place tells what is secret. */
static void add_handed_over(struct mask *m, const struct exchange *x)
{
	struct sv token = sv_trim(x->response.body);

	if (x->kind && strcmp(x->kind, "handover") == 0 && sv_find_char(token, '.') < 0 && !is_common_word(token))
		mask_add(m, "token", token);
}

void mask_add_evidence(struct mask *m, const struct evidence *ev)
{
	add_client(m, ev->run.client_id, ev->run.client_secret);
	add_client(m, ev->run.second_client_id, ev->run.second_client_secret);
	add_client(m, ev->run.encoded_client_id, ev->run.encoded_client_secret);
	add_pem(m, "decryption_key", sv_of(ev->run.decryption_key));
	add_listed(m, ev->run.secrets);
	for (size_t i = 0; i < ev->n; i++) {
		const struct exchange *x = &ev->exchanges[i];
		arena_auto *scratch = arena_new();
		struct learning l = {.mask = m, .scratch = scratch, .run = &ev->run};
		mask_add(m, "code", sv_of(x->code.code));
		mask_add(m, "code_verifier", sv_of(x->code.code_verifier));
		learn_message(&l, &x->request);
		learn_message(&l, &x->response);
		learn_text(&l, x->url);
		learn_way(&l, x);
		add_handed_over(m, x);
		if (x->kind && strcmp(x->kind, "jwks") == 0)
			mask_add_published_keys(m, x->response.body);
	}
}

/* --- claims ------------------------------------------------------------------------------------------------- */

struct learning_claims {
	struct mask *mask;
	const struct run_facts *run;
};

/* Part of what the target file says: an address, an id. */
static bool is_ours(const struct run_facts *run, struct sv text)
{
	const char *const ours[] = {run->issuer,
	                            run->token_endpoint,
	                            run->client_id,
	                            run->redirect_uri,
	                            run->jwks_uri,
	                            run->userinfo_endpoint,
	                            run->target,
	                            run->second_client_id,
	                            run->encoded_client_id,
	                            run->scope,
	                            run->authorization_endpoint,
	                            run->authorization_redirect_uri,
	                            run->published_token_endpoint};

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (ours[i] && sv_find(sv_of(ours[i]), text) >= 0)
			return true;
	return false;
}

static void learn_claim(struct sv text, void *context)
{
	const struct learning_claims *l = context;
	struct mask *m = l->mask;

	if (is_ours(l->run, text))
		return;
	mask_add(m, CLAIM_NAME, text);
	if (text.n == 2 || text.n == 3) {
		secrets_add_bytes(m->secrets, CLAIM_NAME, sv_of(arena_printf(m->a, "'%.*s'", SV_ARG(text))));
		secrets_add_bytes(m->secrets, CLAIM_NAME, sv_of(arena_printf(m->a, "\"%.*s\"", SV_ARG(text))));
	}
}

void mask_add_claims(struct mask *m, const struct run_facts *run, struct sv json)
{
	arena_auto *scratch = arena_new();
	struct learning_claims l = {m, run};

	if (m->claims && json.p)
		claims_values(scratch, json, learn_claim, &l);
}
