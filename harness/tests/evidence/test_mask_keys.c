/* A private key that a brand publishes does not get into reports. */
#include "evidence/mask.h"
#include "testing.h"

static const struct {
	const char *body, *text, *want;
} rows[] = {
        {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"n0vx7agoebGcQSuuPi\",\"d\" : \"X4cTteJY_gn4FYPsXB8rdX\"}]}",
         "n is n0vx7agoebGcQSuuPi, d is X4cTteJY_gn4FYPsXB8rdX", "n is n0vx7agoebGcQSuuPi, d is [private_key]"},
        {"[{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qz\"", "AyM1SysPpbyDfgZld3umj1qz", "[private_key]"},
        {"{\"oth\":[{\"r\":\"AyM1SysPpbyDfgZld3umj1qr\",\"t\":\"AyM1SysPpbyDfgZld3umj1qt\"}]",
         "AyM1SysPpbyDfgZld3umj1qr AyM1SysPpbyDfgZld3umj1qt", "[private_key] [private_key]"},
        /* cut in the middle */
        {"{\"keys\":[{\"qi\":\"AyM1SysPpbyDfgZl", "AyM1SysPpbyDfgZl", "[private_key]"},
        {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\r\nAQEF\n", "MIIEvQIBADANBgkqhkiG9w0B",
         "[private_key]"},
        /* no keys, or none to speak of */
        {"{\"d\":\"AQAB\",\"e\":\"not-a-private-key\",\"k\":7,\"q\":", "AQAB not-a-private-key 7", NULL},
        {"{\"d\"", "d", NULL},
        {"d", "d", NULL},
        {"", "d", NULL},
};

START_TEST(published_keys)
{
	arena_auto *a = arena_new();
	struct exchange x = {.kind = "jwks", .response.body = sv_of(rows[_i].body)};
	const struct evidence ev = {.exchanges = &x, .n = 1};
	const char *want = rows[_i].want ? rows[_i].want : rows[_i].text;
	struct mask *m = mask_new(a), *other = mask_new(a);

	mask_add_evidence(m, &ev);
	ck_assert_str_eq(mask_text(m, a, sv_of(rows[_i].text)), want);
	/* in no other reply */
	x.kind = "token";
	mask_add_evidence(other, &ev);
	ck_assert_str_eq(mask_text(other, a, sv_of(rows[_i].text)), rows[_i].text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("evidence: published private keys");
	TCase *t = tcase_create("mask");

	tcase_add_loop_test(t, published_keys, 0, sizeof rows / sizeof *rows);
	suite_add_tcase(s, t);
	return testing_run(s);
}
