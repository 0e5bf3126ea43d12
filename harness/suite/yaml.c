#include "suite/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "suite/scan.h"

struct conversion {
	struct source *s;
	yaml_document_t *document;
	bool *seen; /* by node id: met again, it is an alias (and scan has said so) */
};

static void convert(struct conversion *c, int id, struct node *ret);

static int by_text(const void *x, const void *y)
{
	const struct node *a = *(const struct node *const *)x, *b = *(const struct node *const *)y;
	size_t n = a->text.n < b->text.n ? a->text.n : b->text.n;
	int order = n ? memcmp(a->text.p, b->text.p, n) : 0;

	if (order)
		return order;
	if (a->text.n != b->text.n)
		return a->text.n < b->text.n ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* Reports keys that occur twice and marks the later ones as broken. */
static void refuse_duplicates(struct source *s, struct node *m)
{
	struct node **sorted = arena_array(s->a, m->n, sizeof(struct node *));
	const struct node *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->keys[i].kind == NODE_SCALAR)
			sorted[n++] = &m->keys[i];
	if (n)
		qsort(sorted, n, sizeof(struct node *), by_text);
	for (size_t i = 0; i < n; i++) {
		if (!first || !sv_eq(first->text, sorted[i]->text)) {
			first = sorted[i];
			continue;
		}
		source_error(s, sorted[i]->at, "the key '%s' is here a second time, first in line %u",
		             sorted[i]->text.p, source_place(s, first->at).line);
		sorted[i]->kind = NODE_BROKEN;
	}
}

static void refuse_odd_key(struct source *s, struct node *key)
{
	if (key->kind == NODE_BROKEN)
		return;
	if (key->kind != NODE_SCALAR || !key->text.n || node_scalar(key) == SCALAR_NULL)
		source_error(s, key->at, "a key must be a word, not %s", node_described(key));
	else if (memchr(key->text.p, '\0', key->text.n))
		source_error(s, key->at, "a key must not hold a NUL character");
	else if (key->plain && sv_eq(key->text, SV("<<")))
		source_error(s, key->at, "merge keys (<<) are not read: write the keys out");
	else
		return;
	key->kind = NODE_BROKEN;
}

static void convert_mapping(struct conversion *c, const yaml_node_t *from, struct node *ret)
{
	const yaml_node_pair_t *pair = from->data.mapping.pairs.start;
	size_t n = (size_t)(from->data.mapping.pairs.top - pair);

	ret->kind = NODE_MAPPING;
	ret->flow = from->data.mapping.style == YAML_FLOW_MAPPING_STYLE;
	ret->n = n;
	ret->keys = arena_array(c->s->a, n, sizeof *ret->keys);
	ret->v = arena_array(c->s->a, n, sizeof *ret->v);
	for (size_t i = 0; i < n; i++) {
		convert(c, pair[i].key, &ret->keys[i]);
		convert(c, pair[i].value, &ret->v[i]);
		refuse_odd_key(c->s, &ret->keys[i]);
	}
	refuse_duplicates(c->s, ret);
	for (size_t i = 0; i < n; i++)
		if (ret->keys[i].kind == NODE_BROKEN)
			ret->v[i].kind = NODE_BROKEN;
}

static void convert(struct conversion *c, int id, struct node *ret)
{
	const yaml_node_t *from = yaml_document_get_node(c->document, id);

	if (!from || c->seen[id])
		return; /* stays NODE_BROKEN */
	c->seen[id] = true;
	ret->at = source_offset(c->s, from->start_mark.line, from->start_mark.column);
	ret->end = source_offset(c->s, from->end_mark.line, from->end_mark.column);
	if (from->type == YAML_SCALAR_NODE && !strcmp((const char *)from->tag, YAML_STR_TAG)) {
		ret->kind = NODE_SCALAR;
		ret->plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
		ret->text = arena_svdup(c->s->a,
		                        (struct sv){(const char *)from->data.scalar.value, from->data.scalar.length});
	} else if (from->type == YAML_SEQUENCE_NODE && !strcmp((const char *)from->tag, YAML_SEQ_TAG)) {
		const yaml_node_item_t *item = from->data.sequence.items.start;
		ret->kind = NODE_LIST;
		ret->flow = from->data.sequence.style == YAML_FLOW_SEQUENCE_STYLE;
		ret->n = (size_t)(from->data.sequence.items.top - item);
		ret->v = arena_array(c->s->a, ret->n, sizeof *ret->v);
		for (size_t i = 0; i < ret->n; i++)
			convert(c, item[i], &ret->v[i]);
	} else if (from->type == YAML_MAPPING_NODE && !strcmp((const char *)from->tag, YAML_MAP_TAG)) {
		convert_mapping(c, from, ret);
	}
}

struct node *yaml_parse(struct source *s)
{
	size_t before = s->mistakes;

	if (!source_check(s))
		return NULL;
	if (!scan(s)) {
		if (s->mistakes == before)
			source_error(s, 0, "nothing is in this file");
		return NULL;
	}
	yaml_parser_t parser;
	yaml_document_t document;
	if (!yaml_parser_initialize(&parser))
		mem_exhausted();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)s->text.p, s->text.n);
	bool loaded = yaml_parser_load(&parser, &document);
	struct node *root = NULL;
	if (loaded) {
		size_t nodes = (size_t)(document.nodes.top - document.nodes.start);
		struct conversion c = {.s = s, .document = &document};
		c.seen = arena_array(s->a, nodes + 1, sizeof *c.seen);
		root = arena_alloc(s->a, sizeof *root);
		convert(&c, 1, root);
		yaml_document_delete(&document);
	} else if (parser.error == YAML_MEMORY_ERROR) {
		mem_exhausted();
	} else if (s->mistakes == before) {
		/* scan has read the same bytes, so this is an alias without its anchor, and that is reported. */
		source_error(s, 0, "not valid YAML: %s", parser.problem);
	}
	yaml_parser_delete(&parser);
	return root && root->kind != NODE_BROKEN ? root : NULL;
}

static size_t digits(const char **p)
{
	size_t n = strspn(*p, "0123456789");

	*p += n;
	return n;
}

/* The YAML 1.2 core schema's decimal numbers. */
static enum scalar number(const char *p)
{
	bool fraction = false, exponent = false;

	p += *p == '-' || *p == '+';
	size_t n = digits(&p);
	if (*p == '.') {
		fraction = true;
		p++;
		n += digits(&p);
	}
	if (n && (*p == 'e' || *p == 'E')) {
		exponent = true;
		p++;
		p += *p == '-' || *p == '+';
		n = digits(&p);
	}
	return *p || !n ? SCALAR_STRING : fraction || exponent ? SCALAR_FLOAT : SCALAR_INTEGER;
}

enum scalar node_scalar(const struct node *n)
{
	static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
	static const char *const booleans[] = {"true", "True", "TRUE", "false", "False", "FALSE"};

	if (!n->plain)
		return SCALAR_STRING;
	for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
		if (sv_eq(n->text, sv_of(nulls[i])))
			return SCALAR_NULL;
	for (size_t i = 0; i < sizeof booleans / sizeof *booleans; i++)
		if (sv_eq(n->text, sv_of(booleans[i])))
			return SCALAR_BOOLEAN;
	return number(n->text.p);
}

bool node_is_string(const struct node *n)
{
	return n->kind == NODE_SCALAR && node_scalar(n) == SCALAR_STRING;
}

const char *node_described(const struct node *n)
{
	static const char *const scalars[] = {"null", "a boolean", "a number", "a number", "a string"};

	if (n->kind == NODE_LIST)
		return n->n ? "a list" : "an empty list";
	if (n->kind == NODE_MAPPING)
		return n->n ? "a mapping" : "an empty mapping";
	if (!n->text.n)
		return n->plain ? "nothing" : "an empty string";
	return scalars[node_scalar(n)];
}

const struct node *node_get(const struct node *mapping, const char *key)
{
	for (size_t i = 0; mapping->kind == NODE_MAPPING && i < mapping->n; i++)
		if (mapping->keys[i].kind == NODE_SCALAR && sv_eq(mapping->keys[i].text, sv_of(key)))
			return &mapping->v[i];
	return NULL;
}

size_t node_find(const struct source *s, const struct node *n, char c, size_t nth)
{
	size_t in_text = 0, in_source = 0, at = n->at;

	for (size_t i = 0; i < n->text.n; i++)
		in_text += n->text.p[i] == c;
	for (size_t i = n->at; i < n->end && i < s->text.n; i++) {
		if (s->text.p[i] == c && in_source++ == nth)
			at = i;
	}
	return in_text == in_source ? at : n->at;
}

static json_t *scalar_json(struct source *s, const struct node *n)
{
	json_t *value = NULL;

	switch (node_scalar(n)) {
	case SCALAR_NULL:
		return json_null();
	case SCALAR_BOOLEAN:
		return json_boolean(n->text.p[0] == 't' || n->text.p[0] == 'T');
	case SCALAR_STRING:
		return json_stringn_nocheck(n->text.p, n->text.n);
	case SCALAR_INTEGER:
	case SCALAR_FLOAT:
		break;
	}
	if (node_scalar(n) == SCALAR_FLOAT)
		value = json_real(strtod(n->text.p, NULL));
	else if (n->text.n < 19)
		value = json_integer(strtoll(n->text.p, NULL, 10));
	if (!value)
		source_error(s, n->at, "the number is too large: put it in quotes if it is meant as text");
	return value;
}

json_t *node_json(struct source *s, const struct node *n)
{
	size_t before = s->mistakes;

	if (n->kind == NODE_SCALAR)
		return scalar_json(s, n);
	if (n->kind == NODE_BROKEN) {
		source_broken(s);
		return NULL;
	}
	json_t *value = n->kind == NODE_LIST ? json_array() : json_object();
	for (size_t i = 0; i < n->n; i++) {
		json_t *member = node_json(s, &n->v[i]);
		if (!member)
			continue;
		if (n->kind == NODE_LIST)
			json_array_append_new(value, member);
		else
			json_object_set_new_nocheck(value, n->keys[i].text.p, member);
	}
	if (s->mistakes != before) {
		json_decref(value);
		return NULL;
	}
	return value;
}
