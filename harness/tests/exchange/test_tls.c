/* Nothing is sent to a server whose certificate does not hold. */

#include <openssl/pem.h>

#include "rig.h"
#include "tls_server.h"

static const char *write_certificate(struct arena *a, const struct tls_server *s)
{
	const char *path = arena_printf(a, "%s/ca.pem", testing_folder(a));
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(PEM_write_X509(f, s->certificate), 1);
	fclose(f);
	return path;
}

/* Two exchanges with the server, trusting its certificate or not. */
static struct rig *exchange_with(const struct tls_server *s, bool trusting)
{
	static struct loopback_reply unused = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &unused);

	r->target.allow_http = false;
	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", s->port);
	if (trusting)
		r->target.tls.ca_file = write_certificate(r->a, s);
	rig_alone(r, (struct redeem){0});
	rig_alone(r, (struct redeem){0});
	rig_drive(r, 1);
	return r;
}

START_TEST(test_trusted)
{
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){0});
	struct rig *r = exchange_with(&s, true);
	for (size_t i = 0; i < 2; i++) {
		const struct exchange *x = rig_x(r, i);
		ck_assert_msg(x->status == 200, "%s", x->trouble);
		ck_assert_str_eq(x->tls_version, "TLSv1.3"); /* known on the kept connection, too */
		ck_assert_str_eq(x->tls_cipher, "TLS_AES_256_GCM_SHA384");
	}
	ck_assert_int_gt(rig_x(r, 0)->timing.tls_us, 0);
	ck_assert_int_eq(rig_x(r, 1)->timing.tls_us, 0);
	tls_server_stop(&s);
	ck_assert_uint_eq(s.connections, 1);
	ck_assert_uint_eq(s.requests, 2);
	rig_free(r);
}
END_TEST

static const struct {
	const char *alternative;
	long ends_s;
	int newest;
	bool trusting;
	const char *trouble;
} refused[] = {
        {"IP:127.0.0.1", 3600, TLS1_3_VERSION, false,
         "the TLS certificate of '%s' was refused: self-signed certificate"},
        {"IP:127.0.0.1", -3600, TLS1_3_VERSION, true,
         "the TLS certificate of '%s' was refused: certificate has expired"},
        {"DNS:other.example", 3600, TLS1_3_VERSION, true,
         "the TLS certificate of '%s' was refused: no alternative certificate subject name matches target host name "
         "'127.0.0.1'"},
        {"IP:127.0.0.1", 3600, TLS1_1_VERSION, true, "the TLS handshake with '%s' failed: "},
};

START_TEST(test_refused)
{
	struct tls_server s;

	tls_server_start(&s, &(struct tls_server_options){.alternative = refused[_i].alternative,
	                                                  .ends_s = refused[_i].ends_s,
	                                                  .newest = refused[_i].newest});
	struct rig *r = exchange_with(&s, refused[_i].trusting);
	const struct exchange *x = rig_x(r, 0);
	struct sv before = sv_of(refused[_i].trouble), after = before;
	ck_assert(sv_cut(&after, '%', &before));
	const char *text = arena_printf(r->a, "%.*s127.0.0.1:%d%s", SV_ARG(before), s.port, after.p + 1);
	ck_assert_int_eq(x->outcome, EXCHANGE_NO_ANSWER);
	assert_contains(x->trouble, text);
	ck_assert_uint_eq(x->request.nlines, 0);
	tls_server_stop(&s);
	ck_assert_uint_eq(s.requests, 0);
	rig_free(r);
}
END_TEST

START_TEST(test_no_ca_file)
{
	struct tls_server s;
	static struct loopback_reply unused = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &unused);

	tls_server_start(&s, &(struct tls_server_options){0});
	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", s.port);
	r->target.tls.ca_file = "/nowhere/ca.pem";
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	assert_contains(rig_x(r, 0)->trouble, "cannot use the CA file '/nowhere/ca.pem'");
	tls_server_stop(&s);
	ck_assert_uint_eq(s.requests, 0);
	rig_free(r);
}
END_TEST

/* A server that waits for an HTTP request where we wait for its part of the handshake. */
START_TEST(test_no_tls)
{
	static struct loopback_reply unused = {.bytes = SV(RIG_OK)};
	struct rig *r = rig_new(rig_same, &unused);

	r->target.token_endpoint = arena_printf(r->a, "https://127.0.0.1:%d/token", loopback_port(r->server));
	r->target.limits.timeout_ms = 500;
	rig_step(r, (struct redeem){0});
	rig_drive(r, 1);
	assert_contains(rig_x(r, 0)->trouble, "time-out after ");
	assert_contains(rig_x(r, 0)->trouble, "the TLS handshake with '127.0.0.1:");
	rig_free(r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("tls");
	TCase *c = tcase_create("tls");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, test_trusted);
	tcase_add_loop_test(c, test_refused, 0, sizeof refused / sizeof refused[0]);
	tcase_add_test(c, test_no_ca_file);
	tcase_add_test(c, test_no_tls);
	suite_add_tcase(s, c);
	return testing_run(s);
}
