#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codes/landing.h"
#include "codes/listener.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/limits.h"
#include "evidence/redirect.h"

/* Codes and tokens from a person who logs in by hand, one after the other. */

#define TIME_LIMIT_MS 300000
#define LOOK_US 100000        /* while another question is open */
#define TRIES 3               /* at pasting the right thing */
#define TERMINAL_CUTS_AT 4095 /* a terminal passes on no longer line */

struct prompter {
	struct asker asker;
	int users;
	const struct fetch *busy; /* whose question is open; NULL: nobody's */
	struct buf typed;         /* not yet taken */
	bool ended;               /* nothing more comes */
};

struct question {
	struct landing landing;
	struct listener *listener; /* NULL: the answer is pasted */
	int64_t end_us;            /* 0: it has not been asked */
	int tries;
};

struct prompter *prompter_new(const struct asker *ask)
{
	struct prompter *p = mem_alloc(sizeof *p);

	*p = (struct prompter){.asker = *ask, .users = 1, .typed = {.cap = LIMIT_ANSWER}};
	return p;
}

void prompter_hold(struct prompter *p)
{
	p->users++;
}

void prompter_leave(struct prompter *p)
{
	if (!p || --p->users > 0)
		return;
	buf_release(&p->typed);
	free(p);
}

static void say(const struct prompter *p, const char *text)
{
	p->asker.say(p->asker.self, text);
}

static void finish(const struct supplying *s, struct fetch *f)
{
	struct question *q = f->own;

	listener_close(q->listener);
	q->listener = NULL;
	if (s->prompter->busy == f)
		s->prompter->busy = NULL;
	f->fd = -1;
}

/* --- the question ------------------------------------------------------------------------------------------ */

static int64_t time_limit_ms(const struct supplying *s)
{
	return s->supply->timeout_ms > 0 ? s->supply->timeout_ms : TIME_LIMIT_MS;
}

static void wait_for_answer(const struct supplying *s, struct fetch *f)
{
	const struct question *q = f->own;

	f->fd = q->listener ? listener_fd(q->listener) : s->prompter->asker.fd;
	f->deadline_us = q->end_us;
	f->state = FETCH_WAIT;
}

static void ask(const struct supplying *s, struct fetch *f)
{
	struct question *q = f->own;
	const char *address = s->supply->listen;

	if ((address && !(q->listener = listener_open(address, &f->e))) ||
	    landing_make(f->arena, s, &f->wish, q->listener ? arena_text(f->arena, listener_url(q->listener)) : NULL,
	                 &q->landing, &f->e) < 0) {
		finish(s, f);
		f->state = FETCH_FAILED;
		return;
	}
	s->prompter->busy = f;
	q->end_us = clock_mono_us() + time_limit_ms(s) * 1000;
	say(s->prompter,
	    arena_printf(
	            f->arena, "\nbrandcert needs a %s%s. Open this address in a browser and log in%s:\n\n  %s\n\n%s",
	            wanted_text(s->wanted), f->wish.second_consumer ? " of the second test consumer" : "",
	            f->wish.second_consumer ? " as that consumer" : "", q->landing.url,
	            q->listener ? ""
	                        : "Then paste here the whole address that you land on, even if there is no page.\n"));
	wait_for_answer(s, f);
}

static void ask_or_wait(const struct supplying *s, struct fetch *f)
{
	if (!s->prompter->busy) {
		ask(s, f);
		return;
	}
	f->fd = -1;
	f->deadline_us = clock_mono_us() + LOOK_US;
	f->state = FETCH_WAIT;
}

/* --- the answer -------------------------------------------------------------------------------------------- */

/* Words, or an address without its beginning: sent as a code it would speak against the brand. -1 and e. */
static int check_lone(const struct supplying *s, struct arena *a, struct sv answer, struct err *e)
{
	const char *as_query = arena_printf(a, "?%s", arena_sv(a, answer));

	if (landing_is_answer(a, answer) || landing_is_answer(a, sv_of(as_query)))
		return err_trouble(e, "the address is not whole: it begins with 'https://'");
	if (sv_find_char(answer, ' ') >= 0)
		return err_trouble(e, "the answer is neither an address nor a %s: it has blanks in it",
		                   wanted_text(s->wanted));
	return wanted_check(s->wanted, answer, "the answer has", e);
}

/* The address on which the person landed, or the code or token by itself. */
static int take(const struct supplying *s, struct fetch *f, struct sv answer, struct err *e)
{
	const struct question *q = f->own;

	if (sv_find(answer, SV("://")) >= 0)
		return landing_take(f->arena, &q->landing, answer, &f->code, e);
	/* Nobody knows from which login it is: our nonce is not claimed for it. */
	f->code = (struct code){.code = arena_svdup(f->arena, answer),
	                        .redirect_uri = s->wanted == WANTED_CODE ? q->landing.code_redirect_uri : NULL};
	return check_lone(s, f->arena, answer, e);
}

static void answered(const struct supplying *s, struct fetch *f, struct sv answer)
{
	struct question *q = f->own;
	struct err e = {0};
	const char *why = "";

	if (take(s, f, answer, &e) == 0) {
		f->state = FETCH_DONE;
		finish(s, f);
		return;
	}
	if (answer.n >= TERMINAL_CUTS_AT - 1 && isatty(s->prompter->asker.fd))
		why = " (a terminal cuts lines at 4095 characters: with 'listen' in the target file nothing is pasted)";
	if (++q->tries == TRIES) {
		fetch_fail(f, "%s%s", e.text, why);
		finish(s, f);
		return;
	}
	say(s->prompter, arena_printf(f->arena, "This will not do: %s%s. Paste the address again:\n", e.text, why));
	wait_for_answer(s, f);
}

/* What is typed comes in pieces; a line may hold more than one piece, and a piece more than one line. */
static void read_typed(struct prompter *p)
{
	char piece[4096];
	ssize_t n = read(p->asker.fd, piece, sizeof piece);

	if (n > 0)
		buf_add(&p->typed, piece, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		p->ended = true;
}

/* Takes the first line that is not blank. False: there is none yet. */
static bool next_line(struct prompter *p, struct arena *a, struct sv *ret)
{
	struct sv text = buf_sv(&p->typed);

	for (long end = sv_find_char(text, '\n'); end >= 0 || (p->ended && text.n); end = sv_find_char(text, '\n')) {
		size_t n = end >= 0 ? (size_t)end + 1 : text.n;
		*ret = arena_svdup(a, sv_trim((struct sv){text.p, n}));
		memmove(p->typed.p, p->typed.p + n, p->typed.n - n);
		p->typed.n -= n;
		text = buf_sv(&p->typed);
		if (ret->n)
			return true;
	}
	return false;
}

static void look_at_typed(const struct supplying *s, struct fetch *f)
{
	struct prompter *p = s->prompter;
	struct sv line;

	while (f->state == FETCH_WAIT && next_line(p, f->arena, &line))
		answered(s, f, line);
	if (f->state != FETCH_WAIT || (!p->ended && !p->typed.full))
		return;
	fetch_fail(f, p->ended ? "nobody answered: the input has ended" : "the answer is a line of more than %d bytes",
	           LIMIT_ANSWER);
	finish(s, f);
}

/* A browser that brings something else than our state is somebody else's, and told so. */
static void look_at_visits(const struct supplying *s, struct fetch *f)
{
	const struct question *q = f->own;
	struct visit visit;

	while (f->state == FETCH_WAIT && listener_next(q->listener, f->arena, &visit)) {
		struct sv url = sv_of(visit.url);
		struct sv state = url_parameter(f->arena, visit.url, "state", 0);
		if (!landing_is_answer(f->arena, url)) {
			listener_answer(q->listener, &visit, VISIT_FRAGMENT);
			continue;
		}
		bool ours = !state.p || sv_eq(state, sv_of(q->landing.state));
		listener_answer(q->listener, &visit, ours ? VISIT_TAKEN : VISIT_REFUSED);
		struct err e = {0};
		if (ours && landing_take(f->arena, &q->landing, url, &f->code, &e) < 0)
			fetch_fail(f, "%s", e.text);
		else if (ours)
			f->state = FETCH_DONE;
	}
	if (f->state != FETCH_WAIT)
		finish(s, f);
}

/* --- as a source ------------------------------------------------------------------------------------------- */

static void prompt_start(void *self, struct fetch *f)
{
	f->own = arena_alloc(f->arena, sizeof(struct question));
	ask_or_wait(self, f);
}

static void prompt_on_ready(void *self, struct fetch *f, bool timed_out)
{
	const struct supplying *s = self;
	const struct question *q = f->own;

	if (!q->end_us) {
		ask_or_wait(s, f);
		return;
	}
	if (!timed_out && q->listener) {
		look_at_visits(s, f);
	} else if (!timed_out) {
		read_typed(s->prompter);
		look_at_typed(s, f);
	}
	if (f->state == FETCH_WAIT && clock_mono_us() >= q->end_us) {
		fetch_fail(f, "nobody answered within %.0f s", (double)time_limit_ms(s) / 1000);
		finish(s, f);
	}
}

static void prompt_cancel(void *self, struct fetch *f)
{
	finish(self, f);
}

static void prompt_release(void *self)
{
	struct supplying *s = self;

	prompter_leave(s->prompter);
	free(s);
}

int prompt_open(const struct supplying *s, struct code_source *ret, struct err *e)
{
	static const struct code_source_ops ops = {
	        .name = "prompt",
	        .start = prompt_start,
	        .on_ready = prompt_on_ready,
	        .cancel = prompt_cancel,
	        .supply = supply_endless,
	        .release = prompt_release,
	};

	if (!s->prompter)
		return err_input(e, "%ss 'from: prompt' ask a person, and there is nobody to ask here",
		                 wanted_text(s->wanted));
	if (!s->target->authorization.endpoint)
		return err_input(e, "'from: prompt' needs 'authorization' in the target file");
	prompter_hold(s->prompter);
	*ret = (struct code_source){.ops = &ops, .self = supplying_copy(s), .parallel = 1};
	return 0;
}
