/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-pool-begin - starts a run of a campaign in a free place of a pool. */
#ifndef ISCC_POOL_BEGIN_H
#define ISCC_POOL_BEGIN_H

#include "iscc-pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *path;      /* of the executable */
  const char *arguments; /* as they are recorded: JSON object of texts */
  int64_t seed, run;     /* run: the replication */
  bool prints;           /* its results; else it gets the place's shard to record into */
  size_t point;          /* for the caller */
} iscc_wanted_run;

/* The pool must not be full. *out is the place, borrowed. ISCC_ENOMEM: also when arguments are no such object. ISCC_EIO. */
iscc_status iscc_pool_begin(iscc_pool *pool, const iscc_wanted_run *wanted, iscc_pool_run **out,
                            iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
