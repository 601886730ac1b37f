/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-scheme.h"

#include <string.h>

static const struct {
  const char *name;
  iscc_scheme_decide *decide;
} schemes[] = {
    {"joint", iscc_joint_decide},
};

enum { SCHEMES = sizeof schemes / sizeof *schemes };

const char *iscc_scheme_name(size_t index) {
  return index < SCHEMES ? schemes[index].name : NULL;
}

iscc_scheme_decide *iscc_scheme_find(const char *name) {
  for (size_t i = 0; i < SCHEMES; i++)
    if (strcmp(schemes[i].name, name) == 0) return schemes[i].decide;
  return NULL;
}
