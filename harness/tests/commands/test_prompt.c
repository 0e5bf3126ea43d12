/*
 * Codes and tokens from a person who logs in by hand: brandcert's questions, answered by somebody with a real browser at the
 * login pages of the reference brand (person.mjs).
 */
#include <arpa/inet.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "commands/edited.h"
#include "endpoint/users.h"
#include "testing.h"

#define WINDOW "https://window.brand.example/chat/external.html?"

static const char codes_by_hand[] = "codes: {from: prompt, timeout: 200}\n";
static const char codes_by_visit[] = "codes: {from: prompt, timeout: 200, listen: \"http://127.0.0.1:%d/cb\"}\n";
static const char tokens_by_hand[] = "tokens: {from: prompt, timeout: 200}\n";
static const char tokens_by_visit[] = "tokens: {from: prompt, timeout: 200, listen: \"http://127.0.0.1:%d/cb\"}\n";

static const struct row {
	const char *name;
	const char *added; /* to the target file */
	const char *moves[5];
	int status;
	size_t asked;        /* how many addresses were shown */
	const char *landed;  /* what the browser showed at some time, as address or page; NULL: anything */
	const char *says[4]; /* on standard error */
	const char *lacks;   /* nothing says that */
} rows[] = {
        {.name = "the address is pasted",
         .added = codes_by_hand,
         .moves = {"login"},
         .asked = 1,
         .landed = WINDOW,
         .says = {"brandcert needs a code. Open this address in a browser and log in",
                  "Then paste here the whole address that you land on, even if there is no page."},
         .lacks = "This will not do"},
        {.name = "the code is pasted", .added = codes_by_hand, .moves = {"code"}, .asked = 1, .lacks = "will not do"},
        {.name = "the browser lands on brandcert",
         .added = codes_by_visit,
         .moves = {"listen"},
         .asked = 1,
         .landed = "Thank you. You can close this window.",
         .lacks = "paste"},
        {.name = "somebody else's browser lands there, too",
         .added = codes_by_visit,
         .moves = {"other-visit"},
         .asked = 1,
         .landed = "This is not the answer that brandcert is waiting for.",
         .lacks = "paste"},
        {.name = "a token in the fragment is pasted",
         .added = tokens_by_hand,
         .moves = {"login"},
         .asked = 1,
         .landed = "#id_token=",
         .says = {"brandcert needs a token."},
         .lacks = "will not do"},
        {.name = "a token in the fragment comes to brandcert",
         .added = tokens_by_visit,
         .moves = {"listen"},
         .asked = 1,
         .landed = "Thank you. You can close this window."},
        {.name = "another login's answer, then the right one",
         .added = codes_by_hand,
         .moves = {"other-state", "words", "login"},
         .asked = 1,
         .says = {"This will not do: the redirect to the client has another 'state' than was sent. Paste the address "
                  "again:",
                  "This will not do: the answer is neither an address nor a code: it has blanks in it. Paste"}},
        {.name = "an address without its beginning, then the whole",
         .added = codes_by_hand,
         .moves = {"half", "login"},
         .asked = 1,
         .says = {"This will not do: the address is not whole: it begins with 'https://'. Paste"}},
        {.name = "the person says no, then yes",
         .added = codes_by_hand,
         .moves = {"deny", "login"},
         .asked = 1,
         .landed = "error=access_denied",
         .says = {"This will not do: the authorization endpoint answered with error 'access_denied'. Paste the "
                  "address again:"}},
        {.name = "three wrong answers",
         .added = codes_by_hand,
         .moves = {"other-state", "other-state", "other-state"},
         .status = 3,
         .asked = 1,
         .says = {"the redirect to the client has another 'state' than was sent"}},
        {.name = "the person says no, and goes",
         .added = codes_by_hand,
         .moves = {"deny", "leave"},
         .status = 3,
         .asked = 1,
         .says = {"error 'access_denied'"}},
        {.name = "nobody is there",
         .added = codes_by_hand,
         .moves = {"leave"},
         .status = 3,
         .asked = 1,
         .says = {"brandcert needs a code."}},
};

struct scene {
	struct arena *a;
	const struct row *row;
	struct brand brand;
	const char *folder;
	json_t *told; /* by the person */
};

static const char *told(const struct scene *s, const char *member)
{
	const char *text = json_string_value(json_object_get(s->told, member));

	return text ? text : "";
}

/* A port that was free a moment ago. */
static int free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, n), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static const char *filled(struct arena *a, const char *added)
{
	const char *port = strstr(added, "%d");

	return port ? arena_printf(a, "%.*s%d%s", (int)(port - added), added, free_port(), port + 2) : added;
}

static void act(struct scene *s)
{
	const struct row *row = s->row;
	bool tokens = row->added == tokens_by_hand || row->added == tokens_by_visit;
	const char *password = testing_read(s->a, arena_printf(s->a, "%s/password", s->brand.state));
	const char *argv[16] = {
	        "node",
	        ran_file(s->a, "harness/tests/commands/person.mjs"),
	        ran_program(s->a, "brandcert"),
	        edited_target(s->a, &s->brand, "prompt.yaml", tokens ? "tokens" : "codes", filled(s->a, row->added)),
	        tokens ? "handed-over-token" : "valid-code",
	        user_at(0)->name,
	        password};

	for (size_t i = 0; row->moves[i]; i++)
		argv[7 + i] = row->moves[i];
	struct ran r = ran(s->a, s->folder, argv);
	ck_assert_msg(r.status == 0, "%s: the person failed: %s%s", row->name, r.out, r.err);
	s->told = json_loads(r.out, 0, NULL);
	ck_assert_msg(s->told != NULL, "%s: no JSON: %s", row->name, r.out);
}

static bool was_on(const struct scene *s, const char *text)
{
	const json_t *landed = json_object_get(s->told, "landed");

	for (size_t i = 0; i < json_array_size(landed); i++)
		if (strstr(json_string_value(json_array_get(landed, i)), text))
			return true;
	return false;
}

/* How many codes or tokens were had. */
static size_t had(const struct scene *s)
{
	const char *evidence = testing_read(s->a, arena_printf(s->a, "%s/evidence.jsonl", s->folder));
	size_t n = 0;

	for (struct sv rest = sv_of(evidence), line; sv_cut(&rest, '\n', &line);) {
		json_auto_t *v = json_loadb(line.p, line.n, 0, NULL);
		const json_t *code = json_object_get(json_object_get(v, "exchange"), "code");
		n += json_integer_value(json_object_get(code, "obtained_ms")) > 0;
	}
	return n;
}

START_TEST(a_person_logs_in)
{
	arena_auto *a = arena_new();
	const struct row *row = &rows[_i];
	struct scene s = {.a = a, .row = row, .brand = brand_start(a, NULL), .folder = testing_folder(a)};

	act(&s);
	brand_stop(&s.brand);
	char *dumped = json_dumps(s.told, JSON_INDENT(1));
	const char *all = arena_printf(a, "%s: %s", row->name, dumped);
	free(dumped);
	ck_assert_msg(json_integer_value(json_object_get(s.told, "status")) == row->status, "%s", all);
	ck_assert_msg(json_array_size(json_object_get(s.told, "asked")) == row->asked, "%s", all);
	ck_assert_msg(!row->landed || was_on(&s, row->landed), "%s", all);
	ck_assert_msg(had(&s) == (row->status == 0), "%zu had: %s", had(&s), all);
	for (size_t i = 0; row->says[i]; i++)
		assert_contains(told(&s, "err"), row->says[i]);
	if (row->lacks)
		assert_lacks(told(&s, "err"), row->lacks);
	json_decref(s.told);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: prompt");
	TCase *t = tcase_create("all");

	/* a browser on a busy machine: a bound against hanging, not a measure */
	tcase_set_timeout(t, 240);
	tcase_add_loop_test(t, a_person_logs_in, 0, sizeof rows / sizeof *rows);
	suite_add_tcase(s, t);
	return testing_run(s);
}
