/* Refused clients: the status, the challenge, and how Google does it; line breaks in parameters. */
#include "sample.h"

#define BAD "{'refused':true,'status':401,'body':{'error':'invalid_client'},'step':{'errors':['invalid_client']"
#define HERE BAD "},'head':{'WWW-Authenticate':"
#define BEARER ",'request':{'lines':['Authorization: Bearer x']}"
#define SENDER "err.invalid-client-401"
#define CHALLENGE "err.www-authenticate"

static const struct sample_row status_rows[] = {
        P(SENDER, BAD "}}", "401"),
        V(SENDER, BAD "},'status':400}", "status-400", "400", NULL),
        V(SENDER, BAD "},'status':403}", NULL, "403", NULL),
        S(SENDER, BAD ",'judges':['err.status']},'status':403}", "err.status", NULL),
        V(SENDER, BAD ",'judges':['err.status']},'status':400}", "status-400", "400", NULL),
        V(SENDER, BAD "},'body':{'error':'invalid_request'}}", NULL, "invalid_request", NULL),
        V(SENDER, BAD "},'body':{'error':'invalid_request'},'status':400}", NULL, "invalid_request", NULL),
        S(SENDER, BAD ",'judges':['err.code-mapping']},'body':{'error':'invalid_request'}}", "err.code-mapping", NULL),
        /* a broken Authorization header is a broken request, too */
        S(SENDER,
          "{'refused':true,'body':{'error':'invalid_request'},"
          "'step':{'errors':['invalid_client','invalid_request']}}",
          NULL, "fits it, too"),
        P(SENDER, BAD "},'request':{'lines':['authorization: BASIC eDp5']}}", NULL),
        P(SENDER, BAD "},'request':{'lines':['Authorization: Basic']}}", NULL),
        S(SENDER, BAD "}" BEARER "}", NULL, "did not try HTTP Basic"),
        S(SENDER, BAD "},'request':{'lines':[]}}", NULL, "did not try HTTP Basic"),
        S(SENDER, "{'refused':true}", NULL, "not one whose client"),
        S(SENDER, BAD "},'raw_body':'x','status':401}", "err.json-shape", NULL),
        S(SENDER, BAD "},'status':500}", "err.never-5xx", NULL),
        S(SENDER, "{'denied_by':'req.auth.none'}", "req.auth.none", NULL),
        E(SENDER, BAD "},'status':429}", "429"),
};

static const struct sample_row challenge_rows[] = {
        P(CHALLENGE, HERE "'Basic realm=\\\"token\\\"'}}", "Basic"),
        P(CHALLENGE, HERE "'basic realm=token'}}", NULL),
        P(CHALLENGE, HERE "'BASIC Realm = \\\"a, b\\\", charset=\\\"UTF-8\\\"'}}", NULL),
        P(CHALLENGE, HERE "'Basic charset=\\\"UTF-8\\\", realm=\\\"x \\\\\\\" Bearer\\\"'}}", NULL),
        P(CHALLENGE, HERE "['Bearer realm=\\\"x\\\"','Basic realm=\\\"y\\\"']}}", NULL),
        P(CHALLENGE, HERE "'Bearer realm=\\\"x\\\", error=\\\"invalid_client\\\", Basic realm=\\\"y\\\"'}}", NULL),
        P(CHALLENGE, HERE "', Negotiate, Basic realm=\\\"y\\\",'}}", NULL),
        P(CHALLENGE, HERE "'Negotiate YWJj==, Basic realm=\\\"y\\\"'}}", NULL),
        P(CHALLENGE, HERE "'Basic realm=\\\"\\\"'}}", NULL),
        P(CHALLENGE, HERE "'Bearer'}" BEARER "}", NULL),
        P(CHALLENGE, HERE "'Bearer'},'request':{'lines':[]}}", NULL),
        P(CHALLENGE, HERE "'Newauth abc123'}" BEARER "}", NULL),
        V(CHALLENGE, BAD "}}", NULL, "without WWW-Authenticate", NULL),
        V(CHALLENGE, BAD "}" BEARER "}", "basic-not-tried", "without WWW-Authenticate", NULL),
        V(CHALLENGE, HERE "''}}", NULL, "empty", NULL),
        V(CHALLENGE, HERE "'Bearer realm=\\\"Basic realm=x\\\"'}}", NULL, "Bearer", NULL),
        V(CHALLENGE, HERE "'BasicAuth realm=\\\"x\\\"'}}", NULL, "BasicAuth", NULL),
        V(CHALLENGE, HERE "'Basic'}}", "no-realm", "Basic", NULL),
        V(CHALLENGE, HERE "'Basic charset=\\\"realm=x\\\"'}}", "no-realm", NULL, NULL),
        V(CHALLENGE, HERE "'Bearer realm=\\\"x\\\", Basic'}}", "no-realm", NULL, NULL),
        V(CHALLENGE, HERE "'realm=\\\"token\\\"'}}", NULL, "no scheme", "Basic realm"),
        V(CHALLENGE, HERE "'Basic realm=\\\"token'}}", NULL, "no end", "Basic realm"),
        V(CHALLENGE, HERE "'\\\"Basic\\\"'}}", NULL, "cannot begin", "Basic realm"),
        V(CHALLENGE, HERE "'Basic realm=\\\"a\\\" charset=\\\"b\\\"'}}", NULL, "no comma", "Basic realm"),
        S(CHALLENGE, "{'refused':true}", NULL, "400"),
        S(CHALLENGE, NULL, NULL, "tokens were issued"),
};

#define GOOGLE "google.error"
static const struct sample_row google_rows[] = {
        P(GOOGLE, "{'refused':true}", "description"),
        P(GOOGLE, BAD "}}", "invalid_client"),
        P(GOOGLE, BAD "},'body_remove':['error_description']}", NULL),
        V(GOOGLE, "{'refused':true,'body_remove':['error_description']}", NULL, "nothing", NULL),
        V(GOOGLE, "{'refused':true,'body':{'error_description':''}}", NULL, "empty", NULL),
        V(GOOGLE, "{'refused':true,'body':{'error':'invalid_request'}}", NULL, "invalid_request", NULL),
        V(GOOGLE, "{'refused':true,'status':401}", NULL, "401", NULL),
        V(GOOGLE, "{'refused':true,'status':403}", NULL, "403", NULL),
        V(GOOGLE, BAD "},'status':400}", NULL, "400", NULL),
        S(GOOGLE, "{'refused':true,'body':{'error':'x'},'step':{'judges':['err.code-mapping']}}", "err.code-mapping",
          NULL),
        S(GOOGLE, "{'refused':true,'status':403,'step':{'judges':['err.status']}}", "err.status", NULL),
        V(GOOGLE, "{'refused':true,'status':401,'step':{'judges':['err.status']}}", NULL, "401", NULL),
        S(GOOGLE, BAD ",'judges':['err.invalid-client-401']},'status':400}", "err.invalid-client-401", NULL),
        V(GOOGLE, BAD ",'judges':['err.invalid-client-401']},'status':400" BEARER "}", NULL, "400", NULL),
        S(GOOGLE, "{'refused':true,'step':{'errors':['invalid_request']}}", NULL, "neither"),
        S(GOOGLE, "{'refused':true,'raw_body':'x'}", "err.json-shape", NULL),
        S(GOOGLE, "{'denied_by':'req.code.unknown'}", "req.code.unknown", NULL),
};

#define CRLF "req.param.crlf"
#define SENT(body) "{'refused':true,'request':{'body':'" body "'}"
static const struct sample_row crlf_rows[] = {
        P(CRLF, SENT("code=a%0D%0AX-Injected%3A+1") "}", NULL),
        P(CRLF, SENT("code=a%0AX-Injected: 1") ",'body':{'x':'X-Injected: 1'}}", NULL),
        V(CRLF, SENT("code=a%0D%0AX-Injected%3A+1") ",'head':{'X-Injected':'1'}}", NULL, "X-Injected", NULL),
        V(CRLF, SENT("code=a%0ASet-Cookie:+crlf=1%0Ab") ",'head':{'set-cookie':'crlf=1; Path=/'}}", NULL, "Set-Cookie",
          NULL),
        P(CRLF, SENT("code=a%0ASet-Cookie:+crlf=1") ",'head':{'Set-Cookie':'session=5'}}", NULL),
        V(CRLF, SENT("code=a%250D%250AX-Injected:1") ",'head':{'X-Injected':'1'}}", NULL, "X-Injected", NULL),
        /* a first line that happens to be a header of the reply */
        P(CRLF, SENT("code=Cache-Control:+no-store%0D%0A") "}", NULL),
        P(CRLF, SENT("code=a%0D%0A:+1%0D%0A%0D%0Ab") "}", NULL),
        V(CRLF, "{'request':{'body':'x=a%0D%0AX-Injected%3A+1'},'head':{'X-Injected':'1'}}", NULL, "X-Injected", NULL),
        S(CRLF, SENT("code=ab") "}", NULL, "line break"),
        S(CRLF, "{'refused':true}", NULL, "line break"),
        E(CRLF, "{'outcome':'none','trouble':'reset'}", "reset"),
};

SAMPLE_TEST(status, status_rows)
SAMPLE_TEST(challenge, challenge_rows)
SAMPLE_TEST(google, google_rows)
SAMPLE_TEST(crlf, crlf_rows)

int main(void)
{
	Suite *s = suite_create("checks: refused clients");
	TCase *t = tcase_create("clients");

	sample_keys_make();
	SAMPLE_ADD(t, status, status_rows);
	SAMPLE_ADD(t, challenge, challenge_rows);
	SAMPLE_ADD(t, google, google_rows);
	SAMPLE_ADD(t, crlf, crlf_rows);
	suite_add_tcase(s, t);
	int result = testing_run(s);
	sample_keys_free();
	return result;
}
