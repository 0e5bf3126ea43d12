#include "core/base64.h"
#include "core/text.h"
#include "jose/diagnose.h"

#define FIX_SIGN "sign with the private key whose public half is registered (RS256)"

static bool unsecured(struct trial *t)
{
	if (!sv_eq_nocase(t->header.alg_text, SV("none")))
		return false;
	t->d->alg = ALG_NONE;
	return diagnose_say(
	        t, (struct outcome){JWS_UNSECURED, NULL, FIX_SIGN "; remove whatever lets alg none through"},
	        "the token is unsecured: its header says alg '%s'%s", text_visible(t->a, t->header.alg_text),
	        t->token->signature.n ? ", and nothing vouches for what its third part holds" : "");
}

static bool encrypted(struct trial *t)
{
	if (t->token->parts != 5 || !t->header.is_encrypted)
		return false;
	return diagnose_say(t, (struct outcome){JWS_UNKNOWN_ALG, NULL, "send the signed token itself, in three parts"},
	                    "the token is encrypted (five parts, alg '%s'), so there is no signature to look at",
	                    text_excerpt(t->a, t->header.alg_text, 40));
}

static bool unknown_alg(struct trial *t)
{
	const struct jwk *key = NULL;
	struct outcome o = {JWS_UNKNOWN_ALG, NULL,
	                    "name the algorithm in the header as RFC 7518 §3.1 spells it: RS256"};
	const char *verifies = "";

	if (t->header.alg != ALG_UNKNOWN)
		return false;
	enum jose_alg made = diagnose_other_alg(t, &key);
	if (made != ALG_UNKNOWN)
		verifies = arena_printf(t->a, " (the signature itself is a correct %s one by %s)", jose_alg_text(made),
		                        diagnose_key(t, key));
	if (t->token->token.n == 0)
		return diagnose_say(t, o, "the token is empty");
	if (sv_starts(t->token->token, SV("{")))
		return diagnose_say(t, o, "the token is a JSON text, not the compact serialization of RFC 7515 §7.1");
	if (!t->header.is_object)
		return diagnose_say(t, o, "the header is not a JSON object, so it names no algorithm%s", verifies);
	if (!t->header.has_alg)
		return diagnose_say(t, o, "the header has no member alg%s", verifies);
	if (!t->header.alg_text.p)
		return diagnose_say(t, o, "the header's alg is not a string%s", verifies);
	return diagnose_say(t, o, "the header's alg '%s' is no signature algorithm of RFC 7518 §3.1%s",
	                    text_excerpt(t->a, t->header.alg_text, 40), verifies);
}

static bool no_signature(struct trial *t)
{
	const char *alg = jose_alg_text(t->header.alg);
	struct outcome o = {JWS_EMPTY_SIGNATURE, NULL, FIX_SIGN};

	if (t->token->signature.n)
		return false;
	if (t->token->parts < 3)
		return diagnose_say(
		        t, o, "the header says %s, but the token has no third part, so there is no signature", alg);
	if (t->token->raw[2].n == 0)
		return diagnose_say(t, o, "the header says %s, but the third part, the signature, is empty", alg);
	o = (struct outcome){JWS_NOT_VERIFIED, NULL, "encode the signature's bytes as base64url without padding"};
	return diagnose_say(t, o, "the third part holds no signature that can be read: it %s",
	                    base64_fault_text(t->token->fault[2]));
}

static bool verified(struct trial *t)
{
	struct sv input = jws_signing_input(t->token);
	const char *alg = jose_alg_text(t->header.alg);

	for (size_t i = 0; i < t->c->keys->n; i++) {
		const struct jwk *key = t->order[i];
		if (!diagnose_is_for_signatures(key) ||
		    !verify_signature(t->a, key, t->header.alg, input, t->token->signature))
			continue;
		if (i >= t->named && t->named)
			return diagnose_say(
			        t,
			        (struct outcome){JWS_VERIFIED_OTHER_KID, key,
			                         "write the kid of the key that signs into the token's header"},
			        "the signature verifies with %s (%s), but the token's kid '%s' names "
			        "another registered key",
			        diagnose_key(t, key), alg, text_excerpt(t->a, t->header.kid, 60));
		return diagnose_say(t, (struct outcome){.reason = JWS_VERIFIED, .key = key},
		                    "the signature verifies with %s (%s)%s", diagnose_key(t, key), alg,
		                    diagnose_kid_remark(t, ", although "));
	}
	return false;
}

static bool by_key_of_other_use(struct trial *t)
{
	struct sv input = jws_signing_input(t->token);

	for (size_t i = 0; i < t->c->keys->n; i++) {
		const struct jwk *key = t->order[i];
		if (diagnose_is_for_signatures(key) ||
		    !verify_signature(t->a, key, t->header.alg, input, t->token->signature))
			continue;
		return diagnose_say(t,
		                    (struct outcome){JWS_KEY_USE, key,
		                                     "publish the signing key with use 'sig', and sign with no other"},
		                    "the signature verifies with %s, but that key is not for signatures: its use is "
		                    "'%s', not 'sig'",
		                    diagnose_key(t, key), text_excerpt(t->a, sv_of(key->use), 40));
	}
	return false;
}

static bool embedded(struct trial *t)
{
	if (!t->header.embedded_by || !verify_signature(t->a, &t->header.embedded, t->header.alg,
	                                                jws_signing_input(t->token), t->token->signature))
		return false;
	return diagnose_say(t,
	                    (struct outcome){JWS_EMBEDDED_KEY, NULL,
	                                     FIX_SIGN ", and leave keys out of the token: anybody can make a key and "
	                                              "carry it along"},
	                    "the signature verifies with the key that the token itself carries (header member %s), but "
	                    "with none of the registered keys",
	                    t->header.embedded_by);
}

static void put_in_order(struct trial *t)
{
	const struct jwks *keys = t->c->keys;
	size_t n = 0;

	t->order = arena_array(t->a, keys->n + 1, sizeof(struct jwk *));
	for (int named = 1; named >= 0; named--) {
		for (size_t i = 0; i < keys->n; i++) {
			const char *kid = keys->v[i].kid;
			if ((kid && t->header.kid.p && sv_eq(sv_of(kid), t->header.kid)) == named)
				t->order[n++] = &keys->v[i];
		}
		if (named)
			t->named = n;
	}
}

void jws_diagnose(struct arena *a, const struct jws *token, const struct jws_context *c, struct jws_diagnosis *ret)
{
	static const struct jwks none = {.form = JWKS_DOCUMENT};
	/* Each step that does not know the answer leaves it to the next; the last always answers. Those that compare with
	 * the registered keys come before those that only name what is missing. */
	static bool (*const steps[])(struct trial *) = {
	        unsecured,
	        encrypted,
	        unknown_alg,
	        no_signature,
	        diagnose_hmac,
	        verified,
	        by_key_of_other_use,
	        embedded,
	        diagnose_mislabelled_hmac,
	        diagnose_rsa,
	        diagnose_ec,
	        diagnose_no_key,
	        diagnose_key_type,
	        diagnose_length,
	        diagnose_one_bit,
	        diagnose_not_verified,
	};
	struct jws_context context = *c;
	struct jws_diagnosis found = {.reason = JWS_NOT_VERIFIED};
	struct trial t = {.a = a, .token = token, .c = &context, .d = &found};

	if (!context.keys)
		context.keys = &none;
	jose_header_read(a, token->header, &t.header);
	found.alg = t.header.alg;
	put_in_order(&t);
	diagnose_gather(&t);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i](&t))
			break;
	jose_header_release(&t.header);
	*ret = found;
}
