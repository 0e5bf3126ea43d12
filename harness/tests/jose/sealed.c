#include "sealed.h"

#include <stdlib.h>

#include "core/base64.h"

struct sealed_keys sealed;

void sealed_make(void)
{
	struct err e = {0};
	const char *unused, *other;

	sealed.a = arena_new();
	if (jwe_make_key(sealed.a, 2048, &sealed.private_pem, &sealed.public_pem, &e) < 0 ||
	    jwe_make_key(sealed.a, 2048, &other, &sealed.other_public, &e) < 0 ||
	    jwe_make_key(sealed.a, 1024, &unused, &sealed.small_public, &e) < 0)
		exit(EXIT_FAILURE);
}

void sealed_free(void)
{
	arena_free(sealed.a);
}

struct jwe_wish sealed_wish(void)
{
	return (struct jwe_wish){.alg = "RSA-OAEP-256",
	                         .enc = "A256GCM",
	                         .cty = "JWT",
	                         .public_pem = sv_of(sealed.public_pem),
	                         .plaintext = SV(SEALED_INSIDE)};
}

const char *sealed_encrypt(struct arena *a, const struct jwe_wish *w)
{
	struct err e = {0};
	const char *token = jwe_encrypt(a, w, &e);

	ck_assert_msg(token != NULL, "%s", e.text);
	return token;
}

struct sv sealed_bytes(struct arena *a, const char *text)
{
	struct sv ret = SV_NONE;

	ck_assert_int_le(base64_decode(a, BASE64_URL, sv_of(text), &ret, NULL), BASE64_OK);
	return ret;
}

const char *sealed_with_part(struct arena *a, const char *token, int part, const char *text, int cut)
{
	const char *ret = "";
	int i = 1;

	for (struct sv rest = sv_of(token), piece; sv_cut(&rest, '.', &piece); i++) {
		const char *now = arena_sv(a, piece);
		if (i == part && text) {
			now = text;
		} else if (i == part) {
			struct sv raw = sealed_bytes(a, now);
			char *copy = arena_sv(a, raw);
			copy[raw.n - 1] ^= cut ? 0 : 1;
			now = base64_encode(a, BASE64_URL, (struct sv){copy, raw.n - (size_t)cut});
		}
		ret = arena_printf(a, "%s%s%s", ret, i > 1 ? "." : "", now);
	}
	return ret;
}
