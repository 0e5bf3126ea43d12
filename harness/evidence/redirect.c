#include "evidence/redirect.h"

#include "core/form.h"

void redirect_split(struct sv url, struct redirect *ret)
{
	long hash = sv_find_char(url, '#');

	*ret = (struct redirect){.location = url};
	if (hash >= 0) {
		ret->fragment = (struct sv){url.p + hash + 1, url.n - (size_t)hash - 1};
		url.n = (size_t)hash;
	}
	long mark = sv_find_char(url, '?');
	if (mark >= 0) {
		ret->query = (struct sv){url.p + mark + 1, url.n - (size_t)mark - 1};
		url.n = (size_t)mark;
	}
	ret->base = url;
}

bool redirect_of(const struct exchange *x, struct redirect *ret)
{
	if (x->outcome != EXCHANGE_ANSWERED || x->status < 300 || x->status > 399 ||
	    message_header_count(&x->response, "Location") != 1)
		return false;
	redirect_split(message_header(&x->response, "Location", 0), ret);
	return true;
}

/* The n-th of that name in one list of parameters; *n is then how many are still to be passed over. */
static bool find(struct arena *a, struct sv list, const char *name, size_t *n, struct sv *ret)
{
	struct sv pair;

	for (struct sv rest = list; sv_cut(&rest, '&', &pair);) {
		long equals = sv_find_char(pair, '=');
		struct sv key = pair, value = SV("");
		if (equals >= 0) {
			key.n = (size_t)equals;
			value = (struct sv){pair.p + equals + 1, pair.n - (size_t)equals - 1};
		}
		if (!form_decode(a, key, &key) || !sv_eq(key, sv_of(name)) || (*n)-- > 0)
			continue;
		if (!form_decode(a, value, ret))
			*ret = SV_NONE;
		return true;
	}
	return false;
}

struct sv redirect_parameter(struct arena *a, const struct redirect *r, enum redirect_part part, const char *name,
                             size_t n)
{
	struct sv value = SV_NONE;

	if (part != REDIRECT_FRAGMENT && find(a, r->query, name, &n, &value))
		return value;
	if (part != REDIRECT_QUERY && find(a, r->fragment, name, &n, &value))
		return value;
	return SV_NONE;
}

struct sv url_parameter(struct arena *a, const char *url, const char *name, size_t n)
{
	struct redirect parts;

	redirect_split(sv_of(url), &parts);
	return redirect_parameter(a, &parts, REDIRECT_QUERY, name, n);
}
