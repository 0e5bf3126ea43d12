#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "evidence/evidence.h"
#include "tests/testing.h"

#define NUMBERS                                                                                             \
	"\"started_ms\":1,\"tolerance_s\":0,\"code_lifetime_s\":0,\"connections\":8,\"latency_warn_ms\":1," \
	"\"latency_fail_ms\":2,\"raw_basic\":true"
#define RUN "{\"evidence\":3,\"run\":{" NUMBERS "}}\n"
#define TIMING                                                                                    \
	"\"timing\":{\"started_ms\":0,\"ended_ms\":0,\"dns_us\":0,\"connect_us\":0,\"tls_us\":0," \
	"\"first_byte_us\":0,\"total_us\":0,\"released_us\":0,\"answered_us\":0}"
#define MESSAGE "{\"lines\":[]}"
#define BEHIND ",\"body_cut\":false,\"head_cut\":false,\"broken_off\":false," TIMING ",\"code\":{\"obtained_ms\":0}"
#define EXCHANGE(id, outcome, status, response, more)                                                              \
	"{\"exchange\":{\"id\":" id ",\"key\":\"k\",\"kind\":\"token\",\"outcome\":" outcome ",\"status\":" status \
	",\"request\":" MESSAGE ",\"response\":" response BEHIND more "}}\n"
#define GOOD EXCHANGE("\"x1\"", "\"answered\"", "200", MESSAGE, "")

#define WITH(more) RUN EXCHANGE("\"x1\"", "\"answered\"", "200", MESSAGE, more)
#define HOP(url)                                                                                                   \
	"{\"method\":\"GET\"," url "\"status\":200,\"request\":" MESSAGE ",\"response\":" MESSAGE ",\"body_cut\":" \
	"false}"
#define HOPS5(url) HOP(url) "," HOP(url) "," HOP(url) "," HOP(url) "," HOP(url)
#define HOPS20(url) HOPS5(url) "," HOPS5(url) "," HOPS5(url) "," HOPS5(url)
#define URL "\"url\":\"u\","
#define TLS(chain)                                                                                                     \
	",\"tls\":{\"completed\":true,\"chain\":[" chain "],\"chain_cut\":false,\"verified\":true,\"verify_error\":0," \
	"\"verify_depth\":0}"
#define CHAIN10 "\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\""

static int read_text(struct sv text, struct arena *a, struct evidence *ret, struct err *e)
{
	FILE *f = tmpfile();

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text.p, 1, text.n, f), text.n);
	int r = evidence_read(f, "run.jsonl", a, ret, e);
	fclose(f);
	return r;
}

START_TEST(good_evidence_is_read)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct evidence ev;
	static const char text[] = RUN GOOD EXCHANGE("{\"base64\":\"/w==\"}", "\"no-code\"", "-1",
	                                             "{\"lines\":[\"\",{\"base64\":\"AA==\"}],\"body\":\"\"}", "");

	if (read_text(sv_of(text), a, &ev, &e) < 0)
		ck_abort_msg("%s", e.text);
	ck_assert_uint_eq(ev.n, 2);
	ck_assert_int_eq(ev.run.started_ms, 1);
	ck_assert_ptr_null(ev.run.client_secret);
	ck_assert_str_eq(ev.exchanges[1].id, "\xff");
	ck_assert_int_eq(ev.exchanges[1].outcome, EXCHANGE_NO_CODE);
	ck_assert_int_eq(ev.exchanges[1].status, -1);
	assert_sv_eq(ev.exchanges[1].response.lines[1], SV("\0"));
	assert_sv_eq(ev.exchanges[1].response.body, SV(""));
	ck_assert_ptr_null(ev.exchanges[0].response.body.p);
}
END_TEST

static const struct {
	struct sv text;
	const char *want;
} bad[] = {
        {SV(""), "run.jsonl:1: the file is empty"},
        {SV("\n"), "run.jsonl:1: not a JSON object"},
        {SV("[]\n"), "run.jsonl:1: this is not evidence"},
        {SV("<html>\n"), "run.jsonl:1: not a JSON object"},
        {SV("{}\n"), "run.jsonl:1: this is not evidence: the first line has to be {\"evidence\": 3"},
        {SV(GOOD), "run.jsonl:1: this is not evidence"},
        {SV("{\"evidence\":4,\"run\":{\"unheard\":1}}\n"), "run.jsonl:1: this is evidence of another version"},
        {SV("{\"evidence\":\"3\",\"run\":{}}\n"), "run.jsonl:1: this is evidence of another version"},
        {SV("{\"evidence\":3}\n"), "run.jsonl:1: has to have the members 'evidence' and 'run'"},
        {SV("{\"evidence\":3,\"run\":{},\"x\":1}\n"), "run.jsonl:1: has to have the members 'evidence' and 'run'"},
        {SV("{\"evidence\":3,\"run\":[]}\n"), "run.jsonl:1: in 'run': has to be an object"},
        {SV("{\"evidence\":3,\"run\":{}}\n"), "run.jsonl:1: in 'run': member 'started_ms' is missing"},
        {SV("{\"evidence\":3,\"run\":{\"started_ms\":1.5}}\n"),
         "run.jsonl:1: in 'run': member 'started_ms' has to be a whole number"},
        {SV("{\"evidence\":3,\"run\":{" NUMBERS ",\"audiences\":\"a\"}}\n"),
         "run.jsonl:1: in 'run': member 'audiences' has to be a list"},
        {SV("{\"evidence\":3,\"run\":{" NUMBERS ",\"toll\":\"a\"}}\n"), "run.jsonl:1: in 'run': unknown member 'toll'"},
        {SV("{\"evidence\":3,\"run\":{\"started_ms\":1,\"started_ms\":1}}\n"), "run.jsonl:1: not a JSON object"},
        {SV("{\"evidence\":3,\"run\":{\"started_ms\":1,\"target\":\"a\\u0000b\"}}\n"),
         "run.jsonl:1: not a JSON object"},
        {SV("{\"evidence\":3,\"run\":{\"started_ms\":1,\"target\":{\"base64\":\"YQBi\"}}}\n"),
         "member 'target' is a text and must not hold NUL"},
        {SV("{\"evidence\":3,\"run\":{\"started_ms\":1,\"target\":{\"base64\":\"YQ\"}}}\n"),
         "member 'target' is not base64: it has a length"},
        {SV("{\"evidence\":3,\"run\":{\"started_ms\":1,\"target\":{\"base64\":\"\",\"x\":1}}}\n"),
         "member 'target' has to be a string or {\"base64\": \"…\"}"},
        {SV("{\"evidence\":3,\"run\":{\"started_ms\":1,\"target\":null}}\n"), "member 'target' has to be a string"},
        {SV(RUN RUN), "run.jsonl:2: a second run begins here"},
        {SV(RUN "{\"exchange\":{}}\n"), "run.jsonl:2: in 'exchange': member 'id' is missing"},
        {SV(RUN "{\"exchange\":{},\"x\":1}\n"), "run.jsonl:2: has to have the member 'exchange' and no other"},
        {SV(RUN GOOD "{\"exchange\""), "run.jsonl:3: the last line is cut in the middle"},
        {SV(RUN "{}"), "run.jsonl:2: the last line is cut in the middle"},
        {SV(RUN "\0\n"), "run.jsonl:2: not a JSON object"},
        {SV(RUN GOOD GOOD), "run.jsonl: exchange 'x1' is in it twice"},
        {SV(RUN EXCHANGE("1", "\"answered\"", "200", MESSAGE, "")), "run.jsonl:2: in 'exchange': member 'id'"},
        {SV(RUN EXCHANGE("\"x1\"", "\"lost\"", "200", MESSAGE, "")), "member 'outcome' has to be 'answered'"},
        {SV(RUN EXCHANGE("\"x1\"", "1", "200", MESSAGE, "")), "member 'outcome' has to be 'answered'"},
        {SV(RUN EXCHANGE("\"x1\"", "\"answered\"", "4294967496", MESSAGE, "")), "member 'status' is out of range"},
        {SV(RUN EXCHANGE("\"x1\"", "\"answered\"", "99999999999999999999", MESSAGE, "")), "run.jsonl:2: not a JSON"},
        {SV(RUN EXCHANGE("\"x1\"", "\"answered\"", "true", MESSAGE, "")), "member 'status' has to be a whole number"},
        {SV(RUN EXCHANGE("\"x1\"", "\"answered\"", "200", "{\"lines\":{}}", "")),
         "run.jsonl:2: in 'exchange': in 'response': member 'lines' has to be a list"},
        {SV(RUN EXCHANGE("\"x1\"", "\"answered\"", "200", "{\"lines\":[1]}", "")), "member 'lines' has to be a string"},
        {SV(RUN EXCHANGE("\"x1\"", "\"answered\"", "200", "[]", "")), "in 'response': has to be an object"},
        {SV(RUN EXCHANGE("\"x1\"", "\"answered\"", "200", MESSAGE, ",\"colour\":1")), "unknown member 'colour'"},
        {SV(RUN "{\"exchange\":{\"id\":\"x1\",\"key\":\"k\",\"kind\":\"token\",\"outcome\":\"answered\",\"status\":1,"
                "\"request\":" MESSAGE ",\"response\":" MESSAGE ",\"body_cut\":0}}\n"),
         "member 'body_cut' has to be true or false"},
        {SV(WITH(",\"hops\":{}")), "run.jsonl:2: in 'exchange': member 'hops' has to be a list"},
        {SV(WITH(",\"hops\":[[]]")), "run.jsonl:2: in 'exchange': in 'hops': has to be an object"},
        {SV(WITH(",\"hops\":[" HOP("") "]")), "in 'hops': member 'url' is missing"},
        {SV(WITH(",\"hops\":[" HOPS20(URL) "," HOP(URL) "]")), "member 'hops' must not have more than 20 elements"},
        {SV(WITH(",\"tls\":[]")), "run.jsonl:2: in 'exchange': in 'tls': has to be an object"},
        {SV(WITH(",\"tls\":{}")), "in 'tls': member 'completed' is missing"},
        {SV(WITH(TLS(CHAIN10 ",\"\""))), "in 'tls': member 'chain' must not have more than 10 elements"},
};

START_TEST(as_much_as_is_allowed_is_read)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct evidence ev;

	if (read_text(SV(WITH(",\"hops\":[" HOPS20(URL) "]" TLS(CHAIN10))), a, &ev, &e) < 0)
		ck_abort_msg("%s", e.text);
	ck_assert_uint_eq(ev.exchanges[0].nhops, 20);
	ck_assert_str_eq(ev.exchanges[0].hops[19].url, "u");
	ck_assert_uint_eq(ev.exchanges[0].tls->nchain, 10);
	ck_assert(ev.exchanges[0].tls->verified);
}
END_TEST

START_TEST(bad_evidence_is_refused_with_its_place)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct evidence ev;

	ck_assert_int_eq(read_text(bad[_i].text, a, &ev, &e), -1);
	ck_assert_int_eq(e.kind, ERR_INPUT);
	assert_contains(e.text, bad[_i].want);
}
END_TEST

START_TEST(messages_do_not_quote_secrets)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct evidence ev;

	ck_assert_int_eq(read_text(SV(RUN "{\"exchange\": \"s3cr3t-t0ken\" s3cr3t}\n"), a, &ev, &e), -1);
	assert_contains(e.text, "run.jsonl:2: ");
	assert_lacks(e.text, "s3cr3t");
}
END_TEST

START_TEST(a_line_too_long_is_refused)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct evidence ev;
	size_t n = LIMIT_EVIDENCE_LINE + 2;
	char *text = arena_alloc(a, n);

	memset(text, ' ', n);
	text[n - 1] = '\n';
	ck_assert_int_eq(read_text((struct sv){text, n}, a, &ev, &e), -1);
	assert_contains(e.text, "run.jsonl:1: the line is longer than 33554432 bytes");
	/* one byte less is a question of content */
	e = (struct err){0};
	ck_assert_int_eq(read_text((struct sv){text + 1, n - 1}, a, &ev, &e), -1);
	assert_contains(e.text, "run.jsonl:1: not a JSON object");
}
END_TEST

START_TEST(too_many_lines_are_refused)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct evidence ev;
	FILE *f = tmpfile();

	ck_assert_ptr_nonnull(f);
	fputs(RUN, f);
	for (size_t i = 1; i < LIMIT_EVIDENCE_LINES; i++)
		fprintf(f, EXCHANGE("\"x%zu\"", "\"answered\"", "200", MESSAGE, ""), i);
	fputs(EXCHANGE("\"one more\"", "\"answered\"", "200", MESSAGE, ""), f);
	ck_assert_int_eq(evidence_read(f, "run.jsonl", a, &ev, &e), -1);
	assert_contains(e.text, "run.jsonl:200001: more than 200000 lines");
	fclose(f);
}
END_TEST

START_TEST(a_pipe_can_be_read)
{
	static const char text[] = RUN GOOD;
	arena_auto *a = arena_new();
	struct err e = {0};
	struct evidence ev;
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq(write(ends[1], text, sizeof text - 1), sizeof text - 1);
	close(ends[1]);
	FILE *f = fdopen(ends[0], "r");
	ck_assert_ptr_nonnull(f);
	if (evidence_read(f, "-", a, &ev, &e) < 0)
		ck_abort_msg("%s", e.text);
	ck_assert_uint_eq(ev.n, 1);
	fclose(f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("evidence_read");
	TCase *c = tcase_create("evidence_read");

	tcase_set_timeout(c, 120);
	tcase_add_test(c, good_evidence_is_read);
	tcase_add_test(c, as_much_as_is_allowed_is_read);
	tcase_add_loop_test(c, bad_evidence_is_refused_with_its_place, 0, sizeof bad / sizeof *bad);
	tcase_add_test(c, messages_do_not_quote_secrets);
	tcase_add_test(c, a_line_too_long_is_refused);
	tcase_add_test(c, too_many_lines_are_refused);
	tcase_add_test(c, a_pipe_can_be_read);
	suite_add_tcase(s, c);
	return testing_run(s);
}
