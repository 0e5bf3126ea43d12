/* The id_token's form, header and signature: jose.*. */
#include "sample.h"

static const struct sample_row form_rows[] = {
        P("jose.compact", NULL, "three parts"),
        V("jose.compact", "{'token':'{header}.{payload}'}", NULL, "2 parts", "signature is missing"),
        V("jose.compact", "{'token':'{token}.x'}", NULL, "4 parts", NULL),
        V("jose.compact", "{'token':'a.b.c.d.e'}", NULL, "5 parts", NULL),
        V("jose.compact", "{'token':'........'}", NULL, "at least 6", NULL),
        V("jose.compact", "{'token':'x'}", NULL, "1 part", NULL),
        V("jose.compact",
          "{'token':'{\\\"payload\\\":\\\"{payload}\\\",\\\"protected\\\":\\\"{header}\\\",\\\"signature\\\":\\\"{"
          "signature}\\\"}'}",
          NULL, "1 part", "JSON serialization"),
        V("jose.compact", "{'token':'{\\\"sub\\\":\\\"x\\\"}'}", NULL, "1 part", "sign them"),
        E("jose.compact", "{'token':'eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIn0.a.b.c.d'}", "encrypted"),
        S("jose.compact", "{'body_remove':['id_token']}", "token.id-token", NULL),
        S("jose.compact", "{'body':{'id_token':{}}}", "token.id-token", NULL),
        S("jose.compact", "{'raw_body':'{\\\"data\\\":{body}}'}", "token.top-level", NULL),

        P("jose.base64url", NULL, NULL),
        V("jose.base64url", "{'token':'{header}=.{payload}.{signature}'}", NULL, "the header has padding",
          "leave the = padding out"),
        V("jose.base64url", "{'token':'{header}.{payload}.{signature}=='}", NULL, "the signature has padding",
          "padding"),
        V("jose.base64url", "{'token':'{header}.{payload}.{signature}\\n'}", NULL, "line break", "one line"),
        V("jose.base64url", "{'token':'{header}.{payload}.+/{signature}'}", NULL, "the signature", "- in place of +"),
        V("jose.base64url", "{'token':'{header}.{payload}.*{signature}'}", NULL, "offset 0", NULL),
        V("jose.base64url", "{'token':'{header}.{payload}.abcde'}", NULL, "the signature", "cut"),
        V("jose.base64url", "{'token':'\\\"{token}\\\"'}", NULL, "the header", "quotation marks"),
        V("jose.base64url", "{'token':'Bearer {token}'}", NULL, "the header", "Bearer"),
        V("jose.base64url", "{'token':'{header}.{payload}.\\u0000'}", NULL, "the signature", NULL),
        V("jose.base64url", "{'token':'{header}.{payload}.QR'}", "trailing-bits", "the signature", "unused bits"),
        V("jose.base64url", "{'token':'{header}.{payload}=.QR'}", NULL, "the payload", "padding"),
        S("jose.base64url", "{'token':'{header}.{payload}'}", "jose.compact", NULL),

        P("jose.header-json", NULL, "3 members"),
        V("jose.header-json", "{'raw_header':'{\\\"alg\\\":\\\"RS256\\\",\\\"alg\\\":\\\"RS256\\\"}'}", NULL,
          "\"alg\" occurs twice", NULL),
        V("jose.header-json", "{'raw_header':'{\\\"alg\\\":\\\"RS256\\\"} x'}", NULL, "behind", NULL),
        V("jose.header-json", "{'raw_header':'\\ufeff{\\\"alg\\\":\\\"RS256\\\"}'}", NULL, "byte order mark", NULL),
        V("jose.header-json", "{'raw_header':'[\\\"RS256\\\"]'}", NULL, "an array", NULL),
        V("jose.header-json", "{'raw_header':'alg=RS256'}", NULL, "not JSON", NULL),
        V("jose.header-json", "{'raw_header':''}", NULL, NULL, NULL),
        V("jose.header-json", "{'header_remove':['alg']}", NULL, "no alg", NULL),
        V("jose.header-json", "{'header':{'alg':256}}", NULL, "256", NULL),
        V("jose.header-json", "{'header':{'alg':''}}", NULL, "empty", NULL),
        P("jose.header-json", "{'token':'{header}=.{payload}.{signature}'}", NULL),
        S("jose.header-json", "{'token':'Bearer {token}'}", "jose.base64url", NULL),
        S("jose.header-json", "{'token':'!{token}'}", "jose.base64url", NULL),
        S("jose.header-json", "{'token':'x'}", "jose.compact", NULL),

        P("jose.payload-json", NULL, NULL),
        V("jose.payload-json", "{'raw_payload':'\\\"{\\\\\\\"sub\\\\\\\":1}\\\"'}", NULL, "the string",
          "claims object"),
        V("jose.payload-json", "{'raw_payload':'[1]'}", NULL, "an array", NULL),
        V("jose.payload-json", "{'raw_payload':'{\\\"sub\\\":'}", NULL, "not JSON", NULL),
        V("jose.payload-json", "{'raw_payload':'{}{}'}", NULL, "behind", NULL),
        V("jose.payload-json", "{'raw_payload':'\\ufeff{}'}", NULL, "byte order mark", NULL),
        V("jose.payload-json", "{'raw_payload':'eyJhbGciOiJub25lIn0.e30.'}", NULL, "not JSON", "itself a JWT"),
        S("jose.payload-json", "{'token':'{header}.!{payload}.{signature}'}", "jose.base64url", NULL),

        P("jose.payload-unique", NULL, "once"),
        V("jose.payload-unique", "{'raw_payload':'{\\\"sub\\\":\\\"victim\\\",\\\"sub\\\":\\\"u\\\"}'}", NULL,
          "\"sub\" occurs twice", NULL),
        V("jose.payload-unique", "{'raw_payload':'{\\\"a\\\":[{\\\"b\\\":1,\\\"b\\\":1}]}'}", NULL, "\"b\"", NULL),
        S("jose.payload-unique", "{'raw_payload':'x'}", "jose.payload-json", NULL),
};

static const struct sample_row header_rows[] = {
        P("jose.typ", NULL, "JWT"),
        P("jose.typ", "{'header':{'typ':'jwt'}}", NULL),
        P("jose.typ", "{'header':{'typ':'application/JWT'}}", NULL),
        S("jose.typ", "{'header_remove':['typ']}", NULL, "optional"),
        V("jose.typ", "{'header':{'typ':'at+jwt'}}", NULL, "at+jwt", "access token"),
        V("jose.typ", "{'header':{'typ':'application/at+jwt'}}", NULL, "at+jwt", "access token"),
        V("jose.typ", "{'header':{'typ':'logout+jwt'}}", NULL, "logout", "logout token"),
        V("jose.typ", "{'header':{'typ':'JOSE'}}", NULL, "JOSE", NULL),
        V("jose.typ", "{'header':{'typ':1}}", NULL, "1", NULL),

        P("jose.crit", NULL, "no crit"),
        V("jose.crit", "{'header':{'crit':['b64'],'b64':true}}", NULL, "b64", NULL),
        V("jose.crit", "{'header':{'crit':[]}}", NULL, "empty array", NULL),
        V("jose.crit", "{'header':{'crit':null}}", NULL, "null", NULL),

        P("jose.no-embedded-key", "{'header':{'x5t':'abc'}}", NULL),
        P("jose.no-embedded-key", "{'header':{'jwk':null}}", NULL),
        V("jose.no-embedded-key", "{'header':{'jku':'https://brand.example/jwks'}}", NULL, "jku", NULL),
        V("jose.no-embedded-key", "{'header':{'x5u':'https://brand.example/c'}}", NULL, "x5u", NULL),
        V("jose.no-embedded-key", "{'header':{'x5c':['MII']}}", NULL, "x5c", NULL),
        V("jose.no-embedded-key", "{'sign':'embedded'}", NULL, "jwk", NULL),

        P("jose.alg-not-none", NULL, "RS256"),
        V("jose.alg-not-none", "{'header':{'alg':'none'},'sign':'none'}", NULL, "none", NULL),
        V("jose.alg-not-none", "{'header':{'alg':'nOnE'}}", NULL, "nOnE", NULL),
        V("jose.alg-not-none", "{'sign':'empty'}", NULL, "signature is empty", NULL),
        S("jose.alg-not-none", "{'header_remove':['alg']}", "jose.header-json", NULL),
        P("jose.alg-not-none", "{'header':{'alg':'nonesuch'}}", NULL),

        P("jose.alg-not-hmac", NULL, "RS256"),
        V("jose.alg-not-hmac", "{'header':{'alg':'HS256'},'sign':'secret'}", NULL, "keyed with the client secret",
          "private key"),
        V("jose.alg-not-hmac", "{'header':{'alg':'HS512'},'sign':'pem'}", NULL, "of the registered key 'k1'",
          "private key"),
        V("jose.alg-not-hmac", "{'header':{'alg':'HS256'},'sign':'pem','keys':'pem'}", NULL, "PEM text", "private key"),
        V("jose.alg-not-hmac", "{'header':{'alg':'HS256'},'sign':'secret','run':{'client_secret':'another secret'}}",
          NULL, "HMAC", "private key"),
        V("jose.alg-not-hmac", "{'header':{'alg':'hs256'},'alg':'HS256','sign':'secret'}", NULL, "hs256", "RS256"),
        V("jose.alg-not-hmac", "{'alg':'HS256','sign':'secret'}", NULL, "although the header says RS256",
          "private key"),
        S("jose.alg-not-hmac", "{'header':{'alg':1}}", "jose.header-json", NULL),
        P("jose.alg-not-hmac", "{'header':{'alg':'none'},'sign':'none'}", NULL),

        P("jose.alg-expected", NULL, "RS256"),
        P("jose.alg-expected", "{'run':{'algorithm':'ES256'},'header':{'alg':'ES256'},'sign':'ec'}", NULL),
        P("jose.alg-expected", "{'run':{'algorithm':null}}", NULL),
        V("jose.alg-expected", "{'header':{'alg':'RS512'}}", NULL, "RS512", NULL),
        V("jose.alg-expected", "{'header':{'alg':'rs256'}}", NULL, "names no signature algorithm", "exactly so"),
        V("jose.alg-expected", "{'header':{'alg':'RSA256'}}", NULL, "names no", NULL),
        S("jose.alg-expected", "{'header':{'alg':'none'},'sign':'none'}", "jose.alg-not-none", NULL),
        S("jose.alg-expected", "{'header':{'alg':''},'alg':'RS256'}", "jose.header-json", NULL),
        S("jose.alg-expected", "{'sign':'empty'}", "jose.alg-not-none", NULL),
        S("jose.alg-expected", "{'header':{'alg':'HS256'},'sign':'secret'}", "jose.alg-not-hmac", NULL),
        S("jose.alg-expected", "{'header_remove':['alg']}", "jose.header-json", NULL),
};

#define SIG "jose.signature"
static const struct sample_row signature_rows[] = {
        P(SIG, NULL, "verifies"),
        P(SIG, "{'keys':'pem'}", NULL),
        P(SIG, "{'keys':'line'}", NULL),
        P(SIG, "{'header_remove':['kid']}", NULL),
        P(SIG, "{'keys':['other:k0','rsa:k1']}", NULL),
        P(SIG, "{'header':{'alg':'PS256'}}", NULL),
        P(SIG, "{'header':{'alg':'ES256'},'sign':'ec','keys':['ec:k1']}", NULL),
        P(SIG, "{'header':{'kid':'k9'}}", NULL),
        P(SIG, "{'keys':['other:k1','rsa:k2']}", "names another registered key"),
        P(SIG, "{'token':'{header}=.{payload}=.{signature}=='}", NULL),
        P(SIG, "{'token':'{header}.\\n{payload}.{signature}\\r\\n'}", NULL),
        V(SIG, "{'sign':'other'}", NULL, NULL, "private key"),
        V(SIG, "{'sign':'flip'}", NULL, "bit", ""),
        V(SIG, "{'sign':'altered'}", NULL, "other content", "as it was signed"),
        V(SIG, "{'sign':'truncated'}", NULL, "240", ""),
        V(SIG, "{'alg':'RS512'}", NULL, "SHA-512", "SHA-256"),
        V(SIG, "{'alg':'PS256'}", NULL, "RSASSA-PSS", "RSASSA-PKCS1"),
        V(SIG, "{'sign':'decoded'}", NULL, "decoded", ""),
        V(SIG, "{'sign':'embedded'}", NULL, "jwk", "RS256"),
        V(SIG, "{'header':{'alg':'ES256'},'sign':'ec'}", NULL, NULL, ""),
        V(SIG, "{'keys':[]}", NULL, NULL, ""),
        V(SIG, "{'keys':'missing'}", NULL, "status 404", "publish"),
        V(SIG, "{'keys':'missing','header':{'alg':'RS512'}}", NULL, "status 404", "publish"),
        E(SIG, "{'keys':'unreachable'}", "connection refused"),
        V(SIG, "{'token':'{header}.\\n{payload}.{signature}','sign':'other'}", NULL, NULL, ""),
        S(SIG, "{'keys':'unreachable','header':{'alg':'none'},'sign':'none'}", "jose.alg-not-none", NULL),
        S(SIG, "{'sign':'empty'}", "jose.alg-not-none", NULL),
        S(SIG, "{'header':{'alg':'HS256'},'sign':'pem'}", "jose.alg-not-hmac", NULL),
        S(SIG, "{'alg':'HS256','sign':'secret'}", "jose.alg-not-hmac", NULL),
        S(SIG, "{'header':{'alg':'rs256'}}", "jose.alg-expected", NULL),
        E(SIG, "{'header':{'alg':'EdDSA'},'run':{'algorithm':'EdDSA'}}", "cannot verify"),
        S(SIG, "{'header':{'alg':'ES256'},'sign':'der','keys':['ec:k1']}", "jose.ec-raw", NULL),
        S(SIG, "{'token':'{header}.{payload}.*{signature}'}", "jose.base64url", NULL),
        S(SIG, "{'header_remove':['alg']}", "jose.header-json", NULL),
        S(SIG, "{'raw_header':'x'}", "jose.header-json", NULL),
        S(SIG, "{'token':'a.b'}", "jose.compact", NULL),
        S(SIG, "{'body_remove':['id_token']}", "token.id-token", NULL),
        P(SIG, "{'raw_payload':'not json'}", NULL),

        S("jose.ec-raw", NULL, NULL, "not ECDSA"),
        P("jose.ec-raw", "{'header':{'alg':'ES256'},'sign':'ec','keys':['ec:k1']}", "64 bytes"),
        P("jose.ec-raw", "{'header':{'alg':'ES256'},'sign':'ec'}", "64 bytes"),
        V("jose.ec-raw", "{'header':{'alg':'ES256'},'sign':'der','keys':['ec:k1']}", NULL, "DER", "R and S"),
        V("jose.ec-raw", "{'header':{'alg':'ES256'},'sign':'der'}", NULL, "DER", NULL),
        V("jose.ec-raw", "{'header':{'alg':'ES256'},'token':'{header}.{payload}.AAAA','alg':'RS256'}", NULL, "3 bytes",
          NULL),
        S("jose.ec-raw", "{'header':{'alg':'ES256'},'token':'{header}.{payload}.*','alg':'RS256'}", "jose.base64url",
          NULL),
        S("jose.ec-raw", "{'header':{'alg':'none'},'sign':'none'}", "jose.alg-not-none", NULL),
};

static const struct sample_row key_rows[] = {
        P("jose.key-size", NULL, "2048 bits"),
        P("jose.key-size", "{'sign':'other'}", "2048 bits"),
        P("jose.key-size", "{'keys':['weak:k0','rsa:k1']}", "2048"),
        V("jose.key-size", "{'sign':'weak','keys':['weak:k1']}", NULL, "1024 bits", NULL),
        V("jose.key-size", "{'sign':'weak','keys':['weak:k1'],'header_remove':['kid']}", NULL, "1024 bits", NULL),
        S("jose.key-size", "{'header':{'alg':'ES256'},'sign':'ec','keys':['ec:k1']}", NULL, "not an RSA key"),
        S("jose.key-size", "{'keys':'missing'}", "jose.signature", NULL),
        S("jose.key-size", "{'keys':[]}", "jose.signature", NULL),
        S("jose.key-size", "{'header':{'alg':'none'},'sign':'none'}", "jose.alg-not-none", NULL),
        S("jose.key-size", "{'alg':'HS256','sign':'secret'}", "jose.alg-not-hmac", NULL),

        P("jose.key-exponent", NULL, "65537"),
        V("jose.key-exponent", "{'sign':'e3','keys':['e3:k1']}", "small", "is 3", NULL),
        S("jose.key-exponent", "{'header':{'alg':'ES256'},'sign':'ec','keys':['ec:k1']}", NULL, "not an RSA key"),
        S("jose.key-exponent", "{'header':{'alg':'HS256'},'sign':'secret'}", "jose.alg-not-hmac", NULL),

        P("jose.kid", NULL, "k1"),
        P("jose.kid", "{'keys':['other:k0','rsa:k1','ec:k2']}", NULL),
        P("jose.kid", "{'keys':['ec:k1','rsa:k1']}", NULL),
        P("jose.kid", "{'keys':['rsa']}", "has no kid"),
        P("jose.kid", "{'sign':'other'}", NULL),
        S("jose.kid", "{'header_remove':['kid']}", NULL, "nothing to select"),
        S("jose.kid", "{'keys':'pem','header':{'kid':'whatever'}}", NULL, "by itself"),
        V("jose.kid", "{'header_remove':['kid'],'keys':['rsa:k1','other:k2']}", NULL, "2 keys: 'k1', 'k2'", NULL),
        V("jose.kid", "{'header':{'kid':'k9'}}", NULL, "published: 'k1'", NULL),
        V("jose.kid", "{'header':{'kid':'K1'}}", NULL, "published: 'k1'", NULL),
        V("jose.kid", "{'header':{'kid':'k1\\u0000'}}", NULL, "published: 'k1'", NULL),
        V("jose.kid", "{'header':{'kid':1}}", NULL, "1", NULL),
        V("jose.kid", "{'keys':['other:k1','rsa:k1']}", NULL, "2 published keys", "kid of its own"),
        V("jose.kid", "{'keys':['other:k1','rsa:k2']}", NULL, "names another", "kid of the key"),
        S("jose.kid", "{'keys':'missing'}", "jose.signature", NULL),
        S("jose.kid", "{'keys':[]}", "jose.signature", NULL),
        S("jose.kid", "{'header':{'alg':'none'},'sign':'none'}", "jose.alg-not-none", NULL),
};

SAMPLE_TEST(form, form_rows)
SAMPLE_TEST(header, header_rows)
SAMPLE_TEST(signature, signature_rows)
SAMPLE_TEST(keys, key_rows)

int main(void)
{
	Suite *s = suite_create("checks: jose");
	TCase *t = tcase_create("id_token");

	sample_keys_make();
	SAMPLE_ADD(t, form, form_rows);
	SAMPLE_ADD(t, header, header_rows);
	SAMPLE_ADD(t, signature, signature_rows);
	SAMPLE_ADD(t, keys, key_rows);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
