/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-export-readme.h"

#include <stdlib.h>
#include <string.h>

#include "iscc-safe-text.h"
#include "iscc-schema-text.h"
#include "iscc-schema.h"

static const char *const form[] = {
    [ISCC_ROWS_CSV] = "CSV as in RFC 4180, names in the first line. A value that is not there (NULL) is "
                      "nothing, an empty text is \"\".\n"
                      "A text that a spreadsheet would take for a formula has a ' before it, and so has one "
                      "that begins with '.\n",
    [ISCC_ROWS_JSONL] = "JSON lines: an object for each row. A value that is not there (NULL) is null; a "
                        "text that is not UTF-8 is\n"
                        "{\"hex\": its bytes}.\n"};

static void put_safe(const char *text, FILE *out) {
  char safe[1024];
  iscc_safe_text(text, strlen(text), 0, safe, sizeof safe);
  fputs(safe, out);
}

void iscc_export_readme_begin(const char *database, const iscc_export_scope *scope, FILE *out) {
  const char *slash = strrchr(database, '/');
  fprintf(out, "Results of iscc %s, schema version %d", ISCC_VERSION, ISCC_SCHEMA_VERSION);
  if (!scope->anonymous) {
    fputs(", from ", out);
    put_safe(slash ? slash + 1 : database, out);
  }
  fputs(".\n", out);
  for (size_t i = 0; i < scope->where_count && !scope->anonymous; i++) {
    fputs(i ? ", " : "Only: ", out);
    put_safe(scope->where[i], out);
  }
  if (scope->where_count) fputs(scope->anonymous ? "Not all rows of the database.\n" : ".\n", out);
  if (scope->anonymous)
    fputs("Names of machines are host-1, host-2, ..., folders folder-1, ...; what programs printed to stderr "
          "is "
          "left out.\n",
          out);
  fprintf(out,
          "\n%sNumbers have all their digits; infinite ones are inf and -inf. Units are in the names: _s "
          "seconds, "
          "_ns nanoseconds of simulated\ntime, _j joules, _w watts, _m metres. 'iscc db import' makes a "
          "database of the tables again.\n",
          form[scope->format]);
}

/* Where a column of a view comes from; what is computed has no text of its own. */
static void add_column(sqlite3_stmt *rows, int i, FILE *out) {
  const char *table = sqlite3_column_table_name(rows, i), *column = sqlite3_column_origin_name(rows, i);
  char *text = table && column ? iscc_schema_text_of_column(table, column) : NULL;
  fprintf(out, "  %-24s ", sqlite3_column_name(rows, i));
  if (text && strcmp(sqlite3_column_name(rows, i), column) != 0) fprintf(out, "%s.%s: ", table, column);
  fprintf(out, "%s\n", text ? text : "computed");
  free(text);
}

int iscc_export_readme_add(sqlite3 *db, const char *name, iscc_row_format format, int64_t rows, FILE *out) {
  sqlite3_stmt *ask = NULL;
  char *sql = sqlite3_mprintf("SELECT * FROM %s", name), *text = iscc_schema_text_of(name);
  const int result = sql ? sqlite3_prepare_v2(db, sql, -1, &ask, NULL) : SQLITE_NOMEM;
  fprintf(out, "\n%s.%s, %lld rows: %s\n", name, iscc_row_format_name[format], (long long)rows,
          text ? text : "");
  for (int i = 0; !result && i < sqlite3_column_count(ask); i++) add_column(ask, i, out);
  sqlite3_finalize(ask);
  sqlite3_free(sql);
  free(text);
  return result;
}
