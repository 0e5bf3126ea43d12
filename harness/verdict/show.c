#include "verdict/show.h"

#include <string.h>

#include "core/limits.h"
#include "core/text.h"
#include "verdict/decoded.h"

static const char *outcome_text(enum exchange_outcome outcome)
{
	switch (outcome) {
	case EXCHANGE_ANSWERED:
		return "answered";
	case EXCHANGE_NO_CODE:
		return "no code";
	case EXCHANGE_UNSUITED:
		return "not applicable";
	case EXCHANGE_NO_ANSWER:
		return "no answer";
	}
	return "?";
}

static const char **show_lines(struct arena *a, const struct message *m)
{
	const char **lines = arena_array(a, m->nlines + 1, sizeof *lines);

	for (size_t i = 0; i < m->nlines; i++)
		lines[i] = text_visible(a, m->lines[i]);
	return lines;
}

static const char *show_body(struct arena *a, struct sv body, bool cut)
{
	if (!body.p)
		return NULL;
	struct sv shown = body;
	if (shown.n > LIMIT_SHOWN_BODY)
		shown.n = LIMIT_SHOWN_BODY;
	const char *text = text_block(a, shown);
	if (shown.n < body.n)
		return arena_printf(a, "%s … (%zu bytes, the first %zu shown)", text, body.n, shown.n);
	return cut ? arena_printf(a, "%s … (more came than brandcert reads)", text) : text;
}

static const char *visible(struct arena *a, const struct mask *mask, const char *text)
{
	return text ? text_visible(a, mask_sv(mask, a, sv_of(text))) : NULL;
}

static void show_one(struct arena *a, const struct mask *mask, const struct run_facts *run, const struct exchange *x,
                     struct shown_exchange *ret)
{
	struct message request, response;

	mask_message(mask, a, &x->request, &request);
	mask_message(mask, a, &x->response, &response);
	if (strcmp(x->kind, "userinfo") == 0 && mask_hides_claims(mask))
		response.body = mask_claims(mask, a, x->response.body);
	*ret = (struct shown_exchange){
	        .id = visible(a, mask, x->id),
	        .key = visible(a, mask, x->key),
	        .kind = visible(a, mask, x->kind),
	        .outcome = outcome_text(x->outcome),
	        .trouble = visible(a, mask, x->trouble),
	        .status = x->status,
	        .request = show_lines(a, &request),
	        .response = show_lines(a, &response),
	        .request_body = show_body(a, request.body, false),
	        .response_body = show_body(a, response.body, x->body_cut),
	        .started_ms = x->timing.started_ms,
	        .total_us = x->timing.total_us,
	        .first_byte_us = x->timing.first_byte_us,
	        .dns_us = x->timing.dns_us,
	        .connect_us = x->timing.connect_us,
	        .tls_us = x->timing.tls_us,
	        .http_version = visible(a, mask, x->http_version),
	        .tls_version = visible(a, mask, x->tls_version),
	};
	decoded_show(a, mask, run, x, ret);
}

/* A code that was sent again was not spent again. */
static bool spent_before(const struct evidence *ev, size_t i)
{
	const struct code_facts *code = &ev->exchanges[i].code;

	for (size_t k = 0; k < i; k++) {
		const struct code_facts *before = &ev->exchanges[k].code;
		if (before->obtained_ms == code->obtained_ms && before->code && code->code &&
		    strcmp(before->code, code->code) == 0)
			return true;
	}
	return false;
}

void show_exchanges(struct arena *a, const struct mask *mask, const struct evidence *ev, struct results *ret)
{
	ret->exchanges = arena_array(a, ev->n, sizeof *ret->exchanges);
	ret->nexchanges = ev->n;
	ret->ended_ms = ret->started_ms;
	for (size_t i = 0; i < ev->n; i++) {
		show_one(a, mask, &ev->run, &ev->exchanges[i], &ret->exchanges[i]);
		if (ev->exchanges[i].timing.ended_ms > ret->ended_ms)
			ret->ended_ms = ev->exchanges[i].timing.ended_ms;
		ret->codes += ev->exchanges[i].code.obtained_ms != 0 && !spent_before(ev, i);
	}
}
