/* Encrypted tokens: the examples of RFC 7516, every algorithm both ways, and what is hostile. */
#include <openssl/pem.h>
#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "sealed.h"

/* The keys of RFC 7516 A.1.3 and A.2.3, RSAPrivateKey (RFC 8017 A.1.2) in base64. */
#define RFC7516_A1_KEY                                                       \
	"MIIEowIBAAKCAQEAoahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E+BVvxkeDN\n" \
	"jbC4he8rUWcJoZmds2h7M70imEVhRU5djINXtqllXI4DFqcI1DgjT9LewND8MW2K\n" \
	"rf3Spsk/ZkoFnilakGygTwpZ3uesH+PFABNIUYpOiN15dsQRkgr0vEhxN92i2asb\n" \
	"OenSZeyaxziK72UwxrrKoExv6kc5twXTq4h+QChLOln0/mtUZwfsRaMStPs6mS6X\n" \
	"rgxnxbWhojf663tuEQueGC+FCMfra36C9knDFGzKsNa7LZK2djYgyD3JR/MB/4NU\n" \
	"JW/TqOQtwHYbxevoJArm+L5StowjzGy+/bq6GwIDAQABAoIBAQCQt20iPoZsOSz8\n" \
	"CkJJNhC16Vw222UqI7I/Mytcd4j7KTUXv6SkPFjj5Zjk1ZXkqe1oR5dLWPzYTfvn\n" \
	"HGFYwdfK+Nh5w9P1+nBH8z2BXyf0euHZqdOlMP3cO3rbKlbfIOwnMGdOeti7WLBZ\n" \
	"GAEqsRhjjqoBkisDbEDCebZfu4ZHWGCGSoOnRWqPeRtILPVfJ8Kzr8t6EHC3EcjK\n" \
	"HxGKnLjSnbiag4BuDFXDevFP++W3dRV7hY7cmQk7OWlR/4pNUjY+2Cb50BHFMS0T\n" \
	"6J37g4mvSH4r5UWzdVKd1VMjOdLF/KuPwgsvowb9S/xgC7tUgtIHeU5bTzn7ioTc\n" \
	"POCtOODJAoGBANa+dl5OOnPi7HweT+ONqe2rXT1K8UEsuJrYv7WSNzIH9hLhVW1K\n" \
	"Awb2kUPklsZG5JqBMy+yV66EgY0qyt2CEIGHTIMgBD0z417/4SNv9Xk0j1WX8y9J\n" \
	"X3zZ9NyF6lheTAxbqFGBNIc29r4a5Tf6yq23wyMFG06444InkW8AugpdAoGBAMC2\n" \
	"9+ce4ZkFmbFiZgf75XvO4oYGdfUvJQRETiyLGRuGsmVXvR4vYA1QjgZlA3Wg2FU0\n" \
	"jcf/BcsNWGGvVxqxpw3sNNCdvHEVKHgQf4yiNaJmtDq79U/WlyFsSsHeIL8RSJjl\n" \
	"q90ES/ShAUc5NkWrVAZ5g2SUyAH8E7NIOvFGR77XAoGAZK+YwE7diUh0qR1tR7w8\n" \
	"WHtolDx3MZ/OTowiFvgfeQ3SiresXjm9gZ5KLhMXvo+uz+KUJWDxS5pFQ/M0evdo\n" \
	"1dKiRTjVw/x4NyqyXPM5nULPkcpU827rnpZzAJKpdhWAgqrXGKAECQH0Xt4taznj\n" \
	"nd/zVpAmZZq60WPMBMfKcuECgYAOrSB+AnUN0UZeIu9ARme4oQ3RRSawkHGSPJ1z\n" \
	"ePhlh0GIxEDLzrHS8cKPLBwyVhiDjKgLhhlr2E1VyyOoDcV6IvX2uTyDpCfb1O3R\n" \
	"yPyqrIWnP280MFR8ICIlV4RI6MkNk9gd0djy/Vv6j5nZfm28vH5MJ6R/ujHJ4oNS\n" \
	"opaOKwKBgFSDKTGGz3+O3U9cP8w1F3z4prEnoJzDgNc02l+2hpP/Lq2OkfPmVtRc\n" \
	"VOwJVgMi1sm6qurdelRXe4UHdMun5VCuEpTsnQetYMGpzrFxjgDr/NnB6tBN3i+B\n" \
	"67WZFLir5z6zJ7FFBZX1Hcm1c8co8/SRf18mmNeGq3S0o3+C/xTW\n"
#define RFC7516_A2_KEY                                                       \
	"MIIEpAIBAAKCAQEAsXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bO\n" \
	"dgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hGzHHyXss8U\n" \
	"DprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy/c4gs/7s\n" \
	"vlJJQ4H9/NxsiIoLwAEk7+Q3UXERGYw/75IDrGA84+lA/+Ct4eTlXHBIY2EaV7t7\n" \
	"LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF/RJLqHpM2kgWFLU7+VTdL1VbC2tej\n" \
	"vcI2BlMkEpk1BzBZI0KQB0GaDWFLN+aEAw3vRwIDAQABAoIBAFRQljql6/J72Tcm\n" \
	"miS13ZzT12SkWlgo5FOUNnoEEKUwTMIaazM1s6UfEsatTj04YfyejFA/Gd+cJMvW\n" \
	"/HhDtKcDUvMZYdZThUUQaDagyClTpLtGmW/q8p6vHMYw0y2UOhc+40o0dSpaKfmC\n" \
	"mlB3PRrBKH0KmK7j4c0gPkIGo2Rj2xP9GWlQyR38ne1FAVCrpxTEnG35WAADmCal\n" \
	"SFcGmEec1hBHHlIzZ0zaPwlUo/lb1yzuVWXwlAFS4FuHaX9Uq7WY0rd+GC7EWq0m\n" \
	"9du63hvw1MIPQofisr409UpB4FFkVRnMpcu7r1RkUg8LF8qXazYpzwOI5YaDXYsy\n" \
	"tsxdglkCgYEA9gY2w6I6S6L0juEKsbeDAwpd9WMfgqFoeA9vEyEUuk4kLwBKcoe1\n" \
	"x4HG68ik918hdDSE9vDQSccA3xXHOAFOPJ8R9EeIAbTi1VwBYnbTp87X+xcPWlEP\n" \
	"krdoUKW60tgs1aNd/Nnc9LEVVPMS390zbFxt8TN/biaBgelNgbC95sMCgYEAuKlC\n" \
	"KvKv/ZJMVcdIs5vVSU/6cPtYI1ljWytExV/skstvRSNi9r66jdd9+yBhVfuG4shs\n" \
	"p2j7rGnIio901RBeHo6TPKWVVykPu1iYhQXw1jIABfw+MVsN+3bQ76WLdt2SDxsH\n" \
	"s7q7zPyUyHXmps7ycZ5c72wGkUwNOjYelmkiNS0CgYEAw0kZbV63cVRvVX6yk3C8\n" \
	"cMxo2qCM4Y8nsq1lmMSYhG4EcL6FWbX5h9yuvngs4iLEFk6eALoUS4vIWEwcL4tx\n" \
	"w9LsWH/zKI+hwoReoP77cOdSL4AVcraHawlkpyd2TWjE5evgbhWtOxnZee3cXJBk\n" \
	"Ai64Ik6jZxbvk+RR3pEhnCsCgYEAo/8V14SezckO6CNLKs/btPdFiO9/kC1DsuUT\n" \
	"d2LAfIIVeMZ7jn1Gus/Ff7B7IVx3p5KuBGOVF8L+qifLb6nQnLysgHDh132NDioZ\n" \
	"khH7mI7hPG+PYE/odApKdnqECHWw0J+F0JWnUd6D2B/1TvF9mXA2Qx+iGYn8OVV1\n" \
	"Bsmp6qUCgYB42GjnJEEQHGEYG1BHDD1CKtmwHrpOt8VF4b8Jy14jVoKd5PQQsaFi\n" \
	"VGUK1SRNFyUh+4Q+Y2w0M9suguqoJXOcVu90HvH5OX6bSX94VOPYqKrAaoT09kH2\n" \
	"c1PAxW8fdVFFItYAK8+dKLA/w3lSzL5ZFdL5XtNunEiG96lN8TQ02g==\n"

#define RFC7516_A1                                                                                                   \
	"eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ."                                                            \
	"OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe"                                           \
	"ipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_" \
	"lDp5Xn"                                                                                                     \
	"ZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_"                                                               \
	"tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQ"                                       \
	"r66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGdXKHzg.48V1_ALb6US04U3b.5eym8TW_"                           \
	"c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9o"                                                                           \
	"Mo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ"
#define RFC7516_A2                                                                                        \
	"eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.UGhIOguC7IuEvf_"                             \
	"NPVaXsGMoLOmwvc1GyqlIKOK1nN94nHPoltGRhWhw7Zx0"                                                   \
	"-kFm1NJn8LE9XShH59_i8J0PH5ZZyNfGy2xGdULU7sHNF6Gp2vPLgNZ__deLKxGHZ7PcHALUzoOegEI-8E66jX2E4zyJKx-" \
	"YxzZIItRzC5hlRirb"                                                                               \
	"6Y5Cl_p-ko3YvkkysZIFNPccxRU7qve1WYPxqbb2Yw8kZqa2rMWI5ng8OtvzlV7elprCbuPhcCdZ6XDP0_F8rkXds2vE4X-" \
	"ncOIM8hAYHHi29NX0"                                                                               \
	"mcKiRaD0-D-ljQTP-cFPgwCp6X-nZZd9OHBv-B3oWh2TbqmScqXMR4gp_A.AxY8DCtDaGlsbGljb3RoZQ."              \
	"KDlTtXchhZTGufMYmOYGS4HffxPSUr"                                                                  \
	"fmqCHXaI9wOGY.9hH0vgRfYgPnAHOd8stkvw"

static const struct {
	const char *key, *token, *plaintext, *alg, *enc;
} examples[] = {
        {RFC7516_A1_KEY, RFC7516_A1, "The true sign of intelligence is not knowledge but imagination.", "RSA-OAEP",
         "A256GCM"},
        {RFC7516_A2_KEY, RFC7516_A2, "Live long and prosper.", "RSA1_5", "A128CBC-HS256"},
};

START_TEST(example)
{
	arena_auto *a = arena_new();
	const char *pem = arena_printf(a, "-----BEGIN RSA %s KEY-----\n%s-----END RSA %s KEY-----\n", "PRIVATE",
	                               examples[_i].key, "PRIVATE");
	struct jwe jwe;

	jwe_decrypt(a, sv_of(examples[_i].token), sv_of(pem), &jwe);
	ck_assert_msg(jwe.reason == JWE_DECRYPTED, "%s", jwe.problem);
	ck_assert_str_eq(jwe.alg, examples[_i].alg);
	ck_assert_str_eq(jwe.enc, examples[_i].enc);
	ck_assert_ptr_null(jwe.cty);
	ck_assert_ptr_null(jwe.problem);
	assert_sv_eq(jwe.plaintext, sv_of(examples[_i].plaintext));
	jwe_release(&jwe);
}
END_TEST

/* --- both ways ----------------------------------------------------------------------------------------------------- */

static const char *const algs[] = {"RSA-OAEP-256", "RSA-OAEP", "RSA1_5"};
static const char *const encs[] = {"A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "A128GCM", "A192GCM", "A256GCM"};

START_TEST(both_ways)
{
	static const struct sv texts[] = {
	        {"", 0}, {"x", 1}, {"sixteen bytes\0 ..", 16}, {SEALED_INSIDE, sizeof SEALED_INSIDE - 1}};
	arena_auto *a = arena_new();
	struct jwe_wish w = sealed_wish();
	struct jwe jwe;

	w.alg = algs[_i / 6];
	w.enc = encs[_i % 6];
	w.kid = "lp-1";
	for (size_t k = 0; k < 4; k++) {
		w.plaintext = texts[k];
		jwe_decrypt(a, sv_of(sealed_encrypt(a, &w)), sv_of(sealed.private_pem), &jwe);
		ck_assert_msg(jwe.reason == JWE_DECRYPTED, "%s %s: %s", w.alg, w.enc, jwe.problem);
		assert_sv_eq(jwe.plaintext, texts[k]);
		ck_assert_str_eq(jwe.alg, w.alg);
		ck_assert_str_eq(jwe.enc, w.enc);
		ck_assert_str_eq(jwe.cty, "JWT");
		ck_assert_str_eq(json_string_value(json_object_get(jwe.header, "kid")), "lp-1");
		ck_assert_uint_eq(jwe.parts, 5);
		jwe_release(&jwe);
	}
}
END_TEST

/* --- other things -------------------------------------------------------------------------------------------------- */

static const struct {
	const char *token;
	size_t parts;
	const char *problem;
} counts[] = {{"", 1, "1 part,"}, {"a.b.c", 3, "3 parts"}, {"a.b.c.d", 4, "4 parts"}, {"a.b.c.d.e.f", 6, "6 parts"}};

START_TEST(part_count)
{
	arena_auto *a = arena_new();
	struct jwe jwe;

	jwe_decrypt(a, sv_of(counts[_i].token), sv_of(sealed.private_pem), &jwe);
	ck_assert_int_eq(jwe.reason, JWE_NOT_COMPACT);
	ck_assert_uint_eq(jwe.parts, counts[_i].parts);
	assert_contains(jwe.problem, counts[_i].problem);
	jwe_release(&jwe);
}
END_TEST

/* Our own key's fault is told from the token's. */
START_TEST(bad_key)
{
	arena_auto *a = arena_new();
	struct jwe_wish w = sealed_wish();
	const char *token = sealed_encrypt(a, &w);
	EVP_PKEY *ec = EVP_EC_gen("prime256v1");
	struct bio_st *bio = BIO_new(BIO_s_mem()), *locked = BIO_new(BIO_s_mem());
	char *text = NULL, *encrypted = NULL, passphrase[] = "secret";
	struct jwe jwe;

	ck_assert_int_eq(PEM_write_bio_PrivateKey(bio, ec, NULL, NULL, 0, NULL, NULL), 1);
	long n = BIO_get_mem_data(bio, &text);
	struct bio_st *plain = BIO_new_mem_buf(sealed.private_pem, -1);
	EVP_PKEY *rsa = PEM_read_bio_PrivateKey(plain, NULL, NULL, NULL);
	ck_assert_int_eq(PEM_write_bio_PKCS8PrivateKey(locked, rsa, EVP_aes_128_cbc(), passphrase, 6, NULL, NULL), 1);
	long encrypted_n = BIO_get_mem_data(locked, &encrypted);
	const struct sv wrong[] = {
	        SV(""), SV("key"), sv_of(sealed.public_pem), {encrypted, (size_t)encrypted_n}, {text, (size_t)n},
	        SV_NONE};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		jwe_decrypt(a, sv_of(token), wrong[i], &jwe);
		ck_assert_int_eq(jwe.reason, JWE_BAD_KEY);
		assert_contains(jwe.problem, "no private RSA key");
		ck_assert_ptr_null(jwe.plaintext.p);
		jwe_release(&jwe);
	}
	BIO_free(bio);
	BIO_free(plain);
	BIO_free(locked);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(rsa);
}
END_TEST

START_TEST(bad_wish)
{
	arena_auto *a = arena_new();
	struct jwe_wish w[4] = {sealed_wish(), sealed_wish(), sealed_wish(), sealed_wish()};
	static const char *const words[] = {"no key encryption 'dir'", "no content encryption 'A512GCM'",
	                                    "recipient's key", "65535"};

	w[0].alg = "dir";
	w[1].enc = "A512GCM";
	w[2].public_pem = SV("no key");
	w[3].compressed = true;
	w[3].plaintext = (struct sv){arena_alloc(a, 65536), 65536};
	for (int i = 0; i < 4; i++) {
		struct err e = {0};
		ck_assert_ptr_null(jwe_encrypt(a, &w[i], &e));
		assert_contains(e.text, words[i]);
	}
}
END_TEST

/* As large as a body can be, and nothing but dots, brackets or content: work stays in proportion. */
START_TEST(hostile_sizes)
{
	arena_auto *a = arena_new();
	char *large = arena_alloc(a, LIMIT_BODY + 1);
	struct jwe_wish w = sealed_wish();
	struct jwe jwe;

	memset(large, '.', LIMIT_BODY);
	jwe_decrypt(a, (struct sv){large, LIMIT_BODY}, sv_of(sealed.private_pem), &jwe);
	ck_assert_int_eq(jwe.reason, JWE_NOT_COMPACT);
	memset(large, '[', LIMIT_BODY);
	const char *header = base64_encode(a, BASE64_URL, (struct sv){large, LIMIT_BODY});
	jwe_decrypt(a, sv_of(arena_printf(a, "%s.AAAA.AAAA.AAAA.AAAA", header)), sv_of(sealed.private_pem), &jwe);
	ck_assert_int_eq(jwe.reason, JWE_BAD_HEADER);
	jwe_decrypt(a, sv_of(sealed_with_part(a, sealed_encrypt(a, &w), 2, header, 0)), sv_of(sealed.private_pem),
	            &jwe);
	ck_assert_int_eq(jwe.reason, JWE_OTHER_KEY);
	jwe_release(&jwe);
	w.plaintext = (struct sv){large, LIMIT_BODY};
	jwe_decrypt(a, sv_of(sealed_encrypt(a, &w)), sv_of(sealed.private_pem), &jwe);
	ck_assert_int_eq(jwe.reason, JWE_DECRYPTED);
	ck_assert_uint_eq(jwe.plaintext.n, LIMIT_BODY);
	jwe_release(&jwe);
	memset(large, 'A', LIMIT_BODY);
	w.alg_written = large;
	jwe_decrypt(a, sv_of(sealed_encrypt(a, &w)), sv_of(sealed.private_pem), &jwe);
	ck_assert_int_eq(jwe.reason, JWE_UNKNOWN_ALG);
	ck_assert_uint_lt(strlen(jwe.problem), 300);
	jwe_release(&jwe);
}
END_TEST

/* Cut anywhere, or with any byte changed, it never opens to something else. */
START_TEST(any_damage)
{
	arena_auto *a = arena_new();
	struct jwe_wish w = sealed_wish();
	const char *token = sealed_encrypt(a, &w);
	size_t n = strlen(token);
	struct jwe jwe;

	for (size_t i = 0; i < n; i += 7) {
		char *changed = arena_text(a, token);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		jwe_decrypt(a, (struct sv){token, i}, sv_of(sealed.private_pem), &jwe);
		ck_assert_int_ne(jwe.reason, JWE_DECRYPTED);
		jwe_release(&jwe);
		jwe_decrypt(a, sv_of(changed), sv_of(sealed.private_pem), &jwe);
		ck_assert_msg(jwe.reason != JWE_DECRYPTED || sv_eq(jwe.plaintext, SV(SEALED_INSIDE)), "at %zu", i);
		jwe_release(&jwe);
	}
}
END_TEST

START_TEST(meant_names)
{
	ck_assert_str_eq(jwe_alg_meant(SV("rsa_oaep_256")), "RSA-OAEP-256");
	ck_assert_str_eq(jwe_alg_meant(SV("RSA_OAEP")), "RSA-OAEP");
	ck_assert_str_eq(jwe_alg_meant(SV("RSA1-5")), "RSA1_5");
	ck_assert_ptr_null(jwe_alg_meant(SV("RSAOAEP256")));
	ck_assert_ptr_null(jwe_alg_meant(SV("")));
	ck_assert_str_eq(jwe_enc_meant(SV("A128CBC_HS256")), "A128CBC-HS256");
	ck_assert_str_eq(jwe_enc_meant(SV("a256gcm")), "A256GCM");
	ck_assert_ptr_null(jwe_enc_meant(SV("A256")));
	ck_assert_ptr_null(jwe_enc_meant(SV_NONE));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jose: jwe");
	TCase *t = tcase_create("jwe");

	sealed_make();
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, example, 0, (int)(sizeof examples / sizeof *examples));
	tcase_add_loop_test(t, both_ways, 0, 18);
	tcase_add_loop_test(t, part_count, 0, (int)(sizeof counts / sizeof *counts));
	tcase_add_test(t, bad_key);
	tcase_add_test(t, bad_wish);
	tcase_add_test(t, hostile_sizes);
	tcase_add_test(t, any_damage);
	tcase_add_test(t, meant_names);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sealed_free();
	return status;
}
