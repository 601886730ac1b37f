/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc solve - one decision for given parameters, or a stream of problems as JSON. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "iscc-cli.h"
#include "iscc-default-model.h"
#include "iscc-model.h"
#include "iscc-node-settings.h"
#include "iscc-options.h"
#include "iscc-solve-json.h"
#include "iscc-solver.h"
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
  OPTION_CURVE
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
    {"scheme", OPTION_SCHEME, "NAME", 0, "how to decide (default joint)", 2},
    {"model", OPTION_MODEL, "FILE", 0, "trained network (default: the one that comes with the project)", 2},
    {"problem", OPTION_PROBLEM, "FILE", 0,
     "read problems from FILE (- for standard input), one JSON object a line, instead of the options above; "
     "decisions are printed as JSON",
     3},
    {"json", OPTION_JSON, NULL, 0, "print the decision as JSON", 3},
    {0}};

typedef struct {
  iscc_problem problem;
  const char *scheme, *model, *stream;
  int json, measured, raw_options; /* raw_options: some option of the problem was given */
  int candidates[ISCC_LAYERS_MAX + 1], candidate_count;
} arguments;

static error_t parse_problem(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  iscc_problem *p = &a->problem;
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
  case OPTION_MODEL:
    a->model = arg;
    break;
  default:
    return ARGP_ERR_UNKNOWN;
  }
  a->raw_options = 1;
  return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case OPTION_SCHEME:
    a->scheme = arg;
    break;
  case OPTION_PROBLEM:
    a->stream = arg;
    break;
  case OPTION_JSON:
    a->json = 1;
    break;
  case ARGP_KEY_ARG:
    iscc_option_refuse(state, "'%s': there are no arguments but options", arg);
    break;
  case ARGP_KEY_END:
    if (a->stream && a->raw_options)
      iscc_option_refuse(state, "--problem: cannot be joined with options that make up a problem");
    break;
  default:
    return parse_problem(key, arg, state);
  }
  return 0;
}

static double wall_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static void print_constraints(const char *label, unsigned set) {
  printf("%-20s", label);
  for (int i = 0; i < ISCC_CONSTRAINT_COUNT; i++)
    if (set & 1u << i) printf(" %s", iscc_constraint_name((iscc_constraint)(1 << i)));
  putchar('\n');
}

static void print_decision(const iscc_decision *d, const char *scheme, double time_us) {
  static const char *const status[] = {"optimal", "feasible", "infeasible"};
  printf("%-20s %s (%s)\n", "decision", status[d->status], scheme);
  if (d->status == ISCC_DECISION_INFEASIBLE) {
    print_constraints("conflict", d->conflict);
    if (!isnan(d->least_latency_s))
      printf("%-20s %12.6g s at this accuracy\n", "least latency", d->least_latency_s);
    if (!isnan(d->highest_accuracy))
      printf("%-20s %12.6g within this latency\n", "highest accuracy", d->highest_accuracy);
    return;
  }
  printf("%-20s %12d\n%-20s %12d bits\n%-20s %12.6g\n", "split layer l", d->split, "quantization Q", d->bits,
         "pruning ratio p", d->keep_ratio);
  printf("%-20s %12.6g W\n%-20s %12.6g W\n%-20s %12.6g FLOP/s\n", "sensing power P_s", d->sensing_power_w,
         "transmit power P_c", d->transmit_power_w, "edge speed nu_e", d->edge_speed_flops);
  printf("%-20s %12s %12s\n", "stage", "energy mJ", "latency s");
  printf("  %-18s %12.6g %12.6g\n  %-18s %12.6g %12.6g\n  %-18s %12.6g %12.6g\n  %-18s %12s %12.6g\n",
         "sensing", 1e3 * d->energy.sensing, d->latency.sensing, "compute", 1e3 * d->energy.compute,
         d->latency.compute, "uplink", 1e3 * d->energy.uplink, d->latency.uplink, "server", "-",
         d->latency.server);
  printf("  %-18s %12.6g %12.6g\n", "total", 1e3 * d->energy.total, d->latency.total);
  printf("%-20s %12.6g\n", "predicted accuracy", d->predicted_accuracy);
  print_constraints("binding", d->binding);
  if (!isnan(d->relative_gap))
    printf("%-20s %12.6g mJ, relative gap %.1e\n", "certified bound", 1e3 * d->lower_bound_j,
           d->relative_gap);
  printf("%-20s %12d of %d (l, Q) pairs, %.1f us\n", "solved", d->evaluated, d->evaluated + d->discarded,
         time_us);
}

static iscc_status solve_and_print(iscc_solver *solver, const iscc_problem *problem, int json,
                                   iscc_error *error) {
  iscc_decision decision;
  const double start_us = wall_us();
  const iscc_status status = iscc_solver_solve(solver, problem, &decision, error);
  const double time_us = wall_us() - start_us;
  if (status) return status;
  if (!json) {
    print_decision(&decision, iscc_solver_scheme(solver), time_us);
    return ISCC_OK;
  }
  char *text = iscc_decision_json(iscc_solver_scheme(solver), &decision, time_us);
  if (!text) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  puts(text);
  free(text);
  return ISCC_OK;
}

/* One problem of a stream; a bad one is answered with an error object. */
static bool answer_line(iscc_solver *solver, const char *line) {
  iscc_error error = {""};
  iscc_problem_json *parsed = NULL;
  iscc_status status = iscc_problem_json_parse(line, &parsed, &error);
  if (!status) status = solve_and_print(solver, iscc_problem_json_problem(parsed), 1, &error);
  iscc_problem_json_destroy(parsed);
  if (!status) return true;
  char *text =
      iscc_error_json(iscc_solver_scheme(solver), error.text[0] ? error.text : iscc_status_text(status));
  if (text) puts(text);
  free(text);
  return false;
}

static int answer_stream(const char *program, iscc_solver *solver, const char *path) {
  FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
  if (!in) {
    fprintf(stderr, "%s: %s: %s\n", program, path, strerror(errno));
    return ISCC_EXIT_FAILURE;
  }
  char *line = NULL;
  size_t room = 0;
  bool all_good = true;
  while (getline(&line, &room, in) >= 0)
    if (line[strspn(line, " \t\r\n")] != '\0') all_good &= answer_line(solver, line);
  if (ferror(in)) {
    fprintf(stderr, "%s: %s: cannot be read\n", program, path);
    all_good = false;
  }
  free(line);
  if (in != stdin) fclose(in);
  return all_good ? 0 : ISCC_EXIT_FAILURE;
}

static iscc_status solve_for_model(iscc_solver *solver, arguments *a, iscc_error *error) {
  char path[4096];
  iscc_model *model = NULL;
  iscc_split splits[ISCC_LAYERS_MAX + 1];
  iscc_status status = ISCC_OK;
  if (!a->model) status = iscc_default_model_path(path, sizeof path, error);
  if (!status) status = iscc_model_read(a->model ? a->model : path, &model, error);
  if (!status) status = iscc_splits_from_model(model, a->candidates, a->candidate_count, splits, error);
  if (!status) {
    iscc_curve_from_model(model, a->measured, &a->problem.accuracy_curve);
    a->problem.splits = splits;
    a->problem.split_count = (size_t)a->candidate_count;
    status = solve_and_print(solver, &a->problem, a->json, error);
  }
  iscc_model_destroy(model);
  return status;
}

int iscc_cli_solve(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .doc = "Decides split layer, pruning ratio, powers, speed and bits of one task so that "
             "it meets accuracy and latency with the least energy."};
  arguments a = {.scheme = "joint", .measured = 1};
  iscc_node_settings defaults;
  iscc_node_defaults(&defaults);
  memcpy(a.candidates, defaults.candidates, sizeof a.candidates);
  a.candidate_count = defaults.candidate_count;
  iscc_problem_defaults(&a.problem);
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_error error = {""};
  iscc_solver *solver;
  iscc_status status = iscc_solver_create(a.scheme, &solver, &error);
  if (status) return iscc_report_failure(argv[0], status, &error);
  int exit_status = 0;
  if (a.stream) {
    exit_status = answer_stream(argv[0], solver, a.stream);
  } else {
    status = solve_for_model(solver, &a, &error);
    if (status) exit_status = iscc_report_failure(argv[0], status, &error);
  }
  iscc_solver_destroy(solver);
  return exit_status;
}
