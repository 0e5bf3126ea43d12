/* The whole suite over HTTP/2: what is right stays right, and the race is still one. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "commands/ran.h"
#include "nghttpx.h"
#include "testing.h"

struct front {
	struct brand brand;
	struct nghttpx proxy;
	const char *folder;
};

/* The reference brand's target file, but its token endpoint is reached through the proxy. */
static void write_target(struct arena *a, const struct front *f, const struct loopback_identity *id)
{
	const char *state = f->brand.state;
	const char *ca = testing_read(a, arena_printf(a, "%s/ca.pem", state));
	const char *written = testing_read(a, brand_says(&f->brand, "target_file"));
	/* The discovery document names the brand's own address. */
	const char *line = strstr(written, "discovery: true\n");
	ck_assert_ptr_nonnull(line);
	const char *target = arena_printf(a, "%.*s%s", (int)(line - written), written, strchr(line, '\n') + 1);
	const char *endpoint = brand_says(&f->brand, "token_endpoint");
	const char *at = strstr(target, endpoint), *ca_file = strstr(target, "ca.pem");
	const char *path = strstr(endpoint, "/brands/");

	ck_assert(at && ca_file && path && ca_file > at);
	testing_write(arena_printf(a, "%s/both.pem", state),
	              sv_of(arena_printf(a, "%s%s", ca, testing_read(a, id->certificate_file))));
	const char *behind = at + strlen(endpoint);
	testing_write(
	        arena_printf(a, "%s/http2.yaml", state),
	        sv_of(arena_printf(a, "%.*shttps://127.0.0.1:%d%s%.*sboth.pem%s", (int)(at - target), target,
	                           f->proxy.port, path, (int)(ca_file - behind), behind, ca_file + strlen("ca.pem"))));
}

static struct front start(struct arena *a, const char *faults)
{
	const struct loopback_identity id = identity_make(a);
	struct front f = {.brand = brand_start(a, faults), .folder = testing_folder(a)};
	const char *port = strrchr(brand_says(&f.brand, "issuer"), ':');

	ck_assert_ptr_nonnull(port);
	f.proxy = nghttpx_start(a, &id, (int)strtol(port + 1, NULL, 10), true);
	write_target(a, &f, &id);
	return f;
}

static void stop(struct front *f)
{
	nghttpx_stop(&f->proxy);
	brand_stop(&f->brand);
}

START_TEST(the_whole_suite_passes)
{
	arena_auto *a = arena_new();
	struct front f = start(a, NULL);
	struct ran r = RAN(a, f.folder, "brandcert", "run", "--target", arena_printf(a, "%s/http2.yaml", f.brand.state),
	                   "--quiet", "--report", "json:results.json");
	json_auto_t *results = ran_json(a, arena_printf(a, "%s/results.json", f.folder));
	const json_t *exchanges = json_object_get(results, "exchanges"), *totals = json_object_get(results, "totals");
	size_t over_http2 = 0, tokens = 0;

	for (size_t i = 0; i < json_array_size(exchanges); i++) {
		const json_t *x = json_array_get(exchanges, i);
		const char *version = json_string_value(json_object_get(x, "http_version"));
		const char *key = json_string_value(json_object_get(x, "key"));
		/* These two ask for something else. */
		bool other = !strcmp(key, "http-versions/http-1-1") || !strcmp(key, "clear-text/in-clear-text");
		bool token = !other && strcmp(json_string_value(json_object_get(x, "kind")), "token") == 0;
		tokens += token;
		over_http2 += token && version && strcmp(version, "HTTP/2") == 0;
	}
	ck_assert_msg(r.status == 0, "exit %d: %s%s", r.status, r.out, r.err);
	ck_assert_int_eq(json_integer_value(json_object_get(totals, "warn")), 0);
	ck_assert_uint_gt(tokens, 100);
	ck_assert_uint_eq(over_http2, tokens);
	stop(&f);
}
END_TEST

START_TEST(the_race_is_lost_by_a_gap_of_a_millisecond)
{
	arena_auto *a = arena_new();
	struct front f = start(a, "[\"redeem-is-not-atomic\"]");
	struct ran r = RAN(a, f.folder, "brandcert", "run", "--target", arena_printf(a, "%s/http2.yaml", f.brand.state),
	                   "--only", "code-race");

	ck_assert_int_eq(r.status, 1);
	assert_contains(r.out, "FAIL req.code.concurrent");
	stop(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("commands: HTTP/2");
	TCase *c = tcase_create("http2");

	tcase_set_timeout(c, 240);
	tcase_add_test(c, the_whole_suite_passes);
	tcase_add_test(c, the_race_is_lost_by_a_gap_of_a_millisecond);
	suite_add_tcase(s, c);
	return testing_run(s);
}
