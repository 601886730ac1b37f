/* SPDX-License-Identifier: GPL-2.0-only */
/* iscc sense: one observation of one person, at any stage of the sensing chain, as NPY and as a picture. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iscc-cli.h"
#include "iscc-npy.h"
#include "iscc-options.h"
#include "iscc-plot.h"
#include "iscc-sensing-stage.h"
#include "iscc-stage-plot.h"

#define DEGREE (3.14159265358979323846 / 180)

typedef struct {
  iscc_sensing_settings set;
  iscc_person person;
  bool height_given, speed_given;
  double power_w;
  int64_t seed, run;
  bool no_noise;
  iscc_stage stage;
  const char *output, *plot;
} sense_arguments;

enum {
  KEY_REAL = 1000,
  KEY_CHIRPS = 1100,
  KEY_SVD_FIRST,
  KEY_SVD_LAST,
  KEY_SEED,
  KEY_RUN,
  KEY_NO_NOISE,
  KEY_NO_CLUTTER,
  KEY_KEEP_MEAN,
  KEY_STAGE,
  KEY_MOTION,
  KEY_PLOT
};

/* Options that set one number: option KEY_REAL + i. */
static const struct {
  const char *name;
  size_t offset;
  double low, high;
} reals[] = {
    {"height-m", offsetof(sense_arguments, person.height_m), 0.3, 3},
    {"speed-mps", offsetof(sense_arguments, person.speed_mps), 0, 5},
    {"heading-deg", offsetof(sense_arguments, person.heading_rad), -360, 360},
    {"x-m", offsetof(sense_arguments, person.x_m), -1, 6},
    {"y-m", offsetof(sense_arguments, person.y_m), -3, 3},
    {"gait-phase", offsetof(sense_arguments, person.gait_phase), 0, 0.999999999},
    {"power-w", offsetof(sense_arguments, power_w), 0, 1e6},
    {"carrier-hz", offsetof(sense_arguments, set.carrier_hz), 0, 1e15},
    {"sweep-hz", offsetof(sense_arguments, set.sweep_hz), 0, 1e15},
    {"chirp-s", offsetof(sense_arguments, set.chirp_s), 0, 1e3},
    {"sampling-hz", offsetof(sense_arguments, set.sampling_hz), 0, 1e15},
    {"chirp-spacing-s", offsetof(sense_arguments, set.chirp_spacing_s), 0, 1e3},
    {"radar-x-m", offsetof(sense_arguments, set.radar_x_m), -1, 6},
    {"radar-y-m", offsetof(sense_arguments, set.radar_y_m), -3, 3},
    {"radar-z-m", offsetof(sense_arguments, set.radar_z_m), 0, 3},
    {"noise-power-w", offsetof(sense_arguments, set.noise_power_w), 0, 1},
    {"clutter-correlation", offsetof(sense_arguments, set.clutter_correlation), 0, 0.999999},
    {"doppler-limit-hz", offsetof(sense_arguments, set.doppler_limit_hz), 0, 1e9},
};
enum {
  REAL_HEIGHT,
  REAL_SPEED,
  REAL_HEADING,
  REAL_X,
  REAL_Y,
  REAL_PHASE,
  REAL_POWER,
  REAL_CARRIER,
  REAL_SWEEP,
  REAL_CHIRP,
  REAL_SAMPLING,
  REAL_SPACING,
  REAL_RADAR_X,
  REAL_RADAR_Y,
  REAL_RADAR_Z,
  REAL_NOISE_POWER,
  REAL_CORRELATION,
  REAL_LIMIT,
  REAL_COUNT
};
_Static_assert(sizeof reals / sizeof *reals == REAL_COUNT, "one name per number");

static const struct argp_option options[] = {
    {0, 0, 0, 0, "The person", 1},
    {"motion", KEY_MOTION, "NAME", 0,
     "standing, adult-pace, adult-walk, child-pace or child-walk (default adult-walk)", 1},
    {"height-m", KEY_REAL + REAL_HEIGHT, "M", 0, "body height, 0.3..3 m (default 1.75, children 1.05)", 1},
    {"speed-mps", KEY_REAL + REAL_SPEED, "V", 0,
     "m/s (default by motion: 0, 0.25 or 0.5 times the height per second)", 1},
    {"heading-deg", KEY_REAL + REAL_HEADING, "DEG", 0,
     "direction of walking from the x axis, degrees (default 180: towards the radar)", 1},
    {"x-m", KEY_REAL + REAL_X, "M", 0, "start, -1..6 m (default 2.5)", 1},
    {"y-m", KEY_REAL + REAL_Y, "M", 0, "start, -3..3 m (default 0)", 1},
    {"gait-phase", KEY_REAL + REAL_PHASE, "T", 0,
     "place in the gait cycle at the start, 0 <= T < 1 (default 0)", 1},
    {0, 0, 0, 0, "The observation", 2},
    {"power-w", KEY_REAL + REAL_POWER, "W", 0, "sensing power P_s (default 0.05 W)", 2},
    {"seed", KEY_SEED, "N", 0, "seed of clutter and noise (default 1)", 2},
    {"run", KEY_RUN, "N", 0, "run number: another world of the same seed (default 1)", 2},
    {"no-noise", KEY_NO_NOISE, 0, 0, "no receiver noise", 2},
    {"no-clutter", KEY_NO_CLUTTER, 0, 0, "no reflections from the room", 2},
    {0, 0, 0, 0, "The result", 3},
    {"stage", KEY_STAGE, "NAME", 0, "echo, filtered, slow-time, spectrogram or input (default input)", 3},
    {"output", 'o', "FILE", 0,
     "write the stage as NPY (numpy.load reads it); an existing file is replaced as a whole", 3},
    {"plot", KEY_PLOT, "FILE", 0, "draw the stage: .png, .svg or .pdf, as the name ends", 3},
    {0, 0, 0, 0, "Radar and processing", 4},
    {"carrier-hz", KEY_REAL + REAL_CARRIER, "HZ", 0, "(default 60e9)", 4},
    {"sweep-hz", KEY_REAL + REAL_SWEEP, "HZ", 0, "bandwidth of a chirp (default 10e6)", 4},
    {"chirp-s", KEY_REAL + REAL_CHIRP, "S", 0, "duration of a chirp, T_0 (default 10e-6)", 4},
    {"sampling-hz", KEY_REAL + REAL_SAMPLING, "HZ", 0, "f_s (default 10e6)", 4},
    {"chirp-spacing-s", KEY_REAL + REAL_SPACING, "S", 0, "time from chirp to chirp (default 0.25e-3)", 4},
    {"chirps", KEY_CHIRPS, "N", 0, "M; the sensing time is M times the spacing (default 2000)", 4},
    {"radar-x-m", KEY_REAL + REAL_RADAR_X, "M", 0, "(default 0)", 4},
    {"radar-y-m", KEY_REAL + REAL_RADAR_Y, "M", 0, "(default 1)", 4},
    {"radar-z-m", KEY_REAL + REAL_RADAR_Z, "M", 0, "(default 1)", 4},
    {"noise-power-w", KEY_REAL + REAL_NOISE_POWER, "W", 0, "per complex fast-time sample (default 2.9e-11)",
     4},
    {"clutter-correlation", KEY_REAL + REAL_CORRELATION, "RHO", 0,
     "of moving clutter from chirp to chirp (default 0.99)", 4},
    {"keep-mean", KEY_KEEP_MEAN, 0, 0, "do not subtract the slow-time mean before the SVD", 4},
    {"svd-first", KEY_SVD_FIRST, "R", 0,
     "first singular triplet kept, r1 (default 1; 0 with --svd-last=0: all)", 4},
    {"svd-last", KEY_SVD_LAST, "R", 0, "last singular triplet kept, r2 (default 2)", 4},
    {"doppler-limit-hz", KEY_REAL + REAL_LIMIT, "HZ", 0, "the input covers +- this (default 1000)", 4},
    {0}};

static void take_real(sense_arguments *a, const struct argp_state *state, int i, const char *text) {
  double *value = (void *)((char *)a + reals[i].offset);
  *value = i == REAL_POWER ? iscc_option_positive(state, reals[i].name, text)
                           : iscc_option_real(state, reals[i].name, text, reals[i].low, reals[i].high);
  if (i == REAL_HEADING) *value *= DEGREE;
  if (i == REAL_HEIGHT) a->height_given = true;
  if (i == REAL_SPEED) a->speed_given = true;
  if (i == REAL_PHASE) a->set.random_gait_phase = true;
}

/* What depends on several options. */
static void complete(sense_arguments *a, const struct argp_state *state) {
  iscc_person *p = &a->person;
  if (!a->height_given)
    p->height_m = p->motion == ISCC_MOTION_CHILD_PACE || p->motion == ISCC_MOTION_CHILD_WALK ? 1.05 : 1.75;
  if (!a->speed_given) p->speed_mps = iscc_motion_speed_mps(p->motion, p->height_m);
  if (!a->output && !a->plot)
    iscc_option_refuse(state, "nothing to write: give -o FILE, --plot FILE or both");
  if (a->output && a->plot && strcmp(a->output, a->plot) == 0)
    iscc_option_refuse(state, "-o and --plot both name %s", a->output);
  iscc_error error;
  if (a->plot && iscc_plot_check_path(a->plot, &error)) iscc_option_refuse(state, "--plot: %s", error.text);
}

static error_t parse_option(int key, char *text, struct argp_state *state) {
  sense_arguments *a = state->input;
  iscc_error error;
  if (key >= KEY_REAL && key < KEY_REAL + REAL_COUNT) {
    take_real(a, state, key - KEY_REAL, text);
    return 0;
  }
  switch (key) {
  case KEY_MOTION:
    if (iscc_motion_from_name(text, &a->person.motion, &error)) iscc_option_refuse(state, "--%s", error.text);
    return 0;
  case KEY_STAGE:
    if (iscc_stage_from_name(text, &a->stage, &error)) iscc_option_refuse(state, "--%s", error.text);
    return 0;
  case KEY_SEED:
    a->seed = iscc_option_integer(state, "seed", text, 0, INT64_MAX);
    return 0;
  case KEY_RUN:
    a->run = iscc_option_integer(state, "run", text, 0, INT64_MAX);
    return 0;
  case KEY_CHIRPS:
    a->set.chirps = (int)iscc_option_integer(state, "chirps", text, 1, 1000000);
    return 0;
  case KEY_SVD_FIRST:
    a->set.svd_first = (int)iscc_option_integer(state, "svd-first", text, 0, 4096);
    return 0;
  case KEY_SVD_LAST:
    a->set.svd_last = (int)iscc_option_integer(state, "svd-last", text, 0, 4096);
    return 0;
  case KEY_NO_NOISE:
    a->no_noise = true;
    return 0;
  case KEY_NO_CLUTTER:
    a->set.clutter = false;
    return 0;
  case KEY_KEEP_MEAN:
    a->set.subtract_mean = false;
    return 0;
  case KEY_PLOT:
    a->plot = text;
    return 0;
  case 'o':
    a->output = text;
    return 0;
  case ARGP_KEY_ARG:
    iscc_option_refuse(state, "'%s' is not expected: all inputs are options", text);
    return 0;
  case ARGP_KEY_END:
    complete(a, state);
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

/* The input in single precision, as the network takes it; all else in double precision. */
static iscc_status write_npy(const sense_arguments *a, const iscc_stage_shape *shape, const double *values,
                             iscc_error *error) {
  iscc_npy array = {.type = shape->is_complex ? ISCC_NPY_C128 : ISCC_NPY_F64,
                    .dimensions = shape->dimensions};
  for (int i = 0; i < shape->dimensions; i++) array.shape[i] = shape->shape[i];
  float input[ISCC_INPUT_SIZE];
  if (a->stage == ISCC_STAGE_INPUT) {
    for (int i = 0; i < ISCC_INPUT_SIZE; i++) input[i] = (float)values[i];
    array.type = ISCC_NPY_F32;
    array.data = input;
    return iscc_npy_write(a->output, &array, error);
  }
  double *copy = malloc(sizeof *copy * shape->doubles); /* the writer's array is not const */
  if (!copy) return iscc_fail(error, ISCC_ENOMEM, "%s: out of memory", a->output);
  memcpy(copy, values, sizeof *copy * shape->doubles);
  array.data = copy;
  const iscc_status status = iscc_npy_write(a->output, &array, error);
  free(copy);
  return status;
}

static iscc_status write_results(const sense_arguments *a, const iscc_sensing *sensing, iscc_error *error) {
  iscc_stage_shape shape;
  iscc_sensing_stage_shape(sensing, a->stage, &shape);
  double *values = malloc(sizeof *values * shape.doubles);
  if (!values) return iscc_fail(error, ISCC_ENOMEM, "out of memory for %zu values", shape.doubles);
  iscc_status status = iscc_sensing_stage_read(sensing, a->stage, values, error);
  if (!status && a->output) status = write_npy(a, &shape, values, error);
  if (!status && a->plot) {
    char title[160];
    snprintf(title, sizeof title, "%s: %s, %.2f m, heading %.0f deg, P_s = %g W%s", iscc_stage_name(a->stage),
             iscc_motion_name(a->person.motion), a->person.height_m, a->person.heading_rad / DEGREE,
             a->power_w, a->no_noise ? ", no noise" : "");
    status = iscc_stage_plot(a->plot, title, &a->set, a->stage, &shape, values, error);
  }
  free(values);
  if (status) return status;
  printf("%s: ", iscc_stage_name(a->stage));
  for (int i = 0; i < shape.dimensions; i++) printf("%s%zu", i ? " x " : "", shape.shape[i]);
  printf("%s; sensing time %g s, energy %g J", shape.is_complex ? " complex" : "",
         iscc_sensing_time_s(sensing), a->power_w * iscc_sensing_time_s(sensing));
  if (a->output) printf("; wrote %s", a->output);
  if (a->plot) printf("; drew %s", a->plot);
  putchar('\n');
  return ISCC_OK;
}

static iscc_status sense(const sense_arguments *a, iscc_sensing *sensing, iscc_error *error) {
  iscc_random clutter, noise;
  iscc_random_seed(&clutter, (uint64_t)a->seed, (uint64_t)a->run, 0, ISCC_STREAM_CLUTTER);
  iscc_random_seed(&noise, (uint64_t)a->seed, (uint64_t)a->run, 0, ISCC_STREAM_NOISE);
  float input[ISCC_INPUT_SIZE];
  return iscc_sensing_run(sensing, &a->person, a->power_w, &clutter, a->no_noise ? NULL : &noise, input,
                          error);
}

int iscc_cli_sense(int argc, char **argv) {
  static const struct argp argp = {
      options,
      parse_option,
      NULL,
      "Simulates one radar observation of a moving person: gait, echo, clutter filter, slow-time vector, "
      "spectrogram, "
      "network input. Equal options give equal bytes.\vExample:\n  iscc sense --motion child-walk --height-m "
      "1.1 "
      "--heading-deg 20 --power-w 0.05 --seed 3 --stage spectrogram -o x.npy --plot x.png",
      NULL,
      NULL,
      NULL};
  sense_arguments a = {.person = {.motion = ISCC_MOTION_ADULT_WALK, .heading_rad = 180 * DEGREE, .x_m = 2.5},
                       .power_w = 0.05,
                       .seed = 1,
                       .run = 1,
                       .stage = ISCC_STAGE_INPUT};
  iscc_sensing_defaults(&a.set);
  iscc_options_parse(&argp, argc, argv, 0, &a);
  iscc_error error = {.text = ""};
  iscc_sensing *sensing = NULL;
  iscc_status status = iscc_sensing_create(&a.set, &sensing, &error);
  if (!status) status = sense(&a, sensing, &error);
  if (status == ISCC_EINVAL) { /* options that are fine one by one but not together */
    fprintf(stderr, "%s: %s (see '%s --help')\n", argv[0], error.text, argv[0]);
    iscc_sensing_destroy(sensing);
    return ISCC_EXIT_USAGE;
  }
  if (!status) status = write_results(&a, sensing, &error);
  iscc_sensing_destroy(sensing);
  return status ? iscc_report_failure(argv[0], status, &error) : 0;
}
