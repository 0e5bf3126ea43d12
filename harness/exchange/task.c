#include <string.h>

#include "core/clock.h"
#include "core/limits.h"
#include "exchange/engine.h"
#include "exchange/pkce.h"
#include "exchange/prepare.h"
#include "exchange/random.h"
#include "exchange/template.h"

#define UNKNOWN_CODE_BYTES 32

bool task_is_token_request(const struct task *t)
{
	return t->planned->step && !t->planned->step->userinfo;
}

static bool takes_code(const struct task *t)
{
	return t->planned->codes > 0;
}

bool task_wants_challenge(const struct task *t)
{
	enum send_pkce wanted = t->planned->step->redeem.pkce;

	return wanted == SEND_PKCE_S256 || (wanted == SEND_PKCE_TARGET && t->runner->run->target->pkce != PKCE_NONE);
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
	if (x->outcome == EXCHANGE_ANSWERED && t->planned->step)
		saved_keep(&t->runner->saved, t->planned, x);
	else if (x->outcome != EXCHANGE_ANSWERED && !t->trouble)
		t->trouble = arena_text(g->arena, x->trouble);
	t->outcome = x->outcome;
	t->state = TASK_ENDED;
	t->ended_us = clock_mono_us();
	slots_leave(t);
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

	if (task_is_token_request(t)) {
		x.method = t->planned->step->redeem.method ? t->planned->step->redeem.method : "POST";
		x.url = target->token_endpoint;
	} else if (t->planned->step) {
		x.url = target->userinfo_endpoint;
	}
	t->unsent = arena_text(t->runner->engine->arena, trouble);
	x.timing.started_ms = x.timing.ended_ms = now;
	end(t, &x);
}

void task_end_unmade(struct task *t, const struct err *e)
{
	task_end_unsent(t, e->kind == ERR_UNSUITED ? EXCHANGE_UNSUITED : EXCHANGE_NO_ANSWER, e->text);
}

/* --- preparing --------------------------------------------------------------------------------------------- */

/* After a template could not be filled: why, if it is a value that an earlier reply did not have. */
static int unfilled(const struct saved_view *view, struct err *e)
{
	if (!view->missing)
		return err_wrap(e, "the request cannot be made");
	*e = (struct err){0};
	/* The reply before did not yield it: that is judged there. */
	return err_unsuited(e, "%s, which this step needs", view->missing);
}

static struct saved_view view_of(const struct task *t)
{
	return (struct saved_view){.saved = &t->runner->saved, .owner = t->planned->owner, .round = t->planned->round};
}

int task_prepare(struct task *t, struct arena *a, const struct code *stand_in, struct prepared *ret, struct err *e)
{
	const struct target *target = t->runner->run->target;
	struct saved_view view = view_of(t);
	const struct code *code = stand_in ? stand_in : &t->code;

	if (!t->planned->step) {
		prepare_jwks(a, target, ret);
		return 0;
	}
	struct prepare_input in = {.target = target,
	                           .redeem = &t->planned->step->redeem,
	                           .userinfo = t->planned->step->userinfo,
	                           .code = code->code.p ? code : NULL,
	                           .stand_in = stand_in != NULL,
	                           .saved = saved_find,
	                           .saved_self = &view};
	if (exchange_prepare(a, &in, ret, e) == 0)
		return 0;
	return unfilled(&view, e);
}

/*
 * A code that an earlier step sent comes with all that its source told of it: the same again is the same, and what a
 * template makes of it differs in nothing else.
 */
static void adopt_facts(struct task *t, struct sv saved)
{
	const struct plan *plan = t->runner->run->plan;
	struct sv text = t->code.code;

	for (size_t i = 0; saved.p && i < plan->n; i++) {
		const struct task *other = &t->runner->tasks[i];
		if (other != t && other->planned->owner == t->planned->owner &&
		    other->planned->round == t->planned->round && sv_eq(other->code.code, saved)) {
			t->code = other->code;
			t->code.code = text;
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
	struct saved_view view = view_of(t);
	struct template_values values = {
	        .target = target, .redirect_uri = target->redirect_uri, .saved = saved_find, .saved_self = &view};

	if (redeem->code == CODE_UNKNOWN) {
		t->code.code = sv_of(random_text(arena, UNKNOWN_CODE_BYTES, e));
		if (!t->code.code.p)
			return -1;
		/* As ever, or the brand would refuse it for want of a verifier. */
		if (task_wants_challenge(t))
			t->code.code_verifier = pkce_verifier(arena, redeem->verifier_length, e);
		return task_wants_challenge(t) && !t->code.code_verifier ? -1 : 0;
	}
	if (redeem->code != CODE_TEXT)
		return 0;
	if (template_fill(arena, &values, redeem->code_text, &t->code.code, e) < 0)
		return unfilled(&view, e);
	adopt_facts(t, sv_of(view.code));
	return 0;
}

/* Everything that can be known to fail is found before a code is spent on it. */
static void begin(struct task *t)
{
	arena_auto *scratch = arena_new();
	struct prepared unused;
	struct code stand_in = {.code = SV("code")};
	struct err e = {0};

	t->state = takes_code(t) ? TASK_CODELESS : TASK_READY;
	if (takes_code(t) && task_wants_challenge(t))
		stand_in.code_verifier = "verifier";
	if (task_is_token_request(t) && !takes_code(t) && make_code(t, &e) < 0)
		task_end_unmade(t, &e);
	else if (task_prepare(t, scratch, takes_code(t) ? &stand_in : NULL, &unused, &e) < 0)
		task_end_unmade(t, &e);
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

struct transfer_input task_input(const struct task *t, const struct prepared *made)
{
	const struct target *target = t->runner->run->target;

	return (struct transfer_input){.method = made->method,
	                               .url = made->url,
	                               .headers = made->headers,
	                               .body = made->body,
	                               .ca_file = target->tls.ca_file,
	                               .timeout_ms = target->limits.timeout_ms,
	                               .allow_http = target->allow_http,
	                               .new_connection = t->anew,
	                               .once = task_is_token_request(t),
	                               .tls = &t->runner->engine->tls};
}

static bool send_now(struct task *t, int64_t now_us)
{
	struct runner *r = t->runner;
	struct prepared made;
	struct err e = {0};

	if (now_us < r->send_from_us || !slots_take(t, 1))
		return false;
	r->send_from_us = now_us + r->interval_us;
	t->scratch = arena_new();
	t->state = TASK_SENDING;
	if (task_prepare(t, t->scratch, NULL, &made, &e) == 0) {
		struct transfer_input in = task_input(t, &made);
		if (task_transfer(t, &in, &e) == 0)
			return true;
	}
	task_abandon(t);
	task_end_unmade(t, &e);
	return true;
}

/* A code may have been spent on the dead connection: a fresh one goes on a new connection, once. An earlier step's code
 * cannot be had afresh. */
static bool may_go_anew(const struct task *t)
{
	return task_is_token_request(t) && t->planned->step->redeem.code != CODE_TEXT && burst_size(t) == 1;
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
		slots_leave(t);
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

/* How the exchange before went: a burst has ended when all of it has, and was answered when one of it was. */
struct before {
	bool ended, answered;
	int64_t ended_us;
	enum exchange_outcome outcome; /* of the first without an answer */
	const char *trouble;
};

static struct before before_of(const struct task *t, int64_t now_us)
{
	struct before b = {.ended = true, .answered = true, .ended_us = now_us};

	if (t->planned->after < 0)
		return b;
	const struct task *first = burst_leader(&t->runner->tasks[t->planned->after]);
	b = (struct before){.ended = true};
	for (size_t i = 0; i < burst_size(first); i++) {
		const struct task *one = &first[i];
		b.ended = b.ended && one->state == TASK_ENDED;
		b.answered = b.answered || !one->trouble;
		b.ended_us = one->ended_us > b.ended_us ? one->ended_us : b.ended_us;
		if (one->trouble && !b.trouble) {
			b.trouble = one->trouble;
			b.outcome = one->outcome;
		}
	}
	return b;
}

/* The leader's failure is that of all. */
static bool follow_leader(struct task *t)
{
	const struct task *leader = burst_leader(t);

	if (leader->state != TASK_ENDED || !leader->unsent)
		return false;
	t->trouble = leader->trouble;
	task_end_unsent(t, leader->outcome, leader->unsent);
	return true;
}

/* Waits no longer: the step before had no answer. What kept it from one keeps this one, too. */
static void end_without(struct task *t, const struct before *b)
{
	t->trouble = b->trouble;
	task_end_unsent(t, b->outcome == EXCHANGE_ANSWERED ? EXCHANGE_NO_ANSWER : b->outcome,
	                arena_printf(t->runner->engine->arena, "the step before had no answer: %s", t->trouble));
}

bool task_advance(struct task *t, int64_t now_us)
{
	if (t->state == TASK_AGING && now_us >= t->due_us) {
		t->state = TASK_READY;
		return true;
	}
	if (t->state != TASK_WAITING)
		return false;
	if (burst_leader(t) != t)
		return follow_leader(t);
	if (!t->pausing) {
		struct before b = before_of(t, now_us);
		if (!b.ended)
			return false;
		if (!b.answered) {
			end_without(t, &b);
			return true;
		}
		t->due_us = b.ended_us + t->planned->wait_ms * 1000;
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

/* Where codes are scarce, each round waits until all before it have theirs. */
static bool is_early(const struct task *t)
{
	const struct runner *r = t->runner;

	for (size_t i = 0; r->scarce && t->planned->round > 1 && i < r->run->plan->n; i++) {
		const struct task *other = &r->tasks[i];
		if (takes_code(other) && other->planned->round < t->planned->round && other->state <= TASK_FETCHING)
			return true;
	}
	return false;
}

bool task_start(struct task *t, int64_t now_us)
{
	if (t->state == TASK_CODELESS)
		return !is_early(t) && fetching_start(t, now_us);
	return burst_size(t) > 1 ? burst_start(t, now_us) : send_now(t, now_us);
}

int64_t task_due(const struct task *t, int64_t now_us)
{
	int64_t gate = t->state == TASK_READY      ? t->runner->send_from_us
	               : t->state == TASK_CODELESS ? t->runner->fetch_from_us
	                                           : INT64_MAX;

	if (t->holding || t->state == TASK_AGING || (t->state == TASK_WAITING && t->pausing))
		return t->due_us;
	if (t->state == TASK_SENDING && burst_size(t) > 1)
		return t->due_us > now_us ? t->due_us : INT64_MAX;
	if (t->state == TASK_FETCHING && t->fetch.state == FETCH_WAIT)
		return t->fetch.deadline_us;
	/* Past its gate it waits for a slot, which somebody else's end brings. */
	return gate > now_us ? gate : INT64_MAX;
}
