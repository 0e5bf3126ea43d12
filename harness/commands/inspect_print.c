/* An inspection as people and programs read it. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks/times.h"
#include "commands/inspect.h"
#include "core/clock.h"
#include "core/text.h"
#include "core/version.h"
#include "report/render.h"
#include "report/wrap.h"

/* --- times --------------------------------------------------------------------------------------------------- */

static bool is_time_claim(struct sv name)
{
	static const char *const names[] = {"exp", "iat", "nbf", "auth_time", "updated_at"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (sv_eq(name, sv_of(names[i])))
			return true;
	return false;
}

static const char *time_text(struct arena *a, const json_t *value, int64_t at_ms)
{
	double number, now = floor((double)at_ms / 1000);

	if (!times_read(value, &number))
		return NULL;
	enum times_unit unit = times_unit(number);
	if (unit == TIMES_UNKNOWN)
		return "no time of any unit";
	double seconds = number / times_per_second(unit);
	return arena_printf(a, "%s, %s %s%s%s%s", times_date(a, seconds), times_span(a, seconds - now),
	                    seconds > now ? "ahead" : "ago", unit == TIMES_SECONDS ? "" : ", in ",
	                    unit == TIMES_SECONDS ? "" : times_unit_text(unit),
	                    times_is_digits(value) ? ", as a string" : "");
}

const char *inspect_time(struct arena *a, struct sv line, int64_t at_ms)
{
	struct sv name, rest = line;

	/* a member of the outermost object: two blanks, then its name */
	if (!sv_starts(line, SV("  \"")) || !sv_cut(&rest, '"', &name) || !sv_cut(&rest, '"', &name) ||
	    !is_time_claim(name) || !sv_starts(rest, SV(":")))
		return NULL;
	struct sv value = sv_trim((struct sv){rest.p + 1, rest.n - 1});
	if (sv_ends(value, SV(",")))
		value.n--;
	json_auto_t *json =
	        json_loadb(value.p, value.n, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
	return json ? time_text(a, json, at_ms) : NULL;
}

/* --- for people ---------------------------------------------------------------------------------------------- */

struct text {
	struct arena *a;
	const struct inspection *i;
	const struct inspect_looks *looks;
	struct wrap w;
};

static const char *painted(const struct text *t, const char *code, const char *word)
{
	return t->looks->color ? arena_printf(t->a, "\x1b[%sm%s\x1b[0m", code, word) : word;
}

static void heading(struct text *t, const char *word)
{
	wrap_blank(&t->w);
	wrap_line(&t->w, "", painted(t, "1", word));
}

/* Indented JSON, line by line, times explained. */
static void decoded(struct text *t, const char *word, const char *json, bool claims)
{
	struct sv rest = sv_of(json), line;

	if (!json)
		return;
	heading(t, word);
	while (sv_cut(&rest, '\n', &line)) {
		const char *text = arena_sv(t->a, line), *time = claims ? inspect_time(t->a, line, t->i->at_ms) : NULL;
		if (time)
			wrap_line(&t->w, "                                 ",
			          arena_printf(t->a, "  %-28s ← %s", text, time));
		else
			wrap_line(&t->w, "      ", arena_printf(t->a, "  %s", text));
	}
}

/* First and last characters: enough to see whether two are the same, too few to use. */
static const char *shown_signature(const struct inspection *i)
{
	enum { ENDS = 4 };
	char *text = arena_alloc(i->a, i->signature.n + 1);
	size_t n = 0;

	for (size_t k = 0; k < i->signature.n; k++)
		if (!strchr(" \t\r\n=", i->signature.p[k]))
			text[n++] = i->signature.p[k];
	if (n == 0)
		return "none";
	if (n < (size_t)8 * ENDS)
		return arena_printf(i->a, "%zu bytes", n * 6 / 8);
	return arena_printf(i->a, "%zu bytes, %s…%s", n * 6 / 8, text_visible(i->a, (struct sv){text, ENDS}),
	                    text_visible(i->a, (struct sv){text + n - ENDS, ENDS}));
}

static const char *key_type(const struct jwk *key)
{
	static const char *const types[] = {"RSA", "EC", "oct", "unknown"};

	return types[key->type];
}

static const char *shown_key(const struct inspection *i, const struct jwk *key)
{
	const char *kid = key->kid ? arena_printf(i->a, "kid '%s'", text_excerpt(i->a, sv_of(key->kid), 80)) : "no kid";

	return arena_printf(i->a, "%s, %s, %d bits, from %s", kid, key_type(key), key->bits,
	                    text_excerpt(i->a, sv_of(i->keys_from), 200));
}

static bool is_verified(const struct jws_diagnosis *d)
{
	return d && (d->reason == JWS_VERIFIED || d->reason == JWS_VERIFIED_OTHER_KID);
}

static const char *signature_verdict(const struct inspection *i)
{
	const struct jws_diagnosis *d = i->diagnosis;

	if (d)
		return text_excerpt(i->a, sv_of(d->sentence), 600);
	if (!i->keys_from)
		return "not verified: no key is known (--jwks, --public-key or --target)";
	return arena_printf(i->a, "not verified: %s",
	                    i->jwks_trouble ? text_excerpt(i->a, sv_of(i->jwks_trouble), 300)
	                                    : "no key could be had from there");
}

static void signature(struct text *t)
{
	const struct inspection *i = t->i;

	if (!i->signature.p)
		return;
	heading(t, "Signature");
	wrap_line(&t->w, "  ", arena_printf(t->a, "  %s", shown_signature(i)));
	wrap_line(
	        &t->w, "  ",
	        arena_printf(t->a, "  %s", painted(t, is_verified(i->diagnosis) ? "32" : "31", signature_verdict(i))));
	if (i->diagnosis && i->diagnosis->key)
		wrap_line(&t->w, "  ", arena_printf(t->a, "  Key: %s", shown_key(i, i->diagnosis->key)));
}

static void finding(struct text *t, const struct result *r, const char *word)
{
	wrap_blank(&t->w);
	wrap_line(&t->w, "     ",
	          arena_printf(t->a, "%s %s  %s", word, r->requirement, render_headline(t->a, r->title)));
	wrap_item(&t->w, "Expected", render_line(t->a, r->expected));
	wrap_item(&t->w, "Observed", render_line(t->a, r->observed));
	wrap_item(&t->w, "Fix", render_line(t->a, r->fix));
	if (r->verdict != VERDICT_INFO)
		wrap_item(&t->w, "Source", render_source(t->a, r));
}

static void findings(struct text *t, enum verdict verdict, const char *word)
{
	for (size_t k = 0; k < t->i->results.n; k++)
		if (t->i->results.v[k].verdict == verdict)
			finding(t, &t->i->results.v[k], word);
}

static bool same_kind(const struct inspection *i, size_t x, size_t y)
{
	const struct result *v = i->results.v;

	return v[x].verdict == v[y].verdict && i->unknown[x] == i->unknown[y] && render_same(v[x].reason, v[y].reason);
}

/* "why (id, id)" for the results like the one at `at`; NULL when an earlier one has said it. */
static const char *reason(struct text *t, size_t at)
{
	enum { NAMED_MAX = 6 };
	const struct results *r = &t->i->results;
	const char *ids = "";
	size_t n = 0;

	for (size_t k = 0; k < r->n; k++) {
		if (!same_kind(t->i, k, at))
			continue;
		if (k < at)
			return NULL;
		if (n++ < NAMED_MAX)
			ids = arena_printf(t->a, "%s%s%s", ids, n > 1 ? ", " : "", r->v[k].requirement);
	}
	return arena_printf(t->a, n > NAMED_MAX ? "  %s (%s and %zu more)" : "  %s (%s)",
	                    render_line(t->a, r->v[at].reason), ids, n - NAMED_MAX);
}

static void by_reason(struct text *t, enum verdict verdict, bool unknown, const char *word)
{
	bool any = false;

	for (size_t k = 0; k < t->i->results.n; k++) {
		const char *text = NULL;
		if (t->i->results.v[k].verdict == verdict && t->i->unknown[k] == unknown)
			text = reason(t, k);
		if (text && !any)
			heading(t, word);
		if (text)
			wrap_line(&t->w, "    ", text);
		any = any || text;
	}
}

static const char *counted(struct arena *a, size_t n, const char *one, const char *many)
{
	return arena_printf(a, "%zu %s", n, n == 1 ? one : many);
}

static void last_line(struct text *t)
{
	const size_t *n = t->i->results.count;
	size_t hold = n[VERDICT_PASS] + n[VERDICT_INFO], unknown = 0;
	const char *verdict;

	for (size_t k = 0; k < t->i->results.n; k++)
		unknown += t->i->unknown[k];
	if (n[VERDICT_FAIL])
		verdict = arena_printf(t->a, "%s: %s", painted(t, "1;31", "NOT conformant"),
		                       counted(t->a, n[VERDICT_FAIL], "requirement failed", "requirements failed"));
	else if (results_exit(&t->i->results) != 0)
		verdict = arena_printf(t->a, "%s: it could not be judged", painted(t, "1;31", "No verdict"));
	else if (inspect_exit(t->i) != 0)
		verdict = arena_printf(t->a, "%s: nothing wrong was found, but the signature was not verified",
		                       painted(t, "33", "No verdict"));
	else
		verdict = painted(t, "32", "Nothing wrong was found");
	const char *warned = n[VERDICT_WARN]
	                             ? arena_printf(t->a, ", %s", counted(t->a, n[VERDICT_WARN], "warning", "warnings"))
	                             : "";
	const char *missing = unknown ? arena_printf(t->a, ", %zu not known", unknown) : "";
	wrap_blank(&t->w);
	wrap_line(&t->w, "  ",
	          arena_printf(t->a, "%s (%s%s%s).", verdict, counted(t->a, hold, "holds", "hold"), warned, missing));
}

static const char *kind(const struct inspection *i)
{
	return i->input.head        ? "a reply"
	       : i->input.response  ? "a token response"
	       : i->input.encrypted ? "an encrypted token"
	                            : "an id_token";
}

void inspect_text(const struct inspection *i, const struct inspect_looks *looks, struct buf *out)
{
	const struct shown_exchange *x = &i->results.exchanges[0];
	struct text t = {.a = i->a, .i = i, .looks = looks, .w = {.out = out, .width = looks->width}};
	char at[32];

	clock_iso(i->at_ms, at);
	wrap_line(&t.w, "  ",
	          arena_printf(t.a, "%s: %s in %s, %s profile, as of %s (%s)",
	                       painted(&t, "1", "brandcert " BRANDCERT_VERSION), kind(i),
	                       text_excerpt(t.a, sv_of(i->name), 200), profile_text(i->profile), at, i->at_from));
	for (size_t k = 0; k < i->input.nnotes; k++)
		wrap_line(&t.w, "  ", arena_printf(t.a, "Note: %s", i->input.notes[k]));
	decoded(&t, "Header", x->jose_header, false);
	decoded(&t, "Claims", x->claims, true);
	signature(&t);
	findings(&t, VERDICT_FAIL, painted(&t, "1;31", "FAIL"));
	findings(&t, VERDICT_WARN, painted(&t, "33", "WARN"));
	findings(&t, VERDICT_INFO, "INFO");
	by_reason(&t, VERDICT_ERROR, false, "Could not be judged");
	by_reason(&t, VERDICT_SKIP, true, "Not judged");
	if (looks->verbose) {
		by_reason(&t, VERDICT_SKIP, false, "Does not apply");
		heading(&t, "Holds");
		for (size_t k = 0; k < i->results.n; k++)
			if (i->results.v[k].verdict == VERDICT_PASS)
				wrap_line(&t.w, "    ",
				          arena_printf(t.a, "  %s  %s", i->results.v[k].requirement,
				                       render_line(t.a, i->results.v[k].observed)));
	}
	last_line(&t);
}

/* --- for programs -------------------------------------------------------------------------------------------- */

static json_t *string(const char *text)
{
	return text ? json_string(text) : json_null();
}

/* What was decoded: the object where it can be read as one, else its text. */
static json_t *part(const char *text)
{
	json_t *value = text ? json_loads(text, JSON_ALLOW_NUL, NULL) : NULL;

	return value ? value : string(text);
}

static json_t *times(const struct inspection *i, const char *claims)
{
	json_t *list = json_object(), *object = part(claims), *value;
	const char *name;
	double number;

	json_object_foreach(object, name, value)
	{
		if (!is_time_claim(sv_of(name)) || !times_read(value, &number) || times_unit(number) == TIMES_UNKNOWN)
			continue;
		enum times_unit unit = times_unit(number);
		double seconds = number / times_per_second(unit);
		json_object_set_new(list, name,
		                    json_pack("{s:s, s:I, s:s, s:b}", "date", times_date(i->a, seconds), "ahead_s",
		                              (json_int_t)floor(seconds - (double)i->at_ms / 1000), "unit",
		                              times_unit_text(unit), "string", times_is_digits(value)));
	}
	json_decref(object);
	return list;
}

static json_t *signature_json(const struct inspection *i)
{
	const struct jws_diagnosis *d = i->diagnosis;
	json_t *key = json_null();

	if (!i->signature.p)
		return json_null();
	if (d && d->key)
		key = json_pack("{s:o, s:s, s:i, s:s}", "kid",
		                string(d->key->kid ? text_excerpt(i->a, sv_of(d->key->kid), 200) : NULL), "type",
		                key_type(d->key), "bits", d->key->bits, "from",
		                text_visible(i->a, sv_of(i->keys_from)));
	return json_pack("{s:s, s:b, s:s, s:o}", "signature", shown_signature(i), "verified", is_verified(d), "says",
	                 signature_verdict(i), "key", key);
}

static json_t *results_list(const struct inspection *i)
{
	json_t *list = json_array();

	for (size_t k = 0; k < i->results.n; k++) {
		const struct result *r = &i->results.v[k];
		json_t *source = json_array();
		for (const char **s = r->source; s && *s; s++)
			json_array_append_new(source, json_string(*s));
		json_array_append_new(list,
		                      json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "requirement",
		                                r->requirement, "title", r->title, "verdict", verdict_text(r->verdict),
		                                "level", level_text(r->level), "expected", string(r->expected),
		                                "observed", string(r->observed), "fix", string(r->fix), "reason",
		                                string(r->reason), "where", string(r->where), "source", source));
	}
	return list;
}

void inspect_json(const struct inspection *i, struct buf *out)
{
	const struct shown_exchange *x = &i->results.exchanges[0];
	json_t *notes = json_array(), *totals = json_object();
	char at[32];

	clock_iso(i->at_ms, at);
	for (size_t k = 0; k < i->input.nnotes; k++)
		json_array_append_new(notes, json_string(i->input.notes[k]));
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		json_object_set_new(totals, verdict_text(v), json_integer((json_int_t)i->results.count[v]));
	json_auto_t *all =
	        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "version", 1, "tool",
	                  "brandcert " BRANDCERT_VERSION, "input",
	                  i->input.response    ? "response"
	                  : i->input.encrypted ? "encrypted"
	                                       : "token",
	                  "profile", profile_text(i->profile), "at", at, "at_from", i->at_from, "notes", notes,
	                  "header", part(x->jose_header), "claims", part(x->claims), "times", times(i, x->claims),
	                  "signature", signature_json(i), "totals", totals, "results", results_list(i));
	char *text = json_dumps(all, JSON_INDENT(2));
	if (!text)
		mem_exhausted();
	buf_addf(out, "%s\n", text);
	free(text);
}
