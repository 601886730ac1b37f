/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-loss.h"

#include <math.h>

double iscc_softmax_loss(const float *scores, const uint8_t *labels, size_t n, int classes, double scale,
                         float *gradient) {
  double loss = 0.0;
  for (size_t i = 0; i < n; i++) {
    const float *s = scores + i * (size_t)classes;
    double largest = (double)s[0], sum = 0.0;
    for (int j = 1; j < classes; j++) largest = fmax(largest, (double)s[j]);
    for (int j = 0; j < classes; j++) sum += exp((double)s[j] - largest);
    loss += log(sum) - ((double)s[labels[i]] - largest);
    if (!gradient) continue;
    float *g = gradient + i * (size_t)classes;
    for (int j = 0; j < classes; j++)
      g[j] = (float)(scale * (exp((double)s[j] - largest) / sum - (j == labels[i] ? 1.0 : 0.0)));
  }
  return loss;
}
