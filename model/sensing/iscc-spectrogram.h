/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-spectrogram - short-time Fourier transform of the slow-time vector, and the network's input made of
 * it.
 *
 * For each of three Kaiser windows (beta 8; 64, 128, 256 samples) 42 equally spaced frames are transformed by
 * a DFT of 512 points. The picture has 42 Doppler rows over +- doppler_limit_hz, lowest first: the power
 * |X|^2 averaged over each row's band, bins counted by the share that lies in it; then the square root of the
 * magnitude, power^(1/4). All three pictures together have norm 1. Vectors shorter than a window use the part
 * of the window that fits. */
#ifndef ISCC_SPECTROGRAM_H
#define ISCC_SPECTROGRAM_H

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ISCC_DFT_POINTS = 512,
  ISCC_SPECTROGRAM_WINDOWS = 3,
  ISCC_SPECTROGRAM_FRAMES = 42,
  ISCC_SPECTROGRAM_ROWS = 42
};

#define ISCC_KAISER_BETA 8.0

typedef struct iscc_spectrogram iscc_spectrogram;

/* samples: length of the slow-time vector, >= 512; rate_hz: chirps per second; 0 < doppler_limit_hz <=
 * rate_hz/2. */
iscc_status iscc_spectrogram_create(int samples, double rate_hz, double doppler_limit_hz,
                                    iscc_spectrogram **out, iscc_error *error);
void iscc_spectrogram_destroy(iscc_spectrogram *s); /* NULL is fine */

int iscc_spectrogram_window(int index); /* 64, 128, 256 */

/* Frame f of a window starts at this sample. */
int iscc_spectrogram_frame_start(const iscc_spectrogram *s, int window, int frame);

/* power[(w * 512 + bin) * 42 + frame], bins in order of frequency from -rate/2 on. y: interleaved complex. */
void iscc_spectrogram_power(iscc_spectrogram *s, const float *y, float *power);

/* input[(w * 42 + row) * 42 + frame], norm 1 (all zero for an all-zero y). */
void iscc_spectrogram_input(iscc_spectrogram *s, const float *y, float *input);

#ifdef __cplusplus
}
#endif
#endif
