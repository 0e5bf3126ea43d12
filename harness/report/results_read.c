/* The reading half of results_file.h. */
#include <limits.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "report/results_fields.h"
#include "report/results_file.h"

struct reading {
	struct arena *a;
	const char *name;
	struct err *e;
};

static int refuse(const struct reading *r, const char *place, const char *wanted)
{
	return err_input(r->e, "%s: '%s' has to be %s", r->name, *place ? place : "/", wanted);
}

static int read_text(const struct reading *r, const char *place, const json_t *value, const char **ret)
{
	if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
		return refuse(r, place, "a string without NUL");
	*ret = arena_text(r->a, json_string_value(value));
	return 0;
}

static int read_texts(const struct reading *r, const char *place, const json_t *value, const char ***ret)
{
	if (!json_is_array(value))
		return refuse(r, place, "a list of strings");
	*ret = arena_array(r->a, json_array_size(value) + 1, sizeof **ret);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (read_text(r, place, json_array_get(value, i), &(*ret)[i]) < 0)
			return -1;
	return 0;
}

static int read_number(const struct reading *r, const char *place, const json_t *value, int64_t most, int64_t *ret)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > most)
		return refuse(r, place, "a whole number, not negative and not too large");
	*ret = json_integer_value(value);
	return 0;
}

static int read_word(const struct reading *r, const char *place, const json_t *value, const char *(*text_of)(int),
                     int count, int *ret)
{
	const char *names[8];

	for (*ret = 0; *ret < count; ++*ret) {
		names[*ret] = text_of(*ret);
		if (json_is_string(value) && !strcmp(json_string_value(value), names[*ret]))
			return 0;
	}
	return refuse(r, place, text_list(r->a, names, (size_t)count, "or"));
}

static const char *verdict_word(int i)
{
	return verdict_text((enum verdict)i);
}

static const char *level_word(int i)
{
	return level_text((enum level)i);
}

static int read_record(const struct reading *r, const char *place, const struct results_field *fields,
                       const json_t *value, void *record);

static int read_field(const struct reading *r, const char *place, const struct results_field *f, const json_t *value,
                      void *record)
{
	void *at = (char *)record + f->offset;
	int64_t number = 0;
	int word;

	switch (f->kind) {
	case KIND_TEXT:
		return json_is_null(value) ? 0 : read_text(r, place, value, at);
	case KIND_TEXTS:
		return json_is_null(value) && f->nullable ? 0 : read_texts(r, place, value, at);
	case KIND_INT:
	case KIND_STATUS:
	case KIND_LINE:
		if (f->kind == KIND_STATUS && json_is_null(value))
			return 0;
		if (read_number(r, place, value, INT_MAX, &number) < 0)
			return -1;
		if (f->kind == KIND_LINE)
			*(unsigned *)at = (unsigned)number;
		else
			*(int *)at = (int)number;
		return 0;
	case KIND_INT64:
		return read_number(r, place, value, INT64_MAX / 4, at);
	case KIND_TIME:
		if (!json_is_string(value) || !clock_from_iso(json_string_value(value), at))
			return refuse(r, place, "a time like 2026-11-21T12:00:00Z");
		return 0;
	case KIND_SPAN:
		if (read_number(r, place, value, INT64_MAX / 4, &number) < 0)
			return -1;
		((int64_t *)at)[1] = ((int64_t *)at)[0] + number;
		return 0;
	case KIND_VERDICT:
		if (read_word(r, place, value, verdict_word, VERDICT_COUNT, &word) < 0)
			return -1;
		*(enum verdict *)at = (enum verdict)word;
		return 0;
	case KIND_LEVEL:
		if (read_word(r, place, value, level_word, LEVEL_COUNT, &word) < 0)
			return -1;
		*(enum level *)at = (enum level)word;
		return 0;
	case KIND_GROUP:
		return read_record(r, place, f->fields, value, record);
	}
	return -1;
}

static int read_record(const struct reading *r, const char *place, const struct results_field *fields,
                       const json_t *value, void *record)
{
	size_t known = 0;

	if (!json_is_object(value))
		return refuse(r, place, "an object");
	for (const struct results_field *f = fields; f->name; f++) {
		const char *member = arena_printf(r->a, "%s/%s", place, f->name);
		const json_t *have = json_object_get(value, f->name);
		if (!have && f->optional)
			continue;
		if (!have)
			return err_input(r->e, "%s: '%s' is missing", r->name, member);
		known++;
		if (read_field(r, member, f, have, record) < 0)
			return -1;
	}
	if (json_object_size(value) != known)
		return refuse(r, place, "without members that brandcert does not know");
	return 0;
}

static int read_list(const struct reading *r, const char *name, const struct results_field *fields, const json_t *root,
                     size_t size, void **ret, size_t *n)
{
	const json_t *list = json_object_get(root, name);

	if (!json_is_array(list))
		return refuse(r, arena_printf(r->a, "/%s", name), "a list");
	*n = json_array_size(list);
	*ret = arena_array(r->a, *n, size);
	for (size_t i = 0; i < *n; i++)
		if (read_record(r, arena_printf(r->a, "/%s/%zu", name, i), fields, json_array_get(list, i),
		                (char *)*ret + i * size) < 0)
			return -1;
	return 0;
}

static int read_root(const struct reading *r, const json_t *root, struct results *ret)
{
	const json_t *version = json_object_get(root, "version");
	void *v[3] = {NULL};

	if (!json_is_object(root) || !json_is_integer(version))
		return err_input(
		        r->e, "%s: these are no results of brandcert: the top level has to be an object with 'version'",
		        r->name);
	if (json_integer_value(version) != RESULTS_VERSION)
		return err_input(r->e, "%s: version %lld of the format, this brandcert reads version %d: run it again",
		                 r->name, (long long)json_integer_value(version), RESULTS_VERSION);
	if (read_record(r, "/run", results_of_run, json_object_get(root, "run"), ret) < 0 ||
	    read_list(r, "results", results_of_result, root, sizeof *ret->v, &v[0], &ret->n) < 0 ||
	    read_list(r, "stale", results_of_stale, root, sizeof *ret->stale, &v[1], &ret->nstale) < 0 ||
	    read_list(r, "exchanges", results_of_exchange, root, sizeof *ret->exchanges, &v[2], &ret->nexchanges) < 0)
		return -1;
	ret->v = v[0];
	ret->stale = v[1];
	ret->exchanges = v[2];
	results_count(ret);
	json_auto_t *totals = results_totals(ret);
	if (!json_equal(totals, json_object_get(root, "totals")))
		return err_input(r->e, "%s: '/totals' do not add up: the file was changed or is damaged", r->name);
	return json_object_size(root) == 6 ? 0 : refuse(r, "", "without members that brandcert does not know");
}

int results_parse(struct arena *a, struct sv text, const char *name, struct results *ret, struct err *e)
{
	const struct reading r = {.a = a, .name = name, .e = e};
	json_error_t problem;
	json_auto_t *root = json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &problem);

	*ret = (struct results){0};
	if (!root)
		return err_input(e, "%s:%d:%d: this is not JSON: %s", name, problem.line, problem.column,
		                 text_excerpt(a, sv_of(problem.text), 120));
	return read_root(&r, root, ret);
}

int results_read(struct arena *a, const char *path, struct results *ret, struct err *e)
{
	struct buf text = {.cap = LIMIT_RESULTS_FILE};
	int status = file_read(path, LIMIT_RESULTS_FILE, &text, e);

	if (status == 0)
		status = results_parse(a, buf_sv(&text), path, ret, e);
	buf_release(&text);
	return status;
}
