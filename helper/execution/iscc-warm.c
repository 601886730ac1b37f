/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-warm.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "iscc-program-libraries.h"
#include "iscc-warm-start.h"

enum { PATIENCE_S = 10 };

static bool file_holds(const char *path, const char *text) {
  struct stat is;
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  void *bytes = MAP_FAILED;
  if (file >= 0 && fstat(file, &is) == 0)
    bytes = mmap(NULL, (size_t)is.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  if (file >= 0) close(file);
  if (bytes == MAP_FAILED) return false;
  const bool holds = memmem(bytes, (size_t)is.st_size, text, strlen(text)) != NULL;
  munmap(bytes, (size_t)is.st_size);
  return holds;
}

static void look_at(void *ctx, const char *library) {
  bool *knows = ctx;
  if (strstr(strrchr(library, '/'), "iscc")) *knows |= file_holds(library, ISCC_WARM_VARIABLE);
}

/* Starts the warm process with one end of a pair of sockets, under a number that no redirection takes. */
static void start_with(iscc_warm *warm, const char *program, int end, const sigset_t *mask) {
  char number[16], help[] = "--help"; /* never read: main() does not begin */
  char **argv = calloc((size_t)warm->argc + 1, sizeof *argv);
  const int inherited = fcntl(end, F_DUPFD, STDERR_FILENO + 1);
  snprintf(number, sizeof number, "%d", inherited);
  if (argv && inherited >= 0 && setenv(ISCC_WARM_VARIABLE, number, 1) == 0) {
    argv[0] = (char *)(uintptr_t)program;
    for (int i = 1; i < warm->argc; i++) argv[i] = help;
    iscc_process_start(&warm->process, argv, "/dev/null", "/dev/null", mask, NULL);
    unsetenv(ISCC_WARM_VARIABLE);
  }
  if (inherited >= 0) close(inherited);
  free(argv);
}

static void begin(iscc_warm *warm, char *const *argv, const sigset_t *mask) {
  const struct timeval patience = {PATIENCE_S, 0};
  bool knows = false;
  int ends[2];
  warm->begun = true;
  if (iscc_program_libraries(argv[0], look_at, &knows, NULL) || !knows) return;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) return;
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (argv[warm->argc]) warm->argc++;
  start_with(warm, argv[0], ends[1], mask);
  close(ends[1]);
  warm->socket = ends[0];
  if (!warm->process.pid) close(ends[0]);
}

/* The texts of a request one after another; their bytes, 0: they are not for this warm process. */
static size_t write_request(const iscc_warm *warm, char request[ISCC_WARM_REQUEST_MAX], char *const *argv,
                            const char *stdout_path, const char *stderr_path) {
  size_t size = 0;
  int argc = 0;
  while (argv[argc]) argc++;
  if (argc != warm->argc) return 0;
  for (int k = 0; k <= argc; k++) {
    const char *text = k == 0 ? stdout_path : k == 1 ? stderr_path : argv[k - 1];
    const size_t length = strlen(text) + 1;
    if (length > ISCC_WARM_REQUEST_MAX - size) return 0;
    memcpy(request + size, text, length);
    size += length;
  }
  return size;
}

/* run 0: there is none and will be none. */
static iscc_warm_answer ask(int socket, const char *request, size_t size) {
  static const iscc_warm_answer none = {.run = 0};
  iscc_warm_answer answer;
  if (send(socket, request, size, MSG_NOSIGNAL) != (ssize_t)size) return none;
  if (recv(socket, &answer, sizeof answer, 0) == (ssize_t)sizeof answer) return answer;
  shutdown(socket, SHUT_RDWR); /* a run that cannot answer ends */
  return recv(socket, &answer, sizeof answer, MSG_DONTWAIT) == (ssize_t)sizeof answer ? answer : none;
}

static iscc_warm_answer ask_as_subreaper(int socket, const char *request, size_t size) {
  int before = 0;
  prctl(PR_GET_CHILD_SUBREAPER, &before);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const iscc_warm_answer answer = ask(socket, request, size);
  prctl(PR_SET_CHILD_SUBREAPER, before);
  return answer;
}

iscc_status iscc_warm_start(iscc_warm *warm, iscc_process *process, char *const *argv,
                            const char *stdout_path, const char *stderr_path, const sigset_t *mask,
                            iscc_error *error) {
  char request[ISCC_WARM_REQUEST_MAX];
  if (!warm->begun) begin(warm, argv, mask);
  const size_t size = warm->process.pid ? write_request(warm, request, argv, stdout_path, stderr_path) : 0;
  if (size) {
    iscc_process_clear(process);
    const iscc_warm_answer answer = ask_as_subreaper(warm->socket, request, size);
    process->pid = answer.run;
    if (answer.run && !answer.failure.why) return ISCC_OK;
    if (answer.run) {
      iscc_process_kill(process);
      return iscc_process_refuse(&answer.failure, argv[0], stdout_path, stderr_path, error);
    }
    iscc_warm_end(warm);
  }
  return iscc_process_start(process, argv, stdout_path, stderr_path, mask, error);
}

void iscc_warm_end(iscc_warm *warm) {
  if (!warm->process.pid) return;
  iscc_process_kill(&warm->process);
  close(warm->socket);
}
