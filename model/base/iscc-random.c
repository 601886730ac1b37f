/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-random.h"

#include <math.h>

const char *iscc_purpose_name(iscc_purpose purpose) {
  static const char *const name[ISCC_PURPOSES] = {
      [ISCC_STREAM_ARRIVALS] = "arrivals",   [ISCC_STREAM_PLACEMENT] = "persons",
      [ISCC_STREAM_FADING] = "fading",       [ISCC_STREAM_CLUTTER] = "clutter",
      [ISCC_STREAM_NOISE] = "noise",         [ISCC_STREAM_QUANTIZATION] = "quantization",
      [ISCC_STREAM_INFERENCE] = "inference", [ISCC_STREAM_WEIGHTS] = "weights",
      [ISCC_STREAM_SHUFFLE] = "shuffle",     [ISCC_STREAM_TEST] = "test",
      [ISCC_STREAM_POSITION] = "positions",  [ISCC_STREAM_CHANNEL_ERROR] = "channel-error",
      [ISCC_STREAM_SHADOWING] = "shadowing"};
  return (unsigned)purpose < ISCC_PURPOSES ? name[purpose] : NULL;
}

/* SplitMix64 (Steele, Lea, Flood 2014): a bijection of the counter, used to spread seeds. */
static uint64_t splitmix64(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/* Folds one word into a running digest; every later word depends on all earlier ones. */
static uint64_t fold(uint64_t digest, uint64_t word) {
  uint64_t state = digest ^ word;
  (void)splitmix64(&state);
  return splitmix64(&state);
}

static void fill_state(iscc_random *r, uint64_t digest) {
  for (int i = 0; i < 4; i++) r->s[i] = splitmix64(&digest);
}

static uint64_t digest_of(uint64_t seed, uint64_t run, uint64_t node, iscc_purpose purpose) {
  uint64_t digest = fold(0, seed);
  digest = fold(digest, run);
  digest = fold(digest, node);
  return fold(digest, (uint64_t)purpose);
}

void iscc_random_seed(iscc_random *r, uint64_t seed, uint64_t run, uint64_t node, iscc_purpose purpose) {
  fill_state(r, digest_of(seed, run, node, purpose));
}

void iscc_random_seed_at(iscc_random *r, uint64_t seed, uint64_t run, uint64_t node, iscc_purpose purpose,
                         uint64_t index) {
  fill_state(r, fold(digest_of(seed, run, node, purpose), index));
}

static inline uint64_t rotate_left(uint64_t x, int k) {
  return (x << k) | (x >> (64 - k));
}

static inline uint64_t next_u64(iscc_random *r) {
  uint64_t *s = r->s;
  const uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
  const uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 45);
  return result;
}

uint64_t iscc_random_u64(iscc_random *r) {
  return next_u64(r);
}

static inline double uniform53(uint64_t bits) {
  return (double)(bits >> 11) * 0x1.0p-53;
}

double iscc_random_uniform(iscc_random *r) {
  return uniform53(next_u64(r));
}

double iscc_random_between(iscc_random *r, double low, double high) {
  return low + (high - low) * iscc_random_uniform(r);
}

uint64_t iscc_random_below(iscc_random *r, uint64_t n) {
  const uint64_t excess = -n % n; /* values below this would make small results likelier */
  uint64_t x;
  do x = next_u64(r);
  while (x < excess);
  return x % n;
}

double iscc_random_exponential(iscc_random *r) {
  return -log1p(-iscc_random_uniform(r));
}

/* Ziggurat for the density f(x) = exp(-x^2/2): ZIGGURAT_LAYERS regions of equal area ZIGGURAT_AREA, the
 * lowest one holding the tail beyond ZIGGURAT_TAIL. Constants from Doornik (2005) for 256 layers. */
enum { ZIGGURAT_LAYERS = 256 };
#define ZIGGURAT_TAIL 3.6541528853610088
#define ZIGGURAT_AREA 0.00492867323399

static double layer_edge[ZIGGURAT_LAYERS + 1]; /* right edge of layer i; [0] includes the tail's area */
static float layer_scale[ZIGGURAT_LAYERS];     /* layer_edge[i] / 2^31: signed 32 bits to a value */
static float layer_inside[ZIGGURAT_LAYERS];    /* ratio below which the point lies under the curve for sure */

__attribute__((constructor)) static void build_ziggurat(void) {
  double f = exp(-0.5 * ZIGGURAT_TAIL * ZIGGURAT_TAIL);
  layer_edge[0] = ZIGGURAT_AREA / f;
  layer_edge[1] = ZIGGURAT_TAIL;
  for (int i = 2; i < ZIGGURAT_LAYERS; i++) {
    layer_edge[i] = sqrt(-2.0 * log(ZIGGURAT_AREA / layer_edge[i - 1] + f));
    f = exp(-0.5 * layer_edge[i] * layer_edge[i]);
  }
  layer_edge[ZIGGURAT_LAYERS] = 0.0;
  for (int i = 0; i < ZIGGURAT_LAYERS; i++) {
    layer_scale[i] = (float)(layer_edge[i] * 0x1.0p-31);
    layer_inside[i] = (float)(layer_edge[i + 1] / layer_edge[i] * 0x1.0p31);
  }
}

static double normal_tail(iscc_random *r, int negative) {
  double x, y;
  do {
    x = -iscc_random_exponential(r) / ZIGGURAT_TAIL;
    y = -iscc_random_exponential(r);
  } while (-2.0 * y < x * x);
  return negative ? x - ZIGGURAT_TAIL : ZIGGURAT_TAIL - x;
}

/* Finishes a draw whose first try fell outside the sure part of its layer. */
static double normal_slow(iscc_random *r, int layer, int32_t value) {
  for (;;) {
    if (layer == 0) return normal_tail(r, value < 0);
    const double x = (double)value * 0x1.0p-31 * layer_edge[layer];
    const double f_low = exp(-0.5 * (layer_edge[layer] * layer_edge[layer] - x * x));
    const double f_high = exp(-0.5 * (layer_edge[layer + 1] * layer_edge[layer + 1] - x * x));
    if (f_high + iscc_random_uniform(r) * (f_low - f_high) < 1.0) return x;
    const uint64_t bits = next_u64(r);
    layer = (int)(bits & 255u);
    value = (int32_t)(bits >> 32);
    if (fabs((double)value) < (double)layer_inside[layer])
      return (double)value * 0x1.0p-31 * layer_edge[layer];
  }
}

double iscc_random_normal(iscc_random *r) {
  const uint64_t bits = next_u64(r);
  const int layer = (int)(bits & 255u);
  const int32_t value = (int32_t)(bits >> 32);
  if (fabs((double)value) < (double)layer_inside[layer]) {
    return (double)value * 0x1.0p-31 * layer_edge[layer];
  }
  return normal_slow(r, layer, value);
}

void iscc_random_fill_normal(iscc_random *r, float scale, float *out, size_t n) {
  iscc_random local = *r; /* kept in registers: the compiler need not write it back at each draw */
  for (size_t i = 0; i < n; i++) {
    const uint64_t bits = next_u64(&local);
    const int layer = (int)(bits & 255u);
    const int32_t value = (int32_t)(bits >> 32);
    const float v = (float)value;
    if (fabsf(v) < layer_inside[layer])
      out[i] = v * layer_scale[layer] * scale;
    else
      out[i] = (float)normal_slow(&local, layer, value) * scale;
  }
  *r = local;
}
