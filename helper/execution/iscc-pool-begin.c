/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-pool-begin.h"

#include "iscc-run-arguments.h"

iscc_status iscc_pool_begin(iscc_pool *pool, const iscc_wanted_run *wanted, iscc_pool_run **out,
                            iscc_error *error) {
  iscc_pool_run *run = *out = iscc_pool_place(pool);
  char **argv = run ? iscc_run_arguments_make(wanted->path, wanted->arguments, wanted->seed, wanted->run,
                                              wanted->prints ? NULL : run->shard)
                    : NULL;
  if (!argv)
    return iscc_fail(error, ISCC_ENOMEM,
                     "campaign: out of memory, or arguments that are no object of texts: %.200s",
                     wanted->arguments);
  run->point = wanted->point;
  run->run = wanted->run;
  const iscc_status status = iscc_pool_start(pool, run, argv, error);
  iscc_run_arguments_free(argv);
  return status;
}
