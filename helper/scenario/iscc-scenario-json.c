/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-scenario-json.h"

#include <jansson.h>
#include <math.h>

#include "iscc-json-text.h"
#include "iscc-option-scope.h"

typedef struct {
  const iscc_scenario *scenario;
  json_t *object;
} sheet;

/* Takes value over. */
static void put(const sheet *j, iscc_option option, const char *name, json_t *value) {
  if (iscc_option_has_meaning(j->scenario, option))
    json_object_set_new(j->object, name, value);
  else
    json_decref(value);
}

static void put_real(const sheet *j, iscc_option option, const char *name, double value) {
  put(j, option, name, json_real(value));
}

static void put_integer(const sheet *j, iscc_option option, const char *name, json_int_t value) {
  put(j, option, name, json_integer(value));
}

/* Nothing of NULL: the option was not given. */
static void put_text(const sheet *j, iscc_option option, const char *name, const char *value) {
  if (value) put(j, option, name, json_string(value));
}

static void put_tasks(const sheet *j, const iscc_node_settings *n) {
  static const char *const arrivals[] = {"periodic", "poisson", "file"};
  put_integer(j, ISCC_OPTION_TASKS, "tasks", (json_int_t)n->arrivals.count);
  put_text(j, ISCC_OPTION_ARRIVALS, "arrivals", arrivals[n->arrivals.kind]);
  put_text(j, ISCC_OPTION_ARRIVALS, "arrivals_file", n->arrivals.path);
  put_real(j, ISCC_OPTION_INTERVAL, "interval_s", n->arrivals.interval_s);
  put_real(j, ISCC_OPTION_TARGET, "target_accuracy", n->target_accuracy);
  put_real(j, ISCC_OPTION_LATENCY, "max_latency_s", n->max_latency_s);
  if (j->scenario->stop_s > 0) put_real(j, ISCC_OPTION_STOP, "stop_s", j->scenario->stop_s);
}

static void put_channel(const sheet *j, const iscc_scenario *s) {
  put_text(j, ISCC_OPTION_UPLINK, "uplink", iscc_stack_word(s->uplink));
  put_text(j, ISCC_OPTION_TRANSPORT, "transport", s->tcp ? "tcp" : "udp");
  put_text(j, ISCC_OPTION_STANDARD, "wifi_standard", s->wifi_standard);
  put_text(j, ISCC_OPTION_PROPAGATION, "propagation", s->propagation);
  put_real(j, ISCC_OPTION_SNR, "snr_db", s->snr_db);
  put_real(j, ISCC_OPTION_COHERENCE, "coherence_s", s->coherence_s);
  put_real(j, ISCC_OPTION_BANDWIDTH, "bandwidth_hz", s->bandwidth_hz);
  put_text(j, ISCC_OPTION_BAND, "band", s->band == ISCC_BAND_SHARED ? "shared" : "own");
  put_real(j, ISCC_OPTION_LOSS, "loss", s->loss);
  put_text(j, ISCC_OPTION_CHANNEL, "channel_trace", s->world.channel_file);
  if (!isnan(s->world.noise_figure_db))
    put_real(j, ISCC_OPTION_NOISE_FIGURE, "noise_figure_db", s->world.noise_figure_db);
}

static void put_world(const sheet *j, const iscc_scenario *s) {
  const double *at = s->world.server_position_m;
  put_integer(j, ISCC_OPTION_NODES, "nodes", s->nodes);
  put_real(j, ISCC_OPTION_DISTANCE, "distance_m", s->distance_m);
  put_real(j, ISCC_OPTION_RADIUS, "radius_m", s->radius_m);
  put_real(j, ISCC_OPTION_NODE_HEIGHT, "node_height_m", s->world.node_height_m);
  put(j, ISCC_OPTION_SERVER_POSITION, "server_position_m", json_pack("[f,f,f]", at[0], at[1], at[2]));
  put_text(j, ISCC_OPTION_MOBILITY, "mobility", s->mobility);
  put_text(j, ISCC_OPTION_MOVEMENT, "mobility_trace", s->world.movement_file);
  put_text(j, ISCC_OPTION_BUILDINGS, "buildings", s->world.buildings);
}

static void put_node(const sheet *j, const iscc_node_settings *n) {
  static const char *const actions[] = {"drop", "accuracy", "latency"};
  json_t *candidates = json_array();
  for (int i = 0; i < n->candidate_count; i++)
    json_array_append_new(candidates, json_integer(n->candidates[i]));
  put_text(j, ISCC_OPTION_SCHEME, "scheme", n->scheme);
  if (n->fixed_sensing_power_w > 0)
    put_real(j, ISCC_OPTION_FIXED_SENSING, "fixed_sensing_power_w", n->fixed_sensing_power_w);
  put_text(j, ISCC_OPTION_INFEASIBLE, "when_infeasible", actions[n->when_infeasible]);
  put_text(j, ISCC_OPTION_REPLAN, "replan", n->replan == ISCC_REPLAN_STAGE ? "stage" : "never");
  put_text(j, ISCC_OPTION_INFERENCE, "inference", n->inference == ISCC_INFERENCE_REAL ? "real" : "model");
  put(j, ISCC_OPTION_CANDIDATES, "candidates", candidates);
  put(j, ISCC_OPTION_BITS, "bits", json_pack("[i,i]", n->bits_min, n->bits_max));
  put_text(j, ISCC_OPTION_CURVE, "accuracy_curve", n->use_measured_curve ? "measured" : "arctan");
  put_text(j, ISCC_OPTION_CHARGE, "charge", n->charge == ISCC_CHARGE_ALL ? "all" : "payload");
  put_real(j, ISCC_OPTION_POWER, "max_power_w", n->max_power_w);
  put_real(j, ISCC_OPTION_SPEED, "max_speed_flops", n->max_speed_flops);
  put_real(j, ISCC_OPTION_KAPPA, "kappa", n->kappa);
  put_integer(j, ISCC_OPTION_QUEUE, "queue_capacity", n->queue_capacity);
  put_integer(j, ISCC_OPTION_RETRY, "retry_limit", n->retry_limit);
  put_real(j, ISCC_OPTION_UPLINK_LIMIT, "uplink_limit_s", n->uplink_limit_s);
  put_real(j, ISCC_OPTION_QUANTILE, "transfer_quantile", n->transfer_quantile);
  if (n->channel_error_db > 0)
    put_real(j, ISCC_OPTION_CHANNEL_ERROR, "channel_error_db", n->channel_error_db);
}

static void put_battery_and_server(const sheet *j, const iscc_scenario *s) {
  put_text(j, ISCC_OPTION_BATTERY, "battery", s->battery);
  put_text(j, ISCC_OPTION_HARVESTER, "harvester", s->harvester);
  put_real(j, ISCC_OPTION_IDLE_POWER, "idle_power_w", s->idle_power_w);
  put_real(j, ISCC_OPTION_SERVER_SPEED, "server_speed_flops", s->node.server_speed_flops);
  put_integer(j, ISCC_OPTION_SERVER_CORES, "server_cores", s->server_cores);
  put_text(j, ISCC_OPTION_SERVER_QUEUE, "server_queue",
           s->server_queue == ISCC_QUEUE_DEADLINE ? "deadline" : "fifo");
}

char *iscc_scenario_json(const iscc_scenario *s) {
  const sheet j = {.scenario = s, .object = json_object()};
  if (!j.object) return NULL;
  put_tasks(&j, &s->node);
  put_channel(&j, s);
  put_world(&j, s);
  put_node(&j, &s->node);
  put_battery_and_server(&j, s);
  char *text = iscc_json_text(j.object);
  json_decref(j.object);
  return text;
}
