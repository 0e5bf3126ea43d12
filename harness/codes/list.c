#include <stdlib.h>

#include "codes/sources.h"
#include "core/text.h"

struct list {
	const struct supply *supply;
	const char *what; /* "code": what it holds */
	bool *taken;      /* of each */
	size_t left;
};

/* A code that was not asked for with a challenge of ours has its verifier in the list, or has none. */
static bool fits(const struct listed_code *c, const struct code_wish *wish)
{
	if (c->second_consumer != wish->second_consumer || c->encoded_client != wish->encoded_client)
		return false;
	if (wish->code_challenge)
		return c->code_verifier != NULL;
	return !wish->without_challenge || !c->code_verifier;
}

/* What an item of the list would have to say. */
static const char *properties(struct arena *a, const struct code_wish *wish)
{
	const char *words[3];
	size_t n = 0;

	if (wish->second_consumer)
		words[n++] = "'consumer: second'";
	if (wish->encoded_client)
		words[n++] = "'client: encoded'";
	if (wish->code_challenge)
		words[n++] = "a 'code_verifier'";
	else if (wish->without_challenge)
		words[n++] = "no 'code_verifier'";
	return n ? text_list(a, words, n, "and") : "neither 'consumer: second' nor 'client: encoded'";
}

static void list_start(void *self, struct fetch *f)
{
	struct list *l = self;
	size_t all = l->supply->nlist;

	for (size_t i = 0; i < all; i++) {
		const struct listed_code *c = &l->supply->list[i];
		if (l->taken[i] || !fits(c, &f->wish))
			continue;
		l->taken[i] = true;
		l->left--;
		f->code = (struct code){.code = sv_of(c->code),
		                        .redirect_uri = c->redirect_uri,
		                        .nonce = c->nonce,
		                        .code_verifier = c->code_verifier};
		f->state = FETCH_DONE;
		return;
	}
	if (l->left == 0)
		fetch_fail(f, "the list held %zu %s%s and all are spent", all, l->what, all == 1 ? "" : "s");
	else
		fetch_fail(f, "of the %ss that the list still holds, none is what is needed here: one with %s", l->what,
		           properties(f->arena, &f->wish));
}

static long list_supply(void *self)
{
	return (long)((const struct list *)self)->left;
}

static void list_release(void *self)
{
	struct list *l = self;

	free(l->taken);
	free(l);
}

int list_open(const struct supplying *s, struct code_source *ret, struct err *e)
{
	static const struct code_source_ops ops = {
	        .name = "list",
	        .start = list_start,
	        .supply = list_supply,
	        .release = list_release,
	};

	if (s->supply->nlist == 0)
		return err_input(e, "the list of %ss is empty", wanted_text(s->wanted));
	struct list *l = mem_alloc(sizeof *l);
	*l = (struct list){.supply = s->supply,
	                   .what = wanted_text(s->wanted),
	                   .taken = mem_alloc(s->supply->nlist * sizeof *l->taken),
	                   .left = s->supply->nlist};
	*ret = (struct code_source){.ops = &ops, .self = l, .parallel = 64};
	return 0;
}
