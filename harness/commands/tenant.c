#include "commands/tenant.h"

#include <string.h>

static const char *text(struct arena *a, const json_t *facts, const char *name)
{
	return arena_text(a, json_string_value(json_object_get(facts, name)));
}

static int required(struct arena *a, const json_t *facts, struct target *t, struct err *e)
{
	const struct {
		const char *name, **to;
	} members[] = {
	        {"issuer", &t->issuer},
	        {"token_endpoint", &t->token_endpoint},
	        {"userinfo_endpoint", &t->userinfo_endpoint},
	        {"client_id", &t->client.id},
	        {"client_secret", &t->client.secret},
	        {"second_client_id", &t->second_client.id},
	        {"second_client_secret", &t->second_client.secret},
	        {"encoded_client_id", &t->encoded_client.id},
	        {"encoded_client_secret", &t->encoded_client.secret},
	        {"redirect_uri", &t->redirect_uri},
	        {"control_url", &t->codes.control_url},
	};

	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		*members[i].to = text(a, facts, members[i].name);
		if (!*members[i].to)
			return err_trouble(e, "the reference brand made a tenant without '%s'", members[i].name);
	}
	t->keys.jwks_uri = text(a, facts, "jwks_uri");
	/* only where its faults say so: a key that was registered as text, and encryption */
	t->keys.public_key = text(a, facts, "public_key");
	t->keys.decryption_key = text(a, facts, "decryption_key");
	if (t->keys.public_key)
		t->keys.jwks_uri = NULL;
	else if (!t->keys.jwks_uri)
		return err_trouble(e, "the reference brand made a tenant without '%s'", "jwks_uri");
	return 0;
}

/* A user's way through the two pages: the login, then the consent, where `button` is pressed. */
static struct login login_of(struct arena *a, const json_t *user, const char *button)
{
	struct login login = {.forms = arena_array(a, 2, sizeof *login.forms), .n = 2};
	struct field *fields = arena_array(a, 2, sizeof *fields);

	fields[0] = (struct field){"username", text(a, user, "name")};
	fields[1] = (struct field){"password", text(a, user, "password")};
	login.forms[0] = (struct login_form){.fields = {fields, 2}, .submit = "login"};
	login.forms[1] = (struct login_form){.form = "consent", .submit = button};
	return login;
}

static void keep_secret(struct arena *a, struct target *t, const char *secret)
{
	size_t n = 0;

	while (t->secrets && t->secrets[n])
		n++;
	const char **longer = arena_array(a, n + 2, sizeof *longer);
	for (size_t i = 0; i < n; i++)
		longer[i] = t->secrets[i];
	longer[n] = secret;
	t->secrets = longer;
}

/* Its control API, for another thing than codes. */
static struct supply from_reference(const struct target *t)
{
	return (struct supply){
	        .from = FROM_REFERENCE, .control_url = t->codes.control_url, .control_token = t->codes.control_token};
}

static void authorize(struct arena *a, const json_t *facts, struct target *t)
{
	const json_t *users = json_object_get(facts, "users"), *first = json_array_get(users, 0),
	             *second = json_array_get(users, 1), *user;
	size_t i;

	t->authorization = (struct authorization){.scope = t->authorization.scope};
	t->tokens = t->logout = (struct supply){0};
	if (!text(a, facts, "authorization_endpoint") || json_array_size(users) < 2)
		return;
	json_array_foreach(users, i, user)
	{
		const char *password = text(a, user, "password");
		if (!text(a, user, "name") || !password)
			return;
		keep_secret(a, t, password);
	}
	t->authorization.endpoint = text(a, facts, "authorization_endpoint");
	t->authorization.redirect_uri = text(a, facts, "window_uri");
	t->authorization.code = t->authorization.id_token = true;
	t->authorization.token = t->connector == CONNECTOR_OPENID;
	t->authorization.login = login_of(a, first, "allow");
	t->authorization.second_login = login_of(a, second, "allow");
	t->authorization.deny = login_of(a, first, "deny");
	t->tokens = from_reference(t);
	t->logout = from_reference(t);
}

int tenant_apply(struct arena *a, const json_t *facts, struct target *t, struct err *e)
{
	const char *connector = json_string_value(json_object_get(facts, "connector"));

	if (required(a, facts, t, e) < 0)
		return -1;
	t->connector = connector && strcmp(connector, "openid") == 0 ? CONNECTOR_OPENID : CONNECTOR_OAUTH2_RFC;
	t->discovery = json_is_true(json_object_get(facts, "discovery"));
	t->refresh_tokens = json_is_true(json_object_get(facts, "refresh_tokens"));
	t->published_token_endpoint = text(a, facts, "published_token_endpoint");
	authorize(a, facts, t);
	return 0;
}
