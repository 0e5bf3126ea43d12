/* The proof as JSON: see suites/schema/proof.json. */
#include <jansson.h>
#include <stdlib.h>

#include "commands/proof.h"
#include "core/text.h"
#include "core/version.h"
#include "report/json_make.h"

#define PROOF_VERSION 1

static json_t *text_of(const struct proof *p, const char *text)
{
	return text ? json_owned(json_string(text_visible(p->a, sv_of(text)))) : json_null();
}

static json_t *count_of(size_t n)
{
	return json_owned(json_integer((json_int_t)n));
}

static json_t *names_of(const char *const *names)
{
	json_t *list = json_owned(json_array());

	for (; names && *names; names++)
		json_add(list, json_string(*names));
	return list;
}

static json_t *tally_of(size_t good, size_t all)
{
	return json_owned(json_pack("{s:o, s:o}", "as_named", count_of(good), "all", count_of(all)));
}

static json_t *totals_of(const struct proof_totals *t)
{
	json_t *o = json_owned(json_object());

	json_put(o, "proven", count_of(t->proven));
	json_put(o, "unproven", count_of(t->unproven));
	json_put(o, "not_judged", count_of(t->not_judged));
	json_put(o, "healthy", tally_of(t->healthy_good, t->healthy));
	json_put(o, "faults", tally_of(t->breaks_good, t->breaks));
	json_put(o, "permitted", tally_of(t->permits_good, t->permits));
	return o;
}

static json_t *requirement_of(const struct proof *p, size_t i)
{
	static const char *const states[] = {
	        [PROOF_NOT_JUDGED] = "not judged", [PROOF_UNPROVEN] = "unproven", [PROOF_PROVEN] = "proven"};
	const struct requirement *r = &p->suite->catalogue.v[i];
	json_t *o = json_owned(json_object()), *levels = json_owned(json_object());
	json_t *scenarios = json_owned(json_array()), *proven = json_owned(json_array()),
	       *permitted = json_owned(json_array());

	for (int profile = 0; profile < PROFILE_COUNT; profile++)
		json_put(levels, profile_text((enum profile)profile), json_string(level_text(r->level[profile])));
	for (size_t k = 0; k < p->suite->n; k++)
		if (scenario_judges(&p->suite->scenarios[k], r))
			json_add(scenarios, json_string(p->suite->scenarios[k].id));
	for (size_t k = 0; k < p->n; k++) {
		if (proof_proves(p, &p->v[k], i))
			json_add(proven, json_string(p->v[k].trial.name));
		if (proof_permits(&p->v[k], i))
			json_add(permitted, json_string(p->v[k].trial.name));
	}
	json_put(o, "id", json_string(r->id));
	json_put(o, "title", text_of(p, r->title));
	json_put(o, "levels", levels);
	json_put(o, "state", json_string(states[proof_state(p, i)]));
	json_put(o, "scenarios", scenarios);
	json_put(o, "proven_by", proven);
	json_put(o, "permitted", permitted);
	return o;
}

/* {"pass": 12, "warn": ["err.charset"], …}: passes and skips are counted, the rest is named. */
static json_t *verdicts_of(const struct proof *p, const struct proof_row *row)
{
	json_t *o = json_owned(json_object());

	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		json_t *ids = json_owned(json_array());
		for (size_t i = 0; i < p->suite->catalogue.n; i++)
			if (row->verdicts[i] == (signed char)v)
				json_add(ids, json_string(p->suite->catalogue.v[i].id));
		bool counted = v == VERDICT_PASS || v == VERDICT_SKIP;
		json_put(o, verdict_text(v), counted ? count_of(json_array_size(ids)) : json_incref(ids));
		json_decref(ids);
	}
	return o;
}

static json_t *surprises_of(const struct proof *p, const struct proof_row *row)
{
	json_t *list = json_owned(json_array());

	for (size_t i = 0; i < row->nsurprises; i++) {
		const struct surprise *s = &row->surprises[i];
		json_t *o = json_owned(json_object());
		json_put(o, "scenario", text_of(p, s->scenario));
		json_put(o, "requirement", text_of(p, s->requirement));
		json_put(o, "text", text_of(p, s->text));
		json_add(list, o);
	}
	return list;
}

static json_t *skipped_of(const struct proof *p, const struct proof_row *row)
{
	json_t *list = json_owned(json_array());

	for (size_t i = 0; row->skips && i < p->suite->n; i++) {
		if (!row->skips[i])
			continue;
		json_t *o = json_owned(json_object());
		json_put(o, "scenario", json_string(p->suite->scenarios[i].id));
		json_put(o, "reason", text_of(p, row->skips[i]));
		json_add(list, o);
	}
	return list;
}

static json_t *row_of(const struct proof *p, const struct proof_row *row)
{
	const struct control *c = row->control;
	json_t *o = json_owned(json_object());

	json_put(o, "name", json_string(row->trial.name));
	json_put(o, "kind", json_string(!c ? "healthy" : c->permit ? "permit" : "break"));
	json_put(o, "scenario", text_of(p, row->scenario ? row->scenario->id : NULL));
	json_put(o, "profile", json_string(profile_text(row->trial.profile)));
	json_put(o, "faults", c ? json_owned(json_deep_copy(c->faults)) : json_owned(json_array()));
	json_put(o, "catches", names_of(c ? c->catches : NULL));
	json_put(o, "warns", names_of(c ? c->warns : NULL));
	json_put(o, "as_named", json_boolean(row->nsurprises == 0));
	json_put(o, "verdicts", verdicts_of(p, row));
	json_put(o, "skipped", skipped_of(p, row));
	json_put(o, "surprises", surprises_of(p, row));
	return o;
}

void proof_json(const struct proof *p, struct buf *out)
{
	struct proof_totals t = proof_totals(p);
	json_auto_t *root = json_owned(json_object());
	json_t *requirements = json_owned(json_array()), *trials = json_owned(json_array());

	for (size_t i = 0; i < p->suite->catalogue.n; i++)
		json_add(requirements, requirement_of(p, i));
	for (size_t i = 0; i < p->n; i++)
		json_add(trials, row_of(p, &p->v[i]));
	json_put(root, "version", json_integer(PROOF_VERSION));
	json_put(root, "tool", json_string("brandcert " BRANDCERT_VERSION));
	json_put(root, "suite_digest", json_string(p->suite_digest));
	json_put(root, "selected", json_boolean(p->selected));
	json_put(root, "proven", json_boolean(t.proven_all));
	json_put(root, "totals", totals_of(&t));
	json_put(root, "requirements", requirements);
	json_put(root, "trials", trials);
	char *text = json_dumps(root, JSON_INDENT(2));
	if (!text)
		mem_exhausted();
	buf_add_text(out, text);
	buf_add_char(out, '\n');
	free(text);
}
