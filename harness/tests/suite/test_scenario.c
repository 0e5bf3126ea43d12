#include "loading.h"
#include "suite/load.h"

/* What good/input.yaml, which uses all of the language, becomes. */

static struct arena *a;
static struct diags d;
static struct suite suite;
static const struct scenario *sc;

static void load(void)
{
	a = arena_new();
	loading_suite(a, loading_path(a, "good/input.yaml"), &d, &suite);
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

START_TEST(head)
{
	ck_assert_str_eq(sc->suite, "good");
	ck_assert_str_eq(sc->id, "input");
	ck_assert_str_eq(sc->title, "A scenario that uses all of the language");
	ck_assert_str_eq(sc->why, "What can be written can be read: \"all\" of it.");
	ck_assert_str_eq(sc->tags[0], "smoke");
	ck_assert_str_eq(sc->tags[1], "two-words");
	ck_assert_ptr_null(sc->tags[2]);
	ck_assert_str_eq(sc->needs[1], "keys.public_key");
	ck_assert_ptr_null(sc->needs[2]);
	assert_contains(sc->at.path, "good/input.yaml");
	ck_assert_uint_eq(sc->at.line, 2);
	ck_assert_uint_eq(sc->nsteps, 3);
	ck_assert_uint_eq(sc->ncontrols, 3);
}
END_TEST

START_TEST(ordinary_step)
{
	const struct step *step = &sc->steps[0];
	static const struct {
		const char *name, *what;
		enum save_from from;
	} saves[] = {
	        {"first", NULL, SAVE_CODE},
	        {"uri", NULL, SAVE_REDIRECT_URI},
	        {"token", "/access_token", SAVE_BODY},
	        {"type", "Content-Type", SAVE_HEADER},
	};

	ck_assert(step->redeem.ordinary);
	ck_assert_str_eq(step->spec, "{}");
	ck_assert_int_eq(step->wait_ms, 0);
	ck_assert_uint_eq(step->nsaves, 4);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_str_eq(step->saves[i].name, saves[i].name);
		ck_assert_int_eq(step->saves[i].from, saves[i].from);
		ck_assert_pstr_eq(step->saves[i].what, saves[i].what);
	}
	ck_assert_uint_eq(step->nexpects, 1);
	ck_assert(step->expects[0].check);
	ck_assert_str_eq(step->expects[0].requirement->id, "token.status-200");
	ck_assert_uint_eq(step->expects[0].at.line, 15);
	ck_assert_uint_eq(step->expects[0].at.column, 16);
}
END_TEST

static void assert_fields(const struct fields *f, const char *want)
{
	char *have = arena_text(a, "");

	for (size_t i = 0; i < f->n; i++)
		have = arena_printf(a, "%s%s=%s;", have, f->v[i].name, f->v[i].value);
	ck_assert_str_eq(have, want);
}

START_TEST(changed_step)
{
	const struct step *step = &sc->steps[1];
	const struct redeem *r = &step->redeem;

	ck_assert(!r->ordinary);
	ck_assert_int_eq(r->code, CODE_TEXT);
	ck_assert_str_eq(r->code_text, "{first}");
	ck_assert_int_eq(r->authentication, SEND_AUTH_POST);
	ck_assert_str_eq(r->client_id, "{client_id}-{{x}");
	ck_assert_str_eq(r->client_secret, "");
	assert_fields(&r->form_set, "redirect_uri={uri};empty=;");
	assert_fields(&r->form_add, "code={first};code=b;scope=openid;");
	ck_assert_str_eq(r->form_remove[0], "grant_type");
	ck_assert_ptr_null(r->form_remove[1]);
	assert_fields(&r->query, "a=b;c=d;c=e;");
	assert_fields(&r->header_set, "X-Token=Bearer {token};");
	ck_assert_str_eq(r->header_remove[0], "Accept");
	ck_assert_str_eq(r->method, "PUT");
	ck_assert_str_eq(r->content_type, "");
	ck_assert_ptr_null(r->body);
	ck_assert_int_eq(step->wait_ms, 1500);
	ck_assert_str_eq(step->spec,
	                 "{\"authentication\":\"client_secret_post\",\"client_id\":\"{client_id}-{{x}\","
	                 "\"client_secret\":\"\",\"code\":\"{first}\",\"content_type\":\"\",\"form\":{\"add\":"
	                 "{\"code\":[\"{first}\",\"b\"],\"scope\":\"openid\"},\"remove\":[\"grant_type\"],"
	                 "\"set\":{\"empty\":\"\",\"redirect_uri\":\"{uri}\"}},\"headers\":{\"remove\":"
	                 "[\"Accept\"],\"set\":{\"X-Token\":\"Bearer {token}\"}},\"method\":\"PUT\",\"query\":"
	                 "{\"a\":\"b\",\"c\":[\"d\",\"e\"]}}");
	ck_assert_int_eq(sc->steps[2].redeem.code, CODE_EXPIRED);
	ck_assert_str_eq(sc->steps[2].redeem.body, "code={code}");
	ck_assert(!sc->steps[2].redeem.ordinary);
}
END_TEST

static void assert_tests(const struct expect *e, const char *want)
{
	char *have = arena_text(a, "");

	for (size_t i = 0; i < e->ntests; i++) {
		char *operand = json_dumps(e->tests[i].operand, JSON_COMPACT | JSON_ENCODE_ANY);
		have = arena_printf(a, "%s%s %s;", have, match_operator_text(e->tests[i].op), operand);
		free(operand);
	}
	ck_assert_str_eq(have, want);
}

START_TEST(matchers)
{
	const struct expect *e = sc->steps[1].expects;

	ck_assert_uint_eq(sc->steps[1].nexpects, 2);
	ck_assert(!e[0].check);
	ck_assert_str_eq(match_subject_text(e[0].subject), "body");
	ck_assert_str_eq(e[0].what, "/expires_in");
	ck_assert(e[0].optional);
	ck_assert_str_eq(e[0].violates, "text");
	assert_tests(&e[0], "type \"integer\";min 1;max 1000.0;");
	ck_assert_int_eq(e[1].subject, MATCH_CLAIM);
	ck_assert_str_eq(e[1].what, "sub");
	ck_assert(!e[1].optional);
	ck_assert_ptr_null(e[1].violates);
	assert_tests(&e[1], "equals \"{client_id}\";one_of [1,\"1\",null,true,[\"a\"],{\"b\":2.5}];"
	                    "matches \"[a-z]{{3}[{{]\";contains \"{issuer}\";");
	ck_assert_int_eq(sc->steps[2].expects[0].subject, MATCH_DENIED);
	ck_assert_uint_eq(sc->steps[2].expects[0].ntests, 0);
	ck_assert_ptr_null(sc->steps[2].expects[0].what);
}
END_TEST

START_TEST(controls)
{
	static const char *const faults[] = {
	        "[\"accept-expired-code\",{\"sign\":\"none\"},{\"jwks\":\"empty\"}]",
	        "[{\"response\":{\"pretty\":true,\"status\":201}}]",
	        "[\"accept-expired-code\"]",
	};

	for (size_t i = 0; i < 3; i++) {
		char *text = json_dumps(sc->controls[i].faults, JSON_COMPACT);
		ck_assert_str_eq(text, faults[i]);
		free(text);
	}
	ck_assert_str_eq(sc->controls[0].name, "unsigned");
	ck_assert(!sc->controls[0].permit);
	ck_assert_int_eq(sc->controls[0].profile, PROFILE_GOOGLE);
	ck_assert_str_eq(sc->controls[0].catches[0], "idtoken.sub.valid");
	ck_assert_str_eq(sc->controls[0].warns[0], "token.expires-in");
	ck_assert(sc->controls[1].permit);
	ck_assert_int_eq(sc->controls[1].profile, PROFILE_LIVEPERSON);
	ck_assert_ptr_null(sc->controls[1].catches[0]);
	ck_assert_ptr_null(sc->controls[1].warns[0]);
	ck_assert_ptr_null(sc->controls[2].warns[0]);
}
END_TEST

START_TEST(files_for_the_digest)
{
	ck_assert_uint_eq(suite.nfiles, 2);
	ck_assert_str_eq(suite.files[0].name, "input.yaml");
	ck_assert_str_eq(suite.files[1].name, "requirements.yaml");
	assert_sv_eq(suite.files[0].text, sv_of(testing_read(a, loading_path(a, "good/input.yaml"))));
}
END_TEST

/* What may share the one exchange that costs one code. */
static const struct {
	const char *redeem;
	bool ordinary;
} redeems[] = {
        {"{}", true},
        {"{code: valid, authentication: target}", true},
        {"{form: {}, headers: {remove: []}, query: {}}", true},
        {"{http: any, scheme: target}", true},
        {"{http: \"1.1\"}", false},
        {"{http: \"2\"}", false},
        {"{consumer: first, client: target, pkce: target}", true},
        {"{code: none}", false},
        {"{consumer: second}", false},
        {"{client: encoded}", false},
        {"{pkce: S256}", false},
        {"{pkce: none}", false},
        {"{verifier_length: 43}", false},
        {"{times: 2, at: once}", false},
        {"{authentication: none}", false},
        {"{client_id: x}", false},
        {"{client_secret: \"\"}", false},
        {"{form: {set: {a: b}}}", false},
        {"{form: {add: {a: b}}}", false},
        {"{form: {remove: [a]}}", false},
        {"{query: {a: b}}", false},
        {"{headers: {set: {a: b}}}", false},
        {"{headers: {add: {a: b}}}", false},
        {"{headers: {remove: [a]}}", false},
        {"{method: POST}", false},
        {"{content_type: \"\"}", false},
        {"{body: \"\"}", false},
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
	char *text =
	        arena_printf(a,
	                     "scenario: input\ntitle: A\nwhy: B\nneeds: [codes.second_consumer, encoded_client, pkce, "
	                     "pkce.without]\nsteps:\n  - redeem: %s\n    expect: [{check: a.b}]\n",
	                     redeems[_i].redeem);

	ck_assert(source_open(&s, sv_of(text)));
	scenario_read(&s, &o, &judging, &read);
	ck_assert_str_eq(loading_rendered(a, &d, ""), "");
	ck_assert_msg(read.steps[0].redeem.ordinary == redeems[_i].ordinary, "%s: %d", redeems[_i].redeem,
	              read.steps[0].redeem.ordinary);
	scenario_release(&read);
	diags_release(&d);
	arena_free(a);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("scenario");
	TCase *good = tcase_create("good");

	tcase_add_checked_fixture(good, load, unload);
	tcase_add_test(good, head);
	tcase_add_test(good, ordinary_step);
	tcase_add_test(good, changed_step);
	tcase_add_test(good, matchers);
	tcase_add_test(good, controls);
	tcase_add_test(good, files_for_the_digest);
	suite_add_tcase(s, good);
	TCase *sharing = tcase_create("sharing");
	tcase_add_loop_test(sharing, ordinary, 0, sizeof redeems / sizeof *redeems);
	suite_add_tcase(s, sharing);
	return testing_run(s);
}
