#include "core/clock.h"
#include "exchange/engine.h"

/* How a task becomes a line of evidence. */

static struct code_facts code_facts_of(const struct task *t)
{
	const struct code *code = &t->code;

	if (task_kind(t) == STEP_TOKEN)
		return (struct code_facts){.nonce = code->nonce, .obtained_ms = t->obtained_ms};
	if (!code->code.p)
		return (struct code_facts){.nonce = t->authorization.nonce};
	return (struct code_facts){.code = arena_sv(t->runner->engine->arena, code->code),
	                           .redirect_uri = code->redirect_uri,
	                           .nonce = code->nonce,
	                           .code_verifier = code->code_verifier,
	                           .obtained_ms = t->obtained_ms};
}

void task_end(struct task *t, struct exchange *x)
{
	struct engine *g = t->runner->engine;
	struct engine_run *run = t->runner->run;

	x->id = t->planned->id;
	x->key = t->planned->key;
	x->spec = t->planned->spec;
	x->kind = t->planned->kind;
	x->code = code_facts_of(t);
	x->authorize_url = t->authorization.url;
	if (x->outcome == EXCHANGE_ANSWERED && t->planned->step)
		saved_keep(&t->runner->saved, t->planned, x);
	else if (x->outcome != EXCHANGE_ANSWERED && !t->trouble)
		t->trouble = arena_text(g->arena, x->trouble);
	t->outcome = x->outcome;
	t->state = TASK_ENDED;
	t->ended_us = clock_mono_us();
	t->runner->early -= !t->planned->last;
	slots_leave(t);
	g->done++;
	if (evidence_write_exchange(run->out, x, g->e) < 0)
		g->failed = true;
	else if (g->options.progress)
		g->options.progress(g->options.progress_self, x, g->done, g->all);
}

/* What would have been sent. */
static void name_request(struct task *t, struct exchange *x)
{
	const struct target *target = t->runner->run->target;
	struct prepared made = {.method = "GET"};
	struct err unused = {0};

	switch (task_kind(t)) {
	case STEP_REDEEM:
		x->method = t->planned->step->redeem.method ? t->planned->step->redeem.method : "POST";
		x->url = target->token_endpoint;
		return;
	case STEP_USERINFO:
		x->method = t->planned->step->userinfo.method == USERINFO_POST ? "POST" : "GET";
		x->url = target->userinfo_endpoint;
		return;
	case STEP_AUTHORIZE:
		x->method = "GET";
		x->url = t->authorization.url ? t->authorization.url : target->authorization.endpoint;
		return;
	case STEP_TOKEN:
		x->method = "TOKEN";
		x->url = "";
		return;
	case STEP_LOGOUT:
		x->method = "LOGOUT";
		x->url = "";
		return;
	case STEP_FETCH:
	case STEP_HANDSHAKE:
	case STEP_KIND_COUNT:
		break;
	}
	if (task_prepare(t, t->runner->engine->arena, NULL, &made, &unused) == 0) {
		x->method = made.method;
		x->url = made.url;
	}
}

void task_end_unsent(struct task *t, enum exchange_outcome outcome, const char *trouble)
{
	int64_t now = clock_unix_ms();
	struct exchange x = {.outcome = outcome, .trouble = trouble};

	name_request(t, &x);
	t->unsent = arena_text(t->runner->engine->arena, trouble);
	x.timing.started_ms = x.timing.ended_ms = now;
	task_end(t, &x);
}

void task_end_unmade(struct task *t, const struct err *e)
{
	task_end_unsent(t, e->kind == ERR_UNSUITED ? EXCHANGE_UNSUITED : EXCHANGE_NO_ANSWER, e->text);
}

void task_end_given(struct task *t)
{
	struct sv line = SV("TOKEN");
	struct exchange x = {.outcome = EXCHANGE_ANSWERED, .status = 200};

	name_request(t, &x);
	if (task_kind(t) == STEP_TOKEN)
		x.response = (struct message){.lines = &line, .nlines = 1, .body = t->code.code};
	x.timing.started_ms = x.timing.ended_ms = clock_unix_ms();
	task_end(t, &x);
}
