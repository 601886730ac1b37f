/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-value-lines.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool iscc_value_name_is_valid(const char *text) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                    others[] = "0123456789_.-";
  if (!*text || !strchr(letters, *text)) return false;
  while (*text && (strchr(letters, *text) || strchr(others, *text))) text++;
  return !*text;
}

/* Whether a line is NAME=VALUE, and where its parts are. */
static bool split(char *line, char **name, char **value) {
  char *equals = strchr(line, '=');
  *name = line + strspn(line, " \t");
  if (!equals || equals == *name) return false;
  *value = equals + 1;
  for (char *end = equals; end > *name; end--) {
    *end = '\0';
    if (end[-1] != ' ' && end[-1] != '\t') break;
  }
  return iscc_value_name_is_valid(*name);
}

static bool read_number(const char *text, double *value) {
  char *end;
  *value = strtod(text, &end);
  return end != text && !end[strspn(end, " \t\r\n")];
}

static iscc_status take(char *line, size_t number, iscc_value **values, size_t *count, iscc_error *error) {
  char *name, *text;
  double value;
  if (!split(line, &name, &text) || !read_number(text, &value)) return ISCC_OK;
  if (!isfinite(value)) return iscc_fail(error, ISCC_EFORMAT, "line %zu: %s is not finite", number, name);
  if (strlen(name) >= ISCC_VALUE_NAME_MAX)
    return iscc_fail(error, ISCC_EFORMAT, "line %zu: a name has more than %d characters", number,
                     ISCC_VALUE_NAME_MAX - 1);
  for (size_t i = 0; i < *count; i++)
    if (strcmp((*values)[i].name, name) == 0)
      return iscc_fail(error, ISCC_EFORMAT, "line %zu: %s is there twice", number, name);
  iscc_value *more = realloc(*values, (*count + 1) * sizeof *more);
  if (!more) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  *values = more;
  snprintf(more[*count].name, sizeof more[*count].name, "%s", name);
  more[(*count)++].value = value;
  return ISCC_OK;
}

/* A number that was cut off, on a full disk say, is a number too. */
static iscc_status check_whole(const char *line, ssize_t length, size_t number, iscc_error *error) {
  if (line[length - 1] == '\n') return ISCC_OK;
  return iscc_fail(error, ISCC_EFORMAT,
                   "line %zu: the last line has no newline at its end, it may have been cut off", number);
}

iscc_status iscc_value_lines_read(const char *path, iscc_value **values, size_t *count, iscc_error *error) {
  char *line = NULL;
  size_t size = 0;
  ssize_t length;
  iscc_status status = ISCC_OK;
  *values = NULL;
  *count = 0;
  FILE *file = fopen(path, "r");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: %s", path, strerror(errno));
  for (size_t number = 1; !status && (length = getline(&line, &size, file)) > 0; number++) {
    status = check_whole(line, length, number, error);
    if (!status) status = take(line, number, values, count, error);
  }
  if (!status && ferror(file)) status = iscc_fail(error, ISCC_EIO, "%s: %s", path, strerror(errno));
  free(line);
  fclose(file);
  if (status) {
    free(*values);
    *values = NULL;
    *count = 0;
  }
  return status;
}
