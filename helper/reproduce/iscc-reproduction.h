/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-reproduction - the paper's evaluation: its figures and table, measured, drawn and reported.
 *
 * Order of a run: each wanted figure is measured, and its files are written as soon as it is; then the
 * allocations of figs. 9 to 11 and Table III are checked. The report is written before the checks and after
 * them, also when they end early, so that an interrupted run leaves all it has. Repeated in the same
 * directory, it goes on from what is kept there. */
#ifndef ISCC_REPRODUCTION_H
#define ISCC_REPRODUCTION_H

#include "iscc-figures.h"

#ifdef __cplusplus
extern "C" {
#endif

/* wanted[ISCC_FIGURES]. check: also check the allocations. out: where the results go, too; NULL: nowhere. A
 * failure, or an interruption (ISCC_EINTR), leaves the files of what was finished and a report of it. */
iscc_status iscc_reproduce(iscc_study *study, const bool *wanted, bool check, iscc_reproduction *out,
                           iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
