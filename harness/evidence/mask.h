#ifndef BRANDCERT_EVIDENCE_MASK_H
#define BRANDCERT_EVIDENCE_MASK_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"
#include "evidence/evidence.h"

/*
 * The one place where secrets are taken out. Everything that a person or a file sees of a run goes through mask_text (or
 * mask_message, which ends in it): once, where evidence becomes results, before anything is cut to length.
 *
 * Two nets. Known values: client secrets, the decryption key, what else the target file holds of secrets, codes, verifiers,
 * access and refresh tokens, token signatures and session cookies of the run, on the way through a login, too, each in the forms in which it can come back (raw, form- and percent-encoded, JSON- and
 * HTML-escaped, hexadecimal, base64 alone and as Basic credentials; client secrets in pieces, too). Known places:
 * Authorization, Cookie, Set-Cookie, the secret-bearing form fields and JSON members, and the third part of anything that is
 * shaped like a compact JWS.
 */
struct mask;

struct mask *mask_new(struct arena *a);
/*
 * Registers a secret; `name` stands in its place: "[client_secret]". Values under 4 bytes are masked by place alone: taken
 * out everywhere they would tear up every text. Registering twice is harmless.
 */
void mask_add(struct mask *m, const char *name, struct sv secret);
/*
 * Registers everything that the evidence tells: the client secrets, the decryption key, every code and verifier, and what
 * token responses hold.
 * A value that a response holds is registered from 8 bytes on and when it is no word like "undefined"; what a scenario sent
 * in place of a secret ("wrong") when it is long or near the true one. All of them are masked by place anyway.
 */
void mask_add_evidence(struct mask *m, const struct evidence *ev);

/*
 * Personal claims are masked, too, from here on: the payload of every token, the standard claims by their names, and what
 * mask_add_claims is told, by value. To be called before mask_add_evidence.
 */
void mask_hide_claims(struct mask *m);
bool mask_hides_claims(const struct mask *m);
/* Registers the values of the personal claims of an id_token's payload or a userinfo reply (claims.h), but those that are
 * the brand's or ours: issuer, client id, endpoint. Nothing unless claims are hidden. Values of 2 and 3 bytes are masked
 * where they stand in quotes. */
void mask_add_claims(struct mask *m, const struct run_facts *run, struct sv json);
/* mask_sv of the text of such an object; personal claims by their place in it, when they are hidden. */
struct sv mask_claims(const struct mask *m, struct arena *a, struct sv json);

/* A copy of s without secrets, arena memory. Bytes are otherwise unchanged (not escaped: see text_visible). */
char *mask_text(const struct mask *m, struct arena *a, struct sv s);
struct sv mask_sv(const struct mask *m, struct arena *a, struct sv s);
/* Head lines and body of a message with both nets, and the beginning (8 bytes and more) of a known secret that a cut body
 * ends with. *ret shares no bytes with in. */
void mask_message(const struct mask *m, struct arena *a, const struct message *in, struct message *ret);

#endif
