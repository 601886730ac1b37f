/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-room.h"

#include <math.h>

#define PI 3.14159265358979323846

static const double room_low_m[3] = {-1, -3, 0}, room_high_m[3] = {6, 3, 3};

static double reflection(iscc_random *clutter, double mean_db, double deviation_db) {
  const double db = mean_db + deviation_db * iscc_random_normal(clutter);
  return pow(10.0, fmin(db, -2.0) / 20.0);
}

void iscc_room_draw(iscc_random *clutter, const double radar_m[3], double wavelength_m, iscc_room *room) {
  double to_low[3], to_high[3];
  for (int i = 0; i < 3; i++) {
    to_low[i] = radar_m[i] - room_low_m[i];
    to_high[i] = room_high_m[i] - radar_m[i];
  }
  for (int i = 0; i < 3; i++) { /* surfaces */
    room->path_m[2 * i] = 2 * to_low[i];
    room->path_m[2 * i + 1] = 2 * to_high[i];
  }
  for (int i = 0; i < 4; i++) { /* upright edges */
    const double x = i & 1 ? to_high[0] : to_low[0], y = i & 2 ? to_high[1] : to_low[1];
    room->path_m[6 + i] = 2 * hypot(x, y);
  }
  for (int i = 0; i < ISCC_ROOM_TAPS; i++) {
    const double gain = i < 6 ? reflection(clutter, -10, 4) : reflection(clutter, -16, 5);
    const double size = wavelength_m / (4 * PI * room->path_m[i]) * gain;
    const double phase = iscc_random_between(clutter, -PI, PI);
    room->amplitude[i][0] = size * cos(phase);
    room->amplitude[i][1] = size * sin(phase);
  }
}

void iscc_room_fluctuation(iscc_random *clutter, double correlation, int steps, float *re, float *im) {
  /* innovations (1 - rho) n with n of variance 1/2 per component; stationary variance divides by 1 - rho^2 */
  const float rho = (float)correlation, step = (float)((1 - correlation) * sqrt(0.5));
  const float start = step / sqrtf(1 - rho * rho);
  float g_re, g_im;
  iscc_random_fill_normal(clutter, start, &g_re, 1);
  iscc_random_fill_normal(clutter, start, &g_im, 1);
  iscc_random_fill_normal(clutter, step, re, (size_t)steps);
  iscc_random_fill_normal(clutter, step, im, (size_t)steps);
  for (int m = 0; m < steps; m++) {
    g_re = rho * g_re + re[m];
    g_im = rho * g_im + im[m];
    re[m] = 1 + g_re;
    im[m] = g_im;
  }
}
