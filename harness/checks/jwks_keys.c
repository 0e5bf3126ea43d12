#include "checks/jwks_keys.h"

#include <string.h>

#include "core/base64.h"
#include "core/text.h"

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

static struct sv member(const json_t *key, const char *name)
{
	return text_of(json_object_get(key, name));
}

const char *key_name(struct subject *s, const json_t *key, size_t index)
{
	struct sv kid = member(key, "kid");

	return kid.n > 0 && kid.n <= 100 ? arena_printf(s->a, "key '%s'", text_visible(s->a, kid))
	                                 : arena_printf(s->a, "key number %zu", index + 1);
}

static bool lists(const json_t *array, struct sv word)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (sv_eq(text_of(json_array_get(array, i)), word))
			return true;
	return false;
}

bool key_may_sign(const json_t *key)
{
	const json_t *use = json_object_get(key, "use"), *ops = json_object_get(key, "key_ops");

	return (!use || sv_eq(text_of(use), SV("sig"))) && (!ops || lists(ops, SV("verify")));
}

/* RFC 7518 §6.2.2, §6.3.2, §6.4.1 */
const char *key_private_member(const json_t *object)
{
	static const char *const of_rsa[] = {"p", "q", "dp", "dq", "qi", "oth"};
	static const char *const said[] = {"its member p",  "its member q",  "its member dp",
	                                   "its member dq", "its member qi", "its member oth"};
	const json_t *kty = json_object_get(object, "kty");
	bool rsa = sv_eq_nocase(text_of(kty), SV("RSA")) || (!kty && json_object_get(object, "n"));

	if (sv_eq_nocase(text_of(kty), SV("oct")))
		return "kty oct, which is a shared secret";
	if (!kty && !json_object_get(object, "n") && !json_object_get(object, "crv"))
		return NULL;
	if (json_object_get(object, "d"))
		return "its member d";
	if (json_object_get(object, "k"))
		return "its member k";
	for (size_t i = 0; rsa && i < sizeof of_rsa / sizeof *of_rsa; i++)
		if (json_object_get(object, of_rsa[i]))
			return said[i];
	return NULL;
}

/* --- what is wrong with one ---------------------------------------------------------------------------------------- */

static bool fault(struct key_fault *ret, const char *name, const char *expected, const char *observed)
{
	*ret = (struct key_fault){.expected = expected, .observed = observed, .member = name};
	return true;
}

/* The bytes of a member in base64url (RFC 7518 §2); false with *ret set. */
static bool read_bytes(struct subject *s, const json_t *key, const char *name, struct sv *bytes, struct key_fault *ret)
{
	const json_t *value = json_object_get(key, name);
	const char *expected = arena_printf(s->a, "%s: a number in base64url without padding", name);
	size_t at = 0;

	if (!json_is_string(value) || json_string_length(value) == 0) {
		fault(ret, name, expected,
		      value ? arena_printf(s->a, "its member %s is %s", name, shown(s, value))
		            : arena_printf(s->a, "it has no member %s", name));
		return false;
	}
	enum base64_fault wrong = base64_decode(s->a, BASE64_URL, text_of(value), bytes, &at);
	if (wrong == BASE64_OK)
		return true;
	fault(ret, name, expected,
	      arena_printf(s->a, "its member %s %s at character %zu", name, base64_fault_text(wrong), at + 1));
	ret->fix = "encode the bytes as base64url: letters, digits, - and _, without = at the end";
	return false;
}

/* RFC 7518 §6.3.1.1, §6.3.1.2. True: there is something wrong. */
static bool rsa_fault(struct subject *s, const json_t *key, struct key_fault *ret)
{
	static const char *const names[] = {"n", "e"};
	struct sv bytes[2];
	bool zero = false;

	for (int i = 0; i < 2; i++)
		if (!read_bytes(s, key, names[i], &bytes[i], ret))
			return true;
	for (int i = 0; i < 2 && !zero; i++) {
		if (bytes[i].p[0] != '\0')
			continue;
		zero = fault(ret, names[i], arena_printf(s->a, "%s: as few octets as the number needs", names[i]),
		             arena_printf(s->a, "its member %s has a zero octet in front", names[i]));
		ret->leading_zero = true;
		ret->fix = "drop the sign octet that big-integer libraries put in front";
	}
	return zero;
}

/* RFC 7518 §6.2.1.2, §6.2.1.3 */
static bool ec_fault(struct subject *s, const json_t *key, struct key_fault *ret)
{
	static const struct {
		const char *crv;
		size_t width;
	} curves[] = {{"P-256", 32}, {"P-384", 48}, {"P-521", 66}};
	static const char *const names[] = {"x", "y"};
	struct sv crv = member(key, "crv"), bytes;
	size_t width = 0;

	if (crv.n == 0)
		return fault(ret, "crv", "crv: the name of the curve", "it has no crv that is a string");
	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
		if (sv_eq(crv, sv_of(curves[i].crv)))
			width = curves[i].width;
	for (int i = 0; width > 0 && i < 2; i++) {
		if (!read_bytes(s, key, names[i], &bytes, ret))
			return true;
		if (bytes.n == width)
			continue;
		fault(ret, names[i], arena_printf(s->a, "%s: all %zu octets of the coordinate", names[i], width),
		      arena_printf(s->a, "its member %s has %zu octets", names[i], bytes.n));
		ret->fix = "keep the coordinate's leading zero octets, so that it has the full size of the curve";
		return true;
	}
	return false;
}

/* What registered algorithms (RFC 7518 §3.1, §4.1) need. */
static const struct key_alg {
	const char *name, *kty, *use;
	const char *crv; /* or NULL */
} algs[] = {
        {"RS256", "RSA", "sig", NULL},   {"RS384", "RSA", "sig", NULL},    {"RS512", "RSA", "sig", NULL},
        {"PS256", "RSA", "sig", NULL},   {"PS384", "RSA", "sig", NULL},    {"PS512", "RSA", "sig", NULL},
        {"ES256", "EC", "sig", "P-256"}, {"ES384", "EC", "sig", "P-384"},  {"ES512", "EC", "sig", "P-521"},
        {"HS256", "oct", "sig", NULL},   {"HS384", "oct", "sig", NULL},    {"HS512", "oct", "sig", NULL},
        {"RSA1_5", "RSA", "enc", NULL},  {"RSA-OAEP", "RSA", "enc", NULL}, {"RSA-OAEP-256", "RSA", "enc", NULL},
};

static bool alg_fault(struct subject *s, const json_t *key, struct key_fault *ret)
{
	const json_t *value = json_object_get(key, "alg");
	struct sv alg = text_of(value), use = member(key, "use"), crv = member(key, "crv");
	const struct key_alg *a = NULL;

	if (value && alg.n == 0)
		return fault(ret, "alg", "alg: a string, or no such member",
		             arena_printf(s->a, "its member alg is %s", shown(s, value)));
	for (size_t i = 0; i < sizeof algs / sizeof *algs; i++)
		if (sv_eq(alg, sv_of(algs[i].name)))
			a = &algs[i];
	if (!a)
		return false;
	const char *observed =
	        arena_printf(s->a, "alg is %s, and kty is %s", a->name, shown(s, json_object_get(key, "kty")));
	if (!sv_eq(member(key, "kty"), sv_of(a->kty)))
		return fault(ret, "alg", "an alg that this kind of key can do, or none", observed);
	if (a->crv && crv.n > 0 && !sv_eq(crv, sv_of(a->crv)))
		return fault(
		        ret, "alg", "an alg that this curve can do, or none",
		        arena_printf(s->a, "alg is %s, and crv is %s", a->name, shown(s, json_object_get(key, "crv"))));
	if ((sv_eq(use, SV("sig")) || sv_eq(use, SV("enc"))) && !sv_eq(use, sv_of(a->use)))
		return fault(ret, "use", "a use that fits alg, or none",
		             arena_printf(s->a, "alg is %s, and use is '%.*s'", a->name, SV_ARG(use)));
	return false;
}

/* RFC 7517 §4.2, §4.3 */
static bool use_fault(struct subject *s, const json_t *key, struct key_fault *ret)
{
	const json_t *use = json_object_get(key, "use"), *ops = json_object_get(key, "key_ops");

	if (use && json_string_length(use) == 0)
		return fault(ret, "use", "use: a string, or no such member",
		             arena_printf(s->a, "its member use is %s", shown(s, use)));
	if (ops && !json_is_array(ops))
		return fault(ret, "key_ops", "key_ops: an array of strings, or no such member",
		             arena_printf(s->a, "its member key_ops is %s", shown(s, ops)));
	if (sv_eq(text_of(use), SV("sig")) && ops && !lists(ops, SV("verify")))
		return fault(ret, "key_ops", "key_ops that fit use", "use is 'sig', but key_ops do not list 'verify'");
	return false;
}

bool key_fault(struct subject *s, const json_t *key, struct key_fault *ret)
{
	static const char *const known[] = {"RSA", "EC", "oct"};
	const json_t *value = json_object_get(key, "kty"), *kid = json_object_get(key, "kid");
	struct sv kty = text_of(value);

	if (!json_is_object(key))
		return fault(ret, NULL, "a JSON object for each key", arena_printf(s->a, "it is %s", shown(s, key)));
	if (kty.n == 0) {
		fault(ret, value ? "kty" : NULL, "kty: the kind of key, RSA or EC",
		      value ? arena_printf(s->a, "its member kty is %s", shown(s, value)) : "it has no member kty");
		if (json_object_get(key, "n"))
			ret->fix = "add \"kty\": \"RSA\"";
		return true;
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (sv_eq_nocase(kty, sv_of(known[i])) && !sv_eq(kty, sv_of(known[i])))
			return fault(ret, "kty", arena_printf(s->a, "kty \"%s\": names are case-sensitive", known[i]),
			             arena_printf(s->a, "kty is %s", shown(s, value)));
	if (kid && !json_is_string(kid))
		return fault(ret, "kid", "kid: a string, or no such member",
		             arena_printf(s->a, "its member kid is %s", shown(s, kid)));
	if (use_fault(s, key, ret) || alg_fault(s, key, ret))
		return true;
	if (sv_eq(kty, SV("RSA")))
		return rsa_fault(s, key, ret);
	return sv_eq(kty, SV("EC")) && ec_fault(s, key, ret);
}
