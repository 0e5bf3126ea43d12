#include "jose/ossl.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

static const struct jose_curve curves[] = {
        {"P-256", "prime256v1", 32, 256},
        {"P-384", "secp384r1", 48, 384},
        {"P-521", "secp521r1", 66, 521},
};

const char *ossl_error(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return text ? text : "no reason given";
}

struct sv ossl_digest(struct arena *a, const char *hash, struct sv input)
{
	md_auto *md = EVP_MD_fetch(NULL, hash, NULL);
	unsigned char *out = arena_alloc(a, EVP_MAX_MD_SIZE);
	unsigned n = 0;

	if (!md || EVP_Digest(ossl_bytes(input), input.n, out, &n, md, NULL) != 1) {
		ERR_clear_error();
		return SV_NONE;
	}
	return (struct sv){(const char *)out, n};
}

const struct jose_curve *jose_curve_of(const char *name)
{
	for (size_t i = 0; name && i < sizeof(curves) / sizeof(curves[0]); i++)
		if (strcmp(name, curves[i].name) == 0)
			return &curves[i];
	return NULL;
}

const struct jose_curve *jose_curve_of_key(EVP_PKEY *key)
{
	char group[64] = "";

	if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), NULL) != 1) {
		ERR_clear_error();
		return NULL;
	}
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (strcmp(group, curves[i].group) == 0 || strcmp(group, curves[i].name) == 0)
			return &curves[i];
	return NULL;
}
