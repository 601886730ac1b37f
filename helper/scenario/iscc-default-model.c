/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-default-model.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "iscc-data-file.h"

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
  char beside[PATH_MAX], above[PATH_MAX];
  const char *const folders[] = {iscc_data_folder(2, beside, sizeof beside),
                                 iscc_data_folder(3, above, sizeof above), ISCC_SOURCE_MODEL_DIR,
                                 ISCC_INSTALL_MODEL_DIR};
  return iscc_default_model_find(folders, sizeof folders / sizeof *folders, path, size, error);
}
