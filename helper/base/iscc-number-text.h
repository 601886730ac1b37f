/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-number-text - one text for a number, however it is written.
 *
 * A plain decimal number has digits, at most a sign, a point and an exponent: 0.80, 020, 5., 1e-1. Everything else (0x10, 1_000,
 * 1.2.3, nan, " 5", 1e999) is a text. Reentrant; the locale's decimal point must be '.'. */
#ifndef ISCC_NUMBER_TEXT_H
#define ISCC_NUMBER_TEXT_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_NUMBER_TEXT_MAX = 32 };

/* Writes the shortest text of a plain decimal number that gives the same double (0.8, 1e-7); of a whole number its digits, up to
 * 20 of them (20, 1000000 of 1e6). false: text is no such number, or one of more digits; it stays as it is. */
bool iscc_number_text(const char *text, char shortest[ISCC_NUMBER_TEXT_MAX]);

/* Whether two texts are equal, or plain decimal numbers that are. */
bool iscc_number_text_equal(const char *a, const char *b);

#ifdef __cplusplus
}
#endif
#endif
