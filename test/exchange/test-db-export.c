/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc db export` and `import`: what comes out goes in again. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-exchange-scene.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

#define EXPORT ISCC_DB "export "
#define IMPORT ISCC_DB "import "

static const char *const formats[] = {"csv", "jsonl"};

START_TEST(tables_come_back_equal) {
  char command[256];
  iscc_exchange_add_hostile("a.db");
  snprintf(command, sizeof command, EXPORT "a.db -o out --format=%s", formats[_i]);
  iscc_run_well(command);
  iscc_run_expect(0, IMPORT "b.db out", "\n3 runs added, 0 were there\n");
  ck_assert_str_eq(iscc_exchange_difference("a.db", "b.db"), "");
  iscc_run_expect(0, IMPORT "b.db out", "\n0 runs added, 3 were there\n");
  ck_assert_str_eq(iscc_exchange_difference("a.db", "b.db"), "");
  iscc_run_well(ISCC_DB "check b.db");
  iscc_run_well("test \"$(ls)\" = \"$(printf 'a.db\\nb.db\\nout')\"");
}
END_TEST

/* So that a fault of the comparison is seen. */
START_TEST(what_differs_is_found) {
  iscc_run_well(
      "cp a.db b.db; sqlite3 b.db 'UPDATE task SET energy_j = energy_j * (1 + 1e-15) WHERE run_id = 2'");
  ck_assert_str_eq(iscc_exchange_difference("a.db", "b.db"), "task");
  iscc_run_well("cp a.db b.db; sqlite3 b.db 'UPDATE execution SET run_id = 1 WHERE run_id = 2'");
  ck_assert_str_eq(iscc_exchange_difference("a.db", "b.db"), "execution");
}
END_TEST

/* The bytes that whoever reads CSV meets. */
START_TEST(csv_is_as_it_is_said) {
  iscc_exchange_add_hostile("a.db");
  iscc_run_well(EXPORT "a.db --view=run -o run.csv");
  size_t bytes;
  const char *text = iscc_test_read("run.csv", &bytes);
  ck_assert_msg(strncmp(text, "run_id,program,parameters,", 26) == 0, "%s", text);
  ck_assert_msg(strstr(text, "\r\n1,'=1+1,\"{\"\"tasks\"\":3}\",7,2,0.0,,m.safetensors,ab,done,99,") != NULL,
                "%s", text);
  ck_assert_msg(
      strstr(text, "\r\n2,\"a\"\"b,c\r\nd \",\"{\"\"tasks\"\":3}\",7,2,0.0,\"\",''quoted',ab,done,") != NULL,
      "%s", text);
  iscc_run_expect(0, EXPORT "a.db --view=node -o -",
                  "1,0,joint,model,0.85,0.8,inf,-inf,4.94065645841247e-324\r\n");
  iscc_run_well(EXPORT "a.db --view=execution -o execution.csv");
  text = iscc_test_read("execution.csv", &bytes);
  ck_assert_ptr_nonnull(memmem(text, bytes, ",\"x\0y\xff\0\"\"\xc3\",", 11));
  ck_assert_ptr_nonnull(memmem(text, bytes, ",'@SUM(A1),", 11));
  ck_assert_ptr_nonnull(memmem(text, bytes, ",0.1,0.30000000000000004,,c,\r\n", 30));
}
END_TEST

START_TEST(json_is_as_it_is_said) {
  iscc_exchange_add_hostile("a.db");
  iscc_run_expect(0, EXPORT "a.db --view=execution --format=jsonl -o -",
                  "\"run_id\":null,\"stderr\":{\"hex\":\"780079ff0022c3\"},\"iscc_version\":\"0.1\",\"host\":"
                  "\"@SUM(A1)\"");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "\"stderr\":\"\xc3\xa4\xe2\x82\xac\\u007f\\u000a\""));
  iscc_run_expect(0, EXPORT "a.db --view=node -o n.jsonl && cat n.jsonl", "\"x_m\":\"inf\",\"y_m\":\"-inf\"");
}
END_TEST

/* By other programs: Python's own readers know nothing of these. */
START_TEST(others_read_it) {
  iscc_exchange_add_hostile("a.db");
  iscc_run_well(EXPORT "a.db --view=all -o csv && " EXPORT "a.db --view=all --format=jsonl -o json");
  iscc_run_expect(
      0,
      "python3 -c \"import csv, json, sqlite3\n"
      "db = sqlite3.connect('a.db')\n"
      "for name in 'run', 'task', 'decision', 'v_task', 'v_run', 'v_point':\n"
      "    want = db.execute('SELECT count(*), total(rowid) FROM (SELECT 1 AS rowid FROM %s)' % "
      "name).fetchone()[0]\n"
      "    with open('csv/%s.csv' % name, newline='', encoding='latin-1') as f: rows = "
      "list(csv.DictReader(f))\n"
      "    lines = [json.loads(line) for line in open('json/%s.jsonl' % name)]\n"
      "    assert len(rows) == len(lines) == want > 0, name\n"
      "    assert all(None not in row and None not in row.values() for row in rows), name\n"
      "energy = [r[0] for r in db.execute('SELECT energy_j FROM task')]\n"
      "assert [float(r['energy_j']) for r in csv.DictReader(open('csv/task.csv', newline=''))] == energy\n"
      "assert [json.loads(line)['energy_j'] for line in open('json/task.jsonl')] == energy\n"
      "print('read', len(energy))\"",
      "read 5\n");
}
END_TEST

/* In every column of every table; one that schema.sql says nothing of is computed. */
START_TEST(readme_says_what_columns_mean) {
  iscc_run_well(EXPORT "a.db --view=all -o out");
  const char *text = iscc_test_read("out/README.txt", NULL);
  static const char *const says[] = {
      "\ntask.csv, 5 rows: one task that arrived\n",
      "\n  latency_s                arrival to answer; NULL unless done or late\n",
      "\nv_run.csv, 3 rows: One row per run, and per execution of a campaign that left none",
      "\n  planned_energy_j         decision.energy_j: their sum\n",
      "\n  done_share               computed\n",
      "from a.db.\n"};
  for (size_t i = 0; i < sizeof says / sizeof *says; i++)
    ck_assert_msg(strstr(text, says[i]) != NULL, "'%s' is not in: %.2000s", says[i], text);
  const char *tables_end = strstr(text, "\nv_node.csv");
  ck_assert_ptr_nonnull(tables_end);
  const char *computed = strstr(text, " computed\n");
  ck_assert_msg(computed > tables_end, "a column of a table has no remark");
  iscc_run_expect_sql("a.db",
                      "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type IN "
                      "('table', 'view') AND name <> 't_quantile' EXCEPT "
                      "SELECT replace(replace(name, '.csv', ''), 'out/', '') FROM fsdir('out'))",
                      "");
}
END_TEST

START_TEST(where_chooses_whole_runs) {
  iscc_run_well(EXPORT "a.db --where=a=1 --where=outcome=done -o out");
  iscc_run_expect(0, "cd out && wc -l *.csv", " 2 execution.csv\n");
  ck_assert_ptr_nonnull(strstr(iscc_run_output, " 3 task.csv\n"));
  ck_assert_ptr_nonnull(strstr(iscc_run_output, " 2 metric.csv\n"));
  iscc_run_expect(0, IMPORT "b.db out", "\n1 runs added, 0 were there\n");
  iscc_run_expect(0, EXPORT "a.db --view=v_task --where='task_no>=1' -o - | wc -l", "4\n");
  iscc_run_expect(2, EXPORT "a.db --view=v_energy --where=program=p -o x", "'program' is no name here");
  iscc_run_well("test ! -e x");
}
END_TEST

#define NO_NAMES "! grep -rliE 'machine[.]|example[.]org|someone|/home' "

START_TEST(anonymous_tables_have_no_names) {
  char command[256];
  iscc_run_well("sqlite3 a.db \"UPDATE run SET model_path = '/home/someone/m.st', parameters = "
                "json_object('trace', '/home/someone/x/machine.example.org.txt', 'of', "
                "json_array('MACHINE.example.org', 5))\"");
  snprintf(command, sizeof command, EXPORT "a.db --view=all --anonymous --format=%s -o out", formats[_i]);
  iscc_run_well(command);
  iscc_run_well(NO_NAMES "out");
  iscc_run_well(IMPORT "b.db out");
  iscc_run_expect(0, "sqlite3 b.db \"SELECT DISTINCT host || stderr, arguments FROM execution\"",
                  "host-1|{\"model\":\"folder-2/m.st\",\"a\":\"1\"}\n");
  iscc_run_expect(0, "sqlite3 b.db \"SELECT DISTINCT model_path, parameters FROM run\"",
                  "folder-2/m.st|{\"trace\":\"folder-1/host-1.txt\",\"of\":[\"host-1\",5]}\n");
}
END_TEST

static const struct {
  const char *command, *says;
  int status;
} troubles[] = {
    {EXPORT, "which database", 2},
    {EXPORT "a.db", "--output: which folder or file", 2},
    {EXPORT "none.db -o x", "none.db", 1},
    {EXPORT "a.db -o -", "is one file; choose one table or view", 2},
    {EXPORT "a.db --view=run,task -o x.csv", "is one file; choose one table or view", 2},
    {EXPORT "a.db --view=run,run -o x", "'run' twice", 2},
    {EXPORT "a.db --view=tasks -o x", "'tasks' is no table or view", 2},
    {EXPORT "a.db --view='task; DROP TABLE task' -o x", "is no table or view", 2},
    {EXPORT "a.db --format=xml -o x", "'xml' is none of csv, jsonl", 2},
    {EXPORT "a.db --view=run --format=jsonl -o x.csv", "is not --format=jsonl", 2},
    {EXPORT "a.db --view=run -o kept.csv", "kept.csv: is there already", 2},
    {EXPORT "a.db -o kept", "kept: is there already; name another folder", 2},
    {EXPORT "a.db -o none/x", "none/x: cannot be written", 1},
    {"(" EXPORT "a.db --view=run -o - >/dev/full)", "standard output: cannot be written", 1},
};

START_TEST(trouble_is_told_and_nothing_changes) {
  iscc_run_well("mkdir kept; echo 1 >kept/own; echo 2 >kept.csv; cp a.db before");
  iscc_run_expect(troubles[_i].status, troubles[_i].command, troubles[_i].says);
  iscc_run_well(
      "test \"$(ls . kept | tr '\\n' ' ')\" = '.: a.db before kept kept.csv  kept: own ' && cmp a.db before");
}
END_TEST

/* Into an empty folder, by a name that ends with a slash. */
START_TEST(an_empty_folder_is_taken) {
  iscc_run_well("mkdir out && " EXPORT
                "a.db --view=run -o out/ && test \"$(ls out)\" = \"$(printf 'README.txt\\nrun.csv')\"");
}
END_TEST

/* While tasks come in, all files are of one moment. */
START_TEST(an_export_is_of_one_moment) {
  iscc_run_well("sqlite3 a.db 'PRAGMA journal_mode = WAL' >/dev/null; touch go; (while test -e go; do "
                "sqlite3 -cmd '.timeout 5000' a.db "
                "'BEGIN IMMEDIATE; DELETE FROM choice; DELETE FROM tally; UPDATE task SET datagrams = "
                "datagrams + 1; UPDATE decision SET bits = bits + 1; COMMIT'; "
                "done) & for i in 1 2 3 4 5; do " EXPORT "a.db -o out$i || exit 1; done; rm go; wait");
  for (int i = 1; i <= 5; i++) {
    char command[256];
    snprintf(command, sizeof command,
             "test $(cut -d, -f19 out%d/task.csv | sed 1d | sort -u | wc -l) = 1 && expr $(sed -n 2p "
             "out%d/task.csv | cut -d, -f20) - "
             "$(sed -n 2p out%d/decision.csv | cut -d, -f10)",
             i, i, i);
    iscc_run_well(command);
  }
}
END_TEST

Suite *iscc_suite_db_export(void);

Suite *iscc_suite_db_export(void) {
  Suite *suite = suite_create("db-export");
  TCase *tc = tcase_create("db-export");
  tcase_add_checked_fixture(tc, iscc_exchange_begin, iscc_exchange_end);
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, tables_come_back_equal, 0, 2);
  tcase_add_test(tc, what_differs_is_found);
  tcase_add_test(tc, csv_is_as_it_is_said);
  tcase_add_test(tc, json_is_as_it_is_said);
  tcase_add_test(tc, others_read_it);
  tcase_add_test(tc, readme_says_what_columns_mean);
  tcase_add_test(tc, where_chooses_whole_runs);
  tcase_add_loop_test(tc, anonymous_tables_have_no_names, 0, 2);
  tcase_add_loop_test(tc, trouble_is_told_and_nothing_changes, 0, sizeof troubles / sizeof *troubles);
  tcase_add_test(tc, an_empty_folder_is_taken);
  tcase_add_test(tc, an_export_is_of_one_moment);
  suite_add_tcase(suite, tc);
  return suite;
}
