#include "sample_reply.h"

#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"

#define NONCE "n-0S6_WzA2Mj-of-the-login"
#define CODE "SplxlOBeZQQYbYS6WxSbIA+a/b="

static const char healthy_header[] = "{'alg':'RS256','kid':'k1','typ':'JWT'}";
static const char healthy_claims[] =
        "{'iss':'https://"
        "brand.example','aud':'lp-client','azp':'lp-client','sub':'7b2c1f60-4f6e-4f0c-9e38-0d3c8c5a9f11',"
        "'iat':1800000000,'exp':1800003600,'auth_time':1799999990,'nonce':'" NONCE "','jti':'7f',"
        "'given_name':'Jane','family_name':'Doe','email':'jane@example.com','email_verified':true,'gender':'female',"
        "'preferred_username':'jane.doe','phone_number':'+14255551212','phone_number_verified':false,'acr':'loa1',"
        "'amr':['pwd'],'locale':'en-US','lp_sdes':[{'type':'ctmrinfo','info':{'ctype':'vip','balance':-400.99}},"
        "{'type':'personal','personal':{'firstname':'Jane'}}]}";
static const char healthy_body[] =
        "{'access_token':'2YotnFZFEjr1zCsicMWpAA','token_type':'Bearer','expires_in':3600,'id_token':'{token}',"
        "'scope':'openid profile email phone'}";
static const char refused_body[] = "{'error':'invalid_grant','error_description':'the code has expired'}";
static const char healthy_head[] =
        "{'Content-Type':'application/json','Cache-Control':'no-store','Pragma':'no-cache',"
        "'Strict-Transport-Security':'max-age=31536000','Date':'Fri, 15 Jan 2027 08:00:00 GMT'}";

json_t *sample_json(const char *text)
{
	char *copy = mem_text(text);
	json_error_t e;

	for (char *p = copy; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	json_t *value = json_loads(copy, JSON_ALLOW_NUL, &e);
	if (!value)
		ck_abort_msg("bad edits '%s': %s at %d", copy, e.text, e.position);
	free(copy);
	return value;
}

void sample_facts(struct sample *m)
{
	m->run = (struct run_facts){
	        .started_ms = SAMPLE_NOW * 1000LL - 5000,
	        .tool = "brandcert test",
	        .target = "acme",
	        .profile = "liveperson",
	        .issuer = "https://brand.example",
	        .token_endpoint = "https://brand.example/token",
	        .client_id = "lp-client",
	        .client_secret = "s3cr3t:of the/client",
	        .authentication = "client_secret_basic",
	        .redirect_uri = "https://liveperson.net",
	        .jwks_uri = "https://brand.example/jwks",
	        .algorithm = "RS256",
	        .tolerance_s = 60,
	        .code_lifetime_s = 60,
	};
	m->x = (struct exchange){
	        .id = "x1",
	        .key = "ordinary",
	        .spec = "{\"code\":\"valid\"}",
	        .kind = "token",
	        .method = "POST",
	        .url = "https://brand.example/token",
	        .status = 200,
	        .timing = {.started_ms = SAMPLE_NOW * 1000LL - 100,
	                   .ended_ms = SAMPLE_NOW * 1000LL,
	                   .total_us = 100000},
	        .code = {.code = CODE, .redirect_uri = "https://liveperson.net", .nonce = NONCE},
	        .http_version = "1.1",
	};
	m->x.request.lines = arena_array(m->a, 2, sizeof(struct sv));
	m->x.request.lines[0] = SV("POST /token HTTP/1.1");
	m->x.request.lines[1] = SV("Authorization: Basic bHAtY2xpZW50OnMzY3IzdA==");
	m->x.request.nlines = 2;
}

/* --- edits --------------------------------------------------------------------------------------------------------- */

static const char *text(struct sample *m, const json_t *edits, const char *name)
{
	return arena_text(m->a, json_string_value(json_object_get(edits, name)));
}

static void edit(json_t *object, const json_t *edits, const char *set, const char *remove)
{
	json_object_update(object, json_object_get(edits, set));
	for (size_t i = 0; i < json_array_size(json_object_get(edits, remove)); i++)
		json_object_del(object, json_string_value(json_array_get(json_object_get(edits, remove), i)));
}

static void edit_run(struct sample *m, const json_t *edits)
{
	const json_t *run = json_object_get(edits, "run"), *code = json_object_get(edits, "code");
	const struct {
		const json_t *from;
		const char *name, **into;
	} rows[] = {
	        {run, "issuer", &m->run.issuer},
	        {run, "client_id", &m->run.client_id},
	        {run, "client_secret", &m->run.client_secret},
	        {run, "algorithm", &m->run.algorithm},
	        {run, "redirect_uri", &m->run.redirect_uri},
	        {run, "userinfo_endpoint", &m->run.userinfo_endpoint},
	        {run, "second_client_secret", &m->run.second_client_secret},
	        {run, "encoded_client_secret", &m->run.encoded_client_secret},
	        {run, "token_endpoint", &m->run.token_endpoint},
	        {run, "published_token_endpoint", &m->run.published_token_endpoint},
	        {run, "authorization_endpoint", &m->run.authorization_endpoint},
	        {run, "public_key", &m->run.public_key},
	        {code, "code", &m->x.code.code},
	        {code, "nonce", &m->x.code.nonce},
	        {code, "code_verifier", &m->x.code.code_verifier},
	        {edits, "profile", &m->run.profile},
	        {edits, "spec", &m->x.spec},
	        {edits, "kind", &m->x.kind},
	        {edits, "method", &m->x.method},
	        {edits, "trouble", &m->x.trouble},
	};
	const json_t *audiences = json_object_get(run, "audiences");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (json_object_get(rows[i].from, rows[i].name))
			*rows[i].into = text(m, rows[i].from, rows[i].name);
	m->run.audiences = arena_array(m->a, json_array_size(audiences) + 1, sizeof(char *));
	for (size_t i = 0; i < json_array_size(audiences); i++)
		m->run.audiences[i] = arena_text(m->a, json_string_value(json_array_get(audiences, i)));
}

static void edit_exchange(struct sample *m, const json_t *edits)
{
	if (json_object_get(edits, "status"))
		m->x.status = (int)json_integer_value(json_object_get(edits, "status"));
	if (json_object_get(edits, "outcome"))
		m->x.outcome = EXCHANGE_NO_ANSWER;
	m->x.broken_off = json_is_true(json_object_get(edits, "broken_off"));
	m->x.body_cut = json_is_true(json_object_get(edits, "cut"));
	if (json_object_get(edits, "no_authorization"))
		m->x.request.nlines = 1;
	int64_t later_ms = json_integer_value(json_object_get(edits, "later_ms"));
	m->x.timing.started_ms += later_ms;
	m->x.timing.ended_ms += later_ms;
}

void sample_read_edits(struct sample *m, const char *edits, struct sample_edits *ret)
{
	json_t *e = sample_json(edits ? edits : "{}");
	bool refused = json_is_true(json_object_get(e, "refused"));

	*ret = (struct sample_edits){
	        .all = e,
	        .header = sample_json(healthy_header),
	        .claims = sample_json(healthy_claims),
	        .body = sample_json(refused ? refused_body : healthy_body),
	        .head = sample_json(healthy_head),
	};
	if (refused) {
		m->x.status = 400;
		m->x.spec = "{\"code\":\"expired\"}";
	}
	if (!json_object_get(e, "keys"))
		json_object_set_new(e, "keys", json_pack("[s]", "rsa:k1"));
	ret->keys = json_object_get(e, "keys");
	ret->sign = text(m, e, "sign");
	ret->alg = text(m, e, "alg");
	ret->raw_header = text(m, e, "raw_header");
	ret->raw_payload = text(m, e, "raw_payload");
	edit(ret->header, e, "header", "header_remove");
	edit(ret->claims, e, "set", "remove");
	edit(ret->body, e, "body", "body_remove");
	for (size_t i = 0; i < json_array_size(json_object_get(e, "remove")); i++)
		ret->no_at_hash |=
		        strcmp(json_string_value(json_array_get(json_object_get(e, "remove"), i)), "at_hash") == 0;
	json_object_update(ret->head, json_object_get(e, "head"));
	edit_run(m, e);
	edit_exchange(m, e);
}

static const char **texts(struct sample *m, const json_t *list)
{
	const char **v = arena_array(m->a, json_array_size(list) + 1, sizeof *v);

	for (size_t i = 0; i < json_array_size(list); i++)
		v[i] = arena_text(m->a, json_string_value(json_array_get(list, i)));
	return v;
}

static struct expect *judging(struct sample *m, const json_t *ids)
{
	struct expect *v = arena_array(m->a, json_array_size(ids) + 1, sizeof *v);

	for (size_t i = 0; i < json_array_size(ids); i++) {
		struct requirement *q = arena_alloc(m->a, sizeof *q);
		q->id = arena_text(m->a, json_string_value(json_array_get(ids, i)));
		v[i] = (struct expect){.requirement = q, .check = true};
	}
	return v;
}

static void edit_request(struct sample *m, const json_t *edits)
{
	const json_t *lines = json_object_get(edits, "lines"), *body = json_object_get(edits, "body");
	struct message *r = &m->x.request;

	if (lines) {
		size_t n = json_array_size(lines);
		struct sv first = r->lines[0];
		r->lines = arena_array(m->a, n + 1, sizeof(struct sv));
		r->lines[0] = first;
		for (size_t i = 0; i < n; i++)
			r->lines[i + 1] = sv_of(arena_text(m->a, json_string_value(json_array_get(lines, i))));
		r->nlines = n + 1;
	}
	if (json_object_get(edits, "line"))
		r->lines[0] = sv_of(text(m, edits, "line"));
	if (body)
		r->body = arena_svdup(m->a, (struct sv){json_string_value(body), json_string_length(body)});
}

void sample_place(struct sample *m, const struct sample_edits *d)
{
	const json_t *step = json_object_get(d->all, "step"), *errors = json_object_get(step, "errors");
	static const char *grant[] = {"invalid_grant", NULL};

	m->step = (struct step){
	        .name = text(m, step, "name"),
	        .errors = errors ? texts(m, errors) : grant,
	        .expects = judging(m, json_object_get(step, "judges")),
	        .nexpects = json_array_size(json_object_get(step, "judges")),
	        .redeem = {.second_consumer = json_is_true(json_object_get(d->all, "second")),
	                   .client_id = text(m, step, "client_id")},
	        .authorize.session = json_is_true(json_object_get(step, "kept")) ? SESSION_KEPT : SESSION_LOGIN,
	};
	if (json_is_null(errors))
		m->step.errors = NULL;
	m->self[0] = &m->s;
	m->s.step = &m->step;
	m->s.denied_by = m->x.status == 200 && !json_object_get(d->all, "denied_by") ? NULL : "req.code.expired";
	if (json_object_get(d->all, "denied_by"))
		m->s.denied_by = text(m, d->all, "denied_by");
	m->s.clean_by = text(m, d->all, "clean_by");
	m->s.burst = m->s.siblings = m->s.all = m->self;
	m->s.nburst = m->s.nsiblings = m->s.nall = 1;
	edit_request(m, json_object_get(d->all, "request"));
}

void sample_edits_release(struct sample_edits *d)
{
	json_decref(d->all);
	json_decref(d->header);
	json_decref(d->claims);
	json_decref(d->body);
	json_decref(d->head);
}

/* --- the reply ----------------------------------------------------------------------------------------------------- */

struct sv sample_replaced(struct arena *a, struct sv s, const char *name, const char *value)
{
	struct buf b = {.cap = BUF_OWN};
	long at;

	buf_add_text(&b, "");
	while ((at = sv_find(s, sv_of(name))) >= 0) {
		buf_add(&b, s.p, (size_t)at);
		buf_add_text(&b, value);
		s = (struct sv){s.p + at + strlen(name), s.n - (size_t)at - strlen(name)};
	}
	buf_add_sv(&b, s);
	struct sv ret = arena_svdup(a, buf_sv(&b));
	buf_release(&b);
	return ret;
}

/* The id_token member's text with {token}, {header}, {payload} and {signature} in it. */
static struct sv token_text(struct sample *m, const struct sample_edits *d, const char *token)
{
	const json_t *own = json_object_get(d->all, "token");
	struct sv s = {json_string_value(own), json_string_length(own)};

	if (!own)
		return sv_of(token);
	s = sample_replaced(m->a, s, "{header}", d->part[0]);
	s = sample_replaced(m->a, s, "{payload}", d->part[1]);
	s = sample_replaced(m->a, s, "{signature}", d->part[2]);
	return sample_replaced(m->a, s, "{token}", token);
}

static void put_token(json_t *value, struct sv token)
{
	void *it = json_object_iter(value);

	for (; it; it = json_object_iter_next(value, it)) {
		json_t *member = json_object_iter_value(it);
		if (json_is_string(member) && strcmp(json_string_value(member), "{token}") == 0)
			json_object_iter_set_new(value, it, json_stringn_nocheck(token.p, token.n));
		else if (json_is_object(member))
			put_token(member, token);
	}
}

static void add_line(struct sample *m, const char *name, const json_t *value)
{
	struct message *r = &m->x.response;

	if (json_is_string(value))
		r->lines[r->nlines++] = sv_of(arena_printf(m->a, "%s: %s", name, json_string_value(value)));
	for (size_t i = 0; i < json_array_size(value); i++)
		add_line(m, name, json_array_get(value, i));
}

void sample_reply(struct sample *m, const struct sample_edits *d, const char *token)
{
	const json_t *raw = json_object_get(d->all, "raw_body");
	struct message *r = &m->x.response;

	put_token(d->body, token_text(m, d, token));
	char *body = json_dumps(d->body, JSON_COMPACT);
	r->body = arena_svdup(m->a, sv_of(body));
	free(body);
	if (raw) {
		struct sv given = {json_string_value(raw), json_string_length(raw)};
		r->body = sample_replaced(m->a, given, "{body}", r->body.p);
	}
	r->lines = arena_array(m->a, 100, sizeof(struct sv));
	r->lines[r->nlines++] = sv_of(arena_printf(m->a, "HTTP/1.1 %d X", m->x.status));
	for (void *it = json_object_iter(d->head); it; it = json_object_iter_next(d->head, it))
		add_line(m, json_object_iter_key(it), json_object_iter_value(it));
	sample_way(m, d, token_text(m, d, token));
}
