#include "suite/expect.h"

#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/limits.h"
#include "core/text.h"
#include "suite/catalogue.h"
#include "suite/redeem.h"
#include "suite/tables.h"
#include "suite/words.h"

/* What an entry says, before it is clear what it may say. */
struct entry {
	size_t before; /* mistakes of the file when it was begun */
	const char *check, *require, *violates;
	bool optional;
	const struct node *subject[MATCH_SUBJECT_COUNT];
	const struct node *operand[MATCH_OPERATOR_COUNT];
};

static key_reader keep_node;

#define SUBJECT(name, index) KEY(name, keep_node, offsetof(struct entry, subject) + (index) * sizeof(struct node *))
#define OPERATOR(name, index) KEY(name, keep_node, offsetof(struct entry, operand) + (index) * sizeof(struct node *))

const struct key expect_keys[] = {
        KEY("check", read_text, offsetof(struct entry, check)),
        KEY("require", read_text, offsetof(struct entry, require)),
#define ROW(index, name) SUBJECT(name, index),
        MATCH_SUBJECTS(ROW)
#undef ROW
#define ROW(index, name) OPERATOR(name, index),
                MATCH_OPERATORS(ROW)
#undef ROW
                        KEY("optional", read_boolean, offsetof(struct entry, optional)),
        KEY("violates", read_text, offsetof(struct entry, violates)),
        {0},
};

/* The operators alone, for subjects that have them inside. */
static const struct key inner_keys[] = {
#define ROW(index, name) OPERATOR(name, index),
        MATCH_OPERATORS(ROW)
#undef ROW
                {0},
};

#define BIT(op) (1u << (op))
#define NUMERIC (BIT(OP_EQUALS) | BIT(OP_ONE_OF) | BIT(OP_MIN) | BIT(OP_MAX))
#define TEXTUAL                                                                                                \
	(BIT(OP_EQUALS) | BIT(OP_EQUALS_IGNORING_CASE) | BIT(OP_ONE_OF) | BIT(OP_MATCHES) | BIT(OP_CONTAINS) | \
	 BIT(OP_PRESENT) | BIT(OP_MIN_LENGTH) | BIT(OP_MAX_LENGTH))

static const struct {
	unsigned operators; /* that make sense */
	bool inside;        /* its value is what is expected of it, not a name */
} subjects[] = {
        [MATCH_STATUS] = {NUMERIC, true},     [MATCH_HEADER] = {TEXTUAL | BIT(OP_MIN) | BIT(OP_MAX), false},
        [MATCH_MEDIA_TYPE] = {TEXTUAL, true}, [MATCH_BODY] = {~0u, false},
        [MATCH_JOSE_HEADER] = {~0u, false},   [MATCH_CLAIM] = {~0u, false},
        [MATCH_REDIRECT] = {TEXTUAL, false},  [MATCH_ELAPSED] = {NUMERIC, true},
        [MATCH_DENIED] = {0, true},           [MATCH_CLEAN] = {0, true},
        [MATCH_SUCCESSES] = {NUMERIC, true},
};
_Static_assert(sizeof subjects / sizeof *subjects == MATCH_SUBJECT_COUNT, "a row for each subject");

static bool keep_node(struct source *s, const struct key *k, const struct node *value, void *into)
{
	(void)s, (void)k;
	*(const struct node **)into = value;
	return true;
}

static bool is_number(const struct node *n)
{
	return n->kind == NODE_SCALAR && (node_scalar(n) == SCALAR_INTEGER || node_scalar(n) == SCALAR_FLOAT);
}

/* The product of all repetition bounds: what regcomp would have to unroll. */
static double repetitions(const char *regex)
{
	double product = 1;

	for (const char *p = strchr(regex, '{'); p; p = strchr(p + 1, '{')) {
		char *end;
		double low = strtod(p + 1, &end), high = *end == ',' ? strtod(end + 1, NULL) : 0;
		double most = low > high ? low : high;
		product *= most > 1 ? most : 1;
	}
	return product;
}

static void check_regex(struct source *s, const struct node *n)
{
	char problem[200];
	regex_t compiled;

	if (repetitions(n->text.p) > LIMIT_REGEX_REPEATS) {
		source_error(s, n->at, "this repeats more than %d times", LIMIT_REGEX_REPEATS);
		return;
	}
	int result = regcomp(&compiled, n->text.p, REG_EXTENDED | REG_NOSUB);
	if (!result) {
		regfree(&compiled);
		return;
	}
	regerror(result, &compiled, problem, sizeof problem);
	source_error(s, n->at, "not a POSIX extended regular expression: %s", problem);
}

static bool check_operand(struct source *s, enum match_operator op, const struct node *n)
{
	static const char *const types[] = {"string", "number", "integer", "boolean", "object", "array", "null", NULL};
	struct key k = {
	        .name = match_operator_words[op], .min = op == OP_MIN || op == OP_MAX ? -HUGE_VAL : 0, .max = HUGE_VAL};
	size_t before = s->mistakes, index;
	int64_t integer;
	double number;
	bool boolean;

	switch (op) {
	case OP_EQUALS:
		break;
	case OP_EQUALS_IGNORING_CASE:
		string_of(s, &k, n, true);
		break;
	case OP_ONE_OF:
		if (n->kind != NODE_LIST || !n->n)
			wrong_type(s, &k, n, "a list of values");
		break;
	case OP_TYPE:
		word_of(s, &k, n, types, &index);
		break;
	case OP_MATCHES:
		if (string_of(s, &k, n, false))
			check_regex(s, n);
		break;
	case OP_CONTAINS:
		if (n->kind != NODE_SCALAR)
			wrong_type(s, &k, n, "a string, number, boolean or null");
		break;
	case OP_PRESENT:
		read_boolean(s, &k, n, &boolean);
		break;
	case OP_MIN:
	case OP_MAX:
		read_number(s, &k, n, &number);
		break;
	case OP_MIN_LENGTH:
	case OP_MAX_LENGTH:
		read_integer(s, &k, n, &integer);
		break;
	case MATCH_OPERATOR_COUNT:
		break;
	}
	return s->mistakes == before;
}

/* Operands are templates, expressions are not: doubled braces make one that stands for itself. */
static json_t *regex_json(const char *regex)
{
	struct buf out = {.cap = BUF_OWN};

	for (const char *p = regex; *p; p++)
		buf_add_text(&out, (const char[]){*p, *p == '{' ? '{' : '\0', '\0'});
	json_t *value = json_stringn_nocheck(out.p, out.n);
	buf_release(&out);
	return value;
}

static void read_operators(struct source *s, const struct entry *entry, struct names *names, struct expect *ret)
{
	const char *subject = match_subject_words[ret->subject];

	ret->tests = arena_array(s->a, MATCH_OPERATOR_COUNT, sizeof *ret->tests);
	for (enum match_operator op = 0; op < MATCH_OPERATOR_COUNT; op++) {
		const struct node *n = entry->operand[op];
		if (!n)
			continue;
		if (!(subjects[ret->subject].operators & BIT(op))) {
			source_error(s, n->at, "'%s' says nothing about '%s'", match_operator_words[op], subject);
			continue;
		}
		if (!check_operand(s, op, n))
			continue;
		if (op != OP_MATCHES)
			template_check(s, n, names);
		ret->tests[ret->ntests].op = op;
		ret->tests[ret->ntests].operand = op == OP_MATCHES ? regex_json(n->text.p) : node_json(s, n);
		if (ret->tests[ret->ntests].operand)
			ret->ntests++;
	}
}

static void check_pair(struct source *s, const struct entry *e, enum match_operator least, enum match_operator most)
{
	const struct node *low = e->operand[least], *high = e->operand[most];

	if (low && high && is_number(low) && is_number(high) && strtod(low->text.p, NULL) > strtod(high->text.p, NULL))
		source_error(s, high->at, "'%s' is less than '%s': nothing can be both", match_operator_words[most],
		             match_operator_words[least]);
}

bool is_pointer(const char *text)
{
	if (*text && *text != '/')
		return false;
	for (const char *p = strchr(text, '~'); p; p = strchr(p + 1, '~'))
		if (p[1] != '0' && p[1] != '1')
			return false;
	return true;
}

static void read_subject_name(struct source *s, const struct node *n, struct expect *ret)
{
	struct key k = {.name = match_subject_words[ret->subject]};

	ret->what = string_of(s, &k, n, ret->subject == MATCH_BODY);
	if (!ret->what)
		return;
	if (ret->subject == MATCH_BODY && !is_pointer(ret->what))
		source_error(s, n->at, "'body' must be a JSON pointer, like '/%s'", ret->what);
	else if (ret->subject == MATCH_HEADER && !is_http_token(ret->what))
		source_error(s, n->at, "'%s' cannot be a header's name", ret->what);
}

/* `status: 400` and `status: {min: 400}`: puts the operators where those of the other subjects are. */
static void read_inside(struct source *s, const struct node *n, struct entry *entry, const struct expect *e)
{
	struct key k = {.name = match_subject_words[e->subject]};
	bool number = subjects[e->subject].operators == NUMERIC;

	if (n->kind == NODE_MAPPING)
		read_mapping(s, n, inner_keys, entry, arena_printf(s->a, "'%s'", k.name));
	else if (number ? is_number(n) : node_is_string(n))
		entry->operand[OP_EQUALS] = n;
	else
		wrong_type(s, &k, n,
		           number ? "a number or a mapping of operators" : "a string or a mapping of operators");
}

/* `denied: true`, `clean: true`: all has been said. */
static bool is_flag(enum match_subject subject)
{
	return subjects[subject].inside && !subjects[subject].operators;
}

static void read_flag(struct source *s, const struct node *n, enum match_subject subject)
{
	if (n->kind != NODE_SCALAR || node_scalar(n) != SCALAR_BOOLEAN || (n->text.p[0] != 't' && n->text.p[0] != 'T'))
		source_error(s, n->at, "'%s' can only be true", match_subject_words[subject]);
}

static void read_matcher(struct source *s, const struct node *n, struct entry *entry, struct names *names,
                         struct expect *ret)
{
	const struct node *subject = NULL, *beside = NULL;

	for (int i = 0; i < MATCH_SUBJECT_COUNT; i++) {
		if (!entry->subject[i])
			continue;
		if (subject)
			source_error(s, entry->subject[i]->at, "a matcher has one subject, and '%s' is here already",
			             match_subject_words[ret->subject]);
		else
			ret->subject = (enum match_subject)i;
		subject = subject ? subject : entry->subject[i];
	}
	for (int i = MATCH_OPERATOR_COUNT - 1; i >= 0; i--)
		beside = entry->operand[i] ? entry->operand[i] : beside;
	if (!subject && s->mistakes != entry->before)
		return;
	if (!subject) {
		source_error(s, n->at, "a matcher needs a subject: %s",
		             text_list(s->a, match_subject_words, MATCH_SUBJECT_COUNT, "or"));
		return;
	}
	if (subjects[ret->subject].inside && beside) {
		source_error(s, beside->at, "'%s' has no operators beside it%s", match_subject_words[ret->subject],
		             is_flag(ret->subject)
		                     ? ""
		                     : arena_printf(s->a, ": write '%s: {…}'", match_subject_words[ret->subject]));
		return;
	}
	if (is_flag(ret->subject))
		read_flag(s, subject, ret->subject);
	else if (subjects[ret->subject].inside)
		read_inside(s, subject, entry, ret);
	else
		read_subject_name(s, subject, ret);
	read_operators(s, entry, names, ret);
	check_pair(s, entry, OP_MIN, OP_MAX);
	check_pair(s, entry, OP_MIN_LENGTH, OP_MAX_LENGTH);
	if (!ret->ntests && !is_flag(ret->subject) && s->mistakes == entry->before)
		source_error(s, subject->at,
		             "'%s' is not compared with anything: give it an operator, like 'equals' or 'present'",
		             match_subject_words[ret->subject]);
	if (entry->optional && entry->operand[OP_PRESENT])
		source_error(s, entry->operand[OP_PRESENT]->at,
		             "'present' judges what 'optional' allows: one of them has to go");
}

static void find_requirement(struct source *s, const struct node *n, const struct judging *j, const char *id,
                             struct expect *ret)
{
	const struct node *at = node_get(n, ret->check ? "check" : "require");
	size_t nchecks = 0;
	bool known = false;

	ret->requirement = catalogue_find(j->catalogue, id);
	ret->at = source_place(s, at->at);
	for (; j->checks && j->checks[nchecks]; nchecks++)
		known |= !strcmp(j->checks[nchecks], id);
	if (!ret->requirement && j->ids_known)
		source_error(s, at->at, "no requirement has the id '%s'%s", id,
		             catalogue_nearest(j->catalogue, s->a, id));
	else if (ret->check && !known && ret->requirement && j->checks)
		source_error(s, at->at, "no check in C judges '%s'%s", id,
		             did_you_mean(s->a, sv_of(id), j->checks, nchecks));
}

bool expect_read(struct source *s, const struct node *n, const struct judging *j, struct names *names,
                 struct expect *ret, const char **id)
{
	struct entry entry = {.before = s->mistakes};

	*id = NULL;
	*ret = (struct expect){.at = source_place(s, n->at)};
	read_mapping(s, n, expect_keys, &entry, "an entry of 'expect'");
	if (n->kind != NODE_MAPPING)
		return false;
	const struct node *check = node_get(n, "check"), *require = node_get(n, "require");
	ret->check = check != NULL;
	*id = entry.check ? entry.check : entry.require;
	if (check && n->n > 1)
		source_error(s, check->at, "'check' stands alone: the check in C says all there is to say");
	else if (!check && !require && s->mistakes == entry.before)
		source_error(s, n->at, "an entry of 'expect' needs 'check' or 'require'");
	if (*id)
		find_requirement(s, n, j, *id, ret);
	if (!check && require)
		read_matcher(s, n, &entry, names, ret);
	ret->optional = entry.optional;
	ret->violates = entry.violates;
	if (!check && ret->violates && ret->requirement && !requirement_case(ret->requirement, ret->violates)) {
		const char **cases = arena_array(s->a, ret->requirement->ncases, sizeof *cases);
		for (size_t i = 0; i < ret->requirement->ncases; i++)
			cases[i] = ret->requirement->cases[i].name;
		source_error(s, node_get(n, "violates")->at, "'%s' has no case '%s'%s", *id, ret->violates,
		             did_you_mean(s->a, sv_of(ret->violates), cases, ret->requirement->ncases));
	}
	return s->mistakes == entry.before;
}

void expect_release(struct expect *e)
{
	for (size_t i = 0; i < e->ntests; i++)
		json_decref(e->tests[i].operand);
	e->ntests = 0;
}
