/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "iscc-campaign-forecast.h"
#include "iscc-campaign-goals.h"
#include "iscc-campaign-spelling.h"
#include "iscc-database.h"
#include "iscc-moments.h"
#include "iscc-progress.h"
#include "iscc-run-environment.h"

typedef enum { RUN_WANTED, RUN_AGAIN /* was lost once */, RUN_DONE, RUN_FAILED } run_state;

typedef struct {
  uint32_t point;
  int32_t run;
} job;

typedef struct {
  const iscc_campaign *c;
  const iscc_campaign_settings *settings;
  iscc_campaign_outcome *outcome;
  iscc_error *error;
  iscc_program_version version;
  iscc_campaign_program program;
  iscc_campaign_points points;
  iscc_campaign_store *store;
  iscc_campaign_engine engine;
  uint8_t *state;            /* [point][replication - 1], run_state */
  iscc_moments *elapsed_s;   /* of each point's runs */
  uint32_t *open;            /* runs of each point that are queued or running */
  int64_t *target, *waiting; /* of each group: replications; runs that are queued or running */
  job *queue;
  size_t queued, taken, room;
  int64_t ended;          /* in this call */
  int64_t forecast_at;    /* ended then */
  iscc_patience patience; /* with the database */
  bool told;              /* that it is locked */
  iscc_progress progress;
  char label[40]; /* of the progress bar */
} campaign;

static iscc_status no_memory(const campaign *r) {
  return iscc_fail(r->error, ISCC_ENOMEM, "campaign: out of memory");
}

static uint8_t *state_of(const campaign *r, size_t point, int64_t run) {
  return &r->state[point * (size_t)r->c->max_runs + (size_t)run - 1];
}

typedef struct {
  campaign *r;
  size_t point;
} past;

static void take_past(void *ctx, int64_t run, iscc_execution_outcome outcome, double elapsed_s) {
  past *p = ctx;
  iscc_moments_add(&p->r->elapsed_s[p->point], elapsed_s);
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
    status = iscc_campaign_store_runs(r->store, r->program.name, r->points.arguments[p], r->c->seed,
                                      take_past, &of_point, r->error);
    if (!status && r->c->goals && r->elapsed_s[p].count)
      status = iscc_campaign_store_mark_sequential(r->store, r->program.name, r->points.arguments[p],
                                                   r->c->seed, r->error);
  }
  return status;
}

static iscc_status allocate(campaign *r) {
  const size_t points = r->points.points;
  r->state = calloc(points, (size_t)r->c->max_runs);
  r->elapsed_s = calloc(points, sizeof *r->elapsed_s);
  r->open = calloc(points, sizeof *r->open);
  r->target = calloc(r->points.groups, sizeof *r->target);
  r->waiting = calloc(r->points.groups, sizeof *r->waiting);
  return r->state && r->elapsed_s && r->open && r->target && r->waiting ? ISCC_OK : no_memory(r);
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
  r->open[point]++;
  return ISCC_OK;
}

/* Queues what a group lacks for so many replications. */
static iscc_status extend(campaign *r, size_t group, int64_t target) {
  iscc_status status = ISCC_OK;
  for (int64_t run = r->target[group] + 1; !status && run <= target; run++)
    for (size_t m = r->points.first[group]; !status && m < r->points.first[group + 1]; m++)
      if (*state_of(r, r->points.member[m], run) == RUN_WANTED) status = add_job(r, r->points.member[m], run);
  r->target[group] = target;
  return status;
}

/* Extends a group in which nothing is to be run any more, until something is or its goals are reached. */
static iscc_status look(campaign *r, size_t group) {
  iscc_status status = ISCC_OK;
  while (!status && r->waiting[group] == 0) {
    iscc_campaign_look seen;
    status = iscc_campaign_goals_look(r->c, &r->points, group, r->store, r->program.name, r->target[group],
                                      &seen, r->error);
    if (status) break;
    if (seen.next == r->target[group]) {
      r->outcome->groups_open += !seen.reached;
      r->outcome->groups_skewed += seen.skewed;
      break;
    }
    status = extend(r, group, seen.next);
  }
  return status;
}

static const iscc_moments *times_for_sorting; /* qsort has no context */

static int by_time(const void *a, const void *b) {
  const job *x = a, *y = b;
  const iscc_moments *tx = times_for_sorting + x->point, *ty = times_for_sorting + y->point;
  if (!tx->count != !ty->count) return tx->count ? 1 : -1; /* what may take long, first */
  if (tx->mean != ty->mean) return tx->mean > ty->mean ? -1 : 1;
  if (x->run != y->run) return x->run < y->run ? -1 : 1;
  return x->point < y->point ? -1 : x->point > y->point;
}

/* Longest first, of what has not begun. */
static void sort_queue(campaign *r) {
  times_for_sorting = r->elapsed_s;
  if (r->taken < r->queued) qsort(r->queue + r->taken, r->queued - r->taken, sizeof *r->queue, by_time);
}

static iscc_status begin(campaign *r) {
  iscc_status status = ISCC_OK;
  for (size_t g = 0; !status && g < r->points.groups; g++) {
    status = extend(r, g, r->c->min_runs);
    if (!status) status = look(r, g);
  }
  sort_queue(r);
  return status;
}

/* Notes how a run ended; what it makes its group lack is queued. What was lost gets one more chance. */
static iscc_status finish(campaign *r, const iscc_campaign_end *end) {
  const size_t group = r->points.group[end->point];
  uint8_t *state = state_of(r, end->point, end->run);
  r->ended++;
  r->waiting[group]--;
  r->open[end->point]--;
  if (end->lost && *state == RUN_WANTED) {
    *state = RUN_AGAIN;
    return add_job(r, end->point, end->run);
  }
  *state = end->done ? RUN_DONE : RUN_FAILED;
  r->outcome->done += end->done && !end->elsewhere;
  r->outcome->elsewhere += end->elsewhere;
  r->outcome->failed += !end->done && !end->lost;
  r->outcome->lost += end->lost;
  if (!end->done)
    snprintf(r->label, sizeof r->label, "campaign, %lld failed",
             (long long)(r->outcome->failed + r->outcome->lost));
  if (!end->lost) iscc_moments_add(&r->elapsed_s[end->point], end->elapsed_s);
  if ((r->ended & (r->ended - 1)) == 0) sort_queue(r); /* seldom: times change less and less */
  if (!r->outcome->first_failure[0])
    memcpy(r->outcome->first_failure, end->failure, sizeof r->outcome->first_failure);
  return look(r, group);
}

static iscc_status start_some(campaign *r) {
  iscc_status status = ISCC_OK;
  while (!status && r->taken < r->queued && !r->engine.is_full(r->engine.self)) {
    const job next = r->queue[r->taken++];
    status = r->engine.start(r->engine.self, next.point, next.run, r->error);
  }
  return status;
}

/* The next run starts before the one that has ended is added: no processor waits for the database. */
static iscc_status add_ended(campaign *r) {
  iscc_campaign_end end;
  const iscc_status started = start_some(r);
  iscc_status status = r->engine.take_end(r->engine.self, &end, r->error);
  if (!status) status = finish(r, &end);
  return status ? status : started;
}

/* The longest come first, so the speed so far says little. */
static void show_progress(campaign *r) {
  r->progress.total = (uint64_t)r->queued;
  if (r->settings->jobs && r->ended != r->forecast_at && iscc_progress_is_due(&r->progress)) {
    iscc_progress_expect(
        &r->progress, iscc_campaign_forecast_s(r->points.points, r->elapsed_s, r->open, r->settings->jobs));
    r->forecast_at = r->ended;
  }
  iscc_progress_show(&r->progress, (uint64_t)r->ended);
}

static iscc_status work(campaign *r) {
  enum { PATIENCE_MS = 200 };
  iscc_status status = ISCC_OK;
  while (!status && (r->taken < r->queued || !r->engine.is_idle(r->engine.self))) {
    bool ended = false;
    status = start_some(r);
    if (!status) status = r->engine.wait(r->engine.self, 1e-3 * PATIENCE_MS, &ended, r->error);
    if (!status && ended) status = add_ended(r);
    show_progress(r);
    if (r->settings->no_wait && !ended) break;
  }
  r->outcome->queued = (int64_t)r->queued - r->ended;
  return status;
}

/* While the database is locked, an eye on the runs; before there are any, none. */
static bool wait_for_database(void *ctx, double waited_s) {
  enum { TOLD_AFTER_S = 2, MOMENT_NS = 50000000 };
  campaign *r = ctx;
  const bool long_enough = waited_s >= TOLD_AFTER_S;
  if (long_enough && !r->told && r->settings->waits) r->settings->waits(r->settings->database);
  r->told = long_enough;
  if (r->engine.watch) return r->engine.watch(r->engine.self);
  nanosleep(&(struct timespec){0, MOMENT_NS}, NULL);
  return true;
}

static iscc_status open_engine(campaign *r) {
  const iscc_campaign_settings *s = r->settings;
  return s->open_engine(&r->program, &r->points, r->store, s->database, s->engine_settings, &r->engine,
                        r->error);
}

/* The program, the database, and what it holds; then nobody else works on it. */
static iscc_status prepare(campaign *r) {
  const char *path = r->settings->program, *slash = strrchr(path, '/');
  r->program = (iscc_campaign_program){.path = path,
                                       .name = slash ? slash + 1 : path,
                                       .sha256 = r->version.sha256,
                                       .version = &r->version,
                                       .iscc_commit = r->settings->iscc_commit,
                                       .seed = r->c->seed,
                                       .prints = r->c->prints,
                                       .sequential = r->c->goals > 0,
                                       .timeout_s = r->c->timeout_s};
  iscc_status status = iscc_run_environment_check(r->error);
  if (!status) status = iscc_program_version_read(path, &r->version, r->error);
  if (!status) status = iscc_campaign_store_open(r->settings->database, &r->patience, &r->store, r->error);
  if (!status && r->settings->mix_programs) iscc_campaign_store_mix_programs(r->store);
  if (!status)
    status = iscc_campaign_store_check_program(r->store, r->program.name, r->version.sha256, r->error);
  if (!status) status = iscc_campaign_points_make(r->c, &r->points, r->error);
  if (!status)
    status = iscc_campaign_spelling_check(&r->points, r->program.name, r->settings->database, r->error);
  if (!status) status = allocate(r);
  if (!status) status = open_engine(r);
  return status ? status : read_past(r);
}

static iscc_status run_all(campaign *r) {
  iscc_status status = prepare(r);
  if (!status) status = begin(r);
  if (status || !r->queued) return status;
  snprintf(r->label, sizeof r->label, "campaign");
  iscc_progress_begin(&r->progress, r->label, 0, r->queued);
  status = work(r);
  iscc_progress_end(&r->progress, (uint64_t)r->ended);
  return status;
}

iscc_status iscc_campaign_run(const iscc_campaign *c, const iscc_campaign_settings *settings,
                              iscc_campaign_outcome *outcome, iscc_error *error) {
  campaign r = {.c = c, .settings = settings, .outcome = outcome, .error = error, .forecast_at = -1};
  memset(outcome, 0, sizeof *outcome);
  r.patience = (iscc_patience){.wait = wait_for_database, .ctx = &r, .limit_s = ISCC_DATABASE_PATIENCE_S};
  const iscc_status status = run_all(&r);
  if (r.engine.close) r.engine.close(r.engine.self);
  r.engine.watch = NULL;
  iscc_campaign_store_close(r.store);
  iscc_campaign_points_free(&r.points);
  iscc_program_version_free(&r.version);
  free(r.state);
  free(r.elapsed_s);
  free(r.open);
  free(r.target);
  free(r.waiting);
  free(r.queue);
  return status;
}
