#include "commands/record.h"

#include <string.h>

#include "core/clock.h"
#include "core/text.h"
#include "jose/jws.h"

/* "https://acme.test:8443" of the token endpoint: a record says where, not more. */
static const char *origin_of(struct arena *a, const char *url)
{
	struct sv s = sv_of(url);
	long scheme = sv_find(s, SV("://"));

	if (scheme < 0)
		return "";
	size_t from = (size_t)scheme + 3, n = strcspn(url + from, "/?#"), user = 0;
	for (size_t i = 0; i < n; i++)
		if (url[from + i] == '@')
			user = i + 1;
	return arena_printf(a, "%.*s%.*s", (int)from, url, (int)(n - user), url + from + user);
}

const char *record_flaw(struct arena *a, const struct results *r)
{
	const struct {
		size_t n;
		const char *what;
	} flaws[] = {
	        {r->count[VERDICT_FAIL] - r->accepted, "failed"},
	        {r->accepted, "failed as was expected"},
	        {r->count[VERDICT_ERROR], "could not be judged"},
	        {r->nstale, "was expected to fail and did not, or is out of date"},
	};
	const char *text = NULL;

	for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++)
		if (flaws[i].n)
			text = arena_printf(a, "%s%s%zu %s", text ? text : "", text ? ", " : "", flaws[i].n,
			                    flaws[i].what);
	if (!text && r->count[VERDICT_PASS] + r->count[VERDICT_INFO] + r->count[VERDICT_WARN] == 0)
		return "nothing was judged";
	return text;
}

/* How much a verdict weighs when several scenarios judged one requirement. */
static int weight(const char *verdict)
{
	static const enum verdict order[] = {VERDICT_SKIP, VERDICT_PASS,  VERDICT_INFO,
	                                     VERDICT_WARN, VERDICT_ERROR, VERDICT_FAIL};

	for (int i = 0; i < (int)(sizeof order / sizeof *order); i++)
		if (verdict && strcmp(verdict_text(order[i]), verdict) == 0)
			return i;
	return -1;
}

static json_t *requirements_of(const struct results *r)
{
	json_t *list = json_object();

	for (size_t i = 0; i < r->n; i++) {
		const char *id = r->v[i].requirement, *verdict = verdict_text(r->v[i].verdict);
		if (id && weight(verdict) > weight(json_string_value(json_object_get(list, id))))
			json_object_set_new(list, id, json_string(verdict));
	}
	return list;
}

static json_t *accepted_of(const struct results *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].accepted)
			json_array_append_new(list,
			                      json_pack("{s:s?, s:s?, s:s}", "requirement", r->v[i].requirement,
			                                "scenario", r->v[i].scenario, "reason", r->v[i].accepted));
	return list;
}

json_t *record_claims(struct arena *a, const struct results *r, const char *results_sha256, int64_t now_s)
{
	const char *flaw = record_flaw(a, r);
	char started[32], ended[32];
	json_t *totals = json_object(), *claims;

	clock_iso(r->started_ms, started);
	clock_iso(r->ended_ms, ended);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		json_object_set_new(totals, verdict_text(v), json_integer((json_int_t)r->count[v]));
	claims = json_pack("{s:i, s:b, s:s?, s:s?, s:s, s:s?, s:s?, s:s?, s:s, s:s, s:I, s:s?, s:s, s:o, s:o, s:o}",
	                   "record", RECORD_VERSION, "conformant", !flaw, "not_conformant_because", flaw, "target",
	                   r->target, "origin", origin_of(a, r->token_endpoint), "profile", r->profile, "tool", r->tool,
	                   "suite_digest", r->suite_digest, "started", started, "ended", ended, "iat",
	                   (json_int_t)now_s, "evidence_sha256", r->evidence_sha256, "results_sha256", results_sha256,
	                   "totals", totals, "requirements", requirements_of(r), "accepted", accepted_of(r));
	if (!claims)
		mem_exhausted();
	return claims;
}

static bool fails_none(const json_t *claims)
{
	const json_t *totals = json_object_get(claims, "totals");

	return json_integer_value(json_object_get(totals, "fail")) == 0 &&
	       json_integer_value(json_object_get(totals, "error")) == 0 &&
	       json_array_size(json_object_get(claims, "accepted")) == 0;
}

const char *record_problem(struct arena *a, const json_t *claims)
{
	static const struct {
		const char *name;
		json_type type;
		bool may_be_null;
	} members[] = {
	        {"target", JSON_STRING, true},          {"origin", JSON_STRING, false},
	        {"profile", JSON_STRING, true},         {"tool", JSON_STRING, true},
	        {"suite_digest", JSON_STRING, true},    {"started", JSON_STRING, false},
	        {"ended", JSON_STRING, false},          {"iat", JSON_INTEGER, false},
	        {"evidence_sha256", JSON_STRING, true}, {"results_sha256", JSON_STRING, false},
	        {"totals", JSON_OBJECT, false},         {"requirements", JSON_OBJECT, false},
	        {"accepted", JSON_ARRAY, false},        {"not_conformant_because", JSON_STRING, true},
	};
	const json_t *version = json_object_get(claims, "record"), *conformant = json_object_get(claims, "conformant");

	if (!json_is_integer(version) || json_integer_value(version) != RECORD_VERSION)
		return arena_printf(a, "it is no record of version %d", RECORD_VERSION);
	if (!json_is_boolean(conformant))
		return "'conformant' is neither true nor false";
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const json_t *value = json_object_get(claims, members[i].name);
		if (!value ||
		    !(json_typeof(value) == members[i].type || (members[i].may_be_null && json_is_null(value))))
			return arena_printf(a, "'%s' is missing or of another type", members[i].name);
	}
	if (json_is_true(conformant) != json_is_null(json_object_get(claims, "not_conformant_because")) ||
	    (json_is_true(conformant) && !fails_none(claims)))
		return "it contradicts itself: 'conformant' does not fit the rest";
	return NULL;
}

/* --- verifying ----------------------------------------------------------------------------------------------- */

static const char *form_problem(const struct jws *jws, const json_t *header)
{
	const char *typ = json_string_value(json_object_get(header, "typ"));
	const char *alg = json_string_value(json_object_get(header, "alg"));
	enum jose_alg known = jose_alg_of(sv_of(alg ? alg : ""));

	if (jws->parts != 3)
		return "it is no compact JWS of three parts";
	for (int i = 0; i < 3; i++)
		if (jws->fault[i] != BASE64_OK)
			return "a part is not base64url as RFC 7515 §2 has it";
	if (!typ || strcmp(typ, RECORD_TYP) != 0)
		return "its typ is not " RECORD_TYP;
	/* RFC 8725 §3.1: what a record may be signed with, whatever the header would like */
	if (known < ALG_RS256 || known == ALG_UNKNOWN)
		return "its alg is none that a record may have: RS*, PS* or ES*";
	return json_object_get(header, "crit") ? "it has a crit that brandcert does not understand" : NULL;
}

const char *record_verify(struct arena *a, struct sv text, const struct jwks *keys, struct record *ret)
{
	const struct jws_context c = {.keys = keys};
	struct jws_diagnosis d;
	struct jws jws;

	*ret = (struct record){0};
	jws_split(a, text, &jws);
	json_auto_t *header =
	        jws.header.n ? json_loadb(jws.header.p, jws.header.n, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *problem = form_problem(&jws, header);
	if (problem)
		return problem;
	jws_diagnose(a, &jws, &c, &d);
	if (d.reason != JWS_VERIFIED)
		return d.sentence;
	json_t *claims = json_loadb(jws.payload.p, jws.payload.n, JSON_REJECT_DUPLICATES, NULL);
	problem = record_problem(a, claims);
	if (problem) {
		json_decref(claims);
		return problem;
	}
	*ret = (struct record){.claims = claims, .kid = d.key ? d.key->kid : NULL, .alg = jose_alg_text(d.alg)};
	return NULL;
}
