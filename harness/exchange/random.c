#include "exchange/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "core/base64.h"

char *random_text(struct arena *a, size_t n, struct err *e)
{
	char bytes[RANDOM_MAX];

	if (n > sizeof bytes || getrandom(bytes, n, 0) != (ssize_t)n) {
		err_trouble(e, "cannot get %zu random bytes: %s", n, strerror(n > sizeof bytes ? EINVAL : errno));
		return NULL;
	}
	return base64_encode(a, BASE64_URL, (struct sv){bytes, n});
}
