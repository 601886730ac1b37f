/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs all Check suites, or those whose stems are the arguments. Exit status 1: a test failed; 2: no suite of that
 * stem; 3: no test was run. The list of suites is generated from the names of the files, so that none can be
 * forgotten. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-test-suites.h"

#define DECLARE(stem, function) Suite *function(void);
/* cppcheck-suppress unknownMacro ; of the generated header */
ISCC_TEST_SUITES(DECLARE)

static const struct suite {
  const char *stem;
  Suite *(*create)(void);
} suites[] = {
#define ROW(stem, function) {stem, function},
    ISCC_TEST_SUITES(ROW)};

enum { SUITES = sizeof suites / sizeof *suites, UNKNOWN = 2, NOTHING_RUN = 3 };

static const struct suite *find(const char *stem) {
  for (size_t i = 0; i < SUITES; i++)
    if (!strcmp(suites[i].stem, stem)) return &suites[i];
  return NULL;
}

int main(int argc, char **argv) {
  for (int k = 1; k < argc; k++)
    if (!find(argv[k])) {
      fprintf(stderr, "no suite '%s'; there are:", argv[k]);
      for (size_t i = 0; i < SUITES; i++) fprintf(stderr, " %s", suites[i].stem);
      fprintf(stderr, "\n");
      return UNKNOWN;
    }
  setenv("CK_DEFAULT_TIMEOUT", "30", 0); /* s; Check's own 4 are too few beside other work */
  SRunner *runner = srunner_create(NULL);
  for (int k = 1; k < argc; k++) srunner_add_suite(runner, find(argv[k])->create());
  for (size_t i = 0; argc == 1 && i < SUITES; i++) srunner_add_suite(runner, suites[i].create());
  srunner_run_all(runner, CK_ENV);
  const int failed = srunner_ntests_failed(runner), run = srunner_ntests_run(runner);
  srunner_free(runner);
  if (run == 0) fprintf(stderr, "no test was run: do the tags or names fit?\n");
  return failed ? EXIT_FAILURE : run == 0 ? NOTHING_RUN : EXIT_SUCCESS;
}
