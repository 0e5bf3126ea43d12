#include <string.h>

#include "checks/template.h"
#include "core/buf.h"

const char *run_value(const struct run_facts *run, const char *name)
{
	const struct {
		const char *name, *value;
	} values[] = {
	        {"algorithm", run->algorithm},
	        {"authorization_endpoint", run->authorization_endpoint},
	        {"client_id", run->client_id},
	        {"client_secret", run->client_secret},
	        {"issuer", run->issuer},
	        {"jwks_uri", run->jwks_uri},
	        {"profile", run->profile},
	        {"redirect_uri", run->redirect_uri},
	        {"target", run->target},
	        {"token_endpoint", run->token_endpoint},
	        {"userinfo_endpoint", run->userinfo_endpoint},
	        {"window_uri", run->authorization_redirect_uri ? run->authorization_redirect_uri : run->redirect_uri},
	};

	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (strcmp(values[i].name, name) == 0)
			return values[i].value;
	return NULL;
}

/* {name} at text: its length with the braces, or 0 when the brace is only a brace. */
static size_t name_length(const char *text)
{
	size_t n = strspn(text + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n > 0 && text[n + 1] == '}' ? n + 2 : 0;
}

char *template_expand(struct arena *a, const struct template_values *v, const char *text, const char **missing)
{
	struct buf b = {.cap = BUF_OWN};

	*missing = NULL;
	buf_add_text(&b, "");
	while (*text && !*missing) {
		size_t n = *text == '{' ? name_length(text) : 0;
		if (n > 0) {
			const char *name = arena_sv(a, (struct sv){text + 1, n - 2});
			const char *value = strcmp(name, "code") == 0 ? v->code : run_value(v->run, name);
			if (value)
				buf_add_text(&b, value);
			else
				*missing = name;
		} else {
			buf_add_char(&b, *text);
			n = text[0] == '{' && text[1] == '{' ? 2 : 1;
		}
		text += n;
	}
	char *ret = *missing ? NULL : arena_sv(a, buf_sv(&b));
	buf_release(&b);
	return ret;
}

char *run_expand(struct arena *a, const struct run_facts *run, const char *text)
{
	const struct template_values v = {.run = run};
	const char *missing;

	return template_expand(a, &v, text, &missing);
}
