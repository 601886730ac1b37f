/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-slurm-queue.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-slurm-work.h"

enum { LOG_KEPT = 200 };

typedef enum { RUN_LEFT, RUN_WANTED, RUN_ENDED } queued_state;

struct iscc_queued_runs {
  size_t *point;  /* ours, of each of the array's; SIZE_MAX: none */
  uint8_t *state; /* queued_state of each run */
};

struct iscc_left_run {
  size_t point;
  int64_t run;
  uint8_t *state;
};

static iscc_status no_memory(iscc_error *error) {
  return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
}

static json_t *make_places(const iscc_campaign_points *points) {
  json_t *place = json_object();
  for (size_t p = 0; place && p < points->points; p++)
    json_object_set_new(place, points->arguments[p], json_integer((json_int_t)p));
  return place;
}

/* What the array's runs are to this campaign. */
static iscc_status place_runs(const iscc_campaign_queue *q, const iscc_campaign_array *a,
                              struct iscc_queued_runs *runs, iscc_error *error) {
  const iscc_campaign_bundles *b = &a->bundles;
  const bool ours = strcmp(b->program.name, q->program->name) == 0 && b->program.seed == q->program->seed;
  runs->point = calloc(b->points, sizeof *runs->point);
  runs->state = calloc(b->runs, sizeof *runs->state);
  if (!runs->point || !runs->state) return no_memory(error);
  for (size_t p = 0; p < b->points; p++) {
    const json_t *place = ours ? json_object_get(q->place, b->arguments[p]) : NULL;
    runs->point[p] = place ? (size_t)json_integer_value(place) : SIZE_MAX;
  }
  return ISCC_OK;
}

static int compare_left(const void *a, const void *b) {
  const struct iscc_left_run *x = a, *y = b;
  if (x->point != y->point) return x->point < y->point ? -1 : 1;
  return x->run < y->run ? -1 : x->run > y->run;
}

/* Lists the runs of all arrays that this campaign may ask for. */
static iscc_status list_left(iscc_campaign_queue *q, iscc_error *error) {
  size_t room = 1;
  for (size_t i = 0; i < q->count; i++) room += q->array[i].bundles.runs;
  q->left = calloc(room, sizeof *q->left);
  if (!q->left) return no_memory(error);
  for (size_t i = 0; i < q->count; i++) {
    const iscc_campaign_bundles *b = &q->array[i].bundles;
    for (size_t r = 0; r < b->runs; r++) {
      const size_t point = q->runs[i].point[b->run[r].point];
      if (point != SIZE_MAX)
        q->left[q->left_count++] = (struct iscc_left_run){point, b->run[r].run, q->runs[i].state + r};
    }
  }
  qsort(q->left, q->left_count, sizeof *q->left, compare_left);
  return ISCC_OK;
}

iscc_status iscc_campaign_queue_open(const char *folder, const iscc_campaign_program *program,
                                     const iscc_campaign_points *points, iscc_campaign_store *store,
                                     iscc_campaign_queue *q, iscc_error *error) {
  *q = (iscc_campaign_queue){.program = program, .points = points, .store = store};
  iscc_status status = iscc_campaign_arrays_open(folder, &q->array, &q->count, error);
  if (!status) q->place = make_places(points);
  if (!status) q->runs = calloc(q->count + 1, sizeof *q->runs);
  if (!status && (!q->runs || !q->place)) status = no_memory(error);
  for (size_t i = 0; !status && i < q->count; i++) status = place_runs(q, q->array + i, q->runs + i, error);
  if (!status) status = list_left(q, error);
  if (status) iscc_campaign_queue_close(q);
  return status;
}

static void free_runs(struct iscc_queued_runs *runs) {
  free(runs->point);
  free(runs->state);
}

void iscc_campaign_queue_close(iscc_campaign_queue *q) {
  for (size_t i = 0; q->runs && i < q->count; i++) free_runs(&q->runs[i]);
  iscc_campaign_arrays_close(q->array, q->count);
  json_decref(q->place);
  free(q->runs);
  free(q->left);
  free(q->end);
  memset(q, 0, sizeof *q);
}

iscc_status iscc_campaign_queue_add(iscc_campaign_queue *q, iscc_campaign_array *array, iscc_error *error) {
  iscc_campaign_array *arrays = realloc(q->array, (q->count + 1) * sizeof *arrays);
  if (arrays) q->array = arrays;
  struct iscc_queued_runs *runs = arrays ? realloc(q->runs, (q->count + 1) * sizeof *runs) : NULL;
  if (runs) q->runs = runs;
  if (!runs) {
    iscc_campaign_array_close(array);
    return no_memory(error);
  }
  q->array[q->count] = *array;
  q->runs[q->count] = (struct iscc_queued_runs){NULL, NULL};
  const iscc_status status = place_runs(q, array, runs + q->count++, error);
  if (status) return status;
  memset(runs[q->count - 1].state, RUN_WANTED, array->bundles.runs);
  q->wanted += array->bundles.runs;
  return ISCC_OK;
}

bool iscc_campaign_queue_take_up(iscc_campaign_queue *q, size_t point, int64_t run) {
  const struct iscc_left_run key = {.point = point, .run = run};
  const struct iscc_left_run *found = bsearch(&key, q->left, q->left_count, sizeof *q->left, compare_left);
  if (!found || *found->state != RUN_LEFT) return false;
  *found->state = RUN_WANTED;
  q->wanted++;
  return true;
}

bool iscc_campaign_queue_is_idle(const iscc_campaign_queue *q) {
  return q->wanted == 0 && q->ends == q->ends_taken;
}

bool iscc_campaign_queue_next(iscc_campaign_queue *q, iscc_campaign_end *end) {
  if (q->ends_taken == q->ends) return false;
  *end = q->end[q->ends_taken++];
  if (q->ends_taken == q->ends) q->ends = q->ends_taken = 0;
  return true;
}

typedef struct {
  iscc_campaign_queue *q;
  size_t array, task;
  iscc_status status;
  iscc_error *error;
} task_at;

static iscc_campaign_end *add_end(task_at *at) {
  iscc_campaign_queue *q = at->q;
  if (q->ends == q->ends_room) {
    const size_t room = q->ends_room ? 2 * q->ends_room : 64;
    iscc_campaign_end *more = realloc(q->end, room * sizeof *more);
    if (!more) {
      at->status = no_memory(at->error);
      return NULL;
    }
    q->end = more;
    q->ends_room = room;
  }
  return &q->end[q->ends++];
}

/* Notes the end of a run of an array, if the campaign waits for it. */
static iscc_campaign_end *note_end(task_at *at, size_t r) {
  const iscc_bundle_run *run = at->q->array[at->array].bundles.run + r;
  struct iscc_queued_runs *runs = at->q->runs + at->array;
  const bool wanted = runs->state[r] == RUN_WANTED;
  iscc_campaign_end *end = wanted ? add_end(at) : NULL;
  runs->state[r] = RUN_ENDED;
  at->q->wanted -= wanted;
  if (end) *end = (iscc_campaign_end){.point = runs->point[run->point], .run = run->run};
  return end;
}

static void take_merged(void *ctx, const iscc_merged *m) {
  task_at *at = ctx;
  const iscc_campaign_bundles *b = &at->q->array[at->array].bundles;
  const uint8_t *state = at->q->runs[at->array].state;
  size_t r = at->task;
  while (r < b->runs && (state[r] == RUN_ENDED || b->run[r].run != m->run ||
                         strcmp(b->arguments[b->run[r].point], m->arguments) != 0))
    r += b->tasks;
  iscc_campaign_end *end = r < b->runs ? note_end(at, r) : NULL;
  if (!end) return;
  end->done = m->outcome == ISCC_EXECUTION_DONE;
  end->elapsed_s = m->elapsed_s;
  const iscc_process process = {.exit_status = m->exit_status, .signal = m->signal};
  const iscc_execution e = {.arguments = m->arguments,
                            .run = m->run,
                            .outcome = m->outcome,
                            .process = &process,
                            .stderr_text = m->stderr_text};
  if (!end->done) iscc_campaign_failure(end->failure, &e);
}

/* The last line of what a task printed: Slurm's word on how it was ended, or a worker's complaint. */
static void read_log(const iscc_campaign_array *a, size_t task, char text[LOG_KEPT]) {
  char *path = iscc_campaign_work_path(a->folder, task, ISCC_WORK_LOG), *line = NULL;
  FILE *file = path ? fopen(path, "r") : NULL;
  size_t size = 0;
  text[0] = '\0';
  while (file && getline(&line, &size, file) > 0)
    snprintf(text, LOG_KEPT, "%.*s", (int)strcspn(line, "\n"), line);
  if (file) fclose(file);
  free(line);
  free(path);
}

static void note_lost(task_at *at) {
  const iscc_campaign_array *a = at->q->array + at->array;
  const iscc_campaign_bundles *b = &a->bundles;
  char log[LOG_KEPT];
  for (size_t r = at->task; r < b->runs; r += b->tasks) {
    iscc_campaign_end *end = at->q->runs[at->array].state[r] == RUN_ENDED ? NULL : note_end(at, r);
    if (!end) continue;
    end->lost = true;
    read_log(a, at->task, log);
    snprintf(end->failure, sizeof end->failure, "%.200s RngRun=%lld lost with task %zu of %s: %s%s%s",
             b->arguments[b->run[r].point], (long long)b->run[r].run, at->task, a->name,
             a->task[at->task].state, log[0] ? ": " : "", log);
  }
}

static iscc_status merge_tasks(iscc_campaign_queue *q, size_t array, bool asked, iscc_error *error) {
  iscc_campaign_array *a = q->array + array;
  task_at at = {.q = q, .array = array, .error = error};
  iscc_campaign_array_look(a);
  for (; !at.status && at.task < a->bundles.tasks; at.task++) {
    const iscc_task_stage stage = a->task[at.task].stage;
    const bool gone = asked && !a->task[at.task].queued;
    if (stage == ISCC_TASK_WHOLE || (stage == ISCC_TASK_OPEN && gone)) {
      const iscc_status status =
          iscc_campaign_array_merge(a, at.task, q->store, take_merged, &at, q->notes, error);
      if (status) return status;
    }
    if (a->task[at.task].stage == ISCC_TASK_MERGED) note_lost(&at);
  }
  return at.status;
}

static bool is_merged(const iscc_campaign_array *a) {
  for (size_t t = 0; t < a->bundles.tasks; t++)
    if (a->task[t].stage != ISCC_TASK_MERGED) return false;
  return true;
}

iscc_status iscc_campaign_queue_merge(iscc_campaign_queue *q, bool ask, bool *answered, iscc_error *error) {
  iscc_status status = ISCC_OK;
  *answered = ask && iscc_campaign_arrays_ask(q->array, q->count, error) == ISCC_OK;
  for (size_t i = 0; !status && i < q->count; i++) {
    if (!q->array[i].name) continue; /* removed */
    status = merge_tasks(q, i, *answered, error);
    if (!status && is_merged(q->array + i)) iscc_campaign_array_remove(q->array + i);
  }
  return status;
}
