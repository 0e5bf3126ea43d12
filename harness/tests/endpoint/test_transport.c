#include <openssl/evp.h>

#include "endpoint/faults.h"
#include "jose/jwk.h"
#include "rig.h"

/* What faults make of replies on their way out, and of what a tenant says of itself; without sockets. */

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

static void use_tenant(const char *faults)
{
	rig.now_ms = RIG_START_MS;
	rig.t = rig_tenant(&rig, faults);
}

static const char *wire(const struct reply *reply)
{
	struct buf out = {.cap = BUF_OWN};

	reply_write(reply, false, reply->close, &out);
	const char *text = arena_sv(rig.a, buf_sv(&out));
	buf_release(&out);
	return text;
}

static bool has_header(const struct reply *reply, const char *name)
{
	return rig_reply_header(reply, name).p != NULL;
}

/* --- switches of the transport --------------------------------------------------------------------------------- */

START_TEST(token_replies_are_slow)
{
	static const struct {
		const char *faults;
		int ms;
	} rows[] = {{NULL, 0}, {"[\"slow\"]", 3500}, {"[\"very-slow\"]", 10500}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		use_tenant(rows[i].faults);
		struct reply good = rig_redeem(&rig, rig_code(&rig, NULL)), bad = rig_redeem(&rig, "unknown");
		ck_assert_int_eq(good.status, 200);
		ck_assert_int_eq(good.delay_ms, rows[i].ms);
		ck_assert_int_eq(bad.delay_ms, rows[i].ms);
		ck_assert_int_eq(rig_get(&rig, "GET", "/jwks", NULL).delay_ms, 0);
	}
	/* beside a fault that puts the answer itself off */
	use_tenant("[\"slow\", \"redeem-is-not-atomic\"]");
	struct reply both = rig_redeem(&rig, rig_code(&rig, NULL));
	ck_assert_int_eq(both.status, 200);
	ck_assert_int_eq(both.delay_ms, 3500);
}
END_TEST

START_TEST(hsts_is_left_out_or_short)
{
	static const struct {
		const char *faults, *value;
	} rows[] = {{NULL, "max-age=31536000"}, {"[\"no-hsts\"]", NULL}, {"[\"short-hsts\"]", "max-age=60"}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		use_tenant(rows[i].faults);
		const struct reply replies[] = {rig_redeem(&rig, rig_code(&rig, NULL)), rig_redeem(&rig, "unknown"),
		                                rig_get(&rig, "GET", "/jwks", NULL)};
		for (size_t j = 0; j < sizeof replies / sizeof *replies; j++)
			assert_sv_eq(rig_reply_header(&replies[j], "strict-transport-security"), sv_of(rows[i].value));
	}
}
END_TEST

START_TEST(token_requests_are_redirected)
{
	use_tenant("[\"redirect-307\"]");
	const char *code = rig_code(&rig, NULL);
	struct reply reply = rig_redeem(&rig, code);

	ck_assert_int_eq(reply.status, 307);
	assert_sv_eq(rig_reply_header(&reply, "location"), sv_of(arena_printf(rig.a, "%s/token/", rig.t->issuer)));
	ck_assert_uint_eq(reply.body.n, 0);
	ck_assert_int_eq(rig_get(&rig, "GET", "/token", NULL).status, 405);
	/* there is the same endpoint */
	struct request q = {
	        .method = SV("POST"),
	        .path = sv_of(arena_printf(rig.a, "/brands/%s/token/", rig.t->name)),
	        .body = sv_of(arena_printf(rig.a, "grant_type=authorization_code&code=%s&redirect_uri=%s",
	                                   form_encoded(rig.a, sv_of(code)), "https%3A%2F%2Fliveperson.net")),
	};
	rig_header(&q, "content-type", "application/x-www-form-urlencoded");
	rig_header(&q, "authorization", rig_basic(&rig, rig.t->client.id.p, rig.t->client.secret.p));
	ck_assert_int_eq(rig_send(&rig, &q).status, 200);
	use_tenant(NULL);
	q.path = sv_of(arena_printf(rig.a, "/brands/%s/token/", rig.t->name));
	ck_assert_int_eq(rig_send(&rig, &q).status, 404);
}
END_TEST

static json_t *facts(const char *faults)
{
	struct reply made =
	        rig_control(&rig, "POST", "/control/tenants", arena_printf(rig.a, "{\"faults\": %s}", faults));

	ck_assert_msg(made.status == 201, "%.*s", SV_ARG(made.body));
	return rig_json(&made);
}

START_TEST(published_endpoint_is_on_the_usual_port_or_not)
{
	json_auto_t *usual = facts("[]"), *other = facts("[\"published-on-8443\"]");

	ck_assert_str_eq(json_string_value(json_object_get(usual, "published_token_endpoint")),
	                 "https://brand.example/token");
	ck_assert_str_eq(json_string_value(json_object_get(other, "published_token_endpoint")),
	                 "https://brand.example:8443/token");
}
END_TEST

#define NAME_OF_SWITCH(id, name, text) name,
#define NAME_OF_MODE(id, group, name, text) name,

START_TEST(these_are_all_switches_of_the_transport)
{
	static const char *const tested[] = {"slow",    "very-slow",  "redirect-307",
	                                     "no-hsts", "short-hsts", "published-on-8443"};
	static const char *const all[] = {FAULTS_TRANSPORT(NAME_OF_SWITCH)};

	ck_assert_uint_eq(sizeof all, sizeof tested);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ck_assert_str_eq(all[i], tested[i]);
}
END_TEST

/* --- framing --------------------------------------------------------------------------------------------------- */

static struct reply framed(const char *mode, const char *header, const char *value)
{
	use_tenant(arena_printf(rig.a, "[{\"framing\": \"%s\"}]", mode));
	struct request q = {.method = SV("POST"), .path = sv_of(arena_printf(rig.a, "/brands/%s/token", rig.t->name))};
	rig_header(&q, "authorization", rig_basic(&rig, rig.t->client.id.p, rig.t->client.secret.p));
	if (header)
		rig_header(&q, header, value);
	return rig_send(&rig, &q);
}

START_TEST(lengths_are_wrong_by_ten)
{
	struct reply reply = framed("content-length-too-long", NULL, NULL);
	const char *body = arena_sv(rig.a, reply.body);

	ck_assert(reply.close && *body == '{');
	assert_contains(wire(&reply), arena_printf(rig.a, "\r\nContent-Length: %zu\r\n", reply.body.n + 10));
	ck_assert(sv_ends(sv_of(wire(&reply)), sv_of(arena_printf(rig.a, "\r\n\r\n%s", body))));
	reply = framed("content-length-too-short", NULL, NULL);
	body = arena_sv(rig.a, reply.body);
	ck_assert(!reply.close && *body == '{');
	assert_contains(wire(&reply), arena_printf(rig.a, "\r\nContent-Length: %zu\r\n", reply.body.n));
	ck_assert(sv_ends(sv_of(wire(&reply)), sv_of(arena_printf(rig.a, "\r\n\r\n%s          ", body))));
}
END_TEST

START_TEST(chunks_end_with_half_the_body)
{
	struct reply reply = framed("truncated-chunks", NULL, NULL);
	const char *text = wire(&reply), *half = arena_sv(rig.a, (struct sv){reply.body.p, reply.body.n / 2});

	ck_assert(reply.close);
	assert_contains(text, "\r\nTransfer-Encoding: chunked\r\n");
	ck_assert(sv_ends(sv_of(text), sv_of(arena_printf(rig.a, "\r\n\r\n%zx\r\n%s", reply.body.n / 2, half))));
}
END_TEST

/* RFC 9110 §12.5.3 */
static const struct {
	const char *mode, *header, *value;
	bool packed, said; /* the body is gzip; Content-Encoding says so */
} codings[] = {
        {"gzip", NULL, NULL, false, false},
        {"gzip", "accept-encoding", "gzip", true, true},
        {"gzip", "Accept-Encoding", "deflate, GZIP;q=0.5", true, true},
        {"gzip", "accept-encoding", "br,gzip ; q=1", true, true},
        {"gzip", "accept-encoding", "gzip;q=0", false, false},
        {"gzip", "accept-encoding", "gzip; Q=0.000, deflate", false, false},
        {"gzip", "accept-encoding", "gzip;q=0.001", true, true},
        {"gzip", "accept-encoding", "x-gzip2, deflate", false, false},
        {"gzip", "accept-encoding", "*", false, false},
        {"gzip", "accept-encoding", "", false, false},
        {"gzip", "accept", "gzip", false, false},
        {"gzip-unasked", NULL, NULL, true, true},
        {"gzip-unasked", "accept-encoding", "gzip;q=0", true, true},
        {"broken-gzip", NULL, NULL, false, true},
        {"broken-gzip", "accept-encoding", "gzip", false, true},
};

START_TEST(coding_is_what_was_asked_for)
{
	struct reply reply = framed(codings[_i].mode, codings[_i].header, codings[_i].value);

	ck_assert_int_eq(sv_starts(reply.body, SV("\x1f\x8b\x08")), codings[_i].packed);
	ck_assert_int_eq(sv_starts(reply.body, SV("{\"error\":")), !codings[_i].packed);
	ck_assert_int_eq(has_header(&reply, "content-encoding"), codings[_i].said);
	ck_assert_int_eq(has_header(&reply, "vary"), strcmp(codings[_i].mode, "gzip") == 0);
}
END_TEST

START_TEST(every_framing_is_tested)
{
	static const char *const tested[] = {"content-length-too-long",
	                                     "content-length-too-short",
	                                     "truncated-chunks",
	                                     "broken-gzip",
	                                     "gzip",
	                                     "gzip-unasked"};
	static const char *const all[] = {FAULTS_FRAMING(NAME_OF_MODE)};

	ck_assert_uint_eq(sizeof all, sizeof tested);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		ck_assert_str_eq(all[i], tested[i]);
		framed(all[i], NULL, NULL);
		struct reply reply = rig_get(&rig, "GET", "/jwks", NULL); /* it is left alone */
		ck_assert(!reply.close && !reply.chunked && !reply.tail.n && !has_header(&reply, "content-length") &&
		          !has_header(&reply, "content-encoding"));
	}
}
END_TEST

/* --- the registered key ---------------------------------------------------------------------------------------- */

static const struct {
	const char *mode;
	enum jwks_form form;
	const char *refused; /* instead: why jwks_parse_key does not take it */
} registrations[] = {
        {"spki", JWKS_SPKI_LINE, NULL},          {"pem", JWKS_SPKI_PEM, NULL},
        {"line-breaks", JWKS_SPKI_LINES, NULL},  {"pkcs1", JWKS_PKCS1, NULL},
        {"certificate", JWKS_CERTIFICATE, NULL}, {"private", JWKS_SPKI_LINE, "private"},
};

START_TEST(registered_key_is_the_right_one_in_that_form)
{
	json_auto_t *tenant = facts(arena_printf(rig.a, "[{\"registered_key\": \"%s\"}]", registrations[_i].mode));
	const char *text = json_string_value(json_object_get(tenant, "public_key"));
	struct jwks registered, published;
	struct err e = {0};

	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_null(json_object_get(tenant, "jwks_uri"));
	ck_assert_int_eq(jwks_text_is_private(rig.a, sv_of(text)), registrations[_i].refused != NULL);
	if (registrations[_i].refused) {
		ck_assert_int_eq(jwks_parse_key(rig.a, sv_of(text), &registered, &e), -1);
		assert_contains(e.text, registrations[_i].refused);
		return;
	}
	ck_assert_msg(jwks_parse_key(rig.a, sv_of(text), &registered, &e) == 0, "%s", e.text);
	ck_assert_int_eq(registered.form, registrations[_i].form);
	use_tenant(NULL);
	ck_assert_int_eq(jwks_parse(rig.a, rig_get(&rig, "GET", "/jwks", NULL).body, &published, &e), 0);
	ck_assert_int_eq(EVP_PKEY_eq(registered.v[0].key, published.v[0].key), 1);
	jwks_release(&registered);
	jwks_release(&published);
}
END_TEST

START_TEST(every_registration_is_tested)
{
	static const char *const all[] = {FAULTS_REGISTERED_KEY(NAME_OF_MODE)};
	json_auto_t *healthy = facts("[]");

	ck_assert_uint_eq(sizeof all / sizeof *all, sizeof registrations / sizeof *registrations);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ck_assert_str_eq(all[i], registrations[i].mode);
	ck_assert_ptr_null(json_object_get(healthy, "public_key"));
	ck_assert_ptr_nonnull(json_object_get(healthy, "jwks_uri"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("transport");
	TCase *t = tcase_create("transport");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 60); /* making RSA keys under valgrind */
	tcase_add_test(t, token_replies_are_slow);
	tcase_add_test(t, hsts_is_left_out_or_short);
	tcase_add_test(t, token_requests_are_redirected);
	tcase_add_test(t, published_endpoint_is_on_the_usual_port_or_not);
	tcase_add_test(t, these_are_all_switches_of_the_transport);
	tcase_add_test(t, lengths_are_wrong_by_ten);
	tcase_add_test(t, chunks_end_with_half_the_body);
	tcase_add_loop_test(t, coding_is_what_was_asked_for, 0, sizeof codings / sizeof *codings);
	tcase_add_test(t, every_framing_is_tested);
	tcase_add_loop_test(t, registered_key_is_the_right_one_in_that_form, 0,
	                    sizeof registrations / sizeof *registrations);
	tcase_add_test(t, every_registration_is_tested);
	suite_add_tcase(s, t);
	return testing_run(s);
}
