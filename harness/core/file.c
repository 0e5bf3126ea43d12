#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void file_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int file_read(const char *path, size_t cap, struct buf *ret, struct err *e)
{
	/* O_NONBLOCK: a FIFO given by mistake must not hang us before fstat can refuse it. */
	fd_auto fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	char piece[16 * 1024];
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_input(e, "cannot read '%s': %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_input(e, "cannot read '%s': not a regular file", path);
	struct buf b = {.cap = cap};
	buf_add_text(&b, "");
	while ((n = read(fd, piece, sizeof piece)) > 0 && buf_add(&b, piece, (size_t)n))
		;
	if (n < 0 || b.full) {
		int why = errno;
		bool large = b.full;
		buf_release(&b);
		return large ? err_input(e, "cannot read '%s': larger than %zu bytes", path, cap)
		             : err_input(e, "cannot read '%s': %s", path, strerror(why));
	}
	buf_release(ret);
	*ret = b;
	return 0;
}

int file_make_folder(const char *path, struct err *e)
{
	char *copy = mem_text(path);

	for (char *p = copy + 1; *copy; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		char kept = *p;
		*p = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST) {
			err_trouble(e, "cannot make the folder '%s': %s", copy, strerror(errno));
			free(copy);
			return -1;
		}
		*p = kept;
		if (!kept)
			break;
	}
	free(copy);
	if (!file_is_folder(path))
		return err_trouble(e, "cannot make the folder '%s': something else has that name", path);
	return 0;
}

static int write_all(int fd, struct sv content)
{
	while (content.n) {
		ssize_t n = write(fd, content.p, content.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		content.p += n;
		content.n -= (size_t)n;
	}
	return 0;
}

int file_replace(const char *path, struct sv content, unsigned mode, struct err *e)
{
	arena_auto *a = arena_new();
	char *folder = dirname(arena_text(a, path));

	if (file_make_folder(folder, e) < 0)
		return -1;
	char *temporary = arena_printf(a, "%s.XXXXXX", path);
	fd_auto fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return err_trouble(e, "cannot write '%s': %s", path, strerror(errno));
	/* mkostemp made it 0600; umask applies as it would to open(2). */
	mode_t mask = umask(0);
	umask(mask);
	if (fchmod(fd, (mode_t)mode & ~mask) < 0 || write_all(fd, content) < 0 || rename(temporary, path) < 0) {
		int why = errno;
		unlink(temporary);
		return err_trouble(e, "cannot write '%s': %s", path, strerror(why));
	}
	return 0;
}

bool file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool file_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

char *file_relative(struct arena *a, const char *from_file, const char *path)
{
	const char *slash = strrchr(from_file, '/');

	if (path[0] == '/' || !slash)
		return arena_text(a, path);
	return arena_printf(a, "%.*s/%s", slash == from_file ? 0 : (int)(slash - from_file), from_file, path);
}

char *file_program_folder(struct arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (n <= 0 || (size_t)n >= sizeof path - 1)
		return NULL;
	path[n] = '\0';
	return arena_text(a, dirname(path));
}
