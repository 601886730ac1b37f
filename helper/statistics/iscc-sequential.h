/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-sequential - when to stop repeating a run: once the mean is known as precisely as asked.
 *
 * After n values of mean m and variance s^2, with t of (1 + confidence)/2 at n - 1 degrees of freedom:
 *
 *   half width  h = (1 + 8/n^2) t s/sqrt(n)
 *   asked       w (absolute) or w |m| (relative)
 *   reached     n >= minimum and h <= asked
 *
 * Without the factor this is the rule of Chow and Robbins (Ann. Math. Statist. 36, 1965) with Student's t. To
 * look after every run and stop at the first interval that is narrow enough prefers runs that scatter less
 * than they should: from 5 runs on, intervals that say 95 % hold the mean in 92.2 % at worst. The factor
 * brings that to 93.8 % (minimum 5; 93.9 % from 10 on) for 1.2 runs more at worst; at 90 and 99 % from
 * 85.7 and 98.0 to 88.1 and 98.6 %. It must be part of the interval that is reported, which is what
 * half_width is: a later stop with the usual interval gains little. Looks may be fewer. Only for values that
 * are independent and not far from normal: of exponential ones, 84.1 % hold at worst. doc/statistics.rst has
 * the rules tried.
 *
 * Works on anything that comes as values, differences of pairs included. A look is O(1): the state is an
 * iscc_moments. Values without scatter reach any target at the minimum: they are taken not to depend on the run. A
 * NAN among the values never does. Reentrant.
 *
 * Values 0 and 1 without scatter say little (five ones are common where the share is 0.9); of them h is half the
 * width of Wilson's interval, of pairs of them that of iscc-paired-shares.h, at the confidence where Student's is as wide as
 * the corrected one.
 *
 * A relative width is at most 0.3: what is asked is itself as uncertain as that, large means stop early, and however many
 * runs it takes, fewer than 93 % of intervals hold from 0.5 on where values scatter by several times their mean.
 */
#ifndef ISCC_SEQUENTIAL_H
#define ISCC_SEQUENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "iscc-moments.h"
#include "iscc-status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ISCC_SEQUENTIAL_RELATIVE_MOST 0.3 /* width */

enum { ISCC_SEQUENTIAL_LEAST = 5 }; /* runs, below which the factor does not correct enough */

typedef struct {
  double confidence; /* of the interval, in (0, 1) */
  double width;      /* half width asked, > 0; relative: <= ISCC_SEQUENTIAL_RELATIVE_MOST */
  bool relative;     /* to |mean| */
  size_t minimum;    /* runs before the first stop, >= ISCC_SEQUENTIAL_LEAST */
} iscc_sequential_rule;

typedef struct {
  double mean;
  double half_width; /* corrected; NAN of fewer than two values */
  double asked;      /* half width, in units of the values */
  double needed;     /* runs in all, guessed from those so far; at least minimum; NAN of fewer than two */
  bool reached;
} iscc_sequential_look;

/* Whether the rule is within its ranges; the error names the member that is not. */
iscc_status iscc_sequential_check(const iscc_sequential_rule *rule, iscc_error *error);

/* rule: one that passes the check. */
iscc_sequential_look iscc_sequential_look_at(const iscc_sequential_rule *rule, const iscc_moments *so_far);

/* Of n values 0 and 1, so many of them 1. */
iscc_sequential_look iscc_sequential_look_at_share(const iscc_sequential_rule *rule, size_t ones, size_t n);

/* Of pairs of values 0 and 1, by how they fall: see iscc-paired-shares.h. */
iscc_sequential_look iscc_sequential_look_at_paired_shares(const iscc_sequential_rule *rule, size_t both,
                                                           size_t only_a, size_t only_b, size_t neither);

/* After how many runs to look again, when runs come several at a time: what the scatter so far asks for, at most half as many
 * again as n; n when the look has reached its target. */
size_t iscc_sequential_next(const iscc_sequential_look *look, size_t n);

/* For intervals by Student's t other than that of a mean: the confidence at which the usual one of n >= 2 values is as wide as the corrected
 * one, and the p-value that goes with it. */
double iscc_sequential_confidence(double confidence, size_t n);
double iscc_sequential_p_value(double p_value, size_t n);

#ifdef __cplusplus
}
#endif
#endif
