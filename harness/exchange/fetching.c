#include "core/clock.h"
#include "exchange/engine.h"
#include "exchange/jar.h"
#include "exchange/pkce.h"

static struct code_source *source_of(const struct task *t)
{
	return task_supplier(t)->source;
}

static void got_code(struct task *t)
{
	const struct target *target = t->runner->run->target;

	if (!t->code.code_verifier)
		t->code.code_verifier = t->verifier;
	t->runner->run->codes_spent++;
	t->state = TASK_READY;
	if (t->planned->step->redeem.code == CODE_EXPIRED) {
		t->state = TASK_AGING;
		t->due_us = clock_mono_us() + (target->code_lifetime_s + target->code_margin_s) * 1000000;
		slots_leave(t);
	}
	/* A burst takes all its slots at once, or two that hold one each could wait for each other. */
	if (burst_size(t) > 1)
		slots_leave(t);
}

static void got(struct task *t)
{
	if (task_kind(t) == STEP_AUTHORIZE) {
		way_end(t, NULL);
		return;
	}
	if (task_kind(t) == STEP_LOGOUT) {
		task_end_given(t);
		return;
	}
	t->code = t->fetch.code;
	t->obtained_ms = clock_unix_ms();
	if (task_kind(t) == STEP_TOKEN)
		task_end_given(t);
	else
		got_code(t);
}

static void got_nothing(struct task *t)
{
	const char *why = t->fetch.e.text;

	if (task_kind(t) == STEP_AUTHORIZE)
		way_end(t, why);
	else
		task_end_unsent(t, task_kind(t) == STEP_LOGOUT ? EXCHANGE_NO_ANSWER : EXCHANGE_NO_CODE, why);
}

static int make_code_wish(struct task *t, const struct redeem *redeem, struct err *e)
{
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

/* What is asked for. The verifier is made here, so that a source needs to know of the challenge alone. */
static int make_wish(struct task *t, struct err *e)
{
	const struct step *step = t->planned->step;

	if (step->kind == STEP_REDEEM)
		return make_code_wish(t, &step->redeem, e);
	t->fetch.wish = (struct code_wish){.second_consumer = step->second_consumer};
	if (step->kind == STEP_AUTHORIZE) {
		struct browse *b = arena_alloc(t->fetch.arena, sizeof *b);
		*b = (struct browse){.url = t->authorization.url,
		                     .redirect_uri = t->authorization.redirect_uri,
		                     .session = (int)step->authorize.session};
		t->fetch.wish = (struct code_wish){.second_consumer = step->authorize.second_consumer, .browse = b};
	}
	return 0;
}

/* The cookies with which the browser of an earlier step in the chain ended. */
static CURLSH *kept_jar(const struct task *t)
{
	for (const struct task *before = task_before(t); before; before = task_before(before))
		if (task_kind(before) == STEP_AUTHORIZE)
			return before->fetch.jar;
	return NULL;
}

/* Whether the source gave what was asked for; sets f->e. */
static bool is_as_wished(const struct task *t, struct fetch *f)
{
	const char *name = source_of(t)->ops->name;
	bool token = task_kind(t) == STEP_TOKEN;

	if (!token && task_kind(t) != STEP_REDEEM)
		return true;
	if (!f->code.code.n)
		err_trouble(&f->e, "the %s source '%s' gave an empty %s", token ? "token" : "code", name,
		            token ? "token" : "code");
	else if (f->wish.without_challenge && f->code.code_verifier)
		err_trouble(&f->e,
		            "the code source '%s' gave a code with a code_verifier, and one without PKCE was asked for",
		            name);
	return f->e.kind == ERR_NONE;
}

static int send_request(struct task *t, struct err *e)
{
	struct fetch *f = &t->fetch;
	struct transfer_input in = {.method = f->http.method,
	                            .url = f->http.url,
	                            .headers = f->http.headers,
	                            .body = f->http.body,
	                            .ca_file = f->http.ca_file,
	                            .timeout_ms = f->http.timeout_ms,
	                            .allow_http = t->runner->run->target->allow_http,
	                            .tls = &t->runner->engine->tls};

	if (t->requests == LIMIT_HOPS)
		return err_trouble(e, "the %s did not come to an end within %d requests",
		                   task_kind(t) == STEP_LOGOUT ? "logout" : "login", LIMIT_HOPS);
	t->requests++;
	if (f->http.cookies) {
		if (!f->jar)
			f->jar = t->own_jar = jar_new();
		in.jar = f->jar;
		in.set_cookie = f->http.set_cookie;
	}
	return task_transfer(t, &in, e);
}

/* The source is done with it. A browser's cookies are kept for the steps that follow. */
static void leave_source(struct task *t)
{
	task_supplier(t)->fetching--;
	if (task_kind(t) != STEP_AUTHORIZE)
		task_forget(t);
}

/* Does what the source's fetch now asks for. */
static void follow(struct task *t)
{
	struct fetch *f = &t->fetch;
	struct err e = {0};

	switch (f->state) {
	case FETCH_WAIT:
		return;
	case FETCH_HTTP:
		if (send_request(t, &e) == 0)
			return;
		err_trouble(&f->e, "%s", e.text);
		break;
	case FETCH_DONE:
		if (!is_as_wished(t, f))
			break;
		leave_source(t);
		got(t);
		return;
	case FETCH_FAILED:
		break;
	}
	f->state = FETCH_FAILED;
	leave_source(t);
	got_nothing(t);
}

bool fetching_start(struct task *t, int64_t now_us)
{
	struct runner *r = t->runner;
	struct supplier *from = task_supplier(t);

	/* Fetches are spaced as requests are, or codes would queue for their turn and grow old there. */
	if (from->fetching >= from->source->parallel || now_us < r->fetch_from_us || !slots_take(t, 1))
		return false;
	r->fetch_from_us = now_us + r->interval_us;
	from->fetching++;
	t->state = TASK_FETCHING;
	t->requests = 0;
	t->fetch = (struct fetch){.arena = r->engine->arena, .fd = -1};
	if (task_kind(t) == STEP_AUTHORIZE && t->planned->step->authorize.session == SESSION_KEPT)
		t->fetch.jar = kept_jar(t);
	if (make_wish(t, &t->fetch.e) < 0)
		t->fetch.state = FETCH_FAILED;
	else
		from->source->ops->start(from->source->self, &t->fetch);
	follow(t);
	return true;
}

/* The answer to a request that brings a code, a token or a logout; it is not kept. */
static void take_reply(struct task *t, CURLcode code)
{
	struct code_source *source = source_of(t);
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
}

void fetching_transferred(struct task *t, CURLcode code)
{
	struct code_source *source = source_of(t);
	struct http_response reply;

	if (task_kind(t) != STEP_AUTHORIZE) {
		take_reply(t, code);
	} else {
		way_keep(t, code, &reply);
		transfer_free(t->transfer);
		t->transfer = NULL;
		arena_free(t->scratch);
		t->scratch = NULL;
		source->ops->on_http(source->self, &t->fetch, &reply);
	}
	follow(t);
}

void fetching_ready(struct task *t, bool timed_out)
{
	struct code_source *source = source_of(t);

	source->ops->on_ready(source->self, &t->fetch, timed_out);
	follow(t);
}

void fetching_cancel(struct task *t)
{
	struct code_source *source = source_of(t);

	if (t->fetch.state == FETCH_WAIT && source->ops->cancel)
		source->ops->cancel(source->self, &t->fetch);
	t->fetch.state = FETCH_FAILED; /* once is enough: engine_free comes by again */
}
