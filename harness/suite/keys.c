#include "suite/keys.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "suite/variable.h"

#define LONG_LIST 15 /* words: more are not all named where one of them was probably meant */

static size_t table_names(struct source *s, const struct key *table, const char ***ret)
{
	size_t n = 0;

	while (table[n].name)
		n++;
	const char **names = arena_array(s->a, n, sizeof *names);
	for (size_t i = 0; i < n; i++)
		names[i] = table[i].name;
	*ret = names;
	return n;
}

/* Reports unknown keys. Those of the table that were probably meant are set in `meant`, so that they are not missed, too. */
static void unknown_keys(struct source *s, const struct node *n, const struct key *table, bool *meant)
{
	const char **names;
	size_t count = table_names(s, table, &names);

	for (size_t i = 0; i < n->n; i++) {
		const struct node *key = &n->keys[i];
		bool known = false;
		for (size_t k = 0; k < count; k++)
			known |= key->kind == NODE_SCALAR && sv_eq(key->text, sv_of(names[k]));
		if (known || key->kind != NODE_SCALAR)
			continue;
		const char *near = text_nearest(key->text, names, count);
		for (size_t k = 0; k < count; k++)
			meant[k] |= near == names[k];
		source_error(s, key->at, "unknown key '%s'%s%s%s", key->text.p, near ? ", did you mean '" : "",
		             near ? near : "", near ? "'?" : "");
	}
}

static void missing_keys(struct source *s, const struct node *n, const struct key *table, const bool *meant,
                         const char *what)
{
	const char **names;
	size_t count = table_names(s, table, &names), missing = 0;

	for (size_t i = 0; i < count; i++) {
		if (table[i].need != KEY_REQUIRED || meant[i] || node_get(n, table[i].name))
			continue;
		if (table[i].hint)
			source_error(s, n->at, "%s needs the key '%s': %s", what, table[i].name, table[i].hint);
		else
			names[missing++] = arena_printf(s->a, "'%s'", table[i].name);
	}
	if (missing)
		source_error(s, n->at, "%s needs the key%s %s", what, missing > 1 ? "s" : "",
		             text_list(s->a, names, missing, "and"));
}

bool read_mapping(struct source *s, const struct node *n, const struct key *table, void *into, const char *what)
{
	size_t before = s->mistakes, count = 0;

	if (n->kind != NODE_MAPPING) {
		if (n->kind == NODE_BROKEN)
			source_broken(s);
		else
			source_error(s, n->at, "%s must be a mapping, not %s", what, node_described(n));
		return false;
	}
	while (table[count].name)
		count++;
	bool *meant = arena_array(s->a, count, sizeof *meant);
	unknown_keys(s, n, table, meant);
	missing_keys(s, n, table, meant, what);
	for (const struct key *k = table; k->name; k++) {
		const struct node *value = node_get(n, k->name);
		if (value && value->kind == NODE_BROKEN)
			source_broken(s);
		else if (value)
			k->read(s, k, value, (char *)into + k->offset);
	}
	return s->mistakes == before;
}

/* What a message is about. */
static const char *called(struct source *s, const struct key *k)
{
	return arena_printf(s->a, k->item ? "each of '%s'" : "'%s'", k->name);
}

/* {name} without quotes is a mapping to YAML: the commonest way to get a template wrong. */
static bool looks_like_template(const struct node *n)
{
	return n->kind == NODE_MAPPING && n->flow && n->n == 1 && n->v[0].kind == NODE_SCALAR && !n->v[0].text.n;
}

bool wrong_type(struct source *s, const struct key *k, const struct node *n, const char *should)
{
	const char *hint = "";

	if (n->kind == NODE_BROKEN) {
		source_broken(s);
		return false;
	}
	if (strstr(should, "string") && n->kind == NODE_SCALAR && n->plain && n->text.n)
		hint = ": put it in quotes";
	else if (strstr(should, "string") && looks_like_template(n))
		hint = ": put a template in quotes";
	source_error(s, n->at, "%s must be %s, not %s%s", called(s, k), should, node_described(n), hint);
	return false;
}

bool is_kind(struct source *s, const struct key *k, const struct node *n, enum node_kind kind)
{
	return n->kind == kind || wrong_type(s, k, n, kind == NODE_LIST ? "a list" : "a mapping");
}

const char *string_of(struct source *s, const struct key *k, const struct node *n, bool empty)
{
	if (!node_is_string(n) || (!empty && !n->text.n)) {
		wrong_type(s, k, n, "a string");
		return NULL;
	}
	if (memchr(n->text.p, '\0', n->text.n)) {
		source_error(s, n->at, "%s must not hold a NUL character", called(s, k));
		return NULL;
	}
	return s->variables ? variable_expand(s, n) : n->text.p;
}

bool read_empty_text(struct source *s, const struct key *k, const struct node *value, void *into)
{
	const char *text = string_of(s, k, value, true);

	if (text)
		*(const char **)into = text;
	return text;
}

bool read_text(struct source *s, const struct key *k, const struct node *value, void *into)
{
	const char *text = string_of(s, k, value, false);

	if (text)
		*(const char **)into = text;
	return text;
}

bool is_slug(struct sv text, bool dotted)
{
	bool joint = true;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!word && (joint || (c != '-' && !(dotted && c == '.'))))
			return false;
		joint = !word;
	}
	return !joint;
}

bool read_slug(struct source *s, const struct key *k, const struct node *value, void *into)
{
	const char *text = string_of(s, k, value, false);

	if (!text)
		return false;
	if (!is_slug(sv_of(text), false)) {
		source_error(s, value->at, "%s must be lower-case words joined by hyphens, like 'valid-code'",
		             called(s, k));
		return false;
	}
	*(const char **)into = text;
	return true;
}

static bool read_list(struct source *s, const struct key *k, const struct node *value, void *into, key_reader *item)
{
	struct key each = *k;
	size_t n = 0;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	each.item = true;
	const char **texts = arena_array(s->a, value->n + 1, sizeof *texts);
	for (size_t i = 0; i < value->n; i++) {
		if (!item(s, &each, &value->v[i], &texts[n]))
			continue;
		for (size_t j = 0; j < n; j++)
			if (!strcmp(texts[j], texts[n]))
				source_error(s, value->v[i].at, "'%s' is in this list twice", texts[n]);
		n++;
	}
	*(const char ***)into = texts;
	return true;
}

bool read_texts(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_list(s, k, value, into, read_text);
}

bool read_slugs(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_list(s, k, value, into, read_slug);
}

bool read_boolean(struct source *s, const struct key *k, const struct node *value, void *into)
{
	if (value->kind != NODE_SCALAR || node_scalar(value) != SCALAR_BOOLEAN)
		return wrong_type(s, k, value, "true or false");
	*(bool *)into = value->text.p[0] == 't' || value->text.p[0] == 'T';
	return true;
}

static bool in_range(struct source *s, const struct key *k, const struct node *n, double number)
{
	if (number >= k->min && number <= k->max)
		return true;
	if (k->max < HUGE_VAL)
		source_error(s, n->at, "'%s' must be from %g to %g", k->name, k->min, k->max);
	else
		source_error(s, n->at, "'%s' must be %g or more", k->name, k->min);
	return false;
}

bool read_number(struct source *s, const struct key *k, const struct node *value, void *into)
{
	if (value->kind != NODE_SCALAR || (node_scalar(value) != SCALAR_INTEGER && node_scalar(value) != SCALAR_FLOAT))
		return wrong_type(s, k, value, "a number");
	double number = strtod(value->text.p, NULL);
	if (!in_range(s, k, value, number))
		return false;
	*(double *)into = number;
	return true;
}

bool read_integer(struct source *s, const struct key *k, const struct node *value, void *into)
{
	if (value->kind != NODE_SCALAR || node_scalar(value) != SCALAR_INTEGER)
		return wrong_type(s, k, value, "a whole number");
	if (!in_range(s, k, value, strtod(value->text.p, NULL)))
		return false;
	*(int64_t *)into = strtoll(value->text.p, NULL, 10);
	return true;
}

bool read_seconds(struct source *s, const struct key *k, const struct node *value, void *into)
{
	double seconds;

	if (!read_number(s, k, value, &seconds))
		return false;
	*(int64_t *)into = (int64_t)(seconds * 1000 + 0.5);
	return true;
}

bool word_of(struct source *s, const struct key *k, const struct node *n, const char *const *words, size_t *ret)
{
	const char *text = string_of(s, k, n, false);
	size_t count = 0;

	if (!text)
		return false;
	for (; words[count]; count++) {
		if (!strcmp(words[count], text)) {
			*ret = count;
			return true;
		}
	}
	const char *meant = did_you_mean(s->a, n->text, words, count);
	const char **quoted = arena_array(s->a, count, sizeof *quoted);
	for (size_t i = 0; i < count; i++)
		quoted[i] = arena_printf(s->a, "'%s'", words[i]);
	/* As written, not as expanded: a variable may hold a secret. */
	if (*meant && count > LONG_LIST)
		source_error(s, n->at, "%s cannot be '%s'%s", called(s, k), n->text.p, meant);
	else
		source_error(s, n->at, "%s must be %s, not '%s'%s", called(s, k), text_list(s->a, quoted, count, "or"),
		             n->text.p, meant);
	return false;
}

bool read_word(struct source *s, const struct key *k, const struct node *value, void *into)
{
	size_t index;

	if (!word_of(s, k, value, k->words, &index))
		return false;
	*(unsigned *)into = (unsigned)index;
	return true;
}

bool read_second_word(struct source *s, const struct key *k, const struct node *value, void *into)
{
	size_t index;

	if (!word_of(s, k, value, k->words, &index))
		return false;
	*(bool *)into = index == 1;
	return true;
}
