/* brandcert init: the target file to begin with, filled from discovery documents of every kind. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/ran.h"
#include "core/file.h"
#include "loopback.h"
#include "suite/target.h"
#include "testing.h"

/* What the target file says once it is loaded; the variable that it names is set. */
static struct target loaded(struct arena *a, const char *text)
{
	const char *path = arena_printf(a, "%s/target.yaml", testing_folder(a));
	struct diags d = {0};
	struct target t;

	setenv("BRANDCERT_CLIENT_SECRET", "s3cr3t-of-a-test", 1);
	testing_write(path, sv_of(text));
	target_load(a, path, &d, &t);
	for (size_t i = 0; i < d.n; i++)
		ck_abort_msg("%u: %s\n%s", d.v[i].line, d.v[i].text, text);
	diags_release(&d);
	return t;
}

struct scene {
	struct arena *a;
	struct loopback *server;
	const char *url; /* the issuer */
	struct sv reply;
};

static struct loopback_reply answer(void *self, const struct loopback_request *q)
{
	const struct scene *s = self;

	(void)q;
	return (struct loopback_reply){s->reply, LOOPBACK_CLOSE, 0};
}

/* $ in the document stands for the issuer's URL. */
static struct ran init(struct scene *s, const char *document, int status)
{
	const char *body = arena_text(s->a, "");

	s->server = loopback_start(answer, s);
	s->url = loopback_url(s->server, s->a, "");
	for (struct sv rest = sv_of(document), piece, first = rest; sv_cut(&rest, '$', &piece);)
		body = arena_printf(s->a, "%s%s%.*s", body, piece.p == first.p ? "" : s->url, SV_ARG(piece));
	s->reply = loopback_json(s->a, status, body);
	struct ran r = RAN(s->a, testing_folder(s->a), "brandcert", "init", s->url);
	loopback_stop(s->server);
	return r;
}

START_TEST(blank_file_loads)
{
	arena_auto *a = arena_new();
	struct ran r = RAN(a, testing_folder(a), "brandcert", "init");
	struct target t = loaded(a, r.out);

	ck_assert_int_eq(r.status, 0);
	ck_assert_str_eq(r.err, "");
	ck_assert_str_eq(t.client.secret, "s3cr3t-of-a-test");
	ck_assert(!t.discovery);
	ck_assert_ptr_null(t.authorization.endpoint);
	assert_contains(r.out, "secret: ${BRANDCERT_CLIENT_SECRET}\n");
	assert_contains(r.out, "# FILL IN\nissuer: ");
	for (struct sv rest = sv_of(r.out), line; sv_cut(&rest, '\n', &line);)
		ck_assert_msg(line.n <= 80, "%.*s", SV_ARG(line));
}
END_TEST

START_TEST(document_fills_it)
{
	arena_auto *a = arena_new();
	struct scene s = {.a = a};
	struct ran r = init(&s,
	                    "{\"issuer\":\"$\",\"token_endpoint\":\"$/t?x=1\",\"userinfo_endpoint\":\"$/u\","
	                    "\"jwks_uri\":\"$/k\",\"id_token_signing_alg_values_supported\":[\"none\",\"ES256\"],"
	                    "\"authorization_endpoint\":\"$/a\",\"response_types_supported\":[\"code\",\"id_token\"],"
	                    "\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\",\"client_secret_post\"],"
	                    "\"code_challenge_methods_supported\":[\"plain\",\"S256\"]}",
	                    200);
	struct target t = loaded(a, r.out);

	ck_assert_int_eq(r.status, 0);
	ck_assert_str_eq(r.err, "");
	ck_assert_str_eq(t.issuer, s.url);
	ck_assert_str_eq(t.token_endpoint, arena_printf(a, "%s/t?x=1", s.url));
	ck_assert_str_eq(t.userinfo_endpoint, arena_printf(a, "%s/u", s.url));
	ck_assert_str_eq(t.keys.jwks_uri, arena_printf(a, "%s/k", s.url));
	ck_assert_str_eq(t.keys.algorithm, "ES256");
	ck_assert_int_eq(t.client.authentication, CLIENT_SECRET_POST);
	ck_assert_int_eq(t.pkce, PKCE_S256);
	ck_assert(t.discovery);
	ck_assert_str_eq(t.authorization.endpoint, arena_printf(a, "%s/a", s.url));
	ck_assert(t.authorization.code && t.authorization.id_token && !t.authorization.token);
	assert_lacks(r.out, "NOT FOUND");
	assert_lacks(r.out, "DIFFERENT");
	ck_assert_uint_eq(loopback_count(s.server), 1);
	ck_assert(sv_starts(loopback_at(s.server, 0)->head, SV("GET /.well-known/openid-configuration HTTP/1.1\r\n")));
	loopback_free(s.server);
}
END_TEST

/* What a document says wrong or does not say, and what the file then says of it. Each still loads. */
static const struct {
	const char *document;
	int status;
	const char *says[3];
} odd[] = {
        {"{\"issuer\":\"https://other.example\",\"token_endpoint\":\"$/t\",\"jwks_uri\":\"$/k\"}",
         200,
         {"# DIFFERENT: ", "issuer: https://other.example\n", "The document does not say; then it is"}},
        {"{\"issuer\":\"$\"}",
         200,
         {"# NOT FOUND: the discovery document has no token_endpoint.\n# FILL IN\n",
          "  # NOT FOUND: the discovery document has no jwks_uri.", "# userinfo_endpoint: "}},
        {"{\"issuer\":\"$\",\"token_endpoint\":\"http://brand.example/t\",\"jwks_uri\":4}",
         200,
         {"# NOT TAKEN: the document's token_endpoint is 'http://brand.example/t'",
          "NOT FOUND: the discovery document has no jwks_uri", ""}},
        {"{\"token_endpoint\":\"$/t\",\"jwks_uri\":\"$/k\",\"token_endpoint_auth_methods_supported\":[\"none\"]}",
         200,
         {"NOT FOUND: the discovery document names no issuer", "NOT FOUND: LivePerson needs one of the two", ""}},
        /* hostile: YAML, variables and terminals */
        {"{\"issuer\":\"x\\\"\\ny: \\u0024{HOME}\\u001b[31m: #\",\"token_endpoint\":\"$/t\\ncodes: "
         "z\",\"jwks_uri\":\"$/k\"}",
         200,
         {"\\ny: $${HOME}\\u001B[31m: #\"\n", "# NOT TAKEN: the document's token_endpoint is ", ""}},
        {"{\"issuer\":\"$\"}", 404, {"# No discovery document at", "status 404", "# FILL IN\ntoken_endpoint: "}},
        {"<html>", 200, {"# No discovery document at", "it is no JSON", ""}},
        {"[]", 200, {"# No discovery document at", "it is no JSON object", ""}},
};

START_TEST(odd_documents_are_told_of)
{
	arena_auto *a = arena_new();
	struct scene s = {.a = a};

	struct ran r = init(&s, odd[_i].document, odd[_i].status);

	ck_assert_int_eq(r.status, 0);
	for (size_t i = 0; i < 3; i++)
		assert_contains(r.out, odd[_i].says[i]);
	assert_lacks(r.out, "\x1b");
	(void)loaded(a, r.out);
	if (strstr(odd[_i].says[0], "No discovery"))
		assert_contains(r.err, "no discovery document at");
	loopback_free(s.server);
}
END_TEST

START_TEST(redirects_are_not_followed)
{
	arena_auto *a = arena_new();
	struct scene s = {.a = a,
	                  .reply = SV("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")};

	s.server = loopback_start(answer, &s);
	struct ran r = RAN(a, testing_folder(a), "brandcert", "init", loopback_url(s.server, a, "/tenant/"));
	loopback_stop(s.server);
	assert_contains(r.err, "it answered with status 302");
	ck_assert_uint_eq(loopback_count(s.server), 1);
	ck_assert(sv_starts(loopback_at(s.server, 0)->head, SV("GET /tenant/.well-known/openid-configuration ")));
	loopback_free(s.server);
}
END_TEST

/* The reference brand over TLS with a CA of its own. */
START_TEST(reference_brand_is_found)
{
	arena_auto *a = arena_new();
	struct brand b = brand_start(a, NULL);
	const char *folder = testing_folder(a), *file = arena_printf(a, "%s/new.yaml", folder),
	           *ca = arena_printf(a, "%s/ca.pem", b.state);
	struct ran r =
	        RAN(a, folder, "brandcert", "init", brand_says(&b, "issuer"), "--ca-file", ca, "--output", "new.yaml");

	ck_assert_int_eq(r.status, 0);
	ck_assert_str_eq(r.err, "");
	assert_contains(r.out, "Wrote new.yaml");
	struct target t = loaded(a, testing_read(a, file));
	ck_assert_str_eq(t.issuer, brand_says(&b, "issuer"));
	ck_assert_str_eq(t.token_endpoint, brand_says(&b, "token_endpoint"));
	ck_assert_ptr_nonnull(t.tls.ca_file);
	/* never over a file */
	testing_write(file, SV("mine"));
	r = RAN(a, folder, "brandcert", "init", "--output", "new.yaml");
	ck_assert_int_eq(r.status, 2);
	assert_contains(r.err, "'new.yaml' is there already");
	ck_assert_str_eq(testing_read(a, file), "mine");
	brand_stop(&b);
}
END_TEST

static const struct {
	const char *issuer, *says;
} mistakes[] = {
        {"ftp://brand.example", "'ftp://brand.example' is no issuer"},
        {"http://brand.example", "'http://brand.example' is no issuer"},
        {"https://user@brand.example", "is no issuer"},
        {"https://brand.example?x", "has a query"},
        {"two words", "'two words' is no issuer"},
        {"", "is no issuer"},
};

START_TEST(mistakes_are_told)
{
	arena_auto *a = arena_new();
	struct ran r = RAN(a, testing_folder(a), "brandcert", "init", mistakes[_i].issuer);

	assert_contains(r.err, mistakes[_i].says);
	ck_assert_int_eq(r.status, 2);
	ck_assert_str_eq(r.out, "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("init");
	TCase *files = tcase_create("files");

	tcase_add_test(files, blank_file_loads);
	tcase_add_test(files, document_fills_it);
	tcase_add_loop_test(files, odd_documents_are_told_of, 0, (int)(sizeof odd / sizeof *odd));
	tcase_add_test(files, redirects_are_not_followed);
	tcase_add_test(files, reference_brand_is_found);
	tcase_add_loop_test(files, mistakes_are_told, 0, (int)(sizeof mistakes / sizeof *mistakes));
	suite_add_tcase(s, files);
	return testing_run(s);
}
