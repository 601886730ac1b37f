/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-value-lines - results that a program prints: lines NAME=VALUE.
 *
 * NAME: a letter, then letters, digits, '_', '.' and '-' (ASCII). VALUE: a finite number as strtod() reads it. Blanks around both are
 * skipped; other lines are not looked at. Each line, the last too, ends with a newline. */
#ifndef ISCC_VALUE_LINES_H
#define ISCC_VALUE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_VALUE_NAME_MAX = 64 };

typedef struct {
  char name[ISCC_VALUE_NAME_MAX];
  double value;
} iscc_value;

bool iscc_value_name_is_valid(const char *text);

/* All of a file. ISCC_EFORMAT: a name twice, one too long, a value that is not finite, or a last line without newline; the text
 * says LINE. ISCC_EIO. Free *values with free(). */
iscc_status iscc_value_lines_read(const char *path, iscc_value **values, size_t *count, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
