/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-random - seeded random streams, one per purpose.
 *
 * A stream is derived from (seed, run, node, purpose): adding a draw to one stream moves no other, and two
 * schemes compared at the same (seed, run) see the same world. Generator: xoshiro256++ 1.0 (Blackman and
 * Vigna, 2019), its state filled by SplitMix64. Normal deviates: ziggurat of 256 layers (Marsaglia and Tsang,
 * J. Stat. Software 5(8), 2000) in the form of Doornik (2005), which spends separate bits on layer and value.
 *
 * A stream is a plain value: copy it to branch it. Not thread safe; give each thread its own stream. */
#ifndef ISCC_RANDOM_H
#define ISCC_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { /* the numbers are part of what a (seed, run) means: never renumber */
               ISCC_STREAM_ARRIVALS = 1,
               ISCC_STREAM_PLACEMENT = 2,      /* who stands where: motion, height, heading, position */
               ISCC_STREAM_FADING = 3,         /* block fading gains */
               ISCC_STREAM_CLUTTER = 4,        /* static reflections and their autoregressive part */
               ISCC_STREAM_NOISE = 5,          /* radar receiver noise */
               ISCC_STREAM_QUANTIZATION = 6,   /* stochastic rounding */
               ISCC_STREAM_INFERENCE = 7,      /* the correct / wrong draw of modelled inference */
               ISCC_STREAM_WEIGHTS = 8,        /* network initialization */
               ISCC_STREAM_SHUFFLE = 9,        /* order of training samples */
               ISCC_STREAM_TEST = 10,          /* free for tests and benchmarks */
               ISCC_STREAM_POSITION = 11,      /* where a node stands */
               ISCC_STREAM_CHANNEL_ERROR = 12, /* what a node's estimate of its channel is wrong by */
               ISCC_STREAM_SHADOWING = 13      /* sight and shadowing between two places */
} iscc_purpose;
enum { ISCC_PURPOSES = ISCC_STREAM_SHADOWING + 1 }; /* numbers are below this */

/* In a word, e.g. "arrivals"; NULL: no purpose has this number. */
const char *iscc_purpose_name(iscc_purpose purpose);

typedef struct {
  uint64_t s[4];
} iscc_random;

/* Derives a stream. Any values are allowed; equal arguments give equal streams on every machine. */
void iscc_random_seed(iscc_random *r, uint64_t seed, uint64_t run, uint64_t node, iscc_purpose purpose);

/* The same with one more index (sample number, fading block, ...): random access without drawing in order. */
void iscc_random_seed_at(iscc_random *r, uint64_t seed, uint64_t run, uint64_t node, iscc_purpose purpose,
                         uint64_t index);

uint64_t iscc_random_u64(iscc_random *r);
double iscc_random_uniform(iscc_random *r);                          /* [0, 1), 53 bits */
double iscc_random_between(iscc_random *r, double low, double high); /* [low, high) */
uint64_t iscc_random_below(iscc_random *r, uint64_t n);              /* 0 .. n-1 without bias; n > 0 */
double iscc_random_normal(iscc_random *r);                           /* mean 0, variance 1 */
double iscc_random_exponential(iscc_random *r);                      /* mean 1 */

/* out[0..n) = scale times independent standard normal values, single precision. */
void iscc_random_fill_normal(iscc_random *r, float scale, float *out, size_t n);

#ifdef __cplusplus
}
#endif
#endif
