/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc db import`: what is no table, or not whole, is told with file and line and changes nothing. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-exchange-scene.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

#define EXPORT ISCC_DB "export "
#define IMPORT ISCC_DB "import b.db "

#define DUMP "for f in *.db; do sqlite3 $f .dump; done"

/* What is made of the exported tables in folder t (CSV) or j (JSON lines), and what is said of it. */
static const struct {
  const char *make, *import, *says;
  int status;
} troubles[] = {
    {"true", "", "which files or folder are read into it", 2},
    {"true", "none.csv", "none.csv: is not named as a table", 2},
    {"true", "none", "none: is not named as a table", 2},
    {"cp t/run.csv v_run.csv", "v_run.csv", "views are not read", 2},
    {"true", "none/run.csv", "none/run.csv: cannot be read: No such file", 1},
    {"mkdir e", "e", "e: there is no table in it", 2},
    {"true", "t t/run.csv", "t/run.csv: table run was read already", 2},
    {"true", "t j", "j/run.jsonl: table run was read already", 2},
    {": >t/run.csv", "t", "t/run.csv:1: is empty", 1},
    {"sed -i '1s/program/programme/' t/run.csv", "t", "t/run.csv:2: 'programme' is no column of this table",
     1},
    {"sed -i '1s/program/seed/' t/run.csv", "t", "t/run.csv:2: column 'seed' is there twice", 1},
    {"sed -i '3s/,joint//' t/node.csv", "t", "t/node.csv:3: has 8 fields; the first line has 9", 1},
    {"sed -i '2s/0.8,5/0.8,5 m/' t/node.csv", "t", "t/node.csv:2: x_m: '5 m' is not a number", 1},
    {"sed -i '2s/0.8,5/0.8,0x5/' t/node.csv", "t", "t/node.csv:2: x_m: '0x5' is not a number", 1},
    {"sed -i '2s/0.8,5/0.8,nan/' t/node.csv", "t", "t/node.csv:2: x_m: 'nan' is not a number", 1},
    {"sed -i '2s/0.8,5/0.8,/' t/node.csv", "t", "t/node.csv:2: NOT NULL constraint failed: node.x_m", 1},
    {"sed -i '2s/1,0,/1,0.5,/' t/node.csv", "t", "t/node.csv:2: node_id: '0.5' is not a whole number", 1},
    {"sed -i '2s/1,0,/1,9223372036854775808,/' t/node.csv", "t",
     "'9223372036854775808' is not a whole number", 1},
    {"sed -i '4s/done/fine/' t/task.csv", "t", "t/task.csv:4: CHECK constraint failed: outcome = 'done'", 1},
    {"sed -i '3s/^1,0,1/1,0,0/' t/task.csv", "t", "t/task.csv:3: UNIQUE constraint failed: task.run_id", 1},
    {"sed -i '2s/joint/\"joint/' t/node.csv", "t", "t/node.csv:2: a quote is not closed", 1},
    {"sed -i '2s/joint/jo\"int/' t/node.csv", "t", "t/node.csv:2: a quote within a field", 1},
    {"sed -i '2s/joint/\"jo\"int/' t/node.csv", "t", "t/node.csv:2: a quote within a field", 1},
    {"printf 'run_id,\\033[31m\\n1,2\\n' >t/stream.csv", "t", "t/stream.csv:2: '\\x1b[31m' is no column", 1},
    {"sed -i '3d' t/run.csv", "t", " refer to rows of table run that are in no file; give that table", 1},
    {"true", "t/run.csv", "table node is in no file; a run comes with all its tables", 2},
    {"rm t/battery.csv", "t", "table battery is in no file; a run comes with all its tables", 2},
    {"rm t/execution.csv", "t", "1 rows of table metric refer to rows of table execution that are in no file",
     1},
    {"sed -i '2s/$/,/' j/run.jsonl", "j", "j/run.jsonl:2: is no JSON object: ", 1},
    {"sed -i '2s/.*/[1]/' j/run.jsonl", "j", "j/run.jsonl:2: is no JSON object", 1},
    {"sed -i '1s/7,/true,/' j/run.jsonl", "j", "j/run.jsonl:1: holds true, false or a list", 1},
    {"sed -i '2s/\"seed\":7,//' j/run.jsonl", "j", "j/run.jsonl:2: has 12 columns; the first row has 13", 1},
    {"sed -i '2s/\"seed\":7,/\"sed\":7,/' j/run.jsonl", "j", "j/run.jsonl:2: 'sed' is not in the first row",
     1},
    {"sed -i '1s/:7,/:7.5,/' j/run.jsonl", "j",
     "j/run.jsonl:1: cannot store REAL value in INTEGER column run.seed", 1},
    {"sed -i '1s/:7,/:{\"hex\":\"0g\"},/' j/run.jsonl", "j", "j/run.jsonl:1: \"hex\" is not of digits", 1},
    {"sed -i '1s/:7,/:{\"hec\":\"00\"},/' j/run.jsonl", "j", "j/run.jsonl:1: an object that is not", 1},
    {"sed -i '1s/:7,/:7,\"seed\":7,/' j/run.jsonl", "j",
     "j/run.jsonl:1: is no JSON object: duplicate object key", 1},
    {"touch b.db.own; cp a.db b.db; sqlite3 b.db \"UPDATE execution SET program_sha256 = 'cd'\"", "t",
     "another p (its SHA-256 begins with cd", 2},
};

/* Neither in a new database nor in one that is there. */
START_TEST(trouble_is_told_and_changes_nothing) {
  char command[512];
  iscc_run_well(EXPORT "a.db -o t && " EXPORT "a.db --format=jsonl -o j");
  iscc_run_well(troubles[_i].make);
  iscc_run_well("touch sums files; " DUMP " >sums; ls >files");
  snprintf(command, sizeof command, IMPORT "%s", troubles[_i].import);
  iscc_run_expect(troubles[_i].status, command, troubles[_i].says);
  iscc_run_well("ls | cmp files && " DUMP " | cmp sums");
}
END_TEST

/* Whoever writes tables by hand: columns in another order, without those that may be NULL; CR LF and LF, blank lines of JSON. */
START_TEST(tables_by_hand_are_read) {
  iscc_test_write("run.csv",
                  "run,seed,program,parameters,version,status,end_ns,started_wall,ended_wall,run_id\n"
                  "1,2,mine,{},0,done,99,2026-01-02T03:04:05Z,2026-01-02T03:04:06Z,17\r\n"
                  "2,2,\"m,i\"\"n\r\ne\",{},0,done,99,2026-01-02T03:04:05Z,2026-01-02T03:04:06Z,18");
  iscc_test_write(
      "node.jsonl",
      "\n{\"node_id\": 3, \"run_id\": 17, \"x_m\": 1, \"y_m\": \"-inf\", \"z_m\": 0.5, \"scheme\": \"s\", "
      "\"inference\": \"real\", \"target_accuracy\": 1e-3, \"max_latency_s\": 2}\n \n");
  iscc_run_well("sqlite3 empty.db <'" ISCC_TEST_SOURCE_DIR "/model/record/schema.sql' && " EXPORT
                "empty.db --view=task,decision,battery,stream -o none && "
                "mv run.csv node.jsonl none");
  iscc_run_expect(0, IMPORT "none", "2 runs added, 0 were there\n");
  iscc_run_expect(0, IMPORT "none", "0 runs added, 2 were there\n");
  iscc_run_expect_sql("b.db",
                      "SELECT run_id || program || model_path IS NULL, hex(program) FROM run WHERE run = 2",
                      "1|6D2C69226E0D0A65");
  iscc_run_expect_sql(
      "b.db",
      "SELECT program, node_id, x_m, y_m, z_m, target_accuracy, tasks, energy_j FROM node JOIN run USING "
      "(run_id) JOIN tally USING (run_id, node_id)",
      "mine|3|1.0|-Inf|0.5|0.001|0|0.0");
}
END_TEST

/* Tables of many tasks, so that there is time to be killed in. */
static void make_many_tasks(void) {
  iscc_run_well("sqlite3 a.db 'WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < "
                "60000) INSERT INTO task SELECT "
                "run_id, node_id, i, outcome, arrival_ns, start_ns, finish_ns, latency_s, wait_ns, "
                "sensing_ns, compute_ns, uplink_ns, "
                "server_wait_ns, server_ns, answer_ns, sensing_j, compute_j, uplink_j, energy_j, "
                "payload_bits, sent_bits, datagrams, "
                "retransmissions, true_class, predicted_class, correct FROM n, task WHERE run_id = 2 AND "
                "task_no = 0; DELETE FROM choice; DELETE FROM tally'");
}

/* At moments that grow until it comes through. What was there stays as it was until all is there. */
START_TEST(a_killed_import_adds_all_or_nothing) {
  make_many_tasks();
  iscc_run_well(EXPORT "a.db -o t && cp a.db c.db && sqlite3 c.db 'DELETE FROM execution; DELETE FROM "
                       "metric; DELETE FROM task; DELETE FROM "
                       "decision; DELETE FROM node; DELETE FROM run; VACUUM'");
  iscc_run_well("for s in 0.02 0.05 0.1 0.2 0.3 0.5 0.8 1.3 2 5 20; do cp c.db b.db; rm -f b.db-*; timeout "
                "-s KILL $s " IMPORT "t; "
                "n=$(sqlite3 b.db 'SELECT count(*) FROM task; PRAGMA integrity_check' | tr '\\n' ' '); echo "
                "\"$n\"; rm -f b.db.import*; "
                "case $n in '0 ok ') ;; '59996 ok ') exit 0;; *) exit 9;; esac; done; exit 8");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "0 ok \n"));
}
END_TEST

/* The folder is there whole or not at all. */
START_TEST(a_killed_export_is_not_there) {
  make_many_tasks();
  iscc_run_well("for s in 0.02 0.05 0.1 0.2 0.3 0.5 0.8 1.3 2 5 20; do timeout -s KILL $s " EXPORT
                "a.db -o t; test -e t || { echo none; "
                "continue; }; test $(wc -l <t/task.csv) = 59997 && test -e t/README.txt && exit 0; exit 9; "
                "done; exit 8");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "none\n"));
}
END_TEST

Suite *iscc_suite_db_import(void);

Suite *iscc_suite_db_import(void) {
  Suite *suite = suite_create("db-import");
  TCase *tc = tcase_create("db-import");
  tcase_add_checked_fixture(tc, iscc_exchange_begin, iscc_exchange_end);
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, trouble_is_told_and_changes_nothing, 0, sizeof troubles / sizeof *troubles);
  tcase_add_test(tc, tables_by_hand_are_read);
  tcase_add_test(tc, a_killed_import_adds_all_or_nothing);
  tcase_add_test(tc, a_killed_export_is_not_there);
  suite_add_tcase(suite, tc);
  return suite;
}
