#include "codes/form.h"

#include <string.h>
#include <strings.h>

#include "core/buf.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/text.h"

#define SHOWN_NAME 40
#define SHOWN_FORMS 400 /* of all names together */

static bool is_button(const struct form_control *c)
{
	return c->kind == CONTROL_BUTTON || c->kind == CONTROL_IMAGE;
}

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool has_field(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->n; i++)
		if (!is_button(&form->v[i]) && same(form->v[i].name, name))
			return true;
	return false;
}

/* The button of that value or else of that name; the first one where nothing is said; NULL: there is none. */
static const struct form_control *find_button(const struct form *form, const char *submit)
{
	const struct form_control *named = NULL;

	for (size_t i = 0; i < form->n; i++) {
		const struct form_control *c = &form->v[i];
		if (!is_button(c))
			continue;
		if (!submit || same(c->value, submit))
			return c;
		if (!named && same(c->name, submit))
			named = c;
	}
	return named;
}

static bool fits(const struct form *form, const struct login_form *wanted)
{
	if (wanted->form && !same(form->id, wanted->form) && !same(form->name, wanted->form) &&
	    !same(form->action, wanted->form))
		return false;
	for (size_t i = 0; i < wanted->fields.n; i++)
		if (!has_field(form, wanted->fields.v[i].name))
			return false;
	return !wanted->submit || find_button(form, wanted->submit);
}

const struct form *page_find(const struct page *p, const struct login_form *wanted)
{
	for (size_t i = 0; i < p->n; i++)
		if (fits(&p->v[i], wanted))
			return &p->v[i];
	return NULL;
}

static void add_pair(struct buf *out, const char *name, const char *value)
{
	if (out->n)
		buf_add_char(out, '&');
	form_encode(out, sv_of(name));
	buf_add_char(out, '=');
	form_encode(out, sv_of(value));
}

static void add_button(struct buf *out, struct arena *a, const struct form_control *button)
{
	if (button->kind == CONTROL_IMAGE) {
		const char *dot = button->name && *button->name ? arena_printf(a, "%s.", button->name) : "";
		add_pair(out, arena_printf(a, "%sx", dot), "1");
		add_pair(out, arena_printf(a, "%sy", dot), "1");
	} else if (button->name && *button->name) {
		add_pair(out, button->name, button->value);
	}
}

/* What is filled in stands where the first control of that name did; the others of that name go. */
static void add_control(struct buf *out, const struct form_control *c, const struct fields *fields, bool *filled)
{
	for (size_t i = 0; i < fields->n; i++) {
		if (!same(fields->v[i].name, c->name))
			continue;
		if (!filled[i])
			add_pair(out, c->name, fields->v[i].value);
		filled[i] = true;
		return;
	}
	if (c->kind != CONTROL_UNSET)
		add_pair(out, c->name, c->value);
}

void form_fill(struct arena *a, const struct form *form, const struct login_form *wanted, struct submission *ret)
{
	const struct form_control *button = find_button(form, wanted->submit);
	const char *method = button && button->method ? button->method : form->method;
	const char *action = button && button->action ? button->action : form->action;
	bool *filled = arena_array(a, wanted->fields.n + 1, sizeof *filled);
	struct buf out = {.cap = LIMIT_BODY};

	*ret = (struct submission){.method = method && !strcasecmp(method, "post") ? "POST" : "GET",
	                           .action = action ? action : ""};
	for (size_t i = 0; i < form->n; i++) {
		const struct form_control *c = &form->v[i];
		if (c == button)
			add_button(&out, a, c);
		else if (!is_button(c) && c->name && *c->name)
			add_control(&out, c, &wanted->fields, filled);
	}
	if (form->cut)
		ret->refused = arena_printf(a, "it has more than %d fields", LIMIT_FORM_FIELDS);
	else if (out.full)
		ret->refused = "what it would send is too long";
	else if (*ret->method == 'P' && form->enctype && *form->enctype &&
	         strcasecmp(form->enctype, "application/x-www-form-urlencoded") != 0)
		ret->refused =
		        arena_printf(a, "it is sent as '%s', and only application/x-www-form-urlencoded can be sent",
		                     text_excerpt(a, sv_of(form->enctype), SHOWN_NAME));
	ret->body = arena_svdup(a, out.n ? buf_sv(&out) : SV(""));
	buf_release(&out);
}

bool form_is_hidden(const struct form *form)
{
	for (size_t i = 0; i < form->n; i++)
		if (form->v[i].kind != CONTROL_HIDDEN && !is_button(&form->v[i]))
			return false;
	return form->n && form->method && !strcasecmp(form->method, "post");
}

char *form_wanted_text(struct arena *a, const struct login_form *wanted)
{
	const struct fields *fields = &wanted->fields;
	const char **names = arena_array(a, fields->n + 1, sizeof *names);
	const char *called = wanted->form ? arena_printf(a, " '%s'", wanted->form) : "";

	for (size_t i = 0; i < fields->n; i++)
		names[i] = arena_printf(a, "'%s'", fields->v[i].name);
	const char *with = fields->n ? arena_printf(a, " with the field%s %s", fields->n > 1 ? "s" : "",
	                                            text_list(a, names, fields->n, "and"))
	                             : "";
	const char *button =
	        wanted->submit ? arena_printf(a, " %s the button '%s'", fields->n ? "and" : "with", wanted->submit)
	                       : "";
	return arena_printf(a, "form%s%s%s", called, with, button);
}

/* "'login' ('user', 'pass', button 'go')" */
static void add_form(struct buf *out, struct arena *a, const struct form *form)
{
	const char *called = form->id ? form->id : form->name, *last = NULL;
	const char *comma = "";

	if (called)
		buf_addf(out, "'%s' ", text_excerpt(a, sv_of(called), SHOWN_NAME));
	buf_add_char(out, '(');
	for (size_t i = 0; i < form->n && out->n < SHOWN_FORMS; i++) {
		const struct form_control *c = &form->v[i];
		bool button = is_button(c);
		const char *name = button && *c->value ? c->value : c->name;
		if (c->kind == CONTROL_HIDDEN || !name || !*name || same(name, last))
			continue;
		buf_addf(out, "%s%s'%s'", comma, button ? "button " : "", text_excerpt(a, sv_of(name), SHOWN_NAME));
		comma = ", ";
		last = name;
	}
	buf_add_char(out, ')');
}

char *page_forms_text(struct arena *a, const struct page *p)
{
	struct buf out = {.cap = (size_t)SHOWN_FORMS * 2};

	if (!p->n)
		return arena_text(a, "it has no form at all");
	buf_add_text(&out, p->n == 1 ? "its form has " : "its forms have ");
	for (size_t i = 0; i < p->n && out.n < SHOWN_FORMS; i++) {
		buf_add_text(&out, i ? "; " : "");
		add_form(&out, a, &p->v[i]);
	}
	if (out.n >= SHOWN_FORMS || p->cut)
		buf_add_text(&out, " …");
	char *text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}
