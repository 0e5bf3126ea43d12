#include "exchange/handshake.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "core/limits.h"
#include "core/text.h"

/* Suites that nobody should accept: RFC 9325 §4.1, RFC 7525 §4.1. What this OpenSSL was built without is not offered. */
#define WEAK_CIPHERS "aNULL:eNULL:RC4:EXPORT:LOW:@SECLEVEL=0"
/* Before TLS 1.2 signatures are made with SHA-1, which no higher level takes. */
#define OLD_CIPHERS "ALL:!aNULL:!eNULL:@SECLEVEL=0"

static const struct {
	int version;
	long option;
} versions[] = {
        [HANDSHAKE_ANY] = {0, CURL_SSLVERSION_TLSv1_2},
        [HANDSHAKE_TLS_1_0] = {TLS1_VERSION, (long)CURL_SSLVERSION_TLSv1_0 | (long)CURL_SSLVERSION_MAX_TLSv1_0},
        [HANDSHAKE_TLS_1_1] = {TLS1_1_VERSION, (long)CURL_SSLVERSION_TLSv1_1 | (long)CURL_SSLVERSION_MAX_TLSv1_1},
        [HANDSHAKE_TLS_1_2] = {TLS1_2_VERSION, (long)CURL_SSLVERSION_TLSv1_2 | (long)CURL_SSLVERSION_MAX_TLSv1_2},
        [HANDSHAKE_TLS_1_3] = {TLS1_3_VERSION, (long)CURL_SSLVERSION_TLSv1_3 | (long)CURL_SSLVERSION_MAX_TLSv1_3},
};

static void keep_chain(struct handshake_seen *s, const STACK_OF(X509) * sent)
{
	int n = sent ? sk_X509_num(sent) : 0;

	for (int i = 0; i < n; i++) {
		unsigned char *der = NULL;
		int length = i2d_X509(sk_X509_value(sent, i), &der);
		if (s->tls.nchain == LIMIT_CHAIN || length <= 0 || length > LIMIT_CERTIFICATE) {
			s->tls.chain_cut = true;
			OPENSSL_free(der);
			return;
		}
		s->tls.chain = arena_grow(s->arena, s->tls.chain, s->tls.nchain, sizeof *s->tls.chain);
		s->tls.chain[s->tls.nchain++] = arena_svdup(s->arena, (struct sv){(char *)der, (size_t)length});
		OPENSSL_free(der);
	}
}

static void keep_agreed(struct handshake_seen *s, X509_STORE_CTX *store)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	const unsigned char *alpn = NULL;
	unsigned n = 0;

	if (!ssl)
		return;
	SSL_get0_alpn_selected(ssl, &alpn, &n);
	if (n)
		s->tls.alpn = arena_sv(s->arena, (struct sv){(const char *)alpn, n});
	s->version = SSL_get_version(ssl);
	s->cipher = SSL_get_cipher_name(ssl);
}

/* In place of X509_verify_cert, which it calls: what that says, counts. */
static int on_chain(X509_STORE_CTX *store, void *self)
{
	struct handshake_seen *s = self;

	keep_chain(s, X509_STORE_CTX_get0_untrusted(store));
	keep_agreed(s, store);
	int ok = X509_verify_cert(store);
	int error = X509_STORE_CTX_get_error(store);
	if (ok > 0)
		error = X509_V_OK;
	else if (error == X509_V_OK)
		error = X509_V_ERR_UNSPECIFIED;
	s->tls.verified = true;
	s->tls.verify_error = error;
	s->tls.verify_depth = error ? X509_STORE_CTX_get_error_depth(store) : 0;
	s->tls.verify_text = arena_text(s->arena, X509_verify_cert_error_string(error));
	return ok > 0;
}

static bool offer_old(SSL_CTX *context, int oldest, int newest, const char *ciphers)
{
	return SSL_CTX_set_min_proto_version(context, oldest) == 1 &&
	       SSL_CTX_set_max_proto_version(context, newest) == 1 && SSL_CTX_set_cipher_list(context, ciphers) == 1 &&
	       SSL_CTX_set_ciphersuites(context, "") == 1;
}

/* What exchanges offer, too. libcurl must not know of it, or it would begin to speak HTTP/2. */
static const unsigned char protocols[] = "\x02h2\x08http/1.1";

static CURLcode on_context(CURL *easy, void *context, void *self)
{
	struct handshake_seen *s = self;
	int version = versions[s->wish->version].version;
	bool set = SSL_CTX_set_alpn_protos(context, protocols, sizeof protocols - 1) == 0;

	(void)easy;
	SSL_CTX_set_cert_verify_callback(context, on_chain, s);
	if (s->wish->weak_ciphers)
		set = set && offer_old(context, version ? version : TLS1_VERSION, version ? version : TLS1_2_VERSION,
		                       WEAK_CIPHERS);
	else if (version == TLS1_VERSION || version == TLS1_1_VERSION)
		set = set && offer_old(context, version, version, OLD_CIPHERS);
	return set ? CURLE_OK : CURLE_SSL_CIPHER;
}

CURLcode handshake_attach(struct handshake_seen *s, CURL *easy, const struct handshake *wish)
{
	CURLcode r = CURLE_OK;

	*s = (struct handshake_seen){.wish = wish, .arena = arena_new()};
	r = r ? r : curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	r = r ? r : curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	/* A resumed session shows no certificate. */
	r = r ? r : curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_SSLVERSION, versions[wish->version].option);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, s);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
	return r;
}

/* "error:0A00042E:SSL routines::tlsv1 alert protocol version": the last part of it. */
static const char *reason(struct arena *a, CURLcode code, const char *detail)
{
	struct sv text = sv_of(detail && *detail ? detail : curl_easy_strerror(code));
	const struct sv between = SV("::");

	for (long at; (at = sv_find(text, between)) >= 0;)
		text = (struct sv){text.p + at + between.n, text.n - (size_t)at - between.n};
	return text_visible(a, sv_trim(text));
}

/* Nothing of what was wished is there to be offered: OpenSSL was built or set up without it. */
static bool is_unoffered(const char *reason)
{
	return strcmp(reason, "no ciphers available") == 0 || strcmp(reason, "no protocols available") == 0;
}

/* Whether the server had its say: neither time nor our own side ended the handshake. */
static bool is_answer(const struct handshake_seen *s, const struct handshake_end *end)
{
	CURLcode code = end->code;

	return code == CURLE_OK || (end->begun && !is_unoffered(reason(s->arena, code, end->detail)) &&
	                            (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR ||
	                             code == CURLE_SSL_INVALIDCERTSTATUS || code == CURLE_RECV_ERROR ||
	                             code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING));
}

void handshake_result(struct handshake_seen *s, const struct handshake_end *end, struct exchange *x)
{
	bool stopped = s->tls.verified && s->tls.verify_error;

	x->outcome = is_answer(s, end) ? EXCHANGE_ANSWERED : EXCHANGE_NO_ANSWER;
	if (x->outcome != EXCHANGE_ANSWERED)
		return;
	x->tls = &s->tls;
	/* libcurl compares the host name after the handshake, and then misses the certificate that an anonymous suite lacks. */
	s->tls.completed =
	        end->code == CURLE_OK || stopped || (x->tls_version && end->code == CURLE_PEER_FAILED_VERIFICATION);
	if (!s->tls.completed)
		s->tls.alert = reason(s->arena, end->code, end->detail);
	else if (!x->tls_version) {
		x->tls_version = s->version;
		x->tls_cipher = s->cipher;
	}
}

void handshake_release(struct handshake_seen *s)
{
	arena_free(s->arena);
	s->arena = NULL;
}
