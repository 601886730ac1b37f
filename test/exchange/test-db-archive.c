/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc db archive`, `vacuum` and `check`. */
#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-exchange-scene.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

#define ARCHIVE ISCC_DB "archive "
#define VACUUM  ISCC_DB "vacuum "
#define CHECK   ISCC_DB "check "

/* One file, with what the user has added. */
START_TEST(an_archive_is_the_same_in_one_file) {
  iscc_run_well("sqlite3 a.db 'PRAGMA journal_mode = WAL; CREATE TABLE own AS SELECT 5 AS x; CREATE VIEW "
                "mine AS SELECT x FROM own'");
  iscc_run_well(ARCHIVE "a.db -o b.db");
  ck_assert_str_eq(iscc_exchange_difference("a.db", "b.db"), "");
  iscc_run_expect_sql("b.db", "SELECT x FROM mine", "5");
  iscc_run_expect_sql(
      "b.db", "SELECT journal_mode || user_version FROM pragma_journal_mode, pragma_user_version", "delete7");
  iscc_run_well("test \"$(ls)\" = \"$(printf 'a.db\\nb.db')\" && " CHECK "b.db");
}
END_TEST

/* Sums of two tables that writers change together. */
START_TEST(an_archive_of_a_written_database_is_consistent) {
  iscc_run_well(
      "sqlite3 a.db 'PRAGMA journal_mode = WAL' >/dev/null; touch go; (while test -e go; do sqlite3 -cmd "
      "'.timeout 5000' a.db "
      "'BEGIN IMMEDIATE; UPDATE task SET energy_j = energy_j + 1; UPDATE tally SET energy_j = energy_j + "
      "tasks; UPDATE choice SET "
      "realised_energy_j = realised_energy_j + tasks; COMMIT'; done) & for i in 1 2 3 4 5 6; do " ARCHIVE
      "a.db -o $i.db >said || { rm go; exit 1; }; done; rm go; wait; sqlite3 6.db 'SELECT max(energy_j) > 1 "
      "FROM "
      "task'");
  ck_assert_str_eq(iscc_run_output, "1\n");
}
END_TEST

START_TEST(an_anonymous_archive_has_no_name_in_its_bytes) {
  iscc_run_well(
      "sqlite3 a.db \"UPDATE run SET model_path = '/home/someone/m.st', parameters = json_object('trace', "
      "'/home/someone/machine.example.org.txt'); CREATE TABLE own AS SELECT host FROM execution; ANALYZE\"");
  iscc_run_well("grep -qa machine.example.org a.db");
  iscc_run_well(ARCHIVE "a.db --anonymous -o b.db");
  iscc_run_well("! grep -aiE 'machine[.]|example[.]org|someone|/home' b.db && " CHECK "b.db");
  iscc_run_expect_sql("b.db", "SELECT count(*), count(DISTINCT host), min(host), max(stderr) FROM execution",
                      "2|1|host-1|");
  iscc_run_expect_sql("b.db", "SELECT count(*) FROM sqlite_schema WHERE name = 'own'", "0");
  iscc_run_expect_sql("b.db", "SELECT count(*), sum(energy_j) = (SELECT sum(energy_j) FROM tally) FROM task",
                      "5|1");
  iscc_run_expect_sql("a.db", "SELECT DISTINCT host FROM execution", "machine.example.org");
}
END_TEST

/* Points that folders tell apart stay two. */
START_TEST(what_was_different_stays_different) {
  iscc_run_well("sqlite3 a.db \"UPDATE execution SET arguments = json_object('m', '/' || execution_id || "
                "'/m'), outcome = 'done', run = 1\"");
  iscc_run_well(ARCHIVE "a.db --anonymous -o b.db");
  iscc_run_expect_sql("b.db", "SELECT count(DISTINCT arguments) FROM execution", "2");
}
END_TEST

static const struct {
  const char *make, *command, *says;
  int status;
} troubles[] = {
    {"true", ARCHIVE "a.db", "--output: which file", 2},
    {"true", ARCHIVE "-o b.db", "which database", 2},
    {"true", ARCHIVE "none.db -o b.db", "none.db", 1},
    {"echo 1 >b.db", ARCHIVE "a.db -o b.db", "b.db: is there already; name another file", 2},
    {"ln -s none b.db", ARCHIVE "a.db -o b.db", "b.db: is there already; name another file", 2},
    {"true", ARCHIVE "a.db -o none/b.db", "none/b.db: cannot be written", 1},
    {"sqlite3 a.db 'DELETE FROM task WHERE task_no = 0'", ARCHIVE "a.db -o b.db",
     "a.db: its copy is not kept: references: 2 rows of table decision refer to rows of task", 1},
    {"sqlite3 a.db 'PRAGMA user_version = 5'", ARCHIVE "a.db --anonymous -o b.db",
     "a.db: has schema version 5, not 7; 'iscc db vacuum'", 1},
    {"true", VACUUM, "which database", 2},
    {"true", VACUUM "none.db", "none.db: No such file", 1},
    {"echo 1 >b.db", VACUUM "b.db", "b.db: is not an SQLite database", 1},
    {"ln a.db b.db", VACUUM "b.db", "has 2 names (hard links)", 1},
    {"true", CHECK "none.db", "none.db", 1},
};

START_TEST(trouble_is_told_and_changes_nothing) {
  iscc_run_well(troubles[_i].make);
  iscc_run_well("touch files; ls >files; sha256sum a.db >sum; ls >files");
  iscc_run_expect(troubles[_i].status, troubles[_i].command, troubles[_i].says);
  iscc_run_well("ls | cmp files && sha256sum -c sum");
}
END_TEST

START_TEST(vacuum_gives_room_back) {
  iscc_run_well("sqlite3 a.db 'CREATE TABLE own AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                "FROM n WHERE i < 20000) SELECT i, "
                "zeroblob(50) FROM n; DELETE FROM own WHERE i > 1; PRAGMA journal_mode = WAL'; cp a.db b.db");
  iscc_run_expect(0,
                  "n=$(stat -c %s a.db); " VACUUM
                  "a.db | grep \"^a.db: $n bytes before, $(stat -c %s b.db)*\"; test $(stat -c %s a.db) "
                  "-lt $((n / 4)) && echo less",
                  "less\n");
  ck_assert_str_eq(iscc_exchange_difference("a.db", "b.db"), "");
  iscc_run_expect_sql("a.db", "SELECT journal_mode || i FROM own, pragma_journal_mode", "delete1");
  iscc_run_well("test \"$(ls)\" = \"$(printf 'a.db\\nb.db')\"");
}
END_TEST

START_TEST(vacuum_leaves_a_campaign_alone) {
  iscc_run_write_program("while ! test -e go; do sleep 0.05; done; echo m=1");
  iscc_run_write("c.yaml", "program: ./p\nresults: lines\nruns: 1\n");
  iscc_run_well("('" ISCC_TEST_BUILD_DIR "/iscc' campaign run c.yaml --mix-programs --db=a.db >out 2>&1 &); "
                "for i in $(seq 100); do test -e a.db.runs/lock && "
                "break; sleep 0.1; done");
  iscc_run_expect(1, VACUUM "a.db",
                  "a.db.runs is locked: another campaign works on this database; wait for it");
  iscc_run_well(ARCHIVE "a.db -o b.db"); /* which only reads */
  iscc_run_well("touch go; for i in $(seq 100); do test -e a.db.runs || break; sleep 0.1; done; " VACUUM
                "a.db");
  iscc_run_expect_sql("a.db", "SELECT count(*) FROM execution", "3");
}
END_TEST

/* Each thing that can be wrong. */
static const struct {
  const char *make, *says;
} faults[] = {
    {"sqlite3 a.db 'UPDATE task SET energy_j = energy_j * 1.5 WHERE run_id = 2'",
     "tally       WRONG: 1 nodes have another than their tasks, the first of them node 0 of run 2\n"},
    {"sqlite3 a.db 'DELETE FROM tally WHERE run_id = 1'",
     "tally       WRONG: 1 nodes have another than their tasks"},
    {"sqlite3 a.db 'INSERT INTO tally SELECT run_id, 7, tasks, done, late, infeasible, dropped, lost, "
     "unfinished, judged, correct, latency_s, "
     "energy_used, sensing_j, compute_j, uplink_j, energy_j, decisions, certified, refused, iterations, "
     "greatest_gap, "
     "solver_wall_us, "
     "longest_solver_wall_us FROM tally WHERE run_id = 1'",
     "references  WRONG: 1 rows of table tally refer to rows of node that are not there\n"},
    {"sqlite3 a.db 'UPDATE choice SET tasks = tasks + 1 WHERE run_id = 1'",
     "choice      WRONG: 1 nodes have another"},
    {"sqlite3 a.db 'DELETE FROM run WHERE run_id = 2'",
     "references  WRONG: 1 rows of table execution refer to rows of run"},
    {"sqlite3 a.db \"PRAGMA ignore_check_constraints = ON; UPDATE task SET outcome = 'fine' WHERE run_id = "
     "2\"",
     "pages       WRONG: CHECK constraint failed in task\n"},
    {"sqlite3 a.db 'PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM "
     "sqlite_schema WHERE name = "
     "\"execution_arguments\") WHERE name = \"execution_once\"'",
     "a.db: is damaged: malformed database schema"},
};

START_TEST(check_finds_what_is_wrong) {
  iscc_run_expect(0, CHECK "a.db", "tally       that of the tasks\nchoice      that of the tasks\n");
  iscc_run_well(faults[_i].make);
  iscc_run_well("cp a.db before");
  iscc_run_expect(1, CHECK "a.db", faults[_i].says);
  iscc_run_well("cmp a.db before && test \"$(ls)\" = \"$(printf 'a.db\\nbefore')\"");
}
END_TEST

START_TEST(check_reads_an_older_database) {
  iscc_run_well("sqlite3 a.db 'DROP TABLE tally; DROP TABLE choice; PRAGMA user_version = 6'");
  iscc_run_expect(0, CHECK "a.db", "none: this is a database of an older schema version\n");
}
END_TEST

/* In a mount namespace of its own; whoever is not root is root there. */
#define APART "unshare $(test $(id -u) = 0 || echo -r) -m sh "

/* Size of the disk, what is put there before, and what then has no room. */
static const struct {
  const char *size, *before, *command, *left;
} full[] = {{"300k", "true", ARCHIVE "a.db -o disk/b.db", ""},
            {"300k", "true", ARCHIVE "a.db --anonymous -o disk/b.db", ""},
            {"300k", "true", ISCC_DB "export a.db -o disk/t", ""},
            {"300k", "true", ISCC_DB "export a.db --view=stream -o disk/stream.csv", ""},
            {"1m", "cp small.db disk/b.db", ISCC_DB "merge disk/b.db a.db", "b.db "},
            {"1m", "cp small.db disk/b.db", ISCC_DB "import disk/b.db t", "b.db "},
            {"2m", "cp a.db disk/b.db", VACUUM "disk/b.db", "b.db "}};

/* Told, and nothing is left of it; what was there before is there, and whole. */
START_TEST(a_full_disk_is_told) {
  char script[2048];
  iscc_run_well("cp a.db small.db; sqlite3 a.db 'WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 "
                "FROM n WHERE i < 9000) INSERT "
                "INTO stream SELECT 1, i, 1, hex(randomblob(32)), hex(randomblob(32)) FROM n'; " ISCC_DB
                "export a.db -o t");
  snprintf(script, sizeof script,
           "mkdir disk && mount -t tmpfs -o size=%s tmpfs disk || exit 99\n%s\n%s\ns=$?\necho \"left: $(ls "
           "disk | tr '\\n' ' ')\"\n"
           "test ! -e disk/b.db || { sqlite3 disk/b.db 'PRAGMA integrity_check; SELECT count(*) FROM run'; "
           "}\nexit $s\n",
           full[_i].size, full[_i].before, full[_i].command);
  iscc_run_write("script", script);
  const int status = iscc_run(APART "script");
  ck_assert_msg(status == 1, "%d: %s", status, iscc_run_output);
  ck_assert_msg(strstr(iscc_run_output, "No space left on device") || strstr(iscc_run_output, "disk is full"),
                "%s", iscc_run_output);
  snprintf(script, sizeof script, "left: %s\n%s", full[_i].left, *full[_i].left ? "ok\n2\n" : "");
  ck_assert_msg(strstr(iscc_run_output, script) != NULL, "%s", iscc_run_output);
}
END_TEST

static bool can_mount(void) {
  return system(APART "-c 'mount -t tmpfs tmpfs /mnt' >/dev/null 2>&1") == 0;
}

Suite *iscc_suite_db_archive(void);

Suite *iscc_suite_db_archive(void) {
  Suite *suite = suite_create("db-archive");
  TCase *tc = tcase_create("db-archive");
  tcase_add_checked_fixture(tc, iscc_exchange_begin, iscc_exchange_end);
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, an_archive_is_the_same_in_one_file);
  tcase_add_test(tc, an_archive_of_a_written_database_is_consistent);
  tcase_add_test(tc, an_anonymous_archive_has_no_name_in_its_bytes);
  tcase_add_test(tc, what_was_different_stays_different);
  tcase_add_loop_test(tc, trouble_is_told_and_changes_nothing, 0, sizeof troubles / sizeof *troubles);
  tcase_add_test(tc, vacuum_gives_room_back);
  tcase_add_test(tc, vacuum_leaves_a_campaign_alone);
  tcase_add_loop_test(tc, check_finds_what_is_wrong, 0, sizeof faults / sizeof *faults);
  tcase_add_test(tc, check_reads_an_older_database);
  if (can_mount())
    tcase_add_loop_test(tc, a_full_disk_is_told, 0, sizeof full / sizeof *full);
  else
    printf("db-archive: tests of full disks are left out, no file system may be mounted here\n");
  suite_add_tcase(suite, tc);
  return suite;
}
