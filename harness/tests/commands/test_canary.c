/*
 * No secret in anything that a run shows: the whole suite against tenants that repeat what they get, then the same evidence
 * with replies that repeat everything in every spelling. Every report, the summary and --verbose are searched.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/canary.h"
#include "commands/edited.h"
#include "commands/ran.h"
#include "core/base64.h"
#include "core/file.h"
#include "core/form.h"
#include "report/report.h"
#include "testing.h"

#define COOKIE "canary-cookie-7QxZ0aTn5WbR2LkE"
/* no random text, so that nothing but its place tells that it is secret */
#define NAME_IN_COOKIE "canary.in.its.place"

/* of a target file whose codes come from a hook */
#define HOOK_HEADER "canary.of+the/hook=4711"
#define OWN_COOKIE "canary-cookie-from-the-file-8z"
#define EXPIRED "canary~expired~code~0815"

/* Replies of all kinds repeat what the brand knows of the request, in header fields and in the body. */
#define REPEATS                                                                                           \
	"{\"header\": {\"add\": [[\"X-Echo\", \"{code} {client_secret} {access_token}\"],"                \
	" [\"Set-Cookie\", \"sid=" COOKIE "; Path=/\"], [\"Set-Cookie\", \"user=" NAME_IN_COOKIE          \
	"\"], [\"Set-Cookie\", \"last={client_secret}:{code}\"],"                                         \
	" [\"Location\", \"https://x.test/?code={code}&z={client_secret}#{access_token}\"],"              \
	" [\"WWW-Authenticate\", \"Basic realm=\\\"{client_secret}\\\"\"]]},"                             \
	" \"body\": {\"set\": {\"debug\": \"secret {client_secret} for code {code}, cookie " COOKIE "\"," \
	" \"tokens\": [\"{access_token}\", {\"deep\": \"{id_token}\"}]}},"                                \
	" \"suffix\": \"\\n<p>{client_secret}</p><a href='?c={code}'>{access_token}</a>\"}"
#define FAULTS                                                                                                   \
	"\"reflect-code-header\", \"reflect-code-body\", {\"response\": " REPEATS "}, {\"error\": " REPEATS "}," \
	" {\"id_token\": {\"set\": {\"note\": \"{client_secret} {access_token} {code}\"}}}"

static const char *text_at(const json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

/* --- what must not be seen ------------------------------------------------------------------------------------------ */

static void add_text(struct canaries *c, const char *name, const char *value, size_t step)
{
	if (value && strlen(value) >= CANARY_WINDOW)
		canaries_add(c, name, sv_of(value), step);
}

static void add_file(struct arena *a, struct canaries *c, const struct brand *b, const char *file)
{
	const char *path = arena_printf(a, "%s/%s", b->state, file);

	if (file_exists(path))
		for (struct sv rest = sv_of(testing_read(a, path)), line; sv_cut(&rest, '\n', &line);)
			if (line.n >= CANARY_WINDOW && line.p[0] != '-')
				canaries_add(c, file, line, 1);
}

/* Signature of a JWS; all but the header of a JWE. */
static void add_token(struct arena *a, struct canaries *c, const char *token)
{
	struct sv part, decoded;
	size_t i = 0, parts = 1;

	for (const char *p = token; *p; p++)
		parts += *p == '.';
	for (struct sv rest = sv_of(token); sv_cut(&rest, '.', &part); i++) {
		if (part.n < CANARY_WINDOW * 2 || i == 0 || (parts <= 3 && i < 2))
			continue;
		canaries_add(c, "signature", part, 16);
		if (base64_decode_loosely(a, part, &decoded) == 0)
			canaries_add(c, "decoded signature", decoded, 16);
	}
}

/* Of a reply with something behind its JSON, too. */
static json_t *body_of(const json_t *message)
{
	const char *body = text_at(message, "body");

	return body ? json_loads(body, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
}

/* The value of a cookie by which the brand knows a browser; the others repeat what it was sent. */
static struct sv own_cookie(struct sv line)
{
	static const struct sv names[] = {SV("Set-Cookie: session="), SV("Set-Cookie: browser=")};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sv rest = {line.p + names[i].n, line.n - names[i].n}, value;
		if (sv_starts(line, names[i]) && sv_cut(&rest, ';', &value))
			return value;
	}
	return SV_NONE;
}

/* Cookies of the login, and tokens in the address that it ended at. */
static void add_way(struct arena *a, struct canaries *c, const json_t *message)
{
	const json_t *lines = json_object_get(json_object_get(message, "response"), "lines"), *line;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		const char *text = json_string_value(line), *token = strstr(text, "id_token=");
		struct sv cookie = own_cookie(sv_of(text));
		if (cookie.p)
			canaries_add(c, "cookie", cookie, 1);
		if (token && sv_starts(sv_of(text), SV("Location: ")))
			add_token(a, c, arena_sv(a, (struct sv){token + 9, strcspn(token + 9, "&")}));
	}
}

static void add_exchange(struct arena *a, struct canaries *c, const json_t *x)
{
	const json_t *hops = json_object_get(x, "hops"), *hop;
	size_t i;

	add_way(a, c, x);
	json_array_foreach(hops, i, hop) add_way(a, c, hop);
	if (strcmp(text_at(x, "kind"), "handover") == 0)
		add_token(a, c, text_at(json_object_get(x, "response"), "body"));
	const json_t *code = json_object_get(x, "code");
	json_auto_t *body = body_of(json_object_get(x, "response"));
	const char *token = text_at(body, "id_token");

	add_text(c, "code", text_at(code, "code"), 4);
	add_text(c, "code_verifier", text_at(code, "code_verifier"), 4);
	add_text(c, "access_token", text_at(body, "access_token"), 4);
	add_text(c, "refresh_token", text_at(body, "refresh_token"), 4);
	if (token)
		add_token(a, c, token);
}

static struct canaries *canaries_of(struct arena *a, const struct brand *b, const char *evidence)
{
	static const char *const files[] = {"client-secret",  "second-client-secret", "encoded-client-secret",
	                                    "control-token",  "decryption-key.pem",   "password",
	                                    "second-password"};
	struct canaries *c = canaries_new(a);

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		add_file(a, c, b, files[i]);
	canaries_add(c, "cookie", SV(COOKIE), 1);
	canaries_add(c, "name in a cookie", SV(NAME_IN_COOKIE), 1);
	canaries_add(c, "hook header", SV(HOOK_HEADER), 1);
	canaries_add(c, "cookie of the target file", SV(OWN_COOKIE), 1);
	canaries_add(c, "expired code", SV(EXPIRED), 1);
	for (struct sv rest = sv_of(testing_read(a, evidence)), line; sv_cut(&rest, '\n', &line);) {
		json_auto_t *v = json_loadb(line.p, line.n, 0, NULL);
		const json_t *x = json_object_get(v, "exchange");
		if (x)
			add_exchange(a, c, x);
	}
	return c;
}

/* --- what is looked through ------------------------------------------------------------------------------------------ */

struct looked {
	struct arena *a;
	const char *folder; /* of the reports */
	const char **argv;
	size_t n;
};

static void argument(struct looked *l, const char *text)
{
	ck_assert_uint_lt(l->n, 64);
	l->argv[l->n++] = text;
}

static struct looked command(struct arena *a, const char *name)
{
	struct looked l = {.a = a, .folder = testing_folder(a), .argv = arena_array(a, 65, sizeof *l.argv)};

	argument(&l, "brandcert");
	argument(&l, name);
	argument(&l, "--verbose");
	for (const struct report_format *f = report_formats; f->name; f++) {
		argument(&l, "--report");
		argument(&l, arena_printf(a, "%s:%s/%s", f->name, l.folder, f->name));
	}
	return l;
}

static const char *const placeholders[] = {"[client_secret]", "[code]", "[access_token]", "[cookie]"};

static void search(struct looked *l, const struct ran *r, const struct canaries *c, struct buf *found)
{
	const char *name = l->argv[1];

	canaries_search(c, arena_printf(l->a, "%s: the summary", name), sv_of(r->out), found);
	canaries_search(c, arena_printf(l->a, "%s: standard error", name), sv_of(r->err), found);
	for (const struct report_format *f = report_formats; f->name; f++) {
		const char *text = testing_read(l->a, arena_printf(l->a, "%s/%s", l->folder, f->name));
		canaries_search(c, arena_printf(l->a, "%s: %s", name, f->name), sv_of(text), found);
		/* or else nothing was repeated, and nothing is proven */
		for (size_t i = 0; strcmp(f->name, "json") == 0 && i < sizeof placeholders / sizeof *placeholders; i++)
			if (!strstr(text, placeholders[i]))
				buf_addf(found, "%s: %s was repeated nowhere\n", name, placeholders[i]);
	}
}

static struct ran shown(struct looked *l)
{
	struct ran r = ran(l->a, l->folder, l->argv);

	ck_assert_msg(r.status == 1, "%s: status %d\n%.2000s", l->argv[1], r.status, r.err);
	return r;
}

static void nothing(struct buf *found)
{
	if (!found->n)
		return;
	/* Check bounds the length of its own messages. */
	fputs(found->p, stdout);
	fflush(stdout);
	ck_abort_msg("secrets are shown: see above");
}

/* --- replies that repeat everything ----------------------------------------------------------------------------------- */

static void add_header(struct arena *a, json_t *lines, const char *name, const char *value)
{
	/* a header field is one line */
	if (!strpbrk(value, "\r\n"))
		json_array_append_new(lines, json_string(arena_printf(a, "%s: %s", name, value)));
}

static const char *header_in(const json_t *lines, const char *name)
{
	size_t i, n = strlen(name);
	const json_t *line;

	json_array_foreach(lines, i, line) if (strncasecmp(json_string_value(line), name, n) ==
	                                       0) return json_string_value(line) +
	        n;
	return "";
}

/* What the brand could know: the request as it came, the secrets of all clients, the tokens that it gave. */
static char *all_of(struct arena *a, const json_t *run, const json_t *x)
{
	static const char *const secrets[] = {"client_secret", "second_client_secret", "encoded_client_secret",
	                                      "decryption_key"};
	const json_t *request = json_object_get(x, "request"), *lines = json_object_get(request, "lines"), *line;
	const char *body = text_at(request, "body"), *reply = text_at(json_object_get(x, "response"), "body");
	struct buf all = {.cap = BUF_OWN};
	size_t i;

	json_array_foreach(lines, i, line) buf_addf(&all, "%s\r\n", json_string_value(line));
	buf_addf(&all, "\r\n%.4000s\r\n", body ? body : "");
	for (i = 0; i < sizeof secrets / sizeof *secrets; i++)
		if (text_at(run, secrets[i]))
			buf_addf(&all, "it is %s.\r\n", text_at(run, secrets[i]));
	json_array_foreach(json_object_get(run, "secrets"), i, line)
	        buf_addf(&all, "a secret: %s.\r\n", json_string_value(line));
	buf_addf(&all, "%.6000s", reply ? reply : "");
	char *text = arena_sv(a, buf_sv(&all));
	buf_release(&all);
	return text;
}

static void repeat(struct arena *a, const json_t *run, json_t *x, const struct spelling *s)
{
	json_t *response = json_object_get(x, "response"), *lines = json_object_get(response, "lines");
	const json_t *sent = json_object_get(json_object_get(x, "request"), "lines");
	const char *secret = text_at(run, "client_secret"), *code = text_at(json_object_get(x, "code"), "code");
	const char *all = s->spell(a, sv_of(all_of(a, run, x)));
	const char *reply = text_at(response, "body");
	json_auto_t *object = body_of(response);
	bool tokens = json_object_get(object, "access_token") || json_object_get(object, "id_token");
	size_t half = strlen(secret) / 2;

	if (!json_array_size(lines))
		return;
	add_header(a, lines, "X-Authorization", s->spell(a, sv_of(header_in(sent, "Authorization:"))));
	add_header(a, lines, "X-Secret", s->spell(a, sv_of(secret)));
	add_header(a, lines, "X-Half", s->spell(a, (struct sv){secret, half}));
	add_header(a, lines, "X-Other-Half", s->spell(a, sv_of(secret + half)));
	add_header(a, lines, "Set-Cookie", arena_printf(a, "a=%s", s->spell(a, sv_of(code ? code : secret))));
	add_header(a, lines, "Location",
	           arena_printf(a, "https://x.test/%s", s->spell(a, sv_of(code ? code : secret))));
	json_auto_t *body =
	        json_pack("{s:s, s:s, s:s, s:s}", "error", "invalid_request", "error_description", all, "begins",
	                  s->spell(a, (struct sv){secret, half}), "ends", s->spell(a, sv_of(secret + half)));
	/* every second as JSON, the others as a page that shows it as it is */
	char *dumped = body ? json_dumps(body, JSON_COMPACT) : NULL;
	const char *page =
	        arena_printf(a, "<html><p>%s</p><p>%.*s</p><p>%s</p></html>", all, (int)half, secret, secret + half);
	bool as_json = dumped && strlen(text_at(x, "id")) % 2;
	/* tokens stay where they can be read: what is only there in other spellings is known to nobody */
	json_object_set_new(response, "body",
	                    json_string(arena_printf(a, "%s%s%s", tokens ? reply : "", tokens ? "\n" : "",
	                                             as_json ? dumped : page)));
	free(dumped);
}

/* The evidence with other replies: what a run against a brand that does all this would have recorded. */
static const char *repeated(struct arena *a, const char *evidence)
{
	const char *path = arena_printf(a, "%s/repeated.jsonl", testing_folder(a));
	struct buf out = {.cap = BUF_OWN};
	json_t *run = NULL;
	size_t i = 0;

	for (struct sv rest = sv_of(testing_read(a, evidence)), line; sv_cut(&rest, '\n', &line);) {
		json_auto_t *v = json_loadb(line.p, line.n, 0, NULL);
		json_t *x = json_object_get(v, "exchange");
		if (!v)
			continue;
		if (json_object_get(v, "run"))
			run = json_incref(json_object_get(v, "run"));
		if (x && strcmp(text_at(x, "kind"), "jwks") != 0 && strcmp(text_at(x, "kind"), "handover") != 0) {
			if (!spellings[i].name)
				i = 0;
			repeat(a, run, x, &spellings[i++]);
		}
		char *dumped = json_dumps(v, JSON_COMPACT);
		buf_addf(&out, "%s\n", dumped);
		free(dumped);
	}
	json_decref(run);
	testing_write(path, buf_sv(&out));
	buf_release(&out);
	return path;
}

/* --- tests -------------------------------------------------------------------------------------------------------- */

/* makes_target NULL: the brand's own. */
static void run_and_judge(const char *faults, const char *const *only,
                          const char *makes_target(struct arena *a, const struct brand *b))
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, faults);
	struct buf found = {.cap = BUF_OWN};
	const char *evidence = arena_printf(a, "%s/evidence.jsonl", testing_folder(a));
	struct looked run = command(a, "run"), judge = command(a, "judge");

	argument(&run, "--target");
	argument(&run, makes_target ? makes_target(a, &b) : brand_says(&b, "target_file"));
	argument(&run, "--record");
	argument(&run, evidence);
	for (; *only; only++) {
		argument(&run, "--only");
		argument(&run, *only);
		argument(&judge, "--only");
		argument(&judge, *only);
	}
	/* the secrets of a run are known when it is over */
	struct ran r = shown(&run);
	struct canaries *c = canaries_of(a, &b, evidence);
	brand_stop(&b);
	ck_assert_uint_gt(canaries_count(c), 1000);
	search(&run, &r, c, &found);
	argument(&judge, repeated(a, evidence));
	r = shown(&judge);
	search(&judge, &r, c, &found);
	nothing(&found);
}

START_TEST(nothing_shows_a_secret)
{
	static const char *const all[] = {NULL};

	run_and_judge("[" FAULTS "]", all, NULL);
}
END_TEST

/* With the private key of an encrypted id_token among the secrets. */
START_TEST(nothing_shows_the_decryption_key)
{
	static const char *const only[] = {"encrypted-token", "valid-code", NULL};

	run_and_judge("[" FAULTS ", {\"encrypt\": \"correct-a256gcm\"}]", only, NULL);
}
END_TEST

/* Codes from a test-only endpoint that asks for a header, a cookie to log in with, and a code that has expired. */
static const char *hooked(struct arena *a, const struct brand *b)
{
	const char *control = brand_says(b, "control_url");
	const char *token = testing_read(a, arena_printf(a, "%s/control-token", b->state));

	return edited_target(
	        a, b, "hooked.yaml", "codes authorization",
	        arena_printf(a,
	                     "codes:\n  from: http\n  url: \"%s/tenants/t1/codes\"\n"
	                     "  headers: {Authorization: \"Bearer %s\", X-Key: \"" HOOK_HEADER "\"}\n"
	                     "  body: '{\"redirect_uri\": \"{redirect_uri|json}\", \"nonce\": \"{nonce|json}\", "
	                     "\"code_challenge\": \"{code_challenge|json}\", \"code_challenge_method\": "
	                     "\"{code_challenge_method|json}\"}'\n"
	                     "  take: body /code\n  expired_code: \"" EXPIRED "\"\n"
	                     "authorization:\n  endpoint: \"%s/authorize\"\n"
	                     "  login: {cookies: \"theme=dark; session=" OWN_COOKIE "\"}\n",
	                     control, token, brand_says(b, "issuer")));
}

START_TEST(nothing_shows_what_else_the_file_holds)
{
	static const char *const only[] = {"valid-code", "expired-code", "state-unchanged", "denied-login", NULL};

	run_and_judge("[" FAULTS "]", only, hooked);
}
END_TEST

/* --- personal claims ---------------------------------------------------------------------------------------------- */

#define PERSON                                                                               \
	"{\"given_name\": \"canary-given-name\", \"email\": \"canary.person@example.test\"," \
	" \"phone_number\": 491701234567890, \"address\": {\"street_address\": \"Canary Street 4711\"}}"

static struct canaries *person(struct arena *a)
{
	struct canaries *c = canaries_new(a);

	canaries_add(c, "given_name", SV("canary-given-name"), 1);
	canaries_add(c, "email", SV("canary.person@example.test"), 1);
	canaries_add(c, "phone_number", SV("491701234567890"), 1);
	canaries_add(c, "address", SV("Canary Street 4711"), 1);
	return c;
}

START_TEST(masked_claims_are_not_shown)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(
	        a,
	        "[{\"id_token\": {\"set\": " PERSON "}}, {\"response\": {\"body\": {\"set\":"
	        " {\"user\": \"canary-given-name\", \"id\": \"{sub}\"}},"
	        " \"header\": {\"add\": [[\"X-User\", \"canary.person%40example.test\"], [\"Set-Cookie\", \"sid=" COOKIE
	        "\"]]}}},"
	        " {\"error\": {\"body\": {\"set\": {\"user\": \"canary-given-name\"}}}}]");
	struct buf found = {.cap = BUF_OWN};
	struct canaries *c = person(a);
	struct looked run = command(a, "run"), open = run;

	argument(&run, "--target");
	argument(&run, arena_printf(a, "%s/target.yaml", b.state));
	open = run;
	open.argv = arena_array(a, 65, sizeof *open.argv);
	memcpy(open.argv, run.argv, run.n * sizeof *run.argv);
	argument(&open, "--only");
	argument(&open, "valid-code");
	argument(&run, "--mask-claims");
	struct ran r = shown(&run);
	search(&run, &r, c, &found);
	nothing(&found);
	/* nobody asked for it: then they are there to be seen */
	r = shown(&open);
	search(&open, &r, c, &found);
	brand_stop(&b);
	assert_contains(found.p ? found.p : "", "given_name");
	assert_contains(found.p, "email");
	assert_contains(found.p, "phone_number");
	buf_release(&found);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: canary");
	TCase *t = tcase_create("all");

	/* whole runs: a bound against hanging, not a measure */
	tcase_set_timeout(t, 240);
	tcase_add_test(t, nothing_shows_a_secret);
	tcase_add_test(t, nothing_shows_the_decryption_key);
	tcase_add_test(t, nothing_shows_what_else_the_file_holds);
	tcase_add_test(t, masked_claims_are_not_shown);
	suite_add_tcase(s, t);
	return testing_run(s);
}
