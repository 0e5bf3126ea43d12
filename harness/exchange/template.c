#include "exchange/template.h"

#include <string.h>

#include "core/buf.h"
#include "core/limits.h"
#include "exchange/authorization.h"
#include "exchange/filter.h"
#include "exchange/pkce.h"

/* One template on its way. */
struct filling {
	struct arena *a;
	const struct template_values *v;
	struct err *e;
};

/* {code_challenge} is worked out for those who ask. */
static struct sv challenge(struct filling *f)
{
	return f->v->code_verifier ? sv_of(pkce_challenge(f->a, f->v->code_verifier, f->e)) : SV_NONE;
}

static bool is_of_code(struct sv name)
{
	return sv_eq(name, SV("code")) || sv_eq(name, SV("code_verifier")) || sv_eq(name, SV("code_challenge"));
}

static struct sv value_of(struct filling *f, struct sv name)
{
	const struct template_values *v = f->v;
	const struct target *t = v->target;
	const struct {
		struct sv name, value;
	} known[] = {
	        {SV("client_id"), sv_of(v->client ? v->client->id : t->client.id)},
	        {SV("client_secret"), sv_of(v->client ? v->client->secret : t->client.secret)},
	        {SV("second_client_id"), sv_of(t->second_client.id)},
	        {SV("second_client_secret"), sv_of(t->second_client.secret)},
	        {SV("issuer"), sv_of(t->issuer)},
	        {SV("token_endpoint"), sv_of(t->token_endpoint)},
	        {SV("authorization_endpoint"), sv_of(t->authorization.endpoint)},
	        {SV("redirect_uri"), sv_of(v->redirect_uri)},
	        {SV("window_uri"), sv_of(authorization_window(t))},
	        {SV("state"), sv_of(v->state)},
	        {SV("nonce"), sv_of(v->nonce)},
	        {SV("code"), v->code},
	        {SV("code_verifier"), sv_of(v->code_verifier)},
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (sv_eq(known[i].name, name))
			return known[i].value;
	if (sv_eq(name, SV("code_challenge")))
		return challenge(f);
	return v->saved ? sv_of(v->saved(v->saved_self, arena_sv(f->a, name))) : SV_NONE;
}

static int too_large(struct filling *f)
{
	return err_input(f->e, "a template makes more than %d bytes", LIMIT_TEMPLATE);
}

/* What stands between the braces without its filters. */
static int first_value(struct filling *f, struct sv piece, struct sv head, struct sv *ret)
{
	struct buf out = {.cap = LIMIT_TEMPLATE};
	struct template_call call;

	if (!template_generates(piece)) {
		*ret = value_of(f, head);
		return ret->p ? 0 : err_input(f->e, "'{%.*s}' has no value here", SV_ARG(head));
	}
	const char *problem = template_call(f->a, template_generators, head, &call);
	if (problem)
		return err_input(f->e, "%s", problem);
	int result = filter_generate(&call, &out, f->e);
	if (result == 0)
		*ret = arena_svdup(f->a, buf_sv(&out));
	buf_release(&out);
	return result;
}

/* *value becomes what the filter makes of it. */
static int filter(struct filling *f, struct sv word, bool stand_in, struct sv *value)
{
	struct buf out = {.cap = LIMIT_TEMPLATE};
	struct template_call call;
	const char *problem = template_call(f->a, template_filters, word, &call);
	int result = 0;

	if (problem)
		return err_input(f->e, "%s", problem);
	if (!filter_apply(&call, *value, &out) && !stand_in && !out.full)
		result = err_unsuited(f->e, "nothing in the value can be changed by '%.*s', so it cannot be tried here",
		                      SV_ARG(word));
	else if (out.full)
		result = too_large(f);
	else
		*value = arena_svdup(f->a, buf_sv(&out));
	buf_release(&out);
	return result;
}

static int fill_piece(struct filling *f, struct sv piece, struct sv *ret)
{
	struct sv rest = piece, head = SV_NONE, word;

	(void)sv_cut(&rest, '|', &head);
	if (first_value(f, piece, head, ret) < 0)
		return -1;
	while (sv_cut(&rest, '|', &word))
		if (filter(f, word, f->v->stand_in && is_of_code(head), ret) < 0)
			return err_wrap(f->e, "'{%.*s}'", SV_ARG(head));
	return 0;
}

static int fill(struct filling *f, struct sv rest, struct buf *out)
{
	struct sv value = SV_NONE;
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
			return err_input(f->e, "a '{' without its '}', write '{{' for a brace");
		if (fill_piece(f, (struct sv){rest.p, (size_t)end}, &value) < 0)
			return -1;
		buf_add_sv(out, value);
		rest = (struct sv){rest.p + end + 1, rest.n - (size_t)end - 1};
	}
	buf_add_sv(out, rest);
	return out->full ? too_large(f) : 0;
}

int template_fill(struct arena *a, const struct template_values *v, const char *text, struct sv *ret, struct err *e)
{
	struct filling f = {.a = a, .v = v, .e = e};
	struct buf out = {.cap = LIMIT_TEMPLATE};
	int result = fill(&f, sv_of(text), &out);

	if (result == 0)
		*ret = arena_svdup(a, buf_sv(&out));
	buf_release(&out);
	return result;
}
