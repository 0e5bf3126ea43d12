#ifndef BRANDCERT_SUITE_EXPECT_H
#define BRANDCERT_SUITE_EXPECT_H

#include "suite/suite.h"
#include "suite/template.h"

/* What the judgements of a scenario may name. */
struct judging {
	const struct catalogue *catalogue;
	bool ids_known;            /* an id that is not in the catalogue is a mistake */
	const char *const *checks; /* ids with a C check, NULL-terminated; NULL: any may */
};

/*
 * Reads one entry of `expect`. *id is the requirement's id as written, even when it is wrong; NULL when there is none. *ret owns
 * JSON values (expect_release), also after a failure. Internal to suite/.
 */
bool expect_read(struct source *s, const struct node *n, const struct judging *j, struct names *names,
                 struct expect *ret, const char **id);
void expect_release(struct expect *e);

/* RFC 6901 §3: empty, or members with a '/' before each. */
bool is_pointer(const char *text);

#endif
