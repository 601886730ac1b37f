/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-reproduction-report - report.html and report.md of a reproduction: settings, claims, every figure that
 * is there, Table III and the check of each allocation of joint and alternating. */
#ifndef ISCC_REPRODUCTION_REPORT_H
#define ISCC_REPRODUCTION_REPORT_H

#include "iscc-figures.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Into the study's directory. The figures' files have to be there. */
iscc_status iscc_reproduction_report(const iscc_study *study, const iscc_reproduction *results,
                                     iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
