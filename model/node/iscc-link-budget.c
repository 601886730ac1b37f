/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-link-budget.h"

#include <math.h>

static const double BOLTZMANN_J_PER_K = 1.380649e-23, NOISE_TEMPERATURE_K = 290, LIGHT_MPS = 299792458.0;
static const double SNR_LOW_DB = -10, SNR_HIGH_DB = 40;

enum { HALVINGS = 60 };

double iscc_thermal_noise_w(double bandwidth_hz, double figure_db) {
  return BOLTZMANN_J_PER_K * NOISE_TEMPERATURE_K * bandwidth_hz * pow(10, 0.1 * figure_db);
}

iscc_status iscc_link_budget(double gain, double noise_w, double distance_m, iscc_link *link,
                             iscc_error *error) {
  if (!(gain > 0 && isfinite(gain)))
    return iscc_fail(error, ISCC_EINVAL, "link: the loss models leave a gain of %g", gain);
  *link = (iscc_link){.snr_per_w = gain / noise_w, .propagation_s = distance_m / LIGHT_MPS};
  return ISCC_OK;
}

double iscc_least_snr(iscc_success_rate *success, void *ctx, double error_rate) {
  double low = SNR_LOW_DB, high = SNR_HIGH_DB;
  for (int i = 0; i < HALVINGS; i++) {
    const double middle = (low + high) / 2;
    if (1 - success(ctx, pow(10, 0.1 * middle)) > error_rate)
      low = middle;
    else
      high = middle;
  }
  return pow(10, 0.1 * high);
}
