/* Authorization requests, the way of a browser through a login, and what else comes from a source. */
#include "core/limits.h"
#include "evidence/redirect.h"
#include "exchange/authorization.h"
#include "rig.h"

/* --- the request ------------------------------------------------------------------------------------------------- */

#define ENDPOINT "https://brand.example/authorize"
#define WINDOW "https://window.example/cb?x=1"

static const struct target brand = {.client = {.id = "the client", .secret = "secret"},
                                    .redirect_uri = "https://liveperson.net",
                                    .authorization = {.endpoint = ENDPOINT, .redirect_uri = WINDOW}};

static struct authorization_request made(struct arena *a, const struct target *t, const struct authorize *step)
{
	struct authorization_request r;
	struct err e = {0};

	ck_assert_msg(authorization_make(a, &(struct authorization_input){.target = t, .step = step}, &r, &e) == 0,
	              "%s", e.text);
	return r;
}

static const char *parameter(struct arena *a, const struct authorization_request *r, const char *name)
{
	struct sv value = url_parameter(a, r->url, name, 0);

	return value.p ? arena_sv(a, value) : NULL;
}

START_TEST(test_defaults)
{
	arena_auto *a = arena_new();
	struct authorization_request r = made(a, &brand, &(struct authorize){0}), other;
	static const char begins[] = ENDPOINT "?response_type=code&client_id=the+client&redirect_uri=https%3A%2F%2F"
	                                      "window.example%2Fcb%3Fx%3D1&scope=openid&state=";

	ck_assert_msg(strncmp(r.url, begins, strlen(begins)) == 0, "%s", r.url);
	ck_assert_uint_eq(strlen(parameter(a, &r, "state")), 43);
	ck_assert_uint_eq(strlen(r.nonce), 64);
	ck_assert_str_eq(parameter(a, &r, "nonce"), r.nonce);
	ck_assert_str_eq(r.redirect_uri, WINDOW);
	ck_assert_ptr_null(r.code_verifier);
	ck_assert_ptr_null(parameter(a, &r, "code_challenge"));
	other = made(a, &brand, &(struct authorize){0});
	ck_assert_str_ne(other.nonce, r.nonce);
	ck_assert_str_ne(parameter(a, &other, "state"), parameter(a, &r, "state"));
}
END_TEST

static struct field further[] = {{"acr_values", "a {brace}"}, {"x", "1"}};

START_TEST(test_of_the_target)
{
	arena_auto *a = arena_new();
	struct target t = brand;
	struct authorization_request r;

	t.authorization.endpoint = ENDPOINT "?tenant=7";
	t.authorization.redirect_uri = NULL;
	t.authorization.scope = "";
	t.authorization.parameters = (struct fields){further, 2};
	t.pkce = PKCE_BOTH;
	r = made(a, &t, &(struct authorize){0});
	ck_assert_msg(strncmp(r.url, ENDPOINT "?tenant=7&response_type=code&", 60) == 0, "%s", r.url);
	assert_lacks(r.url, "scope");
	assert_contains(r.url, "&code_challenge_method=S256&acr_values=a+%7Bbrace%7D&x=1");
	ck_assert_str_eq(r.redirect_uri, "https://liveperson.net");
	ck_assert_uint_eq(strlen(r.code_verifier), 43);
	ck_assert_uint_eq(strlen(parameter(a, &r, "code_challenge")), 43);
	/* no code, no challenge: RFC 7636 is about codes alone */
	r = made(a, &t, &(struct authorize){.response_type = "id_token"});
	assert_contains(r.url, "response_type=id_token&");
	assert_lacks(r.url, "code_challenge");
	ck_assert_ptr_null(r.code_verifier);
}
END_TEST

START_TEST(test_changed)
{
	static struct field set[] = {{"redirect_uri", "{window_uri}&y={client_id|form}"}, {"state", "{state}{state}"}},
	                    add[] = {{"state", "a&b=c% +\xc3\xa9"},
	                             {"hint", "{nonce}"},
	                             {"at", "{authorization_endpoint}"}};
	static const char *removed[] = {"nonce", "code_challenge", NULL};
	const struct authorize step = {.set = {set, 2}, .add = {add, 3}, .remove = removed};
	arena_auto *a = arena_new();
	struct target t = brand;

	t.pkce = PKCE_S256;
	struct authorization_request r = made(a, &t, &step);
	ck_assert_str_eq(r.redirect_uri, WINDOW "&y=the+client");
	ck_assert_uint_eq(strlen(parameter(a, &r, "state")), 86);
	assert_sv_eq(url_parameter(a, r.url, "state", 1), SV("a&b=c% +\xc3\xa9"));
	ck_assert_ptr_null(r.nonce);
	ck_assert_ptr_null(r.code_verifier);
	ck_assert_uint_eq(strlen(parameter(a, &r, "hint")), 64);
	ck_assert_str_eq(parameter(a, &r, "at"), ENDPOINT);
}
END_TEST

START_TEST(test_not_made)
{
	static struct field unknown[] = {{"hint", "{unknown}"}}, endless[] = {{"state", "{repeat:a:70000}"}};
	const struct authorize steps[] = {{.set = {unknown, 1}}, {.set = {endless, 1}}};
	static const char *const why[] = {"'{unknown}' has no value here",
	                                  "the authorization request is larger than 65536 bytes"};
	arena_auto *a = arena_new();
	struct authorization_request r;
	struct err e = {0};

	ck_assert_int_eq(
	        authorization_make(a, &(struct authorization_input){.target = &brand, .step = &steps[_i]}, &r, &e), -1);
	ck_assert_str_eq(e.text, why[_i]);
}
END_TEST

static const struct {
	enum connector connector;
	const char *status, *location, *asked; /* redirect_uri that was asked for */
	const char *code, *redirect_uri;
} codes[] = {
        {CONNECTOR_OAUTH2_RFC, "302", "https://w.example/cb?code=a%2Bb&state=s", "https://w.example/cb", "a+b",
         "https://w.example/cb"},
        {CONNECTOR_OAUTH2_RFC, "303", "https://w.example/cb#code=c", NULL, "c", WINDOW},
        {CONNECTOR_OPENID, "302", "https://w.example/cb?code=c", "https://w.example/cb", "c", "https://liveperson.net"},
        {CONNECTOR_OAUTH2_RFC, "302", "https://w.example/cb?error=access_denied", "u", NULL, NULL},
        {CONNECTOR_OAUTH2_RFC, "302", "https://w.example/cb?code=", "u", NULL, NULL},
        {CONNECTOR_OAUTH2_RFC, "302", "https://w.example/cb?code=%00", "u", NULL, NULL},
        {CONNECTOR_OAUTH2_RFC, "200", "https://w.example/cb?code=c", "u", NULL, NULL},
};

START_TEST(test_code_of_redirect)
{
	arena_auto *a = arena_new();
	struct target t = brand;
	struct sv lines[] = {SV("HTTP/1.1 302 Found"), sv_of(arena_printf(a, "Location: %s", codes[_i].location))};
	const struct exchange x = {.outcome = EXCHANGE_ANSWERED,
	                           .status = (codes[_i].status[0] - '0') * 100 + codes[_i].status[2] - '0',
	                           .response = {.lines = lines, .nlines = 2}};
	const struct authorization_request sent = {.redirect_uri = codes[_i].asked, .nonce = "n", .code_verifier = "v"};
	struct code code = {0};

	t.connector = codes[_i].connector;
	ck_assert_int_eq(authorization_code(a, &t, &sent, &x, &code), codes[_i].code != NULL);
	if (!codes[_i].code)
		return;
	assert_sv_eq(code.code, sv_of(codes[_i].code));
	ck_assert_str_eq(code.redirect_uri, codes[_i].redirect_uri);
	ck_assert_str_eq(code.nonce, "n");
	ck_assert_str_eq(code.code_verifier, "v");
}
END_TEST

/* --- the way ----------------------------------------------------------------------------------------------------- */

/* A browser that knows no forms: it goes where it is sent on the server's own paths, and notes what it was asked. */
struct browser {
	struct rig *rig;
	struct browse asked[8];
	bool second[8];
	int n;
	const char *cookies; /* it begins with */
	bool endless, fails;
};

static void go(struct browser *b, struct fetch *f, const char *path)
{
	const char *url = strncmp(path, "http", 4) == 0 ? path : loopback_url(b->rig->server, f->arena, path);

	f->http = (struct http_request){.method = "GET", .url = url, .timeout_ms = 20000, .cookies = true};
	f->state = FETCH_HTTP;
}

static void browser_start(void *self, struct fetch *f)
{
	struct browser *b = self;

	b->second[b->n] = f->wish.second_consumer;
	b->asked[b->n++] = (struct browse){.url = arena_text(b->rig->a, f->wish.browse->url),
	                                   .redirect_uri = arena_text(b->rig->a, f->wish.browse->redirect_uri),
	                                   .session = f->wish.browse->session};
	go(b, f, f->wish.browse->url);
	f->http.set_cookie = b->cookies;
}

static void browser_answered(void *self, struct fetch *f, const struct http_response *r)
{
	struct browser *b = self;
	struct redirect to;

	ck_assert_ptr_nonnull(r->exchange);
	ck_assert_int_eq(r->exchange->status, r->status);
	if (b->endless) {
		go(b, f, "/again");
		return;
	}
	f->state = FETCH_DONE;
	if (redirect_of(r->exchange, &to) && sv_starts(to.location, SV("/")))
		go(b, f, arena_sv(f->arena, to.location));
	else if (b->fails) {
		err_trouble(&f->e, "the page has no form");
		f->state = FETCH_FAILED;
	}
}

static const struct code_source_ops browser_ops = {
        .name = "browser", .start = browser_start, .on_http = browser_answered, .supply = rig_supply};

#define SEE(headers) "HTTP/1.1 303 See Other\r\n" headers "Content-Length: 0\r\n\r\n"

/* The login of a brand: a page, a session, and then the way back. */
static struct loopback_reply login(void *self, const struct loopback_request *q)
{
	(void)self;
	if (sv_find(q->head, SV("GET /authorize?")) >= 0)
		return (struct loopback_reply){
		        .bytes =
		                SV(SEE("Location: /consent?secret=1\r\nSet-Cookie: session=s0; HttpOnly; Secure\r\n"))};
	if (sv_find(q->head, SV("GET /consent")) >= 0)
		return (struct loopback_reply){
		        .bytes = SV(SEE("Location: https://liveperson.net/cb?code=c%2B1&state=s\r\n"))};
	return (struct loopback_reply){.bytes = SV(RIG_OK)};
}

static struct rig *with_browser(loopback_script *script, void *self, struct browser *b)
{
	struct rig *r = rig_new(script, self);

	b->rig = r;
	r->target.authorization.endpoint = loopback_url(r->server, r->a, "/authorize");
	r->target.pkce = PKCE_S256;
	r->browser = (struct code_source){.ops = &browser_ops, .self = b, .parallel = 2};
	return r;
}

static const struct step authorize = {.kind = STEP_AUTHORIZE};

/* Whether the i-th request that the server got had this cookie; NULL: none at all. */
static void assert_cookie(const struct rig *r, size_t i, const char *pair)
{
	arena_auto *a = arena_new();
	const char *head = arena_sv(a, loopback_at(r->server, i)->head);

	if (pair)
		assert_contains(head, arena_printf(a, "Cookie: %s\r\n", pair));
	else
		assert_lacks(head, "Cookie:");
}

START_TEST(test_way)
{
	struct browser b = {.cookies = " device=d7 ; theme = dark; broken; =none"};
	struct rig *r = with_browser(login, NULL, &b);
	struct save save = {.name = "c", .from = SAVE_CODE},
	            state = {.name = "s", .from = SAVE_REDIRECT, .what = "state"};
	struct save saves[] = {save, state};

	rig_other(r, authorize, "authorize");
	r->steps[0].saves = saves;
	r->steps[0].nsaves = 2;
	rig_step(r, (struct redeem){.code = CODE_TEXT, .code_text = "{c}"});
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, 0), *y = rig_x(r, 1);
	ck_assert_msg(x->outcome == EXCHANGE_ANSWERED, "%s", x->trouble);
	ck_assert_str_eq(x->kind, "authorize");
	ck_assert_int_eq(x->status, 303);
	assert_contains(x->url, "/consent?secret=1");
	ck_assert_uint_eq(x->nhops, 1);
	ck_assert_str_eq(x->hops[0].url, x->authorize_url);
	ck_assert_int_eq(x->hops[0].status, 303);
	ck_assert_str_eq(x->hops[0].method, "GET");
	assert_sv_eq(message_header(&x->hops[0].response, "Location", 0), SV("/consent?secret=1"));
	ck_assert_str_eq(b.asked[0].url, x->authorize_url);
	ck_assert_str_eq(b.asked[0].redirect_uri, "https://liveperson.net");
	ck_assert_str_eq(x->code.code, "c+1");
	ck_assert_str_eq(x->code.redirect_uri, "https://liveperson.net");
	ck_assert_ptr_nonnull(x->code.nonce);
	ck_assert_ptr_nonnull(x->code.code_verifier);
	ck_assert_int_gt(x->code.obtained_ms, 0);
	/* the code goes on with all that belongs to it */
	ck_assert_str_eq(y->code.code, "c+1");
	ck_assert_str_eq(y->code.nonce, x->code.nonce);
	assert_contains(y->request.body.p, arena_printf(r->a, "&code_verifier=%s", x->code.code_verifier));
	ck_assert_int_eq(r->run.codes_spent, 0);
	assert_cookie(r, 0, "device=d7; theme=dark");
	assert_cookie(r, 1, "session=s0; device=d7; theme=dark");
	assert_cookie(r, 2, NULL);
	rig_free(r);
}
END_TEST

/* A browser begins without cookies, unless it goes on where the step before it ended. */
START_TEST(test_kept_session)
{
	struct browser b = {0};
	struct rig *r = with_browser(login, NULL, &b);
	static const enum authorize_session sessions[] = {SESSION_LOGIN, SESSION_NONE, SESSION_KEPT};

	for (size_t i = 0; i < 3; i++) {
		r->steps[rig_other(r, authorize, "authorize")].authorize.session = sessions[i];
		if (i == 0)
			rig_step(r, (struct redeem){.code = CODE_NONE});
	}
	r->steps[2].authorize.second_consumer = true;
	/* kept are those of the last browser before it: the second's, which has its own */
	rig_drive(r, 1);
	ck_assert_uint_eq(loopback_count(r->server), 7);
	assert_cookie(r, 0, NULL);
	assert_cookie(r, 1, "session=s0");
	assert_cookie(r, 2, NULL);
	assert_cookie(r, 3, NULL);
	assert_cookie(r, 4, "session=s0");
	assert_cookie(r, 5, "session=s0");
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(b.asked[i].session, (int)sessions[i]);
		ck_assert_int_eq(b.second[i], i == 1);
	}
	rig_free(r);
}
END_TEST

START_TEST(test_way_lost)
{
	struct browser b = {.fails = true};
	struct rig *r = with_browser(login, NULL, &b);

	r->target.authorization.endpoint = loopback_url(r->server, r->a, "/page");
	rig_other(r, authorize, "authorize");
	rig_step(r, (struct redeem){.code = CODE_NONE});
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_int_eq(x->outcome, EXCHANGE_NO_ANSWER);
	ck_assert_str_eq(x->trouble, "the page has no form");
	ck_assert_int_eq(x->status, 0);
	ck_assert_str_eq(x->url, x->authorize_url);
	ck_assert_uint_eq(x->nhops, 1);
	ck_assert_int_eq(x->hops[0].status, 200);
	ck_assert_str_eq(rig_x(r, 1)->trouble, "the step before had no answer: the page has no form");
	rig_free(r);
}
END_TEST

START_TEST(test_endless_way)
{
	struct browser b = {.endless = true};
	struct rig *r = with_browser(login, NULL, &b);

	rig_other(r, authorize, "authorize");
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_int_eq(x->outcome, EXCHANGE_NO_ANSWER);
	ck_assert_str_eq(x->trouble, "the login did not come to an end within 20 requests");
	ck_assert_uint_eq(x->nhops, LIMIT_HOPS);
	ck_assert_uint_eq(loopback_count(r->server), LIMIT_HOPS);
	rig_free(r);
}
END_TEST

/* Of a page on the way not all is kept. */
START_TEST(test_long_pages)
{
	enum { LONG = LIMIT_HOP_BODY + 1 };
	struct browser b = {.endless = true};
	arena_auto *a = arena_new();
	char *body = arena_alloc(a, LONG + 1);

	memset(body, 'x', LONG);
	struct loopback_reply page = {
	        .bytes = sv_of(arena_printf(a, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", LONG, body))};
	struct rig *r = with_browser(rig_same, &page, &b);
	rig_other(r, authorize, "authorize");
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_uint_eq(x->nhops, LIMIT_HOPS);
	ck_assert_uint_eq(x->hops[3].response.body.n, LIMIT_HOP_BODY);
	ck_assert(x->hops[3].body_cut);
	rig_free(r);
}
END_TEST

START_TEST(test_no_browser)
{
	struct browser b = {0};
	struct rig *r = with_browser(login, NULL, &b);

	r->browser = (struct code_source){0};
	rig_other(r, authorize, "authorize");
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_ANSWER);
	ck_assert_str_eq(rig_x(r, 0)->trouble, "the target file does not say how this can be done");
	rig_free(r);
}
END_TEST

/* --- tokens, logouts, documents ---------------------------------------------------------------------------------- */

static void token_start(void *self, struct fetch *f)
{
	int *n = self;

	f->code = (struct code){.code = f->wish.second_consumer ? SV("second.token") : SV("a.b.c"), .nonce = "n0nce"};
	f->state = ++*n == 3 ? FETCH_FAILED : FETCH_DONE;
	if (f->state == FETCH_FAILED)
		err_trouble(&f->e, "no more tokens");
}

static const struct code_source_ops token_ops = {.name = "tokens", .start = token_start, .supply = rig_supply};

START_TEST(test_handed_over)
{
	struct rig *r = rig_new(login, NULL);
	struct save save = {.name = "t", .from = SAVE_BODY, .what = ""};
	int n = 0;

	r->tokens = (struct code_source){.ops = &token_ops, .self = &n, .parallel = 1};
	for (int i = 0; i < 3; i++)
		rig_other(r, (struct step){.kind = STEP_TOKEN, .second_consumer = i == 1, .saves = &save, .nsaves = 1},
		          "handover");
	rig_drive(r, 4);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_int_eq(x->outcome, EXCHANGE_ANSWERED);
	ck_assert_int_eq(x->status, 200);
	ck_assert_str_eq(x->method, "TOKEN");
	ck_assert_str_eq(x->url, "");
	assert_sv_eq(x->response.body, SV("a.b.c"));
	ck_assert_uint_eq(x->response.nlines, 1);
	assert_sv_eq(x->response.lines[0], SV("TOKEN"));
	ck_assert_uint_eq(x->request.nlines, 0);
	ck_assert_str_eq(x->code.nonce, "n0nce");
	ck_assert_int_gt(x->code.obtained_ms, 0);
	ck_assert_ptr_null(x->code.code);
	assert_sv_eq(rig_x(r, 1)->response.body, SV("second.token"));
	ck_assert_int_eq(rig_x(r, 2)->outcome, EXCHANGE_NO_CODE);
	ck_assert_str_eq(rig_x(r, 2)->trouble, "no more tokens");
	ck_assert_int_eq(r->run.codes_spent, 0);
	rig_free(r);
}
END_TEST

static void logout_start(void *self, struct fetch *f)
{
	struct rig *r = self;

	f->http = (struct http_request){.method = "POST", .url = loopback_url(r->server, f->arena, "/logout")};
	f->state = FETCH_HTTP;
}

static void logout_answered(void *self, struct fetch *f, const struct http_response *reply)
{
	(void)self;
	f->state = reply->status == 200 ? FETCH_DONE : FETCH_FAILED;
}

static const struct code_source_ops logout_ops = {
        .name = "logout", .start = logout_start, .on_http = logout_answered, .supply = rig_supply};

/* Logouts go when all else has ended, one scenario after another. */
START_TEST(test_logout_is_last)
{
	static struct loopback_reply ok = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &ok);
	struct scenario other = {.id = "other"};

	r->logout = (struct code_source){.ops = &logout_ops, .self = r, .parallel = 4};
	rig_other(r, (struct step){.kind = STEP_LOGOUT}, "logout");
	rig_step(r, (struct redeem){.code = CODE_NONE});
	rig_other(r, (struct step){.kind = STEP_LOGOUT}, "logout");
	rig_alone(r, (struct redeem){0});
	rig_step(r, (struct redeem){.code = CODE_NONE});
	r->planned[4].wait_ms = 50;
	for (size_t i = 0; i < 3; i++)
		r->planned[i].last = true;
	r->planned[2].after = -1;
	r->planned[2].owner = &other;
	rig_drive(r, 8);
	ck_assert_str_eq(rig_x(r, 0)->method, "LOGOUT");
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_ANSWERED);
	static const size_t order[] = {2, 3, 4, 0, 1};
	for (size_t i = 0; i < 5; i++)
		ck_assert_msg(rig_place(r, i) == order[i], "%zu ended as %zu", i, rig_place(r, i));
	rig_free(r);
}
END_TEST

START_TEST(test_documents)
{
	static struct loopback_reply ok = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &ok);

	r->target.issuer = loopback_url(r->server, r->a, "/brand/");
	rig_other(r, (struct step){.kind = STEP_FETCH, .fetch = FETCHED_DISCOVERY}, "discovery");
	rig_other(r, (struct step){.kind = STEP_FETCH, .fetch = FETCHED_JWKS}, "jwks");
	rig_other(r, (struct step){0}, "discovery");
	r->planned[2].step = NULL;
	rig_drive(r, 1);
	static const char *const paths[] = {"GET /brand/.well-known/openid-configuration HTTP", "GET /jwks HTTP",
	                                    "GET /brand/.well-known/openid-configuration HTTP"};
	for (size_t i = 0; i < 3; i++)
		assert_contains(arena_sv(r->a, loopback_at(r->server, i)->head), paths[i]);
	assert_contains(arena_sv(r->a, loopback_at(r->server, 0)->head), "Accept: application/json\r\n");
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("authorize");
	TCase *c = tcase_create("authorize");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_defaults);
	tcase_add_test(c, test_of_the_target);
	tcase_add_test(c, test_changed);
	tcase_add_loop_test(c, test_not_made, 0, 2);
	tcase_add_loop_test(c, test_code_of_redirect, 0, sizeof codes / sizeof codes[0]);
	tcase_add_test(c, test_way);
	tcase_add_test(c, test_kept_session);
	tcase_add_test(c, test_way_lost);
	tcase_add_test(c, test_endless_way);
	tcase_add_test(c, test_long_pages);
	tcase_add_test(c, test_no_browser);
	tcase_add_test(c, test_handed_over);
	tcase_add_test(c, test_logout_is_last);
	tcase_add_test(c, test_documents);
	suite_add_tcase(s, c);
	return testing_run(s);
}
