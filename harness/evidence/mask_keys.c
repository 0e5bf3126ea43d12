#include <string.h>

#include "evidence/mask_inside.h"

/* A private key that the brand publishes among its keys: read by place, so that broken JSON hides nothing. */

#define KEY_NAME "private_key"
/* Shorter values are no key material but examples, and would tear up other text. */
#define KEY_MIN 16

/* RFC 7518 §6.2.2, §6.3.2, §6.4.1; r, d and t of what `oth` lists */
static bool is_private_member(struct sv name)
{
	static const char *const names[] = {"d", "p", "q", "dp", "dq", "qi", "r", "t", "k"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (sv_eq(name, sv_of(names[i])))
			return true;
	return false;
}

/* What stands up to the next quotation mark; *rest goes behind that. */
static struct sv quoted(struct sv *rest)
{
	struct sv text;

	return sv_cut(rest, '"', &text) ? text : SV_NONE;
}

/* The string behind a member's name, SV_NONE when something else is there. */
static struct sv value_of(struct sv rest)
{
	struct sv between = quoted(&rest);

	return rest.p && sv_eq(sv_trim(between), SV(":")) ? quoted(&rest) : SV_NONE;
}

static void add_lines(struct mask *m, struct sv pem)
{
	struct sv line;

	while (sv_cut(&pem, '\n', &line))
		if (sv_trim(line).n >= KEY_MIN && sv_trim(line).p[0] != '-')
			mask_add(m, KEY_NAME, sv_trim(line));
}

void mask_add_published_keys(struct mask *m, struct sv body)
{
	struct sv rest = body;

	if (sv_find(body, SV("PRIVATE KEY-----")) >= 0)
		add_lines(m, body);
	while (quoted(&rest).p && rest.p) {
		struct sv behind = rest, name = quoted(&behind);
		struct sv value = behind.p && is_private_member(name) ? value_of(behind) : SV_NONE;
		if (value.n >= KEY_MIN)
			mask_add(m, KEY_NAME, value);
	}
}
