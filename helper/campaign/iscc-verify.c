/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-verify.h"

#include <limits.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-database.h"
#include "iscc-pool-begin.h"
#include "iscc-program-version.h"
#include "iscc-program.h"
#include "iscc-progress.h"
#include "iscc-run-compare.h"
#include "iscc-run-environment.h"

typedef struct {
  sqlite3 *db; /* nothing is being read from it while a run is going on: it is not locked then */
  iscc_pool *pool;
  const char *program; /* as given; NULL: by name */
  iscc_verify_each *each;
  void *ctx;
  iscc_error *error;
  char *name, path[PATH_MAX]; /* of the program that was looked for last */
  iscc_program_version version;
  iscc_error why; /* it cannot be run; empty: it can */
} verifier;

static iscc_status say(sqlite3 *db, iscc_error *error) {
  return iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
}

/* Waits for the one run of the pool. */
static iscc_status wait_for(const verifier *v, iscc_pool_run **run) {
  iscc_status status = ISCC_OK;
  for (*run = NULL; !status && !*run;) status = iscc_pool_wait(v->pool, 1, run, v->error);
  return status == ISCC_EINTR ? iscc_fail(v->error, status, "interrupted") : status;
}

/* Looks for a program and reads its hash, of the same one once. Executions come program by program. */
static void find_program(verifier *v, const char *name) {
  if (v->name && strcmp(v->name, name) == 0) return;
  free(v->name);
  v->name = strdup(name);
  v->why = (iscc_error){""};
  iscc_program_version_free(&v->version);
  iscc_status status = ISCC_OK;
  if (v->program && iscc_program_is_named(v->program, name))
    snprintf(v->path, sizeof v->path, "%s", v->program);
  else
    status = iscc_program_find(name, "", v->path, sizeof v->path, &v->why);
  if (!status) iscc_program_version_read(v->path, &v->version, &v->why);
}

/* Runs it again and compares. */
static iscc_status run_again(verifier *v, const iscc_recorded *e, char difference[ISCC_RUN_DIFFERENCE_MAX]) {
  const iscc_wanted_run wanted = {
      .path = v->path, .arguments = e->arguments, .seed = e->seed, .run = e->run, .prints = !e->run_id};
  iscc_pool_run *run;
  iscc_status status = iscc_pool_begin(v->pool, &wanted, &run, v->error);
  if (!status) status = wait_for(v, &run);
  if (!status) status = iscc_program_version_check(&v->version, v->error);
  if (status) return status;
  iscc_run_compare(v->db, e, run, difference);
  iscc_pool_release(run);
  return ISCC_OK;
}

static iscc_status verify_one(verifier *v, const iscc_recorded *e) {
  char difference[ISCC_RUN_DIFFERENCE_MAX] = "";
  find_program(v, e->program);
  const bool found = !v->why.text[0];
  const iscc_status status = found ? run_again(v, e, difference) : ISCC_OK;
  if (status) return status;
  const iscc_verdict verdict = {.execution_id = e->execution_id,
                                .run_id = e->run_id,
                                .program = e->program,
                                .arguments = e->arguments,
                                .run = e->run,
                                .unverified = found ? NULL : v->why.text,
                                .equal = found && !difference[0],
                                .same_program = found && strcmp(v->version.sha256, e->sha256) == 0,
                                .difference = difference,
                                .processor = e->processor};
  v->each(v->ctx, &verdict);
  return ISCC_OK;
}

/* An execution is known by the run that it recorded; by its own number if it recorded none and no run has that number. */
#define SELECTED                                                                                             \
  "FROM execution WHERE outcome = 'done' AND (?1 = 0 OR run_id = ?1 OR"                                      \
  " (run_id IS NULL AND execution_id = ?1 AND NOT EXISTS (SELECT 1 FROM run WHERE run.run_id = ?1)))"

/* One number that a query yields. only: its parameter. */
static iscc_status ask_count(const verifier *v, const char *sql, int64_t only, int64_t *count) {
  sqlite3_stmt *ask = NULL;
  int result = sqlite3_prepare_v2(v->db, sql, -1, &ask, NULL);
  if (!result) sqlite3_bind_int64(ask, 1, only); /* ignored by a query that does not use it */
  if (!result) result = sqlite3_step(ask);
  if (result == SQLITE_ROW) *count = sqlite3_column_int64(ask, 0);
  const iscc_status status = result == SQLITE_ROW ? ISCC_OK : say(v->db, v->error);
  sqlite3_finalize(ask);
  return status;
}

/* That there is something to verify, and with the program that was given. */
static iscc_status check_question(const verifier *v, int64_t only, int64_t total) {
  sqlite3_stmt *ask = NULL;
  bool named = !v->program;
  if (total == 0 && only)
    return iscc_fail(v->error, ISCC_EINVAL, "no run of a campaign that is done has the number %lld",
                     (long long)only);
  if (total == 0)
    return iscc_fail(v->error, ISCC_EINVAL, "the database holds no runs of a campaign that are done");
  int result = sqlite3_prepare_v2(v->db, "SELECT DISTINCT program " SELECTED, -1, &ask, NULL);
  if (!result) sqlite3_bind_int64(ask, 1, only);
  while (!result && !named && sqlite3_step(ask) == SQLITE_ROW)
    named = iscc_program_is_named(v->program, (const char *)sqlite3_column_text(ask, 0));
  sqlite3_finalize(ask);
  if (result) return say(v->db, v->error);
  return named ? ISCC_OK
               : iscc_fail(v->error, ISCC_EINVAL,
                           "--program: no run to verify is on record of a program that is named as '%s'; its "
                           "file must have the name that is in execution.program",
                           v->program);
}

/* Numbers of the executions asked for, program by program. Free with free(). */
static iscc_status list_selected(const verifier *v, int64_t only, int64_t total, int64_t **list,
                                 int64_t *count) {
  sqlite3_stmt *ask = NULL;
  *count = 0;
  *list = malloc((size_t)total * sizeof **list);
  if (!*list) return iscc_fail(v->error, ISCC_ENOMEM, "out of memory");
  int result = sqlite3_prepare_v2(v->db, "SELECT execution_id " SELECTED " ORDER BY program, execution_id",
                                  -1, &ask, NULL);
  if (!result) sqlite3_bind_int64(ask, 1, only);
  while (*count < total && !result && (result = sqlite3_step(ask)) == SQLITE_ROW) {
    (*list)[(*count)++] = sqlite3_column_int64(ask, 0);
    result = SQLITE_OK;
  }
  sqlite3_finalize(ask);
  return result && result != SQLITE_DONE ? say(v->db, v->error) : ISCC_OK;
}

static char *copy_text(sqlite3_stmt *row, int column) {
  const unsigned char *text = sqlite3_column_text(row, column);
  return strdup(text ? (const char *)text : "");
}

static iscc_status verify_numbered(verifier *v, sqlite3_stmt *ask, int64_t execution_id) {
  sqlite3_bind_int64(ask, 1, execution_id);
  if (sqlite3_step(ask) != SQLITE_ROW) {
    sqlite3_reset(ask);
    return ISCC_OK; /* it has gone meanwhile */
  }
  char *program = copy_text(ask, 3), *sha256 = copy_text(ask, 4), *arguments = copy_text(ask, 5),
       *processor = copy_text(ask, 6);
  const iscc_recorded e = {.execution_id = execution_id,
                           .run_id = sqlite3_column_int64(ask, 0),
                           .seed = sqlite3_column_int64(ask, 1),
                           .run = sqlite3_column_int64(ask, 2),
                           .program = program,
                           .sha256 = sha256,
                           .arguments = arguments,
                           .processor = processor};
  sqlite3_reset(ask);
  const iscc_status status = program && sha256 && arguments && processor
                                 ? verify_one(v, &e)
                                 : iscc_fail(v->error, ISCC_ENOMEM, "out of memory");
  free(program);
  free(sha256);
  free(arguments);
  free(processor);
  return status;
}

static iscc_status verify_selected(verifier *v, int64_t only, int64_t total) {
  sqlite3_stmt *ask = NULL;
  iscc_progress progress;
  int64_t *list, count, looked = 0;
  iscc_status status = list_selected(v, only, total, &list, &count);
  if (!status &&
      sqlite3_prepare_v2(
          v->db,
          "SELECT run_id, seed, run, program, program_sha256, arguments,"
          " (SELECT processor_wall FROM execution e WHERE e.execution_id = ?1)"
          " FROM execution, (SELECT '' AS processor_wall /* before version 7 */) WHERE execution_id = ?1",
          -1, &ask, NULL))
    status = say(v->db, v->error);
  iscc_progress_begin(&progress, "verify", 0, (uint64_t)count);
  while (!status && looked < count) {
    status = verify_numbered(v, ask, list[looked]);
    looked += !status;
    iscc_progress_show(&progress, (uint64_t)looked);
  }
  iscc_progress_end(&progress, (uint64_t)looked);
  sqlite3_finalize(ask);
  free(list);
  return status;
}

static iscc_status verify(verifier *v, int64_t only) {
  int64_t total = 0;
  iscc_status status = ask_count(v, "SELECT count(*) " SELECTED, only, &total);
  if (!status) status = check_question(v, only, total);
  return status ? status : verify_selected(v, only, total);
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
  const iscc_status status = iscc_pool_open(beside ? database : place, 1, INFINITY, &v->pool, v->error);
  free(place);
  return status;
}

iscc_status iscc_verify(const char *database, int64_t only, const char *program, iscc_verify_each *each,
                        void *ctx, iscc_error *error) {
  verifier v = {.program = program, .each = each, .ctx = ctx, .error = error};
  iscc_status status = iscc_run_environment_check(error);
  if (!status) status = iscc_database_open_read(database, &v.db, error);
  if (!status) status = open_pool(&v, database);
  if (!status) iscc_pool_start_anew(v.pool);
  if (!status) status = verify(&v, only);
  iscc_pool_close(v.pool);
  iscc_program_version_free(&v.version);
  free(v.name);
  sqlite3_close(v.db);
  return status;
}

iscc_status iscc_verify_left(const char *database, iscc_verify_rest *out, iscc_error *error) {
  verifier v = {.error = error};
  iscc_status status = iscc_database_open_read(database, &v.db, error);
  if (!status)
    status = ask_count(&v, "SELECT count(*) FROM execution WHERE outcome <> 'done'", 0, &out->not_done);
  if (!status)
    status = ask_count(&v,
                       "SELECT count(*) FROM run WHERE NOT EXISTS"
                       " (SELECT 1 FROM execution e WHERE e.run_id = run.run_id)",
                       0, &out->without_execution);
  if (!status && !iscc_run_compare_lacks(v.db, out->lacking))
    status = ask_count(&v,
                       "SELECT count(*) FROM execution WHERE outcome = 'done' AND run_id IS NOT NULL AND "
                       "iscc_commit IS NULL",
                       0, &out->before_streams);
  sqlite3_close(v.db);
  return status;
}
