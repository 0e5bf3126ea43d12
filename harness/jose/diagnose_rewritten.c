#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "core/text.h"
#include "jose/diagnose.h"

/*
 * The original of a token that was changed after signing, where it can be found again: its JSON written in another way, or
 * one member more than was signed. A finding is proven, because the signature fits the original.
 */

/* How JSON is written by the libraries that people use. */
static const struct style {
	size_t flags;
	const char *what;
} styles[] = {
        {JSON_COMPACT, "without blanks"},
        {0, "with blanks behind commas and colons"},
        {JSON_COMPACT | JSON_ESCAPE_SLASH, "with \\/ for /"},
        {JSON_COMPACT | JSON_ENSURE_ASCII, "with \\u for what is not ASCII"},
        {JSON_COMPACT | JSON_ESCAPE_SLASH | JSON_ENSURE_ASCII, "with \\/ for / and \\u for what is not ASCII"},
        {JSON_ENSURE_ASCII, "with blanks behind commas and colons, and \\u for what is not ASCII"},
        {JSON_COMPACT | JSON_SORT_KEYS, "with sorted names"},
        {JSON_SORT_KEYS, "with sorted names and blanks behind commas and colons"},
        {JSON_INDENT(2), "indented by 2"},
        {JSON_INDENT(4), "indented by 4"},
};
#define STYLES (sizeof(styles) / sizeof(styles[0]))

/* jansson writes \u00E4, everybody else \u00e4. */
static void lower_escapes(char *text)
{
	for (char *p = text; *p; p++) {
		if (*p != '\\')
			continue;
		if (p[1] != 'u') {
			p += p[1] != '\0';
			continue;
		}
		for (int i = 2; i < 6 && p[i]; i++)
			if (p[i] >= 'A' && p[i] <= 'F')
				p[i] |= 0x20;
		p++;
	}
}

struct search {
	struct trial *t;
	bool (*made)(struct trial *t, struct content *c, const void *arg);
	const void *arg;
	json_t *header, *claims;
	struct arena *scratch; /* emptied by each try: they are many, and as long as the token */
};

static void next_try(struct search *s)
{
	arena_free(s->scratch);
	s->scratch = arena_new();
}

static struct sv write_json(struct search *s, const json_t *value, const struct style *style)
{
	char *text = json_dumps(value, style->flags);

	if (!text)
		return SV_NONE;
	lower_escapes(text);
	struct sv ret = sv_of(arena_text(s->scratch, text));
	free(text);
	return ret;
}

static struct sv encoded(struct search *s, struct sv text)
{
	return sv_of(base64_encode(s->scratch, BASE64_URL, text));
}

/* Whether the signature was made over these two parts; one that is SV_NONE is the received one. */
static bool made_over(struct search *s, struct sv header, struct sv claims)
{
	struct sv left = header.p ? encoded(s, header) : s->t->token->raw[0];
	struct sv right = claims.p ? encoded(s, claims) : s->t->token->raw[1];
	struct content c = {.text = sv_of(arena_printf(s->scratch, "%.*s.%.*s", SV_ARG(left), SV_ARG(right)))};

	return s->made(s->t, &c, s->arg);
}

static const char *in_other_style(struct search *s)
{
	for (size_t i = 0; i < STYLES; i++) {
		next_try(s);
		struct sv header = write_json(s, s->header, &styles[i]);
		struct sv claims = write_json(s, s->claims, &styles[i]);
		const char *which = made_over(s, SV_NONE, claims)   ? "claims"
		                    : made_over(s, header, SV_NONE) ? "header"
		                    : made_over(s, header, claims)  ? "header and claims"
		                                                    : NULL;
		if (which)
			return arena_printf(s->t->a,
			                    "the same %s written as JSON %s: they were serialised anew after signing",
			                    which, styles[i].what);
	}
	return NULL;
}

/* Members that were added after signing: object is the header or the claims, written as in the styles. */
static const char *without_member(struct search *s, json_t *object, bool header)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(object, next, name, value)
	{
		json_auto_t *rest = json_copy(object);
		json_object_del(rest, name);
		for (size_t i = 0; i < STYLES; i++) {
			next_try(s);
			struct sv text = write_json(s, rest, &styles[i]);
			if (made_over(s, header ? text : SV_NONE, header ? SV_NONE : text))
				return arena_printf(
				        s->t->a, "the token without the %s '%s', which was added after signing",
				        header ? "header member" : "claim", text_excerpt(s->t->a, sv_of(name), 60));
		}
	}
	return NULL;
}

static const char *with_other_alg(struct search *s)
{
	json_auto_t *header = json_copy(s->header);

	for (enum jose_alg alg = ALG_NONE; alg < ALG_UNKNOWN; alg++) {
		json_object_set_new(header, "alg", json_string(jose_alg_text(alg)));
		for (size_t i = 0; i < STYLES; i++) {
			next_try(s);
			if (made_over(s, write_json(s, header, &styles[i]), SV_NONE))
				return arena_printf(s->t->a, "a header with alg '%s', which was changed after signing",
				                    jose_alg_text(alg));
		}
	}
	return NULL;
}

const char *diagnose_rewritten(struct trial *t, bool (*made)(struct trial *t, struct content *c, const void *arg),
                               const void *arg)
{
	const struct jws *token = t->token;
	struct search s = {.t = t, .made = made, .arg = arg};
	const char *what = NULL;

	if (!token->header.p || !token->payload.p || token->token.n > LIMIT_REWRITTEN)
		return NULL;
	s.header = json_loadb(token->header.p, token->header.n, JSON_ALLOW_NUL, NULL);
	s.claims = json_loadb(token->payload.p, token->payload.n, JSON_ALLOW_NUL, NULL);
	if (json_is_object(s.header) && json_is_object(s.claims)) {
		what = in_other_style(&s);
		what = what ? what : with_other_alg(&s);
		if (!what && json_object_size(s.header) <= LIMIT_REWRITTEN_MEMBERS)
			what = without_member(&s, s.header, true);
		if (!what && json_object_size(s.claims) <= LIMIT_REWRITTEN_MEMBERS)
			what = without_member(&s, s.claims, false);
	}
	arena_free(s.scratch);
	json_decref(s.header);
	json_decref(s.claims);
	return what;
}
