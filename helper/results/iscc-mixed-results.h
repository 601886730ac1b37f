/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-mixed-results - whether the results of a database were made by one program each, with one model: those that were mixed on request
 * are averaged as any, and a reader is to know. */
#ifndef ISCC_MIXED_RESULTS_H
#define ISCC_MIXED_RESULTS_H

#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {    /* the most there are, of runs that are done */
  int64_t programs; /* different files of one program's name */
  int64_t models;   /* different files of one model's name, in the runs of one program */
} iscc_mixed_results;

iscc_status iscc_mixed_results_read(const char *database, iscc_mixed_results *out, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
