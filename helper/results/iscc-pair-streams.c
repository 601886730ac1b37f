/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-pair-streams.h"

#include <stdbool.h>
#include <string.h>

#include "iscc-campaign-where.h"

/* ?1 the option's path, ?2 the baseline, ?3 the metric, ?4 where; a and b are the runs of a pair. */
static const char by_purpose[] =
    "WITH pair AS (SELECT e.run_id AS a, f.run_id AS b FROM execution e"
    " CROSS JOIN metric m ON m.execution_id = e.execution_id AND m.name = ?3"
    " CROSS JOIN execution f ON f.program = e.program AND f.arguments = json_set(e.arguments, ?1, ?2)"
    "  AND f.seed = e.seed AND f.run = e.run AND f.outcome = 'done'"
    " CROSS JOIN metric n ON n.execution_id = f.execution_id AND n.name = ?3"
    " WHERE e.outcome = 'done' AND e.run_id IS NOT NULL AND f.run_id IS NOT NULL"
    "  AND json_extract(e.arguments, ?1) <> ?2 AND " ISCC_CAMPAIGN_WHERE(
        "e", "?4") ")"
                   " SELECT x.purpose, sum(x.index_sha256 = y.index_sha256),"
                   " sum(x.index_sha256 = y.index_sha256 AND x.value_sha256 <> y.value_sha256), (SELECT "
                   "count(*) FROM pair)"
                   " FROM pair CROSS JOIN stream x ON x.run_id = a CROSS JOIN stream y ON y.run_id = b AND "
                   "y.purpose = "
                   "x.purpose"
                   " GROUP BY x.purpose ORDER BY x.purpose";

iscc_status iscc_pair_streams_read(sqlite3 *db, const char *by, const char *baseline, const char *metric,
                                   const char *where, iscc_pair_streams *streams, iscc_error *error) {
  sqlite3_stmt *ask = NULL;
  int result = sqlite3_prepare_v2(db, by_purpose, -1, &ask, NULL);
  memset(streams, 0, sizeof *streams);
  const char *const text[] = {by, baseline, metric, where};
  for (int i = 0; i < 4 && !result; i++) result = sqlite3_bind_text(ask, i + 1, text[i], -1, SQLITE_STATIC);
  while (!result && streams->purposes < ISCC_PAIR_PURPOSES_MAX && sqlite3_step(ask) == SQLITE_ROW) {
    iscc_pair_purpose *p = &streams->purpose[streams->purposes++];
    snprintf(p->name, sizeof p->name, "%s", (const char *)sqlite3_column_text(ask, 0));
    p->compared = sqlite3_column_int64(ask, 1);
    p->differ = sqlite3_column_int64(ask, 2);
    streams->pairs = sqlite3_column_int64(ask, 3);
  }
  result = sqlite3_finalize(ask);
  return result ? iscc_fail(error, ISCC_EIO, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db))
                : ISCC_OK;
}

static bool is_shared(const iscc_pair_streams *s, size_t i) {
  return s->purpose[i].compared == s->pairs && s->purpose[i].differ == 0;
}

static void say_shared(const iscc_pair_streams *s, FILE *out) {
  size_t count = 0, said = 0;
  for (size_t i = 0; i < s->purposes; i++) count += is_shared(s, i);
  if (!count) return;
  if (s->pairs == 1)
    fputs("Both runs drew the same random numbers for ", out);
  else
    fprintf(out, "All %lld pairs drew the same random numbers for ", (long long)s->pairs);
  for (size_t i = 0; i < s->purposes; i++) {
    if (!is_shared(s, i)) continue;
    said++;
    fprintf(out, "%s%s", said == 1 ? "" : said == count ? " and " : ", ", s->purpose[i].name);
  }
  fputs(" (stream fingerprints).\n", out);
}

void iscc_pair_streams_print(const iscc_pair_streams *s, FILE *out) {
  say_shared(s, out);
  for (size_t i = 0; i < s->purposes; i++) {
    const iscc_pair_purpose *p = &s->purpose[i];
    if (p->differ)
      fprintf(
          out,
          "Note: %s differs in %lld of %lld pairs, which do not share its random numbers: their differences "
          "scatter more; intervals are wider for it, not wrong.\n",
          p->name, (long long)p->differ, (long long)s->pairs);
    else if (p->compared == 0)
      fprintf(out, "Random numbers for %s cannot be compared: all pairs have hashes of other draws.\n",
              p->name);
    else if (p->compared < s->pairs)
      fprintf(
          out,
          "The same random numbers for %s in %lld of %lld pairs; the others have hashes of other draws and "
          "cannot be compared.\n",
          p->name, (long long)p->compared, (long long)s->pairs);
  }
}
