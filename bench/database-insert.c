/* SPDX-License-Identifier: GPL-2.0-only */
/* What recording costs: a run through iscc-record beside a bare prepared INSERT of the same rows of `task` and
 * `decision` into the same tables, taking turns, from the first row to the end of the transaction. */
#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "iscc-database.h"
#include "iscc-default-model.h"
#include "iscc-model.h"
#include "iscc-node-settings.h"
#include "iscc-random.h"
#include "iscc-record.h"
#include "iscc-solver.h"
#include "iscc-splits.h"

enum { REPEATS = 5, NODES = 5, INSERTED = 500000, POOL = 5000, DECISIONS = 2 };
enum { NODE_COLUMN = 1, NUMBER_COLUMN = 2, ARRIVAL_COLUMN = 4, START_COLUMN = 5, FINISH_COLUMN = 6 };

#define MAX_LATENCY_S 0.8

static char folder[] = "/tmp/iscc-bench-XXXXXX";
static iscc_task pool[POOL]; /* what tasks are like; their node, number and time are set anew for each */

static void fail(const char *text) {
  fprintf(stderr, "database-insert: %s\n", text);
  exit(EXIT_FAILURE);
}

static void must(iscc_status status, const iscc_error *error) {
  if (status) fail(error->text);
}

static void must_sql(sqlite3 *db, int result) {
  if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW) fail(sqlite3_errmsg(db));
}

static double clock_s(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct {
  double wall_s, cpu_s;
} cost;

static cost now(void) {
  return (cost){clock_s(CLOCK_MONOTONIC), clock_s(CLOCK_PROCESS_CPUTIME_ID)};
}

static cost since(cost start) {
  const cost end = now();
  return (cost){end.wall_s - start.wall_s, end.cpu_s - start.cpu_s};
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Sorts. */
static double median(double *values, int count) {
  qsort(values, (size_t)count, sizeof *values, ascending);
  return values[count / 2];
}

/* ---- tasks as the simulator ends them ---- */

typedef struct {
  iscc_model *model;
  iscc_split splits[ISCC_LAYERS_MAX + 1];
  iscc_problem problem;
  iscc_solver *solver;
} decider;

static void open_decider(decider *d) {
  char path[4096];
  iscc_error error = {""};
  iscc_node_settings settings;
  iscc_node_defaults(&settings);
  iscc_problem_defaults(&d->problem);
  must(iscc_default_model_path(path, sizeof path, &error), &error);
  must(iscc_model_read(path, &d->model, &error), &error);
  must(iscc_splits_from_model(d->model, settings.candidates, settings.candidate_count, d->splits, &error),
       &error);
  must(iscc_solver_create("joint", &d->solver, &error), &error);
  iscc_curve_from_model(d->model, 1, &d->problem.accuracy_curve);
  d->problem.splits = d->splits;
  d->problem.split_count = (size_t)settings.candidate_count;
  d->problem.max_latency_s = MAX_LATENCY_S;
}

static void close_decider(decider *d) {
  iscc_solver_destroy(d->solver);
  iscc_model_destroy(d->model);
}

static int64_t ns(double s) {
  return (int64_t)(1e9 * s);
}

/* The channel fades around 10 dB. */
static iscc_task_decision decide(decider *d, double waited_s, iscc_random *r) {
  iscc_error error = {""};
  iscc_problem p = d->problem;
  p.uplink.snr_per_w = 10 * iscc_random_exponential(r);
  p.max_latency_s = fmax(1e-3, p.max_latency_s - waited_s);
  iscc_task_decision call = {.made = true,
                             .snr_per_w = p.uplink.snr_per_w,
                             .true_snr_per_w = p.uplink.snr_per_w,
                             .max_latency_s = p.max_latency_s,
                             .transfer_factor = 1.1};
  const cost start = now();
  must(iscc_solver_solve(d->solver, &p, &call.decision, &error), &error);
  call.solver_wall_ns = ns(since(start).wall_s);
  return call;
}

/* What it comes to: about what was planned. */
static void carry_out(iscc_task *t, const iscc_decision *d, iscc_random *r) {
  t->start_ns = t->arrival_ns + t->wait_ns;
  if (d->status == ISCC_DECISION_INFEASIBLE) {
    t->outcome = ISCC_OUTCOME_INFEASIBLE;
    t->finish_ns = t->start_ns;
    return;
  }
  const double slower = iscc_random_between(r, 0.3, 1.1);
  t->sensing_ns = ns(d->latency.sensing);
  t->compute_ns = ns(d->latency.compute);
  t->uplink_ns = ns(slower * d->latency.uplink);
  t->server_ns = ns(d->latency.server);
  t->answer_ns = ns(iscc_random_between(r, 1e-4, 2e-4));
  t->finish_ns = t->start_ns + t->sensing_ns + t->compute_ns + t->uplink_ns + t->server_ns + t->answer_ns;
  t->sensing_j = d->energy.sensing;
  t->compute_j = d->energy.compute;
  t->uplink_j = slower * d->energy.uplink;
  t->payload_bits = d->uplink_bits;
  t->sent_bits = floor(1.05 * d->uplink_bits);
  t->datagrams = (int)ceil(d->uplink_bits / 11000);
  t->correct = iscc_random_uniform(r) < d->predicted_accuracy;
  t->outcome = slower < 1.05 ? ISCC_OUTCOME_DONE : ISCC_OUTCOME_LATE;
}

/* A fifth of the tasks wait for their turn, and are decided again. */
static void fill_pool(void) {
  decider d;
  iscc_random r;
  open_decider(&d);
  iscc_random_seed(&r, 1, 0, 0, ISCC_STREAM_TEST);
  for (int k = 0; k < POOL; k++) {
    iscc_task *t = &pool[k];
    const double waited_s =
        iscc_random_uniform(&r) < 0.2 ? iscc_random_between(&r, 0, 0.5 * MAX_LATENCY_S) : 0;
    *t = iscc_task_arriving(0, 0, 0);
    t->wait_ns = ns(waited_s);
    t->at_arrival = decide(&d, 0, &r);
    if (waited_s > 0) t->at_turn = decide(&d, waited_s, &r);
    carry_out(t, &iscc_task_executed(t)->decision, &r);
  }
  close_decider(&d);
}

/* Arrivals 3 s apart, node by node in turn. */
static int64_t arrival_ns(int64_t i) {
  return 3000000000 / NODES * i;
}

static const iscc_task *task_at(int64_t i) {
  iscc_task *t = &pool[i % POOL];
  const int64_t later_ns = arrival_ns(i) - t->arrival_ns;
  t->node = (uint32_t)(i % NODES);
  t->number = (uint64_t)(i / NODES);
  t->arrival_ns += later_ns;
  t->start_ns += later_ns;
  t->finish_ns += later_ns;
  return t;
}

/* ---- recorded ---- */

static cost record(const char *path, int64_t tasks) {
  iscc_error error = {""};
  iscc_record *r;
  const iscc_run_info run = {.program = "bench", .parameters = "{}", .seed = 1, .run = 1, .version = "0"};
  must(iscc_record_open(path, 0, &r, &error), &error);
  const cost start = now();
  must(iscc_record_begin(r, &run, &error), &error);
  for (uint32_t n = 0; n < NODES; n++) {
    const iscc_node_info node = {.node = n,
                                 .scheme = "joint",
                                 .inference = "model",
                                 .target_accuracy = 0.85,
                                 .max_latency_s = MAX_LATENCY_S};
    must(iscc_record_node(r, &node, &error), &error);
  }
  for (int64_t i = 0; i < tasks; i++) must(iscc_record_task(r, task_at(i), &error), &error);
  must(iscc_record_end(r, ISCC_RUN_DONE, arrival_ns(tasks), NULL, &error), &error);
  const cost took = since(start);
  iscc_record_close(r);
  return took;
}

/* ---- the same rows by a bare INSERT ---- */

enum { COLUMNS_MAX = 40 };

typedef struct {
  int type; /* of SQLite */
  union {
    int64_t whole;
    double real;
    char *text;
  };
} cell;

typedef struct { /* rows of a table as the recorder wrote them of the tasks of the pool */
  cell (*row)[COLUMNS_MAX];
  int columns, rows;
} rows;

static cell read_cell(sqlite3_stmt *select, int column) {
  cell c = {.type = sqlite3_column_type(select, column)};
  if (c.type == SQLITE_INTEGER) c.whole = sqlite3_column_int64(select, column);
  if (c.type == SQLITE_FLOAT) c.real = sqlite3_column_double(select, column);
  if (c.type == SQLITE_TEXT) c.text = strdup((const char *)sqlite3_column_text(select, column));
  return c;
}

static int bind_cell(sqlite3_stmt *insert, int place, const cell *c) {
  switch (c->type) {
  case SQLITE_INTEGER:
    return sqlite3_bind_int64(insert, place, c->whole);
  case SQLITE_FLOAT:
    return sqlite3_bind_double(insert, place, c->real);
  case SQLITE_TEXT:
    return sqlite3_bind_text(insert, place, c->text, -1, SQLITE_STATIC);
  default:
    return sqlite3_bind_null(insert, place);
  }
}

static rows read_rows(sqlite3 *db, const char *sql, int rows_max) {
  rows all = {.row = calloc((size_t)rows_max, sizeof *all.row)};
  sqlite3_stmt *select;
  if (!all.row) fail("out of memory");
  must_sql(db, sqlite3_prepare_v2(db, sql, -1, &select, NULL));
  all.columns = sqlite3_column_count(select);
  if (all.columns > COLUMNS_MAX) fail("a table has more columns than this benchmark has room for");
  for (; sqlite3_step(select) == SQLITE_ROW; all.rows++)
    for (int k = 0; k < all.columns; k++) all.row[all.rows][k] = read_cell(select, k);
  must_sql(db, sqlite3_finalize(select));
  return all;
}

static void free_rows(rows *all) {
  for (int i = 0; i < all->rows; i++)
    for (int k = 0; k < all->columns; k++)
      if (all->row[i][k].type == SQLITE_TEXT) free(all->row[i][k].text);
  free(all->row);
}

static sqlite3_stmt *prepare_insert(sqlite3 *db, const char *table, int columns) {
  char sql[128];
  int n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
  sqlite3_stmt *insert;
  for (int k = 1; k < columns; k++) n += snprintf(sql + n, sizeof sql - (size_t)n, ",?");
  snprintf(sql + n, sizeof sql - (size_t)n, ")");
  must_sql(db, sqlite3_prepare_v2(db, sql, -1, &insert, NULL));
  return insert;
}

static void insert_row(sqlite3 *db, sqlite3_stmt *insert, const cell *row, int columns) {
  int result = SQLITE_OK;
  for (int k = 0; k < columns; k++) result |= bind_cell(insert, k + 1, &row[k]);
  if (!result) result = sqlite3_step(insert);
  must_sql(db, result);
  sqlite3_reset(insert);
}

static void insert_tasks(sqlite3 *db, const rows *all, int64_t count) {
  sqlite3_stmt *insert = prepare_insert(db, "task", all->columns);
  for (int64_t i = 0; i < count; i++) {
    cell *row = all->row[i % POOL];
    const int64_t later_ns = arrival_ns(i) - row[ARRIVAL_COLUMN].whole;
    row[NODE_COLUMN].whole = i % NODES;
    row[NUMBER_COLUMN].whole = i / NODES;
    row[ARRIVAL_COLUMN].whole += later_ns;
    row[START_COLUMN].whole += later_ns;
    row[FINISH_COLUMN].whole += later_ns;
    insert_row(db, insert, row, all->columns);
  }
  sqlite3_finalize(insert);
}

static void insert_decisions(sqlite3 *db, const rows *all, int64_t tasks) {
  sqlite3_stmt *insert = prepare_insert(db, "decision", all->columns);
  for (int64_t first = 0; first < tasks; first += POOL) /* one or two a task */
    for (int k = 0; k < all->rows; k++) {
      cell *row = all->row[k];
      if (first > 0) row[NUMBER_COLUMN].whole += POOL / NODES;
      insert_row(db, insert, row, all->columns);
    }
  for (int k = 0; k < all->rows; k++) all->row[k][NUMBER_COLUMN].whole -= (tasks - POOL) / NODES;
  sqlite3_finalize(insert);
}

/* Of a database that holds the pool, recorded. */
static cost insert(const char *path, const rows *tasks, const rows *decisions, int64_t count) {
  iscc_error error = {""};
  sqlite3 *db;
  must(iscc_database_open(path, &db, &error), &error);
  const cost start = now();
  must_sql(db, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
  insert_tasks(db, tasks, count);
  insert_decisions(db, decisions, count);
  must_sql(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
  const cost took = since(start);
  sqlite3_close(db);
  return took;
}

/* Fails unless both hold the same tasks and decisions. */
static void check_equal(const char *a, const char *b) {
  static const char *const table[] = {"task", "decision"};
  iscc_error error = {""};
  sqlite3 *db;
  must(iscc_database_open(a, &db, &error), &error);
  char *attach = sqlite3_mprintf("ATTACH %Q AS b", b);
  must_sql(db, sqlite3_exec(db, attach, NULL, NULL, NULL));
  sqlite3_free(attach);
  for (int k = 0; k < 2; k++) {
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT (SELECT count(*) FROM %s) = (SELECT count(*) FROM b.%s) AND NOT EXISTS (SELECT * FROM "
             "%s EXCEPT SELECT * FROM b.%s)",
             table[k], table[k], table[k], table[k]);
    rows same = read_rows(db, sql, 1);
    if (!same.row[0][0].whole) fail("recorder and bare INSERT did not write the same rows");
    free_rows(&same);
  }
  sqlite3_close(db);
}

static void remove_database(const char *path) {
  static const char *const beside[] = {"", "-wal", "-shm"};
  char name[96];
  for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
    snprintf(name, sizeof name, "%s%s", path, beside[i]);
    unlink(name);
  }
}

static void time_insertion(void) {
  char recorded[64], bare[64];
  double ratio[REPEATS], cpu_ratio[REPEATS], record_s[REPEATS], insert_s[REPEATS];
  iscc_error error = {""};
  sqlite3 *db;
  snprintf(recorded, sizeof recorded, "%s/recorded.db", folder);
  snprintf(bare, sizeof bare, "%s/bare.db", folder);
  record(recorded, POOL);
  must(iscc_database_open(recorded, &db, &error), &error);
  rows tasks = read_rows(db, "SELECT * FROM task ORDER BY task_no, node_id", POOL);
  rows decisions = read_rows(db, "SELECT * FROM decision ORDER BY task_no, node_id, turn", DECISIONS * POOL);
  sqlite3_close(db);
  for (int k = 0; k < REPEATS; k++) {
    remove_database(recorded);
    remove_database(bare);
    const cost by_record = record(recorded, INSERTED);
    const cost by_insert = insert(bare, &tasks, &decisions, INSERTED);
    record_s[k] = by_record.wall_s;
    insert_s[k] = by_insert.wall_s;
    ratio[k] = by_record.wall_s / by_insert.wall_s;
    cpu_ratio[k] = by_record.cpu_s / by_insert.cpu_s;
    if (k == 0) check_equal(recorded, bare);
  }
  printf("%d tasks of %d nodes with %.2f decisions each, one transaction; median of %d\n"
         "  recorded                        %9.2f us/task\n"
         "  bare INSERT of the same rows    %9.2f us/task\n"
         "  ratio                           %9.3f      target <= 1.3\n"
         "  ratio of processor times        %9.3f\n",
         INSERTED, NODES, (double)decisions.rows / POOL, REPEATS, 1e6 * median(record_s, REPEATS) / INSERTED,
         1e6 * median(insert_s, REPEATS) / INSERTED, median(ratio, REPEATS), median(cpu_ratio, REPEATS));
  free_rows(&tasks);
  free_rows(&decisions);
  remove_database(recorded);
  remove_database(bare);
}

/* Other work on the machine makes figures worse. */
static void print_load(void) {
  double load[3];
  if (getloadavg(load, 3) == 3)
    printf("load average %.2f (1 min), %.2f (5 min), %.2f (15 min)\n", load[0], load[1], load[2]);
}

int main(void) {
  if (!mkdtemp(folder)) fail("no temporary folder in /tmp");
  print_load();
  fill_pool();
  time_insertion();
  print_load();
  rmdir(folder);
  return EXIT_SUCCESS;
}
