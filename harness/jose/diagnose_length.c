#include <string.h>

#include "jose/diagnose.h"
#include "jose/ecdsa.h"

/* What a signature of so many bytes looks like: a hint, not a claim. */
static const char *size_hint(size_t n)
{
	static const struct {
		size_t n;
		const char *hint;
	} sizes[] = {
	        {32, "the size of an HMAC with SHA-256"},
	        {48, "the size of an HMAC with SHA-384"},
	        {64, "the size of an ES256 signature or an HMAC with SHA-512"},
	        {96, "the size of an ES384 signature"},
	        {128, "the size that a 1024-bit RSA key makes"},
	        {132, "the size of an ES512 signature"},
	        {256, "the size that a 2048-bit RSA key makes"},
	        {384, "the size that a 3072-bit RSA key makes"},
	        {512, "the size that a 4096-bit RSA key makes"},
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (sizes[i].n == n)
			return sizes[i].hint;
	return NULL;
}

/* A correct signature whose leading zero bytes were dropped, as from a big integer's minimal form. */
static bool lacks_zeros(struct trial *t, const struct jwk *key)
{
	struct sv have = t->token->signature;
	size_t size = verify_size(key);

	if (key->type != JWK_RSA || have.n >= size)
		return false;
	char *padded = arena_alloc(t->a, size);
	memcpy(padded + size - have.n, have.p, have.n);
	if (!verify_signature(t->a, key, t->header.alg, jws_signing_input(t->token), (struct sv){padded, size}))
		return false;
	return diagnose_say(t,
	                    (struct outcome){JWS_TRUNCATED, key,
	                                     "write the signature with as many bytes as the modulus has, leading zeros "
	                                     "included (RFC 8017 §8.2.1)"},
	                    "the signature by %s is correct but for leading zero bytes that were dropped: it has %zu "
	                    "instead of %zu bytes",
	                    diagnose_key(t, key), have.n, size);
}

/* A correct signature with something before (zeros: a big integer's sign byte) or behind it. */
static bool has_more(struct trial *t, const struct jwk *key)
{
	struct sv have = t->token->signature, input = jws_signing_input(t->token);
	size_t size = verify_size(key), more = have.n - size;
	struct outcome o = {JWS_SIGNATURE_LENGTH, key, "encode the signature's bytes and nothing else"};
	const char *surplus = arena_printf(t->a, "surplus bytes (%zu)", more);

	if (have.n <= size)
		return false;
	if (verify_signature(t->a, key, t->header.alg, input, (struct sv){have.p + more, size}))
		return diagnose_say(t, o, "%s stand before a correct signature by %s", surplus, diagnose_key(t, key));
	if (verify_signature(t->a, key, t->header.alg, input, (struct sv){have.p, size}))
		return diagnose_say(t, o, "%s stand behind a correct signature by %s", surplus, diagnose_key(t, key));
	return false;
}

static bool say_ec(struct trial *t, const struct jwk *key, size_t want)
{
	struct sv have = t->token->signature, raw;
	const char *alg = jose_alg_text(t->header.alg), *hint = size_hint(have.n);
	struct outcome o = {JWS_SIGNATURE_LENGTH, key,
	                    arena_printf(t->a, "write R and S side by side, %zu bytes each (RFC 7518 §3.4)", want / 2)};

	if (ecdsa_to_raw(t->a, have, want / 2, &raw) == 0)
		return diagnose_say(
		        t, o,
		        "the signature is %zu bytes of DER where %s has %zu bytes of R and S, and as DER it "
		        "does not verify either",
		        have.n, alg, want);
	return diagnose_say(t, o, "the signature has %zu bytes where %s has %zu bytes of R and S%s%s%s", have.n, alg,
	                    want, hint ? " (" : "", hint ? hint : "", hint ? ")" : "");
}

/* What the registered keys make, in bytes. */
struct sizes {
	size_t least, most;
	bool met; /* the signature has the size of one of them */
};

static bool say_rsa(struct trial *t, const struct jwk *key, struct sizes s)
{
	size_t have = t->token->signature.n;
	const char *hint = size_hint(have), *expected;
	bool less = have < s.most;
	struct outcome o = {less ? JWS_TRUNCATED : JWS_SIGNATURE_LENGTH, key,
	                    less ? "look for what cuts the token (a column or header of limited length), or for a "
	                           "signing key other than the registered one"
	                         : "look for what is added to the signature, or for a signing key other than the "
	                           "registered one"};

	if (key)
		expected = arena_printf(t->a, "%s makes %zu", diagnose_key(t, key), s.most);
	else if (s.least == s.most)
		expected = arena_printf(t->a, "each registered key makes %zu", s.most);
	else
		expected = arena_printf(t->a, "the registered keys make %zu to %zu", s.least, s.most);
	return diagnose_say(t, o, "the signature has %zu bytes where %s: it is too %s%s%s%s", have, expected,
	                    less ? "short" : "long", hint ? ", or made with another kind of key (" : "",
	                    hint ? hint : "", hint ? ")" : "");
}

bool diagnose_length(struct trial *t)
{
	const struct jwk *subject = diagnose_subject(t);
	struct sizes s = {0};

	for (size_t i = 0; i < t->c->keys->n; i++) {
		const struct jwk *key = t->order[i];
		size_t size = verify_size(key);
		if (!verify_fits(key, t->header.alg) || !diagnose_is_for_signatures(key))
			continue;
		if (lacks_zeros(t, key) || has_more(t, key))
			return true;
		s.least = !s.least || size < s.least ? size : s.least;
		s.most = size > s.most ? size : s.most;
		s.met |= size == t->token->signature.n;
	}
	if (subject) {
		s.least = s.most = verify_size(subject);
		s.met = s.most == t->token->signature.n;
	}
	if (s.met || !s.most)
		return false;
	if (jose_alg_family(t->header.alg) == FAMILY_ECDSA)
		return say_ec(t, subject, s.most);
	return say_rsa(t, subject, s);
}
