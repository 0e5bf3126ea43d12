#include <locale.h>
#include <string.h>

#include "core/limits.h"
#include "report/outcome.h"
#include "sample.h"
#include "tests/testing.h"

static const char hostile_claims[] =
        "{\n  \"sub\": \"</pre></script><script>alert(1)</script><img src=x onerror=alert(2)>\","
        "\n  \"a\": \"' onmouseover='alert(3)\\u202e\x01\xff\xe2\x80\xae\"\n}";

/* The sample with what only HTML and Markdown show. */
static struct results *page_sample(struct arena *a, enum sample which)
{
	static const char *links[] = {"https://www.rfc-editor.org/rfc/rfc6749#section-5.1", "", NULL};
	static const char *bad_links[] = {"javascript:alert(4)", "https://evil.test/\" onclick=\"alert(5)", NULL};
	struct results *r = sample_results(a, which);
	bool hostile = which == SAMPLE_HOSTILE;

	for (size_t i = 0; i < r->n; i++) {
		struct result *x = &r->v[i];
		x->links = hostile ? bad_links : links;
		x->why = hostile ? "<b onclick=alert(6)>why</b>" : "Whoever reads it is misled.";
		if (hostile && x->exchange)
			x->exchange = "x1";
		if (hostile && x->observed && i % 2)
			x->observed = "@octocat #1 https://evil.test [a](http://b) ![i](http://c) | `x` <img src=y> ";
	}
	for (size_t i = 0; i < r->nexchanges; i++) {
		struct shown_exchange *x = &r->exchanges[i];
		x->jose_header = hostile ? "<script>alert(7)</script>" : "{\n  \"alg\": \"RS256\"\n}";
		x->claims = hostile ? hostile_claims : "{\n  \"sub\": 12\n}";
		x->request_body = hostile ? "<svg onload=alert(8)>" : "grant_type=authorization_code";
		x->dns_us = 1000;
		x->connect_us = 1100;
		x->tls_us = 1200;
		x->tls_version = "TLSv1.3";
	}
	return r;
}

static char *page(struct arena *a, const struct results *r)
{
	return sample_report(a, report_html, r, (struct report_options){0});
}

/* Pages are too long to be printed by an assertion. */
static void has(const char *page_text, const char *needle)
{
	if (!strstr(page_text, needle))
		ck_abort_msg("'%s' is not there", needle);
}

static void lacks(const char *page_text, const char *needle)
{
	if (strstr(page_text, needle))
		ck_abort_msg("'%s' is there", needle);
}

START_TEST(it_is_valid_html)
{
	arena_auto *a = arena_new();
	char *path = sample_file(a, "report.html", page(a, page_sample(a, (enum sample)_i)));
	int status;
	char *said = consumer(a, &status, "tidy -quiet -utf8 -errors '%s'", path);

	/* 1 would be warnings alone */
	if (status != 0)
		ck_abort_msg("tidy exits with %d: %.2000s", status, said);
}
END_TEST

/* One start of the browser for all: starting costs more than looking. */
START_TEST(a_browser_finds_nothing_wrong)
{
	static const struct {
		enum sample sample;
		const char *h1;
	} rows[] = {
	        {SAMPLE_ALL, "Not conformant"},
	        {SAMPLE_GOOD, "Conformant"},
	        {SAMPLE_EMPTY, "No verdict"},
	        {SAMPLE_HOSTILE, "Not conformant"},
	};
	enum { ROWS = sizeof rows / sizeof *rows };
	arena_auto *a = arena_new();
	char *paths = arena_text(a, "");

	for (size_t i = 0; i < ROWS; i++)
		paths = arena_printf(
		        a, "%s '%s'", paths,
		        sample_file(a, arena_printf(a, "page-%zu.html", i), page(a, page_sample(a, rows[i].sample))));
	json_auto_t *pages = consumer_json(a, "node '%s/harness/tests/report/browse.mjs'%s", testing_root(), paths);
	ck_assert_uint_eq(json_array_size(pages), ROWS);
	for (size_t i = 0; i < ROWS; i++) {
		static const char *const empty[] = {"violations", "overflow", "requests", "dialogs", "console"};
		const json_t *p = json_array_get(pages, i);
		for (size_t k = 0; k < sizeof empty / sizeof *empty; k++) {
			const json_t *list = json_object_get(p, empty[k]);
			if (json_array_size(list) || !json_is_array(list))
				ck_abort_msg("page %zu, %s: %.2000s", i, empty[k],
				             json_dumps(list, JSON_INDENT(1) | JSON_ENCODE_ANY));
		}
		ck_assert_int_eq(json_integer_value(json_object_get(p, "scripts")), 0);
		/* axe looked at something */
		ck_assert_int_gt(json_integer_value(json_object_get(p, "rules")), 20);
		ck_assert_str_eq(json_string_value(json_object_get(p, "h1")), rows[i].h1);
	}
	const char *text = json_string_value(json_object_get(json_array_get(pages, ROWS - 1), "text"));
	has(text, "</pre></script><script>alert(1)</script><img src=x onerror=alert(2)>");
	has(text, "<svg onload=alert(8)>");
	has(text, "\\x01\\xff\\xe2\\x80\\xae");
}
END_TEST

START_TEST(a_failure_has_all_that_mends_it)
{
	static const char *const wanted[] = {
	        "<h1>Not conformant</h1>",
	        "<h2 id=\"failures\">Failures</h2>",
	        "<code>idtoken.sub.valid</code> The response is what it has to be.",
	        "Whoever reads it is misled.",
	        "a string of at most 255 characters",
	        "the number 12",
	        "Send sub as a string.",
	        "must in the liveperson profile",
	        "<a href=\"https://www.rfc-editor.org/rfc/rfc6749#section-5.1\" rel=\"noopener noreferrer\">RFC 6749 "
	        "§5.1</a>",
	        "missing-sub, valid-code",
	        "x1, body /id_token",
	        "<summary>Exchange x1: ",
	        "grant_type=authorization_code",
	        "&quot;alg&quot;: &quot;RS256&quot;",
	        "&quot;sub&quot;: 12",
	        "aria-label=\"Time: name lookup 1.0 ms, connect 0.1 ms, TLS 0.1 ms, first byte 0.0 ms, rest of the "
	        "reply "
	        "11.1 ms, total 12.3 ms\"",
	};
	arena_auto *a = arena_new();
	char *html = page(a, page_sample(a, SAMPLE_ALL));

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		has(html, wanted[i]);
	/* what mends it first, then what may wait */
	ck_assert(strstr(html, "id=\"failures\"") < strstr(html, "id=\"errors\""));
	ck_assert(strstr(html, "id=\"errors\"") < strstr(html, "id=\"warnings\""));
	ck_assert(strstr(html, "id=\"warnings\"") < strstr(html, "id=\"skips\""));
}
END_TEST

START_TEST(links_are_the_catalogues_alone)
{
	arena_auto *a = arena_new();
	char *html = page(a, page_sample(a, SAMPLE_HOSTILE));

	lacks(html, "javascript:");
	lacks(html, "evil.test/");
	lacks(html, "<script");
	lacks(html, "href=\"http");
}
END_TEST

START_TEST(a_page_stays_small)
{
	enum { MANY = 400, BODY = 16 * 1024 };
	arena_auto *a = arena_new();
	struct results *r = page_sample(a, SAMPLE_ALL);
	struct result *v = arena_array(a, MANY, sizeof *v);
	char *body = arena_alloc(a, BODY);

	memset(body, '<', BODY - 1);
	for (size_t i = 0; i < MANY; i++) {
		v[i] = r->v[1];
		v[i].requirement = arena_printf(a, "idtoken.sub.n%zu", i);
	}
	r->v = v;
	r->n = MANY;
	r->exchanges[0].response_body = r->exchanges[0].claims = body;
	results_count(r);
	char *html = page(a, r);
	/* each < is four bytes when escaped */
	ck_assert_uint_lt(strlen(html), 5 * LIMIT_HTML_EXCHANGES);
	has(html, "heads only: this page would become too large");
}
END_TEST

START_TEST(expected_failures_are_no_failures)
{
	arena_auto *a = arena_new();
	struct results *r = page_sample(a, SAMPLE_GOOD);
	struct stale stale = {"req.code.expired", NULL, "no longer fails: it passed"};

	r->v[0] = page_sample(a, SAMPLE_ALL)->v[1];
	r->v[0].accepted = "ticket 42";
	results_count(r);
	char *html = page(a, r);
	has(html, "<h1>Conformant</h1>");
	has(html, "Expected: ticket 42");
	has(html, "1 failed as expected");
	lacks(html, "id=\"failures\"");
	r->stale = &stale;
	r->nstale = 1;
	html = page(a, r);
	has(html, "<h1>Not conformant</h1>");
	has(html, "no longer fails: it passed");
}
END_TEST

/* A requirement counts once, by its worst; and the verdict is that of the exit status. */
START_TEST(the_outcome_is_that_of_the_exit_status)
{
	arena_auto *a = arena_new();
	const struct results *r = sample_results(a, (enum sample)_i);
	struct outcome o = outcome_of(a, r);
	static const int statuses[] = {[OUTCOME_CONFORMANT] = 0, [OUTCOME_FAILED] = 1, [OUTCOME_NO_VERDICT] = 3};
	size_t all = 0;

	ck_assert_int_eq(statuses[o.kind], results_exit(r));
	for (size_t i = 0; i < o.nareas; i++)
		all += o.areas[i].all;
	ck_assert_uint_eq(all, o.total.all);
	if (_i != SAMPLE_ALL)
		return;
	ck_assert_str_eq(o.sentence, "1 requirement failed, 4 hold, 1 warning, 2 could not be judged.");
	ck_assert_uint_eq(o.nareas, 4);
	ck_assert_str_eq(o.areas[0].name, "idtoken");
	ck_assert_str_eq(o.areas[2].name, "req.code");
}
END_TEST

START_TEST(times_know_no_locale)
{
	arena_auto *a = arena_new();

	sample_comma_locale(a);
	char *html = page(a, page_sample(a, SAMPLE_ALL));
	setlocale(LC_NUMERIC, "C");
	has(html, "for 1.5 s");
	has(html, "total 12.3 ms");
}
END_TEST

/* Written for nobody: a report must not die of a harness that forgot a text. */
START_TEST(missing_texts_do_no_harm)
{
	arena_auto *a = arena_new();
	struct result v[VERDICT_COUNT] = {0};
	struct shown_exchange x = {0};
	struct results r = {.v = v, .n = VERDICT_COUNT, .exchanges = &x, .nexchanges = 1};

	for (enum verdict i = 0; i < VERDICT_COUNT; i++)
		v[i].verdict = i;
	results_count(&r);
	assert_contains(page(a, &r), "</html>");
	assert_contains(sample_report(a, report_markdown, &r, (struct report_options){0}), "Not conformant");
}
END_TEST

/* --- Markdown ------------------------------------------------------------------------------------------------ */

START_TEST(the_summary_says_it_shortly)
{
	static const char *const wanted[] = {
	        "## ❌ brandcert: Not conformant\n",
	        "**1 requirement failed, 4 hold, 1 warning, 2 could not be judged.**",
	        "Target `acme`, profile `liveperson`, 2 codes spent",
	        "| `token-endpoint` | 2 | 0 | 1 | 4 | 1 |\n",
	        "| **all** | 2 | 2 | 1 | 5 | 1 |\n",
	        "### Failures\n\n- **`idtoken.sub.valid`** The response is what it has to be.\n",
	        "  - Expected: a string of at most 255 characters\n",
	        "  - Observed: `the number 12`\n",
	        "  - Fix: Send sub as a string.\n",
	        "  - Source: [RFC 6749 §5.1](<https://www.rfc-editor.org/rfc/rfc6749#section-5.1>); OpenID Connect "
	        "Core "
	        "§3.1.3.3\n",
	        "<details><summary>Warnings</summary>\n\n- **`token.cache-control`**",
	        "- 1 × `the target file says nothing of a lifetime` (`expired-code`)\n",
	};
	arena_auto *a = arena_new();
	char *md = sample_report(a, report_markdown, page_sample(a, SAMPLE_ALL), (struct report_options){0});

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		assert_contains(md, wanted[i]);
}
END_TEST

/* Takes the code spans out of Markdown, as a reader of it would: what is left must be harmless. */
static char *without_code(struct arena *a, const char *md)
{
	char *left = arena_alloc(a, strlen(md) + 1), *to = left;

	while (*md) {
		size_t n = strspn(md, "`");
		const char *end = md + n;
		if (!n || (md[-1] == '\\')) {
			*to++ = *md++;
			continue;
		}
		for (size_t run = 0; *end; end += run ? run : 1) {
			run = strspn(end, "`");
			if (run == n)
				break;
		}
		ck_assert_msg(*end && !memchr(md, '\n', (size_t)(end - md)), "a code span that does not end: %.80s",
		              md);
		md = end + n;
	}
	*to = '\0';
	return left;
}

START_TEST(a_target_writes_no_markdown)
{
	static const char *const never[] = {"@",       "evil", "](http", "![",      "<img",
	                                    "<script", "#1",   "://",    "onclick", "\r"};
	arena_auto *a = arena_new();
	char *md = sample_report(a, report_markdown, page_sample(a, SAMPLE_HOSTILE), (struct report_options){0});
	char *left = without_code(a, md);

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		assert_lacks(left, never[i]);
	assert_contains(md, "`` @octocat #1 https://evil.test [a](http://b) ![i](http://c) | `x` <img src=y>  ``");
	/* a row of the table has its seven pipes, whatever a suite is called */
	for (const char *line = strstr(md, "\n| "); line; line = strstr(line + 1, "\n| ")) {
		size_t pipes = 0;
		for (const char *p = line + 1; *p && *p != '\n'; p++)
			pipes += *p == '|';
		ck_assert_uint_eq(pipes, 7);
	}
}
END_TEST

START_TEST(a_summary_fits_into_a_comment)
{
	enum { MANY = 2000 };
	arena_auto *a = arena_new();
	struct results *r = page_sample(a, SAMPLE_HOSTILE);
	struct result *v = arena_array(a, MANY, sizeof *v);

	for (size_t i = 0; i < MANY; i++) {
		v[i] = r->v[i % r->n];
		v[i].requirement = arena_printf(a, "r%zu%s", i, v[i].requirement);
		v[i].suite = arena_printf(a, "s%zu%s", i / 2, v[i].suite);
		if (v[i].reason)
			v[i].reason = arena_printf(a, "%zu%s", i, v[i].reason);
	}
	r->v = v;
	r->n = MANY;
	results_count(r);
	char *md = sample_report(a, report_markdown, r, (struct report_options){0});
	ck_assert_uint_le(strlen(md), LIMIT_MARKDOWN);
	assert_contains(md, "more: see report.html");
	assert_contains(md, "<summary>Warnings</summary>");
	assert_contains(md, "results skipped</summary>");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("html");
	TCase *c = tcase_create("html"), *m = tcase_create("markdown");

	tcase_set_timeout(c, 300);
	tcase_add_loop_test(c, it_is_valid_html, 0, SAMPLES);
	tcase_add_test(c, a_browser_finds_nothing_wrong);
	tcase_add_test(c, a_failure_has_all_that_mends_it);
	tcase_add_test(c, links_are_the_catalogues_alone);
	tcase_add_test(c, a_page_stays_small);
	tcase_add_test(c, expected_failures_are_no_failures);
	tcase_add_loop_test(c, the_outcome_is_that_of_the_exit_status, 0, SAMPLES);
	tcase_add_test(c, times_know_no_locale);
	tcase_add_test(c, missing_texts_do_no_harm);
	suite_add_tcase(s, c);
	tcase_add_test(m, the_summary_says_it_shortly);
	tcase_add_test(m, a_target_writes_no_markdown);
	tcase_add_test(m, a_summary_fits_into_a_comment);
	suite_add_tcase(s, m);
	return testing_run(s);
}
