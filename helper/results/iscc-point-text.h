/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-point-text - points of a grid in tables: which of their options differ, and in which order they come.
 *
 * A point is its arguments as the database holds them: a JSON object of texts. Reentrant. */
#ifndef ISCC_POINT_TEXT_H
#define ISCC_POINT_TEXT_H

#include <jansson.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_POINT_TEXT_MAX = 256 };

/* Adds to differ (a json_object()) the options that are not the same in a and b. */
void iscc_point_differ(json_t *differ, const char *a, const char *b);

/* "NAME=VALUE NAME=VALUE" of the options in differ, cut at the end of text. */
void iscc_point_describe(const json_t *differ, const char *arguments, char text[ISCC_POINT_TEXT_MAX]);

/* As strcmp, but numbers by their size. */
int iscc_point_value_order(const char *a, const char *b);

/* As strcmp: by option after option in order of name; numbers by their size. */
int iscc_point_order(const char *a, const char *b);

#ifdef __cplusplus
}
#endif
#endif
