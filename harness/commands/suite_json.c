#include "commands/suite_json.h"

#include <stdio.h>
#include <string.h>

#include "commands/proof.h"

static json_t *text(const char *s)
{
	return s ? json_string(s) : json_null();
}

static json_t *texts(const char **list)
{
	json_t *array = json_array();

	for (; list && *list; list++)
		json_array_append_new(array, json_string(*list));
	return array;
}

static json_t *levels(const enum level *level)
{
	json_t *object = json_object();

	for (enum profile p = 0; p < PROFILE_COUNT; p++)
		json_object_set_new(object, profile_text(p), json_string(level_text(level[p])));
	return object;
}

static json_t *sources(struct arena *a, const struct catalogue *c, const struct requirement *r)
{
	json_t *array = json_array();

	for (const char **s = r->source; s && *s; s++)
		json_array_append_new(array,
		                      json_pack("{s:s, s:o}", "text", *s, "url", text(catalogue_link(c, a, *s))));
	return array;
}

static json_t *cases(const struct requirement *r)
{
	json_t *object = json_object();

	for (size_t i = 0; i < r->ncases; i++)
		json_object_set_new(
		        object, r->cases[i].name,
		        json_pack("{s:o, s:o}", "level", levels(r->cases[i].level), "fix", text(r->cases[i].fix)));
	return object;
}

json_t *requirement_json(struct arena *a, const struct suite *s, const struct requirement *r)
{
	json_t *scenarios = json_array(), *controls = json_array(), *example = json_null();

	for (size_t i = 0; i < s->n; i++) {
		const struct scenario *x = &s->scenarios[i];
		if (scenario_judges(x, r))
			json_array_append_new(scenarios, json_string(x->id));
		for (size_t k = 0; k < x->ncontrols; k++)
			if (control_names(&x->controls[k], r))
				json_array_append_new(
				        controls, json_string(arena_printf(a, "%s/%s", x->id, x->controls[k].name)));
	}
	if (r->example.right)
		example = json_pack("{s:s, s:s}", "right", r->example.right, "wrong", r->example.wrong);
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "id", r->id, "title", r->title,
	                 "level", levels(r->level), "source", sources(a, &s->catalogue, r), "why", text(r->why), "fix",
	                 r->fix, "after", texts(r->after), "cases", cases(r), "example", example, "scenarios",
	                 scenarios, "controls", controls);
}

/* The ids that it judges, each once, in its own order. */
static json_t *judged(const struct scenario *s)
{
	json_t *seen = json_object(), *array = json_array();

	for (size_t i = 0; i < s->nsteps; i++) {
		for (size_t k = 0; k < s->steps[i].nexpects; k++) {
			const char *id = s->steps[i].expects[k].requirement->id;
			if (json_object_get(seen, id))
				continue;
			json_object_set_new(seen, id, json_true());
			json_array_append_new(array, json_string(id));
		}
	}
	json_decref(seen);
	return array;
}

json_t *scenario_json(const struct scenario *s)
{
	json_t *steps = json_array(), *controls = json_array();

	for (size_t i = 0; i < s->nsteps; i++) {
		json_t *sent = s->steps[i].spec ? json_loads(s->steps[i].spec, JSON_DECODE_ANY, NULL) : NULL;
		json_array_append_new(steps,
		                      json_pack("{s:o, s:s, s:o}", "name", text(s->steps[i].name), "does",
		                                step_kind_text(s->steps[i].kind), "sent", sent ? sent : json_null()));
	}
	for (size_t i = 0; i < s->ncontrols; i++)
		json_array_append_new(controls, json_string(s->controls[i].name));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:s}", "suite", s->suite, "id", s->id,
	                 "title", s->title, "why", text(s->why), "tags", texts(s->tags), "needs", texts(s->needs),
	                 "rounds", s->rounds > 1 ? s->rounds : 1, "steps", steps, "requirements", judged(s), "controls",
	                 controls, "file", s->at.path);
}

json_t *control_json(const struct scenario *s, const struct control *c)
{
	return json_pack("{s:s, s:s, s:b, s:s, s:o, s:o, s:O}", "scenario", s->id, "name", c->name, "permit", c->permit,
	                 "profile", profile_text(c->profile), "catches", texts(c->catches), "warns", texts(c->warns),
	                 "faults", c->faults);
}

int suite_json_print(json_t *value, struct err *e)
{
	int failed =
	        !value || json_dumpf(value, stdout, JSON_INDENT(2)) < 0 || putchar('\n') < 0 || fflush(stdout) != 0;

	json_decref(value);
	return failed ? err_trouble(e, "cannot write to standard output") : 0;
}
