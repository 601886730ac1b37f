/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-lte-uplink - the rate steps of an LTE node: the modulations and codings that ns-3's schedulers choose between,
 * by the SNR at which they do, at the goodput that the cell has left of them (iscc-goodput.h).
 *
 *   P_c g/N >= margin G (2^e - 1),   G = -ln(5 * 0.00005)/1.5,   e: bits/s/Hz
 *   T = wait + bits/(share T_b/1 ms),   T_b: bits of a transport block over all resource blocks
 *
 * A node sends in 13 of the 14 symbols of a subframe, the last one is for sounding. */
#ifndef ISCC_LTE_UPLINK_H
#define ISCC_LTE_UPLINK_H

#include "iscc-goodput.h"
#include "iscc-host.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ISCC_LTE_STEPS_MAX = 15,
  ISCC_LTE_OVERHEAD_BYTES = 8 + 20 + 2 + 2, /* UDP, IPv4, PDCP, RLC */
  ISCC_LTE_SENDING_NS = 1000000 - 71429 - 1 /* of a subframe */
};

typedef struct {
  double snr;      /* linear, from which the scheduler uses it */
  double rate_bps; /* of transport blocks over all resource blocks */
} iscc_lte_step;

typedef struct {
  double noise_w; /* at the eNB, over all resource blocks */
  double margin;  /* of SNR, linear */
  int datagram_max_bytes;
  int steps; /* private: from the slowest */
  iscc_lte_step step[ISCC_LTE_STEPS_MAX];
} iscc_lte_uplink;

double iscc_lte_noise_w(int resource_blocks, double figure_db);

/* Offers the next channel quality: its spectral efficiency and its transport block in bits. One that is no faster
 * than the last has no place among them. */
void iscc_lte_uplink_add(iscc_lte_uplink *uplink, double efficiency, double block_bits);

/* The link at a gain; at least one step was added. ISCC_EINVAL: the gain. */
iscc_status iscc_lte_uplink_link(const iscc_lte_uplink *uplink, const iscc_goodput *goodput, double gain,
                                 iscc_link *link, iscc_error *error);

/* Rate of the fastest step that a power buys at a gain; of the slowest where it buys none. */
double iscc_lte_uplink_rate_bps(const iscc_lte_uplink *uplink, double gain, double power_w);

#ifdef __cplusplus
}
#endif
#endif
