#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "codes/sources.h"
#include "core/text.h"
#include "exchange/random.h"

/*
 * The reference brand's control API: POST {control_url}/codes or /tokens with a nonce of ours, which the id_token must then
 * hold, and /logout.
 */

#define NONCE_BYTES 48 /* 64 characters: as long as brands have been seen to cut them */
#define SHOWN_REPLY 200

static const struct {
	const char *path, *member; /* member NULL: the reply has no body */
	int status;
} calls[] = {
        [WANTED_CODE] = {"codes", "code", 201},
        [WANTED_TOKEN] = {"tokens", "token", 201},
        [WANTED_LOGOUT] = {"logout", NULL, 204},
};

/* The first consumer, the target's own client and no challenge are what it gives when nothing is said. */
static char *wish_text(struct arena *a, enum wanted wanted, const struct code_wish *wish, const char *nonce)
{
	json_auto_t *body = json_object();

	if (wanted != WANTED_LOGOUT)
		json_object_set_new(body, "nonce", json_string(nonce));
	if (wish->second_consumer || wanted == WANTED_LOGOUT)
		json_object_set_new(body, "user", json_string(wish->second_consumer ? "B" : "A"));
	if (wish->encoded_client)
		json_object_set_new(body, "client", json_string("encoded"));
	if (wish->code_challenge) {
		json_object_set_new(body, "code_challenge", json_string(wish->code_challenge));
		json_object_set_new(body, "code_challenge_method", json_string("S256"));
	}
	char *text = json_dumps(body, JSON_COMPACT);
	if (!text)
		mem_exhausted();
	char *copy = arena_text(a, text);
	free(text);
	return copy;
}

static void reference_start(void *self, struct fetch *f)
{
	const struct supplying *s = self;
	struct sv base = sv_of(s->supply->control_url);
	const char **headers = arena_array(f->arena, 4, sizeof *headers);
	const char *nonce = random_text(f->arena, NONCE_BYTES, &f->e);

	if (!nonce) {
		f->state = FETCH_FAILED;
		return;
	}
	while (sv_ends(base, SV("/")))
		base.n--;
	headers[0] = arena_printf(f->arena, "Authorization: Bearer %s", s->supply->control_token);
	headers[1] = "Content-Type: application/json";
	headers[2] = "Accept: application/json";
	f->http = (struct http_request){
	        .method = "POST",
	        .url = arena_printf(f->arena, "%s/%s", arena_sv(f->arena, base), calls[s->wanted].path),
	        .ca_file = s->target->tls.ca_file,
	        .headers = headers,
	        .body = sv_of(wish_text(f->arena, s->wanted, &f->wish, nonce)),
	        .timeout_ms = s->target->limits.timeout_ms};
	f->state = FETCH_HTTP;
}

/* The member's text in arena memory; NULL when it is absent or no string. */
static const char *member(struct arena *a, const json_t *reply, const char *name)
{
	return arena_text(a, json_string_value(json_object_get(reply, name)));
}

static void reference_on_http(void *self, struct fetch *f, const struct http_response *r)
{
	const struct supplying *s = self;
	const char *name = calls[s->wanted].member;
	const char *refused = name ? arena_printf(f->arena, "the reference brand gave no %s", name)
	                           : "the reference brand logged nobody out";

	if (r->status == 0) {
		fetch_fail(f, "%s: %s", refused, r->trouble ? r->trouble : "no answer");
		return;
	}
	json_auto_t *reply = json_loadb(r->body.p ? r->body.p : "", r->body.n, JSON_REJECT_DUPLICATES, NULL);
	if (r->status != calls[s->wanted].status) {
		/* What it says of a refusal; nothing else of the body, which might be a code. */
		const char *why = json_string_value(json_object_get(reply, "error"));
		fetch_fail(f, "%s: status %d%s%s", refused, r->status, why ? ", " : "",
		           why ? text_excerpt(f->arena, sv_of(why), SHOWN_REPLY) : "");
		return;
	}
	f->state = FETCH_DONE;
	if (!name)
		return;
	f->code = (struct code){.code = sv_of(member(f->arena, reply, name)),
	                        .redirect_uri = member(f->arena, reply, "redirect_uri"),
	                        .nonce = member(f->arena, reply, "nonce")};
	if (!f->code.code.n)
		fetch_fail(f, "%s: its reply has no '%s' in it", refused, name);
}

int reference_open(const struct supplying *s, struct code_source *ret, struct err *e)
{
	static const struct code_source_ops ops = {
	        .name = "reference",
	        .start = reference_start,
	        .on_http = reference_on_http,
	        .supply = supply_endless,
	        .release = free,
	};

	if (!s->supply->control_url || !s->supply->control_token)
		return err_input(e, "%ss from the reference brand need 'control_url' and 'control_token'",
		                 wanted_text(s->wanted));
	if (strpbrk(s->supply->control_token, "\r\n"))
		return err_input(e, "the control token has a line break in it");
	*ret = (struct code_source){.ops = &ops, .self = supplying_copy(s), .parallel = 16};
	return 0;
}
