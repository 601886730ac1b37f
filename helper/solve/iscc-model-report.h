/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-model-report - all that a model file says, for people and as JSON. */
#ifndef ISCC_MODEL_REPORT_H
#define ISCC_MODEL_REPORT_H

#include <stdio.h>

#include "iscc-model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Aligned tables: topology, training, accuracy over sensing power, losses per split layer, confusion matrix.
 */
void iscc_model_print(const iscc_model *model, const char *path, FILE *out);

/* One JSON object: path, sha256, topology, provenance, calibration (null when not calibrated); free() it.
 * NULL: out of memory. */
char *iscc_model_json(const iscc_model *model, const char *path);

#ifdef __cplusplus
}
#endif
#endif
