/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-export.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-anonymous.h"
#include "iscc-export-readme.h"
#include "iscc-query-name.h"
#include "iscc-query.h"

const char *const iscc_export_names[] = {
    "run",    "node",       "task",      "decision",      "battery",   "stream",      "tally",
    "choice", "execution",  "metric",    "v_node",        "v_choice",  "v_run",       "v_result",
    "v_task", "v_decision", "v_battery", "v_point",       "v_pair",    "v_energy",    "v_latency",
    "v_miss", "v_solver",   "v_plan",    "battery_audit", "task_plan", "run_summary", NULL};

/* Tables of which rows are those of an execution, not of a run. */
static bool is_of_execution(const char *name) {
  return strcmp(name, "execution") == 0 || strcmp(name, "metric") == 0;
}

static bool is_table(const char *name) {
  for (int i = 0; i < ISCC_EXPORT_TABLES; i++)
    if (strcmp(iscc_export_names[i], name) == 0) return true;
  return false;
}

static iscc_status check_names(const iscc_export_scope *scope, iscc_error *error) {
  for (size_t i = 0; i < scope->count; i++) {
    int k = 0;
    while (iscc_export_names[k] && strcmp(iscc_export_names[k], scope->names[i]) != 0) k++;
    if (!iscc_export_names[k])
      return iscc_fail(error, ISCC_EINVAL, "'%s' is no table or view; doc/database.rst lists them",
                       scope->names[i]);
  }
  return ISCC_OK;
}

/* ---- one table or view ---- */

/* Its columns, for SELECT; sqlite3_free() it. */
static char *columns_sql(sqlite3 *db, const char *name, bool anonymous) {
  sqlite3_stmt *ask = NULL;
  sqlite3_str *list = sqlite3_str_new(db);
  if (sqlite3_prepare_v2(db, "SELECT name FROM pragma_table_info(?)", -1, &ask, NULL) == SQLITE_OK)
    sqlite3_bind_text(ask, 1, name, -1, SQLITE_STATIC);
  while (ask && sqlite3_step(ask) == SQLITE_ROW) {
    const char *column = (const char *)sqlite3_column_text(ask, 0);
    char *hidden = anonymous ? iscc_anonymous_sql(column) : sqlite3_mprintf("\"%w\"", column);
    sqlite3_str_appendf(list, "%s%s AS \"%w\"", sqlite3_str_length(list) ? ", " : "",
                        hidden ? hidden : "NULL", column);
    sqlite3_free(hidden);
  }
  sqlite3_finalize(ask);
  return sqlite3_str_finish(list);
}

/* "" or the WHERE of a table or view; sqlite3_free() it. */
static iscc_status where_sql(sqlite3 *db, const char *name, const iscc_export_scope *scope, char **sql,
                             iscc_error *error) {
  const bool table = is_table(name);
  const char *key = is_of_execution(name) ? "execution_id" : "run_id";
  char *condition = NULL;
  *sql = NULL;
  const iscc_status status =
      iscc_query_where_sql(db, table ? "v_run" : name, scope->where, scope->where_count, &condition, error);
  if (status) return status;
  if (!condition[0])
    *sql = sqlite3_mprintf("");
  else if (table)
    *sql = sqlite3_mprintf(" WHERE %s IN (SELECT %s FROM v_run WHERE %s)", key, key, condition);
  else
    *sql = sqlite3_mprintf(" WHERE %s", condition);
  sqlite3_free(condition);
  return *sql ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "out of memory");
}

static iscc_status prepare(sqlite3 *db, const char *name, const iscc_export_scope *scope, sqlite3_stmt **out,
                           iscc_error *error) {
  char *where;
  iscc_status status = where_sql(db, name, scope, &where, error);
  if (status) return status;
  char *columns = columns_sql(db, name, scope->anonymous);
  char *sql = columns ? sqlite3_mprintf("SELECT %s FROM %s%s", columns, name, where) : NULL;
  status = sql ? iscc_query_prepare(db, sql, out, error) : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  sqlite3_free(sql);
  sqlite3_free(columns);
  sqlite3_free(where);
  return status;
}

/* Until there are no more, or the file takes no more. */
static iscc_status write_rows(sqlite3 *db, const char *name, const iscc_export_scope *scope, FILE *out,
                              int64_t *rows, iscc_error *error) {
  sqlite3_stmt *ask;
  bool row = true;
  *rows = 0;
  iscc_status status = prepare(db, name, scope, &ask, error);
  if (status) return status;
  iscc_row_names_write(ask, scope->format, out);
  while (!ferror(out) && !(status = iscc_query_step(db, ask, &row, error)) && row) {
    iscc_row_write(ask, scope->format, out);
    ++*rows;
  }
  sqlite3_finalize(ask);
  return status;
}

/* ---- the database ---- */

typedef struct {
  sqlite3 *db;
  sqlite3_stmt *moment; /* in the middle of it, so that all statements see the same rows */
} reading;

static void close_reading(reading *r) {
  sqlite3_finalize(r->moment);
  sqlite3_close(r->db);
}

static iscc_status open_reading(const char *database, const iscc_export_scope *scope, reading *r,
                                iscc_error *error) {
  bool row;
  *r = (reading){.db = NULL};
  iscc_status status = check_names(scope, error);
  if (!status) status = iscc_query_open(database, &r->db, error);
  if (status) return status;
  status = iscc_query_prepare(r->db, "SELECT name FROM main.sqlite_schema", &r->moment, error);
  if (!status) status = iscc_query_step(r->db, r->moment, &row, error);
  if (!status && scope->anonymous && iscc_anonymous_add(r->db, NULL))
    status = iscc_fail(error, ISCC_EIO, "%s: cannot be read: %s", database, sqlite3_errmsg(r->db));
  if (status) close_reading(r);
  return status;
}

iscc_status iscc_export_rows(const char *database, const iscc_export_scope *scope, FILE *out, int64_t *rows,
                             iscc_error *error) {
  reading r;
  iscc_status status = open_reading(database, scope, &r, error);
  if (status) return status;
  status = write_rows(r.db, scope->names[0], scope, out, rows, error);
  close_reading(&r);
  return status;
}

/* ---- a folder ---- */

static iscc_status refuse(const char *path, iscc_error *error) {
  const int reason = errno;
  return iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", path, strerror(reason));
}

typedef struct {
  const char *database, *folder; /* folder: beside the one that is wanted */
  const iscc_export_scope *scope;
  reading from;
  FILE *readme;
  iscc_export_each *each;
  void *ctx;
} exporting;

static FILE *open_file(const exporting *e, const char *name, const char *ending, iscc_error *error) {
  char *path = NULL;
  FILE *file = asprintf(&path, "%s/%s.%s", e->folder, name, ending) < 0 ? NULL : fopen(path, "wbx");
  if (!file) refuse(path ? path : name, error);
  free(path);
  return file;
}

/* Whether all that was written has reached the file, which is closed. */
static iscc_status close_file(FILE *file, const char *name, iscc_error *error) {
  const bool lost = fflush(file) != 0 || ferror(file);
  const int reason = errno;
  fclose(file);
  errno = reason;
  return lost ? refuse(name, error) : ISCC_OK;
}

static iscc_status write_one(const exporting *e, const char *name, iscc_error *error) {
  int64_t rows = 0;
  FILE *file = open_file(e, name, iscc_row_format_name[e->scope->format], error);
  if (!file) return ISCC_EIO;
  iscc_status status = write_rows(e->from.db, name, e->scope, file, &rows, error);
  const iscc_status written = close_file(file, name, status ? NULL : error);
  if (!status) status = written;
  if (!status && iscc_export_readme_add(e->from.db, name, e->scope->format, rows, e->readme))
    status = iscc_fail(error, ISCC_EIO, "%s: %s", name, sqlite3_errmsg(e->from.db));
  if (!status && e->each) e->each(e->ctx, name, rows);
  return status;
}

static iscc_status write_all(exporting *e, iscc_error *error) {
  e->readme = open_file(e, "README", "txt", error);
  if (!e->readme) return ISCC_EIO;
  iscc_export_readme_begin(e->database, e->scope, e->readme);
  iscc_status status = ISCC_OK;
  for (size_t i = 0; !status && i < e->scope->count; i++) status = write_one(e, e->scope->names[i], error);
  const iscc_status written = close_file(e->readme, "README.txt", status ? NULL : error);
  return status ? status : written;
}

static void remove_folder(const char *folder) {
  DIR *directory = opendir(folder);
  for (const struct dirent *entry; directory && (entry = readdir(directory));)
    unlinkat(dirfd(directory), entry->d_name, 0);
  if (directory) closedir(directory);
  rmdir(folder);
}

/* Only in the place of nothing, or of an empty folder. */
static iscc_status move_in_place(const char *from, const char *folder, iscc_error *error) {
  if (rename(from, folder) == 0) return ISCC_OK;
  if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
    return iscc_fail(error, ISCC_EINVAL, "%s: is there already; name another folder", folder);
  return refuse(folder, error);
}

static bool is_empty_folder(const char *path) {
  DIR *directory = opendir(path);
  bool empty = directory;
  for (const struct dirent *entry; directory && (entry = readdir(directory));)
    empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
  if (directory) closedir(directory);
  return empty;
}

iscc_status iscc_export_folder(const char *database, const iscc_export_scope *scope, const char *folder,
                               iscc_export_each *each, void *ctx, iscc_error *error) {
  exporting e = {.database = database, .scope = scope, .each = each, .ctx = ctx};
  char *beside = NULL;
  size_t length = strlen(folder);
  while (length > 1 && folder[length - 1] == '/') length--;
  struct stat is;
  if (lstat(folder, &is) == 0 && !is_empty_folder(folder))
    return iscc_fail(error, ISCC_EINVAL, "%s: is there already; name another folder", folder);
  iscc_status status = open_reading(database, scope, &e.from, error);
  if (status) return status;
  if (asprintf(&beside, "%.*s.%ld.part", (int)length, folder, (long)getpid()) < 0) beside = NULL;
  if (!beside)
    status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  else if (mkdir(beside, 0777))
    status = refuse(folder, error);
  e.folder = beside;
  if (!status) {
    status = write_all(&e, error);
    if (!status) status = move_in_place(beside, folder, error);
    if (status) remove_folder(beside);
  }
  free(beside);
  close_reading(&e.from);
  return status;
}
