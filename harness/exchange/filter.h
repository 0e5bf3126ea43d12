#ifndef BRANDCERT_EXCHANGE_FILTER_H
#define BRANDCERT_EXCHANGE_FILTER_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/sv.h"
#include "suite/filters.h"

/* The filters and generators of suite/filters.h at work. What does not fit into *out sets out->full. */

/* Adds what the filter makes of value. False when it is one that is there to make another value and cannot: there is no
 * letter to swap, no byte to cut. */
bool filter_apply(const struct template_call *call, struct sv value, struct buf *out);
int filter_generate(const struct template_call *call, struct buf *out, struct err *e)
        __attribute__((warn_unused_result));

#endif
