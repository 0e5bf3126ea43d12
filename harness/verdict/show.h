#ifndef BRANDCERT_VERDICT_SHOW_H
#define BRANDCERT_VERDICT_SHOW_H

#include "evidence/evidence.h"
#include "evidence/mask.h"
#include "verdict/results.h"

/* Fills ret's codes and ended_ms, for which started_ms has to be there. */
void show_totals(const struct evidence *ev, struct results *ret);

/* Fills ret's exchanges from the evidence: masked, visible, bounded by LIMIT_SHOWN_BODY. */
void show_exchanges(struct arena *a, const struct mask *mask, const struct evidence *ev, struct results *ret);

#endif
