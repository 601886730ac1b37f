/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-store.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-database.h"
#include "iscc-model-check.h"
#include "iscc-processor.h"
#include "iscc-run-copy.h"
#include "iscc-run-metrics.h"
#include "iscc-schema.h"

enum { HOST_MAX = 256 };

static const char READ[] = "cannot be read", WRITTEN[] = "cannot be written";

struct iscc_campaign_store {
  sqlite3 *db;
  const iscc_patience *patience; /* NULL: of SQLite */
  bool mix_programs, written;
  sqlite3_stmt *runs, *metric;
  char host[HOST_MAX], processor[ISCC_PROCESSOR_TEXT];
};

static const char *const outcome_name[] = {"done", "failed", "timed-out", "truncated"};

const char *iscc_execution_outcome_name(iscc_execution_outcome outcome) {
  return outcome_name[outcome];
}

iscc_execution_outcome iscc_execution_outcome_of(const char *name) {
  iscc_execution_outcome outcome = ISCC_EXECUTION_DONE;
  while (outcome < ISCC_EXECUTION_TRUNCATED && strcmp(outcome_name[outcome], name) != 0) outcome++;
  return outcome;
}

static iscc_status say(const iscc_campaign_store *s, const char *what, iscc_error *error) {
  return iscc_database_fail(s->db, sqlite3_db_filename(s->db, "main"), what, s->patience, error);
}

static iscc_status finish_open(sqlite3 *db, const iscc_patience *patience, iscc_campaign_store **out,
                               iscc_error *error) {
  iscc_campaign_store *s = calloc(1, sizeof *s);
  if (!s) {
    sqlite3_close(db);
    return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  }
  s->db = db;
  s->patience = patience;
  if (gethostname(s->host, sizeof s->host - 1)) snprintf(s->host, sizeof s->host, "unknown");
  iscc_processor_kind(s->processor);
  int result = iscc_model_check_prepare(db);
  if (!result)
    result = sqlite3_prepare_v2(
        db,
        "SELECT run, outcome, elapsed_wall_s, row_number() OVER one FROM execution"
        " WHERE program = ?1 AND arguments = ?2 AND seed = ?3"
        " WINDOW one AS (PARTITION BY run ORDER BY outcome = 'done' DESC, execution_id DESC)",
        -1, &s->runs, NULL);
  if (!result)
    result = sqlite3_prepare_v2(
        db,
        "SELECT value FROM execution JOIN metric USING (execution_id) WHERE program = ?1 AND"
        " arguments = ?2 AND seed = ?3 AND run = ?4 AND outcome = 'done' AND name = ?5",
        -1, &s->metric, NULL);
  if (result) {
    const iscc_status status = say(s, READ, error);
    iscc_campaign_store_close(s);
    return status;
  }
  *out = s;
  return ISCC_OK;
}

iscc_status iscc_campaign_store_open(const char *path, iscc_patience *patience, iscc_campaign_store **out,
                                     iscc_error *error) {
  sqlite3 *db;
  *out = NULL;
  iscc_status status = iscc_database_open_patiently(path, patience, &db, error);
  if (!status) status = finish_open(db, patience, out, error);
  if (!status) (*out)->written = true;
  return status;
}

iscc_status iscc_campaign_store_open_shared(const char *path, iscc_campaign_store **out, iscc_error *error) {
  iscc_status status = iscc_campaign_store_open(path, NULL, out, error);
  if (status) return status;
  if (sqlite3_exec((*out)->db, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL", NULL, NULL, NULL)) {
    status = say(*out, WRITTEN, error);
    iscc_campaign_store_close(*out);
    *out = NULL;
  }
  return status;
}

iscc_status iscc_campaign_store_open_read(const char *path, iscc_campaign_store **out, iscc_error *error) {
  sqlite3 *db;
  *out = NULL;
  const iscc_status status = iscc_database_open_read(path, &db, error);
  return status ? status : finish_open(db, NULL, out, error);
}

void iscc_campaign_store_close(iscc_campaign_store *s) {
  if (!s) return;
  sqlite3_finalize(s->runs);
  sqlite3_finalize(s->metric);
  /* without files beside it, so that it can be read where nobody may write; not while others use it */
  if (s->written) sqlite3_exec(s->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
  sqlite3_close(s->db);
  free(s);
}

sqlite3 *iscc_campaign_store_database(iscc_campaign_store *s) {
  return s->db;
}

/* What is wrong with the one row of what_it_is; ISCC_OK: nothing. */
static iscc_status check_row(sqlite3_stmt *row, int64_t seed, int64_t run, iscc_error *reason) {
  if (sqlite3_column_int(row, 2) != ISCC_SCHEMA_VERSION)
    return iscc_fail(reason, ISCC_EFORMAT, "it records schema version %d, not %d: it is of another iscc",
                     sqlite3_column_int(row, 2), ISCC_SCHEMA_VERSION);
  if (sqlite3_column_int(row, 0) != 1 || sqlite3_column_int(row, 1) != 1)
    return iscc_fail(reason, ISCC_EFORMAT, "it recorded %d runs, %d of them done; one that is done is wanted",
                     sqlite3_column_int(row, 0), sqlite3_column_int(row, 1));
  if (sqlite3_column_int64(row, 3) != seed || sqlite3_column_int64(row, 4) != run)
    return iscc_fail(reason, ISCC_EFORMAT,
                     "it recorded RngSeed %lld and RngRun %lld, not %lld and %lld as it was given",
                     (long long)sqlite3_column_int64(row, 3), (long long)sqlite3_column_int64(row, 4),
                     (long long)seed, (long long)run);
  return ISCC_OK;
}

iscc_status iscc_campaign_shard_check(const char *shard, int64_t seed, int64_t run, iscc_error *reason) {
  static const char what_it_is[] = "SELECT count(*), sum(status = 'done'), user_version, max(seed), max(run) "
                                   "FROM run, pragma_user_version";
  struct stat is;
  sqlite3 *db;
  sqlite3_stmt *ask = NULL;
  if (stat(shard, &is))
    return errno == ENOENT ? iscc_fail(reason, ISCC_EFORMAT, "it recorded nothing (no --db?)")
                           : iscc_fail(reason, ISCC_EIO, "%s: %s", shard, strerror(errno));
  if (!S_ISREG(is.st_mode)) return iscc_fail(reason, ISCC_EFORMAT, "what it recorded is no file");
  iscc_status status = iscc_database_open_read(shard, &db, reason);
  if (status) return status;
  int result = sqlite3_prepare_v2(db, what_it_is, -1, &ask, NULL);
  if (!result) result = sqlite3_step(ask);
  status = result == SQLITE_ROW ? check_row(ask, seed, run, reason)
                                : iscc_fail(reason, result == SQLITE_CORRUPT ? ISCC_EFORMAT : ISCC_EIO,
                                            "what it recorded cannot be read: %s", sqlite3_errmsg(db));
  sqlite3_finalize(ask);
  sqlite3_close(db);
  return status;
}

static void bind_whole(sqlite3_stmt *statement, int place, bool there, int64_t value) {
  if (there)
    sqlite3_bind_int64(statement, place, value);
  else
    sqlite3_bind_null(statement, place);
}

static int insert_execution(const iscc_campaign_store *s, const iscc_execution *e, int64_t run_id) {
  sqlite3_stmt *add = NULL;
  const iscc_process *p = e->process;
  int result =
      sqlite3_prepare_v2(s->db,
                         "INSERT INTO execution (program, program_sha256, arguments, seed, run, stopping, "
                         "outcome, exit_status, signal, "
                         "run_id, stderr, iscc_version, host, started_wall, elapsed_wall_s, cpu_wall_s, "
                         "peak_wall_bytes, iscc_commit, "
                         "processor_wall) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                         -1, &add, NULL);
  if (result) return result;
  const char *const text[] = {e->program, e->program_sha256, e->arguments};
  for (int i = 0; i < 3; i++) sqlite3_bind_text(add, i + 1, text[i], -1, SQLITE_STATIC);
  sqlite3_bind_int64(add, 4, e->seed);
  sqlite3_bind_int64(add, 5, e->run);
  sqlite3_bind_text(add, 6, e->sequential ? "precision" : "fixed", -1, SQLITE_STATIC);
  sqlite3_bind_text(add, 7, outcome_name[e->outcome], -1, SQLITE_STATIC);
  bind_whole(add, 8, !p->signal, p->exit_status);
  bind_whole(add, 9, p->signal, p->signal);
  bind_whole(add, 10, run_id, run_id);
  sqlite3_bind_text(add, 11, e->stderr_text, -1, SQLITE_STATIC);
  sqlite3_bind_text(add, 12, ISCC_VERSION, -1, SQLITE_STATIC);
  sqlite3_bind_text(add, 13, s->host, -1, SQLITE_STATIC);
  sqlite3_bind_text(add, 14, p->started, -1, SQLITE_STATIC);
  sqlite3_bind_double(add, 15, p->elapsed_s);
  sqlite3_bind_double(add, 16, p->cpu_s);
  bind_whole(add, 17, p->peak_bytes, p->peak_bytes);
  sqlite3_bind_text(add, 18, e->iscc_commit, -1, SQLITE_STATIC);
  sqlite3_bind_text(add, 19, s->processor[0] ? s->processor : NULL, -1, SQLITE_STATIC);
  result = sqlite3_step(add) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(s->db);
  sqlite3_finalize(add);
  return result;
}

static int insert_values(sqlite3 *db, int64_t execution_id, const iscc_execution *e) {
  sqlite3_stmt *add = NULL;
  int result = sqlite3_prepare_v2(db, "INSERT INTO metric VALUES (?, ?, ?)", -1, &add, NULL);
  for (size_t i = 0; !result && i < e->value_count; i++) {
    sqlite3_bind_int64(add, 1, execution_id);
    sqlite3_bind_text(add, 2, e->values[i].name, -1, SQLITE_STATIC);
    sqlite3_bind_double(add, 3, e->values[i].value);
    result = sqlite3_step(add) == SQLITE_DONE ? sqlite3_reset(add) : sqlite3_errcode(db);
  }
  sqlite3_finalize(add);
  return result;
}

/* SQLite would go on writing into a file that nobody finds any more. */
iscc_status iscc_campaign_store_check_place(const iscc_campaign_store *s, iscc_error *error) {
  int moved = 0;
  sqlite3_file_control(s->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved ? iscc_fail(error, ISCC_EIO,
                           "%s: removed or replaced while a campaign works on it; results are lost",
                           sqlite3_db_filename(s->db, "main"))
               : ISCC_OK;
}

void iscc_campaign_store_mix_programs(iscc_campaign_store *s) {
  s->mix_programs = true;
}

bool iscc_campaign_store_mixes_programs(const iscc_campaign_store *s) {
  return s->mix_programs;
}

iscc_status iscc_campaign_store_check_model(iscc_campaign_store *s, const char *program,
                                            const char *arguments, int64_t run_id, iscc_error *error) {
  return s->mix_programs ? ISCC_OK : iscc_model_check(s->db, program, arguments, run_id, error);
}

/* All but what it recorded, and the end of the transaction. */
static int add_copied(const iscc_campaign_store *s, const iscc_execution *e, int64_t run_id) {
  int result = insert_execution(s, e, run_id);
  const int64_t execution_id = sqlite3_last_insert_rowid(s->db);
  if (!result && run_id) result = iscc_run_metrics_insert(s->db, execution_id, run_id);
  if (!result) result = insert_values(s->db, execution_id, e);
  return result ? result : iscc_run_copy_sql(s->db, "COMMIT");
}

iscc_status iscc_campaign_store_add(iscc_campaign_store *s, const iscc_execution *e, iscc_error *error) {
  int64_t run_id = 0;
  iscc_status status = iscc_campaign_store_check_place(s, error);
  if (status) return status;
  int result = e->shard ? iscc_run_copy_attach(s->db, e->shard) : SQLITE_OK;
  const bool attached = e->shard && !result;
  if (!result) result = iscc_run_copy_sql(s->db, "BEGIN IMMEDIATE");
  if (!result && e->shard) result = iscc_run_copy(s->db, 0, &run_id);
  if (!result && run_id) status = iscc_campaign_store_check_model(s, e->program, e->arguments, run_id, error);
  if (!result && !status) result = add_copied(s, e, run_id);
  if (result) {
    status = say(s, WRITTEN, error);
    if (sqlite3_extended_errcode(s->db) == SQLITE_CONSTRAINT_UNIQUE) status = ISCC_ESTATE;
  }
  if (!sqlite3_get_autocommit(s->db)) iscc_run_copy_sql(s->db, "ROLLBACK");
  if (attached) iscc_run_copy_detach(s->db);
  return status;
}

iscc_status iscc_campaign_store_check_program(iscc_campaign_store *s, const char *program, const char *sha256,
                                              iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  iscc_status status = ISCC_OK;
  if (s->mix_programs) return ISCC_OK;
  if (sqlite3_prepare_v2(
          s->db,
          "SELECT count(*), min(program_sha256) FROM execution WHERE program = ?1 AND outcome = 'done'"
          " AND program_sha256 <> ?2",
          -1, &ask, NULL))
    return say(s, READ, error);
  sqlite3_bind_text(ask, 1, program, -1, SQLITE_STATIC);
  sqlite3_bind_text(ask, 2, sha256, -1, SQLITE_STATIC);
  if (sqlite3_step(ask) != SQLITE_ROW)
    status = say(s, READ, error);
  else if (sqlite3_column_int64(ask, 0) > 0)
    status = iscc_fail(
        error, ISCC_EINVAL,
        "%s holds %lld results of another %s (its SHA-256 begins with %.12s, now %.12s): name a new "
        "database, or mix them with --mix-programs",
        sqlite3_db_filename(s->db, "main"), (long long)sqlite3_column_int64(ask, 0), program,
        (const char *)sqlite3_column_text(ask, 1), sha256);
  sqlite3_finalize(ask);
  return status;
}

iscc_status iscc_campaign_store_count(iscc_campaign_store *s, int64_t *done, int64_t *failed,
                                      iscc_error *error) {
#define ONCE                                                                                                 \
  "FROM (SELECT max(outcome = 'done') AS done FROM execution GROUP BY program, arguments, seed, run)"
  int result = iscc_run_copy_ask(s->db, "SELECT coalesce(sum(done), 0) " ONCE, 0, done);
  if (!result) result = iscc_run_copy_ask(s->db, "SELECT coalesce(sum(1 - done), 0) " ONCE, 0, failed);
#undef ONCE
  return result ? say(s, READ, error) : ISCC_OK;
}

iscc_status iscc_campaign_store_check_metric(iscc_campaign_store *s, const char *program, const char *metric,
                                             iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  iscc_status status = ISCC_OK;
  if (sqlite3_prepare_v2(s->db,
                         "SELECT group_concat(name, ', '), coalesce(sum(name = ?2), 0) FROM (SELECT DISTINCT "
                         "name FROM metric"
                         " JOIN execution USING (execution_id) WHERE program = ?1 ORDER BY name)",
                         -1, &ask, NULL))
    return say(s, READ, error);
  sqlite3_bind_text(ask, 1, program, -1, SQLITE_STATIC);
  sqlite3_bind_text(ask, 2, metric, -1, SQLITE_STATIC);
  if (sqlite3_step(ask) != SQLITE_ROW)
    status = say(s, READ, error);
  else if (sqlite3_column_type(ask, 0) != SQLITE_NULL && sqlite3_column_int(ask, 1) == 0)
    status = iscc_fail(error, ISCC_EINVAL, "metric '%s': no run of %s has it; there are %s", metric, program,
                       (const char *)sqlite3_column_text(ask, 0));
  sqlite3_finalize(ask);
  return status;
}

static void bind_point(sqlite3_stmt *statement, const char *program, const char *arguments, uint32_t seed) {
  sqlite3_bind_text(statement, 1, program, -1, SQLITE_STATIC);
  sqlite3_bind_text(statement, 2, arguments, -1, SQLITE_STATIC);
  sqlite3_bind_int64(statement, 3, seed);
}

iscc_status iscc_campaign_store_mark_sequential(iscc_campaign_store *s, const char *program,
                                                const char *arguments, uint32_t seed, iscc_error *error) {
  sqlite3_stmt *mark = NULL;
  int result =
      sqlite3_prepare_v2(s->db,
                         "UPDATE execution SET stopping = 'precision' WHERE program = ?1 AND arguments = ?2"
                         " AND seed = ?3 AND stopping = 'fixed'",
                         -1, &mark, NULL);
  if (!result) bind_point(mark, program, arguments, seed);
  if (!result) result = sqlite3_step(mark);
  const iscc_status status = result == SQLITE_DONE ? ISCC_OK : say(s, WRITTEN, error);
  sqlite3_finalize(mark);
  return status;
}

iscc_status iscc_campaign_store_runs(iscc_campaign_store *s, const char *program, const char *arguments,
                                     uint32_t seed, iscc_campaign_store_each *each, void *ctx,
                                     iscc_error *error) {
  int result;
  bind_point(s->runs, program, arguments, seed);
  while ((result = sqlite3_step(s->runs)) == SQLITE_ROW)
    if (sqlite3_column_int(s->runs, 3) == 1)
      each(ctx, sqlite3_column_int64(s->runs, 0),
           iscc_execution_outcome_of((const char *)sqlite3_column_text(s->runs, 1)),
           sqlite3_column_double(s->runs, 2));
  const iscc_status status = result == SQLITE_DONE ? ISCC_OK : say(s, READ, error);
  sqlite3_reset(s->runs);
  sqlite3_clear_bindings(s->runs);
  return status;
}

iscc_status iscc_campaign_store_metric(iscc_campaign_store *s, const char *program, const char *arguments,
                                       uint32_t seed, int64_t run, const char *metric, double *value,
                                       iscc_error *error) {
  bind_point(s->metric, program, arguments, seed);
  sqlite3_bind_int64(s->metric, 4, run);
  sqlite3_bind_text(s->metric, 5, metric, -1, SQLITE_STATIC);
  const int result = sqlite3_step(s->metric);
  *value = result == SQLITE_ROW ? sqlite3_column_double(s->metric, 0) : (double)NAN;
  const iscc_status status = result == SQLITE_ROW || result == SQLITE_DONE ? ISCC_OK : say(s, READ, error);
  sqlite3_reset(s->metric);
  sqlite3_clear_bindings(s->metric);
  return status;
}
