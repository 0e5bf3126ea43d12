#include "codes/printed.h"

#include <jansson.h>
#include <string.h>

#include "core/limits.h"
#include "core/text.h"

enum { CODE, REDIRECT_URI, NONCE, CODE_VERIFIER, MEMBERS };

static const char *const members[MEMBERS] = {"code", "redirect_uri", "nonce", "code_verifier"};

static bool has_control(struct sv s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

static int check_code(struct sv code, struct err *e)
{
	if (code.n == 0)
		return err_trouble(e, "it printed an empty code");
	if (code.n > LIMIT_CODE)
		return err_trouble(e, "it printed a code of more than %d bytes", LIMIT_CODE);
	if (has_control(code))
		return err_trouble(e, "it printed a code with a control character in it");
	return 0;
}

static int read_members(struct arena *a, json_t *object, const char *values[MEMBERS], struct err *e)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		size_t i = 0;
		while (i < MEMBERS && strcmp(name, members[i]) != 0)
			i++;
		if (i == MEMBERS)
			return err_trouble(e,
			                   "it printed a JSON object with the unknown member '%s'; known are code, "
			                   "redirect_uri, nonce and code_verifier",
			                   text_excerpt(a, sv_of(name), 40));
		if (!json_is_string(value))
			return err_trouble(e, "it printed a JSON object whose '%s' is not a string", name);
		values[i] = arena_text(a, json_string_value(value));
	}
	return 0;
}

static int json_code(struct arena *a, struct sv text, struct code *ret, struct err *e)
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
	if (read_members(a, object, values, e) < 0)
		return -1;
	if (!values[CODE])
		return err_trouble(e, "it printed a JSON object without the member 'code'");
	*ret = (struct code){.code = sv_of(values[CODE]),
	                     .redirect_uri = values[REDIRECT_URI],
	                     .nonce = values[NONCE],
	                     .code_verifier = values[CODE_VERIFIER]};
	return check_code(ret->code, e);
}

int printed_code(struct arena *a, struct sv text, struct code *ret, struct err *e)
{
	text = sv_trim(text);
	if (text.n == 0)
		return err_trouble(e,
		                   "it printed nothing; it should print the code as its only line, or a JSON object");
	if (text.p[0] == '{')
		return json_code(a, text, ret, e);
	if (sv_find_char(text, '\n') >= 0)
		return err_trouble(e, "it printed several lines; it should print the code as its only line, or a JSON "
		                      "object, and say everything else on stderr");
	*ret = (struct code){.code = arena_svdup(a, text)};
	return check_code(ret->code, e);
}
