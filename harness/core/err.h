#ifndef BRANDCERT_CORE_ERR_H
#define BRANDCERT_CORE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What went wrong on our side of the wire. A finding about the target is never an err: it is result data
 * (checks/check.h). The two kinds never mix, because they end the program differently.
 */
enum err_kind {
	ERR_NONE,
	ERR_INPUT,    /* the user's files or flags; exit status 2 */
	ERR_TROUBLE,  /* the harness, the machine or the network; exit status 3 */
	ERR_UNSUITED, /* what was to be tried cannot be tried with what this target has: nobody's mistake */
};

/* Caller-allocated, zero-initialised. The first error wins; later ones are dropped, err_wrap adds context in front. */
struct err {
	enum err_kind kind;
	char text[1024];
};

/* All return -1, so that a caller can write: return err_input(e, "…"). e may be NULL. */
int err_input(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
int err_unsuited(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
int err_trouble(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Puts "context: " before the text that is there. */
int err_wrap(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Mistakes in the user's files, all of them, each with its place. Loading goes on after a mistake as far as it can, so
 * that one go shows all. Bounded: after DIAGS_MAX (limits.h) further ones are only counted.
 */
struct diag {
	char *path;
	unsigned line, column; /* 1-based; 0: the file as a whole */
	char *text;            /* lower case, no full stop: unknown key 'chekc', did you mean 'check'? */
	char *source;          /* the line itself, or NULL */
	bool warning;          /* shown, but does not stop the run */
};

struct diags {
	struct diag *v;
	size_t n, errors, dropped;
};

struct place {
	const char *path;
	unsigned line, column;
	const char *source; /* the text of that line, may be NULL; copied */
};

void diags_error(struct diags *d, struct place at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diags_warning(struct diags *d, struct place at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/*
 * Renders one as "path:line:column: error: text\n  source\n      ^\n" into malloc'd text that the caller frees.
 * Control characters and invalid UTF-8 of the source line are shown escaped.
 */
char *diag_text(const struct diag *d);
/* Sorted by path, line, column; stable. */
void diags_sort(struct diags *d);
void diags_release(struct diags *d);

#endif
