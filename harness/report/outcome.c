#include "report/outcome.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "report/render.h"

enum standing standing_of(const struct result *r)
{
	switch (r->verdict) {
	case VERDICT_FAIL:
		return r->accepted ? STANDING_EXPECTED : STANDING_FAIL;
	case VERDICT_WARN:
		return STANDING_WARN;
	case VERDICT_SKIP:
		return STANDING_SKIP;
	case VERDICT_PASS:
	case VERDICT_INFO:
		return STANDING_HOLDS;
	default:
		return STANDING_ERROR;
	}
}

const char *standing_text(enum standing s)
{
	static const char *const texts[STANDING_COUNT] = {
	        [STANDING_FAIL] = "fail", [STANDING_ERROR] = "error", [STANDING_EXPECTED] = "expected failure",
	        [STANDING_WARN] = "warn", [STANDING_HOLDS] = "pass",  [STANDING_SKIP] = "skip",
	};

	return s < STANDING_COUNT ? texts[s] : "?";
}

char *outcome_plural(struct arena *a, size_t n, const char *one, const char *many)
{
	return arena_printf(a, "%zu %s", n, n == 1 ? one : many);
}

char *outcome_time(struct arena *a, int64_t ms)
{
	char text[32];

	clock_iso(ms, text);
	text[strcspn(text, ".Z")] = '\0';
	for (char *p = text; *p; p++)
		if (*p == 'T')
			*p = ' ';
	return arena_printf(a, "%s UTC", text);
}

/* Only what the catalogue could have given: a results file from elsewhere must not smuggle in another scheme. */
const char *outcome_link(const struct result *r, size_t source)
{
	enum { LONGEST = 2000 };
	const char *url = NULL;

	for (size_t i = 0; r->links && r->source && r->source[i] && i <= source; i++)
		url = r->links[i];
	if (!url || strncmp(url, "https://", 8) != 0 || strlen(url) > LONGEST)
		return NULL;
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p == 0x7f || strchr("\"'<>\\^`{|}()[]", *p))
			return NULL;
	return url;
}

/* --- areas --------------------------------------------------------------------------------------------------- */

/* "req.auth" of "req.auth.basic", "token" of "token.scope": requests are many, and their second part tells them apart. */
static const char *area_name(struct arena *a, const char *requirement)
{
	struct sv id = sv_of(requirement);
	long dot = sv_find_char(id, '.');

	if (dot > 0 && sv_eq((struct sv){id.p, (size_t)dot}, SV("req"))) {
		struct sv rest = {id.p + dot + 1, id.n - (size_t)dot - 1};
		long second = sv_find_char(rest, '.');
		dot = second < 0 ? -1 : dot + 1 + second;
	}
	if (dot >= 0)
		id.n = (size_t)dot;
	return render_headline(a, arena_sv(a, id));
}

static const char *about(const char *name)
{
	static const char *const rows[][2] = {
	        {"token", "Token response"},
	        {"idtoken", "id_token claims"},
	        {"jose", "Signature and header"},
	        {"jwe", "Encryption"},
	        {"err", "Error responses"},
	        {"google", "Google's format"},
	        {"ui", "UserInfo endpoint"},
	        {"az", "Authorization endpoint"},
	        {"imp", "Implicit flow"},
	        {"renew", "Expiry and refresh"},
	        {"disc", "Discovery"},
	        {"jwks", "Published keys"},
	        {"lpkey", "Key that LivePerson has"},
	        {"tls", "TLS"},
	        {"http", "HTTP"},
	        {"req.auth", "Client authentication"},
	        {"req.body", "Request body"},
	        {"req.code", "Authorization codes"},
	        {"req.method", "HTTP method"},
	        {"req.param", "Request parameters"},
	        {"req.pkce", "PKCE"},
	        {"req.redirect-uri", "redirect_uri"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i][0], name) == 0)
			return rows[i][1];
	return "";
}

static void add_to_area(struct arena *a, struct outcome *o, const char *requirement, enum standing s)
{
	const char *name = area_name(a, requirement);
	size_t i = 0;

	while (i < o->nareas && strcmp(o->areas[i].name, name) != 0)
		i++;
	if (i == o->nareas) {
		o->areas = arena_grow(a, o->areas, o->nareas, sizeof *o->areas);
		o->areas[o->nareas++] = (struct area){.name = name, .about = about(name)};
	}
	o->areas[i].n[s]++;
	o->areas[i].all++;
	o->total.n[s]++;
	o->total.all++;
}

/* --- each requirement once ----------------------------------------------------------------------------------- */

struct judged {
	const char *requirement;
	enum standing worst;
};

static int by_requirement(const void *x, const void *y)
{
	const struct judged *p = x, *q = y;

	return strcmp(p->requirement, q->requirement);
}

static void keep(void *key)
{
	(void)key; /* it is the arena's */
}

static void add_requirements(struct arena *a, const struct results *r, struct outcome *o)
{
	struct judged *all = arena_array(a, r->n ? r->n : 1, sizeof *all);
	void *tree = NULL;
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		enum standing s = standing_of(&r->v[i]);
		all[n] = (struct judged){r->v[i].requirement ? r->v[i].requirement : "", s};
		struct judged **node = tsearch(&all[n], &tree, by_requirement);
		if (!node)
			mem_exhausted();
		if (*node == &all[n])
			n++;
		else if (s < (*node)->worst)
			(*node)->worst = s;
	}
	tdestroy(tree, keep);
	for (size_t i = 0; i < n; i++)
		add_to_area(a, o, all[i].requirement, all[i].worst);
}

/* ", 2 warnings": nothing when there are none. */
static const char *also(struct arena *a, size_t n, const char *one, const char *many)
{
	return n ? arena_printf(a, ", %s", outcome_plural(a, n, one, many)) : "";
}

static const char *sentence(struct arena *a, const struct results *r, const struct outcome *o)
{
	const size_t *n = o->total.n;
	const char *bail_out = render_bail_out(a, r);
	const char *rest = arena_printf(
	        a, "%s%s%s", also(a, n[STANDING_EXPECTED], "failed as expected", "failed as expected"),
	        also(a, n[STANDING_WARN], "warning", "warnings"),
	        also(a, r->nstale, "expected failure is true no more", "expected failures are true no more"));
	const char *hold = outcome_plural(a, n[STANDING_HOLDS], "requirement holds", "requirements hold");

	if (n[STANDING_FAIL])
		return arena_printf(a, "%s, %zu %s%s%s.",
		                    outcome_plural(a, n[STANDING_FAIL], "requirement failed", "requirements failed"),
		                    n[STANDING_HOLDS], n[STANDING_HOLDS] == 1 ? "holds" : "hold", rest,
		                    n[STANDING_ERROR] ? arena_printf(a, ", %zu could not be judged", n[STANDING_ERROR])
		                                      : "");
	if (bail_out && !r->nstale)
		return arena_printf(a, "Nothing could be judged: %s.", bail_out);
	if (n[STANDING_ERROR])
		return arena_printf(a, "%s could not be judged, %zu %s%s.",
		                    outcome_plural(a, n[STANDING_ERROR], "requirement", "requirements"),
		                    n[STANDING_HOLDS], n[STANDING_HOLDS] == 1 ? "holds" : "hold", rest);
	if (o->kind == OUTCOME_NO_VERDICT)
		return "Nothing could be judged: everything was skipped.";
	return arena_printf(a, "%s%s.", hold, rest);
}

struct outcome outcome_of(struct arena *a, const struct results *r)
{
	static const char *const words[] = {"Conformant", "Not conformant", "No verdict"};
	int status = results_exit(r);
	struct outcome o = {.kind = status == 0   ? OUTCOME_CONFORMANT
	                            : status == 1 ? OUTCOME_FAILED
	                                          : OUTCOME_NO_VERDICT,
	                    .total = {.name = "all", .about = ""}};

	o.words = words[o.kind];
	add_requirements(a, r, &o);
	o.sentence = sentence(a, r, &o);
	return o;
}

/* --- groups -------------------------------------------------------------------------------------------------- */

static bool of_standing(const struct result *r, int s)
{
	/* beyond the standings: infos */
	return s == STANDING_COUNT ? r->verdict == VERDICT_INFO : (int)standing_of(r) == s;
}

static struct findings grouped(struct arena *a, const struct results *r, int s, bool by_reason)
{
	struct findings f = {0};

	for (size_t i = 0; i < r->n; i++) {
		const struct result *x = &r->v[i];
		size_t k = 0;
		if (!of_standing(x, s))
			continue;
		while (k < f.n && !(by_reason ? render_same(f.v[k].v[0]->reason, x->reason)
		                              : render_same(f.v[k].v[0]->requirement, x->requirement)))
			k++;
		if (k == f.n) {
			f.v = arena_grow(a, f.v, f.n, sizeof *f.v);
			f.v[f.n++] = (struct finding){0};
		}
		f.v[k].v = arena_grow(a, f.v[k].v, f.v[k].n, sizeof *f.v[k].v);
		f.v[k].v[f.v[k].n++] = x;
	}
	return f;
}

struct findings findings_of(struct arena *a, const struct results *r, enum standing s)
{
	return grouped(a, r, (int)s, false);
}

struct findings findings_by_reason(struct arena *a, const struct results *r, enum standing s)
{
	return grouped(a, r, (int)s, true);
}

struct findings findings_infos(struct arena *a, const struct results *r)
{
	return grouped(a, r, STANDING_COUNT, false);
}

char *finding_scenarios(struct arena *a, const struct finding *f, size_t most)
{
	char *list = arena_text(a, "");
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		bool again = false;
		for (size_t k = 0; k < i && !again; k++)
			again = render_same_scenario(f->v[k], f->v[i]);
		if (!again && n++ < most)
			list = arena_printf(a, "%s%s%s", list, n > 1 ? ", " : "",
			                    render_headline(a, f->v[i]->scenario));
	}
	return n > most ? arena_printf(a, "%s and %zu more", list, n - most) : list;
}

size_t finding_observed(const struct finding *f, const struct result **ret, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n && n < most; i++) {
		bool again = false;
		for (size_t k = 0; k < n && !again; k++)
			again = render_same(ret[k]->observed, f->v[i]->observed) &&
			        render_same(ret[k]->step, f->v[i]->step);
		if (!again)
			ret[n++] = f->v[i];
	}
	return n;
}
