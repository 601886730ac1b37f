/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-ideal-results - results of a quick study made up so that every claim of the paper holds: for tests of
 * the judges. */
#ifndef ISCC_IDEAL_RESULTS_H
#define ISCC_IDEAL_RESULTS_H

#include "iscc-figures.h"

enum { ISCC_IDEAL_SAMPLES = 10000, ISCC_IDEAL_CHECKS = 100 }; /* of figs. 4 and 8; of each allocation */

extern iscc_study *iscc_ideal_study;
extern iscc_reproduction iscc_ideal_results;

/* Fixture of a test case, in a folder of iscc-run-program.h. */
void iscc_ideal_begin(void);
void iscc_ideal_end(void);

/* Fixture of each test: the results as they were made. */
void iscc_ideal_take(void);

#endif
