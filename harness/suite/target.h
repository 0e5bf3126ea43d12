#ifndef BRANDCERT_SUITE_TARGET_H
#define BRANDCERT_SUITE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "suite/suite.h"

/* Where a brand is and what it supports: one YAML file. All strings are arena memory; NULL: not given. */

enum client_auth { CLIENT_SECRET_BASIC, CLIENT_SECRET_POST };

/* How connectors of LivePerson's two generations use redirect_uri and state. */
enum connector { CONNECTOR_OAUTH2_RFC, CONNECTOR_OPENID };

enum supply_from {
	FROM_NOWHERE, /* the target file does not say */
	FROM_REFERENCE,
	FROM_LIST,
	FROM_COMMAND,
	FROM_HTTP,
	FROM_AUTHORIZE,
	FROM_PROMPT,
};

/* Whether codes come from authorization requests with a PKCE challenge (S256). */
enum target_pkce {
	PKCE_NONE, /* the default */
	PKCE_S256,
	PKCE_BOTH, /* with one, and where a scenario asks for it, without */
};

struct listed_code {
	const char *code, *redirect_uri, *nonce, *code_verifier;
	bool second_consumer, encoded_client; /* `consumer: second`, `client: encoded` */
};

/*
 * Where codes come from, or tokens, or who logs a consumer out: the same words for all three. What a source does not use
 * is NULL.
 */
struct supply {
	enum supply_from from;
	struct listed_code *list; /* of tokens: `code` is the token */
	size_t nlist;
	const char **command;                    /* argv, NULL-terminated */
	int64_t timeout_ms;                      /* of one command, request or answer of a person */
	const char *folder;                      /* the command's working directory: the target file's */
	const char *control_url, *control_token; /* reference: the tenant's control URL and its bearer token */
	struct {
		const char *method, *url; /* default POST */
		const char **headers;     /* NULL-terminated lines "Name: value" */
		/* A template of {client_id}, {redirect_uri}, {nonce}, {state}, {consumer} (first or second), {code_challenge} and
		 * {code_challenge_method}, each with the filters form and json; NULL: no body. */
		const char *body;
		enum { TAKE_BODY, TAKE_HEADER, TAKE_REDIRECT, TAKE_TEXT } take; /* where in the reply it is */
		/* JSON pointer, header name, parameter of the Location; NULL: the whole body, trimmed */
		const char *what;
	} http;
	/* prompt: where on loopback the browser lands, "http://127.0.0.1:8910/cb" (a registered redirect_uri); NULL: the
	 * person pastes the URL */
	const char *listen;
};

/* One page of a login: the form to find on it, and what a person would fill in. */
struct login_form {
	const char *form; /* its id, name or action; NULL: the first form that has all of the fields */
	struct fields fields;
	const char *submit; /* name or value of the button that is pressed; NULL: the first */
	bool optional;      /* the page may not come, like a consent that was given before */
};

struct login {
	const char *cookies; /* "name=value; name=value" that the browser begins with, or NULL */
	struct login_form *forms;
	size_t n;
};

struct authorization {
	const char *endpoint;
	/* The external window's own address. Connector oauth2-rfc: the redirect_uri at both endpoints; openid: at this one, with
	 * a query of its own, while the token endpoint gets target.redirect_uri. NULL: target.redirect_uri */
	const char *redirect_uri;
	const char *scope;          /* default openid; "" sends none */
	bool code, id_token, token; /* response types that the brand supports; default code alone */
	struct fields parameters;   /* further ones of each request, as they are */
	const char **hosts;         /* NULL-terminated: to which the login may lead beside the endpoint's own */
	struct login login;         /* of the first consumer; no cookies and no forms: nobody can log in */
	struct login second_login;  /* of the second */
	struct login deny;          /* of the first, who says no in the end */
};

struct client_credentials {
	const char *id, *secret;
};

struct target {
	const char **has; /* of a recorded run: what target_has() says, whatever the rest; NULL: the rest decides */
	const char *path;
	const char *name; /* target */
	enum profile profile;
	const char *issuer;
	const char *token_endpoint;
	const char *userinfo_endpoint;
	const char *
	        published_token_endpoint; /* as LivePerson has it, where the tested one is reached otherwise; or NULL */
	bool discovery;                   /* the brand publishes a discovery document below its issuer */
	bool refresh_tokens;              /* the brand issues them */
	enum connector connector;
	struct authorization authorization;
	bool allow_http;
	struct {
		const char *id, *secret; /* secret or secret_file */
		enum client_auth authentication;
		bool raw_basic; /* basic_encoding: raw: id and secret go into Basic as they are, not form-encoded first */
		bool says_encoding; /* the file has basic_encoding; else a run may find out: see commands/spelling.h */
	} client;
	struct client_credentials second_client; /* another registered client: a code of ours is none of its */
	struct client_credentials
	        encoded_client; /* a client whose secret holds characters that form encoding changes */
	enum target_pkce pkce;
	const char *redirect_uri; /* default https://liveperson.net */
	struct {
		const char *jwks_uri;
		const char *public_key;     /* the text, pasted or from public_key_file */
		bool from_file;             /* the latter: in what form LivePerson was given it is not known */
		const char *algorithm;      /* default RS256 */
		const char *decryption_key; /* PEM of the private RSA key that stands in for LivePerson's; set: the
		                             * id_token is agreed to be encrypted to it */
	} keys;
	const char **audiences; /* trusted further audiences, NULL-terminated */
	int64_t tolerance_s;    /* clock tolerance, default 60 */
	struct supply codes;
	struct supply tokens; /* of the implicit flow */
	struct supply logout; /* logs a test consumer out of the brand's session; FROM_COMMAND, _HTTP or _REFERENCE */
	/* what else the target file's `codes` says */
	int64_t code_lifetime_s;  /* 0: not declared */
	int64_t code_margin_s;    /* waited beyond the lifetime before a code counts as expired; default 5 */
	bool second_consumer;     /* codes, tokens and logins can be had for a second test consumer, too */
	const char *expired_code; /* one that has expired already, or NULL */
	/* Every secret that was written in the file beside those above: passwords, cookies, headers of hooks. For masking;
	 * NULL-terminated. */
	const char **secrets;
	struct {
		const char *ca_file;
	} tls;
	struct {
		double rate;                              /* exchanges a second, 0: unlimited */
		int connections;                          /* in parallel, default 8 */
		int64_t timeout_ms;                       /* of one exchange, default LIMIT_TIMEOUT_MS */
		int64_t latency_warn_ms, latency_fail_ms; /* default 3000 and 10000 */
	} limits;
};

/*
 * Reads and checks a target file; every mistake goes to d (look at d->errors), a literal client secret is a warning.
 * ${NAME} in any string takes the environment variable NAME; $$ is a dollar sign. Paths are relative to the file.
 */
void target_load(struct arena *a, const char *path, struct diags *d, struct target *ret);

/* The names that the target meets, NULL-terminated arena memory: for run_facts.has. */
const char **target_needs_met(struct arena *a, const struct target *t);
/* True when the target file sets what `need` (a scenario's `needs` entry) names. */
bool target_has(const struct target *t, const char *need);
/* How a target file says it: "connector: openid". */
const char *target_need_words(const char *need);
/* The names that `needs` may use, NULL-terminated. */
extern const char *const target_needs[];

#endif
