/* What people see of logins and handshakes, and where they do not; areas of requirements. */
#include <string.h>

#include "report/outcome.h"
#include "sample.h"
#include "tests/testing.h"

#define CERTIFICATE                                                                                \
	"certificate 1: 'CN=brand.example' for brand.example, issued by 'CN=Acme CA', valid from " \
	"2026-01-01T00:00:00Z to 2028-01-01T00:00:00Z, EC key of 256 bits, ecdsa-with-SHA256"

static const char *login_way[] = {"GET https://acme.test/authorize?… → 200", "POST https://acme.test/login → 303",
                                  NULL},
                  *handshake_way[] = {"completed", "TLSv1.3, TLS_AES_256_GCM_SHA384, ALPN h2", CERTIFICATE, NULL},
                  *refused_way[] = {"not completed: tlsv1 alert protocol version", NULL},
                  *request[] = {"POST /consent HTTP/1.1", NULL}, *response[] = {"HTTP/1.1 303 See Other", NULL};

/* All failures are of the exchange. */
static struct results *showing(struct arena *a, struct shown_exchange x)
{
	struct results *r = sample_results(a, SAMPLE_ALL);

	x.id = "x1";
	x.key = x.kind;
	x.outcome = "answered";
	r->exchanges[0] = x;
	return r;
}

static const struct shown_exchange shown[] = {
        {.kind = "authorize",
         .status = 303,
         .request = request,
         .response = response,
         .way = login_way,
         .asked = "https://acme.test/authorize?response_type=code&client_id=a&state=1"},
        {.kind = "handshake", .total_us = 4000, .connect_us = 1000, .tls_us = 3990, .way = handshake_way},
        {.kind = "handshake", .total_us = 4000, .way = refused_way},
        {.kind = "handover", .status = 200, .response_body = "eyJ.eyJ.[signature]"},
        {.kind = "authorize", .request = request, .response = response, .asked = "https://acme.test/authorize?x=1"},
        {.kind = "authorize", .way = login_way, .asked = "https://acme.test/authorize?x=1"},
};

static const struct {
	size_t shown;
	const char *has[5], *lacks;
} pages[] = {
        {0,
         {"→ 303</summary>", "https://acme.test/authorize\n?response_type=code\n&amp;client_id=a\n&amp;state=1",
          "On the way through the login", "POST https://acme.test/login → 303\n"},
         "What the server showed"},
        {1,
         {"a TLS handshake → completed, 4.0 ms", "What the server showed", "\n" CERTIFICATE "\n", "TLS 2.9 ms"},
         "rest of the reply"},
        {2,
         {"a TLS handshake → not completed: tlsv1 alert protocol version, 4.0 ms", "TLS handshake 4.0 ms"},
         "rest of the reply"},
        {3, {"a token was handed over → answered<", ">Token</p>", "eyJ.eyJ.[signature]"}, "On the way"},
        {4, {"https://acme.test/authorize\n?x=1"}, "On the way"},
        {5, {"a login → answered<", "On the way through the login"}, ">Request<"},
};

START_TEST(pages_show_the_way)
{
	arena_auto *a = arena_new();
	char *page = sample_report(a, report_html, showing(a, shown[pages[_i].shown]), (struct report_options){0});

	for (size_t i = 0; pages[_i].has[i]; i++)
		if (!strstr(page, pages[_i].has[i]))
			ck_abort_msg("'%s' is not there", pages[_i].has[i]);
	if (strstr(page, pages[_i].lacks))
		ck_abort_msg("'%s' is there", pages[_i].lacks);
}
END_TEST

static const struct {
	size_t shown;
	const char *want;
} lines[] = {
        {0, "x1  authorize\n"
            "- asked for https://acme.test/authorize?response_type=code&client_id=a&state=1\n"
            "- GET https://acme.test/authorize?… → 200\n"
            "- POST https://acme.test/login → 303\n"
            "> POST /consent HTTP/1.1\n"
            "< HTTP/1.1 303 See Other\n"},
        {1, "x1  handshake\n"
            "- completed\n"
            "- TLSv1.3, TLS_AES_256_GCM_SHA384, ALPN h2\n"
            "- certificate 1: 'CN=brand.example' for brand.example, issued by 'CN=Acme CA',\n"
            "     valid from 2026-01-01T00:00:00Z to 2028-01-01T00:00:00Z, EC key of 256\n"
            "     bits, ecdsa-with-SHA256\n"},
        /* the request line says it all */
        {4, "x1  authorize\n"
            "> POST /consent HTTP/1.1\n"},
};

START_TEST(verbose_shows_the_way)
{
	arena_auto *a = arena_new();
	struct results *r = showing(a, shown[lines[_i].shown]);

	assert_contains(sample_report(a, report_console, r, (struct report_options){.verbose = true}), lines[_i].want);
	assert_lacks(sample_report(a, report_console, r, (struct report_options){0}), "x1  ");
}
END_TEST

START_TEST(other_reports_do_not)
{
	static report_fn *const writers[] = {report_junit, report_tap, report_markdown};
	arena_auto *a = arena_new();

	for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
		char *text = sample_report(a, writers[i], showing(a, shown[0]), (struct report_options){0});
		assert_lacks(text, "acme.test/login");
		assert_lacks(text, "acme.test/authorize");
	}
	char *json = sample_report(a, report_json, showing(a, shown[0]), (struct report_options){0});
	assert_contains(json, "\"POST https://acme.test/login → 303\"");
	assert_contains(json, "\"asked\": \"https://acme.test/authorize?response_type=code&client_id=a&state=1\"");
}
END_TEST

/* The matrix says what each area of the catalogue is about. */
START_TEST(every_area_has_a_title)
{
	arena_auto *a = arena_new();
	struct results r = {0};
	size_t n = 0;

	for (struct sv rest = sv_of(testing_read(a, arena_printf(a, "%s/suites/requirements.yaml", testing_root()))),
	               line;
	     sv_cut(&rest, '\n', &line);) {
		long at = sv_find(line, SV("id: "));
		if (at < 0 || sv_find_char(line, '.') < 0)
			continue;
		struct sv id = {line.p + at + 4, line.n - (size_t)at - 4};
		r.v = arena_grow(a, r.v, r.n, sizeof *r.v);
		r.v[r.n++] = (struct result){.requirement = arena_sv(a, (struct sv){id.p, strcspn(id.p, " ,}\n")})};
	}
	struct outcome o = outcome_of(a, &r);
	for (size_t i = 0; i < o.nareas; i++, n++)
		ck_assert_msg(*o.areas[i].about, "the area '%s' has no title", o.areas[i].name);
	ck_assert_uint_gt(n, 10);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("way");
	TCase *c = tcase_create("way");

	tcase_add_loop_test(c, pages_show_the_way, 0, sizeof pages / sizeof *pages);
	tcase_add_loop_test(c, verbose_shows_the_way, 0, sizeof lines / sizeof *lines);
	tcase_add_test(c, other_reports_do_not);
	tcase_add_test(c, every_area_has_a_title);
	suite_add_tcase(s, c);
	return testing_run(s);
}
