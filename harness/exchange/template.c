#include "exchange/template.h"

#include <string.h>

#include "core/buf.h"

static struct sv value_of(struct arena *a, const struct template_values *v, struct sv name)
{
	const struct {
		struct sv name, value;
	} known[] = {
	        {SV("client_id"), sv_of(v->target->client.id)},
	        {SV("client_secret"), sv_of(v->target->client.secret)},
	        {SV("issuer"), sv_of(v->target->issuer)},
	        {SV("token_endpoint"), sv_of(v->target->token_endpoint)},
	        {SV("redirect_uri"), sv_of(v->redirect_uri)},
	        {SV("code"), v->code},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (sv_eq(known[i].name, name))
			return known[i].value;
	return v->saved ? sv_of(v->saved(v->saved_self, arena_sv(a, name))) : SV_NONE;
}

static int fill(struct arena *a, const struct template_values *v, struct sv rest, struct buf *out, struct err *e)
{
	long at;

	while ((at = sv_find_char(rest, '{')) >= 0) {
		buf_add(out, rest.p, (size_t)at);
		rest = (struct sv){rest.p + at + 1, rest.n - (size_t)at - 1};
		if (rest.n && rest.p[0] == '{') {
			buf_add_char(out, '{');
			rest = (struct sv){rest.p + 1, rest.n - 1};
			continue;
		}
		long end = sv_find_char(rest, '}');
		if (end < 0)
			return err_input(e, "a '{' without its '}', write '{{' for a brace");
		struct sv name = {rest.p, (size_t)end};
		struct sv value = value_of(a, v, name);
		if (!value.p)
			return err_input(e, "'{%.*s}' has no value here", SV_ARG(name));
		buf_add_sv(out, value);
		rest = (struct sv){rest.p + end + 1, rest.n - (size_t)end - 1};
	}
	buf_add_sv(out, rest);
	return 0;
}

int template_fill(struct arena *a, const struct template_values *v, const char *text, struct sv *ret, struct err *e)
{
	struct buf out = {.cap = BUF_OWN};
	int result = fill(a, v, sv_of(text), &out, e);

	if (result == 0)
		*ret = arena_svdup(a, buf_sv(&out));
	buf_release(&out);
	return result;
}
