/* Requests that leave in the same instant: one code, one release, whoever fails. */

#include "core/clock.h"
#include "nghttpx.h"
#include "rig.h"

#define MEMBERS 8

static struct loopback_reply ok = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};

/* Nobody is answered before the last request of the burst is whole. */
static struct loopback_reply together(void *self, const struct loopback_request *q)
{
	size_t *most = self;

	if (q->waiting > *most)
		*most = q->waiting;
	return *most == MEMBERS ? ok : (struct loopback_reply){.then = LOOPBACK_HOLD};
}

/* A rig whose server, or what stands before it, speaks TLS. */
static struct rig *secure_rig(loopback_script *script, void *self, struct nghttpx *front)
{
	struct rig *r = rig_new(script, self);
	struct loopback_identity id = identity_make(r->a);

	if (front) {
		*front = nghttpx_start(r->a, &id, loopback_port(r->server), false);
		r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", front->port);
	} else {
		loopback_free(r->server);
		r->server = loopback_start_tls(script, self, &id);
		r->target.token_endpoint = loopback_url(r->server, r->a, "/token");
	}
	r->target.tls.ca_file = id.certificate_file;
	r->target.allow_http = false;
	return r;
}

static void assert_together(const struct rig *r, size_t first)
{
	int64_t last_out = 0, first_in = INT64_MAX;

	for (size_t i = first; i < first + MEMBERS; i++) {
		const struct exchange *x = rig_x(r, i);
		ck_assert_msg(x->status == 200, "%s", x->trouble);
		ck_assert_str_eq(x->code.code, "code-1");
		ck_assert_int_gt(x->timing.released_us, 0);
		last_out = x->timing.released_us > last_out ? x->timing.released_us : last_out;
		first_in = x->timing.answered_us < first_in ? x->timing.answered_us : first_in;
	}
	ck_assert_int_gt(first_in, last_out);
	ck_assert_uint_eq(loopback_count(r->server), MEMBERS);
	ck_assert_uint_eq(loopback_connections(r->server), MEMBERS);
	for (size_t i = 1; i < MEMBERS; i++) {
		assert_sv_eq(loopback_at(r->server, i)->head, loopback_at(r->server, 0)->head);
		assert_sv_eq(loopback_at(r->server, i)->body, loopback_at(r->server, 0)->body);
	}
	ck_assert_int_eq(r->run.codes_spent, 1);
}

/* When the first request was whole, all others were there but for their last byte: those left after all the rest. */
START_TEST(test_tls)
{
	size_t most = 0;
	struct rig *r = secure_rig(together, &most, NULL);

	rig_burst(r, (struct redeem){.times = MEMBERS, .form_set = {(struct field[]){{"r", "{random:20}"}}, 1}});
	rig_drive(r, 1);
	assert_together(r, 0);
	ck_assert_uint_eq(loopback_at(r->server, 0)->ready, MEMBERS);
	ck_assert_str_eq(rig_x(r, 0)->http_version, "HTTP/1.1");
	rig_free(r);
}
END_TEST

START_TEST(test_http2)
{
	size_t most = 0;
	struct nghttpx front;
	struct rig *r = secure_rig(together, &most, &front);

	rig_burst(r, (struct redeem){.times = MEMBERS});
	rig_drive(r, 1);
	nghttpx_stop(&front);
	assert_together(r, 0);
	ck_assert_str_eq(rig_x(r, 3)->http_version, "HTTP/2");
	rig_free(r);
}
END_TEST

/* --- members and leaders that fail ------------------------------------------------------------------------- */

/* One connection is closed, or nothing is ever said on it: the rest goes on without it, and together. */
START_TEST(test_one_fails)
{
	struct rig *r = secure_rig(rig_same, &ok, NULL);
	size_t answered = 0, failed = 0;

	r->target.limits.timeout_ms = 1500;
	if (_i)
		loopback_ignore(r->server, (size_t)_i);
	else
		loopback_refuse(r->server, 0);
	rig_burst(r, (struct redeem){.times = 4});
	rig_drive(r, 1);
	for (size_t i = 0; i < 4; i++) {
		const struct exchange *x = rig_x(r, i);
		answered += x->status == 200;
		failed += x->outcome == EXCHANGE_NO_ANSWER;
		if (x->outcome == EXCHANGE_NO_ANSWER)
			assert_contains(x->trouble, _i ? "the TLS handshake with" : "127.0.0.1:");
	}
	ck_assert_uint_eq(answered, 3);
	ck_assert_uint_eq(failed, 1);
	ck_assert_uint_eq(loopback_count(r->server), 3);
	ck_assert_uint_eq(loopback_at(r->server, 0)->ready, 3);
	ck_assert_uint_eq(loopback_connections(r->server), 4); /* nobody tried again */
	rig_free(r);
}
END_TEST

START_TEST(test_no_code)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->refusal = "no code today";
	rig_burst(r, (struct redeem){.times = 3});
	rig_step(r, (struct redeem){0});
	r->planned[3].after = 1;
	rig_drive(r, 8);
	ck_assert_uint_eq(loopback_count(r->server), 0);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(rig_x(r, i)->outcome, EXCHANGE_NO_CODE);
		ck_assert_str_eq(rig_x(r, i)->trouble,
		                 i ? "the request that it goes with was not sent: no code today" : "no code today");
	}
	ck_assert_int_eq(rig_x(r, 3)->outcome, EXCHANGE_NO_CODE);
	ck_assert_str_eq(rig_x(r, 3)->trouble, "the step before had no answer: no code today");
	rig_free(r);
}
END_TEST

/* What cannot be made spends no code. */
START_TEST(test_not_made)
{
	struct rig *r = rig_new(rig_same, &ok);

	rig_burst(r, (struct redeem){.times = 3, .body = "{nobody}"});
	rig_drive(r, 8);
	ck_assert_uint_eq(loopback_count(r->server), 0);
	ck_assert_int_eq(r->run.codes_spent, 0);
	for (size_t i = 0; i < 3; i++)
		assert_contains(rig_x(r, i)->trouble, "'{nobody}' has no value here");
	rig_free(r);
}
END_TEST

/* --- beside others ----------------------------------------------------------------------------------------- */

/* Two bursts that each need every slot, and many more that want one: all get there, and never too many. */
START_TEST(test_slots)
{
	struct rig *r = rig_new(rig_same, &ok);
	size_t bursts[2], most = 0;

	r->target.limits.connections = MEMBERS;
	r->target.code_margin_s = 0;
	for (int i = 0; i < 12; i++)
		rig_alone(r, (struct redeem){.code = i % 3 ? CODE_VALID : CODE_EXPIRED});
	for (int k = 0; k < 2; k++) {
		bursts[k] = rig_burst(r, (struct redeem){.times = MEMBERS});
		for (size_t i = 0; i < MEMBERS; i++)
			r->planned[bursts[k] + i].after = -1;
	}
	for (int i = 0; i < 12; i++)
		rig_alone(r, (struct redeem){0});
	rig_drive(r, _i);
	for (size_t i = 0; i < r->plan.n; i++)
		ck_assert_msg(rig_x(r, i)->status == 200, "%zu: %s", i, rig_x(r, i)->trouble);
	for (size_t i = 0; i < loopback_count(r->server); i++)
		most = loopback_at(r->server, i)->waiting > most ? loopback_at(r->server, i)->waiting : most;
	ck_assert_uint_le(most, MEMBERS);
	ck_assert_int_eq(r->run.codes_spent, 26);
	ck_assert_int_eq(r->plan.codes, 26);
	rig_free(r);
}
END_TEST

/* Codes that take their time, each another: slots become free one by one. */
static void staggered_start(void *self, struct fetch *f)
{
	struct rig *r = self;

	f->deadline_us = clock_mono_us() + 10000 + 5000 * (r->asked % 7);
	f->state = FETCH_WAIT;
	r->asked++;
}

static void staggered_ready(void *self, struct fetch *f, bool timed_out)
{
	(void)timed_out;
	((struct rig *)self)->asked--;
	rig_give(self, f);
}

/* Singles that are always there to take a slot do not keep a burst from ever having its many. */
START_TEST(test_no_starving)
{
	static const struct code_source_ops ops = {
	        .name = "staggered", .start = staggered_start, .on_ready = staggered_ready, .supply = rig_supply};
	struct rig *r = rig_new(rig_same, &ok);

	r->source = (struct code_source){.ops = &ops, .self = r, .parallel = MEMBERS};
	for (int i = 0; i < 40; i++)
		rig_alone(r, (struct redeem){0});
	size_t burst = rig_burst(r, (struct redeem){.times = MEMBERS, .code = CODE_UNKNOWN});
	for (size_t i = 0; i < MEMBERS; i++)
		r->planned[burst + i].after = 0;
	rig_drive(r, MEMBERS);
	for (size_t i = 0; i < MEMBERS; i++)
		ck_assert_uint_lt(rig_place(r, burst + i), 30);
	rig_free(r);
}
END_TEST

/* No kept connection, of which nobody knows whether it still lives. */
START_TEST(test_new_connections)
{
	struct rig *r = rig_new(rig_same, &ok);

	rig_step(r, (struct redeem){0});
	rig_burst(r, (struct redeem){.times = 2});
	rig_step(r, (struct redeem){0});
	r->planned[3].after = 1;
	rig_drive(r, 1);
	ck_assert_uint_eq(loopback_count(r->server), 4);
	ck_assert_uint_eq(loopback_connections(r->server), 3);
	ck_assert_uint_eq(loopback_at(r->server, 3)->connection, 0);
	rig_free(r);
}
END_TEST

/* Two runs, each with a burst as large as all slots. */
START_TEST(test_two_runs)
{
	struct rig *rigs[2];
	struct err e = {0};
	struct engine *g = engine_new(&(struct engine_options){.jobs = 2}, &e);

	for (int k = 0; k < 2; k++) {
		rigs[k] = rig_new(rig_same, &ok);
		rigs[k]->target.limits.connections = 1; /* a plan would not do that: it goes on all the same */
		rig_burst(rigs[k], (struct redeem){.times = MEMBERS});
		rig_alone(rigs[k], (struct redeem){0});
		rig_add(rigs[k], g);
	}
	ck_assert_msg(engine_drive(g, &e) == 0, "%s", e.text);
	engine_free(g);
	for (int k = 0; k < 2; k++) {
		rig_read(rigs[k]);
		ck_assert_uint_eq(loopback_count(rigs[k]->server), MEMBERS + 1);
		rig_free(rigs[k]);
	}
}
END_TEST

/* --- what comes after -------------------------------------------------------------------------------------- */

/* The first request that is whole buys a token, the others are refused. */
static struct loopback_reply first_wins(void *self, const struct loopback_request *q)
{
	(void)self;
	if (q->number == 0)
		return (struct loopback_reply){.bytes = SV("HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n"
		                                           "{\"access_token\":\"won\"}")};
	return (struct loopback_reply){.bytes = SV("HTTP/1.1 400 Bad\r\nContent-Length: 2\r\n\r\n{}")};
}

/* The step after it comes when all have ended, and has the token of the one that won, and the code. */
START_TEST(test_after)
{
	struct rig *r = rig_new(first_wins, NULL);
	struct save saves[] = {{.name = "token", .from = SAVE_BODY, .what = "/access_token"},
	                       {.name = "first", .from = SAVE_CODE}};

	rig_burst(r, (struct redeem){.times = 4});
	r->steps[0].saves = saves;
	r->steps[0].nsaves = 2;
	rig_step(r, (struct redeem){.body = "{token} {first}", .code = CODE_NONE});
	r->planned[4].after = 0;
	rig_drive(r, 8);
	ck_assert_uint_eq(loopback_count(r->server), 5);
	assert_sv_eq(loopback_at(r->server, 4)->body, SV("won code-1"));
	ck_assert_uint_eq(rig_place(r, 4), 4);
	rig_free(r);
}
END_TEST

/* … of all, also when one of them has no answer, whichever it is. */
START_TEST(test_after_failure)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->target.limits.timeout_ms = 700;
	loopback_ignore(r->server, (size_t)_i);
	rig_burst(r, (struct redeem){.times = 4});
	rig_step(r, (struct redeem){.code = CODE_NONE});
	r->planned[4].after = 0;
	rig_drive(r, 8);
	ck_assert_msg(rig_x(r, 4)->status == 200, "%s", rig_x(r, 4)->trouble);
	ck_assert_uint_eq(rig_place(r, 4), 4);
	rig_free(r);
}
END_TEST

static const struct {
	struct redeem redeem;
	int codes;
} plain[] = {
        {{.times = 3, .body = ""}, 1},           {{.times = 3, .method = "GET", .body = ""}, 1},
        {{.times = 3, .code = CODE_UNKNOWN}, 0}, {{.times = 3, .code = CODE_NONE}, 0},
        {{.times = 3, .code = CODE_EXPIRED}, 1},
};

/* Without a body nothing can be held back; without a code of the source there is one of ours. */
START_TEST(test_other_bursts)
{
	struct rig *r = rig_new(rig_same, &ok);

	rig_burst(r, plain[_i].redeem);
	rig_drive(r, 8);
	ck_assert_uint_eq(loopback_count(r->server), 3);
	ck_assert_int_eq(r->run.codes_spent, plain[_i].codes);
	for (size_t i = 0; i < 3; i++) {
		const struct exchange *x = rig_x(r, i);
		ck_assert_msg(x->status == 200, "%s", x->trouble);
		ck_assert_int_eq(x->timing.released_us > 0, !plain[_i].redeem.body);
		ck_assert_int_gt(x->timing.answered_us, 0);
		assert_sv_eq(loopback_at(r->server, i)->body, loopback_at(r->server, 0)->body);
	}
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("burst");
	TCase *c = tcase_create("burst");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_tls);
	tcase_add_test(c, test_http2);
	tcase_add_loop_test(c, test_one_fails, 0, 2);
	tcase_add_test(c, test_no_code);
	tcase_add_test(c, test_not_made);
	tcase_add_loop_test(c, test_slots, 1, 10);
	tcase_add_test(c, test_two_runs);
	tcase_add_test(c, test_no_starving);
	tcase_add_test(c, test_new_connections);
	tcase_add_test(c, test_after);
	tcase_add_loop_test(c, test_after_failure, 0, 4);
	tcase_add_loop_test(c, test_other_bursts, 0, sizeof plain / sizeof plain[0]);
	suite_add_tcase(s, c);
	return testing_run(s);
}
