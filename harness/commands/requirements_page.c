#include "commands/requirements_page.h"

#include <string.h>

#include "commands/markdown.h"
#include "commands/proof.h"

static const char intro[] =
        "<!-- Written by `make docs` from requirements.yaml and the scenarios: change those. -->\n"
        "# What is checked\n\n"
        "Each row is one requirement: at which level each profile holds an endpoint to it, where that is written, "
        "which\n"
        "scenarios judge it, and which controls prove that they can: with the fault of such a control in the reference "
        "brand\n"
        "this requirement fails or warns, and no other than those that the control names.\n\n"
        "**Levels** stand in the order liveperson / strict / google, or once where they are the same. A violated "
        "*must*\n"
        "fails, a *should* warns, a *may* is an info, *off* is not judged. Below them, ways of violating the "
        "requirement\n"
        "that weigh otherwise. The [catalogue](requirements.yaml) says for each why it matters and what to change.\n";

/* True when no requirement before it is of the same area: sections stand in the order in which they begin. */
static bool begins_area(const struct catalogue *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (markdown_same_area(c->v[k].id, c->v[i].id))
			return false;
	return true;
}

static void contents(struct arena *a, const struct catalogue *c, struct buf *out)
{
	buf_add_text(out, "\n| area | ids | requirements |\n|---|---|--:|\n");
	for (size_t i = 0; i < c->n; i++) {
		size_t n = 0;
		if (!begins_area(c, i))
			continue;
		for (size_t k = i; k < c->n; k++)
			n += markdown_same_area(c->v[i].id, c->v[k].id);
		buf_addf(out, "| %s | `%.*s.…` | %zu |\n", markdown_text(a, markdown_area(c->v[i].id)),
		         (int)strcspn(c->v[i].id, "."), c->v[i].id, n);
	}
}

static void levels(struct arena *a, const struct requirement *r, struct buf *out)
{
	buf_add_text(out, markdown_levels(a, r->level));
	for (size_t i = 0; i < r->ncases; i++)
		buf_addf(out, "<br>`%s`: %s", r->cases[i].name, markdown_levels(a, r->cases[i].level));
}

static void sources(struct arena *a, const struct catalogue *c, const struct requirement *r, struct buf *out)
{
	for (const char **s = r->source; *s; s++)
		buf_addf(out, "%s%s", s == r->source ? "" : "<br>", markdown_link(a, *s, catalogue_link(c, a, *s)));
}

static const char *below(const char *path, const char *folder)
{
	size_t n = folder ? strlen(folder) : 0;

	return n && strncmp(path, folder, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static void scenarios(struct arena *a, const struct suite *s, const struct requirement *r, const char *folder,
                      struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < s->n; i++) {
		if (!scenario_judges(&s->scenarios[i], r))
			continue;
		buf_addf(out, "%s%s", before,
		         markdown_link(a, s->scenarios[i].id, below(s->scenarios[i].at.path, folder)));
		before = "<br>";
	}
}

static void controls(const struct suite *s, const struct requirement *r, struct buf *out)
{
	const char *before = "";

	for (size_t i = 0; i < s->n; i++) {
		const char *name = s->scenarios[i].id, *between = ": ";
		for (size_t k = 0; k < s->scenarios[i].ncontrols; k++) {
			const struct control *c = &s->scenarios[i].controls[k];
			if (!control_names(c, r))
				continue;
			buf_addf(out, "%s%s%s%s", name ? before : "", name ? name : "", between, c->name);
			before = "<br>";
			name = NULL;
			between = ", ";
		}
	}
}

static void row(struct arena *a, const struct suite *s, const struct requirement *r, const char *folder,
                struct buf *out)
{
	buf_addf(out, "| **`%s`**<br>%s | ", r->id, markdown_text(a, r->title));
	levels(a, r, out);
	buf_add_text(out, " | ");
	sources(a, &s->catalogue, r, out);
	buf_add_text(out, " | ");
	scenarios(a, s, r, folder, out);
	buf_add_text(out, " | ");
	controls(s, r, out);
	buf_add_text(out, " |\n");
}

void requirements_page(struct arena *a, const struct suite *s, const char *folder, struct buf *out)
{
	const struct catalogue *c = &s->catalogue;

	buf_add_text(out, intro);
	contents(a, c, out);
	for (size_t i = 0; i < c->n; i++) {
		if (!begins_area(c, i))
			continue;
		buf_addf(out,
		         "\n## %s\n\n| requirement | level | source | judged by | proven by |\n|---|---|---|---|---|\n",
		         markdown_text(a, markdown_area(c->v[i].id)));
		for (size_t k = i; k < c->n; k++)
			if (markdown_same_area(c->v[i].id, c->v[k].id))
				row(a, s, &c->v[k], folder, out);
	}
}
