#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/issuer.h"

/* iss: OpenID Connect Core §2, Discovery §3. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

bool issuer_is_google(const struct run_facts *run)
{
	return run->issuer && (strcmp(run->issuer, ISSUER_GOOGLE) == 0 || strcmp(run->issuer, ISSUER_GOOGLE_BARE) == 0);
}

static struct sv without_slash(struct sv s)
{
	return sv_ends(s, SV("/")) ? (struct sv){s.p, s.n - 1} : s;
}

static struct sv without_scheme(struct sv s)
{
	long at = sv_find(s, SV("://"));

	return at < 0 ? s : (struct sv){s.p + at + 3, s.n - (size_t)at - 3};
}

const char *issuer_difference(struct sv have, struct sv want)
{
	if (sv_eq(sv_trim(have), want))
		return "the difference is blanks at its ends: take them out";
	if (sv_eq(without_slash(have), without_slash(want)))
		return have.n > want.n ? "the difference is the slash at its end: leave it out"
		                       : "the difference is a missing slash at its end: add it";
	if (sv_eq_nocase(have, want))
		return "the difference is letter case: the issuer is compared exactly";
	if (sv_eq(without_scheme(have), without_scheme(want)))
		return "the difference is the scheme: write it as it is configured, https:// included";
	if (sv_eq_nocase(without_slash(without_scheme(have)), without_slash(without_scheme(want))))
		return "scheme, slash or letter case differ: copy the issuer exactly";
	return NULL;
}

/* Everything about an iss that is not the string it has to be. */
void issuer_judge(struct subject *s, struct finding *f, const json_t *iss, const char *want)
{
	const char *expected = arena_printf(s->a, "iss \"%s\"", want), *fix = NULL;

	if (json_is_string(iss) && sv_eq(text_of(iss), sv_of(want))) {
		pass(s, f, "%s", shown(s, iss));
		return;
	}
	if (!iss) {
		violated(s, f, expected, "there is no iss");
	} else {
		violated(s, f, expected, "iss is %s", shown(s, iss));
		if (json_is_string(iss))
			fix = issuer_difference(text_of(iss), sv_of(want));
	}
	detail(f, NULL, "claim iss", fix);
}

CHECK(idtoken_iss_exact, "idtoken.iss.exact")
{
	const json_t *claims = subject_claims(s, f);

	if (!claims)
		return;
	if (!s->run->issuer)
		skip(s, f, "the target file names no issuer");
	else if (s->profile == PROFILE_GOOGLE && issuer_is_google(s->run))
		skip_owned(s, f, "google.iss");
	else
		issuer_judge(s, f, json_object_get(claims, "iss"), s->run->issuer);
}

static bool is_host_char(char c)
{
	return charset_is_alnum(c) || c == '-' || c == '.' || c == ':' || c == '[' || c == ']' || c == '_';
}

/* What keeps it from being an https URL without query and fragment, or NULL. */
static const char *not_https_url(struct sv iss)
{
	struct sv rest, host;
	long slash;

	if (iss.n < 8 || !sv_eq_nocase((struct sv){iss.p, 8}, SV("https://")))
		return iss.n >= 7 && sv_eq_nocase((struct sv){iss.p, 7}, SV("http://"))
		               ? "its scheme is http"
		               : "it does not begin with https://";
	rest = (struct sv){iss.p + 8, iss.n - 8};
	if (sv_find_char(rest, '?') >= 0)
		return "it has a query";
	if (sv_find_char(rest, '#') >= 0)
		return "it has a fragment";
	if (charset_outside(rest, charset_is_nqchar) >= 0)
		return "it has characters that no URL has";
	slash = sv_find_char(rest, '/');
	host = slash < 0 ? rest : (struct sv){rest.p, (size_t)slash};
	if (host.n == 0)
		return "it has no host";
	return charset_outside(host, is_host_char) >= 0 ? "its host cannot be one" : NULL;
}

CHECK(idtoken_iss_https_url, "idtoken.iss.https-url")
{
	const json_t *claims = subject_claims(s, f), *iss = json_object_get(claims, "iss");
	const char *problem;

	if (!claims)
		return;
	if (json_string_length(iss) == 0) {
		skip_owned(s, f, "idtoken.iss.exact");
		return;
	}
	problem = not_https_url(text_of(iss));
	if (!problem) {
		pass(s, f, "%s", shown(s, iss));
	} else if (s->profile == PROFILE_GOOGLE && sv_eq(text_of(iss), SV(ISSUER_GOOGLE_BARE))) {
		skip_owned(s, f, "google.iss");
	} else {
		violated(s, f, "iss: an https URL without query and fragment", "iss is %s: %s", shown(s, iss), problem);
		detail(f, NULL, "claim iss", NULL);
	}
}
