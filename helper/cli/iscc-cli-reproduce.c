/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc reproduce`: the paper's evaluation, measured, drawn and held against what the paper claims. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "iscc-cli.h"
#include "iscc-dataset.h"
#include "iscc-options.h"
#include "iscc-parallel.h"
#include "iscc-reproduction.h"

enum {
  OPTION_QUICK = 1000,
  OPTION_NO_CHECK,
  OPTION_MODEL,
  OPTION_SEED,
  OPTION_THREADS,
  OPTION_SAMPLES,
  OPTION_CHECK_SAMPLES
};

static const struct argp_option options[] = {
    {"output", 'o', "DIR", 0, "put figures, data, report and cache here (needed); made when missing", 1},
    {"quick", OPTION_QUICK, NULL, 0, "fewer points and samples, within two minutes; pca is not checked", 1},
    {"no-check", OPTION_NO_CHECK, NULL, 0, "do not run the allocations through the real chain", 1},
    {"model", OPTION_MODEL, "FILE", 0, "trained network (default: the one that comes with the project)", 2},
    {"seed", OPTION_SEED, "N", 0, "seed of all Monte Carlo (default 1)", 2},
    {"samples", OPTION_SAMPLES, "N", 0, "samples per point of figs. 4 and 8 (default 3000; quick: 200)", 2},
    {"check-samples", OPTION_CHECK_SAMPLES, "N", 0,
     "samples per allocation of joint and alternating, a quarter of them for the other schemes (default "
     "2000; "
     "quick: 100)",
     2},
    {"threads", OPTION_THREADS, "N", 0, "threads (default: one per processor); results do not depend on it",
     2},
    {0}};

/* Fewest that every step can do with. */
enum { SAMPLES_MIN = 100, CHECK_SAMPLES_MIN = 20 };

typedef struct {
  iscc_study_settings study;
  bool wanted[ISCC_FIGURES], any, no_check;
  int samples, check_samples, threads; /* 0: not given */
  int64_t seed;
} arguments;

static volatile sig_atomic_t stop_wanted;

static void want_stop(int signal_number) {
  (void)signal_number;
  stop_wanted = 1;
}

static void want_figure(struct argp_state *state, arguments *a, const char *name) {
  iscc_figure figure;
  iscc_error error = {""};
  a->any = true;
  if (strcmp(name, "all") == 0) {
    for (int f = 0; f < ISCC_FIGURES; f++) a->wanted[f] = true;
    return;
  }
  if (iscc_figure_find(name, &figure, &error)) iscc_option_refuse(state, "%s", error.text);
  a->wanted[figure] = true;
}

static void check_together(struct argp_state *state, arguments *a) {
  const iscc_study_settings given = a->study;
  if (!given.directory || !*given.directory) iscc_option_refuse(state, "no directory named: give -o DIR");
  if (!a->any) want_figure(state, a, "all");
  iscc_study_defaults(&a->study, given.quick);
  a->study.directory = given.directory;
  a->study.model = given.model;
  a->study.threads = a->threads;
  if (a->seed >= 0) a->study.seed = (uint64_t)a->seed;
  if (a->samples) a->study.effort.curve = a->study.effort.losses = (size_t)a->samples;
  if (a->check_samples) {
    a->study.effort.check = (size_t)a->check_samples;
    a->study.effort.check_others = (size_t)(a->check_samples + 3) / 4;
  }
}

static error_t parse(int key, char *text, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case 'o':
    a->study.directory = text;
    return 0;
  case OPTION_QUICK:
    a->study.quick = true;
    return 0;
  case OPTION_NO_CHECK:
    a->no_check = true;
    return 0;
  case OPTION_MODEL:
    a->study.model = text;
    return 0;
  case OPTION_SEED:
    a->seed = iscc_option_integer(state, "seed", text, 0, INT64_MAX);
    return 0;
  case OPTION_THREADS:
    a->threads = (int)iscc_option_integer(state, "threads", text, 1, ISCC_THREADS_MAX);
    return 0;
  case OPTION_SAMPLES:
    a->samples = (int)iscc_option_integer(state, "samples", text, SAMPLES_MIN, ISCC_DATASET_SAMPLES_MAX);
    return 0;
  case OPTION_CHECK_SAMPLES:
    a->check_samples =
        (int)iscc_option_integer(state, "check-samples", text, CHECK_SAMPLES_MIN, ISCC_DATASET_SAMPLES_MAX);
    return 0;
  case ARGP_KEY_ARG:
    want_figure(state, a, text);
    return 0;
  case ARGP_KEY_END:
    check_together(state, a);
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int iscc_cli_reproduce(int argc, char **argv) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .args_doc = "[fig4|fig7|fig8|fig9|fig10|fig11|table3|all]...",
      .doc = "Makes the figures and the table of the paper's evaluation from this code: NAME.csv with every "
             "number, "
             "NAME.png and NAME.svg, and report.html and report.md with all of them, the settings and a "
             "table of the "
             "paper's claims.\vWithout a figure's name: all. Every result is kept in DIR/cache: after "
             "Ctrl-C, or for "
             "another figure, the same command goes on from there. About a quarter of an hour on two "
             "processors, most of "
             "it for the "
             "check that runs each allocation through sensing, network and quantizer."};
  arguments a = {.seed = -1};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const struct sigaction action = {.sa_handler = want_stop, .sa_flags = (int)SA_RESETHAND};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  a.study.stop = &stop_wanted;
  iscc_error error = {""};
  iscc_study *study = NULL;
  iscc_status status = iscc_study_open(&a.study, &study, &error);
  if (!status) status = iscc_reproduce(study, a.wanted, !a.no_check, NULL, &error);
  iscc_study_close(study);
  if (status == ISCC_EINTR)
    iscc_fail(&error, status, "interrupted; the same command goes on from %s/cache", a.study.directory);
  if (status) return iscc_report_failure(argv[0], status, &error);
  printf("report written to %s/report.html and %s/report.md\n", a.study.directory, a.study.directory);
  return 0;
}
