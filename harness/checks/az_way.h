#ifndef BRANDCERT_CHECKS_AZ_WAY_H
#define BRANDCERT_CHECKS_AZ_WAY_H

#include "checks/check.h"
#include "evidence/redirect.h"

/* The way of an authorization request through the login: what it asked for, each reply, and where it ended. */

struct az_reply {
	const char *method, *url; /* of the request */
	int status;
	const struct message *response;
};

/* All replies in order, the exchange's own (the last) among them; their number. A status of 0: none came. */
size_t az_replies(struct subject *s, struct az_reply **ret);
/* The n-th (from 0) place that a reply sends the browser to; SV_NONE: there is none, or the reply is no redirect. */
struct sv az_location(const struct az_reply *r, size_t n);

/* False, with f a skip: the exchange is no authorization request. */
bool az_is_request(struct subject *s, struct finding *f);
/* A parameter of the authorization request, decoded; SV_NONE where it had none. */
struct sv az_asked(struct subject *s, const char *name);
/* It is a request of OpenID Connect: the scope openid is among those that it asks for (OpenID Connect Core §3.1.2.1). */
bool az_asks_openid(struct subject *s);
/* The redirect_uri of the request; the registered one where it named none. */
struct sv az_redirect_uri(struct subject *s);

/*
 * The two URLs are the same but for query and fragment. Letter case of scheme and host, the scheme's own port and the slash of
 * an empty path make no difference (RFC 3986 §6.2.2.1, §6.2.3): a URL library may have written it anew.
 */
bool az_same_place(struct sv x, struct sv y);
/* Scheme, host and path of a URL: what can be shown of it. */
struct sv az_base(struct sv url);
/* Its host without port, as it is written. */
struct sv az_host(struct sv url);

/* True when the exchange ended with a redirect to the request's redirect_uri; *ret is then that redirect. */
bool az_came_back(struct subject *s, struct redirect *ret);
/* The same for checks of what comes back. False: f is an error or a skip, owned by az_owner(). */
bool az_response(struct subject *s, struct redirect *ret, struct finding *f);
/*
 * True, with f an error, when the way ended at a page after a form had been sent, and nothing in this run shows that the login
 * works: then it may be the login that was described wrongly.
 */
bool az_login_failed(struct subject *s, struct finding *f);
/* A form was sent on the way. */
bool az_form_sent(struct subject *s);
/* How the way ended, as one clause: "a page with status 400". */
const char *az_end(struct subject *s);
/* The requirement that owns that a request of this kind brought nothing back. */
const char *az_owner(struct subject *s);

#endif
