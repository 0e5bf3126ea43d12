#include "suite/companion.h"

#include <string.h>

#include "core/buf.h"
#include "core/file.h"
#include "core/limits.h"

struct sv companion_read(struct source *s, const struct node *n, const char *path, const char **full)
{
	struct buf b = {.cap = LIMIT_INPUT_FILE};
	struct err e = {0};

	*full = file_relative(s->a, s->path, path);
	if (file_read(*full, LIMIT_INPUT_FILE, &b, &e) < 0) {
		source_error(s, n->at, "%s", e.text);
		return SV_NONE;
	}
	struct sv text = arena_svdup(s->a, buf_sv(&b));
	buf_release(&b);
	if (!text.n) {
		source_error(s, n->at, "the file '%s' is empty", *full);
		return SV_NONE;
	}
	return text;
}

const char *companion_secret(struct source *s, const struct node *n, const char *path)
{
	const char *full;
	struct sv text = companion_read(s, n, path, &full);

	if (!text.p)
		return NULL;
	if (sv_ends(text, SV("\n")))
		text.n--;
	if (sv_ends(text, SV("\r")))
		text.n--;
	if (!text.n || memchr(text.p, '\n', text.n) || memchr(text.p, '\0', text.n)) {
		source_error(s, n->at, "the file '%s' must hold one line with the secret", full);
		return NULL;
	}
	return arena_sv(s->a, text);
}
