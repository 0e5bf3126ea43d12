#include "suite/target_codes.h"

#include <string.h>

#include "core/limits.h"
#include "suite/companion.h"
#include "suite/tables.h"
#include "suite/url.h"
#include "suite/words.h"

static const char *const from_words[] = {"reference", "list", "command", NULL};

#define FROM_UNKNOWN ((enum codes_from)(CODES_FROM_COMMAND + 1))

/* The mapping being read: what goes into struct target, and names of files. */
struct reading {
	struct target target;
	const char *control_token_file, *file;
	const struct node *list;
	enum codes_from from; /* FROM_UNKNOWN until it is read */
	bool sound;           /* nothing was wrong with its keys: one that is missing is not one that is misspelt */
};

static key_reader keep_list;

const struct key codes_keys[] = {
        KEY("from", read_word, offsetof(struct reading, from), .need = KEY_REQUIRED, .words = from_words,
            .hint = "'reference', 'list' or 'command'"),
        KEY("lifetime", read_integer, offsetof(struct reading, target.codes.lifetime_s), .min = 1,
            .max = LIMIT_CODE_LIFETIME_S),
        KEY("margin", read_integer, offsetof(struct reading, target.codes.margin_s), .min = 0, .max = 60),
        KEY("second_consumer", read_boolean, offsetof(struct reading, target.codes.second_consumer)),
        KEY("control_url", read_text, offsetof(struct reading, target.codes.control_url)),
        KEY("control_token", read_text, offsetof(struct reading, target.codes.control_token)),
        KEY("control_token_file", read_text, offsetof(struct reading, control_token_file)),
        KEY("list", keep_list, 0),
        KEY("file", read_text, offsetof(struct reading, file)),
        KEY("command", read_texts, offsetof(struct reading, target.codes.command)),
        KEY("timeout", read_seconds, offsetof(struct reading, target.codes.timeout_ms), .min = 0.1,
            .max = LIMIT_TIMEOUT_MAX_MS / 1000.0),
        {0},
};

const struct key listed_code_keys[] = {
        KEY("code", read_text, offsetof(struct listed_code, code), .need = KEY_REQUIRED),
        KEY("redirect_uri", read_text, offsetof(struct listed_code, redirect_uri)),
        KEY("nonce", read_text, offsetof(struct listed_code, nonce)),
        KEY("code_verifier", read_text, offsetof(struct listed_code, code_verifier)),
        KEY("consumer", read_second_word, offsetof(struct listed_code, second_consumer), .words = consumer_words),
        KEY("client", read_second_word, offsetof(struct listed_code, encoded_client), .words = client_words),
        {0},
};

static bool keep_list(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	r->list = value;
	return true;
}

/* Why no scenario would ever be given this code, or NULL. */
static const char *useless(const struct source *s, const struct target *t, const struct listed_code *code)
{
	if (s->mistakes)
		return NULL;
	for (size_t i = 0; i < t->codes.nlist; i++)
		if (strcmp(t->codes.list[i].code, code->code) == 0)
			return "this code stands here already: each code buys one token";
	if (code->second_consumer && !t->codes.second_consumer)
		return "a code of the second consumer is never asked for without 'second_consumer: true' in 'codes'";
	if (code->encoded_client && !t->encoded_client.id)
		return "a code for the encoded client is never asked for without 'encoded_client' in this file";
	return NULL;
}

static void add(struct source *s, struct target *t, const struct listed_code *code)
{
	t->codes.list = arena_grow(s->a, t->codes.list, t->codes.nlist, sizeof *t->codes.list);
	t->codes.list[t->codes.nlist++] = *code;
}

static void read_inline(struct source *s, const struct node *list, struct target *t)
{
	struct key k = {.name = "list"}, each = {.name = "list", .item = true};

	if (!list->n)
		wrong_type(s, &k, list, "a list of codes");
	for (size_t i = 0; i < list->n; i++) {
		const struct node *n = &list->v[i];
		struct listed_code code = {0};
		bool good = n->kind == NODE_MAPPING ? read_mapping(s, n, listed_code_keys, &code, "a code in 'list'")
		                                    : read_text(s, &each, n, &code.code);
		if (good && strlen(code.code) > LIMIT_CODE)
			source_error(s, n->at, "a code is longer than %d bytes", LIMIT_CODE);
		const char *problem = good ? useless(s, t, &code) : NULL;
		if (problem)
			source_error(s, n->at, "%s", problem);
		if (good)
			add(s, t, &code);
	}
}

/* One line of a code file that is a JSON object with the members of listed_code_keys. Says what is wrong with it, or NULL. */
static const char *parse_line(struct source *s, struct sv line, struct listed_code *ret)
{
	json_error_t e;
	json_auto_t *json = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &e);
	const char *name;
	json_t *value;

	if (!json && json_error_code(&e) == json_error_duplicate_key)
		return "a member is in it twice";
	if (!json)
		return arena_printf(s->a, "not a JSON object (at byte %d)", e.position);
	json_object_foreach(json, name, value)
	{
		const struct key *k = listed_code_keys;
		while (k->name && strcmp(k->name, name) != 0)
			k++;
		if (!k->name)
			return "the members are 'code', 'redirect_uri', 'nonce', 'code_verifier', 'consumer' and "
			       "'client', this has another one";
		if (!json_string_length(value))
			return arena_printf(s->a, "'%s' must be a string, and not empty", name);
		const char *text = json_string_value(value);
		if (!k->words)
			*(const char **)((char *)ret + k->offset) = arena_text(s->a, text);
		else if (!strcmp(text, k->words[1]))
			*(bool *)((char *)ret + k->offset) = true;
		else if (strcmp(text, k->words[0]) != 0)
			return arena_printf(s->a, "'%s' must be '%s' or '%s'", name, k->words[0], k->words[1]);
	}
	return ret->code ? NULL : "the member 'code' is missing";
}

/* The lines hold live codes: a mistake shows its place, not its line. */
static void read_file(struct source *s, const struct node *n, const char *path, struct target *t)
{
	struct place at = {0};
	struct sv text = companion_read(s, n, path, &at.path), line;
	size_t before = s->mistakes;

	for (struct sv rest = text; sv_cut(&rest, '\n', &line);) {
		struct listed_code code = {0};
		const char *problem = NULL;
		at.line++;
		line = sv_trim(line);
		if (!line.n || line.p[0] == '#')
			continue;
		if (line.n > LIMIT_CODE)
			problem = arena_printf(s->a, "longer than %d bytes", LIMIT_CODE);
		else if (memchr(line.p, '\0', line.n))
			problem = "a NUL character";
		else if (line.p[0] == '{')
			problem = parse_line(s, line, &code);
		else
			code.code = arena_sv(s->a, line);
		problem = problem ? problem : useless(s, t, &code);
		if (problem) {
			diags_error(s->d, at, "%s", problem);
			source_broken(s);
		} else {
			add(s, t, &code);
		}
	}
	if (text.p && !t->codes.nlist && s->mistakes == before)
		source_error(s, n->at, "no code is in the file '%s'", at.path);
}

/* Reports keys that say nothing in this kind of `from`. */
static void refuse_foreign(struct source *s, const struct node *n, enum codes_from from)
{
	static const struct {
		const char *key;
		enum codes_from from;
	} owned[] = {
	        {"control_url", CODES_FROM_REFERENCE},
	        {"control_token", CODES_FROM_REFERENCE},
	        {"control_token_file", CODES_FROM_REFERENCE},
	        {"list", CODES_FROM_LIST},
	        {"file", CODES_FROM_LIST},
	        {"command", CODES_FROM_COMMAND},
	        {"timeout", CODES_FROM_COMMAND},
	};

	for (size_t i = 0; i < n->n; i++)
		for (size_t j = 0; j < sizeof owned / sizeof *owned; j++)
			if (n->keys[i].kind == NODE_SCALAR && sv_eq(n->keys[i].text, sv_of(owned[j].key)) &&
			    owned[j].from != from)
				source_error(s, n->keys[i].at, "'%s' belongs to 'from: %s', not to 'from: %s'",
				             owned[j].key, from_words[owned[j].from], from_words[from]);
}

static void read_reference(struct source *s, const struct node *n, struct reading *r)
{
	struct target *t = &r->target;
	const struct node *url = node_get(n, "control_url"), *token = node_get(n, "control_token");
	const struct node *file = node_get(n, "control_token_file");

	if (!url && r->sound)
		source_error(s, n->at, "'from: reference' needs the key 'control_url'");
	const char *problem = url && t->codes.control_url ? url_problem(t->codes.control_url, t->allow_http) : NULL;
	if (problem)
		source_error(s, url->at, "'control_url' cannot be used: %s", problem);
	if (token && file)
		source_error(s, file->at, "'from: reference' has 'control_token' or 'control_token_file', not both");
	else if (!token && !file && r->sound)
		source_error(s, n->at, "'from: reference' needs 'control_token' or 'control_token_file'");
	else if (r->control_token_file)
		t->codes.control_token = companion_secret(s, file, r->control_token_file);
}

static void read_listed(struct source *s, const struct node *n, struct reading *r)
{
	const struct node *list = node_get(n, "list"), *file = node_get(n, "file");

	if (list && file)
		source_error(s, file->at, "'from: list' has 'list' or 'file', not both");
	else if (!list && !file && r->sound)
		source_error(s, n->at, "'from: list' needs 'list' or 'file'");
	else if (r->list)
		read_inline(s, r->list, &r->target);
	else if (file && r->file)
		read_file(s, file, r->file, &r->target);
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

bool target_codes_read(struct source *s, const struct node *n, struct target *target)
{
	struct reading r = {.target = *target, .from = FROM_UNKNOWN};
	const char *slash = strrchr(s->path, '/');
	size_t before = s->mistakes;

	r.sound = read_mapping(s, n, codes_keys, &r, "'codes'");
	if (r.from == FROM_UNKNOWN)
		return false;
	r.target.codes.from = r.from;
	r.target.codes.folder = !slash             ? "."
	                        : slash == s->path ? "/"
	                                           : arena_sv(s->a, (struct sv){s->path, (size_t)(slash - s->path)});
	refuse_foreign(s, n, r.from);
	if (r.from == CODES_FROM_REFERENCE)
		read_reference(s, n, &r);
	else if (r.from == CODES_FROM_LIST)
		read_listed(s, n, &r);
	else
		read_command(s, n, &r);
	*target = r.target;
	return s->mistakes == before;
}
