/* HTTP versions, content codings, framing that does not hold, and requests in clear text. */
#include <openssl/pem.h>

#include "core/limits.h"
#include "rig.h"
#include "tls_server.h"

static const char *write_certificate(struct arena *a, const struct tls_server *s)
{
	const char *path = arena_printf(a, "%s/ca.pem", testing_folder(a));
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(PEM_write_X509(f, s->certificate), 1);
	fclose(f);
	return path;
}

/* --- content codings --------------------------------------------------------------------------------------------- */

#define GZIP \
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac\x1b\x56\x07\x00\x00\x00"
#define CODED(n) "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " n "\r\n\r\n"

static const struct {
	const char *asked;
	struct sv reply, body;
	bool broken;
	const char *trouble;
} codings[] = {
        {"gzip", SV(CODED("27") GZIP), SV("{\"a\":1}"), false, NULL},
        {"gzip, br", SV(CODED("27") GZIP), SV("{\"a\":1}"), false, NULL},
        {"gzip", SV("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), SV("{}"), false, NULL},
        {"gzip", SV(CODED("7") "{\"a\":1}"), SV(""), true,
         "the reply's body is not coded as its 'Content-Encoding' says: "},
        {NULL, SV(CODED("27") GZIP), SV("{\"a\":1}"), false, NULL},
};

START_TEST(test_coding)
{
	struct loopback_reply reply = {.bytes = codings[_i].reply};
	struct rig *r = rig_new(rig_same, &reply);
	struct field header = {"Accept-Encoding", codings[_i].asked};

	rig_step(r, (struct redeem){.header_set = {&header, codings[_i].asked ? 1 : 0}});
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_int_eq(x->outcome, EXCHANGE_ANSWERED);
	assert_sv_eq(x->response.body, codings[_i].body);
	ck_assert_int_eq(x->broken_off, codings[_i].broken);
	if (codings[_i].trouble)
		assert_contains(x->trouble, codings[_i].trouble);
	else
		ck_assert_ptr_null(x->trouble);
	/* our own line, and no other */
	ck_assert_uint_eq(message_header_count(&x->request, "Accept-Encoding"), codings[_i].asked != NULL);
	if (codings[_i].asked)
		assert_sv_eq(message_header(&x->request, "Accept-Encoding", 0), sv_of(codings[_i].asked));
	rig_free(r);
}
END_TEST

/*
 * A small body that unfolds to more than is read: stored blocks do not shrink, so this is one byte and then a single code of
 * deflate (RFC 1951 §3.2.6, fixed codes) again and again, 258 bytes back for 13 bits: eight of them take 13 bytes.
 */
START_TEST(test_bomb)
{
	enum { ROUNDS = 600 }; /* 600 * 8 * 258 bytes */
	static unsigned char bytes[10 + 2 + ROUNDS * 13];
	static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff};
	size_t bit = sizeof head * 8;
	struct buf reply = {.cap = BUF_OWN};

	memcpy(bytes, head, sizeof head);
	/* last block, fixed codes; the literal 0 is 00110000, the length 258 is 11000101, the distance 1 is 00000 */
	static const char start[] = "11000110000", copy[] = "1100010100000";
	for (const char *c = start; *c; c++, bit++)
		bytes[bit / 8] |= (unsigned char)((*c == '1') << bit % 8);
	for (size_t i = 0; i < ROUNDS * 8; i++)
		for (const char *c = copy; *c; c++, bit++)
			bytes[bit / 8] |= (unsigned char)((*c == '1') << bit % 8);
	buf_addf(&reply, CODED("%zu"), bit / 8);
	buf_add(&reply, (const char *)bytes, bit / 8);
	struct loopback_reply bomb = {.bytes = buf_sv(&reply)};
	struct rig *r = rig_new(rig_same, &bomb);
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_msg(rig_x(r, 0)->body_cut, "%s", rig_x(r, 0)->trouble);
	ck_assert_uint_gt(rig_x(r, 0)->response.body.n, LIMIT_BODY / 2);
	ck_assert_uint_le(rig_x(r, 0)->response.body.n, LIMIT_BODY);
	rig_free(r);
	buf_release(&reply);
}
END_TEST

/* --- framing ----------------------------------------------------------------------------------------------------- */

static const struct {
	const char *reply;
	const char *trouble;
} excesses[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}more bytes",
         "10 bytes came behind the end of the reply's body"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore bytes", "10 bytes came behind the end of the reply's body"},
};

/* The reply is whole, and what is behind it no part of another. */
START_TEST(test_excess)
{
	struct loopback_reply reply = {.bytes = sv_of(excesses[_i].reply), .then = LOOPBACK_CLOSE};
	struct rig *r = rig_new(rig_same, &reply);

	rig_step(r, (struct redeem){0});
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	for (size_t i = 0; i < 2; i++) {
		const struct exchange *x = rig_x(r, i);
		ck_assert_int_eq(x->outcome, EXCHANGE_ANSWERED);
		ck_assert_int_eq(x->status, 200);
		ck_assert(!x->broken_off);
		if (excesses[_i].trouble)
			ck_assert_str_eq(x->trouble, excesses[_i].trouble);
		else
			ck_assert_ptr_null(x->trouble);
	}
	rig_free(r);
}
END_TEST

/* --- versions ---------------------------------------------------------------------------------------------------- */

static struct rig *with_server(struct tls_server *s)
{
	static struct loopback_reply unused = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};
	struct rig *r = rig_new(rig_same, &unused);

	r->target.allow_http = false;
	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", s->port);
	r->target.tls.ca_file = write_certificate(r->a, s);
	return r;
}

/* HTTP/2 is selected, and then HTTP/1.1 is spoken: only who offers no other gets an answer. */
START_TEST(test_broken_http2)
{
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){.alpn = "h2"});
	struct rig *r = with_server(&s);
	rig_alone(r, (struct redeem){.http = SEND_HTTP_2});
	rig_alone(r, (struct redeem){.http = SEND_HTTP_1_1});
	rig_drive(r, 1);
	tls_server_stop(&s);
	const struct exchange *broken = rig_x(r, 0), *whole = rig_x(r, 1);
	ck_assert_int_eq(broken->outcome, EXCHANGE_NO_ANSWER);
	ck_assert_str_eq(broken->http_version, "HTTP/2");
	assert_contains(broken->trouble, "selected HTTP/2 in the TLS handshake and then did not speak it: ");
	ck_assert_msg(whole->outcome == EXCHANGE_ANSWERED, "%s", whole->trouble);
	ck_assert_str_eq(whole->http_version, "HTTP/1.1");
	rig_free(r);
}
END_TEST

/* Each version has a connection of its own, and no other request comes to it. */
START_TEST(test_own_connections)
{
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){.alpn = "http/1.1"});
	struct rig *r = with_server(&s);
	rig_step(r, (struct redeem){0});
	rig_step(r, (struct redeem){.http = SEND_HTTP_1_1});
	rig_step(r, (struct redeem){.http = SEND_HTTP_2});
	r->target.limits.connections = 1;
	rig_drive(r, 1);
	/* the server takes one connection after another: all come to an end */
	tls_server_stop(&s);
	rig_free(r);
}
END_TEST

/* --- clear text -------------------------------------------------------------------------------------------------- */

START_TEST(test_clear_text)
{
	static struct loopback_reply reply = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};
	struct rig *r = rig_new(rig_same, &reply);

	r->target.allow_http = false;
	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", loopback_port(r->server));
	rig_step(r, (struct redeem){.code = CODE_UNKNOWN, .plain_http = true});
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_msg(x->outcome == EXCHANGE_ANSWERED, "%s", x->trouble);
	ck_assert_str_eq(x->url, loopback_url(r->server, r->a, "/token"));
	ck_assert_ptr_null(x->tls_version);
	/* no true secret goes out, whatever the target's authentication is */
	struct sv sent = message_header(&x->request, "Authorization", 0);
	ck_assert(sv_starts(sent, SV("Basic ")));
	assert_lacks(arena_sv(r->a, sent), "Y2xpZW50OnNlY3JldA");
	rig_free(r);
}
END_TEST

/* A server of TLS that is spoken to in clear text says something else than HTTP. */
START_TEST(test_clear_text_refused)
{
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){0});
	struct rig *r = with_server(&s);
	rig_step(r, (struct redeem){.code = CODE_UNKNOWN, .plain_http = true});
	rig_drive(r, 1);
	tls_server_stop(&s);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_ANSWER);
	ck_assert_ptr_nonnull(rig_x(r, 0)->trouble);
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("http");
	TCase *c = tcase_create("http");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_coding, 0, sizeof codings / sizeof codings[0]);
	tcase_add_test(c, test_bomb);
	tcase_add_loop_test(c, test_excess, 0, sizeof excesses / sizeof excesses[0]);
	tcase_add_test(c, test_broken_http2);
	tcase_add_test(c, test_own_connections);
	tcase_add_test(c, test_clear_text);
	tcase_add_test(c, test_clear_text_refused);
	suite_add_tcase(s, c);
	return testing_run(s);
}
