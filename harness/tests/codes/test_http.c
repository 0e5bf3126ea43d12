/* Codes, tokens and logouts from a hook of the brand's. */

#include <string.h>

#include "codes/codes.h"
#include "codes/hook.h"
#include "fake.h"
#include "testing.h"

static const char *hook_headers[] = {"Authorization: Bearer SECRET", NULL};

static const struct target target = {
        .client = {.id = "client-1"},
        .encoded_client = {.id = "en \"coded\""},
        .redirect_uri = "https://liveperson.net/?a=1&b",
        .codes = {.from = FROM_HTTP,
                  .timeout_ms = 4321,
                  .http = {.method = "PUT",
                           .url = "https://hook.example/code",
                           .headers = hook_headers,
                           .take = TAKE_BODY,
                           .what = "/code"}},
        .tls = {.ca_file = "ca.pem"},
        .limits = {.timeout_ms = 1234},
};

static void open_sources(const struct target *t, struct sources *ret)
{
	struct err e = {0};

	ck_assert_msg(sources_open(t, NULL, ret, &e) == 0, "%s", e.text);
}

START_TEST(test_request)
{
	arena_auto *a = arena_new();
	struct target t = target;
	struct sources sources;
	struct fetch f = {.arena = a};

	open_sources(&t, &sources);
	ck_assert_str_eq(sources.codes.ops->name, "http");
	ck_assert_int_eq(sources.codes.ops->supply(sources.codes.self), -1);
	sources.codes.ops->start(sources.codes.self, &f);
	ck_assert_int_eq(f.state, FETCH_HTTP);
	ck_assert_str_eq(f.http.method, "PUT");
	ck_assert_str_eq(f.http.url, "https://hook.example/code");
	ck_assert_str_eq(f.http.ca_file, "ca.pem");
	ck_assert_int_eq(f.http.timeout_ms, 4321);
	ck_assert(!f.http.cookies);
	ck_assert_ptr_null(f.http.body.p);
	ck_assert_str_eq(f.http.headers[0], "Authorization: Bearer SECRET");
	ck_assert(fake_has_header(&f, "User-Agent: brandcert/0.1.0"));
	ck_assert(!fake_has_header(&f, "Content-Type: application/x-www-form-urlencoded"));
	sources_close(&sources);
}
END_TEST

static const struct {
	const char *body, *type; /* type: the header line that we add, or NULL */
	struct code_wish wish;
	const char *want; /* of the body; NULL: why it cannot be asked stands in `type` */
} bodies[] = {
        {"a=1", "Content-Type: application/x-www-form-urlencoded", {0}, "a=1"},
        {"{\"client\": \"{client_id|json}\", \"uri\": \"{redirect_uri}\"}",
         "Content-Type: application/json",
         {0},
         "{\"client\": \"client-1\", \"uri\": \"https://liveperson.net/?a=1&b\"}"},
        {"[\"{client_id|json}\"]",
         "Content-Type: application/json",
         {.encoded_client = true},
         "[\"en \\\"coded\\\"\"]"},
        {"uri={redirect_uri|form}",
         "Content-Type: application/x-www-form-urlencoded",
         {0},
         "uri=https%3A%2F%2Fliveperson.net%2F%3Fa%3D1%26b"},
        {"c={consumer}&", "Content-Type: application/x-www-form-urlencoded", {0}, "c=first&"},
        {"c={consumer}&", "Content-Type: application/x-www-form-urlencoded", {.second_consumer = true}, "c=second&"},
        {"{code_challenge} {code_challenge_method}", NULL, {.code_challenge = "ch4"}, "ch4 S256"},
        {"{code_challenge} {code_challenge_method}", NULL, {.without_challenge = true}, " "},
        {"{{client_id}} { {x y} {", NULL, {0}, "{client-1} { {x y} {"},
        {"x", "the second consumer's, and 'body' does not say '{consumer}'", {.second_consumer = true}, NULL},
        {"x", "one for the encoded client, and 'body' does not say '{client_id}'", {.encoded_client = true}, NULL},
        {"{code_challenge_method}",
         "one with a PKCE challenge, and 'body' does not say '{code_challenge}'",
         {.code_challenge = "c"},
         NULL},
        {NULL, "one with a PKCE challenge, and 'body' does not say '{code_challenge}'", {.code_challenge = "c"}, NULL},
};

START_TEST(test_body)
{
	arena_auto *a = arena_new();
	struct target t = target;
	struct sources sources;
	struct fetch f = {.arena = a, .wish = bodies[_i].wish};

	t.codes.http.body = bodies[_i].body;
	open_sources(&t, &sources);
	sources.codes.ops->start(sources.codes.self, &f);
	if (bodies[_i].want) {
		ck_assert_msg(f.state == FETCH_HTTP, "%s", f.e.text);
		assert_sv_eq(f.http.body, sv_of(bodies[_i].want));
		ck_assert(!bodies[_i].type || fake_has_header(&f, bodies[_i].type));
	} else {
		ck_assert_int_eq(f.state, FETCH_FAILED);
		assert_contains(f.e.text, "the code hook cannot be asked for what is needed here: ");
		assert_contains(f.e.text, bodies[_i].type);
	}
	sources_close(&sources);
}
END_TEST

/* A nonce is a fact only where the hook was told it. Each time it is another, and so is the state. */
START_TEST(test_nonce)
{
	static const char *content_type[] = {"content-type: text/plain", NULL};
	arena_auto *a = arena_new();
	struct target t = target;
	struct sources sources;
	struct fetch f = {.arena = a}, g = {.arena = a};

	t.codes.http.body = "{nonce} {state}";
	t.codes.http.headers = content_type;
	open_sources(&t, &sources);
	sources.codes.ops->start(sources.codes.self, &f);
	sources.codes.ops->start(sources.codes.self, &g);
	ck_assert_uint_eq(f.http.body.n, 64 + 1 + 43);
	ck_assert(!sv_eq(f.http.body, g.http.body));
	ck_assert(!fake_has_header(&f, "Content-Type: application/json"));
	ck_assert_str_eq(f.http.headers[0], "content-type: text/plain");
	fake_answer(&sources.codes, &f, 200, "", "{\"code\":\"c0de\"}");
	ck_assert_int_eq(f.state, FETCH_DONE);
	ck_assert(sv_starts(f.http.body, sv_of(f.code.nonce)));
	t.codes.http.body = "{state}";
	sources.codes.ops->start(sources.codes.self, &g);
	fake_answer(&sources.codes, &g, 200, "", "{\"code\":\"c0de\"}");
	ck_assert_ptr_null(g.code.nonce);
	sources_close(&sources);
}
END_TEST

#define HAS "the reply of the code hook (status 200, no Content-Type) has "

static const struct {
	int take;
	const char *what;
	int status;
	const char *lines, *body;
	const char *code, *text; /* code NULL: it failed with this text */
} replies[] = {
        {TAKE_BODY, "/code", 200, "", "{\"code\":\"c0de\"}", "c0de", NULL},
        {TAKE_BODY, "/a/1/b~1c~0", 201, "", "{\"a\":[0,{\"b/c~\":\"c0de\"}]}", "c0de", NULL},
        {TAKE_BODY, "/code", 200, "", "{\"code\":7}", NULL, HAS "no string at '/code' of a JSON body"},
        {TAKE_BODY, "/code", 200, "Content-Type: text/html; charset=x", "SECRET", NULL,
         "the reply of the code hook (status 200, text/html) has no string at '/code' of a JSON body"},
        {TAKE_BODY, "/code", 200, "", "{\"code\":\"\"}", NULL, HAS "no string at '/code' of a JSON body"},
        {TAKE_BODY, "/code", 200, "", "{\"code\":\"SECRET\\n\"}", NULL,
         "the reply of the code hook has a code with a control character in it"},
        {TAKE_BODY, NULL, 200, "", " c0de \r\n", "c0de", NULL},
        {TAKE_TEXT, NULL, 200, "", "\n c0de\n", "c0de", NULL},
        {TAKE_TEXT, NULL, 204, "", "", NULL,
         "the reply of the code hook (status 204, no Content-Type) has an empty body"},
        {TAKE_TEXT, NULL, 200, "", "SEC\nRET", NULL,
         "the reply of the code hook has a code with a control character in it"},
        {TAKE_HEADER, "X-Code", 200, "x-code:  c0de", "", "c0de", NULL},
        {TAKE_HEADER, "X-Code", 200, "", "SECRET", NULL, HAS "no header 'X-Code'"},
        {TAKE_REDIRECT, "code", 302, "Location: https://x.example/?a=1&code=c0%2Fde", "", "c0/de", NULL},
        {TAKE_REDIRECT, "code", 303, "Location: /cb#code=c0de", "", "c0de", NULL},
        {TAKE_REDIRECT, "code", 302, "Location: /login", "", NULL,
         "the reply of the code hook (status 302, no Content-Type) has no redirect with the parameter 'code'"},
        {TAKE_REDIRECT, "code", 200, "Location: /cb?code=SECRET", "", NULL,
         HAS "no redirect with the parameter 'code'"},
        {TAKE_TEXT, NULL, 302, "Location: /login", "SECRET", NULL,
         "the code hook answered with status 302 (no Content-Type)"},
        {TAKE_BODY, "/code", 500, "Content-Type: application/json", "{\"code\":\"SECRET\"}", NULL,
         "the code hook answered with status 500 (application/json)"},
        {TAKE_BODY, "/code", 0, "", "", NULL, "the code hook did not answer: the connection was refused"},
};

START_TEST(test_reply)
{
	arena_auto *a = arena_new();
	struct target t = target;
	struct sources sources;
	struct fetch f = {.arena = a};

	t.codes.http.take = replies[_i].take;
	t.codes.http.what = replies[_i].what;
	open_sources(&t, &sources);
	sources.codes.ops->start(sources.codes.self, &f);
	fake_answer(&sources.codes, &f, replies[_i].status, replies[_i].lines, replies[_i].body);
	if (replies[_i].code) {
		ck_assert_msg(f.state == FETCH_DONE, "%s", f.e.text);
		assert_sv_eq(f.code.code, sv_of(replies[_i].code));
	} else {
		ck_assert_int_eq(f.state, FETCH_FAILED);
		ck_assert_str_eq(f.e.text, replies[_i].text);
	}
	sources_close(&sources);
}
END_TEST

/* The same words for tokens and logouts. */
START_TEST(test_others)
{
	arena_auto *a = arena_new();
	struct target t = target;
	struct sources sources;
	struct fetch f = {.arena = a};

	t.tokens = t.logout = t.codes;
	t.logout.http.body = "{consumer}";
	open_sources(&t, &sources);
	sources.tokens.ops->start(sources.tokens.self, &f);
	fake_answer(&sources.tokens, &f, 404, "", "SECRET");
	ck_assert_str_eq(f.e.text, "the token hook answered with status 404 (no Content-Type)");
	f = (struct fetch){.arena = a, .wish = {.second_consumer = true}};
	sources.logout.ops->start(sources.logout.self, &f);
	assert_sv_eq(f.http.body, SV("second"));
	fake_answer(&sources.logout, &f, 302, "Location: /bye", "");
	ck_assert_int_eq(f.state, FETCH_DONE);
	fake_answer(&sources.logout, &f, 204, "", "");
	ck_assert_int_eq(f.state, FETCH_DONE);
	ck_assert_uint_eq(f.code.code.n, 0);
	fake_answer(&sources.logout, &f, 403, "", "");
	ck_assert_str_eq(f.e.text, "the logout hook answered with status 403 (no Content-Type)");
	sources_close(&sources);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("http");
	TCase *c = tcase_create("http");

	tcase_add_test(c, test_request);
	tcase_add_loop_test(c, test_body, 0, sizeof bodies / sizeof *bodies);
	tcase_add_test(c, test_nonce);
	tcase_add_loop_test(c, test_reply, 0, sizeof replies / sizeof *replies);
	tcase_add_test(c, test_others);
	suite_add_tcase(s, c);
	return testing_run(s);
}
