/* certify-record and verify-record: see record.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/read.h"
#include "commands/record.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "jose/sign_read.h"
#include "report/results_file.h"

/* --- certify-record ------------------------------------------------------------------------------------------ */

static void warn_of_mode(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && st.st_mode & (S_IRWXG | S_IRWXO))
		fprintf(stderr, "brandcert: warning: others may read the private key '%s': chmod 600 it\n", path);
}

static struct signing_key *read_key(struct arena *a, const char *path, struct err *e)
{
	struct sv pem;

	if (read_input(a, path, LIMIT_INPUT_FILE, &pem, e) < 0)
		return NULL;
	warn_of_mode(path);
	struct signing_key *key = signing_key_read(pem, e);
	explicit_bzero((char *)(uintptr_t)pem.p, pem.n);
	if (!key)
		err_wrap(e, "'%s'", path);
	return key;
}

static char *make_record(struct arena *a, const struct signing_key *key, const json_t *claims, struct err *e)
{
	enum jose_alg alg = signing_key_alg(key);
	char *payload = json_dumps(claims, JSON_COMPACT);

	if (!payload)
		mem_exhausted();
	char *record = signing_compact(a, key, alg,
	                               arena_printf(a, "{\"alg\":\"%s\",\"typ\":\"%s\",\"kid\":\"%s\"}",
	                                            jose_alg_text(alg), RECORD_TYP, signing_key_thumbprint(a, key)),
	                               payload, e);
	free(payload);
	return record;
}

/* Never over an older record: it may be the only one. */
static int write_record(const char *path, const char *record, struct err *e)
{
	if (!path || strcmp(path, "-") == 0)
		return printf("%s\n", record) < 0 || fflush(stdout) != 0
		               ? err_trouble(e, "cannot write the record to standard output")
		               : 0;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return err_input(e, "cannot make '%s': %s%s", path, strerror(errno),
		                 errno == EEXIST ? "; it may be the only record of a run: name a new file" : "");
	bool bad = fprintf(f, "%s\n", record) < 0;
	return fclose(f) != 0 || bad ? err_trouble(e, "cannot write '%s': %s", path, strerror(errno)) : 0;
}

int command_certify_record(const struct options *o)
{
	struct results results;
	struct err e = {0};
	struct sv text;

	if (o->nrest != 1 || !o->key) {
		err_input(&e,
		          "'brandcert certify-record' takes one results.json and --key with the file of a private key");
		return command_error(&e);
	}
	if (read_input(o->a, o->rest[0], LIMIT_RESULTS_FILE, &text, &e) < 0 ||
	    results_parse(o->a, text, o->rest[0], &results, &e) < 0)
		return command_error(&e);
	struct signing_key *key = read_key(o->a, o->key, &e);
	if (!key)
		return command_error(&e);
	json_auto_t *claims = record_claims(o->a, &results, jose_sha256_hex(o->a, text), clock_unix_ms() / 1000);
	char *record = make_record(o->a, key, claims, &e);
	signing_key_free(key);
	if (!record || write_record(o->output, record, &e) < 0)
		return command_error(&e);
	const char *flaw = record_flaw(o->a, &results);
	if (flaw)
		fprintf(stderr, "brandcert: this record says NOT CONFORMANT: %s\n", flaw);
	return EXIT_CONFORMANT;
}

/* --- verify-record ------------------------------------------------------------------------------------------- */

struct verifying {
	struct arena *a;
	const struct options *o;
	struct jwks keys;
	struct record record;
};

static int read_keys(struct verifying *v, struct err *e)
{
	const char *path = v->o->jwks ? v->o->jwks : v->o->public_key;
	struct sv text;

	if (!path || (v->o->jwks && v->o->public_key))
		return err_input(e, "say by which key: --jwks FILE or --public-key FILE");
	if (read_input(v->a, path, LIMIT_INPUT_FILE, &text, e) < 0)
		return -1;
	if ((v->o->jwks ? jwks_parse(v->a, text, &v->keys, e) : jwks_parse_key(v->a, text, &v->keys, e)) < 0)
		return err_wrap(e, "'%s'", path);
	return 0;
}

static int read_record(struct verifying *v, struct sv *ret, struct err *e)
{
	if (read_input(v->a, v->o->rest[0], LIMIT_INPUT_FILE, ret, e) < 0)
		return -1;
	if (sv_ends(*ret, SV("\n")))
		ret->n--;
	return 0;
}

static const char *results_problem(struct verifying *v, const json_t *claims, struct err *e)
{
	struct sv text;

	if (!v->o->results)
		return NULL;
	if (read_input(v->a, v->o->results, LIMIT_RESULTS_FILE, &text, e) < 0)
		return "the results cannot be read";
	const char *said = json_string_value(json_object_get(claims, "results_sha256"));
	return strcmp(jose_sha256_hex(v->a, text), said) == 0
	               ? NULL
	               : arena_printf(v->a, "it was not made for '%s': the SHA-256 is another", v->o->results);
}

static const char *shown(struct verifying *v, const json_t *claims, const char *name)
{
	const char *text = json_string_value(json_object_get(claims, name));

	return text ? text_excerpt(v->a, sv_of(text), 200) : "not said";
}

static void print_record(struct verifying *v, const json_t *claims)
{
	static const char *const names[][2] = {{"Target", "target"},         {"Origin", "origin"},
	                                       {"Profile", "profile"},       {"Started", "started"},
	                                       {"Ended", "ended"},           {"Tool", "tool"},
	                                       {"Suite", "suite_digest"},    {"Evidence", "evidence_sha256"},
	                                       {"Results", "results_sha256"}};
	const json_t *totals = json_object_get(claims, "totals"), *list = json_object_get(claims, "requirements");
	const char *id;
	json_t *verdict;
	char signed_at[32];

	if (json_is_true(json_object_get(claims, "conformant")))
		printf("CONFORMANT\n\n");
	else
		printf("NOT CONFORMANT: %s\n\n", shown(v, claims, "not_conformant_because"));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		printf("%-10s %s\n", names[i][0], shown(v, claims, names[i][1]));
	clock_iso(json_integer_value(json_object_get(claims, "iat")) * 1000, signed_at);
	printf("%-10s %s, %s%s%s\n", "Signed", signed_at, v->record.alg, v->record.kid ? ", key " : "",
	       v->record.kid ? text_excerpt(v->a, sv_of(v->record.kid), 80) : "");
	printf("%-10s", "Results");
	for (enum verdict k = 0; k < VERDICT_COUNT; k++)
		printf(" %lld %s%s", (long long)json_integer_value(json_object_get(totals, verdict_text(k))),
		       verdict_text(k), k + 1 < VERDICT_COUNT ? "," : "\n");
	json_object_foreach((json_t *)(uintptr_t)list, id, verdict)
	{
		const char *word = json_is_string(verdict) ? json_string_value(verdict) : "?";
		if (strcmp(word, "fail") == 0 || strcmp(word, "error") == 0)
			printf("  %-5s %s\n", text_excerpt(v->a, sv_of(word), 10), text_excerpt(v->a, sv_of(id), 80));
	}
}

static int verify(struct verifying *v, struct sv text, struct err *e)
{
	const char *problem = record_verify(v->a, text, &v->keys, &v->record);

	if (!problem)
		problem = results_problem(v, v->record.claims, e);
	if (e->kind)
		return command_error(e);
	if (problem) {
		printf("DOES NOT VERIFY: %s\n", text_excerpt(v->a, sv_of(problem), 400));
		return EXIT_FAILED;
	}
	print_record(v, v->record.claims);
	return json_is_true(json_object_get(v->record.claims, "conformant")) ? EXIT_CONFORMANT : EXIT_FAILED;
}

int command_verify_record(const struct options *o)
{
	struct verifying v = {.a = o->a, .o = o};
	struct err e = {0};
	struct sv record;

	if (o->nrest != 1) {
		err_input(
		        &e,
		        "'brandcert verify-record' takes one record, as 'brandcert certify-record' writes it, or '-'");
		return command_error(&e);
	}
	int status =
	        read_keys(&v, &e) < 0 || read_record(&v, &record, &e) < 0 ? command_error(&e) : verify(&v, record, &e);
	json_decref(v.record.claims);
	jwks_release(&v.keys);
	return status;
}
