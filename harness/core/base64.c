#include "core/base64.h"

#include <string.h>

static const char alphabets[2][65] = {
        [BASE64_STANDARD] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        [BASE64_URL] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

char *base64_encode(struct arena *a, enum base64_kind kind, struct sv bytes)
{
	const char *alphabet = alphabets[kind];
	char *out = arena_alloc(a, bytes.n / 3 * 4 + 5), *o = out;

	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t left = bytes.n - i;
		unsigned v = (unsigned)(unsigned char)bytes.p[i] << 16;
		if (left > 1)
			v |= (unsigned)(unsigned char)bytes.p[i + 1] << 8;
		if (left > 2)
			v |= (unsigned char)bytes.p[i + 2];
		*o++ = alphabet[v >> 18 & 63];
		*o++ = alphabet[v >> 12 & 63];
		if (left > 1)
			*o++ = alphabet[v >> 6 & 63];
		if (left > 2)
			*o++ = alphabet[v & 63];
	}
	if (kind == BASE64_STANDARD)
		while ((o - out) % 4)
			*o++ = '=';
	*o = '\0';
	return out;
}

static int value_of(enum base64_kind kind, char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == alphabets[kind][62])
		return 62;
	if (c == alphabets[kind][63])
		return 63;
	return -1;
}

static enum base64_fault fault_of(enum base64_kind kind, char c)
{
	if (c == '\r' || c == '\n')
		return BASE64_LINE_BREAK;
	if (c == ' ' || c == '\t')
		return BASE64_BLANK;
	if (c == '=')
		return kind == BASE64_URL ? BASE64_PADDING : BASE64_LENGTH;
	if (value_of(kind == BASE64_URL ? BASE64_STANDARD : BASE64_URL, c) >= 0)
		return BASE64_OTHER_ALPHABET;
	return BASE64_FOREIGN;
}

/* Decodes n characters that are all in the alphabet; n % 4 is not 1. Gives whether unused trailing bits are zero. */
static bool decode_valid(enum base64_kind kind, struct sv text, char *out, size_t *ret_n)
{
	unsigned bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		bits = (bits << 6 | (unsigned)value_of(kind, text.p[i])) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have & 0xff);
		}
	}
	*ret_n = n;
	return (bits & ((1u << have) - 1)) == 0;
}

enum base64_fault base64_decode(struct arena *a, enum base64_kind kind, struct sv text, struct sv *ret, size_t *at)
{
	size_t n = text.n, unused;

	if (!at)
		at = &unused;
	if (kind == BASE64_STANDARD && n % 4 == 0)
		for (int i = 0; i < 2 && n && text.p[n - 1] == '='; i++)
			n--;
	for (size_t i = 0; i < n; i++)
		if (value_of(kind, text.p[i]) < 0) {
			*at = i;
			return fault_of(kind, text.p[i]);
		}
	if (n % 4 == 1 || (kind == BASE64_STANDARD && text.n % 4)) {
		*at = n;
		return BASE64_LENGTH;
	}
	char *out = arena_alloc(a, n / 4 * 3 + 4);
	size_t decoded;
	bool clean = decode_valid(kind, (struct sv){text.p, n}, out, &decoded);
	out[decoded] = '\0';
	*ret = (struct sv){out, decoded};
	if (clean)
		return BASE64_OK;
	*at = n - 1;
	return BASE64_TRAILING_BITS;
}

int base64_decode_loosely(struct arena *a, struct sv text, struct sv *ret)
{
	char *clean = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '=' || c == '\r' || c == '\n' || c == ' ' || c == '\t')
			continue;
		c = c == '+' ? '-' : c == '/' ? '_' : c;
		if (value_of(BASE64_URL, c) < 0)
			return -1;
		clean[n++] = c;
	}
	if (n % 4 == 1)
		return -1;
	char *out = arena_alloc(a, n / 4 * 3 + 4);
	size_t decoded;
	(void)decode_valid(BASE64_URL, (struct sv){clean, n}, out, &decoded);
	out[decoded] = '\0';
	*ret = (struct sv){out, decoded};
	return 0;
}

const char *base64_fault_text(enum base64_fault fault)
{
	switch (fault) {
	case BASE64_OK:
		return "is well-formed";
	case BASE64_LINE_BREAK:
		return "has a line break";
	case BASE64_BLANK:
		return "has a blank";
	case BASE64_PADDING:
		return "has padding (=)";
	case BASE64_OTHER_ALPHABET:
		return "uses the other base64 alphabet";
	case BASE64_FOREIGN:
		return "has a character that base64 does not use";
	case BASE64_LENGTH:
		return "has a length that base64 cannot have";
	case BASE64_TRAILING_BITS:
		return "has non-zero unused bits in its last character";
	}
	return "?";
}
