#ifndef BRANDCERT_SUITE_YAML_H
#define BRANDCERT_SUITE_YAML_H

#include <jansson.h>
#include <stdbool.h>

#include "suite/source.h"

/*
 * One YAML document as a tree of nodes that know where they stand. Aliases, anchors, tags, merge keys and duplicate keys
 * have been reported and are not in it. Scalars have the types of the schema in suites/README.md. Internal to suite/.
 */

enum node_kind {
	NODE_BROKEN, /* reported: whoever meets it says nothing */
	NODE_SCALAR,
	NODE_LIST,
	NODE_MAPPING,
};

struct node {
	enum node_kind kind;
	bool plain;        /* a scalar without quotes */
	bool flow;         /* a list or mapping in brackets */
	size_t at, end;    /* bytes of the source */
	struct sv text;    /* of a scalar; arena memory with a NUL behind it */
	struct node *keys; /* of a mapping: scalars */
	struct node *v;    /* elements of a list, values of a mapping */
	size_t n;
};

enum scalar { SCALAR_NULL, SCALAR_BOOLEAN, SCALAR_INTEGER, SCALAR_FLOAT, SCALAR_STRING };

/* The document of a source that was opened, or NULL; mistakes are reported. */
struct node *yaml_parse(struct source *s);

enum scalar node_scalar(const struct node *n);
bool node_is_string(const struct node *n);
/* "a number", "a list", "nothing" */
const char *node_described(const struct node *n);
/* The value of a key of a mapping, or NULL. */
const struct node *node_get(const struct node *mapping, const char *key);
/* A new reference to the same as JSON; NULL: a mistake, reported. */
json_t *node_json(struct source *s, const struct node *n);
/* Where the nth (from 0) c of a scalar's text stands in the source; the scalar's own place when escapes hide it. */
size_t node_find(const struct source *s, const struct node *n, char c, size_t nth);

#endif
