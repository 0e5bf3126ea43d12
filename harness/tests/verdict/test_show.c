/* What results show of a login and of a handshake: masked, visible, bounded. */
#include "verdict/show.h"

#include <string.h>

#include "core/limits.h"
#include "papers.h"
#include "testing.h"

#define ASKED "https://brand.example/authorize?response_type=code&state=1"

static struct shown_exchange show(struct arena *a, struct exchange x)
{
	struct evidence ev = {.exchanges = &x, .n = 1};
	struct results r = {0};
	struct mask *mask = mask_new(a);

	x.id = x.key = "x1";
	mask_add(mask, "cookie", SV("canary-session-4711"));
	show_totals(&ev, &r);
	show_exchanges(a, mask, &ev, &r);
	ck_assert_uint_eq(r.nexchanges, 1);
	return r.exchanges[0];
}

static struct shown_exchange show_login(struct arena *a, const char *asked, struct hop *hops, size_t n)
{
	return show(a, (struct exchange){.kind = "authorize",
	                                 .outcome = EXCHANGE_ANSWERED,
	                                 .status = 303,
	                                 .authorize_url = asked,
	                                 .hops = hops,
	                                 .nhops = n});
}

static const struct {
	const char *method, *url;
	int status;
	const char *want;
} hops[] = {
        {"GET", ASKED, 200, "GET https://brand.example/authorize?… → 200"},
        {"GET", ASKED "2", 303, "GET https://brand.example/authorize?response_type=code&state=12 → 303"},
        {"POST", "https://brand.example/login", 303, "POST https://brand.example/login → 303"},
        {"GET", "https://brand.example/", 0, "GET https://brand.example/ → no answer"},
        {"GET", "https://brand.example/?sid=canary-session-4711&x", 200,
         "GET https://brand.example/?sid=[cookie]&x → 200"},
        {"GET", "https://brand.example/?code=a1b2c3d4e5f6", 200, "GET https://brand.example/?code=[code] → 200"},
        {"GET", "https://brand.example/\x1b[31m\n", 200, "GET https://brand.example/\\x1b[31m\\n → 200"},
};

START_TEST(a_request_is_a_line)
{
	arena_auto *a = arena_new();
	struct hop hop = {.method = hops[_i].method, .url = hops[_i].url, .status = hops[_i].status};
	struct shown_exchange x = show_login(a, ASKED, &hop, 1);

	ck_assert_ptr_nonnull(x.way);
	ck_assert_str_eq(x.way[0], hops[_i].want);
	ck_assert_ptr_null(x.way[1]);
	ck_assert_str_eq(x.asked, ASKED);
}
END_TEST

START_TEST(long_ones_are_cut_behind_the_mask)
{
	enum { LONG = 100000 };
	arena_auto *a = arena_new();
	char *url = arena_alloc(a, LONG + 100);
	static const char secret[] = "canary-session-4711";

	/* wherever the cut falls, no part of the secret is before it */
	for (size_t at = LIMIT_SHOWN_LINE - sizeof secret; at < LIMIT_SHOWN_LINE + 2; at++) {
		memset(url, 'u', LONG);
		memcpy(url, "https://", 8);
		memcpy(url + at, secret, sizeof secret - 1);
		url[LONG] = '\0';
		struct hop hop = {.method = "GET", .url = url, .status = 200};
		struct shown_exchange x = show_login(a, url, &hop, 1);
		assert_lacks(x.way[0], "canary");
		assert_lacks(x.asked, "canary");
		assert_contains(x.way[0], " bytes in all) → 200");
		ck_assert_uint_le(strlen(x.way[0]), LIMIT_SHOWN_LINE + 60);
		ck_assert_uint_le(strlen(x.asked), LIMIT_SHOWN_URL + 60);
	}
}
END_TEST

START_TEST(what_there_is_not_is_not_shown)
{
	arena_auto *a = arena_new();
	struct shown_exchange x = show_login(a, ASKED, NULL, 0);

	ck_assert_ptr_null(x.way);
	ck_assert_str_eq(x.asked, ASKED);
	x = show(a, (struct exchange){.kind = "token", .outcome = EXCHANGE_ANSWERED, .status = 200});
	ck_assert_ptr_null(x.way);
	ck_assert_ptr_null(x.asked);
	/* no connection, no handshake */
	x = show(a, (struct exchange){.kind = "handshake", .outcome = EXCHANGE_NO_ANSWER});
	ck_assert_ptr_null(x.way);
}
END_TEST

/* --- handshakes ------------------------------------------------------------------------------------------------------ */

static char *handshake(struct arena *a, const char *version, const struct tls *tls)
{
	struct shown_exchange x = show(a, (struct exchange){.kind = "handshake",
	                                                    .outcome = EXCHANGE_ANSWERED,
	                                                    .tls_version = version,
	                                                    .tls_cipher = version ? "TLS_SUITE" : NULL,
	                                                    .tls = tls});
	char *text = arena_text(a, "");

	for (size_t i = 0; x.way[i]; i++)
		text = arena_printf(a, "%s%s\n", text, x.way[i]);
	return text;
}

START_TEST(a_handshake_is_told)
{
	arena_auto *a = arena_new();
	struct sv chain[] = {
	        paper_make(a, &(struct paper){.names = "DNS:brand.example,IP:192.0.2.1,DNS:*.brand.example"}),
	        paper_make(a, &(struct paper){.subject = "Acme CA", .issuer = "Acme Root", .key = "RSA-2048"}),
	        SV("no certificate"),
	};
	struct tls tls = {.completed = true,
	                  .alpn = "h2",
	                  .chain = chain,
	                  .nchain = 3,
	                  .chain_cut = true,
	                  .verified = true,
	                  .verify_text = "ok"};
	const char *said = handshake(a, "TLSv1.3", &tls);

	assert_contains(said,
	                "completed\nTLSv1.3, TLS_SUITE, ALPN h2\n"
	                "certificate 1: 'CN=brand.example' for brand.example, *.brand.example, 192.0.2.1, issued by "
	                "'CN=Acme CA', valid from 2026-01-01T00:00:00Z to 2028-01-01T00:00:00Z, EC key of 256 bits, "
	                "ecdsa-with-SHA256\n"
	                "certificate 2: 'CN=Acme CA', issued by 'CN=Acme Root', valid from 2026-01-01T00:00:00Z to "
	                "2028-01-01T00:00:00Z, RSA key of 2048 bits, ");
	assert_contains(said, "\ncertificate 3 cannot be read: ");
	assert_contains(said, "\nfurther certificates were sent\nthe chain leads to a trusted root\n");
}
END_TEST

static const struct {
	const char *version;
	struct tls tls;
	const char *want;
} ends[] = {
        {NULL, {.alert = "tlsv1 alert protocol version"}, "not completed: tlsv1 alert protocol version\n"},
        {NULL, {.alert = NULL}, "not completed: no reason given\n"},
        {NULL, {.alert = "a\x1b[31m"}, "not completed: a\\x1b[31m\n"},
        {"TLSv1.2", {.completed = true}, "completed\nTLSv1.2, TLS_SUITE, ALPN none\n"},
        {"TLSv1.2", {.completed = true, .alpn = "\n"}, "completed\nTLSv1.2, TLS_SUITE, ALPN \\n\n"},
        {"TLSv1.3",
         {.alert = "certificate verify failed",
          .verified = true,
          .verify_error = 10,
          .verify_depth = 1,
          .verify_text = "certificate has expired"},
         "not completed: certificate verify failed\nTLSv1.3, TLS_SUITE, ALPN none\n"
         "the chain is not trusted: certificate has expired (certificate 2)\n"},
};

START_TEST(its_end_is_told)
{
	arena_auto *a = arena_new();

	ck_assert_str_eq(handshake(a, ends[_i].version, &ends[_i].tls), ends[_i].want);
}
END_TEST

START_TEST(names_are_bounded)
{
	arena_auto *a = arena_new();
	char *names = arena_text(a, "DNS:0.brand.example"), *long_name = arena_alloc(a, 61);

	for (int i = 1; i < 8; i++)
		names = arena_printf(a, "%s,DNS:%d.brand.example", names, i);
	struct sv der = paper_make(a, &(struct paper){.names = names});
	struct tls tls = {.completed = true, .chain = &der, .nchain = 1};
	assert_contains(handshake(a, "TLSv1.3", &tls), " for 0.brand.example, 1.brand.example, 2.brand.example, "
	                                               "3.brand.example, 4.brand.example and 3 more, issued by ");
	memset(long_name, 'n', 60);
	long_name[60] = '\0';
	names = arena_printf(a, "DNS:%s", long_name);
	for (int i = 1; i < 5; i++)
		names = arena_printf(a, "%s,DNS:%s.%s", names, long_name, long_name);
	der = paper_make(a, &(struct paper){.names = names});
	assert_contains(handshake(a, "TLSv1.3", &tls), " bytes in all), issued by ");
	der = paper_make(a, &(struct paper){0});
	assert_contains(handshake(a, "TLSv1.3", &tls), "'CN=brand.example' for no name, issued by ");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("show");
	TCase *c = tcase_create("show");

	tcase_add_loop_test(c, a_request_is_a_line, 0, sizeof hops / sizeof *hops);
	tcase_add_test(c, long_ones_are_cut_behind_the_mask);
	tcase_add_test(c, what_there_is_not_is_not_shown);
	tcase_add_test(c, a_handshake_is_told);
	tcase_add_loop_test(c, its_end_is_told, 0, sizeof ends / sizeof *ends);
	tcase_add_test(c, names_are_bounded);
	suite_add_tcase(s, c);
	return testing_run(s);
}
