#include "suite/redeem.h"

#include <ctype.h>
#include <string.h>

#include "core/limits.h"
#include "suite/fields.h"
#include "suite/tables.h"
#include "suite/words.h"

static key_reader read_code, read_number_of, read_at, read_form, read_headers, read_header_fields,
        read_repeated_header_fields, read_header_names, read_method, read_content_type;

static const char *const authentications[] = {"target", "client_secret_basic", "client_secret_post", "both", "none",
                                              NULL};
_Static_assert(SEND_AUTH_TARGET == 0 && SEND_AUTH_BASIC == 1 && SEND_AUTH_POST == 2 && SEND_AUTH_BOTH == 3 &&
                       SEND_AUTH_NONE == 4,
               "authentications are in the enum's order");

static const char *const basic_words[] = {"target", "form", "raw", NULL};
_Static_assert(SEND_BASIC_TARGET == 0 && SEND_BASIC_FORM == 1 && SEND_BASIC_RAW == 2, "… so are these");

static const char *const pkce_words[] = {"target", "S256", "none", NULL};
_Static_assert(SEND_PKCE_TARGET == 0 && SEND_PKCE_S256 == 1 && SEND_PKCE_NONE == 2, "… and so are these");

static const char *const http_words[] = {"any", "1.1", "2", NULL};
_Static_assert(SEND_HTTP_ANY == 0 && SEND_HTTP_1_1 == 1 && SEND_HTTP_2 == 2, "… and these");

static const char *const scheme_words[] = {"target", "http", NULL};

const struct key form_keys[] = {
        KEY("set", read_fields, offsetof(struct redeem, form_set)),
        KEY("add", read_repeated_fields, offsetof(struct redeem, form_add)),
        KEY("remove", read_texts, offsetof(struct redeem, form_remove)),
        {0},
};

const struct key headers_keys[] = {
        KEY("set", read_header_fields, offsetof(struct redeem, header_set)),
        KEY("add", read_repeated_header_fields, offsetof(struct redeem, header_add)),
        KEY("remove", read_header_names, offsetof(struct redeem, header_remove)),
        {0},
};

const struct key redeem_keys[] = {
        KEY("code", read_code, 0),
        KEY("consumer", read_second_word, offsetof(struct redeem, second_consumer), .words = consumer_words),
        KEY("client", read_second_word, offsetof(struct redeem, encoded_client), .words = client_words),
        KEY("pkce", read_word, offsetof(struct redeem, pkce), .words = pkce_words),
        KEY("verifier_length", read_number_of, offsetof(struct redeem, verifier_length), .min = 43, .max = 128),
        KEY("times", read_number_of, offsetof(struct redeem, times), .min = 2, .max = LIMIT_BURST),
        KEY("at", read_at, 0),
        KEY("authentication", read_word, offsetof(struct redeem, authentication), .words = authentications),
        KEY("basic_encoding", read_word, offsetof(struct redeem, basic_encoding), .words = basic_words),
        KEY("client_id", read_empty_text, offsetof(struct redeem, client_id)),
        KEY("client_secret", read_empty_text, offsetof(struct redeem, client_secret)),
        KEY("form", read_form, 0),
        KEY("query", read_repeated_fields, offsetof(struct redeem, query)),
        KEY("headers", read_headers, 0),
        KEY("method", read_method, offsetof(struct redeem, method)),
        KEY("content_type", read_content_type, offsetof(struct redeem, content_type)),
        KEY("body", read_empty_text, offsetof(struct redeem, body)),
        KEY("http", read_word, offsetof(struct redeem, http), .words = http_words),
        KEY("scheme", read_second_word, offsetof(struct redeem, plain_http), .words = scheme_words),
        {0},
};

bool is_http_token(const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("!#$%&'*+-.^_`|~", text[i]))
			return false;
	return n;
}

static bool read_code(struct source *s, const struct key *k, const struct node *value, void *into)
{
	static const char *const words[] = {"valid", "expired", "unknown", "none", NULL};
	struct redeem *r = into;
	size_t index;

	if (node_is_string(value) && sv_find_char(value->text, '{') >= 0) {
		r->code = CODE_TEXT;
		r->code_text = string_of(s, k, value, false);
		return r->code_text;
	}
	if (!word_of(s, k, value, words, &index))
		return false;
	r->code = (enum code_kind)index;
	return true;
}

static bool read_number_of(struct source *s, const struct key *k, const struct node *value, void *into)
{
	int64_t number;

	if (!read_integer(s, k, value, &number))
		return false;
	*(int *)into = (int)number;
	return true;
}

static bool read_at(struct source *s, const struct key *k, const struct node *value, void *into)
{
	static const char *const words[] = {"once", NULL};
	size_t index;

	(void)into;
	return word_of(s, k, value, words, &index);
}

static bool read_form(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_mapping(s, value, form_keys, into, arena_printf(s->a, "'%s'", k->name));
}

static bool read_headers(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_mapping(s, value, headers_keys, into, arena_printf(s->a, "'%s'", k->name));
}

static bool header_name(struct source *s, const struct node *n)
{
	if (n->kind != NODE_SCALAR || !n->text.n || is_http_token(n->text.p))
		return true;
	source_error(s, n->at, "'%s' cannot be a header's name", n->text.p);
	return false;
}

/* What would end the line, and with it let a value become a header of its own. */
static bool header_value(struct source *s, const struct node *n)
{
	bool good = true;

	for (size_t i = 0; n->kind == NODE_LIST && i < n->n; i++)
		good &= header_value(s, &n->v[i]);
	if (n->kind != NODE_SCALAR || !n->text.n || !strpbrk(n->text.p, "\r\n"))
		return good;
	source_error(s, n->at, "a header's value must not hold a line break");
	return false;
}

static bool read_header_pairs(struct source *s, const struct key *k, const struct node *value, void *into,
                              bool repeated)
{
	bool good = repeated ? read_repeated_fields(s, k, value, into) : read_fields(s, k, value, into);

	for (size_t i = 0; value->kind == NODE_MAPPING && i < value->n; i++) {
		good &= header_name(s, &value->keys[i]);
		good &= header_value(s, &value->v[i]);
	}
	return good;
}

static bool read_header_fields(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_header_pairs(s, k, value, into, false);
}

static bool read_repeated_header_fields(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return read_header_pairs(s, k, value, into, true);
}

static bool read_header_names(struct source *s, const struct key *k, const struct node *value, void *into)
{
	bool good = read_texts(s, k, value, into);

	for (size_t i = 0; value->kind == NODE_LIST && i < value->n; i++)
		good &= header_name(s, &value->v[i]);
	return good;
}

static bool read_method(struct source *s, const struct key *k, const struct node *value, void *into)
{
	const char *text = string_of(s, k, value, false);

	if (!text)
		return false;
	if (!is_http_token(text)) {
		source_error(s, value->at, "'%s' must be one word, like 'GET'", k->name);
		return false;
	}
	*(const char **)into = text;
	return true;
}

static bool read_content_type(struct source *s, const struct key *k, const struct node *value, void *into)
{
	return header_value(s, value) && read_empty_text(s, k, value, into);
}

static void check_templates(struct source *s, const struct node *n, const struct redeem *r, struct names *names)
{
	static const char *const templates[] = {"client_id", "client_secret", "form", "query", "headers", "body"};

	names->codeless = r->code == CODE_NONE ? "'code' is 'none'" : NULL;
	names->challenging = r->pkce != SEND_PKCE_NONE;
	names->clear_text = r->plain_http;
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
		const struct node *value = node_get(n, templates[i]);
		if (value)
			template_check(s, value, names);
	}
	const struct node *code = node_get(n, "code");
	names->choosing = true;
	if (code)
		template_check(s, code, names);
	names->choosing = names->clear_text = false;
	names->codeless = NULL;
}

/* What only some targets can do has to be said in `needs`, or the scenario would be done where it cannot be. */
static void check_needs(struct source *s, const struct node *n, const struct redeem *r, const struct names *names)
{
	const struct {
		const char *key, *written;
		bool given;
		const char *need;
	} rows[] = {
	        {"consumer", "'consumer: second'", r->second_consumer, "codes.second_consumer"},
	        {"client", "'client: encoded'", r->encoded_client, "encoded_client"},
	        {"pkce", "'pkce: S256'", r->pkce == SEND_PKCE_S256, "pkce"},
	        {"pkce", "'pkce: none'", r->pkce == SEND_PKCE_NONE, "pkce.without"},
	        {"verifier_length", "'verifier_length'", r->verifier_length && r->pkce == SEND_PKCE_TARGET, "pkce"},
	        {"scheme", "'scheme: http'", r->plain_http, "https"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].given)
			needs_entry(s, node_get(n, rows[i].key)->at, rows[i].written, names, rows[i].need);
}

/* What is sent in clear text is anybody's. */
static void check_clear_text(struct source *s, const struct node *n, const struct redeem *r)
{
	const struct node *scheme = node_get(n, "scheme"), *secret = node_get(n, "client_secret");

	if (!r->plain_http)
		return;
	if (r->code != CODE_UNKNOWN && r->code != CODE_NONE)
		source_error(s, scheme->at,
		             "'scheme: http' sends in clear text, and so never a live code: it needs 'code: unknown' "
		             "or 'code: none' beside it");
	if (secret)
		source_error(s, secret->at,
		             "'scheme: http' sends in clear text, and so never a client secret: leave it out, a "
		             "random one is sent");
	if (r->http == SEND_HTTP_2)
		source_error(s, node_get(n, "http")->at,
		             "'scheme: http' cannot have 'http: \"2\"': HTTP/2 is "
		             "selected in a TLS handshake");
}

/* Keys that go together, and keys that cannot. */
static void check_pairs(struct source *s, const struct node *n, const struct redeem *r)
{
	const struct node *body = node_get(n, "body"), *form = node_get(n, "form"), *times = node_get(n, "times"),
	                  *at = node_get(n, "at"), *basic = node_get(n, "basic_encoding");
	bool without_basic = r->authentication == SEND_AUTH_POST || r->authentication == SEND_AUTH_NONE;

	if (body && form)
		source_error(s, form->at, "'form' has no effect beside 'body', which is sent instead of the form");
	if (times && !at)
		source_error(s, times->at, "'times' needs 'at: once' beside it");
	if (at && !times)
		source_error(s, at->at, "'at' needs 'times' beside it, a number from 2 to %d", LIMIT_BURST);
	if (basic && without_basic)
		source_error(s, basic->at,
		             "'basic_encoding' has no effect: 'authentication: %s' sends no Basic credentials",
		             authentications[r->authentication]);
	if (r->verifier_length && r->pkce == SEND_PKCE_NONE)
		source_error(s, node_get(n, "verifier_length")->at,
		             "'verifier_length' has no effect: 'pkce: none' makes no verifier");
	check_clear_text(s, n, r);
}

static bool is_ordinary(const struct redeem *r)
{
	return r->code == CODE_VALID && !r->second_consumer && !r->encoded_client && r->pkce == SEND_PKCE_TARGET &&
	       !r->verifier_length && !r->times && r->authentication == SEND_AUTH_TARGET &&
	       r->basic_encoding == SEND_BASIC_TARGET && !r->client_id && !r->client_secret && !r->form_set.n &&
	       !r->form_add.n && !(r->form_remove && *r->form_remove) && !r->query.n && !r->header_set.n &&
	       !r->header_add.n && !(r->header_remove && *r->header_remove) && !r->method && !r->content_type &&
	       !r->body && r->http == SEND_HTTP_ANY;
}

bool redeem_read(struct source *s, const struct node *n, struct names *names, struct redeem *ret, const char **spec)
{
	size_t before = s->mistakes;

	read_mapping(s, n, redeem_keys, ret, "'redeem'");
	if (n->kind != NODE_MAPPING)
		return false;
	check_templates(s, n, ret, names);
	check_needs(s, n, ret, names);
	check_pairs(s, n, ret);
	if (s->mistakes != before)
		return false;
	ret->ordinary = is_ordinary(ret);
	*spec = spec_of(s, n, NULL);
	return *spec;
}
