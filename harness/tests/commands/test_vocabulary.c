/* One vocabulary of faults: what the reference brand knows, editors offer, and README documents. */
#include <jansson.h>
#include <string.h>

#include "commands/ran.h"
#include "endpoint/faults.h"
#include "testing.h"

static const char *const modes[] = {"sign", "encode", "jwks"};

/* The words that the schema offers for a fault with modes. */
static const json_t *offered(const json_t *schema, const char *fault)
{
	const json_t *any = json_object_get(json_object_get(json_object_get(schema, "definitions"), "fault"), "anyOf");
	const json_t *of = json_object_get(json_object_get(json_array_get(any, 1), "properties"), fault);

	return json_object_get(of, "enum");
}

static bool holds(const json_t *list, const char *word)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), word) == 0)
			return true;
	return false;
}

START_TEST(schema_offers_the_brands_modes)
{
	arena_auto *a = arena_new();
	json_auto_t *schema = ran_json(a, ran_file(a, "suites/schema/scenario.json"));
	const char *prefix = arena_printf(a, "%s: ", modes[_i]);
	const json_t *list = offered(schema, modes[_i]);
	size_t n = 0;

	for (const struct fault_doc *d = fault_docs; d->name; d++) {
		if (strncmp(d->name, prefix, strlen(prefix)) != 0)
			continue;
		ck_assert_msg(holds(list, d->name + strlen(prefix)), "the schema does not offer '%s'", d->name);
		n++;
	}
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(json_array_size(list), n);
}
END_TEST

START_TEST(readme_names_every_mode)
{
	arena_auto *a = arena_new();
	const char *readme = testing_read(a, ran_file(a, "suites/README.md"));

	for (const struct fault_doc *d = fault_docs; d->name; d++) {
		const char *colon = strstr(d->name, ": "), *word = colon ? colon + 2 : d->name;
		ck_assert_msg(strstr(readme, arena_printf(a, "`%s", word)) ||
		                      strstr(readme, arena_printf(a, "%s:", word)),
		              "suites/README.md does not name '%s'", d->name);
	}
}
END_TEST

START_TEST(list_prints_every_fault)
{
	arena_auto *a = arena_new();
	struct ran r = RAN(a, ".", "brandcert", "list", "faults");

	ck_assert_int_eq(r.status, 0);
	for (const struct fault_doc *d = fault_docs; d->name; d++)
		assert_contains(r.out, d->name);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: fault vocabulary");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, schema_offers_the_brands_modes, 0, 3);
	tcase_add_test(t, readme_names_every_mode);
	tcase_add_test(t, list_prints_every_fault);
	suite_add_tcase(s, t);
	return testing_run(s);
}
