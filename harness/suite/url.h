#ifndef BRANDCERT_SUITE_URL_H
#define BRANDCERT_SUITE_URL_H

#include <stdbool.h>

#include "core/arena.h"

/* What is wrong with the URL of an endpoint (RFC 3986, narrowed to what a target file may name). */

/* One clause, or NULL when text is an https URL, or with allow_http an http URL of a loopback host. */
const char *url_problem(const char *text, bool allow_http);
/* The same for an absolute URI of any scheme without a fragment (RFC 6749 §3.1.2): a redirect_uri. */
const char *uri_problem(const char *text);

#endif
