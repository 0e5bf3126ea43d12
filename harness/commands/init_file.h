#ifndef BRANDCERT_COMMANDS_INIT_FILE_H
#define BRANDCERT_COMMANDS_INIT_FILE_H

#include <jansson.h>

#include "core/buf.h"

/* What a target file is made from. */
struct init_facts {
	struct arena *a;
	const char *issuer;     /* as it was given, https:// in front; NULL: none */
	const char *discovery;  /* URL of the document that was asked for; NULL: none */
	const char *trouble;    /* why there is no document, or NULL */
	const json_t *document; /* the discovery document, hostile; NULL: none */
	const char *ca_file;    /* absolute; NULL: none */
};

/* Writes a commented target file that loads once its variable is set. What the document says is taken over only where a
 * target file may say it; comments tell what was found and what was not. */
void init_file(const struct init_facts *f, struct buf *out);

#endif
