#ifndef BRANDCERT_SUITE_SOURCE_H
#define BRANDCERT_SUITE_SOURCE_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/*
 * The text of one of the user's files, and the mistakes found in it. Places are byte offsets until they are shown; a column
 * counts bytes from 1, as compilers do. Internal to suite/.
 */
struct source {
	struct arena *a;
	struct diags *d;
	const char *path;
	struct sv text;
	char *masked;        /* what messages show: text with asterisks where a secret stands; NULL: text itself */
	const size_t *lines; /* offset of each line's first byte */
	size_t nlines;
	bool variables;  /* ${NAME} in strings takes an environment variable */
	size_t mistakes; /* reported in this file, and uses of what was reported before: see source_broken */
};

/* Prepares text (arena memory); a, d and path must be set. False: reported, nothing else may be done with it. */
bool source_open(struct source *s, struct sv text);
/* The same for the content of the file s->path. */
bool source_read(struct source *s);
/* Reports byte order marks, invalid UTF-8, control characters and the like. False: the text must not be parsed. */
bool source_check(struct source *s);

/* The place of a byte; past the end: the end of the last line that holds something. */
struct place source_place(const struct source *s, size_t offset);
/* The offset of a line and column (both from 0, column in characters), as libyaml counts them. */
size_t source_offset(const struct source *s, size_t line, size_t column);
void source_error(struct source *s, size_t offset, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Notes that something could not be used because of a mistake that has been reported. */
void source_broken(struct source *s);
/* Shows asterisks for the bytes from..to, apart from ${NAME} and line ends. */
void source_hide(struct source *s, size_t from, size_t to);

/* ", did you mean 'x'?" or "" */
const char *did_you_mean(struct arena *a, struct sv word, const char *const *words, size_t n);

#endif
