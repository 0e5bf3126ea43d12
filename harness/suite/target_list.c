#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "suite/companion.h"
#include "suite/tables.h"
#include "suite/target_supply.h"
#include "suite/words.h"

#define SHARED                                                                                   \
	KEY("nonce", read_text, offsetof(struct listed_code, nonce)),                            \
	        KEY("consumer", read_second_word, offsetof(struct listed_code, second_consumer), \
	            .words = consumer_words)

const struct key listed_code_keys[] = {
        KEY("code", read_text, offsetof(struct listed_code, code), .need = KEY_REQUIRED),
        KEY("redirect_uri", read_text, offsetof(struct listed_code, redirect_uri)),
        KEY("code_verifier", read_text, offsetof(struct listed_code, code_verifier)),
        SHARED,
        KEY("client", read_second_word, offsetof(struct listed_code, encoded_client), .words = client_words),
        {0},
};

/* The same struct holds a token where a code would be. */
const struct key listed_token_keys[] = {
        KEY("token", read_text, offsetof(struct listed_code, code), .need = KEY_REQUIRED),
        SHARED,
        {0},
};

/* A list being read. */
struct listing {
	struct source *s;
	const struct target *target;
	struct supply *supply;
	const char *what; /* "code" or "token" */
	const struct key *keys;
};

static struct listing listing_of(struct source *s, const struct target *t, struct supply *supply)
{
	bool tokens = supply == &t->tokens;

	return (struct listing){.s = s,
	                        .target = t,
	                        .supply = supply,
	                        .what = tokens ? "token" : "code",
	                        .keys = tokens ? listed_token_keys : listed_code_keys};
}

/* Why no scenario would ever be given this one, or NULL. */
static const char *useless(const struct listing *l, const struct listed_code *code)
{
	const struct target *t = l->target;

	if (l->s->mistakes || !code->code)
		return NULL;
	for (size_t i = 0; i < l->supply->nlist; i++)
		if (strcmp(l->supply->list[i].code, code->code) == 0)
			return arena_printf(l->s->a, "this %s stands here already%s", l->what,
			                    l->keys == listed_code_keys ? ": each code buys one token" : "");
	if (code->second_consumer && !t->second_consumer)
		return arena_printf(
		        l->s->a,
		        "a %s of the second consumer is never asked for without 'second_consumer: true' in 'codes'",
		        l->what);
	if (code->encoded_client && !t->encoded_client.id)
		return "a code for the encoded client is never asked for without 'encoded_client' in this file";
	return NULL;
}

static void add(const struct listing *l, const struct listed_code *code)
{
	struct supply *to = l->supply;

	to->list = arena_grow(l->s->a, to->list, to->nlist, sizeof *to->list);
	to->list[to->nlist++] = *code;
}

void target_list_read(struct source *s, const struct node *list, struct target *t, struct supply *ret)
{
	struct key k = {.name = "list"}, each = {.name = "list", .item = true};
	struct listing l = listing_of(s, t, ret);

	if (!list->n)
		wrong_type(s, &k, list, arena_printf(s->a, "a list of %ss", l.what));
	for (size_t i = 0; i < list->n; i++) {
		const struct node *n = &list->v[i];
		struct listed_code code = {0};
		bool good = n->kind == NODE_MAPPING
		                    ? read_mapping(s, n, l.keys, &code, arena_printf(s->a, "a %s in 'list'", l.what))
		                    : read_text(s, &each, n, &code.code);
		if (good && strlen(code.code) > LIMIT_CODE)
			source_error(s, n->at, "a %s is longer than %d bytes", l.what, LIMIT_CODE);
		const char *problem = good ? useless(&l, &code) : NULL;
		if (problem)
			source_error(s, n->at, "%s", problem);
		if (good)
			add(&l, &code);
	}
}

static const char *members(const struct listing *l)
{
	const char *names[8];
	size_t n = 0;

	for (const struct key *k = l->keys; k->name; k++)
		names[n++] = arena_printf(l->s->a, "'%s'", k->name);
	return arena_printf(l->s->a, "the members are %s, this has another one", text_list(l->s->a, names, n, "and"));
}

/* One line of a file that is a JSON object with the members of l->keys. Says what is wrong with it, or NULL. */
static const char *parse_line(const struct listing *l, struct sv line, struct listed_code *ret)
{
	struct arena *a = l->s->a;
	json_error_t e;
	json_auto_t *json = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &e);
	const char *name;
	json_t *value;

	if (!json && json_error_code(&e) == json_error_duplicate_key)
		return "a member is in it twice";
	if (!json)
		return arena_printf(a, "not a JSON object (at byte %d)", e.position);
	json_object_foreach(json, name, value)
	{
		const struct key *k = l->keys;
		while (k->name && strcmp(k->name, name) != 0)
			k++;
		if (!k->name)
			return members(l);
		if (!json_string_length(value))
			return arena_printf(a, "'%s' must be a string, and not empty", name);
		const char *text = json_string_value(value);
		if (!k->words)
			*(const char **)((char *)ret + k->offset) = arena_text(a, text);
		else if (!strcmp(text, k->words[1]))
			*(bool *)((char *)ret + k->offset) = true;
		else if (strcmp(text, k->words[0]) != 0)
			return arena_printf(a, "'%s' must be '%s' or '%s'", name, k->words[0], k->words[1]);
	}
	return ret->code ? NULL : arena_printf(a, "the member '%s' is missing", l->what);
}

/* The lines hold live codes: a mistake shows its place, not its line. */
void target_list_file_read(struct source *s, const struct node *n, const char *path, struct target *t,
                           struct supply *ret)
{
	struct listing l = listing_of(s, t, ret);
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
			problem = parse_line(&l, line, &code);
		else
			code.code = arena_sv(s->a, line);
		problem = problem ? problem : useless(&l, &code);
		if (problem) {
			diags_error(s->d, at, "%s", problem);
			source_broken(s);
		} else {
			add(&l, &code);
		}
	}
	if (text.p && !ret->nlist && s->mistakes == before)
		source_error(s, n->at, "no %s is in the file '%s'", l.what, at.path);
}

void target_list_check(struct source *s, const struct node *n, const struct target *t)
{
	for (size_t i = 0; i < t->codes.nlist; i++)
		if (t->codes.list[i].code_verifier)
			return;
	if (t->codes.nlist && t->pkce != PKCE_NONE)
		source_error(s, n->at,
		             "'pkce: %s' asks for codes with a challenge, and none of these has the 'code_verifier' "
		             "that goes "
		             "with one",
		             t->pkce == PKCE_S256 ? "S256" : "both");
}
