/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-database.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool is_full(sqlite3 *db, int result) {
  const int why = sqlite3_system_errno(db);
  return result == SQLITE_FULL || result == SQLITE_IOERR ||
         (result == SQLITE_CANTOPEN && (why == ENOSPC || why == EDQUOT));
}

iscc_status iscc_database_fail(sqlite3 *db, const char *path, const char *what, const iscc_patience *patience,
                               iscc_error *error) {
  const int result = sqlite3_errcode(db) & 0xff;
  const double limit_s = patience ? patience->limit_s : ISCC_DATABASE_PATIENCE_S;
  if (result == SQLITE_BUSY && patience && patience->stopped)
    return iscc_fail(error, ISCC_EINTR, "interrupted; the same command goes on where it stopped");
  if (result == SQLITE_BUSY)
    return iscc_fail(
        error, ISCC_EIO,
        "%s: %s: another process has locked it for %.0f s; end that one, then the same command goes "
        "on: what was recorded is safe",
        path, what, limit_s);
  if (is_full(db, result))
    return iscc_fail(
        error, ISCC_EIO,
        "%s: %s: %s; make room on the disk, then the same command goes on: what was recorded is safe", path,
        what, sqlite3_errmsg(db));
  return iscc_fail(error, ISCC_EIO, "%s: %s: %s", path, what, sqlite3_errmsg(db));
}

typedef struct {
  const char *path;
  iscc_patience *patience; /* NULL: as SQLite waits */
  sqlite3 *db;
  iscc_error *error;
} opening;

static iscc_status fail(const opening *o, const char *what) {
  return iscc_database_fail(o->db, o->path, what, o->patience, o->error);
}

typedef enum { KIND_OURS, KIND_EMPTY, KIND_REFUSED } database_kind;

static iscc_status check_tables(const opening *o) {
  int result;
  const sqlite3_int64 id = ask_integer(o->db, "PRAGMA application_id", &result);
  const sqlite3_int64 version = ask_integer(o->db, "PRAGMA user_version", &result);
  if (id != ISCC_SCHEMA_APPLICATION_ID)
    return iscc_fail(o->error, ISCC_EFORMAT, "%s: is a database of another program; name another file",
                     o->path);
  if (version > ISCC_SCHEMA_VERSION)
    return iscc_fail(o->error, ISCC_EFORMAT,
                     "%s: has schema version %lld, this program knows versions up to %d; "
                     "use a newer iscc",
                     o->path, (long long)version, ISCC_SCHEMA_VERSION);
  if (version == ISCC_SCHEMA_VERSION && ask_integer(o->db, count_tables, &result) != TABLES)
    return iscc_fail(o->error, ISCC_EFORMAT, "%s: lacks tables of its schema version %d; name another file",
                     o->path, ISCC_SCHEMA_VERSION);
  return ISCC_OK;
}

/* Whether something is in the file whose name has that ending. */
static bool holds_something(const char *path, const char *ending) {
  char *name = sqlite3_mprintf("%s%s", path, ending);
  struct stat is;
  const bool holds = name && stat(name, &is) == 0 && is.st_size > 0;
  sqlite3_free(name);
  return holds;
}

/* SQLite reads what the last page lacks as zeros. What waits beside the file is not in it yet. */
static iscc_status check_whole(const opening *o) {
  struct stat is;
  int result;
  const sqlite3_int64 whole =
      ask_integer(o->db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", &result);
  if (result != SQLITE_OK || holds_something(o->path, "-wal") || holds_something(o->path, "-journal") ||
      stat(o->path, &is) || is.st_size >= whole)
    return ISCC_OK;
  return iscc_fail(o->error, ISCC_EFORMAT,
                   "%s: is cut short: it has %lld bytes of %lld; copy it once more, or "
                   "'sqlite3 FILE .recover' may save what is left of it",
                   o->path, (long long)is.st_size, (long long)whole);
}

/* Looks without writing. */
static database_kind examine(const opening *o, iscc_status *status) {
  int result;
  const sqlite3_int64 objects = ask_integer(o->db, "SELECT count(*) FROM sqlite_schema", &result);
  if (result == SQLITE_NOTADB)
    *status = iscc_fail(o->error, ISCC_EFORMAT, "%s: is not an SQLite database; name another file", o->path);
  else if (result == SQLITE_CORRUPT)
    *status = iscc_fail(o->error, ISCC_EFORMAT, "%s: is damaged: %s", o->path, sqlite3_errmsg(o->db));
  else if (result != SQLITE_OK)
    *status = fail(o, "cannot be read");
  else if (objects == 0 && ask_integer(o->db, "PRAGMA application_id", &result) == 0)
    return KIND_EMPTY;
  else
    *status = check_tables(o);
  if (!*status) *status = check_whole(o);
  return *status ? KIND_REFUSED : KIND_OURS;
}

/* Makes the tables, unless another program did so while this one waited for the lock. */
static iscc_status make_tables(const opening *o) {
  int result = sqlite3_exec(o->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  if (result == SQLITE_OK) {
    iscc_status status = ISCC_OK;
    const database_kind kind = examine(o, &status);
    if (kind == KIND_EMPTY) result = sqlite3_exec(o->db, iscc_schema_sql, NULL, NULL, NULL);
    if (result == SQLITE_OK) result = sqlite3_exec(o->db, "COMMIT", NULL, NULL, NULL);
    if (kind == KIND_REFUSED) return status;
  }
  if (result == SQLITE_OK) return ISCC_OK;
  const iscc_status status = fail(o, "tables cannot be made");
  sqlite3_exec(o->db, "ROLLBACK", NULL, NULL, NULL);
  return status;
}

/* Brings a database of an older version to this one, unless another program has done so meanwhile. */
static iscc_status upgrade(const opening *o) {
  sqlite3 *db = o->db;
  char what[64];
  int result = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), asked = SQLITE_OK;
  const sqlite3_int64 version = result == SQLITE_OK ? ask_integer(db, "PRAGMA user_version", &asked) : 0;
  if (result == SQLITE_OK && asked == SQLITE_OK && version < ISCC_SCHEMA_VERSION)
    result = iscc_upgrade(db, (int)version);
  if (result == SQLITE_OK && asked == SQLITE_OK) result = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
  if (result == SQLITE_OK && asked == SQLITE_OK) return ISCC_OK;
  snprintf(what, sizeof what, "cannot be brought to schema version %d", ISCC_SCHEMA_VERSION);
  const iscc_status status = fail(o, what);
  sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return status;
}

static iscc_status refuse_writing(const opening *o) {
  return iscc_fail(o->error, ISCC_EIO, "%s: cannot be written; check its permissions, and its folder's",
                   o->path);
}

/* WAL lets readers in while a run is copied. The switch needs the file alone for a moment and does not wait
 * by itself. */
static iscc_status switch_to_wal(const opening *o) {
  iscc_patience own = {.limit_s = ISCC_DATABASE_PATIENCE_S};
  iscc_patience *patience = o->patience ? o->patience : &own;
  for (int n = 0;; n++) {
    const int result = sqlite3_exec(o->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    if (result == SQLITE_OK) return ISCC_OK;
    if ((result & 0xff) == SQLITE_READONLY) return refuse_writing(o);
    if ((result != SQLITE_BUSY && result != SQLITE_LOCKED) || !iscc_patience_wait(patience, n))
      return fail(o, "cannot be switched to WAL");
  }
}

/* Already to be read, a database in WAL wants files beside it. */
static bool is_for_reading(sqlite3 *db, database_kind kind) {
  const int result = sqlite3_errcode(db) & 0xff;
  if (kind != KIND_REFUSED) return sqlite3_db_readonly(db, "main") == 1;
  return !is_full(db, result) && (result == SQLITE_CANTOPEN || result == SQLITE_READONLY);
}

static iscc_status prepare(const opening *o) {
  iscc_status status = ISCC_OK;
  const database_kind kind = examine(o, &status);
  if (is_for_reading(o->db, kind)) return refuse_writing(o);
  if (kind == KIND_REFUSED) return status;
  int asked;
  if (kind == KIND_EMPTY)
    status = make_tables(o);
  else if (ask_integer(o->db, "PRAGMA user_version", &asked) < ISCC_SCHEMA_VERSION)
    status = upgrade(o);
  if (!status) status = switch_to_wal(o);
  /* foreign keys are not looked up for each row: the rows of a run are its own (test no_row_is_without_its_parent) */
  if (!status && sqlite3_exec(o->db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL))
    status = fail(o, "cannot be written");
  return status;
}

static iscc_status check_name(const char *path, iscc_error *error) {
  const bool kept =
      *path && strcmp(path, ":memory:") != 0; /* SQLite would keep results while the program runs */
  return kept ? ISCC_OK : iscc_fail(error, ISCC_EINVAL, "database: '%s' is not the name of a file", path);
}

/* Opening a pipe would wait for whoever writes into it. */
static iscc_status check_kind(const char *path, iscc_error *error) {
  struct stat is;
  if (stat(path, &is) || S_ISREG(is.st_mode)) return ISCC_OK;
  return iscc_fail(error, ISCC_EIO, "%s: is no regular file", path);
}

/* name: path, or a URI of it. */
static iscc_status connect(opening *o, const char *name, int flags) {
  if (sqlite3_open_v2(name, &o->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    return o->db ? fail(o, "cannot be opened") : iscc_fail(o->error, ISCC_ENOMEM, "out of memory");
  if (o->patience)
    iscc_patience_set(o->db, o->patience);
  else
    sqlite3_busy_timeout(o->db, 1000 * ISCC_DATABASE_PATIENCE_S);
  return ISCC_OK;
}

/* The path as what is no URI, of whatever SQLite; NULL: out of memory. */
static char *plain_name(const char *path) {
  return sqlite3_mprintf("%s%s", strncmp(path, "file:", 5) == 0 ? "./" : "", path);
}

static iscc_status connect_plainly(opening *o, int flags) {
  char *name = plain_name(o->path);
  const iscc_status status =
      name ? connect(o, name, flags) : iscc_fail(o->error, ISCC_ENOMEM, "out of memory");
  sqlite3_free(name);
  return status;
}

/* SQLite has a journal for each name of a file, and does not look for those of its other names. */
static iscc_status check_links(const char *path, iscc_error *error) {
  struct stat is;
  if (stat(path, &is) || !S_ISREG(is.st_mode) || is.st_nlink < 2) return ISCC_OK;
  return iscc_fail(
      error, ISCC_ESTATE,
      "%s: has %lld names (hard links): two programs would damage it; add to a copy, or remove the "
      "other names",
      path, (long long)is.st_nlink);
}

/* What came to be of a database that could not be made: an empty file. */
static void remove_empty(const char *path) {
  struct stat is;
  if (stat(path, &is) == 0 && S_ISREG(is.st_mode) && is.st_size == 0) unlink(path);
}

iscc_status iscc_database_open_patiently(const char *path, iscc_patience *patience, sqlite3 **out,
                                         iscc_error *error) {
  opening o = {.path = path, .patience = patience, .error = error};
  *out = NULL;
  iscc_status status = check_name(path, error);
  if (!status) status = check_kind(path, error);
  if (status) return status;
  const bool was_there = access(path, F_OK) == 0;
  status = check_links(path, error);
  if (!status) /* others may be attached to it by URIs */
    status = connect_plainly(&o, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI);
  if (!status) status = prepare(&o);
  if (status) {
    sqlite3_close(o.db);
    if (!was_there) remove_empty(path);
    return status;
  }
  *out = o.db;
  return ISCC_OK;
}

iscc_status iscc_database_open(const char *path, sqlite3 **out, iscc_error *error) {
  return iscc_database_open_patiently(path, NULL, out, error);
}

/* By its header, which is read without a trace. Through SQLite: whoever closes a file by himself gives up the locks that connections of this
 * process have on it, and another program that ends then takes the -wal away that they write into. */
static bool is_ours(const char *path) {
  enum { ID_AT = 68, ID_BYTES = 4 };
  unsigned char id[ID_BYTES];
  sqlite3 *db = NULL;
  sqlite3_file *file = NULL;
  char *name = plain_name(path);
  const bool read =
      name && sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
      sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file &&
      file->pMethods && file->pMethods->xRead(file, id, ID_BYTES, ID_AT) == SQLITE_OK;
  sqlite3_close(db);
  sqlite3_free(name);
  return read && (((unsigned)id[0] << 24) | ((unsigned)id[1] << 16) | ((unsigned)id[2] << 8) | id[3]) ==
                     ISCC_SCHEMA_APPLICATION_ID;
}

char *iscc_database_still_name(const char *path) {
  sqlite3_str *uri = sqlite3_str_new(NULL);
  sqlite3_str_appendall(uri, path[0] == '/' ? "file://" : "file:");
  for (const char *c = path; *c; c++)
    sqlite3_str_appendf(uri, strchr("?#%", *c) ? "%%%02X" : "%c", (unsigned char)*c);
  sqlite3_str_appendall(uri, "?immutable=1");
  return sqlite3_str_finish(uri);
}

bool iscc_database_is_still(sqlite3 *db) {
  return sqlite3_uri_boolean(sqlite3_db_filename(db, "main"), "immutable", 0);
}

/* As nobody writes it: without locks, and without the files that SQLite puts beside a database in WAL. */
static iscc_status connect_immutable(opening *o) {
  char *name = iscc_database_still_name(o->path);
  sqlite3_close(o->db);
  o->db = NULL;
  const iscc_status status = name ? connect(o, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
                                  : iscc_fail(o->error, ISCC_ENOMEM, "out of memory");
  sqlite3_free(name);
  return status;
}

/* Reading a database in WAL writes beside it; where that may not be, what nobody writes is read as it stands. */
static iscc_status examine_to_read(opening *o) {
  iscc_status status = ISCC_OK;
  const bool waits = holds_something(o->path, "-wal") || holds_something(o->path, "-journal");
  const bool still = !waits && access(o->path, W_OK) != 0 && !holds_something(o->path, "-shm");
  if (still) status = connect_immutable(o);
  database_kind kind = status ? KIND_REFUSED : examine(o, &status);
  const int result = sqlite3_errcode(o->db) & 0xff;
  if (kind == KIND_REFUSED && !still && (result == SQLITE_CANTOPEN || result == SQLITE_READONLY)) {
    if (waits)
      return iscc_fail(o->error, ISCC_EIO,
                       "%s: results wait in the file beside it (-wal or -journal), and this folder cannot be "
                       "written: copy both to one that can",
                       o->path);
    status = connect_immutable(o);
    if (!status) kind = examine(o, &status);
  }
  return kind == KIND_EMPTY ? iscc_fail(o->error, ISCC_EFORMAT, "%s: holds no results", o->path) : status;
}

static iscc_status give_tables(const opening *o) {
  int result;
  const sqlite3_int64 version = ask_integer(o->db, "PRAGMA user_version", &result);
  if (result == SQLITE_OK) result = iscc_upgrade_to_read(o->db, (int)version);
  return result == SQLITE_OK ? ISCC_OK : fail(o, "cannot be read");
}

iscc_status iscc_database_open_read(const char *path, sqlite3 **out, iscc_error *error) {
  opening o = {.path = path, .error = error};
  *out = NULL;
  iscc_status status = check_name(path, error);
  if (!status) status = check_kind(path, error);
  if (status) return status;
  /* only who may write takes away again, on closing, what is put beside a database in WAL */
  status = connect_plainly(&o, is_ours(path) ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  if (!status) status = examine_to_read(&o);
  if (!status) status = give_tables(&o);
  if (status) {
    sqlite3_close(o.db);
    return status;
  }
  *out = o.db;
  return ISCC_OK;
}
