#include "core/clock.h"
#include "exchange/engine.h"
#include "exchange/pkce.h"

static void got(struct task *t)
{
	const struct target *target = t->runner->run->target;

	t->code = t->fetch.code;
	if (!t->code.code_verifier)
		t->code.code_verifier = t->verifier;
	t->obtained_ms = clock_unix_ms();
	t->runner->run->codes_spent++;
	t->state = TASK_READY;
	if (t->planned->step->redeem.code == CODE_EXPIRED) {
		t->state = TASK_AGING;
		t->due_us = clock_mono_us() + (target->codes.lifetime_s + target->codes.margin_s) * 1000000;
		slots_leave(t);
	}
	/* A burst takes all its slots at once, or two that hold one each could wait for each other. */
	if (burst_size(t) > 1)
		slots_leave(t);
}

/* What is asked for. The verifier is made here, so that a source needs to know of the challenge alone. */
static int make_wish(struct task *t, struct err *e)
{
	const struct redeem *redeem = &t->planned->step->redeem;
	struct code_wish *wish = &t->fetch.wish;

	*wish = (struct code_wish){.second_consumer = redeem->second_consumer,
	                           .encoded_client = redeem->encoded_client,
	                           .without_challenge = redeem->pkce == SEND_PKCE_NONE};
	t->verifier = NULL;
	if (!task_wants_challenge(t))
		return 0;
	t->verifier = pkce_verifier(t->fetch.arena, redeem->verifier_length, e);
	if (t->verifier)
		wish->code_challenge = pkce_challenge(t->fetch.arena, t->verifier, e);
	return wish->code_challenge ? 0 : -1;
}

/* Whether the source gave what was asked for; sets f->e. */
static bool is_as_wished(const struct code_source *source, struct fetch *f)
{
	const char *name = source->ops->name;

	if (!f->code.code.n)
		err_trouble(&f->e, "the code source '%s' gave an empty code", name);
	else if (f->wish.without_challenge && f->code.code_verifier)
		err_trouble(&f->e,
		            "the code source '%s' gave a code with a code_verifier, and one without PKCE was asked for",
		            name);
	return f->e.kind == ERR_NONE;
}

/* Does what the source's fetch now asks for. */
static void follow(struct task *t)
{
	struct code_source *source = t->runner->run->codes;
	struct fetch *f = &t->fetch;
	struct err e = {0};

	switch (f->state) {
	case FETCH_WAIT:
		return;
	case FETCH_HTTP: {
		const struct target *target = t->runner->run->target;
		struct transfer_input in = {.method = f->http.method,
		                            .url = f->http.url,
		                            .headers = f->http.headers,
		                            .body = f->http.body,
		                            .ca_file = f->http.ca_file,
		                            .timeout_ms = f->http.timeout_ms,
		                            .allow_http = target->allow_http,
		                            .tls = &t->runner->engine->tls};
		if (task_transfer(t, &in, &e) == 0)
			return;
		err_trouble(&f->e, "%s", e.text);
		break;
	}
	case FETCH_DONE:
		if (!is_as_wished(source, f))
			break;
		t->runner->fetching--;
		got(t);
		return;
	case FETCH_FAILED:
		break;
	}
	t->runner->fetching--;
	task_end_unsent(t, EXCHANGE_NO_CODE, f->e.text);
}

bool fetching_start(struct task *t, int64_t now_us)
{
	struct runner *r = t->runner;
	struct code_source *source = r->run->codes;

	/* Fetches are spaced as requests are, or codes would queue for their turn and grow old there. */
	if (r->fetching >= source->parallel || now_us < r->fetch_from_us || !slots_take(t, 1))
		return false;
	r->fetch_from_us = now_us + r->interval_us;
	r->fetching++;
	t->state = TASK_FETCHING;
	t->fetch = (struct fetch){.arena = r->engine->arena, .fd = -1};
	if (make_wish(t, &t->fetch.e) < 0)
		t->fetch.state = FETCH_FAILED;
	else
		source->ops->start(source->self, &t->fetch);
	follow(t);
	return true;
}

void fetching_transferred(struct task *t, CURLcode code)
{
	struct code_source *source = t->runner->run->codes;
	struct arena *scratch = t->scratch;
	struct exchange x = {0};
	struct http_response reply;

	transfer_result(t->transfer, code, scratch, &x);
	transfer_response(&x, &reply);
	transfer_free(t->transfer);
	t->transfer = NULL;
	t->scratch = NULL;
	source->ops->on_http(source->self, &t->fetch, &reply);
	arena_free(scratch);
	follow(t);
}

void fetching_ready(struct task *t, bool timed_out)
{
	struct code_source *source = t->runner->run->codes;

	source->ops->on_ready(source->self, &t->fetch, timed_out);
	follow(t);
}

void fetching_cancel(struct task *t)
{
	struct code_source *source = t->runner->run->codes;

	if (t->fetch.state == FETCH_WAIT && source->ops->cancel)
		source->ops->cancel(source->self, &t->fetch);
	t->fetch.state = FETCH_FAILED; /* once is enough: engine_free comes by again */
}
