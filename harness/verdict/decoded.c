#include "verdict/decoded.h"

#include <stdlib.h>
#include <string.h>

#include "checks/check.h"
#include "checks/envelope.h"
#include "core/buf.h"
#include "core/limits.h"
#include "core/text.h"

#define INDENT 2

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void line(struct buf *out, size_t depth)
{
	buf_add_char(out, '\n');
	for (size_t i = 0; i < depth * INDENT; i++)
		buf_add_char(out, ' ');
}

/* Just behind the string that begins at `at`, or the end. */
static size_t string_end(struct sv s, size_t at)
{
	for (size_t i = at + 1; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			return i + 1;
	}
	return s.n;
}

static size_t blanks_end(struct sv s, size_t at)
{
	while (at < s.n && is_blank(s.p[at]))
		at++;
	return at;
}

/* A bracket: opens a level, closes one, or is an empty pair. Gives where to go on. */
static size_t bracket(struct buf *out, struct sv s, size_t at, size_t *depth)
{
	char c = s.p[at];
	bool opens = c == '{' || c == '[';
	size_t next = blanks_end(s, at + 1);

	if (opens && next < s.n && s.p[next] == (c == '{' ? '}' : ']')) {
		buf_add_char(out, c);
		buf_add_char(out, s.p[next]);
		return next + 1;
	}
	if (!opens) {
		*depth -= *depth > 0;
		line(out, *depth);
	}
	buf_add_char(out, c);
	if (!opens)
		return at + 1;
	*depth += *depth < LIMIT_JSON_DEPTH;
	line(out, *depth);
	return next;
}

struct sv decoded_indented(struct arena *a, struct sv json)
{
	struct buf out = {.cap = (size_t)8 * LIMIT_SHOWN_BODY};
	size_t depth = 0;

	for (size_t i = blanks_end(json, 0); i < json.n && !out.full;) {
		char c = json.p[i];
		size_t next = i + 1;
		if (c == '"') {
			next = string_end(json, i);
			buf_add(&out, json.p + i, next - i);
		} else if (c && strchr("{}[]", c)) {
			next = bracket(&out, json, i, &depth);
		} else if (c == ',' || c == ':') {
			buf_add_char(&out, c);
			if (c == ':')
				buf_add_char(&out, ' ');
			else
				line(&out, depth);
		} else if (!is_blank(c)) {
			buf_add_char(&out, c);
		}
		i = next;
	}
	struct sv text = arena_svdup(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

/* Masked before it is cut and indented: a mask has to see the text as it was sent. */
static const char *rendered(struct arena *a, const struct mask *mask, struct sv text, bool claims)
{
	if (!text.p)
		return NULL;
	struct sv masked = claims ? mask_claims(mask, a, text) : mask_sv(mask, a, text), trimmed = sv_trim(masked);
	bool is_json = trimmed.n && (trimmed.p[0] == '{' || trimmed.p[0] == '[');
	struct sv whole = is_json ? decoded_indented(a, trimmed) : masked, part = whole;
	if (part.n > LIMIT_SHOWN_BODY)
		part.n = LIMIT_SHOWN_BODY;
	const char *block = text_block(a, part);
	return part.n == whole.n ? block
	                         : arena_printf(a, "%s … (%zu bytes, the first %zu shown)", block, text.n, part.n);
}

/* May hold an id_token: in its body, or in the redirect. */
static bool may_hold_token(const struct exchange *x)
{
	return x->outcome == EXCHANGE_ANSWERED &&
	       (strcmp(x->kind, "token") == 0 || strcmp(x->kind, "handover") == 0 || strcmp(x->kind, "authorize") == 0);
}

void decoded_show(struct arena *a, const struct mask *mask, const struct run_facts *run, const struct exchange *x,
                  struct shown_exchange *ret)
{
	struct subject s = {.a = a, .run = run, .x = x};
	struct finding unused = {0};
	struct sv bare = SV_NONE;

	if (!may_hold_token(x))
		return;
	(void)subject_jws(&s, &unused);
	bool is_bare = envelope_unsigned(&s, &bare);
	if (s.jws_done) {
		ret->jose_header = rendered(a, mask, s.jws.header, false);
		/* five parts are an encrypted token that we have no key for: what stands second is a key, too */
		if (s.jws.parts <= 4)
			ret->claims = rendered(a, mask, s.jws.payload, true);
	}
	if (is_bare && bare.p)
		ret->claims = rendered(a, mask, bare, true);
	if (!ret->jose_header && s.envelope.jwe.header) {
		char *header = json_dumps(s.envelope.jwe.header, JSON_COMPACT);
		if (header)
			ret->jose_header = rendered(a, mask, sv_of(header), false);
		free(header);
	}
	subject_release(&s);
}

static void learn(struct mask *mask, const struct run_facts *run, const struct exchange *x)
{
	arena_auto *a = arena_new();
	struct subject s = {.a = a, .run = run, .x = x};
	struct finding unused = {0};
	struct sv bare = SV_NONE;

	(void)subject_jws(&s, &unused);
	if (s.jws_done)
		mask_add_claims(mask, run, s.jws.payload);
	if (envelope_unsigned(&s, &bare))
		mask_add_claims(mask, run, bare);
	subject_release(&s);
}

void decoded_learn(struct mask *mask, const struct evidence *ev)
{
	for (size_t i = 0; mask_hides_claims(mask) && i < ev->n; i++) {
		const struct exchange *x = &ev->exchanges[i];
		if (may_hold_token(x))
			learn(mask, &ev->run, x);
		else if (x->outcome == EXCHANGE_ANSWERED && strcmp(x->kind, "userinfo") == 0)
			mask_add_claims(mask, &ev->run, x->response.body);
	}
}
