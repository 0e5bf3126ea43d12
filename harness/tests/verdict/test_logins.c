/* Authorization requests: what proves that a refusal means something, and what is judged of a way that broke off. */
#include <string.h>

#include "testing.h"
#include "verdict/judge.h"

#define MUST                                                                                                    \
	{                                                                                                       \
		[PROFILE_LIVEPERSON] = LEVEL_MUST, [PROFILE_STRICT] = LEVEL_MUST, [PROFILE_GOOGLE] = LEVEL_MUST \
	}
#define WINDOW "https://window.example/chat"
#define REQUEST "https://login.example/authorize?response_type=code&redirect_uri="

static const char *source[] = {"RFC 6749 §4.1.2", NULL};
static struct requirement requirements[] = {
        {.id = "az.redirect.registered-only", .title = "t", .level = MUST, .fix = "f", .source = source},
};
static struct expect judged[] = {{.requirement = requirements, .check = true}};
static const char *needs[] = {NULL};
static struct field altered[] = {{"redirect_uri", "https://attacker.example/"}};
static struct step steps[] = {
        {.name = "good", .kind = STEP_AUTHORIZE, .authorize = {.ordinary = true}, .spec = "{\"authorize\":{}}"},
        {.name = "altered",
         .kind = STEP_AUTHORIZE,
         .authorize = {.set = {altered, 1}},
         .spec = "{\"authorize\":{\"set\":{}}}",
         .expects = judged,
         .nexpects = 1},
};
static struct scenario scenarios[] = {
        {.suite = "s", .id = "way", .title = "t", .needs = needs, .rounds = 1, .steps = steps, .nsteps = 2}};

/* How the good request ends, and the altered one. */
static const struct {
	const char *good;    /* Location; NULL: status 400; "": no answer */
	const char *altered; /* the same; "page": no answer, but a page with status 200 before */
	enum verdict want;
	const char *says;
} rows[] = {
        {WINDOW "?code=a", NULL, VERDICT_PASS, "status 400"},
        {WINDOW "#id_token=a", NULL, VERDICT_PASS, NULL},
        {WINDOW "?code=a", "page", VERDICT_PASS, "status 200"},
        {WINDOW "?code=a", "", VERDICT_ERROR, "timed out"},
        {WINDOW "?code=a", "https://attacker.example/?code=a", VERDICT_FAIL, "attacker"},
        {WINDOW "?error=x", NULL, VERDICT_SKIP, "proves nothing"},
        {NULL, NULL, VERDICT_SKIP, "proves nothing"},
        {NULL, "https://attacker.example/?code=a", VERDICT_FAIL, "attacker"},
        {"", NULL, VERDICT_ERROR, "could not be found out: timed out"},
        {"", "page", VERDICT_ERROR, "could not be found out"},
};

static void fill(struct arena *a, size_t i, const char *end, struct exchange *ret)
{
	static const char *const keys[] = {"way/good", "way/altered"}, *const urls[] = {REQUEST WINDOW, REQUEST
	                                                                                "https://attacker.example/"};
	struct sv *lines = arena_array(a, 2, sizeof *lines);

	lines[0] = SV("HTTP/1.1 303 See Other");
	*ret = (struct exchange){.id = i ? "x2" : "x1",
	                         .key = keys[i],
	                         .spec = steps[i].spec,
	                         .kind = "authorize",
	                         .method = "GET",
	                         .url = urls[i],
	                         .authorize_url = urls[i],
	                         .status = 400,
	                         .response = {.lines = lines, .nlines = 1}};
	if (!end)
		return;
	if (strcmp(end, "page") == 0) {
		ret->hops = arena_array(a, 1, sizeof *ret->hops);
		ret->hops[0] = (struct hop){.method = "GET", .url = urls[i], .status = 200, .response = ret->response};
		ret->nhops = 1;
	} else if (*end) {
		lines[1] = sv_of(arena_printf(a, "Location: %s", end));
		ret->response.nlines = 2;
		ret->status = 303;
		return;
	}
	ret->outcome = EXCHANGE_NO_ANSWER;
	ret->trouble = "timed out";
	ret->status = 0;
	ret->response = (struct message){0};
}

START_TEST(ways)
{
	static const struct target target = {
	        .authorization = {.endpoint = "https://login.example/authorize", .code = true},
	        .keys = {.public_key = "none"}};
	arena_auto *a = arena_new();
	struct suite suite = {.catalogue = {.v = requirements, .n = 1}, .scenarios = scenarios, .n = 1};
	struct exchange x[2];
	struct evidence ev = {.run = {.tool = "t",
	                              .target = "brand",
	                              .profile = "liveperson",
	                              .redirect_uri = "https://liveperson.net",
	                              .authorization_endpoint = "https://login.example/authorize",
	                              .authorization_redirect_uri = WINDOW,
	                              .public_key = "none"},
	                      .exchanges = x,
	                      .n = 2};
	struct plan plan;
	struct results r;

	fill(a, 0, rows[_i].good, &x[0]);
	fill(a, 1, rows[_i].altered, &x[1]);
	plan_make(a, &suite, &target, &plan);
	judge(a, &(struct judge_input){.suite = &suite, .plan = &plan, .evidence = &ev, .suite_digest = "d"}, &r);
	ck_assert_uint_eq(r.n, 1);
	const char *words = r.v[0].observed ? r.v[0].observed : r.v[0].reason;
	ck_assert_msg(r.v[0].verdict == rows[_i].want, "row %d is %s, not %s (%s)", _i, verdict_text(r.v[0].verdict),
	              verdict_text(rows[_i].want), words);
	if (rows[_i].says)
		assert_contains(words, rows[_i].says);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("verdict: logins");
	TCase *t = tcase_create("logins");

	tcase_add_loop_test(t, ways, 0, sizeof rows / sizeof *rows);
	suite_add_tcase(s, t);
	return testing_run(s);
}
