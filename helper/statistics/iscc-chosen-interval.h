/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-chosen-interval - the interval of a mean that its values call for.
 *
 *   no scatter               none: values that are all equal do not say how far others may lie
 *   |G| > 0.8, n < 100 G^2   bootstrap-t (iscc-bootstrap-t.h), of 5 values and more; G: iscc-skewness.h
 *   else                     Student's t (iscc-mean-interval.h)
 *
 * Values of 0 and 1 are for iscc-wilson.h. The bound 0.8 is chosen by simulated coverage: the procedure as a whole keeps what it
 * says of normal values and holds nearly as often of skewed ones as bootstrap-t of all values, which is much wider
 * than t of few normal ones; doc/statistics.rst has the figures. Resampling is seeded: the same values have the same interval
 * on every machine.
 */
#ifndef ISCC_CHOSEN_INTERVAL_H
#define ISCC_CHOSEN_INTERVAL_H

#include <stddef.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ISCC_INTERVAL_NONE,
  ISCC_INTERVAL_T,
  ISCC_INTERVAL_WILSON,
  ISCC_INTERVAL_BOOTSTRAP_T,
  ISCC_INTERVAL_NEWCOMBE /* of pairs, iscc-paired-shares.h */
} iscc_interval_method;

typedef struct {
  iscc_interval_method method;
  double low, high; /* NAN of none, of fewer than two values, and of values that are not finite */
} iscc_chosen_interval;

/* 0 < confidence < 1. ISCC_ENOMEM, with nothing written. */
iscc_status iscc_chosen_interval_of(const double *values, size_t n, double confidence,
                                    iscc_chosen_interval *interval, iscc_error *error);

const char *iscc_interval_method_text(iscc_interval_method method); /* "-" of none */

#ifdef __cplusplus
}
#endif
#endif
