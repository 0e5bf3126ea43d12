#include <string.h>

#include "checks/check.h"
#include "checks/document.h"
#include "checks/jwks_keys.h"
#include "checks/reply.h"
#include "core/limits.h"

/* The JWK Set that the brand publishes: RFC 7517 §5. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

/* False with f set where there is no document of keys: no keys at all is for jose.signature to say. */
static bool has_document(struct subject *s, struct finding *f)
{
	if (strcmp(s->x->kind, "jwks") != 0) {
		skip(s, f, "this is not the reply of the JWKS address");
		return false;
	}
	if (!reply_answered(s, f))
		return false;
	if (s->x->status != 200) {
		skip_owned(s, f, "jose.signature");
		return false;
	}
	if (s->x->broken_off || s->x->body_cut) {
		cannot(s, f, "not all of the JWKS is there: %s",
		       s->x->trouble ? s->x->trouble : "it is longer than what was kept");
		return false;
	}
	return true;
}

/* --- what the set looks like --------------------------------------------------------------------------------------- */

static bool refuse(struct subject *s, struct finding *f, const char *fix, const char *observed)
{
	violated(s, f, "a JSON object with an array 'keys', and nothing else around it", "%s", observed);
	detail(f, NULL, "body", fix);
	return false;
}

static bool is_set(struct subject *s, struct finding *f)
{
	const struct parsed *p = subject_raw_json(s);
	const char *problem = document_problem(s);

	if (problem)
		return refuse(s, f, NULL, problem);
	if (json_is_array(p->value))
		return refuse(s, f, "put the array into an object: {\"keys\": […]}", "it is a bare array");
	if (!json_is_object(p->value))
		return refuse(s, f, NULL, arena_printf(s->a, "it is %s", shown(s, p->value)));
	const json_t *keys = json_object_get(p->value, "keys");
	if (!keys && json_object_get(p->value, "kty"))
		return refuse(s, f, "put the key into an array: {\"keys\": [{…}]}", "it is a lone key");
	if (!json_is_array(keys))
		return refuse(s, f, NULL,
		              keys ? arena_printf(s->a, "its member 'keys' is %s", shown(s, keys))
		                   : "it has no member 'keys'");
	return true;
}

static bool is_the_same_key(const json_t *one, const json_t *other)
{
	static const char *const members[] = {"kty", "n", "e", "crv", "x", "y"};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const json_t *a = json_object_get(one, members[i]), *b = json_object_get(other, members[i]);
		if (a != b && !(a && b && json_equal(a, b)))
			return false;
	}
	return true;
}

/* RFC 7517 §4.5: keys of different kty may share a kid when they stand for each other. */
static bool share_a_kid(const json_t *one, const json_t *other)
{
	struct sv kid = text_of(json_object_get(one, "kid")), kty = text_of(json_object_get(one, "kty"));

	return kid.p && sv_eq(kid, text_of(json_object_get(other, "kid"))) &&
	       sv_eq(kty, text_of(json_object_get(other, "kty"))) && !is_the_same_key(one, other);
}

static bool has_distinct_kids(struct subject *s, const json_t *keys, size_t n, struct finding *f)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++) {
			const json_t *key = json_array_get(keys, i);
			if (!share_a_kid(json_array_get(keys, k), key))
				continue;
			violated(s, f, "a kid of its own for each key",
			         "the keys number %zu and %zu are different, and kid of both is %s", k + 1, i + 1,
			         shown(s, json_object_get(key, "kid")));
			detail(f, NULL, arena_printf(s->a, "body /keys/%zu/kid", i),
			       "give each published key a kid of its own");
			return false;
		}
	}
	return true;
}

/* The first key with the given kind of fault; false with f set. */
static bool keys_are_well_formed(struct subject *s, const json_t *keys, size_t n, bool grave, struct finding *f)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *key = json_array_get(keys, i);
		struct key_fault fault = {0};
		if (!key_fault(s, key, &fault) || fault.leading_zero == grave)
			continue;
		violated(s, f, fault.expected, "%s: %s", key_name(s, key, i), fault.observed);
		detail(f, grave ? NULL : "leading-zero",
		       arena_printf(s->a, "body /keys/%zu%s%s", i, fault.member ? "/" : "",
		                    fault.member ? fault.member : ""),
		       fault.fix);
		return false;
	}
	return true;
}

CHECK(jwks_well_formed, "jwks.well-formed")
{
	size_t signing = 0;

	if (!has_document(s, f) || !is_set(s, f))
		return;
	const json_t *keys = json_object_get(subject_raw_json(s)->value, "keys");
	size_t all = json_array_size(keys), n = all < LIMIT_KEYS ? all : LIMIT_KEYS;

	if (!keys_are_well_formed(s, keys, n, true, f) || !has_distinct_kids(s, keys, n, f))
		return;
	for (size_t i = 0; i < n; i++)
		signing += key_may_sign(json_array_get(keys, i));
	if (n > 0 && signing == 0) {
		violated(s, f, "a key for signatures: use 'sig' or no use, key_ops with 'verify' or none",
		         n == 1 ? "the one key is for something else" : "all keys are for something else");
		detail(f, NULL, "body /keys", "publish the signing key with use 'sig'");
	} else if (keys_are_well_formed(s, keys, n, false, f)) {
		pass(s, f, "%zu key%s%s", all, all == 1 ? "" : "s",
		     all > n ? arena_printf(s->a, ", of which the first %zu were looked at", n) : "");
	}
}

/* --- what must not be in it ---------------------------------------------------------------------------------------- */

static const char replace_key[] = "take the private members out of what is published, and replace the key at once: "
                                  "whoever saw it can sign any token";

/* The first key with private or symmetric material at any depth: exported key stores nest them. */
static const char *find_private(struct subject *s, const json_t *value, int level, const json_t **key)
{
	const char *name, *found;
	const json_t *child;

	if (level > LIMIT_JSON_DEPTH)
		return NULL;
	if ((found = key_private_member(value))) {
		*key = value;
		return found;
	}
	for (size_t i = 0; i < json_array_size(value); i++)
		if ((found = find_private(s, json_array_get(value, i), level + 1, key)))
			return found;
	parsed_each(value, name, child) if ((found = find_private(s, child, level + 1, key))) return found;
	return NULL;
}

static const char *kid_of(struct subject *s, const json_t *key)
{
	const json_t *kid = json_object_get(key, "kid");

	return json_string_length(kid) > 0 ? arena_printf(s->a, "the key whose kid is %s", shown(s, kid)) : "a key";
}

static void judge_published(struct subject *s, struct finding *f)
{
	static const char expected[] = "public members only: none of d, p, q, dp, dq, qi, oth and k, and no kty oct";
	const struct parsed *p = subject_raw_json(s);
	const json_t *key = NULL;

	const char *member = find_private(s, p->value, 1, &key);
	if (member) {
		violated(s, f, expected, "%s has %s", kid_of(s, key), member);
		detail(f, NULL, "body /keys", replace_key);
	} else if (!p->value && jwks_text_is_private(s->a, s->x->response.body)) {
		violated(s, f, expected, "the document holds a private key as text");
		detail(f, NULL, "body", replace_key);
	} else if (!p->value) {
		skip_owned(s, f, "jwks.well-formed");
	} else {
		pass(s, f, "no private or symmetric key material");
	}
}

static void judge_registered(struct subject *s, struct finding *f)
{
	const char *text = s->run->public_key;

	if (!text) {
		skip(s, f, "no key is registered by itself: see the JWKS");
	} else if (jwks_text_is_private(s->a, sv_of(text))) {
		violated(s, f, "a public key", "the key that was given to LivePerson is a private one");
		detail(f, NULL, "the registered key",
		       "replace the key pair, and register the public key (openssl pkey -pubout)");
	} else {
		pass(s, f, "the registered key is not a private one");
	}
}

CHECK(jwks_public_only, "jwks.public-only")
{
	if (strcmp(s->x->kind, "jwks") != 0)
		judge_registered(s, f);
	else if (has_document(s, f))
		judge_published(s, f);
}
