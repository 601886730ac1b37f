/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-program-hash.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "iscc-program-libraries.h"

static iscc_status add_file(iscc_digest *digest, const char *path, iscc_error *error) {
  unsigned char bytes[65536];
  FILE *file = fopen(path, "rb");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: %s", path, strerror(errno));
  for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;) iscc_digest_bytes(digest, bytes, n);
  const int failed = ferror(file);
  fclose(file);
  return failed ? iscc_fail(error, ISCC_EIO, "%s: cannot be read", path) : ISCC_OK;
}

typedef struct {
  iscc_digest digest;
  iscc_status status;
  iscc_error *error;
} hashing;

static void add_library(void *ctx, const char *path) {
  hashing *h = ctx;
  const bool of_system = strncmp(path, "/usr/lib/", 9) == 0 || strncmp(path, "/lib/", 5) == 0;
  if (!h->status && !of_system) h->status = add_file(&h->digest, path, h->error);
}

iscc_status iscc_program_hash(const char *path, char sha256[ISCC_DIGEST_TEXT], iscc_error *error) {
  hashing h = {.error = error};
  iscc_digest_begin(&h.digest);
  h.status = add_file(&h.digest, path, error);
  const iscc_status listed = h.status ? h.status : iscc_program_libraries(path, add_library, &h, error);
  iscc_digest_end(&h.digest, sha256);
  return h.status ? h.status : listed;
}
