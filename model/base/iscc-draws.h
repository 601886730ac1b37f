/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-draws - keeps the first numbers that a random stream has given, as they were drawn.
 *
 * A number has an index in its stream: which draw it is, or the task that it was drawn for. Those of index
 * 0..ISCC_DRAWS_KEPT-1 are kept, each the first time; the others pass. A plain value: all zeros hold none, a copy
 * is a second one. No allocation. Not thread safe. */
#ifndef ISCC_DRAWS_H
#define ISCC_DRAWS_H

#include <stdint.h>

#include "iscc-random.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_DRAWS_KEPT = 8 };

typedef struct {
  double value[ISCC_DRAWS_KEPT]; /* where kept has the bit of the index */
  uint8_t kept;
} iscc_draws;

void iscc_draws_note(iscc_draws *draws, uint64_t index, double value);
/* Of a stream that is handed over to be drawn from: the first number it will give, uniform. */
void iscc_draws_note_first(iscc_draws *draws, uint64_t index, const iscc_random *stream);

#ifdef __cplusplus
}
#endif
#endif
