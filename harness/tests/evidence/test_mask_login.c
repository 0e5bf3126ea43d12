/* Secrets of authorization requests, logins and handed-over tokens. */
#include "evidence/mask.h"
#include "tests/testing.h"

/* What a login, its hooks and a handed-over token leave behind, wherever it comes up again. */
START_TEST(secrets_of_a_login_do_not_survive)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	        {"said pass-word-canary", "said [secret]"},
	        {"said pass%2Dword-canary", "said [secret]"},
	        {"Cookie: sid=canary0815", "Cookie: sid=[cookie]"},
	        {"got canary0815 back", "got [secret] back"},
	        {"hook said canary-hook", "hook said [secret]"},
	        {"csrf canaryCookie771234 again", "csrf [cookie] again"},
	        {"the code is canary-code-1", "the code is [code]"},
	        {"c2lnbmF0dXJlLWNhbmFyeQ", "[signature]"},
	        {"aGludC1jYW5hcnktc2ln", "[signature]"},
	        {"opaque: canary-access-9", "opaque: [access_token]"},
	        {"handed over: canary-opaque-5", "handed over: [token]"},
	        {"https://w.test/cb?code=xyz123&state=st4te#id_token=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnMg",
	         "https://w.test/cb?code=[code]&state=st4te#id_token=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.[signature]"},
	        {"Location: https://w.test/cb#access_token=tok3n&token_type=bearer",
	         "Location: https://w.test/cb#access_token=[access_token]&token_type=bearer"},
	        {"https://b.test/"
	         "authorize?state=st4te&nonce=n0nce&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
	         "https://b.test/"
	         "authorize?state=st4te&nonce=n0nce&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
	};
	static const char *secrets[] = {"pass-word-canary", "sid=canary0815; t=1", "Bearer canary-hook", NULL};
	struct sv hop_lines[] = {SV("HTTP/1.1 303 See Other"), SV("Set-Cookie: csrf=canaryCookie771234; Path=/"),
	                         SV("Location: https://w.test/cb?x=1#id_token=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0."
	                            "c2lnbmF0dXJlLWNhbmFyeQ")};
	struct hop hop = {.method = "GET",
	                  .url = "https://b.test/x?access_token=canary-access-9",
	                  .response = {.lines = hop_lines, .nlines = 3}};
	struct exchange x[] = {
	        {.kind = "authorize",
	         .code = {.code = "canary-code-1"},
	         .authorize_url = "https://b.test/authorize?id_token_hint=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0."
	                          "aGludC1jYW5hcnktc2ln",
	         .hops = &hop,
	         .nhops = 1},
	        {.kind = "handover", .response = {.body = SV("canary-opaque-5\n")}},
	};
	const struct evidence ev = {.run = {.secrets = secrets}, .exchanges = x, .n = 2};
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);

	mask_add_evidence(m, &ev);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		ck_assert_str_eq(mask_text(m, a, sv_of(rows[i].text)), rows[i].want);
}
END_TEST

/* An id_token that is shown as if it were an access token. Others of its kind begin with the same header and claims, which
 * somebody wants to read. */
START_TEST(only_the_secret_part_of_a_token_is_learned)
{
	static const char head[] =
	        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2IudGVzdCIsImF1ZCI6ImxwIn0";
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);
	struct sv lines[] = {
	        SV("GET /userinfo HTTP/1.1"),
	        sv_of(arena_printf(a, "Authorization: Bearer %s.Y2FuYXJ5LXNpZ25hdHVyZQ", head)),
	};
	struct exchange x = {.kind = "userinfo", .request = {.lines = lines, .nlines = 2}};
	const struct evidence ev = {.exchanges = &x, .n = 1};

	mask_add_evidence(m, &ev);
	ck_assert_str_eq(mask_text(m, a, sv_of(arena_printf(a, "had %s", head))), arena_printf(a, "had %s", head));
	ck_assert_str_eq(mask_text(m, a, SV("had Y2FuYXJ5LXNpZ25hdHVyZQ")), "had [credentials]");
	ck_assert_str_eq(mask_text(m, a, lines[1]), "Authorization: Bearer [credentials]");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mask_login");
	TCase *c = tcase_create("mask_login");

	tcase_add_test(c, secrets_of_a_login_do_not_survive);
	tcase_add_test(c, only_the_secret_part_of_a_token_is_learned);
	suite_add_tcase(s, c);
	return testing_run(s);
}
