#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "jose/jwk.h"

/* Mending of published keys whose mistakes are told elsewhere, so that what they sign can still be looked at. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

/* A number or coordinate in another base64 than it should be. */
static void mend_number(struct arena *a, json_t *key, const char *name)
{
	const json_t *value = json_object_get(key, name);
	struct sv bytes;

	if (!json_is_string(value) || base64_decode(a, BASE64_URL, text_of(value), &bytes, NULL) == BASE64_OK ||
	    base64_decode_loosely(a, text_of(value), &bytes) < 0)
		return;
	json_object_set_new(key, name, json_string(base64_encode(a, BASE64_URL, bytes)));
}

static void mend_kty(json_t *key)
{
	const json_t *kty = json_object_get(key, "kty");
	bool rsa = json_object_get(key, "n") && json_object_get(key, "e");
	bool ec = json_object_get(key, "crv") && json_object_get(key, "x") && json_object_get(key, "y");

	if ((rsa && !kty) || sv_eq_nocase(text_of(kty), SV("RSA")))
		json_object_set_new(key, "kty", json_string("RSA"));
	else if ((ec && !kty) || sv_eq_nocase(text_of(kty), SV("EC")))
		json_object_set_new(key, "kty", json_string("EC"));
}

static bool lists_verify(const json_t *ops)
{
	for (size_t i = 0; i < json_array_size(ops); i++)
		if (sv_eq(text_of(json_array_get(ops, i)), SV("verify")))
			return true;
	return false;
}

static bool is_for_signatures(const json_t *key)
{
	const json_t *use = json_object_get(key, "use"), *ops = json_object_get(key, "key_ops");

	return json_is_object(key) && (!json_is_string(use) || sv_eq(text_of(use), SV("sig"))) &&
	       (!json_is_array(ops) || lists_verify(ops));
}

static void mend_keys(struct arena *a, json_t *keys)
{
	static const char *const numbers[] = {"n", "e", "x", "y"};
	size_t n = json_array_size(keys) < LIMIT_KEYS ? json_array_size(keys) : LIMIT_KEYS, signing = 0;

	for (size_t i = 0; i < n; i++) {
		json_t *key = json_array_get(keys, i);
		signing += is_for_signatures(key);
		if (!json_is_object(key))
			continue;
		mend_kty(key);
		for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
			mend_number(a, key, numbers[k]);
	}
	/* Where no key may sign, one does all the same. */
	for (size_t i = 0; i < n && !signing; i++) {
		json_object_del(json_array_get(keys, i), "use");
		json_object_del(json_array_get(keys, i), "key_ops");
	}
}

struct sv jwks_mended(struct arena *a, struct sv json)
{
	struct sv text = sv_starts(json, SV("\xEF\xBB\xBF")) ? (struct sv){json.p + 3, json.n - 3} : json;
	json_auto_t *root = json_loadb(text.p ? text.p : "", text.n, JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, NULL);
	json_t *keys = json_is_object(root) ? json_object_get(root, "keys") : NULL;

	if (json_is_array(root))
		keys = json_incref(root);
	else if (keys)
		json_incref(keys);
	else if (json_object_get(root, "kty") || json_object_get(root, "n"))
		keys = json_pack("[O]", root);
	if (!json_is_array(keys)) {
		json_decref(keys);
		return json;
	}
	mend_keys(a, keys);
	json_auto_t *set = json_pack("{s:o}", "keys", keys);
	char *out = set ? json_dumps(set, JSON_COMPACT) : NULL;
	struct sv ret = out ? arena_svdup(a, sv_of(out)) : json;
	free(out);
	return ret;
}
