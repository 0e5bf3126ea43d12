/* Code sources of every temper, and what becomes of exchanges without a code. */

#include <fcntl.h>
#include <unistd.h>

#include "core/clock.h"
#include "rig.h"

static struct loopback_reply ok = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};

/* --- sources that take their time -------------------------------------------------------------------------- */

/* Fetches end in the order begun, each as soon as `together` of them are under way or no further one is to come. */
struct slow_source {
	struct rig *rig;
	struct fetch *waiting[RIG_MAX];
	int n, most, left;
	int together;
	int pipe[2];
	bool cancelled;
};

static void slow_start(void *self, struct fetch *f)
{
	struct slow_source *s = self;

	s->waiting[s->n++] = f;
	s->left--;
	s->most = s->n > s->most ? s->n : s->most;
	f->fd = s->pipe[0];
	f->deadline_us = clock_mono_us() + 20000000;
	f->state = FETCH_WAIT;
	if (s->n >= s->together || s->left == 0)
		ck_assert_int_eq(write(s->pipe[1], "x", 1), 1);
}

static void slow_ready(void *self, struct fetch *f, bool timed_out)
{
	struct slow_source *s = self;
	char c;

	ck_assert(!timed_out);
	for (int i = 0; i < s->n; i++)
		if (s->waiting[i] == f)
			s->waiting[i] = s->waiting[--s->n];
	if (s->n == 0)
		ck_assert_int_eq(read(s->pipe[0], &c, 1), 1);
	rig_give(s->rig, f);
}

static void slow_cancel(void *self, struct fetch *f)
{
	(void)f;
	((struct slow_source *)self)->cancelled = true;
}

static const struct code_source_ops slow_ops = {
        .name = "slow", .start = slow_start, .on_ready = slow_ready, .cancel = slow_cancel, .supply = rig_supply};

START_TEST(test_parallel_fetches)
{
	struct slow_source s = {.together = 3, .left = 7};
	struct rig *r = rig_new(rig_same, &ok);

	ck_assert_int_eq(pipe(s.pipe), 0);
	s.rig = r;
	r->source = (struct code_source){.ops = &slow_ops, .self = &s, .parallel = 3};
	for (int i = 0; i < 7; i++)
		rig_alone(r, (struct redeem){0});
	rig_drive(r, 8);
	ck_assert_int_eq(s.most, 3);
	ck_assert_int_eq(r->run.codes_spent, 7);
	ck_assert_uint_eq(loopback_count(r->server), 7);
	close(s.pipe[0]);
	close(s.pipe[1]);
	rig_free(r);
}
END_TEST

/* While a source thinks, exchanges that need no code go on. */
static void late_ready(void *self, struct fetch *f, bool timed_out)
{
	struct slow_source *s = self;

	ck_assert(timed_out);
	rig_give(s->rig, f);
}

static void late_start(void *self, struct fetch *f)
{
	(void)self;
	f->deadline_us = clock_mono_us() + 150000;
	f->state = FETCH_WAIT; /* fd is -1: time alone ends it */
}

START_TEST(test_fetch_deadline)
{
	static const struct code_source_ops late_ops = {
	        .name = "late", .start = late_start, .on_ready = late_ready, .supply = rig_supply};
	struct slow_source s = {0};
	struct rig *r = rig_new(rig_same, &ok);

	s.rig = r;
	r->source = (struct code_source){.ops = &late_ops, .self = &s, .parallel = 1};
	rig_alone(r, (struct redeem){0});
	rig_alone(r, (struct redeem){.code = CODE_UNKNOWN});
	rig_drive(r, 2);
	ck_assert_uint_eq(rig_place(r, 1), 0);
	ck_assert_str_eq(rig_x(r, 0)->code.code, "code-1");
	rig_free(r);
}
END_TEST

/* A source that asks for an HTTP request, as the reference brand's does. */
static void asking_start(void *self, struct fetch *f)
{
	struct rig *r = self;

	f->http = (struct http_request){
	        .method = "POST", .url = loopback_url(r->server, f->arena, "/codes"), .body = SV("{}")};
	f->state = FETCH_HTTP;
}

static void asking_answered(void *self, struct fetch *f, const struct http_response *reply)
{
	(void)self;
	if (reply->status == 0) {
		err_trouble(&f->e, "no code: %s", reply->trouble);
		f->state = FETCH_FAILED;
		return;
	}
	f->code = (struct code){.code = arena_svdup(f->arena, reply->body)};
	f->state = FETCH_DONE;
}

static const struct code_source_ops asking_ops = {
        .name = "asking", .start = asking_start, .on_http = asking_answered, .supply = rig_supply};

static struct loopback_reply code_or_ok(void *self, const struct loopback_request *q)
{
	(void)self;
	if (!sv_starts(q->head, SV("POST /codes ")))
		return ok;
	return (struct loopback_reply){.bytes = SV("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ncode-9")};
}

START_TEST(test_fetch_by_http)
{
	struct rig *r = rig_new(code_or_ok, NULL);

	r->source = (struct code_source){.ops = &asking_ops, .self = r, .parallel = 1};
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_uint_eq(loopback_count(r->server), 2);
	ck_assert_str_eq(rig_x(r, 0)->code.code, "code-9");
	ck_assert_int_eq(rig_x(r, 0)->status, 200);
	rig_free(r);
}
END_TEST

START_TEST(test_fetch_by_http_fails)
{
	static struct loopback_reply nothing = {.then = LOOPBACK_CLOSE};
	struct rig *r = rig_new(rig_same, &nothing);

	r->source = (struct code_source){.ops = &asking_ops, .self = r, .parallel = 1};
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_CODE);
	assert_contains(rig_x(r, 0)->trouble, "no code: '127.0.0.1:");
	rig_free(r);
}
END_TEST

START_TEST(test_source_fails)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->refusal = "the list held 3 codes and all are spent";
	rig_step(r, (struct redeem){0});
	rig_step(r, (struct redeem){.code = CODE_NONE});
	rig_step(r, (struct redeem){.code = CODE_NONE});
	rig_alone(r, (struct redeem){.code = CODE_UNKNOWN});
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_CODE);
	ck_assert_str_eq(rig_x(r, 0)->trouble, r->refusal);
	ck_assert_str_eq(rig_x(r, 0)->url, r->target.token_endpoint);
	ck_assert_int_eq(rig_x(r, 2)->outcome, EXCHANGE_NO_CODE);
	ck_assert_str_eq(rig_x(r, 2)->trouble,
	                 "the step before had no answer: the list held 3 codes and all are spent");
	ck_assert_int_eq(rig_x(r, 3)->status, 200);
	ck_assert_int_eq(r->run.codes_spent, 0);
	ck_assert_uint_eq(loopback_count(r->server), 1);
	rig_free(r);
}
END_TEST

static long one_left(void *self)
{
	(void)self;
	return 1;
}

/* Half of a scenario proves nothing: who does not get all gets none, and nothing is fetched for it. */
START_TEST(test_scarce)
{
	static const struct code_source_ops ops = {.name = "last", .start = rig_give, .supply = one_left};
	struct rig *r = rig_new(rig_same, &ok);

	r->source = (struct code_source){.ops = &ops, .self = r, .parallel = 8};
	for (int i = 0; i < 3; i++)
		rig_alone(r, (struct redeem){.code = i == 1 ? CODE_UNKNOWN : CODE_VALID});
	rig_drive(r, 8);
	for (size_t i = 0; i < 3; i += 2) {
		ck_assert_int_eq(rig_x(r, i)->outcome, EXCHANGE_NO_CODE);
		ck_assert_str_eq(rig_x(r, i)->trouble, "codes are short: there is 1 in all, and scenarios that judge "
		                                       "more for a code come first");
	}
	ck_assert_int_eq(rig_x(r, 1)->status, 200);
	ck_assert_int_eq(r->asked, 0);
	rig_free(r);
}
END_TEST

static void counted_give(void *self, struct fetch *f)
{
	struct rig *r = self;

	if (r->given == 3)
		r->refusal = "that was the last";
	rig_give(self, f);
}

static long three(void *self)
{
	(void)self;
	return 3;
}

/* Later rounds have what the first leaves over, even where it comes late to its codes. */
START_TEST(test_scarce_rounds)
{
	static const struct code_source_ops ops = {.name = "three", .start = counted_give, .supply = three};
	static const int rounds[] = {3, 2, 1, 1, 3};
	static const bool has[] = {false, true, true, true, false};
	struct rig *r = rig_new(rig_same, &ok);

	r->source = (struct code_source){.ops = &ops, .self = r, .parallel = 8};
	for (size_t i = 0; i < 5; i++)
		r->planned[rig_alone(r, (struct redeem){0})].round = rounds[i];
	r->planned[3].after = 2;
	r->planned[3].wait_ms = 100;
	rig_drive(r, 8);
	for (size_t i = 0; i < 5; i++)
		ck_assert_msg((rig_x(r, i)->outcome == EXCHANGE_ANSWERED) == has[i], "%zu: %s", i,
		              rig_x(r, i)->trouble);
	rig_free(r);
}
END_TEST

/* Shared exchanges first, then scenarios by rank, a later one that is content with less; further rounds at the end. */
START_TEST(test_scarce_ranks)
{
	static const struct code_source_ops ops = {.name = "three", .start = counted_give, .supply = three};
	enum { SHARED, DEAR_1, DEAR_2, CHEAP_1, CHEAP_2, MODEST };
	static const bool has[] = {true, false, false, true, false, true};
	static const char *const why[] = {
	        [DEAR_1] = "codes are short: there are 3 in all, and scenarios that judge more for a code come first",
	        [CHEAP_2] = "codes are short: there are 3 in all, and scenarios that judge more for a code come first"};
	struct rig *r = rig_new(rig_same, &ok);
	struct scenario owners[3] = {{.id = "dear"}, {.id = "cheap"}, {.id = "modest"}};
	struct planned_scenario ranked[] = {{.scenario = &owners[0], .rank = 0},
	                                    {.scenario = &owners[1], .rank = 2},
	                                    {.scenario = &owners[2], .rank = 1}};
	static const int of[] = {-1, 0, 0, 1, 1, 2}, rounds[] = {1, 1, 1, 1, 2, 1};

	r->source = (struct code_source){.ops = &ops, .self = r, .parallel = 8};
	r->plan.scenarios = ranked;
	r->plan.nscenarios = 3;
	for (size_t i = 0; i < 6; i++) {
		(void)rig_alone(r, (struct redeem){0});
		r->planned[i].owner = of[i] < 0 ? NULL : &owners[of[i]];
		r->planned[i].round = rounds[i];
	}
	/* one more for the dear one */
	r->planned[rig_alone(r, (struct redeem){0})].owner = &owners[0];
	rig_drive(r, 8);
	for (size_t i = 0; i < 6; i++) {
		ck_assert_msg((rig_x(r, i)->outcome == EXCHANGE_ANSWERED) == has[i], "%zu: %s", i,
		              rig_x(r, i)->trouble);
		if (why[i < 5 ? i : 0])
			ck_assert_str_eq(rig_x(r, i)->trouble, why[i]);
	}
	ck_assert_int_eq(r->asked, 3);
	rig_free(r);
}
END_TEST

START_TEST(test_empty_code)
{
	static struct loopback_reply empty = {.bytes = SV("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")};
	struct rig *r = rig_new(rig_same, &empty);

	r->source = (struct code_source){.ops = &asking_ops, .self = r, .parallel = 1};
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_CODE);
	ck_assert_str_eq(rig_x(r, 0)->trouble, "the code source 'asking' gave an empty code");
	rig_free(r);
}
END_TEST

/* An evidence file that cannot be written ends the drive, and what was under way is let go. */
START_TEST(test_full_disk)
{
	struct slow_source s = {.together = 9, .left = 9};
	struct rig *r = rig_new(rig_same, &ok);
	struct err e = {0};
	struct engine *g = engine_new(&(struct engine_options){.jobs = 8}, &e);

	ck_assert_int_eq(pipe(s.pipe), 0);
	s.rig = r;
	r->source = (struct code_source){.ops = &slow_ops, .self = &s, .parallel = 3};
	rig_alone(r, (struct redeem){0});
	rig_alone(r, (struct redeem){.code = CODE_UNKNOWN});
	r->run = (struct engine_run){
	        .plan = &r->plan, .target = &r->target, .codes = &r->source, .out = fopen("/dev/full", "r+")};
	engine_add(g, &r->run);
	ck_assert_int_eq(engine_drive(g, &e), -1);
	ck_assert_int_eq(e.kind, ERR_TROUBLE);
	ck_assert(s.cancelled);
	engine_free(g);
	fclose(r->run.out);
	close(s.pipe[0]);
	close(s.pipe[1]);
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("fetch");
	TCase *c = tcase_create("fetch");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_parallel_fetches);
	tcase_add_test(c, test_fetch_deadline);
	tcase_add_test(c, test_fetch_by_http);
	tcase_add_test(c, test_fetch_by_http_fails);
	tcase_add_test(c, test_source_fails);
	tcase_add_test(c, test_scarce);
	tcase_add_test(c, test_scarce_rounds);
	tcase_add_test(c, test_scarce_ranks);
	tcase_add_test(c, test_empty_code);
	tcase_add_test(c, test_full_disk);
	suite_add_tcase(s, c);
	return testing_run(s);
}
