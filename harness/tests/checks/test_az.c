/* The authorization endpoint: az.*, over logins that were made up. */
#include "sample.h"

#define WAY "'kind':'authorize'"
#define ON "https://window.example/chat"
#define RIGHT ON "?code=SplxlOBeZQQYbYS6WxSbIA&state=" SAMPLE_STATE
#define BACK(rest) "{" WAY ",'location':'" ON rest "'}"
#define PAGE_END(status) "{" WAY ",'location':'','status':" #status "}"
#define UNANSWERED "{" WAY ",'location':'','outcome':'x','trouble':'the login page has no such form'}"

#define CODE_RESPONSE "az.code.response"
static const struct sample_row code_rows[] = {
        P(CODE_RESPONSE, "{" WAY "}", "22 characters in the query"),
        P(CODE_RESPONSE, BACK("?state=x&code=a"), NULL),
        P(CODE_RESPONSE, "{" WAY ",'location':'HTTPS://Window.Example:443/chat?code=a'}", NULL),
        P(CODE_RESPONSE,
          "{" WAY ",'asked':{'redirect_uri':'https://w.example'},'location':'https://w.example/?code=a'}", NULL),
        V(CODE_RESPONSE, BACK("?authorization_code=abc"), NULL, "'authorization_code'", "call it code"),
        V(CODE_RESPONSE, BACK("?state=x"), NULL, "no code", NULL),
        V(CODE_RESPONSE, BACK("?code=%zz"), NULL, "no code", NULL),
        V(CODE_RESPONSE, BACK("?code="), NULL, "empty", NULL),
        V(CODE_RESPONSE, BACK("?code=a%0Ab"), NULL, "byte 0A at offset 1", NULL),
        V(CODE_RESPONSE, BACK("?code=a&code=a"), NULL, "more than once", NULL),
        V(CODE_RESPONSE, BACK("?code=a#code=a"), NULL, "more than once", NULL),
        V(CODE_RESPONSE, BACK("#code=a&state=x"), "fragment", "in the fragment", NULL),
        V(CODE_RESPONSE, BACK("#code=a&id_token={token}"), NULL, "id_token", NULL),
        V(CODE_RESPONSE, BACK("?code=a&access_token=b"), NULL, "access_token", NULL),
        V(CODE_RESPONSE, BACK("?error=server_error"), NULL, "server_error", "log"),
        V(CODE_RESPONSE, "{" WAY ",'location':'https://window.example/other?code=a'}", NULL, "window.example/other",
          NULL),
        V(CODE_RESPONSE, "{" WAY ",'location':'http://window.example/chat?code=a'}", NULL, "redirect to http:", NULL),
        V(CODE_RESPONSE, "{" WAY ",'location':'https://a@window.example/chat?code=a'}", NULL, "a@window", NULL),
        V(CODE_RESPONSE, PAGE_END(400), NULL, "page with status 400", NULL),
        V(CODE_RESPONSE, "{" WAY ",'location':'','status':500,'unproven':'x'}", NULL, "status 500", NULL),
        V(CODE_RESPONSE, "{" WAY ",'hops':[],'location':'','status':400,'unproven':'x'}", NULL, "status 400", NULL),
        E(CODE_RESPONSE, "{" WAY ",'location':'','status':400,'unproven':'x'}", "whether the target file describes"),
        E(CODE_RESPONSE, UNANSWERED, "no such form"),
        S(CODE_RESPONSE, "{" WAY ",'asked':{'redirect_uri':'" ON "?a=1'},'location':'" ON "?a=1?code=x'}",
          "az.redirect.query-kept", NULL),
};
SAMPLE_TEST(code, code_rows)

#define STATE "az.state.echo"
#define SENT(state, rest) "{" WAY ",'asked':{'state':'" state "'},'location':'" ON "?code=a" rest "'}"
static const struct sample_row state_rows[] = {
        P(STATE, "{" WAY "}", "unchanged"),
        P(STATE, SENT("a b+c&d%41", "&state=a+b%2Bc%26d%2541"), "10 bytes"),
        P(STATE, SENT("a b", "&state=a%20b"), NULL),
        P(STATE, "{" WAY ",'asked':{'response_type':'id_token'},'location':'" ON "#id_token=x&state=" SAMPLE_STATE "'}",
          NULL),
        P(STATE, BACK("?error=access_denied&state=" SAMPLE_STATE), NULL),
        P(STATE, "{" WAY ",'asked':{'state':null},'location':'" ON "?code=a'}", "none came back"),
        V(STATE, "{" WAY ",'asked':{'state':null}}", NULL, "there is a state", "only when it was sent"),
        V(STATE, "{" WAY ",'asked':{'state':null},'location':'" ON "?code=a&state='}", NULL, "there is a state",
          "only"),
        V(STATE, SENT("x", ""), NULL, "no state", "every response"),
        V(STATE, SENT("a%41", "&state=aA"), NULL, "'%41' was sent and 'A' came", "decoded once more"),
        V(STATE, SENT("abcdef", "&state=abc"), NULL, "from byte 4 on 'def' was sent and '' came", "cut to 3 of 6"),
        V(STATE, SENT("a+b", "&state=a+b"), NULL, NULL, "%2B"),
        V(STATE, SENT("a/b", "&state=a%252Fb"), NULL, NULL, "encoded twice"),
        V(STATE, SENT("a&b", "&state=a%26amp%3Bb"), NULL, NULL, "HTML"),
        V(STATE, SENT("aB", "&state=ab"), NULL, NULL, "letter case"),
        V(STATE, SENT("ab", "&state=ab%20"), NULL, NULL, "blanks"),
        V(STATE, SENT("a", "&state=%zz"), NULL, "cannot be decoded", NULL),
        V(STATE, SENT("a", "&state=a&state=a"), NULL, "more than once", NULL),
        V(STATE, "{" WAY ",'asked':{'state':'xx'},'location':'','status':400}", NULL, "a state of 2 bytes", "opaque"),
        S(STATE, "{" WAY ",'asked':{'state':'xx'},'location':'','status':400,'unproven':'x'}", CODE_RESPONSE, NULL),
        S(STATE, PAGE_END(400), CODE_RESPONSE, NULL),
        S(STATE, "{" WAY ",'location':'','status':400,'step':{'judges':['az.error.redirect']}}", "az.error.redirect",
          NULL),
        S(STATE, "{" WAY ",'asked':{'response_type':'id_token'},'location':'','status':400}", "az.rt.id-token", NULL),
        E(STATE, UNANSWERED, "no such form"),
};
SAMPLE_TEST(state, state_rows)

#define REGISTERED "az.redirect.registered-only"
#define ALTERED(uri, rest) "{" WAY ",'asked':{'redirect_uri':'" uri "'}," rest "}"
#define ASTRAY(uri, location) ALTERED(uri, "'location':'" location "'")
#define ERROR_PAGE "'location':'','status':400,'hops':[]"
#define OKAY_PAGE \
	"'location':'','outcome':'x','trouble':'no form','status':0,'hops':[['GET',200,{'Content-Type':'text/html'},"
static const struct sample_row registered_rows[] = {
        P(REGISTERED, ALTERED("https://attacker.example/", ERROR_PAGE), "status 400"),
        P(REGISTERED, ALTERED("https://attacker.example/", OKAY_PAGE "'no https://attacker.example/ here']]"),
          "status 200"),
        P(REGISTERED, ASTRAY("https://attacker.example/", ON "?error=invalid_request"), "nothing was sent"),
        P(REGISTERED, ASTRAY("https://attacker.example/", "https://www.brand.example/help"), NULL),
        P(REGISTERED, ASTRAY("https://attacker.example/", "/error?uri=https%3A%2F%2Fattacker.example"), NULL),
        P(REGISTERED, ASTRAY(ON "#next", ON "?error=invalid_request"), NULL),
        P(REGISTERED, "{" WAY ",'asked':{'redirect_uri':null}," ERROR_PAGE "}", "nothing was sent to any"),
        P(REGISTERED, "{" WAY ",'asked':{'redirect_uri':null},'location':'" ON "?error=invalid_request'}",
          "registered"),
        P(REGISTERED, "{" WAY ",'asked':{'redirect_uri':null,'scope':null}}", "registered"),
        V(REGISTERED, "{" WAY ",'asked':{'redirect_uri':null}}", "missing", "without redirect_uri", NULL),
        V(REGISTERED, "{" WAY ",'asked':{'redirect_uri':null},'location':'https://evil.example/?code=a'}", NULL, "evil",
          NULL),
        V(REGISTERED, ASTRAY("https://attacker.example/", "https://attacker.example/?code=a"), NULL, "reply 4", NULL),
        V(REGISTERED, ASTRAY("https://attacker.example/", "https://attacker.example/?error=x"), NULL, "attacker", NULL),
        V(REGISTERED, ASTRAY("https://attacker.example/", "https://ATTACKER.example:443?code=a"), NULL, NULL, NULL),
        V(REGISTERED, ASTRAY("https://window.example.evil.example/chat", "https://window.example.evil.example/x"), NULL,
          NULL, NULL),
        V(REGISTERED, ASTRAY("https://window.example@evil.example/chat", "https://evil.example/chat?code=a"), NULL,
          NULL, NULL),
        V(REGISTERED, ASTRAY(ON "/next", ON "/next?code=a"), NULL, "/next", NULL),
        V(REGISTERED, ASTRAY(ON "/../next", "https://window.example/next?code=a"), NULL, NULL, NULL),
        V(REGISTERED, ASTRAY(ON "#next", ON "?code=a#next"), NULL, NULL, NULL),
        V(REGISTERED, ASTRAY(ON "#next", RIGHT), "ignored", "with what was asked for", "do not replace"),
        V(REGISTERED, ASTRAY("http://window.example/chat", "http://window.example/chat?code=a"), NULL, "http:", NULL),
        V(REGISTERED, ASTRAY("https://attacker.example/", RIGHT), "ignored", NULL, "do not replace"),
        V(REGISTERED, ASTRAY(ON "?x=1", ON "?x=1&code=a"), "query", "another query", NULL),
        V(REGISTERED,
          ALTERED("https://attacker.example/",
                  "'location':'','status':400,'hops':[['GET',302,{'Location':'https://attacker.example/?code=a'},'']]"),
          NULL, "reply 1", NULL),
        V(REGISTERED,
          ALTERED("https://attacker.example/",
                  OKAY_PAGE "'<form action=https://attacker.example/><input name=\\\"code\\\" "
                            "value=\\\"SplxlOBeZQQYbYS6WxSbIA\\\">']]"),
          NULL, "holds a code", "issue no code"),
        V(REGISTERED,
          ALTERED("https://attacker.example/", "'location':'','status':400,'raw_body':'go to "
                                               "https://attacker.example/?code=SplxlOBeZQQYbYS6WxSbIA'"),
          NULL, "holds a code", "issue no code"),
        P(REGISTERED,
          ALTERED("https://attacker.example/",
                  "'location':'','status':400,'raw_body':'https://attacker.example/ is unknown, ?code=E1234 "
                  "&error_code=SplxlOBeZQQYbYS6WxSbIA'"),
          NULL),
        S(REGISTERED, "{" WAY ",'openid':true,'asked':{'redirect_uri':'" ON "?x=1'},'location':'" ON "?x=1&code=a'}",
          NULL, "may vary"),
        S(REGISTERED, "{" WAY "}", NULL, "not altered"),
        S(REGISTERED, ALTERED("https://attacker.example/", ERROR_PAGE ",'unproven':'nothing works'"), NULL,
          "nothing works"),
        E(REGISTERED, ALTERED("https://attacker.example/", "'location':'','outcome':'x','trouble':'timed out'"),
          "timed out"),
        E(REGISTERED, ALTERED("https://attacker.example/", "'location':'','status':429,'hops':[]"), "limits.rate"),
};
SAMPLE_TEST(registered, registered_rows)

#define CLIENT "az.client.unknown-no-redirect"
static const struct sample_row client_rows[] = {
        P(CLIENT, "{" WAY ",'asked':{'client_id':'x'}," ERROR_PAGE "}", "status 400"),
        P(CLIENT, "{" WAY ",'asked':{'client_id':'x'}," OKAY_PAGE "'x']]}", "status 200"),
        P(CLIENT, "{" WAY ",'asked':{'client_id':'x'},'location':'/error','hops':[]}", NULL),
        V(CLIENT, "{" WAY ",'asked':{'client_id':'x'},'location':'" ON "?error=unauthorized_client','hops':[]}", NULL,
          "unknown client_id: reply 1", NULL),
        V(CLIENT, "{" WAY ",'asked':{'client_id':null}}", NULL, "without client_id: reply 4", NULL),
        S(CLIENT, "{" WAY ",'asked':{'client_id':'x'},'unproven':'y'," ERROR_PAGE "}", NULL, "y"),
        E(CLIENT, UNANSWERED, "no such form"),
};
SAMPLE_TEST(client, client_rows)

#define QUERY "az.redirect.query-kept"
#define OWN(location) "{" WAY ",'asked':{'redirect_uri':'" ON "?lpa=1&lpb=a%2Bb'},'location':'" ON location "'}"
static const struct sample_row query_rows[] = {
        P(QUERY, OWN("?lpa=1&lpb=a%2Bb&code=a"), NULL),
        P(QUERY, OWN("?code=a&lpb=a%2Bb&lpa=1"), NULL),
        V(QUERY, OWN("?code=a"), NULL, "'lpa'", NULL),
        V(QUERY, OWN("?lpa=1&code=a"), NULL, "'lpb'", NULL),
        V(QUERY, OWN("?lpa=1&lpb=a+b&code=a"), NULL, "'lpb'", NULL),
        V(QUERY, OWN("?lpa=1&lpb=a%2Bb?code=a"), NULL, "'lpb'", "second '?'"),
        V(QUERY, OWN("?lpa=1&lpb=a%2bb&code=a"), "rewritten", "'lpb'", NULL),
        S(QUERY, "{" WAY "}", NULL, "no query of its own"),
        S(QUERY, PAGE_END(400), CODE_RESPONSE, NULL),
};
SAMPLE_TEST(query, query_rows)

#define AT_TOKEN "az.redirect.same-at-token"
static const struct sample_row token_rows[] = {
        P(AT_TOKEN, NULL, "tokens were issued"),
        V(AT_TOKEN, "{'refused':true}", NULL, "status 400", NULL),
        V(AT_TOKEN, "{'refused':true,'profile':'strict'}", NULL, "status 400", NULL),
};
SAMPLE_TEST(at_token, token_rows)

/* {profile, refused, connector} and what is said of it */
static const struct {
	const char *edits, *connector;
	bool unproven, unknown;
	enum finding_kind kind;
	const char *name;
} connector_rows[] = {
        {"{}", "openid", false, false, FINDING_PASS, NULL},
        {"{'refused':true}", "openid", false, false, FINDING_VIOLATED, NULL},
        {"{'profile':'strict'}", "openid", false, false, FINDING_VIOLATED, "two-addresses"},
        {"{'profile':'strict','refused':true}", "openid", false, false, FINDING_PASS, NULL},
        {"{'profile':'google'}", "openid", false, false, FINDING_VIOLATED, "two-addresses"},
        {"{'refused':true}", "oauth2-rfc", true, false, FINDING_SKIP, NULL},
        {"{'refused':true}", "oauth2-rfc", true, true, FINDING_VIOLATED, NULL},
};

START_TEST(connectors)
{
	const struct sample_row row = {.check = AT_TOKEN,
	                               .edits = connector_rows[_i].edits,
	                               .kind = connector_rows[_i].kind,
	                               .name = connector_rows[_i].name};
	sample_auto m;

	sample_make(&m, row.edits);
	m.run.connector = connector_rows[_i].connector;
	m.s.unproven = connector_rows[_i].unproven ? "a good code is refused, too" : NULL;
	m.s.unproven_unknown = connector_rows[_i].unknown;
	sample_judge_made(&m, &row);
}
END_TEST

#define NO_307 "az.no-307"
static const struct sample_row redirect_rows[] = {
        P(NO_307, "{" WAY "}", "status 303 in answer to POST"),
        P(NO_307, "{" WAY ",'status':302}", NULL),
        P(NO_307, "{" WAY ",'status':301}", NULL),
        V(NO_307, "{" WAY ",'status':307}", NULL, "status 307", NULL),
        V(NO_307, "{" WAY ",'status':308}", NULL, "status 308", NULL),
        S(NO_307, PAGE_END(400), CODE_RESPONSE, NULL),
};
SAMPLE_TEST(no_307, redirect_rows)

#define RT_ID "az.rt.id-token"
#define ID(location) "{" WAY ",'asked':{'response_type':'id_token'},'location':'" ON location "'}"
static const struct sample_row id_token_rows[] = {
        P(RT_ID, ID("#id_token={token}&state=x"), "in the fragment"),
        P(RT_ID, ID("#id_token=anything"), NULL),
        V(RT_ID, ID("?id_token={token}"), "query", "in the query", NULL),
        V(RT_ID, ID("#token={token}"), "other-name", "parameter token", NULL),
        V(RT_ID, ID("#code={token}"), "other-name", "parameter code", NULL),
        V(RT_ID, ID("#jwt={token}"), NULL, "'jwt'", "call it id_token"),
        V(RT_ID, ID("#state=x"), NULL, "no id_token", NULL),
        V(RT_ID, ID("#id_token="), NULL, "no id_token", NULL),
        V(RT_ID, ID("#id_token={token}&code=a"), NULL, "a code", NULL),
        V(RT_ID, ID("#id_token={token}&access_token=a"), NULL, "an access_token", NULL),
        V(RT_ID, ID("#id_token={token}&id_token={token}"), NULL, "more than once", NULL),
        V(RT_ID, ID("#error=unsupported_response_type"), NULL, "unsupported_response_type", "log"),
        V(RT_ID, PAGE_END(404), NULL, "status 404", NULL),
        E(RT_ID, UNANSWERED, "no such form"),
};
SAMPLE_TEST(id_token, id_token_rows)

#define RT_TOKEN "az.rt.token"
#define TOKEN(location) "{" WAY ",'asked':{'response_type':'token'},'location':'" ON location "'}"
static const struct sample_row rt_token_rows[] = {
        P(RT_TOKEN, TOKEN("#id_token={token}"), "parameter id_token"),
        P(RT_TOKEN, TOKEN("#token={token}"), "parameter token"),
        P(RT_TOKEN, TOKEN("#code={token}"), "parameter code"),
        V(RT_TOKEN, TOKEN("?token={token}"), "query", "in the query", NULL),
        V(RT_TOKEN, TOKEN("#token=Bearer+{token}"), NULL, "holds a JWT", NULL),
        V(RT_TOKEN, TOKEN("#token=opaque"), NULL, "holds a JWT", NULL),
        V(RT_TOKEN, TOKEN("#id_token=opaque"), NULL, "holds a JWT", NULL),
        V(RT_TOKEN, TOKEN("#access_token={token}"), NULL, "'access_token'", NULL),
        V(RT_TOKEN, TOKEN("?error=unsupported_response_type"), NULL, "unsupported", "log"),
};
SAMPLE_TEST(rt_token, rt_token_rows)

#define ERROR "az.error.redirect"
#define WANTED "'step':{'errors':['access_denied','login_required']}"
#define TOLD(rest) "{" WAY "," WANTED ",'location':'" ON rest "'}"
static const struct sample_row error_rows[] = {
        P(ERROR, TOLD("?error=access_denied&state=x"), "access_denied"),
        P(ERROR, TOLD("#error=login_required"), NULL),
        V(ERROR, TOLD("?error=Access_denied"), NULL, "Access_denied", NULL),
        V(ERROR, TOLD("?state=x"), NULL, "no error", NULL),
        V(ERROR, TOLD("?code=a"), NULL, "has a code", NULL),
        V(ERROR, TOLD("?error=access_denied&code=a"), NULL, "has a code", NULL),
        V(ERROR, "{" WAY "," WANTED ",'location':'','status':400}", NULL, "page with status 400", NULL),
        V(ERROR, "{" WAY "," WANTED ",'location':'https://login.example/?error=access_denied'}", NULL, "login.example",
          NULL),
        E(ERROR, "{" WAY "," WANTED ",'location':'','status':400,'unproven':'x'}", "describes them right"),
        S(ERROR, "{" WAY "," WANTED ",'asked':{'prompt':'none','scope':null},'location':'','status':200}", NULL,
          "openid"),
        V(ERROR, "{" WAY "," WANTED ",'asked':{'prompt':'none','scope':'a openid'},'location':'','status':200}", NULL,
          "page with status 200", NULL),
        E(ERROR, UNANSWERED, "no such form"),
};
SAMPLE_TEST(errors, error_rows)

#define ISS "az.iss-param"
static const struct sample_row iss_rows[] = {
        P(ISS, "{" WAY "}", "configured issuer"),
        S(ISS, BACK("?code=a"), NULL, "optional"),
        V(ISS, BACK("?code=a&iss=https%3A%2F%2Fother.example"), NULL, "other.example", NULL),
        V(ISS, BACK("?code=a&iss=https%3A%2F%2Fbrand.example%2F"), NULL, "brand.example/", "slash"),
        V(ISS, BACK("?code=a&iss="), NULL, "\"\"", NULL),
        V(ISS, BACK("?code=a&iss=%zz"), NULL, "cannot be decoded", NULL),
        V(ISS, BACK("?iss=https%3A%2F%2Fbrand.example&iss=x"), NULL, "more than once", NULL),
        S(ISS, "{" WAY ",'run':{'issuer':null}}", NULL, "no issuer"),
        S(ISS, PAGE_END(400), CODE_RESPONSE, NULL),
};
SAMPLE_TEST(iss, iss_rows)

/* Beside a metadata document. */
static const struct {
	const char *location, *metadata;
	enum finding_kind kind;
} announced_rows[] = {
        {BACK("?code=a"), "{\"authorization_response_iss_parameter_supported\":true}", FINDING_VIOLATED},
        {BACK("?code=a"), "{\"authorization_response_iss_parameter_supported\":false}", FINDING_PASS},
        {BACK("?code=a"), "{}", FINDING_PASS},
        {"{" WAY "}", "{\"authorization_response_iss_parameter_supported\":true}", FINDING_PASS},
        {BACK("?code=a"), NULL, FINDING_SKIP},
};

START_TEST(announced)
{
	const struct sample_row row = {.check = ISS, .kind = announced_rows[_i].kind};
	struct sample m[2];

	sample_make(&m[0], NULL);
	sample_make(&m[1], announced_rows[_i].location);
	m[0].x.kind = "discovery";
	if (announced_rows[_i].metadata)
		m[0].x.response.body = sv_of(announced_rows[_i].metadata);
	else
		m[0].x.status = 404;
	sample_join(m, 2);
	sample_judge_made(&m[1], &row);
	sample_release(&m[0]);
	sample_release(&m[1]);
}
END_TEST

#define LEAK "az.no-leak"
#define HEAD(fields) "{" WAY ",'hops':[['GET',200,{'Content-Type':'text/html'" fields "},'<form>']]}"
#define NO_REFERRER ",'Referrer-Policy':'no-referrer'"
static const struct sample_row leak_rows[] = {
        P(LEAK, "{" WAY "}", "2 pages"),
        P(LEAK, HEAD(",'X-Frame-Options':'sameorigin'" NO_REFERRER), "1 page "),
        P(LEAK,
          HEAD(",'content-security-policy':'frame-ancestors \\u0027self\\u0027 https://brand.example'" NO_REFERRER),
          NULL),
        P(LEAK, HEAD(",'Content-Security-Policy':'frame-ancestors *, frame-ancestors a.example'" NO_REFERRER), NULL),
        P(LEAK,
          "{" WAY ",'hops':[['GET',200,{'Content-Type':'text/html','X-Frame-Options':'DENY'},"
          "'<meta name=\\\"referrer\\\" content=\\\"origin\\\">']]}",
          NULL),
        V(LEAK, HEAD(NO_REFERRER), NULL, "can be framed", NULL),
        V(LEAK, HEAD(",'X-Frame-Options':'ALLOW-FROM https://a.example'" NO_REFERRER), NULL, "can be framed", NULL),
        V(LEAK,
          HEAD(",'Content-Security-Policy':'default-src x; frame-ancestors *','X-Frame-Options':'DENY'" NO_REFERRER),
          NULL, "can be framed", NULL),
        V(LEAK, HEAD(",'Content-Security-Policy-Report-Only':'frame-ancestors x'" NO_REFERRER), NULL, "can be framed",
          NULL),
        V(LEAK, HEAD(",'X-Frame-Options':'DENY'"), "referrer", "no Referrer-Policy", NULL),
        V(LEAK, HEAD(",'X-Frame-Options':'DENY','Referrer-Policy':'unsafe-url'"), "referrer", "unsafe-url", NULL),
        P(LEAK, HEAD(",'X-Frame-Options':'DENY','Referrer-Policy':'unsafe-url, origin'"), NULL),
        V(LEAK, BACK("?code=a&client_secret=b"), NULL, "client_secret", "leave it out"),
        V(LEAK, BACK("?code=a&x=s3cr3t%3Aof+the%2Fclient"), NULL, "the client secret", "leave it out"),
        V(LEAK, BACK("?code=a&email=b"), NULL, "email", "leave it out"),
        V(LEAK, BACK("?code=a&hint=jane%40example.com"), NULL, "email address in the parameter hint", "leave it out"),
        V(LEAK, BACK("#code=a&given_name=Jane"), NULL, "given_name", "leave it out"),
        P(LEAK, BACK("?code=a&state=jane%40example.com&scope=email"), NULL),
        P(LEAK, BACK("?code=a&email="), NULL),
        V(LEAK, "{" WAY ",'asked':{'redirect_uri':'http://w.example/'},'location':'http://w.example/?code=a'}", NULL,
          "https", NULL),
        P(LEAK,
          "{" WAY ",'asked':{'redirect_uri':'http://127.0.0.1:8910/cb'},'location':'http://127.0.0.1:8910/cb?code=a'}",
          NULL),
        S(LEAK, "{" WAY ",'hops':[]}", NULL, "no page was shown"),
        S(LEAK, PAGE_END(400), CODE_RESPONSE, NULL),
};
SAMPLE_TEST(leak, leak_rows)

int main(void)
{
	Suite *s = suite_create("checks/az");
	TCase *c = tcase_create("az");

	sample_keys_make();
	SAMPLE_ADD(c, code, code_rows);
	SAMPLE_ADD(c, state, state_rows);
	SAMPLE_ADD(c, registered, registered_rows);
	SAMPLE_ADD(c, client, client_rows);
	SAMPLE_ADD(c, query, query_rows);
	SAMPLE_ADD(c, at_token, token_rows);
	SAMPLE_ADD(c, connectors, connector_rows);
	SAMPLE_ADD(c, no_307, redirect_rows);
	SAMPLE_ADD(c, id_token, id_token_rows);
	SAMPLE_ADD(c, rt_token, rt_token_rows);
	SAMPLE_ADD(c, errors, error_rows);
	SAMPLE_ADD(c, iss, iss_rows);
	SAMPLE_ADD(c, announced, announced_rows);
	SAMPLE_ADD(c, leak, leak_rows);
	suite_add_tcase(s, c);
	int failed = testing_run(s);
	sample_keys_free();
	return failed;
}
