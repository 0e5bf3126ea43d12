#include "sample_story.h"

#include <string.h>

void sample_tell(const struct sample_story *row)
{
	struct sample m[SAMPLE_STORY_MAX];
	size_t n = 0;

	for (; n < SAMPLE_STORY_MAX && row->edits[n]; n++)
		sample_make(&m[n], row->edits[n]);
	sample_join(m, n);
	for (size_t i = 0; i < n; i++) { /* one after the other: no burst */
		m[i].s.burst = m[i].self;
		m[i].s.nburst = 1;
	}
	struct finding f = {0};
	check_find(row->check)->run(&m[n - 1].s, &f);
	const char *words = f.kind == FINDING_PASS || f.kind == FINDING_VIOLATED ? f.observed : f.reason;
	const char *name = f.kind == FINDING_SKIP ? f.owner : f.violates;
	ck_assert_msg(f.kind == row->kind, "%s on %s: kind %d, '%s'", row->check, row->edits[n - 1], f.kind, words);
	ck_assert_msg(words && (!row->says || strstr(words, row->says)), "%s on %s: want '%s', have '%s'", row->check,
	              row->edits[n - 1], row->says ? row->says : "-", words ? words : "-");
	ck_assert_msg(!name == !row->name && (!name || strcmp(name, row->name) == 0), "%s: want '%s', have '%s' ('%s')",
	              row->check, row->name ? row->name : "-", name ? name : "-", words);
	ck_assert_msg(f.kind != FINDING_VIOLATED || (f.expected && f.where), "%s: no expected or where", row->check);
	for (size_t i = 0; i < n; i++)
		sample_release(&m[i]);
}
