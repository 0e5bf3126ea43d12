#include <string.h>

#include "checks/charset.h"
#include "checks/check.h"
#include "checks/leaks.h"
#include "checks/parsed.h"
#include "checks/reply.h"
#include "core/limits.h"

/* What an error reply gives away about the server and about the request. */

/* Marks of an error text that was made for developers. A '#' stands for a digit. */
static const struct mark {
	const char *text, *what;
} marks[] = {
        {"Traceback (most recent call last)", "a Python stack trace"},
        {".py\", line #", "a Python stack trace"},
        {"Exception in thread ", "a Java stack trace"},
        {".java:#", "a Java stack trace"},
        {".kt:#", "a Kotlin stack trace"},
        {"at java.", "a Java stack trace"},
        {"at com.", "a Java stack trace"},
        {"at org.", "a Java stack trace"},
        {"java.lang.", "a Java exception"},
        {"java.sql.", "a Java exception"},
        {"javax.servlet.", "a Java exception"},
        {"jakarta.servlet.", "a Java exception"},
        {"org.springframework.", "a Spring exception"},
        {"Whitelabel Error Page", "Spring's debugging page"},
        {"   at System.", "a .NET stack trace"},
        {"System.NullReferenceException", "a .NET exception"},
        {"Server Error in '", "ASP.NET's debugging page"},
        {".cs:line #", "a .NET stack trace"},
        {"Object.<anonymous>", "a Node.js stack trace"},
        {"node_modules/", "a Node.js stack trace"},
        {"node:internal/", "a Node.js stack trace"},
        {".js:#", "a Node.js stack trace"},
        {".rb:#", "a Ruby stack trace"},
        {".go:#", "a Go stack trace"},
        {"goroutine #", "a Go stack trace"},
        {"Stack trace:", "a PHP stack trace"},
        {".php on line ", "a PHP error"},
        {".php:#", "a PHP error"},
        {"PDOException", "a PHP database error"},
        {"SQLSTATE", "a database error"},
        {"ORA-#####", "an Oracle database error"},
        {"You have an error in your SQL syntax", "a MySQL error"},
        {"syntax error at or near", "a PostgreSQL error"},
        {"psycopg2.", "a PostgreSQL error"},
        {"Unclosed quotation mark after", "a SQL Server error"},
        {"SELECT * FROM ", "an SQL statement"},
        {"INSERT INTO ", "an SQL statement"},
        {"/var/www/", "a path of the server"},
        {"/usr/local/", "a path of the server"},
        {"/usr/src/", "a path of the server"},
        {"C:\\inetpub\\", "a path of the server"},
        {"C:\\Users\\", "a path of the server"},
};

static bool mark_at(struct sv text, struct sv mark)
{
	for (size_t i = 0; i < mark.n; i++)
		if (mark.p[i] == '#' ? !charset_is_digit(text.p[i]) : text.p[i] != mark.p[i])
			return false;
	return true;
}

static const struct mark *find_mark(struct sv text)
{
	for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
		struct sv mark = sv_of(marks[k].text);
		for (size_t i = 0; i + mark.n <= text.n; i++)
			if (text.p[i] == mark.p[0] && mark_at((struct sv){text.p + i, mark.n}, mark))
				return &marks[k];
	}
	return NULL;
}

/* Strings of JSON, so that escaped line feeds and slashes hide nothing. */
static const struct mark *find_in_json(const json_t *value, int level)
{
	const struct mark *found = NULL;
	const char *key;
	const json_t *child;

	if (json_is_string(value))
		return find_mark((struct sv){json_string_value(value), json_string_length(value)});
	for (size_t i = 0; i < json_array_size(value) && level < LIMIT_JSON_DEPTH && !found; i++)
		found = find_in_json(json_array_get(value, i), level + 1);
	if (level < LIMIT_JSON_DEPTH && !found)
		parsed_each(value, key, child) if ((found = find_in_json(child, level + 1))) return found;
	return found;
}

/* "Apache/2.4.57 (Debian)": a product with its version. */
static bool names_version(struct sv value)
{
	long slash = sv_find_char(value, '/');

	return slash > 0 && (size_t)slash + 1 < value.n && charset_is_digit(value.p[slash + 1]);
}

static const char *version_header(struct subject *s)
{
	static const char *const names[] = {"Server", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version",
	                                    "X-Runtime-Version"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct sv value = message_header(&s->x->response, names[i], 0);
		bool bare = i >= 2 && value.n > 0 && charset_is_digit(value.p[0]);
		if (bare || names_version(value))
			return names[i];
	}
	return NULL;
}

CHECK(err_no_internals, "err.no-internals")
{
	const struct mark *found;
	const char *where = "body", *header;

	if (!reply_refused(s, f))
		return;
	const struct message *m = &s->x->response;
	found = find_in_json(subject_raw_json(s)->value, 1);
	if (!found)
		found = find_mark(m->body);
	for (size_t i = 1; i < m->nlines && !found; i++) {
		found = find_mark(m->lines[i]);
		where = found ? "header" : where;
	}
	if (found) {
		violated(s, f, "an error text that tells nothing about the server", "%s: the reply has \"%s\"",
		         found->what, found->text);
		detail(f, NULL, where, NULL);
	} else if ((header = version_header(s))) {
		violated(s, f, "headers without versions of products", "%s: %.*s", header,
		         SV_ARG(message_header(m, header, 0)));
		detail(f, "server-version", arena_printf(s->a, "header %s", header),
		       "switch off the version in the web server's banner (ServerTokens Prod, server_tokens off, "
		       "expose_php off)");
	} else if (s->x->body_cut || s->x->head_cut) {
		cannot(s, f, "nothing was seen, but the reply is longer than what was kept");
	} else {
		pass(s, f, "no stack trace, path, SQL or version was seen");
	}
}

CHECK(err_no_reflection, "err.no-reflection")
{
	if (reply_refused(s, f))
		leaks_judge(s, "an error text without secrets, code, code verifier and other text of the request", true,
		            f);
}
