#include "core/clock.h"
#include "core/limits.h"
#include "exchange/engine.h"

/*
 * Requests that leave in the same instant (`at: once`): each on a connection of its own, sent but for the last byte of its
 * body; when all are so far, one pass releases the last bytes. Who fails before that is out, the rest goes on.
 */

size_t burst_size(const struct task *t)
{
	return t->planned->times > 1 ? (size_t)t->planned->times : 1;
}

struct task *burst_leader(const struct task *t)
{
	const struct runner *r = t->runner;

	return &r->tasks[burst_size(t) > 1 ? t->planned->burst : (size_t)(t - r->tasks)];
}

static int64_t timeout_us(const struct task *t)
{
	int64_t ms = t->runner->run->target->limits.timeout_ms;

	return (ms > 0 ? ms : LIMIT_TIMEOUT_MS) * 1000;
}

static void send_member(struct task *t, const struct task *leader, const struct prepared *made)
{
	struct transfer_input in = task_input(t, made);
	struct err e = {0};

	t->code = leader->code;
	t->obtained_ms = leader->obtained_ms;
	t->state = TASK_SENDING;
	in.new_connection = true;
	in.hold = true;
	if (task_transfer(t, &in, &e) == 0)
		return;
	task_abandon(t);
	task_end_unsent(t, EXCHANGE_NO_ANSWER, e.text);
}

bool burst_start(struct task *leader, int64_t now)
{
	struct runner *r = leader->runner;
	size_t n = burst_size(leader);
	struct prepared made;
	struct err e = {0};

	if (now < r->send_from_us || !slots_take(leader, n))
		return false;
	r->send_from_us = now + r->interval_us;
	/* The same to the byte, and there as long as the last of them needs it. */
	if (task_prepare(leader, r->engine->arena, NULL, &made, &e) < 0) {
		for (size_t i = 0; i < n; i++)
			task_end_unmade(&leader[i], &e);
		return true;
	}
	for (size_t i = 0; i < n; i++)
		send_member(&leader[i], leader, &made);
	leader->holding = true;
	leader->due_us = now + timeout_us(leader);
	return true;
}

bool burst_ready(const struct task *t, int64_t now_us)
{
	if (!t->holding)
		return false;
	for (size_t i = 0; i < burst_size(t) && now_us < t->due_us; i++)
		if (t[i].state == TASK_SENDING && !transfer_waits(t[i].transfer))
			return false;
	return true;
}

void burst_release(struct task *leader, int64_t now)
{
	leader->holding = false;
	for (size_t i = 0; i < burst_size(leader); i++) {
		struct task *t = &leader[i];
		if (t->state != TASK_SENDING)
			continue;
		if (transfer_waits(t->transfer))
			transfer_release(t->transfer);
		else
			transfer_give_up(t->transfer);
		t->due_us = now + timeout_us(t);
	}
}
