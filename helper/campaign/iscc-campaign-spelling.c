/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-spelling.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-database.h"
#include "iscc-number-text.h"

/* Arguments with each number in its one text; NULL: no memory. */
static char *plain_text(const char *arguments) {
  json_t *given = json_loads(arguments, 0, NULL), *plain = json_object(), *value;
  const char *option;
  json_object_foreach(given, option, value) {
    char number[ISCC_NUMBER_TEXT_MAX];
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    json_object_set_new(plain, option, json_string(iscc_number_text(text, number) ? number : text));
  }
  char *text = json_dumps(plain, JSON_SORT_KEYS | JSON_COMPACT);
  json_decref(given);
  json_decref(plain);
  return text;
}

/* From plain text to the text on record. */
static iscc_status read_record(json_t *record, sqlite3 *db, const char *program, iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  int result =
      sqlite3_prepare_v2(db, "SELECT DISTINCT arguments FROM execution WHERE program = ?1", -1, &ask, NULL);
  if (!result) result = sqlite3_bind_text(ask, 1, program, -1, SQLITE_STATIC);
  while (!result && sqlite3_step(ask) == SQLITE_ROW) {
    const char *arguments = (const char *)sqlite3_column_text(ask, 0);
    char *plain = plain_text(arguments);
    if (!plain || json_object_set_new(record, plain, json_string(arguments))) result = SQLITE_NOMEM;
    free(plain);
  }
  if (sqlite3_finalize(ask)) result = SQLITE_ERROR;
  return result ? iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db))
                : ISCC_OK;
}

static iscc_status check_point(json_t *record, const char *arguments, const char *database,
                               iscc_error *error) {
  char *plain = plain_text(arguments);
  if (!plain) return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
  const char *there = json_string_value(json_object_get(record, plain));
  free(plain);
  if (!there || strcmp(there, arguments) == 0) return ISCC_OK;
  return iscc_fail(
      error, ISCC_EINVAL,
      "%s: has runs with %s, which is %s written otherwise, and would count them twice; give the "
      "numbers as they are there, in quotes, or use another database",
      database, there, arguments);
}

iscc_status iscc_campaign_spelling_check(const iscc_campaign_points *points, const char *program,
                                         const char *database, iscc_error *error) {
  sqlite3 *db;
  if (access(database, F_OK) != 0) return ISCC_OK;
  iscc_status status = iscc_database_open_read(database, &db, error);
  if (status) return status;
  json_t *record = json_object();
  status = record ? read_record(record, db, program, error) : iscc_fail(error, ISCC_ENOMEM, "out of memory");
  const bool any = json_object_size(record) > 0;
  for (size_t p = 0; any && !status && p < points->points; p++)
    status = check_point(record, points->arguments[p], database, error);
  json_decref(record);
  sqlite3_close(db);
  return status;
}
