/*
 * Hostile bytes as the certificate of a TLS handshake. What is told of it can be shown, and it is for no host that it does
 * not name.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "jose/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "does not hold: %s\n", what);
		abort();
	}
}

static void need_visible(const char *text)
{
	need(text && strlen(text) < 2 * LIMIT_OBSERVED, "what is shown is bounded");
	for (const char *p = text; *p; p++)
		need((unsigned char)*p >= 0x20 && *p != 0x7f, "nothing shown steers a terminal");
	need(text_bad_utf8(sv_of(text)) < 0, "what is shown is UTF-8");
}

static size_t need_list(const char **v)
{
	size_t n = 0;

	for (; v[n]; n++)
		need_visible(v[n]);
	return n;
}

static bool lists(const char **v, const char *name)
{
	for (; *v; v++)
		if (sv_eq_nocase(sv_of(*v), sv_of(name)))
			return true;
	return false;
}

/* host: the wildcard that covers it, and under which of the lists a name stands. */
static void need_named(const struct certificate *c, struct sv der)
{
	static const struct {
		const char *host, *wildcard;
		bool ip;
	} hosts[] = {
	        {"brand.example", "*.example", false},
	        {"login.brand.example", "*.brand.example", false},
	        {"login.brand.example.", "*.brand.example", false},
	        {"127.0.0.1", NULL, true},
	        {"[::1]", NULL, true},
	        {"::1", NULL, true},
	};

	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		const char *host = hosts[i].host;
		char name[40];
		if (!certificate_is_for(der, host) || c->names > LIMIT_CERTIFICATE_NAMES)
			continue;
		snprintf(name, sizeof name, "%s", host);
		if (name[strlen(name) - 1] == '.')
			name[strlen(name) - 1] = '\0';
		need(lists(hosts[i].ip ? c->ip : c->dns, hosts[i].ip && strchr(host, ':') ? "::1" : name) ||
		             (hosts[i].wildcard && lists(c->dns, hosts[i].wildcard)),
		     "it is for a host that it names");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena_auto *a = arena_new();
	struct sv der = {(const char *)data, size};
	struct certificate c;
	struct err e = {0};

	if (certificate_read(a, der, &c, &e) < 0) {
		need(e.kind == ERR_INPUT, "it is said why not");
		need_visible(e.text);
		return 0;
	}
	need_visible(c.subject);
	need_visible(c.issuer);
	need_visible(c.key);
	need_visible(c.signature);
	need(c.bits >= 0, "no key has less than no bits");
	size_t listed = need_list(c.dns) + need_list(c.ip);
	need(listed == (c.names < LIMIT_CERTIFICATE_NAMES ? c.names : LIMIT_CERTIFICATE_NAMES), "all names are listed");
	(void)certificate_key_is_weak(&c);
	(void)certificate_hash_is_weak(&c);
	need_named(&c, der);
	return 0;
}
