#include "report/console_exchange.h"

#include <string.h>

#include "core/text.h"
#include "report/render.h"

/* Longest body that a terminal gets: whole ones stand in the reports. */
#define BODY_MAX 4096

/* Not broken between words: these are bytes. Further lines of one that is too long are set off. */
static void line(struct wrap *w, struct arena *a, char mark, const char *text)
{
	struct sv rest = sv_of(text);
	const char *indent = *text ? " " : "";

	do {
		size_t n = wrap_bytes(rest, w->width - 1 - strlen(indent));
		wrap_verbatim(w, arena_printf(a, "%c%s%.*s", mark, indent, (int)n, rest.p));
		rest = (struct sv){rest.p + n, rest.n - n};
		indent = "     ";
	} while (rest.n);
}

static void message(struct wrap *w, struct arena *a, char mark, const char **head, const char *body)
{
	struct sv one;

	for (size_t i = 0; head && head[i]; i++)
		line(w, a, mark, render_line(a, head[i]));
	if (!body || !*body)
		return;
	line(w, a, mark, "");
	const char *text = render_block(a, body);
	size_t n = strlen(text), shown = n;
	if (shown > BODY_MAX)
		for (shown = BODY_MAX; shown && ((unsigned char)text[shown] & 0xc0) == 0x80;)
			shown--;
	for (struct sv rest = {text, shown}; sv_cut(&rest, '\n', &one);)
		line(w, a, mark, arena_sv(a, one));
	if (shown < n)
		line(w, a, mark, arena_printf(a, "… (the first %zu of %zu bytes)", shown, n));
}

/* What came before the request, or what a handshake showed: the one is URLs, the other sentences. */
static void way(struct wrap *w, struct arena *a, const struct shown_exchange *x)
{
	bool requests = x->asked;

	for (size_t i = 0; x->way && x->way[i]; i++) {
		if (i == 0 && requests)
			line(w, a, '-', arena_printf(a, "asked for %s", render_line(a, x->asked)));
		if (requests)
			line(w, a, '-', render_line(a, x->way[i]));
		else
			wrap_line(w, "     ", arena_printf(a, "- %s", render_line(a, x->way[i])));
	}
}

static const char *milliseconds(struct arena *a, int64_t us)
{
	return us < 10000 ? arena_printf(a, "%.1f ms", (double)us / 1000)
	                  : arena_printf(a, "%lld ms", (long long)(us / 1000));
}

static const char *timing(struct arena *a, const struct shown_exchange *x)
{
	const struct {
		const char *name;
		int64_t us;
	} phases[] = {{"name", x->dns_us},
	              {"connected", x->connect_us},
	              {"TLS", x->tls_us},
	              {"first byte", x->first_byte_us}};
	const char *text = "";

	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
		if (phases[i].us > 0)
			text = arena_printf(a, "%s%s %s, ", text, phases[i].name, milliseconds(a, phases[i].us));
	if (!x->connect_us && x->first_byte_us)
		text = arena_printf(a, "kept connection, %s", text);
	return arena_printf(a, "%swhole %s", text, milliseconds(a, x->total_us));
}

void console_exchange(struct wrap *w, struct arena *a, const struct shown_exchange *x)
{
	const char *http = x->http_version ? render_headline(a, x->http_version) : "",
	           *tls = x->tls_version ? render_headline(a, x->tls_version) : "";

	wrap_blank(w);
	wrap_line(w, "    ",
	          arena_printf(a, "%s  %s%s", render_headline(a, x->id), render_headline(a, x->key),
	                       x->trouble ? arena_printf(a, ": %s", render_headline(a, x->trouble)) : ""));
	way(w, a, x);
	message(w, a, '>', x->request, x->request_body);
	message(w, a, '<', x->response, x->response_body);
	if (x->total_us > 0)
		wrap_line(
		        w, "    ",
		        arena_printf(a, "= %s%s%s%s%s", timing(a, x), *http ? "; " : "", http, *tls ? ", " : "", tls));
}
