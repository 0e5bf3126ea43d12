/* The id_token of a reply, as reports show it. */
#include "verdict/decoded.h"

#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "testing.h"

START_TEST(json_is_indented_and_nothing_else)
{
	static const struct {
		const char *json, *want;
	} rows[] = {
	        {"{}", "{}"},
	        {" [ ] ", "[]"},
	        {"{\"a\":1}", "{\n  \"a\": 1\n}"},
	        {"{ \"a\" : [ 1 , {\"b\":null} ] }", "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ]\n}"},
	        /* twins, spellings and escapes stay */
	        {"{\"a\":1.50e3,\"a\":\"\\u0041\\\"{[,:]}\"}",
	         "{\n  \"a\": 1.50e3,\n  \"a\": \"\\u0041\\\"{[,:]}\"\n}"},
	        /* what is no JSON, too */
	        {"}}]", "\n}\n}\n]"},
	        {"{\"a", "{\n  \"a"},
	        {"{\"a\\", "{\n  \"a\\"},
	        {"", ""},
	};
	arena_auto *a = arena_new();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_sv_eq(decoded_indented(a, sv_of(rows[i].json)), sv_of(rows[i].want));
	/* deep nesting costs no more than it is worth */
	char *deep = arena_alloc(a, 200001);
	memset(deep, '[', 200000);
	ck_assert_uint_le(decoded_indented(a, sv_of(deep)).n, (size_t)8 * LIMIT_SHOWN_BODY);
}
END_TEST

static struct shown_exchange show(struct arena *a, int status, const char *body)
{
	const struct run_facts run = {.client_id = "id"};
	struct mask *mask = mask_new(a);
	struct exchange x = {
	        .kind = "token", .outcome = EXCHANGE_ANSWERED, .status = status, .response = {.body = sv_of(body)}};
	struct shown_exchange shown = {0};

	mask_add(mask, "client_secret", SV("canary-secret-4711"));
	decoded_show(a, mask, &run, &x, &shown);
	return shown;
}

static const char *part(struct arena *a, const char *text)
{
	return base64_encode(a, BASE64_URL, sv_of(text));
}

static const char *reply(struct arena *a, const char *token)
{
	return arena_printf(a, "{\"access_token\":\"abcdefgh\",\"id_token\":\"%s\"}", token);
}

#define HEADER "{\"alg\":\"RS256\"}"
#define SHOWN_HEADER "{\n  \"alg\": \"RS256\"\n}"

START_TEST(what_is_shown)
{
	arena_auto *a = arena_new();
	const char *header = part(a, HEADER), *claims = part(a, "{\"sub\":\"1\",\"x\":\"canary-secret-4711\"}");
	struct shown_exchange x = show(a, 200, reply(a, arena_printf(a, "%s.%s.c2ln", header, claims)));

	ck_assert_str_eq(x.jose_header, SHOWN_HEADER);
	ck_assert_str_eq(x.claims, "{\n  \"sub\": \"1\",\n  \"x\": \"[client_secret]\"\n}");
	/* two parts, and four */
	x = show(a, 200, reply(a, arena_printf(a, "%s.%s", header, claims)));
	assert_contains(x.claims, "\"sub\": \"1\"");
	x = show(a, 200, reply(a, arena_printf(a, "%s.%s.c2ln.x", header, claims)));
	assert_contains(x.claims, "\"sub\": \"1\"");
	/* encrypted, and there is no key: the second part is one */
	x = show(a, 200,
	         reply(a, arena_printf(a, "%s.%s.aXY.Y3Q.dGFn",
	                               part(a, "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\"}"), claims)));
	assert_contains(x.jose_header, "RSA-OAEP-256");
	ck_assert_ptr_null(x.claims);
	/* bytes that are no text */
	x = show(a, 200, reply(a, arena_printf(a, "%s.%s.c2ln", header, part(a, "\x01\x1b[31m\xff"))));
	ck_assert_str_eq(x.claims, "\\x01\\x1b[31m\\xff");
}
END_TEST

START_TEST(what_is_not)
{
	static const char *const bodies[] = {
	        "", "null", "{}", "{\"id_token\":1}", "{\"id_token\":\"\"}", "{\"error\":\"invalid_grant\"}"};
	arena_auto *a = arena_new();

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		for (int status = 200; status <= 400; status += 200) {
			struct shown_exchange x = show(a, status, bodies[i]);
			ck_assert_ptr_null(x.jose_header);
			ck_assert_ptr_null(x.claims);
		}
	}
}
END_TEST

START_TEST(it_is_bounded)
{
	arena_auto *a = arena_new();
	char *long_text = arena_alloc(a, 100001);

	memset(long_text, 'x', 100000);
	struct shown_exchange x = show(a, 200,
	                               reply(a, arena_printf(a, "%s.%s.c2ln", part(a, HEADER),
	                                                     part(a, arena_printf(a, "{\"sub\":\"%s\"}", long_text)))));
	ck_assert_uint_lt(strlen(x.claims), LIMIT_SHOWN_BODY + 100);
	assert_contains(x.claims, "… (100010 bytes, the first 16384 shown)");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("decoded");
	TCase *c = tcase_create("decoded");

	tcase_add_test(c, json_is_indented_and_nothing_else);
	tcase_add_test(c, what_is_shown);
	tcase_add_test(c, what_is_not);
	tcase_add_test(c, it_is_bounded);
	suite_add_tcase(s, c);
	return testing_run(s);
}
