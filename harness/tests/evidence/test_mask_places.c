/* The net of known places, what is learned from evidence, and messages as a whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "evidence/mask.h"
#include "tests/testing.h"

#define JWS_HEAD "eyJhbGciOiJSUzI1NiJ9"
#define JWS_BODY "eyJzdWIiOiJhIn0"

static const struct {
	struct sv have, want;
} places[] = {
        /* header fields, at the start of a line */
        {SV("Authorization: Basic YTpiY2RlZg=="), SV("Authorization: Basic [credentials]")},
        {SV("authorization:Bearer  xyz "), SV("authorization:Bearer  [credentials] ")},
        {SV("Proxy-Authorization : opaque"), SV("Proxy-Authorization : [credentials]")},
        {SV("Authorization: Basic"), SV("Authorization: Basic")},
        {SV("Authorization: "), SV("Authorization: ")},
        {SV("Authorization: Digest username=\"a\", response=\"b\""), SV("Authorization: Digest [credentials]")},
        {SV("Authorization: Basic a\0b"), SV("Authorization: Basic [credentials]")},
        {SV("x\r\n  Authorization: Basic YTpi\r\ny"), SV("x\r\n  Authorization: Basic [credentials]\r\ny")},
        {SV("Authorization: Basic\r\n YTpi\r\nHost: a"), SV("Authorization: Basic\r\n [credentials]\r\nHost: a")},
        {SV("Cookie: a=1; b=\"2\"; c"), SV("Cookie: a=[cookie]; b=[cookie]; [cookie]")},
        {SV("Set-Cookie: sid=abc=; Path=/; HttpOnly"), SV("Set-Cookie: sid=[cookie]; Path=/; HttpOnly")},
        {SV("Set-Cookie: sid=; Max-Age=0"), SV("Set-Cookie: sid=; Max-Age=0")},
        {SV("X-Authorization: Basic authentication"), SV("X-Authorization: Basic authentication")},
        {SV("> Authorization: Basic YTpiY2RlZg=="), SV("> Authorization: Basic [credentials]")},
        {SV("{\"Authorization\":[\"basic YTpiY2RlZg\"]}"), SV("{\"Authorization\":[\"basic [credentials]\"]}")},
        {SV("{\"head\":\"POST /\\r\\nCookie: a=b\\r\\n\"}"), SV("{\"head\":\"POST /\\r\\nCookie: a=[cookie]\\r\\n\"}")},

        /* form fields */
        {SV("grant_type=authorization_code&code=4%2Fabc&client_id=a"),
         SV("grant_type=authorization_code&code=[code]&client_id=a")},
        {SV("code="), SV("code=")},
        {SV("code=a\0b&x=1"), SV("code=[code]&x=1")},
        {SV("client_secret=a&code_verifier=b&refresh_token=c&client_assertion=d&access_token=e&password=f"),
         SV("client_secret=[client_secret]&code_verifier=[code_verifier]&refresh_token=[refresh_token]&"
            "client_assertion=[client_assertion]&access_token=[access_token]&password=[password]")},
        {SV("id_token=a.b.c&x=1"), SV("id_token=a.b.[signature]&x=1")},
        {SV("Location: https://liveperson.net/?state=1&code=abcd#access_token=ef"),
         SV("Location: https://liveperson.net/?state=1&code=[code]#access_token=[access_token]")},
        {SV("{\"url\":\"https:\\/\\/a.test\\/?code=abcd\\u0026state=1\"}"),
         SV("{\"url\":\"https:\\/\\/a.test\\/?code=[code]\\u0026state=1\"}")},
        {SV("<a href='/?a=1&amp;code=abcd&amp;b=2'>"), SV("<a href='/?a=1&amp;code=[code]&amp;b=2'>")},
        {SV("next=%2Fcb%3Fcode%3Dabcd%26b%3D2"), SV("next=%2Fcb%3Fcode%3D[code]%26b%3D2")},
        {SV("code=invalid_grant"), SV("code=invalid_grant")},
        {SV("code=404&code=4040&code=invalid&code=_x-"), SV("code=404&code=[code]&code=[code]&code=[code]")},

        /* JSON members */
        {SV("{\"access_token\":\"abc\",\"token_type\":\"Bearer\"}"),
         SV("{\"access_token\":\"[access_token]\",\"token_type\":\"Bearer\"}")},
        {SV("{ \"refresh_token\" :\n\t\"a\\\"b\\\\\", \"x\": \"y\" }"),
         SV("{ \"refresh_token\" :\n\t\"[refresh_token]\", \"x\": \"y\" }")},
        {SV("{\"a\":[{\"b\":{\"client_secret\":\"x\",\"code\":\"Y\",\"code_verifier\":\"z\"}}]}"),
         SV("{\"a\":[{\"b\":{\"client_secret\":\"[client_secret]\",\"code\":\"[code]\","
            "\"code_verifier\":\"[code_verifier]\"}}]}")},
        {SV("{\"accessToken\":\"abc\",\"Refresh-Token\":\"def\"}"),
         SV("{\"accessToken\":\"[access_token]\",\"Refresh-Token\":\"[refresh_token]\"}")},
        {SV("{\"access_token\":12345678,\"code\":12345678}"),
         SV("{\"access_token\":[access_token],\"code\":12345678}")},
        {SV("{\"access_token\":[\"abc\", \"def\"],\"x\":1}"),
         SV("{\"access_token\":[\"[access_token]\", \"[access_token]\"],\"x\":1}")},
        {SV("{\"access_token\":\"abc"), SV("{\"access_token\":\"[access_token]")},
        {SV("{\"access_token\":\"abc\\"), SV("{\"access_token\":\"[access_token]")},
        {SV("{\"access_token\":\"abc\\\""), SV("{\"access_token\":\"[access_token]")},
        {SV("{\"access_token\":"), SV("{\"access_token\":")},
        {SV("{\"access_token\""), SV("{\"access_token\"")},
        {SV("{'access_token': 'abc'}"), SV("{'access_token': '[access_token]'}")},
        {SV("]]{{\"access_token\":\"abc\"]]"), SV("]]{{\"access_token\":\"[access_token]\"]]")},
        {SV("{\"access_token\":\"a\0b\"}"), SV("{\"access_token\":\"[access_token]\"}")},
        {SV("\"{\\\"access_token\\\":\\\"abc\\\"}\""), SV("\"{\\\"access_token\\\":\\\"[access_token]\\\"}\"")},
        {SV("{\"access\\u005ftoken\":\"abc\"}"), SV("{\"access\\u005ftoken\":\"[access_token]\"}")},
        {SV("{\"id_token\":\"a.b.c\"}"), SV("{\"id_token\":\"a.b.[signature]\"}")},
        {SV("{\"id_token\":\"a.b.c\\nd\"}"), SV("{\"id_token\":\"a.b.[signature]\"}")},
        {SV("{\"id_token\":\"a.b.\"}"), SV("{\"id_token\":\"a.b.\"}")},
        {SV("{\"id_token\":\"a.b.c.d.e\"}"), SV("{\"id_token\":\"a.[encrypted]\"}")},
        {SV("{\"id_token\":\"opaque\"}"), SV("{\"id_token\":\"opaque\"}")},
        {SV("{\"payload\":\"a\",\"protected\":\"b\",\"signature\":\"c\"}"),
         SV("{\"payload\":\"a\",\"protected\":\"b\",\"signature\":\"[signature]\"}")},
        {SV("{\"protected\":\"a\",\"encrypted_key\":\"b\",\"iv\":\"c\",\"ciphertext\":\"d\",\"tag\":\"e\"}"),
         SV("{\"protected\":\"a\",\"encrypted_key\":\"[encrypted]\",\"iv\":\"c\",\"ciphertext\":\"[encrypted]\","
            "\"tag\":\"e\"}")},

        /* tokens */
        {SV("got " JWS_HEAD "." JWS_BODY ".c2ln."), SV("got " JWS_HEAD "." JWS_BODY ".[signature].")},
        {SV(JWS_HEAD "." JWS_BODY ".c2+/ln== x"), SV(JWS_HEAD "." JWS_BODY ".[signature] x")},
        {SV(JWS_HEAD "." JWS_BODY "."), SV(JWS_HEAD "." JWS_BODY ".")},
        {SV(JWS_HEAD ".." JWS_BODY), SV(JWS_HEAD "..[signature]")},
        {SV(JWS_HEAD ".a.b.c.d"), SV(JWS_HEAD ".[encrypted]")},
        {SV(JWS_HEAD "..b.c.d, " JWS_HEAD ".a.b"), SV(JWS_HEAD ".[encrypted], " JWS_HEAD ".a.[signature]")},
        {SV("ewogImFsZyI6.a.b"), SV("ewogImFsZyI6.a.[signature]")},
        {SV("a." JWS_HEAD ".a.b"), SV("a." JWS_HEAD ".a.[signature]")},
        {SV("eyJ.a.b"), SV("eyJ.a.b")},
};

START_TEST(places_are_masked)
{
	arena_auto *a = arena_new();
	const struct mask *m = mask_new(a);
	struct sv out = mask_sv(m, a, places[_i].have);

	assert_sv_eq(out, places[_i].want);
	assert_sv_eq(mask_sv(m, a, out), out);
}
END_TEST

START_TEST(messages_are_masked_line_by_line)
{
	arena_auto *a = arena_new();
	const struct mask *m = mask_new(a);
	struct sv lines[] = {SV("POST /token?code=abcd HTTP/1.1"),
	                     SV("Authorization: Basic"),
	                     SV("\tYTpi "),
	                     SV("  "),
	                     SV("Host: acme.test"),
	                     SV(" folded: Basic"),
	                     SV("Cookie: a=b"),
	                     SV("\xff\0")};
	static const char *const want[] = {"POST /token?code=[code] HTTP/1.1",
	                                   "Authorization: Basic",
	                                   "\t[credentials]",
	                                   "  ",
	                                   "Host: acme.test",
	                                   " folded: Basic",
	                                   "Cookie: a=[cookie]"};
	const struct message in = {lines, sizeof lines / sizeof *lines, SV_NONE};
	struct message out;

	mask_message(m, a, &in, &out);
	ck_assert_uint_eq(out.nlines, in.nlines);
	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		assert_sv_eq(out.lines[i], sv_of(want[i]));
	assert_sv_eq(out.lines[7], SV("\xff\0"));
	ck_assert_ptr_null(out.body.p);
}
END_TEST

/* --- learning --------------------------------------------------------------------------------------------------- */

static struct mask *learned(struct arena *a, const struct exchange *x)
{
	struct mask *m = mask_new(a);
	struct evidence ev = {.run = {.client_id = "acme", .client_secret = "true-secret"},
	                      .exchanges = arena_alloc(a, sizeof *x),
	                      .n = 1};

	ev.exchanges[0] = *x;
	mask_add_evidence(m, &ev);
	return m;
}

static void gone(const struct mask *m, struct arena *a, const char *value)
{
	char *out = mask_text(m, a, sv_of(arena_printf(a, "we saw %s here", value)));

	assert_lacks(out, value);
	assert_contains(out, "we saw [");
}

static void stays(const struct mask *m, struct arena *a, const char *value)
{
	char *text = arena_printf(a, "we saw %s here", value);

	ck_assert_str_eq(mask_text(m, a, sv_of(text)), text);
}

START_TEST(the_run_and_its_codes_are_learned)
{
	arena_auto *a = arena_new();
	struct exchange x = {.code = {.code = "4/code",
	                              .code_verifier = "the-proof",
	                              .nonce = "the-nonce",
	                              .redirect_uri = "https://liveperson.net"}};
	struct mask *m = learned(a, &x);

	gone(m, a, "true-secret");
	gone(m, a, "4/code");
	gone(m, a, "the-proof");
	stays(m, a, "the-nonce");
	stays(m, a, "https://liveperson.net");
	stays(m, a, "acme");
	ck_assert_str_eq(mask_text(m, a, SV("<YWNtZTp0cnVlLXNlY3JldA==>")), "<[credentials]>");
}
END_TEST

static const struct {
	const char *body;
	const char *gone[3], *stays[3];
} responses[] = {
        {"{\"access_token\":\"AT-12345\",\"refresh_token\":\"RT/\\u0031\\/2345\",\"scope\":\"openid-x\"}",
         {"AT-12345", "RT/1/2345"},
         {"openid-x"}},
        {"{\"id_token\":\"" JWS_HEAD "." JWS_BODY ".c2lnbmF0dXJl\"}", {"c2lnbmF0dXJl"}, {JWS_HEAD, JWS_BODY}},
        {"{\"id_token\":\"" JWS_HEAD "." JWS_BODY ".c2lnb\\n  mF0dXJl\"}",
         {"c2lnbmF0dXJl", "c2lnb\n  mF0dXJl"},
         {JWS_BODY}},
        {"{\"data\":[{\"tokens\":{\"access_token\":\"AT-12345\"}}]}", {"AT-12345"}, {0}},
        {"{{{\"access_token\":\"AT-12345\"", {"AT-12345"}, {0}},
        {"{\"access_token\":\"first-token\",\"access_token\":\"second-token\"}", {"first-token", "second-token"}, {0}},
        {"access_token=AT%2F12345&token_type=bearer", {"AT/12345"}, {"bearer"}},
        {"{\"result\":\"{\\\"access_token\\\":\\\"AT-12345\\\"}\"}", {"AT-12345"}, {0}},
        {"{\"access_token\":\"undefined\",\"refresh_token\":\"none\"}", {0}, {"undefined", "none"}},
        {"{\"access_token\":\"1234567\"}", {0}, {"1234567"}},
        {"{\"code\":\"expired\",\"client_secret\":\"wrong\"}", {0}, {"expired", "wrong"}},
};

START_TEST(responses_are_learned)
{
	arena_auto *a = arena_new();
	struct exchange x = {.response = {.body = sv_of(responses[_i].body)}};
	struct mask *m = learned(a, &x);

	for (size_t i = 0; i < 3 && responses[_i].gone[i]; i++)
		gone(m, a, responses[_i].gone[i]);
	for (size_t i = 0; i < 3 && responses[_i].stays[i]; i++)
		stays(m, a, responses[_i].stays[i]);
}
END_TEST

static const struct {
	struct sv line, body;
	const char *gone, *stays;
} requests[] = {
        {SV("X: y"), SV("code=abcdefghijklmnopqrst&client_secret=wrong"), "abcdefghijklmnopqrst", "wrong"},
        {SV("X: y"), SV("client_secret=true-secreT"), "true-secreT", "true-"},
        {SV("X: y"), SV("client_secret=true-se"), "true-se", "se"},
        {SV("Authorization: Basic YWNtZTp0cnVlLXNlY3JlVA=="), SV(""), "true-secreT", "acme"},
        {SV("Authorization: Basic YWNtZTp0cnVlLSU3M2VjcmVU"), SV(""), "true-secreT", "acme"},
        {SV("Authorization: Basic YWNtZTp3cm9uZw=="), SV(""), "YWNtZTp3cm9uZw==", "wrong"},
        {SV("POST /?code=abcdefghijklmnopqrst HTTP/1.1"), SV(""), "abcdefghijklmnopqrst", "HTTP/1.1"},
        {SV("Cookie: sid=abcdefghijklmnopqrst"), SV(""), NULL, "abcdefghijklmnopqrst"},
};

START_TEST(requests_are_learned)
{
	arena_auto *a = arena_new();
	struct sv line = requests[_i].line;
	struct exchange x = {.request = {.lines = &line, .nlines = 1, .body = requests[_i].body}};
	struct mask *m = learned(a, &x);

	if (requests[_i].gone)
		gone(m, a, requests[_i].gone);
	stays(m, a, requests[_i].stays);
}
END_TEST

/* Of a cookie what is like a session's id; of a signature its bytes, too. */
START_TEST(cookies_and_signatures_are_learned)
{
	arena_auto *a = arena_new();
	struct sv lines[] = {SV("Set-Cookie: sid=abcdefghijklmnop0815; Path=/"),
	                     SV("Set-Cookie: theme=very-very-very-dark"), SV("Set-Cookie: n=12345"),
	                     SV("Set-Cookie: u=https://login.acme.test/0815")};
	struct exchange x = {
	        .response = {.lines = lines,
	                     .nlines = 4,
	                     .body = SV("{\"id_token\":\"" JWS_HEAD "." JWS_BODY ".QUJDREVGR0hJSktM__-_\"}")}};
	struct mask *m = learned(a, &x);

	gone(m, a, "abcdefghijklmnop0815");
	stays(m, a, "very-very-very-dark");
	stays(m, a, "12345");
	stays(m, a, "https://login.acme.test/0815");
	gone(m, a, "QUJDREVGR0hJSktM__-_");
	gone(m, a, "QUJDREVGR0hJSktM//+/");
	gone(m, a, "4142434445464748494a4b4cffffbf");
}
END_TEST

START_TEST(what_is_learned_is_bounded)
{
	arena_auto *a = arena_new();
	char *body = arena_text(a, "");

	for (int i = 0; i < LIMIT_LEARNED + 10; i++)
		body = arena_printf(a, "%s{\"access_token\":\"token-%04d\"}", body, i);
	struct exchange x = {.response = {.body = sv_of(body)}};
	struct mask *m = learned(a, &x);
	gone(m, a, "token-0000");
	gone(m, a, arena_printf(a, "token-%04d", LIMIT_LEARNED - 1));
	stays(m, a, arena_printf(a, "token-%04d", LIMIT_LEARNED));
}
END_TEST

/* --- size --------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *unit;
} units[] = {
        {"one letter", "a"},
        {"quotes", "\""},
        {"backslashes", "\\"},
        {"names", "\"access_token\":"},
        {"empty values", "\"access_token\":\"\","},
        {"escaped values", "\"access_token\":'\\"},
        {"equals", "code="},
        {"token starts", "eyJ"},
        {"tokens", "eyJhbGciOi."},
        {"dots", "eyJhbGciOi.a.b.c.d.e."},
        {"basic", "basic "},
        {"basic, long", "basic YTpi"},
        {"lists", "\"code\":[[[,"},
        {"blanks", "\"code\"    "},
        {"cookies", "Cookie: a;"},
        {"header lines", "Cookie: a=b\n "},
        {"escapes of all kinds", "\\u0025%26+&#37;"},
        {"placeholders", "[code]"},
        {"almost the secret", "aaaaaaaaaaaaaaaaaaaaaaab"},
};

/* A guard against what grows with the square: such would run into the case's time limit many times over. */
START_TEST(large_bodies_take_linear_time)
{
	arena_auto *a = arena_new();
	size_t n = LIMIT_BODY, unit = strlen(units[_i].unit);
	char *body = arena_alloc(a, n + 1), *secret = arena_alloc(a, 40000);
	struct message out;

	for (size_t i = 0; i < n; i++)
		body[i] = units[_i].unit[i % unit];
	memset(secret, 'a', 39999);
	struct exchange x = {.response = {.body = {body, n}}, .code = {.code = secret}};
	struct mask *m = learned(a, &x);
	mask_message(m, a, &x.response, &out);
	ck_assert_ptr_nonnull(out.body.p);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mask_places");
	TCase *c = tcase_create("mask_places");

	tcase_set_timeout(c, 120);
	tcase_add_loop_test(c, places_are_masked, 0, sizeof places / sizeof *places);
	tcase_add_test(c, messages_are_masked_line_by_line);
	tcase_add_test(c, the_run_and_its_codes_are_learned);
	tcase_add_loop_test(c, responses_are_learned, 0, sizeof responses / sizeof *responses);
	tcase_add_loop_test(c, requests_are_learned, 0, sizeof requests / sizeof *requests);
	tcase_add_test(c, cookies_and_signatures_are_learned);
	tcase_add_test(c, what_is_learned_is_bounded);
	tcase_add_loop_test(c, large_bodies_take_linear_time, 0, sizeof units / sizeof *units);
	suite_add_tcase(s, c);
	return testing_run(s);
}
