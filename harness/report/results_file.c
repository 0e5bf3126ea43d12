#include "report/results_file.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "core/clock.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "report/json_make.h"

enum kind {
	KIND_TEXT,    /* const char * or null */
	KIND_TEXTS,   /* const char **: an array; with `nullable` NULL is null */
	KIND_INT,     /* int, not negative */
	KIND_STATUS,  /* int; 0 is null */
	KIND_LINE,    /* unsigned */
	KIND_INT64,   /* int64_t, not negative */
	KIND_TIME,    /* int64_t unix milliseconds, as ISO 8601 in whole seconds */
	KIND_SPAN,    /* two int64_t, the first one a KIND_TIME before it: their distance in milliseconds */
	KIND_VERDICT, /* enum verdict */
	KIND_LEVEL,   /* enum level */
	KIND_GROUP,   /* an object with `fields` of the same struct */
};

struct member {
	const char *name; /* NULL ends a table */
	enum kind kind;
	size_t offset;
	bool nullable;               /* of KIND_TEXTS */
	const struct member *fields; /* of KIND_GROUP */
};

#define FIELD(type, member, kind_) FIELD_AS(type, #member, member, kind_)
#define FIELD_AS(type, text, member, kind_)                                              \
	{                                                                                \
		.name = (text), .kind = (kind_), .offset = offsetof(struct type, member) \
	}
#define GROUP(text, fields_)                                            \
	{                                                               \
		.name = (text), .kind = KIND_GROUP, .fields = (fields_) \
	}

static const struct member run_fields[] = {
        FIELD(results, tool, KIND_TEXT),
        FIELD(results, suite_digest, KIND_TEXT),
        FIELD(results, target, KIND_TEXT),
        FIELD(results, profile, KIND_TEXT),
        FIELD(results, issuer, KIND_TEXT),
        FIELD(results, token_endpoint, KIND_TEXT),
        FIELD_AS(results, "started", started_ms, KIND_TIME),
        FIELD_AS(results, "duration_ms", started_ms, KIND_SPAN),
        FIELD(results, codes, KIND_INT),
        FIELD(results, codes_planned, KIND_INT),
        FIELD(results, evidence_sha256, KIND_TEXT),
        {0},
};
_Static_assert(offsetof(struct results, ended_ms) == offsetof(struct results, started_ms) + sizeof(int64_t),
               "KIND_SPAN has its end right behind its start");

static const struct member result_fields[] = {
        FIELD(result, suite, KIND_TEXT),
        FIELD(result, scenario, KIND_TEXT),
        FIELD(result, scenario_title, KIND_TEXT),
        FIELD(result, requirement, KIND_TEXT),
        FIELD(result, title, KIND_TEXT),
        FIELD(result, step, KIND_TEXT),
        FIELD(result, verdict, KIND_VERDICT),
        FIELD(result, level, KIND_LEVEL),
        FIELD(result, source, KIND_TEXTS),
        {.name = "links", .kind = KIND_TEXTS, .offset = offsetof(struct result, links), .nullable = true},
        FIELD(result, why, KIND_TEXT),
        FIELD(result, expected, KIND_TEXT),
        FIELD(result, observed, KIND_TEXT),
        FIELD(result, fix, KIND_TEXT),
        FIELD(result, reason, KIND_TEXT),
        FIELD(result, accepted, KIND_TEXT),
        FIELD(result, exchange, KIND_TEXT),
        FIELD(result, where, KIND_TEXT),
        FIELD(result, file, KIND_TEXT),
        FIELD(result, line, KIND_LINE),
        FIELD(result, time_ms, KIND_INT64),
        {0},
};

static const struct member request_fields[] = {
        FIELD_AS(shown_exchange, "head", request, KIND_TEXTS),
        FIELD_AS(shown_exchange, "body", request_body, KIND_TEXT),
        {0},
};

static const struct member response_fields[] = {
        FIELD_AS(shown_exchange, "head", response, KIND_TEXTS),
        FIELD_AS(shown_exchange, "body", response_body, KIND_TEXT),
        {0},
};

static const struct member id_token_fields[] = {
        FIELD_AS(shown_exchange, "header", jose_header, KIND_TEXT),
        FIELD_AS(shown_exchange, "claims", claims, KIND_TEXT),
        {0},
};

static const struct member exchange_fields[] = {
        FIELD(shown_exchange, id, KIND_TEXT),
        FIELD(shown_exchange, key, KIND_TEXT),
        FIELD(shown_exchange, kind, KIND_TEXT),
        FIELD(shown_exchange, outcome, KIND_TEXT),
        FIELD(shown_exchange, trouble, KIND_TEXT),
        FIELD(shown_exchange, status, KIND_STATUS),
        FIELD_AS(shown_exchange, "started", started_ms, KIND_TIME),
        FIELD(shown_exchange, dns_us, KIND_INT64),
        FIELD(shown_exchange, connect_us, KIND_INT64),
        FIELD(shown_exchange, tls_us, KIND_INT64),
        FIELD(shown_exchange, first_byte_us, KIND_INT64),
        FIELD(shown_exchange, total_us, KIND_INT64),
        FIELD(shown_exchange, http_version, KIND_TEXT),
        FIELD(shown_exchange, tls_version, KIND_TEXT),
        GROUP("request", request_fields),
        GROUP("response", response_fields),
        GROUP("id_token", id_token_fields),
        {0},
};

static const struct member stale_fields[] = {
        FIELD(stale, requirement, KIND_TEXT),
        FIELD(stale, scenario, KIND_TEXT),
        FIELD(stale, problem, KIND_TEXT),
        {0},
};

/* --- writing ------------------------------------------------------------------------------------------------ */

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

static json_t *record_json(const struct member *fields, const void *record);

static json_t *field_json(const struct member *f, const void *record)
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

static json_t *record_json(const struct member *fields, const void *record)
{
	json_t *object = json_owned(json_object());

	for (const struct member *f = fields; f->name; f++)
		json_put(object, f->name, field_json(f, record));
	return object;
}

static json_t *list_json(const struct member *fields, const void *v, size_t n, size_t size)
{
	json_t *list = json_owned(json_array());

	for (size_t i = 0; i < n; i++)
		json_add(list, record_json(fields, (const char *)v + i * size));
	return list;
}

static json_t *totals_json(const struct results *r)
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
	json_put(root, "run", record_json(run_fields, r));
	json_put(root, "totals", totals_json(r));
	json_put(root, "results", list_json(result_fields, r->v, r->n, sizeof *r->v));
	json_put(root, "stale", list_json(stale_fields, r->stale, r->nstale, sizeof *r->stale));
	json_put(root, "exchanges", list_json(exchange_fields, r->exchanges, r->nexchanges, sizeof *r->exchanges));
	return root;
}

/* --- reading ------------------------------------------------------------------------------------------------ */

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

static int read_record(const struct reading *r, const char *place, const struct member *fields, const json_t *value,
                       void *record);

static int read_field(const struct reading *r, const char *place, const struct member *f, const json_t *value,
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

static int read_record(const struct reading *r, const char *place, const struct member *fields, const json_t *value,
                       void *record)
{
	size_t known = 0;

	if (!json_is_object(value))
		return refuse(r, place, "an object");
	for (const struct member *f = fields; f->name; f++, known++) {
		const char *member = arena_printf(r->a, "%s/%s", place, f->name);
		const json_t *have = json_object_get(value, f->name);
		if (!have)
			return err_input(r->e, "%s: '%s' is missing", r->name, member);
		if (read_field(r, member, f, have, record) < 0)
			return -1;
	}
	if (json_object_size(value) != known)
		return refuse(r, place, "without members that brandcert does not know");
	return 0;
}

static int read_list(const struct reading *r, const char *name, const struct member *fields, const json_t *root,
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
	if (read_record(r, "/run", run_fields, json_object_get(root, "run"), ret) < 0 ||
	    read_list(r, "results", result_fields, root, sizeof *ret->v, &v[0], &ret->n) < 0 ||
	    read_list(r, "stale", stale_fields, root, sizeof *ret->stale, &v[1], &ret->nstale) < 0 ||
	    read_list(r, "exchanges", exchange_fields, root, sizeof *ret->exchanges, &v[2], &ret->nexchanges) < 0)
		return -1;
	ret->v = v[0];
	ret->stale = v[1];
	ret->exchanges = v[2];
	results_count(ret);
	json_auto_t *totals = totals_json(ret);
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
