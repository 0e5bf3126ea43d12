#include "suite/target.h"

#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "suite/companion.h"
#include "suite/hiding.h"
#include "suite/load.h"
#include "suite/tables.h"
#include "suite/target_codes.h"
#include "suite/url.h"
#include "suite/words.h"

/* A target file being read: what goes into struct target, and what is made into that. */
struct reading {
	struct target target;
	const char *secret_file, *public_key_file, *ca_file;
	int64_t connections;
	const struct node *codes;
};

static key_reader read_client, read_keys, keep_codes, read_tls, read_limits;

#define INTO(member) offsetof(struct reading, member)

static const char *const authentications[] = {"client_secret_basic", "client_secret_post", NULL};
static const char *const algorithms[] = {"RS256", "RS384", "RS512", "PS256", "PS384",
                                         "PS512", "ES256", "ES384", "ES512", NULL};

const struct key target_keys[] = {
        KEY("target", read_text, INTO(target.name), .need = KEY_REQUIRED),
        KEY("profile", read_word, INTO(target.profile), .words = profile_words),
        KEY("issuer", read_text, INTO(target.issuer), .need = KEY_REQUIRED),
        KEY("token_endpoint", read_text, INTO(target.token_endpoint), .need = KEY_REQUIRED),
        KEY("userinfo_endpoint", read_text, INTO(target.userinfo_endpoint)),
        KEY("allow_http", read_boolean, INTO(target.allow_http)),
        KEY("client", read_client, 0, .need = KEY_REQUIRED),
        KEY("redirect_uri", read_text, INTO(target.redirect_uri)),
        KEY("keys", read_keys, 0, .need = KEY_REQUIRED, .hint = "with 'jwks_uri', 'public_key' or 'public_key_file'"),
        KEY("audiences", read_texts, INTO(target.audiences)),
        KEY("clock_tolerance", read_integer, INTO(target.tolerance_s), .min = 0, .max = 600),
        KEY("codes", keep_codes, 0, .need = KEY_REQUIRED,
            .hint = "where authorization codes come from, with 'from: reference', 'from: list' or 'from: command'"),
        KEY("tls", read_tls, 0),
        KEY("limits", read_limits, 0),
        {0},
};

const struct key client_keys[] = {
        KEY("id", read_text, INTO(target.client.id), .need = KEY_REQUIRED),
        KEY("secret", read_text, INTO(target.client.secret)),
        KEY("secret_file", read_text, INTO(secret_file)),
        KEY("authentication", read_word, INTO(target.client.authentication), .words = authentications),
        {0},
};

const struct key keys_keys[] = {
        KEY("jwks_uri", read_text, INTO(target.keys.jwks_uri)),
        KEY("public_key", read_text, INTO(target.keys.public_key)),
        KEY("public_key_file", read_text, INTO(public_key_file)),
        KEY("algorithm", read_text, INTO(target.keys.algorithm)),
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
        {0},
};

static bool read_client(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;
	size_t before = s->mistakes;

	(void)k;
	read_mapping(s, value, client_keys, r, "'client'");
	const struct node *secret = node_get(value, "secret"), *file = node_get(value, "secret_file");
	if (secret && file)
		source_error(s, file->at, "'client' has 'secret' or 'secret_file', not both");
	else if (!secret && !file && s->mistakes == before)
		source_error(s, value->at, "'client' needs 'secret' or 'secret_file'");
	else if (r->secret_file)
		r->target.client.secret = companion_secret(s, file, r->secret_file);
	if (r->target.client.secret && secret && sv_find(secret->text, SV("${")) < 0)
		diags_warning(
		        s->d, source_place(s, secret->at),
		        "a client secret stands in this file: take it from the environment with '${NAME}', or from a "
		        "'secret_file'");
	return s->mistakes == before;
}

/* The DER of a private key begins with its version, a public key with an algorithm or with its long modulus. */
static bool is_private_der(struct sv der)
{
	const unsigned char *p = (const unsigned char *)der.p;
	size_t length = der.n > 1 && p[1] & 0x80 ? (size_t)(p[1] & 0x7f) : 0;

	return der.n > length + 5 && p[0] == 0x30 && p[2 + length] == 0x02 && p[3 + length] == 0x01;
}

static bool is_private_key(struct arena *a, struct sv text)
{
	struct sv der;

	return sv_find(text, SV("PRIVATE KEY")) >= 0 ||
	       (base64_decode_loosely(a, text, &der) == 0 && is_private_der(der));
}

static void check_public_key(struct source *s, const struct node *n, const char *text)
{
	struct sv der;
	size_t at;

	if (is_private_key(s->a, sv_of(text))) {
		source_error(s, n->at,
		             "'public_key' is a private key, which belongs to the brand alone: give the public one");
		return;
	}
	if (sv_find(sv_of(text), SV("-----")) >= 0) {
		source_error(s, n->at,
		             "'public_key' is base64 on one line without PEM header and footer: give PEM as "
		             "'public_key_file'");
		return;
	}
	enum base64_fault fault = base64_decode(s->a, BASE64_STANDARD, sv_of(text), &der, &at);
	if (fault != BASE64_OK)
		source_error(s, n->at, "'public_key' must be base64 on one line: it %s", base64_fault_text(fault));
}

static void read_public_key_file(struct source *s, const struct node *n, struct reading *r)
{
	const char *full;
	struct sv text = companion_read(s, n, r->public_key_file, &full);

	if (text.p && is_private_key(s->a, text))
		source_error(s, n->at,
		             "the file '%s' holds a private key, which belongs to the brand alone: give the public one",
		             full);
	else if (text.p && memchr(text.p, '\0', text.n))
		source_error(s, n->at, "the file '%s' is neither PEM nor base64", full);
	else if (text.p)
		r->target.keys.public_key = arena_sv(s->a, text);
}

static bool read_keys(struct source *s, const struct key *k, const struct node *value, void *into)
{
	static const char *const ways[] = {"jwks_uri", "public_key", "public_key_file"};
	struct reading *r = into;
	size_t before = s->mistakes, index;
	const struct node *given = NULL, *algorithm;

	(void)k;
	read_mapping(s, value, keys_keys, r, "'keys'");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		const struct node *way = node_get(value, ways[i]);
		if (given && way)
			source_error(s, way->at,
			             "'keys' has one of 'jwks_uri', 'public_key' and 'public_key_file', not several");
		given = given ? given : way;
	}
	if (!given && s->mistakes == before)
		source_error(s, value->at, "'keys' needs 'jwks_uri', 'public_key' or 'public_key_file'");
	if (r->target.keys.public_key)
		check_public_key(s, node_get(value, "public_key"), r->target.keys.public_key);
	if (r->public_key_file)
		read_public_key_file(s, node_get(value, "public_key_file"), r);
	if (r->target.keys.algorithm && (algorithm = node_get(value, "algorithm"))) {
		struct key word = {.name = "algorithm"};
		word_of(s, &word, algorithm, algorithms, &index);
	}
	return s->mistakes == before;
}

static bool keep_codes(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	(void)s, (void)k;
	r->codes = value;
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
	check_url(s, root, "userinfo_endpoint", t->userinfo_endpoint, t->allow_http);
	check_url(s, node_get(root, "keys"), "jwks_uri", t->keys.jwks_uri, t->allow_http);
	if (problem)
		source_error(s, uri->at, "'redirect_uri' cannot be used: %s", problem);
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
	        .target.codes.margin_s = 5,
	        .target.codes.timeout_ms = LIMIT_COMMAND_MS,
	        .target.limits.timeout_ms = LIMIT_TIMEOUT_MS,
	        .connections = 8,
	};

	s->variables = true;
	hide_lines(s);
	const struct node *root = yaml_parse(s);
	if (root) {
		hide_values(s, root);
		read_mapping(s, root, target_keys, &r, "a target file");
		check_urls(s, root, &r.target);
		if (r.codes)
			target_codes_read(s, r.codes, &r.target);
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

#define NEEDS(X)                                             \
	X("codes.lifetime", t->codes.lifetime_s > 0)         \
	X("keys.jwks_uri", t->keys.jwks_uri != NULL)         \
	X("keys.public_key", t->keys.public_key != NULL)     \
	X("userinfo_endpoint", t->userinfo_endpoint != NULL) \
	X("client.secret", t->client.secret != NULL)         \
	X("audiences", t->audiences && t->audiences[0])      \
	X("tls.ca_file", t->tls.ca_file != NULL)

#define NEED_NAME(name, set) name,
const char *const target_needs[] = {NEEDS(NEED_NAME) NULL};

bool target_has(const struct target *t, const char *need)
{
#define NEED_SET(name, set)      \
	if (!strcmp(need, name)) \
		return set;
	NEEDS(NEED_SET)
	return false;
}
