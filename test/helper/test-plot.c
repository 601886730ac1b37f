/* SPDX-License-Identifier: GPL-2.0-only */
/* The figures as files: what an SVG holds is counted, of a PNG signature and size are read. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "iscc-plot-axis.h"
#include "iscc-plot-map.h"
#include "iscc-plot.h"
#include "iscc-run-program.h"
#include "iscc-test-files.h"

static const double x4[] = {1, 2, 3, 4}, y4[] = {10, 12, 11, 15}, low4[] = {9, 11, 10, 14},
                    high4[] = {11, 13, 12, 16}, none4[] = {NAN, NAN, NAN, NAN};

#define BLUE      "rgb(  0, 114, 178)"
#define VERMILION "rgb(213,  94,   0)"
#define GREEN     "rgb(  0, 158, 115)"

static const iscc_plot_curve line = {.legend = "optimal", .points = 4, .x = x4, .y = y4};
static const iscc_plot_frame frame = {.title = "Energy", .x_label = "time (s)", .y_label = "energy (mJ)"};

static void draw(const char *name, const iscc_plot_sheet *sheet, const iscc_plot_panel *panels,
                 size_t count) {
  iscc_error error = {""};
  ck_assert_msg(iscc_plot_panels(iscc_test_path(name), sheet, panels, count, &error) == ISCC_OK, "%s",
                error.text);
}

static const char *draw_curves(const char *name, const iscc_plot_curve *curves, size_t count) {
  iscc_error error = {""};
  ck_assert_msg(iscc_plot_curves(iscc_test_path(name), &frame, curves, count, &error) == ISCC_OK, "%s",
                error.text);
  return iscc_test_read(name, NULL);
}

static int drawn_lines(const char *svg, const char *colour) {
  char stroke[64];
  snprintf(stroke, sizeof stroke, "<path stroke='%s'", colour);
  return iscc_test_count(svg, stroke);
}

static int drawn_bands(const char *svg, const char *colour) {
  char fill[96];
  snprintf(fill, sizeof fill, "<polygon fill = '%s' fill-opacity = '0.2", colour);
  return iscc_test_count(svg, fill);
}

static void expect_text(const char *svg, const char *text, int times) {
  char element[128];
  snprintf(element, sizeof element, ">%s</text>", text);
  ck_assert_msg(iscc_test_count(svg, element) == times, "'%s' %d times", text, iscc_test_count(svg, element));
}

/* ---- kinds of files ---- */

static unsigned big_endian(const char *bytes) {
  const unsigned char *b = (const unsigned char *)bytes;
  return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

START_TEST(a_png_has_the_size_asked_for_and_shows_the_curve) {
  const iscc_plot_sheet sheet = {.width_px = 640, .height_px = 433};
  const iscc_plot_panel empty = {.title = "Energy"}, full = {.title = "Energy", .curves = &line, .count = 1};
  size_t length, blank;
  draw("empty.png", &sheet, &empty, 1);
  draw("full.png", &sheet, &full, 1);
  iscc_test_read("empty.png", &blank);
  const char *png = iscc_test_read("full.png", &length);
  ck_assert_mem_eq(png, "\x89PNG\r\n\x1a\n", 8);
  ck_assert_mem_eq(png + 12, "IHDR", 4);
  ck_assert_uint_eq(big_endian(png + 16), 640);
  ck_assert_uint_eq(big_endian(png + 20), 433);
  ck_assert_uint_gt(length, blank + 500);
}
END_TEST

START_TEST(an_svg_scales_and_keeps_its_texts) {
  const char *svg = draw_curves("x.svg", &line, 1);
  ck_assert_ptr_nonnull(strstr(svg, "viewBox=\"0 0 900 600\""));
  ck_assert_ptr_nonnull(strstr(svg, "<rect x=\"0\" y=\"0\" width=\"900\" height=\"600\" fill=\"#ffffff\"/>"));
  ck_assert_ptr_nonnull(strstr(svg, "sans-serif\" font-size=\"15.00\""));
  expect_text(svg, "Energy", 1);
  expect_text(svg, "time (s)", 1);
  expect_text(svg, "energy (mJ)", 1);
  expect_text(svg, "optimal", 1);
  expect_text(svg, "infeasible", 0);
}
END_TEST

START_TEST(a_pdf_is_a_pdf_and_endings_may_be_capitals) {
  ck_assert_mem_eq(draw_curves("x.PDF", &line, 1), "%PDF-", 5);
  ck_assert_mem_eq(draw_curves("x.PNG", &line, 1), "\x89PNG", 4);
}
END_TEST

/* ---- what is drawn ---- */

START_TEST(each_curve_has_its_colour_and_kind) {
  iscc_plot_curve curves[] = {line, line, line};
  curves[1] = (iscc_plot_curve){
      .legend = "marks", .points = 4, .x = x4, .y = low4, .colour = 1, .style = ISCC_PLOT_MARKS};
  curves[2] = (iscc_plot_curve){
      .legend = "dashed", .points = 4, .x = x4, .y = high4, .colour = 2, .style = ISCC_PLOT_DASHED};
  const char *svg = draw_curves("x.svg", curves, 3);
  ck_assert_int_eq(drawn_lines(svg, BLUE), 2); /* curve and legend */
  ck_assert_int_eq(drawn_lines(svg, VERMILION), 0);
  ck_assert_int_eq(iscc_test_count(svg, "color='" VERMILION "'"), 5); /* marks, one of them in the legend */
  ck_assert_int_eq(drawn_lines(svg, GREEN), 2);
  ck_assert_int_ge(iscc_test_count(svg, "stroke-dasharray"), 2);
}
END_TEST

/* Samples of one colour beside each other in the legend. */
START_TEST(a_solid_and_a_dashed_sample_of_one_colour_differ) {
  iscc_plot_curve curves[] = {line, line};
  curves[1].style = ISCC_PLOT_DASHED;
  curves[1].legend = "dashed";
  curves[0].points = curves[1].points = 0; /* the legend alone */
  const char *svg = draw_curves("x.svg", curves, 2);
  ck_assert_int_eq(drawn_lines(svg, BLUE), 2);
  ck_assert_int_eq(iscc_test_count(svg, "<path stroke='" BLUE "' stroke-dasharray"), 1);
}
END_TEST

START_TEST(gaps_break_lines_and_bands_and_lone_points_are_seen) {
  const double x[] = {1, 2, 3, 4, 5, 6, 7}, y[] = {1, 2, NAN, 3, 4, NAN, 5}, high[] = {2, 3, 4, 4, 5, 6, 7};
  const iscc_plot_curve c = {.points = 7, .x = x, .y = y, .y_low = y, .y_high = high};
  const char *svg = draw_curves("x.svg", &c, 1);
  ck_assert_int_eq(drawn_bands(svg, BLUE), 2);
  ck_assert_int_eq(iscc_test_count(svg, "color='" BLUE "'"), 1); /* the point at 7 */
  const char *path = strstr(svg, "<path stroke='" BLUE "'"), *end = path ? strchr(path, '>') : NULL;
  ck_assert_ptr_nonnull(end);
  int corners = 0; /* that a line leads to */
  for (const char *at = path; at < end; at++) corners += *at == 'L';
  ck_assert_int_eq(corners, 2);
  ck_assert_int_eq(iscc_test_count(draw_curves("x.svg", &line, 1), "color='" BLUE "'"), 0);
}
END_TEST

START_TEST(bounds_of_marks_are_bars) {
  iscc_plot_curve c = line;
  c.style = ISCC_PLOT_MARKS;
  const int without = drawn_lines(draw_curves("x.svg", &c, 1), BLUE);
  c.y_low = low4;
  c.y_high = high4;
  const char *svg = draw_curves("x.svg", &c, 1);
  ck_assert_int_eq(drawn_bands(svg, BLUE), 0);
  ck_assert_int_gt(drawn_lines(svg, BLUE), without);
}
END_TEST

/* The corners of a line's path, from its d='M... L...'. */
static int corners_of(const char *svg, const char *colour) {
  char start[64];
  snprintf(start, sizeof start, "<path stroke='%s'  d='", colour);
  const char *at = strstr(svg, start), *second = at ? strstr(at + 1, start) : NULL; /* after the legend's */
  ck_assert_ptr_nonnull(second);
  int corners = 0;
  for (const char *c = second + strlen(start); *c != '\''; c++) corners += *c == 'M' || *c == 'L';
  return corners;
}

START_TEST(steps_hold_until_the_next_point) {
  iscc_plot_curve c = line;
  ck_assert_int_eq(corners_of(draw_curves("x.svg", &c, 1), BLUE), 4);
  c.style = ISCC_PLOT_STEPS;
  ck_assert_int_eq(corners_of(draw_curves("x.svg", &c, 1), BLUE), 7);
}
END_TEST

/* The y of each cross of a colour, and their count. */
static int cross_heights(const char *svg, const char *colour, double *y) {
  char use[96];
  int n = 0;
  snprintf(use, sizeof use, "color='%s'", colour);
  for (const char *at = svg; (at = strstr(at, "<use xlink:href='#gpPt1' transform='translate(")) != NULL;
       at++) {
    const char *end = strchr(at, '>'), *own = strstr(at, use);
    if (own && own < end) ck_assert_int_eq(sscanf(strchr(at, '(') + 1, "%*f,%lf", &y[n++]), 1);
  }
  return n;
}

START_TEST(absent_points_are_crosses_in_a_strip_of_their_own) {
  const double absent[] = {3, 4, 5};
  double first[16], second[16];
  iscc_plot_curve curves[] = {line, line};
  curves[0].absent = absent;
  curves[0].absent_count = 3;
  curves[1] = (iscc_plot_curve){
      .legend = "none", .points = 4, .x = x4, .y = none4, .colour = 2, .absent = x4, .absent_count = 4};
  const iscc_plot_panel panel = {.title = "t", .curves = curves, .count = 2, .y_low = 11, .y_high = 14};
  const iscc_plot_sheet sheet = {.title = "s"};
  draw("x.svg", &sheet, &panel, 1);
  const char *svg = iscc_test_read("x.svg", NULL);
  ck_assert_int_eq(cross_heights(svg, BLUE, first), 3);
  ck_assert_int_eq(cross_heights(svg, GREEN, second), 4);
  ck_assert_double_gt(second[0], first[0] + 8); /* y grows downwards: a row of its own */
  for (int i = 1; i < 3; i++) ck_assert_double_eq_tol(first[i], first[0], 0.01);
  expect_text(svg, "infeasible", 1);
  expect_text(svg, "11",
              1); /* the tick at the lower end of the frame stands above the strip, as do the curves */
  const char *tick = strstr(svg, ">11</text>");
  double tick_y = 0;
  while (strncmp(tick, "translate(", 10) != 0) tick--;
  ck_assert_int_eq(sscanf(tick, "translate(%*f,%lf", &tick_y), 1);
  ck_assert_double_lt(tick_y, first[0]);
}
END_TEST

START_TEST(panels_share_legend_entries_and_colours) {
  iscc_plot_curve left[] = {line, line}, right[] = {line, line};
  left[1].legend = "other";
  left[1].colour = right[1].colour = 1;
  right[1].legend = "other";
  right[0].legend = NULL;
  const iscc_plot_panel panels[] = {
      {.title = "(a)", .x_label = "u (m)", .y_label = "v (J)", .curves = left, .count = 2},
      {.title = "(b)", .x_label = "u (m)", .y_label = "w (J)", .curves = right, .count = 2, .log_x = true}};
  const iscc_plot_sheet sheet = {.title = "both", .rows = 1, .columns = 2};
  draw("x.svg", &sheet, panels, 2);
  const char *svg = iscc_test_read("x.svg", NULL);
  const struct {
    const char *text;
    int times;
  } rows[] = {{"both", 1},  {"(a)", 1},   {"(b)", 1},     {"u (m)", 2},
              {"v (J)", 1}, {"w (J)", 1}, {"optimal", 1}, {"other", 1}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) expect_text(svg, rows[i].text, rows[i].times);
  ck_assert_int_eq(drawn_lines(svg, BLUE), 3);
  ck_assert_int_eq(drawn_lines(svg, VERMILION), 3);
  ck_assert_ptr_nonnull(strstr(svg, "viewBox=\"0 0 1120 600\""));
}
END_TEST

START_TEST(names_stand_in_place_of_numbers) {
  static const char *const names[] = {"one", "other", "third", "last"};
  const double absent[] = {2};
  iscc_plot_curve c = {.legend = "c", .points = 4, .x = x4, .y = y4, .absent = absent, .absent_count = 1};
  iscc_plot_panel panel = {.curves = &c, .count = 1, .x_names = names, .x_name_count = 4};
  const iscc_plot_sheet sheet = {.caption = "n = 3", .absent = "none", .script = iscc_test_path("x.gp")};
  draw("x.svg", &sheet, &panel, 1);
  const char *svg = iscc_test_read("x.svg", NULL);
  for (int i = 0; i < 4; i++) expect_text(svg, names[i], 1);
  expect_text(svg, "2", 0);
  expect_text(svg, "n = 3", 1);
  expect_text(svg, "none", 1);
  expect_text(svg, "infeasible", 0);
  iscc_run_well("gnuplot x.gp >again.svg && cmp x.svg again.svg");
  panel.x_name_count = ISCC_PLOT_NAMES_MAX + 1;
  iscc_error error = {""};
  ck_assert_int_eq(iscc_plot_panels("y.svg", &sheet, &panel, 1, &error), ISCC_EINVAL);
  iscc_test_expect_line(error.text, "65 names are more than 64");
}
END_TEST

/* The picture that was there stays. */
START_TEST(a_script_that_cannot_be_kept_is_told) {
  const iscc_plot_sheet sheet = {.script = "/nonexistent/x.gp"};
  const iscc_plot_panel panel = {.curves = &line, .count = 1};
  iscc_error error = {""};
  iscc_test_write("x.svg", "old");
  ck_assert_int_eq(iscc_plot_panels(iscc_test_path("x.svg"), &sheet, &panel, 1, &error), ISCC_EIO);
  iscc_test_expect_line(error.text, "/nonexistent/x.gp: cannot be written: No such file");
  ck_assert_str_eq(iscc_test_read("x.svg", NULL), "old");
  iscc_test_expect_files(1);
}
END_TEST

START_TEST(maps_embed_their_cells_in_an_svg) {
  const iscc_plot_map map = {.title = "m", .rows = 2, .columns = 2, .x_last = 1, .y_last = 1, .values = y4};
  iscc_error error = {""};
  ck_assert_msg(iscc_plot_maps(iscc_test_path("x.svg"), &frame, &map, 1, "power (dB)", 0, 20, &error) ==
                    ISCC_OK,
                "%s", error.text);
  const char *svg = iscc_test_read("x.svg", NULL);
  ck_assert_ptr_nonnull(strstr(svg, "xlink:href='data:image/png;base64,"));
  expect_text(svg, "power (dB)", 1);
  iscc_test_expect_files(1);
}
END_TEST

/* ---- axes ---- */

START_TEST(ticks_are_round_and_within) {
  static const struct {
    iscc_plot_axis axis;
    double wanted;
    const char *texts;
  } rows[] = {{{0, 1, false}, 5, "0 0.2 0.4 0.6 0.8 1 "},
              {{-3.1, 3.1, false}, 4, "−2 0 2 "},
              {{1e6, 5e6, false}, 4, "10⁶ 2×10⁶ 3×10⁶ 4×10⁶ 5×10⁶ "},
              {{-2e-6, 0, false}, 2, "−2×10⁻⁶ −10⁻⁶ 0 "},
              {{0.1, 100, true}, 5, "0.1 1 10 100 "},
              {{1, 20, true}, 6, "1 2 5 10 20 "},
              {{3, 7, true}, 4, "3 4 5 6 7 "}};
  iscc_plot_ticks ticks;
  char texts[256] = "";
  iscc_plot_ticks_choose(&ticks, &rows[_i].axis, rows[_i].wanted);
  for (size_t i = 0; i < ticks.count; i++) strcat(strcat(texts, ticks.text[i]), " ");
  ck_assert_str_eq(texts, rows[_i].texts);
}
END_TEST

START_TEST(wished_ends_are_kept_and_others_fitted) {
  iscc_plot_axis axis = iscc_plot_axis_empty(false);
  iscc_plot_axis_include(&axis, 2);
  iscc_plot_axis_include(&axis, NAN);
  iscc_plot_axis_include(&axis, 6);
  iscc_plot_axis fixed = axis, half = axis, found = axis, above = axis;
  iscc_plot_axis_settle(&fixed, -1, 10, true);
  ck_assert(fixed.low == -1 && fixed.high == 10);
  iscc_plot_axis_settle(&half, 0, NAN, true);
  ck_assert(half.low == 0 && half.high > 6 && half.high < 7);
  iscc_plot_axis_settle(&found, 0, 0, false);
  ck_assert(found.low == 2 && found.high == 6);
  iscc_plot_axis_settle(&above, 8, NAN, false);
  ck_assert(above.low == 8 && above.high > 8);
}
END_TEST

/* ---- refusals ---- */

static const struct {
  const char *name;
  iscc_plot_frame frame;
  iscc_plot_curve curve;
  iscc_status status;
  const char *words;
} refusals[] = {
    {"x.gif",
     {.title = "t"},
     {.points = 4, .x = x4, .y = y4},
     ISCC_EINVAL,
     "x.gif: a figure's name ends in .png, .svg or .pdf"},
    {"png", {.title = "t"}, {.points = 4, .x = x4, .y = y4}, ISCC_EINVAL, ".png, .svg or .pdf"},
    {"x.png", {.title = "it's"}, {.points = 4, .x = x4, .y = y4}, ISCC_EINVAL, "quotes"},
    {"x.png", {.y_label = "a\nb"}, {.points = 4, .x = x4, .y = y4}, ISCC_EINVAL, "control characters"},
    {"x.png", {.title = "t"}, {.legend = "`ls`", .points = 4, .x = x4, .y = y4}, ISCC_EINVAL, "legends"},
    {"x.png",
     {.title = "t"},
     {.colour = 16, .points = 4, .x = x4, .y = y4},
     ISCC_EINVAL,
     "colour 16 is outside 0..15"},
    {"x.png", {.title = "t"}, {.y_low = y4, .points = 4, .x = x4, .y = y4}, ISCC_EINVAL, "y_low or y_high"},
    {"x.png", {.title = "t", .width_px = 20}, {.points = 4, .x = x4, .y = y4}, ISCC_EINVAL, "20 x 0 px"},
    {"no/x.png",
     {.title = "t"},
     {.points = 4, .x = x4, .y = y4},
     ISCC_EIO,
     "no/x.png: cannot be written: No such file"}};

START_TEST(what_cannot_be_drawn_is_refused) {
  iscc_error error = {""};
  ck_assert_int_eq(iscc_plot_curves(iscc_test_path(refusals[_i].name), &refusals[_i].frame,
                                    &refusals[_i].curve, 1, &error),
                   refusals[_i].status);
  iscc_test_expect_line(error.text, refusals[_i].words);
  iscc_test_expect_files(0);
}
END_TEST

START_TEST(panels_need_room_and_axes_an_order) {
  const iscc_plot_panel fine = {.curves = &line, .count = 1};
  const iscc_plot_panel panels[] = {
      fine, {.x_low = 3, .x_high = 2}, {.log_x = true, .x_low = -1, .x_high = 2}};
  iscc_plot_sheet sheet = {.rows = 1, .columns = 1};
  iscc_error error;
  const char *path = iscc_test_path("x.png");
  ck_assert_int_eq(iscc_plot_panels(path, &sheet, panels, 2, &error), ISCC_EINVAL);
  iscc_test_expect_line(error.text, "2 panels in 1 rows of 1");
  ck_assert_int_eq(iscc_plot_panels(path, &sheet, &panels[1], 1, &error), ISCC_EINVAL);
  iscc_test_expect_line(error.text, "axes 3..2");
  ck_assert_int_eq(iscc_plot_panels(path, &sheet, &panels[2], 1, &error), ISCC_EINVAL);
  sheet = (iscc_plot_sheet){.rows = 4, .width_px = 900, .height_px = 300};
  ck_assert_int_eq(iscc_plot_panels(path, &sheet, panels, 1, &error), ISCC_EINVAL);
  iscc_test_expect_line(error.text, "900 x 300 px are too few");
  sheet = (iscc_plot_sheet){.columns = 4, .width_px = 300, .height_px = 600};
  ck_assert_int_eq(iscc_plot_panels(path, &sheet, panels, 1, &error), ISCC_EINVAL);
  iscc_test_expect_files(0);
}
END_TEST

START_TEST(without_gnuplot_the_old_picture_stays) {
  iscc_error error;
  iscc_test_write("x.png", "old");
  ck_assert_int_eq(setenv("PATH", "/nonexistent", 1), 0);
  const iscc_status status = iscc_plot_curves(iscc_test_path("x.png"), &frame, &line, 1, &error);
  ck_assert_int_eq(setenv("PATH", "/usr/bin:/bin", 1), 0);
  ck_assert_int_eq(status, ISCC_EIO);
  iscc_test_expect_line(error.text,
                        "x.png: cannot be drawn: gnuplot could not be started (package gnuplot-nox)");
  ck_assert_str_eq(iscc_test_read("x.png", NULL), "old");
  iscc_test_expect_files(1);
}
END_TEST

/* A gnuplot that complains and one that draws nothing. */
START_TEST(a_failing_gnuplot_is_quoted) {
  static const struct {
    const char *program, *words;
  } rows[] = {{"#!/bin/sh\necho 'part of a picture'\nprintf '\\n         ^\\n         line 7: no such "
               "thing\\n\\n' >&2\nexit 1\n",
               "x.png: cannot be drawn: gnuplot: line 7: no such thing"},
              {"#!/bin/sh\nexit 1\n", "x.png: cannot be drawn: gnuplot reported an error"},
              {"#!/bin/sh\nexit 0\n", "x.png: cannot be drawn: gnuplot drew nothing"}};
  iscc_error error;
  iscc_test_write("gnuplot", rows[_i].program);
  iscc_test_write("x.png", "old");
  ck_assert_int_eq(iscc_run("chmod +x gnuplot"), 0);
  ck_assert_int_eq(setenv("PATH", iscc_run_folder, 1), 0);
  const iscc_status status = iscc_plot_curves(iscc_test_path("x.png"), &frame, &line, 1, &error);
  ck_assert_int_eq(setenv("PATH", "/usr/bin:/bin", 1), 0);
  ck_assert_int_eq(status, ISCC_EIO);
  iscc_test_expect_line(error.text, rows[_i].words);
  ck_assert_str_eq(iscc_test_read("x.png", NULL), "old");
  iscc_test_expect_files(2);
}
END_TEST

Suite *iscc_suite_plot(void);
Suite *iscc_suite_plot(void) {
  Suite *s = suite_create("helper: figures");
  TCase *t = tcase_create("figures");
  tcase_add_checked_fixture(t, iscc_run_begin, iscc_run_end);
  tcase_set_timeout(t, 30);
  tcase_add_test(t, a_png_has_the_size_asked_for_and_shows_the_curve);
  tcase_add_test(t, an_svg_scales_and_keeps_its_texts);
  tcase_add_test(t, a_pdf_is_a_pdf_and_endings_may_be_capitals);
  tcase_add_test(t, each_curve_has_its_colour_and_kind);
  tcase_add_test(t, a_solid_and_a_dashed_sample_of_one_colour_differ);
  tcase_add_test(t, gaps_break_lines_and_bands_and_lone_points_are_seen);
  tcase_add_test(t, bounds_of_marks_are_bars);
  tcase_add_test(t, steps_hold_until_the_next_point);
  tcase_add_test(t, absent_points_are_crosses_in_a_strip_of_their_own);
  tcase_add_test(t, panels_share_legend_entries_and_colours);
  tcase_add_test(t, names_stand_in_place_of_numbers);
  tcase_add_test(t, a_script_that_cannot_be_kept_is_told);
  tcase_add_test(t, maps_embed_their_cells_in_an_svg);
  tcase_add_loop_test(t, ticks_are_round_and_within, 0, 7);
  tcase_add_test(t, wished_ends_are_kept_and_others_fitted);
  tcase_add_loop_test(t, what_cannot_be_drawn_is_refused, 0, (int)(sizeof refusals / sizeof *refusals));
  tcase_add_test(t, panels_need_room_and_axes_an_order);
  tcase_add_test(t, without_gnuplot_the_old_picture_stays);
  tcase_add_loop_test(t, a_failing_gnuplot_is_quoted, 0, 3);
  suite_add_tcase(s, t);
  return s;
}
