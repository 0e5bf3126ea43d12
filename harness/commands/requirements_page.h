#ifndef BRANDCERT_COMMANDS_REQUIREMENTS_PAGE_H
#define BRANDCERT_COMMANDS_REQUIREMENTS_PAGE_H

#include "core/buf.h"
#include "suite/suite.h"

/*
 * suites/REQUIREMENTS.md, Markdown: every requirement of the catalogue with its levels and sources, the scenarios that judge
 * it and the controls that prove it. The same suite gives the same bytes. `folder` is where the suite was loaded from: links
 * are relative to it.
 */
void requirements_page(struct arena *a, const struct suite *s, const char *folder, struct buf *out);

#endif
