/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-cell.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-cell-record.h"
#include "iscc-cell-stack.h"
#include "iscc-cell-world.h"
#include "iscc-json-text.h"
#include "iscc-ns3-edge.h"
#include "iscc-ns3-energy.h"
#include "iscc-progress.h"
#include "iscc-record.h"

typedef struct {
  iscc_ns3_handle node, device, battery; /* none: 0, 0 */
  double position_m[3];
} member;

struct iscc_cell {
  iscc_scenario scenario;
  const char *program;
  iscc_cell_world world;
  iscc_model *model;
  char model_path[4096];
  iscc_record *record;
  bool begun; /* the simulation */
  iscc_ns3_handle channel, hub_node, hub;
  iscc_ns3_server *server;
  member *member; /* scenario.nodes of them */
  iscc_ns3_edge **edge;
  iscc_progress progress;
  uint64_t ended;            /* tasks with a known outcome */
  iscc_status record_status; /* of the first row that could not be kept */
  iscc_error record_error;
};

/* A run may end by its stop time long before its tasks do. */
static void note_time(iscc_cell *c) {
  const double stop_s = c->scenario.stop_s;
  if (stop_s > 0) iscc_progress_reach(&c->progress, 1e-9 * (double)iscc_ns3_now_ns() / stop_s);
}

/* Each task comes here once, when its outcome is known. */
static void on_task_ended(void *ctx, const iscc_task *task) {
  iscc_cell *c = ctx;
  if (!c->record) return; /* a rehearsal */
  if (!c->record_status) c->record_status = iscc_record_task(c->record, task, &c->record_error);
  if (c->record_status) iscc_ns3_stop();
  note_time(c);
  iscc_progress_show(&c->progress, ++c->ended);
}

static iscc_status load_model(iscc_cell *c, iscc_error *error) {
  const iscc_status status = iscc_cell_model_path(&c->scenario, c->model_path, sizeof c->model_path, error);
  return status ? status : iscc_model_read(c->model_path, &c->model, error);
}

/* ---- places ---- */

/* A device and an address for a node that has its place. */
static iscc_status equip(const iscc_cell *c, iscc_ns3_handle node, const iscc_ns3_device_settings *settings,
                         iscc_ns3_handle *device, iscc_error *error) {
  const iscc_status status = iscc_cell_stack_install(&c->scenario, c->channel, node, settings, device, error);
  return status ? status : iscc_ns3_internet_install(*device, error);
}

static iscc_status place_hub(iscc_cell *c, iscc_error *error) {
  iscc_ns3_device_settings hub;
  iscc_ns3_device_defaults(&hub);
  hub.hub = true;
  const iscc_status status = iscc_ns3_mobility_install(c->hub_node, "ns3::ConstantPositionMobilityModel",
                                                       c->scenario.world.server_position_m, error);
  return status ? status : equip(c, c->hub_node, &hub, &c->hub, error);
}

/* ---- building ---- */

static iscc_status place_node(iscc_cell *c, uint32_t id, iscc_error *error) {
  const iscc_scenario *s = &c->scenario;
  member *m = &c->member[id];
  iscc_ns3_device_settings device;
  iscc_cell_stack_device(s, &c->world, id, &device);
  iscc_status status = iscc_cell_world_place(&c->world, s, id, m->position_m, error);
  if (!status) status = iscc_cell_world_install(&c->world, s, id, m->node, m->position_m, error);
  if (!status) status = equip(c, m->node, &device, &m->device, error);
  if (status || !s->battery) return status;
  status = iscc_ns3_battery_install(m->node, s->battery, s->harvester, s->idle_power_w, &m->battery, error);
  return status ? status : iscc_ns3_battery_feed(m->battery, m->device, error);
}

/* The server's node, then the others, before a stack makes nodes of its own: random streams hang on ns-3's
 * numbers of nodes, which are the same over every stack then, and in C++. */
static iscc_status create_nodes(iscc_cell *c, iscc_error *error) {
  iscc_status status = iscc_ns3_node_create(&c->hub_node, error);
  for (uint32_t id = 0; id < c->scenario.nodes && !status; id++)
    status = iscc_ns3_node_create(&c->member[id].node, error);
  return status;
}

static iscc_status place_all(iscc_cell *c, iscc_error *error) {
  iscc_status status = create_nodes(c, error);
  if (!status) status = iscc_cell_stack_create(&c->scenario, &c->channel, error);
  if (!status && c->scenario.world.buildings)
    status = iscc_ns3_buildings_create(c->scenario.world.buildings, error);
  if (!status) status = place_hub(c, error);
  for (uint32_t id = 0; id < c->scenario.nodes && !status; id++) status = place_node(c, id, error);
  return status;
}

static iscc_status build_server(iscc_cell *c, iscc_error *error) {
  const iscc_scenario *s = &c->scenario;
  const iscc_server_settings server = {.speed_flops = s->node.server_speed_flops,
                                       .cores = s->server_cores,
                                       .queue = s->server_queue,
                                       .node_max = s->nodes,
                                       .inference = s->node.inference,
                                       .charge = s->node.charge};
  const iscc_status status = iscc_ns3_server_create(c->hub, &server, c->model, &c->server, error);
  return !status && s->tcp ? iscc_ns3_server_use_tcp(c->server, error) : status;
}

static iscc_status tune_all(iscc_cell *c, iscc_error *error) {
  const iscc_scenario *s = &c->scenario;
  iscc_status status = iscc_cell_stack_tune(s, c->channel, c->hub, error);
  for (uint32_t id = 0; id < s->nodes && !status; id++)
    status = iscc_cell_stack_tune_device(s, &c->world, id, c->member[id].device, c->hub, error);
  return status;
}

static void on_battery_empty(void *edge) {
  iscc_edge_node_stop(iscc_ns3_edge_machine(edge));
}

static iscc_status build_node(iscc_cell *c, uint32_t id, iscc_error *error) {
  const member *m = &c->member[id];
  iscc_node_settings settings = c->scenario.node;
  settings.id = id;
  const iscc_task_sink sink = {.ctx = c, .task_ended = on_task_ended};
  const iscc_status status =
      iscc_ns3_edge_create(m->device, c->server, &settings, c->model, &sink, &c->edge[id], error);
  if (status || !c->scenario.battery) return status;
  iscc_ns3_edge_power(c->edge[id], m->battery);
  return iscc_ns3_battery_on_empty(m->battery, on_battery_empty, c->edge[id], error);
}

static iscc_status build_all(void *ctx, iscc_error *error) {
  iscc_cell *c = ctx;
  iscc_status status = place_all(c, error);
  if (!status) status = tune_all(c, error);
  if (!status) status = build_server(c, error);
  for (uint32_t id = 0; id < c->scenario.nodes && !status; id++) status = build_node(c, id, error);
  return status;
}

static iscc_status start_nodes(iscc_cell *c, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (uint32_t id = 0; id < c->scenario.nodes && !status; id++)
    status = iscc_edge_node_start(iscc_ns3_edge_machine(c->edge[id]), error);
  return status;
}

/* The threads of a real inference are not copied with the process. */
static iscc_status start_rehearsal(void *ctx, iscc_error *error) {
  iscc_cell *c = ctx;
  return c->scenario.node.inference == ISCC_INFERENCE_REAL ? ISCC_OK : start_nodes(c, error);
}

static iscc_status build(iscc_cell *c, iscc_error *error) {
  const iscc_scenario *s = &c->scenario;
  c->member = calloc(s->nodes, sizeof *c->member);
  c->edge = calloc(s->nodes, sizeof *c->edge);
  if (!c->member || !c->edge)
    return iscc_fail(error, ISCC_ENOMEM, "cell: out of memory for %u nodes", (unsigned)s->nodes);
  iscc_status status = iscc_ns3_begin(s->seed, s->run, error);
  if (status) return status;
  c->begun = true;
  status = iscc_ns3_build(build_all, start_rehearsal, c, error);
  for (uint32_t id = 0; id < s->nodes && !status && s->pcap; id++)
    status = iscc_ns3_pcap(c->member[id].device, s->pcap, error);
  return status;
}

/* ---- recording ---- */

static iscc_status begin_record(iscc_cell *c, iscc_error *error) {
  const iscc_scenario *s = &c->scenario;
  iscc_status status = iscc_record_open(s->database, 0, &c->record, error);
  if (status) return status;
  json_t *sheet = iscc_cell_record_parameters(s);
  char *parameters = sheet ? iscc_json_text(sheet) : NULL;
  json_decref(sheet);
  if (!parameters) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", s->database);
  status =
      iscc_cell_record_begin(c->record, s, c->program, parameters, c->model_path, c->model->sha256, error);
  free(parameters);
  iscc_node_settings node = s->node;
  for (node.id = 0; node.id < s->nodes && !status; node.id++)
    status = iscc_cell_record_node(c->record, &node, c->member[node.id].position_m, error);
  return status;
}

iscc_status iscc_cell_create(const iscc_scenario *scenario, const char *program, iscc_cell **out,
                             iscc_error *error) {
  *out = NULL;
  iscc_cell *c = calloc(1, sizeof *c);
  if (!c) return iscc_fail(error, ISCC_ENOMEM, "cell: out of memory");
  c->scenario = *scenario;
  c->program = program;
  iscc_status status = load_model(c, error);
  if (!status) status = iscc_cell_world_read(scenario, &c->world, error);
  if (!status) status = build(c, error);
  if (!status) status = begin_record(c, error);
  if (status)
    iscc_cell_destroy(c);
  else
    *out = c;
  return status;
}

void iscc_cell_destroy(iscc_cell *c) {
  if (!c) return;
  for (uint32_t id = 0; c->edge && id < c->scenario.nodes; id++) iscc_ns3_edge_destroy(c->edge[id]);
  iscc_ns3_server_destroy(c->server);
  if (c->begun) iscc_ns3_end();
  iscc_record_close(c->record);
  iscc_model_destroy(c->model);
  iscc_cell_world_free(&c->world);
  free(c->edge);
  free(c->member);
  free(c);
}

iscc_ns3_handle iscc_cell_channel(const iscc_cell *c) {
  return c->channel;
}

iscc_ns3_handle iscc_cell_device(const iscc_cell *c, uint32_t node) {
  return c->member[node].device;
}

/* ---- running ---- */

/* Access points send beacons, walkers walk and batteries are looked at for ever. */
static bool has_endless_events(const iscc_scenario *s) {
  return s->uplink != ISCC_STACK_SHANNON || s->mobility || s->battery;
}

static iscc_status run(iscc_cell *c, iscc_error *error) {
  const int64_t stop_ns = (int64_t)llround(1e9 * c->scenario.stop_s);
  return has_endless_events(&c->scenario)
             ? iscc_ns3_run_until_idle(c->edge, c->scenario.nodes, stop_ns, error)
             : iscc_ns3_run(stop_ns, error);
}

static const iscc_edge_node *node_of(void *ctx, uint32_t id) {
  const iscc_cell *c = ctx;
  return iscc_ns3_edge_machine(c->edge[id]);
}

iscc_status iscc_cell_run(iscc_cell *c, int64_t *run_id, iscc_error *error) {
  const uint64_t each = c->scenario.node.arrivals.count, nodes = c->scenario.nodes;
  iscc_status status = start_nodes(c, error);
  iscc_progress_begin(&c->progress, c->program, 0, each > UINT64_MAX / nodes ? UINT64_MAX : each * nodes);
  if (!status) status = run(c, error);
  for (uint32_t id = 0; id < nodes; id++) iscc_edge_node_stop(iscc_ns3_edge_machine(c->edge[id]));
  for (uint32_t id = 0; c->scenario.battery && id < nodes && !status; id++)
    status = iscc_cell_record_battery(c->record, id, c->scenario.battery, c->member[id].battery, error);
  if (!status)
    status = iscc_cell_record_streams(c->record, &c->world.positions, (uint32_t)nodes, node_of, c, error);
  note_time(c);
  iscc_progress_end(&c->progress, c->ended);
  if (!status && c->record_status) {
    *error = c->record_error;
    status = c->record_status;
  }
  const iscc_run_status how = status                   ? ISCC_RUN_FAILED
                              : iscc_ns3_interrupted() ? ISCC_RUN_INTERRUPTED
                                                       : ISCC_RUN_DONE;
  iscc_error end_error;
  const iscc_status ended = iscc_record_end(c->record, how, iscc_ns3_now_ns(), run_id, &end_error);
  if (!status && ended) *error = end_error;
  return status ? status : ended;
}

const char *iscc_cell_warning(const iscc_cell *c) {
  const char *warning = iscc_server_fault(iscc_ns3_server_machine(c->server));
  for (uint32_t id = 0; id < c->scenario.nodes && !warning; id++)
    warning = iscc_edge_node_fault(iscc_ns3_edge_machine(c->edge[id]));
  return warning;
}
