#ifndef BRANDCERT_SUITE_SUITE_H
#define BRANDCERT_SUITE_SUITE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/sv.h"

/*
 * The loaded suite: requirement catalogue and scenarios. Nothing after loading sees YAML. All of it is arena memory and
 * const from here on; json_t values are owned by the suite (suite_release).
 */

/* How much a requirement weighs in a profile, and what a violation therefore becomes. */
#define LEVELS(X)                                                        \
	X(LEVEL_OFF, "off")       /* not judged in this profile: skip */ \
	X(LEVEL_MAY, "may")       /* info */                             \
	X(LEVEL_SHOULD, "should") /* warn */                             \
	X(LEVEL_MUST, "must")     /* fail */

#define PROFILES(X)                                                                              \
	X(PROFILE_LIVEPERSON, "liveperson") /* LivePerson's own documents; the default */        \
	X(PROFILE_STRICT, "strict")         /* RFC 6749, OpenID Connect Core, JOSE as written */ \
	X(PROFILE_GOOGLE, "google")         /* the shape of Google's provider */

#define SUITE_ENUM(name, text) name,
enum level { LEVELS(SUITE_ENUM) LEVEL_COUNT };
enum profile { PROFILES(SUITE_ENUM) PROFILE_COUNT };

const char *level_text(enum level level);
const char *profile_text(enum profile profile);
int profile_of(struct sv text, enum profile *ret); /* -1: no such profile */

/* A way of violating a requirement that weighs otherwise than the rest of it, e.g. digits in quotes for a number. */
struct requirement_case {
	const char *name;
	enum level level[PROFILE_COUNT];
	const char *fix; /* NULL: the requirement's */
};

struct requirement {
	const char *id;    /* idtoken.sub.valid: stable for ever */
	const char *title; /* the requirement as one sentence */
	enum level level[PROFILE_COUNT];
	const char **source; /* NULL-terminated: "RFC 6749 §5.1", each beginning with the name of a known document */
	const char *fix;     /* what the brand's developer should change, one or two sentences */
	const char *why;     /* what goes wrong otherwise; may be NULL */
	struct requirement_example {
		const char *right, *wrong; /* a few lines of HTTP or JSON each; both or neither */
	} example;
	const char **after; /* NULL-terminated ids: when one of these fails anywhere in the run, this one is skipped */
	struct requirement_case *cases;
	size_t ncases;
	struct place at;
};

/* A document that sources cite. */
struct document {
	const char *name; /* "RFC 6749" */
	const char *title;
	const char *url;     /* NULL: it has none */
	const char *section; /* URL with {} for the section number, or NULL */
};

struct catalogue {
	struct requirement *v;
	size_t n;
	struct document *documents;
	size_t ndocuments;
};

const struct requirement *catalogue_find(const struct catalogue *c, const char *id);
const struct requirement_case *requirement_case(const struct requirement *r, const char *name);
/* The link for a source such as "RFC 6749 §5.1", or NULL. */
const char *catalogue_link(const struct catalogue *c, struct arena *a, const char *source);

/* --- scenarios --------------------------------------------------------------------------------------------- */

enum code_kind {
	CODE_VALID, /* a fresh code of the target's source */
	/* target.codes.expired_code where there is one; else a fresh code, sent after its lifetime and the target's margin have
	 * passed */
	CODE_EXPIRED,
	CODE_UNKNOWN, /* a random code that was never issued, like a fresh one in nothing but size */
	CODE_NONE,    /* the parameter is left out */
	CODE_TEXT,    /* redeem.code_text, a template: "{first}" */
};

enum send_auth {
	SEND_AUTH_TARGET, /* as the target file says */
	SEND_AUTH_BASIC,
	SEND_AUTH_POST,
	SEND_AUTH_BOTH, /* Basic and form fields */
	SEND_AUTH_NONE,
};

struct field {
	const char *name, *value; /* value is a template */
};

struct fields {
	struct field *v;
	size_t n;
};

/* Whether the authorization request that the code comes from carries a PKCE challenge (RFC 7636 §4.3). */
enum send_pkce {
	SEND_PKCE_TARGET, /* as the target file says */
	SEND_PKCE_S256,
	SEND_PKCE_NONE,
};

/* How client id and secret go into Basic (RFC 6749 §2.3.1). */
enum send_basic {
	SEND_BASIC_TARGET, /* as the target file says; of the encoded client always form-encoded */
	SEND_BASIC_FORM,   /* form-encoded first */
	SEND_BASIC_RAW,    /* as they are */
};

/* What is sent to the token endpoint. All zero: exactly what LivePerson sends. */
struct redeem {
	enum code_kind code;
	const char *code_text;
	bool second_consumer; /* the code is the second test consumer's */
	bool encoded_client;  /* the code is for the client whose secret needs encoding, and that client redeems it */
	enum send_pkce pkce;
	int verifier_length; /* of the code_verifier that we make, 43 … 128; 0: 43 */
	int times;           /* this many requests with one code, all released in the same instant; 0: one request */
	enum send_auth authentication;
	enum send_basic basic_encoding;        /* of id and secret in Basic */
	const char *client_id, *client_secret; /* templates; NULL: the target's */
	struct fields form_set;                /* replaces or appends */
	struct fields form_add;                /* appends, also a second time under the same name */
	const char **form_remove;              /* NULL-terminated, may be NULL */
	struct fields query;                   /* appended to the endpoint's URL */
	struct fields header_set;
	struct fields header_add; /* appends, also a second time under the same name */
	const char **header_remove;
	const char *method;       /* NULL: POST */
	const char *content_type; /* NULL: application/x-www-form-urlencoded; "" sends none */
	const char *body;         /* raw body instead of the form; a template */
	enum send_http {
		SEND_HTTP_ANY, /* HTTP/2 where the server selects it, else HTTP/1.1 */
		SEND_HTTP_1_1, /* only that is offered */
		SEND_HTTP_2,   /* both are offered, on a new connection */
	} http;
	/* In clear text, to port 80 of the endpoint's host, or to the endpoint's own port where that is not 443. Such a request
	 * never carries a secret: the loader wants an unknown code, and the client secret that is sent is a random one. */
	bool plain_http;
	bool ordinary; /* nothing above was changed: the exchange can be shared */
};

/* A request to the userinfo endpoint (OpenID Connect Core §5.3.1). */
struct userinfo {
	const char *access_token;                                    /* a template; NULL: none is shown */
	enum userinfo_method { USERINFO_GET, USERINFO_POST } method; /* POST: with an empty form */
};

/* Who stands behind an authorization request. */
enum authorize_session {
	SESSION_LOGIN, /* the test consumer logs in: target.authorization.login */
	SESSION_DENY,  /* logs in, and then says no: target.authorization.deny */
	SESSION_NONE,  /* a browser without cookies that fills in nothing: the first page that comes is the answer */
	SESSION_KEPT,  /* the cookies that the step before ended with, and fills in nothing */
};

/*
 * An authorization request (RFC 6749 §4.1.1, §4.2.1; OpenID Connect Core §3.1.2.1, §3.2.2.1) as the consumer's browser
 * makes it, through the login, until it is sent to a redirect_uri. All zero: what LivePerson's external window sends for a
 * code.
 */
struct authorize {
	const char *response_type; /* NULL: "code"; else "id_token" or "token" */
	enum authorize_session session;
	bool second_consumer;
	struct fields set, add; /* query parameters: replaced or appended; appended, also a second time */
	const char **remove;    /* NULL-terminated, may be NULL */
	bool ordinary;          /* nothing but response_type is said: the exchange can be shared */
};

/* A TLS handshake with the token endpoint's host and port, without a request (RFC 8446, RFC 5246). */
struct handshake {
	enum handshake_version {
		HANDSHAKE_ANY,
		HANDSHAKE_TLS_1_0,
		HANDSHAKE_TLS_1_1,
		HANDSHAKE_TLS_1_2,
		HANDSHAKE_TLS_1_3
	} version;
	bool weak_ciphers; /* offers only suites that RFC 9325 §4.1 forbids: NULL, anonymous, RC4, export, single DES */
};

#define STEP_KINDS(X)                                                                                           \
	X(STEP_REDEEM, "redeem")                                                                                \
	X(STEP_USERINFO, "userinfo")                                                                            \
	X(STEP_AUTHORIZE, "authorize")                                                                          \
	X(STEP_TOKEN,                                                                                           \
	  "token") /* a token from target.tokens, as a page or an app hands it to LivePerson (implicit flow) */ \
	X(STEP_FETCH, "fetch") /* a GET of a document that all scenarios share */                               \
	X(STEP_HANDSHAKE, "handshake")                                                                          \
	X(STEP_LOGOUT, "logout") /* target.logout logs the consumer out */

enum step_kind { STEP_KINDS(SUITE_ENUM) STEP_KIND_COUNT };
const char *step_kind_text(enum step_kind kind);

enum fetched { FETCHED_DISCOVERY, FETCHED_JWKS };

/* A value of a reply kept for later steps under a name that is written once. */
struct save {
	const char *name;
	enum save_from {
		SAVE_CODE,
		SAVE_REDIRECT_URI,
		SAVE_BODY,
		SAVE_HEADER,
		SAVE_REDIRECT, /* a parameter of the redirect's query or fragment, decoded; of `authorize` */
	} from;
	const char *what; /* JSON pointer (RFC 6901), header name or parameter */
};

#define MATCH_SUBJECTS(X)                                                                                    \
	X(MATCH_STATUS, "status")           /* the number */                                                 \
	X(MATCH_HEADER, "header")           /* value of that header: a string; several are joined by ", " */ \
	X(MATCH_MEDIA_TYPE, "media_type")   /* Content-Type without parameters, lower case */                \
	X(MATCH_BODY, "body")               /* JSON pointer into the body */                                 \
	X(MATCH_JOSE_HEADER, "jose_header") /* member of the id_token's JOSE header */                       \
	X(MATCH_CLAIM, "claim")             /* member of the id_token's claims */                            \
	X(MATCH_REDIRECT, "redirect")       /* parameter of the redirect to the client, decoded */           \
	X(MATCH_ELAPSED, "elapsed")         /* seconds until the whole reply was there */                    \
	X(MATCH_DENIED, "denied")           /* true: no token material anywhere in the reply */              \
	X(MATCH_CLEAN, "clean")             /* true: a whole reply with a 4xx status */                      \
	X(MATCH_SUCCESSES, "successes")     /* how many replies of the step's `times` hold tokens */

#define MATCH_OPERATORS(X)                                                                             \
	X(OP_EQUALS, "equals")                                                                         \
	X(OP_EQUALS_IGNORING_CASE, "equals_ignoring_case")                                             \
	X(OP_ONE_OF, "one_of")     /* a list */                                                        \
	X(OP_TYPE, "type")         /* string, number, integer, boolean, object, array, null */         \
	X(OP_MATCHES, "matches")   /* POSIX extended regular expression, over the whole string */      \
	X(OP_CONTAINS, "contains") /* substring of a string, member of an array, or the very string */ \
	X(OP_PRESENT, "present")   /* true or false */                                                 \
	X(OP_MIN, "min")                                                                               \
	X(OP_MAX, "max")                                                                               \
	X(OP_MIN_LENGTH, "min_length") /* of a string in characters, of an array in elements */        \
	X(OP_MAX_LENGTH, "max_length")

enum match_subject { MATCH_SUBJECTS(SUITE_ENUM) MATCH_SUBJECT_COUNT };
enum match_operator { MATCH_OPERATORS(SUITE_ENUM) MATCH_OPERATOR_COUNT };
const char *match_subject_text(enum match_subject s);
const char *match_operator_text(enum match_operator op);

struct match_test {
	enum match_operator op;
	/* Strings in it are templates: {client_id} and the like, see run_value() in checks/check.h. An expression of `matches` is
	 * not, in a file: its braces are doubled here. */
	json_t *operand;
};

/* One judgement on a step's reply: a check written in C, or a matcher. */
struct expect {
	const struct requirement *requirement;
	bool check; /* judged by the C check of that id; else by the rest */
	enum match_subject subject;
	const char *what; /* header name, JSON pointer, member or parameter name; NULL for status and the like */
	bool optional;    /* absent: skip instead of a violation */
	struct match_test *tests;
	size_t ntests;
	const char *violates; /* name of the requirement's case that a mismatch is, or NULL */
	struct place at;
};

struct step {
	const char *name; /* unique in the scenario, or NULL */
	enum step_kind kind;
	struct redeem redeem; /* of STEP_REDEEM; all zero in others */
	struct userinfo userinfo;
	struct authorize authorize;
	struct handshake handshake;
	enum fetched fetch;
	bool second_consumer; /* of STEP_TOKEN and STEP_LOGOUT */
	/* What is sent as canonical JSON (sorted keys, no blanks): the `redeem` mapping, or {"userinfo": …} and the like. */
	const char *spec;
	int64_t wait_ms;     /* pause after the step before */
	bool follows;        /* it waits, or uses a saved name: it comes after the step before. Others begin at once */
	const char **errors; /* NULL-terminated `error` values that fit this refusal, the best first; NULL: not said */
	struct save *saves;
	size_t nsaves;
	struct expect *expects; /* its own, then the scenario's, which are judged on every step */
	size_t nexpects;
	struct place at;
};

/* What keeps the suite honest: the reference brand with these faults must fail (warn) exactly so. */
struct control {
	const char *name; /* unique in its scenario; "missing-sub/number" in reports */
	bool permit;      /* a variation that the specs allow: nothing may fail */
	json_t *faults;   /* array; see the fault vocabulary in suites/README.md */
	enum profile profile;
	const char **catches,
	        **warns; /* NULL-terminated requirement ids that must fail, that must warn; may be empty */
	struct place at;
};

struct scenario {
	const char *suite; /* name of the folder it stands in */
	const char *id, *title, *why;
	const char **tags;  /* NULL-terminated */
	const char **needs; /* keys of the target file that must be set: "codes.lifetime"; NULL-terminated */
	int rounds;         /* the steps are done this many times over, each time with codes of their own; at least 1 */
	struct step *steps;
	size_t nsteps;
	struct control *controls;
	size_t ncontrols;
	struct place at; /* at.path: the file */
};

struct suite_file {
	const char *name; /* path below the folder that was given */
	struct sv text;
};

struct suite {
	struct catalogue catalogue;
	struct scenario *scenarios; /* sorted by suite, then id */
	size_t n;
	struct suite_file *files; /* everything that was read, sorted by name: for the digest */
	size_t nfiles;
};

struct suite_options {
	const char *catalogue;     /* path of requirements.yaml */
	const char *const *paths;  /* scenario files or folders (searched for *.yaml), NULL-terminated */
	const char *const *checks; /* ids that `check:` may name, NULL-terminated. May be NULL: not looked at */
	/* Says in *why (arena) what is wrong with a fault, or returns NULL. May be NULL: faults are not looked at. */
	const char *(*fault_problem)(struct arena *a, const json_t *fault);
};

/*
 * Loads everything and reports every mistake of every file into d; afterwards the caller looks at d->errors and ret is
 * only good when that is 0. Nothing found to run is a mistake, too.
 */
void suite_load(struct arena *a, const struct suite_options *o, struct diags *d, struct suite *ret);
/*
 * Keeps the scenarios that are named (ids, NULL-terminated; an unknown id is an error in d with the nearest spelling) and
 * that carry one of the tags; NULL or empty: all. An empty selection is an error in d.
 */
void suite_select(struct suite *s, const char *const *ids, const char *const *tags, struct diags *d);
void suite_release(struct suite *s);

#endif
