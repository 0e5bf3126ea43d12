#include <math.h>
#include <string.h>

#include "checks/check.h"
#include "checks/front.h"
#include "checks/times.h"

/* exp, iat, nbf and auth_time: RFC 7519 §4.1.4 to §4.1.6, OpenID Connect Core §2. */

#define SKEW 300.0
#define LIFETIME_MIN 60.0
#define LIFETIME_MAX 86400.0

static const char *const required[] = {"exp", "iat"};

/* --- their form ---------------------------------------------------------------------------------------------------- */

enum number_fault { NUMBER_FINE, NUMBER_FRACTION, NUMBER_DIGITS, NUMBER_NONE };

static enum number_fault number_fault(const json_t *value)
{
	if (times_is_digits(value))
		return NUMBER_DIGITS;
	if (!json_is_number(value))
		return NUMBER_NONE;
	return json_is_real(value) && json_real_value(value) != floor(json_real_value(value)) ? NUMBER_FRACTION
	                                                                                      : NUMBER_FINE;
}

CHECK(idtoken_time_number, "idtoken.time.number")
{
	static const char *const cases[] = {NULL, "fraction", "digits", NULL};
	const json_t *claims = subject_claims(s, f), *value;
	enum number_fault worst = NUMBER_FINE;
	const char *name = NULL;

	if (!claims)
		return;
	for (int i = 0; i < 2; i++) {
		enum number_fault fault = number_fault(json_object_get(claims, required[i]));
		if (fault > worst) {
			worst = fault;
			name = required[i];
		}
	}
	if (worst == NUMBER_FINE) {
		pass(s, f, "exp is %s, iat is %s", shown(s, json_object_get(claims, "exp")),
		     shown(s, json_object_get(claims, "iat")));
		return;
	}
	value = json_object_get(claims, name);
	if (!value)
		violated(s, f, "exp and iat as JSON numbers", "there is no %s", name);
	else
		violated(s, f,
		         worst == NUMBER_FRACTION ? "exp and iat as whole seconds" : "exp and iat as JSON numbers",
		         "%s is %s", name, shown(s, value));
	detail(f, cases[worst], arena_printf(s->a, "claim %s", name), NULL);
}

CHECK(idtoken_time_seconds, "idtoken.time.seconds")
{
	const json_t *claims = subject_claims(s, f);
	double value;
	int read = 0;

	if (!claims)
		return;
	for (int i = 0; i < 2; i++) {
		if (!times_read(json_object_get(claims, required[i]), &value))
			continue;
		read++;
		enum times_unit unit = times_unit(value);
		if (unit == TIMES_SECONDS)
			continue;
		const char *shown_value = shown(s, json_object_get(claims, required[i]));
		if (unit == TIMES_UNKNOWN)
			violated(s, f, "seconds since 1970", "%s is %s", required[i], shown_value);
		else
			violated(s, f, "seconds since 1970", "%s is %s: %s of %s", required[i], shown_value,
			         times_unit_text(unit), times_date(s->a, value / times_per_second(unit)));
		detail(f, NULL, arena_printf(s->a, "claim %s", required[i]),
		       unit == TIMES_UNKNOWN ? NULL
		                             : arena_printf(s->a, "divide by %.0f: these are %s",
		                                            times_per_second(unit), times_unit_text(unit)));
		return;
	}
	if (read == 2)
		pass(s, f, "exp and iat are of a size that seconds have");
	else
		skip_owned(s, f, "idtoken.time.number");
}

/* --- what they say ------------------------------------------------------------------------------------------------- */

/* Local time that was written as if it were UTC is off by a time zone. */
static const char *zone_fix(struct subject *s, double off)
{
	if (!times_is_zone_offset(off))
		return NULL;
	return arena_printf(s->a, "it is off by just %s: local time was probably taken for UTC", times_span(s->a, off));
}

/*
 * A time that is wrong by our clock and right by the reply's Date header, where the two clocks disagree: nobody can tell
 * from here whose is wrong, and ours must not become the brand's failure. True with f an error.
 */
static bool clocks_disagree(struct subject *s, struct finding *f,
                            bool (*holds)(double claim, double now, double tolerance), double claim)
{
	double now = times_now(s), date;

	if (!times_of_reply(s->x, &date) || fabs(date - now) <= SKEW ||
	    !holds(claim, date, (double)s->run->tolerance_s))
		return false;
	cannot(s, f,
	       "the clock of this machine and the reply's Date header are %s apart, and it depends on them: "
	       "synchronise both with NTP, then run again",
	       times_span(s->a, date - now));
	return true;
}

static bool is_ahead(double exp, double now, double tolerance)
{
	return exp > now - tolerance;
}

static bool has_begun(double nbf, double now, double tolerance)
{
	return nbf <= now + tolerance;
}

CHECK(idtoken_exp_future, "idtoken.exp.future")
{
	double exp, now;

	if (!subject_time(s, "exp", &exp, f))
		return;
	now = times_now(s);
	if (is_ahead(exp, now, (double)s->run->tolerance_s)) {
		pass(s, f, exp >= now ? "exp is %s ahead" : "exp passed %s ago, within the tolerance",
		     times_span(s->a, exp - now));
		return;
	}
	if (clocks_disagree(s, f, is_ahead, exp))
		return;
	violated(s, f, arena_printf(s->a, "exp after %s", times_date(s->a, now)), "exp is %s, %s ago",
	         times_date(s->a, exp), times_span(s->a, now - exp));
	detail(f, NULL, "claim exp", NULL);
}

CHECK(idtoken_exp_after_iat, "idtoken.exp.after-iat")
{
	double exp, iat;

	if (!subject_time(s, "exp", &exp, f) || !subject_time(s, "iat", &iat, f))
		return;
	if (exp > iat) {
		pass(s, f, "exp is %s after iat", times_span(s->a, exp - iat));
		return;
	}
	if (exp == iat)
		violated(s, f, "exp later than iat", "exp and iat are both %s", times_date(s->a, exp));
	else
		violated(s, f, "exp later than iat", "exp is %s before iat", times_span(s->a, iat - exp));
	detail(f, NULL, "claim exp", NULL);
}

static bool counts_seconds(struct subject *s, const char *claim)
{
	struct finding unused = {0};
	double value;

	return !times_read(json_object_get(subject_claims(s, &unused), claim), &value) ||
	       times_unit(value) == TIMES_SECONDS;
}

CHECK(idtoken_exp_lifetime, "idtoken.exp.lifetime")
{
	double exp, iat;

	if (!subject_time(s, "exp", &exp, f) || !subject_time(s, "iat", &iat, f))
		return;
	if (!counts_seconds(s, "exp") || !counts_seconds(s, "iat")) {
		skip_owned(s, f, "idtoken.time.seconds");
	} else if (exp <= iat) {
		skip_owned(s, f, "idtoken.exp.after-iat");
	} else if (exp - iat >= LIFETIME_MIN && exp - iat <= LIFETIME_MAX) {
		pass(s, f, "%s", times_span(s->a, exp - iat));
	} else {
		violated(s, f, "a lifetime from one minute to 24 hours", "exp is %s after iat",
		         times_span(s->a, exp - iat));
		detail(f, NULL, "claim exp", NULL);
	}
}

/* Tells a wrong clock from a token that was made before. */
static const char *skew_fix(struct subject *s, double iat)
{
	double now = times_now(s), date;
	bool dated = times_of_reply(s->x, &date);

	if (dated && fabs(date - now) > SKEW && fabs(iat - date) <= SKEW)
		return arena_printf(s->a, "the reply's Date header is off in the same way: the server's clock or this "
		                          "machine's is wrong, synchronise both with NTP");
	if (zone_fix(s, iat - now))
		return zone_fix(s, iat - now);
	if (dated && fabs(date - now) <= SKEW && iat < now)
		return "the Date header is right, so this token was not made now: do not hand out stored tokens";
	return NULL;
}

CHECK(idtoken_iat_skew, "idtoken.iat.skew")
{
	double iat, now;

	if (!subject_time(s, "iat", &iat, f))
		return;
	now = times_now(s);
	/* Nobody knows how long a list, a page or an app has had what it hands over. */
	if (iat < now && s->x->kind && strcmp(s->x->kind, "handover") == 0) {
		pass(s, f, "iat is %s ago", times_span(s->a, now - iat));
		return;
	}
	if (fabs(iat - now) <= SKEW) {
		pass(s, f, "iat is %s %s", times_span(s->a, iat - now), iat > now ? "ahead" : "ago");
		return;
	}
	violated(s, f, arena_printf(s->a, "iat within %.0f s of %s", SKEW, times_date(s->a, now)), "iat is %s, %s %s",
	         times_date(s->a, iat), times_span(s->a, iat - now), iat > now ? "ahead" : "ago");
	detail(f, NULL, "claim iat", skew_fix(s, iat));
}

/* A further time claim as a plain number of seconds. False with f set. */
static bool number_of_seconds(struct subject *s, struct finding *f, const char *claim, double *ret)
{
	const json_t *claims = subject_claims(s, f), *value = json_object_get(claims, claim);
	const char *expected = arena_printf(s->a, "%s: a number of seconds since 1970", claim), *fix = NULL;

	if (!claims)
		return false;
	if (!value) {
		skip(s, f, "there is no %s: it is optional", claim);
		return false;
	}
	if (json_is_number(value) && times_unit(json_number_value(value)) == TIMES_SECONDS) {
		*ret = json_number_value(value);
		return true;
	}
	violated(s, f, expected, "%s is %s", claim, shown(s, value));
	if (times_is_digits(value))
		fix = arena_printf(s->a, "take the quotes around %s away", claim);
	else if (json_is_null(value))
		fix = arena_printf(s->a, "leave %s out when there is no value", claim);
	else if (json_is_number(value) && times_unit(json_number_value(value)) != TIMES_UNKNOWN)
		fix = arena_printf(s->a, "divide by %.0f: these are %s",
		                   times_per_second(times_unit(json_number_value(value))),
		                   times_unit_text(times_unit(json_number_value(value))));
	detail(f, NULL, arena_printf(s->a, "claim %s", claim), fix);
	return false;
}

CHECK(idtoken_nbf, "idtoken.nbf")
{
	double nbf, now;

	if (!number_of_seconds(s, f, "nbf", &nbf))
		return;
	now = times_now(s);
	if (has_begun(nbf, now, (double)s->run->tolerance_s)) {
		pass(s, f, "nbf is %s", times_date(s->a, nbf));
		return;
	}
	if (clocks_disagree(s, f, has_begun, nbf))
		return;
	violated(s, f, arena_printf(s->a, "nbf not after %s", times_date(s->a, now)), "nbf is %s, %s ahead",
	         times_date(s->a, nbf), times_span(s->a, nbf - now));
	detail(f, NULL, "claim nbf", zone_fix(s, nbf - now));
}

CHECK(idtoken_auth_time, "idtoken.auth-time")
{
	double auth_time, iat;

	if (!number_of_seconds(s, f, "auth_time", &auth_time) || !subject_time(s, "iat", &iat, f))
		return;
	if (auth_time <= iat + (double)s->run->tolerance_s) {
		pass(s, f,
		     auth_time <= iat ? "the login was %s before iat"
		                      : "the login was %s after iat, within the tolerance",
		     times_span(s->a, iat - auth_time));
		return;
	}
	violated(s, f, "auth_time not later than iat", "auth_time is %s after iat", times_span(s->a, auth_time - iat));
	detail(f, NULL, "claim auth_time", zone_fix(s, auth_time - iat));
}
