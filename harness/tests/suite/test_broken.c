#include <dirent.h>
#include <stdio.h>

#include "core/file.h"
#include "loading.h"
#include "suite/expected_file.h"
#include "suite/target.h"

/*
 * Each folder of broken/ holds input.yaml and what loading it must say, exactly, in `expected`. The folder's name begins with
 * what the file is: scenario, catalogue, target or expected failures.
 */
#define CASES_MAX 500

static char *names[CASES_MAX];
static int count;

static int by_name(const struct dirent **x, const struct dirent **y)
{
	return strcmp((*x)->d_name, (*y)->d_name);
}

static void gather(void)
{
	arena_auto *a = arena_new();
	struct dirent **entries;
	int n = scandir(loading_path(a, "broken"), &entries, NULL, by_name);

	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.' && count < CASES_MAX)
			names[count++] = mem_text(entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

static void load_catalogue(struct arena *a, const char *path, struct diags *d)
{
	const char *const paths[] = {loading_path(a, "good/small/small.yaml"), NULL};
	const struct suite_options o = {.catalogue = path, .paths = paths, .checks = loading_checks};
	struct suite s;

	suite_load(a, &o, d, &s);
	suite_release(&s);
}

/* A key that looks like one stands in the tree as key.pem.in, with "PRIVATE-KEY", so that nobody's scanner takes it for one.
 * The folder, or a copy of it in which the key is whole. */
static char *with_key(struct arena *a, char *folder)
{
	static const char written[] = "PRIVATE-KEY";
	const char *from = arena_printf(a, "%skey.pem.in", folder);

	if (!file_exists(from))
		return folder;
	char *copy = arena_printf(a, "%s/", testing_folder(a)), *key = testing_read(a, from);
	for (char *at = key; (at = strstr(at, written));)
		at[strlen("PRIVATE")] = ' ';
	testing_write(arena_printf(a, "%skey.pem", copy), sv_of(key));
	testing_write(arena_printf(a, "%sinput.yaml", copy),
	              sv_of(testing_read(a, arena_printf(a, "%sinput.yaml", folder))));
	return copy;
}

START_TEST(says_exactly_what_is_expected)
{
	arena_auto *a = arena_new();
	const char *name = names[_i];
	char *own = arena_printf(a, "%s/", loading_path(a, arena_printf(a, "broken/%s", name)));
	char *folder = with_key(a, own);
	char *input = arena_printf(a, "%sinput.yaml", folder);
	struct diags d = {0};

	if (!strncmp(name, "scenario-", 9)) {
		struct suite s;
		loading_suite(a, input, &d, &s);
		suite_release(&s);
	} else if (!strncmp(name, "catalogue-", 10)) {
		load_catalogue(a, input, &d);
	} else if (!strncmp(name, "target-", 7)) {
		struct target t;
		target_load(a, input, &d, &t);
	} else if (!strncmp(name, "expected-", 9)) {
		struct suite s;
		struct expectations x;
		struct diags none = {0};
		loading_suite(a, loading_path(a, "good/small/small.yaml"), &none, &s);
		expected_load(a, input, &s.catalogue, &d, &x);
		suite_release(&s);
		diags_release(&none);
	} else {
		ck_abort_msg("'%s' is of no known kind", name);
	}
	char *have = loading_rendered(a, &d, folder);
	ck_assert_msg(d.errors > 0, "broken/%s: nothing was refused", name);
	diags_release(&d);
	char *want = testing_read(a, arena_printf(a, "%sexpected", own));
	ck_assert_msg(!strcmp(have, want), "broken/%s: have\n%s\nwant\n%s", name, have, want);
}
END_TEST

START_TEST(no_secret_is_shown)
{
	static const char *const secrets[] = {"hunter", "secretcode", "secretverifier",
	                                      "MIIEvg", "MC4CAQAw",   "aHVudGVy"};
	arena_auto *a = arena_new();
	char *text = testing_read(a, loading_path(a, arena_printf(a, "broken/%s/expected", names[_i])));

	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		assert_lacks(text, secrets[i]);
}
END_TEST

int main(void)
{
	gather();
	setenv("BRANDCERT_TEST_SECRET", "a-secret", 1);
	setenv("BRANDCERT_TEST_EMPTY", "", 1);
	unsetenv("BRANDCERT_TEST_NOTHING");
	Suite *suite = suite_create("broken files");
	TCase *exact = tcase_create("broken");
	tcase_add_loop_test(exact, says_exactly_what_is_expected, 0, count);
	tcase_add_loop_test(exact, no_secret_is_shown, 0, count);
	suite_add_tcase(suite, exact);
	int status = testing_run(suite);
	while (count)
		free(names[--count]);
	return status;
}
