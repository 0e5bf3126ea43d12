#include "commands/progress.h"

#include <stdio.h>
#include <unistd.h>

void progress_start(struct progress *p, bool quiet)
{
	p->shown = !quiet && isatty(STDERR_FILENO);
	if (p->shown)
		fprintf(stderr, "\r\033[Kstarting …");
}

void progress_step(void *self, const struct exchange *x, size_t done, size_t all)
{
	const struct progress *p = self;

	if (p->shown)
		fprintf(stderr, "\r\033[K%zu of %zu exchanges, last: %.60s", done, all, x->key);
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r\033[K");
	p->shown = false;
}
