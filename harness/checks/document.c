#include "checks/document.h"

#include "checks/reply.h"

const char *document_problem(struct subject *s)
{
	const struct parsed *p = subject_raw_json(s);

	if (!p->value && p->utf16)
		return "it is UTF-16 or UTF-32, not UTF-8";
	if (!p->value)
		return arena_printf(s->a, "it is not JSON: %s", p->problem ? p->problem : "it is empty");
	if (p->bom)
		return "it begins with a byte order mark";
	if (p->bad_utf8)
		return arena_printf(s->a, "the byte at offset %ld is not UTF-8", p->bad_utf8_at);
	if (p->trailing)
		return arena_printf(s->a, "there is more behind the JSON, from offset %zu on", p->end);
	if (p->duplicate)
		return p->duplicate_name ? arena_printf(s->a, "the member '%s' is there twice", p->duplicate_name)
		                         : "a member is there twice";
	return NULL;
}

bool document_is_json(struct subject *s, const char **ret)
{
	struct sv type = reply_media_type(s->x);

	if (sv_eq_nocase(type, SV("application/json")))
		return true;
	*ret = type.p ? arena_printf(s->a, "Content-Type is %s", arena_sv(s->a, type)) : "there is no Content-Type";
	return false;
}
