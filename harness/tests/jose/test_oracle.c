/* npm's jose and we must agree, in both directions: its tokens and keys here, ours there. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "crafted.h"
#include "oracle.h"

START_TEST(its_tokens_verify_here)
{
	bench_auto b = bench_new();
	json_auto_t *lines = oracle_ask(b.a, "make", SV(""));

	ck_assert_uint_eq(json_array_size(lines), 12);
	for (size_t i = 0; i < 9; i++) {
		const json_t *line = json_array_get(lines, i);
		char *jwk = json_dumps(json_object_get(line, "jwk"), 0);
		for (int form = 0; form < 2; form++) {
			bench_auto one = bench_new();
			if (form)
				bench_paste(&one, oracle_member(line, "pem"));
			else
				bench_register(&one, jwk, NULL);
			bench_diagnose(&one, oracle_member(line, "token"));
			ck_assert_msg(one.d.reason == JWS_VERIFIED, "%s: %s", oracle_member(line, "alg"),
			              one.d.sentence);
			ck_assert_str_eq(jose_alg_text(one.d.alg), oracle_member(line, "alg"));
		}
		free(jwk);
	}
	for (size_t i = 9; i < 12; i++) {
		const json_t *line = json_array_get(lines, i);
		bench_auto one = bench_new();
		bench_register(&one, NULL);
		one.c.client_secret = sv_of(oracle_member(line, "secret"));
		bench_diagnose(&one, oracle_member(line, "token"));
		ck_assert_msg(one.d.reason == JWS_HMAC_CLIENT_SECRET, "%s: %s", oracle_member(line, "alg"),
		              one.d.sentence);
	}
}
END_TEST

static const struct {
	enum jose_alg alg;
	struct signing_key **key;
} ours[] = {
        {ALG_RS256, &crafted.rsa},  {ALG_RS384, &crafted.rsa},   {ALG_RS512, &crafted.rsa},  {ALG_PS256, &crafted.rsa},
        {ALG_PS384, &crafted.rsa},  {ALG_PS512, &crafted.rsa},   {ALG_ES256, &crafted.p256}, {ALG_ES384, &crafted.p384},
        {ALG_ES512, &crafted.p521}, {ALG_RS256, &crafted.cubed},
};
#define OURS (sizeof(ours) / sizeof(ours[0]))

static const char *our_token(struct bench *b, size_t i)
{
	return crafted_token(b, arena_printf(b->a, "{\"alg\":\"%s\",\"kid\":\"k1\"}", jose_alg_text(ours[i].alg)),
	                     *ours[i].key, ours[i].alg);
}

static void add_line(struct bench *b, struct buf *lines, size_t i, const char *token)
{
	const char *alg = jose_alg_text(ours[i].alg);

	buf_addf(lines, "{\"alg\":\"%s\",\"token\":\"%s\",\"jwk\":%s}\n", alg, token,
	         signing_key_jwk(b->a, *ours[i].key, "k1", alg));
	buf_addf(lines, "{\"alg\":\"%s\",\"token\":\"%s\",\"line\":\"%s\"}\n", alg, token,
	         signing_key_line(b->a, *ours[i].key));
}

START_TEST(our_tokens_verify_there)
{
	bench_auto b = bench_new();
	struct buf lines = {.cap = BUF_OWN};

	for (size_t i = 0; i < OURS; i++)
		add_line(&b, &lines, i, our_token(&b, i));
	json_auto_t *answers = oracle_ask(b.a, "verify", buf_sv(&lines));
	ck_assert_uint_eq(json_array_size(answers), 2 * OURS);
	for (size_t i = 0; i < 2 * OURS; i++) {
		const json_t *answer = json_array_get(answers, i);
		const char *error = json_string_value(json_object_get(answer, "error"));
		ck_assert_msg(!error, "%s: %s", jose_alg_text(ours[i / 2].alg), error);
		ck_assert_str_eq(oracle_member(answer, "payload"), CRAFTED_PAYLOAD);
	}
	buf_release(&lines);
}
END_TEST

/* What we call broken must be broken there, too: else the agreement above would say nothing. */
START_TEST(neither_takes_broken_tokens)
{
	bench_auto b = bench_new();
	struct buf lines = {.cap = BUF_OWN};
	struct sv empty = SV_NONE;

	for (size_t i = 0; i < OURS; i++) {
		const char *good = our_token(&b, i), *dot = strrchr(good, '.');
		char *changed = arena_text(b.a, good);
		changed[dot - good + 5] = changed[dot - good + 5] == 'A' ? 'B' : 'A';
		const char *broken[] = {changed, arena_printf(b.a, "%.*s", (int)(dot - good) + 1, good),
		                        crafted_join(&b, "{\"alg\":\"none\"}", CRAFTED_PAYLOAD, empty)};
		for (size_t k = 0; k < 3; k++) {
			bench_auto one = bench_new();
			bench_register(&one, signing_key_jwk(one.a, *ours[i].key, "k1", NULL), NULL);
			bench_diagnose(&one, broken[k]);
			ck_assert_int_ne(one.d.reason, JWS_VERIFIED);
			add_line(&b, &lines, i, broken[k]);
		}
	}
	json_auto_t *answers = oracle_ask(b.a, "verify", buf_sv(&lines));
	ck_assert_uint_eq(json_array_size(answers), 6 * OURS);
	for (size_t i = 0; i < 6 * OURS; i++)
		ck_assert_msg(json_object_get(json_array_get(answers, i), "error") != NULL, "line %zu is taken there",
		              i);
	buf_release(&lines);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: npm's jose as oracle");
	TCase *t = tcase_create("oracle");

	crafted_make();
	tcase_set_timeout(t, 120);
	tcase_add_test(t, its_tokens_verify_here);
	tcase_add_test(t, our_tokens_verify_there);
	tcase_add_test(t, neither_takes_broken_tokens);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	crafted_free();
	return status;
}
