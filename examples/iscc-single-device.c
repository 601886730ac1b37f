/* SPDX-License-Identifier: GPL-2.0-only */
/* One battery-powered node, one server, a wireless channel with block fading.
 *
 * A person moves in front of the node's radar; at each task arrival the node decides how to sense, compute
 * and send; the server finishes the inference; every task's energy goes into an SQLite database, and a table
 * of the run comes from there. Try:  iscc-single-device --tasks=50 --db=try.db --RngRun=2
 *
 * Introduces: the C bindings to ns-3 (iscc-ns3.h), edge node and server (iscc-ns3-edge.h), recording
 * (iscc-record.h). */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "iscc-default-model.h"
#include "iscc-ns3-command-line.h"
#include "iscc-ns3-edge.h"
#include "iscc-options.h"
#include "iscc-progress.h"
#include "iscc-record.h"
#include "iscc-report.h"
#include "iscc-scenario.h"

static const char program[] = "iscc-single-device";

typedef struct {
  iscc_scenario scenario;
  iscc_model *model;
  char model_path[4096];
  iscc_record *record;
  iscc_ns3_server *server;
  iscc_ns3_edge *edge;
  iscc_progress progress;
  uint64_t ended;            /* tasks with a known outcome */
  iscc_status record_status; /* of the first row that could not be kept */
  iscc_error record_error;
} simulation;

static void on_interrupt(int signal) {
  (void)signal;
  iscc_ns3_interrupt();
}

/* Each task comes here once, when its outcome is known. */
static void on_task_ended(void *ctx, const iscc_task *task) {
  simulation *sim = ctx;
  if (!sim->record_status) sim->record_status = iscc_record_task(sim->record, task, &sim->record_error);
  if (sim->record_status) iscc_ns3_stop();
  iscc_progress_show(&sim->progress, ++sim->ended);
}

static iscc_status load_model(simulation *sim, iscc_error *error) {
  const char *path = sim->scenario.model;
  if (!path) {
    const iscc_status status = iscc_default_model_path(sim->model_path, sizeof sim->model_path, error);
    if (status) return status;
    path = sim->model_path;
  } else {
    snprintf(sim->model_path, sizeof sim->model_path, "%s", path);
  }
  return iscc_model_read(path, &sim->model, error);
}

static iscc_status begin_record(simulation *sim, iscc_error *error) {
  const iscc_scenario *s = &sim->scenario;
  iscc_status status = iscc_record_open(s->database, 0, &sim->record, error);
  if (status) return status;
  char *parameters = iscc_scenario_json(s);
  if (!parameters) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", s->database);
  const iscc_run_info run = {.program = program,
                             .parameters = parameters,
                             .seed = s->seed,
                             .run = s->run,
                             .version = ISCC_VERSION,
                             .ns3_version = iscc_ns3_version(),
                             .model_path = sim->model_path,
                             .model_sha256 = sim->model->sha256};
  status = iscc_record_begin(sim->record, &run, error);
  free(parameters);
  const iscc_node_info node = {.scheme = s->node.scheme,
                               .inference = s->node.inference == ISCC_INFERENCE_REAL ? "real" : "model",
                               .target_accuracy = s->node.target_accuracy,
                               .max_latency_s = s->node.max_latency_s,
                               .x_m = s->distance_m};
  if (!status) status = iscc_record_node(sim->record, &node, error);
  return status;
}

/* A node at x, on a device of the channel, with an address. */
static iscc_status place(iscc_ns3_handle channel, double x_m, const iscc_ns3_device_settings *settings,
                         iscc_ns3_handle *device, iscc_error *error) {
  const double position_m[3] = {x_m, 0, 0};
  iscc_ns3_handle node;
  iscc_status status = iscc_ns3_node_create(&node, error);
  if (!status)
    status = iscc_ns3_mobility_install(node, "ns3::ConstantPositionMobilityModel", position_m, error);
  if (!status) status = iscc_ns3_device_install(node, channel, settings, device, error);
  if (!status) status = iscc_ns3_internet_install(*device, error);
  return status;
}

/* Server and node, the channel between them, and what runs on them. */
static iscc_status build(simulation *sim, iscc_error *error) {
  iscc_scenario *s = &sim->scenario;
  iscc_ns3_handle channel, hub = {0}, device = {0};
  iscc_ns3_device_settings at_server, at_node;
  iscc_ns3_device_defaults(&at_server);
  at_server.hub = true;
  iscc_ns3_device_defaults(&at_node);
  at_node.bandwidth_hz = s->bandwidth_hz;
  at_node.coherence_ns = (int64_t)llround(1e9 * s->coherence_s);
  iscc_status status = iscc_ns3_channel_create(NULL, &channel, error);
  if (!status && s->node.charge == ISCC_CHARGE_PAYLOAD) /* eqs. (7)-(9) know no propagation time */
    status = iscc_ns3_set(channel, "PropagationSpeedMps", "0", error);
  if (!status) status = place(channel, 0, &at_server, &hub, error);
  if (!status) status = place(channel, s->distance_m, &at_node, &device, error);
  if (!status) status = iscc_ns3_link_set_snr(device, hub, pow(10, 0.1 * s->snr_db), error);
  if (!status && s->loss > 0) status = iscc_ns3_device_set_loss(hub, s->loss, 1, error);
  if (!status && s->loss > 0) status = iscc_ns3_device_set_loss(device, s->loss, 2, error);
  if (!status && s->pcap) status = iscc_ns3_pcap(device, s->pcap, error);
  const iscc_server_settings server = {.speed_flops = s->node.server_speed_flops,
                                       .cores = s->server_cores,
                                       .queue = s->server_queue,
                                       .node_max = 1,
                                       .inference = s->node.inference,
                                       .charge = s->node.charge};
  const iscc_task_sink sink = {.ctx = sim, .task_ended = on_task_ended};
  if (!status) status = iscc_ns3_server_create(hub, &server, sim->model, &sim->server, error);
  if (!status)
    status = iscc_ns3_edge_create(device, sim->server, &s->node, sim->model, &sink, &sim->edge, error);
  return status;
}

/* Runs to the end or to Ctrl-C; what was simulated is recorded either way. */
static iscc_status run(simulation *sim, int64_t *run_id, iscc_error *error) {
  iscc_edge_node *node = iscc_ns3_edge_machine(sim->edge);
  iscc_status status = iscc_edge_node_start(node, error);
  iscc_progress_begin(&sim->progress, program, 0, sim->scenario.node.arrivals.count);
  if (!status) status = iscc_ns3_run(0, error);
  iscc_edge_node_stop(node);
  iscc_progress_end(&sim->progress, sim->ended);
  if (!status && sim->record_status) {
    *error = sim->record_error;
    status = sim->record_status;
  }
  if (!status && iscc_edge_node_fault(node))
    fprintf(stderr, "%s: warning: %s\n", program, iscc_edge_node_fault(node));
  const iscc_run_status how = status                   ? ISCC_RUN_FAILED
                              : iscc_ns3_interrupted() ? ISCC_RUN_INTERRUPTED
                                                       : ISCC_RUN_DONE;
  iscc_error end_error;
  const iscc_status ended = iscc_record_end(sim->record, how, iscc_ns3_now_ns(), run_id, &end_error);
  if (!status && ended) *error = end_error;
  return status ? status : ended;
}

static iscc_status print_report(const simulation *sim, int64_t run_id, iscc_error *error) {
  iscc_report report;
  const char *db = sim->scenario.database;
  const iscc_status status = iscc_report_read(db, run_id, &report, error);
  if (status) return status;
  iscc_report_print(&report, stdout);
  printf("\nRun %lld is in %s%s. To look closer:\n"
         "  sqlite3 -box %s \"SELECT split, bits, count(*) AS tasks, round(1e3 * avg(energy_j), 3) AS "
         "mean_mj FROM "
         "task_plan WHERE run_id = %lld GROUP BY split, bits\"\n",
         (long long)run_id, db, iscc_ns3_interrupted() ? " (interrupted)" : "", db, (long long)run_id);
  return ISCC_OK;
}

int main(int argc, char **argv) {
  simulation sim = {0};
  iscc_error error = {""};
  int64_t run_id = 0;
  struct argp argp = iscc_scenario_argp;
  argp.doc =
      "One edge node that senses a moving person, decides, computes and sends; one server that finishes the "
      "inference. Every task goes into an SQLite database. ns-3's own options, --ns3::Type::Attribute=value "
      "and global values, work too.";
  iscc_scenario_defaults(&sim.scenario);
  iscc_status status = iscc_ns3_command_line(&argc, argv, &error);
  if (status) return iscc_report_failure(program, status, &error);
  sim.scenario.seed = iscc_ns3_command_line_seed();
  sim.scenario.run = iscc_ns3_command_line_run();
  iscc_options_parse(&argp, argc, argv, 0, &sim.scenario);
  signal(SIGINT, on_interrupt);
  signal(SIGTERM, on_interrupt);
  status = load_model(&sim, &error);
  if (!status) status = iscc_ns3_begin(sim.scenario.seed, sim.scenario.run, &error);
  if (!status) status = build(&sim, &error);
  if (!status) status = begin_record(&sim, &error);
  if (!status) status = run(&sim, &run_id, &error);
  if (!status) status = print_report(&sim, run_id, &error);
  iscc_ns3_edge_destroy(sim.edge);
  iscc_ns3_server_destroy(sim.server);
  iscc_ns3_end();
  iscc_record_close(sim.record);
  iscc_model_destroy(sim.model);
  return status ? iscc_report_failure(program, status, &error) : 0;
}
