#include "commands/init_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "suite/url.h"

#define WIDTH 80
#define SHOWN 120

struct file {
	const struct init_facts *facts;
	struct arena *a;
	struct buf *out;
};

/* --- lines --------------------------------------------------------------------------------------------------- */

/* "# …", broken between words. */
static void comment(struct file *f, const char *indent, const char *text)
{
	size_t at = 0;

	for (struct sv rest = sv_of(text_visible(f->a, sv_of(text))), word; sv_cut(&rest, ' ', &word);) {
		if (at == 0 || at + 1 + word.n > WIDTH) {
			buf_addf(f->out, "%s%s#", at ? "\n" : "", indent);
			at = strlen(indent) + 1;
		}
		buf_addf(f->out, " %.*s", SV_ARG(word));
		at += 1 + word.n;
	}
	buf_add_char(f->out, '\n');
}

/* A YAML scalar for text of whomever: plain where that is safe, else in JSON's quotes, which YAML reads, too. A dollar sign is
 * doubled: ${NAME} means the environment in a target file. */
static const char *scalar(struct file *f, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:";
	struct buf doubled = {.cap = BUF_OWN};

	if (strspn(text, plain) == strlen(text) && text[0] >= 'A' && !strchr("~:", text[0]) && !strstr(text, ": ") &&
	    text[strlen(text) - 1] != ':')
		return text;
	buf_add_text(&doubled, "");
	for (const char *p = text; *p; p++)
		buf_addf(&doubled, *p == '$' ? "$%c" : "%c", *p);
	json_auto_t *value = json_string(doubled.p);
	char *dumped = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;
	const char *ret = dumped ? arena_text(f->a, dumped) : "\"\"";
	free(dumped);
	buf_release(&doubled);
	return ret;
}

static void key(struct file *f, const char *indent, const char *name, const char *value)
{
	buf_addf(f->out, "%s%s: %s\n", indent, name, value);
}

static void blank(struct file *f)
{
	buf_add_char(f->out, '\n');
}

/* --- the document -------------------------------------------------------------------------------------------- */

static const char *said(const struct file *f, const char *name)
{
	const json_t *value = json_object_get(f->facts->document, name);
	const char *text = json_string_value(value);

	return text && *text && strlen(text) == json_string_length(value) ? text : NULL;
}

/* True when the list `name` holds the word; *absent when there is no such list. */
static bool lists(const struct file *f, const char *name, const char *word, bool *absent)
{
	const json_t *list = json_object_get(f->facts->document, name);

	*absent = !json_is_array(list);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *item = json_string_value(json_array_get(list, i));
		if (item && strcmp(item, word) == 0)
			return true;
	}
	return false;
}

static const char *shown_list(struct file *f, const char *name)
{
	char *text = json_dumps(json_object_get(f->facts->document, name), JSON_ENCODE_ANY);
	const char *ret = text_excerpt(f->a, sv_of(text ? text : "nothing"), SHOWN);

	free(text);
	return ret;
}

static bool allows_http(const struct file *f)
{
	return f->facts->issuer && strncmp(f->facts->issuer, "http://", 7) == 0;
}

/* The URL that the document names, or NULL with a comment that says why not. */
static const char *endpoint(struct file *f, const char *indent, const char *name)
{
	const char *url = said(f, name), *problem;

	if (!f->facts->document)
		return NULL;
	if (!url) {
		comment(f, indent, arena_printf(f->a, "NOT FOUND: the discovery document has no %s.", name));
		return NULL;
	}
	problem = url_problem(url, allows_http(f));
	if (!problem)
		return url;
	comment(f, indent,
	        arena_printf(f->a, "NOT TAKEN: the document's %s is '%s': %s", name,
	                     text_excerpt(f->a, sv_of(url), SHOWN), problem));
	return NULL;
}

/* --- sections ------------------------------------------------------------------------------------------------ */

static void begin(struct file *f)
{
	const struct init_facts *x = f->facts;

	comment(f, "",
	        "A target file for brandcert: where a brand is, and what it supports. Check each line, then run");
	comment(f, "", "  brandcert run --target FILE --dry-run");
	if (x->document)
		comment(f, "",
		        arena_printf(f->a, "Filled from %s; FILL IN marks what that cannot tell.", x->discovery));
	else if (x->trouble)
		comment(f, "",
		        arena_printf(f->a, "No discovery document at %s: %s. FILL IN marks what is missing.",
		                     x->discovery, x->trouble));
	else
		comment(f, "", "FILL IN marks what has to be changed.");
	blank(f);
}

static const char *host_of(struct file *f, const char *url)
{
	const char *host = strstr(url, "://");

	host = host ? host + 3 : url;
	return arena_sv(f->a, (struct sv){host, strcspn(host, "/?#")});
}

static void identity(struct file *f)
{
	const char *given = f->facts->issuer, *issuer = said(f, "issuer");

	comment(f, "", "Its name in reports.");
	key(f, "", "target", given ? scalar(f, host_of(f, given)) : "acme-staging");
	blank(f);
	comment(f, "", "liveperson (LivePerson's documents), strict (the standards as written) or google.");
	key(f, "", "profile", "liveperson");
	blank(f);
	comment(f, "", "The issuer, exactly as it is configured at LivePerson: iss of each id_token has to be this.");
	if (f->facts->document && !issuer)
		comment(f, "",
		        "NOT FOUND: the discovery document names no issuer, which it must (OpenID Connect Discovery "
		        "§3).");
	else if (issuer && given && strcmp(issuer, given) != 0)
		comment(f, "",
		        arena_printf(
		                f->a,
		                "DIFFERENT: the document was asked for at '%s', and says that its issuer is the one "
		                "below. It must be the same (OpenID Connect Discovery §4.3).",
		                text_excerpt(f->a, sv_of(given), SHOWN)));
	if (!given && !issuer)
		comment(f, "", "FILL IN");
	key(f, "", "issuer", scalar(f, issuer ? issuer : given ? given : "https://login.acme.example"));
	if (allows_http(f)) {
		blank(f);
		comment(f, "", "http:// is taken on this machine alone.");
		key(f, "", "allow_http", "true");
	}
	blank(f);
}

static void endpoints(struct file *f)
{
	const char *url, *base = f->facts->issuer ? f->facts->issuer : "https://login.acme.example";

	comment(f, "", "Where LivePerson redeems codes.");
	url = endpoint(f, "", "token_endpoint");
	if (!url)
		comment(f, "", "FILL IN");
	key(f, "", "token_endpoint", scalar(f, url ? url : arena_printf(f->a, "%s/oauth/token", base)));
	blank(f);
	comment(f, "",
	        "Where access tokens are shown. Without it nothing about access tokens that were revoked is judged.");
	url = endpoint(f, "", "userinfo_endpoint");
	key(f, "", url ? "userinfo_endpoint" : "# userinfo_endpoint",
	    scalar(f, url ? url : arena_printf(f->a, "%s/oauth/userinfo", base)));
	blank(f);
	comment(f, "", "Whether there is a discovery document below the issuer.");
	key(f, "", "discovery", f->facts->document ? "true" : "false");
	comment(f, "", "Whether codes are redeemed for refresh tokens, too.");
	key(f, "", "refresh_tokens", "false");
	blank(f);
}

static void client(struct file *f)
{
	bool absent, unused, basic = lists(f, "token_endpoint_auth_methods_supported", "client_secret_basic", &absent),
	                     post = lists(f, "token_endpoint_auth_methods_supported", "client_secret_post", &unused);

	comment(f, "", "The client that LivePerson is to this brand.");
	buf_add_text(f->out, "client:\n");
	comment(f, "  ", "FILL IN: its client_id.");
	key(f, "  ", "id", "liveperson");
	comment(f, "  ", "From the environment, never in this file; or secret_file: PATH.");
	key(f, "  ", "secret", "${BRANDCERT_CLIENT_SECRET}");
	comment(f, "  ", "client_secret_basic (the Authorization header) or client_secret_post (the form).");
	if (f->facts->document && absent)
		comment(f, "  ",
		        "The document does not say; then it is client_secret_basic (OpenID Connect Discovery §3).");
	else if (f->facts->document)
		comment(f, "  ",
		        arena_printf(f->a, "The document offers %s.",
		                     shown_list(f, "token_endpoint_auth_methods_supported")));
	if (f->facts->document && !absent && !basic && !post)
		comment(f, "  ", "NOT FOUND: LivePerson needs one of the two.");
	key(f, "  ", "authentication", post && !basic ? "client_secret_post" : "client_secret_basic");
	blank(f);
}

static void requests(struct file *f)
{
	bool absent, s256 = lists(f, "code_challenge_methods_supported", "S256", &absent);

	comment(f, "", "Where the brand sends the consumer with the code: what LivePerson is registered with there.");
	key(f, "", "redirect_uri", "https://liveperson.net");
	blank(f);
	comment(f, "", "Whether codes come from authorization requests with a PKCE challenge: none, S256, or both.");
	if (s256)
		comment(f, "",
		        "The document offers S256: the command below has to send BRANDCERT_CODE_CHALLENGE with its "
		        "authorization request. If LivePerson is to be served without PKCE, write none.");
	else if (f->facts->document)
		comment(f, "",
		        absent ? "The document does not offer it."
		               : arena_printf(f->a, "The document offers %s, and not S256.",
		                              shown_list(f, "code_challenge_methods_supported")));
	key(f, "", "pkce", s256 ? "S256" : "none");
	blank(f);
}

static const char *algorithm(struct file *f)
{
	static const char *const known[] = {"RS256", "RS384", "RS512", "PS256", "PS384",
	                                    "PS512", "ES256", "ES384", "ES512"};
	bool absent;

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (lists(f, "id_token_signing_alg_values_supported", known[i], &absent))
			return known[i];
	return NULL;
}

static void keys(struct file *f)
{
	const char *alg = algorithm(f), *url;

	comment(f, "",
	        "The key that id_tokens are signed with: jwks_uri; or public_key_file (PEM); or public_key, the one "
	        "line "
	        "that is pasted at LivePerson.");
	buf_add_text(f->out, "keys:\n");
	url = endpoint(f, "  ", "jwks_uri");
	if (!url)
		comment(f, "  ", "FILL IN");
	key(f, "  ", "jwks_uri",
	    scalar(f, url ? url
	                  : arena_printf(f->a, "%s/oauth/jwks",
	                                 f->facts->issuer ? f->facts->issuer : "https://login.acme.example")));
	comment(f, "  ", "The algorithm that is agreed with LivePerson.");
	if (f->facts->document)
		comment(f, "  ",
		        arena_printf(f->a, "The document offers %s.",
		                     shown_list(f, "id_token_signing_alg_values_supported")));
	if (f->facts->document && !alg)
		comment(f, "  ", "NOT FOUND: none of these can be used; RS256 has to be among them.");
	key(f, "  ", "algorithm", alg ? alg : "RS256");
	comment(f, "  ",
	        "Only where id_tokens are encrypted: the private RSA key (PEM) that stands in for LivePerson's.");
	key(f, "  ", "# decryption_key_file", "decryption-key.pem");
	blank(f);
}

static void codes(struct file *f)
{
	comment(f, "", "Where authorization codes come from.");
	buf_add_text(f->out, "codes:\n");
	comment(f, "  ",
	        "command: a program is run for each; http: a test-only endpoint is asked; authorize: brandcert logs in "
	        "by "
	        "itself, as 'authorization.login' says; prompt: a person does; list: codes that you have at hand.");
	key(f, "  ", "from", "command");
	comment(f, "  ",
	        "FILL IN: logs a test consumer in and prints the code. BRANDCERT_REDIRECT_URI, BRANDCERT_CLIENT_ID, "
	        "BRANDCERT_NONCE and more are in its environment.");
	key(f, "  ", "command", "[./get-code]");
	comment(f, "  ", "FILL IN: seconds that a code lives. Without it nothing about expired codes is judged.");
	key(f, "  ", "lifetime", "60");
	comment(f, "  ", "true: the command logs in another consumer when BRANDCERT_CONSUMER is second.");
	key(f, "  ", "second_consumer", "false");
	blank(f);
}

/* What is known of the response types that LivePerson uses. */
static const char *response_types(struct file *f)
{
	bool absent, code = lists(f, "response_types_supported", "code", &absent),
	             id_token = lists(f, "response_types_supported", "id_token", &absent);

	return code && id_token ? "[code, id_token]" : id_token ? "[id_token]" : "[code]";
}

static void authorization(struct file *f)
{
	const char *url;

	comment(f, "",
	        "What LivePerson's connector does with redirect_uri and state: oauth2-rfc, or openid (the older one).");
	key(f, "", "connector", "oauth2-rfc");
	blank(f);
	comment(f, "", "The authorization endpoint, to which the external window sends the consumer.");
	url = endpoint(f, "", "authorization_endpoint");
	if (!url) {
		buf_add_text(f->out, "# authorization:\n#   endpoint: https://login.acme.example/authorize\n");
		blank(f);
		return;
	}
	buf_add_text(f->out, "authorization:\n");
	key(f, "  ", "endpoint", scalar(f, url));
	key(f, "  ", "response_types", response_types(f));
	comment(f, "  ",
	        "How a test consumer logs in there: the pages in order. With it the endpoint is judged, too, and "
	        "'codes: {from: authorize}' needs no command.");
	buf_add_text(f->out, "  # login:\n  #   forms:\n"
	                     "  #     - fields: {username: alice, password: \"${BRANDCERT_PASSWORD}\"}\n"
	                     "  #     - {form: consent, submit: allow, optional: true}\n");
	blank(f);
}

static void rest(struct file *f)
{
	comment(f, "", "Seconds by which clocks may differ.");
	key(f, "", "clock_tolerance", "60");
	blank(f);
	comment(f, "", "A CA to trust beside the system's: only for a brand with a private one.");
	if (f->facts->ca_file)
		buf_addf(f->out, "tls:\n  ca_file: %s\n", scalar(f, f->facts->ca_file));
	else
		buf_add_text(f->out, "# tls:\n#   ca_file: ca.pem\n");
	blank(f);
	comment(f, "", "Manners: requests a second, requests at a time, seconds for one.");
	buf_add_text(f->out, "limits:\n  # rate: 5\n  connections: 8\n  timeout: 30\n");
	blank(f);
	comment(f, "",
	        "Further scenarios need: second_client (another registered client: its codes must be refused), "
	        "encoded_client (one whose secret holds characters such as + and %), tokens (of the implicit flow), "
	        "logout (what ends a consumer's session), audiences (others that are trusted in aud). "
	        "'brandcert list needs' tells which.");
}

void init_file(const struct init_facts *facts, struct buf *out)
{
	struct file f = {.facts = facts, .a = facts->a, .out = out};

	begin(&f);
	identity(&f);
	endpoints(&f);
	client(&f);
	requests(&f);
	keys(&f);
	codes(&f);
	authorization(&f);
	rest(&f);
}
