#include "core/form.h"
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

#define VERIFIED "codes: {from: list, list: [{code: abc, code_verifier: v}]}\n"
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
	ck_assert_int_eq(t.codes.from, FROM_LIST);
	ck_assert_int_eq(t.code_lifetime_s, 0);
	ck_assert_int_eq(t.code_margin_s, 5);
	ck_assert_int_eq(t.codes.timeout_ms, LIMIT_COMMAND_MS);
	ck_assert_ptr_null(t.second_client.id);
	ck_assert_ptr_null(t.encoded_client.id);
	ck_assert_int_eq(t.pkce, PKCE_NONE);
	ck_assert(!t.second_consumer);
	ck_assert_ptr_null(t.keys.decryption_key);
	ck_assert_ptr_null(t.tls.ca_file);
	ck_assert(t.limits.rate == 0);
	ck_assert_int_eq(t.limits.connections, 8);
	ck_assert_int_eq(t.limits.timeout_ms, LIMIT_TIMEOUT_MS);
	ck_assert_int_eq(t.limits.latency_warn_ms, 3000);
	ck_assert_int_eq(t.limits.latency_fail_ms, 10000);
	ck_assert(!t.client.raw_basic && !t.client.says_encoding);
	ck_assert_int_eq(t.connector, CONNECTOR_OAUTH2_RFC);
	ck_assert_int_eq(t.tokens.from, FROM_NOWHERE);
	ck_assert_int_eq(t.logout.from, FROM_NOWHERE);
	ck_assert_str_eq(t.authorization.scope, "openid");
	ck_assert(t.authorization.code && !t.authorization.id_token && !t.authorization.token);
	ck_assert_ptr_null(t.authorization.endpoint);
	ck_assert_ptr_null(t.secrets);
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
	ck_assert_int_eq(t.codes.from, FROM_COMMAND);
	ck_assert_str_eq(t.codes.command[0], "./fetch");
	ck_assert_str_eq(t.codes.command[1], "$HOME");
	ck_assert_str_eq(t.codes.command[2], "from the environmentx");
	ck_assert_ptr_null(t.codes.command[3]);
	ck_assert_str_eq(t.codes.folder, folder);
	ck_assert_int_eq(t.code_lifetime_s, 60);
	ck_assert_int_eq(t.code_margin_s, 0);
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
	ck_assert_int_eq(t.codes.from, FROM_REFERENCE);
	ck_assert_str_eq(t.codes.control_url, "https://127.0.0.1:1/control/tenants/t1");
	ck_assert_str_eq(t.codes.control_token, "a token");
	ck_assert_int_eq(t.code_lifetime_s, 2);
	ck_assert_int_eq(t.code_margin_s, 1);
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
		ck_assert(t.second_consumer);
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
	struct target t = load(HEAD KEYS VERIFIED "second_client: {id: other, secret_file: second}\n"
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
	ck_assert_str_eq(met[3], "client.encodable");
	ck_assert_str_eq(met[4], "https");
	ck_assert_str_eq(met[5], "connector.oauth2-rfc");
	ck_assert_ptr_null(met[6]);
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

/* Joined by a blank. */
static char *joined(const char *const *list)
{
	char *text = arena_text(a, "");

	for (; list && *list; list++)
		text = arena_printf(a, "%s%s ", text, *list);
	return text;
}

START_TEST(codes_from_http)
{
	struct target t =
	        load(HEAD KEYS "codes:\n  from: http\n  url: https://acme.example/test/codes\n"
	                       "  headers: {Authorization: \"Bearer ${BRANDCERT_TEST_SECRET}\", X-A: \"\"}\n"
	                       "  body: '{\"nonce\": \"{nonce|json}\", \"x\": {consumer}}'\n"
	                       "  take: body /data/code\n  timeout: 2\n"
	                       "tokens: {from: http, method: GET, url: https://acme.example/t, take: header X-T}\n"
	                       "logout: {from: http, url: https://acme.example/out}\n");

	assert_said("");
	ck_assert_int_eq(t.codes.from, FROM_HTTP);
	ck_assert_str_eq(t.codes.http.method, "POST");
	ck_assert_str_eq(t.codes.http.url, "https://acme.example/test/codes");
	ck_assert_str_eq(joined(t.codes.http.headers), "Authorization: Bearer from the environment X-A:  ");
	ck_assert_str_eq(t.codes.http.body, "{\"nonce\": \"{nonce|json}\", \"x\": {consumer}}");
	ck_assert_int_eq(t.codes.http.take, TAKE_BODY);
	ck_assert_str_eq(t.codes.http.what, "/data/code");
	ck_assert_int_eq(t.codes.timeout_ms, 2000);
	ck_assert_str_eq(t.tokens.http.method, "GET");
	ck_assert_int_eq(t.tokens.http.take, TAKE_HEADER);
	ck_assert_str_eq(t.tokens.http.what, "X-T");
	ck_assert_str_eq(t.logout.http.url, "https://acme.example/out");
	ck_assert_str_eq(joined(t.secrets), "Bearer from the environment from the environment ");
}
END_TEST

START_TEST(codes_from_authorize)
{
	testing_write(in("pin"), SV("1234\n"));
	testing_write(in("pin2"), SV("a=b\n"));
	struct target t = load(
	        HEAD KEYS
	        "codes: {from: authorize, second_consumer: true}\n"
	        "tokens: {from: prompt, listen: \"http://localhost:8910/cb\"}\n"
	        "authorization:\n  endpoint: https://acme.example/authorize?tenant=1\n  scope: \"\"\n"
	        "  response_types: [code, id_token]\n  parameters: {acr_values: loa1}\n"
	        "  hosts: [sso.acme.example, \"sso.acme.example:8443\"]\n"
	        "  login:\n    cookies: \"sid=${BRANDCERT_TEST_SECRET}; lang=en\"\n    forms:\n"
	        "      - {form: login, fields: {user: al, password: \"${BRANDCERT_TEST_SECRET}\", pin: {file: pin}}}\n"
	        "      - {submit: allow, optional: true}\n"
	        "  second_login: {cookies_file: pin2}\n");

	assert_said("");
	ck_assert_str_eq(t.authorization.second_login.cookies, "a=b");
	ck_assert_int_eq(t.codes.from, FROM_AUTHORIZE);
	ck_assert_int_eq(t.tokens.timeout_ms, 300000);
	ck_assert_str_eq(t.tokens.listen, "http://localhost:8910/cb");
	const struct authorization *z = &t.authorization;
	ck_assert_str_eq(z->endpoint, "https://acme.example/authorize?tenant=1");
	ck_assert_str_eq(z->scope, "");
	ck_assert(z->code && z->id_token && !z->token);
	ck_assert_str_eq(z->parameters.v[0].name, "acr_values");
	ck_assert_str_eq(joined(z->hosts), "sso.acme.example sso.acme.example:8443 ");
	ck_assert_uint_eq(z->login.n, 2);
	ck_assert_str_eq(z->login.cookies, "sid=from the environment; lang=en");
	ck_assert_str_eq(z->login.forms[0].form, "login");
	ck_assert_uint_eq(z->login.forms[0].fields.n, 3);
	ck_assert_str_eq(z->login.forms[0].fields.v[2].value, "1234");
	ck_assert(!z->login.forms[0].optional && z->login.forms[1].optional);
	ck_assert_str_eq(z->login.forms[1].submit, "allow");
	/* whatever the file took from elsewhere, and what is called a secret; a user's name is none */
	ck_assert_str_eq(joined(t.secrets),
	                 "from the environment 1234 sid=from the environment; lang=en from the environment a=b ");
}
END_TEST

START_TEST(literal_password)
{
	struct target t = load(HEAD KEYS CODES "authorization:\n  endpoint: https://acme.example/authorize\n"
	                                       "  login: {forms: [{fields: {user: al, Password: hunter22}}]}\n");

	ck_assert_uint_eq(d.errors, 0);
	assert_said("target.yaml:9:49: warning: a password stands in this file: take it from the environment with "
	            "'${NAME}', or from a file with '{file: NAME}'\n"
	            "    login: {forms: [{fields: {user: **, Password: ********}}]}\n"
	            "                                                  ^\n");
	ck_assert_str_eq(joined(t.secrets), "hunter22 ");
}
END_TEST

START_TEST(key_as_it_was_pasted)
{
	struct target t = load(HEAD "keys:\n  public_key: |\n    -----BEGIN PUBLIC KEY-----\n    MIIB\n    -----END "
	                            "PUBLIC KEY-----\n" CODES);

	assert_said("");
	ck_assert_str_eq(t.keys.public_key, "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n");
	t = load(HEAD "keys: {public_key: \"MIIB IjAN\"}\nclient_x: 1\n" CODES);
	ck_assert_str_eq(t.keys.public_key, "MIIB IjAN");
}
END_TEST

/* Said is not the same as left to the default: only what is not said is found out. */
START_TEST(basic_encoding)
{
	static const char *const words[] = {"form", "raw"};

	for (size_t i = 0; i < 2; i++) {
		struct target t = load(arena_printf(
		        a,
		        "target: Acme\nissuer: acme\ntoken_endpoint: https://acme.example/token\n"
		        "client: {id: lp, secret: \"${BRANDCERT_TEST_SECRET}\", basic_encoding: %s}\n" KEYS CODES,
		        words[i]));
		assert_said("");
		ck_assert_int_eq(t.client.raw_basic, i == 1);
		ck_assert(t.client.says_encoding);
	}
}
END_TEST

/* RFC 6749 Appendix B: what form encoding leaves alone needs no decoding either. */
START_TEST(encodable)
{
	static const struct {
		struct target t;
		bool met;
	} rows[] = {
	        {{.client = {.id = "AZ-az", .secret = "09._*-"}}, false},
	        {{.client = {.id = "lp", .secret = ""}}, false},
	        {{.client = {.id = "lp", .secret = "a~"}}, true},
	        {{.client = {.id = "lp", .secret = "a b"}}, true},
	        {{.client = {.id = "lp", .secret = "\xc3\xa9"}}, true},
	        {{.client = {.id = "acme/lp", .secret = "x"}}, true},
	        {{.client = {.id = "lp", .secret = "a+b", .authentication = CLIENT_SECRET_POST}}, false},
	        {{.client = {.id = NULL}}, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct target *t = &rows[i].t;
		ck_assert_msg(target_has(t, "client.encodable") == rows[i].met, "row %zu", i);
		if (!t->client.id)
			continue;
		bool same = !strcmp(form_encoded(a, sv_of(t->client.id)), t->client.id) &&
		            !strcmp(form_encoded(a, sv_of(t->client.secret)), t->client.secret);
		ck_assert(same != rows[i].met || t->client.authentication == CLIENT_SECRET_POST);
	}
}
END_TEST

START_TEST(missing_file)
{
	struct target t;

	target_load(a, in("none.yaml"), &d, &t);
	assert_said("error: cannot read 'none.yaml': No such file or directory\n");
}
END_TEST

#define ALWAYS "client.encodable https connector.oauth2-rfc "

START_TEST(needs)
{
	static const struct {
		const char *yaml, *has;
	} rows[] = {
	        {HEAD KEYS CODES, "keys.jwks_uri pkce.without client.secret " ALWAYS},
	        {HEAD "keys: {public_key: MAAA}\ncodes: {from: list, list: [abc], lifetime: 1}\n",
	         "codes.lifetime keys.public_key keys.pasted pkce.without client.secret " ALWAYS},
	        {HEAD KEYS CODES
	         "userinfo_endpoint: https://acme.example/\naudiences: [x]\ntls: {ca_file: target.yaml}\n",
	         "keys.jwks_uri userinfo_endpoint pkce.without client.secret " ALWAYS "audiences tls.ca_file "},
	        {HEAD KEYS "codes: {from: list, list: [abc, {code: d, code_verifier: v}], second_consumer: "
	                   "true}\npkce: S256\n" CLIENTS,
	         "keys.jwks_uri second_client encoded_client codes.second_consumer pkce client.secret " ALWAYS},
	        {HEAD KEYS "codes: {from: list, list: [{code: abc, code_verifier: v}]}\npkce: both\n",
	         "keys.jwks_uri pkce pkce.without client.secret " ALWAYS},
	        {HEAD KEYS "codes: {from: list, list: [abc], expired_code: old}\ntokens: {from: list, list: [a]}\n"
	                   "logout: {from: command, command: [a]}\ndiscovery: true\nrefresh_tokens: true\n"
	                   "published_token_endpoint: https://acme.example/t\nconnector: openid\n",
	         "keys.jwks_uri pkce.without client.secret client.encodable codes.expired_code tokens logout discovery "
	         "refresh_tokens "
	         "published_token_endpoint https connector.openid "},
	        {HEAD KEYS CODES "authorization:\n  endpoint: https://acme.example/authorize\n"
	                         "  redirect_uri: https://w.example/\n  response_types: [id_token, token]\n"
	                         "  login: {cookies: a=b}\n  second_login: {forms: [{form: x}]}\n"
	                         "  deny: {forms: [{submit: no}]}\n",
	         "keys.jwks_uri pkce.without client.secret " ALWAYS
	         "authorization authorization.redirect_uri authorization.login authorization.second_login "
	         "authorization.deny authorization.id_token authorization.token "},
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
	tcase_add_test(good, codes_from_http);
	tcase_add_test(good, codes_from_authorize);
	tcase_add_test(good, literal_password);
	tcase_add_test(good, key_as_it_was_pasted);
	tcase_add_test(good, basic_encoding);
	tcase_add_test(good, encodable);
	tcase_add_test(good, needs);
	suite_add_tcase(s, good);
	return testing_run(s);
}
