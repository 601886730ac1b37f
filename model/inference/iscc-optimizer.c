/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-optimizer.h"

#include <math.h>

/* Shape of the cycle as in Smith and Topin 2018 and common practice since. */
#define WARM_UP_SHARE 0.3
#define FIRST_DIVISOR 25.0
#define LAST_DIVISOR  250000.0

void iscc_adamw_defaults(iscc_adamw *settings) {
  *settings = (iscc_adamw){
      .learning_rate = 2e-3, .weight_decay = 1e-4, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
}

/* Half a cosine from a at x = 0 to b at x = 1. */
static double cosine_between(double a, double b, double x) {
  return b + (a - b) * 0.5 * (1.0 + cos(3.14159265358979323846 * x));
}

double iscc_one_cycle(double learning_rate, uint64_t step, uint64_t steps) {
  if (steps <= 1) return learning_rate;
  const double x = (double)(step - 1) / (double)(steps - 1);
  if (x < WARM_UP_SHARE)
    return cosine_between(learning_rate / FIRST_DIVISOR, learning_rate, x / WARM_UP_SHARE);
  return cosine_between(learning_rate, learning_rate / LAST_DIVISOR,
                        (x - WARM_UP_SHARE) / (1.0 - WARM_UP_SHARE));
}

void iscc_adamw_step(const iscc_adamw *settings, double rate, uint64_t step, int decay, const float *gradient,
                     float *m, float *v, float *parameter, size_t n) {
  /* w (1 - eta decay) - (eta / (1 - beta1^t)) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon) */
  const float beta1 = (float)settings->beta1, beta2 = (float)settings->beta2;
  const float rest1 = (float)(1.0 - settings->beta1), rest2 = (float)(1.0 - settings->beta2);
  const float size = (float)(rate / (1.0 - pow(settings->beta1, (double)step)));
  const float spread = (float)(1.0 / sqrt(1.0 - pow(settings->beta2, (double)step)));
  const float keep = decay ? (float)(1.0 - rate * settings->weight_decay) : 1.0F;
  const float epsilon = (float)settings->epsilon;
  for (size_t i = 0; i < n; i++) {
    const float g = gradient[i];
    m[i] = beta1 * m[i] + rest1 * g;
    v[i] = beta2 * v[i] + rest2 * g * g;
    parameter[i] = keep * parameter[i] - size * m[i] / (sqrtf(v[i]) * spread + epsilon);
  }
}
