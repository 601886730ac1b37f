/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-paired-shares - two schemes that succeed or fail on the same n worlds: how far apart their shares of success are.
 *
 * Of n pairs of values 0 or 1, both succeed in e, only a in f, only b in g, neither in h:
 *
 *   difference  (f - g)/n
 *   p-value     two-sided, exact: under no difference f of f + g is binomial with 1/2 (sign test, McNemar)
 *   interval    from Wilson's bounds l_a .. u_a and l_b .. u_b of both shares A and B, squared and added:
 *               D - sqrt((A - l_a)^2 - 2 phi (A - l_a)(u_b - B) + (u_b - B)^2)
 *               D + sqrt((u_a - A)^2 - 2 phi (u_a - A)(B - l_b) + (B - l_b)^2)
 *
 * with phi = (eh - fg)/sqrt((e + f)(g + h)(e + g)(f + h)), of whose numerator n/2 is taken when it is positive, down to
 * 0, and which is 0 where a margin is empty (Newcombe, Statist. Med. 17, 1998, pp. 2635-2650, method 10). Student's t has no
 * scatter to go by where all pairs say the same, and then says "for certain" after two. The p-value is the more careful of
 * the two: with five pairs it cannot be below 0.0625, where the interval leaves out 0. Reentrant.
 */
#ifndef ISCC_PAIRED_SHARES_H
#define ISCC_PAIRED_SHARES_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t n;
  double difference, low, high; /* a less b, in [-1, 1]; NAN without pairs */
  double p_value;
} iscc_paired_shares;

/* Whether there are values and each is 0 or 1. */
bool iscc_are_binary(const double *values, size_t n);

/* a, b: of values 0 and 1. Outside 0 < confidence < 1 the bounds are NAN. */
iscc_paired_shares iscc_paired_shares_of(const double *a, const double *b, size_t n, double confidence);

/* Of the counts above. */
iscc_paired_shares iscc_paired_shares_of_counts(size_t both, size_t only_a, size_t only_b, size_t neither,
                                                double confidence);

/* Sign test: two-sided p-value of so many differences above and below 0, 1 without any. */
double iscc_sign_test(size_t above, size_t below);

#ifdef __cplusplus
}
#endif
#endif
