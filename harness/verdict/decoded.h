#ifndef BRANDCERT_VERDICT_DECODED_H
#define BRANDCERT_VERDICT_DECODED_H

#include "evidence/evidence.h"
#include "evidence/mask.h"
#include "verdict/results.h"

/*
 * Fills jose_header and claims of a shown exchange from the id_token in its reply, opened with the run's decryption key
 * where it is encrypted: masked, visible, bounded by LIMIT_SHOWN_BODY. They stay NULL where there is none, or where it
 * cannot be taken apart. JSON is indented, but not otherwise written anew: twin members, spellings of numbers and
 * escapes are what a developer has to see.
 */
void decoded_show(struct arena *a, const struct mask *mask, const struct run_facts *run, const struct exchange *x,
                  struct shown_exchange *ret);

/* JSON text with a line for each member and element. Nothing but blanks between them is lost, whatever the text. */
struct sv decoded_indented(struct arena *a, struct sv json);

/*
 * Tells the mask, when it hides claims, the values of all personal claims in the evidence: id_tokens, encrypted ones too where
 * the run has the key, and userinfo replies.
 */
void decoded_learn(struct mask *mask, const struct evidence *ev);

#endif
