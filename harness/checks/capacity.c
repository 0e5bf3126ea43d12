#include "checks/capacity.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "checks/charset.h"

/* --- UUIDs --------------------------------------------------------------------------------------------------------- */

static bool is_hex(char c)
{
	return charset_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The version digit of a UUID in text form, with or without hyphens; 0: it is none. */
static char uuid_version(struct sv s)
{
	size_t skip = s.n == 36 ? 1 : 0;

	if (s.n != 36 && s.n != 32)
		return 0;
	for (size_t i = 0; i < s.n; i++) {
		bool hyphen = skip && (i == 8 || i == 13 || i == 18 || i == 23);
		if (hyphen ? s.p[i] != '-' : !is_hex(s.p[i]))
			return 0;
	}
	return s.p[16 + 3 * skip] && strchr("89abAB", s.p[16 + 3 * skip]) ? s.p[12 + 2 * skip] : 0;
}

/* Random bits of UUIDs of that version. Hashed ones (3, 5, 8) may be as good as random ones. */
static double uuid_bits(char version)
{
	return version == '7' ? 74 : version && strchr("3458", version) ? 122 : 14;
}

/* Hex of 32 digits may look like one by chance: with few texts only hyphens tell. */
static bool all_uuids(const struct sv *texts, size_t n, char *version)
{
	*version = uuid_version(texts[0]);
	for (size_t i = 0; i < n; i++)
		if (!uuid_version(texts[i]) || uuid_version(texts[i]) != *version ||
		    (texts[i].n == 32 && n < CAPACITY_MANY))
			return false;
	return *version >= '1' && *version <= '8';
}

/* --- alphabets ----------------------------------------------------------------------------------------------------- */

struct classes {
	bool digits, hex_lower, hex_upper, lower, upper, url, other;
};

static void classify(struct classes *c, char ch)
{
	if (charset_is_digit(ch))
		c->digits = true;
	else if (ch >= 'a' && ch <= 'f')
		c->hex_lower = true;
	else if (ch >= 'A' && ch <= 'F')
		c->hex_upper = true;
	else if (ch >= 'g' && ch <= 'z')
		c->lower = true;
	else if (ch >= 'G' && ch <= 'Z')
		c->upper = true;
	else if (ch && strchr("-_+/=.~", ch))
		c->url = true;
	else
		c->other = true;
}

/* The smallest usual alphabet that has all of it. */
static double alphabet_size(const struct classes *c, const char **name)
{
	bool low = c->hex_lower || c->lower, up = c->hex_upper || c->upper;

	if (c->other) {
		*name = "printable characters";
		return 94;
	}
	if (c->url) {
		*name = "base64 characters";
		return 64;
	}
	if (low && up) {
		*name = c->digits ? "letters and digits" : "letters";
		return c->digits ? 62 : 52;
	}
	if (!low && !up) {
		*name = "digits";
		return 10;
	}
	if (c->lower || c->upper) {
		*name = c->digits ? "letters of one case and digits" : "letters of one case";
		return c->digits ? 36 : 26;
	}
	*name = "hexadecimal digits";
	return 16;
}

static bool varies(const struct sv *texts, size_t n, size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (at >= texts[i].n || at >= texts[0].n || texts[i].p[at] != texts[0].p[at])
			return true;
	return false;
}

void capacity_estimate(const struct sv *texts, size_t n, struct capacity *ret)
{
	struct classes c = {0};
	char version;

	*ret = (struct capacity){0};
	for (size_t i = 0; i < n; i++)
		ret->length = texts[i].n > ret->length ? texts[i].n : ret->length;
	for (size_t at = 0; at < ret->length; at++) {
		if (n >= CAPACITY_MANY && !varies(texts, n, at))
			continue;
		ret->varying++;
		for (size_t i = 0; i < n; i++)
			if (at < texts[i].n)
				classify(&c, texts[i].p[at]);
	}
	ret->bits = (double)ret->varying * log2(alphabet_size(&c, &ret->alphabet));
	if (!all_uuids(texts, n, &version))
		return;
	ret->bits = fmin(ret->bits, uuid_bits(version));
	ret->uuid = ret->bits >= 120;
	ret->alphabet = "hexadecimal digits";
}

/* --- counters ------------------------------------------------------------------------------------------------------ */

/* More digits than fit into 64 bits are no counter's. */
#define DIGITS_MAX 18

static struct sv number_of(struct sv text)
{
	size_t n = 0;

	while (n < text.n && charset_is_digit(text.p[text.n - 1 - n]))
		n++;
	return (struct sv){text.p + text.n - n, n};
}

bool capacity_is_counter(const struct sv *texts, size_t n)
{
	uint64_t least = UINT64_MAX, most = 0;
	size_t digits = 0;

	for (size_t i = 0; i < n; i++) {
		struct sv number = number_of(texts[i]), first = number_of(texts[0]);
		struct sv head = {texts[i].p, texts[i].n - number.n}, first_head = {texts[0].p, texts[0].n - first.n};
		uint64_t value = 0;
		if (number.n == 0 || number.n > DIGITS_MAX || !sv_eq(head, first_head))
			return false;
		for (size_t k = 0; k < number.n; k++)
			value = value * 10 + (uint64_t)(number.p[k] - '0');
		least = value < least ? value : least;
		most = value > most ? value : most;
		digits = number.n > digits ? number.n : digits;
	}
	/* That random numbers of so many digits all lie within a hundredth of their range is a chance of 1 to 10^13. */
	return (double)(most - least) < pow(10, (double)digits) / 100;
}
