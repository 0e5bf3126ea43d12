#ifndef BRANDCERT_EVIDENCE_FORMAT_H
#define BRANDCERT_EVIDENCE_FORMAT_H

#include <jansson.h>
#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"

/*
 * Struct to JSON object and back, driven by one table a struct, so that what is written and what is read cannot drift
 * apart. Members come in the order of the table. Text and bytes that are UTF-8 without NUL are JSON strings, all else is
 * {"base64": "…"}. What is NULL is left out: an empty text is there, as "".
 */
enum format_kind {
	FORMAT_TEXT,    /* const char * */
	FORMAT_TEXTS,   /* const char **, NULL-terminated */
	FORMAT_BYTES,   /* struct sv */
	FORMAT_LINES,   /* struct sv * with its count: the lines of a message, the certificates of a chain */
	FORMAT_INT,     /* int */
	FORMAT_INT64,   /* int64_t */
	FORMAT_BOOL,    /* bool */
	FORMAT_OUTCOME, /* enum exchange_outcome */
	FORMAT_RECORD,  /* a struct of its own, described by `fields` */
	FORMAT_POINTER, /* the same behind a pointer, or NULL */
	FORMAT_RECORDS, /* an array of them with its count; left out when there is none */
};

struct format_field {
	const char *name; /* NULL ends a table */
	enum format_kind kind;
	size_t offset;
	bool required; /* text and bytes: reading fails without it; numbers, lines and the like are always there */
	const struct format_field *fields;
	size_t size;  /* of one record behind FORMAT_POINTER and FORMAT_RECORDS */
	size_t count; /* offset of the size_t that counts FORMAT_LINES and FORMAT_RECORDS */
	size_t most;  /* of them that are read; 0: any number */
};

extern const struct format_field format_run[], format_exchange[];

/* A new reference. */
json_t *format_write(const struct format_field *fields, const void *record);
/* Strict: a missing, unknown or mistyped member is ERR_INPUT. What record then holds is undefined. */
int format_read(const struct format_field *fields, const json_t *object, struct arena *a, void *record, struct err *e)
        __attribute__((warn_unused_result));

#endif
