#ifndef BRANDCERT_JOSE_SIGN_KEY_H
#define BRANDCERT_JOSE_SIGN_KEY_H

#include "jose/ossl.h"
#include "jose/sign.h"

/* The inside of a signing key: for sign.c, and for what signs wrongly on purpose. */
struct signing_key {
	EVP_PKEY *pkey;
};

#endif
