/* Codes and tokens from an authorization endpoint: what is asked, and what is taken from the redirect. */

#include <string.h>

#include "codes/codes.h"
#include "evidence/redirect.h"
#include "fake.h"
#include "testing.h"

#define CB "https://window.example/cb"
#define HTML "Content-Type: text/html"

static struct field credentials[] = {{"user", "alice"}, {"pass", "SECRET"}};
static struct login_form login_forms[] = {{.fields = {credentials, 2}}};
static struct field parameters[] = {{"acr_values", "loa1 loa2"}};

static const struct target target = {
        .client = {.id = "client 1"},
        .encoded_client = {.id = "en+coded"},
        .redirect_uri = "https://liveperson.net",
        .codes = {.from = FROM_AUTHORIZE},
        .tokens = {.from = FROM_AUTHORIZE},
        .authorization = {.endpoint = "https://brand.example/authorize",
                          .redirect_uri = CB,
                          .scope = "openid email",
                          .code = true,
                          .id_token = true,
                          .parameters = {parameters, 1},
                          .login = {.forms = login_forms, .n = 1},
                          .second_login = {.cookies = "s=2"}},
};

/* The parameter of the request that a fetch asks for. */
static const char *asked(const struct fetch *f, const char *name)
{
	struct sv value = url_parameter(f->arena, f->http.url, name, 0);

	return value.p ? arena_sv(f->arena, value) : NULL;
}

START_TEST(test_request)
{
	arena_auto *a = arena_new();
	struct target t = target;
	struct sources sources;
	struct err e = {0};
	struct fetch f = {.arena = a}, g = {.arena = a};

	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
	ck_assert_int_eq(sources.codes.parallel, 2);
	ck_assert_int_eq(sources.codes.ops->supply(sources.codes.self), -1);
	sources.codes.ops->start(sources.codes.self, &f);
	ck_assert_int_eq(f.state, FETCH_HTTP);
	ck_assert(sv_starts(sv_of(f.http.url),
	                    SV("https://brand.example/authorize?response_type=code&client_id=client+1&")));
	ck_assert_str_eq(asked(&f, "redirect_uri"), CB);
	ck_assert_str_eq(asked(&f, "scope"), "openid email");
	ck_assert_str_eq(asked(&f, "acr_values"), "loa1 loa2");
	ck_assert_uint_eq(strlen(asked(&f, "state")), 43);
	ck_assert_uint_eq(strlen(asked(&f, "nonce")), 64);
	ck_assert_ptr_null(asked(&f, "code_challenge"));
	/* each has its own, and what is wished for */
	g.wish = (struct code_wish){.second_consumer = true, .encoded_client = true, .code_challenge = "ch4llenge"};
	t.authorization.scope = "";
	t.authorization.endpoint = "https://brand.example/authorize?tenant=1";
	sources.codes.ops->start(sources.codes.self, &g);
	ck_assert(sv_starts(sv_of(g.http.url), SV("https://brand.example/authorize?tenant=1&response_type=code&")));
	ck_assert_str_ne(asked(&g, "state"), asked(&f, "state"));
	ck_assert_str_ne(asked(&g, "nonce"), asked(&f, "nonce"));
	ck_assert_str_eq(asked(&g, "client_id"), "en+coded");
	ck_assert_str_eq(asked(&g, "code_challenge"), "ch4llenge");
	ck_assert_str_eq(asked(&g, "code_challenge_method"), "S256");
	ck_assert_ptr_null(asked(&g, "scope"));
	ck_assert_pstr_eq(g.http.set_cookie, "s=2");
	sources_close(&sources);
}
END_TEST

static const struct {
	enum connector connector;
	bool id_token, token;
	const char *response_type;
} types[] = {
        {CONNECTOR_OAUTH2_RFC, false, false, "id_token"}, {CONNECTOR_OAUTH2_RFC, true, true, "id_token"},
        {CONNECTOR_OAUTH2_RFC, false, true, "token"},     {CONNECTOR_OPENID, false, false, "token"},
        {CONNECTOR_OPENID, true, true, "token"},          {CONNECTOR_OPENID, true, false, "id_token"},
};

START_TEST(test_response_type)
{
	arena_auto *a = arena_new();
	struct target t = target;
	struct sources sources;
	struct err e = {0};
	struct fetch f = {.arena = a};

	t.connector = types[_i].connector;
	t.authorization.id_token = types[_i].id_token;
	t.authorization.token = types[_i].token;
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
	sources.tokens.ops->start(sources.tokens.self, &f);
	ck_assert_str_eq(asked(&f, "response_type"), types[_i].response_type);
	sources_close(&sources);
}
END_TEST

#define STATE "state=%s"
#define JWT "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"

static const struct {
	bool token;
	const char *location; /* %s: our state */
	const char *value;    /* or what it says */
	bool taken;
} landed[] = {
        {false, CB "?code=a%2Fb%2B&" STATE, "a/b+", true},
        {false, CB "?" STATE "&code=c&iss=https%3A%2F%2Fbrand.example", "c", true},
        {false, CB "#code=c&" STATE, "c", true},
        {false, CB "?code=c&" STATE "x", "the redirect to the client has another 'state' than was sent", false},
        {false, CB "?code=c&state=", "the redirect to the client has another 'state' than was sent", false},
        {false, CB "?code=c", "the redirect to the client has no 'state', and one was sent", false},
        {false, CB "?" STATE, "the redirect to the client has no 'code'", false},
        {false, CB "?code=&" STATE, "the redirect to the client has an empty code", false},
        {false, CB "?code=SECRET%0A&" STATE, "the redirect to the client has a code with a control character in it",
         false},
        {false, CB "?error=access_denied&error_description=SECRET&" STATE,
         "the authorization endpoint answered with error 'access_denied'", false},
        {false, CB "?error=a%1bb", "the authorization endpoint answered with error 'a\\x1bb'", false},
        {false, "https://evil.example/cb?code=SECRET&" STATE,
         "the login leads from 'https://brand.example/authorize' to 'https://evil.example/cb', which is neither the "
         "redirect_uri nor on a host of the endpoint's own or of 'authorization.hosts'",
         false},
        {true, CB "#id_token=" JWT "&" STATE, JWT, true},
        {true, CB "?id_token=" JWT "&" STATE, JWT, true},
        {true, CB "#token=" JWT "&" STATE, JWT, true},
        {true, CB "#code=" JWT "&" STATE, JWT, true},
        {true, CB "#token=opaque&id_token=" JWT "&" STATE, JWT, true},
        {true, CB "#id_token=opaque&" STATE, "opaque", true},
        {true, CB "#code=opaque&" STATE, "the redirect to the client has no 'id_token' or 'token'", false},
        {true, CB "#id_token=" JWT, "the redirect to the client has no 'state', and one was sent", false},
};

static struct code_source *source(struct sources *s, bool token)
{
	return token ? &s->tokens : &s->codes;
}

START_TEST(test_landing)
{
	arena_auto *a = arena_new();
	struct sources sources;
	struct err e = {0};
	struct fetch f = {.arena = a};

	ck_assert_int_eq(sources_open(&target, NULL, &sources, &e), 0);
	const struct code_source *s = source(&sources, landed[_i].token);
	s->ops->start(s->self, &f);
	const char *mark = strstr(landed[_i].location, "%s");
	const char *location = !mark ? landed[_i].location
	                             : arena_printf(a, "%.*s%s%s", (int)(mark - landed[_i].location),
	                                            landed[_i].location, asked(&f, "state"), mark + 2);
	fake_answer(s, &f, 302, arena_printf(a, "Location: %s", location), "");
	ck_assert_int_eq(f.state, landed[_i].taken ? FETCH_DONE : FETCH_FAILED);
	if (landed[_i].taken) {
		assert_sv_eq(f.code.code, sv_of(landed[_i].value));
		ck_assert_str_eq(f.code.nonce, asked(&f, "nonce"));
		ck_assert_pstr_eq(f.code.redirect_uri, landed[_i].token ? NULL : CB);
		ck_assert_ptr_null(f.code.code_verifier);
	} else {
		ck_assert_str_eq(f.e.text, landed[_i].value);
	}
	sources_close(&sources);
}
END_TEST

/* What else a login can end with. */
static const struct {
	int status;
	const char *lines, *body, *text;
} ends[] = {
        {400, HTML, "<p>SECRET",
         "the login ended at 'https://brand.example/authorize' with status 400, and no redirect to the redirect_uri"},
        {200, HTML, "<form method=post action=" CB "><input type=hidden name=code value=SECRET></form>",
         "the authorization endpoint answers with a form that a script posts (response_mode=form_post), where "
         "LivePerson "
         "takes a redirect"},
        {200, HTML, "<p>",
         "the login page 'https://brand.example/authorize' has no form with the fields 'user' and 'pass'; it has no "
         "form "
         "at all"},
};

START_TEST(test_ends)
{
	arena_auto *a = arena_new();
	struct sources sources;
	struct err e = {0};
	struct fetch f = {.arena = a};

	ck_assert_int_eq(sources_open(&target, NULL, &sources, &e), 0);
	sources.codes.ops->start(sources.codes.self, &f);
	fake_answer(&sources.codes, &f, ends[_i].status, ends[_i].lines, ends[_i].body);
	ck_assert_int_eq(f.state, FETCH_FAILED);
	ck_assert_str_eq(f.e.text, ends[_i].text);
	sources_close(&sources);
}
END_TEST

/* The token endpoint is told another redirect_uri by the older connector; a nonce counts where an id_token is asked for. */
START_TEST(test_connectors)
{
	static const struct {
		enum connector connector;
		const char *scope, *redirect_uri;
		bool nonce;
	} rows[] = {
	        {CONNECTOR_OAUTH2_RFC, "openid", CB, true},
	        {CONNECTOR_OPENID, "profile openid", "https://liveperson.net", true},
	        {CONNECTOR_OAUTH2_RFC, "profile", CB, false},
	        {CONNECTOR_OAUTH2_RFC, "", CB, false},
	};
	arena_auto *a = arena_new();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target t = target;
		struct sources sources;
		struct err e = {0};
		struct fetch f = {.arena = a};
		t.connector = rows[i].connector;
		t.authorization.scope = rows[i].scope;
		ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), 0);
		sources.codes.ops->start(sources.codes.self, &f);
		fake_answer(&sources.codes, &f, 303,
		            arena_printf(a, "Location: " CB "?code=c&state=%s", asked(&f, "state")), "");
		ck_assert_msg(f.state == FETCH_DONE, "%s", f.e.text);
		ck_assert_str_eq(f.code.redirect_uri, rows[i].redirect_uri);
		ck_assert_int_eq(f.code.nonce != NULL, rows[i].nonce);
		sources_close(&sources);
	}
}
END_TEST

START_TEST(test_refuses)
{
	struct target t = {.codes = {.from = FROM_AUTHORIZE}};
	struct sources sources;
	struct err e = {0};

	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), -1);
	ck_assert_str_eq(e.text, "'from: authorize' needs 'authorization' in the target file");
	ck_assert_int_eq(e.kind, ERR_INPUT);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("authorize");
	TCase *c = tcase_create("authorize");

	tcase_add_test(c, test_request);
	tcase_add_loop_test(c, test_response_type, 0, sizeof types / sizeof *types);
	tcase_add_loop_test(c, test_landing, 0, sizeof landed / sizeof *landed);
	tcase_add_loop_test(c, test_ends, 0, sizeof ends / sizeof *ends);
	tcase_add_test(c, test_connectors);
	tcase_add_test(c, test_refuses);
	suite_add_tcase(s, c);
	return testing_run(s);
}
