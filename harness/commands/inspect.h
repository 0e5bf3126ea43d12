#ifndef BRANDCERT_COMMANDS_INSPECT_H
#define BRANDCERT_COMMANDS_INSPECT_H

#include "core/buf.h"

#include "checks/check.h"
#include "commands/options.h"
#include "evidence/evidence.h"
#include "suite/suite.h"
#include "suite/target.h"
#include "verdict/results.h"

/*
 * One id_token or token response, judged without a run: by the suite's own scenario of an ordinary exchange, over evidence
 * that is made up of what was given.
 */

/* What was pasted, taken apart. All arena memory. */
struct inspect_input {
	bool response;  /* a whole token response; else a token alone */
	bool head;      /* … with status line and header fields, as `curl -i` prints it */
	bool encrypted; /* a token alone in five parts */
	int status;
	struct sv token; /* of a token alone: as it came, line breaks inside included */
	struct sv *lines;
	size_t nlines;
	struct sv body;       /* of a response */
	const char *notes[8]; /* what was tolerated around it */
	size_t nnotes;
};

/* ERR_INPUT when the text is neither; tolerates what gets around a token when it is copied. */
int inspect_read(struct arena *a, struct sv text, struct inspect_input *ret, struct err *e)
        __attribute__((warn_unused_result));

/* Everything that one inspection knows and found out. */
struct inspection {
	struct arena *a;
	const char *name; /* of the input: "token.txt", "standard input", "the token" */
	struct inspect_input input;
	struct run_facts facts;
	enum profile profile;
	const char *nonce;
	int64_t at_ms;
	const char *at_from;      /* "now", "--at", "the reply's Date header" */
	bool received;            /* at_ms is when it was received, not only now */
	const char *keys_from;    /* where the keys came from, or NULL: none are known */
	struct sv jwks;           /* their document, where it is one */
	const char *jwks_trouble; /* why none could be had from there, or NULL */
	int jwks_status;
	bool mask_claims;
	struct results results;
	bool *unknown; /* of each result: skipped because we do not know something, not because it does not apply */
	/* of the signature */
	struct jwks keys;
	const struct jws_diagnosis *diagnosis; /* NULL: there is no signature, or no key to verify it with */
	struct sv signature;                   /* the third part as it came; SV_NONE: there is none */
};

/* Judges by the suite: fills results. What is not known is skipped, with the option that would tell. */
void inspect_judge(struct inspection *i, const struct suite *suite);
/* Exit status: as of a run, but 3 when a signature was not looked at: that nothing was found wrong is then no pass. */
int inspect_exit(const struct inspection *i);

/* For people, and as JSON. */
struct inspect_looks {
	unsigned width;
	bool color, verbose;
};
void inspect_text(const struct inspection *i, const struct inspect_looks *looks, struct buf *out);
void inspect_json(const struct inspection *i, struct buf *out);

/* A time claim as a person reads it: "2026-11-21T12:00:00Z, 5 min ahead", with what is wrong with its form; NULL when the
 * text is no such claim's value. `line` is one line of indented claims. */
const char *inspect_time(struct arena *a, struct sv line, int64_t at_ms);

#endif
