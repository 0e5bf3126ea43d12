/*
 * Evidence files and what masking does to their bytes. What is read is written and read again, and is the same; what is
 * masked holds no secret, in whatever way it is decoded.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "evidence/evidence.h"
#include "evidence/mask.h"
#include "evidence/views.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char secret[] = "canary/4711+x";

static void need(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "does not hold: %s\n", what);
		abort();
	}
}

static void read_again(const struct evidence *ev, struct arena *a)
{
	struct err e = {0};
	struct evidence again;
	FILE *f = evidence_open(NULL, &e);

	need(f && evidence_write_run(f, &ev->run, &e) == 0, "the run can be written");
	for (size_t i = 0; i < ev->n; i++)
		need(evidence_write_exchange(f, &ev->exchanges[i], &e) == 0, "what was read can be written");
	need(evidence_read(f, "again", a, &again, &e) == 0, "what was written can be read");
	need(again.n == ev->n, "there are as many exchanges");
	for (size_t i = 0; i < ev->n; i++) {
		char *x = evidence_exchange_json(&ev->exchanges[i]), *y = evidence_exchange_json(&again.exchanges[i]);
		need(!strcmp(x, y), "they are the same");
		free(x);
		free(y);
	}
	fclose(f);
}

static void no_secret(const struct view *v, void *context)
{
	(void)context;
	need(sv_find(v->text, sv_of(secret)) < 0, "the secret is gone");
}

static void mask(const struct mask *m, struct arena *a, struct sv text)
{
	const struct message in = {.lines = &text, .nlines = 1, .body = text};
	struct message out;

	mask_message(m, a, &in, &out);
	views_visit(a, out.lines[0], no_secret, NULL);
	views_visit(a, out.body, no_secret, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct evidence ev;
	struct err e = {0};
	struct mask *m = mask_new(a);
	/* fmemopen wants memory that it may write to */
	char *copy = arena_sv(a, (struct sv){(const char *)data, size});
	FILE *f = size ? fmemopen(copy, size, "r") : NULL;

	if (f && evidence_read(f, "input", a, &ev, &e) == 0) {
		mask_add_evidence(m, &ev);
		read_again(&ev, a);
	}
	if (f)
		fclose(f);
	mask_add(m, "client_secret", sv_of(secret));
	mask(m, a, (struct sv){(const char *)data, size});
	arena_free(a);
	return 0;
}
