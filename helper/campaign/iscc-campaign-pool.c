/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-pool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-warm.h"

struct iscc_campaign_pool {
  char *folder, *lock_path;
  int lock, jobs, running,
      places;               /* one place more than jobs: the next run starts before what has ended is added */
  unsigned long long named; /* runs that got names for their files */
  double timeout_s;
  bool anew;
  iscc_warm warm;
  sigset_t signals, before;
  iscc_pool_run *run; /* [places]; the process 0 and not held: free */
};

static char *path_of(const char *folder, const char *name) {
  char *path = NULL;
  return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* Files of runs; the lock stays. */
static void clear(const char *folder) {
  DIR *directory = opendir(folder);
  if (!directory) return;
  for (const struct dirent *entry; (entry = readdir(directory));) {
    if (strncmp(entry->d_name, "run-", 4) != 0) continue;
    char *path = path_of(folder, entry->d_name);
    if (path) unlink(path);
    free(path);
  }
  closedir(directory);
}

/* Whether a file is still that of its path: one that is unlocked is removed. */
static bool is_at(int file, const char *path) {
  struct stat a, b;
  return fstat(file, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

static iscc_status lock_folder(iscc_campaign_pool *p, iscc_error *error) {
  for (;;) {
    if (mkdir(p->folder, 0777) && errno != EEXIST)
      return iscc_fail(error, ISCC_EIO, "%s: cannot be made: %s", p->folder, strerror(errno));
    const int file = open(p->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0 && errno == ENOENT) continue; /* the folder was just removed */
    if (file < 0) return iscc_fail(error, ISCC_EIO, "%s: cannot be used: %s", p->folder, strerror(errno));
    const bool locked = flock(file, LOCK_EX | LOCK_NB) == 0, there = is_at(file, p->lock_path);
    if (locked && there) {
      p->lock = file;
      return ISCC_OK;
    }
    close(file);
    if (!locked)
      return iscc_fail(error, ISCC_ESTATE,
                       "%s is locked: another campaign works on this database; wait for it", p->folder);
  }
}

static void free_paths(iscc_pool_run *run) {
  free(run->shard);
  free(run->stdout_path);
  free(run->stderr_path);
  run->shard = run->stdout_path = run->stderr_path = NULL;
}

/* Names that no run had before: a process that one has left behind writes into no other. */
static bool name_files(iscc_campaign_pool *p, iscc_pool_run *run) {
  const unsigned long long number = ++p->named;
  free_paths(run);
  if (asprintf(&run->shard, "%s/run-%llu.db", p->folder, number) < 0) run->shard = NULL;
  if (asprintf(&run->stdout_path, "%s/run-%llu.out", p->folder, number) < 0) run->stdout_path = NULL;
  if (asprintf(&run->stderr_path, "%s/run-%llu.err", p->folder, number) < 0) run->stderr_path = NULL;
  return run->shard && run->stdout_path && run->stderr_path;
}

/* What asks to stop, unless it is ignored, as by nohup. */
static void block_signals(iscc_campaign_pool *p) {
  static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
  signal(SIGCHLD, SIG_DFL); /* ignored by whoever started us, ends of runs would go unseen */
  sigemptyset(&p->signals);
  sigaddset(&p->signals, SIGCHLD);
  for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
    struct sigaction now;
    if (sigaction(stops[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN) sigaddset(&p->signals, stops[i]);
  }
  sigprocmask(SIG_BLOCK, &p->signals, &p->before);
}

/* Beside the database itself, whatever name it is known by. */
static char *name_folder(const char *database) {
  char real[PATH_MAX], *folder = NULL;
  return asprintf(&folder, "%s.runs", realpath(database, real) ? real : database) < 0 ? NULL : folder;
}

iscc_status iscc_campaign_pool_open(const char *database, int jobs, double timeout_s,
                                    iscc_campaign_pool **out, iscc_error *error) {
  iscc_campaign_pool *p = calloc(1, sizeof *p);
  *out = NULL;
  if (!p) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  block_signals(p);
  p->jobs = jobs;
  p->places = jobs + 1;
  p->timeout_s = timeout_s;
  p->lock = -1;
  p->run = calloc((size_t)p->places, sizeof *p->run);
  p->folder = name_folder(database);
  p->lock_path = p->folder ? path_of(p->folder, "lock") : NULL;
  iscc_status status = p->run && p->lock_path ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (!status) status = lock_folder(p, error);
  if (status) {
    iscc_campaign_pool_close(p);
    return status;
  }
  clear(p->folder);
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

static void free_runs(iscc_campaign_pool *p) {
  for (int i = 0; p->run && i < p->places; i++) {
    iscc_process_kill(&p->run[i].process);
    free_paths(&p->run[i]);
  }
  free(p->run);
}

void iscc_campaign_pool_close(iscc_campaign_pool *p) {
  if (!p) return;
  free_runs(p);
  iscc_warm_end(&p->warm);
  if (p->lock >= 0) {
    clear(p->folder);
    unlink(p->lock_path);
    rmdir(p->folder);
    close(p->lock);
  }
  /* one signal may come twice, as to a process and its group: what was asked is being done */
  while (sigtimedwait(&p->signals, NULL, &(struct timespec){0, 0}) > 0) continue;
  sigprocmask(SIG_SETMASK, &p->before, NULL);
  free(p->lock_path);
  free(p->folder);
  free(p);
}

void iscc_campaign_pool_start_anew(iscc_campaign_pool *p) {
  p->anew = true;
}

bool iscc_campaign_pool_is_full(const iscc_campaign_pool *p) {
  return p->running == p->jobs;
}

bool iscc_campaign_pool_is_idle(const iscc_campaign_pool *p) {
  return p->running == 0;
}

iscc_pool_run *iscc_campaign_pool_place(iscc_campaign_pool *p) {
  for (int i = 0; i < p->places; i++)
    if (!p->run[i].process.pid && !p->run[i].held) return name_files(p, p->run + i) ? p->run + i : NULL;
  return NULL;
}

iscc_status iscc_campaign_pool_start(iscc_campaign_pool *p, iscc_pool_run *run, char *const *argv,
                                     iscc_error *error) {
  run->timed_out = false;
  const iscc_status status =
      p->anew ? iscc_process_start(&run->process, argv, run->stdout_path, run->stderr_path, &p->before, error)
              : iscc_warm_start(&p->warm, &run->process, argv, run->stdout_path, run->stderr_path, &p->before,
                                error);
  if (!status) p->running++;
  return status;
}

/* One that has ended by itself or is past its time. least: when the next one will be past it. */
static iscc_pool_run *look(iscc_campaign_pool *p, double *least_s) {
  const double now = iscc_process_clock_s();
  for (int i = 0; i < p->places; i++) {
    iscc_pool_run *run = p->run + i;
    if (!run->process.pid) continue;
    bool ended = iscc_process_ended(&run->process);
    const double left_s = run->process.started_s + p->timeout_s - now;
    if (!ended && left_s <= 0) {
      iscc_process_kill(&run->process);
      run->timed_out = ended = true;
    }
    if (ended) {
      p->running--;
      run->held = true;
      return run;
    }
    if (left_s < *least_s) *least_s = left_s;
  }
  return NULL;
}

iscc_status iscc_campaign_pool_wait(iscc_campaign_pool *p, double patience_s, iscc_pool_run **ended,
                                    iscc_error *error) {
  const double until_s = iscc_process_clock_s() + patience_s;
  for (;;) {
    double left_s = until_s - iscc_process_clock_s();
    *ended = look(p, &left_s);
    if (*ended && !is_at(p->lock, p->lock_path))
      return iscc_fail(error, ISCC_EIO, "%s: removed or moved while a campaign works in it", p->folder);
    if (*ended || left_s <= 0) return ISCC_OK;
    const struct timespec wait = {(time_t)left_s, (long)(1e9 * (left_s - floor(left_s)))};
    const int signal = sigtimedwait(&p->signals, NULL, &wait);
    if (signal > 0 && signal != SIGCHLD) return ISCC_EINTR;
  }
}

void iscc_campaign_pool_release(iscc_pool_run *run) {
  remove_files(run);
  run->held = false;
}
