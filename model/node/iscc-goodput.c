/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-goodput.h"

static const double FIRST_WAIT_S = 0.012, FIRST_SHARE = 1, WEIGHT = 0.25, SHORT_BITS = 8 * 80;

void iscc_goodput_begin(iscc_goodput *g) {
  *g = (iscc_goodput){.wait_s = FIRST_WAIT_S, .share = FIRST_SHARE};
}

void iscc_goodput_add(iscc_goodput *g, double bits, double rate_bps, double wait_s, double sending_s) {
  if (bits < SHORT_BITS || !(sending_s > 0)) return;
  g->wait_s += WEIGHT * (wait_s - g->wait_s);
  g->share += WEIGHT * (bits / (sending_s * rate_bps) - g->share);
}
