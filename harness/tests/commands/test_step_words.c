#include "commands/step_words.h"

#include "suite/suite.h"
#include "testing.h"

/* Each kind of step in plain words: those of the scenario that uses all of them. */

static const char *const words[] = {
        "sends the consumer through the login for a code, exactly as LivePerson does",
        "the code '{one}', id and secret as they are in Basic, over HTTP/2, with the parameter redirect_uri "
        "'{window_uri}'",
        "asks the userinfo endpoint with the access token '{token}', method POST",
        "logs the consumer out",
        "asks the authorization endpoint for a code, in the session that was begun before, with the parameter prompt "
        "'none'",
        "asks the userinfo endpoint without an access token",
        "asks the authorization endpoint for an id_token, as a browser without cookies, with the parameter state "
        "'{state|repeat:40}&=%+', with the parameter redirect_uri '{window_uri}/x', with once more the parameter nonce "
        "'{nonce}', with once more the parameter nonce 'b', with once more the parameter resource "
        "'{authorization_endpoint}', without the parameter scope",
        "sends the consumer through the login for a token, and has the consumer refuse",
        "sends the second test consumer through the login for a code",
        "takes a token of the consumer as a page or an app hands it over",
        "takes a token of the second test consumer as a page or an app hands it over",
        "downloads the discovery document",
        "downloads the JWKS",
        "makes a TLS handshake with the token endpoint",
        "makes a TLS handshake with the token endpoint, with nothing but TLS 1.1 on offer",
        "makes a TLS handshake with the token endpoint, with nothing but TLS 1.2 on offer, with nothing but weak "
        "cipher "
        "suites on offer",
        "a code that was never issued, in clear text over http, over HTTP/1.1 alone, with the body 'code={code}'",
        "logs the second test consumer out",
        "no code",
};

START_TEST(each_kind)
{
	arena_auto *a = arena_new();
	const char *folder = arena_printf(a, "%s/harness/tests/suite/good", testing_root());
	const char *const paths[] = {arena_printf(a, "%s/flows/flows.yaml", folder), NULL};
	const struct suite_options o = {.catalogue = arena_printf(a, "%s/requirements.yaml", folder), .paths = paths};
	struct diags d = {0};
	struct suite s;

	suite_load(a, &o, &d, &s);
	ck_assert_uint_eq(d.errors, 0);
	ck_assert_uint_eq(s.scenarios[0].nsteps, sizeof words / sizeof *words);
	for (size_t i = 0; i < s.scenarios[0].nsteps; i++)
		ck_assert_str_eq(step_words(a, &s.scenarios[0].steps[i]), words[i]);
	suite_release(&s);
	diags_release(&d);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("step words");
	TCase *t = tcase_create("all");

	tcase_add_test(t, each_kind);
	suite_add_tcase(s, t);
	return testing_run(s);
}
