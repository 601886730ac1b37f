/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-query.h"

#include <string.h>

#include "iscc-database.h"
#include "iscc-sqlite-functions.h"
#include "iscc-upgrade.h"

enum { SQL_BYTES_MAX = 1000000, VALUE_BYTES_MAX = 100000000, MEMORY_MAX = 450 * 1024 * 1024 };

/* Pragmas that only tell. */
static bool is_telling(const char *pragma, const char *argument) {
  static const char *const with[] = {
      "table_info",  "table_xinfo",      "table_list",        "index_list",      "index_info",
      "index_xinfo", "foreign_key_list", "foreign_key_check", "integrity_check", "quick_check"};
  static const char *const alone[] = {"user_version",   "application_id", "page_count",      "page_size",
                                      "freelist_count", "journal_mode",   "compile_options", "function_list",
                                      "encoding",       "database_list",  "collation_list"};
  for (size_t i = 0; i < sizeof with / sizeof *with; i++)
    if (strcmp(pragma, with[i]) == 0) return true;
  for (size_t i = 0; !argument && i < sizeof alone / sizeof *alone; i++)
    if (strcmp(pragma, alone[i]) == 0) return true;
  return false;
}

static int allow(void *ctx, int action, const char *first, const char *second, const char *database,
                 const char *view) {
  (void)ctx, (void)database, (void)view;
  switch (action) {
  case SQLITE_SELECT:
  case SQLITE_READ:
  case SQLITE_RECURSIVE:
    return SQLITE_OK;
  case SQLITE_UPDATE: /* SQLite asks this when it declares a table that is a function; a statement cannot */
    return strcmp(first, "sqlite_master") == 0 ? SQLITE_OK : SQLITE_DENY;
  case SQLITE_FUNCTION:
    return strcmp(second, "load_extension") == 0 || strcmp(second, "fts3_tokenizer") == 0 ? SQLITE_DENY
                                                                                          : SQLITE_OK;
  case SQLITE_PRAGMA:
    return is_telling(first, second) ? SQLITE_OK : SQLITE_DENY;
  default:
    return SQLITE_DENY;
  }
}

static int guard(sqlite3 *db) {
  int result =
      sqlite3_exec(db, "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON",
                   NULL, NULL, NULL);
  if (result == SQLITE_OK) result = sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, SQL_BYTES_MAX);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
  sqlite3_hard_heap_limit64(MEMORY_MAX);
  return result == SQLITE_OK ? sqlite3_set_authorizer(db, allow, NULL) : result;
}

static iscc_status fail(sqlite3 *db, iscc_error *error) {
  const int result = sqlite3_errcode(db) & 0xff;
  const bool damaged = result == SQLITE_CORRUPT || result == SQLITE_NOTADB;
  return iscc_fail(error, damaged ? ISCC_EFORMAT : ISCC_EIO, "%s: cannot be read: %s%s",
                   sqlite3_db_filename(db, "main"), sqlite3_errmsg(db),
                   damaged ? "; 'sqlite3 FILE .recover' may save what is left of it" : "");
}

static int version_of(sqlite3 *db, int *version) {
  sqlite3_stmt *ask = NULL;
  int result = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &ask, NULL);
  if (result == SQLITE_OK && (result = sqlite3_step(ask)) == SQLITE_ROW) {
    *version = sqlite3_column_int(ask, 0);
    result = SQLITE_OK;
  }
  sqlite3_finalize(ask);
  return result;
}

iscc_status iscc_query_open(const char *path, sqlite3 **out, iscc_error *error) {
  int version = 0;
  iscc_status status = iscc_database_open_read(path, out, error);
  if (status) return status;
  int result = sqlite3_exec(*out, "BEGIN", NULL, NULL, NULL);
  if (result == SQLITE_OK) result = version_of(*out, &version);
  if (result == SQLITE_OK) result = iscc_upgrade_to_ask(*out, version);
  if (result == SQLITE_OK) result = iscc_sqlite_functions_add(*out);
  if (result == SQLITE_OK) result = guard(*out);
  if (result == SQLITE_OK) return ISCC_OK;
  status = fail(*out, error);
  sqlite3_close(*out);
  *out = NULL;
  return status;
}

/* Whether nothing of SQL is in a text: blanks, semicolons, comments. */
static bool is_blank(sqlite3 *db, const char *text) {
  sqlite3_stmt *more = NULL;
  while (*text) {
    const char *end = text;
    if (sqlite3_prepare_v2(db, text, -1, &more, &end) != SQLITE_OK || more) {
      sqlite3_finalize(more);
      return false;
    }
    if (end == text) break;
    text = end;
  }
  return true;
}

iscc_status iscc_query_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, iscc_error *error) {
  const char *rest = "";
  *out = NULL;
  const int result = sqlite3_prepare_v2(db, sql, -1, out, &rest);
  if (result == SQLITE_AUTH)
    return iscc_fail(error, ISCC_EINVAL,
                     "SQL: %s: a question only reads; use sqlite3 on a copy to change something",
                     sqlite3_errmsg(db));
  if ((result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_IOERR) return fail(db, error);
  if (result != SQLITE_OK) return iscc_fail(error, ISCC_EINVAL, "SQL: %s", sqlite3_errmsg(db));
  iscc_status status = ISCC_OK;
  if (!*out)
    status = iscc_fail(error, ISCC_EINVAL, "SQL: there is no statement");
  else if (!sqlite3_stmt_readonly(*out))
    status = iscc_fail(error, ISCC_EINVAL,
                       "SQL: a question only reads; use sqlite3 on a copy to change something");
  else if (sqlite3_bind_parameter_count(*out))
    status = iscc_fail(error, ISCC_EINVAL, "SQL: '%s' has no value; write it in",
                       sqlite3_bind_parameter_name(*out, 1) ? sqlite3_bind_parameter_name(*out, 1) : "?");
  else if (!is_blank(db, rest))
    status = iscc_fail(error, ISCC_EINVAL, "SQL: one statement at a time; there is more after the first");
  if (!status) return ISCC_OK;
  sqlite3_finalize(*out);
  *out = NULL;
  return status;
}

iscc_status iscc_query_step(sqlite3 *db, sqlite3_stmt *statement, bool *row, iscc_error *error) {
  const int result = sqlite3_step(statement);
  *row = result == SQLITE_ROW;
  if (result == SQLITE_ROW || result == SQLITE_DONE) return ISCC_OK;
  switch (result & 0xff) {
  case SQLITE_ERROR:
  case SQLITE_TOOBIG:
  case SQLITE_MISMATCH:
  case SQLITE_AUTH:
    return iscc_fail(error, ISCC_EINVAL, "SQL: %s", sqlite3_errmsg(db));
  case SQLITE_NOMEM:
    return iscc_fail(error, ISCC_ENOMEM, "SQL: needs more than %d MB of memory; ask for less at once",
                     MEMORY_MAX / 1000000);
  default:
    return fail(db, error);
  }
}
