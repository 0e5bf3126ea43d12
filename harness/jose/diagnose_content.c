#include "core/base64.h"
#include "core/buf.h"
#include "jose/diagnose.h"

#define FIX_ALTERED "send the two parts exactly as they were signed: re-encoding them breaks the signature"
#define FIX_INPUT "sign the two encoded parts with their dot, as they stand in the token (RFC 7515 §5.1)"

static struct sv joined(struct arena *a, struct sv header, struct sv payload)
{
	struct buf b = {.cap = BUF_OWN};

	buf_add_sv(&b, header);
	buf_add_char(&b, '.');
	buf_add_sv(&b, payload);
	struct sv text = arena_svdup(a, buf_sv(&b));
	buf_release(&b);
	return text;
}

static struct sv encoded(struct arena *a, enum base64_kind kind, const struct jws *token)
{
	return joined(a, sv_of(base64_encode(a, kind, token->header)), sv_of(base64_encode(a, kind, token->payload)));
}

void diagnose_gather(struct trial *t)
{
	const struct jws *token = t->token;

	t->received.text = jws_signing_input(token);
	if (!token->header.p || !token->payload.p)
		return;
	const struct content candidates[CONTENTS_MAX] = {
	        {encoded(t->a, BASE64_URL, token),
	         JWS_CONTENT_ALTERED,
	         "the same header and payload in proper base64url: their encoding was changed after signing",
	         FIX_ALTERED,
	         {{0}}},
	        {encoded(t->a, BASE64_STANDARD, token),
	         JWS_CONTENT_ALTERED,
	         "header and payload in padded standard base64: they were turned into base64url after signing",
	         FIX_ALTERED,
	         {{0}}},
	        {joined(t->a, token->header, token->payload),
	         JWS_DECODED_INPUT,
	         "the decoded header and payload instead of the encoded parts",
	         FIX_INPUT,
	         {{0}}},
	        {joined(t->a, token->raw[0], token->payload),
	         JWS_DECODED_INPUT,
	         "the encoded header with the decoded payload",
	         FIX_INPUT,
	         {{0}}},
	        {token->payload, JWS_DECODED_INPUT, "the decoded payload alone, without the header", FIX_INPUT, {{0}}},
	        {token->raw[1], JWS_CONTENT_ALTERED, "the encoded payload alone, without the header", FIX_INPUT, {{0}}},
	};
	for (size_t i = 0; i < CONTENTS_MAX; i++)
		if (!sv_eq(candidates[i].text, t->received.text))
			t->other[t->others++] = candidates[i];
}
