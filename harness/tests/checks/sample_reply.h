#ifndef BRANDCERT_TESTS_CHECKS_SAMPLE_REPLY_H
#define BRANDCERT_TESTS_CHECKS_SAMPLE_REPLY_H

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
void sample_edits_release(struct sample_edits *d);

#endif
