/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-lr-wpan-uplink - the one rate of an IEEE 802.15.4 node that sends datagrams over 6LoWPAN: full datagrams, cut
 * into frames one after another over an idle medium.
 *
 *   rate = bits of a datagram with all headers / sum over its frames of
 *          (3.5 backoff periods + sensing + 2 turnarounds + frame + acknowledgement + long spacing)
 *
 * Frames are of 127 bytes at most (IEEE 802.15.4-2015), headers as of RFC 4944 and RFC 6282. */
#ifndef ISCC_LR_WPAN_UPLINK_H
#define ISCC_LR_WPAN_UPLINK_H

#include "iscc-host.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_LR_WPAN_FRAME_BITS = 8 * (6 + 127) }; /* synchronization, length and the longest frame */

typedef struct {
  double noise_w;                                    /* at the hub, over the channel */
  double least_snr;                                  /* linear */
  double margin;                                     /* of it, linear */
  double symbol_s, header_symbols, symbols_per_byte; /* header: synchronization and length */
  int datagram_max_bytes;                            /* of UDP payload */
} iscc_lr_wpan_uplink;

/* Time on the air of a frame of so many bytes. */
double iscc_lr_wpan_frame_s(const iscc_lr_wpan_uplink *uplink, double n_bytes);

/* The link at a gain over a distance. ISCC_EINVAL: the gain. */
iscc_status iscc_lr_wpan_uplink_link(const iscc_lr_wpan_uplink *uplink, double gain, double distance_m,
                                     iscc_link *link, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
