#include <jansson.h>
#include <string.h>

#include "core/limits.h"
#include "endpoint/faults.h"
#include "endpoint/fill.h"
#include "testing.h"

/* --- what fault_problem says ----------------------------------------------------------------------------------- */

static const struct {
	const char *fault, *problem; /* problem NULL: fine */
} problems[] = {
        {"\"accept-expired-code\"", NULL},
        {"{\"sign\": \"none\"}", NULL},
        {"{\"encode\": \"two-parts\"}", NULL},
        {"{\"jwks\": \"empty\"}", NULL},
        {"\"400-for-bad-client\"", NULL},
        {"{\"encrypt\": \"rsa1-5\"}", NULL},
        {"{\"id_token\": {\"set\": {\"aud\": [\"{client_id}\", 1, null]}, \"remove\": [\"sub\"]}}", NULL},
        {"{\"id_token\": {\"header\": {\"duplicate\": {\"alg\": \"RS256\"}}, \"raw_payload\": \"{}\"}}", NULL},
        {"{\"response\": {\"status\": 201, \"pretty\": true, \"chunked\": false, \"prefix_base64\": \"77u/\"}}", NULL},
        {"{\"error\": {\"header\": {\"set\": {\"cache-control\": \"NO-STORE\"}, \"add\": [[\"X\", \"1\"]]}}}", NULL},
        {"{\"error\": {\"body\": {\"remove\": [\"error\"]}, \"wrap\": \"data\", \"raw\": \"\"}}", NULL},

        {"{\"id_token\": {\"raw_payload\": \"{\\\"sub\\\":1}\"}}", NULL},

        {"\"accept-expired-cod\"", "unknown fault 'accept-expired-cod', did you mean 'accept-expired-code'?"},
        {"\"sign\"", "'sign' wants a value: other-key, "},
        {"\"id_token\"", "'id_token' wants a value: set, "},
        {"\"two-parts\"", "'two-parts' is a value of 'encode': write {encode: two-parts}"},
        {"\"zzzzzzzzzzzz\"", "unknown fault 'zzzzzzzzzzzz': 'brandcert list faults' shows all"},
        {"\"accept-expired-code\\u0000\"", "unknown fault 'accept-expired-code\\x00', did you mean"},
        {"7", "a fault is a name, or a mapping with one key"},
        {"{}", "a fault is a name, or a mapping with one key"},
        {"{\"sign\": \"none\", \"jwks\": \"empty\"}", "a fault is a name, or a mapping with one key"},
        {"{\"accept-expired-code\": true}", "'accept-expired-code' takes no value: write it as a name alone"},
        {"{\"encrypt\": \"aes\"}", "unknown value of 'encrypt' 'aes', it can be correct-a256gcm, "},
        {"{\"sing\": \"none\"}", "unknown fault 'sing', did you mean 'sign'?"},
        {"{\"sign\": \"hs256-publickey\"}",
         "unknown value of 'sign' 'hs256-publickey', did you mean 'hs256-public-key'?"},
        {"{\"sign\": \"none\\u0000\"}", "unknown value of 'sign' 'none\\x00'"},
        {"{\"sign\": 1}", "'sign' wants a name"},
        {"{\"id_token.header\": {\"set\": {}}}", "unknown fault 'id_token.header'"},
        {"{\"id_token\": []}",
         "'id_token' wants a mapping with set, remove, duplicate, header, raw_payload or raw_header"},
        {"{\"id_token\": {}}", "'id_token' wants a mapping with set, "},
        {"{\"id_token\": {\"rmove\": [\"sub\"]}}", "unknown member of 'id_token' 'rmove', did you mean 'remove'?"},
        {"{\"id_token\": {\"set\": [\"sub\"]}}", "'id_token.set' wants a mapping of names to values"},
        {"{\"id_token\": {\"remove\": \"sub\"}}", "'id_token.remove' wants a list of names"},
        {"{\"id_token\": {\"remove\": [1]}}", "'id_token.remove' wants a list of names"},
        {"{\"id_token\": {\"remove\": []}}", "'id_token.remove' wants a list of names"},
        {"{\"id_token\": {\"header\": {\"raw\": \"x\"}}}", "unknown member of 'id_token.header' 'raw'"},
        {"{\"id_token\": {\"set\": {\"exp\": \"{nwo+60}\"}}}", "unknown template '{nwo+60}'"},
        {"{\"id_token\": {\"set\": {\"sub\": [{\"x\": \"{clientid}\"}]}}}",
         "unknown template '{clientid}', did you mean '{client_id}'? in 'id_token.set'"},
        {"{\"id_token\": {\"set\": {\"x\": \"{id_token}\"}}}", "'{id_token}' is not known inside 'id_token.set'"},
        {"{\"id_token\": {\"set\": {\"x\": \"{repeat:a:99999999}\"}}}", "is not of the form '{repeat:a:70000}'"},
        {"{\"response\": {\"status\": 99}}", "'response.status' wants a whole number from 200 to 599"},
        {"{\"response\": {\"status\": \"200\"}}", "'response.status' wants a whole number from 200 to 599"},
        {"{\"response\": {\"prefix_base64\": \"77u\"}}", "'response.prefix_base64' wants a string of padded base64"},
        {"{\"response\": {\"pretty\": 1}}", "'response.pretty' wants true or false"},
        {"{\"response\": {\"raw\": {}}}", "'response.raw' wants a string"},
        {"{\"response\": {\"header\": {\"set\": {\"X\": 1}}}}",
         "'response.header.set' wants a mapping of header names to strings"},
        {"{\"response\": {\"header\": {\"set\": {\"\": \"x\"}}}}",
         "'response.header.set' wants a mapping of header names"},
        {"{\"response\": {\"header\": {\"add\": [[\"X\"]]}}}",
         "'response.header.add' wants a list of pairs [name, value] of strings"},
        {"{\"error\": {\"header\": {\"sett\": {}}}}", "unknown member of 'error.header' 'sett', did you mean 'set'?"},
        {"{\"error\": {\"statsu\": 200}}", "unknown member of 'error' 'statsu', did you mean 'status'?"},
};

START_TEST(problem_is_named_with_the_nearest_spelling)
{
	arena_auto *a = arena_new();
	json_error_t where;
	json_auto_t *fault = json_loads(problems[_i].fault, JSON_DECODE_ANY | JSON_ALLOW_NUL, &where);

	ck_assert_msg(fault != NULL, "%s: %s", problems[_i].fault, where.text);
	const char *problem = fault_problem(a, fault);
	if (problems[_i].problem)
		assert_contains(problem, problems[_i].problem);
	else
		ck_assert_msg(!problem, "%s: %s", problems[_i].fault, problem);
}
END_TEST

START_TEST(vocabulary_is_documented_once)
{
	for (size_t i = 0; fault_docs[i].name; i++) {
		ck_assert_msg(fault_docs[i].text && *fault_docs[i].text, "%s has no text", fault_docs[i].name);
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(fault_docs[i].name, fault_docs[j].name);
	}
}
END_TEST

/* What the schema offers to editors: the words, or the values of `group`. A new reference. */
static json_t *offered(struct arena *a, const char *group)
{
	const char *text = testing_read(a, arena_printf(a, "%s/suites/schema/scenario.json", testing_root()));
	json_auto_t *schema = json_loads(text, 0, NULL);
	const json_t *any = json_object_get(json_object_get(json_object_get(schema, "definitions"), "fault"), "anyOf");
	const json_t *of = json_object_get(json_array_get(any, 1), "properties");

	return json_incref(json_object_get(group ? json_object_get(of, group) : json_array_get(any, 0), "enum"));
}

START_TEST(schema_offers_words_and_encryption)
{
	arena_auto *a = arena_new();
	json_auto_t *words = offered(a, NULL), *modes = offered(a, "encrypt");
	size_t nwords = 0, nmodes = 0;

	for (const struct fault_doc *d = fault_docs; d->name; d++) {
		json_auto_t *word = json_string(d->name);
		bool is_mode = strncmp(d->name, "encrypt: ", 9) == 0;
		const json_t *list = is_mode ? modes : words;
		const char *wanted = is_mode ? d->name + 9 : d->name;
		size_t i = 0;
		if (!is_mode && fault_problem(a, word))
			continue; /* of another group */
		while (i < json_array_size(list) && strcmp(json_string_value(json_array_get(list, i)), wanted) != 0)
			i++;
		ck_assert_msg(i < json_array_size(list), "the schema does not offer '%s'", d->name);
		nwords += !is_mode;
		nmodes += is_mode;
	}
	ck_assert_uint_eq(json_array_size(words), nwords);
	ck_assert_uint_eq(json_array_size(modes), nmodes);
}
END_TEST

/* --- parsing --------------------------------------------------------------------------------------------------- */

static const struct {
	const char *array, *error; /* error NULL: fine, and only `fault` is set (FAULT_COUNT: none) */
	enum fault fault;
} arrays[] = {
        {"[]", NULL, FAULT_COUNT},
        {"null", NULL, FAULT_COUNT},
        {"[\"accept-expired-code\"]", NULL, FAULT_ACCEPT_EXPIRED_CODE},
        {"[{\"sign\": \"unknown-kid\"}]", NULL, FAULT_SIGN_UNKNOWN_KID},
        {"[{\"jwks\": \"status-404\"}]", NULL, FAULT_JWKS_STATUS_404},
        {"[{\"id_token\": {\"remove\": [\"sub\"]}}, {\"encode\": \"trailing-bits\"}]", NULL,
         FAULT_ENCODE_TRAILING_BITS},
        {"{}", "faults are a list", 0},
        {"\"accept-expired-code\"", "faults are a list", 0},
        {"[{\"sign\": \"none\"}, {\"sign\": \"other-key\"}]", "'sign' can have one value, not 'none' and 'other-key'",
         0},
        {"[\"accept-expired-code\", 1]", "a fault is a name, or a mapping with one key", 0},
};

START_TEST(array_sets_its_faults_and_no_others)
{
	arena_auto *a = arena_new();
	json_auto_t *array = json_loads(arrays[_i].array, JSON_DECODE_ANY, NULL);
	struct faults *f = NULL;
	struct err e = {0};
	int failed = faults_parse(a, array, &f, &e);

	ck_assert_int_eq(failed, arrays[_i].error ? -1 : 0);
	if (failed) {
		ck_assert_int_eq(e.kind, ERR_INPUT);
		ck_assert_str_eq(e.text, arrays[_i].error);
		ck_assert_ptr_null(f);
		return;
	}
	for (int i = 0; i < FAULT_COUNT; i++)
		ck_assert_msg(faults_has(f, (enum fault)i) == ((enum fault)i == arrays[_i].fault), "fault %d", i);
}
END_TEST

START_TEST(items_of_a_group_come_in_order)
{
	arena_auto *a = arena_new();
	json_auto_t *array =
	        json_loads("[{\"error\": {\"status\": 401}}, \"accept-expired-code\", {\"id_token\": {\"remove\": "
	                   "[\"a\"]}}, {\"error\": {\"status\": 402}}]",
	                   0, NULL);
	struct faults *f;
	struct err e = {0};
	const json_t *change;
	int status = 401;

	ck_assert_int_eq(faults_parse(a, array, &f, &e), 0);
	for (size_t at = 0; (change = faults_next(f, "error", &at)); status++)
		ck_assert_int_eq(json_integer_value(json_object_get(change, "status")), status);
	ck_assert_int_eq(status, 403);
}
END_TEST

START_TEST(too_many_faults_are_refused)
{
	arena_auto *a = arena_new();
	json_auto_t *array = json_array();
	struct faults *f;
	struct err e = {0};

	for (int i = 0; i < LIMIT_FAULTS; i++)
		json_array_append_new(array, json_string("accept-expired-code"));
	ck_assert_int_eq(faults_parse(a, array, &f, &e), 0);
	json_array_append_new(array, json_string("accept-expired-code"));
	ck_assert_int_eq(faults_parse(a, array, &f, &e), -1);
	ck_assert_str_eq(e.text, "there are more than 64 faults");
}
END_TEST

/* --- templates ------------------------------------------------------------------------------------------------- */

static const struct {
	const char *value, *made; /* JSON */
} templates[] = {
        {"\"{now}\"", "1800000000"},
        {"\"{now+3600}\"", "1800003600"},
        {"\"{now-240}\"", "1799999760"},
        {"\"{now_ms}\"", "1800000000123"},
        {"\"{now_ms+3600000}\"", "1800003600123"},
        {"\"{text:now+3600}\"", "\"1800003600\""},
        {"\"{text:now_ms}\"", "\"1800000000123\""},
        {"\"{sub}\"", "\"user\""},
        {"\"{client_id}\"", "\"c\""},
        {"\"{issuer}/\"", "\"https://i/\""},
        {"\"<{issuer}> at {now}\"", "\"<https://i> at 1800000000\""},
        {"\"{nonce}\"", "\"\""},
        {"\"{client_secret}{access_token}\"", "\"s/+t\""},
        {"\"{code}\"", "\"co\\u0000de\""},
        {"\"{repeat:ab:3}\"", "\"ababab\""},
        {"\"x{repeat:::2}y\"", "\"x::y\""},
        {"\"{unknown} {} {now+} {now+1x} { {now\"", "\"{unknown} {} {now+} {now+1x} { {now\""},
        {"\"{\\\"sub\\\":\\\"{sub}\\\"}\"", "\"{\\\"sub\\\":\\\"user\\\"}\""},
        {"{\"a\": [\"{now}\", {\"b\": \"{sub}\"}], \"{sub}\": 1}",
         "{\"a\": [1800000000, {\"b\": \"user\"}], \"{sub}\": 1}"},
        {"[1, 2.5, true, null, \"plain\"]", "[1, 2.5, true, null, \"plain\"]"},
};

START_TEST(template_becomes_its_value)
{
	arena_auto *a = arena_new();
	struct fill_values v = {.now_ms = INT64_C(1800000000123)};
	json_auto_t *value = json_loads(templates[_i].value, JSON_DECODE_ANY, NULL);
	json_auto_t *wanted = json_loads(templates[_i].made, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	v.text[FILL_SUB] = SV("user");
	v.text[FILL_CLIENT_ID] = SV("c");
	v.text[FILL_ISSUER] = SV("https://i");
	v.text[FILL_CLIENT_SECRET] = SV("s/+");
	v.text[FILL_ACCESS_TOKEN] = SV("t");
	v.text[FILL_CODE] = SV("co\0de");
	json_auto_t *made = fill_value(a, value, &v);
	char *have = json_dumps(made, JSON_ENCODE_ANY);
	ck_assert_msg(json_equal(made, wanted), "have %s, want %s", have, templates[_i].made);
	free(have);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("faults");
	TCase *t = tcase_create("vocabulary");

	tcase_add_loop_test(t, problem_is_named_with_the_nearest_spelling, 0, sizeof problems / sizeof *problems);
	tcase_add_test(t, vocabulary_is_documented_once);
	tcase_add_test(t, schema_offers_words_and_encryption);
	tcase_add_loop_test(t, array_sets_its_faults_and_no_others, 0, sizeof arrays / sizeof *arrays);
	tcase_add_test(t, items_of_a_group_come_in_order);
	tcase_add_test(t, too_many_faults_are_refused);
	tcase_add_loop_test(t, template_becomes_its_value, 0, sizeof templates / sizeof *templates);
	suite_add_tcase(s, t);
	return testing_run(s);
}
