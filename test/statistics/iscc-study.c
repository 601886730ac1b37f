/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-study.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

iscc_random iscc_study_stream(int study, int index) {
  iscc_random random;
  iscc_random_seed(&random, 2026, (uint64_t)study, (uint64_t)index, ISCC_STREAM_TEST);
  return random;
}

void iscc_study_normal(iscc_random *random, double mean, double deviation, double *values, size_t n) {
  for (size_t i = 0; i < n; i++) values[i] = mean + deviation * iscc_random_normal(random);
}

void iscc_study_lognormal(iscc_random *random, double *values, size_t n) {
  for (size_t i = 0; i < n; i++) values[i] = exp(iscc_random_normal(random));
}

void iscc_study_note(const char *format, ...) {
  if (!getenv("ISCC_STUDY")) return;
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stdout, format, arguments);
  va_end(arguments);
  fputc('\n', stdout);
  fflush(stdout);
}

double iscc_study_percent(int held, int of) {
  return 100.0 * held / of;
}
