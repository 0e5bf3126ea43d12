/* The program as its users meet it: exit status, reports, what it prints, and that no secret is in any of them. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/ran.h"
#include "core/file.h"
#include "core/version.h"
#include "jose/jwk.h"
#include "jose/key_text.h"
#include "testing.h"

/* A target file for the brand with codes from a command, as a brand's developer would write it. */
static const char *write_target(struct arena *a, const struct brand *b, const char *ca_line, const char *codes)
{
	const char *path = arena_printf(a, "%s/acme.yaml", b->state);
	const char *text =
	        arena_printf(a,
	                     "target: acme\nissuer: %s\ntoken_endpoint: %s\n"
	                     "client: {id: %s, secret_file: client-secret, authentication: client_secret_basic}\n"
	                     "redirect_uri: %s\nkeys: {jwks_uri: %s/jwks}\n%scodes: %s\n",
	                     brand_says(b, "issuer"), brand_says(b, "token_endpoint"), brand_says(b, "client_id"),
	                     brand_says(b, "redirect_uri"), brand_says(b, "issuer"), ca_line, codes);

	testing_write(path, sv_of(text));
	return path;
}

/* A login script: asks the brand's control API for a code and prints it. */
static const char *command_codes(struct arena *a, const struct brand *b)
{
	const char *script = arena_printf(a, "%s/get-code", b->state);
	const char *text =
	        arena_printf(a,
	                     "#!/bin/sh\nset -eu\n"
	                     "printf 'header = \"Authorization: Bearer %%s\"\\n' \"$(cat control-token)\" |\n"
	                     "curl -sS --cacert ca.pem --config - -X POST %s/tenants/t1/codes |\n"
	                     "sed 's/.*\"code\": *\"\\([^\"]*\\)\".*/\\1/'\n",
	                     brand_says(b, "control_url"));

	testing_write(script, sv_of(text));
	ck_assert_int_eq(chmod(script, 0700), 0);
	return "{from: command, command: [./get-code], lifetime: 5, margin: 1}";
}

static const char *text_at(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "";
}

/* The verdict of a requirement in results.json; "" when it is not there. */
static const char *verdict_in(const json_t *results, const char *scenario, const char *requirement)
{
	size_t i;
	const json_t *r;

	json_array_foreach(json_object_get(results, "results"), i,
	                   r) if (strcmp(text_at(r, "scenario"), scenario) == 0 &&
	                          strcmp(text_at(r, "requirement"), requirement) == 0) return text_at(r, "verdict");
	return "";
}

START_TEST(reference_brand_conforms)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "run", "--report", "junit", "--report", "tap", "--report", "json");

	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, "Conformant");
	ck_assert(file_exists(arena_printf(a, "%s/reports/junit.xml", folder)));
	ck_assert(file_exists(arena_printf(a, "%s/reports/results.tap", folder)));
	json_auto_t *results = ran_json(a, arena_printf(a, "%s/reports/results.json", folder));
	static const char *const six[][2] = {
	        {"valid-code", "token.status-200"},
	        {"expired-code", "req.code.expired"},
	        {"bad-signature", "jose.signature"},
	        {"missing-sub", "idtoken.sub.valid"},
	        {"wrong-audience", "idtoken.aud.contains-client"},
	};
	for (size_t i = 0; i < sizeof six / sizeof *six; i++)
		ck_assert_str_eq(verdict_in(results, six[i][0], six[i][1]), "pass");
	ck_assert_str_eq(verdict_in(results, "google-format", "google.response-members"), "skip");
}
END_TEST

START_TEST(google_profile_is_judged_on_request)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "run", "--profile", "google", "--only", "google-format", "--report",
	                   "json:r.json");

	ck_assert_int_eq(r.status, 0);
	json_auto_t *results = ran_json(a, arena_printf(a, "%s/r.json", folder));
	ck_assert_str_eq(verdict_in(results, "google-format", "google.response-members"), "pass");
}
END_TEST

START_TEST(another_endpoint_with_codes_from_a_command)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, NULL);
	const char *target = write_target(a, &b, "tls: {ca_file: ca.pem}\n", command_codes(a, &b));
	struct ran r = RAN(a, testing_folder(a), "brandcert", "run", "--target", target);

	brand_stop(&b);
	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, "acme");
}
END_TEST

/* Google's rows repeat what others own: one mistake must still be one failure. */
START_TEST(one_mistake_fails_one_requirement_in_the_google_profile)
{
	static const char *const faults[] = {
	        "[{\"id_token\": {\"remove\": [\"sub\"]}}]",
	        "[{\"id_token\": {\"set\": {\"iss\": \"{issuer}/\"}}}]",
	        "[{\"id_token\": {\"set\": {\"at_hash\": \"AAAAAAAAAAAAAAAAAAAAAA\"}}}]",
	        "[{\"response\": {\"body\": {\"remove\": [\"token_type\"]}}}]",
	        "[{\"response\": {\"body\": {\"remove\": [\"scope\"]}}}]",
	        "[{\"response\": {\"body\": {\"remove\": [\"id_token\"]}}}]",
	};
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, faults[_i]);
	struct ran r = RAN(a, testing_folder(a), "brandcert", "run", "--profile", "google", "--only", "valid-code",
	                   "--only", "google-format", "--target", arena_printf(a, "%s/target.yaml", b.state));

	brand_stop(&b);
	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, ": 1 requirement failed");
}
END_TEST

/* The brand's published key as LivePerson has it pasted: base64 of the SubjectPublicKeyInfo on one line. */
static const char *pasted_key(struct arena *a, const struct brand *b)
{
	struct ran r = RAN(a, b->state, "curl", "-sS", "--cacert", "ca.pem",
	                   arena_printf(a, "%s/jwks", brand_says(b, "issuer")));
	struct jwks keys = {0};
	struct err e = {0};

	ck_assert_int_eq(r.status, 0);
	if (jwks_parse(a, sv_of(r.out), &keys, &e) < 0)
		ck_abort_msg("%s", e.text);
	ck_assert_uint_eq(keys.n, 1);
	const char *line = key_line(a, keys.v[0].key);
	jwks_release(&keys);
	return line;
}

START_TEST(a_pasted_key_serves_as_well)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, "[{\"jwks\": \"status-404\"}]"), healthy = brand_start(a, NULL);
	const char *folder = testing_folder(a),
	           *target = write_target(a, &healthy, "tls: {ca_file: ca.pem}\n", command_codes(a, &healthy));
	const char *text = testing_read(a, target), *keys = strstr(text, "keys: "), *rest = strchr(keys, '\n');
	const char *pasted = arena_printf(a, "%.*skeys: {public_key: %s}%s", (int)(keys - text), text,
	                                  pasted_key(a, &healthy), rest);

	testing_write(target, sv_of(pasted));
	struct ran r = RAN(a, folder, "brandcert", "run", "--target", target, "--report", "json:r.json");
	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	json_auto_t *results = ran_json(a, arena_printf(a, "%s/r.json", folder));
	ck_assert_str_eq(verdict_in(results, "bad-signature", "jose.signature"), "pass");
	/* Where the key is to come from a JWKS that is not there, the brand fails: LivePerson could not verify either. */
	r = RAN(a, folder, "brandcert", "run", "--target", arena_printf(a, "%s/target.yaml", b.state), "--only",
	        "bad-signature");
	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "404");
	brand_stop(&b);
	brand_stop(&healthy);
}
END_TEST

START_TEST(a_broken_endpoint_fails_with_what_to_change)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, "[{\"id_token\": {\"set\": {\"sub\": 4711}}}]");
	const char *folder = testing_folder(a);
	const char *target = write_target(a, &b, "tls: {ca_file: ca.pem}\n", command_codes(a, &b));
	struct ran r = RAN(a, folder, "brandcert", "run", "--target", target, "--report", "json:r.json");

	brand_stop(&b);
	ck_assert_msg(r.status == 1, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, "idtoken.sub.valid");
	assert_contains(r.out, "NOT conformant");
	json_auto_t *results = ran_json(a, arena_printf(a, "%s/r.json", folder));
	ck_assert_str_eq(verdict_in(results, "missing-sub", "idtoken.sub.valid"), "fail");
	ck_assert_str_eq(verdict_in(results, "valid-code", "token.status-200"), "pass");
	ck_assert_str_eq(verdict_in(results, "bad-signature", "jose.signature"), "pass");
}
END_TEST

START_TEST(trouble_is_never_the_brands_failure)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, NULL);
	const char *untrusted = write_target(a, &b, "", command_codes(a, &b));
	/* that the root is not trusted is a finding of the handshake alone */
	struct ran r = RAN(a, testing_folder(a), "brandcert", "run", "--target", untrusted, "--only", "valid-code");

	ck_assert_msg(r.status == 3, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, "certificate");
	assert_lacks(r.out, "FAIL");

	const char *target =
	        write_target(a, &b, "tls: {ca_file: ca.pem}\n", "{from: command, command: [/bin/false], lifetime: 5}");
	r = RAN(a, testing_folder(a), "brandcert", "run", "--target", target);
	ck_assert_int_eq(r.status, 3);
	assert_contains(r.out, "/bin/false");
	assert_lacks(r.out, "FAIL");

	target = write_target(a, &b, "tls: {ca_file: ca.pem}\n", command_codes(a, &b));
	brand_stop(&b);
	const char *folder = testing_folder(a);
	r = RAN(a, folder, "brandcert", "run", "--target", target, "--report", "tap:r.tap");
	ck_assert_int_eq(r.status, 3);
	assert_contains(testing_read(a, arena_printf(a, "%s/r.tap", folder)), "Bail out!");
}
END_TEST

/* Who only looks at signatures hears of it, too: the scenario that owns the fact is not there to tell. */
START_TEST(a_jwks_that_cannot_be_read_is_told_of)
{
	static const struct {
		const char *only[2], *says;
	} rows[] = {
	        {{"--only", "bad-signature"}, "FAIL jose.signature"},
	        {{"--tag", "jwks"}, "FAIL jwks.well-formed"},
	};
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, "[{\"jwks_reply\": {\"raw\": \"<html>\"}}]");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ran r = RAN(a, testing_folder(a), "brandcert", "run", "--target", brand_says(&b, "target_file"),
		                   rows[i].only[0], rows[i].only[1]);
		ck_assert_int_eq(r.status, 1);
		assert_contains(r.out, rows[i].says);
	}
	brand_stop(&b);
}
END_TEST

START_TEST(few_codes_buy_what_they_can)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, NULL);
	const char *target = write_target(a, &b, "tls: {ca_file: ca.pem}\n",
	                                  "{from: list, list: [not-a-code], lifetime: 1, margin: 0}");
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "run", "--target", target, "--report", "json:r.json");

	brand_stop(&b);
	/* The only code is refused: a fail of the endpoint as far as anyone can see; the scenario left without a code is an error. */
	ck_assert_int_eq(r.status, 1);
	json_auto_t *results = ran_json(a, arena_printf(a, "%s/r.json", folder));
	ck_assert_str_eq(verdict_in(results, "valid-code", "token.status-200"), "fail");
	ck_assert_str_eq(verdict_in(results, "expired-code", "req.code.expired"), "error");
}
END_TEST

START_TEST(a_refusal_proves_nothing_when_all_is_refused)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct brand b = brand_start(a, NULL);
	const char *target = write_target(a, &b, "tls: {ca_file: ca.pem}\n",
	                                  "{from: list, list: [wrong-1, wrong-2], lifetime: 1, margin: 0}");
	struct ran r = RAN(a, folder, "brandcert", "run", "--target", target, "--only", "expired-code", "--report",
	                   "json:r.json");

	brand_stop(&b);
	json_auto_t *results = ran_json(a, arena_printf(a, "%s/r.json", folder));
	ck_assert_str_eq(verdict_in(results, "expired-code", "req.code.expired"), "skip");
	ck_assert_int_ne(r.status, 2);
}
END_TEST

START_TEST(bad_usage_is_2)
{
	static const struct {
		const char *args[4], *says;
	} rows[] = {
	        {{"run", "--traget", "x"}, "did you mean '--target'"},
	        {{"run", "--target", "/nowhere.yaml"}, "/nowhere.yaml"},
	        {{"run", "--only", "missing-sbu"}, "missing-sub"},
	        {{"run", "--report", "junti"}, "junit"},
	        {{"run", "--profile", "lax"}, "liveperson"},
	        {{"run", "--jobs", "0"}, "from 1 to"},
	        {{"run", "--tag", "no-such-tag"}, "no-such-tag"},
	        {{"run", "acme.yaml"}, "--target"},
	        {{"judge", NULL}, "one file of evidence"},
	        {{"judge", "/nowhere"}, "/nowhere"},
	        {{"list", "scenarois"}, "scenarios"},
	        {{"rnu", NULL}, "did you mean 'run'"},
	};
	arena_auto *a = arena_new();
	struct ran r = RAN(a, testing_folder(a), "brandcert", rows[_i].args[0], rows[_i].args[1], rows[_i].args[2]);

	ck_assert_msg(r.status == 2, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.err, rows[_i].says);
	ck_assert_str_eq(r.out, "");
}
END_TEST

START_TEST(dry_run_sends_nothing)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, NULL);
	const char *target = write_target(a, &b, "tls: {ca_file: ca.pem}\n", "{from: list, list: [x]}");
	const char *folder = testing_folder(a);

	brand_stop(&b);
	struct ran r = RAN(a, folder, "brandcert", "run", "--target", target, "--dry-run");
	ck_assert_int_eq(r.status, 0);
	/* No lifetime is declared: the expired code cannot be tried, and six scenarios share one exchange. */
	assert_contains(r.out, "skip expired-code");
	assert_contains(r.out,
	                "ordinary  1 code  for bad-signature, google-format, missing-sub, valid-code, wrong-audience, "
	                "answer-time\n");
	/* A burst and its rounds are one line, and what was said of the codes adds up. */
	r = RAN(a, folder, "brandcert", "run", "--target", target, "--dry-run", "--only", "code-race", "--only",
	        "missing-sub");
	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "POST      code-race/eight-at-once  8 requests at once, 5 rounds  5 codes\n");
	assert_contains(r.out, "ordinary  1 code  for missing-sub\n");
	assert_contains(r.out, " exchanges and 6 codes needed");
	/* What is no token request says what it is, and logins and tokens are counted, too. */
	r = RAN(a, folder, "brandcert", "run", "--dry-run", "--only", "state-unchanged", "--only", "handed-over-token",
	        "--only", "handshake", "--only", "userinfo", "--only", "logged-out", "--only", "error-responses");
	ck_assert_int_eq(r.status, 0);
	static const char *const lines[] = {"login     state-unchanged/long\n",
	                                    "token     handover  for handed-over-token\n",
	                                    "document  jwks",
	                                    "handshake handshake  for handshake\n",
	                                    "GET       userinfo/get\n",
	                                    "POST      userinfo/post\n",
	                                    "logout    logged-out/logout\n",
	                                    "authorize error-responses/nobody-is-logged-in\n",
	                                    ", 1 code, 7 logins and 1 token needed"};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_contains(r.out, lines[i]);
}
END_TEST

START_TEST(a_report_that_cannot_be_written_is_no_pass)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);

	testing_write(arena_printf(a, "%s/taken", folder), SV("old"));
	struct ran r = RAN(a, folder, "brandcert", "run", "--only", "missing-sub", "--report", "junit:taken/j.xml",
	                   "--report", "tap:t.tap");
	ck_assert_int_eq(r.status, 3);
	assert_contains(r.err, "taken");
	assert_lacks(r.out, "taken/j.xml");
	/* The others are written all the same. */
	assert_contains(testing_read(a, arena_printf(a, "%s/t.tap", folder)), "TAP version 13");
}
END_TEST

START_TEST(a_report_on_standard_output_stands_alone)
{
	arena_auto *a = arena_new();
	struct ran r = RAN(a, testing_folder(a), "brandcert", "run", "--only", "missing-sub", "--report", "json:-");
	json_auto_t *results = json_loads(r.out, 0, NULL);

	ck_assert_int_eq(r.status, 0);
	ck_assert_str_eq(verdict_in(results, "missing-sub", "idtoken.sub.valid"), "pass");
	assert_contains(r.err, "Conformant");
}
END_TEST

START_TEST(verbose_lists_infos)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, "[{\"response\": {\"body\": {\"remove\": [\"expires_in\"]}}}]");
	const char *target = arena_printf(a, "%s/target.yaml", b.state), *folder = testing_folder(a);
	struct ran brief = RAN(a, folder, "brandcert", "run", "--only", "valid-code", "--target", target);
	struct ran verbose =
	        RAN(a, folder, "brandcert", "run", "--only", "valid-code", "--target", target, "--verbose");

	brand_stop(&b);
	ck_assert_int_eq(brief.status, 0);
	ck_assert_int_eq(verbose.status, 0);
	assert_lacks(brief.out, "INFO token.expires-in");
	assert_contains(brief.out, "1 info, see --verbose");
	assert_contains(verbose.out, "INFO token.expires-in");
}
END_TEST

START_TEST(help_and_version)
{
	arena_auto *a = arena_new();
	struct ran r = RAN(a, ".", "brandcert", "run", "--help");

	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "--record FILE");
	r = RAN(a, ".", "brandcert", "--version");
	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "brandcert " BRANDCERT_VERSION);
	r = RAN(a, ".", "brandcert", "list");
	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "google-format");
}
END_TEST

/* A code command that never ends, and says that it has begun. */
static const char *endless_codes(struct arena *a, const struct brand *b)
{
	const char *script = arena_printf(a, "%s/endless", b->state);

	testing_write(script, SV("#!/bin/sh\necho $$ >began.new && mv began.new began\nsleep 600\n"));
	ck_assert_int_eq(chmod(script, 0700), 0);
	return "{from: command, command: [./endless], timeout: 300}";
}

START_TEST(an_interrupt_ends_what_was_started)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, NULL);
	const char *target = write_target(a, &b, "tls: {ca_file: ca.pem}\n", endless_codes(a, &b));
	/* The shell sends the signal once the command runs, then looks whether that is gone. */
	const char *script =
	        arena_printf(a,
	                     "cd '%s'; '%s' run --target '%s' & run=$!; while [ ! -e began ]; do sleep 0.05; done\n"
	                     "kill -INT $run; wait $run; echo \"status $?\"\n"
	                     "while kill -0 \"$(cat began)\" 2>/dev/null; do sleep 0.05; done; echo gone\n",
	                     b.state, ran_program(a, "brandcert"), target);
	/* -m: without job control a shell has its background jobs ignore SIGINT. */
	struct ran r = RAN(a, ".", "bash", "-m", "-c", script);

	brand_stop(&b);
	assert_contains(r.out, "status 3");
	assert_contains(r.out, "gone");
	assert_contains(r.err, "interrupted");
}
END_TEST

/* --format json is the summary for programs; --color is what it says, whatever standard output is. */
START_TEST(the_summary_is_as_wished)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "run", "--only", "valid-code", "--format", "json");
	json_auto_t *results = json_loads(r.out, 0, NULL);

	ck_assert_int_eq(r.status, 0);
	ck_assert_str_eq(verdict_in(results, "valid-code", "token.status-200"), "pass");
	ck_assert_str_eq(r.err, "");
	r = RAN(a, folder, "brandcert", "run", "--only", "valid-code", "--color", "always");
	assert_contains(r.out, "\x1b[");
	r = RAN(a, folder, "brandcert", "run", "--only", "valid-code", "--verbose");
	assert_lacks(r.out, "\x1b[");
	assert_contains(r.out, "> Authorization: Basic [credentials]\n");
	r = RAN(a, folder, "brandcert", "run", "--format", "yaml");
	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "--format takes text or json, not 'yaml'");
	r = RAN(a, folder, "brandcert", "run", "--format", "json", "--report", "tap:-");
	ck_assert_int_eq(r.status, 2);
	r = RAN(a, folder, "brandcert", "run", "--color", "blue");
	ck_assert_int_eq(r.status, 2);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: run and judge");
	TCase *t = tcase_create("all");

	/* whole runs, with a waiting for codes to expire: a bound against hanging, not a measure */
	tcase_set_timeout(t, 240);

	tcase_add_test(t, reference_brand_conforms);
	tcase_add_test(t, the_summary_is_as_wished);
	tcase_add_test(t, google_profile_is_judged_on_request);
	tcase_add_test(t, another_endpoint_with_codes_from_a_command);
	tcase_add_loop_test(t, one_mistake_fails_one_requirement_in_the_google_profile, 0, 6);
	tcase_add_test(t, a_pasted_key_serves_as_well);
	tcase_add_test(t, a_broken_endpoint_fails_with_what_to_change);
	tcase_add_test(t, trouble_is_never_the_brands_failure);
	tcase_add_test(t, a_jwks_that_cannot_be_read_is_told_of);
	tcase_add_test(t, few_codes_buy_what_they_can);
	tcase_add_test(t, a_refusal_proves_nothing_when_all_is_refused);
	tcase_add_loop_test(t, bad_usage_is_2, 0, 12);
	tcase_add_test(t, dry_run_sends_nothing);
	tcase_add_test(t, an_interrupt_ends_what_was_started);
	tcase_add_test(t, a_report_that_cannot_be_written_is_no_pass);
	tcase_add_test(t, a_report_on_standard_output_stands_alone);
	tcase_add_test(t, verbose_lists_infos);
	tcase_add_test(t, help_and_version);
	suite_add_tcase(s, t);
	return testing_run(s);
}
