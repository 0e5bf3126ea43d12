#ifndef BRANDCERT_TESTS_CODES_FAKE_H
#define BRANDCERT_TESTS_CODES_FAKE_H

#include "exchange/code_source.h"

/* What exchange would hand to a source: a reply with these head lines, parted by line feeds, and this body. Arena memory. */
struct http_response *fake_reply(struct arena *a, int status, const char *lines, const char *body);
/* Hands it to the source. */
void fake_answer(const struct code_source *s, struct fetch *f, int status, const char *lines, const char *body);
/* Whether one of the request's header lines is this one. */
bool fake_has_header(const struct fetch *f, const char *line);

#endif
