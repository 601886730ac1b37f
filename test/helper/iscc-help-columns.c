/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-help-columns.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_COLUMN = 29, WIDTH = 79 };

/* "  --name=VALUE  text": the option has no blank, "-o, --output=FILE" but one after the comma. */
static bool is_misplaced(const char *line, size_t length) {
  if (length > WIDTH) return true;
  size_t end = strspn(line, " ");
  if (end == 0 || end >= TEXT_COLUMN || line[end] != '-') return false;
  while (end < length && (line[end] != ' ' || line[end - 1] == ',')) end++;
  const size_t text = end + strspn(line + end, " ");
  return text < length && text != TEXT_COLUMN;
}

const char *iscc_help_misplaced(const char *help) {
  static char found[256];
  for (const char *line = help; *line;) {
    const size_t length = strcspn(line, "\n");
    if (is_misplaced(line, length)) {
      snprintf(found, sizeof found, "%.*s", (int)length, line);
      return found;
    }
    line += length + (line[length] == '\n');
  }
  return NULL;
}
