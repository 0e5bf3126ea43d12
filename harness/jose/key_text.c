#include "jose/key_text.h"

#include <openssl/err.h>

#include "core/base64.h"
#include "core/buf.h"

/* A line of PEM holds 64 characters: RFC 7468 §2. */
#define PEM_LINE 64

struct sv key_der(struct arena *a, EVP_PKEY *key)
{
	int n = i2d_PUBKEY(key, NULL);

	ERR_clear_error();
	if (n <= 0)
		return SV_NONE;
	unsigned char *out = arena_alloc(a, (size_t)n), *p = out;
	n = i2d_PUBKEY(key, &p);
	return n > 0 ? (struct sv){(const char *)out, (size_t)n} : SV_NONE;
}

char *key_line(struct arena *a, EVP_PKEY *key)
{
	struct sv der = key_der(a, key);

	return der.p ? base64_encode(a, BASE64_STANDARD, der) : NULL;
}

static char *pem(struct arena *a, const char *line, const char *line_break)
{
	struct buf b = {.cap = BUF_OWN};

	buf_addf(&b, "-----BEGIN PUBLIC KEY-----%s", line_break);
	for (struct sv rest = sv_of(line); rest.n;) {
		size_t n = rest.n < PEM_LINE ? rest.n : PEM_LINE;
		buf_add(&b, rest.p, n);
		buf_add_text(&b, line_break);
		rest = (struct sv){rest.p + n, rest.n - n};
	}
	buf_addf(&b, "-----END PUBLIC KEY-----%s", line_break);
	char *text = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return text;
}

char *key_pem(struct arena *a, EVP_PKEY *key)
{
	char *line = key_line(a, key);

	return line ? pem(a, line, "\n") : NULL;
}

size_t key_texts(struct arena *a, EVP_PKEY *key, struct key_text ret[KEY_TEXTS])
{
	struct sv der = key_der(a, key);

	if (!der.p)
		return 0;
	const char *line = base64_encode(a, BASE64_STANDARD, der);
	struct sv text = sv_of(pem(a, line, "\n"));
	ret[0] = (struct key_text){"the PEM text (with its final newline)", text};
	ret[1] = (struct key_text){"the PEM text (without its final newline)", {text.p, text.n - 1}};
	ret[2] = (struct key_text){"the DER bytes", der};
	ret[3] = (struct key_text){"the one-line base64", sv_of(line)};
	ret[4] = (struct key_text){"the PEM text (with CR LF line breaks)", sv_of(pem(a, line, "\r\n"))};
	return KEY_TEXTS;
}
