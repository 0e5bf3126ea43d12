/* Completion scripts and the man page, given to those who read them. */
#include <string.h>

#include "commands/ran.h"
#include "core/file.h"
#include "testing.h"

static char *printed(struct arena *a, const char *folder, const char *command, const char *argument, const char *file)
{
	struct ran r = RAN(a, folder, "brandcert", command, argument);

	ck_assert_int_eq(r.status, 0);
	testing_write(arena_printf(a, "%s/%s", folder, file), sv_of(r.out));
	return arena_text(a, r.out);
}

/* What bash offers for a line that ends at the cursor. */
static const char *offered(struct arena *a, const char *folder, const char *words, int at)
{
	const char *script = arena_printf(a,
	                                  "PATH=%s:$PATH; source ./completion\n"
	                                  "COMP_WORDS=(%s); COMP_CWORD=%d; _brandcert\n"
	                                  "printf '%%s\\n' \"${COMPREPLY[@]}\"\n",
	                                  ran_program(a, ""), words, at);
	struct ran r = RAN(a, folder, "bash", "--norc", "-c", script);

	ck_assert_msg(r.status == 0 && !*r.err, "%s", r.err);
	return arena_printf(a, "\n%s", r.out);
}

START_TEST(bash_completes)
{
	static const struct {
		const char *words;
		int at;
		const char *there, *not_there;
	} rows[] = {
	        {"brandcert ''", 1, "\ninspect\n", "\n--target\n"},
	        {"brandcert veri", 1, "\nverify-record\n", "\nrun\n"},
	        {"brandcert run --pro", 2, "\n--profile\n", "\n--target\n"},
	        {"brandcert verify-record --", 2, "\n--jwks\n", "\n--jobs\n"},
	        {"brandcert run --profile ''", 3, "\nstrict\n", "\n--target\n"},
	        {"brandcert run --report j", 3, "\njson\n", "\ntap\n"},
	        {"brandcert list ''", 2, "\nfaults\n", "\n--area\n"},
	        {"brandcert run --only valid", 3, "\nvalid-code\n", "\nexpired-code\n"},
	        {"brandcert run --tag impl", 3, "\nimplicit\n", "\nencryption\n"},
	        {"brandcert prove --tag ''", 3, "\nsmoke\n", "\nhttps\n"},
	        {"brandcert explain idtoken.sub", 2, "\nidtoken.sub.valid\n", "\nidtoken.email\n"},
	        {"brandcert explain code-r", 2, "\ncode-race\n", "\nclient:\n"},
	        {"brandcert judge comp", 2, "\ncompletion\n", "\n--profile\n"},
	        {"brandcert run --target comp", 3, "\ncompletion\n", "\nliveperson\n"},
	};
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);

	printed(a, folder, "completion", "bash", "completion");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *have = offered(a, folder, rows[i].words, rows[i].at);
		ck_assert_msg(strstr(have, rows[i].there), "'%s' does not offer%s: %s", rows[i].words, rows[i].there,
		              have);
		ck_assert_msg(!strstr(have, rows[i].not_there), "'%s' offers%s", rows[i].words, rows[i].not_there);
	}
}
END_TEST

START_TEST(zsh_takes_the_script)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	const char *script = printed(a, folder, "completion", "zsh", "_brandcert");

	ck_assert_int_eq(RAN(a, folder, "zsh", "-f", "-n", "_brandcert").status, 0);
	/* It registers itself. */
	struct ran r =
	        RAN(a, folder, "zsh", "-f", "-c",
	            "autoload -Uz compinit && compinit -D -u && source ./_brandcert && print $_comps[brandcert]");
	ck_assert_str_eq(r.out, "_brandcert\n");
	assert_contains(script, "'--profile[");
	assert_contains(script, ":(liveperson strict google)'");
	assert_contains(script, "TAG:_brandcert_tags'");
	r = RAN(a, folder, "zsh", "-f", "-c",
	        arena_printf(a,
	                     "PATH=%s:$PATH; compadd() { print -l $tags; }; compdef() { }\n"
	                     "source ./_brandcert; _brandcert_tags",
	                     ran_program(a, "")));
	assert_contains(r.out, "\nimplicit\n");
}
END_TEST

START_TEST(other_shells_are_refused)
{
	arena_auto *a = arena_new();
	struct ran r = RAN(a, testing_folder(a), "brandcert", "completion", "fish");

	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "bash or zsh");
	ck_assert_int_eq(RAN(a, testing_folder(a), "brandcert", "manual", "run").status, 2);
}
END_TEST

START_TEST(the_manual_is_good_roff)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "manual");

	testing_write(arena_printf(a, "%s/brandcert.1", folder), sv_of(r.out));
	r = RAN(a, folder, "groff", "-man", "-ww", "-z", "-Kutf8", "brandcert.1");
	ck_assert_msg(r.status == 0 && !*r.err, "%s", r.err);
	/* sgr escapes off: plain text, with overstrikes */
	r = RAN(a, folder, "sh", "-c", "groff -man -Tutf8 -Kutf8 -P-c -P-b -P-u brandcert.1");
	ck_assert_int_eq(r.status, 0);
	for (const char *const *want =
	             (const char *const[]){"NAME", "EXIT STATUS", "brandcert verify-record", "--expected-failures FILE",
	                                   "brandcert list [options]", "brandcert list needs", NULL};
	     *want; want++)
		ck_assert_msg(strstr(r.out, *want), "the manual has no '%s'", *want);
}
END_TEST

/* The digest that reports carry, so that two installations can be compared. */
START_TEST(the_version_names_the_suite)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "--version");
	const char *digest = strstr(r.out, "suite ");

	ck_assert_int_eq(r.status, 0);
	ck_assert_ptr_nonnull(digest);
	digest += strlen("suite ");
	ck_assert_uint_eq(strspn(digest, "0123456789abcdef"), 64);
	assert_contains(r.out, " scenarios, ");
	struct ran run = RAN(a, folder, "brandcert", "run", "--only", "valid-code", "--quiet", "--report", "json:-");
	json_auto_t *results = json_loads(run.out, 0, NULL);
	const char *reported = json_string_value(json_object_get(json_object_get(results, "run"), "suite_digest"));
	/* The digest is that of all files, whatever is selected of them. */
	ck_assert_ptr_nonnull(reported);
	ck_assert_msg(strncmp(reported, digest, 64) == 0, "%s %s", reported, digest);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("shell");
	TCase *c = tcase_create("shell");

	tcase_add_test(c, bash_completes);
	tcase_add_test(c, zsh_takes_the_script);
	tcase_add_test(c, other_shells_are_refused);
	tcase_add_test(c, the_manual_is_good_roff);
	tcase_add_test(c, the_version_names_the_suite);
	suite_add_tcase(s, c);
	return testing_run(s);
}
