#ifndef BRANDCERT_TESTS_ENDPOINT_VISIT_H
#define BRANDCERT_TESTS_ENDPOINT_VISIT_H

#include <curl/curl.h>
#include <strings.h>

#include "core/base64.h"
#include "core/form.h"
#include "process.h"

/* HTTPS to a running brand with libcurl, whatever comes of it; and tenants of it. */

struct visit {
	const char *method, *url, *body; /* method NULL: GET, or POST when there is a body */
	const char *headers[4];
	const char *encodings; /* that libcurl asks for and unpacks */
	bool anybody;          /* the certificate is not looked at */
};

struct visited {
	CURLcode code;
	long status;
	char *head, *body; /* arena memory */
};

static inline size_t visit_keep(char *p, size_t size, size_t n, void *to)
{
	return buf_add(to, p, size * n) ? size * n : 0;
}

/* A handle that fills the two buffers. */
static inline CURL *visit_prepare(struct process *p, const struct visit *v, struct curl_slist *headers,
                                  struct buf *head, struct buf *body)
{
	CURL *c = curl_easy_init();

	ck_assert_ptr_nonnull(c);
	curl_easy_setopt(c, CURLOPT_URL, v->url);
	curl_easy_setopt(c, CURLOPT_CAINFO, process_fact(p, "ca_file"));
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, v->encodings);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, visit_keep);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, head);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, visit_keep);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, body);
	if (v->body)
		curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, v->body);
	if (v->method)
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, v->method);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, v->anybody ? 0L : 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, v->anybody ? 0L : 2L);
	return c;
}

static inline struct visited visit(struct process *p, const struct visit *v)
{
	struct curl_slist *headers = NULL;
	struct buf head = {.cap = BUF_OWN}, body = {.cap = BUF_OWN};
	struct visited ret = {.status = 0};

	for (size_t i = 0; i < 4 && v->headers[i]; i++)
		headers = curl_slist_append(headers, v->headers[i]);
	buf_add_text(&head, "");
	buf_add_text(&body, "");
	CURL *c = visit_prepare(p, v, headers, &head, &body);
	ret.code = curl_easy_perform(c);
	curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &ret.status);
	curl_easy_cleanup(c);
	curl_slist_free_all(headers);
	ret.head = arena_sv(p->a, buf_sv(&head));
	ret.body = arena_sv(p->a, buf_sv(&body));
	buf_release(&head);
	buf_release(&body);
	return ret;
}

/* A request to the control API; the JSON of its reply, NULL when there is none. A new reference. */
static inline json_t *visit_control(struct process *p, const char *method, const char *url, const char *body,
                                    int status)
{
	struct visit v = {.method = method, .url = url, .body = body};

	v.headers[0] = arena_printf(p->a, "Authorization: Bearer %s", process_file(p, "control-token"));
	struct visited done = visit(p, &v);
	ck_assert_msg(done.status == status, "%s %s: %s %s", method, url, curl_easy_strerror(done.code), done.body);
	return json_loads(done.body, 0, NULL);
}

/* The facts of a fresh tenant. faults: a JSON array. A new reference. */
static inline json_t *visit_tenant(struct process *p, const char *faults)
{
	const char *url = arena_printf(p->a, "%s/tenants", process_fact(p, "control_url"));

	return visit_control(p, "POST", url, arena_printf(p->a, "{\"faults\": %s}", faults), 201);
}

static inline const char *visit_fact(struct process *p, const json_t *facts, const char *name)
{
	const char *text = json_string_value(json_object_get(facts, name));

	ck_assert_msg(text != NULL, "the tenant has no '%s'", name);
	return arena_text(p->a, text);
}

static inline void visit_remove(struct process *p, const json_t *facts)
{
	json_decref(visit_control(p, "DELETE", visit_fact(p, facts, "control_url"), NULL, 204));
}

/* What LivePerson sends for a fresh code. */
static inline struct visit visit_redemption(struct process *p, const json_t *facts)
{
	const char *url = arena_printf(p->a, "%s/codes", visit_fact(p, facts, "control_url"));
	json_auto_t *made = visit_control(p, "POST", url, "{}", 201);
	char *pair =
	        arena_printf(p->a, "%s:%s", visit_fact(p, facts, "client_id"), visit_fact(p, facts, "client_secret"));
	struct visit v = {.url = visit_fact(p, facts, "token_endpoint")};

	v.headers[0] = arena_printf(p->a, "Authorization: Basic %s", base64_encode(p->a, BASE64_STANDARD, sv_of(pair)));
	v.body =
	        arena_printf(p->a, "grant_type=authorization_code&code=%s&redirect_uri=https%%3A%%2F%%2Fliveperson.net",
	                     form_encoded(p->a, sv_of(visit_fact(p, made, "code"))));
	return v;
}

#endif
