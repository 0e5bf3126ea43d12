#include "commands/annotate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/limits.h"
#include "report/outcome.h"
#include "report/render.h"
#include "report/report.h"

void annotate_summary(const struct results *r)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	const struct report_options ro = {0};
	struct buf out = {.cap = BUF_OWN};
	struct err e = {0};

	if (!path || !*path)
		return;
	if (report_markdown(r, &ro, &out, &e) < 0) {
		fprintf(stderr, "brandcert: note: no job summary: %s\n", e.text);
	} else {
		/* in one write, so that steps that run at once do not mix */
		buf_add_char(&out, '\n');
		int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
		ssize_t n = fd < 0 ? -1 : write(fd, out.p, out.n);
		if (n != (ssize_t)out.n)
			fprintf(stderr, "brandcert: note: cannot append to the job summary '%s': %s\n", path,
			        n < 0 ? strerror(errno) : "it is cut");
		if (fd >= 0)
			close(fd);
	}
	buf_release(&out);
}

/* As the runner wants it: a line break would begin a command of the target's, a colon or comma end a property. */
static void escaped(struct buf *out, const char *text, bool property)
{
	for (const char *p = text; *p; p++)
		if (strchr(property ? "%\r\n:," : "%\r\n", *p))
			buf_addf(out, "%%%02X", (unsigned char)*p);
		else
			buf_add_char(out, *p);
}

static void line(struct buf *out, struct arena *a, const char *command, const struct finding *f)
{
	const struct result *x = f->v[0];

	buf_addf(out, "::%s title=", command);
	escaped(out, render_title(a, x), true);
	if (x->file) {
		buf_add_text(out, ",file=");
		escaped(out, render_headline(a, x->file), true);
		if (x->line)
			buf_addf(out, ",line=%u", x->line);
	}
	buf_add_text(out, "::");
	escaped(out,
	        arena_printf(a, "Expected: %s\nObserved: %s", render_headline(a, x->expected),
	                     render_headline(a, render_observed(a, x))),
	        false);
	if (x->fix)
		escaped(out, arena_printf(a, "\nFix: %s", render_headline(a, x->fix)), false);
	buf_add_char(out, '\n');
}

static void lines(struct buf *out, struct arena *a, const struct results *r, enum standing s, const char *command)
{
	struct findings f = findings_of(a, r, s);

	for (size_t i = 0; i < f.n && i < LIMIT_ANNOTATIONS; i++)
		line(out, a, command, &f.v[i]);
}

static bool on_github(void)
{
	const char *actions = getenv("GITHUB_ACTIONS");

	return actions && strcmp(actions, "true") == 0;
}

void annotate_guard(struct arena *a, struct annotate_guard *ret)
{
	unsigned char random[16];
	char hex[2 * sizeof random + 1];

	*ret = (struct annotate_guard){"", ""};
	if (!on_github() || getentropy(random, sizeof random) != 0)
		return;
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(hex + 2 * i, 3, "%02x", random[i]);
	ret->begin = arena_printf(a, "::stop-commands::%s\n", hex);
	ret->end = arena_printf(a, "::%s::\n", hex);
}

void annotate_lines(const struct results *r, struct buf *out)
{
	arena_auto *a = arena_new();

	if (!on_github())
		return;
	lines(out, a, r, STANDING_FAIL, "error");
	lines(out, a, r, STANDING_WARN, "warning");
}

size_t annotate_last_line(struct sv text)
{
	size_t at = text.n;

	if (at && text.p[at - 1] == '\n')
		at--;
	while (at && text.p[at - 1] != '\n')
		at--;
	return at;
}
