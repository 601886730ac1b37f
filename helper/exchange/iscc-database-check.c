/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-database-check.h"

#include <sqlite3.h>
#include <string.h>

#include "iscc-database.h"
#include "iscc-run-copy.h"
#include "iscc-schema.h"
#include "iscc-tally.h"

enum { TROUBLES = 10 }; /* told of pages */

typedef struct {
  sqlite3 *db;
  iscc_database_check_each *each;
  void *ctx;
} checking;

/* Tells each row of a question as a trouble, all in the first column; fine: what is said where there is none. */
static int tell(const checking *c, const char *what, const char *fine, const char *sql) {
  sqlite3_stmt *ask = NULL;
  bool trouble = false;
  int result = sqlite3_prepare_v2(c->db, sql, -1, &ask, NULL);
  while (!result && (result = sqlite3_step(ask)) == SQLITE_ROW) {
    const char *text = (const char *)sqlite3_column_text(ask, 0);
    const char *line = text ? strrchr(text, '\n') : NULL; /* SQLite puts a heading above */
    c->each(c->ctx, what, false, line ? line + 1 : text ? text : "out of memory");
    trouble = true;
    result = SQLITE_OK;
  }
  sqlite3_finalize(ask);
  if (result == SQLITE_DONE && !trouble) c->each(c->ctx, what, true, fine);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

static int check_pages(const checking *c) {
  char *sql = sqlite3_mprintf("SELECT integrity_check FROM pragma_integrity_check(%d) WHERE integrity_check "
                              "<> 'ok'",
                              TROUBLES);
  const int result = sql ? tell(c, "pages", "whole, with all indexes and conditions", sql) : SQLITE_NOMEM;
  sqlite3_free(sql);
  return result;
}

static int check_references(const checking *c) {
  return tell(c, "references", "all rows have what they refer to",
              "SELECT printf('%lld rows of table %s refer to rows of %s that are not there', count(*), "
              "\"table\", parent) FROM pragma_foreign_key_check WHERE \"table\" IN ('node', 'task', "
              "'decision', 'battery', 'stream', 'tally', 'choice', 'execution', 'metric') GROUP BY "
              "\"table\", parent");
}

/* A table that is made of tasks, as one of the connection, beside that of the file. */
static int check_sums(const checking *c, const char *table) {
  char *sql = sqlite3_mprintf(
      "WITH other AS (SELECT * FROM (SELECT * FROM main.%s EXCEPT SELECT * FROM temp.%s)"
      " UNION ALL SELECT * FROM (SELECT * FROM temp.%s EXCEPT SELECT * FROM main.%s))"
      " SELECT printf('%%lld nodes have another than their tasks, the first of them node %%lld of run %%lld',"
      " (SELECT count(*) FROM (SELECT DISTINCT run_id, node_id FROM other)), node_id, run_id)"
      " FROM other ORDER BY run_id, node_id LIMIT 1",
      table, table, table, table);
  const int result = sql ? tell(c, table, "that of the tasks", sql) : SQLITE_NOMEM;
  sqlite3_free(sql);
  return result;
}

static int check_tally(const checking *c) {
  int result = iscc_run_copy_sql(c->db, "CREATE TEMP TABLE tally AS SELECT * FROM main.tally WHERE 0;"
                                        "CREATE TEMP TABLE choice AS SELECT * FROM main.choice WHERE 0");
  if (!result) result = iscc_tally_add_missing(c->db);
  if (!result) result = check_sums(c, "tally");
  return result ? result : check_sums(c, "choice");
}

static int check_all(const checking *c, int64_t version) {
  int result = check_pages(c);
  if (!result) result = check_references(c);
  if (result || version >= ISCC_SCHEMA_VERSION) return result ? result : check_tally(c);
  c->each(c->ctx, "tally", true, "none: this is a database of an older schema version");
  return SQLITE_OK;
}

iscc_status iscc_database_check(const char *path, iscc_database_check_each *each, void *ctx,
                                iscc_error *error) {
  checking c = {.each = each, .ctx = ctx};
  int64_t version = 0;
  iscc_status status = iscc_database_open_read(path, &c.db, error);
  if (status) return status;
  int result = iscc_run_copy_ask(c.db, "PRAGMA user_version", 0, &version);
  if (!result) result = check_all(&c, version);
  if ((result & 0xff) == SQLITE_CORRUPT) {
    each(ctx, "pages", false, sqlite3_errmsg(c.db));
    result = SQLITE_OK;
  }
  if (result) status = iscc_database_fail(c.db, path, "cannot be checked", NULL, error);
  sqlite3_close(c.db);
  return status;
}
