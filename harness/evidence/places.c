#include "evidence/places.h"

#include <stdbool.h>
#include <string.h>

#include "evidence/claims.h"
#include "evidence/shapes.h"

/* Members of JSON objects and form fields: one list for both, since brands mix them up. */
static const struct member {
	const char *plain; /* the name without _ and -, in lower case: accessToken is a mistake that happens */
	const char *name;
	bool token;   /* a compact token, of which the signature is secret */
	bool claim;   /* a personal claim: found only when those are looked for */
	bool is_word; /* may also hold an error word such as invalid_grant, or a number, which are not secret */
} members[] = {
        {"accesstoken", "access_token", .token = false},
        {"refreshtoken", "refresh_token", .token = false},
        {"idtoken", "signature", .token = true},
        {"idtokenhint", "signature", .token = true},
        {"clientsecret", "client_secret", .token = false},
        {"clientassertion", "client_assertion", .token = false},
        {"codeverifier", "code_verifier", .token = false},
        {"code", "code", .is_word = true},
        {"password", "password", .token = false},
        /* of a token in JSON serialization (RFC 7515 §7.2, RFC 7516 §7.2) */
        {"signature", "signature", .token = false},
        {"encryptedkey", "encrypted", .token = false},
        {"ciphertext", "encrypted", .token = false},
        {"payload", "claims", .claim = true},
        {"sub", CLAIM_NAME, .claim = true},
        {"name", CLAIM_NAME, .claim = true},
        {"givenname", CLAIM_NAME, .claim = true},
        {"familyname", CLAIM_NAME, .claim = true},
        {"middlename", CLAIM_NAME, .claim = true},
        {"nickname", CLAIM_NAME, .claim = true},
        {"preferredusername", CLAIM_NAME, .claim = true},
        {"email", CLAIM_NAME, .claim = true},
        {"phonenumber", CLAIM_NAME, .claim = true},
        {"birthdate", CLAIM_NAME, .claim = true},
};

const char *const places_names[] = {
        "access_token",     "refresh_token", "signature", "encrypted", "client_secret",
        "client_assertion", "code_verifier", "code",      "password",  "credentials",
        "cookie",           "claims",        CLAIM_NAME,  NULL,
};

#define NAME_MAX_LENGTH 32

struct search {
	struct sv text;
	bool claims;
	places_fn *found;
	void *context;
};

static void report(const struct search *s, size_t from, size_t to, const char *name, enum place_encoding encoding)
{
	if (to > from)
		s->found(&(struct place_found){{s->text.p + from, to - from}, name, encoding}, s->context);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

static size_t skip_blanks(struct sv text, size_t i)
{
	while (i < text.n && is_blank(text.p[i]))
		i++;
	return i;
}

static const struct member *member_named(const struct search *s, struct sv name)
{
	char plain[NAME_MAX_LENGTH];
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (c == '_' || c == '-')
			continue;
		if (n == sizeof plain)
			return NULL;
		plain[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (sv_eq((struct sv){plain, n}, sv_of(members[i].plain)))
			return members[i].claim && !s->claims ? NULL : &members[i];
	return NULL;
}

/* invalid_grant and the like, lower-case words joined by underscores, or a number such as 400. */
static bool is_error_word(struct sv s)
{
	size_t digits = 0, letters = 0, joints = 0;

	for (size_t i = 0; i < s.n; i++) {
		digits += s.p[i] >= '0' && s.p[i] <= '9';
		letters += s.p[i] >= 'a' && s.p[i] <= 'z';
		joints += s.p[i] == '_';
	}
	return digits == s.n ? s.n <= 3 : s.n <= 40 && joints && letters + joints == s.n;
}

/* What of a token is secret, and its payload, when claims are looked for. */
static void report_token(const struct search *s, size_t from, struct sv token, enum place_encoding encoding)
{
	struct shape_secret secret = shape_secret(token);
	long dot = sv_find_char(token, '.');

	if (s->claims && dot >= 0) {
		size_t start = (size_t)dot + 1;
		long next = sv_find_char((struct sv){token.p + start, token.n - start}, '.');
		report(s, from + start, next < 0 ? from + token.n : from + start + (size_t)next, "claims", encoding);
	}
	if (secret.name)
		report(s, from + secret.at, from + token.n, secret.name, encoding);
}

static void report_value(const struct search *s, const struct member *m, struct sv value, enum place_encoding encoding)
{
	size_t from = (size_t)(value.p - s->text.p);
	const char *name = m->name;

	if (m->token) {
		report_token(s, from, value, encoding);
	} else if (!(m->is_word && is_error_word(value))) {
		report(s, from, from + value.n, name, encoding);
	}
}

/* --- JSON ------------------------------------------------------------------------------------------------------ */

/* The end of the string whose first character is at i: its closing quote, or the end of a cut text. */
static size_t string_end(struct sv text, size_t i, char quote)
{
	while (i < text.n && text.p[i] != quote)
		i += text.p[i] == '\\' ? 2 : 1;
	return i < text.n ? i : text.n;
}

static bool is_bare(char c)
{
	return !is_blank(c) && !strchr(",}]\"'{[", c);
}

/* A number or the like in place of a string. Not after a name in single quotes: that is how our own messages quote. */
static size_t bare_value(const struct search *s, const struct member *m, size_t i)
{
	size_t from = i;

	while (i < s->text.n && s->text.p[i] && is_bare(s->text.p[i]))
		i++;
	struct sv value = {s->text.p + from, i - from};
	if (m->is_word || m->token || value.n < 4 || sv_eq(value, SV("null")) || sv_eq(value, SV("true")) ||
	    sv_eq(value, SV("false")))
		return from;
	report(s, from, i, m->name, PLACE_RAW);
	return i;
}

/* i is behind the colon; gives where to go on. */
static size_t json_value(const struct search *s, const struct member *m, size_t i, bool bare)
{
	struct sv text = s->text;
	bool in_list = false;

	for (;;) {
		i = skip_blanks(text, i);
		if (i == text.n)
			return i;
		char c = text.p[i];
		if (c == '"' || c == '\'') {
			size_t end = string_end(text, i + 1, c);
			report_value(s, m, (struct sv){text.p + i + 1, end - i - 1}, PLACE_JSON);
			if (end == text.n)
				return end;
			i = end + 1;
			if (!in_list)
				return i;
		} else if (c == '[' || (in_list && c == ',')) {
			in_list = true;
			i++;
		} else {
			return in_list || !bare ? i : bare_value(s, m, i);
		}
	}
}

/* i is at a quote; gives where to go on. */
static size_t json_member(const struct search *s, size_t i)
{
	struct sv text = s->text;
	size_t from = i + 1, to = from;

	while (to < text.n && is_name(text.p[to]) && to - from <= NAME_MAX_LENGTH)
		to++;
	if (to == from || to >= text.n || text.p[to] != text.p[i])
		return i + 1;
	const struct member *m = member_named(s, (struct sv){text.p + from, to - from});
	if (!m)
		return i + 1;
	size_t colon = skip_blanks(text, to + 1);
	if (colon >= text.n || text.p[colon] != ':')
		return i + 1;
	return json_value(s, m, colon + 1, text.p[i] == '"');
}

/* --- form fields ----------------------------------------------------------------------------------------------- */

/* i is at a =; gives where to go on. */
static size_t form_field(const struct search *s, size_t i)
{
	struct sv text = s->text;
	size_t from = i, to = i + 1;

	while (from > 0 && is_name(text.p[from - 1]) && i - from <= NAME_MAX_LENGTH)
		from--;
	/* x.code, 2code: other names */
	if (from > 0 && (text.p[from - 1] == '.' || (text.p[from - 1] >= '0' && text.p[from - 1] <= '9')))
		return i + 1;
	const struct member *m = member_named(s, (struct sv){text.p + from, i - from});
	if (!m)
		return i + 1;
	while (to < text.n && !is_blank(text.p[to]) && (!text.p[to] || !strchr("&;\"'<>#\\", text.p[to])))
		to++;
	report_value(s, m, (struct sv){text.p + i + 1, to - i - 1}, PLACE_FORM);
	return to;
}

/* --- header fields ----------------------------------------------------------------------------------------------- */

enum header { HEADER_PUBLIC, HEADER_CREDENTIALS, HEADER_COOKIE, HEADER_SET_COOKIE };

/* *value is what follows the colon. */
static enum header header_of(struct sv line, struct sv *value)
{
	static const struct {
		const char *name;
		enum header header;
	} headers[] = {
	        {"Authorization", HEADER_CREDENTIALS},
	        {"Proxy-Authorization", HEADER_CREDENTIALS},
	        {"Cookie", HEADER_COOKIE},
	        {"Set-Cookie", HEADER_SET_COOKIE},
	};
	/* longer than the longest name with some blanks around it: none of these */
	long colon = sv_find_char((struct sv){line.p, line.n < 64 ? line.n : 64}, ':');

	if (colon < 0)
		return HEADER_PUBLIC;
	struct sv name = sv_trim((struct sv){line.p, (size_t)colon});
	*value = sv_trim((struct sv){line.p + colon + 1, line.n - (size_t)colon - 1});
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (sv_eq_nocase(name, sv_of(headers[i].name)))
			return headers[i].header;
	return HEADER_PUBLIC;
}

bool places_secret_header(struct sv line)
{
	struct sv value;

	return header_of(line, &value) != HEADER_PUBLIC;
}

static void report_sv(const struct search *s, struct sv bytes, const char *name)
{
	size_t from = (size_t)(bytes.p - s->text.p);

	report(s, from, from + bytes.n, name, PLACE_RAW);
}

/* The scheme stays, also where it stands alone. */
static void credentials(const struct search *s, struct sv value)
{
	static const char *const schemes[] = {"Basic", "Bearer", "Digest", "Negotiate", "DPoP"};
	size_t i = 0;

	for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++)
		if (sv_eq_nocase(value, sv_of(schemes[k])))
			return;
	while (i < value.n && !is_blank(value.p[i]))
		i++;
	if (i == value.n)
		i = 0;
	report_sv(s, sv_trim((struct sv){value.p + i, value.n - i}), "credentials");
}

static void cookie(const struct search *s, struct sv pair)
{
	long equals = sv_find_char(pair, '=');

	if (equals >= 0)
		pair = (struct sv){pair.p + equals + 1, pair.n - (size_t)equals - 1};
	report_sv(s, sv_trim(pair), "cookie");
}

/* A whole line beginning at i. `within` is the kind of the line before it, for folded lines; gives its own kind. */
static enum header header_line(const struct search *s, size_t i, enum header within)
{
	const char *p = s->text.p + i, *end = memchr(p, '\n', s->text.n - i);
	struct sv line = {p, end ? (size_t)(end - p) : s->text.n - i}, value, pair;

	if (within != HEADER_PUBLIC && line.n && (*p == ' ' || *p == '\t')) {
		report_sv(s, sv_trim(line), within == HEADER_CREDENTIALS ? "credentials" : "cookie");
		return within;
	}
	enum header kind = header_of(line, &value);
	if (kind == HEADER_CREDENTIALS)
		credentials(s, value);
	for (struct sv rest = value; kind >= HEADER_COOKIE && sv_cut(&rest, ';', &pair);) {
		cookie(s, pair);
		if (kind == HEADER_SET_COOKIE)
			break;
	}
	return kind;
}

/* --- tokens ------------------------------------------------------------------------------------------------------- */

/* i may be the start of a compact token; gives where to go on. */
static size_t compact_token(const struct search *s, size_t i)
{
	size_t end, next;
	struct sv rest = {s->text.p + i, s->text.n - i};

	if (!shape_is_token(rest, &end, &next))
		return i + next;
	report_token(s, i, (struct sv){rest.p, end}, PLACE_RAW);
	return i + next;
}

/* i is at a b; gives where to go on. */
static size_t basic_credentials(const struct search *s, size_t i)
{
	struct sv text = s->text;
	size_t from = i + 5, to;

	if (text.n - i < 6 || !sv_eq_nocase((struct sv){text.p + i, 5}, SV("basic")) ||
	    (text.p[from] != ' ' && text.p[from] != '\t'))
		return i + 1;
	from = skip_blanks(text, from);
	for (to = from; to < text.n && shape_character(text.p[to]);)
		to++;
	if (!shape_is_credentials((struct sv){text.p + from, to - from}))
		return i + 1;
	report(s, from, to, "credentials", PLACE_RAW);
	return to;
}

void places_find(struct sv text, bool claims, places_fn *found, void *context)
{
	const struct search s = {text, claims, found, context};
	enum header kind = HEADER_PUBLIC;

	/* header fields first: what follows may pass over several lines at once */
	for (size_t i = 0; i < text.n;) {
		kind = header_line(&s, i, kind);
		const char *end = memchr(text.p + i, '\n', text.n - i);
		i = end ? (size_t)(end - text.p) + 1 : text.n;
	}
	for (size_t i = 0; i < text.n;) {
		switch (text.p[i]) {
		case '"':
		case '\'':
			i = json_member(&s, i);
			break;
		case '=':
			i = form_field(&s, i);
			break;
		case 'e':
			i = compact_token(&s, i);
			break;
		case 'b':
		case 'B':
			i = basic_credentials(&s, i);
			break;
		default:
			i++;
		}
	}
}
