/* Several steps, rounds and requests at once: one result a requirement, the worst, and who owns what. */
#include <string.h>

#include "testing.h"
#include "verdict/judge.h"
#include "verdict/merge.h"

/* --- merging ------------------------------------------------------------------------------------------------------- */

/* Results of one requirement as letters: p(ass) i(nfo) w(arn) f(ail) s(kip) e(rror), each of the step a, b, c, … in turn; a
 * capital letter stands for one that observed something of its own. */
static const struct {
	const char *given;
	enum verdict want;
	const char *step; /* NULL: none */
	const char *observed;
} merge_rows[] = {
        {"p", VERDICT_PASS, "a", "pass"},
        {"f", VERDICT_FAIL, "a", "fail"},
        {"pf", VERDICT_FAIL, "b", "fail"},
        {"ef", VERDICT_FAIL, "b", "fail"},
        {"fe", VERDICT_FAIL, "a", "fail"},
        {"we", VERDICT_ERROR, "b", NULL},
        {"pe", VERDICT_ERROR, "b", NULL},
        {"iw", VERDICT_WARN, "b", "warn"},
        {"pi", VERDICT_INFO, "b", "info"},
        {"sp", VERDICT_PASS, NULL, "pass"},
        {"ss", VERDICT_SKIP, NULL, NULL},
        {"pp", VERDICT_PASS, NULL, "pass"},
        {"pP", VERDICT_PASS, NULL, "pass"},
        {"ff", VERDICT_FAIL, NULL, "fail"},
        {"fF", VERDICT_FAIL, "a", "fail; so too at b"},
        {"Fpf", VERDICT_FAIL, "a", "fail of a; so too at c"},
        {"pFfFf", VERDICT_FAIL, "b", "fail of b; so too at c, d and e"},
        {"pfFfFfff", VERDICT_FAIL, "b", "fail; so too at c, d, e, f and 2 more"},
        {"ee", VERDICT_ERROR, NULL, NULL},
        {"eE", VERDICT_ERROR, "a", NULL},
};

static enum verdict verdict_named(char letter)
{
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		if (verdict_text(v)[0] == (letter | 0x20))
			return v;
	ck_abort_msg("no verdict '%c'", letter);
}

START_TEST(the_worst_decides)
{
	arena_auto *a = arena_new();
	struct merge m = {.a = a};

	for (size_t i = 0; merge_rows[_i].given[i]; i++) {
		char letter = merge_rows[_i].given[i];
		struct result r = {.requirement = "x", .verdict = verdict_named(letter), .time_ms = 5};
		r.step = arena_printf(a, "%c", (char)('a' + i));
		const char *text = letter & 0x20 ? verdict_text(r.verdict)
		                                 : arena_printf(a, "%s of %s", verdict_text(r.verdict), r.step);
		if (r.verdict == VERDICT_SKIP || r.verdict == VERDICT_ERROR)
			r.reason = text;
		else
			r.observed = text;
		merge_add(&m, &r);
	}
	ck_assert_uint_eq(m.n, 1);
	struct result r = merge_track_result(a, &m.tracks[0]);
	ck_assert_msg(r.verdict == merge_rows[_i].want, "%s: %s", merge_rows[_i].given, verdict_text(r.verdict));
	ck_assert_msg(!r.step == !merge_rows[_i].step && (!r.step || strcmp(r.step, merge_rows[_i].step) == 0),
	              "%s: step '%s'", merge_rows[_i].given, r.step ? r.step : "-");
	if (merge_rows[_i].observed)
		ck_assert_str_eq(r.observed, merge_rows[_i].observed);
	ck_assert_int_eq(r.time_ms, 5 * (int64_t)strlen(merge_rows[_i].given));
}
END_TEST

/* One step in several rounds is one step. */
START_TEST(rounds_are_no_steps)
{
	arena_auto *a = arena_new();
	struct merge m = {.a = a};
	struct result r = {.requirement = "x", .step = "s", .verdict = VERDICT_FAIL, .observed = "two"};

	merge_add(&m, &r);
	r.observed = "three";
	merge_add(&m, &r);
	r.requirement = "y";
	merge_add(&m, &r);
	ck_assert_uint_eq(m.n, 2);
	r = merge_track_result(a, &m.tracks[0]);
	ck_assert_str_eq(r.observed, "two");
	ck_assert_str_eq(r.step, "s");
}
END_TEST

/* --- a scenario with two rounds of: a burst of three, then once more ------------------------------------------------- */

#define LEVELS_ALL(l)                                                                      \
	{                                                                                  \
		[PROFILE_LIVEPERSON] = (l), [PROFILE_STRICT] = (l), [PROFILE_GOOGLE] = (l) \
	}
#define GRANTED "{\"access_token\":\"SlAV32hkKG99\",\"token_type\":\"Bearer\"}"
#define REFUSED "{\"error\":\"invalid_grant\"}"

static const char *no_source[] = {NULL};
static struct requirement requirements[] = {
        {.id = "req.race", .title = "race", .level = LEVELS_ALL(LEVEL_MUST), .fix = "lock", .source = no_source},
        {.id = "req.again", .title = "again", .level = LEVELS_ALL(LEVEL_MUST), .fix = "burn", .source = no_source},
        {.id = "req.clean", .title = "clean", .level = LEVELS_ALL(LEVEL_MUST), .fix = "catch", .source = no_source},
        {.id = "err.status", .title = "status", .level = LEVELS_ALL(LEVEL_MUST), .fix = "400", .source = no_source},
        {.id = "err.no-oracle", .title = "same", .level = LEVELS_ALL(LEVEL_SHOULD), .fix = "one", .source = no_source},
        {.id = "req.revoked", .title = "gone", .level = LEVELS_ALL(LEVEL_MUST), .fix = "revoke", .source = no_source},
};
enum { RACE, AGAIN, CLEAN, STATUS, ORACLE, REVOKED };

static struct match_test at_most_one = {.op = OP_MAX}, is_401 = {.op = OP_EQUALS};
static const char *grant[] = {"invalid_grant", NULL};
static struct expect race_expects[] = {
        {.requirement = &requirements[RACE], .subject = MATCH_SUCCESSES, .tests = &at_most_one, .ntests = 1},
        {.requirement = &requirements[STATUS], .check = true},
};
static struct expect again_expects[] = {
        {.requirement = &requirements[AGAIN], .subject = MATCH_DENIED},
        {.requirement = &requirements[CLEAN], .subject = MATCH_CLEAN},
        {.requirement = &requirements[STATUS], .check = true},
        {.requirement = &requirements[ORACLE], .check = true},
};
static struct expect info_expects[] = {
        {.requirement = &requirements[REVOKED], .subject = MATCH_STATUS, .tests = &is_401, .ntests = 1},
        {.requirement = &requirements[CLEAN], .subject = MATCH_DENIED},
};
static struct step steps[] = {
        {.name = "burst", .redeem = {.times = 3}, .spec = "{}", .expects = race_expects, .nexpects = 2},
        {.name = "again",
         .redeem = {.code = CODE_TEXT},
         .spec = "{}",
         .errors = grant,
         .expects = again_expects,
         .nexpects = 4},
};
static struct step info_steps[] = {
        {.kind = STEP_USERINFO, .userinfo.access_token = "x", .spec = "{}", .expects = info_expects, .nexpects = 2}};
static struct scenario scenarios[] = {
        {.suite = "s",
         .id = "race",
         .title = "t",
         .rounds = 2,
         .steps = steps,
         .nsteps = 2,
         .at = {.path = "race.yaml"}},
        {.suite = "s",
         .id = "info",
         .title = "t",
         .rounds = 1,
         .steps = info_steps,
         .nsteps = 1,
         .at = {.path = "i.yaml"}},
};

#define EXCHANGES 10
struct judged {
	struct arena *a;
	struct planned planned[EXCHANGES];
	struct planned_scenario scenarios[2];
	struct exchange x[EXCHANGES];
	struct evidence ev;
	struct suite suite;
	struct plan plan;
	struct results r;
};

static void reply(struct judged *j, size_t i, int status, const char *body)
{
	j->x[i].outcome = EXCHANGE_ANSWERED;
	j->x[i].status = status;
	j->x[i].response.body = sv_of(body);
}

static void no_reply(struct judged *j, size_t i, enum exchange_outcome outcome)
{
	j->x[i].outcome = outcome;
	j->x[i].status = 0;
	j->x[i].response.body = SV_NONE;
	j->x[i].trouble = outcome == EXCHANGE_NO_CODE ? "the list is empty" : "reset";
}

/* x1 ordinary; x2-x4 and x5 the first round, x6-x8 and x9 the second; x10 userinfo. All as a good brand answers. */
static void setup(struct judged *j)
{
	static const char *const keys[EXCHANGES] = {
	        PLAN_ORDINARY,    "race/burst/1/1", "race/burst/1/2", "race/burst/1/3", "race/again/1",
	        "race/burst/2/1", "race/burst/2/2", "race/burst/2/3", "race/again/2",   "info/1"};
	static struct sv head[] = {{"HTTP/1.1 200 X", 14}};
	static const size_t race_uses[] = {1, 4, 5, 8}, info_uses[] = {9};

	*j = (struct judged){.a = arena_new()};
	for (size_t i = 0; i < EXCHANGES; i++) {
		bool burst = i == 1 || i == 2 || i == 3 || (i >= 5 && i <= 7);
		j->planned[i] = (struct planned){.id = arena_printf(j->a, "x%zu", i + 1),
		                                 .key = keys[i],
		                                 .spec = i ? "{}" : PLAN_ORDINARY_SPEC,
		                                 .kind = i == 9 ? "userinfo" : "token",
		                                 .step = i == 9 ? &info_steps[0]
		                                         : i    ? &steps[!burst]
		                                                : NULL,
		                                 .after = i == 4   ? 1
		                                          : i == 8 ? 5
		                                                   : -1,
		                                 .round = i >= 5 && i < 9 ? 2 : 1,
		                                 .times = burst ? 3 : 1};
		j->x[i] = (struct exchange){.id = j->planned[i].id,
		                            .key = keys[i],
		                            .spec = j->planned[i].spec,
		                            .kind = j->planned[i].kind,
		                            .method = "POST",
		                            .response = {.lines = head, .nlines = 1},
		                            .timing = {.total_us = 1000}};
		reply(j, i, i == 9 ? 401 : 400, REFUSED);
	}
	reply(j, 0, 200, GRANTED);
	reply(j, 2, 200, GRANTED);
	reply(j, 5, 200, GRANTED);
	j->ev = (struct evidence){
	        .run = {.tool = "t", .profile = "liveperson", .public_key = "none"}, .exchanges = j->x, .n = EXCHANGES};
	at_most_one.operand = json_integer(1);
	is_401.operand = json_integer(401);
	j->suite = (struct suite){.catalogue = {.v = requirements, .n = 6}, .scenarios = scenarios, .n = 2};
	j->scenarios[0] = (struct planned_scenario){.scenario = &scenarios[0], .exchanges = race_uses, .rounds = 2};
	j->scenarios[1] = (struct planned_scenario){.scenario = &scenarios[1], .exchanges = info_uses, .rounds = 1};
	j->plan = (struct plan){.exchanges = j->planned, .n = EXCHANGES, .scenarios = j->scenarios, .nscenarios = 2};
}

static const struct result *decide(struct judged *j, const char *id)
{
	struct judge_input in = {.suite = &j->suite, .plan = &j->plan, .evidence = &j->ev, .suite_digest = "d"};

	judge(j->a, &in, &j->r);
	for (size_t i = 0; i < j->r.n; i++)
		if (strcmp(j->r.v[i].requirement, id) == 0)
			return &j->r.v[i];
	ck_abort_msg("there is no result for '%s'", id);
}

static void done(struct judged *j)
{
	arena_free(j->a);
	json_decref(at_most_one.operand);
	json_decref(is_401.operand);
}

#define ASSERT_RESULT(j, id, want, words)                                                                        \
	do {                                                                                                     \
		const struct result *r_ = decide(j, id);                                                         \
		const char *text_ = r_->reason ? r_->reason : r_->observed;                                      \
		ck_assert_msg(r_->verdict == (want), "%s: %s, '%s'", id, verdict_text(r_->verdict), text_);      \
		ck_assert_msg(!(words) || strstr(text_, (words) ? (words) : ""), "%s: want '%s', have '%s'", id, \
		              (words) ? (words) : "", text_);                                                    \
	} while (0)

START_TEST(one_result_a_requirement)
{
	struct judged j;

	setup(&j);
	ASSERT_RESULT(&j, "req.race", VERDICT_PASS, "1 of 3");
	ck_assert_uint_eq(j.r.n, 5 + 2);
	ASSERT_RESULT(&j, "req.again", VERDICT_PASS, NULL);
	ASSERT_RESULT(&j, "err.status", VERDICT_PASS, NULL);
	ASSERT_RESULT(&j, "err.no-oracle", VERDICT_PASS, "2 refusals");
	ck_assert_str_eq(j.r.v[0].requirement, "req.race");
	ck_assert_str_eq(j.r.v[1].requirement, "err.status");
	/* eight exchanges in the scenario, one millisecond each, every one counted once */
	int64_t time = 0;
	for (size_t i = 0; i < j.r.n; i++)
		time += strcmp(j.r.v[i].scenario, "race") == 0 ? j.r.v[i].time_ms : 0;
	ck_assert_int_eq(time, 8);
	done(&j);
}
END_TEST

START_TEST(a_later_round_decides)
{
	struct judged j;

	setup(&j);
	reply(&j, 6, 200, GRANTED);
	ASSERT_RESULT(&j, "req.race", VERDICT_FAIL, "2 of 3");
	ck_assert_str_eq(decide(&j, "req.race")->exchange, "x6");
	ck_assert_str_eq(decide(&j, "req.race")->step, "burst");
	done(&j);

	setup(&j);
	reply(&j, 8, 200, GRANTED);
	ASSERT_RESULT(&j, "req.again", VERDICT_FAIL, "access_token");
	ck_assert_str_eq(decide(&j, "req.again")->step, "again");
	done(&j);
}
END_TEST

/* What judges denied and clean in a step owns what a token and a 5xx mean there. */
START_TEST(owners)
{
	struct judged j;

	setup(&j);
	reply(&j, 4, 200, GRANTED);
	reply(&j, 8, 200, GRANTED);
	for (size_t i = 1; i < 8; i++)
		if (i != 4)
			reply(&j, i, 200, GRANTED);
	ASSERT_RESULT(&j, "err.status", VERDICT_SKIP, "tokens were issued");
	ASSERT_RESULT(&j, "req.clean", VERDICT_SKIP, "req.again");
	done(&j);

	setup(&j);
	reply(&j, 4, 500, "");
	ASSERT_RESULT(&j, "req.clean", VERDICT_FAIL, "500");
	ASSERT_RESULT(&j, "err.status", VERDICT_PASS, NULL);
	done(&j);
}
END_TEST

START_TEST(rounds_reach_as_far_as_codes)
{
	struct judged j;

	setup(&j);
	for (size_t i = 5; i < 8; i++)
		no_reply(&j, i, EXCHANGE_NO_CODE);
	no_reply(&j, 8, EXCHANGE_NO_ANSWER);
	ASSERT_RESULT(&j, "req.race", VERDICT_PASS, NULL);
	ASSERT_RESULT(&j, "req.again", VERDICT_PASS, NULL);
	ASSERT_RESULT(&j, "err.no-oracle", VERDICT_SKIP, "two refusals");
	ck_assert_uint_eq(j.r.count[VERDICT_ERROR], 0);
	done(&j);

	/* … but no answer to a request that was sent is no want of codes, */
	setup(&j);
	no_reply(&j, 8, EXCHANGE_NO_ANSWER);
	ASSERT_RESULT(&j, "req.again", VERDICT_ERROR, "reset");
	done(&j);

	/* and without a code in the first round nothing was judged. */
	setup(&j);
	for (size_t i = 1; i < 4; i++)
		no_reply(&j, i, EXCHANGE_NO_CODE);
	ASSERT_RESULT(&j, "req.race", VERDICT_ERROR, "only 0 of 3");
	done(&j);
}
END_TEST

START_TEST(one_silent_request_of_a_burst)
{
	struct judged j;

	setup(&j);
	no_reply(&j, 3, EXCHANGE_NO_ANSWER);
	ASSERT_RESULT(&j, "req.race", VERDICT_PASS, "1 of 2");
	ASSERT_RESULT(&j, "err.status", VERDICT_ERROR, "reset");
	done(&j);
}
END_TEST

/* A refusal of an access token says nothing of codes, and needs no proof by one. */
START_TEST(userinfo_needs_no_proof)
{
	struct judged j;

	setup(&j);
	reply(&j, 0, 400, REFUSED);
	ASSERT_RESULT(&j, "req.revoked", VERDICT_PASS, NULL);
	ASSERT_RESULT(&j, "req.again", VERDICT_SKIP, "proves nothing");
	for (size_t i = 0; i < j.r.n; i++)
		if (strcmp(j.r.v[i].scenario, "info") == 0)
			ck_assert_int_eq(j.r.v[i].verdict, VERDICT_PASS);
	done(&j);
}
END_TEST

START_TEST(a_skipped_scenario_says_it_once)
{
	struct judged j;

	setup(&j);
	j.scenarios[0].skip = "no second client";
	j.scenarios[0].exchanges = NULL;
	ASSERT_RESULT(&j, "err.status", VERDICT_SKIP, "no second client");
	ck_assert_uint_eq(j.r.n, 5 + 2);
	done(&j);
}
END_TEST

START_TEST(codes_sent_again_are_not_spent_again)
{
	struct judged j;

	setup(&j);
	for (size_t i = 1; i < 5; i++)
		j.x[i].code = (struct code_facts){.code = "one", .obtained_ms = 5};
	j.x[5].code = (struct code_facts){.code = "one", .obtained_ms = 6};
	j.x[6].code = (struct code_facts){.code = "two", .obtained_ms = 6};
	j.x[7].code = (struct code_facts){.code = "made up"};
	(void)decide(&j, "req.race");
	ck_assert_int_eq(j.r.codes, 3);
	done(&j);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("verdict: steps and rounds");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, the_worst_decides, 0, sizeof merge_rows / sizeof *merge_rows);
	tcase_add_test(t, rounds_are_no_steps);
	tcase_add_test(t, one_result_a_requirement);
	tcase_add_test(t, a_later_round_decides);
	tcase_add_test(t, owners);
	tcase_add_test(t, rounds_reach_as_far_as_codes);
	tcase_add_test(t, one_silent_request_of_a_burst);
	tcase_add_test(t, userinfo_needs_no_proof);
	tcase_add_test(t, a_skipped_scenario_says_it_once);
	tcase_add_test(t, codes_sent_again_are_not_spent_again);
	suite_add_tcase(s, t);
	return testing_run(s);
}
