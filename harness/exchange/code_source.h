#ifndef BRANDCERT_EXCHANGE_CODE_SOURCE_H
#define BRANDCERT_EXCHANGE_CODE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"
#include "evidence/evidence.h"

/*
 * Where authorization codes come from, as exchange sees it; implemented in codes/. Fetching a code may take seconds (a
 * scripted login), so it never blocks: a source answers at once, or hands exchange something to do or to wait for.
 *
 * Tokens of the implicit flow, logging a consumer out, and the browser that goes through a login are sources of the same
 * make: `code` is then the token, nothing, or nothing, too, since of a browser its last exchange counts.
 */

/* A code with whatever its source knows of it. NULL: not known. Arena memory of the fetch. */
struct code {
	struct sv code;
	const char *redirect_uri, *nonce, *code_verifier;
};

/* What kind of code is wanted. All zero: the target's own client, the first consumer, no challenge. */
struct code_wish {
	bool second_consumer;   /* never asked for unless the target says codes.second_consumer */
	bool encoded_client;    /* for target.encoded_client */
	bool without_challenge; /* … and a code that has one does not do */
	/* RFC 7636: what the authorization request has to carry. NULL: no challenge. A source that makes its own verifier gives
	 * it with the code; otherwise exchange adds the one that belongs to this challenge. */
	const char *code_challenge; /* S256 */
	/* Of the browser alone: what an `authorize` step asks for. */
	const struct browse {
		const char *url; /* the whole authorization request */
		/* That it names: a redirect there ends the way, and is never followed. NULL: none is named */
		const char *redirect_uri;
		int session; /* enum authorize_session */
	} * browse;
};

/* An HTTP request that exchange makes on behalf of a source, or of a command. TLS is verified like everything else. */
struct http_request {
	const char *method, *url;
	const char *ca_file;  /* NULL: the system's */
	const char **headers; /* NULL-terminated lines, may be NULL */
	struct sv body;
	int64_t timeout_ms;
	bool cookies;           /* takes and keeps cookies (RFC 6265): those of this fetch */
	const char *set_cookie; /* "name=value; name=value" for the host of `url`, put there before; NULL: none */
};

/* Good until on_http returns. */
struct http_response {
	int status; /* 0: no answer, see trouble */
	struct sv body;
	const char *trouble;
	const struct exchange *exchange; /* all of it: url, head lines, what was cut; NULL of http_call */
};

enum fetch_state {
	FETCH_DONE,   /* `code` is set */
	FETCH_FAILED, /* `e` says why */
	FETCH_HTTP,   /* exchange performs `http` and calls on_http */
	/* exchange polls `fd` (-1: none) for reading and calls on_ready when it is readable or `deadline_us` has passed */
	FETCH_WAIT,
};

struct fetch {
	struct arena *arena;   /* set by exchange, lives until the run ends */
	struct code_wish wish; /* set by exchange */
	enum fetch_state state;
	struct code code;
	struct err e;
	struct http_request http;
	int fd;
	int64_t deadline_us; /* clock_mono_us */
	void *own;           /* the source's */
	void *jar;           /* exchange's: the cookies of the fetch */
};

struct code_source {
	const struct code_source_ops *ops;
	void *self;
	int parallel; /* fetches that may run at once; at least 1 */
};

struct code_source_ops {
	const char *name;                                                            /* "list", as in codes.from */
	void (*start)(void *self, struct fetch *f);                                  /* sets f->state */
	void (*on_http)(void *self, struct fetch *f, const struct http_response *r); /* may be NULL */
	void (*on_ready)(void *self, struct fetch *f, bool timed_out);               /* may be NULL */
	void (*cancel)(void *self, struct fetch *f); /* ends a fetch in state FETCH_WAIT; may be NULL */
	long (*supply)(void *self);                  /* how many codes are left; -1: as many as wanted */
	void (*release)(void *self);
};

#endif
