#include "evidence/evidence.h"

#include <string.h>

/* The trimmed value of a head line of that name. Folded continuation lines are nobody's: RFC 9112 §5.2 forbids them. */
static bool line_value(struct sv line, struct sv name, struct sv *ret)
{
	long colon = sv_find_char(line, ':');

	if (colon < 0 || !sv_eq_nocase((struct sv){line.p, (size_t)colon}, name))
		return false;
	*ret = sv_trim((struct sv){line.p + colon + 1, line.n - (size_t)colon - 1});
	return true;
}

struct sv message_header(const struct message *m, const char *name, size_t n)
{
	struct sv value;

	for (size_t i = 1; i < m->nlines; i++)
		if (line_value(m->lines[i], sv_of(name), &value) && n-- == 0)
			return value;
	return SV_NONE;
}

size_t message_header_count(const struct message *m, const char *name)
{
	struct sv value;
	size_t count = 0;

	for (size_t i = 1; i < m->nlines; i++)
		count += line_value(m->lines[i], sv_of(name), &value);
	return count;
}

const struct exchange *evidence_find(const struct evidence *ev, const char *key)
{
	for (size_t i = 0; i < ev->n; i++)
		if (!strcmp(ev->exchanges[i].key, key))
			return &ev->exchanges[i];
	return NULL;
}
