/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-arrivals - when tasks arrive: periodic, Poisson, or times from a file. */
#ifndef ISCC_ARRIVALS_H
#define ISCC_ARRIVALS_H

#include <stdint.h>

#include "iscc-draws.h"
#include "iscc-random.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { ISCC_ARRIVALS_PERIODIC, ISCC_ARRIVALS_POISSON, ISCC_ARRIVALS_FILE } iscc_arrivals_kind;

typedef struct {
  iscc_arrivals_kind kind;
  double interval_s; /* period, or mean time between Poisson arrivals; > 0 */
  double start_s;    /* time of the first periodic arrival; start of the Poisson process; >= 0 */
  uint64_t count;    /* number of tasks; for a file the most that are taken, 0: all of them */
  const char *path;  /* file: one time in seconds a line, not decreasing; '#' starts a comment */
} iscc_arrivals_settings;

typedef struct iscc_arrivals iscc_arrivals;

/* Reads the file, if any (ISCC_EIO, ISCC_EFORMAT name file, line and what is wrong). stream is copied. */
iscc_status iscc_arrivals_create(const iscc_arrivals_settings *settings, const iscc_random *stream,
                                 iscc_arrivals **out, iscc_error *error);
void iscc_arrivals_destroy(iscc_arrivals *arrivals);

/* The time of the next arrival in ns; -1 when there is none. */
int64_t iscc_arrivals_next_ns(iscc_arrivals *arrivals);

/* What its stream gave: of the Poisson process, intervals of mean 1. */
const iscc_draws *iscc_arrivals_draws(const iscc_arrivals *arrivals);

#ifdef __cplusplus
}
#endif
#endif
