#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/finish.h"
#include "commands/load.h"

int command_judge(const struct options *o)
{
	struct loaded_suite suite;
	struct evidence ev;
	struct target target;
	struct expectations *expected;
	struct err e = {0};

	if (o->nrest != 1) {
		err_input(&e,
		          "'brandcert judge' takes one file of evidence, as 'brandcert run --record FILE' writes it");
		return command_error(&e);
	}
	if (finish_check(o, &e) < 0)
		return command_error(&e);
	FILE *f = fopen(o->rest[0], "re");
	if (!f) {
		err_input(&e, "cannot read '%s': %s", o->rest[0], strerror(errno));
		return command_error(&e);
	}
	int failed = evidence_read(f, o->rest[0], o->a, &ev, &e) < 0;
	const char *digest = evidence_digest(o->a, f);
	fclose(f);
	if (failed)
		return command_error(&e);
	if (load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	if (load_expected(o, &suite, &expected) < 0) {
		suite_release(&suite.suite);
		return EXIT_INPUT;
	}
	if (o->profile)
		ev.run.profile = o->profile;
	target_of_evidence(&ev, &target);
	const struct finishing finishing = {
	        .suite = &suite, .target = &target, .evidence = &ev, .evidence_sha256 = digest, .expected = expected};
	int status = finish(o, &finishing);
	suite_release(&suite.suite);
	return status;
}
