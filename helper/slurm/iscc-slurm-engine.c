/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-slurm-engine.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-pool-folder.h"
#include "iscc-pool-signals.h"
#include "iscc-slurm-commands.h"
#include "iscc-slurm-queue.h"
#include "iscc-slurm-work.h"

typedef struct {
  const iscc_campaign_program *program;
  const iscc_campaign_points *points;
  iscc_campaign_store *store;
  iscc_campaign_slurm_settings settings;
  char path[PATH_MAX]; /* of the program, as the nodes see it */
  iscc_pool_folder folder;
  iscc_pool_signals signals;
  iscc_campaign_queue queue;
  iscc_bundle_run *started; /* and not submitted yet */
  size_t count, room, tasks_max;
  double looked_s, asked_s;
  bool stopped; /* a signal has asked for it */
} slurm;

static iscc_status no_memory(iscc_error *error) {
  return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
}

static bool is_full(const void *self) {
  (void)self;
  return false;
}

static bool is_idle(const void *self) {
  const slurm *s = self;
  return s->count == 0 && iscc_campaign_queue_is_idle(&s->queue);
}

static iscc_status start(void *self, size_t point, int64_t run, iscc_error *error) {
  slurm *s = self;
  if (iscc_campaign_queue_take_up(&s->queue, point, run)) return ISCC_OK;
  if (s->count == s->room) {
    const size_t room = s->room ? 2 * s->room : 64;
    iscc_bundle_run *more = realloc(s->started, room * sizeof *more);
    if (!more) return no_memory(error);
    s->started = more;
    s->room = room;
  }
  s->started[s->count++] = (iscc_bundle_run){point, run};
  return ISCC_OK;
}

/* A text in single quotes for a shell. */
static void put_quoted(FILE *out, const char *text) {
  fputc('\'', out);
  for (; *text; text++) fputs(*text == '\'' ? "'\\''" : (char[]){*text, '\0'}, out);
  fputc('\'', out);
}

/* `iscc campaign work FOLDER TASK`; NULL: out of memory. */
static char *make_command(const char *folder) {
  char iscc[PATH_MAX], *command = NULL;
  size_t size;
  FILE *out = realpath("/proc/self/exe", iscc) ? open_memstream(&command, &size) : NULL;
  if (!out) return NULL;
  put_quoted(out, iscc);
  fputs(" campaign work ", out);
  put_quoted(out, folder);
  fputs(" \"$SLURM_ARRAY_TASK_ID\"", out);
  fclose(out);
  return command;
}

/* Where tasks print, in the patterns of sbatch. */
static char *make_output(const char *folder) {
  char *output = NULL;
  size_t size;
  FILE *out = open_memstream(&output, &size);
  if (!out) return NULL;
  for (; *folder; folder++) fputs(*folder == '%' ? "%%" : (char[]){*folder, '\0'}, out);
  fputs("/%a" ISCC_WORK_LOG, out);
  fclose(out);
  return output;
}

static iscc_status submit_array(const slurm *s, const iscc_campaign_array *array, iscc_error *error) {
  char *command = make_command(array->folder), *output = make_output(array->folder);
  const iscc_slurm_array job = {.name = array->name,
                                .command = command,
                                .output = output,
                                .options = s->settings.options,
                                .tasks = array->bundles.tasks,
                                .at_once = s->settings.at_once};
  const iscc_status status = command && output ? iscc_slurm_submit(&job, error) : no_memory(error);
  free(command);
  free(output);
  return status;
}

static size_t count_tasks(const slurm *s, size_t runs) {
  const size_t tasks = (runs + s->settings.bundle - 1) / s->settings.bundle;
  return tasks < s->tasks_max ? tasks : s->tasks_max;
}

/* Deals what was started out to the tasks of an array. place: room for the number of each point among those of the array. */
static iscc_status create_array(slurm *s, size_t *place, iscc_campaign_array *array, iscc_error *error) {
  iscc_campaign_bundles bundles = {
      .program = *s->program, .runs = s->count, .tasks = count_tasks(s, s->count)};
  bundles.program.path = s->path;
  bundles.mix_programs = s->settings.mix_programs;
  bundles.run = calloc(s->count, sizeof *bundles.run);
  bundles.arguments = calloc(s->count, sizeof *bundles.arguments);
  iscc_status status = bundles.run && bundles.arguments ? ISCC_OK : no_memory(error);
  for (size_t i = 0; !status && i < s->count; i++) {
    size_t *number = &place[s->started[i].point];
    if (*number == 0) {
      bundles.arguments[bundles.points++] = s->points->arguments[s->started[i].point];
      *number = bundles.points;
    }
    bundles.run[i] = (iscc_bundle_run){*number - 1, s->started[i].run};
  }
  if (!status) status = iscc_campaign_array_create(s->folder.path, &bundles, array, error);
  free(bundles.run);
  free(bundles.arguments);
  return status;
}

static iscc_status submit(slurm *s, iscc_error *error) {
  iscc_campaign_array array;
  size_t *place = calloc(s->points->points, sizeof *place);
  iscc_status status = place ? create_array(s, place, &array, error) : no_memory(error);
  free(place);
  if (status) return status;
  status = submit_array(s, &array, error);
  if (status) {
    iscc_campaign_array_remove(&array);
    return status;
  }
  s->count = 0;
  s->asked_s = iscc_process_clock_s();
  return iscc_campaign_queue_add(&s->queue, &array, error);
}

/* Looks at what has ended, when it is time to. */
static iscc_status look(slurm *s, iscc_error *error) {
  enum { LOOK_S = 1 };
  const double now_s = iscc_process_clock_s();
  const bool ask = now_s - s->asked_s >= s->settings.ask_s;
  bool answered;
  if (!ask && now_s - s->looked_s < LOOK_S) return ISCC_OK;
  s->looked_s = now_s;
  if (ask) s->asked_s = now_s;
  return iscc_campaign_queue_merge(&s->queue, ask, &answered, error);
}

static iscc_status interrupted(const slurm *s, iscc_error *error) {
  for (size_t i = 0; i < s->queue.count; i++)
    if (s->queue.array[i].name)
      return iscc_fail(
          error, ISCC_EINTR,
          "interrupted; jobs stay in the queue, and the same command goes on with them; 'scancel "
          "--name=%s' ends them",
          s->queue.array[i].name);
  return iscc_fail(error, ISCC_EINTR, "interrupted; the same command goes on where it stopped");
}

static iscc_status wait_for(void *self, double patience_s, bool *ended, iscc_error *error) {
  slurm *s = self;
  iscc_status status = ISCC_OK;
  *ended = s->queue.ends > s->queue.ends_taken;
  if (*ended) return ISCC_OK;
  if (s->count) status = submit(s, error);
  if (!status) status = look(s, error);
  *ended = s->queue.ends > s->queue.ends_taken;
  if (status || *ended) return status;
  if (!s->stopped) s->stopped = iscc_pool_signals_wait(&s->signals, patience_s);
  return s->stopped ? interrupted(s, error) : ISCC_OK;
}

static iscc_status record(void *self, iscc_campaign_end *end, iscc_error *error) {
  slurm *s = self;
  (void)error;
  iscc_campaign_queue_next(&s->queue, end);
  return ISCC_OK;
}

static bool watch(void *self) {
  enum { MOMENT_MS = 50 };
  slurm *s = self;
  if (!s->stopped) s->stopped = iscc_pool_signals_wait(&s->signals, 1e-3 * MOMENT_MS);
  return !s->stopped;
}

static void close_slurm(void *self) {
  slurm *s = self;
  iscc_campaign_queue_close(&s->queue);
  iscc_pool_folder_close(&s->folder);
  iscc_pool_signals_end(&s->signals);
  free(s->started);
  free(s);
}

/* The results of one campaign are those of one file. */
static iscc_status check_programs(const slurm *s, iscc_error *error) {
  for (size_t i = 0; !s->settings.mix_programs && i < s->queue.count; i++) {
    const iscc_campaign_program *queued = &s->queue.array[i].bundles.program;
    if (strcmp(queued->name, s->program->name) == 0 && strcmp(queued->sha256, s->program->sha256) != 0)
      return iscc_fail(
          error, ISCC_EINVAL,
          "%s runs another %s (its SHA-256 begins with %.12s, now %.12s): 'scancel --name=%s' and "
          "remove its folder in %s, or mix them with --mix-programs",
          s->queue.array[i].name, queued->name, queued->sha256, s->program->sha256, s->queue.array[i].name,
          s->folder.path);
  }
  return ISCC_OK;
}

/* Takes up what an earlier call has left. */
static iscc_status take_up(slurm *s, iscc_error *error) {
  bool answered;
  iscc_campaign_arrays_tidy(s->folder.path);
  iscc_status status =
      iscc_campaign_queue_open(s->folder.path, s->program, s->points, s->store, &s->queue, error);
  s->queue.notes = s->settings.notes;
  if (!status) status = check_programs(s, error);
  if (!status) status = iscc_campaign_queue_merge(&s->queue, true, &answered, error);
  if (!status && !answered) status = ISCC_EIO;
  s->asked_s = s->looked_s = iscc_process_clock_s();
  return status;
}

/* As it is called, from the root: it may look for its files from there. */
static iscc_status find_path(slurm *s, iscc_error *error) {
  char here[PATH_MAX];
  const char *path = s->program->path;
  if (path[0] == '/') here[0] = '\0';
  if (path[0] != '/' && !getcwd(here, sizeof here)) return iscc_fail(error, ISCC_EIO, "campaign: no folder");
  const int length = snprintf(s->path, sizeof s->path, "%s%s%s", here, here[0] ? "/" : "", path);
  return length < (int)sizeof s->path ? ISCC_OK : iscc_fail(error, ISCC_EINVAL, "%s: too long", path);
}

static iscc_status prepare(slurm *s, const char *database, iscc_error *error) {
  iscc_status status = find_path(s, error);
  if (!status) status = iscc_slurm_tasks_max(&s->tasks_max, error);
  if (!status) status = iscc_pool_folder_open(database, &s->folder, error);
  return status ? status : take_up(s, error);
}

iscc_status iscc_campaign_slurm_open(const iscc_campaign_program *program, const iscc_campaign_points *points,
                                     iscc_campaign_store *store, const char *database, const void *settings,
                                     iscc_campaign_engine *out, iscc_error *error) {
  slurm *s = calloc(1, sizeof *s);
  if (!s) return no_memory(error);
  *s = (slurm){.program = program,
               .points = points,
               .store = store,
               .settings = *(const iscc_campaign_slurm_settings *)settings};
  iscc_pool_signals_begin(&s->signals);
  *out = (iscc_campaign_engine){.self = s, .watch = watch}; /* what is merged now may wait for the database */
  const iscc_status status = prepare(s, database, error);
  if (status) {
    *out = (iscc_campaign_engine){.self = NULL};
    close_slurm(s);
    return status;
  }
  *out = (iscc_campaign_engine){.self = s,
                                .is_full = is_full,
                                .is_idle = is_idle,
                                .start = start,
                                .wait = wait_for,
                                .take_end = record,
                                .watch = watch,
                                .close = close_slurm};
  return ISCC_OK;
}
