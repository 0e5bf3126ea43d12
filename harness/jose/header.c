#include "jose/header.h"

#include <jansson.h>
#include <stdlib.h>

static struct sv text_member(struct arena *a, const json_t *object, const char *name)
{
	const json_t *v = json_object_get(object, name);

	if (!json_is_string(v))
		return SV_NONE;
	return arena_svdup(a, (struct sv){json_string_value(v), json_string_length(v)});
}

static void read_embedded(struct arena *a, const json_t *root, struct jose_header *h)
{
	const json_t *jwk = json_object_get(root, "jwk");
	const json_t *certificate = json_array_get(json_object_get(root, "x5c"), 0);
	struct err unset = {0};

	if (json_is_object(jwk)) {
		char *text = json_dumps(jwk, 0);
		if (text && jwk_parse(a, sv_of(text), &h->embedded, &unset) == 0 && h->embedded.key)
			h->embedded_by = "jwk";
		free(text);
	}
	if (!h->embedded_by && json_is_string(certificate)) {
		struct sv text = {json_string_value(certificate), json_string_length(certificate)};
		struct jwks found = {0};
		if (jwks_parse_key(a, text, &found, &unset) == 0 && found.n && found.v[0].key) {
			h->embedded = found.v[0];
			h->embedded_by = "x5c";
			found.v[0].key = NULL;
		}
		jwks_release(&found);
	}
}

void jose_header_read(struct arena *a, struct sv header, struct jose_header *ret)
{
	struct jose_header h = {.alg = ALG_UNKNOWN};
	json_auto_t *root = json_loadb(header.p ? header.p : "", header.n, JSON_ALLOW_NUL, NULL);

	h.is_object = json_is_object(root);
	h.has_alg = json_object_get(root, "alg") != NULL;
	h.alg_text = text_member(a, root, "alg");
	h.alg = jose_alg_of(h.alg_text);
	h.kid = text_member(a, root, "kid");
	h.is_encrypted = json_object_get(root, "enc") != NULL;
	read_embedded(a, root, &h);
	*ret = h;
}

void jose_header_release(struct jose_header *h)
{
	jwk_release(&h->embedded);
}
