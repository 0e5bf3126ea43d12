#ifndef BRANDCERT_EXCHANGE_ENGINE_H
#define BRANDCERT_EXCHANGE_ENGINE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "exchange/exchange.h"
#include "exchange/saved.h"
#include "exchange/transfer.h"

/*
 * What exchange.c (the loop), task.c (one planned exchange) and fetching.c (its code) share.
 *
 * A task holds a slot while it is fetching a code or sending: `jobs` of them over all runs, limits.connections in each
 * run. A code that has to expire ages without one.
 */

enum task_state {
	TASK_WAITING,  /* for the exchange before it, then for its pause */
	TASK_CODELESS, /* wants a slot, and in it a code */
	TASK_FETCHING,
	TASK_AGING, /* has a code that has to expire */
	TASK_READY, /* wants to send: a slot, unless it has one, and its turn under limits.rate */
	TASK_SENDING,
	TASK_ENDED,
};

struct task {
	struct runner *runner;
	const struct planned *planned;
	enum task_state state;
	bool slot;      /* holds one */
	bool pausing;   /* WAITING: due_us is set */
	bool anew;      /* a kept connection died under it: it is on its second and last way */
	int64_t due_us; /* WAITING, AGING: goes on then */
	struct fetch fetch;
	struct code code; /* without code.p: none */
	int64_t obtained_ms;
	struct arena *scratch; /* of the transfer under way */
	struct transfer *transfer;
	int64_t ended_us;
	const char *trouble; /* ENDED without an answer: the cause, as those after it tell it */
};

/* One run on its way. */
struct runner {
	struct engine *engine;
	struct engine_run *run;
	struct task *tasks; /* one a planned exchange */
	struct saved saved;
	int slots, fetching;
	bool scarce;         /* the source holds fewer codes than the plan needs */
	int64_t interval_us; /* between the starts of two requests; 0: any */
	int64_t send_from_us, fetch_from_us;
};

struct engine {
	CURLM *multi;
	struct arena *arena;
	struct engine_options options;
	struct tls_memory tls;
	struct runner **runners;
	size_t nrunners;
	int slots;
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
bool task_take_slot(struct task *t);
void task_leave_slot(struct task *t);
int task_transfer(struct task *t, const struct transfer_input *in, struct err *e)
        __attribute__((warn_unused_result)); /* sets it under way */
/* Ends it as evidence of a request that was not sent. */
void task_end_unsent(struct task *t, enum exchange_outcome outcome, const char *trouble);

/* fetching.c */
bool fetching_start(struct task *t, int64_t now_us);
void fetching_transferred(struct task *t, CURLcode code);
void fetching_ready(struct task *t, bool timed_out);
void fetching_cancel(struct task *t);

#endif
