#ifndef BRANDCERT_CHECKS_REPLY_H
#define BRANDCERT_CHECKS_REPLY_H

#include "checks/check.h"

/* Facts about one reply that several checks and matchers look at. */

/* False with f set to an error when there is no answer to look at, or one that only says that we ask too much. */
bool reply_answered(struct subject *s, struct finding *f);

/* The reply ended elsewhere than its framing says: too early, or with bytes behind the end. Owner: http.framing. */
bool reply_is_misframed(const struct exchange *x);

/* Content-Type without parameters (RFC 9110 §8.3.1), trimmed; SV_NONE when there is no such header. */
struct sv reply_media_type(const struct exchange *x);
/* All values of a header joined by ", " (RFC 9110 §5.3); SV_NONE when there is none. */
struct sv reply_header(struct subject *s, const char *name);
/*
 * The next element of a comma-separated list (RFC 9110 §5.6.1), trimmed, where a comma inside a quoted string does not
 * separate. Empty elements are passed over. False at the end.
 */
bool reply_next_element(struct sv *rest, struct sv *element);
/* Cache-Control has the directive no-store (RFC 9111 §5.2.2.5), in any of its lines and in any letter case. */
bool reply_has_no_store(const struct exchange *x);

/*
 * A member of the token response's top level; *ret NULL when it is not there. False with f set when it may be elsewhere
 * or when nothing can be said. Owner: token.top-level and those of subject_body().
 */
bool reply_member(struct subject *s, const char *name, const json_t **ret, struct finding *f);
/* JSON pointer of the object below the top level that has the member, or NULL. Four levels are searched. */
const char *reply_wrapper(struct subject *s, const json_t *body, const char *name);
/* None of access_token, token_type and id_token is a direct member. */
bool reply_has_no_members(const json_t *body);

/*
 * For checks of refusals. True when the request was refused, in whatever form; else f is a skip (tokens were issued;
 * owner: what judges `denied` here) or an error.
 */
bool reply_refused(struct subject *s, struct finding *f);

/* A refusal that says nothing about its cause, because a good request is refused, too: f is then a skip or an error. */
bool reply_unproven(const struct subject *s, struct finding *f);

/* The finding of a check that wants Cache-Control: no-store. */
void reply_judge_no_store(struct subject *s, struct finding *f);

#endif
