/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "iscc-safe-text.h"

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

iscc_status iscc_fail(iscc_error *error, iscc_status status, const char *format, ...) {
  if (error) {
    char text[sizeof error->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    iscc_safe_text(text, strlen(text), 0, error->text, sizeof error->text);
  }
  return status;
}
