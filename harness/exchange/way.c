#include <string.h>

#include "core/clock.h"
#include "exchange/engine.h"

/* The way of a browser through a login, from the authorization request to where it is sent in the end. */

void way_keep(struct task *t, CURLcode code, struct http_response *reply)
{
	struct way *w = &t->way;

	if (!w->arena)
		w->arena = arena_new();
	/* fetching.c lets no more go out than there is room for */
	struct exchange *x = &w->v[w->n++];
	*x = (struct exchange){0};
	transfer_result(t->transfer, code, w->arena, x);
	x->method = arena_text(w->arena, x->method);
	x->url = arena_text(w->arena, x->url);
	transfer_response(x, reply);
}

static bool cut(struct sv *body)
{
	bool long_one = body->n > LIMIT_HOP_BODY;

	if (long_one)
		body->n = LIMIT_HOP_BODY;
	return long_one;
}

/* The first n requests. */
static void add_hops(struct way *w, size_t n, struct exchange *x)
{
	x->hops = n ? arena_array(w->arena, n, sizeof *x->hops) : NULL;
	x->nhops = n;
	for (size_t i = 0; i < n; i++) {
		const struct exchange *from = &w->v[i];
		struct hop *hop = &x->hops[i];
		*hop = (struct hop){.method = from->method,
		                    .url = from->url,
		                    .status = from->status,
		                    .request = from->request,
		                    .response = from->response,
		                    .body_cut = from->body_cut};
		(void)cut(&hop->request.body);
		if (cut(&hop->response.body))
			hop->body_cut = true;
	}
}

/* Where no code was asked for, a parameter of that name is something else. */
static void take_code(struct task *t, const struct exchange *x)
{
	const char *asked = t->planned->step->authorize.response_type;
	struct arena *a = t->runner->engine->arena;

	if (asked && strcmp(asked, "code") != 0)
		return;
	if (authorization_code(a, t->runner->run->target, &t->authorization, x, &t->code))
		t->obtained_ms = clock_unix_ms();
}

/* All that was asked was in vain: each request is a hop, and the exchange is the one that was never answered. */
static void end_lost(struct task *t, const char *trouble)
{
	struct way *w = &t->way;
	int64_t now = clock_unix_ms();
	struct exchange x = {.method = "GET",
	                     .url = t->authorization.url,
	                     .outcome = EXCHANGE_NO_ANSWER,
	                     .trouble = trouble,
	                     .timing = {.started_ms = w->n ? w->v[0].timing.started_ms : now, .ended_ms = now}};

	add_hops(w, w->n, &x);
	task_end(t, &x);
}

void way_end(struct task *t, const char *trouble)
{
	struct way *w = &t->way;

	if (trouble || !w->n) {
		end_lost(t, trouble ? trouble : "the browser made no request");
	} else {
		struct exchange *x = &w->v[w->n - 1];
		add_hops(w, w->n - 1, x);
		if (x->outcome == EXCHANGE_ANSWERED)
			take_code(t, x);
		task_end(t, x);
	}
	way_release(t);
}

void way_release(struct task *t)
{
	arena_free(t->way.arena);
	t->way.arena = NULL;
	t->way.n = 0;
}
