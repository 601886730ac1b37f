/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-grid.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>

#define NUMBER "\"#\"" /* a column's name that no option has */

/* What a condition may take, whatever it says: bytes of a text and of a pattern of LIKE, and steps of SQLite in rounds of so many,
 * one for each point and ROUNDS more. */
enum { TEXT_MAX = 1 << 16, PATTERN_MAX = 100, STEPS = 1000, ROUNDS = 100 };

struct iscc_grid {
  const iscc_grid_axis *axis;
  size_t axes, options, all, points;
  uint32_t *number; /* of the points that are left, in the whole product */
};

/* Which axis holds an option of the grid, and which of its options it is. */
static const iscc_grid_axis *axis_of(const iscc_grid *g, size_t option, size_t *within) {
  const iscc_grid_axis *axis = g->axis;
  for (; option >= axis->options; axis++) option -= axis->options;
  *within = option;
  return axis;
}

/* The last axis changes fastest. */
static const char *value_in_product(const iscc_grid *g, size_t number, size_t option) {
  size_t within;
  const iscc_grid_axis *axis = axis_of(g, option, &within);
  for (const iscc_grid_axis *after = g->axis + g->axes - 1; after > axis; after--) number /= after->length;
  return axis->option[within].value[number % axis->length];
}

static iscc_status count_product(iscc_grid *g, iscc_error *error) {
  g->all = 1;
  for (size_t a = 0; a < g->axes; a++) {
    g->options += g->axis[a].options;
    g->all *= g->axis[a].length;
    if (g->all > ISCC_GRID_POINTS_MAX)
      return iscc_fail(error, ISCC_EINVAL, "the grid has more than %d points", ISCC_GRID_POINTS_MAX);
  }
  return ISCC_OK;
}

static void add_column(sqlite3_str *sql, const char *option) {
  sqlite3_str_appendchar(sql, 1, '"');
  for (const char *c = option; *c; c++) sqlite3_str_appendchar(sql, *c == '"' ? 2 : 1, *c == '-' ? '_' : *c);
  sqlite3_str_appendall(sql, "\" NUMERIC");
}

static int insert_points(const iscc_grid *g, sqlite3 *db, const char *sql) {
  sqlite3_stmt *insert = NULL;
  int rc = sqlite3_prepare_v2(db, sql, -1, &insert, NULL);
  for (size_t n = 0; !rc && n < g->all; n++) {
    for (size_t i = 0; i < g->options; i++)
      sqlite3_bind_text(insert, (int)i + 1, value_in_product(g, n, i), -1, SQLITE_STATIC);
    rc = sqlite3_step(insert) == SQLITE_DONE ? sqlite3_reset(insert) : sqlite3_errcode(db);
  }
  sqlite3_finalize(insert);
  return rc;
}

/* All points of the product in a table, one column per option. */
static int fill_table(const iscc_grid *g, sqlite3 *db) {
  sqlite3_str *columns = sqlite3_str_new(db), *values = sqlite3_str_new(db);
  sqlite3_str_appendall(columns, "BEGIN; CREATE TABLE point (" NUMBER " INTEGER PRIMARY KEY");
  sqlite3_str_appendall(values, "INSERT INTO point VALUES (NULL");
  for (size_t i = 0; i < g->options; i++) {
    sqlite3_str_appendall(columns, ", ");
    add_column(columns, iscc_grid_name(g, i));
    sqlite3_str_appendall(values, ", ?");
  }
  sqlite3_str_appendall(columns, ")");
  sqlite3_str_appendall(values, ")");
  char *create = sqlite3_str_finish(columns), *insert = sqlite3_str_finish(values);
  int rc = create && insert ? sqlite3_exec(db, create, NULL, NULL, NULL) : SQLITE_NOMEM;
  if (!rc) rc = insert_points(g, db, insert);
  sqlite3_free(create);
  sqlite3_free(insert);
  return rc;
}

static iscc_status say_condition(const iscc_grid_condition *c, const char *why, iscc_error *error) {
  return iscc_fail(error, ISCC_EINVAL, "%s: where: \"%s\": %s; options are named with '_' for '-'", c->place,
                   c->expression, why);
}

/* Whether a condition is one expression. It stands without brackets around it, so that those it has must be its own: in them, those
 * that keep_points() puts around it cannot be closed. */
static iscc_status check_alone(sqlite3 *db, const iscc_grid_condition *c, iscc_error *error) {
  sqlite3_stmt *alone = NULL;
  const char *tail = "";
  iscc_status status = ISCC_OK;
  char *sql = sqlite3_mprintf("SELECT %s\n FROM point", c->expression);
  if (!sql)
    status = iscc_fail(error, ISCC_ENOMEM, "grid: out of memory");
  else if (sqlite3_prepare_v2(db, sql, -1, &alone, &tail))
    status = say_condition(c, sqlite3_errmsg(db), error);
  else if (*tail || sqlite3_column_count(alone) != 1)
    status = say_condition(c, "one expression is wanted", error);
  sqlite3_finalize(alone);
  sqlite3_free(sql);
  return status;
}

/* Called after each round. */
static int is_last_round(void *rounds) {
  size_t *left = rounds;
  return --*left == 0;
}

/* Removes the points for which a condition is not true. */
static iscc_status keep_points(const iscc_grid *g, sqlite3 *db, const iscc_grid_condition *c,
                               iscc_error *error) {
  size_t rounds = g->all + ROUNDS;
  iscc_status status = check_alone(db, c, error);
  if (status) return status;
  char *sql = sqlite3_mprintf("DELETE FROM point WHERE (%s\n) IS NOT TRUE", c->expression);
  if (!sql) return iscc_fail(error, ISCC_ENOMEM, "grid: out of memory");
  sqlite3_progress_handler(db, STEPS, is_last_round, &rounds);
  const int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
  sqlite3_progress_handler(db, 0, NULL, NULL);
  sqlite3_free(sql);
  if (rc == SQLITE_INTERRUPT) return say_condition(c, "takes too many steps of SQLite", error);
  return rc ? say_condition(c, sqlite3_errmsg(db), error) : ISCC_OK;
}

static iscc_status read_left(iscc_grid *g, sqlite3 *db, iscc_error *error) {
  sqlite3_stmt *select = NULL;
  if (sqlite3_prepare_v2(db, "SELECT " NUMBER " - 1 FROM point ORDER BY " NUMBER, -1, &select, NULL))
    return iscc_fail(error, ISCC_ELIBRARY, "grid: %s", sqlite3_errmsg(db));
  for (g->points = 0; sqlite3_step(select) == SQLITE_ROW; g->points++)
    g->number[g->points] = (uint32_t)sqlite3_column_int64(select, 0);
  sqlite3_finalize(select);
  return ISCC_OK;
}

/* A condition is about options alone, and the same every time. */
static int allow(void *ctx, int action, const char *a, const char *name, const char *c, const char *d) {
  static const char *const other[] = {
      "random",    "randomblob", "date",         "time",         "datetime",         "julianday",
      "unixepoch", "strftime",   "current_date", "current_time", "current_timestamp"};
  (void)ctx, (void)a, (void)c, (void)d;
  if (action == SQLITE_RECURSIVE || action == SQLITE_ATTACH || action == SQLITE_PRAGMA) return SQLITE_DENY;
  for (size_t i = 0; action == SQLITE_FUNCTION && i < sizeof other / sizeof *other; i++)
    if (sqlite3_stricmp(name, other[i]) == 0) return SQLITE_DENY;
  return SQLITE_OK;
}

static void bound(sqlite3 *db) {
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, TEXT_MAX);
  sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, PATTERN_MAX);
  sqlite3_set_authorizer(db, allow, NULL);
}

static iscc_status keep_where(iscc_grid *g, const iscc_grid_condition *condition, size_t conditions,
                              iscc_error *error) {
  sqlite3 *db = NULL;
  iscc_status status = ISCC_OK;
  if (sqlite3_open(":memory:", &db) || sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL))
    status = iscc_fail(error, ISCC_ELIBRARY, "grid: %s", sqlite3_errmsg(db));
  else if (fill_table(g, db))
    status = iscc_fail(error, ISCC_EINVAL,
                       "%s: where: %s; it does not tell apart options that differ in case, or in - and _",
                       condition->place, sqlite3_errmsg(db));
  else
    bound(db);
  for (size_t i = 0; !status && i < conditions; i++) status = keep_points(g, db, condition + i, error);
  if (!status) status = read_left(g, db, error);
  sqlite3_close(db);
  return status;
}

iscc_status iscc_grid_create(const iscc_grid_axis *axis, size_t axes, const iscc_grid_condition *condition,
                             size_t conditions, iscc_grid **out, iscc_error *error) {
  iscc_grid *g = calloc(1, sizeof *g);
  *out = NULL;
  if (!g) return iscc_fail(error, ISCC_ENOMEM, "grid: out of memory");
  g->axis = axis;
  g->axes = axes;
  iscc_status status = count_product(g, error);
  if (!status && !(g->number = malloc(g->all * sizeof *g->number)))
    status = iscc_fail(error, ISCC_ENOMEM, "grid: out of memory");
  for (size_t n = 0; !status && n < g->all; n++) g->number[n] = (uint32_t)n;
  g->points = g->all;
  if (!status && conditions) status = keep_where(g, condition, conditions, error);
  if (!status && g->points == 0)
    status = iscc_fail(error, ISCC_EINVAL, "%s: where: leaves out all %zu points", condition->place, g->all);
  if (status)
    iscc_grid_destroy(g);
  else
    *out = g;
  return status;
}

void iscc_grid_destroy(iscc_grid *grid) {
  if (!grid) return;
  free(grid->number);
  free(grid);
}

size_t iscc_grid_points(const iscc_grid *grid) {
  return grid->points;
}

size_t iscc_grid_left_out(const iscc_grid *grid) {
  return grid->all - grid->points;
}

size_t iscc_grid_options(const iscc_grid *grid) {
  return grid->options;
}

const char *iscc_grid_name(const iscc_grid *grid, size_t option) {
  size_t within;
  return axis_of(grid, option, &within)->option[within].name;
}

const char *iscc_grid_value(const iscc_grid *grid, size_t point, size_t option) {
  return value_in_product(grid, grid->number[point], option);
}
