/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-axis-twins.h"

#include <stdlib.h>
#include <string.h>

#include "iscc-number-text.h"

typedef struct {
  const iscc_grid_axis *axis;
  const char **key; /* [option][place]: the one text of the value */
  char *room;       /* of those that are written otherwise in the file */
  size_t *place;
} twins;

static bool allocate(twins *t) {
  const size_t values = t->axis->options * t->axis->length;
  t->key = calloc(values, sizeof *t->key);
  t->room = calloc(values, ISCC_NUMBER_TEXT_MAX);
  t->place = calloc(t->axis->length, sizeof *t->place);
  return t->key && t->room && t->place;
}

static void make_keys(twins *t) {
  char *room = t->room;
  for (size_t o = 0; o < t->axis->options; o++)
    for (size_t i = 0; i < t->axis->length; i++, room += ISCC_NUMBER_TEXT_MAX) {
      const char *value = t->axis->option[o].value[i];
      t->key[o * t->axis->length + i] = iscc_number_text(value, room) ? room : value;
    }
  for (size_t i = 0; i < t->axis->length; i++) t->place[i] = i;
}

static int by_values(const twins *t, size_t a, size_t b) {
  int order = 0;
  for (size_t o = 0; order == 0 && o < t->axis->options; o++)
    order = strcmp(t->key[o * t->axis->length + a], t->key[o * t->axis->length + b]);
  return order;
}

/* Those of the same values in the order of the file. */
static int by_values_and_place(const void *a, const void *b, void *ctx) {
  const size_t x = *(const size_t *)a, y = *(const size_t *)b;
  const int order = by_values(ctx, x, y);
  return order ? order : (x > y) - (x < y);
}

iscc_status iscc_axis_twins_find(const iscc_grid_axis *axis, bool *found, size_t *first, size_t *second,
                                 iscc_error *error) {
  twins t = {.axis = axis};
  const bool ready = allocate(&t);
  *found = false;
  if (ready) {
    make_keys(&t);
    qsort_r(t.place, axis->length, sizeof *t.place, by_values_and_place, &t);
    for (size_t i = 1; i < axis->length; i++) {
      if (by_values(&t, t.place[i - 1], t.place[i]) || (*found && t.place[i] > *second)) continue;
      *found = true;
      *first = t.place[i - 1];
      *second = t.place[i];
    }
  }
  free(t.key);
  free(t.room);
  free(t.place);
  return ready ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
}
