/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-test-told - what a radio told of a node's datagrams, and what arrived of them, added up: for tests. */
#ifndef ISCC_TEST_TOLD_H
#define ISCC_TEST_TOLD_H

#include "iscc-ns3.h"

typedef struct {
  int told, received, told_first; /* how many were told when the latest arrived */
  uint64_t token;                 /* of the latest */
  int64_t airtime_ns, end_ns;     /* in all; of the latest */
  double bits, energy_j;
} iscc_test_told;

/* For iscc_ns3_device_on_transmitted(); ctx: the node's iscc_test_told. */
void iscc_test_tell(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                    double energy_j);

/* A datagram of the node has arrived. */
void iscc_test_receive(iscc_test_told *told);

#endif
