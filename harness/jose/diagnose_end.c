#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "jose/diagnose.h"

/* The one-bit search costs an operation for each bit of the signature: only where one of them is cheap. */
#define BIT_SEARCH_BITS_MAX 4096
#define BIT_SEARCH_EXPONENT_DIGITS_MAX 10

/* "'a' (its modulus …), 'b' (its use is 'enc')": why keys of this type, or of all with type -1, cannot be tried */
static const char *excuses(struct trial *t, int type, size_t *count)
{
	const struct jwks *keys = t->c->keys;
	const char *text = "";

	*count = 0;
	for (size_t i = 0; i < keys->n; i++) {
		const struct jwk *key = &keys->v[i];
		const char *why = key->problem;
		if (type < 0 && !why && !diagnose_is_for_signatures(key))
			why = arena_printf(t->a, "its use is '%s', not 'sig'", text_excerpt(t->a, sv_of(key->use), 40));
		if (!why || (type >= 0 && (int)key->type != type))
			continue;
		++*count;
		if (*count <= 3)
			text = arena_printf(t->a, "%s%s%s (%s)", text, *count > 1 ? ", " : "", diagnose_key(t, key),
			                    why);
		else if (*count == 4)
			text = arena_printf(t->a, "%s, …", text);
	}
	return text;
}

bool diagnose_no_key(struct trial *t)
{
	const struct jwks *keys = t->c->keys;
	struct outcome o = {
	        JWS_NO_KEY, NULL,
	        "register the public key that belongs to the private key that signs, in a form that can be used"};
	size_t count;

	for (size_t i = 0; i < keys->n; i++)
		if (keys->v[i].key && diagnose_is_for_signatures(&keys->v[i]))
			return false;
	if (keys->n == 0)
		return diagnose_say(t, o, "there is no registered key to verify the signature with");
	return diagnose_say(t, o, "none of the registered keys can be used: %s", excuses(t, -1, &count));
}

static const char *kind_text(struct trial *t, const struct jwk *key)
{
	if (key->type == JWK_RSA)
		return "RSA";
	return key->type == JWK_EC && key->curve ? arena_printf(t->a, "EC %s", key->curve) : "another type";
}

bool diagnose_key_type(struct trial *t)
{
	const struct jose_curve *curve = jose_alg_curve(t->header.alg);
	const char *alg = jose_alg_text(t->header.alg);
	const char *need = curve ? arena_printf(t->a, "an EC key on %s", curve->name) : "an RSA key";
	const struct jwk *shown = NULL;

	size_t left;
	const char *excuse = excuses(t, curve ? JWK_EC : JWK_RSA, &left);

	for (size_t i = 0; i < t->c->keys->n; i++) {
		const struct jwk *key = t->order[i];
		if (!key->key || !diagnose_is_for_signatures(key))
			continue;
		if (verify_fits(key, t->header.alg))
			return false;
		shown = shown ? shown : key;
	}
	if (!shown)
		return false;
	return diagnose_say(
	        t,
	        (struct outcome){JWS_KEY_TYPE, shown,
	                         arena_printf(t->a, "register %s, or sign with the key that is registered", need)},
	        "the header says %s, which needs %s, and no usable registered key is one: %s is %s%s%s", alg, need,
	        diagnose_key(t, shown), kind_text(t, shown), left ? "; not usable: " : "", excuse);
}

bool diagnose_one_bit(struct trial *t)
{
	const struct jwk *key = diagnose_subject(t);

	if (!key || (key->type == JWK_RSA && (key->bits > BIT_SEARCH_BITS_MAX || !key->exponent ||
	                                      strlen(key->exponent) > BIT_SEARCH_EXPONENT_DIGITS_MAX)))
		return false;
	struct sv digest = diagnose_digest(t, &t->received, jose_alg_hash(t->header.alg));
	long bit = verify_flipped_bit(t->a, key, t->header.alg, digest, t->token->signature);
	if (bit < 0)
		return false;
	return diagnose_say(t,
	                    (struct outcome){JWS_ONE_BIT, key,
	                                     "look for what damages the token on its way: the signature was correct"},
	                    "one bit of the signature is flipped (byte %ld, bit %ld): with it put right the signature "
	                    "verifies with %s",
	                    bit / 8 + 1, bit % 8 + 1, diagnose_key(t, key));
}

/* The RSA keys that were opened, or could have been: how many, and the only one. */
static const struct jwk *rsa_keys(struct trial *t, size_t *count)
{
	const struct jwk *last = NULL;

	*count = 0;
	for (size_t i = 0; i < t->c->keys->n; i++)
		if (t->order[i]->key && t->order[i]->type == JWK_RSA) {
			last = t->order[i];
			++*count;
		}
	return last;
}

static bool other_key(struct trial *t, const char *kid)
{
	struct outcome o = {JWS_OTHER_KEY, diagnose_subject(t),
	                    "register the public key that belongs to the private key that signs, or sign with the "
	                    "right one (a signature "
	                    "that was damaged on its way looks the same)"};
	size_t count;
	const struct jwk *last = rsa_keys(t, &count);

	if (count == 1)
		return diagnose_say(t, o,
		                    "%s did not make this signature: opened with that key it shows no RSASSA padding%s",
		                    diagnose_key(t, last), kid);
	return diagnose_say(t, o,
	                    "none of the %zu registered RSA keys made this signature: whichever it is opened with, it "
	                    "shows no RSASSA padding%s",
	                    count, kid);
}

/* Nothing was found: says what that proves, and no more. */
bool diagnose_not_verified(struct trial *t)
{
	bool ec = jose_alg_family(t->header.alg) == FAMILY_ECDSA;
	const struct jwk *subject = diagnose_subject(t);
	struct outcome o = {
	        JWS_NOT_VERIFIED, subject,
	        "check that the registered public key belongs to the private key that signs, and that nothing "
	        "changes the token after signing"};
	const char *who = subject && t->c->keys->n == 1 ? diagnose_key(t, subject) : "any registered key";
	const char *kid = diagnose_kid_remark(t, "; ");
	size_t left;
	const char *excuse = excuses(t, ec ? JWK_EC : JWK_RSA, &left);

	if (!left && t->c->keys->dropped)
		excuse = arena_printf(t->a, "%zu keys beyond the first %d", t->c->keys->dropped, LIMIT_KEYS);
	if (*excuse)
		return diagnose_say(
		        t, o,
		        "the signature does not verify with any registered key that can be tried; not tried: "
		        "%s%s",
		        excuse, kid);
	if (ec || t->unproven)
		return diagnose_say(
		        t, o,
		        "the signature does not verify with %s: it was made by another key, over other content, "
		        "or damaged (%s does not show which)%s",
		        who, ec ? "ECDSA" : "RSASSA-PSS with so long a salt", kid);
	return other_key(t, kid);
}
