/* A browser's way through a login: which requests it makes, and how the way ends. */

#include <string.h>

#include "codes/browser.h"
#include "codes/codes.h"
#include "core/limits.h"
#include "fake.h"
#include "testing.h"

#define ENDPOINT "https://brand.example/authorize"
#define URL ENDPOINT "?client_id=c&state=SECRETSTATE"
#define CB "https://window.example/cb"
#define HTML "Content-Type: text/html; charset=utf-8"

static struct field credentials[] = {{"user", "alice"}, {"pass", "SECRET"}};
static struct login_form forms[] = {
        {.fields = {credentials, 2}},
        {.form = "terms", .submit = "accept", .optional = true},
        {.form = "consent", .submit = "allow"},
};
static struct login_form denying[] = {
        {.fields = {credentials, 2}},
        {.form = "consent", .submit = "deny"},
};
static const char *hosts[] = {"sso.example", NULL};

static const struct target target = {
        .authorization = {.endpoint = ENDPOINT,
                          .hosts = hosts,
                          .login = {.cookies = "first=1", .forms = forms, .n = 3},
                          .second_login = {.cookies = "second=2", .forms = forms, .n = 1},
                          .deny = {.forms = denying, .n = 2}},
        .tls = {.ca_file = "ca.pem"},
        .limits = {.timeout_ms = 1234},
};

#define LOGIN_PAGE "<form method=post action=/in><input name=user><input name=pass></form>"
#define CONSENT_PAGE \
	"<form id=consent method=post><button value=deny name=a></button><button value=allow name=a></button></form>"
#define TERMS_PAGE "<form id=terms method=post action=/terms><button name=accept></button></form>"
#define FORM_POST "<form method=post action=" CB "><input type=hidden name=code value=c></form>"

/* One reply, and what the browser asks for then: "METHOD URL BODY"; NULL: the way has ended. */
struct turn {
	int status;
	const char *lines, *body, *next;
};

static const struct {
	enum authorize_session session;
	bool second;
	struct turn turns[6];
	const char *failed; /* NULL: the last reply is the answer */
} ways[] = {
        /* the whole of it */
        {SESSION_LOGIN,
         false,
         {{302, "Location: /login?tx=1", "", "GET https://brand.example/login?tx=1 "},
          {200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {303, "Location: terms", "", "GET https://brand.example/terms "},
          {200, HTML, TERMS_PAGE, "POST https://brand.example/terms accept="},
          {200, HTML, CONSENT_PAGE, "POST https://brand.example/terms a=allow"},
          {302, "Location: " CB "?code=c", "", NULL}},
         NULL},
        /* what is optional may be missing, and all of it when the session is there */
        {SESSION_LOGIN,
         false,
         {{200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {200, HTML, CONSENT_PAGE, "POST https://brand.example/in a=allow"},
          {302, "Location: " CB "?code=c", "", NULL}},
         NULL},
        {SESSION_LOGIN, false, {{302, "Location: " CB "?code=c", "", NULL}}, NULL},
        {SESSION_LOGIN, false, {{200, HTML, FORM_POST, NULL}}, NULL},
        {SESSION_DENY,
         false,
         {{200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {200, HTML, CONSENT_PAGE, "POST https://brand.example/in a=deny"},
          {302, "Location: " CB "?error=access_denied", "", NULL}},
         NULL},
        {SESSION_LOGIN,
         true,
         {{401, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {302, "Location: " CB "#id_token=x", "", NULL}},
         NULL},
        /* methods after a form was posted */
        {SESSION_LOGIN,
         false,
         {{200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {307, "Location: https://sso.example/in", "", "POST https://sso.example/in user=alice&pass=SECRET"},
          {308, "Location: /x", "", "POST https://sso.example/x user=alice&pass=SECRET"},
          {301, "Location: /y", "", "GET https://sso.example/y "},
          {307, "Location: " CB "?code=c", "", NULL}},
         NULL},
        /* never to another host, nor in clear text, nor to an app */
        {SESSION_LOGIN, false, {{302, "Location: https://evil.example/login", "", NULL}}, NULL},
        {SESSION_LOGIN, false, {{302, "Location: http://brand.example/login", "", NULL}}, NULL},
        {SESSION_LOGIN, false, {{302, "Location: //brand.example@evil.example/", "", NULL}}, NULL},
        {SESSION_LOGIN, false, {{302, "Location: app.example://cb?code=c", "", NULL}}, NULL},
        {SESSION_LOGIN,
         false,
         {{200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {307, "Location: https://evil.example/in", "", NULL}},
         NULL},
        /* no redirect to follow */
        {SESSION_LOGIN, false, {{302, "X: y", "", NULL}}, NULL},
        {SESSION_LOGIN, false, {{302, "Location: /a\nLocation: /b", "", NULL}}, NULL},
        {SESSION_LOGIN, false, {{304, "Location: /a", "", NULL}}, NULL},
        {SESSION_LOGIN, false, {{302, "Location: https:\\\\brand.example\\a", "", NULL}}, NULL},
        /* a page that refuses the request is an answer; so is what is no page */
        {SESSION_LOGIN, false, {{400, HTML, "<p>unknown client", NULL}}, NULL},
        {SESSION_LOGIN, false, {{400, HTML, LOGIN_PAGE, NULL}}, NULL},
        {SESSION_LOGIN, false, {{500, "", "", NULL}}, NULL},
        {SESSION_LOGIN, false, {{200, "Content-Type: application/json", "{}", NULL}}, NULL},
        /* without a person nothing is filled in */
        {SESSION_NONE,
         false,
         {{302, "Location: /login", "", "GET https://brand.example/login "}, {200, HTML, LOGIN_PAGE, NULL}},
         NULL},
        {SESSION_KEPT, false, {{200, HTML, CONSENT_PAGE, NULL}}, NULL},
        {SESSION_NONE, false, {{302, "Location: " CB "?error=login_required", "", NULL}}, NULL},
        /* forms whose action is elsewhere, relative to a base, or by GET */
        {SESSION_LOGIN,
         false,
         {{200, HTML, "<base href=/app/><form method=post action=in><input name=user><input name=pass></form>",
           "POST https://brand.example/app/in user=alice&pass=SECRET"},
          {302, "Location: " CB, "", NULL}},
         NULL},
        {SESSION_LOGIN,
         true,
         {{200, HTML, "<form action='/in?old=1'><input name=user><input name=pass></form>",
           "GET https://brand.example/in?user=alice&pass=SECRET "},
          {302, "Location: " CB, "", NULL}},
         NULL},
        {SESSION_LOGIN,
         false,
         {{200, HTML,
           "<form method=post action='https://evil.example/in?SECRET'><input name=user><input name=pass></form>",
           NULL}},
         "the form with the fields 'user' and 'pass' would be sent to 'https://evil.example/in', which is neither the "
         "authorization endpoint's host nor in 'authorization.hosts'"},
        {SESSION_LOGIN,
         false,
         {{200, HTML, "<base href=https://evil.example/><form method=post action=in><input name=user><input name=pass>",
           NULL}},
         "the form with the fields 'user' and 'pass' would be sent to 'https://evil.example/in', which is neither the "
         "authorization endpoint's host nor in 'authorization.hosts'"},
        {SESSION_LOGIN,
         false,
         {{200, HTML, "<form method=post enctype=text/plain><input name=user><input name=pass>", NULL}},
         "the form with the fields 'user' and 'pass' cannot be sent: it is sent as 'text/plain', and only "
         "application/x-www-form-urlencoded can be sent"},
        /* what goes wrong; a form that is not optional is never passed over */
        {SESSION_LOGIN,
         false,
         {{200, HTML, CONSENT_PAGE, NULL}},
         "the login page 'https://brand.example/authorize' has no form with the fields 'user' and 'pass'; its form has "
         "'consent' (button 'deny', button 'allow')"},
        {SESSION_LOGIN,
         false,
         {{200, HTML, "<form id=s><input name=q value=SECRET><input type=submit value=Go></form>", NULL}},
         "the login page 'https://brand.example/authorize' has no form with the fields 'user' and 'pass'; its form has "
         "'s' ('q', button 'Go')"},
        {SESSION_LOGIN,
         false,
         {{200, HTML, "<meta http-equiv=refresh content='0;url=/login'>", NULL}},
         "the login page 'https://brand.example/authorize' has no form with the fields 'user' and 'pass'; it has no "
         "form "
         "at all; it leads elsewhere by meta refresh, which is not followed"},
        {SESSION_LOGIN,
         false,
         {{200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {200, HTML, "<p>wrong password" LOGIN_PAGE, NULL}},
         "the login was refused: the page 'https://brand.example/in' with the form with the fields 'user' and 'pass' "
         "came "
         "again after it was sent"},
        {SESSION_LOGIN,
         false,
         {{200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {422, HTML, "<p>wrong password" LOGIN_PAGE, NULL}},
         "the login was refused: the page 'https://brand.example/in' with the form with the fields 'user' and 'pass' "
         "came "
         "again after it was sent"},
        {SESSION_LOGIN,
         true,
         {{200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {200, HTML, CONSENT_PAGE, NULL}},
         "the login came to the page 'https://brand.example/in' after the last form of 'authorization.second_login'; "
         "its "
         "form has 'consent' (button 'deny', button 'allow')"},
        /* nobody was asked; an error comes back all the same where that is the answer */
        {SESSION_DENY,
         false,
         {{200, HTML, LOGIN_PAGE, "POST https://brand.example/in user=alice&pass=SECRET"},
          {302, "Location: " CB "?code=c", "", NULL}},
         "the browser was sent back before the form 'consent' with the button 'deny' of 'authorization.deny' came: "
         "nobody could say no"},
        {SESSION_DENY, false, {{302, "Location: " CB "#error=access_denied", "", NULL}}, NULL},
        {SESSION_LOGIN,
         false,
         {{0, "", "", NULL}},
         "no answer from 'https://brand.example/authorize': the connection was refused"},
};

static void answer(struct fetch *f, struct browsing *b, const struct turn *turn)
{
	browse_on_http(f, b, fake_reply(f->arena, turn->status, turn->lines, turn->body));
}

START_TEST(test_way)
{
	const struct browse browse = {.url = URL, .redirect_uri = CB, .session = ways[_i].session};
	arena_auto *a = arena_new();
	struct fetch f = {.arena = a};
	struct browsing *b = browse_start(&f, &target, &browse, ways[_i].second);
	const struct turn *turn = ways[_i].turns;

	ck_assert_str_eq(f.http.method, "GET");
	ck_assert_str_eq(f.http.url, URL);
	for (;; turn++) {
		ck_assert_int_eq(f.state, FETCH_HTTP);
		ck_assert(f.http.cookies);
		ck_assert_str_eq(f.http.ca_file, "ca.pem");
		ck_assert_int_eq(f.http.timeout_ms, 1234);
		answer(&f, b, turn);
		if (!turn->next)
			break;
		ck_assert_msg(f.state == FETCH_HTTP, "%s", f.e.text);
		ck_assert_str_eq(arena_printf(a, "%s %s %.*s", f.http.method, f.http.url, SV_ARG(f.http.body)),
		                 turn->next);
		ck_assert_ptr_null(f.http.set_cookie);
	}
	ck_assert_int_eq(f.state, ways[_i].failed ? FETCH_FAILED : FETCH_DONE);
	if (ways[_i].failed)
		ck_assert_str_eq(f.e.text, ways[_i].failed);
	ck_assert_int_eq(browse_ended_in_form(b), strcmp(turn->body, FORM_POST) == 0);
}
END_TEST

START_TEST(test_cookies)
{
	static const struct {
		enum authorize_session session;
		bool second;
		const char *cookies;
	} rows[] = {
	        {SESSION_LOGIN, false, "first=1"}, {SESSION_LOGIN, true, "second=2"}, {SESSION_DENY, false, NULL},
	        {SESSION_NONE, false, NULL},       {SESSION_KEPT, false, NULL},
	};
	arena_auto *a = arena_new();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct browse browse = {.url = URL, .redirect_uri = CB, .session = rows[i].session};
		struct fetch f = {.arena = a};
		(void)browse_start(&f, &target, &browse, rows[i].second);
		ck_assert_pstr_eq(f.http.set_cookie, rows[i].cookies);
	}
}
END_TEST

START_TEST(test_headers)
{
	const struct browse browse = {.url = URL, .redirect_uri = CB, .session = SESSION_LOGIN};
	arena_auto *a = arena_new();
	struct fetch f = {.arena = a};
	struct browsing *b = browse_start(&f, &target, &browse, false);

	ck_assert(fake_has_header(&f, "User-Agent: brandcert/0.1.0"));
	ck_assert(!fake_has_header(&f, "Content-Type: application/x-www-form-urlencoded"));
	ck_assert(!fake_has_header(&f, "Origin: https://brand.example"));
	answer(&f, b, &(struct turn){200, HTML, LOGIN_PAGE, NULL});
	ck_assert(fake_has_header(&f, "Content-Type: application/x-www-form-urlencoded"));
	ck_assert(fake_has_header(&f, "Origin: https://brand.example"));
	ck_assert(fake_has_header(&f, "Referer: " URL));
	/* another host of the brand's gets to know where the form stood, and no more */
	f = (struct fetch){.arena = a};
	b = browse_start(&f, &target, &browse, false);
	answer(&f, b,
	       &(struct turn){200, HTML,
	                      "<form method=post action=https://sso.example/in><input name=user><input name=pass>",
	                      NULL});
	ck_assert(fake_has_header(&f, "Origin: https://brand.example"));
	ck_assert(fake_has_header(&f, "Referer: https://brand.example/"));
}
END_TEST

START_TEST(test_endless)
{
	const struct browse browse = {.url = URL, .session = SESSION_NONE};
	arena_auto *a = arena_new();
	struct fetch f = {.arena = a};
	struct browsing *b = browse_start(&f, &target, &browse, false);
	int requests = 0;

	for (; f.state == FETCH_HTTP; requests++)
		answer(&f, b, &(struct turn){302, "Location: /again?SECRET", "", NULL});
	ck_assert_int_eq(requests, LIMIT_HOPS);
	ck_assert_str_eq(f.e.text,
	                 "the login takes more than 20 requests; the last led to 'https://brand.example/again'");
}
END_TEST

/* In clear text only where the target file allows it. */
START_TEST(test_allow_http)
{
	struct target t = target;
	const struct browse browse = {.url = URL, .session = SESSION_NONE};
	arena_auto *a = arena_new();
	struct fetch f = {.arena = a};
	const struct turn turn = {302, "Location: http://sso.example/login", "", NULL};
	struct browsing *b = browse_start(&f, &t, &browse, false);

	answer(&f, b, &turn);
	ck_assert_int_eq(f.state, FETCH_DONE);
	t.allow_http = true;
	b = browse_start(&f, &t, &browse, false);
	answer(&f, b, &turn);
	ck_assert_int_eq(f.state, FETCH_HTTP);
	ck_assert_str_eq(f.http.url, "http://sso.example/login");
}
END_TEST

/* The same behind an `authorize` step. */
START_TEST(test_as_source)
{
	struct listed_code list[] = {{.code = "c"}};
	struct target t = target;
	const struct browse browse = {.url = URL, .redirect_uri = CB, .session = SESSION_LOGIN};
	arena_auto *a = arena_new();
	struct fetch f = {.arena = a, .wish = {.browse = &browse, .second_consumer = true}};
	struct sources sources;
	struct err e = {0};

	t.codes = (struct supply){.from = FROM_LIST, .list = list, .nlist = 1};
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
	ck_assert_ptr_null(sources.tokens.ops);
	ck_assert_ptr_null(sources.logout.ops);
	sources.browser.ops->start(sources.browser.self, &f);
	ck_assert_pstr_eq(f.http.set_cookie, "second=2");
	fake_answer(&sources.browser, &f, 302, "Location: " CB "?code=c", "");
	ck_assert_int_eq(f.state, FETCH_DONE);
	ck_assert_uint_eq(f.code.code.n, 0);
	sources_close(&sources);
	t.authorization.endpoint = NULL;
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
	ck_assert_ptr_null(sources.browser.ops);
	sources_close(&sources);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("browser");
	TCase *c = tcase_create("browser");

	tcase_add_loop_test(c, test_way, 0, sizeof ways / sizeof *ways);
	tcase_add_test(c, test_cookies);
	tcase_add_test(c, test_headers);
	tcase_add_test(c, test_endless);
	tcase_add_test(c, test_allow_http);
	tcase_add_test(c, test_as_source);
	suite_add_tcase(s, c);
	return testing_run(s);
}
