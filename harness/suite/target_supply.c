#include "suite/target_supply.h"

#include <string.h>

#include "core/limits.h"
#include "suite/companion.h"
#include "suite/tables.h"
#include "suite/url.h"

#define PROMPT_MS 300000 /* a person logs in */

/* In the order of enum supply_from, from FROM_REFERENCE on. */
static const char *const from_words[] = {"reference", "list", "command", "http", "authorize", "prompt", NULL};
_Static_assert(FROM_REFERENCE == 1 && FROM_LIST == 2 && FROM_COMMAND == 3 && FROM_HTTP == 4 && FROM_AUTHORIZE == 5 &&
                       FROM_PROMPT == 6,
               "the words are in the enum's order");
static const char *const logout_words[] = {"reference", "command", "http", NULL};

static const char *word_for(enum supply_from from)
{
	return from_words[from - FROM_REFERENCE];
}

/* A mapping being read: what goes into struct supply, and names of files. */
struct reading {
	struct target *target; /* of the whole file */
	struct supply supply;
	const char *control_token_file, *file;
	const struct node *list;
	bool sound; /* nothing was wrong with its keys: one that is missing is not one that is misspelt */
	/* of `codes` alone */
	int64_t lifetime_s, margin_s;
	bool second_consumer;
	const char *expired_code;
};

static key_reader read_from, keep_list, read_take, read_hook_headers;

#define INTO(member) offsetof(struct reading, member)
#define SUPPLY_KEYS                                                                                             \
	KEY("control_url", read_text, INTO(supply.control_url)),                                                \
	        KEY("control_token", read_text, INTO(supply.control_token)),                                    \
	        KEY("control_token_file", read_text, INTO(control_token_file)),                                 \
	        KEY("command", read_texts, INTO(supply.command)), KEY("url", read_text, INTO(supply.http.url)), \
	        KEY("method", read_text, INTO(supply.http.method)), KEY("headers", read_hook_headers, 0),       \
	        KEY("body", read_text, INTO(supply.http.body)),                                                 \
	        KEY("timeout", read_seconds, INTO(supply.timeout_ms), .min = 0.1,                               \
	            .max = LIMIT_TIMEOUT_MAX_MS / 1000.0)
#define FETCHING_KEYS                                                                             \
	KEY("list", keep_list, 0), KEY("file", read_text, INTO(file)), KEY("take", read_take, 0), \
	        KEY("listen", read_text, INTO(supply.listen))
#define FROM                                                                                 \
	KEY("from", read_from, INTO(supply.from), .need = KEY_REQUIRED, .words = from_words, \
	    .hint = "'reference', 'list', 'command', 'http', 'authorize' or 'prompt'")

const struct key codes_keys[] = {
        FROM,
        KEY("lifetime", read_integer, INTO(lifetime_s), .min = 1, .max = LIMIT_CODE_LIFETIME_S),
        KEY("margin", read_integer, INTO(margin_s), .min = 0, .max = 60),
        KEY("second_consumer", read_boolean, INTO(second_consumer)),
        KEY("expired_code", read_text, INTO(expired_code)),
        SUPPLY_KEYS,
        FETCHING_KEYS,
        {0},
};
const struct key tokens_keys[] = {FROM, SUPPLY_KEYS, FETCHING_KEYS, {0}};
const struct key logout_keys[] = {
        KEY("from", read_from, INTO(supply.from), .need = KEY_REQUIRED, .words = logout_words,
            .hint = "'reference', 'command' or 'http'"),
        SUPPLY_KEYS,
        {0},
};

static bool read_from(struct source *s, const struct key *k, const struct node *value, void *into)
{
	enum supply_from *ret = into;
	size_t word, i = 0;

	if (!word_of(s, k, value, k->words, &word))
		return false;
	while (strcmp(from_words[i], k->words[word]) != 0)
		i++;
	*ret = (enum supply_from)(FROM_REFERENCE + i);
	return true;
}

static bool keep_list(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	r->list = value;
	return true;
}

static bool read_hook_headers(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	return hook_read_headers(s, k, value, r->target, &r->supply.http.headers);
}

static bool read_take(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	return hook_read_take(s, k, value, &r->supply);
}

/* Reports keys that say nothing in this kind of `from`. */
static void refuse_foreign(struct source *s, const struct node *n, enum supply_from from)
{
#define IN(from) (1U << (from))
	static const struct {
		const char *key;
		unsigned in; /* the sources that have it */
	} owned[] = {
	        {"control_url", IN(FROM_REFERENCE)},
	        {"control_token", IN(FROM_REFERENCE)},
	        {"control_token_file", IN(FROM_REFERENCE)},
	        {"list", IN(FROM_LIST)},
	        {"file", IN(FROM_LIST)},
	        {"command", IN(FROM_COMMAND)},
	        {"timeout", IN(FROM_COMMAND) | IN(FROM_HTTP) | IN(FROM_PROMPT)},
	        {"url", IN(FROM_HTTP)},
	        {"method", IN(FROM_HTTP)},
	        {"headers", IN(FROM_HTTP)},
	        {"body", IN(FROM_HTTP)},
	        {"take", IN(FROM_HTTP)},
	        {"listen", IN(FROM_PROMPT)},
	};

	for (size_t i = 0; i < n->n; i++) {
		for (size_t j = 0; j < sizeof owned / sizeof *owned; j++) {
			enum supply_from owner = FROM_REFERENCE;
			if (n->keys[i].kind != NODE_SCALAR || !sv_eq(n->keys[i].text, sv_of(owned[j].key)) ||
			    owned[j].in & IN(from))
				continue;
			while (!(owned[j].in & IN(owner)))
				owner++;
			source_error(s, n->keys[i].at, "'%s' belongs to 'from: %s', not to 'from: %s'", owned[j].key,
			             word_for(owner), word_for(from));
		}
	}
#undef IN
}

static void read_reference(struct source *s, const struct node *n, struct reading *r)
{
	struct supply *to = &r->supply;
	const struct node *url = node_get(n, "control_url"), *token = node_get(n, "control_token");
	const struct node *file = node_get(n, "control_token_file");

	if (!url && r->sound)
		source_error(s, n->at, "'from: reference' needs the key 'control_url'");
	const char *problem = url && to->control_url ? url_problem(to->control_url, r->target->allow_http) : NULL;
	if (problem)
		source_error(s, url->at, "'control_url' cannot be used: %s", problem);
	if (token && file)
		source_error(s, file->at, "'from: reference' has 'control_token' or 'control_token_file', not both");
	else if (!token && !file && r->sound)
		source_error(s, n->at, "'from: reference' needs 'control_token' or 'control_token_file'");
	else if (r->control_token_file)
		to->control_token = companion_secret(s, file, r->control_token_file);
}

/* Once the rest is known: which of the items are ever asked for depends on it. */
static void read_listed(struct source *s, const struct node *n, const struct reading *r, struct supply *ret)
{
	const struct node *list = node_get(n, "list"), *file = node_get(n, "file");

	if (list && file)
		source_error(s, file->at, "'from: list' has 'list' or 'file', not both");
	else if (!list && !file && r->sound)
		source_error(s, n->at, "'from: list' needs 'list' or 'file'");
	else if (r->list)
		target_list_read(s, r->list, r->target, ret);
	else if (file && r->file)
		target_list_file_read(s, file, r->file, r->target, ret);
}

static void read_command(struct source *s, const struct node *n, const struct reading *r)
{
	const struct node *command = node_get(n, "command");

	if (!command && r->sound)
		source_error(s, n->at,
		             "'from: command' needs the key 'command': a list of the program and its arguments");
	else if (command && command->kind == NODE_LIST && !command->n)
		source_error(s, command->at,
		             "'command' must be a list of the program and its arguments, not an empty list");
}

static void read_http(struct source *s, const struct node *n, struct reading *r, bool yields)
{
	struct supply *to = &r->supply;
	const struct node *url = node_get(n, "url"), *body = node_get(n, "body"), *method = node_get(n, "method");

	if (!url && r->sound)
		source_error(s, n->at, "'from: http' needs the key 'url': a test-only endpoint of the brand");
	const char *problem = url && to->http.url ? url_problem(to->http.url, r->target->allow_http) : NULL;
	if (problem)
		source_error(s, url->at, "'url' cannot be used: %s", problem);
	if (!node_get(n, "take") && r->sound && yields)
		source_error(s, n->at,
		             "'from: http' needs the key 'take', which says where in the reply it is: 'body "
		             "/JSON/pointer', 'header Name', 'redirect parameter' or 'text'");
	if (method && to->http.method && to->http.method[strspn(to->http.method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
		source_error(s, method->at, "'%s' is not an HTTP method: those are capital letters", to->http.method);
	if (body && to->http.body)
		hook_check_body(s, body, to->http.body);
	if (!to->http.method)
		to->http.method = "POST";
}

static void read_prompt(struct source *s, const struct node *n, const struct supply *to)
{
	const char *problem = to->listen ? listen_problem(to->listen) : NULL;

	if (problem)
		source_error(s, node_get(n, "listen")->at, "'listen' cannot be used: %s", problem);
}

/* What does not depend on the rest of the file. */
static bool read_supply(struct source *s, const struct node *n, struct reading *r, bool yields)
{
	const char *slash = strrchr(s->path, '/');
	struct supply *to = &r->supply;

	if (to->from == FROM_NOWHERE)
		return false;
	to->folder = !slash             ? "."
	             : slash == s->path ? "/"
	                                : arena_sv(s->a, (struct sv){s->path, (size_t)(slash - s->path)});
	if (!to->timeout_ms)
		to->timeout_ms = to->from == FROM_PROMPT ? PROMPT_MS : LIMIT_COMMAND_MS;
	refuse_foreign(s, n, to->from);
	if (to->from == FROM_REFERENCE)
		read_reference(s, n, r);
	else if (to->from == FROM_COMMAND)
		read_command(s, n, r);
	else if (to->from == FROM_HTTP)
		read_http(s, n, r, yields);
	else if (to->from == FROM_PROMPT)
		read_prompt(s, n, to);
	return true;
}

static bool read_any(struct source *s, const struct node *n, const struct key *keys, struct reading *r,
                     const char *what)
{
	r->sound = read_mapping(s, n, keys, r, arena_printf(s->a, "'%s'", what));
	return read_supply(s, n, r, keys != logout_keys);
}

bool target_codes_read(struct source *s, const struct node *n, struct target *target)
{
	struct reading r = {.target = target, .margin_s = target->code_margin_s};
	size_t before = s->mistakes;

	if (!read_any(s, n, codes_keys, &r, "codes"))
		return false;
	target->codes = r.supply;
	target->code_lifetime_s = r.lifetime_s;
	target->code_margin_s = r.margin_s;
	target->second_consumer = r.second_consumer;
	target->expired_code = r.expired_code;
	if (r.expired_code)
		target_secret(s, target, r.expired_code);
	if (r.supply.from == FROM_LIST)
		read_listed(s, n, &r, &target->codes);
	if (s->mistakes == before)
		target_list_check(s, n, target);
	return s->mistakes == before;
}

bool target_tokens_read(struct source *s, const struct node *n, struct target *target)
{
	struct reading r = {.target = target};
	size_t before = s->mistakes;

	if (!read_any(s, n, tokens_keys, &r, "tokens"))
		return false;
	target->tokens = r.supply;
	if (r.supply.from == FROM_LIST)
		read_listed(s, n, &r, &target->tokens);
	return s->mistakes == before;
}

bool target_logout_read(struct source *s, const struct node *n, struct target *target)
{
	struct reading r = {.target = target};
	size_t before = s->mistakes;

	if (!read_any(s, n, logout_keys, &r, "logout"))
		return false;
	target->logout = r.supply;
	return s->mistakes == before;
}

/* A source that goes through the authorization endpoint needs one. */
static void check_authorizing(struct source *s, const struct node *root, const struct target *t, const char *key)
{
	const struct supply *supply = !strcmp(key, "codes") ? &t->codes : &t->tokens;
	const struct node *n = node_get(root, key);

	if (!n || (supply->from != FROM_AUTHORIZE && supply->from != FROM_PROMPT))
		return;
	const char *from = word_for(supply->from);
	if (!t->authorization.endpoint)
		source_error(s, n->at, "'from: %s' needs 'authorization' with its 'endpoint' in this file", from);
	else if (supply->from == FROM_AUTHORIZE && !target_has(t, "authorization.login"))
		source_error(s, n->at,
		             "'from: authorize' needs 'authorization.login' in this file: the cookies of a session, or "
		             "the forms to fill in");
	else if (supply == &t->tokens && !t->authorization.id_token && !t->authorization.token)
		source_error(s, n->at, "tokens 'from: %s' need 'id_token' or 'token' in 'authorization.response_types'",
		             from);
	else if (supply == &t->codes && !t->authorization.code)
		source_error(s, n->at, "codes 'from: %s' need 'code' in 'authorization.response_types'", from);
	else if (supply->from == FROM_AUTHORIZE && t->second_consumer && !target_has(t, "authorization.second_login"))
		source_error(s, n->at,
		             "'second_consumer: true' with 'from: authorize' needs 'authorization.second_login' in "
		             "this file");
}

void target_supplies_check(struct source *s, const struct node *root, struct target *target)
{
	if (s->mistakes)
		return;
	check_authorizing(s, root, target, "codes");
	check_authorizing(s, root, target, "tokens");
}
