/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-model-metadata - a model's topology, calibration and provenance as JSON, for its file and for `iscc
 * model info`.
 *
 * Numbers are written with 17 digits, so that reading gives the same values back. Reading checks every
 * field's presence, kind and range and names the first that fails as <text>.<field>; unknown fields are
 * ignored. */
#ifndef ISCC_MODEL_METADATA_H
#define ISCC_MODEL_METADATA_H

#include <jansson.h>

#include "iscc-model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* New references; NULL: out of memory. */
json_t *iscc_topology_describe(const iscc_network *network);
json_t *iscc_calibration_describe(const iscc_network *network, const iscc_calibration *calibration);
json_t *iscc_provenance_describe(const iscc_model *model); /* with the sensing settings */

/* ISCC_EFORMAT: a field is missing, of another kind, or out of its range. */
iscc_status iscc_topology_parse(const json_t *json, iscc_network *network, iscc_error *error);
iscc_status iscc_calibration_parse(const json_t *json, const iscc_network *network,
                                   iscc_calibration *calibration, iscc_error *error);
iscc_status iscc_provenance_parse(const json_t *json, iscc_model *model, iscc_error *error);

/* "conv", "relu", "maxpool", "dense"; NULL outside the range. */
const char *iscc_layer_kind_name(iscc_layer_kind kind);

#ifdef __cplusplus
}
#endif
#endif
