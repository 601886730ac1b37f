/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-data-file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "iscc-place.h"

const char *iscc_data_folder(int levels, char *folder, size_t size) {
  if (iscc_place_of_code(folder, size, NULL)) return NULL;
  const size_t n = iscc_place_above(folder, levels);
  return snprintf(folder + n, size - n, "/share/iscc") < (int)(size - n) ? folder : NULL;
}

iscc_status iscc_data_file(const char *name, char *path, size_t size, iscc_error *error) {
  char beside[PATH_MAX], above[PATH_MAX];
  const char *const folders[] = {iscc_data_folder(2, beside, sizeof beside),
                                 iscc_data_folder(3, above, sizeof above), ISCC_SOURCE_EXAMPLES_DIR,
                                 ISCC_INSTALL_MODEL_DIR};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    if (!folders[i]) continue;
    const int n = snprintf(path, size, "%s/%s", folders[i], name);
    if (n > 0 && (size_t)n < size && access(path, R_OK) == 0) return ISCC_OK;
  }
  return iscc_fail(error, ISCC_EIO, "no file %s in %s or %s", name, folders[2], folders[3]);
}
