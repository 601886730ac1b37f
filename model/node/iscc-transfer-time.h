/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-transfer-time - how long transfers take beside what the link's model says: an upper quantile.
 *
 *   factor = r_(k - lowered),  k = ceil((n + 1) q) <= n
 *            max(1, r_(n))     with too few for that; 1 without any
 *
 * r_(1) <= ... <= r_(n) are the ratios realised/modelled time of the latest n <= ISCC_TRANSFER_TIMES
 * transfers; they may be below 1. If ratios are exchangeable, the next one is at most r_(k) with probability
 * k/(n + 1), which is q or up to 1/(n + 1) more (Wilks, Ann. Math. Statist. 12, 1941). With few the model stands in for
 * those that lack.
 *
 * A factor that makes every task infeasible would stand for ever: after ISCC_TRANSFER_PATIENCE tasks in a row that
 * transferred nothing, each further one lowers the rank by one, at most to min(1, r_(1)). A transfer that takes longer
 * than the factor says raises it by one again, any other by an eighth: a lower rank that holds is given up slowly.
 *
 * Memory: the caller's struct. */
#ifndef ISCC_TRANSFER_TIME_H
#define ISCC_TRANSFER_TIME_H

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_TRANSFER_TIMES = 64, ISCC_TRANSFER_PATIENCE = 4 };

typedef struct {
  double quantile;                     /* q in [0, 1); 0: the factor is 1 */
  double latest[ISCC_TRANSFER_TIMES];  /* a ring of ratios in the order they came */
  double ordered[ISCC_TRANSFER_TIMES]; /* the same from the least to the largest */
  int oldest, count;
  int skipped;    /* tasks in a row without a transfer */
  double lowered; /* ranks */
} iscc_transfer_time;

void iscc_transfer_time_begin(iscc_transfer_time *t, double quantile);

/* A transfer that the link's model gives modelled_s > 0 took realised_s > 0. Differences within rounding_s, which
 * rounding to nanoseconds may bring, do not count. */
void iscc_transfer_time_add(iscc_transfer_time *t, double modelled_s, double realised_s, double rounding_s);

/* A task went without a transfer. */
void iscc_transfer_time_skip(iscc_transfer_time *t);

double iscc_transfer_time_factor(const iscc_transfer_time *t); /* > 0 */

#ifdef __cplusplus
}
#endif
#endif
