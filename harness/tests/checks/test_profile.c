/* Claims that the agent sees, lp_sdes, size, and Google's format. */
#include "core/buf.h"
#include "sample.h"

#define EMAIL "idtoken.email"
#define VERIFIED "idtoken.verified-boolean"
#define PHONE "idtoken.phone"
static const struct sample_row contact_rows[] = {
        P(EMAIL, NULL, "jane@example.com"),
        P(EMAIL, "{'set':{'email':'jane.o\\u0027doe+chat@mail.example.co.uk'}}", NULL),
        P(EMAIL, "{'set':{'email':'\\\"jane doe\\\"@example.com'}}", NULL),
        P(EMAIL, "{'set':{'email':'jane@localhost'}}", NULL),
        P(EMAIL, "{'set':{'email':'jane@[192.0.2.1]'}}", NULL),
        S(EMAIL, "{'remove':['email']}", NULL, "optional"),
        V(EMAIL, "{'set':{'email':'j\\u00fcrgen@b\\u00fccher.example'}}", "non-ascii", NULL, NULL),
        V(EMAIL, "{'set':{'email':'Jane <jane@example.com>'}}", NULL, "Jane <", "display name"),
        V(EMAIL, "{'set':{'email':'<jane@example.com>'}}", NULL, NULL, "display name"),
        V(EMAIL, "{'set':{'email':'jane@example.com, joe@example.com'}}", NULL, NULL, "one address"),
        V(EMAIL, "{'set':{'email':'mailto:jane@example.com'}}", NULL, NULL, "mailto:"),
        V(EMAIL, "{'set':{'email':' jane@example.com'}}", NULL, NULL, "blanks"),
        V(EMAIL, "{'set':{'email':'jane.doe'}}", NULL, "jane.doe", NULL),
        V(EMAIL, "{'set':{'email':'jane@'}}", NULL, NULL, NULL),
        V(EMAIL, "{'set':{'email':'@example.com'}}", NULL, NULL, NULL),
        V(EMAIL, "{'set':{'email':'a@b@c.example'}}", NULL, NULL, NULL),
        V(EMAIL, "{'set':{'email':'jane..doe@example.com'}}", NULL, NULL, NULL),
        V(EMAIL, "{'set':{'email':'jane@example..com'}}", NULL, NULL, NULL),
        V(EMAIL, "{'set':{'email':'jane@example.com\\u0000'}}", NULL, "\\0", NULL),
        V(EMAIL, "{'set':{'email':''}}", NULL, "empty", "leave"),
        V(EMAIL, "{'set':{'email':null}}", NULL, "null", "leave"),
        V(EMAIL, "{'set':{'email':['jane@example.com']}}", NULL, "an array", "string"),

        P(VERIFIED, NULL, "booleans"),
        S(VERIFIED, "{'remove':['email_verified','phone_number_verified']}", NULL, "neither"),
        V(VERIFIED, "{'set':{'email_verified':'true'}}", "text", "\"true\"", "quotes"),
        V(VERIFIED, "{'set':{'phone_number_verified':'False'}}", "text", "phone_number_verified", "quotes"),
        V(VERIFIED, "{'set':{'email_verified':'true','phone_number_verified':1}}", NULL,
          "phone_number_verified is the number 1", NULL),
        V(VERIFIED, "{'set':{'email_verified':1,'phone_number_verified':'true'}}", NULL, "email_verified is", NULL),
        V(VERIFIED, "{'set':{'email_verified':null}}", NULL, "null", NULL),
        V(VERIFIED, "{'set':{'email_verified':'yes'}}", NULL, "yes", NULL),

        P(PHONE, NULL, "+14255551212"),
        P(PHONE, "{'set':{'phone_number':'+1 (425) 555-1212'}}", NULL),
        P(PHONE, "{'set':{'phone_number':'+1.604.555.1234;ext=5678'}}", NULL),
        P(PHONE, "{'set':{'phone_number':'+1-10-344-3765333'}}", NULL),
        P(PHONE, "{'set':{'phone_number':'+6834123'}}", NULL),
        S(PHONE, "{'remove':['phone_number']}", NULL, "optional"),
        V(PHONE, "{'set':{'phone_number':'n/a'}}", NULL, "n/a", NULL),
        V(PHONE, "{'set':{'phone_number':'n/a','phone_number_verified':true}}", "verified", "n/a", NULL),
        V(PHONE, "{'set':{'phone_number':14255551212}}", "type", "14255551212", NULL),
        V(PHONE, "{'set':{'phone_number':14255551212,'phone_number_verified':true}}", "type", NULL, NULL),
        V(PHONE, "{'set':{'phone_number':null}}", "type", "null", "leave"),
        V(PHONE, "{'set':{'phone_number':''}}", NULL, "empty", "leave"),
        V(PHONE, "{'set':{'phone_number':'tel:+14255551212'}}", NULL, NULL, "tel:"),
        V(PHONE, "{'set':{'phone_number':'004925551212'}}", NULL, NULL, "in place of 00"),
        V(PHONE, "{'set':{'phone_number':'425 555 1212'}}", NULL, NULL, "country code"),
        V(PHONE, "{'set':{'phone_number':'+0425 555 1212'}}", NULL, NULL, NULL),
        V(PHONE, "{'set':{'phone_number':'+1234567890123456'}}", NULL, NULL, NULL),
        V(PHONE, "{'set':{'phone_number':'+14255551212;ext='}}", NULL, NULL, NULL),
        V(PHONE, "{'set':{'phone_number':'+14255551212\\u0000'}}", NULL, NULL, NULL),
};

#define PROFILE "idtoken.profile-types"
#define ACR "idtoken.acr-amr"
static const struct sample_row profile_rows[] = {
        P(PROFILE, NULL, "4 claims"),
        P(PROFILE, "{'set':{'given_name':'Zo\\u00eb','family_name':'\\u5c71\\u7530'}}", NULL),
        P(PROFILE, "{'set':{'gender':'non-binary','picture':'https://cdn.example/a.png?s=1'}}", "5 claims"),
        S(PROFILE, "{'remove':['given_name','family_name','preferred_username','gender']}", NULL, "none of these"),
        V(PROFILE, "{'set':{'given_name':null}}", NULL, "given_name is null", NULL),
        V(PROFILE, "{'set':{'family_name':''}}", NULL, "family_name is an empty", NULL),
        V(PROFILE, "{'set':{'preferred_username':7}}", NULL, "7", NULL),
        V(PROFILE, "{'set':{'gender':2}}", NULL, "gender", NULL),
        V(PROFILE, "{'set':{'picture':'/a.png'}}", NULL, "not an absolute", NULL),
        V(PROFILE, "{'set':{'picture':'http://cdn.example/a.png'}}", NULL, "scheme is http", NULL),
        V(PROFILE, "{'set':{'picture':'https://'}}", NULL, "no host", NULL),
        V(PROFILE, "{'set':{'picture':'https:///a'}}", NULL, "no host", NULL),
        V(PROFILE, "{'set':{'picture':'https://a b'}}", NULL, "characters", NULL),

        P(ACR, NULL, "loa1"),
        P(ACR, "{'remove':['amr']}", NULL),
        P(ACR, "{'remove':['acr']}", NULL),
        P(ACR, "{'set':{'amr':[]}}", NULL),
        S(ACR, "{'remove':['acr','amr']}", NULL, "optional"),
        V(ACR, "{'set':{'acr':'urn:x'}}", "other-acr", "urn:x", NULL),
        V(ACR, "{'set':{'acr':1}}", NULL, "1", NULL),
        V(ACR, "{'set':{'acr':''}}", NULL, "empty", NULL),
        V(ACR, "{'set':{'acr':null}}", NULL, "null", NULL),
        V(ACR, "{'set':{'amr':'pwd'}}", NULL, "pwd", "array"),
        V(ACR, "{'set':{'amr':['pwd',1]}}", NULL, "amr", NULL),
        V(ACR, "{'set':{'acr':'urn:x','amr':'pwd'}}", NULL, "amr", "array"),
};

#define SHAPE "idtoken.lp-sdes.shape"
#define TYPES "idtoken.lp-sdes.types"
#define INFO(fields) "{'set':{'lp_sdes':[{'type':'ctmrinfo','info':{" fields "}}]}}"
#define PERSONAL(fields) "{'set':{'lp_sdes':[{'type':'personal','personal':{" fields "}}]}}"
#define WHOLE_INFO                                                                                                     \
	INFO("'cstatus':'cancelled','ctype':'vip','customerId':'1','balance':-400.99,'currency':'USD','socialId':'1'," \
	     "'imei':'3','userName':'u','companySize':500,'companyBranch':'b','accountName':'a','role':'broker',"      \
	     "'lastPaymentDate':{'day':15,'month':10,'year':2014},'registrationDate':{'day':1,'month':2,'year':2013}," \
	     "'loginStatus':1")
#define WHOLE_PERSONAL                                                                                             \
	PERSONAL("'firstname':'J','lastname':'D','age':{'age':34,'year':'1980','month':4,'day':15},'contacts':[{'" \
	         "email':"                                                                                         \
	         "'a@b','phone':'5','phoneType':'HOME','address':{'country':'US','region':'x'},'country':'US',"    \
	         "'region':'y'}],'gender':'MALE','company':'c','language':'en-US'")
static const struct sample_row sdes_rows[] = {
        P(SHAPE, NULL, "2 elements"),
        P(SHAPE, WHOLE_INFO, NULL),
        P(SHAPE, WHOLE_PERSONAL, NULL),
        P(SHAPE, PERSONAL("'gender':2"), NULL),
        P(SHAPE, PERSONAL("'gender':'female'"), NULL),
        P(SHAPE, INFO("'balance':100"), NULL),
        P(SHAPE, "{'set':{'lp_sdes':[]}}", NULL),
        P(SHAPE, "{'set':{'lp_sdes':[{'type':'cart','total':11.7}]}}", NULL),
        S(SHAPE, "{'remove':['lp_sdes']}", NULL, "optional"),
        V(SHAPE, "{'set':{'lp_sdes':{'ctmrinfo':{}}}}", NULL, "an object", NULL),
        V(SHAPE, "{'set':{'lp_sdes':{'type':'ctmrinfo','info':{}}}}", NULL, "an object", "into an array"),
        V(SHAPE, "{'set':{'lp_sdes':'[]'}}", NULL, "the string", "the array itself"),
        V(SHAPE, "{'set':{'lp_sdes':null}}", NULL, "null", NULL),
        V(SHAPE, "{'set':{'lp_sdes':[1]}}", NULL, "lp_sdes[0] is the number 1", NULL),
        V(SHAPE, "{'set':{'lp_sdes':[{}]}}", NULL, "lp_sdes[0].type is nothing", NULL),
        V(SHAPE, "{'set':{'lp_sdes':[{'type':1}]}}", NULL, "lp_sdes[0].type is the number 1", NULL),
        V(SHAPE, "{'set':{'lp_sdes':[{'type':'ctmrinfo','customerId':'1'}]}}", NULL, "lp_sdes[0].info is nothing",
          NULL),
        V(SHAPE, "{'set':{'lp_sdes':[{'type':'personal','info':{}}]}}", NULL, "lp_sdes[0].personal is nothing", NULL),
        V(SHAPE, INFO("'balance':'-400.99'"), NULL, "lp_sdes[0].info.balance", NULL),
        V(SHAPE, INFO("'companySize':500.5"), NULL, "companySize", NULL),
        V(SHAPE, INFO("'customerId':138766"), NULL, "customerId", NULL),
        V(SHAPE, INFO("'registrationDate':'2013-05-23'"), NULL, "registrationDate", NULL),
        V(SHAPE, INFO("'registrationDate':{'day':'1','month':2,'year':3}"), NULL, "registrationDate.day", NULL),
        V(SHAPE, INFO("'lastPaymentDate':{'day':1,'month':2}"), NULL, "lastPaymentDate is an object with 2", NULL),
        V(SHAPE, INFO("'lastPaymentDate':{'month':1,'year':2}"), NULL, "lastPaymentDate is an object with 2", NULL),
        V(SHAPE, INFO("'lastPaymentDate':{'day':1,'year':2}"), NULL, "lastPaymentDate is an object with 2", NULL),
        V(SHAPE, PERSONAL("'gender':3"), NULL, "gender", NULL),
        V(SHAPE, PERSONAL("'gender':'x'"), NULL, "gender", NULL),
        V(SHAPE, PERSONAL("'age':34"), NULL, "age is the number", NULL),
        V(SHAPE, PERSONAL("'contacts':{}"), NULL, "contacts is an empty object", NULL),
        V(SHAPE, PERSONAL("'contacts':[{},{'email':null}]"), NULL, "contacts[1].email is null", NULL),
        V(SHAPE, PERSONAL("'contacts':[1]"), NULL, "contacts[0]", NULL),

        P(TYPES, NULL, NULL),
        P(TYPES, WHOLE_INFO, NULL),
        P(TYPES, WHOLE_PERSONAL, NULL),
        V(TYPES, "{'set':{'lp_sdes':[{'type':'cart','total':11.7}]}}", "unsupported", "\"cart\"", NULL),
        V(TYPES, "{'set':{'lp_sdes':[{'type':'CTMRINFO','info':{}}]}}", "unsupported", "CTMRINFO", NULL),
        V(TYPES, INFO("'storeNumber':'1241'"), "unsupported", "info.storeNumber", NULL),
        V(TYPES, INFO("'customerID':'1'"), "unsupported", "info.customerID", NULL),
        V(TYPES, INFO("'lastPaymentDate':{'day':1,'month':2,'year':3,'hour':4}"), "unsupported", "lastPaymentDate.hour",
          NULL),
        V(TYPES, PERSONAL("'contacts':[{},{'fax':'1'}]"), "unsupported", "contacts.fax", NULL),
        V(TYPES, "{'set':{'lp_sdes':[{'type':'ctmrinfo','info':{},'customerId':'1'}]}}", "unsupported",
          "lp_sdes[0].customerId", NULL),
        S(TYPES, "{'set':{'lp_sdes':[]}}", NULL, "empty"),
        S(TYPES, "{'remove':['lp_sdes']}", NULL, "optional"),
        S(TYPES, "{'set':{'lp_sdes':{}}}", SHAPE, NULL),
};

#define MEMBERS "google.response-members"
#define GISS "google.iss"
#define GCLAIMS "google.claims"
#define HD "google.hd-locale"
static const struct sample_row google_rows[] = {
        P(MEMBERS, NULL, NULL),
        V(MEMBERS, "{'body_remove':['scope']}", NULL, "no scope", NULL),
        V(MEMBERS, "{'body_remove':['expires_in']}", NULL, "no expires_in", NULL),
        V(MEMBERS, "{'body':{'expires_in':'3600'}}", NULL, "\"3600\"", NULL),
        V(MEMBERS, "{'body':{'scope':['openid']}}", NULL, "an array", NULL),
        V(MEMBERS, "{'body_remove':['access_token']}", NULL, "no access_token", NULL),
        S(MEMBERS, "{'raw_body':'{\\\"data\\\":{body}}'}", "token.top-level", NULL),
        S(MEMBERS, "{'raw_body':'[{body}]'}", "token.json-object", NULL),

        P(GISS, NULL, NULL),
        P(GISS, "{'run':{'issuer':'https://accounts.google.com'},'set':{'iss':'https://accounts.google.com'}}", NULL),
        P(GISS, "{'run':{'issuer':'https://accounts.google.com'},'set':{'iss':'accounts.google.com'}}", NULL),
        P(GISS, "{'run':{'issuer':'accounts.google.com'},'set':{'iss':'https://accounts.google.com'}}", NULL),
        V(GISS, "{'run':{'issuer':'https://accounts.google.com'},'set':{'iss':'https://accounts.google.com/'}}", NULL,
          NULL, "leave it out"),
        V(GISS, "{'set':{'iss':'https://accounts.google.com'}}", NULL, "google", NULL),
        V(GISS, "{'set':{'iss':'accounts.google.com'}}", NULL, "google", NULL),
        V(GISS, "{'set':{'iss':'https://brand.example/'}}", NULL, NULL, "leave it out"),
        V(GISS, "{'remove':['iss']}", NULL, "no iss", NULL),
        S(GISS, "{'run':{'issuer':null}}", NULL, "issuer"),

        P("google.at-hash", NULL, "matches"),
        V("google.at-hash", "{'remove':['at_hash']}", NULL, "no at_hash", NULL),
        V("google.at-hash", "{'set':{'at_hash':'77QmUPtjPfzWtF2AnpK9RQ'}}", NULL, "77Qm", NULL),
        S("google.at-hash", "{'body_remove':['access_token']}", "token.access-token", NULL),

        P(GCLAIMS, NULL, NULL),
        P(GCLAIMS, "{'remove':['azp']}", NULL),
        P(GCLAIMS, "{'remove':['email','email_verified']}", NULL),
        P(GCLAIMS, "{'set':{'email_verified':'true'}}", NULL),
        V(GCLAIMS, "{'remove':['email_verified']}", NULL, "no email_verified", "wherever"),
        V(GCLAIMS, "{'set':{'azp':'other'}}", NULL, "other", "client_id"),
        V(GCLAIMS, "{'remove':['aud']}", NULL, "no aud", NULL),
        V(GCLAIMS, "{'set':{'sub':null}}", NULL, "sub is null", NULL),

        P(HD, NULL, "en-US"),
        P(HD, "{'set':{'hd':'staff.eu.brand-name.example','locale':'zh-Hant-TW'}}", NULL),
        P(HD, "{'set':{'locale':'en'}}", NULL),
        P(HD, "{'set':{'locale':'x-brand'}}", NULL),
        S(HD, "{'remove':['locale']}", NULL, "optional"),
        V(HD, "{'set':{'locale':'en_US'}}", "locale-underscore", "en_US", NULL),
        V(HD, "{'set':{'locale':'English (US)'}}", NULL, "English", NULL),
        V(HD, "{'set':{'locale':''}}", NULL, "empty", NULL),
        V(HD, "{'set':{'locale':'e'}}", NULL, NULL, NULL),
        V(HD, "{'set':{'locale':['en']}}", NULL, "an array", NULL),
        V(HD, "{'set':{'hd':'https://brand.example/'}}", NULL, "https", NULL),
        V(HD, "{'set':{'hd':'jane@brand.example'}}", NULL, "jane@", NULL),
        V(HD, "{'set':{'hd':'-a.example'}}", NULL, NULL, NULL),
        V(HD, "{'set':{'hd':'a..example'}}", NULL, NULL, NULL),
        V(HD, "{'set':{'hd':true}}", NULL, "true", NULL),
};

SAMPLE_TEST(contact, contact_rows)
SAMPLE_TEST(profile, profile_rows)
SAMPLE_TEST(sdes, sdes_rows)
SAMPLE_TEST(google, google_rows)

/* The bounds are those of the whole token. */
START_TEST(size)
{
	static const struct {
		size_t bytes;
		const char *violates;
	} rows[] = {{4096, NULL},      {4097, "over-4k"},  {8192, "over-4k"},
	            {8193, "over-8k"}, {65536, "over-8k"}, {65537, "over-64k"}};
	sample_auto m;
	struct finding f = {0};
	struct buf b = {.cap = BUF_OWN};

	buf_add_text(&b, "{'token':'");
	for (size_t i = 0; i < rows[_i].bytes; i++)
		buf_add_char(&b, 'a');
	buf_add_text(&b, "'}");
	sample_make(&m, b.p);
	buf_release(&b);
	check_find("idtoken.size")->run(&m.s, &f);
	ck_assert_int_eq(f.kind, rows[_i].violates ? FINDING_VIOLATED : FINDING_PASS);
	if (rows[_i].violates)
		ck_assert_str_eq(f.violates, rows[_i].violates);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: profile");
	TCase *t = tcase_create("profile");

	sample_keys_make();
	SAMPLE_ADD(t, contact, contact_rows);
	SAMPLE_ADD(t, profile, profile_rows);
	SAMPLE_ADD(t, sdes, sdes_rows);
	SAMPLE_ADD(t, google, google_rows);
	tcase_add_loop_test(t, size, 0, 6);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
