#include "suite/filters.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "core/limits.h"
#include "core/text.h"

#define ROW(index, word, argument, least) [index] = {word, argument, least},
const struct template_word template_filters[] = {TEMPLATE_FILTERS(ROW){0}};
const struct template_word template_generators[] = {TEMPLATE_GENERATORS(ROW){0}};

static const char *unknown(struct arena *a, const struct template_word *table, struct sv word)
{
	const char *known[TEMPLATE_FILTER_COUNT + TEMPLATE_GENERATOR_COUNT];
	const char *kind = table == template_filters ? "filter" : "generator";
	size_t n = 0;

	for (; table[n].word; n++)
		known[n] = table[n].word;
	if (!word.n)
		return arena_printf(a, "a %s is missing: there are %s", kind, text_list(a, known, n, "and"));
	const char *near = text_nearest(word, known, n);
	if (near)
		return arena_printf(a, "no %s is called '%.*s', did you mean '%s'?", kind, SV_ARG(word), near);
	return arena_printf(a, "no %s is called '%.*s': there are %s", kind, SV_ARG(word),
	                    text_list(a, known, n, "and"));
}

/* Digits alone; what is larger than all that fits is LIMIT_TEMPLATE + 1. */
static bool number_of(struct sv digits, int64_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < digits.n; i++) {
		if (!isdigit((unsigned char)digits.p[i]))
			return false;
		*ret = *ret * 10 + (digits.p[i] - '0');
		if (*ret > LIMIT_TEMPLATE)
			*ret = LIMIT_TEMPLATE + 1;
	}
	return digits.n;
}

static const char *read_number(struct arena *a, const struct template_word *word, struct sv text, int64_t *ret)
{
	if (number_of(text, ret) && *ret >= word->least && *ret <= LIMIT_TEMPLATE)
		return NULL;
	return arena_printf(a, "'%s' takes a whole number from %" PRId64 " to %d, like '%s:%" PRId64 "'", word->word,
	                    word->least, LIMIT_TEMPLATE, word->word, word->least + 1);
}

static const char *read_bytes(struct arena *a, const struct template_word *word, struct sv text, struct sv *ret)
{
	static const char digits[] = "0123456789abcdef";
	char *bytes = arena_alloc(a, text.n / 2 + 1);

	for (size_t i = 0; i < text.n; i++) {
		const char *digit = text.p[i] ? strchr(digits, tolower((unsigned char)text.p[i])) : NULL;
		if (!digit)
			break;
		bytes[i / 2] = (char)((unsigned char)bytes[i / 2] << 4 | (digit - digits));
		if (i + 1 == text.n && text.n % 2 == 0) {
			*ret = (struct sv){bytes, text.n / 2};
			return NULL;
		}
	}
	return arena_printf(a, "'%s' takes pairs of hexadecimal digits, like '%s:00ff'", word->word, word->word);
}

static const char *read_text(struct arena *a, const struct template_word *word, struct sv text,
                             struct template_call *ret)
{
	size_t colon = text.n;

	while (colon && text.p[colon - 1] != ':')
		colon--;
	if (colon < 2 || !number_of((struct sv){text.p + colon, text.n - colon}, &ret->number) ||
	    ret->number < word->least)
		return arena_printf(a, "'%s' takes a text and how many times it is wanted, like '%s:a:100'", word->word,
		                    word->word);
	ret->text = (struct sv){text.p, colon - 1};
	if (ret->number > LIMIT_TEMPLATE / (int64_t)ret->text.n)
		return arena_printf(a, "'%s' makes more than %d bytes", word->word, LIMIT_TEMPLATE);
	return NULL;
}

const char *template_call(struct arena *a, const struct template_word *table, struct sv text, struct template_call *ret)
{
	long colon = sv_find_char(text, ':');
	struct sv name = {text.p, colon < 0 ? text.n : (size_t)colon};
	struct sv argument = {text.p + name.n + (colon >= 0), text.n - name.n - (colon >= 0)};
	struct template_call call = {0};
	const char *problem = NULL;

	while (table[call.index].word && !sv_eq(name, sv_of(table[call.index].word)))
		call.index++;
	const struct template_word *word = &table[call.index];
	if (!word->word)
		return unknown(a, table, name);
	switch (word->argument) {
	case ARGUMENT_NONE:
		if (colon >= 0)
			problem = arena_printf(a, "'%s' stands alone, without ':'", word->word);
		break;
	case ARGUMENT_NUMBER:
		problem = read_number(a, word, argument, &call.number);
		break;
	case ARGUMENT_BYTES:
		problem = read_bytes(a, word, argument, &call.text);
		break;
	case ARGUMENT_WORD:
		call.text = argument;
		if (argument.n < (size_t)word->least)
			problem = arena_printf(a, "'%s' takes a text, like '%s:http'", word->word, word->word);
		break;
	case ARGUMENT_TEXT:
		problem = read_text(a, word, argument, &call);
		break;
	}
	if (!problem)
		*ret = call;
	return problem;
}

bool template_generates(struct sv text)
{
	long colon = sv_find_char(text, ':'), bar = sv_find_char(text, '|');

	return colon >= 0 && (bar < 0 || colon < bar);
}
