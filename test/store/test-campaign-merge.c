/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc campaign merge` and `status`, without a cluster. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-run-program.h"

#define ISCC  "'" ISCC_TEST_BUILD_DIR "/iscc' campaign "
#define RUN   ISCC "run c.yaml "
#define MERGE ISCC "merge "

/* One that prints, and fails at RngRun 2; line is another line of it. */
static void make_program(const char *line) {
  char path[128];
  snprintf(path, sizeof path, "%s/p", iscc_run_folder);
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fprintf(
      file,
      "#!/bin/sh\nfor o in \"$@\"; do case $o in --RngRun=*) RUN=${o#*=};; --a=*) A=${o#*=};; esac; done\n"
      "test $RUN != 2 || exit 3\n%s\necho m=$A$RUN\n",
      line);
  ck_assert_int_eq(fclose(file), 0);
  iscc_run_well("chmod +x p");
}

static void make_file(const char *grid) {
  char command[256];
  snprintf(command, sizeof command,
           "printf 'program: ./p\\nresults: lines\\ngrid: {a: %s}\\nruns: 3\\n' >c.yaml", grid);
  iscc_run_well(command);
}

/* Two halves of a grid that share a point come to what the whole grid gives, failures too; a second time nothing is added. */
START_TEST(halves_make_a_whole) {
  static const char executions[] =
      "SELECT program, program_sha256, arguments, seed, run, outcome, exit_status, name, value FROM "
      "execution "
      "LEFT JOIN metric USING (execution_id) WHERE outcome = 'done' ORDER BY arguments, run";
  make_program("");
  make_file("[1, 2]");
  ck_assert_int_eq(iscc_run(RUN "--db=c.db"), 1);
  make_file("[2, 3]");
  ck_assert_int_eq(iscc_run(RUN "--db=d.db"), 1);
  make_file("[1, 2, 3]");
  ck_assert_int_eq(iscc_run(RUN "--db=e.db"), 1);
  iscc_run_expect(0, MERGE "c.db d.db", "d.db: 4 added, 2 were there\n");
  iscc_run_expect(0, MERGE "c.db d.db d.db", "d.db: 0 added, 6 were there\nd.db: 0 added, 6 were there\n");
  iscc_run_compare("c.db", "e.db", executions, true);
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution WHERE outcome = 'failed' AND exit_status = 3",
                      "4");
  iscc_run_expect_sql("d.db", "SELECT count(*) FROM execution", "6"); /* as it was */
  iscc_run_expect(0, MERGE "new.db c.db", "c.db: 10 added, 0 were there\n");
  iscc_run_expect(0, ISCC "status new.db", "new.db: 6 runs done, 3 failed\nNo campaign works on it now.\n");
}
END_TEST

/* A recorded run comes with all its rows, under a number of its own. */
START_TEST(recorded_runs_come_with_their_rows) {
  static const char rows[] = "SELECT run, task_no, turn, t.energy_j, t.outcome, split, bits, remaining_j, "
                             "value FROM run JOIN task t "
                             "USING (run_id) JOIN decision USING (run_id, node_id, task_no) JOIN battery "
                             "USING (run_id, node_id) JOIN "
                             "execution USING (run_id, run) JOIN metric USING (execution_id) WHERE name = "
                             "'energy_per_task_j' ORDER BY "
                             "1, 2, 3";
  iscc_run_well("printf 'program: iscc-single-device\\noptions: {tasks: 8, inference: model, battery: "
                "5}\\nruns: 4\\n' >c.yaml");
  iscc_run_well(RUN "--db=d.db");
  iscc_run_well("sed -i 's/runs: 4/runs: 2/' c.yaml");
  iscc_run_well(RUN "--db=c.db");
  iscc_run_expect(0, MERGE "c.db d.db", "d.db: 2 added, 2 were there");
  iscc_run_compare("c.db", "d.db", rows, true);
  iscc_run_expect_sql("c.db", "PRAGMA foreign_key_check", "");
  iscc_run_expect_sql("c.db",
                      "SELECT group_concat(run_id) FROM (SELECT DISTINCT run_id FROM task ORDER BY run_id)",
                      "1,2,3,4");
}
END_TEST

START_TEST(status_tells_what_is_done_and_who_works) {
  make_program("test $RUN = 1 || while ! test -e go; do sleep 0.05; done");
  make_file("[1]");
  iscc_run_expect(0, ISCC "status c.yaml",
                  "c.db: 0 runs done, 0 failed; to do 3\nNo campaign works on it now.\n");
  iscc_run_expect(0,
                  "(" RUN "--jobs=1 >out 2>&1 &) ; for i in $(seq 100); do " ISCC
                  "status c.yaml | grep -q 'to do 1$' && break; sleep 0.1; done; " ISCC
                  "status c.yaml; touch go",
                  "c.db: 1 runs done, 1 failed; to do 1\nA campaign works on it now.\n");
  iscc_run_well("for i in $(seq 100); do test -e c.db.runs || break; sleep 0.1; done");
  iscc_run_expect(0, ISCC "status c.yaml",
                  "c.db: 2 runs done, 1 failed; to do 0\nNo campaign works on it now.\n");
}
END_TEST

static const struct {
  const char *set_up, *command, *says;
  int status;
} troubles[] = {
    {"true", MERGE "c.db", "which others are added to it", 2},
    {"true", MERGE, "which database", 2},
    {"true", MERGE "c.db none.db", "none.db", 1},
    {"echo garbage >d.db", MERGE "c.db d.db", "d.db: is not an SQLite database", 1},
    {"echo garbage >d.db", MERGE "--mix-programs c.db d.db", "d.db: is not an SQLite database", 1},
    {"sqlite3 d.db 'CREATE TABLE x (y)'", MERGE "c.db d.db", "d.db: is a database of another program", 1},
    {"cp c.db d.db; sqlite3 d.db 'PRAGMA user_version = 4'", MERGE "--mix-programs c.db d.db",
     "d.db: has schema version 4, not", 1},
    {"cp c.db d.db; sqlite3 d.db \"UPDATE execution SET program_sha256 = 'beef'\"", MERGE "c.db d.db",
     "c.db holds 2 results of another p (its SHA-256 begins with ", 2},
    {"true", ISCC "status", "which campaign file or database", 2},
    {"true", ISCC "status none.yaml", "none.yaml", 1},
};

START_TEST(trouble_is_told_and_changes_nothing) {
  make_program("");
  make_file("[1]");
  ck_assert_int_eq(iscc_run(RUN), 1);
  iscc_run_well("sqlite3 c.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null");
  iscc_run_well(troubles[_i].set_up);
  iscc_run_expect(troubles[_i].status, troubles[_i].command, troubles[_i].says);
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution", "3");
}
END_TEST

/* A version from before there were campaigns; one whose executions lack what came later. */
#define TO_4                                                                                                 \
  "'DROP TABLE metric; DROP TABLE execution; DROP TABLE stream; DROP TABLE tally; DROP TABLE choice; "       \
  "PRAGMA user_version = 4'"
#define TO_5 "'DROP TABLE stream; DROP TABLE tally; DROP TABLE choice; PRAGMA user_version = 5'"

static const struct {
  const char *make, *says;
  int status;
} refused[] = {
    {"true", "d.db: is not there or cannot be read", 1},
    {"cp c.db d.db; sqlite3 d.db " TO_4, "d.db: has schema version 4, not 7: it is of an older iscc; ", 1},
    {"cp c.db d.db; sqlite3 d.db " TO_5,
     "; 'iscc campaign run FILE --db=d.db' with its campaign file brings it to this version", 1},
    {"echo garbage >d.db", "d.db: is not an SQLite database", 1},
    {": >d.db", "d.db: holds no results", 1},
    {"cp c.db d.db; sqlite3 d.db \"UPDATE execution SET program_sha256 = 'beef' WHERE run = 1\"",
     "d.db holds results of 2 different files of p itself", 2},
};

START_TEST(nothing_is_made_for_what_cannot_be_added) {
  make_program("");
  make_file("[1]");
  ck_assert_int_eq(iscc_run(RUN), 1);
  iscc_run_well(refused[_i].make);
  iscc_run_expect(refused[_i].status, MERGE "new.db d.db", refused[_i].says);
  iscc_run_expect(refused[_i].status, MERGE "new.db c.db d.db", refused[_i].says);
  iscc_run_well("test ! -e new.db");
}
END_TEST

/* As merge says. An execution of the version that lacks a column cannot be made by a statement as short. */
START_TEST(an_older_database_is_added_after_a_run) {
  make_program("");
  make_file("[1]");
  ck_assert_int_eq(iscc_run(RUN), 1);
  iscc_run_well("sqlite3 c.db " TO_4);
  iscc_run_expect(1, MERGE "new.db c.db", "'iscc campaign run FILE --db=c.db'");
  ck_assert_int_eq(iscc_run(RUN), 1);
  iscc_run_expect(0, MERGE "new.db c.db", "c.db: 3 added, 0 were there\n");
}
END_TEST

/* It is read as it is: without runs of a campaign. */
START_TEST(a_database_from_before_campaigns_holds_none) {
  static const char none[] = "holds no runs of a campaign that are done\n";
  make_program("");
  make_file("[1]");
  ck_assert_int_eq(iscc_run(RUN), 1);
  iscc_run_well("sqlite3 c.db " TO_4 " && cp c.db kept");
  iscc_run_expect(0, ISCC "status c.db", "c.db: 0 runs done, 0 failed\nNo campaign works on it now.\n");
  iscc_run_expect(0, ISCC "status c.yaml", "c.db: 0 runs done, 0 failed; to do 3\nNo campaign");
  iscc_run_expect(0, ISCC "plan c.yaml", "not known before something of it has run\n");
  iscc_run_expect(2, ISCC "show c.db", none);
  iscc_run_expect(2, ISCC "verify c.db", none);
  iscc_run_expect(2, ISCC "compare c.db --metric m --by a --baseline 1", none);
  iscc_run_expect(2, ISCC "plot c.db --metric m --by a -o m.svg", none);
  iscc_run_well("cmp c.db kept");
}
END_TEST

/* `run` refuses it, which nobody would think who reads that nothing is left to do. */
START_TEST(another_file_of_the_program_is_noted) {
  static const char note[] = "\nNote: run refuses to go on: ",
                    why[] = "/c.db holds 2 results of another p (its SHA-256 begins with ";
  static const char *const ask[] = {ISCC "plan c.yaml", ISCC "status c.yaml"};
  make_program("");
  make_file("[1]");
  ck_assert_int_eq(iscc_run(RUN), 1);
  for (int changed = 0; changed < 2; changed++) {
    if (changed) make_program("# another");
    for (int i = 0; i < 2; i++) {
      iscc_run_expect(0, ask[i], "; to do 0\n");
      ck_assert_msg(!strstr(iscc_run_output, note) == !changed, "%s", iscc_run_output);
      ck_assert_msg(!strstr(iscc_run_output, why) == !changed, "%s", iscc_run_output);
    }
  }
  iscc_run_expect(2, RUN, why);
}
END_TEST

START_TEST(a_name_is_none_for_a_uri) {
  make_program("");
  make_file("[1]");
  ck_assert_int_eq(iscc_run(RUN "--db='file:c.db?mode=ro'"), 1);
  iscc_run_expect(0, MERGE "'file:d.db' 'file:c.db?mode=ro'", "?mode=ro: 3 added, 0 were there\n");
  iscc_run_expect(0, ISCC "status 'file:d.db'", "file:d.db: 2 runs done, 1 failed\n");
  iscc_run_well("test \"$(ls | grep db | tr '\n' ' ')\" = 'file:c.db?mode=ro file:d.db '");
}
END_TEST

/* As in `merge all.db *.db`, and by another name; whoever waits for itself waits for minutes. */
START_TEST(a_database_is_not_added_to_itself) {
  make_program("");
  make_file("[1]");
  ck_assert_int_eq(iscc_run(RUN), 1);
  make_file("[2]");
  ck_assert_int_eq(iscc_run(RUN "--db=d.db"), 1);
  iscc_run_well("ln -s c.db e.db");
  iscc_run_expect(0, "timeout -s KILL 20 " MERGE "c.db *.db ./c.db",
                  "c.db: is the database itself, left out\nd.db: 3 added, 0 were there\n"
                  "e.db: is the database itself, left out\n./c.db: is the database itself, left out\n");
  iscc_run_expect_sql("c.db", "SELECT count(*) FROM execution", "6");
  iscc_run_expect(0, "timeout -s KILL 20 " MERGE "e.db d.db e.db",
                  "d.db: 0 added, 3 were there\ne.db: is the");
}
END_TEST

/* What another file of the program made comes in when it is asked to, where there is no result yet. */
START_TEST(programs_may_be_mixed) {
  make_program("");
  make_file("[1]");
  ck_assert_int_eq(iscc_run(RUN), 1);
  make_program("# another");
  make_file("[1, 2]");
  ck_assert_int_eq(iscc_run(RUN "--db=d.db"), 1);
  iscc_run_expect(0, MERGE "--mix-programs c.db d.db", "d.db: 4 added, 2 were there");
  iscc_run_expect_sql("c.db", "SELECT count(DISTINCT program_sha256) FROM execution WHERE outcome = 'done'",
                      "2");
  /* what is mixed stays so on request alone, and whoever shows it says so */
  iscc_run_expect(2, MERGE "e.db c.db",
                  "c.db holds results of 2 different files of p itself (SHA-256 begins ");
  iscc_run_well("test ! -e e.db");
  iscc_run_expect(0, MERGE "--mix-programs e.db c.db", "c.db: 7 added, 0 were there");
  iscc_run_expect(0, ISCC "show e.db",
                  "\nNote: the results were made by 2 different files of one program.\n");
  iscc_run_expect(0, ISCC "plot e.db --metric=m --by=a -o m.svg",
                  "\nNote: the results were made by 2 different files of one program.\n");
  iscc_run_expect(0, ISCC "show d.db", "m: mean over replications");
  ck_assert_ptr_null(strstr(iscc_run_output, "Note: "));
}
END_TEST

Suite *iscc_suite_campaign_merge(void);

Suite *iscc_suite_campaign_merge(void) {
  Suite *suite = suite_create("campaign-merge");
  TCase *tc = tcase_create("campaign-merge");
  tcase_add_checked_fixture(tc, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, halves_make_a_whole);
  if (ISCC_TEST_WITH_NS3) tcase_add_test(tc, recorded_runs_come_with_their_rows);
  tcase_add_test(tc, status_tells_what_is_done_and_who_works);
  tcase_add_loop_test(tc, trouble_is_told_and_changes_nothing, 0, sizeof troubles / sizeof *troubles);
  tcase_add_test(tc, programs_may_be_mixed);
  tcase_add_loop_test(tc, nothing_is_made_for_what_cannot_be_added, 0, sizeof refused / sizeof *refused);
  tcase_add_test(tc, an_older_database_is_added_after_a_run);
  tcase_add_test(tc, a_database_from_before_campaigns_holds_none);
  tcase_add_test(tc, another_file_of_the_program_is_noted);
  tcase_add_test(tc, a_name_is_none_for_a_uri);
  tcase_add_test(tc, a_database_is_not_added_to_itself);
  suite_add_tcase(suite, tc);
  return suite;
}
