/* A brand that can hand over only three codes still gets every verdict that three codes can buy. */
#include <string.h>

#include "commands/ran.h"
#include "testing.h"

#define CODES 3

struct scene {
	struct arena *a;
	struct brand brand;
	const char *folder;
	json_t *results;
	struct ran r;
};

/* A fresh code of the reference brand's control API. */
static char *code(struct scene *s)
{
	const char *state = s->brand.state;
	const char *token = testing_read(s->a, arena_printf(s->a, "%s/control-token", state));
	const char *config = arena_printf(s->a, "%s/control.curl", s->folder);

	testing_write(config, sv_of(arena_printf(s->a, "header = \"Authorization: Bearer %s\"\n", token)));
	struct ran r = RAN(s->a, s->folder, "curl", "--silent", "--show-error", "--fail", "--cacert",
	                   arena_printf(s->a, "%s/ca.pem", state), "--config", config, "--request", "POST",
	                   arena_printf(s->a, "%s/tenants/t1/codes", brand_says(&s->brand, "control_url")));
	json_auto_t *reply = json_loads(r.out, 0, NULL);
	ck_assert_msg(json_object_get(reply, "code") != NULL, "%s%s", r.out, r.err);
	return arena_text(s->a, json_string_value(json_object_get(reply, "code")));
}

/* The brand's own target file but for what it says of codes, tokens and logins, and with a list of three. */
static void run(struct scene *s, const char *scenario)
{
	const char *target = testing_read(s->a, brand_says(&s->brand, "target_file")), *text = arena_text(s->a, "");
	const char *path = arena_printf(s->a, "%s/three.yaml", s->brand.state);
	bool kept = true;

	for (struct sv rest = sv_of(target), line; sv_cut(&rest, '\n', &line);) {
		if (line.n && line.p[0] != ' ')
			kept = !sv_starts(line, SV("authorization:")) && !sv_starts(line, SV("tokens:")) &&
			       !sv_starts(line, SV("logout:")) && !sv_starts(line, SV("codes:")) &&
			       !sv_starts(line, SV("pkce:"));
		if (kept)
			text = arena_printf(s->a, "%s%.*s\n", text, SV_ARG(line));
	}
	text = arena_printf(s->a, "%scodes: {from: list, list: [\"%s\", \"%s\", \"%s\"]}\n", text, code(s), code(s),
	                    code(s));
	testing_write(path, sv_of(text));
	s->r = scenario ? RAN(s->a, s->folder, "brandcert", "run", "--target", path, "--report", "json:results.json",
	                      "--only", scenario)
	                : RAN(s->a, s->folder, "brandcert", "run", "--target", path, "--report", "json:results.json");
	s->results = ran_json(s->a, arena_printf(s->a, "%s/results.json", s->folder));
}

static struct scene begin(struct arena *a)
{
	return (struct scene){.a = a, .brand = brand_start(a, NULL), .folder = testing_folder(a)};
}

static void end(struct scene *s)
{
	json_decref(s->results);
	brand_stop(&s->brand);
}

static const char *said(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text ? text : "";
}

/* What became of each requirement of a scenario: all of them the same. */
static const char *all_of(const struct scene *s, const char *scenario, const char *verdict)
{
	const json_t *results = json_object_get(s->results, "results");
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(results); i++) {
		const json_t *r = json_array_get(results, i);
		if (strcmp(said(r, "scenario"), scenario) != 0 || !strcmp(said(r, "verdict"), "skip"))
			continue;
		n++;
		if (strcmp(said(r, "verdict"), verdict) != 0)
			return arena_printf(s->a, "%s: %s", said(r, "requirement"), said(r, "verdict"));
	}
	return n ? NULL : "nothing was judged";
}

START_TEST(the_most_for_three_codes)
{
	arena_auto *a = arena_new();
	struct scene s = begin(a);

	run(&s, NULL);
	const json_t *facts = json_object_get(s.results, "run");
	int planned = (int)json_integer_value(json_object_get(facts, "codes_planned"));
	ck_assert_int_eq(s.r.status, 3);
	ck_assert_int_eq(json_integer_value(json_object_get(facts, "codes")), CODES);
	ck_assert_int_gt(planned, 50);
	/* The first buys all that an ordinary reply shows, and what needs none is judged. */
	static const char *const bought[] = {"valid-code",      "missing-sub",  "wrong-audience", "bad-signature",
	                                     "malformed-basic", "code-unknown", "tls-versions",   "discovery-document"};
	for (size_t i = 0; i < sizeof bought / sizeof *bought; i++)
		ck_assert_msg(!all_of(&s, bought[i], "pass"), "%s: %s", bought[i], all_of(&s, bought[i], "pass"));
	/* A scenario that takes more than there are is not begun. */
	ck_assert_msg(!all_of(&s, "redirect-uri-near-miss", "error"), "%s", s.r.out);
	/* What is missing is said, scenario by scenario, and adds up. */
	assert_contains(s.r.out, arena_printf(a, "\n%d more codes would judge all: ", planned - CODES));
	assert_contains(s.r.out, "codes are short: there are 3 in all");
	assert_contains(s.r.out, arena_printf(a, "\n3 codes spent of %d planned.", planned));
	end(&s);
}
END_TEST

START_TEST(enough_are_enough)
{
	arena_auto *a = arena_new();
	struct scene s = begin(a);

	run(&s, "valid-code");
	ck_assert_int_eq(s.r.status, 0);
	assert_lacks(s.r.out, "more code");
	end(&s);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: few codes");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 240);
	tcase_add_test(t, the_most_for_three_codes);
	tcase_add_test(t, enough_are_enough);
	suite_add_tcase(s, t);
	return testing_run(s);
}
