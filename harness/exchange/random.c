#include "exchange/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "core/base64.h"

static int fill(char *bytes, size_t n, struct err *e)
{
	if (getrandom(bytes, n, 0) == (ssize_t)n)
		return 0;
	return err_trouble(e, "cannot get %zu random bytes: %s", n, strerror(errno));
}

char *random_text(struct arena *a, size_t n, struct err *e)
{
	char bytes[RANDOM_MAX];

	if (n > sizeof bytes) {
		err_trouble(e, "cannot get %zu random bytes: %s", n, strerror(EINVAL));
		return NULL;
	}
	return fill(bytes, n, e) == 0 ? base64_encode(a, BASE64_URL, (struct sv){bytes, n}) : NULL;
}

int random_characters(struct buf *out, size_t n, struct err *e)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	char bytes[RANDOM_MAX];

	while (n > 0) {
		size_t piece = n < sizeof bytes ? n : sizeof bytes;
		if (fill(bytes, piece, e) < 0)
			return -1;
		for (size_t i = 0; i < piece; i++)
			bytes[i] = alphabet[bytes[i] & 63];
		buf_add(out, bytes, piece);
		n -= piece;
	}
	return 0;
}
