#ifndef BRANDCERT_CORE_SV_H
#define BRANDCERT_CORE_SV_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Borrowed text: pointer and length, not NUL-terminated. Used wherever bytes come from a peer, because a body or a
 * claim may hold NUL and must not be cut short by it. Whoever made the bytes owns them; an sv never frees.
 */
struct sv {
	const char *p;
	size_t n;
};

#define SV(literal) ((struct sv){"" literal "", sizeof(literal) - 1})
#define SV_NONE ((struct sv){NULL, 0})
/* For printf: "%.*s", SV_ARG(s). Only for text known to be short and free of NUL. */
#define SV_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct sv sv_of(const char *text); /* of NULL: SV_NONE */
bool sv_eq(struct sv a, struct sv b);
bool sv_eq_nocase(struct sv a, struct sv b); /* ASCII letters only */
bool sv_starts(struct sv s, struct sv prefix);
bool sv_ends(struct sv s, struct sv suffix);
struct sv sv_trim(struct sv s); /* blanks, tabs, CR and LF, both ends */

/* Place of needle in s, or -1. An empty needle is at 0. */
long sv_find(struct sv s, struct sv needle);
long sv_find_char(struct sv s, char c);

/*
 * Cuts the first piece off *rest, up to separator (which is dropped). False when *rest is exhausted:
 *	for (struct sv rest = list, item; sv_cut(&rest, ',', &item);) ...
 * "a,,b" gives three pieces, "a," two, "" one (empty), SV_NONE none.
 */
bool sv_cut(struct sv *rest, char separator, struct sv *piece);

#endif
