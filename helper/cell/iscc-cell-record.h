/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc-cell-record - a run of a scenario in its database, with all that identifies it. */
#ifndef ISCC_CELL_RECORD_H
#define ISCC_CELL_RECORD_H

#include <jansson.h>

#include "iscc-edge-node.h"
#include "iscc-model.h"
#include "iscc-ns3.h"
#include "iscc-record.h"
#include "iscc-scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The file of the scenario's model, its --model or the default one. */
iscc_status iscc_cell_model_path(const iscc_scenario *scenario, char *path, size_t size, iscc_error *error);

/* The scenario as it is recorded: the object of iscc_scenario_json() and, where something of ns-3 is not as ns-3 has it,
 * an object "ns3" of iscc_ns3_changes(). The caller's own; NULL: out of memory. */
json_t *iscc_cell_record_parameters(const iscc_scenario *scenario);

/* Begins the run in an open record. parameters: the text of iscc_cell_record_parameters(), perhaps with more. */
iscc_status iscc_cell_record_begin(iscc_record *record, const iscc_scenario *scenario, const char *program,
                                   const char *parameters, const char *model_path, const char *model_sha256,
                                   iscc_error *error);
iscc_status iscc_cell_record_node(iscc_record *record, const iscc_node_settings *settings,
                                  const double position_m[3], iscc_error *error);
/* What a node's battery is like now. source: as it was described. */
iscc_status iscc_cell_record_battery(iscc_record *record, uint32_t id, const char *source,
                                     iscc_ns3_handle battery, iscc_error *error);

/* The machine of node id; NULL: it never started. */
typedef const iscc_edge_node *iscc_cell_node_of(void *ctx, uint32_t id);
/* What the nodes' streams gave, by purpose; positions: what was drawn to place them. */
iscc_status iscc_cell_record_streams(iscc_record *record, const iscc_fingerprint *positions, uint32_t nodes,
                                     iscc_cell_node_of *node_of, void *ctx, iscc_error *error);

#ifdef __cplusplus
}
#endif
#endif
