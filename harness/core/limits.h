#ifndef BRANDCERT_CORE_LIMITS_H
#define BRANDCERT_CORE_LIMITS_H

/* Every cap of the program stands here. Sizes in bytes, times in milliseconds. */

/* Read from a target. */
#define LIMIT_HEAD (64 * 1024)        /* response head, all lines together */
#define LIMIT_HEAD_LINES 200          /* response head lines kept */
#define LIMIT_HEAD_READ (256 * 1024)  /* of a response head before we give up on its end: libcurl does at 300 KiB */
#define LIMIT_BODY (1024 * 1024)      /* response body */
#define LIMIT_JSON_DEPTH 64           /* nesting of JSON that we walk ourselves */
#define LIMIT_CHAIN 10                /* certificates kept of one handshake */
#define LIMIT_CERTIFICATE (64 * 1024) /* one of them */
#define LIMIT_CERTIFICATE_NAMES 50    /* names looked at in one of them */
#define LIMIT_HOPS 20                 /* requests of one login */
#define LIMIT_HOP_BODY (64 * 1024)    /* kept of each body on the way through a login */
#define LIMIT_CLEAR_TEXT_MS 5000      /* for a request in clear text, which nobody should answer */
#define LIMIT_FORMS 20                /* forms looked at on one page */
#define LIMIT_FORM_FIELDS 200         /* fields of one form */
#define LIMIT_KEYS 64                 /* keys looked at in one JWKS */
#define LIMIT_REWRITTEN (16 * 1024)   /* of a token whose original is looked for when its signature does not fit */
#define LIMIT_REWRITTEN_MEMBERS 40    /* members of a header or of claims that are left out in turn for that */
#define LIMIT_RSA_BITS 16384          /* larger moduli are refused unverified: OpenSSL's own bound */
#define LIMIT_OBSERVED 400            /* shown of an observed value in a report */
#define LIMIT_REGEX_TEXT (16 * 1024)  /* text of a target that a scenario's regular expression is run over */
#define LIMIT_SENT_FIELDS 64          /* parameters of one request that are looked for in its reply */
#define LIMIT_SHOWN_BODY (16 * 1024)  /* shown of a body in a report */
#define LIMIT_SHOWN_URL 4096          /* … of an authorization request */
#define LIMIT_SHOWN_LINE 240          /* … of one request on the way through a login, of one certificate's name */
#define LIMIT_TIMEOUT_MS 30000        /* default time for one exchange */
#define LIMIT_CONNECT_MS 10000        /* of that for name, connection and TLS handshake */
#define LIMIT_TIMEOUT_MAX_MS 300000   /* what a target file may ask for */

/* Read from the user. */
#define LIMIT_INPUT_FILE (4 * 1024 * 1024)     /* one YAML or key file */
#define LIMIT_SUITE_FILES 5000                 /* scenario files in one run */
#define LIMIT_YAML_DEPTH 32                    /* nesting in a YAML file */
#define LIMIT_REGEX_REPEATS 100000             /* product of the bounds of a scenario's regular expression */
#define LIMIT_STEPS 64                         /* steps of one scenario */
#define LIMIT_ROUNDS 20                        /* times that a scenario is done over */
#define LIMIT_BURST 32                         /* requests of one step that leave at once */
#define LIMIT_TEMPLATE (2 * 1024 * 1024)       /* one filled template */
#define LIMIT_AUTHORIZE_URL (64 * 1024)        /* a whole authorization request */
#define LIMIT_SENT_BODY (4 * 1024 * 1024)      /* request body: its evidence has to fit into a line */
#define LIMIT_DIAGS 200                        /* mistakes shown in one go; the rest is counted */
#define LIMIT_RESULTS_FILE (256 * 1024 * 1024) /* one results.json */
#define LIMIT_EVIDENCE_LINE (32 * 1024 * 1024) /* a whole reply and LIMIT_HOPS hops, every byte of them escaped */
#define LIMIT_EVIDENCE_LINES 200000

/* Masking. */
#define LIMIT_SECRET (64 * 1024) /* of one secret: what is looked for by value; all of it is masked by place */
#define LIMIT_SECRET_PIECES 1024 /* pieces looked for of one spelling of a client secret */
#define LIMIT_CLAIM_VALUES 256   /* personal values learned from one id_token or userinfo reply */
#define LIMIT_LEARNED 64         /* secrets learned from what one exchange holds; further ones are masked by place */

/* Codes. */
#define LIMIT_CODE (64 * 1024)            /* one authorization code */
#define LIMIT_TOKEN (64 * 1024)           /* one token of the implicit flow */
#define LIMIT_ANSWER (128 * 1024)         /* what a person pastes, or their browser asks of us when it lands here */
#define LIMIT_COMMAND_OUTPUT (128 * 1024) /* stdout or stderr of one code command */
#define LIMIT_COMMAND_MS 30000            /* default time for one code command */
#define LIMIT_CODE_LIFETIME_S 3600        /* longest declared lifetime that we wait for */

/* Read by the reference brand (fixtures/endpoint), and what it keeps. */
#define LIMIT_REQUEST_HEAD (64 * 1024)        /* request line and headers */
#define LIMIT_REQUEST_HEADERS 100             /* header lines of one request */
#define LIMIT_REQUEST_BODY (256 * 1024)       /* request body */
#define LIMIT_PARAMETER (16 * 1024)           /* one form parameter's value, decoded */
#define LIMIT_PARAMETERS 256                  /* form parameters of one request */
#define LIMIT_BRAND_CONNECTIONS 4096          /* open at a time; further ones wait in the backlog */
#define LIMIT_BRAND_IDLE_MS 60000             /* a connection that says nothing is closed */
#define LIMIT_BRAND_LINGER_MS 2000            /* wait for the client's end after our last reply */
#define LIMIT_BRAND_LINGER (16 * 1024 * 1024) /* read and dropped meanwhile */
#define LIMIT_BRAND_OUTPUT (1024 * 1024)      /* replies waiting to be sent before reading pauses */
#define LIMIT_TENANTS 10000                   /* tenants at a time */
#define LIMIT_TENANT_CODES 10000              /* codes remembered of one tenant; the oldest is forgotten first */
#define LIMIT_TENANT_SESSIONS 1000            /* logged-in browsers remembered of one tenant */
#define LIMIT_TENANT_LOGINS 1000              /* logins on their way, of one tenant */
#define LIMIT_GRANT_REFRESH_TOKENS 20         /* refresh tokens remembered of one code */
#define LIMIT_FAULTS 64                       /* faults of one tenant */
#define LIMIT_FAULT_REPEAT (4 * 1024 * 1024)  /* bytes that one {repeat:…} template makes */

/* Written. */
#define LIMIT_HTML_EXCHANGES (2 * 1024 * 1024) /* of exchanges shown with failures in HTML; further ones are links */
#define LIMIT_HTML_LISTED 2000                 /* exchanges listed in HTML */
#define LIMIT_MARKDOWN (60 * 1024)             /* a summary: GitHub takes comments of 65,536 characters */
#define LIMIT_ANNOTATIONS 10                   /* of a kind: GitHub shows no more in a step */

/* The program. */
#define LIMIT_JOBS 64     /* exchanges in flight */
#define LIMIT_TRIALS 1024 /* runs of `prove` in one loop */

#endif
