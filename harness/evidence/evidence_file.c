/* The file section of evidence.h: opening, writing and reading JSON lines. */
#include "evidence/evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/file.h"
#include "core/limits.h"
#include "core/text.h"
#include "evidence/format.h"

/* --- opening ------------------------------------------------------------------------------------------------ */

static int open_named(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 && errno == EEXIST)
		return err_input(e, "'%s' is there already and may be the only record of a run: name a new file", path);
	if (fd < 0)
		return err_input(e, "cannot make '%s': %s", path, strerror(errno));
	return fd;
}

static int open_unnamed(struct err *e)
{
	arena_auto *a = arena_new();
	const char *folder = secure_getenv("TMPDIR");
	char *path = arena_printf(a, "%s/brandcert.XXXXXX", folder && *folder ? folder : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC); /* mode 0600 */

	if (fd < 0)
		return err_trouble(e, "cannot make the temporary file '%s': %s", path, strerror(errno));
	if (unlink(path) < 0) {
		err_trouble(e, "cannot unlink the temporary file '%s': %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

FILE *evidence_open(const char *path, struct err *e)
{
	fd_auto fd = path ? open_named(path, e) : open_unnamed(e);

	if (fd < 0)
		return NULL;
	FILE *f = fdopen(fd, "w+");
	if (!f)
		err_trouble(e, "cannot use '%s': %s", path ? path : "the temporary file", strerror(errno));
	else
		fd = -1; /* f has it now: nothing is left to close */
	(void)fd;
	return f;
}

/* --- writing ------------------------------------------------------------------------------------------------ */

static char *dump(json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT);

	json_decref(line);
	if (!text)
		mem_exhausted();
	return text;
}

static int write_line(FILE *f, char *text, const char *what, struct err *e)
{
	size_t n = strlen(text);
	int r = 0;

	if (n >= LIMIT_EVIDENCE_LINE) {
		r = err_trouble(e, "%s is too long for a line of evidence: %zu bytes", what, n);
	} else {
		text[n] = '\n'; /* in place of the NUL: one write for the whole line */
		if (fwrite(text, 1, n + 1, f) != n + 1 || fflush(f) != 0)
			r = err_trouble(e, "cannot write evidence: %s", strerror(errno));
	}
	free(text);
	return r;
}

int evidence_write_run(FILE *f, const struct run_facts *run, struct err *e)
{
	json_t *line = json_pack("{s:i, s:o}", "evidence", EVIDENCE_VERSION, "run", format_write(format_run, run));

	if (!line)
		mem_exhausted();
	return write_line(f, dump(line), "the run", e);
}

char *evidence_exchange_json(const struct exchange *x)
{
	json_t *line = json_pack("{s:o}", "exchange", format_write(format_exchange, x));

	if (!line)
		mem_exhausted();
	return dump(line);
}

int evidence_write_exchange(FILE *f, const struct exchange *x, struct err *e)
{
	arena_auto *a = arena_new();

	return write_line(f, evidence_exchange_json(x), arena_printf(a, "exchange '%s'", x->id), e);
}

/* --- reading ------------------------------------------------------------------------------------------------ */

struct reader {
	FILE *f;
	struct arena *a;
	struct buf line; /* without its line feed */
	struct evidence *ret;
	unsigned number;
	bool run_seen;
	size_t at, have; /* of block: taken, read */
	char block[64 * 1024];
};

enum read_line { LINE_READ, LINE_END, LINE_BAD };

static bool refill(struct reader *r)
{
	r->at = 0;
	r->have = fread(r->block, 1, sizeof r->block, r->f);
	return r->have > 0;
}

/* Reads up to the next line feed, never keeping more than the limit. */
static enum read_line read_line(struct reader *r, struct err *e)
{
	buf_clear(&r->line);
	r->number++;
	while (r->at < r->have || refill(r)) {
		const char *from = r->block + r->at, *end = memchr(from, '\n', r->have - r->at);
		size_t n = end ? (size_t)(end - from) : r->have - r->at;
		r->at += n + (end != NULL);
		if (!buf_add(&r->line, from, n)) {
			err_input(e, "the line is longer than %d bytes", LIMIT_EVIDENCE_LINE);
			return LINE_BAD;
		}
		if (end)
			return LINE_READ;
	}
	if (ferror(r->f)) {
		err_trouble(e, "cannot read: %s", strerror(errno));
		return LINE_BAD;
	}
	if (r->line.n == 0)
		return LINE_END;
	err_input(e, "the last line is cut in the middle: the run that wrote it did not end in good order");
	return LINE_BAD;
}

static int read_run(struct reader *r, const json_t *line, struct err *e)
{
	const json_t *version = json_object_get(line, "evidence");

	if (!version)
		return err_input(e, "this is not evidence: the first line has to be {\"evidence\": %d, \"run\": {…}}",
		                 EVIDENCE_VERSION);
	if (!json_is_integer(version) || json_integer_value(version) != EVIDENCE_VERSION)
		return err_input(e, "this is evidence of another version; this brandcert reads version %d",
		                 EVIDENCE_VERSION);
	if (json_object_size(line) != 2 || !json_object_get(line, "run"))
		return err_input(e, "has to have the members 'evidence' and 'run' and no others");
	if (format_read(format_run, json_object_get(line, "run"), r->a, &r->ret->run, e) < 0)
		return err_wrap(e, "in 'run'");
	r->run_seen = true;
	return 0;
}

static int read_exchange(struct reader *r, const json_t *line, struct err *e)
{
	const json_t *exchange = json_object_get(line, "exchange");
	struct evidence *ev = r->ret;

	if (json_object_get(line, "evidence"))
		return err_input(e, "a second run begins here; one file holds one run");
	if (!exchange || json_object_size(line) != 1)
		return err_input(e, "has to have the member 'exchange' and no other");
	ev->exchanges = arena_grow(r->a, ev->exchanges, ev->n, sizeof *ev->exchanges);
	if (format_read(format_exchange, exchange, r->a, &ev->exchanges[ev->n], e) < 0)
		return err_wrap(e, "in 'exchange'");
	ev->n++;
	return 0;
}

static int read_one(struct reader *r, struct err *e)
{
	json_error_t problem;
	struct sv text = buf_sv(&r->line);
	json_auto_t *line = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &problem);

	/* jansson's own words quote what is there, and that may be a secret */
	if (!line)
		return err_input(e, "not a JSON object that could be read, up to column %d", problem.column);
	return r->run_seen ? read_exchange(r, line, e) : read_run(r, line, e);
}

static int read_lines(struct reader *r, struct err *e)
{
	for (;;) {
		enum read_line got = read_line(r, e);
		if (got == LINE_BAD)
			return -1;
		if (got == LINE_END)
			break;
		if (r->number > LIMIT_EVIDENCE_LINES)
			return err_input(e, "more than %d lines", LIMIT_EVIDENCE_LINES);
		if (read_one(r, e) < 0)
			return -1;
	}
	return r->run_seen ? 0 : err_input(e, "the file is empty: there is no run in it");
}

static int by_id(const void *x, const void *y)
{
	const struct exchange *const *a = x, *const *b = y;

	return strcmp((*a)->id, (*b)->id);
}

/* Reports call exchanges by their ids. */
static int ids_unique(const struct evidence *ev, const char *name, struct err *e)
{
	arena_auto *a = arena_new();
	const struct exchange **v = arena_array(a, ev->n, sizeof *v);

	for (size_t i = 0; i < ev->n; i++)
		v[i] = &ev->exchanges[i];
	qsort(v, ev->n, sizeof *v, by_id);
	for (size_t i = 1; i < ev->n; i++)
		if (!strcmp(v[i - 1]->id, v[i]->id))
			return err_input(e, "%s: exchange '%s' is in it twice", name,
			                 text_excerpt(a, sv_of(v[i]->id), 60));
	return 0;
}

int evidence_read(FILE *f, const char *name, struct arena *a, struct evidence *ret, struct err *e)
{
	struct reader r = {.f = f, .a = a, .line = {.cap = LIMIT_EVIDENCE_LINE}, .ret = ret};

	*ret = (struct evidence){0};
	/* a pipe is read from where it is */
	if (fseek(f, 0, SEEK_SET) < 0 && errno != ESPIPE)
		return err_trouble(e, "cannot read '%s': %s", name, strerror(errno));
	clearerr(f);
	int result = read_lines(&r, e);
	buf_release(&r.line);
	if (result < 0)
		return err_wrap(e, "%s:%u", name, r.number);
	return ids_unique(ret, name, e);
}
