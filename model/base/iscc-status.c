/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-status.h"

#include <stdarg.h>
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

iscc_status iscc_fail(iscc_error *error, iscc_status status, const char *format, ...) {
  if (error) {
    va_list args;
    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
  }
  return status;
}
