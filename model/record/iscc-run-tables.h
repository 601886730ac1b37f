/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-run-tables - the tables of schema.sql that hold what a run recorded: one row of `run`, and rows of the others with its
 * run_id. Whoever records, copies or compares runs goes through this list. */
#ifndef ISCC_RUN_TABLES_H
#define ISCC_RUN_TABLES_H

#ifdef __cplusplus
extern "C" {
#endif

enum {
  ISCC_RUN_TABLE_RUN,
  ISCC_RUN_TABLE_NODE,
  ISCC_RUN_TABLE_TASK,
  ISCC_RUN_TABLE_DECISION,
  ISCC_RUN_TABLE_BATTERY,
  ISCC_RUN_TABLE_STREAM,
  ISCC_RUN_TABLE_TALLY, /* made of the others, as the next: iscc-tally.h */
  ISCC_RUN_TABLE_CHOICE,
  ISCC_RUN_TABLES
};

/* Their names; each after those that its rows refer to. */
extern const char *const iscc_run_table[ISCC_RUN_TABLES];

#ifdef __cplusplus
}
#endif
#endif
