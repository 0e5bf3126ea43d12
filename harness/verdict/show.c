#include "verdict/show.h"

#include <string.h>

#include "core/clock.h"
#include "core/limits.h"
#include "core/text.h"
#include "jose/certificate.h"
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

/* --- the way through a login ---------------------------------------------------------------------------------------- */

/* Masked before it is cut. */
static const char *excerpt(struct arena *a, const struct mask *mask, const char *text, size_t most)
{
	return text ? text_excerpt(a, mask_sv(mask, a, sv_of(text)), most) : NULL;
}

/* The authorization request is shown whole beside the way, and so only as far as its query here. */
static const char *hop_url(struct arena *a, const struct mask *mask, const struct exchange *x, const struct hop *hop)
{
	size_t end = strcspn(hop->url, "?");

	if (x->authorize_url && hop->url[end] && strcmp(hop->url, x->authorize_url) == 0)
		return arena_printf(a, "%s?…",
		                    excerpt(a, mask, arena_sv(a, (struct sv){hop->url, end}), LIMIT_SHOWN_LINE));
	return excerpt(a, mask, hop->url, LIMIT_SHOWN_LINE);
}

static const char **show_hops(struct arena *a, const struct mask *mask, const struct exchange *x)
{
	const char **lines = arena_array(a, x->nhops + 1, sizeof *lines);

	for (size_t i = 0; i < x->nhops; i++) {
		const struct hop *hop = &x->hops[i];
		const char *url = hop_url(a, mask, x, hop);
		lines[i] = hop->status ? arena_printf(a, "%s %s → %d", visible(a, mask, hop->method), url, hop->status)
		                       : arena_printf(a, "%s %s → no answer", visible(a, mask, hop->method), url);
	}
	return lines;
}

/* --- handshakes ------------------------------------------------------------------------------------------------------ */

static const char *date(struct arena *a, int64_t unix_s)
{
	char text[32];

	clock_iso(unix_s * 1000, text);
	return arena_text(a, text);
}

/* "brand.example, www.brand.example and 3 more": what the leaf is for. */
static const char *names(struct arena *a, const struct certificate *c)
{
	enum { SHOWN = 5 };
	const char *text = "no name";
	size_t n = 0;

	for (int k = 0; k < 2; k++)
		for (const char **name = k == 0 ? c->dns : c->ip; *name && n < SHOWN; name++)
			text = n++ ? arena_printf(a, "%s, %s", text, *name) : *name;
	return c->names > n && n ? arena_printf(a, "%s and %zu more", text, c->names - n) : text;
}

static const char *certificate_line(struct arena *a, const struct mask *mask, const struct tls *tls, size_t i)
{
	struct certificate c;
	struct err e = {0};

	if (certificate_read(a, tls->chain[i], &c, &e) < 0)
		return arena_printf(a, "certificate %zu cannot be read: %s", i + 1, visible(a, mask, e.text));
	return arena_printf(a, "certificate %zu: '%s'%s, issued by '%s', valid from %s to %s, %s key of %d bits, %s",
	                    i + 1, excerpt(a, mask, c.subject, LIMIT_SHOWN_LINE),
	                    i ? "" : arena_printf(a, " for %s", excerpt(a, mask, names(a, &c), LIMIT_SHOWN_LINE)),
	                    excerpt(a, mask, c.issuer, LIMIT_SHOWN_LINE), date(a, c.not_before), date(a, c.not_after),
	                    c.key, c.bits, visible(a, mask, c.signature));
}

static const char *trust_line(struct arena *a, const struct mask *mask, const struct tls *tls)
{
	if (!tls->verify_error)
		return "the chain leads to a trusted root";
	return arena_printf(a, "the chain is not trusted: %s (certificate %lld)",
	                    tls->verify_text ? visible(a, mask, tls->verify_text) : "no reason given",
	                    (long long)tls->verify_depth + 1);
}

/* What the server showed: how it ended, what was agreed on, and the certificates. */
static const char **show_handshake(struct arena *a, const struct mask *mask, const struct exchange *x)
{
	const struct tls *tls = x->tls;
	const char **lines = arena_array(a, tls->nchain + 5, sizeof *lines);
	size_t n = 0;

	lines[n++] = tls->completed ? "completed"
	                            : arena_printf(a, "not completed: %s",
	                                           tls->alert ? visible(a, mask, tls->alert) : "no reason given");
	if (x->tls_version)
		lines[n++] =
		        arena_printf(a, "%s%s%s, ALPN %s", visible(a, mask, x->tls_version), x->tls_cipher ? ", " : "",
		                     x->tls_cipher ? visible(a, mask, x->tls_cipher) : "",
		                     tls->alpn ? visible(a, mask, tls->alpn) : "none");
	for (size_t i = 0; i < tls->nchain; i++)
		lines[n++] = certificate_line(a, mask, tls, i);
	if (tls->chain_cut)
		lines[n++] = "further certificates were sent";
	if (tls->verified)
		lines[n++] = trust_line(a, mask, tls);
	return lines;
}

static const char **show_way(struct arena *a, const struct mask *mask, const struct exchange *x)
{
	if (x->tls)
		return show_handshake(a, mask, x);
	return x->nhops ? show_hops(a, mask, x) : NULL;
}

/* --- exchanges ------------------------------------------------------------------------------------------------------- */

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
	        .way = show_way(a, mask, x),
	        .asked = excerpt(a, mask, x->authorize_url, LIMIT_SHOWN_URL),
	};
	decoded_show(a, mask, run, x, ret);
}

/* A code was taken from the source for it. One that was sent again was not spent again, and one that an authorization
 * response brought cost nothing. */
static bool spends_code(const struct evidence *ev, size_t i)
{
	const struct code_facts *code = &ev->exchanges[i].code;

	if (strcmp(ev->exchanges[i].kind, "token") != 0 || !code->obtained_ms)
		return false;
	for (size_t k = 0; k < i; k++) {
		const struct code_facts *before = &ev->exchanges[k].code;
		if (before->obtained_ms == code->obtained_ms && before->code && code->code &&
		    strcmp(before->code, code->code) == 0)
			return false;
	}
	return true;
}

void show_exchanges(struct arena *a, const struct mask *mask, const struct evidence *ev, struct results *ret)
{
	ret->exchanges = arena_array(a, ev->n, sizeof *ret->exchanges);
	ret->nexchanges = ev->n;
	for (size_t i = 0; i < ev->n; i++)
		show_one(a, mask, &ev->run, &ev->exchanges[i], &ret->exchanges[i]);
}

void show_totals(const struct evidence *ev, struct results *ret)
{
	ret->ended_ms = ret->started_ms;
	for (size_t i = 0; i < ev->n; i++) {
		if (ev->exchanges[i].timing.ended_ms > ret->ended_ms)
			ret->ended_ms = ev->exchanges[i].timing.ended_ms;
		ret->codes += spends_code(ev, i);
	}
}
