/* Matchers: subjects, operators, templates in operands. */
#include <string.h>

#include "sample.h"

/* One matcher and what it has to say. `test` is {'operator': operand}, with ' for ". */
struct row {
	const char *requirement;
	enum match_subject subject;
	const char *what, *test, *edits;
	enum finding_kind kind;
	const char *says; /* words of observed or reason; of a skip the owner, when it has one */
	const char *more; /* words of expected, or of the fix */
};

#define PRAGMA "token.pragma", MATCH_HEADER, "Pragma", "{'contains':'no-cache'}"
#define TYPE "token.token-type", MATCH_BODY, "/token_type", "{'equals_ignoring_case':'Bearer'}"
#define AUD "idtoken.aud.contains-client", MATCH_CLAIM, "aud", "{'contains':'{client_id}'}"
#define PASS FINDING_PASS
#define FAIL FINDING_VIOLATED
#define SKIP FINDING_SKIP

static const struct row suite_rows[] = {
        {PRAGMA, NULL, PASS, "no-cache", NULL},
        {PRAGMA, "{'head':{'Pragma':'x=1, No-Cache'}}", PASS, NULL, NULL},
        {PRAGMA, "{'head':{'Pragma':['x','NO-CACHE']}}", PASS, NULL, NULL},
        {PRAGMA, "{'head':{'Pragma':'x-no-cache'}}", FAIL, "x-no-cache", "header Pragma that contains"},
        {PRAGMA, "{'head':{'Pragma':'x=\\\"no-cache\\\"'}}", FAIL, NULL, NULL},
        {PRAGMA, "{'head':{'Pragma':null}}", FAIL, "not there", NULL},
        {PRAGMA, "{'refused':true}", SKIP, "token.status-200", NULL},

        {TYPE, NULL, PASS, "Bearer", NULL},
        {TYPE, "{'body':{'token_type':'bEARER'}}", PASS, NULL, NULL},
        {TYPE, "{'body':{'token_type':'JWT'}}", FAIL, "JWT", "in any letter case"},
        {TYPE, "{'body':{'token_type':null}}", FAIL, "null", NULL},
        {TYPE, "{'body':{'token_type':['Bearer']}}", FAIL, "array", NULL},
        {TYPE, "{'body':{'token_type':'Bearer\\u0000'}}", FAIL, "\\0", NULL},
        {TYPE, "{'body_remove':['token_type']}", FAIL, "not there", NULL},
        {TYPE, "{'raw_body':'{\\\"data\\\":{body}}'}", SKIP, "token.top-level", NULL},
        {TYPE, "{'raw_body':'x'}", SKIP, "token.json-object", NULL},
        {TYPE, "{'refused':true}", SKIP, "token.status-200", NULL},

        {AUD, NULL, PASS, NULL, NULL},
        {AUD, "{'set':{'aud':['x','lp-client']}}", PASS, NULL, NULL},
        {AUD, "{'set':{'aud':'lp-client-2'}}", FAIL, "[\"lp-client-2\"]", "that contains \"lp-client\""},
        {AUD, "{'set':{'aud':'x lp-client'}}", FAIL, NULL, NULL},
        {AUD, "{'set':{'aud':'LP-Client'}}", FAIL, NULL, "letter case"},
        {AUD, "{'set':{'aud':['lp-client ']}}", FAIL, NULL, "blanks"},
        {AUD, "{'set':{'aud':'lp-client\\u0000'}}", FAIL, NULL, NULL},
        {AUD, "{'remove':['aud']}", SKIP, "idtoken.aud.present", NULL},
        {AUD, "{'set':{'aud':['lp-client',1]}}", SKIP, "idtoken.aud.present", NULL},
        {AUD, "{'set':{'aud':1}}", SKIP, "idtoken.aud.present", NULL},
        {AUD, "{'raw_payload':'x'}", SKIP, "jose.payload-json", NULL},
        {AUD, "{'run':{'client_id':null}}", SKIP, NULL, NULL},
};

#define REDIRECT(name, test) "az.x", MATCH_REDIRECT, name, test
#define BODY(test) "token.x", MATCH_BODY, "/x", test
static const struct row operator_rows[] = {
        {"err.x", MATCH_STATUS, NULL, "{'equals':400}", "{'refused':true}", PASS, "400", NULL},
        {"err.x", MATCH_STATUS, NULL, "{'one_of':[400,401]}", "{'refused':true,'status':401}", PASS, NULL, NULL},
        {"err.x", MATCH_STATUS, NULL, "{'one_of':[400,401]}", NULL, FAIL, "200", "one of [400,401]"},
        {"err.x", MATCH_STATUS, NULL, "{'min':400,'max':499}", "{'refused':true,'status':500}", FAIL, "500",
         "499 or less"},
        {"err.x", MATCH_BODY, "/error", "{'equals':'invalid_grant'}", "{'refused':true}", PASS, NULL, NULL},
        {"err.x", MATCH_BODY, "/error", "{'equals':'invalid_grant'}", "{'refused':true,'raw_body':'x'}", SKIP,
         "err.json-shape", NULL},
        {"err.x", MATCH_BODY, "/error", "{'equals':'x'}", "{'refused':true,'status':500,'raw_body':'x'}", SKIP,
         "err.never-5xx", NULL},
        {"err.x", MATCH_BODY, "/a/1/b~1c~0", "{'equals':2}", "{'refused':true,'body':{'a':[0,{'b/c~':2}]}}", PASS, NULL,
         NULL},
        {"err.x", MATCH_BODY, "/a/x", "{'present':false}", "{'refused':true,'body':{'a':[0]}}", PASS, NULL, NULL},
        {"err.x", MATCH_BODY, "", "{'type':'object'}", "{'refused':true}", PASS, NULL, NULL},
        {"err.x", MATCH_MEDIA_TYPE, NULL, "{'equals':'application/json'}",
         "{'head':{'Content-Type':'Application/JSON;a=b'}}", PASS, NULL, NULL},
        {"err.x", MATCH_MEDIA_TYPE, NULL, "{'equals':'application/json'}", "{'head':{'Content-Type':null}}", FAIL,
         "not there", NULL},
        {"err.x", MATCH_ELAPSED, NULL, "{'max':1}", NULL, PASS, NULL, NULL},
        {"err.x", MATCH_ELAPSED, NULL, "{'max':0.05}", NULL, FAIL, "0.1", "0.05 or less"},
        {"err.x", MATCH_HEADER, "Age", "{'equals':60}", "{'head':{'Age':'60'}}", PASS, NULL, NULL},
        {"err.x", MATCH_HEADER, "Age", "{'max':30}", "{'head':{'Age':'60'}}", FAIL, "60", NULL},
        {"err.x", MATCH_HEADER, "WWW-Authenticate", "{'contains':'realm='}",
         "{'head':{'WWW-Authenticate':'Basic realm=\\\"x\\\"'}}", PASS, NULL, NULL},
        {"err.x", MATCH_HEADER, "WWW-Authenticate", "{'contains':'basic'}",
         "{'head':{'WWW-Authenticate':'Basic realm=\\\"x\\\"'}}", PASS, NULL, NULL},
        {"jose.x", MATCH_JOSE_HEADER, "kid", "{'equals':'k1'}", NULL, PASS, NULL, NULL},
        {"jose.x", MATCH_JOSE_HEADER, "kid", "{'equals':'k1'}", "{'raw_header':'x'}", SKIP, "jose.header-json", NULL},
        {"idtoken.x", MATCH_CLAIM, "sub", "{'equals':'7b2c1f60-4f6e-4f0c-9e38-0d3c8c5a9f11'}", NULL, PASS, NULL, NULL},
        {"idtoken.x", MATCH_CLAIM, "iss", "{'equals':'{issuer}'}", NULL, PASS, NULL, NULL},
        {"idtoken.x", MATCH_CLAIM, "iss", "{'equals':'{userinfo_endpoint}'}", NULL, SKIP, NULL, NULL},
        {"idtoken.x", MATCH_CLAIM, "c", "{'one_of':['a','{code}']}", "{'set':{'c':'SplxlOBeZQQYbYS6WxSbIA+a/b='}}",
         PASS, NULL, NULL},
        {REDIRECT("state", "{'equals':'" SAMPLE_STATE "'}"), "{'kind':'authorize'}", PASS, NULL, NULL},
        {REDIRECT("iss", "{'equals':'{issuer}'}"), "{'kind':'authorize'}", PASS, NULL, NULL},
        {REDIRECT("x", "{'equals':'a b'}"), "{'kind':'authorize','location':'https://w.example/#x=a+b'}", PASS, NULL,
         NULL},
        {REDIRECT("error", "{'present':false}"), "{'kind':'authorize'}", PASS, NULL, NULL},
        {REDIRECT("error", "{'equals':'x'}"), "{'kind':'authorize'}", FAIL, "not there", "redirect error"},
        {REDIRECT("code", "{'present':true}"), "{'kind':'authorize','location':'','status':400}", FAIL, "not there",
         NULL},
        {BODY("{'equals':1}"), "{'body':{'x':1.0}}", PASS, NULL, NULL},
        {BODY("{'equals':1}"), "{'body':{'x':'1'}}", FAIL, "\"1\"", NULL},
        {BODY("{'equals':null}"), "{'body':{'x':null}}", PASS, NULL, NULL},
        {BODY("{'equals':true}"), "{'body':{'x':1}}", FAIL, NULL, NULL},
        {BODY("{'equals':'a\\u0062'}"), "{'body':{'x':'ab'}}", PASS, NULL, NULL},
        {BODY("{'type':'string'}"), "{'body':{'x':1}}", FAIL, "1", "of type string"},
        {BODY("{'type':'number'}"), "{'body':{'x':1.5}}", PASS, NULL, NULL},
        {BODY("{'type':'integer'}"), "{'body':{'x':1.5}}", FAIL, NULL, NULL},
        {BODY("{'type':'boolean'}"), "{'body':{'x':false}}", PASS, NULL, NULL},
        {BODY("{'type':'null'}"), "{'body':{'x':null}}", PASS, NULL, NULL},
        {BODY("{'type':'array'}"), "{'body':{'x':{}}}", FAIL, NULL, NULL},
        {BODY("{'matches':'[a-z]{2,3}'}"), "{'body':{'x':'abc'}}", PASS, NULL, NULL},
        {BODY("{'matches':'[a-z]{2,3}'}"), "{'body':{'x':'abcd'}}", FAIL, NULL, "matches"},
        {BODY("{'matches':'a|b'}"), "{'body':{'x':'ab'}}", FAIL, NULL, NULL},
        {BODY("{'matches':'abc'}"), "{'body':{'x':'abc\\u0000d'}}", FAIL, NULL, NULL},
        {BODY("{'matches':'abc'}"), "{'body':{'x':'abc\\n'}}", FAIL, NULL, NULL},
        {BODY("{'contains':'b'}"), "{'body':{'x':'abc'}}", PASS, NULL, NULL},
        {BODY("{'contains':2}"), "{'body':{'x':[1,2]}}", PASS, NULL, NULL},
        {BODY("{'contains':'2'}"), "{'body':{'x':[1,2]}}", FAIL, "[1,2]", NULL},
        {BODY("{'min_length':3}"), "{'body':{'x':'\\u00e9\\u00e9\\u00e9'}}", PASS, NULL, NULL},
        {BODY("{'max_length':3}"), "{'body':{'x':'\\u00e9\\u00e9\\u00e9\\u00e9'}}", FAIL, "its length is 4", NULL},
        {BODY("{'min_length':1}"), "{'body':{'x':[]}}", FAIL, "0", NULL},
        {BODY("{'min_length':0}"), "{'body':{'x':5}}", FAIL, NULL, NULL},
        {BODY("{'min':1}"), "{'body':{'x':'5'}}", FAIL, NULL, NULL},
        {BODY("{'min':1,'max':5}"), "{'body':{'x':5}}", PASS, NULL, NULL},
        {BODY("{'present':true}"), "{'body':{'x':null}}", PASS, NULL, NULL},
        {BODY("{'present':true}"), NULL, FAIL, "not there", "a body /x"},
        {BODY("{'present':false}"), NULL, PASS, NULL, NULL},
        {BODY("{'present':false}"), "{'body':{'x':1}}", FAIL, "1", "no body /x"},
        {BODY("{'equals':1}"), NULL, FAIL, "not there", NULL},
};

static enum match_operator operator_named(const char *name)
{
	static const char *const names[] = {
#define NAME(op, text) text,
	        MATCH_OPERATORS(NAME)
#undef NAME
	};

	for (enum match_operator op = 0; op < MATCH_OPERATOR_COUNT; op++)
		if (strcmp(names[op], name) == 0)
			return op;
	ck_abort_msg("no operator '%s'", name);
}

/* As the loader would have made it; owns its operands through *all. */
static void make_expect(struct arena *a, const struct row *row, struct requirement *q, struct expect *e, json_t **all)
{
	char *text = arena_text(a, row->test);
	const char *name;
	json_t *operand;

	for (char *p = text; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	*all = json_loads(text, 0, NULL);
	*q = (struct requirement){.id = row->requirement};
	*e = (struct expect){.requirement = q, .subject = row->subject, .what = row->what};
	e->tests = arena_array(a, json_object_size(*all), sizeof *e->tests);
	json_object_foreach(*all, name, operand) e->tests[e->ntests++] =
	        (struct match_test){.op = operator_named(name), .operand = operand};
}

static void judge_row(const struct row *row)
{
	struct requirement q;
	struct expect e;
	sample_auto m;
	struct finding f = {0};
	json_t *all;

	sample_make(&m, row->edits);
	make_expect(m.a, row, &q, &e, &all);
	match(&m.s, &e, &f);
	json_decref(all);
	const char *words = f.observed ? f.observed : f.reason;
	ck_assert_msg(f.kind == row->kind, "%s %s on %s: kind %d, '%s'", row->requirement, row->test,
	              row->edits ? row->edits : "{}", f.kind, words);
	if (row->kind == SKIP && row->says)
		ck_assert_str_eq(f.owner, row->says);
	else if (row->says)
		assert_contains(words, row->says);
	if (row->more && !(f.fix && strstr(f.fix, row->more)))
		assert_contains(f.expected, row->more);
}

START_TEST(suite_matchers)
{
	judge_row(&suite_rows[_i]);
}
END_TEST

START_TEST(operators)
{
	judge_row(&operator_rows[_i]);
}
END_TEST

START_TEST(optional)
{
	static const struct row row = {"token.x", MATCH_BODY, "/x", "{'equals':1}", NULL, SKIP, NULL, NULL};
	struct requirement q;
	struct expect e;
	sample_auto m;
	struct finding f = {0};
	json_t *all;

	sample_make(&m, _i ? "{'body':{'x':2}}" : NULL);
	make_expect(m.a, &row, &q, &e, &all);
	e.optional = true;
	match(&m.s, &e, &f);
	json_decref(all);
	ck_assert_int_eq(f.kind, _i ? FAIL : SKIP);
}
END_TEST

static const struct {
	const char *edits;
	enum finding_kind kind;
	const char *says; /* words of observed or reason; of a skip the owner, when it has one */
} clean_rows[] = {
        {"{'refused':true}", PASS, "400"},
        {"{'refused':true,'status':401}", PASS, "401"},
        {"{'refused':true,'status':413,'raw_body':''}", PASS, "413"},
        {"{'refused':true,'status':499,'cut':true}", PASS, "499"},
        {"{'refused':true,'status':500}", FAIL, "500"},
        {"{'refused':true,'status':502}", FAIL, "502"},
        {"{'refused':true,'status':503}", FAIL, "503"},
        {"{'refused':true,'status':503,'head':{'Retry-After':'1'}}", FINDING_ERROR, "503"},
        {"{'refused':true,'status':200}", FAIL, "200"},
        {"{'refused':true,'status':302}", FAIL, "302"},
        {"{'refused':true,'status':399}", FAIL, "399"},
        {"{'denied_by':'req.code.unknown'}", SKIP, "req.code.unknown"},
        {NULL, SKIP, NULL},
        {"{'status':500,'denied_by':'req.code.unknown'}", SKIP, "req.code.unknown"},
        {"{'refused':true,'broken_off':true,'trouble':'reset'}", FINDING_ERROR, "reset"},
        {"{'refused':true,'outcome':'none','trouble':'time-out'}", FINDING_ERROR, "time-out"},
        {"{'refused':true,'status':429}", FINDING_ERROR, "429"},
};

START_TEST(clean)
{
	const struct expect e = {.subject = MATCH_CLEAN};
	sample_auto m;
	struct finding f = {0};

	sample_make(&m, clean_rows[_i].edits);
	match(&m.s, &e, &f);
	const char *words = f.observed ? f.observed : f.owner ? f.owner : f.reason;
	ck_assert_msg(f.kind == clean_rows[_i].kind, "%s: kind %d, '%s'", clean_rows[_i].edits, f.kind, words);
	if (clean_rows[_i].says)
		assert_contains(words, clean_rows[_i].says);
	else
		ck_assert_ptr_null(f.owner);
}
END_TEST

START_TEST(long_text_meets_no_expression)
{
	static const struct row row = {"token.x", MATCH_BODY, "/x", "{'matches':'a*'}", NULL, FAIL, NULL, NULL};
	struct requirement q;
	struct expect e;
	sample_auto m;
	struct finding f = {0};
	json_t *all;

	sample_make(&m, NULL);
	char *text = arena_printf(m.a, "%0*d", _i ? 20000 : 10000, 0);
	memset(text, 'a', strlen(text));
	m.x.response.body = sv_of(arena_printf(m.a, "{\"id_token\":1,\"x\":\"%s\"}", text));
	make_expect(m.a, &row, &q, &e, &all);
	match(&m.s, &e, &f);
	json_decref(all);
	ck_assert_int_eq(f.kind, _i ? FAIL : PASS);
}
END_TEST

/* --- templates ----------------------------------------------------------------------------------------------------- */

static const struct {
	const char *text, *want; /* NULL: no value */
} templates[] = {
        {"", ""},
        {"plain", "plain"},
        {"{client_id}", "lp-client"},
        {"a{issuer}/b{client_id}", "ahttps://brand.example/blp-client"},
        {"{{client_id}", "{client_id}"},
        {"{{{client_id}}", "{lp-client}"},
        {"{2,8}", "{2,8}"},
        {"{", "{"},
        {"{}", "{}"},
        {"{client_id", "{client_id"},
        {"{no_such}", NULL},
        {"{userinfo_endpoint}", NULL},
        {"{code}", NULL},
};

START_TEST(expansion)
{
	sample_auto m;

	sample_make(&m, NULL);
	const char *have = run_expand(m.a, &m.run, templates[_i].text);
	if (templates[_i].want)
		ck_assert_str_eq(have, templates[_i].want);
	else
		ck_assert_ptr_null(have);
}
END_TEST

START_TEST(values)
{
	sample_auto m;

	sample_make(&m, NULL);
	ck_assert_str_eq(run_value(&m.run, "redirect_uri"), "https://liveperson.net");
	ck_assert_str_eq(run_value(&m.run, "token_endpoint"), "https://brand.example/token");
	ck_assert_ptr_null(run_value(&m.run, "nothing"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: matchers");
	TCase *t = tcase_create("matchers");

	sample_keys_make();
	tcase_add_loop_test(t, suite_matchers, 0, sizeof suite_rows / sizeof *suite_rows);
	tcase_add_loop_test(t, operators, 0, sizeof operator_rows / sizeof *operator_rows);
	tcase_add_loop_test(t, optional, 0, 2);
	tcase_add_loop_test(t, clean, 0, sizeof clean_rows / sizeof *clean_rows);
	tcase_add_loop_test(t, long_text_meets_no_expression, 0, 2);
	tcase_add_loop_test(t, expansion, 0, sizeof templates / sizeof *templates);
	tcase_add_test(t, values);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
