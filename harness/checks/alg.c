#include "checks/alg.h"

#include "checks/charset.h"
#include "checks/front.h"

/* The signature algorithm: RFC 7515 §4.1.1, RFC 7518 §3.1, RFC 8725 §2.1 and §3.1. */

/* The alg member as text; SV_NONE: none, or not a string. */
static struct sv alg_text(const json_t *header)
{
	const json_t *alg = json_object_get(header, "alg");

	return (struct sv){json_string_value(alg), json_string_length(alg)};
}

static bool is_none(struct sv alg)
{
	return sv_eq_nocase(alg, SV("none"));
}

/* HS256 and its like, in any letter case. */
static bool is_hmac(struct sv alg)
{
	return alg.n > 2 && sv_eq_nocase((struct sv){alg.p, 2}, SV("HS")) && charset_is_digit(alg.p[2]);
}

static bool is_empty_signature(const struct jws *jws)
{
	return jws->raw[2].n == 0;
}

bool alg_is_keyed_hash(const struct jws_diagnosis *d)
{
	return d->reason == JWS_HMAC || d->reason == JWS_HMAC_CLIENT_SECRET || d->reason == JWS_HMAC_PUBLIC_KEY;
}

struct sv alg_signed(struct subject *s, struct finding *f)
{
	const json_t *header = subject_jose_header(s, f);
	struct sv alg = alg_text(header);

	if (!header)
		return SV_NONE;
	if (is_none(alg) || is_empty_signature(subject_jws(s, f)))
		skip_owned(s, f, front_is(s) ? "imp.signed" : "jose.alg-not-none");
	else if (!alg.p || alg.n == 0)
		skip_owned(s, f, "jose.header-json");
	else if (is_hmac(alg))
		skip_owned(s, f, "jose.alg-not-hmac");
	else
		return alg;
	return SV_NONE;
}

const char *alg_hash(struct subject *s, struct finding *f)
{
	struct sv alg = alg_signed(s, f);
	const char *hash = alg.p ? jose_alg_hash(jose_alg_of(alg)) : NULL;

	if (alg.p && !hash)
		skip_owned(s, f, "jose.alg-expected");
	return hash;
}

CHECK(jose_alg_not_none, "jose.alg-not-none")
{
	const json_t *header = subject_jose_header(s, f);
	struct sv alg = alg_text(header);

	if (!header)
		return;
	if (front_is(s)) {
		skip_owned(s, f, "imp.signed");
		return;
	}
	if (is_none(alg))
		violated(s, f, "a signed id_token", "alg is %s: the token is not signed",
		         shown(s, json_object_get(header, "alg")));
	else if (is_empty_signature(subject_jws(s, f)))
		violated(s, f, "a signed id_token", "alg is %s, but the signature is empty",
		         shown(s, json_object_get(header, "alg")));
	else if (!alg.p)
		skip_owned(s, f, "jose.header-json");
	else
		pass(s, f, "alg is %s", shown(s, json_object_get(header, "alg")));
	if (f->kind == FINDING_VIOLATED)
		detail(f, NULL, is_none(alg) ? "jose header alg" : "body /id_token", NULL);
}

CHECK(jose_alg_not_hmac, "jose.alg-not-hmac")
{
	const json_t *header = subject_jose_header(s, f);
	struct sv alg = alg_text(header);

	if (!header)
		return;
	if (!alg.p) {
		skip_owned(s, f, "jose.header-json");
		return;
	}
	const struct jws_diagnosis *d = subject_diagnosis(s, f);
	if (!is_hmac(alg) && !alg_is_keyed_hash(d)) {
		pass(s, f, "alg is %s", shown(s, json_object_get(header, "alg")));
		return;
	}
	violated(s, f, "an id_token signed with the brand's private key", "alg is %s: %s",
	         shown(s, json_object_get(header, "alg")), d->sentence);
	detail(f, NULL, "jose header alg", d->fix);
}

CHECK(jose_alg_expected, "jose.alg-expected")
{
	const char *expected = s->run->algorithm ? s->run->algorithm : "RS256";
	struct sv alg = alg_signed(s, f);
	const char *fix = NULL;

	if (!alg.p)
		return;
	const char *observed = shown(s, json_object_get(subject_jose_header(s, f), "alg"));
	if (sv_eq(alg, sv_of(expected))) {
		pass(s, f, "alg is %s", observed);
		return;
	}
	violated(s, f, arena_printf(s->a, "alg \"%s\", as agreed", expected), "alg is %s%s", observed,
	         jose_alg_of(alg) == ALG_UNKNOWN ? ", which names no signature algorithm" : "");
	if (sv_eq_nocase(alg, sv_of(expected)))
		fix = arena_printf(s->a, "write it exactly so: %s", expected);
	detail(f, NULL, "jose header alg", fix);
}
