/* SPDX-License-Identifier: GPL-2.0-only */
/* Campaigns on a disk that is full or cannot be written: a real one, in memory, mounted for the command alone. Left out, and said
 * so, where nothing may be mounted. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define ISCC "'" ISCC_TEST_BUILD_DIR "/iscc' campaign "
#define RUN  ISCC "run c.yaml --db=disk/c.db --jobs=1 "

/* In a mount namespace of its own; whoever is not root is root there. */
#define APART "unshare $(test $(id -u) = 0 || echo -r) -m sh "

/* Runs commands in the folder with a disk of these mount options in its folder disk. */
static int run_with_disk(const char *options, const char *commands) {
  char script[4096];
  snprintf(script, sizeof script, "mkdir disk && mount -t tmpfs -o %s tmpfs disk || exit 99\n%s\n", options,
           commands);
  iscc_run_write("script", script);
  return iscc_run("rm -rf disk; timeout -s KILL 100 " APART "script");
}

static void expect_with_disk(const char *options, const char *commands, int status, const char *says) {
  const int got = run_with_disk(options, commands);
  ck_assert_msg(strstr(iscc_run_output, says) != NULL, "'%s' is not in: %s", says, iscc_run_output);
  ck_assert_msg(got == status, "exit status %d: %s", got, iscc_run_output);
}

static void write_campaign(void) {
  iscc_run_write("p", "#!/bin/sh\necho m=1\n");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 3\n");
  iscc_run_well("chmod +x p");
}

#define COUNT "sqlite3 disk/c.db 'SELECT count(*) || \" runs on record\" FROM execution'"

/* The disk has room for a database, the folder and its lock, but for no file of a run, or for that of stdout alone. */
static const char *const inodes[][2] = {{"nr_inodes=6", ".out: No space left on device"},
                                        {"nr_inodes=7", ".err: No space left on device"}};

START_TEST(no_room_for_a_runs_files_is_no_failure_of_the_run) {
  write_campaign();
  expect_with_disk(inodes[_i][0], RUN "; s=$?; " COUNT "; exit $s", 1, "0 runs on record");
  ck_assert_msg(strstr(iscc_run_output, "cannot open /") && strstr(iscc_run_output, inodes[_i][1]), "%s",
                iscc_run_output);
}
END_TEST

START_TEST(no_room_is_no_failure_of_a_warm_run) {
  iscc_run_write("c.yaml", "program: iscc-single-device\noptions: {tasks: 2, inference: model}\nruns: 3\n");
  expect_with_disk(inodes[_i][0], RUN "; s=$?; " COUNT "; exit $s", 1, "0 runs on record");
  ck_assert_msg(strstr(iscc_run_output, "cannot open /") && strstr(iscc_run_output, inodes[_i][1]), "%s",
                iscc_run_output);
}
END_TEST

/* With how many files open a run cannot be started differs; what is recorded was started. */
START_TEST(too_few_files_are_no_failure_of_the_run) {
  write_campaign();
  iscc_run_well("for n in $(seq 6 16); do (ulimit -n $n; exec " ISCC
                "run c.yaml --jobs=1 --db=$n.db); done >said "
                "2>&1; grep -q 'Too many open files' said && ls 16.db");
  iscc_run_well(
      "for f in *.db; do sqlite3 $f 'SELECT count(*) FROM execution WHERE exit_status = 127'; done | "
      "sort -u");
  ck_assert_str_eq(iscc_run_output, "0\n");
}
END_TEST

static bool can_mount(void) {
  return system(APART "-c 'mount -t tmpfs tmpfs /mnt' >/dev/null 2>&1") == 0;
}

Suite *iscc_suite_campaign_disk(void);

Suite *iscc_suite_campaign_disk(void) {
  const int sizes = sizeof inodes / sizeof *inodes;
  Suite *suite = suite_create("campaign-disk");
  TCase *tc = tcase_create("campaign-disk");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, too_few_files_are_no_failure_of_the_run);
  suite_add_tcase(suite, tc);
  if (!can_mount()) {
    printf("campaign-disk: tests of full and read-only disks are left out, no file system may be mounted "
           "here\n");
    return suite;
  }
  tcase_add_loop_test(tc, no_room_for_a_runs_files_is_no_failure_of_the_run, 0, sizes);
  if (ISCC_TEST_WITH_NS3) tcase_add_loop_test(tc, no_room_is_no_failure_of_a_warm_run, 0, sizes);
  return suite;
}
