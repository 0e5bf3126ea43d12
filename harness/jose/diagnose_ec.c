#include "jose/diagnose.h"
#include "jose/ecdsa.h"

/* The algorithm that RFC 7518 §3.4 has for the key's curve. */
static enum jose_alg natural_alg(const struct jwk *key)
{
	for (enum jose_alg alg = ALG_ES256; alg <= ALG_ES512; alg++)
		if (verify_fits(key, alg))
			return alg;
	return ALG_UNKNOWN;
}

/* The signature is R and S, as it should be, but of another algorithm or hash. */
static bool over_received(struct trial *t, const struct jwk *key, struct sv der)
{
	const char *name = diagnose_key(t, key), *said = jose_alg_text(t->header.alg);
	enum jose_alg natural = natural_alg(key);

	for (enum jose_alg alg = ALG_ES256; alg <= ALG_ES512; alg++) {
		const char *hash = jose_alg_hash(alg);
		if (alg == t->header.alg || !verify_digest(key, alg, diagnose_digest(t, &t->received, hash), der))
			continue;
		if (natural == t->header.alg)
			return diagnose_say(t,
			                    (struct outcome){JWS_OTHER_HASH, key,
			                                     arena_printf(t->a, "sign with %s, which is what %s means",
			                                                  diagnose_hash(jose_alg_hash(natural)), said)},
			                    "%s signed this very content, but with %s where %s means %s", name,
			                    diagnose_hash(hash), said, diagnose_hash(jose_alg_hash(natural)));
		return diagnose_say(
		        t, (struct outcome){JWS_OTHER_ALG, key, "write the algorithm that is used into alg"},
		        "%s signed this very content, but by ECDSA with the curve %s and %s, while the header says %s",
		        name, key->curve, diagnose_hash(hash), said);
	}
	return false;
}

static bool over_other_content(struct trial *t, const struct jwk *key, struct sv der)
{
	enum jose_alg alg = natural_alg(key);

	for (size_t i = 0; i < t->others; i++)
		if (verify_digest(key, alg, diagnose_digest(t, &t->other[i], jose_alg_hash(alg)), der))
			return diagnose_say(t, (struct outcome){t->other[i].reason, key, t->other[i].fix},
			                    "%s made this signature, but over %s", diagnose_key(t, key),
			                    t->other[i].what);
	return false;
}

struct made_with {
	const struct jwk *key;
	struct sv der;
};

static bool is_over(struct trial *t, struct content *c, const void *arg)
{
	const struct made_with *m = arg;
	enum jose_alg alg = natural_alg(m->key);

	return verify_digest(m->key, alg, diagnose_digest(t, c, jose_alg_hash(alg)), m->der);
}

/* Each try costs an operation: only for the key that the token claims to be signed with. */
static bool over_rewritten(struct trial *t, const struct jwk *key, struct sv der)
{
	const struct made_with m = {key, der};
	const char *original = key == diagnose_subject(t) ? diagnose_rewritten(t, is_over, &m) : NULL;

	if (!original)
		return false;
	return diagnose_say(t,
	                    (struct outcome){JWS_CONTENT_ALTERED, key,
	                                     "send the token exactly as it was signed: look for what changes it after "
	                                     "signing"},
	                    "%s made this signature, but over %s", diagnose_key(t, key), original);
}

static bool as_der(struct trial *t, const struct jwk *key)
{
	enum jose_alg alg = natural_alg(key);
	const char *hash = jose_alg_hash(alg);
	struct outcome o = {
	        JWS_DER, key,
	        "convert the DER signature to R and S side by side (Java: SHA256withECDSAinP1363Format), or use "
	        "a JOSE library"};
	struct sv raw;

	if (ecdsa_to_raw(t->a, t->token->signature, verify_size(key) / 2, &raw) < 0 ||
	    !verify_digest(key, alg, diagnose_digest(t, &t->received, hash), t->token->signature))
		return false;
	return diagnose_say(
	        t, o,
	        "%s signed this very content, but the signature is %zu bytes of DER instead of the %zu bytes "
	        "of R and S that RFC 7518 §3.4 asks for",
	        diagnose_key(t, key), t->token->signature.n, raw.n);
}

static bool try_key(struct trial *t, const struct jwk *key)
{
	size_t size = verify_size(key);
	struct sv der;

	if (t->token->signature.n == size && ecdsa_to_der(t->a, t->token->signature, size / 2, &der) == 0 &&
	    (over_received(t, key, der) || over_other_content(t, key, der) || over_rewritten(t, key, der)))
		return true;
	return as_der(t, key);
}

bool diagnose_ec(struct trial *t)
{
	for (size_t i = 0; i < t->c->keys->n; i++)
		if (t->order[i]->key && t->order[i]->type == JWK_EC && try_key(t, t->order[i]))
			return true;
	return false;
}
