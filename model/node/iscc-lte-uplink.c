/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-lte-uplink.h"

#include <math.h>

#include "iscc-link-budget.h"
#include "iscc-wire.h"

static const double SUBFRAME_S = 1e-3, BLOCK_HZ = 180e3;
static const double PROCESSING_S = 0.00105; /* from the end of a subframe to the other side's IP */
static const double ROUNDING = 1e-9;        /* of a power that was planned at a step's least */

double iscc_lte_noise_w(int resource_blocks, double figure_db) {
  return iscc_thermal_noise_w(BLOCK_HZ * resource_blocks, figure_db);
}

void iscc_lte_uplink_add(iscc_lte_uplink *u, double efficiency, double block_bits) {
  const double gap = -log(5 * 0.00005) / 1.5, rate_bps = block_bits / SUBFRAME_S;
  if (u->steps == ISCC_LTE_STEPS_MAX || (u->steps > 0 && rate_bps <= u->step[u->steps - 1].rate_bps)) return;
  u->step[u->steps++] = (iscc_lte_step){.snr = gap * (exp2(efficiency) - 1), .rate_bps = rate_bps};
}

static double least_power_w(const iscc_lte_uplink *u, const iscc_lte_step *step, double gain) {
  return u->margin * step->snr * u->noise_w / gain;
}

iscc_status iscc_lte_uplink_link(const iscc_lte_uplink *u, const iscc_goodput *goodput, double gain,
                                 iscc_link *link, iscc_error *error) {
  const iscc_status status = iscc_link_budget(gain, u->noise_w, 0, link, error);
  if (status) return status;
  for (int i = 0; i < u->steps; i++) {
    link->rate_bps[i] = goodput->share * u->step[i].rate_bps;
    link->air_share[i] = 1e-9 * ISCC_LTE_SENDING_NS / SUBFRAME_S;
    link->power_w[i] = least_power_w(u, &u->step[i], gain);
  }
  link->rates = u->steps;
  link->access_s = goodput->wait_s;
  link->propagation_s = PROCESSING_S;
  link->answer_rate_bps = 8 * (ISCC_WIRE_ANSWER_BYTES + ISCC_LTE_OVERHEAD_BYTES) / SUBFRAME_S;
  link->datagram_overhead_bytes = ISCC_LTE_OVERHEAD_BYTES;
  link->datagram_max_bytes = u->datagram_max_bytes;
  return ISCC_OK;
}

double iscc_lte_uplink_rate_bps(const iscc_lte_uplink *u, double gain, double power_w) {
  double rate_bps = u->step[0].rate_bps;
  for (int i = 1; i < u->steps; i++)
    if (least_power_w(u, &u->step[i], gain) <= power_w * (1 + ROUNDING)) rate_bps = u->step[i].rate_bps;
  return rate_bps;
}
