#include "codes/origin.h"

#include <string.h>
#include <strings.h>

#include "core/buf.h"
#include "core/limits.h"
#include "core/text.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define SHOWN_URL 200

/* A URL in pieces that borrow from it: RFC 3986 §3. */
struct pieces {
	struct sv scheme, authority; /* SV_NONE: none */
	struct sv path, query;       /* query with its '?', or empty */
};

static void cut_pieces(struct sv url, struct pieces *ret)
{
	*ret = (struct pieces){.path = url};
	long colon = sv_find_char(url, ':');
	if (colon > 0 && strspn(url.p, LETTERS "0123456789+-.") == (size_t)colon && strspn(url.p, LETTERS) > 0) {
		ret->scheme = (struct sv){url.p, (size_t)colon};
		ret->path = (struct sv){url.p + colon + 1, url.n - (size_t)colon - 1};
	}
	if (sv_starts(ret->path, SV("//"))) {
		size_t n = 2;
		while (n < ret->path.n && !strchr("/?", ret->path.p[n]))
			n++;
		ret->authority = (struct sv){ret->path.p + 2, n - 2};
		ret->path = (struct sv){ret->path.p + n, ret->path.n - n};
	}
	long mark = sv_find_char(ret->path, '?');
	if (mark >= 0) {
		ret->query = (struct sv){ret->path.p + mark, ret->path.n - (size_t)mark};
		ret->path.n = (size_t)mark;
	}
}

/* Without fragment, and with %XX for what browsers encode: blanks, quotes, brackets, braces, all that is not ASCII. Some
 * read a backslash as a slash and others do not: NULL. */
static char *cleaned(struct arena *a, struct sv text)
{
	struct buf out = {.cap = LIMIT_HEAD};

	text = sv_trim(text);
	for (size_t i = 0; i < text.n && text.p[i] != '#'; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c == '\\' || c == '\0' || c == '\r' || c == '\n' || c == '\t')
			out.full = true;
		else if (c <= 0x20 || c >= 0x7f || strchr("\"<>^`{|}", c))
			buf_addf(&out, "%%%02X", c);
		else
			buf_add_char(&out, (char)c);
	}
	char *made = out.full ? NULL : arena_sv(a, out.n ? buf_sv(&out) : SV(""));
	buf_release(&out);
	return made;
}

/* RFC 3986 §5.2.4. libxml2's xmlBuildURI would decode %2F on the way. */
static void add_path(struct buf *out, struct sv path)
{
	size_t start = out->n;
	struct sv segment;
	bool dots = false;

	if (sv_starts(path, SV("/")))
		path = (struct sv){path.p + 1, path.n - 1};
	buf_add_char(out, '/');
	while (sv_cut(&path, '/', &segment)) {
		bool last = !path.p;
		dots = sv_eq(segment, SV(".")) || sv_eq(segment, SV(".."));
		if (sv_eq(segment, SV("..")) && out->n > start + 1) {
			out->n--;
			while (out->p[out->n - 1] != '/')
				out->n--;
		}
		if (!dots)
			buf_add_sv(out, segment);
		if (!dots && !last)
			buf_add_char(out, '/');
	}
}

char *url_resolve(struct arena *a, const char *base, struct sv reference)
{
	const char *text = cleaned(a, reference);
	struct pieces from, to;
	struct buf out = {.cap = (size_t)LIMIT_HEAD * 2};

	cut_pieces(sv_of(base), &from);
	if (!text)
		return NULL;
	cut_pieces(sv_of(text), &to);
	/* Another scheme than these two is an app's: nothing to resolve. */
	if (to.scheme.p && !to.authority.p)
		return arena_text(a, text);
	buf_add_sv(&out, to.scheme.p ? to.scheme : from.scheme);
	buf_add_text(&out, "://");
	buf_add_sv(&out, to.authority.p ? to.authority : from.authority);
	if (to.authority.p || sv_starts(to.path, SV("/"))) {
		add_path(&out, to.path);
	} else if (to.path.n) {
		size_t folder = from.path.n;
		while (folder && from.path.p[folder - 1] != '/')
			folder--;
		const char *merged = arena_printf(a, "%.*s%.*s", (int)folder, from.path.p, SV_ARG(to.path));
		add_path(&out, sv_of(merged));
	} else {
		add_path(&out, from.path);
	}
	buf_add_sv(&out, to.path.n || to.query.n || to.authority.p ? to.query : from.query);
	char *made = out.full ? NULL : arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return made;
}

/* "host:port" in small letters, the port always said; NULL when it is not plain to see. */
static const char *host_and_port(struct arena *a, struct sv authority, const char *default_port)
{
	const char *end = authority.p + authority.n, *colon = NULL;

	for (const char *p = authority.p; p < end; p++) {
		if (!strchr(LETTERS "0123456789.-_:[]", *p) || !*p)
			return NULL;
		colon = *p == ':' ? p : *p == ']' ? NULL : colon;
	}
	struct sv host = {authority.p, colon ? (size_t)(colon - authority.p) : authority.n};
	struct sv port =
	        colon && colon + 1 < end ? (struct sv){colon + 1, (size_t)(end - colon - 1)} : sv_of(default_port);
	if (!host.n || strspn(port.p, "0123456789") < port.n)
		return NULL;
	char *made = arena_printf(a, "%.*s:%.*s", SV_ARG(host), SV_ARG(port));
	for (char *p = made; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 'a' - 'A' : *p);
	return made;
}

char *url_origin(struct arena *a, const char *url)
{
	struct pieces u;

	cut_pieces(sv_of(url), &u);
	bool https = sv_eq_nocase(u.scheme, SV("https"));
	if ((!https && !sv_eq_nocase(u.scheme, SV("http"))) || !u.authority.p)
		return NULL;
	const char *at = host_and_port(a, u.authority, https ? "443" : "80");
	return at ? arena_printf(a, "%s://%s", https ? "https" : "http", at) : NULL;
}

bool url_is_own(const struct target *t, const char *url)
{
	arena_auto *a = arena_new();
	const char *origin = url_origin(a, url), *own = url_origin(a, t->authorization.endpoint);

	if (!origin || !own)
		return false;
	if (strcmp(origin, own) == 0)
		return true;
	bool https = strncmp(origin, "https:", 6) == 0;
	for (const char **h = t->authorization.hosts; h && *h && (https || t->allow_http); h++) {
		const char *at = host_and_port(a, sv_of(*h), https ? "443" : "80");
		if (at && strcmp(strstr(origin, "//") + 2, at) == 0)
			return true;
	}
	return false;
}

/* What stands before query and fragment; an empty path is "/". */
static struct sv without_query(struct sv url)
{
	size_t n = 0;

	while (n < url.n && url.p[n] != '?' && url.p[n] != '#')
		n++;
	url.n = n;
	long authority = sv_find(url, SV("://"));
	if (authority >= 0 && sv_ends(url, SV("/"))) {
		struct sv behind = {url.p + authority + 3, url.n - (size_t)authority - 3};
		if (sv_find_char(behind, '/') == (long)behind.n - 1)
			url.n--;
	}
	return url;
}

bool url_leads_to(struct sv url, const char *redirect_uri)
{
	return redirect_uri && sv_eq(without_query(url), without_query(sv_of(redirect_uri)));
}

char *url_shown(struct arena *a, struct sv url)
{
	size_t n = 0;

	while (n < url.n && url.p[n] != '?' && url.p[n] != '#')
		n++;
	return text_excerpt(a, (struct sv){url.p, n}, SHOWN_URL);
}
