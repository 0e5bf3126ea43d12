/* What is on the wire, to the byte, and what the evidence says of it. */

#include "core/version.h"
#include "rig.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define AGENT "User-Agent: brandcert/" BRANDCERT_VERSION "\r\n"
#define ACCEPT "Accept: application/json\r\n"
#define BASIC "Authorization: Basic Y2xpZW50OnNlY3JldA==\r\n"
#define BODY "grant_type=authorization_code&code=code-1&redirect_uri=https%3A%2F%2Fliveperson.net"
#define FIELD(key, text)                                   \
	{                                                  \
		.v = (struct field[]){{key, text}}, .n = 1 \
	}

static struct loopback_reply ok = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};

/* The head that the server saw, with its address taken out. */
static const char *seen_head(struct rig *r, size_t i)
{
	struct sv head = loopback_at(r->server, i)->head;
	const char *host = arena_printf(r->a, "127.0.0.1:%d", loopback_port(r->server));
	long at = sv_find(head, sv_of(host));

	ck_assert_int_gt(at, 0);
	size_t rest = (size_t)at + strlen(host);
	return arena_printf(r->a, "%.*sHOST%.*s", (int)at, head.p, (int)(head.n - rest), head.p + rest);
}

static const struct {
	struct redeem redeem;
	const char *head, *body;
} wires[] = {
        {{0}, "POST /token HTTP/1.1\r\nHost: HOST\r\n" BASIC ACCEPT FORM AGENT "Content-Length: 83\r\n\r\n", BODY},
        {{.authentication = SEND_AUTH_NONE, .body = ""},
         "POST /token HTTP/1.1\r\nHost: HOST\r\n" ACCEPT FORM AGENT "Content-Length: 0\r\n\r\n",
         ""},
        {{.authentication = SEND_AUTH_NONE, .content_type = "", .body = "x"},
         "POST /token HTTP/1.1\r\nHost: HOST\r\n" ACCEPT AGENT "Content-Length: 1\r\n\r\n",
         "x"},
        {{.authentication = SEND_AUTH_NONE,
          .header_remove = (const char *[]){"Accept", "User-Agent", NULL},
          .body = "x"},
         "POST /token HTTP/1.1\r\nHost: HOST\r\n" FORM "Content-Length: 1\r\n\r\n",
         "x"},
        {{.authentication = SEND_AUTH_NONE, .header_set = FIELD("X-Empty", ""), .body = "x"},
         "POST /token HTTP/1.1\r\nHost: HOST\r\n" ACCEPT FORM AGENT "X-Empty:\r\nContent-Length: 1\r\n\r\n",
         "x"},
        {{.method = "GET", .authentication = SEND_AUTH_NONE, .body = "x"},
         "GET /token HTTP/1.1\r\nHost: HOST\r\n" ACCEPT FORM AGENT "Content-Length: 1\r\n\r\n",
         "x"},
        {{.method = "GET", .authentication = SEND_AUTH_NONE, .query = FIELD("a", "../b"), .body = ""},
         "GET /token?a=..%2Fb HTTP/1.1\r\nHost: HOST\r\n" ACCEPT FORM AGENT "\r\n",
         ""},
        {{.method = "DELETE", .authentication = SEND_AUTH_NONE, .body = "x"},
         "DELETE /token HTTP/1.1\r\nHost: HOST\r\n" ACCEPT FORM AGENT "Content-Length: 1\r\n\r\n",
         "x"},
};

START_TEST(test_bytes)
{
	struct rig *r = rig_new(rig_same, &ok);

	rig_step(r, wires[_i].redeem);
	rig_drive(r, 4);
	const struct exchange *x = rig_x(r, 0);
	const struct loopback_request *q = loopback_at(r->server, 0);
	ck_assert_str_eq(seen_head(r, 0), wires[_i].head);
	assert_sv_eq(q->body, sv_of(wires[_i].body));

	/* The evidence says just that. */
	struct buf lines = {.cap = BUF_OWN};
	for (size_t i = 0; i < x->request.nlines; i++) {
		buf_add_sv(&lines, x->request.lines[i]);
		buf_add_text(&lines, "\r\n");
	}
	buf_add_text(&lines, "\r\n");
	assert_sv_eq(buf_sv(&lines), q->head);
	buf_release(&lines);
	ck_assert_int_eq((int)x->request.body.n, (int)q->body.n);
	ck_assert(sv_eq(x->request.body, q->body));
	rig_free(r);
}
END_TEST

START_TEST(test_evidence)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->facts = (struct code){.redirect_uri = "https://own.example/", .nonce = "n", .code_verifier = "v"};
	rig_step(r, (struct redeem){0});
	r->planned[0].spec = "{\"a\":1}";
	rig_drive(r, 4);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_str_eq(x->id, "x1");
	ck_assert_str_eq(x->key, "s/1");
	ck_assert_str_eq(x->spec, "{\"a\":1}");
	ck_assert_str_eq(x->kind, "token");
	ck_assert_str_eq(x->method, "POST");
	ck_assert_str_eq(x->url, r->target.token_endpoint);
	ck_assert_int_eq(x->outcome, EXCHANGE_ANSWERED);
	ck_assert_ptr_null(x->trouble);
	ck_assert_int_eq(x->status, 200);
	ck_assert_uint_eq(x->response.nlines, 3);
	assert_sv_eq(x->response.lines[0], SV("HTTP/1.1 200 OK"));
	assert_sv_eq(x->response.lines[2], SV("Content-Length: 2"));
	assert_sv_eq(x->response.body, SV("{}"));
	ck_assert(!x->body_cut && !x->head_cut && !x->broken_off);
	ck_assert_str_eq(x->code.code, "code-1");
	ck_assert_str_eq(x->code.redirect_uri, "https://own.example/");
	ck_assert_str_eq(x->code.nonce, "n");
	ck_assert_str_eq(x->code.code_verifier, "v");
	ck_assert_int_gt(x->code.obtained_ms, 0);
	ck_assert_int_ge(x->timing.started_ms, x->code.obtained_ms);
	ck_assert_int_ge(x->timing.ended_ms, x->timing.started_ms);
	ck_assert_int_gt(x->timing.total_us, 0);
	ck_assert_int_gt(x->timing.connect_us, 0);
	ck_assert_str_eq(x->http_version, "HTTP/1.1");
	ck_assert_str_eq(x->peer, arena_printf(r->a, "127.0.0.1:%d", loopback_port(r->server)));
	ck_assert_int_eq(r->run.codes_spent, 1);
	rig_free(r);
}
END_TEST

START_TEST(test_jwks)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->plan.n = 1;
	r->planned[0] = (struct planned){.id = "x1", .key = PLAN_JWKS, .spec = "{}", .kind = "jwks", .after = -1};
	rig_drive(r, 4);
	ck_assert_str_eq(seen_head(r, 0), "GET /jwks HTTP/1.1\r\nHost: HOST\r\nAccept: application/jwk-set+json, "
	                                  "application/json\r\n" AGENT "\r\n");
	ck_assert_str_eq(rig_x(r, 0)->kind, "jwks");
	ck_assert_int_eq(rig_x(r, 0)->status, 200);
	ck_assert_int_eq(r->run.codes_spent, 0);
	ck_assert_ptr_null(rig_x(r, 0)->code.code);
	rig_free(r);
}
END_TEST

/* A random code is new each time and never asked of the source; a code of text is taken as it is. */
START_TEST(test_other_codes)
{
	struct rig *r = rig_new(rig_same, &ok);

	rig_step(r, (struct redeem){.code = CODE_UNKNOWN});
	rig_step(r, (struct redeem){.code = CODE_UNKNOWN});
	rig_step(r, (struct redeem){.code = CODE_NONE});
	rig_step(r, (struct redeem){.code = CODE_TEXT, .code_text = "a {client_id}"});
	rig_drive(r, 4);
	ck_assert_int_eq(r->given, 0);
	ck_assert_uint_eq(strlen(rig_x(r, 0)->code.code), 43);
	ck_assert_str_ne(rig_x(r, 0)->code.code, rig_x(r, 1)->code.code);
	ck_assert_int_ge(sv_find(loopback_at(r->server, 0)->body, sv_of(rig_x(r, 0)->code.code)), 0);
	ck_assert_ptr_null(rig_x(r, 2)->code.code);
	ck_assert_int_lt(sv_find(loopback_at(r->server, 2)->body, SV("code=")), 0);
	ck_assert_int_ge(sv_find(loopback_at(r->server, 3)->body, SV("&code=a+client&")), 0);
	ck_assert_int_eq(r->run.codes_spent, 0);
	rig_free(r);
}
END_TEST

/* What would break the request in two is written, never sent, and costs no code. */
START_TEST(test_never_sent)
{
	struct rig *r = rig_new(rig_same, &ok);

	rig_step(r, (struct redeem){.header_set = FIELD("X-A", "b\r\nX-Injected: 1")});
	rig_drive(r, 4);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_ANSWER);
	assert_contains(rig_x(r, 0)->trouble, "the value of the header 'X-A' has a line break");
	ck_assert_uint_eq(rig_x(r, 0)->request.nlines, 0);
	ck_assert_uint_eq(loopback_count(r->server), 0);
	ck_assert_int_eq(r->given, 0);
	rig_free(r);
}
END_TEST

/* A large request goes out at once: a server need not know of 100-continue. */
START_TEST(test_large_request)
{
	struct rig *r = rig_new(rig_same, &ok);
	char *body = arena_alloc(r->a, 2000001);

	memset(body, 'x', 2000000);
	rig_step(r, (struct redeem){.body = body, .authentication = SEND_AUTH_NONE});
	rig_drive(r, 1);
	ck_assert_str_eq(seen_head(r, 0),
	                 "POST /token HTTP/1.1\r\nHost: HOST\r\n" ACCEPT FORM AGENT "Content-Length: 2000000\r\n\r\n");
	ck_assert_int_eq(rig_x(r, 0)->status, 200);
	ck_assert_uint_eq(rig_x(r, 0)->request.body.n, 2000000);
	rig_free(r);
}
END_TEST

/* Exchanges one after the other share a connection; one that made up its own length has one to itself. */
START_TEST(test_connections)
{
	struct rig *r = rig_new(rig_same, &ok);

	for (int i = 0; i < 5; i++)
		rig_step(r, (struct redeem){0});
	rig_step(r, (struct redeem){.header_set = FIELD("Content-Length", "3"), .body = "abc"});
	rig_step(r, (struct redeem){0});
	rig_drive(r, 4);
	ck_assert_uint_eq(loopback_count(r->server), 7);
	ck_assert_uint_eq(loopback_connections(r->server), 2);
	ck_assert_uint_eq(loopback_at(r->server, 5)->connection, 1);
	ck_assert_uint_eq(loopback_at(r->server, 6)->connection, 0);
	/* Only the first had to connect. */
	ck_assert_int_gt(rig_x(r, 0)->timing.connect_us, 0);
	ck_assert_int_eq(rig_x(r, 1)->timing.connect_us, 0);
	ck_assert_int_eq(rig_x(r, 1)->timing.dns_us, 0);
	rig_free(r);
}
END_TEST

/* The certifier talks to the target itself, whatever the environment says. */
START_TEST(test_no_proxy)
{
	static const char *const names[] = {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"};
	struct rig *r = rig_new(rig_same, &ok);

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		setenv(names[i], "http://127.0.0.1:1", 1);
	rig_step(r, (struct redeem){0});
	rig_drive(r, 4);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unsetenv(names[i]);
	ck_assert_int_eq(rig_x(r, 0)->status, 200);
	rig_free(r);
}
END_TEST

START_TEST(test_https_only)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->target.allow_http = false;
	rig_step(r, (struct redeem){0});
	rig_drive(r, 4);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_ANSWER);
	assert_contains(rig_x(r, 0)->trouble, "only https is allowed");
	ck_assert_uint_eq(loopback_connections(r->server), 0);
	rig_free(r);
}
END_TEST

START_TEST(test_http_call)
{
	struct rig *r = rig_new(rig_same, &ok);
	const char *headers[] = {"X-A: b", NULL};
	struct http_request q = {.method = "DELETE", .url = r->target.token_endpoint, .headers = headers};
	struct http_response reply;

	http_call(r->a, &q, &reply);
	loopback_stop(r->server);
	ck_assert_int_eq(reply.status, 200);
	assert_sv_eq(reply.body, SV("{}"));
	ck_assert_ptr_null(reply.trouble);
	ck_assert_str_eq(seen_head(r, 0), "DELETE /token HTTP/1.1\r\nHost: HOST\r\nX-A: b\r\n\r\n");

	/* Plain http leaves this machine never. */
	q.url = "http://example.com/";
	http_call(r->a, &q, &reply);
	ck_assert_int_eq(reply.status, 0);
	assert_contains(reply.trouble, "only https is allowed");
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("wire");
	TCase *c = tcase_create("wire");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_bytes, 0, sizeof wires / sizeof wires[0]);
	tcase_add_test(c, test_evidence);
	tcase_add_test(c, test_jwks);
	tcase_add_test(c, test_other_codes);
	tcase_add_test(c, test_never_sent);
	tcase_add_test(c, test_large_request);
	tcase_add_test(c, test_connections);
	tcase_add_test(c, test_no_proxy);
	tcase_add_test(c, test_https_only);
	tcase_add_test(c, test_http_call);
	suite_add_tcase(s, c);
	return testing_run(s);
}
