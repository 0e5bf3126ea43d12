#include "checks/check.h"
#include "checks/leaks.h"

CHECK(token_no_secret_members, "token.no-secret-members")
{
	if (subject_issued(s, f))
		leaks_judge(s, "a response without the client secret, the code and the code verifier", false, f);
}
