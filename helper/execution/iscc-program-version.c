/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-program-version.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "iscc-program-libraries.h"

typedef struct iscc_program_file {
  char *path;
  struct stat stat;
} program_file;

static bool add_file(iscc_program_version *version, const char *path) {
  program_file *more = realloc(version->file, (version->files + 1) * sizeof *more);
  if (!more) return false;
  version->file = more;
  more[version->files] = (program_file){.path = strdup(path)};
  if (!more[version->files].path) return false;
  version->files++;
  return true;
}

typedef struct {
  iscc_program_version *version;
  bool failed;
} listing;

static void add_library(void *ctx, const char *path) {
  listing *l = ctx;
  const bool of_system = strncmp(path, "/usr/lib/", 9) == 0 || strncmp(path, "/lib/", 5) == 0;
  if (!of_system && !l->failed) l->failed = !add_file(l->version, path);
}

static iscc_status hash_file(iscc_digest *digest, program_file *f, iscc_error *error) {
  unsigned char bytes[65536];
  FILE *file = fopen(f->path, "rb");
  if (!file || fstat(fileno(file), &f->stat)) {
    const int why = errno;
    if (file) fclose(file);
    return iscc_fail(error, ISCC_EIO, "%s: %s", f->path, strerror(why));
  }
  for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;) iscc_digest_bytes(digest, bytes, n);
  const int failed = ferror(file);
  fclose(file);
  return failed ? iscc_fail(error, ISCC_EIO, "%s: cannot be read", f->path) : ISCC_OK;
}

iscc_status iscc_program_version_read(const char *path, iscc_program_version *out, iscc_error *error) {
  iscc_digest digest;
  *out = (iscc_program_version){.files = 0};
  listing l = {.version = out, .failed = !add_file(out, path)};
  iscc_status status = iscc_program_libraries(path, add_library, &l, error);
  if (!status && l.failed) status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  iscc_digest_begin(&digest);
  for (size_t i = 0; !status && i < out->files; i++) status = hash_file(&digest, out->file + i, error);
  iscc_digest_end(&digest, out->sha256);
  return status;
}

void iscc_program_version_free(iscc_program_version *version) {
  for (size_t i = 0; i < version->files; i++) free(version->file[i].path);
  free(version->file);
  *version = (iscc_program_version){.files = 0};
}

static bool same_time(const struct timespec *a, const struct timespec *b) {
  return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

iscc_status iscc_program_version_check(const iscc_program_version *version, iscc_error *error) {
  for (size_t i = 0; i < version->files; i++) {
    const struct stat *was = &version->file[i].stat;
    struct stat is;
    if (stat(version->file[i].path, &is))
      return iscc_fail(error, ISCC_ESTATE, "%s: %s while its runs were going on", version->file[i].path,
                       errno == ENOENT ? "was removed" : strerror(errno));
    if (is.st_ino != was->st_ino || is.st_dev != was->st_dev || is.st_size != was->st_size ||
        !same_time(&is.st_mtim, &was->st_mtim))
      return iscc_fail(error, ISCC_ESTATE, "%s: became another file while its runs were going on",
                       version->file[i].path);
  }
  return ISCC_OK;
}
