#include "sample.h"

#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/text.h"
#include "jose/ecdsa.h"
#include "jose/sign_key.h"
#include "sample_reply.h"

static struct {
	struct signing_key *rsa, *other, *ec, *weak, *e3;
} made;

static struct signing_key *rsa_key(int bits, unsigned long exponent)
{
	struct err e = {0};
	struct signing_key *k = signing_key_rsa(bits, exponent, &e);

	if (!k) {
		fprintf(stderr, "%s\n", e.text);
		exit(EXIT_FAILURE);
	}
	return k;
}

void sample_keys_make(void)
{
	struct err e = {0};

	made.rsa = rsa_key(2048, 65537);
	made.other = rsa_key(2048, 65537);
	made.weak = rsa_key(1024, 65537);
	made.e3 = rsa_key(2048, 3);
	made.ec = signing_key_ec("P-256", &e);
	if (!made.ec)
		exit(EXIT_FAILURE);
}

void sample_keys_free(void)
{
	signing_key_free(made.rsa);
	signing_key_free(made.other);
	signing_key_free(made.weak);
	signing_key_free(made.e3);
	signing_key_free(made.ec);
}

static const struct signing_key *key_named(const char *name)
{
	const struct {
		const char *name;
		const struct signing_key *key;
	} names[] = {{"rsa", made.rsa},   {"other", made.other}, {"ec", made.ec},         {"der", made.ec},
	             {"weak", made.weak}, {"e3", made.e3},       {"embedded", made.other}};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (name && strcmp(name, names[i].name) == 0)
			return names[i].key;
	return made.rsa;
}

/* --- the token ----------------------------------------------------------------------------------------------------- */

static char *dump(struct arena *a, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);
	char *copy = arena_text(a, text);

	free(text);
	return copy;
}

static char *encoded(struct arena *a, const char *text)
{
	return base64_encode(a, BASE64_URL, sv_of(text));
}

static struct sv signature_of(struct sample *m, const struct sample_edits *d, enum jose_alg alg, const char *input)
{
	const char *mode = d->sign ? d->sign : "";
	struct sv ret = SV_NONE;
	struct err e = {0};
	int failed;

	if (strcmp(mode, "none") == 0 || strcmp(mode, "empty") == 0)
		return SV("");
	if (strcmp(mode, "secret") == 0)
		failed = signing_hmac(m->a, sv_of(m->run.client_secret), alg, sv_of(input), &ret, &e);
	else if (strcmp(mode, "pem") == 0)
		failed = signing_hmac(m->a, sv_of(signing_key_pem(m->a, made.rsa)), alg, sv_of(input), &ret, &e);
	else
		failed = signing_sign(m->a, key_named(d->sign), alg, sv_of(input), &ret, &e);
	ck_assert_msg(!failed, "cannot sign: %s", e.text);
	char *bytes = arena_sv(m->a, ret);
	if (strcmp(mode, "flip") == 0)
		bytes[100] ^= 4;
	if (strcmp(mode, "truncated") == 0)
		ret.n -= 16;
	ret.p = bytes;
	if (strcmp(mode, "der") == 0)
		ck_assert_int_eq(ecdsa_to_der(m->a, ret, 32, &ret), 0);
	return ret;
}

static enum jose_alg alg_for(const struct sample_edits *d)
{
	const char *named = d->alg ? d->alg : json_string_value(json_object_get(d->header, "alg"));
	enum jose_alg alg = named ? jose_alg_of(sv_of(named)) : ALG_RS256;

	return alg == ALG_UNKNOWN || alg == ALG_NONE ? ALG_RS256 : alg;
}

/* at_hash of the access token, unless the edits say something of it. */
static void set_at_hash(struct sample *m, struct sample_edits *d)
{
	const char *token = json_string_value(json_object_get(d->body, "access_token"));
	const char *hash = jose_alg_hash(alg_for(d));
	struct err e = {0};
	struct sv digest;

	if (!token || json_object_get(d->claims, "at_hash") || d->no_at_hash)
		return;
	ck_assert_int_eq(jose_hash(m->a, hash, sv_of(token), &digest, &e), 0);
	digest.n /= 2;
	json_object_set_new(d->claims, "at_hash", json_string(base64_encode(m->a, BASE64_URL, digest)));
}

static char *make_token(struct sample *m, struct sample_edits *d)
{
	if (d->sign && strcmp(d->sign, "embedded") == 0)
		json_object_set_new(d->header, "jwk",
		                    json_loads(signing_key_jwk(m->a, made.other, NULL, NULL), 0, NULL));
	set_at_hash(m, d);
	const char *header = d->raw_header ? d->raw_header : dump(m->a, d->header);
	const char *payload = d->raw_payload ? d->raw_payload : dump(m->a, d->claims);
	bool decoded = d->sign && strcmp(d->sign, "decoded") == 0;
	const char *input = decoded ? arena_printf(m->a, "%s.%s", header, payload)
	                            : arena_printf(m->a, "%s.%s", encoded(m->a, header), encoded(m->a, payload));
	struct sv signature = signature_of(m, d, alg_for(d), input);
	if (d->sign && strcmp(d->sign, "altered") == 0)
		payload = arena_printf(m->a, "%.*s,\"altered\":1}", (int)strlen(payload) - 1, payload);
	d->part[0] = encoded(m->a, header);
	d->part[1] = encoded(m->a, payload);
	d->part[2] = base64_encode(m->a, BASE64_URL, signature);
	return arena_printf(m->a, "%s.%s.%s", d->part[0], d->part[1], d->part[2]);
}

/* --- keys ---------------------------------------------------------------------------------------------------------- */

/* A published key that is said to be for encryption, or whose private part is published, too. */
static const char *with_flaw(struct sample *m, const char *jwk, const char *flaw)
{
	if (strcmp(flaw, "private") == 0)
		return arena_printf(m->a, "{\"d\":\"AQ\",%s", jwk + 1);
	ck_assert_str_eq(flaw, "enc");
	char *copy = arena_text(m->a, jwk), *use = strstr(copy, "\"use\":\"sig\"");
	memcpy(use + 7, "enc", 3);
	return copy;
}

static const char *published(struct sample *m, const char *name)
{
	struct sv rest = sv_of(name), key = SV_NONE, kid = SV_NONE, flaw = SV_NONE;

	sv_cut(&rest, ':', &key);
	sv_cut(&rest, ':', &kid);
	sv_cut(&rest, ':', &flaw);
	const char *jwk =
	        signing_key_jwk(m->a, key_named(arena_sv(m->a, key)), kid.n ? arena_sv(m->a, kid) : NULL, NULL);
	return flaw.n ? with_flaw(m, jwk, arena_sv(m->a, flaw)) : jwk;
}

static void publish(struct sample *m, const json_t *names)
{
	const char *set = "";
	struct err e = {0};

	for (size_t i = 0; i < json_array_size(names); i++)
		set = arena_printf(m->a, "%s%s%s", set, i ? "," : "",
		                   published(m, json_string_value(json_array_get(names, i))));
	set = arena_printf(m->a, "{\"keys\":[%s]}", set);
	ck_assert_msg(jwks_parse(m->a, sv_of(set), &m->keys, &e) == 0, "%s", e.text);
	m->s.keys = &m->keys;
}

static void paste(struct sample *m, const char *text)
{
	struct err e = {0};

	m->run.public_key = text;
	m->run.jwks_uri = NULL;
	ck_assert_msg(jwks_parse_key(m->a, sv_of(text), &m->keys, &e) == 0, "%s", e.text);
	m->s.keys = &m->keys;
}

/* A self-signed certificate of the registered key, as PEM. */
static const char *certificate(struct sample *m)
{
	x509_auto *x = X509_new();
	unsigned char *der = NULL;

	X509_set_pubkey(x, made.rsa->pkey);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	ck_assert_int_gt(X509_sign(x, made.rsa->pkey, EVP_sha256()), 0);
	int n = i2d_X509(x, &der);
	const char *text = base64_encode(m->a, BASE64_STANDARD, (struct sv){(const char *)der, (size_t)n});
	OPENSSL_free(der);
	return arena_printf(m->a, "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n", text);
}

/* The registered key as one line of base64, broken in two. */
static const char *broken_line(struct sample *m)
{
	const char *line = signing_key_line(m->a, made.rsa);

	return arena_printf(m->a, "%.64s\n%s", line, line + 64);
}

/* As PKCS#1 has it: the RSAPublicKey that stands in the SubjectPublicKeyInfo of a 2048-bit key from its 24th byte on. */
static const char *pkcs1_line(struct sample *m)
{
	struct sv der = SV_NONE;

	base64_decode(m->a, BASE64_STANDARD, sv_of(signing_key_line(m->a, made.rsa)), &der, NULL);
	return base64_encode(m->a, BASE64_STANDARD, (struct sv){der.p + 24, der.n - 24});
}

static void register_keys(struct sample *m, const json_t *keys)
{
	const char *word = json_string_value(keys);

	if (!word) {
		publish(m, keys);
	} else if (strcmp(word, "pem") == 0) {
		paste(m, signing_key_pem(m->a, made.rsa));
	} else if (strcmp(word, "line") == 0) {
		paste(m, signing_key_line(m->a, made.rsa));
	} else if (strcmp(word, "lines") == 0) {
		paste(m, broken_line(m));
	} else if (strcmp(word, "pkcs1") == 0) {
		paste(m, pkcs1_line(m));
	} else if (strcmp(word, "certificate") == 0) {
		paste(m, certificate(m));
	} else {
		m->s.keys_unreachable = strcmp(word, "unreachable") == 0;
		m->s.keys_trouble = m->s.keys_unreachable ? "no JWKS could be had: connection refused"
		                                          : "the JWKS address answered with status 404, not with keys";
	}
}

/* --- all together -------------------------------------------------------------------------------------------------- */

void sample_make(struct sample *m, const char *text)
{
	struct sample_edits d;

	*m = (struct sample){.a = arena_new()};
	sample_facts(m);
	sample_read_edits(m, text, &d);
	m->s = (struct subject){.a = m->a, .run = &m->run, .x = &m->x};
	sample_place(m, &d);
	if (profile_of(sv_of(m->run.profile), &m->s.profile) < 0)
		ck_abort_msg("no profile '%s'", m->run.profile);
	char *token = make_token(m, &d);
	sample_reply(m, &d, token);
	register_keys(m, d.keys);
	sample_edits_release(&d);
}

void sample_join(struct sample *m, size_t n)
{
	struct subject **all = arena_array(m[0].a, n, sizeof *all);

	for (size_t i = 0; i < n; i++) {
		m[i].x.id = arena_printf(m[i].a, "x%zu", i + 1);
		all[i] = &m[i].s;
		m[i].s.siblings = m[i].s.all = m[i].s.burst = all;
		m[i].s.nsiblings = m[i].s.nall = m[i].s.nburst = n;
	}
}

void sample_release(struct sample *m)
{
	subject_release(&m->s);
	jwks_release(&m->keys);
	arena_free(m->a);
}

static const char *const kinds[] = {"nothing", "pass", "violated", "skip", "error"};

void sample_judge(const struct sample_row *row)
{
	sample_auto m;

	sample_make(&m, row->edits);
	sample_judge_made(&m, row);
}

void sample_judge_made(struct sample *m, const struct sample_row *row)
{
	const struct check *c = check_find(row->check);
	struct finding f = {0};

	ck_assert_msg(c != NULL, "there is no check '%s'", row->check);
	c->run(&m->s, &f);
	const char *words = f.kind == FINDING_PASS || f.kind == FINDING_VIOLATED ? f.observed : f.reason;
	const char *name = f.kind == FINDING_SKIP ? f.owner : f.violates;
	const char *all = arena_printf(
	        m->a, "%s, edits %s: %s, case or owner '%s', expected '%s', says '%s', fix '%s', where '%s'",
	        row->check, row->edits ? row->edits : "none", kinds[f.kind], name ? name : "-",
	        f.expected ? f.expected : "-", words ? words : "-", f.fix ? f.fix : "-", f.where ? f.where : "-");
	all = text_visible(m->a, sv_of(all));
	ck_assert_msg(f.kind == row->kind, "want %s; %s", kinds[row->kind], all);
	ck_assert_msg(words && *words, "no words; %s", all);
	ck_assert_msg(!name == !row->name && (!name || strcmp(name, row->name) == 0), "want '%s'; %s",
	              row->name ? row->name : "-", all);
	ck_assert_msg(!row->says || strstr(words, row->says), "want the words '%s'; %s", row->says, all);
	ck_assert_msg(f.kind != FINDING_VIOLATED || (f.expected && f.where), "no expected or where; %s", all);
	ck_assert_msg(!f.fix == !row->fix && (!f.fix || strstr(f.fix, row->fix)), "want the fix '%s'; %s",
	              row->fix ? row->fix : "-", all);
}
