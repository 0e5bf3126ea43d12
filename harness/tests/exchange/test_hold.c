/* Requests of which the last byte is held back: on the wire, over each kind of connection. */

#include "exchange/transfer.h"
#include "nghttpx.h"
#include "rig.h"

#define MEMBERS 8

static struct loopback_reply ok = {.bytes = {RIG_OK, sizeof RIG_OK - 1}};

enum kind { PLAIN, TLS, HTTP2, KINDS };

struct bench {
	struct arena *a;
	enum kind kind;
	struct loopback_identity id;
	struct loopback *server;
	struct nghttpx front;
	const char *url;
	CURLM *multi;
	struct transfer *members[MEMBERS];
	int ended;
};

static struct bench *bench_new(enum kind kind, struct sv body)
{
	struct arena *a = arena_new();
	struct bench *b = arena_alloc(a, sizeof *b);
	struct err e = {0};

	b->a = a;
	b->kind = kind;
	b->id = identity_make(a);
	b->server = kind == TLS ? loopback_start_tls(rig_same, &ok, &b->id) : loopback_start(rig_same, &ok);
	b->url = loopback_url(b->server, a, "/token");
	if (kind == HTTP2) {
		b->front = nghttpx_start(a, &b->id, loopback_port(b->server), false);
		b->url = arena_printf(a, "https://127.0.0.1:%d/token", b->front.port);
	}
	ck_assert_int_eq(curl_global_init(CURL_GLOBAL_DEFAULT), 0);
	b->multi = curl_multi_init();
	for (size_t i = 0; i < MEMBERS; i++) {
		struct transfer_input in = {.method = "POST",
		                            .url = b->url,
		                            .body = body,
		                            .ca_file = b->id.certificate_file,
		                            .allow_http = true,
		                            .new_connection = true,
		                            .hold = true};
		b->members[i] = transfer_new(&in, &e);
		ck_assert_msg(b->members[i] != NULL, "%s", e.text);
		transfer_start(b->members[i]);
		curl_multi_add_handle(b->multi, transfer_handle(b->members[i]));
	}
	return b;
}

/* One turn of libcurl's wheel; counts what has ended. */
static void turn(struct bench *b)
{
	int running, left;
	CURLMsg *m;

	ck_assert_int_eq(curl_multi_perform(b->multi, &running), CURLM_OK);
	while ((m = curl_multi_info_read(b->multi, &left))) {
		ck_assert_msg(m->data.result == CURLE_OK, "%s", curl_easy_strerror(m->data.result));
		b->ended++;
	}
	curl_multi_poll(b->multi, NULL, 0, 10, NULL);
}

static size_t waiting(const struct bench *b)
{
	size_t n = 0;

	for (size_t i = 0; i < MEMBERS; i++)
		n += transfer_waits(b->members[i]);
	return n;
}

static void bench_free(struct bench *b)
{
	for (size_t i = 0; i < MEMBERS; i++) {
		curl_multi_remove_handle(b->multi, transfer_handle(b->members[i]));
		transfer_free(b->members[i]);
	}
	curl_multi_cleanup(b->multi);
	curl_global_cleanup();
	if (b->kind == HTTP2)
		nghttpx_stop(&b->front);
	loopback_free(b->server);
	arena_free(b->a);
}

static struct sv body_of(struct arena *a, size_t n)
{
	char *body = arena_alloc(a, n);

	memset(body, 'b', n);
	body[n - 1] = 'e';
	return (struct sv){body, n};
}

static const size_t sizes[] = {1, 2, 100, 200 * 1024};
#define SIZES (sizeof sizes / sizeof *sizes)

/* The server has all of each request but its last byte, and gets none before the release. */
START_TEST(test_hold)
{
	enum kind kind = (enum kind)(_i / (int)SIZES);
	arena_auto *a = arena_new();
	struct sv body = body_of(a, sizes[_i % (int)SIZES]);
	struct bench *b = bench_new(kind, body);

	while (waiting(b) < MEMBERS || loopback_lacking_one(b->server) < MEMBERS)
		turn(b);
	ck_assert_uint_eq(loopback_whole(b->server), 0);
	ck_assert_int_eq(b->ended, 0);
	for (size_t i = 0; i < MEMBERS; i++)
		transfer_release(b->members[i]);
	while (b->ended < MEMBERS)
		turn(b);
	for (size_t i = 0; i < MEMBERS; i++) {
		struct exchange x = {0};
		transfer_result(b->members[i], CURLE_OK, a, &x);
		ck_assert_msg(x.outcome == EXCHANGE_ANSWERED && x.status == 200, "%s", x.trouble);
		ck_assert_str_eq(x.http_version, kind == HTTP2 ? "HTTP/2" : "HTTP/1.1");
		ck_assert_int_gt(x.timing.released_us, 0);
		ck_assert_int_ge(x.timing.answered_us, x.timing.released_us);
		assert_sv_eq(x.request.body, body);
	}
	loopback_stop(b->server);
	ck_assert_uint_eq(loopback_count(b->server), MEMBERS);
	ck_assert_uint_eq(loopback_connections(b->server), MEMBERS);
	for (size_t i = 0; i < MEMBERS; i++)
		ck_assert(sv_eq(loopback_at(b->server, i)->body, body));
	bench_free(b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("hold");
	TCase *c = tcase_create("hold");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_hold, 0, (int)KINDS * (int)SIZES);
	suite_add_tcase(s, c);
	return testing_run(s);
}
