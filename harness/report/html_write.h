#ifndef BRANDCERT_REPORT_HTML_WRITE_H
#define BRANDCERT_REPORT_HTML_WRITE_H

#include <libxml/xmlwriter.h>
#include <stdbool.h>

#include "core/arena.h"
#include "report/outcome.h"

/*
 * HTML by libxml2's writer, which escapes. Text and attribute values must have been rendered visibly (render.h). Elements
 * are never closed by themselves, as XML would have it: <p/> opens a paragraph in HTML.
 */
struct html {
	xmlTextWriter *w;
	struct arena *a;
	const struct results *r;
	struct outcome outcome;
	size_t room; /* bytes left for the exchanges of failures */
	bool failed; /* libxml2 is out of memory */
};

void html_open(struct html *h, const char *element, const char *class); /* class may be NULL */
void html_attribute(struct html *h, const char *name, const char *value);
void html_text(struct html *h, const char *text);
void html_close(struct html *h);
void html_void(struct html *h); /* closes <meta> and its like */
/* The whole element. */
void html_element(struct html *h, const char *element, const char *class, const char *text);
void html_heading(struct html *h, int level, const char *id, const char *text);
/* <a href="#…"> */
void html_jump(struct html *h, const char *id, const char *text);
/* A word in the colour of a standing. */
void html_badge(struct html *h, enum standing s);
/* <dt>label</dt><dd>text</dd>: nothing when text is empty. */
void html_item(struct html *h, const char *label, const char *text);
/* <details><summary>text</summary>, to be closed by html_close. */
void html_details(struct html *h, const char *summary);
char *html_duration(struct html *h, int64_t us); /* "12.3 ms" */

/* --- parts of the page, each one file ---------------------------------------------------------------------- */

extern const char html_style[]; /* html_style.c */

void html_cover(struct html *h);    /* verdict, facts, matrix: what is printed first */
void html_findings(struct html *h); /* html_findings.c: failures, warnings and so on */
void html_scenarios(struct html *h);
void html_reasons(struct html *h, enum standing s);

/* html_exchange.c. In full, with bodies when `whole`; and the id_token beside what was expected. */
void html_exchange(struct html *h, const struct shown_exchange *x, bool whole);
void html_decoded(struct html *h, const struct shown_exchange *x, const struct result *r);
void html_exchanges(struct html *h);
const struct shown_exchange *html_exchange_of(const struct html *h, const char *id); /* or NULL */
char *html_exchange_title(struct html *h, const struct shown_exchange *x);

#endif
