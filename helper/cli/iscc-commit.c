/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-commit.h"

#ifndef ISCC_COMMIT /* the build's to say */
#define ISCC_COMMIT "unknown"
#endif

const char *iscc_commit(void) {
  return ISCC_COMMIT;
}
