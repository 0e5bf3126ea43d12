#include "window.h"

#include "core/limits.h"
#include "endpoint/logins.h"
#include "endpoint/sessions.h"

/* The authorization endpoint of a correct brand, from the request to the redirect. */

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

static void use_tenant(const char *faults)
{
	rig.now_ms = RIG_START_MS;
	rig.t = rig_tenant(&rig, faults);
}

/* --- request → page or redirect -------------------------------------------------------------------------------- */

enum outcome { LOGIN_PAGE, ERROR_PAGE, REDIRECT };
#define REST "&state=xyz&nonce=n1"
#define TYPE "&response_type=code"
#define LOOPBACK(rest) "client_id=$I&redirect_uri=http%3A%2F%2F127.0.0.1" rest TYPE REST
#define S256 "&code_challenge=" RIG_CHALLENGE "&code_challenge_method=S256"

static const struct {
	const char *query;
	enum outcome outcome;
	const char *error; /* of a redirect */
	char mark;         /* before its parameters */
} requests[] = {
        {WINDOW_CODE, LOGIN_PAGE, NULL, 0},
        {WINDOW_ID_TOKEN, LOGIN_PAGE, NULL, 0},
        {WINDOW_CODE S256, LOGIN_PAGE, NULL, 0},
        {WINDOW_CODE "&code_challenge=" RIG_VERIFIER, LOGIN_PAGE, NULL, 0},
        {WINDOW_CODE "&response_mode=query", LOGIN_PAGE, NULL, 0},
        {WINDOW_CODE "&response_mode=fragment", LOGIN_PAGE, NULL, 0},
        {WINDOW_CODE "&prompt=login%20consent&max_age=0&ui_locales=de&unknown=1", LOGIN_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=$W" TYPE, LOGIN_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=https%3A%2F%2Fliveperson.net" TYPE, LOGIN_PAGE, NULL, 0},
        {LOOPBACK("%2Fcb"), LOGIN_PAGE, NULL, 0},
        {LOOPBACK("%3A49152%2Fcb"), LOGIN_PAGE, NULL, 0},
        /* no redirect without a client and a redirect_uri that belong together */
        {"", ERROR_PAGE, NULL, 0},
        {"redirect_uri=$W" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=&redirect_uri=$W" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$Ix&redirect_uri=$W" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&client_id=$I&redirect_uri=$W" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=$W&redirect_uri=$W" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=$W%2F" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=$W%3Fa%3D1" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=$W%23a" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=$W%0D%0AX:1" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=https%3A%2F%2Fliveperson.net%2F" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=https%3A%2F%2Fliveperson.net.evil.example" TYPE REST, ERROR_PAGE, NULL, 0},
        {"client_id=$I&redirect_uri=http%3A%2F%2Fwindow.brand.example%2Fchat%2Fexternal.html" TYPE REST, ERROR_PAGE,
         NULL, 0},
        {"client_id=$I&redirect_uri=HTTPS%3A%2F%2Fwindow.brand.example%2Fchat%2Fexternal.html" TYPE REST, ERROR_PAGE,
         NULL, 0},
        {"client_id=$I&redirect_uri=https%3A%2F%2Fevil.example" TYPE REST "&prompt=none", ERROR_PAGE, NULL, 0},
        {LOOPBACK(""), ERROR_PAGE, NULL, 0},
        {LOOPBACK("%3A%2Fcb"), ERROR_PAGE, NULL, 0},
        {LOOPBACK("%3A80x%2Fcb"), ERROR_PAGE, NULL, 0},
        {LOOPBACK("%3A80%2Fcb%3Fx"), ERROR_PAGE, NULL, 0},
        {LOOPBACK("%3A80%2Fother%2Fcb"), ERROR_PAGE, NULL, 0},
        {LOOPBACK(".evil.example%2Fcb"), ERROR_PAGE, NULL, 0},
        {LOOPBACK("%40evil.example%2Fcb"), ERROR_PAGE, NULL, 0},
        {LOOPBACK("%3A80%40evil.example%2Fcb"), ERROR_PAGE, NULL, 0},

        {WINDOW_BASE REST, REDIRECT, "invalid_request", '?'},
        {WINDOW_BASE REST "&response_type=", REDIRECT, "invalid_request", '?'},
        {WINDOW_BASE REST "&response_type=foo", REDIRECT, "unsupported_response_type", '?'},
        {WINDOW_BASE REST "&response_type=token", REDIRECT, "unsupported_response_type", '?'},
        {WINDOW_BASE REST "&response_type=code%20id_token", REDIRECT, "unsupported_response_type", '?'},
        {WINDOW_BASE REST "&response_type=CODE", REDIRECT, "unsupported_response_type", '?'},
        {WINDOW_BASE REST TYPE TYPE, REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&x=1&x=1", REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&x=%4", REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&response_mode=form_post", REDIRECT, "invalid_request", '?'},
        {WINDOW_ID_TOKEN "&response_mode=query", REDIRECT, "invalid_request", '#'},
        {WINDOW_BASE "&state=xyz&response_type=id_token", REDIRECT, "invalid_request", '#'},
        {WINDOW_BASE "&state=xyz&nonce=%FF" TYPE, REDIRECT, "invalid_request", '?'},
        {WINDOW_BASE "&state=xyz&nonce=a%00" TYPE, REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&code_challenge=short", REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&code_challenge_method=S256", REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&code_challenge=" RIG_CHALLENGE "&code_challenge_method=s256", REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&prompt=create", REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&prompt=none%20login", REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&max_age=-1", REDIRECT, "invalid_request", '?'},
        {WINDOW_CODE "&request=e30.e30.", REDIRECT, "request_not_supported", '?'},
        {WINDOW_CODE "&request_uri=https%3A%2F%2Fa.example", REDIRECT, "request_uri_not_supported", '?'},
        {WINDOW_CODE "&prompt=none", REDIRECT, "login_required", '?'},
        {WINDOW_ID_TOKEN "&prompt=none", REDIRECT, "login_required", '#'},
};

START_TEST(request_gets_its_answer)
{
	static const char *const methods[] = {"GET", "POST"};
	const char *query = requests[_i].query;

	for (size_t i = 0; i < 2; i++) {
		use_tenant(NULL);
		struct window w = window_of(&rig);
		struct reply reply = window_send(&w, methods[i], "/authorize", window_filled(&rig, query));
		const char *location = window_target(&rig, &reply, requests[_i].mark ? requests[_i].mark : '?');
		if (requests[_i].outcome == REDIRECT) {
			ck_assert_msg(reply.status == 303, "%s: status %d", query, reply.status);
			ck_assert_str_eq(location, WINDOW_URI);
			assert_sv_eq(window_param(&rig, &reply, requests[_i].mark, "error"), sv_of(requests[_i].error));
			assert_sv_eq(window_param(&rig, &reply, requests[_i].mark, "state"), SV("xyz"));
			assert_sv_eq(window_param(&rig, &reply, requests[_i].mark, "iss"), sv_of(rig.t->issuer));
			ck_assert_ptr_null(window_param(&rig, &reply, requests[_i].mark, "code").p);
			continue;
		}
		ck_assert_msg(reply.status == (requests[_i].outcome == LOGIN_PAGE ? 200 : 400), "%s: status %d", query,
		              reply.status);
		ck_assert_str_eq(location, "");
		ck_assert_int_eq(window_shows(&reply, "login"), requests[_i].outcome == LOGIN_PAGE);
	}
}
END_TEST

START_TEST(other_methods_and_media_types_are_refused)
{
	struct request q = {.method = SV("POST"),
	                    .path = sv_of(arena_printf(rig.a, "/brands/%s/authorize", rig.t->name)),
	                    .body = sv_of(window_filled(&rig, WINDOW_CODE))};

	rig_header(&q, "Content-Type", "text/plain");
	ck_assert_int_eq(rig_send(&rig, &q).status, 400);
	q.headers[0].value = SV("application/x-www-form-urlencoded; charset=UTF-8");
	ck_assert_int_eq(rig_send(&rig, &q).status, 200);
	q.method = SV("PUT");
	ck_assert_int_eq(rig_send(&rig, &q).status, 405);
	struct window w = window_of(&rig);
	ck_assert_int_eq(window_send(&w, "GET", "/login", "").status, 405);
	ck_assert_int_eq(window_send(&w, "DELETE", "/consent", "").status, 405);
}
END_TEST

/* --- the way to the redirect ----------------------------------------------------------------------------------- */

START_TEST(login_and_consent_lead_to_a_code)
{
	use_tenant(NULL);
	struct window w = window_of(&rig);

	w.user = "B"; /* whose password form encoding changes */
	struct reply reply = window_go(&w, WINDOW_CODE S256);
	ck_assert_int_eq(reply.status, 303);
	ck_assert_uint_eq(w.logins, 1);
	ck_assert_uint_eq(w.consents, 1);
	ck_assert_str_eq(window_target(&rig, &reply, '?'), WINDOW_URI);
	assert_sv_eq(window_param(&rig, &reply, '?', "state"), SV("xyz"));
	assert_sv_eq(window_param(&rig, &reply, '?', "iss"), sv_of(rig.t->issuer));
	struct sv code = window_param(&rig, &reply, '?', "code");
	rig.now_ms += 2000;
	/* bound to its redirect_uri and challenge */
	ck_assert_int_eq(window_redeem(&rig, code, BRAND_REDIRECT_URI).status, 400);
	ck_assert_int_eq(window_redeem(&rig, code, WINDOW_URI).status, 400);
	reply = window_redeem(&rig, code, WINDOW_URI "&code_verifier=");
	ck_assert_int_eq(reply.status, 400);
	reply = rig_token(&rig, rig_basic(&rig, rig.t->client.id.p, rig.t->client.secret.p),
	                  arena_printf(rig.a, "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=%s",
	                               form_encoded(rig.a, code), form_encoded(rig.a, SV(WINDOW_URI)), RIG_VERIFIER));
	ck_assert_msg(reply.status == 200, "%.*s", SV_ARG(reply.body));
	struct sv token = sv_of(rig_member(&rig, &reply, "id_token"));
	ck_assert_str_eq(window_claim(&rig, token, "nonce"), "\"n-0S6\"");
	ck_assert_str_eq(window_claim(&rig, token, "auth_time"), "1800000000");
	ck_assert_str_eq(window_claim(&rig, token, "iat"), "1800000002");
	ck_assert_str_eq(window_claim(&rig, token, "given_name"), "\"Erik\"");
}
END_TEST

static const struct {
	const char *sent; /* form-encoded */
	struct sv state;  /* SV_NONE: none may come back */
} states[] = {
        {"&state=a%25%2B%2F%3D%26%22%27%3C%3E+b%20%23%3F", {"a%+/=&\"'<> b #?", 15}},
        {"&state=%C3%A9%F0%9F%98%80%00%FF%0D%0A", {"\xc3\xa9\xf0\x9f\x98\x80\0\xff\r\n", 10}},
        {"&state=%7B%22a%22%3A%5B1%5D%7D%2541", {"{\"a\":[1]}%41", 12}},
        {"&state=", {NULL, 0}},
        {"", {NULL, 0}},
};

START_TEST(state_comes_back_as_it_was_sent)
{
	static const char *const ends[] = {"allow", "deny"};

	for (size_t i = 0; i < 2; i++) {
		struct window w = window_of(&rig);
		int count;
		w.action = ends[i];
		struct reply reply = window_go(&w, arena_printf(rig.a, "%s%s%s", WINDOW_BASE, TYPE, states[_i].sent));
		struct sv state = window_params(&rig, &reply, '?', "state", &count);
		ck_assert_int_eq(reply.status, 303);
		assert_sv_eq(state, states[_i].state);
		ck_assert_int_eq(count, states[_i].state.p ? 1 : 0);
	}
}
END_TEST

START_TEST(deny_is_told)
{
	struct window w = window_of(&rig);

	w.action = "deny";
	struct reply reply = window_go(&w, WINDOW_ID_TOKEN);
	assert_sv_eq(window_param(&rig, &reply, '#', "error"), SV("access_denied"));
	assert_sv_eq(window_param(&rig, &reply, '#', "state"), SV("xyz"));
	ck_assert_int_lt(sv_find(rig_reply_header(&reply, "Location"), SV("id_token")), 0);
	/* nothing was allowed by it */
	reply = window_ask(&w, WINDOW_CODE "&prompt=none");
	assert_sv_eq(window_param(&rig, &reply, '?', "error"), SV("consent_required"));
}
END_TEST

START_TEST(id_token_comes_in_the_fragment)
{
	use_tenant(NULL);
	struct window w = window_of(&rig);
	struct reply reply = window_go(&w, WINDOW_ID_TOKEN);
	struct sv token = window_param(&rig, &reply, '#', "id_token");

	ck_assert_str_eq(window_target(&rig, &reply, '#'), WINDOW_URI);
	ck_assert_ptr_nonnull(token.p);
	ck_assert_str_eq(window_claim(&rig, token, "nonce"), "\"n-0S6\"");
	ck_assert_str_eq(window_claim(&rig, token, "sub"), "\"u-9c1f7b52e0a84d6f\"");
	ck_assert_str_eq(window_claim(&rig, token, "auth_time"), "1800000000");
	ck_assert_ptr_null(window_claim(&rig, token, "at_hash"));
	ck_assert_ptr_null(window_claim(&rig, token, "c_hash"));
	ck_assert_ptr_null(window_param(&rig, &reply, '#', "code").p);
	ck_assert_ptr_null(window_param(&rig, &reply, '#', "access_token").p);
	assert_sv_eq(window_param(&rig, &reply, '#', "state"), SV("xyz"));
}
END_TEST

START_TEST(legacy_connector_has_its_own_rules)
{
	use_tenant("[\"connector-openid\"]");
	struct window w = window_of(&rig);
	struct reply reply = window_go(&w, WINDOW_BASE TYPE);

	ck_assert_str_eq(rig.t->window_uri, WINDOW_URI "?lpa=1&lpb=a%2Bb");
	ck_assert(sv_starts(rig_reply_header(&reply, "Location"), SV(WINDOW_URI "?lpa=1&lpb=a%2Bb&code=")));
	struct sv code = window_param(&rig, &reply, '?', "code");
	ck_assert_int_eq(window_redeem(&rig, code, rig.t->window_uri).status, 400);
	ck_assert_int_eq(window_redeem(&rig, code, BRAND_REDIRECT_URI).status, 200);
	reply = window_go(
	        &w, "client_id=$I&redirect_uri=https%3A%2F%2Fwindow.brand.example%2Fchat%2Fexternal.html%3Fx" TYPE);
	ck_assert(sv_starts(rig_reply_header(&reply, "Location"), SV(WINDOW_URI "?x&code=")));
	reply = window_ask(&w, "client_id=$I&redirect_uri=https%3A%2F%2Fwindow.brand.example%2Fchat%2F%3Flpa=1" TYPE);
	ck_assert_int_eq(reply.status, 400);
	reply = window_go(&w, WINDOW_BASE "&response_type=token&state=s");
	ck_assert(sv_starts(rig_reply_header(&reply, "Location"), SV(WINDOW_URI "?lpa=1&lpb=a%2Bb#id_token=ey")));
	assert_sv_eq(window_param(&rig, &reply, '#', "state"), SV("s"));
}
END_TEST

/* --- sessions -------------------------------------------------------------------------------------------------- */

static const struct {
	const char *more; /* of the second request */
	int after_s;      /* of the login */
	unsigned logins, consents;
	const char *error;
} again[] = {
        {"", 10, 0, 1, NULL},
        {"&prompt=none", 10, 0, 0, NULL},
        {"&prompt=login", 10, 1, 1, NULL},
        {"&prompt=consent", 10, 0, 1, NULL},
        {"&max_age=10", 10, 0, 1, NULL},
        {"&max_age=9", 10, 1, 1, NULL},
        {"&max_age=9&prompt=none", 10, 0, 0, "login_required"},
        {"&prompt=none", SESSION_LIFETIME_S - 1, 0, 0, NULL},
        {"&prompt=none", SESSION_LIFETIME_S, 0, 0, "login_required"},
        {"", SESSION_LIFETIME_S, 1, 1, NULL},
};

START_TEST(session_saves_the_login)
{
	use_tenant(NULL);
	struct window w = window_of(&rig);

	window_go(&w, WINDOW_CODE);
	w.logins = w.consents = 0;
	rig.now_ms += again[_i].after_s * 1000;
	struct reply reply = window_go(&w, arena_printf(rig.a, "%s%s", WINDOW_ID_TOKEN, again[_i].more));
	ck_assert_msg(w.logins == again[_i].logins && w.consents == again[_i].consents, "%s: %u logins, %u consents",
	              again[_i].more, w.logins, w.consents);
	assert_sv_eq(window_param(&rig, &reply, '#', "error"), sv_of(again[_i].error));
	if (again[_i].error)
		return;
	/* the login's time, not the token's */
	int64_t login_s = RIG_START_MS / 1000 + (w.logins ? again[_i].after_s : 0);
	struct sv token = window_param(&rig, &reply, '#', "id_token");
	ck_assert_str_eq(window_claim(&rig, token, "auth_time"), arena_printf(rig.a, "%lld", (long long)login_s));
}
END_TEST

START_TEST(only_the_right_password_does)
{
	use_tenant(NULL);
	struct window w = window_of(&rig);
	struct reply reply = window_ask(&w, WINDOW_CODE);
	const char *id = window_attribute(&w, &reply, "name=\"request\" value=\"");
	const char *const wrong[] = {
	        arena_printf(rig.a, "request=%s&action=login", id),
	        arena_printf(rig.a, "request=%s&username=A&password=", id),
	        arena_printf(rig.a, "request=%s&username=A&password=%sx", id, rig.t->passwords[0]),
	        arena_printf(rig.a, "request=%s&username=B&password=%s", id, rig.t->passwords[0]),
	        arena_printf(rig.a, "request=%s&username=A%%00&password=%s", id, rig.t->passwords[0]),
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		reply = window_send(&w, "POST", "/login", wrong[i]);
		ck_assert_msg(reply.status == 200 && window_shows(&reply, "login"), "%s", wrong[i]);
		ck_assert_int_ge(sv_find(reply.body, SV("role=\"alert\"")), 0);
		ck_assert_ptr_null(w.session);
	}
	reply = window_send(&w, "POST", "/login", window_login_form(&w, id));
	ck_assert_int_eq(reply.status, 303);
	ck_assert_ptr_nonnull(w.session);
}
END_TEST

/* Forms count in the browser that they were shown in, once, and for a while. */
START_TEST(forms_belong_to_one_browser)
{
	use_tenant(NULL);
	struct window w = window_of(&rig), other = window_of(&rig);
	struct reply reply = window_ask(&w, WINDOW_CODE);
	const char *id = window_attribute(&w, &reply, "name=\"request\" value=\"");

	window_ask(&other, WINDOW_CODE);
	ck_assert_int_eq(window_send(&other, "POST", "/login", window_login_form(&other, id)).status, 400);
	ck_assert_int_eq(window_send(&w, "POST", "/login", window_login_form(&w, "x")).status, 400);
	/* not even with a session may another's consent be given, nor before one's own login */
	window_go(&other, WINDOW_CODE);
	const char *allow = arena_printf(rig.a, "request=%s&action=allow", id);
	ck_assert_int_eq(window_send(&other, "POST", "/consent", allow).status, 400);
	reply = window_send(&w, "POST", "/consent", allow);
	ck_assert(window_shows(&reply, "login"));
	/* a session from before does not answer for a request that wants a login */
	window_go(&w, WINDOW_CODE);
	reply = window_ask(&w, WINDOW_CODE "&prompt=login");
	const char *fresh = window_attribute(&w, &reply, "name=\"request\" value=\"");
	reply = window_send(&w, "POST", "/consent", arena_printf(rig.a, "request=%s&action=allow", fresh));
	ck_assert(window_shows(&reply, "login"));
	reply = window_send(&w, "POST", "/login", window_login_form(&w, fresh));
	ck_assert_int_eq(reply.status, 303);
	allow = arena_printf(rig.a, "request=%s&action=allow", fresh);
	reply = window_send(&w, "POST", "/consent", arena_printf(rig.a, "request=%s&action=perhaps", fresh));
	ck_assert(window_shows(&reply, "consent"));
	ck_assert_int_eq(window_send(&w, "POST", "/consent", allow).status, 303);
	ck_assert_int_eq(window_send(&w, "POST", "/consent", allow).status, 400);
	/* nor one that somebody else has begun in this browser since */
	reply = window_ask(&w, WINDOW_CODE "&prompt=login");
	fresh = window_attribute(&w, &reply, "name=\"request\" value=\"");
	window_send(&w, "POST", "/login", window_login_form(&w, fresh));
	w.user = "B";
	window_go(&w, WINDOW_CODE "&prompt=login");
	reply = window_send(&w, "POST", "/consent", arena_printf(rig.a, "request=%s&action=allow", fresh));
	ck_assert(window_shows(&reply, "login"));
	rig.now_ms += LOGIN_LIFETIME_S * 1000;
	ck_assert_int_eq(window_send(&w, "POST", "/login", window_login_form(&w, id)).status, 400);
}
END_TEST

START_TEST(pages_and_cookies_are_guarded)
{
	use_tenant(NULL);
	struct window w = window_of(&rig);
	struct reply page = window_ask(&w, WINDOW_CODE);
	const char *id = window_attribute(&w, &page, "name=\"request\" value=\"");
	struct reply login = window_send(&w, "POST", "/login", window_login_form(&w, id));
	struct reply bad = window_ask(&w, "client_id=x");
	const struct reply *const replies[] = {&page, &login}, *const pages[] = {&page, &bad};

	for (size_t i = 0; i < 2; i++) {
		struct sv policy = rig_reply_header(pages[i], "Content-Security-Policy");
		ck_assert_int_ge(sv_find(policy, SV("frame-ancestors 'none'")), 0);
		assert_sv_eq(rig_reply_header(pages[i], "X-Frame-Options"), SV("DENY"));
		assert_sv_eq(rig_reply_header(pages[i], "Referrer-Policy"), SV("no-referrer"));
		assert_sv_eq(rig_reply_header(pages[i], "Cache-Control"), SV("no-store"));
		assert_sv_eq(rig_reply_header(pages[i], "Content-Type"), SV("text/html; charset=utf-8"));
		struct sv cookie = rig_reply_header(replies[i], "Set-Cookie");
		const char *end = arena_printf(rig.a, "; Path=/brands/%s; Secure; HttpOnly; SameSite=Lax", rig.t->name);
		ck_assert_msg(sv_ends(cookie, sv_of(end)), "%.*s", SV_ARG(cookie));
		ck_assert(sv_starts(cookie, i ? SV("session=") : SV("browser=")));
	}
	/* one browser cookie for all, but not one that we have not made */
	const char *kept = w.browser;
	window_ask(&w, WINDOW_CODE "&prompt=login");
	ck_assert_str_eq(w.browser, kept);
	w.browser = "\"<x>\"";
	window_ask(&w, WINDOW_CODE "&prompt=login");
	ck_assert_uint_eq(strlen(w.browser), 43);
}
END_TEST

START_TEST(number_of_logins_and_sessions_is_bounded)
{
	use_tenant(NULL);
	struct window first = window_of(&rig), w = window_of(&rig);
	struct reply reply = window_ask(&first, WINDOW_CODE);
	const char *id = window_attribute(&first, &reply, "name=\"request\" value=\"");

	for (int i = 1; i < LIMIT_TENANT_LOGINS; i++)
		window_ask(&w, WINDOW_CODE);
	ck_assert_int_eq(window_send(&first, "POST", "/login", window_login_form(&first, id)).status, 303);
	window_ask(&w, WINDOW_CODE);
	ck_assert_int_eq(window_send(&first, "POST", "/login", window_login_form(&first, id)).status, 400);

	struct sessions *s = rig.t->sessions;
	for (int i = 1; i < LIMIT_TENANT_SESSIONS; i++)
		sessions_add(s, arena_printf(rig.a, "s%d", i), user_of("B"), rig.now_ms);
	ck_assert_ptr_nonnull(sessions_find(s, sv_of(first.session), rig.now_ms));
	sessions_add(s, "last", user_of("A"), rig.now_ms);
	ck_assert_ptr_null(sessions_find(s, sv_of(first.session), rig.now_ms));
	sessions_end(s, user_of("B"));
	ck_assert_ptr_null(sessions_find(s, SV("s7"), rig.now_ms));
	ck_assert_ptr_nonnull(sessions_find(s, SV("last"), rig.now_ms));
}
END_TEST

/* --- control ----------------------------------------------------------------------------------------------------- */

static struct reply control(const char *part, const char *body)
{
	return rig_control(&rig, "POST", arena_printf(rig.a, "/control/tenants/%s/%s", rig.t->name, part), body);
}

START_TEST(tokens_are_handed_over)
{
	use_tenant(NULL);
	struct reply reply = control("tokens", "{\"nonce\": \"n\", \"user\": \"B\"}"), plain = control("tokens", "");

	ck_assert_int_eq(reply.status, 201);
	ck_assert_str_eq(rig_member(&rig, &reply, "nonce"), "n");
	struct sv token = sv_of(rig_member(&rig, &reply, "token"));
	ck_assert_str_eq(window_claim(&rig, token, "nonce"), "\"n\"");
	ck_assert_str_eq(window_claim(&rig, token, "sub"), "\"u-4e3d90c6b7f2415a\"");
	ck_assert_ptr_null(window_claim(&rig, token, "at_hash"));
	token = sv_of(rig_member(&rig, &plain, "token"));
	ck_assert_ptr_null(window_claim(&rig, token, "nonce"));
	ck_assert_str_eq(window_claim(&rig, token, "sub"), "\"u-9c1f7b52e0a84d6f\"");
	ck_assert_ptr_null(rig_member(&rig, &plain, "nonce"));
	ck_assert_int_eq(control("tokens", "{\"user\": \"C\"}").status, 400);
	ck_assert_int_eq(control("tokens", "{\"client\": \"encoded\"}").status, 400);
	ck_assert_int_eq(control("logout", "{\"user\": \"C\"}").status, 400);
	ck_assert_int_eq(control("log-out", "{}").status, 404);
}
END_TEST

START_TEST(logout_ends_what_a_consumer_has_going_on)
{
	use_tenant(NULL);
	struct window a = window_of(&rig), b = window_of(&rig);

	b.user = "B";
	struct reply of_a = window_go(&a, WINDOW_CODE), of_b = window_go(&b, WINDOW_CODE);
	ck_assert_int_eq(control("logout", "{\"user\": \"A\"}").status, 204);
	struct reply reply = window_ask(&a, WINDOW_CODE "&prompt=none");
	assert_sv_eq(window_param(&rig, &reply, '?', "error"), SV("login_required"));
	reply = window_ask(&b, WINDOW_CODE "&prompt=none");
	ck_assert_ptr_nonnull(window_param(&rig, &reply, '?', "code").p);
	ck_assert_int_eq(window_redeem(&rig, window_param(&rig, &of_a, '?', "code"), WINDOW_URI).status, 400);
	ck_assert_int_eq(window_redeem(&rig, window_param(&rig, &of_b, '?', "code"), WINDOW_URI).status, 200);
	/* and she can come back */
	reply = window_go(&a, WINDOW_CODE);
	ck_assert_int_eq(window_redeem(&rig, window_param(&rig, &reply, '?', "code"), WINDOW_URI).status, 200);
}
END_TEST

START_TEST(facts_tell_of_all_flows)
{
	struct reply reply = rig_control(&rig, "POST", "/control/tenants", "{\"faults\": [\"no-refresh-tokens\"]}");
	json_auto_t *facts = rig_json(&reply);
	const json_t *users = json_object_get(facts, "users");

	ck_assert_int_eq(reply.status, 201);
	ck_assert_str_eq(rig_member(&rig, &reply, "window_uri"), WINDOW_URI);
	ck_assert_str_eq(rig_member(&rig, &reply, "connector"), "oauth2-rfc");
	ck_assert_str_eq(rig_member(&rig, &reply, "authorization_endpoint"),
	                 arena_printf(rig.a, "%s/authorize", rig_member(&rig, &reply, "issuer")));
	ck_assert_uint_eq(json_array_size(users), 2);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(users, 1), "name")), "B");
	ck_assert(json_is_true(json_object_get(facts, "discovery")));
	ck_assert(json_is_false(json_object_get(facts, "refresh_tokens")));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("authorize");
	TCase *r = tcase_create("requests"), *w = tcase_create("ways"), *l = tcase_create("sessions");
	TCase *c = tcase_create("control");

	tcase_add_unchecked_fixture(r, set_up, tear_down);
	tcase_add_loop_test(r, request_gets_its_answer, 0, sizeof requests / sizeof *requests);
	tcase_add_test(r, other_methods_and_media_types_are_refused);
	suite_add_tcase(s, r);
	tcase_add_unchecked_fixture(w, set_up, tear_down);
	tcase_add_test(w, login_and_consent_lead_to_a_code);
	tcase_add_loop_test(w, state_comes_back_as_it_was_sent, 0, sizeof states / sizeof *states);
	tcase_add_test(w, deny_is_told);
	tcase_add_test(w, id_token_comes_in_the_fragment);
	tcase_add_test(w, legacy_connector_has_its_own_rules);
	suite_add_tcase(s, w);
	tcase_add_unchecked_fixture(l, set_up, tear_down);
	tcase_add_loop_test(l, session_saves_the_login, 0, sizeof again / sizeof *again);
	tcase_add_test(l, only_the_right_password_does);
	tcase_add_test(l, forms_belong_to_one_browser);
	tcase_add_test(l, pages_and_cookies_are_guarded);
	tcase_add_test(l, number_of_logins_and_sessions_is_bounded);
	suite_add_tcase(s, l);
	tcase_add_unchecked_fixture(c, set_up, tear_down);
	tcase_add_test(c, tokens_are_handed_over);
	tcase_add_test(c, logout_ends_what_a_consumer_has_going_on);
	tcase_add_test(c, facts_tell_of_all_flows);
	suite_add_tcase(s, c);
	return testing_run(s);
}
