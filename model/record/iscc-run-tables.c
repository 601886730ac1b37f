/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-run-tables.h"

const char *const iscc_run_table[ISCC_RUN_TABLES] = {
    [ISCC_RUN_TABLE_RUN] = "run",         [ISCC_RUN_TABLE_NODE] = "node",
    [ISCC_RUN_TABLE_TASK] = "task",       [ISCC_RUN_TABLE_DECISION] = "decision",
    [ISCC_RUN_TABLE_BATTERY] = "battery", [ISCC_RUN_TABLE_STREAM] = "stream",
    [ISCC_RUN_TABLE_TALLY] = "tally",     [ISCC_RUN_TABLE_CHOICE] = "choice"};
