/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ssim - how much an image looks like a reference: structural similarity.
 *
 *   SSIM = mean of (2 m_x m_y + C_1)/(m_x^2 + m_y^2 + C_1) (2 s_xy + C_2)/(s_x^2 + s_y^2 + C_2)
 *
 * m, s^2 and s_xy are means, variances and covariance of image x and reference y under a Gaussian window of
 * 11 x 11 pixels, sigma 1.5, weights of sum 1, at all positions where it lies within the image;
 * C_1 = (0.01 L)^2, C_2 = (0.03 L)^2, L the dynamic range of pixels (Wang, Bovik, Sheikh, Simoncelli: Image
 * quality assessment: from error visibility to structural similarity. IEEE Trans. Image Processing 13(4),
 * 2004; doc/sensing.rst). 1 for equal images and only for them, near 0 for unrelated ones, never beyond +-1;
 * image and reference may be exchanged.
 *
 * Sums are in double precision; rounding stays below 1e-9 while no pixel is beyond +-10 L.
 * Memory: none but 3 kB of stack. Reentrant. Equal arguments give equal bits. */
#ifndef ISCC_SSIM_H
#define ISCC_SSIM_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_SSIM_WINDOW = 11, ISCC_SSIM_SIDE_MAX = 64 };
#define ISCC_SSIM_SIGMA 1.5

/* image, reference: rows x columns, each ISCC_SSIM_WINDOW..ISCC_SSIM_SIDE_MAX. range: L, FLT_MIN..FLT_MAX.
 * ISCC_EINVAL: one of these is not so or a pixel is not finite; ssim is untouched. */
iscc_status iscc_ssim(const float *image, const float *reference, int rows, int columns, double range,
                      double *ssim, iscc_error *error);

/* Of a network's input, [0..ISCC_INPUT_SIZE) in (channel, frequency, time) order, and the noise-free one of
 * the same scene: mean over the channels, L being the largest pixel of the channel's reference. ISCC_EINVAL
 * also when a channel of the reference has no pixel above 0. */
iscc_status iscc_ssim_input(const float *input, const float *reference, double *ssim, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
