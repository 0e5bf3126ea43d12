/* Writes a target file to begin with. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/init_file.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "exchange/exchange.h"
#include "suite/url.h"

/* A person may leave the scheme out. */
static int read_issuer(struct arena *a, const char *text, const char **ret, struct err *e)
{
	const char *issuer = strstr(text, "://") ? text : arena_printf(a, "https://%s", text);
	const char *problem = url_problem(issuer, true);

	if (problem)
		return err_input(e, "'%s' is no issuer: %s", text, problem);
	if (strchr(issuer, '?'))
		return err_input(e, "'%s' is no issuer: it has a query (OpenID Connect Discovery §3)", text);
	*ret = issuer;
	return 0;
}

/* OpenID Connect Discovery §4.1: a slash at the issuer's end is left out before the path is put behind it. */
static const char *discovery_url(struct arena *a, const char *issuer)
{
	struct sv base = sv_of(issuer);

	if (sv_ends(base, SV("/")))
		base.n--;
	return arena_printf(a, "%.*s/.well-known/openid-configuration", SV_ARG(base));
}

/* The document, a new reference; NULL and f->trouble. */
static json_t *discover(struct init_facts *f)
{
	static const char *headers[] = {"Accept: application/json", NULL};
	const struct http_request q = {.method = "GET",
	                               .url = f->discovery,
	                               .headers = headers,
	                               .ca_file = f->ca_file,
	                               .timeout_ms = LIMIT_TIMEOUT_MS};
	struct http_response r;
	json_error_t why;

	http_call(f->a, &q, &r);
	if (r.trouble || r.status != 200) {
		f->trouble = r.trouble ? text_excerpt(f->a, sv_of(r.trouble), 300)
		                       : arena_printf(f->a, "it answered with status %d", r.status);
		return NULL;
	}
	json_t *document = json_loadb(r.body.p ? r.body.p : "", r.body.n, JSON_REJECT_DUPLICATES, &why);
	if (json_is_object(document))
		return document;
	f->trouble = document ? "it is no JSON object"
	                      : arena_printf(f->a, "it is no JSON: %s in line %d",
	                                     text_excerpt(f->a, sv_of(why.text), 160), why.line);
	json_decref(document);
	return NULL;
}

static int write_file(const struct options *o, struct sv text, struct err *e)
{
	FILE *f = o->output ? fopen(o->output, "wxe") : stdout;

	if (!f && errno == EEXIST)
		return err_input(e, "'%s' is there already: 'brandcert init' never writes over a file", o->output);
	if (!f)
		return err_input(e, "cannot make '%s': %s", o->output, strerror(errno));
	bool failed = fwrite(text.p, 1, text.n, f) != text.n;
	failed = (o->output ? fclose(f) : fflush(f)) != 0 || failed;
	return failed ? err_trouble(e, "cannot write the target file: %s", strerror(errno)) : 0;
}

static int ca_path(struct init_facts *f, const char *path, struct err *e)
{
	char real[PATH_MAX];

	/* the target file may stand anywhere: paths in it are relative to it */
	if (!realpath(path, real))
		return err_input(e, "cannot read '%s': %s", path, strerror(errno));
	f->ca_file = arena_text(f->a, real);
	return 0;
}

int command_init(const struct options *o)
{
	struct init_facts f = {.a = o->a};
	struct buf out = {.cap = BUF_OWN};
	struct err e = {0};

	if (o->nrest > 1)
		err_input(&e, "'brandcert init' takes one issuer, or none");
	else if (o->output && file_exists(o->output))
		err_input(&e, "'%s' is there already: 'brandcert init' never writes over a file", o->output);
	if (e.kind || (o->ca_file && ca_path(&f, o->ca_file, &e) < 0) ||
	    (o->nrest && read_issuer(o->a, o->rest[0], &f.issuer, &e) < 0))
		return command_error(&e);
	json_auto_t *document = NULL;
	if (f.issuer) {
		f.discovery = discovery_url(o->a, f.issuer);
		document = discover(&f);
		f.document = document;
	}
	init_file(&f, &out);
	int status = write_file(o, buf_sv(&out), &e);
	buf_release(&out);
	if (status < 0)
		return command_error(&e);
	if (f.trouble)
		fprintf(stderr, "brandcert: no discovery document at %s: %s; the file marks what is missing\n",
		        f.discovery, f.trouble);
	if (o->output)
		printf("Wrote %s: search it for FILL IN.\n", o->output);
	return EXIT_CONFORMANT;
}
