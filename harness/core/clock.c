#include "core/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_unix_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_unix_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_mono_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void clock_iso(int64_t unix_ms, char out[32])
{
	time_t seconds = (time_t)(unix_ms / 1000);
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || !strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(out, 32, "?");
}

bool clock_from_iso(const char *text, int64_t *unix_ms)
{
	static const char *const shapes[] = {"dddd-dd-ddTdd:dd:ddZ", "dddd-dd-dd"};

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		struct tm tm = {0}, back;
		const char *s = shapes[i], *t = text;
		while (*s && (*s == 'd' ? *t >= '0' && *t <= '9' : *t == *s))
			s++, t++;
		if (*s || *t || !strptime(text, i == 0 ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d", &tm))
			continue;
		back = tm;
		time_t seconds = timegm(&back);
		/* timegm makes March of the 30th of February */
		if (back.tm_mday != tm.tm_mday || back.tm_mon != tm.tm_mon)
			return false;
		*unix_ms = (int64_t)seconds * 1000;
		return true;
	}
	return false;
}
