#include "checks/times.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/clock.h"

#define YEAR_9999_ENDS 253402300800.0

bool times_is_digits(const json_t *value)
{
	const char *p = json_string_value(value);
	size_t n = json_string_length(value), whole, fraction = 0;

	if (!p || strlen(p) != n || n > 40)
		return false;
	p += *p == '-' || *p == '+';
	whole = strspn(p, "0123456789");
	p += whole;
	if (*p == '.')
		fraction = 1 + strspn(p + 1, "0123456789");
	return whole > 0 && fraction != 1 && p[fraction] == '\0';
}

bool times_read(const json_t *value, double *ret)
{
	if (json_is_number(value))
		*ret = json_number_value(value);
	else if (times_is_digits(value))
		*ret = strtod(json_string_value(value), NULL);
	else
		return false;
	return true;
}

enum times_unit times_unit(double value)
{
	double v = fabs(value);

	if (v <= YEAR_9999_ENDS)
		return TIMES_SECONDS;
	if (v <= YEAR_9999_ENDS * 1e3)
		return TIMES_MILLISECONDS;
	if (v <= YEAR_9999_ENDS * 1e6)
		return TIMES_MICROSECONDS;
	/* Up to the largest 64-bit integer. */
	return v < 1e19 ? TIMES_NANOSECONDS : TIMES_UNKNOWN;
}

const char *times_unit_text(enum times_unit unit)
{
	static const char *const text[] = {"seconds", "milliseconds", "microseconds", "nanoseconds", "no unit of time"};

	return text[unit];
}

double times_per_second(enum times_unit unit)
{
	static const double factor[] = {1, 1e3, 1e6, 1e9, 1};

	return factor[unit];
}

char *times_span(struct arena *a, double seconds)
{
	double s = fabs(seconds);

	if (s < 120)
		return arena_printf(a, "%.0f s", s);
	if (s < 7200)
		return fmod(s, 60) < 1 ? arena_printf(a, "%.0f min", floor(s / 60))
		                       : arena_printf(a, "%.0f min %.0f s", floor(s / 60), floor(fmod(s, 60)));
	if (s < 172800)
		return fmod(s, 3600) < 60
		               ? arena_printf(a, "%.0f h", floor(s / 3600))
		               : arena_printf(a, "%.0f h %.0f min", floor(s / 3600), floor(fmod(s, 3600) / 60));
	if (s < 4e13)
		return arena_printf(a, "%.0f days", s / 86400);
	return arena_printf(a, "%.15g s", s);
}

char *times_date(struct arena *a, double seconds)
{
	char text[32];

	if (!(seconds >= -62135596800.0 && seconds < YEAR_9999_ENDS))
		return arena_printf(a, "%.15g", seconds);
	clock_iso((int64_t)floor(seconds) * 1000, text);
	return arena_text(a, text);
}

bool times_of_reply(const struct exchange *x, double *ret)
{
	struct sv value = message_header(&x->response, "Date", 0);
	struct tm tm = {0};
	char text[40];

	if (!value.p || value.n >= sizeof text)
		return false;
	memcpy(text, value.p, value.n);
	text[value.n] = '\0';
	const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	if (!end || *end)
		return false;
	*ret = (double)timegm(&tm);
	return true;
}

double times_now(const struct subject *s)
{
	return (double)s->x->timing.ended_ms / 1000;
}

bool times_is_zone_offset(double seconds)
{
	double off = fabs(seconds), quarters = round(off / 900);

	return quarters >= 1 && quarters <= 14 * 4 && fabs(off - quarters * 900) <= 30;
}
