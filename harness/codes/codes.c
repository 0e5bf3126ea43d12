#include "codes/codes.h"

#include <stdarg.h>
#include <stdlib.h>

#include "codes/sources.h"

static int open_supply(const struct supplying *s, struct code_source *ret, struct err *e)
{
	static source_open *const openers[] = {
	        [FROM_REFERENCE] = reference_open, [FROM_LIST] = list_open,           [FROM_COMMAND] = command_open,
	        [FROM_HTTP] = http_open,           [FROM_AUTHORIZE] = authorize_open, [FROM_PROMPT] = prompt_open,
	};
	enum supply_from from = s->supply->from;

	if (from == FROM_NOWHERE || (size_t)from >= sizeof openers / sizeof *openers)
		return err_input(e, "the target does not say where codes come from");
	return openers[from](s, ret, e);
}

int sources_open(const struct target *t, const struct asker *ask, struct sources *ret, struct err *e)
{
	struct prompter *prompter = ask ? prompter_new(ask) : NULL;
	const struct {
		struct supplying s;
		struct code_source *source;
		bool optional;
	} all[] = {
	        {{t, &t->codes, WANTED_CODE, prompter}, &ret->codes, false},
	        {{t, &t->tokens, WANTED_TOKEN, prompter}, &ret->tokens, true},
	        {{t, &t->logout, WANTED_LOGOUT, prompter}, &ret->logout, true},
	};
	int status = 0;

	*ret = (struct sources){0};
	for (size_t i = 0; i < sizeof all / sizeof *all && status == 0; i++)
		if (!all[i].optional || all[i].s.supply->from != FROM_NOWHERE)
			status = open_supply(&all[i].s, all[i].source, e);
	if (status == 0 && t->authorization.endpoint)
		browser_open(t, &ret->browser);
	prompter_leave(prompter);
	if (status < 0)
		sources_close(ret);
	return status;
}

static void close_source(struct code_source *c)
{
	if (c->ops && c->ops->release)
		c->ops->release(c->self);
	*c = (struct code_source){0};
}

void sources_close(struct sources *s)
{
	close_source(&s->codes);
	close_source(&s->tokens);
	close_source(&s->browser);
	close_source(&s->logout);
}

void sources_join(struct sources *s, struct engine_run *run)
{
	run->codes = &s->codes;
	run->tokens = s->tokens.ops ? &s->tokens : NULL;
	run->browser = s->browser.ops ? &s->browser : NULL;
	run->logout = s->logout.ops ? &s->logout : NULL;
}

void fetch_fail(struct fetch *f, const char *format, ...)
{
	arena_auto *a = arena_new();
	va_list args;

	va_start(args, format);
	err_trouble(&f->e, "%s", arena_vprintf(a, format, args));
	va_end(args);
	f->state = FETCH_FAILED;
}

long supply_endless(void *self)
{
	(void)self;
	return -1;
}

struct supplying *supplying_copy(const struct supplying *s)
{
	struct supplying *copy = mem_alloc(sizeof *copy);

	*copy = *s;
	return copy;
}
