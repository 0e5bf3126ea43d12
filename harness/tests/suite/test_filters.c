#include "core/limits.h"
#include "suite/filters.h"
#include "testing.h"

/* The words of templates and their arguments. */

static const struct {
	const struct template_word *table;
	const char *text;
	int index;
	int64_t number;
	const char *said; /* the text, or in an error what is wrong */
	size_t length;    /* of the text; 0 with `wrong` */
	bool wrong;
} calls[] = {
        {template_filters, "upper", FILTER_UPPER, 0, NULL, 0, false},
        {template_filters, "lower", FILTER_LOWER, 0, NULL, 0, false},
        {template_filters, "swapcase", FILTER_SWAPCASE, 0, NULL, 0, false},
        {template_filters, "cut:1", FILTER_CUT, 1, NULL, 0, false},
        {template_filters, "first:007", FILTER_FIRST, 7, NULL, 0, false},
        {template_filters, "change-last", FILTER_CHANGE_LAST, 0, NULL, 0, false},
        {template_filters, "form", FILTER_FORM, 0, NULL, 0, false},
        {template_filters, "base64", FILTER_BASE64, 0, NULL, 0, false},
        {template_filters, "repeat:2097152", FILTER_REPEAT, LIMIT_TEMPLATE, NULL, 0, false},
        {template_filters, "scheme:http", FILTER_SCHEME, 0, "http", 4, false},
        {template_filters, "behind-host::8443", FILTER_BEHIND_HOST, 0, ":8443", 5, false},
        {template_generators, "random:1", GENERATE_RANDOM, 1, NULL, 0, false},
        {template_generators, "bytes:C0aF00", GENERATE_BYTES, 0, "\xc0\xaf\0", 3, false},
        {template_generators, "repeat:a:3", GENERATE_REPEAT, 3, "a", 1, false},
        {template_generators, "repeat:a:b:3", GENERATE_REPEAT, 3, "a:b", 3, false},
        {template_generators, "repeat:::2", GENERATE_REPEAT, 2, ":", 1, false},
        {template_generators, "repeat: :1048576", GENERATE_REPEAT, 1048576, " ", 1, false},
        {template_filters, "upper:", 0, 0, "'upper' stands alone", 0, true},
        {template_filters, "UPPER", 0, 0, "no filter is called 'UPPER': there are upper, lower,", 0, true},
        {template_filters, "", 0, 0, "a filter is missing", 0, true},
        {template_filters, "random:3", 0, 0, "no filter is called 'random'", 0, true},
        {template_filters, "cut", 0, 0, "from 1 to 2097152", 0, true},
        {template_filters, "cut:", 0, 0, "from 1 to 2097152", 0, true},
        {template_filters, "cut:0", 0, 0, "from 1 to 2097152", 0, true},
        {template_filters, "cut:-1", 0, 0, "from 1 to 2097152", 0, true},
        {template_filters, "cut: 1", 0, 0, "from 1 to 2097152", 0, true},
        {template_filters, "cut:2097153", 0, 0, "from 1 to 2097152", 0, true},
        {template_filters, "cut:99999999999999999999999999999999", 0, 0, "from 1 to 2097152", 0, true},
        {template_filters, "scheme", 0, 0, "takes a text", 0, true},
        {template_filters, "before-host:", 0, 0, "takes a text", 0, true},
        {template_filters, "repeat:1", 0, 0, "from 2 to 2097152", 0, true},
        {template_generators, "bytes:", 0, 0, "pairs of hexadecimal digits", 0, true},
        {template_generators, "bytes:0", 0, 0, "pairs of hexadecimal digits", 0, true},
        {template_generators, "bytes:0g", 0, 0, "pairs of hexadecimal digits", 0, true},
        {template_generators, "repeat:a:0", 0, 0, "like 'repeat:a:100'", 0, true},
        {template_generators, "repeat:3", 0, 0, "like 'repeat:a:100'", 0, true},
        {template_generators, "repeat::3", 0, 0, "like 'repeat:a:100'", 0, true},
        {template_generators, "repeat:ab:1048577", 0, 0, "more than 2097152 bytes", 0, true},
        {template_generators, "upper", 0, 0, "no generator is called 'upper'", 0, true},
};

START_TEST(call)
{
	arena_auto *a = arena_new();
	struct template_call have = {.index = -1};
	const char *problem = template_call(a, calls[_i].table, sv_of(calls[_i].text), &have);

	if (calls[_i].wrong) {
		ck_assert_msg(problem != NULL, "'%s' was taken", calls[_i].text);
		assert_contains(problem, calls[_i].said);
		ck_assert_int_eq(have.index, -1);
		return;
	}
	ck_assert_msg(!problem, "'%s': %s", calls[_i].text, problem);
	ck_assert_int_eq(have.index, calls[_i].index);
	ck_assert_int_eq(have.number, calls[_i].number);
	assert_sv_eq(have.text, ((struct sv){calls[_i].said, calls[_i].length}));
}
END_TEST

START_TEST(generators_have_a_colon)
{
	ck_assert(template_generates(SV("random:3")));
	ck_assert(template_generates(SV("repeat:a:3|cut:1")));
	ck_assert(!template_generates(SV("code")));
	ck_assert(!template_generates(SV("code|cut:1")));
	ck_assert(!template_generates(SV("random")));
	ck_assert(!template_generates(SV("")));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("filters");
	TCase *words = tcase_create("words");

	tcase_add_loop_test(words, call, 0, sizeof calls / sizeof *calls);
	tcase_add_test(words, generators_have_a_colon);
	suite_add_tcase(s, words);
	return testing_run(s);
}
