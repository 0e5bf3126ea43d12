#include <stdio.h>
#include <string.h>

#include "core/base64.h"
#include "core/text.h"
#include "jose/jwe.h"
#include "jose/jwe_content.h"
#include "jose/jwe_key.h"

enum { PART_HEADER, PART_KEY, PART_IV, PART_CIPHERTEXT, PART_TAG, PARTS };

static const char *const part_names[PARTS] = {"header", "encrypted key", "initialization vector", "ciphertext",
                                              "authentication tag"};

/* One decryption. */
struct opening {
	struct arena *a;
	struct sv raw[PARTS], part[PARTS];
	EVP_PKEY *key;
	const struct jwe_alg *alg;
	const struct jwe_enc *enc;
	struct jwe *jwe;
};

/* The end of it; gives false, so that a step can `return say(…)`. */
static bool __attribute__((format(printf, 4, 5)))
say(struct opening *o, enum jwe_reason reason, const char *fix, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	o->jwe->problem = arena_vprintf(o->a, format, args);
	va_end(args);
	o->jwe->reason = reason;
	o->jwe->fix = fix;
	return false;
}

/* --- the parts ----------------------------------------------------------------------------------------------------- */

static bool split(struct opening *o, struct sv token)
{
	size_t at = 0;

	for (struct sv rest = token, piece; sv_cut(&rest, '.', &piece); o->jwe->parts++)
		if (o->jwe->parts < PARTS)
			o->raw[o->jwe->parts] = piece;
	if (o->jwe->parts != PARTS)
		return say(o, JWE_NOT_COMPACT, NULL, "it has %zu part%s, and an encrypted token has five",
		           o->jwe->parts, o->jwe->parts == 1 ? "" : "s");
	for (int i = 0; i < PARTS; i++) {
		enum base64_fault fault = base64_decode(o->a, BASE64_URL, o->raw[i], &o->part[i], &at);
		if (fault != BASE64_OK && fault != BASE64_TRAILING_BITS)
			return say(o, JWE_BAD_BASE64, NULL, "the %s %s, at offset %zu of the part", part_names[i],
			           base64_fault_text(fault), at);
	}
	return true;
}

static const char *member(struct opening *o, const char *name)
{
	return arena_text(o->a, json_string_value(json_object_get(o->jwe->header, name)));
}

static bool read_header(struct opening *o)
{
	struct jwe *jwe = o->jwe;
	struct sv text = o->part[PART_HEADER];
	json_error_t e;

	jwe->header = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &e);
	if (!jwe->header)
		return say(o, JWE_BAD_HEADER, NULL, "the header is not JSON: %s",
		           text_excerpt(o->a, sv_of(e.text), 100));
	if (!json_is_object(jwe->header))
		return say(o, JWE_BAD_HEADER, NULL, "the header is JSON, but no object");
	jwe->alg = member(o, "alg");
	jwe->enc = member(o, "enc");
	jwe->cty = member(o, "cty");
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "enc" : "alg";
		if (!json_is_string(json_object_get(jwe->header, name)))
			return say(o, JWE_BAD_HEADER, NULL, "the header has %s %s",
			           json_object_get(jwe->header, name) ? "something that is not text as" : "no", name);
	}
	return true;
}

static bool choose(struct opening *o)
{
	struct jwe *jwe = o->jwe;

	o->alg = jwe_alg_like(sv_of(jwe->alg));
	o->enc = jwe_enc_like(sv_of(jwe->enc));
	if (!o->alg)
		return say(o, JWE_UNKNOWN_ALG, NULL,
		           "alg is '%s', and only RSA-OAEP-256, RSA-OAEP and RSA1_5 can be decrypted with an RSA key",
		           text_excerpt(o->a, sv_of(jwe->alg), 40));
	if (!o->enc)
		return say(o, JWE_UNKNOWN_ENC, NULL, "enc is '%s', which is no content encryption of RFC 7518",
		           text_excerpt(o->a, sv_of(jwe->enc), 40));
	if (json_object_get(jwe->header, "crit"))
		return say(o, JWE_CRITICAL, NULL, "the header has crit, which demands an extension that is not known");
	return true;
}

/* --- the content --------------------------------------------------------------------------------------------------- */

static bool open_with(struct opening *o, struct sv cek, struct sv aad)
{
	const struct jwe_sealed sealed = {o->part[PART_IV], o->part[PART_CIPHERTEXT], o->part[PART_TAG]};

	return jwe_open(o->a, o->enc, cek, aad, &sealed, &o->jwe->plaintext);
}

/* The content opens after all when one of the usual mistakes is made as well. */
static bool open_mismade(struct opening *o, struct sv cek)
{
	if (open_with(o, cek, o->part[PART_HEADER]))
		return say(
		        o, JWE_MISMADE, "pass the encoded header, as it stands in the token, as additional data",
		        "the tag was made with the decoded header as additional authenticated data, and it has to be "
		        "the encoded one (RFC 7516 §5.1)");
	if (open_with(o, cek, SV("")))
		return say(o, JWE_MISMADE, "pass the encoded header, as it stands in the token, as additional data",
		           "the tag was made without additional authenticated data, and that has to be the encoded "
		           "header (RFC 7516 §5.1)");
	if (o->enc->mac == ALG_NONE || cek.n != o->enc->key)
		return true;
	char *swapped = arena_sv(o->a, cek);
	memcpy(swapped, cek.p + cek.n / 2, cek.n / 2);
	memcpy(swapped + cek.n / 2, cek.p, cek.n / 2);
	if (open_with(o, (struct sv){swapped, cek.n}, o->raw[PART_HEADER]))
		return say(o, JWE_MISMADE, "take the first half of the content key for the HMAC, the second for AES",
		           "the halves of the content key are swapped: the first is the HMAC's, the second that of AES "
		           "(RFC 7518 §5.2.2.1)");
	return true;
}

static bool wrong_size(struct opening *o, const char *what, size_t have, size_t want)
{
	if (have == want)
		return false;
	say(o, JWE_BAD_TAG, arena_printf(o->a, "make it %zu bytes long", want),
	    "the %s has %zu bytes, and %s needs %zu", what, have, o->enc->name, want);
	return true;
}

static bool open_content(struct opening *o, struct sv cek)
{
	if (open_with(o, cek, o->raw[PART_HEADER]))
		return true;
	if (wrong_size(o, "content key inside the encrypted key", cek.n, o->enc->key) ||
	    wrong_size(o, part_names[PART_IV], o->part[PART_IV].n, o->enc->iv) ||
	    wrong_size(o, part_names[PART_TAG], o->part[PART_TAG].n, o->enc->tag) || !open_mismade(o, cek))
		return false;
	if (!o->alg->padding.hash)
		return say(o, JWE_BAD_TAG, NULL,
		           "the authentication tag does not fit: the token was encrypted to another key, or altered "
		           "after encryption");
	return say(o, JWE_BAD_TAG, "return the token as the library wrote it, and look for what changes or cuts it",
	           "the content key opens with the registered key, but the authentication tag does not fit: the token "
	           "was altered or cut after encryption");
}

/* --- the content key ----------------------------------------------------------------------------------------------- */

static const struct {
	struct jwe_padding padding;
	const char *what;
} paddings[] = {
        {{"SHA256", "SHA256"}, "RSA-OAEP with SHA-256"},
        {{"SHA256", "SHA1"},
         "RSA-OAEP with SHA-256, but with SHA-1 in its mask (MGF1), as Java does unless told otherwise"},
        {{"SHA1", "SHA1"}, "RSA-OAEP with SHA-1"},
        {{"SHA384", "SHA384"}, "RSA-OAEP with SHA-384"},
        {{"SHA512", "SHA512"}, "RSA-OAEP with SHA-512"},
        {{NULL, NULL}, "RSAES-PKCS1-v1_5"},
};

/* Whether it opens, content and all, by another padding than alg says. */
static bool other_padding(struct opening *o)
{
	for (size_t i = 0; i < sizeof paddings / sizeof *paddings; i++) {
		struct sv cek = jwe_key_open(o->a, o->key, &paddings[i].padding, o->part[PART_KEY]);
		if (!cek.p || !open_with(o, cek, o->raw[PART_HEADER]))
			continue;
		say(o, JWE_MISMADE,
		    arena_printf(o->a, "let the library choose by the name %s, or set hash and mask (MGF1) hash both",
		                 o->alg->name),
		    "the content key is encrypted with %s, and alg says %s", paddings[i].what, o->alg->name);
		return true;
	}
	return false;
}

static bool not_our_key(struct opening *o)
{
	static const char fix[] = "encrypt to the public key that LivePerson gave you for this account and environment";
	size_t have = o->part[PART_KEY].n, want = (size_t)EVP_PKEY_get_size(o->key);
	const char *kid = member(o, "kid");

	kid = kid ? arena_printf(o->a, " (the header's kid is '%s')", text_excerpt(o->a, sv_of(kid), 40)) : "";
	if (have == 0)
		return say(o, JWE_OTHER_KEY, NULL, "the encrypted key is empty");
	/* RSA keys come in steps of 128 bits at the least. */
	if (have != want && have % 16 == 0)
		return say(o, JWE_OTHER_KEY, fix,
		           "the encrypted key has %zu bytes, as a key of %zu bits makes it, and the registered one has "
		           "%d bits: the token is encrypted to another key%s",
		           have, have * 8, EVP_PKEY_get_bits(o->key), kid);
	if (have != want)
		return say(
		        o, JWE_OTHER_KEY, "return the encrypted key whole, leading zero bytes included",
		        "the encrypted key has %zu bytes, and the registered key makes %zu: it was cut or lengthened",
		        have, want);
	return say(o, JWE_OTHER_KEY, fix,
	           "the encrypted key does not open with the registered key: the token is encrypted to another key, or "
	           "damaged%s",
	           kid);
}

static bool open_token(struct opening *o)
{
	struct sv cek = jwe_key_open(o->a, o->key, &o->alg->padding, o->part[PART_KEY]);

	if (!cek.p)
		return other_padding(o) ? false : not_our_key(o);
	if (!open_content(o, cek))
		return false;
	const json_t *zip = json_object_get(o->jwe->header, "zip");
	if (!zip)
		return true;
	o->jwe->plaintext = SV_NONE;
	if (json_is_string(zip) && strcmp(json_string_value(zip), "DEF") == 0)
		return say(o, JWE_COMPRESSED, NULL, "zip is 'DEF': the content was compressed before encryption");
	return say(o, JWE_COMPRESSED, NULL, "zip is there, but is not 'DEF', the only compression that there is");
}

void jwe_decrypt(struct arena *a, struct sv token, struct sv key_pem, struct jwe *ret)
{
	struct opening o = {.a = a, .jwe = ret};

	*ret = (struct jwe){.reason = JWE_DECRYPTED};
	if (!split(&o, token) || !read_header(&o) || !choose(&o))
		return;
	pkey_auto *key = jwe_key_read(key_pem);
	o.key = key;
	if (key)
		open_token(&o);
	else
		say(&o, JWE_BAD_KEY, NULL, "the decryption key is no private RSA key in PEM without a passphrase");
	if (ret->reason == JWE_MISMADE && json_object_get(ret->header, "zip"))
		ret->plaintext = SV_NONE;
}

const char *jwe_alg_meant(struct sv text)
{
	const struct jwe_alg *alg = jwe_alg_like(text);

	return alg ? alg->name : NULL;
}

const char *jwe_enc_meant(struct sv text)
{
	const struct jwe_enc *enc = jwe_enc_like(text);

	return enc ? enc->name : NULL;
}

void jwe_release(struct jwe *j)
{
	json_decref(j->header);
	j->header = NULL;
}
