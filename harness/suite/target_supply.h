#ifndef BRANDCERT_SUITE_TARGET_SUPPLY_H
#define BRANDCERT_SUITE_TARGET_SUPPLY_H

#include "suite/keys.h"
#include "suite/target.h"

/* The mappings `codes`, `tokens` and `logout` of a target file. Internal to suite/. */

bool target_codes_read(struct source *s, const struct node *n, struct target *target);
bool target_tokens_read(struct source *s, const struct node *n, struct target *target);
bool target_logout_read(struct source *s, const struct node *n, struct target *target);
/* What a source needs of the rest of the file, once all of it is read. */
void target_supplies_check(struct source *s, const struct node *root, struct target *target);

/* target_list.c: what stands in `list`, or in the file that `n` names; ret is target->codes or target->tokens. */
void target_list_read(struct source *s, const struct node *list, struct target *t, struct supply *ret);
void target_list_file_read(struct source *s, const struct node *n, const char *path, struct target *t,
                           struct supply *ret);

/* Whether some of the codes have what `pkce` asks for. */
void target_list_check(struct source *s, const struct node *n, const struct target *t);

/* target_hook.c: what belongs to `from: http`. */
bool hook_read_headers(struct source *s, const struct key *k, const struct node *value, struct target *t,
                       const char ***ret);
bool hook_read_take(struct source *s, const struct key *k, const struct node *value, struct supply *ret);
void hook_check_body(struct source *s, const struct node *n, const char *body);
/* A loopback address with a port for `listen` of `from: prompt`; what is wrong with it, or NULL. */
const char *listen_problem(const char *text);

/* Adds to target->secrets, which are masked by value. */
void target_secret(struct source *s, struct target *t, const char *text);

#endif
