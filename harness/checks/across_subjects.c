#include <string.h>

#include "checks/across.h"
#include "checks/check.h"

/* Who the tokens of one scenario are about: OpenID Connect Core §2, §5.7. */

struct login {
	struct subject *s;
	bool second; /* the consumer of its code */
	struct sv sub, email;
};

struct logins {
	struct login *v;
	size_t n, count[2]; /* all, and of each consumer */
	const char *owner;  /* of a sub that could not be read, or NULL */
};

static struct sv claim(const json_t *claims, const char *name)
{
	const json_t *value = json_object_get(claims, name);

	return json_string_length(value) > 0 ? (struct sv){json_string_value(value), json_string_length(value)}
	                                     : SV_NONE;
}

/* A step may send a code that an earlier one saved: the consumer is that of the step which took it. */
static bool of_second(struct subject *const *v, size_t n, const struct subject *o)
{
	for (size_t i = 0; i < n; i++) {
		const struct subject *first = v[i];
		if (first->x && first->x->code.code && o->x->code.code &&
		    strcmp(first->x->code.code, o->x->code.code) == 0)
			return first->step && first->step->redeem.second_consumer;
	}
	return o->step && o->step->redeem.second_consumer;
}

static void read_logins_of(struct subject *s, struct subject *const *v, size_t nv, struct logins *ret)
{
	size_t n;
	struct subject **granted = across_granted(s, v, nv, &n);

	*ret = (struct logins){.v = arena_array(s->a, n, sizeof *ret->v)};
	for (size_t i = 0; i < n; i++) {
		struct finding unread = {.owner = "idtoken.sub.valid"};
		const json_t *claims = subject_claims(granted[i], &unread);
		struct login l = {granted[i], of_second(v, nv, granted[i]), claim(claims, "sub"),
		                  claim(claims, "email")};
		if (!l.sub.p) {
			ret->owner = ret->owner ? ret->owner : unread.owner;
			continue;
		}
		ret->count[l.second]++;
		ret->v[ret->n++] = l;
	}
}

static void read_logins(struct subject *s, struct logins *ret)
{
	read_logins_of(s, s->siblings, s->nsiblings, ret);
}

static void too_few(struct subject *s, const struct logins *all, const char *needed, struct finding *f)
{
	if (all->owner)
		skip_owned(s, f, all->owner);
	else
		skip(s, f, "%s", needed);
}

static bool second_has(const struct logins *all, bool second, struct sv sub)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].second == second && sv_eq(all->v[i].sub, sub))
			return true;
	return false;
}

static bool all_same(const struct logins *all)
{
	for (size_t i = 1; i < all->n; i++)
		if (!sv_eq(all->v[i].sub, all->v[0].sub))
			return false;
	return true;
}

CHECK(idtoken_sub_stable, "idtoken.sub.stable")
{
	struct logins all;

	read_logins(s, &all);
	if (all.count[0] < 2 && all.count[1] < 2) {
		too_few(s, &all, "two logins of one consumer are needed to compare", f);
		return;
	}
	for (size_t i = 0; i < all.n; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct login *x = &all.v[k], *y = &all.v[i];
			if (x->second != y->second || sv_eq(x->sub, y->sub))
				continue;
			/* Somebody else's, anywhere in the run, is another mistake. */
			struct logins run;
			read_logins_of(s, s->all, s->nall, &run);
			if (second_has(&all, !x->second, x->sub) || second_has(&all, !x->second, y->sub) ||
			    second_has(&run, !x->second, x->sub) || second_has(&run, !x->second, y->sub)) {
				skip_owned(s, f, "idtoken.sub.no-cross-talk");
				return;
			}
			violated(s, f, "one sub for all logins of one consumer",
			         "the %s consumer has another sub in each of %s", x->second ? "second" : "first",
			         across_pair(x->s, y->s));
			detail(f, NULL, "claim sub", NULL);
			return;
		}
	}
	pass(s, f, "%zu logins of one consumer, one sub", all.count[0] > all.count[1] ? all.count[0] : all.count[1]);
}

CHECK(idtoken_sub_distinct, "idtoken.sub.distinct")
{
	struct logins all;

	read_logins(s, &all);
	if (all.count[0] == 0 || all.count[1] == 0) {
		too_few(s, &all, "logins of two consumers are needed to compare", f);
		return;
	}
	for (size_t i = 0; i < all.n; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct login *x = &all.v[k], *y = &all.v[i];
			if (x->second == y->second || !sv_eq(x->sub, y->sub))
				continue;
			/* A sub that is sometimes the right one, here or elsewhere in the run, is another mistake. */
			struct logins run;
			read_logins_of(s, s->all, s->nall, &run);
			if (!all_same(&all) || !all_same(&run)) {
				skip_owned(s, f, "idtoken.sub.no-cross-talk");
				return;
			}
			violated(s, f, "a sub of its own for each consumer",
			         "the two consumers of %s have the same sub", across_pair(x->s, y->s));
			detail(f, NULL, "claim sub", NULL);
			return;
		}
	}
	pass(s, f, "two consumers, %zu logins, no sub in common", all.n);
}

/* --- cross-talk ---------------------------------------------------------------------------------------------------- */

static struct sv sub_of(const struct login *l)
{
	return l->sub;
}

static struct sv email_of(const struct login *l)
{
	return l->email;
}

static size_t held_by(const struct logins *all, bool second, struct sv value, struct sv (*get)(const struct login *l))
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += all->v[i].second == second && sv_eq(get(&all->v[i]), value);
	return n;
}

/*
 * The first login whose value is the other consumer's: one that both have belongs to whom it is given more often, in doubt
 * to the one who got it first. NULL: none.
 */
static const struct login *crossed(const struct logins *all, struct sv (*get)(const struct login *l))
{
	for (size_t i = 0; i < all->n; i++) {
		const struct login *l = &all->v[i];
		struct sv value = get(l);
		if (!value.p || held_by(all, !l->second, value, get) == 0)
			continue;
		size_t own = held_by(all, l->second, value, get), other = held_by(all, !l->second, value, get);
		const struct login *first = l;
		for (size_t k = i + 1; k-- > 0;)
			first = sv_eq(get(&all->v[k]), value) ? &all->v[k] : first;
		if (own < other || (own == other && first->second != l->second))
			return l;
	}
	return NULL;
}

/* Two test consumers may share one address. */
static bool emails_differ(const struct logins *all)
{
	const struct login *first = NULL;

	for (size_t i = 0; i < all->n; i++) {
		if (!all->v[i].email.p)
			continue;
		if (first && !sv_eq(first->email, all->v[i].email))
			return true;
		first = &all->v[i];
	}
	return false;
}

CHECK(idtoken_sub_no_cross_talk, "idtoken.sub.no-cross-talk")
{
	struct logins all;
	const char *what = "sub";
	const struct login *wrong;

	read_logins(s, &all);
	if (all.count[0] == 0 || all.count[1] == 0) {
		too_few(s, &all, "logins of two consumers are needed to compare", f);
		return;
	}
	wrong = crossed(&all, sub_of);
	if (!wrong && emails_differ(&all) && (wrong = crossed(&all, email_of)))
		what = "email";
	if (!wrong) {
		pass(s, f, "%zu logins of two consumers, each with claims of its own", all.n);
		return;
	}
	violated(s, f, "the claims of the consumer that each code was issued for",
	         "%s, with a code of the %s consumer, got the %s of the %s consumer", wrong->s->x->id,
	         wrong->second ? "second" : "first", what, wrong->second ? "first" : "second");
	detail(f, NULL, arena_printf(s->a, "claim %s", what), NULL);
}
