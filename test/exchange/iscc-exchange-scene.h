/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-exchange-scene - result databases to export, merge and archive: for tests. */
#ifndef ISCC_EXCHANGE_SCENE_H
#define ISCC_EXCHANGE_SCENE_H

#define ISCC_DB "'" ISCC_TEST_BUILD_DIR "/iscc' db "

/* A test's fixture: a.db in the folder of iscc-run-program.h, with a run of 3 tasks that belongs to an execution with a metric, a single run of 2 tasks, and
 * an execution that failed. */
void iscc_exchange_begin(void);
void iscc_exchange_end(void);

/* Adds what is hard to write as text: quotes, commas, line ends, formulas, NUL, bytes that are no UTF-8, infinities. */
void iscc_exchange_add_hostile(const char *database);

/* The first table in which two databases differ, but for the numbers of runs and executions, or rows do not belong to the same of them; "": none. */
const char *iscc_exchange_difference(const char *a, const char *b);

#endif
