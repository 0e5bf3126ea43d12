#include "suite/target.h"

#include <string.h>

#include "core/limits.h"
#include "suite/companion.h"
#include "suite/hiding.h"
#include "suite/load.h"
#include "suite/tables.h"
#include "suite/target_authorization.h"
#include "suite/target_client.h"
#include "suite/target_keys.h"
#include "suite/target_supply.h"
#include "suite/url.h"
#include "suite/words.h"

/* A target file being read: what goes into struct target, and what is made into that. */
struct reading {
	struct target target;
	const char *ca_file;
	int64_t connections;
	const struct node *codes, *tokens, *logout; /* read once the rest is known */
};

static key_reader read_client, read_credentials, read_keys, read_authorization, keep_mapping, read_tls, read_limits;

#define INTO(member) offsetof(struct reading, member)

static const char *const connector_words[] = {"oauth2-rfc", "openid", NULL};
_Static_assert(CONNECTOR_OAUTH2_RFC == 0 && CONNECTOR_OPENID == 1, "… and so are these");

static const char *const pkce_words[] = {"none", "S256", "both", NULL};
_Static_assert(PKCE_NONE == 0 && PKCE_S256 == 1 && PKCE_BOTH == 2, "the words are in the enum's order");

const struct key target_keys[] = {
        KEY("target", read_text, INTO(target.name), .need = KEY_REQUIRED),
        KEY("profile", read_word, INTO(target.profile), .words = profile_words),
        KEY("issuer", read_text, INTO(target.issuer), .need = KEY_REQUIRED),
        KEY("token_endpoint", read_text, INTO(target.token_endpoint), .need = KEY_REQUIRED),
        KEY("published_token_endpoint", read_text, INTO(target.published_token_endpoint)),
        KEY("userinfo_endpoint", read_text, INTO(target.userinfo_endpoint)),
        KEY("discovery", read_boolean, INTO(target.discovery)),
        KEY("refresh_tokens", read_boolean, INTO(target.refresh_tokens)),
        KEY("connector", read_word, INTO(target.connector), .words = connector_words),
        KEY("authorization", read_authorization, 0),
        KEY("allow_http", read_boolean, INTO(target.allow_http)),
        KEY("client", read_client, 0, .need = KEY_REQUIRED),
        KEY("second_client", read_credentials, INTO(target.second_client)),
        KEY("encoded_client", read_credentials, INTO(target.encoded_client)),
        KEY("pkce", read_word, INTO(target.pkce), .words = pkce_words),
        KEY("redirect_uri", read_text, INTO(target.redirect_uri)),
        KEY("keys", read_keys, 0, .need = KEY_REQUIRED, .hint = "with 'jwks_uri', 'public_key' or 'public_key_file'"),
        KEY("audiences", read_texts, INTO(target.audiences)),
        KEY("clock_tolerance", read_integer, INTO(target.tolerance_s), .min = 0, .max = 600),
        KEY("codes", keep_mapping, INTO(codes), .need = KEY_REQUIRED,
            .hint = "where authorization codes come from, with 'from: list', 'from: command', 'from: http', 'from: "
                    "authorize' or 'from: prompt'"),
        KEY("tokens", keep_mapping, INTO(tokens)),
        KEY("logout", keep_mapping, INTO(logout)),
        KEY("tls", read_tls, 0),
        KEY("limits", read_limits, 0),
        {0},
};

const struct key tls_keys[] = {
        KEY("ca_file", read_text, INTO(ca_file)),
        {0},
};

const struct key limits_keys[] = {
        KEY("rate", read_number, INTO(target.limits.rate), .min = 0.001, .max = 1000),
        KEY("connections", read_integer, INTO(connections), .min = 1, .max = LIMIT_JOBS),
        KEY("timeout", read_seconds, INTO(target.limits.timeout_ms), .min = 1, .max = LIMIT_TIMEOUT_MAX_MS / 1000.0),
        KEY("latency_warn", read_seconds, INTO(target.limits.latency_warn_ms), .min = 0.001,
            .max = LIMIT_TIMEOUT_MAX_MS / 1000.0),
        KEY("latency_fail", read_seconds, INTO(target.limits.latency_fail_ms), .min = 0.001,
            .max = LIMIT_TIMEOUT_MAX_MS / 1000.0),
        {0},
};

static bool read_client(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	(void)k;
	return target_client_read(s, value, &r->target);
}

static bool read_credentials(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return target_credentials_read(s, value, k->name, into);
}

static bool read_keys(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	(void)k;
	return target_keys_read(s, value, &r->target);
}

static bool read_authorization(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	(void)k;
	return target_authorization_read(s, value, &r->target);
}

static bool keep_mapping(struct source *s, const struct key *k, const struct node *value, void *into)
{
	(void)s, (void)k;
	*(const struct node **)into = value;
	return true;
}

static bool read_tls(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;
	const char *full;

	(void)k;
	if (!read_mapping(s, value, tls_keys, r, "'tls'") || !r->ca_file)
		return false;
	if (companion_read(s, node_get(value, "ca_file"), r->ca_file, &full).p)
		r->target.tls.ca_file = full;
	return r->target.tls.ca_file;
}

static bool read_limits(struct source *s, const struct key *k, const struct node *value, void *into)
{
	(void)k;
	return read_mapping(s, value, limits_keys, into, "'limits'");
}

static void check_url(struct source *s, const struct node *mapping, const char *key, const char *text, bool allow_http)
{
	const struct node *n = mapping ? node_get(mapping, key) : NULL;
	const char *problem = n && text ? url_problem(text, allow_http) : NULL;

	if (problem)
		source_error(s, n->at, "'%s' cannot be used: %s", key, problem);
}

static void check_urls(struct source *s, const struct node *root, const struct target *t)
{
	const struct node *uri = node_get(root, "redirect_uri");
	const char *problem = uri && t->redirect_uri ? uri_problem(t->redirect_uri) : NULL;

	check_url(s, root, "token_endpoint", t->token_endpoint, t->allow_http);
	check_url(s, root, "published_token_endpoint", t->published_token_endpoint, false);
	check_url(s, root, "userinfo_endpoint", t->userinfo_endpoint, t->allow_http);
	check_url(s, node_get(root, "keys"), "jwks_uri", t->keys.jwks_uri, t->allow_http);
	if (problem)
		source_error(s, uri->at, "'redirect_uri' cannot be used: %s", problem);
	target_authorization_check(s, root, t);
}

static void check_latency(struct source *s, const struct node *root, const struct target *t)
{
	const struct node *limits = node_get(root, "limits");

	if (limits && t->limits.latency_warn_ms > t->limits.latency_fail_ms)
		source_error(s, limits->at, "'latency_warn' (%g s) is above 'latency_fail' (%g s)",
		             (double)t->limits.latency_warn_ms / 1000, (double)t->limits.latency_fail_ms / 1000);
}

void target_read(struct source *s, struct target *ret)
{
	static const char *nothing[] = {NULL};
	struct reading r = {
	        .target.path = s->path,
	        .target.redirect_uri = "https://liveperson.net",
	        .target.keys.algorithm = "RS256",
	        .target.audiences = nothing,
	        .target.tolerance_s = 60,
	        .target.code_margin_s = 5,
	        .target.codes.timeout_ms = LIMIT_COMMAND_MS,
	        .target.limits.timeout_ms = LIMIT_TIMEOUT_MS,
	        .target.limits.latency_warn_ms = 3000,
	        .target.limits.latency_fail_ms = 10000,
	        .target.authorization.scope = "openid",
	        .target.authorization.code = true,
	        .connections = 8,
	};

	s->variables = true;
	hide_lines(s);
	const struct node *root = yaml_parse(s);
	if (root) {
		hide_values(s, root);
		read_mapping(s, root, target_keys, &r, "a target file");
		check_urls(s, root, &r.target);
		target_clients_check(s, root, &r.target);
		if (r.codes)
			target_codes_read(s, r.codes, &r.target);
		if (r.tokens)
			target_tokens_read(s, r.tokens, &r.target);
		if (r.logout)
			target_logout_read(s, r.logout, &r.target);
		target_supplies_check(s, root, &r.target);
		check_latency(s, root, &r.target);
	}
	r.target.limits.connections = (int)r.connections;
	*ret = r.target;
}

void target_load(struct arena *a, const char *path, struct diags *d, struct target *ret)
{
	struct source s = {.a = a, .d = d, .path = arena_text(a, path)};

	*ret = (struct target){0};
	if (source_read(&s))
		target_read(&s, ret);
	diags_sort(d);
}
