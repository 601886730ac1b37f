/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-link-budget - what every radio's link begins with: gain, noise, distance. */
#ifndef ISCC_LINK_BUDGET_H
#define ISCC_LINK_BUDGET_H

#include "iscc-host.h"

#ifdef __cplusplus
extern "C" {
#endif

/* k 290 K B F, W; figure_db: F. */
double iscc_thermal_noise_w(double bandwidth_hz, double figure_db);

/* A link of nothing but its SNR for 1 W and its propagation at the speed of light. ISCC_EINVAL: the gain is not a
 * finite number > 0. */
iscc_status iscc_link_budget(double gain, double noise_w, double distance_m, iscc_link *link,
                             iscc_error *error);

/* The share of bits that arrive right at an SNR, never less at a higher one; e.g. of an error model. */
typedef double iscc_success_rate(void *ctx, double snr);

/* The least SNR, between -10 and 40 dB, whose share of failures is no more than error_rate; 40 dB if none is. */
double iscc_least_snr(iscc_success_rate *success, void *ctx, double error_rate);

#ifdef __cplusplus
}
#endif
#endif
