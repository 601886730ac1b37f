/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-test-told.h"

void iscc_test_tell(void *ctx, uint64_t token, int64_t start_ns, int64_t airtime_ns, double bits,
                    double energy_j) {
  iscc_test_told *t = ctx;
  t->told++;
  t->token = token;
  t->airtime_ns += airtime_ns;
  t->end_ns = start_ns + airtime_ns;
  t->bits += bits;
  t->energy_j += energy_j;
}

void iscc_test_receive(iscc_test_told *t) {
  t->received++;
  t->told_first = t->told;
}
