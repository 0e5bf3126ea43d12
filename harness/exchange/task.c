#include <string.h>

#include "core/clock.h"
#include "core/limits.h"
#include "exchange/engine.h"
#include "exchange/jar.h"
#include "exchange/pkce.h"
#include "exchange/prepare.h"
#include "exchange/random.h"
#include "exchange/template.h"

#define UNKNOWN_CODE_BYTES 32

enum step_kind task_kind(const struct task *t)
{
	return t->planned->step ? t->planned->step->kind : STEP_FETCH;
}

bool task_is_token_request(const struct task *t)
{
	return task_kind(t) == STEP_REDEEM;
}

static bool uses_expired_fixture(const struct task *t)
{
	return t->planned->step->redeem.code == CODE_EXPIRED && t->runner->run->target->expired_code;
}

bool task_takes_code(const struct task *t)
{
	return task_is_token_request(t) && t->planned->codes > 0 && !uses_expired_fixture(t);
}

struct supplier *task_supplier(const struct task *t)
{
	struct supplier *all = t->runner->suppliers;

	switch (task_kind(t)) {
	case STEP_REDEEM:
		return task_takes_code(t) ? &all[SUPPLY_CODES] : NULL;
	case STEP_TOKEN:
		return &all[SUPPLY_TOKENS];
	case STEP_AUTHORIZE:
		return &all[SUPPLY_BROWSER];
	case STEP_LOGOUT:
		return &all[SUPPLY_LOGOUT];
	case STEP_USERINFO:
	case STEP_FETCH:
	case STEP_HANDSHAKE:
	case STEP_KIND_COUNT:
		break;
	}
	return NULL;
}

struct task *task_before(const struct task *t)
{
	return t->planned->after < 0 ? NULL : &t->runner->tasks[t->planned->after];
}

bool task_wants_challenge(const struct task *t)
{
	enum send_pkce wanted = t->planned->step->redeem.pkce;

	return wanted == SEND_PKCE_S256 || (wanted == SEND_PKCE_TARGET && t->runner->run->target->pkce != PKCE_NONE);
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

static enum fetched fetched_of(const struct task *t)
{
	if (t->planned->step)
		return t->planned->step->fetch;
	return strcmp(t->planned->kind, "discovery") == 0 ? FETCHED_DISCOVERY : FETCHED_JWKS;
}

int task_prepare(struct task *t, struct arena *a, const struct code *stand_in, struct prepared *ret, struct err *e)
{
	const struct target *target = t->runner->run->target;
	struct saved_view view = view_of(t);
	const struct code *code = stand_in ? stand_in : &t->code;

	if (task_kind(t) == STEP_FETCH) {
		prepare_fetch(a, target, fetched_of(t), ret);
		return 0;
	}
	if (task_kind(t) == STEP_HANDSHAKE) {
		*ret = (struct prepared){.method = "HANDSHAKE", .url = target->token_endpoint};
		return 0;
	}
	struct prepare_input in = {.target = target,
	                           .redeem = &t->planned->step->redeem,
	                           .step = t->planned->step,
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

	if (redeem->code == CODE_UNKNOWN || uses_expired_fixture(t)) {
		t->code.code = sv_of(redeem->code == CODE_UNKNOWN ? random_text(arena, UNKNOWN_CODE_BYTES, e)
		                                                  : target->expired_code);
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

static int make_authorization(struct task *t, struct err *e)
{
	struct saved_view view = view_of(t);
	struct authorization_input in = {.target = t->runner->run->target,
	                                 .step = &t->planned->step->authorize,
	                                 .saved = saved_find,
	                                 .saved_self = &view};

	if (authorization_make(t->runner->engine->arena, &in, &t->authorization, e) == 0)
		return 0;
	return unfilled(&view, e);
}

/* What can be known to fail of a request is found before a code is spent on it. */
static int rehearse(struct task *t, struct err *e)
{
	arena_auto *scratch = arena_new();
	bool takes = task_takes_code(t);
	struct prepared unused;
	struct code stand_in = {.code = SV("code")};

	if (takes && task_wants_challenge(t))
		stand_in.code_verifier = "verifier";
	if (task_is_token_request(t) && !takes && make_code(t, e) < 0)
		return -1;
	return task_prepare(t, scratch, takes ? &stand_in : NULL, &unused, e);
}

static void begin(struct task *t)
{
	struct err e = {0};
	int made = 0;

	if (task_kind(t) == STEP_AUTHORIZE)
		made = make_authorization(t, &e);
	else if (task_kind(t) != STEP_TOKEN && task_kind(t) != STEP_LOGOUT)
		made = rehearse(t, &e);
	const struct supplier *from = task_supplier(t);
	t->state = from ? TASK_CODELESS : TASK_READY;
	if (made < 0)
		task_end_unmade(t, &e);
	else if (from && !from->source)
		task_end_unsent(t, EXCHANGE_NO_ANSWER, "the target file does not say how this can be done");
	else if (t->unallotted)
		task_end_unsent(t, EXCHANGE_NO_CODE, t->unallotted);
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
	const struct redeem *redeem = task_is_token_request(t) ? &t->planned->step->redeem : NULL;

	return (struct transfer_input){.method = made->method,
	                               .url = made->url,
	                               .headers = made->headers,
	                               .body = made->body,
	                               .ca_file = target->tls.ca_file,
	                               .timeout_ms = target->limits.timeout_ms,
	                               .allow_http = target->allow_http,
	                               .new_connection = t->anew,
	                               .once = task_is_token_request(t),
	                               .tls = &t->runner->engine->tls,
	                               .http = redeem ? redeem->http : SEND_HTTP_ANY,
	                               .plain_http = redeem && redeem->plain_http,
	                               .handshake =
	                                       task_kind(t) == STEP_HANDSHAKE ? &t->planned->step->handshake : NULL};
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
		if (task_takes_code(t))
			t->code = (struct code){0};
		task_abandon(t);
		t->state = task_takes_code(t) ? TASK_CODELESS : TASK_READY;
		slots_leave(t);
		return;
	}
	transfer_result(t->transfer, code, t->scratch, &x);
	task_end(t, &x);
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
	way_release(t);
}

void task_forget(struct task *t)
{
	jar_free(t->own_jar);
	t->own_jar = NULL;
	t->fetch.jar = NULL;
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

	if (!task_before(t))
		return b;
	const struct task *first = burst_leader(task_before(t));
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
	task_end_unsent(t, leader->outcome,
	                arena_printf(t->runner->engine->arena, "the request that it goes with was not sent: %s",
	                             leader->unsent));
	return true;
}

/* Waits no longer: the step before had no answer. What kept it from one keeps this one, too. */
static void end_without(struct task *t, const struct before *b)
{
	if (t->unallotted) {
		task_end_unsent(t, EXCHANGE_NO_CODE, t->unallotted);
		return;
	}
	t->trouble = b->trouble;
	task_end_unsent(t, b->outcome == EXCHANGE_ANSWERED ? EXCHANGE_NO_ANSWER : b->outcome,
	                arena_printf(t->runner->engine->arena, "the step before had no answer: %s", t->trouble));
}

/* A logout may end sessions and revoke codes that others live on: those that are last go alone, one scenario and round
 * after another. */
static bool has_to_wait(const struct task *t)
{
	const struct runner *r = t->runner;

	if (!t->planned->last)
		return false;
	if (r->early)
		return true;
	for (const struct task *other = r->tasks; other < t; other++)
		if (other->planned->last && other->state != TASK_ENDED &&
		    (other->planned->owner != t->planned->owner || other->planned->round != t->planned->round))
			return true;
	return false;
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
		if (!b.ended || has_to_wait(t))
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
	/* What has to age longest begins first. */
	return task_takes_code(t) && t->planned->step->redeem.code == CODE_EXPIRED ? 1 : 2;
}

bool task_start(struct task *t, int64_t now_us)
{
	if (t->state == TASK_CODELESS)
		return fetching_start(t, now_us);
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
