#include "suite/target_keys.h"

#include <string.h>

#include "core/base64.h"
#include "suite/companion.h"
#include "suite/tables.h"

/* The mapping being read. */
struct reading {
	const char *jwks_uri, *public_key, *algorithm;
	const char *public_key_file, *decryption_key_file;
};

static const char *const algorithms[] = {"RS256", "RS384", "RS512", "PS256", "PS384",
                                         "PS512", "ES256", "ES384", "ES512", NULL};

const struct key keys_keys[] = {
        KEY("jwks_uri", read_text, offsetof(struct reading, jwks_uri)),
        KEY("public_key", read_text, offsetof(struct reading, public_key)),
        KEY("public_key_file", read_text, offsetof(struct reading, public_key_file)),
        KEY("algorithm", read_text, offsetof(struct reading, algorithm)),
        KEY("decryption_key_file", read_text, offsetof(struct reading, decryption_key_file)),
        {0},
};

/* The DER of a private key begins with its version, a public key with an algorithm or with its long modulus. */
static bool is_private_der(struct sv der)
{
	const unsigned char *p = (const unsigned char *)der.p;
	size_t length = der.n > 1 && p[1] & 0x80 ? (size_t)(p[1] & 0x7f) : 0;

	return der.n > length + 5 && p[0] == 0x30 && p[2 + length] == 0x02 && p[3 + length] == 0x01;
}

static bool is_private_key(struct arena *a, struct sv text)
{
	struct sv der;

	return sv_find(text, SV("PRIVATE KEY")) >= 0 ||
	       (base64_decode_loosely(a, text, &der) == 0 && is_private_der(der));
}

static void check_public_key(struct source *s, const struct node *n, const char *text)
{
	struct sv der;

	if (is_private_key(s->a, sv_of(text))) {
		source_error(s, n->at,
		             "'public_key' is a private key, which belongs to the brand alone: give the public one");
		return;
	}
	/* As it was given to LivePerson: whether that has the right form is a verdict, not a mistake in this file. */
	if (sv_find(sv_of(text), SV("-----BEGIN ")) < 0 && base64_decode_loosely(s->a, sv_of(text), &der) < 0)
		source_error(s, n->at, "'public_key' is no base64: give the key as it was given to LivePerson");
}

static void read_public_key_file(struct source *s, const struct node *n, struct reading *r)
{
	const char *full;
	struct sv text = companion_read(s, n, r->public_key_file, &full);

	if (text.p && is_private_key(s->a, text))
		source_error(s, n->at,
		             "the file '%s' holds a private key, which belongs to the brand alone: give the public one",
		             full);
	else if (text.p && memchr(text.p, '\0', text.n))
		source_error(s, n->at, "the file '%s' is neither PEM nor base64", full);
	else if (text.p)
		r->public_key = arena_sv(s->a, text);
}

/* --- the key that id_tokens are encrypted to ---------------------------------------------------------------- */

/* The next block of PEM (RFC 7468 §2): its label and all of it, header and footer included. *rest goes behind it. */
static bool pem_block(struct arena *a, struct sv *rest, struct sv *label, struct sv *block)
{
	long begin = sv_find(*rest, SV("-----BEGIN "));

	if (begin < 0)
		return false;
	struct sv from = {rest->p + begin, rest->n - (size_t)begin};
	*label = (struct sv){from.p + 11, from.n - 11};
	long end = sv_find(*label, SV("-----"));
	if (end < 0)
		return false;
	label->n = (size_t)end;
	struct sv footer = sv_of(arena_printf(a, "-----END %.*s-----", SV_ARG(*label)));
	end = sv_find(from, footer);
	if (end < 0)
		return false;
	*block = (struct sv){from.p, (size_t)end + footer.n};
	*rest = (struct sv){from.p + block->n, from.n - block->n};
	return true;
}

/* RFC 8017 §A.1.2, or RFC 5208 §5 with the algorithm's name near its beginning. */
static bool is_rsa_key(struct arena *a, struct sv label, struct sv block)
{
	static const char rsa[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"; /* rsaEncryption */
	size_t edges = label.n + sizeof "-----BEGIN -----" - 1;
	struct sv body = {block.p + edges, block.n - edges - (label.n + sizeof "-----END -----" - 1)}, der;

	if (base64_decode_loosely(a, body, &der) < 0 || der.n < 32)
		return false;
	if (sv_eq(label, SV("RSA PRIVATE KEY")))
		return is_private_der(der);
	return sv_find((struct sv){der.p, 32}, (struct sv){rsa, sizeof rsa - 1}) >= 0;
}

/* What is wrong with a file that should hold an RSA private key, or NULL: *ret is its PEM. */
static const char *decryption_key_problem(struct arena *a, struct sv text, struct sv *ret)
{
	struct sv label, first = SV_NONE;

	for (struct sv rest = text; pem_block(a, &rest, &label, ret);) {
		first = first.p ? first : label;
		if (!sv_ends(label, SV("PRIVATE KEY")))
			continue;
		if (sv_starts(label, SV("ENCRYPTED")) || sv_find(*ret, SV("Proc-Type: 4,ENCRYPTED")) >= 0)
			return "is protected by a passphrase: save the key without one";
		if (!is_rsa_key(a, label, *ret))
			return "holds no RSA key: id_tokens are encrypted to an RSA key, with RSA-OAEP-256";
		return NULL;
	}
	if (!first.p)
		return "is no PEM: it has to hold a private key, from its BEGIN line to its END line";
	if (sv_find(first, SV("CERTIFICATE")) >= 0)
		return "holds a certificate: nothing can be decrypted with that, give the private key";
	if (sv_find(first, SV("PUBLIC KEY")) >= 0)
		return "holds a public key: nothing can be decrypted with that, give the private key";
	return "holds no private key";
}

static const char *read_decryption_key(struct source *s, const struct node *n, const char *path)
{
	const char *full;
	struct sv text = companion_read(s, n, path, &full), key;
	const char *problem = text.p ? decryption_key_problem(s->a, text, &key) : NULL;

	if (problem)
		source_error(s, n->at, "the file '%s' %s", full, problem);
	return text.p && !problem ? arena_sv(s->a, key) : NULL;
}

bool target_keys_read(struct source *s, const struct node *n, struct target *target)
{
	static const char *const ways[] = {"jwks_uri", "public_key", "public_key_file"};
	struct reading r = {.algorithm = target->keys.algorithm};
	size_t before = s->mistakes, index;
	const struct node *given = NULL, *algorithm = node_get(n, "algorithm");
	struct key word = {.name = "algorithm"};

	read_mapping(s, n, keys_keys, &r, "'keys'");
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		const struct node *way = node_get(n, ways[i]);
		if (given && way)
			source_error(s, way->at,
			             "'keys' has one of 'jwks_uri', 'public_key' and 'public_key_file', not several");
		given = given ? given : way;
	}
	if (!given && s->mistakes == before)
		source_error(s, n->at, "'keys' needs 'jwks_uri', 'public_key' or 'public_key_file'");
	if (r.public_key)
		check_public_key(s, node_get(n, "public_key"), r.public_key);
	if (r.public_key_file)
		read_public_key_file(s, node_get(n, "public_key_file"), &r);
	if (algorithm && r.algorithm)
		word_of(s, &word, algorithm, algorithms, &index);
	target->keys.jwks_uri = r.jwks_uri;
	target->keys.public_key = r.public_key;
	target->keys.from_file = r.public_key_file != NULL;
	target->keys.algorithm = r.algorithm;
	if (r.decryption_key_file)
		target->keys.decryption_key =
		        read_decryption_key(s, node_get(n, "decryption_key_file"), r.decryption_key_file);
	return s->mistakes == before;
}
