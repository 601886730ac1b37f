/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-safe-text - text of strangers, fit for a terminal.
 *
 * Control characters (C0, C1, DEL), marks that turn the direction of writing, and bytes that are no UTF-8 become \xNN for each
 * byte; a newline \n, a tab \t. All else stays. */
#ifndef ISCC_SAFE_TEXT_H
#define ISCC_SAFE_TEXT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes at most size - 1 bytes and ends them with 0, never within a character or an escape; returns the columns they take on a
 * terminal, each character one. cut: columns after which the text is ended with "..." (0: nowhere). size >= 4. */
size_t iscc_safe_text(const char *text, size_t bytes, size_t cut, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
