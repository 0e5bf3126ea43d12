/*
 * Hostile bytes as an encrypted token. The key is fixed, and so short that RSA1_5 alone fits into it: the corpus holds
 * tokens that it opens, so that what lies behind the key is reached, too.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "jose/jwe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 512 bits: of no use to anybody. */
static const char key[] = "MIIBOgIBAAJBAKePt2lucCGyVQdnrHIyKiHUEPuQU3LghANFwIdgvKzobCWbaQjD\n"
                          "9+ZjCoDxsDV5nINGTPg+PH5DDxfW/r71JaECAwEAAQJAeTHf7WgtvpGoIqT/+9EA\n"
                          "3FrwtaPcV9jAY0WOTdzQWxbM8YRFag7caTAUAx7QVWWK/eTOFLB51AdKR9xjZ1C9\n"
                          "KQIhAN0li+ic+o15faD8tojpyUyzk35WdLFxzhc8CclKfTz/AiEAwfgzlWJrrhsK\n"
                          "sQkrDUN4OsuQDIaY+l/N0UU3z2VNfV8CIQDOLmlo8KKxMGoupC7TK5TgjDShf53A\n"
                          "qqhJBVLidy6YpQIgAbzCYYUnJ8EQQHOvkgfXrNcj7CjMd/mhs00madIjdosCIBBY\n"
                          "KWWPvHC5fOlDwyZA1A+nh9kG7V0aZBOWWPxs4SzP\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena_auto *a = arena_new();
	const char *pem =
	        arena_printf(a, "-----BEGIN RSA %s KEY-----\n%s-----END RSA %s KEY-----\n", "PRIVATE", key, "PRIVATE");
	struct jwe jwe;

	if (size > 65536)
		return 0;
	jwe_decrypt(a, (struct sv){(const char *)data, size}, sv_of(pem), &jwe);
	/* Either it opens, or it is said why not; our key is never the reason. */
	if (!jwe.problem != (jwe.reason == JWE_DECRYPTED) || jwe.reason == JWE_BAD_KEY)
		abort();
	if (jwe.plaintext.p && jwe.reason != JWE_DECRYPTED && jwe.reason != JWE_MISMADE)
		abort();
	if (jwe.reason == JWE_DECRYPTED && !jwe.plaintext.p)
		abort();
	jwe_release(&jwe);
	return 0;
}
