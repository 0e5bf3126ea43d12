#include "suite/save.h"

#include <string.h>

#include "suite/expect.h"
#include "suite/redeem.h"
#include "suite/words.h"

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
	} else if (!strncmp(text, "redirect ", 9) && text[9]) {
		ret->from = SAVE_REDIRECT;
		ret->what = text + 9;
	} else {
		source_error(s, n->at,
		             "what is saved must be 'code', 'redirect_uri', 'body /JSON/pointer', 'header Name' or "
		             "'redirect NAME', not '%s'",
		             text);
		return false;
	}
	return true;
}

/* What a step of this kind does not have. */
static void check_saved(struct source *s, const struct node *n, const struct save *save, const struct saving *to)
{
	bool of_request = save->from == SAVE_CODE || save->from == SAVE_REDIRECT_URI;
	enum step_kind kind = to->step->kind;

	if (!to->sends)
		return;
	if (kind != STEP_REDEEM && kind != STEP_USERINFO && kind != STEP_AUTHORIZE)
		source_error(s, n->at, "nothing of a '%s' step can be saved", step_kind_words[kind]);
	else if (kind == STEP_USERINFO && of_request)
		source_error(s, n->at, "a 'userinfo' step sends no code: there is only its reply to save from");
	else if (kind != STEP_AUTHORIZE && save->from == SAVE_REDIRECT)
		source_error(s, n->at, "only an 'authorize' step ends in a redirect to save from");
	else if (to->times && !of_request)
		source_error(s, n->at, "a step with 'times' has several replies: only what it sends can be saved");
}

bool saves_read(struct source *s, const struct key *k, const struct node *value, const struct saving *to)
{
	const struct names *names = to->names;
	struct step *step = to->step;
	size_t before = s->mistakes;

	if (!is_kind(s, k, value, NODE_MAPPING))
		return false;
	step->saves = arena_array(s->a, value->n, sizeof *step->saves);
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
		if (!read_saved(s, &value->v[i], &save))
			continue;
		check_saved(s, &value->v[i], &save, to);
		step->saves[step->nsaves++] = save;
	}
	return s->mistakes == before;
}
