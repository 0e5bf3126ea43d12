#include <string.h>

#include "checks/check.h"
#include "checks/userinfo.h"

/* What userinfo says of the consumer, beside what the id_token says: OpenID Connect Core §5.1, §5.3.2. */

const struct standard_claim standard_claims[] = {
        {"name", CLAIM_STRING},
        {"given_name", CLAIM_STRING},
        {"family_name", CLAIM_STRING},
        {"middle_name", CLAIM_STRING},
        {"nickname", CLAIM_STRING},
        {"preferred_username", CLAIM_STRING},
        {"profile", CLAIM_STRING},
        {"picture", CLAIM_STRING},
        {"website", CLAIM_STRING},
        {"email", CLAIM_STRING},
        {"email_verified", CLAIM_BOOLEAN},
        {"gender", CLAIM_STRING},
        {"birthdate", CLAIM_STRING},
        {"zoneinfo", CLAIM_STRING},
        {"locale", CLAIM_STRING},
        {"phone_number", CLAIM_STRING},
        {"phone_number_verified", CLAIM_BOOLEAN},
        {"address", CLAIM_OBJECT},
        {"updated_at", CLAIM_NUMBER},
        {0},
};

bool userinfo_same(const json_t *one, const json_t *other)
{
	if (json_is_number(one) && json_is_number(other))
		return json_number_value(one) == json_number_value(other);
	return one == other || (one && other && json_equal(one, other));
}

static const char *type_text(const struct standard_claim *c)
{
	switch (c->type) {
	case CLAIM_STRING:
		return "a non-empty string";
	case CLAIM_BOOLEAN:
		return "true or false";
	case CLAIM_NUMBER:
		return "a number of seconds";
	case CLAIM_OBJECT:
		return "an object";
	}
	return "";
}

static bool has_type(const struct standard_claim *c, const json_t *value)
{
	switch (c->type) {
	case CLAIM_STRING:
		return json_string_length(value) > 0;
	case CLAIM_BOOLEAN:
		return json_is_boolean(value);
	case CLAIM_NUMBER:
		return json_is_number(value);
	case CLAIM_OBJECT:
		return json_is_object(value);
	}
	return true;
}

/* A claim that userinfo has in a wrong form; what is wrong in the id_token in the same way is told there. */
static bool badly_typed(struct subject *s, const json_t *claims, const json_t *token, struct finding *f)
{
	for (const struct standard_claim *c = standard_claims; c->name; c++) {
		const json_t *value = json_object_get(claims, c->name);
		if (!value || has_type(c, value) || userinfo_same(value, json_object_get(token, c->name)))
			continue;
		violated(s, f, arena_printf(s->a, "%s: %s, or no such claim", c->name, type_text(c)), "%s is %s",
		         c->name, shown(s, value));
		detail(f, NULL, arena_printf(s->a, "body /%s", c->name), NULL);
		return true;
	}
	return false;
}

/* The moment of the last change may pass between the two. */
static bool contradicts(struct subject *s, const json_t *claims, const json_t *token, size_t *common, struct finding *f)
{
	for (const struct standard_claim *c = standard_claims; c->name; c++) {
		const json_t *value = json_object_get(claims, c->name), *other = json_object_get(token, c->name);
		if (!value || !other || strcmp(c->name, "updated_at") == 0)
			continue;
		++*common;
		if (userinfo_same(value, other))
			continue;
		violated(s, f, arena_printf(s->a, "%s as in the id_token: %s", c->name, shown(s, other)), "%s is %s",
		         c->name, shown(s, value));
		detail(f, NULL, arena_printf(s->a, "body /%s", c->name), NULL);
		return true;
	}
	return false;
}

CHECK(ui_claims_consistent, "ui.claims-consistent")
{
	const json_t *claims = userinfo_claims(s, f), *token = NULL;
	struct subject *login = userinfo_login(s);
	struct finding unread = {0};
	size_t common = 0;

	if (!claims)
		return;
	if (login)
		token = subject_claims(login, &unread);
	if (token && !userinfo_same(json_object_get(claims, "sub"), json_object_get(token, "sub"))) {
		skip_owned(s, f, "ui.sub-match");
		return;
	}
	if (badly_typed(s, claims, token, f) || contradicts(s, claims, token, &common, f))
		return;
	if (token)
		pass(s, f, "%zu claims of both are the same", common);
	else if (login)
		*f = unread;
	else
		skip(s, f, "the access token that was shown is none of this scenario's");
}
