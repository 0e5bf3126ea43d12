/*
 * A brand that can do nothing but show its login pages: codes and tokens come from logins that brandcert does itself, with the
 * target file that the reference brand writes.
 */
#include <jansson.h>
#include <string.h>

#include "commands/canary.h"
#include "commands/edited.h"
#include "core/buf.h"
#include "report/report.h"
#include "testing.h"

/* As the brand says it, but for where they come from. */
#define SUPPLIED "codes: {from: authorize, lifetime: 5, margin: 1, second_consumer: true}\ntokens: {from: authorize}\n"

struct scene {
	struct arena *a;
	struct brand brand;
	const char *folder, *target;
	struct ran r;
	json_t *results;
	struct canaries *secrets;
};

static const char *said(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "";
}

/* --- what must not be seen ----------------------------------------------------------------------------------------- */

/* Values of cookies that the brand set, in the reply itself and on the way to it. */
static void add_cookies(struct scene *s, const json_t *x)
{
	const json_t *lines = json_object_get(json_object_get(x, "response"), "lines"), *line;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		struct sv rest = sv_of(json_string_value(line)), value;
		if (!sv_starts(rest, SV("Set-Cookie: ")) || !sv_cut(&rest, '=', &value) || !sv_cut(&rest, ';', &value))
			continue;
		if (value.n >= CANARY_WINDOW)
			canaries_add(s->secrets, "cookie", value, 1);
	}
}

static void learn(struct scene *s)
{
	const char *evidence = testing_read(s->a, arena_printf(s->a, "%s/evidence.jsonl", s->folder));

	for (struct sv rest = sv_of(evidence), line; sv_cut(&rest, '\n', &line);) {
		json_auto_t *v = json_loadb(line.p, line.n, 0, NULL);
		const json_t *x = json_object_get(v, "exchange"), *hops = json_object_get(x, "hops"), *hop;
		const char *code = said(json_object_get(x, "code"), "code");
		size_t i;
		add_cookies(s, x);
		json_array_foreach(hops, i, hop) add_cookies(s, hop);
		if (strlen(code) >= CANARY_WINDOW)
			canaries_add(s->secrets, "code", sv_of(code), 1);
	}
}

static void nothing_is_shown(struct scene *s)
{
	struct buf found = {.cap = BUF_OWN};

	canaries_search(s->secrets, "standard output", sv_of(s->r.out), &found);
	canaries_search(s->secrets, "standard error", sv_of(s->r.err), &found);
	for (const struct report_format *f = report_formats; f->name; f++) {
		const char *text = testing_read(s->a, arena_printf(s->a, "%s/%s", s->folder, f->name));
		canaries_search(s->secrets, f->name, sv_of(text), &found);
	}
	ck_assert_msg(found.n == 0, "%.2000s", found.n ? found.p : "");
	buf_release(&found);
}

/* --- a run ----------------------------------------------------------------------------------------------------------- */

static struct scene begin(struct arena *a, const char *faults)
{
	struct scene s = {.a = a, .brand = brand_start(a, faults), .folder = testing_folder(a)};

	s.secrets = canaries_new(a);
	return s;
}

static void add_password(struct scene *s, const char *file)
{
	canaries_add(s->secrets, file, sv_of(testing_read(s->a, arena_printf(s->a, "%s/%s", s->brand.state, file))), 1);
}

static void run(struct scene *s, const char *only)
{
	const char *argv[64] = {"brandcert", "run", "--target", s->target, "--record", "evidence.jsonl", "--verbose"};
	size_t n = 7;

	for (const struct report_format *f = report_formats; f->name; f++) {
		argv[n++] = "--report";
		argv[n++] = arena_printf(s->a, "%s:%s", f->name, f->name);
	}
	if (only) {
		argv[n++] = "--only";
		argv[n++] = only;
	}
	s->r = ran(s->a, s->folder, argv);
	s->results = ran_json(s->a, arena_printf(s->a, "%s/json", s->folder));
	learn(s);
}

static void end(struct scene *s)
{
	json_decref(s->results);
	brand_stop(&s->brand);
}

/* --- tests ----------------------------------------------------------------------------------------------------------- */

START_TEST(the_whole_suite_with_logins_alone)
{
	static const char *const connectors[] = {"[]", "[\"connector-openid\"]"};
	arena_auto *a = arena_new();
	struct scene s = begin(a, connectors[_i]);
	const json_t *result;
	size_t i, passed = 0;

	s.target = edited_target(a, &s.brand, "login.yaml", "codes tokens", SUPPLIED);
	add_password(&s, "password");
	add_password(&s, "second-password");
	run(&s, NULL);
	ck_assert_msg(s.r.status == 0, "status %d\n%.3000s\n%.1000s", s.r.status, s.r.out, s.r.err);
	json_array_foreach(json_object_get(s.results, "results"), i, result)
	{
		const char *verdict = said(result, "verdict");
		passed += strcmp(verdict, "pass") == 0;
		ck_assert_msg(strcmp(verdict, "error") != 0, "%s: %s", said(result, "requirement"),
		              said(result, "reason"));
	}
	/* more than refusals */
	ck_assert_uint_gt(passed, 400);
	ck_assert_uint_gt(canaries_count(s.secrets), 1000);
	nothing_is_shown(&s);
	end(&s);
}
END_TEST

/* Our own trouble: nothing is said against the brand. */
static const struct row {
	const char *name, *login;
	const char *says;
} rows[] = {
        {"a wrong password",
         "forms: [{form: login, fields: {username: A, password: wrong-canary-4711xyz}, submit: login}, {form: consent, "
         "submit: allow, optional: true}]",
         "the login was refused: the page '"},
        {"a wrong user",
         "forms: [{form: login, fields: {username: nobody, password: wrong-canary-4711xyz}, submit: login}]",
         "the login was refused: the page '"},
        {"a cookie that is good for nothing", "cookies: session=wrong-canary-4711xyz",
         "and 'authorization.login' has no 'forms'; its form has 'login' ('username', 'password', button 'login')"},
};

START_TEST(a_login_that_fails)
{
	arena_auto *a = arena_new();
	const struct row *row = &rows[_i];
	struct scene s = begin(a, NULL);
	const json_t *result;
	size_t i;

	const char *login = row->login;
	s.target = edited_target(a, &s.brand, "login.yaml", "codes tokens authorization",
	                         arena_printf(a,
	                                      SUPPLIED "authorization: {endpoint: \"%s/authorize\", response_types: "
	                                               "[code, id_token], login: {%s}, second_login: {%s}}\n",
	                                      brand_says(&s.brand, "issuer"), login, login));
	canaries_add(s.secrets, "password", SV("wrong-canary-4711xyz"), 1);
	run(&s, "valid-code");
	ck_assert_msg(s.r.status == 3, "%s: status %d\n%.3000s\n%.1000s", row->name, s.r.status, s.r.out, s.r.err);
	json_array_foreach(json_object_get(s.results, "results"), i, result)
	{
		ck_assert_msg(strcmp(said(result, "verdict"), "error") == 0, "%s: %s: %s", row->name,
		              said(result, "requirement"), said(result, "verdict"));
		ck_assert_msg(strstr(said(result, "reason"), row->says) != NULL, "%s: %s", row->name,
		              said(result, "reason"));
	}
	ck_assert_uint_gt(i, 10);
	assert_contains(s.r.out, "No verdict");
	nothing_is_shown(&s);
	end(&s);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: login");
	TCase *t = tcase_create("all");

	/* whole runs: a bound against hanging, not a measure */
	tcase_set_timeout(t, 240);
	tcase_add_loop_test(t, the_whole_suite_with_logins_alone, 0, 2);
	tcase_add_loop_test(t, a_login_that_fails, 0, sizeof rows / sizeof *rows);
	suite_add_tcase(s, t);
	return testing_run(s);
}
