/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-splits - a calibrated model as the allocation sees it: candidate splits and the accuracy curve R_0.
 *
 * One iscc_split per candidate layer l: F_e(p) and F_s by eq. (3), N_l (0 at l = L: the class is known on the
 * device), the compensated losses of the calibration. overhead_bits and delay_s are 0: they are the link's
 * (iscc-planner.h). */
#ifndef ISCC_SPLITS_H
#define ISCC_SPLITS_H

#include "iscc-model.h"
#include "iscc-problem.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fills out[0..count). Candidates are split layers 0..L, each at most once. ISCC_EINVAL: a candidate is out
 * of range or double, count is not within 1..L+1, or the model is not calibrated. */
iscc_status iscc_splits_from_model(const iscc_model *model, const int *candidates, int count, iscc_split *out,
                                   iscc_error *error);

/* R_0 of the model: its measured increasing concave table (borrowed from the model), or its arctan fit. */
void iscc_curve_from_model(const iscc_model *model, bool measured, iscc_accuracy_curve *curve);

/* Fills out[0..ISCC_PCA_MAX) with the model's classifiers on principal components, candidates of scheme pca;
 * returns how many. layer is the number of components; the projection's FLOPs are the device's. measured: as
 * above; curves are borrowed from the model. */
size_t iscc_pca_splits_from_model(const iscc_model *model, bool measured, iscc_pca_split *out);

#ifdef __cplusplus
}
#endif
#endif
