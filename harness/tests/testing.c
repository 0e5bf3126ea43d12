#include "testing.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"

#define FOLDERS_MAX 256

static char *folders[FOLDERS_MAX];
static size_t folder_count;
static pid_t owner;

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *f)
{
	(void)st, (void)kind, (void)f;
	return remove(path);
}

static void remove_folders(void)
{
	/* Check forks a child per test, which leaves by exit(), too: each removes what it made itself. */
	for (size_t i = 0; i < folder_count && owner == getpid(); i++)
		nftw(folders[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int testing_run(Suite *s)
{
	SRunner *r = srunner_create(s);

	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r), ran = srunner_ntests_run(r);
	srunner_free(r);
	return failed || !ran ? EXIT_FAILURE : EXIT_SUCCESS;
}

void testing_sv_eq(struct sv have, struct sv want, const char *file, int line)
{
	arena_auto *a = arena_new();

	if (!sv_eq(have, want) || !have.p != !want.p)
		ck_abort_msg("%s:%d: have %s'%s', want %s'%s'", file, line, have.p ? "" : "NULL ",
		             text_visible(a, have), want.p ? "" : "NULL ", text_visible(a, want));
}

void testing_contains(const char *have, const char *needle, int wanted, const char *file, int line)
{
	if (!have)
		ck_abort_msg("%s:%d: there is no text (looking for '%s')", file, line, needle);
	else if ((strstr(have, needle) != NULL) != (wanted != 0))
		ck_abort_msg("%s:%d: '%s' is %s: '%s'", file, line, needle, wanted ? "not there" : "there", have);
}

const char *testing_root(void)
{
	const char *root = getenv("BRANDCERT_ROOT");

	return root ? root : ".";
}

char *testing_folder(struct arena *a)
{
	const char *tmp = getenv("TMPDIR");
	char *path = arena_printf(a, "%s/brandcert-test.XXXXXX", tmp ? tmp : "/tmp");

	if (!mkdtemp(path))
		ck_abort_msg("cannot make the folder '%s'", path);
	if (owner != getpid()) {
		owner = getpid();
		folder_count = 0;
		atexit(remove_folders);
	}
	ck_assert_msg(folder_count < FOLDERS_MAX, "too many test folders");
	folders[folder_count++] = mem_text(path);
	return path;
}

char *testing_read(struct arena *a, const char *path)
{
	struct buf b = {.cap = BUF_OWN};
	struct err e = {0};

	if (file_read(path, BUF_OWN, &b, &e) < 0)
		ck_abort_msg("%s", e.text);
	char *text = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return text;
}

void testing_write(const char *path, struct sv content)
{
	struct err e = {0};

	if (file_replace(path, content, 0644, &e) < 0)
		ck_abort_msg("%s", e.text);
}
