#ifndef BRANDCERT_TESTS_CHECKS_SAMPLE_STORY_H
#define BRANDCERT_TESTS_CHECKS_SAMPLE_STORY_H

#include "sample.h"

#define SAMPLE_STORY_MAX 6

/* Several exchanges of one scenario, one after the other; the last one is judged. */
struct sample_story {
	const char *check;
	const char *edits[SAMPLE_STORY_MAX];
	enum finding_kind kind;
	const char *name; /* violated: the case, or NULL. skip: the owner, or NULL */
	const char *says; /* words of observed, or of the reason; NULL: anything */
};

/* Runs the check and compares; prints row and finding on a difference. */
void sample_tell(const struct sample_story *row);

#define STORY_TEST(name, rows)          \
	START_TEST(name)                \
	{                               \
		sample_tell(&rows[_i]); \
	}                               \
	END_TEST

#endif
