/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-command.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The environment without what is hidden; NULL: out of memory. */
static char **visible_environment(const char *hide) {
  size_t n = 0, kept = 0;
  while (environ[n]) n++;
  char **visible = calloc(n + 1, sizeof *visible);
  for (size_t i = 0; visible && i < n; i++)
    if (!hide || strncmp(environ[i], hide, strlen(hide)) != 0) visible[kept++] = environ[i];
  return visible;
}

/* All of a file from its beginning; NULL: out of memory. */
static char *read_all(FILE *file) {
  char *text = NULL;
  size_t size = 0;
  rewind(file);
  if (getdelim(&text, &size, '\0', file) >= 0) return text;
  free(text);
  return strdup("");
}

/* Keeps of a text its last line that is not empty. */
static const char *last_line(char *text) {
  size_t end = strlen(text);
  while (end > 0 && text[end - 1] == '\n') text[--end] = '\0';
  const char *newline = strrchr(text, '\n');
  return newline ? newline + 1 : text;
}

static iscc_status run(char *const *argv, char **environment, FILE *out, FILE *err, iscc_error *error) {
  posix_spawn_file_actions_t actions;
  pid_t pid;
  int how = 0;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(out), 1);
  posix_spawn_file_actions_adddup2(&actions, fileno(err), 2);
  const int failed = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environment);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) return iscc_fail(error, ISCC_EIO, "%s: cannot be started: %s", argv[0], strerror(failed));
  while (waitpid(pid, &how, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(how) && WEXITSTATUS(how) == 0) return ISCC_OK;
  char *said = read_all(err);
  const iscc_status status =
      iscc_fail(error, ISCC_EIO, "%s failed: %s", argv[0], said ? last_line(said) : "");
  free(said);
  return status;
}

iscc_status iscc_command_run(char *const *argv, const char *hide, char **printed, iscc_error *error) {
  char **environment = visible_environment(hide);
  FILE *out = tmpfile(), *err = tmpfile();
  iscc_status status = ISCC_OK;
  *printed = NULL;
  if (!environment)
    status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  else if (!out || !err)
    status =
        iscc_fail(error, ISCC_EIO, "%s: no temporary file for what it prints: %s", argv[0], strerror(errno));
  if (!status) status = run(argv, environment, out, err, error);
  if (!status && !(*printed = read_all(out))) status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (out) fclose(out);
  if (err) fclose(err);
  free(environment);
  return status;
}
