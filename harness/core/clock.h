#ifndef BRANDCERT_CORE_CLOCK_H
#define BRANDCERT_CORE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t clock_unix_ms(void); /* wall clock: milliseconds since 1970 UTC */
int64_t clock_mono_us(void); /* monotonic: for intervals and timers */
/* "2026-11-21T12:00:00Z" into out (at least 32 bytes). */
void clock_iso(int64_t unix_ms, char out[32]);

#endif
