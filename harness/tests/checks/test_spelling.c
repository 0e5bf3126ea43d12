/* Basic credentials in two spellings: req.auth.basic-formencoded, and what token.status-200 says of it. */
#include <string.h>

#include "checks/client_answer.h"
#include "sample.h"

#define REFUSED "{'refused':true,'status':401,'body':{'error':'invalid_client'}}"
#define REFUSED_400 "{'refused':true,'status':400,'body':{'error':'invalid_client'}}"
#define PAGE_401 "{'refused':true,'status':401,'raw_body':'<html>'}"
#define PASSED "{'refused':true,'status':400,'body':{'error':'invalid_grant'}}"
#define PAGE_404 "{'refused':true,'status':404,'raw_body':'<html>'}"
#define MALFORMED "{'refused':true,'status':400,'body':{'error':'invalid_request'}}"
#define GRANTED "{}"
#define CRASHED "{'refused':true,'status':500,'raw_body':''}"
#define BUSY "{'refused':true,'status':429}"
#define SILENT "{'outcome':'none','trouble':'connection refused'}"
#define CUT "{'refused':true,'raw_body':'{\\\"a','cut':true}"

static const struct {
	const char *edits;
	enum client_answer answer;
} answers[] = {
        {REFUSED, CLIENT_REFUSED}, {REFUSED_400, CLIENT_REFUSED}, {PAGE_401, CLIENT_REFUSED},
        {PASSED, CLIENT_PASSED},   {PAGE_404, CLIENT_PASSED},     {MALFORMED, CLIENT_PASSED},
        {GRANTED, CLIENT_PASSED},  {CRASHED, CLIENT_UNCLEAR},     {BUSY, CLIENT_UNCLEAR},
        {SILENT, CLIENT_UNCLEAR},  {CUT, CLIENT_UNCLEAR},         {"{'refused':true,'status':302}", CLIENT_UNCLEAR},
};

START_TEST(answer)
{
	sample_auto m;

	sample_make(&m, answers[_i].edits);
	ck_assert_msg(client_answer(&m.s) == answers[_i].answer, "%s", answers[_i].edits);
}
END_TEST

/* The four requests, in the order form, form with a wrong secret, raw, raw with a wrong secret. */
static void make(struct sample *m, const char *const *edits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		sample_make(&m[i], edits[i]);
		m[i].step.redeem = (struct redeem){.code = CODE_UNKNOWN,
		                                   .basic_encoding = i < 2 ? SEND_BASIC_FORM : SEND_BASIC_RAW,
		                                   .client_secret = i % 2 ? "A{client_secret}" : NULL};
	}
	sample_join(m, n);
}

static const struct {
	const char *edits[4];
	enum finding_kind kind;
	const char *owner, *says;
	const char *fix;
	bool raw_basic;
} rows[] = {
        {{PASSED, REFUSED, REFUSED, REFUSED}, FINDING_PASS, NULL, "form-encoded id and secret are taken", NULL, false},
        {{PASSED, REFUSED, PASSED, REFUSED}, FINDING_PASS, NULL, "the same as they are", NULL, false},
        {{PASSED, REFUSED_400, CRASHED, SILENT}, FINDING_PASS, NULL, NULL, NULL, false},
        {{REFUSED, REFUSED, PASSED, REFUSED},
         FINDING_VIOLATED,
         NULL,
         "status 401 and the error 'invalid_client' for form-encoded id and secret; as they are",
         "basic_encoding: raw",
         false},
        {{REFUSED, REFUSED, PASSED, REFUSED}, FINDING_VIOLATED, NULL, "'invalid_grant'", "(RFC 6749 §2.3.1).", true},
        {{PAGE_401, PAGE_401, PAGE_404, PAGE_401}, FINDING_VIOLATED, NULL, "status 404", "basic_encoding: raw", false},
        {{REFUSED_400, SILENT, GRANTED, REFUSED_400}, FINDING_VIOLATED, NULL, "taken: status 200", "raw", false},
        /* a wrong secret in the target file, or another client altogether */
        {{REFUSED, REFUSED, REFUSED, REFUSED}, FINDING_SKIP, "req.auth.basic", NULL, NULL, false},
        {{REFUSED, REFUSED, REFUSED, PASSED}, FINDING_SKIP, "req.auth.basic", NULL, NULL, false},
        /* … at an endpoint that decodes, and calls what cannot be decoded malformed */
        {{REFUSED, REFUSED, MALFORMED, MALFORMED}, FINDING_SKIP, NULL, "does not tell", NULL, false},
        {{REFUSED, REFUSED, CRASHED, REFUSED}, FINDING_SKIP, NULL, "does not tell", NULL, false},
        /* the code is looked at first, or any secret will do */
        {{PASSED, PASSED, PASSED, PASSED}, FINDING_SKIP, NULL, "does not tell", NULL, false},
        {{PASSED, PASSED, PASSED, REFUSED}, FINDING_SKIP, NULL, "does not tell", NULL, false},
        {{REFUSED, REFUSED, BUSY, REFUSED}, FINDING_ERROR, NULL, "429", NULL, false},
        {{REFUSED, REFUSED, PASSED, SILENT}, FINDING_ERROR, NULL, "connection refused", NULL, false},
        {{PASSED, SILENT, PASSED, REFUSED}, FINDING_ERROR, NULL, "connection refused", NULL, false},
};

START_TEST(formencoded)
{
	struct sample m[4];
	struct finding f = {0};

	make(m, rows[_i].edits, 4);
	m[0].run.raw_basic = rows[_i].raw_basic;
	check_find("req.auth.basic-formencoded")->run(&m[0].s, &f);
	const char *words = f.observed ? f.observed : f.reason;
	ck_assert_msg(f.kind == rows[_i].kind, "row %d: kind %d, '%s'", _i, f.kind, words);
	if (rows[_i].says)
		assert_contains(words, rows[_i].says);
	ck_assert_pstr_eq(f.owner, rows[_i].owner);
	ck_assert(!f.fix == !rows[_i].fix);
	if (f.fix)
		assert_contains(f.fix, rows[_i].fix);
	if (f.fix && rows[_i].raw_basic)
		assert_lacks(f.fix, "raw");
	for (size_t i = 0; i < 4; i++)
		sample_release(&m[i]);
}
END_TEST

/* A target file that says one spelling where the endpoint takes the other: said where the run fails. */
static const struct {
	const char *edits[5]; /* the ordinary exchange last */
	bool raw_basic;
	const char *fix;
} said[] = {
        {{REFUSED, REFUSED, PASSED, REFUSED, REFUSED}, false, "basic_encoding: raw} in the target file"},
        {{PASSED, REFUSED, REFUSED, REFUSED, REFUSED}, true, "leave that out"},
        {{REFUSED, REFUSED, PASSED, REFUSED, REFUSED}, true, "check that the client id"},
        {{PASSED, REFUSED, REFUSED, REFUSED, REFUSED}, false, "check that the client id"},
        {{PASSED, REFUSED, PASSED, REFUSED, REFUSED}, true, "check that the client id"},
        {{REFUSED, REFUSED, REFUSED, REFUSED, REFUSED}, false, "check that the client id"},
        {{REFUSED, REFUSED, PASSED, REFUSED, CRASHED}, false, NULL},
        {{REFUSED, REFUSED, PASSED, REFUSED, PASSED}, false, NULL},
};

START_TEST(ordinary)
{
	struct sample m[5];
	struct finding f = {0};

	make(m, said[_i].edits, 5);
	m[4].step.redeem = (struct redeem){.ordinary = true};
	m[4].run.raw_basic = said[_i].raw_basic;
	check_find("token.status-200")->run(&m[4].s, &f);
	ck_assert_int_eq(f.kind, FINDING_VIOLATED);
	ck_assert_msg(!f.fix == !said[_i].fix, "row %d: '%s'", _i, f.fix ? f.fix : "-");
	if (f.fix)
		assert_contains(f.fix, said[_i].fix);
	for (size_t i = 0; i < 5; i++)
		sample_release(&m[i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: spelling of credentials");
	TCase *t = tcase_create("spelling");

	sample_keys_make();
	SAMPLE_ADD(t, answer, answers);
	SAMPLE_ADD(t, formencoded, rows);
	SAMPLE_ADD(t, ordinary, said);
	suite_add_tcase(s, t);
	int result = testing_run(s);
	sample_keys_free();
	return result;
}
