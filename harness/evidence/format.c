#include "evidence/format.h"

#include <assert.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "core/text.h"
#include "evidence/evidence.h"

#define FIELD(type, field, kind_)                                                     \
	{                                                                             \
		.name = #field, .kind = kind_, .offset = offsetof(struct type, field) \
	}
#define REQUIRED(type, field, kind_)                                                                    \
	{                                                                                               \
		.name = #field, .kind = kind_, .offset = offsetof(struct type, field), .required = true \
	}
#define RECORD(type, field, fields_)                                                                             \
	{                                                                                                        \
		.name = #field, .kind = FORMAT_RECORD, .offset = offsetof(struct type, field), .fields = fields_ \
	}

#define LINES(type, field, count_, most_)                                                     \
	{                                                                                     \
		.name = #field, .kind = FORMAT_LINES, .offset = offsetof(struct type, field), \
		.count = offsetof(struct type, count_), .most = most_                         \
	}

const struct format_field format_run[] = {
        FIELD(run_facts, started_ms, FORMAT_INT64),
        FIELD(run_facts, tool, FORMAT_TEXT),
        FIELD(run_facts, target, FORMAT_TEXT),
        FIELD(run_facts, profile, FORMAT_TEXT),
        FIELD(run_facts, issuer, FORMAT_TEXT),
        FIELD(run_facts, token_endpoint, FORMAT_TEXT),
        FIELD(run_facts, client_id, FORMAT_TEXT),
        FIELD(run_facts, client_secret, FORMAT_TEXT),
        FIELD(run_facts, authentication, FORMAT_TEXT),
        FIELD(run_facts, redirect_uri, FORMAT_TEXT),
        FIELD(run_facts, jwks_uri, FORMAT_TEXT),
        FIELD(run_facts, public_key, FORMAT_TEXT),
        FIELD(run_facts, algorithm, FORMAT_TEXT),
        FIELD(run_facts, audiences, FORMAT_TEXTS),
        FIELD(run_facts, tolerance_s, FORMAT_INT64),
        FIELD(run_facts, code_lifetime_s, FORMAT_INT64),
        FIELD(run_facts, userinfo_endpoint, FORMAT_TEXT),
        FIELD(run_facts, second_client_id, FORMAT_TEXT),
        FIELD(run_facts, second_client_secret, FORMAT_TEXT),
        FIELD(run_facts, encoded_client_id, FORMAT_TEXT),
        FIELD(run_facts, encoded_client_secret, FORMAT_TEXT),
        FIELD(run_facts, decryption_key, FORMAT_TEXT),
        FIELD(run_facts, has, FORMAT_TEXTS),
        FIELD(run_facts, connections, FORMAT_INT64),
        FIELD(run_facts, authorization_endpoint, FORMAT_TEXT),
        FIELD(run_facts, authorization_redirect_uri, FORMAT_TEXT),
        FIELD(run_facts, scope, FORMAT_TEXT),
        FIELD(run_facts, connector, FORMAT_TEXT),
        FIELD(run_facts, published_token_endpoint, FORMAT_TEXT),
        FIELD(run_facts, latency_warn_ms, FORMAT_INT64),
        FIELD(run_facts, latency_fail_ms, FORMAT_INT64),
        FIELD(run_facts, raw_basic, FORMAT_BOOL),
        FIELD(run_facts, secrets, FORMAT_TEXTS),
        {0},
};

static const struct format_field message_fields[] = {
        LINES(message, lines, nlines, 0),
        FIELD(message, body, FORMAT_BYTES),
        {0},
};

static const struct format_field timing_fields[] = {
        FIELD(timing, started_ms, FORMAT_INT64),  FIELD(timing, ended_ms, FORMAT_INT64),
        FIELD(timing, dns_us, FORMAT_INT64),      FIELD(timing, connect_us, FORMAT_INT64),
        FIELD(timing, tls_us, FORMAT_INT64),      FIELD(timing, first_byte_us, FORMAT_INT64),
        FIELD(timing, total_us, FORMAT_INT64),    FIELD(timing, released_us, FORMAT_INT64),
        FIELD(timing, answered_us, FORMAT_INT64), {0},
};

static const struct format_field code_fields[] = {
        FIELD(code_facts, code, FORMAT_TEXT),         FIELD(code_facts, redirect_uri, FORMAT_TEXT),
        FIELD(code_facts, nonce, FORMAT_TEXT),        FIELD(code_facts, code_verifier, FORMAT_TEXT),
        FIELD(code_facts, obtained_ms, FORMAT_INT64), {0},
};

static const struct format_field tls_fields[] = {
        FIELD(tls, completed, FORMAT_BOOL),     FIELD(tls, alert, FORMAT_TEXT),
        FIELD(tls, alpn, FORMAT_TEXT),          LINES(tls, chain, nchain, LIMIT_CHAIN),
        FIELD(tls, chain_cut, FORMAT_BOOL),     FIELD(tls, verified, FORMAT_BOOL),
        FIELD(tls, verify_error, FORMAT_INT64), FIELD(tls, verify_depth, FORMAT_INT64),
        FIELD(tls, verify_text, FORMAT_TEXT),   {0},
};

static const struct format_field hop_fields[] = {
        REQUIRED(hop, method, FORMAT_TEXT),
        REQUIRED(hop, url, FORMAT_TEXT),
        FIELD(hop, status, FORMAT_INT),
        RECORD(hop, request, message_fields),
        RECORD(hop, response, message_fields),
        FIELD(hop, body_cut, FORMAT_BOOL),
        {0},
};

const struct format_field format_exchange[] = {
        REQUIRED(exchange, id, FORMAT_TEXT),
        REQUIRED(exchange, key, FORMAT_TEXT),
        FIELD(exchange, spec, FORMAT_TEXT),
        REQUIRED(exchange, kind, FORMAT_TEXT),
        FIELD(exchange, method, FORMAT_TEXT),
        FIELD(exchange, url, FORMAT_TEXT),
        FIELD(exchange, outcome, FORMAT_OUTCOME),
        FIELD(exchange, trouble, FORMAT_TEXT),
        FIELD(exchange, status, FORMAT_INT),
        RECORD(exchange, request, message_fields),
        RECORD(exchange, response, message_fields),
        FIELD(exchange, body_cut, FORMAT_BOOL),
        FIELD(exchange, head_cut, FORMAT_BOOL),
        FIELD(exchange, broken_off, FORMAT_BOOL),
        RECORD(exchange, timing, timing_fields),
        RECORD(exchange, code, code_fields),
        FIELD(exchange, http_version, FORMAT_TEXT),
        FIELD(exchange, tls_version, FORMAT_TEXT),
        FIELD(exchange, tls_cipher, FORMAT_TEXT),
        FIELD(exchange, peer, FORMAT_TEXT),
        {.name = "tls",
         .kind = FORMAT_POINTER,
         .offset = offsetof(struct exchange, tls),
         .fields = tls_fields,
         .size = sizeof(struct tls)},
        FIELD(exchange, authorize_url, FORMAT_TEXT),
        {.name = "hops",
         .kind = FORMAT_RECORDS,
         .offset = offsetof(struct exchange, hops),
         .fields = hop_fields,
         .size = sizeof(struct hop),
         .count = offsetof(struct exchange, nhops),
         .most = LIMIT_HOPS},
        {0},
};

static const char *const outcomes[] = {
        [EXCHANGE_ANSWERED] = "answered",
        [EXCHANGE_NO_CODE] = "no-code",
        [EXCHANGE_UNSUITED] = "unsuited",
        [EXCHANGE_NO_ANSWER] = "no-answer",
};
#define OUTCOMES (sizeof outcomes / sizeof *outcomes)
static_assert(OUTCOMES == EXCHANGE_NO_ANSWER + 1, "one text an outcome");

/* --- writing ------------------------------------------------------------------------------------------------ */

/* NULL only when memory is out. */
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

static json_t *write_bytes(struct sv s)
{
	json_t *value = NULL;

	if (s.n == 0)
		return owned(json_string(""));
	if (!memchr(s.p, '\0', s.n) && text_bad_utf8(s) < 0)
		return owned(json_stringn(s.p, s.n));
	arena_auto *scratch = arena_new();
	value = owned(json_object());
	put(value, "base64", json_string(base64_encode(scratch, BASE64_STANDARD, s)));
	return value;
}

static json_t *write_texts(const char *const *texts)
{
	json_t *list = owned(json_array());

	for (size_t i = 0; texts[i]; i++)
		if (json_array_append_new(list, write_bytes(sv_of(texts[i]))) < 0)
			mem_exhausted();
	return list;
}

static size_t count_of(const struct format_field *f, const void *record)
{
	return *(const size_t *)(const void *)((const char *)record + f->count);
}

static json_t *write_lines(const struct sv *lines, size_t n)
{
	json_t *list = owned(json_array());

	for (size_t i = 0; i < n; i++)
		if (json_array_append_new(list, write_bytes(lines[i])) < 0)
			mem_exhausted();
	return list;
}

static json_t *write_records(const struct format_field *f, const char *records, size_t n)
{
	json_t *list = owned(json_array());

	for (size_t i = 0; i < n; i++)
		if (json_array_append_new(list, format_write(f->fields, records + i * f->size)) < 0)
			mem_exhausted();
	return list;
}

/* NULL: the field is left out. */
static json_t *write_field(const struct format_field *f, const void *record)
{
	const void *at = (const char *)record + f->offset;

	switch (f->kind) {
	case FORMAT_TEXT: {
		const char *text = *(const char *const *)at;
		return text ? write_bytes(sv_of(text)) : NULL;
	}
	case FORMAT_TEXTS: {
		const char *const *texts = *(const char *const *const *)at;
		return texts ? write_texts(texts) : NULL;
	}
	case FORMAT_BYTES: {
		struct sv s = *(const struct sv *)at;
		return s.p ? write_bytes(s) : NULL;
	}
	case FORMAT_LINES:
		return write_lines(*(const struct sv *const *)at, count_of(f, record));
	case FORMAT_INT:
		return json_integer(*(const int *)at);
	case FORMAT_INT64:
		return json_integer(*(const int64_t *)at);
	case FORMAT_BOOL:
		return json_boolean(*(const bool *)at);
	case FORMAT_OUTCOME:
		return json_string(outcomes[*(const enum exchange_outcome *)at]);
	case FORMAT_RECORD:
		return format_write(f->fields, at);
	case FORMAT_POINTER: {
		const void *pointed = *(const void *const *)at;
		return pointed ? format_write(f->fields, pointed) : NULL;
	}
	case FORMAT_RECORDS: {
		size_t n = count_of(f, record);
		return n ? write_records(f, *(const char *const *)at, n) : NULL;
	}
	}
	return NULL;
}

json_t *format_write(const struct format_field *fields, const void *record)
{
	json_t *object = owned(json_object());

	for (const struct format_field *f = fields; f->name; f++) {
		json_t *value = write_field(f, record);
		if (value)
			put(object, f->name, value);
	}
	return object;
}

/* --- reading ------------------------------------------------------------------------------------------------ */

static int read_bytes(const char *name, const json_t *value, struct arena *a, struct sv *ret, struct err *e)
{
	if (json_is_string(value)) {
		*ret = arena_svdup(a, (struct sv){json_string_value(value), json_string_length(value)});
		return 0;
	}
	const json_t *encoded = json_object_get(value, "base64");
	if (!json_is_string(encoded) || json_object_size(value) != 1)
		return err_input(e, "member '%s' has to be a string or {\"base64\": \"…\"}", name);
	struct sv text = {json_string_value(encoded), json_string_length(encoded)};
	enum base64_fault fault = base64_decode(a, BASE64_STANDARD, text, ret, NULL);
	if (fault)
		return err_input(e, "member '%s' is not base64: it %s", name, base64_fault_text(fault));
	return 0;
}

static int read_text(const char *name, const json_t *value, struct arena *a, const char **ret, struct err *e)
{
	struct sv s = SV_NONE;

	if (read_bytes(name, value, a, &s, e) < 0)
		return -1;
	if (s.n && memchr(s.p, '\0', s.n))
		return err_input(e, "member '%s' is a text and must not hold NUL", name);
	*ret = s.p;
	return 0;
}

static int read_texts(const char *name, const json_t *value, struct arena *a, const char ***ret, struct err *e)
{
	if (!json_is_array(value))
		return err_input(e, "member '%s' has to be a list", name);
	size_t n = json_array_size(value);
	const char **texts = arena_array(a, n + 1, sizeof *texts);
	for (size_t i = 0; i < n; i++)
		if (read_text(name, json_array_get(value, i), a, &texts[i], e) < 0)
			return -1;
	*ret = texts;
	return 0;
}

/* How many a list has; the record's count is set to it. -1 when it is none, or too long. */
static int read_count(const struct format_field *f, const json_t *value, void *record, size_t *ret, struct err *e)
{
	if (!json_is_array(value))
		return err_input(e, "member '%s' has to be a list", f->name);
	*ret = json_array_size(value);
	if (f->most && *ret > f->most)
		return err_input(e, "member '%s' must not have more than %zu elements", f->name, f->most);
	*(size_t *)(void *)((char *)record + f->count) = *ret;
	return 0;
}

static int read_lines(const struct format_field *f, const json_t *value, struct arena *a, void *record, struct err *e)
{
	size_t n = 0;

	if (read_count(f, value, record, &n, e) < 0)
		return -1;
	struct sv *lines = arena_array(a, n, sizeof *lines);
	for (size_t i = 0; i < n; i++)
		if (read_bytes(f->name, json_array_get(value, i), a, &lines[i], e) < 0)
			return -1;
	*(struct sv **)(void *)((char *)record + f->offset) = lines;
	return 0;
}

static int read_records(const struct format_field *f, const json_t *value, struct arena *a, void *record, struct err *e)
{
	size_t n = 0;

	if (read_count(f, value, record, &n, e) < 0)
		return -1;
	char *records = arena_array(a, n, f->size);
	for (size_t i = 0; i < n; i++)
		if (format_read(f->fields, json_array_get(value, i), a, records + i * f->size, e) < 0)
			return err_wrap(e, "in '%s'", f->name);
	*(void **)(void *)((char *)record + f->offset) = records;
	return 0;
}

static int read_pointed(const struct format_field *f, const json_t *value, struct arena *a, void **ret, struct err *e)
{
	void *pointed = arena_alloc(a, f->size);

	if (format_read(f->fields, value, a, pointed, e) < 0)
		return err_wrap(e, "in '%s'", f->name);
	*ret = pointed;
	return 0;
}

static int read_number(const struct format_field *f, const json_t *value, void *at, struct err *e)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value))
		return err_input(e, "member '%s' has to be a whole number", f->name);
	if (f->kind == FORMAT_INT64) {
		*(int64_t *)at = number;
		return 0;
	}
	if (number < INT_MIN || number > INT_MAX)
		return err_input(e, "member '%s' is out of range", f->name);
	*(int *)at = (int)number;
	return 0;
}

static int read_outcome(const char *name, const json_t *value, enum exchange_outcome *ret, struct err *e)
{
	for (size_t i = 0; i < OUTCOMES && json_is_string(value); i++) {
		if (!strcmp(json_string_value(value), outcomes[i])) {
			*ret = (enum exchange_outcome)i;
			return 0;
		}
	}
	return err_input(e, "member '%s' has to be 'answered', 'no-code', 'unsuited' or 'no-answer'", name);
}

static int read_field(const struct format_field *f, const json_t *value, struct arena *a, void *record, struct err *e)
{
	void *at = (char *)record + f->offset;

	switch (f->kind) {
	case FORMAT_TEXT:
		return read_text(f->name, value, a, at, e);
	case FORMAT_TEXTS:
		return read_texts(f->name, value, a, at, e);
	case FORMAT_BYTES:
		return read_bytes(f->name, value, a, at, e);
	case FORMAT_LINES:
		return read_lines(f, value, a, record, e);
	case FORMAT_INT:
	case FORMAT_INT64:
		return read_number(f, value, at, e);
	case FORMAT_BOOL:
		if (!json_is_boolean(value))
			return err_input(e, "member '%s' has to be true or false", f->name);
		*(bool *)at = json_is_true(value);
		return 0;
	case FORMAT_OUTCOME:
		return read_outcome(f->name, value, at, e);
	case FORMAT_RECORD:
		if (format_read(f->fields, value, a, at, e) < 0)
			return err_wrap(e, "in '%s'", f->name);
		return 0;
	case FORMAT_POINTER:
		return read_pointed(f, value, a, at, e);
	case FORMAT_RECORDS:
		return read_records(f, value, a, record, e);
	}
	return -1;
}

static bool may_be_absent(const struct format_field *f)
{
	switch (f->kind) {
	case FORMAT_TEXT:
	case FORMAT_TEXTS:
	case FORMAT_BYTES:
		return !f->required;
	case FORMAT_POINTER:
	case FORMAT_RECORDS:
		return true;
	default:
		return false;
	}
}

static void absent(const struct format_field *f, void *record)
{
	void *at = (char *)record + f->offset;

	if (f->kind == FORMAT_BYTES)
		*(struct sv *)at = SV_NONE;
	else if (f->kind == FORMAT_TEXTS)
		*(const char ***)at = NULL;
	else if (f->kind == FORMAT_TEXT)
		*(const char **)at = NULL;
	else
		*(void **)at = NULL;
	if (f->kind == FORMAT_RECORDS)
		*(size_t *)(void *)((char *)record + f->count) = 0;
}

/* The first member that no field has. */
static const char *unknown_member(const struct format_field *fields, const json_t *object)
{
	const char *name;
	json_t *value;

	/* jansson's iterators want a pointer to what is not const, and leave it alone */
	union {
		const json_t *in;
		json_t *out;
	} borrowed = {.in = object};
	json_object_foreach(borrowed.out, name, value)
	{
		const struct format_field *f = fields;
		while (f->name && strcmp(f->name, name) != 0)
			f++;
		if (!f->name)
			return name;
	}
	return NULL;
}

int format_read(const struct format_field *fields, const json_t *object, struct arena *a, void *record, struct err *e)
{
	size_t known = 0;

	if (!json_is_object(object))
		return err_input(e, "has to be an object");
	for (const struct format_field *f = fields; f->name; f++) {
		const json_t *value = json_object_get(object, f->name);
		if (value) {
			known++;
			if (read_field(f, value, a, record, e) < 0)
				return -1;
		} else if (may_be_absent(f)) {
			absent(f, record);
		} else {
			return err_input(e, "member '%s' is missing", f->name);
		}
	}
	if (known != json_object_size(object)) {
		const char *name = unknown_member(fields, object);
		return err_input(e, "unknown member '%s'", name ? text_excerpt(a, sv_of(name), 60) : "?");
	}
	return 0;
}
