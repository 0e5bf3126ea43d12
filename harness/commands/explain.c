/* Explains a requirement or a scenario to somebody whose endpoint has just failed it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/finish.h"
#include "commands/load.h"
#include "commands/proof.h"
#include "commands/step_words.h"
#include "commands/suite_json.h"
#include "core/text.h"
#include "report/wrap.h"

#define INDENT "                "

struct page {
	struct arena *a;
	const struct suite *suite;
	struct wrap w;
	bool color;
};

static void title(struct page *p, const char *id, const char *sentence)
{
	wrap_line(&p->w, "", p->color ? arena_printf(p->a, "\x1b[1m%s\x1b[0m", id) : id);
	wrap_line(&p->w, "", sentence);
	wrap_blank(&p->w);
}

/* Examples stand as they are written. */
static void verbatim(struct page *p, const char *label, const char *text)
{
	struct sv rest = sv_trim(sv_of(text)), line;

	for (const char *word = label; sv_cut(&rest, '\n', &line); word = "")
		buf_addf(p->w.out, "     %-11s%.*s\n", word, SV_ARG(line));
}

/* "must in every profile", or each profile with its own. */
static char *levels(struct page *p, const enum level *level)
{
	char *text = arena_text(p->a, "");
	bool same = true;

	for (enum profile k = 1; k < PROFILE_COUNT; k++)
		same = same && level[k] == level[0];
	if (same)
		return arena_printf(p->a, "%s in every profile", level_text(level[0]));
	for (enum profile k = 0; k < PROFILE_COUNT; k++)
		text = arena_printf(p->a, "%s%s%s in %s", text, k ? ", " : "", level_text(level[k]), profile_text(k));
	return text;
}

/* --- a requirement ------------------------------------------------------------------------------------------- */

static void print_levels(struct page *p, const struct requirement *r)
{
	wrap_item(&p->w, "Level", levels(p, r->level));
	for (size_t i = 0; i < r->ncases; i++)
		wrap_item(&p->w, i ? "" : "But",
		          arena_printf(p->a, "%s: %s%s%s", r->cases[i].name, levels(p, r->cases[i].level),
		                       r->cases[i].fix ? ". " : "", r->cases[i].fix ? r->cases[i].fix : ""));
}

static void print_sources(struct page *p, const struct requirement *r)
{
	for (const char **s = r->source; *s; s++) {
		const char *link = catalogue_link(&p->suite->catalogue, p->a, *s);
		wrap_item(&p->w, s == r->source ? "Source" : "", *s);
		if (link)
			buf_addf(p->w.out, INDENT "%s\n", link);
	}
}

static bool step_judges(const struct step *s, const struct requirement *r)
{
	for (size_t i = 0; i < s->nexpects; i++)
		if (s->expects[i].requirement == r)
			return true;
	return false;
}

static const char *step_text(struct page *p, const struct step *s)
{
	const char *words = step_words(p->a, s);

	return s->name ? arena_printf(p->a, "- %s: %s", s->name, words) : arena_printf(p->a, "- %s", words);
}

/* Up to STEPS of them: some scenarios try dozens of near misses. */
static void print_tests(struct page *p, const struct requirement *r)
{
	enum { STEPS = 6 };
	const char *label = "Tested by";

	for (size_t i = 0; i < p->suite->n; i++) {
		const struct scenario *s = &p->suite->scenarios[i];
		size_t steps = 0;
		if (!scenario_judges(s, r))
			continue;
		wrap_item(&p->w, label, arena_printf(p->a, "%s: %s", s->id, s->title));
		label = "";
		for (size_t k = 0; k < s->nsteps; k++)
			if (step_judges(&s->steps[k], r) && steps++ < STEPS)
				wrap_line(&p->w, INDENT "    ",
				          arena_printf(p->a, INDENT "  %s", step_text(p, &s->steps[k])));
		if (steps > STEPS)
			wrap_line(&p->w, INDENT, arena_printf(p->a, INDENT "  - and %zu more steps", steps - STEPS));
	}
	if (*label)
		wrap_item(&p->w, label, "no scenario judges it");
}

static void print_proofs(struct page *p, const struct requirement *r)
{
	const char *label = "Proven by";

	for (size_t i = 0; i < p->suite->n; i++) {
		const struct scenario *s = &p->suite->scenarios[i];
		const char *names = NULL;
		for (size_t k = 0; k < s->ncontrols; k++)
			if (control_names(&s->controls[k], r))
				names = arena_printf(p->a, "%s%s%s", names ? names : "", names ? ", " : "",
				                     s->controls[k].name);
		if (!names)
			continue;
		wrap_item(&p->w, label, arena_printf(p->a, "%s: %s", s->id, names));
		label = "";
	}
	if (*label)
		wrap_item(&p->w, label, "no control makes it fail");
}

static void explain_requirement(struct page *p, const struct requirement *r)
{
	title(p, r->id, r->title);
	print_levels(p, r);
	wrap_item(&p->w, "Why", r->why ? r->why : "");
	wrap_item(&p->w, "Fix", r->fix);
	if (r->example.right) {
		wrap_blank(&p->w);
		verbatim(p, "Right", r->example.right);
		wrap_blank(&p->w);
		verbatim(p, "Wrong", r->example.wrong);
		wrap_blank(&p->w);
	}
	print_sources(p, r);
	for (const char **id = r->after; id && *id; id++)
		wrap_item(&p->w, id == r->after ? "Not while" : "", arena_printf(p->a, "'%s' fails", *id));
	print_tests(p, r);
	print_proofs(p, r);
}

/* --- a scenario ---------------------------------------------------------------------------------------------- */

static const char *joined(struct page *p, const char **list)
{
	const char *text = "";

	for (const char **item = list; item && *item; item++)
		text = arena_printf(p->a, "%s%s%s", text, item == list ? "" : ", ", *item);
	return text;
}

static void print_judged(struct page *p, const struct scenario *s)
{
	const char *label = "Judges";

	for (size_t i = 0; i < p->suite->catalogue.n; i++) {
		const struct requirement *r = &p->suite->catalogue.v[i];
		if (!scenario_judges(s, r))
			continue;
		wrap_item(&p->w, label, arena_printf(p->a, "%s: %s", r->id, r->title));
		label = "";
	}
}

static void print_controls(struct page *p, const struct scenario *s)
{
	for (size_t i = 0; i < s->ncontrols; i++) {
		const struct control *c = &s->controls[i];
		const char *fails = joined(p, c->catches), *warns = joined(p, c->warns);
		wrap_item(&p->w, i ? "" : "Controls",
		          c->permit ? arena_printf(p->a, "%s: nothing may fail", c->name)
		                    : arena_printf(p->a, "%s: %s%s%s%s%s", c->name, fails, *fails ? " fails" : "",
		                                   *fails && *warns ? ", " : "", warns, *warns ? " warns" : ""));
	}
}

/* "; keeps the code as {first}": what later steps mean by that name. */
static const char *saved_words(struct page *p, const struct step *s)
{
	static const char *const kinds[] = {
	        [SAVE_CODE] = "the code",
	        [SAVE_REDIRECT_URI] = "its redirect_uri",
	        [SAVE_BODY] = "the reply's member",
	        [SAVE_HEADER] = "the reply's header",
	        [SAVE_REDIRECT] = "the redirect's parameter",
	};
	const char *text = "";

	for (size_t i = 0; i < s->nsaves; i++)
		text = arena_printf(p->a, "%s%s %s%s%s as {%s}", text, i ? "," : "; keeps", kinds[s->saves[i].from],
		                    s->saves[i].what ? " " : "", s->saves[i].what ? s->saves[i].what : "",
		                    s->saves[i].name);
	return text;
}

static void explain_scenario(struct page *p, const struct scenario *s)
{
	title(p, s->id, s->title);
	wrap_item(&p->w, "Why", s->why ? s->why : "");
	wrap_item(&p->w, "Suite", s->suite);
	wrap_item(&p->w, "Tags", joined(p, s->tags));
	wrap_item(&p->w, "Needs", joined(p, s->needs));
	for (size_t i = 0; i < s->nsteps; i++)
		wrap_item(&p->w, i ? "" : "Sends",
		          arena_printf(p->a, "%s%s", step_text(p, &s->steps[i]), saved_words(p, &s->steps[i])));
	if (s->rounds > 1)
		wrap_item(&p->w, "", arena_printf(p->a, "all of it %d times over", s->rounds));
	print_judged(p, s);
	print_controls(p, s);
	wrap_item(&p->w, "File", s->at.path);
	wrap_item(&p->w, "Run it", arena_printf(p->a, "brandcert run --target FILE --only %s", s->id));
}

/* --- the command --------------------------------------------------------------------------------------------- */

static int unknown(struct page *p, const char *id, struct err *e)
{
	size_t n = 0;
	const char **ids = arena_array(p->a, p->suite->n + p->suite->catalogue.n, sizeof *ids);

	for (size_t i = 0; i < p->suite->catalogue.n; i++)
		ids[n++] = p->suite->catalogue.v[i].id;
	for (size_t i = 0; i < p->suite->n; i++)
		ids[n++] = p->suite->scenarios[i].id;
	const char *near = text_nearest(sv_of(id), ids, n);
	return err_input(e,
	                 "there is no requirement and no scenario '%s'%s%s%s; 'brandcert list requirements' and "
	                 "'brandcert list scenarios' name them",
	                 id, near ? ", did you mean '" : "", near ? near : "", near ? "'" : "");
}

static const struct scenario *find_scenario(const struct suite *s, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->scenarios[i].id, id) == 0)
			return &s->scenarios[i];
	return NULL;
}

static int explain(struct page *p, const char *id, bool json, struct err *e)
{
	const struct requirement *r = catalogue_find(&p->suite->catalogue, id);
	const struct scenario *s = find_scenario(p->suite, id);

	if (!r && !s)
		return unknown(p, id, e);
	if (json)
		return suite_json_print(r ? requirement_json(p->a, p->suite, r) : scenario_json(s), e);
	if (r)
		explain_requirement(p, r);
	else
		explain_scenario(p, s);
	if (fwrite(p->w.out->p, 1, p->w.out->n, stdout) != p->w.out->n || fflush(stdout) != 0)
		return err_trouble(e, "cannot write to standard output");
	return 0;
}

int command_explain(const struct options *o)
{
	const struct report_options ro = finish_looks(o, stdout);
	struct buf out = {.cap = BUF_OWN};
	struct loaded_suite suite;
	struct err e = {0};

	if (o->nrest != 1)
		err_input(&e, "'brandcert explain' takes the id of one requirement or scenario");
	else if (o->format && strcmp(o->format, "text") != 0 && strcmp(o->format, "json") != 0)
		err_input(&e, "there is no format '%s' of an explanation: it is text or json", o->format);
	if (e.kind)
		return command_error(&e);
	if (load_suite(o, &suite) < 0)
		return EXIT_INPUT;
	struct page p = {.a = o->a,
	                 .suite = &suite.suite,
	                 .w = {.out = &out, .width = ro.width ? ro.width : 80},
	                 .color = ro.color};
	int status = explain(&p, o->rest[0], o->format && strcmp(o->format, "json") == 0, &e);
	buf_release(&out);
	suite_release(&suite.suite);
	return status < 0 ? command_error(&e) : EXIT_CONFORMANT;
}
