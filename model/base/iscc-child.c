/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static bool put_in_place(const char *path, int flags, int fd) {
  const int file = open(path, flags, 0666);
  if (file < 0 || dup2(file, fd) < 0) return false;
  if (file != fd) close(file);
  return true;
}

bool iscc_child_settle(pid_t watcher, const char *stdout_path, const char *stderr_path) {
  enum { STDIN, OUTPUT, ERRORS };
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != watcher) return false; /* it died before that */
  setpgid(0, 0);
  return put_in_place("/dev/null", O_RDONLY, STDIN) &&
         put_in_place(stdout_path, O_WRONLY | O_CREAT | O_TRUNC, OUTPUT) &&
         put_in_place(stderr_path, O_WRONLY | O_CREAT | O_TRUNC, ERRORS);
}
