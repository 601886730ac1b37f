/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-lte - LTE as the uplink: ns-3's UEs at the nodes, one eNB at the server's place, and the server behind
 * the packet gateway of the EPC. The hub is the server's end of the link to that gateway. The power P_c of a
 * datagram is the UE's, uplink power control being off; which resource blocks and modulation it gets is the
 * eNB's scheduler's matter, of reports that are some ten milliseconds old. Same rules as iscc-ns3.h. */
#ifndef ISCC_NS3_LTE_H
#define ISCC_NS3_LTE_H

#include "iscc-ns3.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_NS3_LTE_NODES_MAX = 318 }; /* of the longest sounding period */

typedef struct {
  const char
      *loss_chain;     /* as of iscc_ns3_channel_create(), both directions; NULL: ns3's log-distance model */
  double margin_db;    /* SNR asked for beyond a modulation's threshold */
  int resource_blocks; /* 6, 15, 25, 50, 75 or 100 in each direction */
  uint32_t nodes;      /* at most so many; more make the sounding period longer */
  double give_up_s;    /* the end of a datagram that has not left by then is told all the same */
} iscc_ns3_lte_settings;

/* Log-distance, 1 dB, 25 blocks (5 MHz), 38 nodes, 2 s. */
void iscc_ns3_lte_defaults(iscc_ns3_lte_settings *settings);

/* A cell with its core network. ISCC_EINVAL: a setting; ISCC_ELIBRARY: this ns-3 lacks the module. */
iscc_status iscc_ns3_lte_create(const iscc_ns3_lte_settings *settings, iscc_ns3_handle *network,
                                iscc_error *error);

/* Makes room for at most so many nodes, in place of settings->nodes; before the simulation runs. ISCC_EINVAL: the number
 * is outside 1..ISCC_NS3_LTE_NODES_MAX, below that of the nodes there, or more than a SrsPeriodicity that was set. */
iscc_status iscc_ns3_lte_resize(iscc_ns3_handle network, uint32_t nodes, iscc_error *error);

/* Puts the server's link and the eNB, or a UE, on a node that has a place. UEs join in the first tenths of a
 * second. The device is one of iscc-ns3.h: address, sockets, uplink and, of a UE, on_transmitted work on it. */
iscc_status iscc_ns3_lte_install(iscc_ns3_handle node, iscc_ns3_handle network, bool hub,
                                 iscc_ns3_handle *device, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
