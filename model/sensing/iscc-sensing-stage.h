/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sensing-stage - what lies between a person and the network's input, for looking at and for tests.
 *
 *   stage        shape                  content
 *   echo         fast samples x chirps  dechirped echo before the filter, complex, sqrt(W)
 *   filtered     fast samples x chirps  after mean subtraction and the triplets kept, complex, sqrt(W)
 *   slow-time    chirps                 sum of filtered over fast time, complex, sqrt(W)
 *   spectrogram  3 x F x 42             power of each window's transform, W; frequency from -half the chirp
 * rate on, time input        3 x 42 x 42            what the network gets */
#ifndef ISCC_SENSING_STAGE_H
#define ISCC_SENSING_STAGE_H

#include "iscc-sensing.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_STAGE_ECHO,
  ISCC_STAGE_FILTERED,
  ISCC_STAGE_SLOW_TIME,
  ISCC_STAGE_SPECTROGRAM,
  ISCC_STAGE_INPUT
} iscc_stage;

enum { ISCC_STAGE_COUNT = 5 };

const char *iscc_stage_name(iscc_stage stage); /* as in the table above; NULL outside the range */

/* ISCC_EINVAL lists the names. */
iscc_status iscc_stage_from_name(const char *name, iscc_stage *stage, iscc_error *error);

typedef struct {
  int dimensions; /* 1..3 */
  size_t shape[3];
  size_t doubles;  /* to hold all: shape's product, twice that when complex */
  bool is_complex; /* real and imaginary parts alternate */
} iscc_stage_shape;

void iscc_sensing_stage_shape(const iscc_sensing *s, iscc_stage stage, iscc_stage_shape *shape);

/* That stage of the last iscc_sensing_run() into values[0..shape.doubles), last index fastest. Allocates work
 * space and frees it. ISCC_ESTATE: no run yet, or the last one failed. */
iscc_status iscc_sensing_stage_read(const iscc_sensing *s, iscc_stage stage, double *values,
                                    iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
