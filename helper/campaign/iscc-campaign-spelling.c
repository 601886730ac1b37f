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

/* From plain text to the text on record, of one program or, under its name, of each. program NULL: all. */
static iscc_status read_record(json_t *record, const char *database, const char *program, iscc_error *error) {
  static const char sql[] =
      "SELECT DISTINCT program, arguments FROM execution WHERE ?1 IS NULL OR program = ?1";
  sqlite3 *db;
  sqlite3_stmt *ask = NULL;
  iscc_status status = iscc_database_open_read(database, &db, error);
  if (status) return status;
  int result = sqlite3_prepare_v2(db, sql, -1, &ask, NULL);
  if (!result) result = sqlite3_bind_text(ask, 1, program, -1, SQLITE_STATIC);
  while (!result && sqlite3_step(ask) == SQLITE_ROW) {
    const char *name = (const char *)sqlite3_column_text(ask, 0),
               *arguments = (const char *)sqlite3_column_text(ask, 1);
    char *plain = plain_text(arguments);
    json_t *of_program = json_object_get(record, name);
    if (!of_program && !json_object_set_new(record, name, json_object()))
      of_program = json_object_get(record, name);
    if (!plain || json_object_set_new(of_program, plain, json_string(arguments))) result = SQLITE_NOMEM;
    free(plain);
  }
  if (sqlite3_finalize(ask) || result)
    status = iscc_fail(error, ISCC_EIO, "%s: %s", database, sqlite3_errmsg(db));
  sqlite3_close(db);
  return status;
}

/* of_program: part of a record; NULL is fine. */
static iscc_status check_point(const json_t *of_program, const char *arguments, const char *database,
                               iscc_error *error) {
  if (!of_program) return ISCC_OK;
  char *plain = plain_text(arguments);
  if (!plain) return iscc_fail(error, ISCC_ENOMEM, "campaign: out of memory");
  const char *there = json_string_value(json_object_get(of_program, plain));
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
  if (access(database, F_OK) != 0) return ISCC_OK;
  json_t *record = json_object();
  iscc_status status = read_record(record, database, program, error);
  for (size_t p = 0; !status && p < points->points; p++)
    status = check_point(json_object_get(record, program), points->arguments[p], database, error);
  json_decref(record);
  return status;
}

iscc_status iscc_campaign_spelling_check_other(const char *database, const char *other, iscc_error *error) {
  json_t *here = json_object(), *there = json_object(), *of_program, *arguments;
  const char *program, *plain;
  iscc_status status = read_record(here, database, NULL, error);
  if (!status) status = read_record(there, other, NULL, error);
  json_object_foreach(there, program, of_program) {
    json_object_foreach(of_program, plain, arguments) {
      if (!status)
        status = check_point(json_object_get(here, program), json_string_value(arguments), database, error);
    }
  }
  json_decref(here);
  json_decref(there);
  return status;
}
