#include "loading.h"
#include "suite/load.h"

/* What good/flows/flows.yaml, which has every kind of step, becomes. */

static struct arena *a;
static struct diags d;
static struct suite suite;
static const struct scenario *sc;

static void load(void)
{
	a = arena_new();
	d = (struct diags){0};
	loading_suite(a, loading_path(a, "good/flows/flows.yaml"), &d, &suite);
	ck_assert_str_eq(loading_rendered(a, &d, ""), "");
	ck_assert_uint_eq(suite.n, 1);
	sc = &suite.scenarios[0];
}

static void unload(void)
{
	suite_release(&suite);
	diags_release(&d);
	arena_free(a);
}

START_TEST(kinds_and_order)
{
	static const struct {
		const char *kind, *spec;
		bool follows;
	} rows[] = {
	        {"authorize", "{\"authorize\":{}}", false},
	        {"redeem",
	         "{\"basic_encoding\":\"raw\",\"code\":\"{one}\",\"form\":{\"set\":{\"redirect_uri\":\"{window_uri}\"}}"
	         ",\"http\":\"2\"}",
	         true},
	        {"userinfo", "{\"userinfo\":{\"access_token\":\"{token}\",\"method\":\"POST\"}}", true},
	        {"logout", "{\"logout\":{}}", true},
	        {"authorize", "{\"authorize\":{\"session\":\"kept\",\"set\":{\"prompt\":\"none\"}}}", true},
	        {"userinfo", "{\"userinfo\":{}}", false},
	        {"authorize", NULL, false},
	        {"authorize", "{\"authorize\":{\"response_type\":\"token\",\"session\":\"deny\"}}", false},
	        {"authorize", "{\"authorize\":{\"consumer\":\"second\",\"response_type\":\"code\"}}", false},
	        {"token", "{\"token\":{}}", false},
	        {"token", "{\"token\":{\"consumer\":\"second\"}}", false},
	        {"fetch", "{\"fetch\":\"discovery\"}", false},
	        {"fetch", "{\"fetch\":\"jwks\"}", false},
	        {"handshake", "{\"handshake\":{}}", false},
	        {"handshake", "{\"handshake\":{\"version\":\"1.1\"}}", false},
	        {"handshake", "{\"handshake\":{\"ciphers\":\"weak\",\"version\":\"1.2\"}}", false},
	        {"redeem", NULL, false},
	        {"logout", "{\"logout\":{\"consumer\":\"second\"}}", true},
	        /* … and what comes after a logout, too. */
	        {"redeem", "{\"code\":\"none\",\"http\":\"any\",\"scheme\":\"target\"}", true},
	};

	ck_assert_uint_eq(sc->nsteps, sizeof rows / sizeof *rows);
	for (size_t i = 0; i < sc->nsteps; i++) {
		const struct step *step = &sc->steps[i];
		ck_assert_str_eq(step_kind_text(step->kind), rows[i].kind);
		ck_assert_msg(step->follows == rows[i].follows, "step %zu: %d", i, step->follows);
		if (rows[i].spec)
			ck_assert_str_eq(step->spec, rows[i].spec);
		ck_assert_uint_eq(step->nexpects, i == 6 ? 2 : 1);
	}
}
END_TEST

static void assert_fields(const struct fields *f, const char *want)
{
	char *have = arena_text(a, "");

	for (size_t i = 0; i < f->n; i++)
		have = arena_printf(a, "%s%s=%s;", have, f->v[i].name, f->v[i].value);
	ck_assert_str_eq(have, want);
}

START_TEST(authorization_requests)
{
	const struct authorize *plain = &sc->steps[0].authorize, *kept = &sc->steps[4].authorize,
	                       *full = &sc->steps[6].authorize, *deny = &sc->steps[7].authorize,
	                       *second = &sc->steps[8].authorize;

	ck_assert(plain->ordinary && !plain->response_type && plain->session == SESSION_LOGIN);
	ck_assert(!plain->second_consumer && !plain->set.n && !plain->add.n && !plain->remove);
	ck_assert(!kept->ordinary && kept->session == SESSION_KEPT);
	assert_fields(&kept->set, "prompt=none;");
	ck_assert(!full->ordinary && full->session == SESSION_NONE);
	ck_assert_str_eq(full->response_type, "id_token");
	assert_fields(&full->set, "state={state|repeat:40}&=%+;redirect_uri={window_uri}/x;");
	assert_fields(&full->add, "nonce={nonce};nonce=b;resource={authorization_endpoint};");
	ck_assert_str_eq(full->remove[0], "scope");
	ck_assert_ptr_null(full->remove[1]);
	ck_assert(!deny->ordinary && deny->session == SESSION_DENY);
	ck_assert_str_eq(deny->response_type, "token");
	ck_assert(!second->ordinary && second->second_consumer);
	ck_assert_ptr_null(second->response_type);
}
END_TEST

START_TEST(the_others)
{
	static const struct {
		const char *name, *what;
		enum save_from from;
	} saves[] = {
	        {"one", NULL, SAVE_CODE},           {"uri", NULL, SAVE_REDIRECT_URI}, {"said", "state", SAVE_REDIRECT},
	        {"place", "Location", SAVE_HEADER}, {"page", "/x", SAVE_BODY},
	};
	const struct step *v = sc->steps;

	ck_assert_uint_eq(v[0].nsaves, sizeof saves / sizeof *saves);
	for (size_t i = 0; i < v[0].nsaves; i++) {
		ck_assert_str_eq(v[0].saves[i].name, saves[i].name);
		ck_assert_int_eq(v[0].saves[i].from, saves[i].from);
		ck_assert_pstr_eq(v[0].saves[i].what, saves[i].what);
	}
	ck_assert_int_eq(v[1].redeem.http, SEND_HTTP_2);
	ck_assert_int_eq(v[1].redeem.basic_encoding, SEND_BASIC_RAW);
	ck_assert(!v[1].redeem.plain_http);
	ck_assert_str_eq(v[2].userinfo.access_token, "{token}");
	ck_assert_int_eq(v[2].userinfo.method, USERINFO_POST);
	ck_assert_ptr_null(v[5].userinfo.access_token);
	ck_assert_int_eq(v[5].userinfo.method, USERINFO_GET);
	ck_assert(!v[3].second_consumer && v[17].second_consumer);
	ck_assert(!v[9].second_consumer && v[10].second_consumer);
	ck_assert_int_eq(v[11].fetch, FETCHED_DISCOVERY);
	ck_assert_int_eq(v[12].fetch, FETCHED_JWKS);
	ck_assert(v[13].handshake.version == HANDSHAKE_ANY && !v[13].handshake.weak_ciphers);
	ck_assert(v[14].handshake.version == HANDSHAKE_TLS_1_1 && !v[14].handshake.weak_ciphers);
	ck_assert(v[15].handshake.version == HANDSHAKE_TLS_1_2 && v[15].handshake.weak_ciphers);
	ck_assert(v[16].redeem.plain_http && v[16].redeem.code == CODE_UNKNOWN);
	ck_assert_int_eq(v[16].redeem.http, SEND_HTTP_1_1);
	ck_assert(!v[18].redeem.plain_http);
	ck_assert_int_eq(v[18].redeem.http, SEND_HTTP_ANY);
	ck_assert_int_eq(v[18].redeem.basic_encoding, SEND_BASIC_TARGET);
}
END_TEST

START_TEST(redirect_matcher)
{
	const struct expect *e = &sc->steps[6].expects[0];

	ck_assert_int_eq(e->subject, MATCH_REDIRECT);
	ck_assert_str_eq(e->what, "error");
	ck_assert(e->optional);
	ck_assert_uint_eq(e->ntests, 1);
	ck_assert_int_eq(e->tests[0].op, OP_ONE_OF);
}
END_TEST

/* Which authorization requests may share one exchange. */
static const struct {
	const char *authorize;
	bool ordinary;
} requests[] = {
        {"{}", true},
        {"{response_type: code}", true},
        {"{response_type: token}", true},
        {"{session: login, consumer: first, set: {}, add: {}, remove: []}", true},
        {"{session: deny}", false},
        {"{session: none}", false},
        {"{consumer: second}", false},
        {"{set: {a: b}}", false},
        {"{add: {a: b}}", false},
        {"{remove: [a]}", false},
};

START_TEST(ordinary)
{
	a = arena_new();
	d = (struct diags){0};
	const struct suite_options o = {0};
	const struct catalogue none = {0};
	const struct judging judging = {.catalogue = &none};
	struct source s = {.a = a, .d = &d, .path = "input.yaml"};
	struct scenario read = {.suite = "x"};
	char *text = arena_printf(a,
	                          "scenario: input\ntitle: A\nwhy: B\nneeds: [authorization, authorization.login, "
	                          "authorization.deny, authorization.second_login, authorization.token]\nsteps:\n"
	                          "  - authorize: %s\n    expect: [{check: a.b}]\n",
	                          requests[_i].authorize);

	ck_assert(source_open(&s, sv_of(text)));
	scenario_read(&s, &o, &judging, &read);
	ck_assert_str_eq(loading_rendered(a, &d, ""), "");
	ck_assert_msg(read.steps[0].authorize.ordinary == requests[_i].ordinary, "%s: %d", requests[_i].authorize,
	              read.steps[0].authorize.ordinary);
	scenario_release(&read);
	diags_release(&d);
	arena_free(a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("flows");
	TCase *good = tcase_create("good");

	tcase_add_checked_fixture(good, load, unload);
	tcase_add_test(good, kinds_and_order);
	tcase_add_test(good, authorization_requests);
	tcase_add_test(good, the_others);
	tcase_add_test(good, redirect_matcher);
	suite_add_tcase(s, good);
	TCase *sharing = tcase_create("sharing");
	tcase_add_loop_test(sharing, ordinary, 0, sizeof requests / sizeof *requests);
	suite_add_tcase(s, sharing);
	return testing_run(s);
}
