/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-database.h"

#include <stddef.h>
#include <string.h>

#include "iscc-schema.h"
#include "iscc-upgrade.h"

/* One integer that a statement yields; fallback when it fails. */
static sqlite3_int64 ask_integer(sqlite3 *db, const char *sql, int *result) {
  sqlite3_stmt *statement = NULL;
  sqlite3_int64 value = 0;
  *result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
  if (*result == SQLITE_OK) {
    *result = sqlite3_step(statement);
    if (*result == SQLITE_ROW) {
      value = sqlite3_column_int64(statement, 0);
      *result = SQLITE_OK;
    }
  }
  sqlite3_finalize(statement);
  return value;
}

enum { TABLES = 8 };
static const char count_tables[] = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' "
                                   "AND name IN ('run', 'node', 'task', 'decision', 'battery', 'execution', "
                                   "'metric', 'stream')";

typedef enum { KIND_OURS, KIND_EMPTY, KIND_REFUSED } database_kind;

/* Looks without writing. */
static database_kind examine(sqlite3 *db, const char *path, iscc_status *status, iscc_error *error) {
  int result;
  const sqlite3_int64 objects = ask_integer(db, "SELECT count(*) FROM sqlite_schema", &result);
  if (result == SQLITE_NOTADB)
    *status = iscc_fail(error, ISCC_EFORMAT, "%s: is not an SQLite database; name another file", path);
  else if (result == SQLITE_CORRUPT)
    *status = iscc_fail(error, ISCC_EFORMAT, "%s: is damaged: %s", path, sqlite3_errmsg(db));
  else if (result != SQLITE_OK)
    *status = iscc_fail(error, ISCC_EIO, "%s: %s", path, sqlite3_errmsg(db));
  if (result != SQLITE_OK) return KIND_REFUSED;
  const sqlite3_int64 id = ask_integer(db, "PRAGMA application_id", &result);
  const sqlite3_int64 version = ask_integer(db, "PRAGMA user_version", &result);
  if (objects == 0 && id == 0) return KIND_EMPTY;
  if (id != ISCC_SCHEMA_APPLICATION_ID) {
    *status = iscc_fail(error, ISCC_EFORMAT, "%s: is a database of another program; name another file", path);
    return KIND_REFUSED;
  }
  if (version > ISCC_SCHEMA_VERSION) {
    *status = iscc_fail(error, ISCC_EFORMAT,
                        "%s: has schema version %lld, this program knows versions up to %d; "
                        "use a newer iscc",
                        path, (long long)version, ISCC_SCHEMA_VERSION);
    return KIND_REFUSED;
  }
  if (version == ISCC_SCHEMA_VERSION && ask_integer(db, count_tables, &result) != TABLES) {
    *status = iscc_fail(error, ISCC_EFORMAT, "%s: lacks tables of its schema version %d; name another file",
                        path, ISCC_SCHEMA_VERSION);
    return KIND_REFUSED;
  }
  return KIND_OURS;
}

/* Makes the tables, unless another program did so while this one waited for the lock. */
static iscc_status make_tables(sqlite3 *db, const char *path, iscc_error *error) {
  int result = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  if (result == SQLITE_OK) {
    iscc_status status = ISCC_OK;
    const database_kind kind = examine(db, path, &status, error);
    if (kind == KIND_EMPTY) result = sqlite3_exec(db, iscc_schema_sql, NULL, NULL, NULL);
    if (result == SQLITE_OK) result = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    if (kind == KIND_REFUSED) return status;
  }
  if (result == SQLITE_OK) return ISCC_OK;
  iscc_fail(error, ISCC_EIO, "%s: tables cannot be made: %s", path, sqlite3_errmsg(db));
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return ISCC_EIO;
}

/* Brings a database of an older version to this one, unless another program has done so meanwhile. */
static iscc_status upgrade(sqlite3 *db, const char *path, iscc_error *error) {
  int result = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), asked = SQLITE_OK;
  const sqlite3_int64 version = result == SQLITE_OK ? ask_integer(db, "PRAGMA user_version", &asked) : 0;
  if (result == SQLITE_OK && asked == SQLITE_OK && version < ISCC_SCHEMA_VERSION)
    result = iscc_upgrade(db, (int)version);
  if (result == SQLITE_OK && asked == SQLITE_OK) result = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
  if (result == SQLITE_OK && asked == SQLITE_OK) return ISCC_OK;
  iscc_fail(error, ISCC_EIO, "%s: cannot be brought to schema version %d: %s", path, ISCC_SCHEMA_VERSION,
            sqlite3_errmsg(db));
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return ISCC_EIO;
}

/* WAL lets readers in while a run is copied. The switch needs the file alone for a moment and does not wait
 * by itself. */
static iscc_status switch_to_wal(sqlite3 *db, const char *path, iscc_error *error) {
  enum { STEP_MS = 20 };
  for (int waited_ms = 0; waited_ms < ISCC_DATABASE_PATIENCE_MS; waited_ms += STEP_MS) {
    const int result = sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    if (result == SQLITE_OK) return ISCC_OK;
    if (result != SQLITE_BUSY && result != SQLITE_LOCKED) break;
    sqlite3_sleep(STEP_MS);
  }
  return iscc_fail(error, ISCC_EIO, "%s: cannot be switched to WAL: %s", path, sqlite3_errmsg(db));
}

static iscc_status prepare(sqlite3 *db, const char *path, iscc_error *error) {
  iscc_status status = ISCC_OK;
  sqlite3_busy_timeout(db, ISCC_DATABASE_PATIENCE_MS);
  const database_kind kind = examine(db, path, &status, error);
  if (kind == KIND_REFUSED) return status;
  if (sqlite3_db_readonly(db, "main") == 1)
    return iscc_fail(error, ISCC_EIO, "%s: cannot be written; check its permissions", path);
  int asked;
  if (kind == KIND_EMPTY)
    status = make_tables(db, path, error);
  else if (ask_integer(db, "PRAGMA user_version", &asked) < ISCC_SCHEMA_VERSION)
    status = upgrade(db, path, error);
  if (!status) status = switch_to_wal(db, path, error);
  /* foreign keys are not looked up for each row: the rows of a run are its own (test no_row_is_without_its_parent) */
  if (!status && sqlite3_exec(db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL))
    status = iscc_fail(error, ISCC_EIO, "%s: %s", path, sqlite3_errmsg(db));
  return status;
}

static iscc_status open_with(const char *path, int flags, sqlite3 **out, iscc_error *error) {
  *out = NULL;
  if (!*path ||
      strcmp(path, ":memory:") == 0) /* SQLite would keep the results for as long as the program runs */
    return iscc_fail(error, ISCC_EINVAL, "database: '%s' is not the name of a file", path);
  sqlite3 *db = NULL;
  iscc_status status = ISCC_OK;
  if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
    status = iscc_fail(error, ISCC_EIO, "%s: %s", path, db ? sqlite3_errmsg(db) : "out of memory");
  } else if (flags & SQLITE_OPEN_READONLY) {
    sqlite3_busy_timeout(db, ISCC_DATABASE_PATIENCE_MS);
    if (examine(db, path, &status, error) == KIND_EMPTY)
      status = iscc_fail(error, ISCC_EFORMAT, "%s: holds no results", path);
  } else {
    status = prepare(db, path, error);
  }
  if (status) {
    sqlite3_close(db);
    return status;
  }
  *out = db;
  return ISCC_OK;
}

iscc_status iscc_database_open(const char *path, sqlite3 **out, iscc_error *error) {
  return open_with(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, out, error);
}

iscc_status iscc_database_open_read(const char *path, sqlite3 **out, iscc_error *error) {
  return open_with(path, SQLITE_OPEN_READONLY, out, error);
}
