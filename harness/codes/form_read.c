#include <libxml/HTMLparser.h>
#include <string.h>
#include <strings.h>

#include "codes/form.h"
#include "core/buf.h"
#include "core/limits.h"
#include "core/text.h"

/* A page being read. Elements are visited in document order, without recursion: a target chooses how deep they lie. */
struct reading {
	struct arena *a;
	struct page *page;
	const xmlNode *forms[LIMIT_FORMS]; /* the element of each of page->v */
};

static bool is(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && strcasecmp((const char *)n->name, name) == 0;
}

/* Arena memory; NULL: the element does not have it. */
static const char *attribute(struct arena *a, const xmlNode *n, const char *name)
{
	xmlChar *value = xmlGetProp(n, (const xmlChar *)name);
	char *copy = arena_text(a, (const char *)value);

	xmlFree(value);
	return copy;
}

static bool has(const xmlNode *n, const char *name)
{
	return xmlHasProp(n, (const xmlChar *)name);
}

static const char *content(struct arena *a, const xmlNode *n)
{
	xmlChar *value = xmlNodeGetContent(n);
	char *copy = arena_text(a, value ? (const char *)value : "");

	xmlFree(value);
	return copy;
}

/* The one behind n in document order, below top; NULL: n was the last. */
static const xmlNode *next_node(const xmlNode *top, const xmlNode *n)
{
	if (n->children && n->type == XML_ELEMENT_NODE)
		return n->children;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

/* The form that a control belongs to: the one that its `form` names, else the one that it lies in. */
static struct form *owner(const struct reading *r, const xmlNode *n)
{
	const struct page *page = r->page;
	const char *id = has(n, "form") ? attribute(r->a, n, "form") : NULL;

	for (size_t i = 0; id && i < page->n; i++)
		if (page->v[i].id && strcmp(page->v[i].id, id) == 0)
			return &page->v[i];
	for (const xmlNode *up = n->parent; !id && up; up = up->parent)
		for (size_t i = 0; is(up, "form") && i < page->n; i++)
			if (r->forms[i] == up)
				return &page->v[i];
	return NULL;
}

static void add_control(struct reading *r, struct form *form, struct form_control c)
{
	if (form->n == LIMIT_FORM_FIELDS) {
		form->cut = true;
		return;
	}
	form->v = arena_grow(r->a, form->v, form->n, sizeof *form->v);
	form->v[form->n++] = c;
}

static void add_input(struct reading *r, const xmlNode *n, struct form *form)
{
	const char *type = attribute(r->a, n, "type"), *value = attribute(r->a, n, "value");
	struct form_control c = {.name = attribute(r->a, n, "name"), .value = value ? value : ""};

	type = type ? type : "text";
	if (!strcasecmp(type, "button") || !strcasecmp(type, "reset") || !strcasecmp(type, "file"))
		return;
	if (!strcasecmp(type, "submit") || !strcasecmp(type, "image")) {
		c.kind = strcasecmp(type, "image") ? CONTROL_BUTTON : CONTROL_IMAGE;
		c.action = attribute(r->a, n, "formaction");
		c.method = attribute(r->a, n, "formmethod");
	} else if (!strcasecmp(type, "checkbox") || !strcasecmp(type, "radio")) {
		c.kind = has(n, "checked") ? CONTROL_VALUE : CONTROL_UNSET;
		c.value = value ? value : "on";
	} else if (!strcasecmp(type, "hidden")) {
		c.kind = CONTROL_HIDDEN;
	}
	add_control(r, form, c);
}

static void add_button(struct reading *r, const xmlNode *n, struct form *form)
{
	const char *type = attribute(r->a, n, "type"), *value = attribute(r->a, n, "value");

	if (type && (!strcasecmp(type, "button") || !strcasecmp(type, "reset")))
		return;
	add_control(r, form,
	            (struct form_control){.kind = CONTROL_BUTTON,
	                                  .name = attribute(r->a, n, "name"),
	                                  .value = value ? value : "",
	                                  .action = attribute(r->a, n, "formaction"),
	                                  .method = attribute(r->a, n, "formmethod")});
}

/* Of a list of which one is chosen, the first is when none says that it is. */
static void add_select(struct reading *r, const xmlNode *select, struct form *form)
{
	const char *name = attribute(r->a, select, "name");
	bool chosen = has(select, "multiple");
	size_t first = form->n;

	for (const xmlNode *n = next_node(select, select); n; n = next_node(select, n)) {
		if (!is(n, "option") || has(n, "disabled"))
			continue;
		const char *value = attribute(r->a, n, "value");
		bool selected = has(n, "selected");
		add_control(r, form,
		            (struct form_control){.kind = selected ? CONTROL_VALUE : CONTROL_UNSET,
		                                  .name = name,
		                                  .value = value ? value : content(r->a, n)});
		chosen = chosen || selected;
	}
	if (!chosen && form->n > first)
		form->v[first].kind = CONTROL_VALUE;
}

/* The line feed right behind the tag is not part of it. */
static const char *area_text(struct arena *a, const xmlNode *n)
{
	const char *text = content(a, n);

	text += *text == '\r';
	return text + (*text == '\n');
}

static void visit_control(struct reading *r, const xmlNode *n)
{
	bool input = is(n, "input"), button = is(n, "button"), select = is(n, "select"), area = is(n, "textarea");
	struct form *form = input || button || select || area ? owner(r, n) : NULL;

	if (!form || has(n, "disabled"))
		return;
	if (input)
		add_input(r, n, form);
	else if (button)
		add_button(r, n, form);
	else if (select)
		add_select(r, n, form);
	else
		add_control(r, form,
		            (struct form_control){.name = attribute(r->a, n, "name"), .value = area_text(r->a, n)});
}

static void visit_element(struct reading *r, const xmlNode *n)
{
	struct page *page = r->page;

	if (is(n, "base") && !page->base) {
		page->base = attribute(r->a, n, "href");
	} else if (is(n, "meta")) {
		const char *what = attribute(r->a, n, "http-equiv");
		page->refreshes = page->refreshes || (what && !strcasecmp(what, "refresh"));
	} else if (is(n, "form") && page->n == LIMIT_FORMS) {
		page->cut = true;
	} else if (is(n, "form")) {
		r->forms[page->n] = n;
		page->v = arena_grow(r->a, page->v, page->n, sizeof *page->v);
		page->v[page->n++] = (struct form){.id = attribute(r->a, n, "id"),
		                                   .name = attribute(r->a, n, "name"),
		                                   .action = attribute(r->a, n, "action"),
		                                   .method = attribute(r->a, n, "method"),
		                                   .enctype = attribute(r->a, n, "enctype")};
	}
}

/* NULL: what its <meta> says. libxml2 spoils bytes of which nobody says anything. */
static const char *encoding_of(struct sv html, const char *charset)
{
	xmlCharEncodingHandlerPtr handler = charset ? xmlFindCharEncodingHandler(charset) : NULL;

	if (handler) {
		xmlCharEncCloseFunc(handler);
		return charset;
	}
	if (text_bad_utf8(html) < 0)
		return "UTF-8";
	return sv_find(html, SV("charset")) >= 0 ? NULL : "ISO-8859-1";
}

/* What libxml2 finds wrong is a browser's business; of a broken encoding it would tell the terminal, whatever its options. */
static void hush(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

void page_read(struct arena *a, struct sv html, const char *charset, struct page *ret)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;
	struct reading r = {.a = a, .page = ret};

	*ret = (struct page){0};
	if (!html.n || html.n > LIMIT_BODY)
		return;
	xmlSetGenericErrorFunc(NULL, hush);
	htmlDocPtr doc = htmlReadMemory(html.p, (int)html.n, NULL, encoding_of(html, charset), options);
	xmlSetGenericErrorFunc(NULL, NULL);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	/* Forms first: a control may name one that comes later. */
	for (const xmlNode *n = root; n; n = next_node(root, n))
		visit_element(&r, n);
	for (const xmlNode *n = root; n; n = next_node(root, n))
		visit_control(&r, n);
	xmlFreeDoc(doc);
}
