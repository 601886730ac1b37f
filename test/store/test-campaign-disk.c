/* SPDX-License-Identifier: GPL-2.0-only */
/* Campaigns on a disk that is full or cannot be written: a real one, in memory, mounted for the command alone. Left out, and said
 * so, where nothing may be mounted. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Each of them reads the database alone. */
#define READ_ALL(database)                                                                                   \
  ISCC "show " database " --metric m && " ISCC "status " database " && " ISCC "verify " database             \
       " --program ./p && " ISCC "compare " database " --metric m --by a --baseline 1"

static void write_compared_campaign(void) {
  write_campaign();
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\ngrid: {a: [1, 2]}\nruns: 3\n");
  iscc_run_well(ISCC "run c.yaml");
}

static void expect_all_read(void) {
  static const char *const says[] = {"6 replications done at 2 points", "6 runs done, 0 failed",
                                     "6 runs again: 6 equal", "3 paired runs"};
  for (size_t i = 0; i < sizeof says / sizeof *says; i++)
    ck_assert_msg(strstr(iscc_run_output, says[i]) != NULL, "'%s' is not in: %s", says[i], iscc_run_output);
}

#define TO_WAL "sqlite3 c.db 'PRAGMA journal_mode = WAL' && "

/* What a campaign has ended, and what any program has left in WAL. */
static const char *const modes[] = {"", TO_WAL};

START_TEST(a_read_only_disk_is_read) {
  char commands[2048];
  write_compared_campaign();
  snprintf(commands, sizeof commands,
           "%scp c.db disk/c.db && mount -o remount,ro disk && " READ_ALL("disk/c.db"), modes[_i]);
  expect_with_disk("size=20m", commands, 0, "paired runs");
  expect_all_read();
}
END_TEST

/* Its name is none for a URI. */
START_TEST(a_read_only_disk_is_merged_from) {
  char commands[2048];
  write_compared_campaign();
  snprintf(commands, sizeof commands,
           "%smkdir 'disk/a%%20b?c' && cp c.db 'disk/a%%20b?c' && mount -o remount,ro disk && " ISCC
           "merge new.db disk/a*/c.db && " ISCC "merge new.db disk/a*/c.db",
           modes[_i]);
  expect_with_disk("size=20m", commands, 0, "c.db: 6 added, 0 were there\n");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "c.db: 0 added, 6 were there\n"));
  iscc_run_expect_sql("new.db",
                      "SELECT count(*) || ' ' || sum(value) FROM execution JOIN metric USING (execution_id)",
                      "6 6.0");
}
END_TEST

START_TEST(a_read_only_disk_is_not_added_to) {
  char commands[2048];
  write_compared_campaign();
  snprintf(commands, sizeof commands,
           "%scp c.db disk && mount -o remount,ro disk && " ISCC "merge disk/c.db c.db", modes[_i]);
  expect_with_disk("size=20m", commands, 1, "disk/c.db: cannot be written; check its permissions");
}
END_TEST

/* Whoever may write anywhere becomes nobody in particular. */
#define SOMEBODY_ELSE "$(test $(id -u) != 0 || echo setpriv --reuid=65534 --clear-groups) "

/* Of somebody else; its name is none for a URI. */
START_TEST(a_folder_that_cannot_be_written_is_read) {
  char command[2048];
  write_compared_campaign();
  if (iscc_run(SOMEBODY_ELSE "test -x '" ISCC_TEST_BUILD_DIR "/iscc'")) {
    printf("campaign-disk: a test of a folder of somebody else is left out, " ISCC_TEST_BUILD_DIR
           " is for its owner alone\n");
    return;
  }
  snprintf(command, sizeof command,
           "%schmod 755 . && mkdir 'a%%20b?c' && cp c.db 'a%%20b?c' && chmod 555 'a%%20b?c' && " SOMEBODY_ELSE
           "sh -c 'export TMPDIR=/tmp; " ISCC_TEST_BUILD_DIR
           "/iscc campaign show a*/c.db --metric m && " ISCC_TEST_BUILD_DIR
           "/iscc campaign verify a*/c.db --program ./p'",
           modes[_i]);
  iscc_run_expect(0, command, "6 runs again: 6 equal");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "6 replications done at 2 points"));
}
END_TEST

/* Of a campaign of somebody else, who may keep its folder for himself. */
START_TEST(somebody_elses_campaign_is_seen) {
  static const char *const look = SOMEBODY_ELSE ISCC_TEST_BUILD_DIR "/iscc campaign status c.db";
  iscc_run_write("p", "#!/bin/sh\ntouch began; while ! test -e go; do sleep 0.05; done; echo m=1\n");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\n");
  if (iscc_run(SOMEBODY_ELSE "test -x '" ISCC_TEST_BUILD_DIR "/iscc'")) return;
  iscc_run_well("chmod +x p; chmod 755 .; umask 022; (" ISCC
                "run c.yaml >out 2>&1 &); for i in $(seq 100); do test "
                "-e began && break; sleep 0.1; done");
  iscc_run_expect(0, look, "c.db: 0 runs done, 0 failed\nA campaign works on it now.\n");
  iscc_run_well("chmod 700 c.db.runs");
  iscc_run_expect(
      0, look,
      geteuid() ? "A campaign works on it now.\n"
                : "0 failed\nWhether a campaign works on it now, here or on a cluster, is not known: /");
  iscc_run_well("touch go; for i in $(seq 100); do test -e c.db.runs || break; sleep 0.1; done");
  iscc_run_expect(0, look, "c.db: 1 runs done, 0 failed\nNo campaign works on it now.\n");
}
END_TEST

/* Left by a program that was killed, with results that are in no database yet. */
START_TEST(what_waits_beside_a_read_only_database_is_told) {
  write_compared_campaign();
  iscc_run_well("(" TO_WAL "(echo \"UPDATE execution SET host = 'h';\"; sleep 1) | sqlite3 c.db & sleep 0.5; "
                "mkdir killed; cp c.db c.db-wal killed; wait)");
  iscc_run_well("test -s killed/c.db-wal");
  expect_with_disk("size=20m", "cp killed/* disk && mount -o remount,ro disk && " ISCC "show disk/c.db", 1,
                   "results wait in the file beside it (-wal or -journal)");
  iscc_run_well(ISCC "show killed/c.db --metric m"); /* where it may be written it is put right */
  iscc_run_well("test \"$(ls killed)\" = c.db");
}
END_TEST

START_TEST(readers_leave_nothing_behind) {
  write_compared_campaign();
  iscc_run_well("test \"$(ls c.db*)\" = c.db && test \"$(sqlite3 c.db 'PRAGMA journal_mode')\" = delete");
  iscc_run_well(TO_WAL READ_ALL("c.db"));
  expect_all_read();
  iscc_run_well("test \"$(ls c.db*)\" = c.db");
  iscc_run_well("chmod 444 c.db && " READ_ALL("c.db"));
  iscc_run_well("test \"$(ls c.db*)\" = c.db");
}
END_TEST

/* Blocks of the disk: for nothing, for the first pages, for a campaign that has begun. */
static const char *const sizes[] = {"size=4k", "size=16k", "size=64k", "size=256k"};

START_TEST(a_full_disk_is_told_and_leaves_no_empty_file) {
  char commands[2048];
  write_campaign();
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 400\n");
  iscc_run_write("p", "#!/bin/sh\necho m=1; seq 1000 >&2\n");
  snprintf(commands, sizeof commands,
           RUN "; s=$?; test ! -e disk/c.db -o -s disk/c.db || echo an empty file; test ! -s disk/c.db || "
               "{ test \"$(sqlite3 disk/c.db 'PRAGMA integrity_check')\" = ok || echo damaged; "
               "mount -o remount,size=20m disk; " RUN "; " COUNT "; }; exit $s");
  expect_with_disk(sizes[_i], commands, 1, "; make room on the disk, then the same command goes on");
  ck_assert_ptr_null(strstr(iscc_run_output, "an empty file"));
  ck_assert_ptr_null(strstr(iscc_run_output, "damaged"));
  ck_assert_msg(strstr(iscc_run_output, "400 runs on record") || _i < 3, "%s", iscc_run_output);
}
END_TEST

/* A database that is there, on a disk without room for what opening it takes. */
START_TEST(a_full_disk_is_told_at_the_start) {
  write_compared_campaign();
  expect_with_disk("size=1m",
                   "cp c.db disk && { dd if=/dev/zero of=disk/rest bs=4k 2>/dev/null; " RUN
                   "; s=$?; rm disk/rest; " RUN " && exit $s; }",
                   1, "; make room on the disk, then the same command goes on");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "0 runs done, 6 done before"));
}
END_TEST

static bool can_mount(void) {
  return system(APART "-c 'mount -t tmpfs tmpfs /mnt' >/dev/null 2>&1") == 0;
}

Suite *iscc_suite_campaign_disk(void);

Suite *iscc_suite_campaign_disk(void) {
  const int loops = sizeof inodes / sizeof *inodes;
  Suite *suite = suite_create("campaign-disk");
  TCase *tc = tcase_create("campaign-disk");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 120);
  tcase_add_test(tc, too_few_files_are_no_failure_of_the_run);
  tcase_add_loop_test(tc, a_folder_that_cannot_be_written_is_read, 0, 2);
  tcase_add_test(tc, somebody_elses_campaign_is_seen);
  tcase_add_test(tc, readers_leave_nothing_behind);
  suite_add_tcase(suite, tc);
  if (!can_mount()) {
    printf("campaign-disk: tests of full and read-only disks are left out, no file system may be mounted "
           "here\n");
    return suite;
  }
  tcase_add_loop_test(tc, a_read_only_disk_is_read, 0, 2);
  tcase_add_loop_test(tc, a_read_only_disk_is_merged_from, 0, 2);
  tcase_add_loop_test(tc, a_read_only_disk_is_not_added_to, 0, 2);
  tcase_add_test(tc, what_waits_beside_a_read_only_database_is_told);
  tcase_add_loop_test(tc, a_full_disk_is_told_and_leaves_no_empty_file, 0, sizeof sizes / sizeof *sizes);
  tcase_add_test(tc, a_full_disk_is_told_at_the_start);
  tcase_add_loop_test(tc, no_room_for_a_runs_files_is_no_failure_of_the_run, 0, loops);
  if (ISCC_TEST_WITH_NS3) tcase_add_loop_test(tc, no_room_is_no_failure_of_a_warm_run, 0, loops);
  return suite;
}
