/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-slurm-work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-pool-begin.h"
#include "iscc-run-environment.h"
#include "iscc-slurm-bundles.h"

char *iscc_campaign_work_path(const char *folder, size_t task, const char *ending) {
  char *path = NULL;
  return asprintf(&path, "%s/%zu%s", folder, task, ending) < 0 ? NULL : path;
}

static iscc_status no_memory(iscc_error *error) {
  return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
}

static iscc_status read_bundles(const char *folder, iscc_campaign_bundles *bundles, iscc_error *error) {
  char *path = NULL;
  if (asprintf(&path, "%s/" ISCC_WORK_BUNDLES, folder) < 0) return no_memory(error);
  const iscc_status status = iscc_campaign_bundles_read(path, bundles, error);
  free(path);
  return status;
}

/* Results are those of the file that the campaign was started with. */
static iscc_status check_program(iscc_campaign_program *program, iscc_program_version *version,
                                 iscc_error *error) {
  const iscc_status status = iscc_program_version_read(program->path, version, error);
  program->version = version;
  if (status || strcmp(version->sha256, program->sha256) == 0) return status;
  return iscc_fail(error, ISCC_ESTATE,
                   "%s: is another file than when the campaign was submitted (SHA-256 begins with %.12s, was "
                   "%.12s)",
                   program->path, version->sha256, program->sha256);
}

/* Two workers never write one shard: the first one makes it. Nor does one that Slurm starts again after it forgot the first. */
static iscc_status open_shard(const char *folder, size_t task, const char *part, iscc_campaign_store **store,
                              iscc_error *error) {
  static const char *const later[] = {ISCC_WORK_WHOLE, ISCC_WORK_MERGED};
  int file = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  bool taken = file < 0 && errno == EEXIST;
  if (file < 0 && !taken) return iscc_fail(error, ISCC_EIO, "%s: cannot be made: %s", part, strerror(errno));
  if (file >= 0) close(file);
  for (size_t i = 0; !taken && i < sizeof later / sizeof *later; i++) {
    char *path = iscc_campaign_work_path(folder, task, later[i]);
    if (path && access(path, F_OK) == 0) taken = unlink(part) == 0;
    free(path);
  }
  if (taken)
    return iscc_fail(error, ISCC_ESTATE, "%s: somebody has worked on task %zu already", folder, task);
  return iscc_campaign_store_open_shared(part, store, error);
}

/* Slurm ends a job by a signal to all its processes, in any order: a run that a signal ended is no result when one for the
 * worker follows. */
static iscc_status await(iscc_pool *pool, iscc_pool_run **run, iscc_error *error) {
  enum { PATIENCE_S = 60, ALL_SIGNALED_S = 2 };
  iscc_status status = ISCC_OK;
  iscc_pool_run *none;
  for (*run = NULL; !status && !*run;) status = iscc_pool_wait(pool, PATIENCE_S, run, error);
  if (!status && (*run)->process.signal && !(*run)->timed_out)
    status = iscc_pool_wait(pool, ALL_SIGNALED_S, &none, error);
  return status == ISCC_EINTR ? iscc_fail(error, status, "ended by a signal") : status;
}

static iscc_status run_one(const iscc_campaign_bundles *b, const iscc_bundle_run *wanted, iscc_pool *pool,
                           iscc_campaign_store *store, iscc_error *error) {
  const iscc_campaign_program *p = &b->program;
  const iscc_wanted_run what = {.path = p->path,
                                .arguments = b->arguments[wanted->point],
                                .seed = p->seed,
                                .run = wanted->run,
                                .prints = p->prints,
                                .point = wanted->point};
  iscc_campaign_end end;
  iscc_pool_run *run;
  iscc_status status = iscc_pool_begin(pool, &what, &run, error);
  if (!status) status = await(pool, &run, error);
  return status ? status : iscc_campaign_record(store, p, what.arguments, run, &end, error);
}

/* With the runs' own files on the node's disk. */
static iscc_status run_bundle(const iscc_campaign_bundles *b, const char *folder, size_t task,
                              iscc_campaign_store *store, iscc_error *error) {
  const char *temporary = getenv("TMPDIR"), *slash = strrchr(folder, '/');
  iscc_pool *pool;
  char *place = NULL;
  if (asprintf(&place, "%s/%s-%zu", temporary && *temporary ? temporary : "/tmp", slash ? slash + 1 : folder,
               task) < 0)
    return no_memory(error);
  iscc_status status = iscc_pool_open(place, 1, b->program.timeout_s, &pool, error);
  free(place);
  for (size_t i = task; !status && i < b->runs; i += b->tasks)
    status = run_one(b, b->run + i, pool, store, error);
  iscc_pool_close(pool);
  return status;
}

iscc_status iscc_campaign_work(const char *folder, size_t task, iscc_error *error) {
  iscc_campaign_bundles bundles;
  iscc_campaign_store *store = NULL;
  iscc_program_version version = {.files = 0};
  iscc_status status = iscc_run_environment_check(error);
  if (!status) status = read_bundles(folder, &bundles, error);
  if (status) return status;
  char *part = iscc_campaign_work_path(folder, task, ISCC_WORK_PART),
       *whole = iscc_campaign_work_path(folder, task, ISCC_WORK_WHOLE);
  if (!part || !whole) status = no_memory(error);
  if (!status && task >= bundles.tasks)
    status = iscc_fail(error, ISCC_EINVAL, "%s: has tasks 0..%zu, not %zu", folder, bundles.tasks - 1, task);
  if (!status) status = check_program(&bundles.program, &version, error);
  if (!status) status = open_shard(folder, task, part, &store, error);
  if (!status && bundles.mix_programs) iscc_campaign_store_mix_programs(store);
  if (!status) status = run_bundle(&bundles, folder, task, store, error);
  iscc_campaign_store_close(store);
  if (!status && rename(part, whole))
    status = iscc_fail(error, ISCC_EIO, "%s: cannot be renamed: %s", part, strerror(errno));
  free(part);
  free(whole);
  iscc_campaign_bundles_free(&bundles);
  iscc_program_version_free(&version);
  return status;
}
