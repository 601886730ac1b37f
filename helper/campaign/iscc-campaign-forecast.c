/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-forecast.h"

#include <math.h>

double iscc_campaign_forecast_s(size_t points, const iscc_moments *elapsed_s, const uint32_t *open,
                                int jobs) {
  double sum_s = 0, runs = 0, left_s = 0, unknown = 0;
  for (size_t p = 0; p < points; p++) {
    const double n = (double)elapsed_s[p].count;
    sum_s += n * elapsed_s[p].mean;
    runs += n;
    if (elapsed_s[p].count)
      left_s += open[p] * elapsed_s[p].mean;
    else
      unknown += open[p];
  }
  if (unknown > 0) left_s += runs > 0 ? unknown * sum_s / runs : (double)NAN;
  return left_s / jobs;
}
