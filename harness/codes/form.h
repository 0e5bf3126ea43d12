#ifndef BRANDCERT_CODES_FORM_H
#define BRANDCERT_CODES_FORM_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"
#include "suite/target.h"

/* The forms of an HTML page, and what a person's browser would send of them (HTML Standard, §4.10 Forms). Bounded by
 * LIMIT_FORMS and LIMIT_FORM_FIELDS; everything is arena memory. */

struct form_control {
	enum form_control_kind {
		CONTROL_VALUE,  /* sent as it is, or with the value that is filled in */
		CONTROL_HIDDEN, /* … that nobody sees */
		CONTROL_UNSET, /* a box that is not ticked, an option that is not chosen: sent only when it is filled in */
		CONTROL_BUTTON, /* sent when it is pressed */
		CONTROL_IMAGE,  /* … as the place at which it was */
	} kind;
	const char *name, *value;    /* name NULL: is not sent */
	const char *action, *method; /* of a button: stand in place of the form's; may be NULL */
};

struct form {
	const char *id, *name, *action, *method, *enctype; /* as the page has them, NULL: not given */
	struct form_control *v;
	size_t n;
	bool cut; /* there are more: what would be sent is not all */
};

struct page {
	const char *base; /* href of its <base>, or NULL */
	bool refreshes;   /* it leads elsewhere by <meta http-equiv=refresh> */
	struct form *v;
	size_t n;
	bool cut;
};

/* Reads a page, however broken it is. charset as its Content-Type says; NULL: not said. */
void page_read(struct arena *a, struct sv html, const char *charset, struct page *ret);

/* The first form that is what `wanted` describes: its id, name or action, all of the fields, the button. NULL: none. */
const struct form *page_find(const struct page *p, const struct login_form *wanted);

/* What submitting it sends. */
struct submission {
	const char *method;  /* "GET" or "POST" */
	const char *action;  /* as the page has it; "": the page itself */
	struct sv body;      /* application/x-www-form-urlencoded */
	const char *refused; /* why it cannot be sent, as one clause; NULL: it can */
};
/* `form` is what page_find gave for `wanted`. */
void form_fill(struct arena *a, const struct form *form, const struct login_form *wanted, struct submission *ret);

/* True when nothing of it can be seen and it is posted: a page that hands parameters on by script. */
bool form_is_hidden(const struct form *form);
/* "the fields 'username' and 'password'": what `wanted` looks for. */
char *form_wanted_text(struct arena *a, const struct login_form *wanted);
/* "its forms have: 'q'; 'user' and 'pass'": names alone, visible and bounded. */
char *page_forms_text(struct arena *a, const struct page *p);

#endif
