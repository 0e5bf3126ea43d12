#include "suite/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/sv.h"

#define UNRESERVED "-._~"
#define SUB_DELIMS "!$&'()*+,;="

/* Every character is one of RFC 3986's, and every % begins an escape. */
static const char *character_problem(const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '%' && !(isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2])))
			return "a '%' in it is not followed by two hexadecimal digits";
		if (strchr(" \t\r\n", *p))
			return "it has a blank in it";
		if ((unsigned char)*p >= 0x80)
			return "it has a character outside ASCII in it, which a URL has percent-encoded";
		if (!isalnum((unsigned char)*p) && !strchr(UNRESERVED SUB_DELIMS ":/?#[]@%", *p))
			return "it has a character in it that a URL must have percent-encoded";
	}
	return strchr(text, '#') ? "it has a fragment ('#…')" : NULL;
}

static bool is_ipv4(struct sv host, unsigned char octets[4])
{
	char text[16];

	if (host.n >= sizeof text)
		return false;
	memcpy(text, host.p, host.n);
	text[host.n] = '\0';
	return inet_pton(AF_INET, text, octets) == 1;
}

static bool is_loopback(struct sv host)
{
	unsigned char octets[4];

	if (is_ipv4(host, octets))
		return octets[0] == 127;
	return sv_eq(host, SV("localhost")) || sv_eq(host, SV("[::1]"));
}

static const char *host_problem(struct sv host)
{
	unsigned char octets[16];
	bool dots_and_digits = true;

	if (!host.n)
		return "it has no host";
	if (host.p[0] == '[') {
		char text[INET6_ADDRSTRLEN];
		size_t n = host.n > 2 ? host.n - 2 : 0;
		if (!n || n >= sizeof text || host.p[host.n - 1] != ']')
			return "its host is not an IPv6 address in brackets";
		memcpy(text, host.p + 1, n);
		text[n] = '\0';
		return inet_pton(AF_INET6, text, octets) == 1 ? NULL : "its host is not an IPv6 address in brackets";
	}
	for (size_t i = 0; i < host.n; i++) {
		if (!isalnum((unsigned char)host.p[i]) && !strchr("-._", host.p[i]))
			return "its host has a character in it that no host name has";
		dots_and_digits &= isdigit((unsigned char)host.p[i]) || host.p[i] == '.';
	}
	if (host.p[0] == '.' || sv_find(host, SV("..")) >= 0)
		return "its host has an empty label";
	return dots_and_digits && !is_ipv4(host, octets) ? "its host is neither a name nor an IPv4 address" : NULL;
}

static const char *port_problem(struct sv port)
{
	long number = 0;

	for (size_t i = 0; i < port.n; i++) {
		if (!isdigit((unsigned char)port.p[i]) || i > 4)
			return "its port is not a number from 1 to 65535";
		number = number * 10 + (port.p[i] - '0');
	}
	return number < 1 || number > 65535 ? "its port is not a number from 1 to 65535" : NULL;
}

/* Cuts [host, port] out of host:port; the colons of an IPv6 address are the host's. False: there is no port. */
static bool cut_port(struct sv authority, struct sv *host, struct sv *port)
{
	long end = authority.n && authority.p[0] == '[' ? sv_find_char(authority, ']') : 0;
	size_t from = end < 0 ? authority.n : (size_t)end;
	long colon = sv_find_char((struct sv){authority.p + from, authority.n - from}, ':');

	*host = authority;
	if (colon < 0)
		return false;
	host->n = from + (size_t)colon;
	*port = (struct sv){authority.p + host->n + 1, authority.n - host->n - 1};
	return true;
}

const char *url_problem(const char *text, bool allow_http)
{
	const char *problem = character_problem(text);
	struct sv authority, host, port;
	bool http = sv_starts(sv_of(text), SV("http://"));

	if (problem)
		return problem;
	if (!http && !sv_starts(sv_of(text), SV("https://")))
		return "it does not begin with 'https://'";
	authority.p = strstr(text, "://") + 3;
	authority.n = strcspn(authority.p, "/?");
	if (sv_find_char(authority, '@') >= 0)
		return "it has a user name or password in it";
	if (cut_port(authority, &host, &port) && (problem = port_problem(port)))
		return problem;
	if ((problem = host_problem(host)))
		return problem;
	if (strpbrk(authority.p + authority.n, "[]"))
		return "it has a bracket in it that a URL must have percent-encoded";
	if (http && !is_loopback(host))
		return "it is not https";
	return http && !allow_http ? "it is not https: a loopback host may have http with 'allow_http: true'" : NULL;
}

const char *uri_problem(const char *text)
{
	const char *problem = character_problem(text);
	size_t scheme = strcspn(text, ":");

	if (problem)
		return problem;
	if (!isalpha((unsigned char)text[0]) || !text[scheme] || !text[scheme + 1])
		return "it is not an absolute URI: it has no scheme like 'https:'";
	for (size_t i = 0; i < scheme; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("+-.", text[i]))
			return "it is not an absolute URI: it has no scheme like 'https:'";
	return NULL;
}
