/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-test-results - a result database in a folder of its own, and runs to record into it: for tests. */
#ifndef ISCC_TEST_RESULTS_H
#define ISCC_TEST_RESULTS_H

#include "iscc-record.h"

enum { ISCC_RESULTS_TEXT = 32768 };

extern char iscc_results_folder[64], iscc_results_path[96]; /* of the present test */
extern const iscc_run_info iscc_results_info;
extern const iscc_node_info iscc_results_node;

/* A test's fixture. */
void iscc_results_begin(void);
void iscc_results_end(void);

/* A task whose every field has a value of its own, so that swapped columns show. */
iscc_task iscc_results_task(uint64_t number);

iscc_record *iscc_results_open(size_t memory_bytes);

/* Opens, records one run of `tasks` tasks, closes. */
iscc_status iscc_results_record(size_t memory_bytes, int tasks, iscc_error *error);
void iscc_results_must_record(size_t memory_bytes, int tasks);

/* First column of the first row as text, until the next question; "" without one. */
const char *iscc_results_ask(const char *sql);

void iscc_results_do(const char *sql); /* any statements */

#endif
