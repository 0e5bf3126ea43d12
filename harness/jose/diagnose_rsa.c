#include <string.h>

#include "jose/diagnose.h"

static const char *padding_name(bool pss)
{
	return pss ? "RSASSA-PSS" : "RSASSA-PKCS1-v1_5";
}

/* "PS256", or "RSASSA-PSS with SHA-1" where RFC 7518 has no name for it */
static const char *scheme_name(struct trial *t, const struct rsa_opened *o)
{
	bool pss = o->padding == RSA_PADDING_PSS;
	enum jose_alg alg = jose_alg_with(pss ? FAMILY_PSS : FAMILY_PKCS1, o->hash);

	if (alg != ALG_UNKNOWN)
		return jose_alg_text(alg);
	return arena_printf(t->a, "%s with %s", padding_name(pss), diagnose_hash(o->hash));
}

/* " (with a salt of 20 bytes and MGF1 with SHA-1)", where RFC 7518 §3.5 wants something else */
static const char *pss_oddities(struct trial *t, const struct rsa_opened *o)
{
	size_t hash_n = o->digest.n;
	bool odd_mask = o->padding == RSA_PADDING_PSS && strcmp(o->mask_hash, o->hash) != 0;
	bool odd_salt = o->padding == RSA_PADDING_PSS && o->salt.n != hash_n;
	const char *salt = odd_salt ? arena_printf(t->a, "a salt of %zu bytes instead of %zu", o->salt.n, hash_n) : "";
	const char *mask = odd_mask ? arena_printf(t->a, "MGF1 with %s instead of %s", diagnose_hash(o->mask_hash),
	                                           diagnose_hash(o->hash))
	                            : "";

	if (!odd_mask && !odd_salt)
		return "";
	return arena_printf(t->a, " (with %s%s%s)", salt, odd_mask && odd_salt ? " and " : "", mask);
}

/* The signature is one over the received content, only not as alg says. */
static bool say_scheme(struct trial *t, const struct jwk *key, const struct rsa_opened *o)
{
	enum jose_family family = jose_alg_family(t->header.alg);
	const char *alg = jose_alg_text(t->header.alg), *hash = jose_alg_hash(t->header.alg);
	const char *name = diagnose_key(t, key), *made = scheme_name(t, o), *odd = pss_oddities(t, o);
	bool pss = o->padding == RSA_PADDING_PSS;

	if (family != FAMILY_PKCS1 && family != FAMILY_PSS)
		return diagnose_say(
		        t, (struct outcome){JWS_OTHER_ALG, key, "write the algorithm that is used into alg"},
		        "%s signed this very content, but by %s%s, while the header says %s", name, made, odd, alg);
	if (pss != (family == FAMILY_PSS))
		return diagnose_say(t,
		                    (struct outcome){pss ? JWS_PSS : JWS_PKCS1, key,
		                                     arena_printf(t->a, "sign with %s and %s, which is what %s means",
		                                                  padding_name(!pss), diagnose_hash(hash), alg)},
		                    "%s signed this very content, but by %s with %s%s where %s means %s with %s", name,
		                    padding_name(pss), diagnose_hash(o->hash), odd, alg, padding_name(!pss),
		                    diagnose_hash(hash));
	if (strcmp(o->hash, hash) != 0)
		return diagnose_say(t,
		                    (struct outcome){JWS_OTHER_HASH, key,
		                                     arena_printf(t->a, "sign with %s, which is what %s means",
		                                                  diagnose_hash(hash), alg)},
		                    "%s signed this very content, but with %s%s where %s means %s", name,
		                    diagnose_hash(o->hash), odd, alg, diagnose_hash(hash));
	if (pss)
		return diagnose_say(t,
		                    (struct outcome){JWS_PSS_PARAMETERS, key,
		                                     "set salt length and MGF1 hash explicitly: a salt as long as the "
		                                     "hash, and the same hash in MGF1 (RFC 7518 §3.5)"},
		                    "%s signed this very content by RSASSA-PSS, but not as %s asks%s", name, alg, odd);
	return diagnose_say(
	        t, (struct outcome){JWS_BAD_DIGEST_INFO, key, "let the library do the padding of RSASSA-PKCS1-v1_5"},
	        "%s signed this very content with %s, but the DigestInfo is not encoded as RFC 8017 §9.2 "
	        "asks",
	        name, diagnose_hash(hash));
}

/* "3f2a91bc…": the first eight bytes */
static const char *digest_text(struct trial *t, struct sv digest)
{
	struct sv rest = digest;
	char *out = arena_alloc(t->a, 2 * 8 + sizeof("…")), *p = out;
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < 8 && i < rest.n; i++) {
		*p++ = digits[(unsigned char)rest.p[i] >> 4];
		*p++ = digits[(unsigned char)rest.p[i] & 15];
	}
	memcpy(p, "…", sizeof("…"));
	return out;
}

static bool is_over(struct trial *t, struct content *c, const void *opened)
{
	const struct rsa_opened *o = opened;

	return rsa_opened_over(t->a, o, diagnose_digest(t, c, o->hash));
}

/* The key made the signature, but what it signed is none of the contents that we know. */
static bool say_altered(struct trial *t, const struct jwk *key, const struct rsa_opened *o)
{
	const char *name = diagnose_key(t, key), *alg = jose_alg_text(t->header.alg);
	struct outcome outcome = {JWS_CONTENT_ALTERED, key,
	                          "send the token exactly as it was signed: look for what changes header or payload "
	                          "(or serialises them again) after signing"};
	const char *made = scheme_name(t, o);
	const char *contrast =
	        strcmp(made, alg) == 0
	                ? ""
	                : arena_printf(t->a, " (and by %s, while the header says %s: alg may be what was changed)",
	                               made, alg);

	const char *original = diagnose_rewritten(t, is_over, o);

	if (original)
		return diagnose_say(t, outcome, "%s made this signature, but over %s", name, original);
	if (o->padding == RSA_PADDING_PSS)
		return diagnose_say(t, outcome,
		                    "%s made this signature, but over other content than the token carries%s", name,
		                    contrast);
	return diagnose_say(t, outcome,
	                    "%s made this signature, but over other content than the token carries: the signature "
	                    "holds the %s digest %s, the content has %s%s",
	                    name, diagnose_hash(o->hash), digest_text(t, o->digest),
	                    digest_text(t, diagnose_digest(t, &t->received, o->hash)), contrast);
}

/* PKCS1 padding around something that is not a DigestInfo. */
static bool say_no_digest_info(struct trial *t, const struct jwk *key, const struct rsa_opened *o)
{
	static const char *const hashes[] = {"SHA256", "SHA384", "SHA512", "SHA1"};
	struct outcome outcome = {JWS_BAD_DIGEST_INFO, key,
	                          "use the library's signing function (openssl dgst -sign, SHA256withRSA), not raw "
	                          "encryption with the private key"};

	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++)
		if (sv_eq(o->content, diagnose_digest(t, &t->received, hashes[i])))
			return diagnose_say(t, outcome,
			                    "%s signed the bare %s digest of this content, without the DigestInfo that "
			                    "RFC 8017 §9.2 puts around it",
			                    diagnose_key(t, key), diagnose_hash(hashes[i]));
	return diagnose_say(t, outcome,
	                    "%s made this signature with RSASSA-PKCS1-v1_5 padding, but what it signed is no "
	                    "DigestInfo (RFC 8017 §9.2) of a hash that is known here",
	                    diagnose_key(t, key));
}

static bool matches(struct trial *t, struct content *c, const struct rsa_opened *o)
{
	return o->hash && rsa_opened_over(t->a, o, diagnose_digest(t, c, o->hash));
}

static bool by_content(struct trial *t, const struct jwk *key, const struct rsa_opened *o)
{
	if (matches(t, &t->received, o))
		return say_scheme(t, key, o);
	for (size_t i = 0; i < t->others; i++)
		if (matches(t, &t->other[i], o))
			return diagnose_say(t, (struct outcome){t->other[i].reason, key, t->other[i].fix},
			                    "%s made this signature, but over %s", diagnose_key(t, key),
			                    t->other[i].what);
	return false;
}

/* What a library that takes the longest salt would make: too little of it is padding to prove anything, and too much of
 * it is right to deny that this key made it. */
static bool may_be_genuine(const struct trial *t, const struct rsa_opened *o)
{
	return o->padding == RSA_PADDING_PSS && o->longest_salt && strcmp(o->hash, jose_alg_hash(t->header.alg)) == 0 &&
	       strcmp(o->mask_hash, o->hash) == 0;
}

static bool try_key(struct trial *t, const struct jwk *key)
{
	struct rsa_opened opened[RSA_OPENED_MAX];
	size_t n = rsa_open(t->a, key, t->token->signature, opened);

	for (size_t i = 0; i < n; i++)
		if (by_content(t, key, &opened[i]))
			return true;
	if (n && opened[0].proven)
		return opened[0].hash ? say_altered(t, key, &opened[0]) : say_no_digest_info(t, key, &opened[0]);
	for (size_t i = 0; i < n; i++)
		t->unproven |= may_be_genuine(t, &opened[i]);
	return false;
}

bool diagnose_rsa(struct trial *t)
{
	for (size_t i = 0; i < t->c->keys->n; i++)
		if (t->order[i]->key && t->order[i]->type == JWK_RSA && try_key(t, t->order[i]))
			return true;
	return false;
}
