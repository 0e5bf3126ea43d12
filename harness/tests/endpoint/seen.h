#ifndef BRANDCERT_TESTS_ENDPOINT_SEEN_H
#define BRANDCERT_TESTS_ENDPOINT_SEEN_H

#include "jose/jwk.h"
#include "jose/jws.h"
#include "rig.h"

/* What a tenant with some faults gives for a good code, taken apart as a relying party would. */
struct seen {
	struct reply reply;
	json_t *body;      /* NULL when it is not JSON */
	const char *token; /* id_token; "" when there is none */
	struct jws jws;
	json_t *header, *claims; /* NULL when they are not JSON objects */
	struct reply published;
	struct jwks keys;
	struct jws_diagnosis diagnosis;
	struct reply refused; /* for a code that nobody knows */
	const char *wire;     /* the reply's bytes */
};

static inline json_t *seen_object(struct sv text)
{
	json_t *value = json_loadb(text.p ? text.p : "", text.n, JSON_ALLOW_NUL, NULL);

	if (json_is_object(value))
		return value;
	json_decref(value);
	return NULL;
}

static inline void seen_init(struct seen *s, struct rig *r, const char *faults)
{
	struct buf out = {.cap = BUF_OWN};
	struct err e = {0};

	memset(s, 0, sizeof *s);
	r->now_ms = RIG_START_MS; /* also when the test before ran in this process (CK_FORK=no) */
	r->t = rig_tenant(r, faults);
	s->reply = rig_redeem(r, rig_code(r, "{\"nonce\": \"the-nonce\"}"));
	s->refused = rig_redeem(r, "unknown");
	reply_write(&s->reply, false, false, &out);
	s->wire = arena_sv(r->a, buf_sv(&out));
	buf_release(&out);
	s->body = seen_object(s->reply.body);
	const json_t *token = json_object_get(s->body, "id_token");
	s->token = json_is_string(token) ? json_string_value(token) : "";
	jws_split(r->a, sv_of(s->token), &s->jws);
	s->header = seen_object(s->jws.header);
	s->claims = seen_object(s->jws.payload);
	s->published = rig_get(r, "GET", "/jwks", NULL);
	if (s->published.status == 200 && sv_starts(s->published.body, SV("{")))
		ck_assert_int_eq(jwks_parse(r->a, s->published.body, &s->keys, &e), 0);
	struct jws_context context = {.keys = &s->keys, .client_secret = r->t->client.secret};
	jws_diagnose(r->a, &s->jws, &context, &s->diagnosis);
}

static inline void seen_release(struct seen *s)
{
	json_decref(s->body);
	json_decref(s->header);
	json_decref(s->claims);
	jwks_release(&s->keys);
}

static inline const char *seen_kid(const struct seen *s)
{
	return json_string_value(json_object_get(s->header, "kid"));
}

#endif
