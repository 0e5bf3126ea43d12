#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"

/* How the consumer can be reached: email, phone_number and whether they were verified. OpenID Connect Core §5.1. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

/* --- email: addr-spec of RFC 5322 §3.4.1, without comments and folding ---------------------------------------------- */

/* atext of RFC 5322 §3.2.3; bytes beyond ASCII count as letters here, RFC 6531 allows them. */
static bool is_atext(char c)
{
	return charset_is_alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c)) || (unsigned char)c >= 0x80;
}

static bool is_dot_atom(struct sv s)
{
	struct sv atom;

	if (s.n == 0)
		return false;
	for (struct sv rest = s; sv_cut(&rest, '.', &atom);)
		if (atom.n == 0 || charset_outside(atom, is_atext) >= 0)
			return false;
	return true;
}

static bool is_quoted_string(struct sv s)
{
	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return false;
	for (size_t i = 1; i + 1 < s.n; i++) {
		if (s.p[i] == '\\' && i + 2 < s.n)
			i++;
		else if (s.p[i] == '"' || s.p[i] == '\\' || (unsigned char)s.p[i] < 0x20)
			return false;
	}
	return true;
}

static bool is_domain_literal(struct sv s)
{
	if (s.n < 3 || s.p[0] != '[' || s.p[s.n - 1] != ']')
		return false;
	for (size_t i = 1; i + 1 < s.n; i++)
		if (!charset_is_alnum(s.p[i]) && !strchr(".:-", s.p[i] ? s.p[i] : ' '))
			return false;
	return true;
}

static bool is_addr_spec(struct sv s)
{
	size_t at = s.n;

	while (at > 0 && s.p[at - 1] != '@')
		at--;
	if (at == 0)
		return false;
	struct sv local = {s.p, at - 1}, domain = {s.p + at, s.n - at};
	return (is_dot_atom(local) || is_quoted_string(local)) && (is_dot_atom(domain) || is_domain_literal(domain));
}

static bool is_beyond_ascii(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}

static const char *email_fix(const json_t *email)
{
	struct sv text = text_of(email);

	if (json_is_null(email) || (json_is_string(email) && text.n == 0))
		return "leave the claim out when there is no address";
	if (json_is_array(email))
		return "send one address as a string: the preferred one";
	if (sv_find_char(text, '<') >= 0)
		return "send what is between < and > alone, without the display name";
	if (sv_starts(text, SV("mailto:")))
		return "send the address without 'mailto:'";
	if (sv_find_char(text, ',') >= 0 || sv_find_char(text, ';') >= 0)
		return "send one address: the preferred one";
	if (text.n > 0 && is_addr_spec(sv_trim(text)))
		return "take out the blanks around the address";
	return NULL;
}

CHECK(idtoken_email, "idtoken.email")
{
	static const char expected[] = "email: one address such as jane@example.com";
	const json_t *claims = subject_claims(s, f), *email = json_object_get(claims, "email");

	if (!claims)
		return;
	if (!email) {
		skip(s, f, "there is no email: it is optional");
	} else if (!json_is_string(email) || !is_addr_spec(text_of(email))) {
		violated(s, f, expected, "email is %s", shown(s, email));
		detail(f, NULL, "claim email", email_fix(email));
	} else if (is_beyond_ascii(text_of(email))) {
		violated(s, f, "email in ASCII", "email is %s", shown(s, email));
		detail(f, "non-ascii", "claim email", NULL);
	} else {
		pass(s, f, "%s", shown(s, email));
	}
}

/* --- verified or not ----------------------------------------------------------------------------------------------- */

CHECK(idtoken_verified_boolean, "idtoken.verified-boolean")
{
	static const char *const names[] = {"email_verified", "phone_number_verified"};
	const json_t *claims = subject_claims(s, f), *value, *worst = NULL;
	const char *name = NULL;
	bool any = false, text = false;

	if (!claims)
		return;
	for (int i = 0; i < 2; i++) {
		value = json_object_get(claims, names[i]);
		any = any || value;
		if (!value || json_is_boolean(value))
			continue;
		bool word = json_is_string(value) &&
		            (sv_eq_nocase(text_of(value), SV("true")) || sv_eq_nocase(text_of(value), SV("false")));
		/* A word in quotes weighs less than anything else. */
		if (!worst || (text && !word)) {
			worst = value;
			name = names[i];
			text = word;
		}
	}
	if (!any) {
		skip(s, f, "there is neither email_verified nor phone_number_verified");
	} else if (!worst) {
		pass(s, f, "booleans");
	} else {
		violated(s, f, arena_printf(s->a, "%s: true or false", name), "%s is %s", name, shown(s, worst));
		detail(f, text ? "text" : NULL, arena_printf(s->a, "claim %s", name),
		       text ? "take the quotes away" : NULL);
	}
}

/* --- phone_number -------------------------------------------------------------------------------------------------- */

#define E164_MIN 7
#define E164_MAX 15

/* +, then 7 to 15 digits of which the first is not 0, with spaces, dots, hyphens and brackets between them; then perhaps
 * ;ext= and digits (RFC 3966 §3). */
static bool is_phone(struct sv s)
{
	struct sv number = s;
	long ext = sv_find(s, SV(";ext="));
	size_t digits = 0;

	if (ext >= 0) {
		number = (struct sv){s.p, (size_t)ext};
		struct sv extension = (struct sv){s.p + ext + 5, s.n - (size_t)ext - 5};
		if (extension.n == 0 || charset_outside(extension, charset_is_digit) >= 0)
			return false;
	}
	number = sv_trim(number);
	if (number.n == 0 || number.p[0] != '+')
		return false;
	for (size_t i = 1; i < number.n; i++) {
		if (charset_is_digit(number.p[i])) {
			if (digits++ == 0 && number.p[i] == '0')
				return false;
		} else if (!number.p[i] || !strchr(" .-()", number.p[i])) {
			return false;
		}
	}
	return digits >= E164_MIN && digits <= E164_MAX;
}

static const char *phone_fix(struct sv text)
{
	size_t digits = 0;

	if (sv_starts(text, SV("tel:")))
		return "send the number without 'tel:'";
	if (text.n > 2 && text.p[0] == '0' && text.p[1] == '0')
		return "write + in place of 00";
	for (size_t i = 0; i < text.n; i++)
		digits += charset_is_digit(text.p[i]);
	if (text.n > 0 && text.p[0] != '+' && digits >= E164_MIN && digits <= E164_MAX)
		return "write the number with + and its country code";
	return NULL;
}

CHECK(idtoken_phone, "idtoken.phone")
{
	static const char expected[] = "phone_number: a number such as +14255551212";
	const json_t *claims = subject_claims(s, f), *phone = json_object_get(claims, "phone_number");

	if (!claims)
		return;
	if (!phone) {
		skip(s, f, "there is no phone_number: it is optional");
		return;
	}
	if (json_is_string(phone) && is_phone(text_of(phone))) {
		pass(s, f, "%s", shown(s, phone));
		return;
	}
	violated(s, f, expected, "phone_number is %s", shown(s, phone));
	const char *violates = NULL, *fix = NULL;
	if (!json_is_string(phone))
		violates = "type";
	else if (json_is_true(json_object_get(claims, "phone_number_verified")))
		violates = "verified";
	if (json_is_null(phone) || (json_is_string(phone) && text_of(phone).n == 0))
		fix = "leave the claim out when there is no number";
	else if (json_is_string(phone))
		fix = phone_fix(text_of(phone));
	detail(f, violates, "claim phone_number", fix);
}
