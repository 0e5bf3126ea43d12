#ifndef BRANDCERT_SUITE_WORDS_H
#define BRANDCERT_SUITE_WORDS_H

/* The words of suite.h's enums, each list NULL-terminated and in the enum's order. Internal to suite/. */
extern const char *const level_words[];
extern const char *const profile_words[];
extern const char *const match_subject_words[];
extern const char *const match_operator_words[];
/* The keys of a step, in the order of enum step_kind. */
extern const char *const step_kind_words[];
/* The first of each is the default: whose code it is, and which client's. */
extern const char *const consumer_words[], *const client_words[];

#endif
