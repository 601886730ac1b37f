/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-wifi-uplink - the rate steps of a Wi-Fi station that sends all of a transfer as one aggregated frame (A-MPDU)
 * over an idle medium.
 *
 *   T = slot/2 + preamble + symbol/2 + bits/rate + SIFS + block acknowledgement
 *   P_c g >= margin max(snr N, preamble detection)         the least power of a rate
 *
 * bits: of each datagram its payload, UDP, IPv4, LLC and MAC headers, delimiter and padding. The half slot and the half
 * symbol are what rounding up to the next slot and to whole symbols costs on average. The answer is one frame after AIFS
 * and half a contention window. The energy of the preamble is not planned: 36 or 44 us at P_c. */
#ifndef ISCC_WIFI_UPLINK_H
#define ISCC_WIFI_UPLINK_H

#include "iscc-host.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ISCC_WIFI_MODES_MAX = 16,
  ISCC_WIFI_HEADER_BYTES = 8 + 20 + 8 + 30, /* UDP, IPv4, LLC, MAC */
  ISCC_WIFI_AGGREGATE_BYTES = 4 + 2         /* delimiter; padding of full datagrams */
};

typedef struct { /* a modulation and coding as the PHY has it */
  int index;
  double rate_bps; /* of the data field */
  double snr;      /* from which it is used, linear */
} iscc_wifi_mode;

typedef struct {
  double noise_w;          /* at the access point, over the channel */
  double least_received_w; /* whose preamble it notices */
  double margin;           /* of both, linear */
  double preamble_s;       /* of data frames, */
  double symbol_s;         /* and one of their symbols, guard interval included */
  int datagram_max_bytes;
  int modes; /* private: from the slowest, each faster from a higher SNR on */
  iscc_wifi_mode mode[ISCC_WIFI_MODES_MAX];
} iscc_wifi_uplink;

/* Offers the next faster mode; one that needs no more SNR than the last one has no place among them. */
void iscc_wifi_uplink_add(iscc_wifi_uplink *uplink, const iscc_wifi_mode *mode);

/* The link at a gain over a distance; at least one mode was added. ISCC_EINVAL: the gain. */
iscc_status iscc_wifi_uplink_link(const iscc_wifi_uplink *uplink, double gain, double distance_m,
                                  iscc_link *link, iscc_error *error);

/* Index of the fastest mode that a power buys at a gain; of the slowest where it buys none. */
int iscc_wifi_uplink_mode(const iscc_wifi_uplink *uplink, double gain, double power_w);

#ifdef __cplusplus
}
#endif
#endif
