/* Borrowed text, buffers, arena, base64, forms: what everything else stands on. */
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "core/form.h"
#include "testing.h"

START_TEST(sv_keeps_nul)
{
	ck_assert(sv_eq((struct sv){"a\0b", 3}, (struct sv){"a\0b", 3}));
	ck_assert(!sv_eq((struct sv){"a\0b", 3}, (struct sv){"a\0c", 3}));
	ck_assert(!sv_eq((struct sv){"a\0b", 3}, SV("a")));
	ck_assert(sv_eq_nocase(SV("no-STORE"), SV("NO-store")));
	ck_assert(!sv_eq_nocase(SV("[a"), SV("{a")));
	ck_assert_int_eq(sv_find((struct sv){"x\0yz", 4}, SV("yz")), 2);
	ck_assert_int_eq(sv_find(SV("ab"), SV("abc")), -1);
	assert_sv_eq(sv_trim(SV(" \t\r\n a b \n")), SV("a b"));
	ck_assert(sv_starts(SV("eyJ0"), SV("eyJ")) && !sv_starts(SV("ey"), SV("eyJ")));
	ck_assert(sv_ends(SV("x.yaml"), SV(".yaml")) && !sv_ends(SV("yaml"), SV(".yaml")));
}
END_TEST

START_TEST(sv_cut_gives_every_piece)
{
	static const struct {
		struct sv list;
		int pieces;
	} rows[] = {{SV("a,,b"), 3}, {SV("a"), 1}, {SV("a,"), 2}, {SV(","), 2}, {SV(""), 1}, {SV_NONE, 0}};
	int n = 0;

	for (struct sv rest = rows[_i].list, piece; sv_cut(&rest, ',', &piece); n++)
		ck_assert_int_lt(sv_find_char(piece, ','), 0);
	ck_assert_int_eq(n, rows[_i].pieces);
}
END_TEST

START_TEST(buf_stops_at_its_cap)
{
	struct buf b = {.cap = 10};

	ck_assert(buf_add_text(&b, "12345678"));
	ck_assert(!buf_add_text(&b, "9abc"));
	ck_assert(b.full);
	assert_sv_eq(buf_sv(&b), SV("123456789a"));
	ck_assert_int_eq(b.p[b.n], '\0');
	buf_clear(&b);
	ck_assert(buf_addf(&b, "%d-%s", 7, "x") && !b.full);
	assert_sv_eq(buf_sv(&b), SV("7-x"));
	buf_release(&b);
	assert_sv_eq(buf_sv(&b), SV(""));
}
END_TEST

START_TEST(arena_objects_do_not_overlap)
{
	arena_auto *a = arena_new();
	enum { N = 2000 };
	char *p[N];

	for (int i = 0; i < N; i++) {
		size_t size = (size_t)(i * 37 % 5000) + 1;
		p[i] = arena_alloc(a, size);
		ck_assert_int_eq((int)((size_t)p[i] % _Alignof(max_align_t)), 0);
		ck_assert(p[i][0] == 0 && memcmp(p[i], p[i] + 1, size - 1) == 0);
		memset(p[i], i & 0x7f, size);
	}
	for (int i = 0; i < N; i++)
		ck_assert_int_eq(p[i][0], i & 0x7f);
}
END_TEST

START_TEST(arena_grow_keeps_what_was_there)
{
	arena_auto *a = arena_new();
	int *v = NULL;

	for (size_t n = 0; n < 1000; n++) {
		v = arena_grow(a, v, n, sizeof *v);
		v[n] = (int)n;
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(v[i], i);
}
END_TEST

/* RFC 4648 §10 */
static const struct {
	const char *plain, *encoded;
} rfc4648[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
};

START_TEST(base64_rfc4648_10)
{
	arena_auto *a = arena_new();
	struct sv got;

	ck_assert_str_eq(base64_encode(a, BASE64_STANDARD, sv_of(rfc4648[_i].plain)), rfc4648[_i].encoded);
	ck_assert_int_eq(base64_decode(a, BASE64_STANDARD, sv_of(rfc4648[_i].encoded), &got, NULL), BASE64_OK);
	assert_sv_eq(got, sv_of(rfc4648[_i].plain));
}
END_TEST

START_TEST(base64_names_the_fault)
{
	static const struct {
		enum base64_kind kind;
		struct sv text;
		enum base64_fault fault;
		size_t at;
	} rows[] = {
	        {BASE64_URL, SV("Zg=="), BASE64_PADDING, 2},
	        {BASE64_URL, SV("Zm\n9v"), BASE64_LINE_BREAK, 2},
	        {BASE64_URL, SV("Z m9v"), BASE64_BLANK, 1},
	        {BASE64_URL, SV("ab+/"), BASE64_OTHER_ALPHABET, 2},
	        {BASE64_STANDARD, SV("ab-_"), BASE64_OTHER_ALPHABET, 2},
	        {BASE64_URL, SV("ab!d"), BASE64_FOREIGN, 2},
	        {BASE64_URL, {"ab\0d", 4}, BASE64_FOREIGN, 2},
	        {BASE64_URL, SV("abcde"), BASE64_LENGTH, 5},
	        {BASE64_STANDARD, SV("Zg"), BASE64_LENGTH, 2},
	        {BASE64_STANDARD, SV("Zg=a"), BASE64_LENGTH, 2},
	        {BASE64_STANDARD, SV("===="), BASE64_LENGTH, 0},
	        {BASE64_URL, SV("Zh"), BASE64_TRAILING_BITS, 1},
	};
	arena_auto *a = arena_new();
	struct sv got = SV_NONE;
	size_t at = 99;

	ck_assert_int_eq(base64_decode(a, rows[_i].kind, rows[_i].text, &got, &at), rows[_i].fault);
	ck_assert_uint_eq(at, rows[_i].at);
	ck_assert((got.p != NULL) == (rows[_i].fault == BASE64_TRAILING_BITS));
}
END_TEST

START_TEST(base64_loosely)
{
	arena_auto *a = arena_new();
	struct sv got;

	ck_assert_int_eq(base64_decode_loosely(a, SV("Zm9v\r\nYm Fy=="), &got), 0);
	assert_sv_eq(got, SV("foobar"));
	ck_assert_int_eq(base64_decode_loosely(a, SV("Zm9v!"), &got), -1);
	ck_assert_int_eq(base64_decode_loosely(a, SV("Zm9vY"), &got), -1);
}
END_TEST

START_TEST(form_leaves_alone_what_appendix_b_does)
{
	arena_auto *a = arena_new();
	struct sv back;

	/* RFC 6749 Appendix B's own example */
	ck_assert_str_eq(form_encoded(a, SV(" %&+\xc2\xa3\xe2\x82\xac")), "+%25%26%2B%C2%A3%E2%82%AC");
	ck_assert_str_eq(form_encoded(a, SV("AZaz09-._*~/:=")), "AZaz09-._*%7E%2F%3A%3D");
	ck_assert_str_eq(form_encoded(a, (struct sv){"a\0b", 3}), "a%00b");
	ck_assert_str_eq(url_encoded(a, SV("a b~/*")), "a%20b~%2F%2A");
	ck_assert(form_decode(a, SV("+%25%26%2B%c2%a3"), &back));
	assert_sv_eq(back, SV(" %&+\xc2\xa3"));
	ck_assert(form_decode(a, SV("a%00b"), &back));
	assert_sv_eq(back, ((struct sv){"a\0b", 3}));
	ck_assert(!form_decode(a, SV("a%2"), &back));
	ck_assert(!form_decode(a, SV("%zz"), &back));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core: bytes");
	TCase *t = tcase_create("all");

	tcase_add_test(t, sv_keeps_nul);
	tcase_add_loop_test(t, sv_cut_gives_every_piece, 0, 6);
	tcase_add_test(t, buf_stops_at_its_cap);
	tcase_add_test(t, arena_objects_do_not_overlap);
	tcase_add_test(t, arena_grow_keeps_what_was_there);
	tcase_add_loop_test(t, base64_rfc4648_10, 0, 7);
	tcase_add_loop_test(t, base64_names_the_fault, 0, 12);
	tcase_add_test(t, base64_loosely);
	tcase_add_test(t, form_leaves_alone_what_appendix_b_does);
	suite_add_tcase(s, t);
	return testing_run(s);
}
