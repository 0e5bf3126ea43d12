#include <string.h>

#include "checks/check.h"
#include "checks/document.h"
#include "checks/issuer.h"
#include "checks/parsed.h"
#include "checks/reply.h"

/* The discovery document: OpenID Connect Discovery 1.0 §3, §4; RFC 8414 §2, §3. */

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

/* False with f set where there is no reply of that address to look at. */
static bool is_fetched(struct subject *s, struct finding *f)
{
	if (strcmp(s->x->kind, "discovery") == 0)
		return reply_answered(s, f);
	skip(s, f, "this is not the reply of the discovery address");
	return false;
}

CHECK(disc_document, "disc.document")
{
	static const char expected[] = "status 200, Content-Type application/json and one JSON object";
	const char *problem;

	if (!is_fetched(s, f))
		return;
	if (s->x->status != 200) {
		violated(s, f, expected, "status %d", s->x->status);
		detail(f, NULL, "status", NULL);
	} else if (s->x->broken_off || s->x->body_cut) {
		cannot(s, f, "not all of the document is there: %s",
		       s->x->trouble ? s->x->trouble : "it is longer than what was kept");
	} else if ((problem = document_problem(s))) {
		violated(s, f, expected, "%s", problem);
		detail(f, NULL, "body", NULL);
	} else if (!json_is_object(subject_raw_json(s)->value)) {
		violated(s, f, expected, "the document is %s", shown(s, subject_raw_json(s)->value));
		detail(f, NULL, "body", NULL);
	} else if (!document_is_json(s, &problem)) {
		violated(s, f, expected, "%s", problem);
		detail(f, NULL, "header Content-Type", NULL);
	} else {
		pass(s, f, "a JSON object with %zu members", json_object_size(subject_raw_json(s)->value));
	}
}

/* What there is to look at. NULL with f set. Owner: disc.document. */
static const json_t *document(struct subject *s, struct finding *f)
{
	if (!is_fetched(s, f))
		return NULL;
	const json_t *value = s->x->status == 200 ? subject_raw_json(s)->value : NULL;
	if (json_is_object(value))
		return value;
	skip_owned(s, f, "disc.document");
	return NULL;
}

CHECK(disc_issuer, "disc.issuer")
{
	const json_t *d = document(s, f), *issuer = json_object_get(d, "issuer");
	const char *want = s->run->issuer ? s->run->issuer : "";

	if (!d)
		return;
	if (json_is_string(issuer) && sv_eq(text_of(issuer), sv_of(want))) {
		pass(s, f, "%s", shown(s, issuer));
		return;
	}
	if (issuer)
		violated(s, f, arena_printf(s->a, "issuer \"%s\"", want), "issuer is %s", shown(s, issuer));
	else
		violated(s, f, arena_printf(s->a, "issuer \"%s\"", want), "there is no issuer");
	detail(f, NULL, "body /issuer",
	       json_is_string(issuer) ? issuer_difference(text_of(issuer), sv_of(want)) : NULL);
}

/* --- metadata ------------------------------------------------------------------------------------------------------ */

static bool wrong(struct subject *s, struct finding *f, const char *name, const char *expected, const char *fix)
{
	const json_t *d = subject_raw_json(s)->value, *value = json_object_get(d, name);

	if (value)
		violated(s, f, expected, "%s is %s", name, shown(s, value));
	else
		violated(s, f, expected, "there is no %s", name);
	detail(f, NULL, value ? arena_printf(s->a, "body /%s", name) : "body", fix);
	return false;
}

static bool begins_with(struct sv url, struct sv scheme)
{
	return url.n > scheme.n && sv_eq_nocase((struct sv){url.p, scheme.n}, scheme);
}

/* A URL taken apart as far as comparing needs it (RFC 3986 §6.2.2.1, §6.2.3). */
struct url {
	struct sv scheme, host, rest;
};

static struct url url_of(struct sv text)
{
	struct url u = {0};
	long end = sv_find(text, SV("://"));
	size_t i = end < 0 ? 0 : (size_t)end + 3, from = i;

	u.scheme = (struct sv){text.p, end < 0 ? 0 : (size_t)end};
	while (i < text.n && text.p[i] != '/' && text.p[i] != '?' && text.p[i] != '#')
		i++;
	u.host = (struct sv){text.p + from, i - from};
	u.rest = (struct sv){text.p + i, text.n - i};
	if (sv_eq_nocase(u.scheme, SV("https")) && sv_ends(u.host, SV(":443")))
		u.host.n -= 4;
	else if (sv_eq_nocase(u.scheme, SV("http")) && sv_ends(u.host, SV(":80")))
		u.host.n -= 3;
	return u;
}

static bool same_url(struct sv one, const char *other)
{
	if (!one.p || !other)
		return false;
	struct url a = url_of(one), b = url_of(sv_of(other));
	return sv_eq_nocase(a.scheme, b.scheme) && sv_eq_nocase(a.host, b.host) && sv_eq(a.rest, b.rest);
}

/* Every member that holds an address is https, unless the target file itself has it otherwise. */
static bool addresses_are_https(struct subject *s, const json_t *d, struct finding *f)
{
	const char *name;
	const json_t *value;

	parsed_each(d, name, value)
	{
		bool address = sv_ends(sv_of(name), SV("_endpoint")) || strcmp(name, "jwks_uri") == 0;
		if (!address || (json_is_string(value) && begins_with(text_of(value), SV("https://"))))
			continue;
		/* A target on loopback may speak clear text. */
		if (begins_with(sv_of(s->run->token_endpoint), SV("http://")) &&
		    begins_with(text_of(value), SV("http://")))
			continue;
		return wrong(s, f, name, arena_printf(s->a, "%s: an https URL", name), NULL);
	}
	return true;
}

static bool required_are_there(struct subject *s, const json_t *d, struct finding *f)
{
	static const char *const addresses[] = {"authorization_endpoint", "token_endpoint", "jwks_uri"};
	static const char *const lists[] = {"response_types_supported", "subject_types_supported",
	                                    "id_token_signing_alg_values_supported"};

	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
		if (json_string_length(json_object_get(d, addresses[i])) == 0)
			return wrong(s, f, addresses[i], arena_printf(s->a, "%s: a URL", addresses[i]), NULL);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const json_t *list = json_object_get(d, lists[i]);
		bool good = json_array_size(list) > 0;
		for (size_t k = 0; k < json_array_size(list); k++)
			good = good && json_string_length(json_array_get(list, k)) > 0;
		if (!good)
			return wrong(s, f, lists[i], arena_printf(s->a, "%s: an array of strings, not empty", lists[i]),
			             NULL);
	}
	return true;
}

/* What LivePerson has been told, and what the document says of the same. */
static bool agrees_with_configuration(struct subject *s, const json_t *d, struct finding *f)
{
	const struct run_facts *run = s->run;
	const struct {
		const char *name, *want, * or ;
	} rows[] = {
	        {"token_endpoint", run->token_endpoint, run->published_token_endpoint},
	        {"authorization_endpoint", run->authorization_endpoint, NULL},
	        {"jwks_uri", run->jwks_uri, NULL},
	        {"userinfo_endpoint", run->userinfo_endpoint, NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const json_t *value = json_object_get(d, rows[i].name);
		if (!value || !rows[i].want || same_url(text_of(value), rows[i].want) ||
		    same_url(text_of(value), rows[i].or))
			continue;
		return wrong(s, f, rows[i].name,
		             arena_printf(s->a, "%s \"%s\", as in the target file", rows[i].name,
		                          rows[i].or ? rows[i].or : rows[i].want),
		             NULL);
	}
	return true;
}

static bool lists_algorithm(struct subject *s, const json_t *d, struct finding *f)
{
	const char *name = "id_token_signing_alg_values_supported", *want = s->run->algorithm;
	const json_t *list = json_object_get(d, name);

	want = want ? want : "RS256";
	for (size_t i = 0; i < json_array_size(list); i++)
		if (sv_eq(text_of(json_array_get(list, i)), sv_of(want)))
			return true;
	violated(s, f, arena_printf(s->a, "%s with %s", name, want), "%s is not in it", want);
	detail(f, NULL, arena_printf(s->a, "body /%s", name), arena_printf(s->a, "add %s to %s", want, name));
	return false;
}

CHECK(disc_metadata, "disc.metadata")
{
	const json_t *d = document(s, f);

	if (d && required_are_there(s, d, f) && addresses_are_https(s, d, f) && agrees_with_configuration(s, d, f) &&
	    lists_algorithm(s, d, f))
		pass(s, f, "what is required is there, and agrees with the target file");
}
