#include <string.h>

#include "checks/check.h"
#include "checks/envelope.h"
#include "checks/front.h"
#include "checks/tokens.h"

/* The id_token as text: compact serialization (RFC 7515 §7.1), its base64url, header and payload as JSON. */

/* The first part of a token with five is a JWE header. */
static bool is_encrypted(const struct jws *jws)
{
	json_auto_t *header = NULL;

	if (jws->parts == 5 && jws->header.p)
		header = json_loadb(jws->header.p, jws->header.n, JSON_ALLOW_NUL, NULL);
	return json_is_string(json_object_get(header, "enc"));
}

static const char *compact_fix(struct sv token, size_t parts, bool encrypt)
{
	struct sv text = sv_trim(token);
	bool json = sv_starts(text, SV("{"));

	if (json && sv_find(text, SV("\"ciphertext\"")) >= 0)
		return "this is the JSON serialization of JWE: use the compact one, five parts with dots between them";
	if (json && sv_find(text, SV("\"payload\"")) >= 0)
		return "this is the JSON serialization of JWS: use the compact one, header.payload.signature";
	if (json)
		return encrypt ? "these are the claims as JSON text: sign them, then encrypt the signed token"
		               : "these are the claims as JSON text: sign them, and return header.payload.signature";
	if (parts == 4 && encrypt)
		return "one of the five parts of an encrypted token is missing: return the library's whole output";
	if (parts == 2 && !encrypt)
		return "the signature is missing: return header.payload.signature";
	return NULL;
}

CHECK(jose_compact, "jose.compact")
{
	struct finding why = {0};
	struct sv token = subject_id_token(s, f);

	if (!token.p)
		return;
	const struct jws *jws = subject_jws(s, &why);
	enum envelope_kind kind = envelope_of(s)->kind;
	if (jws) {
		pass(s, f, "three parts%s", kind == ENVELOPE_OUTSIDE ? " inside the encrypted token" : "");
		return;
	}
	if (kind == ENVELOPE_OUTSIDE) {
		*f = why;
		return;
	}
	jws = &s->jws;
	if (is_encrypted(jws)) {
		cannot(s, f,
		       "the id_token is encrypted (five parts, alg and enc in the header), and this target agrees on "
		       "no encryption: its content cannot be judged");
		return;
	}
	violated(s, f,
	         kind == ENVELOPE_BROKEN ? "five parts with a dot between them, as an encrypted token has them"
	                                 : "three parts with a dot between them: header.payload.signature",
	         "%s%zu part%s", jws->parts == JWS_PARTS_MAX ? "at least " : "", jws->parts,
	         jws->parts == 1 ? "" : "s");
	detail(f, NULL, front_where(s), compact_fix(token, jws->parts, kind == ENVELOPE_BROKEN));
}

static const char *const part_names[] = {"header", "payload", "signature"};

static const char *base64_fix(struct sv token, enum base64_fault fault)
{
	if (sv_starts(token, SV("Bearer ")))
		return "return the token alone, without 'Bearer '";
	if (token.n > 1 && token.p[0] == '"')
		return "return the token alone, without quotation marks inside the string";
	switch (fault) {
	case BASE64_LINE_BREAK:
		return "write the token in one line: the line breaks in printed samples are for reading only";
	case BASE64_PADDING:
		return "leave the = padding out: JOSE uses base64url without it";
	case BASE64_OTHER_ALPHABET:
		return "use base64url: - in place of + and _ in place of /";
	case BASE64_TRAILING_BITS:
		return "encode with a base64url library: the unused bits of the last character have to be zero";
	case BASE64_LENGTH:
		return "the part was cut: no base64url text has this length; look for a length limit in the way (a "
		       "column, a cookie)";
	default:
		return NULL;
	}
}

static const char *const encrypted_names[] = {"header", "encrypted key", "initialization vector", "ciphertext",
                                              "authentication tag"};

/* What is wrong with one part, of a signed or an encrypted token. */
struct part_fault {
	const char *part;
	enum base64_fault fault;
	size_t at;
};

/* Unused bits weigh least. */
static bool is_worse(const struct part_fault *now, enum base64_fault fault)
{
	return fault != BASE64_OK &&
	       (now->fault == BASE64_OK || (now->fault == BASE64_TRAILING_BITS && fault != now->fault));
}

static struct part_fault encrypted_fault(struct subject *s, struct sv token)
{
	struct part_fault ret = {.fault = BASE64_OK};
	struct sv rest = token, piece, bytes;

	for (int i = 0; i < 5 && sv_cut(&rest, '.', &piece); i++) {
		size_t at = 0;
		enum base64_fault fault = base64_decode(s->a, BASE64_URL, piece, &bytes, &at);
		if (is_worse(&ret, fault))
			ret = (struct part_fault){encrypted_names[i], fault, at};
	}
	return ret;
}

static struct part_fault signed_fault(const struct jws *jws)
{
	struct part_fault ret = {.fault = BASE64_OK};

	for (int i = 0; i < 3; i++)
		if (is_worse(&ret, jws->fault[i]))
			ret = (struct part_fault){part_names[i], jws->fault[i], jws->fault_at[i]};
	return ret;
}

CHECK(jose_base64url, "jose.base64url")
{
	struct sv token = subject_id_token(s, f);
	struct part_fault worst = {.fault = BASE64_OK};
	const char *inside = "";

	if (!token.p)
		return;
	if (envelope_of(s)->kind == ENVELOPE_OUTSIDE)
		worst = encrypted_fault(s, token);
	if (worst.fault == BASE64_OK) {
		const struct jws *jws = subject_jws(s, f);
		if (!jws)
			return;
		worst = signed_fault(jws);
		token = jws->token;
		inside = envelope_of(s)->kind == ENVELOPE_OUTSIDE ? " of the token inside the encrypted one" : "";
	}
	if (worst.fault == BASE64_OK) {
		pass(s, f, "all three parts%s are base64url without padding", inside);
		return;
	}
	violated(s, f, "base64url without padding, line breaks or other characters",
	         "the %s%s %s, at offset %zu of the part", worst.part, inside, base64_fault_text(worst.fault),
	         worst.at);
	detail(f, worst.fault == BASE64_TRAILING_BITS ? "trailing-bits" : NULL, front_where(s),
	       base64_fix(token, worst.fault));
}

/* --- JSON of a part ------------------------------------------------------------------------------------------------ */

static bool is_undecodable(const struct jws *jws, int part)
{
	return jws->fault[part] != BASE64_OK && jws->fault[part] != BASE64_TRAILING_BITS;
}

/* Says what is wrong with header or payload as a JSON object; false when nothing is. */
static bool bad_object(struct subject *s, struct finding *f, const struct parsed *p, const char *part)
{
	const char *expected = arena_printf(s->a, "the %s as one JSON object in UTF-8", part);

	if (!p->value)
		violated(s, f, expected, "it is not JSON: %s", p->problem ? p->problem : "it is empty");
	else if (!json_is_object(p->value))
		violated(s, f, expected, "it is %s", shown(s, p->value));
	else if (p->bom)
		violated(s, f, expected, "it begins with a byte order mark");
	else if (p->bad_utf8)
		violated(s, f, expected, "the byte at offset %ld is not UTF-8", p->bad_utf8_at);
	else if (p->trailing)
		violated(s, f, expected, "more text stands behind the object");
	else
		return false;
	return true;
}

CHECK(jose_header_json, "jose.header-json")
{
	const struct jws *jws = subject_jws(s, f);

	if (!jws)
		return;
	const struct parsed *p = subject_raw_header(s);
	const json_t *alg = json_object_get(p->value, "alg");
	if (is_undecodable(jws, 0) && !json_is_object(p->value)) {
		skip_owned(s, f, "jose.base64url");
		return;
	}
	if (!bad_object(s, f, p, "header")) {
		if (p->duplicate)
			violated(s, f, "every header name once", "\"%s\" occurs twice",
			         p->duplicate_name ? p->duplicate_name : "a name");
		else if (!alg)
			violated(s, f, "a string alg in the header", "there is no alg");
		else if (json_string_length(alg) == 0)
			violated(s, f, "a string alg in the header", "alg is %s", shown(s, alg));
		else
			pass(s, f, "%s with alg", shown(s, p->value));
	}
	if (f->kind == FINDING_VIOLATED)
		detail(f, NULL, "jose header", NULL);
}

CHECK(jose_payload_json, "jose.payload-json")
{
	const struct jws *jws = subject_jws(s, f);
	const char *fix = NULL;

	if (!jws)
		return;
	if (envelope_of(s)->kind == ENVELOPE_INSIDE) {
		skip_owned(s, f, "jwe.inner-signed");
		return;
	}
	const struct parsed *p = subject_raw_payload(s);
	if (is_undecodable(jws, 1) && !json_is_object(p->value)) {
		skip_owned(s, f, "jose.base64url");
		return;
	}
	if (!bad_object(s, f, p, "payload")) {
		pass(s, f, "%s", shown(s, p->value));
		return;
	}
	struct sv text = {json_string_value(p->value), json_string_length(p->value)};
	if (sv_starts(sv_trim(text), SV("{")))
		fix = "the claims were serialised twice: pass the claims object to the library, not its JSON text";
	else if (tokens_jwt(s->a, text).p || tokens_jwt(s->a, jws->payload).p)
		fix = "the payload is itself a JWT: sign the claims once";
	detail(f, NULL, "id_token payload", fix);
}

CHECK(jose_payload_unique, "jose.payload-unique")
{
	if (!subject_claims(s, f))
		return;
	const struct parsed *p = subject_raw_payload(s);
	if (!p->duplicate) {
		pass(s, f, "every name occurs once");
		return;
	}
	violated(s, f, "every claim name once", "\"%s\" occurs twice in one object",
	         p->duplicate_name ? p->duplicate_name : "a name");
	detail(f, NULL, "id_token payload", NULL);
}

/* --- header members ------------------------------------------------------------------------------------------------ */

CHECK(jose_typ, "jose.typ")
{
	const json_t *header = subject_jose_header(s, f), *typ = json_object_get(header, "typ");
	const char *fix = NULL;

	if (!header)
		return;
	if (!typ) {
		skip(s, f, "there is no typ: it is optional");
		return;
	}
	struct sv text = {json_string_value(typ), json_string_length(typ)}, kind = text;
	/* RFC 7515 §4.1.9: 'application/' may be left out. */
	if (text.n > 12 && sv_eq_nocase((struct sv){text.p, 12}, SV("application/")))
		kind = (struct sv){text.p + 12, text.n - 12};
	if (sv_eq_nocase(kind, SV("JWT"))) {
		pass(s, f, "%s", shown(s, typ));
		return;
	}
	violated(s, f, "typ \"JWT\", or none", "typ is %s", shown(s, typ));
	if (sv_eq_nocase(kind, SV("at+jwt")))
		fix = "at+jwt is an access token (RFC 9068): return the ID token in id_token";
	else if (sv_eq_nocase(kind, SV("logout+jwt")))
		fix = "logout+jwt is a logout token: return the ID token in id_token";
	detail(f, NULL, "jose header typ", fix);
}

CHECK(jose_crit, "jose.crit")
{
	/* Of the encrypted token's header, which nobody may open either then, or else of the signed one's. */
	const json_t *crit = json_object_get(envelope_of(s)->jwe.header, "crit");
	const json_t *header = crit ? NULL : subject_jose_header(s, f);

	if (!crit && !header)
		return;
	crit = crit ? crit : json_object_get(header, "crit");
	if (!crit) {
		pass(s, f, "there is no crit");
		return;
	}
	const char *first = json_string_value(json_array_get(crit, 0));
	violated(s, f, "no crit in the header", "crit%s is %s%s%s", header ? "" : " of the encrypted token's header",
	         shown(s, crit), first ? ", the first " : "", first ? shown(s, json_array_get(crit, 0)) : "");
	detail(f, NULL, "jose header crit", NULL);
}

CHECK(jose_no_embedded_key, "jose.no-embedded-key")
{
	static const char *const names[] = {"jwk", "jku", "x5u", "x5c"};
	const json_t *header = subject_jose_header(s, f);
	const char *found = NULL;

	if (!header)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++)
		if (json_object_get(header, names[i]) && !json_is_null(json_object_get(header, names[i])))
			found = names[i];
	if (!found) {
		pass(s, f, "the header has none of jwk, jku, x5u and x5c");
		return;
	}
	violated(s, f, "a header without jwk, jku, x5u and x5c", "%s is %s", found,
	         shown(s, json_object_get(header, found)));
	detail(f, NULL, arena_printf(s->a, "jose header %s", found), NULL);
}
