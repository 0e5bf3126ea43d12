#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks/check.h"
#include "checks/parsed.h"
#include "core/buf.h"

/* Longer strings are told by their length: a piece of a secret would escape the masking of whole ones. */
#define SHOWN_MAX 100

#define FORMATTED(ret)                                     \
	do {                                               \
		va_list args;                              \
		va_start(args, format);                    \
		(ret) = arena_vprintf(s->a, format, args); \
		va_end(args);                              \
	} while (0)

void pass(struct subject *s, struct finding *f, const char *format, ...)
{
	*f = (struct finding){.kind = FINDING_PASS};
	FORMATTED(f->observed);
}

void skip(struct subject *s, struct finding *f, const char *format, ...)
{
	*f = (struct finding){.kind = FINDING_SKIP};
	FORMATTED(f->reason);
}

void skip_owned(struct subject *s, struct finding *f, const char *owner)
{
	skip(s, f, "nothing to judge here: see '%s'", owner);
	f->owner = owner;
}

void cannot(struct subject *s, struct finding *f, const char *format, ...)
{
	*f = (struct finding){.kind = FINDING_ERROR};
	FORMATTED(f->reason);
}

void violated(struct subject *s, struct finding *f, const char *expected, const char *format, ...)
{
	*f = (struct finding){.kind = FINDING_VIOLATED, .expected = expected};
	FORMATTED(f->observed);
}

void detail(struct finding *f, const char *violates, const char *where, const char *fix)
{
	f->violates = violates;
	f->where = where;
	f->fix = fix;
}

static const char *shown_string(struct arena *a, const json_t *value)
{
	const char *p = json_string_value(value);
	size_t n = json_string_length(value);
	struct buf b = {.cap = BUF_OWN};

	if (n == 0)
		return "an empty string";
	if (n > SHOWN_MAX)
		return arena_printf(a, "a string of %zu bytes", n);
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			buf_add_char(&b, p[i]);
		else
			buf_add_text(&b, "\\0");
	}
	char *text = arena_printf(a, "the string \"%s\"", b.p);
	buf_release(&b);
	return text;
}

static const char *shown_real(struct arena *a, double v)
{
	if (fabs(v) >= PARSED_HUGE)
		return v > 0 ? "a number of 9e307 or more" : "a number of -9e307 or less";
	if (v == floor(v) && fabs(v) < 1e15)
		return arena_printf(a, "the number %.1f", v);
	return arena_printf(a, "the number %.15g", v);
}

const char *shown(struct subject *s, const json_t *value)
{
	size_t n;

	if (!value)
		return "nothing";
	switch (json_typeof(value)) {
	case JSON_STRING:
		return shown_string(s->a, value);
	case JSON_INTEGER:
		return arena_printf(s->a, "the number %" JSON_INTEGER_FORMAT, json_integer_value(value));
	case JSON_REAL:
		return shown_real(s->a, json_real_value(value));
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	case JSON_NULL:
		return "null";
	case JSON_ARRAY:
		n = json_array_size(value);
		return n ? arena_printf(s->a, "an array of %zu element%s", n, n == 1 ? "" : "s") : "an empty array";
	case JSON_OBJECT:
		n = json_object_size(value);
		return n ? arena_printf(s->a, "an object with %zu member%s", n, n == 1 ? "" : "s") : "an empty object";
	}
	return "nothing";
}

static int compare_id(const void *id, const void *check)
{
	return strcmp(id, ((const struct check *)check)->id);
}

const struct check *check_find(const char *id)
{
	return id ? bsearch(id, checks, checks_count, sizeof *checks, compare_id) : NULL;
}
