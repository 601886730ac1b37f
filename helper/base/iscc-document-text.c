/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-document-text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void iscc_html_text(const char *text, bool keep_lines, FILE *out) {
  for (; text && *text; text++) {
    switch (*text) {
    case '&':
      fputs("&amp;", out);
      break;
    case '<':
      fputs("&lt;", out);
      break;
    case '>':
      fputs("&gt;", out);
      break;
    case '"':
      fputs("&quot;", out);
      break;
    case '\'':
      fputs("&#39;", out);
      break;
    default:
      fputc(iscntrl((unsigned char)*text) && !(keep_lines && *text == '\n') ? ' ' : *text, out);
    }
  }
}

/* Escapes what would begin a list, a heading or a rule where a line begins: "3. x", "- x", "+ x", "#", "---".
 * A number such as -3.5 stays as it is. */
static const char *write_line_start(const char *text, FILE *out) {
  const size_t digits = strspn(text, "0123456789");
  const char *mark = text + digits;
  const bool numbered = digits > 0 && (*mark == '.' || *mark == ')'),
             bullet = !digits && (*mark == '-' || *mark == '+');
  const bool ends =
      *mark && (mark[1] == '\0' || isspace((unsigned char)mark[1]) || (bullet && mark[1] == *mark));
  if (!(*text == '#' || ((numbered || bullet) && ends))) return text;
  fprintf(out, "%.*s\\%c", (int)digits, text, *mark);
  return mark + 1;
}

/* An underscore within a word is no markup, and names such as max_latency read better without backslashes. */
static bool is_markup(const char *start, const char *at) {
  if (*at == '_') return at == start || !isalnum((unsigned char)at[-1]) || !isalnum((unsigned char)at[1]);
  return strchr("\\`*[]<>|~&$", *at) != NULL;
}

void iscc_markdown_text(const char *text, FILE *out) {
  if (!text) return;
  while (isspace((unsigned char)*text)) text++; /* four blanks would begin code */
  const char *start = text;
  for (text = write_line_start(text, out); *text; text++) {
    if (is_markup(start, text)) fputc('\\', out);
    fputc(iscntrl((unsigned char)*text) ? ' ' : *text, out);
  }
}

/* ---- links ---- */

static void write_encoded(const char *path, FILE *out) {
  for (; *path; path++)
    if (isalnum((unsigned char)*path) || strchr("/-_.~", *path))
      fputc(*path, out);
    else
      fprintf(out, "%%%02X", (unsigned)(unsigned char)*path);
}

/* The folder of a file that may not exist yet, without links and with a slash at its end; NULL with errno. */
static char *real_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
  char *real = folder ? realpath(folder, NULL) : NULL, *ended = NULL;
  if (real && asprintf(&ended, "%s%s", real, real[1] ? "/" : "") < 0) ended = NULL;
  free(folder);
  free(real);
  return ended;
}

iscc_status iscc_link_target(const char *from, const char *path, FILE *out, iscc_error *error) {
  char *here = real_folder(from), *there = here ? real_folder(path) : NULL;
  const bool found = there && access(path, F_OK) == 0;
  const int reason = errno;
  if (found) {
    size_t shared = 0; /* bytes, up to and with a slash */
    for (size_t i = 0; here[i] && here[i] == there[i]; i++)
      if (here[i] == '/') shared = i + 1;
    for (const char *c = here + shared; *c; c++)
      if (*c == '/') fputs("../", out);
    const char *slash = strrchr(path, '/');
    write_encoded(there + shared, out);
    write_encoded(slash ? slash + 1 : path, out);
  }
  const char *lacking = here ? path : from;
  free(here);
  free(there);
  return found ? ISCC_OK : iscc_fail(error, ISCC_EIO, "%s: cannot be linked: %s", lacking, strerror(reason));
}

/* ---- base64 ---- */

iscc_status iscc_base64_file(const char *path, FILE *out, iscc_error *error) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  FILE *in = fopen(path, "rb");
  if (!in) return iscc_fail(error, ISCC_EIO, "%s: cannot be read: %s", path, strerror(errno));
  unsigned char b[3] = {0};
  size_t n;
  errno = 0;
  while ((n = fread(b, 1, 3, in)) > 0) {
    const char four[] = {digits[b[0] >> 2], digits[(b[0] & 3) << 4 | b[1] >> 4],
                         n > 1 ? digits[(b[1] & 15) << 2 | b[2] >> 6] : '=', n > 2 ? digits[b[2] & 63] : '='};
    fwrite(four, 1, 4, out);
    memset(b, 0, sizeof b);
  }
  const int failed = ferror(in) ? (errno ? errno : EIO) : 0;
  fclose(in);
  return failed ? iscc_fail(error, ISCC_EIO, "%s: cannot be read: %s", path, strerror(failed)) : ISCC_OK;
}
