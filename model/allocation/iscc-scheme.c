/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-scheme.h"

#include <string.h>

static const struct {
  const char *name;
  iscc_scheme_decide *decide;
} schemes[] = {
    {"joint", iscc_joint_decide},
    {"alternating", iscc_alternating_decide},
    {"on-server", iscc_on_server_decide},
    {"on-device", iscc_on_device_decide},
    {"no-pruning", iscc_no_pruning_decide},
    {"pca", iscc_pca_decide},
    {"jcc", iscc_jcc_decide},
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
