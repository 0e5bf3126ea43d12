/* `list requirements --markdown`, the guard that keeps suites/REQUIREMENTS.md up to date, and the other lists. */
#include <string.h>

#include "commands/ran.h"
#include "testing.h"

START_TEST(the_page_has_every_requirement)
{
	arena_auto *a = arena_new();
	struct ran list = RAN(a, ".", "brandcert", "list", "requirements");
	struct ran page = RAN(a, ".", "brandcert", "list", "requirements", "--markdown");
	size_t n = 0;

	ck_assert_int_eq(list.status, 0);
	ck_assert_int_eq(page.status, 0);
	for (struct sv rest = sv_of(list.out), line; sv_cut(&rest, '\n', &line); n++) {
		long blank = sv_find_char(line, ' ');
		/* The first line is the heading, the last one is empty. */
		if (n > 0 && blank > 0)
			assert_contains(page.out, arena_printf(a, "| **`%.*s`**<br>", (int)blank, line.p));
	}
	ck_assert_uint_gt(n, 50);
}
END_TEST

START_TEST(a_row_says_all)
{
	static const char *const says[] = {
	        "## The success response",
	        "| should / should / may |",
	        "[RFC 6749 §5.1](<https://www.rfc-editor.org/rfc/rfc6749#section-5.1>)",
	        "<br>`absent`: may / should / off",
	        "[valid-code](<token-endpoint/valid-code.yaml>)",
	        "| valid-code: no-pragma |",
	        "## The authorization endpoint",
	        "## Expiry, refresh and logout",
	};
	arena_auto *a = arena_new();
	struct ran page = RAN(a, testing_folder(a), "brandcert", "list", "requirements", "--markdown");

	for (size_t i = 0; i < sizeof says / sizeof *says; i++)
		assert_contains(page.out, says[i]);
	/* where an area without a heading of its own would go */
	ck_assert_msg(!strstr(page.out, "Further requirements"), "an area of requirements has no heading");
}
END_TEST

/* The guard in a folder of its own, over a page that is right but for `more`. */
static struct ran guarded(struct arena *a, const char *more)
{
	const char *folder = testing_folder(a);
	struct ran page = RAN(a, folder, "brandcert", "list", "requirements", "--markdown");

	testing_write(arena_printf(a, "%s/suites/REQUIREMENTS.md", folder),
	              sv_of(arena_printf(a, "%s%s", page.out, more)));
	return RAN(a, folder, ran_file(a, "harness/lint/docs"), ran_program(a, "brandcert"));
}

START_TEST(the_guard_tells_an_old_page)
{
	arena_auto *a = arena_new();
	struct ran r = guarded(a, "");

	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	r = guarded(a, "one more line\n");
	ck_assert_int_eq(r.status, 1);
	assert_contains(r.err, "-one more line");
	assert_contains(r.err, "run 'make docs'");
	r = RAN(a, testing_folder(a), ran_file(a, "harness/lint/docs"), ran_program(a, "brandcert"));
	ck_assert_int_eq(r.status, 1);
}
END_TEST

START_TEST(scenarios_stand_under_their_suite)
{
	arena_auto *a = arena_new();
	struct ran r = RAN(a, ".", "brandcert", "list", "scenarios", "--only", "valid-code");

	ck_assert_int_eq(r.status, 0);
	ck_assert_msg(strncmp(r.out, "token-endpoint:\n  valid-code ", 28) == 0, "%s", r.out);
}
END_TEST

START_TEST(needs_name_their_scenarios)
{
	arena_auto *a = arena_new();
	struct ran r = RAN(a, ".", "brandcert", "list", "needs");

	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "codes.lifetime: expired-code");
	assert_contains(r.out, "tls.ca_file\n");
	assert_contains(r.out, "\ntokens: handed-over-encrypted-token, handed-over-token\n");
	assert_contains(r.out, "\nlogout: logged-out\n");
	assert_contains(r.out, "\nauthorization.deny: denied-login\n");
	r = RAN(a, ".", "brandcert", "list", "needs", "--markdown");
	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "list requirements");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: list");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, the_page_has_every_requirement);
	tcase_add_test(t, a_row_says_all);
	tcase_add_test(t, the_guard_tells_an_old_page);
	tcase_add_test(t, scenarios_stand_under_their_suite);
	tcase_add_test(t, needs_name_their_scenarios);
	suite_add_tcase(s, t);
	return testing_run(s);
}
