#include "loading.h"
#include "suite/load.h"

static struct arena *a;
static struct diags d;
static struct catalogue c;

static void load(void)
{
	a = arena_new();
	struct source s = {.a = a, .d = &d, .path = loading_path(a, "good/requirements.yaml")};
	c = (struct catalogue){0};
	ck_assert(source_read(&s));
	ck_assert(catalogue_read(&s, &c));
	ck_assert_str_eq(loading_rendered(a, &d, ""), "");
}

static void unload(void)
{
	diags_release(&d);
	arena_free(a);
}

static void assert_levels(const enum level *have, const char *want)
{
	ck_assert_str_eq(arena_printf(a, "%s %s %s", level_text(have[PROFILE_LIVEPERSON]),
	                              level_text(have[PROFILE_STRICT]), level_text(have[PROFILE_GOOGLE])),
	                 want);
}

START_TEST(requirements)
{
	const struct requirement *r = catalogue_find(&c, "token.expires-in");

	ck_assert_uint_eq(c.n, 4);
	ck_assert_str_eq(r->title, "expires_in is a number of seconds");
	ck_assert_str_eq(r->source[0], "RFC 6749 §5.1");
	ck_assert_str_eq(r->source[1], "OIDC Core §3.1.3.3");
	ck_assert_ptr_null(r->source[2]);
	assert_contains(r->why, "client that never asks");
	ck_assert_str_eq(r->after[0], "token.status-200");
	ck_assert_ptr_null(r->after[1]);
	ck_assert_uint_eq(r->at.line, 20);
	assert_levels(r->level, "must should off");
	assert_levels(catalogue_find(&c, "token.status-200")->level, "must must must");
	ck_assert_ptr_null(catalogue_find(&c, "token.status-200")->why);
	ck_assert_ptr_null(catalogue_find(&c, "token.status-200")->after[0]);
	ck_assert_ptr_null(catalogue_find(&c, "token.status"));
}
END_TEST

START_TEST(cases)
{
	const struct requirement *r = catalogue_find(&c, "token.expires-in");

	ck_assert_uint_eq(r->ncases, 3);
	assert_levels(requirement_case(r, "absent")->level, "may should off");
	ck_assert_str_eq(requirement_case(r, "absent")->fix, "Send expires_in.");
	assert_levels(requirement_case(r, "text")->level, "should should should");
	ck_assert_ptr_null(requirement_case(r, "text")->fix);
	assert_levels(requirement_case(r, "zero")->level, "off may must");
	ck_assert_ptr_null(requirement_case(r, "other"));
}
END_TEST

START_TEST(links)
{
	static const struct {
		const char *source, *link;
	} rows[] = {
	        {"RFC 6749 §5.1", "https://www.rfc-editor.org/rfc/rfc6749#section-5.1"},
	        {"RFC 6749 §4.1.2, §10.5", "https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2"},
	        {"RFC 6749, §5.1.", "https://www.rfc-editor.org/rfc/rfc6749#section-5.1"},
	        {"RFC 6749 §A.1", "https://www.rfc-editor.org/rfc/rfc6749#section-A.1"},
	        {"RFC 6749 § 5", "https://www.rfc-editor.org/rfc/rfc6749"},
	        {"RFC 6749", "https://www.rfc-editor.org/rfc/rfc6749"},
	        {"OIDC Core §2", "https://openid.net/specs/openid-connect-core-1_0.html"},
	        {"OIDC §2", NULL},
	        {"RFC 67490 §1", NULL},
	        {"RFC 67 §1", NULL},
	        {"somewhere", NULL},
	        {"", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_pstr_eq(catalogue_link(&c, a, rows[i].source), rows[i].link);
}
END_TEST

START_TEST(words)
{
	enum profile p = PROFILE_GOOGLE;

	ck_assert_int_eq(profile_of(SV("strict"), &p), 0);
	ck_assert_int_eq(p, PROFILE_STRICT);
	ck_assert_int_eq(profile_of(SV("Strict"), &p), -1);
	ck_assert_int_eq(profile_of(SV("strict\0x"), &p), -1);
	ck_assert_int_eq(p, PROFILE_STRICT);
	ck_assert_str_eq(profile_text(PROFILE_GOOGLE), "google");
	ck_assert_str_eq(level_text(LEVEL_MUST), "must");
	ck_assert_str_eq(match_operator_text(OP_MAX_LENGTH), "max_length");
	ck_assert_str_eq(match_subject_text(MATCH_JOSE_HEADER), "jose_header");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("catalogue");
	TCase *good = tcase_create("good");

	tcase_add_checked_fixture(good, load, unload);
	tcase_add_test(good, requirements);
	tcase_add_test(good, cases);
	tcase_add_test(good, links);
	tcase_add_test(good, words);
	suite_add_tcase(s, good);
	return testing_run(s);
}
