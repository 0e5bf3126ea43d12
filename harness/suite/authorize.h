#ifndef BRANDCERT_SUITE_AUTHORIZE_H
#define BRANDCERT_SUITE_AUTHORIZE_H

#include "suite/suite.h"
#include "suite/template.h"

/*
 * The kinds of steps beside `redeem`: each reads its mapping (or word) into the step, whose kind is set already, and sets
 * its spec. False: reported. Internal to suite/.
 */
typedef bool step_reader(struct source *s, const struct node *n, struct names *names, struct step *ret);

step_reader authorize_read, userinfo_read, token_read, fetch_read, handshake_read, logout_read;

#endif
