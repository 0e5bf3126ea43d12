#include "checks/charset.h"

#include <string.h>

bool charset_is_printable(char c)
{
	return c >= 0x20 && c <= 0x7E;
}

bool charset_is_nqchar(char c)
{
	return charset_is_nqschar(c) && c != ' ';
}

bool charset_is_nqschar(char c)
{
	return charset_is_printable(c) && c != '"' && c != '\\';
}

bool charset_is_b64token(char c)
{
	return charset_is_alnum(c) || (c && strchr("-._~+/=", c));
}

bool charset_is_alnum(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || charset_is_digit(c);
}

bool charset_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

long charset_outside(struct sv text, bool (*in_set)(char c))
{
	for (size_t i = 0; i < text.n; i++)
		if (!in_set(text.p[i]))
			return (long)i;
	return -1;
}
