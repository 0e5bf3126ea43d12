/*
 * Hostile bytes as a Location header: taken apart, resolved, followed or not, and read as the answer to an authorization
 * request. libcurl, which would be the one to follow it, must see the same host.
 */
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codes/landing.h"
#include "codes/origin.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/text.h"
#include "evidence/redirect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENDPOINT "https://login.brand.example/oauth/authorize?tenant=1"
#define WINDOW "https://window.brand.example/chat/external.html"
#define STATE "af0ifjsldkj"

static void need(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "does not hold: %s\n", what);
		abort();
	}
}

static void need_visible(const char *text)
{
	need(text && strlen(text) < 2000, "what is shown is bounded");
	for (const char *p = text; *p; p++)
		need((unsigned char)*p >= 0x20 && *p != 0x7f, "nothing shown steers a terminal");
}

/* The pieces put together again are what there was. */
static void take_apart(struct arena *a, struct sv location)
{
	struct redirect r;
	struct buf all = {.cap = BUF_OWN};

	redirect_split(location, &r);
	buf_add_sv(&all, r.base);
	if (r.query.p) {
		buf_add_char(&all, '?');
		buf_add_sv(&all, r.query);
	}
	if (r.fragment.p) {
		buf_add_char(&all, '#');
		buf_add_sv(&all, r.fragment);
	}
	need(sv_eq(buf_sv(&all), location), "nothing is lost");
	buf_release(&all);
	for (size_t n = 0; redirect_parameter(a, &r, REDIRECT_ANYWHERE, "code", n).p && n < 1000; n++)
		;
}

/* Whatever the value, it comes back as it was sent, behind and before others. */
static void come_back(struct arena *a, struct sv value)
{
	const char *encoded = form_encoded(a, value);
	const char *url = arena_printf(a, WINDOW "?b=1&code=%s&code=2#id_token=%s", encoded, encoded);
	struct redirect r;

	redirect_split(sv_of(url), &r);
	need(sv_eq(redirect_parameter(a, &r, REDIRECT_QUERY, "code", 0), value), "a value comes back");
	need(sv_eq(redirect_parameter(a, &r, REDIRECT_ANYWHERE, "code", 1), SV("2")), "so does the second");
	need(sv_eq(redirect_parameter(a, &r, REDIRECT_FRAGMENT, "id_token", 0), value), "and one in the fragment");
	need(!redirect_parameter(a, &r, REDIRECT_QUERY, "id_token", 0).p, "and only there");
	need(sv_eq(url_parameter(a, url, "code", 0), value), "whoever asks");
}

/* The host and port that libcurl would connect to; numbers that it writes in another way are left out. */
static void same_host(const char *url, const char *origin)
{
	const char *host = strstr(origin, "//") + 2, *colon = strrchr(host, ':');
	CURLU *u = curl_url();
	char *its = NULL, *port = NULL;

	if (*host >= '0' && *host <= '9') {
		curl_url_cleanup(u);
		return;
	}
	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &its, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
		need(*host == '[' || sv_eq_nocase(sv_of(its), (struct sv){host, (size_t)(colon - host)}),
		     "libcurl sees the same host");
		need(strtol(port, NULL, 10) == strtol(colon + 1, NULL, 10), "libcurl sees the same port");
	}
	curl_free(its);
	curl_free(port);
	curl_url_cleanup(u);
}

static void follow(struct arena *a, struct sv location)
{
	static const char *hosts[] = {"sso.brand.example", "sso.brand.example:8443", NULL};
	static const struct target t = {.authorization = {.endpoint = ENDPOINT, .hosts = hosts}};
	const char *url = url_resolve(a, ENDPOINT, location), *origin = url ? url_origin(a, url) : NULL;

	need_visible(url_shown(a, location));
	if (!url)
		return;
	for (const char *p = url; *p; p++)
		need((unsigned char)*p > 0x20 && (unsigned char)*p < 0x7f && *p != '#', "it is a URI");
	if (!origin) {
		need(!url_is_own(&t, url), "nobody goes to a host that is not plain to see");
		return;
	}
	same_host(url, origin);
	if (url_is_own(&t, url))
		need(!strcmp(origin, "https://login.brand.example:443") ||
		             !strcmp(origin, "https://sso.brand.example:443") ||
		             !strcmp(origin, "https://sso.brand.example:8443"),
		     "only the brand's own hosts are gone to");
	/* what was resolved once means the same everywhere */
	const char *again = url_resolve(a, "https://other.example/", sv_of(url));
	need(again && !strcmp(again, url), "it is resolved for good");
}

static void land(struct arena *a, struct sv location, enum wanted wanted)
{
	const struct landing l = {.wanted = wanted,
	                          .redirect_uri = WINDOW,
	                          .state = STATE,
	                          .nonce = "n",
	                          .code_redirect_uri = WINDOW,
	                          .openid = true};
	struct code code = {0};
	struct err e = {0};

	if (landing_take(a, &l, location, &code, &e) < 0) {
		need(e.kind == ERR_TROUBLE, "it is trouble");
		need_visible(e.text);
		return;
	}
	need(sv_starts(location, SV(WINDOW)), "an answer comes to the redirect_uri");
	need(landing_is_answer(a, location), "it is an answer");
	need(code.code.n > 0 && code.code.n <= LIMIT_CODE, "it holds something");
	for (size_t i = 0; i < code.code.n; i++)
		need((unsigned char)code.code.p[i] >= 0x20, "no control character is sent on");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena_auto *a = arena_new();
	struct sv location = {(const char *)data, size};

	if (size > 16384)
		return 0;
	take_apart(a, location);
	come_back(a, location);
	follow(a, location);
	land(a, location, WANTED_CODE);
	land(a, location, WANTED_TOKEN);
	return 0;
}
