/*
 * Hostile bytes as each document that a brand publishes or hands out: every check looks at them, as the discovery document,
 * the keys, userinfo, a token reply and a handed-over token, and the keys are mended. Each check says something, and the
 * same a second time.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds, const char *what, const char *id)
{
	if (!holds) {
		fprintf(stderr, "does not hold: %s: %s\n", id, what);
		abort();
	}
}

#define ISSUER "https://brand.example"

static const char *has[] = {"discovery", "jwks", "openid", "userinfo", "authorization", NULL};
static const struct run_facts run = {.started_ms = 1800000000000,
                                     .tool = "brandcert",
                                     .target = "a brand",
                                     .profile = "liveperson",
                                     .issuer = ISSUER,
                                     .token_endpoint = ISSUER "/token",
                                     .client_id = "liveperson",
                                     .client_secret = "a-secret-of-fuzzing-4711",
                                     .authentication = "client_secret_basic",
                                     .redirect_uri = "https://liveperson.net",
                                     .jwks_uri = ISSUER "/jwks",
                                     .algorithm = "RS256",
                                     .tolerance_s = 60,
                                     .userinfo_endpoint = ISSUER "/userinfo",
                                     .has = has,
                                     .connections = 8,
                                     .authorization_endpoint = ISSUER "/authorize",
                                     .authorization_redirect_uri = ISSUER "/window",
                                     .scope = "openid",
                                     .connector = "oauth2-rfc",
                                     .published_token_endpoint = ISSUER "/token",
                                     .latency_warn_ms = 3000,
                                     .latency_fail_ms = 10000};

/* The keys as a run takes them: mended, when they can be read at all. */
static bool take_keys(struct arena *a, struct sv json, struct jwks *ret)
{
	struct sv mended = jwks_mended(a, json);
	struct err e = {0};

	need(sv_eq(jwks_mended(a, mended), mended), "what was mended is whole", "jwks_mended");
	return jwks_parse(a, mended, ret, &e) == 0;
}

static struct exchange exchange_of(struct arena *a, const char *kind, struct sv body)
{
	static const char *const request[] = {"GET /it HTTP/1.1", "Host: brand.example",
	                                      "Authorization: Bearer at-4711"};
	static const char *const reply[] = {"HTTP/1.1 200 OK", "Content-Type: application/json",
	                                    "Cache-Control: no-store"};
	struct exchange x = {.id = "x1",
	                     .key = kind,
	                     .spec = "{}",
	                     .kind = kind,
	                     .method = strcmp(kind, "handover") ? "GET" : "TOKEN",
	                     .url = strcmp(kind, "handover") ? ISSUER "/it" : "",
	                     .outcome = EXCHANGE_ANSWERED,
	                     .status = 200,
	                     .http_version = "HTTP/1.1",
	                     .timing = {.started_ms = 1800000000000, .ended_ms = 1800000000100, .total_us = 100000},
	                     .code = {.nonce = "n-4711", .obtained_ms = 1800000000000}};

	x.request.lines = arena_array(a, 3, sizeof *x.request.lines);
	x.response.lines = arena_array(a, 3, sizeof *x.response.lines);
	x.request.nlines = x.response.nlines = strcmp(kind, "handover") ? 3 : 1;
	for (size_t i = 0; i < 3; i++) {
		x.request.lines[i] = sv_of(x.request.nlines > 1 ? request[i] : "TOKEN");
		x.response.lines[i] = sv_of(x.response.nlines > 1 ? reply[i] : "TOKEN");
	}
	x.request.body = SV("");
	x.response.body = body;
	return x;
}

static bool same(const char *a, const char *b)
{
	return !a == !b && (!a || !strcmp(a, b));
}

static void judge(struct subject *s, const struct check *c)
{
	struct finding f = {0}, again = {0};

	c->run(s, &f);
	need(f.kind != FINDING_NONE, "it says something", c->id);
	if (f.kind == FINDING_VIOLATED)
		need(f.expected && *f.expected && f.observed && *f.observed && f.where, "a failure has its words",
		     c->id);
	else if (f.kind == FINDING_PASS)
		need(f.observed && *f.observed, "a pass has its words", c->id);
	else
		need(f.owner || (f.reason && *f.reason), "it says why not", c->id);
	c->run(s, &again);
	need(again.kind == f.kind && same(again.observed, f.observed) && same(again.reason, f.reason),
	     "it says the same again", c->id);
}

static void judge_as(struct arena *a, const char *kind, struct sv body, const struct jwks *keys)
{
	const struct exchange x = exchange_of(a, kind, body);
	const struct step step = {.name = "it"};
	struct subject *self[1];
	struct subject s = {.a = a,
	                    .run = &run,
	                    .x = &x,
	                    .keys = keys,
	                    .keys_trouble = keys ? NULL : "the JWKS cannot be read",
	                    .step = &step};

	self[0] = &s;
	s.burst = s.siblings = s.all = self;
	s.nburst = s.nsiblings = 1;
	s.nall = strcmp(kind, "token") == 0;
	for (size_t i = 0; i < checks_count; i++)
		judge(&s, &checks[i]);
	subject_release(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = {"discovery", "jwks", "userinfo", "token", "handover"};
	arena_auto *a = arena_new();
	struct sv text = {(const char *)data, size};
	struct jwks keys;

	if (size > 16384)
		return 0;
	bool readable = take_keys(a, text, &keys);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		judge_as(a, kinds[i], text, readable ? &keys : NULL);
	if (readable)
		jwks_release(&keys);
	return 0;
}
