#include "endpoint/faults.h"
#include "seen.h"

/*
 * Every fault of the vocabulary has an effect that can be seen from outside, and the healthy brand has none of them: each
 * row is judged twice, with its faults and without. Switches stand in test_switches, encryption in test_encryption.
 */

static struct rig rig;

static void set_up(void)
{
	rig_init(&rig);
}

static void tear_down(void)
{
	rig_release(&rig);
}

struct effect {
	const char *name;   /* as in fault_docs */
	const char *faults; /* JSON array; NULL: [{group: mode}] made from the name */
	bool (*shows)(const struct seen *s, const struct effect *x);
	enum jws_reason reason; /* for signatures */
	const char *text;
};

/* --- sign ------------------------------------------------------------------------------------------------------ */

/* The diagnosis, and alg when `text` is given. */
static bool signature(const struct seen *s, const struct effect *x)
{
	const char *alg = json_string_value(json_object_get(s->header, "alg"));

	return s->diagnosis.reason == x->reason && (!x->text || (alg && strcmp(alg, x->text) == 0));
}

static long number(const struct effect *x)
{
	return strtol(x->text, NULL, 10);
}

/* Verifies, with a key of so many bits or this exponent. */
static bool odd_key(const struct seen *s, const struct effect *x)
{
	const struct jwk *key = s->diagnosis.key;

	return s->diagnosis.reason == JWS_VERIFIED && key &&
	       (key->bits == number(x) || strcmp(key->exponent, x->text) == 0);
}

static bool unknown_kid(const struct seen *s, const struct effect *x)
{
	const char *kid = seen_kid(s);

	(void)x;
	return kid && (!s->keys.n || strcmp(s->keys.v[0].kid, kid) != 0) && s->diagnosis.key &&
	       (s->diagnosis.reason == JWS_VERIFIED || s->diagnosis.reason == JWS_VERIFIED_OTHER_KID);
}

/* A correctly signed token in an odd encoding still verifies: one fault breaks one thing. */
static bool verifies(const struct seen *s)
{
	return s->diagnosis.reason == JWS_VERIFIED;
}

/* --- encode ---------------------------------------------------------------------------------------------------- */

/* The part with the number in `text` has the fault in `reason`, and no other part has any. */
static bool part(const struct seen *s, const struct effect *x)
{
	long which = number(x);

	for (long i = 0; i < 3; i++)
		if (s->jws.fault[i] != (i == which ? (enum base64_fault)x->reason : BASE64_OK))
			return false;
	return verifies(s);
}

static bool both_letters(const struct seen *s, const struct effect *x)
{
	struct sv last = s->jws.raw[2];

	return part(s, x) && sv_find_char(last, '+') >= 0 && sv_find_char(last, '/') >= 0;
}

static bool parts(const struct seen *s, const struct effect *x)
{
	return s->jws.parts == (size_t)number(x);
}

static bool flattened(const struct seen *s, const struct effect *x)
{
	json_auto_t *token = seen_object(sv_of(s->token));

	(void)x;
	return json_object_size(token) == 3 && json_object_get(token, "protected") &&
	       json_object_get(token, "payload") && json_object_get(token, "signature");
}

/* --- jwks ------------------------------------------------------------------------------------------------------ */

/* So many keys as the first digit of `text` says; the token is signed with the one at the second (x: with none). */
static bool published(const struct seen *s, const struct effect *x)
{
	size_t n = (size_t)(x->text[0] - '0'), at = (size_t)(x->text[1] - '0');

	if (s->published.status != 200 || s->keys.n != n)
		return false;
	if (x->text[1] == 'x')
		return !verifies(s);
	return verifies(s) && s->diagnosis.key == &s->keys.v[at] && strcmp(s->keys.v[at].kid, seen_kid(s)) == 0;
}

static bool several_types(const struct seen *s, const struct effect *x)
{
	return published(s, x) && s->keys.v[1].type == JWK_RSA && strcmp(s->keys.v[1].use, "enc") == 0 &&
	       s->keys.v[2].type == JWK_EC;
}

static bool no_kid(const struct seen *s, const struct effect *x)
{
	(void)x;
	return s->keys.n == 1 && !s->keys.v[0].kid && !seen_kid(s) && verifies(s);
}

static bool unrelated_key(const struct seen *s, const struct effect *x)
{
	return s->keys.n == 1 && strcmp(s->keys.v[0].kid, seen_kid(s)) == 0 && s->diagnosis.reason == x->reason;
}

static bool not_found(const struct seen *s, const struct effect *x)
{
	(void)x;
	return s->published.status == 404;
}

static bool set_has(const struct seen *s, const struct effect *x)
{
	return s->published.status == 200 && sv_find(s->published.body, sv_of(x->text)) >= 0;
}

static bool bare_array(const struct seen *s, const struct effect *x)
{
	(void)x;
	return sv_starts(s->published.body, SV("[{\"kty\":"));
}

/* --- texts ----------------------------------------------------------------------------------------------------- */

static bool has(struct sv text, const char *needle)
{
	return sv_find(text, sv_of(needle)) >= 0;
}

static bool payload_has(const struct seen *s, const struct effect *x)
{
	return has(s->jws.payload, x->text) && verifies(s);
}

static bool payload_lacks(const struct seen *s, const struct effect *x)
{
	return s->claims && !has(s->jws.payload, x->text) && verifies(s);
}

static bool header_has(const struct seen *s, const struct effect *x)
{
	return has(s->jws.header, x->text);
}

static bool header_lacks(const struct seen *s, const struct effect *x)
{
	return s->header && !has(s->jws.header, x->text) && verifies(s);
}

static bool wire_has(const struct seen *s, const struct effect *x)
{
	return strstr(s->wire, x->text) != NULL;
}

static bool wire_lacks(const struct seen *s, const struct effect *x)
{
	return strstr(s->wire, x->text) == NULL;
}

static bool body_starts(const struct seen *s, const struct effect *x)
{
	return sv_starts(s->reply.body, sv_of(x->text));
}

static bool body_ends(const struct seen *s, const struct effect *x)
{
	return sv_ends(s->reply.body, sv_of(x->text));
}

static bool body_is(const struct seen *s, const struct effect *x)
{
	return sv_eq(s->reply.body, sv_of(x->text));
}

static bool wrapped(const struct seen *s, const struct effect *x)
{
	return json_object_size(s->body) == 1 &&
	       json_object_get(json_object_get(s->body, x->text), "access_token") != NULL;
}

static bool refused_so(const struct seen *s, const struct effect *x)
{
	return s->refused.status == 422 && has(s->refused.body, x->text) &&
	       sv_eq(rig_reply_header(&s->refused, "pragma"), SV("")) && s->reply.status == 200;
}

/* --- the table ------------------------------------------------------------------------------------------------- */

#define RESPONSE(text) "[{\"response\": {" text "}}]"
#define ID_TOKEN(text) "[{\"id_token\": {" text "}}]"

static const struct effect effects[] = {
        {"sign: other-key", NULL, signature, JWS_OTHER_KEY, "RS256"},
        {"sign: flip-bit", NULL, signature, JWS_ONE_BIT, "RS256"},
        {"sign: altered-payload", NULL, signature, JWS_CONTENT_ALTERED, "RS256"},
        {"sign: altered-header", NULL, signature, JWS_CONTENT_ALTERED, "RS256"},
        {"sign: truncated", NULL, signature, JWS_TRUNCATED, "RS256"},
        {"sign: empty-signature", NULL, signature, JWS_EMPTY_SIGNATURE, "RS256"},
        {"sign: none", NULL, signature, JWS_UNSECURED, "none"},
        {"sign: none-mixed-case", NULL, signature, JWS_UNSECURED, "nOnE"},
        {"sign: hs256-public-key", NULL, signature, JWS_HMAC_PUBLIC_KEY, "HS256"},
        {"sign: hs256-public-key-der", NULL, signature, JWS_HMAC_PUBLIC_KEY, "HS256"},
        {"sign: hs256-client-secret", NULL, signature, JWS_HMAC_CLIENT_SECRET, "HS256"},
        {"sign: hs256-unknown-key", NULL, signature, JWS_HMAC, "HS256"},
        {"sign: embedded-jwk", NULL, signature, JWS_EMBEDDED_KEY, "RS256"},
        {"sign: rs384", NULL, signature, JWS_VERIFIED, "RS384"},
        {"sign: rs512", NULL, signature, JWS_VERIFIED, "RS512"},
        {"sign: ps256", NULL, signature, JWS_VERIFIED, "PS256"},
        {"sign: ps256-as-rs256", NULL, signature, JWS_PSS, "RS256"},
        {"sign: rs512-as-rs256", NULL, signature, JWS_OTHER_HASH, "RS256"},
        {"sign: es256", NULL, signature, JWS_VERIFIED, "ES256"},
        {"sign: es256-der", NULL, signature, JWS_DER, "ES256"},
        {"sign: weak-key", NULL, odd_key, 0, "1024"},
        {"sign: exponent-3", NULL, odd_key, 0, "3"},
        {"sign: decoded-input", NULL, signature, JWS_DECODED_INPUT, "RS256"},
        {"sign: unknown-kid", NULL, unknown_kid, 0, NULL},
        {"sign: other-kid", NULL, signature, JWS_VERIFIED_OTHER_KID, "RS256"},

        {"encode: padded-header", NULL, part, (enum jws_reason)BASE64_PADDING, "0"},
        {"encode: padded-signature", NULL, part, (enum jws_reason)BASE64_PADDING, "2"},
        {"encode: line-breaks", NULL, part, (enum jws_reason)BASE64_LINE_BREAK, "1"},
        {"encode: standard-alphabet", NULL, both_letters, (enum jws_reason)BASE64_OTHER_ALPHABET, "2"},
        {"encode: two-parts", NULL, parts, 0, "2"},
        {"encode: four-parts", NULL, parts, 0, "4"},
        {"encode: flattened-json", NULL, flattened, 0, NULL},
        {"encode: trailing-bits", NULL, part, (enum jws_reason)BASE64_TRAILING_BITS, "2"},

        {"jwks: several-keys", NULL, published, 0, "20"},
        {"jwks: several-types", NULL, several_types, 0, "30"},
        {"jwks: no-kid", NULL, no_kid, 0, NULL},
        {"jwks: rotated", NULL, published, 0, "21"},
        {"jwks: empty", NULL, published, 0, "0x"},
        {"jwks: unrelated-key", NULL, unrelated_key, JWS_OTHER_KEY, NULL},
        {"jwks: status-404", NULL, not_found, 0, NULL},
        {"jwks: private-key", NULL, set_has, 0, "\"d\":\""},
        {"jwks: symmetric", NULL, set_has, 0, "\"kty\":\"oct\""},
        {"jwks: duplicate-kid", NULL, published, 0, "20"},
        {"jwks: padded", NULL, set_has, 0, "==\",\"e\":"},
        {"jwks: leading-zero", NULL, set_has, 0, "\"n\":\"A"},
        {"jwks: encryption-use", NULL, set_has, 0, "\"use\":\"enc\""},
        {"jwks: wrong-alg", NULL, set_has, 0, "\"alg\":\"ES256\""},
        {"jwks: no-kty", NULL, set_has, 0, "{\"keys\":[{\"use\":"},
        {"jwks: not-object", NULL, bare_array, 0, NULL},

        {"id_token: set", ID_TOKEN("\"set\": {\"exp\": \"{now_ms+60}\", \"new\": [\"{nonce}\", null]}"), payload_has, 0,
         "\"exp\":1800000000060,\"auth_time\":1800000000,"},
        {"id_token: set", ID_TOKEN("\"set\": {\"new\": [\"{nonce}\", null]}"), payload_has, 0,
         ",\"new\":[\"the-nonce\",null]}"},
        {"id_token: set", ID_TOKEN("\"set\": {\"sub\": \"a\\u0000b\"}"), payload_has, 0, "\"sub\":\"a\\u0000b\""},
        {"id_token: remove", ID_TOKEN("\"remove\": [\"sub\", \"exp\"]"), payload_lacks, 0, "\"sub\""},
        {"id_token: duplicate", ID_TOKEN("\"duplicate\": {\"sub\": \"victim\"}"), payload_has, 0,
         "\"sub\":\"victim\",\"sub\":\"u-"},
        {"id_token: duplicate", ID_TOKEN("\"duplicate\": {\"x\": 1}"), payload_has, 0, ",\"x\":1,\"x\":1}"},
        {"id_token: raw_payload", ID_TOKEN("\"raw_payload\": \"[{now}]\""), payload_has, 0, "[1800000000]"},
        {"id_token: raw_header", ID_TOKEN("\"raw_header\": \"not JSON\""), header_has, 0, "not JSON"},
        {"id_token: header", ID_TOKEN("\"header\": {\"set\": {\"crit\": [\"x\"]}}"), header_has, 0, "\"crit\":[\"x\"]"},
        {"id_token.header: set", ID_TOKEN("\"header\": {\"set\": {\"typ\": \"at+jwt\"}}"), header_has, 0,
         "\"typ\":\"at+jwt\""},
        {"id_token.header: remove", ID_TOKEN("\"header\": {\"remove\": [\"typ\"]}"), header_lacks, 0, "\"typ\""},
        {"id_token.header: duplicate", ID_TOKEN("\"header\": {\"duplicate\": {\"alg\": \"none\"}}"), header_has, 0,
         "\"alg\":\"none\",\"alg\":\"RS256\""},

        {"response: status", RESPONSE("\"status\": 201"), wire_has, 0, "HTTP/1.1 201 Created\r\n"},
        {"response: header", RESPONSE("\"header\": {\"set\": {\"X-Now\": \"{now}\"}}"), wire_has, 0,
         "\r\nX-Now: 1800000000\r\n"},
        {"response: body", RESPONSE("\"body\": {\"set\": {\"expires_in\": \"3600\"}}"), wire_has, 0,
         "\"expires_in\":\"3600\",\"id_token\""},
        {"response: prefix_base64", RESPONSE("\"prefix_base64\": \"77u/\", \"prefix\": \"x\""), body_starts, 0,
         "\xef\xbb\xbfx{"},
        {"response: prefix", RESPONSE("\"prefix\": \"{issuer}\""), body_starts, 0, "https://127.0.0.1:1/brands/t"},
        {"response: suffix", RESPONSE("\"suffix\": \"ABCD\""), body_ends, 0, "\"}ABCD"},
        {"response: raw", RESPONSE("\"raw\": \"<{repeat:ab:2}>\""), body_is, 0, "<abab>"},
        {"response: wrap", RESPONSE("\"wrap\": \"data\""), wrapped, 0, "data"},
        {"response: pretty", RESPONSE("\"pretty\": true"), body_starts, 0, "{\n  \"access_token\": \""},
        {"response: chunked", RESPONSE("\"chunked\": true"), wire_has, 0, "\r\nTransfer-Encoding: chunked\r\n"},
        {"response.header: set", RESPONSE("\"header\": {\"set\": {\"cache-control\": \"NO-STORE\"}}"), wire_has, 0,
         "application/json\r\ncache-control: NO-STORE\r\nPragma"},
        {"response.header: add", RESPONSE("\"header\": {\"add\": [[\"Pragma\", \"x\"], [\"Pragma\", \"y\"]]}"),
         wire_has, 0, "\r\nPragma: x\r\nPragma: y\r\n"},
        {"response.header: remove", RESPONSE("\"header\": {\"remove\": [\"content-type\"]}"), wire_lacks, 0,
         "Content-Type"},
        {"response.body: set", RESPONSE("\"body\": {\"set\": {\"copy\": \"{id_token}\"}}"), wire_has, 0,
         ",\"copy\":\"ey"},
        {"response.body: remove", RESPONSE("\"body\": {\"remove\": [\"scope\"]}"), wire_lacks, 0, "\"scope\""},
        {"response.body: duplicate", RESPONSE("\"body\": {\"duplicate\": {\"token_type\": \"x\"}}"), wire_has, 0,
         "\"token_type\":\"x\",\"token_type\":\"Bearer\""},
        {"error",
         "[{\"error\": {\"status\": 422, \"header\": {\"set\": {\"Pragma\": \"\"}}, \"body\": {\"set\": "
         "{\"error\": \"code {code}\"}}}}]",
         refused_so, 0, "{\"error\":\"code unknown\",\"error_description\":"},
};
#define EFFECTS (sizeof effects / sizeof *effects)

static const char *faults_of(const struct effect *x)
{
	const char *colon = strchr(x->name, ':');

	if (x->faults)
		return x->faults;
	return arena_printf(rig.a, "[{\"%.*s\": \"%s\"}]", (int)(colon - x->name), x->name, colon + 2);
}

START_TEST(fault_shows)
{
	const struct effect *x = &effects[_i];
	struct seen s;

	seen_init(&s, &rig, faults_of(x));
	ck_assert_msg(x->shows(&s, x), "%s does not show: %s\n%s\n%s", x->name, s.diagnosis.sentence, s.wire,
	              arena_sv(rig.a, s.jws.payload));
	seen_release(&s);
}
END_TEST

START_TEST(healthy_brand_does_not_show_it)
{
	const struct effect *x = &effects[_i];
	struct seen s;

	seen_init(&s, &rig, NULL);
	ck_assert_msg(!x->shows(&s, x), "the healthy brand shows %s", x->name);
	seen_release(&s);
}
END_TEST

/* What shows elsewhere than in the token reply has tests of its own: test_encryption, test_listeners, test_transport,
 * test_userinfo. */
static bool is_elsewhere(const char *name)
{
	static const char *const groups[] = {
	        "encrypt: ", "tls: ", "framing: ", "registered_key: ", "userinfo", "discovery", "jwks_reply"};

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (sv_starts(sv_of(name), sv_of(groups[i])))
			return true;
	return false;
}

START_TEST(whole_vocabulary_is_in_the_table)
{
	for (size_t i = 0; fault_docs[i].name; i++) {
		json_auto_t *word = json_string(fault_docs[i].name);
		size_t j = 0;
		if (!fault_problem(rig.a, word) || is_elsewhere(fault_docs[i].name))
			continue;
		while (j < EFFECTS && strcmp(effects[j].name, fault_docs[i].name) != 0)
			j++;
		ck_assert_msg(j < EFFECTS, "no test for '%s'", fault_docs[i].name);
	}
}
END_TEST

START_TEST(several_items_work_together)
{
	struct seen s;

	seen_init(&s, &rig,
	          "[{\"id_token\": {\"set\": {\"a\": 1}}}, {\"id_token\": {\"set\": {\"b\": 2}, \"remove\": [\"a\"]}},"
	          " {\"response\": {\"status\": 202, \"pretty\": true, \"chunked\": true}}, {\"response\": "
	          "{\"suffix\": \" \"}}, {\"sign\": \"rs512\"},"
	          " {\"encode\": \"padded-signature\"}, {\"jwks\": \"rotated\"}]");
	ck_assert(json_object_get(s.claims, "b") && !json_object_get(s.claims, "a"));
	ck_assert_int_eq(s.reply.status, 202);
	ck_assert(sv_starts(s.reply.body, SV("{\n")) && sv_ends(s.reply.body, SV("}\n ")));
	ck_assert(s.reply.chunked);
	ck_assert_int_eq(s.diagnosis.reason, JWS_VERIFIED);
	ck_assert_int_eq(s.diagnosis.alg, ALG_RS512);
	ck_assert_int_eq(s.jws.fault[2], BASE64_PADDING);
	ck_assert_uint_eq(s.keys.n, 2);
	seen_release(&s);
}
END_TEST

/* One in a hundred signatures has no + or no /: many tries must all have both. */
START_TEST(standard_alphabet_always_shows)
{
	for (int i = 0; i < 100; i++) {
		struct seen s;
		seen_init(&s, &rig, "[{\"encode\": \"standard-alphabet\"}]");
		ck_assert(strchr(s.token, '+') && strchr(s.token, '/'));
		seen_release(&s);
	}
}
END_TEST

/* Whatever the length of the header: one of three needs no padding by itself. */
START_TEST(padded_header_always_shows)
{
	static const char *const fill[] = {"", "a", "aa", "aaa"};

	for (size_t i = 0; i < sizeof fill / sizeof *fill; i++) {
		const struct effect padding = {"encode: padded-header", NULL, part, (enum jws_reason)BASE64_PADDING,
		                               "0"};
		struct seen s;

		seen_init(&s, &rig,
		          arena_printf(rig.a,
		                       "[{\"encode\": \"padded-header\"}, {\"id_token\": {\"header\": "
		                       "{\"set\": {\"x\": \"%s\"}}}}]",
		                       fill[i]));
		ck_assert_msg(part(&s, &padding), "with '%s'", fill[i]);
		seen_release(&s);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("effects");
	TCase *t = tcase_create("faults");

	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 60); /* making RSA keys under valgrind */
	tcase_add_loop_test(t, fault_shows, 0, EFFECTS);
	tcase_add_loop_test(t, healthy_brand_does_not_show_it, 0, EFFECTS);
	tcase_add_test(t, whole_vocabulary_is_in_the_table);
	tcase_add_test(t, several_items_work_together);
	tcase_add_test(t, standard_alphabet_always_shows);
	tcase_add_test(t, padded_header_always_shows);
	suite_add_tcase(s, t);
	return testing_run(s);
}
