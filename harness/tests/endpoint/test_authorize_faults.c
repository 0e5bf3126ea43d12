#include "window.h"

/*
 * Every switch of the authorization endpoint changes what it says: each story is told of a tenant with the fault and of
 * one without.
 */

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

static void use_tenant(const char *fault, const char *also)
{
	const char *faults =
	        arena_printf(rig.a, "[%s%s%s]", fault ? fault : "", fault && also ? ", " : "", also ? also : "");

	rig.now_ms = RIG_START_MS;
	rig.t = rig_tenant(&rig, faults);
}

#define TYPE "&response_type=code"
#define TO(uri) "client_id=$I&redirect_uri=" uri TYPE

/* The whole way for this request, by a browser of its own. */
static struct reply go(const char *query)
{
	struct window w = window_of(&rig);

	return window_go(&w, query);
}

static struct reply denied(void)
{
	struct window w = window_of(&rig);

	w.action = "deny";
	return window_go(&w, WINDOW_CODE);
}

static const char *location(const char *query)
{
	struct reply reply = go(query);

	return arena_sv(rig.a,
	                reply.status >= 300 && reply.status < 400 ? rig_reply_header(&reply, "Location") : SV(""));
}

static bool leads_to(const char *query, const char *start)
{
	return sv_starts(sv_of(location(query)), sv_of(start));
}

static bool has(const struct reply *reply, char mark, const char *name, const char *value)
{
	return sv_eq(window_param(&rig, reply, mark, name), sv_of(value));
}

static bool longer_redirect(void)
{
	ck_assert(leads_to(TO("$W"), WINDOW_URI "?code="));
	ck_assert(!leads_to(TO("https%3A%2F%2Fevil.example"), "https:"));
	return leads_to(TO("$W%2F..%2Fx"), WINDOW_URI "/../x?code=") &&
	       leads_to(TO("https%3A%2F%2Fliveperson.net.evil.example"), "https://liveperson.net.evil.example?code=") &&
	       leads_to(TO("$W%23x"), WINDOW_URI "#x?code=");
}

static bool any_redirect(void)
{
	ck_assert(!leads_to(TO("https%3A%2F%2Fa%0D%0AX%3A1"), "https:")); /* but never a second header line */
	return leads_to(TO("https%3A%2F%2Fevil.example%2Fa"), "https://evil.example/a?code=");
}

static bool http_redirect(void)
{
	ck_assert(!leads_to(TO("http%3A%2F%2Fevil.example"), "http:"));
	return leads_to(TO("http%3A%2F%2Fwindow.brand.example%2Fchat%2Fexternal.html"), "http://window.brand.example/");
}

static bool unknown_client_redirects(void)
{
	struct reply unknown = go("client_id=x&redirect_uri=$W&state=s" TYPE), none = go("redirect_uri=$W" TYPE);

	ck_assert_int_eq(go("client_id=x" TYPE).status, 400);
	return has(&unknown, '?', "error", "unauthorized_client") && has(&unknown, '?', "state", "s") &&
	       has(&none, '?', "error", "unauthorized_client");
}

static bool state_is_decoded_twice(void)
{
	struct reply plain = go(WINDOW_CODE), reply = go(WINDOW_BASE TYPE "&state=a%252Bb%2Bc%25+d");

	ck_assert(has(&plain, '?', "state", "xyz"));
	return has(&reply, '?', "state", "a+b c% d");
}

static bool state_is_cut(void)
{
	char state[601] = {0};

	memset(state, 's', 600);
	struct reply reply = go(arena_printf(rig.a, WINDOW_BASE TYPE "&state=%s", state));
	return window_param(&rig, &reply, '?', "state").n == 255;
}

static bool errors_lack_state(void)
{
	struct reply good = go(WINDOW_CODE), bad = denied();

	ck_assert(has(&good, '?', "state", "xyz"));
	return has(&bad, '?', "error", "access_denied") && !window_param(&rig, &bad, '?', "state").p;
}

static bool state_is_invented(void)
{
	struct reply without = go(WINDOW_BASE TYPE), with = go(WINDOW_CODE);

	ck_assert(has(&with, '?', "state", "xyz"));
	return window_param(&rig, &without, '?', "state").p;
}

static bool code_has_another_name(void)
{
	return leads_to(WINDOW_CODE, WINDOW_URI "?authorization_code=");
}

static bool code_is_in_fragment(void)
{
	return leads_to(WINDOW_CODE, WINDOW_URI "#code=");
}

static bool code_comes_twice(void)
{
	struct reply reply = go(WINDOW_CODE);
	int count;

	window_params(&rig, &reply, '?', "code", &count);
	return count == 2;
}

static bool query_is_replaced(void)
{
	return leads_to(WINDOW_CODE, WINDOW_URI "?code=");
}

static bool question_mark_comes_twice(void)
{
	return leads_to(WINDOW_CODE, WINDOW_URI "?lpa=1&lpb=a%2Bb?code=");
}

static bool only_own_redirect_uri(void)
{
	struct reply first = go(WINDOW_CODE), second = go(WINDOW_CODE);
	int window = window_redeem(&rig, window_param(&rig, &first, '?', "code"), WINDOW_URI).status;
	int own = window_redeem(&rig, window_param(&rig, &second, '?', "code"), BRAND_REDIRECT_URI).status;

	ck_assert_int_eq(rig_redeem(&rig, rig_code(&rig, NULL)).status, 200);
	return window == 400 && own == 200;
}

static bool token_is_in_query(void)
{
	return leads_to(WINDOW_ID_TOKEN, WINDOW_URI "?id_token=ey");
}

static bool token_has_another_name(void)
{
	return leads_to(WINDOW_ID_TOKEN, WINDOW_URI "#jwt=ey");
}

static bool token_is_opaque(void)
{
	ck_assert(leads_to(WINDOW_ID_TOKEN, WINDOW_URI "?lpa=1&lpb=a%2Bb#id_token=ey"));
	return leads_to(WINDOW_BASE "&response_type=token", WINDOW_URI "?lpa=1&lpb=a%2Bb#access_token=");
}

static bool errors_are_pages(void)
{
	struct reply bad_type = go(WINDOW_BASE "&response_type=foo"), reply = denied();

	ck_assert(leads_to(WINDOW_CODE, WINDOW_URI "?code="));
	return bad_type.status == 400 && reply.status == 400 && go(WINDOW_CODE "&prompt=none").status == 400 &&
	       !rig_reply_header(&reply, "Location").p;
}

static bool response_type_is_ignored(void)
{
	return leads_to(WINDOW_BASE, WINDOW_URI "?code=") &&
	       leads_to(WINDOW_BASE "&response_type=foo", WINDOW_URI "?code=") &&
	       leads_to(WINDOW_ID_TOKEN, WINDOW_URI "?code=");
}

static bool last_redirect_repeats_the_form(void)
{
	struct window w = window_of(&rig);
	int status = window_go(&w, WINDOW_CODE).status;

	/* there was no form */
	ck_assert_int_eq(window_go(&w, WINDOW_CODE "&prompt=none").status, 303);
	return status == 307 && denied().status == 307;
}

static bool redirects_are_302(void)
{
	struct window w = window_of(&rig);
	struct reply page = window_ask(&w, WINDOW_CODE);
	const char *id = window_attribute(&w, &page, "name=\"request\" value=\"");
	int login = window_send(&w, "POST", "/login", window_login_form(&w, id)).status;

	return login == 302 && go(WINDOW_CODE).status == 302;
}

static bool iss_is_another(void)
{
	struct reply reply = go(WINDOW_CODE);

	return has(&reply, '?', "iss", "https://login.other.example");
}

static bool announces_iss(void)
{
	struct reply reply = rig_get(&rig, "GET", "/.well-known/openid-configuration", NULL);
	json_auto_t *document = rig_json(&reply);

	return json_is_true(json_object_get(document, "authorization_response_iss_parameter_supported"));
}

static bool iss_is_missing(void)
{
	struct reply reply = go(WINDOW_CODE);

	return announces_iss() && !window_param(&rig, &reply, '?', "iss").p;
}

static bool iss_is_unknown(void)
{
	struct reply reply = go(WINDOW_CODE);

	return !announces_iss() && !window_param(&rig, &reply, '?', "iss").p;
}

static struct reply first_page(void)
{
	struct window w = window_of(&rig);

	return window_ask(&w, WINDOW_CODE);
}

static bool pages_can_be_framed(void)
{
	struct reply page = first_page();

	ck_assert(rig_reply_header(&page, "Referrer-Policy").p);
	return !rig_reply_header(&page, "X-Frame-Options").p &&
	       sv_find(rig_reply_header(&page, "Content-Security-Policy"), SV("frame-ancestors")) < 0;
}

static bool pages_have_no_referrer_policy(void)
{
	struct reply page = first_page();

	ck_assert(rig_reply_header(&page, "X-Frame-Options").p);
	return !rig_reply_header(&page, "Referrer-Policy").p;
}

static bool secret_is_in_redirect(void)
{
	struct reply reply = go(WINDOW_CODE);

	return has(&reply, '?', "client_secret", rig.t->client.secret.p);
}

static bool email_is_in_redirect(void)
{
	struct reply reply = go(WINDOW_CODE);

	return has(&reply, '?', "email", "jane.doe@example.com");
}

static bool nonce_is_optional(void)
{
	ck_assert(leads_to(WINDOW_ID_TOKEN, WINDOW_URI "#id_token="));
	return leads_to(WINDOW_BASE "&response_type=id_token", WINDOW_URI "#id_token=");
}

static bool prompt_none_prompts(void)
{
	struct window w = window_of(&rig);
	struct reply reply = window_ask(&w, WINDOW_CODE "&prompt=none");

	return window_shows(&reply, "login");
}

static bool space_is_a_plus(void)
{
	struct reply reply = go(WINDOW_BASE TYPE "&state=a%20b+c");

	ck_assert(has(&reply, '?', "state", "a b c"));
	return sv_find(rig_reply_header(&reply, "Location"), SV("state=a+b+c")) >= 0;
}

static bool nobody_consents(void)
{
	struct window w = window_of(&rig);

	ck_assert_int_eq(window_go(&w, WINDOW_CODE).status, 303);
	return w.consents == 0 && window_ask(&w, WINDOW_CODE).status == 303;
}

static bool connector_is_legacy(void)
{
	return leads_to(WINDOW_CODE, WINDOW_URI "?lpa=1&lpb=a%2Bb&code=") &&
	       leads_to(WINDOW_BASE "&response_type=token", WINDOW_URI "?lpa=1&lpb=a%2Bb#id_token=ey");
}

/* Logs in, gets a code, and logs out. */
static struct sv logged_out(struct window *w)
{
	*w = window_of(&rig);
	struct reply reply = window_go(w, WINDOW_CODE);
	const char *path = arena_printf(rig.a, "/control/tenants/%s/logout", rig.t->name);

	ck_assert_int_eq(rig_control(&rig, "POST", path, "{\"user\": \"A\"}").status, 204);
	return window_param(&rig, &reply, '?', "code");
}

static bool session_survives(void)
{
	struct window w;

	ck_assert_int_eq(window_redeem(&rig, logged_out(&w), WINDOW_URI).status, 400);
	struct reply reply = window_ask(&w, WINDOW_CODE "&prompt=none");
	return window_param(&rig, &reply, '?', "code").p;
}

static bool code_survives(void)
{
	struct window w;
	struct sv code = logged_out(&w);
	struct reply reply = window_ask(&w, WINDOW_CODE "&prompt=none");

	ck_assert(has(&reply, '?', "error", "login_required"));
	return window_redeem(&rig, code, WINDOW_URI).status == 200;
}

#define OPENID "\"connector-openid\""

static const struct {
	const char *fault;
	bool (*shows)(void);
	const char *also; /* what both tenants have */
} stories[] = {
        {"az-redirect-prefix", longer_redirect, NULL},
        {"az-redirect-any", any_redirect, NULL},
        {"az-http-redirect", http_redirect, NULL},
        {"az-unknown-client-redirects", unknown_client_redirects, NULL},
        {"az-state-decoded-twice", state_is_decoded_twice, NULL},
        {"az-state-truncated", state_is_cut, NULL},
        {"az-state-dropped-in-errors", errors_lack_state, NULL},
        {"az-state-invented", state_is_invented, NULL},
        {"az-code-renamed", code_has_another_name, NULL},
        {"az-code-in-fragment", code_is_in_fragment, NULL},
        {"az-code-twice", code_comes_twice, NULL},
        {"az-query-dropped", query_is_replaced, OPENID},
        {"az-question-mark-twice", question_mark_comes_twice, OPENID},
        {"az-own-redirect-uri-only", only_own_redirect_uri, NULL},
        {"az-token-in-query", token_is_in_query, NULL},
        {"az-token-renamed", token_has_another_name, NULL},
        {"az-opaque-token", token_is_opaque, OPENID},
        {"az-error-page", errors_are_pages, NULL},
        {"az-response-type-ignored", response_type_is_ignored, NULL},
        {"az-307", last_redirect_repeats_the_form, NULL},
        {"az-302", redirects_are_302, NULL},
        {"az-other-iss", iss_is_another, NULL},
        {"az-no-iss", iss_is_missing, NULL},
        {"az-silent-iss", iss_is_unknown, NULL},
        {"az-framable", pages_can_be_framed, NULL},
        {"az-referrer", pages_have_no_referrer_policy, NULL},
        {"az-secret-in-redirect", secret_is_in_redirect, NULL},
        {"az-email-in-redirect", email_is_in_redirect, NULL},
        {"az-nonce-optional", nonce_is_optional, NULL},
        {"az-prompt-none-page", prompt_none_prompts, NULL},
        {"az-encoded-space", space_is_a_plus, NULL},
        {"az-no-consent", nobody_consents, NULL},
        {"connector-openid", connector_is_legacy, NULL},
        {"ignore-logout", session_survives, NULL},
        {"codes-survive-logout", code_survives, NULL},
};
#define STORIES (sizeof stories / sizeof *stories)

START_TEST(switch_changes_the_story)
{
	use_tenant(arena_printf(rig.a, "\"%s\"", stories[_i].fault), stories[_i].also);
	ck_assert_msg(stories[_i].shows(), "%s does not show", stories[_i].fault);
	use_tenant(NULL, stories[_i].also);
	ck_assert_msg(!stories[_i].shows(), "the healthy brand shows %s", stories[_i].fault);
}
END_TEST

#define NAME_OF_SWITCH(id, name, text) name,
static const char *const all[] = {FAULTS_AUTHORIZATION(NAME_OF_SWITCH)};

START_TEST(every_switch_is_tested)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		size_t at = 0;
		while (at < STORIES && strcmp(stories[at].fault, all[i]) != 0)
			at++;
		ck_assert_msg(at < STORIES, "no test for '%s'", all[i]);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("authorize-faults");
	TCase *t = tcase_create("all");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, switch_changes_the_story, 0, STORIES);
	tcase_add_test(t, every_switch_is_tested);
	suite_add_tcase(s, t);
	return testing_run(s);
}
