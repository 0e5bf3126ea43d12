#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "codes/child.h"
#include "codes/printed.h"
#include "codes/sources.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/text.h"
#include "exchange/random.h"

/*
 * A program is run for each code, token or logout. It gets what it needs to log in as LivePerson would, but never the client secret; the
 * nonce is an offer: a program that uses it says so by printing it.
 */

#define NONCE_BYTES 48
/* A program that has ended may leave its stdout to another that goes on, so nothing would wake us. */
#define LOOK_US 20000
/* Of stderr, as shown: the rest of an err's text is ours. */
#define SHOWN_TAIL 700

struct running {
	struct child child;
	int64_t limit_ms, end_us;
};

/* "the code command './fetch'" */
static const char *program(struct fetch *f, const struct supplying *s)
{
	return arena_printf(f->arena, "the %s command '%s'", wanted_text(s->wanted),
	                    text_excerpt(f->arena, sv_of(s->supply->command[0]), 100));
}

/* Our environment with the offered names, whatever was there under them. */
static const char **environment(struct arena *a, const struct supplying *s, const struct code_wish *wish,
                                const char *nonce)
{
	const struct target *t = s->target;
	const struct {
		const char *name, *value;
	} offered[] = {
	        {"BRANDCERT_WANTED", wanted_text(s->wanted)},
	        {"BRANDCERT_TARGET", t->name},
	        {"BRANDCERT_ISSUER", t->issuer},
	        {"BRANDCERT_TOKEN_ENDPOINT", t->token_endpoint},
	        {"BRANDCERT_CLIENT_ID", wish->encoded_client ? t->encoded_client.id : t->client.id},
	        {"BRANDCERT_REDIRECT_URI", t->redirect_uri},
	        {"BRANDCERT_NONCE", nonce},
	        {"BRANDCERT_CONSUMER", wish->second_consumer ? "second" : "first"},
	        {"BRANDCERT_CODE_CHALLENGE", wish->code_challenge},
	        {"BRANDCERT_CODE_CHALLENGE_METHOD", wish->code_challenge ? "S256" : NULL},
	};
	size_t count = sizeof offered / sizeof offered[0], n = 0;

	for (char **v = environ; v && *v; v++)
		n++;
	const char **env = arena_array(a, n + count + 1, sizeof *env);
	n = 0;
	for (char **v = environ; v && *v; v++) {
		bool ours = false;
		for (size_t i = 0; i < count && !ours; i++) {
			size_t length = strlen(offered[i].name);
			ours = strncmp(*v, offered[i].name, length) == 0 && (*v)[length] == '=';
		}
		if (!ours)
			env[n++] = *v;
	}
	for (size_t i = 0; i < count; i++)
		if (offered[i].value)
			env[n++] = arena_printf(a, "%s=%s", offered[i].name, offered[i].value);
	return env;
}

/* The end of stderr as one printable line, or "". */
static const char *said(struct fetch *f, const struct child *c)
{
	struct sv tail = sv_trim((struct sv){c->tail, c->tail_n});

	if (tail.n == 0)
		return "; it said nothing on stderr";
	const char *text = text_visible(f->arena, tail);
	size_t n = strlen(text);
	if (n > SHOWN_TAIL) {
		text += n - SHOWN_TAIL;
		while (((unsigned char)*text & 0xc0) == 0x80)
			text++;
		return arena_printf(f->arena, "; its stderr ends: …%s", text);
	}
	return arena_printf(f->arena, "; its stderr: %s", text);
}

static void finish(struct fetch *f)
{
	struct running *r = f->own;

	child_release(&r->child);
	free(r);
	f->own = NULL;
	f->fd = -1;
}

static void watch(struct fetch *f)
{
	struct running *r = f->own;
	int64_t look = clock_mono_us() + LOOK_US;

	f->fd = r->child.out >= 0 ? r->child.out : r->child.err;
	f->deadline_us = look < r->end_us ? look : r->end_us;
	f->state = FETCH_WAIT;
}

static void judge_end(const struct supplying *s, struct fetch *f)
{
	struct child *child = &((struct running *)f->own)->child;
	const char *name = program(f, s);
	struct err e = {0};

	if (child->printed.full)
		fetch_fail(f, "%s printed more than %d bytes%s", name, LIMIT_COMMAND_OUTPUT, said(f, child));
	else if (WIFSIGNALED(child->status))
		fetch_fail(f, "%s was ended by signal %d (%s)%s", name, WTERMSIG(child->status),
		           strsignal(WTERMSIG(child->status)), said(f, child));
	else if (WEXITSTATUS(child->status))
		fetch_fail(f, "%s ended with exit status %d%s", name, WEXITSTATUS(child->status), said(f, child));
	else if (s->wanted != WANTED_LOGOUT &&
	         printed_read(f->arena, s->wanted, buf_sv(&child->printed), &f->code, &e) < 0)
		fetch_fail(f, "%s ended well, but %s%s", name, e.text, said(f, child));
	else
		f->state = FETCH_DONE;
	finish(f);
}

static void command_on_ready(void *self, struct fetch *f, bool timed_out)
{
	const struct supplying *s = self;
	struct running *r = f->own;

	(void)timed_out; /* its own clock decides: a look is not the end */
	if (child_ended(&r->child) || r->child.printed.full) {
		judge_end(s, f);
	} else if (clock_mono_us() >= r->end_us) {
		fetch_fail(f, "%s was ended: it took longer than %.1f s%s", program(f, s), (double)r->limit_ms / 1000,
		           said(f, &r->child));
		finish(f);
	} else {
		watch(f);
	}
}

static void command_start(void *self, struct fetch *f)
{
	const struct supplying *s = self;
	const char *nonce = random_text(f->arena, NONCE_BYTES, &f->e);
	struct running *r = mem_alloc(sizeof *r);

	f->own = r;
	if (!nonce || child_start(&r->child,
	                          &(struct child_program){.argv = s->supply->command,
	                                                  .env = environment(f->arena, s, &f->wish, nonce),
	                                                  .folder = s->supply->folder},
	                          &f->e) < 0) {
		free(r);
		f->own = NULL;
		f->state = FETCH_FAILED;
		return;
	}
	r->limit_ms = s->supply->timeout_ms > 0 ? s->supply->timeout_ms : LIMIT_COMMAND_MS;
	r->end_us = clock_mono_us() + r->limit_ms * 1000;
	watch(f);
}

static void command_cancel(void *self, struct fetch *f)
{
	(void)self;
	finish(f);
}

int command_open(const struct supplying *s, struct code_source *ret, struct err *e)
{
	static const struct code_source_ops ops = {
	        .name = "command",
	        .start = command_start,
	        .on_ready = command_on_ready,
	        .cancel = command_cancel,
	        .supply = supply_endless,
	        .release = free,
	};

	const char **command = s->supply->command;

	if (!command || !command[0] || !command[0][0])
		return err_input(e, "the %s command is empty", wanted_text(s->wanted));
	*ret = (struct code_source){.ops = &ops, .self = supplying_copy(s), .parallel = 1};
	return 0;
}
