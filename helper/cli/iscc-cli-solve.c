/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc solve - one decision for given parameters, or a stream of problems as JSON. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-cli.h"
#include "iscc-default-model.h"
#include "iscc-model.h"
#include "iscc-node-settings.h"
#include "iscc-options.h"
#include "iscc-plot.h"
#include "iscc-solve-job.h"
#include "iscc-solve-json.h"
#include "iscc-splits.h"

enum {
  OPTION_SCHEME = 256,
  OPTION_MODEL,
  OPTION_PROBLEM,
  OPTION_JSON,
  OPTION_TARGET,
  OPTION_LATENCY,
  OPTION_SENSING_TIME,
  OPTION_POWER,
  OPTION_SPEED,
  OPTION_SERVER_SPEED,
  OPTION_KAPPA,
  OPTION_BANDWIDTH,
  OPTION_SNR,
  OPTION_BITS,
  OPTION_CANDIDATES,
  OPTION_CURVE,
  OPTION_FIXED_SENSING,
  OPTION_TABLE,
  OPTION_CSV,
  OPTION_SWEEP,
  OPTION_PLOT,
  OPTION_HISTORY
};

static const struct argp_option options[] = {
    {"target-accuracy", OPTION_TARGET, "R", 0, "R_t, 0..1 (default 0.85)", 1},
    {"max-latency", OPTION_LATENCY, "S", 0, "T_max, s (default 0.8)", 1},
    {"sensing-time", OPTION_SENSING_TIME, "S", 0, "T_sen, s (default 0.5)", 1},
    {"max-power", OPTION_POWER, "W", 0, "P_max of sensing and sending, W (default 1)", 1},
    {"max-speed", OPTION_SPEED, "FLOPS", 0, "nu_max of the node, FLOP/s (default 8e6)", 1},
    {"server-speed", OPTION_SERVER_SPEED, "FLOPS", 0, "nu_s, FLOP/s (default 1e11)", 1},
    {"kappa", OPTION_KAPPA, "K", 0, "effective switched capacitance, J s^2/FLOP^3 (default 1e-21)", 1},
    {"bandwidth", OPTION_BANDWIDTH, "HZ", 0, "B, Hz (default 1e5)", 1},
    {"snr-db", OPTION_SNR, "DB", 0, "g/(B N_0) at 1 W, dB (default 20)", 1},
    {"bits", OPTION_BITS, "LOW:HIGH", 0, "quantization bits Q, within 2..16 (default 2:8)", 1},
    {"candidates", OPTION_CANDIDATES, "LIST", 0, "split layers l (default 0,3,6,8,10,11)", 1},
    {"accuracy-curve", OPTION_CURVE, "KIND", 0, "R_0: measured table or arctan fit (default measured)", 1},
    {"fixed-sensing-power", OPTION_FIXED_SENSING, "W", 0,
     "P_s of scheme jcc, W (default: where R_0 is 97 % of its limit)", 1},
    {"scheme", OPTION_SCHEME, "NAME", 0,
     "how to decide: joint, alternating, on-server, on-device, no-pruning, pca, jcc, or all (default joint)",
     2},
    {"model", OPTION_MODEL, "FILE", 0, "trained network (default: the one that comes with the project)", 2},
    {"problem", OPTION_PROBLEM, "FILE", 0,
     "read problems from FILE (- for standard input), one JSON object a line, instead of the options above; "
     "decisions are printed as JSON",
     3},
    {"json", OPTION_JSON, NULL, 0, "print decisions as JSON, one a line", 3},
    {"table", OPTION_TABLE, NULL, 0, "print decisions as a table, one row each", 3},
    {"csv", OPTION_CSV, NULL, 0, "print decisions as CSV, one row each", 3},
    {"sweep", OPTION_SWEEP, "NAME=A:B:STEP", 0,
     "decide for each value from A to B of an option above that takes one number, such as "
     "max-latency=0.55:1.2:0.05",
     4},
    {"plot", OPTION_PLOT, "FILE", 0,
     "draw the energy over the swept value, a curve for each scheme: .png, .svg or .pdf, as the name ends",
     4},
    {"history", OPTION_HISTORY, NULL, 0, "print each turn of scheme alternating to standard error", 4},
    {0}};

typedef struct {
  iscc_problem problem;
  const char *scheme, *model, *stream, *plot;
  iscc_output output;
  iscc_solve_sweep sweep;
  bool history, measured, raw_options; /* raw_options: some option of the problem was given */
  int candidates[ISCC_LAYERS_MAX + 1], candidate_count;
} arguments;

static error_t parse_problem(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  iscc_problem *p = &a->problem;
  iscc_error error = {""};
  switch (key) {
  case OPTION_TARGET:
    p->target_accuracy = iscc_option_real(state, "target-accuracy", arg, 1e-6, 0.999999);
    break;
  case OPTION_LATENCY:
    p->max_latency_s = iscc_option_positive(state, "max-latency", arg);
    break;
  case OPTION_SENSING_TIME:
    p->sensing_time_s = iscc_option_real(state, "sensing-time", arg, 0, 1e9);
    break;
  case OPTION_POWER:
    p->max_power_w = iscc_option_positive(state, "max-power", arg);
    break;
  case OPTION_SPEED:
    p->max_speed_flops = iscc_option_positive(state, "max-speed", arg);
    break;
  case OPTION_SERVER_SPEED:
    p->server_speed_flops = iscc_option_positive(state, "server-speed", arg);
    break;
  case OPTION_KAPPA:
    p->kappa = iscc_option_positive(state, "kappa", arg);
    break;
  case OPTION_BANDWIDTH:
    p->uplink.bandwidth_hz = iscc_option_positive(state, "bandwidth", arg);
    break;
  case OPTION_SNR:
    p->uplink.snr_per_w = pow(10, 0.1 * iscc_option_real(state, "snr-db", arg, -200, 300));
    break;
  case OPTION_BITS:
    iscc_option_range(state, "bits", arg, ISCC_BITS_MIN, ISCC_BITS_MAX, &p->bits_min, &p->bits_max);
    break;
  case OPTION_CANDIDATES:
    a->candidate_count =
        iscc_option_list(state, "candidates", arg, 0, ISCC_LAYERS_MAX, a->candidates, ISCC_LAYERS_MAX + 1);
    break;
  case OPTION_CURVE:
    if (strcmp(arg, "measured") != 0 && strcmp(arg, "arctan") != 0)
      iscc_option_refuse(state, "--accuracy-curve: '%s' is not one of measured, arctan", arg);
    a->measured = strcmp(arg, "measured") == 0;
    break;
  case OPTION_FIXED_SENSING:
    p->fixed_sensing_power_w = iscc_option_positive(state, "fixed-sensing-power", arg);
    break;
  case OPTION_MODEL:
    a->model = arg;
    break;
  case OPTION_SWEEP:
    if (iscc_solve_sweep_parse(arg, &a->sweep, &error)) iscc_option_refuse(state, "%s", error.text);
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  a->raw_options = true;
  return 0;
}

static void choose_output(struct argp_state *state, arguments *a, iscc_output output) {
  if (a->output != ISCC_OUTPUT_PAGE && a->output != output)
    iscc_option_refuse(state, "--json, --table, --csv: only one of them can be had");
  a->output = output;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  iscc_error error;
  switch (key) {
  case OPTION_SCHEME:
    a->scheme = arg;
    break;
  case OPTION_PROBLEM:
    a->stream = arg;
    break;
  case OPTION_JSON:
    choose_output(state, a, ISCC_OUTPUT_JSON);
    break;
  case OPTION_TABLE:
    choose_output(state, a, ISCC_OUTPUT_TABLE);
    break;
  case OPTION_CSV:
    choose_output(state, a, ISCC_OUTPUT_CSV);
    break;
  case OPTION_PLOT:
    if (iscc_plot_check_path(arg, &error)) iscc_option_refuse(state, "--plot: %s", error.text);
    a->plot = arg;
    break;
  case OPTION_HISTORY:
    a->history = true;
    break;
  case ARGP_KEY_ARG:
    iscc_option_refuse(state, "'%s': there are no arguments but options", arg);
    break;
  case ARGP_KEY_END:
    if (a->stream && a->raw_options)
      iscc_option_refuse(state, "--problem: cannot be joined with options that make up a problem");
    if (a->stream && a->output != ISCC_OUTPUT_PAGE && a->output != ISCC_OUTPUT_JSON)
      iscc_option_refuse(state, "--problem: decisions are printed as JSON, not with --table or --csv");
    if (a->plot && !a->sweep.count) iscc_option_refuse(state, "--plot: needs --sweep NAME=A:B:STEP");
    if (a->stream) a->output = ISCC_OUTPUT_JSON;
    if (a->output == ISCC_OUTPUT_PAGE && (a->sweep.count || strcmp(a->scheme, "all") == 0))
      a->output = ISCC_OUTPUT_TABLE;
    break;
  default:
    return parse_problem(key, arg, state);
  }
  return 0;
}

/* One problem of a stream; a bad one is answered with an error object. */
static bool answer_line(iscc_solve_job *job, const char *scheme, const char *line) {
  iscc_error error = {""};
  iscc_problem_json *parsed = NULL;
  iscc_status status = iscc_problem_json_parse(line, &parsed, &error);
  if (!status) status = iscc_solve_job_run(job, iscc_problem_json_problem(parsed), stdout, &error);
  iscc_problem_json_destroy(parsed);
  if (!status) return true;
  char *text = iscc_error_json(scheme, error.text[0] ? error.text : iscc_status_text(status));
  if (text) puts(text);
  free(text);
  return false;
}

static int answer_stream(const char *program, iscc_solve_job *job, const arguments *a) {
  const char *path = a->stream;
  FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
  if (!in) {
    fprintf(stderr, "%s: %s: %s\n", program, path, strerror(errno));
    return ISCC_EXIT_FAILURE;
  }
  char *line = NULL;
  size_t room = 0;
  bool all_good = true;
  while (getline(&line, &room, in) >= 0)
    if (line[strspn(line, " \t\r\n")] != '\0') all_good &= answer_line(job, a->scheme, line);
  if (ferror(in)) {
    fprintf(stderr, "%s: %s: cannot be read\n", program, path);
    all_good = false;
  }
  free(line);
  if (in != stdin) fclose(in);
  return all_good ? 0 : ISCC_EXIT_FAILURE;
}

static iscc_status solve_for_model(iscc_solve_job *job, arguments *a, iscc_error *error) {
  char path[4096];
  iscc_model *model = NULL;
  iscc_split splits[ISCC_LAYERS_MAX + 1];
  iscc_pca_split pca[ISCC_PCA_MAX];
  iscc_status status = ISCC_OK;
  if (!a->model) status = iscc_default_model_path(path, sizeof path, error);
  if (!status) status = iscc_model_read(a->model ? a->model : path, &model, error);
  if (!status) status = iscc_splits_from_model(model, a->candidates, a->candidate_count, splits, error);
  if (!status) {
    iscc_curve_from_model(model, a->measured, &a->problem.accuracy_curve);
    a->problem.splits = splits;
    a->problem.split_count = (size_t)a->candidate_count;
    a->problem.pca_splits = pca;
    a->problem.pca_split_count = iscc_pca_splits_from_model(model, a->measured, pca);
    status = a->sweep.count ? iscc_solve_job_sweep(job, &a->problem, &a->sweep, a->plot, stdout, error)
                            : iscc_solve_job_run(job, &a->problem, stdout, error);
  }
  iscc_model_destroy(model);
  return status;
}

static void note_turn(void *ctx, int split, int bits, int turn, double energy_j) {
  (void)ctx;
  if (turn == 0) fprintf(stderr, "alternating: split %d, %d bits\n", split, bits);
  fprintf(stderr, "  turn %3d %14.9g mJ\n", turn + 1, 1e3 * energy_j);
}

int iscc_cli_solve(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .doc = "Decides split layer, pruning ratio, powers, speed and bits of one task so that "
             "it meets accuracy and latency with the least energy."};
  arguments a = {.scheme = "joint", .measured = true};
  iscc_node_settings defaults;
  iscc_node_defaults(&defaults);
  memcpy(a.candidates, defaults.candidates, sizeof a.candidates);
  a.candidate_count = defaults.candidate_count;
  iscc_problem_defaults(&a.problem);
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_error error = {""};
  iscc_solve_job job;
  iscc_status status = iscc_solve_job_begin(&job, a.scheme, a.output, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  const iscc_history history = {.note = note_turn};
  for (size_t i = 0; i < job.count && a.history; i++) iscc_solver_tell(job.solvers[i], &history);
  int exit_status = 0;
  if (a.stream) {
    exit_status = answer_stream(argv[0], &job, &a);
  } else {
    status = solve_for_model(&job, &a, &error);
    if (status) exit_status = iscc_report_failure(argv[0], status, &error);
  }
  iscc_solve_job_end(&job);
  return exit_status;
}
