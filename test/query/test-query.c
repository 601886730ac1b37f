/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc query` as a user runs it, beside the sqlite3 shell. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "iscc-question.h"
#include "iscc-run-program.h"
#include "iscc-test-query.h"

/* Whether rows of JSON lines and of sqlite3's JSON are equal, numbers within the 15 digits that sqlite3 prints. */
static const char same[] = "import json, sys\n"
                           "ours = [json.loads(line) for line in open('ours')]\n"
                           "text = open('theirs').read()\n"
                           "theirs = json.loads(text) if text.strip() else []\n"
                           "assert len(ours) == len(theirs), (len(ours), len(theirs))\n"
                           "assert ours or 'empty' in sys.argv, 'nothing to compare'\n"
                           "for a, b in zip(ours, theirs):\n"
                           "    assert list(a) == list(b), (a, b)\n"
                           "    for key in a:\n"
                           "        x, y = a[key], b[key]\n"
                           "        close = x is None and y in (float('inf'), -float('inf')) or "
                           "isinstance(x, float) and abs(x - y) <= 1e-14 * abs(x)\n"
                           "        assert x == y or close, (key, x, y)\n";

/* Not with the address sanitizer: sqlite3, which is without it, loads no library that has it. */
static void expect_same(const char *what) {
  if (strstr(ISCC_TEST_SANITIZE, "address")) return;
  char command[2048];
  iscc_run_write("same.py", same);
  snprintf(command, sizeof command,
           ISCC_QUERY "made.db %s --explain >sql && " ISCC_QUERY "made.db %s --format=jsonl >ours && "
                      "(echo .mode json; echo .load " ISCC_TEST_BUILD_DIR
                      "/libiscc_sqlite; cat sql) | sqlite3 -bail made.db >theirs && python3 same.py",
           what, what);
  iscc_run_well(command);
}

/* What --explain prints is what is asked: the shell gives the same rows. */
START_TEST(explained_sql_gives_the_same_in_sqlite3) {
  char what[64];
  snprintf(what, sizeof what, "%s%s", iscc_questions[_i].name,
           iscc_questions[_i].of_metric ? " --where=program=iscc-factory-cell" : "");
  expect_same(what);
}
END_TEST

/* Groups and conditions of all kinds of names: of nodes, of tasks, options, parameters, in words and numbers. */
static const char *const scoped[] = {"energy --by=scheme,max-latency",
                                     "energy --by=split",
                                     "energy --by=max_latency_s",
                                     "accuracy --where=scheme=joint --where='max-latency<0.8'",
                                     "accuracy --by=node_id,outcome",
                                     "misses --where=max-latency=0.90",
                                     "misses --where=scheme=joint --where=scheme=jcc --where=run=1 --by=run",
                                     "latency --by=max-latency --where='node_id!=1'",
                                     "latency --where=outcome=late",
                                     "lifetime --by=max-latency",
                                     "decisions --where='bits>=4' --by=bits",
                                     "slow-tasks --limit=3 --where=scheme=jcc",
                                     "runs --where=outcome=interrupted",
                                     "points --where=metric=energy_per_task_j",
                                     "compare --metric=done_share --baseline=jcc",
                                     "compare --by=max-latency --where=scheme=jcc",
                                     "compare --by=--max-latency",
                                     "energy --where=--tasks=12",
                                     "latency --by=--tasks",
                                     "misses --where='.tasks>9'",
                                     "misses --where='split!=0'"};

START_TEST(scopes_give_the_same_in_sqlite3) {
  expect_same(scoped[_i]);
}
END_TEST

/* Answers beside statements of our own on the tables. */
static const struct {
  const char *question, *column, *sql;
} answers[] = {
    {"energy --where=scheme=jcc", "energy_j",
     "SELECT avg(energy_j) FROM task JOIN node USING (run_id, node_id) JOIN run USING (run_id) "
     "WHERE scheme = 'jcc' AND "
     "energy_j > 0 AND status = 'done'"},
    {"energy --where=split=0 --by=split", "uplink_j",
     "SELECT avg(t.uplink_j) FROM task t JOIN decision d USING (run_id, node_id, task_no) JOIN "
     "run USING (run_id) WHERE executed "
     "AND split = 0 AND t.energy_j > 0 AND run.status = 'done'"},
    {"misses --by=run_status", "tasks",
     "SELECT count(*) FROM task JOIN run USING (run_id) WHERE status = 'done'"},
    {"misses --where=max-latency=0.7 --by=max-latency", "late",
     "SELECT count(*) FROM task JOIN node USING (run_id, node_id) JOIN execution USING (run_id) "
     "WHERE task.outcome = 'late' "
     "AND max_latency_s = 0.7"},
    {"latency --by=run_status", "greatest_s",
     "SELECT max(latency_s) FROM task JOIN run USING (run_id) WHERE status = 'done'"},
    {"lifetime --by=program", "empty", "SELECT count(empty_ns) FROM battery"},
    {"lifetime --by=program", "first_empty_h", "SELECT min(empty_ns) / 3.6e12 FROM battery"},
    {"solver --by=run_status", "certified",
     "SELECT count(*) FROM decision JOIN run USING (run_id) WHERE decision.status = 'optimal' AND "
     "run.status = 'done'"},
    {"failures", "exit_status", "SELECT 3"},
    {"misses --where='split!=0' --by=run_status", "tasks",
     "SELECT count(*) FROM task t JOIN run USING (run_id) LEFT JOIN decision d ON d.run_id = t.run_id AND "
     "d.node_id = "
     "t.node_id AND d.task_no = t.task_no AND d.executed WHERE run.status = 'done' AND d.split IS NOT 0"},
    {"misses --where=--tasks=12 --by=--tasks", "tasks",
     "SELECT count(*) FROM task JOIN execution USING (run_id)"},
    {"decisions --where=split=0 --by=scheme --where=scheme=jcc", "planned_energy_j",
     "SELECT avg(d.energy_j) FROM decision d JOIN node USING (run_id, node_id) WHERE executed AND split = 0 "
     "AND scheme = 'jcc'"},
    {"plan --where=scheme=jcc", "latency_s",
     "SELECT avg(t.latency_s - 1e-9 * t.wait_ns) FROM task t JOIN node USING (run_id, node_id) WHERE scheme "
     "= 'jcc'"},
    {"accuracy --where='bits>0' --by=run_status", "judged",
     "SELECT count(correct) FROM task t JOIN decision d USING (run_id, node_id, task_no) JOIN run USING "
     "(run_id) WHERE executed AND bits > 0 AND run.status = 'done'"},
    {"accuracy --where='latency_s<=0.75' --by=run_status", "judged",
     "SELECT count(correct) FROM task JOIN run USING (run_id) WHERE status = 'done' AND latency_s <= 0.75"},
    {"energy --where='energy_j>0.01' --by=run_status", "tasks",
     "SELECT count(*) FROM task JOIN run USING (run_id) WHERE status = 'done' AND energy_j > 0.01"},
    {"decisions --where='max_latency_s<0.65' --by=run_status", "tasks",
     "SELECT count(*) FROM decision JOIN run USING (run_id) WHERE run.status = 'done' AND executed AND split "
     "IS NOT NULL AND max_latency_s < 0.65"},
    {"solver --by=run_status", "mean_iterations",
     "SELECT avg(iterations) FROM decision JOIN run USING (run_id) WHERE run.status = 'done'"},
    {"accuracy --by=run_status", "accuracy",
     "SELECT avg(correct) FROM task JOIN run USING (run_id) WHERE status = 'done'"},
    {"points --where=metric=m", "failed", "SELECT 1"},
    {"compare --baseline=jcc --where=max-latency=0.7", "difference",
     "SELECT avg(iif(arguments LIKE '%joint%', value, -value)) * 2 FROM execution JOIN metric "
     "USING (execution_id) WHERE name = "
     "'energy_per_task_j' AND arguments LIKE '%:\\\"0.7\\\"%'"}};

START_TEST(answers_are_those_of_the_tables) {
  char command[1024];
  double want, got;
  ck_assert_int_eq(sscanf(iscc_run_sql("made.db", answers[_i].sql), "%lf", &want), 1);
  snprintf(command, sizeof command,
           ISCC_QUERY "made.db %s --format=jsonl | python3 -c \"import json, sys; "
                      "print(json.loads(sys.stdin.readline())['%s'])\"",
           answers[_i].question, answers[_i].column);
  iscc_run_well(command);
  ck_assert_int_eq(sscanf(iscc_run_output, "%lf", &got), 1);
  ck_assert_double_eq_tol(got, want, 1e-9 * (want < 0 ? -want : want));
}
END_TEST

/* What was decided, where an option says from what to choose. */
START_TEST(names_of_columns_and_options_are_told_apart) {
  iscc_run_well("cp made.db both.db && sqlite3 both.db \"UPDATE execution SET arguments = "
                "json_set(arguments, '$.bits', '2:8')\" && " ISCC_QUERY "both.db decisions && " ISCC_QUERY
                "both.db decisions --by=.bits --where=--bits=2:8 && " ISCC_QUERY
                "both.db accuracy --by=.bits");
  iscc_run_expect(2, ISCC_QUERY "both.db accuracy --by=bits",
                  "write .bits for the column, --bits for the option");
  iscc_run_expect(2, ISCC "plot both.db accuracy --by=bits -o a.svg",
                  "write .bits for the column, --bits for the option");
  iscc_run_expect(0, ISCC_QUERY "both.db accuracy --by=--bits", "2:8");
}
END_TEST

/* As it was quoted in the campaign file. */
START_TEST(options_are_found_as_they_are_spelled) {
  iscc_run_well("cp made.db spelled.db && sqlite3 spelled.db \"UPDATE execution SET arguments = "
                "json_set(arguments, '$.\\\"max-latency\\\"', "
                "'0.90') WHERE arguments LIKE '%0.9%'\"");
  iscc_run_expect(0, ISCC_QUERY "spelled.db energy --by=max-latency --where=max-latency=0.90 --format=csv",
                  "0.90");
}
END_TEST

/* A replication whose partner failed is in no pair, and is counted. */
START_TEST(replications_without_partner_are_counted) {
  iscc_run_well("cp made.db lone.db && sqlite3 lone.db \"UPDATE execution SET outcome = 'failed' WHERE run = "
                "2 AND arguments LIKE "
                "'%jcc%' AND arguments LIKE '%0.9%'\"");
  iscc_run_well(
      ISCC_QUERY
      "lone.db compare --format=csv | tr -d '\\r' >lone.csv && sqlite3 :memory: '.import --csv lone.csv c' "
      "\"SELECT point LIKE '%0.9%', pairs, unpaired FROM c ORDER BY 1\"");
  ck_assert_str_eq(iscc_run_output, "0|2|0\n1|1|1\n");
}
END_TEST

/* Runs that are not done are counted, and in no mean. */
START_TEST(the_overview_tells_what_is_there) {
  static const char *const told[] = {"made.db: ",
                                     "schema version 7; 10 runs, 11 executions of campaigns, ",
                                     "iscc-factory-cell  interrupted     1",
                                     "failed          1",
                                     "max-latency        2  0.7,0.9",
                                     "scheme             2  jcc,joint",
                                     "energy_per_task_j",
                                     "Metrics of campaigns"};
  iscc_run_well(ISCC_QUERY "made.db");
  for (size_t i = 0; i < sizeof told / sizeof *told; i++)
    ck_assert_msg(strstr(iscc_run_output, told[i]) != NULL, "'%s' is not in: %s", told[i], iscc_run_output);
  iscc_run_expect(0, ISCC_QUERY "made.db --explain | sqlite3 -bail made.db", "energy_per_task_j");
}
END_TEST

/* One line each, with what to do. */
static const struct {
  int status;
  const char *arguments, *says;
} refused[] = {
    {2, "", "which database"},
    {2, "made.db speed", "'speed' is no question; 'iscc query --help' lists them"},
    {2, "made.db energy latency", "'latency': one question at a time"},
    {2, "made.db energy --by=colour",
     "'colour' is no name here; there are, beside the parameters of runs: --battery --"},
    {2, "made.db energy --where=colour=red", "'colour' is no name here"},
    {2, "made.db energy --where=scheme", "'scheme' is not NAME=VALUE"},
    {2, "made.db energy --where==joint", "'=joint' is not NAME=VALUE"},
    {2, "made.db energy --by=,", "--by: names"},
    {2, "made.db energy --by=a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a", "--by: at most 16 names"},
    {2, "made.db runs --by=scheme", "'runs' is a list and has no groups"},
    {2, "made.db compare --by=scheme,run", "'compare' is by one option"},
    {2, "made.db compare --by=host", "'host' is no option of the campaign"},
    {2, "made.db solver --where=tasks=12", "write .tasks for the column, --tasks for the option"},
    {2, "made.db solver --by=tasks", "'tasks' is a column and an option of the campaign: write .tasks"},
    {2, "made.db energy --by=tasks", "'tasks' is a column and an option of the campaign"},
    {2, "made.db latency --where='max-latency<=800ms'", "'800ms' of 'max-latency<=800ms' is no number"},
    {2, "made.db energy --where=run_id=x", "'x' of 'run_id=x' is no number"},
    {2, "made.db latency --where='latency_s>abc'", "is no number"},
    {2, "made.db energy --limit=3", "'slow-tasks' and 'costly-tasks'"},
    {2, "made.db compare --metric=nosuch", "no run has 'nosuch'"},
    {2, "made.db compare --baseline=jccc", "no run has scheme=jccc"},
    {2, "made.db --sql='SELECT 1 AS a, 2 AS a' --format=jsonl", "two columns are named 'a'"},
    {2, "made.db energy --metric=x", "of question 'compare'"},
    {2, "made.db slow-tasks --limit=0", "1..1000000"},
    {2, "made.db energy --format=xml", "'xml' is none of table, csv, jsonl"},
    {2, "made.db --format=csv", "which question"},
    {2, "made.db energy --sql='SELECT 1'", "--sql is a whole question"},
    {2, "made.db --sql='SELECT 1' --where=run=1", "--sql is a whole question"},
    {2, "made.db --sql='SELECT x'", "SQL: no such column: x"},
    {2, "made.db --sql='SELEC'", "SQL: near \"SELEC\""},
    {2, "made.db --sql=", "there is no statement"},
    {2, "made.db --sql='SELECT ?1'", "'?1' has no value"},
    {2, "made.db --sql=\"SELECT json_extract('{', '$')\"", "SQL: malformed JSON"},
    {1, "none.db", "none.db"},
    {1, ".", "."},
    {1, "same.py", "same.py"}};

START_TEST(mistakes_are_told) {
  char command[512];
  iscc_run_write("same.py", same);
  snprintf(command, sizeof command, ISCC_QUERY "%s", refused[_i].arguments);
  iscc_run_expect(refused[_i].status, command, refused[_i].says);
  ck_assert_ptr_eq(strchr(iscc_run_output, '\n') + 1, strrchr(iscc_run_output, '\n') + 1);
}
END_TEST

/* A mean says what is not in it, and what is in it together. */
START_TEST(what_a_mean_is_of_is_told) {
  iscc_run_expect(0, ISCC_QUERY "made.db energy", "Note: 2 runs in the database are not done and left out");
  ck_assert_ptr_null(strstr(iscc_run_output, "several programs"));
  iscc_run_well("cp made.db two.db && sqlite3 two.db \"UPDATE run SET program = 'other' WHERE run_id = 1\"");
  iscc_run_expect(0, ISCC_QUERY "two.db energy", "Note: the database holds several programs");
  iscc_run_well("cp made.db none.db; sqlite3 none.db 'DELETE FROM metric; DELETE FROM execution'");
  iscc_run_expect(2, ISCC_QUERY "none.db compare", "there is no run of a campaign here that is done");
}
END_TEST

START_TEST(help_lists_all_questions) {
  iscc_run_well(ISCC_QUERY "--help");
  for (const iscc_question *q = iscc_questions; q->name; q++)
    ck_assert_msg(strstr(iscc_run_output, q->name) != NULL, "%s", q->name);
  ck_assert_ptr_nonnull(strstr(iscc_run_output, "Examples:"));
}
END_TEST

/* A database of an older schema version answers as it would after an upgrade, and stays as it is. */
static const char *const older[] = {
    "DROP TABLE tally; DROP TABLE choice; CREATE TABLE kept AS SELECT * FROM execution; ALTER TABLE kept "
    "DROP COLUMN "
    "processor_wall; DROP TABLE execution; ALTER TABLE kept RENAME TO execution; PRAGMA user_version = 6",
    "DROP TABLE tally; DROP TABLE choice; DROP TABLE stream; CREATE TABLE kept AS SELECT * FROM execution; "
    "ALTER TABLE kept "
    "DROP COLUMN processor_wall; ALTER TABLE kept DROP COLUMN iscc_commit; DROP TABLE execution; ALTER TABLE "
    "kept RENAME TO execution; PRAGMA user_version = 5"};

START_TEST(older_databases_answer_too) {
  char command[1024];
  iscc_run_well(
      "rm -f old.db && cp made.db old.db && sqlite3 old.db \"SELECT 'DROP VIEW ' || name || ';' FROM "
      "sqlite_schema WHERE type = 'view'\" >drop && sqlite3 -bail old.db <drop");
  snprintf(command, sizeof command, "sqlite3 -bail old.db \"%s\" && sha256sum old.db >before", older[_i]);
  iscc_run_well(command);
  iscc_run_well("for q in energy accuracy runs points solver lifetime failures; do " ISCC_QUERY
                "made.db $q --format=csv >a && " ISCC_QUERY
                "old.db $q --format=csv >b && cmp a b || exit 1; done");
  iscc_run_well("sha256sum -c before");
}
END_TEST

Suite *iscc_suite_query(void);
Suite *iscc_suite_query(void) {
  Suite *suite = suite_create("query");
  TCase *tc = tcase_create("query");
  size_t questions = 0;
  while (iscc_questions[questions].name) questions++;
  tcase_add_unchecked_fixture(tc, iscc_query_begin, iscc_query_end);
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, explained_sql_gives_the_same_in_sqlite3, 0, (int)questions);
  tcase_add_loop_test(tc, scopes_give_the_same_in_sqlite3, 0, sizeof scoped / sizeof *scoped);
  tcase_add_loop_test(tc, answers_are_those_of_the_tables, 0, sizeof answers / sizeof *answers);
  tcase_add_test(tc, names_of_columns_and_options_are_told_apart);
  tcase_add_test(tc, options_are_found_as_they_are_spelled);
  tcase_add_test(tc, replications_without_partner_are_counted);
  tcase_add_test(tc, the_overview_tells_what_is_there);
  tcase_add_loop_test(tc, mistakes_are_told, 0, sizeof refused / sizeof *refused);
  tcase_add_test(tc, what_a_mean_is_of_is_told);
  tcase_add_test(tc, help_lists_all_questions);
  tcase_add_loop_test(tc, older_databases_answer_too, 0, sizeof older / sizeof *older);
  suite_add_tcase(suite, tc);
  return suite;
}
