/*
 * One static page: no script, nothing loaded, readable without its style. What matters most comes first, and what a
 * target sent is text wherever it stands.
 */
#include "core/limits.h"
#include "report/html_write.h"
#include "report/render.h"
#include "report/report.h"

static void meta(struct html *h, const char *kind, const char *name, const char *content)
{
	html_open(h, "meta", NULL);
	html_attribute(h, kind, name);
	if (content)
		html_attribute(h, "content", content);
	html_void(h);
	html_text(h, "\n");
}

static void head(struct html *h)
{
	const char *target = h->r->target ? render_headline(h->a, h->r->target) : "no target";

	html_open(h, "head", NULL);
	html_text(h, "\n");
	meta(h, "charset", "utf-8", NULL);
	html_element(h, "title", NULL, arena_printf(h->a, "%s: %s, brandcert report", h->outcome.words, target));
	html_text(h, "\n");
	meta(h, "name", "viewport", "width=device-width, initial-scale=1");
	meta(h, "name", "color-scheme", "light dark");
	meta(h, "name", "referrer", "no-referrer");
	/* A second net under the escaping: even what slipped through could load and run nothing. */
	meta(h, "http-equiv", "Content-Security-Policy",
	     "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'");
	html_open(h, "style", NULL);
	h->failed |= xmlTextWriterWriteRaw(h->w, (const xmlChar *)html_style) < 0;
	html_close(h);
	html_text(h, "\n");
	html_close(h);
	html_text(h, "\n");
}

static void footer(struct html *h)
{
	html_open(h, "footer", NULL);
	html_element(h, "p", NULL,
	             arena_printf(h->a,
	                          "Written by %s. Secrets, codes and token signatures are masked, so this page is safe "
	                          "to publish; what the endpoint itself put into its answers is shown as text.",
	                          h->r->tool ? render_headline(h->a, h->r->tool) : "brandcert"));
	html_close(h);
	html_text(h, "\n");
}

static void page(struct html *h)
{
	h->failed |= xmlTextWriterWriteDTD(h->w, (const xmlChar *)"html", NULL, NULL, NULL) < 0;
	html_text(h, "\n");
	html_open(h, "html", NULL);
	html_attribute(h, "lang", "en");
	html_text(h, "\n");
	head(h);
	html_open(h, "body", NULL);
	html_text(h, "\n");
	html_open(h, "a", "skip-link");
	html_attribute(h, "href", "#results");
	html_text(h, "Skip to the results");
	html_close(h);
	html_text(h, "\n");
	html_cover(h);
	html_open(h, "main", NULL);
	html_attribute(h, "id", "results");
	html_attribute(h, "tabindex", "-1");
	html_text(h, "\n");
	html_findings(h);
	html_scenarios(h);
	html_exchanges(h);
	html_close(h);
	html_text(h, "\n");
	footer(h);
	html_close(h);
	html_text(h, "\n");
	html_close(h);
	h->failed |= xmlTextWriterEndDocument(h->w) < 0;
}

int report_html(const struct results *r, const struct report_options *o, struct buf *out, struct err *e)
{
	arena_auto *a = arena_new();
	xmlBuffer *content = xmlBufferCreate();
	struct html h = {.a = a,
	                 .r = r,
	                 .w = content ? xmlNewTextWriterMemory(content, 0) : NULL,
	                 .outcome = outcome_of(a, r),
	                 .room = LIMIT_HTML_EXCHANGES};

	(void)o;
	if (h.w) {
		page(&h);
		xmlFreeTextWriter(h.w); /* flushes */
	}
	if (!h.w || h.failed)
		err_trouble(e, "cannot write HTML: out of memory");
	else if (!buf_add(out, xmlBufferContent(content), (size_t)xmlBufferLength(content)))
		err_trouble(e, "cannot write HTML: it is larger than %zu bytes", out->cap);
	xmlBufferFree(content);
	return h.w && !h.failed && !out->full ? 0 : -1;
}
