#ifndef BRANDCERT_CORE_CLOCK_H
#define BRANDCERT_CORE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t clock_unix_ms(void); /* wall clock: milliseconds since 1970 UTC */
int64_t clock_unix_us(void); /* the same in microseconds */
int64_t clock_mono_us(void); /* monotonic: for intervals and timers */
/* "2026-11-21T12:00:00Z" into out (at least 32 bytes). */
void clock_iso(int64_t unix_ms, char out[32]);
/* The reverse, from exactly that form, or from the date alone: "2026-11-21" is its first moment. False: it is neither. */
bool clock_from_iso(const char *text, int64_t *unix_ms);

#endif
