#ifndef BRANDCERT_EXCHANGE_ENGINE_H
#define BRANDCERT_EXCHANGE_ENGINE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "exchange/authorization.h"
#include "exchange/exchange.h"
#include "exchange/saved.h"
#include "exchange/transfer.h"

/*
 * What exchange.c (the loop), task.c (one planned exchange), ending.c (its evidence), fetching.c (its code), way.c (its way
 * through a login), burst.c (those that leave at once), allot.c (who gets scarce codes) and slots.c share.
 *
 * Not only codes are fetched: a handed-over token, a logout and the way through a login come from a source, too, and are
 * all that there is to the task. A task holds a slot while it is fetching a code or sending: `jobs` of them over all runs, limits.connections in each
 * run. A code that has to expire ages without one.
 *
 * The first task of a burst leads it: it takes the code and the slots of all, and prepares the one request that all send.
 * The others wait for it to be sent, or for its failure, which is theirs, too.
 */

enum task_state {
	TASK_WAITING,  /* for the exchange before it, then for its pause; of a burst: for its leader */
	TASK_CODELESS, /* wants a slot, and in it a code, or whatever else its source gives */
	TASK_FETCHING,
	TASK_AGING, /* has a code that has to expire */
	TASK_READY, /* wants to send: a slot, unless it has one, and its turn under limits.rate */
	TASK_SENDING,
	TASK_ENDED,
};

/* What a source gives, and how many are at it. */
enum supplies { SUPPLY_CODES, SUPPLY_TOKENS, SUPPLY_BROWSER, SUPPLY_LOGOUT, SUPPLY_COUNT };
struct supplier {
	struct code_source *source; /* NULL: the run has none */
	int fetching;
};

/* The requests of a way through a login, in order. The last is the exchange, those before it are its hops. */
struct way {
	struct arena *arena; /* NULL: none was made */
	struct exchange v[LIMIT_HOPS];
	size_t n;
};

struct task {
	struct runner *runner;
	const struct planned *planned;
	enum task_state state;
	bool slot;    /* holds one */
	bool pausing; /* WAITING: due_us is set */
	bool anew;    /* a kept connection died under it: it is on its second and last way */
	bool holding; /* leads a burst that has been sent but for the last bytes */
	int64_t due_us; /* WAITING, AGING: goes on then; `holding`: waits for nobody then; SENDING: of a burst: gives up then */
	struct fetch fetch;
	int requests;    /* of the fetch */
	CURLSH *own_jar; /* made for it; fetch.jar is this one, or of an earlier task in its chain */
	struct authorization_request authorization; /* of an `authorize` step: what it asks for */
	struct way way;
	const char *unallotted; /* why it gets no code; NULL: it gets one */
	const char *verifier;   /* made for the code under way; NULL: no challenge is wished */
	struct code code;       /* without code.p: none */
	int64_t obtained_ms;
	struct arena *scratch; /* of the transfer under way */
	struct transfer *transfer;
	int64_t ended_us;
	enum exchange_outcome outcome; /* ENDED */
	const char *trouble;           /* ENDED without an answer: the cause, as those after it tell it */
	const char *unsent;            /* ENDED without having been sent: why, in full */
};

/* One run on its way. */
struct runner {
	struct engine *engine;
	struct engine_run *run;
	struct task *tasks; /* one a planned exchange */
	struct saved saved;
	struct supplier suppliers[SUPPLY_COUNT];
	int slots;
	size_t early;            /* tasks that have not ended, but those that are to be last */
	const struct task *line; /* a burst that waits for slots: no other task takes one before it */
	int64_t interval_us;     /* between the starts of two requests; 0: any */
	int64_t send_from_us, fetch_from_us;
};

struct engine {
	CURLM *multi;
	struct arena *arena;
	struct engine_options options;
	struct tls_memory tls;
	struct runner **runners;
	size_t nrunners, begun; /* the first `begun` have begun */
	struct task **live;     /* of those, the tasks that have not ended */
	size_t nlive;
	int slots;
	const struct task *line; /* as in a runner, for the slots of all runs */
	size_t done, all;
	struct err *e; /* of engine_drive */
	bool failed;
};

/* task.c */
bool task_advance(struct task *t, int64_t now_us); /* what time and other tasks bring about; true when it moved */
int task_turn(const struct task *t);               /* 0 goes first, TASK_TURNS - 1 last; -1: does not want to start */
#define TASK_TURNS 3
bool task_start(struct task *t, int64_t now_us); /* tries to begin fetching or sending; true when it moved */
/* The time at which it wants to be looked at without anything having happened, or INT64_MAX. */
int64_t task_due(const struct task *t, int64_t now_us);
void task_transferred(struct task *t, CURLcode code);
void task_abandon(struct task *t); /* frees what is under way */
enum step_kind task_kind(const struct task *t);
bool task_is_token_request(const struct task *t);
bool task_takes_code(const struct task *t);
struct supplier *task_supplier(const struct task *t); /* NULL: it fetches nothing */
struct task *task_before(const struct task *t);       /* in its chain, or NULL */
bool task_wants_challenge(const struct task *t);      /* its code comes from a request with one: RFC 7636 §4.3 */
/* The request that it sends, in a's memory; with a stand-in for the code that is still to come, a rehearsal. */
int task_prepare(struct task *t, struct arena *a, const struct code *stand_in, struct prepared *ret, struct err *e)
        __attribute__((warn_unused_result));
struct transfer_input task_input(const struct task *t, const struct prepared *made);
int task_transfer(struct task *t, const struct transfer_input *in, struct err *e)
        __attribute__((warn_unused_result)); /* sets it under way */
/* Frees the cookies of a task; when the run has ended. */
void task_forget(struct task *t);

/* ending.c */
void task_end(struct task *t, struct exchange *x);
/* Ends it as evidence of a request that was not sent. */
void task_end_unsent(struct task *t, enum exchange_outcome outcome, const char *trouble);
/* The same after its request could not be made. */
void task_end_unmade(struct task *t, const struct err *e);

/* Ends it with what its source gave: a token, or nothing to show. */
void task_end_given(struct task *t);

/* way.c */
void way_keep(struct task *t, CURLcode code, struct http_response *reply); /* the transfer that has just ended */
/* Ends the task with the last of them. trouble: why the browser did not arrive; NULL: it did. */
void way_end(struct task *t, const char *trouble);
void way_release(struct task *t);

/* allot.c */
/* When the source of codes holds fewer than the plan takes: says who gets none. */
void allot_codes(struct runner *r, long supply);

/* burst.c */
size_t burst_size(const struct task *t);                /* how many leave at once; 1: it is none */
struct task *burst_leader(const struct task *t);        /* of a burst; itself where there is none */
bool burst_start(struct task *leader, int64_t now);     /* sends all of it but for the last bytes; true when it moved */
bool burst_ready(const struct task *t, int64_t now_us); /* t leads one, and the last bytes can go */
void burst_release(struct task *leader, int64_t now);   /* lets them go with the next curl_multi_perform */

/* slots.c */
/* Takes n slots at once or none, one for t and the others for those behind it in the plan. t may hold its own already. */
bool slots_take(struct task *t, size_t n);
void slots_leave(struct task *t);

/* fetching.c */
bool fetching_start(struct task *t, int64_t now_us);
void fetching_transferred(struct task *t, CURLcode code);
void fetching_ready(struct task *t, bool timed_out);
void fetching_cancel(struct task *t);

#endif
