/* From findings to verdicts: levels, cases, gating, proof of refusals, and that nothing unobserved passes. */
#include <string.h>

#include "testing.h"
#include "verdict/judge.h"

#define LEVELS_ALL(l)                                                                      \
	{                                                                                  \
		[PROFILE_LIVEPERSON] = (l), [PROFILE_STRICT] = (l), [PROFILE_GOOGLE] = (l) \
	}

static const char *const rfc[] = {"RFC 6749 §5.1", NULL};
static const char *after_status[] = {"token.status-200", NULL};
static struct requirement_case expires_cases[] = {
        {.name = "absent",
         .level = {[PROFILE_LIVEPERSON] = LEVEL_MAY, [PROFILE_STRICT] = LEVEL_SHOULD, [PROFILE_GOOGLE] = LEVEL_OFF}},
        {.name = "text", .level = LEVELS_ALL(LEVEL_MUST)},
};
static struct requirement requirements[] = {
        {.id = "token.status-200", .title = "200", .level = LEVELS_ALL(LEVEL_MUST), .fix = "answer 200"},
        {.id = "token.expires-in",
         .title = "expires_in",
         .level = LEVELS_ALL(LEVEL_MUST),
         .fix = "send a number",
         .cases = expires_cases,
         .ncases = 2},
        {.id = "token.pragma", .title = "Pragma", .level = LEVELS_ALL(LEVEL_SHOULD), .fix = "send Pragma"},
        {.id = "google.only", .title = "Google", .level = {[PROFILE_GOOGLE] = LEVEL_MUST}, .fix = "do as Google"},
        {.id = "req.refused",
         .title = "refused",
         .level = LEVELS_ALL(LEVEL_MUST),
         .fix = "refuse",
         .after = after_status},
};
enum { STATUS, EXPIRES, PRAGMA, GOOGLE, REFUSED };

static struct match_test pragma_tests[] = {{.op = OP_PRESENT}};

static struct expect watch[] = {
        {.requirement = &requirements[STATUS], .check = true, .at = {.line = 7}},
        {.requirement = &requirements[EXPIRES], .check = true},
        {.requirement = &requirements[PRAGMA],
         .subject = MATCH_HEADER,
         .what = "Pragma",
         .tests = pragma_tests,
         .ntests = 1},
        {.requirement = &requirements[GOOGLE],
         .subject = MATCH_HEADER,
         .what = "Pragma",
         .tests = pragma_tests,
         .ntests = 1},
};
static struct expect refuse[] = {{.requirement = &requirements[REFUSED], .subject = MATCH_DENIED}};
static struct step watch_steps[] = {
        {.redeem = {.ordinary = true}, .spec = PLAN_ORDINARY_SPEC, .expects = watch, .nexpects = 4}};
static struct step refuse_steps[] = {
        {.redeem = {.code = CODE_UNKNOWN}, .spec = "{\"code\":\"unknown\"}", .expects = refuse, .nexpects = 1}};
static struct scenario scenarios[] = {
        {.suite = "s", .id = "watch", .title = "t", .steps = watch_steps, .nsteps = 1, .at = {.path = "watch.yaml"}},
        {.suite = "s", .id = "refuse", .title = "t", .steps = refuse_steps, .nsteps = 1, .at = {.path = "refuse.yaml"}},
};

#define GOOD_BODY                                                                                                    \
	"{\"access_token\":\"SlAV32hkKG99\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"id_token\":\"eyJh.eyJi." \
	"c2ln\"}"

static struct exchange answered(const char *key, const char *spec, int status, const char *head, const char *body)
{
	static struct sv lines[2][2];
	static int n;
	struct sv *own = lines[n++ % 2];

	own[0] = SV("HTTP/1.1 200 OK");
	own[1] = sv_of(head);
	return (struct exchange){
	        .id = strcmp(key, PLAN_ORDINARY) == 0 ? "x1" : "x2",
	        .key = key,
	        .spec = spec,
	        .kind = "token",
	        .method = "POST",
	        .url = "https://brand.example/token",
	        .outcome = EXCHANGE_ANSWERED,
	        .status = status,
	        .response = {.lines = own, .nlines = head ? 2 : 1, .body = sv_of(body)},
	        .timing = {.total_us = 5000, .ended_ms = 1800000000000},
	};
}

struct judged {
	struct arena *a;
	struct exchange x[2];
	struct evidence ev;
	struct suite suite;
	struct plan plan;
	struct results r;
};

static void setup(struct judged *j, const char *profile)
{
	static const struct target target = {.keys = {.public_key = "none"}};

	j->a = arena_new();
	pragma_tests[0].operand = json_true();
	for (size_t i = 0; i < sizeof requirements / sizeof *requirements; i++)
		requirements[i].source = arena_array(j->a, 2, sizeof(char *)), requirements[i].source[0] = rfc[0];
	j->suite = (struct suite){.catalogue = {.v = requirements, .n = 5}, .scenarios = scenarios, .n = 2};
	j->x[0] = answered(PLAN_ORDINARY, PLAN_ORDINARY_SPEC, 200, "Pragma: no-cache", GOOD_BODY);
	j->x[1] = answered("refuse/1", "{\"code\":\"unknown\"}", 400, NULL, "{\"error\":\"invalid_grant\"}");
	j->ev = (struct evidence){.run = {.tool = "t",
	                                  .target = "brand",
	                                  .profile = profile,
	                                  .client_id = "id",
	                                  .public_key = "none",
	                                  .tolerance_s = 60},
	                          .exchanges = j->x,
	                          .n = 2};
	plan_make(j->a, &j->suite, &target, &j->plan);
}

static void decide(struct judged *j)
{
	struct judge_input in = {.suite = &j->suite, .plan = &j->plan, .evidence = &j->ev, .suite_digest = "d"};

	judge(j->a, &in, &j->r);
}

static const struct result *result(const struct judged *j, const char *id)
{
	for (size_t i = 0; i < j->r.n; i++)
		if (strcmp(j->r.v[i].requirement, id) == 0)
			return &j->r.v[i];
	ck_abort_msg("there is no result for '%s'", id);
}

static void assert_verdict(const struct judged *j, const char *id, enum verdict want)
{
	const struct result *r = result(j, id);

	ck_assert_msg(r->verdict == want, "'%s' is %s, not %s (%s / %s)", id, verdict_text(r->verdict),
	              verdict_text(want), r->observed ? r->observed : "-", r->reason ? r->reason : "-");
}

START_TEST(a_good_brand_passes)
{
	struct judged j;

	setup(&j, "liveperson");
	decide(&j);
	assert_verdict(&j, "token.status-200", VERDICT_PASS);
	assert_verdict(&j, "token.expires-in", VERDICT_PASS);
	assert_verdict(&j, "token.pragma", VERDICT_PASS);
	assert_verdict(&j, "google.only", VERDICT_SKIP);
	assert_contains(result(&j, "google.only")->reason, "google profile");
	assert_verdict(&j, "req.refused", VERDICT_PASS);
	ck_assert_int_eq(results_exit(&j.r), 0);
	ck_assert_uint_eq(j.r.count[VERDICT_PASS], 4);
	ck_assert_int_eq(result(&j, "token.status-200")->time_ms, 5);
	ck_assert_int_eq(result(&j, "token.expires-in")->time_ms, 0);
	ck_assert_uint_eq(result(&j, "token.status-200")->line, 7);
	ck_assert_str_eq(result(&j, "req.refused")->exchange, "x2");
	arena_free(j.a);
}
END_TEST

/* What reports need beyond verdicts. */
START_TEST(results_say_where_it_is_written_and_what_it_cost)
{
	static struct document documents[] = {{.name = "RFC 6749",
	                                       .title = "OAuth",
	                                       .url = "https://rfc.example",
	                                       .section = "https://rfc.example#{}"}};
	struct judged j;

	setup(&j, "liveperson");
	requirements[STATUS].source = arena_array(j.a, 4, sizeof(char *));
	requirements[STATUS].source[0] = "RFC 6749 §5.1";
	requirements[STATUS].source[1] = "brandcert policy";
	requirements[STATUS].source[2] = "RFC 6749";
	requirements[STATUS].why = "because";
	j.suite.catalogue.documents = documents;
	j.suite.catalogue.ndocuments = 1;
	j.x[0].timing.dns_us = 1;
	j.x[0].timing.connect_us = 2;
	j.x[0].timing.tls_us = 3;
	struct judge_input in = {
	        .suite = &j.suite, .plan = &j.plan, .evidence = &j.ev, .suite_digest = "d", .evidence_sha256 = "e"};
	judge(j.a, &in, &j.r);
	const struct result *r = result(&j, "token.status-200");
	ck_assert_str_eq(r->links[0], "https://rfc.example#5.1");
	ck_assert_str_eq(r->links[1], "");
	ck_assert_str_eq(r->links[2], "https://rfc.example");
	ck_assert_ptr_null(r->links[3]);
	ck_assert_str_eq(r->why, "because");
	ck_assert_ptr_null(result(&j, "token.pragma")->why);
	ck_assert_str_eq(r->scenario_title, "t");
	ck_assert_int_eq(j.r.codes_planned, 1);
	ck_assert_str_eq(j.r.evidence_sha256, "e");
	ck_assert_int_eq(j.r.exchanges[0].dns_us, 1);
	ck_assert_int_eq(j.r.exchanges[0].connect_us, 2);
	ck_assert_int_eq(j.r.exchanges[0].tls_us, 3);
	/* eyJh.eyJi is {"a and {"b */
	ck_assert_str_eq(j.r.exchanges[0].jose_header, "{\n  \"a");
	ck_assert_str_eq(j.r.exchanges[0].claims, "{\n  \"b");
	ck_assert_ptr_null(j.r.exchanges[1].claims);
	requirements[STATUS].why = NULL;
	arena_free(j.a);
}
END_TEST

START_TEST(levels_and_cases_decide)
{
	static const struct {
		const char *profile, *body;
		enum verdict want;
		int exit;
	} rows[] = {
	        {"liveperson", "{\"access_token\":\"SlAV32hkKG99\",\"id_token\":\"a.b.c\"}", VERDICT_INFO, 0},
	        {"strict", "{\"access_token\":\"SlAV32hkKG99\",\"id_token\":\"a.b.c\"}", VERDICT_WARN, 0},
	        {"google", "{\"access_token\":\"SlAV32hkKG99\",\"id_token\":\"a.b.c\"}", VERDICT_SKIP, 0},
	        {"liveperson", "{\"access_token\":\"SlAV32hkKG99\",\"expires_in\":\"3600\"}", VERDICT_FAIL, 1},
	        {"liveperson", "{\"access_token\":\"SlAV32hkKG99\",\"expires_in\":-1}", VERDICT_FAIL, 1},
	};
	struct judged j;

	setup(&j, rows[_i].profile);
	j.x[0].response.body = sv_of(rows[_i].body);
	decide(&j);
	assert_verdict(&j, "token.expires-in", rows[_i].want);
	/* google.only is a must of that profile and holds; a warning never changes the exit status. */
	ck_assert_int_eq(results_exit(&j.r), rows[_i].exit);
	if (rows[_i].want == VERDICT_FAIL || rows[_i].want == VERDICT_WARN)
		ck_assert_str_eq(result(&j, "token.expires-in")->fix ? "has a fix" : "", "has a fix");
	arena_free(j.a);
}
END_TEST

START_TEST(a_should_only_warns)
{
	struct judged j;

	setup(&j, "strict");
	j.x[0].response.nlines = 1;
	decide(&j);
	assert_verdict(&j, "token.pragma", VERDICT_WARN);
	ck_assert_int_eq(results_exit(&j.r), 0);
	arena_free(j.a);
}
END_TEST

START_TEST(no_answer_is_an_error_with_its_cause)
{
	struct judged j;

	setup(&j, "liveperson");
	j.x[0] = (struct exchange){.id = "x1",
	                           .key = PLAN_ORDINARY,
	                           .spec = PLAN_ORDINARY_SPEC,
	                           .kind = "token",
	                           .outcome = EXCHANGE_NO_ANSWER,
	                           .trouble = "connection refused by 127.0.0.1:1"};
	decide(&j);
	assert_verdict(&j, "token.status-200", VERDICT_ERROR);
	assert_contains(result(&j, "token.status-200")->reason, "connection refused");
	/* … and nobody knows whether the refusal means anything. */
	assert_verdict(&j, "req.refused", VERDICT_ERROR);
	ck_assert_uint_eq(j.r.count[VERDICT_FAIL], 0);
	ck_assert_int_eq(results_exit(&j.r), 3);
	arena_free(j.a);
}
END_TEST

/* Nothing to change the case of in a code of digits: nobody's fault, and no reason for no verdict. */
START_TEST(what_cannot_be_tried_is_skipped)
{
	struct judged j;

	setup(&j, "liveperson");
	j.x[1].outcome = EXCHANGE_UNSUITED;
	j.x[1].trouble = "nothing in the value can be changed by 'swapcase'";
	j.x[1].status = 0;
	decide(&j);
	assert_verdict(&j, "req.refused", VERDICT_SKIP);
	assert_contains(result(&j, "req.refused")->reason, "swapcase");
	ck_assert_int_eq(results_exit(&j.r), 0);
	arena_free(j.a);
}
END_TEST

/* In clear text no answer is what is hoped for: the check sees it, beside an endpoint that answers over TLS. */
START_TEST(silence_in_clear_text_is_judged)
{
	static struct requirement https = {.id = "tls.https-only", .level = LEVELS_ALL(LEVEL_MUST), .source = NULL};
	const struct expect expect = {.requirement = &https, .check = true};
	const struct step before = refuse_steps[0];
	struct judged j;

	setup(&j, "liveperson");
	refuse[0] = expect;
	refuse_steps[0].redeem.plain_http = true;
	j.x[1].outcome = EXCHANGE_NO_ANSWER;
	j.x[1].trouble = "connection refused";
	j.x[1].status = 0;
	decide(&j);
	assert_verdict(&j, "tls.https-only", VERDICT_PASS);
	arena_free(j.a);

	setup(&j, "liveperson");
	refuse_steps[0] = before;
	j.x[1].outcome = EXCHANGE_NO_ANSWER;
	j.x[1].trouble = "connection refused";
	decide(&j);
	assert_verdict(&j, "tls.https-only", VERDICT_ERROR);
	arena_free(j.a);
	refuse[0] = (struct expect){.requirement = &requirements[REFUSED], .subject = MATCH_DENIED};
}
END_TEST

START_TEST(what_was_not_recorded_is_an_error)
{
	struct judged j;

	setup(&j, "liveperson");
	j.ev.n = 1;
	decide(&j);
	assert_verdict(&j, "req.refused", VERDICT_ERROR);
	assert_contains(result(&j, "req.refused")->reason, "not in the evidence");
	arena_free(j.a);

	setup(&j, "liveperson");
	j.x[1].spec = "{\"code\":\"none\"}";
	decide(&j);
	assert_verdict(&j, "req.refused", VERDICT_ERROR);
	assert_contains(result(&j, "req.refused")->reason, "another version");
	arena_free(j.a);
}
END_TEST

START_TEST(a_refusal_needs_proof)
{
	struct judged j;

	setup(&j, "liveperson");
	/* 200 with an error inside: the status holds, but nothing was granted. */
	j.x[0].response.body = SV("{\"error\":\"invalid_grant\"}");
	decide(&j);
	assert_verdict(&j, "req.refused", VERDICT_SKIP);
	assert_contains(result(&j, "req.refused")->reason, "proves nothing");
	arena_free(j.a);

	/* A token for a bad code is a failure, proof or not. */
	setup(&j, "liveperson");
	j.x[1].response.body = SV(GOOD_BODY);
	decide(&j);
	assert_verdict(&j, "req.refused", VERDICT_FAIL);
	arena_free(j.a);
}
END_TEST

START_TEST(after_gates)
{
	struct judged j;

	setup(&j, "liveperson");
	j.x[0].status = 201;
	decide(&j);
	assert_verdict(&j, "token.status-200", VERDICT_FAIL);
	assert_verdict(&j, "req.refused", VERDICT_SKIP);
	assert_contains(result(&j, "req.refused")->reason, "token.status-200");
	arena_free(j.a);
}
END_TEST

START_TEST(secrets_do_not_reach_results)
{
	struct judged j;

	setup(&j, "liveperson");
	j.ev.run.client_secret = "canary-secret-0815";
	j.x[0].response.body = SV("{\"access_token\":\"canary-access-4711\",\"expires_in\":\"canary-secret-0815\"}");
	j.x[0].code.code = "canary-code-1234";
	j.x[0].request.body = SV("code=canary-code-1234&client_secret=canary-secret-0815");
	decide(&j);
	assert_verdict(&j, "token.expires-in", VERDICT_FAIL);
	for (size_t i = 0; i < j.r.n; i++) {
		assert_lacks(j.r.v[i].observed ? j.r.v[i].observed : "", "canary");
		assert_lacks(j.r.v[i].fix ? j.r.v[i].fix : "", "canary");
	}
	assert_lacks(j.r.exchanges[0].response_body, "canary");
	assert_contains(j.r.exchanges[0].response_body, "[access_token]");
	assert_lacks(j.r.exchanges[0].request_body, "canary");
	arena_free(j.a);
}
END_TEST

START_TEST(nothing_judged_is_no_verdict)
{
	struct results r = {0};

	results_count(&r);
	ck_assert_int_eq(results_exit(&r), 3);
	struct result v[] = {{.verdict = VERDICT_SKIP}, {.verdict = VERDICT_ERROR}, {.verdict = VERDICT_FAIL}};
	r = (struct results){.v = v, .n = 1};
	results_count(&r);
	ck_assert_int_eq(results_exit(&r), 3);
	r.n = 3;
	results_count(&r);
	ck_assert_int_eq(results_exit(&r), 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("verdict");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_good_brand_passes);
	tcase_add_test(t, results_say_where_it_is_written_and_what_it_cost);
	tcase_add_loop_test(t, levels_and_cases_decide, 0, 5);
	tcase_add_test(t, a_should_only_warns);
	tcase_add_test(t, no_answer_is_an_error_with_its_cause);
	tcase_add_test(t, what_cannot_be_tried_is_skipped);
	tcase_add_test(t, silence_in_clear_text_is_judged);
	tcase_add_test(t, what_was_not_recorded_is_an_error);
	tcase_add_test(t, a_refusal_needs_proof);
	tcase_add_test(t, after_gates);
	tcase_add_test(t, secrets_do_not_reach_results);
	tcase_add_test(t, nothing_judged_is_no_verdict);
	suite_add_tcase(s, t);
	return testing_run(s);
}
