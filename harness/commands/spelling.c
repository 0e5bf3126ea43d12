#include "commands/spelling.h"

#include <time.h>

#include "checks/client_answer.h"
#include "commands/commands.h"
#include "exchange/exchange.h"
#include "exchange/pkce.h"
#include "exchange/random.h"

#define CODE_BYTES 32

/* Others in a row, as few as the target file allows. */
static void keep_rate(double rate)
{
	if (rate <= 0)
		return;
	double seconds = 1 / rate;
	struct timespec pause = {.tv_sec = (time_t)seconds};

	pause.tv_nsec = (long)((seconds - (double)pause.tv_sec) * 1e9);
	(void)nanosleep(&pause, NULL); /* cut short by a signal alone, which ends the run */
}

static enum client_answer ask(struct arena *a, const struct target *t, enum send_basic spelling, bool wrong_secret)
{
	const struct redeem redeem = {.code = CODE_UNKNOWN,
	                              .authentication = SEND_AUTH_BASIC,
	                              .basic_encoding = spelling,
	                              .client_secret = wrong_secret ? "A{client_secret}" : NULL};
	struct err e = {0};
	const char *code_text = random_text(a, CODE_BYTES, &e);
	const char *verifier = t->pkce == PKCE_NONE ? NULL : pkce_verifier(a, 0, &e);
	struct prepared p;

	if (interrupted || !code_text)
		return CLIENT_UNCLEAR;
	const struct code code = {.code = sv_of(code_text), .code_verifier = verifier};
	if (exchange_prepare(a, &(struct prepare_input){.target = t, .redeem = &redeem, .code = &code}, &p, &e) < 0)
		return CLIENT_UNCLEAR;
	const struct http_request q = {.method = p.method,
	                               .url = p.url,
	                               .ca_file = t->tls.ca_file,
	                               .headers = p.headers,
	                               .body = p.body,
	                               .timeout_ms = t->limits.timeout_ms};
	struct http_response r = {0};
	http_call(a, &q, &r);
	keep_rate(t->limits.rate);

	const struct exchange x = {.kind = "token",
	                           .outcome = r.status ? EXCHANGE_ANSWERED : EXCHANGE_NO_ANSWER,
	                           .status = r.status,
	                           .trouble = r.trouble,
	                           .response = {.body = r.body}};
	struct subject s = {.a = a, .x = &x};
	enum client_answer answer = client_answer(&s);
	subject_release(&s);
	return answer;
}

bool spelling_find(struct arena *a, struct target *t)
{
	if (t->client.says_encoding || !target_has(t, "client.encodable"))
		return false;
	/* All that follows is asked only where the rule does not work. */
	if (ask(a, t, SEND_BASIC_FORM, false) != CLIENT_REFUSED)
		return false;
	enum client_answer right = ask(a, t, SEND_BASIC_RAW, false);
	t->client.raw_basic =
	        right == CLIENT_PASSED && spelling_of(right, ask(a, t, SEND_BASIC_RAW, true)) == SPELLING_TAKEN;
	return t->client.raw_basic;
}
