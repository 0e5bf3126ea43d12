/* The proof as JSON: see suites/schema/proof.json. */
#include <jansson.h>
#include <stdlib.h>

#include "commands/proof.h"
#include "core/text.h"
#include "core/version.h"

#define PROOF_VERSION 1

static json_t *owned(json_t *value)
{
	if (!value)
		mem_exhausted();
	return value;
}

static void put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, owned(value)) < 0)
		mem_exhausted();
}

static void append(json_t *list, json_t *value)
{
	if (json_array_append_new(list, owned(value)) < 0)
		mem_exhausted();
}

static json_t *text_of(const struct proof *p, const char *text)
{
	return text ? owned(json_string(text_visible(p->a, sv_of(text)))) : json_null();
}

static json_t *count_of(size_t n)
{
	return owned(json_integer((json_int_t)n));
}

static json_t *names_of(const char *const *names)
{
	json_t *list = owned(json_array());

	for (; names && *names; names++)
		append(list, json_string(*names));
	return list;
}

static json_t *tally_of(size_t good, size_t all)
{
	return owned(json_pack("{s:o, s:o}", "as_named", count_of(good), "all", count_of(all)));
}

static json_t *totals_of(const struct proof_totals *t)
{
	json_t *o = owned(json_object());

	put(o, "proven", count_of(t->proven));
	put(o, "unproven", count_of(t->unproven));
	put(o, "not_judged", count_of(t->not_judged));
	put(o, "healthy", tally_of(t->healthy_good, t->healthy));
	put(o, "faults", tally_of(t->breaks_good, t->breaks));
	put(o, "permitted", tally_of(t->permits_good, t->permits));
	return o;
}

static json_t *requirement_of(const struct proof *p, size_t i)
{
	static const char *const states[] = {
	        [PROOF_NOT_JUDGED] = "not judged", [PROOF_UNPROVEN] = "unproven", [PROOF_PROVEN] = "proven"};
	const struct requirement *r = &p->suite->catalogue.v[i];
	json_t *o = owned(json_object()), *levels = owned(json_object());
	json_t *scenarios = owned(json_array()), *proven = owned(json_array()), *permitted = owned(json_array());

	for (int profile = 0; profile < PROFILE_COUNT; profile++)
		put(levels, profile_text((enum profile)profile), json_string(level_text(r->level[profile])));
	for (size_t k = 0; k < p->suite->n; k++)
		if (scenario_judges(&p->suite->scenarios[k], r))
			append(scenarios, json_string(p->suite->scenarios[k].id));
	for (size_t k = 0; k < p->n; k++) {
		if (proof_proves(p, &p->v[k], i))
			append(proven, json_string(p->v[k].trial.name));
		if (proof_permits(&p->v[k], i))
			append(permitted, json_string(p->v[k].trial.name));
	}
	put(o, "id", json_string(r->id));
	put(o, "title", text_of(p, r->title));
	put(o, "levels", levels);
	put(o, "state", json_string(states[proof_state(p, i)]));
	put(o, "scenarios", scenarios);
	put(o, "proven_by", proven);
	put(o, "permitted", permitted);
	return o;
}

/* {"pass": 12, "warn": ["err.charset"], …}: passes and skips are counted, the rest is named. */
static json_t *verdicts_of(const struct proof *p, const struct proof_row *row)
{
	json_t *o = owned(json_object());

	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		json_t *ids = owned(json_array());
		for (size_t i = 0; i < p->suite->catalogue.n; i++)
			if (row->verdicts[i] == (signed char)v)
				append(ids, json_string(p->suite->catalogue.v[i].id));
		bool counted = v == VERDICT_PASS || v == VERDICT_SKIP;
		put(o, verdict_text(v), counted ? count_of(json_array_size(ids)) : json_incref(ids));
		json_decref(ids);
	}
	return o;
}

static json_t *surprises_of(const struct proof *p, const struct proof_row *row)
{
	json_t *list = owned(json_array());

	for (size_t i = 0; i < row->nsurprises; i++) {
		const struct surprise *s = &row->surprises[i];
		json_t *o = owned(json_object());
		put(o, "scenario", text_of(p, s->scenario));
		put(o, "requirement", text_of(p, s->requirement));
		put(o, "text", text_of(p, s->text));
		append(list, o);
	}
	return list;
}

static json_t *skipped_of(const struct proof *p, const struct proof_row *row)
{
	json_t *list = owned(json_array());

	for (size_t i = 0; row->skips && i < p->suite->n; i++) {
		if (!row->skips[i])
			continue;
		json_t *o = owned(json_object());
		put(o, "scenario", json_string(p->suite->scenarios[i].id));
		put(o, "reason", text_of(p, row->skips[i]));
		append(list, o);
	}
	return list;
}

static json_t *row_of(const struct proof *p, const struct proof_row *row)
{
	const struct control *c = row->control;
	json_t *o = owned(json_object());

	put(o, "name", json_string(row->trial.name));
	put(o, "kind", json_string(!c ? "healthy" : c->permit ? "permit" : "break"));
	put(o, "scenario", text_of(p, row->scenario ? row->scenario->id : NULL));
	put(o, "profile", json_string(profile_text(row->trial.profile)));
	put(o, "faults", c ? owned(json_deep_copy(c->faults)) : owned(json_array()));
	put(o, "catches", names_of(c ? c->catches : NULL));
	put(o, "warns", names_of(c ? c->warns : NULL));
	put(o, "as_named", json_boolean(row->nsurprises == 0));
	put(o, "verdicts", verdicts_of(p, row));
	put(o, "skipped", skipped_of(p, row));
	put(o, "surprises", surprises_of(p, row));
	return o;
}

void proof_json(const struct proof *p, struct buf *out)
{
	struct proof_totals t = proof_totals(p);
	json_auto_t *root = owned(json_object());
	json_t *requirements = owned(json_array()), *trials = owned(json_array());

	for (size_t i = 0; i < p->suite->catalogue.n; i++)
		append(requirements, requirement_of(p, i));
	for (size_t i = 0; i < p->n; i++)
		append(trials, row_of(p, &p->v[i]));
	put(root, "version", json_integer(PROOF_VERSION));
	put(root, "tool", json_string("brandcert " BRANDCERT_VERSION));
	put(root, "suite_digest", json_string(p->suite_digest));
	put(root, "selected", json_boolean(p->selected));
	put(root, "proven", json_boolean(t.proven_all));
	put(root, "totals", totals_of(&t));
	put(root, "requirements", requirements);
	put(root, "trials", trials);
	char *text = json_dumps(root, JSON_INDENT(2));
	if (!text)
		mem_exhausted();
	buf_add_text(out, text);
	buf_add_char(out, '\n');
	free(text);
}
