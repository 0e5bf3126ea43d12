/* What people get to see: visible text, nearest spellings, errors with their place, files. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "testing.h"

START_TEST(visible_whatever_the_bytes)
{
	static const struct {
		struct sv in;
		const char *out;
	} rows[] = {
	        {SV("plain \xc3\xa9 \xf0\x9f\x98\x80"), "plain \xc3\xa9 \xf0\x9f\x98\x80"},
	        {SV("a\nb\tc\rd"), "a\\nb\\tc\\rd"},
	        {{"a\0b", 3}, "a\\x00b"},
	        {SV("\x1b[31m"), "\\x1b[31m"},
	        {SV("\xff\xc3"), "\\xff\\xc3"},
	        {SV("\xc0\xaf"), "\\xc0\\xaf"},
	        {SV("\xed\xa0\x80"), "\\xed\\xa0\\x80"},
	        {SV("\xef\xbf\xbe"), "\\xef\\xbf\\xbe"},
	        {SV("\xc2\x85"), "\\xc2\\x85"},
	        {SV("\xe2\x80\xae"), "\\xe2\\x80\\xae"},
	        {SV("\x7f"), "\\x7f"},
	        {SV_NONE, ""},
	};
	arena_auto *a = arena_new();

	ck_assert_str_eq(text_visible(a, rows[_i].in), rows[_i].out);
}
END_TEST

START_TEST(blocks_keep_lines)
{
	arena_auto *a = arena_new();

	ck_assert_str_eq(text_block(a, SV("a\n\tb\r\n")), "a\n\tb\\r\n");
	ck_assert_str_eq(text_excerpt(a, SV("abcdef"), 6), "abcdef");
	ck_assert_str_eq(text_excerpt(a, SV("abcd\xc3\xa9z"), 5), "abcd … (7 bytes in all)");
	ck_assert_int_eq(text_bad_utf8(SV("ab\xc3(")), 2);
	ck_assert_int_eq(text_bad_utf8(SV("ab\xc3\xa9")), -1);
}
END_TEST

START_TEST(nearest_helps_or_is_silent)
{
	static const char *const words[] = {"check", "require", "claim", "contains"};

	ck_assert_str_eq(text_nearest(SV("chekc"), words, 4), "check");
	ck_assert_str_eq(text_nearest(SV("claims"), words, 4), "claim");
	ck_assert_str_eq(text_nearest(SV("contain"), words, 4), "contains");
	ck_assert_ptr_null(text_nearest(SV("zebra"), words, 4));
	ck_assert_ptr_null(text_nearest(SV("x"), words, 4));
	ck_assert_ptr_null(text_nearest(SV(""), words, 4));
}
END_TEST

START_TEST(first_error_wins_and_wraps)
{
	struct err e = {0};

	ck_assert_int_eq(err_input(&e, "cannot read '%s'", "x"), -1);
	err_trouble(&e, "something later");
	err_wrap(&e, "target");
	ck_assert_int_eq(e.kind, ERR_INPUT);
	ck_assert_str_eq(e.text, "target: cannot read 'x'");
	ck_assert_int_eq(err_trouble(NULL, "nobody asked"), -1);
}
END_TEST

START_TEST(diag_has_line_and_caret)
{
	struct diags d = {0};

	diags_error(&d, (struct place){"b.yaml", 3, 5, "    chekc: x"}, "unknown key '%s'", "chekc");
	diags_warning(&d, (struct place){"a.yaml", 1, 4, "\xc3\xa9\x1b: 1"}, "odd");
	diags_error(&d, (struct place){"a.yaml", 0, 0, NULL}, "empty");
	diags_sort(&d);
	char *first = diag_text(&d.v[0]), *second = diag_text(&d.v[1]), *third = diag_text(&d.v[2]);
	ck_assert_str_eq(first, "a.yaml: error: empty\n");
	/* The escape makes the line longer: the caret follows. */
	ck_assert_str_eq(second, "a.yaml:1:4: warning: odd\n    \xc3\xa9\\x1b: 1\n         ^\n");
	ck_assert_str_eq(third, "b.yaml:3:5: error: unknown key 'chekc'\n    chekc: x\n    ^\n");
	ck_assert_uint_eq(d.errors, 2);
	free(first);
	free(second);
	free(third);
	diags_release(&d);
}
END_TEST

START_TEST(diags_are_bounded)
{
	struct diags d = {0};

	for (int i = 0; i < LIMIT_DIAGS + 7; i++)
		diags_error(&d, (struct place){"a", 1, 1, NULL}, "x");
	ck_assert_uint_eq(d.n, LIMIT_DIAGS);
	ck_assert_uint_eq(d.dropped, 7);
	ck_assert_uint_eq(d.errors, LIMIT_DIAGS + 7);
	diags_release(&d);
}
END_TEST

START_TEST(files_are_read_whole_or_refused)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a), *path = arena_printf(a, "%s/new/deep/x", folder);
	struct buf b = {.cap = 0};
	struct err e = {0};
	struct stat st;

	ck_assert_int_eq(file_replace(path, SV("12345"), 0600, &e), 0);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(file_read(path, 5, &b, &e), 0);
	assert_sv_eq(buf_sv(&b), SV("12345"));
	ck_assert_int_eq(file_read(path, 4, &b, &e), -1);
	assert_contains(e.text, "larger than 4 bytes");
	e = (struct err){0};
	ck_assert_int_eq(file_read(folder, 100, &b, &e), -1);
	assert_contains(e.text, "not a regular file");
	e = (struct err){0};
	ck_assert_int_eq(file_read("/nowhere/x", 100, &b, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INPUT);
	buf_release(&b);
	ck_assert_str_eq(file_relative(a, "a/b.yaml", "c.pem"), "a/c.pem");
	ck_assert_str_eq(file_relative(a, "b.yaml", "c.pem"), "c.pem");
	ck_assert_str_eq(file_relative(a, "a/b.yaml", "/c.pem"), "/c.pem");
	ck_assert_str_eq(file_relative(a, "/b.yaml", "c.pem"), "/c.pem");
}
END_TEST

START_TEST(a_failed_replace_leaves_the_old_file)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a), *path = arena_printf(a, "%s/x", folder);
	struct err e = {0};

	testing_write(arena_printf(a, "%s/file", folder), SV("old"));
	ck_assert_int_eq(file_replace(arena_printf(a, "%s/file/below", folder), SV("new"), 0644, &e), -1);
	ck_assert_int_eq(e.kind, ERR_TROUBLE);
	ck_assert_str_eq(testing_read(a, arena_printf(a, "%s/file", folder)), "old");
	ck_assert(!file_exists(path));
}
END_TEST

START_TEST(time_is_utc)
{
	char text[32];

	clock_iso(1446115352000, text);
	ck_assert_str_eq(text, "2015-10-29T10:42:32Z");
	ck_assert_int_gt(clock_unix_ms(), 1700000000000);
}
END_TEST

START_TEST(times_are_read_back)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
	} rows[] = {
	        {"2026-11-21T12:00:00Z", 1795262400000},
	        {"2026-11-21", 1795219200000},
	        {"1970-01-01T00:00:00Z", 0},
	        {"2024-02-29", 1709164800000},
	        {"2026-02-29", -1},
	        {"2026-02-30T00:00:00Z", -1},
	        {"2026-13-01", -1},
	        {"2026-11-21T12:00:00", -1},
	        {"2026-11-21T12:00:00+01:00", -1},
	        {"2026-11-21T24:00:00Z", -1},
	        {"2026-11-21 ", -1},
	        {" 2026-11-21", -1},
	        {"26-11-21", -1},
	        {"", -1},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t ms = -1;
		ck_assert_msg(clock_from_iso(rows[i].text, &ms) == (rows[i].ms >= 0), "'%s'", rows[i].text);
		ck_assert_int_eq(ms, rows[i].ms);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core: text");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, visible_whatever_the_bytes, 0, 12);
	tcase_add_test(t, blocks_keep_lines);
	tcase_add_test(t, nearest_helps_or_is_silent);
	tcase_add_test(t, first_error_wins_and_wraps);
	tcase_add_test(t, diag_has_line_and_caret);
	tcase_add_test(t, diags_are_bounded);
	tcase_add_test(t, files_are_read_whole_or_refused);
	tcase_add_test(t, a_failed_replace_leaves_the_old_file);
	tcase_add_test(t, time_is_utc);
	tcase_add_test(t, times_are_read_back);
	suite_add_tcase(s, t);
	return testing_run(s);
}
