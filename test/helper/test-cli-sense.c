/* SPDX-License-Identifier: GPL-2.0-only */
/* The command `iscc sense` as a user runs it, and the figures it draws. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "iscc-npy.h"
#include "iscc-plot-map.h"
#include "iscc-plot.h"
#include "iscc-sensing.h"

static char folder[] = "/tmp/iscc-test-sense-XXXXXX";

static void make_folder(void) {
  ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void drop_folder(void) {
  char command[128];
  snprintf(command, sizeof command, "rm -r '%s'", folder);
  ck_assert_int_eq(system(command), 0);
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
}

/* Runs the command in the folder; what it prints goes to the files out and err there. */
static int run(const char *options) {
  char command[1024];
  snprintf(command, sizeof command, "cd '%s' && '%s/iscc' sense %s >out 2>err", folder, ISCC_TEST_BUILD_DIR,
           options);
  const int status = system(command);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static size_t read_text(const char *name, char *text, size_t size) {
  char path[128];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) return 0;
  const size_t n = fread(text, 1, size - 1, file);
  text[n] = '\0';
  fclose(file);
  return n;
}

static void read_array(const char *name, iscc_npy *array) {
  char path[128];
  iscc_error error = {.text = ""};
  snprintf(path, sizeof path, "%s/%s", folder, name);
  ck_assert_msg(iscc_npy_read(path, array, &error) == ISCC_OK, "%s", error.text);
}

#define SCENE "--motion child-walk --height-m 1.1 --heading-deg 20 --power-w 0.05 --seed 3 "

static const struct {
  const char *stage;
  int type, dimensions;
  size_t shape[3];
} stages[] = {{"echo", ISCC_NPY_C128, 2, {100, 2000, 0}},
              {"filtered", ISCC_NPY_C128, 2, {100, 2000, 0}},
              {"slow-time", ISCC_NPY_C128, 1, {2000, 0, 0}},
              {"spectrogram", ISCC_NPY_F64, 3, {3, 512, 42}},
              {"input", ISCC_NPY_F32, 3, {3, 42, 42}}};

START_TEST(every_stage_is_written_and_drawn) {
  char options[256], picture[16];
  iscc_npy array;
  snprintf(options, sizeof options, SCENE "--stage %s -o x.npy --plot x.png", stages[_i].stage);
  ck_assert_int_eq(run(options), 0);
  read_array("x.npy", &array);
  ck_assert_int_eq((int)array.type, stages[_i].type);
  ck_assert_int_eq(array.dimensions, stages[_i].dimensions);
  ck_assert_mem_eq(array.shape, stages[_i].shape, sizeof(size_t) * (size_t)array.dimensions);
  ck_assert_uint_gt(read_text("x.png", picture, sizeof picture), 8);
  ck_assert_mem_eq(picture, "\x89PNG\r\n\x1a\n", 8);
  iscc_npy_release(&array);
}
END_TEST

/* The command makes what the library makes with the same streams. */
START_TEST(command_and_library_agree_and_seeds_matter) {
  iscc_npy array;
  static float input[ISCC_INPUT_SIZE];
  ck_assert_int_eq(run(SCENE "--x-m 3 --y-m 0.5 -o a.npy"), 0);
  ck_assert_int_eq(run(SCENE "--x-m 3 --y-m 0.5 -o b.npy"), 0);
  ck_assert_int_eq(run(SCENE "--x-m 3 --y-m 0.5 --run 2 -o c.npy"), 0);
  iscc_sensing_settings set;
  iscc_sensing *sensing;
  iscc_random clutter, noise;
  iscc_sensing_defaults(&set);
  ck_assert_int_eq(iscc_sensing_create(&set, &sensing, NULL), ISCC_OK);
  const iscc_person person = {ISCC_MOTION_CHILD_WALK,
                              1.1,
                              iscc_motion_speed_mps(ISCC_MOTION_CHILD_WALK, 1.1),
                              20 * (3.14159265358979323846 / 180),
                              3,
                              0.5,
                              0};
  iscc_random_seed(&clutter, 3, 1, 0, ISCC_STREAM_CLUTTER);
  iscc_random_seed(&noise, 3, 1, 0, ISCC_STREAM_NOISE);
  ck_assert_int_eq(iscc_sensing_run(sensing, &person, 0.05, &clutter, &noise, input, NULL), ISCC_OK);
  iscc_sensing_destroy(sensing);
  for (int i = 0; i < 3; i++) {
    read_array((const char *[]){"a.npy", "b.npy", "c.npy"}[i], &array);
    ck_assert_int_eq(memcmp(array.data, input, sizeof input) == 0, i < 2);
    iscc_npy_release(&array);
  }
}
END_TEST

static const struct {
  const char *options;
  int status;
  const char *says;
} refusals[] = {{"-o x.npy --power-w -1", 2, "--power-w"},
                {"-o x.npy --power-w 0", 2, "--power-w"},
                {"-o x.npy --power-w nan", 2, "--power-w"},
                {"-o x.npy --motion flying", 2, "standing"},
                {"-o x.npy --stage none", 2, "slow-time"},
                {"-o x.npy --height-m 9", 2, "0.3..3"},
                {"-o x.npy --seed 1.5", 2, "--seed"},
                {"-o x.npy --unknown", 2, "--unknown"},
                {"-o x.npy extra", 2, "extra"},
                {"", 2, "-o FILE"},
                {"-o x.npy --plot x.npy", 2, "both"},
                {"--plot x.jpg", 2, "--plot: x.jpg: a figure's name ends in .png, .svg or .pdf"},
                {"-o x.npy --speed-mps 4", 2, "speed_mps"},
                {"-o x.npy --svd-first 3", 2, "svd_first"},
                {"-o x.npy --chirps 100", 2, "chirps"},
                {"-o x.npy --chirp-spacing-s 1e-6", 2, "chirp_spacing_s"},
                {"-o /nonexistent/y.npy", 1, "/nonexistent/y.npy"},
                {"--plot /nonexistent/y.png", 1, "/nonexistent/y.png"}};

/* Status, a line that says what is wrong, and a file of that name stays what it was. */
START_TEST(mistakes_are_refused_and_files_left_alone) {
  char command[256], text[4096];
  snprintf(command, sizeof command, "printf precious >'%s/x.npy'", folder);
  ck_assert_int_eq(system(command), 0);
  ck_assert_int_eq(run(refusals[_i].options), refusals[_i].status);
  ck_assert_uint_gt(read_text("err", text, sizeof text), 0);
  ck_assert_msg(strstr(text, refusals[_i].says) != NULL, "'%s' does not mention %s", text, refusals[_i].says);
  ck_assert_uint_eq(read_text("out", text, sizeof text), 0);
  read_text("x.npy", text, sizeof text);
  ck_assert_str_eq(text, "precious");
}
END_TEST

START_TEST(help_lists_units_and_defaults) {
  static char text[16384];
  ck_assert_int_eq(run("--help"), 0);
  ck_assert_uint_gt(read_text("out", text, sizeof text), 1000);
  const char *wanted[] = {"--power-w", "default 0.05 W",    "--noise-power-w",
                          "2.9e-11",   "--chirp-spacing-s", "--no-noise"};
  for (int i = 0; i < 6; i++) ck_assert_msg(strstr(text, wanted[i]) != NULL, "help lacks %s", wanted[i]);
}
END_TEST

START_TEST(plots_refuse_what_they_cannot_draw) {
  char path[128];
  iscc_error error = {.text = ""};
  const double x[] = {0, 1, 2}, y[] = {1, NAN, 3};
  snprintf(path, sizeof path, "%s/p.png", folder);
  const iscc_plot_frame fine = {.title = "a", .x_label = "x (s)", .y_label = "y (m)"};
  const iscc_plot_frame quoted = {.title = "it's"};
  const iscc_plot_curve curve = {.legend = "c", .points = 3, .x = x, .y = y};
  const iscc_plot_map map = {.title = "m", .rows = 1, .columns = 3, .x_last = 1, .y_last = 1, .values = x};
  ck_assert_int_eq(iscc_plot_curves(path, &quoted, &curve, 1, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_plot_curves(path, &fine, &curve, 0, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_plot_maps(path, &fine, &map, 5, "s", 0, 1, &error), ISCC_EINVAL);
  ck_assert_int_eq(iscc_plot_maps(path, &fine, &map, 1, "s", 1, 1, &error), ISCC_EINVAL);
  ck_assert_int_ne(access(path, F_OK), 0);
  ck_assert_msg(iscc_plot_curves(path, &fine, &curve, 1, &error) == ISCC_OK, "%s", error.text);
  ck_assert_int_eq(access(path, F_OK), 0);
  ck_assert_int_eq(setenv("PATH", "/nonexistent", 1), 0);
  ck_assert_int_eq(iscc_plot_curves(path, &fine, &curve, 1, &error), ISCC_EIO);
  ck_assert_msg(strstr(error.text, "gnuplot") != NULL, "%s", error.text);
  ck_assert_int_eq(setenv("PATH", "/usr/bin:/bin", 1), 0);
}
END_TEST

Suite *iscc_suite_cli_sense(void);
Suite *iscc_suite_cli_sense(void) {
  Suite *s = suite_create("helper: iscc sense");
  TCase *t = tcase_create("sense");
  tcase_add_checked_fixture(t, make_folder, drop_folder);
  tcase_set_timeout(t, 30);
  tcase_add_loop_test(t, every_stage_is_written_and_drawn, 0, 5);
  tcase_add_test(t, command_and_library_agree_and_seeds_matter);
  tcase_add_loop_test(t, mistakes_are_refused_and_files_left_alone, 0,
                      (int)(sizeof refusals / sizeof *refusals));
  tcase_add_test(t, help_lists_units_and_defaults);
  tcase_add_test(t, plots_refuse_what_they_cannot_draw);
  suite_add_tcase(s, t);
  return s;
}
