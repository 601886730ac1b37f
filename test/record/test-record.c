/* SPDX-License-Identifier: GPL-2.0-only */
#include <check.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iscc-database.h"
#include "iscc-run-tables.h"
#include "iscc-test-results.h"

START_TEST(every_value_lands_in_its_own_column) {
  iscc_results_must_record(0, 1);
  ck_assert_str_eq(
      iscc_results_ask("SELECT printf('%s %s %d %d %s %s %s %s %d', program, parameters, seed, run, version, "
                       "coalesce(ns3_version, 'none'), model_sha256, status, end_ns) FROM run"),
      "test {\"tasks\":3} 7 2 0.0 none ab done 99");
  ck_assert_str_eq(
      iscc_results_ask("SELECT printf('%d %s %s %g %g %g', node_id, scheme, inference, target_accuracy, "
                       "max_latency_s, x_m) FROM node"),
      "0 joint model 0.85 0.8 5");
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT printf('%s %d %d %d %g|%d %d %d %d %d %d %d|%g %g %g %g|%g %g %d %d|%d %d %d', outcome, "
          "arrival_ns, start_ns, finish_ns, latency_s, wait_ns, sensing_ns, compute_ns, uplink_ns, "
          "server_wait_ns, server_ns, answer_ns, sensing_j, compute_j, uplink_j, energy_j, payload_bits, "
          "sent_bits, datagrams, retransmissions, true_class, predicted_class, correct) FROM task"),
      "done 1000 1010 500001000 0.5|10 11 12 13 14 15 16|0.25 0.125 0.5 0.875|101 202 3 1|4 2 0");
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT printf('%d %d %s %g %g|%d %d %g %g %g %g|%g %g %g %g %g|%g %g %g %g|%g %s %g %s %g %g', "
          "turn, executed, status, snr_per_w, max_latency_s, split, bits, keep_ratio, sensing_power_w, "
          "transmit_power_w, edge_speed_flops, sensing_s, compute_s, uplink_s, server_s, latency_s, "
          "sensing_j, compute_j, uplink_j, energy_j, predicted_accuracy, binding, relative_gap, "
          "coalesce(conflict, 'none'), solver_wall_us, true_snr_per_w) FROM decision"),
      "0 1 optimal 33 0.79|6 5 0.75 0.02 0.04 4e+06|0.5 0.1 0.15 0.001 0.751|0.01 0.02 0.03 0.06|0.86 "
      "accuracy speed 1e-09 none 5.5 44");
}
END_TEST

START_TEST(infeasible_and_waiting_tasks_keep_their_decisions) {
  iscc_record *record = iscc_results_open(0);
  iscc_task t = iscc_results_task(0);
  t.outcome = ISCC_OUTCOME_INFEASIBLE;
  t.start_ns = t.true_class = t.predicted_class = t.correct = -1;
  t.at_turn = t.at_arrival;
  t.at_turn.decision = (iscc_decision){.status = ISCC_DECISION_INFEASIBLE,
                                       .conflict = ISCC_CONSTRAINT_ACCURACY | ISCC_CONSTRAINT_LATENCY,
                                       .least_latency_s = 0.9,
                                       .highest_accuracy = (double)NAN};
  ck_assert_int_eq(iscc_record_begin(record, &iscc_results_info, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_node(record, &iscc_results_node, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_task(record, &t, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_end(record, ISCC_RUN_INTERRUPTED, 5, NULL, NULL), ISCC_OK);
  iscc_record_close(record);
  ck_assert_str_eq(iscc_results_ask("SELECT status FROM run"), "interrupted");
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT group_concat(turn || executed || status || coalesce(split, 'none')) FROM decision"),
      "00optimal6,11infeasiblenone");
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT conflict || least_latency_s || coalesce(highest_accuracy, 'none') FROM decision WHERE "
          "turn = 1"),
      "accuracy latency0.9none");
  ck_assert_str_eq(
      iscc_results_ask("SELECT coalesce(start_ns, latency_s, true_class, correct, 'all null') FROM task"),
      "all null");
}
END_TEST

START_TEST(rows_beyond_memory_are_spilled_and_none_is_lost) {
  iscc_results_must_record(8 * sizeof(iscc_task), 1000); /* four rows in memory, the rest in the file */
  ck_assert_str_eq(
      iscc_results_ask("SELECT count(*) || ' ' || min(task_no) || ' ' || max(task_no) FROM task"),
      "1000 0 999");
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) FROM decision"), "1000");
}
END_TEST

START_TEST(an_existing_database_is_added_to) {
  iscc_results_must_record(0, 2);
  iscc_results_must_record(0, 3);
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) || ' ' || (SELECT count(*) FROM task) FROM run"), "2 5");
  ck_assert_str_eq(
      iscc_results_ask("SELECT tasks || ' ' || done || ' ' || accuracy FROM run_summary WHERE run_id = 2"),
      "3 3 0.0");
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT planned_energy_j || ' ' || split FROM task_plan WHERE run_id = 1 AND task_no = 1"),
      "0.06 6");
}
END_TEST

START_TEST(a_run_that_never_ended_leaves_no_trace) {
  iscc_results_must_record(0, 1);
  const pid_t child = fork();
  if (child == 0) {
    iscc_record *record;
    if (iscc_record_open(iscc_results_path, 8 * sizeof(iscc_task), &record, NULL)) _exit(1);
    iscc_record_begin(record, &iscc_results_info, NULL);
    iscc_record_node(record, &iscc_results_node, NULL);
    for (int i = 0; i < 100; i++) {
      const iscc_task task = iscc_results_task((uint64_t)i);
      iscc_record_task(record, &task, NULL);
    }
    kill(getpid(), SIGKILL);
  }
  int how;
  ck_assert_int_eq(waitpid(child, &how, 0), child);
  ck_assert(WIFSIGNALED(how));
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) || ' ' || (SELECT count(*) FROM task) FROM run"), "1 1");
  char command[160];
  snprintf(command, sizeof command, "test -z \"$(ls -A %s | grep -v results.db)\"", iscc_results_folder);
  ck_assert_msg(system(command) == 0, "the spill file was left behind");
}
END_TEST

START_TEST(eight_programs_record_into_one_new_database) {
  enum { PROGRAMS = 8, RUNS = 5, TASKS = 200 };
  pid_t child[PROGRAMS];
  for (int i = 0; i < PROGRAMS; i++) {
    child[i] = fork();
    if (child[i] != 0) continue;
    iscc_error error = {""};
    for (int run = 0; run < RUNS; run++)
      if (iscc_results_record(0, TASKS, &error)) {
        fprintf(stderr, "%s\n", error.text);
        _exit(1);
      }
    _exit(0);
  }
  for (int i = 0; i < PROGRAMS; i++) {
    int how;
    ck_assert_int_eq(waitpid(child[i], &how, 0), child[i]);
    ck_assert_msg(WIFEXITED(how) && WEXITSTATUS(how) == 0, "program %d failed", i);
  }
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) FROM run WHERE status = 'done'"), "40");
  ck_assert_str_eq(iscc_results_ask("SELECT min(tasks) || ' ' || max(tasks) FROM run_summary"), "200 200");
  ck_assert_str_eq(iscc_results_ask("PRAGMA integrity_check"), "ok");
}
END_TEST

/* Content of a file, at most size bytes. */
static size_t slurp(const char *name, char *content, size_t size) {
  FILE *file = fopen(name, "rb");
  ck_assert_ptr_nonnull(file);
  const size_t n = fread(content, 1, size, file);
  fclose(file);
  return n;
}

static void prepare_text(void) {
  FILE *file = fopen(iscc_results_path, "w");
  fputs("this is no database, but something a user wants to keep: 123456789 123456789 123456789 123456789\n",
        file);
  fclose(file);
}

START_TEST(no_row_is_without_its_parent) {
  iscc_results_must_record(0, 40);
  iscc_results_must_record(1, 3);
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) > 40 FROM decision"), "1");
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) FROM pragma_foreign_key_check"), "0");
}
END_TEST

/* Four decisions of a task, each with a value of its own; the last that is feasible was carried out. */
START_TEST(decisions_after_stages_are_kept) {
  iscc_record *record = iscc_results_open(0);
  ck_assert_int_eq(iscc_record_begin(record, &iscc_results_info, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_node(record, &iscc_results_node, NULL), ISCC_OK);
  iscc_task task = iscc_results_task(0);
  task.at_turn = task.after_sensing = task.after_compute = task.at_arrival;
  task.at_turn.decision.bits = 4;
  task.after_sensing.decision.bits = 3;
  task.after_compute.decision.status = ISCC_DECISION_INFEASIBLE;
  ck_assert_int_eq(iscc_record_task(record, &task, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_end(record, ISCC_RUN_DONE, 99, NULL, NULL), ISCC_OK);
  iscc_record_close(record);
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT group_concat(turn || ':' || coalesce(bits, '-') || ':' || executed, ' ') FROM decision"),
      "0:5:0 1:4:0 2:3:1 3:-:0");
  ck_assert_str_eq(iscc_results_ask("SELECT bits FROM task_plan"), "3");
}
END_TEST

START_TEST(a_battery_is_kept) {
  iscc_record *record = iscc_results_open(0);
  iscc_battery_info battery = {.source = "ns3::BasicEnergySource",
                               .initial_j = 8,
                               .remaining_j = 1.5,
                               .harvested_j = 0.5,
                               .idle_j = 3,
                               .sensing_j = 0.25,
                               .compute_j = 0.125,
                               .radio_j = 3.625,
                               .listening_j = 3.125,
                               .empty_ns = 77};
  const iscc_task task = iscc_results_task(0);
  ck_assert_int_eq(iscc_record_begin(record, &iscc_results_info, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_node(record, &iscc_results_node, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_task(record, &task, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_battery(record, &battery, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_end(record, ISCC_RUN_DONE, 99, NULL, NULL), ISCC_OK);
  iscc_record_close(record);
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT printf('%d %s %g %g %g|%g %g %g %g %g|%d', node_id, source, "
          "initial_j, remaining_j, harvested_j, idle_j, sensing_j, compute_j, radio_j, listening_j, "
          "empty_ns) FROM battery"),
      "0 ns3::BasicEnergySource 8 1.5 0.5|3 0.25 0.125 3.625 3.125|77");
  /* 8 + 0.5 - 1.5 given; 0.875 of the task, 3 of idling and 3.125 of listening are 7 as well */
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT printf('%g %g %g %g %g', given_j, tasks_j, idle_j, listening_j, relative_difference) "
          "FROM battery_audit"),
      "7 0.875 3 3.125 0");
}
END_TEST

START_TEST(fingerprints_of_streams_are_kept) {
  iscc_record *record = iscc_results_open(0);
  const iscc_draws draws = {.value = {0.5, 0.25}, .kept = 3};
  char wanted[2][ISCC_DIGEST_TEXT], text[2 * ISCC_DIGEST_TEXT + 32];
  iscc_fingerprint f;
  iscc_error error = {""};
  iscc_fingerprint_begin(&f);
  ck_assert_int_eq(iscc_record_begin(record, &iscc_results_info, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_stream(record, ISCC_STREAM_NOISE, &f, &error), ISCC_EINVAL);
  ck_assert_str_eq(error.text, "stream noise: nothing was drawn");
  iscc_fingerprint_add(&f, 3, &draws);
  ck_assert_int_eq(iscc_record_stream(record, ISCC_STREAM_FADING, &f, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_end(record, ISCC_RUN_DONE, 99, NULL, NULL), ISCC_OK);
  iscc_record_close(record);
  iscc_fingerprint_read(&f, wanted[0], wanted[1]);
  snprintf(text, sizeof text, "1 fading 2 %s %s", wanted[0], wanted[1]);
  ck_assert_str_eq(iscc_results_ask("SELECT group_concat(run_id || ' ' || purpose || ' ' || draws || ' ' || "
                                    "index_sha256 || ' ' || value_sha256) FROM stream"),
                   text);
}
END_TEST

static void prepare_foreign(void) {
  iscc_results_do("CREATE TABLE run (x); INSERT INTO run VALUES (1)");
}

static void prepare_newer(void) {
  iscc_results_do("CREATE TABLE run (x); PRAGMA application_id = 1230193475; PRAGMA user_version = 8");
}

static void prepare_hollow(void) {
  iscc_results_do("CREATE TABLE run (x); PRAGMA application_id = 1230193475; PRAGMA user_version = 7");
}

static const struct {
  const char *name;
  void (*prepare)(void);
  const char *says;
} refusals[] = {{"text", prepare_text, "is not an SQLite database"},
                {"foreign database", prepare_foreign, "another program"},
                {"hollow database", prepare_hollow, "lacks tables of its schema version 7"},
                {"newer schema", prepare_newer, "schema version 8"}};

START_TEST(what_is_not_ours_is_refused_and_untouched) {
  static char before[65536], after[65536];
  refusals[_i].prepare();
  const size_t n = slurp(iscc_results_path, before, sizeof before);
  iscc_record *record = (iscc_record *)1;
  iscc_error error = {""};
  ck_assert_int_eq(iscc_record_open(iscc_results_path, 0, &record, &error), ISCC_EFORMAT);
  ck_assert_ptr_null(record);
  ck_assert_msg(strstr(error.text, refusals[_i].says) && strstr(error.text, iscc_results_path), "%s: %s",
                refusals[_i].name, error.text);
  ck_assert_uint_eq(slurp(iscc_results_path, after, sizeof after), n);
  ck_assert_int_eq(memcmp(before, after, n), 0);
}
END_TEST

START_TEST(a_folder_and_a_missing_folder_are_errors) {
  iscc_record *record;
  iscc_error error = {""};
  ck_assert_int_eq(iscc_record_open(iscc_results_folder, 0, &record, &error), ISCC_EIO);
  ck_assert_msg(strstr(error.text, iscc_results_folder) != NULL, "%s", error.text);
  strcat(iscc_results_path, "/no/such/place.db");
  ck_assert_int_eq(iscc_record_open(iscc_results_path, 0, &record, &error), ISCC_EIO);
}
END_TEST

START_TEST(a_full_disk_is_an_error_and_the_run_can_be_written_later) {
  iscc_record *record = iscc_results_open(0);
  iscc_error error = {""};
  int64_t id = 0;
  ck_assert_int_eq(iscc_record_begin(record, &iscc_results_info, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_node(record, &iscc_results_node, NULL), ISCC_OK);
  for (int i = 0; i < 2000; i++) {
    const iscc_task task = iscc_results_task((uint64_t)i);
    ck_assert_int_eq(iscc_record_task(record, &task, NULL), ISCC_OK);
  }
  signal(SIGXFSZ, SIG_IGN);
  const struct rlimit tight = {.rlim_cur = 100000, .rlim_max = RLIM_INFINITY};
  const struct rlimit free_again = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const iscc_status first = iscc_record_end(record, ISCC_RUN_DONE, 1, &id, &error);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &free_again), 0);
  ck_assert_int_eq(first, ISCC_EIO);
  ck_assert_msg(strstr(error.text, iscc_results_path) != NULL, "%s", error.text);
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) FROM run"), "0");
  ck_assert_msg(iscc_record_end(record, ISCC_RUN_DONE, 1, &id, &error) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(id, 1);
  ck_assert_str_eq(iscc_results_ask("SELECT count(*) FROM task"), "2000");
  iscc_record_close(record);
}
END_TEST

START_TEST(calls_out_of_order_are_refused) {
  iscc_record *record = iscc_results_open(0);
  const iscc_task task = iscc_results_task(0);
  ck_assert_int_eq(iscc_record_task(record, &task, NULL), ISCC_ESTATE);
  ck_assert_int_eq(iscc_record_end(record, ISCC_RUN_DONE, 0, NULL, NULL), ISCC_ESTATE);
  ck_assert_int_eq(iscc_record_begin(record, &iscc_results_info, NULL), ISCC_OK);
  ck_assert_int_eq(iscc_record_begin(record, &iscc_results_info, NULL), ISCC_ESTATE);
  iscc_record_close(record);
}
END_TEST

/* A table that the list lacks would be in no campaign's database, and verified by nothing. */
START_TEST(tables_of_a_run_are_listed) {
  char listed[256] = "";
  iscc_results_must_record(1 << 20, 1);
  for (int i = 0; i < ISCC_RUN_TABLES; i++)
    snprintf(listed + strlen(listed), sizeof listed - strlen(listed), "%s%s", i ? "," : "",
             iscc_run_table[i]);
  ck_assert_str_eq(
      iscc_results_ask(
          "SELECT group_concat(name) FROM (SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c"
          " WHERE m.type = 'table' AND c.name = 'run_id' AND m.name <> 'execution' ORDER BY m.rowid)"),
      listed);
}
END_TEST

/* A campaign reads its database while it writes it. Whoever comes and goes meanwhile must find it locked: the last one takes the file
 * -wal away, and what is written into it is lost. */
START_TEST(who_reads_his_own_database_keeps_its_locks) {
  sqlite3 *writer, *reader;
  iscc_error error = {""};
  char command[512];
  iscc_results_must_record(0, 1);
  ck_assert_int_eq(iscc_database_open(iscc_results_path, &writer, &error), ISCC_OK);
  ck_assert_int_eq(sqlite3_exec(writer, "UPDATE run SET seed = 8", NULL, NULL, NULL), SQLITE_OK);
  ck_assert_int_eq(iscc_database_open_read(iscc_results_path, &reader, &error), ISCC_OK);
  sqlite3_close(reader);
  snprintf(command, sizeof command, "test $(sqlite3 '%s' 'SELECT seed FROM run') = 8 && test -s '%s-wal'",
           iscc_results_path, iscc_results_path);
  ck_assert_int_eq(system(command), 0);
  sqlite3_close(writer);
}
END_TEST

START_TEST(every_column_is_explained) {
  static char schema[65536];
  const size_t n = slurp(ISCC_TEST_SOURCE_DIR "/model/record/schema.sql", schema, sizeof schema - 1);
  int columns = 0, bare = 0;
  schema[n] = '\0';
  for (char *line = strtok(schema, "\n"); line; line = strtok(NULL, "\n")) {
    const bool column = strncmp(line, "  ", 2) == 0 && line[2] >= 'a' && line[2] <= 'z' &&
                        (strstr(line, " INTEGER") || strstr(line, " REAL") || strstr(line, " TEXT"));
    columns += column;
    bare += column && !strstr(line, "--") && !strstr(line, "run_id") && !strstr(line, "node_id") &&
            !strstr(line, "task_no") && !strstr(line, "_s ") && !strstr(line, "_j ") &&
            !strstr(line, "y_m") && !strstr(line, "z_m") && !strstr(line, "ended_wall");
  }
  ck_assert_int_gt(columns, 60);
  ck_assert_int_eq(bare, 0);
}
END_TEST

Suite *iscc_suite_record(void);
Suite *iscc_suite_record(void) {
  Suite *s = suite_create("record: result database");
  TCase *t = tcase_create("record");
  tcase_add_checked_fixture(t, iscc_results_begin, iscc_results_end);
  tcase_set_timeout(t, 60);
  tcase_add_test(t, every_value_lands_in_its_own_column);
  tcase_add_test(t, infeasible_and_waiting_tasks_keep_their_decisions);
  tcase_add_test(t, rows_beyond_memory_are_spilled_and_none_is_lost);
  tcase_add_test(t, an_existing_database_is_added_to);
  tcase_add_test(t, a_run_that_never_ended_leaves_no_trace);
  tcase_add_test(t, eight_programs_record_into_one_new_database);
  tcase_add_test(t, no_row_is_without_its_parent);
  tcase_add_test(t, decisions_after_stages_are_kept);
  tcase_add_test(t, a_battery_is_kept);
  tcase_add_test(t, fingerprints_of_streams_are_kept);
  tcase_add_loop_test(t, what_is_not_ours_is_refused_and_untouched, 0, sizeof refusals / sizeof *refusals);
  tcase_add_test(t, a_folder_and_a_missing_folder_are_errors);
  tcase_add_test(t, a_full_disk_is_an_error_and_the_run_can_be_written_later);
  tcase_add_test(t, calls_out_of_order_are_refused);
  tcase_add_test(t, tables_of_a_run_are_listed);
  tcase_add_test(t, who_reads_his_own_database_keeps_its_locks);
  tcase_add_test(t, every_column_is_explained);
  suite_add_tcase(s, t);
  return s;
}
