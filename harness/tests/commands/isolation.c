#include "isolation.h"

const struct isolated isolated[] = {
        /* nothing is wrong */
        {.faults = "[]"},

        /* client authentication */
        {.faults = "[\"skip-client-authentication\"]", .fails = "req.auth.none"},
        {.faults = "[\"accept-wrong-secret\"]", .fails = "req.auth.wrong-secret"},
        {.faults = "[\"accept-query-parameters\"]", .fails = "req.auth.query-credentials"},
        {.faults = "[\"basic-not-form-decoded\"]", .warns = "req.auth.basic-formencoded"},

        /* requests */
        {.faults = "[\"accept-get\"]", .fails = "req.method.post-only"},
        {.faults = "[\"default-grant-type\"]", .fails = "req.param.missing-required"},
        {.faults = "[\"accept-last-duplicate\"]", .fails = "req.param.duplicate"},
        {.faults = "[\"crash-on-quote\"]", .fails = "req.param.injection", .warns = "err.no-internals"},

        /* codes */
        {.faults = "[\"accept-any-code\"]", .fails = "req.code.unknown"},
        {.faults = "[\"accept-used-code\"]", .fails = "req.code.reuse"},
        {.faults = "[\"redeem-is-not-atomic\"]", .fails = "req.code.concurrent"},
        {.faults = "[\"keep-token-on-replay\"]", .warns = "req.code.reuse-revokes"},
        {.faults = "[\"accept-other-client\"]", .fails = "req.code.other-client"},
        {.faults = "[\"ignore-code-case\"]", .fails = "req.code.exact-match"},
        {.faults = "[\"short-codes\"]", .fails = "req.code.unguessable"},
        {.faults = "[\"accept-expired-code\"]", .fails = "req.code.expired"},

        /* redirect_uri and PKCE */
        {.faults = "[\"ignore-redirect-uri\"]", .fails = "req.redirect-uri.mismatch"},
        {.faults = "[\"redirect-uri-prefix\"]", .fails = "req.redirect-uri.near-miss"},
        {.faults = "[\"optional-verifier\"]", .fails = "req.pkce.missing-verifier"},
        {.faults = "[\"accept-plain\"]", .fails = "req.pkce.plain-downgrade"},

        /* consumers and errors */
        {.faults = "[\"constant-sub\"]", .fails = "idtoken.sub.distinct"},
        {.faults = "[\"random-sub\"]", .fails = "idtoken.sub.stable"},
        {.faults = "[\"telling-errors\"]", .warns = "err.no-oracle"},
        {.faults = "[{\"error\": {\"status\": 500}}]", .fails = "err.never-5xx"},
        {.faults = "[\"ignore-basic\"]", .fails = "token.status-200"},
        {.faults = "[\"decode-code-twice\"]", .fails = "req.code.special-chars"},
        {.faults = "[\"padded-challenge\"]", .fails = "req.pkce.s256-ok"},
        {.faults = "[\"constant-access-token\"]", .fails = "token.access-token.unguessable"},
        {.faults = "[\"last-user\"]", .fails = "idtoken.sub.no-cross-talk"},
        {.faults = "[\"sequential-codes\"]", .fails = "req.code.unguessable"},
        /* without a header tried, a warning */
        {.faults = "[\"no-www-authenticate\"]", .fails = "err.www-authenticate", .warns = "err.www-authenticate"},
        {.faults = "[\"400-for-bad-client\"]", .warns = "err.invalid-client-401"},
        {.faults = "[{\"error\": {\"header\": {\"remove\": [\"Content-Type\"]}}}]", .fails = "err.content-type"},
        {.faults = "[{\"error\": {\"raw\": \"\"}}]", .fails = "err.json-shape"},

        /* tokens */
        {.faults = "[{\"response\": {\"status\": 201}}]", .fails = "token.status-200"},
        {.faults = "[{\"response\": {\"header\": {\"remove\": [\"Cache-Control\"]}}}]", .fails = "token.cache-control"},
        {.faults = "[{\"sign\": \"other-key\"}]", .fails = "jose.signature"},
        {.faults = "[{\"sign\": \"none\"}]", .fails = "jose.alg-not-none"},
        {.faults = "[{\"id_token\": {\"set\": {\"aud\": \"other-client\"}}}]", .fails = "idtoken.aud.contains-client"},
        {.faults = "[{\"id_token\": {\"remove\": [\"sub\"]}}]", .fails = "idtoken.sub.valid"},

        /* TLS, where one can go on all the same */
        {.faults = "[{\"tls\": \"tls-1.0\"}]", .warns = "tls.version-min"},
        {.faults = "[{\"tls\": \"tls-1.0\"}]", .fails = "tls.version-min", .profile = PROFILE_STRICT},
        {.faults = "[{\"tls\": \"weak-ciphers\"}]", .warns = "tls.weak-crypto"},
        {.faults = "[{\"tls\": \"plain-http\"}]", .fails = "tls.https-only"},
        {.faults = "[{\"tls\": \"expires-soon\"}]", .warns = "tls.cert-dates"},
        {.faults = "[{\"tls\": \"common-name-only\"}]", .fails = "tls.hostname"},
        {.faults = "[\"published-on-8443\"]", .fails = "tls.port-443"},

        /* TLS, where nobody gets through */
        {.faults = "[{\"tls\": \"expired-certificate\"}]", .fails = "tls.cert-dates", .rest = REST_UNASKED},
        {.faults = "[{\"tls\": \"not-yet-valid\"}]", .fails = "tls.cert-dates", .rest = REST_UNASKED},
        {.faults = "[{\"tls\": \"expired-intermediate\"}]", .fails = "tls.cert-dates", .rest = REST_UNASKED},
        {.faults = "[{\"tls\": \"wrong-host\"}]", .fails = "tls.hostname", .rest = REST_UNASKED},
        {.faults = "[{\"tls\": \"self-signed\"}]", .fails = "tls.chain", .rest = REST_UNASKED},
        {.faults = "[{\"tls\": \"untrusted\"}]", .fails = "tls.chain", .rest = REST_UNASKED},
        {.faults = "[{\"tls\": \"missing-intermediate\"}]", .fails = "tls.chain", .rest = REST_UNASKED},
        {.faults = "[{\"tls\": \"only-tls-1.1\"}]",
         .fails = "tls.version-min",
         .rest = REST_UNASKED,
         .profile = PROFILE_STRICT},

        {.faults = "[{\"tls\": \"weak-key\"}]",
         .fails = "tls.weak-crypto",
         .rest = REST_UNASKED,
         .profile = PROFILE_STRICT},
        {.faults = "[{\"tls\": \"sha1-signature\"}]",
         .fails = "tls.weak-crypto",
         .rest = REST_UNASKED,
         .profile = PROFILE_STRICT},
        /* the handshake is as it should be, and then libcurl waits for HTTP/2 */
        {.faults = "[{\"tls\": \"alpn-h2-broken\"}]", .fails = "http.versions", .rest = REST_UNASKED},

        /* HTTP */
        {.faults = "[{\"framing\": \"content-length-too-long\"}]", .fails = "http.framing", .rest = REST_UNSEEN},
        {.faults = "[{\"framing\": \"content-length-too-short\"}]", .fails = "http.framing"},
        {.faults = "[{\"framing\": \"truncated-chunks\"}]", .fails = "http.framing", .rest = REST_UNSEEN},
        {.faults = "[{\"framing\": \"broken-gzip\"}]", .fails = "http.framing", .rest = REST_UNSEEN},
        {.faults = "[\"redirect-307\"]", .fails = "http.no-redirect"},
        {.faults = "[\"no-hsts\"]", .warns = "http.hsts"},
        {.faults = "[\"short-hsts\"]", .warns = "http.hsts"},

        /* the authorization endpoint */
        {.faults = "[\"az-redirect-prefix\"]", .fails = "az.redirect.registered-only"},
        {.faults = "[\"az-redirect-any\"]", .fails = "az.redirect.registered-only"},
        {.faults = "[\"az-http-redirect\"]", .fails = "az.redirect.registered-only"},
        {.faults = "[\"az-unknown-client-redirects\"]", .fails = "az.client.unknown-no-redirect"},
        {.faults = "[\"az-state-decoded-twice\"]", .fails = "az.state.echo"},
        {.faults = "[\"az-state-truncated\"]", .fails = "az.state.echo"},
        {.faults = "[\"az-state-dropped-in-errors\"]", .fails = "az.state.echo"},
        {.faults = "[\"az-state-invented\"]", .fails = "az.state.echo"},
        {.faults = "[\"az-code-renamed\"]", .fails = "az.code.response"},
        {.faults = "[\"az-code-twice\"]", .fails = "az.code.response"},
        {.faults = "[\"az-code-in-fragment\"]", .warns = "az.code.response", .profile = PROFILE_STRICT},
        {.faults = "[\"connector-openid\", \"az-query-dropped\"]", .fails = "az.redirect.query-kept"},
        {.faults = "[\"connector-openid\", \"az-question-mark-twice\"]", .fails = "az.redirect.query-kept"},
        {.faults = "[\"az-own-redirect-uri-only\"]", .fails = "az.redirect.same-at-token"},
        {.faults = "[\"az-token-renamed\"]", .fails = "az.rt.id-token"},
        /* where it stands is one thing, that personal data stands there in clear text another */
        {.faults = "[\"az-token-in-query\"]", .warns = "az.rt.id-token imp.pii-encrypted"},
        {.faults = "[\"connector-openid\", \"az-opaque-token\"]", .fails = "az.rt.token"},
        {.faults = "[\"az-error-page\"]", .fails = "az.error.redirect"},
        {.faults = "[\"az-response-type-ignored\"]", .fails = "az.rt.id-token"},
        {.faults = "[\"az-prompt-none-page\"]", .fails = "az.error.redirect"},
        {.faults = "[\"az-307\"]", .fails = "az.no-307"},
        {.faults = "[\"az-other-iss\"]", .fails = "az.iss-param"},
        {.faults = "[\"az-no-iss\"]", .fails = "az.iss-param"},
        {.faults = "[\"az-framable\"]", .warns = "az.no-leak"},
        {.faults = "[\"az-referrer\"]", .warns = "az.no-leak"},
        {.faults = "[\"az-secret-in-redirect\"]", .warns = "az.no-leak"},
        {.faults = "[\"az-email-in-redirect\"]", .warns = "az.no-leak"},
        {.faults = "[\"az-nonce-optional\"]", .fails = "imp.nonce", .profile = PROFILE_STRICT},

        /* tokens through the browser */
        {.faults = "[{\"id_token\": {\"remove\": [\"nonce\"]}}]", .fails = "idtoken.nonce"},
        /* of both ways in which the token comes; LivePerson's documents do not ask for it, so that nothing fails */
        {.faults = "[{\"id_token\": {\"remove\": [\"aud\"]}}]", .warns = "idtoken.aud.present imp.aud"},

        /* userinfo */
        {.faults = "[{\"userinfo\": {\"header\": {\"set\": {\"Content-Type\": \"text/html\"}}}}]", .fails = "ui.ok"},
        {.faults = "[{\"userinfo\": {\"status\": 500}}]", .fails = "ui.ok"},
        {.faults = "[\"userinfo-get-only\"]", .fails = "ui.methods"},
        {.faults = "[\"userinfo-any-token\"]", .fails = "ui.invalid-token"},
        {.faults = "[\"userinfo-no-challenge\"]", .fails = "ui.invalid-token"},
        {.faults = "[\"userinfo-400\"]", .fails = "ui.invalid-token"},
        {.faults = "[\"userinfo-accepts-id-token\"]", .fails = "ui.invalid-token"},
        {.faults = "[\"userinfo-other-sub\"]", .fails = "ui.sub-match"},
        {.faults = "[{\"userinfo\": {\"body\": {\"set\": {\"email\": \"j@other.example\"}}}}]",
         .warns = "ui.claims-consistent"},

        /* discovery */
        {.faults = "[{\"discovery\": {\"header\": {\"set\": {\"Content-Type\": \"text/plain\"}}}}]",
         .fails = "disc.document"},
        {.faults = "[{\"discovery\": {\"status\": 404}}]", .fails = "disc.document"},
        {.faults = "[{\"discovery\": {\"body\": {\"set\": {\"issuer\": \"{issuer}/\"}}}}]", .fails = "disc.issuer"},
        {.faults = "[{\"discovery\": {\"body\": {\"set\": {\"jwks_uri\": \"http://brand.example/jwks\"}}}}]",
         .fails = "disc.metadata"},
        {.faults = "[{\"discovery\": {\"body\": {\"remove\": [\"response_types_supported\"]}}}]",
         .fails = "disc.metadata"},

        /* published and pasted keys */
        {.faults = "[{\"jwks\": \"private-key\"}]", .fails = "jwks.public-only"},
        {.faults = "[{\"jwks\": \"symmetric\"}]", .fails = "jwks.public-only"},
        {.faults = "[{\"jwks\": \"duplicate-kid\"}]", .fails = "jwks.well-formed"},
        {.faults = "[{\"jwks\": \"padded\"}]", .fails = "jwks.well-formed"},
        {.faults = "[{\"jwks\": \"leading-zero\"}]", .warns = "jwks.well-formed"},
        {.faults = "[{\"jwks\": \"encryption-use\"}]", .fails = "jwks.well-formed"},
        {.faults = "[{\"jwks\": \"wrong-alg\"}]", .fails = "jwks.well-formed"},
        {.faults = "[{\"jwks\": \"no-kty\"}]", .fails = "jwks.well-formed"},
        {.faults = "[{\"jwks\": \"not-object\"}]", .fails = "jwks.well-formed"},
        {.faults = "[{\"jwks\": \"empty\"}]", .fails = "jose.signature"},
        {.faults = "[{\"jwks\": \"status-404\"}]", .fails = "jose.signature"},
        {.faults = "[{\"jwks\": \"unrelated-key\"}]", .fails = "jose.signature"},
        {.faults = "[{\"registered_key\": \"pem\"}]", .fails = "lpkey.format"},
        {.faults = "[{\"registered_key\": \"line-breaks\"}]", .fails = "lpkey.format"},
        {.faults = "[{\"registered_key\": \"pkcs1\"}]", .fails = "lpkey.format"},
        {.faults = "[{\"registered_key\": \"certificate\"}]", .fails = "lpkey.format"},
        {.faults = "[{\"registered_key\": \"private\"}]", .fails = "jwks.public-only"},

        /* renewal and logout */
        {.faults = "[\"frozen-times\"]", .fails = "renew.later-exp"},
        {.faults = "[\"refresh-any-client\"]", .fails = "renew.refresh-grant"},
        {.faults = "[\"refresh-reusable\"]", .warns = "renew.refresh-grant"},
        {.faults = "[\"refresh-not-atomic\"]", .warns = "renew.refresh-grant"},
        {.faults = "[\"refresh-other-sub\"]", .fails = "renew.same-identity"},
        {.faults = "[\"refresh-other-aud\"]", .fails = "renew.same-identity"},
        {.faults = "[\"refresh-new-auth-time\"]", .fails = "renew.same-identity"},
        {.faults = "[\"ignore-logout\"]", .fails = "renew.logged-out"},
        {.faults = "[\"codes-survive-logout\"]", .warns = "renew.logged-out"},

        /* what the specs allow, several things at a time */
        {.faults = "[\"refresh-not-rotated\", \"renewed-other-auth-time\", \"az-302\", \"az-silent-iss\", "
                   "\"az-encoded-space\", {\"tls\": \"intermediate\"}, {\"jwks\": \"rotated\"}, {\"framing\": "
                   "\"gzip\"}]"},
        {.faults = "[\"connector-openid\", \"no-refresh-tokens\", {\"tls\": \"only-tls-1.2\"}, {\"jwks\": \"no-kid\"}, "
                   "{\"framing\": \"gzip-unasked\"}]"},
        {.faults = "[{\"registered_key\": \"spki\"}, {\"tls\": \"only-tls-1.3\"}, {\"encrypt\": \"correct-a256gcm\"}]"},
        {.faults = "[\"az-code-in-fragment\", {\"tls\": \"alpn-none\"}]"},
        {.faults = "[{\"tls\": \"plain-http-redirect\"}, {\"jwks\": \"several-types\"}]"},
        /* but the target file has a form in which the consumer says no */
        {.faults = "[\"az-no-consent\"]", .rest = REST_UNSEEN},
};

const size_t nisolated = sizeof isolated / sizeof *isolated;
