#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/reply.h"
#include "checks/sent.h"
#include "core/form.h"

/* Codes with characters that form encoding changes: RFC 6749 §A.11, App. B. */

static bool is_plain(char c)
{
	return charset_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '*';
}

/* "'/' and '='", or NULL when the code has only characters that no encoding changes. */
static const char *special_characters(struct arena *a, const char *code)
{
	char seen[16];
	size_t n = 0;
	const char *text = NULL;

	for (const char *p = code; *p && n < sizeof seen; p++)
		if (!is_plain(*p) && charset_is_printable(*p) && !memchr(seen, *p, n))
			seen[n++] = *p;
	for (size_t i = 0; i < n; i++)
		text = !text ? arena_printf(a, "'%c'", seen[i])
		             : arena_printf(a, "%s%s'%c'", text, i + 1 < n ? ", " : " and ", seen[i]);
	return text;
}

/* The request of the same scenario whose code was encoded twice and that bought tokens nevertheless, or NULL. */
static struct subject *twice_encoded(struct subject *s)
{
	struct sv sent, decoded;

	for (size_t i = 0; i < s->nsiblings; i++) {
		struct subject *other = s->siblings[i];
		if (!other->x || !other->x->code.code || !(sent = sent_value(other, "code")).p ||
		    sv_eq(sent, sv_of(other->x->code.code)))
			continue;
		if (form_decode(s->a, sent, &decoded) && sv_eq(decoded, sv_of(other->x->code.code)) &&
		    subject_granted(other, &(struct finding){0}))
			return other;
	}
	return NULL;
}

/* An ordinary request of the run whose code had no such character and bought tokens, or NULL. */
static struct subject *plain_code_accepted(struct subject *s)
{
	for (size_t i = 0; i < s->nall; i++) {
		struct subject *other = s->all[i];
		if (!other->step || !other->step->redeem.ordinary)
			continue;
		if (other->x && other->x->code.code && !special_characters(s->a, other->x->code.code) &&
		    subject_granted(other, &(struct finding){0}))
			return other;
	}
	return NULL;
}

CHECK(req_code_special_chars, "req.code.special-chars")
{
	static const char expected[] = "tokens: the code is right, and encoded as a form wants it";
	struct subject *other;

	if (!reply_answered(s, f))
		return;
	const char *special = s->x->code.code ? special_characters(s->a, s->x->code.code) : NULL;
	if (!special) {
		skip(s, f, "the codes of this brand have no character that form encoding changes");
	} else if (subject_granted(s, &(struct finding){0})) {
		pass(s, f, "tokens for a code with %s in it", special);
	} else if ((other = twice_encoded(s))) {
		violated(s, f, expected,
		         "status %d for a code with %s in it; %s, where it is encoded twice, bought tokens",
		         s->x->status, special, other->x->id);
		detail(f, NULL, "status", "decode the body once: your form parser did it already");
	} else if ((other = plain_code_accepted(s))) {
		violated(s, f, expected,
		         "status %d for a code with %s in it; %s, whose code has none of them, bought tokens",
		         s->x->status, special, other->x->id);
		detail(f, NULL, "status", NULL);
	} else {
		skip_owned(s, f, "token.status-200");
	}
}
