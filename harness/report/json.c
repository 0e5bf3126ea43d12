/* Results as JSON: see suites/schema/results.schema.json. What is not there is null, never left out. */
#include <jansson.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/text.h"
#include "report/render.h"
#include "report/report.h"

#define RESULTS_VERSION 1

static json_t *owned(json_t *value)
{
	if (!value)
		mem_exhausted();
	return value;
}

static void put(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, owned(value)) < 0)
		mem_exhausted();
}

static void put_text(json_t *object, const char *name, const char *text)
{
	arena_auto *a = arena_new();

	put(object, name, text ? json_string(text_block(a, sv_of(text))) : json_null());
}

static void put_number(json_t *object, const char *name, int64_t n)
{
	put(object, name, json_integer(n));
}

static void put_time(json_t *object, const char *name, int64_t unix_ms)
{
	char iso[32];

	clock_iso(unix_ms, iso);
	put(object, name, json_string(iso));
}

static void put_texts(json_t *object, const char *name, const char *const *texts)
{
	json_t *list = owned(json_array());
	arena_auto *a = arena_new();

	for (size_t i = 0; texts && texts[i]; i++)
		if (json_array_append_new(list, owned(json_string(text_block(a, sv_of(texts[i]))))) < 0)
			mem_exhausted();
	put(object, name, list);
}

static json_t *run_of(const struct results *r)
{
	json_t *run = owned(json_object());

	put_text(run, "tool", r->tool);
	put_text(run, "suite_digest", r->suite_digest);
	put_text(run, "target", r->target);
	put_text(run, "profile", r->profile);
	put_text(run, "issuer", r->issuer);
	put_text(run, "token_endpoint", r->token_endpoint);
	put_time(run, "started", r->started_ms);
	put_number(run, "duration_ms", r->ended_ms > r->started_ms ? r->ended_ms - r->started_ms : 0);
	put_number(run, "codes", r->codes);
	return run;
}

static json_t *totals_of(const struct results *r)
{
	struct tally t = tally_of(r, NULL);
	json_t *totals = owned(json_object());

	put_number(totals, "results", (int64_t)t.all);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		put_number(totals, verdict_text(v), (int64_t)t.n[v]);
	return totals;
}

static json_t *result_of(const struct result *r)
{
	json_t *o = owned(json_object());

	put_text(o, "suite", r->suite);
	put_text(o, "scenario", r->scenario);
	put_text(o, "requirement", r->requirement);
	put_text(o, "title", r->title);
	put_text(o, "verdict", verdict_text(r->verdict));
	put_text(o, "level", level_text(r->level));
	put_texts(o, "source", r->source);
	put_text(o, "expected", r->expected);
	put_text(o, "observed", r->observed);
	put_text(o, "fix", r->fix);
	put_text(o, "reason", r->reason);
	put_text(o, "exchange", r->exchange);
	put_text(o, "where", r->where);
	put_text(o, "file", r->file);
	put_number(o, "line", r->line);
	put_number(o, "time_ms", r->time_ms > 0 ? r->time_ms : 0);
	return o;
}

static json_t *message_of(const char *const *head, const char *body)
{
	json_t *o = owned(json_object());

	put_texts(o, "head", head);
	put_text(o, "body", body);
	return o;
}

static json_t *exchange_of(const struct shown_exchange *x)
{
	json_t *o = owned(json_object());

	put_text(o, "id", x->id);
	put_text(o, "key", x->key);
	put_text(o, "kind", x->kind);
	put_text(o, "outcome", x->outcome);
	put_text(o, "trouble", x->trouble);
	put(o, "status", x->status ? json_integer(x->status) : json_null());
	put_time(o, "started", x->started_ms);
	put_number(o, "first_byte_us", x->first_byte_us);
	put_number(o, "total_us", x->total_us);
	put_text(o, "http_version", x->http_version);
	put_text(o, "tls_version", x->tls_version);
	put(o, "request", message_of(x->request, x->request_body));
	put(o, "response", message_of(x->response, x->response_body));
	return o;
}

int report_json(const struct results *r, const struct report_options *o, struct buf *out, struct err *e)
{
	json_auto_t *root = owned(json_object());
	json_t *results = owned(json_array()), *exchanges = owned(json_array());

	(void)o;
	put_number(root, "version", RESULTS_VERSION);
	put(root, "run", run_of(r));
	put(root, "totals", totals_of(r));
	put(root, "results", results);
	put(root, "exchanges", exchanges);
	for (size_t i = 0; i < r->n; i++)
		if (json_array_append_new(results, result_of(&r->v[i])) < 0)
			mem_exhausted();
	for (size_t i = 0; i < r->nexchanges; i++)
		if (json_array_append_new(exchanges, exchange_of(&r->exchanges[i])) < 0)
			mem_exhausted();
	char *text = json_dumps(root, JSON_INDENT(2));
	if (!text)
		mem_exhausted();
	buf_add_text(out, text);
	buf_add_char(out, '\n');
	free(text);
	return out->full ? err_trouble(e, "cannot write JSON: it is larger than %zu bytes", out->cap) : 0;
}
