/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-slurm-commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

#include "iscc-command.h"

#define TEXT(words) ((char[]){words}) /* what an argv is made of */

/* Variables that would narrow what squeue shows. */
static const char hidden[] = "SQUEUE_";

iscc_status iscc_slurm_tasks_max(size_t *tasks, iscc_error *error) {
  char *const argv[] = {TEXT("scontrol"), TEXT("show"), TEXT("config"), NULL};
  char *printed;
  long size = 0;
  const iscc_status status = iscc_command_run(argv, hidden, &printed, error);
  if (status) return status;
  const char *line = strstr(printed, "MaxArraySize"), *value = line ? strchr(line, '=') : NULL;
  if (value) size = strtol(value + 1, NULL, 10);
  free(printed);
  if (size < 1) return iscc_fail(error, ISCC_EIO, "Slurm takes no job arrays here (MaxArraySize)");
  *tasks = (size_t)size;
  return ISCC_OK;
}

static iscc_status split(const char *options, wordexp_t *words, iscc_error *error) {
  memset(words, 0, sizeof *words);
  if (!options || wordexp(options, words, WRDE_NOCMD | WRDE_UNDEF) == 0) return ISCC_OK;
  wordfree(words);
  memset(words, 0, sizeof *words);
  return iscc_fail(error, ISCC_EINVAL, "sbatch: '%s' cannot be split into words as a shell does", options);
}

static char *text_of(const char *format, ...) ISCC_PRINTF(1, 2);

static char *text_of(const char *format, ...) {
  char *text = NULL;
  va_list values;
  va_start(values, format);
  const int length = vasprintf(&text, format, values);
  va_end(values);
  return length < 0 ? NULL : text;
}

/* Our options stand after the user's: they hold. */
static iscc_status submit(const iscc_slurm_array *a, const wordexp_t *words, iscc_error *error) {
  char limit[32] = "", *printed = NULL;
  if (a->at_once) snprintf(limit, sizeof limit, "%%%d", a->at_once);
  char *ours[] = {text_of("--parsable"),
                  text_of("--no-requeue"),
                  text_of("--job-name=%s", a->name),
                  text_of("--array=0-%zu%s", a->tasks - 1, limit),
                  text_of("--output=%s", a->output),
                  text_of("--wrap=exec %s", a->command)};
  enum { OURS = sizeof ours / sizeof *ours };
  char **argv = calloc(words->we_wordc + OURS + 2, sizeof *argv);
  bool fine = argv != NULL;
  for (int i = 0; i < OURS; i++) fine = fine && ours[i];
  iscc_status status = fine ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (fine) {
    argv[0] = TEXT("sbatch");
    for (size_t i = 0; i < words->we_wordc; i++) argv[1 + i] = words->we_wordv[i];
    memcpy(argv + 1 + words->we_wordc, ours, sizeof ours);
    status = iscc_command_run(argv, NULL, &printed, error);
  }
  for (int i = 0; i < OURS; i++) free(ours[i]);
  free(argv);
  free(printed);
  return status;
}

iscc_status iscc_slurm_submit(const iscc_slurm_array *array, iscc_error *error) {
  wordexp_t words;
  iscc_status status = split(array->options, &words, error);
  if (status) return status;
  status = submit(array, &words, error);
  wordfree(&words);
  return status;
}

static bool is_over(const char *state) {
  static const char *const over[] = {"BOOT_FAIL", "CANCELLED",     "COMPLETED", "DEADLINE", "FAILED",
                                     "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",  "TIMEOUT"};
  for (size_t i = 0; i < sizeof over / sizeof *over; i++)
    if (strcmp(over[i], state) == 0) return true;
  return false;
}

iscc_status iscc_slurm_ask(const char *const *name, size_t names, char **answer, iscc_error *error) {
  char *asked = NULL;
  size_t size;
  FILE *text = open_memstream(&asked, &size);
  *answer = NULL;
  if (!text) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  fputs("--name=", text);
  for (size_t i = 0; i < names; i++) fprintf(text, "%s%s", i ? "," : "", name[i]);
  if (fclose(text)) {
    free(asked);
    return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  }
  char *const argv[] = {TEXT("squeue"),
                        asked,
                        TEXT("--states=all"),
                        TEXT("--array"),
                        TEXT("--noheader"),
                        TEXT("--format=%j %K %T"),
                        NULL};
  const iscc_status status = iscc_command_run(argv, hidden, answer, error);
  free(asked);
  return status;
}

/* Lines NAME TASK STATE. */
void iscc_slurm_read(char *answer, iscc_slurm_each *each, void *ctx) {
  char *rest, *line = strtok_r(answer, "\n", &rest);
  for (; line; line = strtok_r(NULL, "\n", &rest)) {
    char name[64], state[64];
    size_t task;
    if (sscanf(line, "%63s %zu %63s", name, &task, state) == 3) each(ctx, name, task, is_over(state), state);
  }
  free(answer);
}
