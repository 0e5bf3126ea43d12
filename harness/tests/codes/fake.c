#include "fake.h"

#include <string.h>

struct http_response *fake_reply(struct arena *a, int status, const char *lines, const char *body)
{
	struct http_response *r = arena_alloc(a, sizeof *r);
	struct exchange *x = arena_alloc(a, sizeof *x);
	struct sv rest = sv_of(lines), line;

	*x = (struct exchange){.outcome = status ? EXCHANGE_ANSWERED : EXCHANGE_NO_ANSWER, .status = status};
	x->response.lines = arena_array(a, strlen(lines) + 2, sizeof *x->response.lines);
	x->response.lines[x->response.nlines++] = sv_of(arena_printf(a, "HTTP/1.1 %d X", status));
	while (*lines && sv_cut(&rest, '\n', &line))
		x->response.lines[x->response.nlines++] = line;
	x->response.body = sv_of(body);
	*r = (struct http_response){.status = status, .body = sv_of(body), .exchange = x};
	if (!status)
		r->trouble = "the connection was refused";
	return r;
}

void fake_answer(const struct code_source *s, struct fetch *f, int status, const char *lines, const char *body)
{
	s->ops->on_http(s->self, f, fake_reply(f->arena, status, lines, body));
}

bool fake_has_header(const struct fetch *f, const char *line)
{
	for (const char **h = f->http.headers; h && *h; h++)
		if (strcmp(*h, line) == 0)
			return true;
	return false;
}
