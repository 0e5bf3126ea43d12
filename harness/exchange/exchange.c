#include "exchange/exchange.h"

#include <stdlib.h>

#include "core/clock.h"
#include "core/limits.h"
#include "exchange/engine.h"

/* How long the loop may sleep without anything due: a net under whatever would not wake it. */
#define NAP_MS 1000
/* Tasks that have not ended, from which on no further run begins. */
#define LIVE_ENOUGH 500

struct engine *engine_new(const struct engine_options *o, struct err *e)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT)) {
		err_trouble(e, "libcurl cannot be set up");
		return NULL;
	}
	struct engine *g = mem_alloc(sizeof *g);
	g->options = *o;
	if (g->options.jobs < 1)
		g->options.jobs = 1;
	if (g->options.jobs > LIMIT_JOBS)
		g->options.jobs = LIMIT_JOBS;
	g->arena = arena_new();
	g->tls.arena = g->arena;
	g->multi = curl_multi_init();
	if (!g->multi)
		mem_exhausted();
	/* Each exchange has its connection to itself, and idle ones are kept for those that follow. */
	curl_multi_setopt(g->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	return g;
}

void engine_add(struct engine *g, struct engine_run *run)
{
	struct runner *r = arena_alloc(g->arena, sizeof *r);
	double rate = run->target->limits.rate;
	long supply = run->codes->ops->supply(run->codes->self);

	*r = (struct runner){.engine = g,
	                     .run = run,
	                     .tasks = arena_array(g->arena, run->plan->n, sizeof *r->tasks),
	                     .saved = {.arena = g->arena, .redirect_uri = run->target->redirect_uri},
	                     .suppliers = {[SUPPLY_CODES] = {.source = run->codes},
	                                   [SUPPLY_TOKENS] = {.source = run->tokens},
	                                   [SUPPLY_BROWSER] = {.source = run->browser},
	                                   [SUPPLY_LOGOUT] = {.source = run->logout}},
	                     .interval_us = rate > 0 ? (int64_t)(1e6 / rate) : 0};
	for (size_t i = 0; i < run->plan->n; i++) {
		r->tasks[i] = (struct task){.runner = r, .planned = &run->plan->exchanges[i]};
		r->early += !run->plan->exchanges[i].last;
	}
	if (supply >= 0 && supply < run->plan->codes)
		allot_codes(r, supply);
	for (size_t i = 0; i < run->plan->n; i++)
		if (burst_size(&r->tasks[i]) > (size_t)g->options.jobs)
			g->options.jobs = run->plan->exchanges[i].times;
	curl_multi_setopt(g->multi, CURLMOPT_MAXCONNECTS, (long)g->options.jobs + 4);
	run->codes_spent = 0;
	g->runners = arena_grow(g->arena, g->runners, g->nrunners, sizeof *g->runners);
	g->runners[g->nrunners++] = r;
	g->all += run->plan->n;
}

/* Walks over the tasks of all runs; the first call is with i and j zero. */
static struct task *next_task(const struct engine *g, size_t *i, size_t *j)
{
	for (; *i < g->nrunners; (*i)++, *j = 0)
		if (*j < g->runners[*i]->run->plan->n)
			return &g->runners[*i]->tasks[(*j)++];
	return NULL;
}

#define EACH_TASK(g, t)        \
	struct task *t = NULL; \
	for (size_t t##_i = 0, t##_j = 0; (t = next_task(g, &t##_i, &t##_j));)

/* What the loop looks at each time it wakes: of a run that has begun, the tasks that have not ended. */
#define EACH_LIVE(g, t) \
	for (struct task **t##_p = (g)->live, *t; t##_p < (g)->live + (g)->nlive && (t = *t##_p); t##_p++)

static void begin_run(struct engine *g)
{
	struct runner *r = g->runners[g->begun++];

	for (size_t i = 0; i < r->run->plan->n; i++)
		g->live[g->nlive++] = &r->tasks[i];
}

static void forget_ended(struct engine *g)
{
	size_t kept = 0;

	EACH_LIVE(g, t)
	if (t->state != TASK_ENDED || t->holding)
		g->live[kept++] = t;
	g->nlive = kept;
}

static bool move(struct engine *g)
{
	int64_t now = clock_mono_us();
	bool moved = false;

	EACH_LIVE(g, t)
	moved = task_advance(t, now) || moved;
	for (int turn = 0; turn < TASK_TURNS; turn++) {
		EACH_LIVE(g, u)
		if (task_turn(u) == turn)
			moved = task_start(u, clock_mono_us()) || moved;
	}
	return moved;
}

/* Does all that can be done without waiting. Runs begin in order, each when those before it leave slots free and have few
 * tasks left: were all begun at once, every wake would cost as much as there are tasks in all of them. */
static void settle(struct engine *g)
{
	for (bool moved = true; moved && !g->failed;) {
		moved = move(g);
		forget_ended(g);
		if (!moved && g->begun < g->nrunners && g->slots < g->options.jobs && g->nlive < LIVE_ENOUGH) {
			begin_run(g);
			moved = true;
		}
	}
}

/* Hands over what libcurl has finished; true when there was something. */
static bool collect(struct engine *g)
{
	CURLMsg *m;
	int left;
	bool any = false;

	while (!g->failed && (m = curl_multi_info_read(g->multi, &left))) {
		char *self = NULL;
		CURLcode code = m->data.result;
		if (m->msg != CURLMSG_DONE || curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &self) || !self)
			continue;
		task_transferred((struct task *)(void *)self, code);
		any = true;
	}
	return any;
}

/* The last thing before curl_multi_perform, so that nothing comes between the last bytes of a burst. */
static void release_bursts(struct engine *g)
{
	int64_t now = clock_mono_us();

	EACH_LIVE(g, t)
	if (burst_ready(t, now))
		burst_release(t, now);
}

static bool any_burst_ready(const struct engine *g)
{
	int64_t now = clock_mono_us();

	EACH_LIVE(g, t)
	if (burst_ready(t, now))
		return true;
	return false;
}

static int nap_ms(const struct engine *g)
{
	int64_t now = clock_mono_us(), next = now + NAP_MS * 1000;

	EACH_LIVE(g, t)
	{
		int64_t due = task_due(t, now);
		if (due < next)
			next = due;
	}
	return next <= now ? 0 : (int)((next - now + 999) / 1000);
}

/* Sleeps until a transfer, a code source or a timer has something, and tells the sources. */
static int wait_for_something(struct engine *g)
{
	struct curl_waitfd fds[LIMIT_JOBS];
	struct task *owners[LIMIT_JOBS];
	unsigned n = 0;

	EACH_LIVE(g, t)
	if (t->state == TASK_FETCHING && t->fetch.state == FETCH_WAIT && n < LIMIT_JOBS) {
		fds[n] = (struct curl_waitfd){.fd = t->fetch.fd, .events = CURL_WAIT_POLLIN};
		owners[n++] = t;
	}
	CURLMcode r = curl_multi_poll(g->multi, fds, n, nap_ms(g), NULL);
	if (r != CURLM_OK)
		return err_trouble(g->e, "waiting for the network failed: %s", curl_multi_strerror(r));
	for (unsigned i = 0; i < n; i++) {
		bool late = clock_mono_us() >= owners[i]->fetch.deadline_us;
		if (fds[i].revents || late)
			fetching_ready(owners[i], !fds[i].revents);
	}
	return 0;
}

int engine_drive(struct engine *g, struct err *e)
{
	int running;

	g->e = e;
	g->live = arena_array(g->arena, g->all, sizeof(struct task *));
	for (;;) {
		if (g->options.stop && *g->options.stop) {
			err_trouble(e, "interrupted");
			g->failed = true;
		}
		settle(g);
		if (g->failed || g->done == g->all)
			break;
		release_bursts(g);
		CURLMcode r = curl_multi_perform(g->multi, &running);
		if (r != CURLM_OK) {
			err_trouble(e, "libcurl failed: %s", curl_multi_strerror(r));
			g->failed = true;
			break;
		}
		if (!collect(g) && !any_burst_ready(g) && wait_for_something(g) < 0) {
			g->failed = true;
			break;
		}
	}
	EACH_TASK(g, t)
	task_abandon(t);
	return g->failed ? -1 : 0;
}

void engine_free(struct engine *g)
{
	if (!g)
		return;
	EACH_TASK(g, t)
	{
		task_abandon(t);
		task_forget(t);
	}
	curl_multi_cleanup(g->multi);
	arena_free(g->arena);
	curl_global_cleanup();
	free(g);
}
