#include "suite/find.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/limits.h"
#include "core/sv.h"

struct search {
	struct arena *a;
	struct diags *d;
	struct found *v;
	struct identity {
		dev_t device;
		ino_t inode;
	} * seen;
	size_t n;
	size_t met; /* files and trouble: 0 is an empty folder */
};

static bool is_yaml(const char *name)
{
	return sv_ends(sv_of(name), SV(".yaml")) || sv_ends(sv_of(name), SV(".yml"));
}

static const char *suite_name(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == path ? arena_text(a, "/")
	                             : arena_sv(a, slash ? (struct sv){path, (size_t)(slash - path)} : SV("."));
	char *real = realpath(folder, NULL);
	const char *name = arena_text(a, real ? real : folder);

	free(real);
	slash = strrchr(name, '/');
	return slash && slash[1] ? slash + 1 : name;
}

static void report(struct search *search, const char *path, const char *text)
{
	diags_error(search->d, (struct place){0}, "cannot read '%s': %s", path, text);
	search->met++;
}

static void add(struct search *search, const FTSENT *e, const char *root)
{
	size_t below = strlen(root);
	const char *path = arena_text(search->a, e->fts_path);

	search->met++;
	for (size_t i = 0; i < search->n; i++)
		if (search->seen[i].device == e->fts_statp->st_dev && search->seen[i].inode == e->fts_statp->st_ino)
			return; /* a file below a folder that was given, too */
	while (e->fts_level > 0 && path[below] == '/')
		below++;
	const char *slash = strrchr(path, '/');
	search->v = arena_grow(search->a, search->v, search->n, sizeof *search->v);
	search->seen = arena_grow(search->a, search->seen, search->n, sizeof *search->seen);
	search->seen[search->n] = (struct identity){e->fts_statp->st_dev, e->fts_statp->st_ino};
	search->v[search->n++] = (struct found){
	        .path = path,
	        .name = e->fts_level > 0 ? path + below
	                : slash          ? slash + 1
	                                 : path,
	        .suite = suite_name(search->a, path),
	};
}

static void meet(struct search *search, FTS *tree, FTSENT *e, const char *root)
{
	bool given = e->fts_level == 0;

	switch (e->fts_info) {
	case FTS_D:
		if (!given && (e->fts_name[0] == '.' || !strcmp(e->fts_name, "schema")))
			fts_set(tree, e, FTS_SKIP);
		break;
	case FTS_F:
		if (given && !is_yaml(e->fts_name))
			report(search, e->fts_path, "the name of a scenario file ends in .yaml");
		else if (given && !strcmp(e->fts_name, "requirements.yaml"))
			report(search, e->fts_path, "this is the requirement catalogue, not a scenario");
		else if (given || (is_yaml(e->fts_name) && e->fts_name[0] != '.' &&
		                   strcmp(e->fts_name, "requirements.yaml") != 0))
			add(search, e, root);
		break;
	case FTS_SL:
	case FTS_SLNONE:
		if (given)
			report(search, e->fts_path, "the symbolic link leads nowhere");
		else if (is_yaml(e->fts_name) && e->fts_name[0] != '.')
			diags_warning(search->d, (struct place){.path = e->fts_path},
			              "a symbolic link, which is not followed: this scenario is not run");
		break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		report(search, e->fts_path, strerror(e->fts_errno));
		break;
	case FTS_DEFAULT:
		if (given)
			report(search, e->fts_path, "not a regular file");
		break;
	default:
		break;
	}
}

static int by_name(const FTSENT **x, const FTSENT **y)
{
	return strcmp((*x)->fts_name, (*y)->fts_name);
}

static void search_in(struct search *search, const char *root)
{
	char *roots[] = {arena_text(search->a, root), NULL};
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);

	if (!tree) {
		report(search, root, strerror(errno));
		return;
	}
	for (FTSENT *e; (e = fts_read(tree)) && search->n <= LIMIT_SUITE_FILES;)
		meet(search, tree, e, root);
	fts_close(tree);
}

size_t find_scenarios(struct arena *a, const char *const *paths, struct diags *d, struct found **ret)
{
	struct search search = {.a = a, .d = d};

	if (!*paths)
		diags_error(d, (struct place){0}, "no folder of scenarios was given");
	for (; *paths; paths++) {
		size_t before = search.met;
		search_in(&search, *paths);
		if (search.met == before)
			diags_error(d, (struct place){0}, "no scenario is in '%s': nothing there ends in .yaml",
			            *paths);
	}
	if (search.n > LIMIT_SUITE_FILES) {
		diags_error(d, (struct place){0}, "more than %d scenario files", LIMIT_SUITE_FILES);
		search.n = 0;
	}
	*ret = search.v;
	return search.n;
}
