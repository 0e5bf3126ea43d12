/* The verdict of an inspection: the suite's own, on evidence that is made up. */
#include <string.h>

#include "commands/inspect.h"
#include "plan/plan.h"
#include "verdict/judge.h"

/* --- what is judged ------------------------------------------------------------------------------------------ */

/* How the suite judges it where one ordinary exchange is looked at, or NULL. */
static const struct expect *expect_of(const struct suite *suite, const struct requirement *q)
{
	for (size_t i = 0; i < suite->n; i++) {
		const struct scenario *s = &suite->scenarios[i];
		for (size_t k = 0; plan_only_observes(s) && k < s->steps[0].nexpects; k++)
			if (s->steps[0].expects[k].requirement == q)
				return &s->steps[0].expects[k];
	}
	return NULL;
}

static bool begins(const char *id, const char *prefix)
{
	return strncmp(id, prefix, strlen(prefix)) == 0;
}

/* What the input holds at all: a token alone has no response around it. */
static bool concerns(const struct inspection *i, const struct requirement *q)
{
	const struct inspect_input *in = &i->input;

	if (q->level[i->profile] == LEVEL_OFF)
		return false;
	if (begins(q->id, "jwe."))
		return i->facts.decryption_key || in->encrypted;
	if (begins(q->id, "token.") || strcmp(q->id, "google.response-members") == 0)
		return in->response;
	return begins(q->id, "jose.") || begins(q->id, "idtoken.") || begins(q->id, "google.");
}

static bool iat_is_past(const struct inspection *i, struct subject *s)
{
	struct finding unused = {0};
	double iat;

	return subject_time(s, "iat", &iat, &unused) && iat * 1000 <= (double)i->at_ms;
}

static bool has_claim(struct subject *s, const char *name)
{
	struct finding unused = {0};

	return json_object_get(subject_claims(s, &unused), name) != NULL;
}

/* Why a requirement cannot be judged from here, or NULL. */
static const char *unknown(const struct inspection *i, const struct requirement *q, struct subject *s)
{
	static const char client[] = "the client_id is not known: --client-id or --target tells it";
	static const char issuer[] = "the issuer that is configured is not known: --issuer or --target tells it";
	static const char key[] = "no key is known: --jwks, --public-key or --target tells it";
	static const char head[] = "the file has no status and header fields: 'curl -i' prints them, too";
	static const char tokens[] = "the access token is not known: inspect the whole token response";
	static const struct {
		const char *id, *why;
	} rows[] = {
	        {"idtoken.aud.contains-client", client},
	        {"idtoken.aud.extra-azp", client},
	        {"idtoken.iss.exact", issuer},
	        {"google.iss", issuer},
	        {"jose.signature", key},
	        {"jose.kid", key},
	        {"jose.key-size", key},
	        {"jose.key-exponent", key},
	        {"token.status-200", head},
	        {"token.content-type", head},
	        {"token.cache-control", head},
	        {"token.pragma", head},
	        {"idtoken.at-hash", tokens},
	        {"google.at-hash", tokens},
	        {"idtoken.nonce", "the nonce that was sent is not known: --nonce tells it"},
	        {"idtoken.iat.skew", "when the token was received is not known: --at tells it"},
	};
	const char *why = NULL;

	if (i->input.encrypted && !i->facts.decryption_key)
		return "the token is encrypted: --decryption-key opens it";
	for (size_t k = 0; k < sizeof rows / sizeof *rows && !why; k++)
		if (strcmp(rows[k].id, q->id) == 0)
			why = rows[k].why;
	if ((why == client && i->facts.client_id) || (why == issuer && i->facts.issuer) ||
	    (why == key && i->keys_from) || (why == head && i->input.head) || (why == tokens && i->input.response))
		return NULL;
	if (why == tokens && !has_claim(s, "at_hash"))
		return begins(q->id, "google.") ? why : NULL;
	if (strcmp(q->id, "idtoken.nonce") == 0)
		return i->nonce ? NULL : why;
	/* what was issued in the future is wrong whenever it was received */
	if (strcmp(q->id, "idtoken.iat.skew") == 0)
		return i->received || !iat_is_past(i, s) ? NULL : why;
	return why;
}

/* --- evidence ------------------------------------------------------------------------------------------------ */

static struct sv wrapped(struct arena *a, struct sv token)
{
	struct buf b = {.cap = BUF_OWN};

	/* written by hand: a token may hold bytes that are not UTF-8, which no JSON library writes */
	buf_add_text(&b, "{\"id_token\":\"");
	for (size_t i = 0; i < token.n; i++) {
		unsigned char c = (unsigned char)token.p[i];
		if (c == '"' || c == '\\' || c < 0x20)
			buf_addf(&b, "\\u%04x", c);
		else
			buf_add_char(&b, (char)c);
	}
	buf_add_text(&b, "\"}");
	struct sv body = arena_svdup(a, buf_sv(&b));
	buf_release(&b);
	return body;
}

static struct exchange *exchanges_of(const struct inspection *i)
{
	static struct sv ok[] = {{"HTTP/1.1 200 OK", 15}};
	const struct inspect_input *in = &i->input;
	const struct timing timing = {.started_ms = i->at_ms, .ended_ms = i->at_ms};
	struct exchange *v = arena_array(i->a, 2, sizeof *v);

	v[0] = (struct exchange){
	        .id = "x1",
	        .key = PLAN_ORDINARY,
	        .spec = PLAN_ORDINARY_SPEC,
	        .kind = "token",
	        .method = "POST",
	        .url = "",
	        .outcome = EXCHANGE_ANSWERED,
	        .status = in->status,
	        .response = {.lines = in->head ? in->lines : ok,
	                     .nlines = in->head ? in->nlines : 1,
	                     .body = in->response ? in->body : wrapped(i->a, in->token)},
	        .timing = timing,
	        .code = {.nonce = i->nonce},
	};
	v[1] = (struct exchange){
	        .id = "x2",
	        .key = PLAN_JWKS,
	        .spec = "",
	        .kind = "jwks",
	        .method = "GET",
	        .url = "",
	        .outcome = i->jwks_trouble ? EXCHANGE_NO_ANSWER : EXCHANGE_ANSWERED,
	        .trouble = i->jwks_trouble,
	        .status = i->jwks_status,
	        .response = {.lines = ok, .nlines = 1, .body = i->jwks},
	        .timing = timing,
	};
	return v;
}

/* What the signature's verification told, for showing. */
static void look_at_signature(struct inspection *i, struct subject *s)
{
	struct finding unused = {0};
	struct err e = {0};

	if (i->facts.public_key && jwks_parse_key(i->a, sv_of(i->facts.public_key), &i->keys, &e) == 0)
		s->keys = &i->keys;
	else if (!i->facts.public_key && i->jwks.p && i->jwks_status == 200 &&
	         jwks_parse(i->a, i->jwks, &i->keys, &e) == 0)
		s->keys = &i->keys;
	const struct jws *jws = subject_jws(s, &unused);
	if (!jws)
		return;
	/* the token belongs to the subject */
	i->signature = jws->raw[2].p ? arena_svdup(i->a, jws->raw[2]) : SV("");
	const struct jws_diagnosis *d = subject_diagnosis(s, &unused);
	/* without a key a signature says nothing, unless it is none */
	if (d && (s->keys || d->reason == JWS_UNSECURED || d->reason == JWS_EMPTY_SIGNATURE)) {
		struct jws_diagnosis *copy = arena_alloc(i->a, sizeof *copy);
		*copy = *d;
		i->diagnosis = copy;
	}
}

/* --- results ------------------------------------------------------------------------------------------------- */

static struct result skipped(const struct inspection *i, const struct requirement *q, const char *why)
{
	return (struct result){.suite = "inspect",
	                       .scenario = "inspect",
	                       .scenario_title = "",
	                       .requirement = q->id,
	                       .title = q->title,
	                       .verdict = VERDICT_SKIP,
	                       .level = q->level[i->profile],
	                       .source = q->source,
	                       .why = q->why,
	                       .reason = why};
}

/* Puts what was skipped where it stands in the catalogue. */
static void add_skipped(struct inspection *i, const struct catalogue *c, const char *const *why)
{
	struct results *r = &i->results;
	struct result *v = arena_array(i->a, c->n, sizeof *v);
	size_t n = 0, judged = 0;

	i->unknown = arena_array(i->a, c->n, sizeof *i->unknown);
	for (size_t k = 0; k < c->n; k++) {
		i->unknown[n] = why[k] != NULL;
		if (why[k])
			v[n++] = skipped(i, &c->v[k], why[k]);
		else if (judged < r->n && strcmp(r->v[judged].requirement, c->v[k].id) == 0)
			v[n++] = r->v[judged++];
	}
	r->v = v;
	r->n = n;
	results_count(r);
}

void inspect_judge(struct inspection *i, const struct suite *suite)
{
	const struct catalogue *c = &suite->catalogue;
	struct expect *expects = arena_array(i->a, c->n, sizeof *expects);
	const char **why = arena_array(i->a, c->n, sizeof *why);
	struct evidence ev = {.run = i->facts, .exchanges = exchanges_of(i), .n = i->keys_from ? 2 : 1};
	struct subject s = {.a = i->a, .run = &ev.run, .profile = i->profile, .x = &ev.exchanges[0]};
	struct step step = {.redeem = {.ordinary = true}, .spec = PLAN_ORDINARY_SPEC, .expects = expects};
	struct scenario scenario = {
	        .suite = "inspect", .id = "inspect", .title = "inspect", .rounds = 1, .steps = &step, .nsteps = 1};
	struct suite one = {.catalogue = *c, .scenarios = &scenario, .n = 1};
	struct target target = {.limits = {.connections = 1}};
	struct plan plan;

	look_at_signature(i, &s);
	for (size_t k = 0; k < c->n; k++) {
		const struct expect *e = concerns(i, &c->v[k]) ? expect_of(suite, &c->v[k]) : NULL;
		if (!e)
			continue;
		why[k] = unknown(i, &c->v[k], &s);
		if (!why[k])
			expects[step.nexpects++] = *e;
	}
	subject_release(&s);
	plan_make(i->a, &one, &target, &plan);
	const struct judge_input in = {
	        .suite = &one, .plan = &plan, .evidence = &ev, .suite_digest = "", .mask_claims = i->mask_claims};
	judge(i->a, &in, &i->results);
	add_skipped(i, c, why);
}

int inspect_exit(const struct inspection *i)
{
	int status = results_exit(&i->results);

	for (size_t k = 0; k < i->results.n; k++)
		if (i->unknown[k] && status == 0 && strcmp(i->results.v[k].requirement, "jose.signature") == 0)
			return 3;
	return status;
}
