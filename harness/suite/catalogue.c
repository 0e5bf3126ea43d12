#include "suite/catalogue.h"

#include <string.h>

#include "core/text.h"
#include "suite/tables.h"
#include "suite/words.h"

static key_reader read_level, read_source, read_cases, read_id, read_example, read_documents, read_requirements;

const struct key document_keys[] = {
        KEY("title", read_text, offsetof(struct document, title), .need = KEY_REQUIRED),
        KEY("url", read_text, offsetof(struct document, url)),
        KEY("section", read_text, offsetof(struct document, section)),
        {0},
};

const struct key profile_keys[] = {
        KEY("liveperson", read_word, PROFILE_LIVEPERSON * sizeof(enum level), .need = KEY_REQUIRED,
            .words = level_words),
        KEY("strict", read_word, PROFILE_STRICT * sizeof(enum level), .need = KEY_REQUIRED, .words = level_words),
        KEY("google", read_word, PROFILE_GOOGLE * sizeof(enum level), .need = KEY_REQUIRED, .words = level_words),
        {0},
};

const struct key case_keys[] = {
        KEY("level", read_level, offsetof(struct requirement_case, level), .need = KEY_REQUIRED),
        KEY("fix", read_text, offsetof(struct requirement_case, fix)),
        {0},
};

const struct key example_keys[] = {
        KEY("right", read_text, offsetof(struct requirement_example, right), .need = KEY_REQUIRED),
        KEY("wrong", read_text, offsetof(struct requirement_example, wrong), .need = KEY_REQUIRED),
        {0},
};

const struct key requirement_keys[] = {
        KEY("id", read_id, offsetof(struct requirement, id), .need = KEY_REQUIRED),
        KEY("title", read_text, offsetof(struct requirement, title), .need = KEY_REQUIRED),
        KEY("level", read_level, offsetof(struct requirement, level), .need = KEY_REQUIRED),
        KEY("source", read_source, offsetof(struct requirement, source), .need = KEY_REQUIRED),
        KEY("fix", read_text, offsetof(struct requirement, fix), .need = KEY_REQUIRED),
        KEY("why", read_text, offsetof(struct requirement, why)),
        KEY("example", read_example, offsetof(struct requirement, example)),
        KEY("after", read_texts, offsetof(struct requirement, after)),
        KEY("cases", read_cases, 0),
        {0},
};

struct loading {
	struct catalogue *catalogue;
	bool documents_known, ids_known;
};

const struct key catalogue_keys[] = {
        KEY("documents", read_documents, 0, .need = KEY_REQUIRED),
        KEY("requirements", read_requirements, 0, .need = KEY_REQUIRED),
        {0},
};

static bool read_id(struct source *s, const struct key *k, const struct node *value, void *into)
{
	const char *text = string_of(s, k, value, false);

	if (!text)
		return false;
	if (!is_slug(sv_of(text), true)) {
		source_error(s, value->at,
		             "'%s' must be lower-case words joined by dots and hyphens, like 'token.status-200'",
		             k->name);
		return false;
	}
	*(const char **)into = text;
	return true;
}

static bool read_source(struct source *s, const struct key *k, const struct node *value, void *into)
{
	if (value->kind == NODE_LIST && value->n)
		return read_texts(s, k, value, into);
	if (!node_is_string(value))
		return wrong_type(s, k, value, "a string or a list of strings");
	const char **texts = arena_array(s->a, 2, sizeof *texts);
	*(const char ***)into = texts;
	return read_text(s, k, value, texts);
}

static bool read_example(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return is_kind(s, k, value, NODE_MAPPING) && read_mapping(s, value, example_keys, into, "an example");
}

/* One word for all profiles, or a word for each. */
static bool read_level(struct source *s, const struct key *k, const struct node *value, void *into)
{
	enum level *levels = into;
	size_t index;

	if (value->kind == NODE_MAPPING)
		return read_mapping(s, value, profile_keys, into, arena_printf(s->a, "'%s'", k->name));
	if (!node_is_string(value))
		return wrong_type(s, k, value, "a word or a mapping of profiles");
	if (!word_of(s, k, value, level_words, &index))
		return false;
	for (size_t i = 0; i < PROFILE_COUNT; i++)
		levels[i] = (enum level)index;
	return true;
}

static bool is_levels(const struct node *n)
{
	bool profiles = false;

	for (const struct key *k = profile_keys; k->name; k++)
		profiles |= node_get(n, k->name) != NULL;
	return n->kind != NODE_MAPPING || profiles;
}

static bool read_cases(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct requirement *r = into;

	if (!is_kind(s, k, value, NODE_MAPPING))
		return false;
	r->cases = arena_array(s->a, value->n, sizeof *r->cases);
	for (size_t i = 0; i < value->n; i++) {
		struct requirement_case *one = &r->cases[r->ncases];
		const struct node *name = &value->keys[i];
		struct key level = {.name = name->text.p};
		if (name->kind != NODE_SCALAR)
			continue;
		one->name = name->text.p;
		r->ncases++;
		if (!is_slug(name->text, false))
			source_error(s, name->at, "the name of a case must be lower-case words joined by hyphens");
		if (value->v[i].kind == NODE_BROKEN)
			source_broken(s);
		else if (is_levels(&value->v[i]))
			read_level(s, &level, &value->v[i], one->level);
		else
			read_mapping(s, &value->v[i], case_keys, one, arena_printf(s->a, "the case '%s'", one->name));
	}
	return true;
}

static bool read_documents(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct loading *l = into;
	struct catalogue *c = l->catalogue;

	if (!is_kind(s, k, value, NODE_MAPPING))
		return false;
	l->documents_known = true;
	c->documents = arena_array(s->a, value->n, sizeof *c->documents);
	for (size_t i = 0; i < value->n; i++) {
		struct document *d = &c->documents[c->ndocuments];
		if (value->keys[i].kind != NODE_SCALAR)
			continue;
		d->name = value->keys[i].text.p;
		c->ndocuments++;
		read_mapping(s, &value->v[i], document_keys, d, arena_printf(s->a, "the document '%s'", d->name));
		const struct node *section = node_get(&value->v[i], "section");
		if (d->section && !strstr(d->section, "{}"))
			source_error(s, section->at, "'section' must hold '{}' where the section's number goes");
	}
	return true;
}

/* The document that a source begins with: the longest name that ends at a blank, a comma or the end. */
static const struct document *document_of(const struct catalogue *c, const char *source)
{
	const struct document *found = NULL;

	for (size_t i = 0; i < c->ndocuments; i++) {
		struct sv name = sv_of(c->documents[i].name);
		if (sv_starts(sv_of(source), name) && strchr(" ,", source[name.n]) &&
		    (!found || name.n > strlen(found->name)))
			found = &c->documents[i];
	}
	return found;
}

static void check_source(struct source *s, const struct catalogue *c, const struct node *n)
{
	if (!node_is_string(n) || !n->text.n || document_of(c, n->text.p))
		return;
	const char **names = arena_array(s->a, c->ndocuments, sizeof *names);
	for (size_t i = 0; i < c->ndocuments; i++)
		names[i] = c->documents[i].name;
	struct sv word = n->text;
	long section = sv_find(word, SV("§"));
	if (section >= 0)
		word.n = (size_t)section;
	source_error(s, n->at, "no document in 'documents' has the name that this begins with%s",
	             did_you_mean(s->a, sv_trim(word), names, c->ndocuments));
}

static void check_sources(struct source *s, const struct catalogue *c, const struct node *n)
{
	if (n && n->kind == NODE_LIST)
		for (size_t i = 0; i < n->n; i++)
			check_source(s, c, &n->v[i]);
	else if (n)
		check_source(s, c, n);
}

/* Whether the `after` of from leads to `to`, directly or through others. */
static bool leads_to(const struct catalogue *c, struct arena *a, const struct requirement *from,
                     const struct requirement *to)
{
	size_t *queue = arena_array(a, c->n, sizeof *queue), n = 0;
	bool *seen = arena_array(a, c->n, sizeof *seen);

	queue[n++] = (size_t)(from - c->v);
	seen[from - c->v] = true;
	for (size_t i = 0; i < n; i++) {
		for (const char **id = c->v[queue[i]].after; *id; id++) {
			const struct requirement *next = catalogue_find(c, *id);
			if (next == to)
				return true;
			if (next && !seen[next - c->v])
				queue[n++] = (size_t)(next - c->v);
			if (next)
				seen[next - c->v] = true;
		}
	}
	return false;
}

static void check_after(struct source *s, const struct loading *l, const struct requirement *r,
                        const struct node *after)
{
	for (size_t i = 0; after && after->kind == NODE_LIST && i < after->n; i++) {
		const struct node *id = &after->v[i];
		const struct requirement *other = node_is_string(id) ? catalogue_find(l->catalogue, id->text.p) : NULL;
		/* Each circle is reported where it leads back to an earlier entry. */
		if (other && other <= r && (other == r || leads_to(l->catalogue, s->a, other, r)))
			source_error(s, id->at, "'%s' would wait for itself", r->id);
		else if (node_is_string(id) && id->text.n && !other && l->ids_known)
			source_error(s, id->at, "no requirement has the id '%s'%s", id->text.p,
			             catalogue_nearest(l->catalogue, s->a, id->text.p));
	}
}

static bool read_requirements(struct source *s, const struct key *k, const struct node *value, void *into)
{
	static const char *nothing[] = {NULL};
	struct loading *l = into;
	struct catalogue *c = l->catalogue;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	l->ids_known = true;
	c->v = arena_array(s->a, value->n, sizeof *c->v);
	for (size_t i = 0; i < value->n; i++) {
		const struct node *n = &value->v[i], *id = node_get(n, "id");
		size_t at = id && id->kind != NODE_BROKEN ? id->at : n->at;
		struct requirement r = {
		        .at = source_place(s, at),
		        .after = nothing,
		};
		read_mapping(s, n, requirement_keys, &r, "a requirement");
		if (l->documents_known)
			check_sources(s, c, node_get(n, "source"));
		const struct requirement *other = r.id ? catalogue_find(c, r.id) : NULL;
		if (other)
			source_error(s, at, "the id '%s' is here a second time, first in line %u", r.id,
			             other->at.line);
		else if (r.id)
			c->v[c->n++] = r;
		else
			l->ids_known = false;
	}
	for (size_t i = 0; i < value->n; i++) {
		const struct node *id = node_get(&value->v[i], "id");
		const struct requirement *r = id && node_is_string(id) ? catalogue_find(c, id->text.p) : NULL;
		if (r)
			check_after(s, l, r, node_get(&value->v[i], "after"));
	}
	return true;
}

bool catalogue_read(struct source *s, struct catalogue *ret)
{
	struct loading l = {.catalogue = ret};
	const struct node *root = yaml_parse(s);

	if (root)
		read_mapping(s, root, catalogue_keys, &l, "a requirement file");
	return l.ids_known;
}

const struct requirement *catalogue_find(const struct catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->v[i].id, id))
			return &c->v[i];
	return NULL;
}

const char *catalogue_nearest(const struct catalogue *c, struct arena *a, const char *id)
{
	const char **ids = arena_array(a, c->n, sizeof *ids);

	for (size_t i = 0; i < c->n; i++)
		ids[i] = c->v[i].id;
	return did_you_mean(a, sv_of(id), ids, c->n);
}

const struct requirement_case *requirement_case(const struct requirement *r, const char *name)
{
	for (size_t i = 0; i < r->ncases; i++)
		if (!strcmp(r->cases[i].name, name))
			return &r->cases[i];
	return NULL;
}

const char *catalogue_link(const struct catalogue *c, struct arena *a, const char *source)
{
	const struct document *d = document_of(c, source);
	const char *sign = strstr(source, "§");

	if (!d)
		return NULL;
	if (!sign || !d->section)
		return d->url;
	sign += strlen("§");
	int number = (int)strspn(sign, "0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	while (number && sign[number - 1] == '.')
		number--;
	const char *hole = strstr(d->section, "{}");
	return number && hole
	               ? arena_printf(a, "%.*s%.*s%s", (int)(hole - d->section), d->section, number, sign, hole + 2)
	               : d->url;
}
