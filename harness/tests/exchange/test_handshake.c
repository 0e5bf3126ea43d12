/* TLS handshakes that are looked at: what was agreed, which certificates came, and how the server refuses. */
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include "core/limits.h"
#include "rig.h"
#include "tls_server.h"

static const struct loopback_reply unused = {.bytes = SV(RIG_OK)};

static struct loopback_reply nothing(void *self, const struct loopback_request *q)
{
	(void)self;
	(void)q;
	return unused;
}

static const char *write_certificate(struct arena *a, const struct tls_server *s)
{
	const char *path = arena_printf(a, "%s/ca.pem", testing_folder(a));
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(PEM_write_X509(f, s->certificate), 1);
	fclose(f);
	return path;
}

/* The handshakes of one run with a server; then the server is gone. */
static struct rig *shake(struct tls_server *s, const struct handshake *wishes, size_t n, bool trusting)
{
	struct rig *r = rig_new(nothing, NULL);

	r->target.allow_http = false;
	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", s->port);
	if (trusting)
		r->target.tls.ca_file = write_certificate(r->a, s);
	for (size_t i = 0; i < n; i++)
		rig_other(r, (struct step){.kind = STEP_HANDSHAKE, .handshake = wishes[i]}, "handshake");
	rig_drive(r, 1);
	tls_server_stop(s);
	ck_assert_uint_eq(s->requests, 0);
	return r;
}

static const struct handshake any;

START_TEST(test_trusted)
{
	struct tls_server s;
	const struct handshake twice[] = {any, any};

	tls_server_start(&s,
	                 &(struct tls_server_options){.alpn = "h2", .newest = _i ? TLS1_3_VERSION : TLS1_2_VERSION});
	struct rig *r = shake(&s, twice, 2, true);
	for (size_t i = 0; i < 2; i++) {
		const struct exchange *x = rig_x(r, i);
		ck_assert_int_eq(x->outcome, EXCHANGE_ANSWERED);
		ck_assert_ptr_null(x->trouble);
		ck_assert_str_eq(x->kind, "handshake");
		ck_assert_str_eq(x->method, "HANDSHAKE");
		ck_assert_str_eq(x->url, r->target.token_endpoint);
		ck_assert_int_eq(x->status, 0);
		ck_assert_uint_eq(x->request.nlines, 0);
		ck_assert_str_eq(x->tls_version, _i ? "TLSv1.3" : "TLSv1.2");
		ck_assert_str_eq(x->tls_cipher, _i ? "TLS_AES_256_GCM_SHA384" : "ECDHE-ECDSA-AES256-GCM-SHA384");
		ck_assert_ptr_nonnull(x->peer);
		ck_assert(x->tls->completed && x->tls->verified && !x->tls->chain_cut);
		ck_assert_ptr_null(x->tls->alert);
		ck_assert_str_eq(x->tls->alpn, "h2");
		ck_assert_int_eq(x->tls->verify_error, X509_V_OK);
		/* also the second time: no session is taken up again */
		ck_assert_uint_eq(x->tls->nchain, 1);
	}
	ck_assert_uint_eq(s.connections, 2);
	rig_free(r);
}
END_TEST

START_TEST(test_certificate_is_kept)
{
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){0});
	X509 *certificate = s.certificate;
	unsigned char *der = NULL;
	int n = i2d_X509(certificate, &der);
	struct rig *r = shake(&s, &any, 1, true);
	assert_sv_eq(rig_x(r, 0)->tls->chain[0], ((struct sv){(const char *)der, (size_t)n}));
	ck_assert_ptr_null(rig_x(r, 0)->tls->alpn);
	OPENSSL_free(der);
	rig_free(r);
}
END_TEST

static const struct {
	struct tls_server_options options;
	bool trusting;
	int64_t error;
	const char *text;
} doubtful[] = {
        {{0}, false, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed certificate"},
        {{.ends_s = -3600}, true, X509_V_ERR_CERT_HAS_EXPIRED, "certificate has expired"},
        {{.rsa_bits = 1024}, true, X509_V_ERR_EE_KEY_TOO_SMALL, "EE certificate key too weak"},
        {{.newest = TLS1_2_VERSION}, false, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed certificate"},
        /* compared by libcurl when all is done */
        {{.alternative = "DNS:other.example"}, true, X509_V_OK, "ok"},
};

/* Our own verification ends it: what the server did was in order. */
START_TEST(test_not_trusted)
{
	struct tls_server s;
	const char *version = doubtful[_i].options.newest ? "TLSv1.2" : "TLSv1.3";

	tls_server_start(&s, &doubtful[_i].options);
	struct rig *r = shake(&s, &any, 1, doubtful[_i].trusting);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_int_eq(x->outcome, EXCHANGE_ANSWERED);
	ck_assert(x->tls->completed && x->tls->verified);
	ck_assert_ptr_null(x->tls->alert);
	ck_assert_int_eq(x->tls->verify_error, doubtful[_i].error);
	ck_assert_int_eq(x->tls->verify_depth, 0);
	ck_assert_str_eq(x->tls->verify_text, doubtful[_i].text);
	ck_assert_uint_eq(x->tls->nchain, 1);
	ck_assert_str_eq(x->tls_version, version);
	assert_contains(x->trouble, "was refused: ");
	rig_free(r);
}
END_TEST

static const struct handshake pinned[] = {{.version = HANDSHAKE_TLS_1_0},
                                          {.version = HANDSHAKE_TLS_1_1},
                                          {.version = HANDSHAKE_TLS_1_2},
                                          {.version = HANDSHAKE_TLS_1_3}};

static const struct {
	int oldest, newest;
	bool agreed[4];
} ranges[] = {
        {TLS1_VERSION, TLS1_3_VERSION, {true, true, true, true}},
        {TLS1_2_VERSION, TLS1_3_VERSION, {false, false, true, true}},
        {TLS1_1_VERSION, TLS1_1_VERSION, {false, true, false, false}},
        {TLS1_2_VERSION, TLS1_2_VERSION, {false, false, true, false}},
};

START_TEST(test_versions)
{
	static const char *const names[] = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){.oldest = ranges[_i].oldest, .newest = ranges[_i].newest});
	struct rig *r = shake(&s, pinned, 4, true);
	for (size_t i = 0; i < 4; i++) {
		const struct exchange *x = rig_x(r, i);
		ck_assert_msg(x->outcome == EXCHANGE_ANSWERED, "%s: %s", names[i], x->trouble);
		ck_assert_msg(x->tls->completed == ranges[_i].agreed[i], "%s: %s", names[i], x->tls->alert);
		if (ranges[_i].agreed[i])
			ck_assert_str_eq(x->tls_version, names[i]);
		else if (pinned[i].version == HANDSHAKE_TLS_1_2) /* the server went lower, and we did not follow */
			ck_assert_str_eq(x->tls->alert, "unsupported protocol");
		else
			ck_assert_str_eq(x->tls->alert, "tlsv1 alert protocol version");
	}
	rig_free(r);
}
END_TEST

/* What is not pinned is as in every exchange: nothing older than TLS 1.2. */
START_TEST(test_not_pinned)
{
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){.newest = TLS1_1_VERSION});
	struct rig *r = shake(&s, &any, 1, true);
	ck_assert(!rig_x(r, 0)->tls->completed);
	rig_free(r);
}
END_TEST

static const struct {
	const char *ciphers;
	bool agreed;
} weak[] = {
        {"ECDHE-ECDSA-AES128-GCM-SHA256", false},
        {"ECDHE-ECDSA-AES128-GCM-SHA256:aNULL@SECLEVEL=0", true},
        {"eNULL@SECLEVEL=0", true},
};

START_TEST(test_weak_ciphers)
{
	struct tls_server s;
	const struct handshake wishes[] = {{.weak_ciphers = true}, any};

	tls_server_start(&s, &(struct tls_server_options){.ciphers = weak[_i].ciphers});
	struct rig *r = shake(&s, wishes, 2, true);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_int_eq(x->outcome, EXCHANGE_ANSWERED);
	ck_assert_int_eq(x->tls->completed, weak[_i].agreed);
	if (weak[_i].agreed)
		ck_assert_msg(strstr(x->tls_cipher, "ADH") || strstr(x->tls_cipher, "AECDH") ||
		                      strstr(x->tls_cipher, "NULL"),
		              "%s", x->tls_cipher);
	else
		ck_assert_str_eq(x->tls->alert, "sslv3 alert handshake failure");
	/* and nowhere else */
	ck_assert_str_eq(rig_x(r, 1)->tls_version, "TLSv1.3");
	rig_free(r);
}
END_TEST

/* Our own side has nothing to offer: no answer, whatever the server does. */
START_TEST(test_nothing_to_offer)
{
	struct tls_server s;
	const struct handshake wish = {.version = HANDSHAKE_TLS_1_3, .weak_ciphers = true};

	tls_server_start(&s, &(struct tls_server_options){0});
	struct rig *r = shake(&s, &wish, 1, true);
	ck_assert_int_eq(rig_x(r, 0)->outcome, EXCHANGE_NO_ANSWER);
	ck_assert_ptr_null(rig_x(r, 0)->tls);
	ck_assert_ptr_nonnull(rig_x(r, 0)->trouble);
	rig_free(r);
}
END_TEST

START_TEST(test_long_chain)
{
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){.copies = LIMIT_CHAIN});
	struct rig *r = shake(&s, &any, 1, true);
	ck_assert_uint_eq(rig_x(r, 0)->tls->nchain, LIMIT_CHAIN);
	ck_assert(rig_x(r, 0)->tls->chain_cut);
	rig_free(r);
}
END_TEST

static struct loopback_reply no_tls(void *self, const struct loopback_request *q)
{
	(void)self;
	(void)q;
	return (struct loopback_reply){.bytes = SV("HTTP/1.1 400 Bad Request\r\n\r\n"), .then = LOOPBACK_CLOSE};
}

/* A server that speaks no TLS: it closes, stays silent, or is not there. */
START_TEST(test_no_tls)
{
	struct rig *r = rig_new(no_tls, NULL);
	static const enum exchange_outcome outcomes[] = {EXCHANGE_ANSWERED, EXCHANGE_NO_ANSWER, EXCHANGE_NO_ANSWER};
	static const char *const troubles[] = {"the TLS handshake with '", "time-out after ", "cannot connect to '"};

	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", loopback_port(r->server));
	r->target.limits.timeout_ms = _i == 1 ? 300 : 20000;
	if (_i == 0)
		loopback_refuse(r->server, 0);
	if (_i == 1)
		loopback_ignore(r->server, 0);
	if (_i == 2)
		r->target.token_endpoint = "https://127.0.0.1:1/token";
	rig_other(r, (struct step){.kind = STEP_HANDSHAKE}, "handshake");
	rig_drive(r, 1);
	const struct exchange *x = rig_x(r, 0);
	ck_assert_msg(x->outcome == outcomes[_i], "%s", x->trouble);
	assert_contains(x->trouble, troubles[_i]);
	if (_i == 0)
		ck_assert(!x->tls->completed && !x->tls->verified && x->tls->alert);
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("handshake");
	TCase *c = tcase_create("handshake");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_trusted, 0, 2);
	tcase_add_test(c, test_certificate_is_kept);
	tcase_add_loop_test(c, test_not_trusted, 0, sizeof doubtful / sizeof doubtful[0]);
	tcase_add_loop_test(c, test_versions, 0, sizeof ranges / sizeof ranges[0]);
	tcase_add_test(c, test_not_pinned);
	tcase_add_loop_test(c, test_weak_ciphers, 0, sizeof weak / sizeof weak[0]);
	tcase_add_test(c, test_nothing_to_offer);
	tcase_add_test(c, test_long_chain);
	tcase_add_loop_test(c, test_no_tls, 0, 3);
	suite_add_tcase(s, c);
	return testing_run(s);
}
