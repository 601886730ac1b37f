/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-program-hash.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

iscc_status iscc_program_hash(const char *path, char sha256[ISCC_DIGEST_TEXT], iscc_error *error) {
  unsigned char bytes[65536];
  iscc_digest digest;
  FILE *file = fopen(path, "rb");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: %s", path, strerror(errno));
  iscc_digest_begin(&digest);
  for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;) iscc_digest_bytes(&digest, bytes, n);
  iscc_digest_end(&digest, sha256);
  const int failed = ferror(file);
  fclose(file);
  return failed ? iscc_fail(error, ISCC_EIO, "%s: cannot be read", path) : ISCC_OK;
}
