#ifndef BRANDCERT_TESTS_EXCHANGE_RIG_H
#define BRANDCERT_TESTS_EXCHANGE_RIG_H

/*
 * One run of the engine against the scripted server: a target, a plan made by hand, a code source that counts, and the
 * evidence read back. Static, because tests link no helpers of single folders.
 */

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "evidence/evidence.h"
#include "exchange/exchange.h"
#include "loopback.h"
#include "testing.h"

#define RIG_MAX 64
#define RIG_FN static __attribute__((unused))

struct rig {
	struct arena *a;
	struct loopback *server;
	struct target target;
	struct scenario scenario;
	struct step steps[RIG_MAX];
	struct planned planned[RIG_MAX];
	struct plan plan;
	struct code_source source;
	struct code_source tokens, browser, logout; /* without ops: the run has none */
	int given;                                  /* codes so far */
	struct code_wish wishes[RIG_MAX];           /* what was asked for, with copies of the challenges */
	int asked;
	const char *refusal; /* the source fails with this */
	struct code facts;   /* what the source tells beside the code */
	struct engine_run run;
	struct evidence ev;
};

/* "code-1", "code-2", … at once. */
RIG_FN void rig_give(void *self, struct fetch *f)
{
	struct rig *r = self;

	ck_assert_int_lt(r->asked, RIG_MAX);
	r->wishes[r->asked] = f->wish;
	r->wishes[r->asked++].code_challenge = arena_text(r->a, f->wish.code_challenge);
	if (r->refusal) {
		err_trouble(&f->e, "%s", r->refusal);
		f->state = FETCH_FAILED;
		return;
	}
	f->code = r->facts;
	f->code.code = sv_of(arena_printf(f->arena, "code-%d", ++r->given));
	f->state = FETCH_DONE;
}

RIG_FN long rig_supply(void *self)
{
	(void)self;
	return -1;
}

static const struct code_source_ops rig_ops
        __attribute__((unused)) = {.name = "rig", .start = rig_give, .supply = rig_supply};

/* A server with a script, and a target at its /token that authenticates with Basic. */
RIG_FN struct rig *rig_new(loopback_script *script, void *self)
{
	struct rig *r = mem_alloc(sizeof *r);

	r->a = arena_new();
	r->server = loopback_start(script, self);
	r->target = (struct target){
	        .name = "rig",
	        .issuer = "https://issuer.example",
	        .token_endpoint = loopback_url(r->server, r->a, "/token"),
	        .allow_http = true,
	        .client = {.id = "client", .secret = "secret"},
	        .redirect_uri = "https://liveperson.net",
	        .keys = {.jwks_uri = loopback_url(r->server, r->a, "/jwks")},
	        .limits = {.connections = 8, .timeout_ms = 20000},
	};
	r->scenario = (struct scenario){.id = "s", .steps = r->steps};
	r->plan.exchanges = r->planned;
	r->source = (struct code_source){.ops = &rig_ops, .self = r, .parallel = 8};
	return r;
}

/* Another step of the one scenario, after the step before it; gives its index in the plan. */
RIG_FN size_t rig_step(struct rig *r, struct redeem redeem)
{
	size_t i = r->plan.n++;
	bool takes = redeem.code == CODE_VALID || redeem.code == CODE_EXPIRED;

	ck_assert_uint_lt(i, RIG_MAX);
	r->steps[i] = (struct step){.redeem = redeem, .spec = "{}"};
	r->planned[i] = (struct planned){.id = arena_printf(r->a, "x%zu", i + 1),
	                                 .key = arena_printf(r->a, "s/%zu", i + 1),
	                                 .spec = "{}",
	                                 .kind = "token",
	                                 .step = &r->steps[i],
	                                 .owner = &r->scenario,
	                                 .after = (long)i - 1,
	                                 .codes = takes};
	r->plan.codes += takes;
	return i;
}

/* A step whose `times` requests leave at once; gives the index of the first. */
RIG_FN size_t rig_burst(struct rig *r, struct redeem redeem)
{
	size_t first = rig_step(r, redeem);
	struct planned one = r->planned[first];

	ck_assert_uint_le(first + (size_t)redeem.times, RIG_MAX);
	one.times = redeem.times;
	one.burst = first;
	for (int m = 1; m <= redeem.times; m++) {
		one.id = arena_printf(r->a, "x%zu", first + (size_t)m);
		one.key = arena_printf(r->a, "s/%zu/%d", first + 1, m);
		one.member = m;
		one.codes = m == 1 ? one.codes : 0;
		r->planned[first + (size_t)m - 1] = one;
	}
	r->plan.n = first + (size_t)redeem.times;
	return first;
}

/* A step of another kind. */
RIG_FN size_t rig_other(struct rig *r, struct step step, const char *kind)
{
	size_t i = rig_step(r, (struct redeem){.code = CODE_NONE});

	step.spec = "{}";
	r->steps[i] = step;
	r->planned[i].kind = kind;
	return i;
}

/* The same, but it waits for nothing. */
RIG_FN size_t rig_alone(struct rig *r, struct redeem redeem)
{
	size_t i = rig_step(r, redeem);

	r->planned[i].after = -1;
	return i;
}

/* A way to add to a run in preparation: engine_add with an evidence file. */
RIG_FN void rig_add(struct rig *r, struct engine *g)
{
	struct err e = {0};
	struct run_facts facts = {.target = "rig"};
	FILE *out = evidence_open(NULL, &e);

	ck_assert_msg(out != NULL, "%s", e.text);
	ck_assert_msg(evidence_write_run(out, &facts, &e) == 0, "%s", e.text);
	r->run = (struct engine_run){.plan = &r->plan, .target = &r->target, .codes = &r->source, .out = out};
	r->run.tokens = r->tokens.ops ? &r->tokens : NULL;
	r->run.browser = r->browser.ops ? &r->browser : NULL;
	r->run.logout = r->logout.ops ? &r->logout : NULL;
	engine_add(g, &r->run);
}

/* After engine_drive: stops the server and reads the evidence back. */
RIG_FN void rig_read(struct rig *r)
{
	struct err e = {0};

	loopback_stop(r->server);
	ck_assert_msg(evidence_read(r->run.out, "evidence", r->a, &r->ev, &e) == 0, "%s", e.text);
	fclose(r->run.out);
}

RIG_FN void rig_drive(struct rig *r, int jobs)
{
	struct err e = {0};
	struct engine *g = engine_new(&(struct engine_options){.jobs = jobs}, &e);

	ck_assert_ptr_nonnull(g);
	rig_add(r, g);
	ck_assert_msg(engine_drive(g, &e) == 0, "%s", e.text);
	engine_free(g);
	rig_read(r);
	ck_assert_uint_eq(r->ev.n, r->plan.n);
}

/* The evidence of the i-th planned exchange. */
RIG_FN const struct exchange *rig_x(const struct rig *r, size_t i)
{
	const struct exchange *x = evidence_find(&r->ev, r->planned[i].key);

	ck_assert_msg(x != NULL, "there is no evidence of '%s'", r->planned[i].key);
	return x;
}

/* Where in the evidence it stands: the order in which exchanges ended. */
RIG_FN size_t rig_place(const struct rig *r, size_t i)
{
	return (size_t)(rig_x(r, i) - r->ev.exchanges);
}

RIG_FN void rig_free(struct rig *r)
{
	loopback_free(r->server);
	arena_free(r->a);
	free(r);
}

/* A script that says the same to everybody: self is a struct loopback_reply. */
RIG_FN struct loopback_reply rig_same(void *self, const struct loopback_request *q)
{
	(void)q;
	return *(struct loopback_reply *)self;
}

#define RIG_OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"

#endif
