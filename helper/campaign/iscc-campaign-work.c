/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-campaign-bundles.h"
#include "iscc-campaign-local.h"
#include "iscc-program-hash.h"

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
static iscc_status check_program(const iscc_campaign_program *program, iscc_error *error) {
  char sha256[ISCC_DIGEST_TEXT];
  const iscc_status status = iscc_program_hash(program->path, sha256, error);
  if (status || strcmp(sha256, program->sha256) == 0) return status;
  return iscc_fail(error, ISCC_ESTATE,
                   "%s: is another file than when the campaign was submitted (SHA-256 begins with %.12s, was "
                   "%.12s)",
                   program->path, sha256, program->sha256);
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

static iscc_status run_bundle(const iscc_campaign_bundles *b, size_t task, iscc_campaign_engine *engine,
                              iscc_error *error) {
  enum { PATIENCE_S = 60 };
  iscc_status status = ISCC_OK;
  for (size_t i = task; !status && i < b->runs; i += b->tasks) {
    bool ended = false;
    iscc_campaign_end end;
    status = engine->start(engine->self, b->run[i].point, b->run[i].run, error);
    while (!status && !ended) status = engine->wait(engine->self, PATIENCE_S, &ended, error);
    if (!status) status = engine->record(engine->self, &end, error);
  }
  return status;
}

/* With the runs' own files on the node's disk. */
static iscc_status run_here(const iscc_campaign_bundles *b, const char *folder, size_t task,
                            iscc_campaign_store *store, iscc_error *error) {
  const char *temporary = getenv("TMPDIR"), *slash = strrchr(folder, '/');
  const iscc_campaign_points points = {.points = b->points, .arguments = (char **)(uintptr_t)b->arguments};
  iscc_campaign_engine engine;
  char *place = NULL;
  if (asprintf(&place, "%s/%s-%zu", temporary && *temporary ? temporary : "/tmp", slash ? slash + 1 : folder,
               task) < 0)
    return no_memory(error);
  iscc_status status = iscc_campaign_local_open(&b->program, &points, store, place, 1, &engine, error);
  free(place);
  if (status) return status;
  status = run_bundle(b, task, &engine, error);
  engine.close(engine.self);
  return status;
}

iscc_status iscc_campaign_work(const char *folder, size_t task, iscc_error *error) {
  iscc_campaign_bundles bundles;
  iscc_campaign_store *store = NULL;
  iscc_status status = read_bundles(folder, &bundles, error);
  if (status) return status;
  char *part = iscc_campaign_work_path(folder, task, ISCC_WORK_PART),
       *whole = iscc_campaign_work_path(folder, task, ISCC_WORK_WHOLE);
  if (!part || !whole) status = no_memory(error);
  if (!status && task >= bundles.tasks)
    status = iscc_fail(error, ISCC_EINVAL, "%s: has tasks 0..%zu, not %zu", folder, bundles.tasks - 1, task);
  if (!status) status = check_program(&bundles.program, error);
  if (!status) status = open_shard(folder, task, part, &store, error);
  if (!status) status = run_here(&bundles, folder, task, store, error);
  iscc_campaign_store_close(store);
  if (!status && rename(part, whole))
    status = iscc_fail(error, ISCC_EIO, "%s: cannot be renamed: %s", part, strerror(errno));
  free(part);
  free(whole);
  iscc_campaign_bundles_free(&bundles);
  return status;
}
