/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-safe-text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the well-formed UTF-8 character at text, of at most that many; 0: there is none. */
static size_t character(const unsigned char *text, size_t bytes, uint32_t *code) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const size_t length = text[0] < 0x80             ? 1
                        : (text[0] & 0xe0) == 0xc0 ? 2
                        : (text[0] & 0xf0) == 0xe0 ? 3
                        : (text[0] & 0xf8) == 0xf0 ? 4
                                                   : 0;
  if (length == 0 || length > bytes) return 0;
  *code = length == 1 ? text[0] : text[0] & (0x7fu >> length);
  for (size_t i = 1; i < length; i++) {
    if ((text[i] & 0xc0) != 0x80) return 0;
    *code = *code << 6 | (text[i] & 0x3fu);
  }
  const bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
  return *code < least[length] || *code > 0x10ffff || surrogate ? 0 : length;
}

static bool is_obeyed(uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
         (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

/* What stands for the next character; its bytes in *used, the columns of piece in *wide. */
static void piece_of(const unsigned char *text, size_t bytes, char piece[20], size_t *used, size_t *wide) {
  uint32_t code = 0;
  const size_t length = character(text, bytes, &code);
  *used = length ? length : 1;
  if (length && !is_obeyed(code)) {
    memcpy(piece, text, length);
    piece[length] = '\0';
    *wide = 1;
    return;
  }
  if (length && (code == '\n' || code == '\t'))
    strcpy(piece, code == '\n' ? "\\n" : "\\t");
  else
    for (size_t i = 0; i < *used; i++) snprintf(piece + 4 * i, 5, "\\x%02x", text[i]);
  *wide = strlen(piece);
}

size_t iscc_safe_text(const char *text, size_t bytes, size_t cut, char *out, size_t size) {
  static const char dots[] = "...";
  size_t at = 0, columns = 0, room_at = 0, room_columns = 0; /* room_: the last place where dots fit */
  for (size_t i = 0, used, wide; i < bytes; i += used, columns += wide) {
    char piece[20];
    piece_of((const unsigned char *)text + i, bytes - i, piece, &used, &wide);
    if (at + strlen(dots) < size && (!cut || columns + strlen(dots) <= cut))
      room_at = at, room_columns = columns;
    if (at + strlen(piece) >= size || (cut && columns + wide > cut)) {
      strcpy(out + room_at, dots);
      return room_columns + strlen(dots);
    }
    strcpy(out + at, piece);
    at += strlen(piece);
  }
  out[at] = '\0';
  return columns;
}
