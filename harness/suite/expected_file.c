#include "suite/expected_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "suite/load.h"
#include "suite/tables.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* A file of expected failures being read. */
struct reading {
	const struct catalogue *catalogue;
	struct expectations x;
};

static key_reader read_until, read_entries;

const struct key expected_entry_keys[] = {
        KEY("requirement", read_text, offsetof(struct expectation, requirement), .need = KEY_REQUIRED),
        KEY("scenario", read_slug, offsetof(struct expectation, scenario)),
        KEY("reason", read_text, offsetof(struct expectation, reason), .need = KEY_REQUIRED,
            .hint = "why this failure is accepted for now"),
        KEY("until", read_until, 0),
        {0},
};

const struct key expected_keys[] = {
        KEY("expected_failures", read_entries, 0, .need = KEY_REQUIRED),
        {0},
};

static bool read_until(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct expectation *x = into;
	const char *text = string_of(s, k, value, false);

	if (!text)
		return false;
	if (strlen(text) != strlen("2026-12-31") || !clock_from_iso(text, &x->until_ms)) {
		source_error(s, value->at, "'%s' must be a day like 2026-12-31, not '%s'", k->name, text);
		return false;
	}
	x->until_ms += DAY_MS;
	x->until = text;
	return true;
}

static bool same_scenario(const struct expectation *x, const struct expectation *y)
{
	return x->scenario && y->scenario ? strcmp(x->scenario, y->scenario) == 0 : x->scenario == y->scenario;
}

/* A mapping that cannot be used is reported, and not in the list. */
static void read_entry(struct source *s, const struct node *n, struct reading *r)
{
	struct expectation e = {.at = source_place(s, n->at)};

	if (!read_mapping(s, n, expected_entry_keys, &e, "an expected failure"))
		return;
	size_t at = node_get(n, "requirement")->at;
	if (!catalogue_find(r->catalogue, e.requirement)) {
		source_error(s, at, "no requirement has the id '%s'%s", e.requirement,
		             catalogue_nearest(r->catalogue, s->a, e.requirement));
		return;
	}
	for (size_t i = 0; i < r->x.n; i++) {
		const struct expectation *other = &r->x.v[i];
		if (strcmp(other->requirement, e.requirement) != 0 || !same_scenario(other, &e))
			continue;
		source_error(s, at, "'%s' is here a second time, first in line %u", e.requirement, other->at.line);
		return;
	}
	e.at = source_place(s, at);
	r->x.v[r->x.n++] = e;
}

static bool read_entries(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	r->x.v = arena_array(s->a, value->n, sizeof *r->x.v);
	for (size_t i = 0; i < value->n; i++)
		read_entry(s, &value->v[i], r);
	return true;
}

void expected_read(struct source *s, const struct catalogue *catalogue, struct expectations *ret)
{
	struct reading r = {.catalogue = catalogue};
	const struct node *root = yaml_parse(s);

	if (root)
		read_mapping(s, root, expected_keys, &r, "a file of expected failures");
	*ret = r.x;
}

void expected_load(struct arena *a, const char *path, const struct catalogue *catalogue, struct diags *d,
                   struct expectations *ret)
{
	struct source s = {.a = a, .d = d, .path = arena_text(a, path)};

	*ret = (struct expectations){0};
	if (source_read(&s))
		expected_read(&s, catalogue, ret);
	diags_sort(d);
}

/* --- writing ------------------------------------------------------------------------------------------------- */

/* What JSON calls a string is one to YAML, too, whatever is in it. */
static void add_line(struct buf *out, const char *before, const char *key, const char *text)
{
	if (is_slug(sv_of(text), true)) {
		buf_addf(out, "%s%s: %s\n", before, key, text);
		return;
	}
	json_auto_t *value = json_string(text);
	char *quoted = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

	if (!quoted)
		mem_exhausted();
	buf_addf(out, "%s%s: ", before, key);
	buf_add_text(out, quoted);
	buf_add_char(out, '\n');
	free(quoted);
}

void expected_write(const struct expectations *x, struct buf *out)
{
	buf_add_text(out,
	             "# Failures of this brand that are known and accepted for now. An entry that no longer fails,\n"
	             "# or whose last day ('until: 2026-12-31') has passed, fails the run.\n"
	             "# Use it with: brandcert run --expected-failures FILE\n");
	buf_add_text(out, x->n ? "expected_failures:\n" : "expected_failures: []\n");
	for (size_t i = 0; i < x->n; i++) {
		add_line(out, "  - ", "requirement", x->v[i].requirement);
		if (x->v[i].scenario)
			add_line(out, "    ", "scenario", x->v[i].scenario);
		add_line(out, "    ", "reason", x->v[i].reason);
		if (x->v[i].until)
			buf_addf(out, "    until: %s\n", x->v[i].until);
	}
}
