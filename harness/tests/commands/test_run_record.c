/* The record of a run: what it holds reaches no report, and judged again it says the same. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/ran.h"
#include "core/base64.h"
#include "core/form.h"
#include "testing.h"

static void assert_not_in(struct arena *a, const char *text, struct sv secret, const char *what, const char *where)
{
	const char *forms[] = {
	        arena_sv(a, secret),
	        form_encoded(a, secret),
	        url_encoded(a, secret),
	        base64_encode(a, BASE64_STANDARD, secret),
	        base64_encode(a, BASE64_URL, secret),
	};

	ck_assert_msg(secret.n >= 8, "the %s is too short to look for", what);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		ck_assert_msg(!strstr(text, forms[i]), "the %s (form %zu) is in %s", what, i, where);
}

static const char *text_or_null(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

/* Every secret that a recorded run holds: found by place in the evidence itself. */
static size_t look_for_secrets(struct arena *a, const char *evidence, const char *text, const char *where)
{
	size_t found = 0;

	for (struct sv rest = sv_of(evidence), line; sv_cut(&rest, '\n', &line);) {
		json_auto_t *record = json_loadb(line.p ? line.p : "", line.n, 0, NULL);
		const json_t *x = json_object_get(record, "exchange"), *code = json_object_get(x, "code");
		const char *secret = text_or_null(json_object_get(record, "run"), "client_secret");
		if (secret) {
			assert_not_in(a, text, sv_of(secret), "client secret", where);
			found++;
		}
		const char *value = json_string_value(json_object_get(code, "code"));
		if (value) {
			assert_not_in(a, text, sv_of(value), "code", where);
			found++;
		}
		const json_t *response = json_object_get(x, "response");
		const char *body = json_string_value(json_object_get(response, "body"));
		json_auto_t *tokens = json_loads(body ? body : "", 0, NULL);
		const char *access = json_string_value(json_object_get(tokens, "access_token"));
		if (access) {
			assert_not_in(a, text, sv_of(access), "access token", where);
			found++;
		}
		const char *id_token = json_string_value(json_object_get(tokens, "id_token"));
		if (id_token) {
			assert_not_in(a, text, sv_of(strrchr(id_token, '.') + 1), "id_token signature", where);
			found++;
		}
	}
	return found;
}

START_TEST(no_secret_in_any_report)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	/* The endpoint reflects everything it knows, so that there is something to leak. */
	struct brand b = brand_start(
	        a, "[{\"response\": {\"body\": {\"set\": {\"debug\": \"{client_secret} {code}\"}},"
	           " \"header\": {\"add\": [[\"X-Debug\", \"{access_token} {client_secret}\"]]}}},"
	           " {\"error\": {\"body\": {\"set\": {\"error_description\": \"{code} {client_secret}\"}}}},"
	           " {\"sign\": \"flip-bit\"}]");
	struct ran r =
	        RAN(a, folder, "brandcert", "run", "--target", arena_printf(a, "%s/target.yaml", b.state), "--record",
	            "evidence.jsonl", "--report", "junit:j.xml", "--report", "tap:t.tap", "--report", "json:r.json");

	brand_stop(&b);
	ck_assert_msg(r.status == 1, "status %d\n%s\n%s", r.status, r.out, r.err);
	const char *evidence = testing_read(a, arena_printf(a, "%s/evidence.jsonl", folder));
	static const char *const reports[] = {"j.xml", "t.tap", "r.json"};
	for (size_t i = 0; i < 3; i++) {
		const char *text = testing_read(a, arena_printf(a, "%s/%s", folder, reports[i]));
		ck_assert_uint_ge(look_for_secrets(a, evidence, text, reports[i]), 5);
	}
	look_for_secrets(a, evidence, r.out, "the terminal's output");
	look_for_secrets(a, evidence, r.err, "the terminal's messages");
	/* That the search can find: the evidence itself does hold them. */
	assert_contains(evidence, "client_secret");
	struct stat st;
	ck_assert_int_eq(stat(arena_printf(a, "%s/evidence.jsonl", folder), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
}
END_TEST

START_TEST(judging_the_record_gives_the_same_verdicts)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct brand b = brand_start(a, "[{\"sign\": \"other-key\"}]");
	struct ran r = RAN(a, folder, "brandcert", "run", "--target", arena_printf(a, "%s/target.yaml", b.state),
	                   "--record", "evidence.jsonl", "--report", "json:first.json", "--report", "tap:first.tap");

	brand_stop(&b);
	ck_assert_int_eq(r.status, 1);
	r = RAN(a, folder, "brandcert", "judge", "evidence.jsonl", "--report", "json:again.json", "--report",
	        "tap:again.tap");
	ck_assert_msg(r.status == 1, "status %d\n%s\n%s", r.status, r.out, r.err);
	ck_assert_str_eq(testing_read(a, arena_printf(a, "%s/first.json", folder)),
	                 testing_read(a, arena_printf(a, "%s/again.json", folder)));
	ck_assert_str_eq(testing_read(a, arena_printf(a, "%s/first.tap", folder)),
	                 testing_read(a, arena_printf(a, "%s/again.tap", folder)));
	/* A record is never overwritten: it may be somebody's only one. */
	r = RAN(a, folder, "brandcert", "run", "--record", "evidence.jsonl");
	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "evidence.jsonl");
}
END_TEST

START_TEST(a_cut_record_is_refused)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "run", "--only", "missing-sub", "--record", "e.jsonl");

	ck_assert_int_eq(r.status, 0);
	struct sv whole = sv_of(testing_read(a, arena_printf(a, "%s/e.jsonl", folder)));
	testing_write(arena_printf(a, "%s/cut.jsonl", folder), (struct sv){whole.p, whole.n - 20});
	r = RAN(a, folder, "brandcert", "judge", "cut.jsonl");
	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "cut.jsonl:");
	/* Evidence without an exchange that a newer suite wants is no pass. */
	r = RAN(a, folder, "brandcert", "judge", "e.jsonl", "--only", "expired-code");
	ck_assert_int_eq(r.status, 3);
	assert_contains(r.out, "not in the evidence");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: run --record");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 240);
	tcase_add_test(t, no_secret_in_any_report);
	tcase_add_test(t, judging_the_record_gives_the_same_verdicts);
	tcase_add_test(t, a_cut_record_is_refused);
	suite_add_tcase(s, t);
	return testing_run(s);
}
