/*
 * Hostile bytes as a token, as a JWK Set and as a pasted key. What stands before the first blank line is the token, what
 * follows it the keys that it is verified with; without a blank line the bytes are all three.
 */
#include <stdint.h>
#include <stdlib.h>

#include "jose/jws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Small ones, so that the one-bit search costs little: a 512-bit RSA key and the EC key of RFC 7515 A.3. */
static const char known[] =
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"e\":\"AQAB\",\"n\":\"uLTmUuRNp_I3DZ4mDicTZVCko6bQf1wMMy-"
        "LEiQIP9IrkC-JEegYGPjJnV1dmDGVdQTZDpRd4uj1TueBzHX2Nw\"},"
        "{\"kty\":\"EC\",\"kid\":\"e\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
        "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

static void diagnose(struct arena *a, struct sv token, const struct jwks *keys, struct sv pasted)
{
	struct jws_context c = {.keys = keys, .client_secret = SV("secret"), .public_key_text = pasted};
	struct jws_diagnosis d;
	struct jws jws;

	jws_split(a, token, &jws);
	jws_diagnose(a, &jws, &c, &d);
	/* There is always an answer, and a fix unless there is nothing to mend. */
	if (!d.sentence || !d.fix != (d.reason == JWS_VERIFIED))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena_auto *a = arena_new();
	struct sv all = {(const char *)data, size}, token = all, rest = all;
	struct err e = {0};
	struct jwks keys;
	long blank = sv_find(all, SV("\n\n"));

	if (size > 65536)
		return 0;
	if (blank >= 0) {
		token = (struct sv){all.p, (size_t)blank};
		rest = (struct sv){all.p + blank + 2, all.n - (size_t)blank - 2};
	}
	if (jwks_parse(a, sv_of(known), &keys, &e) < 0)
		abort();
	diagnose(a, token, &keys, rest);
	jwks_release(&keys);
	if (jwks_parse(a, rest, &keys, &e) == 0) {
		diagnose(a, token, &keys, SV_NONE);
		jwks_release(&keys);
	}
	if (jwks_parse_key(a, rest, &keys, &e) == 0) {
		diagnose(a, token, &keys, rest);
		jwks_release(&keys);
	}
	return 0;
}
