#include "evidence/secrets.h"

#include <stdint.h>
#include <string.h>

#include "core/base64.h"
#include "core/limits.h"

/*
 * Patterns hang in hash tables by their first bytes: 16, or 4 where there are fewer. A long secret is cut into pieces, each
 * a pattern: so no comparison is long, whatever a target has made of its tokens, and a piece of a secret is found, too.
 */
#define BUCKETS 4096
#define SHORT_KEY 4
#define LONG_KEY 16
#define PIECE 256
#define CUT_MIN 8
/* Shorter stretches of base64 could stand anywhere. */
#define BASE64_MIN 8

struct pattern {
	struct pattern *next; /* in its bucket: longest first */
	struct pattern *all;
	struct sv bytes;
	const char *name;
};

struct secrets {
	struct arena *a;
	struct pattern *all;
	struct pattern **short_keys, **long_keys; /* NULL while there are none */
};

struct secrets *secrets_new(struct arena *a)
{
	struct secrets *s = arena_alloc(a, sizeof *s);

	s->a = a;
	return s;
}

static size_t bucket_of(const char *p, size_t key)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < key; i += SHORT_KEY) {
		uint32_t word;
		memcpy(&word, p + i, sizeof word);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
	}
	return (hash >> 40) % BUCKETS;
}

static void add_piece(struct secrets *s, const char *name, struct sv bytes)
{
	bool is_long = bytes.n >= LONG_KEY;
	struct pattern ***table = is_long ? &s->long_keys : &s->short_keys;

	if (!*table)
		*table = arena_array(s->a, BUCKETS, sizeof **table);
	struct pattern **at = &(*table)[bucket_of(bytes.p, is_long ? LONG_KEY : SHORT_KEY)];
	for (; *at && (*at)->bytes.n >= bytes.n; at = &(*at)->next)
		if (sv_eq((*at)->bytes, bytes))
			return;
	struct pattern *p = arena_alloc(s->a, sizeof *p);
	*p = (struct pattern){.next = *at, .all = s->all, .bytes = arena_svdup(s->a, bytes), .name = name};
	*at = p;
	s->all = p;
}

void secrets_add_bytes(struct secrets *s, const char *name, struct sv bytes)
{
	if (bytes.n > LIMIT_SECRET)
		bytes.n = LIMIT_SECRET;
	if (bytes.n < SHORT_KEY)
		return;
	if (bytes.n <= PIECE) {
		add_piece(s, name, bytes);
		return;
	}
	for (size_t i = 0; i < bytes.n; i += PIECE) {
		size_t from = i + PIECE <= bytes.n ? i : bytes.n - PIECE;
		add_piece(s, name, (struct sv){bytes.p + from, PIECE});
	}
}

/* Adds base64 text in both alphabets. */
static void add_both(struct secrets *s, const char *name, struct sv base64)
{
	secrets_add_bytes(s, name, base64);
	struct sv url = arena_svdup(s->a, base64);
	char *p = arena_sv(s->a, url);
	for (size_t i = 0; i < url.n; i++)
		p[i] = p[i] == '+' ? '-' : p[i] == '/' ? '_' : p[i];
	secrets_add_bytes(s, name, (struct sv){p, url.n});
}

/* What of a value's base64 is the same whatever stands before (`shift` bytes, modulo 3) and behind it. */
static void add_inside(struct secrets *s, const char *name, struct sv value, size_t shift)
{
	static const size_t head[] = {0, 2, 3};
	char *shifted = arena_alloc(s->a, value.n + shift + 1);

	memcpy(shifted + shift, value.p, value.n);
	struct sv text = sv_of(base64_encode(s->a, BASE64_URL, (struct sv){shifted, value.n + shift}));
	text.n -= (value.n + shift) % 3 != 0;
	if (text.n < head[shift] + BASE64_MIN)
		return;
	char *standard = arena_sv(s->a, (struct sv){text.p + head[shift], text.n - head[shift]});
	for (char *p = standard; *p; p++)
		*p = (char)(*p == '-' ? '+' : *p == '_' ? '/' : *p);
	add_both(s, name, sv_of(standard));
}

void secrets_add(struct secrets *s, const char *name, struct sv value)
{
	if (value.n < SHORT_KEY)
		return;
	if (value.n > LIMIT_SECRET)
		value.n = LIMIT_SECRET;
	secrets_add_bytes(s, name, value);
	struct sv padded = sv_of(base64_encode(s->a, BASE64_STANDARD, value)), bare = padded;
	while (bare.n && bare.p[bare.n - 1] == '=')
		bare.n--;
	add_both(s, name, padded);
	add_both(s, name, bare);
	for (size_t shift = 0; shift < 3; shift++)
		add_inside(s, name, value, shift);
}

static const struct pattern *longest_at(struct pattern *const *table, size_t key, struct sv rest)
{
	if (!table || rest.n < key)
		return NULL;
	for (const struct pattern *p = table[bucket_of(rest.p, key)]; p; p = p->next)
		if (sv_starts(rest, p->bytes))
			return p;
	return NULL;
}

/* The longest beginning of a secret that the text ends with. */
static void find_cut(const struct secrets *s, struct sv text, secrets_fn *found, void *context)
{
	const struct pattern *best = NULL;
	size_t longest = CUT_MIN - 1;

	for (const struct pattern *p = s->all; p; p = p->all) {
		size_t n = p->bytes.n - 1 < text.n ? p->bytes.n - 1 : text.n;
		for (; n > longest; n--) {
			if (memcmp(text.p + text.n - n, p->bytes.p, n) == 0) {
				best = p;
				longest = n;
			}
		}
	}
	if (best)
		found(text.n - longest, text.n, best->name, context);
}

void secrets_find(const struct secrets *s, struct sv text, bool cut, secrets_fn *found, void *context)
{
	size_t covered = 0;

	for (size_t i = 0; i + SHORT_KEY <= text.n && s->all; i++) {
		struct sv rest = {text.p + i, text.n - i};
		const struct pattern *p = longest_at(s->long_keys, LONG_KEY, rest);
		if (!p)
			p = longest_at(s->short_keys, SHORT_KEY, rest);
		if (p && i + p->bytes.n > covered) {
			covered = i + p->bytes.n;
			found(i, covered, p->name, context);
		}
	}
	if (cut)
		find_cut(s, text, found, context);
}
