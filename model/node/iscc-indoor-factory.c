/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-indoor-factory.h"

#include <math.h>
#include <string.h>

#include "iscc-random.h"

static const double SQUARE_M = 10;
static const double SIGHT_SHADOWING_DB = 4.3;

static const struct {
  const char *name;
  double constant_db, slope_db, shadowing_db; /* out of sight */
  bool high;                                  /* the station stands above the clutter */
  double density, size_m, height_m;           /* of the clutter in 3GPP's calibration */
} kinds[] = {[ISCC_INF_SL] = {"SL", 33, 25.5, 5.7, false, 0.2, 10, 2},
             [ISCC_INF_DL] = {"DL", 18.6, 35.7, 7.2, false, 0.6, 2, 6},
             [ISCC_INF_SH] = {"SH", 32.4, 23, 5.9, true, 0.2, 10, 2},
             [ISCC_INF_DH] = {"DH", 33.63, 21.9, 4, true, 0.6, 2, 6},
             [ISCC_INF_HH] = {"HH", 0, 0, 0, true, 0, 0, 0}};

bool iscc_indoor_factory_kind_find(const char *name, iscc_indoor_factory_kind *kind) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (strcmp(name, kinds[i].name) != 0) continue;
    *kind = (iscc_indoor_factory_kind)i;
    return true;
  }
  return false;
}

const char *iscc_indoor_factory_kind_name(iscc_indoor_factory_kind kind) {
  return kinds[kind].name;
}

static double or_else(double given, double otherwise) {
  return given > 0 ? given : otherwise;
}

double iscc_indoor_factory_sight_probability(const iscc_indoor_factory *f, double distance2d_m, double high_m,
                                             double low_m) {
  const double density = or_else(f->clutter_density, kinds[f->kind].density);
  const double size_m = or_else(f->clutter_size_m, kinds[f->kind].size_m);
  const double height_m = or_else(f->clutter_height_m, kinds[f->kind].height_m);
  if (f->kind == ISCC_INF_HH || low_m >= height_m) return 1;
  double k_m = -size_m / log1p(-density);
  if (kinds[f->kind].high) k_m *= fmax(1, (high_m - low_m) / (height_m - low_m));
  return exp(-distance2d_m / k_m);
}

static double line_db(const iscc_indoor_factory *f, iscc_indoor_factory_kind kind, double distance_m) {
  return kinds[kind].constant_db + kinds[kind].slope_db * log10(distance_m) +
         20 * log10(1e-9 * f->frequency_hz);
}

double iscc_indoor_factory_loss_db(const iscc_indoor_factory *f, double distance_m, bool in_sight) {
  const double d_m = fmax(distance_m, 1);
  const double sight_db = 31.84 + 21.5 * log10(d_m) + 19 * log10(1e-9 * f->frequency_hz);
  if (in_sight || f->kind == ISCC_INF_HH) return sight_db;
  double loss_db = fmax(sight_db, line_db(f, f->kind, d_m));
  if (f->kind == ISCC_INF_DL) loss_db = fmax(loss_db, line_db(f, ISCC_INF_SL, d_m));
  return loss_db;
}

/* 32 bits of the square that a place is in. */
static uint64_t square_of(const double place_m[3]) {
  const int64_t x = (int64_t)floor(place_m[0] / SQUARE_M), y = (int64_t)floor(place_m[1] / SQUARE_M);
  return ((uint64_t)x & 0xffff) << 16 | ((uint64_t)y & 0xffff);
}

double iscc_indoor_factory_link_db(const iscc_indoor_factory *f, uint32_t node, const double place_m[3],
                                   uint32_t other, const double other_m[3], double *drawn) {
  if (node > other) return iscc_indoor_factory_link_db(f, other, other_m, node, place_m, drawn);
  const double flat_m = hypot(place_m[0] - other_m[0], place_m[1] - other_m[1]);
  iscc_random r;
  iscc_random_seed_at(&r, f->seed, f->run, (uint64_t)node << 32 | other, ISCC_STREAM_SHADOWING,
                      square_of(place_m) << 32 | square_of(other_m));
  const double uniform = iscc_random_uniform(&r);
  const bool in_sight = uniform < iscc_indoor_factory_sight_probability(
                                      f, flat_m, fmax(place_m[2], other_m[2]), fmin(place_m[2], other_m[2]));
  if (drawn) *drawn = uniform;
  const double deviation_db =
      in_sight || f->kind == ISCC_INF_HH ? SIGHT_SHADOWING_DB : kinds[f->kind].shadowing_db;
  return iscc_indoor_factory_loss_db(f, hypot(flat_m, place_m[2] - other_m[2]), in_sight) +
         (f->shadowing ? deviation_db * iscc_random_normal(&r) : 0);
}
