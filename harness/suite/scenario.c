#include "suite/scenario.h"

#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "suite/control.h"
#include "suite/redeem.h"
#include "suite/tables.h"
#include "suite/target.h"

/* A scenario being read. */
struct reading {
	struct scenario scenario;
	const struct suite_options *options;
	const struct judging *judging;
	struct names names;
	const char **judged; /* ids of all entries of `expect` so far, right or wrong */
	size_t njudged;
	bool judged_known; /* … and none of them was without an id */
};

/* A step being read. */
struct step_reading {
	struct step step;
	struct reading *r;
};

static key_reader read_id, read_needs, read_steps, read_controls, read_redeem, read_save, read_expects;

const struct key scenario_keys[] = {
        KEY("scenario", read_id, offsetof(struct reading, scenario.id), .need = KEY_REQUIRED),
        KEY("title", read_text, offsetof(struct reading, scenario.title), .need = KEY_REQUIRED),
        KEY("why", read_text, offsetof(struct reading, scenario.why), .need = KEY_REQUIRED),
        KEY("tags", read_slugs, offsetof(struct reading, scenario.tags)),
        KEY("needs", read_needs, offsetof(struct reading, scenario.needs)),
        KEY("steps", read_steps, 0, .need = KEY_REQUIRED),
        KEY("controls", read_controls, 0),
        {0},
};

const struct key step_keys[] = {
        KEY("redeem", read_redeem, 0, .need = KEY_REQUIRED),
        KEY("wait", read_seconds, offsetof(struct step_reading, step.wait_ms), .min = 0, .max = LIMIT_CODE_LIFETIME_S),
        KEY("save", read_save, 0),
        KEY("expect", read_expects, 0),
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
	size_t before = s->mistakes, index;

	struct key each = {.name = k->name, .item = true};

	if (!read_texts(s, k, value, into))
		return false;
	for (size_t i = 0; i < value->n; i++)
		if (node_is_string(&value->v[i]) && value->v[i].text.n)
			word_of(s, &each, &value->v[i], target_needs, &index);
	return s->mistakes == before;
}

static bool read_redeem(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct step_reading *sr = into;

	(void)k;
	return redeem_read(s, value, &sr->r->names, &sr->step.redeem, &sr->step.spec);
}

static bool read_saved(struct source *s, const struct node *n, struct save *ret)
{
	struct key k = {.name = ret->name};
	const char *text = string_of(s, &k, n, false);

	if (!text)
		return false;
	if (!strcmp(text, "code")) {
		ret->from = SAVE_CODE;
	} else if (!strcmp(text, "redirect_uri")) {
		ret->from = SAVE_REDIRECT_URI;
	} else if (!strncmp(text, "body /", 6) && is_pointer(text + 5)) {
		ret->from = SAVE_BODY;
		ret->what = text + 5;
	} else if (!strncmp(text, "header ", 7) && is_http_token(text + 7)) {
		ret->from = SAVE_HEADER;
		ret->what = text + 7;
	} else {
		source_error(
		        s, n->at,
		        "what is saved must be 'code', 'redirect_uri', 'body /JSON/pointer' or 'header Name', not '%s'",
		        text);
		return false;
	}
	return true;
}

static bool read_save(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct step_reading *sr = into;
	const struct names *names = &sr->r->names;
	size_t before = s->mistakes;

	if (!is_kind(s, k, value, NODE_MAPPING))
		return false;
	sr->step.saves = arena_array(s->a, value->n, sizeof *sr->step.saves);
	for (size_t i = 0; i < value->n; i++) {
		const struct node *name = &value->keys[i];
		struct save save = {.name = name->text.p};
		if (name->kind != NODE_SCALAR)
			continue;
		if (!template_can_be_saved(name->text))
			source_error(
			        s, name->at,
			        "'%s' cannot be saved under: a name is letters, digits and '_', and not a template's",
			        save.name);
		for (size_t j = 0; j < names->n && names->v[j].step < names->step; j++)
			if (sv_eq(names->v[j].name, name->text))
				source_error(s, name->at, "'%s' is saved in line %u already: a name is written once",
				             save.name, source_place(s, names->v[j].at).line);
		if (read_saved(s, &value->v[i], &save))
			sr->step.saves[sr->step.nsaves++] = save;
	}
	return s->mistakes == before;
}

static void note_judged(struct source *s, struct reading *r, const struct node *n, const char *id)
{
	const struct node *at = node_get(n, "check") ? node_get(n, "check") : node_get(n, "require");

	if (!id) {
		r->judged_known = false;
		return;
	}
	for (size_t i = 0; i < r->njudged; i++)
		if (!strcmp(r->judged[i], id))
			source_error(s, at->at, "'%s' is judged in this scenario already: once is all it can be", id);
	r->judged = arena_grow(s->a, r->judged, r->njudged, sizeof *r->judged);
	r->judged[r->njudged++] = id;
}

static bool read_expects(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct step_reading *sr = into;
	struct names names = sr->r->names;
	size_t before = s->mistakes;

	if (!is_kind(s, k, value, NODE_LIST)) {
		sr->r->judged_known = false;
		return false;
	}
	names.judging = true;
	sr->step.expects = arena_array(s->a, value->n, sizeof *sr->step.expects);
	for (size_t i = 0; i < value->n; i++) {
		const char *id;
		expect_read(s, &value->v[i], sr->r->judging, &names, &sr->step.expects[sr->step.nexpects++], &id);
		note_judged(s, sr->r, &value->v[i], id);
	}
	return s->mistakes == before;
}

/* Notes what each step saves before any is read, so that a name used too early can be told from an unknown one. */
static void gather_names(struct source *s, const struct node *steps, struct names *ret)
{
	for (size_t i = 0; i < steps->n; i++) {
		const struct node *save = node_get(&steps->v[i], "save");
		for (size_t j = 0; save && save->kind == NODE_MAPPING && j < save->n; j++) {
			if (save->keys[j].kind != NODE_SCALAR)
				continue;
			ret->v = arena_grow(s->a, ret->v, ret->n, sizeof *ret->v);
			ret->v[ret->n++] = (struct saved_name){save->keys[j].text, i, save->keys[j].at};
		}
	}
}

static bool read_steps(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;
	struct scenario *sc = &r->scenario;
	size_t before = s->mistakes, judgements = 0;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	if (!value->n || value->n > LIMIT_STEPS) {
		source_error(s, value->at, "'%s' must be 1 to %d steps, not %zu", k->name, LIMIT_STEPS, value->n);
		return false;
	}
	r->judged_known = true;
	gather_names(s, value, &r->names);
	sc->steps = arena_array(s->a, value->n, sizeof *sc->steps);
	for (size_t i = 0; i < value->n; i++) {
		struct step_reading sr = {.r = r, .step.at = source_place(s, value->v[i].at)};
		const struct node *wait = node_get(&value->v[i], "wait");
		r->names.step = i;
		if (!read_mapping(s, &value->v[i], step_keys, &sr, "a step") && !node_get(&value->v[i], "expect"))
			r->judged_known = false;
		if (wait && !i)
			source_error(s, wait->at, "'wait' in the first step: there is no step before it to wait after");
		judgements += sr.step.nexpects;
		sc->steps[sc->nsteps++] = sr.step;
	}
	if (!judgements && s->mistakes == before)
		source_error(s, value->at, "no step has an 'expect': this scenario judges nothing");
	return s->mistakes == before;
}

static bool read_controls(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;
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
	struct reading r = {.options = o, .judging = j, .scenario.suite = ret->suite};
	const struct node *root = yaml_parse(s);

	if (root) {
		const struct node *id = node_get(root, "scenario");
		r.scenario.at = source_place(s, id && id->kind != NODE_BROKEN ? id->at : root->at);
		read_mapping(s, root, scenario_keys, &r, "a scenario file");
	}
	if (!r.scenario.tags)
		r.scenario.tags = nothing;
	if (!r.scenario.needs)
		r.scenario.needs = nothing;
	*ret = r.scenario;
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
