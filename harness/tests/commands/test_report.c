/* report, compare and expected failures as a person uses them, over recorded results. */
#include <stdlib.h>
#include <string.h>

#include "commands/ran.h"
#include "testing.h"

/* Results of two shards and of a second run, made from one record so that nothing has to be sent again. */
struct rig {
	struct arena *a;
	const char *folder;
};

static const char *in(const struct rig *r, const char *name)
{
	return arena_printf(r->a, "%s/%s", r->folder, name);
}

#define HEALTHY "good.jsonl"
#define BROKEN "bad.jsonl"

static void record(struct rig *r, const char *file, const char *faults)
{
	struct brand b = brand_start(r->a, faults);
	struct ran run = RAN(r->a, r->folder, "brandcert", "run", "--quiet", "--target", brand_says(&b, "target_file"),
	                     "--only", "valid-code", "--only", "missing-sub", "--record", file);

	ck_assert_msg(run.status == (faults ? 1 : 0), "exit %d: %s", run.status, run.err);
	brand_stop(&b);
}

static void judge(const struct rig *r, const char *record, const char *only, const char *json)
{
	struct ran run = RAN(r->a, r->folder, "brandcert", "judge", "--quiet", record, "--only", only, "--report",
	                     arena_printf(r->a, "json:%s", json));

	ck_assert_msg(run.status <= 1, "exit %d: %s", run.status, run.err);
}

static struct rig setup(struct arena *a)
{
	struct rig r = {a, testing_folder(a)};

	record(&r, HEALTHY, NULL);
	record(&r, BROKEN, "[{\"id_token\":{\"set\":{\"sub\":12}}}]");
	judge(&r, HEALTHY, "valid-code", "good-1.json");
	judge(&r, HEALTHY, "missing-sub", "good-2.json");
	judge(&r, BROKEN, "valid-code", "bad-1.json");
	judge(&r, BROKEN, "missing-sub", "bad-2.json");
	return r;
}

static void assert_ran(struct ran run, int status, const char *says)
{
	ck_assert_msg(run.status == status, "exit %d, not %d: %s%s", run.status, status, run.out, run.err);
	if (says && !strstr(run.err, says))
		assert_contains(run.out, says);
}

static void merging(const struct rig *r)
{
	struct ran run = RAN(r->a, r->folder, "brandcert", "report", "good-2.json", "good-1.json", "--junit", "j.xml",
	                     "--tap", "t.tap", "--report", "json:merged.json");

	assert_ran(run, 0, "Report: j.xml\nReport: t.tap\nReport: merged.json\n");
	assert_contains(run.out, "\nConformant (liveperson profile): ");
	json_auto_t *one = ran_json(r->a, in(r, "good-1.json")), *two = ran_json(r->a, in(r, "good-2.json")),
	            *all = ran_json(r->a, in(r, "merged.json"));
	ck_assert_uint_eq(json_array_size(json_object_get(all, "results")),
	                  json_array_size(json_object_get(one, "results")) +
	                          json_array_size(json_object_get(two, "results")));
	assert_contains(testing_read(r->a, in(r, "j.xml")), "classname=\"token-endpoint.missing-sub\"");
	/* one file comes out as it went in */
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "--quiet", "good-1.json", "--report", "json:again.json"),
	           0, "");
	ck_assert_str_eq(testing_read(r->a, in(r, "again.json")), testing_read(r->a, in(r, "good-1.json")));
	/* a shard that fails */
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "good-1.json", "bad-2.json"), 1,
	           "NOT conformant (liveperson profile): 1 requirement failed");
	/* the later of two runs of the same scenario, wherever it stands */
	char *later = arena_text(r->a, testing_read(r->a, in(r, "bad-1.json")));
	memcpy(strstr(later, "\"started\": \"20"), "\"started\": \"21", 14);
	testing_write(in(r, "later.json"), sv_of(later));
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "--quiet", "later.json", "good-1.json"), 1, NULL);
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "--quiet", "good-1.json", "later.json"), 1, NULL);
}

static void unhappy(const struct rig *r)
{
	char *other = arena_text(r->a, testing_read(r->a, in(r, "good-1.json")));

	memcpy(strstr(other, "\"profile\": \"liveperson\""), "\"profile\": \"otherwise.\"", 23);
	testing_write(in(r, "other.json"), sv_of(other));
	testing_write(in(r, "cut.json"), (struct sv){other, 1000});
	assert_ran(RAN(r->a, r->folder, "brandcert", "report"), 2, "takes one or more results.json");
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "none.json"), 2, "none.json");
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "cut.json"), 2, "this is not JSON");
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "good-1.json", "other.json"), 2,
	           "only results of one profile can be merged");
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "good-1.json", "--report", "json:./good-1.json"), 2,
	           "would be written over the results");
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "good-1.json", "--junit", "/dev/null/x"), 3, NULL);
	assert_ran(RAN(r->a, r->folder, "brandcert", "compare", "good-1.json"), 2, "takes two results.json");
	assert_ran(RAN(r->a, r->folder, "brandcert", "compare", "good-1.json", "cut.json"), 2, "cut.json:");
	assert_ran(RAN(r->a, r->folder, "brandcert", "compare", "good-1.json", "good-1.json", "--format", "xml"), 2,
	           "it is one of text, json and markdown");
	assert_ran(RAN(r->a, r->folder, "brandcert", "compare", "good-1.json", "other.json"), 0,
	           "Note: These runs were judged in different profiles");
}

static void comparing(const struct rig *r)
{
	struct ran run = RAN(r->a, r->folder, "brandcert", "compare", "good-1.json", "bad-1.json");

	assert_ran(run, 1, "Broke:\n  idtoken.sub.valid");
	assert_contains(run.out, "Verdict    pass → fail in valid-code\n");
	assert_contains(run.out, "REGRESSED: 1 requirement broke");
	for (const char *line = run.out; *line; line += strcspn(line, "\n") + 1)
		ck_assert_uint_le(strcspn(line, "\n"), 86); /* bytes: an arrow has three */
	run = RAN(r->a, r->folder, "brandcert", "compare", "bad-1.json", "good-1.json");
	assert_ran(run, 0, "Mended:\n  idtoken.sub.valid  fail → pass in valid-code\n");
	run = RAN(r->a, r->folder, "brandcert", "compare", "good-1.json", "bad-1.json", "--format", "markdown");
	assert_ran(run, 1,
	           "### Broke\n\n| requirement | scenarios | verdict | observed |\n|---|---|---|---|\n"
	           "| `idtoken.sub.valid` ");
	run = RAN(r->a, r->folder, "brandcert", "compare", "good-1.json", "bad-1.json", "--format", "json");
	ck_assert_int_eq(run.status, 1);
	json_auto_t *read = json_loads(run.out, JSON_REJECT_DUPLICATES, NULL);
	const json_t *first = json_array_get(json_object_get(read, "changes"), 0);
	ck_assert(json_is_true(json_object_get(read, "regressed")));
	ck_assert_str_eq(json_string_value(json_object_get(first, "change")), "broke");
	ck_assert_str_eq(json_string_value(json_object_get(first, "is")), "fail");
	testing_write(in(r, "comparison.json"), sv_of(run.out));
	assert_ran(RAN(r->a, r->folder, "node", ran_file(r->a, "harness/tests/report/validate.mjs"),
	               ran_file(r->a, "suites/schema/comparison.json"), "comparison.json"),
	           0, NULL);
}

static void expecting(const struct rig *r)
{
	/* written from a run, and then it makes the same run pass */
	assert_ran(RAN(r->a, r->folder, "brandcert", "judge", "--quiet", BROKEN, "--only", "valid-code",
	               "--write-expected-failures", "exp.yaml"),
	           1, "");
	assert_contains(testing_read(r->a, in(r, "exp.yaml")),
	                "  - requirement: idtoken.sub.valid\n    scenario: valid-code\n    reason: \"found on ");
	assert_ran(RAN(r->a, r->folder, "brandcert", "judge", BROKEN, "--only", "valid-code", "--expected-failures",
	               "exp.yaml"),
	           0, "Conformant but for 1 expected failure");
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "bad-1.json", "--expected-failures", "exp.yaml",
	               "--report", "json:accepted.json"),
	           0, NULL);
	assert_contains(testing_read(r->a, in(r, "accepted.json")), "\"accepted\": \"found on ");
	/* what was accepted stays so when it is rendered again */
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "--quiet", "accepted.json"), 0, "");
	/* no longer true, and never over a file */
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "good-1.json", "--expected-failures", "exp.yaml"), 1,
	           "idtoken.sub.valid in valid-code: no longer fails");
	assert_ran(RAN(r->a, r->folder, "brandcert", "judge", BROKEN, "--write-expected-failures", "exp.yaml"), 2,
	           "'exp.yaml' is there already");
	assert_ran(RAN(r->a, r->folder, "brandcert", "judge", BROKEN, "--expected-failures", "none.yaml"), 2,
	           "none.yaml");
	testing_write(in(r, "wrong.yaml"), SV("expected_failures: [{requirement: idtoken.sub.vald, reason: x}]\n"));
	assert_ran(RAN(r->a, r->folder, "brandcert", "run", "--expected-failures", "wrong.yaml"), 2,
	           "did you mean 'idtoken.sub.valid'?");
	testing_write(in(r, "two.yaml"), SV("expected_failures:\n- {requirement: idtoken.sub.valid, reason: x}\n"
	                                    "- {requirement: token.pragma, scenario: nowhere, reason: x}\n"));
	assert_ran(RAN(r->a, r->folder, "brandcert", "report", "bad-1.json", "--expected-failures", "two.yaml"), 1,
	           "matches nothing: no scenario 'nowhere' judges it here");
	/* of a selection that is no news */
	assert_ran(RAN(r->a, r->folder, "brandcert", "judge", BROKEN, "--only", "valid-code", "--expected-failures",
	               "two.yaml"),
	           0, NULL);
}

START_TEST(recorded_results)
{
	arena_auto *a = arena_new();
	struct rig r = setup(a);

	merging(&r);
	unhappy(&r);
	comparing(&r);
	expecting(&r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("report");
	TCase *c = tcase_create("report");

	tcase_set_timeout(c, 240);
	tcase_add_test(c, recorded_results);
	suite_add_tcase(s, c);
	return testing_run(s);
}
