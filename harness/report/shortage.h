#ifndef BRANDCERT_REPORT_SHORTAGE_H
#define BRANDCERT_REPORT_SHORTAGE_H

#include "core/arena.h"
#include "verdict/results.h"

/*
 * What went unjudged because codes were short: "12 more codes would judge all: code-race (5), refusals (7)", the scenarios in
 * the order of the run, each with how many codes it went without. NULL: none did. Visible text, arena memory.
 */
char *render_shortage(struct arena *a, const struct results *r);

#endif
