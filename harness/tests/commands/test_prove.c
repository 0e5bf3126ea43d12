/* prove and serve: that the proof can fail, and that the mock brand does what it prints. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/ran.h"
#include "core/buf.h"
#include "testing.h"

#define SCENARIO                                                                                          \
	"scenario: lone\ntitle: A lone scenario\nwhy: To be broken.\nsteps:\n  - redeem: {code: valid}\n" \
	"    expect:\n      - check: idtoken.sub.valid\n      - check: token.status-200\ncontrols:\n"

/* Proves a suite of one scenario with these controls. */
static struct ran prove(struct arena *a, const char *controls)
{
	const char *folder = testing_folder(a);

	testing_write(arena_printf(a, "%s/suite/lone.yaml", folder), sv_of(arena_printf(a, SCENARIO "%s", controls)));
	return RAN(a, folder, "brandcert", "prove", "--suite", "suite");
}

#define BREAK_SUB "  - {name: no-sub, break: {id_token: {remove: [sub]}}, catches: [idtoken.sub.valid]}\n"
#define BREAK_STATUS "  - {name: created, break: {response: {status: 201}}, catches: [token.status-200]}\n"

START_TEST(a_sound_suite_is_proven)
{
	arena_auto *a = arena_new();
	struct ran r = prove(a, BREAK_SUB BREAK_STATUS);

	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, "2 of 2 controls");
	assert_contains(r.out, "2 proven, 0 unproven");
}
END_TEST

START_TEST(an_unsound_suite_is_not)
{
	static const struct {
		const char *controls, *says;
	} rows[] = {
	        /* a requirement that nothing makes fail */
	        {BREAK_SUB, "UNPROVEN"},
	        /* a control that does not fail what it names */
	        {BREAK_SUB BREAK_STATUS "  - {name: idle, break: {id_token: {set: {email: x@example.com}}}, "
	                                "catches: [idtoken.sub.valid]}\n",
	         "lone/idle: 'idtoken.sub.valid' should fail, but the verdict is pass"},
	        /* a control that fails more than it names */
	        {BREAK_SUB BREAK_STATUS "  - {name: both, break: {response: {status: 201}, id_token: {remove: [sub]}}, "
	                                "catches: [idtoken.sub.valid]}\n",
	         "lone/both: 'token.status-200' should not fail or warn, but the verdict is fail"},
	        /* a variation that is called permitted and is not */
	        {BREAK_SUB BREAK_STATUS "  - {name: allowed, permit: {id_token: {remove: [sub]}}}\n",
	         "lone/allowed: 'idtoken.sub.valid' should not fail or warn"},
	        /* a failure where a warning is named */
	        {BREAK_SUB BREAK_STATUS
	         "  - {name: soft, break: {id_token: {remove: [sub]}}, warns: [idtoken.sub.valid]}\n",
	         "lone/soft: 'idtoken.sub.valid' should warn, but the verdict is fail"},
	};
	arena_auto *a = arena_new();
	struct ran r = prove(a, rows[_i].controls);

	ck_assert_msg(r.status == 1, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, rows[_i].says);
}
END_TEST

START_TEST(a_control_whose_scenario_does_not_apply_is_no_proof)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	/* The reference brand publishes a JWKS and has no pasted key. */
	const char *text = "needs: [keys.public_key]\n" SCENARIO BREAK_SUB BREAK_STATUS
	                   "  - {name: quiet, permit: {response: {pretty: true}}}\n";

	testing_write(arena_printf(a, "%s/suite/lone.yaml", folder), sv_of(text));
	struct ran r = RAN(a, folder, "brandcert", "prove", "--suite", "suite");
	ck_assert_msg(r.status == 1, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, "lone/no-sub: judged nothing, the scenario was skipped: ");
	assert_contains(r.out, "lone/quiet: judged nothing, the scenario was skipped: ");
	assert_contains(r.out, "0 of 2 controls");
	assert_contains(r.out, "0 of 1 pass");
}
END_TEST

START_TEST(a_selection_need_not_prove_what_others_do)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);

	testing_write(arena_printf(a, "%s/suite/lone.yaml", folder), SV(SCENARIO BREAK_SUB));
	struct ran r = RAN(a, folder, "brandcert", "prove", "--suite", "suite", "--only", "lone");
	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, "UNPROVEN: no control of the selected scenarios");
}
END_TEST

START_TEST(reports_are_written)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);

	testing_write(arena_printf(a, "%s/suite/lone.yaml", folder), SV(SCENARIO BREAK_SUB BREAK_STATUS));
	struct ran r = RAN(a, folder, "brandcert", "prove", "--suite", "suite", "--quiet");
	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	ck_assert_str_eq(r.out, "");
	json_auto_t *proof = ran_json(a, arena_printf(a, "%s/reports/proof.json", folder));
	ck_assert(json_is_true(json_object_get(proof, "proven")));
	ck_assert_uint_eq(json_array_size(json_object_get(proof, "trials")), 5);
	const char *page = testing_read(a, arena_printf(a, "%s/reports/proof.md", folder));
	assert_contains(page, "| `idtoken.sub.valid` | must | lone: no-sub |");
	assert_contains(page,
	                "| created | break | liveperson | `[{\"response\":{\"status\":201}}]` | `token.status-200` |");

	/* Elsewhere on request; where they cannot be written, the proof is still told, but it is no success. */
	r = RAN(a, folder, "brandcert", "prove", "--suite", "suite", "--report-folder", "suite/lone.yaml");
	ck_assert_msg(r.status == 3, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.err, "suite/lone.yaml");
	assert_contains(r.out, "2 of 2 controls");
	r = RAN(a, folder, "brandcert", "prove", "--suite", "suite", "--report-folder", "deep/er");
	ck_assert_int_eq(r.status, 0);
	assert_contains(r.out, "Report: deep/er/proof.md\n");
	assert_contains(testing_read(a, arena_printf(a, "%s/deep/er/proof.md", folder)), "**Proven.**");
}
END_TEST

START_TEST(a_fault_that_does_not_exist_is_refused_at_load)
{
	arena_auto *a = arena_new();
	struct ran r = prove(a, "  - {name: x, break: {sing: none}, catches: [idtoken.sub.valid]}\n");

	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "lone.yaml:10:");
	assert_contains(r.err, "sign");
}
END_TEST

/* --- serve ------------------------------------------------------------------------------------------------------- */

/* The child's output up to an empty line behind `until`, or all of it. */
static char *read_until(struct arena *a, int fd, const char *until)
{
	struct buf b = {.cap = 64 * 1024};
	char c;

	while (read(fd, &c, 1) == 1) {
		buf_add_char(&b, c);
		if (strstr(b.p, until) && b.n > 2 && strcmp(b.p + b.n - 2, "\n\n") == 0)
			break;
	}
	char *text = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return text;
}

START_TEST(serve_prints_lines_that_work)
{
	arena_auto *a = arena_new();
	const char *state = arena_printf(a, "%s/state", testing_folder(a)), *program = ran_program(a, "brandcert");
	int out[2], status;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (dup2(out[1], 1) < 0)
			_exit(126);
		execl(program, "brandcert", "serve", "--state", state, NULL);
		_exit(127);
	}
	close(out[1]);
	char *text = read_until(a, out[0], "redirect_uri=");
	assert_contains(text, "target.yaml");

	/* The two curl lines, as somebody pastes them. */
	const char *lines = strstr(text, "  code=$(");
	ck_assert_ptr_nonnull(lines);
	struct ran r = RAN(a, ".", "sh", "-c", lines);
	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);
	assert_contains(r.out, "\"id_token\":");
	r = RAN(a, ".", "brandcert", "run", "--only", "missing-sub", "--target",
	        arena_printf(a, "%s/target.yaml", state));
	ck_assert_msg(r.status == 0, "status %d\n%s\n%s", r.status, r.out, r.err);

	kill(pid, SIGINT);
	while (waitpid(pid, &status, 0) < 0)
		ck_assert_int_eq(errno, EINTR);
	close(out[0]);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

START_TEST(serve_refuses_a_fault_that_does_not_exist)
{
	arena_auto *a = arena_new();
	const char *folder = testing_folder(a);
	struct ran r = RAN(a, folder, "brandcert", "serve", "--state", "state", "--faults", "[{\"sing\": \"none\"}]");

	ck_assert_int_ne(r.status, 0);
	assert_contains(r.err, "sign");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: prove and serve");
	TCase *t = tcase_create("all");

	/* whole runs, with a waiting for codes to expire: a bound against hanging, not a measure */
	tcase_set_timeout(t, 240);

	tcase_add_test(t, a_sound_suite_is_proven);
	tcase_add_loop_test(t, an_unsound_suite_is_not, 0, 5);
	tcase_add_test(t, a_control_whose_scenario_does_not_apply_is_no_proof);
	tcase_add_test(t, a_selection_need_not_prove_what_others_do);
	tcase_add_test(t, reports_are_written);
	tcase_add_test(t, a_fault_that_does_not_exist_is_refused_at_load);
	tcase_add_test(t, serve_prints_lines_that_work);
	tcase_add_test(t, serve_refuses_a_fault_that_does_not_exist);
	suite_add_tcase(s, t);
	return testing_run(s);
}
