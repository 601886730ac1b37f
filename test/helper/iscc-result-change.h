/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-result-change - one number of iscc-ideal-results.h changed, as a row of a table: for tests. */
#ifndef ISCC_RESULT_CHANGE_H
#define ISCC_RESULT_CHANGE_H

#include "iscc-ideal-results.h"

typedef enum {
  ISCC_CHANGE_NOTHING,
  /* at a figure's case of a scheme */
  ISCC_CHANGE_TIMES,   /* energy, times value */
  ISCC_CHANGE_GONE,    /* infeasible */
  ISCC_CHANGE_THERE,   /* feasible, with value times the energy of joint */
  ISCC_CHANGE_REFUSED, /* by the scheme */
  ISCC_CHANGE_KEEP,
  ISCC_CHANGE_POWER,
  ISCC_CHANGE_SPLIT,
  ISCC_CHANGE_RIGHT,     /* right answers of ISCC_IDEAL_CHECKS */
  ISCC_CHANGE_UNCHECKED, /* no check */
  /* of sensing: value at a power, in place of accuracy, SSIM, gain */
  ISCC_CHANGE_ACCURACY,
  ISCC_CHANGE_SSIM,
  ISCC_CHANGE_GAIN,
  /* of a layer named scheme: Kolmogorov-Smirnov distance of its weights or magnitudes to a fit */
  ISCC_CHANGE_DISTANCE,
  ISCC_CHANGE_MAGNITUDE,
  ISCC_CHANGE_NORMAL,
  /* of a sample set: loss at the split `at`, at p = 0.5 or at 2, 3, 4, ... bits */
  ISCC_CHANGE_PRUNED,
  ISCC_CHANGE_BITS2,
  ISCC_CHANGE_BITS3,
  ISCC_CHANGE_BITS4,
  ISCC_CHANGE_BITS5,
  ISCC_CHANGE_BITS6,
  ISCC_CHANGE_BITS7,
  ISCC_CHANGE_BITS8
} iscc_change_kind;

enum {
  ISCC_CHANGE_BOTH = -1,
  ISCC_CHANGE_EVERY = -1,
  ISCC_CHANGE_LAST = -2
}; /* sets; cases, splits or powers */

typedef struct {
  iscc_change_kind kind;
  iscc_figure figure;
  int set;
  const char *scheme; /* or a layer's name; NULL: every scheme */
  int at;             /* case, split or power */
  double value;
} iscc_result_change;

/* Fails the test where nothing is meant. */
void iscc_result_change_apply(const iscc_result_change *change);

#endif
