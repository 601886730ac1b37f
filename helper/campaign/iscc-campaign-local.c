/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-local.h"

#include <stdlib.h>

#include "iscc-pool-begin.h"
#include "iscc-pool-folder.h"

typedef struct {
  const iscc_campaign_program *program;
  const iscc_campaign_points *points;
  iscc_campaign_store *store;
  iscc_pool *pool;
  iscc_pool_run *ended; /* that is not recorded yet */
} local;

static bool is_full(const void *self) {
  return iscc_pool_is_full(((const local *)self)->pool);
}

static bool is_idle(const void *self) {
  const local *l = self;
  return !l->ended && iscc_pool_is_idle(l->pool);
}

static iscc_status start(void *self, size_t point, int64_t number, iscc_error *error) {
  local *l = self;
  const iscc_campaign_program *p = l->program;
  const iscc_wanted_run wanted = {.path = p->path,
                                  .arguments = l->points->arguments[point],
                                  .seed = p->seed,
                                  .run = number,
                                  .prints = p->prints,
                                  .point = point};
  iscc_pool_run *run;
  return iscc_pool_begin(l->pool, &wanted, &run, error);
}

static iscc_status wait_for(void *self, double patience_s, bool *ended, iscc_error *error) {
  local *l = self;
  const iscc_status status = iscc_pool_wait(l->pool, patience_s, &l->ended, error);
  *ended = l->ended != NULL;
  return status == ISCC_EINTR
             ? iscc_fail(error, status, "interrupted; the same command goes on where it stopped")
             : status;
}

static iscc_status record(void *self, iscc_campaign_end *end, iscc_error *error) {
  local *l = self;
  iscc_pool_run *run = l->ended;
  l->ended = NULL;
  iscc_status status =
      iscc_pool_check_place(l->pool, error); /* the next run has begun, which may have moved it */
  if (!status)
    status = iscc_campaign_record(l->store, l->program, l->points->arguments[run->point], run, end, error);
  if (status == ISCC_EIO) iscc_pool_check_place(l->pool, error); /* that is why, if so */
  return status;
}

static bool watch(void *self) {
  return iscc_pool_watch(((local *)self)->pool);
}

static void close_local(void *self) {
  local *l = self;
  iscc_pool_close(l->pool);
  free(l);
}

/* What is in a cluster's queue for this database would be run twice. */
static iscc_status check_queue(const char *database, iscc_error *error) {
  char *folder = iscc_pool_folder_path(database);
  if (!folder) return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
  const bool queued = iscc_pool_folder_holds(folder, ISCC_ARRAY_PREFIX);
  const iscc_status status =
      queued
          ? iscc_fail(error, ISCC_ESTATE,
                      "%s holds job arrays of Slurm: go on with --engine=slurm, which merges what they have "
                      "done ('scancel --name=' with a folder's name there ends one)",
                      folder)
          : ISCC_OK;
  free(folder);
  return status;
}

iscc_status iscc_campaign_local_open(const iscc_campaign_program *program, const iscc_campaign_points *points,
                                     iscc_campaign_store *store, const char *database, const void *settings,
                                     iscc_campaign_engine *out, iscc_error *error) {
  const int jobs = ((const iscc_campaign_local_settings *)settings)->jobs;
  local *l = calloc(1, sizeof *l);
  if (!l) return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
  *l = (local){.program = program, .points = points, .store = store};
  iscc_status status = iscc_pool_open(database, jobs, program->timeout_s, &l->pool, error);
  if (!status) status = check_queue(database, error);
  if (status) {
    close_local(l);
    return status;
  }
  *out = (iscc_campaign_engine){.self = l,
                                .is_full = is_full,
                                .is_idle = is_idle,
                                .start = start,
                                .wait = wait_for,
                                .take_end = record,
                                .watch = watch,
                                .close = close_local};
  return ISCC_OK;
}
