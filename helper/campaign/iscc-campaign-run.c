/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-campaign-goals.h"
#include "iscc-campaign-pool.h"
#include "iscc-campaign-store.h"
#include "iscc-program-hash.h"
#include "iscc-progress.h"

enum { STDERR_KEPT = 4000, OURS = 4 /* arguments: seed, run, database, end */ };

typedef enum { RUN_TODO, RUN_DONE, RUN_FAILED } run_state;

typedef struct {
  uint32_t point;
  int32_t run;
} job;

typedef struct {
  const iscc_campaign *c;
  const iscc_campaign_settings *settings;
  iscc_campaign_outcome *outcome;
  iscc_error *error;
  const char *program; /* its name */
  char sha256[ISCC_DIGEST_TEXT];
  iscc_campaign_points points;
  iscc_campaign_store *store;
  iscc_campaign_pool *pool;
  uint8_t *state;            /* [point][replication - 1], run_state */
  double *elapsed_s;         /* mean of a point's runs; NAN: not known */
  int64_t *target, *waiting; /* of each group: replications; runs that are queued or running */
  job *queue;
  size_t queued, taken, room;
  int64_t ended; /* in this call */
  char **argv;
  iscc_progress progress;
} campaign;

static iscc_status no_memory(const campaign *r) {
  return iscc_fail(r->error, ISCC_ENOMEM, "campaign: out of memory");
}

static uint8_t *state_of(const campaign *r, size_t point, int64_t run) {
  return &r->state[point * (size_t)r->c->max_runs + (size_t)run - 1];
}

typedef struct {
  campaign *r;
  size_t point, known;
  double sum_s;
} past;

static void take_past(void *ctx, int64_t run, iscc_execution_outcome outcome, double elapsed_s) {
  past *p = ctx;
  p->known++;
  p->sum_s += elapsed_s;
  if (run < 1 || run > p->r->c->max_runs) return;
  if (outcome == ISCC_EXECUTION_DONE)
    p->r->outcome->before++;
  else if (!p->r->settings->retry_failed)
    p->r->outcome->failed_before++;
  if (outcome == ISCC_EXECUTION_DONE || !p->r->settings->retry_failed)
    *state_of(p->r, p->point, run) = outcome == ISCC_EXECUTION_DONE ? RUN_DONE : RUN_FAILED;
}

static iscc_status read_past(campaign *r) {
  iscc_status status = ISCC_OK;
  for (size_t p = 0; !status && p < r->points.points; p++) {
    past of_point = {.r = r, .point = p};
    status = iscc_campaign_store_runs(r->store, r->program, r->points.arguments[p], r->c->seed, take_past,
                                      &of_point, r->error);
    r->elapsed_s[p] = of_point.known ? of_point.sum_s / (double)of_point.known : (double)NAN;
  }
  return status;
}

static iscc_status allocate(campaign *r) {
  enum { STATES_MAX = 1000000000 };
  const size_t points = r->points.points, runs = (size_t)r->c->max_runs;
  if (points > STATES_MAX / runs)
    return iscc_fail(r->error, ISCC_EINVAL, "%s: %zu points with %zu runs are more than %d in all",
                     iscc_yaml_path(r->c->yaml), points, runs, STATES_MAX);
  r->state = calloc(points, runs);
  r->elapsed_s = calloc(points, sizeof *r->elapsed_s);
  r->target = calloc(r->points.groups, sizeof *r->target);
  r->waiting = calloc(r->points.groups, sizeof *r->waiting);
  r->argv = calloc(1 + iscc_grid_options(r->c->grid) + OURS, sizeof *r->argv);
  return r->state && r->elapsed_s && r->target && r->waiting && r->argv ? ISCC_OK : no_memory(r);
}

static iscc_status add_job(campaign *r, size_t point, int64_t run) {
  if (r->queued == r->room) {
    const size_t room = r->room ? 2 * r->room : 64;
    job *more = realloc(r->queue, room * sizeof *more);
    if (!more) return no_memory(r);
    r->queue = more;
    r->room = room;
  }
  r->queue[r->queued++] = (job){(uint32_t)point, (int32_t)run};
  r->waiting[r->points.group[point]]++;
  return ISCC_OK;
}

/* Queues what a group lacks for so many replications. */
static iscc_status extend(campaign *r, size_t group, int64_t target) {
  iscc_status status = ISCC_OK;
  for (int64_t run = r->target[group] + 1; !status && run <= target; run++)
    for (size_t m = r->points.first[group]; !status && m < r->points.first[group + 1]; m++)
      if (*state_of(r, r->points.member[m], run) == RUN_TODO) status = add_job(r, r->points.member[m], run);
  r->target[group] = target;
  return status;
}

/* Extends a group in which nothing is to be run any more, until something is or its goals are reached. */
static iscc_status look(campaign *r, size_t group) {
  iscc_status status = ISCC_OK;
  while (!status && r->waiting[group] == 0) {
    int64_t next;
    bool reached;
    status = iscc_campaign_goals_look(r->c, &r->points, group, r->store, r->program, r->target[group], &next,
                                      &reached, r->error);
    if (status) break;
    if (next == r->target[group]) {
      r->outcome->groups_open += !reached;
      break;
    }
    status = extend(r, group, next);
  }
  return status;
}

static const double *times_for_sorting; /* qsort has no context */

static int by_time(const void *a, const void *b) {
  const job *x = a, *y = b;
  const double tx = times_for_sorting[x->point], ty = times_for_sorting[y->point];
  if (tx != ty && !isnan(tx) && !isnan(ty)) return tx > ty ? -1 : 1;
  if (isnan(tx) != isnan(ty)) return isnan(tx) ? -1 : 1; /* what may take long, first */
  if (x->run != y->run) return x->run < y->run ? -1 : 1;
  return x->point < y->point ? -1 : x->point > y->point;
}

static iscc_status begin(campaign *r) {
  iscc_status status = ISCC_OK;
  for (size_t g = 0; !status && g < r->points.groups; g++) {
    status = extend(r, g, r->c->min_runs);
    if (!status) status = look(r, g);
  }
  times_for_sorting = r->elapsed_s;
  if (r->queued) qsort(r->queue, r->queued, sizeof *r->queue, by_time);
  return status;
}

static void free_arguments(campaign *r) {
  for (size_t i = 1; r->argv && r->argv[i]; i++) {
    free(r->argv[i]);
    r->argv[i] = NULL;
  }
}

/* argv of a run. */
static iscc_status make_arguments(campaign *r, size_t point, int64_t run, const char *shard) {
  const size_t options = iscc_grid_options(r->c->grid);
  size_t n = 1;
  free_arguments(r);
  r->argv[0] = (char *)(uintptr_t)r->settings->program;
  for (size_t o = 0; o < options; o++, n++) {
    const char *value = iscc_grid_value(r->c->grid, point, o);
    if (asprintf(&r->argv[n], "--%s%s%s", iscc_grid_name(r->c->grid, o), *value ? "=" : "", value) < 0) break;
  }
  if (n == 1 + options && asprintf(&r->argv[n], "--RngSeed=%u", r->c->seed) >= 0) n++;
  if (n == 2 + options && asprintf(&r->argv[n], "--RngRun=%lld", (long long)run) >= 0) n++;
  if (n == 3 + options && (r->c->prints || asprintf(&r->argv[n], "--db=%s", shard) >= 0)) return ISCC_OK;
  r->argv[n] = NULL;
  return no_memory(r);
}

static iscc_status start_next(campaign *r) {
  const job next = r->queue[r->taken++];
  iscc_pool_run *run = iscc_campaign_pool_place(r->pool);
  if (!run) return no_memory(r);
  run->point = next.point;
  run->run = next.run;
  const iscc_status status = make_arguments(r, next.point, next.run, run->shard);
  return status ? status : iscc_campaign_pool_start(r->pool, run, r->argv, r->error);
}

/* The end of a file, its control characters as '?'. */
static void read_end(const char *path, char text[STDERR_KEPT + 1]) {
  FILE *file = fopen(path, "rb");
  text[0] = '\0';
  if (!file) return;
  if (fseek(file, -STDERR_KEPT, SEEK_END)) rewind(file);
  const size_t n = fread(text, 1, STDERR_KEPT, file);
  for (size_t i = 0; i < n; i++)
    if (((unsigned char)text[i] < ' ' && text[i] != '\n' && text[i] != '\t') || text[i] == 127) text[i] = '?';
  text[n] = '\0';
  fclose(file);
}

/* How a run ended, and what it gave. why: what was wrong with its results. */
static iscc_execution_outcome judge(const campaign *r, const iscc_pool_run *run, iscc_value **values,
                                    size_t *count, iscc_error *why) {
  if (run->timed_out) return ISCC_EXECUTION_TIMED_OUT;
  if (run->process.exit_status != 0) return ISCC_EXECUTION_FAILED;
  if (!r->c->prints)
    return iscc_campaign_shard_is_whole(run->shard, r->c->seed, run->run, why) ? ISCC_EXECUTION_DONE
                                                                               : ISCC_EXECUTION_TRUNCATED;
  if (iscc_value_lines_read(run->stdout_path, values, count, why)) return ISCC_EXECUTION_TRUNCATED;
  if (*count) return ISCC_EXECUTION_DONE;
  iscc_fail(why, ISCC_EFORMAT, "it printed no line NAME=VALUE");
  return ISCC_EXECUTION_TRUNCATED;
}

/* The last line that is not empty. */
static void note_failure(campaign *r, const iscc_execution *e) {
  const char *end = e->stderr_text + strlen(e->stderr_text), *begin;
  if (r->outcome->first_failure[0]) return;
  while (end > e->stderr_text && end[-1] == '\n') end--;
  for (begin = end; begin > e->stderr_text && begin[-1] != '\n'; begin--) continue;
  char how[64] = "";
  if (e->outcome == ISCC_EXECUTION_FAILED && e->process->signal)
    snprintf(how, sizeof how, " by signal %d", e->process->signal);
  else if (e->outcome == ISCC_EXECUTION_FAILED)
    snprintf(how, sizeof how, " with status %d", e->process->exit_status);
  snprintf(r->outcome->first_failure, sizeof r->outcome->first_failure, "%s RngRun=%lld %s%s: %.*s",
           e->arguments, (long long)e->run, iscc_execution_outcome_name(e->outcome), how, (int)(end - begin),
           begin);
}

static iscc_status finish(campaign *r, iscc_pool_run *run) {
  static char text[STDERR_KEPT + 1];
  iscc_value *values = NULL;
  size_t count = 0;
  iscc_error why = {""};
  const size_t group = r->points.group[run->point];
  const iscc_execution_outcome outcome = judge(r, run, &values, &count, &why);
  const bool done = outcome == ISCC_EXECUTION_DONE;
  read_end(run->stderr_path, text);
  const iscc_execution e = {.program = r->program,
                            .program_sha256 = r->sha256,
                            .arguments = r->points.arguments[run->point],
                            .seed = r->c->seed,
                            .run = run->run,
                            .sequential = r->c->goals > 0,
                            .outcome = outcome,
                            .process = &run->process,
                            .stderr_text = why.text[0] ? why.text : text,
                            .shard = done && !r->c->prints ? run->shard : NULL,
                            .values = values,
                            .value_count = count,
                            .iscc_commit = r->settings->iscc_commit};
  iscc_status status = iscc_campaign_store_add(r->store, &e, r->error);
  if (status == ISCC_ESTATE) status = ISCC_OK; /* another campaign has added it meanwhile */
  free(values);
  iscc_campaign_pool_release(run);
  if (status) return status;
  *state_of(r, run->point, run->run) = done ? RUN_DONE : RUN_FAILED;
  r->outcome->done += done;
  r->outcome->failed += !done;
  r->ended++;
  if (!done) note_failure(r, &e);
  r->waiting[group]--;
  return look(r, group);
}

static iscc_status start_some(campaign *r) {
  iscc_status status = ISCC_OK;
  while (!status && r->taken < r->queued && !iscc_campaign_pool_is_full(r->pool)) status = start_next(r);
  return status;
}

/* The next run starts before the one that has ended is added: no processor waits for the database. */
static iscc_status work(campaign *r) {
  enum { PATIENCE_MS = 200 };
  iscc_status status = ISCC_OK;
  while (!status && (r->taken < r->queued || !iscc_campaign_pool_is_idle(r->pool))) {
    status = start_some(r);
    iscc_pool_run *ended = NULL;
    if (!status) status = iscc_campaign_pool_wait(r->pool, 1e-3 * PATIENCE_MS, &ended);
    if (ended) {
      const iscc_status started = start_some(r), finished = finish(r, ended);
      status = finished ? finished : started;
    }
    r->progress.total = (uint64_t)r->queued;
    iscc_progress_show(&r->progress, (uint64_t)r->ended);
  }
  return status;
}

static iscc_status run_all(campaign *r) {
  const char *slash = strrchr(r->settings->program, '/');
  r->program = slash ? slash + 1 : r->settings->program;
  iscc_status status = iscc_program_hash(r->settings->program, r->sha256, r->error);
  if (!status) status = iscc_campaign_store_open(r->settings->database, &r->store, r->error);
  if (!status && !r->settings->mix_programs)
    status = iscc_campaign_store_check_program(r->store, r->program, r->sha256, r->error);
  if (!status)
    status = iscc_campaign_pool_open(r->settings->database, r->settings->jobs, r->c->timeout_s, &r->pool,
                                     r->error);
  if (!status) status = iscc_campaign_points_make(r->c, &r->points, r->error);
  if (!status) status = allocate(r);
  if (!status) status = read_past(r);
  if (!status) status = begin(r);
  if (status || !r->queued) return status;
  iscc_progress_begin(&r->progress, "campaign", 0, r->queued);
  status = work(r);
  iscc_progress_end(&r->progress, (uint64_t)r->ended);
  return status == ISCC_EINTR
             ? iscc_fail(r->error, status, "interrupted; the same command goes on where it stopped")
             : status;
}

iscc_status iscc_campaign_run(const iscc_campaign *c, const iscc_campaign_settings *settings,
                              iscc_campaign_outcome *outcome, iscc_error *error) {
  campaign r = {.c = c, .settings = settings, .outcome = outcome, .error = error};
  memset(outcome, 0, sizeof *outcome);
  const iscc_status status = run_all(&r);
  free_arguments(&r);
  iscc_campaign_pool_close(r.pool);
  iscc_campaign_store_close(r.store);
  iscc_campaign_points_free(&r.points);
  free(r.state);
  free(r.elapsed_s);
  free(r.target);
  free(r.waiting);
  free(r.queue);
  free(r.argv);
  return status;
}
