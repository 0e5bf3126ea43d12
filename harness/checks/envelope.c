#include "checks/envelope.h"

#include <string.h>

struct sv envelope_mended(struct arena *a, struct sv token)
{
	char *copy = arena_alloc(a, token.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < token.n; i++) {
		char c = token.p[i];
		if (c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == '=')
			continue;
		copy[n++] = (char)(c == '+' ? '-' : c == '/' ? '_' : c);
	}
	return sv_eq((struct sv){copy, n}, token) ? SV_NONE : (struct sv){copy, n};
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

static bool has_header(const struct jwe *jwe)
{
	return jwe->alg && jwe->enc;
}

static void open_outside(struct subject *s, struct sv token)
{
	struct envelope *v = &s->envelope;
	struct sv key = sv_of(s->run->decryption_key), text;

	v->kind = ENVELOPE_OUTSIDE;
	jwe_decrypt(s->a, token, key, &v->jwe);
	if (v->jwe.reason != JWE_BAD_BASE64 || !(text = envelope_mended(s->a, token)).p)
		return;
	jwe_release(&v->jwe);
	jwe_decrypt(s->a, text, key, &v->jwe);
	v->mended = true;
}

/* A token with three parts: the middle one may be an encrypted token. */
static void look_inside(struct subject *s, struct sv token)
{
	struct envelope *v = &s->envelope;
	struct jws jws;

	v->kind = ENVELOPE_MISSING;
	jws_split(s->a, token, &jws);
	if (!jws.payload.p)
		return;
	jwe_decrypt(s->a, jws.payload, sv_of(s->run->decryption_key), &v->jwe);
	if (has_header(&v->jwe))
		v->kind = ENVELOPE_INSIDE;
}

const struct envelope *envelope_of(struct subject *s)
{
	struct envelope *v = &s->envelope;
	struct finding unused = {0};
	struct sv token;
	size_t parts = 1;

	if (v->jwe_done)
		return v;
	v->jwe_done = true;
	if (!s->run->decryption_key || !(token = subject_id_token(s, &unused)).p)
		return v;
	for (size_t i = 0; i < token.n; i++)
		parts += token.p[i] == '.';
	if (parts == 5)
		open_outside(s, token);
	else if (parts == 3)
		look_inside(s, token);
	else
		v->kind = ENVELOPE_BROKEN;
	return v;
}

/* --- what it is ---------------------------------------------------------------------------------------------------- */

static bool is_exact(const struct jwe *jwe)
{
	return strcmp(jwe_alg_meant(sv_of(jwe->alg)), jwe->alg) == 0 &&
	       strcmp(jwe_enc_meant(sv_of(jwe->enc)), jwe->enc) == 0;
}

const char *envelope_owner(const struct envelope *v)
{
	switch (v->jwe.reason) {
	case JWE_DECRYPTED:
	case JWE_MISMADE:
		return v->jwe.plaintext.p ? NULL : "jwe.decrypts";
	case JWE_NOT_COMPACT:
		return "jose.compact";
	case JWE_BAD_BASE64:
		return "jose.base64url";
	case JWE_BAD_HEADER:
		return "jwe.present";
	case JWE_UNKNOWN_ALG:
	case JWE_UNKNOWN_ENC:
		return "jwe.alg-enc";
	case JWE_CRITICAL:
		return "jose.crit";
	case JWE_OTHER_KEY:
	case JWE_BAD_TAG:
		/* A tag over what had to be mended, or by a name that had to be guessed, need not fit. */
		if (v->mended)
			return "jose.base64url";
		return is_exact(&v->jwe) ? "jwe.decrypts" : "jwe.alg-enc";
	case JWE_COMPRESSED:
	case JWE_BAD_KEY:
		break;
	}
	return "jwe.decrypts";
}

struct sv envelope_token(struct subject *s, struct sv received)
{
	const struct envelope *v = envelope_of(s);

	if (v->kind != ENVELOPE_OUTSIDE)
		return received;
	return envelope_owner(v) ? SV_NONE : v->jwe.plaintext;
}

bool envelope_unsigned(struct subject *s, struct sv *ret)
{
	const struct envelope *v = envelope_of(s);
	size_t parts = 1;

	*ret = SV_NONE;
	if (v->kind != ENVELOPE_OUTSIDE && v->kind != ENVELOPE_INSIDE)
		return false;
	*ret = envelope_owner(v) ? SV_NONE : v->jwe.plaintext;
	for (size_t i = 0; i < ret->n; i++)
		parts += ret->p[i] == '.';
	/* Claims can hold two dots. */
	return v->kind == ENVELOPE_INSIDE || (ret->p && (parts != 3 || sv_starts(sv_trim(*ret), SV("{"))));
}
