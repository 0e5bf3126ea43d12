#include "commands/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"

#define LOG_EVERY_US (30 * 1000 * 1000ll)

void progress_start(struct progress *p, bool quiet)
{
	*p = (struct progress){.terminal = isatty(STDERR_FILENO), .quiet = quiet, .started_us = clock_mono_us()};
	p->said_us = p->started_us;
	p->on_line = p->terminal && !quiet;
	if (p->on_line)
		fprintf(stderr, "\r\033[Kstarting …");
}

void progress_plan(struct progress *p, struct arena *a, const struct plan *plan)
{
	p->plan = plan;
	p->done = arena_array(a, plan->n, sizeof *p->done);
}

/* The first exchange of the plan that has not ended, or NULL: "code-reuse/again". */
static const char *in_flight(struct progress *p, const struct exchange *ended)
{
	const char *first = NULL;

	for (size_t i = 0; p->plan && i < p->plan->n; i++) {
		p->done[i] |= strcmp(p->plan->exchanges[i].id, ended->id) == 0;
		if (!p->done[i] && !first)
			first = p->plan->exchanges[i].key;
	}
	return first;
}

void progress_step(void *self, const struct exchange *x, size_t done, size_t all)
{
	enum { NAME_MAX_COLUMNS = 40 }; /* the line has to stay one, in 80 columns */
	struct progress *p = self;
	const char *next = in_flight(p, x), *what = p->plan ? "waiting for" : "last:";
	int64_t now_us = clock_mono_us();
	long long seconds = (long long)((now_us - p->started_us) / 1000000);

	if (p->quiet || (!p->terminal && now_us - p->said_us < LOG_EVERY_US))
		return;
	p->said_us = now_us;
	if (!p->plan)
		next = x->key;
	fprintf(stderr, "%s%zu of %zu exchanges, %lld s%s%s%s%.*s%s", p->terminal ? "\r\033[K" : "brandcert: ", done,
	        all, seconds, next ? ", " : "", next ? what : "", next ? " " : "", NAME_MAX_COLUMNS, next ? next : "",
	        p->terminal ? "" : "\n");
}

void progress_end(struct progress *p)
{
	if (p->on_line)
		fprintf(stderr, "\r\033[K");
	p->on_line = false;
}
