/* brandcert inspect: tokens as support people get them, judged and shown. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "commands/ran.h"
#include "core/text.h"
#include "jose/jwe.h"
#include "jose/sign.h"
#include "loopback.h"
#include "testing.h"

#define AT "2026-11-21T12:00:00Z" /* 1795262400 */
#define GOOD                                                                                                          \
	"\"iss\":\"https://login.acme.example\",\"aud\":\"liveperson\",\"sub\":\"8f14e45f-ceea\",\"iat\":1795262390," \
	"\"exp\":1795265990,\"nonce\":\"n-0S6\""
#define HEADER "{\"alg\":\"RS256\",\"kid\":\"k1\"}"

static struct {
	struct arena *a;
	struct signing_key *key, *other;
	const char *folder;
} w;

static void write(const char *name, const char *text)
{
	testing_write(arena_printf(w.a, "%s/%s", w.folder, name), sv_of(text));
}

/* Once for all tests. */
static void make(void)
{
	struct err e = {0};

	w.a = arena_new();
	w.key = signing_key_rsa(2048, 65537, &e);
	w.other = signing_key_rsa(2048, 65537, &e);
	if (!w.key || !w.other)
		exit(EXIT_FAILURE);
}

/* For each test. */
static void fill(void)
{
	w.folder = testing_folder(w.a);
	write("jwks", arena_printf(w.a, "{\"keys\":[%s]}", signing_key_jwk(w.a, w.key, "k1", "RS256")));
	write("jwk", signing_key_jwk(w.a, w.key, "k1", "RS256"));
	write("pem", signing_key_pem(w.a, w.key));
	write("line", signing_key_line(w.a, w.key));
}

static void drop(void)
{
	signing_key_free(w.key);
	signing_key_free(w.other);
	arena_free(w.a);
}

static const char *signed_by(const struct signing_key *k, const char *claims)
{
	struct err e = {0};
	char *token = signing_compact(w.a, k, ALG_RS256, HEADER, arena_printf(w.a, "{%s}", claims), &e);

	ck_assert_ptr_nonnull(token);
	return token;
}

static const char *token(const char *claims)
{
	return signed_by(w.key, claims);
}

/* With a line feed after every 64 characters, as printed samples have them. */
static const char *broken_up(const char *text)
{
	char *out = arena_alloc(w.a, strlen(text) * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; text[i]; i++) {
		if (i && i % 64 == 0)
			out[n++] = '\n';
		out[n++] = text[i];
	}
	return out;
}

/* The file "token" inspected, with key, client and issuer known, at AT. */
static struct ran inspect(const char *text)
{
	write("token", text);
	return RAN(w.a, w.folder, "brandcert", "inspect", "token", "--jwks", "jwks", "--client-id", "liveperson",
	           "--issuer", "https://login.acme.example", "--nonce", "n-0S6", "--at", AT);
}

/* --- verdicts ------------------------------------------------------------------------------------------------ */

static const struct {
	const char *claims;
	int status;
	const char *shows[3];
} rows[] = {
        {GOOD,
         0,
         {"Nothing wrong was found", "verifies with the registered key 'k1'",
          "2026-11-21T12:59:50Z, 59 min 50 s ahead"}},
        /* the samples of LivePerson's documents */
        {"\"iss\":\"https://login.acme.example\",\"aud\":\"liveperson\",\"sub\":\"8f14e45f-ceea\",\"nonce\":\"n-0S6\","
         "\"iat\":\"1795262390\",\"exp\":\"1795265990\"",
         0,
         {"WARN idtoken.time.number", "1 warning", "10 s ago, as a string"}},
        {"\"iss\":\"https://login.acme.example\",\"aud\":\"liveperson\",\"sub\":\"8f14e45f-ceea\",\"nonce\":\"n-0S6\","
         "\"iat\":1795262390000,\"exp\":1795265990000",
         1,
         {"FAIL idtoken.time.seconds", "divide by 1000", "10 s ago, in milliseconds"}},
        {"\"iss\":\"https://login.acme.example\",\"sub\":\"8f14e45f-ceea\",\"nonce\":\"n-0S6\",\"iat\":1795262390,"
         "\"exp\":1795265990",
         0,
         {"WARN idtoken.aud.present", "there is no aud", "aud"}},
        /* what else goes wrong */
        {"\"iss\":\"https://login.acme.example/\",\"aud\":\"liveperson\",\"sub\":\"8f14e45f-ceea\",\"nonce\":\"n-0S6\","
         "\"iat\":1795262390,\"exp\":1795265990",
         1,
         {"FAIL idtoken.iss.exact", "slash at its end", "1 requirement failed"}},
        {"\"iss\":\"https://login.acme.example\",\"aud\":\"other\",\"sub\":\"8f14e45f-ceea\",\"nonce\":\"n-0S6\","
         "\"iat\":1795262390,\"exp\":1795265990",
         1,
         {"FAIL idtoken.aud.contains-client", "liveperson", "other"}},
        {"\"iss\":\"https://login.acme.example\",\"aud\":\"liveperson\",\"sub\":\"8f14e45f-ceea\",\"nonce\":\"x\","
         "\"iat\":1795262390,\"exp\":1795265990",
         1,
         {"FAIL idtoken.nonce", "n-0S6", "nonce is the string \"x\""}},
        {"\"iss\":\"https://login.acme.example\",\"aud\":\"liveperson\",\"sub\":\"8f14e45f-ceea\",\"nonce\":\"n-0S6\","
         "\"iat\":1795252390,\"exp\":1795255990",
         1,
         {"FAIL idtoken.exp.future", "WARN idtoken.iat.skew", "ago"}},
};

START_TEST(names_what_is_wrong)
{
	struct ran r = inspect(token(rows[_i].claims));

	for (size_t i = 0; i < 3; i++)
		assert_contains(r.out, rows[_i].shows[i]);
	ck_assert_int_eq(r.status, rows[_i].status);
	ck_assert_str_eq(r.err, "");
}
END_TEST

START_TEST(line_breaks_are_named_and_read_over)
{
	struct ran r = inspect(broken_up(token(GOOD)));

	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "FAIL jose.base64url");
	assert_contains(r.out, "line break");
	assert_contains(r.out, "verifies with the registered key 'k1'");
	assert_contains(r.out, "\"sub\": \"8f14e45f-ceea\"");
}
END_TEST

START_TEST(signature_of_another_key_fails)
{
	struct ran r = inspect(signed_by(w.other, GOOD));

	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "FAIL jose.signature");
	assert_lacks(r.out, "the signature verifies");
}
END_TEST

/* What was not looked at is no pass. */
START_TEST(without_a_key_there_is_no_verdict)
{
	write("token", token(GOOD));
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--at", AT);

	ck_assert_int_eq(r.status, 3);
	assert_contains(r.out, "the signature was not verified");
	assert_contains(r.out, "--jwks, --public-key or --target tells it (jose.signature");
	assert_contains(r.out, "--client-id or --target tells it");
	assert_contains(r.out, "--issuer or --target tells it");
	assert_contains(r.out, "--nonce tells it");
	assert_lacks(r.out, "FAIL");
}
END_TEST

START_TEST(age_is_judged_only_when_the_time_is_known)
{
	write("old",
	      token("\"iss\":\"https://a.example\",\"sub\":\"8f14e45f-ceea\",\"iat\":1500000000,\"exp\":9000000000"));
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "old", "--public-key", "pem");
	assert_contains(r.out, "--at tells it (idtoken.iat.skew)");
	/* issued in the future is wrong whenever it came */
	write("new",
	      token("\"iss\":\"https://a.example\",\"sub\":\"8f14e45f-ceea\",\"iat\":9000000000,\"exp\":9000003600"));
	r = RAN(w.a, w.folder, "brandcert", "inspect", "new", "--public-key", "pem");
	assert_contains(r.out, "WARN idtoken.iat.skew");
}
END_TEST

/* --- input --------------------------------------------------------------------------------------------------- */

static const struct {
	const char *around, *note;
} copied[] = {
        {"%s\n", NULL},
        {"  %s\n\n\n", "blanks around it were left out"},
        {"Bearer %s", "'Bearer' in front was left out"},
        {"Authorization: Bearer %s", "'Authorization:' in front was left out"},
        {"\"%s\"", "quotation marks around it were left out"},
        {"id_token=%s&state=xyz", "'id_token' in front was left out"},
        {"  \"id_token\": \"%s\",\n", "'id_token' in front was left out"},
};

START_TEST(what_was_copied_along_is_left_out)
{
	const char *plain = token(GOOD);
	long at = sv_find(sv_of(copied[_i].around), SV("%s"));
	const char *text = arena_printf(w.a, "%.*s%s%s", (int)at, copied[_i].around, plain, copied[_i].around + at + 2);
	struct ran r = inspect(text);

	ck_assert_int_eq(r.status, 0);
	if (copied[_i].note)
		assert_contains(r.out, copied[_i].note);
	else
		assert_lacks(r.out, "Note:");
	/* the same on the command line */
	r = RAN(w.a, w.folder, "brandcert", "inspect", text, "--public-key", "line", "--at", AT);
	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "an id_token in the token of the command line");
}
END_TEST

START_TEST(reads_standard_input)
{
	write("token", token(GOOD));
	const char *command =
	        arena_printf(w.a, "'%s' inspect - --jwks jwk --at " AT " <token", ran_program(w.a, "brandcert"));
	struct ran r = RAN(w.a, w.folder, "sh", "-c", command);

	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "an id_token in standard input");
}
END_TEST

START_TEST(judges_a_token_response)
{
	write("response", arena_printf(w.a,
	                               "{\"access_token\":\"access-token-of-length\",\"token_type\":\"Bearer\","
	                               "\"expires_in\":\"3600\",\"id_token\":\"%s\"}",
	                               token(GOOD)));
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "response", "--jwks", "jwks", "--at", AT);

	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "FAIL token.expires-in");
	assert_contains(r.out, "(token.status-200, token.content-type,");
	assert_lacks(r.out, "access-token-of-length");
}
END_TEST

START_TEST(judges_a_whole_reply_at_its_date)
{
	write("reply", arena_printf(w.a,
	                            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nPragma: no-cache\r\n"
	                            "Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n\r\n"
	                            "{\"access_token\":\"access-token-of-length\",\"token_type\":\"Bearer\","
	                            "\"expires_in\":3600,\"id_token\":\"%s\"}",
	                            token(GOOD)));
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "reply", "--jwks", "jwks");

	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "(the reply's Date header)");
	assert_contains(r.out, "FAIL token.cache-control");
	assert_contains(r.out, "1 requirement failed");
}
END_TEST

START_TEST(opens_an_encrypted_token)
{
	const char *private_pem, *public_pem;
	struct err e = {0};

	ck_assert_int_eq(jwe_make_key(w.a, 2048, &private_pem, &public_pem, &e), 0);
	const struct jwe_wish wish = {.alg = "RSA-OAEP-256",
	                              .enc = "A256GCM",
	                              .cty = "JWT",
	                              .public_pem = sv_of(public_pem),
	                              .plaintext = sv_of(token(GOOD))};
	write("token", jwe_encrypt(w.a, &wish, &e));
	write("private", private_pem);
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--jwks", "jwks", "--at", AT);
	ck_assert_int_eq(r.status, 3);
	assert_contains(r.out, "the token is encrypted: --decryption-key opens it");
	assert_contains(r.out, "\"enc\": \"A256GCM\"");
	r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--jwks", "jwks", "--at", AT, "--decryption-key",
	        "private");
	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "\"sub\": \"8f14e45f-ceea\"");
	/* a key of which nothing is known to be agreed */
	r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--decryption-key", "pem");
	ck_assert_int_eq(r.status, 2);
}
END_TEST

static struct loopback_reply serve(void *self, const struct loopback_request *q)
{
	(void)q;
	return (struct loopback_reply){*(struct sv *)self, LOOPBACK_CLOSE, 0};
}

/* What the address answers is judged; that it does not answer leaves no verdict. */
static const struct {
	int answer;
	const char *body; /* NULL: the true JWKS */
	int status;
	const char *shows;
} published[] = {
        {200, NULL, 0, "the signature verifies with the registered key 'k1'"},
        {404, NULL, 1, "status 404, not with"},
        {200, "<html>", 1, "the JWKS cannot be read"},
        {0, NULL, 3, "no JWKS could be had"},
};

START_TEST(fetches_the_published_keys)
{
	const char *body =
	        published[_i].body ? published[_i].body : testing_read(w.a, arena_printf(w.a, "%s/jwks", w.folder));
	struct sv reply =
	        published[_i].answer ? loopback_json(w.a, published[_i].answer, body) : SV("nothing of HTTP\r\n\r\n");
	struct loopback *server = loopback_start(serve, &reply);

	write("token", token(GOOD));
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--at", AT, "--jwks",
	                   loopback_url(server, w.a, "/keys"));
	loopback_stop(server);
	ck_assert_uint_eq(loopback_count(server), 1);
	ck_assert(sv_starts(loopback_at(server, 0)->head, SV("GET /keys HTTP/1.1\r\n")));
	loopback_free(server);
	assert_contains(r.out, published[_i].shows);
	ck_assert_int_eq(r.status, published[_i].status);
}
END_TEST

START_TEST(takes_what_the_target_file_says)
{
	write("token", token(GOOD));
	write("acme.yaml",
	      "target: acme\nissuer: https://login.acme.example\n"
	      "token_endpoint: https://login.acme.example/t\nclient: {id: liveperson, secret_file: secret}\n"
	      "keys: {public_key_file: pem}\ncodes: {from: list, list: [a]}\n");
	write("secret", "s3cr3t-of-a-test");
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--at", AT, "--target", "acme.yaml");

	ck_assert_int_eq(r.status, 0);
	assert_lacks(r.out, "--client-id");
	assert_lacks(r.out, "--issuer");
	assert_contains(r.out, "the signature verifies with the registered key");
	/* what is said beside it counts */
	r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--at", AT, "--target", "acme.yaml", "--client-id",
	        "x");
	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "FAIL idtoken.aud.contains-client");
}
END_TEST

static const struct {
	const char *arguments[5];
	const char *says;
} mistakes[] = {
        {{NULL}, "takes one token"},
        {{"a", "b"}, "takes one token"},
        {{"nothing-of-that-name"}, "there is no file 'nothing-of-that-name'"},
        {{"empty"}, "'empty': there is nothing to inspect"},
        {{"{\"error\":\"invalid_grant\"}"}, "this is a refusal (error 'invalid_grant')"},
        {{"pem"}, "'pem': this is no token"},
        {{"token", "--jwks", "jwks", "--public-key=pem"}, "use one of them"},
        {{"token", "--jwks", "nowhere"}, "cannot read 'nowhere'"},
        {{"token", "--public-key", "token"}, "'token'"},
        {{"token", "--at", "yesterday"}, "--at takes a time"},
        {{"token", "--at", "-1"}, "--at takes a time"},
        {{"token", "--format", "yaml"}, "there is no format 'yaml' of an inspection"},
        {{"token", "--profile", "loose"}, "there is no profile 'loose'"},
};

START_TEST(mistakes_are_told)
{
	const char *argv[8] = {"brandcert", "inspect"};

	write("token", token(GOOD));
	write("empty", "\n");
	for (size_t i = 0; i < 5; i++)
		argv[2 + i] = mistakes[_i].arguments[i];
	struct ran r = ran(w.a, w.folder, argv);
	assert_contains(r.err, mistakes[_i].says);
	ck_assert_int_eq(r.status, 2);
	ck_assert_str_eq(r.out, "");
}
END_TEST

/* --- what is shown ------------------------------------------------------------------------------------------- */

START_TEST(nothing_of_a_token_reaches_the_terminal_raw)
{
	struct ran r = inspect(token(GOOD ",\"name\":\"\\u001b[31m\xe2\x80\xaered\",\"x\\ny\":1"));

	assert_lacks(r.out, "\x1b");
	assert_lacks(r.out, "\xe2\x80\xae");
	assert_contains(r.out, "red");
}
END_TEST

START_TEST(signature_is_never_shown_whole)
{
	const char *text = token(GOOD), *signature = strrchr(text, '.') + 1;
	struct ran r = inspect(text);

	assert_contains(r.out, arena_printf(w.a, "256 bytes, %.4s…", signature));
	assert_lacks(r.out, arena_printf(w.a, "%.8s", signature));
	assert_lacks(r.out, signature + strlen(signature) - 8);
}
END_TEST

START_TEST(personal_claims_are_masked_when_asked)
{
	write("token", token(GOOD ",\"email\":\"jane.canary@acme.example\""));
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--jwks", "jwks", "--at", AT);
	assert_contains(r.out, "jane.canary@acme.example");
	r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--jwks", "jwks", "--at", AT, "--mask-claims");
	ck_assert_int_eq(r.status, 0);
	assert_lacks(r.out, "canary");
	assert_lacks(r.out, "8f14e45f");
	assert_contains(r.out, "\"exp\": 1795265990");
}
END_TEST

START_TEST(fits_80_columns)
{
	struct ran r =
	        inspect(token(GOOD ",\"picture\":\"https://a-very-long-host.example/and/a/path/that/goes/on/and/on/"
	                           "for/ever/and/ever/and/ever\""));

	assert_contains(r.out, "\"picture\":");
	for (struct sv rest = sv_of(r.out), line; sv_cut(&rest, '\n', &line);) {
		size_t columns = 0;
		for (size_t i = 0; i < line.n; i++)
			columns += ((unsigned char)line.p[i] & 0xc0) != 0x80;
		ck_assert_msg(columns <= 80, "%zu columns: %.*s", columns, SV_ARG(line));
	}
}
END_TEST

START_TEST(json_says_the_same)
{
	write("token", token("\"iss\":\"https://"
	                     "a.example\",\"sub\":\"8f14e45f-ceea\",\"iat\":1795262390000,\"exp\":1795265990000"));
	struct ran r = RAN(w.a, w.folder, "brandcert", "inspect", "token", "--jwks", "jwks", "--at", "1795262400",
	                   "--format", "json");
	json_auto_t *all = json_loads(r.out, 0, NULL);
	const json_t *times = json_object_get(json_object_get(all, "times"), "iat"),
	             *signature = json_object_get(all, "signature"), *list = json_object_get(all, "results");
	bool found = false;

	ck_assert_int_eq(r.status, 1);
	ck_assert_ptr_nonnull(all);
	ck_assert_str_eq(json_string_value(json_object_get(all, "at")), AT);
	ck_assert_str_eq(json_string_value(json_object_get(times, "date")), "2026-11-21T11:59:50Z");
	ck_assert_int_eq(json_integer_value(json_object_get(times, "ahead_s")), -10);
	ck_assert_str_eq(json_string_value(json_object_get(times, "unit")), "milliseconds");
	ck_assert(json_is_true(json_object_get(signature, "verified")));
	ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(signature, "key"), "bits")), 2048);
	ck_assert_str_eq(json_string_value(json_object_get(json_object_get(all, "claims"), "sub")), "8f14e45f-ceea");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		if (strcmp(json_string_value(json_object_get(one, "requirement")), "idtoken.time.seconds") != 0)
			continue;
		found = true;
		ck_assert_str_eq(json_string_value(json_object_get(one, "verdict")), "fail");
		ck_assert_str_eq(json_string_value(json_object_get(one, "fix")),
		                 "divide by 1000: these are milliseconds");
	}
	ck_assert(found);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("inspect");
	TCase *verdicts = tcase_create("verdicts"), *input = tcase_create("input"), *shown = tcase_create("shown");
	TCase *const all[] = {verdicts, input, shown};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		tcase_add_unchecked_fixture(all[i], make, drop);
		tcase_add_checked_fixture(all[i], fill, NULL);
	}
	tcase_add_loop_test(verdicts, names_what_is_wrong, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(verdicts, line_breaks_are_named_and_read_over);
	tcase_add_test(verdicts, signature_of_another_key_fails);
	tcase_add_test(verdicts, without_a_key_there_is_no_verdict);
	tcase_add_test(verdicts, age_is_judged_only_when_the_time_is_known);
	tcase_add_loop_test(input, what_was_copied_along_is_left_out, 0, (int)(sizeof copied / sizeof *copied));
	tcase_add_test(input, reads_standard_input);
	tcase_add_test(input, judges_a_token_response);
	tcase_add_test(input, judges_a_whole_reply_at_its_date);
	tcase_add_test(input, opens_an_encrypted_token);
	tcase_add_loop_test(input, fetches_the_published_keys, 0, (int)(sizeof published / sizeof *published));
	tcase_add_test(input, takes_what_the_target_file_says);
	tcase_add_loop_test(input, mistakes_are_told, 0, (int)(sizeof mistakes / sizeof *mistakes));
	tcase_add_test(shown, nothing_of_a_token_reaches_the_terminal_raw);
	tcase_add_test(shown, signature_is_never_shown_whole);
	tcase_add_test(shown, personal_claims_are_masked_when_asked);
	tcase_add_test(shown, fits_80_columns);
	tcase_add_test(shown, json_says_the_same);
	suite_add_tcase(s, verdicts);
	suite_add_tcase(s, input);
	suite_add_tcase(s, shown);
	return testing_run(s);
}
