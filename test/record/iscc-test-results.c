/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-test-results.h"

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char iscc_results_folder[64], iscc_results_path[96];

void iscc_results_begin(void) {
  strcpy(iscc_results_folder, "/tmp/iscc-test-record-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(iscc_results_folder));
  snprintf(iscc_results_path, sizeof iscc_results_path, "%s/results.db", iscc_results_folder);
}

void iscc_results_end(void) {
  char command[160];
  snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", iscc_results_folder, iscc_results_folder);
  ck_assert_int_eq(system(command), 0);
}

const iscc_run_info iscc_results_info = {.program = "test",
                                         .parameters = "{\"tasks\":3}",
                                         .seed = 7,
                                         .run = 2,
                                         .version = "0.0",
                                         .model_path = "m.safetensors",
                                         .model_sha256 = "ab"};
const iscc_node_info iscc_results_node = {
    .scheme = "joint", .inference = "model", .target_accuracy = 0.85, .max_latency_s = 0.8, .x_m = 5};

iscc_task iscc_results_task(uint64_t number) {
  iscc_task t = {.number = number,
                 .outcome = ISCC_OUTCOME_DONE,
                 .arrival_ns = 1000,
                 .start_ns = 1010,
                 .finish_ns = 500001000,
                 .wait_ns = 10,
                 .sensing_ns = 11,
                 .compute_ns = 12,
                 .uplink_ns = 13,
                 .server_wait_ns = 14,
                 .server_ns = 15,
                 .answer_ns = 16,
                 .sensing_j = 0.25,
                 .compute_j = 0.125,
                 .uplink_j = 0.5,
                 .payload_bits = 101,
                 .sent_bits = 202,
                 .datagrams = 3,
                 .retransmissions = 1,
                 .true_class = 4,
                 .predicted_class = 2,
                 .correct = 0};
  t.at_arrival = (iscc_task_decision){
      .made = true,
      .snr_per_w = 33,
      .true_snr_per_w = 44,
      .max_latency_s = 0.79,
      .solver_wall_ns = 5500,
      .transfer_factor = 1.5,
      .decision = {
          .status = ISCC_DECISION_OPTIMAL,
          .iterations = 7,
          .split = 6,
          .bits = 5,
          .keep_ratio = 0.75,
          .sensing_power_w = 0.02,
          .transmit_power_w = 0.04,
          .edge_speed_flops = 4e6,
          .energy = {.sensing = 0.01, .compute = 0.02, .uplink = 0.03, .total = 0.06},
          .latency = {.sensing = 0.5, .compute = 0.1, .uplink = 0.15, .server = 0.001, .total = 0.751},
          .predicted_accuracy = 0.86,
          .binding = ISCC_CONSTRAINT_ACCURACY | ISCC_CONSTRAINT_SPEED,
          .relative_gap = 1e-9}};
  return t;
}

iscc_record *iscc_results_open(size_t memory_bytes) {
  iscc_record *record;
  iscc_error error = {""};
  ck_assert_msg(iscc_record_open(iscc_results_path, memory_bytes, &record, &error) == ISCC_OK, "%s",
                error.text);
  return record;
}

iscc_status iscc_results_record(size_t memory_bytes, int tasks, iscc_error *error) {
  iscc_record *record;
  iscc_status status = iscc_record_open(iscc_results_path, memory_bytes, &record, error);
  if (status) return status;
  status = iscc_record_begin(record, &iscc_results_info, error);
  if (!status) status = iscc_record_node(record, &iscc_results_node, error);
  for (int i = 0; i < tasks && !status; i++) {
    const iscc_task task = iscc_results_task((uint64_t)i);
    status = iscc_record_task(record, &task, error);
  }
  if (!status) status = iscc_record_end(record, ISCC_RUN_DONE, 99, NULL, error);
  iscc_record_close(record);
  return status;
}

void iscc_results_must_record(size_t memory_bytes, int tasks) {
  iscc_error error = {""};
  ck_assert_msg(iscc_results_record(memory_bytes, tasks, &error) == ISCC_OK, "%s", error.text);
}

const char *iscc_results_ask(const char *sql) {
  static char text[ISCC_RESULTS_TEXT];
  sqlite3 *db;
  sqlite3_stmt *statement;
  ck_assert_int_eq(sqlite3_open_v2(iscc_results_path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
  ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, "%s: %s", sql,
                sqlite3_errmsg(db));
  text[0] = '\0';
  if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
    snprintf(text, sizeof text, "%s", (const char *)sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return text;
}

void iscc_results_do(const char *sql) {
  sqlite3 *db;
  ck_assert_int_eq(sqlite3_open(iscc_results_path, &db), SQLITE_OK);
  char *why = NULL;
  ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s", why);
  sqlite3_close(db);
}
