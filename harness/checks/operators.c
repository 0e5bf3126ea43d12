#include "checks/operators.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/limits.h"
#include "core/text.h"

static struct sv text_of(const json_t *value)
{
	return (struct sv){json_string_value(value), json_string_length(value)};
}

static bool same(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b) && json_typeof(a) != json_typeof(b))
		return json_number_value(a) == json_number_value(b);
	if (json_is_string(a) && json_is_string(b))
		return sv_eq(text_of(a), text_of(b));
	return json_equal(a, b);
}

/* A header's value is text: 3600 in a scenario means the digits. */
static bool equals(const struct operation *o, const json_t *operand, const json_t *value)
{
	char digits[40];

	if (!o->header || !json_is_integer(operand))
		return same(operand, value);
	snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(operand));
	return sv_eq(sv_of(digits), text_of(value));
}

/* RFC 9110 §5.6.2 */
static bool is_tchar(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_word(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_tchar(s.p[i]))
			return false;
	return s.n > 0;
}

/* The word stands in a header's value by itself, not inside a longer word and not inside a quoted string. */
static bool has_word(struct sv value, struct sv word)
{
	bool quoted = false;

	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"') {
			quoted = !quoted;
		} else if (quoted) {
			i += value.p[i] == '\\';
		} else if (is_tchar(value.p[i])) {
			size_t start = i;
			while (i + 1 < value.n && is_tchar(value.p[i + 1]))
				i++;
			if (sv_eq_nocase((struct sv){value.p + start, i + 1 - start}, word))
				return true;
		}
	}
	return false;
}

static bool contains(const struct operation *o, const json_t *value)
{
	if (json_is_array(value)) {
		for (size_t i = 0; i < json_array_size(value); i++)
			if (same(o->operand, json_array_get(value, i)))
				return true;
		return false;
	}
	if (!json_is_string(value) || !json_is_string(o->operand))
		return false;
	if (o->header && is_word(text_of(o->operand)))
		return has_word(text_of(value), text_of(o->operand));
	return sv_find(text_of(value), text_of(o->operand)) >= 0;
}

static bool is_type(const char *type, const json_t *value)
{
	static const struct {
		const char *name;
		json_type type;
	} names[] = {
	        {"string", JSON_STRING},   {"number", JSON_INTEGER}, {"number", JSON_REAL},
	        {"integer", JSON_INTEGER}, {"boolean", JSON_TRUE},   {"boolean", JSON_FALSE},
	        {"object", JSON_OBJECT},   {"array", JSON_ARRAY},    {"null", JSON_NULL},
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].type == json_typeof(value) && strcmp(names[i].name, type) == 0)
			return true;
	return false;
}

/* Over the whole string. Text with NUL, or longer than we let an expression see, matches nothing. */
static bool matches(const json_t *operand, const json_t *value)
{
	const char *text = json_string_value(value), *regex = json_string_value(operand);
	struct buf whole = {.cap = BUF_OWN};
	regex_t compiled;

	if (!text || !regex || strlen(text) != json_string_length(value) || strlen(text) > LIMIT_REGEX_TEXT)
		return false;
	buf_addf(&whole, "^(%s)$", regex);
	bool ok = regcomp(&compiled, whole.p, REG_EXTENDED | REG_NOSUB) == 0;
	buf_release(&whole);
	if (!ok)
		return false;
	ok = regexec(&compiled, text, 0, NULL, 0) == 0;
	regfree(&compiled);
	return ok;
}

static bool number_of(const struct operation *o, const json_t *value, double *ret)
{
	const char *text = json_string_value(value);
	char *end;

	if (json_is_number(value)) {
		*ret = json_number_value(value);
		return true;
	}
	if (!o->header || !text)
		return false;
	*ret = strtod(text, &end);
	return end != text && end == text + json_string_length(value);
}

static bool length_of(const json_t *value, double *ret)
{
	const char *p = json_string_value(value);
	size_t n = json_array_size(value);

	/* Characters, not bytes: the continuation bytes of UTF-8 do not count. */
	for (size_t i = 0; i < json_string_length(value); i++)
		n += ((unsigned char)p[i] & 0xC0) != 0x80;
	*ret = (double)n;
	return json_is_string(value) || json_is_array(value);
}

bool operator_holds(const struct operation *o, const json_t *value)
{
	double have, bound = json_number_value(o->operand);

	switch (o->op) {
	case OP_EQUALS:
		return equals(o, o->operand, value);
	case OP_EQUALS_IGNORING_CASE:
		return json_is_string(o->operand) && json_is_string(value) &&
		       sv_eq_nocase(text_of(o->operand), text_of(value));
	case OP_ONE_OF:
		for (size_t i = 0; i < json_array_size(o->operand); i++)
			if (equals(o, json_array_get(o->operand, i), value))
				return true;
		return false;
	case OP_TYPE:
		return json_is_string(o->operand) && is_type(json_string_value(o->operand), value);
	case OP_MATCHES:
		return matches(o->operand, value);
	case OP_CONTAINS:
		return contains(o, value);
	case OP_MIN:
		return number_of(o, value, &have) && have >= bound;
	case OP_MAX:
		return number_of(o, value, &have) && have <= bound;
	case OP_MIN_LENGTH:
		return length_of(value, &have) && have >= bound;
	case OP_MAX_LENGTH:
		return length_of(value, &have) && have <= bound;
	default:
		return false;
	}
}

/* --- words --------------------------------------------------------------------------------------------------------- */

/* As in JSON, for short lists of operands and elements. */
static const char *dumped(struct subject *s, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	const char *ret = text && strlen(text) <= 200 ? arena_text(s->a, text) : shown(s, value);

	free(text);
	return ret;
}

const char *operator_expected(struct subject *s, const struct operation *o, const char *where)
{
	const char *operand = dumped(s, o->operand);

	switch (o->op) {
	case OP_EQUALS_IGNORING_CASE:
		return arena_printf(s->a, "%s equal to %s in any letter case", where, operand);
	case OP_ONE_OF:
		return arena_printf(s->a, "%s one of %s", where, operand);
	case OP_TYPE:
		return arena_printf(s->a, "%s of type %s", where, json_string_value(o->operand));
	case OP_MATCHES:
		return arena_printf(s->a, "%s that matches %s", where, json_string_value(o->operand));
	case OP_CONTAINS:
		return arena_printf(s->a, "%s that contains %s", where, operand);
	case OP_PRESENT:
		return arena_printf(s->a, json_is_true(o->operand) ? "a %s" : "no %s", where);
	case OP_MIN:
		return arena_printf(s->a, "%s of %s or more", where, operand);
	case OP_MAX:
		return arena_printf(s->a, "%s of %s or less", where, operand);
	case OP_MIN_LENGTH:
		return arena_printf(s->a, "%s of length %s or more", where, operand);
	case OP_MAX_LENGTH:
		return arena_printf(s->a, "%s of length %s or less", where, operand);
	default:
		return arena_printf(s->a, "%s equal to %s", where, operand);
	}
}

const char *operator_observed(struct subject *s, const struct operation *o, const json_t *value)
{
	double n;

	if ((o->op == OP_MIN_LENGTH || o->op == OP_MAX_LENGTH) && length_of(value, &n))
		return arena_printf(s->a, "its length is %.0f", n);
	if (json_is_array(value) && json_array_size(value) > 0 && o->op != OP_TYPE)
		return arena_printf(s->a, "the array %s", dumped(s, value));
	return shown(s, value);
}

const char *operator_hint(const struct operation *o, const json_t *value)
{
	struct sv want = text_of(o->operand), have;
	bool text = o->op == OP_EQUALS || o->op == OP_CONTAINS;

	if (json_array_size(value) == 1)
		value = json_array_get(value, 0);
	have = text_of(value);
	if (!text || !json_is_string(o->operand) || !json_is_string(value) || sv_eq(want, have))
		return NULL;
	if (sv_eq_nocase(want, have))
		return "the value is right but for its letter case: it is compared exactly";
	if (sv_eq(sv_trim(have), want))
		return "the value is right but for blanks at its ends: take them out";
	return NULL;
}
