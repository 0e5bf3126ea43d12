/* Values of earlier replies in later requests. */

#include "core/version.h"
#include "rig.h"

static struct loopback_reply ok = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};

/* --- saved values ------------------------------------------------------------------------------------------ */

#define FIELDS(...)                                                                                                   \
	{                                                                                                             \
		.v = (struct field[]){__VA_ARGS__}, .n = sizeof((struct field[]){__VA_ARGS__}) / sizeof(struct field) \
	}

static const char body[] = "{\"access_token\":\"t/+\",\"n\":3600,\"yes\":true,\"no\":null,\"list\":[{\"a/b\":\"deep\"},"
                           "{\"~\":\"tilde\"}],\"nul\":\"a\\u0000b\",\"\":\"nameless\"}";

static struct loopback_reply with_body(void *self, const struct loopback_request *q)
{
	(void)q;
	return (struct loopback_reply){.bytes = loopback_json(self, 200, body)};
}

static const struct {
	struct save save;
	const char *sent; /* NULL: not there */
} kept[] = {
        {{.from = SAVE_CODE}, "code-1"},
        {{.from = SAVE_REDIRECT_URI}, "https%3A%2F%2Fown.example"},
        {{.from = SAVE_HEADER, .what = "content-TYPE"}, "application%2Fjson"},
        {{.from = SAVE_HEADER, .what = "X-None"}, NULL},
        {{.from = SAVE_BODY, .what = "/access_token"}, "t%2F%2B"},
        {{.from = SAVE_BODY, .what = "/n"}, "3600"},
        {{.from = SAVE_BODY, .what = "/yes"}, "true"},
        {{.from = SAVE_BODY, .what = "/list/0/a~1b"}, "deep"},
        {{.from = SAVE_BODY, .what = "/list/1/~0"}, "tilde"},
        {{.from = SAVE_BODY, .what = "/"}, "nameless"},
        {{.from = SAVE_BODY, .what = "/no"}, NULL},
        {{.from = SAVE_BODY, .what = "/nul"}, NULL},
        {{.from = SAVE_BODY, .what = "/list"}, NULL},
        {{.from = SAVE_BODY, .what = "/list/00/a~1b"}, NULL},
        {{.from = SAVE_BODY, .what = "/list/2"}, NULL},
        {{.from = SAVE_BODY, .what = "/list/-"}, NULL},
        {{.from = SAVE_BODY, .what = "/absent/member"}, NULL},
        {{.from = SAVE_BODY, .what = ""}, NULL},
};

START_TEST(test_saved)
{
	arena_auto *a = arena_new();
	struct rig *r = rig_new(with_body, a);
	struct save save = kept[_i].save;

	save.name = "kept";
	r->facts.redirect_uri = "https://own.example";
	rig_step(r, (struct redeem){0});
	r->steps[0].saves = &save;
	r->steps[0].nsaves = 1;
	rig_step(r, (struct redeem){.code = CODE_NONE, .form_set = FIELDS({"kept", "{kept}"})});
	rig_step(r, (struct redeem){.form_set = FIELDS({"kept", "{kept}"})});
	rig_drive(r, 1);
	if (kept[_i].sent) {
		const char *want = arena_printf(a, "&kept=%s", kept[_i].sent);
		ck_assert_uint_eq(loopback_count(r->server), 3);
		ck_assert(sv_ends(loopback_at(r->server, 1)->body, sv_of(want)));
		ck_assert(sv_ends(loopback_at(r->server, 2)->body, sv_of(want)));
	} else {
		ck_assert_uint_eq(loopback_count(r->server), 1);
		ck_assert_int_eq(rig_x(r, 1)->outcome, EXCHANGE_UNSUITED);
		ck_assert_str_eq(rig_x(r, 1)->trouble,
		                 arena_printf(a, "the reply of step 1 had no '%s', which this step needs", save.what));
		ck_assert_int_eq(r->given, 1); /* the third step did not spend a code on what cannot be sent */
	}
	rig_free(r);
}
END_TEST

/* An earlier code is sent again with the redirect_uri and verifier that belong to it. */
START_TEST(test_code_again)
{
	struct rig *r = rig_new(rig_same, &ok);
	struct save save = {.name = "first", .from = SAVE_CODE};

	r->facts = (struct code){.redirect_uri = "https://own.example/", .code_verifier = "verifier"};
	rig_step(r, (struct redeem){0});
	r->steps[0].saves = &save;
	r->steps[0].nsaves = 1;
	rig_step(r, (struct redeem){.code = CODE_TEXT, .code_text = "{first}"});
	rig_step(r, (struct redeem){.code = CODE_TEXT, .code_text = "{first}x"});
	rig_drive(r, 1);
	assert_sv_eq(loopback_at(r->server, 1)->body, loopback_at(r->server, 0)->body);
	/* And so is what a template makes of it: nothing else is another. */
	assert_sv_eq(loopback_at(r->server, 2)->body, SV("grant_type=authorization_code&code=code-1x&"
	                                                 "redirect_uri=https%3A%2F%2Fown.example%2F&"
	                                                 "code_verifier=verifier"));
	ck_assert_str_eq(rig_x(r, 1)->code.redirect_uri, "https://own.example/");
	ck_assert_int_eq(r->run.codes_spent, 1);
	rig_free(r);
}
END_TEST

/* Each round has its own: the second of this one, too, although both begin at once. */
START_TEST(test_rounds)
{
	struct rig *r = rig_new(rig_same, &ok);
	struct save save = {.name = "first", .from = SAVE_CODE};

	for (int round = 1; round <= 3; round++) {
		size_t i = rig_alone(r, (struct redeem){.header_set = FIELDS({"X-Round", "{issuer}"})});
		r->steps[i].saves = &save;
		r->steps[i].nsaves = 1;
		rig_step(r, (struct redeem){.code = CODE_TEXT, .code_text = "{first}"});
		r->planned[i].round = r->planned[i + 1].round = round;
	}
	rig_drive(r, 8);
	for (size_t i = 0; i < 6; i += 2) {
		ck_assert_str_eq(rig_x(r, i)->code.code, rig_x(r, i + 1)->code.code);
		for (size_t k = 0; k < i; k += 2)
			ck_assert_str_ne(rig_x(r, i)->code.code, rig_x(r, k)->code.code);
	}
	ck_assert_int_eq(r->run.codes_spent, 3);
	rig_free(r);
}
END_TEST

START_TEST(test_step_name)
{
	struct rig *r = rig_new(rig_same, &ok);
	struct save save = {.name = "token", .from = SAVE_BODY, .what = "/access_token"};

	rig_step(r, (struct redeem){0});
	r->steps[0].name = "login";
	r->steps[0].saves = &save;
	r->steps[0].nsaves = 1;
	rig_step(r, (struct redeem){.body = "{token}"});
	rig_drive(r, 1);
	ck_assert_str_eq(rig_x(r, 1)->trouble,
	                 "the reply of step 'login' had no '/access_token', which this step needs");
	rig_free(r);
}
END_TEST

/* OpenID Connect Core §5.3.1: the token of an earlier step is shown to the userinfo endpoint, and no code is spent. */
START_TEST(test_userinfo)
{
	arena_auto *a = arena_new();
	struct rig *r = rig_new(with_body, a);
	struct save save = {.name = "token", .from = SAVE_BODY, .what = "/access_token"};
	struct save more = {.name = "n", .from = SAVE_BODY, .what = "/n"};

	r->target.userinfo_endpoint = loopback_url(r->server, r->a, "/userinfo?a=1");
	rig_step(r, (struct redeem){0});
	r->steps[0].saves = &save;
	r->steps[0].nsaves = 1;
	size_t i = rig_step(r, (struct redeem){.code = CODE_NONE});
	r->steps[i].kind = STEP_USERINFO;
	r->steps[i].userinfo.access_token = "{token|upper}";
	r->steps[i].saves = &more;
	r->steps[i].nsaves = 1;
	r->planned[i].kind = "userinfo";
	rig_step(r, (struct redeem){.code = CODE_NONE, .body = "{n}"});
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, i);
	ck_assert_int_eq(x->status, 200);
	ck_assert_str_eq(x->kind, "userinfo");
	ck_assert_str_eq(x->method, "GET");
	ck_assert_ptr_null(x->code.code);
	assert_sv_eq(loopback_at(r->server, 1)->head,
	             sv_of(arena_printf(a,
	                                "GET /userinfo?a=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
	                                "Authorization: Bearer T/+\r\nAccept: application/json\r\n"
	                                "User-Agent: brandcert/" BRANDCERT_VERSION "\r\n\r\n",
	                                loopback_port(r->server))));
	assert_sv_eq(loopback_at(r->server, 2)->body, SV("3600"));
	ck_assert_int_eq(r->run.codes_spent, 1);
	rig_free(r);
}
END_TEST

/* The redirect_uri that belongs to a code whose source told none is the target's. */
START_TEST(test_saved_default)
{
	struct rig *r = rig_new(rig_same, &ok);
	struct save save = {.name = "uri", .from = SAVE_REDIRECT_URI};

	rig_step(r, (struct redeem){0});
	r->steps[0].saves = &save;
	r->steps[0].nsaves = 1;
	rig_step(r, (struct redeem){.body = "{uri}"});
	rig_drive(r, 1);
	assert_sv_eq(loopback_at(r->server, 1)->body, SV("https://liveperson.net"));
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("saved");
	TCase *c = tcase_create("saved");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_saved, 0, sizeof kept / sizeof kept[0]);
	tcase_add_test(c, test_saved_default);
	tcase_add_test(c, test_code_again);
	tcase_add_test(c, test_rounds);
	tcase_add_test(c, test_step_name);
	tcase_add_test(c, test_userinfo);
	suite_add_tcase(s, c);
	return testing_run(s);
}
