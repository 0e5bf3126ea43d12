/* The documents that a brand publishes, and the key that was pasted: discovery, JWKS, registered key. */
#include "sample.h"

#define Q "\\u0022"
#define M(name) Q name Q ":"
#define T(name, text) Q name Q ":" Q text Q

/* --- discovery ----------------------------------------------------------------------------------------------------- */

#define DOC "disc.document"
#define ISS "disc.issuer"
#define META "disc.metadata"
#define B "https://brand.example"
#define FETCHED "'kind':'discovery','method':'GET'"
#define DISCOVERY(text) "{" FETCHED ",'raw_body':'" text "'}"
#define DISCOVERY_AND(text, more) "{" FETCHED ",'raw_body':'" text "'," more "}"
#define AUTHORIZATION T("authorization_endpoint", B "/authorize") ","
#define TOKEN T("token_endpoint", B "/token") ","
#define JWKS T("jwks_uri", B "/jwks") ","
#define LISTS M("response_types_supported") "[" Q "code" Q "]," M("subject_types_supported") "[" Q "public" Q "],"
#define ALGS(list) M("id_token_signing_alg_values_supported") "[" list "]"
#define RS ALGS(Q "RS256" Q)
#define GOOD "{" T("issuer", B) "," AUTHORIZATION TOKEN JWKS LISTS RS "}"
#define MORE(members) "{" T("issuer", B) "," AUTHORIZATION TOKEN JWKS LISTS members "," RS "}"

static const struct sample_row discovery_rows[] = {
        P(DOC, DISCOVERY(GOOD), "7 members"),
        P(DOC, DISCOVERY_AND(GOOD, "'head':{'Content-Type':'application/json;charset=UTF-8'}"), NULL),
        P(DOC, DISCOVERY("{}"), NULL),
        V(DOC, DISCOVERY_AND(GOOD, "'head':{'Content-Type':'text/plain'}"), NULL, "text/plain", NULL),
        V(DOC, DISCOVERY_AND(GOOD, "'head':{'Content-Type':null}"), NULL, "no Content-Type", NULL),
        V(DOC, DISCOVERY_AND(GOOD, "'status':404"), NULL, "status 404", NULL),
        V(DOC, DISCOVERY("<html>"), NULL, "not JSON", NULL),
        V(DOC, DISCOVERY(""), NULL, "not JSON", NULL),
        V(DOC, DISCOVERY("[]"), NULL, "an empty array", NULL),
        V(DOC, DISCOVERY("\\ufeff{}"), NULL, "byte order mark", NULL),
        V(DOC, DISCOVERY("{} <!-- x -->"), NULL, "behind the JSON", NULL),
        V(DOC, DISCOVERY("{" M("a") "1," M("a") "2}"), NULL, "'a' is there twice", NULL),
        E(DOC, DISCOVERY_AND(GOOD, "'broken_off':true,'trouble':'reset'"), "reset"),
        E(DOC, "{" FETCHED ",'outcome':'none'}", NULL),

        P(ISS, DISCOVERY(GOOD), B),
        P(ISS, DISCOVERY_AND("{" T("issuer", B) "}", "'head':{'Content-Type':'text/plain'}"), NULL),
        V(ISS, DISCOVERY("{" T("issuer", B "/") "}"), NULL, "brand.example/", "leave it out"),
        V(ISS, DISCOVERY("{" T("issuer", "https://other.example") "}"), NULL, "other", NULL),
        V(ISS, DISCOVERY("{}"), NULL, "there is no issuer", NULL),
        V(ISS, DISCOVERY("{" M("issuer") "7}"), NULL, "the number 7", NULL),
        S(ISS, DISCOVERY("[]"), DOC, NULL),
        S(ISS, DISCOVERY_AND(GOOD, "'status':500"), DOC, NULL),

        P(META, DISCOVERY(GOOD), NULL),
        P(META, DISCOVERY(MORE(T("userinfo_endpoint", B "/me"))), NULL),
        P(META, DISCOVERY(MORE(T("op_policy_uri", "http://brand.example/policy"))), NULL),
        V(META, DISCOVERY("{}"), NULL, "there is no authorization_endpoint", NULL),
        V(META, DISCOVERY("{" AUTHORIZATION JWKS LISTS RS "}"), NULL, "there is no token_endpoint", NULL),
        V(META, DISCOVERY("{" AUTHORIZATION TOKEN LISTS RS "}"), NULL, "there is no jwks_uri", NULL),
        V(META, DISCOVERY("{" AUTHORIZATION TOKEN JWKS RS "}"), NULL, "no response_types_supported", NULL),
        V(META, DISCOVERY("{" AUTHORIZATION TOKEN JWKS LISTS ALGS("") "}"), NULL, "an empty array", NULL),
        V(META, DISCOVERY("{" AUTHORIZATION TOKEN JWKS LISTS ALGS("7") "}"), NULL, "1 element", NULL),
        V(META, DISCOVERY("{" AUTHORIZATION TOKEN JWKS LISTS ALGS(Q "ES256" Q) "}"), NULL, "RS256 is not in it",
          "add RS256"),
        P(META, DISCOVERY_AND("{" AUTHORIZATION TOKEN JWKS LISTS ALGS(Q "ES256" Q) "}", "'run':{'algorithm':'ES256'}"),
          NULL),
        /* addresses */
        V(META, DISCOVERY("{" AUTHORIZATION TOKEN T("jwks_uri", "http://brand.example/jwks") "," LISTS RS "}"), NULL,
          "http://", NULL),
        V(META, DISCOVERY(MORE(T("end_session_endpoint", "http://brand.example/out"))), NULL, "end_session", NULL),
        V(META, DISCOVERY(MORE(M("revocation_endpoint") "null")), NULL, "null", NULL),
        V(META, DISCOVERY("{" AUTHORIZATION T("token_endpoint", B "/token/") "," JWKS LISTS RS "}"), NULL, "/token/",
          NULL),
        P(META,
          DISCOVERY("{" AUTHORIZATION T("token_endpoint", "HTTPS://Brand.Example:443/token") "," JWKS LISTS RS "}"),
          NULL),
        V(META, DISCOVERY("{" AUTHORIZATION T("token_endpoint", B ":8443/token") "," JWKS LISTS RS "}"), NULL, "8443",
          NULL),
        P(META,
          DISCOVERY_AND("{" AUTHORIZATION T("token_endpoint", B ":8443/token") "," JWKS LISTS RS "}",
                        "'run':{'published_token_endpoint':'" B ":8443/token'}"),
          NULL),
        V(META, DISCOVERY("{" AUTHORIZATION TOKEN T("jwks_uri", B "/keys") "," LISTS RS "}"), NULL, "/keys", NULL),
        V(META, DISCOVERY_AND(MORE(T("userinfo_endpoint", B "/me")), "'run':{'userinfo_endpoint':'" B "/userinfo'}"),
          NULL, "/me", NULL),
        P(META, DISCOVERY_AND(GOOD, "'run':{'userinfo_endpoint':'" B "/userinfo'}"), NULL),
        V(META, DISCOVERY_AND(GOOD, "'run':{'authorization_endpoint':'" B "/login'}"), NULL, "/authorize", NULL),
        P(META,
          DISCOVERY_AND("{" T("authorization_endpoint", "http://127.0.0.1:1/a") "," T(
                                "token_endpoint", "http://127.0.0.1:1/t") "," JWKS LISTS RS "}",
                        "'run':{'token_endpoint':'http://127.0.0.1:1/t'}"),
          NULL),
        S(META, DISCOVERY("7"), DOC, NULL),
};

/* --- JWKS ---------------------------------------------------------------------------------------------------------- */

#define FORM "jwks.well-formed"
#define ONLY "jwks.public-only"
#define KEYS(list) "{'kind':'jwks','method':'GET','raw_body':'{" M("keys") "[" list "]}'}"
#define RAW(text) "{'kind':'jwks','method':'GET','raw_body':'" text "'}"
#define RSA(more) "{" T("kty", "RSA") "," T("n", "sXch") "," T("e", "AQAB") more "}"
#define N(n) "{" T("kty", "RSA") "," T("n", n) "," T("e", "AQAB") "}"
#define K(kid, n) "{" T("kty", "RSA") "," T("kid", kid) "," T("n", n) "," T("e", "AQAB") "}"
#define X "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
#define Y "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
#define EC(x, more) "{" T("kty", "EC") "," T("crv", "P-256") "," T("x", x) "," T("y", Y) more "}"
#define OKP "{" T("kty", "OKP") "," T("crv", "Ed25519") "," T("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") "}"

static const struct sample_row jwks_rows[] = {
        P(FORM, KEYS(RSA("")), "1 key"),
        P(FORM, KEYS(""), "0 keys"),
        P(FORM, KEYS(RSA("," T("kid", "a")) "," RSA("," T("kid", "b") "," T("use", "enc")) "," OKP), "3 keys"),
        P(FORM, KEYS(EC(X, "," T("alg", "ES256") "," T("use", "sig"))), NULL),
        P(FORM, KEYS(RSA("," T("alg", "RS256") "," M("key_ops") "[" Q "verify" Q "]")), NULL),
        P(FORM, KEYS(RSA("," M("x5c") "[" Q "MIIB" Q "]," T("alg", "XY999"))), NULL),
        P(FORM, KEYS("{" T("kty", "EC") "," T("crv", "secp256k1") "," T("x", "AA") "}"), NULL),
        V(FORM, RAW("[" RSA("") "]"), NULL, "bare array", "into an object"),
        V(FORM, RAW(RSA("")), NULL, "lone key", "into an array"),
        V(FORM, RAW("{}"), NULL, "no member 'keys'", NULL),
        V(FORM, RAW("{" M("keys") "{}}"), NULL, "an empty object", NULL),
        V(FORM, RAW("\\ufeff{" M("keys") "[]}"), NULL, "byte order mark", NULL),
        V(FORM, RAW("{" M("keys") "[]," M("keys") "[]}"), NULL, "twice", NULL),
        V(FORM, RAW("no"), NULL, "not JSON", NULL),
        V(FORM, RAW("7"), NULL, "the number 7", NULL),
        V(FORM, KEYS("7"), NULL, "key number 1: it is the number 7", NULL),
        V(FORM, KEYS("{" T("kid", "a") "," T("n", "sXch") "," T("e", "AQAB") "}"), NULL,
          "key 'a': it has no member kty", "add"),
        V(FORM, KEYS("{" T("kty", "rsa") "," T("n", "sXch") "}"), NULL, "the string \"rsa\"", NULL),
        V(FORM, KEYS("{" T("kty", "RSA") "," T("e", "AQAB") "}"), NULL, "no member n", NULL),
        V(FORM, KEYS("{" T("kty", "RSA") "," T("n", "sXch") "," M("e") "65537}"), NULL, "65537", NULL),
        V(FORM, KEYS(N("sXc=")), NULL, "has padding", "base64url"),
        V(FORM, KEYS(N("s+ch")), NULL, "the other base64 alphabet", "base64url"),
        V(FORM, KEYS(N("ALF3")), "leading-zero", "zero octet", "sign octet"),
        V(FORM, KEYS(EC("AKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv", "")), NULL, "30 octets", "leading zero"),
        V(FORM, KEYS(RSA("," M("kid") "7")), NULL, "kid is the number 7", NULL),
        V(FORM, KEYS(RSA("," T("alg", "ES256"))), NULL, "alg is ES256", NULL),
        V(FORM, KEYS(EC(X, "," T("alg", "ES384"))), NULL, "ES384, and crv", NULL),
        V(FORM, KEYS(RSA("," T("alg", "RSA-OAEP") "," T("use", "sig"))), NULL, "use is 'sig'", NULL),
        V(FORM, KEYS(RSA("," M("use") "7")), NULL, "the number 7", NULL),
        V(FORM, KEYS(RSA("," T("use", "enc"))), NULL, "the one key", "use 'sig'"),
        V(FORM, KEYS(RSA("," M("key_ops") "[" Q "encrypt" Q "]")), NULL, "something else", "use 'sig'"),
        V(FORM, KEYS(RSA("," T("use", "sig") "," M("key_ops") "[]")), NULL, "do not list", NULL),
        V(FORM, KEYS(RSA("," T("kid", "a")) "," EC(X, "") "," K("a", "sXci")), NULL, "the keys number 1 and 3",
          "of its own"),
        P(FORM, KEYS(K("a", "sXch") "," K("b", "sXch")), NULL),
        P(FORM, KEYS(K("a", "sXch") "," K("a", "sXch")), NULL), /* the same key */
        P(FORM, KEYS(K("a", "sXch") "," EC(X, "," T("kid", "a"))), NULL),
        P(FORM, KEYS(RSA("") "," N("sXci")), NULL),
        S(FORM, "{'kind':'jwks','status':404}", "jose.signature", NULL),
        E(FORM, "{'kind':'jwks','raw_body':'{','cut':true}", "not all"),

        P(ONLY, KEYS(RSA("")), NULL),
        P(ONLY, KEYS(EC(X, "") "," OKP), NULL),
        P(ONLY, RAW("[]"), NULL),
        V(ONLY, KEYS(RSA("," T("kid", "a") "," T("d", "AQ"))), NULL, "kid is the string \"a\" has its member d",
          "replace"),
        V(ONLY, KEYS(RSA("") "," RSA("," T("qi", "AQ"))), NULL, "member qi", "replace"),
        V(ONLY, KEYS(RSA("," M("oth") "[]")), NULL, "member oth", "replace"),
        V(ONLY, KEYS(EC(X, "," T("d", "AQ"))), NULL, "member d", "replace"),
        V(ONLY, KEYS("{" T("kty", "oct") "," T("k", "AQ") "}"), NULL, "oct", "replace"),
        V(ONLY, RAW("[" RSA("," T("d", "AQ")) "]"), NULL, "member d", "replace"),
        V(ONLY, RAW("{" M("keys") "[]," M("all") "{" M("one") RSA("," T("p", "AQ")) "}}"), NULL, "member p", "replace"),
        V(ONLY, KEYS("{" T("n", "AQ") "," T("e", "AQ") "," T("d", "AQ") "}"), NULL, "member d", "replace"),
        V(ONLY, RAW("-----BEGIN ENCRYPTED PRIVATE KEY-----"), NULL, "as text", "replace"),
        S(ONLY, RAW("no"), FORM, NULL),
        S(ONLY, "{'kind':'jwks','status':404}", "jose.signature", NULL),
        S(ONLY, "{}", NULL, "see the JWKS"),
        P(ONLY, "{'keys':'line'}", "not a private one"),
        V(ONLY, "{'run':{'public_key':'-----BEGIN ENCRYPTED PRIVATE KEY-----'}}", NULL, "a private one", "replace"),
};

/* --- the pasted key ------------------------------------------------------------------------------------------------ */

#define PASTED "lpkey.format"
static const struct sample_row pasted_rows[] = {
        P(PASTED, "{'keys':'line'}", "one line"),
        V(PASTED, "{'keys':'lines'}", NULL, "line breaks", "join the lines"),
        V(PASTED, "{'keys':'pem'}", NULL, "PEM", "leave out the lines"),
        V(PASTED, "{'keys':'pkcs1'}", NULL, "PKCS#1", "RSAPublicKey_in"),
        V(PASTED, "{'keys':'certificate'}", NULL, "certificate", "x509"),
        V(PASTED, "{'run':{'public_key':'{" T("kty", "RSA") "}'}}", NULL, "JWK", "openssl rsa -pubout"),
        V(PASTED, "{'run':{'public_key':'AAAA'}}", NULL, "not a public key", NULL),
        V(PASTED, "{'run':{'public_key':'no key'}}", NULL, "not a public key", NULL),
        S(PASTED, "{'run':{'public_key':'-----BEGIN ENCRYPTED PRIVATE KEY-----'}}", "jwks.public-only", NULL),
        S(PASTED, "{}", NULL, "a JWKS address"),
        /* an EC key */
        S(PASTED,
          "{'run':{'public_key':'"
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D7gS2XpJFbZi"
          "ItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw=='}}",
          "jose.signature", NULL),
        P(PASTED,
          "{'run':{'algorithm':'ES256','public_key':'"
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMKBCTNIcKUSDii11ySs3526iDZ8AiTo7T"
          "u6KPAqv7D7gS2XpJFbZiItSs3m9+9Ue6GnvHw/GW2ZZaVtszggXIw=='}}",
          NULL),
};

SAMPLE_TEST(discovery, discovery_rows)
SAMPLE_TEST(key_set, jwks_rows)
SAMPLE_TEST(pasted_key, pasted_rows)

int main(void)
{
	Suite *s = suite_create("checks: documents");
	TCase *t = tcase_create("documents");

	sample_keys_make();
	SAMPLE_ADD(t, discovery, discovery_rows);
	SAMPLE_ADD(t, key_set, jwks_rows);
	SAMPLE_ADD(t, pasted_key, pasted_rows);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
