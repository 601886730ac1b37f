/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-test-diagrams - a result database of a few tasks whose numbers are known, and the numbers that pictures of it keep: for tests.
 *
 * x.db, in the folder of iscc-run-program.h: runs 1 and 2, replications of each other, and run 3, which was interrupted; node 0 has
 * scheme joint and target 0.8, node 1 scheme jcc and target 0.9. */
#ifndef ISCC_TEST_DIAGRAMS_H
#define ISCC_TEST_DIAGRAMS_H

#define ISCC      "'" ISCC_TEST_BUILD_DIR "/iscc' "
#define ISCC_PLOT ISCC "plot x.db "

void iscc_test_diagrams_begin(void);
void iscc_test_diagrams_end(void);

/* The text in a row (0: the first) and a column of a CSV file of the folder, below its comment. Fails the test if there is none. */
const char *iscc_test_cell(const char *csv, int row, const char *column);

/* Fails the test unless that is a number which is want but for rounding. */
void iscc_test_expect_number(const char *csv, int row, const char *column, double want);

/* Fails the test unless the file has so many rows. */
void iscc_test_expect_rows(const char *csv, int rows);

#endif
