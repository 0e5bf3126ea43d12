/* The other sources, and all of them behind one door. */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codes/codes.h"
#include "exchange/exchange.h"
#include "fake.h"
#include "loopback.h"
#include "testing.h"

/* --- list -------------------------------------------------------------------------------------------------- */

START_TEST(test_list)
{
	struct listed_code list[] = {{.code = "one"},
	                             {.code = "two", .redirect_uri = "u", .nonce = "n", .code_verifier = "v"}};
	struct target t = {.codes = {.from = FROM_LIST, .list = list, .nlist = 2}};
	struct sources sources;
	struct err e = {0};
	struct fetch f = {0};

	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
	ck_assert_str_eq(sources.codes.ops->name, "list");
	ck_assert_int_eq(sources.codes.parallel, 64);
	ck_assert_int_eq(sources.codes.ops->supply(sources.codes.self), 2);
	sources.codes.ops->start(sources.codes.self, &f);
	ck_assert_int_eq(f.state, FETCH_DONE);
	assert_sv_eq(f.code.code, SV("one"));
	ck_assert_ptr_null(f.code.redirect_uri);
	sources.codes.ops->start(sources.codes.self, &f);
	assert_sv_eq(f.code.code, SV("two"));
	ck_assert_str_eq(f.code.redirect_uri, "u");
	ck_assert_str_eq(f.code.nonce, "n");
	ck_assert_str_eq(f.code.code_verifier, "v");
	ck_assert_int_eq(sources.codes.ops->supply(sources.codes.self), 0);
	sources.codes.ops->start(sources.codes.self, &f);
	ck_assert_int_eq(f.state, FETCH_FAILED);
	ck_assert_str_eq(f.e.text, "the list held 2 codes and all are spent");
	sources_close(&sources);
	ck_assert_ptr_null(sources.codes.ops);
	sources_close(&sources); /* harmless */
}
END_TEST

static const struct listed_code mixed[] = {
        {.code = "encoded", .encoded_client = true},
        {.code = "proof", .code_verifier = "v"},
        {.code = "second", .second_consumer = true},
        {.code = "both", .second_consumer = true, .encoded_client = true, .code_verifier = "v"},
        {.code = "plain"},
};

#define NOT_THERE "of the codes that the list still holds, none is what is needed here: one with "

static const struct {
	struct code_wish wish;
	const char *codes[3]; /* what it gives, then NULL */
	const char *text;     /* what it says then */
} listed[] = {
        {{0}, {"proof", "plain"}, NOT_THERE "neither 'consumer: second' nor 'client: encoded'"},
        {{.without_challenge = true}, {"plain"}, NOT_THERE "no 'code_verifier'"},
        {{.code_challenge = "c"}, {"proof"}, NOT_THERE "a 'code_verifier'"},
        {{.second_consumer = true}, {"second"}, NOT_THERE "'consumer: second'"},
        {{.encoded_client = true}, {"encoded"}, NOT_THERE "'client: encoded'"},
        {{.encoded_client = true, .second_consumer = true, .code_challenge = "c"},
         {"both"},
         NOT_THERE "'consumer: second', 'client: encoded' and a 'code_verifier'"},
};

/* Of a list, each step has the codes that are of its kind. */
START_TEST(test_list_wish)
{
	struct listed_code list[5];
	struct target t = {.codes = {.from = FROM_LIST, .list = list, .nlist = 5}};
	arena_auto *a = arena_new();
	struct sources sources;
	struct err e = {0};

	memcpy(list, mixed, sizeof list);
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
	size_t n = 0;
	for (; listed[_i].codes[n]; n++) {
		struct fetch f = {.arena = a, .wish = listed[_i].wish};
		sources.codes.ops->start(sources.codes.self, &f);
		ck_assert_int_eq(f.state, FETCH_DONE);
		assert_sv_eq(f.code.code, sv_of(listed[_i].codes[n]));
	}
	struct fetch f = {.arena = a, .wish = listed[_i].wish};
	sources.codes.ops->start(sources.codes.self, &f);
	ck_assert_int_eq(f.state, FETCH_FAILED);
	ck_assert_str_eq(f.e.text, listed[_i].text);
	ck_assert_int_eq(sources.codes.ops->supply(sources.codes.self), 5 - (long)n);
	sources_close(&sources);
}
END_TEST

START_TEST(test_empty_list)
{
	struct target t = {.codes = {.from = FROM_LIST}};
	struct sources sources;
	struct err e = {0};

	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INPUT);
	ck_assert_str_eq(e.text, "the list of codes is empty");
}
END_TEST

/* --- reference --------------------------------------------------------------------------------------------- */

static const struct target reference = {
        .codes = {.from = FROM_REFERENCE,
                  .control_url = "https://127.0.0.1:1/control/tenants/t1//",
                  .control_token = "t0ken"},
        .tls = {.ca_file = "ca.pem"},
        .limits = {.timeout_ms = 1234},
};

/* The nonce of the request that a fetch asks for. */
static const char *asked_nonce(struct arena *a, const struct fetch *f)
{
	json_auto_t *body = json_loadb(f->http.body.p, f->http.body.n, 0, NULL);

	ck_assert_uint_eq(json_object_size(body), 1);
	return arena_text(a, json_string_value(json_object_get(body, "nonce")));
}

START_TEST(test_reference_request)
{
	arena_auto *a = arena_new();
	struct fetch f = {.arena = a};
	struct sources sources;
	struct err e = {0};

	ck_assert_int_eq(sources_open(&reference, NULL, &sources, &e), 0);
	ck_assert_int_eq(sources.codes.parallel, 16);
	ck_assert_int_eq(sources.codes.ops->supply(sources.codes.self), -1);
	sources.codes.ops->start(sources.codes.self, &f);
	ck_assert_int_eq(f.state, FETCH_HTTP);
	ck_assert_str_eq(f.http.method, "POST");
	ck_assert_str_eq(f.http.url, "https://127.0.0.1:1/control/tenants/t1/codes");
	ck_assert_str_eq(f.http.ca_file, "ca.pem");
	ck_assert_int_eq(f.http.timeout_ms, 1234);
	ck_assert_str_eq(f.http.headers[0], "Authorization: Bearer t0ken");
	ck_assert_str_eq(f.http.headers[1], "Content-Type: application/json");
	const char *first = asked_nonce(a, &f);
	ck_assert_uint_eq(strlen(first), 64);
	ck_assert_uint_eq(strspn(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 64);
	sources.codes.ops->start(sources.codes.self, &f);
	ck_assert_str_ne(asked_nonce(a, &f), first);
	sources_close(&sources);
}
END_TEST

static const struct {
	struct code_wish wish;
	const char *rest; /* of the body, behind the nonce */
} asked[] = {
        {{0}, "}"},
        {{.without_challenge = true}, "}"},
        {{.second_consumer = true}, ",\"user\":\"B\"}"},
        {{.encoded_client = true}, ",\"client\":\"encoded\"}"},
        {{.code_challenge = "c"}, ",\"code_challenge\":\"c\",\"code_challenge_method\":\"S256\"}"},
        {{.second_consumer = true, .encoded_client = true, .code_challenge = "c"},
         ",\"user\":\"B\",\"client\":\"encoded\",\"code_challenge\":\"c\",\"code_challenge_method\":\"S256\"}"},
};

START_TEST(test_reference_wish)
{
	const size_t lead = strlen("{\"nonce\":\"\"") + 64;
	arena_auto *a = arena_new();
	struct fetch f = {.arena = a, .wish = asked[_i].wish};
	struct sources sources;
	struct err e = {0};

	ck_assert_int_eq(sources_open(&reference, NULL, &sources, &e), 0);
	sources.codes.ops->start(sources.codes.self, &f);
	ck_assert(sv_starts(f.http.body, SV("{\"nonce\":\"")));
	ck_assert_uint_gt(f.http.body.n, lead);
	assert_sv_eq(((struct sv){f.http.body.p + lead, f.http.body.n - lead}), sv_of(asked[_i].rest));
	sources_close(&sources);
}
END_TEST

#define NO_CODE "the reference brand gave no code: "

static const struct {
	int status;
	struct sv body;
	const char *trouble, *text; /* text NULL: a code */
} replies[] = {
        {201, SV("{\"code\":\"c0de\",\"redirect_uri\":\"u\",\"nonce\":\"n\",\"expires_in\":2}"), NULL, NULL},
        {201, SV("{\"redirect_uri\":\"u\"}"), NULL, NO_CODE "its reply has no 'code' in it"},
        {201, SV("{\"code\":\"\"}"), NULL, NO_CODE "its reply has no 'code' in it"},
        {201, SV("{\"code\":7}"), NULL, NO_CODE "its reply has no 'code' in it"},
        {201, SV("c0de"), NULL, NO_CODE "its reply has no 'code' in it"},
        {201, SV("[]"), NULL, NO_CODE "its reply has no 'code' in it"},
        {201, SV(""), NULL, NO_CODE "its reply has no 'code' in it"},
        {401, SV("{\"error\":\"the control token\\n is wrong\"}"), NULL,
         NO_CODE "status 401, the control token\\n is wrong"},
        {500, SV("{\"code\":\"c0de\"}"), NULL, NO_CODE "status 500"},
        {200, SV("{\"code\":\"c0de\"}"), NULL, NO_CODE "status 200"},
        {0, SV_NONE, "cannot connect", NO_CODE "cannot connect"},
};

START_TEST(test_reference_reply)
{
	arena_auto *a = arena_new();
	struct fetch f = {.arena = a};
	struct http_response r = {
	        .status = replies[_i].status, .body = replies[_i].body, .trouble = replies[_i].trouble};
	struct sources sources;
	struct err e = {0};

	ck_assert_int_eq(sources_open(&reference, NULL, &sources, &e), 0);
	sources.codes.ops->start(sources.codes.self, &f);
	sources.codes.ops->on_http(sources.codes.self, &f, &r);
	if (replies[_i].text) {
		ck_assert_int_eq(f.state, FETCH_FAILED);
		ck_assert_str_eq(f.e.text, replies[_i].text);
	} else {
		ck_assert_int_eq(f.state, FETCH_DONE);
		assert_sv_eq(f.code.code, SV("c0de"));
		ck_assert_str_eq(f.code.redirect_uri, "u");
		ck_assert_str_eq(f.code.nonce, "n");
	}
	sources_close(&sources);
}
END_TEST

START_TEST(test_reference_refuses)
{
	struct target t = reference;
	struct sources sources;
	struct err e = {0};

	t.codes.control_token = "a\r\nX: b";
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), -1);
	ck_assert_str_eq(e.text, "the control token has a line break in it");
	t.codes.control_token = NULL;
	e = (struct err){0};
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), -1);
	assert_contains(e.text, "need 'control_url' and 'control_token'");
}
END_TEST

/* --- tokens and logouts ------------------------------------------------------------------------------------- */

START_TEST(test_listed_tokens)
{
	struct listed_code list[] = {{.code = "one.two.three", .nonce = "n"}}, codes[] = {{.code = "c0de"}};
	struct target t = {.codes = {.from = FROM_LIST, .list = codes, .nlist = 1},
	                   .tokens = {.from = FROM_LIST, .list = list, .nlist = 1}};
	arena_auto *a = arena_new();
	struct sources sources;
	struct engine_run run = {0};
	struct err e = {0};
	struct fetch f = {.arena = a, .wish = {.second_consumer = true}};

	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
	sources_join(&sources, &run);
	ck_assert_ptr_eq(run.tokens, &sources.tokens);
	ck_assert_ptr_null(run.logout);
	ck_assert_ptr_null(run.browser);
	sources.tokens.ops->start(sources.tokens.self, &f);
	ck_assert_str_eq(f.e.text, "of the tokens that the list still holds, none is what is needed here: one with "
	                           "'consumer: second'");
	f = (struct fetch){.arena = a};
	sources.tokens.ops->start(sources.tokens.self, &f);
	assert_sv_eq(f.code.code, SV("one.two.three"));
	ck_assert_str_eq(f.code.nonce, "n");
	sources.tokens.ops->start(sources.tokens.self, &f);
	ck_assert_str_eq(f.e.text, "the list held 1 token and all are spent");
	ck_assert_int_eq(sources.codes.ops->supply(sources.codes.self), 1);
	sources_close(&sources);
	t.tokens.nlist = 0;
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), -1);
	ck_assert_str_eq(e.text, "the list of tokens is empty");
	ck_assert_ptr_null(sources.codes.ops);
}
END_TEST

START_TEST(test_reference_others)
{
	struct target t = reference;
	arena_auto *a = arena_new();
	struct sources sources;
	struct err e = {0};
	struct fetch f = {.arena = a, .wish = {.second_consumer = true}}, g = {.arena = a};

	t.tokens = t.logout = t.codes;
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
	const struct code_source *tokens = &sources.tokens, *logout = &sources.logout;
	tokens->ops->start(tokens->self, &f);
	ck_assert_str_eq(f.http.url, "https://127.0.0.1:1/control/tenants/t1/tokens");
	ck_assert(sv_ends(f.http.body, SV(",\"user\":\"B\"}")));
	fake_answer(tokens, &f, 201, "", "{\"token\":\"a.b.c\",\"nonce\":\"n\"}");
	ck_assert_int_eq(f.state, FETCH_DONE);
	assert_sv_eq(f.code.code, SV("a.b.c"));
	ck_assert_str_eq(f.code.nonce, "n");
	fake_answer(tokens, &f, 201, "", "{\"code\":\"c0de\"}");
	ck_assert_str_eq(f.e.text, "the reference brand gave no token: its reply has no 'token' in it");
	logout->ops->start(logout->self, &g);
	ck_assert_str_eq(g.http.url, "https://127.0.0.1:1/control/tenants/t1/logout");
	assert_sv_eq(g.http.body, SV("{\"user\":\"A\"}"));
	fake_answer(logout, &g, 204, "", "");
	ck_assert_int_eq(g.state, FETCH_DONE);
	fake_answer(logout, &g, 200, "", "");
	ck_assert_str_eq(g.e.text, "the reference brand logged nobody out: status 200");
	g = (struct fetch){.arena = a, .wish = {.second_consumer = true}};
	logout->ops->start(logout->self, &g);
	assert_sv_eq(g.http.body, SV("{\"user\":\"B\"}"));
	sources_close(&sources);
}
END_TEST

/* --- each of them in the engine ---------------------------------------------------------------------------- */

/* The reply to an authorization request that has a session: its cookie is given with a login form's redirect back. */
static struct loopback_reply authorize(struct arena *a, const struct loopback_request *q)
{
	long mark = sv_find(q->head, SV("state="));
	struct sv state = {q->head.p + mark + 6, 43};

	if (sv_find(q->head, SV("Cookie: session=1")) < 0)
		return (struct loopback_reply){
		        .bytes = SV("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 62\r\n\r\n"
		                    "<form method=post action=''><input name=user><input name=pass>")};
	return (struct loopback_reply){
	        .bytes = sv_of(
	                arena_printf(a,
	                             "HTTP/1.1 302 Found\r\nLocation: https://liveperson.net/?code=c0de&state=%.*s"
	                             "\r\nContent-Length: 0\r\n\r\n",
	                             SV_ARG(state)))};
}

static struct loopback_reply brand(void *self, const struct loopback_request *q)
{
	struct sv target = {q->head.p, (size_t)sv_find(q->head, SV("\r\n"))};

	if (sv_starts(q->head, SV("POST /control/codes ")))
		return (struct loopback_reply){.bytes = SV("HTTP/1.1 201 Created\r\nContent-Length: 15\r\n\r\n"
		                                           "{\"code\":\"c0de\"}")};
	if (sv_starts(q->head, SV("POST /hook ")) && sv_eq(q->body, SV("first")))
		return (struct loopback_reply){
		        .bytes = SV("HTTP/1.1 200 OK\r\nX-Code: c0de\r\nContent-Length: 0\r\n\r\n")};
	if (sv_starts(q->head, SV("GET /authorize?")))
		return authorize(self, q);
	/* the form goes back to where the page was, with the cookie that the first page did not need */
	if (sv_starts(q->head, SV("POST /authorize?")) && sv_eq(q->body, SV("user=alice&pass=secret"))) {
		struct sv path = {target.p + 5, target.n - 5 - strlen(" HTTP/1.1")};
		return (struct loopback_reply){
		        .bytes = sv_of(
		                arena_printf(self,
		                             "HTTP/1.1 303 See Other\r\nSet-Cookie: session=1; HttpOnly\r\nLocation: "
		                             "%.*s\r\nContent-Length: 0\r\n\r\n",
		                             SV_ARG(path)))};
	}
	return (struct loopback_reply){.bytes = SV("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")};
}

static void say(void *self, const char *text)
{
	(void)self, (void)text;
}

/* A person who knows the answers beforehand. */
static int typed(const char *text)
{
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	ck_assert_int_eq(write(fds[1], text, strlen(text)), (ssize_t)strlen(text));
	close(fds[1]);
	return fds[0];
}

START_TEST(test_in_engine)
{
	static const struct step step = {.spec = "{}"};
	struct planned planned[] = {
	        {.id = "x1", .key = "a/1", .spec = "{}", .kind = "token", .step = &step, .after = -1, .codes = 1},
	        {.id = "x2", .key = "b/1", .spec = "{}", .kind = "token", .step = &step, .after = -1, .codes = 1},
	};
	struct plan plan = {.exchanges = planned, .n = 2};
	struct listed_code list[] = {{.code = "c0de"}, {.code = "c0de"}};
	const char *command[] = {"echo", "c0de", NULL};
	struct field credentials[] = {{"user", "alice"}, {"pass", "secret"}};
	struct login_form form = {.fields = {credentials, 2}};
	arena_auto *a = arena_new(), *server_memory = arena_new();
	struct loopback *server = loopback_start(brand, server_memory);
	struct target t = {.token_endpoint = loopback_url(server, a, "/token"),
	                   .redirect_uri = "https://liveperson.net",
	                   .client = {.id = "client", .secret = "secret"},
	                   .allow_http = true,
	                   .codes = {.from = (enum supply_from)_i,
	                             .list = list,
	                             .nlist = 2,
	                             .command = command,
	                             .control_url = loopback_url(server, a, "/control"),
	                             .control_token = "t0ken",
	                             .http = {.url = loopback_url(server, a, "/hook"),
	                                      .body = "{consumer}",
	                                      .take = TAKE_HEADER,
	                                      .what = "X-Code"}},
	                   .authorization = {.endpoint = loopback_url(server, a, "/authorize"),
	                                     .scope = "openid",
	                                     .login = {.forms = &form, .n = 1}},
	                   .limits = {.connections = 4}};
	const struct asker asker = {.say = say, .fd = typed("c0de\nhttps://x.example/\nc0de\n")};
	struct sources sources;
	struct evidence ev;
	struct err e = {0};
	struct engine *g = engine_new(&(struct engine_options){.jobs = 4}, &e);
	FILE *out = evidence_open(NULL, &e);

	ck_assert_int_eq(sources_open(&t, &asker, &sources, &e), 0);
	ck_assert_int_eq(evidence_write_run(out, &(struct run_facts){.target = "t"}, &e), 0);
	struct engine_run run = {.plan = &plan, .target = &t, .out = out};
	sources_join(&sources, &run);
	engine_add(g, &run);
	ck_assert_msg(engine_drive(g, &e) == 0, "%s", e.text);
	engine_free(g);
	loopback_stop(server);
	ck_assert_msg(evidence_read(out, "evidence", a, &ev, &e) == 0, "%s", e.text);
	ck_assert_int_eq(run.codes_spent, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct exchange *x = evidence_find(&ev, planned[i].key);
		ck_assert_msg(x->status == 200, "%s", x->trouble);
		ck_assert_str_eq(x->code.code, "c0de");
	}
	fclose(out);
	close(asker.fd);
	sources_close(&sources);
	loopback_free(server);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sources");
	TCase *c = tcase_create("sources");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_list);
	tcase_add_loop_test(c, test_list_wish, 0, sizeof listed / sizeof *listed);
	tcase_add_test(c, test_empty_list);
	tcase_add_test(c, test_reference_request);
	tcase_add_loop_test(c, test_reference_reply, 0, sizeof replies / sizeof replies[0]);
	tcase_add_loop_test(c, test_reference_wish, 0, sizeof asked / sizeof *asked);
	tcase_add_test(c, test_reference_refuses);
	tcase_add_test(c, test_listed_tokens);
	tcase_add_test(c, test_reference_others);
	tcase_add_loop_test(c, test_in_engine, FROM_REFERENCE, FROM_PROMPT + 1);
	suite_add_tcase(s, c);
	return testing_run(s);
}
