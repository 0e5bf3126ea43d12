#include "exchange/jar.h"

#include "core/arena.h"
#include "core/sv.h"

CURLSH *jar_new(void)
{
	CURLSH *jar = curl_share_init();

	if (!jar || curl_share_setopt(jar, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE))
		mem_exhausted();
	return jar;
}

void jar_free(CURLSH *jar)
{
	if (jar)
		curl_share_cleanup(jar);
}

/* The lines of the Netscape format: a cookie without a domain of its own is sent to this very host. */
static CURLcode put(CURL *easy, const char *host, const char *cookies)
{
	arena_auto *a = arena_new();
	CURLcode r = CURLE_OK;
	struct sv pair;

	for (struct sv rest = sv_of(cookies); sv_cut(&rest, ';', &pair);) {
		pair = sv_trim(pair);
		long equals = sv_find_char(pair, '=');
		if (equals <= 0 || sv_find_char(pair, '\t') >= 0)
			continue;
		struct sv name = {pair.p, (size_t)equals}, value = {pair.p + equals + 1, pair.n - (size_t)equals - 1};
		r = r ? r
		      : curl_easy_setopt(easy, CURLOPT_COOKIELIST,
		                         arena_printf(a, "%s\tFALSE\t/\tTRUE\t0\t%s\t%s", host,
		                                      arena_sv(a, sv_trim(name)), arena_sv(a, sv_trim(value))));
	}
	return r;
}

CURLcode jar_attach(CURLSH *jar, CURL *easy, const char *url, const char *cookies)
{
	CURLcode r = curl_easy_setopt(easy, CURLOPT_SHARE, jar);
	CURLU *u = curl_url();
	char *host = NULL;

	/* No file: this is how libcurl is told to look at cookies at all. */
	r = r ? r : curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
	if (!r && cookies && u && !curl_url_set(u, CURLUPART_URL, url, 0) &&
	    !curl_url_get(u, CURLUPART_HOST, &host, 0)) {
		struct sv name = sv_of(host);
		arena_auto *a = arena_new();
		if (sv_starts(name, SV("[")) && sv_ends(name, SV("]")))
			name = (struct sv){name.p + 1, name.n - 2};
		r = put(easy, arena_sv(a, name), cookies);
	}
	curl_free(host);
	curl_url_cleanup(u);
	return r;
}
