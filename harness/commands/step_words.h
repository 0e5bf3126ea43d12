#ifndef BRANDCERT_COMMANDS_STEP_WORDS_H
#define BRANDCERT_COMMANDS_STEP_WORDS_H

#include "suite/suite.h"

/* What a step sends, in plain words: "a fresh code, with redirect_uri left out, 8 times at the same instant". */
char *step_words(struct arena *a, const struct step *s);

#endif
