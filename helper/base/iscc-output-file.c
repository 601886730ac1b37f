/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-output-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_TRIED = 1000 };

static void release(iscc_output_file *output) {
  free(output->path);
  free(output->beside);
  *output = (iscc_output_file){.file = NULL};
}

static iscc_status refuse(const char *path, int reason, iscc_error *error) {
  return iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", path, strerror(reason));
}

/* Not mkstemp(), which would make a private file; here the kernel applies the umask. -1 with errno. */
static int open_beside(const char *path, char *beside, size_t size) {
  int descriptor = -1;
  for (int i = 0; i < NAMES_TRIED && descriptor < 0; i++) {
    snprintf(beside, size, "%s.%ld-%d.part", path, (long)getpid(), i);
    descriptor = open(beside, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST) break;
  }
  return descriptor;
}

/* Databases hold what cannot be made again, also when they have the name of a picture. */
static bool is_database(const char *path) {
  static const char header[] = "SQLite format 3"; /* with its 0 */
  char begin[sizeof header] = "";
  FILE *file = fopen(path, "rbe");
  const bool read = file && fread(begin, sizeof begin, 1, file) == 1;
  if (file) fclose(file);
  return read && memcmp(begin, header, sizeof header) == 0;
}

/* SQLite takes what lies there as a part of the database, or away. */
static bool is_beside_database(const char *path) {
  static const char *const endings[] = {"-wal", "-shm", "-journal"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    const size_t length = strlen(path), end = strlen(endings[i]);
    if (length <= end || strcmp(path + length - end, endings[i]) != 0) continue;
    char *database = strndup(path, length - end);
    const bool is = database && is_database(database);
    free(database);
    return is;
  }
  return false;
}

static iscc_status check_place(const char *path, iscc_error *error) {
  struct stat info;
  if (is_beside_database(path))
    return iscc_fail(error, ISCC_EIO, "%s: is a name that SQLite uses beside a database; name another file",
                     path);
  if (stat(path, &info)) return ISCC_OK;
  if (S_ISDIR(info.st_mode)) return refuse(path, EISDIR, error);
  if (!S_ISREG(info.st_mode))
    return iscc_fail(error, ISCC_EIO, "%s: cannot be written: it is no regular file", path);
  return is_database(path) ? iscc_fail(error, ISCC_EIO,
                                       "%s: is a database, which is not overwritten; name another file", path)
                           : ISCC_OK;
}

FILE *iscc_output_begin(iscc_output_file *output, const char *path, iscc_error *error) {
  const size_t size = strlen(path) + sizeof ".-999.part" + 24;
  *output = (iscc_output_file){.path = strdup(path), .beside = malloc(size)};
  int reason = output->path && output->beside ? 0 : ENOMEM;
  if (!reason && check_place(path, error)) {
    release(output);
    return NULL;
  }
  if (!reason) {
    const int descriptor = open_beside(path, output->beside, size);
    output->file = descriptor < 0 ? NULL : fdopen(descriptor, "w+b");
    if (!output->file) reason = errno;
    if (!output->file && descriptor >= 0) {
      close(descriptor);
      unlink(output->beside);
    }
  }
  if (!reason) return output->file;
  refuse(path, reason, error);
  release(output);
  return NULL;
}

bool iscc_output_is_whole(iscc_output_file *output) {
  errno = 0; /* an earlier failure sets ferror(), its errno is gone; EIO stands for it */
  const bool failed = fflush(output->file) != 0 || ferror(output->file);
  if (failed && !output->reason) output->reason = errno ? errno : EIO;
  return !failed;
}

iscc_status iscc_output_end(iscc_output_file *output, iscc_error *error) {
  if (!output->file) return iscc_fail(error, ISCC_ESTATE, "no output file is open");
  int reason = iscc_output_is_whole(output) ? 0 : output->reason;
  if (fclose(output->file) != 0 && !reason) reason = errno;
  if (!reason && rename(output->beside, output->path) != 0) reason = errno;
  if (reason) unlink(output->beside);
  const iscc_status status = reason ? refuse(output->path, reason, error) : ISCC_OK;
  release(output);
  return status;
}

void iscc_output_cancel(iscc_output_file *output) {
  if (!output->file) return;
  fclose(output->file);
  unlink(output->beside);
  release(output);
}
