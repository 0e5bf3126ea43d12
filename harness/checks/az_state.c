#include <string.h>

#include "checks/az_way.h"
#include "checks/check.h"
#include "checks/issuer.h"
#include "checks/refusal.h"
#include "checks/reply.h"
#include "core/form.h"

/* What an authorization response says beside what was asked for: state (RFC 6749 §4.1.2) and iss (RFC 9207). */

/* The redirect has a parameter of that name, whether it can be decoded or not. */
static bool has_name(struct subject *s, const struct redirect *r, const char *name)
{
	const struct sv lists[] = {r->query, r->fragment};

	for (int i = 0; i < 2; i++)
		for (struct sv rest = lists[i], pair; sv_cut(&rest, '&', &pair);)
			if (sv_eq(pair, sv_of(name)) || sv_starts(pair, sv_of(arena_printf(s->a, "%s=", name))))
				return true;
	return false;
}

/* --- state --------------------------------------------------------------------------------------------------------- */

static struct sv with_blanks(struct arena *a, struct sv s)
{
	char *copy = arena_sv(a, s);

	for (size_t i = 0; i < s.n; i++)
		copy[i] = copy[i] == '+' ? ' ' : copy[i];
	return (struct sv){copy, s.n};
}

/* What was done to it, when it can be recognised. */
static const char *state_fix(struct subject *s, struct sv have, struct sv sent)
{
	struct sv decoded;

	if (have.n < sent.n && sv_starts(sent, have))
		return arena_printf(s->a, "it was cut to %zu of %zu bytes: store it whole", have.n, sent.n);
	if (sv_eq(have, with_blanks(s->a, sent)))
		return "each + became a blank: encode it as %2B in the redirect";
	if (form_decode(s->a, sent, &decoded) && sv_eq(have, decoded))
		return "it was decoded once more than it was encoded: encode the state that you decoded";
	if (sv_eq(have, sv_of(form_encoded(s->a, sent))) || sv_eq(have, sv_of(url_encoded(s->a, sent))))
		return "it was encoded twice";
	if (sv_find(have, SV("&amp;")) >= 0 || sv_find(have, SV("&quot;")) >= 0 || sv_find(have, SV("&#")) >= 0)
		return "it was escaped as for HTML: a redirect wants form encoding alone";
	if (sv_eq_nocase(have, sent))
		return "its letter case was changed";
	if (sv_eq(sv_trim(have), sv_trim(sent)))
		return "blanks at its ends were added or taken away";
	return NULL;
}

#define STATE_SHOWN 20

static struct sv piece(struct sv s, size_t at)
{
	size_t n = s.n > at ? s.n - at : 0;

	return (struct sv){n ? s.p + at : "", n > STATE_SHOWN ? STATE_SHOWN : n};
}

static void judge_state(struct subject *s, struct finding *f, const struct redirect *r, struct sv sent)
{
	const char *expected = arena_printf(s->a, "state as it was sent, %zu bytes", sent.n);
	struct sv have = redirect_parameter(s->a, r, REDIRECT_ANYWHERE, "state", 0);
	size_t at = 0;

	if (have.p && sv_eq(have, sent) && !redirect_parameter(s->a, r, REDIRECT_ANYWHERE, "state", 1).p) {
		pass(s, f, "state came back unchanged, %zu bytes", sent.n);
		return;
	}
	if (!have.p && !has_name(s, r, "state")) {
		violated(s, f, expected, "there is no state");
		detail(f, NULL, "header Location", "add state to every response, to errors, too");
		return;
	}
	if (!have.p) {
		violated(s, f, expected, "state cannot be decoded: a %% in it does not begin two hexadecimal digits");
	} else if (sv_eq(have, sent)) {
		violated(s, f, expected, "state is there more than once");
	} else {
		while (at < have.n && at < sent.n && have.p[at] == sent.p[at])
			at++;
		struct sv was = piece(sent, at), is = piece(have, at);
		violated(s, f, expected, "%zu bytes came back; from byte %zu on '%.*s' was sent and '%.*s' came",
		         have.n, at + 1, SV_ARG(was), SV_ARG(is));
	}
	detail(f, NULL, "redirect state", have.p && !sv_eq(have, sent) ? state_fix(s, have, sent) : NULL);
}

/* The request was changed in nothing but its state, and that is why it was refused. */
static bool refused_for_state(const struct subject *s)
{
	const struct authorize *z = s->step && s->step->kind == STEP_AUTHORIZE ? &s->step->authorize : NULL;

	return z && !s->unproven && z->session == SESSION_LOGIN && z->add.n == 0 && z->set.n == 1 &&
	       strcmp(z->set.v[0].name, "state") == 0;
}

CHECK(az_state_echo, "az.state.echo")
{
	struct sv sent = az_asked(s, "state");
	struct redirect r;

	if (!az_response(s, &r, f)) {
		if (f->kind == FINDING_SKIP && refused_for_state(s)) {
			violated(s, f, "the same response as for any other state", "with a state of %zu bytes: %s",
			         sent.n, az_end(s));
			detail(f, NULL, "status", "state is opaque: accept it as it is");
		}
	} else if (sent.p) {
		judge_state(s, f, &r, sent);
	} else if (has_name(s, &r, "state")) {
		violated(s, f, "no state, since none was sent", "there is a state");
		detail(f, NULL, "redirect state", "send state back only when it was sent");
	} else {
		pass(s, f, "no state was sent, and none came back");
	}
}

/* --- iss ----------------------------------------------------------------------------------------------------------- */

/* The metadata says that authorization responses have iss (RFC 9207 §3); *known: there is such a document in this scenario. */
static bool is_announced(struct subject *s, bool *known)
{
	*known = false;
	for (size_t i = 0; i < s->nsiblings; i++) {
		struct subject *o = s->siblings[i];
		if (!o->x || strcmp(o->x->kind, "discovery") != 0 || o->x->outcome != EXCHANGE_ANSWERED ||
		    o->x->status != 200)
			continue;
		*known = true;
		return json_is_true(
		        json_object_get(subject_raw_json(o)->value, "authorization_response_iss_parameter_supported"));
	}
	return false;
}

CHECK(az_iss_param, "az.iss-param")
{
	const char *expected = arena_printf(s->a, "iss \"%s\"", s->run->issuer ? s->run->issuer : "");
	struct redirect r;
	bool known;

	if (!az_response(s, &r, f))
		return;
	struct sv iss = redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, "iss", 0);
	bool announced = is_announced(s, &known);
	if (!s->run->issuer) {
		skip(s, f, "the target file names no issuer");
	} else if (!iss.p && has_name(s, &r, "iss")) {
		violated(s, f, expected, "iss cannot be decoded");
	} else if (!iss.p && announced) {
		violated(s, f, arena_printf(s->a, "%s, as the metadata announces", expected), "there is no iss");
		detail(f, NULL, "header Location", NULL);
	} else if (!iss.p) {
		if (known)
			pass(s, f, "there is no iss, and the metadata announces none");
		else
			skip(s, f, "there is no iss: it is optional unless the metadata announces it");
	} else if (!sv_eq(iss, sv_of(s->run->issuer))) {
		violated(s, f, expected, "iss is \"%.*s\"", SV_ARG(iss));
		detail(f, NULL, "redirect iss", issuer_difference(iss, sv_of(s->run->issuer)));
	} else if (redirect_parameter(s->a, &r, REDIRECT_ANYWHERE, "iss", 1).p) {
		violated(s, f, expected, "iss is there more than once");
	} else {
		pass(s, f, "iss is the configured issuer");
	}
	if (f->kind == FINDING_VIOLATED && !f->where)
		detail(f, NULL, "redirect iss", NULL);
}
