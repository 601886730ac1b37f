/* SPDX-License-Identifier: GPL-2.0-only */
#include <math.h>

#include "iscc-problem.h"

double iscc_uplink_rate_bps(const iscc_uplink *u, double power_w) {
  if (u->kind == ISCC_UPLINK_SHANNON)
    return u->bandwidth_hz * log1p(u->snr_per_w * power_w) * 1.44269504088896340736;
  double rate = 0;
  for (int i = 0; i < u->steps && u->power_w[i] <= power_w; i++) rate = u->rate_bps[i];
  return rate;
}
