#include "core/limits.h"
#include "loading.h"
#include "suite/target.h"

static struct arena *a;
static struct diags d;
static char *folder;

static void begin(void)
{
	a = arena_new();
	d = (struct diags){0};
	folder = testing_folder(a);
}

static void end(void)
{
	diags_release(&d);
	arena_free(a);
}

static char *in(const char *name)
{
	return arena_printf(a, "%s/%s", folder, name);
}

static struct target load(const char *yaml)
{
	struct target t;

	testing_write(in("target.yaml"), sv_of(yaml));
	target_load(a, in("target.yaml"), &d, &t);
	return t;
}

static void assert_said(const char *want)
{
	ck_assert_str_eq(loading_rendered(a, &d, arena_printf(a, "%s/", folder)), want);
}

#define HEAD                                                                       \
	"target: Acme\nissuer: acme\ntoken_endpoint: https://acme.example/token\n" \
	"client: {id: lp, secret: \"${BRANDCERT_TEST_SECRET}\"}\n"
#define KEYS "keys: {jwks_uri: https://acme.example/jwks}\n"
#define CODES "codes: {from: list, list: [abc]}\n"

#define CLIENTS                                                              \
	"second_client: {id: other, secret: \"${BRANDCERT_TEST_SECRET}\"}\n" \
	"encoded_client: {id: third, secret: \"${BRANDCERT_TEST_SECRET}\"}\n"

START_TEST(defaults)
{
	struct target t = load(HEAD KEYS CODES);

	assert_said("");
	ck_assert_str_eq(t.path, in("target.yaml"));
	ck_assert_str_eq(t.name, "Acme");
	ck_assert_int_eq(t.profile, PROFILE_LIVEPERSON);
	ck_assert_str_eq(t.issuer, "acme");
	ck_assert_ptr_null(t.userinfo_endpoint);
	ck_assert(!t.allow_http);
	ck_assert_str_eq(t.client.secret, "from the environment");
	ck_assert_int_eq(t.client.authentication, CLIENT_SECRET_BASIC);
	ck_assert_str_eq(t.redirect_uri, "https://liveperson.net");
	ck_assert_str_eq(t.keys.jwks_uri, "https://acme.example/jwks");
	ck_assert_ptr_null(t.keys.public_key);
	ck_assert_str_eq(t.keys.algorithm, "RS256");
	ck_assert_ptr_null(t.audiences[0]);
	ck_assert_int_eq(t.tolerance_s, 60);
	ck_assert_int_eq(t.codes.from, CODES_FROM_LIST);
	ck_assert_int_eq(t.codes.lifetime_s, 0);
	ck_assert_int_eq(t.codes.margin_s, 5);
	ck_assert_int_eq(t.codes.timeout_ms, LIMIT_COMMAND_MS);
	ck_assert_ptr_null(t.second_client.id);
	ck_assert_ptr_null(t.encoded_client.id);
	ck_assert_int_eq(t.pkce, PKCE_NONE);
	ck_assert(!t.codes.second_consumer);
	ck_assert_ptr_null(t.keys.decryption_key);
	ck_assert_ptr_null(t.tls.ca_file);
	ck_assert(t.limits.rate == 0);
	ck_assert_int_eq(t.limits.connections, 8);
	ck_assert_int_eq(t.limits.timeout_ms, LIMIT_TIMEOUT_MS);
}
END_TEST

START_TEST(everything_given)
{
	testing_write(in("secret"), SV("s3cr3t with $dollar\r\n"));
	testing_write(in("keys/key.pem"), SV("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"));
	testing_write(in("ca.pem"), SV("a certificate"));
	struct target t = load("target: Acme\nprofile: google\nissuer: https://acme.example\n"
	                       "token_endpoint: http://localhost:8080/token\nuserinfo_endpoint: http://[::1]/userinfo\n"
	                       "allow_http: true\nclient:\n  id: lp\n  secret_file: secret\n"
	                       "  authentication: client_secret_post\nredirect_uri: app:/callback\n"
	                       "keys: {public_key_file: keys/key.pem, algorithm: ES384}\naudiences: [one, two]\n"
	                       "clock_tolerance: 0\ncodes:\n  from: command\n  command: [./fetch, '$$HOME', "
	                       "'${BRANDCERT_TEST_SECRET}x']\n"
	                       "  lifetime: 60\n  margin: 0\n  timeout: 0.5\ntls: {ca_file: ca.pem}\n"
	                       "limits: {rate: 2.5, connections: 1, timeout: 1.5}\n");

	assert_said("");
	ck_assert_int_eq(t.profile, PROFILE_GOOGLE);
	ck_assert_str_eq(t.token_endpoint, "http://localhost:8080/token");
	ck_assert_str_eq(t.userinfo_endpoint, "http://[::1]/userinfo");
	ck_assert(t.allow_http);
	ck_assert_str_eq(t.client.id, "lp");
	ck_assert_str_eq(t.client.secret, "s3cr3t with $dollar");
	ck_assert_int_eq(t.client.authentication, CLIENT_SECRET_POST);
	ck_assert_str_eq(t.redirect_uri, "app:/callback");
	ck_assert_str_eq(t.keys.public_key, "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n");
	ck_assert_str_eq(t.keys.algorithm, "ES384");
	ck_assert_str_eq(t.audiences[1], "two");
	ck_assert_ptr_null(t.audiences[2]);
	ck_assert_int_eq(t.tolerance_s, 0);
	ck_assert_int_eq(t.codes.from, CODES_FROM_COMMAND);
	ck_assert_str_eq(t.codes.command[0], "./fetch");
	ck_assert_str_eq(t.codes.command[1], "$HOME");
	ck_assert_str_eq(t.codes.command[2], "from the environmentx");
	ck_assert_ptr_null(t.codes.command[3]);
	ck_assert_str_eq(t.codes.folder, folder);
	ck_assert_int_eq(t.codes.lifetime_s, 60);
	ck_assert_int_eq(t.codes.margin_s, 0);
	ck_assert_int_eq(t.codes.timeout_ms, 500);
	ck_assert_str_eq(t.tls.ca_file, in("ca.pem"));
	ck_assert(t.limits.rate == 2.5);
	ck_assert_int_eq(t.limits.connections, 1);
	ck_assert_int_eq(t.limits.timeout_ms, 1500);
}
END_TEST

START_TEST(reference_codes)
{
	testing_write(in("token"), SV("a token\n"));
	struct target t =
	        load(HEAD KEYS "codes: {from: reference, control_url: https://127.0.0.1:1/control/tenants/t1, "
	                       "control_token_file: token, lifetime: 2, margin: 1}\n");

	assert_said("");
	ck_assert_int_eq(t.codes.from, CODES_FROM_REFERENCE);
	ck_assert_str_eq(t.codes.control_url, "https://127.0.0.1:1/control/tenants/t1");
	ck_assert_str_eq(t.codes.control_token, "a token");
	ck_assert_int_eq(t.codes.lifetime_s, 2);
	ck_assert_int_eq(t.codes.margin_s, 1);
}
END_TEST

static void assert_codes(const struct target *t, const char *want)
{
	char *have = arena_text(a, "");

	for (size_t i = 0; i < t->codes.nlist; i++) {
		const struct listed_code *c = &t->codes.list[i];
		have = arena_printf(a, "%s%s,%s,%s,%s;", have, c->code, c->redirect_uri ? c->redirect_uri : "-",
		                    c->nonce ? c->nonce : "-", c->code_verifier ? c->code_verifier : "-");
	}
	ck_assert_str_eq(have, want);
}

START_TEST(listed_codes)
{
	struct target t = load(
	        HEAD KEYS
	        "codes: {from: list, list: [\"a/b+c=\", {code: d, redirect_uri: e, nonce: f, code_verifier: g}]}\n");

	assert_said("");
	assert_codes(&t, "a/b+c=,-,-,-;d,e,f,g;");
}
END_TEST

START_TEST(codes_in_a_file)
{
	testing_write(in("codes"), SV("# codes\r\n\r\na/b+c=\r\n  spaced  \n{\"code\": \"d\", \"nonce\": \"\\u00e4\"}\n"
	                              "{\"redirect_uri\": \"e\", \"code_verifier\": \"g\", \"code\": \"f\"}"));
	struct target t = load(HEAD KEYS "codes: {from: list, file: codes}\n");

	assert_said("");
	assert_codes(&t, "a/b+c=,-,-,-;spaced,-,-,-;d,-,ä,-;f,e,-,g;");
}
END_TEST

START_TEST(codes_of_others)
{
	testing_write(in("codes"), SV("{\"code\": \"a\", \"consumer\": \"second\", \"client\": \"encoded\"}\n"
	                              "{\"code\": \"b\", \"client\": \"target\", \"consumer\": \"first\"}\n"));
	static const char *const codes[] = {
	        "codes: {from: list, file: codes, second_consumer: true}\n",
	        "codes: {from: list, second_consumer: true, list: [{code: a, consumer: second, client: encoded}, "
	        "{code: b, consumer: first, client: target}]}\n",
	};

	for (size_t i = 0; i < 2; i++) {
		struct target t = load(arena_printf(a, HEAD KEYS CLIENTS "%s", codes[i]));
		assert_said("");
		ck_assert(t.codes.second_consumer);
		assert_codes(&t, "a,-,-,-;b,-,-,-;");
		ck_assert(t.codes.list[0].second_consumer && t.codes.list[0].encoded_client);
		ck_assert(!t.codes.list[1].second_consumer && !t.codes.list[1].encoded_client);
	}
}
END_TEST

/* What is in a file of another client, and what only looks as if it needed no encoding. */
START_TEST(further_clients)
{
	testing_write(in("second"), SV("s3cr3t two\n"));
	testing_write(in("encoded"), SV("plain"));
	struct target t = load(HEAD KEYS CODES "second_client: {id: other, secret_file: second}\n"
	                                       "encoded_client: {id: \"a:b\", secret_file: encoded}\npkce: S256\n");

	assert_said("");
	ck_assert_str_eq(t.second_client.id, "other");
	ck_assert_str_eq(t.second_client.secret, "s3cr3t two");
	ck_assert_str_eq(t.encoded_client.id, "a:b");
	ck_assert_str_eq(t.encoded_client.secret, "plain");
	ck_assert_int_eq(t.pkce, PKCE_S256);
	ck_assert_str_eq(t.client.id, "lp");
	ck_assert_str_eq(t.client.secret, "from the environment");
}
END_TEST

START_TEST(needs_of_a_recorded_run)
{
	const char *has[] = {"pkce", NULL};
	struct target t = load(HEAD KEYS CODES);

	assert_said("");
	const char **met = target_needs_met(a, &t);
	ck_assert_str_eq(met[0], "keys.jwks_uri");
	ck_assert_str_eq(met[1], "pkce.without");
	ck_assert_str_eq(met[2], "client.secret");
	ck_assert_ptr_null(met[3]);
	t.has = has;
	ck_assert(target_has(&t, "pkce"));
	ck_assert(!target_has(&t, "keys.jwks_uri"));
}
END_TEST

/* The first bytes of RSA keys: what tells them from others. */
#define PKCS8 "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ"
#define PKCS1 "MIIEowIBAAKCAQEAw7Zdfmece8iaB0kiTY8pCtiBtzbptJmP"

START_TEST(decryption_key)
{
	static const struct {
		const char *file, *key;
	} rows[] = {
	        {PEM_BEGIN("PRIVATE KEY") "\n" PKCS8 "\n" PEM_END("PRIVATE KEY") "\n",
	         PEM_BEGIN("PRIVATE KEY") "\n" PKCS8 "\n" PEM_END("PRIVATE KEY")},
	        {PEM_BEGIN("RSA PRIVATE KEY") "\r\n" PKCS1 "\r\n" PEM_END("RSA PRIVATE KEY"),
	         PEM_BEGIN("RSA PRIVATE KEY") "\r\n" PKCS1 "\r\n" PEM_END("RSA PRIVATE KEY")},
	        {"a note\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE "
	         "KEY-----\n" PKCS8 "\n" PEM_END("PRIVATE KEY") "\n",
	         PEM_BEGIN("PRIVATE KEY") "\n" PKCS8 "\n" PEM_END("PRIVATE KEY")},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		testing_write(in("key.pem"), sv_of(rows[i].file));
		struct target t =
		        load(HEAD "keys: {jwks_uri: https://acme.example/jwks, decryption_key_file: key.pem}\n" CODES);
		assert_said("");
		ck_assert_str_eq(t.keys.decryption_key, rows[i].key);
		ck_assert(target_has(&t, "keys.decryption_key_file"));
		ck_assert_str_eq(t.keys.jwks_uri, "https://acme.example/jwks");
	}
}
END_TEST

START_TEST(pasted_key)
{
	static const char spki[] =
	        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72b"
	        "focs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==";
	struct target t = load(arena_printf(a, HEAD "keys: {public_key: \"%s\", algorithm: ES256}\n" CODES, spki));

	assert_said("");
	ck_assert_str_eq(t.keys.public_key, spki);
}
END_TEST

START_TEST(literal_secret)
{
	struct target t = load("target: Acme\nissuer: acme\ntoken_endpoint: https://acme.example/token\n"
	                       "client: {id: lp, secret: \"hunter2 $5\"}\n" KEYS CODES);

	ck_assert_uint_eq(d.errors, 0);
	assert_said("target.yaml:4:26: warning: a client secret stands in this file: take it from the environment with "
	            "'${NAME}', or from a 'secret_file'\n    client: {id: lp, secret: ************}\n"
	            "                             ^\n");
	ck_assert_str_eq(t.client.secret, "hunter2 $5");
}
END_TEST

START_TEST(missing_file)
{
	struct target t;

	target_load(a, in("none.yaml"), &d, &t);
	assert_said("error: cannot read 'none.yaml': No such file or directory\n");
}
END_TEST

START_TEST(needs)
{
	static const struct {
		const char *yaml, *has;
	} rows[] = {
	        {HEAD KEYS CODES, "keys.jwks_uri pkce.without client.secret "},
	        {HEAD "keys: {public_key: MAAA}\ncodes: {from: list, list: [abc], lifetime: 1}\n",
	         "codes.lifetime keys.public_key pkce.without client.secret "},
	        {HEAD KEYS CODES
	         "userinfo_endpoint: https://acme.example/\naudiences: [x]\ntls: {ca_file: target.yaml}\n",
	         "keys.jwks_uri userinfo_endpoint pkce.without client.secret audiences tls.ca_file "},
	        {HEAD KEYS "codes: {from: list, list: [abc], second_consumer: true}\npkce: S256\n" CLIENTS,
	         "keys.jwks_uri second_client encoded_client codes.second_consumer pkce client.secret "},
	        {HEAD KEYS CODES "pkce: both\n", "keys.jwks_uri pkce pkce.without client.secret "},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct target t = load(rows[i].yaml);
		const char *has = "";
		assert_said("");
		for (const char *const *need = target_needs; *need; need++)
			if (target_has(&t, *need))
				has = arena_printf(a, "%s%s ", has, *need);
		ck_assert_str_eq(has, rows[i].has);
		ck_assert(!target_has(&t, "codes"));
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("target");
	TCase *good = tcase_create("good");

	setenv("BRANDCERT_TEST_SECRET", "from the environment", 1);
	tcase_add_checked_fixture(good, begin, end);
	tcase_add_test(good, defaults);
	tcase_add_test(good, everything_given);
	tcase_add_test(good, reference_codes);
	tcase_add_test(good, listed_codes);
	tcase_add_test(good, codes_in_a_file);
	tcase_add_test(good, codes_of_others);
	tcase_add_test(good, further_clients);
	tcase_add_test(good, needs_of_a_recorded_run);
	tcase_add_test(good, decryption_key);
	tcase_add_test(good, pasted_key);
	tcase_add_test(good, literal_secret);
	tcase_add_test(good, missing_file);
	tcase_add_test(good, needs);
	suite_add_tcase(s, good);
	return testing_run(s);
}
