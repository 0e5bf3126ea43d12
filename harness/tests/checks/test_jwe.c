/* Encrypted id_tokens: jwe.*, and what the other checks see of them. */
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "jose/jwe.h"
#include "sample.h"

static struct {
	struct arena *a;
	const char *private_pem, *public_pem, *other_private, *other_public;
} keys;

/* A finding, and how the id_token that row.edits make is encrypted. All zero: rightly. */
struct encrypted_row {
	struct sample_row row;
	const char *alg, *alg_written, *enc, *enc_written, *cty; /* cty "": none */
	const char *header; /* JSON that takes the header's place; the tag is then wrong */
	const char *inside; /* instead of the signed token; "claims": its claims, bare */
	const char *token;  /* the id_token; {} is the encrypted one */
	bool off;           /* agreed, but not done */
	bool around;        /* signed around the encrypted one */
	bool other, compressed, altered, no_key, bad_key;
};

static json_t *body_of(const struct sample *m)
{
	json_t *body = json_loadb(m->x.response.body.p, m->x.response.body.n, JSON_ALLOW_NUL, NULL);

	ck_assert_ptr_nonnull(body);
	return body;
}

/* What is encrypted: the id_token of the sample, its claims, or a text of the row. */
static struct sv inside(struct sample *m, const struct encrypted_row *r, const json_t *body)
{
	struct sv token = sv_of(json_string_value(json_object_get(body, "id_token"))), part, claims = SV_NONE;

	if (r->inside && strcmp(r->inside, "claims") != 0)
		return sv_of(r->inside);
	token = arena_svdup(m->a, token);
	if (!r->inside)
		return token;
	sv_cut(&token, '.', &part);
	sv_cut(&token, '.', &part);
	ck_assert_int_eq(base64_decode(m->a, BASE64_URL, part, &claims, NULL), BASE64_OK);
	return claims;
}

static char *encrypt(struct sample *m, const struct encrypted_row *r, struct sv text)
{
	struct err e = {0};
	const struct jwe_wish w = {
	        .alg = r->alg ? r->alg : "RSA-OAEP-256",
	        .alg_written = r->alg_written,
	        .enc = r->enc ? r->enc : "A256GCM",
	        .enc_written = r->enc_written,
	        .cty = !r->cty   ? "JWT"
	               : *r->cty ? r->cty
	                         : NULL,
	        .compressed = r->compressed,
	        .public_pem = sv_of(r->other ? keys.other_public : keys.public_pem),
	        .plaintext = text,
	};
	char *token = jwe_encrypt(m->a, &w, &e);

	ck_assert_msg(token != NULL, "%s", e.text);
	if (r->header)
		token = arena_printf(m->a, "%s%s", base64_encode(m->a, BASE64_URL, sv_of(r->header)),
		                     strchr(token, '.'));
	if (r->altered)
		token[strlen(token) - 2] = token[strlen(token) - 2] == 'A' ? 'B' : 'A';
	return token;
}

static void put_token(struct sample *m, json_t *body, const char *token)
{
	json_object_set_new(body, "id_token", json_string(token));
	char *text = json_dumps(body, JSON_COMPACT);
	m->x.response.body = arena_svdup(m->a, sv_of(text));
	free(text);
}

static void make(struct sample *m, const struct encrypted_row *r)
{
	sample_make(m, r->row.edits);
	json_auto_t *body = body_of(m);
	char *token = encrypt(m, r, inside(m, r, body));
	if (r->around) {
		struct sample again;
		sample_make(&again, arena_printf(m->a, "{'raw_payload':'%s'}", token));
		sample_release(m);
		*m = again;
		m->s.run = &m->run;
		m->s.x = &m->x;
		m->s.keys = &m->keys;
	} else if (r->token) {
		const char *at = strstr(r->token, "{}");
		put_token(m, body,
		          at ? arena_printf(m->a, "%.*s%s%s", (int)(at - r->token), r->token, token, at + 2)
		             : r->token);
	} else if (!r->off) {
		put_token(m, body, token);
	}
	if (!r->no_key)
		m->run.decryption_key = r->bad_key ? "no key" : keys.private_pem;
}

static void judge(const struct encrypted_row *r)
{
	sample_auto m;

	make(&m, r);
	sample_judge_made(&m, &r->row);
}

#define CLAIMS .inside = "claims"
#define JWE_HEADER "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIn0"

static const struct encrypted_row envelope_rows[] = {
        {.row = P("jwe.present", NULL, "five parts")},
        {.row = P("jwe.present", NULL, NULL), .other = true},
        {.row = V("jwe.present", NULL, NULL, "signed, but not encrypted", NULL), .off = true},
        {.row = V("jwe.present", NULL, NULL, "five parts, but the header has no enc", "for example A256GCM"),
         .header = "{\"alg\":\"RSA-OAEP-256\"}"},
        {.row = V("jwe.present", NULL, NULL, "not JSON", "RSA-OAEP-256"), .header = "x"},
        {.row = S("jwe.present", NULL, NULL, "agrees on no encryption"), .no_key = true},
        {.row = S("jwe.present", NULL, "jwe.inner-signed", NULL), .around = true, CLAIMS},
        {.row = S("jwe.present", NULL, "jose.base64url", NULL), .token = "{}*"},
        {.row = P("jwe.present", NULL, NULL), .token = "{}=="},
        {.row = S("jwe.present", NULL, "jose.compact", NULL), .token = "{}.x"},
        {.row = S("jwe.present", "{'body_remove':['id_token']}", "token.id-token", NULL), .off = true},

        {.row = P("jwe.alg-enc", NULL, "alg is RSA-OAEP-256, enc is A256GCM")},
        {.row = P("jwe.alg-enc", NULL, "A128CBC-HS256"), .enc = "A128CBC-HS256"},
        {.row = P("jwe.alg-enc", NULL, NULL), .enc = "A192CBC-HS384", .other = true},
        {.row = P("jwe.alg-enc", NULL, NULL), .around = true, CLAIMS},
        {.row = V("jwe.alg-enc", NULL, NULL, "alg is \"RSA_OAEP_256\"", "with hyphens: LivePerson's page spells it"),
         .alg_written = "RSA_OAEP_256"},
        {.row = V("jwe.alg-enc", NULL, NULL, "alg is \"rsa-oaep-256\"", "exactly so: RSA-OAEP-256"),
         .alg_written = "rsa-oaep-256"},
        {.row = V("jwe.alg-enc", NULL, NULL, "alg is \"RSA1_5\"", "decrypt by trial"), .alg = "RSA1_5"},
        {.row = V("jwe.alg-enc", NULL, NULL, "alg is \"RSA-OAEP\"", "with SHA-1"), .alg = "RSA-OAEP"},
        {.row = V("jwe.alg-enc", NULL, NULL, "alg is \"dir\"", "public key that LivePerson gave"),
         .alg_written = "dir"},
        {.row = V("jwe.alg-enc", NULL, NULL, "enc is \"A256\", which names no content encryption", "choose A256GCM"),
         .enc_written = "A256"},
        {.row = V("jwe.alg-enc", NULL, NULL, "enc is \"a256gcm\"", "exactly so: A256GCM"), .enc_written = "a256gcm"},
        {.row = V("jwe.alg-enc", NULL, NULL, "enc is \"RSA-OAEP-256\"", "a value for alg"),
         .enc_written = "RSA-OAEP-256"},
        {.row = S("jwe.alg-enc", NULL, "jwe.present", NULL), .off = true},
        {.row = S("jwe.alg-enc", NULL, "jwe.present", NULL), .header = "{\"alg\":\"RSA-OAEP-256\"}"},
        {.row = S("jwe.alg-enc", NULL, "jose.base64url", NULL), .token = "{}*"},

        {.row = P("jwe.cty", NULL, "JWT")},
        {.row = P("jwe.cty", NULL, "jwt"), .cty = "jwt"},
        {.row = P("jwe.cty", NULL, NULL), .cty = "application/jwt"},
        {.row = P("jwe.cty", NULL, NULL), .other = true},
        {.row = V("jwe.cty", NULL, "absent", "there is no cty", NULL), .cty = ""},
        {.row = V("jwe.cty", NULL, NULL, "at+jwt", NULL), .cty = "at+jwt"},
        {.row = V("jwe.cty", NULL, NULL, "1", NULL),
         .header = "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"cty\":1}"},
        {.row = S("jwe.cty", NULL, "jwe.inner-signed", NULL), .cty = "", CLAIMS},
        {.row = S("jwe.cty", NULL, "jwe.present", NULL), .off = true},
        {.row = S("jwe.cty", NULL, "jwe.present", NULL), .header = "[]"},
        {.row = S("jwe.cty", NULL, NULL, "no encryption"), .no_key = true},
};

static const struct encrypted_row opening_rows[] = {
        {.row = P("jwe.decrypts", NULL, "its tag verifies")},
        {.row = P("jwe.decrypts", NULL, NULL), .alg = "RSA1_5", .enc = "A256CBC-HS512"},
        {.row = P("jwe.decrypts", NULL, NULL), .alg_written = "RSA_OAEP_256"},
        {.row = P("jwe.decrypts", NULL, NULL), .around = true, CLAIMS},
        {.row = P("jwe.decrypts", NULL, NULL), .token = "{}=="},
        {.row = V("jwe.decrypts", NULL, NULL, "encrypted to another key, or damaged",
                  "public key that LivePerson gave"),
         .other = true},
        {.row = V("jwe.decrypts", NULL, NULL,
                  "content key opens with the registered key, but the authentication tag does not fit",
                  "what changes or cuts it"),
         .altered = true},
        {.row = V("jwe.decrypts", NULL, NULL,
                  "the content key is encrypted with RSA-OAEP with SHA-1, and alg says RSA-OAEP-256",
                  "choose by the name"),
         .alg = "RSA-OAEP",
         .alg_written = "RSA-OAEP-256"},
        {.row = V("jwe.decrypts", NULL, "compressed", "zip is 'DEF'", "leave zip out"), .compressed = true},
        {.row = E("jwe.decrypts", NULL, "no private RSA key"), .bad_key = true},
        {.row = S("jwe.decrypts", NULL, "jwe.alg-enc", NULL), .alg_written = "dir"},
        {.row = S("jwe.decrypts", NULL, "jwe.alg-enc", NULL), .enc_written = "A512GCM"},
        {.row = S("jwe.decrypts", NULL, "jwe.alg-enc", NULL), .alg_written = "RSA_OAEP_256", .altered = true},
        {.row = S("jwe.decrypts", NULL, "jose.crit", NULL),
         .header = "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"crit\":[\"x\"]}"},
        {.row = S("jwe.decrypts", NULL, "jose.base64url", NULL), .token = "{}\n*"},
        {.row = S("jwe.decrypts", NULL, "jose.base64url", NULL), .token = "{}=", .altered = true},
        {.row = S("jwe.decrypts", NULL, "jwe.present", NULL), .off = true},
        {.row = S("jwe.decrypts", NULL, "jose.compact", NULL), .token = "a.b"},

        {.row = P("jwe.inner-signed", NULL, "a signed JWT")},
        {.row = V("jwe.inner-signed", NULL, NULL, "bare claims, an object", "sign the claims first"), CLAIMS},
        {.row = V("jwe.inner-signed", NULL, NULL, "bare claims", "sign the claims first"),
         .inside = "{\"a\":\"b.c.d\"}"},
        {.row = V("jwe.inner-signed", NULL, NULL, "encrypted inside and signed outside: the order", "then encrypt"),
         .around = true,
         CLAIMS},
        {.row = V("jwe.inner-signed", NULL, NULL, "encrypted inside and signed outside", "then encrypt"),
         .around = true,
         .other = true},
        {.row = V("jwe.inner-signed", NULL, NULL, "one more encrypted token", "once"),
         .inside = JWE_HEADER ".AA.AA.AA.AA"},
        {.row = V("jwe.inner-signed", NULL, NULL, "JSON serialization", "header.payload.signature"),
         .inside = "{\"payload\":\"e30\",\"signatures\":[]}"},
        {.row = V("jwe.inner-signed", NULL, NULL, "11 bytes that are neither", NULL), .inside = "html></...>"},
        {.row = V("jwe.inner-signed", NULL, NULL, "0 bytes", NULL), .inside = ""},
        {.row = S("jwe.inner-signed", "{'header':{'alg':'none'},'sign':'none'}", "jose.alg-not-none", NULL)},
        {.row = S("jwe.inner-signed", NULL, "jwe.decrypts", NULL), .other = true},
        {.row = S("jwe.inner-signed", NULL, "jwe.decrypts", NULL), .compressed = true},
        {.row = S("jwe.inner-signed", NULL, "jwe.decrypts", NULL), .bad_key = true},
        {.row = S("jwe.inner-signed", NULL, "jwe.alg-enc", NULL), .alg_written = "dir"},
        {.row = S("jwe.inner-signed", NULL, "jwe.present", NULL), .off = true},
};

/* What is inside is judged as if it had come by itself; where it cannot be seen, the envelope's requirement owns that. */
static const struct encrypted_row inner_rows[] = {
        {.row = P("jose.compact", NULL, "three parts inside the encrypted token")},
        {.row = P("jose.compact", NULL, "three parts"), .off = true},
        {.row = S("jose.compact", NULL, "jwe.decrypts", NULL), .other = true},
        {.row = S("jose.compact", NULL, "jwe.inner-signed", NULL), CLAIMS},
        {.row = V("jose.compact", NULL, NULL, "4 parts", "one of the five parts"), .token = JWE_HEADER ".a.b.c"},
        {.row = V("jose.compact", NULL, NULL, "1 part", "JSON serialization of JWE"), .token = "{\"ciphertext\":\"\"}"},
        {.row = V("jose.compact", NULL, NULL, "1 part", "then encrypt"), .token = "{\"sub\":\"\"}"},
        {.row = V("jose.compact", NULL, NULL, "2 parts", NULL), .token = "a.b"},
        {.row = E("jose.compact", NULL, "agrees on no encryption"), .no_key = true},

        {.row = P("jose.base64url", NULL, "inside the encrypted one")},
        {.row = V("jose.base64url", NULL, NULL, "the authentication tag has padding", "padding"), .token = "{}=="},
        {.row = V("jose.base64url", NULL, NULL, "the authentication tag has a line break", "one line"),
         .token = "{}\n"},
        {.row = V("jose.base64url", "{'token':'{token}='}", NULL, "the signature of the token inside the encrypted one",
                  "padding")},
        {.row = S("jose.base64url", NULL, "jwe.decrypts", NULL), .other = true},
        {.row = S("jose.base64url", NULL, "jwe.inner-signed", NULL), CLAIMS},

        {.row = P("jose.crit", NULL, "no crit")},
        {.row = V("jose.crit", NULL, NULL, "encrypted token's header", NULL),
         .header = "{\"alg\":\"RSA-OAEP-256\",\"enc\":\"A256GCM\",\"crit\":[\"x\"]}"},
        {.row = V("jose.crit", "{'header':{'crit':['b64']}}", NULL, "b64", NULL)},
        {.row = P("jose.crit", NULL, NULL), .off = true},

        {.row = P("jose.signature", NULL, "verifies")},
        {.row = P("jose.signature", NULL, "verifies"), .off = true},
        {.row = P("jose.signature", NULL, "verifies"), .alg = "RSA1_5"},
        {.row = P("jose.signature", NULL, "verifies"), .enc_written = "a256gcm", .header = NULL},
        {.row = P("jose.signature", NULL, "verifies"), .token = "\n{}"},
        {.row = P("jose.signature", NULL, "verifies"), .around = true, CLAIMS},
        {.row = V("jose.signature", "{'sign':'other'}", NULL, NULL, "private key")},
        {.row = S("jose.signature", NULL, "jwe.decrypts", NULL), .altered = true},
        {.row = S("jose.signature", NULL, "jwe.alg-enc", NULL), .enc_written = "A512GCM"},
        {.row = S("jose.signature", NULL, "jwe.present", NULL), .header = "{}"},
        {.row = S("jose.signature", NULL, "jwe.inner-signed", NULL), CLAIMS},
        {.row = S("jose.typ", NULL, "jwe.inner-signed", NULL), CLAIMS},
        {.row = S("jose.typ", NULL, "jose.base64url", NULL), .token = "{}*"},
        {.row = V("jose.alg-not-none", "{'header':{'alg':'none'},'sign':'none'}", NULL, "none", NULL)},

        {.row = P("jose.payload-json", NULL, NULL)},
        {.row = V("jose.payload-json", "{'raw_payload':'[1]'}", NULL, "an array", NULL)},
        {.row = S("jose.payload-json", NULL, "jwe.inner-signed", NULL), .around = true, CLAIMS},
        {.row = S("jose.payload-json", NULL, "jwe.inner-signed", NULL), CLAIMS},
        {.row = V("jose.payload-unique", NULL, NULL, "\"a\" occurs twice", NULL), .inside = "{\"a\":1,\"a\":1}"},
        {.row = P("idtoken.sub.valid", NULL, NULL)},
        {.row = P("idtoken.sub.valid", NULL, NULL), CLAIMS},
        {.row = P("idtoken.sub.valid", NULL, NULL), .around = true, CLAIMS},
        {.row = V("idtoken.sub.valid", "{'remove':['sub']}", NULL, "no sub", NULL)},
        {.row = V("idtoken.sub.valid", "{'remove':['sub']}", NULL, "no sub", NULL), CLAIMS},
        {.row = S("idtoken.sub.valid", NULL, "jwe.inner-signed", NULL), .inside = "x"},
        {.row = S("idtoken.sub.valid", NULL, "jwe.inner-signed", NULL), .around = true, .other = true},
        {.row = S("idtoken.sub.valid", NULL, "jwe.decrypts", NULL), .compressed = true},
        {.row = P("idtoken.at-hash", NULL, NULL)},
        {.row = S("idtoken.at-hash", NULL, "jwe.inner-signed", NULL), CLAIMS},
};

#define ENCRYPTED_TEST(name)             \
	START_TEST(name)                 \
	{                                \
		judge(&name##_rows[_i]); \
	}                                \
	END_TEST
#define ENCRYPTED_ADD(tcase, name) tcase_add_loop_test(tcase, name, 0, (int)(sizeof name##_rows / sizeof *name##_rows))

ENCRYPTED_TEST(envelope)
ENCRYPTED_TEST(opening)
ENCRYPTED_TEST(inner)

int main(void)
{
	Suite *s = suite_create("checks: jwe");
	TCase *t = tcase_create("id_token");
	struct err e = {0};

	sample_keys_make();
	keys.a = arena_new();
	if (jwe_make_key(keys.a, 2048, &keys.private_pem, &keys.public_pem, &e) < 0 ||
	    jwe_make_key(keys.a, 2048, &keys.other_private, &keys.other_public, &e) < 0)
		return EXIT_FAILURE;
	ENCRYPTED_ADD(t, envelope);
	ENCRYPTED_ADD(t, opening);
	ENCRYPTED_ADD(t, inner);
	suite_add_tcase(s, t);
	int status = testing_run(s);
	arena_free(keys.a);
	sample_keys_free();
	return status;
}
