/* What filters and generators make, and what they refuse to make. */

#include <stdlib.h>
#include <string.h>

#include "exchange/template.h"
#include "testing.h"

static const struct target target = {
        .issuer = "https://issuer.example",
        .client = {.id = "Cli-1", .secret = "1234"},
        .second_client = {.id = "other", .secret = "hid den"},
};

static const struct template_values values = {
        .target = &target,
        .code = SV("aZ9-_=\0\xc3\xbc"),
        .code_verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", /* RFC 7636 Appendix B */
};

#define URL "68747470733a2f2f683a312f70" /* https://h:1/p */

static const struct {
	const char *text;
	struct sv want;
} good[] = {
        {"", SV("")},
        {"plain {{x}", SV("plain {x}")},
        {"{code}", SV("aZ9-_=\0\xc3\xbc")},
        {"{code|upper}", SV("AZ9-_=\0\xc3\xbc")},
        {"{code|lower}", SV("az9-_=\0\xc3\xbc")},
        {"{code|swapcase}", SV("Az9-_=\0\xc3\xbc")},
        {"{code|cut:1}", SV("aZ9-_=\0\xc3")},
        {"{code|cut:9}", SV("")},
        {"{code|first:3}", SV("aZ9")},
        {"{code|first:7}", SV("aZ9-_=\0")},
        {"{code|form}", SV("aZ9-_%3D%00%C3%BC")},
        {"{code|base64}", SV("YVo5LV89AMO8")},
        {"{client_id|base64}", SV("Q2xpLTE=")},
        {"{client_id|repeat:3}", SV("Cli-1Cli-1Cli-1")},
        {"{client_id|first:2|swapcase|repeat:2}!", SV("cLcL!")},
        {"{second_client_id} {second_client_secret|form}", SV("other hid+den")},
        {"{code_verifier|first:4}", SV("dBjf")},
        {"{code_challenge}", SV("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")},
        {"{bytes:C0Af00}", SV("\xc0\xaf\0")},
        {"{bytes:41|repeat:4}", SV("AAAA")},
        {"{repeat:ab:3}", SV("ababab")},
        {"{repeat:a:b:2}", SV("a:ba:b")},
        {"{repeat:a:1}", SV("a")},
        {"{repeat:z:2|upper}", SV("ZZ")},
        {"{bytes:" URL "|scheme:http}", SV("http://h:1/p")},
        {"{bytes:" URL "|before-host:x.}", SV("https://x.h:1/p")},
        {"{bytes:" URL "|behind-host:@y.example}", SV("https://h@y.example:1/p")},
        {"{bytes:613a2f2f68|behind-host:.y}", SV("a://h.y")},
};

START_TEST(test_good)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct sv made;

	ck_assert_msg(template_fill(a, &values, good[_i].text, &made, &e) == 0, "%s", e.text);
	assert_sv_eq(made, good[_i].want);
}
END_TEST

#define UNCHANGED(filter) \
	"'{client_secret}': nothing in the value can be changed by '" filter "', so it cannot be tried here"

static const struct {
	const char *text, *want;
} bad[] = {
        {"{client_secret|upper}", UNCHANGED("upper")},
        {"{client_secret|lower}", UNCHANGED("lower")},
        {"{client_secret|swapcase}", UNCHANGED("swapcase")},
        {"{client_secret|first:4}", UNCHANGED("first:4")},
        {"{client_secret|first:8}", UNCHANGED("first:8")},
        {"{client_secret|cut:5}", UNCHANGED("cut:5")},
        {"{client_secret|cut:4|change-last}", UNCHANGED("change-last")},
        {"{client_secret|behind-host:.y}", UNCHANGED("behind-host:.y")},
        {"{bytes:613a2f2f68|scheme:a}", "nothing in the value can be changed by 'scheme:a'"},
        {"{code|rot13}", "'{code}': no filter is called 'rot13'"},
        {"{random:}", "'random' takes a whole number"},
        {"{nobody|upper}", "'{nobody}' has no value here"},
        {"{redirect_uri}", "'{redirect_uri}' has no value here"},
        {"{code|form", "a '{' without its '}', write '{{' for a brace"},
        {"{repeat:0123456789:200000}{repeat:0123456789:10000}", "a template makes more than 2097152 bytes"},
        {"{repeat:a:2000000|repeat:2}", "a template makes more than 2097152 bytes"},
        {"{bytes:00|repeat:2000000|form}", "a template makes more than 2097152 bytes"},
        {"{bytes:00|repeat:2000000|base64}", "a template makes more than 2097152 bytes"},
};

START_TEST(test_bad)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct sv made = SV("untouched");

	ck_assert_int_eq(template_fill(a, &values, bad[_i].text, &made, &e), -1);
	ck_assert_int_eq(e.kind, strstr(bad[_i].want, "nothing in the value") ? ERR_UNSUITED : ERR_INPUT);
	assert_contains(e.text, bad[_i].want);
	assert_lacks(e.text, "1234");
	assert_sv_eq(made, SV("untouched"));
}
END_TEST

#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

START_TEST(test_random)
{
	static const size_t lengths[] = {1, 43, 256, 257, 65536};
	arena_auto *a = arena_new();
	struct err e = {0};
	struct sv one, two;

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		const char *text = arena_printf(a, "{random:%zu}", lengths[i]);
		ck_assert_int_eq(template_fill(a, &values, text, &one, &e), 0);
		ck_assert_int_eq(template_fill(a, &values, text, &two, &e), 0);
		ck_assert_uint_eq(one.n, lengths[i]);
		ck_assert_uint_eq(strspn(one.p, BASE64URL), lengths[i]);
		ck_assert(lengths[i] < 43 || !sv_eq(one, two));
		for (const char *c = BASE64URL; *c && lengths[i] == 65536; c++)
			ck_assert_ptr_nonnull(strchr(one.p, *c));
	}
}
END_TEST

/* Another letter or digit, also where only the two highest bits of a last base64url character count. */
START_TEST(test_change_last)
{
	arena_auto *a = arena_new();
	struct template_values v = values;
	struct err e = {0};
	struct sv made;

	for (int c = 0; c < 256; c++) {
		char text[] = {'k', (char)c};
		const char *place = c ? strchr(BASE64URL, c) : NULL;
		v.code = (struct sv){text, 2};
		ck_assert_int_eq(template_fill(a, &v, "{code|change-last}", &made, &e), 0);
		ck_assert_uint_eq(made.n, 2);
		ck_assert_int_eq(made.p[0], 'k');
		ck_assert_int_ne(made.p[1], (char)c);
		const char *other = strchr(BASE64URL, made.p[1]);
		ck_assert(other && other - BASE64URL < 62);
		/* As the last of 16 or 32 bytes it is one of those whose low four or two bits are not used. */
		for (int used = 2; place && used <= 4; used += 2)
			if ((place - BASE64URL) % (64 >> used) == 0)
				ck_assert_int_ne((place - BASE64URL) >> (6 - used), (other - BASE64URL) >> (6 - used));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("template");
	TCase *c = tcase_create("template");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_good, 0, sizeof good / sizeof *good);
	tcase_add_loop_test(c, test_bad, 0, sizeof bad / sizeof *bad);
	tcase_add_test(c, test_random);
	tcase_add_test(c, test_change_last);
	suite_add_tcase(s, c);
	return testing_run(s);
}
