#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/refusal.h"
#include "checks/reply.h"

/* Replies to requests that were refused: RFC 6749 §5.2. When tokens were issued there is nothing here to judge. */

CHECK(err_never_5xx, "err.never-5xx")
{
	if (!reply_refused(s, f))
		return;
	if (s->x->status < 500) {
		pass(s, f, "status %d", s->x->status);
	} else if (s->clean_by) {
		skip_owned(s, f, s->clean_by);
	} else if (s->x->status == 503 && message_header_count(&s->x->response, "Retry-After") > 0) {
		cannot(s, f, "the endpoint was not available: status 503 with Retry-After");
	} else {
		violated(s, f, "status 400: the request was at fault, not the server", "status %d", s->x->status);
		detail(f, NULL, "status", NULL);
	}
}

CHECK(err_status, "err.status")
{
	int status = s->x ? s->x->status : 0;

	if (!reply_refused(s, f))
		return;
	if (status >= 500) {
		skip_owned(s, f, s->clean_by ? s->clean_by : "err.never-5xx");
	} else if (status == 400 || status == 401) {
		pass(s, f, "status %d", status);
	} else if (status >= 400) {
		violated(s, f, "status 400, or 401 for failed client authentication", "status %d", status);
		detail(f, "other-4xx", "status", NULL);
	} else if (status >= 300) {
		violated(s, f, "status 400", "status %d, Location: %.*s", status, SV_ARG(reply_header(s, "Location")));
		detail(f, NULL, "status", "answer the error itself: nobody follows a redirect of the token endpoint");
	} else {
		violated(s, f, "status 400", "status %d, and no token", status);
		detail(f, NULL, "status", NULL);
	}
}

/* What a web server in front refuses by itself, before the endpoint's own code sees the request. */
static bool refused_at_the_edge(int status)
{
	return status == 405 || status == 413 || status == 414 || status == 415 || status == 431;
}

CHECK(err_content_type, "err.content-type")
{
	if (!refusal_has_form(s, f))
		return;
	struct sv type = reply_media_type(s->x), whole = reply_header(s, "Content-Type");
	if (sv_eq_nocase(type, SV("application/json")) && message_header_count(&s->x->response, "Content-Type") == 1) {
		pass(s, f, "%.*s", SV_ARG(whole));
		return;
	}
	if (!type.p && s->x->response.body.n == 0) {
		skip_owned(s, f, "err.json-shape");
		return;
	}
	if (type.p)
		violated(s, f, "Content-Type: application/json", "Content-Type: %.*s", SV_ARG(whole));
	else
		violated(s, f, "Content-Type: application/json", "there is no Content-Type");
	detail(f, refused_at_the_edge(s->x->status) ? "edge" : NULL, "header Content-Type", NULL);
}

CHECK(err_cache_control, "err.cache-control")
{
	if (refusal_has_form(s, f))
		reply_judge_no_store(s, f);
}

/* --- the body ------------------------------------------------------------------------------------------------------ */

static const char *shape_fix(struct subject *s, const json_t *body)
{
	const json_t *error = json_object_get(body, "error");
	static const char *const others[] = {"errors", "errorCode", "error_code", "code", "message", "fault"};

	if (json_is_object(error))
		return arena_printf(s->a, "make it flat: error is the code itself%s, beside it error_description",
		                    json_object_get(error, "code") ? " instead of an object with 'code'" : "");
	if (json_is_array(body))
		return "return the object itself, not an array around it";
	const char *wrapper = error ? NULL : reply_wrapper(s, body, "error");
	if (wrapper)
		return arena_printf(s->a, "error is inside '%s': return it at the top level", wrapper + 1);
	for (size_t i = 0; !error && i < sizeof others / sizeof *others; i++)
		if (json_object_get(body, others[i]))
			return arena_printf(s->a, "the body has '%s': OAuth clients look for 'error'", others[i]);
	return NULL;
}

CHECK(err_json_shape, "err.json-shape")
{
	static const char expected[] = "one JSON object with a string member error";
	const struct parsed *body;

	if (!refusal_has_form(s, f))
		return;
	body = subject_raw_json(s);
	const json_t *error = json_object_get(body->value, "error");
	if (!body->value && reply_is_misframed(s->x)) {
		skip_owned(s, f, "http.framing");
		return;
	}
	if (s->x->response.body.n == 0 && refused_at_the_edge(s->x->status)) {
		skip(s, f, "status %d without a body: refused before the endpoint's own code", s->x->status);
	} else if (s->x->response.body.n == 0) {
		violated(s, f, expected, "the body is empty");
	} else if (!body->value && s->x->body_cut && body->cut_short) {
		cannot(s, f, "the body is longer than the %zu bytes that were kept", s->x->response.body.n);
	} else if (!body->value && !sv_eq_nocase(reply_media_type(s->x), SV("application/json"))) {
		/* An error page is one mistake: it says itself that it is no JSON. */
		skip_owned(s, f, "err.content-type");
	} else if (!body->value) {
		violated(s, f, expected, "the body (%zu bytes) is not JSON: %s", s->x->response.body.n, body->problem);
	} else if (!json_is_object(body->value)) {
		violated(s, f, expected, "the body is %s", shown(s, body->value));
	} else if (!error) {
		violated(s, f, expected, "there is no member error in %s", shown(s, body->value));
	} else if (json_string_length(error) == 0) {
		violated(s, f, expected, "error is %s", shown(s, error));
	} else if (body->trailing) {
		violated(s, f, expected, "more text stands behind the object");
	} else if (body->bom) {
		violated(s, f, expected, "the body begins with EF BB BF, a byte order mark");
	} else if (body->duplicate) {
		violated(s, f, expected, "\"%s\" occurs twice in one object",
		         body->duplicate_name ? body->duplicate_name : "a name");
	} else {
		pass(s, f, "error is %s", shown(s, error));
	}
	if (f->kind == FINDING_VIOLATED)
		detail(f, NULL, "body", shape_fix(s, body->value));
}

/* Names the first byte that may not be there; false when there is none. *soft: only CR, LF and TAB are at fault. */
static bool bad_charset(struct subject *s, const char *name, bool (*in_set)(char c), const char **what, bool *soft)
{
	const json_t *value = json_object_get(subject_raw_json(s)->value, name);
	struct sv text = {json_string_value(value), json_string_length(value)};
	long first = -1;

	if (!value || json_is_null(value))
		return false;
	*soft = false;
	*what = arena_printf(s->a, "%s is %s", name, shown(s, value));
	if (!json_is_string(value))
		return true;
	*soft = true;
	for (size_t i = 0; i < text.n; i++) {
		if (in_set(text.p[i]))
			continue;
		bool control = text.p[i] && strchr("\r\n\t", text.p[i]);
		if (first < 0 || (*soft && !control))
			first = (long)i;
		*soft = *soft && control;
	}
	if (first < 0)
		return false;
	*what = arena_printf(s->a, "%s has the byte %02X at offset %ld", name, (unsigned)(unsigned char)text.p[first],
	                     first);
	return true;
}

CHECK(err_charset, "err.charset")
{
	static const struct {
		const char *name;
		bool (*in_set)(char c);
	} rows[] = {
	        {"error", charset_is_nqschar},
	        {"error_description", charset_is_nqschar},
	        {"error_uri", charset_is_nqchar},
	};
	const char *what, *kept = NULL, *name = NULL;
	bool soft, kept_soft = true;

	if (!refusal_error(s, f))
		return;
	const struct parsed *body = subject_raw_json(s);
	if (body->bad_utf8) {
		violated(s, f, "printable ASCII without quotation mark and backslash",
		         "the byte %02X at offset %ld of the body is not even UTF-8",
		         (unsigned)(unsigned char)s->x->response.body.p[body->bad_utf8_at], body->bad_utf8_at);
		detail(f, NULL, "body", NULL);
		return;
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!bad_charset(s, rows[i].name, rows[i].in_set, &what, &soft) || (kept && (soft || !kept_soft)))
			continue;
		kept = what;
		kept_soft = soft && strcmp(rows[i].name, "error_description") == 0;
		name = rows[i].name;
	}
	if (!kept) {
		pass(s, f, "printable ASCII without quotation mark and backslash");
		return;
	}
	violated(s, f, "printable ASCII without quotation mark and backslash", "%s", kept);
	detail(f, kept_soft ? "control" : NULL, arena_printf(s->a, "body /%s", name), NULL);
}
