/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pair-streams - whether the two runs of each pair of a comparison drew the same random numbers.
 *
 * Pairs are those of iscc-compare.h. By purpose, the fingerprints that both runs recorded (table stream) are held against each other
 * where they are of the same draws. Programs that print their results have none. */
#ifndef ISCC_PAIR_STREAMS_H
#define ISCC_PAIR_STREAMS_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_PAIR_PURPOSES_MAX = 32 };

typedef struct {
  char name[32];
  int64_t compared; /* pairs whose hashes are of the same draws of the same nodes, */
  int64_t differ;   /* and those of them that drew other numbers */
} iscc_pair_purpose;

typedef struct {
  int64_t pairs; /* of runs that were recorded */
  size_t purposes;
  iscc_pair_purpose purpose[ISCC_PAIR_PURPOSES_MAX]; /* by name */
} iscc_pair_streams;

/* by: JSON path of the option in the arguments. where: object of iscc-campaign-where.h, for the runs beside the baseline's; db must have
 * been prepared for it. */
iscc_status iscc_pair_streams_read(sqlite3 *db, const char *by, const char *baseline, const char *metric,
                                   const char *where, iscc_pair_streams *streams, iscc_error *error);

/* A few lines; none when nothing was recorded. */
void iscc_pair_streams_print(const iscc_pair_streams *streams, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
