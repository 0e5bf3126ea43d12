/* HTTP: http.*. */
#include <string.h>

#include "sample.h"

static const struct sample_row redirect_rows[] = {
        P("http.no-redirect", NULL, "status 200"),
        P("http.no-redirect", "{'status':401}", "status 401"),
        V("http.no-redirect", "{'status':307,'head':{'Location':'/token/'}}", NULL, "status 307, Location: /token/",
          NULL),
        V("http.no-redirect", "{'status':302,'raw_body':''}", NULL, "status 302", NULL),
        E("http.no-redirect", "{'outcome':'none','trouble':'connection refused'}", "connection refused"),
        /* one owner, where both are judged */
        S("token.status-200", "{'status':307,'step':{'judges':['token.status-200','http.no-redirect']}}",
          "http.no-redirect", NULL),
        V("token.status-200", "{'status':400,'step':{'judges':['http.no-redirect']}}", NULL, "status 400", NULL),
};
SAMPLE_TEST(redirect, redirect_rows)

#define CUT "{'broken_off':true,'trouble':'the reply broke off: 9 of 19 bytes of its body came'"

static const struct sample_row framing_rows[] = {
        P("http.framing", NULL, "a whole body"),
        P("http.framing", "{'head':{'Content-Length':'17'}}", "Content-Length: 17"),
        P("http.framing", "{'head':{'Transfer-Encoding':'chunked'}}", "chunked"),
        P("http.framing", "{'head':{'Content-Encoding':'gzip'}}", "once decoded, Content-Encoding: gzip"),
        P("http.framing", "{'status':204,'raw_body':''}", "0 bytes"),
        V("http.framing", CUT "}", NULL, "9 of 19 bytes", NULL),
        V("http.framing", "{'broken_off':true}", NULL, "the connection ended inside the body", NULL),
        V("http.framing", CUT ",'head':{'Content-Encoding':'gzip'}}", NULL, "9 of 19", "what the body really is"),
        V("http.framing", "{'trouble':'5 bytes stand behind the end of the body'}", NULL, "5 bytes stand behind", NULL),
        V("http.framing", "{'head':{'Content-Length':'17','Transfer-Encoding':'chunked'}}", NULL, "both",
          "one of them"),
        E("http.framing", "{'cut':true,'trouble':'the body is long'}", "longer than"),
        E("http.framing", "{'outcome':'none','trouble':'connection refused'}", "connection refused"),
        E("token.json-object", "{'cut':true,'trouble':'the body is long','raw_body':'{'}", "longer than"),
        /* what cannot be read for that reason is nobody else's fault, and what can is judged */
        S("token.json-object", CUT ",'raw_body':'{'}", "http.framing", NULL),
        S("token.json-object", CUT "}", "http.framing", NULL),
        S("token.json-object", CUT ",'raw_body':''}", "http.framing", NULL),
        S("token.json-object", "{'trouble':'bytes behind the end','raw_body':'{'}", "http.framing", NULL),
        V("token.json-object", CUT ",'raw_body':'{body}ABC'}", NULL, "ABC", "closing brace"),
        S("token.json-encoding", CUT ",'raw_body':'{'}", "http.framing", NULL),
        S("token.top-level", CUT ",'raw_body':'{'}", "http.framing", NULL),
        S("jose.compact", CUT ",'raw_body':'{'}", "http.framing", NULL),
        P("token.top-level", CUT "}", NULL),
        P("jose.signature", CUT "}", NULL),
        S("err.json-shape", CUT ",'refused':true,'raw_body':'{'}", "http.framing", NULL),
        P("err.json-shape", CUT ",'refused':true}", NULL),
};
SAMPLE_TEST(framing, framing_rows)

#define HSTS(value) "{'head':{'Strict-Transport-Security':" value "}}"

static const struct sample_row hsts_rows[] = {
        P("http.hsts", NULL, "max-age=31536000"),
        P("http.hsts", HSTS("'max-age=86400'"), NULL),
        P("http.hsts", HSTS("'includeSubDomains ; MAX-AGE = \\\"31536000\\\"; preload'"), NULL),
        P("http.hsts", HSTS("'max-age=99999999999999999999999999'"), NULL),
        P("http.hsts", HSTS("['max-age=86400','max-age=0']"), NULL),
        V("http.hsts", HSTS("['max-age=0','max-age=86400']"), NULL, NULL, NULL),
        V("http.hsts", HSTS("null"), NULL, "no Strict-Transport-Security", NULL),
        V("http.hsts", HSTS("'max-age=86399'"), NULL, "86399", NULL),
        V("http.hsts", HSTS("'includeSubDomains'"), NULL, NULL, NULL),
        V("http.hsts", HSTS("'max-age'"), NULL, NULL, NULL),
        V("http.hsts", HSTS("'max-age='"), NULL, NULL, NULL),
        V("http.hsts", HSTS("'max-age=-86400'"), NULL, NULL, NULL),
        V("http.hsts", HSTS("'max-age=1 year'"), NULL, NULL, NULL),
        V("http.hsts", HSTS("'x-max-age=86400'"), NULL, NULL, NULL),
        V("http.hsts", HSTS("''"), NULL, NULL, NULL),
};
SAMPLE_TEST(hsts, hsts_rows)

START_TEST(hsts_in_clear_text)
{
	static const struct sample_row row = S("http.hsts", NULL, "tls.https-only", NULL);
	sample_auto m;

	sample_make(&m, NULL);
	m.x.url = "http://127.0.0.1:8080/token";
	sample_judge_made(&m, &row);
}
END_TEST

/* --- versions ----------------------------------------------------------------------------------------------------- */

static const struct {
	struct sample_row row; /* edits: of the request over HTTP/1.1 */
	const char *other;     /* edits of the other one */
	const char *version;   /* that it got */
} versions[] = {
        {P("http.versions", NULL, "over both status 200 and an object with 5 members"), NULL, "HTTP/2"},
        {P("http.versions", NULL, "does not select HTTP/2"), NULL, "HTTP/1.1"},
        {P("http.versions", NULL, "does not select HTTP/2"), "{'status':500}", "HTTP/1.1"},
        {P("http.versions", "{'status':400,'raw_body':''}", "status 400 and a body that is no JSON"),
         "{'status':400,'raw_body':''}", "HTTP/2"},
        {P("http.versions", "{'body':{'refresh_token':'a'}}", NULL), NULL, "HTTP/2"},
        {V("http.versions", NULL, NULL, "status 200 over HTTP/1.1 and 421 over HTTP/2", NULL), "{'status':421}",
         "HTTP/2"},
        {V("http.versions", NULL, NULL, "401 over HTTP/2", NULL), "{'status':401,'raw_body':''}", "HTTP/2"},
        {V("http.versions", NULL, NULL, "id_token comes over HTTP/1.1 alone", NULL), "{'body_remove':['id_token']}",
         "HTTP/2"},
        {V("http.versions", NULL, NULL, "debug comes over HTTP/2 alone", NULL), "{'body':{'debug':1}}", "HTTP/2"},
        {V("http.versions", NULL, NULL, "none came, though HTTP/1.1 works: h2 broke", "ALPN"),
         "{'outcome':'none','trouble':'h2 broke'}", "HTTP/2"},
        {E("http.versions", NULL, "nothing is known of HTTP/2: gone"), "{'outcome':'none','trouble':'gone'}", NULL},
        {E("http.versions", NULL, "gone"), "{'outcome':'none','trouble':'gone'}", "HTTP/1.1"},
        {E("http.versions", "{'status':429}", "429"), NULL, "HTTP/2"},
        {E("http.versions", NULL, "429"), "{'status':429}", "HTTP/2"},
        {E("http.versions", "{'outcome':'none','trouble':'gone'}", "gone"), NULL, "HTTP/2"},
};

START_TEST(version)
{
	struct sample m[2];

	sample_make(&m[0], versions[_i].row.edits);
	sample_make(&m[1], versions[_i].other);
	m[0].step.redeem.http = SEND_HTTP_1_1;
	m[1].step.redeem.http = SEND_HTTP_2;
	m[1].x.http_version = versions[_i].version;
	sample_join(m, 2);
	sample_judge_made(&m[0], &versions[_i].row);
	sample_release(&m[0]);
	sample_release(&m[1]);
}
END_TEST

/* --- time --------------------------------------------------------------------------------------------------------- */

#define MOST 40

static const struct {
	struct sample_row row;
	int fast, slow; /* how many take 100 ms and how many as long as this: */
	int64_t slow_us;
	int64_t warn_ms, fail_ms;
} times[] = {
        {P("http.latency", NULL, "0.10 s"), 1, 0, 0, 3000, 10000},
        {P("http.latency", NULL, "3.00 s"), 0, 1, 3000000, 3000, 10000},
        {V("http.latency", NULL, "slow", "3.00 s", NULL), 0, 1, 3000001, 3000, 10000},
        {V("http.latency", NULL, "slow", "10.00 s", NULL), 0, 1, 10000000, 3000, 10000},
        {V("http.latency", NULL, NULL, "10.00 s", NULL), 0, 1, 10000001, 3000, 10000},
        {P("http.latency", NULL, "0.10 s is the 95th percentile of 20 replies, 12.00 s the longest"), 19, 1, 12000000,
         3000, 10000},
        {V("http.latency", NULL, NULL, "12.00 s is the 95th", NULL), 18, 2, 12000000, 3000, 10000},
        {V("http.latency", NULL, NULL, NULL, NULL), 18, 1, 12000000, 3000, 10000},
        {P("http.latency", NULL, NULL), 38, 2, 12000000, 3000, 10000},
        {V("http.latency", NULL, NULL, NULL, NULL), 37, 3, 12000000, 3000, 10000},
        {V("http.latency", NULL, "slow", NULL, NULL), 0, 2, 600000, 500, 1000},
        {P("http.latency", NULL, NULL), 0, 2, 600000, 600, 1000},
        {P("http.latency", NULL, NULL), 0, 1, 2999999, 0, 0},
        {V("http.latency", NULL, NULL, NULL, NULL), 0, 1, 10000001, 0, 0},
};

START_TEST(latency)
{
	static struct sample m[MOST];
	size_t n = (size_t)(times[_i].fast + times[_i].slow);

	for (size_t i = 0; i < n; i++) {
		sample_make(&m[i], NULL);
		m[i].run.latency_warn_ms = times[_i].warn_ms;
		m[i].run.latency_fail_ms = times[_i].fail_ms;
		/* the slow ones first: their order must not count */
		m[i].x.timing.total_us = i < (size_t)times[_i].slow ? times[_i].slow_us : 100000;
	}
	sample_join(m, n);
	sample_judge_made(&m[0], &times[_i].row);
	for (size_t i = 0; i < n; i++)
		sample_release(&m[i]);
}
END_TEST

/* Neither what was held back by us, nor silence, nor what was sent in clear text. */
START_TEST(latency_of_others)
{
	static const struct sample_row one = P("http.latency", NULL, "0.25 s is the 95th percentile of 2 replies");
	static const struct sample_row none = E("http.latency", NULL, "gone");
	struct sample m[4];

	for (int i = 0; i < 4; i++) {
		sample_make(&m[i], NULL);
		m[i].x.timing.total_us = 60000000;
	}
	m[0].x.timing.total_us = 1000;
	m[1].x.timing.released_us = SAMPLE_NOW * 1000000LL;
	m[1].x.timing.answered_us = SAMPLE_NOW * 1000000LL + 250000;
	m[2].x.outcome = EXCHANGE_NO_ANSWER;
	m[3].step.redeem.plain_http = true;
	sample_join(m, 4);
	sample_judge_made(&m[0], &one);
	m[0].x.outcome = EXCHANGE_NO_ANSWER;
	m[0].x.trouble = "gone";
	sample_judge_made(&m[0], &none);
	for (int i = 0; i < 4; i++)
		sample_release(&m[i]);
}
END_TEST

#define COUNT(rows) (int)(sizeof(rows) / sizeof((rows)[0]))

int main(void)
{
	Suite *s = suite_create("checks: HTTP");
	TCase *t = tcase_create("all");

	sample_keys_make();
	SAMPLE_ADD(t, redirect, redirect_rows);
	SAMPLE_ADD(t, framing, framing_rows);
	SAMPLE_ADD(t, hsts, hsts_rows);
	tcase_add_test(t, hsts_in_clear_text);
	tcase_add_loop_test(t, version, 0, COUNT(versions));
	tcase_add_loop_test(t, latency, 0, COUNT(times));
	tcase_add_test(t, latency_of_others);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
