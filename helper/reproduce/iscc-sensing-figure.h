/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sensing-figure - Fig. 4: accuracy over sensing power, and what sensing is worth otherwise.
 *
 * At each power P_s, over the same people, rooms and noise: right answers of the whole network; mean
 * structural similarity of its input with the noise-free one (iscc-ssim.h); discriminant gain
 * (iscc-discriminant.h) of its input's principal components, those of the noise-free inputs. */
#ifndef ISCC_SENSING_FIGURE_H
#define ISCC_SENSING_FIGURE_H

#include "iscc-study.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_SENSING_POWERS_MAX = 16, ISCC_SENSING_GROUPS = 10 };

typedef struct {
  uint64_t correct;
  double ssim, ssim_half_width; /* mean and half its 95 % interval */
  double gain, gain_half_width; /* the latter of a jackknife over ISCC_SENSING_GROUPS groups of samples */
} iscc_sensing_quality;

typedef struct {
  int powers;
  double power_w[ISCC_SENSING_POWERS_MAX];
  size_t samples;
  iscc_sensing_quality point[ISCC_SENSING_POWERS_MAX];
  iscc_sensing_quality clean; /* without receiver noise: similarity 1 */
} iscc_sensing_results;

iscc_status iscc_sensing_measure(iscc_study *study, iscc_sensing_results *results, iscc_error *error);

/* fig4.csv, fig4.png, fig4.svg. */
iscc_status iscc_sensing_write(const iscc_study *study, const iscc_sensing_results *results,
                               iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
