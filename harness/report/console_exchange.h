#ifndef BRANDCERT_REPORT_CONSOLE_EXCHANGE_H
#define BRANDCERT_REPORT_CONSOLE_EXCHANGE_H

#include "core/arena.h"
#include "report/wrap.h"
#include "verdict/results.h"

/* --verbose: one exchange as HTTP, > what was sent, < what came, then how long it took. */
void console_exchange(struct wrap *w, struct arena *a, const struct shown_exchange *x);

#endif
