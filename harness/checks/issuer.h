#ifndef BRANDCERT_CHECKS_ISSUER_H
#define BRANDCERT_CHECKS_ISSUER_H

#include "checks/check.h"

/* The two spellings that Google itself uses. */
#define ISSUER_GOOGLE "https://accounts.google.com"
#define ISSUER_GOOGLE_BARE "accounts.google.com"

/* The target is Google, not a brand in Google's format. */
bool issuer_is_google(const struct run_facts *run);
/* Passes when iss is exactly `want`; else says what the difference is. */
void issuer_judge(struct subject *s, struct finding *f, const json_t *iss, const char *want);
/* A fix for a near miss (slash, letter case, scheme, blanks), or NULL. */
const char *issuer_difference(struct sv have, struct sv want);

#endif
