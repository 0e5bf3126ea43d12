/* Replies as no server should send them. None may hang us, be followed, or pass for something else. */

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/limits.h"
#include "rig.h"

#define HEAD "HTTP/1.1 200 OK\r\n"

/* One ordinary exchange with a server that says `text` and then does `then`. */
static struct rig *exchange_with(struct loopback_reply *reply, int64_t timeout_ms)
{
	struct rig *r = rig_new(rig_same, reply);

	r->target.limits.timeout_ms = timeout_ms;
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	return r;
}

enum {
	CUT = 1,
	BROKEN = 2,
	HEAD_CUT = 4,
};

static const struct {
	const char *text;
	enum loopback_then then;
	int status;
	size_t lines;
	const char *body;
	int flags;
	const char *trouble;
} answers[] = {
        {"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", LOOPBACK_KEEP, 302, 3, "", 0, NULL},
        {"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\n{}",
         LOOPBACK_KEEP, 401, 3, "{}", 0, NULL},
        /* Repeated, folded and badly spelt lines stay as they are. */
        {HEAD "A: 1\r\na:2\r\n folded\r\nB :  x \r\nContent-Length: 1\r\n\r\nx", LOOPBACK_KEEP, 200, 6, "x", 0, NULL},
        {"HTTP/1.1 200 OK\nContent-Length: 1\n\nx", LOOPBACK_KEEP, 200, 2, "x", 0, NULL},
        {"HTTP/1.0 200 Fine\r\n\r\n{\"a\":1}", LOOPBACK_CLOSE, 200, 1, "{\"a\":1}", 0, NULL},
        /* Interim heads and trailers are no part of the head. */
        {"HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 103 Hints\r\nY: 2\r\n\r\n" HEAD "Content-Length: 0\r\n\r\n",
         LOOPBACK_KEEP, 200, 2, "", 0, NULL},
        {HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n", LOOPBACK_KEEP, 200, 2, "{}", 0,
         NULL},
        /* Content codings are removed, and this is none. */
        {HEAD "Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", LOOPBACK_KEEP, 200, 3, "", BROKEN,
         "is not coded as its 'Content-Encoding' says"},
        {HEAD "Content-Length: 500\r\n\r\n{\"a\":", LOOPBACK_CLOSE, 200, 2, "{\"a\":", BROKEN,
         "the reply broke off: 5 of 500 bytes of its body came"},
        {HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\nab", LOOPBACK_CLOSE, 200, 2, "ab", BROKEN,
         "the reply broke off after 2 bytes of its body: "},
        {HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n", LOOPBACK_CLOSE, 200, 2, "ab", BROKEN,
         "the reply broke off after 2 bytes of its body: "},
        {"", LOOPBACK_CLOSE, 0, 0, NULL, 0, "closed the connection without a reply"},
        {"SSH-2.0-OpenSSH_9.2\r\n", LOOPBACK_CLOSE, 0, 0, NULL, 0, "is not an HTTP reply: Received HTTP/0.9"},
        {"HTTP/1.1 200 OK\r\nA: 1\r\n", LOOPBACK_CLOSE, 0, 0, NULL, 0,
         "closed the connection inside the response head"},
        {"HTTP/1.1 100 Continue\r\n\r\n", LOOPBACK_CLOSE, 0, 0, NULL, 0, "closed the connection without a reply"},
        {"HTTP/9.9 200 OK\r\n\r\n", LOOPBACK_CLOSE, 0, 0, NULL, 0, "is not an HTTP reply"},
};

START_TEST(test_answer)
{
	struct loopback_reply reply = {.bytes = sv_of(answers[_i].text), .then = answers[_i].then};
	struct rig *r = exchange_with(&reply, 20000);
	const struct exchange *x = rig_x(r, 0);

	ck_assert_int_eq(x->status, answers[_i].status);
	ck_assert_int_eq(x->outcome, answers[_i].status ? EXCHANGE_ANSWERED : EXCHANGE_NO_ANSWER);
	ck_assert_uint_eq(x->response.nlines, answers[_i].lines);
	if (answers[_i].body && *answers[_i].body)
		assert_sv_eq(x->response.body, sv_of(answers[_i].body));
	else
		ck_assert_uint_eq(x->response.body.n, 0);
	ck_assert_int_eq((x->body_cut ? CUT : 0) | (x->broken_off ? BROKEN : 0) | (x->head_cut ? HEAD_CUT : 0),
	                 answers[_i].flags);
	if (answers[_i].trouble)
		assert_contains(x->trouble, answers[_i].trouble);
	else
		ck_assert_ptr_null(x->trouble);
	ck_assert_uint_eq(loopback_count(r->server), 1); /* nothing was followed or repeated */
	rig_free(r);
}
END_TEST

/* {"a":1} in gzip (RFC 1952), for which nobody asked: RFC 9110 §12.5.3 lets a server do that. */
#define GZIPPED                                                    \
	"\037\213\010\000\000\000\000\000\002\377\253\126\112\124" \
	"\262\062\254\005\000\257\254\033\126\007\000\000\000"

START_TEST(test_coded_unasked)
{
	struct loopback_reply reply = {.bytes =
	                                       SV(HEAD "Content-Encoding: gzip\r\nContent-Length: 27\r\n\r\n" GZIPPED)};
	struct rig *r = exchange_with(&reply, 20000);

	assert_sv_eq(rig_x(r, 0)->response.body, SV("{\"a\":1}"));
	ck_assert_ptr_null(rig_x(r, 0)->trouble);
	ck_assert_uint_eq(message_header_count(&rig_x(r, 0)->request, "Accept-Encoding"), 0);
	rig_free(r);
}
END_TEST

START_TEST(test_lines_as_sent)
{
	struct loopback_reply reply = {
	        .bytes = SV(HEAD "A: 1\r\na:2\t\r\n folded\r\nB :  x \r\nContent-Length: 1\r\n\r\nx")};
	struct rig *r = exchange_with(&reply, 20000);
	const struct message *m = &rig_x(r, 0)->response;

	ck_assert_uint_eq(m->nlines, 6);
	assert_sv_eq(m->lines[1], SV("A: 1"));
	assert_sv_eq(m->lines[2], SV("a:2\t"));
	assert_sv_eq(m->lines[3], SV(" folded"));
	assert_sv_eq(m->lines[4], SV("B :  x "));
	rig_free(r);
}
END_TEST

START_TEST(test_body_with_nul)
{
	struct loopback_reply reply = {.bytes = SV(HEAD "Content-Length: 3\r\n\r\na\0b")};
	struct rig *r = exchange_with(&reply, 20000);

	assert_sv_eq(rig_x(r, 0)->response.body, SV("a\0b"));
	rig_free(r);
}
END_TEST

/* What HEAD brings is a head. */
START_TEST(test_head_method)
{
	struct loopback_reply reply = {.bytes = SV(HEAD "Content-Length: 5\r\n\r\n")};
	struct rig *r = rig_new(rig_same, &reply);

	rig_step(r, (struct redeem){.method = "HEAD"});
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 0)->status, 200);
	ck_assert_ptr_null(rig_x(r, 0)->trouble);
	ck_assert(!rig_x(r, 0)->broken_off);
	ck_assert_uint_eq(loopback_at(r->server, 0)->body.n, 83); /* the form went out all the same */
	rig_free(r);
}
END_TEST

/* --- caps -------------------------------------------------------------------------------------------------- */

static const struct {
	size_t n;
	bool cut;
} sizes[] = {{LIMIT_BODY - 1, false}, {LIMIT_BODY, false}, {LIMIT_BODY + 1, true}};

START_TEST(test_body_cap)
{
	arena_auto *a = arena_new();
	char *body = arena_alloc(a, sizes[_i].n + 1);
	memset(body, 'x', sizes[_i].n);
	struct loopback_reply reply = {.bytes = loopback_json(a, 200, body)};
	struct rig *r = exchange_with(&reply, 20000);
	const struct exchange *x = rig_x(r, 0);

	ck_assert_int_eq(x->outcome, EXCHANGE_ANSWERED);
	ck_assert_int_eq(x->body_cut, sizes[_i].cut);
	ck_assert_uint_eq(x->response.body.n, sizes[_i].cut ? LIMIT_BODY : sizes[_i].n);
	ck_assert(!x->broken_off);
	ck_assert_ptr_null(x->trouble);
	rig_free(r);
}
END_TEST

START_TEST(test_endless_body)
{
	struct loopback_reply reply = {
	        .bytes = SV(HEAD "\r\n0123456789abcdef0123456789abcdef"), .then = LOOPBACK_FLOOD, .flood = 32};
	struct rig *r = exchange_with(&reply, 20000);

	ck_assert(rig_x(r, 0)->body_cut);
	ck_assert_uint_eq(rig_x(r, 0)->response.body.n, LIMIT_BODY);
	rig_free(r);
}
END_TEST

START_TEST(test_endless_head)
{
	struct loopback_reply reply = {
	        .bytes = SV(HEAD "X: 0123456789abcdef\r\n"), .then = LOOPBACK_FLOOD, .flood = 21};
	struct rig *r = exchange_with(&reply, 20000);

	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_ANSWER);
	assert_contains(rig_x(r, 0)->trouble, "a response head above");
	rig_free(r);
}
END_TEST

/* More lines, and more bytes, than are kept: whole lines from the start. */
START_TEST(test_head_cap)
{
	arena_auto *a = arena_new();
	struct buf text = {.cap = BUF_OWN};
	const char *long_value = memset(arena_alloc(a, 1001), 'y', 1000);

	buf_add_text(&text, HEAD);
	for (int i = 0; i < (_i ? 100 : 500); i++)
		buf_addf(&text, "X-%d: %s\r\n", i, _i ? long_value : "v");
	buf_add_text(&text, "Content-Length: 2\r\n\r\n{}");
	struct loopback_reply reply = {.bytes = buf_sv(&text)};
	struct rig *r = exchange_with(&reply, 20000);
	const struct exchange *x = rig_x(r, 0);

	ck_assert_int_eq(x->status, 200);
	ck_assert(x->head_cut);
	assert_sv_eq(x->response.body, SV("{}"));
	if (_i == 0)
		ck_assert_uint_eq(x->response.nlines, LIMIT_HEAD_LINES);
	else
		ck_assert_uint_le(x->response.nlines, 66);
	assert_sv_eq(x->response.lines[1], sv_of(arena_printf(a, "X-0: %s", _i ? long_value : "v")));
	ck_assert(sv_ends(x->response.lines[x->response.nlines - 1], _i ? SV("yyyy") : SV("v")));
	rig_free(r);
	buf_release(&text);
}
END_TEST

/* --- time -------------------------------------------------------------------------------------------------- */

static const struct {
	const char *text;
	enum exchange_outcome outcome;
	const char *trouble;
} silences[] = {
        {"", EXCHANGE_NO_ANSWER, "took the request and sent no reply"},
        {"HTTP/1.1 200 OK\r\nA: 1\r\n", EXCHANGE_NO_ANSWER, "took the request and sent no whole response head"},
        {HEAD "Content-Length: 10\r\n\r\nabc", EXCHANGE_ANSWERED, "did not end, 3 bytes of its body had come"},
};

START_TEST(test_time_out)
{
	struct loopback_reply reply = {.bytes = sv_of(silences[_i].text), .then = LOOPBACK_HANG};
	struct rig *r = exchange_with(&reply, 300);
	const struct exchange *x = rig_x(r, 0);

	ck_assert_int_eq(x->outcome, silences[_i].outcome);
	assert_contains(x->trouble, "time-out after ");
	assert_contains(x->trouble, silences[_i].trouble);
	ck_assert_int_eq(x->broken_off, x->outcome == EXCHANGE_ANSWERED);
	ck_assert_str_eq(x->code.code, "code-1");
	rig_free(r);
}
END_TEST

/* A port on which nobody listens: bound, so that nobody else takes it. */
START_TEST(test_refused)
{
	struct loopback_reply unused = {.bytes = SV(RIG_OK)};
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct rig *r = rig_new(rig_same, &unused);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, n), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	const char *host = arena_printf(r->a, "127.0.0.1:%d", ntohs(at.sin_port));
	r->target.token_endpoint = arena_printf(r->a, "http://%s/token", host);
	rig_step(r, (struct redeem){0});
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_ANSWER);
	const char *refused = arena_printf(r->a, "cannot connect to '%s': Connection refused", host);
	ck_assert_str_eq(rig_x(r, 0)->trouble, refused);
	ck_assert_uint_eq(rig_x(r, 0)->request.nlines, 0);
	ck_assert_str_eq(rig_x(r, 1)->trouble, arena_printf(r->a, "the step before had no answer: %s", refused));
	close(fd);
	rig_free(r);
}
END_TEST

START_TEST(test_unknown_name)
{
	struct loopback_reply unused = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &unused);

	/* A label above 63 characters: refused without asking any network. */
	r->target.token_endpoint =
	        arena_printf(r->a, "http://%s.invalid/token", (char *)memset(arena_alloc(r->a, 70), 'a', 69));
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_ANSWER);
	assert_contains(rig_x(r, 0)->trouble, "cannot be resolved");
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("answers");
	TCase *c = tcase_create("answers");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_answer, 0, sizeof answers / sizeof answers[0]);
	tcase_add_test(c, test_coded_unasked);
	tcase_add_test(c, test_lines_as_sent);
	tcase_add_test(c, test_body_with_nul);
	tcase_add_test(c, test_head_method);
	tcase_add_loop_test(c, test_body_cap, 0, sizeof sizes / sizeof sizes[0]);
	tcase_add_test(c, test_endless_body);
	tcase_add_test(c, test_endless_head);
	tcase_add_loop_test(c, test_head_cap, 0, 2);
	tcase_add_loop_test(c, test_time_out, 0, sizeof silences / sizeof silences[0]);
	tcase_add_test(c, test_refused);
	tcase_add_test(c, test_unknown_name);
	suite_add_tcase(s, c);
	return testing_run(s);
}
