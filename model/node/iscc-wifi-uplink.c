/* SPDX-License-Identifier: GPL-2.0-only */
/* Times of IEEE 802.11-2016, 17.4.4 and 21.4.4 (OFDM PHYs at 5 GHz), 10.22.2 (best effort). */
#include "iscc-wifi-uplink.h"

#include <math.h>

#include "iscc-link-budget.h"

static const double SLOT_S = 9e-6, SIFS_S = 16e-6;
static const double BLOCK_ACK_S = 32e-6; /* 32 bytes at 24 Mbit/s, which answers all but the slowest rates */
static const double AIFS_S = 16e-6 + 3 * 9e-6, BACKOFF_SLOTS = 7.5;
static const double ROUNDING = 1e-9; /* of a power that was planned at a mode's least */

void iscc_wifi_uplink_add(iscc_wifi_uplink *u, const iscc_wifi_mode *mode) {
  if (u->modes == ISCC_WIFI_MODES_MAX) return;
  if (u->modes == 0 || mode->snr > u->mode[u->modes - 1].snr) u->mode[u->modes++] = *mode;
}

static double least_power_w(const iscc_wifi_uplink *u, const iscc_wifi_mode *mode, double gain) {
  return u->margin * fmax(mode->snr * u->noise_w, u->least_received_w) / gain;
}

iscc_status iscc_wifi_uplink_link(const iscc_wifi_uplink *u, double gain, double distance_m, iscc_link *link,
                                  iscc_error *error) {
  const iscc_status status = iscc_link_budget(gain, u->noise_w, distance_m, link, error);
  if (status) return status;
  for (int i = 0; i < u->modes; i++) {
    const double power_w = least_power_w(u, &u->mode[i], gain);
    if (link->rates > 0 && power_w <= link->power_w[link->rates - 1]) link->rates--; /* faster for the same */
    link->rate_bps[link->rates] = u->mode[i].rate_bps;
    link->power_w[link->rates++] = power_w;
  }
  link->access_s = (SLOT_S + u->symbol_s) / 2 + u->preamble_s + SIFS_S + BLOCK_ACK_S;
  link->answer_access_s = AIFS_S + BACKOFF_SLOTS * SLOT_S + u->preamble_s;
  link->answer_rate_bps = u->mode[0].rate_bps;
  link->datagram_overhead_bytes = ISCC_WIFI_HEADER_BYTES + ISCC_WIFI_AGGREGATE_BYTES;
  link->datagram_max_bytes = u->datagram_max_bytes;
  return ISCC_OK;
}

int iscc_wifi_uplink_mode(const iscc_wifi_uplink *u, double gain, double power_w) {
  int best = 0;
  for (int i = 1; i < u->modes; i++)
    if (least_power_w(u, &u->mode[i], gain) <= power_w * (1 + ROUNDING)) best = i;
  return u->mode[best].index;
}
