#include "checks/tls_facts.h"

#include <string.h>

#include "checks/reply.h"

bool tls_url(const char *url, struct tls_url *ret)
{
	struct sv rest = sv_of(url);
	long colon;

	*ret = (struct tls_url){.https = sv_starts(rest, SV("https://")), .port = 80};
	if (!ret->https && !sv_starts(rest, SV("http://")))
		return false;
	if (ret->https)
		ret->port = 443;
	rest.p = strstr(url, "://") + 3;
	rest.n = strcspn(rest.p, "/?#");
	long end = rest.n && rest.p[0] == '[' ? sv_find_char(rest, ']') : 0;
	if (end < 0)
		return false;
	ret->host = rest;
	colon = sv_find_char((struct sv){rest.p + end, rest.n - (size_t)end}, ':');
	if (colon < 0)
		return rest.n > 0;
	ret->host.n = (size_t)(end + colon);
	ret->port = 0;
	for (size_t i = ret->host.n + 1; i < rest.n; i++) {
		if (rest.p[i] < '0' || rest.p[i] > '9' || ret->port > 65535)
			return false;
		ret->port = ret->port * 10 + (rest.p[i] - '0');
	}
	return ret->host.n > 0 && ret->port > 0;
}

/* Numbers and dots alone, which no name has, and 127 in front. */
static bool is_loopback_address(struct sv host)
{
	if (!sv_starts(host, SV("127.")))
		return false;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9'))
			return false;
	return true;
}

bool tls_is_loopback(struct sv host)
{
	return sv_eq_nocase(host, SV("localhost")) || sv_eq(host, SV("[::1]")) || is_loopback_address(host);
}

/* --- the end of a handshake --------------------------------------------------------------------------------------- */

static bool says(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strstr(text, *words))
			return true;
	return false;
}

enum tls_end tls_end(const struct exchange *x)
{
	/* OpenSSL's reasons for an alert that came all have the word; none of its own has. */
	static const char *const refused[] = {" alert ", NULL};
	static const char *const closed[] = {"unexpected eof", "onnection reset", "roken pipe", "SSL_ERROR_SYSCALL",
	                                     NULL};

	if (!x || x->outcome == EXCHANGE_NO_ANSWER)
		return x && x->timing.connect_us > 0 && x->trouble && strstr(x->trouble, "time-out") ? TLS_SILENT
		                                                                                     : TLS_OURS;
	if (x->outcome != EXCHANGE_ANSWERED || !x->tls)
		return TLS_OURS;
	if (x->tls->completed)
		return TLS_COMPLETED;
	if (x->tls->alert && says(x->tls->alert, refused))
		return TLS_REFUSED;
	return x->tls->alert && says(x->tls->alert, closed) ? TLS_CLOSED : TLS_OURS;
}

const char *tls_end_text(struct subject *s, const struct exchange *x)
{
	const char *alert = x && x->tls && x->tls->alert ? x->tls->alert : "no reason given";

	switch (tls_end(x)) {
	case TLS_COMPLETED:
		return arena_printf(s->a, "agreed on (%s)", x->tls_cipher ? x->tls_cipher : "cipher suite not known");
	case TLS_REFUSED:
		return arena_printf(s->a, "refused: %s", alert);
	case TLS_CLOSED:
		return arena_printf(s->a, "refused by closing the connection: %s", alert);
	case TLS_SILENT:
		return "not answered";
	case TLS_OURS:
		break;
	}
	return arena_printf(s->a, "not tried to its end: %s", x && x->trouble ? x->trouble : alert);
}

/* --- certificates ------------------------------------------------------------------------------------------------- */

static bool failed_for_the_version(const char *alert)
{
	static const char *const words[] = {"protocol version", "unsupported protocol", NULL};

	return alert && says(alert, words);
}

bool tls_chain(struct subject *s, bool verified, struct tls_chain *ret, struct finding *f)
{
	struct err e = {0};

	if (!reply_answered(s, f))
		return false;
	*ret = (struct tls_chain){.tls = s->x->tls};
	if (!ret->tls) {
		skip(s, f, "the exchange shows no certificates: only a handshake does");
		return false;
	}
	if (ret->tls->nchain == 0 && failed_for_the_version(ret->tls->alert)) {
		skip_owned(s, f, "tls.version-min");
		return false;
	}
	if (ret->tls->nchain == 0 || (verified && !ret->tls->verified)) {
		cannot(s, f, "the TLS handshake %s %s: %s", ret->tls->completed ? "was concluded" : "failed",
		       ret->tls->nchain ? "before the chain was verified" : "without a certificate",
		       ret->tls->alert ? ret->tls->alert : "no reason given");
		return false;
	}
	ret->v = arena_array(s->a, ret->tls->nchain, sizeof *ret->v);
	for (; ret->n < ret->tls->nchain; ret->n++) {
		if (certificate_read(s->a, ret->tls->chain[ret->n], &ret->v[ret->n], &e) == 0)
			continue;
		cannot(s, f, "certificate %zu of the chain cannot be read: %s", ret->n + 1, e.text);
		return false;
	}
	ret->trouble = certificate_trouble(ret->tls->verify_error);
	return true;
}

const char *tls_certificate_name(struct subject *s, const struct tls_chain *c, size_t i)
{
	if (i == 0)
		return arena_printf(s->a, "the leaf '%s'", c->v[0].subject);
	return arena_printf(s->a, "certificate %zu of the chain, '%s',", i + 1, c->v[i].subject);
}
