/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-parallel.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

enum { PROGRESS_PERIOD_NS = 100 * 1000 * 1000 };

typedef struct {
  pthread_mutex_t mutex;
  pthread_cond_t ended; /* a worker has left */
  iscc_parallel_task *task;
  void *ctx;
  size_t next, n, done;
  int running; /* workers not yet left */
  iscc_status status;
  size_t failed_index;
  iscc_error error;
} job;

typedef struct {
  job *job;
  int worker;
} worker_start;

int iscc_parallel_threads(int wanted) {
  if (wanted >= 1) return wanted < ISCC_THREADS_MAX ? wanted : ISCC_THREADS_MAX;
  cpu_set_t set;
  const int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return n < ISCC_THREADS_MAX ? n : ISCC_THREADS_MAX;
}

static void note_failure(job *j, size_t index, iscc_status status, const iscc_error *error) {
  if (j->status && j->failed_index < index) return;
  j->status = status;
  j->failed_index = index;
  j->error = *error;
}

static void work(job *j, int worker) {
  pthread_mutex_lock(&j->mutex);
  while (!j->status && j->next < j->n) {
    const size_t index = j->next++;
    pthread_mutex_unlock(&j->mutex);
    iscc_error error = {.text = ""};
    const iscc_status status = j->task(j->ctx, worker, index, &error);
    pthread_mutex_lock(&j->mutex);
    j->done++;
    if (status) note_failure(j, index, status, &error);
  }
  j->running--;
  pthread_cond_signal(&j->ended);
  pthread_mutex_unlock(&j->mutex);
}

static void *thread_main(void *argument) {
  const worker_start *start = argument;
  work(start->job, start->worker);
  return NULL;
}

static struct timespec next_report(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t); /* the clock of pthread_cond_timedwait(); no result depends on it */
  t.tv_nsec += PROGRESS_PERIOD_NS;
  if (t.tv_nsec >= 1000000000L) t.tv_nsec -= 1000000000L, t.tv_sec++;
  return t;
}

/* Waits until every worker has left, reporting meanwhile. Called and left with the mutex held. */
static void watch(job *j, iscc_parallel_progress *progress) {
  while (j->running > 0) {
    const struct timespec until = next_report();
    while (j->running > 0 && pthread_cond_timedwait(&j->ended, &j->mutex, &until) != ETIMEDOUT) continue;
    const size_t done = j->done;
    pthread_mutex_unlock(&j->mutex);
    const bool go_on = progress(j->ctx, done);
    pthread_mutex_lock(&j->mutex);
    const iscc_error interrupted = {.text = "interrupted"};
    if (!go_on && !j->status && j->done < j->n) note_failure(j, j->n, ISCC_EINTR, &interrupted);
  }
}

iscc_status iscc_parallel_for(int threads, size_t n, iscc_parallel_task *task,
                              iscc_parallel_progress *progress, void *ctx, iscc_error *error) {
  if (threads < 1 || threads > ISCC_THREADS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "threads: %d is not in 1..%d", threads, ISCC_THREADS_MAX);
  job j = {.task = task, .ctx = ctx, .n = n};
  pthread_mutex_init(&j.mutex, NULL);
  pthread_cond_init(&j.ended, NULL);
  pthread_t thread[ISCC_THREADS_MAX];
  worker_start start[ISCC_THREADS_MAX];
  const int own = progress ? 0 : 1; /* worker 0 is the calling thread */
  const int wanted = (size_t)threads < n ? threads : (int)n;
  int started = 0;
  pthread_mutex_lock(&j.mutex);
  for (int w = own; w < wanted; w++) {
    start[w] = (worker_start){.job = &j, .worker = w};
    if (pthread_create(&thread[started], NULL, thread_main, &start[w]) != 0) break;
    started++;
  }
  j.running = started + own;
  if (n > 0 && j.running == 0)
    note_failure(&j, 0, ISCC_ENOMEM, &(iscc_error){.text = "no thread could be started"});
  if (progress) watch(&j, progress);
  pthread_mutex_unlock(&j.mutex);
  if (own) work(&j, 0);
  for (int i = 0; i < started; i++) pthread_join(thread[i], NULL);
  pthread_cond_destroy(&j.ended);
  pthread_mutex_destroy(&j.mutex);
  return j.status ? iscc_fail(error, j.status, "%s", j.error.text) : ISCC_OK;
}
