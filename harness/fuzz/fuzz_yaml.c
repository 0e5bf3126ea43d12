#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "suite/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Any bytes as each of the four kinds of file. Beyond not crashing: what was taken without a mistake is whole, and every
 * mistake can be shown.
 */

static void show(struct diags *d)
{
	diags_sort(d);
	for (size_t i = 0; i < d->n; i++)
		free(diag_text(&d->v[i]));
	diags_release(d);
}

static void as_catalogue(struct arena *a, struct sv text, struct catalogue *ret)
{
	struct diags d = {0};
	struct source s = {.a = a, .d = &d, .path = "none/requirements.yaml"};

	*ret = (struct catalogue){0};
	if (source_open(&s, text))
		catalogue_read(&s, ret);
	for (size_t i = 0; !d.errors && i < ret->n; i++) {
		assert(ret->v[i].id && ret->v[i].title && ret->v[i].fix && ret->v[i].source[0] && ret->v[i].after);
		catalogue_link(ret, a, ret->v[i].source[0]);
	}
	show(&d);
}

static void as_scenario(struct arena *a, struct sv text, const struct catalogue *catalogue)
{
	const struct suite_options o = {0};
	const struct judging judging = {.catalogue = catalogue, .ids_known = true};
	struct diags d = {0};
	struct source s = {.a = a, .d = &d, .path = "none/input.yaml"};
	struct scenario sc = {.suite = "none"};

	if (source_open(&s, text))
		scenario_read(&s, &o, &judging, &sc);
	if (!d.errors)
		assert(sc.id && sc.title && sc.why && sc.nsteps && sc.tags && sc.needs);
	for (size_t i = 0; !d.errors && i < sc.nsteps; i++) {
		assert(sc.steps[i].spec);
		for (size_t j = 0; j < sc.steps[i].nexpects; j++)
			assert(sc.steps[i].expects[j].requirement);
	}
	for (size_t i = 0; !d.errors && i < sc.ncontrols; i++)
		assert(sc.controls[i].name && json_array_size(sc.controls[i].faults));
	scenario_release(&sc);
	show(&d);
}

static void as_target(struct arena *a, struct sv text)
{
	struct diags d = {0};
	struct source s = {.a = a, .d = &d, .path = "none/target.yaml"};
	struct target t = {0};

	if (source_open(&s, text))
		target_read(&s, &t);
	if (!d.errors)
		assert(t.name && t.issuer && t.token_endpoint && t.client.id && t.client.secret && t.redirect_uri);
	show(&d);
}

static void as_expected(struct arena *a, struct sv text, const struct catalogue *catalogue)
{
	struct diags d = {0};
	struct source s = {.a = a, .d = &d, .path = "none/expected.yaml"};
	struct expectations x = {0};

	if (source_open(&s, text))
		expected_read(&s, catalogue, &x);
	for (size_t i = 0; i < x.n; i++)
		assert(x.v[i].requirement && x.v[i].reason && (!x.v[i].until || x.v[i].until_ms));
	show(&d);
}

/* What the corpus's scenarios judge. */
static const char requirements[] =
        "documents: {RFC 6749: {title: OAuth}}\n"
        "requirements:\n"
        "  - {id: a.b, title: A, level: must, source: RFC 6749 §5.1, fix: B, cases: {c: may}}\n"
        "  - {id: a.c, title: A, level: must, source: RFC 6749 §5.1, fix: B}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	arena_auto *a = arena_new();
	struct sv text = {(const char *)data, size};
	struct catalogue catalogue;

	as_catalogue(a, text, &catalogue);
	as_catalogue(a, sv_of(requirements), &catalogue);
	as_scenario(a, text, &catalogue);
	as_target(a, text);
	as_expected(a, text, &catalogue);
	return 0;
}
