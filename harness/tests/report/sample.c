#include "sample.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/testing.h"

static const char *sources[] = {"RFC 6749 §5.1", "OpenID Connect Core §3.1.3.3", NULL};

static struct result result_of(const char *suite, const char *scenario, const char *requirement, enum verdict v)
{
	struct result r = {
	        .suite = suite,
	        .scenario = scenario,
	        .scenario_title = "A title of a scenario",
	        .file = "suites/token-endpoint/scenario.yaml",
	        .line = 7,
	        .requirement = requirement,
	        .title = "The response is what it has to be.",
	        .verdict = v,
	        .level = v == VERDICT_WARN   ? LEVEL_SHOULD
	                 : v == VERDICT_INFO ? LEVEL_MAY
	                                     : LEVEL_MUST,
	        .source = sources,
	        .exchange = "x1",
	        .where = "body /id_token",
	        .time_ms = 1234,
	};

	if (v == VERDICT_INFO || v == VERDICT_WARN || v == VERDICT_FAIL) {
		r.expected = "a string of at most 255 characters";
		r.observed = "the number 12";
		r.fix = "Send sub as a string.";
	}
	if (v == VERDICT_SKIP)
		r.reason = "the target file says nothing of a lifetime";
	if (v == VERDICT_ERROR)
		r.reason = "no answer: connection refused";
	return r;
}

/* Bytes that break readers: of XML, TAP, YAML, JSON, terminals and people. */
static const char *const hostile[] = {
        "plain \x01\x02\x08\x0b\x0c\x0e\x1b[31mred\x1b[0m\x1f\x7f \xc2\x85\xc2\x9b",
        "]]> <script>alert('x' + \"y\")</script> <!-- & --> &amp; &#x1b; <![CDATA[",
        "\xff\xfe invalid \xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82",
        "U+FFFE \xef\xbf\xbe U+FFFF \xef\xbf\xbf BOM \xef\xbb\xbf RLO \xe2\x80\xae LS \xe2\x80\xa8",
        "# SKIP not \\# really \\ # TODO \\\\# x\\",
        "line\nnot ok 99 - injected\r\nBail out! injected\n1..0\nTAP version 13\n  ---\n  ...\n\ttab",
        "\"quoted\": 'both' { [ ] } , | > %YAML *alias &anchor !tag ~ ? - x",
        "éàü 日本 😀 ½",
        " blanks at both ends ",
        "# Subtest: injected",
};

static char *hostile_text(struct arena *a, size_t i)
{
	char *text = arena_text(a, hostile[i % (sizeof hostile / sizeof *hostile)]);

	if (i % 23 != 22)
		return text;
	char *large = arena_alloc(a, 100 * 1024 + 1);
	for (size_t k = 0, n = strlen(text); k < 100 * 1024; k++)
		large[k] = text[k % n];
	return large;
}

static void make_hostile(struct arena *a, struct results *r)
{
	size_t i = 0;

	for (size_t k = 0; k < r->n; k++) {
		struct result *x = &r->v[k];
		const char **texts[] = {&x->scenario_title, &x->title,    &x->file,  &x->exchange,
		                        &x->where,          &x->scenario, &x->suite, &x->requirement,
		                        &x->expected,       &x->observed, &x->fix,   &x->reason};
		x->source = arena_array(a, 3, sizeof *x->source);
		x->source[0] = hostile_text(a, i++);
		x->source[1] = hostile_text(a, i++);
		for (size_t t = 0; t < sizeof texts / sizeof *texts; t++, i++)
			if (*texts[t])
				*texts[t] = hostile_text(a, i);
	}
	r->tool = hostile_text(a, i++);
	r->suite_digest = hostile_text(a, i++);
	r->target = hostile_text(a, i++);
	r->profile = hostile_text(a, i++);
	r->issuer = hostile_text(a, i++);
	r->token_endpoint = hostile_text(a, i++);
}

static struct shown_exchange exchange_of(struct arena *a, bool is_hostile)
{
	const char **head = arena_array(a, 3, sizeof *head), **way = arena_array(a, 5, sizeof *way);

	for (size_t i = 0; is_hostile && i < 4; i++)
		way[i] = hostile[i];
	head[0] = "HTTP/1.1 200 OK";
	head[1] = is_hostile ? hostile[0] : "Set-Cookie: a=[cookie]";
	return (struct shown_exchange){
	        .id = "x1",
	        .key = is_hostile ? hostile[2] : "ordinary",
	        .kind = "token",
	        .outcome = "answered",
	        .status = 200,
	        .request = head,
	        .response = head,
	        .response_body = is_hostile ? hostile[5] : "{\"access_token\":\"[access_token]\"}\n",
	        .started_ms = 1795262400000,
	        .total_us = 12345,
	        .first_byte_us = 1234,
	        .http_version = "HTTP/1.1",
	        .way = is_hostile ? way : NULL,
	        .asked = is_hostile ? hostile[1] : NULL,
	};
}

struct results *sample_results(struct arena *a, enum sample which)
{
	static const struct {
		const char *suite, *scenario, *requirement;
		enum verdict verdict;
		unsigned samples; /* bit set */
	} rows[] = {
#define IN(s) (1u << SAMPLE_##s)
	        {"token-endpoint", "missing-sub", "idtoken.sub.present", VERDICT_PASS,
	         IN(ALL) | IN(GOOD) | IN(HOSTILE)},
	        {"token-endpoint", "missing-sub", "idtoken.sub.valid", VERDICT_FAIL, IN(ALL) | IN(HOSTILE)},
	        {"token-endpoint", "valid-code", "token.status-200", VERDICT_PASS, IN(ALL) | IN(GOOD) | IN(HOSTILE)},
	        {"token-endpoint", "valid-code", "idtoken.sub.valid", VERDICT_FAIL, IN(ALL) | IN(HOSTILE)},
	        {"token-endpoint", "valid-code", "idtoken.sub.valid", VERDICT_PASS, IN(ALL) | IN(HOSTILE)},
	        {"token-endpoint", "valid-code", "token.cache-control", VERDICT_WARN, IN(ALL) | IN(GOOD) | IN(HOSTILE)},
	        {"token-endpoint", "valid-code", "token.scope", VERDICT_INFO, IN(ALL) | IN(GOOD) | IN(HOSTILE)},
	        {"token-endpoint", "expired-code", "req.code.expired", VERDICT_SKIP,
	         IN(ALL) | IN(GOOD) | IN(HOSTILE) | IN(UNREACHABLE) | IN(SKIPPED)},
	        {"transport", "handshake", "tls.version", VERDICT_ERROR, IN(ALL) | IN(HOSTILE) | IN(UNREACHABLE)},
	        {"transport", "handshake", "tls.chain", VERDICT_PASS, IN(ALL) | IN(GOOD) | IN(HOSTILE)},
	        {"transport", "handshake", "tls.name", VERDICT_ERROR, IN(ALL) | IN(HOSTILE) | IN(UNREACHABLE)},
#undef IN
	};
	struct results *r = arena_alloc(a, sizeof *r);

	*r = (struct results){
	        .tool = "brandcert 0.1.0",
	        .suite_digest = "sha256:0123456789abcdef",
	        .target = "acme",
	        .profile = "liveperson",
	        .token_endpoint = "https://user@acme.test:8443/oauth/token?x=1",
	        .issuer = "https://acme.test",
	        .started_ms = 1795262400000,
	        .ended_ms = 1795262401500,
	        .codes = 2,
	};
	r->v = arena_array(a, sizeof rows / sizeof *rows, sizeof *r->v);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].samples & 1u << which)
			r->v[r->n++] = result_of(rows[i].suite, rows[i].scenario, rows[i].requirement, rows[i].verdict);
	if (which != SAMPLE_EMPTY) {
		r->exchanges = arena_alloc(a, sizeof *r->exchanges);
		r->exchanges[0] = exchange_of(a, which == SAMPLE_HOSTILE);
		r->nexchanges = 1;
	}
	if (which == SAMPLE_HOSTILE)
		make_hostile(a, r);
	results_count(r);
	return r;
}

char *sample_report(struct arena *a, report_fn *write, const struct results *r, struct report_options o)
{
	struct buf out = {.cap = BUF_OWN};
	struct err e = {0};

	if (write(r, &o, &out, &e) < 0)
		ck_abort_msg("%s", e.text);
	ck_assert_uint_eq(strlen(buf_sv(&out).p), out.n);
	char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

void sample_comma_locale(struct arena *a)
{
	static const char source[] =
	        "LC_NUMERIC\ndecimal_point \",\"\nthousands_sep \".\"\ngrouping 3;3\nEND LC_NUMERIC\n";
	char *folder = testing_folder(a), number[16];
	int status;

	testing_write(arena_printf(a, "%s/source", folder), sv_of(source));
	char *said = consumer(a, &status, "localedef -c -i '%s/source' '%s/comma'", folder, folder);
	setenv("LOCPATH", folder, 1);
	if (!setlocale(LC_NUMERIC, "comma"))
		ck_abort_msg("localedef made no locale: %s", said);
	snprintf(number, sizeof number, "%.1f", 1.5);
	ck_assert_str_eq(number, "1,5");
}

char *sample_file(struct arena *a, const char *name, const char *text)
{
	char *path = arena_printf(a, "%s/%s", testing_folder(a), name);

	testing_write(path, sv_of(text));
	return path;
}

static char *run(struct arena *a, int *status, const char *command)
{
	char *path = arena_printf(a, "%s/output", testing_folder(a));
	int ended;
	pid_t child = fork();

	ck_assert_int_ge(child, 0);
	if (child == 0) {
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(126);
	}
	ck_assert_int_eq(waitpid(child, &ended, 0), child);
	char *text = testing_read(a, path);
	if (!WIFEXITED(ended))
		ck_abort_msg("'%s' was killed: %s", command, text);
	*status = WEXITSTATUS(ended);
	if (*status == 127)
		ck_abort_msg("the test needs a program that is not here ('make deps DEPS=check' installs it): %s",
		             text);
	return text;
}

char *consumer(struct arena *a, int *status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *command = arena_vprintf(a, format, args);
	va_end(args);
	return run(a, status, command);
}

json_t *consumer_json(struct arena *a, const char *format, ...)
{
	json_error_t problem;
	va_list args;
	int status;

	va_start(args, format);
	char *command = arena_vprintf(a, format, args);
	va_end(args);
	char *text = run(a, &status, command);
	if (status != 0)
		ck_abort_msg("'%s' exits with %d: %s", command, status, text);
	json_t *value = json_loads(text, JSON_ALLOW_NUL, &problem);
	if (!value)
		ck_abort_msg("'%s' gives no JSON (%s): %s", command, problem.text, text);
	return value;
}
