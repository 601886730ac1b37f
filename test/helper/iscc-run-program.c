/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Bytes of each text in a failure: Check tells 4 KiB at most, and nothing of a longer one. */
enum { TOLD = 1000 };

char iscc_run_folder[64], iscc_run_output[262144];

static char *temporary_before; /* NULL: there was none */

void iscc_run_begin(void) {
  const char *temporary = getenv("TMPDIR");
  strcpy(iscc_run_folder, "/tmp/iscc-test-run-XXXXXX"); /* mkdtemp() fills the X in */
  ck_assert_ptr_nonnull(mkdtemp(iscc_run_folder));
  temporary_before = temporary ? strdup(temporary) : NULL;
  ck_assert_int_eq(setenv("TMPDIR", iscc_run_folder, 1), 0);
}

void iscc_run_end(void) {
  char command[96];
  snprintf(command, sizeof command, "rm -rf %s", iscc_run_folder);
  ck_assert_int_eq(system(command), 0);
  if (temporary_before)
    setenv("TMPDIR", temporary_before, 1);
  else
    unsetenv("TMPDIR");
  free(temporary_before);
  temporary_before = NULL;
}

int iscc_run(const char *command) {
  char line[4096];
  snprintf(line, sizeof line, "cd %s && %s 2>&1", iscc_run_folder, command);
  FILE *pipe = popen(line, "r");
  ck_assert_ptr_nonnull(pipe);
  iscc_run_output[fread(iscc_run_output, 1, sizeof iscc_run_output - 1, pipe)] = '\0';
  while (fgetc(pipe) != EOF) continue;
  return WEXITSTATUS(pclose(pipe));
}

void iscc_run_well(const char *command) {
  const int status = iscc_run(command);
  ck_assert_msg(status == 0, "%.*s: exit %d: %.*s", TOLD, command, status, TOLD, iscc_run_output);
}

void iscc_run_expect(int status, const char *command, const char *says) {
  const int got = iscc_run(command);
  ck_assert_msg(strstr(iscc_run_output, says) != NULL, "%.*s: '%s' is not in: %.*s", TOLD, command, says,
                TOLD, iscc_run_output);
  ck_assert_msg(got == status, "%.*s: exit status %d: %.*s", TOLD, command, got, TOLD, iscc_run_output);
}

void iscc_run_write(const char *name, const char *text) {
  char path[256];
  snprintf(path, sizeof path, "%s/%s", iscc_run_folder, name);
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  ck_assert_int_eq(fclose(file), 0);
}

void iscc_run_write_program(const char *body) {
  char text[4096];
  snprintf(text, sizeof text,
           "#!/bin/sh\nfor o in \"$@\"; do case $o in --RngRun=*) RUN=${o#*=};; --a=*) A=${o#*=};; --b=*) "
           "B=${o#*=};; "
           "esac; done\n%s\n",
           body);
  iscc_run_write("p", text);
  iscc_run_well("chmod +x p");
}

const char *iscc_run_sql(const char *database, const char *sql) {
  char command[4096];
  snprintf(command, sizeof command, "sqlite3 %s \"%s\"", database, sql);
  iscc_run_well(command);
  return iscc_run_output;
}

void iscc_run_expect_sql(const char *database, const char *sql, const char *want) {
  const char *got = iscc_run_sql(database, sql);
  const size_t length = strcspn(got, "\n");
  ck_assert_msg(strlen(want) == length && strncmp(got, want, length) == 0, "%.*s: '%.*s', not '%s'", TOLD,
                sql, TOLD, got, want);
}

/* Where the first line that differs begins, in both; *same: none does. */
static size_t first_difference(const char *a, const char *b, bool *same) {
  size_t begin = 0, i = 0;
  while (a[i] && a[i] == b[i])
    if (a[i++] == '\n') begin = i;
  *same = a[i] == b[i];
  return begin;
}

void iscc_run_compare(const char *a, const char *b, const char *sql, bool same) {
  char *first = strdup(iscc_run_sql(a, sql));
  ck_assert_ptr_nonnull(first);
  ck_assert_msg(*first, "%s in %s: nothing", sql, a);
  const char *second = iscc_run_sql(b, sql);
  bool are_same;
  const size_t at = first_difference(first, second, &are_same);
  ck_assert_msg(are_same || !same, "%.*s: from byte %zu on %s has\n%.*s\nand %s\n%.*s", TOLD, sql, at, a,
                TOLD, first + at, b, TOLD, second + at);
  ck_assert_msg(!are_same || same, "%.*s: the same in %s and %s:\n%.*s", TOLD, sql, a, b, TOLD, first);
  free(first);
}
