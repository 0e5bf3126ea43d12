#include <string.h>

#include "core/base64.h"
#include "core/version.h"
#include "exchange/exchange.h"
#include "testing.h"

static const struct target basic = {
        .issuer = "https://issuer.example",
        .token_endpoint = "https://brand.example/token",
        .client = {.id = "client", .secret = "secret"},
        .redirect_uri = "https://liveperson.net",
        .second_client = {"other", "hidden"},
        .encoded_client = {"en coded", "%+"},
};

static const struct code code = {.code = {"a/b+c=", 6}};

static const char *saved(void *self, const char *name)
{
	(void)self;
	return strcmp(name, "first") == 0 ? "kept value" : strcmp(name, "lines") == 0 ? "a\r\nX-Injected: 1" : NULL;
}

static int prepare(struct arena *a, const struct target *t, const struct redeem *r, struct prepared *p, struct err *e)
{
	struct prepare_input in = {.target = t, .redeem = r, .code = &code, .saved = saved};

	return exchange_prepare(a, &in, p, e);
}

/* Head and body as they go out, one header a line. */
static const char *shown(struct arena *a, const struct prepared *p)
{
	const char *text = arena_printf(a, "%s %s\n", p->method, p->url);

	for (const char **h = p->headers; *h; h++)
		text = arena_printf(a, "%s%s\n", text, *h);
	return arena_printf(a, "%s\n%.*s", text, SV_ARG(p->body));
}

#define FORM "Content-Type: application/x-www-form-urlencoded\n"
#define AGENT "User-Agent: brandcert/" BRANDCERT_VERSION "\n"
#define ACCEPT "Accept: application/json\n"
#define BASIC "Authorization: Basic Y2xpZW50OnNlY3JldA==\n" /* client:secret */
#define GRANT "grant_type=authorization_code&code=a%2Fb%2Bc%3D&redirect_uri=https%3A%2F%2Fliveperson.net"
#define POST_TO "POST https://brand.example/token"
#define FIELD(key, text)                                   \
	{                                                  \
		.v = (struct field[]){{key, text}}, .n = 1 \
	}
#define NAMES(...)                \
	(const char *[])          \
	{                         \
		__VA_ARGS__, NULL \
	}

static const struct {
	struct redeem redeem;
	const char *want;
} edits[] = {
        {{0}, POST_TO "\n" BASIC ACCEPT FORM AGENT "\n" GRANT},
        {{.authentication = SEND_AUTH_BASIC}, POST_TO "\n" BASIC ACCEPT FORM AGENT "\n" GRANT},
        {{.authentication = SEND_AUTH_POST},
         POST_TO "\n" ACCEPT FORM AGENT "\n" GRANT "&client_id=client&client_secret=secret"},
        {{.authentication = SEND_AUTH_BOTH},
         POST_TO "\n" BASIC ACCEPT FORM AGENT "\n" GRANT "&client_id=client&client_secret=secret"},
        {{.authentication = SEND_AUTH_NONE}, POST_TO "\n" ACCEPT FORM AGENT "\n" GRANT},
        {{.authentication = SEND_AUTH_POST, .client_id = "other", .client_secret = "{client_secret}2"},
         POST_TO "\n" ACCEPT FORM AGENT "\n" GRANT "&client_id=other&client_secret=secret2"},
        {{.client_secret = "wrong"}, POST_TO "\nAuthorization: Basic Y2xpZW50Ondyb25n\n" ACCEPT FORM AGENT "\n" GRANT},
        {{.code = CODE_NONE},
         POST_TO "\n" BASIC ACCEPT FORM AGENT
                 "\ngrant_type=authorization_code&redirect_uri=https%3A%2F%2Fliveperson.net"},
        {{.form_set = FIELD("grant_type", "password")},
         POST_TO "\n" BASIC ACCEPT FORM AGENT
                 "\ngrant_type=password&code=a%2Fb%2Bc%3D&redirect_uri=https%3A%2F%2Fliveperson.net"},
        {{.form_set = FIELD("new one", "{issuer} {{x} {first}")},
         POST_TO "\n" BASIC ACCEPT FORM AGENT "\n" GRANT "&new+one=https%3A%2F%2Fissuer.example+%7Bx%7D+kept+value"},
        {{.form_add = FIELD("code", "{code}")}, POST_TO "\n" BASIC ACCEPT FORM AGENT "\n" GRANT "&code=a%2Fb%2Bc%3D"},
        {{.form_remove = NAMES("redirect_uri", "absent")},
         POST_TO "\n" BASIC ACCEPT FORM AGENT "\ngrant_type=authorization_code&code=a%2Fb%2Bc%3D"},
        {{.form_remove = NAMES("code"), .form_add = FIELD("code", "x")},
         POST_TO "\n" BASIC ACCEPT FORM AGENT
                 "\ngrant_type=authorization_code&redirect_uri=https%3A%2F%2Fliveperson.net&code=x"},
        {{.query = FIELD("a b", "{token_endpoint}&")},
         POST_TO "?a%20b=https%3A%2F%2Fbrand.example%2Ftoken%26\n" BASIC ACCEPT FORM AGENT "\n" GRANT},
        {{.header_set = FIELD("accept", "text/html")}, POST_TO "\n" BASIC "accept: text/html\n" FORM AGENT "\n" GRANT},
        {{.header_set = FIELD("X-New", "{first}")}, POST_TO "\n" BASIC ACCEPT FORM AGENT "X-New: kept value\n\n" GRANT},
        {{.header_add = FIELD("Authorization", "Basic {second_client_id|base64}")},
         POST_TO "\n" BASIC ACCEPT FORM AGENT "Authorization: Basic b3RoZXI=\n\n" GRANT},
        {{.header_add = {(struct field[]){{"X-A", "1"}, {"X-A", "2"}}, 2}, .header_remove = NAMES("X-A")},
         POST_TO "\n" BASIC ACCEPT FORM AGENT "X-A: 1\nX-A: 2\n\n" GRANT},
        {{.authentication = SEND_AUTH_POST, .encoded_client = true},
         POST_TO "\n" ACCEPT FORM AGENT "\n" GRANT "&client_id=en+coded&client_secret=%25%2B"},
        {{.encoded_client = true, .form_set = FIELD("a", "{client_id}{client_secret}")},
         POST_TO "\nAuthorization: Basic ZW4rY29kZWQ6JTI1JTJC\n" ACCEPT FORM AGENT "\n" GRANT "&a=en+coded%25%2B"},
        {{.client_id = "{second_client_id}", .client_secret = "{second_client_secret}"},
         POST_TO "\nAuthorization: Basic b3RoZXI6aGlkZGVu\n" ACCEPT FORM AGENT "\n" GRANT},
        {{.form_set = FIELD("code", "{code|swapcase}")},
         POST_TO "\n" BASIC ACCEPT FORM AGENT
                 "\ngrant_type=authorization_code&code=A%2FB%2BC%3D&redirect_uri=https%3A%2F%2Fliveperson.net"},
        {{.form_set = FIELD("a", "{bytes:00ff0A}x")}, POST_TO "\n" BASIC ACCEPT FORM AGENT "\n" GRANT "&a=%00%FF%0Ax"},
        {{.header_set = FIELD("X-Empty", "")}, POST_TO "\n" BASIC ACCEPT FORM AGENT "X-Empty: \n\n" GRANT},
        {{.header_remove = NAMES("authorization", "User-Agent")}, POST_TO "\n" ACCEPT FORM "\n" GRANT},
        {{.content_type = "text/plain"}, POST_TO "\n" BASIC ACCEPT "Content-Type: text/plain\n" AGENT "\n" GRANT},
        {{.content_type = ""}, POST_TO "\n" BASIC ACCEPT AGENT "\n" GRANT},
        {{.method = "GET"}, "GET https://brand.example/token\n" BASIC ACCEPT FORM AGENT "\n" GRANT},
        {{.body = "{{\"code\": \"{code}\"}", .content_type = "application/json"},
         POST_TO "\n" BASIC ACCEPT "Content-Type: application/json\n" AGENT "\n{\"code\": \"a/b+c=\"}"},
        {{.body = ""}, POST_TO "\n" BASIC ACCEPT FORM AGENT "\n"},
};

START_TEST(test_edit)
{
	arena_auto *a = arena_new();
	struct prepared p;
	struct err e = {0};

	ck_assert_msg(prepare(a, &basic, &edits[_i].redeem, &p, &e) == 0, "%s", e.text);
	assert_sv_eq(sv_of(shown(a, &p)), sv_of(edits[_i].want));
}
END_TEST

static const struct {
	struct redeem redeem;
	const char *text;
} refusals[] = {
        {{.header_set = FIELD("X-A", "{lines}")}, "the value of the header 'X-A' has a line break or a NUL in it"},
        {{.header_set = FIELD("X-A", "a\nb")}, "the value of the header 'X-A' has a line break or a NUL in it"},
        {{.header_add = FIELD("X-A", "a{bytes:0d0a}b")},
         "the value of the header 'X-A' has a line break or a NUL in it"},
        {{.header_set = FIELD("X-A", "a{bytes:00}b")}, "the value of the header 'X-A' has a line break or a NUL in it"},
        {{.form_set = FIELD("a", "{bytes:00|repeat:2000000}")}, "the request body is larger than 4194304 bytes"},
        {{.form_set = FIELD("a", "{code_verifier}")}, "'{code_verifier}' has no value here"},
        {{.form_set = FIELD("a", "{code_challenge}")}, "'{code_challenge}' has no value here"},
        {{.header_set = FIELD("X A", "b")}, "'X A' is not a header name"},
        {{.header_set = FIELD("", "b")}, "'' is not a header name"},
        {{.content_type = "a\r\nb: c"}, "the value of the header 'Content-Type' has a line break or a NUL in it"},
        {{.header_remove = NAMES("host")}, "the header 'host' cannot be left out, only set"},
        {{.method = "GET /x"}, "'GET /x' is not an HTTP method"},
        {{.method = ""}, "'' is not an HTTP method"},
        {{.form_set = FIELD("a", "{nobody}")}, "'{nobody}' has no value here"},
        {{.query = FIELD("a", "{nobody}")}, "'{nobody}' has no value here"},
        {{.body = "{nobody}"}, "'{nobody}' has no value here"},
        {{.client_id = "{nobody}"}, "'{nobody}' has no value here"},
        {{.body = "{nobody"}, "a '{' without its '}', write '{{' for a brace"},
        {{.code = CODE_NONE, .body = "{code}"}, "'{code}' has no value here"},
};

START_TEST(test_refusal)
{
	arena_auto *a = arena_new();
	struct prepared p;
	struct err e = {0};

	ck_assert_int_eq(prepare(a, &basic, &refusals[_i].redeem, &p, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INPUT);
	assert_contains(e.text, refusals[_i].text);
}
END_TEST

START_TEST(test_nul_in_header)
{
	arena_auto *a = arena_new();
	struct redeem r = {.header_set = FIELD("X-A", "{code}")};
	struct code cut = {.code = {"a\0b", 3}};
	struct prepare_input in = {.target = &basic, .redeem = &r, .code = &cut};
	struct prepared p;
	struct err e = {0};

	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), -1);
	assert_contains(e.text, "a NUL");
	/* In the form it is sent like any other byte. */
	in.redeem = &(struct redeem){0};
	e = (struct err){0};
	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), 0);
	ck_assert_int_ge(sv_find(p.body, SV("&code=a%00b&")), 0);
}
END_TEST

/* RFC 6749 §2.3.1 and Appendix B: what must be escaped, and what must not. */
static const struct {
	const char *id, *secret, *basic, *form;
} credentials[] = {
        {"client", "s3cr%t:+ \xc3\xbc-_.~*/=&", "client:s3cr%25t%3A%2B+%C3%BC-_.%7E*%2F%3D%26",
         "&client_id=client&client_secret=s3cr%25t%3A%2B+%C3%BC-_.%7E*%2F%3D%26"},
        {"a:b c", "", "a%3Ab+c:", "&client_id=a%3Ab+c&client_secret="},
        {"urn:x@y", "\"\\\n", "urn%3Ax%40y:%22%5C%0A", "&client_id=urn%3Ax%40y&client_secret=%22%5C%0A"},
};

START_TEST(test_credentials)
{
	arena_auto *a = arena_new();
	struct target t = basic;
	struct prepared p;
	struct err e = {0};

	t.client.id = credentials[_i].id;
	t.client.secret = credentials[_i].secret;
	ck_assert_int_eq(prepare(a, &t, &(struct redeem){0}, &p, &e), 0);
	const char *encoded = base64_encode(a, BASE64_STANDARD, sv_of(credentials[_i].basic));
	ck_assert_str_eq(p.headers[0], arena_printf(a, "Authorization: Basic %s", encoded));
	assert_sv_eq(p.body, SV(GRANT));

	t.client.authentication = CLIENT_SECRET_POST;
	ck_assert_int_eq(prepare(a, &t, &(struct redeem){0}, &p, &e), 0);
	ck_assert_str_eq(p.headers[0], "Accept: application/json");
	assert_sv_eq(p.body, sv_of(arena_printf(a, "%s%s", GRANT, credentials[_i].form)));
}
END_TEST

/* A code brings its redirect_uri and verifier with it. */
START_TEST(test_code_facts)
{
	arena_auto *a = arena_new();
	struct code own = {.code = SV("c"), .redirect_uri = "https://own.example/", .code_verifier = "ver~ifier"};
	struct redeem r = {.header_set = FIELD("X-Uri", "{redirect_uri}")};
	struct prepare_input in = {.target = &basic, .redeem = &r, .code = &own};
	struct prepared p;
	struct err e = {0};

	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), 0);
	assert_sv_eq(p.body, SV("grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fown.example%2F"
	                        "&code_verifier=ver%7Eifier"));
	ck_assert_str_eq(p.headers[4], "X-Uri: https://own.example/");
	/* Without the code there is nothing to verify. */
	r.code = CODE_NONE;
	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), 0);
	assert_sv_eq(p.body, SV("grant_type=authorization_code&redirect_uri=https%3A%2F%2Fown.example%2F"));
}
END_TEST

/* What is still to come is not judged by its stand-in: only what can be known now is. */
START_TEST(test_stand_in)
{
	static const struct {
		const char *value, *text;
	} rows[] = {
	        {"{code|cut:20}", NULL},
	        {"{code_challenge|first:43}{code_verifier|upper}", NULL},
	        {"{client_secret|cut:20}", "'{client_secret}': nothing in the value can be changed by 'cut:20'"},
	        {"{nobody}", "'{nobody}' has no value here"},
	};
	arena_auto *a = arena_new();
	struct code stand_in = {.code = SV("code"), .code_verifier = "VERIFIER"};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct redeem r = {.form_set = {(struct field[]){{"a", rows[i].value}}, 1}};
		struct prepare_input in = {.target = &basic, .redeem = &r, .code = &stand_in, .stand_in = true};
		struct prepared p;
		struct err e = {0};
		ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), rows[i].text ? -1 : 0);
		if (rows[i].text)
			assert_contains(e.text, rows[i].text);
		in.stand_in = false;
		ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), -1);
	}
}
END_TEST

START_TEST(test_userinfo)
{
	arena_auto *a = arena_new();
	struct target t = basic;
	struct step step = {.kind = STEP_USERINFO, .userinfo.access_token = "{first}"};
	struct prepare_input in = {.target = &t, .step = &step, .saved = saved};
	struct prepared p;
	struct err e = {0};

	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), -1);
	ck_assert_str_eq(e.text, "the target file does not say 'userinfo_endpoint'");
	t.userinfo_endpoint = "https://brand.example/userinfo";
	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), 0);
	assert_sv_eq(sv_of(shown(a, &p)),
	             SV("GET https://brand.example/userinfo\nAuthorization: Bearer kept value\n" ACCEPT AGENT "\n"));
	step.userinfo.method = USERINFO_POST;
	step.userinfo.access_token = NULL;
	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), 0);
	assert_sv_eq(sv_of(shown(a, &p)), SV("POST https://brand.example/userinfo\n" ACCEPT FORM AGENT "\n"));
	ck_assert_uint_eq(p.body.n, 0);
	step.userinfo.access_token = "{lines}";
	e = (struct err){0};
	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), -1);
	assert_contains(e.text, "the value of the header 'Authorization' has a line break");
}
END_TEST

START_TEST(test_query_of_endpoint)
{
	arena_auto *a = arena_new();
	struct target t = basic;
	struct redeem r = {.query = FIELD("b", "2"), .code = CODE_TEXT, .code_text = "{first}"};
	struct prepare_input in = {.target = &t, .redeem = &r, .saved = saved};
	struct prepared p;
	struct err e = {0};

	t.token_endpoint = "https://brand.example/token?a=1";
	ck_assert_int_eq(exchange_prepare(a, &in, &p, &e), 0);
	ck_assert_str_eq(p.url, "https://brand.example/token?a=1&b=2");
	ck_assert_int_ge(sv_find(p.body, SV("&code=kept+value&")), 0);
}
END_TEST

/* RFC 6749 §2.3.1 has both halves form-encoded; most providers in the field do not undo that. */
START_TEST(test_raw_basic)
{
	arena_auto *a = arena_new();
	struct target t = basic;
	struct redeem of_target = {0}, of_encoded = {.encoded_client = true};
	struct redeem as_form = {.basic_encoding = SEND_BASIC_FORM}, as_raw = {.basic_encoding = SEND_BASIC_RAW},
	              encoded_raw = {.encoded_client = true, .basic_encoding = SEND_BASIC_RAW};
	struct prepared p;
	struct err e = {0};

	t.client.id = "a b";
	t.client.secret = "%:+\xc3\xa9-._*~";
	ck_assert_int_eq(prepare(a, &t, &of_target, &p, &e), 0);
	ck_assert_str_eq(p.headers[0],
	                 arena_printf(a, "Authorization: Basic %s",
	                              base64_encode(a, BASE64_STANDARD, SV("a+b:%25%3A%2B%C3%A9-._*%7E"))));
	t.client.raw_basic = true;
	ck_assert_int_eq(prepare(a, &t, &of_target, &p, &e), 0);
	ck_assert_str_eq(p.headers[0], arena_printf(a, "Authorization: Basic %s",
	                                            base64_encode(a, BASE64_STANDARD, SV("a b:%:+\xc3\xa9-._*~"))));
	/* whether it is so is what this client is for */
	ck_assert_int_eq(prepare(a, &t, &of_encoded, &p, &e), 0);
	ck_assert_str_eq(p.headers[0], arena_printf(a, "Authorization: Basic %s",
	                                            base64_encode(a, BASE64_STANDARD, SV("en+coded:%25%2B"))));

	/* what a step says counts, whatever the target */
	for (int i = 0; i < 2; i++) {
		t.client.raw_basic = i;
		ck_assert_int_eq(prepare(a, &t, &as_form, &p, &e), 0);
		assert_contains(p.headers[0], base64_encode(a, BASE64_STANDARD, SV("a+b:%25%3A%2B%C3%A9-._*%7E")));
		ck_assert_int_eq(prepare(a, &t, &as_raw, &p, &e), 0);
		assert_contains(p.headers[0], base64_encode(a, BASE64_STANDARD, SV("a b:%:+\xc3\xa9-._*~")));
		ck_assert_int_eq(prepare(a, &t, &encoded_raw, &p, &e), 0);
		assert_contains(p.headers[0], base64_encode(a, BASE64_STANDARD, SV("en coded:%+")));
	}
}
END_TEST

static const struct {
	const char *endpoint, *url;
} plain[] = {
        {"https://brand.example/token", "http://brand.example/token"},
        {"https://brand.example:443/token?a=1", "http://brand.example/token?a=1"},
        {"https://brand.example:8443/token", "http://brand.example:8443/token"},
        {"https://[::1]:443", "http://[::1]"},
        {"https://brand.example/a:443", "http://brand.example/a:443"},
        {"http://127.0.0.1:80/token", "http://127.0.0.1:80/token"},
};

/* In clear text goes nothing that anybody could use. */
START_TEST(test_plain_http)
{
	static const enum client_auth how[] = {CLIENT_SECRET_BASIC, CLIENT_SECRET_POST};
	arena_auto *a = arena_new();
	struct target t = basic;
	struct redeem r = {.code = CODE_UNKNOWN, .plain_http = true};
	struct prepared p;
	struct err e = {0};

	t.token_endpoint = plain[_i].endpoint;
	for (size_t i = 0; i < 2; i++) {
		t.client.authentication = how[i];
		ck_assert_int_eq(prepare(a, &t, &r, &p, &e), 0);
		ck_assert_str_eq(p.url, plain[_i].url);
		const char *text = shown(a, &p);
		assert_lacks(text, "Y2xpZW50OnNlY3JldA");
		assert_lacks(text, "client_secret=secret");
	}
	long at = sv_find(p.body, SV("client_secret="));
	ck_assert_int_ge(at, 0);
	ck_assert_uint_eq(p.body.n - (size_t)at, strlen("client_secret=") + 32);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("prepare");
	TCase *c = tcase_create("prepare");

	tcase_add_loop_test(c, test_edit, 0, sizeof edits / sizeof edits[0]);
	tcase_add_loop_test(c, test_refusal, 0, sizeof refusals / sizeof refusals[0]);
	tcase_add_test(c, test_nul_in_header);
	tcase_add_loop_test(c, test_credentials, 0, sizeof credentials / sizeof credentials[0]);
	tcase_add_test(c, test_code_facts);
	tcase_add_test(c, test_stand_in);
	tcase_add_test(c, test_userinfo);
	tcase_add_test(c, test_query_of_endpoint);
	tcase_add_test(c, test_raw_basic);
	tcase_add_loop_test(c, test_plain_http, 0, sizeof plain / sizeof plain[0]);
	suite_add_tcase(s, c);
	return testing_run(s);
}
