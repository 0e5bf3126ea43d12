#ifndef BRANDCERT_EVIDENCE_EVIDENCE_H
#define BRANDCERT_EVIDENCE_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/*
 * What happened on the wire, byte for byte: the one contract between the half that talks (exchange) and the half that
 * judges (checks, verdict). Written as JSON lines, one `run` line first, then one line an exchange in the order in which
 * they ended; read back from there before anything is judged, so that a live run and a replay are the same code.
 *
 * Evidence holds live secrets. Nothing of it reaches a report but through mask.h.
 */

#define EVIDENCE_VERSION 3

/* What judging has to know about the target; a snapshot, so that `judge FILE` needs no target file. NULL: not known. */
struct run_facts {
	int64_t started_ms; /* unix */
	const char *tool;   /* "brandcert 0.1.0" */
	const char *target; /* its name */
	const char *profile;
	const char *issuer;
	const char *token_endpoint;
	const char *client_id;
	const char *client_secret;
	const char *authentication; /* client_secret_basic or client_secret_post */
	const char *redirect_uri;
	const char *jwks_uri;    /* keys.jwks_uri, or NULL when a key was pasted */
	const char *public_key;  /* keys.public_key or the file's content, as given */
	const char *algorithm;   /* the agreed id_token signature algorithm, RS256 by default */
	const char **audiences;  /* trusted further audiences, NULL-terminated, may be NULL */
	int64_t tolerance_s;     /* clock tolerance */
	int64_t code_lifetime_s; /* as declared; 0: not declared */
	const char *userinfo_endpoint;
	const char *second_client_id, *second_client_secret;
	const char *encoded_client_id, *encoded_client_secret;
	const char *decryption_key; /* PEM of the private key that the id_token is encrypted to, or NULL */
	const char **has;           /* the `needs` that the target file met, NULL-terminated */
	int64_t connections;        /* limits.connections: how many requests could be sent at once */
	const char *authorization_endpoint;
	const char *authorization_redirect_uri; /* the external window's; NULL: redirect_uri */
	const char *scope;
	const char *connector;                /* oauth2-rfc or openid */
	const char *published_token_endpoint; /* as LivePerson has it, where the tested one is reached otherwise */
	int64_t latency_warn_ms, latency_fail_ms;
	bool raw_basic; /* client.basic_encoding: raw */
	/* Passwords, cookies and the like of the target file, NULL-terminated: only to be masked. */
	const char **secrets;
};

enum exchange_outcome {
	/* A complete response head came; the body may be cut (body_cut) or broken off (trouble). Of a handshake: the server
	 * concluded or refused it. Of a handed-over token: it was had. */
	EXCHANGE_ANSWERED,
	EXCHANGE_NO_CODE,   /* the code source gave none */
	EXCHANGE_UNSUITED,  /* not sent: what it was to try cannot be tried with what this target has; see trouble */
	EXCHANGE_NO_ANSWER, /* name resolution, connect, handshake, time-out, or no HTTP */
};

struct message {
	struct sv *lines; /* the head as raw lines in order, without CR LF; [0] is the request or status line */
	size_t nlines;
	struct sv body; /* bytes as on the wire, transfer and content coding removed */
};

struct timing {
	int64_t started_ms; /* unix: when the request was handed to the network */
	int64_t ended_ms;   /* unix */
	/* microseconds since the start, as libcurl measures them; 0 on a reused connection for the first three */
	int64_t dns_us, connect_us, tls_us, first_byte_us, total_us;
	/* Of a request that was held back but for its last byte (`at: once`): when that byte left and when the first byte of the
	 * reply came, in unix microseconds, so that the requests of one burst can be compared; 0 otherwise. */
	int64_t released_us, answered_us;
};

/* The code that an exchange sent, or that an authorization response brought, with what its source told of it. All NULL/0
 * when there is none. Of a handed-over token: `nonce` and `obtained_ms` alone; of an authorization response without a code:
 * `nonce`, as it was sent. */
struct code_facts {
	const char *code, *redirect_uri, *nonce, *code_verifier;
	int64_t obtained_ms; /* unix: when the source handed it over */
};

/* What a TLS handshake showed. Of a kept connection: what its handshake showed. */
struct tls {
	bool completed;    /* both sides finished it; whether the certificate is trusted is another matter */
	const char *alert; /* why not, in the TLS library's words; NULL when it was completed */
	const char *alpn;  /* what the server selected of "h2" and "http/1.1"; NULL: nothing */
	struct sv *chain;  /* DER of the certificates that the server sent, the leaf first; at most LIMIT_CHAIN */
	size_t nchain;
	bool chain_cut; /* it sent more */
	bool verified; /* the chain was looked at: the rest says how that ended, without any certificate from elsewhere */
	int64_t verify_error; /* OpenSSL's X509_V_ERR_…, 0: it leads to a trusted root */
	int64_t verify_depth; /* of the certificate that verify_error is about, 0: the leaf */
	const char *verify_text;
};

/* A request and its reply on the way through a login, before the exchange's own. */
struct hop {
	const char *method, *url;
	int status;
	struct message request, response;
	bool body_cut;
};

struct exchange {
	const char *id;   /* "x1", "x2", … in plan order: what reports call it */
	const char *key;  /* what it is to the plan: see plan/plan.h */
	const char *spec; /* canonical JSON of what was to be sent; judged only against a scenario that says the same */
	/* "token", "userinfo", "authorize", "handover" (of a token: response.body is the token), "discovery", "jwks",
	 * "handshake" or "logout" */
	const char *kind;
	/* Of a handshake: "HANDSHAKE" and the token endpoint; of a handover: "TOKEN" and "". */
	const char *method, *url;
	enum exchange_outcome outcome;
	const char *trouble; /* one sentence, always there unless a whole response came */
	int status;          /* 0 without an answer */
	struct message request, response;
	bool body_cut, head_cut; /* more came than limits.h lets us keep */
	bool broken_off;         /* the connection ended inside the body */
	struct timing timing;
	struct code_facts code;
	const char *http_version, *tls_version, *tls_cipher, *peer; /* NULL when not known */
	const struct tls *tls;                                      /* of kind "handshake" alone; else NULL */
	const char *authorize_url; /* of kind "authorize": the whole authorization request */
	/* of "authorize", in order: what came before this exchange's own request; at most LIMIT_HOPS. All that came, where the
	 * browser did not arrive (EXCHANGE_NO_ANSWER). */
	struct hop *hops;
	size_t nhops;
};

struct evidence {
	struct run_facts run;
	struct exchange *exchanges;
	size_t n;
};

/* n-th (from 0) header of that name (any case) of a message, trimmed value; SV_NONE when there is none. */
struct sv message_header(const struct message *m, const char *name, size_t n);
size_t message_header_count(const struct message *m, const char *name);

/* The exchange with that key, or NULL. */
const struct exchange *evidence_find(const struct evidence *ev, const char *key);

/* --- file -------------------------------------------------------------------------------------------------- */

/*
 * Opens the file that a run writes: `path`, made anew with mode 0600 (an existing file is refused with ERR_INPUT, it may
 * be somebody's only record), or with path NULL an unlinked temporary file. Read-write. NULL on failure. fclose it.
 */
FILE *evidence_open(const char *path, struct err *e);
int evidence_write_run(FILE *f, const struct run_facts *run, struct err *e) __attribute__((warn_unused_result));
/* A line is written whole and flushed, so that a run that dies keeps what it had. */
int evidence_write_exchange(FILE *f, const struct exchange *x, struct err *e) __attribute__((warn_unused_result));
/*
 * Reads from the start of f. `name` is for messages. ERR_INPUT with "name:line: …" on anything that is not evidence of
 * EVIDENCE_VERSION. A last line that was cut in the middle (the run died) is an error too and says so. Everything in *ret is
 * arena memory.
 */
int evidence_read(FILE *f, const char *name, struct arena *a, struct evidence *ret, struct err *e)
        __attribute__((warn_unused_result));
/* The JSON text of one line without its line feed, malloc'd; the caller frees it. */
char *evidence_exchange_json(const struct exchange *x);

#endif
