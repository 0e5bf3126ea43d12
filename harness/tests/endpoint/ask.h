#ifndef BRANDCERT_TESTS_ENDPOINT_ASK_H
#define BRANDCERT_TESTS_ENDPOINT_ASK_H

#include "core/limits.h"
#include "rig.h"

/* A token request as a row of a table. All zero: exactly what LivePerson sends. */
struct ask {
	const char *form;   /* body; NULL: ASK_GOOD */
	const char *basic;  /* what base64 is made of; NULL: "$I:$S", "": no such header */
	const char *code;   /* wish for the code */
	const char *type;   /* NULL: ASK_FORM; "": none */
	const char *method; /* NULL: POST */
	const char *query;
	const char *header; /* the Authorization header instead; a $ at its end becomes the base64 */
};

#define ASK_FORM "application/x-www-form-urlencoded"
#define ASK_GRANT "grant_type=authorization_code"
#define ASK_GOOD ASK_GRANT "&code=$C&redirect_uri=$U"

static inline char *ask_swapped(struct rig *r, const char *text)
{
	char *made = arena_text(r->a, text);

	for (char *c = made; *c; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z'))
			*c = (char)(*c ^ 0x20);
	return made;
}

/*
 * $C the code, $c without its last character, $k in swapped letter case, $R raw; $U its redirect_uri; $I and $S the
 * client, $p the first 8 characters of its secret, $K the secret in swapped letter case; $i and $s the second client,
 * $e and $E the one whose secret needs encoding; $V the PKCE verifier, $B the challenge; $L a text above the limit.
 * $W the client's secret as it is. All but $R and $W are form-encoded.
 */
static inline char *ask_filled(struct rig *r, const char *format, const char *code)
{
	struct buf out = {.cap = BUF_OWN}, large = {.cap = BUF_OWN};
	const struct tenant *t = r->t;

	for (size_t i = 0; i <= LIMIT_PARAMETER; i++)
		buf_add_char(&large, 'a');
	const struct {
		char name;
		struct sv value;
	} values[] = {
	        {'C', sv_of(code)},
	        {'c', {code, strlen(code) - 1}},
	        {'k', sv_of(ask_swapped(r, code))},
	        {'U', SV("https://liveperson.net")},
	        {'I', t->client.id},
	        {'S', t->client.secret},
	        {'p', {t->client.secret.p, 8}},
	        {'K', sv_of(ask_swapped(r, t->client.secret.p))},
	        {'i', t->second.id},
	        {'s', t->second.secret},
	        {'e', t->encoded.id},
	        {'E', t->encoded.secret},
	        {'V', SV(RIG_VERIFIER)},
	        {'B', SV(RIG_CHALLENGE)},
	        {'L', buf_sv(&large)},
	};
	for (; *format; format++) {
		if (*format != '$') {
			buf_add_char(&out, *format);
			continue;
		}
		size_t v = 0;
		if (*++format == 'R' || *format == 'W') {
			buf_add_sv(&out, *format == 'R' ? sv_of(code) : t->client.secret);
			continue;
		}
		while (values[v].name != *format)
			v++;
		form_encode(&out, values[v].value);
	}
	char *text = arena_sv(r->a, buf_sv(&out));
	buf_release(&out);
	buf_release(&large);
	return text;
}

static inline void ask_request(struct rig *r, const struct ask *x, const char *code, struct request *ret)
{
	const char *basic = x->basic ? x->basic : "$I:$S", *type = x->type ? x->type : ASK_FORM, *header = x->header;
	char *encoded = base64_encode(r->a, BASE64_STANDARD, sv_of(ask_filled(r, basic, code)));

	*ret = (struct request){
	        .method = sv_of(x->method ? x->method : "POST"),
	        .path = sv_of(arena_printf(r->a, "/brands/%s/token", r->t->name)),
	        .query = sv_of(x->query ? ask_filled(r, x->query, code) : NULL),
	        .body = sv_of(ask_filled(r, x->form ? x->form : ASK_GOOD, code)),
	};
	if (*type)
		rig_header(ret, "content-type", type);
	if (header && header[strlen(header) - 1] == '$')
		header = arena_printf(r->a, "%.*s%s", (int)strlen(header) - 1, header, encoded);
	if (header || *basic)
		rig_header(ret, "authorization", header ? header : arena_printf(r->a, "Basic %s", encoded));
}

static inline struct reply ask_send(struct rig *r, const struct ask *x, const char *code)
{
	struct request q;

	ask_request(r, x, code, &q);
	return rig_send(r, &q);
}

#endif
