#include "loading.h"

#include "core/buf.h"

const char *const loading_checks[] = {"token.status-200", "idtoken.sub.valid", NULL};

const char *loading_fault_problem(struct arena *a, const json_t *fault)
{
	bool unknown =
	        json_object_get(fault, "sing") || (json_is_string(fault) && !strcmp(json_string_value(fault), "sing"));

	return unknown ? arena_text(a, "no fault is called 'sing', did you mean 'sign'?") : NULL;
}

char *loading_path(struct arena *a, const char *below)
{
	return arena_printf(a, "%s/harness/tests/suite/%s", testing_root(), below);
}

void loading_suite(struct arena *a, const char *path, struct diags *d, struct suite *ret)
{
	const char *const paths[] = {path, NULL};
	const struct suite_options o = {
	        .catalogue = loading_path(a, "good/requirements.yaml"),
	        .paths = paths,
	        .checks = loading_checks,
	        .fault_problem = loading_fault_problem,
	};

	suite_load(a, &o, d, ret);
}

char *loading_rendered(struct arena *a, const struct diags *d, const char *folder)
{
	struct buf out = {.cap = BUF_OWN};

	buf_add_text(&out, "");
	for (size_t i = 0; i < d->n; i++) {
		char *text = diag_text(&d->v[i]), *rest = text;
		for (char *at; *folder && (at = strstr(rest, folder)); rest = at + strlen(folder))
			buf_add(&out, rest, (size_t)(at - rest));
		buf_add_text(&out, rest);
		free(text);
	}
	char *all = arena_sv(a, buf_sv(&out));
	buf_release(&out);
	return all;
}
