/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-loss - softmax cross-entropy of scores against the true classes.
 *
 *   loss = -sum_i ln softmax(scores_i)[label_i]
 *   d loss/d scores_ij = softmax(scores_i)[j] - [j = label_i] */
#ifndef ISCC_LOSS_H
#define ISCC_LOSS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sum over n samples, in nats. scores: (n, classes). gradient (may be NULL): (n, classes), each entry times
 * `scale`. Labels lie in 0..classes-1. Any finite scores are fine: the largest is subtracted first. */
double iscc_softmax_loss(const float *scores, const uint8_t *labels, size_t n, int classes, double scale,
                         float *gradient);

#ifdef __cplusplus
}
#endif
#endif
