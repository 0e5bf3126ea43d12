#include <string.h>

#include "checks/check.h"

/* The public key in the form in which it was given to LivePerson: one line of base64. */

/* Forms that LivePerson does not take. */
static const struct form {
	enum jwks_form form;
	const char *observed, *fix;
} forms[] = {
        {JWKS_SPKI_PEM, "it is PEM, with header and footer",
         "leave out the lines -----BEGIN PUBLIC KEY----- and -----END PUBLIC KEY-----, and join the rest into one "
         "line"},
        {JWKS_SPKI_LINES, "it has line breaks or blanks inside", "join the lines into one"},
        {JWKS_PKCS1, "it is a bare RSAPublicKey (PKCS#1), without the algorithm around it",
         "convert it (openssl rsa -RSAPublicKey_in -pubout), leave out the first and the last line, and join the rest"},
        {JWKS_CERTIFICATE, "it is a certificate",
         "take the key out of it (openssl x509 -pubkey -noout), leave out the first and the last line, and join the "
         "rest"},
        {JWKS_DOCUMENT, "it is a JWK, which is JSON",
         "write the key as PEM (openssl rsa -pubout), leave out the first and the last line, and join the rest"},
};

static void judge_form(struct subject *s, const struct jwks *keys, struct finding *f)
{
	static const char expected[] =
	        "one line of base64 that holds a SubjectPublicKeyInfo, without PEM header and footer";
	bool rsa = keys->n > 0 && keys->v[0].type == JWK_RSA;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (keys->form != forms[i].form)
			continue;
		violated(s, f, expected, "%s", forms[i].observed);
		detail(f, NULL, "the registered key", forms[i].fix);
		return;
	}
	if (rsa || (s->run->algorithm && strncmp(s->run->algorithm, "ES", 2) == 0))
		pass(s, f, "one line of base64, a SubjectPublicKeyInfo");
	else /* another kind of key than the signature needs */
		skip_owned(s, f, "jose.signature");
}

CHECK(lpkey_format, "lpkey.format")
{
	const char *text = s->run->public_key;
	struct jwks keys = {0};
	struct err e = {0};

	if (!text) {
		skip(s, f, "LivePerson has a JWKS address, not a key");
	} else if (jwks_text_is_private(s->a, sv_of(text))) {
		skip_owned(s, f, "jwks.public-only");
	} else if (jwks_parse_key(s->a, sv_of(text), &keys, &e) < 0) {
		violated(s, f, "one line of base64 that holds a SubjectPublicKeyInfo", "%s", arena_text(s->a, e.text));
		detail(f, NULL, "the registered key", NULL);
	} else {
		judge_form(s, &keys, f);
	}
	jwks_release(&keys);
}
