#include <sys/stat.h>
#include <unistd.h>

#include "loading.h"

/* Finding, naming and selecting scenarios. */

static struct arena *a;
static struct diags d;
static struct suite suite;
static char *folder;

static void begin(void)
{
	a = arena_new();
	d = (struct diags){0};
	suite = (struct suite){0};
	folder = testing_folder(a);
}

static void end(void)
{
	suite_release(&suite);
	diags_release(&d);
	arena_free(a);
}

static char *in(const char *name)
{
	return arena_printf(a, "%s/%s", folder, name);
}

static void write_scenario(const char *name, const char *id, const char *more)
{
	testing_write(in(name),
	              sv_of(arena_printf(a,
	                                 "scenario: %s\ntitle: A title\nwhy: A reason\n%ssteps:\n  - redeem: {}\n"
	                                 "    expect:\n      - check: token.status-200\n",
	                                 id, more)));
}

static void load(const char *const *paths)
{
	const struct suite_options o = {
	        .catalogue = loading_path(a, "good/requirements.yaml"), .paths = paths, .checks = loading_checks};

	suite_load(a, &o, &d, &suite);
}

static void load_folder(void)
{
	load((const char *const[]){folder, NULL});
}

static const char *ids(void)
{
	const char *all = "";

	for (size_t i = 0; i < suite.n; i++)
		all = arena_printf(a, "%s%s/%s ", all, suite.scenarios[i].suite, suite.scenarios[i].id);
	return all;
}

static void assert_said(const char *want)
{
	ck_assert_str_eq(loading_rendered(a, &d, arena_printf(a, "%s/", folder)), want);
}

START_TEST(finds_below_folders)
{
	write_scenario("b/two.yaml", "two", "");
	write_scenario("b/one.yml", "one", "");
	write_scenario("a/deep/er/three.yaml", "three", "");
	testing_write(in("b/notes.txt"), SV("nothing"));
	testing_write(in("b/requirements.yaml"), SV("nothing"));
	testing_write(in("b/.hidden.yaml"), SV("nothing"));
	testing_write(in(".git/x.yaml"), SV("nothing"));
	testing_write(in("schema/x.yaml"), SV("nothing"));
	load_folder();
	assert_said("");
	ck_assert_str_eq(ids(), "b/one b/two er/three ");
	ck_assert_uint_eq(suite.nfiles, 4);
	ck_assert_str_eq(suite.files[0].name, "a/deep/er/three.yaml");
	ck_assert_str_eq(suite.files[1].name, "b/one.yml");
	ck_assert_str_eq(suite.files[3].name, "requirements.yaml");
}
END_TEST

START_TEST(a_file_is_loaded_once)
{
	write_scenario("b/two.yaml", "two", "");
	load((const char *const[]){in("b/two.yaml"), folder, in("b/"), NULL});
	assert_said("");
	ck_assert_str_eq(ids(), "b/two ");
}
END_TEST

START_TEST(folder_of_a_bare_name)
{
	char old[4096];

	write_scenario("b/two.yaml", "two", "");
	char *catalogue = realpath(loading_path(a, "good/requirements.yaml"), NULL);
	const char *const paths[] = {"two.yaml", NULL};
	const struct suite_options o = {.catalogue = catalogue, .paths = paths};
	ck_assert_ptr_nonnull(getcwd(old, sizeof old));
	ck_assert_int_eq(chdir(in("b")), 0);
	suite_load(a, &o, &d, &suite);
	ck_assert_int_eq(chdir(old), 0);
	free(catalogue);
	ck_assert_str_eq(ids(), "b/two ");
}
END_TEST

START_TEST(symbolic_links)
{
	write_scenario("b/two.yaml", "two", "");
	ck_assert_int_eq(symlink("two.yaml", in("b/three.yaml")), 0);
	ck_assert_int_eq(symlink("..", in("b/loop")), 0);
	ck_assert_int_eq(symlink("b", in("given")), 0);
	load((const char *const[]){in("given"), NULL});
	assert_said("given/three.yaml: warning: a symbolic link, which is not followed: this scenario is not run\n");
	ck_assert_uint_eq(d.errors, 0);
	ck_assert_str_eq(ids(), "b/two "); /* its real name */
}
END_TEST

START_TEST(one_id_twice)
{
	write_scenario("a/one.yaml", "one", "");
	write_scenario("b/one.yaml", "one", "");
	write_scenario("b/one.yml", "one", "");
	load_folder();
	assert_said(arena_printf(
	        a, "b/one.yaml:1:11: error: the scenario 'one' is also in a/one.yaml:1:11: an id is used once\n"
	           "    scenario: one\n              ^\n"
	           "b/one.yml:1:11: error: the scenario 'one' is also in a/one.yaml:1:11: an id is used once\n"
	           "    scenario: one\n              ^\n"));
}
END_TEST

START_TEST(all_mistakes_of_all_files)
{
	write_scenario("a/one.yaml", "one", "titel: x\n");
	write_scenario("a/two.yaml", "tow", "tags: x\n");
	testing_write(in("a/three.yaml"), SV(""));
	load_folder();
	assert_said("a/one.yaml:4:1: error: unknown key 'titel', did you mean 'title'?\n    titel: x\n    ^\n"
	            "a/three.yaml:1:1: error: nothing is in this file\n"
	            "a/two.yaml:1:11: error: the scenario is called 'tow', but its file 'two': they must be the same\n"
	            "    scenario: tow\n              ^\n"
	            "a/two.yaml:4:7: error: 'tags' must be a list, not a string\n    tags: x\n          ^\n");
	ck_assert_uint_eq(d.errors, 4);
}
END_TEST

START_TEST(nothing_to_load)
{
	testing_write(in("notes.txt"), SV("nothing"));
	load((const char *const[]){folder, in("missing"), in("notes.txt"), NULL});
	assert_said(arena_printf(a,
	                         "error: no scenario is in '%s': nothing there ends in .yaml\n"
	                         "error: cannot read 'missing': No such file or directory\n"
	                         "error: cannot read 'notes.txt': the name of a scenario file ends in .yaml\n",
	                         folder));
}
END_TEST

START_TEST(no_paths)
{
	load((const char *const[]){NULL});
	assert_said("error: no folder of scenarios was given\n");
}
END_TEST

START_TEST(no_catalogue)
{
	write_scenario("a/one.yaml", "one", "");
	const char *const paths[] = {folder, NULL};
	const struct suite_options o = {.catalogue = in("none.yaml"), .paths = paths};
	suite_load(a, &o, &d, &suite);
	/* and not: no requirement has the id … */
	assert_said("error: cannot read 'none.yaml': No such file or directory\n");
}
END_TEST

START_TEST(catalogue_given_as_scenario)
{
	testing_write(in("requirements.yaml"), SV(""));
	load((const char *const[]){in("requirements.yaml"), NULL});
	assert_said("error: cannot read 'requirements.yaml': this is the requirement catalogue, not a scenario\n");
}
END_TEST

/* --- selection --------------------------------------------------------------------------------------------- */

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct {
	const char *const *ids, *const *tags;
	const char *kept, *said;
} selections[] = {
        {NULL, NULL, "a/one a/two b/three ", ""},
        {(const char *const[]){NULL}, (const char *const[]){NULL}, "a/one a/two b/three ", ""},
        {WORDS("two"), NULL, "a/two ", ""},
        {WORDS("three", "one"), NULL, "a/one b/three ", ""},
        {NULL, WORDS("fast"), "a/one a/two ", ""},
        {NULL, WORDS("fast", "slow"), "a/one a/two b/three ", ""},
        {WORDS("one", "three"), WORDS("slow"), "b/three ", ""},
        {WORDS("one"), WORDS("slow"), "", "error: no scenario is left to run: none that was named has such a tag\n"},
        {WORDS("tow"), NULL, "", "error: no scenario is called 'tow', did you mean 'two'?\n"},
        {WORDS("one", "four"), NULL, "a/one ", "error: no scenario is called 'four'\n"},
        {NULL, WORDS("fats"), "", "error: no scenario has the tag 'fats', did you mean 'fast'?\n"},
};

START_TEST(selection)
{
	write_scenario("a/one.yaml", "one", "tags: [fast]\n");
	write_scenario("a/two.yaml", "two", "tags: [fast, odd]\n");
	write_scenario("b/three.yaml", "three", "tags: [slow]\n");
	load_folder();
	suite_select(&suite, selections[_i].ids, selections[_i].tags, &d);
	ck_assert_str_eq(ids(), selections[_i].kept);
	assert_said(selections[_i].said);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("suite");
	TCase *finding = tcase_create("finding"), *selecting = tcase_create("selecting");

	tcase_add_checked_fixture(finding, begin, end);
	tcase_add_test(finding, finds_below_folders);
	tcase_add_test(finding, a_file_is_loaded_once);
	tcase_add_test(finding, folder_of_a_bare_name);
	tcase_add_test(finding, symbolic_links);
	tcase_add_test(finding, one_id_twice);
	tcase_add_test(finding, all_mistakes_of_all_files);
	tcase_add_test(finding, nothing_to_load);
	tcase_add_test(finding, no_paths);
	tcase_add_test(finding, no_catalogue);
	tcase_add_test(finding, catalogue_given_as_scenario);
	suite_add_tcase(s, finding);
	tcase_add_checked_fixture(selecting, begin, end);
	tcase_add_loop_test(selecting, selection, 0, sizeof selections / sizeof *selections);
	suite_add_tcase(s, selecting);
	return testing_run(s);
}
