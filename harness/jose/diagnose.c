#include "jose/diagnose.h"

#include <string.h>

#include "core/text.h"

bool diagnose_say(struct trial *t, struct outcome o, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	t->d->sentence = arena_vprintf(t->a, format, args);
	va_end(args);
	t->d->reason = o.reason;
	t->d->key = o.key;
	t->d->fix = o.fix;
	return true;
}

const char *diagnose_key(struct trial *t, const struct jwk *key)
{
	const struct jwks *keys = t->c->keys;

	if (key->kid)
		return arena_printf(t->a, "the registered key '%s'", text_excerpt(t->a, sv_of(key->kid), 60));
	if (keys->form != JWKS_DOCUMENT || keys->n == 1)
		return "the registered key";
	return arena_printf(t->a, "the registered key number %zu", (size_t)(key - keys->v) + 1);
}

const char *diagnose_hash(const char *hash)
{
	static const char *const shown[][2] = {
	        {"SHA256", "SHA-256"}, {"SHA384", "SHA-384"}, {"SHA512", "SHA-512"},
	        {"SHA1", "SHA-1"},     {"SHA224", "SHA-224"},
	};

	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (strcmp(hash, shown[i][0]) == 0)
			return shown[i][1];
	return hash;
}

struct sv diagnose_digest(struct trial *t, struct content *c, const char *hash)
{
	size_t room = sizeof(c->digests) / sizeof(c->digests[0]), i = 0;

	for (; i < room && c->digests[i].hash; i++)
		if (strcmp(c->digests[i].hash, hash) == 0)
			return c->digests[i].digest;
	struct sv digest = ossl_digest(t->a, hash, c->text);
	if (i < room)
		c->digests[i] = (struct content_digest){hash, digest};
	return digest;
}

const char *diagnose_kid_remark(struct trial *t, const char *lead)
{
	bool named = false;

	for (size_t i = 0; i < t->c->keys->n; i++)
		named |= t->c->keys->v[i].kid != NULL;
	if (!t->header.kid.p || t->named || !named)
		return "";
	return arena_printf(t->a, "%sthe token's kid '%s' names none of the registered keys", lead,
	                    text_excerpt(t->a, t->header.kid, 60));
}

bool diagnose_is_for_signatures(const struct jwk *key)
{
	return !key->use || strcmp(key->use, "sig") == 0;
}

enum jose_alg diagnose_other_alg(struct trial *t, const struct jwk **key)
{
	struct sv input = jws_signing_input(t->token);

	for (size_t i = 0; i < t->c->keys->n; i++)
		for (enum jose_alg alg = ALG_RS256; alg < ALG_UNKNOWN; alg++)
			if (alg != t->header.alg &&
			    verify_signature(t->a, t->order[i], alg, input, t->token->signature)) {
				*key = t->order[i];
				return alg;
			}
	return ALG_UNKNOWN;
}

const struct jwk *diagnose_subject(struct trial *t)
{
	const struct jwk *only = NULL;
	size_t fitting = 0;

	for (size_t i = 0; i < t->c->keys->n; i++) {
		const struct jwk *key = t->order[i];
		if (!verify_fits(key, t->header.alg) || !diagnose_is_for_signatures(key))
			continue;
		if (i < t->named)
			return key;
		only = key;
		fitting++;
	}
	return fitting == 1 ? only : NULL;
}
