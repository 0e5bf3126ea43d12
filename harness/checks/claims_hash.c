#include <string.h>

#include "checks/alg.h"
#include "checks/check.h"
#include "checks/front.h"
#include "checks/reply.h"
#include "core/base64.h"
#include "jose/sign.h"

/* at_hash and c_hash: the left half of a hash, in base64url (OpenID Connect Core §3.1.3.6 and §3.3.2.11). */

struct half {
	const char *claim; /* "at_hash" */
	const char *of;    /* "access_token": what is hashed */
	struct sv text;    /* that */
	const char *hash;  /* "SHA256" */
};

static struct sv digest(struct subject *s, const char *hash, struct sv text)
{
	struct sv ret = SV_NONE;
	struct err e = {0};

	return jose_hash(s->a, hash, text, &ret, &e) == 0 ? ret : SV_NONE;
}

static struct sv left(struct sv s)
{
	return (struct sv){s.p, s.n / 2};
}

static struct sv hex(struct arena *a, struct sv bytes)
{
	char *out = arena_alloc(a, bytes.n * 2 + 1);

	for (size_t i = 0; i < bytes.n; i++) {
		out[2 * i] = "0123456789abcdef"[(unsigned char)bytes.p[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[(unsigned char)bytes.p[i] & 15];
	}
	return (struct sv){out, bytes.n * 2};
}

static bool is_base64(struct subject *s, struct sv have, struct sv bytes)
{
	return bytes.p && (sv_eq(have, sv_of(base64_encode(s->a, BASE64_URL, bytes))) ||
	                   sv_eq(have, sv_of(base64_encode(s->a, BASE64_STANDARD, bytes))));
}

/* What the developer did instead, when it can be recognised. */
static const char *half_fix(struct subject *s, const struct half *h, struct sv have)
{
	static const char *const hashes[] = {"SHA256", "SHA384", "SHA512"};
	struct sv whole = digest(s, h->hash, h->text), text = hex(s->a, whole);
	struct sv bare = have;
	const char *code = s->x->code.code;

	while (sv_ends(bare, SV("=")))
		bare.n--;
	if (is_base64(s, bare, left(whole)) || is_base64(s, have, left(whole)))
		return "it is right but for its encoding: base64url without padding, not standard base64";
	if (is_base64(s, have, whole))
		return "this is the whole hash: only its left half is encoded";
	if (sv_eq_nocase(have, text) || sv_eq_nocase(have, left(text)))
		return "this is hexadecimal: encode the bytes of the left half as base64url";
	if (is_base64(s, have, left(text)))
		return "this is the hexadecimal text in base64url: encode the bytes of the hash";
	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
		if (strcmp(hashes[i], h->hash) != 0 && is_base64(s, have, left(digest(s, hashes[i], h->text))))
			return arena_printf(s->a, "this was made with %s: take the hash that alg names, %s", hashes[i],
			                    h->hash);
	if (code && strcmp(h->claim, "at_hash") == 0 && is_base64(s, have, left(digest(s, h->hash, sv_of(code)))))
		return "this is the hash of the code: hash the access_token";
	return NULL;
}

static void judge_half(struct subject *s, struct finding *f, const struct half *h, const json_t *value)
{
	const char *expected =
	        arena_printf(s->a, "%s: the left half of the %s of %s, in base64url", h->claim, h->hash, h->of);
	struct sv have = {json_string_value(value), json_string_length(value)};
	struct sv whole = digest(s, h->hash, h->text);

	if (!whole.p) {
		cannot(s, f, "brandcert's own trouble: %s could not be computed", h->hash);
		return;
	}
	const char *right = base64_encode(s->a, BASE64_URL, left(whole));
	if (json_is_string(value) && sv_eq(have, sv_of(right))) {
		pass(s, f, "it matches the %s", h->of);
		return;
	}
	if (json_is_string(value))
		violated(s, f, expected, "%s is %s, and \"%s\" would be right", h->claim, shown(s, value), right);
	else
		violated(s, f, expected, "%s is %s", h->claim, shown(s, value));
	detail(f, NULL, arena_printf(s->a, "claim %s", h->claim), json_is_string(value) ? half_fix(s, h, have) : NULL);
}

/* The access token to hash. False with f set. */
static bool access_token(struct subject *s, struct sv *ret, struct finding *f)
{
	const json_t *value;

	if (!reply_member(s, "access_token", &value, f))
		return false;
	*ret = (struct sv){json_string_value(value), json_string_length(value)};
	if (ret->n > 0)
		return true;
	skip_owned(s, f, "token.access-token");
	return false;
}

static void judge_at_hash(struct subject *s, struct finding *f, const json_t *value)
{
	struct half h = {.claim = "at_hash", .of = "access_token"};

	if (access_token(s, &h.text, f) && (h.hash = alg_hash(s, f)))
		judge_half(s, f, &h, value);
}

CHECK(idtoken_at_hash, "idtoken.at-hash")
{
	const json_t *claims = subject_claims(s, f), *value = json_object_get(claims, "at_hash");

	if (!claims)
		return;
	if (front_is(s))
		skip(s, f, "no access token came with this one");
	else if (value)
		judge_at_hash(s, f, value);
	else
		skip(s, f, "there is no at_hash: it is optional in the code flow");
}

CHECK(google_at_hash, "google.at-hash")
{
	const json_t *claims = subject_claims(s, f), *value = json_object_get(claims, "at_hash");
	struct sv unused;

	if (!claims || !access_token(s, &unused, f))
		return;
	if (value) {
		judge_at_hash(s, f, value);
		return;
	}
	violated(s, f, "at_hash, because an access token was issued", "there is no at_hash");
	detail(f, NULL, "claim at_hash", NULL);
}

CHECK(idtoken_c_hash, "idtoken.c-hash")
{
	const json_t *claims = subject_claims(s, f), *value = json_object_get(claims, "c_hash");
	struct half h = {.claim = "c_hash", .of = "the code"};

	if (!claims)
		return;
	h.text = sv_of(s->x->code.code);
	if (!value)
		skip(s, f, "there is no c_hash: it is optional in the code flow");
	else if (!h.text.p)
		skip(s, f, "no code was sent that it could belong to");
	else if ((h.hash = alg_hash(s, f)))
		judge_half(s, f, &h, value);
}
