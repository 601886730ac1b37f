/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-pool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "iscc-orphans.h"
#include "iscc-pool-folder.h"
#include "iscc-pool-signals.h"
#include "iscc-warm.h"

struct iscc_pool {
  iscc_pool_folder folder;
  iscc_pool_signals signals;
  int jobs, running,
      places; /* one place more than jobs: the next run starts before what has ended is added */
  unsigned long long mark, named; /* of this pool; runs that got names for their files */
  double timeout_s;
  bool anew, stopped; /* stopped: a signal has asked for it */
  iscc_warm warm;
  iscc_pool_run *run; /* [places]; the process 0 and not held: free */
};

static void free_paths(iscc_pool_run *run) {
  free(run->shard);
  free(run->stdout_path);
  free(run->stderr_path);
  run->shard = run->stdout_path = run->stderr_path = NULL;
}

static char *make_name(const iscc_pool *p, const char *ending) {
  char *name = NULL;
  return asprintf(&name, "%s/run-%016llx-%llu%s", p->folder.path, p->mark, p->named, ending) < 0 ? NULL
                                                                                                 : name;
}

/* Names that no run had before, of a campaign that was killed neither: a process that one has left behind writes into no other. */
static bool name_files(iscc_pool *p, iscc_pool_run *run) {
  p->named++;
  free_paths(run);
  run->shard = make_name(p, ".db");
  run->stdout_path = make_name(p, ".out");
  run->stderr_path = make_name(p, ".err");
  return run->shard && run->stdout_path && run->stderr_path;
}

static iscc_status draw_mark(iscc_pool *p, iscc_error *error) {
  return getrandom(&p->mark, sizeof p->mark, 0) == (ssize_t)sizeof p->mark
             ? ISCC_OK
             : iscc_fail(error, ISCC_EIO, "no random number for the names of files: %s", strerror(errno));
}

iscc_status iscc_pool_open(const char *database, int jobs, double timeout_s, iscc_pool **out,
                           iscc_error *error) {
  iscc_pool *p = calloc(1, sizeof *p);
  *out = NULL;
  if (!p) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  iscc_pool_signals_begin(&p->signals);
  p->jobs = jobs;
  p->places = jobs + 1;
  p->timeout_s = timeout_s;
  p->run = calloc((size_t)p->places, sizeof *p->run);
  iscc_status status = p->run ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (!status) status = draw_mark(p, error);
  if (!status) status = iscc_pool_folder_open(database, &p->folder, error);
  if (status) {
    iscc_pool_close(p);
    return status;
  }
  iscc_orphans_end(p->folder.path);
  iscc_pool_folder_clear(p->folder.path, "run-");
  *out = p;
  return ISCC_OK;
}

static void remove_files(iscc_pool_run *run) {
  static const char *const beside[] = {"", "-wal", "-shm", "-journal"};
  char path[4096];
  for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
    snprintf(path, sizeof path, "%s%s", run->shard, beside[i]);
    unlink(path);
  }
  unlink(run->stdout_path);
  unlink(run->stderr_path);
}

static void free_runs(iscc_pool *p) {
  for (int i = 0; p->run && i < p->places; i++) {
    iscc_process_kill(&p->run[i].process);
    free_paths(&p->run[i]);
  }
  free(p->run);
}

void iscc_pool_close(iscc_pool *p) {
  if (!p) return;
  free_runs(p);
  iscc_warm_end(&p->warm);
  if (p->folder.path) iscc_pool_folder_clear(p->folder.path, "run-");
  iscc_pool_folder_close(&p->folder);
  iscc_pool_signals_end(&p->signals);
  free(p);
}

void iscc_pool_start_anew(iscc_pool *p) {
  p->anew = true;
}

bool iscc_pool_is_full(const iscc_pool *p) {
  return p->running == p->jobs;
}

bool iscc_pool_is_idle(const iscc_pool *p) {
  return p->running == 0;
}

iscc_pool_run *iscc_pool_place(iscc_pool *p) {
  for (int i = 0; i < p->places; i++)
    if (!p->run[i].process.pid && !p->run[i].held) return name_files(p, p->run + i) ? p->run + i : NULL;
  return NULL;
}

iscc_status iscc_pool_start(iscc_pool *p, iscc_pool_run *run, char *const *argv, iscc_error *error) {
  run->timed_out = run->told = false;
  const iscc_status status = p->anew ? iscc_process_start(&run->process, argv, run->stdout_path,
                                                          run->stderr_path, &p->signals.before, error)
                                     : iscc_warm_start(&p->warm, &run->process, argv, run->stdout_path,
                                                       run->stderr_path, &p->signals.before, error);
  if (!status) p->running++;
  return status;
}

/* Notes what has ended and ends what is past its time. least: when the next one will be. */
static void look(iscc_pool *p, double *least_s) {
  const double now = iscc_process_clock_s();
  for (int i = 0; i < p->places; i++) {
    iscc_pool_run *run = p->run + i;
    if (!run->process.pid) continue;
    run->held = iscc_process_ended(&run->process);
    const double left_s = run->process.started_s + p->timeout_s - now;
    if (!run->held && left_s <= 0) {
      iscc_process_kill(&run->process);
      run->timed_out = run->held = true;
    }
    if (!run->held && left_s < *least_s) *least_s = left_s;
  }
}

/* One that has ended, told now; NULL: there is none. */
static iscc_pool_run *tell(iscc_pool *p) {
  for (int i = 0; i < p->places; i++) {
    iscc_pool_run *run = p->run + i;
    if (!run->held || run->told) continue;
    run->told = true;
    p->running--;
    return run;
  }
  return NULL;
}

iscc_status iscc_pool_check_place(const iscc_pool *p, iscc_error *error) {
  return iscc_pool_folder_is_there(&p->folder)
             ? ISCC_OK
             : iscc_fail(error, ISCC_EIO, "%s: removed or moved while a campaign works in it",
                         p->folder.path);
}

iscc_status iscc_pool_wait(iscc_pool *p, double patience_s, iscc_pool_run **ended, iscc_error *error) {
  const double until_s = iscc_process_clock_s() + patience_s;
  for (*ended = NULL; !p->stopped;) {
    double left_s = until_s - iscc_process_clock_s();
    look(p, &left_s);
    *ended = tell(p);
    if (*ended && iscc_pool_check_place(p, error)) return ISCC_EIO;
    if (*ended || left_s <= 0) return ISCC_OK;
    p->stopped = iscc_pool_signals_wait(&p->signals, left_s);
  }
  return ISCC_EINTR;
}

bool iscc_pool_watch(iscc_pool *p) {
  double left_s = 0.05;
  look(p, &left_s);
  if (!p->stopped) p->stopped = iscc_pool_signals_wait(&p->signals, left_s);
  return !p->stopped;
}

void iscc_pool_release(iscc_pool_run *run) {
  remove_files(run);
  run->held = false;
}
