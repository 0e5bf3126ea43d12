#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/front.h"

/* Who the consumer is, and for which login: sub (OpenID Connect Core §2) and nonce (§3.1.3.7). */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

/* --- sub ----------------------------------------------------------------------------------------------------------- */

#define SUB_MAX 255

/* Where the id may be when there is no sub. */
static const char *sub_elsewhere(struct subject *s, const json_t *claims)
{
	static const char *const likely[] = {"Sub", "SUB", "subject",    "user_id", "userId",
	                                     "uid", "id",  "customerId", "user"};

	for (size_t i = 0; i < sizeof likely / sizeof *likely; i++) {
		const json_t *value = json_object_get(claims, likely[i]);
		if (json_object_get(value, "sub"))
			return arena_printf(s->a, "sub is inside '%s': put it beside iss and aud", likely[i]);
		if (json_is_string(value) || json_is_integer(value))
			return arena_printf(
			        s->a, "the token has '%s': if that is the consumer's id, send it as the string sub",
			        likely[i]);
	}
	return NULL;
}

/* What is wrong with it, or NULL. *fix may be set, too. */
static const char *bad_sub(struct subject *s, const json_t *claims, const char **fix)
{
	const json_t *sub = json_object_get(claims, "sub");
	struct sv text = text_of(sub);
	long at = charset_outside(text, charset_is_printable);

	if (!sub) {
		*fix = sub_elsewhere(s, claims);
		return "there is no sub";
	}
	if (json_is_number(sub))
		*fix = "put the number into quotation marks: ids are strings";
	if (!json_is_string(sub) || text.n == 0)
		return arena_printf(s->a, "sub is %s", shown(s, sub));
	if (text.n > SUB_MAX)
		return arena_printf(s->a, "sub has %zu bytes", text.n);
	if (at >= 0)
		return arena_printf(s->a, "the byte %02X at offset %ld of sub is not printable ASCII",
		                    (unsigned)(unsigned char)text.p[at], at);
	if (sv_eq(text, SV("null")) || sv_eq(text, SV("undefined"))) {
		*fix = "the id was missing when the token was made, and its absence was turned into a word: refuse to "
		       "issue then";
		return arena_printf(s->a, "sub is %s", shown(s, sub));
	}
	return NULL;
}

CHECK(idtoken_sub_valid, "idtoken.sub.valid")
{
	const json_t *claims = subject_claims(s, f);
	const char *fix = NULL, *problem;

	if (!claims)
		return;
	problem = bad_sub(s, claims, &fix);
	if (!problem) {
		pass(s, f, "a string of %zu characters", json_string_length(json_object_get(claims, "sub")));
		return;
	}
	violated(s, f, "sub: a string of 1 to 255 printable ASCII characters", "%s", problem);
	detail(f, NULL, "claim sub", fix);
}

/* Letters and digits alone, in one case: "+1 (425) 555-1212" and "14255551212" are the same number. */
static struct sv bare(struct arena *a, struct sv s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (charset_is_alnum(s.p[i]))
			out[n++] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] - 'A' + 'a' : s.p[i]);
	return (struct sv){out, n};
}

static const char *public_claim(struct subject *s, const json_t *claims, struct sv sub)
{
	static const char *const names[] = {"email", "phone_number", "preferred_username"};
	struct sv have = bare(s->a, sub);

	for (size_t i = 0; have.n > 0 && i < sizeof names / sizeof *names; i++) {
		const json_t *value = json_object_get(claims, names[i]);
		struct sv other = bare(s->a, text_of(value));
		bool national = strcmp(names[i], "phone_number") == 0 && have.n >= 7 && sv_ends(other, have);
		if (json_is_string(value) && (sv_eq(have, other) || national))
			return names[i];
	}
	return NULL;
}

/* Long random ids may be scoped with an @, too. */
static bool looks_like_address(struct sv sub)
{
	long at = sv_find_char(sub, '@');

	return at > 0 && at < 24 && sv_find_char((struct sv){sub.p + at, sub.n - (size_t)at}, '.') > 1;
}

/* Up to 15 digits make a telephone number or a counter; Google's ids have 21. */
static bool looks_like_number(struct sv sub)
{
	struct sv digits = sub.n > 0 && sub.p[0] == '+' ? (struct sv){sub.p + 1, sub.n - 1} : sub;

	return digits.n <= 15 && charset_outside(digits, charset_is_digit) < 0;
}

CHECK(idtoken_sub_opaque, "idtoken.sub.opaque")
{
	const json_t *claims = subject_claims(s, f);
	const char *unused, *same;

	if (!claims)
		return;
	if (bad_sub(s, claims, &unused)) {
		skip_owned(s, f, "idtoken.sub.valid");
		return;
	}
	struct sv sub = text_of(json_object_get(claims, "sub"));
	same = public_claim(s, claims, sub);
	if (same)
		violated(s, f, "a sub that nobody can guess", "sub is the same as %s", same);
	else if (looks_like_address(sub))
		violated(s, f, "a sub that nobody can guess", "sub looks like an email address");
	else if (looks_like_number(sub))
		violated(s, f, "a sub that nobody can guess",
		         "sub is %zu digit%s, as telephone numbers and counters are", sub.n, sub.n == 1 ? "" : "s");
	else
		pass(s, f, "not an address, a telephone number or a short number");
	if (f->kind == FINDING_VIOLATED)
		detail(f, NULL, "claim sub", NULL);
}

/* --- nonce --------------------------------------------------------------------------------------------------------- */

static const char *nonce_fix(struct arena *a, struct sv have, struct sv want)
{
	if (have.n > 0 && have.n < want.n && sv_starts(want, have))
		return arena_printf(a, "it was cut to %zu of %zu characters: store it whole", have.n, want.n);
	if (sv_eq_nocase(have, want))
		return "its letter case was changed: copy it unchanged";
	if (sv_eq(sv_trim(have), want))
		return "blanks were added: copy it unchanged";
	return NULL;
}

CHECK(idtoken_nonce, "idtoken.nonce")
{
	const json_t *claims = subject_claims(s, f), *nonce = json_object_get(claims, "nonce");
	const char *sent;

	if (!claims)
		return;
	sent = s->x->code.nonce;
	if (front_is(s)) {
		skip_owned(s, f, "imp.nonce");
	} else if (!sent) {
		skip(s, f, "no nonce was sent");
	} else if (json_is_string(nonce) && sv_eq(text_of(nonce), sv_of(sent))) {
		pass(s, f, "the nonce that was sent");
	} else {
		const char *expected = arena_printf(s->a, "nonce \"%s\", as it was sent", sent);
		if (nonce)
			violated(s, f, expected, "nonce is %s", shown(s, nonce));
		else
			violated(s, f, expected, "there is no nonce");
		detail(f, NULL, "claim nonce",
		       json_is_string(nonce) ? nonce_fix(s->a, text_of(nonce), sv_of(sent)) : NULL);
	}
}
