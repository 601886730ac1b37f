/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

char iscc_run_folder[64], iscc_run_output[262144];

void iscc_run_begin(void) {
  strcpy(iscc_run_folder, "/tmp/iscc-test-run-XXXXXX"); /* mkdtemp() fills the X in */
  ck_assert_ptr_nonnull(mkdtemp(iscc_run_folder));
}

void iscc_run_end(void) {
  char command[96];
  snprintf(command, sizeof command, "rm -rf %s", iscc_run_folder);
  ck_assert_int_eq(system(command), 0);
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
