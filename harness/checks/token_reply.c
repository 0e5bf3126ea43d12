#include <string.h>

#include "checks/check.h"
#include "checks/client_answer.h"
#include "checks/refusal.h"
#include "checks/reply.h"
#include "checks/tokens.h"

/* The token response as HTTP and as bytes: RFC 6749 §5.1, RFC 8259. */

CHECK(token_status_200, "token.status-200")
{
	const char *fix = NULL;

	if (!reply_answered(s, f))
		return;
	if (s->x->status == 200) {
		pass(s, f, "status 200");
		return;
	}
	if (s->x->status >= 300 && s->x->status < 400 && refusal_judged_by(s, "http.no-redirect")) {
		skip_owned(s, f, "http.no-redirect");
		return;
	}
	const json_t *error = json_object_get(subject_raw_json(s)->value, "error");
	violated(s, f, "status 200", "status %d%s%s", s->x->status, error ? ", error is " : "",
	         error ? shown(s, error) : "");
	if (s->x->status >= 300 && s->x->status < 400)
		fix = "answer the token request itself: nobody follows a redirect of the token endpoint";
	else if (!(fix = spelling_fix(s)) &&
	         (s->x->status == 401 ||
	          (json_is_string(error) && strcmp(json_string_value(error), "invalid_client") == 0)))
		fix = "check that the client id, the secret and the way of sending them (client.authentication) are "
		      "what the "
		      "brand registered";
	detail(f, NULL, "status", fix);
}

CHECK(token_content_type, "token.content-type")
{
	size_t n;

	if (!subject_issued(s, f))
		return;
	n = message_header_count(&s->x->response, "Content-Type");
	struct sv type = reply_media_type(s->x);
	if (n == 1 && sv_eq_nocase(type, SV("application/json"))) {
		pass(s, f, "%.*s", SV_ARG(message_header(&s->x->response, "Content-Type", 0)));
		return;
	}
	if (n == 0)
		violated(s, f, "Content-Type: application/json", "there is no Content-Type");
	else if (n > 1)
		violated(s, f, "one Content-Type: application/json", "there are %zu Content-Type headers: %.*s", n,
		         SV_ARG(reply_header(s, "Content-Type")));
	else
		violated(s, f, "Content-Type: application/json", "Content-Type: %.*s",
		         SV_ARG(message_header(&s->x->response, "Content-Type", 0)));
	detail(f, NULL, "header Content-Type", NULL);
}

CHECK(token_cache_control, "token.cache-control")
{
	if (subject_issued(s, f))
		reply_judge_no_store(s, f);
}

/* --- the body as JSON ---------------------------------------------------------------------------------------------- */

/* What a body is that is not JSON, for the fix. */
static const char *json_fix(struct sv body)
{
	static const struct {
		const char *begins, *fix;
	} kinds[] = {
	        {"<",
	         "the body is HTML or XML: answer with the JSON object, and turn off error output of the framework"},
	        {")]}'", "take out the )]}' guard in front of the object: only browsers' scripts expect it"},
	        {"while(1)", "take out the guard in front of the object: only browsers' scripts expect it"},
	        {"for(;;)", "take out the guard in front of the object: only browsers' scripts expect it"},
	        {"access_token=", "this is form-encoded: RFC 6749 §5.1 wants a JSON object"},
	        {"{'", "JSON has double quotes only: build the body with a JSON library"},
	        {"eyJ", "the body is a bare JWT: put it into the member id_token of a JSON object"},
	};
	struct sv text = sv_trim(body);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (sv_starts(text, sv_of(kinds[i].begins)))
			return kinds[i].fix;
	if (sv_find(text, SV("\n#")) >= 0 || sv_find(text, SV(" //")) >= 0 || sv_find(text, SV(" #")) >= 0 ||
	    sv_find(text, SV("/*")) >= 0)
		return "JSON has no comments and no shortcuts: build the body with a JSON library";
	return NULL;
}

static void not_json(struct subject *s, struct finding *f, const struct parsed *body)
{
	const struct exchange *x = s->x;
	const char *fix = NULL;

	if (x->body_cut && body->cut_short) {
		cannot(s, f, "the body is longer than the %zu bytes that were kept", x->response.body.n);
		return;
	}
	if (x->response.body.n == 0) {
		violated(s, f, "one JSON object", "the body is empty");
	} else {
		violated(s, f, "one JSON object", "the body (%zu bytes) is not JSON: %s", x->response.body.n,
		         body->problem ? body->problem : "it cannot be parsed");
		fix = json_fix(x->response.body);
	}
	detail(f, NULL, "body", fix);
}

/* Shown only when short and whole: it could be a token. */
static const char *trailing_text(struct subject *s, const struct parsed *body)
{
	struct sv all = s->x->response.body, rest = sv_trim((struct sv){all.p + body->end, all.n - body->end});

	if (rest.n > 20)
		return arena_printf(s->a, "%zu bytes stand behind the %s", rest.n,
		                    json_is_object(body->value) ? "object" : "value");
	return arena_printf(s->a, "\"%s\" stands behind the object", arena_sv(s->a, rest));
}

CHECK(token_json_object, "token.json-object")
{
	const char *fix = NULL;

	if (!subject_issued(s, f))
		return;
	const struct parsed *body = subject_raw_json(s);
	if (reply_is_misframed(s->x) && (!body->value || !body->trailing)) {
		/* Whether more was to come, nobody knows. */
		skip_owned(s, f, "http.framing");
		return;
	}
	if (!body->value && body->utf16) {
		skip_owned(s, f, "token.json-encoding");
		return;
	}
	if (!body->value) {
		not_json(s, f, body);
		return;
	}
	if (json_is_object(body->value) && !body->trailing) {
		pass(s, f, "%s", shown(s, body->value));
		return;
	}
	if (json_is_object(body->value)) {
		violated(s, f, "one JSON object and nothing behind it", "%s", trailing_text(s, body));
		fix = "end the reply with the closing brace: write nothing after the object, and write it once";
	} else {
		violated(s, f, "one JSON object", "the body is %s", shown(s, body->value));
		if (json_is_array(body->value))
			fix = "return the object itself, not an array around it";
		else if (tokens_jwt(s->a, (struct sv){json_string_value(body->value), json_string_length(body->value)})
		                 .p)
			fix = "the body is a bare JWT: put it into the member id_token of a JSON object";
		else if (json_is_string(body->value))
			fix = "the object was serialised twice: return the object, not a string that holds it";
	}
	detail(f, NULL, "body", fix);
}

CHECK(token_json_encoding, "token.json-encoding")
{
	const char *fix = NULL;

	if (!subject_issued(s, f))
		return;
	const struct parsed *body = subject_raw_json(s);
	if (!body->value && (reply_is_misframed(s->x) || !body->utf16)) {
		skip_owned(s, f, reply_is_misframed(s->x) ? "http.framing" : "token.json-object");
		return;
	}
	if (!body->bom && !body->bad_utf8 && !body->utf16) {
		pass(s, f, "%zu bytes of UTF-8 without a byte order mark", s->x->response.body.n);
		return;
	}
	if (body->utf16) {
		violated(s, f, "UTF-8", "the body begins as UTF-16 or UTF-32 does");
	} else if (body->bom) {
		violated(s, f, "UTF-8 without a byte order mark", "the first bytes are EF BB BF, a byte order mark");
	} else {
		struct sv all = s->x->response.body;
		violated(s, f, "UTF-8", "the byte %02X at offset %ld is not UTF-8",
		         (unsigned)(unsigned char)all.p[body->bad_utf8_at], body->bad_utf8_at);
		fix = "encode the reply as UTF-8: a single byte from 80 to FF is typical of ISO-8859-1 or Windows-1252";
	}
	detail(f, NULL, "body", fix);
}

CHECK(token_unique_members, "token.unique-members")
{
	if (!subject_body(s, f))
		return;
	const struct parsed *body = subject_raw_json(s);
	if (!body->duplicate) {
		pass(s, f, "every name occurs once");
		return;
	}
	if (body->duplicate_name)
		violated(s, f, "every member name once", "\"%s\" occurs twice in one object", body->duplicate_name);
	else
		violated(s, f, "every member name once", "a name occurs twice in one object");
	detail(f, NULL, "body", NULL);
}

/* --- the place of the members -------------------------------------------------------------------------------------- */

/* A member whose text is the response itself, as some gateways give it. */
static const char *wrapped_text(struct subject *s, const json_t *body, const char **name)
{
	static const char *const likely[] = {"body", "data", "result", "response"};

	for (size_t i = 0; i < sizeof likely / sizeof *likely; i++) {
		const json_t *value = json_object_get(body, likely[i]);
		const char *text = json_string_value(value);
		if (!text)
			continue;
		json_auto_t *inner = json_loadb(text, json_string_length(value), JSON_ALLOW_NUL, NULL);
		if (!inner || reply_has_no_members(inner))
			continue;
		*name = likely[i];
		return arena_printf(s->a, "the member %s is a string that holds the response as JSON text", likely[i]);
	}
	return NULL;
}

static void no_members(struct subject *s, struct finding *f, const json_t *body)
{
	static const char expected[] = "access_token, token_type and id_token as members of the object";
	const char *text, *name;

	if ((text = wrapped_text(s, body, &name))) {
		violated(s, f, expected, "%s", text);
		detail(f, NULL, arena_printf(s->a, "body /%s", name),
		       arena_printf(s->a, "return what is in '%s' as the body itself, not as text inside an envelope",
		                    name));
		return;
	}
	if (json_is_string(json_object_get(body, "error"))) {
		violated(s, f, expected, "status %d with the member error, %s", s->x->status,
		         shown(s, json_object_get(body, "error")));
		detail(f, NULL, "body /error",
		       "redeem the code; and answer with 400 where that has to be refused, never with 200");
		return;
	}
	violated(s, f, expected, "none of them is in the body, which is %s", shown(s, body));
	detail(f, NULL, "body", NULL);
}

CHECK(token_top_level, "token.top-level")
{
	static const char *const names[] = {"access_token", "token_type", "id_token"};
	const json_t *body = subject_body(s, f);
	const char *wrapper;

	if (!body)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (json_object_get(body, names[i]) || !(wrapper = reply_wrapper(s, body, names[i])))
			continue;
		violated(s, f, arena_printf(s->a, "%s as a member of the object", names[i]), "%s is inside %s",
		         names[i], wrapper);
		detail(f, NULL, arena_printf(s->a, "body %s/%s", wrapper, names[i]),
		       arena_printf(
		               s->a,
		               "take the members out of '%s': return them directly, without the envelope of your API",
		               wrapper + 1));
		return;
	}
	if (reply_has_no_members(body))
		no_members(s, f, body);
	else
		pass(s, f, "the members stand at the top level");
}
