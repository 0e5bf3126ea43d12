#include "suite/authorize.h"

#include "suite/fields.h"
#include "suite/tables.h"
#include "suite/words.h"

static key_reader read_response_type;

static const char *const session_words[] = {"login", "deny", "none", "kept", NULL};
_Static_assert(SESSION_LOGIN == 0 && SESSION_DENY == 1 && SESSION_NONE == 2 && SESSION_KEPT == 3,
               "sessions are in the enum's order");

static const char *const response_types[] = {"code", "id_token", "token", NULL};

static const char *const userinfo_methods[] = {"GET", "POST", NULL};
_Static_assert(USERINFO_GET == 0 && USERINFO_POST == 1, "… and so are these");

static const char *const fetched_words[] = {"discovery", "jwks", NULL};
_Static_assert(FETCHED_DISCOVERY == 0 && FETCHED_JWKS == 1, "… and these");

static const char *const version_words[] = {"any", "1.0", "1.1", "1.2", "1.3", NULL};
_Static_assert(HANDSHAKE_ANY == 0 && HANDSHAKE_TLS_1_0 == 1 && HANDSHAKE_TLS_1_1 == 2 && HANDSHAKE_TLS_1_2 == 3 &&
                       HANDSHAKE_TLS_1_3 == 4,
               "… and these");

static const char *const cipher_words[] = {"any", "weak", NULL};

const struct key authorize_keys[] = {
        KEY("response_type", read_response_type, offsetof(struct authorize, response_type), .words = response_types),
        KEY("session", read_word, offsetof(struct authorize, session), .words = session_words),
        KEY("consumer", read_second_word, offsetof(struct authorize, second_consumer), .words = consumer_words),
        KEY("set", read_fields, offsetof(struct authorize, set)),
        KEY("add", read_repeated_fields, offsetof(struct authorize, add)),
        KEY("remove", read_texts, offsetof(struct authorize, remove)),
        {0},
};

const struct key userinfo_keys[] = {
        KEY("access_token", read_text, offsetof(struct userinfo, access_token)),
        KEY("method", read_word, offsetof(struct userinfo, method), .words = userinfo_methods),
        {0},
};

const struct key handshake_keys[] = {
        KEY("version", read_word, offsetof(struct handshake, version), .words = version_words),
        KEY("ciphers", read_second_word, offsetof(struct handshake, weak_ciphers), .words = cipher_words),
        {0},
};

/* of `token` and `logout` */
const struct key consumer_keys[] = {
        KEY("consumer", read_second_word, 0, .words = consumer_words),
        {0},
};

static bool read_response_type(struct source *s, const struct key *k, const struct node *value, void *into)
{
	size_t index;

	if (!word_of(s, k, value, k->words, &index))
		return false;
	*(const char **)into = index ? response_types[index] : NULL;
	return true;
}

/* The end of each reader: says what is sent, unless there was a mistake since `before`. */
static bool conclude(struct source *s, const struct node *n, size_t before, struct step *ret)
{
	if (s->mistakes != before)
		return false;
	ret->spec = spec_of(s, n, step_kind_words[ret->kind]);
	return ret->spec;
}

/* --- authorize --------------------------------------------------------------------------------------------- */

static void check_authorize_needs(struct source *s, const struct node *n, const struct authorize *az,
                                  const struct names *names)
{
	const struct {
		const char *key, *written;
		bool given;
		const char *need;
	} rows[] = {
	        {NULL, "'authorize'", true, "authorization"},
	        {NULL, "a login", az->session == SESSION_LOGIN && !az->second_consumer, "authorization.login"},
	        {"session", "'session: deny'", az->session == SESSION_DENY, "authorization.deny"},
	        {"consumer", "'consumer: second'", az->second_consumer, "authorization.second_login"},
	        {"response_type", "'response_type: id_token'", az->response_type && az->response_type[0] == 'i',
	         "authorization.id_token"},
	        {"response_type", "'response_type: token'", az->response_type && az->response_type[0] == 't',
	         "authorization.token"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].given)
			needs_entry(s, rows[i].key ? node_get(n, rows[i].key)->at : n->at, rows[i].written, names,
			            rows[i].need);
}

bool authorize_read(struct source *s, const struct node *n, struct names *names, struct step *ret)
{
	struct authorize *az = &ret->authorize;
	const struct node *set = node_get(n, "set"), *more = node_get(n, "add");
	size_t before = s->mistakes;

	read_mapping(s, n, authorize_keys, az, "'authorize'");
	if (n->kind != NODE_MAPPING)
		return conclude(s, n, before, ret);
	names->codeless = "an 'authorize' step sends no code";
	names->authorizing = true;
	if (set)
		template_check(s, set, names);
	if (more)
		template_check(s, more, names);
	names->codeless = NULL;
	names->authorizing = false;
	check_authorize_needs(s, n, az, names);
	if (az->second_consumer && az->session != SESSION_LOGIN)
		source_error(s, node_get(n, "consumer")->at,
		             "'consumer: second' has no effect: only 'session: login' logs in as one of the two");
	az->ordinary = az->session == SESSION_LOGIN && !az->second_consumer && !az->set.n && !az->add.n &&
	               !(az->remove && *az->remove);
	return conclude(s, n, before, ret);
}

/* --- the others -------------------------------------------------------------------------------------------- */

bool userinfo_read(struct source *s, const struct node *n, struct names *names, struct step *ret)
{
	size_t before = s->mistakes;

	read_mapping(s, n, userinfo_keys, &ret->userinfo, "'userinfo'");
	if (n->kind == NODE_MAPPING) {
		names->codeless = "a 'userinfo' step sends no code";
		template_check(s, n, names);
		names->codeless = NULL;
		needs_entry(s, n->at, "'userinfo'", names, "userinfo_endpoint");
	}
	return conclude(s, n, before, ret);
}

bool token_read(struct source *s, const struct node *n, struct names *names, struct step *ret)
{
	size_t before = s->mistakes;

	read_mapping(s, n, consumer_keys, &ret->second_consumer, "'token'");
	if (n->kind == NODE_MAPPING)
		needs_entry(s, n->at, "'token'", names, "tokens");
	if (ret->second_consumer)
		needs_entry(s, node_get(n, "consumer")->at, "'consumer: second'", names, "codes.second_consumer");
	return conclude(s, n, before, ret);
}

bool fetch_read(struct source *s, const struct node *n, struct names *names, struct step *ret)
{
	static const char *const needs[] = {"discovery", "keys.jwks_uri"};
	struct key k = {.name = "fetch"};
	size_t before = s->mistakes, index;

	if (word_of(s, &k, n, fetched_words, &index)) {
		ret->fetch = (enum fetched)index;
		needs_entry(s, n->at, arena_printf(s->a, "'fetch: %s'", fetched_words[index]), names, needs[index]);
	}
	return conclude(s, n, before, ret);
}

bool handshake_read(struct source *s, const struct node *n, struct names *names, struct step *ret)
{
	size_t before = s->mistakes;

	read_mapping(s, n, handshake_keys, &ret->handshake, "'handshake'");
	if (n->kind == NODE_MAPPING)
		needs_entry(s, n->at, "'handshake'", names, "https");
	if (ret->handshake.weak_ciphers && ret->handshake.version == HANDSHAKE_TLS_1_3)
		source_error(s, node_get(n, "ciphers")->at,
		             "'ciphers: weak' cannot be offered: TLS 1.3 has no weak cipher suites");
	return conclude(s, n, before, ret);
}

bool logout_read(struct source *s, const struct node *n, struct names *names, struct step *ret)
{
	size_t before = s->mistakes;

	read_mapping(s, n, consumer_keys, &ret->second_consumer, "'logout'");
	if (n->kind == NODE_MAPPING)
		needs_entry(s, n->at, "'logout'", names, "logout");
	return conclude(s, n, before, ret);
}
