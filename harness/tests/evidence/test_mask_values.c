/* The net of known values: whatever spelling a secret comes back in, it does not survive; all else does. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/buf.h"
#include "core/form.h"
#include "evidence/mask.h"
#include "tests/testing.h"

static const char *const canaries[] = {
        "plain0secret",
        "s3cr3t/with+every=thing&in<it>\"and'%more\\é",
        "ends with blanks and a % sign%",
        "100%25sure",
        "tab\tand\nline\x01",
        "&amp;lt;already",
        "\xf0\x9f\x98\x80 smile",
        "a+b c",
        "abcdefg",
        "1234",
};
#define CANARIES (sizeof canaries / sizeof *canaries)

/* --- spellings, made independently of what mask.c does ---------------------------------------------------------- */

static char *taken(struct arena *a, struct buf *out)
{
	char *copy = arena_sv(a, buf_sv(out));

	buf_release(out);
	return copy;
}

static char *raw(struct arena *a, const char *s)
{
	return arena_text(a, s);
}

static char *form(struct arena *a, const char *s)
{
	return form_encoded(a, sv_of(s));
}

static char *percent(struct arena *a, const char *s)
{
	return url_encoded(a, sv_of(s));
}

static char *percent_lower(struct arena *a, const char *s)
{
	char *copy = url_encoded(a, sv_of(s));

	for (char *p = copy; *p; p++)
		for (size_t i = 1; *p == '%' && i < 3; i++)
			p[i] = (char)(p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 'a' : p[i]);
	return copy;
}

static char *percent_all(struct arena *a, const char *s)
{
	struct buf out = {.cap = BUF_OWN};

	for (; *s; s++)
		buf_addf(&out, "%%%02x", (unsigned char)*s);
	return taken(a, &out);
}

static char *percent_slash_only(struct arena *a, const char *s)
{
	struct buf out = {.cap = BUF_OWN};

	for (; *s; s++)
		buf_add_text(&out, *s == '/' ? "%2f" : (char[]){*s, '\0'});
	return taken(a, &out);
}

static char *json_of(struct arena *a, const char *s, size_t flags)
{
	json_t *value = json_string(s);
	char *dumped = json_dumps(value, JSON_ENCODE_ANY | flags);
	char *inner = arena_sv(a, (struct sv){dumped + 1, strlen(dumped) - 2});

	free(dumped);
	json_decref(value);
	return inner;
}

static char *json_plain(struct arena *a, const char *s)
{
	return json_of(a, s, 0);
}

static char *json_slash(struct arena *a, const char *s)
{
	return json_of(a, s, JSON_ESCAPE_SLASH);
}

static char *json_ascii(struct arena *a, const char *s)
{
	return json_of(a, s, JSON_ENSURE_ASCII | JSON_ESCAPE_SLASH);
}

/* What Gson, Go and .NET do to <>&'+= and the like, here done to every ASCII character. */
static char *json_unicode(struct arena *a, const char *s)
{
	struct buf out = {.cap = BUF_OWN};

	for (; *s; s++) {
		if ((unsigned char)*s < 0x80)
			buf_addf(&out, "\\u%04X", (unsigned)*s);
		else
			buf_add_char(&out, *s);
	}
	return taken(a, &out);
}

static char *json_twice(struct arena *a, const char *s)
{
	return json_slash(a, json_slash(a, s));
}

static char *percent_twice(struct arena *a, const char *s)
{
	return percent(a, form(a, s));
}

static char *percent_in_json(struct arena *a, const char *s)
{
	return json_slash(a, percent(a, s));
}

static char *html(struct arena *a, const char *s)
{
	struct buf out = {.cap = BUF_OWN};

	for (; *s; s++) {
		switch (*s) {
		case '&':
			buf_add_text(&out, "&amp;");
			break;
		case '<':
			buf_add_text(&out, "&lt;");
			break;
		case '>':
			buf_add_text(&out, "&gt;");
			break;
		case '"':
			buf_add_text(&out, "&quot;");
			break;
		case '\'':
			buf_add_text(&out, "&#39;");
			break;
		default:
			buf_add_char(&out, *s);
		}
	}
	return taken(a, &out);
}

static char *html_numbers(struct arena *a, const char *s)
{
	struct buf out = {.cap = BUF_OWN};

	for (size_t i = 0; *s; s++, i++) {
		if ((unsigned char)*s >= 0x80)
			buf_add_char(&out, *s);
		else
			buf_addf(&out, i % 2 ? "&#x%X;" : "&#%u;", (unsigned)*s);
	}
	return taken(a, &out);
}

static char *base64(struct arena *a, const char *s)
{
	return base64_encode(a, BASE64_STANDARD, sv_of(s));
}

static char *base64url(struct arena *a, const char *s)
{
	return base64_encode(a, BASE64_URL, sv_of(s));
}

static char *pair(struct arena *a, const char *s)
{
	return base64(a, arena_printf(a, "acme:%s", s));
}

static char *pair_encoded(struct arena *a, const char *s)
{
	return base64(a, arena_printf(a, "acme:%s", form(a, s)));
}

static char *pair_in_percent(struct arena *a, const char *s)
{
	return percent(a, pair_encoded(a, s));
}

static const struct {
	const char *name;
	char *(*spell)(struct arena *a, const char *s);
} spellings[] = {
        {"raw", raw},
        {"form", form},
        {"percent", percent},
        {"percent, lower case", percent_lower},
        {"percent, all", percent_all},
        {"percent, slash only", percent_slash_only},
        {"json", json_plain},
        {"json with \\/", json_slash},
        {"json, ascii", json_ascii},
        {"json, \\u all", json_unicode},
        {"json twice", json_twice},
        {"percent twice", percent_twice},
        {"percent in json", percent_in_json},
        {"html", html},
        {"html numbers", html_numbers},
        {"base64", base64},
        {"base64url", base64url},
        {"id:secret", pair},
        {"id:secret, encoded", pair_encoded},
        {"id:secret in a query", pair_in_percent},
};
#define SPELLINGS (sizeof spellings / sizeof *spellings)

static const struct {
	const char *before, *behind;
} frames[] = {
        {"", ""},
        {"<p>you sent ", " to us</p>"},
        {"{\"error_description\":\"got ", " instead\",\"sub\":\"a\"}"},
        {"https://x.test/?a=1&z=", "&b=2"},
};

static struct mask *mask_of(struct arena *a, const char *secret)
{
	struct mask *m = mask_new(a);
	struct evidence ev = {.run = {.client_id = "acme", .client_secret = secret}};

	mask_add_evidence(m, &ev);
	return m;
}

START_TEST(no_spelling_survives)
{
	arena_auto *a = arena_new();
	const char *secret = canaries[(size_t)_i / SPELLINGS];
	char *spelled = spellings[(size_t)_i % SPELLINGS].spell(a, secret);
	struct mask *m = mask_of(a, secret);

	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		char *text = arena_printf(a, "%s%s%s", frames[i].before, spelled, frames[i].behind);
		char *out = mask_text(m, a, sv_of(text));
		if (strstr(out, spelled) || !strchr(out, '['))
			ck_abort_msg("'%s' as %s survives in '%s'", secret, spellings[(size_t)_i % SPELLINGS].name,
			             out);
		if (strncmp(out, frames[i].before, strlen(frames[i].before)) ||
		    !sv_ends(sv_of(out), sv_of(frames[i].behind)))
			ck_abort_msg("as %s: what is around is changed: '%s'", spellings[(size_t)_i % SPELLINGS].name,
			             out);
		ck_assert_str_eq(mask_text(m, a, sv_of(out)), out);
	}
}
END_TEST

/* Inside the base64 of something larger no 8 characters of what stands for the secret may be left. */
START_TEST(no_alignment_survives)
{
	arena_auto *a = arena_new();
	const char *secret = "canary-4711/deadbeef";
	struct mask *m = mask_of(a, secret);
	char *before = arena_printf(a, "{\"x\":\"%.*s", _i, "abcdefgh");
	char *text = base64url(a, arena_printf(a, "%s%s\"}", before, secret));
	char *out = mask_text(m, a, sv_of(text));
	struct sv left, right;

	assert_contains(out, "[client_secret]");
	long at = sv_find(sv_of(out), SV("[client_secret]"));
	ck_assert_int_eq(base64_decode_loosely(a, (struct sv){out, (size_t)at / 4 * 4}, &left), 0);
	ck_assert(sv_starts((struct sv){before, strlen(before)}, left) || left.n <= strlen(before) + 1);
	right = sv_of(out + at + strlen("[client_secret]"));
	ck_assert_uint_le(right.n, strlen("\"}") * 2 + 1);
}
END_TEST

/* The id is not known, so no pair can be: the encoded secret has to be found in the base64 by itself. */
START_TEST(credentials_of_another_client_do_not_survive)
{
	static const char *const encoded[] = {"a+secret%2Fof%7E*%7Bsome%7D+length",
	                                      "a%20secret%2Fof~%2A%7Bsome%7D%20length", "a secret/of~*{some} length"};
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);

	mask_add(m, "client_secret", SV("a secret/of~*{some} length"));
	char *out = mask_text(m, a, sv_of(base64(a, arena_printf(a, "other:%s", encoded[_i]))));
	assert_contains(out, "[client_secret]");
	ck_assert_uint_lt(strlen(out), strlen("b3RoZXI6") + strlen("[client_secret]") + 4);
}
END_TEST

static const struct {
	const char *have, *want;
} overlaps[] = {
        {"abcdefgh", "[short]efgh"},         /* alone */
        {"xabcdefghijklx", "x[long]x"},      /* the longest at one place */
        {"xabcdefghijkl-tailx", "x[long]x"}, /* overlapping: nothing of the second is left over */
        {"ijkl-tail", "[second]"},
        {"abcdabcd", "[short]"}, /* touching under one name */
        {"abcd-abcd", "[short]-[short]"},
        {"abcijkl-tai", "abcijkl-tai"},
        {"[short] [second] [unknown]", "[short] [second] [unknown]"},
        {"", ""},
};

START_TEST(overlapping_secrets_leave_no_tails)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);

	mask_add(m, "short", SV("abcd"));
	mask_add(m, "long", SV("abcdefghijkl"));
	mask_add(m, "second", SV("ijkl-tail"));
	mask_add(m, "second", SV("ijkl-tail"));
	ck_assert_str_eq(mask_text(m, a, sv_of(overlaps[_i].have)), overlaps[_i].want);
}
END_TEST

START_TEST(placeholders_are_left_in_peace)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);

	mask_add(m, "client_secret", SV("secret"));
	mask_add(m, "code", SV("[code"));
	char *once = mask_text(m, a, SV("a secret, [secret], [codex"));
	ck_assert_str_eq(once, "a [client_secret], [[client_secret]], [code]x");
	ck_assert_str_eq(mask_text(m, a, sv_of(once)), once);
}
END_TEST

START_TEST(short_values_are_not_searched)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);

	mask_add(m, "client_secret", SV("abc"));
	mask_add(m, "client_secret", SV(""));
	mask_add(m, "client_secret", SV_NONE);
	mask_add(m, "client_secret", SV("a/b"));
	ck_assert_str_eq(mask_text(m, a, SV("abc YWJj a%2Fb")), "abc YWJj a%2Fb");
	ck_assert_str_eq(mask_text(m, a, SV("client_secret=abc")), "client_secret=[client_secret]");
}
END_TEST

START_TEST(nul_does_not_end_the_search)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);

	mask_add(m, "code", SV("se\0cret"));
	mask_add(m, "code", SV("plain0secret"));
	assert_sv_eq(mask_sv(m, a, SV("\0\xff\0plain0secret\0x se\0cret\0 se\0cre")),
	             SV("\0\xff\0[code]\0x [code]\0 se\0cre"));
	assert_sv_eq(mask_sv(m, a, SV("")), SV(""));
	ck_assert_ptr_null(mask_sv(m, a, SV_NONE).p);
}
END_TEST

START_TEST(cut_bodies_do_not_end_in_a_secret)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);
	struct message out;

	mask_add(m, "code", SV("canary-4711-deadbeef"));
	for (size_t n = 0; n <= 20; n++) {
		char *text = arena_printf(a, "we got %.*s", (int)n, "canary-4711-deadbeef");
		const struct message in = {.body = sv_of(text)};
		mask_message(m, a, &in, &out);
		assert_sv_eq(out.body, n < 8 ? sv_of(text) : SV("we got [code]"));
		/* only bodies are cut; elsewhere this would eat innocent words */
		ck_assert_str_eq(mask_text(m, a, sv_of(text)), n < 20 ? text : "we got [code]");
	}
	const struct message escaped = {.body = SV("we got canary%2D4711%2Ddead")};
	mask_message(m, a, &escaped, &out);
	assert_sv_eq(out.body, SV("we got [code]"));
}
END_TEST

/* A client's secret in halves, in whatever spelling; a code is there once only. */
START_TEST(halves_do_not_survive)
{
	static const char *const secrets[] = {"sixteen-bytes-16", "twenty-one-bytes-long",
	                                      "s3cr3t/with+every=thing&in<it>\"and'%more",
	                                      "b5f7c1d2-9d0e-4c7a-8f3b-2f6a7e1d9c40"};
	arena_auto *a = arena_new();
	const char *secret = secrets[(size_t)_i / SPELLINGS];
	struct mask *m = mask_of(a, secret);
	size_t half = strlen(secret) / 2;

	char *first = spellings[(size_t)_i % SPELLINGS].spell(a, arena_sv(a, (struct sv){secret, half}));
	char *second = spellings[(size_t)_i % SPELLINGS].spell(a, secret + half);
	char *out = mask_text(m, a, sv_of(arena_printf(a, "{\"a\":\"%s\",\"b\":\"%s\"}", first, second)));
	/* of base64 some characters at the edges belong to what stands beside it, too */
	ck_assert_msg(strlen(out) < strlen("{'a':'[client_secret]','b':'[client_secret]'}") + 32, "'%s' as %s: '%s'",
	              secret, spellings[(size_t)_i % SPELLINGS].name, out);
	ck_assert_str_eq(mask_text(m, a, SV("grant_type=authorization_code, a key of 16 bytes, brandcert/0.1.0")),
	                 "grant_type=authorization_code, a key of 16 bytes, brandcert/0.1.0");
}
END_TEST

/* Words that every request holds are no pieces of a secret that is made of them. */
START_TEST(protocol_words_are_no_pieces)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_of(a, "brandcert-client_secret-authorization_code-0815");

	ck_assert_str_eq(mask_text(m, a, SV("User-Agent: brandcert/0.1.0")), "User-Agent: brandcert/0.1.0");
	ck_assert_str_eq(mask_text(m, a, SV("grant_type=authorization_code&a=the client_secret_basic method")),
	                 "grant_type=authorization_code&a=the client_secret_basic method");
	ck_assert_str_eq(mask_text(m, a, SV("brandcert-client_secret-authorization_code-0815")), "[client_secret]");
}
END_TEST

static const struct {
	const char *have, *want;
} written[] = {
        {"hex 343731312d636f64652f616263", "hex [code]"},
        {"HEX 343731312D636F64652F616263", "HEX [code]"},
        {"x \\x34\\x37\\x31\\x31-code\\x2fabc", "x [code]"},
        {"x \\x34\\xzz", "x \\x34\\xzz"},
        /* escaped deeper than we undo: what needs no escapes is enough */
        {"deep A1b2C3d4E5f6G7h8I9\\\\\\\\\\\\\\\\\\/+=", "deep [access_token]\\\\\\\\\\\\\\\\\\/+="},
        {"deep %252525412b A1b2C3d4E5f6G7h8I9%2525252F", "deep %252525412b [access_token]%2525252F"},
};

START_TEST(other_writings_do_not_survive)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);

	mask_add(m, "code", SV("4711-code/abc"));
	mask_add(m, "access_token", SV("A1b2C3d4E5f6G7h8I9/+="));
	ck_assert_str_eq(mask_text(m, a, sv_of(written[_i].have)), written[_i].want);
}
END_TEST

/* A long secret is found whole, in each of its larger pieces, and cut. */
START_TEST(long_secrets_are_found)
{
	static const size_t sizes[] = {255, 256, 257, 511, 512, 1000, 5000, 64 * 1024};
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);
	size_t n = sizes[_i];
	char *secret = arena_alloc(a, n + 1);
	struct message out;

	for (size_t i = 0; i < n; i++)
		secret[i] = "abcdefghijklmnopqrstuvwxyz0123456789"[(i * 7 + i / 36 * 5 + i / 1296) % 36];
	mask_add(m, "access_token", (struct sv){secret, n});
	ck_assert_str_eq(mask_text(m, a, sv_of(arena_printf(a, "<%s>", secret))), "<[access_token]>");
	ck_assert_str_eq(mask_text(m, a, sv_of(arena_printf(a, "<%s%s>", secret, secret))), "<[access_token]>");
	const struct message in = {.body = {secret, n - n / 10}};
	mask_message(m, a, &in, &out);
	ck_assert_msg(out.body.n < 32, "%zu bytes are left", out.body.n);
	if (n <= 5000) {
		const char *in_base64 = base64(a, secret);
		assert_contains(mask_text(m, a, sv_of(in_base64)), "[access_token]");
		ck_assert_uint_lt(strlen(mask_text(m, a, sv_of(in_base64))), 32);
	}
}
END_TEST

static const char *const innocents[] = {
        "HTTP/1.1 200 OK",
        "the code is used, no code was left, the client_secret is wrong",
        "grant_type=authorization_code&redirect_uri=https%3A%2F%2Fliveperson.net&client_id=acme",
        "{\"error\":\"invalid_grant\",\"error_description\":\"code expired\",\"code\":\"invalid_grant\"}",
        "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\"},\"token_type\":\"Bearer\",\"expires_in\":3600}",
        "{\"code\":\"400\"}",
        "{\"access_token\":null,\"refresh_token\":\"\",\"id_token\":12}",
        "WWW-Authenticate: Basic realm=\"acme\", charset=\"UTF-8\"",
        "Basic authentication is wanted, basic credentials, Basic",
        "example.acme.com and eyebrow.test.org, eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
        "eyJhbGciOiJSUzI1NiJ9... and so on",
        "{\"alg\":\"RS256\",\"kid\":\"a\"}",
        "100% of a+b & c \\ d \\u00zz %zz &unknown; &#x;",
        "required member 'access_token': nothing there",
        "Authorization is missing, as is Cookie",
        "barcode=123456 x.code=123456 2code=123456",
        "\x01\xff\xfe",
};

START_TEST(all_else_survives)
{
	arena_auto *a = arena_new();
	struct mask *m = mask_of(a, canaries[1]);
	struct sv text = sv_of(innocents[_i]);

	mask_add(m, "code", SV("4/P7q7W91a-oMsCeLvIaQm6bTrgtp7"));
	assert_sv_eq(mask_sv(m, a, text), text);
}
END_TEST

/* Everything that a run's own facts hold. */
START_TEST(facts_of_the_run_do_not_survive)
{
	static const char pem[] =
	        PEM_BEGIN("PRIVATE KEY") "\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n"
	                                 "AgEAAoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R4/M2\nbS1GB4t7NXp98C3S\n" PEM_END(
	                                         "PRIVATE KEY") "\n";
	static const char *const lines[] = {
	        "second: second-secret-canary",
	        "secret: a:+/%= &\xc3\xa9\"canary",
	        "form: a%3A%2B%2F%25%3D+%26%C3%A9%22canary",
	        "Basic c2Vjb25kLWlkOnNlY29uZC1zZWNyZXQtY2FuYXJ5",
	        "changed: sECOND-SECRET-CANARX",
	        "key line: AgEAAoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R4/M2",
	        "key in one piece: MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R4/M2",
	        "key: \\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\\nAgEAAoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R4/M2",
	};
	static const char *const rests[] = {"canary", "CANAR", "secret-", "Y2FuYXJ5", "VJTUt9Us8", "AQEFAASCBKc"};
	arena_auto *a = arena_new();
	struct mask *m = mask_new(a);
	struct exchange x = {.request = {.body = SV("client_secret=sECOND-SECRET-CANARX")}};
	const struct evidence ev = {.run = {.client_id = "id",
	                                    .client_secret = "first-secret-0815",
	                                    .second_client_id = "second-id",
	                                    .second_client_secret = "second-secret-canary",
	                                    .encoded_client_id = "encoded-id",
	                                    .encoded_client_secret = "a:+/%= &\xc3\xa9\"canary",
	                                    .decryption_key = pem},
	                            .exchanges = &x,
	                            .n = 1};

	mask_add_evidence(m, &ev);
	const char *have = mask_text(m, a, sv_of(lines[_i]));
	for (size_t i = 0; i < sizeof rests / sizeof *rests; i++)
		ck_assert_msg(!strstr(have, rests[i]), "'%s' is left of '%s': '%s'", rests[i], lines[_i], have);
	/* what surrounds it stays */
	ck_assert_msg(strncmp(have, lines[_i], 3) == 0, "'%s' became '%s'", lines[_i], have);
	ck_assert_str_eq(mask_text(m, a, SV(PEM_BEGIN("PRIVATE KEY"))), PEM_BEGIN("PRIVATE KEY"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mask_values");
	TCase *c = tcase_create("mask_values");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, no_spelling_survives, 0, CANARIES * SPELLINGS);
	tcase_add_loop_test(c, no_alignment_survives, 0, 9);
	tcase_add_loop_test(c, credentials_of_another_client_do_not_survive, 0, 3);
	tcase_add_loop_test(c, overlapping_secrets_leave_no_tails, 0, sizeof overlaps / sizeof *overlaps);
	tcase_add_test(c, placeholders_are_left_in_peace);
	tcase_add_test(c, short_values_are_not_searched);
	tcase_add_test(c, nul_does_not_end_the_search);
	tcase_add_test(c, cut_bodies_do_not_end_in_a_secret);
	tcase_add_loop_test(c, halves_do_not_survive, 0, 4 * SPELLINGS);
	tcase_add_test(c, protocol_words_are_no_pieces);
	tcase_add_loop_test(c, other_writings_do_not_survive, 0, sizeof written / sizeof *written);
	tcase_add_loop_test(c, long_secrets_are_found, 0, 8);
	tcase_add_loop_test(c, facts_of_the_run_do_not_survive, 0, 8);
	tcase_add_loop_test(c, all_else_survives, 0, sizeof innocents / sizeof *innocents);
	suite_add_tcase(s, c);
	return testing_run(s);
}
