/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-spectrogram - from the slow-time vector y to the network's input.
 *
 * For each of three Kaiser windows w (beta 8, peak 1, lasting 16, 32 and 64 ms) and each of 42 equally spaced
 * frames that lie within y:   S[k] = | sum_i w[i] y[start + i] e^{-j 2 pi k i / F} |^2,   F = 128 ms of
 * samples. At the default spacing of 0.25 ms these are 64, 128 and 256 samples and F = 512. The bins within
 * +- the Doppler limit are averaged by area to 42 rows; the input is the fourth root of that power (the
 * square root of the magnitude), scaled so that all three pictures together have norm 1 (doc/sensing.rst).
 *
 * Memory: create allocates, run does not. Threads: one handle per thread; create may run in several threads.
 * FFTW plans are estimated, never measured, so that results do not depend on timing. */
#ifndef ISCC_SPECTROGRAM_H
#define ISCC_SPECTROGRAM_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_WINDOW_BETA       8.0
#define ISCC_WINDOW_SHORTEST_S 16e-3 /* each further channel's window is twice as long */
#define ISCC_TRANSFORM_S       128e-3

typedef struct iscc_spectrogram iscc_spectrogram;

/* samples: length of y, at least the longest window; spacing_s: time between them; limit_hz at most half the
 * sampling frequency. ISCC_EINVAL otherwise. */
iscc_status iscc_spectrogram_create(int samples, double spacing_s, double limit_hz, iscc_spectrogram **out,
                                    iscc_error *error);
void iscc_spectrogram_destroy(iscc_spectrogram *s); /* NULL is fine */

/* y[0..samples) interleaved complex; input[0..ISCC_INPUT_SIZE) in (channel, frequency, time) order. A vector
 * of zeros gives zeros, the only input whose norm is not 1. */
void iscc_spectrogram_run(iscc_spectrogram *s, const float *y, float *input);

int iscc_spectrogram_transform_size(const iscc_spectrogram *s);           /* F */
int iscc_spectrogram_window_size(const iscc_spectrogram *s, int channel); /* samples */
int iscc_spectrogram_frame_start(const iscc_spectrogram *s, int channel, int frame);

/* The last run's S of one channel and frame: F values, bin k at frequency k/F, upper half negative, each to
 * be multiplied by iscc_spectrogram_scale() (y is brought near 1 first, lest single precision under- or
 * overflows). Borrowed. */
const float *iscc_spectrogram_power(const iscc_spectrogram *s, int channel, int frame);
double iscc_spectrogram_scale(const iscc_spectrogram *s);

#ifdef __cplusplus
}
#endif
#endif
