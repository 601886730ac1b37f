/* SPDX-License-Identifier: GPL-2.0-only */
/* The warm process's side of iscc-warm-start.h. It is in this library since the loader initialises a library after
 * those it needs: when this begins, ns-3 is ready to run. */
#include "iscc-warm-start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_STARTED = 127 }; /* as a shell says it */

static char request[ISCC_WARM_REQUEST_MAX]; /* argv's texts lie in it */

/* Puts the texts of a request of so many bytes in their places. */
static bool take_texts(size_t size, const char *paths[2], int argc, char **argv) {
  char *text = request;
  if (size == 0 || request[size - 1] != '\0') return false;
  for (int k = 0; k <= argc; k++, text += strlen(text) + 1) {
    if (text >= request + size) return false;
    if (k < 2)
      paths[k] = text;
    else
      argv[k - 1] = text;
  }
  return text == request + size;
}

/* In the run, once go[0] ends: its parent is then the campaign. */
static void settle(int socket, const int go[2], pid_t campaign, const char *const paths[2]) {
  iscc_warm_answer answer = {.run = getpid()};
  char nothing;
  close(go[1]);
  while (read(go[0], &nothing, 1) < 0 && errno == EINTR) continue;
  close(go[0]);
  answer.failure = iscc_child_settle(campaign, paths[0], paths[1]);
  if (send(socket, &answer, sizeof answer, MSG_NOSIGNAL) != (ssize_t)sizeof answer || answer.failure.why)
    _exit(NOT_STARTED);
  close(socket);
}

/* Whether a run has been forked, by a child that has ended; it returns in the run too, with *is_run. */
static bool fork_run(int socket, pid_t campaign, const char *const paths[2], bool *is_run) {
  int go[2], how = 0;
  if (pipe2(go, O_CLOEXEC)) return false;
  const pid_t between = fork();
  if (between == 0) {
    const pid_t run = fork();
    if (run != 0) _exit(run < 0);
    settle(socket, go, campaign, paths);
    *is_run = true;
    return true;
  }
  close(go[0]);
  if (between > 0)
    while (waitpid(between, &how, 0) < 0 && errno == EINTR) continue;
  close(go[1]);
  return between > 0 && how == 0;
}

/* Returns in runs alone. */
static void serve(int socket, int argc, char **argv) {
  const pid_t campaign = getppid();
  const char *paths[2];
  bool is_run = false;
  while (!is_run) {
    const ssize_t size = recv(socket, request, sizeof request, 0);
    if (size <= 0 || !take_texts((size_t)size, paths, argc, argv)) _exit(EXIT_SUCCESS);
    if (!fork_run(socket, campaign, paths, &is_run)) _exit(EXIT_FAILURE);
  }
}

#ifdef __GLIBC__ /* whose loader hands main's arguments to constructors */
__attribute__((constructor)) static void begin(int argc, char **argv) {
  const char *socket = getenv(ISCC_WARM_VARIABLE);
  if (!socket) return;
  const int number = atoi(socket);
  unsetenv(ISCC_WARM_VARIABLE);
  serve(number, argc, argv);
}
#endif
