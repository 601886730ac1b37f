/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-fuzz-results - a small result database, alone in the working directory: two schemes, a campaign, tasks of every outcome. */
#ifndef ISCC_FUZZ_RESULTS_H
#define ISCC_FUZZ_RESULTS_H

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_FUZZ_RESULTS "results.db"

void iscc_fuzz_results_make(void);

/* Its bytes are those that were made, and no other file is there. */
void iscc_fuzz_results_check(void);

#ifdef __cplusplus
}
#endif
#endif
