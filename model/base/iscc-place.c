/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-place.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

iscc_status iscc_place_of_code(char *path, size_t size, iscc_error *error) {
  Dl_info info;
  struct link_map *map = NULL;
  char real[PATH_MAX];
  static const char here; /* not a function: its address may be that of the jump to it in the program */
  const char *name = "/proc/self/exe";
  if (dladdr1(&here, &info, (void **)&map, RTLD_DL_LINKMAP) && map && map->l_name[0]) name = map->l_name;
  if (!realpath(name, real))
    return iscc_fail(error, ISCC_EIO, "place of the library: %s: %s", name, strerror(errno));
  if (snprintf(path, size, "%s", real) >= (int)size)
    return iscc_fail(error, ISCC_EIO, "place of the library: %s is longer than %zu characters", real, size);
  return ISCC_OK;
}

size_t iscc_place_above(char *path, int levels) {
  size_t n = strlen(path);
  for (; levels > 0 && n > 1; levels--) {
    while (n > 1 && path[n - 1] != '/') n--;
    if (n > 1) n--;
  }
  path[n] = '\0';
  return n;
}
