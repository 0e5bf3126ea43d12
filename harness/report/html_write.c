#include "report/html_write.h"

#include "report/render.h"

/* BAD_CAST would take the const away. */
static const xmlChar *xml(const char *text)
{
	return (const xmlChar *)text;
}

void html_attribute(struct html *h, const char *name, const char *value)
{
	h->failed |= xmlTextWriterWriteAttribute(h->w, xml(name), xml(value)) < 0;
}

void html_open(struct html *h, const char *element, const char *class)
{
	h->failed |= xmlTextWriterStartElement(h->w, xml(element)) < 0;
	if (class)
		html_attribute(h, "class", class);
}

void html_text(struct html *h, const char *text)
{
	h->failed |= xmlTextWriterWriteString(h->w, xml(text)) < 0;
}

void html_close(struct html *h)
{
	h->failed |= xmlTextWriterFullEndElement(h->w) < 0;
}

void html_void(struct html *h)
{
	h->failed |= xmlTextWriterEndElement(h->w) < 0;
}

void html_element(struct html *h, const char *element, const char *class, const char *text)
{
	html_open(h, element, class);
	html_text(h, text);
	html_close(h);
}

void html_heading(struct html *h, int level, const char *id, const char *text)
{
	html_open(h, arena_printf(h->a, "h%d", level), NULL);
	if (id)
		html_attribute(h, "id", id);
	html_text(h, text);
	html_close(h);
	html_text(h, "\n");
}

void html_jump(struct html *h, const char *id, const char *text)
{
	html_open(h, "a", NULL);
	html_attribute(h, "href", arena_printf(h->a, "#%s", id));
	html_text(h, text);
	html_close(h);
}

void html_badge(struct html *h, enum standing s)
{
	static const char *const classes[STANDING_COUNT] = {
	        [STANDING_FAIL] = "badge fail",         [STANDING_ERROR] = "badge error",
	        [STANDING_EXPECTED] = "badge expected", [STANDING_WARN] = "badge warn",
	        [STANDING_HOLDS] = "badge pass",        [STANDING_SKIP] = "badge skip",
	};

	html_element(h, "span", classes[s], standing_text(s));
	html_text(h, " ");
}

void html_item(struct html *h, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	html_element(h, "dt", NULL, label);
	html_element(h, "dd", NULL, text);
	html_text(h, "\n");
}

void html_details(struct html *h, const char *summary)
{
	html_open(h, "details", NULL);
	html_element(h, "summary", NULL, summary);
	html_text(h, "\n");
}

/* Not with %f: that follows the locale. */
char *html_duration(struct html *h, int64_t us)
{
	long long t = us > 0 ? us : 0;

	if (t >= 1000000)
		return arena_printf(h->a, "%lld.%lld s", t / 1000000, t / 100000 % 10);
	if (t >= 100000)
		return arena_printf(h->a, "%lld ms", t / 1000);
	return arena_printf(h->a, "%lld.%lld ms", t / 1000, t / 100 % 10);
}
