#include <string.h>

#include "checks/check.h"
#include "checks/tls_facts.h"

/* Where the token endpoint is reached: RFC 6749 §3.2, LivePerson's prerequisites. */

CHECK(tls_port_443, "tls.port-443")
{
	const char *published = s->run->published_token_endpoint;
	const char *text = published ? published : s->run->token_endpoint;
	struct tls_url url;

	if (!text || !tls_url(text, &url)) {
		cannot(s, f, "the token endpoint '%s' is no URL with a port", text ? text : "");
	} else if (!url.https) {
		skip_owned(s, f, "tls.https-only");
	} else if (!published && tls_is_loopback(url.host)) {
		skip(s, f,
		     "the endpoint is on this machine (%.*s): give published_token_endpoint in the target file to have "
		     "the "
		     "port judged that LivePerson is to call",
		     SV_ARG(url.host));
	} else if (url.port != 443) {
		violated(s, f, "port 443", "port %d in '%s'", url.port, text);
		detail(f, NULL, "token endpoint", NULL);
	} else {
		pass(s, f, "port 443 in '%s'", text);
	}
}

/* --- clear text --------------------------------------------------------------------------------------------------- */

/* Something of this scenario or of the run was answered over TLS: the host is there. */
static bool host_answers(const struct subject *s)
{
	for (int k = 0; k < 2; k++) {
		struct subject *const *v = k == 0 ? s->siblings : s->all;
		for (size_t i = 0; i < (k == 0 ? s->nsiblings : s->nall); i++) {
			const struct exchange *x = v[i]->x;
			if (x && x->outcome == EXCHANGE_ANSWERED && sv_starts(sv_of(x->url), SV("https:")))
				return true;
		}
	}
	return false;
}

/*
 * What only an endpoint says that has looked at the request: at a client that it does not know, or at a code that it
 * never issued. A fixed refusal ("HTTPS required") is an invalid_request at most, which nothing in the request deserves.
 */
static const char *sign_of_processing(struct subject *s)
{
	static const char *const errors[] = {"invalid_client", "invalid_grant", "unauthorized_client",
	                                     "unsupported_grant_type", "invalid_scope"};
	static const char *const members[] = {"access_token", "id_token", "refresh_token"};
	const json_t *body = subject_raw_json(s)->value;
	const char *error = json_string_value(json_object_get(body, "error"));

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (json_object_get(body, members[i]))
			return arena_printf(s->a, "the member %s", members[i]);
	for (size_t i = 0; error && i < sizeof errors / sizeof *errors; i++)
		if (strcmp(error, errors[i]) == 0)
			return arena_printf(s->a, "the error %s", errors[i]);
	return NULL;
}

static void judge_clear_text(struct subject *s, struct finding *f)
{
	const struct exchange *x = s->x;

	if (x->outcome != EXCHANGE_ANSWERED && host_answers(s)) {
		pass(s, f, "no answer in clear text: %s", x->trouble ? x->trouble : "the connection ended");
		return;
	}
	if (x->outcome != EXCHANGE_ANSWERED) {
		cannot(s, f, "no answer in clear text, and none over TLS either: %s",
		       x->trouble ? x->trouble : "the connection ended");
		return;
	}
	const char *sign = sign_of_processing(s);
	if (sign && (x->status < 300 || x->status > 399)) {
		violated(s, f, "no answer in clear text, or one that does not look at the request",
		         "'%s' answered a token request with status %d and %s", x->url, x->status, sign);
		detail(f, NULL, "body", NULL);
	} else if (!sign && (x->body_cut || x->broken_off)) {
		cannot(s, f, "status %d in clear text, but not all of the reply was seen", x->status);
	} else {
		pass(s, f, "status %d in clear text, and nothing that came of the request", x->status);
	}
}

CHECK(tls_https_only, "tls.https-only")
{
	const char *endpoint = s->run->token_endpoint ? s->run->token_endpoint : "";
	struct tls_url url;

	if (s->step && s->step->redeem.plain_http) {
		if (s->x)
			judge_clear_text(s, f);
		else
			cannot(s, f, "there is no exchange in clear text");
		return;
	}
	if (!tls_url(endpoint, &url)) {
		cannot(s, f, "the token endpoint '%s' is no http or https URL", endpoint);
	} else if (!url.https) {
		violated(s, f, "an https URL", "the token endpoint is '%s'", endpoint);
		detail(f, NULL, "token endpoint", "give the endpoint an https URL, and LivePerson that one");
	} else if (s->x && s->x->outcome == EXCHANGE_ANSWERED) {
		pass(s, f, "answered over %s", s->x->tls_version ? s->x->tls_version : "https");
	} else {
		cannot(s, f, "there was no answer over https");
	}
}
