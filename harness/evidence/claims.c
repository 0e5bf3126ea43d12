#include "evidence/claims.h"

#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "core/buf.h"
#include "core/limits.h"

/* OpenID Connect Core §2, RFC 7519 §4.1, RFC 9068, and what providers add about the token itself. */
static const char *const protocol[] = {
        "iss",
        "aud",
        "azp",
        "exp",
        "iat",
        "nbf",
        "auth_time",
        "nonce",
        "jti",
        "acr",
        "amr",
        "at_hash",
        "c_hash",
        "s_hash",
        "typ",
        "ver",
        "token_use",
        "token_type",
        "scope",
        "client_id",
        "email_verified",
        "phone_number_verified",
};

bool claims_is_protocol(struct sv name)
{
	for (size_t i = 0; i < sizeof protocol / sizeof *protocol; i++)
		if (sv_eq(name, sv_of(protocol[i])))
			return true;
	return false;
}

/* --- members of an object -------------------------------------------------------------------------------------- */

struct claim {
	struct sv name;  /* escapes are still there */
	size_t from, to; /* of its value */
};

static size_t skip(struct sv s, size_t i, const char *these)
{
	while (i < s.n && s.p[i] && strchr(these, s.p[i]))
		i++;
	return i;
}

/* Behind the string that begins at i. */
static size_t string_end(struct sv s, size_t i)
{
	for (i++; i < s.n && s.p[i] != '"'; i++)
		i += s.p[i] == '\\';
	return i < s.n ? i + 1 : s.n;
}

/* Behind the value that begins at i: at the comma or the bracket that follows. */
static size_t value_end(struct sv s, size_t i)
{
	size_t depth = 0;

	while (i < s.n) {
		char c = s.p[i];
		if (c == '"') {
			i = string_end(s, i);
			continue;
		}
		if (c == '{' || c == '[')
			depth++;
		else if (depth == 0 && (c == ',' || c == '}' || c == ']'))
			break;
		else if (c == '}' || c == ']')
			depth--;
		i++;
	}
	return i;
}

/* The member at *at, which moves behind it. False: there is none, and *at is where that was seen. */
static bool next_claim(struct sv s, size_t *at, struct claim *ret)
{
	size_t i = skip(s, *at, " \t\r\n,");

	*at = i;
	if (i >= s.n || s.p[i] != '"')
		return false;
	size_t end = string_end(s, i);
	ret->name = (struct sv){s.p + i + 1, end - i >= 2 ? end - i - 2 : 0};
	i = skip(s, end, " \t\r\n");
	if (i >= s.n || s.p[i] != ':')
		return false;
	ret->from = skip(s, i + 1, " \t\r\n");
	*at = value_end(s, ret->from);
	ret->to = ret->from + sv_trim((struct sv){s.p + ret->from, *at - ret->from}).n;
	return true;
}

/* Where the members begin; the end of the text when it is no object. */
static size_t first_claim(struct sv s)
{
	size_t i = skip(s, 0, " \t\r\n");

	return i < s.n && s.p[i] == '{' ? i + 1 : s.n;
}

struct sv claims_masked(struct arena *a, struct sv json)
{
	struct buf out = {.cap = BUF_OWN};
	struct claim claim;
	size_t at = first_claim(json), copied = 0;

	while (next_claim(json, &at, &claim)) {
		if (claims_is_protocol(claim.name) || claim.from == claim.to)
			continue;
		buf_add(&out, json.p + copied, claim.from - copied);
		buf_add_text(&out, "\"[" CLAIM_NAME "]\"");
		copied = claim.to;
	}
	/* only the closing bracket is left of a whole object */
	struct sv rest = sv_trim((struct sv){json.p + at, json.n - at});
	if (copied == 0 && at == json.n && sv_trim(json).n)
		rest = json;
	if (sv_eq(rest, SV("}")) || rest.n == 0) {
		buf_add(&out, json.p + copied, json.n - copied);
	} else {
		buf_add(&out, json.p + copied, (size_t)(rest.p - json.p) - copied);
		buf_add_text(&out, "\"[" CLAIM_NAME "]\"");
	}
	struct sv copy = arena_svdup(a, buf_sv(&out));
	buf_release(&out);
	return copy;
}

/* --- values ---------------------------------------------------------------------------------------------------- */

struct walk {
	struct arena *scratch;
	claims_fn *found;
	void *context;
	size_t left;
};

static bool is_common(struct sv text)
{
	static const char *const words[] = {"true", "false", "null", "none", "unknown", "undefined", "user", "openid"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (sv_eq_nocase(text, sv_of(words[i])))
			return true;
	return false;
}

static void walk(struct walk *w, const json_t *value, int depth)
{
	enum { NUMBER_MIN = 1000000 }; /* smaller ones stand everywhere */
	const json_t *member;
	const char *name;
	size_t i;

	if (depth == 0 || w->left == 0)
		return;
	if (json_is_string(value)) {
		struct sv text = {json_string_value(value), json_string_length(value)};
		if (is_common(text))
			return;
		w->left--;
		w->found(text, w->context);
	} else if (json_is_integer(value) &&
	           (json_integer_value(value) >= NUMBER_MIN || json_integer_value(value) <= -NUMBER_MIN)) {
		w->left--;
		w->found(sv_of(arena_printf(w->scratch, "%" JSON_INTEGER_FORMAT, json_integer_value(value))),
		         w->context);
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, member) walk(w, member, depth - 1);
	} else if (json_is_object(value)) {
		json_object_foreach((json_t *)(uintptr_t)value, name, member) walk(w, member, depth - 1);
	}
}

void claims_values(struct arena *scratch, struct sv json, claims_fn *found, void *context)
{
	struct walk w = {scratch, found, context, LIMIT_CLAIM_VALUES};
	struct claim claim;

	/* one by one, as they are written: of a repeated member each value counts, and what is broken costs one member */
	for (size_t at = first_claim(json); next_claim(json, &at, &claim);) {
		if (claims_is_protocol(claim.name) || sv_eq(claim.name, SV("updated_at")))
			continue;
		json_auto_t *value =
		        json_loadb(json.p + claim.from, claim.to - claim.from, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		walk(&w, value, LIMIT_JSON_DEPTH);
	}
}
