#include <openssl/core_dispatch.h>
#include <openssl/decoder.h>
#include <openssl/err.h>

#include "core/base64.h"
#include "core/text.h"
#include "jose/jwk.h"
#include "jose/key.h"

#define PRIVATE_REFUSED                                                                                                \
	"this is a private key: give the public one (openssl pkey -pubout), and replace this key if anybody else saw " \
	"it"

/* Decodes the whole of der as the given structure, or gives NULL. */
static EVP_PKEY *decode(struct sv der, const char *type, const char *structure, int selection)
{
	EVP_PKEY *key = NULL;
	OSSL_DECODER_CTX *ctx = OSSL_DECODER_CTX_new_for_pkey(&key, "DER", structure, type, selection, NULL, NULL);
	const unsigned char *p = ossl_bytes(der);
	size_t left = der.n;

	if (!ctx || OSSL_DECODER_from_data(ctx, &p, &left) != 1 || left) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	OSSL_DECODER_CTX_free(ctx);
	ERR_clear_error();
	return key;
}

/* Not by a decoder: asked for SubjectPublicKeyInfo, OpenSSL 3.0's takes an RSAPublicKey, too. */
static EVP_PKEY *decode_spki(struct sv der)
{
	const unsigned char *p = ossl_bytes(der);
	EVP_PKEY *key = d2i_PUBKEY(NULL, &p, (long)der.n);

	if (key && p != ossl_bytes(der) + der.n) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	ERR_clear_error();
	return key;
}

static EVP_PKEY *decode_certificate(struct sv der)
{
	const unsigned char *p = ossl_bytes(der);
	x509_auto *certificate = d2i_X509(NULL, &p, (long)der.n);
	EVP_PKEY *key = certificate && p == ossl_bytes(der) + der.n ? X509_get_pubkey(certificate) : NULL;

	ERR_clear_error();
	return key;
}

static bool is_private(struct sv der)
{
	pkey_auto *pkcs8 = decode(der, NULL, "PrivateKeyInfo", OSSL_KEYMGMT_SELECT_PRIVATE_KEY);
	pkey_auto *plain = decode(der, NULL, "type-specific", OSSL_KEYMGMT_SELECT_PRIVATE_KEY);
	/* EncryptedPrivateKeyInfo (RFC 5208 §6) has the structure of a DigestInfo: an algorithm and an octet string. */
	const unsigned char *p = ossl_bytes(der);
	x509_sig_auto *encrypted = d2i_X509_SIG(NULL, &p, (long)der.n);

	ERR_clear_error();
	return pkcs8 || plain || encrypted;
}

/* Finds out what the DER is. */
static int parse_der(struct arena *a, struct sv der, struct jwks *ret, struct err *e)
{
	struct jwks found = {.n = 1, .form = JWKS_SPKI_LINE};
	EVP_PKEY *key = decode_spki(der);

	if (!key) {
		found.form = JWKS_PKCS1;
		key = decode(der, "RSA", "type-specific", EVP_PKEY_PUBLIC_KEY);
	}
	if (!key) {
		found.form = JWKS_CERTIFICATE;
		key = decode_certificate(der);
	}
	if (!key && is_private(der))
		return err_input(e, PRIVATE_REFUSED);
	if (!key)
		return err_input(e,
		                 "not a public key: it decodes from base64 to %zu bytes, but they are neither a "
		                 "SubjectPublicKeyInfo, an RSAPublicKey nor a certificate",
		                 der.n);
	found.v = arena_array(a, 1, sizeof(*found.v));
	key_describe(a, key, found.v);
	*ret = found;
	return 0;
}

/* Cuts *text down to what stands between the PEM header and footer; *label is the header's, "PUBLIC KEY". */
static int unwrap_pem(struct sv *text, struct sv *label, struct err *e)
{
	long begin = sv_find(*text, SV("-----BEGIN "));
	struct sv rest = {text->p + begin + 11, text->n - (size_t)begin - 11};
	long label_end = sv_find(rest, SV("-----"));

	if (label_end < 0)
		return err_input(e, "the PEM header '-----BEGIN …-----' is not complete");
	*label = (struct sv){rest.p, (size_t)label_end};
	rest.p += label_end + 5;
	rest.n -= (size_t)label_end + 5;
	long end = sv_find(rest, SV("-----END "));
	if (end < 0)
		return err_input(e, "the PEM footer '-----END …-----' is missing");
	*text = (struct sv){rest.p, (size_t)end};
	return 0;
}

static int parse_pem(struct arena *a, struct sv text, struct jwks *ret, struct err *e)
{
	struct sv label = SV_NONE, der = SV_NONE;

	if (unwrap_pem(&text, &label, e) < 0)
		return -1;
	if (!sv_eq(label, SV("PUBLIC KEY")) && !sv_eq(label, SV("RSA PUBLIC KEY")) && !sv_eq(label, SV("CERTIFICATE")))
		return err_input(e, "the PEM text holds '%s', not a public key or a certificate",
		                 text_excerpt(a, label, 40));
	if (base64_decode_loosely(a, text, &der) < 0)
		return err_input(e, "what stands between the PEM header and footer is not base64%s",
		                 sv_find(text, SV("\\n")) >= 0 ? ": it has the two characters \\n for a line break"
		                                               : "");
	if (parse_der(a, der, ret, e) < 0)
		return -1;
	if (ret->form == JWKS_SPKI_LINE)
		ret->form = JWKS_SPKI_PEM;
	return 0;
}

static int parse_json(struct arena *a, struct sv text, struct jwks *ret, struct err *e)
{
	struct jwks found = {0};
	struct err unset = {0};

	if (jwks_parse(a, text, &found, &unset) < 0) {
		found.v = arena_array(a, 1, sizeof(*found.v));
		if (jwk_parse(a, text, found.v, e) < 0)
			return -1;
		found.form = JWKS_DOCUMENT;
		found.n = 1;
	}
	for (size_t i = 0; i < found.n; i++)
		if (found.v[i].private_parts) {
			jwks_release(&found);
			return err_input(e, PRIVATE_REFUSED);
		}
	*ret = found;
	return 0;
}

int jwks_parse_key(struct arena *a, struct sv text, struct jwks *ret, struct err *e)
{
	struct sv der = SV_NONE;
	size_t at = 0;

	if (sv_starts(text, SV("\xef\xbb\xbf")))
		text = (struct sv){text.p + 3, text.n - 3};
	text = sv_trim(text);
	if (text.n == 0)
		return err_input(e, "the public key is empty");
	if (sv_starts(text, SV("{")))
		return parse_json(a, text, ret, e);
	if (sv_find(text, SV("PRIVATE KEY-----")) >= 0)
		return err_input(e, PRIVATE_REFUSED);
	if (sv_find(text, SV("-----BEGIN ")) >= 0)
		return parse_pem(a, text, ret, e);
	enum base64_fault fault = base64_decode(a, BASE64_STANDARD, text, &der, &at);
	bool broken = fault == BASE64_LINE_BREAK || fault == BASE64_BLANK;
	if (broken && base64_decode_loosely(a, text, &der) == 0)
		fault = BASE64_OK;
	if (fault != BASE64_OK)
		return err_input(e, "not a public key: neither PEM nor JSON, and as base64 it %s at character %zu",
		                 base64_fault_text(fault), at + 1);
	if (parse_der(a, der, ret, e) < 0)
		return -1;
	if (broken && ret->form == JWKS_SPKI_LINE)
		ret->form = JWKS_SPKI_LINES;
	return 0;
}

bool jwks_text_is_private(struct arena *a, struct sv text)
{
	struct sv label = SV_NONE, der = SV_NONE;
	struct jwks set = {0};
	struct jwk key = {0};
	struct err unset = {0};
	bool private = false;

	text = sv_trim(text);
	if (sv_find(text, SV("PRIVATE KEY-----")) >= 0)
		return true;
	if (sv_starts(text, SV("{"))) {
		if (jwks_parse(a, text, &set, &unset) < 0 && jwk_parse(a, text, &key, &unset) == 0)
		private = key.private_parts;
		for (size_t i = 0; i < set.n; i++)
		private = private || set.v[i].private_parts;
		jwks_release(&set);
		jwk_release(&key);
		return private;
	}
	if (sv_find(text, SV("-----BEGIN ")) >= 0 && unwrap_pem(&text, &label, &unset) < 0)
		return false;
	return base64_decode_loosely(a, text, &der) == 0 && is_private(der);
}
