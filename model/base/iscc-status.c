/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

const char *iscc_status_text(iscc_status status) {
  switch (status) {
#define ISCC_STATUS_CASE(name, code, text)                                                                   \
  case ISCC_##name:                                                                                          \
    return text;
    ISCC_STATUS_MAP(ISCC_STATUS_CASE)
#undef ISCC_STATUS_CASE
  }
  return "unknown status";
}

/* Bytes of the UTF-8 character that begins here; 0: none does, or it is a control character. */
static int character_bytes(const unsigned char *c) {
  if (*c < 0x80) return *c >= ' ' && *c != 0x7f;
  const int bytes = *c >= 0xf0 ? 4 : *c >= 0xe0 ? 3 : 2;
  if (*c < 0xc2 || *c > 0xf4) return 0;
  for (int i = 1; i < bytes; i++)
    if ((c[i] & 0xc0) != 0x80) return 0;
  const bool control = *c == 0xc2 && c[1] < 0xa0, surrogate = *c == 0xed && c[1] >= 0xa0,
             overlong = (*c == 0xe0 && c[1] < 0xa0) || (*c == 0xf0 && c[1] < 0x90),
             beyond = *c == 0xf4 && c[1] >= 0x90;
  return control || surrogate || overlong || beyond ? 0 : bytes;
}

/* What a file gave may hold anything, and a text that was cut a part of a character. */
static void make_line(char *text) {
  for (unsigned char *c = (unsigned char *)text; *c;) {
    const int bytes = character_bytes(c);
    if (!bytes) *c = '?';
    c += bytes ? bytes : 1;
  }
}

iscc_status iscc_fail(iscc_error *error, iscc_status status, const char *format, ...) {
  if (error) {
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    make_line(error->text);
  }
  return status;
}
