/* Refusals: err.*, and what `denied` sees. */
#include <string.h>

#include "sample.h"

#define R "{'refused':true"
#define CODE "SplxlOBeZQQYbYS6WxSbIA+a/b="
#define JWT "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln"

static const struct sample_row head_rows[] = {
        P("err.never-5xx", R "}", "400"),
        P("err.never-5xx", R ",'status':200}", NULL),
        V("err.never-5xx", R ",'status':500}", NULL, "500", NULL),
        V("err.never-5xx", R ",'status':503}", NULL, "503", NULL),
        E("err.never-5xx", R ",'status':503,'head':{'Retry-After':'5'}}", "503"),
        E("err.never-5xx", R ",'status':429}", "limits.rate"),
        S("err.never-5xx", R ",'status':500,'clean_by':'req.param.oversize'}", "req.param.oversize", NULL),
        P("err.never-5xx", R ",'status':413,'clean_by':'req.param.oversize'}", "413"),
        S("err.never-5xx", NULL, NULL, "tokens were issued"),
        S("err.never-5xx", "{'denied_by':'req.code.expired'}", "req.code.expired", NULL),
        E("err.never-5xx", R ",'outcome':'none','trouble':'time-out'}", "time-out"),

        P("err.status", R "}", "400"),
        P("err.status", R ",'status':401}", "401"),
        V("err.status", R ",'status':403}", "other-4xx", "403", NULL),
        V("err.status", R ",'status':404}", "other-4xx", "404", NULL),
        V("err.status", R ",'status':422}", "other-4xx", "422", NULL),
        V("err.status", R ",'status':200}", NULL, "200", NULL),
        V("err.status", R ",'status':302,'head':{'Location':'/login'}}", NULL, "/login", "redirect"),
        V("err.status", R ",'status':300}", NULL, "300", "redirect"),
        V("err.status", R ",'status':299}", NULL, "299", NULL),
        S("err.status", R ",'status':500}", "err.never-5xx", NULL),
        S("err.status", R ",'status':500,'clean_by':'req.param.oversize'}", "req.param.oversize", NULL),
        S("err.status", "{'denied_by':'req.code.expired'}", "req.code.expired", NULL),
        S("err.status", "{'status':400}", "req.code.expired", NULL),

        P("err.content-type", R "}", "application/json"),
        P("err.content-type", R ",'head':{'Content-Type':'Application/JSON;charset=UTF-8'}}", NULL),
        V("err.content-type", R ",'head':{'Content-Type':'text/html'}}", NULL, "text/html", NULL),
        V("err.content-type", R ",'head':{'Content-Type':null}}", NULL, "no Content-Type", NULL),
        S("err.content-type", R ",'head':{'Content-Type':null},'raw_body':''}", "err.json-shape", NULL),
        V("err.content-type", R ",'status':405,'head':{'Content-Type':'text/html'}}", "edge", "text/html", NULL),
        V("err.content-type", R ",'status':413,'head':{'Content-Type':null}}", "edge", "no Content-Type", NULL),
        V("err.content-type", R ",'status':415,'head':{'Content-Type':'text/plain'}}", "edge", NULL, NULL),
        V("err.content-type", R ",'status':403,'head':{'Content-Type':'text/html'}}", NULL, NULL, NULL),
        S("err.content-type", R ",'status':500}", "err.never-5xx", NULL),
        S("err.content-type", R ",'status':302}", "err.status", NULL),
        S("err.content-type", "{'denied_by':'req.code.expired'}", "req.code.expired", NULL),

        P("err.cache-control", R "}", "no-store"),
        P("err.cache-control", R ",'head':{'Cache-Control':['private','No-Store']}}", NULL),
        V("err.cache-control", R ",'head':{'Cache-Control':'max-age=60'}}", NULL, "max-age", NULL),
        V("err.cache-control", R ",'head':{'Cache-Control':null}}", NULL, "no Cache-Control", NULL),
        S("err.cache-control", R ",'status':502}", "err.never-5xx", NULL),
};

#define SHAPE "err.json-shape"
#define MAPPING "err.code-mapping"
#define STEP(errors) R ",'step':{'errors':[" errors "]}"
#define CHARSET "err.charset"
static const struct sample_row body_rows[] = {
        P(SHAPE, R "}", "invalid_grant"),
        P(SHAPE, R ",'body':{'details':{'a':1}},'body_remove':['error_description']}", NULL),
        V(SHAPE, R ",'raw_body':''}", NULL, "empty", NULL),
        S(SHAPE, R ",'status':405,'raw_body':''}", NULL, "without a body"),
        V(SHAPE, R ",'raw_body':'invalid_grant'}", NULL, "not JSON", NULL),
        V(SHAPE, R ",'raw_body':'<html>'}", NULL, "not JSON", NULL),
        S(SHAPE, R ",'raw_body':'<html>','head':{'Content-Type':'text/html'}}", "err.content-type", NULL),
        V(SHAPE, R ",'raw_body':'[{body}]'}", NULL, "an array", "not an array"),
        V(SHAPE, R ",'raw_body':'{body}ABCD'}", NULL, "behind", NULL),
        V(SHAPE, R ",'raw_body':'\\ufeff{body}'}", NULL, "EF BB BF", NULL),
        V(SHAPE, R ",'raw_body':'{\\\"error\\\":\\\"a\\\",\\\"error\\\":\\\"b\\\"}'}", NULL, "\"error\" occurs twice",
          NULL),
        V(SHAPE, R ",'raw_body':'{\\\"data\\\":{body}}'}", NULL, "no member error", "inside 'data'"),
        V(SHAPE, R ",'body':{'error':{'code':400}}}", NULL, "an object", "make it flat"),
        V(SHAPE, R ",'body':{'error':''}}", NULL, "empty string", NULL),
        V(SHAPE, R ",'body':{'error':null}}", NULL, "null", NULL),
        V(SHAPE, R ",'body_remove':['error'],'body':{'message':'x'}}", NULL, "no member error", "'message'"),
        E(SHAPE, R ",'raw_body':'{','cut':true}", "longer"),
        S(SHAPE, R ",'status':500,'raw_body':'<h1>'}", "err.never-5xx", NULL),
        S(SHAPE, R ",'status':307,'raw_body':''}", "err.status", NULL),

        P(MAPPING, R "}", "invalid_grant"),
        P(MAPPING, STEP("'invalid_grant','invalid_request'") ",'body':{'error':'invalid_request'}}", "invalid_request"),
        P(MAPPING, STEP("'invalid_client'") ",'body':{'error':'invalid_client'}}", NULL),
        V(MAPPING, R ",'body':{'error':'invalid_request'}}", NULL, "invalid_request", NULL),
        V(MAPPING, R ",'body':{'error':'invalid_code'}}", "invalid-code", "invalid_code", NULL),
        V(MAPPING, R ",'body':{'error':'unauthorized_client'}}", "unauthorized-client-for-code", "unauthorized_client",
          "never use"),
        V(MAPPING, R ",'body':{'error':'INVALID_GRANT'}}", NULL, "INVALID_GRANT", "lower case"),
        V(MAPPING, R ",'body':{'error':'invalid_grant\\u0000'}}", NULL, "\\0", NULL),
        V(MAPPING, STEP("'invalid_request'") ",'body':{'error':'invalid_code'}}", NULL, "invalid_code", NULL),
        V(MAPPING, STEP("'invalid_request'") ",'body':{'error':'json_parse_error'}}", "json-parse-error",
          "json_parse_error", NULL),
        V(MAPPING, R ",'body':{'error':'json_parse_error'}}", NULL, "json_parse_error", NULL),
        V(MAPPING, R ",'body':{'error':'redirect_uri_mismatch'},'request':{'body':'redirect_uri=https%3A%2F%2Fx'}}",
          "vendor-word", "redirect_uri_mismatch", NULL),
        V(MAPPING, R ",'body':{'error':'redirect_uri_mismatch'},'request':{'body':'code=x'}}", "vendor-word", NULL,
          NULL),
        V(MAPPING,
          R ",'body':{'error':'redirect_uri_mismatch'},'request':{'body':'redirect_uri=https%3A%2F%2Fliveperson.net'}}",
          NULL, NULL, NULL),
        S(MAPPING, R ",'step':{'errors':null}}", NULL, "not known"),
        S(MAPPING, R ",'body':{'error':1}}", SHAPE, NULL),
        S(MAPPING, R ",'status':500}", "err.never-5xx", NULL),

        P(CHARSET, R "}", NULL),
        P(CHARSET,
          R ",'body':{'error_description':'it\\u0027s gone (60 s); log in!','error_uri':'https://a.example/e?id=1#x'}}",
          NULL),
        P(CHARSET, R ",'body':{'error_description':null,'error_uri':null}}", NULL),
        P(CHARSET, R ",'body':{'message':'\\u00fcber'}}", NULL),
        V(CHARSET, R ",'body':{'error_description':'ung\\u00fcltig'}}", NULL, "C3 at offset 3", NULL),
        V(CHARSET, R ",'body':{'error_description':'the \\\"code\\\"'}}", NULL, "22 at offset 4", NULL),
        V(CHARSET, R ",'body':{'error_description':'a\\\\b'}}", NULL, "5C", NULL),
        V(CHARSET, R ",'body':{'error_description':'a\\u0000'}}", NULL, "00", NULL),
        V(CHARSET, R ",'body':{'error_description':'a\\r\\nb'}}", "control", "0D at offset 1", NULL),
        V(CHARSET, R ",'body':{'error_description':'a\\tb\\u00e9'}}", NULL, "C3 at offset 3", NULL),
        V(CHARSET, R ",'body':{'error_description':'a\\tb','error_uri':'a b'}}", NULL, "error_uri", NULL),
        V(CHARSET, R ",'body':{'error':'invalid\\tgrant'}}", NULL, "error has the byte 09", NULL),
        V(CHARSET, R ",'body':{'error_description':{'en':'x'}}}", NULL, "an object", NULL),
        V(CHARSET, R ",'body':{'error_uri':'see the manual'}}", NULL, "error_uri has the byte 20", NULL),
        S(CHARSET, R ",'raw_body':'x'}", SHAPE, NULL),
        S(CHARSET, "{'denied_by':'req.code.expired'}", "req.code.expired", NULL),
};

#define INTERNALS "err.no-internals"
#define REFLECTION "err.no-reflection"
#define FORM(body) R ",'request':{'body':'" body "'}"
#define LONG "0123456789abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnopqrstuvwxyz"
static const struct sample_row leak_rows[] = {
        P(INTERNALS, R "}", NULL),
        P(INTERNALS, R ",'head':{'Server':'nginx'}}", NULL),
        P(INTERNALS, R ",'body':{'error_description':'the code was issued at comparable times by /var'}}", NULL),
        V(INTERNALS, R ",'body':{'error_description':'java.lang.IllegalStateException: x'}}", NULL, "Java", NULL),
        V(INTERNALS, R ",'body':{'error_description':'x\\n\\tat com.brand.T.doPost(T.java:142)'}}", NULL, "Java", NULL),
        V(INTERNALS, R ",'body':{'debug':{'t':['Traceback (most recent call last): x']}}}", NULL, "Python", NULL),
        V(INTERNALS, R ",'body':{'error_description':'SQLSTATE[42S02]'}}", NULL, "database", NULL),
        V(INTERNALS, R ",'body':{'error_description':'ORA-00942: no'}}", NULL, "Oracle", NULL),
        V(INTERNALS, R ",'raw_body':'<b>Warning</b>: in /var/www/html/token.php on line <b>3</b>'}", NULL, NULL, NULL),
        V(INTERNALS, R ",'status':500,'raw_body':'at Object.<anonymous> (/srv/a.js:12:3)'}", NULL, "Node.js", NULL),
        V(INTERNALS, R ",'head':{'X-Debug':'/usr/src/app/token'}}", NULL, "path", NULL),
        V(INTERNALS, R ",'head':{'Server':'Apache/2.4.41 (Ubuntu)'}}", "server-version", "Apache/2.4.41",
          "ServerTokens"),
        V(INTERNALS, R ",'head':{'X-Powered-By':'PHP/7.4.3'}}", "server-version", "PHP/7.4.3", "expose_php"),
        V(INTERNALS, R ",'head':{'X-AspNet-Version':'4.0.30319'}}", "server-version", "4.0", "version"),
        E(INTERNALS, R ",'cut':true}", "longer"),
        S(INTERNALS, "{'denied_by':'req.code.expired'}", "req.code.expired", NULL),

        P(REFLECTION, R "}", "none of the 3"),
        V(REFLECTION, R ",'body':{'error_description':'code " CODE " has expired'}}", NULL, "the code", NULL),
        V(REFLECTION, R ",'head':{'X-Error':'expired=" CODE "'}}", NULL, "the code", NULL),
        V(REFLECTION, R ",'head':{'Location':'/?code=SplxlOBeZQQYbYS6WxSbIA%2ba%2Fb%3D'}}", NULL, "the code", NULL),
        V(REFLECTION, R ",'body':{'client_secret':'s3cr3t:of the/client'}}", NULL, "the client secret", NULL),
        V(REFLECTION, R ",'raw_body':'{\\\"error\\\":\\\"s3cr3t:of the\\\\\\/client\\\"}'}", NULL, "the client secret",
          NULL),
        V(REFLECTION, R ",'raw_body':'<p>s3cr3t:of the&#x2f;client</p>'}", NULL, "the client secret", NULL),
        V(REFLECTION, R ",'status':500,'raw_body':'Basic bHAtY2xpZW50OnMzY3IzdA=='}", NULL, "Basic credentials", NULL),
        V(REFLECTION, R ",'code':{'code_verifier':'dBjftJeZ4CVP-mB92K27'},'body':{'v':'dBjftJeZ4CVP-mB92K27'}}", NULL,
          "verifier", NULL),
        V(REFLECTION, R ",'run':{'second_client_secret':'0th3r-s3cr3t'},'body':{'x':'0th3r-s3cr3t'}}", NULL,
          "the second client's secret", NULL),
        V(REFLECTION, R ",'run':{'encoded_client_secret':'a:+/%= &b'},'body':{'x':'a:+/%= &b'}}", NULL,
          "needs encoding", NULL),
        V(REFLECTION,
          R ",'request':{'lines':['Authorization: Bearer 2YotnFZFEjr1zCsi']},'body':{'x':'2YotnFZFEjr1zCsi'}}", NULL,
          "the access token", NULL),
        V(REFLECTION,
          R ",'request':{'lines':['Authorization: Basic eDp3cm9uZy1zZWNyZXQ=']},'body':{'x':'wrong-secret'}}", NULL,
          "the client secret that was sent", NULL),
        /* what the form carried */
        V(REFLECTION, FORM("code=%3Cscript%3Ealert(1)%3C%2Fscript%3E") ",'body':{'x':'bad <script>alert(1)</script>'}}",
          NULL, "sent as code", NULL),
        V(REFLECTION, FORM("code=%3Cscript%3Ealert(1)") ",'raw_body':'<p>&lt;script&gt;alert(1)</p>'}", NULL, "code",
          NULL),
        V(REFLECTION, FORM("code=%3Cscript%3Ealert(1)") ",'head':{'X':'%3cscript%3ealert(1)'}}", NULL, "code", NULL),
        V(REFLECTION, FORM("state=two+words+and+more") ",'head':{'X':'two+words+and+more'}}", NULL, "state", NULL),
        V(REFLECTION, FORM("code=abc%00defghi") ",'body':{'x':'abc\\u0000defghi'}}", NULL, "sent as code", NULL),
        V(REFLECTION, FORM("code=" LONG "-and-its-end") ",'body':{'x':'no such code: " LONG "…'}}", NULL, "code", NULL),
        V(REFLECTION, R ",'request':{'line':'POST /token?trick=abcdefgh HTTP/1.1'},'body':{'x':'abcdefgh'}}", NULL,
          "sent as trick", NULL),
        P(REFLECTION, FORM("grant_type=authorization_code") ",'body':{'x':'use authorization_code'}}", NULL),
        P(REFLECTION, FORM("grant_type=AUTHORIZATION_CODE") ",'body':{'x':'no AUTHORIZATION_CODE here'}}", NULL),
        P(REFLECTION, FORM("grant_type=client_credentials") ",'body':{'x':'no client_credentials'}}", NULL),
        P(REFLECTION, FORM("client_id=lp-client") ",'body':{'x':'lp-client'}}", NULL),
        P(REFLECTION, FORM("redirect_uri=https%3A%2F%2Fliveperson.net") ",'body':{'x':'want https://liveperson.net'}}",
          NULL),
        P(REFLECTION, FORM("redirect_uri=https%3A%2F%2Fliveperson.ne") ",'body':{'x':'want https://liveperson.net'}}",
          NULL),
        V(REFLECTION,
          FORM("redirect_uri=https%3A%2F%2Fliveperson.net%2F") ",'body':{'x':'not https://liveperson.net/'}}", NULL,
          "redirect_uri", NULL),
        P(REFLECTION, FORM("code=short") ",'body':{'x':'too short'}}", NULL),
        P(REFLECTION,
          R ",'request':{'lines':['Content-Type: text/plain'],'body':'code=abcdefghij'},'body':{'x':'abcdefghij'}}",
          NULL),
        S(REFLECTION, R ",'run':{'client_secret':'short'},'code':{'code':'x'},'no_authorization':1}", NULL,
          "too short"),
        S(REFLECTION, "{'denied_by':'req.code.expired'}", "req.code.expired", NULL),
};

SAMPLE_TEST(head, head_rows)
SAMPLE_TEST(body, body_rows)
SAMPLE_TEST(leaks, leak_rows)

/* Bytes that are no UTF-8 belong to the character set, not to the shape. */
START_TEST(latin_1)
{
	static const struct {
		const char *check;
		enum finding_kind kind;
	} rows[] = {{CHARSET, FINDING_VIOLATED}, {SHAPE, FINDING_PASS}, {MAPPING, FINDING_PASS}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		sample_auto m;
		struct finding f = {0};
		sample_make(&m, R ",'body':{'error_description':'ung?ltig'}}");
		char *bytes = arena_sv(m.a, m.x.response.body);
		bytes[sv_find(m.x.response.body, SV("?"))] = '\xfc';
		m.x.response.body.p = bytes;
		check_find(rows[i].check)->run(&m.s, &f);
		ck_assert_msg(f.kind == rows[i].kind, "%s: kind %d", rows[i].check, f.kind);
		if (f.kind == FINDING_VIOLATED)
			assert_contains(f.observed, "FC");
	}
}
END_TEST

/* --- denied -------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *edits;
	enum finding_kind kind;
	const char *says;
} denied_rows[] = {
        {R "}", FINDING_PASS, "status 400"},
        {R ",'status':200}", FINDING_PASS, "status 200"},
        {R ",'status':500,'raw_body':'<h1>Oops</h1>'}", FINDING_PASS, "500"},
        {R ",'raw_body':''}", FINDING_PASS, NULL},
        {R ",'body':{'access_token':null,'id_token':'','refresh_token':[]}}", FINDING_PASS, NULL},
        {R ",'body':{'token_type':'Bearer','expires_in':3600}}", FINDING_PASS, NULL},
        {R ",'head':{'Set-Cookie':'session=eyJ1c2VyIjoxfQ.YxXx.c2ln'}}", FINDING_PASS, NULL},
        {R ",'body':{'host':'www.brand.example','version':'1.2.3'}}", FINDING_PASS, NULL},
        {R ",'raw_body':'the parameter access_token=null is undefined'}", FINDING_PASS, NULL},
        {NULL, FINDING_VIOLATED, "the member"},
        {"{'status':400}", FINDING_VIOLATED, "status 400"},
        {R ",'body':{'access_token':'x'}}", FINDING_VIOLATED, "access_token"},
        {R ",'body':{'refresh_token':1}}", FINDING_VIOLATED, "refresh_token"},
        {R ",'body':{'a':[{'b':{'id_token':{'sub':'x'}}}]}}", FINDING_VIOLATED, "id_token"},
        {R ",'body':{'note':'see " JWT "'}}", FINDING_VIOLATED, "JWT"},
        {R ",'body':{'note':'\\u0065yJhbGciOiJub25lIn0.e30.'}}", FINDING_VIOLATED, "JWT"},
        {R ",'head':{'X-Token':'" JWT "'}}", FINDING_VIOLATED, "JWT"},
        {R ",'head':{'Set-Cookie':'t=" JWT "; Secure'}}", FINDING_VIOLATED, "JWT"},
        {R ",'raw_body':'access_token=2YotnFZFEjr1&token_type=bearer'}", FINDING_VIOLATED, "access_token"},
        {R ",'raw_body':'<access_token>2YotnFZFEjr1</access_token>'}", FINDING_VIOLATED, "access_token"},
        {R ",'raw_body':'{body}{\\\"access_token\\\" : \\\"2YotnFZFEjr1\\\"}'}", FINDING_VIOLATED, "access_token"},
        {R ",'raw_body':'{\\\"access_token\\\":\\\"2YotnFZFEjr1\\\",'}", FINDING_VIOLATED, "access_token"},
        {R ",'body':{'error_description':'code " JWT " expired'},'code':{'code':'" JWT "'}}", FINDING_PASS, NULL},
        {R ",'body':{'a':'" JWT "','b':'eyJhbGciOiJub25lIn0.eyJzdWIiOiIyIn0.'},'code':{'code':'" JWT "'}}",
         FINDING_VIOLATED, "JWT"},
        {R ",'broken_off':true}", FINDING_ERROR, "broke off"},
        {R ",'cut':true}", FINDING_ERROR, "longer"},
        {R ",'cut':true,'body':{'access_token':'x'}}", FINDING_VIOLATED, NULL},
        {R ",'outcome':'none','trouble':'refused'}", FINDING_ERROR, "refused"},
};

START_TEST(denied)
{
	const struct expect e = {.subject = MATCH_DENIED};
	sample_auto m;
	struct finding f = {0};

	sample_make(&m, denied_rows[_i].edits);
	match(&m.s, &e, &f);
	const char *words = f.observed ? f.observed : f.reason;
	ck_assert_msg(f.kind == denied_rows[_i].kind, "%s: kind %d, '%s'", denied_rows[_i].edits, f.kind, words);
	if (denied_rows[_i].says)
		assert_contains(words, denied_rows[_i].says);
}
END_TEST

START_TEST(denied_too_deep)
{
	const struct expect e = {.subject = MATCH_DENIED};

	for (int hidden = 0; hidden < 2; hidden++) {
		sample_auto m;
		struct finding f = {0};
		char *deep;
		sample_make(&m, R "}");
		deep = arena_printf(m.a, "%0100d{\"access_token\":\"%s\"}%0100d", 0, hidden ? "2YotnFZFEjr1" : "", 0);
		for (char *p = deep; *p == '0'; p++)
			*p = '[';
		for (char *p = deep + strlen(deep) - 1; *p == '0'; p--)
			*p = ']';
		m.x.response.body = sv_of(deep);
		match(&m.s, &e, &f);
		ck_assert_int_eq(f.kind, hidden ? FINDING_VIOLATED : FINDING_ERROR);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: refusals");
	TCase *t = tcase_create("refusals");

	sample_keys_make();
	SAMPLE_ADD(t, head, head_rows);
	SAMPLE_ADD(t, body, body_rows);
	SAMPLE_ADD(t, leaks, leak_rows);
	tcase_add_test(t, latin_1);
	tcase_add_loop_test(t, denied, 0, sizeof denied_rows / sizeof *denied_rows);
	tcase_add_test(t, denied_too_deep);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
