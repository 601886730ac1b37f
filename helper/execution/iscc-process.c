/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-process.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOT_STARTED = 127 }; /* as a shell says it */

double iscc_process_clock_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* What happens in the child: only calls that are safe after fork. The pipe tells why the program does not run. */
static void become(char *const *argv, const char *stdout_path, const char *stderr_path, const sigset_t *mask,
                   pid_t parent, int tell) {
  iscc_child_failure failure = iscc_child_settle(parent, stdout_path, stderr_path);
  if (!failure.why) {
    signal(SIGXFSZ, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execv(argv[0], argv);
    failure.why = errno;
  }
  if (write(tell, &failure, sizeof failure) < 0) _exit(NOT_STARTED);
  _exit(NOT_STARTED);
}

void iscc_process_clear(iscc_process *p) {
  const time_t now = time(NULL);
  struct tm utc;
  memset(p, 0, sizeof *p);
  p->started_s = iscc_process_clock_s();
  strftime(p->started, sizeof p->started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
}

iscc_status iscc_process_refuse(const iscc_child_failure *failure, const char *program,
                                const char *stdout_path, const char *stderr_path, iscc_error *error) {
  const char *const path[] = {"/dev/null", stdout_path, stderr_path};
  if (failure->file < 0)
    return iscc_fail(error, ISCC_EIO, "%s: cannot be started: %s", program, strerror(failure->why));
  return iscc_fail(error, ISCC_EIO, "cannot open %s: %s", path[failure->file], strerror(failure->why));
}

iscc_status iscc_process_start(iscc_process *p, char *const *argv, const char *stdout_path,
                               const char *stderr_path, const sigset_t *mask, iscc_error *error) {
  int tell[2];
  iscc_child_failure failure = {0, -1};
  const pid_t parent = getpid();
  iscc_process_clear(p);
  if (pipe2(tell, O_CLOEXEC))
    return iscc_fail(error, ISCC_EIO, "%s: cannot be started: %s", argv[0], strerror(errno));
  struct rusage own;
  getrusage(RUSAGE_SELF, &own);
  p->of_starter_bytes = (int64_t)own.ru_maxrss * 1024;
  const pid_t pid = fork();
  if (pid == 0) become(argv, stdout_path, stderr_path, mask, parent, tell[1]);
  if (pid < 0) failure.why = errno;
  close(tell[1]);
  if (pid > 0 && read(tell[0], &failure, sizeof failure) != (ssize_t)sizeof failure) failure.why = 0;
  close(tell[0]);
  if (!failure.why) {
    p->pid = pid;
    return ISCC_OK;
  }
  if (pid > 0) waitpid(pid, NULL, 0);
  return iscc_process_refuse(&failure, argv[0], stdout_path, stderr_path, error);
}

static double seconds(struct timeval t) {
  return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

/* Waits for its end and ends what it has started and left behind, while its number is still its own. */
static bool reap(iscc_process *p, int options) {
  struct rusage used;
  siginfo_t info = {0};
  int status;
  pid_t pid;
  while (waitid(P_PID, (id_t)p->pid, &info, WEXITED | WNOWAIT | options) && errno == EINTR) continue;
  if (info.si_pid != p->pid) return false;
  kill(-p->pid, SIGKILL);
  do pid = wait4(p->pid, &status, 0, &used);
  while (pid < 0 && errno == EINTR);
  if (pid != p->pid) return false;
  p->pid = 0;
  p->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  p->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  p->elapsed_s = iscc_process_clock_s() - p->started_s;
  p->cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime);
  const int64_t peak_bytes = (int64_t)used.ru_maxrss * 1024;
  p->peak_bytes = peak_bytes > p->of_starter_bytes ? peak_bytes : 0;
  return true;
}

bool iscc_process_ended(iscc_process *process) {
  return reap(process, WNOHANG);
}

void iscc_process_kill(iscc_process *process) {
  if (!process->pid) return;
  if (kill(-process->pid, SIGKILL)) kill(process->pid, SIGKILL);
  reap(process, 0);
}
