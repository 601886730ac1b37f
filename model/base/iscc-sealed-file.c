/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-sealed-file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-digest.h"

enum { PATH_TEXT_MAX = 4096 };

static iscc_status refuse(const char *path, const char *what, iscc_error *error) {
  return iscc_fail(error, ISCC_EIO, "%s: cannot %s: %s", path, what, strerror(errno));
}

static void seal_of(const iscc_file_part *parts, int n_parts, char seal[ISCC_DIGEST_TEXT]) {
  iscc_digest digest;
  iscc_digest_begin(&digest);
  for (int i = 0; i < n_parts; i++) iscc_digest_bytes(&digest, parts[i].bytes, parts[i].n);
  iscc_digest_end(&digest, seal);
}

static bool write_parts(FILE *file, const iscc_file_part *parts, int n_parts) {
  char seal[ISCC_DIGEST_TEXT];
  seal_of(parts, n_parts, seal);
  bool fine = true;
  for (int i = 0; i < n_parts && fine; i++) fine = fwrite(parts[i].bytes, 1, parts[i].n, file) == parts[i].n;
  return fine && fwrite(seal, 1, sizeof seal, file) == sizeof seal;
}

iscc_status iscc_sealed_file_write(const char *path, const iscc_file_part *parts, int n_parts,
                                   iscc_error *error) {
  char beside[PATH_TEXT_MAX];
  if (snprintf(beside, sizeof beside, "%s.XXXXXX", path) >= (int)sizeof beside)
    return iscc_fail(error, ISCC_EINVAL, "%s: path longer than %d", path, PATH_TEXT_MAX - 8);
  const int descriptor = mkstemp(beside);
  if (descriptor < 0) return refuse(path, "create a file beside it", error);
  FILE *file = fdopen(descriptor, "wb");
  if (!file) {
    close(descriptor);
    unlink(beside);
    return refuse(path, "open", error);
  }
  const bool written = write_parts(file, parts, n_parts);
  if ((fclose(file) != 0) | !written || rename(beside, path) != 0) {
    const iscc_status status = refuse(path, "write", error);
    unlink(beside);
    return status;
  }
  return ISCC_OK;
}

bool iscc_sealed_file_read(const char *path, const iscc_file_part *parts, int n_parts) {
  FILE *file = fopen(path, "rb");
  if (!file) return false;
  bool fine = true;
  for (int i = 0; i < n_parts && fine; i++) fine = fread(parts[i].bytes, 1, parts[i].n, file) == parts[i].n;
  char found[ISCC_DIGEST_TEXT], wanted[ISCC_DIGEST_TEXT];
  fine = fine && fread(found, 1, sizeof found, file) == sizeof found && fgetc(file) == EOF;
  fclose(file);
  if (!fine) return false;
  seal_of(parts, n_parts, wanted);
  return memcmp(found, wanted, sizeof wanted) == 0;
}

iscc_status iscc_directory_make(const char *path, iscc_error *error) {
  char partial[PATH_TEXT_MAX];
  if (snprintf(partial, sizeof partial, "%s", path) >= (int)sizeof partial || !*path)
    return iscc_fail(error, ISCC_EINVAL, "'%s' is no name of a directory", path);
  for (char *slash = partial + 1;; slash++) {
    if (*slash != '/' && *slash != '\0') continue;
    const char here = *slash;
    *slash = '\0';
    if (mkdir(partial, 0777) != 0 && errno != EEXIST) return refuse(partial, "make the directory", error);
    if (here == '\0') break;
    *slash = here;
  }
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
    return iscc_fail(error, ISCC_EIO, "%s: not a directory", path);
  return ISCC_OK;
}
