#include "suite/fields.h"

#include <stdlib.h>

static void append(struct source *s, struct fields *f, const char *name, const struct node *value)
{
	struct key k = {.name = name};
	const char *text = string_of(s, &k, value, true);

	if (!text)
		return;
	f->v = arena_grow(s->a, f->v, f->n, sizeof *f->v);
	f->v[f->n++] = (struct field){name, text};
}

static bool read_pairs(struct source *s, const struct key *k, const struct node *value, struct fields *ret,
                       bool repeated)
{
	if (!is_kind(s, k, value, NODE_MAPPING))
		return false;
	for (size_t i = 0; i < value->n; i++) {
		const char *name = value->keys[i].text.p;
		const struct node *one = &value->v[i];
		if (!repeated || one->kind != NODE_LIST)
			append(s, ret, name, one);
		else
			for (size_t j = 0; j < one->n; j++)
				append(s, ret, name, &one->v[j]);
	}
	return true;
}

bool read_fields(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_pairs(s, k, value, into, false);
}

bool read_repeated_fields(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_pairs(s, k, value, into, true);
}

const char *spec_of(struct source *s, const struct node *n, const char *kind)
{
	json_t *said = node_json(s, n);

	if (said && kind)
		said = json_pack("{s:o}", kind, said);
	char *text = said ? json_dumps(said, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	const char *copy = arena_text(s->a, text);

	json_decref(said);
	free(text);
	return copy;
}
