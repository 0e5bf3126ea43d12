#include "commands/read.h"

#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/file.h"

static int read_standard_input(size_t cap, struct buf *text, struct err *e)
{
	char part[4096];

	for (size_t n; (n = fread(part, 1, sizeof part, stdin)) > 0;)
		buf_add(text, part, n);
	return ferror(stdin) || text->full
	               ? err_input(e, "standard input cannot be read, or is larger than %zu bytes", cap)
	               : 0;
}

int read_input(struct arena *a, const char *path, size_t cap, struct sv *ret, struct err *e)
{
	struct buf text = {.cap = cap};
	int status = strcmp(path, "-") == 0 ? read_standard_input(cap, &text, e) : file_read(path, cap, &text, e);

	*ret = status == 0 && text.p ? arena_svdup(a, buf_sv(&text)) : SV("");
	buf_release(&text);
	return status;
}
