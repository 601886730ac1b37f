/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-archive.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-anonymous.h"
#include "iscc-database-check.h"
#include "iscc-database.h"
#include "iscc-output-file.h"
#include "iscc-pool-folder.h"
#include "iscc-run-copy.h"
#include "iscc-run-tables.h"
#include "iscc-schema.h"

/* ---- a copy as it is ---- */

static iscc_status copy_whole(sqlite3 *from, const char *database, const char *path, iscc_error *error) {
  char *sql = sqlite3_mprintf("VACUUM main INTO %Q", path);
  const int result = sql ? iscc_run_copy_sql(from, sql) : SQLITE_NOMEM;
  sqlite3_free(sql);
  if (!result) return ISCC_OK;
  if ((result & 0xff) == SQLITE_CORRUPT)
    return iscc_fail(error, ISCC_EFORMAT, "%s: is damaged: %s; 'sqlite3 FILE .recover' may save what is left",
                     database, sqlite3_errmsg(from));
  return iscc_database_fail(from, database, "cannot be copied", NULL, error);
}

/* ---- a copy without names ---- */

static int copy_table(sqlite3 *db, const char *table) {
  sqlite3_stmt *ask = NULL;
  sqlite3_str *sql = sqlite3_str_new(db), *values = sqlite3_str_new(db);
  int result = sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?, 'main')", -1, &ask, NULL);
  if (!result) result = sqlite3_bind_text(ask, 1, table, -1, SQLITE_STATIC);
  sqlite3_str_appendf(sql, "INSERT INTO main.%s (", table);
  for (const char *comma = ""; !result && (result = sqlite3_step(ask)) == SQLITE_ROW; comma = ", ") {
    const char *column = (const char *)sqlite3_column_text(ask, 0);
    char *value = iscc_anonymous_sql(column);
    sqlite3_str_appendf(sql, "%s\"%w\"", comma, column);
    sqlite3_str_appendf(values, "%s%s", comma, value ? value : "NULL");
    result = value ? SQLITE_OK : SQLITE_NOMEM;
    sqlite3_free(value);
  }
  sqlite3_finalize(ask);
  char *list = sqlite3_str_finish(values);
  sqlite3_str_appendf(sql, ") SELECT %s FROM shard.%s", list ? list : "", table);
  sqlite3_free(list);
  char *text = sqlite3_str_finish(sql);
  if (result == SQLITE_DONE) result = text ? iscc_run_copy_sql(db, text) : SQLITE_NOMEM;
  sqlite3_free(text);
  return result;
}

/* Without write-ahead logging, which would hold it all a second time. */
static int copy_tables(sqlite3 *db) {
  int result = iscc_anonymous_add(db, "shard");
  if (!result) result = iscc_run_copy_sql(db, "PRAGMA main.journal_mode = DELETE; BEGIN");
  for (int i = 0; !result && i < ISCC_RUN_TABLES; i++) result = copy_table(db, iscc_run_table[i]);
  if (!result) result = copy_table(db, "execution");
  if (!result) result = copy_table(db, "metric");
  return result ? result : iscc_run_copy_sql(db, "COMMIT");
}

static iscc_status copy_without_names(sqlite3 *from, const char *database, const char *path,
                                      iscc_error *error) {
  sqlite3 *db;
  int64_t version = 0;
  if (iscc_run_copy_ask(from, "PRAGMA user_version", 0, &version) || version != ISCC_SCHEMA_VERSION)
    return iscc_fail(error, ISCC_EFORMAT,
                     "%s: has schema version %lld, not %d; 'iscc db vacuum' brings it to this version",
                     database, (long long)version, ISCC_SCHEMA_VERSION);
  iscc_status status = iscc_database_open(path, &db, error);
  if (status) return status;
  int result = iscc_database_is_still(from) ? iscc_run_copy_attach_still(db, database)
                                            : iscc_run_copy_attach(db, database);
  if (!result) result = copy_tables(db);
  if (result) status = iscc_database_fail(db, database, "cannot be copied", NULL, error);
  sqlite3_close(db);
  return status;
}

/* ---- an archive ---- */

typedef struct {
  const char *database;
  iscc_error *error;
  iscc_status status;
} looking;

static void take_trouble(void *ctx, const char *what, bool fine, const char *text) {
  looking *l = ctx;
  if (fine || l->status) return;
  l->status = iscc_fail(l->error, ISCC_EFORMAT, "%s: its copy is not kept: %s: %s; 'iscc db check' says more",
                        l->database, what, text);
}

static iscc_status write_copy(const char *database, const char *path, bool anonymous, iscc_error *error) {
  sqlite3 *from;
  looking l = {database, error, ISCC_OK};
  iscc_status status = iscc_database_open_read(database, &from, error);
  if (status) return status;
  status =
      anonymous ? copy_without_names(from, database, path, error) : copy_whole(from, database, path, error);
  sqlite3_close(from);
  if (!status) status = iscc_database_check(path, take_trouble, &l, error);
  return status ? status : l.status;
}

iscc_status iscc_archive(const char *database, const char *path, bool anonymous, iscc_error *error) {
  iscc_output_file out;
  struct stat is;
  if (lstat(path, &is) == 0)
    return iscc_fail(error, ISCC_EINVAL, "%s: is there already; name another file", path);
  FILE *file = iscc_output_begin(&out, path, error);
  if (!file) return ISCC_EIO;
  const iscc_status status = write_copy(database, out.beside, anonymous, error);
  if (!status && fsync(fileno(file)) == 0) return iscc_output_end(&out, error);
  const int reason = errno;
  iscc_output_cancel(&out);
  return status ? status : iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", path, strerror(reason));
}

/* ---- the database itself ---- */

/* With what waits beside it. */
static int64_t size_of(const char *database) {
  struct stat is;
  int64_t bytes = stat(database, &is) == 0 ? (int64_t)is.st_size : 0;
  char *wal = sqlite3_mprintf("%s-wal", database);
  if (wal && stat(wal, &is) == 0) bytes += (int64_t)is.st_size;
  sqlite3_free(wal);
  return bytes;
}

static iscc_status rewrite(const char *database, iscc_error *error) {
  sqlite3 *db;
  iscc_status status = iscc_database_open(database, &db, error);
  if (status) return status;
  if (iscc_run_copy_sql(db, "VACUUM"))
    status = iscc_database_fail(db, database, "cannot be rewritten", NULL, error);
  iscc_run_copy_sql(db, "PRAGMA journal_mode = DELETE"); /* not while others use it */
  sqlite3_close(db);
  return status;
}

iscc_status iscc_vacuum(const char *database, int64_t *before, int64_t *after, iscc_error *error) {
  iscc_pool_folder folder;
  struct stat is;
  if (stat(database, &is)) return iscc_fail(error, ISCC_EIO, "%s: %s", database, strerror(errno));
  if (is.st_size == 0) return iscc_fail(error, ISCC_EFORMAT, "%s: holds no results", database);
  iscc_status status = iscc_pool_folder_open(database, &folder, error);
  if (status) return status;
  *before = size_of(database);
  status = rewrite(database, error);
  *after = size_of(database);
  iscc_pool_folder_close(&folder);
  return status;
}
