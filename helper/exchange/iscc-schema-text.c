/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-schema-text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-schema.h"

static const char *end_of_line(const char *line) {
  return line + strcspn(line, "\n");
}

static const char *next_line(const char *line) {
  const char *end = end_of_line(line);
  return *end ? end + 1 : end;
}

/* Whether a line begins with these words, whole ones. */
static bool begins(const char *line, const char *before, const char *name) {
  const size_t length = strlen(before), more = strlen(name);
  return strncmp(line, before, length) == 0 && strncmp(line + length, name, more) == 0 &&
         strchr(" (\n", line[length + more]);
}

/* What stands behind "-- " in the line. */
static char *remark(const char *line) {
  const char *end = end_of_line(line), *dashes = strstr(line, "-- ");
  return dashes && dashes < end ? strndup(dashes + 3, (size_t)(end - dashes - 3)) : NULL;
}

static const char *find(const char *before, const char *name) {
  for (const char *line = iscc_schema_sql; *line; line = next_line(line))
    if (begins(line, before, name)) return line;
  return NULL;
}

/* The remarks from the one line to the other as one. */
static char *join(const char *first, const char *end) {
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);
  if (!out) return NULL;
  for (const char *line = first; line < end; line = next_line(line)) {
    const char *stop = end_of_line(line);
    fprintf(out, "%s%.*s", line == first ? "" : " ", (int)(stop - line - 3), line + 3);
  }
  if (fclose(out) == 0) return text;
  free(text);
  return NULL;
}

static char *above_view(const char *view) {
  const char *first = NULL;
  for (const char *line = iscc_schema_sql; line < view; line = next_line(line)) {
    if (strncmp(line, "-- ", 3) != 0)
      first = NULL;
    else if (!first)
      first = line;
  }
  return first ? join(first, view) : NULL;
}

char *iscc_schema_text_of(const char *name) {
  const char *table = find("CREATE TABLE ", name), *view = find("CREATE VIEW ", name);
  if (table) return remark(table);
  return view ? above_view(view) : NULL;
}

char *iscc_schema_text_of_column(const char *table, const char *column) {
  const char *line = find("CREATE TABLE ", table);
  while (line && *line && *line != ')') {
    line = next_line(line);
    if (begins(line, "  ", column)) return remark(line);
  }
  return NULL;
}
