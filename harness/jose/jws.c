#include "jose/jws.h"

static const struct {
	const char *text, *hash;
} algorithms[] = {
#define JOSE_ROW(name, text, hash) [name] = {text, hash},
        JOSE_ALGORITHMS(JOSE_ROW)
#undef JOSE_ROW
};
_Static_assert(sizeof(algorithms) / sizeof(algorithms[0]) == ALG_UNKNOWN, "one row for each algorithm");

const char *jose_alg_text(enum jose_alg alg)
{
	return alg < ALG_UNKNOWN ? algorithms[alg].text : "unknown";
}

const char *jose_alg_hash(enum jose_alg alg)
{
	return alg < ALG_UNKNOWN ? algorithms[alg].hash : NULL;
}

enum jose_alg jose_alg_of(struct sv text)
{
	for (enum jose_alg alg = 0; alg < ALG_UNKNOWN; alg++)
		if (sv_eq(text, sv_of(algorithms[alg].text)))
			return alg;
	return ALG_UNKNOWN;
}

/* Like sv_cut, but a separator at the very end is followed by an empty part, as in the unsecured "header.payload.". */
static bool next_part(struct sv *rest, bool *more, struct sv *part)
{
	if (!*more)
		return false;
	long dot = sv_find_char(*rest, '.');
	*more = dot >= 0;
	*part = (struct sv){rest->p, dot < 0 ? rest->n : (size_t)dot};
	if (*more)
		*rest = (struct sv){rest->p + dot + 1, rest->n - (size_t)dot - 1};
	return true;
}

void jws_split(struct arena *a, struct sv token, struct jws *ret)
{
	struct jws found = {.token = token};
	struct sv *decoded[3] = {&found.header, &found.payload, &found.signature};
	struct sv rest = token, part;
	bool more = token.n > 0;

	while (found.parts < JWS_PARTS_MAX && next_part(&rest, &more, &part)) {
		size_t i = found.parts++;
		if (i >= 3)
			continue;
		found.raw[i] = part;
		found.fault[i] = base64_decode(a, BASE64_URL, part, decoded[i], &found.fault_at[i]);
		if (found.fault[i] != BASE64_OK && found.fault[i] != BASE64_TRAILING_BITS &&
		    base64_decode_loosely(a, part, decoded[i]) < 0)
			*decoded[i] = SV_NONE;
	}
	*ret = found;
}

struct sv jws_signing_input(const struct jws *token)
{
	if (token->parts < 2)
		return SV_NONE;
	return (struct sv){token->token.p, token->raw[0].n + 1 + token->raw[1].n};
}
