#include <string.h>

#include "suite/target.h"

static bool can_log_in(const struct login *login)
{
	return login->cookies || login->n;
}

/* Form encoding leaves letters, digits and these alone: RFC 6749 Appendix B. */
static bool is_changed(const char *text)
{
	static const char plain[] = "-._*0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	return text && text[strspn(text, plain)];
}

/* Basic credentials whose two spellings differ, encoded and not. */
static bool is_encodable(const struct target *t)
{
	return t->client.authentication == CLIENT_SECRET_BASIC &&
	       (is_changed(t->client.id) || is_changed(t->client.secret));
}

/* Name, when it is met, and how a target file says it. */
#define NEEDS(X)                                                                                                  \
	X("codes.lifetime", t->code_lifetime_s > 0, "codes.lifetime")                                             \
	X("keys.jwks_uri", t->keys.jwks_uri != NULL, "keys.jwks_uri")                                             \
	X("keys.public_key", t->keys.public_key != NULL, "keys.public_key")                                       \
	X("keys.pasted", t->keys.public_key && !t->keys.from_file, "keys.public_key")                             \
	X("userinfo_endpoint", t->userinfo_endpoint != NULL, "userinfo_endpoint")                                 \
	X("second_client", t->second_client.id != NULL, "second_client")                                          \
	X("encoded_client", t->encoded_client.id != NULL, "encoded_client")                                       \
	X("codes.second_consumer", t->second_consumer, "codes.second_consumer: true")                             \
	X("pkce", t->pkce != PKCE_NONE, "pkce: S256")                                                             \
	X("pkce.without", t->pkce != PKCE_S256, "pkce: none")                                                     \
	X("keys.decryption_key_file", t->keys.decryption_key != NULL, "keys.decryption_key_file")                 \
	X("client.secret", t->client.secret != NULL, "client.secret")                                             \
	X("client.encodable", is_encodable(t),                                                                    \
	  "a client id or secret with characters that form encoding changes, and client_secret_basic")            \
	X("codes.expired_code", t->expired_code != NULL, "codes.expired_code")                                    \
	X("tokens", t->tokens.from != FROM_NOWHERE, "tokens")                                                     \
	X("logout", t->logout.from != FROM_NOWHERE, "logout")                                                     \
	X("discovery", t->discovery, "discovery: true")                                                           \
	X("refresh_tokens", t->refresh_tokens, "refresh_tokens: true")                                            \
	X("published_token_endpoint", t->published_token_endpoint != NULL, "published_token_endpoint")            \
	X("https", t->token_endpoint && !strncmp(t->token_endpoint, "https:", 6), "an https:// token_endpoint")   \
	X("connector.oauth2-rfc", t->connector == CONNECTOR_OAUTH2_RFC, "connector: oauth2-rfc")                  \
	X("connector.openid", t->connector == CONNECTOR_OPENID, "connector: openid")                              \
	X("authorization", t->authorization.endpoint != NULL, "authorization")                                    \
	X("authorization.redirect_uri", t->authorization.redirect_uri != NULL, "authorization.redirect_uri")      \
	X("authorization.login", can_log_in(&t->authorization.login), "authorization.login")                      \
	X("authorization.second_login", can_log_in(&t->authorization.second_login), "authorization.second_login") \
	X("authorization.deny", can_log_in(&t->authorization.deny), "authorization.deny")                         \
	X("authorization.code", t->authorization.endpoint && t->authorization.code,                               \
	  "authorization.response_types: [code]")                                                                 \
	X("authorization.id_token", t->authorization.id_token, "authorization.response_types: [id_token]")        \
	X("authorization.token", t->authorization.token, "authorization.response_types: [token]")                 \
	X("audiences", t->audiences && t->audiences[0], "audiences")                                              \
	X("tls.ca_file", t->tls.ca_file != NULL, "tls.ca_file")

#define NEED_NAME(name, set, words) name,
const char *const target_needs[] = {NEEDS(NEED_NAME) NULL};

bool target_has(const struct target *t, const char *need)
{
	for (size_t i = 0; t->has && t->has[i]; i++)
		if (!strcmp(t->has[i], need))
			return true;
	if (t->has)
		return false;
#define NEED_SET(name, set, words) \
	if (!strcmp(need, name))   \
		return set;
	NEEDS(NEED_SET)
	return false;
}

const char *target_need_words(const char *need)
{
#define NEED_WORDS(name, set, words) \
	if (!strcmp(need, name))     \
		return words;
	NEEDS(NEED_WORDS)
	return need;
}

const char **target_needs_met(struct arena *a, const struct target *t)
{
	const char **met = arena_array(a, sizeof target_needs / sizeof *target_needs, sizeof *met);
	size_t n = 0;

	for (size_t i = 0; target_needs[i]; i++)
		if (target_has(t, target_needs[i]))
			met[n++] = target_needs[i];
	return met;
}
