/* Codes from a program: what it gets, what it may print, and that nothing of it stays behind. */

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codes/codes.h"
#include "core/clock.h"
#include "testing.h"

struct bench {
	struct arena *a;
	char *folder;
	struct target target;
	struct sources sources;
	const struct code_source *source;
	struct fetch f;
	const char *argv[4];
};

/* A shell script as the command ./fetch of a target. */
static struct bench *bench_new(const char *script)
{
	struct arena *a = arena_new();
	struct bench *b = arena_alloc(a, sizeof *b);
	struct err e = {0};

	b->a = a;
	b->folder = testing_folder(a);
	const char *path = arena_printf(a, "%s/fetch", b->folder);
	testing_write(path, sv_of(arena_printf(a, "#!/bin/sh\n%s\n", script)));
	ck_assert_int_eq(chmod(path, 0700), 0);
	b->argv[0] = "./fetch";
	b->argv[1] = "an argument";
	b->target = (struct target){
	        .name = "Bench \"1\"",
	        .issuer = "https://issuer.example",
	        .token_endpoint = "https://brand.example/token",
	        .client = {.id = "client-1", .secret = "s3cret-never-given"},
	        .redirect_uri = "https://liveperson.net",
	        .codes = {.from = FROM_COMMAND, .command = b->argv, .folder = b->folder, .timeout_ms = 20000},
	};
	b->f = (struct fetch){.arena = a, .fd = -1};
	ck_assert_int_eq(sources_open(&b->target, NULL, &b->sources, &e), 0);
	b->source = &b->sources.codes;
	return b;
}

static void finish(struct bench *b)
{
	while (b->f.state == FETCH_WAIT) {
		struct pollfd p = {.fd = b->f.fd, .events = POLLIN};
		int64_t left = (b->f.deadline_us - clock_mono_us() + 999) / 1000;
		int n = poll(&p, 1, left > 0 ? (int)left : 0);
		if (n > 0 || clock_mono_us() >= b->f.deadline_us)
			b->source->ops->on_ready(b->source->self, &b->f, n <= 0);
	}
}

static void run(struct bench *b)
{
	b->sources.codes.ops->start(b->sources.codes.self, &b->f);
	finish(b);
}

static void bench_free(struct bench *b)
{
	sources_close(&b->sources);
	arena_free(b->a);
}

static const struct {
	const char *script;
	struct code want;
} good[] = {
        {"echo c0de", {.code = {"c0de", 4}}},
        {"printf c0de", {.code = {"c0de", 4}}},
        {"printf '\\n  a/b+c=%%20 d \\r\\n\\n'", {.code = {"a/b+c=%20 d", 11}}},
        {"echo noise >&2; echo c0de", {.code = {"c0de", 4}}},
        {"echo \"$1\"", {.code = {"an argument", 11}}},
        {"basename \"$PWD\" >/dev/null; test -x fetch && echo c0de", {.code = {"c0de", 4}}},
        {"printf %s '{\"code\":\"a\\\\b\"}'", {.code = {"a\\b", 3}}},
        {"printf '{\\n \"code\": \"c\",\\n \"redirect_uri\": \"https://own.example\",\\n"
         " \"nonce\": \"n\",\\n \"code_verifier\": \"v\"\\n}\\n'",
         {.code = {"c", 1}, .redirect_uri = "https://own.example", .nonce = "n", .code_verifier = "v"}},
};

static void assert_text(const char *have, const char *want)
{
	if (want)
		ck_assert_pstr_eq(have, want);
	else
		ck_assert_ptr_null(have);
}

START_TEST(test_good)
{
	struct bench *b = bench_new(good[_i].script);

	run(b);
	ck_assert_msg(b->f.state == FETCH_DONE, "%s", b->f.e.text);
	assert_sv_eq(b->f.code.code, good[_i].want.code);
	assert_text(b->f.code.redirect_uri, good[_i].want.redirect_uri);
	assert_text(b->f.code.nonce, good[_i].want.nonce);
	assert_text(b->f.code.code_verifier, good[_i].want.code_verifier);
	bench_free(b);
}
END_TEST

#define ENDED_WELL "the code command './fetch' ended well, but it printed "
#define SILENT "; it said nothing on stderr"

static const struct {
	const char *script, *text;
} bad[] = {
        {"exit 3", "the code command './fetch' ended with exit status 3" SILENT},
        {"echo SECRETCODE; echo 'login refused' >&2; exit 1",
         "the code command './fetch' ended with exit status 1; its stderr: login refused"},
        {"printf 'two\\nlines \\033[31mred\\000\\n' >&2; exit 1",
         "the code command './fetch' ended with exit status 1; its stderr: two\\nlines \\x1b[31mred\\x00"},
        {"kill -9 $$", "the code command './fetch' was ended by signal 9 (Killed)" SILENT},
        {":", ENDED_WELL "nothing; it should print the code as its only line, or a JSON object" SILENT},
        {"printf '\\n \\n'", ENDED_WELL "nothing; it should print the code as its only line, or a JSON object" SILENT},
        {"echo SECRETCODE; echo more; echo why >&2",
         ENDED_WELL "several lines; it should print the code as its only line, or a JSON object, and say everything "
                    "else on stderr; its stderr: why"},
        {"printf 'SECRETCODE\\001'", ENDED_WELL "a code with a control character in it" SILENT},
        {"printf 'SECRETCODE\\000x'", ENDED_WELL "a code with a control character in it" SILENT},
        {"echo '{\"code\":\"SECRETCODE\",\"cod\":1}'",
         ENDED_WELL "a JSON object with the unknown member 'cod'; known are code, redirect_uri, nonce and "
                    "code_verifier" SILENT},
        {"echo '{\"code\":\"SECRETCODE\",\"nonce\":1}'",
         ENDED_WELL "a JSON object whose 'nonce' is not a string" SILENT},
        {"echo '{\"code\":null}'", ENDED_WELL "a JSON object whose 'code' is not a string" SILENT},
        {"echo '{\"code\":\"\"}'", ENDED_WELL "an empty code" SILENT},
        {"echo '{\"nonce\":\"n\"}'", ENDED_WELL "a JSON object without the member 'code'" SILENT},
        {"echo '{\"code\":\"SECRETCODE\"'",
         ENDED_WELL "something that begins with '{' but is not a JSON object (line 1, column 20)" SILENT},
        {"echo '{\"code\":\"SECRETCODE\"} x'",
         ENDED_WELL "something that begins with '{' but is not a JSON object (line 1, column 23)" SILENT},
        {"echo '{\"code\":\"SECRETCODE\",\"code\":\"b\"}'",
         ENDED_WELL "something that begins with '{' but is not a JSON object (line 1, column 27)" SILENT},
        {"head -c 70000 /dev/zero | tr '\\0' S", ENDED_WELL "a code of more than 65536 bytes" SILENT},
        {"exec yes SECRETCODE", "the code command './fetch' printed more than 131072 bytes" SILENT},
};

START_TEST(test_bad)
{
	struct bench *b = bench_new(bad[_i].script);

	run(b);
	ck_assert_int_eq(b->f.state, FETCH_FAILED);
	ck_assert_str_eq(b->f.e.text, bad[_i].text);
	assert_lacks(b->f.e.text, "SECRET");
	bench_free(b);
}
END_TEST

/* What cannot even be started. */
START_TEST(test_not_started)
{
	static const struct {
		const char *argv0, *folder, *text;
	} rows[] = {
	        {"./none", NULL,
	         "cannot run './none': there is no such program, or what its first line (#!) names is "
	         "missing"},
	        {"brandcert-no-such-program", NULL,
	         "cannot run 'brandcert-no-such-program': there is no such program in PATH"},
	        {"./plain", NULL,
	         "cannot run './plain': it is not executable (chmod +x), or its folder cannot be entered"},
	        {"./headless", NULL,
	         "cannot run './headless': it is not a program; a script begins with a line such as #!/bin/sh"},
	        {"./orphan", NULL,
	         "cannot run './orphan': there is no such program, or what its first line (#!) names is "
	         "missing"},
	        {"./fetch", "/nowhere", "cannot run './fetch' in '/nowhere': no such folder"},
	};
	const char *preload = getenv("LD_PRELOAD");

	/* Under valgrind posix_spawn's child shares no memory with us, so the cause of a failed exec gets lost. */
	if (preload && strstr(preload, "valgrind"))
		return;
	struct bench *b = bench_new("echo c0de");
	testing_write(arena_printf(b->a, "%s/plain", b->folder), SV("#!/bin/sh\n"));
	testing_write(arena_printf(b->a, "%s/headless", b->folder), SV("echo c0de\n"));
	testing_write(arena_printf(b->a, "%s/orphan", b->folder), SV("#!/nowhere/sh\n"));
	chmod(arena_printf(b->a, "%s/plain", b->folder), 0600);
	chmod(arena_printf(b->a, "%s/headless", b->folder), 0700);
	chmod(arena_printf(b->a, "%s/orphan", b->folder), 0700);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		b->argv[0] = rows[i].argv0;
		b->target.codes.folder = rows[i].folder ? rows[i].folder : b->folder;
		b->f = (struct fetch){.arena = b->a, .fd = -1};
		run(b);
		ck_assert_int_eq(b->f.state, FETCH_FAILED);
		ck_assert_str_eq(b->f.e.text, rows[i].text);
	}
	bench_free(b);
}
END_TEST

/* The end of a long stderr is what tells; an endless one holds nobody up. */
START_TEST(test_long_stderr)
{
	struct bench *b = bench_new("seq 1 20000 >&2; echo the end >&2; exit 1");

	run(b);
	assert_contains(b->f.e.text, "ended with exit status 1; its stderr ends: …");
	ck_assert(sv_ends(sv_of(b->f.e.text), SV("\\n19999\\n20000\\nthe end")));
	bench_free(b);
}
END_TEST

static const char *line_with(struct arena *a, const char *text, const char *name)
{
	struct sv rest = sv_of(text), line;

	while (sv_cut(&rest, '\n', &line))
		if (sv_starts(line, sv_of(name)))
			return arena_sv(a, line);
	return "";
}

START_TEST(test_environment)
{
	struct bench *b = bench_new("tr '\\0' '\\n' < /proc/$$/environ > seen.$1; echo c0de");

	setenv("BRANDCERT_WANTED", "stale", 1);
	setenv("BRANDCERT_NONCE", "stale", 1);
	setenv("BRANDCERT_CODE_CHALLENGE", "stale", 1);
	setenv("BRANDCERT_CODE_CHALLENGE_METHOD", "stale", 1);
	setenv("BRANDCERT_OWN", "kept", 1);
	b->argv[1] = "1";
	run(b);
	ck_assert_msg(b->f.state == FETCH_DONE, "%s", b->f.e.text);
	b->argv[1] = "2";
	run(b);
	char *one = testing_read(b->a, arena_printf(b->a, "%s/seen.1", b->folder));
	char *two = testing_read(b->a, arena_printf(b->a, "%s/seen.2", b->folder));
	ck_assert_str_eq(line_with(b->a, one, "BRANDCERT_TARGET="), "BRANDCERT_TARGET=Bench \"1\"");
	ck_assert_str_eq(line_with(b->a, one, "BRANDCERT_ISSUER="), "BRANDCERT_ISSUER=https://issuer.example");
	ck_assert_str_eq(line_with(b->a, one, "BRANDCERT_TOKEN_ENDPOINT="),
	                 "BRANDCERT_TOKEN_ENDPOINT=https://brand.example/token");
	ck_assert_str_eq(line_with(b->a, one, "BRANDCERT_CLIENT_ID="), "BRANDCERT_CLIENT_ID=client-1");
	ck_assert_str_eq(line_with(b->a, one, "BRANDCERT_REDIRECT_URI="),
	                 "BRANDCERT_REDIRECT_URI=https://liveperson.net");
	ck_assert_str_eq(line_with(b->a, one, "BRANDCERT_WANTED="), "BRANDCERT_WANTED=code");
	ck_assert_str_eq(line_with(b->a, one, "BRANDCERT_OWN="), "BRANDCERT_OWN=kept");
	ck_assert_uint_eq(strlen(line_with(b->a, one, "BRANDCERT_NONCE=")), strlen("BRANDCERT_NONCE=") + 64);
	ck_assert_str_ne(line_with(b->a, one, "BRANDCERT_NONCE="), line_with(b->a, two, "BRANDCERT_NONCE="));
	ck_assert_str_eq(line_with(b->a, one, "BRANDCERT_CONSUMER="), "BRANDCERT_CONSUMER=first");
	assert_lacks(one, "BRANDCERT_CODE_CHALLENGE");
	assert_lacks(one, "stale");
	assert_lacks(one, "s3cret");
	ck_assert_ptr_null(b->f.code.nonce); /* an offer, not a fact */
	bench_free(b);
}
END_TEST

/* What kind of code is wanted is in the environment, too. */
START_TEST(test_wish)
{
	struct bench *b = bench_new("env | grep ^BRANDCERT_C | sort > seen; echo c0de");

	b->target.encoded_client = (struct client_credentials){"en coded", "s3cret"};
	b->f.wish = (struct code_wish){.second_consumer = true, .encoded_client = true, .code_challenge = "ch4llenge"};
	run(b);
	ck_assert_msg(b->f.state == FETCH_DONE, "%s", b->f.e.text);
	ck_assert_str_eq(testing_read(b->a, arena_printf(b->a, "%s/seen", b->folder)),
	                 "BRANDCERT_CLIENT_ID=en coded\n"
	                 "BRANDCERT_CODE_CHALLENGE=ch4llenge\n"
	                 "BRANDCERT_CODE_CHALLENGE_METHOD=S256\n"
	                 "BRANDCERT_CONSUMER=second\n");
	bench_free(b);
}
END_TEST

/* The same program may hand over tokens, or log a consumer out: it is told which. */
static const struct {
	bool logout;
	const char *script, *token, *nonce;
	const char *text; /* NULL: it is done */
} others[] = {
        {false, "echo \"$BRANDCERT_WANTED.a.b\"", "token.a.b", NULL, NULL},
        {false, "echo '{\"token\":\"a.b.c\",\"nonce\":\"n\"}'", "a.b.c", "n", NULL},
        {false, "echo '{\"code\":\"SECRET\"}'", NULL, NULL,
         "the token command './fetch' ended well, but it printed a JSON object with the unknown member 'code'; known "
         "are "
         "token and nonce" SILENT},
        {false, ":", NULL, NULL,
         "the token command './fetch' ended well, but it printed nothing; it should print the token as its only line, "
         "or a "
         "JSON object" SILENT},
        {true, "test $BRANDCERT_WANTED = logout && test $BRANDCERT_CONSUMER = second; exit $?", "", NULL, NULL},
        {true, "printf 'what\nit\nsays'", "", NULL, NULL},
        {true, "exit 2", NULL, NULL, "the logout command './fetch' ended with exit status 2" SILENT},
};

START_TEST(test_others)
{
	struct bench *b = bench_new(others[_i].script);
	struct err e = {0};

	sources_close(&b->sources);
	b->target.tokens = b->target.logout = b->target.codes;
	ck_assert_int_eq(sources_open(&b->target, NULL, &b->sources, &e), 0);
	const struct code_source *s = others[_i].logout ? &b->sources.logout : &b->sources.tokens;
	b->f.wish.second_consumer = true;
	s->ops->start(s->self, &b->f);
	b->source = s;
	finish(b);
	if (others[_i].text) {
		ck_assert_int_eq(b->f.state, FETCH_FAILED);
		ck_assert_str_eq(b->f.e.text, others[_i].text);
	} else {
		ck_assert_msg(b->f.state == FETCH_DONE, "%s", b->f.e.text);
		ck_assert_str_eq(arena_sv(b->a, b->f.code.code), others[_i].token);
		assert_text(b->f.code.nonce, others[_i].nonce);
	}
	bench_free(b);
}
END_TEST

/* No file of ours is open in it, whatever forgot to say so, and our stdin is not its own. */
START_TEST(test_no_files)
{
	struct bench *b = bench_new("cat; for n in 3 4 5 6 7 8 9; do test ! -e /proc/$$/fd/$n || exit $n; done; "
	                            "echo c0de");
	int in[2], ours = dup(STDIN_FILENO);

	ck_assert_int_eq(pipe(in), 0);
	ck_assert_int_eq(write(in[1], "noise\n", 6), 6);
	close(in[1]);
	dup2(in[0], STDIN_FILENO);
	run(b);
	if (ours >= 0)
		dup2(ours, STDIN_FILENO);
	close(ours);
	close(in[0]);
	/* The shell itself has the script open as 10 or above. */
	ck_assert_msg(b->f.state == FETCH_DONE, "%s", b->f.e.text);
	assert_sv_eq(b->f.code.code, SV("c0de"));
	bench_free(b);
}
END_TEST

/* --- nothing stays behind ---------------------------------------------------------------------------------- */

/* A FIFO that a grandchild holds open for writing: its end is the grandchild's. */
static int open_fifo(struct bench *b)
{
	char piece[8] = "";
	int fd = open(arena_printf(b->a, "%s/fifo", b->folder), O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, piece, 3), 3);
	ck_assert_str_eq(piece, "up\n");
	return fd;
}

static void assert_gone(int fd)
{
	char piece[8];

	ck_assert_int_eq(read(fd, piece, sizeof piece), 0); /* waits for it */
	close(fd);
}

static struct bench *bench_with_fifo(const char *script)
{
	struct bench *b = bench_new(script);

	ck_assert_int_eq(mkfifo(arena_printf(b->a, "%s/fifo", b->folder), 0600), 0);
	return b;
}

#define GRANDCHILD "sh -c 'echo up >&3; exec sleep 1000' 3>fifo & "

START_TEST(test_time_limit)
{
	struct bench *b = bench_with_fifo(GRANDCHILD "echo working >&2; sleep 1000");

	b->target.codes.timeout_ms = 200;
	b->sources.codes.ops->start(b->sources.codes.self, &b->f);
	ck_assert_int_eq(b->f.state, FETCH_WAIT);
	int fd = open_fifo(b);
	finish(b);
	ck_assert_int_eq(b->f.state, FETCH_FAILED);
	assert_contains(b->f.e.text, "the code command './fetch' was ended: it took longer than 0.2 s; ");
	assert_gone(fd);
	bench_free(b);
}
END_TEST

/* A program that ends and leaves another holding its stdout has ended all the same. */
START_TEST(test_leftover)
{
	struct bench *b = bench_with_fifo(GRANDCHILD "echo c0de");

	b->sources.codes.ops->start(b->sources.codes.self, &b->f);
	int fd = open_fifo(b);
	finish(b);
	ck_assert_msg(b->f.state == FETCH_DONE, "%s", b->f.e.text);
	assert_sv_eq(b->f.code.code, SV("c0de"));
	assert_gone(fd);
	bench_free(b);
}
END_TEST

START_TEST(test_cancel)
{
	struct bench *b = bench_with_fifo(GRANDCHILD "sleep 1000");

	b->sources.codes.ops->start(b->sources.codes.self, &b->f);
	int fd = open_fifo(b);
	b->sources.codes.ops->cancel(b->sources.codes.self, &b->f);
	assert_gone(fd);
	bench_free(b);
}
END_TEST

/* A program may close its output and go on for a while. */
START_TEST(test_closed_output)
{
	struct bench *b = bench_with_fifo("echo c0de; exec >&- 2>&-; read line < fifo; exit 0");

	b->sources.codes.ops->start(b->sources.codes.self, &b->f);
	int fd = open(arena_printf(b->a, "%s/fifo", b->folder), O_WRONLY);
	for (int i = 0; i < 3; i++)
		b->sources.codes.ops->on_ready(b->sources.codes.self, &b->f, true);
	ck_assert_int_eq(b->f.state, FETCH_WAIT);
	close(fd);
	finish(b);
	ck_assert_msg(b->f.state == FETCH_DONE, "%s", b->f.e.text);
	bench_free(b);
}
END_TEST

START_TEST(test_open_refuses)
{
	const char *empty[] = {"", NULL};
	struct target t = {.codes = {.from = FROM_COMMAND}};
	struct sources sources;
	struct err e = {0};

	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), -1);
	ck_assert_str_eq(e.text, "the code command is empty");
	t.codes.command = empty;
	e = (struct err){0};
	ck_assert_int_eq(sources_open(&t, NULL, &sources, &e), -1);
	ck_assert_str_eq(e.text, "the code command is empty");
	ck_assert_int_eq(e.kind, ERR_INPUT);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("command");
	TCase *c = tcase_create("command");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_good, 0, sizeof good / sizeof good[0]);
	tcase_add_loop_test(c, test_bad, 0, sizeof bad / sizeof bad[0]);
	tcase_add_test(c, test_not_started);
	tcase_add_test(c, test_long_stderr);
	tcase_add_test(c, test_environment);
	tcase_add_test(c, test_wish);
	tcase_add_loop_test(c, test_others, 0, sizeof others / sizeof *others);
	tcase_add_test(c, test_no_files);
	tcase_add_test(c, test_time_limit);
	tcase_add_test(c, test_leftover);
	tcase_add_test(c, test_cancel);
	tcase_add_test(c, test_closed_output);
	tcase_add_test(c, test_open_refuses);
	suite_add_tcase(s, c);
	return testing_run(s);
}
