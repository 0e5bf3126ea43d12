#include "suite/target_client.h"

#include <string.h>

#include "core/form.h"
#include "suite/companion.h"
#include "suite/tables.h"

/* A client being read. */
struct reading {
	const char *id, *secret, *secret_file;
	enum client_auth authentication;
	enum { ENCODING_FORM, ENCODING_RAW } basic_encoding;
};

static const char *const authentications[] = {"client_secret_basic", "client_secret_post", NULL};

/* RFC 6749 §2.3.1 has both form-encoded; most servers in the field take them as they are. */
static const char *const basic_encodings[] = {"form", "raw", NULL};

#define ID KEY("id", read_text, offsetof(struct reading, id), .need = KEY_REQUIRED)
#define SECRET KEY("secret", read_text, offsetof(struct reading, secret))
#define SECRET_FILE KEY("secret_file", read_text, offsetof(struct reading, secret_file))

const struct key client_keys[] = {
        ID,
        SECRET,
        SECRET_FILE,
        KEY("authentication", read_word, offsetof(struct reading, authentication), .words = authentications),
        KEY("basic_encoding", read_word, offsetof(struct reading, basic_encoding), .words = basic_encodings),
        {0},
};

const struct key credentials_keys[] = {ID, SECRET, SECRET_FILE, {0}};

static bool read_client(struct source *s, const struct node *n, const struct key *table, const char *what,
                        struct reading *r)
{
	size_t before = s->mistakes;

	read_mapping(s, n, table, r, arena_printf(s->a, "'%s'", what));
	const struct node *secret = node_get(n, "secret"), *file = node_get(n, "secret_file");
	if (secret && file)
		source_error(s, file->at, "'%s' has 'secret' or 'secret_file', not both", what);
	else if (!secret && !file && s->mistakes == before)
		source_error(s, n->at, "'%s' needs 'secret' or 'secret_file'", what);
	else if (r->secret_file)
		r->secret = companion_secret(s, file, r->secret_file);
	if (r->secret && secret && sv_find(secret->text, SV("${")) < 0)
		diags_warning(
		        s->d, source_place(s, secret->at),
		        "a client secret stands in this file: take it from the environment with '${NAME}', or from a "
		        "'secret_file'");
	return s->mistakes == before;
}

bool target_client_read(struct source *s, const struct node *n, struct target *target)
{
	struct reading r = {0};
	bool good = read_client(s, n, client_keys, "client", &r);

	target->client.id = r.id;
	target->client.secret = r.secret;
	target->client.authentication = r.authentication;
	target->client.raw_basic = r.basic_encoding == ENCODING_RAW;
	target->client.says_encoding = node_get(n, "basic_encoding");
	return good;
}

bool target_credentials_read(struct source *s, const struct node *n, const char *what, struct client_credentials *ret)
{
	struct reading r = {0};

	if (!read_client(s, n, credentials_keys, what, &r))
		return false;
	*ret = (struct client_credentials){r.id, r.secret};
	return true;
}

static void check_other(struct source *s, const struct node *n, const char *id, const struct target *t)
{
	const struct node *at = n ? node_get(n, "id") : NULL;

	if (at && id && t->client.id && !strcmp(id, t->client.id))
		source_error(s, at->at, "'id' is that of 'client': this has to be another client");
}

void target_clients_check(struct source *s, const struct node *root, const struct target *t)
{
	const struct client_credentials *c = &t->encoded_client;
	const struct node *second = node_get(root, "second_client"), *encoded = node_get(root, "encoded_client");

	check_other(s, second, t->second_client.id, t);
	check_other(s, encoded, c->id, t);
	if (encoded && c->id && !strcmp(form_encoded(s->a, sv_of(c->id)), c->id) &&
	    !strcmp(form_encoded(s->a, sv_of(c->secret)), c->secret))
		source_error(s, encoded->at,
		             "form encoding leaves 'id' and 'secret' as they are: this has to be a client with other "
		             "characters than letters, digits and '-._*'");
}
