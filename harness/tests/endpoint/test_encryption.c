#include "endpoint/faults.h"
#include "jose/jwe.h"
#include "seen.h"

/* id_tokens as their recipient sees them, with the key that the tenant's facts hold. */

static struct rig rig;

static void set_up(void)
{
	struct err e = {0};

	rig_init(&rig);
	ck_assert_ptr_nonnull(keys_recipient(brand_keys(rig.b), RECIPIENT_RIGHT, &e));
	ck_assert_ptr_nonnull(keys_recipient(brand_keys(rig.b), RECIPIENT_OTHER, &e));
}

static void tear_down(void)
{
	rig_release(&rig);
}

enum inside { NOTHING, SIGNED, CLAIMS };

static const struct {
	const char *mode;
	size_t parts;
	enum jwe_reason reason;
	const char *alg, *enc, *cty;
	enum inside inside;
} modes[] = {
        {"correct-a256gcm", 5, JWE_DECRYPTED, "RSA-OAEP-256", "A256GCM", "JWT", SIGNED},
        {"correct-a128cbc-hs256", 5, JWE_DECRYPTED, "RSA-OAEP-256", "A128CBC-HS256", "JWT", SIGNED},
        {"off", 3, JWE_NOT_COMPACT, NULL, NULL, NULL, NOTHING},
        {"rsa1-5", 5, JWE_DECRYPTED, "RSA1_5", "A256GCM", "JWT", SIGNED},
        {"rsa-oaep", 5, JWE_DECRYPTED, "RSA-OAEP", "A256GCM", "JWT", SIGNED},
        {"dir", 5, JWE_UNKNOWN_ALG, "dir", "A256GCM", "JWT", NOTHING},
        {"underscore-alg", 5, JWE_DECRYPTED, "RSA_OAEP_256", "A256GCM", "JWT", SIGNED},
        {"unknown-enc", 5, JWE_UNKNOWN_ENC, "RSA-OAEP-256", "A512GCM", "JWT", NOTHING},
        {"no-cty", 5, JWE_DECRYPTED, "RSA-OAEP-256", "A256GCM", NULL, SIGNED},
        {"other-recipient", 5, JWE_OTHER_KEY, "RSA-OAEP-256", "A256GCM", "JWT", NOTHING},
        {"unsigned", 5, JWE_DECRYPTED, "RSA-OAEP-256", "A256GCM", "JWT", CLAIMS},
        {"bad-tag", 5, JWE_BAD_TAG, "RSA-OAEP-256", "A256GCM", "JWT", NOTHING},
        {"compressed", 5, JWE_COMPRESSED, "RSA-OAEP-256", "A256GCM", "JWT", NOTHING},
};
#define MODES (sizeof modes / sizeof *modes)

static const char *faults_of(const char *mode)
{
	return arena_printf(rig.a, "[{\"encrypt\": \"%s\"}]", mode);
}

static void assert_text(const char *have, const char *want)
{
	ck_assert_msg((!have && !want) || (have && want && strcmp(have, want) == 0), "have '%s', want '%s'",
	              have ? have : "nothing", want ? want : "nothing");
}

/* The token is signed with the brand's key. */
static void assert_verifies(struct seen *s, struct sv token)
{
	const struct jws_context context = {.keys = &s->keys};
	struct jws_diagnosis d;
	struct jws jws;

	jws_split(rig.a, token, &jws);
	jws_diagnose(rig.a, &jws, &context, &d);
	ck_assert_msg(d.reason == JWS_VERIFIED, "%s", d.sentence);
}

START_TEST(mode_shows)
{
	struct seen s;
	struct jwe jwe;

	seen_init(&s, &rig, faults_of(modes[_i].mode));
	ck_assert_ptr_nonnull(rig.t->decryption_key);
	jwe_decrypt(rig.a, sv_of(s.token), sv_of(rig.t->decryption_key), &jwe);
	ck_assert_uint_eq(jwe.parts, modes[_i].parts);
	ck_assert_msg(jwe.reason == modes[_i].reason, "%s: %d, %s", modes[_i].mode, jwe.reason,
	              jwe.problem ? jwe.problem : "");
	assert_text(jwe.alg, modes[_i].alg);
	assert_text(jwe.enc, modes[_i].enc);
	assert_text(jwe.cty, modes[_i].cty);
	if (modes[_i].inside == SIGNED)
		assert_verifies(&s, jwe.plaintext);
	if (modes[_i].inside == CLAIMS)
		assert_contains(jwe.plaintext.p, "\"nonce\":\"the-nonce\"");
	if (modes[_i].parts == 3)
		assert_verifies(&s, sv_of(s.token));
	jwe_release(&jwe);
	seen_release(&s);
}
END_TEST

START_TEST(signed_outside_is_a_signature_around_the_encrypted_claims)
{
	struct seen s;
	struct jwe jwe;

	seen_init(&s, &rig, faults_of("signed-outside"));
	assert_verifies(&s, sv_of(s.token));
	jwe_decrypt(rig.a, s.jws.payload, sv_of(rig.t->decryption_key), &jwe);
	ck_assert_int_eq(jwe.reason, JWE_DECRYPTED);
	assert_contains(jwe.plaintext.p, "\"nonce\":\"the-nonce\"");
	jwe_release(&jwe);
	seen_release(&s);
}
END_TEST

/* at_hash and the faults of the claims are inside, and each token is encrypted anew. */
START_TEST(other_faults_work_inside)
{
	static const char faults[] = "[{\"encrypt\": \"correct-a256gcm\"}, {\"sign\": \"rs512\"},"
	                             " {\"id_token\": {\"remove\": [\"sub\"]}}]";
	struct seen s;
	struct jwe jwe;

	seen_init(&s, &rig, faults);
	jwe_decrypt(rig.a, sv_of(s.token), sv_of(rig.t->decryption_key), &jwe);
	ck_assert_int_eq(jwe.reason, JWE_DECRYPTED);
	assert_verifies(&s, jwe.plaintext);
	struct jws inner;
	jws_split(rig.a, jwe.plaintext, &inner);
	assert_contains(inner.payload.p, "\"at_hash\"");
	assert_lacks(inner.payload.p, "\"sub\"");
	jwe_release(&jwe);
	seen_release(&s);
}
END_TEST

START_TEST(facts_have_the_key_when_encryption_is_agreed)
{
	static const char wish[] = "{\"faults\": [{\"encrypt\": \"off\"}]}";
	struct reply made = rig_control(&rig, "POST", "/control/tenants", wish);

	assert_contains(rig_member(&rig, &made, "decryption_key"), "PRIVATE KEY-----");
	made = rig_control(&rig, "POST", "/control/tenants", "{\"faults\": [{\"sign\": \"none\"}]}");
	ck_assert_ptr_null(rig_member(&rig, &made, "decryption_key"));
}
END_TEST

START_TEST(every_mode_is_tested)
{
	for (const struct fault_doc *d = fault_docs; d->name; d++) {
		size_t i = 0;
		if (strncmp(d->name, "encrypt: ", 9) != 0 || strcmp(d->name + 9, "signed-outside") == 0)
			continue;
		while (i < MODES && strcmp(modes[i].mode, d->name + 9) != 0)
			i++;
		ck_assert_msg(i < MODES, "no test for '%s'", d->name);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("encryption");
	TCase *t = tcase_create("modes");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 60); /* making RSA keys under valgrind */
	tcase_add_loop_test(t, mode_shows, 0, MODES);
	tcase_add_test(t, signed_outside_is_a_signature_around_the_encrypted_claims);
	tcase_add_test(t, other_faults_work_inside);
	tcase_add_test(t, facts_have_the_key_when_encryption_is_agreed);
	tcase_add_test(t, every_mode_is_tested);
	suite_add_tcase(s, t);
	return testing_run(s);
}
