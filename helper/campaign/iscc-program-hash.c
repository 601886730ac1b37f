/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-program-hash.h"

#include <errno.h>
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

static iscc_status add_file(iscc_digest *digest, const char *path, iscc_error *error) {
  unsigned char bytes[65536];
  FILE *file = fopen(path, "rb");
  if (!file) return iscc_fail(error, ISCC_EIO, "%s: %s", path, strerror(errno));
  for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;) iscc_digest_bytes(digest, bytes, n);
  const int failed = ferror(file);
  fclose(file);
  return failed ? iscc_fail(error, ISCC_EIO, "%s: cannot be read", path) : ISCC_OK;
}

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

/* The file of a line "NAME => PATH (ADDRESS)" that is no library of the system. */
static bool find_library(char *line, char path[PATH_MAX]) {
  char *begin = strstr(line, "=> "), *end = strrchr(line, '(');
  if (!begin || !end || end <= begin + 4) return false;
  end[-1] = '\0';
  return realpath(begin + 3, path) && strncmp(path, "/usr/lib/", 9) != 0 && strncmp(path, "/lib/", 5) != 0;
}

static iscc_status add_libraries(iscc_digest *digest, const char *path, iscc_error *error) {
  char *line = NULL, library[PATH_MAX];
  size_t size = 0;
  pid_t pid;
  iscc_status status = ISCC_OK;
  FILE *list = list_libraries(path, &pid);
  if (!list)
    return iscc_fail(error, ISCC_EIO, "ldd cannot be started, which tells the libraries of %s", path);
  while (getline(&line, &size, list) >= 0)
    if (!status && find_library(line, library)) status = add_file(digest, library, error);
  free(line);
  fclose(list);
  waitpid(pid, NULL, 0);
  return status;
}

iscc_status iscc_program_hash(const char *path, char sha256[ISCC_DIGEST_TEXT], iscc_error *error) {
  iscc_digest digest;
  iscc_digest_begin(&digest);
  iscc_status status = add_file(&digest, path, error);
  if (!status) status = add_libraries(&digest, path, error);
  iscc_digest_end(&digest, sha256);
  return status;
}
