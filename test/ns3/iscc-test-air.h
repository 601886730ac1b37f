/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-test-air - what the bindings leave to C++: frames and settings of a node's first device. */
#ifndef ISCC_TEST_AIR_H
#define ISCC_TEST_AIR_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether this ns-3 is older than 3.minor; no type of it is missing then that went with that version. */
bool iscc_test_ns3_before(int minor);

/* Sends n_bytes zeros of an unknown protocol to everybody. Nodes are numbered as they were made. */
bool iscc_test_broadcast(uint32_t node, uint32_t n_bytes);
bool iscc_test_set_mtu(uint32_t node, uint16_t n_bytes);
uint16_t iscc_test_mtu(uint32_t node);

/* Lets ns-3's own reader move the first nodes, which have no place yet, as a movement file says. */
void iscc_test_move(const char *file, uint32_t nodes);

/* What the radio of a node's Wi-Fi device did since this was asked for, by ns-3's own traces. */
typedef struct {
  double tx_j;       /* power times duration of all its frames */
  double tx_s, rx_s; /* sending, receiving; the rest is waiting */
} iscc_test_radio;

void iscc_test_watch_radio(uint32_t node, iscc_test_radio *radio);

/* What the channel of an LTE cell carried of a UE, in the order they were made, since this was asked for: its power
 * spectral density over band and time. */
typedef struct {
  double data_j, data_s, data_bits, sounding_j;
  int blocks; /* of data */
} iscc_test_uplink;

void iscc_test_watch_uplink(uint32_t ue, iscc_test_uplink *uplink);

#ifdef __cplusplus
}
#endif
#endif
