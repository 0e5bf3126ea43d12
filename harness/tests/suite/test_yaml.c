#include "loading.h"
#include "suite/yaml.h"

/* The schema of plain values, and what becomes of them as JSON. */
static const struct {
	const char *yaml, *json;
} values[] = {
        {"null", "null"},
        {"~", "null"},
        {"Null", "null"},
        {"", "null"},
        {"nULL", "\"nULL\""},
        {"true", "true"},
        {"TRUE", "true"},
        {"False", "false"},
        {"yes", "\"yes\""},
        {"no", "\"no\""},
        {"on", "\"on\""},
        {"off", "\"off\""},
        {"y", "\"y\""},
        {"12", "12"},
        {"-12", "-12"},
        {"+12", "12"},
        {"010", "10"},
        {"0x10", "\"0x10\""},
        {"0o17", "\"0o17\""},
        {"1_000", "\"1_000\""},
        {"1,000", "\"1,000\""},
        {"1:30", "\"1:30\""},
        {"1.5", "1.5"},
        {".5", "0.5"},
        {"5.", "5.0"},
        {"1e3", "1000.0"},
        {"-1.5E-1", "-0.14999999999999999"},
        {"1e", "\"1e\""},
        {"e3", "\"e3\""},
        {".", "\".\""},
        {"-", NULL},
        {".inf", "\".inf\""},
        {".nan", "\".nan\""},
        {"1e999", NULL},
        {"999999999999999999", "999999999999999999"},
        {"99999999999999999999", NULL},
        {"2024-01-01", "\"2024-01-01\""},
        {"\"null\"", "\"null\""},
        {"'12'", "\"12\""},
        {"\"\"", "\"\""},
        {"\"a\\0b\"", "\"a\\u0000b\""},
        {"\"\\u00e4\"", "\"ä\""},
        {"\"\\U0001f600\"", "\"😀\""},
        {"\"\\ud800\"", NULL},
        {"|\n  a\n  b\n", "\"a\\nb\\n\""},
        {">-\n  12\n", "\"12\""},
        {"[a, 1, [~]]", "[\"a\",1,[null]]"},
        {"{b: 1, a: {}, 3: []}", "{\"b\":1,\"a\":{},\"3\":[]}"},
        {"{a: 1, a: 2}", NULL},
        {"[&x 1, *x]", NULL},
};

START_TEST(value_as_json)
{
	arena_auto *a = arena_new();
	struct diags d = {0};
	struct source s = {.a = a, .d = &d, .path = "x.yaml"};

	ck_assert(source_open(&s, sv_of(arena_printf(a, "v: %s", values[_i].yaml))));
	const struct node *root = yaml_parse(&s);
	json_t *json = root ? node_json(&s, node_get(root, "v")) : NULL;
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	bool refused = d.errors > 0;
	json_decref(json);
	diags_release(&d);
	ck_assert_msg(refused == !values[_i].json, "'%s' is %s", values[_i].yaml, refused ? "refused" : "taken");
	if (values[_i].json)
		ck_assert_str_eq(text, values[_i].json);
	free(text);
}
END_TEST

START_TEST(places)
{
	static const struct {
		const char *text, *key;
		unsigned line, column;
	} rows[] = {
	        {"a: 1\nb: 2\n", "b", 2, 4},        {"a: 1\r\nb: 2\r\n", "b", 2, 4},
	        {"ä: 1\n'€': {x: y}\n", "€", 2, 8}, {"# c\n\n  b:\n    - 1\n", "b", 4, 5},
	        {"b: |\n  x\n", "b", 1, 4},         {"b:\n", "b", 1, 3},
	        {"{a: 'ä', b: 2}", "b", 1, 14},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		arena_auto *a = arena_new();
		struct diags d = {0};
		struct source s = {.a = a, .d = &d, .path = "x.yaml"};
		ck_assert(source_open(&s, sv_of(rows[i].text)));
		const struct node *root = yaml_parse(&s);
		ck_assert_ptr_nonnull(root);
		struct place at = source_place(&s, node_get(root, rows[i].key)->at);
		ck_assert_msg(at.line == rows[i].line && at.column == rows[i].column, "%zu: have %u:%u, want %u:%u", i,
		              at.line, at.column, rows[i].line, rows[i].column);
		diags_release(&d);
	}
}
END_TEST

START_TEST(nth_character_of_a_value)
{
	static const struct {
		const char *text;
		size_t nth, at;
	} rows[] = {
	        {"v: a$b$c\n", 0, 4},        {"v: a$b$c\n", 1, 6}, {"v: \"$ $\" # $\n", 1, 6},
	        {"v: \"\\x24 $\"\n", 1, 3}, /* an escape hides one: the value's own place */
	        {"v: |\n  a\n  $\n", 0, 11},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		arena_auto *a = arena_new();
		struct diags d = {0};
		struct source s = {.a = a, .d = &d, .path = "x.yaml"};
		ck_assert(source_open(&s, sv_of(rows[i].text)));
		const struct node *root = yaml_parse(&s);
		ck_assert_uint_eq(node_find(&s, node_get(root, "v"), '$', rows[i].nth), rows[i].at);
		diags_release(&d);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("yaml");
	TCase *reading = tcase_create("reading");

	tcase_add_loop_test(reading, value_as_json, 0, sizeof values / sizeof *values);
	tcase_add_test(reading, places);
	tcase_add_test(reading, nth_character_of_a_value);
	suite_add_tcase(s, reading);
	return testing_run(s);
}
