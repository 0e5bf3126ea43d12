/* Other methods than POST, and forms in another spelling. */
#include "sample.h"

#define METHOD "req.method.post-only"
#define NOT_ALLOWED "{'refused':true,'status':405"
static const struct sample_row method_rows[] = {
        P(METHOD, NOT_ALLOWED ",'head':{'Allow':'POST'}}", "405"),
        P(METHOD, NOT_ALLOWED ",'head':{'allow':'OPTIONS,POST'}}", NULL),
        P(METHOD, NOT_ALLOWED ",'head':{'Allow':['OPTIONS','POST']}}", NULL),
        P(METHOD, NOT_ALLOWED ",'head':{'Allow':'POST'},'raw_body':''}", NULL),
        P(METHOD, "{'refused':true,'status':400}", "400"),
        P(METHOD, "{'refused':true,'status':404,'raw_body':'<h1>Not Found</h1>'}", NULL),
        P(METHOD, "{'refused':true,'status':501}", "501"),
        P(METHOD, "{'refused':true,'status':302,'raw_body':''}", NULL),
        P(METHOD, "{'refused':true,'status':200,'raw_body':'<h1>Welcome</h1>'}", NULL),
        V(METHOD, NOT_ALLOWED "}", "no-allow", "without Allow", NULL),
        V(METHOD, NOT_ALLOWED ",'head':{'Allow':''}}", "no-allow", "Allow: ", NULL),
        V(METHOD, NOT_ALLOWED ",'head':{'Allow':'GET, HEAD'}}", "no-allow", "GET, HEAD", NULL),
        V(METHOD, NOT_ALLOWED ",'head':{'Allow':'POSTPONE'}}", "no-allow", "POSTPONE", NULL),
        V(METHOD, "{'refused':true,'status':500}", NULL, "500", "before anything looks"),
        V(METHOD, "{'refused':true,'status':502}", NULL, "502", "before anything looks"),
        V(METHOD, "{}", NULL, "tokens were issued", NULL),
        V(METHOD, "{'status':405,'head':{'Allow':'POST'}}", NULL, "tokens were issued", NULL),
        V(METHOD, "{'status':500}", NULL, "tokens were issued", NULL),
        E(METHOD, "{'refused':true,'status':429}", "429"),
        E(METHOD, "{'outcome':'none','trouble':'reset'}", "reset"),
};

START_TEST(method)
{
	sample_auto m;

	sample_make(&m, method_rows[_i].edits);
	m.x.method = "PUT";
	sample_judge_made(&m, &method_rows[_i]);
}
END_TEST

START_TEST(a_post_is_right)
{
	static const struct sample_row row = S(METHOD, "{}", NULL, "is a POST");

	sample_judge(&row);
}
END_TEST

#define BASIC "req.auth.basic"
static const struct {
	const char *authentication;
	struct sample_row row;
} basic_rows[] = {
        {"client_secret_basic", P(BASIC, "{}", "tokens")},
        {"client_secret_basic", P(BASIC, "{'status':201}", NULL)},
        {"client_secret_basic", V(BASIC, "{'refused':true,'status':401}", NULL, "401", NULL)},
        {"client_secret_post", P(BASIC, "{}", "tokens")},
        {"client_secret_post", V(BASIC, "{'refused':true,'status':400}", "post-declared", "400", NULL)},
        {"client_secret_post", E(BASIC, "{'refused':true,'status':429}", "429")},
        {"client_secret_basic", E(BASIC, "{'outcome':'none','trouble':'reset'}", "reset")},
};

START_TEST(basic)
{
	sample_auto m;

	sample_make(&m, basic_rows[_i].row.edits);
	m.run.authentication = basic_rows[_i].authentication;
	sample_judge_made(&m, &basic_rows[_i].row);
}
END_TEST

#define FORM "req.body.lenient-encoding"
#define NO "{'refused':true}"
#define UNSENDABLE "mean something in a form"
static const struct {
	const char *code_uri, *target_uri;
	struct sample_row row;
} form_rows[] = {
        {"https://brand.example/cb", NULL, P(FORM, "{}", "not percent-encoded")},
        {"https://brand.example/cb", "https://x.example/?a&b", P(FORM, "{'status':201}", NULL)},
        {"https://brand.example/cb", NULL, V(FORM, NO, NULL, "400", NULL)},
        {"https://brand.example/cb?state@here!~", NULL, V(FORM, NO, NULL, "400", NULL)},
        {NULL, "com.brand.app:/cb", V(FORM, NO, NULL, "400", NULL)},
        {"https://brand.example/cb?a&b", NULL, S(FORM, NO, NULL, UNSENDABLE)},
        {"https://brand.example/cb?a=b", NULL, S(FORM, NO, NULL, UNSENDABLE)},
        {"https://brand.example/c+b", NULL, S(FORM, NO, NULL, UNSENDABLE)},
        {"https://brand.example/c%2Fb", NULL, S(FORM, NO, NULL, UNSENDABLE)},
        {"https://brand.example/c b", NULL, S(FORM, NO, NULL, UNSENDABLE)},
        {"https://brand.example/z\xc3\xbcrich", NULL, S(FORM, NO, NULL, UNSENDABLE)},
        {"https://brand.example/?a&b", NULL, S(FORM, "{}", NULL, UNSENDABLE)},
        {NULL, "https://brand.example/?a&b", S(FORM, NO, NULL, UNSENDABLE)},
        {"https://brand.example/cb", NULL, E(FORM, "{'refused':true,'status':429}", "429")},
        {"https://brand.example/cb", NULL, E(FORM, "{'outcome':'none','trouble':'reset'}", "reset")},
};

START_TEST(form)
{
	sample_auto m;

	sample_make(&m, form_rows[_i].row.edits);
	m.x.code.redirect_uri = form_rows[_i].code_uri;
	m.run.redirect_uri = form_rows[_i].target_uri;
	sample_judge_made(&m, &form_rows[_i].row);
}
END_TEST

/* The first of two requests has no redirect_uri, the second an empty one. */
#define EMPTY "req.param.empty"
static const struct {
	const char *without;
	bool removed;
	struct sample_row row;
} empty_rows[] = {
        {NO, true, P(EMPTY, NO, "no token")},
        {"{}", true, P(EMPTY, NO, "no token")},
        {NO, true, V(EMPTY, "{}", "redirect-uri", "tokens for an empty redirect_uri", NULL)},
        {"{}", false, V(EMPTY, "{}", "redirect-uri", "tokens for an empty redirect_uri", NULL)},
        {"{'outcome':'none','trouble':'reset'}", true, V(EMPTY, "{}", "redirect-uri", "empty redirect_uri", NULL)},
        {"{}", true, S(EMPTY, "{}", "req.redirect-uri.missing", NULL)},
        {NO, true, E(EMPTY, "{'refused':true,'status':429}", "429")},
        {NO, true, E(EMPTY, "{'outcome':'none','trouble':'reset'}", "reset")},
};

START_TEST(empty)
{
	static const char *names[] = {"redirect_uri", NULL}, *others[] = {"grant_type", NULL};
	struct sample m[2];

	sample_make(&m[0], empty_rows[_i].without);
	sample_make(&m[1], empty_rows[_i].row.edits);
	m[0].step.redeem.form_remove = empty_rows[_i].removed ? names : others;
	sample_join(m, 2);
	sample_judge_made(&m[1], &empty_rows[_i].row);
	sample_release(&m[0]);
	sample_release(&m[1]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: other requests");
	TCase *t = tcase_create("requests");

	sample_keys_make();
	SAMPLE_ADD(t, method, method_rows);
	tcase_add_test(t, a_post_is_right);
	SAMPLE_ADD(t, form, form_rows);
	SAMPLE_ADD(t, basic, basic_rows);
	SAMPLE_ADD(t, empty, empty_rows);
	suite_add_tcase(s, t);
	int result = testing_run(s);
	sample_keys_free();
	return result;
}
