#include <stdlib.h>

#include "codes/sources.h"

struct list {
	const struct target *target;
	size_t taken;
};

static void list_start(void *self, struct fetch *f)
{
	struct list *l = self;
	size_t all = l->target->codes.nlist;

	if (l->taken == all) {
		fetch_fail(f, "the list held %zu code%s and all are spent", all, all == 1 ? "" : "s");
		return;
	}
	const struct listed_code *c = &l->target->codes.list[l->taken++];
	f->code = (struct code){.code = sv_of(c->code),
	                        .redirect_uri = c->redirect_uri,
	                        .nonce = c->nonce,
	                        .code_verifier = c->code_verifier};
	f->state = FETCH_DONE;
}

static long list_supply(void *self)
{
	const struct list *l = self;

	return (long)(l->target->codes.nlist - l->taken);
}

int list_open(const struct target *t, struct code_source *ret, struct err *e)
{
	static const struct code_source_ops ops = {
	        .name = "list",
	        .start = list_start,
	        .supply = list_supply,
	        .release = free,
	};

	if (t->codes.nlist == 0)
		return err_input(e, "the list of codes is empty");
	struct list *l = mem_alloc(sizeof *l);
	l->target = t;
	*ret = (struct code_source){.ops = &ops, .self = l, .parallel = 64};
	return 0;
}
