#include "checks/check.h"
#include "checks/front.h"

/* aud and azp: OpenID Connect Core §2 and §3.1.3.7, RFC 7519 §4.1.3. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

static bool is(const json_t *value, const char *text)
{
	return json_is_string(value) && text && sv_eq(text_of(value), sv_of(text));
}

/* A string stands for an array of one. NULL behind the last. */
static const json_t *nth(const json_t *aud, size_t i)
{
	if (json_is_string(aud))
		return i == 0 ? aud : NULL;
	return json_array_get(aud, i);
}

static bool is_audience(const json_t *aud)
{
	for (size_t i = 0; nth(aud, i); i++)
		if (json_string_length(nth(aud, i)) == 0)
			return false;
	return nth(aud, 0) != NULL;
}

CHECK(idtoken_aud_present, "idtoken.aud.present")
{
	static const char expected[] = "aud: a string, or an array of strings";
	const json_t *claims = subject_claims(s, f), *aud = json_object_get(claims, "aud");

	if (!claims)
		return;
	if (is_audience(aud)) {
		pass(s, f, "%s", shown(s, aud));
		return;
	}
	if (!aud && front_is(s)) {
		skip_owned(s, f, "imp.aud");
		return;
	}
	if (!aud) {
		violated(s, f, "aud with the client_id", "there is no aud");
		detail(f, "absent", "claim aud", NULL);
		return;
	}
	if (json_array_size(aud) > 0) {
		size_t i = 0;
		while (json_string_length(json_array_get(aud, i)) > 0)
			i++;
		violated(s, f, expected, "element %zu of aud is %s", i, shown(s, json_array_get(aud, i)));
	} else {
		violated(s, f, expected, "aud is %s", shown(s, aud));
	}
	detail(f, NULL, "claim aud", NULL);
}

static bool is_trusted(const struct run_facts *run, const json_t *audience)
{
	if (is(audience, run->client_id))
		return true;
	for (const char **a = run->audiences; a && *a; a++)
		if (is(audience, *a))
			return true;
	return false;
}

/* The first audience that is neither the client nor trusted, NULL: none; *client: the client is among them. */
static const json_t *stranger(const struct run_facts *run, const json_t *aud, bool *client)
{
	const json_t *found = NULL;

	*client = false;
	for (size_t i = 0; nth(aud, i); i++) {
		*client = *client || is(nth(aud, i), run->client_id);
		if (!found && !is_trusted(run, nth(aud, i)))
			found = nth(aud, i);
	}
	return found;
}

CHECK(idtoken_aud_extra_azp, "idtoken.aud.extra-azp")
{
	const json_t *claims = subject_claims(s, f), *aud = json_object_get(claims, "aud"),
	             *azp = json_object_get(claims, "azp"), *other;
	bool client;

	if (!claims)
		return;
	if (!s->run->client_id) {
		skip(s, f, "the target file names no client_id");
		return;
	}
	other = stranger(s->run, aud, &client);
	if (aud && !is_audience(aud)) {
		skip_owned(s, f, "idtoken.aud.present");
	} else if (aud && !client) {
		skip_owned(s, f, front_is(s) ? "imp.aud" : "idtoken.aud.contains-client");
	} else if (other) {
		violated(s, f, "no audience beside the client_id that is not trusted", "aud also has %s",
		         shown(s, other));
		detail(f, NULL, "claim aud",
		       "issue a token of its own for each audience, or name this one under 'audiences' in the target "
		       "file "
		       "when LivePerson may trust it");
	} else if (azp && !is(azp, s->run->client_id)) {
		violated(s, f, arena_printf(s->a, "azp \"%s\", or none", s->run->client_id), "azp is %s",
		         shown(s, azp));
		detail(f, NULL, "claim azp", NULL);
	} else if (!aud) {
		skip_owned(s, f, front_is(s) ? "imp.aud" : "idtoken.aud.present");
	} else {
		pass(s, f, "aud is %s, azp is %s", shown(s, aud), shown(s, azp));
	}
}
