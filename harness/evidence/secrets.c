#include "evidence/secrets.h"

#include <stdint.h>
#include <string.h>

#include "core/base64.h"
#include "core/limits.h"
#include "evidence/shapes.h"

/*
 * Patterns hang in hash tables by their first bytes: 16, or 4 where there are fewer. A long secret is cut into pieces, each
 * a pattern: so no comparison is long, whatever a target has made of its tokens, and a piece of a secret is found, too.
 */
#define BUCKETS 16384
#define SHORT_KEY 4
#define LONG_KEY 16
#define PIECE 256
#define CUT_MIN 8
/* Shorter stretches of base64 could stand anywhere. */
#define BASE64_MIN 8
/* Of a secret that is looked for in pieces: the shortest that is, and how long its pieces are. */
#define IN_PIECES_MIN 16
#define WINDOW 12
#define STRETCH_MIN 16

struct pattern {
	struct pattern *next;     /* in its bucket: longest first */
	struct pattern *cut_next; /* in its bucket of cut_keys */
	struct sv bytes;
	const char *name;
};

struct secrets {
	struct arena *a;
	struct pattern **short_keys, **long_keys; /* NULL while there are none */
	struct pattern **cut_keys;                /* by the first CUT_MIN bytes, which may end a text that was cut */
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
	*p = (struct pattern){.next = *at, .bytes = arena_svdup(s->a, bytes), .name = name};
	*at = p;
	if (bytes.n <= CUT_MIN)
		return;
	if (!s->cut_keys)
		s->cut_keys = arena_array(s->a, BUCKETS, sizeof(struct pattern *));
	at = &s->cut_keys[bucket_of(bytes.p, CUT_MIN)];
	p->cut_next = *at;
	*at = p;
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

/* One secret that is being added. */
struct adding {
	struct secrets *s;
	const char *name;
	enum secret_reach reach;
};

/* What every request and reply holds is no piece of a secret, also where the secret is made of such words. */
static bool is_vocabulary(struct sv piece)
{
	static const char vocabulary[] =
	        "grant_type=authorization_code&redirect_uri=https://liveperson.net/&code_verifier=&code_challenge= "
	        "client_secret_basic client_secret_post client_secret= client_id= access_token refresh_token id_token "
	        "application/x-www-form-urlencoded; charset=utf-8 application/json Content-Type: Content-Length: "
	        "Authorization: Basic User-Agent: brandcert/ reference-brand invalid_request invalid_client "
	        "invalid_grant unsupported_grant_type error_description";

	return sv_find(sv_of(vocabulary), piece) >= 0;
}

/* The long stretches of a secret that nothing would escape: they stay as they are however deep the rest is escaped. */
static void add_stretches(const struct adding *x, struct sv value)
{
	size_t from = 0;

	for (size_t i = 0; i <= value.n; i++) {
		if (i < value.n && shape_character(value.p[i]) && !strchr("+/=", value.p[i]))
			continue;
		struct sv stretch = {value.p + from, i - from};
		if (stretch.n >= STRETCH_MIN && stretch.n < value.n && !is_vocabulary(stretch))
			secrets_add_bytes(x->s, x->name, stretch);
		from = i + 1;
	}
}

static void add_text(const struct adding *x, struct sv bytes)
{
	secrets_add_bytes(x->s, x->name, bytes);
	if (x->reach == SECRET_WHOLE || bytes.n < IN_PIECES_MIN)
		return;
	size_t window = bytes.n / 2 < WINDOW ? bytes.n / 2 : WINDOW;
	for (size_t i = 0; i + window <= bytes.n && i < LIMIT_SECRET_PIECES; i++) {
		struct sv piece = {bytes.p + i, window};
		if (!is_vocabulary(piece))
			secrets_add_bytes(x->s, x->name, piece);
	}
}

/* Adds base64 text in both alphabets. */
static void add_both(const struct adding *x, struct sv base64)
{
	add_text(x, base64);
	char *p = arena_sv(x->s->a, base64);
	for (size_t i = 0; i < base64.n; i++)
		p[i] = p[i] == '+' ? '-' : p[i] == '/' ? '_' : p[i];
	add_text(x, (struct sv){p, base64.n});
}

static void add_hex(const struct adding *x, struct sv value)
{
	static const char *const digits[] = {"0123456789abcdef", "0123456789ABCDEF"};

	for (size_t k = 0; k < sizeof digits / sizeof *digits; k++) {
		char *hex = arena_alloc(x->s->a, value.n * 2 + 1);
		for (size_t i = 0; i < value.n; i++) {
			hex[2 * i] = digits[k][(unsigned char)value.p[i] >> 4];
			hex[2 * i + 1] = digits[k][(unsigned char)value.p[i] & 15];
		}
		add_text(x, (struct sv){hex, value.n * 2});
	}
}

/* What of a value's base64 is the same whatever stands before (`shift` bytes, modulo 3) and behind it. */
static void add_inside(const struct adding *x, struct sv value, size_t shift)
{
	struct arena *a = x->s->a;
	static const size_t head[] = {0, 2, 3};
	char *shifted = arena_alloc(a, value.n + shift + 1);

	memcpy(shifted + shift, value.p, value.n);
	struct sv text = sv_of(base64_encode(a, BASE64_URL, (struct sv){shifted, value.n + shift}));
	text.n -= (value.n + shift) % 3 != 0;
	if (text.n < head[shift] + BASE64_MIN)
		return;
	char *standard = arena_sv(a, (struct sv){text.p + head[shift], text.n - head[shift]});
	for (char *p = standard; *p; p++)
		*p = (char)(*p == '-' ? '+' : *p == '_' ? '/' : *p);
	add_both(x, sv_of(standard));
}

void secrets_add(struct secrets *s, const char *name, struct sv value, enum secret_reach reach)
{
	const struct adding x = {s, name, reach};

	if (value.n < SHORT_KEY)
		return;
	if (value.n > LIMIT_SECRET)
		value.n = LIMIT_SECRET;
	add_text(&x, value);
	add_stretches(&x, value);
	struct sv padded = sv_of(base64_encode(s->a, BASE64_STANDARD, value)), bare = padded;
	while (bare.n && bare.p[bare.n - 1] == '=')
		bare.n--;
	add_both(&x, padded);
	add_both(&x, bare);
	add_hex(&x, value);
	for (size_t shift = 0; shift < 3; shift++)
		add_inside(&x, value, shift);
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
	if (!s->cut_keys)
		return;
	/* a pattern has PIECE bytes at most, and one of them is missing */
	for (size_t i = text.n >= PIECE ? text.n - PIECE + 1 : 0; i + CUT_MIN <= text.n; i++) {
		struct sv rest = {text.p + i, text.n - i};
		const struct pattern *p = s->cut_keys[bucket_of(rest.p, CUT_MIN)];
		while (p && !sv_starts(p->bytes, rest))
			p = p->cut_next;
		if (p) {
			found(i, text.n, p->name, context);
			return;
		}
	}
}

void secrets_find(const struct secrets *s, struct sv text, bool cut, secrets_fn *found, void *context)
{
	size_t covered = 0;

	for (size_t i = 0; i + SHORT_KEY <= text.n && (s->short_keys || s->long_keys); i++) {
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
