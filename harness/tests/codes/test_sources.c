/* The other sources, and all of them behind one door. */

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "codes/codes.h"
#include "exchange/exchange.h"
#include "loopback.h"
#include "testing.h"

/* --- list -------------------------------------------------------------------------------------------------- */

START_TEST(test_list)
{
	struct listed_code list[] = {{.code = "one"},
	                             {.code = "two", .redirect_uri = "u", .nonce = "n", .code_verifier = "v"}};
	struct target t = {.codes = {.from = CODES_FROM_LIST, .list = list, .nlist = 2}};
	struct code_source source;
	struct err e = {0};
	struct fetch f = {0};

	ck_assert_int_eq(codes_open(&t, &source, &e), 0);
	ck_assert_str_eq(source.ops->name, "list");
	ck_assert_int_eq(source.parallel, 64);
	ck_assert_int_eq(source.ops->supply(source.self), 2);
	source.ops->start(source.self, &f);
	ck_assert_int_eq(f.state, FETCH_DONE);
	assert_sv_eq(f.code.code, SV("one"));
	ck_assert_ptr_null(f.code.redirect_uri);
	source.ops->start(source.self, &f);
	assert_sv_eq(f.code.code, SV("two"));
	ck_assert_str_eq(f.code.redirect_uri, "u");
	ck_assert_str_eq(f.code.nonce, "n");
	ck_assert_str_eq(f.code.code_verifier, "v");
	ck_assert_int_eq(source.ops->supply(source.self), 0);
	source.ops->start(source.self, &f);
	ck_assert_int_eq(f.state, FETCH_FAILED);
	ck_assert_str_eq(f.e.text, "the list held 2 codes and all are spent");
	codes_close(&source);
	ck_assert_ptr_null(source.ops);
	codes_close(&source); /* harmless */
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
	struct target t = {.codes = {.from = CODES_FROM_LIST, .list = list, .nlist = 5}};
	arena_auto *a = arena_new();
	struct code_source source;
	struct err e = {0};

	memcpy(list, mixed, sizeof list);
	ck_assert_int_eq(codes_open(&t, &source, &e), 0);
	size_t n = 0;
	for (; listed[_i].codes[n]; n++) {
		struct fetch f = {.arena = a, .wish = listed[_i].wish};
		source.ops->start(source.self, &f);
		ck_assert_int_eq(f.state, FETCH_DONE);
		assert_sv_eq(f.code.code, sv_of(listed[_i].codes[n]));
	}
	struct fetch f = {.arena = a, .wish = listed[_i].wish};
	source.ops->start(source.self, &f);
	ck_assert_int_eq(f.state, FETCH_FAILED);
	ck_assert_str_eq(f.e.text, listed[_i].text);
	ck_assert_int_eq(source.ops->supply(source.self), 5 - (long)n);
	codes_close(&source);
}
END_TEST

START_TEST(test_empty_list)
{
	struct target t = {.codes = {.from = CODES_FROM_LIST}};
	struct code_source source;
	struct err e = {0};

	ck_assert_int_eq(codes_open(&t, &source, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INPUT);
	ck_assert_str_eq(e.text, "the list of codes is empty");
}
END_TEST

/* --- reference --------------------------------------------------------------------------------------------- */

static const struct target reference = {
        .codes = {.from = CODES_FROM_REFERENCE,
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
	struct code_source source;
	struct err e = {0};

	ck_assert_int_eq(codes_open(&reference, &source, &e), 0);
	ck_assert_int_eq(source.parallel, 16);
	ck_assert_int_eq(source.ops->supply(source.self), -1);
	source.ops->start(source.self, &f);
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
	source.ops->start(source.self, &f);
	ck_assert_str_ne(asked_nonce(a, &f), first);
	codes_close(&source);
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
	struct code_source source;
	struct err e = {0};

	ck_assert_int_eq(codes_open(&reference, &source, &e), 0);
	source.ops->start(source.self, &f);
	ck_assert(sv_starts(f.http.body, SV("{\"nonce\":\"")));
	ck_assert_uint_gt(f.http.body.n, lead);
	assert_sv_eq(((struct sv){f.http.body.p + lead, f.http.body.n - lead}), sv_of(asked[_i].rest));
	codes_close(&source);
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
	struct code_source source;
	struct err e = {0};

	ck_assert_int_eq(codes_open(&reference, &source, &e), 0);
	source.ops->start(source.self, &f);
	source.ops->on_http(source.self, &f, &r);
	if (replies[_i].text) {
		ck_assert_int_eq(f.state, FETCH_FAILED);
		ck_assert_str_eq(f.e.text, replies[_i].text);
	} else {
		ck_assert_int_eq(f.state, FETCH_DONE);
		assert_sv_eq(f.code.code, SV("c0de"));
		ck_assert_str_eq(f.code.redirect_uri, "u");
		ck_assert_str_eq(f.code.nonce, "n");
	}
	codes_close(&source);
}
END_TEST

START_TEST(test_reference_refuses)
{
	struct target t = reference;
	struct code_source source;
	struct err e = {0};

	t.codes.control_token = "a\r\nX: b";
	ck_assert_int_eq(codes_open(&t, &source, &e), -1);
	ck_assert_str_eq(e.text, "the control token has a line break in it");
	t.codes.control_token = NULL;
	e = (struct err){0};
	ck_assert_int_eq(codes_open(&t, &source, &e), -1);
	assert_contains(e.text, "need 'control_url' and 'control_token'");
}
END_TEST

/* --- each of them in the engine ---------------------------------------------------------------------------- */

static struct loopback_reply brand(void *self, const struct loopback_request *q)
{
	(void)self;
	if (sv_starts(q->head, SV("POST /control/codes ")))
		return (struct loopback_reply){.bytes = SV("HTTP/1.1 201 Created\r\nContent-Length: 15\r\n\r\n"
		                                           "{\"code\":\"c0de\"}")};
	return (struct loopback_reply){.bytes = SV("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")};
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
	arena_auto *a = arena_new();
	struct loopback *server = loopback_start(brand, NULL);
	struct target t = {.token_endpoint = loopback_url(server, a, "/token"),
	                   .redirect_uri = "https://liveperson.net",
	                   .client = {.id = "client", .secret = "secret"},
	                   .allow_http = true,
	                   .codes = {.from = (enum codes_from)_i,
	                             .list = list,
	                             .nlist = 2,
	                             .command = command,
	                             .control_url = loopback_url(server, a, "/control"),
	                             .control_token = "t0ken"},
	                   .limits = {.connections = 4}};
	struct code_source source;
	struct evidence ev;
	struct err e = {0};
	struct engine *g = engine_new(&(struct engine_options){.jobs = 4}, &e);
	FILE *out = evidence_open(NULL, &e);

	ck_assert_int_eq(codes_open(&t, &source, &e), 0);
	ck_assert_int_eq(evidence_write_run(out, &(struct run_facts){.target = "t"}, &e), 0);
	struct engine_run run = {.plan = &plan, .target = &t, .codes = &source, .out = out};
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
	codes_close(&source);
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
	tcase_add_loop_test(c, test_in_engine, CODES_FROM_REFERENCE, CODES_FROM_COMMAND + 1);
	suite_add_tcase(s, c);
	return testing_run(s);
}
