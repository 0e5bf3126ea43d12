#ifndef BRANDCERT_TESTS_ENDPOINT_RIG_H
#define BRANDCERT_TESTS_ENDPOINT_RIG_H

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/form.h"
#include "endpoint/brand.h"
#include "endpoint/edit.h"
#include "testing.h"

/* The reference brand without sockets: requests are made by hand, and the clock is ours. */

#define RIG_START_MS INT64_C(1800000000000)
#define RIG_TOKEN "control-token-of-the-test"
#define RIG_VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" /* RFC 7636 Appendix B */
#define RIG_CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

struct rig {
	struct arena *a;
	struct brand *b;
	struct tenant *t;
	int64_t now_ms;
};

static inline struct tenant *rig_tenant(struct rig *r, const char *faults)
{
	json_t *items = faults ? json_loads(faults, JSON_ALLOW_NUL, NULL) : NULL;
	struct tenant_wish wish = {.faults = items};
	struct tenant *t = NULL;
	struct err e = {0};

	ck_assert_msg(!faults || items, "not JSON: %s", faults);
	if (brand_add_tenant(r->b, &wish, &t, &e) < 0)
		ck_abort_msg("%s: %s", faults ? faults : "", e.text);
	json_decref(items);
	return t;
}

/* A brand whose right key is there already; made once for all tests of a case. */
static inline void rig_init(struct rig *r)
{
	struct err e = {0};

	*r = (struct rig){.a = arena_new(), .b = brand_new("https://127.0.0.1:1", RIG_TOKEN), .now_ms = RIG_START_MS};
	ck_assert_ptr_nonnull(keys_get(brand_keys(r->b), KEY_RIGHT, &e));
	r->t = rig_tenant(r, NULL);
}

static inline void rig_release(struct rig *r)
{
	brand_free(r->b);
	arena_free(r->a);
}

static inline void rig_header(struct request *q, const char *name, const char *value)
{
	q->headers[q->nheaders++] = (struct header){sv_of(name), sv_of(value)};
}

static inline struct reply rig_send(struct rig *r, const struct request *q)
{
	struct reply reply;

	brand_answer(r->b, r->a, q, r->now_ms, &reply);
	if (reply.again_after_ms)
		brand_answer_again(r->b, r->a, q, r->now_ms + reply.again_after_ms, &reply);
	return reply;
}

static inline json_t *rig_json(const struct reply *reply)
{
	json_error_t where;
	json_t *value = json_loadb(reply->body.p, reply->body.n, JSON_ALLOW_NUL, &where);

	if (!value)
		ck_abort_msg("%s: '%.*s'", where.text, SV_ARG(reply->body));
	return value;
}

/* A string member of the body, arena memory; NULL: there is none. */
static inline const char *rig_member(struct rig *r, const struct reply *reply, const char *name)
{
	json_auto_t *body = rig_json(reply);

	return arena_text(r->a, json_string_value(json_object_get(body, name)));
}

static inline struct sv rig_reply_header(const struct reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->nheaders; i++)
		if (sv_eq_nocase(reply->headers[i].name, sv_of(name)))
			return reply->headers[i].value;
	return SV_NONE;
}

static inline struct reply rig_control(struct rig *r, const char *method, const char *path, const char *body)
{
	struct request q = {.method = sv_of(method), .path = sv_of(path), .body = sv_of(body)};

	rig_header(&q, "Authorization", "Bearer " RIG_TOKEN);
	return rig_send(r, &q);
}

/* A fresh code of the rig's tenant. wish: JSON, or NULL. */
static inline const char *rig_code(struct rig *r, const char *wish)
{
	const char *path = arena_printf(r->a, "/control/tenants/%s/codes", r->t->name);
	struct reply reply = rig_control(r, "POST", path, wish);

	ck_assert_msg(reply.status == 201, "%.*s", SV_ARG(reply.body));
	return rig_member(r, &reply, "code");
}

static inline const char *rig_basic(struct rig *r, const char *id, const char *secret)
{
	char *pair = arena_printf(r->a, "%s:%s", form_encoded(r->a, sv_of(id)), form_encoded(r->a, sv_of(secret)));

	return arena_printf(r->a, "Basic %s", base64_encode(r->a, BASE64_STANDARD, sv_of(pair)));
}

/* A POST to the token endpoint with Basic (NULL: none) and this body. */
static inline struct reply rig_token(struct rig *r, const char *authorization, const char *body)
{
	struct request q = {.method = SV("POST"),
	                    .path = sv_of(arena_printf(r->a, "/brands/%s/token", r->t->name)),
	                    .body = sv_of(body)};

	rig_header(&q, "Content-Type", "application/x-www-form-urlencoded");
	if (authorization)
		rig_header(&q, "Authorization", authorization);
	return rig_send(r, &q);
}

/* What LivePerson sends. */
static inline struct reply rig_redeem(struct rig *r, const char *code)
{
	return rig_token(r, rig_basic(r, r->t->client.id.p, r->t->client.secret.p),
	                 arena_printf(r->a, "grant_type=authorization_code&code=%s&redirect_uri=%s",
	                              form_encoded(r->a, sv_of(code)), "https%3A%2F%2Fliveperson.net"));
}

static inline struct reply rig_get(struct rig *r, const char *method, const char *path, const char *authorization)
{
	struct request q = {.method = sv_of(method),
	                    .path = sv_of(arena_printf(r->a, "/brands/%s%s", r->t->name, path))};

	if (authorization)
		rig_header(&q, "Authorization", authorization);
	return rig_send(r, &q);
}

#endif
