#include "commands/edited.h"

#include "core/buf.h"
#include "testing.h"

static bool names_part(struct sv line, const char *parts)
{
	struct sv word;

	for (struct sv rest = sv_of(parts); sv_cut(&rest, ' ', &word);)
		if (word.n && sv_starts(line, word) && line.n > word.n && line.p[word.n] == ':')
			return true;
	return false;
}

const char *edited_target(struct arena *a, const struct brand *b, const char *name, const char *without,
                          const char *added)
{
	const char *path = arena_printf(a, "%s/%s", b->state, name);
	struct buf out = {.cap = BUF_OWN};
	bool kept = true;

	for (struct sv rest = sv_of(testing_read(a, brand_says(b, "target_file"))), line; sv_cut(&rest, '\n', &line);) {
		if (line.n && line.p[0] != ' ')
			kept = !names_part(line, without);
		if (kept)
			buf_addf(&out, "%.*s\n", SV_ARG(line));
	}
	buf_add_text(&out, added);
	testing_write(path, buf_sv(&out));
	buf_release(&out);
	return path;
}
