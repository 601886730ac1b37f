/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-cell-record.h"

#include <stdio.h>
#include <stdlib.h>

#include "iscc-default-model.h"
#include "iscc-ns3-changes.h"
#include "iscc-ns3-energy.h"
#include "iscc-scenario-json.h"

iscc_status iscc_cell_model_path(const iscc_scenario *s, char *path, size_t size, iscc_error *error) {
  if (!s->model) return iscc_default_model_path(path, size, error);
  snprintf(path, size, "%s", s->model);
  return ISCC_OK;
}

static void add_change(void *object, const char *name, const char *value) {
  json_object_set_new(object, name, json_string(value));
}

json_t *iscc_cell_record_parameters(const iscc_scenario *s) {
  char *text = iscc_scenario_json(s);
  json_t *parameters = text ? json_loads(text, 0, NULL) : NULL, *changes = json_object();
  free(text);
  iscc_ns3_changes(add_change, changes);
  if (parameters && json_object_size(changes) > 0)
    json_object_set_new(parameters, "ns3", changes);
  else
    json_decref(changes);
  return parameters;
}

iscc_status iscc_cell_record_begin(iscc_record *record, const iscc_scenario *s, const char *program,
                                   const char *parameters, const char *model_path, const char *model_sha256,
                                   iscc_error *error) {
  const iscc_run_info run = {.program = program,
                             .parameters = parameters,
                             .seed = s->seed,
                             .run = s->run,
                             .version = ISCC_VERSION,
                             .ns3_version = iscc_ns3_version(),
                             .model_path = model_path,
                             .model_sha256 = model_sha256};
  return iscc_record_begin(record, &run, error);
}

iscc_status iscc_cell_record_node(iscc_record *record, const iscc_node_settings *s,
                                  const double position_m[3], iscc_error *error) {
  const iscc_node_info info = {.node = s->id,
                               .scheme = s->scheme,
                               .inference = s->inference == ISCC_INFERENCE_REAL ? "real" : "model",
                               .target_accuracy = s->target_accuracy,
                               .max_latency_s = s->max_latency_s,
                               .x_m = position_m[0],
                               .y_m = position_m[1],
                               .z_m = position_m[2]};
  return iscc_record_node(record, &info, error);
}

iscc_status iscc_cell_record_battery(iscc_record *record, uint32_t id, const char *source,
                                     iscc_ns3_handle battery, iscc_error *error) {
  iscc_ns3_battery_state b;
  const iscc_status status = iscc_ns3_battery_state_of(battery, &b, error);
  if (status) return status;
  const iscc_battery_info info = {.node = id,
                                  .source = source,
                                  .initial_j = b.initial_j,
                                  .remaining_j = b.remaining_j,
                                  .harvested_j = b.harvested_j,
                                  .idle_j = b.idle_j,
                                  .sensing_j = b.sensing_j,
                                  .compute_j = b.compute_j,
                                  .radio_j = b.radio_j,
                                  .listening_j = b.listening_j,
                                  .empty_ns = b.empty_ns};
  return iscc_record_battery(record, &info, error);
}

static void add_nodes(iscc_fingerprint *f, iscc_purpose purpose, uint32_t nodes, iscc_cell_node_of *node_of,
                      void *ctx) {
  iscc_fingerprint_begin(f);
  for (uint32_t id = 0; id < nodes; id++) {
    const iscc_edge_node *node = node_of(ctx, id);
    if (node) iscc_fingerprint_add(f, id, iscc_edge_node_draws(node, purpose));
  }
}

iscc_status iscc_cell_record_streams(iscc_record *record, const iscc_fingerprint *positions, uint32_t nodes,
                                     iscc_cell_node_of *node_of, void *ctx, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (int purpose = 1; purpose < ISCC_PURPOSES && !status; purpose++) {
    iscc_fingerprint f = *positions;
    if (purpose != ISCC_STREAM_POSITION) add_nodes(&f, (iscc_purpose)purpose, nodes, node_of, ctx);
    if (f.draws > 0) status = iscc_record_stream(record, (iscc_purpose)purpose, &f, error);
  }
  return status;
}
