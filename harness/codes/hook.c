#include "codes/hook.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/form.h"
#include "core/limits.h"
#include "core/text.h"
#include "exchange/saved.h"

#define SHOWN_TYPE 60

/* What stands between the braces at `brace`: "nonce|json". False: it is only a brace. */
static bool placeholder(const char *brace, struct sv *ret)
{
	size_t n = strspn(brace + 1, "abcdefghijklmnopqrstuvwxyz_|");

	*ret = (struct sv){brace + 1, n};
	return n && brace[n + 1] == '}';
}

static const char *json_inside(struct arena *a, struct sv value)
{
	json_auto_t *string = json_stringn(value.p, value.n);
	char *text = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;
	size_t n = text ? strlen(text) : 0;
	char *inside = n >= 2 ? arena_sv(a, (struct sv){text + 1, n - 2}) : arena_text(a, "");

	free(text);
	return inside;
}

static struct sv filtered(struct arena *a, struct sv value, struct sv filter)
{
	if (sv_eq(filter, SV("form")))
		return sv_of(form_encoded(a, value));
	if (sv_eq(filter, SV("json")))
		return sv_of(json_inside(a, value));
	return value;
}

char *hook_fill(struct arena *a, const char *text, const struct hook_value *values)
{
	struct buf out = {.cap = LIMIT_TEMPLATE};
	struct sv inside, word;

	for (const char *p = text; *p; p++) {
		if (*p != '{' || !placeholder(p, &inside)) {
			buf_add_char(&out, *p);
			continue;
		}
		p += inside.n + 1;
		(void)sv_cut(&inside, '|', &word);
		const struct hook_value *v = values;
		while (v->name && !sv_eq(word, sv_of(v->name)))
			v++;
		struct sv value = sv_of(v->value ? v->value : "");
		while (sv_cut(&inside, '|', &word))
			value = filtered(a, value, word);
		buf_add_sv(&out, value);
	}
	char *made = arena_sv(a, out.n ? buf_sv(&out) : SV(""));
	buf_release(&out);
	return made;
}

bool hook_mentions(const char *text, const char *name)
{
	struct sv inside, word;

	for (const char *p = text ? strchr(text, '{') : NULL; p; p = strchr(p + 1, '{'))
		if (placeholder(p, &inside) && sv_cut(&inside, '|', &word) && sv_eq(word, sv_of(name)))
			return true;
	return false;
}

struct sv hook_pointed(struct arena *a, struct sv json, const char *pointer)
{
	json_auto_t *document = json_loadb(json.p ? json.p : "", json.n, JSON_DECODE_ANY, NULL);
	const json_t *value = json_pointed_at(a, document, pointer);

	return arena_svdup(a, (struct sv){json_string_value(value), json_string_length(value)});
}

const char *hook_media_type(struct arena *a, const struct exchange *x)
{
	struct sv rest = message_header(&x->response, "Content-Type", 0), type;

	if (!rest.n || !sv_cut(&rest, ';', &type))
		return "no Content-Type";
	return text_excerpt(a, sv_trim(type), SHOWN_TYPE);
}
