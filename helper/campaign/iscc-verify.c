/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-verify.h"

#include <limits.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-campaign-pool.h"
#include "iscc-campaign-store.h"
#include "iscc-database.h"
#include "iscc-program-version.h"
#include "iscc-program.h"
#include "iscc-progress.h"
#include "iscc-run-arguments.h"
#include "iscc-run-environment.h"
#include "iscc-run-metrics.h"
#include "iscc-run-tables.h"

enum { DIFFERENCE_MAX = 600 };

typedef struct {
  sqlite3 *db;
  iscc_campaign_pool *pool;
  const char *program; /* as given; NULL: by name */
  iscc_error *error;
  char hashed[PATH_MAX];
  iscc_program_version version; /* of the program that was looked at last */
} verifier;

typedef struct {
  int64_t execution_id, run_id, seed, run;
  char *program, *sha256, *arguments; /* its own */
} recorded;

static iscc_status say(sqlite3 *db, iscc_error *error) {
  return iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
}

/* How many rows one of two queries yields and the other does not; -1: it cannot be told. */
static int64_t count_differences(sqlite3 *db, const char *a, const char *b) {
  sqlite3_stmt *ask = NULL;
  char *sql = sqlite3_mprintf(
      "SELECT (SELECT count(*) FROM (%s EXCEPT %s)) + (SELECT count(*) FROM (%s EXCEPT %s))", a, b, b, a);
  int64_t count = -1;
  if (sql && sqlite3_prepare_v2(db, sql, -1, &ask, NULL) == SQLITE_OK && sqlite3_step(ask) == SQLITE_ROW)
    count = sqlite3_column_int64(ask, 0);
  sqlite3_finalize(ask);
  sqlite3_free(sql);
  return count;
}

/* Columns of a table that are the same for the same run. */
static char *columns_of(sqlite3 *db, const char *table) {
  sqlite3_stmt *ask = NULL;
  char *list = NULL;
  if (sqlite3_prepare_v2(db,
                         "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(?1, 'main')"
                         " WHERE name <> 'run_id' AND name NOT LIKE '%wall%' AND (?1 <> 'run' OR name IN"
                         " ('parameters', 'seed', 'run', 'model_sha256', 'status', 'end_ns'))",
                         -1, &ask, NULL) == SQLITE_OK) {
    sqlite3_bind_text(ask, 1, table, -1, SQLITE_STATIC);
    if (sqlite3_step(ask) == SQLITE_ROW) list = sqlite3_mprintf("%s", sqlite3_column_text(ask, 0));
  }
  sqlite3_finalize(ask);
  return list;
}

/* Adds to text what differs between a run and the shard that is attached. */
static void compare_tables(sqlite3 *db, int64_t run_id, char text[DIFFERENCE_MAX]) {
  for (int i = 0; i < ISCC_RUN_TABLES; i++) {
    char *columns = columns_of(db, iscc_run_table[i]);
    char *ours = sqlite3_mprintf("SELECT %s FROM main.%s WHERE run_id = %lld", columns, iscc_run_table[i],
                                 (long long)run_id);
    char *theirs = sqlite3_mprintf("SELECT %s FROM shard.%s", columns, iscc_run_table[i]);
    const int64_t rows = columns && ours && theirs ? count_differences(db, ours, theirs) : -1;
    const size_t used = strlen(text);
    if (rows < 0)
      snprintf(text + used, DIFFERENCE_MAX - used, "%s%s: %s", used ? ", " : "", iscc_run_table[i],
               sqlite3_errmsg(db));
    if (rows > 0)
      snprintf(text + used, DIFFERENCE_MAX - used, "%s%s: %lld rows are on one side alone", used ? ", " : "",
               iscc_run_table[i], (long long)rows);
    sqlite3_free(columns);
    sqlite3_free(ours);
    sqlite3_free(theirs);
  }
}

static void compare_shard(sqlite3 *db, const recorded *e, const iscc_pool_run *run,
                          char text[DIFFERENCE_MAX]) {
  iscc_error why = {""};
  char *attach = sqlite3_mprintf("ATTACH %Q AS shard", run->shard);
  if (iscc_campaign_shard_check(run->shard, e->seed, e->run, &why))
    snprintf(text, DIFFERENCE_MAX, "%s", why.text);
  else if (!attach || sqlite3_exec(db, attach, NULL, NULL, NULL))
    snprintf(text, DIFFERENCE_MAX, "%s", sqlite3_errmsg(db));
  else {
    compare_tables(db, e->run_id, text);
    sqlite3_exec(db, "DETACH shard", NULL, NULL, NULL);
  }
  sqlite3_free(attach);
}

/* The value recorded under a name; false: there is none. */
static bool find_value(sqlite3 *db, int64_t execution_id, const char *name, double *value) {
  sqlite3_stmt *ask = NULL;
  bool found = false;
  if (sqlite3_prepare_v2(db, "SELECT value FROM metric WHERE execution_id = ?1 AND name = ?2", -1, &ask,
                         NULL) == SQLITE_OK) {
    sqlite3_bind_int64(ask, 1, execution_id);
    sqlite3_bind_text(ask, 2, name, -1, SQLITE_STATIC);
    found = sqlite3_step(ask) == SQLITE_ROW;
    if (found) *value = sqlite3_column_double(ask, 0);
  }
  sqlite3_finalize(ask);
  return found;
}

/* What is said of a run beside what its tasks come to. A metric without value is NaN, and has no row. */
static void compare_metrics(sqlite3 *db, const recorded *e, char text[DIFFERENCE_MAX]) {
  double values[ISCC_RUN_METRICS];
  if (iscc_run_metrics_read(db, e->run_id, values)) {
    snprintf(text, DIFFERENCE_MAX, "%s", sqlite3_errmsg(db));
    return;
  }
  for (int i = 0; i < ISCC_RUN_METRICS && !text[0]; i++) {
    double was = (double)NAN;
    const bool there = find_value(db, e->execution_id, iscc_run_metric_name(i), &was),
               none = isnan(values[i]);
    if (there == none || (there && was != values[i]))
      snprintf(text, DIFFERENCE_MAX, "metric: %s is %.17g of its tasks, %.17g on record",
               iscc_run_metric_name(i), values[i], was);
  }
}

static void compare_lines(sqlite3 *db, const recorded *e, const iscc_pool_run *run,
                          char text[DIFFERENCE_MAX]) {
  iscc_value *values;
  size_t count;
  iscc_error why = {""};
  char recorded_count[128];
  if (iscc_value_lines_read(run->stdout_path, &values, &count, &why)) {
    snprintf(text, DIFFERENCE_MAX, "%s", why.text);
    return;
  }
  for (size_t i = 0; i < count && !text[0]; i++) {
    double value;
    if (!find_value(db, e->execution_id, values[i].name, &value))
      snprintf(text, DIFFERENCE_MAX, "%s is printed and was not", values[i].name);
    else if (value != values[i].value)
      snprintf(text, DIFFERENCE_MAX, "%s is %.17g, was %.17g", values[i].name, values[i].value, value);
  }
  snprintf(recorded_count, sizeof recorded_count, "SELECT name FROM metric WHERE execution_id = %lld",
           (long long)e->execution_id);
  const int64_t rows = count_differences(db, recorded_count, "SELECT 0 WHERE 0");
  if (!text[0] && rows != (int64_t)count)
    snprintf(text, DIFFERENCE_MAX, "%zu values are printed, %lld were", count, (long long)rows);
  free(values);
}

static void compare(sqlite3 *db, const recorded *e, const iscc_pool_run *run, char text[DIFFERENCE_MAX]) {
  if (run->process.exit_status != 0) {
    snprintf(text, DIFFERENCE_MAX, "it ended with status %d, signal %d", run->process.exit_status,
             run->process.signal);
  } else if (e->run_id) {
    compare_shard(db, e, run, text);
    if (!text[0]) compare_metrics(db, e, text);
  } else {
    compare_lines(db, e, run, text);
  }
}

/* Waits for the one run of the pool. */
static iscc_status wait_for(const verifier *v, iscc_pool_run **run) {
  iscc_status status = ISCC_OK;
  for (*run = NULL; !status && !*run;) status = iscc_campaign_pool_wait(v->pool, 1, run, v->error);
  return status == ISCC_EINTR ? iscc_fail(v->error, status, "interrupted") : status;
}

/* Of the same program once. */
static iscc_status hash(verifier *v, const char *path) {
  if (strcmp(v->hashed, path) == 0) return ISCC_OK;
  snprintf(v->hashed, sizeof v->hashed, "%s", path);
  iscc_program_version_free(&v->version);
  return iscc_program_version_read(path, &v->version, v->error);
}

static iscc_status verify_one(verifier *v, const recorded *e, iscc_verify_each *each, void *ctx) {
  char path[PATH_MAX], difference[DIFFERENCE_MAX] = "";
  iscc_status status = ISCC_OK;
  if (v->program)
    snprintf(path, sizeof path, "%s", v->program);
  else
    status = iscc_program_find(e->program, "", path, sizeof path, v->error);
  if (!status) status = hash(v, path);
  if (status) return status;
  iscc_pool_run *run = iscc_campaign_pool_place(v->pool);
  char **argv =
      run ? iscc_run_arguments_make(path, e->arguments, e->seed, e->run, e->run_id ? run->shard : NULL)
          : NULL;
  if (!argv)
    return iscc_fail(v->error, ISCC_ENOMEM, "execution %lld: out of memory, or damaged arguments",
                     (long long)e->execution_id);
  status = iscc_campaign_pool_start(v->pool, run, argv, v->error);
  iscc_run_arguments_free(argv);
  if (!status) status = wait_for(v, &run);
  if (!status) status = iscc_program_version_check(&v->version, v->error);
  if (status) return status;
  compare(v->db, e, run, difference);
  iscc_campaign_pool_release(run);
  const iscc_verdict verdict = {.execution_id = e->execution_id,
                                .run_id = e->run_id,
                                .arguments = e->arguments,
                                .run = e->run,
                                .equal = !difference[0],
                                .same_program = strcmp(v->version.sha256, e->sha256) == 0,
                                .difference = difference};
  each(ctx, &verdict);
  return ISCC_OK;
}

#define SELECTED "FROM execution WHERE outcome = 'done' AND (?1 = 0 OR coalesce(run_id, execution_id) = ?1)"

static int64_t count_selected(sqlite3 *db, int64_t only) {
  sqlite3_stmt *ask = NULL;
  int64_t count = 0;
  if (sqlite3_prepare_v2(db, "SELECT count(*) " SELECTED, -1, &ask, NULL) == SQLITE_OK) {
    sqlite3_bind_int64(ask, 1, only);
    if (sqlite3_step(ask) == SQLITE_ROW) count = sqlite3_column_int64(ask, 0);
  }
  sqlite3_finalize(ask);
  return count;
}

static char *copy_text(sqlite3_stmt *row, int column) {
  const unsigned char *text = sqlite3_column_text(row, column);
  return strdup(text ? (const char *)text : "");
}

static void free_texts(recorded *e) {
  free(e->program);
  free(e->sha256);
  free(e->arguments);
}

/* The next one after e, in its place; *found is false past the last. Nothing is being read then: a shard can be detached, and the
 * database is not locked while a run is going on. */
static iscc_status read_next(sqlite3 *db, sqlite3_stmt *ask, recorded *e, bool *found, iscc_error *error) {
  sqlite3_bind_int64(ask, 2, e->execution_id);
  const int result = sqlite3_step(ask);
  free_texts(e);
  *e = (recorded){.program = NULL};
  *found = result == SQLITE_ROW;
  if (*found)
    *e = (recorded){.execution_id = sqlite3_column_int64(ask, 0),
                    .run_id = sqlite3_column_int64(ask, 1),
                    .seed = sqlite3_column_int64(ask, 2),
                    .run = sqlite3_column_int64(ask, 3),
                    .program = copy_text(ask, 4),
                    .sha256 = copy_text(ask, 5),
                    .arguments = copy_text(ask, 6)};
  sqlite3_reset(ask);
  if (!*found) return result == SQLITE_DONE ? ISCC_OK : say(db, error);
  return e->program && e->sha256 && e->arguments ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "out of memory");
}

static iscc_status verify_all(verifier *v, sqlite3_stmt *ask, int64_t total, iscc_verify_each *each,
                              void *ctx, int64_t *checked) {
  recorded e = {.execution_id = INT64_MIN};
  iscc_progress progress;
  bool found;
  iscc_progress_begin(&progress, "verify", 0, (uint64_t)total);
  iscc_status status = read_next(v->db, ask, &e, &found, v->error);
  while (!status && found) {
    status = verify_one(v, &e, each, ctx);
    *checked += !status;
    iscc_progress_show(&progress, (uint64_t)*checked);
    if (!status) status = read_next(v->db, ask, &e, &found, v->error);
  }
  iscc_progress_end(&progress, (uint64_t)*checked);
  free_texts(&e);
  return status;
}

static iscc_status verify_selected(verifier *v, int64_t only, iscc_verify_each *each, void *ctx,
                                   int64_t *checked) {
  sqlite3_stmt *ask = NULL;
  const int64_t total = count_selected(v->db, only);
  if (total == 0 && only)
    return iscc_fail(v->error, ISCC_EINVAL, "no run of a campaign that is done has the number %lld",
                     (long long)only);
  if (total == 0)
    return iscc_fail(v->error, ISCC_EINVAL, "the database holds no runs of a campaign that are done");
  if (sqlite3_prepare_v2(
          v->db,
          "SELECT execution_id, run_id, seed, run, program, program_sha256, arguments " SELECTED
          " AND execution_id > ?2 ORDER BY 1 LIMIT 1",
          -1, &ask, NULL))
    return say(v->db, v->error);
  sqlite3_bind_int64(ask, 1, only);
  const iscc_status status = verify_all(v, ask, total, each, ctx, checked);
  sqlite3_finalize(ask);
  return status;
}

/* What runs record now lies beside the database, as in a campaign, or where temporary files are when nothing may lie there. */
static iscc_status open_pool(verifier *v, const char *database) {
  const char *temporary = getenv("TMPDIR");
  char *folder = strdup(database), *slash = folder ? strrchr(folder, '/') : NULL, *place = NULL;
  if (slash) slash[slash == folder] = '\0';
  const bool beside = folder && access(slash ? folder : ".", W_OK) == 0;
  free(folder);
  if (!beside &&
      asprintf(&place, "%s/iscc-verify-%d", temporary && *temporary ? temporary : "/tmp", (int)getpid()) < 0)
    return iscc_fail(v->error, ISCC_ENOMEM, "out of memory");
  const iscc_status status =
      iscc_campaign_pool_open(beside ? database : place, 1, INFINITY, &v->pool, v->error);
  free(place);
  return status;
}

iscc_status iscc_verify(const char *database, int64_t only, const char *program, iscc_verify_each *each,
                        void *ctx, int64_t *checked, iscc_error *error) {
  verifier v = {.program = program, .error = error};
  *checked = 0;
  iscc_status status = iscc_run_environment_check(error);
  if (!status) status = iscc_database_open_read(database, &v.db, error);
  if (!status) status = open_pool(&v, database);
  if (!status) iscc_campaign_pool_start_anew(v.pool);
  if (!status) status = verify_selected(&v, only, each, ctx, checked);
  iscc_campaign_pool_close(v.pool);
  iscc_program_version_free(&v.version);
  sqlite3_close(v.db);
  return status;
}
