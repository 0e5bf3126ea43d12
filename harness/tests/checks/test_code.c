/* What a code, its characters and its verifier are worth in several requests: req.code.*, req.pkce.s256-ok. */
#include <string.h>

#include "core/text.h"
#include "sample.h"

#define STORY_MAX 5

/* One exchange of a story. */
struct told {
	const char *edits; /* NULL: the end */
	const char *form;  /* the request's body; NULL: an ordinary request */
	const char *token; /* NULL: a token request; else shown to userinfo */
};

/* Exchanges of one scenario in their order, the last of which is judged. */
struct story {
	const char *check;
	struct told v[STORY_MAX];
	enum finding_kind kind;
	const char *says, *fix; /* words of it, or NULL */
	const char *owner;
};

#define ELSEWHERE "grant_type=authorization_code&of=another+scenario"
#define OK "{}"
#define NO "{'refused':true}"
#define NO_ANSWER "{'outcome':'none','trouble':'connection refused'}"
#define UNSEEN "{'raw_body':'{\\\"a','cut':true}"
#define OTHER(edits) "{'code':{'code':'another'}" edits "}"

#define T(edits)                  \
	{                         \
		edits, NULL, NULL \
	}
#define F(edits, form)            \
	{                         \
		edits, form, NULL \
	}
#define SHOWN(edits, token)        \
	{                          \
		edits, NULL, token \
	}

static const struct story reuse_rows[] = {
        {"req.code.reuse", {T(OK), T(NO)}, FINDING_PASS, "status 400", NULL, NULL},
        {"req.code.reuse", {T(OK), T(OK)}, FINDING_VIOLATED, "access_token in the reply, 0.0 s after x1", NULL, NULL},
        {"req.code.reuse", {T(OK), T(NO), T(OK)}, FINDING_VIOLATED, "after x1", NULL, NULL},
        {"req.code.reuse", {T(NO), T(OK), T(OK)}, FINDING_VIOLATED, "after x2", NULL, NULL},
        {"req.code.reuse", {T("{'status':400}"), T(OK)}, FINDING_VIOLATED, "after x1", NULL, NULL},
        /* A first success is none too many. */
        {"req.code.reuse", {T(NO), T(OK)}, FINDING_SKIP, "no token before", NULL, NULL},
        {"req.code.reuse", {T(NO_ANSWER), T(OK)}, FINDING_SKIP, "no token before", NULL, NULL},
        {"req.code.reuse", {T(OK)}, FINDING_SKIP, "first use", NULL, NULL},
        {"req.code.reuse", {T(OTHER("")), T(OK)}, FINDING_SKIP, "first use", NULL, NULL},
        {"req.code.reuse", {T(OK), T(OTHER("")), T(NO)}, FINDING_PASS, NULL, NULL, NULL},
        {"req.code.reuse", {T(OK), T(UNSEEN)}, FINDING_ERROR, "not all of the reply", NULL, NULL},
        {"req.code.reuse", {T(OK), T(NO_ANSWER)}, FINDING_ERROR, "connection refused", NULL, NULL},
        {"req.code.concurrent", {T(NO), T(OK), T(NO), T(OK)}, FINDING_VIOLATED, "after x2", NULL, NULL},
        {"req.code.concurrent", {T(NO), T(OK), T(NO), T(NO)}, FINDING_PASS, NULL, NULL, NULL},
        {"req.code.concurrent", {T(NO), T(NO), T(OK)}, FINDING_SKIP, "no token before", NULL, NULL},
};

static const struct story revoked_rows[] = {
        {"req.code.reuse-revokes",
         {T(OK), SHOWN(OK, "t"), T(NO), SHOWN("{'status':401,'raw_body':''}", "t")},
         FINDING_PASS,
         "200 before",
         NULL,
         NULL},
        {"req.code.reuse-revokes",
         {T(OK), SHOWN(OK, "t"), T(NO), SHOWN("{'status':403,'raw_body':''}", "t")},
         FINDING_PASS,
         "403",
         NULL,
         NULL},
        {"req.code.reuse-revokes",
         {T(OK), SHOWN(OK, "t"), T(NO), SHOWN(OK, "t")},
         FINDING_VIOLATED,
         "still answers it with status 200",
         NULL,
         NULL},
        {"req.code.reuse-revokes",
         {T(OK), SHOWN(OK, "t"), T(NO), SHOWN("{'status':503,'raw_body':''}", "t")},
         FINDING_ERROR,
         "503",
         NULL,
         NULL},
        {"req.code.reuse-revokes",
         {T(OK), SHOWN("{'status':403,'raw_body':''}", "t"), T(NO), SHOWN("{'status':403,'raw_body':''}", "t")},
         FINDING_SKIP,
         "before the second use either (status 403)",
         NULL,
         NULL},
        {"req.code.reuse-revokes",
         {T(OK), SHOWN(OK, "t"), T(OK), SHOWN(OK, "t")},
         FINDING_SKIP,
         NULL,
         NULL,
         "req.code.reuse"},
        {"req.code.reuse-revokes",
         {T(OK), SHOWN(OK, "t"), T(NO_ANSWER), SHOWN(OK, "t")},
         FINDING_ERROR,
         "connection refused",
         NULL,
         NULL},
        /* The code had bought nothing, or nobody looked before, or at another token. */
        {"req.code.reuse-revokes",
         {T(NO), SHOWN(OK, "t"), T(NO), SHOWN(OK, "t")},
         FINDING_SKIP,
         "not used twice",
         NULL,
         NULL},
        {"req.code.reuse-revokes", {T(OK), T(NO), SHOWN(OK, "t")}, FINDING_SKIP, "not used twice", NULL, NULL},
        {"req.code.reuse-revokes",
         {T(OK), SHOWN(OK, "u"), T(NO), SHOWN(OK, "t")},
         FINDING_SKIP,
         "not used twice",
         NULL,
         NULL},
};

#define PLAIN(edits) "{'code':{'code':'abc-_.~DEF'}" edits "}"
#define SLASHED(edits) "{'code':{'code':'a/b+c='}" edits "}"
#define ONCE "grant_type=authorization_code&code=a%2Fb%2Bc%3D"
#define TWICE "grant_type=authorization_code&code=a%252Fb%252Bc%253D"

static const struct story characters_rows[] = {
        {"req.code.special-chars", {F(SLASHED(""), ONCE)}, FINDING_PASS, "'/', '+' and '='", NULL, NULL},
        {"req.code.special-chars",
         {F(SLASHED(""), TWICE), F(SLASHED(",'refused':true"), ONCE)},
         FINDING_VIOLATED,
         "x1, where it is encoded twice, bought tokens",
         "decode the body once",
         NULL},
        {"req.code.special-chars",
         {T(PLAIN("")), F(SLASHED(",'refused':true"), ONCE)},
         FINDING_VIOLATED,
         "x1, whose code has none of them",
         NULL,
         NULL},
        /* Refused, and the code may not be why. */
        {"req.code.special-chars",
         {F(PLAIN(""), ELSEWHERE), F(SLASHED(",'refused':true"), ONCE)},
         FINDING_SKIP,
         NULL,
         NULL,
         "token.status-200"},
        {"req.code.special-chars",
         {F(SLASHED(",'refused':true"), TWICE), F(SLASHED(",'refused':true"), ONCE)},
         FINDING_SKIP,
         NULL,
         NULL,
         "token.status-200"},
        {"req.code.special-chars",
         {F(SLASHED(""), ONCE), F(SLASHED(",'refused':true"), ONCE)},
         FINDING_SKIP,
         NULL,
         NULL,
         "token.status-200"},
        {"req.code.special-chars", {F(PLAIN(""), "code=abc-_.~DEF")}, FINDING_SKIP, "no character", NULL, NULL},
        {"req.code.special-chars", {T(PLAIN(",'refused':true"))}, FINDING_SKIP, "no character", NULL, NULL},
        {"req.code.special-chars", {T(NO_ANSWER)}, FINDING_ERROR, "connection refused", NULL, NULL},
};

#define VERIFIED(edits) "{'code':{'code_verifier':'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'}" edits "}"

static const struct story verifier_rows[] = {
        {"req.pkce.s256-ok", {T(VERIFIED(""))}, FINDING_PASS, "43 characters", NULL, NULL},
        {"req.pkce.s256-ok",
         {T(OK), T(VERIFIED(",'refused':true"))},
         FINDING_VIOLATED,
         "\"invalid_grant\" for a verifier of 43 characters; x1, without a verifier, bought",
         NULL,
         NULL},
        {"req.pkce.s256-ok",
         {T("{'code':{'code_verifier':'short'}}"), T(VERIFIED(",'refused':true,'raw_body':'<html>'"))},
         FINDING_VIOLATED,
         "status 400 for a verifier of 43 characters; x1, with a verifier of 5 characters,",
         NULL,
         NULL},
        {"req.pkce.s256-ok", {T(NO), T(VERIFIED(",'refused':true"))}, FINDING_SKIP, NULL, NULL, "token.status-200"},
        {"req.pkce.s256-ok",
         {F(OK, ELSEWHERE), T(VERIFIED(",'refused':true"))},
         FINDING_SKIP,
         NULL,
         NULL,
         "token.status-200"},
        {"req.pkce.s256-ok", {T(OK), T(VERIFIED(",'refused':true,'status':429"))}, FINDING_ERROR, "429", NULL, NULL},
        {"req.pkce.s256-ok", {T(OK), T(OK)}, FINDING_SKIP, "without a verifier", NULL, NULL},
        {"req.pkce.s256-ok", {T(NO_ANSWER)}, FINDING_ERROR, "connection refused", NULL, NULL},
};

static const struct {
	const struct story *v;
	size_t n;
} tables[] = {
        {reuse_rows, sizeof reuse_rows / sizeof *reuse_rows},
        {revoked_rows, sizeof revoked_rows / sizeof *revoked_rows},
        {characters_rows, sizeof characters_rows / sizeof *characters_rows},
        {verifier_rows, sizeof verifier_rows / sizeof *verifier_rows},
};

static const struct step ordinary = {.redeem = {.ordinary = true}}, changed;

static void tell(struct sample *m, const struct told *t, size_t at)
{
	sample_make(m, t->edits);
	m->x.id = arena_printf(m->a, "x%zu", at + 1);
	m->s.step = t->form ? &changed : &ordinary;
	if (t->form)
		m->x.request.body = sv_of(t->form);
	if (!t->token)
		return;
	m->x.kind = "userinfo";
	m->x.code.code = NULL;
	m->x.request.lines[1] = sv_of(arena_printf(m->a, "Authorization: Bearer %s", t->token));
}

START_TEST(stories)
{
	for (size_t row = 0; row < tables[_i].n; row++) {
		const struct story *story = &tables[_i].v[row];
		struct sample m[STORY_MAX];
		struct subject *told[STORY_MAX], *siblings[STORY_MAX];
		struct finding f = {0};
		size_t n = 0, of_scenario = 0;

		for (; n < STORY_MAX && story->v[n].edits; n++) {
			tell(&m[n], &story->v[n], n);
			told[n] = &m[n].s;
			if (!story->v[n].form || strcmp(story->v[n].form, ELSEWHERE) != 0)
				siblings[of_scenario++] = told[n];
		}
		for (size_t i = 0; i < n; i++) {
			m[i].s.siblings = siblings;
			m[i].s.nsiblings = of_scenario;
			m[i].s.all = told;
			m[i].s.nall = n;
		}
		check_find(story->check)->run(told[n - 1], &f);
		const char *words = f.kind == FINDING_PASS || f.kind == FINDING_VIOLATED ? f.observed : f.reason;
		const char *all = text_visible(
		        m[0].a, sv_of(arena_printf(m[0].a, "%s, row %zu: kind %d, says '%s', fix '%s', owner '%s'",
		                                   story->check, row, (int)f.kind, words ? words : "-",
		                                   f.fix ? f.fix : "-", f.owner ? f.owner : "-")));
		ck_assert_msg(f.kind == story->kind, "want kind %d; %s", (int)story->kind, all);
		ck_assert_msg(words && (!story->says || strstr(words, story->says)), "want the words '%s'; %s",
		              story->says ? story->says : "-", all);
		ck_assert_msg(!f.fix == !story->fix && (!f.fix || strstr(f.fix, story->fix)), "want a fix; %s", all);
		ck_assert_msg(!f.owner == !story->owner && (!f.owner || strcmp(f.owner, story->owner) == 0),
		              "want an owner; %s", all);
		ck_assert_msg(f.kind != FINDING_VIOLATED || (f.expected && f.where), "no expected or where; %s", all);
		for (size_t i = 0; i < n; i++)
			sample_release(&m[i]);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("checks: codes");
	TCase *t = tcase_create("codes");

	sample_keys_make();
	tcase_add_loop_test(t, stories, 0, sizeof tables / sizeof *tables);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	sample_keys_free();
	return status;
}
