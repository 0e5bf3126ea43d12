/* Codes from a person: what is asked, what may be answered, and the browser that lands on loopback. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codes/codes.h"
#include "core/clock.h"
#include "core/limits.h"
#include "evidence/redirect.h"
#include "testing.h"

#define CB "https://window.example/cb"

/* A person at the other end of a pipe. */
struct person {
	struct arena *a;
	struct target target;
	struct sources sources;
	struct fetch f;
	int in[2];
	char *heard; /* all that was said to them */
};

static void hear(void *self, const char *text)
{
	struct person *p = self;

	p->heard = arena_printf(p->a, "%s%s", p->heard, text);
}

static struct person *person_new(const char *listen)
{
	struct arena *a = arena_new();
	struct person *p = arena_alloc(a, sizeof *p);
	struct err e = {0};

	*p = (struct person){.a = a, .heard = arena_text(a, ""), .f = {.arena = a, .fd = -1}};
	p->target = (struct target){
	        .client = {.id = "client-1"},
	        .redirect_uri = "https://liveperson.net",
	        .codes = {.from = FROM_PROMPT, .timeout_ms = 20000, .listen = listen},
	        .tokens = {.from = FROM_PROMPT, .timeout_ms = 20000, .listen = listen},
	        .authorization = {.endpoint = "https://brand.example/authorize", .redirect_uri = CB, .scope = "openid"},
	};
	ck_assert_int_eq(pipe(p->in), 0);
	const struct asker asker = {.say = hear, .self = p, .fd = p->in[0]};
	ck_assert_msg(sources_open(&p->target, &asker, &p->sources, &e) == 0, "%s", e.text);
	return p;
}

static void person_free(struct person *p)
{
	sources_close(&p->sources);
	close(p->in[0]);
	if (p->in[1] >= 0)
		close(p->in[1]);
	arena_free(p->a);
}

static void start(struct person *p, const struct code_source *s, struct fetch *f)
{
	*f = (struct fetch){.arena = p->a, .fd = -1, .wish = f->wish};
	s->ops->start(s->self, f);
}

/* What exchange does while a fetch waits, until its file has nothing more to read. */
static void attend(const struct code_source *s, struct fetch *f)
{
	while (f->state == FETCH_WAIT && f->fd >= 0) {
		struct pollfd p = {.fd = f->fd, .events = POLLIN};
		if (poll(&p, 1, 0) <= 0)
			return;
		s->ops->on_ready(s->self, f, false);
	}
}

static void type(struct person *p, const char *text)
{
	ck_assert_int_eq(write(p->in[1], text, strlen(text)), (ssize_t)strlen(text));
}

static const char *asked(const struct person *p, const char *name)
{
	const char *url = strstr(p->heard, "https://brand.example/authorize?");

	ck_assert_ptr_nonnull(url);
	url = arena_sv(p->a, (struct sv){url, strcspn(url, "\n")});
	struct sv value = url_parameter(p->a, url, name, 0);
	return value.p ? arena_sv(p->a, value) : NULL;
}

START_TEST(test_question)
{
	struct person *p = person_new(NULL);
	struct code_source *s = &p->sources.codes;

	ck_assert_int_eq(s->parallel, 1);
	ck_assert_int_eq(s->ops->supply(s->self), -1);
	start(p, s, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_WAIT);
	ck_assert_int_eq(p->f.fd, p->in[0]);
	assert_contains(p->heard,
	                "brandcert needs a code. Open this address in a browser and log in:\n\n  https://brand.example/"
	                "authorize?response_type=code&");
	assert_contains(p->heard, "paste here the whole address that you land on");
	ck_assert_str_eq(asked(p, "redirect_uri"), CB);
	s->ops->cancel(s->self, &p->f);
	p->f.wish.second_consumer = true;
	start(p, &p->sources.tokens, &p->f);
	assert_contains(p->heard,
	                "brandcert needs a token of the second test consumer. Open this address in a browser and log "
	                "in as that consumer:\n");
	p->sources.tokens.ops->cancel(p->sources.tokens.self, &p->f);
	person_free(p);
}
END_TEST

static const struct {
	const char *typed; /* %s: our state */
	const char *code;  /* NULL: it failed with this text */
	const char *text;
	bool lone; /* the code without its address */
} answers[] = {
        {CB "?code=c0de&state=%s\n", "c0de", NULL, false},
        {"\n  " CB "?state=%s&code=a%2Fb  \r\n", "a/b", NULL, false},
        {"bare-c0de\n", "bare-c0de", NULL, true},
        {CB "?code=SECRET&state=wrong\n" CB "?code=SECRET\nc0de\n", "c0de", NULL, true},
        {"https://window.example/?code=SECRET\nhttps://x.example/\n" CB "?error=access_denied\nc0de\n", NULL,
         "the authorization endpoint answered with error 'access_denied'", false},
        /* what only looks like a code */
        {"SECRET is logged in\nwindow.example/cb?code=SECRET&state=%s\nbare-c0de==\n", "bare-c0de==", NULL, true},
        {"?code=SECRET\nstate=x&code=SECRET\nid_token=SECRET&state=x\n", NULL,
         "the address is not whole: it begins with 'https://'", false},
        {"this is it\nmy SECRET\nthe code SECRET\n", NULL,
         "the answer is neither an address nor a code: it has blanks in it", false},
};

START_TEST(test_pasted)
{
	struct person *p = person_new(NULL);
	struct code_source *s = &p->sources.codes;

	start(p, s, &p->f);
	attend(s, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_WAIT);
	const char *mark = strstr(answers[_i].typed, "%s");
	type(p, !mark ? answers[_i].typed
	              : arena_printf(p->a, "%.*s%s%s", (int)(mark - answers[_i].typed), answers[_i].typed,
	                             asked(p, "state"), mark + 2));
	attend(s, &p->f);
	if (answers[_i].code) {
		ck_assert_msg(p->f.state == FETCH_DONE, "%s", p->f.e.text);
		ck_assert_str_eq(p->f.code.redirect_uri, CB);
		if (answers[_i].lone)
			ck_assert_ptr_null(p->f.code.nonce);
		else
			ck_assert_str_eq(p->f.code.nonce, asked(p, "nonce"));
		assert_sv_eq(p->f.code.code, sv_of(answers[_i].code));
	} else {
		ck_assert_int_eq(p->f.state, FETCH_FAILED);
		ck_assert_str_eq(p->f.e.text, answers[_i].text);
	}
	assert_lacks(p->heard, "SECRET");
	person_free(p);
}
END_TEST

/* Half a line is no answer, unless it is the last. */
START_TEST(test_pieces)
{
	struct person *p = person_new(NULL);
	struct code_source *s = &p->sources.codes;

	start(p, s, &p->f);
	type(p, "c0");
	attend(s, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_WAIT);
	type(p, "de\nnext\n");
	attend(s, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_DONE);
	assert_sv_eq(p->f.code.code, SV("c0de"));
	start(p, s, &p->f);
	type(p, "last");
	close(p->in[1]);
	p->in[1] = -1;
	attend(s, &p->f);
	assert_sv_eq(p->f.code.code, SV("next"));
	start(p, s, &p->f);
	attend(s, &p->f);
	assert_sv_eq(p->f.code.code, SV("last"));
	start(p, s, &p->f);
	attend(s, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_FAILED);
	ck_assert_str_eq(p->f.e.text, "nobody answered: the input has ended");
	person_free(p);
}
END_TEST

START_TEST(test_long_line)
{
	struct person *p = person_new(NULL);
	struct code_source *s = &p->sources.codes;
	char piece[4097] = "";

	memset(piece, 'x', sizeof piece - 1);
	start(p, s, &p->f);
	for (int i = 0; i < LIMIT_ANSWER / 4096 + 1 && p->f.state == FETCH_WAIT; i++) {
		type(p, piece);
		attend(s, &p->f);
	}
	ck_assert_int_eq(p->f.state, FETCH_FAILED);
	ck_assert_str_eq(p->f.e.text, "the answer is a line of more than 131072 bytes");
	person_free(p);
}
END_TEST

START_TEST(test_time_limit)
{
	struct person *p = person_new(NULL);
	struct code_source *s = &p->sources.codes;

	p->target.codes.timeout_ms = 1;
	start(p, s, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_WAIT);
	while (clock_mono_us() < p->f.deadline_us)
		;
	s->ops->on_ready(s->self, &p->f, true);
	ck_assert_int_eq(p->f.state, FETCH_FAILED);
	ck_assert_str_eq(p->f.e.text, "nobody answered within 0 s");
	person_free(p);
}
END_TEST

/* One question at a time, whichever source asks. */
START_TEST(test_in_turn)
{
	struct person *p = person_new(NULL);
	struct code_source *codes = &p->sources.codes, *tokens = &p->sources.tokens;
	struct fetch token = {0};

	start(p, codes, &p->f);
	start(p, tokens, &token);
	ck_assert_int_eq(token.state, FETCH_WAIT);
	ck_assert_int_eq(token.fd, -1);
	assert_lacks(p->heard, "needs a token");
	tokens->ops->on_ready(tokens->self, &token, true);
	assert_lacks(p->heard, "needs a token");
	type(p, "c0de\n");
	attend(codes, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_DONE);
	tokens->ops->on_ready(tokens->self, &token, true);
	assert_contains(p->heard, "needs a token");
	type(p, "t0ken\n");
	attend(tokens, &token);
	ck_assert_int_eq(token.state, FETCH_DONE);
	assert_sv_eq(token.code.code, SV("t0ken"));
	ck_assert_ptr_null(token.code.redirect_uri);
	person_free(p);
}
END_TEST

/* --- a browser on loopback --------------------------------------------------------------------------------- */

#define LISTEN "http://127.0.0.1:0/cb"

static int connect_to(const struct person *p)
{
	const char *uri = asked(p, "redirect_uri");
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	ck_assert(sv_starts(sv_of(uri), SV("http://127.0.0.1:")));
	at.sin_port = htons((uint16_t)strtol(uri + strlen("http://127.0.0.1:"), NULL, 10));
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

/* The whole reply to one request, while the fetch is attended to. */
static char *visit(struct person *p, const struct code_source *s, const char *request)
{
	char *reply = arena_alloc(p->a, 4096);
	int fd = connect_to(p);
	size_t n = 0;

	ck_assert_int_eq(send(fd, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
	for (ssize_t got = 1; got != 0;) {
		struct pollfd ours = {.fd = p->f.fd, .events = POLLIN};
		if (p->f.state == FETCH_WAIT && poll(&ours, 1, 10) > 0)
			s->ops->on_ready(s->self, &p->f, false);
		got = recv(fd, reply + n, 4095 - n, MSG_DONTWAIT);
		n += got > 0 ? (size_t)got : 0;
		ck_assert_uint_lt(n, 4095);
	}
	close(fd);
	return reply;
}

static char *get(struct person *p, const struct code_source *s, const char *target)
{
	return visit(p, s, arena_printf(p->a, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", target));
}

START_TEST(test_listen)
{
	struct person *p = person_new(LISTEN);
	struct code_source *s = &p->sources.codes;

	start(p, s, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_WAIT);
	assert_lacks(p->heard, "paste");
	const char *uri = asked(p, "redirect_uri"), *state = asked(p, "state");
	int idle = connect_to(p); /* browsers do that */
	assert_contains(get(p, s, "/favicon.ico"), "HTTP/1.1 404 ");
	assert_contains(get(p, s, "/cb2?code=SECRET"), "HTTP/1.1 404 ");
	assert_contains(get(p, s, "/cb?code=SECRET&state=wrong"), "HTTP/1.1 400 ");
	assert_contains(get(p, s, "/cb"), "location.hash");
	assert_contains(visit(p, s, "POST /cb?code=c HTTP/1.1\r\n\r\n"), "HTTP/1.1 405 ");
	assert_contains(visit(p, s, "\x16\x03\x01 hello\r\n\r\n"), "HTTP/1.1 400 ");
	assert_contains(visit(p, s, "GET /cb?code=c\r\n\r\n"), "HTTP/1.1 400 ");
	ck_assert_int_eq(p->f.state, FETCH_WAIT);
	const char *thanks = get(p, s, arena_printf(p->a, "/cb?code=c0%%2Fde&state=%s", state));
	assert_contains(thanks, "HTTP/1.1 200 OK\r\n");
	assert_contains(thanks, "You can close this window.");
	assert_lacks(thanks, "c0");
	ck_assert_msg(p->f.state == FETCH_DONE, "%s", p->f.e.text);
	assert_sv_eq(p->f.code.code, SV("c0/de"));
	ck_assert_str_eq(p->f.code.redirect_uri, uri);
	ck_assert_int_eq(p->f.fd, -1);
	close(idle);
	person_free(p);
}
END_TEST

/* What a browser lands with is as long as it likes, and there may be many of them. */
START_TEST(test_listen_bounds)
{
	struct person *p = person_new(LISTEN);
	struct code_source *s = &p->sources.codes;
	char *longest = arena_alloc(p->a, LIMIT_ANSWER + 100);
	int idle[20];

	start(p, s, &p->f);
	for (size_t i = 0; i < sizeof idle / sizeof *idle; i++) {
		idle[i] = connect_to(p);
		attend(s, &p->f);
	}
	memset(longest, 'x', LIMIT_ANSWER + 10);
	assert_contains(visit(p, s, longest), "HTTP/1.1 431 ");
	ck_assert_int_eq(p->f.state, FETCH_WAIT);
	assert_contains(get(p, s, "/cb?error=access_denied"), "HTTP/1.1 200 ");
	ck_assert_int_eq(p->f.state, FETCH_FAILED);
	ck_assert_str_eq(p->f.e.text, "the authorization endpoint answered with error 'access_denied'");
	for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
		close(idle[i]);
	person_free(p);
}
END_TEST

START_TEST(test_listen_refuses)
{
	static const char *const rows[] = {"http://10.0.0.1:8910/cb", "https://127.0.0.1:8910/cb",
	                                   "http://example.com:80/", "http://127.0.0.1:70000/",
	                                   "http://user@127.0.0.1:80/"};
	struct person *p = person_new(rows[_i]);

	start(p, &p->sources.codes, &p->f);
	ck_assert_int_eq(p->f.state, FETCH_FAILED);
	ck_assert_str_eq(
	        p->f.e.text,
	        arena_printf(p->a,
	                     "cannot listen on '%s': that takes an address such as http://127.0.0.1:8910/cb, on "
	                     "127.0.0.1, [::1] or localhost",
	                     rows[_i]));
	person_free(p);
}
END_TEST

START_TEST(test_listen_taken)
{
	struct person *p = person_new(LISTEN), *q;

	start(p, &p->sources.codes, &p->f);
	const char *taken = asked(p, "redirect_uri");
	q = person_new(taken);
	start(q, &q->sources.codes, &q->f);
	ck_assert_int_eq(q->f.state, FETCH_FAILED);
	ck_assert_str_eq(q->f.e.text, arena_printf(p->a, "cannot listen on '%s': Address already in use", taken));
	p->sources.codes.ops->cancel(p->sources.codes.self, &p->f);
	start(q, &q->sources.codes, &q->f);
	ck_assert_int_eq(q->f.state, FETCH_WAIT);
	ck_assert_str_eq(asked(q, "redirect_uri"), taken);
	q->sources.codes.ops->cancel(q->sources.codes.self, &q->f);
	person_free(q);
	person_free(p);
}
END_TEST

START_TEST(test_refuses)
{
	struct target t = {.codes = {.from = FROM_PROMPT}};
	struct asker asker = {.say = hear, .fd = -1};
	struct sources sources;
	struct err e = {0};

	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), -1);
	ck_assert_str_eq(e.text, "codes 'from: prompt' ask a person, and there is nobody to ask here");
	e = (struct err){0};
	ck_assert_int_eq(sources_open(&t, &asker, &sources, &e), -1);
	ck_assert_str_eq(e.text, "'from: prompt' needs 'authorization' in the target file");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("prompt");
	TCase *c = tcase_create("prompt");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_question);
	tcase_add_loop_test(c, test_pasted, 0, sizeof answers / sizeof *answers);
	tcase_add_test(c, test_pieces);
	tcase_add_test(c, test_long_line);
	tcase_add_test(c, test_time_limit);
	tcase_add_test(c, test_in_turn);
	tcase_add_test(c, test_listen);
	tcase_add_test(c, test_listen_bounds);
	tcase_add_loop_test(c, test_listen_refuses, 0, 5);
	tcase_add_test(c, test_listen_taken);
	tcase_add_test(c, test_refuses);
	suite_add_tcase(s, c);
	return testing_run(s);
}
