/* Forms of pages, as broken as they come, and what is sent of them. */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codes/form.h"
#include "core/buf.h"
#include "core/limits.h"
#include "testing.h"

static struct field login_fields[] = {{"user", "al&ice"}, {"pass", "p\xc3\xa4ss w+rd"}};

#define LOGIN                                 \
	{                                     \
		.fields = { login_fields, 2 } \
	}
#define FILLED "user=al%26ice&pass=p%C3%A4ss+w%2Brd"
#define TWO "<input name=user><input type=password name=pass>"

static const struct {
	const char *html;
	struct login_form wanted;
	const char *method, *action,
	        *body; /* method NULL: no form fits; body NULL: it cannot be sent, because of `action` */
} filled[] = {
        {"<form method=post action=/in>" TWO "</form>", LOGIN, "POST", "/in", FILLED},
        {"<form>" TWO "</form>", LOGIN, "GET", "", FILLED},
        {"<form method=POST action=/in><input type=hidden name=csrf value='a&amp;b'>" TWO
         "<input type=submit name=go value=Login><input type=submit name=cancel value=Cancel></form>",
         LOGIN, "POST", "/in", "csrf=a%26b&" FILLED "&go=Login"},
        /* the page's search form does not have the fields */
        {"<form action=/find><input name=q></form><form method=post action=/in>" TWO "</form>", LOGIN, "POST", "/in",
         FILLED},
        {"<form action=/find><input name=q></form>", LOGIN, NULL, NULL, NULL},
        {"<form><input name=user></form><form><input name=pass></form>", LOGIN, NULL, NULL, NULL},
        {"no page at all", LOGIN, NULL, NULL, NULL},
        {"", LOGIN, NULL, NULL, NULL},
        /* found by id, name or action */
        {"<form id=a action=/1><input name=x></form><form id=b action=/2><input name=x></form>",
         {.form = "b"},
         "GET",
         "/2",
         "x="},
        {"<form name=a action=/1><input name=x></form><form name=b action=/2><input name=x></form>",
         {.form = "b"},
         "GET",
         "/2",
         "x="},
        {"<form action=/1><input name=x></form><form action=/2><input name=x></form>",
         {.form = "/2"},
         "GET",
         "/2",
         "x="},
        {"<form id=a action=/1><input name=x></form>", {.form = "b"}, NULL, NULL, NULL},
        {"<form id=b><input name=x></form>", {.form = "b", .fields = {login_fields, 1}}, NULL, NULL, NULL},
        /* buttons: by value before name, its own action and method */
        {"<form id=c method=post><button name=action value=deny>No</button><button name=action value=allow>Yes</button>"
         "</form>",
         {.form = "c", .submit = "allow"},
         "POST",
         "",
         "action=allow"},
        {"<form method=post><input type=submit name=no value=x><input type=submit name=yes value=y></form>",
         {.submit = "yes"},
         "POST",
         "",
         "yes=y"},
        {"<form method=post action=/a><button>Plain</button><button formaction=/b formmethod=get name=n "
         "value=v></button>"
         "</form>",
         {.submit = "n"},
         "GET",
         "/b",
         "n=v"},
        {"<form method=post><button type=button name=x value=allow></button></form>",
         {.submit = "allow"},
         NULL,
         NULL,
         NULL},
        {"<form method=post><input type=image name=go><input name=x value=1></form>",
         {.submit = "go"},
         "POST",
         "",
         "go.x=1&go.y=1&x=1"},
        /* what a browser sends of each kind of control */
        {"<form id=k><input type=checkbox name=a checked><input type=checkbox name=b><input type=radio name=c value=1>"
         "<input type=radio name=c value=2 checked><select name=d><option value=1>x<option value=2 selected>y</select>"
         "<select name=e><option disabled>no<option>first<option>second</select><select name=f "
         "multiple><option>x</select>"
         "<textarea name=g>\nt\nu</textarea><input name=h value=8 disabled><input type=file name=i><input "
         "value=nameless>"
         "<input type=reset name=j></form>",
         {.form = "k"},
         "GET",
         "",
         "a=on&c=2&d=2&e=first&g=t%0Au"},
        /* a box that is ticked, an option that is chosen; a preset value gives way, once */
        {"<form id=k><input type=checkbox name=user><input name=pass value=old><input name=pass value=old></form>",
         LOGIN, "GET", "", FILLED},
        {"<form id=k><select name=user><option>bob<option>alice</select><input name=pass></form>", LOGIN, "GET", "",
         FILLED},
        /* outside of the form, and in a broken table */
        {"<input name=user form=late><form id=late><input name=pass></form><input name=stray>", LOGIN, "GET", "",
         FILLED},
        {"<table><form method=post><tr><td><input name=user><tr><td><input name=pass></table>", LOGIN, "POST", "",
         FILLED},
        {"<FORM METHOD=Post><INPUT NAME=user><INPUT NAME=pass>", LOGIN, "POST", "", FILLED},
        /* other encodings */
        {"<form method=post enctype=multipart/form-data>" TWO "</form>", LOGIN, "POST",
         "it is sent as 'multipart/form-data', and only application/x-www-form-urlencoded can be sent", NULL},
        {"<form enctype=multipart/form-data>" TWO "</form>", LOGIN, "GET", "", FILLED},
};

START_TEST(test_fill)
{
	arena_auto *a = arena_new();
	struct page page;
	struct submission s;

	page_read(a, sv_of(filled[_i].html), NULL, &page);
	const struct form *form = page_find(&page, &filled[_i].wanted);
	if (!filled[_i].method) {
		ck_assert_ptr_null(form);
		return;
	}
	ck_assert_ptr_nonnull(form);
	form_fill(a, form, &filled[_i].wanted, &s);
	ck_assert_str_eq(s.method, filled[_i].method);
	if (!filled[_i].body) {
		ck_assert_pstr_eq(s.refused, filled[_i].action);
		return;
	}
	ck_assert_msg(!s.refused, "%s", s.refused);
	ck_assert_str_eq(s.action, filled[_i].action);
	assert_sv_eq(s.body, sv_of(filled[_i].body));
}
END_TEST

START_TEST(test_charset)
{
	static const struct {
		const char *html, *charset, *body;
	} rows[] = {
	        {"<form id=f><input name=x value=\xc3\xa4></form>", NULL, "x=%C3%A4"},
	        {"<form id=f><input name=x value=\xe4></form>", "iso-8859-1", "x=%C3%A4"},
	        {"<form id=f><input name=x value=\xe4></form>", "no-such-charset", "x=%C3%A4"},
	        {"<form id=f><input name=x value=\xe4></form>", NULL, "x=%C3%A4"},
	        {"<meta charset=iso-8859-2><form id=f><input name=x value=\xe8></form>", NULL, "x=%C4%8D"},
	};
	arena_auto *a = arena_new();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct login_form wanted = {.form = "f"};
		struct submission s;
		struct page page;
		page_read(a, sv_of(rows[i].html), rows[i].charset, &page);
		form_fill(a, page_find(&page, &wanted), &wanted, &s);
		assert_sv_eq(s.body, sv_of(rows[i].body));
	}
}
END_TEST

START_TEST(test_page)
{
	arena_auto *a = arena_new();
	struct page page;

	page_read(a, SV("<head><base href=/app/><base href=/no/><meta http-equiv=Refresh content='0;url=/x'>"), NULL,
	          &page);
	ck_assert_pstr_eq(page.base, "/app/");
	ck_assert(page.refreshes);
	page_read(a, SV("<meta http-equiv=content-type content=text/html>"), NULL, &page);
	ck_assert_ptr_null(page.base);
	ck_assert(!page.refreshes);
	ck_assert_str_eq(page_forms_text(a, &page), "it has no form at all");
	page_read(
	        a,
	        SV("<form method=post id=h><input type=hidden name=code></form><form method=post><input name=x></form>"
	           "<form id=g><input type=hidden name=code></form><form method=post></form>"),
	        NULL, &page);
	ck_assert_uint_eq(page.n, 4);
	ck_assert(form_is_hidden(&page.v[0]));
	ck_assert(!form_is_hidden(&page.v[1]));
	ck_assert(!form_is_hidden(&page.v[2]));
	ck_assert(!form_is_hidden(&page.v[3]));
}
END_TEST

START_TEST(test_texts)
{
	arena_auto *a = arena_new();
	struct login_form wanted = LOGIN;
	struct page page;

	ck_assert_str_eq(form_wanted_text(a, &wanted), "form with the fields 'user' and 'pass'");
	wanted.form = "login";
	wanted.submit = "go";
	ck_assert_str_eq(form_wanted_text(a, &wanted),
	                 "form 'login' with the fields 'user' and 'pass' and the button 'go'");
	wanted.fields.n = 0;
	ck_assert_str_eq(form_wanted_text(a, &wanted), "form 'login' with the button 'go'");
	page_read(
	        a,
	        SV("<form id='a\x1b'><input name=q value=SECRET><input type=hidden name=h><input type=submit value=Go>"
	           "</form><form><input type=radio name=r><input type=radio name=r></form>"),
	        NULL, &page);
	ck_assert_str_eq(page_forms_text(a, &page), "its forms have 'a\\x1b' ('q', button 'Go'); ('r')");
}
END_TEST

/* A page can be as large as it likes. */
START_TEST(test_bounds)
{
	static const char *const pieces[] = {"<form><input name=x>",
	                                     "<div>",
	                                     "<input name=x>",
	                                     "<option>",
	                                     "<form>",
	                                     "<select name=s><option selected>"};
	arena_auto *a = arena_new();
	struct buf html = {.cap = LIMIT_BODY};
	struct page page;

	buf_add_text(&html, "<form id=f>");
	while (!html.full)
		buf_add_text(&html, pieces[_i]);
	page_read(a, buf_sv(&html), NULL, &page);
	ck_assert_uint_le(page.n, LIMIT_FORMS);
	for (size_t i = 0; i < page.n; i++)
		ck_assert_uint_le(page.v[i].n, LIMIT_FORM_FIELDS);
	ck_assert_uint_lt(strlen(page_forms_text(a, &page)), 700);
	struct login_form wanted = {.form = "f"};
	const struct form *form = page_find(&page, &wanted);
	ck_assert_ptr_nonnull(form);
	if (form->cut) {
		struct submission s;
		form_fill(a, form, &wanted, &s);
		ck_assert_pstr_eq(s.refused, "it has more than 200 fields");
	}
	buf_release(&html);
}
END_TEST

/* libxml2 tells of some bytes on standard error, whatever it was asked. */
START_TEST(test_silent)
{
	static const struct {
		struct sv html;
		const char *charset;
	} pages[] = {
	        {SV("<form><input name=q value=\xff\xff\xff\xff></form>"), "UTF-8"},
	        {SV("<form><input name=q value=\xc3(></form>"), "UTF-8"},
	        {SV("<meta charset=utf-8><form><input name=q value=\xff\xff></form>"), NULL},
	        {SV("<\0f\0\0\xd8\0\xd8"), "UTF-16LE"},
	        {SV("<!DOCTYPE x [<!ENTITY a 'b'>]><form>&bogus;<a b=</form>"), NULL},
	};
	arena_auto *a = arena_new();
	const char *path = arena_printf(a, "%s/err", testing_folder(a));
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), before = dup(STDERR_FILENO);
	struct page page;

	ck_assert(fd >= 0 && before >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		page_read(a, pages[i].html, pages[i].charset, &page);
	ck_assert_int_ge(dup2(before, STDERR_FILENO), 0);
	close(before);
	close(fd);
	ck_assert_str_eq(testing_read(a, path), "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("form");
	TCase *c = tcase_create("form");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, test_fill, 0, sizeof filled / sizeof *filled);
	tcase_add_test(c, test_charset);
	tcase_add_test(c, test_page);
	tcase_add_test(c, test_silent);
	tcase_add_test(c, test_texts);
	tcase_add_loop_test(c, test_bounds, 0, 6);
	suite_add_tcase(s, c);
	return testing_run(s);
}
