#include "report/results_file.h"

#include <string.h>

#include "core/clock.h"
#include "core/text.h"
#include "report/json_make.h"
#include "report/results_fields.h"

/* Visible already, but for what a mistake of ours let through. */
static json_t *text_json(const char *text)
{
	arena_auto *a = arena_new();

	return text ? json_string(text_block(a, sv_of(text))) : json_null();
}

static json_t *texts_json(const char *const *texts, bool nullable)
{
	if (!texts && nullable)
		return json_null();
	json_t *list = json_owned(json_array());
	for (size_t i = 0; texts && texts[i]; i++)
		json_add(list, text_json(texts[i]));
	return list;
}

static json_t *time_json(int64_t unix_ms)
{
	char iso[32];

	clock_iso(unix_ms, iso);
	return json_string(iso);
}

static json_t *record_json(const struct results_field *fields, const void *record);

static json_t *field_json(const struct results_field *f, const void *record)
{
	const void *at = (const char *)record + f->offset;
	const int64_t *number = at;

	switch (f->kind) {
	case KIND_TEXT:
		return text_json(*(const char *const *)at);
	case KIND_TEXTS:
		return texts_json(*(const char *const *const *)at, f->nullable);
	case KIND_INT:
		return json_integer(*(const int *)at);
	case KIND_STATUS:
		return *(const int *)at ? json_integer(*(const int *)at) : json_null();
	case KIND_LINE:
		return json_integer(*(const unsigned *)at);
	case KIND_INT64:
		return json_integer(*number > 0 ? *number : 0);
	case KIND_TIME:
		return time_json(*number);
	case KIND_SPAN:
		return json_integer(number[1] > number[0] ? number[1] - number[0] : 0);
	case KIND_VERDICT:
		return json_string(verdict_text(*(const enum verdict *)at));
	case KIND_LEVEL:
		return json_string(level_text(*(const enum level *)at));
	case KIND_GROUP:
		return record_json(f->fields, record);
	}
	return json_null();
}

static json_t *record_json(const struct results_field *fields, const void *record)
{
	json_t *object = json_owned(json_object());

	for (const struct results_field *f = fields; f->name; f++)
		json_put(object, f->name, field_json(f, record));
	return object;
}

static json_t *list_json(const struct results_field *fields, const void *v, size_t n, size_t size)
{
	json_t *list = json_owned(json_array());

	for (size_t i = 0; i < n; i++)
		json_add(list, record_json(fields, (const char *)v + i * size));
	return list;
}

json_t *results_totals(const struct results *r)
{
	size_t counts[VERDICT_COUNT] = {0}, accepted = 0;
	json_t *totals = json_owned(json_object());

	for (size_t i = 0; i < r->n; i++) {
		counts[r->v[i].verdict]++;
		accepted += r->v[i].verdict == VERDICT_FAIL && r->v[i].accepted;
	}
	json_put(totals, "results", json_integer((json_int_t)r->n));
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		json_put(totals, verdict_text(v), json_integer((json_int_t)counts[v]));
	json_put(totals, "accepted", json_integer((json_int_t)accepted));
	return totals;
}

json_t *results_json(const struct results *r)
{
	json_t *root = json_owned(json_object());

	json_put(root, "version", json_integer(RESULTS_VERSION));
	json_put(root, "run", record_json(results_of_run, r));
	json_put(root, "totals", results_totals(r));
	json_put(root, "results", list_json(results_of_result, r->v, r->n, sizeof *r->v));
	json_put(root, "stale", list_json(results_of_stale, r->stale, r->nstale, sizeof *r->stale));
	json_put(root, "exchanges", list_json(results_of_exchange, r->exchanges, r->nexchanges, sizeof *r->exchanges));
	return root;
}
