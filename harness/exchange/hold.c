#include "exchange/hold.h"

#include <string.h>

#include "core/clock.h"

static size_t on_read(char *p, size_t size, size_t n, void *self)
{
	struct hold *h = self;
	size_t left = h->body.n - h->given, room = size * n;

	if (!h->released && left == 1) {
		h->waits = true;
		return CURL_READFUNC_PAUSE;
	}
	if (!h->released)
		left--;
	if (left > room)
		left = room;
	memcpy(p, h->body.p + h->given, left);
	h->given += left;
	if (left && h->given == h->body.n)
		h->released_us = clock_unix_us();
	return left;
}

CURLcode hold_attach(struct hold *h, CURL *easy, struct sv body)
{
	CURLcode r = CURLE_OK;

	*h = (struct hold){.easy = easy, .body = body};
	r = r ? r : curl_easy_setopt(easy, CURLOPT_POST, 1L);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	r = r ? r : curl_easy_setopt(easy, CURLOPT_READDATA, h);
	return r;
}

void hold_release(struct hold *h)
{
	h->released = true;
	if (h->waits)
		curl_easy_pause(h->easy, CURLPAUSE_CONT);
	h->waits = false;
}
