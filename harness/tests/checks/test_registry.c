/* Every registered check, on a healthy subject and on hostile ones. */
#include <string.h>

#include "core/buf.h"
#include "core/limits.h"
#include "sample.h"

START_TEST(sorted_and_found)
{
	for (size_t i = 0; i < checks_count; i++) {
		ck_assert_ptr_eq(check_find(checks[i].id), &checks[i]);
		if (i > 0)
			ck_assert_str_lt(checks[i - 1].id, checks[i].id);
	}
	ck_assert_int_ge((int)checks_count, 68);
	ck_assert_ptr_null(check_find("no.such"));
	ck_assert_ptr_null(check_find(NULL));
}
END_TEST

static const char *const healthy[] = {
        NULL,
        "{'refused':true}",
        "{'profile':'google'}",
        "{'profile':'strict'}",
        "{'keys':'line','header_remove':['kid']}",
        "{'keys':['rsa:k1','other:k2','ec:k3']}",
};

/* A refusal is not a success: the checks that say so. */
static bool wants_success(const char *id)
{
	return strcmp(id, "token.status-200") == 0 || strcmp(id, "req.body.lenient-encoding") == 0 ||
	       strcmp(id, "req.auth.basic") == 0 || strcmp(id, "az.redirect.same-at-token") == 0;
}

/* Tokens for the sample's request are right; the step of this check sends another one. */
static bool wants_refusal(const char *id)
{
	return strcmp(id, "req.param.empty") == 0;
}

/* Nothing may fail, and what has to be judged has to pass. */
START_TEST(healthy_passes_or_skips)
{
	int passed = 0;

	for (size_t i = 0; i < checks_count; i++) {
		sample_auto m;
		struct finding f = {0};
		sample_make(&m, healthy[_i]);
		checks[i].run(&m.s, &f);
		if (m.x.status == 400 && wants_success(checks[i].id))
			continue;
		if (m.x.status == 200 && wants_refusal(checks[i].id))
			continue;
		ck_assert_msg(f.kind == FINDING_PASS || f.kind == FINDING_SKIP, "%s on %s: kind %d, %s", checks[i].id,
		              healthy[_i] ? healthy[_i] : "{}", f.kind, f.observed ? f.observed : f.reason);
		ck_assert_msg(f.kind != FINDING_PASS || f.observed, "%s passes without words", checks[i].id);
		ck_assert_msg(f.kind != FINDING_SKIP || f.reason, "%s skips without a reason", checks[i].id);
		passed += f.kind == FINDING_PASS;
	}
	ck_assert_int_ge(passed, strstr(healthy[_i] ? healthy[_i] : "", "refused") ? 9 : 50);
}
END_TEST

/* --- hostile ------------------------------------------------------------------------------------------------------- */

static const char *const hostile_edits[] = {
        "{'kind':'jwks','raw_body':'{\\u0022keys\\u0022:[null,[],7,{},{\\u0022kty\\u0022:null}]}'}",
        "{'kind':'jwks','raw_body':'{\\u0022keys\\u0022:[{\\u0022kty\\u0022:\\u0022RSA\\u0022,\\u0022n\\u0022:"
        "\\u0022\\u0022,\\u0022e\\u0022:{}},{\\u0022kty\\u0022:\\u0022EC\\u0022,\\u0022crv\\u0022:\\u0022P-256\\u0022,"
        "\\u0022x\\u0022:\\u0022AA\\u0022}]}'}",
        "{'kind':'jwks','raw_body':'{\\u0022keys\\u0022:{\\u0022kty\\u0022:\\u0022oct\\u0022}}'}",
        "{'kind':'jwks','raw_body':''}",
        "{'kind':'discovery','raw_body':'{\\u0022issuer\\u0022:null,\\u0022token_endpoint\\u0022:\\u0022https://"
        "\\u0022,\\u0022jwks_uri\\u0022:\\u0022://\\u0022,\\u0022x_endpoint\\u0022:[]}'}",
        "{'kind':'discovery','raw_body':''}",
        "{'kind':'userinfo','raw_body':'[]'}",
        "{'kind':'userinfo','status':401,'head':{'WWW-Authenticate':'error=\\u0022'}}",
        "{'raw_body':''}",
        "{'raw_body':'','refused':true}",
        "{'raw_body':'\\u0000\\u0000\\u0000'}",
        "{'raw_body':'null'}",
        "{'raw_body':'[]'}",
        "{'raw_body':'{}'}",
        "{'raw_body':'{'}",
        "{'raw_body':'\\ufeff{body}'}",
        "{'raw_body':'{}','status':400}",
        "{'status':0}",
        "{'status':-1,'raw_body':''}",
        "{'status':999,'refused':true}",
        "{'outcome':'none'}",
        "{'outcome':'none','trouble':'connection refused','raw_body':''}",
        "{'cut':true,'raw_body':'{'}",
        "{'broken_off':true,'raw_body':'{'}",
        "{'token':''}",
        "{'token':'.'}",
        "{'token':'..'}",
        "{'token':'.....'}",
        "{'token':'a.b.c'}",
        "{'token':'e30.e30.e30'}",
        "{'token':'{header}.\\u0000.\\u0000'}",
        "{'token':'\\u0000{token}'}",
        "{'token':'{header}..{signature}'}",
        "{'token':'{header}.{payload}.'}",
        "{'token':'.{payload}.{signature}'}",
        "{'raw_header':'','raw_payload':''}",
        "{'raw_header':'[]','raw_payload':'[]'}",
        "{'raw_header':'{}','raw_payload':'{}'}",
        "{'raw_header':'null','raw_payload':'1e400'}",
        "{'raw_payload':'{\\\"exp\\\":1e400,\\\"iat\\\":-1e400,\\\"nbf\\\":1e400,\\\"auth_time\\\":-1e400}'}",
        "{'raw_payload':'{\\\"exp\\\":123456789012345678901234567890,\\\"iat\\\":-9223372036854775808}'}",
        "{'raw_payload':'{\\\"exp\\\":NaN,\\\"iat\\\":Infinity}'}",
        "{'raw_payload':'{\\\"a\\\\u0000b\\\":1}'}",
        "{'set':{'exp':-1,'iat':-1e300,'nbf':9223372036854775807,'auth_time':-9223372036854775807}}",
        "{'set':{'exp':'','iat':'1','nbf':'99999999999999999999999999999999999999','auth_time':'-'}}",
        "{'set':{'iss':'','aud':['',null,{}],'sub':'\\u0000','nonce':'','email':'@','phone_number':'+','acr':'','amr':["
        "1]}}",
        "{'set':{'iss':1,'aud':1,'sub':1,'nonce':1,'email':1,'phone_number':1,'acr':1,'amr':1,'lp_sdes':1,'picture':1}"
        "}",
        "{'set':{'iss':null,'aud':null,'sub':null,'exp':null,'iat':null,'email':null,'lp_sdes':null,'acr':null}}",
        "{'set':{'iss':'https://','email':'a@b@c','phone_number':';ext=','picture':'http://"
        "','hd':'','locale':'-','azp':''}}",
        "{'set':{'lp_sdes':[null,1,{},{'type':1},{'type':'ctmrinfo'},{'type':'personal','personal':{'contacts':[1]}}]}"
        "}",
        "{'header':{'alg':1,'kid':1,'typ':1,'crit':1,'jwk':1}}",
        "{'header':{'alg':'','kid':'','typ':'','crit':null,'jwk':null}}",
        "{'header':{'alg':'none'},'sign':'none'}",
        "{'header':{'alg':'HS256'},'sign':'secret'}",
        "{'header':{'alg':'ES256'},'alg':'RS256'}",
        "{'keys':[]}",
        "{'keys':'missing'}",
        "{'keys':'unreachable'}",
        "{'run':{'issuer':null,'client_id':null,'client_secret':null,'algorithm':null},'code':{'code':null,'nonce':"
        "null}}",
        "{'run':{'client_secret':'','client_id':'','issuer':''},'code':{'code':'','nonce':''}}",
        "{'spec':null,'refused':true}",
        "{'spec':'[','refused':true}",
        "{'head':{'Content-Type':'','Cache-Control':'\\\"','Date':'','Server':'/'}}",
        "{'head':{'Content-Type':[],'Cache-Control':[],'Pragma':[],'Date':'Fri, 99 Xyz 2027'},'refused':true}",
        "{'body':{'access_token':'','token_type':1,'expires_in':-1,'scope':'  ','refresh_token':''}}",
        "{'body':{'access_token':null,'token_type':null,'expires_in':null,'scope':null,'refresh_token':null,'id_token':"
        "null}}",
};

static void run_all(struct sample *m, const char *what)
{
	for (size_t i = 0; i < checks_count; i++) {
		struct finding f = {0};
		checks[i].run(&m->s, &f);
		ck_assert_msg(f.kind != FINDING_NONE, "%s says nothing of %s", checks[i].id, what);
		ck_assert_msg(f.kind != FINDING_VIOLATED || (f.expected && f.observed), "%s, of %s: no words",
		              checks[i].id, what);
		ck_assert_msg((f.kind != FINDING_SKIP && f.kind != FINDING_ERROR) || f.reason, "%s, of %s: no reason",
		              checks[i].id, what);
	}
	for (enum match_subject subject = 0; subject < MATCH_SUBJECT_COUNT; subject++) {
		const struct requirement q = {.id = subject % 2 ? "token.any" : "err.any"};
		const struct expect e = {.requirement = &q, .subject = subject, .what = "/error"};
		struct finding f = {0};
		match(&m->s, &e, &f);
		ck_assert_msg(f.kind != FINDING_NONE, "matcher %d says nothing of %s", (int)subject, what);
	}
}

START_TEST(hostile_edits_are_judged)
{
	sample_auto m;

	sample_make(&m, hostile_edits[_i]);
	run_all(&m, hostile_edits[_i]);
}
END_TEST

static const struct {
	const char *name, *before, *unit, *after;
	size_t times;
} floods[] = {
        {"brackets", "", "[", "", LIMIT_BODY},
        {"braces", "", "{\"a\":", "", LIMIT_BODY / 5},
        {"deep but whole", "{\"id_token\":", "[", "]", 1},
        {"empty arrays", "[", "[],", "1]", LIMIT_BODY / 3 - 2},
        {"dots", "{\"access_token\":\"a\",\"id_token\":\"", ".", "\"}", LIMIT_BODY - 60},
        {"parts", "{\"access_token\":\"a\",\"id_token\":\"", "eyJh.", "\"}", LIMIT_BODY / 5 - 20},
        {"letters", "{\"access_token\":\"a\",\"id_token\":\"e30.e30.", "A", "\"}", LIMIT_BODY - 80},
        {"digits", "{\"access_token\":\"a\",\"id_token\":\"e30.e30.e30\",\"expires_in\":", "9", "}", LIMIT_BODY - 100},
        {"backslashes", "{\"access_token\":\"", "\\\\", "\",\"id_token\":\"x\"}", LIMIT_BODY / 2 - 40},
        {"percent signs", "{\"error\":\"", "%25", "\"}", LIMIT_BODY / 3 - 20},
        {"ampersands", "{\"error\":\"", "&#", "\"}", LIMIT_BODY / 2 - 20},
        {"not UTF-8", "{\"error\":\"", "\xff", "\"}", LIMIT_BODY - 40},
        {"NUL", "", "", "", 0},
        {"many members", "{", "\"id_token\":\"\",", "\"x\":1}", LIMIT_BODY / 15},
        {"wrappers", "{\"token_type\":1", ",\"a\":{\"b\":{}}", "}", LIMIT_BODY / 14 - 2},
};

START_TEST(floods_are_judged)
{
	struct buf b = {.cap = LIMIT_BODY};
	sample_auto m = {0};

	buf_add_text(&b, floods[_i].before);
	for (size_t i = 0; i < floods[_i].times; i++)
		buf_add_text(&b, floods[_i].unit);
	buf_add_text(&b, floods[_i].after);
	if (floods[_i].times == 0)
		for (size_t i = 0; i < LIMIT_BODY; i++)
			buf_add_char(&b, '\0');
	for (int refused = 0; refused < 2; refused++) {
		sample_make(&m, refused ? "{'refused':true}" : NULL);
		m.x.response.body = buf_sv(&b);
		run_all(&m, floods[_i].name);
		if (!refused)
			sample_release(&m);
	}
	buf_release(&b);
}
END_TEST

START_TEST(deep_claims_are_judged)
{
	struct buf b = {.cap = BUF_OWN};
	sample_auto m;

	buf_add_text(&b, "{'raw_payload':'{\\\"lp_sdes\\\":");
	for (int i = 0; i < 2500; i++)
		buf_add_char(&b, '[');
	for (int i = 0; i < 2500; i++)
		buf_add_char(&b, ']');
	buf_add_text(&b, "}'}");
	sample_make(&m, b.p);
	run_all(&m, "deep claims");
	buf_release(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: registry");
	TCase *t = tcase_create("all checks");

	sample_keys_make();
	tcase_add_test(t, sorted_and_found);
	tcase_add_loop_test(t, healthy_passes_or_skips, 0, sizeof healthy / sizeof *healthy);
	tcase_add_loop_test(t, hostile_edits_are_judged, 0, sizeof hostile_edits / sizeof *hostile_edits);
	tcase_add_loop_test(t, floods_are_judged, 0, sizeof floods / sizeof *floods);
	tcase_add_test(t, deep_claims_are_judged);
	tcase_set_timeout(t, 120);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
