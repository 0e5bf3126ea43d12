#include <string.h>

#include "core/clock.h"
#include "core/limits.h"
#include "exchange/engine.h"
#include "exchange/prepare.h"
#include "exchange/random.h"
#include "exchange/template.h"

#define UNKNOWN_CODE_BYTES 32

bool task_take_slot(struct task *t)
{
	struct runner *r = t->runner;
	int connections = r->run->target->limits.connections;

	if (t->slot)
		return true;
	if (r->engine->slots >= r->engine->options.jobs || r->slots >= (connections > 0 ? connections : 1))
		return false;
	r->engine->slots++;
	r->slots++;
	t->slot = true;
	return true;
}

void task_leave_slot(struct task *t)
{
	if (!t->slot)
		return;
	t->runner->engine->slots--;
	t->runner->slots--;
	t->slot = false;
}

static bool is_token_request(const struct task *t)
{
	return t->planned->step != NULL;
}

static bool takes_code(const struct task *t)
{
	return is_token_request(t) &&
	       (t->planned->step->redeem.code == CODE_VALID || t->planned->step->redeem.code == CODE_EXPIRED);
}

/* --- ending ------------------------------------------------------------------------------------------------ */

static void end(struct task *t, struct exchange *x)
{
	struct engine *g = t->runner->engine;
	struct engine_run *run = t->runner->run;

	x->id = t->planned->id;
	x->key = t->planned->key;
	x->spec = t->planned->spec;
	x->kind = t->planned->kind;
	if (t->code.code.p)
		x->code = (struct code_facts){.code = arena_sv(g->arena, t->code.code),
		                              .redirect_uri = t->code.redirect_uri,
		                              .nonce = t->code.nonce,
		                              .code_verifier = t->code.code_verifier,
		                              .obtained_ms = t->obtained_ms};
	if (x->outcome == EXCHANGE_ANSWERED && is_token_request(t))
		saved_keep(&t->runner->saved, t->planned->owner, t->planned->step, x);
	else if (x->outcome != EXCHANGE_ANSWERED && !t->trouble)
		t->trouble = arena_text(g->arena, x->trouble);
	t->state = TASK_ENDED;
	t->ended_us = clock_mono_us();
	task_leave_slot(t);
	g->done++;
	if (evidence_write_exchange(run->out, x, g->e) < 0)
		g->failed = true;
	else if (g->options.progress)
		g->options.progress(g->options.progress_self, x, g->done, g->all);
}

void task_end_unsent(struct task *t, enum exchange_outcome outcome, const char *trouble)
{
	const struct target *target = t->runner->run->target;
	int64_t now = clock_unix_ms();
	struct exchange x = {.method = "GET", .url = target->keys.jwks_uri, .outcome = outcome, .trouble = trouble};

	if (is_token_request(t)) {
		x.method = t->planned->step->redeem.method ? t->planned->step->redeem.method : "POST";
		x.url = target->token_endpoint;
	}
	x.timing.started_ms = x.timing.ended_ms = now;
	end(t, &x);
}

/* --- preparing --------------------------------------------------------------------------------------------- */

/* After a template could not be filled: why, if it is a value that an earlier reply did not have. */
static int unfilled(const struct saved_view *view, struct err *e)
{
	if (!view->missing)
		return err_wrap(e, "the request cannot be made");
	*e = (struct err){0};
	return err_input(e, "%s, which this step needs", view->missing);
}

static int prepare(struct task *t, struct arena *a, const struct code *code, struct prepared *ret, struct err *e)
{
	const struct target *target = t->runner->run->target;
	struct saved_view view = {.saved = &t->runner->saved, .owner = t->planned->owner};

	if (!is_token_request(t)) {
		prepare_jwks(a, target, ret);
		return 0;
	}
	struct prepare_input in = {.target = target,
	                           .redeem = &t->planned->step->redeem,
	                           .code = code->code.p ? code : NULL,
	                           .saved = saved_find,
	                           .saved_self = &view};
	if (exchange_prepare(a, &in, ret, e) == 0)
		return 0;
	return unfilled(&view, e);
}

/* A code that an earlier step of the run sent comes with all that its source told of it: the same again is the same. */
static void adopt_facts(struct task *t)
{
	const struct plan *plan = t->runner->run->plan;

	for (size_t i = 0; i < plan->n; i++) {
		const struct task *other = &t->runner->tasks[i];
		if (other != t && other->planned->owner == t->planned->owner && takes_code(other) &&
		    other->code.code.p && sv_eq(other->code.code, t->code.code)) {
			t->code = other->code;
			t->obtained_ms = other->obtained_ms;
			return;
		}
	}
}

/* The code of a step that takes none from the source. */
static int make_code(struct task *t, struct err *e)
{
	const struct redeem *redeem = &t->planned->step->redeem;
	const struct target *target = t->runner->run->target;
	struct arena *arena = t->runner->engine->arena;
	struct saved_view view = {.saved = &t->runner->saved, .owner = t->planned->owner};
	struct template_values values = {
	        .target = target, .redirect_uri = target->redirect_uri, .saved = saved_find, .saved_self = &view};

	if (redeem->code == CODE_UNKNOWN) {
		t->code.code = sv_of(random_text(arena, UNKNOWN_CODE_BYTES, e));
		return t->code.code.p ? 0 : -1;
	}
	if (redeem->code != CODE_TEXT)
		return 0;
	if (template_fill(arena, &values, redeem->code_text, &t->code.code, e) < 0)
		return unfilled(&view, e);
	adopt_facts(t);
	return 0;
}

/* Everything that can be known to fail is found before a code is spent on it. */
static void begin(struct task *t)
{
	arena_auto *scratch = arena_new();
	struct prepared unused;
	const struct code stand_in = {.code = SV("code")};
	struct err e = {0};

	t->state = takes_code(t) ? TASK_CODELESS : TASK_READY;
	if (is_token_request(t) && !takes_code(t) && make_code(t, &e) < 0)
		task_end_unsent(t, EXCHANGE_NO_ANSWER, e.text);
	else if (prepare(t, scratch, takes_code(t) ? &stand_in : &t->code, &unused, &e) < 0)
		task_end_unsent(t, EXCHANGE_NO_ANSWER, e.text);
}

/* --- sending ----------------------------------------------------------------------------------------------- */

int task_transfer(struct task *t, const struct transfer_input *in, struct err *e)
{
	t->transfer = transfer_new(in, e);
	if (!t->transfer)
		return -1;
	if (!t->scratch)
		t->scratch = arena_new();
	curl_easy_setopt(transfer_handle(t->transfer), CURLOPT_PRIVATE, t);
	transfer_start(t->transfer);
	CURLMcode r = curl_multi_add_handle(t->runner->engine->multi, transfer_handle(t->transfer));
	return r == CURLM_OK ? 0 : err_trouble(e, "libcurl refuses a request: %s", curl_multi_strerror(r));
}

static bool send_now(struct task *t, int64_t now_us)
{
	struct runner *r = t->runner;
	const struct target *target = r->run->target;
	struct prepared made;
	struct err e = {0};

	if (now_us < r->send_from_us || !task_take_slot(t))
		return false;
	r->send_from_us = now_us + r->interval_us;
	t->scratch = arena_new();
	t->state = TASK_SENDING;
	if (prepare(t, t->scratch, &t->code, &made, &e) == 0) {
		struct transfer_input in = {.method = made.method,
		                            .url = made.url,
		                            .headers = made.headers,
		                            .body = made.body,
		                            .ca_file = target->tls.ca_file,
		                            .timeout_ms = target->limits.timeout_ms,
		                            .allow_http = target->allow_http,
		                            .new_connection = t->anew,
		                            .once = is_token_request(t),
		                            .tls = &r->engine->tls};
		if (task_transfer(t, &in, &e) == 0)
			return true;
	}
	task_abandon(t);
	task_end_unsent(t, EXCHANGE_NO_ANSWER, e.text);
	return true;
}

/* A code may have been spent on the dead connection: a fresh one goes on a new connection, once. An earlier step's code
 * cannot be had afresh. */
static bool may_go_anew(const struct task *t)
{
	return is_token_request(t) && t->planned->step->redeem.code != CODE_TEXT;
}

void task_transferred(struct task *t, CURLcode code)
{
	struct exchange x = {0};

	curl_multi_remove_handle(t->runner->engine->multi, transfer_handle(t->transfer));
	if (t->state == TASK_FETCHING) {
		fetching_transferred(t, code);
		return;
	}
	if (transfer_died(t->transfer) && !t->anew && may_go_anew(t)) {
		t->anew = true;
		if (takes_code(t))
			t->code = (struct code){0};
		task_abandon(t);
		t->state = takes_code(t) ? TASK_CODELESS : TASK_READY;
		task_leave_slot(t);
		return;
	}
	transfer_result(t->transfer, code, t->scratch, &x);
	end(t, &x);
	transfer_free(t->transfer);
	t->transfer = NULL;
	task_abandon(t);
}

void task_abandon(struct task *t)
{
	if (t->state == TASK_FETCHING && !t->transfer)
		fetching_cancel(t);
	if (t->transfer)
		curl_multi_remove_handle(t->runner->engine->multi, transfer_handle(t->transfer));
	transfer_free(t->transfer);
	arena_free(t->scratch);
	t->transfer = NULL;
	t->scratch = NULL;
}

/* --- time and turns ---------------------------------------------------------------------------------------- */

bool task_advance(struct task *t, int64_t now_us)
{
	if (t->state == TASK_AGING && now_us >= t->due_us) {
		t->state = TASK_READY;
		return true;
	}
	if (t->state != TASK_WAITING)
		return false;
	if (!t->pausing) {
		const struct task *before = t->planned->after >= 0 ? &t->runner->tasks[t->planned->after] : NULL;
		if (before && before->state != TASK_ENDED)
			return false;
		if (before && before->trouble) {
			t->trouble = before->trouble;
			task_end_unsent(t, EXCHANGE_NO_ANSWER,
			                arena_printf(t->runner->engine->arena, "the step before had no answer: %s",
			                             before->trouble));
			return true;
		}
		t->due_us = (before ? before->ended_us : now_us) + t->planned->wait_ms * 1000;
		t->pausing = true;
	}
	if (now_us < t->due_us)
		return false;
	begin(t);
	return true;
}

int task_turn(const struct task *t)
{
	if (t->state == TASK_READY)
		return 0;
	if (t->state != TASK_CODELESS)
		return -1;
	/* What has to age longest begins first; where codes are scarce it comes last, because most is judged on the others. */
	bool expires = t->planned->step->redeem.code == CODE_EXPIRED;
	return expires != t->runner->scarce ? 1 : 2;
}

bool task_start(struct task *t, int64_t now_us)
{
	return t->state == TASK_READY ? send_now(t, now_us) : fetching_start(t, now_us);
}

int64_t task_due(const struct task *t, int64_t now_us)
{
	int64_t gate = t->state == TASK_READY      ? t->runner->send_from_us
	               : t->state == TASK_CODELESS ? t->runner->fetch_from_us
	                                           : INT64_MAX;

	if (t->state == TASK_AGING || (t->state == TASK_WAITING && t->pausing))
		return t->due_us;
	if (t->state == TASK_FETCHING && t->fetch.state == FETCH_WAIT)
		return t->fetch.deadline_us;
	/* Past its gate it waits for a slot, which somebody else's end brings. */
	return gate > now_us ? gate : INT64_MAX;
}
