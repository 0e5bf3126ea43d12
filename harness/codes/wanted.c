#include "codes/wanted.h"

#include "core/limits.h"

static const struct {
	const char *text;
	size_t most; /* bytes */
} wanted[] = {
        [WANTED_CODE] = {"code", LIMIT_CODE},
        [WANTED_TOKEN] = {"token", LIMIT_TOKEN},
        [WANTED_LOGOUT] = {"logout", 0},
};

const char *wanted_text(enum wanted w)
{
	return wanted[w].text;
}

int wanted_check(enum wanted w, struct sv value, const char *gave, struct err *e)
{
	const char *what = wanted[w].text;

	if (value.n == 0)
		return err_trouble(e, "%s an empty %s", gave, what);
	if (value.n > wanted[w].most)
		return err_trouble(e, "%s a %s of more than %zu bytes", gave, what, wanted[w].most);
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f)
			return err_trouble(e, "%s a %s with a control character in it", gave, what);
	return 0;
}
