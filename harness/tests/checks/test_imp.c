/* Tokens that come through the browser: imp.*, and what the checks of id_tokens say of them. */
#include "sample.h"

#define HANDED "'kind':'handover'"
#define SENT                                                                                          \
	"'kind':'authorize','asked':{'response_type':'id_token'},'location':'https://window.example/" \
	"chat#id_token={token}'"
#define QUERY                                                                                         \
	"'kind':'authorize','asked':{'response_type':'id_token'},'location':'https://window.example/" \
	"chat?id_token={token}'"
#define NONE "'kind':'authorize','asked':{'response_type':'id_token'},'location':'','status':400"

#define SIGNED "imp.signed"
static const struct sample_row signed_rows[] = {
        P(SIGNED, "{" HANDED "}", "RS256"),
        P(SIGNED, "{" SENT "}", "RS256"),
        P(SIGNED, "{" HANDED ",'token':'  {token}\\n'}", "RS256"),
        V(SIGNED, "{" HANDED ",'header':{'alg':'none'},'sign':'none'}", NULL, "none", NULL),
        V(SIGNED, "{" SENT ",'header':{'alg':'nOnE'},'sign':'none'}", NULL, "nOnE", NULL),
        V(SIGNED, "{" SENT ",'sign':'empty'}", NULL, "empty", NULL),
        V(SIGNED, "{" HANDED ",'token':''}", NULL, "empty", NULL),
        V(SIGNED, "{" HANDED ",'token':'undefined'}", NULL, "the word undefined", NULL),
        V(SIGNED, "{" HANDED ",'token':'{\\\"sub\\\":\\\"1\\\"}'}", NULL, "an object with 1 member", "sign them"),
        V(SIGNED, "{" HANDED ",'token':'{\\\"ssoKey\\\":\\\"{token}\\\"}'}", NULL, "an object", "alone"),
        V(SIGNED, "{" HANDED ",'token':'\\\"{token}\\\"'}", NULL, "JSON", "alone"),
        V(SIGNED, "{" HANDED ",'token':'[1]'}", NULL, "an array", NULL),
        S(SIGNED, "{" HANDED ",'token':'{\\\"payload\\\":\\\"x\\\"}'}", "jose.compact", NULL),
        S(SIGNED, "{" HANDED ",'token':'a.b'}", "jose.compact", NULL),
        S(SIGNED, "{" HANDED ",'header':{'alg':'HS256'},'sign':'secret'}", "jose.alg-not-hmac", NULL),
        S(SIGNED, "{" SENT ",'sign':'secret','alg':'HS256'}", "jose.alg-not-hmac", NULL),
        S(SIGNED, "{" HANDED ",'header':{'alg':1}}", "jose.header-json", NULL),
        S(SIGNED, "{" NONE "}", "az.rt.id-token", NULL),
        E(SIGNED, "{" HANDED ",'outcome':'x','trouble':'nobody handed one over'}", "nobody"),
};
SAMPLE_TEST(is_signed, signed_rows)

#define AUD "imp.aud"
static const struct sample_row aud_rows[] = {
        P(AUD, "{" HANDED "}", "lp-client"),
        P(AUD, "{" SENT ",'set':{'aud':['x','lp-client']}}", NULL),
        V(AUD, "{" HANDED ",'remove':['aud']}", "absent", "no aud", NULL),
        V(AUD, "{" HANDED ",'set':{'aud':'other'}}", NULL, "other", NULL),
        V(AUD, "{" SENT ",'set':{'aud':['other']}}", NULL, "array", NULL),
        S(AUD, "{" HANDED ",'set':{'aud':7}}", "idtoken.aud.present", NULL),
        S(AUD, "{" HANDED ",'set':{'aud':[]}}", "idtoken.aud.present", NULL),
        S(AUD, "{" HANDED ",'run':{'client_id':null}}", NULL, "client_id"),
        S(AUD, "{" HANDED ",'raw_payload':'x'}", "jose.payload-json", NULL),
};
SAMPLE_TEST(aud, aud_rows)

#define NONCE "imp.nonce"
#define TOKEN \
	"'kind':'authorize','asked':{'response_type':'token'},'location':'https://window.example/chat#token={token}'"
#define WITHOUT "'kind':'authorize','asked':{'response_type':'id_token','nonce':null}"
static const struct sample_row nonce_rows[] = {
        P(NONCE, "{" HANDED "}", "that was sent"),
        P(NONCE, "{" SENT ",'code':{'nonce':null}}", "that was sent"),
        V(NONCE, "{" SENT ",'set':{'nonce':'x'}}", NULL, "\"x\"", NULL),
        V(NONCE, "{" SENT ",'remove':['nonce']}", NULL, "no nonce", NULL),
        V(NONCE, "{" HANDED ",'set':{'nonce':7}}", NULL, "7", NULL),
        S(NONCE, "{" HANDED ",'code':{'nonce':null}}", NULL, "not known"),
        S(NONCE, "{" TOKEN ",'remove':['nonce']}", NULL, "knows no nonce"),
        P(NONCE, "{" TOKEN "}", "that was sent"),
        V(NONCE, "{" TOKEN ",'set':{'nonce':'x'}}", NULL, "\"x\"", NULL),
        S(NONCE, "{" NONE "}", "az.rt.id-token", NULL),
        V(NONCE, "{" WITHOUT ",'location':'https://window.example/chat#id_token={token}'}", "not-required",
          "without a nonce", NULL),
        P(NONCE, "{" WITHOUT ",'location':'https://window.example/chat#error=invalid_request'}", "with an error"),
        P(NONCE, "{" WITHOUT ",'location':'','status':400}", "status 400"),
        S(NONCE, "{" WITHOUT ",'location':'','status':400,'unproven':'y'}", NULL, "y"),
        E(NONCE, "{" WITHOUT ",'location':'','outcome':'x','trouble':'timed out'}", "timed out"),
};
SAMPLE_TEST(nonce, nonce_rows)

#define PII "imp.pii-encrypted"
#define NO_PII "'remove':['email','phone_number','given_name','family_name','preferred_username','lp_sdes']"
static const struct sample_row pii_rows[] = {
        P(PII, "{" HANDED "," NO_PII "}", "no email address"),
        P(PII, "{" QUERY "," NO_PII "}", NULL),
        P(PII, "{" HANDED ",'token':'a.b.c.d.e'}", "encrypted"),
        V(PII, "{" HANDED "}", NULL, "has email", NULL),
        V(PII, "{" SENT "}", NULL, "has email", NULL),
        V(PII, "{" QUERY "}", "query", "came in a query", NULL),
        S(PII, "{" NONE "}", "az.rt.id-token", NULL),
};
SAMPLE_TEST(pii, pii_rows)

/* The checks of id_tokens: which of them let a token of the browser through, and who owns what. */
static const struct sample_row other_rows[] = {
        P("jose.compact", "{" HANDED "}", NULL),
        P("jose.signature", "{" HANDED "}", NULL),
        P("jose.signature", "{" SENT "}", NULL),
        V("jose.signature", "{" SENT ",'sign':'other'}", NULL, NULL, "register"),
        P("idtoken.sub.valid", "{" SENT "}", NULL),
        S("idtoken.sub.valid", "{" NONE "}", "az.rt.id-token", NULL),
        S("idtoken.sub.valid", "{'kind':'authorize'}", NULL, "a code was asked for"),
        S("idtoken.sub.valid", "{'kind':'authorize','asked':{'response_type':'token'},'location':'x'}", "az.rt.token",
          NULL),
        S("idtoken.sub.valid", "{" HANDED ",'token':'{}'}", "imp.signed", NULL),
        S("jose.alg-not-none", "{" HANDED ",'header':{'alg':'none'},'sign':'none'}", "imp.signed", NULL),
        S("jose.signature", "{" HANDED ",'header':{'alg':'none'},'sign':'none'}", "imp.signed", NULL),
        V("jose.alg-not-hmac", "{" HANDED ",'header':{'alg':'HS256'},'sign':'secret'}", NULL, NULL, "private key"),
        S("idtoken.aud.present", "{" HANDED ",'remove':['aud']}", "imp.aud", NULL),
        V("idtoken.aud.present", "{" HANDED ",'set':{'aud':7}}", NULL, "7", NULL),
        S("idtoken.aud.extra-azp", "{" HANDED ",'set':{'aud':'other'},'remove':['azp']}", "imp.aud", NULL),
        S("idtoken.aud.extra-azp", "{" HANDED ",'remove':['aud']}", "imp.aud", NULL),
        S("idtoken.nonce", "{" SENT "}", "imp.nonce", NULL),
        S("idtoken.at-hash", "{" SENT ",'set':{'at_hash':'x'}}", NULL, "no access token"),
        S("google.at-hash", "{" HANDED "}", NULL, "through the browser"),
        S("idtoken.c-hash", "{" SENT ",'set':{'c_hash':'x'}}", NULL, "no code"),
        S("token.access-token", "{" HANDED "}", NULL, "through the browser"),
        V("idtoken.exp.future", "{" HANDED ",'set':{'exp':1799990000}}", NULL, NULL, NULL),
        P("idtoken.iat.skew", "{" HANDED ",'set':{'iat':1799990000}}", "ago"),
        V("idtoken.iat.skew", "{" HANDED ",'set':{'iat':1800003000}}", NULL, "ahead", NULL),
        V("idtoken.iat.skew", "{" SENT ",'head':{'Date':null},'set':{'iat':1799990000}}", NULL, NULL, NULL),
};
SAMPLE_TEST(others, other_rows)

int main(void)
{
	Suite *s = suite_create("checks/imp");
	TCase *t = tcase_create("imp");

	sample_keys_make();
	SAMPLE_ADD(t, is_signed, signed_rows);
	SAMPLE_ADD(t, aud, aud_rows);
	SAMPLE_ADD(t, nonce, nonce_rows);
	SAMPLE_ADD(t, pii, pii_rows);
	SAMPLE_ADD(t, others, other_rows);
	suite_add_tcase(s, t);
	int failed = testing_run(s);
	sample_keys_free();
	return failed;
}
