/* Tokens after tokens: later ones, refreshed ones, and what is left behind a logout. */
#include "sample_story.h"

#define PASS FINDING_PASS
#define FAIL FINDING_VIOLATED
#define SKIP FINDING_SKIP
#define ERROR FINDING_ERROR

#define FIRST "{'code':{'code':'c1'}}"
#define LATER(claims) "{'code':{'code':'c2'},'later_ms':2000,'set':{'iat':1800000002,'exp':1800003602" claims "}}"

/* --- another login ------------------------------------------------------------------------------------------------- */

#define EXP "renew.later-exp"
#define SAME "renew.same-identity"
static const struct sample_story login_rows[] = {
        {EXP, {FIRST, LATER("")}, PASS, NULL, NULL},
        {EXP, {FIRST, LATER(",'iat':1800000000,'jti':'2'")}, FAIL, NULL, "iat is 2027-01-15T08:00:00Z in x1"},
        {EXP, {FIRST, LATER(",'exp':1800003600")}, FAIL, "same-exp", "exp is"},
        {EXP, {FIRST, LATER(",'exp':1800003599")}, FAIL, NULL, "exp is"},
        {EXP, {FIRST, "{'code':{'code':'c2'},'later_ms':2000}"}, FAIL, NULL, "the same id_token again"},
        {EXP, {FIRST, LATER(",'exp':'1800003602'")}, PASS, NULL, NULL},
        {EXP, {FIRST, LATER(",'exp':'tomorrow'")}, SKIP, "idtoken.time.number", NULL},
        {EXP, {FIRST, "{'later_ms':600}"}, SKIP, NULL, "less than a second"},
        {EXP, {FIRST}, SKIP, NULL, "two logins"},
        {EXP, {"{'second':true}", LATER("")}, SKIP, NULL, "two logins"},
        {EXP, {"{'refused':true}", LATER("")}, SKIP, "token.status-200", NULL},
        {EXP, {FIRST, "{'refused':true,'later_ms':2000}"}, SKIP, "token.status-200", NULL},
        {EXP, {FIRST, "{'outcome':'none','later_ms':2000}"}, ERROR, NULL, NULL},

        {SAME, {FIRST, LATER("")}, PASS, NULL, "as before"},
        {SAME, {FIRST, LATER(",'aud':'other'")}, FAIL, NULL, "aud is the string"},
        {SAME, {FIRST, LATER(",'iss':'https://brand.example/'")}, FAIL, NULL, "iss is"},
        {SAME, {FIRST, LATER(",'aud':['lp-client']")}, PASS, NULL, NULL},
        {SAME, {"{'set':{'aud':['a','lp-client']}}", LATER(",'aud':['lp-client','a']")}, PASS, NULL, NULL},
        {SAME, {"{'set':{'aud':['a','lp-client']}}", LATER("")}, FAIL, NULL, "aud"},
        {SAME, {FIRST, LATER(",'aud':['lp-client','a']")}, FAIL, NULL, "aud"},
        {SAME, {FIRST, LATER(",'auth_time':1800000001")}, PASS, NULL, NULL},
        {SAME, {FIRST, LATER(",'sub':'other'")}, SKIP, "idtoken.sub.stable", NULL},
        {SAME, {"{'remove':['aud']}", LATER("")}, FAIL, NULL, "was nothing"},
        {SAME, {FIRST, "{'raw_payload':'x'}"}, SKIP, "jose.payload-json", NULL},
        {SAME, {FIRST}, SKIP, NULL, "two logins"},
};

/* --- refresh tokens ------------------------------------------------------------------------------------------------ */

#define GRANT "renew.refresh-grant"
#define LOGIN "{'code':{'code':'c1'},'body':{'refresh_token':'r1'}}"
#define SENDS(token) "'code':{'code':null},'request':{'body':'grant_type=refresh_token&refresh_token=" token "'}"
#define OTHER "'step':{'client_id':'{second_client_id}'}"
#define GETS(sent, more) "{" SENDS(sent) more "}"
#define NEW(token) ",'body':{'refresh_token':'" token "'}"
#define REFUSED(sent) "{'refused':true," SENDS(sent) "}"
static const struct sample_story refresh_rows[] = {
        {GRANT, {LOGIN, GETS("r1", NEW("r2"))}, PASS, NULL, "a new refresh token"},
        {GRANT, {LOGIN, GETS("r1", "")}, PASS, NULL, "stays the same"},
        {GRANT, {LOGIN, REFUSED("r1")}, FAIL, NULL, "status 400, error"},
        {GRANT, {LOGIN, GETS("r1", ",'status':201")}, FAIL, NULL, "status 201"},
        {GRANT, {LOGIN, GETS("r1", ",'status':500,'raw_body':''")}, FAIL, NULL, "status 500"},
        {GRANT, {LOGIN, GETS("r1", ",'outcome':'none'")}, ERROR, NULL, NULL},
        {GRANT, {LOGIN, GETS("r1", ",'raw_body':'','broken_off':true")}, ERROR, NULL, NULL},
        {GRANT, {FIRST, GETS("r1", "")}, SKIP, NULL, "no refresh token of this scenario"},
        {GRANT, {LOGIN, FIRST}, SKIP, NULL, "no refresh token of this scenario"},
        /* again */
        {GRANT, {LOGIN, GETS("r1", NEW("r2")), REFUSED("r1")}, PASS, NULL, "that was replaced"},
        {GRANT, {LOGIN, GETS("r1", NEW("r2")), GETS("r1", NEW("r3"))}, FAIL, "reusable", "still works"},
        {GRANT, {LOGIN, GETS("r1", ""), GETS("r1", "")}, SKIP, NULL, "not rotated"},
        {GRANT, {LOGIN, GETS("r1", NEW("r1")), GETS("r1", "")}, SKIP, NULL, "not rotated"},
        {GRANT, {LOGIN, GETS("r1", NEW("r2")), GETS("r2", NEW("r3"))}, PASS, NULL, NULL},
        {GRANT, {LOGIN, REFUSED("r1"), GETS("r1", NEW("r2"))}, PASS, NULL, NULL},
        /* another client */
        {GRANT, {LOGIN, GETS("r1", "," OTHER)}, FAIL, NULL, "access_token"},
        {GRANT, {LOGIN, "{'refused':true," SENDS("r1") "," OTHER "}"}, SKIP, NULL, "says nothing"},
        {GRANT,
         {LOGIN, GETS("r1", NEW("r2")), "{'refused':true," SENDS("r2") "," OTHER "}"},
         PASS,
         NULL,
         "another client"},
        {GRANT, {LOGIN, REFUSED("r1"), "{'refused':true," SENDS("r1") "," OTHER "}"}, SKIP, NULL, "says nothing"},

        {SAME, {LOGIN, GETS("r1", "")}, PASS, NULL, "as at the login"},
        {SAME, {LOGIN, GETS("r1", ",'set':{'sub':'other'}")}, FAIL, NULL, "sub is"},
        {SAME, {LOGIN, GETS("r1", ",'set':{'aud':'other'}")}, FAIL, NULL, "aud is"},
        {SAME, {LOGIN, GETS("r1", ",'set':{'auth_time':1800000000}")}, FAIL, NULL, "auth_time is"},
        {SAME, {LOGIN, GETS("r1", ",'set':{'auth_time':1799999990.0}")}, PASS, NULL, NULL},
        {SAME, {LOGIN, GETS("r1", ",'remove':['auth_time']")}, PASS, NULL, NULL},
        {SAME, {LOGIN, GETS("r1", ",'body_remove':['id_token']")}, SKIP, NULL, "may be left out"},
        {SAME, {LOGIN, REFUSED("r1")}, SKIP, GRANT, NULL},
        {SAME, {LOGIN, GETS("r1", NEW("r2")), GETS("r2", ",'set':{'sub':'other'}")}, FAIL, NULL, "in x1"},
        {SAME, {FIRST, GETS("r1", "")}, SKIP, NULL, "no refresh token of this scenario"},
        /* another sub at each login is another mistake */
        {SAME, {"{'set':{'sub':'a'}}", LOGIN, GETS("r1", ",'set':{'sub':'b'}")}, SKIP, "idtoken.sub.stable", NULL},
        {SAME,
         {"{'code':{'code':'c0'},'second':true,'set':{'sub':'a'}}", LOGIN, GETS("r1", ",'set':{'sub':'b'}")},
         FAIL,
         NULL,
         NULL},
        /* what a refresh brings is no other login */
        {"idtoken.jti", {LOGIN, GETS("r1", "")}, SKIP, NULL, "only one"},
};

#define R "{'refused':true," SENDS("r1") "}"
#define NOTHING "{'outcome':'none'}"
static const struct {
	const char *edits[4]; /* sent at once, after the login */
	enum finding_kind kind;
	const char *name, *says;
} race_rows[] = {
        {{GETS("r1", NEW("r2")), R, R, R}, PASS, NULL, "1 of 4 requests at once got tokens, and 1 new refresh token"},
        {{GETS("r1", NEW("r2")), R, GETS("r1", NEW("r3")), R}, FAIL, "race", "2 different refresh tokens"},
        {{GETS("r1", NEW("r2")), GETS("r1", NEW("r2")), R, R}, PASS, NULL, "1 new refresh token"},
        {{GETS("r1", ""), GETS("r1", ""), GETS("r1", NEW("r1")), R}, PASS, NULL, "3 of 4"},
        {{R, R, R, R}, SKIP, NULL, "none of 4"},
        {{NOTHING, NOTHING, NOTHING, R}, ERROR, NULL, "only 1 of 4"},
};

START_TEST(refresh_race)
{
	struct sample m[5];
	struct finding f = {0}, other = {0};

	sample_make(&m[4], LOGIN);
	for (size_t i = 0; i < 4; i++)
		sample_make(&m[i], race_rows[_i].edits[i]);
	sample_join(m, 4);
	check_find(GRANT)->run(&m[0].s, &f);
	const char *words = f.observed ? f.observed : f.reason;
	ck_assert_msg(f.kind == race_rows[_i].kind, "row %d: kind %d, '%s'", _i, f.kind, words);
	assert_contains(words, race_rows[_i].says);
	ck_assert_pstr_eq(f.violates, race_rows[_i].name);
	check_find(GRANT)->run(&m[3].s, &other);
	ck_assert_int_eq(other.kind, SKIP);
	assert_contains(other.reason, "at x1");
	for (size_t i = 0; i < 5; i++)
		sample_release(&m[i]);
}
END_TEST

/* --- logged out ---------------------------------------------------------------------------------------------------- */

#define OUT "renew.logged-out"
#define ASKS(to)                                                                                                       \
	"{'kind':'authorize','step':{'kept':true},'asked':{'redirect_uri':'https://w.example/cb?x=1'},'location':'" to \
	"'}"
#define CB "https://w.example/cb"
#define WITH_CODE ASKS(CB "?x=1&code=abc&state=s")
#define WITH_ERROR ASKS(CB "?error=login_required&state=s")
#define LOGOUT "{'kind':'logout','status':200}"
static const struct sample_story logout_rows[] = {
        {OUT, {WITH_CODE, LOGOUT, WITH_ERROR}, PASS, NULL, "login_required"},
        {OUT, {WITH_CODE, LOGOUT, WITH_CODE}, FAIL, NULL, "code in the authorization response"},
        {OUT, {WITH_CODE, LOGOUT, ASKS(CB "#id_token=abc")}, FAIL, NULL, "id_token in"},
        {OUT, {WITH_ERROR, LOGOUT, WITH_CODE}, FAIL, NULL, NULL},
        {OUT, {WITH_ERROR, LOGOUT, WITH_ERROR}, SKIP, NULL, "before the logout either"},
        {OUT, {LOGOUT, WITH_ERROR}, SKIP, NULL, "before the logout either"},
        /* somewhere else on the way to a login */
        {OUT, {WITH_CODE, LOGOUT, ASKS("https://sso.example/login?code=abc")}, PASS, NULL, "status 303"},
        {OUT, {WITH_CODE, LOGOUT, "{'kind':'authorize','location':''}"}, PASS, NULL, "status 200"},
        {OUT, {WITH_CODE, LOGOUT, "{'kind':'authorize','status':500,'location':''}"}, ERROR, NULL, "status 500"},
        {OUT, {WITH_CODE, LOGOUT, "{'kind':'authorize','outcome':'none'}"}, ERROR, NULL, NULL},
        {OUT, {WITH_CODE, WITH_CODE}, SKIP, NULL, "nobody was logged out"},
        {OUT, {WITH_CODE, "{'kind':'logout','status':404}", WITH_CODE}, ERROR, NULL, "could not be logged out"},
        {OUT, {WITH_CODE, "{'kind':'logout','outcome':'none'}", WITH_CODE}, ERROR, NULL, "could not be logged out"},
        /* a code from before */
        {OUT, {FIRST, LOGOUT, "{'refused':true}"}, PASS, NULL, "refused: status 400"},
        {OUT, {FIRST, LOGOUT, LATER("")}, FAIL, "old-code", "made before the logout"},
        {OUT, {"{'refused':true}", LOGOUT, LATER("")}, FAIL, "old-code", NULL},
        {OUT, {"{'refused':true}", LOGOUT, "{'refused':true}"}, SKIP, NULL, "says nothing"},
        {OUT, {FIRST, LOGOUT, "{'refused':true,'status':500}"}, SKIP, NULL, "status 500"},
        {OUT, {FIRST, LOGOUT, "{'refused':true,'broken_off':true}"}, ERROR, NULL, NULL},
};

STORY_TEST(another_login, login_rows)
STORY_TEST(refreshed, refresh_rows)
STORY_TEST(logged_out, logout_rows)

int main(void)
{
	Suite *s = suite_create("checks: renewal");
	TCase *t = tcase_create("renewal");

	sample_keys_make();
	SAMPLE_ADD(t, another_login, login_rows);
	SAMPLE_ADD(t, refreshed, refresh_rows);
	SAMPLE_ADD(t, refresh_race, race_rows);
	SAMPLE_ADD(t, logged_out, logout_rows);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
