#include "codes/printed.h"

#include <jansson.h>
#include <string.h>

#include "core/text.h"

enum { VALUE, NONCE, REDIRECT_URI, CODE_VERIFIER, MEMBERS };

static const struct {
	const char *names[MEMBERS]; /* NULL: none of these */
	const char *listed;
} known[] = {
        [WANTED_CODE] = {{"code", "nonce", "redirect_uri", "code_verifier"},
                         "code, redirect_uri, nonce and code_verifier"},
        [WANTED_TOKEN] = {{"token", "nonce"}, "token and nonce"},
};

static int read_members(struct arena *a, enum wanted wanted, json_t *object, const char *values[MEMBERS], struct err *e)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		size_t i = 0;
		while (i < MEMBERS && (!known[wanted].names[i] || strcmp(name, known[wanted].names[i]) != 0))
			i++;
		if (i == MEMBERS)
			return err_trouble(e, "it printed a JSON object with the unknown member '%s'; known are %s",
			                   text_excerpt(a, sv_of(name), 40), known[wanted].listed);
		if (!json_is_string(value))
			return err_trouble(e, "it printed a JSON object whose '%s' is not a string", name);
		values[i] = arena_text(a, json_string_value(value));
	}
	return 0;
}

static int read_object(struct arena *a, enum wanted wanted, struct sv text, struct code *ret, struct err *e)
{
	const char *values[MEMBERS] = {0};
	json_error_t why;
	json_auto_t *object = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);

	/* jansson's text may quote what it stumbled over. */
	if (!object)
		return err_trouble(
		        e,
		        "it printed something that begins with '{' but is not a JSON object (line %d, column "
		        "%d)",
		        why.line, why.column);
	if (read_members(a, wanted, object, values, e) < 0)
		return -1;
	if (!values[VALUE])
		return err_trouble(e, "it printed a JSON object without the member '%s'", known[wanted].names[VALUE]);
	*ret = (struct code){.code = sv_of(values[VALUE]),
	                     .redirect_uri = values[REDIRECT_URI],
	                     .nonce = values[NONCE],
	                     .code_verifier = values[CODE_VERIFIER]};
	return wanted_check(wanted, ret->code, "it printed", e);
}

int printed_read(struct arena *a, enum wanted wanted, struct sv text, struct code *ret, struct err *e)
{
	const char *what = wanted_text(wanted);

	text = sv_trim(text);
	if (text.n == 0)
		return err_trouble(e, "it printed nothing; it should print the %s as its only line, or a JSON object",
		                   what);
	if (text.p[0] == '{')
		return read_object(a, wanted, text, ret, e);
	if (sv_find_char(text, '\n') >= 0)
		return err_trouble(e,
		                   "it printed several lines; it should print the %s as its only line, or a JSON "
		                   "object, and say everything else on stderr",
		                   what);
	*ret = (struct code){.code = arena_svdup(a, text)};
	return wanted_check(wanted, ret->code, "it printed", e);
}
