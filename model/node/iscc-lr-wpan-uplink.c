/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-lr-wpan-uplink.h"

#include "iscc-link-budget.h"

/* MAC header with short addresses of one PAN, and FCS; IPv6 and UDP compressed (IPHC and NHC, ports and all);
 * fragmentation headers; payload of fragments, multiples of 8. */
enum {
  MAC_BYTES = 9 + 2,
  ACK_BYTES = 5,
  COMPRESSED_BYTES = 10,
  FIRST_HEADER = 4,
  NEXT_HEADER = 5,
  FIRST_PAYLOAD = 96,
  NEXT_PAYLOAD = 104
};

/* Beside a frame and its acknowledgement: 3.5 backoff periods of 20 on average, sensing, two turnarounds, the
 * spacing after a long frame. */
static const double WAIT_SYMBOLS = 3.5 * 20 + 8 + 2 * 12 + 40;

double iscc_lr_wpan_frame_s(const iscc_lr_wpan_uplink *u, double n_bytes) {
  return u->symbol_s * (u->header_symbols + u->symbols_per_byte * n_bytes);
}

static int frames_of(int datagram_bytes) {
  const int beyond = datagram_bytes > FIRST_PAYLOAD ? datagram_bytes - FIRST_PAYLOAD : 0;
  return 1 + (beyond + NEXT_PAYLOAD - 1) / NEXT_PAYLOAD;
}

iscc_status iscc_lr_wpan_uplink_link(const iscc_lr_wpan_uplink *u, double gain, double distance_m,
                                     iscc_link *link, iscc_error *error) {
  const iscc_status status = iscc_link_budget(gain, u->noise_w, distance_m, link, error);
  if (status) return status;
  const int frames = frames_of(u->datagram_max_bytes);
  const int overhead = COMPRESSED_BYTES + FIRST_HEADER + (frames - 1) * NEXT_HEADER + frames * MAC_BYTES;
  const int n_bytes = u->datagram_max_bytes + overhead;
  const double air_s = iscc_lr_wpan_frame_s(u, n_bytes) + (frames - 1) * iscc_lr_wpan_frame_s(u, 0);
  const double rest_s = frames * (iscc_lr_wpan_frame_s(u, ACK_BYTES) + WAIT_SYMBOLS * u->symbol_s);
  link->rates = 1;
  link->rate_bps[0] = link->answer_rate_bps = 8 * n_bytes / (air_s + rest_s);
  link->power_w[0] = u->margin * u->least_snr * u->noise_w / gain;
  link->air_share[0] = air_s / (air_s + rest_s);
  link->datagram_overhead_bytes = overhead;
  link->datagram_max_bytes = u->datagram_max_bytes;
  return ISCC_OK;
}
