#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/issuer.h"
#include "checks/reply.h"

/* The shape of Google's token response and ID token, which LivePerson tells brands to follow. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

CHECK(google_response_members, "google.response-members")
{
	static const struct {
		const char *name;
		bool number;
	} members[] = {
	        {"access_token", false}, {"expires_in", true},  {"id_token", false},
	        {"scope", false},        {"token_type", false},
	};
	const json_t *value;

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const char *name = members[i].name;
		if (!reply_member(s, name, &value, f))
			return;
		if (value && (members[i].number ? json_is_number(value) : json_is_string(value)))
			continue;
		const char *type = members[i].number ? "a number" : "a string";
		if (value)
			violated(s, f, arena_printf(s->a, "%s: %s", name, type), "%s is %s", name, shown(s, value));
		else
			violated(s, f, arena_printf(s->a, "%s: %s", name, type), "there is no %s", name);
		detail(f, NULL, value ? arena_printf(s->a, "body /%s", name) : "body", NULL);
		return;
	}
	pass(s, f, "access_token, expires_in, id_token, scope and token_type are there");
}

CHECK(google_iss, "google.iss")
{
	const json_t *claims = subject_claims(s, f), *iss = json_object_get(claims, "iss");

	if (!claims)
		return;
	if (!s->run->issuer)
		skip(s, f, "the target file names no issuer");
	else if (issuer_is_google(s->run) && json_is_string(iss) && sv_eq(text_of(iss), SV(ISSUER_GOOGLE_BARE)))
		pass(s, f, "%s", shown(s, iss));
	else
		issuer_judge(s, f, iss, issuer_is_google(s->run) ? ISSUER_GOOGLE : s->run->issuer);
}

CHECK(google_claims, "google.claims")
{
	static const char *const always[] = {"aud", "exp", "iat", "iss", "sub"};
	const json_t *claims = subject_claims(s, f), *azp = json_object_get(claims, "azp");

	if (!claims)
		return;
	for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
		const json_t *value = json_object_get(claims, always[i]);
		if (value && !json_is_null(value))
			continue;
		violated(s, f, "the claims aud, exp, iat, iss and sub", value ? "%s is null" : "there is no %s",
		         always[i]);
		detail(f, NULL, arena_printf(s->a, "claim %s", always[i]), NULL);
		return;
	}
	if (azp && s->run->client_id && !(json_is_string(azp) && sv_eq(text_of(azp), sv_of(s->run->client_id)))) {
		violated(s, f, arena_printf(s->a, "azp \"%s\"", s->run->client_id), "azp is %s", shown(s, azp));
		detail(f, NULL, "claim azp", "set azp to the client_id, or leave it out");
	} else if (json_object_get(claims, "email") && !json_object_get(claims, "email_verified")) {
		violated(s, f, "email_verified beside email", "there is email, but no email_verified");
		detail(f, NULL, "claim email_verified", "send email_verified wherever email is sent");
	} else {
		pass(s, f, "aud, exp, iat, iss and sub are there");
	}
}

/* --- hd and locale ------------------------------------------------------------------------------------------------- */

static bool is_label_char(char c)
{
	return charset_is_alnum(c) || c == '-';
}

/* RFC 1123 §2.1: labels of letters, digits and inner hyphens, 63 at most, 253 in all. */
static bool is_host_name(struct sv s)
{
	struct sv label;

	if (s.n == 0 || s.n > 253)
		return false;
	for (struct sv rest = s; sv_cut(&rest, '.', &label);)
		if (label.n == 0 || label.n > 63 || charset_outside(label, is_label_char) >= 0 || label.p[0] == '-' ||
		    label.p[label.n - 1] == '-')
			return false;
	return true;
}

/* BCP 47 (RFC 5646 §2.1), as far as its grammar goes without the registry: subtags of 1 to 8 letters and digits, the first
 * of 2 to 8 letters, or x or i before others. */
static bool is_language_tag(struct sv s)
{
	struct sv subtag;
	size_t n = 0;

	for (struct sv rest = s; sv_cut(&rest, '-', &subtag); n++) {
		if (subtag.n == 0 || subtag.n > 8 || charset_outside(subtag, charset_is_alnum) >= 0)
			return false;
		for (size_t i = 0; n == 0 && i < subtag.n; i++)
			if (charset_is_digit(subtag.p[i]))
				return false;
		if (n == 0 && subtag.n == 1 && (!strchr("xXiI", subtag.p[0]) || !rest.p))
			return false;
	}
	return n > 0;
}

static bool is_tag_but_for_underscores(struct arena *a, struct sv s)
{
	char *text = arena_sv(a, s);

	for (size_t i = 0; i < s.n; i++)
		text[i] = text[i] == '_' ? '-' : text[i];
	return is_language_tag((struct sv){text, s.n});
}

CHECK(google_hd_locale, "google.hd-locale")
{
	const json_t *claims = subject_claims(s, f), *hd = json_object_get(claims, "hd"),
	             *locale = json_object_get(claims, "locale");

	if (!claims)
		return;
	if (!hd && !locale) {
		skip(s, f, "there is neither hd nor locale: they are optional");
	} else if (hd && !is_host_name(text_of(hd))) {
		violated(s, f, "hd: a domain such as brand.example", "hd is %s", shown(s, hd));
		detail(f, NULL, "claim hd", NULL);
	} else if (locale && !is_language_tag(text_of(locale))) {
		violated(s, f, "locale: a BCP 47 tag such as en-US", "locale is %s", shown(s, locale));
		detail(f, is_tag_but_for_underscores(s->a, text_of(locale)) ? "locale-underscore" : NULL,
		       "claim locale", NULL);
	} else {
		pass(s, f, "hd is %s, locale is %s", shown(s, hd), shown(s, locale));
	}
}
