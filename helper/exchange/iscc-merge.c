/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-merge.h"

#include <sqlite3.h>
#include <stdio.h>

#include "iscc-campaign-merge.h"
#include "iscc-database.h"
#include "iscc-run-copy.h"
#include "iscc-run-twin.h"

static void count(void *ctx, const iscc_merged *merged) {
  iscc_merged_runs *runs = ctx;
  runs->added += merged->added;
  runs->there += !merged->added;
}

static int add_unless_there(sqlite3 *db, iscc_run_twin *twins, int64_t run_id, iscc_merged_runs *runs) {
  int64_t twin = 0, added = 0;
  int result = iscc_run_twin_find(twins, run_id, &twin);
  if (result || twin) {
    runs->there += twin != 0;
    return result;
  }
  result = iscc_run_copy(db, run_id, &added);
  runs->added++;
  return result ? result : iscc_run_twin_add(twins, added);
}

/* Runs that belong to no execution. */
static int merge_single(sqlite3 *db, iscc_merged_runs *runs) {
  iscc_run_twin *twins = NULL;
  sqlite3_stmt *list = NULL;
  int result = iscc_run_twin_open(db, &twins);
  if (!result)
    result = sqlite3_prepare_v2(db,
                                "SELECT run_id FROM shard.run WHERE run_id NOT IN (SELECT run_id FROM "
                                "shard.execution WHERE run_id IS NOT NULL) ORDER BY 1",
                                -1, &list, NULL);
  while (!result && (result = sqlite3_step(list)) == SQLITE_ROW)
    result = add_unless_there(db, twins, sqlite3_column_int64(list, 0), runs);
  sqlite3_finalize(list);
  iscc_run_twin_close(twins);
  return result == SQLITE_DONE ? SQLITE_OK : result;
}

static iscc_status say(sqlite3 *db, const char *shard, iscc_error *error) {
  char what[256];
  snprintf(what, sizeof what, "%s cannot be merged", shard);
  return iscc_database_fail(db, sqlite3_db_filename(db, "main"), what, NULL, error);
}

static iscc_status merge_attached(iscc_campaign_store *store, const char *shard, iscc_merged_runs *runs,
                                  iscc_error *error) {
  sqlite3 *db = iscc_campaign_store_database(store);
  if (iscc_run_copy_sql(db, "BEGIN IMMEDIATE")) return say(db, shard, error);
  iscc_status status = iscc_campaign_merge_attached(store, shard, count, runs, error);
  if (!status && merge_single(db, runs)) status = say(db, shard, error);
  if (!status && iscc_run_copy_sql(db, "COMMIT")) status = say(db, shard, error);
  if (!sqlite3_get_autocommit(db)) iscc_run_copy_sql(db, "ROLLBACK");
  return status;
}

iscc_status iscc_merge(iscc_campaign_store *store, const char *shard, iscc_merged_runs *runs,
                       iscc_error *error) {
  *runs = (iscc_merged_runs){0};
  iscc_status status = iscc_campaign_merge_check(store, shard, error);
  if (!status) status = iscc_campaign_merge_attach(store, shard, error);
  if (status) return status;
  status = merge_attached(store, shard, runs, error);
  iscc_run_copy_detach(iscc_campaign_store_database(store));
  return status;
}
