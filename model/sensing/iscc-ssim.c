/* SPDX-License-Identifier: GPL-2.0-only */
/* The window is a product of two Gaussians: for each row of positions the 11 image rows below it are summed
 * to one, then that one is summed along. Variances are E[x^2] - m^2. */
#include "iscc-ssim.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "iscc-sensing.h"

enum { WINDOW = ISCC_SSIM_WINDOW, SIDE_MAX = ISCC_SSIM_SIDE_MAX };

typedef struct { /* of a pair of images, summed over the window's rows, by column */
  double x[SIDE_MAX], y[SIDE_MAX], xx[SIDE_MAX], yy[SIDE_MAX], xy[SIDE_MAX];
} moments;

static void fill_window(double *weight) {
  double sum = 0;
  for (int i = 0; i < WINDOW; i++) {
    const double u = (i - WINDOW / 2) / ISCC_SSIM_SIGMA;
    sum += weight[i] = exp(-0.5 * u * u);
  }
  for (int i = 0; i < WINDOW; i++) weight[i] /= sum;
}

static void sum_rows(const float *image, const float *reference, int columns, const double *weight,
                     moments *m) {
  *m = (moments){.x = {0}};
  for (int i = 0; i < WINDOW; i++, image += columns, reference += columns)
    for (int j = 0; j < columns; j++) {
      const double x = (double)image[j], y = (double)reference[j];
      m->x[j] += weight[i] * x;
      m->y[j] += weight[i] * y;
      m->xx[j] += weight[i] * (x * x);
      m->yy[j] += weight[i] * (y * y);
      m->xy[j] += weight[i] * (x * y);
    }
}

/* At the position whose first column is m's column j. Two quotients: the product of the denominators may be
 * too small for a double. */
static double similarity(const moments *m, int j, const double *weight, double c1, double c2) {
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (int i = 0; i < WINDOW; i++) {
    x += weight[i] * m->x[j + i];
    y += weight[i] * m->y[j + i];
    xx += weight[i] * m->xx[j + i];
    yy += weight[i] * m->yy[j + i];
    xy += weight[i] * m->xy[j + i];
  }
  const double luminance = (2 * (x * y) + c1) / (x * x + y * y + c1);
  return luminance * ((2 * (xy - x * y) + c2) / ((xx - x * x) + (yy - y * y) + c2));
}

static bool is_finite(const float *image, int pixels) {
  for (int i = 0; i < pixels; i++)
    if (!isfinite(image[i])) return false;
  return true;
}

static iscc_status check(const float *image, const float *reference, int rows, int columns, double range,
                         iscc_error *error) {
  if (rows < WINDOW || rows > SIDE_MAX || columns < WINDOW || columns > SIDE_MAX)
    return iscc_fail(error, ISCC_EINVAL, "structural similarity: %d x %d pixels are not within %d..%d each",
                     rows, columns, (int)WINDOW, (int)SIDE_MAX);
  if (!is_finite(image, rows * columns) || !is_finite(reference, rows * columns))
    return iscc_fail(error, ISCC_EINVAL, "structural similarity: a pixel of the %s is not finite",
                     is_finite(image, rows * columns) ? "reference" : "image");
  if (!(range >= (double)FLT_MIN && range <= (double)FLT_MAX))
    return iscc_fail(error, ISCC_EINVAL, "structural similarity: dynamic range: %g is outside [%g, %g]",
                     range, (double)FLT_MIN, (double)FLT_MAX);
  return ISCC_OK;
}

iscc_status iscc_ssim(const float *image, const float *reference, int rows, int columns, double range,
                      double *ssim, iscc_error *error) {
  const iscc_status status = check(image, reference, rows, columns, range, error);
  if (status) return status;
  const int down = rows - WINDOW + 1, along = columns - WINDOW + 1; /* positions */
  const double c1 = (0.01 * range) * (0.01 * range), c2 = (0.03 * range) * (0.03 * range);
  double weight[WINDOW], sum = 0;
  fill_window(weight);
  for (int i = 0; i < down; i++) {
    moments m;
    sum_rows(image + (ptrdiff_t)i * columns, reference + (ptrdiff_t)i * columns, columns, weight, &m);
    for (int j = 0; j < along; j++) sum += similarity(&m, j, weight, c1, c2);
  }
  *ssim = sum / (down * along);
  return ISCC_OK;
}

iscc_status iscc_ssim_input(const float *input, const float *reference, double *ssim, iscc_error *error) {
  enum { PIXELS = ISCC_INPUT_ROWS * ISCC_INPUT_COLUMNS };
  double sum = 0;
  for (int c = 0; c < ISCC_INPUT_CHANNELS; c++, input += PIXELS, reference += PIXELS) {
    float largest = 0;
    for (int i = 0; i < PIXELS; i++)
      if (reference[i] > largest) largest = reference[i];
    double one;
    iscc_error why;
    const iscc_status status =
        iscc_ssim(input, reference, ISCC_INPUT_ROWS, ISCC_INPUT_COLUMNS, (double)largest, &one, &why);
    if (status) return iscc_fail(error, status, "channel %d: %s", c, why.text);
    sum += one;
  }
  *ssim = sum / ISCC_INPUT_CHANNELS;
  return ISCC_OK;
}
