#ifndef BRANDCERT_CORE_FILE_H
#define BRANDCERT_CORE_FILE_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

/* Reads a whole regular file of at most cap bytes. ERR_INPUT with the path when it is missing, unreadable or larger. */
int file_read(const char *path, size_t cap, struct buf *ret, struct err *e) __attribute__((warn_unused_result));
/* Writes to a temporary file beside path and renames it, so that a reader never sees half a file and a failure leaves
 * the old one. Makes missing folders above it. mode as for open(2). ERR_TROUBLE on failure. */
int file_replace(const char *path, struct sv content, unsigned mode, struct err *e) __attribute__((warn_unused_result));
/* mkdir -p */
int file_make_folder(const char *path, struct err *e) __attribute__((warn_unused_result));
bool file_exists(const char *path);
bool file_is_folder(const char *path);
/* `path` as seen from the folder of `from_file`; an absolute path stays. */
char *file_relative(struct arena *a, const char *from_file, const char *path);
/* Folder of the running program, from /proc/self/exe; NULL when that cannot be read. */
char *file_program_folder(struct arena *a);

void file_closep(int *fd);
#define fd_auto __attribute__((cleanup(file_closep))) int

#endif
