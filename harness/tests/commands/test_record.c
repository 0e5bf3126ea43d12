/* Certification records: what verifies, and what must not. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/ran.h"
#include "commands/record.h"
#include "core/buf.h"
#include "jose/jwe.h"
#include "jose/sign_read.h"
#include "report/report.h"
#include "testing.h"

struct scene {
	const char *folder, *key, *public_key, *jwks, *results;
};

/* What results a record is made of. */
static void write_results(struct arena *a, const char *path, enum verdict verdict, const char *accepted)
{
	struct result one = {.suite = "token-endpoint",
	                     .scenario = "valid-code",
	                     .requirement = "token.status-200",
	                     .title = "It is answered with status 200.",
	                     .level = LEVEL_MUST,
	                     .verdict = verdict,
	                     .expected = "status 200",
	                     .observed = "status 500",
	                     .reason = "no answer",
	                     .accepted = accepted};
	struct results r = {.tool = "brandcert 0.1.0",
	                    .suite_digest = "0123",
	                    .target = "acme",
	                    .profile = "liveperson",
	                    .token_endpoint = "https://user@acme.test:8443/oauth/token?x=1",
	                    .started_ms = 1795262400000,
	                    .ended_ms = 1795262401000,
	                    .v = &one,
	                    .n = 1};
	struct buf out = {.cap = BUF_OWN};
	struct err e = {0};

	results_count(&r);
	ck_assert_int_eq(report_json(&r, &(struct report_options){0}, &out, &e), 0);
	testing_write(arena_text(a, path), buf_sv(&out));
	buf_release(&out);
}

static struct scene make_scene(struct arena *a, enum verdict verdict, const char *accepted)
{
	const char *folder = testing_folder(a), *private_pem, *public_pem;
	struct scene s = {.folder = folder,
	                  .key = arena_printf(a, "%s/key.pem", folder),
	                  .public_key = arena_printf(a, "%s/public.pem", folder),
	                  .jwks = arena_printf(a, "%s/jwks.json", folder),
	                  .results = arena_printf(a, "%s/results.json", folder)};
	struct err e = {0};

	ck_assert_int_eq(jwe_make_key(a, 2048, &private_pem, &public_pem, &e), 0);
	testing_write(s.key, sv_of(private_pem));
	ck_assert_int_eq(chmod(s.key, 0600), 0);
	testing_write(s.public_key, sv_of(public_pem));
	struct signing_key *k = signing_key_read(sv_of(private_pem), &e);
	ck_assert_ptr_nonnull(k);
	testing_write(s.jwks, sv_of(arena_printf(a, "{\"keys\":[%s]}",
	                                         signing_key_jwk(a, k, signing_key_thumbprint(a, k), "RS256"))));
	signing_key_free(k);
	write_results(a, s.results, verdict, accepted);
	return s;
}

static char *made(struct arena *a, const struct scene *s)
{
	struct ran r = RAN(a, s->folder, "brandcert", "certify-record", "results.json", "--key", "key.pem");

	ck_assert_int_eq(r.status, 0);
	testing_write(arena_printf(a, "%s/record", s->folder), sv_of(r.out));
	return arena_text(a, r.out);
}

static struct ran verified(struct arena *a, const struct scene *s)
{
	return RAN(a, s->folder, "brandcert", "verify-record", "record", "--public-key", "public.pem");
}

START_TEST(a_pass_verifies_and_is_printed)
{
	arena_auto *a = arena_new();
	struct scene s = make_scene(a, VERDICT_PASS, NULL);
	const char *record = made(a, &s);
	struct ran r = verified(a, &s);

	ck_assert_int_eq(r.status, 0);
	ck_assert_msg(strncmp(r.out, "CONFORMANT\n", 11) == 0, "%s", r.out);
	assert_contains(r.out, "https://acme.test:8443\n");
	assert_contains(r.out, "2026-11-21T12:00:00Z");
	assert_lacks(r.out, "user@");
	r = RAN(a, s.folder, "brandcert", "verify-record", "record", "--jwks", "jwks.json", "--results",
	        "results.json");
	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "RS256, key ");
	ck_assert_ptr_nonnull(record);
}
END_TEST

/* Whatever is no pass says so when it is made, in its claims, and when it is verified. */
START_TEST(what_is_no_pass_cannot_be_taken_for_one)
{
	static const struct {
		enum verdict verdict;
		const char *accepted, *said;
	} rows[] = {
	        {VERDICT_FAIL, NULL, "1 failed"},
	        {VERDICT_FAIL, "known", "1 failed as was expected"},
	        {VERDICT_ERROR, NULL, "1 could not be judged"},
	        {VERDICT_SKIP, NULL, "nothing was judged"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		arena_auto *a = arena_new();
		struct scene s = make_scene(a, rows[i].verdict, rows[i].accepted);
		struct ran r = RAN(a, s.folder, "brandcert", "certify-record", "results.json", "--key", "key.pem",
		                   "--output", "record");
		ck_assert_int_eq(r.status, 0);
		assert_contains(r.err, arena_printf(a, "NOT CONFORMANT: %s", rows[i].said));
		r = verified(a, &s);
		ck_assert_int_eq(r.status, 1);
		assert_contains(r.out, arena_printf(a, "NOT CONFORMANT: %s\n", rows[i].said));
		assert_lacks(r.out, "DOES NOT VERIFY");
	}
}
END_TEST

START_TEST(one_byte_changed_anywhere_does_not_verify)
{
	static const char *const tails[] = {"A", "=", ".", "\n", " ", ".e30"};
	arena_auto *a = arena_new();
	struct scene s = make_scene(a, VERDICT_PASS, NULL);
	char *record = made(a, &s);
	struct err e = {0};
	struct jwks keys;
	struct record r;

	record[strlen(record) - 1] = '\0'; /* the line feed */
	ck_assert_int_eq(jwks_parse(a, sv_of(testing_read(a, s.jwks)), &keys, &e), 0);
	for (size_t i = 0; i < strlen(record); i++) {
		arena_auto *b = arena_new();
		char was = record[i];
		record[i] = was == 'A' ? 'B' : 'A';
		ck_assert_msg(record_verify(b, sv_of(record), &keys, &r), "byte %zu may be changed", i);
		record[i] = was;
	}
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
		ck_assert_ptr_nonnull(record_verify(a, sv_of(arena_printf(a, "%s%s", record, tails[i])), &keys, &r));
	ck_assert_ptr_null(record_verify(a, sv_of(record), &keys, &r));
	json_decref(r.claims);
	jwks_release(&keys);
}
END_TEST

/* Signed by the right key, and yet no record. */
START_TEST(other_tokens_of_the_same_key_are_no_records)
{
	static const struct {
		const char *header, *payload, *said;
	} rows[] = {
	        {"{\"alg\":\"RS256\"}", NULL, "its typ is not"},
	        {"{\"alg\":\"RS256\",\"typ\":\"JWT\"}", NULL, "its typ is not"},
	        {"{\"alg\":\"none\",\"typ\":\"" RECORD_TYP "\"}", NULL, "its alg is none that a record may have"},
	        {"{\"alg\":\"HS256\",\"typ\":\"" RECORD_TYP "\"}", NULL, "its alg is none that a record may have"},
	        {"{\"alg\":\"PS256\",\"typ\":\"" RECORD_TYP "\"}", NULL, ""},
	        {"{\"alg\":\"RS256\",\"typ\":\"" RECORD_TYP "\",\"crit\":[\"b64\"]}", NULL, "crit"},
	        {"{\"alg\":\"RS256\",\"typ\":\"" RECORD_TYP "\"}", "{}", "no record of version 1"},
	        {"{\"alg\":\"RS256\",\"typ\":\"" RECORD_TYP "\"}", "[]", "no record of version 1"},
	        {"{\"alg\":\"RS256\",\"typ\":\"" RECORD_TYP "\"}", "{\"record\":1,\"conformant\":\"yes\"}",
	         "neither true nor false"},
	};
	arena_auto *a = arena_new();
	struct scene s = make_scene(a, VERDICT_PASS, NULL);
	const char *record = made(a, &s);
	struct err e = {0};
	struct jws jws;
	struct signing_key *k = signing_key_read(sv_of(testing_read(a, s.key)), &e);

	jws_split(a, (struct sv){record, strlen(record) - 1}, &jws);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *payload = rows[i].payload ? rows[i].payload : arena_sv(a, jws.payload);
		testing_write(arena_printf(a, "%s/record", s.folder),
		              sv_of(signing_compact(a, k, ALG_RS256, rows[i].header, payload, &e)));
		struct ran r = verified(a, &s);
		ck_assert_int_eq(r.status, 1);
		assert_contains(r.out, "DOES NOT VERIFY");
		assert_contains(r.out, rows[i].said);
	}
	signing_key_free(k);
}
END_TEST

/* A pass in words whose numbers say otherwise. */
START_TEST(a_record_that_contradicts_itself_is_none)
{
	arena_auto *a = arena_new();
	struct results r = {.tool = "t", .target = "x", .profile = "strict", .token_endpoint = "https://x.test/t"};
	struct result one = {.requirement = "token.status-200", .verdict = VERDICT_PASS};

	r.v = &one;
	r.n = 1;
	results_count(&r);
	json_auto_t *claims = record_claims(a, &r, "00", 1);
	ck_assert_ptr_null(record_problem(a, claims));
	json_object_set_new(json_object_get(claims, "totals"), "fail", json_integer(1));
	assert_contains(record_problem(a, claims), "contradicts itself");
	one.verdict = VERDICT_FAIL;
	results_count(&r);
	json_auto_t *failed = record_claims(a, &r, "00", 1);
	ck_assert_ptr_null(record_problem(a, failed));
	json_object_set_new(failed, "conformant", json_true());
	assert_contains(record_problem(a, failed), "contradicts itself");
}
END_TEST

START_TEST(other_keys_and_other_results_are_told)
{
	arena_auto *a = arena_new();
	struct scene s = make_scene(a, VERDICT_PASS, NULL), other = make_scene(a, VERDICT_PASS, NULL);
	struct ran r;

	made(a, &s);
	r = RAN(a, s.folder, "brandcert", "verify-record", "record", "--public-key", other.public_key);
	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "DOES NOT VERIFY");
	write_results(a, other.results, VERDICT_WARN, NULL);
	r = RAN(a, s.folder, "brandcert", "verify-record", "record", "--public-key", "public.pem", "--results",
	        other.results);
	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "the SHA-256 is another");
}
END_TEST

START_TEST(bad_input_is_refused_and_loses_nothing)
{
	static const struct {
		const char *file, *content, *said;
	} keys[] = {
	        {"none", "no key", "no private key in PEM"},
	        {"public", "-----BEGIN PUBLIC KEY-----\n", "is a public key"},
	        {"locked", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
	         "passphrase"},
	        {"certificate", "-----BEGIN CERTIFICATE-----\n", "is a certificate"},
	};
	arena_auto *a = arena_new();
	struct scene s = make_scene(a, VERDICT_PASS, NULL);
	struct ran r;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		testing_write(arena_printf(a, "%s/%s", s.folder, keys[i].file), sv_of(keys[i].content));
		r = RAN(a, s.folder, "brandcert", "certify-record", "results.json", "--key", keys[i].file);
		ck_assert_int_eq(r.status, 2);
		assert_contains(r.err, keys[i].said);
		assert_lacks(r.err, "AAAA");
	}
	const char *private_pem, *public_pem;
	struct err e = {0};
	ck_assert_int_eq(jwe_make_key(a, 1024, &private_pem, &public_pem, &e), 0);
	testing_write(arena_printf(a, "%s/weak", s.folder), sv_of(private_pem));
	r = RAN(a, s.folder, "brandcert", "certify-record", "results.json", "--key", "weak");
	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "1024 bits");
	testing_write(arena_printf(a, "%s/record", s.folder), SV("precious"));
	r = RAN(a, s.folder, "brandcert", "certify-record", "results.json", "--key", "key.pem", "--output", "record");
	ck_assert_int_eq(r.status, 2);
	ck_assert_str_eq(testing_read(a, arena_printf(a, "%s/record", s.folder)), "precious");
	r = RAN(a, s.folder, "brandcert", "verify-record", "record");
	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "--jwks FILE or --public-key FILE");
	ck_assert_int_eq(RAN(a, s.folder, "brandcert", "certify-record", "results.json").status, 2);
	ck_assert_int_eq(chmod(s.key, 0644), 0);
	r = RAN(a, s.folder, "brandcert", "certify-record", "results.json", "--key", "key.pem");
	ck_assert_int_eq(r.status, 0);
	assert_contains(r.err, "others may read the private key");
}
END_TEST

/* RFC 7638 §3.1 has the thumbprint of this modulus; what matters here is that ours is the one of the canonical JWK. */
START_TEST(keys_choose_their_algorithm)
{
	static const struct {
		const char *curve;
		enum jose_alg alg;
	} rows[] = {{"P-256", ALG_ES256}, {"P-384", ALG_ES384}, {"P-521", ALG_ES512}};
	struct err e = {0};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct signing_key *k = signing_key_ec(rows[i].curve, &e);
		ck_assert_int_eq(signing_key_alg(k), rows[i].alg);
		signing_key_free(k);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("record");
	TCase *c = tcase_create("record");

	tcase_add_test(c, a_pass_verifies_and_is_printed);
	tcase_add_test(c, what_is_no_pass_cannot_be_taken_for_one);
	tcase_add_test(c, one_byte_changed_anywhere_does_not_verify);
	tcase_add_test(c, other_tokens_of_the_same_key_are_no_records);
	tcase_add_test(c, a_record_that_contradicts_itself_is_none);
	tcase_add_test(c, other_keys_and_other_results_are_told);
	tcase_add_test(c, bad_input_is_refused_and_loses_nothing);
	tcase_add_test(c, keys_choose_their_algorithm);
	suite_add_tcase(s, c);
	return testing_run(s);
}
