#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/front.h"
#include "core/text.h"

/* What the agent sees of the consumer, how the login was done, and how large it all is. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

/* --- names and picture: OpenID Connect Core §5.1 and §5.3.2 --------------------------------------------------------- */

static bool starts_nocase(struct sv s, struct sv prefix)
{
	return s.n >= prefix.n && sv_eq_nocase((struct sv){s.p, prefix.n}, prefix);
}

static const char *bad_picture(struct sv url)
{
	bool https = starts_nocase(url, SV("https://")), http = starts_nocase(url, SV("http://"));
	size_t scheme = https ? 8 : 7;

	if (!https && !http)
		return "it is not an absolute http or https URL";
	if (url.n == scheme || strchr("/?#:", url.p[scheme]))
		return "it has no host";
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= 0x20)
			return "it has characters that no URL has";
	return https ? NULL : "its scheme is http";
}

CHECK(idtoken_profile_types, "idtoken.profile-types")
{
	static const char *const names[] = {"given_name", "family_name", "preferred_username", "gender", "picture"};
	const json_t *claims = subject_claims(s, f);
	const char *problem;
	int seen = 0;

	if (!claims)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const json_t *value = json_object_get(claims, names[i]);
		if (!value)
			continue;
		seen++;
		const char *where = arena_printf(s->a, "claim %s", names[i]);
		if (json_string_length(value) == 0) {
			violated(s, f, arena_printf(s->a, "%s: a non-empty string, or no such claim", names[i]),
			         "%s is %s", names[i], shown(s, value));
			detail(f, NULL, where, NULL);
			return;
		}
		if (strcmp(names[i], "picture") == 0 && (problem = bad_picture(text_of(value)))) {
			violated(s, f, "picture: an https URL", "picture is %s: %s", shown(s, value), problem);
			detail(f, NULL, where, NULL);
			return;
		}
	}
	if (seen)
		pass(s, f, "%d claims, all of them non-empty strings", seen);
	else
		skip(s, f, "there is none of these claims: they are optional");
}

/* --- acr and amr: OpenID Connect Core §2 ---------------------------------------------------------------------------- */

static bool is_list_of_strings(const json_t *value)
{
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!json_is_string(json_array_get(value, i)))
			return false;
	return json_is_array(value);
}

CHECK(idtoken_acr_amr, "idtoken.acr-amr")
{
	const json_t *claims = subject_claims(s, f), *acr = json_object_get(claims, "acr"),
	             *amr = json_object_get(claims, "amr");

	if (!claims)
		return;
	if (!acr && !amr) {
		skip(s, f, "there is neither acr nor amr: they are optional");
	} else if (acr && json_string_length(acr) == 0) {
		violated(s, f, "acr: a non-empty string", "acr is %s", shown(s, acr));
		detail(f, NULL, "claim acr", NULL);
	} else if (amr && !is_list_of_strings(amr)) {
		violated(s, f, "amr: an array of strings", "amr is %s", shown(s, amr));
		detail(f, NULL, "claim amr", json_is_string(amr) ? "put the string into an array: [\"pwd\"]" : NULL);
	} else if (acr && !sv_eq(text_of(acr), SV("loa1"))) {
		violated(s, f, "acr \"loa1\", the only one that LivePerson supports", "acr is %s", shown(s, acr));
		detail(f, "other-acr", "claim acr", NULL);
	} else {
		pass(s, f, "acr is %s, amr is %s", shown(s, acr), shown(s, amr));
	}
}

/* --- size ---------------------------------------------------------------------------------------------------------- */

CHECK(idtoken_size, "idtoken.size")
{
	static const struct {
		size_t bytes;
		const char *violates;
	} bounds[] = {{65536, "over-64k"}, {8192, "over-8k"}, {4096, "over-4k"}};
	struct sv token = subject_id_token(s, f);

	if (!token.p)
		return;
	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
		if (token.n > bounds[i].bytes) {
			violated(s, f, "an id_token of 4096 bytes or less", "%zu bytes", token.n);
			detail(f, bounds[i].violates, front_where(s), NULL);
			return;
		}
	pass(s, f, "%zu bytes", token.n);
}
