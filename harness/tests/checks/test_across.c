/* Several exchanges looked at together: jti, access tokens, codes, consumers, oracles, bursts. */
#include <string.h>

#include "sample.h"

#define SAMPLES 10

/* The last of several exchanges is judged. */
struct row {
	const char *check;
	const char *edits[6];
	enum finding_kind kind;
	const char *name, *says;
};

#define PASS FINDING_PASS
#define FAIL FINDING_VIOLATED
#define SKIP FINDING_SKIP
#define ERROR FINDING_ERROR

/* An exchange of its own: code, jti and access token have its digit in them. */
#define LOGIN(d)                                                                                                       \
	"{'code':{'code':'code-" d "'},'set':{'jti':'jti-" d "'},'body':{'access_token':'2YotnFZFEjr1zCsicMWpA-" d "'" \
	"}"
#define REFUSED(d) "{'refused':true,'code':{'code':'code-" d "'}"

#define JTI "idtoken.jti"
#define TOKEN "token.access-token.unguessable"
#define WITH_USERINFO ",'run':{'userinfo_endpoint':'https://brand.example/me'}"
static const struct row token_rows[] = {
        {JTI, {LOGIN("1") "}", LOGIN("2") "}"}, PASS, NULL, "2 id_tokens"},
        {JTI, {LOGIN("1") "}", LOGIN("2") ",'set':{'jti':'jti-1'}}"}, FAIL, NULL, "x1 and x2"},
        {JTI, {LOGIN("1") "}", LOGIN("2") ",'set':{'jti':'JTI-1'}}"}, PASS, NULL, NULL},
        {JTI, {LOGIN("1") ",'set':{'jti':7}}", LOGIN("2") "}"}, FAIL, NULL, "x1"},
        {JTI, {LOGIN("1") ",'set':{'jti':''}}"}, FAIL, NULL, "empty"},
        {JTI, {LOGIN("1") ",'remove':['jti']}", LOGIN("2") ",'remove':['jti']}"}, SKIP, NULL, "optional"},
        {JTI, {LOGIN("1") "}", LOGIN("2") ",'remove':['jti']}"}, SKIP, NULL, "only one"},
        {JTI, {LOGIN("1") "}", REFUSED("2") "}"}, SKIP, NULL, "only one"},
        {JTI, {REFUSED("1") "}", REFUSED("2") "}"}, SKIP, NULL, "could be read"},
        /* a second redemption of one code is judged elsewhere */
        {JTI, {LOGIN("1") "}", LOGIN("1") "}"}, SKIP, NULL, "only one"},
        {JTI, {LOGIN("1") "}", LOGIN("2") ",'set':{'jti':'jti-1'},'denied_by':'req.code.unknown'}"}, SKIP, NULL, NULL},
        {JTI, {"{'outcome':'none'}", LOGIN("2") "}", LOGIN("3") "}"}, PASS, NULL, "2 id_tokens"},

        {TOKEN, {LOGIN("1") "}", LOGIN("2") "}"}, PASS, NULL, "all different"},
        {TOKEN,
         {LOGIN("1") ",'body':{'access_token':'x'}}", LOGIN("2") ",'body':{'access_token':'x'}}"},
         FAIL,
         "no-userinfo",
         "x1 and x2"},
        {TOKEN,
         {LOGIN("1") ",'body':{'access_token':'x'}" WITH_USERINFO "}",
          LOGIN("2") ",'body':{'access_token':'x'}" WITH_USERINFO "}"},
         FAIL,
         NULL,
         "the same"},
        {TOKEN,
         {LOGIN("1") ",'body':{'access_token':'abc123'}}", LOGIN("2") ",'body':{'access_token':'def456'}}"},
         FAIL,
         "no-userinfo",
         "24 bits"},
        /* 128 bits, of which two may begin alike */
        {TOKEN,
         {LOGIN("1") ",'body':{'access_token':'0a23456789abcdef0123456789abcdef'}}",
          LOGIN("2") ",'body':{'access_token':'0a13456789abcdef0123456789abcd77'}}"},
         PASS,
         NULL,
         NULL},
        {TOKEN,
         {LOGIN("1") ",'body':{'access_token':'0a23456789abcdef0123456789abcde'}}",
          LOGIN("2") ",'body':{'access_token':'0b23456789abcdef0123456789abcde'}}"},
         FAIL,
         "no-userinfo",
         "124 bits"},
        {TOKEN,
         {LOGIN("1") ",'body':{'access_token':'7b2c1f60-4f6e-4f0c-9e38-0d3c8c5a9f11'}" WITH_USERINFO "}",
          LOGIN("2") ",'body':{'access_token':'7b2c1f60-4f6e-4f0c-9e38-0d3c8c5a9f12'}" WITH_USERINFO "}"},
         FAIL,
         "uuid",
         "122 bits"},
        {TOKEN,
         {LOGIN("1") ",'body':{'access_token':'7b2c1f60-4f6e-1f0c-9e38-0d3c8c5a9f11'}" WITH_USERINFO "}",
          LOGIN("2") ",'body':{'access_token':'7b2c1f60-4f6e-1f0c-9e38-0d3c8c5a9f12'}" WITH_USERINFO "}"},
         FAIL,
         NULL,
         "14 bits"},
        {TOKEN,
         {LOGIN("1") ",'body':{'access_token':'eyJhbGciOiJSUzI1NiJ9.e30.c2ln'}}",
          LOGIN("2") ",'body':{'access_token':'eyJhbGciOiJSUzI1NiJ9.e30.c2lo'}}"},
         PASS,
         NULL,
         "signed"},
        {TOKEN, {LOGIN("1") "}"}, SKIP, NULL, "only one"},
        {TOKEN, {REFUSED("1") "}", REFUSED("2") "}"}, SKIP, NULL, "no access_token"},
        {TOKEN, {LOGIN("1") "}", LOGIN("1") "}"}, SKIP, NULL, "only one"},
};

#define STABLE "idtoken.sub.stable"
#define DISTINCT "idtoken.sub.distinct"
#define CROSS "idtoken.sub.no-cross-talk"
#define A(d, more) LOGIN(d) ",'set':{'sub':'aaaa','email':'a@x.example'" more "}}"
#define B(d, more) LOGIN(d) ",'second':true,'set':{'sub':'bbbb','email':'b@x.example'" more "}}"
#define SUB(value) ",'sub':" value
#define NO_SUB(d) LOGIN(d) ",'remove':['sub']}"
static const struct row consumer_rows[] = {
        {STABLE, {A("1", ""), A("2", "")}, PASS, NULL, "2 logins"},
        {STABLE, {A("1", ""), A("2", SUB("'cccc'"))}, FAIL, NULL, "x1 and x2"},
        {STABLE, {A("1", ""), B("2", ""), A("3", "")}, PASS, NULL, NULL},
        {STABLE, {B("1", ""), B("2", SUB("'cccc'"))}, FAIL, NULL, "second consumer"},
        {STABLE, {A("1", ""), A("2", SUB("'bbbb'")), B("3", "")}, SKIP, CROSS, NULL},
        {STABLE, {A("1", ""), B("2", "")}, SKIP, NULL, "two logins"},
        {STABLE, {A("1", ""), A("1", SUB("'cccc'"))}, SKIP, NULL, "two logins"},
        {STABLE, {A("1", ""), NO_SUB("2")}, SKIP, "idtoken.sub.valid", NULL},
        {STABLE, {A("1", ""), A("2", SUB("7"))}, SKIP, "idtoken.sub.valid", NULL},
        {STABLE, {A("1", ""), LOGIN("2") ",'raw_payload':'x'}"}, SKIP, "jose.payload-json", NULL},
        {STABLE, {A("1", ""), REFUSED("2") "}"}, SKIP, NULL, "two logins"},
        {STABLE, {A("1", ""), A("2", SUB("'aaaa\\u0000'"))}, FAIL, NULL, NULL},

        {DISTINCT, {A("1", ""), B("2", "")}, PASS, NULL, "no sub in common"},
        {DISTINCT, {A("1", ""), B("2", SUB("'aaaa'"))}, FAIL, NULL, "the same sub"},
        {DISTINCT, {A("1", ""), A("2", ""), B("3", SUB("'aaaa'")), B("4", "")}, SKIP, CROSS, NULL},
        {DISTINCT, {A("1", ""), A("2", "")}, SKIP, NULL, "two consumers"},
        {DISTINCT, {A("1", SUB("''")), B("2", "")}, SKIP, "idtoken.sub.valid", NULL},
        /* random subs are another mistake */
        {DISTINCT, {A("1", SUB("'c'")), A("2", SUB("'d'")), B("3", SUB("'e'"))}, PASS, NULL, NULL},

        {CROSS, {A("1", ""), B("2", ""), A("3", ""), B("4", "")}, PASS, NULL, "4 logins"},
        {CROSS,
         {A("1", ""), A("2", ""), B("3", SUB("'aaaa'")), B("4", "")},
         FAIL,
         NULL,
         "x3, with a code of the second consumer, got the sub of the first"},
        {CROSS,
         {A("1", SUB("'bbbb'")), A("2", ""), B("3", ""), B("4", "")},
         FAIL,
         NULL,
         "x1, with a code of the first consumer, got the sub of the second"},
        {CROSS, {A("1", SUB("'bbbb'")), B("2", "")}, FAIL, NULL, "x2, with a code of the second"},
        {CROSS, {A("1", ""), B("2", ",'email':'a@x.example'"), B("3", ""), A("4", "")}, FAIL, NULL, "got the email"},
        {CROSS, {A("1", ",'email':'q@x'"), B("2", ",'email':'q@x'")}, PASS, NULL, NULL},
        {CROSS, {A("1", ""), A("2", SUB("'cccc'")), B("3", "")}, PASS, NULL, NULL},
        {CROSS, {A("1", ""), A("2", "")}, SKIP, NULL, "two consumers"},
        {CROSS, {A("1", ""), NO_SUB("2")}, SKIP, "idtoken.sub.valid", NULL},
};

#define ORACLE "err.no-oracle"
#define SAYS(step, text) "{'refused':true,'step':{'name':'" step "'},'body':{'error_description':'" text "'}"
static const struct row oracle_rows[] = {
        {ORACLE, {SAYS("unknown", "no") "}", SAYS("used", "no") "}"}, PASS, NULL, "2 refusals"},
        {ORACLE, {SAYS("unknown", "no") "}", SAYS("used", "used") "}"}, FAIL, NULL, "step 'unknown' gets"},
        {ORACLE, {SAYS("unknown", "no") "}", SAYS("used", "no") ",'status':401}"}, FAIL, NULL, "status 401"},
        {ORACLE,
         {SAYS("unknown", "no") "}", SAYS("used", "no") ",'body_remove':['error_description']}"},
         FAIL,
         NULL,
         "nothing"},
        {ORACLE,
         {SAYS("a", "no") ",'step':{'errors':['invalid_grant','invalid_request']}}",
          SAYS("b", "no") ",'step':{'errors':['invalid_grant','invalid_request']},'body':{'error':'invalid_request'}}"},
         FAIL,
         NULL,
         "error "},
        /* what differs by construction */
        {ORACLE,
         {SAYS("a", "no code-1 here") ",'request':{'body':'code=code-1'}}",
          SAYS("b", "no code-2 here") ",'request':{'body':'code=code-2'}}"},
         PASS,
         NULL,
         NULL},
        {ORACLE,
         {SAYS("a", "at 2026-11-21T15:00:00Z trace 5f0c6c1e-93aa-4c55-8f00-d0a1b2c3d4e5") "}",
          SAYS("b", "at 2026-11-21T15:00:01Z trace 7a1c6c1e-13aa-4c55-8f00-d0a1b2c3d4e5") "}"},
         PASS,
         NULL,
         NULL},
        {ORACLE, {SAYS("a", "request 1700000001") "}", SAYS("b", "request 1700000002") "}"}, PASS, NULL, NULL},
        {ORACLE, {SAYS("a", "AADSTS70008: no") "}", SAYS("b", "AADSTS54005: no") "}"}, FAIL, NULL, NULL},
        /* other kinds of refusal, and what others own */
        {ORACLE, {SAYS("a", "no") ",'step':{'errors':['invalid_client']}}", SAYS("b", "yes") "}"}, SKIP, NULL, "two"},
        {ORACLE,
         {SAYS("a", "no") "}", SAYS("b", "yes") ",'body':{'error':'invalid_request'}}"},
         SKIP,
         "err.code-mapping",
         NULL},
        {ORACLE, {SAYS("a", "no") ",'status':500}", SAYS("b", "yes") "}"}, SKIP, "err.never-5xx", NULL},
        {ORACLE, {"{'denied_by':'req.code.reuse'}", SAYS("b", "yes") "}"}, SKIP, "req.code.reuse", NULL},
        {ORACLE,
         {"{'refused':true,'outcome':'none','trouble':'reset'}", SAYS("b", "no") "}", SAYS("c", "no") "}"},
         ERROR,
         NULL,
         "reset"},
        {ORACLE, {"{'refused':true,'outcome':'none'}", SAYS("b", "no") "}", SAYS("c", "yes") "}"}, FAIL, NULL, NULL},
        {ORACLE, {SAYS("a", "no") "}", SAYS("b", "no") ",'step':{'errors':null}}"}, SKIP, NULL, "not known"},
};

static void make(struct sample *m, const struct row *row, size_t *n)
{
	while (*n < SAMPLES && row->edits[*n])
		sample_make(&m[*n], row->edits[*n]), ++*n;
	sample_join(m, *n);
}

static void judge_row(const struct row *row)
{
	const struct check *c = check_find(row->check);
	struct sample m[SAMPLES];
	struct finding f = {0};
	size_t n = 0;

	ck_assert_msg(c != NULL, "there is no check '%s'", row->check);
	make(m, row, &n);
	c->run(&m[n - 1].s, &f);
	const char *words = f.kind == FINDING_PASS || f.kind == FINDING_VIOLATED ? f.observed : f.reason;
	const char *name = f.kind == FINDING_SKIP ? f.owner : f.violates;
	ck_assert_msg(f.kind == row->kind, "%s on %s …: kind %d, '%s'", row->check, row->edits[0], f.kind, words);
	ck_assert_msg(words && (!row->says || strstr(words, row->says)), "%s: want '%s', have '%s'", row->check,
	              row->says ? row->says : "-", words ? words : "-");
	ck_assert_msg(!name == !row->name && (!name || strcmp(name, row->name) == 0), "%s: want '%s', have '%s' ('%s')",
	              row->check, row->name ? row->name : "-", name ? name : "-", words);
	ck_assert(f.kind != FINDING_VIOLATED || (f.expected && f.where));
	for (size_t i = 0; i < n; i++)
		sample_release(&m[i]);
}

#define ROW_TEST(name, rows)          \
	START_TEST(name)              \
	{                             \
		judge_row(&rows[_i]); \
	}                             \
	END_TEST
ROW_TEST(tokens, token_rows)
ROW_TEST(consumers, consumer_rows)
ROW_TEST(oracles, oracle_rows)

/* --- codes --------------------------------------------------------------------------------------------------------- */

#define RANDOM                                                                                                  \
	"SplxlOBeZQQYbYS6WxSbIA", "n0S6WzA2Mj4kPq7Rt1UvXw", "a8F3kLm2Qw9ErT5yUi0OpZ", "Zx1Cv2Bn3Mq4Ws5Ed6Rf7T", \
	        "gY8hU9jI0kO1lP2qA3sD4f", "t5G6yH7uJ8iK9oL0pQ1wE2", "rR3tY4uU5iI6oO7pP8aS9d", "kK0jJ1hH2gG3fF4dD5sS6a"

static const struct {
	const char *codes[SAMPLES];
	enum finding_kind kind;
	const char *name, *says;
} code_rows[] = {
        {{RANDOM}, PASS, NULL, "8 codes"},
        {{RANDOM, "SplxlOBeZQQYbYS6WxSbIA"}, FAIL, NULL, "x1 and x9"},
        {{"00000017", "00000018", "00000019", "00000021", "00000022", "00000023", "00000024", "00000030"},
         FAIL,
         NULL,
         "counts up"},
        {{"code-1763737200123", "code-1763737200456", "code-1763737201001", "code-1763737201777", "code-1763737202000",
          "code-1763737202222", "code-1763737203333", "code-1763737204444"},
         FAIL,
         NULL,
         "counts up"},
        {{"48213377", "90112845", "13377002", "77620019", "55120934", "30981276", "66712390", "21450987"},
         FAIL,
         "short",
         "27 bits"},
        {{"qwkzpa", "mzbvty", "plokij", "yhnujm", "rfvtgb", "edcwsx", "qazplm", "oknijb"}, FAIL, "short", "28 bits"},
        /* a long beginning that never changes adds nothing */
        {{"ThisIsTheSameEveryTime-qwkzpa", "ThisIsTheSameEveryTime-mzbvty", "ThisIsTheSameEveryTime-plokij",
          "ThisIsTheSameEveryTime-yhnujm", "ThisIsTheSameEveryTime-rfvtgb", "ThisIsTheSameEveryTime-edcwsx",
          "ThisIsTheSameEveryTime-qazplm", "ThisIsTheSameEveryTime-oknijb"},
         FAIL,
         "short",
         "28 bits"},
        {{"7b2c1f60-4f6e-4f0c-9e38-0d3c8c5a9f11", "0fe1d2c3-b4a5-4697-8879-6a5b4c3d2e1f",
          "11a2b3c4-d5e6-47f8-a90b-1c2d3e4f5061", "2233ddee-ff00-4112-b334-455667788990",
          "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d", "deadbeef-cafe-4bad-9f00-d15ea5ed1234",
          "f0e1d2c3-b4a5-4968-8776-5a4b3c2d1e0f", "31415926-5358-4979-a323-846264338327"},
         FAIL,
         "uuid",
         "122 bits"},
        {{"01932b6e-8c00-7f0c-9e38-0d3c8c5a9f11", "01932b6e-8c01-7697-8879-6a5b4c3d2e1f",
          "01932b6e-8c02-77f8-a90b-1c2d3e4f5061", "01932b6e-8c03-7112-b334-455667788990",
          "01932b6e-8c04-7a7b-8c9d-0e1f2a3b4c5d", "01932b6e-8c05-7bad-9f00-d15ea5ed1234",
          "01932b6e-8c06-7968-8776-5a4b3c2d1e0f", "01932b6e-8c07-7979-a323-846264338327"},
         FAIL,
         "short",
         "74 bits"},
        /* 128 bits in hex; a digit that stays the same by chance may be missing from few, not from 8 */
        {{"0a23456789abcdef0123456789abcdef", "1b32547698badcfe1032547698badcfe", "2c01674523efcdab2301674523efcdab",
          "3d10765432fedcba3210765432fedcba", "4e67012345abef894567012345abef89", "5f76103254bafe985476103254bafe98",
          "60459871acdef230674598bacd1ef230", "715489abcdfe1023765489badcfe1032"},
         PASS,
         NULL,
         NULL},
        {{"only", "four", "codes", "here"}, SKIP, NULL, "has 4 codes"},
};

START_TEST(codes)
{
	struct sample m[SAMPLES];
	struct finding f = {0};
	size_t n = 0;

	for (; n < SAMPLES && code_rows[_i].codes[n]; n++) {
		sample_make(&m[n], "{'refused':true}");
		m[n].x.code.code = code_rows[_i].codes[n];
		m[n].x.code.obtained_ms = 1800000000000 + (int64_t)n;
	}
	sample_join(m, n);
	check_find("req.code.unguessable")->run(&m[0].s, &f);
	const char *words = f.kind == FINDING_SKIP ? f.reason : f.observed;
	ck_assert_msg(f.kind == code_rows[_i].kind, "%s …: kind %d, '%s'", code_rows[_i].codes[0], f.kind, words);
	ck_assert_msg(!code_rows[_i].says || strstr(words, code_rows[_i].says), "want '%s', have '%s'",
	              code_rows[_i].says, words);
	ck_assert_str_eq(f.violates ? f.violates : "-", code_rows[_i].name ? code_rows[_i].name : "-");
	for (size_t i = 0; i < n; i++)
		sample_release(&m[i]);
}
END_TEST

/* A code sent again, and one that we made up, are no codes of the source. */
START_TEST(codes_that_do_not_count)
{
	static const char *const random[] = {RANDOM};
	struct sample m[SAMPLES];
	struct finding f = {0};

	for (size_t i = 0; i < SAMPLES; i++) {
		sample_make(&m[i], i % 3 ? "{'refused':true}" : NULL);
		m[i].x.code.code = random[i % 8];
		m[i].x.code.obtained_ms = i == 7 ? 0 : 1800000000000 + (int64_t)(i % 8);
	}
	sample_join(m, SAMPLES);
	check_find("req.code.unguessable")->run(&m[0].s, &f);
	ck_assert_int_eq(f.kind, FINDING_SKIP);
	assert_contains(f.reason, "has 7 codes");
	for (size_t i = 0; i < SAMPLES; i++)
		sample_release(&m[i]);
}
END_TEST

/* --- bursts -------------------------------------------------------------------------------------------------------- */

#define R "{'refused':true}"
#define NOTHING "{'outcome':'none','trouble':'reset'}"
#define HALF "{'refused':true,'broken_off':true}"
static const struct {
	const char *edits[4];
	enum finding_kind kind;
	const char *says;
} burst_rows[] = {
        {{"{}", R, R, R}, PASS, "1 of 4 requests"},
        {{R, R, R, "{}"}, PASS, "1 of 4"},
        {{"{}", R, "{}", R}, FAIL, "2 of 4"},
        {{R, R, R, R}, SKIP, "none of 4"},
        {{"{}", NOTHING, R, R}, PASS, "1 of 3"},
        {{NOTHING, NOTHING, NOTHING, "{}"}, ERROR, "only 1 of 4"},
        {{HALF, "{}", R, R}, PASS, "1 of 3"},
        {{"{'status':429}", "{}", "{}", R}, FAIL, "2 of 3"},
        {{"{}", "{'refused':true,'status':429}", "{'refused':true,'status':429}", "{'refused':true,'status':429}"},
         ERROR,
         "only 1 of 4"},
};

START_TEST(successes)
{
	json_auto_t *one = json_integer(1);
	struct match_test test = {.op = OP_MAX, .operand = one};
	const struct expect e = {.subject = MATCH_SUCCESSES, .tests = &test, .ntests = 1};
	struct sample m[4];
	struct finding f = {0};

	for (size_t i = 0; i < 4; i++) {
		sample_make(&m[i], burst_rows[_i].edits[i]);
		m[i].x.timing.released_us = 1800000000000000 + (int64_t)i * 80;
	}
	sample_join(m, 4);
	match(&m[0].s, &e, &f);
	const char *words = f.observed ? f.observed : f.reason;
	ck_assert_msg(f.kind == burst_rows[_i].kind, "row %d: kind %d, '%s'", _i, f.kind, words);
	assert_contains(words, burst_rows[_i].says);
	if (f.kind == FAIL) {
		assert_contains(words, "within 0.24 ms");
		assert_contains(f.expected, "1 or less");
	}
	for (size_t i = 0; i < 4; i++)
		sample_release(&m[i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: across exchanges");
	TCase *t = tcase_create("across");

	sample_keys_make();
	tcase_add_loop_test(t, tokens, 0, sizeof token_rows / sizeof *token_rows);
	tcase_add_loop_test(t, consumers, 0, sizeof consumer_rows / sizeof *consumer_rows);
	tcase_add_loop_test(t, oracles, 0, sizeof oracle_rows / sizeof *oracle_rows);
	tcase_add_loop_test(t, codes, 0, sizeof code_rows / sizeof *code_rows);
	tcase_add_test(t, codes_that_do_not_count);
	tcase_add_loop_test(t, successes, 0, sizeof burst_rows / sizeof *burst_rows);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
