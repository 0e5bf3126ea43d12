#ifndef BRANDCERT_CODES_BROWSER_H
#define BRANDCERT_CODES_BROWSER_H

#include "exchange/code_source.h"
#include "suite/target.h"

/*
 * A consumer's browser on its way from an authorization request to where the brand sends it: follows redirects on the
 * brand's own hosts, fills in the forms that the target file describes, and keeps cookies. It runs no script. Nothing is
 * ever asked of another host, and no password sent to one.
 */
struct browsing;

/* Begins: f asks for the first request (FETCH_HTTP), or has failed. `second`: the second consumer logs in. */
struct browsing *browse_start(struct fetch *f, const struct target *t, const struct browse *browse, bool second);
/* Goes on with a reply. FETCH_DONE: it is the last, whatever it is; FETCH_FAILED: the login went wrong, f->e says how. */
void browse_on_http(struct fetch *f, struct browsing *b, const struct http_response *r);
/* Whether the way ended at a page that hands the answer to the redirect_uri as a form (response_mode=form_post). */
bool browse_ended_in_form(const struct browsing *b);

#endif
