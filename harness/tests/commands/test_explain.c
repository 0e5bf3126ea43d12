/* brandcert explain and list: what the suite says about itself. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "commands/ran.h"
#include "testing.h"

static struct ran brandcert(struct arena *a, const char *const *arguments)
{
	const char *argv[12] = {"brandcert"};

	for (size_t i = 0; arguments[i]; i++)
		argv[1 + i] = arguments[i];
	return ran(a, testing_folder(a), argv);
}
#define BRANDCERT(a, ...) brandcert((a), (const char *const[]){__VA_ARGS__, NULL})

static json_t *parsed(const struct ran *r)
{
	json_t *value = json_loads(r->out, JSON_ALLOW_NUL, NULL);

	ck_assert_int_eq(r->status, 0);
	ck_assert_ptr_nonnull(value);
	return value;
}

static const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	ck_assert_msg(text != NULL, "there is no string '%s'", name);
	return text;
}

/* --- explain ------------------------------------------------------------------------------------------------- */

START_TEST(explains_a_requirement)
{
	arena_auto *a = arena_new();
	struct ran r = BRANDCERT(a, "explain", "idtoken.time.number");
	static const char *const shows[] = {
	        "idtoken.time.number\n",
	        "     Level      must in every profile\n",
	        "digits: should in liveperson, must in strict",
	        "     Why        ",
	        "     Fix        ",
	        "     Right      {\"iat\": 1795277809",
	        "     Wrong      {\"iat\": \"1795277809\"",
	        "     Source     OpenID Connect Core §2\n",
	        "https://www.rfc-editor.org/rfc/rfc7519#section-2\n",
	        "     Tested by  ",
	        "                redirected-token: ",
	        "- sends the consumer through the login for an id_token,",
	        "                valid-code: ",
	        "- a fresh code, exactly as LivePerson sends it",
	        "     Proven by  ",
	        "                valid-code: exp-missing, iat-missing, ",
	};

	ck_assert_int_eq(r.status, 0);
	for (size_t i = 0; i < sizeof shows / sizeof *shows; i++)
		assert_contains(r.out, shows[i]);
	assert_lacks(r.out, "\x1b");
}
END_TEST

/* One of each kind of step. */
static const struct {
	const char *id, *shows[8];
} scenarios[] = {
        {"code-race",
         {"8 times at the same instant", "1.5 s after the step", "5 times over",
          "req.code.concurrent: ", "chunked-replies: nothing may fail", "--only code-race"}},
        {"userinfo",
         {"reply's member /access_token as {token}\n", "- get: asks the userinfo endpoint with the access token",
          "'{token}', method POST"}},
        {"logged-out",
         {"Needs      authorization, authorization.login, logout\n",
          "exactly as LivePerson does; keeps the code as {early}\n", "- code-in-time: the code '{early}'\n",
          "in the session that was begun before", "- logout: logs the consumer out\n"}},
        {"denied-login", {"has the consumer refuse"}},
        {"handed-over-token", {"- takes a token of the consumer as a page or an app hands it"}},
        {"jwks", {"Sends      - downloads the JWKS\n"}},
        {"discovery-document", {"- downloads the discovery document\n"}},
        {"clear-text", {"in clear text", "- over-tls: makes a TLS handshake with the token endpoint\n"}},
        {"tls-versions", {"- tls-1-0: makes a TLS handshake", "nothing but TLS 1.0 on offer"}},
        {"weak-ciphers", {"weak cipher suites on offer"}},
};
enum { SCENARIOS = sizeof scenarios / sizeof *scenarios };

START_TEST(explains_a_scenario)
{
	arena_auto *a = arena_new();
	struct ran r = BRANDCERT(a, "explain", scenarios[_i].id);

	ck_assert_int_eq(r.status, 0);
	for (size_t i = 0; scenarios[_i].shows[i]; i++)
		assert_contains(r.out, scenarios[_i].shows[i]);
}
END_TEST

START_TEST(unknown_ids_are_told_with_the_nearest)
{
	arena_auto *a = arena_new();
	struct ran r = BRANDCERT(a, "explain", "idtoken.sub.vlid");

	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "did you mean 'idtoken.sub.valid'");
	r = BRANDCERT(a, "explain", "code-rase");
	assert_contains(r.err, "did you mean 'code-race'");
	r = BRANDCERT(a, "explain");
	assert_contains(r.err, "takes the id of one requirement or scenario");
	ck_assert_int_eq(r.status, 2);
	r = BRANDCERT(a, "explain", "code-race", "--format", "xml");
	ck_assert_int_eq(r.status, 2);
	ck_assert_str_eq(r.out, "");
}
END_TEST

static size_t columns_of(struct sv line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++)
		n += ((unsigned char)line.p[i] & 0xc0) != 0x80;
	return n;
}

/* Every page, within 80 columns but for links; those that developers meet most have an example. */
START_TEST(every_requirement_and_scenario_can_be_explained)
{
	arena_auto *a = arena_new();
	struct ran all = BRANDCERT(a, "list", _i ? "scenarios" : "requirements", "--format", "json");
	const char *folder = testing_folder(a);
	json_auto_t *list = parsed(&all);
	size_t examples = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *id = member(json_array_get(list, i), "id");
		struct ran r = ran(a, folder, (const char *const[]){"brandcert", "explain", id, NULL});
		ck_assert_int_eq(r.status, 0);
		examples += strstr(r.out, "\n     Wrong ") != NULL;
		for (struct sv rest = sv_of(r.out), line; sv_cut(&rest, '\n', &line);)
			ck_assert_msg(columns_of(line) <= 80 || sv_find(line, SV("https://")) >= 0, "%s: %.*s", id,
			              SV_ARG(line));
	}
	ck_assert_uint_gt(json_array_size(list), 40);
	ck_assert_uint_ge(examples, _i ? 0 : 120);
}
END_TEST

START_TEST(explains_for_programs)
{
	arena_auto *a = arena_new();
	struct ran r = BRANDCERT(a, "explain", "jwe.cty", "--format", "json");
	json_auto_t *one = parsed(&r);

	ck_assert_str_eq(member(one, "id"), "jwe.cty");
	ck_assert_str_eq(member(json_object_get(one, "level"), "strict"), "must");
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(one, "scenarios"), 0)), "encrypted-token");
}
END_TEST

/* --- list ---------------------------------------------------------------------------------------------------- */

/* Ids ascend, and each begins with the prefix. */
static size_t check_ids(const json_t *list, const char *prefix)
{
	const char *last = "";

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *id = member(json_array_get(list, i), "id");
		ck_assert_str_lt(last, id);
		ck_assert_msg(strncmp(id, prefix, strlen(prefix)) == 0, "%s", id);
		last = id;
	}
	return json_array_size(list);
}

START_TEST(requirements_are_filtered)
{
	arena_auto *a = arena_new();
	struct ran r = BRANDCERT(a, "list", "requirements", "--json"), same;

	same = BRANDCERT(a, "list", "requirements", "--format", "json");
	ck_assert_str_eq(r.out, same.out);
	json_auto_t *all = parsed(&r);
	r = BRANDCERT(a, "list", "requirements", "--format", "json", "--area", "idtoken.");
	json_auto_t *area = parsed(&r);
	r = BRANDCERT(a, "list", "requirements", "--format", "json", "--level", "off", "--profile", "google");
	json_auto_t *off = parsed(&r);
	r = BRANDCERT(a, "list", "requirements", "--format", "json", "--only", "wrong-audience");
	json_auto_t *only = parsed(&r);

	ck_assert_uint_gt(check_ids(all, ""), 100);
	ck_assert_uint_gt(check_ids(all, ""), check_ids(area, "idtoken."));
	ck_assert_uint_eq(check_ids(only, "idtoken.aud."), 3);
	ck_assert_uint_gt(json_array_size(off), 0);
	for (size_t i = 0; i < json_array_size(off); i++)
		ck_assert_str_eq(member(json_object_get(json_array_get(off, i), "level"), "google"), "off");
}
END_TEST

START_TEST(scenarios_and_controls_are_filtered)
{
	arena_auto *a = arena_new();
	struct ran r = BRANDCERT(a, "list", "scenarios", "--area", "jwe");
	ck_assert_str_eq(
	        r.out, "encryption:\n  encrypted-token                  The id_token is signed and then encrypted "
	               "with LivePerson's key, in the agreed way\n"
	               "\nimplicit:\n  handed-over-encrypted-token      The token that a page or an app hands over is "
	               "signed and then encrypted with LivePerson's key, in the agreed way\n");
	r = BRANDCERT(a, "list", "scenarios", "--format", "json", "--tag", "encryption");
	json_auto_t *tagged = parsed(&r);
	ck_assert_uint_eq(json_array_size(tagged), 2);
	ck_assert_str_eq(member(json_array_get(tagged, 0), "suite"), "encryption");
	r = BRANDCERT(a, "list", "controls", "--format", "json", "--area", "jwe.cty");
	json_auto_t *controls = parsed(&r);
	ck_assert_uint_eq(json_array_size(controls), 4);
	ck_assert_str_eq(member(json_array_get(controls, 0), "name"), "no-cty");
	ck_assert(json_is_array(json_object_get(json_array_get(controls, 0), "faults")));
}
END_TEST

START_TEST(every_kind_is_valid_json)
{
	static const char *const kinds[] = {"scenarios", "requirements", "controls", "needs", "checks", "faults"};
	arena_auto *a = arena_new();
	struct ran r = BRANDCERT(a, "list", kinds[_i], "--format", "json");
	json_auto_t *list = parsed(&r);

	ck_assert_uint_gt(json_array_size(list), 5);
	r = BRANDCERT(a, "list", kinds[_i]);
	ck_assert_int_eq(r.status, 0);
}
END_TEST

static const struct {
	const char *arguments[6];
	const char *says;
} mistakes[] = {
        {{"list", "faults", "--area", "jwe"}, "--area does not go with 'brandcert list faults'"},
        {{"list", "checks", "--only", "x"}, "--only does not go with 'brandcert list checks'"},
        {{"list", "scenarios", "--level", "must"}, "--level does not go with 'brandcert list scenarios'"},
        {{"list", "requirements", "--level", "shall"}, "there is no level 'shall'"},
        {{"list", "requirements", "--profile", "strict"}, "use both"},
        {{"list", "requirements", "--area", "nowhere"}, "there are no such requirements"},
        {{"list", "requirements", "--format", "csv"}, "there is no format 'csv' of a list"},
        {{"list", "requirements", "--markdown", "--area=jwe"}, "--markdown goes with"},
        {{"list", "scenarios", "--markdown"}, "--markdown goes with"},
        {{"list", "secrets"}, "'brandcert list' takes one of"},
};

START_TEST(mistakes_are_told)
{
	arena_auto *a = arena_new();
	struct ran r = brandcert(a, mistakes[_i].arguments);

	assert_contains(r.err, mistakes[_i].says);
	ck_assert_int_eq(r.status, 2);
	ck_assert_str_eq(r.out, "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("explain and list");
	TCase *explain = tcase_create("explain"), *list = tcase_create("list");

	tcase_add_test(explain, explains_a_requirement);
	tcase_add_loop_test(explain, explains_a_scenario, 0, SCENARIOS);
	tcase_add_test(explain, unknown_ids_are_told_with_the_nearest);
	tcase_add_loop_test(explain, every_requirement_and_scenario_can_be_explained, 0, 2);
	tcase_add_test(explain, explains_for_programs);
	tcase_add_test(list, requirements_are_filtered);
	tcase_add_test(list, scenarios_and_controls_are_filtered);
	tcase_add_loop_test(list, every_kind_is_valid_json, 0, 6);
	tcase_add_loop_test(list, mistakes_are_told, 0, (int)(sizeof mistakes / sizeof *mistakes));
	suite_add_tcase(s, explain);
	suite_add_tcase(s, list);
	return testing_run(s);
}
