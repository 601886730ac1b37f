/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-draws.h"

void iscc_draws_note(iscc_draws *draws, uint64_t index, double value) {
  if (index >= ISCC_DRAWS_KEPT || draws->kept >> index & 1) return;
  draws->value[index] = value;
  draws->kept |= (uint8_t)(1u << index);
}

void iscc_draws_note_first(iscc_draws *draws, uint64_t index, const iscc_random *stream) {
  if (index >= ISCC_DRAWS_KEPT) return;
  iscc_random ahead = *stream;
  iscc_draws_note(draws, index, iscc_random_uniform(&ahead));
}
