/* What the userinfo endpoint says, and whom it answers. */
#include "sample_story.h"

#define PASS FINDING_PASS
#define FAIL FINDING_VIOLATED
#define SKIP FINDING_SKIP
#define ERROR FINDING_ERROR

#define TOKEN "2YotnFZFEjr1zCsicMWpAA"
#define SUB "7b2c1f60-4f6e-4f0c-9e38-0d3c8c5a9f11"
#define LOGIN "{'code':{'code':'c1'}}"
#define LOGIN_SAYS(claims) "{'code':{'code':'c1'},'set':{" claims "}}"
#define SHOWS(token) "'kind':'userinfo','method':'GET','request':{'lines':['Authorization: Bearer " token "']}"
#define BODY(text) ",'raw_body':'" text "'"
#define CLAIMS BODY("{\\u0022sub\\u0022:\\u0022" SUB "\\u0022,\\u0022email\\u0022:\\u0022jane@example.com\\u0022}")
/* The members behind a right sub; quotation marks are written \\u0022. */
#define WITH(members) BODY("{\\u0022sub\\u0022:\\u0022" SUB "\\u0022," members "}")
#define Q "\\u0022"
#define GET "{" SHOWS(TOKEN) CLAIMS "}"
#define GET_AND(more) "{" SHOWS(TOKEN) more "}"

#define OK "ui.ok"
static const struct sample_story ok_rows[] = {
        {OK, {LOGIN, GET}, PASS, NULL, "2 claims"},
        {OK, {LOGIN, GET_AND(CLAIMS ",'head':{'Content-Type':'Application/JSON; charset=utf-8'}")}, PASS, NULL, NULL},
        {OK, {LOGIN, GET_AND(CLAIMS ",'head':{'Content-Type':'text/html'}")}, FAIL, NULL, "text/html"},
        {OK, {LOGIN, GET_AND(CLAIMS ",'head':{'Content-Type':null}")}, FAIL, NULL, "there is no Content-Type"},
        {OK, {LOGIN, GET_AND(BODY("eyJ.e30.c2ln") ",'head':{'Content-Type':'application/jwt'}")}, FAIL, "jwt", "a JWT"},
        {OK, {LOGIN, GET_AND(CLAIMS ",'status':201")}, FAIL, NULL, "status 201"},
        {OK, {LOGIN, GET_AND(CLAIMS ",'status':500")}, FAIL, NULL, "status 500"},
        {OK, {LOGIN, GET_AND(CLAIMS ",'status':429")}, ERROR, NULL, "too many"},
        {OK, {LOGIN, GET_AND(CLAIMS ",'broken_off':true")}, ERROR, NULL, "not all"},
        {OK, {LOGIN, GET_AND(",'outcome':'none','trouble':'reset'")}, ERROR, NULL, "reset"},
        {OK, {LOGIN, GET_AND(BODY("{}"))}, FAIL, NULL, "no sub"},
        {OK, {LOGIN, GET_AND(BODY("{" Q "sub" Q ":7}"))}, FAIL, NULL, "the number 7"},
        {OK, {LOGIN, GET_AND(BODY("{" Q "sub" Q ":" Q Q "}"))}, FAIL, NULL, "empty"},
        {OK, {LOGIN, GET_AND(BODY("[]"))}, FAIL, NULL, "an empty array"},
        {OK, {LOGIN, GET_AND(BODY("welcome"))}, FAIL, NULL, "not JSON"},
        {OK, {LOGIN, GET_AND(BODY("{" Q "sub" Q ":" Q "a" Q "} x"))}, FAIL, NULL, "behind the JSON"},
        {OK, {LOGIN, GET_AND(BODY("{" Q "sub" Q ":1," Q "sub" Q ":" Q "a" Q "}"))}, FAIL, NULL, "twice"},
        {OK, {"{'refused':true}", GET}, SKIP, NULL, "none of this scenario's"},
};

#define MATCH "ui.sub-match"
static const struct sample_story sub_rows[] = {
        {MATCH, {LOGIN, GET}, PASS, NULL, NULL},
        {MATCH, {LOGIN_SAYS("'sub':'58213907'"), GET}, FAIL, NULL, SUB},
        {MATCH, {LOGIN_SAYS("'sub':'" SUB " '"), GET}, FAIL, NULL, NULL},
        {MATCH, {LOGIN_SAYS("'sub':'" SUB "\\u0000'"), GET}, FAIL, NULL, NULL},
        {MATCH, {LOGIN_SAYS("'sub':7"), GET}, SKIP, "idtoken.sub.valid", NULL},
        {MATCH, {LOGIN, GET_AND(BODY("{}"))}, SKIP, "ui.ok", NULL},
        {MATCH, {LOGIN, GET_AND(CLAIMS ",'status':404")}, SKIP, "ui.ok", NULL},
        {MATCH, {"{'raw_payload':'x'}", GET}, SKIP, "jose.payload-json", NULL},
        /* of two logins the one whose token was shown */
        {MATCH,
         {"{'code':{'code':'c0'},'set':{'sub':'other'},'body':{'access_token':'other'}}", LOGIN, GET},
         PASS,
         NULL,
         NULL},
        {MATCH,
         {LOGIN_SAYS("'sub':'other'"), "{'code':{'code':'c2'},'body':{'access_token':'other'}}", GET},
         FAIL,
         NULL,
         NULL},
};

#define METHODS "ui.methods"
#define POST(more) "{" SHOWS(TOKEN) ",'method':'POST'" more "}"
static const struct sample_story method_rows[] = {
        {METHODS, {LOGIN, GET, POST(CLAIMS)}, PASS, NULL, NULL},
        {METHODS, {LOGIN, GET, POST(CLAIMS ",'status':405")}, FAIL, NULL, "status 405"},
        {METHODS, {LOGIN, GET, POST(BODY("{}"))}, FAIL, NULL, "without claims"},
        {METHODS, {LOGIN, GET, POST(WITH(Q "email" Q ":" Q "x@y.example" Q))}, FAIL, NULL, "x@y.example"},
        {METHODS, {LOGIN, GET, POST(WITH(Q "name" Q ":" Q "Jane" Q))}, FAIL, NULL, "name is nothing by GET"},
        /* members of the brand's own may change */
        {METHODS,
         {LOGIN, GET, POST(WITH(Q "email" Q ":" Q "jane@example.com" Q "," Q "now" Q ":7"))},
         PASS,
         NULL,
         NULL},
        {METHODS, {LOGIN, POST(CLAIMS)}, SKIP, NULL, "no GET"},
        {METHODS, {LOGIN, "{" SHOWS("another") CLAIMS "}", POST(CLAIMS)}, SKIP, NULL, "no GET"},
        {METHODS, {LOGIN, GET_AND(CLAIMS ",'status':500"), POST(CLAIMS ",'status':405")}, SKIP, "ui.ok", NULL},
        {METHODS, {LOGIN, GET, POST(",'outcome':'none'")}, ERROR, NULL, NULL},
};

#define BAD "ui.invalid-token"
#define REFUSES(token, status, challenge) \
	"{" SHOWS(token) ",'status':" status ",'head':{'WWW-Authenticate':" challenge "},'raw_body':''}"
#define NO_TOKEN(status, challenge)                                                  \
	"{'kind':'userinfo','method':'GET','no_authorization':true,'status':" status \
	",'head':{'WWW-Authenticate':" challenge "}}"
#define INVALID "'Bearer realm=\\u0022x\\u0022, error=\\u0022invalid_token\\u0022, error_description=\\u0022no\\u0022'"
static const struct sample_story bad_rows[] = {
        {BAD, {LOGIN, GET, REFUSES("x", "401", INVALID)}, PASS, NULL, NULL},
        {BAD, {LOGIN, GET, REFUSES("x", "401", "'bearer error = invalid_token'")}, PASS, NULL, NULL},
        {BAD, {LOGIN, GET, REFUSES("x", "401", "['Basic realm=\\u0022a\\u0022'," INVALID "]")}, PASS, NULL, NULL},
        {BAD, {LOGIN, GET, REFUSES("x", "401", "'Bearer'")}, FAIL, "error", "there is no error"},
        {BAD,
         {LOGIN, GET,
          REFUSES("x", "401", "'Bearer error_description=\\u0022error\\u0022, error=\\u0022invalid_request\\u0022'")},
         FAIL,
         "error",
         "invalid_request"},
        {BAD, {LOGIN, GET, REFUSES("x", "401", "'Basic realm=\\u0022a\\u0022'")}, FAIL, NULL, "Basic"},
        {BAD, {LOGIN, GET, REFUSES("x", "401", "null")}, FAIL, NULL, "there is no WWW-Authenticate"},
        {BAD, {LOGIN, GET, REFUSES("x", "400", INVALID)}, FAIL, NULL, "status 400"},
        {BAD, {LOGIN, GET, REFUSES("x", "500", INVALID)}, FAIL, NULL, "status 500"},
        {BAD, {LOGIN, GET, REFUSES("x", "200", "null")}, FAIL, NULL, "a bad token is answered with status 200"},
        {BAD, {LOGIN, GET, REFUSES("x", "429", INVALID)}, ERROR, NULL, NULL},
        {BAD, {LOGIN, GET, NO_TOKEN("401", "'Bearer'")}, PASS, NULL, NULL},
        {BAD, {LOGIN, GET, NO_TOKEN("400", "'Bearer'")}, FAIL, "no-token-400", "no token is answered"},
        {BAD, {LOGIN, GET, NO_TOKEN("200", "null")}, FAIL, NULL, "status 200"},
        {BAD, {LOGIN, GET, NO_TOKEN("302", "null")}, FAIL, NULL, "status 302"},
        /* an access token that is the id_token */
        {BAD, {LOGIN, GET, GET}, SKIP, NULL, "a good access token"},
        /* a refusal of everything says nothing */
        {BAD, {LOGIN, GET_AND(CLAIMS ",'status':500"), REFUSES("x", "401", INVALID)}, SKIP, "ui.ok", NULL},
        {BAD, {LOGIN, GET_AND(",'outcome':'none'"), REFUSES("x", "200", "null")}, ERROR, NULL, NULL},
        {BAD, {LOGIN, REFUSES("x", "200", "null")}, SKIP, NULL, "would say nothing"},
        {BAD,
         {LOGIN, GET_AND(BODY("e30.e30.c2ln") ",'head':{'Content-Type':'application/jwt'}"),
          REFUSES("x", "200", "null")},
         FAIL,
         NULL,
         "status 200"},
};

#define SAME "ui.claims-consistent"
static const struct sample_story claim_rows[] = {
        {SAME, {LOGIN, GET}, PASS, NULL, "1 claims of both"},
        {SAME, {LOGIN_SAYS("'email':'other@example.com'"), GET}, FAIL, NULL, "jane@example.com"},
        {SAME, {"{'remove':['email']}", GET}, PASS, NULL, "0 claims"},
        {SAME, {LOGIN, GET_AND(WITH(Q "email" Q ":null"))}, FAIL, NULL, "null"},
        {SAME, {LOGIN, GET_AND(WITH(Q "email_verified" Q ":" Q "true" Q))}, FAIL, NULL, "email_verified"},
        {SAME, {LOGIN, GET_AND(WITH(Q "updated_at" Q ":" Q "now" Q))}, FAIL, NULL, "updated_at"},
        {SAME, {LOGIN, GET_AND(WITH(Q "address" Q ":{}"))}, PASS, NULL, NULL},
        {SAME, {LOGIN, GET_AND(WITH(Q "birthdate" Q ":0"))}, FAIL, NULL, "birthdate"},
        {SAME, {LOGIN_SAYS("'updated_at':1"), GET_AND(WITH(Q "updated_at" Q ":2"))}, PASS, NULL, NULL},
        {SAME, {LOGIN_SAYS("'iat':1"), GET_AND(WITH(Q "iat" Q ":2"))}, PASS, NULL, NULL},
        /* the same mistake in the id_token is told there */
        {SAME,
         {LOGIN_SAYS("'email_verified':'true'"), GET_AND(WITH(Q "email_verified" Q ":" Q "true" Q))},
         PASS,
         NULL,
         NULL},
        {SAME, {LOGIN_SAYS("'sub':'other','email':'x@y'"), GET}, SKIP, "ui.sub-match", NULL},
        {SAME, {LOGIN, GET_AND(BODY("{}"))}, SKIP, "ui.ok", NULL},
        {SAME, {"{'raw_payload':'x'}", GET}, SKIP, "jose.payload-json", NULL},
        {SAME, {"{'raw_payload':'x'}", GET_AND(WITH(Q "name" Q ":7"))}, FAIL, NULL, "name"},
        {SAME, {"{'refused':true}", GET}, SKIP, NULL, "none of this scenario's"},
};

STORY_TEST(good_token, ok_rows)
STORY_TEST(sub_of_both, sub_rows)
STORY_TEST(methods, method_rows)
STORY_TEST(bad_token, bad_rows)
STORY_TEST(claims_of_both, claim_rows)

int main(void)
{
	Suite *s = suite_create("checks: userinfo");
	TCase *t = tcase_create("userinfo");

	sample_keys_make();
	SAMPLE_ADD(t, good_token, ok_rows);
	SAMPLE_ADD(t, sub_of_both, sub_rows);
	SAMPLE_ADD(t, methods, method_rows);
	SAMPLE_ADD(t, bad_token, bad_rows);
	SAMPLE_ADD(t, claims_of_both, claim_rows);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
