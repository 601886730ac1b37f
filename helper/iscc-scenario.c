/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-scenario.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-calibration.h"
#include "iscc-options.h"
#include "iscc-server.h"

enum {
  OPTION_TASKS = 256,
  OPTION_INTERVAL,
  OPTION_STOP,
  OPTION_ARRIVALS,
  OPTION_TARGET,
  OPTION_LATENCY,
  OPTION_SNR,
  OPTION_COHERENCE,
  OPTION_BANDWIDTH,
  OPTION_DISTANCE,
  OPTION_RADIUS,
  OPTION_UPLINK,
  OPTION_TRANSPORT,
  OPTION_STANDARD,
  OPTION_PROPAGATION,
  OPTION_MOBILITY,
  OPTION_BAND,
  OPTION_NODES,
  OPTION_LOSS,
  OPTION_SCHEME,
  OPTION_FIXED_SENSING,
  OPTION_INFEASIBLE,
  OPTION_REPLAN,
  OPTION_INFERENCE,
  OPTION_CANDIDATES,
  OPTION_BITS,
  OPTION_CURVE,
  OPTION_CHARGE,
  OPTION_POWER,
  OPTION_SPEED,
  OPTION_SERVER_SPEED,
  OPTION_SERVER_CORES,
  OPTION_SERVER_QUEUE,
  OPTION_KAPPA,
  OPTION_QUEUE,
  OPTION_RETRY,
  OPTION_UPLINK_LIMIT,
  OPTION_QUANTILE,
  OPTION_CHANNEL_ERROR,
  OPTION_BATTERY,
  OPTION_HARVESTER,
  OPTION_IDLE_POWER,
  OPTION_DATABASE,
  OPTION_MODEL,
  OPTION_PCAP,
  OPTION_PRESET,
  OPTION_SEED,
  OPTION_RUN
};

static const struct argp_option options[] = {
    {NULL, 0, NULL, 0, "Task", 1},
    {"tasks", OPTION_TASKS, "N", 0, "number of tasks of each node (default 100)", 0},
    {"arrivals", OPTION_ARRIVALS, "KIND", 0,
     "periodic, poisson, or a file with one time in s a line (default periodic)", 0},
    {"interval", OPTION_INTERVAL, "S", 0, "period, or mean time between Poisson arrivals, s (default 1)", 0},
    {"stop-time", OPTION_STOP, "S", 0,
     "simulated time at which the run ends, whatever tasks are left, s; 0: when all have ended (default 0)",
     0},
    {"target-accuracy", OPTION_TARGET, "R", 0, "R_t, 0..1 (default 0.85)", 0},
    {"max-latency", OPTION_LATENCY, "S", 0, "T_max from arrival to answer, s (default 0.8)", 0},
    {NULL, 0, NULL, 0, "Channel", 2},
    {"uplink", OPTION_UPLINK, "STACK", 0,
     "shannon: eq. (7); or a stack of ns-3, to which the options on SNR, coherence, bandwidth, band and loss "
     "do not apply: wifi, 802.11 at 5 GHz, 20 MHz; lr-wpan, 802.15.4 at 2.4 GHz with 6LoWPAN; lte, a cell of "
     "5 MHz at 2 GHz, at most 318 nodes (default shannon)",
     0},
    {"transport", OPTION_TRANSPORT, "NAME", 0,
     "udp: datagrams, acknowledged and repeated by the node; tcp: a connection of each node, of which all "
     "segments are charged (default udp)",
     0},
    {"wifi-standard", OPTION_STANDARD, "NAME", 0, "802.11n, 802.11ac or 802.11ax (default 802.11n)", 0},
    {"propagation", OPTION_PROPAGATION, "CHAIN", 0,
     "ns-3's loss models, \"ns3::Type[Attribute=value|...];...\"; none: gain 1 with Shannon, log-distance "
     "with the others (default none)",
     0},
    {"snr-db", OPTION_SNR, "DB", 0,
     "mean uplink SNR g/(B N_0) at 1 W where a node is at the start, dB (default 10)", 0},
    {"coherence", OPTION_COHERENCE, "S", 0,
     "coherence time of Rayleigh block fading, s; 0: static (default 5)", 0},
    {"bandwidth", OPTION_BANDWIDTH, "HZ", 0, "B, Hz (default 1e5)", 0},
    {"band", OPTION_BAND, "KIND", 0, "own: a band of B for each node; shared: B in equal parts (default own)",
     0},
    {"distance", OPTION_DISTANCE, "M", 0, "node to server, m; sets the propagation time (default 50)", 0},
    {"radius", OPTION_RADIUS, "M", 0,
     "nodes stand anywhere in a disc of this radius around the server, m; 0: at --distance (default 0)", 0},
    {"loss", OPTION_LOSS, "P", 0, "share of packets lost, 0..1 (default 0)", 0},
    {"mobility", OPTION_MOBILITY, "TYPE", 0,
     "how nodes move from there, \"ns3::Type[Attribute=value|...]\", e.g. ns3::RandomWalk2dMobilityModel, "
     "ns3::GaussMarkovMobilityModel, "
     "\"ns3::RandomWaypointMobilityModel[Speed=ns3::UniformRandomVariable[Min=1|Max=2]|PositionAllocator="
     "ns3::RandomDiscPositionAllocator[Rho=ns3::UniformRandomVariable[Min=0|Max=60]]]\"; none: they stand "
     "still "
     "(default none)",
     0},
    {NULL, 0, NULL, 0, "Node", 4},
    {"nodes", OPTION_NODES, "N", 0, "number of nodes (default 1)", 0},
    {"scheme", OPTION_SCHEME, "NAME", 0,
     "how to decide: joint, alternating, on-server, on-device, no-pruning, pca, jcc (default joint)", 0},
    {"fixed-sensing-power", OPTION_FIXED_SENSING, "W", 0,
     "P_s of scheme jcc, W (default: where R_0 is 97 % of its limit)", 0},
    {"when-infeasible", OPTION_INFEASIBLE, "ACTION", 0,
     "drop: no allocation, no energy; accuracy: the highest within T_max; latency: the least at R_t "
     "(default drop)",
     0},
    {"replan", OPTION_REPLAN, "WHEN", 0,
     "never; stage: decide what is left again after sensing and after the device layers, when the link has "
     "changed (default never)",
     0},
    {"inference", OPTION_INFERENCE, "KIND", 0,
     "real: sense, compute and send for real; model: draw from the calibrated accuracy (default real)", 0},
    {"candidates", OPTION_CANDIDATES, "LIST", 0, "split layers allowed (default 0,3,6,8,10,11)", 0},
    {"bits", OPTION_BITS, "LOW:HIGH", 0, "quantization bits allowed, within 2..16 (default 2:8)", 0},
    {"accuracy-curve", OPTION_CURVE, "KIND", 0,
     "plan with the measured table or the arctan fit (default measured)", 0},
    {"charge", OPTION_CHARGE, "WHAT", 0,
     "all: all that is sent costs time and energy; payload: features alone, eqs. (7)-(9) (default all)", 0},
    {"max-power", OPTION_POWER, "W", 0, "P_max of sensing and sending, W (default 1)", 0},
    {"max-speed", OPTION_SPEED, "FLOPS", 0, "nu_max of the node, FLOP/s (default 8e6)", 0},
    {"kappa", OPTION_KAPPA, "K", 0, "effective switched capacitance, J s^2/FLOP^3 (default 1e-21)", 0},
    {"queue", OPTION_QUEUE, "N", 0, "tasks that can wait (default 10)", 0},
    {"retry-limit", OPTION_RETRY, "N", 0, "retransmission rounds before a task is lost (default 3)", 0},
    {"transfer-quantile", OPTION_QUANTILE, "Q", 0,
     "quantile of realised over modelled transfer times that plans count with, 0..1; 0: the model alone "
     "(default 0.95)",
     0},
    {"channel-error", OPTION_CHANNEL_ERROR, "DB", 0,
     "standard deviation of what the node's estimate of its gain is wrong by at each decision, dB (default "
     "0)",
     0},
    {"uplink-limit", OPTION_UPLINK_LIMIT, "S", 0,
     "longest uplink before a task is lost, s; 0: none (default 0)", 0},
    {"battery", OPTION_BATTERY, "SOURCE", 0,
     "of each node, which stops when it is empty: J of an ideal one, or \"ns3::Type[Attribute=value|...]\", "
     "e.g. "
     "ns3::RvBatteryModel; none: energy is counted only (default none)",
     0},
    {"harvester", OPTION_HARVESTER, "TYPE", 0,
     "feeds the battery, \"ns3::Type[...]\", e.g. ns3::BasicEnergyHarvester (default none)", 0},
    {"idle-power", OPTION_IDLE_POWER, "W", 0, "drawn from the battery all the time (default 0)", 0},
    {"preset", OPTION_PRESET, "NAME", 0,
     "paper: Table II as printed, a static 20 dB channel, payload charged", 0},
    {NULL, 0, NULL, 0, "Server", 5},
    {"server-speed", OPTION_SERVER_SPEED, "FLOPS", 0, "nu_s of each core, FLOP/s (default 1e11)", 0},
    {"server-cores", OPTION_SERVER_CORES, "N", 0, "tasks computed at once (default 1)", 0},
    {"server-queue", OPTION_SERVER_QUEUE, "ORDER", 0,
     "who is next: fifo, or deadline: the earliest first (default fifo)", 0},
    {NULL, 0, NULL, 0, "Files and replication", 6},
    {"db", OPTION_DATABASE, "FILE", 0, "result database, added to (default iscc.db)", 0},
    {"model", OPTION_MODEL, "FILE", 0, "trained network (default: the one that comes with the project)", 0},
    {"pcap", OPTION_PCAP, "PREFIX", 0, "write packets to PREFIX-<node>-<device>.pcap", 0},
    {"RngRun", OPTION_RUN, "N", 0, "replication number (default 1)", 0},
    {"RngSeed", OPTION_SEED, "N", 0, "seed (default 1)", 0},
    {0}};

void iscc_scenario_defaults(iscc_scenario *s) {
  memset(s, 0, sizeof *s);
  iscc_world_defaults(&s->world);
  iscc_node_defaults(&s->node);
  s->node.inference = ISCC_INFERENCE_REAL;
  s->node.arrivals = (iscc_arrivals_settings){.kind = ISCC_ARRIVALS_PERIODIC, .interval_s = 1, .count = 100};
  s->wifi_standard = "802.11n";
  s->nodes = 1;
  s->server_cores = 1;
  s->bandwidth_hz = 1e5;
  s->snr_db = 10;
  s->coherence_s = 5;
  s->distance_m = 50;
  s->seed = 1;
  s->run = 1;
  s->database = "iscc.db";
}

/* Table II says nothing of fading, headers or answers. */
static void set_paper_preset(iscc_scenario *s) {
  s->snr_db = 20;
  s->coherence_s = 0;
  s->node.charge = ISCC_CHARGE_PAYLOAD;
}

/* Index of text in names; refuses what is not there. */
static int choose(const struct argp_state *state, const char *option, const char *text,
                  const char *const *names) {
  for (int i = 0; names[i]; i++)
    if (strcmp(text, names[i]) == 0) return i;
  char known[128] = "";
  for (int i = 0; names[i]; i++) {
    if (i) strcat(known, ", ");
    strcat(known, names[i]);
  }
  iscc_option_refuse(state, "--%s: '%s' is not one of %s", option, text, known);
  return 0;
}

static void parse_arrivals(const char *text, iscc_arrivals_settings *arrivals) {
  arrivals->kind = strcmp(text, "periodic") == 0  ? ISCC_ARRIVALS_PERIODIC
                   : strcmp(text, "poisson") == 0 ? ISCC_ARRIVALS_POISSON
                                                  : ISCC_ARRIVALS_FILE;
  arrivals->path = arrivals->kind == ISCC_ARRIVALS_FILE ? text : NULL;
}

/* As iscc_stack counts them. */
static const char *const stacks[] = {"shannon", "wifi", "lr-wpan", "lte", NULL};

iscc_status iscc_stack_find(const char *word, iscc_stack *stack, iscc_error *error) {
  char known[64] = "";
  for (int i = 0; stacks[i]; i++) {
    if (!strcmp(word, stacks[i])) {
      *stack = (iscc_stack)i;
      return ISCC_OK;
    }
    if (i) strcat(known, ", ");
    strcat(known, stacks[i]);
  }
  return iscc_fail(error, ISCC_EINVAL, "uplink: '%s' is not one of %s", word, known);
}

static error_t parse_channel_and_files(int key, char *arg, struct argp_state *state) {
  static const char *const presets[] = {"paper", NULL}, *const bands[] = {"own", "shared", NULL};
  static const char *const transports[] = {"udp", "tcp", NULL};
  iscc_scenario *s = state->input;
  switch (key) {
  case OPTION_SNR:
    s->snr_db = iscc_option_real(state, "snr-db", arg, -100, 200);
    break;
  case OPTION_COHERENCE:
    s->coherence_s = iscc_option_real(state, "coherence", arg, 0, 1e9);
    break;
  case OPTION_BANDWIDTH:
    s->bandwidth_hz = iscc_option_real(state, "bandwidth", arg, 1, 1e12);
    break;
  case OPTION_DISTANCE:
    s->distance_m = iscc_option_real(state, "distance", arg, 0, 1e7);
    break;
  case OPTION_UPLINK:
    s->uplink = (iscc_stack)choose(state, "uplink", arg, stacks);
    break;
  case OPTION_TRANSPORT:
    s->tcp = choose(state, "transport", arg, transports) == 1;
    break;
  case OPTION_STANDARD:
    s->wifi_standard = arg;
    break;
  case OPTION_PROPAGATION:
    s->propagation = strcmp(arg, "none") ? arg : NULL;
    break;
  case OPTION_MOBILITY:
    s->mobility = strcmp(arg, "none") ? arg : NULL;
    break;
  case OPTION_RADIUS:
    s->radius_m = iscc_option_real(state, "radius", arg, 0, 1e7);
    break;
  case OPTION_BAND:
    s->band = (iscc_band)choose(state, "band", arg, bands);
    break;
  case OPTION_NODES:
    s->nodes = (uint32_t)iscc_option_integer(state, "nodes", arg, 1, ISCC_SCENARIO_NODES_MAX);
    break;
  case OPTION_LOSS:
    s->loss = iscc_option_real(state, "loss", arg, 0, 1);
    break;
  case OPTION_DATABASE:
    s->database = arg;
    break;
  case OPTION_MODEL:
    s->model = arg;
    break;
  case OPTION_PCAP:
    s->pcap = arg;
    break;
  case OPTION_STOP:
    s->stop_s = iscc_option_real(state, "stop-time", arg, 0, 1e9);
    if (s->stop_s > 0 && s->stop_s < 1e-9)
      iscc_option_refuse(state, "--stop-time: %s s is below a nanosecond; 0: no such end", arg);
    break;
  case OPTION_SEED:
    s->seed = (uint32_t)iscc_option_integer(state, "RngSeed", arg, 1, UINT32_MAX);
    break;
  case OPTION_RUN:
    s->run = (uint64_t)iscc_option_integer(state, "RngRun", arg, 0, INT64_MAX);
    break;
  case OPTION_PRESET:
    choose(state, "preset", arg, presets);
    set_paper_preset(s);
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  return 0;
}

static error_t parse_server(int key, char *arg, struct argp_state *state) {
  static const char *const orders[] = {"fifo", "deadline", NULL};
  iscc_scenario *s = state->input;
  switch (key) {
  case OPTION_SERVER_SPEED:
    s->node.server_speed_flops = iscc_option_positive(state, "server-speed", arg);
    break;
  case OPTION_SERVER_CORES:
    s->server_cores = (int)iscc_option_integer(state, "server-cores", arg, 1, ISCC_SERVER_CORES_MAX);
    break;
  case OPTION_SERVER_QUEUE:
    s->server_queue = (iscc_queue_discipline)choose(state, "server-queue", arg, orders);
    break;
  default:
    return parse_channel_and_files(key, arg, state);
  }
  return 0;
}

static error_t parse_limits(int key, char *arg, struct argp_state *state) {
  iscc_scenario *s = state->input;
  iscc_node_settings *n = &s->node;
  switch (key) {
  case OPTION_POWER:
    n->max_power_w = iscc_option_positive(state, "max-power", arg);
    break;
  case OPTION_SPEED:
    n->max_speed_flops = iscc_option_positive(state, "max-speed", arg);
    break;
  case OPTION_KAPPA:
    n->kappa = iscc_option_positive(state, "kappa", arg);
    break;
  case OPTION_QUEUE:
    n->queue_capacity = (int)iscc_option_integer(state, "queue", arg, 0, 1000000);
    break;
  case OPTION_RETRY:
    n->retry_limit = (int)iscc_option_integer(state, "retry-limit", arg, 0, 1000);
    break;
  case OPTION_BATTERY:
    s->battery = strcmp(arg, "none") ? arg : NULL;
    break;
  case OPTION_HARVESTER:
    s->harvester = strcmp(arg, "none") ? arg : NULL;
    break;
  case OPTION_IDLE_POWER:
    s->idle_power_w = iscc_option_real(state, "idle-power", arg, 0, 1e6);
    break;
  case OPTION_QUANTILE:
    n->transfer_quantile = iscc_option_real(state, "transfer-quantile", arg, 0, 0.999);
    break;
  case OPTION_CHANNEL_ERROR:
    n->channel_error_db = iscc_option_real(state, "channel-error", arg, 0, 100);
    break;
  case OPTION_UPLINK_LIMIT:
    n->uplink_limit_s = iscc_option_real(state, "uplink-limit", arg, 0, 1e9);
    break;
  default:
    return parse_server(key, arg, state);
  }
  return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  static const char *const inference[] = {"model", "real", NULL}, *const charges[] = {"all", "payload", NULL};
  static const char *const curves[] = {"arctan", "measured", NULL};
  static const char *const actions[] = {"drop", "accuracy", "latency", NULL};
  static const char *const replans[] = {"never", "stage", NULL};
  iscc_node_settings *n = &((iscc_scenario *)state->input)->node;
  switch (key) {
  case OPTION_TASKS:
    n->arrivals.count = (uint64_t)iscc_option_integer(state, "tasks", arg, 1, INT64_MAX);
    break;
  case OPTION_INTERVAL:
    n->arrivals.interval_s = iscc_option_real(state, "interval", arg, 1e-9, 1e9);
    break;
  case OPTION_ARRIVALS:
    parse_arrivals(arg, &n->arrivals);
    break;
  case OPTION_TARGET:
    n->target_accuracy = iscc_option_real(state, "target-accuracy", arg, 1e-6, 0.999999);
    break;
  case OPTION_LATENCY:
    n->max_latency_s = iscc_option_positive(state, "max-latency", arg);
    break;
  case OPTION_SCHEME:
    n->scheme = arg;
    break;
  case OPTION_FIXED_SENSING:
    n->fixed_sensing_power_w = iscc_option_positive(state, "fixed-sensing-power", arg);
    break;
  case OPTION_INFEASIBLE:
    n->when_infeasible = (iscc_infeasible_action)choose(state, "when-infeasible", arg, actions);
    break;
  case OPTION_REPLAN:
    n->replan = (iscc_replan)choose(state, "replan", arg, replans);
    break;
  case OPTION_INFERENCE:
    n->inference = (iscc_inference_mode)choose(state, "inference", arg, inference);
    break;
  case OPTION_CANDIDATES:
    n->candidate_count =
        iscc_option_list(state, "candidates", arg, 0, ISCC_LAYERS_MAX, n->candidates, ISCC_LAYERS_MAX + 1);
    break;
  case OPTION_BITS:
    iscc_option_range(state, "bits", arg, ISCC_BITS_MIN, ISCC_BITS_MAX, &n->bits_min, &n->bits_max);
    break;
  case OPTION_CURVE:
    n->use_measured_curve = choose(state, "accuracy-curve", arg, curves) == 1;
    break;
  case OPTION_CHARGE:
    n->charge = (iscc_charge)choose(state, "charge", arg, charges);
    break;
  case ARGP_KEY_INIT:
    state->child_inputs[0] = &((iscc_scenario *)state->input)->world;
    break;
  case ARGP_KEY_ARG:
    iscc_option_refuse(state, "'%s': there are no arguments but options", arg);
    break;
  default:
    return parse_limits(key, arg, state);
  }
  return 0;
}

static const struct argp_child children[] = {{&iscc_world_argp, 0, NULL, 0}, {0}};
const struct argp iscc_scenario_argp = {.options = options, .parser = parse, .children = children};

char *iscc_scenario_json(const iscc_scenario *s) {
  const iscc_node_settings *n = &s->node;
  static const char *const arrivals[] = {"periodic", "poisson", "file"};
  json_t *candidates = json_array();
  for (int i = 0; i < n->candidate_count; i++)
    json_array_append_new(candidates, json_integer(n->candidates[i]));
  json_t *o = json_pack(
      "{s:I, s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:s, s:s, s:o, s:[i,i], s:s, s:s, s:f, s:f, s:f, "
      "s:f, s:i, "
      "s:i, s:f, s:i, s:s}",
      "tasks", (json_int_t)n->arrivals.count, "arrivals", arrivals[n->arrivals.kind], "interval_s",
      n->arrivals.interval_s, "target_accuracy", n->target_accuracy, "max_latency_s", n->max_latency_s,
      "snr_db", s->snr_db, "coherence_s", s->coherence_s, "bandwidth_hz", s->bandwidth_hz, "distance_m",
      s->distance_m, "loss", s->loss, "scheme", n->scheme, "inference",
      n->inference == ISCC_INFERENCE_REAL ? "real" : "model", "candidates", candidates, "bits", n->bits_min,
      n->bits_max, "accuracy_curve", n->use_measured_curve ? "measured" : "arctan", "charge",
      n->charge == ISCC_CHARGE_ALL ? "all" : "payload", "max_power_w", n->max_power_w, "max_speed_flops",
      n->max_speed_flops, "server_speed_flops", n->server_speed_flops, "kappa", n->kappa, "queue_capacity",
      n->queue_capacity, "retry_limit", n->retry_limit, "uplink_limit_s", n->uplink_limit_s, "server_cores",
      s->server_cores, "server_queue", s->server_queue == ISCC_QUEUE_DEADLINE ? "deadline" : "fifo");
  static const char *const actions[] = {"drop", "accuracy", "latency"};
  if (o) json_object_set_new(o, "when_infeasible", json_string(actions[n->when_infeasible]));
  if (o) json_object_set_new(o, "replan", json_string(n->replan == ISCC_REPLAN_STAGE ? "stage" : "never"));
  if (o) json_object_set_new(o, "transfer_quantile", json_real(n->transfer_quantile));
  if (o) json_object_set_new(o, "transport", json_string(s->tcp ? "tcp" : "udp"));
  if (o) json_object_set_new(o, "uplink", json_string(stacks[s->uplink]));
  if (o && s->uplink == ISCC_STACK_WIFI)
    json_object_set_new(o, "wifi_standard", json_string(s->wifi_standard));
  if (o && s->propagation) json_object_set_new(o, "propagation", json_string(s->propagation));
  if (o && s->mobility) json_object_set_new(o, "mobility", json_string(s->mobility));
  if (o) iscc_world_json(&s->world, o);
  if (o && n->channel_error_db > 0)
    json_object_set_new(o, "channel_error_db", json_real(n->channel_error_db));
  if (o && s->battery) {
    json_object_set_new(o, "battery", json_string(s->battery));
    json_object_set_new(o, "idle_power_w", json_real(s->idle_power_w));
  }
  if (o && s->harvester) json_object_set_new(o, "harvester", json_string(s->harvester));
  if (o && s->stop_s > 0) json_object_set_new(o, "stop_s", json_real(s->stop_s));
  if (o) json_object_set_new(o, "nodes", json_integer(s->nodes));
  if (o) json_object_set_new(o, "band", json_string(s->band == ISCC_BAND_SHARED ? "shared" : "own"));
  if (o) json_object_set_new(o, "radius_m", json_real(s->radius_m));
  if (o && n->fixed_sensing_power_w > 0)
    json_object_set_new(o, "fixed_sensing_power_w", json_real(n->fixed_sensing_power_w));
  if (o && n->arrivals.path) json_object_set_new(o, "arrivals_file", json_string(n->arrivals.path));
  char *text = o ? json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
  json_decref(o);
  return text;
}
