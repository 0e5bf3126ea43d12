#include "suite/control.h"

#include <string.h>

#include "suite/tables.h"
#include "suite/words.h"

/* A control being read. */
struct reading {
	struct control control;
	const struct control_context *context;
};

static key_reader read_breaking, read_permitting;

const struct key control_keys[] = {
        KEY("name", read_slug, offsetof(struct reading, control.name), .need = KEY_REQUIRED),
        KEY("break", read_breaking, 0),
        KEY("permit", read_permitting, 0),
        KEY("profile", read_word, offsetof(struct reading, control.profile), .words = profile_words),
        KEY("catches", read_texts, offsetof(struct reading, control.catches)),
        KEY("warns", read_texts, offsetof(struct reading, control.warns)),
        {0},
};

/* Takes fault over, after asking the reference brand's vocabulary about it. NULL: reported. */
static void append(struct source *s, struct reading *r, size_t at, json_t *fault)
{
	const struct suite_options *o = r->context->options;
	const char *problem = fault && o->fault_problem ? o->fault_problem(s->a, fault) : NULL;

	if (problem)
		source_error(s, at, "%s", problem);
	if (fault)
		json_array_append_new(r->control.faults, fault);
}

/* A mapping with several keys is several faults. */
static void append_members(struct source *s, const struct node *n, struct reading *r)
{
	for (size_t i = 0; i < n->n; i++) {
		json_t *value = node_json(s, &n->v[i]);
		append(s, r, n->keys[i].at, value ? json_pack("{so}", n->keys[i].text.p, value) : NULL);
	}
}

static bool read_faults(struct source *s, const struct key *k, const struct node *n, struct reading *r)
{
	size_t before = s->mistakes;

	if (!r->control.faults)
		r->control.faults = json_array();
	if ((n->kind == NODE_SCALAR && !node_is_string(n)) || (n->kind != NODE_SCALAR && !n->n))
		return wrong_type(s, k, n, "a fault or a list of faults");
	for (size_t i = 0; n->kind == NODE_LIST && i < n->n; i++) {
		struct key each = {.name = k->name, .item = true};
		if (n->v[i].kind == NODE_MAPPING && n->v[i].n)
			append_members(s, &n->v[i], r);
		else if (node_is_string(&n->v[i]))
			append(s, r, n->v[i].at, node_json(s, &n->v[i]));
		else
			wrong_type(s, &each, &n->v[i], "a word or a mapping");
	}
	if (n->kind == NODE_MAPPING)
		append_members(s, n, r);
	else if (n->kind == NODE_SCALAR)
		append(s, r, n->at, node_json(s, n));
	return s->mistakes == before;
}

static bool read_breaking(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_faults(s, k, value, into);
}

static bool read_permitting(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	r->control.permit = true;
	return read_faults(s, k, value, into);
}

static void check_ids(struct source *s, const struct control_context *c, const struct node *ids)
{
	for (size_t i = 0; ids && ids->kind == NODE_LIST && i < ids->n; i++) {
		const struct node *id = &ids->v[i];
		bool judged = !node_is_string(id) || !id->text.n || !c->judged_known;
		for (size_t j = 0; j < c->njudged; j++)
			judged |= !strcmp(c->judged[j], id->text.p ? id->text.p : "");
		if (!judged)
			source_error(s, id->at, "this scenario does not judge '%s'%s", id->text.p,
			             did_you_mean(s->a, id->text, c->judged, c->njudged));
	}
}

static void check_both(struct source *s, const struct node *catches, const struct control *c)
{
	for (size_t i = 0; c->catches && c->catches[i]; i++)
		for (size_t j = 0; c->warns && c->warns[j]; j++)
			if (!strcmp(c->catches[i], c->warns[j]))
				source_error(s, catches->at, "'%s' is in 'catches' and in 'warns': it can only do one",
				             c->catches[i]);
}

bool control_read(struct source *s, const struct node *n, const struct control_context *c, struct control *ret)
{
	static const char *nothing[] = {NULL};
	struct reading r = {.context = c, .control.at = source_place(s, n->at)};
	size_t before = s->mistakes;

	bool sound = read_mapping(s, n, control_keys, &r, "a control");
	*ret = r.control;
	ret->catches = ret->catches ? ret->catches : nothing;
	ret->warns = ret->warns ? ret->warns : nothing;
	if (n->kind != NODE_MAPPING)
		return false;
	const struct node *breaks = node_get(n, "break"), *permits = node_get(n, "permit");
	const struct node *catches = node_get(n, "catches");
	check_ids(s, c, catches);
	check_ids(s, c, node_get(n, "warns"));
	check_both(s, catches, ret);
	if (breaks && permits)
		source_error(s, permits->at, "a control has 'break' or 'permit', not both");
	else if (permits && catches)
		source_error(s, catches->at, "'permit' is a variation that is allowed: it has nothing to catch");
	else if (!breaks && !permits && sound)
		source_error(s, n->at, "a control needs 'break' or 'permit'");
	else if (breaks && sound && !*ret->catches && !*ret->warns)
		source_error(s, n->at, "a control with 'break' names what has to fail, in 'catches' or 'warns'");
	return s->mistakes == before;
}
