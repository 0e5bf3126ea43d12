/*
 * Hostile login pages. The first line is the charset that the page came with, empty for none; the rest is the page. Every
 * form of it is found and filled in as target files ask for it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codes/form.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/text.h"
#include "evidence/redirect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "does not hold: %s\n", what);
		abort();
	}
}

/* What is shown of a page stands in one line of a message. */
static void need_visible(const char *text)
{
	need(text && strlen(text) < 2000, "what is shown is bounded");
	for (const char *p = text; *p; p++)
		need((unsigned char)*p >= 0x20 && *p != 0x7f, "nothing shown steers a terminal");
	need(text_bad_utf8(sv_of(text)) < 0, "what is shown is UTF-8");
}

static void look(const struct page *p)
{
	need(p->n <= LIMIT_FORMS, "forms are bounded");
	for (size_t i = 0; i < p->n; i++) {
		need(p->v[i].n <= LIMIT_FORM_FIELDS, "fields are bounded");
		for (size_t k = 0; k < p->v[i].n; k++)
			need(p->v[i].v[k].value != NULL, "each field has a value");
		(void)form_is_hidden(&p->v[i]);
	}
}

static bool is_sent(struct arena *a, struct sv body, const struct field *field)
{
	const char *url = arena_printf(a, "?%s", arena_sv(a, body));
	struct sv value;

	for (size_t n = 0; (value = url_parameter(a, url, field->name, n)).p; n++)
		if (sv_eq(value, sv_of(field->value)))
			return true;
	return false;
}

static void fill(struct arena *a, const struct page *p, const struct login_form *wanted)
{
	const struct form *form = page_find(p, wanted);
	struct submission s;

	need_visible(form_wanted_text(a, wanted));
	if (!form)
		return;
	form_fill(a, form, wanted, &s);
	need(!strcmp(s.method, "GET") || !strcmp(s.method, "POST"), "it is sent as GET or POST");
	need(s.action && s.body.p, "there is something to send, and an address");
	if (s.refused) {
		need_visible(s.refused);
		return;
	}
	for (size_t i = 0; i < s.body.n; i++) {
		char c = s.body.p[i];
		need((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		             (c && strchr("-._*+%&=", c)),
		     "the body is form-encoded");
	}
	for (size_t i = 0; i < wanted->fields.n; i++)
		need(is_sent(a, s.body, &wanted->fields.v[i]), "what was filled in is sent");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct field credentials[] = {{"username", "jo&hn"}, {"password", "p=ss w\xc3\xb6rd"}},
	                    twice[] = {{"q", ""}};
	static const struct login_form wanted[] = {
	        {0},
	        {.form = "login"},
	        {.fields = {credentials, 2}},
	        {.form = "login", .fields = {credentials, 2}, .submit = "go"},
	        {.fields = {twice, 1}, .submit = "allow"},
	        {.submit = ""},
	};
	arena_auto *a = arena_new();
	struct sv rest = {(const char *)data, size}, charset = SV("");
	struct page page;

	if (size > 65536)
		return 0;
	/* a page is memory of its own, without a NUL behind it */
	long end = sv_find_char(rest, '\n');
	if (end >= 0) {
		charset = (struct sv){rest.p, (size_t)end};
		rest = (struct sv){rest.p + end + 1, rest.n - (size_t)end - 1};
	}
	page_read(a, rest, charset.n ? arena_sv(a, charset) : NULL, &page);
	look(&page);
	need_visible(page_forms_text(a, &page));
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		fill(a, &page, &wanted[i]);
	return 0;
}
