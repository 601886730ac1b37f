/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-merge.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-database.h"
#include "iscc-run-copy.h"
#include "iscc-schema.h"

/* Columns of both sides, by which an execution is known. */
#define SAME_RUN                                                                                             \
  "o.program = e.program AND o.arguments = e.arguments AND o.seed = e.seed AND o.run = e.run AND "           \
  "o.outcome = e.outcome"
#define SAME_MOMENT                                                                                          \
  "o.host = e.host AND o.started_wall = e.started_wall AND o.elapsed_wall_s = e.elapsed_wall_s"

static const char list_executions[] =
    "SELECT e.execution_id, e.run_id, e.program, e.program_sha256, e.arguments, e.seed, e.run, e.outcome,"
    " e.exit_status, e.signal, e.stderr, e.elapsed_wall_s, EXISTS (SELECT 1 FROM main.execution o "
    "WHERE " SAME_RUN " AND (o.outcome = 'done' OR (" SAME_MOMENT "))) FROM shard.execution e ORDER BY 1";

/* With what it recorded, which has the number recorded; 0: nothing. */
static int copy_execution(sqlite3 *db, int64_t execution_id, int64_t recorded) {
  int64_t added;
  int result =
      iscc_run_copy_ask(db, "SELECT coalesce(max(execution_id), 0) + 1 FROM main.execution", 1, &added);
  if (!result) result = iscc_run_copy_rows(db, "execution", "execution_id", execution_id, added);
  if (!result && recorded) {
    char *sql = sqlite3_mprintf("UPDATE main.execution SET run_id = %lld WHERE execution_id = %lld",
                                (long long)recorded, (long long)added);
    result = sql ? iscc_run_copy_sql(db, sql) : SQLITE_NOMEM;
    sqlite3_free(sql);
  }
  return result ? result : iscc_run_copy_rows(db, "metric", "execution_id", execution_id, added);
}

typedef struct {
  iscc_campaign_store *store;
  const char *shard;
  sqlite3 *db;
  iscc_error *error;
} merging;

static iscc_status say(const merging *m) {
  char what[256];
  const char *slash = strrchr(m->shard, '/');
  snprintf(what, sizeof what, "%s cannot be merged", slash ? slash + 1 : m->shard);
  return iscc_database_fail(m->db, sqlite3_db_filename(m->db, "main"), what, NULL, m->error);
}

static iscc_status add(const merging *m, int64_t execution_id, int64_t run_id, const iscc_merged *merged) {
  int64_t recorded = 0;
  iscc_status status = ISCC_OK;
  if (run_id && iscc_run_copy(m->db, run_id, &recorded)) return say(m);
  if (recorded)
    status =
        iscc_campaign_store_check_model(m->store, merged->program, merged->arguments, recorded, m->error);
  if (status) return status;
  return copy_execution(m->db, execution_id, recorded) ? say(m) : ISCC_OK;
}

static iscc_status merge_all(const merging *m, iscc_campaign_merge_each *each, void *ctx) {
  sqlite3_stmt *list = NULL;
  iscc_status status = ISCC_OK;
  int result = sqlite3_prepare_v2(m->db, list_executions, -1, &list, NULL);
  while (!status && !result && (result = sqlite3_step(list)) == SQLITE_ROW) {
    const iscc_merged merged = {.program = (const char *)sqlite3_column_text(list, 2),
                                .program_sha256 = (const char *)sqlite3_column_text(list, 3),
                                .arguments = (const char *)sqlite3_column_text(list, 4),
                                .seed = sqlite3_column_int64(list, 5),
                                .run = sqlite3_column_int64(list, 6),
                                .outcome =
                                    iscc_execution_outcome_of((const char *)sqlite3_column_text(list, 7)),
                                .exit_status = sqlite3_column_int(list, 8),
                                .signal = sqlite3_column_int(list, 9),
                                .stderr_text = (const char *)sqlite3_column_text(list, 10),
                                .elapsed_s = sqlite3_column_double(list, 11),
                                .added = !sqlite3_column_int(list, 12)};
    result = SQLITE_OK;
    if (merged.added) status = add(m, sqlite3_column_int64(list, 0), sqlite3_column_int64(list, 1), &merged);
    if (!status && each) each(ctx, &merged);
  }
  if (!status && result != SQLITE_DONE) status = say(m);
  sqlite3_finalize(list);
  return status;
}

/* What SQLite says below its heading. */
static const char *last_line(const char *text) {
  const char *above = text ? strrchr(text, '\n') : NULL;
  if (above) return above + 1;
  return text ? text : "out of memory";
}

/* What SQLite finds first, in one line. For itself, since a damaged one cannot be attached; opened as by whoever reads it, which may have to
 * roll it back. still: nobody writes it, and nothing may be written beside it. */
static iscc_status check_whole(const char *shard, bool *still, iscc_error *error) {
  sqlite3 *db;
  sqlite3_stmt *ask = NULL;
  iscc_status status = iscc_database_open_read(shard, &db, error);
  if (status) return status;
  *still = iscc_database_is_still(db);
  int result = sqlite3_prepare_v2(db, "PRAGMA main.integrity_check(1)", -1, &ask, NULL);
  if (!result) result = sqlite3_step(ask);
  const char *found = result == SQLITE_ROW ? (const char *)sqlite3_column_text(ask, 0) : sqlite3_errmsg(db);
  const bool damaged = result == SQLITE_ROW || result == SQLITE_CORRUPT || result == SQLITE_NOTADB;
  if (result != SQLITE_ROW || !found || strcmp(found, "ok") != 0)
    status = iscc_fail(error, damaged ? ISCC_EFORMAT : ISCC_EIO, "%s: %s%s", shard,
                       damaged ? "is damaged: " : "cannot be read: ", last_line(found));
  sqlite3_finalize(ask);
  sqlite3_close(db);
  return status;
}

static iscc_status refuse_version(const char *shard, int64_t version, iscc_error *error) {
  return iscc_fail(error, ISCC_EFORMAT,
                   "%s: has schema version %lld, not %d: it is of an older iscc; 'iscc campaign run FILE "
                   "--db=%s' with its "
                   "campaign file brings it to this version (a copy, if it is to stay as it is)",
                   shard, (long long)version, ISCC_SCHEMA_VERSION, shard);
}

/* Of this program and version, with all tables; an older one lacks columns. */
static iscc_status check_shard(sqlite3 *db, const char *shard, iscc_error *error) {
  int64_t id = 0, version = 0;
  int result = iscc_run_copy_ask(db, "PRAGMA shard.application_id", 0, &id);
  if (!result) result = iscc_run_copy_ask(db, "PRAGMA shard.user_version", 0, &version);
  if (result || id != ISCC_SCHEMA_APPLICATION_ID)
    return iscc_fail(error, ISCC_EFORMAT, "%s: is no result database of iscc", shard);
  if (version < ISCC_SCHEMA_VERSION) return refuse_version(shard, version, error);
  if (version > ISCC_SCHEMA_VERSION)
    return iscc_fail(error, ISCC_EFORMAT, "%s: has schema version %lld, not %d: it is of a newer iscc", shard,
                     (long long)version, ISCC_SCHEMA_VERSION);
  return ISCC_OK;
}

static iscc_status check_there(const char *shard, iscc_error *error) {
  return access(shard, R_OK) ? iscc_fail(error, ISCC_EIO, "%s: is not there or cannot be read", shard)
                             : ISCC_OK;
}

bool iscc_campaign_merge_is_itself(const char *database, const char *shard) {
  struct stat a, b;
  return stat(database, &a) == 0 && stat(shard, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

iscc_status iscc_campaign_merge_attach(iscc_campaign_store *store, const char *shard, iscc_error *error) {
  sqlite3 *db = iscc_campaign_store_database(store);
  bool still = false;
  iscc_status status = iscc_campaign_store_check_place(store, error);
  if (status) return status;
  status = check_there(shard, error);
  if (status) return status;
  if (iscc_campaign_merge_is_itself(sqlite3_db_filename(db, "main"),
                                    shard)) /* each would wait for the other */
    return iscc_fail(error, ISCC_EINVAL, "%s: is the database itself, which is not added to itself", shard);
  status = check_whole(shard, &still, error);
  if (status) return status;
  if (still ? iscc_run_copy_attach_still(db, shard) : iscc_run_copy_attach(db, shard))
    return iscc_fail(error, ISCC_EIO, "%s: %s", shard, sqlite3_errmsg(db));
  status = check_shard(db, shard, error);
  if (status) iscc_run_copy_detach(db);
  return status;
}

iscc_status iscc_campaign_merge_attached(iscc_campaign_store *store, const char *shard,
                                         iscc_campaign_merge_each *each, void *ctx, iscc_error *error) {
  const merging m = {store, shard, iscc_campaign_store_database(store), error};
  return merge_all(&m, each, ctx);
}

iscc_status iscc_campaign_merge(iscc_campaign_store *store, const char *shard, iscc_campaign_merge_each *each,
                                void *ctx, iscc_error *error) {
  const merging m = {store, shard, iscc_campaign_store_database(store), error};
  iscc_status status = iscc_campaign_merge_attach(store, shard, error);
  if (status) return status;
  if (iscc_run_copy_sql(m.db, "BEGIN IMMEDIATE")) status = say(&m);
  if (!status) status = merge_all(&m, each, ctx);
  if (!status && iscc_run_copy_sql(m.db, "COMMIT")) status = say(&m);
  if (!sqlite3_get_autocommit(m.db)) iscc_run_copy_sql(m.db, "ROLLBACK");
  iscc_run_copy_detach(m.db);
  return status;
}

/* The shard's own results of one program are of one file. */
static iscc_status check_unmixed(sqlite3 *other, const char *shard, iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  iscc_status status = ISCC_OK;
  int result = sqlite3_prepare_v2(
      other,
      "SELECT program, count(*), min(sha256), max(sha256) FROM (SELECT DISTINCT program, program_sha256 AS "
      "sha256 FROM execution WHERE outcome = 'done') GROUP BY program HAVING count(*) > 1",
      -1, &ask, NULL);
  if (!result) result = sqlite3_step(ask);
  if (result == SQLITE_ROW)
    status =
        iscc_fail(error, ISCC_EINVAL,
                  "%s holds results of %lld different files of %s itself (SHA-256 begins with %.12s, "
                  "%.12s): mix them with --mix-programs",
                  shard, (long long)sqlite3_column_int64(ask, 1), (const char *)sqlite3_column_text(ask, 0),
                  (const char *)sqlite3_column_text(ask, 2), (const char *)sqlite3_column_text(ask, 3));
  else if (result != SQLITE_DONE)
    status = iscc_fail(error, ISCC_EIO, "%s: %s", shard, sqlite3_errmsg(other));
  sqlite3_finalize(ask);
  return status;
}

iscc_status iscc_campaign_merge_look(const char *shard, bool mix_programs, iscc_error *error) {
  sqlite3 *other;
  int64_t version = 0;
  iscc_status status = check_there(shard, error);
  if (!status) status = iscc_database_open_read(shard, &other, error);
  if (status) return status;
  if (iscc_run_copy_ask(other, "PRAGMA user_version", 0, &version))
    status = iscc_fail(error, ISCC_EIO, "%s: %s", shard, sqlite3_errmsg(other));
  else if (version != ISCC_SCHEMA_VERSION)
    status = refuse_version(shard, version, error);
  else if (!mix_programs)
    status = check_unmixed(other, shard, error);
  sqlite3_close(other);
  return status;
}

iscc_status iscc_campaign_merge_check(iscc_campaign_store *store, const char *shard, iscc_error *error) {
  sqlite3 *other;
  sqlite3_stmt *list = NULL;
  iscc_status status = iscc_database_open_read(shard, &other, error);
  if (status) return status;
  int result = sqlite3_prepare_v2(
      other, "SELECT DISTINCT program, program_sha256 FROM execution WHERE outcome = 'done'", -1, &list,
      NULL);
  while (!status && !result && (result = sqlite3_step(list)) == SQLITE_ROW) {
    result = SQLITE_OK;
    status = iscc_campaign_store_check_program(store, (const char *)sqlite3_column_text(list, 0),
                                               (const char *)sqlite3_column_text(list, 1), error);
  }
  if (!status && result != SQLITE_DONE)
    status = iscc_fail(error, ISCC_EIO, "%s: %s", shard, sqlite3_errmsg(other));
  sqlite3_finalize(list);
  sqlite3_close(other);
  return status;
}
