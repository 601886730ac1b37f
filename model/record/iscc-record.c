/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-record.h"

#include <libgen.h>
#include <math.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "iscc-database.h"
#include "iscc-run-tables.h"
#include "iscc-spill.h"
#include "iscc-tally.h"

enum { DEFAULT_MEMORY = 64 << 20, NODE_MEMORY = 1 << 20, WALL_TEXT = 32 };

typedef struct { /* iscc_node_info with room for its texts */
  iscc_node_info info;
  char scheme[32], inference[16];
} node_row;

typedef struct { /* iscc_battery_info with room for its text */
  iscc_battery_info info;
  char source[256];
} battery_row;

typedef struct {
  iscc_purpose purpose;
  iscc_fingerprint fingerprint;
} stream_row;

enum {
  TASK_BYTES = offsetof(iscc_task, at_arrival)
}; /* a task without its decisions, of which most are not made */

typedef struct {
  uint32_t node;
  uint64_t number;
  int turn;
  bool executed;
  iscc_task_decision call;
} decision_row;

typedef struct { /* iscc_run_info with texts of its own */
  char *program, *parameters, *version, *ns3_version, *model_path, *model_sha256;
  uint64_t seed, run;
  char started_wall[WALL_TEXT];
} run_row;

struct iscc_record {
  char *path;
  sqlite3 *db;
  bool running;
  run_row run;
  iscc_spill *nodes, *tasks, *decisions, *batteries, *streams;
};

static void wall_text(char text[WALL_TEXT]) {
  const time_t now = time(NULL);
  struct tm utc;
  gmtime_r(&now, &utc);
  strftime(text, WALL_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void clear_run(iscc_record *r) {
  char *texts[] = {r->run.program,     r->run.parameters, r->run.version,
                   r->run.ns3_version, r->run.model_path, r->run.model_sha256};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) free(texts[i]);
  memset(&r->run, 0, sizeof r->run);
  r->running = false;
}

iscc_status iscc_record_open(const char *path, size_t memory_bytes, iscc_record **out, iscc_error *error) {
  *out = NULL;
  iscc_record *r = calloc(1, sizeof *r);
  char *folder_of = strdup(path);
  if (!r || !folder_of || !(r->path = strdup(path))) {
    free(folder_of);
    free(r);
    return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", path);
  }
  const char *folder = dirname(folder_of);
  iscc_status status = iscc_database_open(path, &r->db, error);
  if (!status) status = iscc_spill_create(sizeof(node_row), NODE_MEMORY, folder, &r->nodes, error);
  if (!status) status = iscc_spill_create(sizeof(battery_row), NODE_MEMORY, folder, &r->batteries, error);
  if (!status) status = iscc_spill_create(sizeof(stream_row), NODE_MEMORY, folder, &r->streams, error);
  const size_t half = (memory_bytes ? memory_bytes : DEFAULT_MEMORY) / 2;
  if (!status) status = iscc_spill_create(TASK_BYTES, half, folder, &r->tasks, error);
  if (!status) status = iscc_spill_create(sizeof(decision_row), half, folder, &r->decisions, error);
  free(folder_of);
  if (status) {
    iscc_record_close(r);
    return status;
  }
  *out = r;
  return ISCC_OK;
}

void iscc_record_close(iscc_record *r) {
  if (!r) return;
  clear_run(r);
  iscc_spill_destroy(r->nodes);
  iscc_spill_destroy(r->tasks);
  iscc_spill_destroy(r->decisions);
  iscc_spill_destroy(r->batteries);
  iscc_spill_destroy(r->streams);
  sqlite3_close(r->db);
  free(r->path);
  free(r);
}

/* A copy; NULL of NULL. */
static char *copy_text(const char *text, bool *failed) {
  char *copy = text ? strdup(text) : NULL;
  if (text && !copy) *failed = true;
  return copy;
}

static void clear_rows(iscc_record *r) {
  iscc_spill_clear(r->nodes);
  iscc_spill_clear(r->tasks);
  iscc_spill_clear(r->decisions);
  iscc_spill_clear(r->batteries);
  iscc_spill_clear(r->streams);
}

iscc_status iscc_record_begin(iscc_record *r, const iscc_run_info *run, iscc_error *error) {
  if (r->running) return iscc_fail(error, ISCC_ESTATE, "%s: a run is being recorded; end it first", r->path);
  if (!run->program || !run->parameters || !run->version)
    return iscc_fail(error, ISCC_EINVAL, "run: program, parameters and version are needed");
  bool failed = false;
  r->run = (run_row){.program = copy_text(run->program, &failed),
                     .parameters = copy_text(run->parameters, &failed),
                     .version = copy_text(run->version, &failed),
                     .ns3_version = copy_text(run->ns3_version, &failed),
                     .model_path = copy_text(run->model_path, &failed),
                     .model_sha256 = copy_text(run->model_sha256, &failed),
                     .seed = run->seed,
                     .run = run->run};
  if (failed) {
    clear_run(r);
    return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", r->path);
  }
  wall_text(r->run.started_wall);
  clear_rows(r);
  r->running = true;
  return ISCC_OK;
}

static iscc_status need_run(const iscc_record *r, iscc_error *error) {
  return r->running ? ISCC_OK : iscc_fail(error, ISCC_ESTATE, "%s: no run is being recorded", r->path);
}

iscc_status iscc_record_node(iscc_record *r, const iscc_node_info *node, iscc_error *error) {
  node_row row = {.info = *node};
  const iscc_status status = need_run(r, error);
  if (status) return status;
  if (strlen(node->scheme) >= sizeof row.scheme || strlen(node->inference) >= sizeof row.inference)
    return iscc_fail(error, ISCC_EINVAL, "node %u: scheme or inference name is too long", node->node);
  strcpy(row.scheme, node->scheme);
  strcpy(row.inference, node->inference);
  return iscc_spill_append(r->nodes, &row, error);
}

/* Sources, harvesters and radios of ns-3 may be given any number. */
static iscc_status check_battery(const iscc_battery_info *b, iscc_error *error) {
  const double rounding_j = 1e-6 * b->initial_j;
  const struct {
    const char *what;
    double value;
  } energy[] = {{"harvested", b->harvested_j},
                {"drawn when idle", b->idle_j},
                {"drawn to sense", b->sensing_j},
                {"drawn to compute", b->compute_j},
                {"drawn by the radio", b->radio_j},
                {"drawn to listen", b->listening_j},
                {"given in all", b->initial_j + b->harvested_j - b->remaining_j}};
  for (size_t i = 0; i < sizeof energy / sizeof *energy; i++)
    if (!(isfinite(energy[i].value) && energy[i].value >= -rounding_j))
      return iscc_fail(error, ISCC_EINVAL,
                       "battery of node %u: %g J %s is impossible; check the attributes given",
                       (unsigned)b->node, energy[i].value, energy[i].what);
  return ISCC_OK;
}

iscc_status iscc_record_battery(iscc_record *r, const iscc_battery_info *battery, iscc_error *error) {
  battery_row row = {.info = *battery};
  iscc_status status = need_run(r, error);
  if (!status) status = check_battery(battery, error);
  if (status) return status;
  snprintf(row.source, sizeof row.source, "%s", battery->source);
  return iscc_spill_append(r->batteries, &row, error);
}

iscc_status iscc_record_stream(iscc_record *r, iscc_purpose purpose, const iscc_fingerprint *fingerprint,
                               iscc_error *error) {
  const stream_row row = {purpose, *fingerprint};
  const iscc_status status = need_run(r, error);
  if (status) return status;
  if (fingerprint->draws <= 0)
    return iscc_fail(error, ISCC_EINVAL, "stream %s: nothing was drawn", iscc_purpose_name(purpose));
  return iscc_spill_append(r->streams, &row, error);
}

iscc_status iscc_record_task(iscc_record *r, const iscc_task *task, iscc_error *error) {
  iscc_status status = need_run(r, error);
  if (!status) status = iscc_spill_append(r->tasks, task, error);
  const iscc_task_decision *const calls[] = {&task->at_arrival, &task->at_turn, &task->after_sensing,
                                             &task->after_compute}; /* in the order of column turn */
  for (int turn = 0; turn < 4 && !status; turn++) {
    if (!calls[turn]->made) continue;
    const decision_row row = {task->node, task->number, turn, calls[turn] == iscc_task_executed(task),
                              *calls[turn]};
    status = iscc_spill_append(r->decisions, &row, error);
  }
  return status;
}

/* ---- copying a finished run into the database ---- */

typedef struct { /* binds columns one after the other; the first failure sticks */
  sqlite3_stmt *statement;
  int column, result;
} row_binder;

static void put_integer(row_binder *b, int64_t value) {
  b->result |= sqlite3_bind_int64(b->statement, ++b->column, value);
}

static void put_real(row_binder *b, double value) { /* NAN becomes NULL */
  b->result |= isnan(value) ? sqlite3_bind_null(b->statement, ++b->column)
                            : sqlite3_bind_double(b->statement, ++b->column, value);
}

static void put_text(row_binder *b, const char *value) {
  b->result |= sqlite3_bind_text(b->statement, ++b->column, value, -1, SQLITE_TRANSIENT);
}

static void put_word(row_binder *b, const char *constant) {
  b->result |= sqlite3_bind_text(b->statement, ++b->column, constant, -1, SQLITE_STATIC);
}

static void put_null(row_binder *b) {
  b->result |= sqlite3_bind_null(b->statement, ++b->column);
}

static void put_known(row_binder *b, int64_t value) { /* negative becomes NULL */
  if (value < 0)
    put_null(b);
  else
    put_integer(b, value);
}

static int step_row(row_binder *b) {
  int result = b->column == sqlite3_bind_parameter_count(b->statement) ? b->result : SQLITE_RANGE;
  if (result == SQLITE_OK) {
    result = sqlite3_step(b->statement);
    if (result == SQLITE_DONE) result = SQLITE_OK;
  }
  sqlite3_reset(b->statement);
  return result;
}

static void put_constraints(row_binder *b, unsigned set) {
  char text[128] = "";
  for (int i = 0; i < ISCC_CONSTRAINT_COUNT; i++) {
    if (!(set & 1u << i)) continue;
    if (text[0]) strcat(text, " ");
    strcat(text, iscc_constraint_name((iscc_constraint)(1 << i)));
  }
  put_text(b, text);
}

static int insert_node(sqlite3_stmt *statement, int64_t run_id, const node_row *n) {
  row_binder b = {.statement = statement};
  put_integer(&b, run_id);
  put_integer(&b, n->info.node);
  put_text(&b, n->scheme);
  put_text(&b, n->inference);
  put_real(&b, n->info.target_accuracy);
  put_real(&b, n->info.max_latency_s);
  put_real(&b, n->info.x_m);
  put_real(&b, n->info.y_m);
  put_real(&b, n->info.z_m);
  return step_row(&b);
}

static int insert_battery(sqlite3_stmt *statement, int64_t run_id, const battery_row *row) {
  const iscc_battery_info *i = &row->info;
  row_binder b = {.statement = statement};
  put_integer(&b, run_id);
  put_integer(&b, i->node);
  put_text(&b, row->source);
  const double joules[] = {i->initial_j, i->remaining_j, i->harvested_j, i->idle_j,
                           i->sensing_j, i->compute_j,   i->radio_j,     i->listening_j};
  for (size_t k = 0; k < sizeof joules / sizeof *joules; k++) put_real(&b, joules[k]);
  put_known(&b, i->empty_ns);
  return step_row(&b);
}

static int insert_stream(sqlite3_stmt *statement, int64_t run_id, const stream_row *row) {
  char index_sha256[ISCC_DIGEST_TEXT], value_sha256[ISCC_DIGEST_TEXT];
  row_binder b = {.statement = statement};
  iscc_fingerprint_read(&row->fingerprint, index_sha256, value_sha256);
  put_integer(&b, run_id);
  put_word(&b, iscc_purpose_name(row->purpose));
  put_integer(&b, row->fingerprint.draws);
  put_text(&b, index_sha256);
  put_text(&b, value_sha256);
  return step_row(&b);
}

static int insert_task(sqlite3_stmt *statement, int64_t run_id, const iscc_task *t) {
  const bool answered = t->outcome == ISCC_OUTCOME_DONE || t->outcome == ISCC_OUTCOME_LATE;
  row_binder b = {.statement = statement};
  put_integer(&b, run_id);
  put_integer(&b, t->node);
  put_integer(&b, (int64_t)t->number);
  put_word(&b, iscc_outcome_name(t->outcome));
  put_integer(&b, t->arrival_ns);
  put_known(&b, t->start_ns);
  put_integer(&b, t->finish_ns);
  put_real(&b, answered ? 1e-9 * (double)(t->finish_ns - t->arrival_ns) : (double)NAN);
  const int64_t stages[] = {t->wait_ns,        t->sensing_ns, t->compute_ns, t->uplink_ns,
                            t->server_wait_ns, t->server_ns,  t->answer_ns};
  for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) put_integer(&b, stages[i]);
  put_real(&b, t->sensing_j);
  put_real(&b, t->compute_j);
  put_real(&b, t->uplink_j);
  put_real(&b, t->sensing_j + t->compute_j + t->uplink_j);
  put_real(&b, t->payload_bits);
  put_real(&b, t->sent_bits);
  put_integer(&b, t->datagrams);
  put_integer(&b, t->retransmissions);
  put_known(&b, t->true_class);
  put_known(&b, t->predicted_class);
  put_known(&b, t->correct);
  return step_row(&b);
}

static void put_allocation(row_binder *b, const iscc_decision *d) {
  put_integer(b, d->split);
  put_integer(b, d->bits);
  const double values[] = {d->keep_ratio,      d->sensing_power_w,   d->transmit_power_w, d->edge_speed_flops,
                           d->latency.sensing, d->latency.compute,   d->latency.uplink,   d->latency.server,
                           d->latency.total,   d->energy.sensing,    d->energy.compute,   d->energy.uplink,
                           d->energy.total,    d->predicted_accuracy};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) put_real(b, values[i]);
  put_constraints(b, d->binding);
  put_real(b, d->relative_gap);
}

enum { ALLOCATION_COLUMNS = 18 };

/* Of an infeasible task, whether a best effort was made or not. */
static void put_conflict(row_binder *b, const iscc_decision *d) {
  if (!d->conflict) {
    for (int i = 0; i < 3; i++) put_null(b);
    return;
  }
  put_constraints(b, d->conflict);
  put_real(b, d->least_latency_s);
  put_real(b, d->highest_accuracy);
}

static int insert_decision(sqlite3_stmt *statement, int64_t run_id, const decision_row *row) {
  const iscc_task_decision *call = &row->call;
  const iscc_decision *d = &call->decision;
  row_binder b = {.statement = statement};
  put_integer(&b, run_id);
  put_integer(&b, row->node);
  put_integer(&b, (int64_t)row->number);
  put_integer(&b, row->turn);
  put_integer(&b, row->executed);
  put_word(&b, iscc_decision_status_name(d->status));
  put_real(&b, call->snr_per_w);
  put_real(&b, call->max_latency_s);
  if (d->status != ISCC_DECISION_INFEASIBLE)
    put_allocation(&b, d);
  else
    for (int i = 0; i < ALLOCATION_COLUMNS; i++) put_null(&b);
  put_conflict(&b, d);
  put_real(&b, 1e-3 * (double)call->solver_wall_ns);
  put_real(&b, call->transfer_factor);
  put_real(&b, call->true_snr_per_w);
  put_integer(&b, d->iterations);
  return step_row(&b);
}

static int insert_run(sqlite3_stmt *statement, const iscc_record *r, iscc_run_status status, int64_t end_ns) {
  static const char *const status_name[] = {"done", "interrupted", "failed"};
  char now[WALL_TEXT];
  wall_text(now);
  row_binder b = {.statement = statement};
  put_null(&b); /* run_id: the next free one */
  put_text(&b, r->run.program);
  put_text(&b, r->run.parameters);
  put_integer(&b, (int64_t)r->run.seed);
  put_integer(&b, (int64_t)r->run.run);
  put_text(&b, r->run.version);
  put_text(&b, r->run.ns3_version);
  put_text(&b, r->run.model_path);
  put_text(&b, r->run.model_sha256);
  put_text(&b, status_name[status]);
  put_integer(&b, end_ns);
  put_text(&b, r->run.started_wall);
  put_text(&b, now);
  return step_row(&b);
}

/* INSERT with a place for each column that the table has. The run's own key is given by SQLite. */
static int prepare_insert(sqlite3 *db, const char *table, sqlite3_stmt **out) {
  sqlite3_stmt *columns = NULL;
  char sql[256], *end = sql;
  int result;
  snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
  if ((result = sqlite3_prepare_v2(db, sql, -1, &columns, NULL))) return result;
  const int count = sqlite3_column_count(columns);
  sqlite3_finalize(columns);
  end += snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
  for (int i = 1; i < count; i++) end += snprintf(end, (size_t)(sql + sizeof sql - end), ",?");
  snprintf(end, (size_t)(sql + sizeof sql - end), ")");
  return sqlite3_prepare_v2(db, sql, -1, out, NULL);
}

static int prepare_inserts(sqlite3 *db, sqlite3_stmt *statement[ISCC_RUN_TABLES]) {
  int result = SQLITE_OK;
  for (int i = 0; i < ISCC_RUN_TABLES && result == SQLITE_OK; i++)
    if (i < ISCC_RUN_TABLE_TALLY) result = prepare_insert(db, iscc_run_table[i], &statement[i]);
  return result;
}

/* All rows of the run inside an open transaction. */
static int copy_rows(iscc_record *r, sqlite3_stmt *statement[ISCC_RUN_TABLES], int64_t id,
                     iscc_status *status, iscc_error *error) {
  int result = SQLITE_OK;
  const void *row;
  iscc_task task;
  iscc_spill_rewind(r->nodes);
  while (result == SQLITE_OK && !(*status = iscc_spill_next(r->nodes, &row, error)) && row)
    result = insert_node(statement[ISCC_RUN_TABLE_NODE], id, row);
  iscc_spill_rewind(r->tasks);
  while (result == SQLITE_OK && !*status && !(*status = iscc_spill_next(r->tasks, &row, error)) && row) {
    memcpy(&task, row, TASK_BYTES);
    result = insert_task(statement[ISCC_RUN_TABLE_TASK], id, &task);
  }
  iscc_spill_rewind(r->decisions);
  while (result == SQLITE_OK && !*status && !(*status = iscc_spill_next(r->decisions, &row, error)) && row)
    result = insert_decision(statement[ISCC_RUN_TABLE_DECISION], id, row);
  iscc_spill_rewind(r->batteries);
  while (result == SQLITE_OK && !*status && !(*status = iscc_spill_next(r->batteries, &row, error)) && row)
    result = insert_battery(statement[ISCC_RUN_TABLE_BATTERY], id, row);
  iscc_spill_rewind(r->streams);
  while (result == SQLITE_OK && !*status && !(*status = iscc_spill_next(r->streams, &row, error)) && row)
    result = insert_stream(statement[ISCC_RUN_TABLE_STREAM], id, row);
  return result == SQLITE_OK && !*status ? iscc_tally_add(r->db, id) : result;
}

iscc_status iscc_record_end(iscc_record *r, iscc_run_status run_status, int64_t end_ns, int64_t *run_id,
                            iscc_error *error) {
  iscc_status status = need_run(r, error);
  if (status) return status;
  sqlite3_stmt *statement[ISCC_RUN_TABLES] = {0};
  int64_t id = 0;
  int result = prepare_inserts(r->db, statement);
  if (result == SQLITE_OK) result = sqlite3_exec(r->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  if (result == SQLITE_OK) result = insert_run(statement[ISCC_RUN_TABLE_RUN], r, run_status, end_ns);
  if (result == SQLITE_OK) {
    id = sqlite3_last_insert_rowid(r->db);
    result = copy_rows(r, statement, id, &status, error);
  }
  if (result == SQLITE_OK && !status) result = sqlite3_exec(r->db, "COMMIT", NULL, NULL, NULL);
  if (result != SQLITE_OK)
    status = iscc_fail(error, ISCC_EIO, "%s: the run cannot be written: %s", r->path, sqlite3_errmsg(r->db));
  for (int i = 0; i < ISCC_RUN_TABLES; i++) sqlite3_finalize(statement[i]);
  if (status) {
    sqlite3_exec(r->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
  }
  if (run_id) *run_id = id;
  clear_rows(r);
  clear_run(r);
  return ISCC_OK;
}
