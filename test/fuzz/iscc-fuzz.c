/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void iscc_fuzz_require(int holds, const char *what, const char *file, int line) {
  if (holds) return;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

const char *iscc_fuzz_file(const void *bytes, size_t count) {
  static char path[32];
  static int descriptor = -1;
  if (descriptor < 0) {
    descriptor = memfd_create("iscc-fuzz", MFD_CLOEXEC);
    ISCC_FUZZ_REQUIRE(descriptor >= 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  }
  ISCC_FUZZ_REQUIRE(ftruncate(descriptor, 0) == 0);
  ISCC_FUZZ_REQUIRE(pwrite(descriptor, bytes, count, 0) == (ssize_t)count);
  return path;
}

char *iscc_fuzz_text(const uint8_t *bytes, size_t count) {
  char *text = malloc(count + 1);
  ISCC_FUZZ_REQUIRE(text);
  memcpy(text, bytes, count);
  text[count] = '\0';
  return text;
}

int iscc_fuzz_accepted(iscc_status status, const iscc_error *error) {
  if (status == ISCC_OK) return 1;
  json_t *utf8 = json_string(error->text);
  ISCC_FUZZ_REQUIRE(error->text[0] && utf8);
  json_decref(utf8);
  for (const char *c = error->text; *c; c++) {
    const unsigned char byte = (unsigned char)*c;
    ISCC_FUZZ_REQUIRE(byte >= ' ' && byte != 0x7f);
  }
  return 0;
}
