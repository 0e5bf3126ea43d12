#ifndef BRANDCERT_TESTS_CHECKS_SAMPLE_REPLY_H
#define BRANDCERT_TESTS_CHECKS_SAMPLE_REPLY_H

#include <stdint.h>

#include "sample.h"

/* The parts of sample.c: reading edits and putting a reply together. */

struct sample_edits {
	json_t *all, *header, *claims, *body, *head;
	const json_t *keys;
	const char *sign, *alg, *raw_header, *raw_payload;
	const char *part[3]; /* of the token */
	bool no_at_hash;
};

void sample_facts(struct sample *m);
void sample_read_edits(struct sample *m, const char *text, struct sample_edits *ret);
void sample_place(struct sample *m, const struct sample_edits *d);
void sample_reply(struct sample *m, const struct sample_edits *d, const char *token);
/* After sample_reply: makes it what a browser brings, where the edits have a `kind`. */
void sample_way(struct sample *m, const struct sample_edits *d, struct sv token);

/* JSON with ' for ", owned by the caller. */
json_t *sample_json(const char *text);
/* s with each `name` replaced by `value`; arena memory. */
struct sv sample_replaced(struct arena *a, struct sv s, const char *name, const char *value);
/* jansson's iteration takes no const, and changes nothing. */
static inline json_t *sample_unconst(const json_t *value)
{
	return (json_t *)(uintptr_t)value;
}
void sample_edits_release(struct sample_edits *d);

#endif
