/* Personal claims: which they are, and that --mask-claims leaves nothing of them. */
#include <string.h>

#include "core/base64.h"
#include "evidence/claims.h"
#include "evidence/mask.h"
#include "tests/testing.h"

static const struct {
	const char *have, *want;
} objects[] = {
        {"{\"iss\":\"a\",\"sub\":\"b\",\"aud\":[\"c\"]}", "{\"iss\":\"a\",\"sub\":\"[claim]\",\"aud\":[\"c\"]}"},
        {"{ \"sub\" : 1 , \"exp\" : 2 }", "{ \"sub\" : \"[claim]\" , \"exp\" : 2 }"},
        {"{\"a\":{\"x\":[1,{\"y\":\"}\"}]},\"nonce\":\"n\"}", "{\"a\":\"[claim]\",\"nonce\":\"n\"}"},
        {"{\"a\":[\"\\\"]\",\"}\"],\"exp\":1}", "{\"a\":\"[claim]\",\"exp\":1}"},
        {"{\"sub\":\"a\",\"sub\":\"b\"}", "{\"sub\":\"[claim]\",\"sub\":\"[claim]\"}"},
        {"{\"s\\u0075b\":\"a\"}", "{\"s\\u0075b\":\"[claim]\"}"},
        {"{\"email_verified\":true,\"email\":null}", "{\"email_verified\":true,\"email\":\"[claim]\"}"},
        {"{}", "{}"},
        {" { } ", " { } "},
        {"", ""},
        /* cut, broken, no object: nothing is taken for harmless that cannot be read */
        {"{\"sub\":\"a", "{\"sub\":\"[claim]\""},
        {"{\"exp\":1,\"sub", "{\"exp\":1,\"[claim]\""},
        {"{\"exp\":1 anna}", "{\"exp\":1 anna}"},
        {"{\"exp\":1, anna}", "{\"exp\":1, \"[claim]\""},
        {"{exp:1, sub:anna}", "{\"[claim]\""},
        {"{\"exp\":1} anna", "{\"exp\":1\"[claim]\""},
        {"\"anna\"", "\"[claim]\""},
        {"[{\"sub\":\"anna\"}]", "\"[claim]\""},
};

START_TEST(members_are_masked_by_place)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);
	struct sv have = sv_of(objects[_i].have);

	assert_sv_eq(claims_masked(a, have), sv_of(objects[_i].want));
	assert_sv_eq(mask_claims(m, a, have), have);
	mask_hide_claims(m);
	assert_sv_eq(mask_claims(m, a, have), sv_of(objects[_i].want));
}
END_TEST

static const struct run_facts run = {.issuer = "https://login.acme.test",
                                     .client_id = "liveperson",
                                     .token_endpoint = "https://login.acme.test/token"};

static const char payload[] =
        "{\"iss\":\"https://login.acme.test\",\"sub\":\"u-4711\",\"aud\":\"liveperson\",\"exp\":1795277386,"
        "\"email\":\"anna@example.test\",\"given_name\":\"Anna\",\"ln\":\"Xu\",\"active\":\"true\",\"home\":\"https://"
        "login.acme.test\","
        "\"phone\":491701234567,\"age\":42,\"updated_at\":1795277386,\"sub\":\"u-0815\","
        "\"address\":{\"street_address\":\"Am Markt 1\\u00e4\",\"list\":[\"Entenhausen\"]},"
        "\"picture\":\"https://img.test/anna.png\"}";

static const struct {
	const char *have, *want;
} values[] = {
        {"for u-4711 and u-0815", "for [claim] and [claim]"},
        {"mail anna%40example.test, anna\\u0040example.test", "mail [claim], [claim]"},
        {"YW5uYUBleGFtcGxlLnRlc3Q=", "[claim]"},
        {"tel 491701234567, 42 years", "tel [claim], 42 years"},
        {"Dear Anna 'Xu', Xu", "Dear [claim] [claim], Xu"},
        {"Am Markt 1\xc3\xa4, Entenhausen", "[claim], [claim]"},
        {"https:\\/\\/img.test\\/anna.png", "[claim]"},
        /* the brand's, ours, and what stands everywhere */
        {"https://login.acme.test/token for liveperson at 1795277386: true",
         "https://login.acme.test/token for liveperson at 1795277386: true"},
        /* by place: a reply that has nothing of the known ones */
        {"{\"email\":\"b@c.test\",\"given_name\":'Bo',\"sub\":123456,\"title\":\"x\"}",
         "{\"email\":\"[claim]\",\"given_name\":'[claim]',\"sub\":[claim],\"title\":\"x\"}"},
        {"{\"payload\":\"eyJzdWIiOiJib2IifQ\",\"signature\":\"abcd\"}",
         "{\"payload\":\"[claims]\",\"signature\":\"[signature]\"}"},
        {"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2ln", "eyJhbGciOiJSUzI1NiJ9.[claims].[signature]"},
        {"eyJhbGciOiJub25lIn0.eyJzdWIiOiJib2IifQ.", "eyJhbGciOiJub25lIn0.[claims]."},
        {"{\"id_token\":\"eyJhbGciOiJSUzI1NiJ9.eyJzdWIi\\nOiJib2IifQ\"}",
         "{\"id_token\":\"eyJhbGciOiJSUzI1NiJ9.[claims]\"}"},
};

START_TEST(values_are_masked_wherever_they_are)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a), *without = mask_new(a);

	mask_hide_claims(m);
	mask_add_claims(m, &run, sv_of(payload));
	ck_assert_str_eq(mask_text(m, a, sv_of(values[_i].have)), values[_i].want);
	ck_assert_str_eq(mask_text(m, a, sv_of(values[_i].want)), values[_i].want);
	/* nobody asked */
	mask_add_claims(without, &run, sv_of(payload));
	assert_contains(mask_text(without, a, SV("for u-4711, anna@example.test")), "for u-4711, anna@example.test");
}
END_TEST

/* The payload of a token is known by itself, too: a message may quote it alone. */
START_TEST(payloads_are_learned)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);
	const char *part = base64_encode(a, BASE64_URL, sv_of(payload));
	struct exchange x = {
	        .response = {.body = sv_of(arena_printf(a, "{\"id_token\":\"eyJhbGciOiJSUzI1NiJ9.%s.c2ln\"}", part))}};
	const struct evidence ev = {.exchanges = &x, .n = 1};

	mask_hide_claims(m);
	mask_add_evidence(m, &ev);
	ck_assert_str_eq(mask_text(m, a, sv_of(arena_printf(a, "the second part '%s'", part))),
	                 "the second part '[claims]'");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mask_claims");
	TCase *c = tcase_create("mask_claims");

	tcase_add_loop_test(c, members_are_masked_by_place, 0, sizeof objects / sizeof *objects);
	tcase_add_loop_test(c, values_are_masked_wherever_they_are, 0, sizeof values / sizeof *values);
	tcase_add_test(c, payloads_are_learned);
	suite_add_tcase(s, c);
	return testing_run(s);
}
