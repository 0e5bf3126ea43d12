#include "core/file.h"
#include "core/limits.h"
#include "loading.h"
#include "suite/filters.h"
#include "suite/tables.h"
#include "suite/target.h"
#include "suite/words.h"

/* The JSON Schemas that editors use say the same as the tables that files are read by. */

static const struct {
	const char *file, *definition; /* NULL: the schema's root */
	const struct key *table;
} tables[] = {
        {"requirements", NULL, catalogue_keys},
        {"requirements", "document", document_keys},
        {"requirements", "requirement", requirement_keys},
        {"requirements", "example", example_keys},
        {"requirements", "case", case_keys},
        {"requirements", "profile", profile_keys},
        {"scenario", NULL, scenario_keys},
        {"scenario", "step", step_keys},
        {"scenario", "redeem", redeem_keys},
        {"scenario", "userinfo", userinfo_keys},
        {"scenario", "authorize", authorize_keys},
        {"scenario", "consumer", consumer_keys},
        {"scenario", "handshake", handshake_keys},
        {"scenario", "form", form_keys},
        {"scenario", "headers", headers_keys},
        {"scenario", "expect", expect_keys},
        {"scenario", "control", control_keys},
        {"target", NULL, target_keys},
        {"target", "client", client_keys},
        {"target", "credentials", credentials_keys},
        {"target", "keys", keys_keys},
        {"target", "codes", codes_keys},
        {"target", "listed_code", listed_code_keys},
        {"target", "tokens", tokens_keys},
        {"target", "logout", logout_keys},
        {"target", "listed_token", listed_token_keys},
        {"target", "authorization", authorization_keys},
        {"target", "login", login_keys},
        {"target", "login_form", login_form_keys},
        {"target", "field", field_keys},
        {"target", "tls", tls_keys},
        {"target", "limits", limits_keys},
        {"expected-failures", NULL, expected_keys},
        {"expected-failures", "entry", expected_entry_keys},
};

static json_t *load(struct arena *a, const char *name)
{
	char *path = arena_printf(a, "%s/suites/schema/%s.json", testing_root(), name);
	json_error_t e;
	json_t *schema = json_load_file(path, JSON_REJECT_DUPLICATES, &e);

	ck_assert_msg(schema != NULL, "%s:%d: %s", path, e.line, e.text);
	return schema;
}

static const json_t *definition(const json_t *schema, const char *name)
{
	const json_t *found = name ? json_object_get(json_object_get(schema, "definitions"), name) : schema;

	ck_assert_msg(json_is_object(found), "no definition '%s'", name);
	return found;
}

static bool lists(const json_t *array, const char *word)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!strcmp(json_string_value(json_array_get(array, i)), word))
			return true;
	return false;
}

START_TEST(same_keys)
{
	arena_auto *a = arena_new();
	json_auto_t *schema = load(a, tables[_i].file);
	const json_t *d = definition(schema, tables[_i].definition);
	const json_t *properties = json_object_get(d, "properties"), *required = json_object_get(d, "required");
	const char *what = tables[_i].definition ? tables[_i].definition : tables[_i].file;
	size_t n = 0, needed = 0;

	ck_assert_msg(json_is_false(json_object_get(d, "additionalProperties")), "%s: open to unknown keys", what);
	for (const struct key *k = tables[_i].table; k->name; k++, n++) {
		const json_t *property = json_object_get(properties, k->name);
		ck_assert_msg(property != NULL, "%s: '%s' is not in the schema", what, k->name);
		ck_assert_msg(json_object_get(property, "description") || json_object_get(property, "$ref"),
		              "%s: '%s' has no hover text", what, k->name);
		ck_assert_msg(lists(required, k->name) == (k->need == KEY_REQUIRED),
		              "%s: '%s' is required on one side only", what, k->name);
		needed += k->need == KEY_REQUIRED;
	}
	ck_assert_msg(json_object_size(properties) == n, "%s: the schema has keys that are not read", what);
	ck_assert_msg(json_array_size(required) == needed, "%s: the schema requires keys that are not read", what);
}
END_TEST

static void assert_words(const json_t *schema, const char *const *words, size_t n)
{
	const json_t *list = json_object_get(schema, "enum");

	ck_assert_uint_eq(json_array_size(list), n);
	for (size_t i = 0; i < n; i++)
		ck_assert_msg(lists(list, words[i]), "'%s' is not in the schema", words[i]);
}

/* Every key that takes one of a few words. */
START_TEST(same_choices)
{
	arena_auto *a = arena_new();
	json_auto_t *schema = load(a, tables[_i].file);
	const json_t *properties = json_object_get(definition(schema, tables[_i].definition), "properties");

	for (const struct key *k = tables[_i].table; k->name; k++) {
		size_t n = 0;
		while (k->words && k->words[n])
			n++;
		/* Levels refer to a definition: see below. */
		if (k->words && k->words != level_words)
			assert_words(json_object_get(properties, k->name), k->words, n);
	}
}
END_TEST

/* The bounds of numbers. */
START_TEST(same_bounds)
{
	arena_auto *a = arena_new();
	json_auto_t *schema = load(a, tables[_i].file);
	const json_t *properties = json_object_get(definition(schema, tables[_i].definition), "properties");

	for (const struct key *k = tables[_i].table; k->name; k++) {
		const json_t *property = json_object_get(properties, k->name);
		if (k->max == 0)
			continue;
		ck_assert_msg(json_number_value(json_object_get(property, "minimum")) == k->min &&
		                      json_number_value(json_object_get(property, "maximum")) == k->max,
		              "'%s' has other bounds in the schema", k->name);
	}
}
END_TEST

START_TEST(same_words)
{
	arena_auto *a = arena_new();
	json_auto_t *requirements = load(a, "requirements"), *scenario = load(a, "scenario");
	size_t needs = 0;

	while (target_needs[needs])
		needs++;
	assert_words(definition(requirements, "word"), level_words, LEVEL_COUNT);
	const json_t *list = json_object_get(json_object_get(scenario, "properties"), "needs");
	assert_words(json_object_get(list, "items"), target_needs, needs);
	const json_t *operators = json_object_get(definition(scenario, "operators"), "properties");
	const json_t *steps = json_object_get(json_object_get(scenario, "properties"), "steps");
	ck_assert_int_eq(json_integer_value(json_object_get(steps, "maxItems")), LIMIT_STEPS);
	/* Hover texts name each filter and generator. */
	const char *hover = json_string_value(json_object_get(definition(scenario, "template"), "description"));
	for (const struct template_word *w = template_filters; w->word; w++)
		assert_contains(hover, w->word);
	for (const struct template_word *w = template_generators; w->word; w++)
		assert_contains(hover, arena_printf(a, "{%s:", w->word));
	ck_assert_uint_eq(json_object_size(operators), MATCH_OPERATOR_COUNT);
	for (size_t i = 0; i < MATCH_OPERATOR_COUNT; i++)
		ck_assert_msg(json_object_get(operators, match_operator_words[i]) != NULL, "'%s' is not in the schema",
		              match_operator_words[i]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("schema");
	TCase *same = tcase_create("same");

	tcase_add_loop_test(same, same_keys, 0, sizeof tables / sizeof *tables);
	tcase_add_loop_test(same, same_choices, 0, sizeof tables / sizeof *tables);
	tcase_add_loop_test(same, same_bounds, 0, sizeof tables / sizeof *tables);
	tcase_add_test(same, same_words);
	suite_add_tcase(s, same);
	return testing_run(s);
}
