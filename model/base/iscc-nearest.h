/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-nearest - which of the names that exist a mistyped one may have meant.
 *
 * Names are compared by a weighted edit distance that ignores case: a letter left out costs 1, one too many or
 * another one 2, since names are shortened more often than they are made up. A part of at least 3 letters is 1 from
 * the whole. */
#ifndef ISCC_NEAREST_H
#define ISCC_NEAREST_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_NEAREST_MAX = 3, ISCC_NEAREST_NAME_MAX = 96 };

/* What has to be done to typed to make it name. Names are cut at ISCC_NEAREST_NAME_MAX - 1 characters. */
int iscc_name_distance(const char *typed, const char *name);

typedef struct { /* the nearest names offered so far, nearest first; start from zeros with typed set */
  const char *typed;
  int count, distance[ISCC_NEAREST_MAX];
  char name[ISCC_NEAREST_MAX][ISCC_NEAREST_NAME_MAX];
} iscc_nearest;

void iscc_nearest_offer(iscc_nearest *nearest, const char *name); /* of equals the first offered is first */

/* Writes "; did you mean A, B or C?": all that are at most 2 farther than the nearest. "" without any. */
const char *iscc_nearest_question(const iscc_nearest *nearest, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
