/* A client whose secret form encoding changes: the run finds out how the endpoint takes it, and says so. */
#include <string.h>

#include "commands/ran.h"
#include "commands/spelling.h"
#include "core/base64.h"
#include "loopback.h"
#include "testing.h"

#define SPECIAL "\"special-client-secret\""
#define NOT_DECODED SPECIAL ", \"basic-not-form-decoded\""
#define NOTE "only as they are"
#define SCENARIOS "--only", "valid-code", "--only", "own-credentials-encoding"

/* The brand's own target file, with one line more for the client; NULL: as it is. */
static const char *target_of(struct arena *a, const struct brand *b, const char *encoding)
{
	static const char line[] = "  authentication: client_secret_basic\n";
	const char *path = arena_printf(a, "%s/target.yaml", b->state), *text = testing_read(a, path);
	const char *at = strstr(text, line);

	ck_assert_ptr_nonnull(at);
	if (!encoding)
		return path;
	at += strlen(line);
	path = arena_printf(a, "%s/said.yaml", b->state);
	testing_write(path,
	              sv_of(arena_printf(a, "%.*s  basic_encoding: %s\n%s", (int)(at - text), text, encoding, at)));
	return path;
}

static const struct {
	const char *faults, *encoding, *profile;
	int status;
	const char *out, *err; /* somewhere there; NULL: no note on standard error */
} rows[] = {
        {"[" SPECIAL "]", NULL, "strict", 0, "Conformant", NULL},
        {"[" NOT_DECODED "]", NULL, "liveperson", 0, "WARN req.auth.basic-formencoded", NOTE},
        {"[" NOT_DECODED "]", NULL, "strict", 1, "FAIL req.auth.basic-formencoded", NOTE},
        {"[" NOT_DECODED "]", "raw", "liveperson", 0, "WARN req.auth.basic-formencoded", NULL},
        {"[" NOT_DECODED "]", "form", "liveperson", 1, "say client: {basic_encoding: raw}", NULL},
        {"[" SPECIAL "]", "raw", "liveperson", 1, "leave that out", NULL},
        /* neither spelling, and both: the rule stays */
        {"[" SPECIAL ", \"ignore-basic\"]", NULL, "liveperson", 1, "FAIL token.status-200", NULL},
        {"[" NOT_DECODED ", \"accept-wrong-secret\"]", NULL, "liveperson", 0, "Conformant", NULL},
};

/* As it stands on one line. */
static const char *unwrapped(struct arena *a, const char *text)
{
	char *copy = arena_text(a, text), *to = copy;

	for (const char *p = copy; *p; p++)
		if ((*p != '\n' && *p != ' ') || (to > copy && to[-1] != ' '))
			*to++ = *p == '\n' ? ' ' : *p;
	*to = '\0';
	return copy;
}

START_TEST(runs)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, rows[_i].faults);
	const char *target = target_of(a, &b, rows[_i].encoding);
	const char *secret = testing_read(a, arena_printf(a, "%s/client-secret", b.state));
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "run", SCENARIOS, "--profile", rows[_i].profile, "--record",
	                   "run.jsonl", "--target", target);

	brand_stop(&b);
	ck_assert_msg(r.status == rows[_i].status, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(unwrapped(a, r.out), rows[_i].out);
	if (rows[_i].err)
		assert_contains(r.err, rows[_i].err);
	else
		assert_lacks(r.err, NOTE);
	assert_lacks(r.out, secret);
	assert_lacks(r.err, secret);
	/* what was recorded is judged alike, though nobody can ask any more */
	struct ran again = RAN(a, folder, "brandcert", "judge", SCENARIOS, "run.jsonl");
	ck_assert_msg(again.status == r.status, "status %d\n%s\n%s", again.status, again.out, again.err);
	assert_lacks(again.err, NOTE);
}
END_TEST

/* All that the suite has, against a brand that decodes nothing: that is one warning. */
START_TEST(one_warning)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, "[" NOT_DECODED "]");
	const char *folder = testing_folder(a);
	struct ran r =
	        RAN(a, folder, "brandcert", "run", "--report", "json:r.json", "--target", target_of(a, &b, NULL));

	brand_stop(&b);
	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	json_auto_t *results = ran_json(a, arena_printf(a, "%s/r.json", folder));
	size_t i, warned = 0;
	const json_t *row;
	json_array_foreach(json_object_get(results, "results"), i, row)
	{
		const char *verdict = json_string_value(json_object_get(row, "verdict"));
		ck_assert_str_ne(verdict, "fail");
		ck_assert_str_ne(verdict, "error");
		if (strcmp(verdict, "warn") != 0)
			continue;
		ck_assert_str_eq(json_string_value(json_object_get(row, "requirement")), "req.auth.basic-formencoded");
		warned++;
	}
	ck_assert_uint_eq(warned, 2); /* for its own client, and for the one with a secret that needs it */
}
END_TEST

START_TEST(quietly)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, "[" NOT_DECODED "]");
	const char *target = target_of(a, &b, NULL);
	struct ran quiet = RAN(a, testing_folder(a), "brandcert", "run", SCENARIOS, "--quiet", "--target", target);

	brand_stop(&b);
	ck_assert_msg(quiet.status == 0, "status %d\n%s\n%s", quiet.status, quiet.out, quiet.err);
	ck_assert_str_eq(quiet.out, "");
	ck_assert_str_eq(quiet.err, "");
	/* nobody is there any more, and nobody is asked */
	struct ran dry = RAN(a, testing_folder(a), "brandcert", "run", SCENARIOS, "--dry-run", "--target", target);
	ck_assert_msg(dry.status == 0, "status %d\n%s\n%s", dry.status, dry.out, dry.err);
	assert_contains(dry.out, "nothing was sent");
	ck_assert_str_eq(dry.err, "");
}
END_TEST

/* --- what is asked, and what is made of the answers ------------------------------------------------------------------- */

#define ASKED_MAX 3
#define REFUSED                                       \
	{                                             \
		401, "{\"error\":\"invalid_client\"}" \
	}
#define REFUSED_400                                   \
	{                                             \
		400, "{\"error\":\"invalid_client\"}" \
	}
#define PASSED                                       \
	{                                            \
		400, "{\"error\":\"invalid_grant\"}" \
	}
#define CRASHED           \
	{                 \
		500, "{}" \
	}

static const struct asked {
	struct {
		int status;
		const char *body;
	} replies[ASKED_MAX];
	size_t n; /* requests that are made */
	bool raw;
	const char *encoding; /* what the target file says, or NULL */
} asked[] = {
        {{PASSED}, 1, false, NULL},
        {{CRASHED}, 1, false, NULL},
        {{{302, ""}}, 1, false, NULL},
        {{REFUSED, REFUSED}, 2, false, NULL},
        {{REFUSED, CRASHED}, 2, false, NULL},
        {{REFUSED, PASSED, REFUSED}, 3, true, NULL},
        {{REFUSED_400, PASSED, REFUSED_400}, 3, true, NULL},
        /* whatever the secret: what is refused is not the client */
        {{REFUSED, PASSED, PASSED}, 3, false, NULL},
        {{REFUSED, PASSED, CRASHED}, 3, false, NULL},
        {{REFUSED, PASSED, REFUSED}, 0, false, "form"},
        {{REFUSED, PASSED, REFUSED}, 0, true, "raw"},
};

struct script {
	struct arena *a;
	const struct asked *row;
};

static struct loopback_reply reply(void *self, const struct loopback_request *q)
{
	const struct script *s = self;
	size_t i = q->number < ASKED_MAX ? q->number : 0;

	return (struct loopback_reply){loopback_json(s->a, s->row->replies[i].status, s->row->replies[i].body),
	                               LOOPBACK_CLOSE, 0};
}

/* What stood in Basic. */
static const char *basic_of(struct arena *a, const struct loopback_request *q)
{
	static const char name[] = "Authorization: Basic ";
	struct sv pair = SV_NONE;
	long at = sv_find(q->head, sv_of(name));

	ck_assert_int_ge(at, 0);
	const char *p = q->head.p + at + strlen(name);
	ck_assert_int_eq(base64_decode(a, BASE64_STANDARD, (struct sv){p, strcspn(p, "\r")}, &pair, NULL), BASE64_OK);
	return arena_sv(a, pair);
}

START_TEST(asks)
{
	static const char *const sent[ASKED_MAX] = {"ac+me:p%2Bq%3A%25", "ac me:p+q:%", "ac me:Ap+q:%"};
	const struct asked *row = &asked[_i];
	arena_auto *a = arena_new(), *of_server = arena_new();
	struct script script = {of_server, row};
	struct loopback *server = loopback_start(reply, &script);
	struct target t = {
	        .token_endpoint = loopback_url(server, a, "/token"),
	        .redirect_uri = "https://liveperson.net",
	        .client = {.id = "ac me", .secret = "p+q:%", .says_encoding = row->encoding},
	        .pkce = PKCE_S256,
	        .limits = {.timeout_ms = 10000, .rate = 1000},
	};

	t.client.raw_basic = row->encoding && strcmp(row->encoding, "raw") == 0;
	ck_assert_int_eq(spelling_find(a, &t), row->raw && !row->encoding);
	loopback_stop(server);
	ck_assert_int_eq(t.client.raw_basic, row->raw);
	ck_assert_uint_eq(loopback_count(server), row->n);
	for (size_t i = 0; i < row->n; i++) {
		const struct loopback_request *q = loopback_at(server, i);
		ck_assert_str_eq(basic_of(a, q), sent[i]);
		ck_assert_int_ge(sv_find(q->body, SV("grant_type=authorization_code&code=")), 0);
		ck_assert_int_ge(sv_find(q->body, SV("&code_verifier=")), 0);
	}
	loopback_free(server);
}
END_TEST

/* Nothing to find out: both spellings are the same, or none is sent. And nobody there. */
START_TEST(asks_nobody)
{
	static const struct target targets[] = {
	        {.client = {.id = "acme", .secret = "plain"}},
	        {.client = {.id = "acme", .secret = "p+q", .authentication = CLIENT_SECRET_POST}},
	        {.client = {.id = "acme", .secret = "p+q"}},
	};
	static const struct asked none = {.n = 0};
	arena_auto *a = arena_new();
	struct script script = {a, &none};
	struct loopback *server = loopback_start(reply, &script);
	struct target t = targets[_i];

	if (_i == 2) /* this one would be asked */
		loopback_refuse(server, 0);
	t.token_endpoint = loopback_url(server, a, "/token");
	t.redirect_uri = "https://liveperson.net";
	t.limits.timeout_ms = 10000;
	ck_assert(!spelling_find(a, &t));
	ck_assert(!t.client.raw_basic);
	loopback_stop(server);
	ck_assert_uint_eq(loopback_connections(server), _i == 2);
	ck_assert_uint_eq(loopback_count(server), 0);
	loopback_free(server);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("spelling of credentials");
	TCase *t = tcase_create("run");

	tcase_set_timeout(t, 240);
	tcase_add_loop_test(t, runs, 0, sizeof rows / sizeof *rows);
	tcase_add_test(t, one_warning);
	tcase_add_test(t, quietly);
	tcase_add_loop_test(t, asks, 0, sizeof asked / sizeof *asked);
	tcase_add_loop_test(t, asks_nobody, 0, 3);
	suite_add_tcase(s, t);
	return testing_run(s);
}
