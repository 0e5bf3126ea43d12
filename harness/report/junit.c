/*
 * JUnit XML in the one dialect that Jenkins, GitLab, Azure and the GitHub actions all read: one level of suites, at most one
 * of failure, error and skipped a case, a class name on each, names unique within it, times with three decimals and a dot.
 */
#include <libxml/xmlwriter.h>
#include <search.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "report/render.h"
#include "report/report.h"

#define STALE_SUITE "expected failures"

struct junit {
	xmlTextWriter *w;
	struct arena *a;
	const struct results *r;
	void *names; /* tsearch tree of "class\nname" */
	bool failed; /* libxml2 is out of memory */
};

/* BAD_CAST would take the const away. */
static const xmlChar *xml(const char *text)
{
	return (const xmlChar *)text;
}

static void open_element(struct junit *j, const char *name)
{
	j->failed |= xmlTextWriterStartElement(j->w, xml(name)) < 0;
}

static void close_element(struct junit *j)
{
	j->failed |= xmlTextWriterEndElement(j->w) < 0;
}

/* text is one line that was rendered visibly: XML does not allow every character, and folds line breaks. */
static void attribute(struct junit *j, const char *name, const char *text)
{
	j->failed |= xmlTextWriterWriteAttribute(j->w, xml(name), xml(text)) < 0;
}

static void count(struct junit *j, const char *name, size_t n)
{
	attribute(j, name, arena_printf(j->a, "%zu", n));
}

/* Not with %f: that follows the locale. */
static void duration(struct junit *j, int64_t ms)
{
	long long t = ms > 0 ? ms : 0;

	attribute(j, "time", arena_printf(j->a, "%lld.%03lld", t / 1000, t % 1000));
}

/* A failure that is expected must not turn a build red: readers have nothing nearer to it than skipped. */
static void totals(struct junit *j, struct tally t, size_t stale)
{
	count(j, "tests", t.all + stale);
	count(j, "failures", t.n[VERDICT_FAIL] - t.accepted + stale);
	count(j, "errors", t.n[VERDICT_ERROR]);
	count(j, "skipped", t.n[VERDICT_SKIP] + t.accepted);
	duration(j, t.time_ms);
}

static void property(struct junit *j, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	open_element(j, "property");
	attribute(j, "name", name);
	attribute(j, "value", render_headline(j->a, value));
	close_element(j);
}

/* "https://acme.test:8443" of a URL: properties say where, not more. */
static const char *origin(struct arena *a, const char *url)
{
	struct sv s = sv_of(url);
	long scheme = sv_find(s, SV("://"));

	if (scheme < 0)
		return url;
	size_t from = (size_t)scheme + 3, n = strcspn(url + from, "/?#"), user = 0;
	for (size_t i = 0; i < n; i++)
		if (url[from + i] == '@')
			user = i + 1;
	return arena_printf(a, "%.*s%.*s", (int)from, url, (int)(n - user), url + from + user);
}

static void properties(struct junit *j)
{
	open_element(j, "properties");
	property(j, "target", j->r->target);
	property(j, "profile", j->r->profile);
	property(j, "version", j->r->tool);
	property(j, "suite digest", j->r->suite_digest);
	property(j, "token endpoint", origin(j->a, j->r->token_endpoint));
	close_element(j);
}

/* suite.scenario: dots make the tree that Jenkins shows, slashes would break its links. */
static char *class_name(struct junit *j, const struct result *r)
{
	char *name = arena_printf(j->a, "%s.%s", render_headline(j->a, r->suite), render_headline(j->a, r->scenario));

	for (char *p = name; *p; p++)
		if (*p == '/' || *p == '\\')
			*p = '-';
	return name;
}

static int by_text(const void *x, const void *y)
{
	return strcmp(x, y);
}

/* Whether class and name were taken before; now they are. */
static bool taken(struct junit *j, const char *class, const char *name)
{
	const char *key = arena_printf(j->a, "%s\n%s", class, name);
	const char *const *node = tsearch(key, &j->names, by_text);

	if (!node)
		mem_exhausted();
	return *node != key;
}

/* GitLab and Jenkins drop a second case of one name: a requirement that is judged at two steps gets a number. */
static const char *case_name(struct junit *j, const struct result *r, const char *class)
{
	const char *title = render_title(j->a, r), *name = title;

	for (unsigned n = 2; taken(j, class, name); n++)
		name = arena_printf(j->a, "%s (%u)", title, n);
	return name;
}

static void text_element(struct junit *j, const char *element, const struct result *r)
{
	const char *accepted = render_accepted(j->a, r);

	open_element(j, element);
	if (strcmp(element, "system-out") != 0) {
		attribute(j, "message", accepted ? accepted : render_verdict(j->a, r));
		if (r->verdict != VERDICT_SKIP && !accepted)
			attribute(j, "type",
			          r->verdict == VERDICT_FAIL ? level_text(r->level) : verdict_text(r->verdict));
	}
	j->failed |= xmlTextWriterWriteString(j->w, xml(render_details(j->a, r))) < 0;
	close_element(j);
}

static void test_case(struct junit *j, const struct result *r)
{
	static const char *const elements[VERDICT_COUNT] = {
	        [VERDICT_PASS] = NULL,      [VERDICT_INFO] = "system-out", [VERDICT_WARN] = "system-out",
	        [VERDICT_FAIL] = "failure", [VERDICT_SKIP] = "skipped",    [VERDICT_ERROR] = "error",
	};

	const char *class = class_name(j, r), *element = render_accepted(j->a, r) ? "skipped" : elements[r->verdict];

	open_element(j, "testcase");
	attribute(j, "classname", class);
	attribute(j, "name", case_name(j, r, class));
	if (r->file) {
		attribute(j, "file", render_headline(j->a, r->file));
		count(j, "line", r->line);
	}
	duration(j, r->time_ms);
	if (element)
		text_element(j, element, r);
	close_element(j);
}

static void run_attributes(struct junit *j)
{
	char timestamp[32], host[256] = "";

	/* UTC. The strict schema of Ant has no place for the Z. */
	clock_iso(j->r->started_ms, timestamp);
	timestamp[strcspn(timestamp, "Z")] = '\0';
	attribute(j, "timestamp", timestamp);
	if (gethostname(host, sizeof host - 1) < 0 || !*host)
		memcpy(host, "localhost", sizeof "localhost");
	attribute(j, "hostname", render_headline(j->a, host));
}

static void test_suite(struct junit *j, const char *suite)
{
	const struct results *r = j->r;

	open_element(j, "testsuite");
	attribute(j, "name", render_headline(j->a, suite));
	totals(j, tally_of(r, suite), 0);
	run_attributes(j);
	properties(j);
	for (size_t i = 0; i < r->n; i++)
		if (render_same(r->v[i].suite, suite))
			test_case(j, &r->v[i]);
	close_element(j);
}

static void stale_case(struct junit *j, const struct stale *s)
{
	struct result r = {.requirement = s->requirement, .title = s->scenario};

	open_element(j, "testcase");
	attribute(j, "classname", STALE_SUITE);
	attribute(j, "name", case_name(j, &r, STALE_SUITE));
	duration(j, 0);
	open_element(j, "failure");
	attribute(j, "message", render_stale(j->a, s));
	attribute(j, "type", "stale");
	j->failed |= xmlTextWriterWriteString(j->w, xml(render_stale(j->a, s))) < 0;
	close_element(j);
	close_element(j);
}

/* Entries of the user's file that are true no more fail the run: so they must fail here, too. */
static void stale_suite(struct junit *j)
{
	open_element(j, "testsuite");
	attribute(j, "name", STALE_SUITE);
	totals(j, (struct tally){0}, j->r->nstale);
	run_attributes(j);
	properties(j);
	for (size_t i = 0; i < j->r->nstale; i++)
		stale_case(j, &j->r->stale[i]);
	close_element(j);
}

static void keep(void *key)
{
	(void)key; /* it is the arena's */
}

static void document(struct junit *j)
{
	const char *suite;

	j->failed |= xmlTextWriterSetIndent(j->w, 1) < 0;
	j->failed |= xmlTextWriterStartDocument(j->w, "1.0", "UTF-8", NULL) < 0;
	open_element(j, "testsuites");
	attribute(j, "name", "brandcert");
	totals(j, tally_of(j->r, NULL), j->r->nstale);
	for (size_t i = 0; (suite = render_suite(j->r, &i));)
		test_suite(j, suite);
	if (j->r->nstale)
		stale_suite(j);
	close_element(j);
	j->failed |= xmlTextWriterEndDocument(j->w) < 0;
	tdestroy(j->names, keep);
}

int report_junit(const struct results *r, const struct report_options *o, struct buf *out, struct err *e)
{
	arena_auto *a = arena_new();
	xmlBuffer *content = xmlBufferCreate();
	struct junit j = {.a = a, .r = r, .w = content ? xmlNewTextWriterMemory(content, 0) : NULL};

	(void)o;
	if (j.w) {
		document(&j);
		xmlFreeTextWriter(j.w); /* flushes */
	}
	if (!j.w || j.failed)
		err_trouble(e, "cannot write JUnit XML: out of memory");
	else if (!buf_add(out, xmlBufferContent(content), (size_t)xmlBufferLength(content)))
		err_trouble(e, "cannot write JUnit XML: it is larger than %zu bytes", out->cap);
	xmlBufferFree(content);
	return j.w && !j.failed && !out->full ? 0 : -1;
}
