#include "suite/suite.h"

#include <stdlib.h>
#include <string.h>

#include "suite/catalogue.h"
#include "suite/find.h"
#include "suite/scenario.h"

static void add_file(struct arena *a, struct suite *s, const char *name, struct sv text)
{
	s->files = arena_grow(a, s->files, s->nfiles, sizeof *s->files);
	s->files[s->nfiles++] = (struct suite_file){name, text};
}

static bool load_catalogue(struct arena *a, const struct suite_options *o, struct diags *d, struct suite *ret)
{
	struct source s = {.a = a, .d = d, .path = o->catalogue};
	const char *slash = strrchr(o->catalogue, '/');

	if (!source_read(&s))
		return false;
	add_file(a, ret, slash ? slash + 1 : o->catalogue, s.text);
	return catalogue_read(&s, &ret->catalogue);
}

static int by_name(const void *x, const void *y)
{
	const struct suite_file *a = x, *b = y;
	return strcmp(a->name, b->name);
}

static int by_suite_and_id(const void *x, const void *y)
{
	const struct scenario *a = x, *b = y;
	int c = strcmp(a->suite, b->suite);

	if (!c)
		c = strcmp(a->id, b->id);
	return c ? c : strcmp(a->at.path, b->at.path);
}

static void refuse_twins(const struct suite *s, struct diags *d)
{
	for (size_t i = 0; i < s->n; i++) {
		for (size_t j = 0; j < i; j++) {
			const struct place *first = &s->scenarios[j].at;
			if (strcmp(s->scenarios[i].id, s->scenarios[j].id) != 0)
				continue;
			diags_error(d, s->scenarios[i].at, "the scenario '%s' is also in %s:%u:%u: an id is used once",
			            s->scenarios[i].id, first->path, first->line, first->column);
			break;
		}
	}
}

void suite_load(struct arena *a, const struct suite_options *o, struct diags *d, struct suite *ret)
{
	*ret = (struct suite){0};
	struct judging judging = {.catalogue = &ret->catalogue, .checks = o->checks};
	judging.ids_known = load_catalogue(a, o, d, ret);
	struct found *found = NULL;
	size_t n = find_scenarios(a, o->paths, d, &found);
	ret->scenarios = arena_array(a, n, sizeof *ret->scenarios);
	for (size_t i = 0; i < n; i++) {
		struct source s = {.a = a, .d = d, .path = found[i].path};
		struct scenario sc = {.suite = found[i].suite};
		if (!source_read(&s))
			continue;
		add_file(a, ret, found[i].name, s.text);
		scenario_read(&s, o, &judging, &sc);
		if (sc.id)
			ret->scenarios[ret->n++] = sc;
		else
			scenario_release(&sc);
	}
	if (ret->n)
		qsort(ret->scenarios, ret->n, sizeof *ret->scenarios, by_suite_and_id);
	if (ret->nfiles)
		qsort(ret->files, ret->nfiles, sizeof *ret->files, by_name);
	refuse_twins(ret, d);
	diags_sort(d);
}

/* --- selection --------------------------------------------------------------------------------------------- */

static bool listed(const char *const *list, const char *word)
{
	for (; list && *list; list++)
		if (!strcmp(*list, word))
			return true;
	return false;
}

static bool has_tag(const struct scenario *sc, const char *const *tags)
{
	for (const char *const *tag = tags; *tag; tag++)
		for (const char **own = sc->tags; *own; own++)
			if (!strcmp(*own, *tag))
				return true;
	return false;
}

/* All ids, or all tags, of the suite. */
static const char **vocabulary(struct arena *a, const struct suite *s, bool tags, size_t *n)
{
	const char **words = NULL;

	*n = 0;
	for (size_t i = 0; i < s->n; i++) {
		const char *id[] = {s->scenarios[i].id, NULL};
		for (const char **word = tags ? s->scenarios[i].tags : id; *word; word++) {
			words = arena_grow(a, words, *n, sizeof *words);
			words[(*n)++] = *word;
		}
	}
	return words;
}

/* Reports the words of a flag that select nothing. */
static void refuse_unknown(const struct suite *s, const char *const *words, bool tags, struct diags *d)
{
	arena_auto *a = arena_new();
	size_t n;
	const char **known = vocabulary(a, s, tags, &n);

	for (; words && *words; words++) {
		bool found = false;
		for (size_t i = 0; i < n; i++)
			found |= !strcmp(known[i], *words);
		if (!found)
			diags_error(d, (struct place){0}, "no scenario %s '%s'%s", tags ? "has the tag" : "is called",
			            *words, did_you_mean(a, sv_of(*words), known, n));
	}
}

void suite_select(struct suite *s, const char *const *ids, const char *const *tags, struct diags *d)
{
	size_t before = d->errors, kept = 0;
	bool all_ids = !ids || !*ids, all_tags = !tags || !*tags;

	refuse_unknown(s, ids, false, d);
	refuse_unknown(s, tags, true, d);
	for (size_t i = 0; i < s->n; i++) {
		if ((all_ids || listed(ids, s->scenarios[i].id)) && (all_tags || has_tag(&s->scenarios[i], tags)))
			s->scenarios[kept++] = s->scenarios[i];
		else
			scenario_release(&s->scenarios[i]);
	}
	s->n = kept;
	if (!kept && d->errors == before)
		diags_error(d, (struct place){0}, "no scenario is left to run: none that was named has such a tag");
}

void suite_release(struct suite *s)
{
	for (size_t i = 0; i < s->n; i++)
		scenario_release(&s->scenarios[i]);
	s->n = 0;
}
