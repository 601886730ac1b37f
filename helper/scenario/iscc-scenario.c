/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-scenario.h"

#include <string.h>

#include "iscc-option-scope.h"
#include "iscc-options.h"
#include "iscc-server.h"

const struct argp_option iscc_scenario_options[] = {
    {NULL, 0, NULL, 0, "Task", 1},
    {"tasks", ISCC_OPTION_TASKS, "N", 0, "number of tasks of each node (default 100)", 0},
    {"arrivals", ISCC_OPTION_ARRIVALS, "KIND", 0,
     "periodic, poisson, or a file with one time in s a line (default periodic)", 0},
    {"interval", ISCC_OPTION_INTERVAL, "S", 0,
     "period, or mean time between Poisson arrivals, s; of no file (default 1)", 0},
    {"stop-time", ISCC_OPTION_STOP, "S", 0,
     "simulated time at which the run ends, whatever tasks are left, s; 0: when all have ended (default 0)",
     0},
    {"target-accuracy", ISCC_OPTION_TARGET, "R", 0, "R_t, 1e-6..0.999999 (default 0.85)", 0},
    {"max-latency", ISCC_OPTION_LATENCY, "S", 0, "T_max from arrival to answer, s (default 0.8)", 0},
    {NULL, 0, NULL, 0, "Channel", 2},
    {"uplink", ISCC_OPTION_UPLINK, "STACK", 0,
     "shannon: eq. (7); or a radio of ns-3: wifi, 802.11 at 5 GHz, 20 MHz; lr-wpan, 802.15.4 at 2.4 GHz with "
     "6LoWPAN; lte, a cell of 5 MHz at 2 GHz, at most 318 nodes (default shannon)",
     0},
    {"transport", ISCC_OPTION_TRANSPORT, "NAME", 0,
     "udp: datagrams, acknowledged and repeated by the node; tcp: a connection of each node, of which all "
     "segments are charged (default udp)",
     0},
    {"wifi-standard", ISCC_OPTION_STANDARD, "NAME", 0,
     "of --uplink=wifi: 802.11n, 802.11ac or 802.11ax (default 802.11n)", 0},
    {"propagation", ISCC_OPTION_PROPAGATION, "CHAIN", 0,
     "ns-3's loss models, \"ns3::Type[Attribute=value|...];...\"; none: gain 1 with Shannon, log-distance "
     "with the others (default none)",
     0},
    {NULL, 0, NULL, 0, "Shannon channel, of --uplink=shannon alone", 3},
    {"snr-db", ISCC_OPTION_SNR, "DB", 0,
     "mean uplink SNR g/(B N_0) at 1 W where a node is at the start, dB (default 10)", 0},
    {"coherence", ISCC_OPTION_COHERENCE, "S", 0,
     "coherence time of Rayleigh block fading, s, 1e-6 or more; 0: static (default 5)", 0},
    {"bandwidth", ISCC_OPTION_BANDWIDTH, "HZ", 0, "B, Hz (default 1e5)", 0},
    {"band", ISCC_OPTION_BAND, "KIND", 0,
     "own: a band of B for each node; shared: B in equal parts (default own)", 0},
    {"loss", ISCC_OPTION_LOSS, "P", 0, "share of packets lost, 0..1 (default 0)", 0},
    {NULL, 0, NULL, 0, "World", 4},
    {"distance", ISCC_OPTION_DISTANCE, "M", 0,
     "node to server, m, unless --radius is given; sets the propagation time (default 50)", 0},
    {"radius", ISCC_OPTION_RADIUS, "M", 0,
     "nodes stand anywhere in a disc of this radius around the server, m; 0: at --distance (default 0)", 0},
    {"mobility", ISCC_OPTION_MOBILITY, "TYPE", 0,
     "how nodes move from there, \"ns3::Type[Attribute=value|...]\", e.g. ns3::RandomWalk2dMobilityModel, "
     "ns3::GaussMarkovMobilityModel; none: they stand still (default none)",
     0},
    {NULL, 0, NULL, 0, "Node", 5},
    {"nodes", ISCC_OPTION_NODES, "N", 0, "number of nodes (default 1)", 0},
    {"scheme", ISCC_OPTION_SCHEME, "NAME", 0,
     "how to decide: joint, alternating, on-server, on-device, no-pruning, pca, jcc (default joint)", 0},
    {"fixed-sensing-power", ISCC_OPTION_FIXED_SENSING, "W", 0,
     "of --scheme=jcc: P_s, W (default: where R_0 is 97 % of its limit)", 0},
    {"when-infeasible", ISCC_OPTION_INFEASIBLE, "ACTION", 0,
     "drop: no allocation, no energy; accuracy: the highest within T_max; latency: the least at R_t "
     "(default drop)",
     0},
    {"replan", ISCC_OPTION_REPLAN, "WHEN", 0,
     "never; stage: decide what is left again after sensing and after the device layers, when the link has "
     "changed (default never)",
     0},
    {"inference", ISCC_OPTION_INFERENCE, "KIND", 0,
     "real: sense, compute and send for real; model: draw from the calibrated accuracy (default real)", 0},
    {"candidates", ISCC_OPTION_CANDIDATES, "LIST", 0, "split layers allowed (default 0,3,6,8,10,11)", 0},
    {"bits", ISCC_OPTION_BITS, "LOW:HIGH", 0, "quantization bits allowed, within 2..16 (default 2:8)", 0},
    {"accuracy-curve", ISCC_OPTION_CURVE, "KIND", 0,
     "plan with the measured table or the arctan fit (default measured)", 0},
    {"charge", ISCC_OPTION_CHARGE, "WHAT", 0,
     "all: all that is sent costs time and energy; payload: features alone, eqs. (7)-(9), over shannon only "
     "(default all)",
     0},
    {"max-power", ISCC_OPTION_POWER, "W", 0, "P_max of sensing and sending, W (default 1)", 0},
    {"max-speed", ISCC_OPTION_SPEED, "FLOPS", 0, "nu_max of the node, FLOP/s (default 8e6)", 0},
    {"kappa", ISCC_OPTION_KAPPA, "K", 0, "effective switched capacitance, J s^2/FLOP^3 (default 1e-21)", 0},
    {"queue", ISCC_OPTION_QUEUE, "N", 0, "tasks that can wait (default 10)", 0},
    {"retry-limit", ISCC_OPTION_RETRY, "N", 0,
     "of --transport=udp: retransmission rounds before a task is lost (default 3)", 0},
    {"transfer-quantile", ISCC_OPTION_QUANTILE, "Q", 0,
     "quantile of realised over modelled transfer times that plans count with, 0..0.999; 0: the model alone "
     "(default 0.95)",
     0},
    {"channel-error", ISCC_OPTION_CHANNEL_ERROR, "DB", 0,
     "standard deviation of what the node's estimate of its gain is wrong by at each decision, dB (default "
     "0)",
     0},
    {"uplink-limit", ISCC_OPTION_UPLINK_LIMIT, "S", 0,
     "longest uplink before a task is lost, s; 0: none (default 0)", 0},
    {"battery", ISCC_OPTION_BATTERY, "SOURCE", 0,
     "of each node, which stops when it is empty: J of an ideal one, or \"ns3::Type[Attribute=value|...]\", "
     "e.g. "
     "ns3::RvBatteryModel; none: energy is counted only (default none)",
     0},
    {"harvester", ISCC_OPTION_HARVESTER, "TYPE", 0,
     "of --battery: what feeds it, \"ns3::Type[...]\", e.g. ns3::BasicEnergyHarvester (default none)", 0},
    {"idle-power", ISCC_OPTION_IDLE_POWER, "W", 0, "of --battery: drawn from it all the time (default 0)", 0},
    {"preset", ISCC_OPTION_PRESET, "NAME", 0,
     "paper: Table II as printed, over --uplink=shannon: --snr-db=20 --coherence=0 --charge=payload, each "
     "unless it is "
     "given, too",
     0},
    {NULL, 0, NULL, 0, "Server", 6},
    {"server-speed", ISCC_OPTION_SERVER_SPEED, "FLOPS", 0, "nu_s of each core, FLOP/s (default 1e11)", 0},
    {"server-cores", ISCC_OPTION_SERVER_CORES, "N", 0, "tasks computed at once (default 1)", 0},
    {"server-queue", ISCC_OPTION_SERVER_QUEUE, "ORDER", 0,
     "who is next: fifo, or deadline: the earliest first (default fifo)", 0},
    {NULL, 0, NULL, 0, "Files and replication", 7},
    {"db", ISCC_OPTION_DATABASE, "FILE", 0, "result database, added to (default iscc.db)", 0},
    {"model", ISCC_OPTION_MODEL, "FILE", 0, "trained network (default: the one that comes with the project)",
     0},
    {"pcap", ISCC_OPTION_PCAP, "PREFIX", 0,
     "write what node k sends and receives to PREFIX-<k + 1>-<device>.pcap, as ns-3 counts: the server, "
     "which has no file, is 0; not over lte",
     0},
    {"RngRun", ISCC_OPTION_RUN, "N", 0, "replication number (default 1)", 0},
    {"RngSeed", ISCC_OPTION_SEED, "N", 0, "seed (default 1)", 0},
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

const char *iscc_stack_word(iscc_stack stack) {
  return stacks[stack];
}

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

static bool set_channel_or_files(iscc_scenario *s, int key, const char *arg, const struct argp_state *state) {
  static const char *const bands[] = {"own", "shared", NULL}, *const transports[] = {"udp", "tcp", NULL};
  switch (key) {
  case ISCC_OPTION_SNR:
    s->snr_db = iscc_option_real(state, "snr-db", arg, -100, 200);
    break;
  case ISCC_OPTION_COHERENCE:
    s->coherence_s = iscc_option_real(state, "coherence", arg, 0, 1e9);
    if (s->coherence_s > 0 && s->coherence_s < 1e-6)
      iscc_option_refuse(state, "--coherence: %s is neither 0, a static channel, nor 1e-6 or more", arg);
    break;
  case ISCC_OPTION_BANDWIDTH:
    s->bandwidth_hz = iscc_option_real(state, "bandwidth", arg, 1, 1e12);
    break;
  case ISCC_OPTION_DISTANCE:
    s->distance_m = iscc_option_real(state, "distance", arg, 0, 1e7);
    break;
  case ISCC_OPTION_UPLINK:
    s->uplink = (iscc_stack)choose(state, "uplink", arg, stacks);
    break;
  case ISCC_OPTION_TRANSPORT:
    s->tcp = choose(state, "transport", arg, transports) == 1;
    break;
  case ISCC_OPTION_STANDARD:
    s->wifi_standard = arg;
    break;
  case ISCC_OPTION_PROPAGATION:
    if (!*arg) iscc_option_refuse(state, "--propagation: is empty; none is the word for no models");
    s->propagation = strcmp(arg, "none") ? arg : NULL;
    break;
  case ISCC_OPTION_MOBILITY:
    s->mobility = strcmp(arg, "none") ? arg : NULL;
    break;
  case ISCC_OPTION_RADIUS:
    s->radius_m = iscc_option_real(state, "radius", arg, 0, 1e7);
    break;
  case ISCC_OPTION_BAND:
    s->band = (iscc_band)choose(state, "band", arg, bands);
    break;
  case ISCC_OPTION_NODES:
    s->nodes = (uint32_t)iscc_option_integer(state, "nodes", arg, 1, ISCC_SCENARIO_NODES_MAX);
    break;
  case ISCC_OPTION_LOSS:
    s->loss = iscc_option_real(state, "loss", arg, 0, 1);
    break;
  case ISCC_OPTION_DATABASE:
    s->database = arg;
    break;
  case ISCC_OPTION_MODEL:
    s->model = arg;
    break;
  case ISCC_OPTION_PCAP:
    s->pcap = arg;
    break;
  case ISCC_OPTION_STOP:
    s->stop_s = iscc_option_real(state, "stop-time", arg, 0, 1e9);
    if (s->stop_s > 0 && s->stop_s < 1e-9)
      iscc_option_refuse(state, "--stop-time: %s s is below a nanosecond; 0: no such end", arg);
    break;
  case ISCC_OPTION_SEED:
    s->seed = (uint32_t)iscc_option_integer(state, "RngSeed", arg, 1, UINT32_MAX);
    break;
  case ISCC_OPTION_RUN:
    s->run = (uint64_t)iscc_option_integer(state, "RngRun", arg, 0, INT64_MAX);
    break;
  default:
    return iscc_world_set(&s->world, key, arg, state);
  }
  return true;
}

static bool set_server(iscc_scenario *s, int key, const char *arg, const struct argp_state *state) {
  static const char *const orders[] = {"fifo", "deadline", NULL};
  switch (key) {
  case ISCC_OPTION_SERVER_SPEED:
    s->node.server_speed_flops = iscc_option_positive(state, "server-speed", arg);
    break;
  case ISCC_OPTION_SERVER_CORES:
    s->server_cores = (int)iscc_option_integer(state, "server-cores", arg, 1, ISCC_SERVER_CORES_MAX);
    break;
  case ISCC_OPTION_SERVER_QUEUE:
    s->server_queue = (iscc_queue_discipline)choose(state, "server-queue", arg, orders);
    break;
  default:
    return set_channel_or_files(s, key, arg, state);
  }
  return true;
}

static bool set_limits(iscc_scenario *s, int key, const char *arg, const struct argp_state *state) {
  iscc_node_settings *n = &s->node;
  switch (key) {
  case ISCC_OPTION_POWER:
    n->max_power_w = iscc_option_positive(state, "max-power", arg);
    break;
  case ISCC_OPTION_SPEED:
    n->max_speed_flops = iscc_option_positive(state, "max-speed", arg);
    break;
  case ISCC_OPTION_KAPPA:
    n->kappa = iscc_option_positive(state, "kappa", arg);
    break;
  case ISCC_OPTION_QUEUE:
    n->queue_capacity = (int)iscc_option_integer(state, "queue", arg, 0, 1000000);
    break;
  case ISCC_OPTION_RETRY:
    n->retry_limit = (int)iscc_option_integer(state, "retry-limit", arg, 0, 1000);
    break;
  case ISCC_OPTION_BATTERY:
    s->battery = strcmp(arg, "none") ? arg : NULL;
    break;
  case ISCC_OPTION_HARVESTER:
    s->harvester = strcmp(arg, "none") ? arg : NULL;
    break;
  case ISCC_OPTION_IDLE_POWER:
    s->idle_power_w = iscc_option_real(state, "idle-power", arg, 0, 1e6);
    break;
  case ISCC_OPTION_QUANTILE:
    n->transfer_quantile = iscc_option_real(state, "transfer-quantile", arg, 0, 0.999);
    break;
  case ISCC_OPTION_CHANNEL_ERROR:
    n->channel_error_db = iscc_option_real(state, "channel-error", arg, 0, 100);
    break;
  case ISCC_OPTION_UPLINK_LIMIT:
    n->uplink_limit_s = iscc_option_real(state, "uplink-limit", arg, 0, 1e9);
    break;
  default:
    return set_server(s, key, arg, state);
  }
  return true;
}

bool iscc_scenario_set(iscc_scenario *s, int key, const char *arg, const struct argp_state *state) {
  static const char *const inference[] = {"model", "real", NULL}, *const charges[] = {"all", "payload", NULL};
  static const char *const curves[] = {"arctan", "measured", NULL};
  static const char *const actions[] = {"drop", "accuracy", "latency", NULL};
  static const char *const replans[] = {"never", "stage", NULL};
  iscc_node_settings *n = &s->node;
  switch (key) {
  case ISCC_OPTION_TASKS:
    n->arrivals.count = (uint64_t)iscc_option_integer(state, "tasks", arg, 1, INT64_MAX);
    break;
  case ISCC_OPTION_INTERVAL:
    n->arrivals.interval_s = iscc_option_real(state, "interval", arg, 1e-9, 1e9);
    break;
  case ISCC_OPTION_ARRIVALS:
    parse_arrivals(arg, &n->arrivals);
    break;
  case ISCC_OPTION_TARGET:
    n->target_accuracy = iscc_option_real(state, "target-accuracy", arg, 1e-6, 0.999999);
    break;
  case ISCC_OPTION_LATENCY:
    n->max_latency_s = iscc_option_positive(state, "max-latency", arg);
    break;
  case ISCC_OPTION_SCHEME:
    n->scheme = arg;
    break;
  case ISCC_OPTION_FIXED_SENSING:
    n->fixed_sensing_power_w = iscc_option_positive(state, "fixed-sensing-power", arg);
    break;
  case ISCC_OPTION_INFEASIBLE:
    n->when_infeasible = (iscc_infeasible_action)choose(state, "when-infeasible", arg, actions);
    break;
  case ISCC_OPTION_REPLAN:
    n->replan = (iscc_replan)choose(state, "replan", arg, replans);
    break;
  case ISCC_OPTION_INFERENCE:
    n->inference = (iscc_inference_mode)choose(state, "inference", arg, inference);
    break;
  case ISCC_OPTION_CANDIDATES:
    n->candidate_count =
        iscc_option_list(state, "candidates", arg, 0, ISCC_LAYERS_MAX, n->candidates, ISCC_LAYERS_MAX + 1);
    break;
  case ISCC_OPTION_BITS:
    iscc_option_range(state, "bits", arg, ISCC_BITS_MIN, ISCC_BITS_MAX, &n->bits_min, &n->bits_max);
    break;
  case ISCC_OPTION_CURVE:
    n->use_measured_curve = choose(state, "accuracy-curve", arg, curves) == 1;
    break;
  case ISCC_OPTION_CHARGE:
    n->charge = (iscc_charge)choose(state, "charge", arg, charges);
    break;
  default:
    return set_limits(s, key, arg, state);
  }
  return true;
}

const char *iscc_scenario_option_name(int key) {
  const struct argp_option *const tables[] = {iscc_scenario_options, iscc_world_options};
  for (int i = 0; i < 2; i++)
    for (const struct argp_option *o = tables[i]; o->name || o->doc; o++)
      if (o->key == key) return o->name;
  return NULL;
}
