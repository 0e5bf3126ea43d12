#include "endpoint/faults.h"

#include "ask.h"
#include "core/text.h"

/*
 * Every switch of the vocabulary changes what it says and nothing beside it: each row is sent to a tenant with the fault
 * and to one without.
 */

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

static void use_tenant(const char *fault)
{
	rig.now_ms = RIG_START_MS;
	rig.t = rig_tenant(&rig, fault ? arena_printf(rig.a, "[\"%s\"]", fault) : NULL);
}

/* --- one request ----------------------------------------------------------------------------------------------- */

#define GRANT ASK_GRANT
#define GOOD ASK_GOOD
#define TO(uri) GRANT "&code=$C&redirect_uri=" uri
#define S256 "{\"code_challenge\": \"" RIG_CHALLENGE "\", \"code_challenge_method\": \"S256\"}"
#define LONG_VERIFIER "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" /* 65 */
#define LONG_S256 \
	"{\"code_challenge\": \"Y1NhxIu56rFBmOduqKt_GkFoXWrWKqkUbTAdTxfrCuA\", \"code_challenge_method\": \"S256\"}"
#define ENCODED "{\"client\": \"encoded\"}"

#define ROW(f, b, h, ...)                                                                     \
	{                                                                                     \
		.fault = f, .ask = {__VA_ARGS__}, .broken = {b, NULL}, .healthy = { h, NULL } \
	}
/* Alike in status, but one reply has a text that the other has not. */
#define TEXT(f, b, bt, h, ht, ...)                                                        \
	{                                                                                 \
		.fault = f, .ask = {__VA_ARGS__}, .broken = {b, bt}, .healthy = { h, ht } \
	}

static const struct {
	const char *fault;
	struct ask ask;
	struct {
		int status;
		const char *text; /* somewhere in the bytes of this reply, nowhere in those of the other; or NULL */
	} broken, healthy;        /* the same: the fault reaches no further */
} rows[] = {
        ROW("ignore-basic", 401, 200, .form = NULL),
        ROW("ignore-basic", 200, 200, .form = GOOD "&client_id=$I&client_secret=$S", .basic = ""),
        ROW("ignore-basic", 400, 400, .form = GOOD "&client_id=$I&client_secret=$S"),
        ROW("ignore-body-credentials", 401, 200, .form = GOOD "&client_id=$I&client_secret=$S", .basic = ""),
        ROW("ignore-body-credentials", 400, 400, .form = GOOD "&client_id=$I&client_secret=$S"),
        ROW("ignore-body-credentials", 200, 200, .form = NULL),
        ROW("skip-client-authentication", 200, 401, .basic = ""),
        ROW("skip-client-authentication", 200, 401, .form = GOOD "&client_id=$I", .basic = ""),
        ROW("skip-client-authentication", 401, 401, .basic = "$I:"),
        ROW("skip-client-authentication", 400, 401, .form = GRANT "&code=x&redirect_uri=$U", .basic = ""),
        ROW("accept-wrong-secret", 200, 401, .basic = "$I:$Sx"),
        ROW("accept-wrong-secret", 200, 401, .basic = "$I:x"),
        ROW("accept-wrong-secret", 401, 401, .basic = "$I:"),
        ROW("accept-wrong-secret", 401, 401, .basic = "$Ix:$S"),
        ROW("accept-wrong-secret", 400, 401, .basic = "$i:x"),
        ROW("accept-secret-prefix", 200, 401, .basic = "$I:$p"),
        ROW("accept-secret-prefix", 200, 401, .basic = "$I:$Sx"),
        ROW("accept-secret-prefix", 401, 401, .basic = "$I:x$p"),
        ROW("accept-secret-prefix", 401, 401, .basic = "$I:"),
        ROW("ignore-secret-case", 200, 401, .basic = "$I:$K"),
        ROW("ignore-secret-case", 401, 401, .basic = "$I:$Kx"),
        ROW("accept-empty-secret", 200, 401, .basic = "$I:"),
        ROW("accept-empty-secret", 200, 401, .basic = "$I"),
        ROW("accept-empty-secret", 401, 401, .basic = "$I:x"),
        ROW("accept-empty-secret", 401, 401, .basic = ""),
        ROW("accept-unknown-client", 200, 401, .basic = "nobody:x"),
        ROW("accept-unknown-client", 401, 401, .basic = "$I:x"),
        ROW("accept-two-ways", 200, 400, .form = GOOD "&client_id=$I&client_secret=x"),
        ROW("accept-two-ways", 200, 400, .form = GOOD "&client_id=$i"),
        ROW("accept-two-ways", 401, 400, .form = GOOD "&client_id=$I&client_secret=$S", .basic = "$I:x"),
        ROW("accept-query-parameters", 200, 401, .form = "", .basic = "",
            .query = GOOD "&client_id=$I&client_secret=$S"),
        ROW("accept-query-parameters", 200, 400, .form = "", .query = GOOD),
        ROW("accept-query-parameters", 200, 200, .query = "code=x&grant_type=password"),
        ROW("accept-query-parameters", 405, 405, .form = "", .basic = "", .query = GOOD, .method = "GET"),
        ROW("basic-not-form-decoded", 401, 200, .basic = "$e:$E", .code = ENCODED),
        ROW("basic-not-form-decoded", 200, 200, .form = NULL),
        ROW("special-client-secret", 401, 200, .basic = "$I:$W"),
        ROW("special-client-secret", 200, 200, .form = NULL),
        ROW("crash-on-bad-basic", 500, 401, .header = "Basic !!!!"),
        ROW("crash-on-bad-basic", 401, 401, .basic = "$I"),
        ROW("crash-on-bad-basic", 401, 401, .header = "Bearer $"),
        ROW("accept-other-client", 200, 400, .basic = "$i:$s"),
        ROW("accept-other-client", 401, 401, .basic = "$i:$S"),

        ROW("accept-get", 200, 405, .form = "", .method = "GET", .query = GOOD),
        ROW("accept-get", 200, 405, .form = "", .basic = "", .type = "", .method = "HEAD",
            .query = GOOD "&client_id=$I&client_secret=$S"),
        ROW("accept-get", 200, 405, .method = "PUT"),
        ROW("accept-get", 400, 400, .form = "", .query = GOOD),
        ROW("accept-any-content-type", 200, 400,
            .form = "{\"grant_type\":\"authorization_code\",\"code\":\"$R\",\"redirect_uri\":\"https://"
                    "liveperson.net\"}",
            .type = "application/json"),
        ROW("accept-any-content-type", 200, 400, .type = "text/plain"),
        ROW("accept-any-content-type", 200, 400, .type = ""),
        ROW("accept-any-content-type", 400, 400, .form = "{\"grant_type\":1}", .type = "application/json"),
        ROW("crash-on-json-body", 500, 400, .form = "{}", .type = "application/json"),
        ROW("crash-on-json-body", 500, 400, .type = ""),
        ROW("crash-on-method", 500, 405, .method = "DELETE"),
        ROW("strict-content-type", 415, 200, .type = ASK_FORM ";charset=UTF-8"),
        ROW("strict-content-type", 415, 200, .type = "Application/x-www-form-urlencoded"),
        ROW("strict-content-type", 400, 400, .type = "text/plain"),
        ROW("strict-content-type", 200, 200, .form = NULL),
        ROW("case-sensitive-content-type", 415, 200, .type = "Application/x-www-form-urlencoded"),
        ROW("case-sensitive-content-type", 200, 200, .type = ASK_FORM ";charset=UTF-8"),
        ROW("raw-comparison", 400, 200, .form = TO("https://liveperson.net")),
        ROW("raw-comparison", 200, 200, .form = NULL),
        ROW("refuse-unknown-parameter", 400, 200, .form = GOOD "&lp_conformance=1"),
        ROW("refuse-unknown-parameter", 200, 200, .form = GOOD "&scope="),
        ROW("empty-redirect-uri-accepted", 200, 400, .form = TO("")),
        ROW("empty-redirect-uri-accepted", 400, 400, .form = GRANT "&code=$C"),
        ROW("accept-duplicate-parameter", 200, 400, .form = GOOD "&code=x"),
        ROW("accept-duplicate-parameter", 400, 400, .form = "code=x&" GOOD),
        ROW("accept-last-duplicate", 200, 400, .form = "code=x&" GOOD),
        ROW("accept-last-duplicate", 400, 400, .form = GOOD "&code="),
        ROW("default-grant-type", 200, 400, .form = "code=$C&redirect_uri=$U"),
        ROW("default-grant-type", 400, 400, .form = "grant_type=password&code=$C&redirect_uri=$U"),
        ROW("ignore-grant-type", 200, 400, .form = "grant_type=password&code=$C&redirect_uri=$U"),
        ROW("ignore-grant-type", 400, 400, .form = "code=$C&redirect_uri=$U"),
        ROW("ignore-parameter-case", 200, 400, .form = GRANT "&CODE=$C&redirect_uri=$U"),
        ROW("ignore-parameter-case", 200, 400, .form = "Grant_Type=authorization_code&code=$C&redirect_uri=$U"),
        ROW("ignore-parameter-case", 200, 400, .form = "grant_type=AUTHORIZATION_CODE&code=$C&redirect_uri=$U"),
        ROW("crash-on-large", 500, 400, .form = GOOD "&a=$L&b=$L&c=$L&d=$L"),
        ROW("crash-on-large", 400, 400, .form = GOOD "&a=$L"),
        TEXT("crash-on-quote", 500, "SQLSTATE", 400, "invalid_grant", .form = GRANT "&code='&redirect_uri=$U"),
        TEXT("crash-on-quote", 500, "SQLSTATE", 200, "id_token", .form = GOOD "&x=%27"),
        ROW("crash-on-bytes", 500, 400, .form = GOOD "&x=%ff"),
        ROW("crash-on-bytes", 500, 400, .form = GRANT "&code=$C%00&redirect_uri=$U"),
        ROW("crash-on-bytes", 400, 400, .form = GOOD "&x=%"),
        TEXT("reflect-code-header", 400, "\r\nX-Error: a\r\nX-Injected: 1\r\n", 400, NULL,
             .form = GRANT "&code=a%0d%0aX-Injected:%201&redirect_uri=$U"),
        TEXT("reflect-code-body", 400, " <b>'unheard'\"", 400, NULL,
             .form = GRANT "&code=<b>'unheard'&redirect_uri=$U"),

        ROW("accept-any-code", 200, 400, .form = GRANT "&code=x&redirect_uri=$U"),
        ROW("accept-any-code", 200, 400, .form = GRANT "&code=x&redirect_uri=$U/&code_verifier=$V"),
        ROW("accept-any-code", 400, 400, .form = GOOD "&code_verifier=$V"),
        ROW("accept-any-code", 401, 401, .form = GRANT "&code=x&redirect_uri=$U", .basic = "$I:x"),
        ROW("decode-code-twice", 400, 200, .form = NULL),
        ROW("trim-code", 200, 400, .form = GRANT "&code=$C+&redirect_uri=$U"),
        ROW("trim-code", 200, 400, .form = GRANT "&code=%0a$C%00&redirect_uri=$U"),
        ROW("trim-code", 400, 400, .form = GRANT "&code=$cx&redirect_uri=$U"),
        ROW("ignore-code-case", 200, 400, .form = GRANT "&code=$k&redirect_uri=$U"),
        ROW("ignore-code-case", 400, 400, .form = GRANT "&code=$c&redirect_uri=$U"),
        ROW("code-prefix", 200, 400, .form = GRANT "&code=$c&redirect_uri=$U"),
        ROW("code-prefix", 200, 400, .form = GRANT "&code=$cx&redirect_uri=$U"),
        ROW("code-prefix", 400, 400, .form = GRANT "&code=$Cx&redirect_uri=$U"),
        ROW("code-prefix", 200, 200, .form = NULL),
        ROW("ignore-redirect-uri", 200, 400, .form = TO("https://attacker.example/cb")),
        ROW("ignore-redirect-uri", 400, 400, .form = GRANT "&code=$C"),
        ROW("missing-redirect-uri-accepted", 200, 400, .form = GRANT "&code=$C"),
        ROW("missing-redirect-uri-accepted", 400, 400, .form = TO("")),
        ROW("missing-redirect-uri-accepted", 400, 400, .form = TO("https://attacker.example/cb")),
        ROW("redirect-uri-prefix", 200, 400, .form = TO("$U.attacker.example")),
        ROW("redirect-uri-prefix", 400, 400, .form = TO("https://liveperson.ne")),
        ROW("ignore-redirect-uri-case", 200, 400, .form = TO("https://LIVEPERSON.net")),
        ROW("ignore-redirect-uri-case", 400, 400, .form = TO("$U/")),
        ROW("ignore-redirect-uri-query", 200, 400, .form = TO("$U?x=1")),
        ROW("ignore-redirect-uri-query", 400, 400, .form = TO("$U/?x=1")),
        ROW("ignore-trailing-slash", 200, 400, .form = TO("$U/")),
        ROW("ignore-trailing-slash", 400, 400, .form = TO("$U//")),
        ROW("normalise-redirect-uri", 200, 400, .form = TO("https://LivePerson.net")),
        ROW("normalise-redirect-uri", 200, 400, .form = TO("$U:443")),
        ROW("normalise-redirect-uri", 200, 400, .form = TO("https://liveperson%252enet")),
        ROW("normalise-redirect-uri", 400, 400, .form = TO("$U:80")),
        ROW("normalise-redirect-uri", 200, 400, .form = TO("https://A.example/X%252E"),
            .code = "{\"redirect_uri\": \"https://a.example/X.\"}"),
        ROW("normalise-redirect-uri", 400, 400, .form = TO("https://a.example/x."),
            .code = "{\"redirect_uri\": \"https://a.example/X.\"}"),

        ROW("accept-any-verifier", 200, 400, .form = GOOD "&code_verifier=$Vx", .code = S256),
        ROW("accept-any-verifier", 400, 400, .form = GOOD "&code_verifier=$B", .code = S256),
        ROW("accept-any-verifier", 400, 400, .code = S256),
        ROW("accept-any-verifier", 400, 400, .form = GOOD "&code_verifier=$V"),
        ROW("optional-verifier", 200, 400, .code = S256),
        ROW("optional-verifier", 200, 400, .form = GOOD "&code_verifier=", .code = S256),
        ROW("optional-verifier", 400, 400, .form = GOOD "&code_verifier=$Vx", .code = S256),
        ROW("accept-plain", 200, 400, .form = GOOD "&code_verifier=$B", .code = S256),
        ROW("accept-plain", 200, 200, .form = GOOD "&code_verifier=$V", .code = S256),
        ROW("accept-plain", 400, 400, .form = GOOD "&code_verifier=$Vx", .code = S256),
        ROW("ignore-unexpected-verifier", 200, 400, .form = GOOD "&code_verifier=$V"),
        ROW("ignore-unexpected-verifier", 400, 400, .form = GOOD "&code_verifier=$Vx", .code = S256),
        ROW("padded-challenge", 400, 200, .form = GOOD "&code_verifier=$V", .code = S256),
        ROW("short-verifier-only", 400, 200, .form = GOOD "&code_verifier=" LONG_VERIFIER, .code = LONG_S256),
        ROW("short-verifier-only", 200, 200, .form = GOOD "&code_verifier=$V", .code = S256),

        TEXT("telling-errors", 401, "not registered", 401, "client authentication failed", .basic = "nobody:x"),
        TEXT("telling-errors", 401, NULL, 401, NULL, .basic = "$I:x"),
        ROW("400-for-bad-client", 400, 401, .basic = "$I:x"),
        TEXT("no-www-authenticate", 401, NULL, 401, "\r\nWWW-Authenticate: ", .basic = "$I:x"),
        TEXT("bearer-challenge", 401, "\r\nWWW-Authenticate: Bearer realm=", 401,
             "Authenticate: Basic realm=", .basic = "$I:x"),
        TEXT("no-realm", 401, "\r\nWWW-Authenticate: Basic\r\n", 401, " realm=", .basic = "$I:x"),
        TEXT("no-error-description", 400, "{\"error\":\"invalid_grant\"}", 400, "error_description", .basic = "$i:$s"),
        TEXT("no-error-description", 405, NULL, 405, "error_description", .method = "GET"),
};
#define ROWS (sizeof rows / sizeof *rows)

/* The bytes of the reply; its status in *status. */
static const char *sent(int i, const char *fault, int *status)
{
	struct buf out = {.cap = BUF_OWN};

	use_tenant(fault);
	struct reply reply = ask_send(&rig, &rows[i].ask, rig_code(&rig, rows[i].ask.code));
	*status = reply.status;
	reply_write(&reply, false, false, &out);
	const char *text = arena_sv(rig.a, buf_sv(&out));
	buf_release(&out);
	return text;
}

START_TEST(switch_changes_the_answer)
{
	int broken, healthy;
	const char *with = sent(_i, rows[_i].fault, &broken), *without = sent(_i, NULL, &healthy);

	ck_assert_msg(broken == rows[_i].broken.status, "%s: %s", rows[_i].fault, with);
	ck_assert_msg(healthy == rows[_i].healthy.status, "without %s: %s", rows[_i].fault, without);
	if (rows[_i].broken.text) {
		assert_contains(with, rows[_i].broken.text);
		assert_lacks(without, rows[_i].broken.text);
	}
	if (rows[_i].healthy.text) {
		assert_contains(without, rows[_i].healthy.text);
		assert_lacks(with, rows[_i].healthy.text);
	}
	/* tokens come with 200 and with nothing else */
	ck_assert_int_eq(strstr(with, "id_token") != NULL, broken == 200);
}
END_TEST

/* --- more than one request ------------------------------------------------------------------------------------- */

static struct reply redeem(const char *code)
{
	return rig_redeem(&rig, code);
}

static const char *redeemed(const char *member, const char *wish)
{
	struct reply reply = redeem(rig_code(&rig, wish));

	ck_assert_int_eq(reply.status, 200);
	return rig_member(&rig, &reply, member);
}

/* A claim of the id_token. */
static const char *claim(const char *token, const char *name)
{
	struct sv rest = sv_of(token), part, text;

	sv_cut(&rest, '.', &part);
	sv_cut(&rest, '.', &part);
	ck_assert_int_eq(base64_decode(rig.a, BASE64_URL, part, &text, NULL), BASE64_OK);
	json_auto_t *claims = json_loadb(text.p, text.n, 0, NULL);
	return arena_text(rig.a, json_string_value(json_object_get(claims, name)));
}

static json_t *userinfo(const char *token, int *status)
{
	struct reply reply = rig_get(&rig, "GET", "/userinfo", arena_printf(rig.a, "Bearer %s", token));

	*status = reply.status;
	return rig_json(&reply);
}

static bool never_expires(void)
{
	const char *code = rig_code(&rig, NULL);

	rig.now_ms += INT64_C(1000) * 1000;
	return redeem(code).status == 200;
}

/* At once, and a second later. */
static bool sells_again(int at_once, int later)
{
	const char *code = rig_code(&rig, NULL);

	ck_assert_int_eq(redeem(code).status, 200);
	rig.now_ms += 999;
	if (redeem(code).status != at_once)
		return false;
	rig.now_ms += 1;
	return redeem(code).status == later;
}

static bool sells_used(void)
{
	const char *code = rig_code(&rig, NULL);

	if (!sells_again(200, 200))
		return false;
	rig.now_ms = RIG_START_MS + BRAND_CODE_LIFETIME_S * 1000;
	return redeem(code).status == 400; /* but not for ever */
}

static bool sells_used_later(void)
{
	return sells_again(400, 200);
}

static bool token_survives_replay(void)
{
	const char *code = rig_code(&rig, NULL);
	struct reply first = redeem(code);
	int status;

	ck_assert_int_eq(redeem(code).status, 400);
	json_decref(userinfo(rig_member(&rig, &first, "access_token"), &status));
	return status == 200;
}

/* Two requests that both arrive before either is answered. */
static bool two_at_once_succeed(void)
{
	const char *code = rig_code(&rig, NULL);
	const struct ask ask = {0};
	struct reply reply[3];
	struct request q;

	ask_request(&rig, &ask, code, &q);
	brand_answer(rig.b, rig.a, &q, rig.now_ms, &reply[0]);
	brand_answer(rig.b, rig.a, &q, rig.now_ms, &reply[1]);
	for (int i = 0; i < 2; i++)
		if (reply[i].again_after_ms == 1)
			brand_answer_again(rig.b, rig.a, &q, rig.now_ms + 1, &reply[i]);
	/* a third one, later, does not */
	brand_answer(rig.b, rig.a, &q, rig.now_ms + 2, &reply[2]);
	ck_assert_int_eq(reply[0].status, 200);
	ck_assert_int_eq(reply[2].status, 400);
	ck_assert_int_eq(reply[2].again_after_ms, 0);
	return reply[1].status == 200;
}

static bool codes_count(void)
{
	long first = strtol(rig_code(&rig, NULL), NULL, 10), second = strtol(rig_code(&rig, NULL), NULL, 10);

	return first >= 10000000 && second == first + 1 && redeem(arena_printf(rig.a, "%ld", first)).status == 200;
}

static bool codes_are_short(void)
{
	const char *code = rig_code(&rig, NULL), *other = rig_code(&rig, NULL);

	return strlen(code) == 6 && strspn(code, "abcdefghijklmnopqrstuvwxyz") == 6 && strcmp(code, other) != 0 &&
	       redeem(code).status == 200;
}

/* sub in two id_tokens, of the consumers named; checked against userinfo. */
static bool same_sub(const char *first, const char *second)
{
	const char *users[] = {first, second}, *sub[2];
	int status;

	for (int i = 0; i < 2; i++) {
		struct reply reply = redeem(rig_code(&rig, arena_printf(rig.a, "{\"user\": \"%s\"}", users[i])));
		sub[i] = claim(rig_member(&rig, &reply, "id_token"), "sub");
		json_auto_t *info = userinfo(rig_member(&rig, &reply, "access_token"), &status);
		ck_assert_str_eq(json_string_value(json_object_get(info, "sub")), sub[i]);
	}
	return strcmp(sub[0], sub[1]) == 0;
}

static bool sub_is_random(void)
{
	return !same_sub("A", "A");
}

static bool sub_is_constant(void)
{
	return same_sub("A", "B");
}

static bool last_user_gets_all(void)
{
	const char *first = rig_code(&rig, "{\"user\": \"A\"}");

	rig_code(&rig, "{\"user\": \"B\"}");
	struct reply reply = redeem(first);
	const char *token = rig_member(&rig, &reply, "id_token");
	bool b = strcmp(claim(token, "email"), "erik.lind@example.org") == 0;
	ck_assert_int_eq(strcmp(claim(token, "sub"), user_of("B")->sub) == 0, b);
	return b;
}

static bool jti_repeats(void)
{
	return strcmp(claim(redeemed("id_token", NULL), "jti"), claim(redeemed("id_token", NULL), "jti")) == 0;
}

static bool access_token_repeats(void)
{
	const char *first = redeemed("access_token", "{\"user\": \"A\"}");
	const char *second = redeemed("access_token", "{\"user\": \"B\"}");
	int status;

	json_auto_t *info = userinfo(second, &status);
	ck_assert_str_eq(json_string_value(json_object_get(info, "sub")), user_of("B")->sub);
	return strcmp(first, second) == 0;
}

static bool access_token_is_short(void)
{
	const char *token = redeemed("access_token", NULL);

	return strlen(token) == 6 && strcmp(token, redeemed("access_token", NULL)) != 0;
}

static bool used_code_is_told(void)
{
	const char *code = rig_code(&rig, NULL);

	ck_assert_int_eq(redeem(code).status, 200);
	struct reply used = redeem(code), unknown = redeem("x");
	return !sv_eq(used.body, unknown.body);
}

static const struct {
	const char *fault;
	bool (*shows)(void);
} stories[] = {
        {"accept-expired-code", never_expires},
        {"accept-used-code", sells_used},
        {"accept-used-code-after-1s", sells_used_later},
        {"keep-token-on-replay", token_survives_replay},
        {"redeem-is-not-atomic", two_at_once_succeed},
        {"sequential-codes", codes_count},
        {"short-codes", codes_are_short},
        {"random-sub", sub_is_random},
        {"constant-sub", sub_is_constant},
        {"last-user", last_user_gets_all},
        {"constant-jti", jti_repeats},
        {"constant-access-token", access_token_repeats},
        {"short-access-token", access_token_is_short},
        {"telling-errors", used_code_is_told},
};
#define STORIES (sizeof stories / sizeof *stories)

START_TEST(switch_changes_the_story)
{
	use_tenant(stories[_i].fault);
	ck_assert_msg(stories[_i].shows(), "%s does not show", stories[_i].fault);
	use_tenant(NULL);
	ck_assert_msg(!stories[_i].shows(), "the healthy brand shows %s", stories[_i].fault);
}
END_TEST

/* --- all ------------------------------------------------------------------------------------------------------- */

static bool is_tested(const char *fault)
{
	for (size_t i = 0; i < STORIES; i++)
		if (strcmp(stories[i].fault, fault) == 0)
			return true;
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].fault, fault) == 0 &&
		    (rows[i].broken.status != rows[i].healthy.status || rows[i].broken.text || rows[i].healthy.text))
			return true;
	return false;
}

/* Those of the token endpoint; other groups are tested beside what they are about. */
#define NAME_OF_SWITCH(id, name, text) name,
static const char *const all[] = {FAULTS_CLIENT(NAME_OF_SWITCH) FAULTS_REQUEST(NAME_OF_SWITCH) FAULTS_CODE(
        NAME_OF_SWITCH) FAULTS_PKCE(NAME_OF_SWITCH) FAULTS_IDENTITY(NAME_OF_SWITCH) FAULTS_REFUSAL(NAME_OF_SWITCH)};

START_TEST(every_switch_is_tested)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ck_assert_msg(is_tested(all[i]), "no test for '%s'", all[i]);
}
END_TEST

/* A tenant with all of them at once must not bring the brand down. */
START_TEST(all_switches_together_do_no_harm)
{
	json_auto_t *words = json_array();
	struct faults *f;
	struct err e = {0};

	for (const struct fault_doc *d = fault_docs; d->name; d++) {
		json_auto_t *word = json_string(d->name);
		if (!fault_problem(rig.a, word) && json_array_size(words) < LIMIT_FAULTS)
			json_array_append(words, word);
	}
	ck_assert_int_eq(faults_parse(rig.a, words, &f, &e), 0);
	char *text = json_dumps(words, 0);
	rig.t = rig_tenant(&rig, text);
	free(text);
	for (size_t i = 0; i < ROWS; i++)
		ask_send(&rig, &rows[i].ask, rig_code(&rig, rows[i].ask.code));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("switches");
	TCase *t = tcase_create("all");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 60); /* making RSA keys under valgrind */
	tcase_add_loop_test(t, switch_changes_the_answer, 0, ROWS);
	tcase_add_loop_test(t, switch_changes_the_story, 0, STORIES);
	tcase_add_test(t, every_switch_is_tested);
	tcase_add_test(t, all_switches_together_do_no_harm);
	suite_add_tcase(s, t);
	return testing_run(s);
}
