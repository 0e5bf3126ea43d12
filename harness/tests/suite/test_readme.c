#include "core/file.h"
#include "loading.h"
#include "suite/load.h"

/* The whole files among the examples of README.md and suites/README.md load without a mistake. */

#define BLOCKS_MAX 100

/* The YAML blocks of the page, cut out of `page`. */
static size_t blocks(struct arena *a, const char *page, const char **ret)
{
	size_t n = 0;

	for (const char *at = page; n < BLOCKS_MAX && (at = strstr(at, "```yaml\n"));) {
		at += strlen("```yaml\n");
		const char *end = strstr(at, "```");
		ck_assert_ptr_nonnull(end);
		ret[n++] = arena_sv(a, (struct sv){at, (size_t)(end - at)});
		at = end;
	}
	return n;
}

/* The first word behind the key, when the text has a line with it at its beginning. */
static const char *value_of(struct arena *a, const char *text, const char *key)
{
	const char *line = strstr(arena_printf(a, "\n%s", text), arena_printf(a, "\n%s: ", key));

	if (!line)
		return NULL;
	line += strlen(key) + 3;
	return arena_sv(a, (struct sv){line, strcspn(line, "\n")});
}

static void load(struct arena *a, const char *text, struct diags *d)
{
	const char *folder = testing_folder(a), *id = value_of(a, text, "scenario");
	const char *path = arena_printf(a, "%s/%s.yaml", folder, id ? id : "example");
	const char *const paths[] = {path, NULL};
	const struct suite_options o = {
	        .catalogue = arena_printf(a, "%s/suites/requirements.yaml", testing_root()),
	        .paths = paths,
	};
	struct catalogue c = {0};
	struct suite s;
	struct target t;

	testing_write(path, sv_of(text));
	if (id) {
		suite_load(a, &o, d, &s);
		suite_release(&s);
	} else if (value_of(a, text, "target")) {
		target_load(a, path, d, &t);
	} else if (strstr(text, "expected_failures:\n")) {
		struct expectations x;
		struct source source = {.a = a, .d = d, .path = o.catalogue};
		ck_assert(source_read(&source) && catalogue_read(&source, &c));
		expected_load(a, path, &c, d, &x);
		ck_assert_uint_gt(x.n, 0);
	} else {
		struct source source = {.a = a, .d = d, .path = path};
		ck_assert(source_read(&source) && catalogue_read(&source, &c));
	}
}

START_TEST(examples_load)
{
	arena_auto *a = arena_new();
	const char *found[BLOCKS_MAX];
	size_t n = blocks(a, testing_read(a, arena_printf(a, "%s/suites/README.md", testing_root())), found),
	       loaded = 0;

	for (size_t i = 0; i < n; i++) {
		struct diags d = {0};
		if (!value_of(a, found[i], "scenario") && !value_of(a, found[i], "target") &&
		    strncmp(found[i], "documents:", 10) != 0)
			continue;
		load(a, found[i], &d);
		ck_assert_str_eq(loading_rendered(a, &d, ""), "");
		diags_release(&d);
		loaded++;
	}
	ck_assert_uint_eq(loaded, 3);
}
END_TEST

/* The target files among the indented examples of README.md: each begins with its name, and ends where text begins again. */
static size_t targets(struct arena *a, const char *page, const char **ret)
{
	size_t n = 0;

	for (const char *at = page; n < BLOCKS_MAX && (at = strstr(at, "\n\n    target: "));) {
		const char *text = arena_text(a, "");
		at += 2;
		for (size_t length; !strncmp(at, "    ", 4); at += length + 1) {
			length = strcspn(at, "\n");
			text = arena_printf(a, "%s%.*s\n", text, (int)length - 4, at + 4);
		}
		ret[n++] = text;
	}
	return n;
}

START_TEST(targets_load)
{
	arena_auto *a = arena_new();
	const char *found[BLOCKS_MAX];
	size_t n = targets(a, testing_read(a, arena_printf(a, "%s/README.md", testing_root())), found);

	ck_assert_uint_eq(n, 7);
	for (size_t i = 0; i < n; i++) {
		struct diags d = {0};
		const char *path = arena_printf(a, "%s/target.yaml", testing_folder(a));
		struct target t;
		testing_write(path, sv_of(found[i]));
		/* named by the example of the implicit flow; whether it is a key is not the question here */
		target_load(a, path, &d, &t);
		for (size_t k = 0; k < d.n; k++)
			ck_assert_msg(strstr(d.v[k].text, "test-key.pem"), "%s:\n%s", d.v[k].text, found[i]);
		diags_release(&d);
	}
}
END_TEST

int main(void)
{
	arena_auto *a = arena_new();
	Suite *s = suite_create("README.md and suites/README.md");
	TCase *examples = tcase_create("examples");

	static const char *const variables[] = {"ACME_CLIENT_SECRET", "ACME_PASSWORD", "ACME_HOOK_TOKEN",
	                                        "ACME_CODE_1",        "ACME_CODE_2",   "ACME_CODE_3"};

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		setenv(variables[i], arena_printf(a, "%zu from the environment", i), 1);
	tcase_add_test(examples, examples_load);
	tcase_add_test(examples, targets_load);
	suite_add_tcase(s, examples);
	return testing_run(s);
}
