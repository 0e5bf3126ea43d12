#include "suite/words.h"

#include "suite/suite.h"

#define WORD(name, text) text,
const char *const level_words[] = {LEVELS(WORD) NULL};
const char *const profile_words[] = {PROFILES(WORD) NULL};
const char *const match_subject_words[] = {MATCH_SUBJECTS(WORD) NULL};
const char *const match_operator_words[] = {MATCH_OPERATORS(WORD) NULL};
const char *const step_kind_words[] = {STEP_KINDS(WORD) NULL};
const char *const consumer_words[] = {"first", "second", NULL};
const char *const client_words[] = {"target", "encoded", NULL};

_Static_assert(sizeof level_words / sizeof *level_words == LEVEL_COUNT + 1, "a word for each level");
_Static_assert(sizeof profile_words / sizeof *profile_words == PROFILE_COUNT + 1, "a word for each profile");
_Static_assert(sizeof match_subject_words / sizeof *match_subject_words == MATCH_SUBJECT_COUNT + 1, "… subject");
_Static_assert(sizeof match_operator_words / sizeof *match_operator_words == MATCH_OPERATOR_COUNT + 1, "… operator");
_Static_assert(sizeof step_kind_words / sizeof *step_kind_words == STEP_KIND_COUNT + 1, "… kind of step");

const char *level_text(enum level level)
{
	return level_words[level];
}

const char *profile_text(enum profile profile)
{
	return profile_words[profile];
}

int profile_of(struct sv text, enum profile *ret)
{
	for (int i = 0; i < PROFILE_COUNT; i++) {
		if (sv_eq(text, sv_of(profile_words[i]))) {
			*ret = (enum profile)i;
			return 0;
		}
	}
	return -1;
}

const char *match_subject_text(enum match_subject s)
{
	return match_subject_words[s];
}

const char *match_operator_text(enum match_operator op)
{
	return match_operator_words[op];
}

const char *step_kind_text(enum step_kind kind)
{
	return step_kind_words[kind];
}
