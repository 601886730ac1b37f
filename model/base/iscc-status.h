/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-status - what a call reports, and the one line that says why.
 *
 * Every fallible function returns an iscc_status and takes an optional iscc_error (NULL: text not wanted).
 * On failure the error holds one line naming what was wrong, where, and the allowed range; on success it is
 * untouched. Library code never prints and never exits: programs turn an error into one line on stderr.
 * A create that fails leaves its out parameter NULL and nothing to free. */
#ifndef ISCC_STATUS_H
#define ISCC_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_STATUS_MAP(X)                                                                                   \
  X(OK, 0, "ok")                                                                                             \
  X(EINVAL, -1, "argument out of its documented range")                                                      \
  X(ENOMEM, -2, "out of memory")                                                                             \
  X(EIO, -3, "file or device error")                                                                         \
  X(EFORMAT, -4, "file content is not of the expected form")                                                 \
  X(ENOCONV, -5, "iteration limit reached")                                                                  \
  X(ESTATE, -6, "call not allowed in this state")                                                            \
  X(EINTR, -7, "interrupted by the user")                                                                    \
  X(ELIBRARY, -8, "a library this project builds on failed")

typedef enum {
#define ISCC_STATUS_ENUM(name, code, text) ISCC_##name = (code),
  ISCC_STATUS_MAP(ISCC_STATUS_ENUM)
#undef ISCC_STATUS_ENUM
} iscc_status;

enum { ISCC_ERROR_TEXT_MAX = 512 };

typedef struct {
  /* One line of UTF-8, no newline at its end; cut when longer. What a file gave to it is made fit for a terminal, and for
   * JSON, as iscc-safe-text.h says. */
  char text[ISCC_ERROR_TEXT_MAX];
} iscc_error;

/* The general meaning of a status; never NULL. */
const char *iscc_status_text(iscc_status status);

#if defined(__GNUC__)
#define ISCC_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))
#else
#define ISCC_PRINTF(format_index, first_index)
#endif

/* Writes the text into error (unless NULL) and returns status, so that
 *   return iscc_fail(error, ISCC_EINVAL, "power_w: %g is not > 0", power_w);
 * is one statement. */
iscc_status iscc_fail(iscc_error *error, iscc_status status, const char *format, ...) ISCC_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif
#endif
