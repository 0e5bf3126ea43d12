#include "exchange/pkce.h"

#include "core/base64.h"
#include "core/buf.h"
#include "exchange/random.h"
#include "jose/sign.h"

char *pkce_verifier(struct arena *a, int length, struct err *e)
{
	struct buf out = {.cap = PKCE_VERIFIER_MOST};
	char *text = NULL;

	if (random_characters(&out, length > 0 ? (size_t)length : PKCE_VERIFIER_LEAST, e) == 0)
		text = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return text;
}

char *pkce_challenge(struct arena *a, const char *verifier, struct err *e)
{
	struct sv hash;

	return jose_hash(a, "SHA256", sv_of(verifier), &hash, e) == 0 ? base64_encode(a, BASE64_URL, hash) : NULL;
}
