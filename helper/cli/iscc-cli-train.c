/* SPDX-License-Identifier: GPL-2.0-only */
/* `iscc train`: synthesizes samples, trains the network, measures its accuracy model and writes the model
 * file. */
#include <errno.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "iscc-calibrate.h"
#include "iscc-cli.h"
#include "iscc-dataset.h"
#include "iscc-motion.h"
#include "iscc-options.h"
#include "iscc-parallel.h"
#include "iscc-progress.h"
#include "iscc-train.h"

enum { PATH_TEXT_MAX = 4096, PHASES = ISCC_TRAIN_PCA + 1 };

enum {
  OPTION_SEED = 1000,
  OPTION_TRAIN_SAMPLES,
  OPTION_VALIDATION_SAMPLES,
  OPTION_TEST_SAMPLES,
  OPTION_EPOCHS,
  OPTION_BATCH,
  OPTION_LEARNING_RATE,
  OPTION_WEIGHT_DECAY,
  OPTION_NOISE_POWER,
  OPTION_NOISY_FROM,
  OPTION_RANDOM_GAIT_PHASE,
  OPTION_THREADS,
  OPTION_CACHE,
  OPTION_NO_CACHE,
  OPTION_NO_CALIBRATION
};

typedef struct {
  iscc_train_settings train;
  iscc_calibrate_settings calibrate;
  const char *output;
  char cache[PATH_TEXT_MAX];
  bool no_calibration;
} arguments;

static volatile sig_atomic_t stop_wanted;

static void want_stop(int signal_number) {
  (void)signal_number;
  stop_wanted = 1;
}

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "write the model here (needed); replaced only when all is done", 0},
    {"seed", OPTION_SEED, "N", 0, "seed of samples, start weights and calibration (default 1)", 0},
    {"train-samples", OPTION_TRAIN_SAMPLES, "N", 0,
     "training samples, those held out included (default 12000)", 0},
    {"validation-samples", OPTION_VALIDATION_SAMPLES, "N", 0,
     "training samples held out for validation (default a tenth)", 0},
    {"test-samples", OPTION_TEST_SAMPLES, "N", 0, "test samples (default 3000)", 0},
    {"epochs", OPTION_EPOCHS, "N", 0, "passes over the training samples (default 30)", 0},
    {"batch", OPTION_BATCH, "N", 0, "samples per step (default 64)", 0},
    {"learning-rate", OPTION_LEARNING_RATE, "X", 0, "largest rate of the one cycle (default 0.002)", 0},
    {"weight-decay", OPTION_WEIGHT_DECAY, "X", 0, "AdamW's decay of weights, not of biases (default 0.0001)",
     0},
    {"noise-power-w", OPTION_NOISE_POWER, "W", 0,
     "receiver noise power the model is calibrated for, W per fast-time sample (default 2.9e-11)", 0},
    {"noisy-from-w", OPTION_NOISY_FROM, "W", 0,
     "training samples with receiver noise, at sensing powers log-uniform in W..1 (default: without noise)",
     0},
    {"random-gait-phase", OPTION_RANDOM_GAIT_PHASE, NULL, 0, "people start anywhere in their gait cycle", 0},
    {"threads", OPTION_THREADS, "N", 0,
     "threads (default: one per processor); the result does not depend on it", 0},
    {"cache", OPTION_CACHE, "DIR", 0,
     "keep samples and training state here (default $XDG_CACHE_HOME/iscc or ~/.cache/iscc)", 0},
    {"no-cache", OPTION_NO_CACHE, NULL, 0, "keep nothing; an interrupted run starts anew", 0},
    {"no-calibration", OPTION_NO_CALIBRATION, NULL, 0, "write the trained network without its accuracy model",
     0},
    {NULL, 0, NULL, 0, NULL, 0}};

static error_t parse_counts(int key, char *text, const struct argp_state *state, iscc_train_settings *t) {
  switch (key) {
  case OPTION_TRAIN_SAMPLES:
    t->train_samples = (int)iscc_option_integer(state, "train-samples", text, 2, ISCC_DATASET_SAMPLES_MAX);
    return 0;
  case OPTION_VALIDATION_SAMPLES:
    t->validation_samples =
        (int)iscc_option_integer(state, "validation-samples", text, 0, ISCC_DATASET_SAMPLES_MAX - 1);
    return 0;
  case OPTION_TEST_SAMPLES:
    t->test_samples = (int)iscc_option_integer(state, "test-samples", text, 1, ISCC_DATASET_SAMPLES_MAX);
    return 0;
  case OPTION_EPOCHS:
    t->epochs = (int)iscc_option_integer(state, "epochs", text, 1, ISCC_TRAINER_EPOCHS_MAX);
    return 0;
  case OPTION_BATCH:
    t->batch = (int)iscc_option_integer(state, "batch", text, 1, ISCC_TRAINER_BATCH_MAX);
    return 0;
  case OPTION_THREADS:
    t->threads = (int)iscc_option_integer(state, "threads", text, 1, ISCC_THREADS_MAX);
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static void check_together(const struct argp_state *state, arguments *a) {
  iscc_train_settings *t = &a->train;
  if (!a->output) iscc_option_refuse(state, "no model file named: give -o FILE");
  if (t->validation_samples < 0) t->validation_samples = t->train_samples / 10;
  if (t->validation_samples >= t->train_samples)
    iscc_option_refuse(state, "--validation-samples=%d leaves nothing of --train-samples=%d",
                       t->validation_samples, t->train_samples);
}

static error_t parse(int key, char *text, struct argp_state *state) {
  arguments *a = state->input;
  switch (key) {
  case 'o':
    if (!*text) iscc_option_refuse(state, "--output: no file named");
    a->output = text;
    return 0;
  case OPTION_SEED:
    a->train.seed = (uint64_t)iscc_option_integer(state, "seed", text, 0, INT64_MAX);
    return 0;
  case OPTION_LEARNING_RATE:
    a->train.optimizer.learning_rate = iscc_option_real(state, "learning-rate", text, 1e-12, 1.0);
    return 0;
  case OPTION_WEIGHT_DECAY:
    a->train.optimizer.weight_decay = iscc_option_real(state, "weight-decay", text, 0.0, 1.0);
    return 0;
  case OPTION_NOISE_POWER:
    a->train.sensing.noise_power_w = iscc_option_positive(state, "noise-power-w", text);
    return 0;
  case OPTION_NOISY_FROM:
    a->train.noisy_from_w = iscc_option_real(state, "noisy-from-w", text, 1e-9, 1.0);
    return 0;
  case OPTION_RANDOM_GAIT_PHASE:
    a->train.sensing.random_gait_phase = true;
    return 0;
  case OPTION_CACHE:
    if (!*text || snprintf(a->cache, sizeof a->cache, "%s", text) >= (int)sizeof a->cache)
      iscc_option_refuse(state, "--cache: '%s' is no name of a directory", text);
    a->train.cache_dir = a->cache;
    return 0;
  case OPTION_NO_CACHE:
    a->train.cache_dir = NULL;
    return 0;
  case OPTION_NO_CALIBRATION:
    a->no_calibration = true;
    return 0;
  case ARGP_KEY_ARG:
    iscc_option_refuse(state, "'%s' is not expected", text);
    return 0;
  case ARGP_KEY_END:
    check_together(state, a);
    return 0;
  default:
    return parse_counts(key, text, state, &a->train);
  }
}

static const char *default_cache(char *text, size_t size) {
  const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (base && *base == '/')
    snprintf(text, size, "%s/iscc", base);
  else if (home && *home)
    snprintf(text, size, "%s/.cache/iscc", home);
  else
    return NULL;
  return text;
}

/* --- progress --- */

static const char *const phase_labels[PHASES] = {"training samples", "test samples", "training",
                                                 "principal components"};

typedef struct {
  iscc_progress bar;
  int phase; /* of the bar drawn; -1: none */
} display;

static bool show_training(void *ctx, const iscc_train_progress *p) {
  display *d = ctx;
  if (d->phase != (int)p->phase) {
    d->phase = (int)p->phase;
    iscc_progress_begin(&d->bar, phase_labels[p->phase], p->done, p->total);
  }
  iscc_progress_show(&d->bar, p->done);
  if (p->done == p->total && p->total > d->bar.first) iscc_progress_end(&d->bar, p->done);
  return !stop_wanted;
}

static bool show_calibration(void *ctx, uint64_t done, uint64_t total) {
  display *d = ctx;
  if (d->phase != PHASES) {
    d->phase = PHASES;
    iscc_progress_begin(&d->bar, "calibration", done, total);
  }
  iscc_progress_show(&d->bar, done);
  return !stop_wanted;
}

static iscc_status calibrate(arguments *a, display *d, iscc_model *model, iscc_error *error) {
  a->calibrate.seed = a->train.seed;
  a->calibrate.threads = a->train.threads;
  a->calibrate.progress = show_calibration, a->calibrate.progress_ctx = d;
  const iscc_status status = iscc_calibrate(&a->calibrate, model, error);
  if (!status && d->phase == PHASES) iscc_progress_end(&d->bar, d->bar.total);
  return status;
}

static void print_epochs(const iscc_train_report *report) {
  if (report->resumed_epochs)
    printf("%d of %d epochs read back from the cache\n", report->resumed_epochs, report->epochs);
  printf("epoch   loss    validation accuracy\n");
  for (int e = 0; e < report->epochs; e++)
    if (e % 5 == 4 || e == 0 || e == report->epochs - 1)
      printf("%5d   %.4f  %.4f\n", e + 1, report->epoch[e].loss, report->epoch[e].validation_accuracy);
}

static void print_result(const iscc_model *model) {
  const iscc_provenance *p = &model->provenance;
  printf("test accuracy %.4f on %d noise-free samples; true class below, predicted to the right\n%-12s",
         p->test_accuracy, p->test_samples, "");
  for (int j = 0; j < ISCC_MOTION_COUNT; j++) printf(" %11s", iscc_motion_name((iscc_motion)j));
  putchar('\n');
  for (int i = 0; i < ISCC_MOTION_COUNT; i++) {
    printf("%-12s", iscc_motion_name((iscc_motion)i));
    for (int j = 0; j < ISCC_MOTION_COUNT; j++) printf(" %11d", p->confusion[i][j]);
    putchar('\n');
  }
  fflush(stdout);
}

/* Told before minutes of work, not after. */
static iscc_status check_output(const char *path, iscc_error *error) {
  char folder[PATH_TEXT_MAX];
  struct stat info;
  if (snprintf(folder, sizeof folder, "%s", path) >= (int)sizeof folder)
    return iscc_fail(error, ISCC_EIO, "%s: the name is too long", path);
  if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
    return iscc_fail(error, ISCC_EIO, "%s: cannot be written: it is a directory", path);
  if (access(dirname(folder), W_OK | X_OK) != 0)
    return iscc_fail(error, ISCC_EIO, "%s: cannot be written: %s", path, strerror(errno));
  return ISCC_OK;
}

static iscc_status run(arguments *a, iscc_train_report *report, iscc_error *error) {
  display d = {.phase = -1};
  a->train.progress = show_training, a->train.progress_ctx = &d;
  iscc_model *model = NULL;
  iscc_status status = check_output(a->output, error);
  if (!status) status = iscc_train_run(&a->train, &model, report, error);
  if (status) return status;
  print_epochs(report);
  print_result(model);
  if (!a->no_calibration) status = calibrate(a, &d, model, error);
  if (!status) status = iscc_model_write(a->output, model, error);
  iscc_model_destroy(model);
  if (!status) printf("model written to %s\n", a->output);
  return status;
}

int iscc_cli_train(int argc, char **argv) {
  static arguments a;
  iscc_train_defaults(&a.train);
  iscc_calibrate_defaults(&a.calibrate);
  a.train.validation_samples = -1;
  a.train.cache_dir = default_cache(a.cache, sizeof a.cache);
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .doc =
          "Synthesizes samples, trains the network, measures its accuracy model and writes the model file.\v"
          "Ctrl-C ends it; the same command then goes on from the cache and gives the same file."};
  iscc_options_parse(&argp, argc, argv, 0, &a);
  const struct sigaction action = {.sa_handler = want_stop, .sa_flags = (int)SA_RESETHAND};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  iscc_train_report report; /* not static: gcc 12 then puts it among the read-only data */
  iscc_error error = {.text = ""};
  const iscc_status status = run(&a, &report, &error);
  if (status == ISCC_EINTR)
    iscc_fail(&error, status, "interrupted%s",
              a.train.cache_dir ? "; the same command goes on where this one stopped" : "");
  return status ? iscc_report_failure("iscc train", status, &error) : 0;
}
