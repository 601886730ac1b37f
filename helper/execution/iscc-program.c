/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-program.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-place.h"

/* An ns-3 tree calls its programs ns3.48-NAME-default; its build defines what stands before and after NAME. */
#ifndef ISCC_PROGRAM_PREFIX
#define ISCC_PROGRAM_PREFIX ""
#define ISCC_PROGRAM_SUFFIX ""
#endif

/* folder: with its slash, or empty for the present one. */
static bool try_path(const char *folder, size_t length, const char *name, char *path, size_t size) {
  struct stat is;
  const int n = snprintf(path, size, "%.*s%s", (int)length, folder, name);
  return n > 0 && (size_t)n < size && stat(path, &is) == 0 && S_ISREG(is.st_mode) && access(path, X_OK) == 0;
}

static iscc_status find_from(const char *name, const char *from, char *path, size_t size, iscc_error *error) {
  const char *slash = strrchr(from, '/');
  const size_t length = slash && name[0] != '/' ? (size_t)(slash - from) + 1 : 0;
  if (try_path(from, length, name, path, size)) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL,
                   "program: '%s' is not a file that can be executed (looked for from the folder of %s)",
                   name, from);
}

/* As it is named, or as the build names programs. */
static bool try_built(const char *folder, const char *name, char *path, size_t size) {
  char built[NAME_MAX + 1];
  const int n = snprintf(built, sizeof built, ISCC_PROGRAM_PREFIX "%s" ISCC_PROGRAM_SUFFIX, name);
  return try_path(folder, strlen(folder), name, path, size) ||
         (n < (int)sizeof built && try_path(folder, strlen(folder), built, path, size));
}

iscc_status iscc_program_find(const char *name, const char *from, char *path, size_t size,
                              iscc_error *error) {
  char beside[PATH_MAX], folder[PATH_MAX + 16];
  if (strchr(name, '/')) return find_from(name, from, path, size, error);
  if (!realpath("/proc/self/exe", beside)) beside[0] = '\0';
  iscc_place_above(beside, 1);
  snprintf(folder, sizeof folder, "%s/", beside);
  if (try_built(folder, name, path, size)) return ISCC_OK;
  snprintf(folder, sizeof folder, "%s/examples/", beside);
  if (try_built(folder, name, path, size)) return ISCC_OK;
  for (const char *next = getenv("PATH"); next && *next;) {
    const size_t length = strcspn(next, ":");
    snprintf(folder, sizeof folder, "%.*s/", (int)length, next);
    if (length && try_path(folder, strlen(folder), name, path, size)) return ISCC_OK;
    next += length + (next[length] == ':');
  }
  return iscc_fail(error, ISCC_EINVAL,
                   "program: '%s' is not found in %s, its folder examples or PATH; a path has a '/'", name,
                   beside);
}

bool iscc_program_is_named(const char *path, const char *name) {
  char built[NAME_MAX + 1];
  const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
  const int n = snprintf(built, sizeof built, ISCC_PROGRAM_PREFIX "%s" ISCC_PROGRAM_SUFFIX, name);
  return strcmp(file, name) == 0 || (n < (int)sizeof built && strcmp(file, built) == 0);
}
