#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "evidence/evidence.h"
#include "tests/testing.h"

/* --- random records --------------------------------------------------------------------------------------------- */

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

/* NULL, empty, plain, UTF-8 with what JSON escapes, or any bytes; NUL only where it is allowed. */
static struct sv draw_bytes(struct arena *a, bool nul)
{
	static const char *const snippets[] = {"",
	                                       "plain",
	                                       "\"\\/\b\f\n\r\t",
	                                       "\x01\x1f\x7f",
	                                       "é",
	                                       "\xe2\x80\xa8",
	                                       "\xf0\x9f\x98\x80",
	                                       "\xef\xbf\xbe",
	                                       "</script>",
	                                       "{\"base64\": \"x\"}"};
	size_t kind = draw(5), n = kind < 2 ? 0 : draw(kind == 4 ? 300 : 40);
	char *p = arena_alloc(a, n + 1);

	if (kind == 0)
		return SV_NONE;
	if (kind == 2)
		return sv_of(snippets[draw(sizeof snippets / sizeof *snippets)]);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(kind == 3 ? 'a' + (char)draw(26) : nul ? (char)draw(256) : (char)(1 + draw(255)));
	return (struct sv){p, n};
}

static const char *draw_text(struct arena *a)
{
	return draw_bytes(a, false).p;
}

static const char *draw_some(struct arena *a)
{
	const char *text = draw_text(a);

	return text ? text : "some";
}

static int64_t draw_number(void)
{
	static const int64_t edges[] = {0, 1, -1, INT64_MAX, INT64_MIN, INT32_MAX, 1795262400000};

	return edges[draw(sizeof edges / sizeof *edges)];
}

static struct message draw_message(struct arena *a)
{
	struct message m = {.nlines = draw(6), .body = draw_bytes(a, true)};

	m.lines = arena_array(a, m.nlines, sizeof *m.lines);
	for (size_t i = 0; i < m.nlines; i++) {
		m.lines[i] = draw_bytes(a, true);
		if (!m.lines[i].p)
			m.lines[i] = SV("");
	}
	return m;
}

static const char **draw_texts(struct arena *a)
{
	const char **texts = draw(2) ? arena_array(a, 4, sizeof *texts) : NULL;

	for (size_t i = 0, n = draw(4); texts && i < n; i++)
		texts[i] = draw_some(a);
	return texts;
}

static struct run_facts draw_run(struct arena *a)
{
	return (struct run_facts){
	        .started_ms = draw_number(),
	        .tool = draw_text(a),
	        .target = draw_text(a),
	        .profile = draw_text(a),
	        .issuer = draw_text(a),
	        .token_endpoint = draw_text(a),
	        .client_id = draw_text(a),
	        .client_secret = draw_text(a),
	        .authentication = draw_text(a),
	        .redirect_uri = draw_text(a),
	        .jwks_uri = draw_text(a),
	        .public_key = draw_text(a),
	        .algorithm = draw_text(a),
	        .audiences = draw_texts(a),
	        .tolerance_s = draw_number(),
	        .code_lifetime_s = draw_number(),
	        .userinfo_endpoint = draw_text(a),
	        .second_client_id = draw_text(a),
	        .second_client_secret = draw_text(a),
	        .encoded_client_id = draw_text(a),
	        .encoded_client_secret = draw_text(a),
	        .decryption_key = draw_text(a),
	        .has = draw_texts(a),
	        .connections = draw_number(),
	        .authorization_endpoint = draw_text(a),
	        .authorization_redirect_uri = draw_text(a),
	        .scope = draw_text(a),
	        .connector = draw_text(a),
	        .published_token_endpoint = draw_text(a),
	        .latency_warn_ms = draw_number(),
	        .latency_fail_ms = draw_number(),
	        .raw_basic = draw(2),
	        .secrets = draw_texts(a),
	};
}

static const struct tls *draw_tls(struct arena *a)
{
	struct tls *tls = arena_alloc(a, sizeof *tls);
	struct message chain = draw_message(a);

	*tls = (struct tls){.completed = draw(2),
	                    .alert = draw_text(a),
	                    .alpn = draw_text(a),
	                    .chain = chain.lines,
	                    .nchain = chain.nlines,
	                    .chain_cut = draw(2),
	                    .verified = draw(2),
	                    .verify_error = draw_number(),
	                    .verify_depth = draw_number(),
	                    .verify_text = draw_text(a)};
	return draw(2) ? tls : NULL;
}

static struct hop *draw_hops(struct arena *a, size_t n)
{
	struct hop *hops = arena_array(a, n, sizeof *hops);

	for (size_t i = 0; i < n; i++)
		hops[i] = (struct hop){.method = draw_some(a),
		                       .url = draw_some(a),
		                       .status = (int)draw(1000),
		                       .request = draw_message(a),
		                       .response = draw_message(a),
		                       .body_cut = draw(2)};
	return hops;
}

static struct exchange draw_exchange(struct arena *a, size_t number)
{
	size_t nhops = draw(4);

	return (struct exchange){
	        .id = arena_printf(a, "x%zu", number),
	        .key = draw_some(a),
	        .spec = draw_text(a),
	        .kind = draw_some(a),
	        .method = draw_text(a),
	        .url = draw_text(a),
	        .outcome = (enum exchange_outcome)draw(EXCHANGE_NO_ANSWER + 1),
	        .trouble = draw_text(a),
	        .status = (int)draw(1000),
	        .request = draw_message(a),
	        .response = draw_message(a),
	        .body_cut = draw(2),
	        .head_cut = draw(2),
	        .broken_off = draw(2),
	        .timing = {draw_number(), draw_number(), draw_number(), draw_number(), draw_number(), draw_number(),
	                   draw_number(), draw_number(), draw_number()},
	        .code = {draw_text(a), draw_text(a), draw_text(a), draw_text(a), draw_number()},
	        .http_version = draw_text(a),
	        .tls_version = draw_text(a),
	        .tls_cipher = draw_text(a),
	        .peer = draw_text(a),
	        .tls = draw_tls(a),
	        .authorize_url = draw_text(a),
	        .hops = draw_hops(a, nhops),
	        .nhops = nhops,
	};
}

/* --- deep equality ---------------------------------------------------------------------------------------------- */

static void same_text(const char *have, const char *want)
{
	assert_sv_eq(sv_of(have), sv_of(want));
}

static void same_texts(const char *const *have, const char *const *want)
{
	ck_assert_int_eq(have != NULL, want != NULL);
	for (size_t i = 0; want; i++) {
		same_text(have[i], want[i]);
		if (!want[i])
			break;
	}
}

static void same_message(const struct message *have, const struct message *want)
{
	ck_assert_uint_eq(have->nlines, want->nlines);
	for (size_t i = 0; i < want->nlines; i++)
		assert_sv_eq(have->lines[i], want->lines[i]);
	assert_sv_eq(have->body, want->body);
}

static void same_run(const struct run_facts *have, const struct run_facts *want)
{
	ck_assert_int_eq(have->started_ms, want->started_ms);
	same_text(have->tool, want->tool);
	same_text(have->target, want->target);
	same_text(have->profile, want->profile);
	same_text(have->issuer, want->issuer);
	same_text(have->token_endpoint, want->token_endpoint);
	same_text(have->client_id, want->client_id);
	same_text(have->client_secret, want->client_secret);
	same_text(have->authentication, want->authentication);
	same_text(have->redirect_uri, want->redirect_uri);
	same_text(have->jwks_uri, want->jwks_uri);
	same_text(have->public_key, want->public_key);
	same_text(have->algorithm, want->algorithm);
	same_texts(have->audiences, want->audiences);
	ck_assert_int_eq(have->tolerance_s, want->tolerance_s);
	ck_assert_int_eq(have->code_lifetime_s, want->code_lifetime_s);
	same_text(have->userinfo_endpoint, want->userinfo_endpoint);
	same_text(have->second_client_id, want->second_client_id);
	same_text(have->second_client_secret, want->second_client_secret);
	same_text(have->encoded_client_id, want->encoded_client_id);
	same_text(have->encoded_client_secret, want->encoded_client_secret);
	same_text(have->decryption_key, want->decryption_key);
	same_texts(have->has, want->has);
	ck_assert_int_eq(have->connections, want->connections);
	same_text(have->authorization_endpoint, want->authorization_endpoint);
	same_text(have->authorization_redirect_uri, want->authorization_redirect_uri);
	same_text(have->scope, want->scope);
	same_text(have->connector, want->connector);
	same_text(have->published_token_endpoint, want->published_token_endpoint);
	ck_assert_int_eq(have->latency_warn_ms, want->latency_warn_ms);
	ck_assert_int_eq(have->latency_fail_ms, want->latency_fail_ms);
	ck_assert_int_eq(have->raw_basic, want->raw_basic);
	same_texts(have->secrets, want->secrets);
}

static void same_tls(const struct tls *have, const struct tls *want)
{
	ck_assert_int_eq(have != NULL, want != NULL);
	if (!want)
		return;
	const struct message have_chain = {have->chain, have->nchain, SV_NONE},
	                     want_chain = {want->chain, want->nchain, SV_NONE};
	ck_assert_int_eq(have->completed, want->completed);
	same_text(have->alert, want->alert);
	same_text(have->alpn, want->alpn);
	same_message(&have_chain, &want_chain);
	ck_assert_int_eq(have->chain_cut, want->chain_cut);
	ck_assert_int_eq(have->verified, want->verified);
	ck_assert_int_eq(have->verify_error, want->verify_error);
	ck_assert_int_eq(have->verify_depth, want->verify_depth);
	same_text(have->verify_text, want->verify_text);
}

static void same_hop(const struct hop *have, const struct hop *want)
{
	same_text(have->method, want->method);
	same_text(have->url, want->url);
	ck_assert_int_eq(have->status, want->status);
	same_message(&have->request, &want->request);
	same_message(&have->response, &want->response);
	ck_assert_int_eq(have->body_cut, want->body_cut);
}

static void same_exchange(const struct exchange *have, const struct exchange *want)
{
	same_text(have->id, want->id);
	same_text(have->key, want->key);
	same_text(have->spec, want->spec);
	same_text(have->kind, want->kind);
	same_text(have->method, want->method);
	same_text(have->url, want->url);
	ck_assert_int_eq(have->outcome, want->outcome);
	same_text(have->trouble, want->trouble);
	ck_assert_int_eq(have->status, want->status);
	same_message(&have->request, &want->request);
	same_message(&have->response, &want->response);
	ck_assert_int_eq(have->body_cut, want->body_cut);
	ck_assert_int_eq(have->head_cut, want->head_cut);
	ck_assert_int_eq(have->broken_off, want->broken_off);
	ck_assert_mem_eq(&have->timing, &want->timing, sizeof have->timing);
	same_text(have->code.code, want->code.code);
	same_text(have->code.redirect_uri, want->code.redirect_uri);
	same_text(have->code.nonce, want->code.nonce);
	same_text(have->code.code_verifier, want->code.code_verifier);
	ck_assert_int_eq(have->code.obtained_ms, want->code.obtained_ms);
	same_text(have->http_version, want->http_version);
	same_text(have->tls_version, want->tls_version);
	same_text(have->tls_cipher, want->tls_cipher);
	same_text(have->peer, want->peer);
	same_tls(have->tls, want->tls);
	same_text(have->authorize_url, want->authorize_url);
	ck_assert_uint_eq(have->nhops, want->nhops);
	for (size_t i = 0; i < want->nhops; i++)
		same_hop(&have->hops[i], &want->hops[i]);
}

/* --- tests ------------------------------------------------------------------------------------------------------ */

START_TEST(round_trip_is_exact)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct evidence want = {.n = 8}, have;

	seed = 0x9e3779b97f4a7c15u + (uint64_t)_i * 977;
	want.run = draw_run(a);
	want.exchanges = arena_array(a, want.n, sizeof *want.exchanges);
	FILE *f = evidence_open(NULL, &e);
	ck_assert_msg(f != NULL, "%s", e.text);
	ck_assert_int_eq(evidence_write_run(f, &want.run, &e), 0);
	for (size_t i = 0; i < want.n; i++) {
		want.exchanges[i] = draw_exchange(a, i);
		ck_assert_int_eq(evidence_write_exchange(f, &want.exchanges[i], &e), 0);
	}
	if (evidence_read(f, "evidence", a, &have, &e) < 0)
		ck_abort_msg("%s", e.text);
	same_run(&have.run, &want.run);
	ck_assert_uint_eq(have.n, want.n);
	for (size_t i = 0; i < want.n; i++)
		same_exchange(&have.exchanges[i], &want.exchanges[i]);
	fclose(f);
}
END_TEST

START_TEST(members_come_in_declared_order)
{
	struct sv lines[] = {SV("HTTP/1.1 200 OK"), SV("X: \xff")};
	struct exchange x = {
	        .id = "x1",
	        .key = "ordinary",
	        .kind = "token",
	        .status = 200,
	        .response = {lines, 2, SV("a\0b")},
	        .request = {NULL, 0, SV("")},
	        .code = {.code = ""},
	};
	char *json = evidence_exchange_json(&x);

	ck_assert_str_eq(
	        json, "{\"exchange\":{\"id\":\"x1\",\"key\":\"ordinary\",\"kind\":\"token\",\"outcome\":\"answered\","
	              "\"status\":200,\"request\":{\"lines\":[],\"body\":\"\"},\"response\":{\"lines\":["
	              "\"HTTP/1.1 200 OK\",{\"base64\":\"WDog/w==\"}],\"body\":{\"base64\":\"YQBi\"}},"
	              "\"body_cut\":false,\"head_cut\":false,\"broken_off\":false,\"timing\":{\"started_ms\":0,"
	              "\"ended_ms\":0,\"dns_us\":0,\"connect_us\":0,\"tls_us\":0,\"first_byte_us\":0,\"total_us\":0,"
	              "\"released_us\":0,\"answered_us\":0},"
	              "\"code\":{\"code\":\"\",\"obtained_ms\":0}}}");
	free(json);
}
END_TEST

START_TEST(headers_are_found)
{
	struct sv lines[] = {SV("HTTP/1.1 200 OK: x"),
	                     SV("Cache-Control: no-store "),
	                     SV("cache-control:\tno-cache\t"),
	                     SV("Cache-Controlled: x"),
	                     SV("Broken"),
	                     SV("X-Nul: a\0b"),
	                     SV("Empty:"),
	                     SV("HTTP/1.1 200 OK: not the status line")};
	struct message m = {lines, sizeof lines / sizeof *lines, SV_NONE};

	assert_sv_eq(message_header(&m, "CACHE-control", 0), SV("no-store"));
	assert_sv_eq(message_header(&m, "Cache-Control", 1), SV("no-cache"));
	ck_assert_ptr_null(message_header(&m, "Cache-Control", 2).p);
	ck_assert_uint_eq(message_header_count(&m, "cache-control"), 2);
	ck_assert_uint_eq(message_header_count(&m, "Broken"), 0);
	assert_sv_eq(message_header(&m, "X-Nul", 0), SV("a\0b"));
	assert_sv_eq(message_header(&m, "Empty", 0), SV(""));
	assert_sv_eq(message_header(&m, "HTTP/1.1 200 OK", 0), SV("not the status line"));
	ck_assert_uint_eq(message_header_count(&(struct message){0}, "Empty"), 0);
}
END_TEST

START_TEST(exchanges_are_found_by_key)
{
	struct exchange v[] = {
	        {.id = "x1", .key = "ordinary"}, {.id = "x2", .key = "jwks"}, {.id = "x3", .key = "jwks"}};
	struct evidence ev = {.exchanges = v, .n = 3};

	ck_assert_ptr_eq(evidence_find(&ev, "jwks"), &v[1]);
	ck_assert_ptr_null(evidence_find(&ev, "JWKS"));
	ck_assert_ptr_null(evidence_find(&(struct evidence){0}, "jwks"));
}
END_TEST

START_TEST(a_named_file_is_private_and_new)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct stat st;
	char *path = arena_printf(a, "%s/run.jsonl", testing_folder(a));

	mode_t mask = umask(0);
	FILE *f = evidence_open(path, &e);
	umask(mask);
	ck_assert_msg(f != NULL, "%s", e.text);
	ck_assert_int_eq(fstat(fileno(f), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(evidence_write_run(f, &(struct run_facts){.target = "first"}, &e), 0);
	fclose(f);

	ck_assert_ptr_null(evidence_open(path, &e));
	ck_assert_int_eq(e.kind, ERR_INPUT);
	assert_contains(e.text, path);
	assert_contains(testing_read(a, path), "first");

	e = (struct err){0};
	ck_assert_ptr_null(evidence_open(arena_printf(a, "%s.no/such/run.jsonl", path), &e));
	ck_assert_int_eq(e.kind, ERR_INPUT);
}
END_TEST

START_TEST(the_unnamed_file_is_nowhere)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	struct stat st;
	char *folder = testing_folder(a);

	setenv("TMPDIR", folder, 1);
	FILE *f = evidence_open(NULL, &e);
	ck_assert_msg(f != NULL, "%s", e.text);
	ck_assert_int_eq(fstat(fileno(f), &st), 0);
	ck_assert_uint_eq(st.st_nlink, 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(rmdir(folder), 0);
	fclose(f);

	ck_assert_ptr_null(evidence_open(NULL, &e));
	ck_assert_int_eq(e.kind, ERR_TROUBLE);
	unsetenv("TMPDIR");
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	struct err e = {0};
	FILE *f = fopen("/dev/full", "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(evidence_write_run(f, &(struct run_facts){.target = "x"}, &e), -1);
	ck_assert_int_eq(e.kind, ERR_TROUBLE);
	assert_contains(e.text, "cannot write evidence");
	fclose(f);
}
END_TEST

START_TEST(a_line_that_could_not_be_read_back_is_not_written)
{
	arena_auto *a = arena_new();
	struct err e = {0};
	char *big = arena_alloc(a, LIMIT_EVIDENCE_LINE + 1);
	FILE *f = evidence_open(NULL, &e);

	memset(big, 'x', LIMIT_EVIDENCE_LINE);
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(evidence_write_exchange(f, &(struct exchange){.id = "x1", .key = "k", .kind = big}, &e), -1);
	assert_contains(e.text, "exchange 'x1' is too long");
	ck_assert_int_eq(ftell(f), 0);
	fclose(f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("evidence");
	TCase *c = tcase_create("evidence");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, round_trip_is_exact, 0, 200);
	tcase_add_test(c, members_come_in_declared_order);
	tcase_add_test(c, headers_are_found);
	tcase_add_test(c, exchanges_are_found_by_key);
	tcase_add_test(c, a_named_file_is_private_and_new);
	tcase_add_test(c, the_unnamed_file_is_nowhere);
	tcase_add_test(c, a_full_disk_is_told);
	tcase_add_test(c, a_line_that_could_not_be_read_back_is_not_written);
	suite_add_tcase(s, c);
	return testing_run(s);
}
