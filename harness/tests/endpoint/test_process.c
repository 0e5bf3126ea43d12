#include "process.h"

#include <curl/curl.h>
#include <sys/stat.h>

#include "core/base64.h"
#include "core/form.h"
#include "endpoint/edit.h"
#include "jose/jwk.h"
#include "jose/jws.h"

/* The built program from outside: files, ready line, HTTPS, end. */

#define PARALLEL 200

/* --- a client -------------------------------------------------------------------------------------------------- */

struct call_reply {
	long status;
	struct buf body;
	json_t *json;
};

static size_t keep(char *p, size_t size, size_t n, void *to)
{
	return buf_add(to, p, size * n) ? size * n : 0;
}

static CURL *prepare(struct process *p, const char *url, struct curl_slist *headers, const char *body,
                     struct call_reply *ret)
{
	CURL *c = curl_easy_init();

	ck_assert_ptr_nonnull(c);
	*ret = (struct call_reply){.body = {.cap = BUF_OWN}};
	curl_easy_setopt(c, CURLOPT_URL, url);
	curl_easy_setopt(c, CURLOPT_CAINFO, process_fact(p, "ca_file"));
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, &ret->body);
	if (body)
		curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, body);
	return c;
}

static struct call_reply call(struct process *p, const char *method, const char *url, const char *header,
                              const char *body)
{
	struct curl_slist *headers = header ? curl_slist_append(NULL, header) : NULL;
	struct call_reply reply;
	CURL *c = prepare(p, url, headers, body, &reply);

	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
	CURLcode done = curl_easy_perform(c);
	ck_assert_msg(done == CURLE_OK, "%s %s: %s", method, url, curl_easy_strerror(done));
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &reply.status);
	curl_easy_cleanup(c);
	curl_slist_free_all(headers);
	reply.json = json_loadb(reply.body.p ? reply.body.p : "", reply.body.n, 0, NULL);
	return reply;
}

static void forget(struct call_reply *r)
{
	buf_release(&r->body);
	json_decref(r->json);
}

static const char *member(struct process *p, const struct call_reply *r, const char *name)
{
	const char *text = json_string_value(json_object_get(r->json, name));

	ck_assert_msg(text != NULL, "no '%s' in %s", name, r->body.p);
	return arena_text(p->a, text);
}

/* --- tests ----------------------------------------------------------------------------------------------------- */

START_TEST(files_are_there_and_secrets_are_private)
{
	static const struct {
		const char *name;
		mode_t mode;
	} files[] = {{".", 0700},
	             {"ca.pem", 0},
	             {"target.yaml", 0},
	             {"control-token", 0600},
	             {"client-secret", 0600},
	             {"second-client-secret", 0600},
	             {"encoded-client-secret", 0600},
	             {"password", 0600},
	             {"second-password", 0600}};
	struct process p;
	struct stat st;

	process_start(&p, NULL);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		ck_assert_int_eq(stat(arena_printf(p.a, "%s/%s", p.folder, files[i].name), &st), 0);
		if (files[i].mode)
			ck_assert_uint_eq(st.st_mode & 0777, files[i].mode);
	}
	const char *secret = process_file(&p, "client-secret"), *token = process_file(&p, "control-token");
	const char *target = process_file(&p, "target.yaml"), *pem = process_file(&p, "ca.pem");
	assert_contains(pem, "-----BEGIN CERTIFICATE-----");
	assert_lacks(pem, "PRIVATE");
	assert_contains(target, arena_printf(p.a, "issuer: \"%s\"", process_fact(&p, "issuer")));
	assert_contains(target, "lifetime: 60\n");
	assert_contains(target, "\npkce: both\n");
	assert_contains(target, "  second_consumer: true\n");
	assert_contains(target, "  secret_file: second-client-secret\n");
	assert_contains(target, "\nconnector: oauth2-rfc\nauthorization:\n  endpoint: \"https://127.0.0.1:");
	assert_contains(target, "\n  redirect_uri: \"https://window.brand.example/chat/external.html\"\n");
	assert_contains(target, "\ntokens:\n  from: reference\n");
	assert_contains(target, "\nlogout:\n  from: reference\n");
	assert_contains(target, "\nrefresh_tokens: true\n");
	assert_lacks(target, "decryption_key_file");
	assert_contains(process_file(&p, "encoded-client-secret"), ":+/%= &\xc3\xa9\"");
	ck_assert_int_eq(access(arena_printf(p.a, "%s/decryption-key.pem", p.folder), F_OK), -1);
	/* no secret where anybody may read it */
	char *line = json_dumps(p.ready, 0);
	assert_lacks(line, secret);
	assert_lacks(line, token);
	assert_lacks(target, secret);
	assert_lacks(target, token);
	assert_lacks(target, process_file(&p, "second-client-secret"));
	assert_lacks(target, process_file(&p, "password"));
	assert_lacks(target, process_file(&p, "second-password"));
	free(line);
	process_release(&p);
}
END_TEST

START_TEST(decryption_key_is_there_when_encryption_is_agreed)
{
	struct process p;
	struct stat st;

	process_start(&p, "[{\"encrypt\": \"correct-a256gcm\"}]");
	ck_assert_int_eq(stat(arena_printf(p.a, "%s/decryption-key.pem", p.folder), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	assert_contains(process_file(&p, "decryption-key.pem"), "PRIVATE KEY-----");
	assert_contains(process_file(&p, "target.yaml"), "\n  decryption_key_file: decryption-key.pem\n");
	process_release(&p);
}
END_TEST

static const char *new_code(struct process *p, const char *control_url, const char *wish)
{
	const char *token = arena_printf(p->a, "Authorization: Bearer %s", process_file(p, "control-token"));
	struct call_reply made = call(p, "POST", arena_printf(p->a, "%s/codes", control_url), token, wish);

	ck_assert_int_eq(made.status, 201);
	const char *code = member(p, &made, "code");
	forget(&made);
	return code;
}

static struct call_reply redeem(struct process *p, const struct call_reply *tenant, const char *code)
{
	char *pair = arena_printf(p->a, "%s:%s", form_encoded(p->a, sv_of(member(p, tenant, "client_id"))),
	                          form_encoded(p->a, sv_of(member(p, tenant, "client_secret"))));
	char *basic = arena_printf(p->a, "Authorization: Basic %s", base64_encode(p->a, BASE64_STANDARD, sv_of(pair)));
	char *body = arena_printf(p->a, "grant_type=authorization_code&code=%s&redirect_uri=%s",
	                          form_encoded(p->a, sv_of(code)),
	                          form_encoded(p->a, sv_of(member(p, tenant, "redirect_uri"))));

	return call(p, "POST", member(p, tenant, "token_endpoint"), basic, body);
}

START_TEST(tenant_sells_one_token_for_a_code)
{
	struct process p;
	struct jwks keys;
	struct jws jws;
	struct jws_diagnosis d;
	struct err e = {0};

	process_start(&p, NULL);
	const char *token = arena_printf(p.a, "Authorization: Bearer %s", process_file(&p, "control-token"));
	struct call_reply tenant =
	        call(&p, "POST", arena_printf(p.a, "%s/tenants", process_fact(&p, "control_url")), token, "{}");
	ck_assert_int_eq(tenant.status, 201);
	const char *control = member(&p, &tenant, "control_url");
	const char *code = new_code(&p, control, "{\"nonce\": \"n-1\"}");
	struct call_reply issued = redeem(&p, &tenant, code);
	ck_assert_msg(issued.status == 200, "%s", issued.body.p);

	struct call_reply published = call(&p, "GET", member(&p, &tenant, "jwks_uri"), NULL, NULL);
	ck_assert_int_eq(jwks_parse(p.a, buf_sv(&published.body), &keys, &e), 0);
	jws_split(p.a, sv_of(member(&p, &issued, "id_token")), &jws);
	jws_diagnose(p.a, &jws, &(struct jws_context){.keys = &keys}, &d);
	ck_assert_msg(d.reason == JWS_VERIFIED, "%s", d.sentence);
	json_auto_t *claims = json_loadb(jws.payload.p, jws.payload.n, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(claims, "iss")), member(&p, &tenant, "issuer"));
	ck_assert_str_eq(json_string_value(json_object_get(claims, "aud")), member(&p, &tenant, "client_id"));
	ck_assert_str_eq(json_string_value(json_object_get(claims, "nonce")), "n-1");

	struct call_reply again = redeem(&p, &tenant, code);
	ck_assert_int_eq(again.status, 400);
	ck_assert_str_eq(member(&p, &again, "error"), "invalid_grant");
	struct call_reply gone = call(&p, "DELETE", control, token, NULL);
	ck_assert_int_eq(gone.status, 204);
	struct call_reply *replies[] = {&tenant, &issued, &published, &again, &gone};
	for (size_t i = 0; i < sizeof replies / sizeof *replies; i++)
		forget(replies[i]);
	jwks_release(&keys);
	process_release(&p);
}
END_TEST

/* Each on a connection of its own, all at once, each with the same code: one of them may have it. */
START_TEST(hundreds_of_connections_are_served)
{
	static struct call_reply replies[PARALLEL];
	static CURL *handles[PARALLEL];
	struct process p;
	int running, won = 0;

	process_start(&p, NULL);
	char *pair = arena_printf(p.a, "%s:%s", process_fact(&p, "client_id"), process_file(&p, "client-secret"));
	const char *control = arena_printf(p.a, "%s/tenants/t1", process_fact(&p, "control_url"));
	const char *code = form_encoded(p.a, sv_of(new_code(&p, control, "{}")));
	const char *body =
	        arena_printf(p.a, "grant_type=authorization_code&code=%s&redirect_uri=https://liveperson.net", code);
	CURLM *multi = curl_multi_init();
	for (size_t i = 0; i < PARALLEL; i++) {
		handles[i] = prepare(&p, process_fact(&p, "token_endpoint"), NULL, body, &replies[i]);
		curl_easy_setopt(handles[i], CURLOPT_USERPWD, pair);
		curl_easy_setopt(handles[i], CURLOPT_FRESH_CONNECT, 1L);
		curl_multi_add_handle(multi, handles[i]);
	}
	do {
		ck_assert_int_eq(curl_multi_perform(multi, &running), CURLM_OK);
		if (running)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	} while (running);
	for (size_t i = 0; i < PARALLEL; i++) {
		long status = 0, connections = 0;
		curl_easy_getinfo(handles[i], CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(handles[i], CURLINFO_NUM_CONNECTS, &connections);
		ck_assert_int_eq(connections, 1);
		ck_assert_msg(status == 200 || status == 400, "status %ld", status);
		won += status == 200;
		curl_multi_remove_handle(multi, handles[i]);
		curl_easy_cleanup(handles[i]);
		forget(&replies[i]);
	}
	curl_multi_cleanup(multi);
	ck_assert_int_eq(won, 1);
	process_release(&p);
}
END_TEST

START_TEST(faults_are_for_the_default_tenant)
{
	struct process p;

	process_start(&p, "[{\"jwks\": \"empty\"}]");
	const char *url = arena_printf(p.a, "%s/jwks", process_fact(&p, "issuer"));
	struct call_reply broken = call(&p, "GET", url, NULL, NULL);
	ck_assert_str_eq(broken.body.p, "{\"keys\":[]}");
	forget(&broken);
	process_release(&p);
}
END_TEST

static const struct {
	const char *name;
	int signal; /* 0: closes standard input */
} ends[] = {{"standard input", 0}, {"SIGTERM", SIGTERM}, {"SIGINT", SIGINT}};

START_TEST(process_ends_cleanly)
{
	struct process p;

	process_start(&p, NULL);
	if (ends[_i].signal)
		kill(p.pid, ends[_i].signal);
	else
		close(p.in);
	if (!ends[_i].signal)
		p.in = -1;
	ck_assert_int_eq(process_wait(&p), 0);
	ck_assert_str_eq(process_read(&p, p.out, false), "");
	ck_assert_str_eq(process_read(&p, p.error, false), "");
	process_release(&p);
}
END_TEST

static const struct {
	const char *args[4];
	int status;
	const char *out, *error;
} usages[] = {
        {{"--help"}, 0, "usage: reference-brand", ""},
        {{"--halp"}, 2, "", "reference-brand: error: unknown option '--halp', did you mean '--help'?\n"},
        {{"--faults"}, 2, "", "reference-brand: error: '--faults' wants a value: JSON\n"},
        {{"--faults", "["}, 2, "", "reference-brand: error: '--faults' wants a JSON array: "},
        {{"--faults", "[\"accept-expired\"]"}, 2, "", "--faults: unknown fault 'accept-expired'"},
        {{"--faults={}"}, 2, "", "reference-brand: error: --faults: faults are a list\n"},
        {{"--code-lifetime", "0"}, 2, "", "'--code-lifetime' wants a whole number of seconds from 1 to 3600\n"},
        {{"--code-lifetime=2s"}, 2, "", "'--code-lifetime' wants a whole number of seconds from 1 to 3600\n"},
        {{"--profile", "lp"}, 2, "", "'--profile' is liveperson, strict or google\n"},
        {{"--help=1"}, 2, "", "'--help' takes no value\n"},
        {{"--state", "/dev/null/x"}, 3, "", "/dev/null"},
        {{"x"}, 2, "", "reference-brand: error: unknown option 'x'\n"},
};

START_TEST(usage_is_checked)
{
	struct process p;

	process_init(&p);
	process_spawn(&p, usages[_i].args);
	assert_contains(process_read(&p, p.out, false), usages[_i].out);
	const char *error = process_read(&p, p.error, false);
	assert_contains(error, usages[_i].error);
	ck_assert_int_eq(!*error, !*usages[_i].error);
	ck_assert_int_eq(process_wait(&p), usages[_i].status);
	process_release(&p);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("process");
	TCase *t = tcase_create("process");

	curl_global_init(CURL_GLOBAL_DEFAULT);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, files_are_there_and_secrets_are_private);
	tcase_add_test(t, decryption_key_is_there_when_encryption_is_agreed);
	tcase_add_test(t, tenant_sells_one_token_for_a_code);
	tcase_add_test(t, hundreds_of_connections_are_served);
	tcase_add_test(t, faults_are_for_the_default_tenant);
	tcase_add_loop_test(t, process_ends_cleanly, 0, sizeof ends / sizeof *ends);
	tcase_add_loop_test(t, usage_is_checked, 0, sizeof usages / sizeof *usages);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	curl_global_cleanup();
	return status;
}
