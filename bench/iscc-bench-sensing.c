/* SPDX-License-Identifier: GPL-2.0-only */
/* Time per sample of the sensing chain on one core, beside a NumPy reference of the same steps in the same
 * run. Ours includes what the reference gets ready-made: poses to ranges and the drawing of the room's
 * reflections. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "iscc-body.h"
#include "iscc-npy.h"
#include "iscc-room.h"
#include "iscc-sensing.h"

enum { RUNS = 300, REFERENCE_RUNS = 60, CHIRPS = 2000 };
#define POWER_W      0.05
#define WAVELENGTH_M (299792458.0 / 60e9)

static const iscc_person walker = {.motion = ISCC_MOTION_CHILD_WALK,
                                   .height_m = 1.1,
                                   .speed_mps = 0.55,
                                   .heading_rad = 0.35,
                                   .x_m = 2.5,
                                   .y_m = 0.2};

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void fail(const char *text) {
  fprintf(stderr, "iscc-bench-sensing: %s\n", text);
  exit(1);
}

/* Median milliseconds of a sample; a new person in a new room each time. */
static double median_ms(iscc_sensing *sensing, bool noisy) {
  static double times[RUNS];
  float input[ISCC_INPUT_SIZE];
  iscc_error error;
  for (int i = 0; i < RUNS; i++) {
    iscc_random placement, clutter, noise;
    iscc_random_seed_at(&placement, 1, 0, 0, ISCC_STREAM_PLACEMENT, (uint64_t)i);
    iscc_random_seed_at(&clutter, 1, 0, 0, ISCC_STREAM_CLUTTER, (uint64_t)i);
    iscc_random_seed_at(&noise, 1, 0, 0, ISCC_STREAM_NOISE, (uint64_t)i);
    iscc_person person;
    iscc_person_draw_any(&placement, &person);
    const double start = now_s();
    if (iscc_sensing_run(sensing, &person, POWER_W, &clutter, noisy ? &noise : NULL, input, &error))
      fail(error.text);
    times[i] = 1e3 * (now_s() - start);
  }
  qsort(times, RUNS, sizeof *times, compare);
  return times[RUNS / 2];
}

static void save(const char *folder, const char *name, iscc_npy_type type, size_t rows, size_t columns,
                 void *data) {
  char path[256];
  iscc_error error;
  const iscc_npy array = {
      .type = type, .dimensions = columns ? 2 : 1, .shape = {rows, columns}, .data = data};
  snprintf(path, sizeof path, "%s/%s.npy", folder, name);
  if (iscc_npy_write(path, &array, &error)) fail(error.text);
}

/* The scene as the reference needs it, and what our chain makes of it. */
static void save_scene(iscc_sensing *sensing, const char *folder) {
  static double range_m[ISCC_BODY_SEGMENTS * CHIRPS], amplitude[ISCC_BODY_SEGMENTS * CHIRPS];
  static double gain[ISCC_ROOM_TAPS][CHIRPS][2];
  static float re[CHIRPS], im[CHIRPS], input[ISCC_INPUT_SIZE];
  const double radar_m[3] = {0, 1, 1};
  iscc_body *body;
  iscc_room room;
  iscc_random clutter;
  iscc_error error;
  if (iscc_body_create(CHIRPS, 0.25e-3, false, &body, &error) ||
      iscc_body_echoes(body, &walker, radar_m, WAVELENGTH_M, range_m, amplitude, &error))
    fail(error.text);
  iscc_body_destroy(body);
  iscc_random_seed(&clutter, 1, 0, 0, ISCC_STREAM_CLUTTER);
  iscc_room_draw(&clutter, radar_m, WAVELENGTH_M, &room);
  for (int i = 0; i < ISCC_ROOM_TAPS; i++) {
    iscc_room_fluctuation(&clutter, 0.99, CHIRPS, re, im);
    const double *a = room.amplitude[i];
    for (int m = 0; m < CHIRPS; m++) {
      gain[i][m][0] = a[0] * (double)re[m] - a[1] * (double)im[m];
      gain[i][m][1] = a[0] * (double)im[m] + a[1] * (double)re[m];
    }
  }
  iscc_random_seed(&clutter, 1, 0, 0, ISCC_STREAM_CLUTTER);
  if (iscc_sensing_run(sensing, &walker, POWER_W, &clutter, NULL, input, &error)) fail(error.text);
  save(folder, "range", ISCC_NPY_F64, ISCC_BODY_SEGMENTS, CHIRPS, range_m);
  save(folder, "amplitude", ISCC_NPY_F64, ISCC_BODY_SEGMENTS, CHIRPS, amplitude);
  save(folder, "path", ISCC_NPY_F64, ISCC_ROOM_TAPS, 0, room.path_m);
  save(folder, "gain", ISCC_NPY_C128, ISCC_ROOM_TAPS, CHIRPS, gain);
  const iscc_npy picture = {.type = ISCC_NPY_F32, .dimensions = 3, .shape = {3, 42, 42}, .data = input};
  char path[256];
  snprintf(path, sizeof path, "%s/input.npy", folder);
  if (iscc_npy_write(path, &picture, &error)) fail(error.text);
}

/* Runs the reference on one thread; false when no Python with NumPy is at hand. */
static bool run_reference(const char *folder, double *free_ms, double *noisy_ms, double *cosine) {
  static const char *const pythons[] = {"python3", "/usr/bin/python3"};
  for (size_t i = 0; i < 2; i++) {
    char command[1024];
    snprintf(command, sizeof command,
             "OPENBLAS_NUM_THREADS=1 %s '%s/reference_sensing.py' '%s' %d 2>/dev/null", pythons[i],
             ISCC_BENCH_SOURCE_DIR, folder, REFERENCE_RUNS);
    FILE *pipe = popen(command, "r");
    if (!pipe) continue;
    const int read = fscanf(pipe, "noise-free %lf noisy %lf cosine %lf", free_ms, noisy_ms, cosine);
    if (pclose(pipe) == 0 && read == 3) return true;
  }
  return false;
}

static void remove_scene(const char *folder) {
  static const char *const names[] = {"range", "amplitude", "path", "gain", "input"};
  char path[256];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(path, sizeof path, "%s/%s.npy", folder, names[i]);
    unlink(path);
  }
  rmdir(folder);
}

static void print_row(const char *name, double ms, double wanted_per_s, double reference_ms) {
  printf("%-34s %9.3f %11.0f %9.0f", name, ms, 1e3 / ms, wanted_per_s);
  if (reference_ms > 0)
    printf(" %11.3f %7.2f\n", reference_ms, reference_ms / ms);
  else
    printf(" %11s %7s\n", "-", "-");
}

int main(void) {
  iscc_sensing_settings set;
  iscc_sensing *sensing;
  iscc_error error;
  iscc_sensing_defaults(&set);
  if (iscc_sensing_create(&set, &sensing, &error)) fail(error.text);
  char folder[] = "/tmp/iscc-bench-XXXXXX";
  if (!mkdtemp(folder)) fail("no temporary folder in /tmp");
  save_scene(sensing, folder);
  double free_ms = 0, noisy_ms = 0, cosine = 0;
  median_ms(sensing, false); /* warm up */
  const double ours_free_ms = median_ms(sensing, false), ours_noisy_ms = median_ms(sensing, true);
  const bool compared = run_reference(folder, &free_ms, &noisy_ms, &cosine);
  remove_scene(folder);
  printf("person to network input, one core   median ms   samples/s    wanted   NumPy ms   ratio\n");
  print_row("noise-free, low rank", ours_free_ms, 400, free_ms);
  print_row("with noise, full 100 x 2000", ours_noisy_ms, 200, noisy_ms);
  if (compared)
    printf("both make the same picture of the same scene: cosine %.7f\n", cosine);
  else
    printf("NumPy reference left out: no python3 with numpy\n");
  iscc_sensing_destroy(sensing);
  return 0;
}
