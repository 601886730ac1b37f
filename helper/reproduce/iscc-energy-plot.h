/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-energy-plot - pictures of figs. 9 to 11, a panel for each candidate set.
 *
 *   NAME        energy of every scheme; crosses where one has no allocation
 *   NAME-joint  joint, its certified lower bound and alternating, and how far alternating lies above, in
 * percent NAME-check  realised accuracy of joint and alternating beside the target, once any of it is checked
 */
#ifndef ISCC_ENERGY_PLOT_H
#define ISCC_ENERGY_PLOT_H

#include "iscc-energy-figure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Each as PNG and SVG. */
iscc_status iscc_energy_draw(const iscc_study *study, const char *name, const iscc_energy_results *results,
                             iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
