/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-campaign-where.h"

#include <string.h>

#include "iscc-number-text.h"

static void equal(sqlite3_context *context, int count, sqlite3_value **value) {
  (void)count;
  const char *a = (const char *)sqlite3_value_text(value[0]), *b = (const char *)sqlite3_value_text(value[1]);
  sqlite3_result_int(context, a && b && iscc_number_text_equal(a, b));
}

iscc_status iscc_campaign_where_prepare(sqlite3 *db, iscc_error *error) {
  if (sqlite3_create_function(db, "iscc_equal", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, equal, NULL,
                              NULL))
    return iscc_fail(error, ISCC_ENOMEM, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
  return ISCC_OK;
}

/* NULL: no memory. */
static json_t *values_of(json_t *object, const char *option, size_t length) {
  json_t *values = json_object_getn(object, option, length);
  if (values) return values;
  values = json_array();
  return json_object_setn_new(object, option, length, values) ? NULL : values;
}

static iscc_status add(json_t *object, const char *condition, iscc_error *error) {
  const char *equals = strchr(condition, '=');
  if (!equals || equals == condition || memchr(condition, '"', (size_t)(equals - condition)))
    return iscc_fail(error, ISCC_EINVAL, "where: '%s' is not OPTION=VALUE", condition);
  json_t *values = values_of(object, condition, (size_t)(equals - condition));
  if (!values || json_array_append_new(values, json_string(equals + 1)))
    return iscc_fail(error, ISCC_EINVAL, "where: '%s' is no UTF-8 or too much for memory", condition);
  return ISCC_OK;
}

iscc_status iscc_campaign_where_make(const char *const *conditions, size_t count, char **json,
                                     iscc_error *error) {
  iscc_status status = ISCC_OK;
  json_t *object = json_object();
  for (size_t i = 0; i < count && !status; i++) status = add(object, conditions[i], error);
  *json = status ? NULL : json_dumps(object, JSON_COMPACT);
  json_decref(object);
  if (!status && !*json) status = iscc_fail(error, ISCC_ENOMEM, "where: out of memory");
  return status;
}

bool iscc_campaign_where_holds(json_t *where, const json_t *arguments) {
  const char *option;
  json_t *values;
  json_object_foreach(where, option, values) {
    const json_t *given = json_object_get(arguments, option);
    bool found = false;
    for (size_t i = 0; i < json_array_size(values); i++)
      found |= given &&
               iscc_number_text_equal(json_string_value(json_array_get(values, i)), json_string_value(given));
    if (!found) return false;
  }
  return true;
}

/* The first condition that no run fulfils: option, value, and what there is of the option. */
static const char unfulfilled[] =
    "WITH given AS (SELECT key, value FROM execution,"
    " json_each(json_set(arguments, '$.program', program)) WHERE outcome = 'done')"
    " SELECT wanted.key, choice.value, (SELECT group_concat(DISTINCT value) FROM given WHERE key = "
    "wanted.key)"
    " FROM json_each(?1) wanted, json_each(wanted.value) choice"
    " WHERE NOT EXISTS (SELECT 1 FROM given WHERE key = wanted.key AND iscc_equal(value, choice.value))"
    " LIMIT 1";

iscc_status iscc_campaign_where_check(sqlite3 *db, const char *json, iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  iscc_status status = iscc_campaign_where_prepare(db, error);
  if (status) return status;
  if (sqlite3_prepare_v2(db, unfulfilled, -1, &ask, NULL))
    return iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
  sqlite3_bind_text(ask, 1, json, -1, SQLITE_STATIC);
  if (sqlite3_step(ask) == SQLITE_ROW) {
    const char *option = (const char *)sqlite3_column_text(ask, 0),
               *there = (const char *)sqlite3_column_text(ask, 2);
    status = there ? iscc_fail(error, ISCC_EINVAL, "where: no run has %s=%s; it was run with %s", option,
                               (const char *)sqlite3_column_text(ask, 1), there)
                   : iscc_fail(error, ISCC_EINVAL, "where: no run was given an option '%s'", option);
  }
  sqlite3_finalize(ask);
  return status;
}
