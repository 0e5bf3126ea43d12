/* Which exchange is sent when: order, waits, ageing codes, caps, connections, several runs. */

#include "rig.h"

static struct loopback_reply ok = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};

static const char *code_of(const struct rig *r, size_t request)
{
	struct sv body = loopback_at(r->server, request)->body;
	long at = sv_find(body, SV("code=code-"));

	ck_assert_int_ge(at, 0);
	return arena_printf(r->a, "%.6s", body.p + at + 5);
}

START_TEST(test_wait)
{
	struct rig *r = rig_new(rig_same, &ok);

	rig_step(r, (struct redeem){0});
	rig_step(r, (struct redeem){0});
	r->planned[1].wait_ms = 200;
	rig_drive(r, 4);
	ck_assert_int_ge(rig_x(r, 1)->timing.started_ms - rig_x(r, 0)->timing.ended_ms, 199);
	/* Its code was not fetched before the pause had passed. */
	ck_assert_int_ge(rig_x(r, 1)->code.obtained_ms - rig_x(r, 0)->timing.ended_ms, 199);
	rig_free(r);
}
END_TEST

/* The code that has to expire is fetched first, and ages while others go on with the one slot. */
START_TEST(test_expired)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->target.code_lifetime_s = 1;
	rig_alone(r, (struct redeem){0});
	rig_alone(r, (struct redeem){0});
	size_t old = rig_alone(r, (struct redeem){.code = CODE_EXPIRED});
	rig_drive(r, 1);
	ck_assert_str_eq(rig_x(r, old)->code.code, "code-1");
	ck_assert_str_eq(code_of(r, 0), "code-2");
	ck_assert_int_ge(rig_x(r, old)->timing.started_ms - rig_x(r, old)->code.obtained_ms, 999);
	ck_assert_int_eq(r->run.codes_spent, 3);
	rig_free(r);
}
END_TEST

/* A fixture that has expired needs no code, and no waiting. */
START_TEST(test_expired_fixture)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->target.expired_code = "0ld";
	r->target.code_lifetime_s = 3600;
	r->target.pkce = PKCE_S256;
	rig_alone(r, (struct redeem){.code = CODE_EXPIRED});
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_int_eq(x->status, 200);
	ck_assert_str_eq(x->code.code, "0ld");
	ck_assert_int_eq(x->code.obtained_ms, 0);
	assert_contains(x->request.body.p, "&code=0ld&");
	/* as ever, or it would be refused for want of one */
	ck_assert_uint_eq(strlen(x->code.code_verifier), 43);
	ck_assert_int_eq(r->asked, 0);
	rig_free(r);
}
END_TEST

START_TEST(test_margin)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->target.code_margin_s = 1;
	rig_alone(r, (struct redeem){.code = CODE_EXPIRED});
	rig_drive(r, 1);
	ck_assert_int_ge(rig_x(r, 0)->timing.started_ms - rig_x(r, 0)->code.obtained_ms, 999);
	rig_free(r);
}
END_TEST

/* What a code does not lend itself to is not sent, nor what comes after it; that is no trouble of anybody's. */
START_TEST(test_unsuited)
{
	struct rig *r = rig_new(rig_same, &ok);
	struct fields form = {(struct field[]){{"code", "{code|cut:200}"}}, 1};

	rig_step(r, (struct redeem){.form_set = form});
	rig_step(r, (struct redeem){0});
	rig_drive(r, 4);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_UNSUITED);
	assert_contains(rig_x(r, 0)->trouble, "nothing in the value can be changed by 'cut:200'");
	ck_assert_int_eq(rig_x(r, 1)->outcome, EXCHANGE_UNSUITED);
	ck_assert_uint_eq(loopback_count(r->server), 0);
	rig_free(r);
}
END_TEST

/* 20 a second: five starts are four twentieths of a second apart, with codes to fetch and without. */
START_TEST(test_rate)
{
	struct rig *r = rig_new(rig_same, &ok);

	r->target.limits.rate = 20;
	for (int i = 0; i < 5; i++)
		rig_alone(r, (struct redeem){.code = _i ? CODE_UNKNOWN : CODE_VALID});
	rig_drive(r, 8);
	int64_t first = rig_x(r, 0)->timing.started_ms, last = first;
	for (size_t i = 0; i < 5; i++) {
		int64_t at = rig_x(r, i)->timing.started_ms;
		last = at > last ? at : last;
	}
	ck_assert_int_ge(last - first, 195);
	rig_free(r);
}
END_TEST

/* --- caps -------------------------------------------------------------------------------------------------- */

struct gate {
	size_t most;
	bool met; /* two were there at once */
};

/* Holds the first request until a second is there beside it. */
static struct loopback_reply gated(void *self, const struct loopback_request *q)
{
	struct gate *g = self;

	if (q->waiting > g->most)
		g->most = q->waiting;
	g->met = g->met || q->number > 0;
	return g->met ? ok : (struct loopback_reply){.then = LOOPBACK_HOLD};
}

/* Both caps let exactly so many through at once: with fewer, the held reply would never come. */
START_TEST(test_caps)
{
	struct gate g = {0};
	struct rig *r = rig_new(gated, &g);

	r->target.limits.connections = _i ? 8 : 2;
	for (int i = 0; i < 6; i++)
		rig_alone(r, (struct redeem){0});
	rig_drive(r, _i ? 2 : 8);
	ck_assert_uint_eq(g.most, 2);
	ck_assert_uint_eq(loopback_count(r->server), 6);
	ck_assert_uint_le(loopback_connections(r->server), 2);
	rig_free(r);
}
END_TEST

/* --- connections that die ---------------------------------------------------------------------------------- */

/* Answers the first request of a connection and dies under the second, having read it. */
static struct loopback_reply dies(void *self, const struct loopback_request *q)
{
	(void)self;
	return q->nth == 0 ? ok : (struct loopback_reply){.then = LOOPBACK_CLOSE};
}

/* A code that may have been read is never sent twice: a fresh one goes on a new connection. */
START_TEST(test_dead_connection)
{
	struct rig *r = rig_new(dies, NULL);

	rig_step(r, (struct redeem){0});
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 1)->status, 200);
	ck_assert_uint_eq(loopback_count(r->server), 3);
	ck_assert_str_eq(code_of(r, 1), "code-2");
	ck_assert_str_eq(code_of(r, 2), "code-3");
	ck_assert_uint_ne(loopback_at(r->server, 2)->connection, 0);
	ck_assert_str_eq(rig_x(r, 1)->code.code, "code-3");
	ck_assert_int_eq(r->run.codes_spent, 3);
	rig_free(r);
}
END_TEST

/* Holds the first reply until there is a second request: two connections are kept, and both die under their next. */
static struct loopback_reply both_die(void *self, const struct loopback_request *q)
{
	return q->nth == 0 ? gated(self, q) : (struct loopback_reply){.then = LOOPBACK_CLOSE};
}

START_TEST(test_two_dead_connections)
{
	struct gate g = {0};
	struct rig *r = rig_new(both_die, &g);

	rig_alone(r, (struct redeem){0});
	rig_alone(r, (struct redeem){0});
	rig_alone(r, (struct redeem){0});
	r->planned[2].after = 0;
	r->planned[2].wait_ms = 300; /* until the other has its reply, too */
	rig_drive(r, 2);
	ck_assert_msg(rig_x(r, 2)->status == 200, "%s", rig_x(r, 2)->trouble);
	ck_assert_uint_eq(loopback_count(r->server), 4);
	rig_free(r);
}
END_TEST

/* A download may be repeated; the evidence has the request once. */
START_TEST(test_repeated_download)
{
	struct rig *r = rig_new(dies, NULL);

	rig_step(r, (struct redeem){0});
	r->planned[r->plan.n++] =
	        (struct planned){.id = "x2", .key = PLAN_JWKS, .spec = "{}", .kind = "jwks", .after = 0};
	rig_drive(r, 1);
	ck_assert_int_eq(rig_x(r, 1)->status, 200);
	ck_assert_uint_eq(loopback_count(r->server), 3);
	ck_assert_uint_eq(rig_x(r, 1)->request.nlines, 4);
	rig_free(r);
}
END_TEST

/* A code of an earlier step cannot be had afresh. */
START_TEST(test_dead_connection_and_old_code)
{
	struct rig *r = rig_new(dies, NULL);
	struct save save = {.name = "first", .from = SAVE_CODE};

	rig_step(r, (struct redeem){0});
	r->steps[0].saves = &save;
	r->steps[0].nsaves = 1;
	rig_step(r, (struct redeem){.code = CODE_TEXT, .code_text = "{first}"});
	rig_drive(r, 1);
	ck_assert_uint_eq(loopback_count(r->server), 2);
	ck_assert_int_eq(rig_x(r, 1)->outcome, EXCHANGE_NO_ANSWER);
	assert_contains(rig_x(r, 1)->trouble, "closed a kept connection as the request was sent on it");
	rig_free(r);
}
END_TEST

/* --- runs and the engine ----------------------------------------------------------------------------------- */

struct seen {
	size_t calls, all;
};

static void on_progress(void *self, const struct exchange *x, size_t done, size_t all)
{
	struct seen *s = self;

	ck_assert_ptr_nonnull(x->key);
	ck_assert_uint_eq(done, ++s->calls);
	s->all = all;
}

START_TEST(test_two_runs)
{
	struct loopback_reply other = {.bytes = SV("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n")};
	struct rig *one = rig_new(rig_same, &ok), *two = rig_new(rig_same, &other);
	struct seen seen = {0};
	struct err e = {0};
	struct engine *g =
	        engine_new(&(struct engine_options){.jobs = 3, .progress = on_progress, .progress_self = &seen}, &e);

	one->target.code_lifetime_s = 1;
	rig_alone(one, (struct redeem){.code = CODE_EXPIRED});
	rig_alone(one, (struct redeem){0});
	for (int i = 0; i < 4; i++)
		rig_alone(two, (struct redeem){0});
	rig_add(one, g);
	rig_add(two, g);
	ck_assert_msg(engine_drive(g, &e) == 0, "%s", e.text);
	engine_free(g);
	rig_read(one);
	rig_read(two);
	ck_assert_uint_eq(seen.calls, 6);
	ck_assert_uint_eq(seen.all, 6);
	ck_assert_uint_eq(one->ev.n, 2);
	ck_assert_uint_eq(two->ev.n, 4);
	ck_assert_int_eq(one->run.codes_spent, 2);
	ck_assert_int_eq(two->run.codes_spent, 4);
	ck_assert_int_eq(rig_x(one, 0)->status, 200);
	ck_assert_int_eq(rig_x(two, 0)->status, 400);
	/* The ageing code of one run kept nobody of the other waiting. */
	ck_assert_int_lt(rig_x(two, 0)->timing.started_ms, rig_x(one, 0)->timing.started_ms);
	rig_free(one);
	rig_free(two);
}
END_TEST

START_TEST(test_nothing_to_do)
{
	struct rig *r = rig_new(rig_same, &ok);

	rig_drive(r, 1);
	ck_assert_uint_eq(r->ev.n, 0);
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("flow");
	TCase *c = tcase_create("flow");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_wait);
	tcase_add_test(c, test_expired);
	tcase_add_test(c, test_expired_fixture);
	tcase_add_test(c, test_margin);
	tcase_add_test(c, test_unsuited);
	tcase_add_loop_test(c, test_rate, 0, 2);
	tcase_add_loop_test(c, test_caps, 0, 2);
	tcase_add_test(c, test_dead_connection);
	tcase_add_test(c, test_two_dead_connections);
	tcase_add_test(c, test_repeated_download);
	tcase_add_test(c, test_dead_connection_and_old_code);
	tcase_add_test(c, test_two_runs);
	tcase_add_test(c, test_nothing_to_do);
	suite_add_tcase(s, c);
	return testing_run(s);
}
