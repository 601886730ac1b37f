/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-transfer-time - how much longer transfers take than the link's model says: an upper quantile.
 *
 *   factor = max(1, r_(k)),   k = ceil((n + 1) q)
 *
 * r_(1) <= ... <= r_(n) are the ratios realised/modelled time of the latest n <= ISCC_TRANSFER_TIMES
 * transfers; with k > n the largest of them is taken, without any the factor is 1. If ratios are
 * exchangeable, the next one is at most r_(k) with probability k/(n + 1) >= q (Wilks, Ann. Math. Statist. 12,
 * 1941). A task that transfers nothing takes the oldest ratio away: a factor that makes every task infeasible
 * would otherwise stand for ever.
 *
 * Memory: the caller's struct. */
#ifndef ISCC_TRANSFER_TIME_H
#define ISCC_TRANSFER_TIME_H

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_TRANSFER_TIMES = 64 };

typedef struct {
  double quantile;                     /* q in [0, 1); 0: the factor is 1 */
  double latest[ISCC_TRANSFER_TIMES];  /* a ring of ratios in the order they came */
  double ordered[ISCC_TRANSFER_TIMES]; /* the same from the least to the largest */
  int oldest, count;
} iscc_transfer_time;

void iscc_transfer_time_begin(iscc_transfer_time *t, double quantile);

/* A transfer that the link's model gives modelled_s > 0 took realised_s >= 0. Differences within 1 us, which
 * rounding each fragment to nanoseconds may bring, do not count. */
void iscc_transfer_time_add(iscc_transfer_time *t, double modelled_s, double realised_s);

/* A task went without a transfer. */
void iscc_transfer_time_skip(iscc_transfer_time *t);

double iscc_transfer_time_factor(const iscc_transfer_time *t); /* >= 1 */

#ifdef __cplusplus
}
#endif
#endif
