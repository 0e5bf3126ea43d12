#ifndef BRANDCERT_EXCHANGE_JAR_H
#define BRANDCERT_EXCHANGE_JAR_H

#include <curl/curl.h>

/* A browser's cookies (RFC 6265), for several requests one after another: libcurl's engine, kept beside the handles. */
CURLSH *jar_new(void);
void jar_free(CURLSH *jar); /* once no handle uses it; NULL is allowed */

/* The handle's request takes and leaves cookies there. `cookies`, "name=value; name=value", are put in before, for the host
 * of `url` alone, and for https; may be NULL. */
CURLcode jar_attach(CURLSH *jar, CURL *easy, const char *url, const char *cookies);

#endif
