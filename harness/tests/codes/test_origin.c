/* Where a browser may go, and where not. */

#include "codes/origin.h"
#include "testing.h"

#define BASE "https://brand.example/a/b/page?old=1"

static const struct {
	const char *base, *reference, *want; /* want NULL: unreadable */
} resolved[] = {
        {BASE, "https://other.example/x?y=1#z", "https://other.example/x?y=1"},
        {BASE, "//other.example", "https://other.example/"},
        {BASE, "/login?next=%2Fa%2Fb", "https://brand.example/login?next=%2Fa%2Fb"},
        {BASE, "/a%2Fb/%7e", "https://brand.example/a%2Fb/%7e"},
        {BASE, "login", "https://brand.example/a/b/login"},
        {BASE, "./login", "https://brand.example/a/b/login"},
        {BASE, "../login", "https://brand.example/a/login"},
        {BASE, "../../../../login/..", "https://brand.example/"},
        {BASE, "/x/./y/../z/", "https://brand.example/x/z/"},
        {BASE, "..", "https://brand.example/a/"},
        {BASE, "?new=2", "https://brand.example/a/b/page?new=2"},
        {BASE, "", BASE},
        {BASE, "#top", BASE},
        {BASE, "  /trimmed\t", "https://brand.example/trimmed"},
        {BASE, "/a b?q=\xc3\xa4\"<>", "https://brand.example/a%20b?q=%C3%A4%22%3C%3E"},
        {BASE, "/c?u=http://x.example/", "https://brand.example/c?u=http://x.example/"},
        {"https://brand.example", "login", "https://brand.example/login"},
        {"https://brand.example?x", "?y", "https://brand.example/?y"},
        {BASE, "app.example:/cb?code=1", "app.example:/cb?code=1"},
        {BASE, "javascript:alert(1)", "javascript:alert(1)"},
        {BASE, "https:login", "https:login"},
        {BASE, "\\\\other.example\\x", NULL},
        {BASE, "/a\nb", NULL},
};

START_TEST(test_resolve)
{
	arena_auto *a = arena_new();
	const char *have = url_resolve(a, resolved[_i].base, sv_of(resolved[_i].reference));

	if (resolved[_i].want)
		ck_assert_pstr_eq(have, resolved[_i].want);
	else
		ck_assert_ptr_null(have);
}
END_TEST

static const struct {
	const char *url;
	bool own, with_http; /* the latter: with allow_http */
} owned[] = {
        {"https://brand.example/x", true, true},
        {"https://BRAND.example:443/x", true, true},
        {"https://brand.example", true, true},
        {"https://brand.example?x", true, true},
        {"http://brand.example/x", false, false},
        {"https://brand.example:8443/x", false, false},
        {"https://brand.example.evil.example/", false, false},
        {"https://evil.example/brand.example", false, false},
        {"https://brand.example@evil.example/", false, false},
        {"https://evil.example@brand.example/", false, false},
        {"https://brand%2eexample/", false, false},
        {"https:///x", false, false},
        {"https:brand.example", false, false},
        {"https://brand.example:/x", true, true},
        {"https://brand.example:x/x", false, false},
        {"ftp://brand.example/", false, false},
        {"javascript:alert(1)", false, false},
        {"https://sso.example/x", true, true},
        {"https://sso.example:444/x", false, false},
        {"http://sso.example/x", false, true},
        {"https://idp.example:8443/", true, true},
        {"https://idp.example/", false, false},
};

START_TEST(test_own)
{
	const char *hosts[] = {"SSO.example", "idp.example:8443", NULL};
	struct target t = {.authorization = {.endpoint = "https://brand.example/authorize", .hosts = hosts}};

	ck_assert_int_eq(url_is_own(&t, owned[_i].url), owned[_i].own);
	t.allow_http = true;
	ck_assert_int_eq(url_is_own(&t, owned[_i].url), owned[_i].with_http);
	t.authorization.hosts = NULL;
	ck_assert(!url_is_own(&t, "https://sso.example/x"));
}
END_TEST

static const struct {
	const char *url, *redirect_uri;
	bool leads;
} landed[] = {
        {"https://w.example/cb?code=1", "https://w.example/cb", true},
        {"https://w.example/cb#id_token=1", "https://w.example/cb", true},
        {"https://w.example/cb?x=1&code=1", "https://w.example/cb?x=1", true},
        {"https://w.example/cb?x=1?code=1", "https://w.example/cb?x=1", true},
        {"https://w.example/cb?code=1", "https://w.example/cb?x=1", true},
        {"https://w.example?code=1", "https://w.example/", true},
        {"https://w.example/?code=1", "https://w.example", true},
        {"https://w.example/cb/?code=1", "https://w.example/cb", false},
        {"https://w.example/cblogin", "https://w.example/cb", false},
        {"https://w.example.evil.example/cb", "https://w.example/cb", false},
        {"http://w.example/cb", "https://w.example/cb", false},
        {"app:/cb?code=1", "app:/cb", true},
        {"https://w.example/cb", NULL, false},
};

START_TEST(test_leads_to)
{
	ck_assert_int_eq(url_leads_to(sv_of(landed[_i].url), landed[_i].redirect_uri), landed[_i].leads);
}
END_TEST

START_TEST(test_origin)
{
	static const char *const none[] = {"https://user@brand.example/",
	                                   "https://brand%2eexample/",
	                                   "https://brand,example/",
	                                   "https:///x",
	                                   "https://:443/",
	                                   "brand.example",
	                                   "mailto:a@b"};
	arena_auto *a = arena_new();

	ck_assert_pstr_eq(url_origin(a, "HTTPS://Brand.Example/x"), "https://brand.example:443");
	ck_assert_pstr_eq(url_origin(a, "http://[::1]/x"), "http://[::1]:80");
	ck_assert_pstr_eq(url_origin(a, "http://[::1]:8910?x"), "http://[::1]:8910");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		ck_assert_msg(!url_origin(a, none[i]), "%s", none[i]);
}
END_TEST

START_TEST(test_shown)
{
	arena_auto *a = arena_new();

	ck_assert_str_eq(url_shown(a, SV("https://w.example/cb?code=SECRET#x")), "https://w.example/cb");
	ck_assert_str_eq(url_shown(a, SV("https://w.example/\x1b[31m#SECRET")), "https://w.example/\\x1b[31m");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("origin");
	TCase *c = tcase_create("origin");

	tcase_add_loop_test(c, test_resolve, 0, sizeof resolved / sizeof *resolved);
	tcase_add_loop_test(c, test_own, 0, sizeof owned / sizeof *owned);
	tcase_add_loop_test(c, test_leads_to, 0, sizeof landed / sizeof *landed);
	tcase_add_test(c, test_origin);
	tcase_add_test(c, test_shown);
	suite_add_tcase(s, c);
	return testing_run(s);
}
