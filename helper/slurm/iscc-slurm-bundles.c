/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-slurm-bundles.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *pack(const iscc_campaign_bundles *b) {
  const iscc_campaign_program *p = &b->program;
  json_t *arguments = json_array(), *runs = json_array();
  for (size_t i = 0; i < b->points; i++) json_array_append_new(arguments, json_string(b->arguments[i]));
  for (size_t i = 0; i < b->runs; i++)
    json_array_append_new(runs, json_pack("[II]", (json_int_t)b->run[i].point, (json_int_t)b->run[i].run));
  return json_pack("{ss ss ss ss sI sb sb sb sf sI so so}", "iscc_commit", p->iscc_commit, "path", p->path,
                   "name", p->name, "sha256", p->sha256, "seed", (json_int_t)p->seed, "prints", p->prints,
                   "sequential", p->sequential, "mix_programs", b->mix_programs, "timeout_s",
                   isinf(p->timeout_s) ? 0. : p->timeout_s, "tasks", (json_int_t)b->tasks, "arguments",
                   arguments, "runs", runs);
}

iscc_status iscc_campaign_bundles_write(const iscc_campaign_bundles *b, const char *path, iscc_error *error) {
  json_t *json = pack(b);
  if (!json || json_array_size(json_object_get(json, "arguments")) != b->points ||
      json_array_size(json_object_get(json, "runs")) != b->runs) {
    json_decref(json);
    return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  }
  errno = 0;
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  const bool failed = file < 0 || json_dumpfd(json, file, JSON_COMPACT) || fsync(file);
  const int why = errno;
  if (file >= 0) close(file);
  json_decref(json);
  return failed ? iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", path, strerror(why)) : ISCC_OK;
}

static bool unpack_runs(const json_t *runs, iscc_campaign_bundles *b) {
  for (size_t i = 0; i < b->runs; i++) {
    json_int_t point, run;
    if (json_unpack(json_array_get(runs, i), "[II]", &point, &run) || point < 0 || (size_t)point >= b->points)
      return false;
    b->run[i] = (iscc_bundle_run){(size_t)point, run};
  }
  return true;
}

static bool unpack(json_t *json, iscc_campaign_bundles *b) {
  iscc_campaign_program *p = &b->program;
  json_t *arguments, *runs;
  json_int_t seed, tasks;
  int prints, sequential, mixes = 0; /* an array that an older iscc has submitted lacks it */
  if (json_unpack(json, "{ss ss ss ss sI sb sb s?b sF sI so so}", "iscc_commit", &p->iscc_commit, "path",
                  &p->path, "name", &p->name, "sha256", &p->sha256, "seed", &seed, "prints", &prints,
                  "sequential", &sequential, "mix_programs", &mixes, "timeout_s", &p->timeout_s, "tasks",
                  &tasks, "arguments", &arguments, "runs", &runs))
    return false;
  p->seed = (uint32_t)seed;
  p->prints = prints;
  p->sequential = sequential;
  b->mix_programs = mixes;
  if (p->timeout_s <= 0) p->timeout_s = INFINITY;
  b->points = json_array_size(arguments);
  b->runs = json_array_size(runs);
  b->tasks = (size_t)tasks;
  b->arguments = calloc(b->points + 1, sizeof *b->arguments);
  b->run = calloc(b->runs + 1, sizeof *b->run);
  if (!b->arguments || !b->run || tasks < 1 || b->tasks > b->runs) return false;
  for (size_t i = 0; i < b->points; i++)
    if (!(b->arguments[i] = json_string_value(json_array_get(arguments, i)))) return false;
  return unpack_runs(runs, b);
}

iscc_status iscc_campaign_bundles_read(const char *path, iscc_campaign_bundles *out, iscc_error *error) {
  json_error_t why;
  memset(out, 0, sizeof *out);
  if (access(path, R_OK)) return iscc_fail(error, ISCC_EIO, "%s: %s", path, strerror(errno));
  out->json = json_load_file(path, 0, &why);
  if (out->json && unpack(out->json, out)) return ISCC_OK;
  iscc_campaign_bundles_free(out);
  return iscc_fail(error, ISCC_EFORMAT, "%s: is no list of bundles", path);
}

void iscc_campaign_bundles_free(iscc_campaign_bundles *b) {
  free(b->arguments);
  free(b->run);
  json_decref(b->json);
  memset(b, 0, sizeof *b);
}
