/* Judges one token offline: the command for whoever has a token and a question. */
#include "commands/inspect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "checks/times.h"
#include "commands/commands.h"
#include "commands/finish.h"
#include "commands/load.h"
#include "commands/read.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/limits.h"
#include "exchange/exchange.h"
#include "jose/sign_read.h"

#define LIMIT_INSPECTED LIMIT_BODY
#define TOLERANCE_S 60
#define LARGEST_TIME 253402300799LL /* the year 9999 ends */

/* --- what is known ------------------------------------------------------------------------------------------- */

static bool is_url(const char *text)
{
	return strncmp(text, "https://", 8) == 0 || strncmp(text, "http://", 7) == 0;
}

/* What is wrong with what comes from there is the brand's affair, and judged; that nothing comes leaves no verdict. */
static void fetch_jwks(struct inspection *i, const char *url, const char *ca_file)
{
	static const char *headers[] = {"Accept: application/json", NULL};
	const struct http_request q = {
	        .method = "GET", .url = url, .headers = headers, .ca_file = ca_file, .timeout_ms = LIMIT_TIMEOUT_MS};
	struct http_response r;

	http_call(i->a, &q, &r);
	i->keys_from = url;
	i->jwks = r.body;
	i->jwks_status = r.status;
	i->jwks_trouble = r.trouble;
}

/* Either form is understood behind either option: what it is can be seen. */
static int read_key_file(struct inspection *i, const char *path, struct err *e)
{
	struct sv text;
	int status;

	if (read_input(i->a, path, LIMIT_INPUT_FILE, &text, e) < 0)
		return -1;
	text = sv_trim(text);
	i->keys_from = path;
	i->jwks_status = 200;
	if (!sv_starts(text, SV("{"))) {
		i->facts.public_key = arena_sv(i->a, text);
		status = jwks_parse_key(i->a, text, &i->keys, e);
	} else {
		/* one key by itself is a set of one */
		bool alone = sv_find(text, SV("\"keys\"")) < 0;
		i->jwks = alone ? sv_of(arena_printf(i->a, "{\"keys\":[%.*s]}", SV_ARG(text))) : text;
		status = jwks_parse(i->a, i->jwks, &i->keys, e);
	}
	return status < 0 ? err_wrap(e, "'%s'", path) : 0;
}

static int read_keys(struct inspection *i, const struct options *o, const struct target *t, struct err *e)
{
	const char *given = o->jwks ? o->jwks : o->public_key;
	int status = 0;

	if (o->jwks && o->public_key)
		return err_input(e, "--jwks and --public-key both name the key: use one of them");
	/* what is said here stands in place of the target file's */
	if (given)
		i->facts.public_key = NULL;
	if (given && is_url(given))
		fetch_jwks(i, given, o->ca_file);
	else if (given)
		status = read_key_file(i, given, e);
	else if (t && t->keys.jwks_uri)
		fetch_jwks(i, t->keys.jwks_uri, o->ca_file ? o->ca_file : t->tls.ca_file);
	else if (t && t->keys.public_key)
		i->keys_from = t->path;
	/* parsed once more where they are used */
	jwks_release(&i->keys);
	i->keys = (struct jwks){0};
	return status;
}

static int read_decryption_key(struct inspection *i, const char *path, struct err *e)
{
	struct sv pem;

	if (read_input(i->a, path, LIMIT_INPUT_FILE, &pem, e) < 0)
		return -1;
	struct signing_key *key = signing_key_read(pem, e);
	if (!key)
		return err_wrap(e, "'%s'", path);
	signing_key_free(key);
	i->facts.decryption_key = arena_sv(i->a, pem);
	return 0;
}

static int read_time(const char *text, int64_t *ret, struct err *e)
{
	char *end;

	if (clock_from_iso(text, ret))
		return 0;
	errno = 0;
	long long seconds = strtoll(text, &end, 10);
	if (errno || *end || end == text || seconds < 0 || seconds > LARGEST_TIME)
		return err_input(e,
		                 "--at takes a time such as 2026-11-21T12:00:00Z, 2026-11-21, or seconds since 1970, "
		                 "not '%s'",
		                 text);
	*ret = seconds * 1000;
	return 0;
}

/* The time as of which it is judged: said, or that of the reply, or now. */
static int read_at(struct inspection *i, const char *at, struct err *e)
{
	const struct exchange x = {.response = {.lines = i->input.lines, .nlines = i->input.nlines}};
	double date;

	i->received = true;
	if (at) {
		i->at_from = "--at";
		return read_time(at, &i->at_ms, e);
	}
	if (i->input.head && times_of_reply(&x, &date) && date >= 0 && date <= (double)LARGEST_TIME) {
		i->at_ms = (int64_t)date * 1000;
		i->at_from = "the reply's Date header";
		return 0;
	}
	i->received = false;
	i->at_ms = clock_unix_ms();
	i->at_from = "now";
	return 0;
}

static int read_facts(struct inspection *i, const struct options *o, const struct target *t, struct err *e)
{
	i->profile = t ? t->profile : PROFILE_LIVEPERSON;
	if (o->profile)
		(void)profile_of(sv_of(o->profile), &i->profile);
	if (t)
		i->facts = facts_of(i->a, t);
	else
		i->facts = (struct run_facts){.algorithm = "RS256", .tolerance_s = TOLERANCE_S, .connections = 1};
	i->facts.profile = profile_text(i->profile);
	i->facts.started_ms = i->at_ms;
	if (o->client_id)
		i->facts.client_id = o->client_id;
	if (o->issuer)
		i->facts.issuer = o->issuer;
	i->nonce = o->nonce;
	i->mask_claims = o->mask_claims;
	if (o->decryption_key && read_decryption_key(i, o->decryption_key, e) < 0)
		return -1;
	return read_keys(i, o, t, e);
}

/* --- the command --------------------------------------------------------------------------------------------- */

static int read_argument(struct inspection *i, const char *argument, struct err *e)
{
	struct sv text = sv_of(argument);
	bool is_file = file_exists(argument);
	int status = 0;

	if (strcmp(argument, "-") == 0) {
		i->name = "standard input";
		status = read_input(i->a, argument, LIMIT_INSPECTED, &text, e);
	} else if (is_file) {
		i->name = argument;
		status = read_input(i->a, argument, LIMIT_INSPECTED, &text, e);
	} else {
		i->name = "the token of the command line";
	}
	if (status < 0 || inspect_read(i->a, text, &i->input, e) == 0)
		return status;
	if (i->name == argument)
		return err_wrap(e, "'%s'", argument);
	if (strlen(argument) < 100 && !is_file && strcmp(argument, "-") != 0 && argument[0] != '{')
		return err_wrap(e, "there is no file '%s'", argument);
	return -1;
}

static int print(const struct inspection *i, const struct options *o)
{
	const struct report_options ro = finish_looks(o, stdout);
	const struct inspect_looks looks = {
	        .width = ro.width ? ro.width : 80, .color = ro.color, .verbose = o->verbose};
	struct buf out = {.cap = BUF_OWN};
	struct err e = {0};
	int status = inspect_exit(i);

	if (o->format && strcmp(o->format, "json") == 0)
		inspect_json(i, &out);
	else
		inspect_text(i, &looks, &out);
	if (out.full || fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0) {
		err_trouble(&e, "cannot write the result to standard output");
		status = status ? status : command_error(&e);
	}
	buf_release(&out);
	return status;
}

int command_inspect(const struct options *o)
{
	struct inspection i = {.a = o->a, .jwks_status = 200};
	struct loaded_suite suite;
	struct target target;
	struct err e = {0};

	if (o->nrest != 1)
		err_input(&e, "'brandcert inspect' takes one token, the name of a file that holds it, or '-'");
	else if (o->format && strcmp(o->format, "text") != 0 && strcmp(o->format, "json") != 0)
		err_input(&e, "there is no format '%s' of an inspection: it is text or json", o->format);
	if (e.kind)
		return command_error(&e);
	if (o->target && load_target(o, o->target, &target) < 0)
		return EXIT_INPUT;
	if (read_argument(&i, o->rest[0], &e) < 0 || read_at(&i, o->at, &e) < 0 ||
	    read_facts(&i, o, o->target ? &target : NULL, &e) < 0)
		return command_error(&e);
	if (load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	inspect_judge(&i, &suite.suite);
	int status = print(&i, o);
	jwks_release(&i.keys);
	suite_release(&suite.suite);
	return status;
}
