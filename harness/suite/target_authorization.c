#include "suite/target_authorization.h"

#include <string.h>
#include <strings.h>

#include "suite/companion.h"
#include "suite/tables.h"
#include "suite/target_supply.h"
#include "suite/url.h"

/* Shorter values of cookies say things like the language, and would be masked wherever they occur. */
#define COOKIE_SECRET 8

struct reading {
	struct target *target;
	struct authorization made;
};

struct login_reading {
	struct target *target;
	struct login login;
	const char *cookies_file;
};

struct form_reading {
	struct target *target;
	struct login_form form;
};

static key_reader read_response_types, read_parameters, read_login, read_forms, read_fields;

#define INTO(member) offsetof(struct reading, made.member)

const struct key authorization_keys[] = {
        KEY("endpoint", read_text, INTO(endpoint), .need = KEY_REQUIRED),
        KEY("redirect_uri", read_text, INTO(redirect_uri)),
        KEY("scope", read_empty_text, INTO(scope)),
        KEY("response_types", read_response_types, 0),
        KEY("parameters", read_parameters, 0),
        KEY("hosts", read_texts, INTO(hosts)),
        KEY("login", read_login, 0),
        KEY("second_login", read_login, 0),
        KEY("deny", read_login, 0),
        {0},
};

const struct key login_keys[] = {
        KEY("cookies", read_text, offsetof(struct login_reading, login.cookies)),
        KEY("cookies_file", read_text, offsetof(struct login_reading, cookies_file)),
        KEY("forms", read_forms, 0),
        {0},
};

const struct key login_form_keys[] = {
        KEY("form", read_text, offsetof(struct form_reading, form.form)),
        KEY("fields", read_fields, 0),
        KEY("submit", read_text, offsetof(struct form_reading, form.submit)),
        KEY("optional", read_boolean, offsetof(struct form_reading, form.optional)),
        {0},
};

const struct key field_keys[] = {
        KEY("file", read_text, 0, .need = KEY_REQUIRED),
        {0},
};

static bool read_response_types(struct source *s, const struct key *k, const struct node *value, void *into)
{
	static const char *const words[] = {"code", "id_token", "token", NULL};
	struct authorization *a = &((struct reading *)into)->made;
	bool *const flags[] = {&a->code, &a->id_token, &a->token};
	struct key each = {.name = k->name, .item = true};
	size_t before = s->mistakes;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	if (!value->n)
		return wrong_type(s, k, value, "a list of 'code', 'id_token' and 'token'");
	a->code = false;
	for (size_t i = 0; i < value->n; i++) {
		size_t word;
		if (!word_of(s, &each, &value->v[i], words, &word))
			continue;
		if (*flags[word])
			source_error(s, value->v[i].at, "'%s' is in this list twice", words[word]);
		*flags[word] = true;
	}
	return s->mistakes == before;
}

/* A value that the file takes from elsewhere, or whose field is called so, is a secret. */
static bool is_secret(const struct node *name, const struct node *value)
{
	static const char *const words[] = {"pass", "pwd", "secret", "pin", "otp", "token"};

	if (value->kind == NODE_MAPPING || sv_find(value->text, SV("${")) >= 0)
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(name->text.p, words[i]))
			return true;
	return false;
}

/* A string, or {file: path} for one line that stands in a file. */
static const char *field_value(struct source *s, const struct key *k, const struct node *value)
{
	const char *path = NULL;

	if (value->kind != NODE_MAPPING)
		return string_of(s, k, value, true);
	if (!read_mapping(s, value, field_keys, &path, arena_printf(s->a, "'%s'", k->name)))
		return NULL;
	return companion_secret(s, node_get(value, "file"), path);
}

static bool read_pairs(struct source *s, const struct key *k, const struct node *value, struct target *t,
                       struct fields *ret)
{
	size_t before = s->mistakes;

	if (!is_kind(s, k, value, NODE_MAPPING))
		return false;
	ret->v = arena_array(s->a, value->n, sizeof *ret->v);
	for (size_t i = 0; i < value->n; i++) {
		const struct node *name = &value->keys[i], *v = &value->v[i];
		struct key field = {.name = name->text.p};
		const char *text;
		if (name->kind != NODE_SCALAR || !(text = field_value(s, &field, v)))
			continue;
		ret->v[ret->n++] = (struct field){name->text.p, text};
		if (!*text || !is_secret(name, v))
			continue;
		target_secret(s, t, text);
		if (v->kind == NODE_SCALAR && sv_find(v->text, SV("${")) < 0)
			diags_warning(s->d, source_place(s, v->at),
			              "a password stands in this file: take it from the environment with '${NAME}', or "
			              "from a file with '{file: NAME}'");
	}
	return s->mistakes == before;
}

static bool read_parameters(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *r = into;

	return read_pairs(s, k, value, r->target, &r->made.parameters);
}

static bool read_fields(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct form_reading *r = into;

	return read_pairs(s, k, value, r->target, &r->form.fields);
}

static bool read_forms(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct login_reading *r = into;
	size_t before = s->mistakes;

	if (!is_kind(s, k, value, NODE_LIST))
		return false;
	r->login.forms = arena_array(s->a, value->n, sizeof *r->login.forms);
	for (size_t i = 0; i < value->n; i++) {
		struct form_reading form = {.target = r->target};
		bool good = read_mapping(s, &value->v[i], login_form_keys, &form, "a form of a login");
		if (good && !form.form.form && !form.form.fields.n && !form.form.submit)
			source_error(s, value->v[i].at,
			             "a form of a login needs 'form', 'fields' or 'submit': something to find it by");
		r->login.forms[r->login.n++] = form.form;
	}
	return s->mistakes == before;
}

static struct login *login_of(struct authorization *a, const char *key)
{
	if (!strcmp(key, "login"))
		return &a->login;
	return !strcmp(key, "deny") ? &a->deny : &a->second_login;
}

static bool read_login(struct source *s, const struct key *k, const struct node *value, void *into)
{
	struct reading *outer = into;
	struct login_reading r = {.target = outer->target};
	const struct node *cookies = node_get(value, "cookies"), *file = node_get(value, "cookies_file");
	size_t before = s->mistakes;

	read_mapping(s, value, login_keys, &r, arena_printf(s->a, "'%s'", k->name));
	if (cookies && file)
		source_error(s, file->at, "'%s' has 'cookies' or 'cookies_file', not both", k->name);
	else if (r.cookies_file)
		r.login.cookies = companion_secret(s, file, r.cookies_file);
	if (s->mistakes == before && !r.login.cookies && !r.login.n)
		source_error(s, value->at, "'%s' needs 'forms', 'cookies' or 'cookies_file'", k->name);
	if (r.login.cookies) {
		struct sv pair;
		target_secret(s, r.target, r.login.cookies);
		for (struct sv rest = sv_of(r.login.cookies); sv_cut(&rest, ';', &pair);) {
			long equals = sv_find_char(pair, '=');
			struct sv secret = sv_trim((struct sv){pair.p + equals + 1, pair.n - (size_t)(equals + 1)});
			if (equals > 0 && secret.n >= COOKIE_SECRET)
				target_secret(s, r.target, arena_sv(s->a, secret));
			if (equals <= 0)
				source_error(s, cookies ? cookies->at : file->at,
				             "cookies are 'name=value; name=value': one has no name");
		}
	}
	*login_of(&outer->made, k->name) = r.login;
	return s->mistakes == before;
}

bool target_authorization_read(struct source *s, const struct node *n, struct target *target)
{
	struct reading r = {.target = target, .made = target->authorization};
	bool good = read_mapping(s, n, authorization_keys, &r, "'authorization'");

	target->authorization = r.made;
	return good;
}

/* "host" or "host:port" */
static const char *hosts_problem(struct arena *a, const char *const *hosts)
{
	for (; hosts && *hosts; hosts++) {
		const char *problem = strpbrk(*hosts, "/?") ? "it is a host name, perhaps with a port, and nothing else"
		                                            : url_problem(arena_printf(a, "https://%s", *hosts), false);
		if (problem)
			return arena_printf(a, "'%s': %s", *hosts, problem);
	}
	return NULL;
}

void target_authorization_check(struct source *s, const struct node *root, const struct target *target)
{
	const struct authorization *a = &target->authorization;
	const struct node *n = node_get(root, "authorization"), *at;
	const char *problem;

	if (!n || n->kind != NODE_MAPPING)
		return;
	if ((at = node_get(n, "endpoint")) && a->endpoint && (problem = url_problem(a->endpoint, target->allow_http)))
		source_error(s, at->at, "'endpoint' cannot be used: %s", problem);
	if ((at = node_get(n, "redirect_uri")) && a->redirect_uri && (problem = uri_problem(a->redirect_uri)))
		source_error(s, at->at, "'redirect_uri' cannot be used: %s", problem);
	if ((at = node_get(n, "hosts")) && (problem = hosts_problem(s->a, a->hosts)))
		source_error(s, at->at, "'hosts': %s", problem);
	if (a->redirect_uri && target->connector == CONNECTOR_OAUTH2_RFC && strchr(a->redirect_uri, '?'))
		source_error(
		        s, node_get(n, "redirect_uri")->at,
		        "'redirect_uri' has a query: with 'connector: oauth2-rfc' the window's address is clean, and "
		        "its parameters travel in 'state'");
}
