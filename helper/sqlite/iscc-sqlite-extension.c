/* SPDX-License-Identifier: GPL-2.0-only */
/* libiscc_sqlite: `.load libiscc_sqlite` adds the functions of iscc-sqlite-functions.h to any SQLite. */
#include "iscc-sqlite-api.h"

#include "iscc-sqlite-functions.h"

SQLITE_EXTENSION_INIT1

/* SQLite finds it by the library's name. */
int sqlite3_isccsqlite_init(sqlite3 *db, char **error, const sqlite3_api_routines *api);

int sqlite3_isccsqlite_init(sqlite3 *db, char **error, const sqlite3_api_routines *api) {
  SQLITE_EXTENSION_INIT2(api);
  const int result = iscc_sqlite_functions_add(db);
  if (result && error) *error = sqlite3_mprintf("iscc: %s", sqlite3_errmsg(db));
  return result;
}
