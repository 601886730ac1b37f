/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-optimizer - AdamW (Loshchilov and Hutter, ICLR 2019) with a one-cycle learning rate (Smith 2018).
 *
 * Step t = 1, 2, ... with gradient g and rate eta_t, for each parameter w:
 *   m <- beta1 m + (1 - beta1) g             v <- beta2 v + (1 - beta2) g^2
 *   w <- w - eta_t (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + decay w)
 * The rate rises by half a cosine from eta/25 to eta over the first 30 % of the steps, then falls by another
 * to eta/250 000. */
#ifndef ISCC_OPTIMIZER_H
#define ISCC_OPTIMIZER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double learning_rate; /* eta: the largest rate of the cycle, > 0 */
  double weight_decay;  /* >= 0 */
  double beta1, beta2;  /* [0, 1) */
  double epsilon;       /* > 0 */
} iscc_adamw;

/* 2e-3, 1e-4, 0.9, 0.999, 1e-8. */
void iscc_adamw_defaults(iscc_adamw *settings);

/* eta_t of step 1..steps. */
double iscc_one_cycle(double learning_rate, uint64_t step, uint64_t steps);

/* One step on n parameters. m, v: zero before step 1. decay false leaves the decay term out (biases). */
void iscc_adamw_step(const iscc_adamw *settings, double rate, uint64_t step, int decay, const float *gradient,
                     float *m, float *v, float *parameter, size_t n);

#ifdef __cplusplus
}
#endif
#endif
