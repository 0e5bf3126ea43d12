#include <stdlib.h>
#include <string.h>

#include "endpoint/reply.h"
#include "endpoint/request.h"
#include "testing.h"

#define HOST "Host: 127.0.0.1\r\n"

/* Feeds the bytes in pieces of `piece`; gives how many were taken in all. */
static size_t feed(struct request_parser *p, struct sv bytes, size_t piece)
{
	size_t used = 0;

	request_parser_init(p);
	while (used < bytes.n && p->state < PARSER_DONE) {
		size_t n = bytes.n - used < piece ? bytes.n - used : piece;
		size_t taken = request_parser_feed(p, (struct sv){bytes.p + used, n});
		ck_assert_uint_le(taken, n);
		used += taken;
		if (taken < n)
			break;
	}
	return used;
}

/* --- what is understood ---------------------------------------------------------------------------------------- */

static const struct {
	const char *text, *method, *path, *query, *body;
	bool keep_alive;
} good[] = {
        {"GET / HTTP/1.1\r\n" HOST "\r\n", "GET", "/", NULL, NULL, true},
        {"\r\nGET /a?b=c&d HTTP/1.1\r\n" HOST "\r\n", "GET", "/a", "b=c&d", NULL, true},
        {"GET /a? HTTP/1.1\r\n" HOST "\r\n", "GET", "/a", "", NULL, true},
        {"POST /t HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nab\r\nc", "POST", "/t", NULL, "ab\r\nc", true},
        {"POST /t HTTP/1.1\r\n" HOST "content-length: 0\r\n\r\n", "POST", "/t", NULL, NULL, true},
        {"GET https://127.0.0.1:1/x?y HTTP/1.1\r\n" HOST "\r\n", "GET", "/x", "y", NULL, true},
        {"GET https://127.0.0.1:1 HTTP/1.1\r\n" HOST "\r\n", "GET", "/", NULL, NULL, true},
        {"GET / HTTP/1.1\r\n" HOST "Connection: x, Close\r\n\r\n", "GET", "/", NULL, NULL, false},
        {"GET / HTTP/1.0\r\n\r\n", "GET", "/", NULL, NULL, false},
        {"M-SEARCH /%00%2e HTTP/1.1\r\n" HOST "X:\r\nY:\t a\xff b \r\n\r\n", "M-SEARCH", "/%00%2e", NULL, NULL, true},
};

static const size_t pieces[] = {1, 2, 3, 7, 100000};

START_TEST(request_is_read_in_any_pieces)
{
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct request_parser p;
		struct sv text = sv_of(good[_i].text);

		ck_assert_uint_eq(feed(&p, text, pieces[i]), text.n);
		ck_assert_msg(p.state == PARSER_DONE, "%s", p.why);
		assert_sv_eq(p.request.method, sv_of(good[_i].method));
		assert_sv_eq(p.request.path, sv_of(good[_i].path));
		assert_sv_eq(p.request.query, sv_of(good[_i].query));
		assert_sv_eq(p.request.body, sv_of(good[_i].body));
		ck_assert_int_eq(p.request.keep_alive, good[_i].keep_alive);
		request_parser_release(&p);
	}
}
END_TEST

START_TEST(next_request_is_left_alone)
{
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct request_parser p;
		struct sv text = SV("POST /t HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabcGET /");

		ck_assert_uint_eq(feed(&p, text, pieces[i]), text.n - 5);
		assert_sv_eq(p.request.body, SV("abc"));
		ck_assert_uint_eq(request_parser_feed(&p, SV("GET /")), 0);
		request_parser_release(&p);
	}
}
END_TEST

START_TEST(headers_are_found_in_any_letter_case)
{
	struct request_parser p;

	feed(&p, SV("GET / HTTP/1.1\r\n" HOST "x-a: 1\r\nX-A:  2 \r\nX-Empty:\r\n\r\n"), 1000);
	assert_sv_eq(request_header(&p.request, "X-a"), SV("1"));
	ck_assert_uint_eq(request_header_count(&p.request, "X-a"), 2);
	assert_sv_eq(request_header(&p.request, "x-empty"), SV(""));
	ck_assert_ptr_null(request_header(&p.request, "x").p);
	request_parser_release(&p);
}
END_TEST

START_TEST(client_that_waits_for_100_is_told)
{
	struct request_parser p;

	feed(&p, SV("POST / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n"), 1000);
	ck_assert(p.state == PARSER_BODY && p.wants_continue);
	request_parser_feed(&p, SV("a"));
	ck_assert(p.state == PARSER_BODY && !p.wants_continue);
	request_parser_release(&p);
	/* nothing to wait for */
	feed(&p, SV("POST / HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n\r\n"), 1000);
	ck_assert(p.state == PARSER_DONE && !p.wants_continue);
	request_parser_release(&p);
}
END_TEST

/* --- what is refused ------------------------------------------------------------------------------------------- */

#define TEXT(literal)                              \
	{                                          \
		"" literal "", sizeof(literal) - 1 \
	}

static const struct {
	struct sv text;
	int status;
} bad[] = {
        {TEXT("GET  / HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET /\r\n" HOST "\r\n"), 400},
        {TEXT("GET / HTTP/1.1 \r\n" HOST "\r\n"), 400},
        {TEXT(" GET / HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("G@T / HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GETGETGETGETGETGETGETGETGETGETGET / HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET a HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET * HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET http://127.0.0.1/ HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET /#f HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET /\t HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET / http/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET / HTTP/2.0\r\n" HOST "\r\n"), 505},
        {TEXT("\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n"), 400},
        {TEXT("GET / HTTP/1.1\n" HOST "\n"), 400},
        {TEXT("GET / HTTP/1.1\r" HOST "\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n" HOST "A: b\nC: d\r\n\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n" HOST "A: b\0c\r\n\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n" HOST "A: b\x1b\r\n\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n" HOST "A : b\r\n\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n" HOST "A: b\r\n folded\r\n\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n" HOST "no colon\r\n\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n\r\n"), 400},
        {TEXT("GET / HTTP/1.1\r\n" HOST HOST "\r\n"), 400},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\na"), 400},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\na"), 400},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\na"), 400},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\na"), 400},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\na"), 400},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\na"), 400},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: 262145\r\n\r\na"), 413},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: 18446744073709551617\r\n\r\na"), 413},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 411},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n"), 411},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
        {TEXT("POST / HTTP/1.1\r\n" HOST "Expect: a-pony\r\n\r\n"), 417},
};

START_TEST(malformed_request_is_refused_in_any_pieces)
{
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct request_parser p;

		feed(&p, bad[_i].text, pieces[i]);
		ck_assert_int_eq(p.state, PARSER_REFUSED);
		ck_assert_int_eq(p.status, bad[_i].status);
		ck_assert_ptr_nonnull(p.why);
		request_parser_release(&p);
	}
}
END_TEST

/* A head of so many bytes in one line, or of so many lines. */
static int status_of(size_t size, size_t lines)
{
	struct buf b = {.cap = BUF_OWN};
	struct request_parser p;

	buf_add_text(&b, "GET / HTTP/1.1\r\n" HOST);
	for (size_t i = 1; i < lines; i++)
		buf_add_text(&b, "A: b\r\n");
	if (size > b.n + 7) {
		buf_add_text(&b, "B: ");
		while (b.n + 4 < size)
			buf_add_char(&b, 'b');
		buf_add_text(&b, "\r\n");
	}
	buf_add_text(&b, "\r\n");
	feed(&p, buf_sv(&b), 4096);
	int status = p.state == PARSER_DONE ? 200 : p.status;
	request_parser_release(&p);
	buf_release(&b);
	return status;
}

START_TEST(head_is_bounded)
{
	ck_assert_int_eq(status_of(LIMIT_REQUEST_HEAD, 1), 200);
	ck_assert_int_eq(status_of(LIMIT_REQUEST_HEAD + 1, 1), 431);
	ck_assert_int_eq(status_of(0, LIMIT_REQUEST_HEADERS), 200);
	ck_assert_int_eq(status_of(0, LIMIT_REQUEST_HEADERS + 1), 431);
}
END_TEST

/* --- what goes out --------------------------------------------------------------------------------------------- */

static char *written(struct arena *a, const struct reply *r, bool head_only, bool close)
{
	struct buf b = {.cap = BUF_OWN};

	reply_write(r, head_only, close, &b);
	char *text = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return text;
}

START_TEST(reply_is_written_byte_for_byte)
{
	arena_auto *a = arena_new();
	struct reply r;

	reply_init(&r, a, 200, INT64_C(1800000000999));
	r.body = SV("{}");
	ck_assert_str_eq(written(a, &r, false, true), "HTTP/1.1 200 OK\r\n"
	                                              "Date: Fri, 15 Jan 2027 08:00:00 GMT\r\n"
	                                              "Content-Type: application/json\r\n"
	                                              "Cache-Control: no-store\r\n"
	                                              "Pragma: no-cache\r\n"
	                                              "Strict-Transport-Security: max-age=31536000\r\n"
	                                              "Connection: close\r\n"
	                                              "Content-Length: 2\r\n"
	                                              "\r\n"
	                                              "{}");
}
END_TEST

START_TEST(header_lines_keep_order_spelling_and_repetition)
{
	arena_auto *a = arena_new();
	struct reply r = {.arena = a, .status = 418, .body = SV("")};

	reply_add(&r, SV("x-A"), SV("1"));
	reply_add(&r, SV("B"), SV("2"));
	reply_add(&r, SV("X-a"), SV("3"));
	reply_set(&r, SV("b"), SV("two"));
	reply_set(&r, SV("C"), SV(""));
	ck_assert_str_eq(written(a, &r, false, false),
	                 "HTTP/1.1 418 \r\nx-A: 1\r\nb: two\r\nX-a: 3\r\nC: \r\nContent-Length: 0\r\n\r\n");
	reply_remove(&r, SV("X-A"));
	reply_set(&r, SV("content-LENGTH"), SV("7"));
	ck_assert_str_eq(written(a, &r, false, false), "HTTP/1.1 418 \r\nb: two\r\nC: \r\ncontent-LENGTH: 7\r\n\r\n");
}
END_TEST

static const struct {
	int status;
	const char *body;
	bool chunked, head_only;
	const char *text;
} framings[] = {
        {200, "abcde", false, true, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"},
        {200, "abcde", true, false,
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"},
        {200, "a", true, false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"},
        {200, "", true, false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {204, "abc", false, false, "HTTP/1.1 204 No Content\r\n\r\n"},
        {204, "abc", true, false, "HTTP/1.1 204 No Content\r\n\r\n"},
};

START_TEST(body_is_framed)
{
	arena_auto *a = arena_new();
	struct reply r = {.arena = a,
	                  .status = framings[_i].status,
	                  .body = sv_of(framings[_i].body),
	                  .chunked = framings[_i].chunked};

	ck_assert_str_eq(written(a, &r, framings[_i].head_only, false), framings[_i].text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("request");
	TCase *t = tcase_create("parser"), *w = tcase_create("writer");

	tcase_add_loop_test(t, request_is_read_in_any_pieces, 0, sizeof good / sizeof *good);
	tcase_add_test(t, next_request_is_left_alone);
	tcase_add_test(t, headers_are_found_in_any_letter_case);
	tcase_add_test(t, client_that_waits_for_100_is_told);
	tcase_add_loop_test(t, malformed_request_is_refused_in_any_pieces, 0, sizeof bad / sizeof *bad);
	tcase_add_test(t, head_is_bounded);
	suite_add_tcase(s, t);
	tcase_add_test(w, reply_is_written_byte_for_byte);
	tcase_add_test(w, header_lines_keep_order_spelling_and_repetition);
	tcase_add_loop_test(w, body_is_framed, 0, sizeof framings / sizeof *framings);
	suite_add_tcase(s, w);
	return testing_run(s);
}
