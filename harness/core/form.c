#include "core/form.h"

#include <stdlib.h>
#include <string.h>

static const char upper_hex[] = "0123456789ABCDEF";

static bool is_alnum(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static void encode(struct buf *out, struct sv value, const char *safe, bool plus)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		if (is_alnum((char)c) || (c && strchr(safe, c))) {
			buf_add_char(out, (char)c);
		} else if (c == ' ' && plus) {
			buf_add_char(out, '+');
		} else {
			char hex[3] = {'%', upper_hex[c >> 4], upper_hex[c & 15]};
			buf_add(out, hex, sizeof hex);
		}
	}
}

void form_encode(struct buf *out, struct sv value)
{
	encode(out, value, "-._*", true);
}

static char *encoded(struct arena *a, struct sv value, const char *safe, bool plus)
{
	struct buf b = {.cap = BUF_OWN};

	encode(&b, value, safe, plus);
	char *text = arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return text;
}

char *form_encoded(struct arena *a, struct sv value)
{
	return encoded(a, value, "-._*", true);
}

char *url_encoded(struct arena *a, struct sv value)
{
	return encoded(a, value, "-._~", false);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool form_decode(struct arena *a, struct sv text, struct sv *ret)
{
	char *out = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			if (text.n - i < 3 || hex_value(text.p[i + 1]) < 0 || hex_value(text.p[i + 2]) < 0)
				return false;
			c = (char)(hex_value(text.p[i + 1]) << 4 | hex_value(text.p[i + 2]));
			i += 2;
		}
		out[n++] = c;
	}
	out[n] = '\0';
	*ret = (struct sv){out, n};
	return true;
}
