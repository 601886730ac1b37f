/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-safe-output.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-safe-text.h"

enum { ESCAPED_MAX = 4 }; /* bytes of \xNN */

typedef struct {
  FILE *out;
  char *line, *safe;
  size_t used, room;
} filter;

static bool has_room(filter *f, size_t bytes) {
  if (bytes <= f->room) return true;
  const size_t room = 2 * bytes;
  char *line = realloc(f->line, room);
  if (line) f->line = line;
  char *safe = realloc(f->safe, ESCAPED_MAX * room + 1);
  if (safe) f->safe = safe;
  if (line && safe) f->room = room;
  return line && safe;
}

static ssize_t take(void *cookie, const char *text, size_t bytes) {
  filter *f = cookie;
  if (!has_room(f, f->used + bytes)) return 0;
  memcpy(f->line + f->used, text, bytes);
  f->used += bytes;
  size_t begin = 0;
  for (const char *end; (end = memchr(f->line + begin, '\n', f->used - begin));) {
    const size_t length = (size_t)(end - f->line) - begin;
    iscc_safe_text(f->line + begin, length, 0, f->safe, ESCAPED_MAX * f->room + 1);
    if (fprintf(f->out, "%s\n", f->safe) < 0) return 0;
    begin += length + 1;
  }
  f->used -= begin;
  memmove(f->line, f->line + begin, f->used);
  return fflush(f->out) == 0 ? (ssize_t)bytes : 0;
}

iscc_status iscc_safe_output(iscc_error *error) {
  static filter one; /* as there is one stdout */
  if (one.out) return ISCC_OK;
  one.out = stdout;
  FILE *stream =
      has_room(&one, BUFSIZ) ? fopencookie(&one, "w", (cookie_io_functions_t){.write = take}) : NULL;
  if (!stream) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  stdout = stream;
  return ISCC_OK;
}
