#include <string.h>

#include "checks/check.h"
#include "checks/times.h"
#include "checks/tls_facts.h"

/* The certificates of the endpoint: RFC 5280, RFC 9110 §4.3.4. Each looks at one handshake. */

#define DAY_S 86400.0
#define SOON_DAYS 14

/* --- the way to a root -------------------------------------------------------------------------------------------- */

/* The last certificate on the way from the leaf over those that were sent, in whatever order. */
static size_t last_of_path(const struct tls_chain *c)
{
	size_t at = 0;

	for (size_t length = 1; length < c->n && !c->v[at].own_issuer; length++) {
		size_t next = at;
		for (size_t i = 1; i < c->n && next == at; i++)
			if (i != at && strcmp(c->v[i].subject, c->v[at].issuer) == 0)
				next = i;
		if (next == at)
			break;
		at = next;
	}
	return at;
}

static void no_issuer(struct subject *s, struct finding *f, const struct tls_chain *c)
{
	const struct certificate *last = &c->v[last_of_path(c)];

	violated(s, f, "a chain that leads to a trusted root",
	         "%s sent; '%s', which issued '%s', is neither among them nor trusted",
	         c->n == 1 ? "one certificate was" : arena_printf(s->a, "%zu certificates were", c->n), last->issuer,
	         last->subject);
	if (c->n == 1 || last->names_issuer)
		detail(f, NULL, "certificates",
		       arena_printf(
		               s->a,
		               "install the full chain file, the leaf with the intermediate certificates behind it; "
		               "only if '%s' is a private root: use a certificate of a public CA (or, to test, name "
		               "the root in tls.ca_file)",
		               last->issuer));
	else
		detail(f, NULL, "certificates",
		       arena_printf(
		               s->a,
		               "complete the chain file if '%s' is an intermediate; if it is a root, nobody but you "
		               "trusts it: use a certificate of a public CA (or, to test, name the root in "
		               "tls.ca_file)",
		               last->issuer));
}

static bool out_of_date(const struct certificate *c, double now)
{
	return now < (double)c->not_before || now > (double)c->not_after;
}

static bool any_out_of_date(const struct tls_chain *c, double now)
{
	for (size_t i = 0; i < c->n; i++)
		if (out_of_date(&c->v[i], now))
			return true;
	return false;
}

static bool is_weak(const struct certificate *c)
{
	return certificate_key_is_weak(c) || (!c->own_issuer && certificate_hash_is_weak(c));
}

static bool any_weak(const struct tls_chain *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (is_weak(&c->v[i]))
			return true;
	return false;
}

/* What verification stopped at is a certificate that was not sent, or a rule of this machine. */
static void not_theirs(struct subject *s, struct finding *f, const struct tls_chain *c)
{
	cannot(s, f,
	       "verification stopped (%s), though no certificate that was sent is at fault: look at what is trusted "
	       "here",
	       c->tls->verify_text ? c->tls->verify_text : "no reason given");
}

CHECK(tls_chain_complete, "tls.chain")
{
	static const char expected[] = "a chain that leads to a trusted root";
	struct tls_chain c;

	if (!tls_chain(s, true, &c, f))
		return;
	switch (c.trouble) {
	case CHAIN_TRUSTED:
		pass(s, f, "%zu certificate%s, from '%s' to a trusted root", c.n, c.n == 1 ? "" : "s", c.v[0].subject);
		return;
	case CHAIN_EXPIRED:
	case CHAIN_NOT_YET:
		if (any_out_of_date(&c, times_now(s)))
			skip_owned(s, f, "tls.cert-dates");
		else
			not_theirs(s, f, &c);
		return;
	case CHAIN_WEAK:
		if (any_weak(&c))
			skip_owned(s, f, "tls.weak-crypto");
		else
			not_theirs(s, f, &c);
		return;
	case CHAIN_NO_ISSUER:
		no_issuer(s, f, &c);
		return;
	case CHAIN_SELF_SIGNED:
		violated(s, f, expected, "%s is signed by itself", tls_certificate_name(s, &c, 0));
		detail(f, NULL, "certificates",
		       "install a certificate that a public CA has issued in place of the self-signed one");
		return;
	case CHAIN_OTHER_ROOT:
		violated(s, f, expected, "the chain leads to '%s', a root that is not trusted",
		         c.v[last_of_path(&c)].issuer);
		detail(f, NULL, "certificates",
		       "use a certificate of a public CA: LivePerson does not know private roots (to test with one, "
		       "name "
		       "it in tls.ca_file)");
		return;
	case CHAIN_OTHER:
		break;
	}
	violated(s, f, expected, "%s", c.tls->verify_text ? c.tls->verify_text : "it could not be verified");
	detail(f, NULL, "certificates", NULL);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static const char *names_text(struct subject *s, const struct certificate *c)
{
	const char *text = NULL;

	if (c->names == 0)
		return "it has no name or address there (a common name does not count)";
	for (int k = 0; k < 2; k++)
		for (const char **name = k == 0 ? c->dns : c->ip; *name; name++)
			text = text ? arena_printf(s->a, "%s, %s", text, *name) : *name;
	return arena_printf(s->a, "it has %s", text);
}

CHECK(tls_hostname, "tls.hostname")
{
	struct tls_chain c;
	struct tls_url url;

	if (!tls_chain(s, false, &c, f))
		return;
	if (!tls_url(s->x->url, &url)) {
		cannot(s, f, "'%s' has no host name", s->x->url);
		return;
	}
	const char *host = arena_sv(s->a, url.host);
	if (certificate_is_for(c.tls->chain[0], host)) {
		pass(s, f, "%s is for '%s'", tls_certificate_name(s, &c, 0), host);
		return;
	}
	violated(s, f, arena_printf(s->a, "subjectAltName with '%s'", host), "%s", names_text(s, &c.v[0]));
	detail(f, NULL, "certificates", NULL);
}

/* --- dates -------------------------------------------------------------------------------------------------------- */

/* "expired at 2026-11-20T12:00:00Z, 24 h ago" */
static const char *date_text(struct subject *s, const struct certificate *c, double now)
{
	bool early = now < (double)c->not_before;
	double at = (double)(early ? c->not_before : c->not_after);

	return early ? arena_printf(s->a, "is not valid before %s, in %s", times_date(s->a, at),
	                            times_span(s->a, at - now))
	             : arena_printf(s->a, "expired at %s, %s ago", times_date(s->a, at), times_span(s->a, now - at));
}

/* Two weeks, or a third of a certificate that lives a few days alone. */
static double soon(const struct certificate *c)
{
	double third = (double)(c->not_after - c->not_before) / 3;

	return third < SOON_DAYS * DAY_S ? third : SOON_DAYS * DAY_S;
}

CHECK(tls_cert_dates, "tls.cert-dates")
{
	static const char expected[] = "certificates that are valid now";
	double now = times_now(s);
	struct tls_chain c;
	size_t i = 0;

	if (!tls_chain(s, false, &c, f))
		return;
	while (i < c.n && !out_of_date(&c.v[i], now))
		i++;
	double left = (double)c.v[0].not_after - now;
	if (i < c.n) {
		violated(s, f, expected, "%s %s", tls_certificate_name(s, &c, i), date_text(s, &c.v[i], now));
		/* The chain is trusted without it: servers may send more than is needed (RFC 8446 §4.4.2). */
		detail(f, i > 0 && c.tls->verified && c.trouble == CHAIN_TRUSTED ? "unneeded" : NULL, "certificates",
		       now < (double)c.v[i].not_before ? "install the certificate once it is valid, and set the clocks"
		                                       : NULL);
	} else if (c.trouble == CHAIN_EXPIRED || c.trouble == CHAIN_NOT_YET) {
		not_theirs(s, f, &c);
	} else if (left < soon(&c.v[0])) {
		violated(s, f, "a certificate that is renewed in good time", "%s expires at %s, in %s",
		         tls_certificate_name(s, &c, 0), times_date(s->a, (double)c.v[0].not_after),
		         times_span(s->a, left));
		detail(f, "soon", "certificates", NULL);
	} else {
		pass(s, f, "%zu certificate%s, the leaf valid until %s, another %s", c.n, c.n == 1 ? "" : "s",
		     times_date(s->a, (double)c.v[0].not_after), times_span(s->a, left));
	}
}

/* --- strength ----------------------------------------------------------------------------------------------------- */

static void judge_weak_suites(struct subject *s, struct finding *f)
{
	const struct exchange *x = s->x;

	switch (tls_end(x)) {
	case TLS_COMPLETED:
		violated(s, f, "no cipher suite without authentication or encryption",
		         "the server agreed on %s with %s, though nothing better was offered",
		         x->tls_cipher ? x->tls_cipher : "a weak cipher suite",
		         x->tls_version ? x->tls_version : "TLS");
		detail(f, NULL, "handshake",
		       "take the suites without authentication or encryption (aNULL, eNULL) and all old ones out of "
		       "the "
		       "server's list");
		break;
	case TLS_REFUSED:
	case TLS_CLOSED:
		pass(s, f, "a handshake with weak cipher suites alone was %s", tls_end_text(s, x));
		break;
	case TLS_SILENT:
	case TLS_OURS:
		cannot(s, f, "a handshake with weak cipher suites alone was %s", tls_end_text(s, x));
		break;
	}
}

static const char *weak_text(struct subject *s, const struct certificate *c)
{
	return certificate_key_is_weak(c) ? arena_printf(s->a, "has a key of %d bits (%s)", c->bits, c->key)
	                                  : arena_printf(s->a, "is signed with %s", c->signature);
}

CHECK(tls_weak_crypto, "tls.weak-crypto")
{
	static const char expected[] =
	        "an RSA key of 2048 bits or an EC key of 224 or more, and a signature with SHA-2";
	struct tls_chain c;
	size_t i = 0;

	if (s->step && s->step->handshake.weak_ciphers) {
		judge_weak_suites(s, f);
		return;
	}
	if (!tls_chain(s, false, &c, f))
		return;
	/* Behind the leaf only what verification stumbled over: not every certificate that is sent is needed. */
	while (i < c.n && !(is_weak(&c.v[i]) && (i == 0 || c.trouble == CHAIN_WEAK)))
		i++;
	if (i < c.n) {
		violated(s, f, expected, "%s %s", tls_certificate_name(s, &c, i), weak_text(s, &c.v[i]));
		detail(f, NULL, "certificates", NULL);
	} else if (c.trouble == CHAIN_WEAK) {
		not_theirs(s, f, &c);
	} else {
		pass(s, f, "%s key of %d bits, signed with %s", c.v[0].key, c.v[0].bits, c.v[0].signature);
	}
}
