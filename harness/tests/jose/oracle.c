#include "oracle.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "testing.h"

json_t *oracle_ask(struct arena *a, const char *mode, struct sv input)
{
	const char *script = arena_printf(a, "%s/harness/tests/jose/oracle.mjs", testing_root());
	const char *module = arena_printf(a, "%s/harness/tests/node_modules/jose/package.json", testing_root());
	const char *folder = testing_folder(a);
	const char *in = arena_printf(a, "%s/in", folder), *out = arena_printf(a, "%s/out", folder);

	ck_assert_msg(file_exists(module), "'%s' is not there: run npm ci in harness/tests", module);
	testing_write(in, input);
	pid_t pid = fork();
	if (pid == 0) {
		int from = open(in, O_RDONLY), to = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (from >= 0 && to >= 0 && dup2(from, 0) == 0 && dup2(to, 1) == 1)
			execlp("node", "node", script, mode, (char *)NULL);
		_exit(127);
	}
	int status = -1;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "node %s %s: wait status %d", script, mode, status);
	json_t *lines = json_array();
	for (struct sv rest = sv_of(testing_read(a, out)), line; sv_cut(&rest, '\n', &line);)
		if (line.n)
			json_array_append_new(lines, json_loadb(line.p, line.n, 0, NULL));
	return lines;
}

const char *oracle_member(const json_t *line, const char *name)
{
	const char *text = json_string_value(json_object_get(line, name));

	ck_assert_msg(text != NULL, "the oracle's line has no '%s'", name);
	return text;
}
