/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ns3-wifi - ns-3's Wi-Fi as the uplink: stations at the nodes, an access point at the server's side.
 *
 * A datagram that is sent with options (iscc_ns3_udp_send) goes out at the transmit power P_c it names, at the
 * fastest rate whose SNR threshold (bit error rate 1e-6) is reached with that power, the present gain of the
 * loss chain, the access point's noise and a margin, the least power at which ns-3 notices a preamble as well; retransmissions, contention and collisions are ns-3's.
 * Its energy is power times time on the air of all frames that carried it, preambles included, those of
 * several datagrams in one frame by their sizes; listening, acknowledgements and management are not in it.
 *
 * Same rules as iscc-ns3.h: one simulation, handles, statuses, no exception passes. */
#ifndef ISCC_NS3_WIFI_H
#define ISCC_NS3_WIFI_H

#include "iscc-ns3.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *standard;   /* "802.11n", "802.11ac" or "802.11ax" */
  const char *loss_chain; /* as of iscc_ns3_channel_create(); NULL: ns-3's log-distance model */
  double margin_db;       /* SNR asked for beyond a rate's threshold */
} iscc_ns3_wifi_settings;

/* 802.11n at 5 GHz, 20 MHz, log-distance, 3 dB. */
void iscc_ns3_wifi_defaults(iscc_ns3_wifi_settings *settings);

/* A network of one channel and name. ISCC_EINVAL: standard or chain. */
iscc_status iscc_ns3_wifi_create(const iscc_ns3_wifi_settings *settings, iscc_ns3_handle *network,
                                 iscc_error *error);

/* Puts the access point, or a station, of a network on a node that has a place. Stations join by themselves
 * in the first half second. The device is one of iscc-ns3.h: address, sockets and on_transmitted work on it. */
iscc_status iscc_ns3_wifi_install(iscc_ns3_handle node, iscc_ns3_handle network, bool access_point,
                                  iscc_ns3_handle *device, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
