/* Published keys as they were meant. */
#include <string.h>

#include "core/buf.h"
#include "core/limits.h"
#include "jose/jwk.h"
#include "jose/sign_key.h"
#include "testing.h"

static struct signing_key *rsa, *ec;

static const struct {
	const char *name, *given; /* {rsa}, {ec}: a key's members without braces; ' for " */
	int keys;                 /* how many can be used */
} rows[] = {
        {"as it should be", "{'keys':[{{rsa}},{{ec}}]}", 2},
        {"bare array", "[{{rsa}}]", 1},
        {"lone key", "{{rsa}}", 1},
        {"lone key without kty", "{{no-kty}}", 1},
        {"byte order mark", "\xef\xbb\xbf{'keys':[{{rsa}}]}", 1},
        {"something behind", "{'keys':[{{rsa}}]} <!-- x -->", 1},
        {"no kty", "{'keys':[{{no-kty}}]}", 1},
        {"no kty, EC", "{'keys':[{{ec-no-kty}}]}", 1},
        {"kty in lower case", "{'keys':[{{rsa},'kty':'rsa'},{{ec},'kty':'ec'}]}", 2},
        {"padded n", "{'keys':[{{padded}}]}", 1},
        {"line breaks in n", "{'keys':[{{broken}}]}", 1},
        {"all for encryption", "{'keys':[{{rsa},'use':'enc'},{{ec},'key_ops':['deriveKey']}]}", 2},
        {"other members stay", "{'keys':[{{rsa},'x5t':'a\\u0000b'}],'version':1}", 1},
        /* nothing to mend */
        {"another kind", "{'keys':[{'kty':'OKP','crv':'Ed25519','x':'11qY'}]}", 0},
        {"undecodable n", "{'keys':[{'kty':'RSA','n':'!','e':'AQAB'}]}", 0},
        {"not objects", "{'keys':[1,null,'x',[],{}]}", 0},
        {"keys of the wrong type", "{'keys':{'a':{{rsa}}}}", -1},
        {"an error reply", "{'error':'not_found'}", -1},
        {"not JSON", "<html>", -1},
        {"empty", "", -1},
};

static void replace(struct arena *a, char **text, const char *name, const char *value)
{
	char *at = strstr(*text, name);

	if (at)
		*text = arena_printf(a, "%.*s%s%s", (int)(at - *text), *text, value, at + strlen(name));
}

static const char *bare(struct arena *a, const char *object)
{
	return arena_sv(a, (struct sv){object + 1, strlen(object) - 2});
}

static const char *without_kty(struct arena *a, const char *members, const char *kty)
{
	char *text = arena_text(a, members);
	const char *member = arena_printf(a, "\"kty\":\"%s\"", kty);

	replace(a, &text, member, "\"was\":1");
	ck_assert_ptr_nonnull(strstr(text, "\"was\""));
	return text;
}

static const char *in_n(struct arena *a, const char *members, const char *what, bool at_end)
{
	char *n = strstr(members, "\"n\":\"");
	size_t from = (size_t)(n + 5 - members), end = from + strcspn(n + 5, "\"");
	size_t cut = at_end ? end : from + 10;

	return arena_printf(a, "%.*s%s%s", (int)cut, members, what, members + cut);
}

START_TEST(mended)
{
	arena_auto *a = arena_new();
	char *text = arena_text(a, rows[_i].given);
	const char *one = bare(a, signing_key_jwk(a, rsa, "k1", NULL)),
	           *other = bare(a, signing_key_jwk(a, ec, "k2", NULL));
	struct jwks set = {0};
	struct err e = {0};
	int usable = 0;

	for (char *p = text; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	replace(a, &text, "{rsa}", one);
	replace(a, &text, "{ec}", other);
	replace(a, &text, "{no-kty}", without_kty(a, one, "RSA"));
	replace(a, &text, "{ec-no-kty}", without_kty(a, other, "EC"));
	replace(a, &text, "{padded}", in_n(a, one, "==", true));
	replace(a, &text, "{broken}", in_n(a, one, "\\n ", false));
	int done = jwks_parse(a, jwks_mended(a, sv_of(text)), &set, &e);
	ck_assert_msg((done < 0) == (rows[_i].keys < 0), "%s: %s", rows[_i].name, e.text);
	for (size_t i = 0; i < set.n; i++)
		usable += set.v[i].key && (!set.v[i].use || strcmp(set.v[i].use, "sig") == 0);
	ck_assert_msg(rows[_i].keys < 0 || usable == rows[_i].keys, "%s: %d keys, %s", rows[_i].name, usable,
	              set.n && set.v[0].problem ? set.v[0].problem : "-");
	jwks_release(&set);
}
END_TEST

/* A key for encryption beside one for signatures stays what it is. */
START_TEST(uses_stay)
{
	arena_auto *a = arena_new();
	const char *one = bare(a, signing_key_jwk(a, rsa, "k1", NULL)),
	           *other = bare(a, signing_key_jwk(a, ec, "k2", NULL));
	const char *text = arena_printf(a, "{\"keys\":[{%s},{%s,\"use\":\"enc\"}]}", one, other);
	struct jwks set = {0};
	struct err e = {0};

	ck_assert_int_eq(jwks_parse(a, jwks_mended(a, sv_of(text)), &set, &e), 0);
	ck_assert_str_eq(set.v[1].use, "enc");
	jwks_release(&set);
}
END_TEST

START_TEST(private_texts)
{
	static const struct {
		const char *text;
		bool private;
	} texts[] = {
	        {"", false},
	        {"{}", false},
	        {"{\"kty\":\"RSA\",\"d\":\"AQ\"}", true},
	        {"{\"keys\":[{\"kty\":\"RSA\"},{\"kty\":\"oct\",\"k\":\"AQ\"}]}", true},
	        {"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQ\"}]}", false},
	        {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", false},
	        {" -----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA", true},
	        {"-----BEGIN PUBLIC KEY", false},
	        {"<html>", false},
	        /* PKCS#8 of an EC key */
	        {"MEECAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcEJzAlAgEBBCCnzKTAKOtJ97uJ7XrZSqOC6r6PRw8yOxAhHvjE3+eBHQ==", true},
	};
	arena_auto *a = arena_new();

	ck_assert_msg(jwks_text_is_private(a, sv_of(texts[_i].text)) == texts[_i].private, "%s", texts[_i].text);
	ck_assert(!jwks_text_is_private(a, sv_of(signing_key_line(a, rsa))));
	ck_assert(!jwks_text_is_private(a, sv_of(signing_key_pem(a, rsa))));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: keys as they were meant");
	TCase *t = tcase_create("mending");
	struct err e = {0};

	rsa = signing_key_rsa(2048, 65537, &e);
	ec = signing_key_ec("P-256", &e);
	tcase_add_loop_test(t, mended, 0, sizeof rows / sizeof *rows);
	tcase_add_test(t, uses_stay);
	tcase_add_loop_test(t, private_texts, 0, 10);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	signing_key_free(rsa);
	signing_key_free(ec);
	return status;
}
