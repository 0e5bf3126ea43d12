#ifndef BRANDCERT_SUITE_FILTERS_H
#define BRANDCERT_SUITE_FILTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/sv.h"

/*
 * The words of templates: {code|cut:3}, {random:40}. One table, so that what loading takes is what filling knows. Only what is
 * sent may use them; operands of matchers have names alone.
 */

#define TEMPLATE_FILTERS(X)                                                                                   \
	X(FILTER_UPPER, "upper", ARGUMENT_NONE, 0)             /* ASCII letters to capitals */                \
	X(FILTER_LOWER, "lower", ARGUMENT_NONE, 0)             /* … to small ones */                        \
	X(FILTER_SWAPCASE, "swapcase", ARGUMENT_NONE, 0)       /* … each to its other case */               \
	X(FILTER_CUT, "cut", ARGUMENT_NUMBER, 1)               /* without its last N bytes */                 \
	X(FILTER_FIRST, "first", ARGUMENT_NUMBER, 1)           /* its first N bytes */                        \
	X(FILTER_CHANGE_LAST, "change-last", ARGUMENT_NONE, 0) /* the last byte is another letter or digit */ \
	X(FILTER_FORM, "form", ARGUMENT_NONE, 0)               /* form-urlencoded */                          \
	X(FILTER_BASE64, "base64", ARGUMENT_NONE, 0)           /* standard alphabet, padded */                \
	X(FILTER_REPEAT, "repeat", ARGUMENT_NUMBER, 2)         /* N times */                                  \
	X(FILTER_SCHEME, "scheme", ARGUMENT_WORD, 1)           /* a URL with that scheme */                   \
	X(FILTER_BEFORE_HOST, "before-host", ARGUMENT_WORD, 1) /* a URL with that before its host */          \
	X(FILTER_BEHIND_HOST, "behind-host", ARGUMENT_WORD, 1) /* … with that right behind its host */

#define TEMPLATE_GENERATORS(X)                                                                     \
	X(GENERATE_RANDOM, "random", ARGUMENT_NUMBER, 1) /* N random base64url characters */       \
	X(GENERATE_BYTES, "bytes", ARGUMENT_BYTES, 1)    /* these bytes, written in hexadecimal */ \
	X(GENERATE_REPEAT, "repeat", ARGUMENT_TEXT, 1)   /* TEXT:N, the text N times */

#define TEMPLATE_ENUM(name, word, argument, least) name,
enum template_filter { TEMPLATE_FILTERS(TEMPLATE_ENUM) TEMPLATE_FILTER_COUNT };
enum template_generator { TEMPLATE_GENERATORS(TEMPLATE_ENUM) TEMPLATE_GENERATOR_COUNT };

struct template_word {
	const char *word;
	enum template_argument {
		ARGUMENT_NONE,
		ARGUMENT_NUMBER, /* from `least` to LIMIT_TEMPLATE */
		ARGUMENT_BYTES,  /* pairs of hexadecimal digits */
		ARGUMENT_WORD,   /* TEXT of at least `least` bytes */
		ARGUMENT_TEXT,   /* TEXT:N; the last colon separates, all together is at most LIMIT_TEMPLATE */
	} argument;
	int64_t least; /* of the number, or of the bytes */
};

/* In the enums' order, ended by a row without a word. */
extern const struct template_word template_filters[], template_generators[];

/* One use of a word. */
struct template_call {
	int index; /* into the table: the enum's value */
	int64_t number;
	struct sv text; /* ARGUMENT_BYTES: the bytes, decoded. Of words and texts: the text, part of what was parsed */
};

/*
 * Reads "cut:3" by a table. NULL: *ret is set. Otherwise what is wrong, as one clause in arena memory: "nothing is called 'cat',
 * did you mean 'cut'?"
 */
const char *template_call(struct arena *a, const struct template_word *table, struct sv text, struct template_call *ret)
        __attribute__((warn_unused_result));
/* True when what stands between the braces begins with a generator, not with a name: there is a colon before any '|'. */
bool template_generates(struct sv text);

#endif
