/* SPDX-License-Identifier: GPL-2.0-only */
#include "iscc-solve-job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "iscc-decision-text.h"
#include "iscc-plot.h"
#include "iscc-solve-json.h"

static double wall_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

iscc_status iscc_solve_job_begin(iscc_solve_job *job, const char *scheme, iscc_output output,
                                 iscc_error *error) {
  *job = (iscc_solve_job){.output = output};
  if (strcmp(scheme, "all") != 0) {
    job->count = 1;
    return iscc_solver_create(scheme, &job->solvers[0], error);
  }
  iscc_status status = ISCC_OK;
  for (; iscc_scheme_name(job->count) && job->count < ISCC_SCHEMES_MAX && !status; job->count++)
    status = iscc_solver_create(iscc_scheme_name(job->count), &job->solvers[job->count], error);
  if (status) iscc_solve_job_end(job);
  return status;
}

void iscc_solve_job_end(iscc_solve_job *job) {
  for (size_t i = 0; i < job->count; i++) iscc_solver_destroy(job->solvers[i]);
  job->count = 0;
}

/* ---- printing ---- */

static iscc_status print_json(char *text, FILE *out, iscc_error *error) {
  if (!text) return iscc_fail(error, ISCC_ENOMEM, "out of memory");
  fputs(text, out);
  fputc('\n', out);
  free(text);
  return ISCC_OK;
}

static iscc_status print_decision(const iscc_solve_job *job, const char *before, const char *scheme,
                                  const iscc_decision *d, double time_us, FILE *out, iscc_error *error) {
  switch (job->output) {
  case ISCC_OUTPUT_JSON:
    return print_json(iscc_decision_json(scheme, d, time_us), out, error);
  case ISCC_OUTPUT_TABLE:
    iscc_decision_table_row(before, scheme, d, time_us, out);
    break;
  case ISCC_OUTPUT_CSV:
    iscc_decision_csv_row(before, scheme, d, time_us, out);
    break;
  case ISCC_OUTPUT_PAGE:
    iscc_decision_print(d, scheme, time_us, out);
    break;
  }
  return ISCC_OK;
}

static iscc_status print_refusal(const iscc_solve_job *job, const char *before, const char *scheme,
                                 const char *why, FILE *out, iscc_error *error) {
  if (job->output == ISCC_OUTPUT_JSON) return print_json(iscc_error_json(scheme, why), out, error);
  if (job->output == ISCC_OUTPUT_CSV)
    iscc_decision_csv_refusal(before, scheme, out);
  else
    iscc_decision_table_refusal(before, scheme, why, out);
  return ISCC_OK;
}

static void print_head(const iscc_solve_job *job, const char *before, FILE *out) {
  if (job->output == ISCC_OUTPUT_TABLE) iscc_decision_table_head(before, out);
  if (job->output == ISCC_OUTPUT_CSV) iscc_decision_csv_head(before, out);
}

/* ---- deciding ---- */

/* By every scheme; energies_j, if not NULL, gets one per scheme, NAN where there is none. */
static iscc_status decide(iscc_solve_job *job, const iscc_problem *problem, const char *before,
                          double *energies_j, FILE *out, iscc_error *error) {
  iscc_status status = iscc_problem_check(problem, error);
  for (size_t i = 0; i < job->count && !status; i++) {
    const char *scheme = iscc_solver_scheme(job->solvers[i]);
    iscc_decision d;
    iscc_error refusal = {""};
    const double start_us = wall_us();
    const iscc_status decided = iscc_solver_solve(job->solvers[i], problem, &d, &refusal);
    const double time_us = wall_us() - start_us;
    const bool found = !decided && d.status != ISCC_DECISION_INFEASIBLE;
    if (energies_j) energies_j[i] = found ? d.energy.total : (double)NAN;
    if (!decided) {
      status = print_decision(job, before, scheme, &d, time_us, out, error);
    } else if (job->count > 1 && decided == ISCC_EINVAL) {
      status = print_refusal(job, before, scheme, refusal.text, out, error);
    } else {
      status = decided;
      *error = refusal;
    }
  }
  return status;
}

iscc_status iscc_solve_job_run(iscc_solve_job *job, const iscc_problem *problem, FILE *out,
                               iscc_error *error) {
  const iscc_status status = iscc_problem_check(problem, error);
  if (status) return status;
  print_head(job, "", out);
  return decide(job, problem, "", NULL, out, error);
}

/* ---- sweeps ---- */

static const struct {
  const char *name, *label; /* of the axis */
  size_t offset;
} swept[] = {
    {"target-accuracy", "target accuracy", offsetof(iscc_problem, target_accuracy)},
    {"max-latency", "maximum latency in s", offsetof(iscc_problem, max_latency_s)},
    {"sensing-time", "sensing time in s", offsetof(iscc_problem, sensing_time_s)},
    {"max-power", "maximum power in W", offsetof(iscc_problem, max_power_w)},
    {"max-speed", "maximum edge speed in FLOP/s", offsetof(iscc_problem, max_speed_flops)},
    {"server-speed", "server speed in FLOP/s", offsetof(iscc_problem, server_speed_flops)},
    {"kappa", "effective switched capacitance in J s^2/FLOP^3", offsetof(iscc_problem, kappa)},
    {"bandwidth", "bandwidth in Hz", offsetof(iscc_problem, uplink.bandwidth_hz)},
    {"snr-db", "SNR at 1 W in dB", offsetof(iscc_problem, uplink.snr_per_w)},
    {"fixed-sensing-power", "sensing power of jcc in W", offsetof(iscc_problem, fixed_sensing_power_w)},
};

enum { SWEPT = sizeof swept / sizeof *swept };

static size_t find_swept(const char *name, size_t length) {
  size_t i = 0;
  while (i < SWEPT && (strlen(swept[i].name) != length || strncmp(swept[i].name, name, length) != 0)) i++;
  return i;
}

static void set_value(iscc_problem *problem, const char *name, double value) {
  const size_t i = find_swept(name, strlen(name));
  if (strcmp(name, "snr-db") == 0) value = pow(10, 0.1 * value);
  memcpy((char *)problem + swept[i].offset, &value, sizeof value);
}

static bool read_number(const char **text, char end, double *value) {
  char *after;
  *value = strtod(*text, &after);
  if (after == *text || *after != end || !isfinite(*value)) return false;
  *text = after + (end != '\0');
  return true;
}

iscc_status iscc_solve_sweep_parse(const char *text, iscc_solve_sweep *sweep, iscc_error *error) {
  const size_t length = strcspn(text, "="), i = find_swept(text, length);
  if (i == SWEPT) {
    char names[256] = "";
    for (size_t k = 0, used = 0; k < SWEPT && used < sizeof names; k++)
      used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", k ? ", " : "", swept[k].name);
    return iscc_fail(error, ISCC_EINVAL, "--sweep: '%.*s' is not one of %s", (int)length, text, names);
  }
  const char *rest = text + length + (text[length] == '=');
  double last;
  if (!read_number(&rest, ':', &sweep->first) || !read_number(&rest, ':', &last) ||
      !read_number(&rest, '\0', &sweep->step) || !(last >= sweep->first) || !(sweep->step > 0))
    return iscc_fail(error, ISCC_EINVAL, "--sweep: '%s' is not %s=A:B:STEP with A <= B and STEP > 0", text,
                     swept[i].name);
  const double points = floor((last - sweep->first) / sweep->step + 1e-9) + 1;
  if (points > ISCC_SWEEP_POINTS_MAX)
    return iscc_fail(error, ISCC_EINVAL, "--sweep: %.0f values are more than %d; take a larger STEP", points,
                     ISCC_SWEEP_POINTS_MAX);
  sweep->name = swept[i].name;
  sweep->count = (size_t)points;
  return ISCC_OK;
}

/* absent: room for as many values as energies_mj has. */
static iscc_status draw(const iscc_solve_job *job, const iscc_solve_sweep *sweep, const double *values,
                        const double *energies_mj, double *absent, const char *path, iscc_error *error) {
  iscc_plot_curve curves[ISCC_SCHEMES_MAX]; /* the first scheme on top of the others */
  for (size_t i = 0; i < job->count; i++) {
    curves[i] = (iscc_plot_curve){.legend = iscc_solver_scheme(job->solvers[i]),
                                  .points = sweep->count,
                                  .x = values,
                                  .y = energies_mj + i * sweep->count,
                                  .colour = (int)i,
                                  .absent = absent + i * sweep->count};
    for (size_t k = 0; k < sweep->count; k++)
      if (!isfinite(curves[i].y[k])) absent[i * sweep->count + curves[i].absent_count++] = values[k];
  }
  const iscc_plot_frame frame = {.title = "Energy of one task",
                                 .x_label = swept[find_swept(sweep->name, strlen(sweep->name))].label,
                                 .y_label = "energy in mJ"};
  return iscc_plot_curves(path, &frame, curves, job->count, error);
}

static iscc_problem with_value(const iscc_problem *problem, const iscc_solve_sweep *sweep, size_t k) {
  iscc_problem one = *problem;
  set_value(&one, sweep->name, sweep->first + (double)k * sweep->step);
  return one;
}

/* All values, before anything is printed. */
static iscc_status check_all(const iscc_problem *problem, const iscc_solve_sweep *sweep, iscc_error *error) {
  iscc_status status = ISCC_OK;
  for (size_t k = 0; k < sweep->count && !status; k++) {
    const iscc_problem one = with_value(problem, sweep, k);
    status = iscc_problem_check(&one, error);
  }
  return status;
}

/* energies_mj: count values of the first scheme, then of the next. */
static iscc_status sweep_all(iscc_solve_job *job, const iscc_problem *problem, const iscc_solve_sweep *sweep,
                             double *values, double *energies_mj, FILE *out, iscc_error *error) {
  char before[64];
  const bool csv = job->output == ISCC_OUTPUT_CSV;
  snprintf(before, sizeof before, csv ? "%s," : "%-20s ", sweep->name);
  print_head(job, before, out);
  for (size_t k = 0; k < sweep->count; k++) {
    double energies_j[ISCC_SCHEMES_MAX];
    const iscc_problem one = with_value(problem, sweep, k);
    values[k] = sweep->first + (double)k * sweep->step;
    snprintf(before, sizeof before, csv ? "%.12g," : "%-20.12g ", values[k]);
    const iscc_status status = decide(job, &one, before, energies_j, out, error);
    if (status) return status;
    for (size_t i = 0; i < job->count; i++) energies_mj[i * sweep->count + k] = 1e3 * energies_j[i];
  }
  return ISCC_OK;
}

iscc_status iscc_solve_job_sweep(iscc_solve_job *job, const iscc_problem *problem,
                                 const iscc_solve_sweep *sweep, const char *plot, FILE *out,
                                 iscc_error *error) {
  iscc_status status = check_all(problem, sweep, error);
  if (status) return status;
  double *values = malloc(sizeof *values * sweep->count);
  double *energies_mj = malloc(sizeof *energies_mj * sweep->count * job->count);
  double *absent = malloc(sizeof *absent * sweep->count * job->count);
  if (!values || !energies_mj || !absent) status = iscc_fail(error, ISCC_ENOMEM, "out of memory");
  if (!status) status = sweep_all(job, problem, sweep, values, energies_mj, out, error);
  if (!status && plot) status = draw(job, sweep, values, energies_mj, absent, plot, error);
  free(values);
  free(energies_mj);
  free(absent);
  return status;
}
