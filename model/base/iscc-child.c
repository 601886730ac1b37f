/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* errno, 0: it is there. */
static int put_in_place(const char *path, int flags, int fd) {
  const int file = open(path, flags, 0666);
  if (file < 0 || dup2(file, fd) < 0) return errno;
  if (file != fd) close(file);
  return 0;
}

iscc_child_failure iscc_child_settle(pid_t watcher, const char *stdout_path, const char *stderr_path) {
  enum { STREAMS = 3, OURS = O_WRONLY | O_CREAT | O_TRUNC };
  const char *const path[STREAMS] = {"/dev/null", stdout_path, stderr_path};
  static const int flags[STREAMS] = {O_RDONLY, OURS, OURS};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != watcher) return (iscc_child_failure){ESRCH, -1}; /* it died before that */
  setpgid(0, 0);
  for (int fd = 0; fd < STREAMS; fd++) {
    const int why = put_in_place(path[fd], flags[fd], fd);
    if (why) return (iscc_child_failure){why, fd};
  }
  return (iscc_child_failure){0, -1};
}
