#include "report/results_fields.h"

#define FIELD(type, member, kind_) FIELD_AS(type, #member, member, kind_)
#define FIELD_AS(type, text, member, kind_)                                              \
	{                                                                                \
		.name = (text), .kind = (kind_), .offset = offsetof(struct type, member) \
	}
#define GROUP(text, fields_)                                            \
	{                                                               \
		.name = (text), .kind = KIND_GROUP, .fields = (fields_) \
	}

const struct results_field results_of_run[] = {
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

const struct results_field results_of_result[] = {
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

static const struct results_field request_fields[] = {
        FIELD_AS(shown_exchange, "head", request, KIND_TEXTS),
        FIELD_AS(shown_exchange, "body", request_body, KIND_TEXT),
        {0},
};

static const struct results_field response_fields[] = {
        FIELD_AS(shown_exchange, "head", response, KIND_TEXTS),
        FIELD_AS(shown_exchange, "body", response_body, KIND_TEXT),
        {0},
};

static const struct results_field id_token_fields[] = {
        FIELD_AS(shown_exchange, "header", jose_header, KIND_TEXT),
        FIELD_AS(shown_exchange, "claims", claims, KIND_TEXT),
        {0},
};

const struct results_field results_of_exchange[] = {
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
        {.name = "asked", .kind = KIND_TEXT, .offset = offsetof(struct shown_exchange, asked), .optional = true},
        {.name = "way",
         .kind = KIND_TEXTS,
         .offset = offsetof(struct shown_exchange, way),
         .nullable = true,
         .optional = true},
        GROUP("request", request_fields),
        GROUP("response", response_fields),
        GROUP("id_token", id_token_fields),
        {0},
};

const struct results_field results_of_stale[] = {
        FIELD(stale, requirement, KIND_TEXT),
        FIELD(stale, scenario, KIND_TEXT),
        FIELD(stale, problem, KIND_TEXT),
        {0},
};
