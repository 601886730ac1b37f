/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-anonymous.h"

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "iscc-json-text.h"

typedef struct { /* names in the order of their numbers */
  char **name;   /* owned */
  size_t count;
} names;

typedef struct {
  names hosts, folders;
} anonymous;

/* The number of a name, 1.., which is added if it is not there; 0: out of memory. */
static size_t number_of(names *n, const char *name, size_t length) {
  for (size_t i = 0; i < n->count; i++)
    if (strlen(n->name[i]) == length && memcmp(n->name[i], name, length) == 0) return i + 1;
  char **more = realloc(n->name, (n->count + 1) * sizeof *more);
  if (!more) return 0;
  n->name = more;
  n->name[n->count] = strndup(name, length);
  return n->name[n->count] ? ++n->count : 0;
}

static void free_names(names *n) {
  for (size_t i = 0; i < n->count; i++) free(n->name[i]);
  free(n->name);
}

static void free_anonymous(void *ctx) {
  anonymous *a = ctx;
  free_names(&a->hosts);
  free_names(&a->folders);
  free(a);
}

/* The longest host name that begins here as a whole word; hosts.count: none. */
static size_t host_at(const names *hosts, const char *text, const char *at) {
  size_t found = hosts->count, longest = 0;
  if (at > text && isalnum((unsigned char)at[-1])) return found;
  for (size_t i = 0; i < hosts->count; i++) {
    const size_t length = strlen(hosts->name[i]);
    if (length <= longest || strncasecmp(at, hosts->name[i], length) != 0) continue;
    if (isalnum((unsigned char)at[length])) continue;
    found = i;
    longest = length;
  }
  return found;
}

static void put_without_hosts(const names *hosts, const char *text, FILE *out) {
  for (const char *at = text; *at;) {
    const size_t host = host_at(hosts, text, at);
    if (host < hosts->count) {
      fprintf(out, "host-%zu", host + 1);
      at += strlen(hosts->name[host]);
    } else {
      fputc(*at++, out);
    }
  }
}

/* A value without names; free() it. NULL: out of memory. */
static char *hide(anonymous *a, const char *text) {
  char *hidden = NULL;
  size_t size = 0, folder = 0;
  const char *slash = strrchr(text, '/'), *rest = slash ? slash + 1 : text;
  if (slash && !(folder = number_of(&a->folders, text, (size_t)(slash - text)))) return NULL;
  FILE *out = open_memstream(&hidden, &size);
  if (!out) return NULL;
  if (slash) fprintf(out, "folder-%zu/", folder);
  put_without_hosts(&a->hosts, rest, out);
  if (fclose(out) == 0) return hidden;
  free(hidden);
  return NULL;
}

/* The same of all texts in a JSON value; keys stay. */
static json_t *hide_json(anonymous *a, json_t *value) {
  const char *key;
  json_t *part;
  void *next;
  size_t i;
  bool whole = true;
  if (json_is_string(value)) {
    char *hidden = hide(a, json_string_value(value));
    json_t *text = hidden ? json_string(hidden) : NULL;
    free(hidden);
    return text;
  }
  json_object_foreach_safe(value, next, key, part) {
    whole = whole && json_object_set_new(value, key, hide_json(a, part)) == 0;
  }
  json_array_foreach(value, i, part) {
    whole = whole && json_array_set_new(value, i, hide_json(a, part)) == 0;
  }
  return whole ? json_incref(value) : NULL;
}

static void yield(sqlite3_context *context, char *text) {
  if (text)
    sqlite3_result_text(context, text, -1, free);
  else
    sqlite3_result_error_nomem(context);
}

static void sql_host(sqlite3_context *context, int count, sqlite3_value **value) {
  anonymous *a = sqlite3_user_data(context);
  const char *text = (const char *)sqlite3_value_text(value[0]);
  char *hidden = NULL;
  (void)count;
  if (!text) return;
  const size_t number = number_of(&a->hosts, text, strlen(text));
  yield(context, number && asprintf(&hidden, "host-%zu", number) >= 0 ? hidden : NULL);
}

static void sql_text(sqlite3_context *context, int count, sqlite3_value **value) {
  const char *text = (const char *)sqlite3_value_text(value[0]);
  (void)count;
  if (text) yield(context, hide(sqlite3_user_data(context), text));
}

static void sql_json(sqlite3_context *context, int count, sqlite3_value **value) {
  const char *text = (const char *)sqlite3_value_text(value[0]);
  (void)count;
  if (!text) return;
  json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
  if (!json) { /* SQLite takes what jansson does not, as NUL in a text */
    sqlite3_result_text(context, "null", -1, SQLITE_STATIC);
    return;
  }
  json_t *hidden = hide_json(sqlite3_user_data(context), json);
  yield(context, hidden ? iscc_json_text(hidden) : NULL);
  json_decref(hidden);
  json_decref(json);
}

static int take_hosts(sqlite3 *db, const char *schema, anonymous *a) {
  char *sql = sqlite3_mprintf("SELECT host FROM %s%sexecution GROUP BY host ORDER BY min(execution_id)",
                              schema ? schema : "", schema ? "." : "");
  sqlite3_stmt *ask = NULL;
  int result = sql ? sqlite3_prepare_v2(db, sql, -1, &ask, NULL) : SQLITE_NOMEM;
  while (!result && (result = sqlite3_step(ask)) == SQLITE_ROW) {
    const char *host = (const char *)sqlite3_column_text(ask, 0);
    result = host && number_of(&a->hosts, host, strlen(host)) ? SQLITE_OK : SQLITE_NOMEM;
  }
  sqlite3_finalize(ask);
  sqlite3_free(sql);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

int iscc_anonymous_add(sqlite3 *db, const char *schema) {
  anonymous *a = calloc(1, sizeof *a);
  if (!a) return SQLITE_NOMEM;
  int result = take_hosts(db, schema, a);
  if (result) {
    free_anonymous(a);
    return result;
  }
  result = sqlite3_create_function_v2(db, "iscc_hide_host", 1, SQLITE_UTF8, a, sql_host, NULL, NULL,
                                      free_anonymous);
  if (!result)
    result = sqlite3_create_function_v2(db, "iscc_hide_text", 1, SQLITE_UTF8, a, sql_text, NULL, NULL, NULL);
  if (!result)
    result = sqlite3_create_function_v2(db, "iscc_hide_json", 1, SQLITE_UTF8, a, sql_json, NULL, NULL, NULL);
  return result;
}

char *iscc_anonymous_sql(const char *column) {
  static const struct {
    const char *column, *sql;
  } hidden[] = {{"host", "iscc_hide_host(\"host\")"},
                {"model_path", "iscc_hide_text(\"model_path\")"},
                {"parameters", "iscc_hide_json(\"parameters\")"},
                {"arguments", "iscc_hide_json(\"arguments\")"},
                {"point", "iscc_hide_json(\"point\")"},
                {"stderr", "''"}};
  for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
    if (strcmp(hidden[i].column, column) == 0) return sqlite3_mprintf("%s", hidden[i].sql);
  return sqlite3_mprintf("\"%w\"", column);
}
