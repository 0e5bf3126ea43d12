#ifndef BRANDCERT_CHECKS_CHECK_H
#define BRANDCERT_CHECKS_CHECK_H

#include <jansson.h>
#include <stdbool.h>

#include "core/arena.h"
#include "core/sv.h"
#include "evidence/evidence.h"
#include "jose/jwe.h"
#include "jose/jwk.h"
#include "jose/jws.h"
#include "suite/suite.h"

/*
 * A check looks at one exchange and says one thing about it. It is a pure function of the evidence: no network, no clock
 * (time is the evidence's), no state. A file of checks holds one subject; a check is one CHECK(…) block, found there by the
 * generator of the registry (harness/checks/registry.awk), so that adding one touches no list.
 *
 *	CHECK(token_status_200, "token.status-200")
 *	{
 *		if (s->x->status == 200)
 *			return pass(f, …);
 *		violated(f, …);
 *	}
 */

enum finding_kind {
	FINDING_NONE, /* the check said nothing: a fault of the harness, judged as error */
	FINDING_PASS,
	FINDING_VIOLATED, /* the requirement's level in the profile decides between fail, warn and info */
	FINDING_SKIP,     /* not applicable, or the input is missing and another requirement owns that; see reason */
	FINDING_ERROR,    /* could not be evaluated */
};

struct finding {
	enum finding_kind kind;
	const char *violates; /* name of the requirement's case, or NULL */
	const char *expected; /* what would have been right, one clause */
	const char *observed; /* what was there; raw bytes allowed, verdict masks and escapes */
	const char *fix;      /* more precise than the catalogue's, or NULL */
	const char *reason;   /* of skip and error */
	const char *owner;    /* the requirement that owns the missing input, or NULL */
	const char *where;    /* "body /id_token", "header Cache-Control": where in the exchange, or NULL */
};

/* JSON that was asked for at most once, tolerantly, with what was wrong about it. */
struct parsed {
	bool done;
	json_t *value; /* NULL when it is not JSON at all */
	bool bom, bad_utf8, trailing, duplicate;
	long bad_utf8_at;    /* offset, or -1 */
	const char *problem; /* the parser's words with line and column, or NULL */
	const char *duplicate_name;
	bool utf16;     /* begins as UTF-16 or UTF-32 does */
	bool cut_short; /* no value because the text ended too early */
	size_t end;     /* offset just behind the value */
};

/* Where the encryption of the id_token is. See envelope.h. */
enum envelope_kind {
	ENVELOPE_NONE,    /* none is agreed, or there is no id_token */
	ENVELOPE_MISSING, /* three parts: signed, but not encrypted */
	ENVELOPE_BROKEN,  /* neither three parts nor five */
	ENVELOPE_OUTSIDE, /* where it belongs: around the signed token */
	ENVELOPE_INSIDE,  /* a signed token around an encrypted one */
};

struct envelope {
	struct jwe jwe; /* of ENVELOPE_OUTSIDE and _INSIDE */
	bool jwe_done;
	enum envelope_kind kind;
	bool mended; /* its parts could be decoded only after line breaks, padding or alphabet had been mended */
};

/* One exchange as checks see it. Everything behind `x` and `run` is parsed on first use by the functions below. */
struct subject {
	struct arena *a;
	const struct run_facts *run;
	enum profile profile;
	const struct exchange *x;
	const struct jwks *keys;  /* what the id_token has to verify with; NULL: none could be had */
	const char *keys_trouble; /* why keys is NULL */
	/* The requirement that says so, too, and in its own words; NULL: none that this run judges. */
	const char *keys_owner;
	/* Why a refusal says nothing about its cause, set by verdict: the run's ordinary exchange bought no tokens either, or
	 * (unproven_unknown) that could not be found out. NULL: it did, so a refusal means something. */
	const char *unproven;
	bool unproven_unknown;
	bool keys_unreachable; /* … and it is not the brand's fault: no answer */
	/*
	 * The exchange's place in the run, set by verdict. An exchange that several scenarios share is judged for one at a time.
	 */
	const struct step *step; /* what was sent, with `errors`; NULL for the JWKS */
	const char *denied_by;   /* the requirement that a token in this reply violates in this scenario, or NULL */
	const char *clean_by;    /* the requirement that a 5xx violates in this scenario, or NULL: err.never-5xx */
	struct subject *const *burst; /* the requests of this step and round that left at once, itself among them */
	size_t nburst;                /* 1 where there is but one */
	struct subject *const
	        *siblings; /* all exchanges of this scenario, of all rounds, in plan order, itself among them */
	size_t nsiblings;
	struct subject *const *all; /* all exchanges of the run with kind "token", in plan order */
	size_t nall;
	/* the rest is for subject.c alone */
	struct parsed body, header, payload;
	struct jws jws;
	bool jws_done;
	struct jws_diagnosis diagnosis;
	bool diagnosis_done;
	struct envelope envelope;
};

/* json_t values stay owned by the subject: release it when its findings have been copied. */
void subject_release(struct subject *s);

/*
 * Inputs. Each returns NULL (or false) after having filled f with the skip that names the requirement which owns the
 * trouble, so that a check begins: if (!(body = subject_body(s, f))) return;
 */
/* The reply is a success in substance: a 200, or any status with token members. Owner: token.status-200. */
bool subject_issued(struct subject *s, struct finding *f);
/* The token response as one JSON object, also when wrapped (then the wrapper is not unwrapped). Owner: token.json-object,
 * or token.json-encoding for UTF-16. */
const json_t *subject_body(struct subject *s, struct finding *f);
/* The id_token member as text, or SV_NONE. Owner: token.id-token, or token.top-level. A string with NUL keeps its length. */
struct sv subject_id_token(struct subject *s, struct finding *f);
/* Its parts; of an encrypted one, those of the token inside. Owner: jose.compact, or who owns that it cannot be opened. */
const struct jws *subject_jws(struct subject *s, struct finding *f);
/* The JOSE header as a JSON object. Owner: jose.header-json (or jose.base64url). */
const json_t *subject_jose_header(struct subject *s, struct finding *f);
/* The claims. Owner: jose.payload-json (or jose.base64url). Read also when the signature is wrong, or when they were
 * encrypted without one. */
const json_t *subject_claims(struct subject *s, struct finding *f);
/* What verifying the signature told, with line breaks, padding and the like repaired. Never NULL once the JWS is there. */
const struct jws_diagnosis *subject_diagnosis(struct subject *s, struct finding *f);
/* The raw body parsed whatever the status: for error replies. value may be NULL. Never NULL itself. */
const struct parsed *subject_raw_json(struct subject *s);
const struct parsed *subject_raw_header(struct subject *s);
const struct parsed *subject_raw_payload(struct subject *s);

/*
 * A NumericDate claim in seconds, repaired (digit strings read, milliseconds divided by 1000), so that a second failure is
 * real. False: absent or beyond repair; f is then a skip owned by idtoken.time.number or idtoken.time.seconds.
 */
bool subject_time(struct subject *s, const char *claim, double *ret, struct finding *f);

/* The value of a template name ("client_id", "issuer", …), or NULL when there is none of that name. */
const char *run_value(const struct run_facts *run, const char *name);
/* Replaces {name} in text; {{ is a brace. NULL when a name is unknown or has no value. */
char *run_expand(struct arena *a, const struct run_facts *run, const char *text);

/* --- findings: each sets f once; text is arena memory ------------------------------------------------------ */
void pass(struct subject *s, struct finding *f, const char *format, ...) __attribute__((format(printf, 3, 4)));
void skip(struct subject *s, struct finding *f, const char *format, ...) __attribute__((format(printf, 3, 4)));
void skip_owned(struct subject *s, struct finding *f, const char *owner);
void cannot(struct subject *s, struct finding *f, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* expected is one clause; the format is what was observed. */
void violated(struct subject *s, struct finding *f, const char *expected, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
/* After violated(): which case of the requirement it is, where, and a better fix. Any may be NULL. */
void detail(struct finding *f, const char *violates, const char *where, const char *fix);
/* A JSON value as short visible text: "the string \"3600\"", "null", "an object with 3 members". */
const char *shown(struct subject *s, const json_t *value);

typedef void check_fn(struct subject *s, struct finding *f);
struct check {
	const char *id; /* of the requirement that it judges */
	check_fn *run;
};
#define CHECK(function, id)                                          \
	void check_##function(struct subject *s, struct finding *f); \
	void check_##function(struct subject *s, struct finding *f)

/* The generated registry, sorted by id. */
extern const struct check checks[];
extern const size_t checks_count;
const struct check *check_find(const char *id);

/* True when the reply holds token material. False: it holds none, or (f is then an error) that cannot be seen. */
bool subject_granted(struct subject *s, struct finding *f);

/* A matcher of a scenario. */
void match(struct subject *s, const struct expect *e, struct finding *f);

#endif
