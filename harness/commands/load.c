#include "commands/load.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks/check.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/version.h"
#include "endpoint/faults.h"
#include "jose/sign.h"

/* The path without detours, and relative where it is below the current folder: it stands in reports and messages. */
static char *shortened(struct arena *a, const char *path)
{
	char real[PATH_MAX], here[PATH_MAX];

	if (!realpath(path, real))
		return arena_text(a, path);
	size_t n = getcwd(here, sizeof here) ? strlen(here) : 0;
	if (n > 1 && strncmp(real, here, n) == 0 && real[n] == '/')
		return arena_text(a, real + n + 1);
	return arena_text(a, real);
}

/* The first of `candidates` (below the program's folder) that is there. */
static char *find_own(struct arena *a, const char *const *candidates)
{
	const char *folder = file_program_folder(a);

	for (; folder && *candidates; candidates++) {
		char *path = arena_printf(a, "%s/%s", folder, *candidates);
		if (file_exists(path))
			return shortened(a, path);
	}
	return NULL;
}

char *find_suites(struct arena *a)
{
	/* build/, a build folder inside it (build/sanitize/), or where `make install` puts them */
	static const char *const candidates[] = {"../suites", "../../suites", "../share/brandcert/suites", NULL};

	return find_own(a, candidates);
}

char *find_reference_brand(struct arena *a)
{
	static const char *const candidates[] = {"reference-brand", "../libexec/brandcert/reference-brand", NULL};

	return find_own(a, candidates);
}

/* Prints what was found wrong, and how much of it. -1 when there was an error. */
static int report(struct diags *d)
{
	diags_sort(d);
	for (size_t i = 0; i < d->n; i++) {
		char *text = diag_text(&d->v[i]);
		fputs(text, stderr);
		free(text);
	}
	if (d->dropped)
		fprintf(stderr, "… and %zu more\n", d->dropped);
	size_t errors = d->errors;
	if (errors)
		fprintf(stderr, "brandcert: %zu mistake%s in the input; nothing was sent\n", errors,
		        errors == 1 ? "" : "s");
	diags_release(d);
	return errors ? -1 : 0;
}

static const char *digest_of(struct arena *a, const struct suite *s)
{
	struct buf b = {.cap = BUF_OWN};

	for (size_t i = 0; i < s->nfiles; i++) {
		/* Lengths make the concatenation unambiguous. */
		buf_addf(&b, "%s %zu\n", s->files[i].name, s->files[i].text.n);
		buf_add_sv(&b, s->files[i].text);
	}
	const char *digest = b.full ? "" : jose_sha256_hex(a, buf_sv(&b));
	buf_release(&b);
	return digest;
}

int load_suite(const struct options *o, struct loaded_suite *ret)
{
	struct arena *a = o->a;
	struct diags d = {0};
	const char *own = find_suites(a);
	const char *own_paths[] = {own, NULL};
	const char **check_ids = arena_array(a, checks_count + 1, sizeof *check_ids);

	if (!own) {
		fprintf(stderr, "brandcert: its own suites are not where they were installed\n");
		return -1;
	}
	for (size_t i = 0; i < checks_count; i++)
		check_ids[i] = checks[i].id;
	struct suite_options so = {
	        .catalogue = arena_printf(a, "%s/requirements.yaml", own),
	        .paths = o->suites ? o->suites : own_paths,
	        .checks = check_ids,
	        .fault_problem = fault_problem,
	};
	suite_load(a, &so, &d, &ret->suite);
	if (!d.errors)
		suite_select(&ret->suite, o->only, o->tags, &d);
	if (report(&d) < 0) {
		suite_release(&ret->suite);
		return -1;
	}
	ret->digest = digest_of(a, &ret->suite);
	return 0;
}

int load_target(const struct options *o, const char *path, struct target *ret)
{
	struct diags d = {0};

	target_load(o->a, path, &d, ret);
	if (report(&d) < 0)
		return -1;
	if (o->profile)
		(void)profile_of(sv_of(o->profile), &ret->profile);
	return 0;
}

int load_expected(const struct options *o, const struct loaded_suite *suite, struct expectations **ret)
{
	struct diags d = {0};

	*ret = NULL;
	/* said before anything is sent, and not after the run */
	if (o->write_expected && file_exists(o->write_expected)) {
		fprintf(stderr, "brandcert: '%s' is there already: --write-expected-failures writes a new file\n",
		        o->write_expected);
		return -1;
	}
	if (!o->expected)
		return 0;
	*ret = arena_alloc(o->a, sizeof **ret);
	expected_load(o->a, o->expected, &suite->suite.catalogue, &d, *ret);
	return report(&d);
}

struct run_facts facts_of(struct arena *a, const struct target *t)
{
	return (struct run_facts){
	        .started_ms = clock_unix_ms(),
	        .tool = "brandcert " BRANDCERT_VERSION,
	        .target = t->name,
	        .profile = profile_text(t->profile),
	        .issuer = t->issuer,
	        .token_endpoint = t->token_endpoint,
	        .client_id = t->client.id,
	        .client_secret = t->client.secret,
	        .authentication =
	                t->client.authentication == CLIENT_SECRET_POST ? "client_secret_post" : "client_secret_basic",
	        .redirect_uri = t->redirect_uri,
	        .jwks_uri = t->keys.jwks_uri,
	        .public_key = t->keys.public_key,
	        .algorithm = t->keys.algorithm ? arena_text(a, t->keys.algorithm) : "RS256",
	        .audiences = t->audiences,
	        .tolerance_s = t->tolerance_s,
	        .code_lifetime_s = t->code_lifetime_s,
	        .userinfo_endpoint = t->userinfo_endpoint,
	        .second_client_id = t->second_client.id,
	        .second_client_secret = t->second_client.secret,
	        .encoded_client_id = t->encoded_client.id,
	        .encoded_client_secret = t->encoded_client.secret,
	        .decryption_key = t->keys.decryption_key,
	        .has = target_needs_met(a, t),
	        .connections = t->limits.connections,
	        .authorization_endpoint = t->authorization.endpoint,
	        .authorization_redirect_uri = t->authorization.redirect_uri,
	        .scope = t->authorization.scope,
	        .connector = t->connector == CONNECTOR_OPENID ? "openid" : "oauth2-rfc",
	        .published_token_endpoint = t->published_token_endpoint,
	        .latency_warn_ms = t->limits.latency_warn_ms,
	        .latency_fail_ms = t->limits.latency_fail_ms,
	        .raw_basic = t->client.raw_basic,
	        .secrets = t->secrets,
	};
}
