/* The token response: token.*. */
#include "sample.h"

static const struct sample_row reply_rows[] = {
        P("token.status-200", NULL, "200"),
        V("token.status-200", "{'status':201}", NULL, "status 201", NULL),
        V("token.status-200", "{'status':204,'raw_body':''}", NULL, "204", NULL),
        V("token.status-200", "{'status':400,'raw_body':'{\\\"error\\\":\\\"invalid_grant\\\"}'}", NULL,
          "\"invalid_grant\"", NULL),
        V("token.status-200", "{'status':401,'raw_body':'{\\\"error\\\":\\\"invalid_client\\\"}'}", NULL, "401",
          "secret"),
        V("token.status-200", "{'status':307,'raw_body':''}", NULL, "307", "redirect"),
        E("token.status-200", "{'outcome':'none','trouble':'connection refused'}", "connection refused"),

        P("token.content-type", NULL, "application/json"),
        P("token.content-type", "{'head':{'Content-Type':'Application/JSON ; Charset=utf-8'}}", NULL),
        P("token.content-type", "{'head':{'Content-Type':null,'content-type':'application/json;charset=UTF-8'}}", NULL),
        V("token.content-type", "{'head':{'Content-Type':'text/html'}}", NULL, "text/html", NULL),
        V("token.content-type", "{'head':{'Content-Type':'application/json+oauth'}}", NULL, NULL, NULL),
        V("token.content-type", "{'head':{'Content-Type':'text/plain; a=application/json'}}", NULL, NULL, NULL),
        V("token.content-type", "{'head':{'Content-Type':null}}", NULL, "no Content-Type", NULL),
        V("token.content-type", "{'head':{'Content-Type':['application/json','text/html']}}", NULL, "2 Content-Type",
          NULL),
        S("token.content-type", "{'refused':true}", "token.status-200", NULL),
        P("token.content-type", "{'status':201}", NULL),

        P("token.cache-control", NULL, "no-store"),
        P("token.cache-control", "{'head':{'Cache-Control':'private,NO-STORE , max-age=0'}}", NULL),
        P("token.cache-control", "{'head':{'Cache-Control':['private','no-store']}}", NULL),
        P("token.cache-control", "{'head':{'Cache-Control':'private=\\\"a, b\\\", no-store'}}", NULL),
        P("token.cache-control", "{'head':{'Cache-Control':', ,no-store'}}", NULL),
        V("token.cache-control", "{'head':{'Cache-Control':'private=\\\"no-store\\\"'}}", NULL, "private", NULL),
        V("token.cache-control", "{'head':{'Cache-Control':'private=\\\"a, no-store, b\\\"'}}", NULL, NULL, NULL),
        V("token.cache-control", "{'head':{'Cache-Control':'x=\\\"\\\\\\\", no-store\\\"'}}", NULL, NULL, NULL),
        V("token.cache-control", "{'head':{'Cache-Control':'x-no-store, no-store-ish'}}", NULL, NULL, NULL),
        V("token.cache-control", "{'head':{'Cache-Control':'no-cache'}}", NULL, "no-cache", NULL),
        V("token.cache-control", "{'head':{'Cache-Control':null}}", NULL, "no Cache-Control", NULL),
        S("token.cache-control", "{'refused':true}", "token.status-200", NULL),
};

static const struct sample_row json_rows[] = {
        P("token.json-object", NULL, "5 members"),
        P("token.json-object", "{'raw_body':'\\n {body}\\r\\n\\t '}", NULL),
        P("token.json-object", "{'raw_body':'\\ufeff{body}'}", NULL),
        P("token.json-object", "{'body':{'big':123456789012345}}", NULL),
        P("token.json-object",
          "{'raw_body':'{\\\"id_token\\\":\\\"x\\\",\\\"n\\\":123456789012345678901234567890,\\\"r\\\":-1e999}'}",
          NULL),
        P("token.json-object", "{'raw_body':'{\\\"id_token\\\":\\\"x\\\",\\\"a\\\\u0000b\\\":1}'}", NULL),
        V("token.json-object", "{'raw_body':''}", NULL, "empty", NULL),
        V("token.json-object", "{'raw_body':'{body}ABCD'}", NULL, "\"ABCD\" stands behind", "closing brace"),
        V("token.json-object", "{'raw_body':'{body} {\\\"access_token\\\":\\\"secret-that-is-long\\\"}'}", NULL,
          "38 bytes", "closing brace"),
        V("token.json-object", "{'raw_body':'[{body}]'}", NULL, "an array", "not an array"),
        V("token.json-object", "{'raw_body':'\\\"x\\\"'}", NULL, "the string", "twice"),
        V("token.json-object", "{'raw_body':'\\\"eyJhbGciOiJub25lIn0.e30.\\\"'}", NULL, NULL, "bare JWT"),
        V("token.json-object", "{'raw_body':'eyJhbGciOiJub25lIn0.e30.'}", NULL, "not JSON", "bare JWT"),
        V("token.json-object", "{'raw_body':'// token response\\n{body}'}", NULL, "not JSON", NULL),
        V("token.json-object",
          "{'raw_body':'{\\\"access_token\\\": \\\"a\\\", # unused\\n\\\"id_token\\\":\\\"b\\\"}'}", NULL, "line 1",
          "comments"),
        V("token.json-object", "{'raw_body':'{\\\"access_token\\\":\\\"a\\\",}'}", NULL, "line 1, column", NULL),
        V("token.json-object", "{'raw_body':'{\\u0027access_token\\u0027:1}'}", NULL, "not JSON", "double quotes"),
        V("token.json-object", "{'raw_body':'<br>PHP Warning{body}'}", NULL, "not JSON", "HTML"),
        V("token.json-object", "{'raw_body':')]}\\u0027\\n{body}'}", NULL, "not JSON", "guard"),
        V("token.json-object", "{'raw_body':'access_token=abc&token_type=bearer'}", NULL, "not JSON", "form-encoded"),
        S("token.json-object", "{'raw_body':'{\\\"id_token\\\":\\\"e','broken_off':true,'trouble':'reset by peer'}",
          "http.framing", NULL),
        E("token.json-object", "{'raw_body':'{\\\"id_token\\\":\\\"e','cut':true}", "longer"),
        V("token.json-object", "{'raw_body':'<html>','cut':true}", NULL, "not JSON", "HTML"),
        S("token.json-object", "{'raw_body':'{\\u0000\\\"\\u0000'}", "token.json-encoding", NULL),
        S("token.json-object", "{'refused':true}", "token.status-200", NULL),
        S("token.json-object", "{'status':500,'raw_body':'<h1>'}", "token.status-200", NULL),

        P("token.json-encoding", NULL, "UTF-8"),
        P("token.json-encoding", "{'body':{'note':'Zo\\u00eb \\u5c71'}}", NULL),
        V("token.json-encoding", "{'raw_body':'\\ufeff{body}'}", NULL, "EF BB BF", NULL),
        V("token.json-encoding", "{'raw_body':'{\\u0000\\\"\\u0000'}", NULL, "UTF-16", NULL),
        S("token.json-encoding", "{'raw_body':'<html>'}", "token.json-object", NULL),
        S("token.json-encoding", "{'refused':true}", "token.status-200", NULL),

        P("token.unique-members", NULL, "once"),
        V("token.unique-members", "{'raw_body':'{\\\"id_token\\\":\\\"a\\\",\\\"id_token\\\":\\\"a\\\"}'}", NULL,
          "\"id_token\" occurs twice", NULL),
        V("token.unique-members", "{'raw_body':'{\\\"id_token\\\":\\\"a\\\",\\\"x\\\":{\\\"y\\\":1,\\\"y\\\":2}}'}",
          NULL, "\"y\" occurs twice", NULL),
        V("token.unique-members",
          "{'raw_body':'{\\\"id_token\\\":1,\\\"a-name-of-more-than-twenty-bytes\\\":1,\\\"a-name-of-more-than-twenty-"
          "bytes\\\":1}'}",
          NULL, "\"a-name-of-more-than-twenty-bytes\"", NULL),
        V("token.unique-members", "{'raw_body':'{\\\"id_token\\\":1,\\\"a\\\\\\\"b\\\":1,\\\"a\\\\\\\"b\\\":1}'}", NULL,
          "\"a\\\"b\" occurs twice", NULL),
        S("token.unique-members", "{'raw_body':'{'}", "token.json-object", NULL),

        P("token.top-level", NULL, "top level"),
        V("token.top-level", "{'raw_body':'{\\\"data\\\":{body}}'}", NULL, "inside /data", "'data'"),
        V("token.top-level", "{'raw_body':'{\\\"a\\\":[{\\\"b\\\":{body}}]}'}", NULL, "/a/0/b", "'a/0/b'"),
        V("token.top-level", "{'body_remove':['id_token'],'body':{'tokens':{'id_token':'{token}'}}}", NULL,
          "id_token is inside /tokens", "tokens"),
        V("token.top-level", "{'raw_body':'{}'}", NULL, "none of them", NULL),
        V("token.top-level", "{'raw_body':'{\\\"error\\\":\\\"invalid_grant\\\"}'}", NULL, "invalid_grant", "400"),
        V("token.top-level",
          "{'raw_body':'{\\\"statusCode\\\":200,\\\"body\\\":\\\"{\\\\\\\"id_token\\\\\\\":1}\\\"}'}", NULL,
          "JSON text", "'body'"),
        P("token.top-level", "{'body_remove':['id_token']}", NULL),
        S("token.top-level", "{'raw_body':'x'}", "token.json-object", NULL),
};

static const struct sample_row member_rows[] = {
        P("token.access-token", NULL, "22 characters"),
        P("token.access-token", "{'body':{'access_token':'NotApplicabale'}}", NULL),
        P("token.access-token", "{'body':{'access_token':'mF_9.B5f-4.1JqM~a+b/c=='}}", NULL),
        V("token.access-token", "{'body':{'access_token':'a b'}}", "outside-b64token", "' '", "base64url"),
        V("token.access-token", "{'body':{'access_token':'a=b'}}", "outside-b64token", "'='", "base64url"),
        V("token.access-token", "{'body':{'access_token':'='}}", "outside-b64token", "'='", "base64url"),
        V("token.access-token", "{'body':{'access_token':'ab\\ncd'}}", NULL, "0A at offset 2", NULL),
        V("token.access-token", "{'body':{'access_token':'ab\\u0000'}}", NULL, "00 at offset 2", NULL),
        V("token.access-token", "{'body':{'access_token':'\\u00e9'}}", NULL, "C3", NULL),
        V("token.access-token", "{'body':{'access_token':''}}", NULL, "empty", NULL),
        V("token.access-token", "{'body':{'access_token':null}}", NULL, "null", NULL),
        V("token.access-token", "{'body':{'access_token':12}}", NULL, "number 12", NULL),
        V("token.access-token", "{'body_remove':['access_token']}", NULL, "no access_token", NULL),
        S("token.access-token", "{'raw_body':'{\\\"data\\\":{body}}'}", "token.top-level", NULL),
        S("token.access-token", "{'raw_body':'{}'}", "token.top-level", NULL),
        S("token.access-token", "{'raw_body':'[]'}", "token.json-object", NULL),

        V("token.access-token", "{'body':{'access_token':' a'}}", "outside-b64token", "offset 0", "base64url"),
        P("token.expires-in", NULL, "3600"),
        P("token.expires-in", "{'body':{'expires_in':1}}", NULL),
        P("token.expires-in", "{'body':{'expires_in':31536000}}", NULL),
        V("token.expires-in", "{'body_remove':['expires_in']}", "absent", "no expires_in", NULL),
        V("token.expires-in", "{'body':{'expires_in':'3600'}}", "text", "\"3600\"", "quotes"),
        V("token.expires-in", "{'body':{'expires_in':'one hour'}}", NULL, "one hour", NULL),
        V("token.expires-in", "{'body':{'expires_in':0}}", NULL, "0", NULL),
        V("token.expires-in", "{'body':{'expires_in':-1}}", NULL, "-1", NULL),
        V("token.expires-in", "{'body':{'expires_in':3600.0}}", NULL, "3600.0", "whole number"),
        V("token.expires-in", "{'body':{'expires_in':3600000000}}", NULL, "3600000000", "milliseconds"),
        V("token.expires-in", "{'body':{'expires_in':1800003600}}", NULL, NULL, "point in time"),
        V("token.expires-in", "{'body':{'expires_in':1800003600000}}", NULL, NULL, "point in time"),
        V("token.expires-in", "{'body':{'expires_in':null}}", NULL, "null", "leave"),

        P("token.id-token", NULL, "bytes"),
        V("token.id-token", "{'body_remove':['id_token']}", NULL, "no id_token", NULL),
        V("token.id-token", "{'body_remove':['id_token'],'body':{'idToken':'{token}'}}", NULL, "a JWT in 'idToken'",
          "'idToken'"),
        V("token.id-token", "{'body_remove':['id_token'],'body':{'access_token':'{token}'}}", NULL, "'access_token'",
          "return the ID token"),
        V("token.id-token", "{'body':{'id_token':{'sub':'x'}}}", NULL, "an object with 1 member", "decoded"),
        V("token.id-token", "{'body':{'id_token':''}}", NULL, "empty", NULL),
        V("token.id-token", "{'body':{'id_token':null}}", NULL, "null", NULL),
        V("token.id-token", "{'body':{'id_token':true}}", NULL, "true", NULL),
        S("token.id-token", "{'raw_body':'{\\\"result\\\":{body}}'}", "token.top-level", NULL),

        P("token.scope", NULL, "openid profile"),
        P("token.scope", "{'body':{'scope':'https://www.googleapis.com/auth/userinfo.email openid'}}", NULL),
        S("token.scope", "{'body_remove':['scope']}", NULL, "no scope"),
        V("token.scope", "{'body':{'scope':['openid']}}", NULL, "an array", "join"),
        V("token.scope", "{'body':{'scope':''}}", NULL, "empty", "leave"),
        V("token.scope", "{'body':{'scope':'openid  email'}}", NULL, NULL, "one space"),
        V("token.scope", "{'body':{'scope':'openid '}}", NULL, NULL, "one space"),
        V("token.scope", "{'body':{'scope':'a\\\"b'}}", NULL, NULL, NULL),
        V("token.scope", "{'body':{'scope':null}}", NULL, "null", "leave"),

        S("token.refresh-token", NULL, NULL, "optional"),
        P("token.refresh-token", "{'body':{'refresh_token':'tGzv3JOkF0XG5Qx2TlKWIA'}}", NULL),
        P("token.refresh-token", "{'body':{'refresh_token':'1//0dx-Qz7yTb'}}", NULL),
        V("token.refresh-token", "{'body':{'refresh_token':null}}", "null", "null", NULL),
        V("token.refresh-token", "{'body':{'refresh_token':''}}", NULL, "empty", NULL),
        V("token.refresh-token", "{'body':{'refresh_token':1}}", NULL, "number", NULL),
        V("token.refresh-token", "{'body':{'refresh_token':'a\\u0007'}}", NULL, "07", NULL),
        V("token.refresh-token", "{'body':{'refresh_token':'2YotnFZFEjr1zCsicMWpAA'}}", NULL, "same as access_token",
          "random"),
        V("token.refresh-token", "{'body':{'refresh_token':'SplxlOBeZQQYbYS6WxSbIA+a/b='}}", NULL, "is the code",
          "random"),
};

#define SECRETS "token.no-secret-members"
static const struct sample_row secret_rows[] = {
        P(SECRETS, NULL, "none of the 3"),
        P(SECRETS, "{'code':{'code_verifier':'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'}}", "none of the 4"),
        P(SECRETS, "{'body':{'client_id':'lp-client','state':'abc'}}", NULL),
        P(SECRETS, "{'run':{'client_secret':'lp-client'},'body':{'client_id':'lp-client'}}", NULL),
        S(SECRETS, "{'run':{'client_secret':'1234567'},'code':{'code':'1'},'no_authorization':1}", NULL, "too short"),
        V(SECRETS, "{'body':{'client_secret':'s3cr3t:of the/client'}}", NULL, "the client secret", NULL),
        V(SECRETS, "{'body':{'note':'x s3cr3t:of the\\/client y'}}", NULL, "the client secret", NULL),
        V(SECRETS, "{'body':{'code':'SplxlOBeZQQYbYS6WxSbIA+a/b='}}", NULL, "the code", NULL),
        V(SECRETS, "{'body':{'u':'/cb?code=SplxlOBeZQQYbYS6WxSbIA%2Ba%2fb%3D'}}", NULL, "the code", NULL),
        V(SECRETS, "{'body':{'h':'SplxlOBeZQQYbYS6WxSbIA&#43;a&#x2F;b='}}", NULL, "the code", NULL),
        V(SECRETS, "{'head':{'X-Code':'SplxlOBeZQQYbYS6WxSbIA+a/b='}}", NULL, "the code", NULL),
        V(SECRETS, "{'body':{'request':{'authorization':'Basic bHAtY2xpZW50OnMzY3IzdA=='}}}", NULL, "Basic credentials",
          NULL),
        V(SECRETS, "{'set':{'secret':'s3cr3t:of the/client'}}", NULL, "the client secret", NULL),
        V(SECRETS, "{'code':{'code_verifier':'dBjftJeZ4CVP-mB92K27'},'body':{'v':'dBjftJeZ4CVP-mB92K27'}}", NULL,
          "verifier", NULL),
        E(SECRETS, "{'cut':true}", "longer"),
        S(SECRETS, "{'refused':true}", "token.status-200", NULL),
};

SAMPLE_TEST(reply, reply_rows)
SAMPLE_TEST(json, json_rows)
SAMPLE_TEST(members, member_rows)
SAMPLE_TEST(secrets, secret_rows)

/* Bytes that JSON edits cannot hold. */
START_TEST(latin_1)
{
	static const struct {
		const char *check;
		enum finding_kind kind;
	} rows[] = {
	        {"token.json-encoding", FINDING_VIOLATED},
	        {"token.json-object", FINDING_PASS},
	        {"token.access-token", FINDING_PASS},
	        {"jose.signature", FINDING_PASS},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		sample_auto m;
		struct finding f = {0};
		sample_make(&m, "{'body':{'given_name':'Jos?'}}");
		char *body = arena_sv(m.a, m.x.response.body);
		body[sv_find(m.x.response.body, SV("?"))] = '\xe9';
		m.x.response.body.p = body;
		check_find(rows[i].check)->run(&m.s, &f);
		ck_assert_msg(f.kind == rows[i].kind, "%s: kind %d", rows[i].check, f.kind);
		if (f.kind == FINDING_VIOLATED) {
			assert_contains(f.observed, "the byte E9");
			assert_contains(f.fix, "ISO-8859-1");
		}
	}
}
END_TEST

/* A value that is too long to be shown whole is not shown in part. */
START_TEST(no_pieces_of_tokens)
{
	for (size_t i = 0; i < checks_count; i++) {
		sample_auto m;
		struct finding f = {0};
		sample_make(&m, "{'header':{'alg':'none','typ':'x'},'sign':'none','raw_payload':'\\\"x\\\"','body':{"
		                "'refresh_token':'2YotnFZFEjr1zCsicMWpAA'}}");
		checks[i].run(&m.s, &f);
		assert_lacks(f.observed ? f.observed : f.reason, "eyJhbG");
		assert_lacks(f.observed ? f.observed : f.reason, "2Yotn");
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: token");
	TCase *t = tcase_create("token response");

	sample_keys_make();
	SAMPLE_ADD(t, reply, reply_rows);
	SAMPLE_ADD(t, json, json_rows);
	SAMPLE_ADD(t, members, member_rows);
	SAMPLE_ADD(t, secrets, secret_rows);
	tcase_add_test(t, latin_1);
	tcase_add_test(t, no_pieces_of_tokens);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
