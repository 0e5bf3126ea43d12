#ifndef BRANDCERT_CHECKS_TIMES_H
#define BRANDCERT_CHECKS_TIMES_H

#include <stdint.h>

#include "checks/check.h"

/* NumericDate values (RFC 7519 §2): seconds since 1970 UTC, and what developers send in their place. */

/* A number, or a string that holds nothing but one, as it stands. False for anything else. */
bool times_read(const json_t *value, double *ret);
/* The value is a string of digits, perhaps with sign and fraction. */
bool times_is_digits(const json_t *value);

/* Told by magnitude: as seconds, these others would lie beyond the year 9999. */
enum times_unit { TIMES_SECONDS, TIMES_MILLISECONDS, TIMES_MICROSECONDS, TIMES_NANOSECONDS, TIMES_UNKNOWN };
enum times_unit times_unit(double value);
const char *times_unit_text(enum times_unit unit); /* "milliseconds" */
double times_per_second(enum times_unit unit);

/* "3600 s" as a person says it: "1 h", "2 min 5 s", "10 days" */
char *times_span(struct arena *a, double seconds);
/* "2026-11-21T12:00:00Z" for a time within the years 0 to 9999; else the number. */
char *times_date(struct arena *a, double seconds);
/* The Date header (RFC 9110 §6.6.1, IMF-fixdate) in unix seconds; false when absent or not readable. */
bool times_of_reply(const struct exchange *x, double *ret);
/* The evidence's clock, in unix seconds: when the reply had come. */
double times_now(const struct subject *s);
/* The offset is a whole quarter of an hour within time zones' reach: local time was taken for UTC. */
bool times_is_zone_offset(double seconds);

#endif
