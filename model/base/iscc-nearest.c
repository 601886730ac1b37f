/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-nearest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LEFT_OUT = 1, TOO_MANY = 2, ANOTHER = 2, PART = 1, SPREAD = 2, PART_MIN = 3 };

static int least(int a, int b) {
  return a < b ? a : b;
}

int iscc_name_distance(const char *typed, const char *name) {
  const int length = (int)strnlen(name, ISCC_NEAREST_NAME_MAX - 1);
  const int rows = (int)strnlen(typed, ISCC_NEAREST_NAME_MAX - 1);
  if (rows >= PART_MIN && rows < length && strcasestr(name, typed)) return PART;
  int cost[ISCC_NEAREST_NAME_MAX]; /* of the first i letters typed and the first j of the name */
  for (int j = 0; j <= length; j++) cost[j] = j * LEFT_OUT;
  for (int i = 1; i <= rows; i++) {
    int diagonal = cost[0];
    cost[0] += TOO_MANY;
    for (int j = 1; j <= length; j++) {
      const int same = tolower((unsigned char)typed[i - 1]) == tolower((unsigned char)name[j - 1]);
      const int replaced = diagonal + (same ? 0 : ANOTHER);
      diagonal = cost[j];
      cost[j] = least(replaced, least(cost[j] + TOO_MANY, cost[j - 1] + LEFT_OUT));
    }
  }
  return cost[length];
}

void iscc_nearest_offer(iscc_nearest *n, const char *name) {
  const int distance = iscc_name_distance(n->typed, name);
  int at = n->count;
  while (at > 0 && n->distance[at - 1] > distance) at--;
  if (at == ISCC_NEAREST_MAX) return;
  if (n->count < ISCC_NEAREST_MAX) n->count++;
  for (int i = n->count - 1; i > at; i--) {
    n->distance[i] = n->distance[i - 1];
    memcpy(n->name[i], n->name[i - 1], sizeof n->name[i]);
  }
  n->distance[at] = distance;
  snprintf(n->name[at], sizeof n->name[at], "%s", name);
}

const char *iscc_nearest_question(const iscc_nearest *n, char *text, size_t size) {
  int shown = 0;
  size_t used = 0;
  text[0] = '\0';
  while (shown < n->count && n->distance[shown] <= n->distance[0] + SPREAD) shown++;
  for (int i = 0; i < shown && used < size; i++) {
    const char *before = i == 0 ? "; did you mean " : i == shown - 1 ? " or " : ", ";
    used +=
        (size_t)snprintf(text + used, size - used, "%s%s%s", before, n->name[i], i == shown - 1 ? "?" : "");
  }
  return text;
}
