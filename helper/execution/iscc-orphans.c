/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-orphans.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

/* Whether a file that a process has open begins with prefix. */
static bool has_in(pid_t pid, int fd, const char *prefix) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)pid, fd);
  const ssize_t length = readlink(link, path, sizeof path);
  return length >= (ssize_t)strlen(prefix) && strncmp(path, prefix, strlen(prefix)) == 0;
}

/* Held by a descriptor meanwhile: its number does not become another's. */
static bool end_one(pid_t pid, const char *prefix) {
  const int held = pidfd_open(pid, 0);
  if (held < 0) return false;
  const bool orphan = (has_in(pid, STDOUT_FILENO, prefix) || has_in(pid, STDERR_FILENO, prefix)) &&
                      getpgid(pid) != getsid(pid);
  const bool ended = orphan && pidfd_send_signal(held, SIGKILL, NULL, 0) == 0;
  close(held);
  return ended;
}

static bool end_all(const char *prefix) {
  bool ended = false;
  DIR *processes = opendir("/proc");
  if (!processes) return false;
  for (const struct dirent *entry; (entry = readdir(processes));) {
    const pid_t pid = (pid_t)atoi(entry->d_name);
    if (pid > 0 && pid != getpid()) ended |= end_one(pid, prefix);
  }
  closedir(processes);
  return ended;
}

void iscc_orphans_end(const char *folder) {
  enum { TIMES = 50, PAUSE_NS = 5000000 }; /* one may start another meanwhile */
  char prefix[PATH_MAX + 8];
  char *whole = realpath(folder, NULL);
  if (!whole) return;
  snprintf(prefix, sizeof prefix, "%s/run-", whole);
  free(whole);
  for (int i = 0; i < TIMES && end_all(prefix); i++) nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
}
