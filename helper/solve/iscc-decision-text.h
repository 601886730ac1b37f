/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-decision-text - decisions for people: a page for one, a row of a table or of CSV for each of many. */
#ifndef ISCC_DECISION_TEXT_H
#define ISCC_DECISION_TEXT_H

#include <stdio.h>

#include "iscc-solver.h"

#ifdef __cplusplus
extern "C" {
#endif

void iscc_decision_print(const iscc_decision *decision, const char *scheme, double time_us, FILE *out);

/* An aligned table; before stands at the start of each line, such as a swept value. */
void iscc_decision_table_head(const char *before, FILE *out);
void iscc_decision_table_row(const char *before, const char *scheme, const iscc_decision *decision,
                             double time_us, FILE *out);
/* A scheme that this problem has no place for. */
void iscc_decision_table_refusal(const char *before, const char *scheme, const char *why, FILE *out);

/* CSV, SI units in the column names; empty fields where there is no number. */
void iscc_decision_csv_head(const char *before, FILE *out);
void iscc_decision_csv_row(const char *before, const char *scheme, const iscc_decision *decision,
                           double time_us, FILE *out);

/* Status error, all else empty. */
void iscc_decision_csv_refusal(const char *before, const char *scheme, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
