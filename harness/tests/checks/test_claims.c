/* Claims that say who, for whom and when: iss, aud, azp, sub, nonce, times, hashes. */
#include "sample.h"

static const struct sample_row issuer_rows[] = {
        P("idtoken.iss.exact", NULL, "https://brand.example"),
        V("idtoken.iss.exact", "{'set':{'iss':'https://brand.example/'}}", NULL, "brand.example/", "leave it out"),
        V("idtoken.iss.exact", "{'run':{'issuer':'https://brand.example/'}}", NULL, NULL, "add it"),
        V("idtoken.iss.exact", "{'set':{'iss':'https://Brand.example'}}", NULL, "Brand", "letter case"),
        V("idtoken.iss.exact", "{'set':{'iss':'http://brand.example'}}", NULL, "http:", "scheme"),
        V("idtoken.iss.exact", "{'set':{'iss':'brand.example'}}", NULL, NULL, "scheme"),
        V("idtoken.iss.exact", "{'set':{'iss':'Brand.example/'}}", NULL, NULL, "copy the issuer exactly"),
        V("idtoken.iss.exact", "{'set':{'iss':' https://brand.example'}}", NULL, NULL, "blanks"),
        V("idtoken.iss.exact", "{'set':{'iss':'https://other.example'}}", NULL, "other", NULL),
        V("idtoken.iss.exact", "{'set':{'iss':'https://brand.example\\u0000.evil'}}", NULL, "\\0", NULL),
        V("idtoken.iss.exact", "{'set':{'iss':null}}", NULL, "null", NULL),
        V("idtoken.iss.exact", "{'set':{'iss':['https://brand.example']}}", NULL, "an array", NULL),
        V("idtoken.iss.exact", "{'remove':['iss']}", NULL, "no iss", NULL),
        S("idtoken.iss.exact", "{'run':{'issuer':null}}", NULL, "no issuer"),
        S("idtoken.iss.exact", "{'run':{'issuer':'https://accounts.google.com'},'profile':'google'}", "google.iss",
          NULL),
        V("idtoken.iss.exact", "{'run':{'issuer':'https://accounts.google.com'}}", NULL, NULL, NULL),
        V("idtoken.iss.exact", "{'set':{'iss':'x'},'profile':'google'}", NULL, "x", NULL),
        S("idtoken.iss.exact", "{'raw_payload':'[]'}", "jose.payload-json", NULL),
        V("idtoken.iss.exact", "{'set':{'iss':'x'},'sign':'other'}", NULL, "x", NULL),

        P("idtoken.iss.https-url", NULL, NULL),
        P("idtoken.iss.https-url", "{'set':{'iss':'HTTPS://brand.example:8443/a/b/'}}", NULL),
        P("idtoken.iss.https-url", "{'set':{'iss':'https://[::1]/a'}}", NULL),
        V("idtoken.iss.https-url", "{'set':{'iss':'www.customer.com'}}", NULL, "does not begin with https://", NULL),
        V("idtoken.iss.https-url", "{'set':{'iss':'http://brand.example'}}", NULL, "scheme is http", NULL),
        V("idtoken.iss.https-url", "{'set':{'iss':'https://brand.example?a=1'}}", NULL, "query", NULL),
        V("idtoken.iss.https-url", "{'set':{'iss':'https://brand.example/#'}}", NULL, "fragment", NULL),
        V("idtoken.iss.https-url", "{'set':{'iss':'https:///x'}}", NULL, "no host", NULL),
        V("idtoken.iss.https-url", "{'set':{'iss':'https://brand example'}}", NULL, "characters", NULL),
        V("idtoken.iss.https-url", "{'set':{'iss':'https://a@b'}}", NULL, "host", NULL),
        S("idtoken.iss.https-url", "{'set':{'iss':1}}", "idtoken.iss.exact", NULL),
        S("idtoken.iss.https-url", "{'remove':['iss']}", "idtoken.iss.exact", NULL),
        S("idtoken.iss.https-url", "{'set':{'iss':'accounts.google.com'},'profile':'google'}", "google.iss", NULL),
};

#define EXTRA "idtoken.aud.extra-azp"
static const struct sample_row audience_rows[] = {
        P("idtoken.aud.present", NULL, "lp-client"),
        P("idtoken.aud.present", "{'set':{'aud':['lp-client']}}", NULL),
        P("idtoken.aud.present", "{'set':{'aud':'other'}}", NULL),
        V("idtoken.aud.present", "{'remove':['aud']}", "absent", "no aud", NULL),
        V("idtoken.aud.present", "{'set':{'aud':null}}", NULL, "null", NULL),
        V("idtoken.aud.present", "{'set':{'aud':''}}", NULL, "empty string", NULL),
        V("idtoken.aud.present", "{'set':{'aud':[]}}", NULL, "empty array", NULL),
        V("idtoken.aud.present", "{'set':{'aud':['lp-client',12]}}", NULL, "element 1 of aud is the number 12", NULL),
        V("idtoken.aud.present", "{'set':{'aud':{'a':1}}}", NULL, "an object", NULL),

        P(EXTRA, NULL, NULL),
        P(EXTRA, "{'remove':['azp']}", NULL),
        P(EXTRA, "{'set':{'aud':['lp-client','lp-client']}}", NULL),
        P(EXTRA, "{'set':{'aud':['https://api.example','lp-client']},'run':{'audiences':['x','https://api.example']}}",
          NULL),
        V(EXTRA, "{'set':{'aud':['lp-client','https://api.example']}}", NULL, "api.example", "audiences"),
        V(EXTRA, "{'set':{'azp':'other'}}", NULL, "other", NULL),
        V(EXTRA, "{'set':{'azp':['lp-client']}}", NULL, "an array", NULL),
        V(EXTRA, "{'remove':['aud'],'set':{'azp':'other'}}", NULL, "other", NULL),
        S(EXTRA, "{'set':{'aud':'other'}}", "idtoken.aud.contains-client", NULL),
        S(EXTRA, "{'set':{'aud':['lp-client-2'],'azp':'x'}}", "idtoken.aud.contains-client", NULL),
        S(EXTRA, "{'set':{'aud':12}}", "idtoken.aud.present", NULL),
        S(EXTRA, "{'remove':['aud']}", "idtoken.aud.present", NULL),
        S(EXTRA, "{'run':{'client_id':null}}", NULL, "client_id"),
};

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A255 A64 A64 A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OPAQUE "idtoken.sub.opaque"
static const struct sample_row subject_rows[] = {
        P("idtoken.sub.valid", NULL, "36 characters"),
        P("idtoken.sub.valid", "{'set':{'sub':'0'}}", NULL),
        P("idtoken.sub.valid", "{'set':{'sub':'" A255 "'}}", "255"),
        P("idtoken.sub.valid", "{'set':{'sub':'nullable'}}", NULL),
        P("idtoken.sub.valid", "{'set':{'sub':'auth0|5f7c/a+b=='}}", NULL),
        V("idtoken.sub.valid", "{'set':{'sub':'" A255 "a'}}", NULL, "256 bytes", NULL),
        V("idtoken.sub.valid", "{'remove':['sub']}", NULL, "no sub", NULL),
        V("idtoken.sub.valid", "{'remove':['sub'],'set':{'user_id':'x'}}", NULL, "no sub", "'user_id'"),
        V("idtoken.sub.valid", "{'remove':['sub'],'set':{'Sub':'x'}}", NULL, "no sub", "'Sub'"),
        V("idtoken.sub.valid", "{'remove':['sub'],'set':{'user':{'sub':'x'}}}", NULL, "no sub", "inside 'user'"),
        V("idtoken.sub.valid", "{'set':{'sub':''}}", NULL, "empty", NULL),
        V("idtoken.sub.valid", "{'set':{'sub':null}}", NULL, "null", NULL),
        V("idtoken.sub.valid", "{'set':{'sub':248289761001}}", NULL, "248289761001", "quotation marks"),
        V("idtoken.sub.valid", "{'set':{'sub':['x']}}", NULL, "an array", NULL),
        V("idtoken.sub.valid", "{'set':{'sub':'null'}}", NULL, "\"null\"", "refuse"),
        V("idtoken.sub.valid", "{'set':{'sub':'undefined'}}", NULL, "undefined", "refuse"),
        V("idtoken.sub.valid", "{'set':{'sub':'zo\\u00eb'}}", NULL, "C3 at offset 2", NULL),
        V("idtoken.sub.valid", "{'set':{'sub':'a\\n'}}", NULL, "0A at offset 1", NULL),
        V("idtoken.sub.valid", "{'set':{'sub':'admin\\u0000x'}}", NULL, "00 at offset 5", NULL),
        S("idtoken.sub.valid", "{'body_remove':['id_token']}", "token.id-token", NULL),

        P(OPAQUE, NULL, NULL),
        P(OPAQUE, "{'set':{'sub':'110169484474386276334'}}", NULL),
        P(OPAQUE, "{'set':{'sub':'a8f5f167f44f4964e6c998dee827110c@brand.example'}}", NULL),
        V(OPAQUE, "{'set':{'sub':'JANE@example.com'}}", NULL, "same as email", NULL),
        V(OPAQUE, "{'set':{'sub':'joe@example.org'}}", NULL, "email address", NULL),
        V(OPAQUE, "{'set':{'sub':'4255551212'}}", NULL, "same as phone_number", NULL),
        V(OPAQUE, "{'set':{'sub':'1-425-555-1212'}}", NULL, "same as phone_number", NULL),
        V(OPAQUE, "{'set':{'sub':'jane.doe'}}", NULL, "same as preferred_username", NULL),
        V(OPAQUE, "{'set':{'sub':'1042'}}", NULL, "4 digits", NULL),
        V(OPAQUE, "{'set':{'sub':'123456789012345'}}", NULL, "15 digits", NULL),
        P(OPAQUE, "{'set':{'sub':'1234567890123456'}}", NULL),
        P(OPAQUE, "{'set':{'sub':'+1234a'}}", NULL),
        V(OPAQUE, "{'set':{'sub':'+491701234567'}}", NULL, "digits", NULL),
        S(OPAQUE, "{'set':{'sub':1}}", "idtoken.sub.valid", NULL),
        S(OPAQUE, "{'set':{'sub':'null'}}", "idtoken.sub.valid", NULL),

        P("idtoken.nonce", NULL, "nonce"),
        S("idtoken.nonce", "{'code':{'nonce':null}}", NULL, "no nonce was sent"),
        V("idtoken.nonce", "{'remove':['nonce']}", NULL, "no nonce", NULL),
        V("idtoken.nonce", "{'set':{'nonce':'n-0S6_WzA2Mj'}}", NULL, "n-0S6", "cut to 12 of 25"),
        V("idtoken.nonce", "{'set':{'nonce':'N-0S6_WzA2Mj-of-the-login'}}", NULL, NULL, "letter case"),
        V("idtoken.nonce", "{'set':{'nonce':' n-0S6_WzA2Mj-of-the-login'}}", NULL, NULL, "blanks"),
        V("idtoken.nonce", "{'set':{'nonce':'other'}}", NULL, "other", NULL),
        V("idtoken.nonce", "{'set':{'nonce':'n-0S6_WzA2Mj-of-the-login\\u0000'}}", NULL, "\\0", NULL),
        V("idtoken.nonce", "{'set':{'nonce':null}}", NULL, "null", NULL),
};

#define NUMBER "idtoken.time.number"
#define SECONDS "idtoken.time.seconds"
#define LIFE "idtoken.exp.lifetime"
#define SKEW "idtoken.iat.skew"
static const struct sample_row time_rows[] = {
        P(NUMBER, NULL, "1800003600"),
        P(NUMBER, "{'set':{'exp':1800003600.0}}", NULL),
        V(NUMBER, "{'set':{'exp':1800003600.5}}", "fraction", "exp is", NULL),
        V(NUMBER, "{'set':{'exp':'1800003600'}}", "digits", "\"1800003600\"", NULL),
        V(NUMBER, "{'set':{'iat':'1800000000','exp':1800003600.5}}", "digits", "iat is", NULL),
        V(NUMBER, "{'set':{'iat':'1800000000'},'remove':['exp']}", NULL, "no exp", NULL),
        V(NUMBER, "{'remove':['iat']}", NULL, "no iat", NULL),
        V(NUMBER, "{'set':{'exp':'5'}}", "digits", "\"5\"", NULL),
        V(NUMBER, "{'set':{'exp':'-5'}}", "digits", "\"-5\"", NULL),
        V(NUMBER, "{'set':{'exp':'-'}}", NULL, "\"-\"", NULL),
        V(NUMBER, "{'set':{'exp':'1.'}}", NULL, "\"1.\"", NULL),
        V(NUMBER, "{'set':{'exp':'1.5'}}", "digits", "1.5", NULL),
        V(NUMBER, "{'set':{'exp':null}}", NULL, "null", NULL),
        V(NUMBER, "{'set':{'exp':'2099-12-31T23:59:59Z'}}", NULL, "2099", NULL),
        V(NUMBER, "{'set':{'exp':''}}", NULL, "empty", NULL),
        V(NUMBER, "{'set':{'exp':'1800003600 '}}", NULL, NULL, NULL),

        P(SECONDS, NULL, NULL),
        P(SECONDS, "{'set':{'exp':253402300799}}", NULL),
        P(SECONDS, "{'set':{'exp':'1800003600'}}", NULL),
        V(SECONDS, "{'set':{'exp':1800003600000}}", NULL, "milliseconds of 2027-01-15T09:00:00Z", "1000"),
        V(SECONDS, "{'set':{'iat':1800000000123}}", NULL, "iat is", "1000"),
        V(SECONDS, "{'set':{'exp':'1800003600000'}}", NULL, "milliseconds", "1000"),
        V(SECONDS, "{'set':{'exp':1800003600000000}}", NULL, "microseconds", "1000000"),
        V(SECONDS, "{'set':{'exp':9223372036854775807}}", NULL, "nanoseconds", "1000000000"),
        V(SECONDS, "{'raw_payload':'{\\\"iat\\\":1,\\\"exp\\\":1e400}'}", NULL, "9e307 or more", NULL),
        S(SECONDS, "{'remove':['exp']}", NUMBER, NULL),
        V(SECONDS, "{'remove':['exp'],'set':{'iat':1800000000000}}", NULL, "iat", "1000"),

        P("idtoken.exp.future", NULL, "60 min ahead"),
        P("idtoken.exp.future", "{'set':{'exp':1799999941}}", "within the tolerance"),
        P("idtoken.exp.future", "{'set':{'exp':1800003600000}}", "60 min"),
        P("idtoken.exp.future", "{'set':{'exp':'1800003600'}}", NULL),
        P("idtoken.exp.future", "{'set':{'exp':253402300799}}", "days ahead"),
        V("idtoken.exp.future", "{'set':{'exp':1799999940}}", NULL, "60 s ago", NULL),
        V("idtoken.exp.future", "{'set':{'exp':1799990000000}}", NULL, "ago", NULL),
        V("idtoken.exp.future", "{'set':{'exp':0}}", NULL, "1970-01-01", NULL),
        V("idtoken.exp.future", "{'set':{'exp':-5}}", NULL, "ago", NULL),
        S("idtoken.exp.future", "{'remove':['exp']}", NUMBER, NULL),
        /* Whose clock is wrong cannot be told from here; a token that both clocks call expired is. */
        E("idtoken.exp.future", "{'set':{'exp':1799999500},'head':{'Date':'Fri, 15 Jan 2027 07:43:30 GMT'}}", "NTP"),
        V("idtoken.exp.future", "{'set':{'exp':1799998000},'head':{'Date':'Fri, 15 Jan 2027 07:43:30 GMT'}}", NULL,
          "ago", NULL),
        V("idtoken.exp.future", "{'set':{'exp':1799999500},'head':{'Date':'Fri, 15 Jan 2027 07:59:30 GMT'}}", NULL,
          "ago", NULL),
        E("idtoken.nbf", "{'set':{'nbf':1800000500},'head':{'Date':'Fri, 15 Jan 2027 08:16:30 GMT'}}", "NTP"),
        V("idtoken.nbf", "{'set':{'nbf':1800005000},'head':{'Date':'Fri, 15 Jan 2027 08:16:30 GMT'}}", NULL, "ahead",
          NULL),
        S("idtoken.exp.future", "{'set':{'exp':'tomorrow'}}", NUMBER, NULL),
        S("idtoken.exp.future", "{'raw_payload':'{\\\"exp\\\":1e400}'}", SECONDS, NULL),

        P("idtoken.exp.after-iat", NULL, "60 min after"),
        P("idtoken.exp.after-iat", "{'set':{'exp':1800003600000}}", NULL),
        V("idtoken.exp.after-iat", "{'set':{'iat':1800000120,'exp':1800000060}}", NULL, "60 s before", NULL),
        V("idtoken.exp.after-iat", "{'set':{'exp':1800000000}}", NULL, "both", NULL),
        S("idtoken.exp.after-iat", "{'remove':['iat']}", NUMBER, NULL),

        P(LIFE, NULL, "60 min"),
        P(LIFE, "{'set':{'exp':1800000060}}", "60 s"),
        P(LIFE, "{'set':{'exp':1800086400}}", "24 h"),
        V(LIFE, "{'set':{'exp':1800000059}}", NULL, "59 s", NULL),
        V(LIFE, "{'set':{'exp':1800086401}}", NULL, "24 h", NULL),
        V(LIFE, "{'set':{'exp':2115360000}}", NULL, "3650 days", NULL),
        S(LIFE, "{'set':{'exp':1800003600000}}", SECONDS, NULL),
        S(LIFE, "{'set':{'exp':1800003600000,'iat':1800000000000}}", SECONDS, NULL),
        S(LIFE, "{'set':{'exp':1799999000}}", "idtoken.exp.after-iat", NULL),
        S(LIFE, "{'remove':['exp']}", NUMBER, NULL),

        P(SKEW, NULL, "0 s"),
        P(SKEW, "{'set':{'iat':1800000300}}", "ahead"),
        P(SKEW, "{'set':{'iat':1799999700}}", "ago"),
        P(SKEW, "{'set':{'iat':1800000000000}}", NULL),
        V(SKEW, "{'set':{'iat':1799999699}}", NULL, "ago", "stored tokens"),
        V(SKEW, "{'set':{'iat':1799992800}}", NULL, "2 h ago", "local time"),
        V(SKEW, "{'set':{'iat':1800019800}}", NULL, "ahead", "local time"),
        V(SKEW, "{'set':{'iat':1800000400}}", NULL, "ahead", NULL),
        V(SKEW, "{'set':{'iat':1799999000},'head':{'Date':'Fri, 15 Jan 2027 07:43:30 GMT'}}", NULL, "ago", "NTP"),
        V(SKEW, "{'set':{'iat':1799999000},'head':{'Date':null}}", NULL, "ago", NULL),
        S(SKEW, "{'remove':['iat']}", NUMBER, NULL),
};

static const struct sample_row other_time_rows[] = {
        S("idtoken.nbf", NULL, NULL, "no nbf"),
        P("idtoken.nbf", "{'set':{'nbf':1800000060}}", NULL),
        P("idtoken.nbf", "{'set':{'nbf':0}}", "1970"),
        P("idtoken.nbf", "{'set':{'nbf':1799999999.5}}", NULL),
        V("idtoken.nbf", "{'set':{'nbf':1800000061}}", NULL, "61 s ahead", NULL),
        V("idtoken.nbf", "{'set':{'nbf':1800007200}}", NULL, "2 h ahead", "local time"),
        V("idtoken.nbf", "{'set':{'nbf':1800000000000}}", NULL, "1800000000000", "milliseconds"),
        V("idtoken.nbf", "{'set':{'nbf':'1800000000'}}", NULL, NULL, "quotes"),
        V("idtoken.nbf", "{'set':{'nbf':null}}", NULL, "null", "leave"),
        V("idtoken.nbf", "{'set':{'nbf':'now'}}", NULL, "now", NULL),

        P("idtoken.auth-time", NULL, "10 s before iat"),
        P("idtoken.auth-time", "{'set':{'auth_time':1799395200}}", NULL),
        P("idtoken.auth-time", "{'set':{'auth_time':1800000060}}", "within the tolerance"),
        S("idtoken.auth-time", "{'remove':['auth_time']}", NULL, "optional"),
        V("idtoken.auth-time", "{'set':{'auth_time':1800000061}}", NULL, "after iat", NULL),
        V("idtoken.auth-time", "{'set':{'auth_time':1800003600}}", NULL, "after iat", "local time"),
        V("idtoken.auth-time", "{'set':{'auth_time':'1799999990'}}", NULL, NULL, "quotes"),
        V("idtoken.auth-time", "{'set':{'auth_time':1799999990000}}", NULL, NULL, "milliseconds"),
        V("idtoken.auth-time", "{'set':{'auth_time':'2026-01-01T00:00:00Z'},'remove':['iat']}", NULL, "2026", NULL),
        S("idtoken.auth-time", "{'remove':['iat']}", NUMBER, NULL),
};

/* Of the sample's access token and code; the values were computed with another program. */
#define AT "idtoken.at-hash"
#define CH "idtoken.c-hash"
static const struct sample_row hash_rows[] = {
        P(AT, NULL, "matches"),
        P(AT, "{'header':{'alg':'RS512'}}", "matches"),
        P(AT, "{'header':{'alg':'ES256'},'sign':'ec'}", "matches"),
        S(AT, "{'remove':['at_hash']}", NULL, "optional"),
        V(AT, "{'set':{'at_hash':'77QmUPtjPfzWtF2AnpK9RQ'}}", NULL, "77Qm", NULL),
        P(AT, "{'set':{'at_hash':'bJYTDxMKsNbRWDl-JNK8wQ'}}", NULL),
        V(AT, "{'set':{'at_hash':'bJYTDxMKsNbRWDl-JNK8wQ'},'header':{'alg':'RS384'}}", NULL,
          "ZSkmaEYAEYyaBF_5dbeyv1Cw_LPfsCea", "made with SHA256"),
        V(AT, "{'set':{'at_hash':'bJYTDxMKsNbRWDl+JNK8wQ=='}}", NULL, NULL, "base64url without padding"),
        V(AT, "{'set':{'at_hash':'bJYTDxMKsNbRWDl-JNK8wQ=='}}", NULL, NULL, "base64url without padding"),
        V(AT, "{'set':{'at_hash':'bJYTDxMKsNbRWDl-JNK8wcml5zrggfbpg_HHtUXSSkw'}}", NULL, NULL, "whole hash"),
        V(AT, "{'set':{'at_hash':'6C96130f130ab0d6d158397e24d2bcc1'}}", NULL, NULL, "hexadecimal"),
        V(AT, "{'set':{'at_hash':'NmM5NjEzMGYxMzBhYjBkNmQxNTgzOTdlMjRkMmJjYzE'}}", NULL, NULL, "hexadecimal text"),
        V(AT, "{'set':{'at_hash':'kG_SD_cvQUclAx8evGFzZaTzjjGxOVqvZA4HwKmYueM'}}", NULL, NULL, "made with SHA512"),
        V(AT, "{'set':{'at_hash':'BKSSbp8AoVeTm1TJVEjmtg'}}", NULL, NULL, "hash of the code"),
        V(AT, "{'set':{'at_hash':1}}", NULL, "1", NULL),
        V(AT, "{'set':{'at_hash':null}}", NULL, "null", NULL),
        S(AT, "{'set':{'at_hash':'x'},'body_remove':['access_token']}", "token.access-token", NULL),
        S(AT, "{'set':{'at_hash':'x'},'body':{'access_token':1}}", "token.access-token", NULL),
        S(AT, "{'set':{'at_hash':'x'},'header':{'alg':'none'},'sign':'none'}", "jose.alg-not-none", NULL),
        S(AT, "{'set':{'at_hash':'x'},'header':{'alg':'RSA256'}}", "jose.alg-expected", NULL),
        S(CH, NULL, NULL, "optional"),
        S(CH, "{'set':{'c_hash':'x'},'code':{'code':null}}", NULL, "no code"),
        P(CH, "{'set':{'c_hash':'BKSSbp8AoVeTm1TJVEjmtg'}}", "matches"),
        V(CH, "{'set':{'c_hash':'BKSSbp8AoVeTm1TJVEjmtg=='}}", NULL, NULL, "padding"),
        V(CH, "{'set':{'c_hash':'LDktKdoQak3Pk0cnXxCltA'}}", NULL, "LDkt", NULL),
};

SAMPLE_TEST(issuer, issuer_rows)
SAMPLE_TEST(audience, audience_rows)
SAMPLE_TEST(subject, subject_rows)
SAMPLE_TEST(times, time_rows)
SAMPLE_TEST(other_times, other_time_rows)
SAMPLE_TEST(hashes, hash_rows)

int main(void)
{
	Suite *s = suite_create("checks: claims");
	TCase *t = tcase_create("claims");

	sample_keys_make();
	SAMPLE_ADD(t, issuer, issuer_rows);
	SAMPLE_ADD(t, audience, audience_rows);
	SAMPLE_ADD(t, subject, subject_rows);
	SAMPLE_ADD(t, times, time_rows);
	SAMPLE_ADD(t, other_times, other_time_rows);
	SAMPLE_ADD(t, hashes, hash_rows);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
