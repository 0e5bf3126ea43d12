#ifndef BRANDCERT_SUITE_KEYS_H
#define BRANDCERT_SUITE_KEYS_H

#include <stddef.h>

#include "suite/yaml.h"

/*
 * Mappings are read by tables: one row a key, ended by a row without a name. Unknown and missing keys are reported here, wrong
 * types by the reader of the row. Keys are read in the table's order, whatever the file's. Internal to suite/.
 */
struct key;

/* Puts value into *into; false: reported (or broken before), *into is then as it was or half filled. */
typedef bool key_reader(struct source *s, const struct key *k, const struct node *value, void *into);

struct key {
	const char *name;
	key_reader *read;
	size_t offset;            /* of *into in the struct that the mapping fills */
	double min, max;          /* of numbers; max HUGE_VAL: unbounded */
	const char *const *words; /* of read_word: NULL-terminated */
	const char *hint;         /* said when it is missing: what it is for, what it can be */
	enum { KEY_OPTIONAL, KEY_REQUIRED } need;
	bool item; /* not the value, but one of the list that it is: for messages */
};

/* A row: name, reader, offset, and other members as .member = value. */
#define KEY(key, reader, at, ...)                                              \
	{                                                                      \
		.name = (key), .read = (reader), .offset = (at), ##__VA_ARGS__ \
	}

/* Fills *into from a mapping; `what` is what to call it: "a step". True when nothing in it was wrong. */
bool read_mapping(struct source *s, const struct node *n, const struct key *table, void *into, const char *what);
/* Reports that the value of k (or an item of it) is not what it should be: "'title' must be a string, not a number". */
bool wrong_type(struct source *s, const struct key *k, const struct node *n, const char *should);
bool is_kind(struct source *s, const struct key *k, const struct node *n, enum node_kind kind);
/* The text of a string, variables replaced, or NULL: reported. Empty only when `empty` allows it. */
const char *string_of(struct source *s, const struct key *k, const struct node *n, bool empty);
/* Reports unless a word is known; the index into words. */
bool word_of(struct source *s, const struct key *k, const struct node *n, const char *const *words, size_t *ret);

key_reader read_text;        /* const char *, not empty */
key_reader read_empty_text;  /* const char *, may be empty */
key_reader read_texts;       /* const char **, NULL-terminated: a list of strings */
key_reader read_slug;        /* const char *: lower-case words joined by hyphens */
key_reader read_slugs;       /* const char ** */
key_reader read_boolean;     /* bool */
key_reader read_integer;     /* int64_t within min..max */
key_reader read_number;      /* double within min..max */
key_reader read_seconds;     /* int64_t in milliseconds: a number of seconds within min..max */
key_reader read_word;        /* an enum: index into words */
key_reader read_second_word; /* bool: the second of two words was written */

/* Lower-case words of letters and digits joined by single hyphens; dots, too, where dotted. */
bool is_slug(struct sv text, bool dotted);

#endif
