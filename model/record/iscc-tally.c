/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks and decisions of a node are read side by side in the order of their keys. SQL alone would look for the
 * task of each decision and sort them by choice, which takes three times as long. */
#include "iscc-tally.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-task.h"

enum { PLANNED = 7, REALISED = 4 };

typedef struct { /* a row of table choice */
  int64_t split, bits, tasks, answered;
  double planned[PLANNED];   /* keep_ratio .. predicted_accuracy */
  double realised[REALISED]; /* planned_energy_j .. realised_latency_s */
} choice;

typedef struct { /* a row of table tally, and the node's of choice */
  int64_t tasks, outcome[ISCC_OUTCOME_COUNT], judged, correct, energy_used;
  double latency_s, sensing_j, compute_j, uplink_j, energy_j;
  int64_t decisions, certified, refused, iterations;
  bool iterations_known;                                       /* of all */
  double greatest_gap, solver_wall_us, longest_solver_wall_us; /* NAN: none */
  choice *choices;
  size_t count, capacity, last;
} sums;

enum { NODES, TASKS, DECISIONS, TALLY, CHOICE, STATEMENTS };

/* Columns of what is read, and of its rows where they are in the statement. */
enum { TASK_NO, OUTCOME, CORRECT, TASK_LATENCY, WAIT, SENSING, COMPUTE, UPLINK, TASK_ENERGY };
enum {
  EXECUTED = 1,
  STATUS,
  GAP,
  WALL,
  ITERATIONS,
  SPLIT,
  BITS,
  KEEP_RATIO,
  PLANNED_ENERGY = KEEP_RATIO + 4,
  PLANNED_LATENCY
};

static const char *const sql[STATEMENTS] = {
    [NODES] = "SELECT node_id FROM node WHERE run_id = ?1 ORDER BY node_id",
    [TASKS] = "SELECT task_no, outcome, correct, latency_s, wait_ns, sensing_j, compute_j, uplink_j, energy_j"
              " FROM task WHERE run_id = ?1 AND node_id = ?2 ORDER BY task_no",
    [DECISIONS] =
        "SELECT task_no, executed, status, relative_gap, solver_wall_us, iterations, split, bits, keep_ratio,"
        " sensing_power_w, transmit_power_w, edge_speed_flops, energy_j, latency_s, predicted_accuracy"
        " FROM decision WHERE run_id = ?1 AND node_id = ?2 ORDER BY task_no, turn",
    [TALLY] = "INSERT INTO tally VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [CHOICE] = "INSERT INTO choice VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"};

static bool is_text(sqlite3_stmt *row, int column, const char *text) {
  const char *held = (const char *)sqlite3_column_text(row, column);
  return held && strcmp(held, text) == 0;
}

static bool is_null(sqlite3_stmt *row, int column) {
  return sqlite3_column_type(row, column) == SQLITE_NULL;
}

static void add_task(sums *s, sqlite3_stmt *task) {
  int outcome = 0;
  while (outcome < ISCC_OUTCOME_COUNT && !is_text(task, OUTCOME, iscc_outcome_name((iscc_outcome)outcome)))
    outcome++;
  if (outcome < ISCC_OUTCOME_COUNT) s->outcome[outcome]++;
  const double energy_j = sqlite3_column_double(task, TASK_ENERGY);
  s->tasks++;
  s->judged += !is_null(task, CORRECT);
  s->correct += sqlite3_column_int64(task, CORRECT);
  s->latency_s += sqlite3_column_double(task, TASK_LATENCY); /* 0 of NULL */
  s->energy_used += energy_j > 0;
  s->sensing_j += sqlite3_column_double(task, SENSING);
  s->compute_j += sqlite3_column_double(task, COMPUTE);
  s->uplink_j += sqlite3_column_double(task, UPLINK);
  s->energy_j += energy_j;
}

/* NULL: out of memory. */
static choice *find_choice(sums *s, int64_t split, int64_t bits) {
  if (s->last < s->count && s->choices[s->last].split == split && s->choices[s->last].bits == bits)
    return &s->choices[s->last];
  for (s->last = 0; s->last < s->count; s->last++)
    if (s->choices[s->last].split == split && s->choices[s->last].bits == bits) return &s->choices[s->last];
  if (s->count == s->capacity) {
    const size_t capacity = s->capacity ? 2 * s->capacity : 16;
    choice *more = realloc(s->choices, capacity * sizeof *more);
    if (!more) return NULL;
    s->choices = more;
    s->capacity = capacity;
  }
  s->choices[s->count] = (choice){.split = split, .bits = bits};
  return &s->choices[s->count++];
}

static int add_choice(sums *s, sqlite3_stmt *decision, sqlite3_stmt *task) {
  choice *c = find_choice(s, sqlite3_column_int64(decision, SPLIT), sqlite3_column_int64(decision, BITS));
  if (!c) return SQLITE_NOMEM;
  c->tasks++;
  for (int k = 0; k < PLANNED; k++) c->planned[k] += sqlite3_column_double(decision, KEEP_RATIO + k);
  if (is_null(task, TASK_LATENCY)) return SQLITE_OK;
  const double waited_s = 1e-9 * (double)sqlite3_column_int64(task, WAIT);
  c->answered++;
  c->realised[0] += sqlite3_column_double(decision, PLANNED_ENERGY);
  c->realised[1] += sqlite3_column_double(task, TASK_ENERGY);
  c->realised[2] += sqlite3_column_double(decision, PLANNED_LATENCY);
  c->realised[3] += sqlite3_column_double(task, TASK_LATENCY) - waited_s;
  return SQLITE_OK;
}

/* task: its task; NULL: that is not there. */
static int add_decision(sums *s, sqlite3_stmt *decision, sqlite3_stmt *task) {
  const double wall_us = sqlite3_column_double(decision, WALL);
  s->decisions++;
  s->certified += is_text(decision, STATUS, "optimal");
  s->refused += is_text(decision, STATUS, "infeasible");
  s->solver_wall_us += wall_us;
  s->iterations += sqlite3_column_int64(decision, ITERATIONS);
  s->iterations_known &= !is_null(decision, ITERATIONS);
  s->longest_solver_wall_us = fmax(s->longest_solver_wall_us, wall_us);
  if (!is_null(decision, GAP)) s->greatest_gap = fmax(s->greatest_gap, sqlite3_column_double(decision, GAP));
  const bool carried_out = task && sqlite3_column_int(decision, EXECUTED) == 1 && !is_null(decision, SPLIT);
  return carried_out ? add_choice(s, decision, task) : SQLITE_OK;
}

/* Decisions of one task, and of those before it that are not there; task NULL: all that are left. */
static int add_decisions(sums *s, sqlite3_stmt *decision, sqlite3_stmt *task, int result) {
  while (result == SQLITE_ROW) {
    const int64_t ahead =
        task ? sqlite3_column_int64(decision, TASK_NO) - sqlite3_column_int64(task, TASK_NO) : -1;
    if (ahead > 0) return result;
    result = add_decision(s, decision, ahead == 0 ? task : NULL);
    if (result == SQLITE_OK) result = sqlite3_step(decision);
  }
  return result;
}

static int sum_up(sums *s, sqlite3_stmt *task, sqlite3_stmt *decision) {
  int result = SQLITE_OK, next = sqlite3_step(decision);
  while ((next == SQLITE_ROW || next == SQLITE_DONE) && (result = sqlite3_step(task)) == SQLITE_ROW) {
    add_task(s, task);
    next = add_decisions(s, decision, task, next);
  }
  if (next == SQLITE_ROW && result == SQLITE_DONE) next = add_decisions(s, decision, NULL, next);
  return next == SQLITE_DONE ? result : next;
}

/* ---- rows that are written ---- */

static int put_integers(sqlite3_stmt *insert, int place, const int64_t *values, int count) {
  int result = SQLITE_OK;
  for (int k = 0; k < count; k++) result |= sqlite3_bind_int64(insert, place + k, values[k]);
  return result;
}

static int put_reals(sqlite3_stmt *insert, int place, const double *values,
                     int count) { /* NAN becomes NULL */
  int result = SQLITE_OK;
  for (int k = 0; k < count; k++) result |= sqlite3_bind_double(insert, place + k, values[k]);
  return result;
}

static int write_row(sqlite3_stmt *insert, int bound) {
  int result = bound == SQLITE_OK ? sqlite3_step(insert) : bound;
  sqlite3_reset(insert);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

static int write_tally(sqlite3_stmt *insert, const int64_t key[2], const sums *s) {
  const int64_t after_outcomes[] = {s->judged, s->correct},
                calls[] = {s->decisions, s->certified, s->refused};
  const double energy[] = {s->sensing_j, s->compute_j, s->uplink_j, s->energy_j},
               solver[] = {s->greatest_gap, s->solver_wall_us, s->longest_solver_wall_us};
  int bound = sqlite3_clear_bindings(insert);
  bound |= put_integers(insert, 1, key, 2);
  bound |= put_integers(insert, 3, &s->tasks, 1);
  bound |= put_integers(insert, 4, s->outcome, ISCC_OUTCOME_COUNT);
  bound |= put_integers(insert, 10, after_outcomes, 2);
  bound |= put_reals(insert, 12, &s->latency_s, 1);
  bound |= put_integers(insert, 13, &s->energy_used, 1);
  bound |= put_reals(insert, 14, energy, 4);
  bound |= put_integers(insert, 18, calls, 3);
  if (s->iterations_known) bound |= put_integers(insert, 21, &s->iterations, 1);
  bound |= put_reals(insert, 22, solver, 3);
  return write_row(insert, bound);
}

static int write_choices(sqlite3_stmt *insert, const int64_t key[2], const sums *s) {
  int result = SQLITE_OK;
  for (size_t i = 0; i < s->count && result == SQLITE_OK; i++) {
    const choice *c = &s->choices[i];
    const int64_t what[] = {c->split, c->bits, c->tasks};
    int bound = put_integers(insert, 1, key, 2);
    bound |= put_integers(insert, 3, what, 3);
    bound |= put_reals(insert, 6, c->planned, PLANNED);
    bound |= put_integers(insert, 6 + PLANNED, &c->answered, 1);
    bound |= put_reals(insert, 7 + PLANNED, c->realised, REALISED);
    result = write_row(insert, bound);
  }
  return result;
}

static int add_node(sqlite3_stmt *const statement[STATEMENTS], const int64_t key[2]) {
  sums s = {.iterations_known = true, .greatest_gap = (double)NAN, .longest_solver_wall_us = (double)NAN};
  int result = put_integers(statement[TASKS], 1, key, 2) | put_integers(statement[DECISIONS], 1, key, 2);
  if (result == SQLITE_OK) result = sum_up(&s, statement[TASKS], statement[DECISIONS]);
  sqlite3_reset(statement[TASKS]);
  sqlite3_reset(statement[DECISIONS]);
  if (result == SQLITE_DONE) result = write_tally(statement[TALLY], key, &s);
  if (result == SQLITE_OK) result = write_choices(statement[CHOICE], key, &s);
  free(s.choices);
  return result;
}

int iscc_tally_add(sqlite3 *db, int64_t run_id) {
  sqlite3_stmt *statement[STATEMENTS] = {0};
  int result = SQLITE_OK;
  for (int k = 0; k < STATEMENTS && result == SQLITE_OK; k++)
    result = sqlite3_prepare_v2(db, sql[k], -1, &statement[k], NULL);
  if (result == SQLITE_OK) result = sqlite3_bind_int64(statement[NODES], 1, run_id);
  while (result == SQLITE_OK && (result = sqlite3_step(statement[NODES])) == SQLITE_ROW)
    result = add_node(statement, (int64_t[]){run_id, sqlite3_column_int64(statement[NODES], 0)});
  for (int k = 0; k < STATEMENTS; k++) sqlite3_finalize(statement[k]);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

int iscc_tally_add_missing(sqlite3 *db) {
  sqlite3_stmt *missing = NULL;
  int result = sqlite3_prepare_v2(
      db,
      "SELECT run_id FROM run WHERE EXISTS (SELECT 1 FROM node WHERE node.run_id = run.run_id)"
      " AND NOT EXISTS (SELECT 1 FROM tally WHERE tally.run_id = run.run_id)",
      -1, &missing, NULL);
  while (result == SQLITE_OK && (result = sqlite3_step(missing)) == SQLITE_ROW)
    result = iscc_tally_add(db, sqlite3_column_int64(missing, 0));
  sqlite3_finalize(missing);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}
