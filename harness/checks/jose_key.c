#include <stdlib.h>
#include <string.h>

#include "checks/alg.h"
#include "checks/charset.h"
#include "checks/check.h"

/* The key that signs, and how the token names it. */

static struct sv kid_of(const json_t *header)
{
	const json_t *kid = json_object_get(header, "kid");

	return (struct sv){json_string_value(kid), json_string_length(kid)};
}

/*
 * The registered key that the token was signed with, as far as that can be known: the one that verified, that the diagnosis
 * is about, that kid names, or the only one. NULL with f set.
 */
static const struct jwk *signing_key(struct subject *s, struct finding *f)
{
	struct sv alg = alg_signed(s, f), kid = kid_of(subject_jose_header(s, f));
	const struct jws_diagnosis *d;

	if (!alg.p || !(d = subject_diagnosis(s, f)))
		return NULL;
	if (alg_is_keyed_hash(d)) {
		skip_owned(s, f, "jose.alg-not-hmac");
		return NULL;
	}
	if (d->key)
		return d->key;
	for (size_t i = 0; s->keys && kid.p && i < s->keys->n; i++)
		if (s->keys->v[i].kid && sv_eq(sv_of(s->keys->v[i].kid), kid))
			return &s->keys->v[i];
	if (s->keys && s->keys->n == 1)
		return &s->keys->v[0];
	skip_owned(s, f, "jose.signature");
	return NULL;
}

static const char *key_name(struct subject *s, const struct jwk *key)
{
	if (s->keys->form == JWKS_DOCUMENT && key->kid)
		return arena_printf(s->a, "the key '%s'", key->kid);
	return "the registered key";
}

CHECK(jose_key_size, "jose.key-size")
{
	const struct jwk *key = signing_key(s, f);

	if (!key)
		return;
	if (key->type != JWK_RSA || key->bits == 0) {
		skip(s, f, "%s is not an RSA key that can be read", key_name(s, key));
		return;
	}
	if (key->bits >= 2048) {
		pass(s, f, "%s has %d bits", key_name(s, key), key->bits);
		return;
	}
	violated(s, f, "an RSA key of 2048 bits or more", "%s has %d bits", key_name(s, key), key->bits);
	detail(f, NULL, "jwks", NULL);
}

CHECK(jose_key_exponent, "jose.key-exponent")
{
	const struct jwk *key = signing_key(s, f);
	const char *e = key ? key->exponent : NULL;

	if (!key)
		return;
	if (key->type != JWK_RSA || !e || !*e) {
		skip(s, f, "%s is not an RSA key that can be read", key_name(s, key));
		return;
	}
	size_t n = strlen(e);
	bool odd = (e[n - 1] - '0') % 2 == 1, below = n < 5 || (n == 5 && strcmp(e, "65537") < 0);
	if (odd && !below) {
		pass(s, f, "the exponent of %s is %s", key_name(s, key), e);
		return;
	}
	violated(s, f, "an odd public exponent of 65537 or more", "the exponent of %s is %s", key_name(s, key), e);
	detail(f, odd && strcmp(e, "1") != 0 ? "small" : NULL, "jwks", NULL);
}

/* --- kid ----------------------------------------------------------------------------------------------------------- */

static bool fits(const struct jwk *key, enum jose_alg alg)
{
	if (alg >= ALG_ES256 && alg <= ALG_ES512)
		return key->type == JWK_EC;
	return alg >= ALG_RS256 && alg <= ALG_PS512 ? key->type == JWK_RSA : true;
}

/* Published keys with that kid; of several, only those of the kind that alg needs (RFC 7517 §4.5). */
static size_t count_named(const struct jwks *keys, struct sv kid, enum jose_alg alg)
{
	size_t all = 0, fitting = 0;

	for (size_t i = 0; i < keys->n; i++) {
		if (!keys->v[i].kid || !sv_eq(sv_of(keys->v[i].kid), kid))
			continue;
		all++;
		fitting += fits(&keys->v[i], alg);
	}
	return all > 1 && fitting > 0 ? fitting : all;
}

static const char *published_kids(struct subject *s)
{
	const char *names = NULL;

	for (size_t i = 0; i < s->keys->n && i < 5; i++)
		if (s->keys->v[i].kid)
			names = arena_printf(s->a, "%s%s'%s'", names ? names : "", names ? ", " : "",
			                     s->keys->v[i].kid);
	return names ? names : "none has a kid";
}

static void judge_kid(struct subject *s, struct finding *f, struct sv alg, const json_t *kid)
{
	struct sv name = {json_string_value(kid), json_string_length(kid)};
	const struct jws_diagnosis *d = subject_diagnosis(s, f);
	size_t n = count_named(s->keys, name, jose_alg_of(alg));

	if (n == 1 && d->reason == JWS_VERIFIED_OTHER_KID) {
		violated(s, f, "the kid of the key that signed", "kid is %s: %s", shown(s, kid), d->sentence);
		detail(f, NULL, "jose header kid", d->fix);
	} else if (n == 1) {
		pass(s, f, "kid is %s, as one published key has it", shown(s, kid));
	} else if (n > 1) {
		skip_owned(s, f, "jwks.well-formed");
	} else if (s->keys->n == 1 && !s->keys->v[0].kid) {
		pass(s, f, "one key is published, and it has no kid");
	} else if (s->keys->dropped > 0) {
		cannot(s, f, "%zu keys of the JWKS were not looked at", s->keys->dropped);
	} else {
		violated(s, f, "a kid that one published key has", "kid is %s; published: %s", shown(s, kid),
		         published_kids(s));
		detail(f, NULL, "jose header kid", NULL);
	}
}

CHECK(jose_kid, "jose.kid")
{
	struct sv alg = alg_signed(s, f);
	const json_t *kid;

	if (!alg.p)
		return;
	kid = json_object_get(subject_jose_header(s, f), "kid");
	if (kid && !json_is_string(kid)) {
		violated(s, f, "kid as a string", "kid is %s", shown(s, kid));
		detail(f, NULL, "jose header kid", NULL);
	} else if (!s->keys || s->keys->n == 0) {
		skip_owned(s, f, "jose.signature");
	} else if (s->keys->form != JWKS_DOCUMENT) {
		skip(s, f, "one key is registered by itself: there is nothing to select");
	} else if (kid) {
		judge_kid(s, f, alg, kid);
	} else if (s->keys->n + s->keys->dropped == 1) {
		skip(s, f, "one key is published, and the token names none: there is nothing to select");
	} else {
		violated(s, f, "a kid in the header, because several keys are published",
		         "there is no kid, and the JWKS has %zu keys: %s", s->keys->n + s->keys->dropped,
		         published_kids(s));
		detail(f, NULL, "jose header", NULL);
	}
}
