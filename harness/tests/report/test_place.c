/* The caret under the place that is meant, and --verbose: exchanges as HTTP. */
#include <string.h>

#include "report/console_exchange.h"
#include "report/place.h"
#include "report/wrap.h"
#include "sample.h"
#include "tests/testing.h"

static const char *response[] = {"HTTP/1.1 201 Created", "Content-Type: text/html; charset=latin-1", "X-Empty: ", NULL};
static const char *request[] = {"POST /token HTTP/1.1", "Authorization: Basic [credentials]", NULL};

static struct shown_exchange shown = {
        .id = "x7",
        .key = "valid-code",
        .request = request,
        .request_body = "grant_type=authorization_code&code=[code]",
        .response = response,
        .response_body = "{\"token_type\":\"b\xc3\xa4r\",\"deep\":{\"expires_in\" : -1 },\n \"a\":1}",
        .jose_header = "{\n  \"alg\": \"none\",\n  \"kid\": 7\n}",
        .claims = "{\n  \"address\": {\n    \"sub\": \"deep\"\n  },\n  \"sub\": \"a\\\"b\",\n  \"aud\": [\n    \"x\"\n "
                  " ]\n}",
        .http_version = "HTTP/1.1",
        .tls_version = "TLSv1.3",
        .dns_us = 40,
        .connect_us = 3996,
        .tls_us = 18658,
        .first_byte_us = 20974,
        .total_us = 20996,
};

static const struct {
	const char *where, *line, *meant; /* meant NULL: there is no such place */
} places[] = {
        {"status", "HTTP/1.1 201 Created", "201"},
        {"header content-type", "Content-Type: text/html; charset=latin-1", "text/html; charset=latin-1"},
        {"header X-Empty", NULL, NULL},
        {"header Cache-Control", NULL, NULL},
        {"claim sub", "\"sub\": \"a\\\"b\",", "\"a\\\"b\""},
        {"claim aud", "\"aud\": [", "["},
        {"claim nonce", NULL, NULL},
        {"jose header kid", "\"kid\": 7", "7"},
        {"body /token_type", "{\"token_type\":\"b\xc3\xa4r\",\"deep\":{\"expires_in\" : -1 },", "\"b\xc3\xa4r\""},
        {"body /deep/expires_in", "{\"token_type\":\"b\xc3\xa4r\",\"deep\":{\"expires_in\" : -1 },", "-1 "},
        {"body /x", NULL, NULL},
        {"body", NULL, NULL},
        {"", NULL, NULL},
};

static struct results results_with(struct shown_exchange *x)
{
	return (struct results){.exchanges = x, .nexchanges = 1};
}

START_TEST(the_place_is_found)
{
	arena_auto *a = arena_new();
	const struct results r = results_with(&shown);
	const struct result x = {.exchange = "x7", .where = places[_i].where},
	                    elsewhere = {.exchange = "x8", .where = "status"};
	struct marked m;

	ck_assert(!place_find(a, &r, &elsewhere, 64, &m));
	ck_assert_int_eq(place_find(a, &r, &x, 64, &m), places[_i].meant != NULL);
	if (!places[_i].meant)
		return;
	ck_assert_str_eq(m.line, places[_i].line);
	struct sv line = sv_of(m.line);
	size_t from = wrap_bytes(line, m.column), to = wrap_bytes(line, m.column + m.columns);
	assert_sv_eq(((struct sv){line.p + from, to - from}), sv_of(places[_i].meant));
}
END_TEST

/* Whatever the length before, of and behind the place, it is in the line and the line fits. */
START_TEST(long_lines_are_cut_around_the_place)
{
	static const size_t lengths[] = {0, 1, 10, 30, 50, 70, 500};
	arena_auto *a = arena_new();
	char fill[501];

	memset(fill, 'x', 500);
	for (size_t i = 0; i < 7 * 7 * 7; i++) {
		struct shown_exchange x = shown;
		x.response_body = arena_printf(a, "{\"a\":\"%.*s\",\"m\":\"%.*s\",\"z\":\"%.*s\"}", (int)lengths[i % 7],
		                               fill, (int)lengths[i / 7 % 7], fill, (int)lengths[i / 49], fill);
		const struct results r = results_with(&x);
		const struct result what = {.exchange = "x7", .where = "body /m"};
		struct marked m;
		ck_assert(place_find(a, &r, &what, 64, &m));
		ck_assert_uint_le(wrap_columns(m.line), 64);
		ck_assert_uint_ge(m.columns, 2);
		ck_assert_uint_le(m.column + m.columns, wrap_columns(m.line));
		size_t from = wrap_bytes(sv_of(m.line), m.column);
		ck_assert_int_eq(m.line[from], '"');
		ck_assert_ptr_nonnull(strstr(m.line, "\"m\":"));
	}
}
END_TEST

START_TEST(a_failure_has_its_caret)
{
	arena_auto *a = arena_new();
	const char *source[] = {"RFC 1", "RFC 2", NULL}, *links[] = {"", "https://two.test/#1", NULL};
	struct result v = {.suite = "s",
	                   .scenario = "c",
	                   .requirement = "r",
	                   .title = "t",
	                   .verdict = VERDICT_FAIL,
	                   .source = source,
	                   .links = links,
	                   .expected = "no \x1b",
	                   .observed = "o",
	                   .exchange = "x7",
	                   .where = "jose header alg"};
	struct results r = {
	        .v = &v, .n = 1, .exchanges = &shown, .nexchanges = 1, .profile = "p", .codes = 1, .codes_planned = 3};

	results_count(&r);
	const char *text = sample_report(a, report_console, &r, (struct report_options){0});
	assert_contains(text, "     Source     RFC 1; RFC 2\n                https://two.test/#1\n");
	assert_contains(text, "     Observed   o\n     In x7      \"alg\": \"none\",\n                       ^~~~~~\n");
	assert_contains(text, "\n1 code spent of 3 planned.\n");
	assert_lacks(text, "POST /token");
}
END_TEST

START_TEST(verbose_shows_exchanges)
{
	static const char want[] = "\nExchanges (> sent, < received; secrets are masked):\n"
	                           "\n"
	                           "x7  valid-code\n"
	                           "> POST /token HTTP/1.1\n"
	                           "> Authorization: Basic [credentials]\n"
	                           ">\n"
	                           "> grant_type=authorization_code&code=[code]\n"
	                           "< HTTP/1.1 201 Created\n"
	                           "< Content-Type: text/html; charset=latin-1\n"
	                           "< X-Empty: \n"
	                           "<\n"
	                           "< {\"token_type\":\"b\xc3\xa4r\",\"deep\":{\"expires_in\" : -1 },\n"
	                           "<  \"a\":1}\n"
	                           "= name 0.0 ms, connected 4.0 ms, TLS 18 ms, first byte 20 ms, whole 20 ms;\n"
	                           "    HTTP/1.1, TLSv1.3\n";
	arena_auto *a = arena_new();
	struct result v = {.suite = "s", .scenario = "c", .requirement = "r", .verdict = VERDICT_PASS};
	struct results r = {.v = &v, .n = 1, .exchanges = &shown, .nexchanges = 1, .profile = "p"};

	results_count(&r);
	assert_contains(sample_report(a, report_console, &r, (struct report_options){.verbose = true}), want);
}
END_TEST

START_TEST(exchanges_of_all_kinds_fit)
{
	arena_auto *a = arena_new();
	struct buf out = {.cap = BUF_OWN};
	struct wrap w = {.out = &out, .width = 80};
	char *body = arena_alloc(a, 10001);
	struct shown_exchange x = {
	        .id = "x1", .key = "k", .trouble = "no answer: connection refused", .request = request};

	memset(body, 'y', 10000);
	x.request_body = body;
	console_exchange(&w, a, &x);
	for (struct sv rest = buf_sv(&out), one; sv_cut(&rest, '\n', &one);)
		ck_assert_uint_le(one.n, 80);
	assert_contains(out.p, "x1  k: no answer: connection refused\n");
	assert_contains(out.p, "(the first 4096 of 10000 bytes)");
	buf_release(&out);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("place");
	TCase *t = tcase_create("place");

	tcase_add_loop_test(t, the_place_is_found, 0, sizeof places / sizeof *places);
	tcase_add_test(t, long_lines_are_cut_around_the_place);
	tcase_add_test(t, a_failure_has_its_caret);
	tcase_add_test(t, verbose_shows_exchanges);
	tcase_add_test(t, exchanges_of_all_kinds_fit);
	suite_add_tcase(s, t);
	return testing_run(s);
}
