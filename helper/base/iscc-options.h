/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-options - command lines: argp with checked numbers, and one clear line for each mistake.
 *
 * Exit statuses of every program: 0 fine, 1 failure (ISCC_EXIT_FAILURE), 2 wrong usage (ISCC_EXIT_USAGE). */
#ifndef ISCC_OPTIONS_H
#define ISCC_OPTIONS_H

#include <argp.h>
#include <stdint.h>

#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { ISCC_EXIT_FAILURE = 1, ISCC_EXIT_USAGE = 2 };

/* Each parses text as the value of option `name` (without dashes); on a mistake prints one line to stderr -
 * the option, the text, the allowed range, where help is - and exits with 2. For use inside argp parsers
 * only. */
double iscc_option_real(const struct argp_state *state, const char *name, const char *text, double low,
                        double high); /* low <= value <= high */
double iscc_option_positive(const struct argp_state *state, const char *name,
                            const char *text); /* > 0, finite */
int64_t iscc_option_integer(const struct argp_state *state, const char *name, const char *text, int64_t low,
                            int64_t high);

/* "LOW:HIGH", both within least..most and LOW <= HIGH. */
void iscc_option_range(const struct argp_state *state, const char *name, const char *text, int least,
                       int most, int *low, int *high);
/* "A,B,...": 1..max whole numbers within least..most. Returns how many. */
int iscc_option_list(const struct argp_state *state, const char *name, const char *text, int least, int most,
                     int *values, int max);

/* Prints "program: text (see 'program --help')" and exits with 2. */
__attribute__((noreturn)) void iscc_option_refuse(const struct argp_state *state, const char *format, ...)
    ISCC_PRINTF(2, 3);

/* Runs argp so that every mistake it finds itself also exits with 2. */
void iscc_options_parse(const struct argp *argp, int argc, char **argv, unsigned flags, void *input);

/* Prints a failed call's text as one line "program: text". Returns the exit status: usage for ISCC_EINVAL, a
 * value out of its range; else failure. */
int iscc_report_failure(const char *program, iscc_status status, const iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
