#include "checks/across.h"

#include <string.h>

#include "checks/front.h"

#include "checks/sent.h"

static bool issued(struct subject *o)
{
	struct finding unused = {0};

	if (front_is(o))
		return front_token(o, &unused).p != NULL;
	const json_t *body = subject_body(o, &unused);

	return json_is_string(json_object_get(body, "access_token")) ||
	       json_is_string(json_object_get(body, "id_token"));
}

static bool same_code(const struct subject *x, const struct subject *y)
{
	return x->x->code.code && y->x->code.code && strcmp(x->x->code.code, y->x->code.code) == 0;
}

struct subject **across_granted(struct subject *s, struct subject *const *v, size_t n, size_t *ret_n)
{
	struct subject **found = arena_array(s->a, n, sizeof *found);

	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		/* What a refresh token brings may be the same tokens again: that is judged where it is sent. */
		bool again = v[i]->denied_by || !issued(v[i]) || sent_value(v[i], "refresh_token").p;
		for (size_t k = 0; k < *ret_n && !again; k++)
			again = same_code(found[k], v[i]);
		if (!again)
			found[(*ret_n)++] = v[i];
	}
	return found;
}

static const char *name(struct subject *o)
{
	return o->step && o->step->name ? arena_printf(o->a, "%s ('%s')", o->x->id, o->step->name) : o->x->id;
}

const char *across_pair(struct subject *x, struct subject *y)
{
	return arena_printf(x->a, "%s and %s", name(x), name(y));
}
