/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-fuzz-results.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-database.h"
#include "iscc-fuzz.h"
#include "iscc-tally.h"

/* schema.sql, of which ./waf build makes an array. */
__asm__(".section .rodata\n.global iscc_schema_sql\niscc_schema_sql:\n.incbin \"" ISCC_FUZZ_SCHEMA
        "\"\n.byte 0\n"
        ".text\n");

static const char rows[] = "INSERT INTO run SELECT value, 'iscc-hello', json_object('tasks', 3, "
                           "'max_latency_s', 0.1 * value, 'name', 'a \"b\"'), 1,"
                           " value, '0.1', '3.37', 'm.safetensors', 'ab', CASE value WHEN 4 THEN 'failed' "
                           "ELSE 'done' END, 9000000000,"
                           " '2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z' FROM json_each('[1, 2, 3, 4]');"
                           "INSERT INTO node SELECT run_id, value, CASE run_id % 2 WHEN 1 THEN 'joint' ELSE "
                           "'pca' END, 'model', 0.85, 0.8, value, 0, 1"
                           " FROM run, json_each('[0, 1]');"
                           "INSERT INTO task SELECT run_id, node_id, key, value, 1000000000 * key, "
                           "1000000000 * key, 1000000000 * key + 700000000,"
                           " CASE WHEN value IN ('done', 'late') THEN 0.7 + 0.01 * run_id END, 0, 5, 6, 7, "
                           "0, 1, 1, 0.01, 0.02, 0.003, 0.033, 100, 120, 2, 1,"
                           " 2, 1, CASE WHEN value = 'done' THEN run_id % 2 END"
                           " FROM node, json_each('[\"done\", \"late\", \"infeasible\", \"dropped\", "
                           "\"lost\", \"unfinished\", \"done\"]');"
                           "INSERT INTO execution SELECT run_id, 'iscc-hello', 'cd', json_object('scheme', "
                           "CASE run_id % 2 WHEN 1 THEN 'joint' ELSE 'pca' END,"
                           " 'max-latency', '0.' || (7 + run_id / 3), 'it''s', '\\'), 1, run, 'fixed', CASE "
                           "run_id WHEN 4 THEN 'failed' ELSE 'done' END,"
                           " 0, NULL, CASE WHEN run_id < 4 THEN run_id END, 'a line' || char(10, 27), '0.1', "
                           "'host', '2026-01-01T00:00:00Z', 1.5, 1, 1e6,"
                           " NULL, NULL FROM run;"
                           "INSERT INTO metric SELECT execution_id, value, 0.1 * execution_id FROM "
                           "execution, json_each('[\"energy_per_task_j\", \"accuracy\"]')"
                           " WHERE outcome = 'done';";

static char made[1 << 20];
static size_t made_bytes;

/* Reads all of it. */
static size_t read_file(char *bytes, size_t room) {
  FILE *file = fopen(ISCC_FUZZ_RESULTS, "rb");
  ISCC_FUZZ_REQUIRE(file);
  const size_t count = fread(bytes, 1, room, file);
  ISCC_FUZZ_REQUIRE(count < room);
  fclose(file);
  return count;
}

void iscc_fuzz_results_make(void) {
  sqlite3 *db;
  char *why = NULL;
  iscc_error error = {""};
  remove(ISCC_FUZZ_RESULTS);
  if (iscc_database_open(ISCC_FUZZ_RESULTS, &db, &error)) fprintf(stderr, "%s\n", error.text);
  if (sqlite3_exec(db, rows, NULL, NULL, &why)) fprintf(stderr, "%s\n", why);
  ISCC_FUZZ_REQUIRE(!why && iscc_tally_add_missing(db) == SQLITE_OK);
  ISCC_FUZZ_REQUIRE(sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK);
  ISCC_FUZZ_REQUIRE(sqlite3_close(db) == SQLITE_OK);
  made_bytes = read_file(made, sizeof made);
}

void iscc_fuzz_results_check(void) {
  static char now[sizeof made];
  ISCC_FUZZ_REQUIRE(read_file(now, sizeof now) == made_bytes && memcmp(now, made, made_bytes) == 0);
  DIR *folder = opendir(".");
  ISCC_FUZZ_REQUIRE(folder);
  for (const struct dirent *entry; (entry = readdir(folder));)
    ISCC_FUZZ_REQUIRE(entry->d_name[0] == '.' || strcmp(entry->d_name, ISCC_FUZZ_RESULTS) == 0);
  closedir(folder);
}
