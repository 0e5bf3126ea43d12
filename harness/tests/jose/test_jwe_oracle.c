/* npm's jose and we must agree on encrypted tokens, in both directions. */
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "jose/jwe.h"
#include "oracle.h"
#include "testing.h"

static const char *const encs[] = {"A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM"};
#define ENCS (sizeof encs / sizeof *encs)
#define PAYLOAD "{\"sub\":\"k\303\244se\"}"

struct keys {
	const char *private_pem, *public_pem;
};

static struct keys make_keys(struct arena *a)
{
	struct keys ret;
	struct err e = {0};

	ck_assert_msg(jwe_make_key(a, 2048, &ret.private_pem, &ret.public_pem, &e) == 0, "%s", e.text);
	return ret;
}

static void add_line(struct buf *lines, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	buf_addf(lines, "%s\n", text);
	free(text);
	json_decref(value);
}

START_TEST(its_tokens_open_here)
{
	arena_auto *a = arena_new();
	struct keys keys = make_keys(a);
	struct buf lines = {.cap = BUF_OWN};
	const char *const algs[] = {"RSA-OAEP-256", "RSA-OAEP"};

	for (size_t i = 0; i < 2 * ENCS; i++)
		add_line(&lines, json_pack("{s:s, s:s, s:s}", "alg", algs[i / ENCS], "enc", encs[i % ENCS], "pem",
		                           keys.public_pem));
	json_auto_t *answers = oracle_ask(a, "encrypt", buf_sv(&lines));
	ck_assert_uint_eq(json_array_size(answers), 2 * ENCS);
	for (size_t i = 0; i < 2 * ENCS; i++) {
		struct jwe jwe;
		jwe_decrypt(a, sv_of(oracle_member(json_array_get(answers, i), "token")), sv_of(keys.private_pem),
		            &jwe);
		ck_assert_msg(jwe.reason == JWE_DECRYPTED, "%s: %s", encs[i % ENCS], jwe.problem);
		ck_assert_str_eq(jwe.alg, algs[i / ENCS]);
		ck_assert_str_eq(jwe.enc, encs[i % ENCS]);
		assert_sv_eq(jwe.plaintext, SV(PAYLOAD));
		jwe_release(&jwe);
	}
	buf_release(&lines);
}
END_TEST

/* Good ones open there; with the last byte of the tag or of the content changed they do not. */
START_TEST(our_tokens_open_there)
{
	arena_auto *a = arena_new();
	struct keys keys = make_keys(a);
	struct buf lines = {.cap = BUF_OWN};
	struct err e = {0};

	for (size_t i = 0; i < ENCS; i++) {
		const struct jwe_wish w = {.alg = "RSA-OAEP-256",
		                           .enc = encs[i],
		                           .cty = "JWT",
		                           .public_pem = sv_of(keys.public_pem),
		                           .plaintext = SV(PAYLOAD)};
		char *token = jwe_encrypt(a, &w, &e);
		ck_assert_msg(token != NULL, "%s", e.text);
		for (int k = 0; k < 3; k++) {
			char *changed = arena_text(a, token), *dot = strrchr(changed, '.');
			if (k > 0)
				dot[k == 1 ? 1 : -2] ^= dot[k == 1 ? 1 : -2] == 'A' ? 3 : ('A' ^ dot[k == 1 ? 1 : -2]);
			add_line(&lines, json_pack("{s:s, s:s}", "token", changed, "key", keys.private_pem));
		}
	}
	json_auto_t *answers = oracle_ask(a, "decrypt", buf_sv(&lines));
	ck_assert_uint_eq(json_array_size(answers), 3 * ENCS);
	for (size_t i = 0; i < 3 * ENCS; i++) {
		const json_t *answer = json_array_get(answers, i);
		const char *error = json_string_value(json_object_get(answer, "error"));
		ck_assert_msg(!error == (i % 3 == 0), "%s, %zu: %s", encs[i / 3], i % 3, error ? error : "it opens");
		if (!error)
			ck_assert_str_eq(oracle_member(answer, "payload"), PAYLOAD);
	}
	buf_release(&lines);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: npm's jose as oracle of encryption");
	TCase *t = tcase_create("oracle");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, its_tokens_open_here);
	tcase_add_test(t, our_tokens_open_there);
	suite_add_tcase(s, t);
	return testing_run(s);
}
