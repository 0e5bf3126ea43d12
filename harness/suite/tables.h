#ifndef BRANDCERT_SUITE_TABLES_H
#define BRANDCERT_SUITE_TABLES_H

#include "suite/keys.h"

/* Every table of keys: what the JSON Schemas in suites/schema have to agree with. Internal to suite/ and its tests. */

/* requirements.yaml */
extern const struct key catalogue_keys[], document_keys[], requirement_keys[], case_keys[], example_keys[],
        profile_keys[];
/* scenario files */
extern const struct key scenario_keys[], step_keys[], redeem_keys[], userinfo_keys[], authorize_keys[], consumer_keys[],
        handshake_keys[], form_keys[], headers_keys[], expect_keys[], control_keys[];
/* target files */
extern const struct key target_keys[], client_keys[], credentials_keys[], keys_keys[], codes_keys[], listed_code_keys[],
        listed_token_keys[], tokens_keys[], logout_keys[], authorization_keys[], login_keys[], login_form_keys[],
        field_keys[], tls_keys[], limits_keys[];
/* files of expected failures */
extern const struct key expected_keys[], expected_entry_keys[];

#endif
