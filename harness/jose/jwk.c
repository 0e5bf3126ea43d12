#include "jose/jwk.h"

#include <jansson.h>
#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "core/text.h"
#include "jose/key.h"

/* Members that hold private or symmetric key material: RFC 7518 §6.2.2, §6.3.2, §6.4.1. Looked at by name alone. */
static const char *const private_members[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

/* The text of a member, or NULL when it is absent or not a string. A NUL in it is shown escaped, so that the rest of the
 * value is not lost and nothing equals it by accident. */
static const char *member_text(struct arena *a, const json_t *object, const char *name)
{
	const json_t *v = json_object_get(object, name);

	if (!json_is_string(v))
		return NULL;
	struct sv s = {json_string_value(v), json_string_length(v)};
	return sv_find_char(s, '\0') < 0 ? arena_svdup(a, s).p : text_visible(a, s);
}

/* Decodes a number member strictly (RFC 7518 §6.3.1: Base64urlUInt) and drops leading zero bytes. False: *problem. */
static bool member_number(struct arena *a, const json_t *object, const char *name, struct sv *ret, const char **problem)
{
	const json_t *v = json_object_get(object, name);
	size_t at = 0;

	if (!json_is_string(v)) {
		*problem = arena_printf(a, "its member '%s' is %s", name, v ? "not a string" : "missing");
		return false;
	}
	struct sv text = {json_string_value(v), json_string_length(v)};
	enum base64_fault fault = base64_decode(a, BASE64_URL, text, ret, &at);
	if (fault != BASE64_OK) {
		*problem = arena_printf(a, "its member '%s' is not base64url: it %s at character %zu", name,
		                        base64_fault_text(fault), at + 1);
		return false;
	}
	while (ret->n && ret->p[0] == '\0') {
		ret->p++;
		ret->n--;
	}
	return true;
}

static void parse_rsa(struct arena *a, const json_t *object, struct jwk *ret)
{
	struct sv n, e;

	if (!member_number(a, object, "n", &n, &ret->problem) || !member_number(a, object, "e", &e, &ret->problem))
		return;
	EVP_PKEY *key = key_rsa(n, e);
	if (key)
		key_describe(a, key, ret);
	else
		ret->problem = "OpenSSL does not take its modulus and exponent";
}

/* A coordinate with zeros in front, as wide as the curve: RFC 7518 §6.2.1.2. `given` has lost its leading zeros. */
static bool widen(struct arena *a, struct sv given, size_t width, struct sv *ret)
{
	if (given.n > width)
		return false;
	char *out = arena_alloc(a, width);
	memcpy(out + width - given.n, given.p, given.n);
	*ret = (struct sv){out, width};
	return true;
}

static void parse_ec(struct arena *a, const json_t *object, struct jwk *ret)
{
	const struct jose_curve *curve = jose_curve_of(ret->curve);
	struct sv x, y;

	if (!curve) {
		ret->problem = ret->curve ? arena_printf(a, "its curve '%s' is not one of P-256, P-384 and P-521",
		                                         text_excerpt(a, sv_of(ret->curve), 40))
		                          : "its member 'crv' is missing or not a string";
		return;
	}
	if (!member_number(a, object, "x", &x, &ret->problem) || !member_number(a, object, "y", &y, &ret->problem))
		return;
	EVP_PKEY *key = NULL;
	if (widen(a, x, curve->width, &x) && widen(a, y, curve->width, &y))
		key = key_ec(curve, x, y);
	if (key)
		key_describe(a, key, ret);
	else
		ret->problem = arena_printf(a, "its x and y are not a point of the curve %s", curve->name);
}

/* RFC 7517 §4.3: when key_ops is there, it says all that the key is for. */
static bool ops_forbid_verifying(const json_t *object)
{
	const json_t *ops = json_object_get(object, "key_ops"), *op;
	size_t i;

	if (!json_is_array(ops))
		return false;
	json_array_foreach(ops, i, op)
	{
		struct sv name = {json_string_value(op), json_string_length(op)};
		if (sv_eq(name, SV("verify")))
			return false;
	}
	return true;
}

static void parse_object(struct arena *a, const json_t *object, struct jwk *ret)
{
	const char *kty = member_text(a, object, "kty");

	ret->kid = member_text(a, object, "kid");
	ret->use = member_text(a, object, "use");
	ret->alg = member_text(a, object, "alg");
	ret->curve = member_text(a, object, "crv");
	for (size_t i = 0; i < sizeof(private_members) / sizeof(private_members[0]); i++)
		ret->private_parts |= json_object_get(object, private_members[i]) != NULL;
	ret->type = JWK_OTHER;
	if (!kty) {
		ret->problem = json_is_object(object) ? "its member 'kty' is missing or not a string"
		                                      : "it is not a JSON object";
	} else if (strcmp(kty, "RSA") == 0) {
		ret->type = JWK_RSA;
		parse_rsa(a, object, ret);
	} else if (strcmp(kty, "EC") == 0) {
		ret->type = JWK_EC;
		parse_ec(a, object, ret);
	} else if (strcmp(kty, "oct") == 0) {
		ret->type = JWK_OCT;
		ret->problem = "it is a symmetric key, which must never be published";
	} else {
		ret->problem = arena_printf(a, "its kty '%s' is neither RSA nor EC", text_excerpt(a, sv_of(kty), 40));
	}
	if (ret->key && ops_forbid_verifying(object)) {
		jwk_release(ret);
		ret->problem = "its key_ops do not list 'verify'";
	}
}

/* Duplicate members are another check's affair: the last one wins. jansson's own text would quote the document, which
 * may be a private key, so only the place is told. */
static json_t *load(struct sv text, struct err *e)
{
	json_error_t at;
	json_t *root = json_loadb(text.p ? text.p : "", text.n, JSON_ALLOW_NUL, &at);

	if (!root)
		err_input(e, "not JSON: it cannot be read beyond line %d, column %d", at.line, at.column);
	return root;
}

int jwk_parse(struct arena *a, struct sv json, struct jwk *ret, struct err *e)
{
	json_auto_t *root = load(json, e);

	if (!root)
		return -1;
	if (!json_is_object(root))
		return err_input(e, "not a JWK: a JSON object is needed");
	struct jwk found = {0};
	parse_object(a, root, &found);
	*ret = found;
	return 0;
}

int jwks_parse(struct arena *a, struct sv json, struct jwks *ret, struct err *e)
{
	json_auto_t *root = load(json, e);

	if (!root)
		return -1;
	const json_t *keys = json_object_get(root, "keys");
	if (!json_is_array(keys))
		return err_input(e, "not a JWK Set: a JSON object with an array 'keys' is needed");
	size_t count = json_array_size(keys);
	struct jwks found = {.form = JWKS_DOCUMENT, .n = count < LIMIT_KEYS ? count : LIMIT_KEYS};
	found.dropped = count - found.n;
	found.v = arena_array(a, found.n, sizeof(*found.v));
	for (size_t i = 0; i < found.n; i++)
		parse_object(a, json_array_get(keys, i), &found.v[i]);
	*ret = found;
	return 0;
}

void jwk_release(struct jwk *k)
{
	EVP_PKEY_free(k->key);
	k->key = NULL;
}

void jwks_release(struct jwks *k)
{
	for (size_t i = 0; i < k->n; i++)
		jwk_release(&k->v[i]);
	k->n = 0;
}
