/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-query-name.h"

#include <string.h>

#include "iscc-number-text.h"

typedef enum { NAME_NONE, NAME_BOTH, NAME_COLUMN, NAME_OPTION, NAME_PARAMETER } name_kind;

/* Whether a question with one or two texts yields a row. */
static bool is_there(sqlite3 *db, const char *sql, const char *first, const char *second) {
  sqlite3_stmt *ask = NULL;
  bool there = false;
  if (sqlite3_prepare_v2(db, sql, -1, &ask, NULL) == SQLITE_OK) {
    sqlite3_bind_text(ask, 1, first, -1, SQLITE_STATIC);
    if (second) sqlite3_bind_text(ask, 2, second, -1, SQLITE_STATIC);
    there = sqlite3_step(ask) == SQLITE_ROW;
  }
  sqlite3_finalize(ask);
  return there;
}

bool iscc_query_has_column(sqlite3 *db, const char *view, const char *name) {
  return is_there(db, "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2", view, name);
}

static bool is_option(sqlite3 *db, const char *view, const char *name) {
  return iscc_query_has_column(db, view, "arguments") &&
         is_there(db, "SELECT 1 FROM execution, json_each(arguments) WHERE key = ?1 LIMIT 1", name, NULL);
}

/* Columns that hold what the option of that name says. */
static bool is_the_same(const char *name) {
  static const char *const names[] = {"scheme", "inference", "program", "seed", "run"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(name, names[i]) == 0) return true;
  return false;
}

static bool is_parameter(sqlite3 *db, const char *view, const char *name) {
  return !strpbrk(name, "\"'") && iscc_query_has_column(db, view, "parameters") &&
         is_there(db,
                  "SELECT 1 FROM (SELECT DISTINCT parameters FROM run), json_each(parameters) WHERE key = ?1 "
                  "LIMIT 1",
                  name, NULL);
}

/* *bare: the name without what says of which kind it is. */
static name_kind kind_of(sqlite3 *db, const char *view, const char *name, const char **bare) {
  const bool column_only = name[0] == '.', option_only = strncmp(name, "--", 2) == 0;
  *bare = name += option_only ? 2 : column_only;
  const bool column = !option_only && iscc_query_has_column(db, view, name);
  if (column_only || (column && is_the_same(name))) return column ? NAME_COLUMN : NAME_NONE;
  const bool of_tasks = !option_only && !is_the_same(name) && iscc_query_has_column(db, "v_task", name);
  if (!strpbrk(name, "\"'") && is_option(db, view, name)) /* it stands in a path of JSON */
    return column || of_tasks ? NAME_BOTH : NAME_OPTION;
  if (column) return NAME_COLUMN;
  return !option_only && !of_tasks && is_parameter(db, view, name) ? NAME_PARAMETER : NAME_NONE;
}

static iscc_status refuse(sqlite3 *db, const char *view, const char *name, iscc_error *error) {
  char list[400] = "";
  sqlite3_stmt *ask = NULL;
  if (sqlite3_prepare_v2(
          db,
          "SELECT group_concat(name, ' ') FROM (SELECT * FROM (SELECT DISTINCT '--' || key AS name FROM "
          "(SELECT DISTINCT arguments FROM execution), json_each(arguments) WHERE EXISTS (SELECT 1 FROM "
          "pragma_table_info(?1) WHERE "
          "name = 'arguments') ORDER BY key) UNION ALL SELECT name FROM pragma_table_info(?1) WHERE "
          "name NOT IN ('arguments', 'parameters'))",
          -1, &ask, NULL) == SQLITE_OK) {
    sqlite3_bind_text(ask, 1, view, -1, SQLITE_STATIC);
    if (sqlite3_step(ask) == SQLITE_ROW && sqlite3_column_text(ask, 0))
      sqlite3_snprintf(sizeof list, list, "%s", (const char *)sqlite3_column_text(ask, 0));
  }
  sqlite3_finalize(ask);
  return iscc_fail(error, ISCC_EINVAL, "'%s' is no name here; there are, beside the parameters of runs: %s%s",
                   name, list, strlen(list) + 1 == sizeof list ? "..." : "");
}

static char *expression(name_kind kind, const char *name) {
  switch (kind) {
  case NAME_COLUMN:
    return sqlite3_mprintf("\"%w\"", name);
  case NAME_OPTION:
    return sqlite3_mprintf("json_extract(arguments, '$.\"%q\"')", name);
  default:
    return sqlite3_mprintf("json_extract(parameters, '$.\"%q\"')", name);
  }
}

static iscc_status find(sqlite3 *db, const char *view, const char *name, name_kind *kind, char **sql,
                        iscc_error *error) {
  const char *bare;
  *sql = NULL;
  *kind = kind_of(db, view, name, &bare);
  if (*kind == NAME_NONE) return refuse(db, view, name, error);
  if (*kind == NAME_BOTH)
    return iscc_fail(
        error, ISCC_EINVAL,
        "'%s' is a column and an option of the campaign: write .%s for the column, --%s for the option", name,
        name, name);
  *sql = expression(*kind, bare);
  return *sql ? ISCC_OK : iscc_fail(error, ISCC_ENOMEM, "out of memory");
}

/* Whether a column that both views may have is of single tasks in of_tasks alone: it is none of those that nodes and choices are told apart by. */
static bool is_of_tasks(sqlite3 *db, const char *of_tasks, const char *name) {
  return iscc_query_has_column(db, of_tasks, name) &&
         is_there(db,
                  "SELECT 1 FROM pragma_table_info('tally') WHERE name = ?1 AND NOT pk\n"
                  "UNION ALL SELECT 1 FROM pragma_table_info('choice') WHERE name = ?1 AND NOT pk\n"
                  "UNION ALL SELECT 1 FROM pragma_table_info('decision') WHERE name = ?1 AND NOT pk AND ?2 = "
                  "'v_decision'\n"
                  "   AND name NOT IN ('split', 'bits')",
                  name, of_tasks);
}

bool iscc_query_has_names(sqlite3 *db, const char *view, const char *of_tasks, const char *const *names,
                          size_t count) {
  bool all = true;
  for (size_t i = 0; i < count && all; i++) {
    const char *bare;
    char *name = sqlite3_mprintf("%.*s", (int)strcspn(names[i], "!=<>"), names[i]);
    const name_kind kind = name ? kind_of(db, view, name, &bare) : NAME_NONE;
    all = kind != NAME_NONE && !(kind == NAME_COLUMN && of_tasks && is_of_tasks(db, of_tasks, bare));
    sqlite3_free(name);
  }
  return all;
}

iscc_status iscc_query_name_sql(sqlite3 *db, const char *view, const char *name, char **sql,
                                iscc_error *error) {
  name_kind kind;
  return find(db, view, name, &kind, sql, error);
}

typedef struct {
  name_kind kind;
  char *name, *sql; /* owned */
  const char *relation, *value;
} condition;

static void free_condition(condition *c) {
  sqlite3_free(c->name);
  sqlite3_free(c->sql);
}

/* A text compares as greater than every number: what is compared with numbers, or by size, is one. */
static iscc_status check_value(sqlite3 *db, const char *view, const condition *c, iscc_error *error) {
  char number[ISCC_NUMBER_TEXT_MAX];
  const char *bare = c->name + (c->name[0] == '.');
  const bool by_size = strpbrk(c->relation, "<>") != NULL,
             of_numbers =
                 c->kind == NAME_COLUMN &&
                 is_there(
                     db,
                     "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2 AND type IN ('INTEGER', 'REAL')",
                     view, bare),
             of_texts = c->kind == NAME_COLUMN &&
                        is_there(db, "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2 AND type = 'TEXT'",
                                 view, bare);
  if (iscc_number_text(c->value, number) || !(of_numbers || (by_size && !of_texts))) return ISCC_OK;
  return iscc_fail(error, ISCC_EINVAL, "where: '%s' of '%s%s%s' is no number, as 0.8 or 1e-3, without a unit",
                   c->value, c->name, c->relation, c->value);
}

static iscc_status read_condition(sqlite3 *db, const char *view, const char *text, condition *c,
                                  iscc_error *error) {
  static const char *const relations[] = {"!=", "<=", ">=", "=", "<", ">"};
  const char *at = strpbrk(text, "!=<>");
  *c = (condition){.kind = NAME_NONE};
  for (size_t i = 0; at && !c->relation && i < sizeof relations / sizeof *relations; i++)
    if (strncmp(at, relations[i], strlen(relations[i])) == 0) c->relation = relations[i];
  if (!c->relation || at == text)
    return iscc_fail(error, ISCC_EINVAL, "where: '%s' is not NAME=VALUE (or != < <= > >= in place of =)",
                     text);
  c->value = at + strlen(c->relation);
  c->name = sqlite3_mprintf("%.*s", (int)(at - text), text);
  if (!c->name) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  const iscc_status status = find(db, view, c->name, &c->kind, &c->sql, error);
  return status ? status : check_value(db, view, c, error);
}

/* Texts that were quoted in the campaign file keep their spelling. */
static char *spelling_sql(const condition *c) {
  char number[ISCC_NUMBER_TEXT_MAX];
  const bool other =
      c->kind == NAME_OPTION && iscc_number_text(c->value, number) && strcmp(number, c->value) != 0;
  return other && strcmp(c->relation, "=") == 0 ? sqlite3_mprintf(", %Q", c->value) : NULL;
}

/* The value as SQL: a number where it is compared as one. Options are texts, of which < and the like take the number. */
static char *value_sql(const condition *c) {
  char number[ISCC_NUMBER_TEXT_MAX];
  const bool is_number = iscc_number_text(c->value, number);
  const bool as_text = c->kind == NAME_OPTION && strpbrk(c->relation, "<>") == NULL;
  return is_number && !as_text ? sqlite3_mprintf("%s", number)
                               : sqlite3_mprintf("%Q", is_number ? number : c->value);
}

static void append_condition(sqlite3_str *out, const condition *all, size_t count, size_t i) {
  const condition *c = &all[i];
  const bool equal = strcmp(c->relation, "=") == 0;
  for (size_t k = 0; equal && k < i; k++)
    if (strcmp(all[k].relation, "=") == 0 && strcmp(all[k].name, c->name) == 0) return; /* with that one */
  sqlite3_str_appendall(out, sqlite3_str_length(out) ? " AND " : "");
  const bool number = c->kind == NAME_OPTION && strpbrk(c->relation, "<>") != NULL;
  sqlite3_str_appendf(out, number ? "CAST(%s AS REAL) %s " : "%s %s ", c->sql,
                      equal                            ? "IN"
                      : strcmp(c->relation, "!=") == 0 ? "IS NOT" /* what has no value is another one, too */
                                                       : c->relation);
  for (size_t k = i; k < count; k++) {
    const bool alternative =
        k == i || (equal && strcmp(all[k].relation, "=") == 0 && strcmp(all[k].name, c->name) == 0);
    if (!alternative) continue;
    char *value = value_sql(&all[k]), *spelling = spelling_sql(&all[k]);
    sqlite3_str_appendf(out, "%s%s%s",
                        k > i   ? ", "
                        : equal ? "("
                                : "",
                        value ? value : "NULL", spelling ? spelling : "");
    sqlite3_free(spelling);
    sqlite3_free(value);
  }
  sqlite3_str_appendall(out, equal ? ")" : "");
}

iscc_status iscc_query_where_sql(sqlite3 *db, const char *view, const char *const *conditions, size_t count,
                                 char **sql, iscc_error *error) {
  iscc_status status = ISCC_OK;
  sqlite3_str *out = sqlite3_str_new(db);
  condition *all = sqlite3_malloc64((count + 1) * sizeof *all);
  size_t read = 0;
  if (!all) status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  for (; read < count && !status; read++)
    status = read_condition(db, view, conditions[read], &all[read], error);
  for (size_t i = 0; i < count && !status; i++) append_condition(out, all, count, i);
  for (size_t i = 0; i < read; i++) free_condition(&all[i]);
  sqlite3_free(all);
  char *text = sqlite3_str_finish(out);
  *sql = status ? NULL : text ? text : sqlite3_mprintf("");
  if (status) sqlite3_free(text);
  if (!status && !*sql) status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  return status;
}
