#include "suite/url.h"
#include "testing.h"

static const struct {
	const char *text, *https, *http; /* what is wrong without and with allow_http; NULL: nothing */
} urls[] = {
#define BOTH(text, problem)            \
	{                              \
		text, problem, problem \
	}
        BOTH("https://acme.example/token", NULL),
        BOTH("https://acme.example", NULL),
        BOTH("https://acme.example:8443/a/b;c=d@e?f=g&h=/?", NULL),
        BOTH("https://10.0.0.1/", NULL),
        BOTH("https://[2001:db8::1]:443/", NULL),
        BOTH("https://a_b.example/%C3%A4", NULL),
        {"http://localhost:8080/token", "allow_http", NULL},
        {"http://127.0.0.1/", "allow_http", NULL},
        {"http://127.255.255.254/", "allow_http", NULL},
        {"http://[::1]:80/", "allow_http", NULL},
        BOTH("http://acme.example/", "it is not https"),
        BOTH("http://127.0.0.1.evil.example/", "it is not https"),
        BOTH("http://localhost.evil.example/", "it is not https"),
        BOTH("http://[::2]/", "it is not https"),
        BOTH("http://128.0.0.1/", "it is not https"),
        BOTH("http://127.1/", "neither a name nor an IPv4 address"),
        BOTH("http://0x7f000001/", "it is not https"),
        BOTH("http://localhost@evil.example/", "user name"),
        BOTH("https://user:secret@acme.example/", "user name"),
        BOTH("https://acme.example/#top", "fragment"),
        BOTH("https://acme.example/a b", "blank"),
        BOTH("https://acme.example/\n", "blank"),
        BOTH("https://acme.example/\\evil", "percent-encoded"),
        BOTH("https://acme.example/{x}", "percent-encoded"),
        BOTH("https://acme.example/[x]", "bracket"),
        BOTH("https://acme.example/ä", "outside ASCII"),
        BOTH("https://acme.example/%4", "two hexadecimal digits"),
        BOTH("https://acme.example/%zz", "two hexadecimal digits"),
        BOTH("https://", "no host"),
        BOTH("https:///token", "no host"),
        BOTH("https://:443/", "no host"),
        BOTH("https://?x", "no host"),
        BOTH("https://acme..example/", "empty label"),
        BOTH("https://.example/", "empty label"),
        BOTH("https://acme.example:/", "port"),
        BOTH("https://acme.example:0/", "port"),
        BOTH("https://acme.example:65536/", "port"),
        BOTH("https://acme.example:99999999999999999999/", "port"),
        BOTH("https://acme.example:80a/", "port"),
        BOTH("https://[::1/", "IPv6"),
        BOTH("https://[]/", "IPv6"),
        BOTH("https://[::g]/", "IPv6"),
        BOTH("https://[::1]x/", "IPv6"),
        BOTH("https://1.2.3/", "IPv4"),
        BOTH("https://1.2.3.256/", "IPv4"),
        BOTH("https://a~b/", "no host name has"),
        BOTH("HTTPS://acme.example/", "does not begin with 'https://'"),
        BOTH("ftp://acme.example/", "does not begin with 'https://'"),
        BOTH("acme.example/token", "does not begin with 'https://'"),
        BOTH("https:/acme.example", "does not begin with 'https://'"),
        BOTH("", "does not begin with 'https://'"),
};

static void assert_problem(const char *text, const char *have, const char *want)
{
	ck_assert_msg(!have == !want, "'%s': have '%s', want '%s'", text, have ? have : "fine", want ? want : "fine");
	if (want)
		assert_contains(have, want);
}

START_TEST(endpoint)
{
	assert_problem(urls[_i].text, url_problem(urls[_i].text, false), urls[_i].https);
	assert_problem(urls[_i].text, url_problem(urls[_i].text, true), urls[_i].http);
}
END_TEST

START_TEST(redirect_uri)
{
	static const struct {
		const char *text, *problem;
	} rows[] = {
	        {"https://liveperson.net", NULL},
	        {"com.acme.app:/callback", NULL},
	        {"urn:ietf:wg:oauth:2.0:oob", NULL},
	        {"http://acme.example/cb?a=b", NULL},
	        {"/callback", "absolute"},
	        {"callback", "absolute"},
	        {"1a:b", "absolute"},
	        {"a/b:c", "absolute"},
	        {"https:", "absolute"},
	        {"https://acme.example/#x", "fragment"},
	        {"https://acme.example/ x", "blank"},
	        {"", "absolute"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_problem(rows[i].text, uri_problem(rows[i].text), rows[i].problem);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("url");
	TCase *rules = tcase_create("rules");

	tcase_add_loop_test(rules, endpoint, 0, sizeof urls / sizeof *urls);
	tcase_add_test(rules, redirect_uri);
	suite_add_tcase(s, rules);
	return testing_run(s);
}
