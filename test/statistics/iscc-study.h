/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-study - what the studies of intervals share: drawn values, and a note of what was measured: for tests.
 *
 * With ISCC_STUDY set in the environment, the figures are printed, as doc/statistics.rst has them. */
#ifndef ISCC_STUDY_H
#define ISCC_STUDY_H

#include <stddef.h>

#include "iscc-random.h"

/* A stream of its own for each study and case. */
iscc_random iscc_study_stream(int study, int index);

/* values[0..n) = mean + deviation times standard normal values. */
void iscc_study_normal(iscc_random *random, double mean, double deviation, double *values, size_t n);

/* values[0..n) = exp of standard normal values: mean exp(0.5), skewness 6.2. */
void iscc_study_lognormal(iscc_random *random, double *values, size_t n);

/* One line. */
void iscc_study_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Share in per cent. */
double iscc_study_percent(int held, int of);

#endif
