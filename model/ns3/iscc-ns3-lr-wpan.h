/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-lr-wpan - IEEE 802.15.4 with 6LoWPAN as the uplink: ns-3's lr-wpan at 2.4 GHz (O-QPSK, 250 kbit/s,
 * unslotted CSMA/CA, acknowledged frames) below UDP over IPv6. The hub is at the server's side, nodes are
 * around it; all know each other's short addresses, so that nothing but datagrams and acknowledgements is on
 * the air. The power P_c of a datagram is set for each of its frames. Same rules as iscc-ns3.h. */
#ifndef ISCC_NS3_LR_WPAN_H
#define ISCC_NS3_LR_WPAN_H

#include "iscc-ns3.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *loss_chain;   /* as of iscc_ns3_channel_create(); NULL: ns-3's log-distance model */
  double packet_error_rate; /* of a full frame at the least power, alone and sent once */
  double margin_db;         /* power asked for beyond that */
  double power_w;           /* of frames that name none: acknowledgements and the hub's answers */
  int datagram_max_bytes;   /* of UDP payload; 6LoWPAN cuts it into frames */
  int max_be;               /* macMaxBE, 3..8 */
  int csma_backoffs;        /* macMaxCSMABackoffs, 0..5 */
  int frame_retries;        /* macMaxFrameRetries, 0..7 */
} iscc_ns3_lr_wpan_settings;

enum {
  ISCC_NS3_LR_WPAN_DATAGRAM_BYTES = 408,     /* default: four frames */
  ISCC_NS3_LR_WPAN_DATAGRAM_BYTES_MAX = 1232 /* of IPv6's least MTU */
};

/* Log-distance, 1 %, 3 dB, 100 mW, four frames, the standard's 5, 4 and 3. */
void iscc_ns3_lr_wpan_defaults(iscc_ns3_lr_wpan_settings *settings);

/* A network of one channel and PAN. ISCC_EINVAL: a setting; ISCC_ELIBRARY: this ns-3 lacks the modules. */
iscc_status iscc_ns3_lr_wpan_create(const iscc_ns3_lr_wpan_settings *settings, iscc_ns3_handle *network,
                                    iscc_error *error);

/* Puts the hub, or a node, of a network on a node of ns-3 that has a place. The device, 6LoWPAN's, is one of
 * iscc-ns3.h: address, sockets, uplink and on_transmitted work on it. */
iscc_status iscc_ns3_lr_wpan_install(iscc_ns3_handle node, iscc_ns3_handle network, bool hub,
                                     iscc_ns3_handle *device, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
