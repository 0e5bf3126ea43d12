#include "suite/scenario.h"

#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "suite/control.h"
#include "suite/step.h"
#include "suite/tables.h"
#include "suite/target.h"

/* A scenario being read. */
struct reading {
	struct scenario_reading common; /* first: what step.c reads into */
	int64_t rounds;
};

static key_reader read_id, read_needs, read_scenario_expects, read_steps, read_controls;

#define INTO(member) offsetof(struct reading, member)

/* What steps depend on comes before them. */
const struct key scenario_keys[] = {
        KEY("scenario", read_id, INTO(common.scenario.id), .need = KEY_REQUIRED),
        KEY("title", read_text, INTO(common.scenario.title), .need = KEY_REQUIRED),
        KEY("why", read_text, INTO(common.scenario.why), .need = KEY_REQUIRED),
        KEY("tags", read_slugs, INTO(common.scenario.tags)),
        KEY("needs", read_needs, 0),
        KEY("rounds", read_integer, INTO(rounds), .min = 1, .max = LIMIT_ROUNDS),
        KEY("error", read_errors, INTO(common.errors)),
        KEY("expect", read_scenario_expects, 0),
        KEY("steps", read_steps, 0, .need = KEY_REQUIRED),
        KEY("controls", read_controls, 0),
        {0},
};

/* The file's name without its folder and its ending. */
static struct sv stem(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct sv name = sv_of(slash ? slash + 1 : path);

	if (sv_ends(name, SV(".yaml")))
		name.n -= 5;
	else if (sv_ends(name, SV(".yml")))
		name.n -= 4;
	return name;
}

static bool read_id(struct source *s, const struct key *k, const struct node *value, void *into)
{
	if (!read_slug(s, k, value, into))
		return false;
	if (!sv_eq(value->text, stem(s->path))) {
		source_error(s, value->at, "the scenario is called '%s', but its file '%.*s': they must be the same",
		             value->text.p, SV_ARG(stem(s->path)));
		return false;
	}
	return true;
}

static bool read_needs(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct scenario_reading *r = into;
	struct key each = {.name = k->name, .item = true};
	size_t before = s->mistakes, index;

	read_texts(s, k, value, &r->scenario.needs);
	for (size_t i = 0; value->kind == NODE_LIST && i < value->n; i++)
		if (node_is_string(&value->v[i]) && value->v[i].text.n)
			word_of(s, &each, &value->v[i], target_needs, &index);
	r->names.needs = r->scenario.needs;
	r->names.needs_unknown = s->mistakes != before;
	return s->mistakes == before;
}

static bool read_scenario_expects(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return scenario_expects_read(s, k, value, into);
}

static bool read_steps(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return steps_read(s, k, value, into);
}

/* Notes what each step saves before any is read, so that a name used too early can be told from an unknown one. */
static void gather_names(struct source *s, const struct node *steps, struct names *ret)
{
	for (size_t i = 0; steps && steps->kind == NODE_LIST && i < steps->n; i++) {
		const struct node *save = node_get(&steps->v[i], "save");
		for (size_t j = 0; save && save->kind == NODE_MAPPING && j < save->n; j++) {
			if (save->keys[j].kind != NODE_SCALAR)
				continue;
			ret->v = arena_grow(s->a, ret->v, ret->n, sizeof *ret->v);
			ret->v[ret->n++] = (struct saved_name){save->keys[j].text, i, save->keys[j].at};
		}
	}
}

/* True when a key of the file may be a misspelt `word`. */
static bool misspelt(const struct node *root, const char *word, const struct key *table)
{
	for (size_t i = 0; root->kind == NODE_MAPPING && i < root->n; i++) {
		const struct key *k = table;
		while (k->name && !sv_eq(root->keys[i].text, sv_of(k->name)))
			k++;
		if (root->keys[i].kind == NODE_SCALAR && !k->name && text_nearest(root->keys[i].text, &word, 1))
			return true;
	}
	return false;
}

static bool read_controls(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct scenario_reading *r = into;
	struct scenario *sc = &r->scenario;
	const struct control_context context = {
	        .options = r->options,
	        .judged = r->judged,
	        .njudged = r->njudged,
	        .judged_known = r->judged_known,
	};
	size_t before = s->mistakes;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	sc->controls = arena_array(s->a, value->n, sizeof *sc->controls);
	for (size_t i = 0; i < value->n; i++) {
		struct control *c = &sc->controls[sc->ncontrols++];
		control_read(s, &value->v[i], &context, c);
		for (size_t j = 0; c->name && j + 1 < sc->ncontrols; j++)
			if (sc->controls[j].name && !strcmp(sc->controls[j].name, c->name))
				source_error(s, node_get(&value->v[i], "name")->at,
				             "a control is called '%s' already, in line %u", c->name,
				             sc->controls[j].at.line);
	}
	return s->mistakes == before;
}

void scenario_read(struct source *s, const struct suite_options *o, const struct judging *j, struct scenario *ret)
{
	static const char *nothing[] = {NULL};
	struct reading r = {.common = {.options = o, .judging = j, .scenario.suite = ret->suite}, .rounds = 1};
	struct scenario *sc = &r.common.scenario;
	const struct node *root = yaml_parse(s);

	if (root) {
		const struct node *id = node_get(root, "scenario");
		sc->at = source_place(s, id && id->kind != NODE_BROKEN ? id->at : root->at);
		gather_names(s, node_get(root, "steps"), &r.common.names);
		r.common.names.needs_unknown = misspelt(root, "needs", scenario_keys);
		r.common.judged_known = node_get(root, "steps") && !misspelt(root, "expect", scenario_keys);
		read_mapping(s, root, scenario_keys, &r, "a scenario file");
	}
	for (size_t i = 0; i < r.common.nexpects; i++)
		expect_release(&r.common.expects[i]);
	sc->rounds = (int)r.rounds;
	if (!sc->tags)
		sc->tags = nothing;
	if (!sc->needs)
		sc->needs = nothing;
	*ret = *sc;
}

void scenario_release(struct scenario *sc)
{
	for (size_t i = 0; i < sc->nsteps; i++)
		for (size_t j = 0; j < sc->steps[i].nexpects; j++)
			expect_release(&sc->steps[i].expects[j]);
	for (size_t i = 0; i < sc->ncontrols; i++)
		json_decref(sc->controls[i].faults);
	sc->nsteps = sc->ncontrols = 0;
}
