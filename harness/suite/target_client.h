#ifndef BRANDCERT_SUITE_TARGET_CLIENT_H
#define BRANDCERT_SUITE_TARGET_CLIENT_H

#include "suite/keys.h"
#include "suite/target.h"

/* Reads the `client` mapping of a target file into target->client. Internal to suite/. */
bool target_client_read(struct source *s, const struct node *n, struct target *target);
/* Reads another client, called `what` in messages. Both members of *ret are set when it returns true. */
bool target_credentials_read(struct source *s, const struct node *n, const char *what, struct client_credentials *ret);
/* Reports further clients that are not what they are for. */
void target_clients_check(struct source *s, const struct node *root, const struct target *t);

#endif
