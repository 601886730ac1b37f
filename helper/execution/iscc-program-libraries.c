/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-program-libraries.h"

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Starts `ldd path`, its output in a pipe, its complaints nowhere. NULL: it cannot be started. */
static FILE *list_libraries(const char *path, pid_t *pid) {
  char *const argv[] = {(char[]){"ldd"}, (char[]){"--"}, (char *)(uintptr_t)path, NULL};
  posix_spawn_file_actions_t actions;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) return NULL;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  const int failed = posix_spawnp(pid, "ldd", &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  FILE *list = failed ? NULL : fdopen(ends[0], "r");
  if (!list) close(ends[0]);
  return list;
}

/* The file of a line "NAME => PATH (ADDRESS)". */
static bool find_library(char *line, char path[PATH_MAX]) {
  char *begin = strstr(line, "=> "), *end = strrchr(line, '(');
  if (!begin || !end || end <= begin + 4) return false;
  end[-1] = '\0';
  return realpath(begin + 3, path) != NULL;
}

iscc_status iscc_program_libraries(const char *program, iscc_program_library *each, void *ctx,
                                   iscc_error *error) {
  char *line = NULL, library[PATH_MAX];
  size_t size = 0;
  pid_t pid;
  FILE *list = list_libraries(program, &pid);
  if (!list)
    return iscc_fail(error, ISCC_EIO, "ldd cannot be started, which tells the libraries of %s", program);
  while (getline(&line, &size, list) >= 0)
    if (find_library(line, library)) each(ctx, library);
  free(line);
  fclose(list);
  waitpid(pid, NULL, 0);
  return ISCC_OK;
}
