/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-default-model.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* share/iscc of the prefix that this program was installed below; false when that cannot be told. */
static bool beside_program(char *folder, size_t size) {
  char program[PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
  if (n <= 0) return false;
  program[n] = '\0';
  for (int up = 0; up < 2; up++) { /* PREFIX/bin/program -> PREFIX */
    char *slash = strrchr(program, '/');
    if (!slash) return false;
    *slash = '\0';
  }
  return snprintf(folder, size, "%s/share/iscc", program) < (int)size;
}

iscc_status iscc_default_model_find(const char *const *folders, size_t count, char *path, size_t size,
                                    iscc_error *error) {
  char looked_into[ISCC_ERROR_TEXT_MAX] = "";
  for (size_t i = 0; i < count; i++) {
    if (!folders[i]) continue;
    const int n = snprintf(path, size, "%s/" ISCC_DEFAULT_MODEL_NAME, folders[i]);
    if (n > 0 && (size_t)n < size && access(path, R_OK) == 0) return ISCC_OK;
    const size_t used = strlen(looked_into);
    snprintf(looked_into + used, sizeof looked_into - used, "%s%s", used ? ", " : "", folders[i]);
  }
  if (size > 0) path[0] = '\0';
  return iscc_fail(error, ISCC_EIO,
                   "no default model (" ISCC_DEFAULT_MODEL_NAME
                   "): name one with --model or train one with 'iscc "
                   "train'; looked in %s",
                   looked_into);
}

iscc_status iscc_default_model_path(char *path, size_t size, iscc_error *error) {
  char installed[PATH_MAX];
  const char *const folders[] = {beside_program(installed, sizeof installed) ? installed : NULL,
                                 ISCC_SOURCE_MODEL_DIR, ISCC_INSTALL_MODEL_DIR};
  return iscc_default_model_find(folders, sizeof folders / sizeof *folders, path, size, error);
}
